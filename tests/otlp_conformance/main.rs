//! Checks every OTLP part against the published protobuf types, and against rules that those types do not have.

#[path = "../support/mod.rs"]
mod support;

mod checker;
mod faults;

use std::path::Path;

use coder_telemetry_export::export::{OtlpOptions, Temporality};
use serde_json::json;

use support::{OtlpExport, Records, Row, Telemetry, event, http_requests, span};

fn assert_conforms(otlp: &OtlpExport) {
    assert!(otlp.summary.event_count > 0);
    for of in Records::ALL {
        for (name, text) in otlp.parts(of.signal) {
            checker::check(of, text).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        }
    }
}

fn assert_conforms_in_both_temporalities(telemetry: &Telemetry) {
    for temporality in [Temporality::Delta, Temporality::Cumulative] {
        for max_request_bytes in [OtlpOptions::MIN_MAX_REQUEST_BYTES, OtlpOptions::DEFAULT_MAX_REQUEST_BYTES]
        {
            let options = OtlpOptions { temporality, max_request_bytes, ..OtlpOptions::default() };
            assert_conforms(&telemetry.otlp_with(options));
        }
    }
}

#[test]
fn exports_of_every_layout_conform() {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/telemetry");
    for layout in ["current", "self-contained", "earliest"] {
        let mut telemetry = Telemetry::new();
        for file in std::fs::read_dir(sample.join(layout)).expect("the sample") {
            let file = file.expect("a file");
            let content = std::fs::read(file.path()).expect("a telemetry file");
            telemetry = telemetry.file(&file.file_name().to_string_lossy(), content);
        }
        assert_conforms_in_both_temporalities(&telemetry);
    }
}

/// Rows that use every member of the mapping, and rows that would break a careless writer.
fn odd_rows() -> Vec<Row> {
    let odd_text = r#""\ud83d \u0000 \" \\ \u2028 é 😀""#;
    let every_member = |row: Row| {
        row.properties(json!({ "": "", "é": "", "job": "", "__x": "", "a.b": "c", "error.type": "" }))
            .trace("any trace")
            .parent("any parent")
            .error(json!({ "message": "m", "type": "t", "code": "c" }))
            .with("schema_version", json!(2))
            .with("more", json!({ "null": null }))
    };
    let numbers = r#"{"a":1e400,"b":-0,"c":1E5,"d":0.1000000000000000055511151231257827,"e":12345678901234567890,"f":null,"":1,"durationMs":-1.5}"#;
    vec![
        event("log"),
        every_member(event("log")),
        every_member(event("log").measurements(json!({ "n": 1 }))).id(""),
        every_member(span("a.span.")).with_text("measurements", numbers),
        every_member(span("")).id("any id").with_text("event_sequence", "1.5"),
        span("span").measurements(json!({ "durationMs": 227.75 })).with_text("event_sequence", "1e400"),
        span("span").properties(json!({ "result": "aborted" })),
        event("odd")
            .with_text("event_name", odd_text)
            .with_text("properties", &format!("{{{odd_text}:{odd_text}}}")),
        span("odd").with_text("event_name", odd_text).with_text("trace_id", odd_text),
        every_member(http_requests(json!({ "count_2xx": 5, "avg_duration_ms": 1.5, "window_seconds": 60 }))),
        every_member(http_requests(json!({ "count_2xx": 0.5, "count_4xx": 0, "": 1, "é": -2.5 }))),
        http_requests(json!({}))
            .with_text("measurements", r#"{"count_2xx":9223372036854775808,"count_x":1e300}"#),
        every_member(event("ssh.network.info")).measurements(json!({ "latencyMs": 1, "download_mbits": 2 })),
        event("ssh.network.sampled").deployment("").measurements(json!({ "hops": 3 })),
        event("log")
            .self_contained(json!({ "platform_name": "\"\\\n\u{1}", "os_type": "", "deployment_url": "" })),
    ]
}

#[test]
fn exports_of_odd_rows_conform() {
    assert_conforms_in_both_temporalities(&Telemetry::of(&odd_rows()));
}

#[test]
fn exports_with_a_signal_that_has_no_record_conform() {
    for row in [event("x"), span("x"), http_requests(json!({ "count_2xx": 1 }))] {
        assert_conforms(&Telemetry::of(&[row]).otlp());
    }
}
