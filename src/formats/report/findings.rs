//! What a report says. `assembly` fills it, and `page` shows it.

use std::collections::BTreeMap;

use super::excerpt::Excerpt;
use super::field_marks::{FieldMarks, Preview};
use super::first_rows::FirstRows;
use super::percentiles::Percentiles;
use super::series::Series;
use super::session_failures::FailedSessions;
use crate::privacy::redaction::Replaced;
use crate::row::count::Count;
use crate::row::timestamp::{Day, Nanoseconds};
use crate::summary::{SignalCounts, SignalSummary};

// Limits of the tables (specification, Row limits).

/// The most fields that are listed.
pub(crate) const FIELDS_AT_MOST: usize = 2_000;
/// The most event names that are listed.
pub(crate) const EVENT_NAMES_AT_MOST: usize = 2_000;
/// The most event names that are listed of one field.
pub(crate) const NAMES_OF_FIELD_AT_MOST: usize = 50;
/// The most operations that are listed.
pub(crate) const OPERATIONS_AT_MOST: usize = 500;
/// The most kinds of failures that are listed.
pub(crate) const FAILURES_AT_MOST: usize = 1_000;
/// The most routes that are listed.
pub(crate) const ROUTES_AT_MOST: usize = 500;
/// The most sessions that are listed.
pub(crate) const SESSIONS_AT_MOST: usize = 200;
/// The most sessions whose failures are listed.
pub(crate) const FAILED_SESSIONS_AT_MOST: usize = 50;
/// The most failures that are listed of one session.
pub(crate) const FAILURES_OF_SESSION_AT_MOST: usize = 20;
/// The most editors, operating systems or extension versions that are listed.
pub(crate) const ORIGINS_AT_MOST: usize = 100;
/// The most classes of HTTP answers that are listed.
pub(crate) const STATUS_CLASSES_AT_MOST: usize = 12;
/// The most measurements of connections that are shown over time.
pub(crate) const SERIES_AT_MOST: usize = 4;

/// Everything that the page says about the events.
#[derive(Debug)]
pub(crate) struct Findings {
    pub(crate) signals: SignalSummary,
    /// Times of the earliest and of the latest event.
    pub(crate) covered: Option<(Nanoseconds, Nanoseconds)>,
    pub(crate) sessions: SessionFindings,
    /// Names of events.
    pub(crate) event_names: FirstRows<EventName>,
    /// Every field that occurs.
    pub(crate) fields: FirstRows<Field>,
    /// Events of each day that has any.
    pub(crate) days: BTreeMap<Day, SignalCounts>,
    /// Editors with their versions.
    pub(crate) editors: FirstRows<Origin>,
    /// Operating systems with their architectures.
    pub(crate) systems: FirstRows<Origin>,
    /// Versions of the extension.
    pub(crate) extension_versions: FirstRows<Origin>,
    /// Events that are spans, by the event's name.
    pub(crate) operations: FirstRows<Operation>,
    pub(crate) failures: FirstRows<Failure>,
    pub(crate) failed_sessions: FailedSessions,
    /// Classes of HTTP answers such as `2xx`: what follows `count.` or `count_` in a measurement's key.
    pub(crate) status_classes: FirstRows<Excerpt>,
    /// Requests of each day that has any.
    pub(crate) request_days: BTreeMap<Day, Box<RequestCounts>>,
    pub(crate) routes: FirstRows<Route>,
    /// Latency and throughput of SSH connections over time.
    pub(crate) series: FirstRows<Series>,
}

/// Sessions with at least one event. The file name says which session a file belongs to (specification, File names).
#[derive(Debug, Default)]
pub(crate) struct SessionFindings {
    pub(crate) count: u64,
    /// The sessions that lasted longest, at most [`SESSIONS_AT_MOST`], in order of their first event.
    pub(crate) longest: Vec<Session>,
}

/// A session. Its first and last event are those with the earliest and the latest time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Session {
    pub(crate) name: Excerpt,
    pub(crate) first: Nanoseconds,
    pub(crate) last: Nanoseconds,
    pub(crate) events: u64,
    /// The session's number in order of first appearance, from 1.
    pub(crate) number: u64,
}

/// An event name, and how many events have it.
#[derive(Debug, Default)]
pub(crate) struct EventName {
    pub(crate) name: Excerpt,
    pub(crate) events: u64,
}

/// The part of an event that a field belongs to (specification, Fields).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FieldPlace {
    /// A member of `context`.
    Context,
    /// A member that a row of any event can have: `event_id`, `timestamp`, `trace_id` and so on.
    Row,
    /// A member of `properties`.
    Properties,
    /// A member of `measurements`.
    Measurements,
    /// A member of `error`.
    Error,
    /// Any other member of the row.
    Other,
}

/// The places, the key and the meaning of fields that are always marked.
pub(crate) const ALWAYS_MARKED: [(&[FieldPlace], &str, &str); 4] = [
    (&[FieldPlace::Context], "machine_id", "machine id"),
    (&[FieldPlace::Context], "session_id", "session id"),
    (&[FieldPlace::Context, FieldPlace::Row], "deployment_url", "deployment URL"),
    (&[FieldPlace::Error], "message", "error message"),
];

/// A field of events, whatever their names.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) place: FieldPlace,
    pub(crate) key: Excerpt,
    pub(crate) types: ValueTypes,
    /// Number of events that have the field.
    pub(crate) count: u64,
    pub(crate) event_names: NamesOfField,
    pub(crate) distinct: Distinct,
    /// The first distinct values, at most five. Strings are decoded; all other values are JSON text.
    pub(crate) examples: Vec<Excerpt>,
    /// The parts of its key and values that may identify a person or a company.
    pub(crate) marks: FieldMarks,
    /// What redaction would make of the first example of a field that is always marked. `None` if that is not known, or if the
    /// events are redacted.
    pub(crate) preview: Option<Preview>,
    /// What was replaced. `None` if the events are as recorded, or if redaction never changes the field.
    pub(crate) redaction: Option<FieldRedaction>,
}

/// What was replaced in a field of redacted events, and what is left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct FieldRedaction {
    /// Number of events whose whole value was replaced.
    pub(crate) whole: u64,
    /// Number of events of whose value parts were replaced.
    pub(crate) parts: u64,
    /// Whether the key was replaced.
    pub(crate) is_key_replaced: bool,
    /// Whether the user has the field kept.
    pub(crate) is_kept: bool,
    /// Whether the exporter knows what the values are.
    pub(crate) is_known: bool,
    /// Whether a value that was not replaced as a whole has several words.
    pub(crate) has_sentences: bool,
}

impl FieldRedaction {
    /// Counts events that have a value.
    pub(crate) fn count(&mut self, replaced: Replaced, events: u64) {
        match replaced {
            Replaced::Nothing => {}
            Replaced::Parts => self.parts += events,
            Replaced::Whole => self.whole += events,
        }
    }

    /// The same without events.
    pub(crate) fn without_events(self) -> Self {
        Self { whole: 0, parts: 0, has_sentences: false, ..self }
    }

    /// Adds what other events of the same field have.
    pub(crate) fn add(&mut self, other: &Self) {
        self.whole += other.whole;
        self.parts += other.parts;
        self.has_sentences |= other.has_sentences;
    }

    /// Whether anything was replaced.
    pub(crate) const fn has_replaced(&self) -> bool {
        self.whole > 0 || self.parts > 0 || self.is_key_replaced
    }
}

/// The names of the events that have a field. There are none for [`FieldPlace::Context`] and [`FieldPlace::Row`], whose fields
/// belong to events of any name.
#[derive(Debug, Default)]
pub(crate) struct NamesOfField {
    /// The first names, as indices of [`Findings::event_names`], each with the number of its events that have the field.
    pub(crate) first: Vec<(usize, u64)>,
    /// Number of events with another name that have the field.
    pub(crate) other_events: u64,
}

impl NamesOfField {
    /// Adds events with the name at this index. An index beyond the limit is a name that is not listed.
    pub(crate) fn add(&mut self, name: usize, events: u64) {
        if let Some((_, known)) = self.first.iter_mut().find(|(known, _)| *known == name) {
            *known += events;
        } else if name < EVENT_NAMES_AT_MOST && self.first.len() < NAMES_OF_FIELD_AT_MOST {
            self.first.push((name, events));
        } else {
            self.other_events += events;
        }
    }
}

/// How many distinct values a field has. Strings are compared decoded, all other values as JSON text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Distinct {
    /// Exactly this many, at most a thousand.
    Exactly(u64),
    /// More than a thousand.
    Many,
}

/// The JSON types that values of a field have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ValueTypes(u8);

impl ValueTypes {
    const NAMES: [(u8, &str); 6] =
        [(1, "string"), (2, "number"), (4, "boolean"), (8, "object"), (16, "array"), (32, "null")];

    /// The type of a JSON value, given its text.
    pub(crate) fn of(value: &str) -> Self {
        Self(match value.as_bytes().first() {
            Some(b'"') => 1,
            Some(b't' | b'f') => 4,
            Some(b'{') => 8,
            Some(b'[') => 16,
            Some(b'n') => 32,
            _ => 2,
        })
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }

    /// Whether all values are numbers or null.
    pub(crate) const fn are_numbers(self) -> bool {
        self.0 & !(2 | 32) == 0
    }

    /// Whether any value is a string, or contains one.
    pub(crate) const fn have_texts(self) -> bool {
        self.0 & (1 | 8 | 16) != 0
    }

    /// The names of the types, in a fixed order.
    pub(crate) fn names(self) -> impl Iterator<Item = &'static str> {
        Self::NAMES.into_iter().filter(move |(bit, _)| self.0 & bit != 0).map(|(_, name)| name)
    }
}

/// Where events come from: an editor, an operating system or a version of the extension.
#[derive(Debug, Default)]
pub(crate) struct Origin {
    /// Such as `Cursor` and `1.106.0`, or `linux` and `x64`. The second one is empty for a version of the extension.
    pub(crate) names: [Excerpt; 2],
    pub(crate) events: u64,
    /// Number of sessions with such an event.
    pub(crate) sessions: u64,
    /// Number of the last such session, from 1.
    pub(crate) last_session: u64,
}

/// The spans of events with one name.
#[derive(Debug, Default)]
pub(crate) struct Operation {
    pub(crate) name: Excerpt,
    pub(crate) count: u64,
    pub(crate) success: u64,
    pub(crate) error: u64,
    pub(crate) aborted: u64,
    /// Spans whose outcome is not known.
    pub(crate) unknown: u64,
    pub(crate) durations: Durations,
}

impl Operation {
    /// The share of all its spans that failed, from 0 to 1.
    pub(crate) fn failure_rate(&self) -> f64 {
        if self.count == 0 { 0.0 } else { self.error as f64 / self.count as f64 }
    }
}

/// How long the spans with a `durationMs` that is finite and not negative took.
#[derive(Debug)]
pub(crate) struct Durations {
    pub(crate) count: u64,
    /// An integer, so that the sum is exact.
    pub(crate) total_nanoseconds: u128,
    pub(crate) longest_nanoseconds: u64,
    /// Of the durations in nanoseconds.
    pub(crate) percentiles: Percentiles,
    /// Number of spans by duration, see [`Durations::STEPS`].
    pub(crate) steps: [u64; Durations::STEPS],
}

impl Durations {
    /// Four steps for each factor of ten from 10 µs to 10,000 s, one step below and one above.
    pub(crate) const STEPS: usize = 4 * 9 + 2;
    /// Where the second step begins, in nanoseconds: 10 µs.
    pub(crate) const FIRST_EDGE: f64 = 1e4;
    /// Number of steps for each factor of ten.
    pub(crate) const STEPS_PER_DECADE: f64 = 4.0;

    /// The step that a duration falls into.
    pub(crate) fn step_of(nanoseconds: u64) -> usize {
        let decades = (nanoseconds as f64 / Self::FIRST_EDGE).log10();
        // The logarithm of 0 is -∞, which also belongs to the first step.
        ((decades * Self::STEPS_PER_DECADE).floor() + 1.0).max(0.0).min((Self::STEPS - 1) as f64) as usize
    }

    pub(crate) fn add(&mut self, nanoseconds: u64) {
        self.count += 1;
        self.total_nanoseconds += u128::from(nanoseconds);
        self.longest_nanoseconds = self.longest_nanoseconds.max(nanoseconds);
        self.percentiles.add(nanoseconds as f64);
        self.steps[Self::step_of(nanoseconds)] += 1;
    }
}

impl Default for Durations {
    fn default() -> Self {
        Self {
            count: 0,
            total_nanoseconds: 0,
            longest_nanoseconds: 0,
            percentiles: Percentiles::new(),
            steps: [0; Self::STEPS],
        }
    }
}

/// Events that failed in the same way (specification, Failures).
#[derive(Debug, Default)]
pub(crate) struct Failure {
    pub(crate) event_name: Excerpt,
    /// The [type of the error](crate::row::signal::error_type), or empty if there is none.
    pub(crate) kind: Excerpt,
    /// `error.code`, or empty if there is none.
    pub(crate) code: Excerpt,
    pub(crate) count: u64,
    pub(crate) first: Nanoseconds,
    pub(crate) last: Nanoseconds,
    /// Number of sessions with such an event.
    pub(crate) sessions: u64,
    /// Number of the last such session, from 1.
    pub(crate) last_session: u64,
    /// The first message that is not empty, or empty if there is none.
    pub(crate) example: Excerpt,
}

/// Requests by class, in the order of [`Findings::status_classes`]. The last count is for all classes that are not listed.
#[derive(Clone, Debug)]
pub(crate) struct RequestCounts(pub(crate) [Count; STATUS_CLASSES_AT_MOST + 1]);

impl RequestCounts {
    /// Adds requests of the class with this index. An index beyond the limit adds to the last count.
    pub(crate) fn add(&mut self, class: usize, count: Count) {
        let counts = &mut self.0[class.min(STATUS_CLASSES_AT_MOST)];
        *counts = counts.plus(count);
    }

    /// Requests of all classes.
    pub(crate) fn total(&self) -> Count {
        self.0.iter().fold(Count::Integer(0), |sum, &count| sum.plus(count))
    }
}

impl Default for RequestCounts {
    fn default() -> Self {
        Self([Count::Integer(0); STATUS_CLASSES_AT_MOST + 1])
    }
}

/// The HTTP requests of one method and route.
#[derive(Debug, Default)]
pub(crate) struct Route {
    /// `properties.method`, or empty if there is none.
    pub(crate) method: Excerpt,
    /// `properties.route`, or empty if there is none.
    pub(crate) route: Excerpt,
    pub(crate) requests: RequestCounts,
    /// In the order of [`DurationKind::ALL`].
    pub(crate) durations: [WeightedMean; DurationKind::ALL.len()],
}

/// A statistic of how long the requests of a window took.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum DurationKind {
    Average,
    Median,
    Percentile95,
    Percentile99,
}

impl DurationKind {
    pub(crate) const ALL: [Self; 4] = [Self::Average, Self::Median, Self::Percentile95, Self::Percentile99];

    /// The statistic that a measurement of `http.requests` holds, if it holds one.
    pub(crate) fn of(measurement: &str) -> Option<Self> {
        Some(match measurement {
            "avg_duration_ms" | "duration.avg_ms" => Self::Average,
            "p50_duration_ms" | "duration.p50_ms" => Self::Median,
            "p95_duration_ms" | "duration.p95_ms" => Self::Percentile95,
            "p99_duration_ms" | "duration.p99_ms" => Self::Percentile99,
            _ => return None,
        })
    }
}

/// The mean of a statistic over windows. Each window is weighted by its number of requests.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct WeightedMean {
    /// Sum of milliseconds times requests.
    pub(crate) weighted_sum: f64,
    /// Sum of requests.
    pub(crate) weight: f64,
}

impl WeightedMean {
    /// Adds a window with this many requests.
    pub(crate) fn add(&mut self, milliseconds: f64, requests: f64) {
        self.weighted_sum += milliseconds * requests;
        self.weight += requests;
    }

    /// The mean in milliseconds. `None` if there are no requests or the mean overflows.
    pub(crate) fn mean(self) -> Option<f64> {
        (self.weight > 0.0).then(|| self.weighted_sum / self.weight).filter(|mean| mean.is_finite())
    }
}

impl Findings {
    pub(crate) fn new() -> Self {
        Self {
            signals: SignalSummary::default(),
            covered: None,
            sessions: SessionFindings::default(),
            event_names: FirstRows::new(EVENT_NAMES_AT_MOST),
            fields: FirstRows::new(FIELDS_AT_MOST),
            days: BTreeMap::new(),
            editors: FirstRows::new(ORIGINS_AT_MOST),
            systems: FirstRows::new(ORIGINS_AT_MOST),
            extension_versions: FirstRows::new(ORIGINS_AT_MOST),
            operations: FirstRows::new(OPERATIONS_AT_MOST),
            failures: FirstRows::new(FAILURES_AT_MOST),
            failed_sessions: FailedSessions::default(),
            status_classes: FirstRows::new(STATUS_CLASSES_AT_MOST),
            request_days: BTreeMap::new(),
            routes: FirstRows::new(ROUTES_AT_MOST),
            series: FirstRows::new(SERIES_AT_MOST),
        }
    }
}
