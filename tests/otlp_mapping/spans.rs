//! The span column of the mapping.

use serde_json::{Value, json};

use crate::support::{NOON, Row, Telemetry, attributes, event, span, text_attributes};

const YEAR_2000: u64 = 946_684_800_000_000_000;

fn exported(row: &Row) -> Value {
    Telemetry::of(std::slice::from_ref(row)).otlp().span()
}

#[test]
fn a_span_has_these_members_and_no_others() {
    let row = span("remote.setup").parent("b7ad6b7169203331").properties(json!({ "result": "success" }));
    assert_eq!(
        exported(&row),
        json!({
            "startTimeUnixNano": NOON.to_string(),
            "endTimeUnixNano": NOON.to_string(),
            "traceId": "4bf92f3577b34da6a3ce929d0e0e4736",
            "spanId": "00f067aa0ba902b7",
            "parentSpanId": "b7ad6b7169203331",
            "name": "setup",
            "kind": 1,
            "attributes": [
                { "key": "result", "value": { "stringValue": "success" } },
                { "key": "coder.event_sequence", "value": { "intValue": "7" } },
                { "key": "coder.event_name", "value": { "stringValue": "remote.setup" } },
            ],
            "status": { "code": 1 },
        })
    );
}

#[test]
fn a_span_ends_at_its_timestamp_and_starts_its_duration_earlier_rounded_half_up() {
    for (duration, nanoseconds) in [
        ("227.75", 227_750_000),
        ("0.0000005", 1),
        ("0.00000049", 0),
        ("1e3", 1_000_000_000),
        ("null", 0),
        ("0", 0),
        ("-0.0", 0),
        ("-5", 0),
        ("1e300", 0),
        ("1e400", 0),
    ] {
        let span = exported(&span("x").with_text("measurements", &format!(r#"{{"durationMs":{duration}}}"#)));
        assert_eq!(span["endTimeUnixNano"], NOON.to_string(), "{duration}");
        assert_eq!(span["startTimeUnixNano"], (NOON - nanoseconds).to_string(), "{duration}");
    }
    let without = exported(&span("x").measurements(json!({})).properties(json!({ "result": "" })));
    assert_eq!(without["startTimeUnixNano"], NOON.to_string());
}

#[test]
fn no_span_starts_before_the_year_2000() {
    for (milliseconds, start) in [(1000, YEAR_2000), (1001, YEAR_2000 + 1_000_000_000)] {
        let row = span("x").at("2000-01-01T00:00:01Z").measurements(json!({ "durationMs": milliseconds }));
        assert_eq!(exported(&row)["startTimeUnixNano"], start.to_string(), "{milliseconds}");
    }
}

#[test]
fn the_duration_is_left_out_unless_the_start_could_not_express_it() {
    for (timestamp, duration, kept) in [
        ("2026-06-01T12:00:00Z", "227.75", None),
        ("2026-06-01T12:00:00Z", "0", None),
        ("2026-06-01T12:00:00Z", "null", None),
        ("2026-06-01T12:00:00Z", "-5.5", Some(json!({ "doubleValue": -5.5 }))),
        ("2000-01-01T00:00:00Z", "0.5", Some(json!({ "doubleValue": 0.5 }))),
        ("2026-06-01T12:00:00Z", "1e400", Some(json!({ "stringValue": "1e400" }))),
        ("2026-06-01T12:00:00Z", "-1e400", Some(json!({ "stringValue": "-1e400" }))),
    ] {
        let measurements = format!(r#"{{"durationMs":{duration},"other":1}}"#);
        let found = attributes(&exported(&span("x").at(timestamp).with_text("measurements", &measurements)));
        assert_eq!(found.get("durationMs"), kept.as_ref(), "{duration}");
        assert_eq!(found["other"], json!({ "doubleValue": 1 }), "{duration}");
    }
}

#[test]
fn a_span_is_named_after_the_last_dot_segment_of_its_event() {
    for (event_name, leaf, full) in [
        (r#""remote.setup.cli_resolve""#, "cli_resolve", "remote.setup.cli_resolve"),
        (r#""activation""#, "activation", "activation"),
        (r#""remote.""#, "remote.", "remote."),
        (r#"".""#, ".", "."),
        (r#""""#, "unknown", "unknown"),
        (r#""a\u002eb""#, "b", "a.b"),
        (r#""a.\"b\"""#, "\"b\"", "a.\"b\""),
    ] {
        let telemetry = Telemetry::of(&[span("x").with_text("event_name", event_name)]);
        assert_eq!(telemetry.otlp().span()["name"], leaf, "{event_name}");
        assert_eq!(telemetry.with_full_span_names().span()["name"], full, "{event_name}");
    }
}

#[test]
fn a_span_keeps_the_whole_event_name_as_an_attribute() {
    for name in ["remote.setup.cli_resolve", "activation", ""] {
        assert_eq!(text_attributes(&exported(&span(name)))["coder.event_name"], name);
    }
}

#[test]
fn a_span_is_internal_and_its_ids_are_trace_event_and_parent() {
    for (row, parent) in [
        (span("x").parent("B7AD6B7169203331"), Some("b7ad6b7169203331")),
        (span("x").parent("0000000000000000"), None),
        (span("x").parent(""), None),
        (span("x").with("parent_event_id", json!(null)), None),
        (span("x"), None),
    ] {
        let span = exported(&row);
        assert_eq!(span["kind"], 1, "{row}");
        assert_eq!(span["traceId"], "4bf92f3577b34da6a3ce929d0e0e4736", "{row}");
        assert_eq!(span["spanId"], "00f067aa0ba902b7", "{row}");
        assert_eq!(span.get("parentSpanId").and_then(Value::as_str), parent, "{row}");
        assert!(!attributes(&span).contains_key("log.record.uid"), "{row}");
        assert!(!attributes(&span).contains_key("coder.parent_event_id"), "{row}");
    }
}

#[test]
fn status_follows_the_result_or_without_one_the_error_block() {
    let broken = json!({ "message": "it broke" });
    let error_with_message = json!({ "code": 2, "message": "it broke" });
    for (result, error, status) in [
        (Some("success"), false, json!({ "code": 1 })),
        (Some("success"), true, json!({ "code": 1 })),
        (Some("error"), false, json!({ "code": 2 })),
        (Some("error"), true, error_with_message.clone()),
        (Some("aborted"), false, json!({})),
        (Some("aborted"), true, json!({})),
        (Some("Success"), false, json!({})),
        (Some("other"), true, error_with_message.clone()),
        (None, false, json!({})),
        (None, true, error_with_message.clone()),
    ] {
        let mut row = span("x");
        if let Some(result) = result {
            row = row.properties(json!({ "result": result }));
        }
        if error {
            row = row.error(broken.clone());
        }
        assert_eq!(exported(&row)["status"], status, "{result:?}, {error}");
    }
}

#[test]
fn the_last_of_two_results_decides_the_status() {
    let twice = span("x").with_text("properties", r#"{"result":"success","res\u0075lt":"error"}"#);
    assert_eq!(exported(&twice)["status"], json!({ "code": 2 }));
}

#[test]
fn the_last_of_two_durations_is_the_length() {
    for (measurements, start) in [
        (r#"{"durationMs":9,"duration\u004ds":1}"#, NOON - 1_000_000),
        (r#"{"durationMs":9,"durationMs":null}"#, NOON),
    ] {
        let span = exported(&span("x").with_text("measurements", measurements));
        assert_eq!(span["startTimeUnixNano"], start.to_string(), "{measurements}");
        assert!(!attributes(&span).contains_key("durationMs"), "{measurements}");
    }
}

#[test]
fn an_error_block_becomes_a_span_event_exception_at_the_end() {
    let row = span("x")
        .measurements(json!({ "durationMs": 1000 }))
        .properties(json!({ "result": "aborted" }))
        .error(json!({ "message": "m", "type": "t", "code": "c" }));
    let span = exported(&row);
    assert_eq!(
        span["events"],
        json!([{
            "timeUnixNano": NOON.to_string(),
            "name": "exception",
            "attributes": [
                { "key": "exception.message", "value": { "stringValue": "m" } },
                { "key": "exception.type", "value": { "stringValue": "t" } },
                { "key": "exception.code", "value": { "stringValue": "c" } },
            ],
        }])
    );
    assert!(!attributes(&span).keys().any(|key| key.starts_with("exception.")));
}

#[test]
fn without_an_error_block_a_span_has_no_events() {
    assert_eq!(exported(&span("x").properties(json!({ "result": "error" }))).get("events"), None);
}

#[test]
fn on_an_error_an_absent_or_empty_error_type_is_filled_with_type_code_or_other() {
    let failed = |properties| span("x").properties(properties);
    for (row, error_type) in [
        (failed(json!({})).error(json!({ "message": "m", "type": "t", "code": "c" })), Some("t")),
        (failed(json!({})).error(json!({ "message": "m", "type": "", "code": "c" })), Some("c")),
        (failed(json!({})).error(json!({ "message": "m", "code": "c" })), Some("c")),
        (failed(json!({})).error(json!({ "message": "m", "code": "" })), Some("_OTHER")),
        (failed(json!({ "result": "error" })), Some("_OTHER")),
        (failed(json!({ "error.type": "" })).error(json!({ "message": "m", "type": "t" })), Some("t")),
        (failed(json!({ "error.type": "own" })).error(json!({ "message": "m", "type": "t" })), Some("own")),
        (failed(json!({ "result": "success" })).error(json!({ "message": "m", "type": "t" })), None),
        (failed(json!({ "result": "aborted" })).error(json!({ "message": "m", "type": "t" })), None),
        (failed(json!({ "error.type": "", "result": "success" })), Some("")),
        (failed(json!({})), None),
    ] {
        let found = attributes(&exported(&row)).remove("error.type");
        assert_eq!(found, error_type.map(|text| json!({ "stringValue": text })), "{row}");
    }
}

#[test]
fn a_log_record_has_no_error_type_filled_in() {
    let log = Telemetry::of(&[event("x").error(json!({ "message": "m", "type": "t" }))]).otlp().log();
    assert!(!attributes(&log).contains_key("error.type"));
}
