//! Measurements that become sums, in both temporalities.

use serde_json::{Value, json};

use crate::support::{NOON, OtlpExport, Row, SECOND, Telemetry, http_requests, points, text_attributes};

const METRIC: &str = "http.requests.count_2xx";

/// A window of a minute that ends some seconds after noon.
fn window(seconds: u32, measurements: &str) -> Row {
    let (minute, second) = (seconds / 60, seconds % 60);
    http_requests(json!({}))
        .at(&format!("2026-06-01T12:{minute:02}:{second:02}Z"))
        .with_text("measurements", &format!(r#"{{"window_seconds":60,{measurements}}}"#))
}

/// Start and end in seconds after noon, and the value, of a metric's points.
fn spans_of_time(otlp: &OtlpExport, metric: &str) -> Vec<(i64, i64, Value)> {
    let seconds = |time: &Value| {
        let nanoseconds: i64 = time.as_str().and_then(|text| text.parse().ok()).expect("a time");
        (nanoseconds - NOON as i64) / SECOND as i64
    };
    let value = |point: &Value| point.get("asInt").or(point.get("asDouble")).cloned().expect("a value");
    let metrics = otlp.metrics();
    let points = metrics.iter().filter(|entry| entry["name"] == metric).flat_map(points);
    points
        .map(|point| (seconds(&point["startTimeUnixNano"]), seconds(&point["timeUnixNano"]), value(&point)))
        .collect()
}

#[test]
fn a_count_of_requests_is_a_monotonic_delta_sum_over_its_window() {
    let telemetry = Telemetry::of(&[http_requests(json!({ "count_2xx": 5, "window_seconds": 60 }))]);
    let mut expected = json!({
        "name": METRIC,
        "unit": "{request}",
        "sum": {
            "aggregationTemporality": 1,
            "isMonotonic": true,
            "dataPoints": [{
                "startTimeUnixNano": (NOON - 60 * SECOND).to_string(),
                "timeUnixNano": NOON.to_string(),
                "asInt": "5",
                "attributes": [
                    { "key": "coder.deployment.url", "value": { "stringValue": "https://dev.example.com" } },
                ],
            }],
        },
    });
    assert_eq!(telemetry.otlp().metrics(), [expected.clone()]);
    expected["sum"]["aggregationTemporality"] = json!(2);
    let mut zero = expected["sum"]["dataPoints"][0].clone();
    zero["timeUnixNano"] = zero["startTimeUnixNano"].clone();
    zero["asInt"] = json!("0");
    expected["sum"]["dataPoints"].as_array_mut().expect("points").insert(0, zero);
    assert_eq!(telemetry.cumulative().metrics(), [expected]);
}

#[test]
fn keys_that_begin_with_count_are_counters_and_all_others_gauges() {
    for (key, name, is_counter) in [
        ("count_2xx", "count_2xx", true),
        ("count.2xx", "count.2xx", true),
        ("count_", "count_", true),
        ("count.", "count.", true),
        ("count_ms", "count_ms", true),
        ("count.retries_bytes", "count.retries_bytes", true),
        ("count", "count", false),
        ("count2xx", "count2xx", false),
        ("Count_2xx", "Count_2xx", false),
        ("request_count_ms", "request_count", false),
    ] {
        let metric = Telemetry::of(&[http_requests(json!({ key: 1 }))]).otlp();
        let metric = metric.metric(&format!("http.requests.{name}"));
        assert_eq!(
            (metric.get("sum").is_some(), metric.get("gauge").is_some()),
            (is_counter, !is_counter),
            "{key}"
        );
        let unit = metric.get("unit").and_then(Value::as_str);
        assert_eq!(unit == Some("{request}"), is_counter, "{key}");
    }
}

#[test]
fn the_length_of_the_window_does_not_become_a_point() {
    let otlp = Telemetry::of(&[http_requests(json!({ "count_2xx": 1, "window_seconds": 60 }))]).otlp();
    assert_eq!(otlp.metrics().len(), 1);
}

#[test]
fn a_count_is_an_integer_and_a_double_if_fractional_or_past_int64() {
    for (number, expected) in [
        ("0", r#""asInt":"0""#),
        ("-0", r#""asInt":"0""#),
        ("5", r#""asInt":"5""#),
        ("5.0", r#""asInt":"5""#),
        ("5e2", r#""asInt":"500""#),
        ("9223372036854775807", r#""asInt":"9223372036854775807""#),
        ("9223372036854775808", r#""asDouble":9223372036854775808"#),
        ("1.5", r#""asDouble":1.5"#),
        ("1e300", r#""asDouble":1e300"#),
    ] {
        let row = http_requests(json!({})).with_text("measurements", &format!(r#"{{"count_2xx":{number}}}"#));
        let otlp = Telemetry::of(&[row]).otlp();
        let text = otlp.text("metrics.json");
        assert!(text.contains(&format!("{expected},")), "{number}: {text}");
    }
}

/// `delta_to_cumulative` keeps totals of integers and of doubles apart. The first double of a stream resets its integers, and
/// the other way round.
#[test]
fn delta_counts_that_are_no_integers_are_streams_of_their_own() {
    let rows =
        [window(0, r#""count_2xx":1"#), window(60, r#""count_2xx":0.5"#), window(120, r#""count_2xx":2"#)];
    let number_types = |otlp: OtlpExport| -> Vec<Value> {
        let points = points(&otlp.metric(METRIC));
        points.iter().map(|point| text_attributes(point)["coder.number_type"].clone()).collect()
    };
    let telemetry = Telemetry::of(&rows);
    assert_eq!(number_types(telemetry.otlp()), [Value::Null, json!("double"), Value::Null]);
    assert_eq!(number_types(telemetry.cumulative()), [Value::Null, Value::Null, Value::Null, Value::Null]);
}

#[test]
fn a_property_named_like_the_number_type_does_not_mix_the_streams() {
    let rows = [window(0, r#""count_2xx":1"#), window(60, r#""count_2xx":0.5"#)]
        .map(|row| row.with_text("properties", r#"{"coder.number_type":"double"}"#));
    let metric = Telemetry::of(&rows).otlp().metric(METRIC);
    let attributes: Vec<_> = points(&metric).iter().map(text_attributes).collect();
    let url = "https://dev.example.com";
    let property = "coder.property.coder.number_type";
    assert_eq!(
        attributes,
        [
            json!({ property: "double", "coder.deployment.url": url }),
            json!({ property: "double", "coder.deployment.url": url, "coder.number_type": "double" }),
        ]
    );
}

#[test]
fn a_null_non_finite_or_negative_count_gives_no_point() {
    let row = window(0, r#""count_a":null,"count_b":1e400,"count_c":-1,"count_d":-0.5,"count_e":3"#);
    let metrics = Telemetry::of(&[row]).otlp().metrics();
    assert_eq!(metrics.len(), 1);
    assert_eq!(metrics[0]["name"], "http.requests.count_e");
}

#[test]
fn delta_is_the_count_of_each_window_and_cumulative_the_running_total_since_the_first() {
    let rows =
        [window(0, r#""count_2xx":5"#), window(60, r#""count_2xx":0"#), window(300, r#""count_2xx":7"#)];
    let telemetry = Telemetry::of(&rows);
    assert_eq!(
        spans_of_time(&telemetry.otlp(), METRIC),
        [(-60, 0, json!("5")), (0, 60, json!("0")), (240, 300, json!("7"))]
    );
    assert_eq!(
        spans_of_time(&telemetry.cumulative(), METRIC),
        [(-60, -60, json!("0")), (-60, 0, json!("5")), (-60, 60, json!("5")), (-60, 300, json!("12"))]
    );
}

#[test]
fn a_running_total_belongs_to_one_measurement_and_starts_with_its_earliest_window() {
    let rows = [
        window(0, r#""count_2xx":5"#),
        window(60, r#""count_2xx":1,"count_4xx":2"#),
        window(120, r#""count_4xx":3"#),
    ];
    let otlp = Telemetry::of(&rows).cumulative();
    assert_eq!(
        spans_of_time(&otlp, METRIC),
        [(-60, -60, json!("0")), (-60, 0, json!("5")), (-60, 60, json!("6"))]
    );
    assert_eq!(
        spans_of_time(&otlp, "http.requests.count_4xx"),
        [(0, 0, json!("0")), (0, 60, json!("2")), (0, 120, json!("5"))]
    );
}

#[test]
fn gauges_are_the_same_in_both_temporalities() {
    let rows = [window(0, r#""count_2xx":5,"avg_ms":3"#), window(60, r#""count_2xx":1,"avg_ms":4"#)];
    let telemetry = Telemetry::of(&rows);
    for otlp in [telemetry.otlp(), telemetry.cumulative()] {
        assert_eq!(spans_of_time(&otlp, "http.requests.avg"), [(-60, 0, json!(3)), (0, 60, json!(4))]);
    }
}

#[test]
fn integers_add_up_exactly_and_a_total_once_fractional_stays_a_double() {
    let total = |counts: &[&str]| {
        let rows: Vec<_> = (0u32..)
            .zip(counts)
            .map(|(minute, count)| window(minute * 60, &format!(r#""count_2xx":{count}"#)))
            .collect();
        let metric = Telemetry::of(&rows).cumulative().metric(METRIC);
        let mut last = points(&metric).pop().expect("a point");
        last.as_object_mut().expect("an object").retain(|key, _| key.starts_with("as"));
        last
    };
    for (counts, expected) in [
        (&["9007199254740993", "9007199254740993"][..], json!({ "asInt": "18014398509481986" })),
        (&["0.5", "0.5"], json!({ "asDouble": 1.0 })),
        (&["0.5", "1"], json!({ "asDouble": 1.5 })),
        (&["1", "0.5", "0.5"], json!({ "asDouble": 2.0 })),
        (
            &["9223372036854775807", "9223372036854775807"],
            json!({ "asDouble": 18_446_744_073_709_551_616.0 }),
        ),
        (&["1.7e308", "1.7e308"], json!({ "asDouble": f64::MAX })),
    ] {
        assert_eq!(total(counts), expected, "{counts:?}");
    }
}
