//! The inventory of fields: how blocks add up.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{PoisonError, RwLock};

use super::block_fields::{BlockField, BlockFields, EXAMPLES_AT_MOST};
use crate::formats::report::excerpt::Excerpt;
use crate::formats::report::findings::{Distinct, FIELDS_AT_MOST, Field, FieldPlace, ValueTypes};
use crate::formats::report::first_rows::FirstRows;
use crate::formats::report::identity::{Identities, Identity, IdentityMap, ValueSet};
use crate::privacy::SensitiveKinds;
use crate::progress::Progress;

/// Hints from finished blocks that let workers skip work. Results do not depend on them.
pub(crate) struct SharedInventory<'p> {
    /// For loops whose length the input decides.
    pub(crate) progress: &'p Progress,
    pub(crate) identities: Identities,
    known: RwLock<IdentityMap<SoFar>>,
    /// Whether no further field is listed.
    is_full: AtomicBool,
}

/// What earlier blocks tell of a field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::formats::report) struct SoFar {
    pub(in crate::formats::report) has_many_values: bool,
    pub(in crate::formats::report) has_examples: bool,
    /// It is none of those that are listed.
    pub(in crate::formats::report) is_beyond: bool,
}

impl<'p> SharedInventory<'p> {
    pub(crate) fn new(progress: &'p Progress) -> Self {
        Self {
            progress,
            identities: Identities::default(),
            known: RwLock::default(),
            is_full: AtomicBool::default(),
        }
    }

    pub(in crate::formats::report) fn of(&self, identity: Identity) -> Option<SoFar> {
        // Before the look into the map, which then holds all that are listed.
        let is_full = self.is_full.load(Ordering::Acquire);
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let beyond = SoFar { is_beyond: true, ..SoFar::default() };
        known.get(&identity).copied().or(is_full.then_some(beyond))
    }

    fn tell(&self, identity: Identity, so_far: SoFar, is_full: bool) {
        self.known.write().unwrap_or_else(PoisonError::into_inner).insert(identity, so_far);
        self.is_full.store(is_full, Ordering::Release);
    }
}

/// The fields of an export.
#[derive(Debug)]
pub(crate) struct Inventory {
    rows: FirstRows<Entry>,
}

#[derive(Debug)]
struct Entry {
    field: Field,
    /// `None` once there are too many.
    values: Option<ValueSet>,
    example_identities: Vec<Identity>,
    /// Whether it stands for all fields beyond those that are listed.
    is_other: bool,
    told: Option<SoFar>,
}

impl Inventory {
    pub(crate) fn new() -> Self {
        Self { rows: FirstRows::new(FIELDS_AT_MOST) }
    }

    /// Adds the fields of the next block. `event_names`: where its names stand in the export's.
    pub(crate) fn add(&mut self, block: &BlockFields, event_names: &[usize], shared: &SharedInventory<'_>) {
        // A field that the block has learned of earlier, and that none of its events has, is listed already.
        for field in block.fields.iter().filter(|field| field.count > 0) {
            if field.is_beyond {
                self.rows.other_entry(|| Entry::begin(field, None, true)).add_other(field);
                continue;
            }
            let event_name = field.event_name.and_then(|index| event_names.get(index as usize).copied());
            let begin = |is_other| Entry::begin(field, event_name, is_other);
            let (_, entry) = self.rows.entry(field.identity, begin);
            if entry.is_other {
                entry.add_other(field);
                continue;
            }
            let identity = field.identity;
            entry.add(field);
            let so_far = entry.so_far();
            if entry.told.replace(so_far) != Some(so_far) {
                shared.tell(identity, so_far, self.rows.rows().len() == FIELDS_AT_MOST);
            }
        }
    }

    pub(crate) fn into_fields(self) -> FirstRows<Field> {
        self.rows.map(|entry| entry.field)
    }
}

impl Entry {
    fn begin(field: &BlockField, event_name: Option<usize>, is_other: bool) -> Self {
        let key = if is_other { Excerpt::default() } else { field.key.clone() };
        let field = Field {
            place: if is_other { FieldPlace::Other } else { field.place },
            event_name: if is_other { None } else { event_name },
            key,
            types: ValueTypes::default(),
            count: 0,
            distinct: if is_other { Distinct::Many } else { Distinct::Exactly(0) },
            examples: Vec::new(),
            longest: 0,
            kinds: SensitiveKinds::default(),
        };
        let values = (!is_other).then(ValueSet::default);
        Self { field, values, example_identities: Vec::new(), is_other, told: None }
    }

    fn add_other(&mut self, added: &BlockField) {
        let field = &mut self.field;
        field.types.add(added.types);
        field.count += added.count;
        field.longest = field.longest.max(added.longest);
        field.kinds = field.kinds.union(added.kinds);
    }

    fn add(&mut self, added: &BlockField) {
        self.add_other(added);
        for (identity, example) in &added.examples {
            // While there is room, all values that were seen are examples.
            if self.field.examples.len() < EXAMPLES_AT_MOST && !self.example_identities.contains(identity) {
                self.field.examples.push(example.clone());
                self.example_identities.push(*identity);
            }
        }
        let Some(values) = &mut self.values else { return };
        let are_few = added.values.is_some()
            && added.new_values.iter().try_for_each(|&value| values.insert(value).map(drop)).is_ok();
        if are_few {
            self.field.distinct = Distinct::Exactly(values.len() as u64);
        } else {
            self.values = None;
            self.field.distinct = Distinct::Many;
        }
    }

    fn so_far(&self) -> SoFar {
        SoFar {
            has_many_values: self.values.is_none(),
            has_examples: self.field.examples.len() == EXAMPLES_AT_MOST,
            is_beyond: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::JsonString;
    use crate::privacy::SensitiveKind;

    /// The fields of events with these members: key and value, a block each.
    fn fields_of(blocks: &[&[(&str, &str)]]) -> FirstRows<Field> {
        let progress = Progress::default();
        let shared = SharedInventory::new(&progress);
        let mut inventory = Inventory::new();
        for members in blocks {
            let mut fields = BlockFields::default();
            for (key, value) in *members {
                let index = fields.index_of(FieldPlace::Other, None, key, &shared);
                fields.get_mut(index).add(value, 1, &shared.identities);
            }
            fields.finish();
            inventory.add(&fields, &[], &shared);
        }
        inventory.into_fields()
    }

    fn texts(field: &Field) -> Vec<&str> {
        field.examples.iter().map(Excerpt::text).collect()
    }

    #[test]
    fn a_field_has_what_its_values_have_over_all_blocks() {
        let first = [("a", "\"one\""), ("a", "null"), ("a", "\"one\""), ("b", "[1]")];
        let fields = fields_of(&[&first, &[("a", "\"zw\u{f6}lf\""), ("a", "\"\\u006fne\"")]]);
        let field = &fields.rows()[0];
        assert_eq!((field.count, field.distinct, field.longest), (5, Distinct::Exactly(3), 5));
        assert_eq!(field.types.names().collect::<Vec<_>>(), ["string", "null"]);
        assert_eq!(texts(field), ["one", "null", "zw\u{f6}lf"]);
        assert_eq!(fields.rows()[1].key.text(), "b");
    }

    #[test]
    fn a_string_differs_from_what_is_spelled_like_it() {
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
    fn what_keys_strings_and_what_is_inside_of_values_look_like_is_noted() {
        let fields = fields_of(&[&[
            ("a", "\"anna@corp.example\""),
            ("b", r#"{"user":{"email":"anna@corp.example"}}"#),
            ("anna@corp.example", "1"),
            ("c", "\"success\""),
        ]]);
        let is_marked = |field: &Field| field.kinds.contains(SensitiveKind::Email);
        assert_eq!(fields.rows().iter().map(is_marked).collect::<Vec<_>>(), [true, true, true, false]);
    }

    #[test]
    fn fields_beyond_the_limit_are_one_whatever_the_blocks() {
        let keys: Vec<_> = (0..FIELDS_AT_MOST + 3).map(|number| format!("key {number}")).collect();
        let mut members: Vec<_> = keys.iter().map(|key| (key.as_str(), "1")).collect();
        members.push(("/home/anna/x", "\"10.1.2.3\""));
        let (one, other) = members.split_at(FIELDS_AT_MOST);
        for fields in [fields_of(&[&members]), fields_of(&[one, other])] {
            assert_eq!(fields.rows().len(), FIELDS_AT_MOST);
            let beyond = fields.other().expect("more fields");
            assert_eq!((beyond.count, beyond.longest), (4, 8));
            assert!(beyond.kinds.contains(SensitiveKind::UserPath));
            assert!(beyond.kinds.contains(SensitiveKind::IpAddress));
        }
    }

    #[test]
    fn what_is_looked_for_beyond_the_limit_does_not_depend_on_what_came_first() {
        let keys: Vec<_> = (0..FIELDS_AT_MOST).map(|number| format!("key {number}")).collect();
        let listed: Vec<_> = keys.iter().map(|key| (FieldPlace::Other, key.as_str(), "1")).collect();
        let id = (FieldPlace::Row, "trace_id", "\"4bf92f3577b34da6a3ce929d0e0e4736\"");
        let secret = (FieldPlace::Properties, "new", "\"4bf92f3577b34da6a3ce929d0e0e4737\"");
        for (rows, is_marked) in [(&[id][..], false), (&[id, secret], true), (&[secret, id], true)] {
            for in_one_block in [true, false] {
                let mut blocks = vec![listed.clone()];
                if in_one_block {
                    blocks[0].extend(rows);
                } else {
                    blocks.push(rows.to_vec());
                }
                let progress = Progress::default();
                let shared = SharedInventory::new(&progress);
                let mut inventory = Inventory::new();
                for members in blocks {
                    let mut fields = BlockFields::default();
                    for (place, key, value) in members {
                        let index = fields.index_of(place, None, key, &shared);
                        fields.get_mut(index).add(value, 1, &shared.identities);
                    }
                    fields.finish();
                    inventory.add(&fields, &[], &shared);
                }
                let fields = inventory.into_fields();
                let kinds = fields.other().expect("more fields").kinds;
                assert_eq!(kinds.contains(SensitiveKind::Token), is_marked, "{rows:?} {in_one_block}");
            }
        }
    }

    #[test]
    fn ids_are_no_tokens_and_times_and_names_no_hosts() {
        let progress = Progress::default();
        let shared = SharedInventory::new(&progress);
        let mut fields = BlockFields::default();
        for (key, value, is_marked) in [
            ("trace_id", "4bf92f3577b34da6a3ce929d0e0e4736", false),
            ("trace_id", "anna@corp.example", true),
            ("event_name", "ssh.network.info", false),
            ("deployment_url", "https://coder.corp.example", true),
        ] {
            let index = fields.index_of(FieldPlace::Row, None, key, &shared);
            fields.get_mut(index).add_string(JsonString::of_escaped(value), 1, &shared.identities);
            assert_eq!(!fields.get_mut(index).kinds.is_empty(), is_marked, "{key}: {value}");
        }
    }
}
