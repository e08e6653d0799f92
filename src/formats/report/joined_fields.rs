//! Fields that occur under many events, as one field each.

use super::findings::{Distinct, Field};
use super::gather::block_fields::EXAMPLES_AT_MOST;
use super::identity::{Identity, IdentityMap, ValueSet};
use crate::formats::report::field_marks::FieldMarks;

/// A field by its place and its key, whatever the names of its events.
#[derive(Debug)]
pub(crate) struct JoinedField {
    /// What the joined fields say together. It has no event name.
    pub(crate) field: Field,
    /// The joined fields, as indices of the rows of [`super::findings::Findings::fields`]. Outside
    /// [`super::findings::FieldPlace::Context`] and [`super::findings::FieldPlace::Row`], each is the field of another event name.
    pub(crate) fields: Vec<usize>,
}

/// A field with what is needed to join it.
pub(super) struct FieldToJoin<'f> {
    pub(super) field: &'f Field,
    /// Identity of the place and the key.
    pub(super) place_and_key: Identity,
    /// The distinct values, sorted. `None` if there are too many.
    pub(super) values: Option<&'f [Identity]>,
    /// Identities of the examples.
    pub(super) examples: &'f [Identity],
}

/// Joins the fields that have the same place and key, in order of first appearance.
pub(super) fn join<'f>(fields: impl Iterator<Item = FieldToJoin<'f>>) -> Vec<JoinedField> {
    let mut groups = Vec::<Vec<(usize, FieldToJoin<'f>)>>::new();
    let mut indices = IdentityMap::<usize>::default();
    for (at, field) in fields.enumerate() {
        let group = *indices.entry(field.place_and_key).or_insert(groups.len());
        if group == groups.len() {
            groups.push(Vec::new());
        }
        groups[group].push((at, field));
    }
    groups.iter().filter_map(|group| join_group(group)).collect()
}

/// The examples are those of the first field and then of the next ones, as far as there is room.
fn join_group(group: &[(usize, FieldToJoin<'_>)]) -> Option<JoinedField> {
    let (_, first) = group.first()?;
    let mut joined = Field {
        place: first.field.place,
        event_name: None,
        key: first.field.key.clone(),
        types: first.field.types,
        count: 0,
        distinct: distinct(group),
        examples: Vec::new(),
        longest: 0,
        marks: FieldMarks::default(),
    };
    let mut examples = Vec::new();
    for (_, FieldToJoin { field, examples: identities, .. }) in group {
        joined.types.add(field.types);
        joined.count += field.count;
        joined.longest = joined.longest.max(field.longest);
        joined.marks.add(&field.marks, 0);
        for (identity, example) in identities.iter().zip(&field.examples) {
            if examples.len() < EXAMPLES_AT_MOST && !examples.contains(identity) {
                examples.push(*identity);
                joined.examples.push(example.clone());
            }
        }
    }
    Some(JoinedField { field: joined, fields: group.iter().map(|&(at, _)| at).collect() })
}

/// A value that several fields have counts once.
fn distinct(group: &[(usize, FieldToJoin<'_>)]) -> Distinct {
    let mut all = IdentityMap::default();
    for (_, field) in group {
        let Some(values) = field.values else { return Distinct::Many };
        all.extend(values.iter().map(|&value| (value, ())));
        if all.len() > ValueSet::AT_MOST {
            return Distinct::Many;
        }
    }
    Distinct::Exactly(all.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::report::excerpt::Excerpt;
    use crate::formats::report::field_marks::FieldMark;
    use crate::formats::report::findings::FieldPlace;
    use crate::formats::report::gather::Shared;
    use crate::formats::report::gather::block_fields::BlockFields;
    use crate::formats::report::inventory::Inventory;
    use crate::privacy::SensitiveKind;
    use crate::progress::Progress;

    /// The joined fields of blocks of members: the number of the event's name, the place, the key and the value.
    fn joined_of(blocks: &[&[(u32, FieldPlace, &str, &str)]]) -> Vec<JoinedField> {
        let progress = Progress::default();
        let shared = Shared::new(&progress);
        let mut inventory = Inventory::new();
        for members in blocks {
            let mut fields = BlockFields::default();
            for &(name, place, key, value) in *members {
                let entry = fields.entry(place, Some((name, name.into())), key, &shared);
                fields.add(entry, value, 1, &shared.identities);
            }
            fields.finish();
            inventory.add(&fields, &[0, 1, 2, 3], &shared.known_fields);
        }
        inventory.into_fields().1
    }

    fn examples(joined: &JoinedField) -> Vec<&str> {
        joined.field.examples.iter().map(Excerpt::text).collect()
    }

    #[test]
    fn a_field_under_several_events_is_one_field_with_the_counts_added_up() {
        use FieldPlace::{Measurements, Properties};
        let first = [
            (0, Properties, "result", "\"success\""),
            (0, Measurements, "result", "5"),
            (1, Properties, "result", "\"error\""),
            (1, Properties, "result", "\"success\""),
            (1, Properties, "other", "\"x\""),
        ];
        let second = [(2, Properties, "result", "null"), (0, Properties, "result", "\"aborted\"")];
        for joined in [joined_of(&[&first, &second]), joined_of(&[&[&first[..], &second[..]].concat()])] {
            let [result, measured, other] = &joined[..] else { panic!("{joined:?}") };
            assert_eq!((result.field.key.text(), result.field.place), ("result", Properties));
            assert_eq!((result.fields.as_slice(), result.field.event_name), (&[0, 2, 4][..], None));
            assert_eq!((result.field.count, result.field.longest), (5, 7));
            assert_eq!(result.field.distinct, Distinct::Exactly(4));
            assert_eq!(result.field.types.names().collect::<Vec<_>>(), ["string", "null"]);
            assert_eq!(examples(result), ["success", "aborted", "error", "null"]);
            assert_eq!((measured.fields.as_slice(), other.fields.as_slice()), (&[1][..], &[3][..]));
        }
    }

    #[test]
    fn at_most_five_examples_are_joined() {
        let values: Vec<_> = (0..4).map(|number| format!("\"value {number}\"")).collect();
        let members = [(0, 0), (0, 1), (0, 2), (1, 2), (1, 3), (1, 0), (2, 3)];
        let mut members: Vec<_> = members
            .iter()
            .map(|&(name, value)| (name, FieldPlace::Other, "a", values[value].as_str()))
            .collect();
        members.extend([(3, FieldPlace::Other, "a", "1"), (3, FieldPlace::Other, "a", "2")]);
        assert_eq!(examples(&joined_of(&[&members])[0]), ["value 0", "value 1", "value 2", "value 3", "1"]);
    }

    #[test]
    fn distinct_values_are_joined_exactly_up_to_a_thousand() {
        let values: Vec<_> = (0..1_001).map(|number| number.to_string()).collect();
        for (begin, end, expected) in [(400, 1_000, Distinct::Exactly(1_000)), (700, 1_001, Distinct::Many)] {
            let one = values[..700].iter().map(|value| (0, FieldPlace::Other, "a", value.as_str()));
            let other = values[begin..end].iter().map(|value| (1, FieldPlace::Other, "a", value.as_str()));
            let joined = joined_of(&[&one.chain(other).collect::<Vec<_>>()]);
            assert_eq!((joined.len(), joined[0].field.distinct), (1, expected));
        }
        // A field that has too many values by itself.
        let all = values.iter().map(|value| (0, FieldPlace::Other, "a", value.as_str()));
        let joined = joined_of(&[&all.chain([(1, FieldPlace::Other, "a", "1")]).collect::<Vec<_>>()]);
        assert_eq!(joined[0].field.distinct, Distinct::Many);
    }

    #[test]
    fn marks_are_joined_and_the_first_value_of_all_events_is_kept() {
        let members = [
            (0, FieldPlace::Other, "a", "\"plain\""),
            (1, FieldPlace::Other, "a", "\"10.0.0.1\""),
            (0, FieldPlace::Other, "a", "\"10.0.0.2\""),
            (0, FieldPlace::Other, "a", "\"anna@corp.example\""),
        ];
        let mark = |mark: &&FieldMark| (mark.kind(), mark.events, mark.first.parts().concat());
        let expected = [
            (SensitiveKind::Email, 1, "anna@corp.example".to_owned()),
            (SensitiveKind::IpAddress, 2, "10.0.0.1".to_owned()),
        ];
        for joined in [joined_of(&[&members]), joined_of(&[&members[..1], &members[1..]])] {
            let marks: Vec<_> = joined[0].field.marks.in_order().iter().map(mark).collect();
            assert_eq!(marks, expected);
        }
    }

    #[test]
    fn keys_that_differ_beyond_their_excerpts_are_not_joined() {
        let long = "k".repeat(200);
        let [one, other] = ["1", "2"].map(|end| format!("{long}{end}"));
        let joined = joined_of(&[&[
            (0, FieldPlace::Other, one.as_str(), "1"),
            (1, FieldPlace::Other, other.as_str(), "1"),
        ]]);
        assert_eq!(joined.iter().map(|joined| joined.fields.len()).collect::<Vec<_>>(), [1, 1]);
    }
}
