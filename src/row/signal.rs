//! What an event becomes: data points, a span or a log record; and what a metric event
//! measures (specification, Routing).

#[cfg(test)]
mod tests;

use super::count::Count;
use super::event::{ErrorBlock, Event};
use super::timestamp::{NANOSECONDS_PER_MILLISECOND, Nanoseconds};
use crate::json::{JsonString, exact_integer, finite_value};

/// Measurement that holds the length of a window of HTTP requests in seconds. It never gives a point.
pub(crate) const WINDOW_SECONDS: &str = "window_seconds";
/// Measurement that holds the length of a span in milliseconds.
pub(crate) const DURATION_MS: &str = "durationMs";
/// Property that holds the outcome of a span: `success`, `error` or `aborted`.
pub(crate) const RESULT: &str = "result";
/// Property that says what went wrong.
pub(crate) const ERROR_TYPE: &str = "error.type";

/// What an event becomes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Signal<'e> {
    /// Data points. The event is a metric event, and at least one of its measurements gives a point.
    Points,
    Span(Span<'e>),
    /// A log record. With a usable trace id it is linked to that trace.
    Log {
        trace_id: Option<UsableId<'e>>,
    },
}

/// What all formats say about a span.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span<'e> {
    pub(crate) trace_id: UsableId<'e>,
    pub(crate) span_id: UsableId<'e>,
    pub(crate) outcome: Outcome,
    pub(crate) duration: SpanDuration,
}

/// The members of an event that make it a span.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SpanMembers<'e> {
    /// The property [`RESULT`].
    pub(crate) result: Option<SpanResult>,
    /// The text of the measurement [`DURATION_MS`].
    pub(crate) duration: Option<&'e str>,
}

/// Decides what `event` becomes (specification, Routing).
///
/// The caller passes in what it found while it read the event's members, so that nothing is read twice. `has_points`:
/// whether a measurement of a metric event gives a data point. `span_members` is called only if none does.
pub(crate) fn signal_of<'e>(
    event: &Event<'e>,
    has_points: bool,
    span_members: impl FnOnce() -> SpanMembers<'e>,
) -> Signal<'e> {
    if has_points {
        return Signal::Points;
    }
    let SpanMembers { result, duration } = span_members();
    let trace_id = UsableId::of(event.trace_id);
    match (trace_id, UsableId::of(Some(event.event_id))) {
        (Some(trace_id), Some(span_id)) if result.is_some() || duration.is_some() => Signal::Span(Span {
            trace_id,
            span_id,
            outcome: Outcome::of(result, event.error.is_some()),
            duration: SpanDuration::of(duration),
        }),
        _ => Signal::Log { trace_id },
    }
}

/// A trace, span or parent id that is neither empty nor all zeros, whatever its length (specification, Ids).
#[derive(Clone, Copy, Debug)]
pub(crate) struct UsableId<'e>(JsonString<'e>);

impl<'e> UsableId<'e> {
    /// The id, if it is usable.
    pub(crate) fn of(id: Option<JsonString<'e>>) -> Option<Self> {
        id.filter(|id| !id.decoded().bytes().all(|byte| byte == b'0')).map(Self)
    }

    /// The id as it is stored. OpenTelemetry may still not accept it.
    pub(crate) fn text(self) -> JsonString<'e> {
        self.0
    }
}

/// How long a span took.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum SpanDuration {
    /// There is no duration, or it is `null`.
    Missing,
    /// The duration is negative or not finite.
    Unusable,
    Milliseconds(f64),
}

impl SpanDuration {
    fn of(measurement: Option<&str>) -> Self {
        let Some(text) = measurement.filter(|&text| text != "null") else { return Self::Missing };
        finite_value(text)
            .filter(|&milliseconds| milliseconds >= 0.0)
            .map_or(Self::Unusable, Self::Milliseconds)
    }

    /// The duration in nanoseconds, if it is usable.
    pub(crate) fn nanoseconds(self) -> Option<Nanoseconds> {
        match self {
            Self::Missing | Self::Unusable => None,
            Self::Milliseconds(milliseconds) => {
                Some(positive_nanoseconds(milliseconds, NANOSECONDS_PER_MILLISECOND).unwrap_or(0))
            }
        }
    }
}

/// The property [`RESULT`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SpanResult {
    Success,
    Error,
    Aborted,
    /// Any other text.
    Other,
}

impl SpanResult {
    pub(crate) fn of(property: JsonString<'_>) -> Self {
        if property.means("success") {
            Self::Success
        } else if property.means("error") {
            Self::Error
        } else if property.means("aborted") {
            Self::Aborted
        } else {
            Self::Other
        }
    }
}

/// How the work that a span describes ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Success,
    Error,
    Aborted,
    Unknown,
}

impl Outcome {
    /// The outcome. An error block decides if the result says nothing.
    pub(crate) fn of(result: Option<SpanResult>, has_error_block: bool) -> Self {
        match result {
            Some(SpanResult::Success) => Self::Success,
            Some(SpanResult::Error) => Self::Error,
            Some(SpanResult::Aborted) => Self::Aborted,
            Some(SpanResult::Other) | None if has_error_block => Self::Error,
            Some(SpanResult::Other) | None => Self::Unknown,
        }
    }
}

/// A low-cardinality name for what went wrong: the property [`ERROR_TYPE`], or else the type of the error block, or else its
/// code. An empty text counts as absent.
pub(crate) fn error_type<'e>(
    property: Option<JsonString<'e>>,
    error: Option<ErrorBlock<'e>>,
) -> Option<JsonString<'e>> {
    let of_block = error.map_or([None, None], |error| [error.kind, error.code]);
    [property].into_iter().chain(of_block).flatten().find(|text| !text.is_empty())
}

/// What spans are called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SpanName {
    /// The last dot segment of the event's name.
    #[default]
    Leaf,
    /// The whole name of the event.
    Full,
}

impl SpanName {
    /// The name of spans whose events have this name: the last dot segment, or the whole name if that segment is
    /// empty; `unknown` if the name is empty.
    pub(crate) fn of(self, event_name: &str) -> &str {
        let leaf = event_name.rsplit('.').next().filter(|leaf| self == Self::Leaf && !leaf.is_empty());
        match leaf.unwrap_or(event_name) {
            "" => "unknown",
            name => name,
        }
    }

    /// The option's text.
    pub fn name(self) -> &'static str {
        match self {
            Self::Leaf => "leaf",
            Self::Full => "full",
        }
    }
}

/// Events of the metric table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MetricFamily {
    /// HTTP requests in a window of time: counts, and gauges over the window.
    HttpRequests,
    /// Readings of the connection at one moment: gauges.
    SshNetwork,
}

/// What a measurement of a metric event becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Instrument {
    /// A monotonic sum.
    Counter,
    /// A gauge.
    Gauge,
}

/// The names of metric events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum MetricName {
    HttpRequests,
    SshNetworkInfo,
    SshNetworkSampled,
}

impl MetricName {
    /// Finds the metric event that has this name.
    pub(crate) fn of(event_name: JsonString<'_>) -> Option<Self> {
        [Self::HttpRequests, Self::SshNetworkInfo, Self::SshNetworkSampled]
            .into_iter()
            .find(|name| event_name.means(name.text()))
    }

    /// The name itself. It needs no escapes in JSON.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::HttpRequests => "http.requests",
            Self::SshNetworkInfo => "ssh.network.info",
            Self::SshNetworkSampled => "ssh.network.sampled",
        }
    }

    pub(crate) fn family(self) -> MetricFamily {
        match self {
            Self::HttpRequests => MetricFamily::HttpRequests,
            Self::SshNetworkInfo | Self::SshNetworkSampled => MetricFamily::SshNetwork,
        }
    }
}

impl MetricFamily {
    /// What a measurement becomes; `None` if it never gives a point.
    pub(crate) fn instrument(self, measurement: &str) -> Option<Instrument> {
        match self {
            Self::HttpRequests if measurement == WINDOW_SECONDS => None,
            Self::HttpRequests if counter_beginning(measurement).is_some() => Some(Instrument::Counter),
            Self::HttpRequests | Self::SshNetwork => Some(Instrument::Gauge),
        }
    }
}

/// The beginning that makes a measurement a counter.
fn counter_beginning(measurement: &str) -> Option<&'static str> {
    ["count_", "count."].into_iter().find(|beginning| measurement.starts_with(beginning))
}

/// What decides about the metric of a measurement: the beginning that makes it a counter, or the end that is its unit. The end has
/// a `_`, even if the measurement has none: `Ms` is `_ms`.
pub(crate) fn metric_ends(measurement: &str) -> (&'static str, &'static str) {
    if let Some(beginning) = counter_beginning(measurement) {
        return (beginning, "");
    }
    let (_, unit) = gauge_name_and_unit(measurement);
    let has_unit = |(suffix, of): &&(&str, &str)| suffix.starts_with('_') && Some(*of) == unit;
    ("", UNIT_SUFFIXES.iter().find(has_unit).map_or("", |(suffix, _)| suffix))
}

/// Ends of measurements, and their units (UCUM). Each unit has an end with a `_`.
const UNIT_SUFFIXES: [(&str, &str); 6] = [
    ("_ms", "ms"),
    ("Ms", "ms"),
    ("_seconds", "s"),
    ("_mbits", "Mbit/s"),
    ("Mbits", "Mbit/s"),
    ("_bytes", "By"),
];

/// Splits the measurement of a gauge into its name and its unit (UCUM). If there is no unit suffix, or
/// nothing before it, the whole measurement is the name. Bare numbers have no unit, because Prometheus
/// turns the unit `1` into `_ratio`.
pub(crate) fn gauge_name_and_unit(measurement: &str) -> (&str, Option<&'static str>) {
    UNIT_SUFFIXES
        .iter()
        .find_map(|(suffix, unit)| {
            let name = measurement.strip_suffix(suffix).filter(|name| !name.is_empty())?;
            Some((name, Some(*unit)))
        })
        .unwrap_or((measurement, None))
}

/// Why OTLP cannot hold an event that is otherwise good. Rows are checked before the range is
/// applied (specification, OTLP times).
pub(crate) fn refuse(event: &Event<'_>) -> Option<&'static str> {
    let held = event.timestamp.unix_nanoseconds().is_some();
    (!held).then_some("timestamp lies outside 1970 to 2262, the times that OTLP can hold")
}

/// The value of a counter's measurement, if it is a finite number and not negative (specification, Dropped points).
pub(crate) fn count(value: &str) -> Option<Count> {
    if value == "null" {
        return None;
    }
    match exact_integer(value) {
        Some(integer) => (integer >= 0).then_some(Count::Integer(integer)),
        None => finite_value(value).filter(|_| !value.starts_with('-')).map(Count::Double),
    }
}

/// `number` units of time in nanoseconds: the product in a 64-bit float, rounded half up. `None` if it is not
/// positive; saturates.
pub(crate) fn positive_nanoseconds(number: f64, nanoseconds_per_unit: Nanoseconds) -> Option<Nanoseconds> {
    (number > 0.0).then(|| (number * nanoseconds_per_unit as f64).round() as u64)
}
