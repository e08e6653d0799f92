//! Attributes of a record: collected in rising precedence, written with unique keys (specification, Attributes).

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

use crate::json::{JsonString, distinct_members, exact_integer, members};
use crate::progress::Progress;
use crate::row::event::{Event, finite_number};
use crate::row::signal::{DURATION_MS, RESULT, SpanMembers, SpanResult};

/// Up to this many attributes are compared in pairs. More of them go through a set.
const PAIRWISE_AT_MOST: usize = 24;

/// Attributes in rising precedence: of two with one key, the later one counts.
pub(super) struct Attributes<'a, 'p> {
    entries: Vec<Attribute<'a>>,
    /// Index of the measurement `durationMs`.
    duration: Option<usize>,
    progress: &'p Progress,
}

struct Attribute<'a> {
    /// Still escaped, free of lone surrogates.
    key: Cow<'a, str>,
    value: AttributeValue<'a>,
}

enum AttributeValue<'a> {
    /// Still escaped, free of lone surrogates.
    String(Cow<'a, str>),
    /// The text of a JSON number that fits a 64-bit float.
    Double(&'a str),
    Integer(i64),
}

/// Attribute of the points of a delta counter that are not integers.
const NUMBER_TYPE: &str = "coder.number_type";

/// Property keys that an attribute must not have.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reserved {
    Nothing,
    /// On data points: the labels that Prometheus sets itself (`job`, `instance` and everything that begins with
    /// `__`), and the attribute that separates streams of integers from streams of other numbers.
    OfPoints,
}

impl<'a, 'p> Attributes<'a, 'p> {
    pub(super) fn new(progress: &'p Progress) -> Self {
        Self { entries: Vec::new(), duration: None, progress }
    }

    /// The attributes of an event's data points. `deployment_url` is escaped.
    pub(super) fn of_points(
        progress: &'p Progress,
        event: &Event<'a>,
        deployment_url: &'a str,
        number_type: Option<&'static str>,
    ) -> Self {
        let mut attributes = Self::new(progress);
        attributes.properties(event.properties, Reserved::OfPoints, |_, _| {});
        if !deployment_url.is_empty() {
            attributes.string("coder.deployment.url", JsonString::of_escaped(deployment_url));
        }
        if let Some(number_type) = number_type {
            attributes.string(NUMBER_TYPE, JsonString::of_escaped(number_type));
        }
        attributes
    }

    /// Adds the properties and measurements of an event, and finds those that make it a span.
    pub(super) fn add_members(&mut self, event: &Event<'a>) -> SpanMembers<'a> {
        self.entries.reserve(16);
        let mut result = None;
        self.properties(event.properties, Reserved::Nothing, |key, value| {
            if key.means(RESULT) {
                result = Some(value);
            }
        });
        SpanMembers { result: result.map(SpanResult::of), duration: self.measurements(event.measurements) }
    }

    /// Adds an object of strings. `note` gets each key and value.
    fn properties(
        &mut self,
        object: &'a str,
        reserved: Reserved,
        mut note: impl FnMut(JsonString<'a>, JsonString<'a>),
    ) {
        for member in self.progress.heed(members(object)) {
            if let Some(value) = JsonString::of_value(member.value) {
                note(member.key, value);
                let key = attribute_key(member.key, "coder.property.", reserved);
                self.entries
                    .push(Attribute { key, value: AttributeValue::String(value.without_lone_surrogates()) });
            }
        }
    }

    /// Adds an object of numbers and nulls; a null gives no attribute. Returns the text of `durationMs`.
    fn measurements(&mut self, object: &'a str) -> Option<&'a str> {
        let mut duration = None;
        for member in self.progress.heed(distinct_members(object, self.progress.heed(members(object)))) {
            let is_duration = member.key.means(DURATION_MS);
            if is_duration {
                duration = Some(member.value);
            }
            if member.value == "null" {
                continue;
            }
            if is_duration {
                self.duration = Some(self.entries.len());
            }
            let key = attribute_key(member.key, "coder.measurement.", Reserved::Nothing);
            let value = match finite_number(member.value) {
                Some(number) => AttributeValue::Double(number),
                None => AttributeValue::String(Cow::Borrowed(member.value)),
            };
            self.entries.push(Attribute { key, value });
        }
        duration
    }

    /// Takes `durationMs` out again. To be called before anything is added behind the measurements.
    pub(super) fn remove_duration(&mut self) {
        if let Some(index) = self.duration.take() {
            self.entries.remove(index);
        }
    }

    pub(super) fn string(&mut self, key: &'static str, value: JsonString<'a>) {
        let value = AttributeValue::String(value.without_lone_surrogates());
        self.entries.push(Attribute { key: Cow::Borrowed(key), value });
    }

    /// Adds `coder.event_sequence`, as an integer if it is one.
    pub(super) fn event_sequence(&mut self, event: &Event<'a>) {
        let value = match exact_integer(event.event_sequence) {
            Some(number) => AttributeValue::Integer(number),
            None => AttributeValue::String(Cow::Borrowed(event.event_sequence)),
        };
        self.entries.push(Attribute { key: Cow::Borrowed("coder.event_sequence"), value });
    }

    /// Adds the error block, if there is one.
    pub(super) fn exception(&mut self, event: &Event<'a>) {
        let Some(error) = event.error else { return };
        self.string("exception.message", error.message);
        if let Some(kind) = error.kind {
            self.string("exception.type", kind);
        }
        if let Some(code) = error.code {
            self.string("exception.code", code);
        }
    }

    /// Whether the attribute `key` is absent or an empty string.
    pub(super) fn lacks(&self, key: &str) -> bool {
        let entry = self.entries.iter().rev().find(|entry| same_text(&entry.key, key));
        entry.is_none_or(|entry| matches!(&entry.value, AttributeValue::String(text) if text.is_empty()))
    }

    /// The attributes as they are written, decoded and sorted by key. All values must be strings.
    pub(super) fn strings_by_key(&self) -> BTreeMap<Cow<'_, str>, Cow<'_, str>> {
        let strings = self.progress.heed(&self.entries).map(|entry| match &entry.value {
            AttributeValue::String(value) => {
                (JsonString::of_escaped(&entry.key).decoded(), JsonString::of_escaped(value).decoded())
            }
            AttributeValue::Double(_) | AttributeValue::Integer(_) => {
                unreachable!("attributes of points are strings")
            }
        });
        strings.collect()
    }

    /// Appends `,"attributes":[…]`, or nothing without attributes.
    pub(super) fn write(&self, text: &mut Vec<u8>) {
        if self.entries.is_empty() {
            return;
        }
        text.extend_from_slice(b",\"attributes\":[");
        self.write_list(text);
        text.push(b']');
    }

    fn write_list(&self, text: &mut Vec<u8>) {
        let overruled = self.overruled();
        let mut first = true;
        for (at, entry) in self.progress.heed(self.entries.iter().enumerate()) {
            if overruled.contains(&at) {
                continue;
            }
            if !first {
                text.push(b',');
            }
            first = false;
            entry.write(text);
        }
    }

    /// Indices of entries that a later entry overrules, because it has the same key.
    fn overruled(&self) -> HashSet<usize> {
        let mut overruled = HashSet::new();
        if self.entries.len() <= PAIRWISE_AT_MOST {
            for (at, entry) in self.entries.iter().enumerate() {
                if self.entries[at + 1..].iter().any(|later| same_text(&entry.key, &later.key)) {
                    overruled.insert(at);
                }
            }
            return overruled;
        }
        let mut seen = HashSet::with_capacity(self.entries.len());
        for (at, entry) in self.progress.heed(self.entries.iter().enumerate().rev()) {
            if !seen.insert(JsonString::of_escaped(&entry.key).decoded()) {
                overruled.insert(at);
            }
        }
        overruled
    }
}

impl Attribute<'_> {
    fn write(&self, text: &mut Vec<u8>) {
        text.extend_from_slice(b"{\"key\":\"");
        text.extend_from_slice(self.key.as_bytes());
        match &self.value {
            AttributeValue::String(value) => {
                text.extend_from_slice(b"\",\"value\":{\"stringValue\":\"");
                text.extend_from_slice(value.as_bytes());
                text.extend_from_slice(b"\"}}");
            }
            AttributeValue::Double(number) => {
                text.extend_from_slice(b"\",\"value\":{\"doubleValue\":");
                text.extend_from_slice(number.as_bytes());
                text.extend_from_slice(b"}}");
            }
            AttributeValue::Integer(number) => {
                text.extend_from_slice(b"\",\"value\":{\"intValue\":\"");
                text.extend_from_slice(itoa::Buffer::new().format(*number).as_bytes());
                text.extend_from_slice(b"\"}}");
            }
        }
    }
}

/// Whether two escaped texts mean the same text.
fn same_text(one: &str, other: &str) -> bool {
    one == other
        || ((one.contains('\\') || other.contains('\\'))
            && JsonString::of_escaped(one).decoded() == JsonString::of_escaped(other).decoded())
}

/// The attribute key of a member. Loki and Prometheus refuse a whole request for a key
/// without any ASCII letter or digit.
fn attribute_key<'a>(key: JsonString<'a>, prefix: &str, reserved: Reserved) -> Cow<'a, str> {
    let escaped = key.without_lone_surrogates();
    let decoded = key.decoded();
    let is_empty_label = !decoded.bytes().any(|byte| byte.is_ascii_alphanumeric());
    let is_reserved = reserved == Reserved::OfPoints
        && (matches!(decoded.as_ref(), "job" | "instance" | NUMBER_TYPE) || decoded.starts_with("__"));
    if is_empty_label || is_reserved { Cow::Owned(format!("{prefix}{escaped}")) } else { escaped }
}
