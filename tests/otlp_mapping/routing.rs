//! Which signal an event becomes.

use serde_json::json;

use crate::support::{Row, Telemetry, event, http_requests, span};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

/// The signal that the row became. All counts must agree.
fn signal_of(row: &Row) -> &'static str {
    let otlp = Telemetry::of(std::slice::from_ref(row)).otlp();
    let events = otlp.summary.signals.as_ref().expect("counts of signals").events;
    let records = otlp.summary.otlp.as_ref().expect("counts of records").records;
    let found = [
        ("log", events.logs, records.logs, otlp.logs().len()),
        ("span", events.traces, records.traces, otlp.spans().len()),
        ("metric", events.metrics, records.metrics, otlp.metrics().len()),
    ];
    let (name, ..) = found.into_iter().find(|(_, events, ..)| *events == 1).expect("one event");
    for (other, events, records, written) in found {
        let there = other == name;
        assert_eq!((events == 1, records > 0, written > 0), (there, there, there), "{other}: {row}");
    }
    name
}

#[test]
fn an_event_of_the_metric_table_with_a_point_is_a_metric_whatever_else_it_has() {
    for row in [
        http_requests(json!({ "count_2xx": 0 })),
        http_requests(json!({ "avg_duration_ms": 1.5, "count_2xx": null })),
        http_requests(json!({ "durationMs": 1 })).trace(TRACE),
        event("ssh.network.info").measurements(json!({ "latencyMs": 1 })).trace(TRACE),
        event("ssh.network.sampled")
            .measurements(json!({ "latencyMs": 1 }))
            .properties(json!({ "result": "error" })),
        event("ssh.network.sampled")
            .measurements(json!({ "latencyMs": -1 }))
            .error(json!({ "message": "m" })),
    ] {
        assert_eq!(signal_of(&row), "metric", "{row}");
    }
}

#[test]
fn an_event_of_the_metric_table_without_a_point_becomes_a_span_or_log_record() {
    for (row, signal) in [
        (http_requests(json!({})), "log"),
        (http_requests(json!({ "window_seconds": 60 })), "log"),
        (http_requests(json!({ "count_2xx": null, "count_3xx": -1 })), "log"),
        (
            http_requests(json!({ "count_2xx": null })).trace(TRACE).properties(json!({ "result": "" })),
            "span",
        ),
        (event("ssh.network.info").measurements(json!({ "durationMs": null })).trace(TRACE), "span"),
        (event("ssh.network.info").measurements(json!({ "latencyMs": null })).trace(TRACE), "log"),
    ] {
        assert_eq!(signal_of(&row), signal, "{row}");
    }
}

#[test]
fn usable_ids_and_a_duration_or_a_result_make_a_span() {
    for row in [
        span("x"),
        span("x").measurements(json!({ "durationMs": null })),
        span("x").measurements(json!({ "durationMs": -1 })),
        span("x").measurements(json!({})).properties(json!({ "result": "" })),
        span("x").trace("any text").id("any text"),
    ] {
        assert_eq!(signal_of(&row), "span", "{row}");
    }
}

#[test]
fn everything_else_is_a_log_record() {
    for row in [
        event("x"),
        event("x").trace(TRACE),
        event("x").measurements(json!({ "durationMs": 5 })).properties(json!({ "result": "success" })),
        event("x").trace(TRACE).measurements(json!({ "durationms": 5, "result": 1 })),
        event("x").trace(TRACE).properties(json!({ "durationMs": "5", "Result": "success" })),
        span("x").trace("0000"),
        span("x").with("trace_id", json!(null)),
        span("x").id(""),
        span("x").id("0000000000000000"),
        event("http.request").measurements(json!({ "count_2xx": 1 })),
        event("ssh.network.other").measurements(json!({ "latencyMs": 1 })),
    ] {
        assert_eq!(signal_of(&row), "log", "{row}");
    }
}

#[test]
fn a_null_non_finite_or_negative_count_is_a_dropped_point_whatever_the_event_becomes() {
    for (measurements, dropped) in [
        (r#"{"count_2xx":1}"#, 0),
        (r#"{"count_2xx":1,"count_3xx":null}"#, 1),
        (r#"{"count_2xx":1,"count_3xx":-1,"count_4xx":-0.5,"count_5xx":1e400}"#, 3),
        (r#"{"count_2xx":-1,"count_3xx":null,"window_seconds":null}"#, 2),
        (r#"{"avg_duration_ms":null,"p95_duration_ms":-1e400,"window_seconds":1e400}"#, 2),
        (r#"{"avg_duration_ms":-1,"count_2xx":-0}"#, 0),
        (r#"{"count_2xx":null,"count_2xx":1}"#, 0),
    ] {
        let row = event("http.requests").with_text("measurements", measurements);
        let otlp = Telemetry::of(&[row, event("x").measurements(json!({ "count_2xx": null }))]).otlp();
        let summary = otlp.summary.signals.as_ref().expect("counts of signals");
        assert_eq!(summary.dropped_points, dropped, "{measurements}");
        assert_eq!(otlp.manifest()["source"]["droppedPoints"], dropped, "{measurements}");
    }
}

#[test]
fn a_timestamp_before_1970_or_past_2262_is_a_bad_line_for_otlp_only() {
    for timestamp in [
        "1969-12-31T23:59:59.999999999Z",
        "1970-01-01T00:00:00+00:01",
        "2262-04-11T23:47:16.854775808Z",
        "9999-12-31T23:59:59Z",
        "0000-01-01T00:00:00Z",
    ] {
        let telemetry = Telemetry::of(&[event("good"), event("bad").at(timestamp)]);
        let otlp = telemetry.otlp();
        assert_eq!((otlp.summary.event_count, otlp.summary.bad_lines), (1, 1), "{timestamp}");
        assert_eq!(otlp.summary.bad_line_samples()[0].line, 3, "{timestamp}");
        assert_eq!(otlp.manifest()["source"]["badLines"], 1, "{timestamp}");
        let json = telemetry.json();
        assert_eq!((json.summary.event_count, json.summary.bad_lines), (2, 0), "{timestamp}");
    }
}
