//! Every reason why a row is bad, in both layouts. A bad row does not affect other rows.

use serde_json::{Value, json};

use crate::support::{Row, Telemetry, event, file_name, header, own_context};

/// A row that breaks one rule, and the reason it is reported with.
type Fault = (fn(Row) -> Row, &'static str);

const NO_TIME: &str = "timestamp is not an RFC 3339 date and time with an offset";

/// Exports `bad` between two good lines of its layout, as JSON and as OTLP, and checks that it alone is missing.
fn assert_only_the_middle_is_bad(good: &Row, bad: &str, reason: &str) {
    let content = format!("{}\n{}\n{bad}\n{}\n", header(), good, good);
    let telemetry = Telemetry::of_bytes(content);
    let json = telemetry.json();
    for summary in [json.summary.clone(), telemetry.otlp().summary] {
        assert_eq!((summary.event_count, summary.bad_lines, summary.headers), (2, 1, 1), "{bad}");
        let sample = &summary.bad_line_samples()[0];
        assert_eq!((sample.file.as_str(), sample.line), (file_name("a").as_str(), 3), "{bad}");
        assert_eq!(sample.reason, reason, "{bad}");
    }
    assert_eq!(json.events().len(), 2, "{bad}");
}

fn assert_faults(faults: &[Fault]) {
    for good in [event("x"), event("x").self_contained(json!({}))] {
        for (spoil, reason) in faults {
            assert_only_the_middle_is_bad(&good, &spoil(good.clone()).to_string(), reason);
        }
    }
}

#[test]
fn a_row_without_a_required_member_is_bad() {
    assert_faults(&[
        (|row| row.without("event_id"), "event_id is missing"),
        (|row| row.without("event_name"), "event_name is missing"),
        (|row| row.without("timestamp"), "timestamp is missing"),
        (|row| row.without("event_sequence"), "event_sequence is missing"),
        (|row| row.without("properties"), "properties is missing"),
        (|row| row.without("measurements"), "measurements is missing"),
    ]);
}

#[test]
fn a_row_whose_required_member_is_of_another_type_is_bad() {
    assert_faults(&[
        (|row| row.with("event_id", json!(5)), "event_id is not a string"),
        (|row| row.with("event_id", json!(null)), "event_id is not a string"),
        (|row| row.with("event_name", json!(["x"])), "event_name is not a string"),
        (|row| row.with("timestamp", json!(1_780_315_200)), "timestamp is not a string"),
        (|row| row.with("timestamp", json!(null)), "timestamp is not a string"),
        (|row| row.with("event_sequence", json!("7")), "event_sequence is not a number"),
        (|row| row.with("event_sequence", json!(null)), "event_sequence is not a number"),
        (|row| row.with("event_sequence", json!(true)), "event_sequence is not a number"),
        (|row| row.with("properties", json!(null)), "properties is not an object"),
        (|row| row.with("properties", json!([])), "properties is not an object"),
        (|row| row.properties(json!({ "ok": "", "p": 5 })), "properties.p is not a string"),
        (|row| row.properties(json!({ "p": null })), "properties.p is not a string"),
        (|row| row.properties(json!({ "p": {} })), "properties.p is not a string"),
        (|row| row.with("measurements", json!("")), "measurements is not an object"),
        (|row| row.measurements(json!({ "ok": null, "m": "5" })), "measurements.m is not a number or null"),
        (|row| row.measurements(json!({ "m": false })), "measurements.m is not a number or null"),
        (|row| row.measurements(json!({ "m": [1] })), "measurements.m is not a number or null"),
    ]);
}

#[test]
fn a_row_whose_optional_member_is_of_another_type_is_bad() {
    assert_faults(&[
        (|row| row.with("trace_id", json!(5)), "trace_id is not a string"),
        (|row| row.with("parent_event_id", json!({})), "parent_event_id is not a string"),
        (|row| row.with("deployment_url", json!(5)), "deployment_url is not a string"),
        (|row| row.with("error", json!("broken")), "error is not an object"),
        (|row| row.error(json!({})), "error.message is missing"),
        (|row| row.error(json!({ "message": null })), "error.message is not a string"),
        (|row| row.error(json!({ "message": "m", "type": 5 })), "error.type is not a string"),
        (|row| row.error(json!({ "message": "m", "code": 5 })), "error.code is not a string"),
    ]);
}

#[test]
fn a_row_whose_timestamp_is_not_a_date_and_time_with_an_offset_is_bad() {
    for text in [
        "",
        "2026-06-01",
        "2026-06-01T12:00:00",
        "2026-06-01 12:00:00Z",
        "2026-06-01T12:00Z",
        "2026-02-29T12:00:00Z",
        "2026-06-31T12:00:00Z",
        "2026-00-01T12:00:00Z",
        "2026-06-01T24:00:00Z",
        "2026-06-01T12:60:00Z",
        "2026-06-01T12:00:61Z",
        "2026-06-01T12:00:00.Z",
        "2026-06-01T12:00:00,5Z",
        "2026-06-01T12:00:00+0200",
        "2026-06-01T12:00:00+24:00",
        "2026-06-01T12:00:00Z ",
        "yesterday",
    ] {
        for good in [event("x"), event("x").self_contained(json!({}))] {
            assert_only_the_middle_is_bad(&good, &good.clone().at(text).to_string(), NO_TIME);
        }
    }
}

#[test]
fn a_row_without_a_deployment_is_bad_unless_it_has_its_own_context() {
    let reason = "deployment_url is missing, and the row has no context of its own";
    let good = event("x");
    assert_only_the_middle_is_bad(&good, &good.clone().without("deployment_url").to_string(), reason);
    let null = good.clone().with("deployment_url", json!(null));
    assert_only_the_middle_is_bad(&good, &null.to_string(), reason);
}

#[test]
fn a_row_whose_own_context_is_incomplete_is_bad_even_after_a_header() {
    let good = event("x");
    for name in own_context(json!({})).as_object().expect("an object").keys() {
        let mut context = own_context(json!({}));
        context[name] = json!(null);
        let not_a_string = good.clone().with("context", context.clone()).to_string();
        assert_only_the_middle_is_bad(&good, &not_a_string, &format!("context.{name} is not a string"));
        context.as_object_mut().expect("an object").remove(name);
        let missing = good.clone().with("context", context).to_string();
        assert_only_the_middle_is_bad(&good, &missing, &format!("context.{name} is missing"));
    }
    for context in [json!("text"), json!([]), json!(5)] {
        let row = good.clone().with("context", context).to_string();
        assert_only_the_middle_is_bad(&good, &row, "context is not an object");
    }
}

#[test]
fn a_row_without_any_context_is_bad() {
    let reason = "the row has no context of its own, and no good header stands before it";
    for bad in [event("x"), event("x").with("context", json!(null))] {
        let good = event("x").self_contained(json!({}));
        let telemetry = Telemetry::of_bytes(format!("{good}\n{bad}\n{good}\n"));
        let summary = telemetry.json().summary;
        assert_eq!((summary.event_count, summary.bad_lines), (2, 1));
        assert_eq!(summary.bad_line_samples()[0].line, 2);
        assert_eq!(summary.bad_line_samples()[0].reason, reason);
    }
}

#[test]
fn bad_json_is_a_bad_line() {
    let good = event("x");
    let row = good.to_string();
    for (line, reason) in [
        ("{", "EOF while parsing an object at column 1"),
        (&row[..row.len() - 1], "EOF while parsing an object"),
        ("{\"a\":}", "expected value at column 6"),
        ("{'a':1}", "key must be a string at column 2"),
        ("{\"a\":01}", "invalid number at column 7"),
        ("{\"a\":NaN}", "expected value at column 6"),
        ("{\"a\":\"\u{1}\"}", "control character"),
        ("{\"a\":\"\\x\"}", "invalid escape at column 8"),
        ("{\"a\":\"\\u12g4\"}", "invalid escape"),
        ("\u{0}\u{0}\u{0}", "expected value at column 1"),
        ("{} {}", "trailing characters at column 4"),
        ("{\"a\":1,}", "key must be a string at column 8"),
    ] {
        let telemetry = Telemetry::of_bytes(format!("{}\n{good}\n{line}\n{good}\n", header()));
        let summary = telemetry.json().summary;
        assert_eq!((summary.event_count, summary.bad_lines), (2, 1), "{line}");
        let found = &summary.bad_line_samples()[0].reason;
        assert!(found.starts_with("invalid JSON: "), "{line}: {found}");
        assert!(found.contains(reason), "{line}: {found}");
    }
}

#[test]
fn json_that_is_not_an_object_is_a_bad_line() {
    let good = event("x");
    for line in ["[]", "5", "null", "\"{}\"", "true"] {
        assert_only_the_middle_is_bad(&good, line, "not a JSON object");
    }
}

#[test]
fn a_bad_header_is_a_bad_line() {
    let good = event("x").self_contained(json!({}));
    let spoil = |context: Value| header().with("context", context).to_string();
    assert_only_the_middle_is_bad(
        &good,
        &header().without("context").to_string(),
        "the header's context is missing",
    );
    assert_only_the_middle_is_bad(&good, &spoil(json!(null)), "the header's context is missing");
    assert_only_the_middle_is_bad(&good, &spoil(json!("x")), "the header's context is not an object");
    assert_only_the_middle_is_bad(
        &good,
        &spoil(json!({})),
        "the header's context.extension_version is missing",
    );
    for name in own_context(json!({})).as_object().expect("an object").keys() {
        if name != "deployment_url" {
            let context = own_context(json!({ name: 5 }));
            assert_only_the_middle_is_bad(
                &good,
                &spoil(context),
                &format!("the header's context.{name} is not a string"),
            );
        }
    }
}

#[test]
fn a_bad_row_is_bad_outside_the_window_too() {
    let outside = event("x").at("2020-01-01T00:00:00Z");
    let telemetry = Telemetry::of(&[event("x"), outside.clone(), outside.without("event_id")]);
    let summary = telemetry.json_of("2026-06-01").summary;
    assert_eq!((summary.event_count, summary.out_of_range, summary.bad_lines), (1, 1, 1));
}
