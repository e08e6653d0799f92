//! Requests, the manifest and the zip they come in.

use serde_json::{Value, json};

use crate::support::{OtlpExport, Records, Telemetry, event, http_requests, span};

fn one_of_each() -> OtlpExport {
    Telemetry::of(&[event("x"), span("x"), http_requests(json!({ "count_2xx": 1, "avg_ms": 2 }))]).otlp()
}

#[test]
fn every_request_is_one_json_object_on_one_line() {
    for (name, text) in one_of_each().entries {
        assert!(text.ends_with('\n'), "{name}");
        assert_eq!(text.matches('\n').count(), 1, "{name}");
        assert!(text.starts_with('{'), "{name}");
        serde_json::from_str::<Value>(&text).expect("valid JSON");
    }
}

#[test]
fn the_entries_are_logs_traces_metrics_and_the_manifest_last() {
    assert_eq!(one_of_each().names(), ["logs.json", "traces.json", "metrics.json", "manifest.json"]);
}

#[test]
fn a_signal_without_a_record_still_has_its_file_with_an_empty_list() {
    for (row, empty) in [
        (event("x"), vec![&Records::TRACES, &Records::METRICS]),
        (span("x"), vec![&Records::LOGS, &Records::METRICS]),
        (http_requests(json!({ "count_2xx": 1 })), vec![&Records::LOGS, &Records::TRACES]),
    ] {
        let otlp = Telemetry::of(&[row]).otlp();
        for of in empty {
            let name = format!("{}.json", of.signal);
            assert_eq!(otlp.text(&name), format!("{{\"{}\":[]}}\n", of.resources));
            let parts = otlp.manifest()["parts"].clone();
            let part =
                parts.as_array().and_then(|parts| parts.iter().find(|part| part["file"] == name.as_str()));
            assert_eq!(part.map(|part| part["records"].clone()), Some(json!(0)));
        }
    }
}

#[test]
fn the_scope_list_comes_before_the_resource_and_times_come_first_in_a_record() {
    let otlp = one_of_each();
    for (of, first) in [
        (&Records::LOGS, r#""logRecords":[{"timeUnixNano":""#),
        (&Records::TRACES, r#""spans":[{"startTimeUnixNano":""#),
        (&Records::METRICS, r#""dataPoints":[{"startTimeUnixNano":""#),
    ] {
        let text = otlp.text(&format!("{}.json", of.signal)).to_owned();
        let begin = format!("{{\"{}\":[{{\"{}\":[", of.resources, of.scopes);
        assert!(text.starts_with(&begin), "{text}");
        assert!(text.contains(first), "{text}");
        assert!(text.find("\"resource\":") > text.find(first), "{text}");
    }
    let log = otlp.text("logs.json");
    assert!(log.contains(r#"","observedTimeUnixNano":""#));
    assert!(otlp.text("traces.json").contains(r#"","endTimeUnixNano":""#));
    assert!(otlp.text("metrics.json").contains(r#"","timeUnixNano":""#));
    let reading = Telemetry::of(&[event("ssh.network.info").measurements(json!({ "hops": 1 }))]).otlp();
    assert!(reading.text("metrics.json").contains(r#""dataPoints":[{"timeUnixNano":""#));
}

#[test]
fn nothing_is_ever_null() {
    let row = span("x")
        .with("parent_event_id", json!(null))
        .with("error", json!({ "message": "m", "type": null, "code": null }))
        .measurements(json!({ "durationMs": null, "a": null }));
    let log = event("x").with("trace_id", json!(null)).with("error", json!(null));
    let requests = http_requests(json!({ "count_2xx": 1, "count_3xx": null, "window_seconds": null }));
    for (name, text) in Telemetry::of(&[row, log, requests]).otlp().entries {
        if name != "manifest.json" {
            assert!(!text.contains("null"), "{text}");
        }
    }
}

#[test]
fn the_manifest_says_what_is_in_the_zip_and_where_it_comes_from() {
    let telemetry = Telemetry::of(&[
        event("x"),
        span("x"),
        span("y"),
        http_requests(json!({ "count_2xx": 1, "avg_ms": 2, "count_3xx": -1 })),
        event("bad").without("event_id"),
    ]);
    std::fs::create_dir(telemetry.path().join("telemetry-2026-06-01-folder.jsonl")).expect("a folder");
    let otlp = telemetry.otlp();
    let length = |name: &str| otlp.text(name).len();
    assert_eq!(
        otlp.manifest(),
        json!({
            "manifestVersion": 1,
            "exporter": { "name": "coder-telemetry-export", "version": env!("CARGO_PKG_VERSION") },
            "exportedAt": "2026-06-12T09:00:00.000Z",
            "format": "otlp-json",
            "temporality": "delta",
            "spanName": "leaf",
            "range": { "label": "All time", "start": null, "end": null },
            "source": {
                "files": 2,
                "skippedFiles": [
                    { "file": "telemetry-2026-06-01-folder.jsonl", "reason": "it is no regular file" },
                ],
                "events": 4,
                "badLines": 1,
                "droppedPoints": 1,
            },
            "records": { "logs": 1, "traces": 2, "metrics": 2 },
            "parts": [
                { "file": "logs.json", "signal": "logs", "records": 1, "bytes": length("logs.json") },
                { "file": "traces.json", "signal": "traces", "records": 2, "bytes": length("traces.json") },
                { "file": "metrics.json", "signal": "metrics", "records": 2, "bytes": length("metrics.json") },
            ],
        })
    );
}

#[test]
fn the_manifest_names_the_options_and_the_window() {
    let telemetry = Telemetry::of(&[event("x")]);
    assert_eq!(telemetry.cumulative().manifest()["temporality"], "cumulative");
    assert_eq!(telemetry.with_full_span_names().manifest()["spanName"], "full");
    let format = coder_telemetry_export::export::Format::Otlp(Default::default());
    let (summary, zip) = telemetry.export("2026-06-01", format).expect("an export");
    assert_eq!(
        OtlpExport::read(summary, &zip).manifest()["range"],
        json!({ "label": "2026-06-01", "start": "2026-06-01T00:00:00.000Z", "end": "2026-06-02T00:00:00.000Z" })
    );
}

#[test]
fn without_events_no_file_is_written() {
    let otlp = Telemetry::of(&[]).otlp();
    assert_eq!(otlp.entries.len(), 0);
    assert_eq!((otlp.summary.event_count, otlp.summary.bytes_written), (0, 0));
    assert_eq!(otlp.summary.otlp.map(|otlp| otlp.parts.len()), Some(0));
}
