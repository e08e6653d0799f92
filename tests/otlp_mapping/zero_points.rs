//! The zero point that a counter begins with in a cumulative export.

use std::collections::BTreeMap;

use coder_telemetry_export::export::{Format, OtlpOptions, Temporality};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{
    NOON, OtlpExport, Row, SECOND, Telemetry, attributes, http_requests, own_context, points, text_attributes,
};

const METRIC: &str = "http.requests.count_2xx";
const NOON_TEXT: &str = "2026-06-01T12:00:00Z";

/// A window of a minute with one count.
fn requests(at: &str, count: &str) -> Row {
    counted(at, &format!(r#"{{"window_seconds":60,"count_2xx":{count}}}"#))
}

fn counted(at: &str, measurements: &str) -> Row {
    http_requests(json!({})).at(at).with_text("measurements", measurements)
}

/// The points of a metric in all resource blocks.
fn points_of(otlp: &OtlpExport, metric: &str) -> Vec<Value> {
    otlp.metrics().iter().filter(|entry| entry["name"] == metric).flat_map(points).collect()
}

fn value(point: &Value) -> Value {
    point.get("asInt").or(point.get("asDouble")).cloned().expect("a value")
}

fn values(otlp: &OtlpExport, metric: &str) -> Vec<Value> {
    points_of(otlp, metric).iter().map(value).collect()
}

/// Whether a point's start and time are both `time`.
fn is_at(point: &Value, time: u64) -> bool {
    let time = json!(time.to_string());
    point["startTimeUnixNano"] == time && point["timeUnixNano"] == time
}

#[test]
fn a_counter_begins_with_a_zero_at_the_start_of_its_first_window() {
    for (measurements, start) in [
        (r#"{"count_2xx":5,"window_seconds":60}"#, NOON - 60 * SECOND),
        (r#"{"count_2xx":0,"window_seconds":60}"#, NOON - 60 * SECOND),
        // Windows without a length last a second.
        (r#"{"count_2xx":5,"window_seconds":0}"#, NOON),
        (r#"{"count_2xx":5}"#, NOON),
        (r#"{"count_2xx":5,"window_seconds":1e300}"#, 0),
    ] {
        let otlp = Telemetry::of(&[counted(NOON_TEXT, measurements)]).cumulative();
        let points = points_of(&otlp, METRIC);
        assert_eq!(points.len(), 2, "{measurements}");
        assert!(is_at(&points[0], start), "{measurements}: {}", points[0]);
        assert_eq!(points[0]["asInt"], "0", "{measurements}");
        assert_eq!(points[1]["startTimeUnixNano"], points[0]["startTimeUnixNano"], "{measurements}");
        assert_ne!(points[1]["timeUnixNano"], points[0]["timeUnixNano"], "{measurements}");
        assert_eq!(points[1]["attributes"], points[0]["attributes"], "{measurements}");
    }
}

#[test]
fn a_zero_has_the_number_type_of_the_first_total() {
    for (counts, expected) in [
        (&["5", "0.5"][..], json!([{ "asInt": "0" }, { "asInt": "5" }, { "asDouble": 5.5 }])),
        (&["0.5", "5"], json!([{ "asDouble": 0.0 }, { "asDouble": 0.5 }, { "asDouble": 5.5 }])),
        (&["9223372036854775808"], json!([{ "asDouble": 0.0 }, { "asDouble": 9_223_372_036_854_775_808.0 }])),
    ] {
        let rows: Vec<_> = counts.iter().map(|count| requests(NOON_TEXT, count)).collect();
        let otlp = Telemetry::of(&rows).cumulative();
        let numbers: Vec<_> = points_of(&otlp, METRIC)
            .into_iter()
            .map(|mut point| {
                point.as_object_mut().expect("an object").retain(|key, _| key.starts_with("as"));
                point
            })
            .collect();
        assert_eq!(json!(numbers), expected, "{counts:?}");
    }
}

#[test]
fn deltas_and_gauges_have_no_zero_point() {
    let row = counted(NOON_TEXT, r#"{"count_2xx":5,"avg_ms":3,"window_seconds":60}"#);
    let telemetry = Telemetry::of(&[row]);
    assert_eq!(values(&telemetry.otlp(), METRIC), ["5"]);
    for otlp in [telemetry.otlp(), telemetry.cumulative()] {
        assert_eq!(values(&otlp, "http.requests.avg"), [3]);
    }
}

#[test]
fn each_session_deployment_set_of_properties_and_measurement_has_a_zero_of_its_own() {
    let first = requests(NOON_TEXT, "5");
    for other in [
        first.clone().deployment("https://other.example.com"),
        first.clone().properties(json!({ "route": "/" })),
        first.clone().self_contained(json!({ "session_id": "other" })),
    ] {
        let telemetry = Telemetry::of(&[first.clone(), other.clone(), other.clone(), first.clone()]);
        let mut values = values(&telemetry.cumulative(), METRIC);
        values.sort_by_key(Value::to_string);
        assert_eq!(values, ["0", "0", "10", "10", "5", "5"], "{other}");
    }
    let two = counted(NOON_TEXT, r#"{"count_2xx":5,"count_4xx":1}"#);
    let otlp = Telemetry::of(&[first.clone(), two.clone(), two]).cumulative();
    assert_eq!(values(&otlp, METRIC), ["0", "5", "10", "15"]);
    assert_eq!(values(&otlp, "http.requests.count_4xx"), ["0", "1", "2"]);
    let sessions = Telemetry::new().session("a", std::slice::from_ref(&first)).session("b", &[first]);
    assert_eq!(values(&sessions.cumulative(), METRIC), ["0", "5", "0", "5"]);
}

/// Prometheus has one series for all of them, and a second zero could be earlier than the last sample.
#[test]
fn another_context_file_or_spelling_gives_no_second_zero() {
    let first = requests(NOON_TEXT, "5").properties(json!({ "a": "1", "b": "2" }));
    for member in [
        "extension_version",
        "machine_id",
        "os_type",
        "os_version",
        "host_arch",
        "platform_name",
        "platform_version",
    ] {
        let other = first.clone().self_contained(own_context(json!({ member: "9" })));
        let values = values(&Telemetry::of(&[first.clone(), other]).cumulative(), METRIC);
        assert_eq!(values, ["0", "5", "5"], "{member}");
    }
    let next_file = Telemetry::new()
        .session("a", std::slice::from_ref(&first))
        .session("a.1", std::slice::from_ref(&first));
    assert_eq!(values(&next_file.cumulative(), METRIC), ["0", "5", "10"]);
    for properties in [r#"{"b":"2","a":"1"}"#, r#"{"\u0061":"1","b":"3","b":"2"}"#] {
        let spelled = first.clone().with_text("properties", properties);
        let otlp = Telemetry::of(&[first.clone(), spelled]).cumulative();
        assert_eq!(values(&otlp, METRIC), ["0", "5", "10"], "{properties}");
    }
}

#[test]
fn a_count_that_gives_no_point_begins_no_counter() {
    let rows = [
        counted("2026-06-01T12:00:00Z", r#"{"window_seconds":60,"count_2xx":null,"avg_ms":1}"#),
        requests("2026-06-01T12:02:00Z", "5"),
    ];
    let points = points_of(&Telemetry::of(&rows).cumulative(), METRIC);
    assert_eq!(points.iter().map(value).collect::<Vec<_>>(), ["0", "5"]);
    assert!(is_at(&points[0], NOON + 60 * SECOND), "{}", points[0]);
}

#[test]
fn a_zero_point_counts_as_a_data_point_but_not_as_an_event() {
    let rows = [requests(NOON_TEXT, "5"), requests(NOON_TEXT, "5").properties(json!({ "route": "/" }))];
    let telemetry = Telemetry::of(&rows);
    for (otlp, points) in [(telemetry.otlp(), 2), (telemetry.cumulative(), 4)] {
        let manifest = otlp.manifest();
        assert_eq!(manifest["records"]["metrics"], points);
        assert_eq!(manifest["parts"][2]["records"], points);
        assert_eq!(manifest["source"]["events"], 2);
        assert_eq!(otlp.summary.otlp.as_ref().map(|otlp| otlp.records.metrics), Some(points));
        assert_eq!(otlp.summary.signals.map(|signals| signals.events.metrics), Some(2));
    }
}

#[test]
fn a_zero_point_may_be_the_last_of_a_part() {
    let temporality = Temporality::Cumulative;
    let max_request_bytes = OtlpOptions::MIN_MAX_REQUEST_BYTES;
    let export = |padding: usize| {
        let rows = [json!({ "p": "p".repeat(padding) }), json!({ "p": "p".repeat(30_000) })]
            .map(|properties| requests(NOON_TEXT, "5").properties(properties));
        Telemetry::of(&rows).otlp_with(OtlpOptions {
            temporality,
            max_request_bytes,
            ..OtlpOptions::default()
        })
    };
    let records = |otlp: &OtlpExport| -> Vec<Value> {
        let manifest = otlp.manifest();
        let parts = manifest["parts"].as_array().expect("parts").iter();
        parts.filter(|part| part["signal"] == "metrics").map(|part| part["records"].clone()).collect()
    };
    let otlp = export(10_000);
    assert_eq!(records(&otlp), [3, 1]);
    let last = points(&otlp.metrics()[0]).pop().expect("a point");
    assert!(is_at(&last, NOON - 60 * SECOND), "{last}");
    assert_eq!(values(&otlp, METRIC), ["0", "5", "0", "5"]);
}

/// If two exports divide a session, they must not have points of one counter at the same time: Prometheus refuses them.
#[test]
fn a_zero_is_not_before_the_range() {
    const MIDNIGHT: u64 = NOON - 12 * 3600 * SECOND;
    for (end, length, zero) in [
        // The window starts before the day.
        (30, 60, MIDNIGHT),
        // The window ends where the day begins.
        (0, 60, MIDNIGHT - 1_000_000),
        // The window starts with the day or later.
        (60, 60, MIDNIGHT),
        (90, 60, MIDNIGHT + 30 * SECOND),
        (0, 0, MIDNIGHT),
    ] {
        let measurements = format!(r#"{{"window_seconds":{length},"count_2xx":5}}"#);
        let row = counted(&format!("2026-06-01T00:{:02}:{:02}Z", end / 60, end % 60), &measurements);
        let options = OtlpOptions { temporality: Temporality::Cumulative, ..OtlpOptions::default() };
        let (summary, bytes) =
            Telemetry::of(&[row]).export("2026-06-01", Format::Otlp(options)).expect("an export");
        let points = points_of(&OtlpExport::read(summary, &bytes), METRIC);
        let start = (MIDNIGHT + end * SECOND - length * SECOND).to_string();
        assert_eq!(points[0]["timeUnixNano"], zero.to_string(), "{measurements} at {end}");
        assert_eq!(points[0]["startTimeUnixNano"], start, "{measurements} at {end}");
        assert_eq!(points[1]["startTimeUnixNano"], start, "{measurements} at {end}");
    }
}

/// One event of a session: how far its clock moves, its length, its counts, its deployment and its route.
#[derive(Clone, Debug)]
struct Sketch {
    step: i64,
    window_seconds: u32,
    counts: [Option<u32>; 2],
    deployment: usize,
    route: usize,
}

fn sketches() -> impl Strategy<Value = Vec<Sketch>> {
    let count = prop::option::weighted(0.7, 0..20_u32);
    let sketch = (-90..180_i64, 0..120_u32, [count.clone(), count], 0..2_usize, 0..2_usize).prop_map(
        |(step, window_seconds, counts, deployment, route)| Sketch {
            step,
            window_seconds,
            counts,
            deployment,
            route,
        },
    );
    prop::collection::vec(sketch, 1..60)
}

/// What distinguishes series of one session in Prometheus.
type BySeries<Of> = BTreeMap<(String, String), Of>;

fn rows(sketches: &[Sketch]) -> (Vec<Row>, BySeries<u64>) {
    let mut seconds = 6 * 3600;
    let mut rows = Vec::new();
    let mut stored = BySeries::new();
    for sketch in sketches {
        seconds = (seconds + sketch.step).max(0);
        let (deployment, route) = (format!("https://{}", sketch.deployment), format!("/{}", sketch.route));
        let mut measurements = json!({ "window_seconds": sketch.window_seconds });
        for (name, count) in ["count_2xx", "count_5xx"].iter().zip(sketch.counts) {
            if let Some(count) = count {
                measurements[name] = json!(count);
                let key = (format!("http.requests.{name}"), format!("{deployment}{route}"));
                *stored.entry(key).or_default() += u64::from(count);
            }
        }
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        rows.push(
            http_requests(measurements)
                .at(&format!("2026-06-01T{hour:02}:{minute:02}:{second:02}Z"))
                .properties(json!({ "route": route }))
                .deployment(&deployment),
        );
    }
    (rows, stored)
}

/// The samples of each series by time. They must be at least a millisecond apart.
fn samples(otlp: &OtlpExport) -> BySeries<Vec<u64>> {
    let mut series = BySeries::<Vec<(u64, u64)>>::new();
    for metric in otlp.metrics() {
        for point in points(&metric) {
            let labels = text_attributes(&point);
            let text = |key: &str| labels[key].as_str().expect("a text").to_owned();
            let number =
                |member: &str| point[member].as_str().and_then(|text| text.parse().ok()).expect("one");
            let name = metric["name"].as_str().expect("a name").to_owned();
            let key = (name, text("coder.deployment.url") + &text("route"));
            let millisecond = number("timeUnixNano") / 1_000_000;
            series.entry(key).or_default().push((millisecond, number("asInt")));
            assert_eq!(attributes(&point).len(), 2);
        }
    }
    let in_order = series.into_iter().map(|(key, mut samples)| {
        samples.sort_unstable();
        assert!(samples.windows(2).all(|pair| pair[0].0 < pair[1].0), "{key:?}: {samples:?}");
        (key, samples.into_iter().map(|(_, value)| value).collect())
    });
    in_order.collect()
}

/// What `increase()` computes: the sum of all differences, or of the whole value after a reset.
fn increase(samples: &[u64]) -> u64 {
    samples.windows(2).map(|pair| if pair[1] < pair[0] { pair[1] } else { pair[1] - pair[0] }).sum()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_increase_of_every_series_is_all_that_was_counted(sketches in sketches()) {
        let (rows, stored) = rows(&sketches);
        let otlp = Telemetry::of(&rows).cumulative();
        let increases: BySeries<u64> =
            samples(&otlp).into_iter().map(|(key, samples)| (key, increase(&samples))).collect();
        prop_assert_eq!(increases, stored);
    }
}
