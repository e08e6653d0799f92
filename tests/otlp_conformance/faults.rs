//! The checker finds faults: each test puts one fault into a request that is right otherwise.

use serde_json::{Value, json};

use super::checker::check;
use crate::support::{OtlpExport, Records, Telemetry, event, http_requests, span};

fn right() -> OtlpExport {
    let rows = [
        event("log").trace("4bf92f3577b34da6a3ce929d0e0e4736"),
        span("span").parent("b7ad6b7169203331").error(json!({ "message": "m" })),
        http_requests(json!({ "count_2xx": 5, "p95_duration_ms": 1.5 })),
    ];
    Telemetry::of(&rows).otlp()
}

/// Checks the right request of a signal after `spoil` changed its text.
fn verdict(of: &Records, spoil: impl Fn(&str) -> String) -> Result<(), String> {
    let otlp = right();
    let text = otlp.text(&format!("{}.json", of.signal));
    check(of, text).expect("a request without a fault");
    let spoiled = spoil(text);
    assert_ne!(spoiled, text, "the fault was not seeded");
    check(of, &spoiled)
}

fn assert_caught(of: &Records, spoil: impl Fn(&str) -> String) {
    let found = verdict(of, spoil);
    assert!(found.is_err(), "the fault was not caught");
}

/// Changes the one record, or the first metric, of a request.
fn assert_caught_in_record(of: &Records, spoil: impl Fn(&mut Value)) {
    assert_caught(of, |text| {
        let mut request: Value = serde_json::from_str(text).expect("a request");
        spoil(&mut request[of.resources][0][of.scopes][0][of.records][0]);
        format!("{request}\n")
    });
}

fn replace(from: &'static str, to: &'static str) -> impl Fn(&str) -> String {
    move |text| text.replacen(from, to, 1)
}

#[test]
fn a_null_is_caught() {
    assert_caught_in_record(&Records::TRACES, |span| span["parentSpanId"] = json!(null));
    assert_caught_in_record(&Records::LOGS, |log| log["spanId"] = json!(null));
    assert_caught_in_record(&Records::METRICS, |metric| metric["unit"] = json!(null));
    assert_caught_in_record(&Records::LOGS, |log| log["attributes"][0]["value"]["stringValue"] = json!(null));
}

#[test]
fn a_key_in_snake_case_is_caught() {
    assert_caught(&Records::TRACES, replace("\"endTimeUnixNano\"", "\"end_time_unix_nano\""));
    assert_caught(&Records::LOGS, replace("\"logRecords\"", "\"log_records\""));
    assert_caught(&Records::METRICS, replace("\"dataPoints\"", "\"data_points\""));
}

#[test]
fn a_field_of_our_own_is_caught() {
    assert_caught_in_record(&Records::LOGS, |log| log["eventId"] = json!("a"));
    assert_caught_in_record(&Records::TRACES, |span| span["status"]["reason"] = json!("a"));
    assert_caught_in_record(&Records::METRICS, |metric| metric["sum"]["temporality"] = json!(1));
}

#[test]
fn a_64_bit_integer_as_a_number_is_caught() {
    assert_caught_in_record(&Records::LOGS, |log| log["timeUnixNano"] = json!(1_780_315_200_000_000_000_u64));
    assert_caught_in_record(&Records::METRICS, |metric| metric["sum"]["dataPoints"][0]["asInt"] = json!(5));
    assert_caught(&Records::LOGS, replace(r#""intValue":"7""#, r#""intValue":7"#));
}

#[test]
fn an_id_of_the_wrong_length_is_caught() {
    assert_caught_in_record(&Records::TRACES, |span| span["traceId"] = json!("4bf92f3577b34da6"));
    assert_caught_in_record(&Records::TRACES, |span| {
        span["spanId"] = json!("b7ad6b7169203331b7ad6b7169203331");
    });
    assert_caught_in_record(&Records::LOGS, |log| log["traceId"] = json!(""));
}

#[test]
fn an_id_that_is_not_lower_case_hex_or_is_all_zero_is_caught() {
    for id in [
        "4BF92F3577B34DA6A3CE929D0E0E4736",
        "4bf92f3577b34da6a3ce929d0e0e473g",
        "00000000000000000000000000000000",
    ] {
        assert_caught_in_record(&Records::LOGS, |log| log["traceId"] = json!(id));
        assert_caught_in_record(&Records::TRACES, |span| span["traceId"] = json!(id));
    }
}

#[test]
fn a_point_with_two_values_or_none_is_caught() {
    assert_caught_in_record(&Records::METRICS, |metric| {
        metric["sum"]["dataPoints"][0]["asDouble"] = json!(5.0);
    });
    assert_caught_in_record(&Records::METRICS, |metric| {
        metric["sum"]["dataPoints"][0].as_object_mut().expect("a point").remove("asInt");
    });
}

#[test]
fn a_metric_with_two_kinds_of_data_or_none_is_caught() {
    assert_caught_in_record(&Records::METRICS, |metric| metric["gauge"] = json!({ "dataPoints": [] }));
    assert_caught_in_record(&Records::METRICS, |metric| {
        metric.as_object_mut().expect("a metric").remove("sum");
    });
}

#[test]
fn an_enum_as_text_or_of_an_unknown_number_is_caught() {
    assert_caught_in_record(&Records::LOGS, |log| log["severityNumber"] = json!("SEVERITY_NUMBER_INFO"));
    assert_caught_in_record(&Records::TRACES, |span| span["kind"] = json!("SPAN_KIND_INTERNAL"));
    assert_caught_in_record(&Records::TRACES, |span| span["kind"] = json!(0));
    assert_caught_in_record(&Records::TRACES, |span| span["status"]["code"] = json!("STATUS_CODE_ERROR"));
    assert_caught_in_record(&Records::METRICS, |metric| metric["sum"]["aggregationTemporality"] = json!(0));
    assert_caught_in_record(&Records::METRICS, |metric| {
        metric["sum"]["aggregationTemporality"] = json!("DELTA");
    });
}

#[test]
fn a_number_that_json_does_not_know_is_caught() {
    for number in ["NaN", "Infinity", "\"NaN\"", "1e400", "01"] {
        assert_caught(&Records::METRICS, |text| {
            text.replacen("\"asDouble\":1.5", &format!("\"asDouble\":{number}"), 1)
        });
    }
}

#[test]
fn a_duplicate_attribute_or_one_with_two_values_or_a_key_that_receivers_refuse_is_caught() {
    assert_caught_in_record(&Records::LOGS, |log| {
        let first = log["attributes"][0].clone();
        log["attributes"].as_array_mut().expect("attributes").push(first);
    });
    assert_caught(&Records::LOGS, replace(r#"{"intValue":"7"}"#, r#"{"intValue":"7","stringValue":"7"}"#));
    assert_caught(&Records::LOGS, replace(r#"{"intValue":"7"}"#, "{}"));
    assert_caught_in_record(&Records::LOGS, |log| log["attributes"][0]["key"] = json!("é"));
}

#[test]
fn a_span_without_a_name_is_caught() {
    assert_caught_in_record(&Records::TRACES, |span| span["name"] = json!(""));
}

#[test]
fn more_or_less_than_one_object_on_one_line_is_caught() {
    assert_caught(&Records::LOGS, |text| format!("{text}{text}"));
    assert_caught(&Records::LOGS, |text| text.trim_end().to_owned());
    assert_caught(&Records::LOGS, |text| format!("\u{feff}{text}"));
    assert_caught(&Records::LOGS, |text| text.replacen("{", "{\n", 1));
    assert_caught(&Records::LOGS, |text| text.replacen("}\n", "\n", 1));
}

#[test]
fn a_request_of_another_signal_is_caught() {
    let otlp = right();
    assert!(check(&Records::TRACES, otlp.text("logs.json")).is_err());
    assert!(check(&Records::METRICS, otlp.text("traces.json")).is_err());
}
