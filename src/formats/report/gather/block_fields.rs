//! The fields of a block of rows: how often they occur, and what their values are.

use super::inventory::SharedInventory;
use crate::formats::report::excerpt::Excerpt;
use crate::formats::report::findings::{FieldPlace, ValueTypes};
use crate::formats::report::identity::{Identities, Identity, IdentityMap, TooMany, ValueSet};
use crate::json::{JsonString, Member};
use crate::privacy::{SensitiveKind, SensitiveKinds, sensitive_kinds};

/// Examples kept of a field's values.
pub(in crate::formats::report) const EXAMPLES_AT_MOST: usize = 5;

/// A field of the rows of a block.
#[derive(Debug)]
pub(crate) struct BlockField {
    pub(in crate::formats::report) identity: Identity,
    pub(in crate::formats::report) place: FieldPlace,
    /// Index of the event's name in the block's.
    pub(in crate::formats::report) event_name: Option<u32>,
    pub(in crate::formats::report) key: Excerpt,
    /// Whether it stands for all fields that are not told apart.
    pub(in crate::formats::report) is_beyond: bool,
    pub(in crate::formats::report) types: ValueTypes,
    pub(in crate::formats::report) count: u64,
    pub(in crate::formats::report) longest: u64,
    pub(in crate::formats::report) kinds: SensitiveKinds,
    /// `None` once there are too many.
    pub(in crate::formats::report) values: Option<ValueSet>,
    /// Those of them that the sequential middle was not told of.
    pub(in crate::formats::report) new_values: Vec<Identity>,
    /// The first of these.
    pub(in crate::formats::report) examples: Vec<(Identity, Excerpt)>,
    /// Whether earlier blocks have left room for examples.
    wants_examples: bool,
    looks: Look,
}

/// What is looked for in the strings of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Look {
    /// Times say nothing of a person, and names of events, some of which look like hosts, are not made of what anybody types.
    Nothing,
    /// Ids of events look like tokens, and are none.
    AllButTokens,
    All,
}

impl Look {
    const COUNT: usize = 3;

    fn at(place: FieldPlace, key: &str) -> Self {
        match (place, key) {
            (FieldPlace::Row, "timestamp" | "event_name") => Self::Nothing,
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
        // Keys and strings in it are looked through as they are spelled.
        if value.starts_with(['{', '[']) {
            self.kinds = self.kinds.union(self.looks.find(value));
        }
    }

    /// Whether the value is not among those that are known. Ends the search where there are too many.
    #[inline]
    fn is_new(&mut self, identity: Identity, text: &str) -> bool {
        let Some(values) = &mut self.values else { return true };
        match values.insert(identity) {
            Ok(false) => return false,
            Ok(true) => self.new_values.push(identity),
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
    pub(in crate::formats::report) fields: Vec<BlockField>,
    known: IdentityMap<u32>,
    /// The fields that stand for all that are not told apart, by what is looked for in their strings.
    beyond: [Option<u32>; Look::COUNT],
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
        shared: &SharedInventory<'_>,
    ) -> FieldIndex {
        let identity = shared.identities.of((place as u8, event_name.map(|(_, identity)| identity), key));
        if let Some(&known) = self.known.get(&identity) {
            return known;
        }
        let known = shared.of(identity);
        let so_far = known.unwrap_or_default();
        let index = u32::try_from(self.fields.len()).unwrap_or(u32::MAX);
        // A key is shared, too. To look at it once is enough, save that all of those beyond the listed ones count as one.
        let is_looked_at = known.is_some() && !so_far.is_beyond;
        let kinds = if is_looked_at { SensitiveKinds::default() } else { sensitive_kinds(key) };
        if so_far.is_beyond {
            return self.beyond(Look::at(place, key), kinds);
        }
        self.known.insert(identity, index);
        self.fields.push(BlockField {
            identity,
            place,
            event_name: event_name.map(|(index, _)| index),
            key: Excerpt::of(key),
            is_beyond: false,
            types: ValueTypes::default(),
            count: 0,
            longest: 0,
            kinds,
            values: (!so_far.has_many_values).then(ValueSet::default),
            new_values: Vec::new(),
            examples: Vec::new(),
            wants_examples: !so_far.has_examples,
            looks: Look::at(place, key),
        });
        index
    }

    /// The field for all that are not told apart, which has one more, whose key looks like this.
    fn beyond(&mut self, looks: Look, kinds: SensitiveKinds) -> FieldIndex {
        let fields = &mut self.fields;
        let index = *self.beyond[looks as usize].get_or_insert_with(|| {
            fields.push(BlockField {
                identity: Identity::default(),
                place: FieldPlace::Other,
                event_name: None,
                key: Excerpt::default(),
                is_beyond: true,
                types: ValueTypes::default(),
                count: 0,
                longest: 0,
                kinds,
                values: None,
                new_values: Vec::new(),
                examples: Vec::new(),
                wants_examples: false,
                looks,
            });
            u32::try_from(fields.len() - 1).unwrap_or(u32::MAX)
        });
        let field = self.get_mut(index);
        field.kinds = field.kinds.union(kinds);
        index
    }

    /// Counts a member that is not told apart, of `events` events. Returns its field.
    pub(crate) fn add_beyond(
        &mut self,
        member: &Member<'_>,
        events: u64,
        identities: &Identities,
    ) -> FieldIndex {
        let index = self.beyond(Look::All, sensitive_kinds(&member.key.decoded()));
        self.get_mut(index).add(member.value, events, identities);
        index
    }

    #[inline]
    pub(crate) fn get_mut(&mut self, index: FieldIndex) -> &mut BlockField {
        &mut self.fields[index as usize]
    }

    /// Called once all rows are added.
    pub(crate) fn finish(&mut self) {
        let values = self.fields.iter().flat_map(|field| &field.values).map(ValueSet::weight);
        let new_values = self.fields.iter().map(|field| field.new_values.capacity() * size_of::<Identity>());
        self.values_weight = values.chain(new_values).sum();
    }

    /// Forgets what was counted, and what the sequential middle knows by now.
    pub(crate) fn reset(&mut self) {
        for field in &mut self.fields {
            field.count = 0;
            field.new_values.clear();
            field.examples.clear();
        }
    }

    /// Bytes that the fields take in memory, about.
    pub(crate) fn weight(&self) -> usize {
        self.fields.len() * (size_of::<BlockField>() + 2 * Excerpt::CHARACTERS) + self.values_weight
    }
}
