//! The log record column of the mapping.

use serde_json::json;

use crate::support::{NOON, Telemetry, attributes, event, text_attributes};

#[test]
fn a_log_record_has_these_members_and_no_others() {
    let row = event("activation.done").properties(json!({ "auth": "stored" }));
    assert_eq!(
        Telemetry::of(&[row]).otlp().log(),
        json!({
            "timeUnixNano": NOON.to_string(),
            "observedTimeUnixNano": NOON.to_string(),
            "severityNumber": 9,
            "severityText": "INFO",
            "eventName": "activation.done",
            "body": { "stringValue": "activation.done" },
            "attributes": [
                { "key": "auth", "value": { "stringValue": "stored" } },
                { "key": "coder.event_sequence", "value": { "intValue": "7" } },
                { "key": "log.record.uid", "value": { "stringValue": "00f067aa0ba902b7" } },
            ],
        })
    );
}

#[test]
fn time_and_observed_time_are_the_timestamp_with_its_nanoseconds() {
    for (timestamp, nanoseconds) in [
        ("2026-06-01T12:00:00.123456789Z", NOON + 123_456_789),
        ("2026-06-01T12:00:00.1234567899Z", NOON + 123_456_789),
        ("2026-06-01t14:00:00.5+02:00", NOON + 500_000_000),
        ("2026-06-01T11:59:60z", NOON),
        ("1970-01-01T00:00:00.000000001Z", 1),
        ("2262-04-11T23:47:16.854775807Z", i64::MAX.unsigned_abs()),
    ] {
        let log = Telemetry::of(&[event("x").at(timestamp)]).otlp().log();
        assert_eq!(log["timeUnixNano"], nanoseconds.to_string(), "{timestamp}");
        assert_eq!(log["observedTimeUnixNano"], nanoseconds.to_string(), "{timestamp}");
    }
}

#[test]
fn event_name_and_body_are_the_whole_name() {
    for name in ["activation", "remote.setup.cli_resolve", "", "."] {
        let log = Telemetry::of(&[event(name)]).otlp().log();
        assert_eq!(log["eventName"], name);
        assert_eq!(log["body"], json!({ "stringValue": name }));
    }
}

#[test]
fn severity_is_info_and_with_an_error_block_error() {
    for (error, number, text) in
        [(None, 9, "INFO"), (Some(json!(null)), 9, "INFO"), (Some(json!({ "message": "" })), 17, "ERROR")]
    {
        let row = event("x");
        let row = match &error {
            Some(error) => row.error(error.clone()),
            None => row,
        };
        let log = Telemetry::of(&[row]).otlp().log();
        assert_eq!(log["severityNumber"], number, "{error:?}");
        assert_eq!(log["severityText"], text, "{error:?}");
    }
}

#[test]
fn an_error_block_becomes_exception_message_type_and_code() {
    for (error, expected) in [
        (
            json!({ "message": "m", "type": "t", "code": "c" }),
            json!({ "exception.message": "m", "exception.type": "t", "exception.code": "c" }),
        ),
        (json!({ "message": "" }), json!({ "exception.message": "" })),
        (json!({ "message": "m", "type": null, "code": null }), json!({ "exception.message": "m" })),
        (
            json!({ "message": "m", "code": "c", "other": 1 }),
            json!({ "exception.message": "m", "exception.code": "c" }),
        ),
    ] {
        let mut found = text_attributes(&Telemetry::of(&[event("x").error(error.clone())]).otlp().log());
        let found = found.as_object_mut().expect("an object");
        found.retain(|key, _| key.starts_with("exception."));
        assert_eq!(json!(found), expected, "{error}");
    }
}

#[test]
fn the_event_id_is_the_uid_as_it_is_stored_if_not_empty() {
    for (id, uid) in [
        ("00F067AA0BA902B7", Some("00F067AA0BA902B7")),
        ("no id at all", Some("no id at all")),
        ("0000000000000000", Some("0000000000000000")),
        ("", None),
    ] {
        let log = Telemetry::of(&[event("x").id(id)]).otlp().log();
        let found = attributes(&log).remove("log.record.uid");
        assert_eq!(found, uid.map(|uid| json!({ "stringValue": uid })), "{id}");
        assert!(!attributes(&log).contains_key("coder.event_id"), "{id}");
    }
}

#[test]
fn a_usable_trace_links_a_log_record_and_the_parent_is_its_span() {
    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
    const PARENT: &str = "b7ad6b7169203331";
    for (row, trace, span, parent_attribute) in [
        (event("x").trace(TRACE).parent(PARENT), Some(TRACE), Some(PARENT), None),
        (event("x").trace(TRACE), Some(TRACE), None, None),
        (event("x").trace(TRACE).parent("0"), Some(TRACE), None, None),
        (event("x").parent(PARENT), None, None, Some(PARENT)),
        (event("x").trace("").parent(PARENT), None, None, Some(PARENT)),
        (event("x").trace("0000").parent("my parent"), None, None, Some("my parent")),
        (event("x").trace("0000").parent("00"), None, None, None),
        (event("x"), None, None, None),
    ] {
        let log = Telemetry::of(std::slice::from_ref(&row)).otlp().log();
        assert_eq!(log.get("traceId").and_then(|id| id.as_str()), trace, "{row}");
        assert_eq!(log.get("spanId").and_then(|id| id.as_str()), span, "{row}");
        let found = attributes(&log).remove("coder.parent_event_id");
        assert_eq!(found, parent_attribute.map(|id| json!({ "stringValue": id })), "{row}");
        assert!(!attributes(&log).contains_key("coder.trace_id"), "{row}");
    }
}
