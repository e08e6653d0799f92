//! Rows that look odd but are good.

use serde_json::json;

use crate::support::{Row, Telemetry, event};

fn assert_good(row: &Row) {
    let telemetry = Telemetry::of(std::slice::from_ref(row));
    for summary in [telemetry.json().summary, telemetry.otlp().summary] {
        assert_eq!(
            (summary.event_count, summary.bad_lines),
            (1, 0),
            "{row}: {:?}",
            summary.bad_line_samples()
        );
    }
}

#[test]
fn an_optional_member_that_is_null_counts_as_absent() {
    for good in [event("x"), event("x").self_contained(json!({}))] {
        for name in ["trace_id", "parent_event_id", "error", "schema_version", "anything"] {
            assert_good(&good.clone().with(name, json!(null)));
        }
        assert_good(&good.error(json!({ "message": "m", "type": null, "code": null })));
    }
    assert_good(&event("x").with("context", json!(null)));
    assert_good(&event("x").self_contained(json!({})).with("deployment_url", json!(null)));
}

#[test]
fn a_member_that_is_not_specified_may_hold_anything() {
    for value in [json!(5), json!([{ "a": [null] }]), json!({ "deep": { "er": {} } }), json!("text")] {
        assert_good(&event("x").with("more", value.clone()));
        assert_good(&event("x").with("kind", value.clone()));
        assert_good(&event("x").with("schema_version", value));
    }
    assert_good(&event("x").with("kind", json!("Header")));
    assert_good(&event("x").error(json!({ "message": "m", "stack": 5 })));
}

#[test]
fn nesting_may_be_as_deep_as_a_line_is_long() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_good(&event("x").with_text("more", &deep));
}

#[test]
fn timestamps_in_every_spelling_of_rfc_3339_are_good() {
    for text in [
        "2026-06-01t12:00:00z",
        "2026-06-01T12:00:60.5Z",
        "2026-06-01T12:00:00.123456789123456789Z",
        "2026-06-01T12:00:00-00:00",
        "2024-02-29T23:59:59+23:59",
    ] {
        assert_good(&event("x").at(text));
    }
    assert_good(&event("x").with_text("timestamp", r#""2026-06-01\u005412:00:00Z""#));
}

#[test]
fn the_last_of_two_equal_members_counts() {
    let twice = |text: &str| {
        let row = event("x").to_string();
        let content = format!("{}\n{}{text}}}\n", crate::support::header(), &row[..row.len() - 1]);
        Telemetry::of_bytes(content)
    };
    for text in [
        r#","event_name":"last""#,
        r#","event_name":5,"event_name":"last""#,
        r#","event_id":null,"event_id":"last","event_name":"last""#,
        r#","properties":{"p":5,"p":""},"event_name":"last""#,
        r#","measurements":{"m":"","m":null},"event_name":"last""#,
        r#","trace_id":5,"trace_id":null,"event_name":"last""#,
        r#","event\u005fname":"last""#,
        r#","error":5,"error":{"message":5,"message":"m"},"event_name":"last""#,
        r#","context":5,"context":null,"event_name":"last""#,
    ] {
        let telemetry = twice(text);
        assert_eq!(telemetry.json().summary.bad_lines, 0, "{text}");
        assert_eq!(telemetry.otlp().log()["eventName"], "last", "{text}");
    }
    for text in [
        r#","event_name":5"#,
        r#","properties":{"p":"","p":5}"#,
        r#","measurements":{"m":1,"\u006d":""}"#,
        r#","timestamp":"never""#,
        r#","kind":"header""#,
    ] {
        assert_eq!(twice(text).json().summary.bad_lines, 1, "{text}");
    }
}

#[test]
fn any_white_space_between_members_is_allowed() {
    let row = " \t{ \"event_id\" : \"a\" ,\"event_name\":\"x\",\"timestamp\" :\"2026-06-01T12:00:00Z\" ,\
        \"event_sequence\": 7 , \"properties\" : { } ,\"measurements\":{ },\"deployment_url\":\"\" } \t";
    let telemetry = Telemetry::of_bytes(format!("{}\n{row}\n", crate::support::header()));
    let json = telemetry.json();
    assert_eq!(json.summary.bad_lines, 0);
    assert_eq!(json.ids(), ["a"]);
}

#[test]
fn an_event_with_numbers_beyond_f64_or_lone_surrogates_is_exported() {
    assert_good(&event("x").with_text("measurements", r#"{"a":1e400,"b":-1e400}"#));
    assert_good(&event("x").with_text("event_sequence", "1e400"));
    assert_good(&event("x").with_text("properties", r#"{"a":"\ud83d","\ude00":"b"}"#));
}
