//! Which attributes a record gets, their types, keys and precedence.

use serde_json::{Value, json};

use crate::support::{Row, Telemetry, attributes, event, http_requests, points, span};

fn log_attribute(row: &Row, key: &str) -> Option<Value> {
    attributes(&Telemetry::of(std::slice::from_ref(row)).otlp().log()).remove(key)
}

fn string(text: &str) -> Option<Value> {
    Some(json!({ "stringValue": text }))
}

#[test]
fn properties_are_strings() {
    for (json, text) in
        [(r#""true""#, "true"), (r#""5""#, "5"), (r#""""#, ""), (r#""a\n\u00e9\"""#, "a\né\"")]
    {
        let row = event("x").with_text("properties", &format!(r#"{{"key":{json}}}"#));
        assert_eq!(log_attribute(&row, "key"), string(text), "{json}");
    }
}

#[test]
fn measurements_are_doubles_never_integers_and_keep_their_digits() {
    for number in ["5", "0", "-1.50", "1E3", "0.1000000000000000055511151231257827", "9007199254740993"] {
        let row = event("x").with_text("measurements", &format!(r#"{{"n":{number}}}"#));
        let otlp = Telemetry::of(&[row]).otlp();
        assert!(otlp.text("logs.json").contains(&format!(r#"{{"doubleValue":{number}}}"#)), "{number}");
    }
}

#[test]
fn a_number_beyond_f64_is_a_string_and_null_is_left_out() {
    for (number, expected) in [
        ("1e400", string("1e400")),
        ("-1e400", string("-1e400")),
        ("null", None),
        ("1e-400", Some(json!({ "doubleValue": 0.0 }))),
    ] {
        let row = event("x").with_text("measurements", &format!(r#"{{"n":{number}}}"#));
        assert_eq!(log_attribute(&row, "n"), expected, "{number}");
    }
}

#[test]
fn event_sequence_is_an_integer_and_otherwise_the_string_of_its_text() {
    for (number, expected) in [
        ("0", json!({ "intValue": "0" })),
        ("-3", json!({ "intValue": "-3" })),
        ("5.0", json!({ "intValue": "5" })),
        ("9223372036854775807", json!({ "intValue": "9223372036854775807" })),
        ("9223372036854775808", json!({ "stringValue": "9223372036854775808" })),
        ("1.50", json!({ "stringValue": "1.50" })),
        ("1e400", json!({ "stringValue": "1e400" })),
    ] {
        let row = event("x").with_text("event_sequence", number);
        assert_eq!(log_attribute(&row, "coder.event_sequence"), Some(expected), "{number}");
    }
    let spans = Telemetry::of(&[span("x")]).otlp().span();
    assert_eq!(attributes(&spans)["coder.event_sequence"], json!({ "intValue": "7" }));
}

#[test]
fn on_a_key_clash_measurements_win_over_properties_and_our_own_keys_win_over_both() {
    let clash = event("x")
        .properties(
            json!({ "a": "property", "coder.event_sequence": "property", "log.record.uid": "property" }),
        )
        .measurements(json!({ "a": 1, "exception.message": 2, "coder.event_sequence": 3 }))
        .error(json!({ "message": "m" }));
    assert_eq!(log_attribute(&clash, "a"), Some(json!({ "doubleValue": 1 })));
    assert_eq!(log_attribute(&clash, "coder.event_sequence"), Some(json!({ "intValue": "7" })));
    assert_eq!(log_attribute(&clash, "log.record.uid"), string("00f067aa0ba902b7"));
    assert_eq!(log_attribute(&clash, "exception.message"), string("m"));
    let nothing_to_clash = event("x").properties(json!({ "exception.message": "own" }));
    assert_eq!(log_attribute(&nothing_to_clash, "exception.message"), string("own"));

    let clash = span("x").properties(json!({ "coder.event_name": "property" }));
    let span = Telemetry::of(&[clash]).otlp().span();
    assert_eq!(attributes(&span).remove("coder.event_name"), string("x"));
}

#[test]
fn equal_keys_clash_even_if_they_are_escaped_differently() {
    let row = event("x")
        .with_text("properties", r#"{"\u0061":"property"}"#)
        .with_text("measurements", r#"{"a":1}"#);
    assert_eq!(log_attribute(&row, "a"), Some(json!({ "doubleValue": 1 })));
}

#[test]
fn the_last_of_two_equal_keys_of_one_kind_stays() {
    for (properties, expected) in [
        (r#"{"a":"1","a":"2"}"#, "2"),
        (r#"{"a":"1","b":"x","\u0061":"2"}"#, "2"),
        (r#"{"\u0061":"1","a":"2"}"#, "2"),
    ] {
        assert_eq!(log_attribute(&event("x").with_text("properties", properties), "a"), string(expected));
    }
    let measured = |measurements| event("x").with_text("measurements", measurements);
    assert_eq!(log_attribute(&measured(r#"{"a":1,"a":2}"#), "a"), Some(json!({ "doubleValue": 2 })));
    assert_eq!(log_attribute(&measured(r#"{"a":1,"a":null}"#), "a"), None);
    assert_eq!(log_attribute(&measured(r#"{"a":null,"a":2}"#), "a"), Some(json!({ "doubleValue": 2 })));
    let replaced = event("x").with_text("properties", r#"{"k\ud800":"1","k\udc00":"2"}"#);
    assert_eq!(log_attribute(&replaced, "k\u{fffd}"), string("2"));
    let renamed = event("x").with_text("properties", r#"{"-":"1","coder.property.-":"2"}"#);
    assert_eq!(log_attribute(&renamed, "coder.property.-"), string("2"));
}

#[test]
fn a_null_measurement_does_not_replace_a_property_of_the_same_key() {
    let row = event("x").properties(json!({ "a": "kept" })).measurements(json!({ "a": null }));
    assert_eq!(log_attribute(&row, "a"), string("kept"));
}

#[test]
fn keys_are_unique_in_an_event_with_very_many() {
    let doubled: Vec<_> = (0..40).map(|n| format!(r#""key{}":"{n}""#, n % 20)).collect();
    let properties = format!(r#"{{{},"\u006bey3":"last"}}"#, doubled.join(","));
    let row = event("x").with_text("properties", &properties).with_text("measurements", r#"{"key5":1}"#);
    let found = attributes(&Telemetry::of(&[row]).otlp().log());
    assert_eq!(found["key0"], json!({ "stringValue": "20" }));
    assert_eq!(found["key3"], json!({ "stringValue": "last" }));
    assert_eq!(found["key5"], json!({ "doubleValue": 1 }));
    assert_eq!(found.len(), 20 + 2);
}

#[test]
fn a_key_without_an_ascii_letter_or_digit_is_renamed() {
    for (key, renamed) in [
        ("", true),
        ("...", true),
        ("日本", true),
        ("é", true),
        ("_", true),
        ("_1", false),
        ("é.a", false),
        ("Z", false),
        ("job", false),
        ("instance", false),
        ("__name", false),
    ] {
        let row = event("x").properties(json!({ key: "text" }));
        let expected = if renamed { format!("coder.property.{key}") } else { key.to_owned() };
        assert_eq!(log_attribute(&row, &expected), string("text"), "{key:?}");
        let row = event("x").measurements(json!({ key: 1 }));
        let expected = if renamed { format!("coder.measurement.{key}") } else { key.to_owned() };
        assert_eq!(log_attribute(&row, &expected), Some(json!({ "doubleValue": 1 })), "{key:?}");
    }
}

#[test]
fn a_renamed_property_and_a_renamed_measurement_do_not_clash() {
    let row = event("x").properties(json!({ "-": "text" })).measurements(json!({ "-": 1 }));
    assert_eq!(log_attribute(&row, "coder.property.-"), string("text"));
    assert_eq!(log_attribute(&row, "coder.measurement.-"), Some(json!({ "doubleValue": 1 })));
}

#[test]
fn on_metric_points_job_instance_and_keys_that_begin_with_two_underscores_are_renamed() {
    for (key, expected) in [
        ("job", "coder.property.job"),
        ("instance", "coder.property.instance"),
        ("__name__", "coder.property.__name__"),
        ("__x", "coder.property.__x"),
        ("日", "coder.property.日"),
        ("jobs", "jobs"),
        ("Job", "Job"),
        ("_x", "_x"),
        ("x__y", "x__y"),
    ] {
        let row = http_requests(json!({ "count_2xx": 1 })).properties(json!({ key: "text" }));
        let metric = Telemetry::of(&[row]).otlp().metric("http.requests.count_2xx");
        let found = attributes(&points(&metric)[0]);
        assert_eq!(found.get(expected), string("text").as_ref(), "{key}");
        assert_eq!(found.len(), 2, "{key}");
    }
    let escaped = http_requests(json!({ "count_2xx": 1 })).with_text("properties", r#"{"jo\u0062":"text"}"#);
    let metric = Telemetry::of(&[escaped]).otlp().metric("http.requests.count_2xx");
    assert!(attributes(&points(&metric)[0]).contains_key("coder.property.job"));
}

#[test]
fn lone_surrogates_are_written_as_u_fffd_everywhere() {
    let row = event("x")
        .with_text("event_name", r#""n\ud83d""#)
        .with_text("event_id", r#""i\udc00""#)
        .with_text("properties", r#"{"k\ud83d":"v\ud83d\ud83d\ude00"}"#)
        .with_text("measurements", r#"{"m\uDBFF":1}"#)
        .with_text("error", r#"{"message":"e\ud83d","type":"t\ud83d","code":"c\ud83d"}"#);
    let otlp = Telemetry::of(&[
        row.clone(),
        row.with("trace_id", json!("ab")).measurements(json!({ "durationMs": 1 })),
    ])
    .otlp();
    let log = otlp.log();
    assert_eq!(log["eventName"], "n\u{fffd}");
    assert_eq!(log["body"], json!({ "stringValue": "n\u{fffd}" }));
    let found = attributes(&log);
    for (key, text) in [
        ("k\u{fffd}", "v\u{fffd}😀"),
        ("log.record.uid", "i\u{fffd}"),
        ("exception.message", "e\u{fffd}"),
        ("exception.type", "t\u{fffd}"),
        ("exception.code", "c\u{fffd}"),
    ] {
        assert_eq!(found.get(key), string(text).as_ref(), "{key}");
    }
    assert_eq!(found["m\u{fffd}"], json!({ "doubleValue": 1 }));
    let span = otlp.span();
    assert_eq!(span["name"], "n\u{fffd}");
    assert_eq!(span["status"], json!({ "code": 2, "message": "e\u{fffd}" }));
    assert_eq!(attributes(&span).remove("coder.event_name"), string("n\u{fffd}"));
}
