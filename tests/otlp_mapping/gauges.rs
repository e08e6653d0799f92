//! Measurements that become gauges.

use serde_json::{Value, json};

use crate::support::{NOON, SECOND, Telemetry, event, http_requests, points, text_attributes};

const ATTRIBUTES: &str =
    r#"[{"key":"coder.deployment.url","value":{"stringValue":"https://dev.example.com"}}]"#;

fn attributes() -> Value {
    serde_json::from_str(ATTRIBUTES).expect("attributes")
}

#[test]
fn a_reading_of_the_connection_is_a_gauge_point_without_a_start() {
    for name in ["ssh.network.info", "ssh.network.sampled"] {
        let row = event(name).measurements(json!({ "latencyMs": 41.5 }));
        assert_eq!(
            Telemetry::of(&[row]).otlp().metrics(),
            [json!({
                "name": format!("{name}.latency"),
                "unit": "ms",
                "gauge": { "dataPoints": [
                    { "timeUnixNano": NOON.to_string(), "asDouble": 41.5, "attributes": attributes() },
                ] },
            })]
        );
    }
}

/// Prometheus drops the second of two samples with one timestamp. If it comes in a later request, it drops that whole request.
#[test]
fn readings_of_a_stream_are_at_least_a_millisecond_apart_and_never_go_back() {
    let reading = |at: &str, derp: &str| {
        let row = event("ssh.network.info").measurements(json!({ "latencyMs": 1 }));
        row.properties(json!({ "preferred_derp": derp })).at(at)
    };
    let rows = [
        reading("2026-06-01T12:00:00.000Z", "1"),
        reading("2026-06-01T12:00:00.000Z", "1"),
        reading("2026-06-01T12:00:00.000Z", "2"),
        reading("2026-06-01T12:00:00.0015Z", "1"),
        reading("2026-06-01T11:59:00Z", "1"),
        reading("2026-06-01T12:00:01Z", "1"),
        reading("2026-05-30T12:00:00Z", "1"),
    ];
    let metric = Telemetry::of(&rows).otlp().metric("ssh.network.info.latency");
    let microseconds_after_noon: Vec<_> = points(&metric)
        .iter()
        .map(|point| {
            point["timeUnixNano"].as_str().and_then(|text| text.parse::<i128>().ok()).expect("a time")
        })
        .map(|time| (time - i128::from(NOON)) / 1000)
        .collect();
    let two_days_before = -2 * 24 * 60 * 60 * 1_000_000;
    assert_eq!(microseconds_after_noon, [0, 1000, 0, 2000, 3000, 1_000_000, two_days_before]);
}

#[test]
fn a_reading_over_a_window_of_requests_is_a_gauge_point_with_its_start() {
    let row = http_requests(json!({ "avg_duration_ms": 12, "window_seconds": 60 }));
    assert_eq!(
        Telemetry::of(&[row]).otlp().metrics(),
        [json!({
            "name": "http.requests.avg_duration",
            "unit": "ms",
            "gauge": { "dataPoints": [{
                "startTimeUnixNano": (NOON - 60 * SECOND).to_string(),
                "timeUnixNano": NOON.to_string(),
                "asDouble": 12,
                "attributes": attributes(),
            }] },
        })]
    );
}

#[test]
fn a_unit_suffix_moves_from_the_name_to_the_unit_unless_it_is_the_whole_key() {
    for (key, name, unit) in [
        ("p95_duration_ms", "p95_duration", Some("ms")),
        ("duration.p95_ms", "duration.p95", Some("ms")),
        ("latencyMs", "latency", Some("ms")),
        ("uptime_seconds", "uptime", Some("s")),
        ("window_seconds", "window", Some("s")),
        ("download_mbits", "download", Some("Mbit/s")),
        ("uploadMbits", "upload", Some("Mbit/s")),
        ("sent_bytes", "sent", Some("By")),
        ("_ms", "_ms", None),
        ("Ms", "Ms", None),
        ("_seconds", "_seconds", None),
        ("_mbits", "_mbits", None),
        ("Mbits", "Mbits", None),
        ("_bytes", "_bytes", None),
        ("hops", "hops", None),
        ("ratio", "ratio", None),
        ("count_2xx", "count_2xx", None),
        ("", "", None),
    ] {
        let metrics =
            Telemetry::of(&[event("ssh.network.info").measurements(json!({ key: 1 }))]).otlp().metrics();
        assert_eq!(metrics.len(), 1, "{key}");
        assert_eq!(metrics[0]["name"], format!("ssh.network.info.{name}"), "{key}");
        assert_eq!(metrics[0].get("unit").and_then(Value::as_str), unit, "{key}");
    }
}

#[test]
fn a_gauge_is_a_double_in_its_own_digits_and_may_be_negative_or_zero() {
    for number in ["5", "0", "-1.50", "1E3", "9007199254740993"] {
        let row = event("ssh.network.info").with_text("measurements", &format!(r#"{{"hops":{number}}}"#));
        let otlp = Telemetry::of(&[row]).otlp();
        assert!(otlp.text("metrics.json").contains(&format!(r#""asDouble":{number},"#)), "{number}");
    }
}

#[test]
fn a_null_or_non_finite_gauge_gives_no_point() {
    let row = event("ssh.network.info").with_text("measurements", r#"{"a":null,"b":1e400,"c":-1e400,"d":1}"#);
    let metrics = Telemetry::of(&[row]).otlp().metrics();
    assert_eq!(metrics.len(), 1);
    assert_eq!(metrics[0]["name"], "ssh.network.info.d");
}

#[test]
fn a_metric_has_one_entry_in_a_block_that_holds_all_its_points_in_order() {
    let reading = |latency: u32, at: &str| {
        event("ssh.network.info").measurements(json!({ "latencyMs": latency, "hops": 1 })).at(at)
    };
    let rows = [
        reading(1, "2026-06-01T12:00:00Z"),
        reading(2, "2026-06-01T12:00:05Z").properties(json!({ "p2p": "true" })),
        event("ssh.network.sampled").measurements(json!({ "latencyMs": 9 })),
        reading(3, "2026-06-01T11:00:00Z"),
        event("ssh.network.info").measurements(json!({ "latency_ms": 4, "latency": 5 })),
    ];
    let otlp = Telemetry::of(&rows).otlp();
    let metrics = otlp.metrics();
    let entries: Vec<_> = metrics
        .iter()
        .map(|metric| {
            let values: Vec<_> = points(metric).iter().map(|point| point["asDouble"].clone()).collect();
            (metric["name"].as_str().unwrap_or_default(), metric["unit"].clone(), json!(values))
        })
        .collect();
    let mut sorted = entries.clone();
    sorted.sort_by_key(|(name, unit, _)| (name.to_string(), unit.to_string()));
    assert_eq!(
        sorted,
        [
            ("ssh.network.info.hops", json!(null), json!([1, 1, 1])),
            ("ssh.network.info.latency", json!("ms"), json!([1, 2, 3, 4])),
            ("ssh.network.info.latency", json!(null), json!([5])),
            ("ssh.network.sampled.latency", json!("ms"), json!([9])),
        ]
    );
    assert_eq!(otlp.summary.otlp.map(|otlp| otlp.records.metrics), Some(9));
}

#[test]
fn point_attributes_are_the_properties_and_the_deployment_if_there_is_one() {
    for (row, expected) in [
        (event("ssh.network.info").deployment("D"), json!({ "p": "v", "coder.deployment.url": "D" })),
        (event("ssh.network.info").deployment(""), json!({ "p": "v" })),
    ] {
        let row = row.properties(json!({ "p": "v" })).measurements(json!({ "hops": 1 }));
        let metric = Telemetry::of(&[row]).otlp().metric("ssh.network.info.hops");
        assert_eq!(text_attributes(&points(&metric)[0]), expected);
    }
    let none = event("ssh.network.info").deployment("").measurements(json!({ "hops": 1 }));
    let metric = Telemetry::of(&[none]).otlp().metric("ssh.network.info.hops");
    assert_eq!(points(&metric)[0].get("attributes"), None);
    let clash = event("ssh.network.info").properties(json!({ "coder.deployment.url": "own" }));
    let clash = clash.deployment("D").measurements(json!({ "hops": 1 }));
    let metric = Telemetry::of(&[clash]).otlp().metric("ssh.network.info.hops");
    assert_eq!(text_attributes(&points(&metric)[0]), json!({ "coder.deployment.url": "D" }));
}
