//! Which ids are usable, and what replaces those that a receiver would refuse.

use serde_json::{Value, json};

use crate::support::{Row, Telemetry, attributes, event, span};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

/// First digits of SHA-256 of `not hex`.
const DIGEST_OF_NOT_HEX: &str = "24b7c296f882c9a3f2d26e3501b9ef69";
/// First digits of SHA-256 of `4bf92f35-77b3-4da6-a3ce-929d0e0e4736`.
const DIGEST_OF_UUID: &str = "c62b456854359896f2928958324fd95c";
/// First digits of SHA-256 of U+FFFD.
const DIGEST_OF_REPLACEMENT: &str = "83d544ccc223c057d2bf80d3f2a32982";

fn exported_span(row: &Row) -> Value {
    Telemetry::of(std::slice::from_ref(row)).otlp().span()
}

#[test]
fn valid_ids_are_written_in_lower_case_and_need_no_attribute() {
    for (row, trace, id) in [
        (span("x").trace(TRACE).id("00f067aa0ba902b7"), TRACE, "00f067aa0ba902b7"),
        (span("x").trace(&TRACE.to_uppercase()).id("00F067AA0BA902B7"), TRACE, "00f067aa0ba902b7"),
        (
            span("x").trace("00000000000000000000000000000001").id("0000000000000001"),
            "00000000000000000000000000000001",
            "0000000000000001",
        ),
    ] {
        let span = exported_span(&row);
        assert_eq!((&span["traceId"], &span["spanId"]), (&json!(trace), &json!(id)), "{row}");
        for key in ["coder.trace_id", "coder.event_id", "coder.parent_event_id"] {
            assert!(!attributes(&span).contains_key(key), "{key} of {row}");
        }
    }
}

#[test]
fn an_id_that_is_empty_or_all_zero_at_any_length_is_absent() {
    for absent in ["", "0", "0000", "0000000000000000", "00000000000000000000000000000000000"] {
        let without_trace = Telemetry::of(&[span("x").trace(absent)]).otlp();
        assert_eq!(without_trace.log().get("traceId"), None, "{absent:?}");
        let without_id = Telemetry::of(&[span("x").id(absent)]).otlp();
        assert_eq!(without_id.log()["traceId"], TRACE, "{absent:?}");
        let without_parent = exported_span(&span("x").parent(absent));
        assert_eq!(without_parent.get("parentSpanId"), None, "{absent:?}");
    }
}

#[test]
fn any_other_text_is_replaced_by_the_first_digits_of_its_sha_256_and_kept_as_an_attribute() {
    for (text, digest) in [
        (r#""not hex""#, DIGEST_OF_NOT_HEX),
        (r#""4bf92f35-77b3-4da6-a3ce-929d0e0e4736""#, DIGEST_OF_UUID),
        (r#""\ud800""#, DIGEST_OF_REPLACEMENT),
        (r#""\udfff""#, DIGEST_OF_REPLACEMENT),
    ] {
        let row = span("x").with_text("trace_id", text);
        let child = exported_span(&row.clone().with_text("parent_event_id", text));
        assert_eq!(child["traceId"], digest, "{text}");
        assert_eq!(child["parentSpanId"], digest[..16], "{text}");
        let span = exported_span(&row.with_text("event_id", text));
        assert_eq!(span["spanId"], digest[..16], "{text}");
        let original = if digest == DIGEST_OF_REPLACEMENT {
            json!("\u{fffd}")
        } else {
            serde_json::from_str(text).expect("a string")
        };
        for (record, key) in
            [(&child, "coder.trace_id"), (&child, "coder.parent_event_id"), (&span, "coder.event_id")]
        {
            assert_eq!(attributes(record)[key], json!({ "stringValue": original }), "{key} of {text}");
        }
    }
}

#[test]
fn a_valid_id_of_the_wrong_length_or_with_a_digit_that_is_not_hex_is_replaced() {
    for text in [
        "4bf92f3577b34da6a3ce929d0e0e473",
        "4bf92f3577b34da6a3ce929d0e0e4736a",
        "4bf92f3577b34da6a3ce929d0e0e473g",
    ] {
        let span = exported_span(&span("x").trace(text));
        assert_ne!(span["traceId"], text);
        assert_eq!(span["traceId"].as_str().map(str::len), Some(32), "{text}");
        assert_eq!(attributes(&span)["coder.trace_id"], json!({ "stringValue": text }));
    }
    // A trace id is too long for a span id, and the other way round.
    let swapped = exported_span(&span("x").trace("00f067aa0ba902b7").id(TRACE));
    assert_eq!(swapped["spanId"].as_str().map(str::len), Some(16));
    assert_eq!(attributes(&swapped)["coder.event_id"], json!({ "stringValue": TRACE }));
    assert_eq!(attributes(&swapped)["coder.trace_id"], json!({ "stringValue": "00f067aa0ba902b7" }));
}

#[test]
fn replaced_ids_keep_children_with_their_parents() {
    let parent = span("x").trace("a trace").id("a parent");
    let child = span("x").trace("a trace").id("a child").parent("a parent");
    let spans = Telemetry::of(&[parent, child]).otlp().spans();
    assert_eq!(spans[0]["traceId"], spans[1]["traceId"]);
    assert_eq!(spans[0]["spanId"], spans[1]["parentSpanId"]);
    assert_ne!(spans[0]["spanId"], spans[1]["spanId"]);
}

/// Ids are compared as they are written, so that no difference in case, escapes or digests hides a loop.
#[test]
fn a_span_that_is_its_own_parent_has_no_parent_and_keeps_the_text_of_its_id() {
    for (id, parent) in [
        (r#""00f067aa0ba902b7""#, r#""00f067aa0ba902b7""#),
        (r#""00f067aa0ba902b7""#, r#""00F067AA0BA902B7""#),
        (r#""00f067aa0ba902b7""#, r#""\u0030\u0030f067aa0ba902b7""#),
        (r#""not hex""#, r#""not hex""#),
        (r#""not hex""#, r#""24b7c296f882c9a3""#),
        (r#""\ud800""#, r#""\udfff""#),
    ] {
        let row = span("x").with_text("event_id", id).with_text("parent_event_id", parent);
        let span = exported_span(&row);
        assert_eq!(span.get("parentSpanId"), None, "{row}");
        let kept: Value = serde_json::from_str(parent).unwrap_or_else(|_| json!("\u{fffd}"));
        assert_eq!(attributes(&span)["coder.parent_event_id"], json!({ "stringValue": kept }), "{row}");
    }
}

#[test]
fn a_linked_log_record_keeps_the_ids_it_had_to_replace() {
    let log = Telemetry::of(&[event("x").trace("a trace").parent("a parent")]).otlp().log();
    assert_eq!(log["traceId"].as_str().map(str::len), Some(32));
    assert_eq!(log["spanId"].as_str().map(str::len), Some(16));
    assert_eq!(attributes(&log)["coder.trace_id"], json!({ "stringValue": "a trace" }));
    assert_eq!(attributes(&log)["coder.parent_event_id"], json!({ "stringValue": "a parent" }));
}
