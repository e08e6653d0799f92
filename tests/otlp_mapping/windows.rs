//! Windows of a stream: they never overlap, never go back, and last at least a second.

use serde_json::{Value, json};

use crate::support::{NOON, Row, SECOND, Telemetry, event, http_requests, own_context, points};

const METRIC: &str = "http.requests.count_2xx";
const NOON_TEXT: &str = "2026-06-01T12:00:00Z";

fn requests(at: &str, window_seconds: &str) -> Row {
    let measurements = format!(r#"{{"count_2xx":1,"window_seconds":{window_seconds}}}"#);
    http_requests(json!({})).at(at).with_text("measurements", &measurements)
}

fn nanoseconds(time: &Value) -> i128 {
    time.as_str().and_then(|text| text.parse().ok()).expect("a time")
}

/// Start and end of the points of all entries, in nanoseconds after noon.
fn windows(telemetry: &Telemetry) -> Vec<(i128, i128)> {
    let otlp = telemetry.otlp();
    let metrics = otlp.metrics();
    let points = metrics.iter().filter(|metric| metric["name"] == METRIC).flat_map(points);
    let after_noon = |time: &Value| nanoseconds(time) - i128::from(NOON);
    points
        .map(|point| (after_noon(&point["startTimeUnixNano"]), after_noon(&point["timeUnixNano"])))
        .collect()
}

fn seconds(windows: &[(i128, i128)]) -> Vec<(i128, i128)> {
    windows.iter().map(|(start, end)| (start / i128::from(SECOND), end / i128::from(SECOND))).collect()
}

#[test]
fn a_window_starts_its_seconds_rounded_half_up_before_its_end() {
    for (window_seconds, length) in [
        ("60", 60_000_000_000),
        ("60.5", 60_500_000_000),
        ("1.0000000005", 1_000_000_001),
        ("1e1", 10_000_000_000),
    ] {
        let windows = windows(&Telemetry::of(&[requests(NOON_TEXT, window_seconds)]));
        assert_eq!(windows, [(-length, 0)], "{window_seconds}");
    }
}

#[test]
fn a_window_whose_length_is_missing_null_or_not_positive_has_the_minimum_length() {
    let second = i128::from(SECOND);
    for window_seconds in ["null", "0", "-60", "-1e400", "0.5"] {
        let start = if window_seconds == "0.5" { -second / 2 } else { 0 };
        let windows = windows(&Telemetry::of(&[requests(NOON_TEXT, window_seconds)]));
        assert_eq!(windows, [(start, start + second)], "{window_seconds}");
    }
    let missing = http_requests(json!({ "count_2xx": 1 }));
    assert_eq!(windows(&Telemetry::of(&[missing])), [(0, second)]);
}

#[test]
fn a_window_never_starts_before_1970() {
    for window_seconds in ["6", "1e300", "1e400"] {
        let windows = windows(&Telemetry::of(&[requests("1970-01-01T00:00:05Z", window_seconds)]));
        assert_eq!(windows, [(-i128::from(NOON), 5 * i128::from(SECOND) - i128::from(NOON))]);
    }
}

#[test]
fn windows_of_a_stream_never_overlap_and_keep_their_gaps() {
    let rows = [
        requests("2026-06-01T12:00:00Z", "60"),
        requests("2026-06-01T12:00:30Z", "60"),
        requests("2026-06-01T12:05:00Z", "60"),
    ];
    assert_eq!(seconds(&windows(&Telemetry::of(&rows))), [(-60, 0), (0, 30), (240, 300)]);
}

#[test]
fn a_window_never_goes_back_and_lasts_at_least_a_second() {
    let rows = [
        requests("2026-06-01T12:00:00Z", "60"),
        requests("2026-06-01T12:00:00Z", "60"),
        requests("2026-06-01T11:00:00Z", "60"),
        requests("2026-06-01T12:00:02.5Z", "60"),
    ];
    let second = i128::from(SECOND);
    assert_eq!(
        windows(&Telemetry::of(&rows)),
        [(-60 * second, 0), (0, second), (second, 2 * second), (2 * second, 3 * second)]
    );
}

#[test]
fn an_event_more_than_a_day_ahead_does_not_move_later_events() {
    let day_after = |rest: &str| requests(&format!("2026-06-02T12:00:00{rest}"), "60");
    let more = Telemetry::of(&[day_after(".000000001Z"), requests(NOON_TEXT, "60")]);
    assert_eq!(seconds(&windows(&more))[1], (-60, 0));
    let just = Telemetry::of(&[day_after("Z"), requests(NOON_TEXT, "60")]);
    assert_eq!(seconds(&windows(&just))[1], (86_400, 86_401));
    let behind = Telemetry::of(&[day_after(".5Z"), requests(NOON_TEXT, "60"), requests(NOON_TEXT, "60")]);
    assert_eq!(seconds(&windows(&behind))[2], (0, 1));
}

#[test]
fn only_a_window_that_gave_a_point_counts() {
    let without_a_point = http_requests(json!({ "count_2xx": null, "window_seconds": 60 }));
    let rows = [without_a_point.at("2026-06-01T12:00:30Z"), requests("2026-06-01T12:01:00Z", "60")];
    assert_eq!(seconds(&windows(&Telemetry::of(&rows))), [(0, 60)]);
    let with_a_gauge = http_requests(json!({ "avg_ms": 1, "window_seconds": 60 }));
    let rows = [with_a_gauge.at("2026-06-01T12:00:30Z"), requests("2026-06-01T12:01:00Z", "60")];
    assert_eq!(seconds(&windows(&Telemetry::of(&rows))), [(30, 60)]);
}

#[test]
fn a_stream_is_a_session_a_context_a_name_and_properties() {
    let later = requests("2026-06-01T12:00:30Z", "60");
    let other_streams = [
        requests(NOON_TEXT, "60").properties(json!({ "host": "a" })),
        requests(NOON_TEXT, "60").deployment("https://other.example.com"),
        requests(NOON_TEXT, "60").self_contained(json!({ "extension_version": "9" })),
        requests(NOON_TEXT, "60").self_contained(json!({ "machine_id": "9" })),
        requests(NOON_TEXT, "60").self_contained(json!({ "platform_version": "9" })),
    ];
    for other in other_streams {
        let windows = seconds(&windows(&Telemetry::of(&[other.clone(), later.clone()])));
        assert!(windows.contains(&(-30, 30)), "{other}: {windows:?}");
    }
    let other_session = Telemetry::new()
        .session("a", &[requests(NOON_TEXT, "60")])
        .session("b", std::slice::from_ref(&later));
    assert!(seconds(&windows(&other_session)).contains(&(-30, 30)));
    let next_file = Telemetry::new().session("a", &[requests(NOON_TEXT, "60")]).session("a.1", &[later]);
    assert_eq!(seconds(&windows(&next_file)), [(-60, 0), (0, 30)]);
}

#[test]
fn the_order_of_properties_does_not_distinguish_streams() {
    let spelled = [
        r#"{"a":"1","b":"2"}"#,
        r#"{ "b":"2", "a":"1" }"#,
        r#"{"a":"0","b":"2","a":"1"}"#,
        r#"{"\u0061":"1","b":"\u0032"}"#,
    ];
    let rows = spelled.map(|properties| requests(NOON_TEXT, "60").with_text("properties", properties));
    assert_eq!(seconds(&windows(&Telemetry::of(&rows))), [(-60, 0), (0, 1), (1, 2), (2, 3)]);
    let different =
        [r#"{"a":"1b","c":""}"#, r#"{"a":"1","bc":""}"#, r#"{"a":"1","b":"c"}"#, r#"{"a":"","1b":"c"}"#];
    let rows = different.map(|properties| requests(NOON_TEXT, "60").with_text("properties", properties));
    assert_eq!(seconds(&windows(&Telemetry::of(&rows))), [(-60, 0); 4]);
}

#[test]
fn a_stream_outlives_a_change_of_deployment_and_back() {
    let rows = [
        requests("2026-06-01T12:00:00Z", "60"),
        requests("2026-06-01T12:00:10Z", "60").deployment("https://other.example.com"),
        event("x").self_contained(own_context(json!({ "os_version": "9" }))),
        requests("2026-06-01T12:00:30Z", "60"),
        requests("2026-06-01T12:00:40Z", "60").deployment("https://other.example.com"),
    ];
    let telemetry = Telemetry::of(&rows);
    assert_eq!(seconds(&windows(&telemetry)), [(-60, 0), (-50, 10), (0, 30), (10, 40)]);
    let totals: Vec<_> = telemetry
        .cumulative()
        .metrics()
        .iter()
        .flat_map(points)
        .map(|point| point["asInt"].clone())
        .collect();
    assert_eq!(totals, ["0", "1", "0", "1", "2", "2"]);
}

#[test]
fn a_running_total_starts_with_the_earliest_window_even_if_that_came_later() {
    let rows = [requests("2026-06-03T12:00:00Z", "60"), requests(NOON_TEXT, "60")];
    let metric = Telemetry::of(&rows).cumulative().metric(METRIC);
    let last = points(&metric).pop().expect("a point");
    assert_eq!(last["asInt"], "2");
    assert_eq!(nanoseconds(&last["startTimeUnixNano"]), i128::from(NOON - 60 * SECOND));
}

#[test]
fn all_points_of_an_event_carry_its_window() {
    let first = requests(NOON_TEXT, "60");
    let second = http_requests(json!({ "count_2xx": 1, "count_4xx": 0, "avg_ms": 2, "window_seconds": 60 }));
    let otlp = Telemetry::of(&[first, second]).otlp();
    let window = (json!(NOON.to_string()), json!((NOON + SECOND).to_string()));
    for name in [METRIC, "http.requests.count_4xx", "http.requests.avg"] {
        let point = points(&otlp.metric(name)).pop().expect("a point");
        assert_eq!((point["startTimeUnixNano"].clone(), point["timeUnixNano"].clone()), window, "{name}");
    }
}

#[test]
fn a_window_at_the_end_of_time_stays_within_it() {
    let windows = windows(&Telemetry::of(&[requests("2262-04-11T23:47:16.854775807Z", "0")]));
    assert_eq!(windows[0].1 + i128::from(NOON), i128::from(i64::MAX));
}
