//! What distinguishes two data points: resource, name, unit, attributes and time.

use std::collections::HashSet;

use coder_telemetry_export::export::{OtlpOptions, Temporality};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Value, json};

use crate::support::{OtlpExport, Records, Row, Telemetry, attributes, event, http_requests, points};

/// The identity of each point of an export.
fn identities(otlp: &OtlpExport) -> Vec<String> {
    let mut identities = Vec::new();
    for block in otlp.blocks(&Records::METRICS) {
        let resource = attributes(&block["resource"]);
        for scope in block["scopeMetrics"].as_array().expect("scopes") {
            for metric in scope["metrics"].as_array().expect("metrics") {
                for point in points(metric) {
                    let identity = json!([
                        resource,
                        metric["name"],
                        metric["unit"],
                        attributes(&point),
                        point["timeUnixNano"]
                    ]);
                    identities.push(identity.to_string());
                }
            }
        }
    }
    identities
}

fn assert_points_differ(rows: &[Row]) {
    let telemetry = Telemetry::of(rows);
    for temporality in [Temporality::Delta, Temporality::Cumulative] {
        let otlp = telemetry.otlp_with(OtlpOptions { temporality, ..OtlpOptions::default() });
        let mut known = HashSet::new();
        for identity in identities(&otlp) {
            assert!(
                known.insert(identity.clone()),
                "{temporality:?}: {identity} stands twice for\n{rows:#?}"
            );
        }
    }
}

fn names_and_units(rows: &[Row]) -> Vec<[Value; 2]> {
    let metrics = Telemetry::of(rows).otlp().metrics();
    metrics.into_iter().map(|metric| [metric["name"].clone(), metric["unit"].clone()]).collect()
}

#[test]
fn a_gauge_keeps_its_whole_key_if_an_earlier_one_of_its_event_has_its_name_and_unit() {
    let reading = |measurements: &str| event("ssh.network.info").with_text("measurements", measurements);
    let cases = [
        (r#"{"latencyMs":1,"latency_ms":2}"#, json!([["latency", "ms"], ["latency_ms", null]])),
        (r#"{"latency_ms":2,"latencyMs":1}"#, json!([["latency", "ms"], ["latencyMs", null]])),
        (r#"{"downMbits":1,"down_mbits":2}"#, json!([["down", "Mbit/s"], ["down_mbits", null]])),
        (r#"{"a_Ms":1,"a__ms":2}"#, json!([["a_", "ms"], ["a__ms", null]])),
        (r#"{"aMs":1,"a\u005fms":2}"#, json!([["a", "ms"], ["a_ms", null]])),
        // These do not clash: their units differ, or the first one gives no point.
        (r#"{"a":1,"a_ms":2,"a_bytes":3}"#, json!([["a", null], ["a", "ms"], ["a", "By"]])),
        (r#"{"aMs":null,"a_ms":2}"#, json!([["a", "ms"]])),
    ];
    for (measurements, expected) in cases {
        let expected = expected.as_array().expect("metrics").iter().map(|metric| {
            [json!(format!("ssh.network.info.{}", metric[0].as_str().expect("a name"))), metric[1].clone()]
        });
        assert_eq!(names_and_units(&[reading(measurements)]), expected.collect::<Vec<_>>(), "{measurements}");
    }
    let requests = http_requests(json!({ "avg_durationMs": 1, "avg_duration_ms": 2 }));
    let expected = [("avg_duration", json!("ms")), ("avg_duration_ms", Value::Null)];
    assert_eq!(
        names_and_units(&[requests]),
        expected.map(|(name, unit)| [json!(format!("http.requests.{name}")), unit])
    );
}

#[test]
fn a_key_is_kept_whole_only_in_events_that_need_it() {
    let reading = |second: u32, measurements| {
        event("ssh.network.info").measurements(measurements).at(&format!("2026-06-01T12:00:{second:02}Z"))
    };
    let rows = [
        reading(1, json!({ "latency_ms": 1 })),
        reading(2, json!({ "latencyMs": 2, "latency_ms": 3 })),
        reading(3, json!({ "latency_ms": 4 })),
    ];
    let otlp = Telemetry::of(&rows).otlp();
    let values = |name| {
        let metric = otlp.metric(&format!("ssh.network.info.{name}"));
        points(&metric).iter().map(|point| point["asDouble"].as_f64().expect("a number")).collect::<Vec<_>>()
    };
    assert_eq!(values("latency"), [1.0, 2.0, 4.0]);
    assert_eq!(values("latency_ms"), [3.0]);
}

/// If streams differ only in what is not written, they count as one stream and share its times.
#[test]
fn streams_that_are_written_the_same_are_one() {
    let reading = || event("ssh.network.info").measurements(json!({ "latencyMs": 1 }));
    let url = "https://dev.example.com";
    let pairs = [
        [
            reading().self_contained(json!({ "os_type": "win32" })),
            reading().self_contained(json!({ "os_type": "windows" })),
        ],
        [
            reading().self_contained(json!({ "host_arch": "x64" })),
            reading().self_contained(json!({ "host_arch": "amd64" })),
        ],
        [reading(), reading().properties(json!({ "coder.deployment.url": url }))],
        [
            reading().properties(json!({ "job": "1" })),
            reading().properties(json!({ "coder.property.job": "1" })),
        ],
        [
            reading().properties(json!({ "a": "1", "b": "2" })),
            reading().with_text("properties", r#"{"b":"2","\u0061":"1"}"#),
        ],
    ];
    for rows in pairs {
        assert_points_differ(&rows);
    }
}

/// Points of a clock that went back differ from earlier points in their nanoseconds, which no earlier point may have.
#[test]
fn points_of_a_clock_that_went_back_differ_from_earlier_ones_with_any_nanoseconds() {
    let wild = "2027-01-01T00:00:00Z";
    for nanoseconds in ["000000001", "000000002", "000999999", "999999999"] {
        let reading = |time: &str| event("ssh.network.info").measurements(json!({ "latencyMs": 1 })).at(time);
        let time = format!("2026-06-01T12:00:00.{nanoseconds}Z");
        assert_points_differ(&[&time, wild, &time, wild, &time].map(reading));
        // Its window ends this long after the event.
        let length: f64 = 1.0 - format!("0.{nanoseconds}").parse::<f64>().expect("a number");
        let requests = |time| http_requests(json!({ "count_2xx": 1, "window_seconds": length })).at(time);
        let time = "2026-06-01T12:00:00Z";
        assert_points_differ(&[time, wild, time, wild, time].map(requests));
    }
}

fn measurements() -> impl Strategy<Value = String> {
    let keys = [
        "latencyMs",
        "latency_ms",
        r"latency\u005fms",
        "latency_Ms",
        "latency__ms",
        "latency",
        "_ms",
        "Ms",
        "downMbits",
        "down_mbits",
        "size_bytes",
        "size_seconds",
        "avg_duration_ms",
        "avg_durationMs",
        "count_2xx",
        "count.2xx",
        "count_2xx_ms",
        "count_2xxMs",
        "window_seconds",
        r"\ud83d",
        r"\ufffd",
    ];
    let values = select(vec!["0", "1", "2.5", "0.999999999", "60", "-1", "null"]);
    (subsequence(keys.to_vec(), 0..=keys.len()), prop::collection::vec(values, keys.len())).prop_map(
        |(keys, values)| {
            let members = keys.iter().zip(values).map(|(key, value)| format!("\"{key}\":{value}"));
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        },
    )
}

fn metric_event() -> impl Strategy<Value = Row> {
    let names = select(vec!["ssh.network.info", "ssh.network.sampled", "http.requests"]);
    let properties = select(vec![
        "{}",
        r#"{"a":"1","b":"2"}"#,
        r#"{"b":"2","a":"1"}"#,
        r#"{"job":"1"}"#,
        r#"{"coder.property.job":"1"}"#,
        r#"{"coder.deployment.url":"https://dev.example.com"}"#,
        r#"{"coder.number_type":"double"}"#,
        r#"{"a":""}"#,
    ]);
    let context = select(vec![
        json!({}),
        json!({ "os_type": "win32" }),
        json!({ "os_type": "windows" }),
        json!({ "deployment_url": "" }),
        json!({ "host_arch": "x64" }),
        json!({ "host_arch": "amd64" }),
    ]);
    let times = select(vec![
        "2026-06-01T12:00:00Z",
        "2026-06-01T12:00:00.000000001Z",
        "2026-06-01T12:00:00.001Z",
        "2026-06-01T12:00:00.0015Z",
        "2026-06-01T12:00:01Z",
        "2026-06-01T12:01:00Z",
        "2026-06-03T12:00:00Z",
        "2026-06-04T13:00:00Z",
        "2027-01-01T00:00:00Z",
        "2027-01-03T00:00:00Z",
        "2262-04-11T23:47:16.854775806Z",
        "2262-04-11T23:47:16.854775807Z",
        "1970-01-01T00:00:00Z",
        "1970-01-01T00:00:00.001Z",
    ]);
    (names, properties, context, times, measurements()).prop_map(
        |(name, properties, context, time, measurements)| {
            event(name)
                .at(time)
                .with_text("properties", properties)
                .with_text("measurements", &measurements)
                .self_contained(context)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_two_points_of_a_session_share_name_unit_attributes_resource_and_time(
        rows in prop::collection::vec(metric_event(), 1..24)
    ) {
        assert_points_differ(&rows);
    }
}
