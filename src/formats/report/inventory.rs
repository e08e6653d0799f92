//! The inventory of fields: adds up the fields of all blocks.

use super::excerpt::Excerpt;
use super::field_marks::{FieldMarks, MarkedPart};
use super::findings::{Distinct, FIELDS_AT_MOST, Field, FieldPlace, NamesOfField, ValueTypes};
use super::first_rows::FirstRows;
use super::gather::block_fields::{BlockField, BlockFields, EXAMPLES_AT_MOST};
use super::gather::known_fields::{KnownField, KnownFields};
use super::identity::{Identity, ValueSet};

/// The fields of an export.
#[derive(Debug)]
pub(crate) struct Inventory {
    rows: FirstRows<InventoryRow>,
    /// Number of marked texts in all blocks so far.
    marked_texts: u64,
}

#[derive(Debug)]
struct InventoryRow {
    field: Field,
    /// The distinct values, sorted. A hash set of a thousand values would take twice the memory. `None` once there are too many.
    values: Option<Vec<Identity>>,
    example_identities: Vec<Identity>,
    /// The hints about the field that workers got last.
    sent_hints: Option<KnownField>,
}

impl Inventory {
    pub(crate) fn new() -> Self {
        Self { rows: FirstRows::new(FIELDS_AT_MOST), marked_texts: 0 }
    }

    /// Adds the fields of the next block, and updates the hints about them in `known`. `event_names` maps the block's indices of
    /// event names to indices of [`super::findings::Findings::event_names`].
    pub(crate) fn add(&mut self, block: &BlockFields, event_names: &[usize], known: &KnownFields) {
        let base = self.marked_texts;
        self.marked_texts += block.marked_texts();
        let rows: Vec<_> = block.fields.iter().map(|field| self.add_field(field, base, known)).collect();
        for field_use in &block.uses {
            let field = &mut self.rows.get_mut(rows[field_use.field as usize]).field;
            field.count += field_use.events;
            if let Some(name) = field_use.event_name {
                field.event_names.add(event_names[name as usize], field_use.events);
            }
        }
    }

    /// Adds everything about a field of a block but its events. `base` is the number of marked texts in earlier blocks. Returns
    /// the index of the field's row.
    fn add_field(&mut self, added: &BlockField, base: u64, known: &KnownFields) -> usize {
        let (index, row) = if added.is_unlisted {
            self.rows.other_entry(InventoryRow::of_unlisted)
        } else {
            self.rows.entry(added.identity, |is_other| match is_other {
                true => InventoryRow::of_unlisted(),
                false => InventoryRow::new(added.place, added.key.clone(), Some(Vec::new())),
            })
        };
        row.field.types.add(added.types);
        row.field.marks.add(&added.marks, base);
        if let Some(redaction) = &added.redaction {
            row.field.redaction.get_or_insert_with(|| redaction.without_events()).add(redaction);
        }
        if index < FIELDS_AT_MOST {
            row.add_values(added);
            let hints = row.hints();
            if row.sent_hints.replace(hints) != Some(hints) {
                known.set(added.identity, hints, self.rows.rows().len() == FIELDS_AT_MOST);
            }
        }
        index
    }

    pub(crate) fn into_fields(self) -> FirstRows<Field> {
        self.rows.map(|row| row.field)
    }
}

impl InventoryRow {
    fn new(place: FieldPlace, key: Excerpt, values: Option<Vec<Identity>>) -> Self {
        let field = Field {
            place,
            key,
            types: ValueTypes::default(),
            count: 0,
            event_names: NamesOfField::default(),
            distinct: if values.is_some() { Distinct::Exactly(0) } else { Distinct::Many },
            examples: Vec::new(),
            marks: FieldMarks::default(),
            preview: None,
            redaction: None,
        };
        Self { field, values, example_identities: Vec::new(), sent_hints: None }
    }

    /// The row for all fields that the page does not list.
    fn of_unlisted() -> Self {
        Self::new(FieldPlace::Other, Excerpt::default(), None)
    }

    /// Adds the distinct values and the examples.
    fn add_values(&mut self, added: &BlockField) {
        if self.field.examples.is_empty() {
            self.field.preview = added.preview.clone();
        }
        for (identity, example) in &added.examples {
            // While there is room, every distinct value becomes an example.
            if self.field.examples.len() < EXAMPLES_AT_MOST && !self.example_identities.contains(identity) {
                self.field.examples.push(example.clone());
                self.example_identities.push(*identity);
            }
        }
        let Some(values) = &mut self.values else { return };
        let has_few_values =
            added.values.as_ref().is_some_and(|added| added.values().all(|value| insert(values, value)));
        if has_few_values {
            self.field.distinct = Distinct::Exactly(values.len() as u64);
        } else {
            self.values = None;
            self.field.distinct = Distinct::Many;
        }
    }

    fn hints(&self) -> KnownField {
        KnownField {
            has_many_values: self.values.is_none(),
            has_all_examples: self.field.examples.len() == EXAMPLES_AT_MOST,
            has_unmarked_key: self.field.marks.kinds_of(MarkedPart::Key).is_empty(),
            is_unlisted: false,
        }
    }
}

/// Adds a value to a sorted list unless the list has it already. Returns false if there is no room for the value.
fn insert(values: &mut Vec<Identity>, value: Identity) -> bool {
    let Err(position) = values.binary_search(&value) else { return true };
    let has_room = values.len() < ValueSet::AT_MOST;
    if has_room {
        values.insert(position, value);
    }
    has_room
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::report::field_marks::FieldMark;
    use crate::formats::report::findings::{EVENT_NAMES_AT_MOST, NAMES_OF_FIELD_AT_MOST};
    use crate::formats::report::gather::Shared;
    use crate::json::JsonString;
    use crate::privacy::SensitiveKind;
    use crate::progress::Progress;

    /// Index of an event's name, place, key and value.
    type Member<'a> = (Option<usize>, FieldPlace, &'a str, &'a str);

    /// The inventory of blocks whose events have these members.
    fn inventory_of(blocks: &[Vec<Member<'_>>]) -> FirstRows<Field> {
        let progress = Progress::default();
        let shared = Shared::new(&progress, None);
        let mut inventory = Inventory::new();
        for members in blocks {
            let mut fields = BlockFields::default();
            // The names of a block are in order of first appearance.
            let mut names = Vec::new();
            for &(name, place, key, value) in members {
                let name = name.map(|name| {
                    let index = names.iter().position(|&known| known == name).unwrap_or(names.len());
                    names.resize(names.len().max(index + 1), name);
                    (crate::sizes::index(index), name as u64)
                });
                let entry = fields.entry(place, name, key, &shared);
                fields.add(entry, value, 1, &shared);
            }
            fields.finish();
            inventory.add(&fields, &names, &shared.known_fields);
        }
        inventory.into_fields()
    }

    /// The inventory of blocks whose events have these members, given as key and value.
    fn fields_of(blocks: &[&[(&str, &str)]]) -> FirstRows<Field> {
        let member = |&(key, value)| (None, FieldPlace::Other, key, value);
        inventory_of(&blocks.iter().map(|block| block.iter().map(member).collect()).collect::<Vec<_>>())
    }

    /// The part, the events and the first text of each mark, with brackets around the marked part.
    fn marks(field: &Field) -> Vec<(MarkedPart, u64, String)> {
        let marks = field.marks.in_order();
        let summary = |mark: &&FieldMark| {
            let [before, part, after] = mark.first.parts();
            (mark.part, mark.events, format!("{before}[{part}]{after}"))
        };
        marks.iter().map(summary).collect()
    }

    fn texts(field: &Field) -> Vec<&str> {
        field.examples.iter().map(Excerpt::text).collect()
    }

    #[test]
    fn fields_are_added_up_over_all_blocks() {
        let first = [("a", "\"one\""), ("a", "null"), ("a", "\"one\""), ("b", "[1]")];
        let fields = fields_of(&[&first, &[("a", "\"zw\u{f6}lf\""), ("a", "\"\\u006fne\"")]]);
        let field = &fields.rows()[0];
        assert_eq!((field.count, field.distinct), (5, Distinct::Exactly(3)));
        assert_eq!(field.types.names().collect::<Vec<_>>(), ["string", "null"]);
        assert_eq!(texts(field), ["one", "null", "zw\u{f6}lf"]);
        assert_eq!(fields.rows()[1].key.text(), "b");
    }

    #[test]
    fn a_string_differs_from_a_number_with_the_same_text() {
        let fields = fields_of(&[&[("a", "5"), ("a", "\"5\""), ("a", "5.0")]]);
        assert_eq!(fields.rows()[0].distinct, Distinct::Exactly(3));
    }

    #[test]
    fn a_thousand_distinct_values_are_counted_and_more_are_many() {
        let values: Vec<_> = (0..=1_000).map(|number| format!("\"value {number}\"")).collect();
        let members: Vec<_> = values.iter().map(|value| ("a", value.as_str())).collect();
        for (count, distinct) in [(1_000, Distinct::Exactly(1_000)), (1_001, Distinct::Many)] {
            let whole = fields_of(&[&members[..count]]);
            let (one, other) = members[..count].split_at(400);
            let parts = fields_of(&[one, other, one]);
            assert_eq!((whole.rows()[0].distinct, parts.rows()[0].distinct), (distinct, distinct));
            assert_eq!(texts(&whole.rows()[0]), texts(&parts.rows()[0]));
            assert_eq!(parts.rows()[0].count, count as u64 + 400);
        }
    }

    #[test]
    fn keys_strings_and_nested_values_are_searched_for_sensitive_data() {
        let fields = fields_of(&[&[
            ("a", "\"anna@corp.example\""),
            ("b", r#"{"user":{"email":"anna@corp.example"}}"#),
            ("anna@corp.example", "1"),
            ("c", "\"success\""),
        ]]);
        let is_marked = |field: &Field| field.marks.have(SensitiveKind::Email);
        assert_eq!(fields.rows().iter().map(is_marked).collect::<Vec<_>>(), [true, true, true, false]);
    }

    #[test]
    fn the_31st_value_is_found_and_every_event_with_such_a_value_is_counted() {
        let value = |number: usize| match number {
            30 => "\"anna@corp.example\"".to_owned(),
            35 => "\"also ben@corp.example\"".to_owned(),
            _ => format!("\"value {number}\""),
        };
        let values: Vec<_> = (0..40).map(value).collect();
        let members: Vec<_> = values.iter().map(|value| ("a", value.as_str())).collect();
        let expected = [(MarkedPart::Value, 6, "[anna@corp.example]".to_owned())];
        // Three times all values: repeated in a block, and in blocks of their own.
        assert_eq!(marks(&fields_of(&[&members.repeat(3)]).rows()[0]), expected);
        let (one, other) = members.split_at(33);
        assert_eq!(marks(&fields_of(&[one, other, &members, &members]).rows()[0]), expected);
    }

    #[test]
    fn events_with_a_mark_are_counted_beyond_a_thousand_distinct_values() {
        let values: Vec<_> =
            (0..3_000).map(|number| format!("\"value {number} of 10.1.2.{}\"", number % 200)).collect();
        let members: Vec<_> = values.iter().map(|value| ("a", value.as_str())).collect();
        let first = members[0];
        let all: Vec<_> = members.iter().copied().chain([first, ("a", "\"none\""), first]).collect();
        let expected = [(MarkedPart::Value, 3_002, "value 0 of [10.1.2.0]".to_owned())];
        assert_eq!(marks(&fields_of(&[&all]).rows()[0]), expected);
        let blocks: Vec<_> = all.chunks(700).collect();
        assert_eq!(marks(&fields_of(&blocks).rows()[0]), expected);
    }

    #[test]
    fn every_event_with_a_marked_key_is_counted() {
        let member = ("anna@corp.example", "1");
        let expected = [(MarkedPart::Key, 5, "[anna@corp.example]".to_owned())];
        assert_eq!(marks(&fields_of(&[&[member, member], &[member], &[member, member]]).rows()[0]), expected);
    }

    #[test]
    fn examples_and_keys_hide_secrets() {
        let token = "ghp_Zq81kLw0TnV5bYx2RcJ7mHd4sPf9uAe3Gt6i";
        let spelled = format!("\"{token}\"");
        let fields = fields_of(&[&[(token, "1"), ("a", &spelled), ("password", "\"hunter2hunter2\"")]]);
        let [key, value, password] = fields.rows() else { panic!("{fields:?}") };
        assert_eq!(key.key.text(), "ghp_…(40 characters)");
        assert_eq!(texts(value), ["ghp_…(40 characters)"]);
        assert_eq!(texts(password), ["hunt…(14 characters)"]);
        assert!(!format!("{fields:?}").contains("Zq81kL"));
    }

    #[test]
    fn fields_beyond_the_limit_share_one_row_however_they_are_split_into_blocks() {
        let keys: Vec<_> = (0..FIELDS_AT_MOST + 3).map(|number| format!("key {number}")).collect();
        let mut members: Vec<_> = keys.iter().map(|key| (key.as_str(), "1")).collect();
        members.push(("/home/anna/x", "\"10.1.2.3\""));
        let (one, other) = members.split_at(FIELDS_AT_MOST);
        for fields in [fields_of(&[&members]), fields_of(&[one, other])] {
            assert_eq!(fields.rows().len(), FIELDS_AT_MOST);
            let beyond = fields.other().expect("more fields");
            assert_eq!(beyond.count, 4);
            assert_eq!(
                marks(beyond),
                [
                    (MarkedPart::Key, 1, "/home/[anna]/x".to_owned()),
                    (MarkedPart::Value, 1, "[10.1.2.3]".to_owned()),
                ]
            );
        }
    }

    #[test]
    fn the_marks_beyond_the_limit_do_not_depend_on_which_field_came_first() {
        let keys: Vec<_> = (0..FIELDS_AT_MOST).map(|number| format!("key {number}")).collect();
        let listed: Vec<_> = keys.iter().map(|key| (None, FieldPlace::Other, key.as_str(), "1")).collect();
        let id = (None, FieldPlace::Row, "trace_id", "\"4bf92f3577b34da6a3ce929d0e0e4736\"");
        let secret = (None, FieldPlace::Properties, "new", "\"4bf92f3577b34da6a3ce929d0e0e4737\"");
        let late = (None, FieldPlace::Row, "trace_id", "\"an id at 10.0.0.1\"");
        let later = (None, FieldPlace::Properties, "new", "\"10.0.0.2\"");
        for (rows, expected) in [
            (&[id][..], &[][..]),
            (&[id, secret], &["4bf9…(32 characters)"]),
            (&[secret, id], &["4bf9…(32 characters)"]),
            // `id` makes the field of `late` the first one, but the value of `later` comes first.
            (&[id, later, late], &["10.0.0.2"]),
            (&[secret, late, later], &["an id at 10.0.0.1", "4bf9…(32 characters)"]),
        ] {
            for in_one_block in [true, false] {
                let mut blocks = vec![listed.clone()];
                if in_one_block {
                    blocks[0].extend(rows);
                } else {
                    blocks.push(rows.to_vec());
                }
                let fields = inventory_of(&blocks);
                let marks = fields.other().expect("more fields").marks.in_order();
                let firsts: Vec<_> = marks.iter().map(|mark| mark.first.parts().concat()).collect();
                assert_eq!(firsts, expected, "{rows:?} {in_one_block}");
            }
        }
    }

    #[test]
    fn a_field_of_several_event_names_is_one_row_however_the_events_are_split_into_blocks() {
        use FieldPlace::{Measurements, Properties};
        let members = [
            (Some(0), Properties, "result", "\"success\""),
            (Some(0), Measurements, "result", "5"),
            (Some(1), Properties, "result", "\"error\""),
            (Some(1), Properties, "result", "\"success\""),
            (Some(1), Properties, "other", "\"x\""),
            (Some(2), Properties, "result", "null"),
            (Some(0), Properties, "result", "\"aborted\""),
        ];
        for size in [7, 5, 2, 1] {
            let blocks: Vec<_> = members.chunks(size).map(<[_]>::to_vec).collect();
            let fields = inventory_of(&blocks);
            let [result, measured, other] = fields.rows() else { panic!("{fields:?}") };
            assert_eq!((result.key.text(), result.place), ("result", Properties));
            assert_eq!((result.count, result.distinct), (5, Distinct::Exactly(4)));
            assert_eq!(result.event_names.first, [(0, 2), (1, 2), (2, 1)]);
            assert_eq!(result.types.names().collect::<Vec<_>>(), ["string", "null"]);
            assert_eq!(texts(result), ["success", "error", "null", "aborted"]);
            assert_eq!(
                (&measured.event_names.first[..], &other.event_names.first[..]),
                (&[(0, 1)][..], &[(1, 1)][..])
            );
        }
    }

    #[test]
    fn event_names_of_a_field_beyond_the_limits_are_added_up() {
        // The last two names are beyond the list of event names.
        let names = (0..NAMES_OF_FIELD_AT_MOST + 3).chain([0, EVENT_NAMES_AT_MOST, EVENT_NAMES_AT_MOST]);
        let members: Vec<_> = names.map(|name| (Some(name), FieldPlace::Error, "code", "1")).collect();
        for size in [members.len(), 20, 1] {
            let blocks: Vec<_> = members.chunks(size).map(<[_]>::to_vec).collect();
            let fields = inventory_of(&blocks);
            let names = &fields.rows()[0].event_names;
            let expected = (0..NAMES_OF_FIELD_AT_MOST).map(|name| (name, if name == 0 { 2 } else { 1 }));
            assert!(names.first.iter().copied().eq(expected));
            assert_eq!(names.other_events, 5);
        }
        let only_other = [(Some(EVENT_NAMES_AT_MOST), FieldPlace::Error, "code", "1")];
        let fields = inventory_of(&[only_other.to_vec()]);
        assert_eq!(
            (&fields.rows()[0].event_names.first[..], fields.rows()[0].event_names.other_events),
            (&[][..], 1)
        );
    }

    #[test]
    fn fields_of_very_many_event_names_leave_room_for_a_later_field() {
        let names =
            (0..FIELDS_AT_MOST + 500).map(|name| (Some(name), FieldPlace::Properties, "result", "\"x\""));
        let password = (Some(0), FieldPlace::Properties, "password", "\"hunter2hunter2\"");
        let members: Vec<_> = names.chain([password]).collect();
        for size in [members.len(), 700] {
            let blocks: Vec<_> = members.chunks(size).map(<[_]>::to_vec).collect();
            let fields = inventory_of(&blocks);
            let [result, password] = fields.rows() else { panic!("{fields:?}") };
            assert_eq!((result.count, password.count), (FIELDS_AT_MOST as u64 + 500, 1));
            assert!(password.marks.have(SensitiveKind::Password) && fields.other().is_none());
        }
    }

    #[test]
    fn keys_that_differ_beyond_their_excerpts_are_different_fields() {
        let long = "k".repeat(200);
        let [one, other] = ["1", "2"].map(|end| format!("{long}{end}"));
        assert_eq!(fields_of(&[&[(&one, "1"), (&other, "1")]]).rows().len(), 2);
    }

    #[test]
    fn ids_are_not_tokens_and_event_names_are_not_hosts() {
        let progress = Progress::default();
        let shared = Shared::new(&progress, None);
        let mut fields = BlockFields::default();
        for (key, value, is_marked) in [
            ("trace_id", "4bf92f3577b34da6a3ce929d0e0e4736", false),
            ("trace_id", "anna@corp.example", true),
            ("event_name", "ssh.network.info", false),
            ("deployment_url", "https://coder.corp.example", true),
        ] {
            let entry = fields.entry(FieldPlace::Row, None, key, &shared);
            let added = fields.add_string(entry, JsonString::of_escaped(value), 1, &shared);
            assert_eq!(added != entry.unmarked_value(), is_marked, "{key}: {value}");
        }
    }
}
