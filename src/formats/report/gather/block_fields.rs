//! The fields of one block of rows: how often they occur, and what their values look like.

use super::Shared;
use crate::formats::report::excerpt::Excerpt;
use crate::formats::report::findings::{FieldPlace, ValueTypes};
use crate::formats::report::identity::{Identities, Identity, IdentityMap, TooMany, ValueSet};
use crate::json::{JsonString, Member};
use crate::privacy::{SensitiveKind, SensitiveKinds, sensitive_kinds};
use crate::sizes::index;

/// How many examples of a field's values are kept.
pub(crate) const EXAMPLES_AT_MOST: usize = 5;

/// A field of a block's rows.
#[derive(Debug)]
pub(crate) struct BlockField {
    pub(crate) identity: Identity,
    pub(crate) place: FieldPlace,
    /// Index of the event's name in the block's event names.
    pub(crate) event_name: Option<u32>,
    pub(crate) key: Excerpt,
    /// Whether this is one of the fields in [`BlockFields::unlisted`].
    pub(crate) is_unlisted: bool,
    pub(crate) types: ValueTypes,
    pub(crate) count: u64,
    pub(crate) longest: u64,
    pub(crate) kinds: SensitiveKinds,
    /// The distinct values. `None` once there are too many.
    pub(crate) values: Option<ValueSet>,
    /// The first distinct values.
    pub(crate) examples: Vec<(Identity, Excerpt)>,
    /// False if earlier blocks already have all examples.
    wants_examples: bool,
    search: SensitiveSearch,
}

/// Which kinds of sensitive data are searched for in the strings of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SensitiveSearch {
    /// For timestamps and event names. Nobody types them, and some event names look like host names.
    Nothing,
    /// For ids of events and traces, which look like tokens.
    AllButTokens,
    All,
}

impl SensitiveSearch {
    const COUNT: usize = 3;

    fn of(place: FieldPlace, key: &str) -> Self {
        match (place, key) {
            (FieldPlace::Row, "timestamp" | "event_name") => Self::Nothing,
            (FieldPlace::Row, "event_id" | "trace_id" | "parent_event_id") => Self::AllButTokens,
            _ => Self::All,
        }
    }

    /// Whether an escaped string needs neither decoding nor a search, and has one byte for each character. This is true for
    /// nearly all ids and times.
    #[inline]
    fn is_plain(self, escaped: &str) -> bool {
        match self {
            // No early exit, so that the loop vectorizes.
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
        if self.values.is_none() && self.search.is_plain(string.escaped()) {
            self.types.add(ValueTypes::of("\""));
            self.longest = self.longest.max(string.escaped().len() as u64);
            return;
        }
        let text = string.decoded();
        if self.is_new(&text, || identities.of_string(&text)) {
            self.types.add(ValueTypes::of("\""));
            self.longest = self.longest.max(characters(&text));
            self.kinds = self.kinds.union(self.search.find(&text));
        }
    }

    /// Counts a value other than a string, given as JSON text, that `events` events have.
    #[inline]
    pub(crate) fn add_other(&mut self, value: &str, events: u64, identities: &Identities) {
        self.count += events;
        if self.is_new(value, || identities.of_other(value)) {
            self.types.add(ValueTypes::of(value));
            self.longest = self.longest.max(characters(value));
            // Keys and strings inside are searched without decoding them.
            if value.starts_with(['{', '[']) {
                self.kinds = self.kinds.union(self.search.find(value));
            }
        }
    }

    /// Counts events whose value was added before.
    #[inline]
    pub(crate) fn add_events(&mut self, events: u64) {
        self.count += events;
    }

    /// Number of events that have the field.
    #[cfg(test)]
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// Remembers a value. Returns false if it was added before, and always true once there are too many values.
    #[inline]
    fn is_new(&mut self, text: &str, identity: impl FnOnce() -> Identity) -> bool {
        let Some(values) = &mut self.values else { return true };
        let identity = identity();
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
    pub(crate) fields: Vec<BlockField>,
    indices: IdentityMap<FieldIndex>,
    /// Fields that each stand for all fields that the page does not list and whose strings get the same search.
    unlisted: [Option<FieldIndex>; SensitiveSearch::COUNT],
    /// Bytes that the sets of values take. Set once the block is complete.
    values_weight: usize,
}

/// Index of a field of a block.
pub(crate) type FieldIndex = u32;

impl BlockFields {
    /// The field with this key. `event_name` is the index of the event's name in the block, and its identity.
    pub(crate) fn index_of(
        &mut self,
        place: FieldPlace,
        event_name: Option<(u32, Identity)>,
        key: &str,
        shared: &Shared<'_>,
    ) -> FieldIndex {
        let identity = shared.identities.of((place as u8, event_name.map(|(_, identity)| identity), key));
        if let Some(&index) = self.indices.get(&identity) {
            return index;
        }
        let search = SensitiveSearch::of(place, key);
        let known = shared.known_fields.get(identity);
        let hints = known.unwrap_or_default();
        if hints.is_unlisted {
            return self.unlisted(search, key);
        }
        // If the field is known, an earlier block has already searched its key.
        let kinds = if known.is_some() { SensitiveKinds::default() } else { sensitive_kinds(key) };
        let index = self.push(BlockField {
            identity,
            place,
            event_name: event_name.map(|(index, _)| index),
            key: Excerpt::of(key),
            is_unlisted: false,
            types: ValueTypes::default(),
            count: 0,
            longest: 0,
            kinds,
            values: (!hints.has_many_values).then(ValueSet::default),
            examples: Vec::new(),
            wants_examples: !hints.has_all_examples,
            search,
        });
        self.indices.insert(identity, index);
        index
    }

    /// The field for all unlisted fields whose strings get this search. `key` is the key of one of them.
    fn unlisted(&mut self, search: SensitiveSearch, key: &str) -> FieldIndex {
        let index = self.unlisted[search as usize].unwrap_or_else(|| {
            let index = self.push(BlockField {
                identity: Identity::default(),
                place: FieldPlace::Other,
                event_name: None,
                key: Excerpt::default(),
                is_unlisted: true,
                types: ValueTypes::default(),
                count: 0,
                longest: 0,
                kinds: SensitiveKinds::default(),
                values: None,
                examples: Vec::new(),
                wants_examples: false,
                search,
            });
            self.unlisted[search as usize] = Some(index);
            index
        });
        let field = self.get_mut(index);
        field.kinds = field.kinds.union(sensitive_kinds(key));
        index
    }

    fn push(&mut self, field: BlockField) -> FieldIndex {
        self.fields.push(field);
        index(self.fields.len() - 1)
    }

    /// Counts a member beyond the member limit that `events` events have. Returns the field for all unlisted fields.
    pub(crate) fn add_unlisted(
        &mut self,
        member: &Member<'_>,
        events: u64,
        identities: &Identities,
    ) -> FieldIndex {
        let index = self.unlisted(SensitiveSearch::All, &member.key.decoded());
        self.get_mut(index).add(member.value, events, identities);
        index
    }

    #[inline]
    pub(crate) fn get_mut(&mut self, index: FieldIndex) -> &mut BlockField {
        &mut self.fields[index as usize]
    }

    /// Measures the sets of values, once all rows are added.
    pub(crate) fn finish(&mut self) {
        self.values_weight = self.fields.iter().flat_map(|field| &field.values).map(ValueSet::weight).sum();
    }

    /// About how many bytes the fields take in memory.
    pub(crate) fn weight(&self) -> usize {
        self.fields.len() * (size_of::<BlockField>() + 2 * Excerpt::CHARACTERS) + self.values_weight
    }
}
