//! The fields of one block of rows: how often they occur, what their values look like, and their marks.

use std::mem;

use super::known_fields::KnownField;
use super::previews::Previewed;
use super::{Shared, place_of};
use crate::formats::report::excerpt::Excerpt;
use crate::formats::report::field_marks::{FieldMark, FieldMarks, MarkedPart, Preview, ValueFacts};
use crate::formats::report::findings::{ALWAYS_MARKED, FieldPlace, FieldRedaction, ValueTypes};
use crate::formats::report::identity::{Identity, IdentityMap, TooMany, ValueSet};
use crate::json::{JsonString, Member};
use crate::privacy::redaction::{Replaced, is_known_field};
use crate::privacy::{KeyMeaning, Mark, SensitiveKinds, find_marks};
use crate::row::event::Event;
use crate::row::event_context::EventContext;
use crate::sizes::index;

/// How many examples of a field's values are kept.
pub(crate) const EXAMPLES_AT_MOST: usize = 5;

/// A field of a block's rows, whatever the names of its events.
#[derive(Debug)]
pub(crate) struct BlockField {
    /// Identity of the place and the key.
    pub(crate) identity: Identity,
    pub(crate) place: FieldPlace,
    pub(crate) key: Excerpt,
    /// Whether this is the field for all unlisted fields.
    pub(crate) is_unlisted: bool,
    pub(crate) types: ValueTypes,
    pub(crate) marks: FieldMarks,
    /// The distinct values. `None` once there are too many.
    pub(crate) values: Option<ValueSet>,
    /// The first distinct values.
    pub(crate) examples: Vec<(Identity, Excerpt)>,
    /// What redaction would make of the first example of a field that is always marked. `None` if that is not known, or if the
    /// events are redacted.
    pub(crate) preview: Option<Preview>,
    /// `None` if the events are as recorded, or if redaction never changes the field.
    pub(crate) redaction: Option<FieldRedaction>,
    is_always_marked: bool,
    /// False if earlier blocks already have all examples.
    wants_examples: bool,
}

/// A field of events with one name, and how many of them have it.
#[derive(Debug)]
pub(crate) struct FieldUse {
    /// Index of the field in [`BlockFields::fields`].
    pub(crate) field: u32,
    /// Index of the event's name in the block's event names. `None` if the field belongs to events of any name.
    pub(crate) event_name: Option<u32>,
    pub(crate) events: u64,
}

/// A text that is searched for marks.
#[derive(Clone, Copy)]
enum Searched<'t> {
    Key(&'t str),
    /// A value that is a string, decoded.
    String(&'t str),
    /// Another value, as JSON text.
    Other(&'t str),
}

impl<'t> Searched<'t> {
    fn text(self) -> &'t str {
        let (Self::Key(text) | Self::String(text) | Self::Other(text)) = self;
        text
    }

    /// The type of a value.
    fn value_type(self) -> ValueTypes {
        ValueTypes::of(if let Self::Other(json) = self { json } else { "\"" })
    }

    /// Whether it is a string, or an object or an array, which can contain one.
    fn has_text(self) -> bool {
        match self {
            Self::Key(_) | Self::String(_) => true,
            Self::Other(json) => json.starts_with(['{', '[']),
        }
    }

    fn part(self) -> MarkedPart {
        match self {
            Self::Key(_) => MarkedPart::Key,
            Self::String(_) | Self::Other(_) => MarkedPart::Value,
        }
    }
}

/// Whether an escaped string is one word that has no pseudonym.
fn is_bare_word(escaped: &str) -> bool {
    escaped.is_ascii()
        && memchr::memchr2(b' ', b'\\', escaped.as_bytes()).is_none()
        && Replaced::of(escaped) == Replaced::Nothing
}

fn has_several_words(text: &str) -> bool {
    text.trim().contains(char::is_whitespace)
}

/// How the strings of a field are searched: as values of a key with this meaning. `None` if they are not
/// searched.
type ValueSearch = Option<KeyMeaning>;

fn value_search(place: FieldPlace, key: &str) -> ValueSearch {
    match (place, key) {
        // Nobody types them, and some event names look like host names.
        (FieldPlace::Row, "timestamp" | "event_name") => None,
        // Under `code` elsewhere, the value can be a secret code.
        (FieldPlace::Error, "code") => Some(KeyMeaning::Nothing),
        _ => Some(KeyMeaning::of(key)),
    }
}

/// A handle to a field of events with one name, for [`BlockFields::add`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(Default))]
pub(crate) struct FieldEntry {
    /// Index of the field in [`BlockFields::fields`].
    field: u32,
    /// Index of the use in [`BlockFields::uses`].
    field_use: u32,
    search: ValueSearch,
    /// The kinds of marks of the key.
    key_kinds: SensitiveKinds,
}

/// A handle to a value that was added to a field, for counting more events that have it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct FieldValue {
    field: u32,
    field_use: u32,
    key_kinds: SensitiveKinds,
    facts: ValueFacts,
}

impl FieldEntry {
    /// A value without marks.
    pub(crate) fn unmarked_value(self) -> FieldValue {
        let Self { field, field_use, key_kinds, .. } = self;
        FieldValue { field, field_use, key_kinds, facts: ValueFacts::default() }
    }
}

impl BlockField {
    /// What was found in a value that was added before. `None` if the value is new, or if there are too many values to know.
    #[inline]
    fn known_facts(&self, identity: Option<Identity>) -> Option<ValueFacts> {
        self.values.as_ref()?.get(identity?)
    }

    /// Remembers a value that is new.
    fn remember(&mut self, identity: Identity, facts: ValueFacts, example: impl FnOnce() -> Excerpt) {
        let Some(values) = &mut self.values else { return };
        if let Err(TooMany) = values.insert(identity, facts) {
            self.values = None;
        }
        if self.wants_examples && self.examples.len() < EXAMPLES_AT_MOST {
            self.examples.push((identity, example()));
        }
    }
}

/// Something of a field that needs a preview.
#[derive(Clone, Copy, Debug)]
struct MissingPreview {
    field: u32,
    /// The index of the mark, and what it is on. `None` for the first example.
    mark: Option<(usize, MarkedPart)>,
}

/// Bytes that a use takes with its entry. The factor is for the empty slots of a map that has just grown.
const USE_BYTES: usize = size_of::<FieldUse>() + 2 * size_of::<(Identity, FieldEntry)>();

/// The fields of a block in order of first appearance.
#[derive(Debug, Default)]
pub(crate) struct BlockFields {
    pub(crate) fields: Vec<BlockField>,
    /// In order of first appearance.
    pub(crate) uses: Vec<FieldUse>,
    /// By place, event name and key.
    entries: IdentityMap<FieldEntry>,
    /// A handle to one use of each field, by place and key.
    fields_by_key: IdentityMap<FieldEntry>,
    /// Indices of the field that stands for all fields that the page does not list, and of its only use.
    unlisted: Option<(u32, u32)>,
    /// Number of texts that were searched and have marks.
    marked_texts: u64,
    /// The marks of the last text that was searched.
    found: Vec<Mark>,
    /// What has no preview yet. All of it is in the last event.
    missing_previews: Vec<MissingPreview>,
    /// Number of different marks of all fields.
    mark_count: usize,
    /// Bytes that the sets of values take. Set once the block is complete.
    values_weight: usize,
}

impl BlockFields {
    /// The field with this key. `event_name` is the index of the event's name in the block, and its identity.
    pub(crate) fn entry(
        &mut self,
        place: FieldPlace,
        event_name: Option<(u32, Identity)>,
        key: &str,
        shared: &Shared<'_>,
    ) -> FieldEntry {
        let identity = shared.identities.of((place as u8, event_name.map(|(_, identity)| identity), key));
        if let Some(&entry) = self.entries.get(&identity) {
            return entry;
        }
        let place_and_key = shared.identities.of((place as u8, key));
        let event_name = event_name.map(|(index, _)| index);
        let entry = match self.fields_by_key.get(&place_and_key) {
            Some(&entry) => FieldEntry { field_use: self.push_use(entry.field, event_name), ..entry },
            None => {
                let hints = shared.known_fields.get(place_and_key).unwrap_or_default();
                if hints.is_unlisted {
                    return self.unlisted(value_search(place, key), key, shared);
                }
                let entry = self.add_field(place, place_and_key, event_name, key, hints, shared);
                self.fields_by_key.insert(place_and_key, entry);
                entry
            }
        };
        self.entries.insert(identity, entry);
        entry
    }

    /// Adds a field with its first use.
    fn add_field(
        &mut self,
        place: FieldPlace,
        identity: Identity,
        event_name: Option<u32>,
        key: &str,
        hints: KnownField,
        shared: &Shared<'_>,
    ) -> FieldEntry {
        // A timestamp is never replaced, and each row has one.
        let is_timestamp = place == FieldPlace::Row && key == "timestamp";
        let redaction = shared.redactor().filter(|_| !is_timestamp).map(|redactor| FieldRedaction {
            is_key_replaced: Replaced::of(key) != Replaced::Nothing,
            is_kept: redactor.keeps(place_of(place), key),
            is_known: is_known_field(place_of(place), key),
            ..FieldRedaction::default()
        });
        let field = self.push(BlockField {
            identity,
            place,
            key: Excerpt::default(),
            is_unlisted: false,
            types: ValueTypes::default(),
            marks: FieldMarks::default(),
            values: (!hints.has_many_values).then(ValueSet::default),
            examples: Vec::new(),
            preview: None,
            redaction,
            is_always_marked: ALWAYS_MARKED
                .iter()
                .any(|(places, always, _)| places.contains(&place) && key == *always),
            wants_examples: !hints.has_all_examples,
        });
        // Redaction leaves nothing that a rule marks, except in fields that the user has kept.
        let is_searched = redaction.is_none_or(|redaction| redaction.is_kept);
        let key_search = (is_searched && !hints.has_unmarked_key).then_some(KeyMeaning::Nothing);
        let key_kinds = self.search(field, Searched::Key(key), key_search);
        self.fields[field as usize].key = Excerpt::of_searched(key, &self.found);
        let field_use = self.push_use(field, event_name);
        let search = if is_searched { value_search(place, key) } else { None };
        FieldEntry { field, field_use, search, key_kinds }
    }

    /// The field for all unlisted fields. `search` and `key` belong to one of them.
    fn unlisted(&mut self, search: ValueSearch, key: &str, shared: &Shared<'_>) -> FieldEntry {
        let (field, field_use) = self.unlisted.unwrap_or_else(|| {
            let field = self.push(BlockField {
                identity: Identity::default(),
                place: FieldPlace::Other,
                key: Excerpt::default(),
                is_unlisted: true,
                types: ValueTypes::default(),
                marks: FieldMarks::default(),
                values: None,
                examples: Vec::new(),
                preview: None,
                redaction: shared.redactor().map(|_| FieldRedaction::default()),
                is_always_marked: false,
                wants_examples: false,
            });
            let indices = (field, self.push_use(field, None));
            self.unlisted = Some(indices);
            indices
        });
        let key_kinds = self.search(field, Searched::Key(key), Some(KeyMeaning::Nothing));
        FieldEntry { field, field_use, search, key_kinds }
    }

    fn push(&mut self, field: BlockField) -> u32 {
        self.fields.push(field);
        index(self.fields.len() - 1)
    }

    fn push_use(&mut self, field: u32, event_name: Option<u32>) -> u32 {
        self.uses.push(FieldUse { field, event_name, events: 0 });
        index(self.uses.len() - 1)
    }

    /// Searches a key or a value of a field, and remembers its marks. Returns their kinds.
    fn search(&mut self, index: u32, searched: Searched<'_>, search: ValueSearch) -> SensitiveKinds {
        self.found.clear();
        let Some(meaning) = search else { return SensitiveKinds::default() };
        let text = searched.text();
        find_marks(meaning, text, &mut self.found);
        if self.found.is_empty() {
            return SensitiveKinds::default();
        }
        let field = &mut self.fields[index as usize];
        let before = field.marks.len();
        let kinds = field.marks.remember(searched.part(), text, &self.found, self.marked_texts);
        let new = before..field.marks.len();
        self.mark_count += new.len();
        self.marked_texts += 1;
        if !field.is_unlisted {
            let missing =
                new.map(|mark| MissingPreview { field: index, mark: Some((mark, searched.part())) });
            self.missing_previews.extend(missing);
        }
        kinds
    }

    /// Counts a value, given as JSON text, that `events` events have.
    #[inline]
    pub(crate) fn add(
        &mut self,
        entry: FieldEntry,
        value: &str,
        events: u64,
        shared: &Shared<'_>,
    ) -> FieldValue {
        match JsonString::of_value(value) {
            Some(string) => self.add_string(entry, string, events, shared),
            None => self.add_other(entry, value, events, shared),
        }
    }

    /// Counts a string that `events` events have.
    #[inline]
    pub(crate) fn add_string(
        &mut self,
        entry: FieldEntry,
        string: JsonString<'_>,
        events: u64,
        shared: &Shared<'_>,
    ) -> FieldValue {
        let field = &mut self.fields[entry.field as usize];
        let escaped = string.escaped();
        let has_no_marks = || entry.search.is_none_or(|meaning| meaning.is_telemetry_id(escaped));
        let has_nothing_replaced = || field.redaction.is_none() || is_bare_word(escaped);
        if field.values.is_none() && has_no_marks() && has_nothing_replaced() {
            field.types.add(ValueTypes::of("\""));
            let value = entry.unmarked_value();
            self.add_events(value, events);
            return value;
        }
        let text = string.decoded();
        let identity = field.values.is_some().then(|| shared.identities.of_string(&text));
        self.add_text(entry, Searched::String(&text), identity, entry.search, events)
    }

    /// Counts a value other than a string, given as JSON text, that `events` events have.
    #[inline]
    pub(crate) fn add_other(
        &mut self,
        entry: FieldEntry,
        json: &str,
        events: u64,
        shared: &Shared<'_>,
    ) -> FieldValue {
        let field = &self.fields[entry.field as usize];
        let identity = field.values.is_some().then(|| shared.identities.of_other(json));
        // Keys and strings inside are searched without decoding them.
        let search = if json.starts_with(['{', '[']) { entry.search } else { None };
        self.add_text(entry, Searched::Other(json), identity, search, events)
    }

    /// Counts a value that `events` events have. `identity` is `None` if there are too many values.
    #[inline]
    fn add_text(
        &mut self,
        entry: FieldEntry,
        searched: Searched<'_>,
        identity: Option<Identity>,
        search: ValueSearch,
        events: u64,
    ) -> FieldValue {
        let known = self.fields[entry.field as usize].known_facts(identity);
        let facts = known.unwrap_or_else(|| {
            let text = searched.text();
            let kinds = self.search(entry.field, searched, search);
            let field = &mut self.fields[entry.field as usize];
            field.types.add(searched.value_type());
            let mut facts = ValueFacts { kinds, ..ValueFacts::default() };
            if let Some(redaction) = field.redaction.as_mut().filter(|_| searched.has_text()) {
                facts.replaced = Replaced::of(text);
                redaction.has_sentences |= facts.replaced != Replaced::Whole && has_several_words(text);
            }
            if let Some(identity) = identity {
                let example = || match search {
                    Some(_) => Excerpt::of_searched(text, &self.found),
                    None => Excerpt::of(text),
                };
                let had_examples = !field.examples.is_empty();
                field.remember(identity, facts, example);
                if field.is_always_marked && !had_examples && !field.examples.is_empty() {
                    self.missing_previews.push(MissingPreview { field: entry.field, mark: None });
                }
            }
            facts
        });
        let value = FieldValue { facts, ..entry.unmarked_value() };
        self.add_events(value, events);
        value
    }

    /// Counts events whose value was added before.
    #[inline]
    pub(crate) fn add_events(&mut self, value: FieldValue, events: u64) {
        self.uses[value.field_use as usize].events += events;
        if value.key_kinds.is_empty() && value.facts.are_none() {
            return;
        }
        let field = &mut self.fields[value.field as usize];
        field.marks.count(MarkedPart::Key, value.key_kinds, events);
        field.marks.count(MarkedPart::Value, value.facts.kinds, events);
        if let Some(redaction) = &mut field.redaction {
            redaction.count(value.facts.replaced, events);
        }
    }

    /// Counts a member beyond the member limit that `events` events have.
    pub(crate) fn add_unlisted(
        &mut self,
        member: &Member<'_>,
        events: u64,
        shared: &Shared<'_>,
    ) -> FieldValue {
        let key = member.key.decoded();
        let entry = self.unlisted(Some(KeyMeaning::of(&key)), &key, shared);
        self.add(entry, member.value, events, shared)
    }

    /// Number of events that have a field.
    #[cfg(test)]
    pub(crate) fn count(&self, entry: FieldEntry) -> u64 {
        self.uses[entry.field_use as usize].events
    }

    /// Number of texts that were searched and have marks.
    pub(crate) fn marked_texts(&self) -> u64 {
        self.marked_texts
    }

    /// Completes what was found in an event: says what redaction would make of it.
    #[inline]
    pub(crate) fn end_event(&mut self, event: &Event<'_>, context: EventContext<'_>, shared: &Shared<'_>) {
        if !self.missing_previews.is_empty() {
            self.add_previews(event, context, shared);
        }
    }

    fn add_previews(&mut self, event: &Event<'_>, context: EventContext<'_>, shared: &Shared<'_>) {
        let missing = mem::take(&mut self.missing_previews);
        let Some(previews) = shared.previews() else { return };
        let previewed: Vec<_> = missing
            .iter()
            .map(|missing| {
                let BlockField { place, identity, .. } = self.fields[missing.field as usize];
                let part = missing.mark.map_or(MarkedPart::Value, |(_, part)| part);
                Previewed { place, place_and_key: identity, part }
            })
            .collect();
        let found = previews.of(event, context, &previewed, shared);
        for (MissingPreview { field, mark }, preview) in missing.into_iter().zip(found) {
            let field = &mut self.fields[field as usize];
            match mark {
                Some((mark, _)) => field.marks.set_preview(mark, preview),
                None => field.preview = preview,
            }
        }
    }

    /// Measures the sets of values, once all rows are added.
    pub(crate) fn finish(&mut self) {
        self.values_weight = self.fields.iter().flat_map(|field| &field.values).map(ValueSet::weight).sum();
    }

    /// About how many bytes the fields take in memory.
    pub(crate) fn weight(&self) -> usize {
        self.fields.len() * (size_of::<BlockField>() + 2 * Excerpt::CHARACTERS)
            + self.uses.len() * USE_BYTES
            + self.mark_count * FieldMark::BYTES
            + self.values_weight
    }
}
