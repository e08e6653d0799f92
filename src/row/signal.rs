//! What an event becomes: data points, a span or a log record; and what a metric event measures (specification, Routing).

use super::count::Count;
use super::event::Event;
use super::timestamp::{NANOSECONDS_PER_MILLISECOND, Nanoseconds};
use crate::json::text::{JsonString, exact_integer, finite_value};

/// Length of a window of HTTP requests in seconds; never a point itself.
pub(crate) const WINDOW_SECONDS: &str = "window_seconds";
/// Measurement that holds the length of a span in milliseconds.
pub(crate) const DURATION_MS: &str = "durationMs";
/// Property that holds the outcome of a span: `success`, `error` or `aborted`.
pub(crate) const RESULT: &str = "result";

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

/// What all formats say of a span.
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

    /// The id as it is stored. It may still be no id of OpenTelemetry.
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
    /// What the spans of events with this name are called: its last dot segment, unless that is empty, or all of it; `unknown`
    /// where it is empty.
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
    /// Requests of a window of time: counts, and gauges over the window.
    HttpRequests,
    /// A moment's reading of the connection: gauges.
    SshNetwork,
}

/// What becomes of a measurement of a metric event.
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
    /// The name, if it is that of a metric event.
    pub(crate) fn of(event_name: JsonString<'_>) -> Option<Self> {
        [Self::HttpRequests, Self::SshNetworkInfo, Self::SshNetworkSampled]
            .into_iter()
            .find(|name| event_name.means(name.text()))
    }

    /// As events spell it. It needs no escapes in JSON.
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
    /// What a measurement becomes; `None` for one that never gives a point.
    pub(crate) fn instrument(self, measurement: &str) -> Option<Instrument> {
        match self {
            Self::HttpRequests if measurement == WINDOW_SECONDS => None,
            Self::HttpRequests if measurement.starts_with("count_") || measurement.starts_with("count.") => {
                Some(Instrument::Counter)
            }
            Self::HttpRequests | Self::SshNetwork => Some(Instrument::Gauge),
        }
    }
}

/// A gauge's measurement without its unit suffix, and the unit (UCUM); as it is, without one, where it has no suffix or is
/// nothing but one. A bare number has no unit, since Prometheus makes `_ratio` of `1`.
pub(crate) fn gauge_name_and_unit(measurement: &str) -> (&str, Option<&'static str>) {
    const SUFFIXES: [(&str, &str); 6] = [
        ("_ms", "ms"),
        ("Ms", "ms"),
        ("_seconds", "s"),
        ("_mbits", "Mbit/s"),
        ("Mbits", "Mbit/s"),
        ("_bytes", "By"),
    ];
    SUFFIXES
        .iter()
        .find_map(|(suffix, unit)| {
            let name = measurement.strip_suffix(suffix).filter(|name| !name.is_empty())?;
            Some((name, Some(*unit)))
        })
        .unwrap_or((measurement, None))
}

/// Why no signal can hold an event that is otherwise good; judged before the range is (specification, OTLP times).
pub(crate) fn refuse(event: &Event<'_>) -> Option<&'static str> {
    let held = event.timestamp.unix_nanoseconds().is_some();
    (!held).then_some("timestamp lies outside 1970 to 2262, the times that OTLP can hold")
}

/// The value of a counter's measurement, where it is finite and not negative (specification, Dropped points); `null` is no number.
pub(crate) fn count(value: &str) -> Option<Count> {
    if value == "null" {
        return None;
    }
    match exact_integer(value) {
        Some(integer) => (integer >= 0).then_some(Count::Integer(integer)),
        None => finite_value(value).filter(|_| !value.starts_with('-')).map(Count::Double),
    }
}

/// `number` units of time in nanoseconds: the product in a 64-bit float, rounded half up. `None` if it is not positive;
/// saturates.
pub(crate) fn positive_nanoseconds(number: f64, nanoseconds_per_unit: Nanoseconds) -> Option<Nanoseconds> {
    (number > 0.0).then(|| (number * nanoseconds_per_unit as f64).round() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn family(name: &str) -> Option<MetricFamily> {
        MetricName::of(JsonString::of_escaped(name)).map(MetricName::family)
    }

    #[test]
    fn the_metric_table_has_three_events() {
        assert_eq!(family("http.requests"), Some(MetricFamily::HttpRequests));
        assert_eq!(family(r"http.reque\u0073ts"), Some(MetricFamily::HttpRequests));
        assert_eq!(family("ssh.network.info"), Some(MetricFamily::SshNetwork));
        assert_eq!(family("ssh.network.sampled"), Some(MetricFamily::SshNetwork));
        for other in ["http.request", "http.requests.x", "ssh.network", "activation", ""] {
            assert_eq!(family(other), None, "{other}");
        }
    }

    #[test]
    fn counts_of_requests_are_counters_the_window_is_no_point_and_all_else_gauges() {
        let http = |measurement| MetricFamily::HttpRequests.instrument(measurement);
        for counter in ["count_2xx", "count.2xx", "count.network_error", "count_", "count."] {
            assert_eq!(http(counter), Some(Instrument::Counter), "{counter}");
        }
        for gauge in ["avg_duration_ms", "duration.p95_ms", "count", "counter", "x_count_y"] {
            assert_eq!(http(gauge), Some(Instrument::Gauge), "{gauge}");
        }
        assert_eq!(http("window_seconds"), None);
        let ssh = |measurement| MetricFamily::SshNetwork.instrument(measurement);
        for gauge in ["latencyMs", "count_2xx", "window_seconds"] {
            assert_eq!(ssh(gauge), Some(Instrument::Gauge), "{gauge}");
        }
    }

    #[test]
    fn a_unit_suffix_moves_into_the_unit_unless_it_is_all_of_the_key() {
        for (measurement, name, unit) in [
            ("avg_duration_ms", "avg_duration", Some("ms")),
            ("latencyMs", "latency", Some("ms")),
            ("uptime_seconds", "uptime", Some("s")),
            ("download_mbits", "download", Some("Mbit/s")),
            ("downloadMbits", "download", Some("Mbit/s")),
            ("sent_bytes", "sent", Some("By")),
            ("_ms", "_ms", None),
            ("Ms", "Ms", None),
            ("Mbits", "Mbits", None),
            ("ratio", "ratio", None),
            ("ms", "ms", None),
        ] {
            assert_eq!(gauge_name_and_unit(measurement), (name, unit), "{measurement}");
        }
    }

    #[test]
    fn a_count_is_finite_and_not_negative() {
        for (text, value) in [
            ("5", Some(Count::Integer(5))),
            ("-0", Some(Count::Integer(0))),
            ("5.0", Some(Count::Integer(5))),
            ("1.5", Some(Count::Double(1.5))),
            ("9223372036854775808", Some(Count::Double(9_223_372_036_854_775_808.0))),
            ("-1", None),
            ("-1.5", None),
            ("1e400", None),
            ("null", None),
        ] {
            assert_eq!(count(text), value, "{text}");
        }
    }

    #[test]
    fn products_are_rounded_half_up() {
        assert_eq!(positive_nanoseconds(0.000_000_5, NANOSECONDS_PER_MILLISECOND), Some(1));
        assert_eq!(positive_nanoseconds(227.75, NANOSECONDS_PER_MILLISECOND), Some(227_750_000));
        assert_eq!(positive_nanoseconds(0.0, NANOSECONDS_PER_MILLISECOND), None);
        assert_eq!(positive_nanoseconds(-1.0, NANOSECONDS_PER_MILLISECOND), None);
        assert_eq!(positive_nanoseconds(f64::INFINITY, NANOSECONDS_PER_MILLISECOND), Some(u64::MAX));
    }
}
