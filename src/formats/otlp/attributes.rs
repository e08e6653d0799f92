//! Attributes of a record: collected in rising precedence, written with unique keys (specification, Attributes).

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

use crate::json::scan::{distinct_members, members};
use crate::json::text::{JsonString, exact_integer};
use crate::progress::Progress;
use crate::row::event::{Event, finite_number};
use crate::row::signal::{DURATION_MS, RESULT, SpanMembers, SpanResult};

/// Up to this many attributes are compared pair by pair; more go through a set.
const PAIRWISE_AT_MOST: usize = 24;

/// Attributes, those that win a clash of keys behind those that lose it.
pub(super) struct Attributes<'a, 'p> {
    entries: Vec<Attribute<'a>>,
    /// Index of the measurement `durationMs`.
    duration: Option<usize>,
    progress: &'p Progress,
}

struct Attribute<'a> {
    /// Still escaped, free of lone surrogates.
    key: Cow<'a, str>,
    value: Value<'a>,
}

enum Value<'a> {
    /// Still escaped, free of lone surrogates.
    String(Cow<'a, str>),
    /// The text of a JSON number that fits a 64-bit float.
    Double(&'a str),
    Integer(i64),
}

/// Attribute of the points of a delta counter that are no integers.
pub(super) const NUMBER_TYPE: &str = "coder.number_type";

/// Property keys that an attribute must not have.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reserved {
    Nothing,
    /// On data points: the labels that Prometheus sets itself (`job`, `instance` and everything that begins with `__`), and
    /// the attribute that separates streams of integers from streams of other numbers.
    OfPoints,
}

impl<'a, 'p> Attributes<'a, 'p> {
    pub(super) fn new(progress: &'p Progress) -> Self {
        Self { entries: Vec::new(), duration: None, progress }
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

    /// Adds the properties that a data point has.
    pub(super) fn point_properties(&mut self, event: &Event<'a>) {
        self.properties(event.properties, Reserved::OfPoints, |_, _| {});
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
                self.entries.push(Attribute { key, value: Value::String(value.without_lone_surrogates()) });
            }
        }
    }

    /// Adds an object of numbers and nulls; a null gives no attribute. Returns the text of `durationMs`.
    fn measurements(&mut self, object: &'a str) -> Option<&'a str> {
        let mut duration = None;
        for member in self.progress.heed(distinct_members(object, self.progress)) {
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
                Some(number) => Value::Double(number),
                None => Value::String(Cow::Borrowed(member.value)),
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
        let value = Value::String(value.without_lone_surrogates());
        self.entries.push(Attribute { key: Cow::Borrowed(key), value });
    }

    /// `coder.event_sequence`: an integer where it is one.
    pub(super) fn event_sequence(&mut self, event: &Event<'a>) {
        let value = match exact_integer(event.event_sequence) {
            Some(number) => Value::Integer(number),
            None => Value::String(Cow::Borrowed(event.event_sequence)),
        };
        self.entries.push(Attribute { key: Cow::Borrowed("coder.event_sequence"), value });
    }

    /// What went wrong, if something did.
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

    /// Whether the value that counts for `key` is absent or an empty string.
    pub(super) fn lacks(&self, key: &str) -> bool {
        let entry = self.entries.iter().rev().find(|entry| same_text(&entry.key, key));
        entry.is_none_or(|entry| matches!(&entry.value, Value::String(text) if text.is_empty()))
    }

    /// What will be written, decoded and sorted by key. All values must be strings.
    pub(super) fn strings_by_key(&self) -> BTreeMap<Cow<'_, str>, Cow<'_, str>> {
        let strings = self.progress.heed(&self.entries).map(|entry| match &entry.value {
            Value::String(value) => {
                (JsonString::of_escaped(&entry.key).decoded(), JsonString::of_escaped(value).decoded())
            }
            Value::Double(_) | Value::Integer(_) => unreachable!("points have no attributes but strings"),
        });
        strings.collect()
    }

    /// Appends `,"attributes":[…]`, or nothing where there are none.
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

    /// The entries that a later one with the same key overrules.
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
            Value::String(value) => {
                text.extend_from_slice(b"\",\"value\":{\"stringValue\":\"");
                text.extend_from_slice(value.as_bytes());
                text.extend_from_slice(b"\"}}");
            }
            Value::Double(number) => {
                text.extend_from_slice(b"\",\"value\":{\"doubleValue\":");
                text.extend_from_slice(number.as_bytes());
                text.extend_from_slice(b"}}");
            }
            Value::Integer(number) => {
                text.extend_from_slice(b"\",\"value\":{\"intValue\":\"");
                text.extend_from_slice(itoa::Buffer::new().format(*number).as_bytes());
                text.extend_from_slice(b"\"}}");
            }
        }
    }
}

/// Whether two escaped texts mean the same.
fn same_text(one: &str, other: &str) -> bool {
    one == other
        || ((one.contains('\\') || other.contains('\\'))
            && JsonString::of_escaped(one).decoded() == JsonString::of_escaped(other).decoded())
}

/// The key under which a member is written. Loki and Prometheus refuse a whole request for a key without any ASCII letter
/// or digit.
fn attribute_key<'a>(key: JsonString<'a>, prefix: &str, reserved: Reserved) -> Cow<'a, str> {
    let escaped = key.without_lone_surrogates();
    let decoded = key.decoded();
    let is_empty_label = !decoded.bytes().any(|byte| byte.is_ascii_alphanumeric());
    let is_reserved = reserved == Reserved::OfPoints
        && (matches!(decoded.as_ref(), "job" | "instance" | NUMBER_TYPE) || decoded.starts_with("__"));
    if is_empty_label || is_reserved { Cow::Owned(format!("{prefix}{escaped}")) } else { escaped }
}
