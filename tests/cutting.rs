//! An export is the same however its rows are divided into files and blocks, and with any number of threads.

mod support;

use coder_telemetry_export::export::{OtlpOptions, Temporality};
use serde_json::json;

use support::{Row, Telemetry, event, header, http_requests, lines, own_context, span};

/// Rows of one session: all signals, streams that come back, changing deployments and headers, and lengths from a hundred
/// bytes to more than a block.
fn rows() -> Vec<Row> {
    let header_of = |version: usize| {
        let mut context = own_context(json!({ "extension_version": format!("1.{version}") }));
        context.as_object_mut().expect("an object").remove("deployment_url");
        header().with("context", context)
    };
    let row = |n: usize| {
        let row = match n % 6 {
            0 => event("log"),
            1 => span("a.span").measurements(json!({ "durationMs": n })),
            2 => event("ssh.network.sampled").measurements(json!({ "latencyMs": n, "hops": null })),
            3 => {
                http_requests(json!({ "count_2xx": n, "count_4xx": 0.5, "avg_ms": n, "window_seconds": 60 }))
            }
            4 => http_requests(json!({ "count_2xx": 1, "window_seconds": 3 })),
            _ => event("bad").without("timestamp"),
        };
        let padding = if n % 211 == 210 { 400_000 } else { n * 7919 % 3000 };
        let contact = match n % 37 {
            5 | 6 => format!("user-{}@corp.example", n % 3),
            9 => format!("10.1.2.{} or user-{n}@corp.example", n % 5),
            _ => "nobody".to_owned(),
        };
        let properties = json!({
            "stream": (n % 5).to_string(),
            "contact": contact,
            "padding": "p".repeat(padding - padding % 1500),
        });
        let row = row.id(&format!("{:016x}", n + 1)).properties(properties);
        let row = row.deployment(["A", "A", "B"][n / 50 % 3]);
        let own = |row: Row| row.self_contained(json!({ "deployment_url": "C" }));
        let row = if n.is_multiple_of(97) { own(row) } else { row };
        if n % 6 == 5 {
            row
        } else {
            row.at(&format!("2026-06-01T{:02}:{:02}:{:02}Z", n / 240, n / 4 % 60, n % 4 * 15))
        }
    };
    let mut rows = vec![header_of(0)];
    for n in 0..1200 {
        if n % 350 == 349 {
            rows.push(header_of(n % 2));
        }
        rows.push(row(n));
    }
    rows
}

/// The rows as a session in parts of a number of rows. Each part begins with the header that its rows inherit from.
fn in_parts(rows: &[Row], rows_in_part: usize, threads: usize) -> Telemetry {
    let mut telemetry = Telemetry::new().with_threads(threads);
    let mut header = None;
    for (part, chunk) in rows.chunks(rows_in_part).enumerate() {
        let inherited = header.clone();
        let is_header = |row: &&Row| row.to_string().starts_with("{\"kind\":\"header\"");
        header = chunk.iter().rfind(is_header).cloned().or(header);
        let rows: Vec<_> = inherited.into_iter().chain(chunk.iter().cloned()).collect();
        telemetry = telemetry.file(&support::file_name(&format!("a.{part}")), lines(&rows));
    }
    telemetry
}

#[test]
fn a_json_array_is_the_same_however_rows_are_cut() {
    let rows = rows();
    let whole = in_parts(&rows, rows.len(), 1).json();
    assert_eq!((whole.summary.event_count, whole.summary.bad_lines), (1000, 200));
    for (rows_in_part, threads) in [(rows.len(), 4), (500, 2), (7, 1), (1, 4)] {
        let cut = in_parts(&rows, rows_in_part, threads).json();
        assert!(cut.text == whole.text, "{rows_in_part} rows in a part, {threads} threads");
    }
}

#[test]
fn an_otlp_export_is_the_same_however_rows_are_cut() {
    let rows = rows();
    for temporality in [Temporality::Delta, Temporality::Cumulative] {
        let max_request_bytes = OtlpOptions::MIN_MAX_REQUEST_BYTES;
        let options = OtlpOptions { temporality, max_request_bytes, ..OtlpOptions::default() };
        let whole = in_parts(&rows, rows.len(), 1).otlp_with(options.clone());
        assert_eq!(whole.summary.event_count, 1000);
        for (rows_in_part, threads) in [(rows.len(), 4), (500, 2), (7, 1), (1, 4)] {
            let cut = in_parts(&rows, rows_in_part, threads).otlp_with(options.clone());
            assert_eq!(cut.names(), whole.names());
            for ((name, cut), (_, whole)) in cut.entries.iter().zip(&whole.entries) {
                // The manifest differs: it says how many files there were.
                let same = cut == whole || name == "manifest.json";
                assert!(same, "{name}: {rows_in_part} rows in a part, {threads} threads");
            }
        }
    }
}

#[test]
fn the_figures_of_a_report_are_the_same_however_rows_are_cut() {
    let rows = rows();
    let whole = in_parts(&rows, rows.len(), 1).html();
    assert_eq!(whole.summary.event_count, 1000);
    for (rows_in_part, threads) in [(rows.len(), 4), (500, 2), (7, 1), (1, 4)] {
        let cut = in_parts(&rows, rows_in_part, threads).html();
        let same = cut.sections_of_events() == whole.sections_of_events();
        assert!(same, "{rows_in_part} rows in a part, {threads} threads");
    }
}

#[test]
fn a_report_has_the_same_bytes_each_time_and_with_any_number_of_threads() {
    let rows = rows();
    for rows_in_part in [rows.len(), 7] {
        let once = in_parts(&rows, rows_in_part, 1).html().page;
        for threads in [1, 2, 3, 8] {
            let again = in_parts(&rows, rows_in_part, threads).html().page;
            assert!(again == once, "{rows_in_part} rows in a part, {threads} threads");
        }
    }
}
