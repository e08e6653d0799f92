//! Which signal an event is, and what a metric event measures (spec §5).

use super::count::Count;
use super::event::Event;
use crate::json::{JsonString, exact_integer, finite_value, members};

/// Length of a window of HTTP requests in seconds; never a point itself.
pub(crate) const WINDOW_SECONDS: &str = "window_seconds";
/// For [`positive_nanoseconds`].
pub(crate) const NANOSECONDS_PER_MILLISECOND: f64 = 1e6;
/// Length of a span in milliseconds.
pub(crate) const DURATION_MS: &str = "durationMs";
/// How what a span stands for ended: `success`, `error` or `aborted`.
pub(crate) const RESULT: &str = "result";

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

/// Why no signal can hold an event that is otherwise good; judged before the range is (spec §5).
pub(crate) fn refuse(event: &Event<'_>) -> Option<&'static str> {
    let held = event.timestamp.unix_nanoseconds().is_some();
    (!held).then_some("timestamp lies outside 1970 to 2262, the times that OTLP can hold")
}

/// The value of a counter's measurement, where it is finite and not negative (spec §5); `null` is no number.
pub(crate) fn count(value: &str) -> Option<Count> {
    if value == "null" {
        return None;
    }
    match exact_integer(value) {
        Some(integer) => (integer >= 0).then_some(Count::Integer(integer)),
        None => finite_value(value).filter(|_| !value.starts_with('-')).map(Count::Double),
    }
}

/// Whether an event has what makes a span where its ids are usable.
pub(crate) fn has_span(event: &Event<'_>) -> bool {
    let has = |object, name| members(object).any(|member| member.key.means(name));
    has(event.measurements, DURATION_MS) || has(event.properties, RESULT)
}

/// Whether a trace, span or parent id says anything: nothing, or all zero at any length, counts as absent (spec §5, "Ids").
pub(crate) fn is_usable_id(id: JsonString<'_>) -> bool {
    !id.decoded().bytes().all(|byte| byte == b'0')
}

/// How what a span stands for ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The result `success`.
    Success,
    /// The result `error`, or an error block and none of the three results.
    Error,
    /// The result `aborted`.
    Aborted,
    /// None of the three results, and no error block.
    Unknown,
}

impl Outcome {
    /// What a result says, if there is one.
    pub(crate) fn of_result(result: Option<JsonString<'_>>) -> Self {
        let means = |name| result.is_some_and(|result| result.means(name));
        if means("success") {
            Self::Success
        } else if means("error") {
            Self::Error
        } else if means("aborted") {
            Self::Aborted
        } else {
            Self::Unknown
        }
    }

    /// What it is where the event has an error block, or has none.
    pub(crate) fn with_error_block(self, has_error: bool) -> Self {
        if self == Self::Unknown && has_error { Self::Error } else { self }
    }
}

/// How what `event` stands for ended.
pub(crate) fn outcome(event: &Event<'_>) -> Outcome {
    let result = members(event.properties).filter(|member| member.key.means(RESULT)).last();
    let result = result.and_then(|member| JsonString::of_value(member.value));
    Outcome::of_result(result).with_error_block(event.error.is_some())
}

/// `milliseconds` or seconds as nanoseconds: the product in a 64-bit float, rounded half up. `None` if it is not positive;
/// saturates.
pub(crate) fn positive_nanoseconds(number: f64, nanoseconds_in_unit: f64) -> Option<u64> {
    (number > 0.0).then(|| (number * nanoseconds_in_unit).round() as u64)
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
        assert_eq!(positive_nanoseconds(0.000_000_5, 1e6), Some(1));
        assert_eq!(positive_nanoseconds(227.75, 1e6), Some(227_750_000));
        assert_eq!(positive_nanoseconds(0.0, 1e6), None);
        assert_eq!(positive_nanoseconds(-1.0, 1e6), None);
        assert_eq!(positive_nanoseconds(f64::INFINITY, 1e6), Some(u64::MAX));
    }
}
