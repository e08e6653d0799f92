use super::*;
use crate::row::event::{Row, RowReader};

fn signal_of_row(line: &str, has_points: bool, members: SpanMembers<'_>, check: impl FnOnce(Signal<'_>)) {
    let Ok(Row::Event(event)) = RowReader::default().read(line) else { panic!("not an event: {line}") };
    check(signal_of(&event, has_points, || members));
}

fn row(trace_id: &str, event_id: &str, more: &str) -> String {
    format!(
        r#"{{"event_id":"{event_id}","event_name":"n","timestamp":"2026-06-01T00:00:00Z","event_sequence":1,"properties":{{}},"measurements":{{}},"trace_id":"{trace_id}","deployment_url":"u"{more}}}"#
    )
}

#[test]
fn a_span_needs_two_usable_ids_and_a_result_or_a_duration() {
    let result = Some(SpanResult::Other);
    for (trace_id, event_id, result, duration, is_span) in [
        ("t", "e", result, None, true),
        ("t", "e", None, Some("null"), true),
        ("t", "e", None, None, false),
        ("", "e", result, None, false),
        ("000", "e", result, None, false),
        (r"0", "e", result, None, false),
        ("t", "", result, None, false),
        ("t", "0000000000000000", result, None, false),
    ] {
        let row = row(trace_id, event_id, "");
        signal_of_row(&row, false, SpanMembers { result, duration }, |signal| {
            assert_eq!(matches!(signal, Signal::Span(_)), is_span, "{row} {result:?} {duration:?}");
        });
        signal_of_row(&row, true, SpanMembers { result, duration }, |signal| {
            assert!(matches!(signal, Signal::Points), "{row}");
        });
    }
}

#[test]
fn a_log_record_keeps_a_usable_trace_id() {
    for (trace_id, expected) in [("t", Some("t")), ("", None), ("0", None)] {
        signal_of_row(&row(trace_id, "e", ""), false, SpanMembers::default(), |signal| {
            let Signal::Log { trace_id } = signal else { panic!("{signal:?}") };
            assert_eq!(trace_id.map(|id| id.text().escaped()), expected);
        });
    }
}

#[test]
fn an_error_block_decides_the_outcome_only_if_the_result_says_nothing() {
    use SpanResult::{Aborted, Error, Other, Success};
    for (result, alone, with_error_block) in [
        (Some(Success), Outcome::Success, Outcome::Success),
        (Some(Error), Outcome::Error, Outcome::Error),
        (Some(Aborted), Outcome::Aborted, Outcome::Aborted),
        (Some(Other), Outcome::Unknown, Outcome::Error),
        (None, Outcome::Unknown, Outcome::Error),
    ] {
        let members = SpanMembers { result, duration: Some("1") };
        for (more, expected) in [("", alone), (r#","error":{"message":"m"}"#, with_error_block)] {
            signal_of_row(&row("t", "e", more), false, members, |signal| {
                let Signal::Span(span) = signal else { panic!("{signal:?}") };
                assert_eq!(span.outcome, expected, "{result:?} {more}");
            });
        }
    }
}

#[test]
fn a_duration_is_finite_and_not_negative() {
    for (text, duration, nanoseconds) in [
        (None, SpanDuration::Missing, None),
        (Some("null"), SpanDuration::Missing, None),
        (Some("-1"), SpanDuration::Unusable, None),
        (Some("1e400"), SpanDuration::Unusable, None),
        (Some("0"), SpanDuration::Milliseconds(0.0), Some(0)),
        (Some("-0"), SpanDuration::Milliseconds(0.0), Some(0)),
        (Some("1.5"), SpanDuration::Milliseconds(1.5), Some(1_500_000)),
    ] {
        assert_eq!(SpanDuration::of(text), duration, "{text:?}");
        assert_eq!(duration.nanoseconds(), nanoseconds, "{text:?}");
    }
}

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
fn counts_of_requests_are_counters_their_window_gives_no_point_and_the_rest_are_gauges() {
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
fn a_unit_suffix_becomes_the_unit_unless_it_is_the_whole_key() {
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
fn what_decides_about_a_metric_is_at_the_ends_of_its_measurement() {
    for (measurement, ends) in [
        ("count.2xx", ("count.", "")),
        ("count_5xx_ms", ("count_", "")),
        ("counted", ("", "")),
        ("latencyMs", ("", "_ms")),
        ("p95_duration_ms", ("", "_ms")),
        ("downloadMbits", ("", "_mbits")),
        ("size_bytes", ("", "_bytes")),
        ("_ms", ("", "")),
    ] {
        assert_eq!(metric_ends(measurement), ends, "{measurement}");
    }
    for (suffix, unit) in UNIT_SUFFIXES {
        let (_, end) = metric_ends(&format!("x{suffix}"));
        assert_eq!(gauge_name_and_unit(&format!("x{end}")).1, Some(unit), "{suffix}");
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
