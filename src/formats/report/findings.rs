//! What a report says: filled by the sequential middle of an export, read by the page.

use std::collections::BTreeMap;

use super::excerpt::Excerpt;
use super::first_rows::FirstRows;
use super::series::Series;
use super::sketch::Sketch;
use crate::privacy::SensitiveKinds;
use crate::row::count::Count;
use crate::summary::{SignalCounts, SignalSummary};

/// Fields listed at most, over all event names.
pub(crate) const FIELDS_AT_MOST: usize = 2_000;
/// Operations listed at most.
pub(crate) const OPERATIONS_AT_MOST: usize = 500;
/// Kinds of failures listed at most.
pub(crate) const FAILURES_AT_MOST: usize = 1_000;
/// Routes listed at most.
pub(crate) const ROUTES_AT_MOST: usize = 500;
/// Sessions shown at most.
pub(crate) const SESSIONS_AT_MOST: usize = 200;
/// Platforms, systems or versions listed at most.
pub(crate) const ORIGINS_AT_MOST: usize = 100;
/// Classes of HTTP answers told apart at most.
pub(crate) const STATUS_CLASSES_AT_MOST: usize = 12;
/// Measurements of the connection shown over time at most.
pub(crate) const SERIES_AT_MOST: usize = 4;

use crate::row::timestamp::{Day, Nanoseconds};

/// All that a report says of the events of its range.
#[derive(Debug)]
pub(crate) struct Findings {
    pub(crate) signals: SignalSummary,
    /// Times of the earliest and of the latest event.
    pub(crate) covered: Option<(Nanoseconds, Nanoseconds)>,
    pub(crate) sessions: Sessions,
    /// Names of events, those of the fields among them.
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
    /// Events that are spans, by the span's name.
    pub(crate) operations: FirstRows<Operation>,
    pub(crate) failures: FirstRows<Failure>,
    /// Classes of HTTP answers such as `2xx`, in order of first appearance: what stands behind `count.` or `count_`.
    pub(crate) status_classes: FirstRows<Excerpt>,
    /// Requests of each day that has any, by class as in `status_classes`, the others last.
    pub(crate) request_days: BTreeMap<Day, Box<RequestCounts>>,
    pub(crate) routes: FirstRows<Route>,
    /// Latency and throughput of SSH connections over time.
    pub(crate) series: FirstRows<Series>,
}

/// Sessions with at least one event. A session is the file-name field (specification, File names).
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    pub(crate) count: u64,
    /// The ones that lasted longest, at most [`SESSIONS_AT_MOST`], in order of their first event.
    pub(crate) longest: Vec<Session>,
}

/// A session, from its first to its last event in time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Session {
    pub(crate) name: Excerpt,
    pub(crate) first: Nanoseconds,
    pub(crate) last: Nanoseconds,
    pub(crate) events: u64,
    /// In order of first appearance, from 1.
    pub(crate) number: u64,
}

/// A name of events.
#[derive(Debug, Default)]
pub(crate) struct EventName {
    pub(crate) name: Excerpt,
    pub(crate) events: u64,
}

/// Where a field stands in an event as a JSON export has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FieldPlace {
    /// A member of `context`: a resource field.
    Context,
    /// A member that every row has or may have: `event_id`, `timestamp`, `trace_id` and so on.
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

/// A field that occurs.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) place: FieldPlace,
    /// Index of its name in [`Findings::event_names`] (its length: one of the others); `None` where the field is of events
    /// of any name: those of [`FieldPlace::Context`] and [`FieldPlace::Row`].
    pub(crate) event_name: Option<usize>,
    /// The member's key.
    pub(crate) key: Excerpt,
    pub(crate) types: ValueTypes,
    /// Events that have it.
    pub(crate) count: u64,
    pub(crate) distinct: Distinct,
    /// The first distinct values, at most five: strings as they read, all else as it is spelled.
    pub(crate) examples: Vec<Excerpt>,
    /// Length of the longest value in characters: of a string as it reads, of all else as it is spelled.
    pub(crate) longest: u64,
    /// What its values look like.
    pub(crate) kinds: SensitiveKinds,
}

/// How many different values a field has. Strings differ by what they read, all else by how it is spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Distinct {
    /// So many, at most a thousand.
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

    /// Their names in JSON, in a fixed order.
    pub(crate) fn names(self) -> impl Iterator<Item = &'static str> {
        Self::NAMES.into_iter().filter(move |(bit, _)| self.0 & bit != 0).map(|(_, name)| name)
    }
}

/// Where events come from: an editor, a system, a version of the extension.
#[derive(Debug, Default)]
pub(crate) struct Origin {
    /// Such as `Cursor` and `1.106.0`, or `linux` and `x64`; the second is empty where there is none.
    pub(crate) names: [Excerpt; 2],
    pub(crate) events: u64,
    /// Sessions with such an event.
    pub(crate) sessions: u64,
    /// Number of the last such session, from 1.
    pub(crate) last_session: u64,
}

/// The spans of one name.
#[derive(Debug, Default)]
pub(crate) struct Operation {
    pub(crate) name: Excerpt,
    pub(crate) count: u64,
    pub(crate) success: u64,
    pub(crate) error: u64,
    pub(crate) aborted: u64,
    /// Neither of the three.
    pub(crate) unknown: u64,
    pub(crate) durations: Durations,
}

/// How long operations took: of those with a `durationMs` that is finite and not negative.
#[derive(Debug)]
pub(crate) struct Durations {
    pub(crate) count: u64,
    /// Exact, whatever the order.
    pub(crate) total_nanoseconds: u128,
    pub(crate) longest_nanoseconds: u64,
    /// In nanoseconds.
    pub(crate) sketch: Sketch,
    /// Counts by duration, see [`Durations::STEP_EDGES`].
    pub(crate) steps: [u64; Durations::STEPS],
}

impl Durations {
    /// Four steps a decade from 10 µs to 10,000 s, one below and one above.
    pub(crate) const STEPS: usize = 4 * 9 + 2;
    /// Nanoseconds at which the second step begins: 10 µs.
    pub(crate) const FIRST_EDGE: f64 = 1e4;
    /// Steps in a factor of ten.
    pub(crate) const STEPS_PER_DECADE: f64 = 4.0;

    /// The step that a duration falls into.
    pub(crate) fn step_of(nanoseconds: u64) -> usize {
        let decades = (nanoseconds as f64 / Self::FIRST_EDGE).log10();
        // A float below zero, -∞ among them, becomes 0.
        ((decades * Self::STEPS_PER_DECADE).floor() + 1.0).max(0.0).min((Self::STEPS - 1) as f64) as usize
    }
}

impl Durations {
    /// Adds a duration.
    pub(crate) fn add(&mut self, nanoseconds: u64) {
        self.count += 1;
        self.total_nanoseconds += u128::from(nanoseconds);
        self.longest_nanoseconds = self.longest_nanoseconds.max(nanoseconds);
        self.sketch.add(nanoseconds as f64);
        self.steps[Self::step_of(nanoseconds)] += 1;
    }
}

impl Default for Durations {
    fn default() -> Self {
        Self {
            count: 0,
            total_nanoseconds: 0,
            longest_nanoseconds: 0,
            sketch: Sketch::new(),
            steps: [0; Self::STEPS],
        }
    }
}

/// Events that failed in the same way: those with an error block or the result `error`.
#[derive(Debug, Default)]
pub(crate) struct Failure {
    pub(crate) event_name: Excerpt,
    /// `error.type`, empty where there is none.
    pub(crate) kind: Excerpt,
    /// `error.code`, empty where there is none.
    pub(crate) code: Excerpt,
    pub(crate) count: u64,
    pub(crate) first: Nanoseconds,
    pub(crate) last: Nanoseconds,
    /// Sessions with such an event.
    pub(crate) sessions: u64,
    /// Number of the last such session, from 1.
    pub(crate) last_session: u64,
    /// The first message that is not empty; empty where there is none.
    pub(crate) example: Excerpt,
}

/// Requests by class, in order of [`Findings::status_classes`], the others last.
#[derive(Clone, Debug)]
pub(crate) struct RequestCounts(pub(crate) [Count; STATUS_CLASSES_AT_MOST + 1]);

impl RequestCounts {
    /// Adds requests of a class; beyond those that are told apart, to the others.
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
    /// `properties.method`, empty where there is none.
    pub(crate) method: Excerpt,
    /// `properties.route`, empty where there is none.
    pub(crate) route: Excerpt,
    pub(crate) requests: RequestCounts,
    /// In order of [`DurationKind::ALL`].
    pub(crate) durations: [WeightedMean; DurationKind::ALL.len()],
}

/// A gauge of how long the requests of a window took.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum DurationKind {
    Average,
    Median,
    Percentile95,
    Percentile99,
}

impl DurationKind {
    pub(crate) const ALL: [Self; 4] = [Self::Average, Self::Median, Self::Percentile95, Self::Percentile99];

    /// What a measurement of `http.requests` says of durations, if it does.
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

/// A mean of durations of windows, each weighted by the requests of its window.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct WeightedMean {
    /// Milliseconds times requests.
    pub(crate) weighted_sum: f64,
    /// Requests.
    pub(crate) weight: f64,
}

impl WeightedMean {
    /// Adds the milliseconds of a window of so many requests.
    pub(crate) fn add(&mut self, milliseconds: f64, requests: f64) {
        self.weighted_sum += milliseconds * requests;
        self.weight += requests;
    }

    /// In milliseconds; `None` where there was no request.
    pub(crate) fn mean(self) -> Option<f64> {
        (self.weight > 0.0).then(|| self.weighted_sum / self.weight).filter(|mean| mean.is_finite())
    }
}

impl Findings {
    pub(crate) fn new() -> Self {
        Self {
            signals: SignalSummary::default(),
            covered: None,
            sessions: Sessions::default(),
            event_names: FirstRows::new(FIELDS_AT_MOST),
            fields: FirstRows::new(FIELDS_AT_MOST),
            days: BTreeMap::new(),
            editors: FirstRows::new(ORIGINS_AT_MOST),
            systems: FirstRows::new(ORIGINS_AT_MOST),
            extension_versions: FirstRows::new(ORIGINS_AT_MOST),
            operations: FirstRows::new(OPERATIONS_AT_MOST),
            failures: FirstRows::new(FAILURES_AT_MOST),
            status_classes: FirstRows::new(STATUS_CLASSES_AT_MOST),
            request_days: BTreeMap::new(),
            routes: FirstRows::new(ROUTES_AT_MOST),
            series: FirstRows::new(SERIES_AT_MOST),
        }
    }
}
