//! Which signal an event is, and what a metric event measures (spec §5).

use crate::event::Event;
use crate::json_scan::members;
use crate::json_text::JsonString;

/// Length of a window of HTTP requests in seconds; never a point itself.
pub(crate) const WINDOW_SECONDS: &str = "window_seconds";
/// Length of a span in milliseconds.
pub(crate) const DURATION_MS: &str = "durationMs";
/// How what a span stands for ended.
pub(crate) const RESULT: &str = "result";

/// Events of the metric table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MetricFamily {
    /// Requests of a window of time: counts, and gauges over the window.
    HttpRequests,
    /// A moment's reading of the connection: gauges.
    SshNetwork,
}

/// What becomes of a measurement of a metric event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Instrument {
    /// A monotonic sum.
    Counter,
    /// A gauge.
    Gauge,
}

impl MetricFamily {
    /// The family of an event, if it has one.
    pub(crate) fn of(event_name: JsonString<'_>) -> Option<Self> {
        if event_name.means("http.requests") {
            Some(Self::HttpRequests)
        } else if event_name.means("ssh.network.sampled") || event_name.means("ssh.network.info") {
            Some(Self::SshNetwork)
        } else {
            None
        }
    }

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

/// Whether an event that gives no point and has a usable trace and id of its own is a span.
pub(crate) fn is_span(event: &Event<'_>) -> bool {
    let has = |object, name| members(object).any(|member| member.key.means(name));
    has(event.measurements, DURATION_MS) || has(event.properties, RESULT)
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
        MetricFamily::of(JsonString::of_escaped(name))
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
    fn products_are_rounded_half_up() {
        assert_eq!(positive_nanoseconds(0.000_000_5, 1e6), Some(1));
        assert_eq!(positive_nanoseconds(227.75, 1e6), Some(227_750_000));
        assert_eq!(positive_nanoseconds(0.0, 1e6), None);
        assert_eq!(positive_nanoseconds(-1.0, 1e6), None);
        assert_eq!(positive_nanoseconds(f64::INFINITY, 1e6), Some(u64::MAX));
    }
}
