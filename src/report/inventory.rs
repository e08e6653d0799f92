//! The inventory of fields: what a block of rows has, and how blocks add up.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{PoisonError, RwLock};

use super::excerpt::Excerpt;
use super::findings::{Distinct, FIELDS_AT_MOST, Field, FieldPlace, ValueTypes};
use super::first_rows::FirstRows;
use super::identity::{Identities, Identity, IdentityMap, TooMany, ValueSet};
use super::sensitive::{SensitiveKind, SensitiveKinds, sensitive_kinds};
use crate::json_text::JsonString;

/// Examples kept of a field's values.
const EXAMPLES_AT_MOST: usize = 5;

/// A field of the rows of a block.
#[derive(Debug)]
pub(crate) struct BlockField {
    identity: Identity,
    place: FieldPlace,
    /// Index of the event's name in the block's.
    event_name: Option<u32>,
    key: Excerpt,
    types: ValueTypes,
    count: u64,
    longest: u64,
    kinds: SensitiveKinds,
    /// `None` once there are too many.
    values: Option<ValueSet>,
    /// The first distinct values.
    examples: Vec<(Identity, Excerpt)>,
    /// Whether earlier blocks have left room for examples.
    wants_examples: bool,
    looks: Look,
}

/// What is looked for in the strings of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Look {
    /// Times say nothing of a person.
    Nothing,
    /// Ids of events look like tokens, and are none.
    AllButTokens,
    All,
}

impl Look {
    fn at(place: FieldPlace, key: &str) -> Self {
        match (place, key) {
            (FieldPlace::Row, "timestamp") => Self::Nothing,
            (FieldPlace::Row, "event_id" | "trace_id" | "parent_event_id") => Self::AllButTokens,
            _ => Self::All,
        }
    }

    /// Whether an escaped string has neither escapes nor anything that is looked for, and one byte a character: what ids and
    /// times nearly always are.
    #[inline]
    fn passes_over(self, escaped: &str) -> bool {
        match self {
            // Without an end before the last byte: it is done for many bytes at once.
            Self::Nothing => escaped.bytes().fold(true, |all, byte| all & byte.is_ascii() & (byte != b'\\')),
            Self::AllButTokens => escaped.bytes().fold(true, |all, byte| all & byte.is_ascii_hexdigit()),
            Self::All => false,
        }
    }

    fn find(self, text: &str) -> SensitiveKinds {
        match self {
            Self::Nothing => SensitiveKinds::default(),
            Self::AllButTokens => sensitive_kinds(text).without(SensitiveKind::Token),
            Self::All => sensitive_kinds(text),
        }
    }
}

impl BlockField {
    /// Counts a value, given as JSON text, that `events` events have.
    #[inline]
    pub(crate) fn add(&mut self, value: &str, events: u64, identities: &Identities) {
        match JsonString::of_value(value) {
            Some(string) => self.add_string(string, events, identities),
            None => self.add_other(value, events, identities),
        }
    }

    /// Counts a string that `events` events have.
    #[inline]
    pub(crate) fn add_string(&mut self, string: JsonString<'_>, events: u64, identities: &Identities) {
        self.count += events;
        if self.values.is_none() && self.looks.passes_over(string.escaped()) {
            self.types.add(ValueTypes::of("\""));
            self.longest = self.longest.max(string.escaped().len() as u64);
            return;
        }
        let text = string.decoded();
        if self.values.is_some() && !self.is_new(identities.of_string(&text), &text) {
            return;
        }
        self.types.add(ValueTypes::of("\""));
        self.longest = self.longest.max(characters(&text));
        self.kinds = self.kinds.union(self.looks.find(&text));
    }

    /// Counts a number or null that one event has.
    #[inline]
    pub(crate) fn add_number(&mut self, value: &str, identities: &Identities) {
        self.add_other(value, 1, identities);
    }

    /// Events that have it.
    #[cfg(test)]
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// Adds events whose value was counted before.
    pub(crate) fn add_events(&mut self, events: u64) {
        self.count += events;
    }

    #[inline]
    fn add_other(&mut self, value: &str, events: u64, identities: &Identities) {
        self.count += events;
        if self.values.is_some() && !self.is_new(identities.of_other(value), value) {
            return;
        }
        self.types.add(ValueTypes::of(value));
        self.longest = self.longest.max(characters(value));
    }

    /// Whether the value is not among those that are known. Ends the search where there are too many.
    #[inline]
    fn is_new(&mut self, identity: Identity, text: &str) -> bool {
        let Some(values) = &mut self.values else { return true };
        match values.insert(identity) {
            Ok(false) => return false,
            Ok(true) => {}
            Err(TooMany) => self.values = None,
        }
        if self.wants_examples && self.examples.len() < EXAMPLES_AT_MOST {
            self.examples.push((identity, Excerpt::of(text)));
        }
        true
    }
}

fn characters(text: &str) -> u64 {
    let count = if text.is_ascii() { text.len() } else { text.chars().count() };
    count as u64
}

/// The fields of a block in order of first appearance.
#[derive(Debug, Default)]
pub(crate) struct BlockFields {
    fields: Vec<BlockField>,
    known: IdentityMap<u32>,
    /// Where the fields are that this export lists no more: all in one.
    beyond: Option<u32>,
    /// What their sets of values take, once the block is complete.
    values_weight: usize,
}

/// Names a field of a block.
pub(crate) type FieldIndex = u32;

impl BlockFields {
    /// The field of such a key. `event_name`: index in the block's names, and identity.
    pub(crate) fn index_of(
        &mut self,
        place: FieldPlace,
        event_name: Option<(u32, Identity)>,
        key: &str,
        shared: &SharedInventory,
    ) -> FieldIndex {
        let identity = shared.identities.of((place as u8, event_name.map(|(_, identity)| identity), key));
        if let Some(&known) = self.known.get(&identity) {
            return known;
        }
        let so_far = shared.of(identity);
        let index = u32::try_from(self.fields.len()).unwrap_or(u32::MAX);
        if so_far.is_beyond {
            if let Some(beyond) = self.beyond {
                return beyond;
            }
            self.beyond = Some(index);
        } else {
            self.known.insert(identity, index);
        }
        self.fields.push(BlockField {
            identity,
            place,
            event_name: event_name.map(|(index, _)| index),
            key: Excerpt::of(key),
            types: ValueTypes::default(),
            count: 0,
            longest: 0,
            kinds: SensitiveKinds::default(),
            values: (!so_far.has_many_values && !so_far.is_beyond).then(ValueSet::default),
            examples: Vec::new(),
            wants_examples: !so_far.has_examples && !so_far.is_beyond,
            looks: Look::at(place, key),
        });
        index
    }

    #[inline]
    pub(crate) fn get_mut(&mut self, index: FieldIndex) -> &mut BlockField {
        &mut self.fields[index as usize]
    }

    /// Drops what is needed only while rows are added.
    pub(crate) fn finish(&mut self) {
        self.values_weight = self.fields.iter().flat_map(|field| &field.values).map(ValueSet::weight).sum();
        self.known = IdentityMap::default();
    }

    /// Bytes that the fields take in memory, about.
    pub(crate) fn weight(&self) -> usize {
        self.fields.len() * (size_of::<BlockField>() + 2 * Excerpt::CHARACTERS) + self.values_weight
    }
}

/// What the sequential middle knows of fields, for blocks that are decoded meanwhile. They would come to the same without it.
#[derive(Default)]
pub(crate) struct SharedInventory {
    pub(crate) identities: Identities,
    known: RwLock<IdentityMap<SoFar>>,
    /// Whether no further field is listed.
    is_full: AtomicBool,
}

/// What earlier blocks tell of a field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct SoFar {
    has_many_values: bool,
    has_examples: bool,
    /// It is none of those that are listed.
    is_beyond: bool,
}

impl SharedInventory {
    fn of(&self, identity: Identity) -> SoFar {
        // Before the look into the map, which then holds all that are listed.
        let is_full = self.is_full.load(Ordering::Acquire);
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.get(&identity).copied().unwrap_or(SoFar { is_beyond: is_full, ..SoFar::default() })
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
    told: Option<SoFar>,
}

impl Inventory {
    pub(crate) fn new() -> Self {
        Self { rows: FirstRows::new(FIELDS_AT_MOST) }
    }

    /// Adds the fields of the next block. `event_names`: where its names stand in the export's.
    pub(crate) fn add(&mut self, block: BlockFields, event_names: &[usize], shared: &SharedInventory) {
        for field in block.fields {
            let event_name = field.event_name.and_then(|index| event_names.get(index as usize).copied());
            let begin = |is_other| Entry::begin(&field, event_name, is_other);
            let (_, entry) = self.rows.entry(field.identity, begin);
            if entry.is_other() {
                entry.add_other(&field);
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
        Self { field, values, example_identities: Vec::new(), told: None }
    }

    /// Whether it stands for all fields beyond those that are listed: the only one that has many values from the start.
    fn is_other(&self) -> bool {
        self.told.is_none() && self.values.is_none()
    }

    fn add_other(&mut self, added: &BlockField) {
        let field = &mut self.field;
        field.types.add(added.types);
        field.count += added.count;
        field.longest = field.longest.max(added.longest);
        field.kinds = field.kinds.union(added.kinds);
    }

    fn add(&mut self, added: BlockField) {
        self.add_other(&added);
        for (identity, example) in added.examples {
            // While there is room, all values that were seen are examples.
            if self.field.examples.len() < EXAMPLES_AT_MOST && !self.example_identities.contains(&identity) {
                self.field.examples.push(example);
                self.example_identities.push(identity);
            }
        }
        let Some(values) = &mut self.values else { return };
        let added = added
            .values
            .as_ref()
            .map(|added| added.values().try_for_each(|value| values.insert(value).map(drop)));
        if added == Some(Ok(())) {
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
