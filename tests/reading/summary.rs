//! The lists of a summary, their order and limit, and the agreement of OTLP and report on signals.

use coder_telemetry_export::summary::{SignalCounts, SignalSummary, Summary};
use serde_json::json;

use crate::support::{Telemetry, event, header, http_requests, lines, span};

/// One of each format.
fn summaries(telemetry: &Telemetry) -> [Summary; 3] {
    [telemetry.json().summary, telemetry.otlp().summary, telemetry.html().summary]
}

#[test]
fn bad_lines_are_ordered_by_date_session_part_and_line() {
    let good = event("x").self_contained(json!({})).to_string();
    let telemetry = Telemetry::new()
        .file("telemetry-2026-06-02-a.jsonl", format!("{good}\nbad\n"))
        .file("telemetry-2026-06-01-b.jsonl", format!("bad\n{good}\nbad\n"))
        .file("telemetry-2026-06-01-a.10.jsonl", "bad\n")
        .file("telemetry-2026-06-01-a.9.jsonl", "bad\n")
        .file("telemetry-2026-06-01-c.jsonl", "bad\n");
    for summary in summaries(&telemetry) {
        let samples = summary.bad_line_samples();
        let found: Vec<_> =
            samples.iter().map(|bad| (bad.file.trim_start_matches("telemetry-2026-06-"), bad.line)).collect();
        assert_eq!(
            found,
            [
                ("01-a.9.jsonl", 1),
                ("01-a.10.jsonl", 1),
                ("01-b.jsonl", 1),
                ("01-b.jsonl", 3),
                ("01-c.jsonl", 1),
                ("02-a.jsonl", 2),
            ]
        );
    }
}

#[test]
fn bad_lines_that_follow_each_other_with_the_same_reason_are_one_entry() {
    // The first file has several blocks, and the second one more runs than are listed.
    let good = event("x").self_contained(json!({})).to_string() + "\n";
    let many = 2_000_000;
    let telemetry = Telemetry::new()
        .file(
            "telemetry-2026-06-01-a.jsonl",
            good.clone() + &"bad\n".repeat(many) + "[]\n[]\n" + &good + "[]\n",
        )
        .file("telemetry-2026-06-02-b.jsonl", format!("bad\n{good}bad\n").repeat(60) + &"[]\n".repeat(5));
    for summary in summaries(&telemetry) {
        let found: Vec<_> = summary
            .bad_lines_listed
            .iter()
            .map(|lines| (lines.file.trim_start_matches("telemetry-2026-06-"), lines.first, lines.last))
            .collect();
        let last = many as u64 + 1;
        let first_file = [(2, last), (last + 1, last + 2), (last + 4, last + 4)];
        let first_file = first_file.map(|(first, last)| ("01-a.jsonl", first, last));
        // Each good line stands between two bad ones.
        let second_file = (0..59).map(|at| ("02-b.jsonl", 3 * at + 3, 3 * at + 4));
        let second_file = [("02-b.jsonl", 1, 1)].into_iter().chain(second_file);
        let end = [("02-b.jsonl", 180, 180), ("02-b.jsonl", 181, 185)];
        let expected: Vec<_> = first_file.into_iter().chain(second_file).chain(end).collect();
        assert_eq!(found, expected);
        assert_eq!(summary.bad_lines, many as u64 + 3 + 120 + 5);
        let samples: Vec<_> = summary.bad_line_samples().iter().map(|bad| bad.line).collect();
        assert!(samples.into_iter().eq(2..102));
    }
}

#[test]
fn runs_of_bad_lines_beyond_the_hundredth_are_counted_as_lines() {
    let good = event("x").self_contained(json!({})).to_string() + "\n";
    let telemetry = Telemetry::new()
        .file("telemetry-2026-06-02-b.jsonl", "bad\n".repeat(7))
        .file("telemetry-2026-06-01-a.jsonl", format!("bad\nbad\nbad\n{good}").repeat(102));
    for summary in summaries(&telemetry) {
        assert_eq!((summary.bad_lines, summary.bad_lines_listed.len()), (3 * 102 + 7, 100));
        let last = &summary.bad_lines_listed[99];
        assert_eq!((last.first, last.last), (397, 399));
        assert_eq!(summary.omitted.bad_line_samples, 3 * 102 + 7 - 100);
    }
    let page = telemetry.html().page;
    assert!(page.contains("data-table=\"bad-lines\" data-more=\"13\">and 13 more lines</p>"), "{page}");
}

#[test]
fn each_list_holds_its_first_hundred_and_counts_the_rest() {
    let versions = |versions: std::ops::Range<u32>| {
        let rows = versions.map(|version| event("x").with("schema_version", json!(version)));
        lines(&[header()].into_iter().chain(rows).collect::<Vec<_>>())
    };
    let telemetry = Telemetry::of_bytes(versions(2..82) + &"bad\n".repeat(130))
        .file("telemetry-2026-06-02-b.jsonl", versions(82..152) + "bad\n");
    for number in 0..120 {
        let name = format!("telemetry-2026-06-01-folder{number:03}.jsonl");
        std::fs::create_dir(telemetry.path().join(name)).expect("a folder");
    }
    for summary in summaries(&telemetry) {
        assert_eq!((summary.bad_lines, summary.bad_line_samples().len()), (131, 100));
        assert_eq!(summary.bad_line_samples()[99].line, 181);
        assert_eq!((summary.skipped_files.len(), summary.files), (100, 122));
        assert_eq!(summary.skipped_files[99].file, "telemetry-2026-06-01-folder099.jsonl");
        assert_eq!(summary.warnings.len(), 100);
        assert!(summary.warnings[99].contains("version 101 "));
        let omitted = summary.omitted;
        assert_eq!((omitted.bad_line_samples, omitted.skipped_files, omitted.warnings), (31, 20, 50));
    }
}

#[test]
fn a_report_has_the_summary_of_an_otlp_export_except_for_the_output() {
    let requests = http_requests(json!({
        "count_2xx": 3, "count_5xx": -1, "avg_duration_ms": null, "p95_duration_ms": 4, "window_seconds": 60,
    }));
    let telemetry = Telemetry::of(&[
        event("a.log").error(json!({ "message": "m" })),
        span("a.span"),
        requests,
        event("ssh.network.info").with_text("measurements", r#"{"latencyMs":null,"hops":3,"far":1e400}"#),
        event("before any time that OTLP can hold").at("1969-12-31T23:59:59Z"),
        event("bad").without("timestamp"),
    ])
    .file("telemetry-2026-06-02-a.jsonl", "bad\n\n");
    let of_report = telemetry.html().summary;
    let of_otlp = Summary { bytes_written: of_report.bytes_written, otlp: None, ..telemetry.otlp().summary };
    assert_eq!(of_report, of_otlp);
    let events = SignalCounts { logs: 1, traces: 1, metrics: 2 };
    assert_eq!(of_report.signals, Some(SignalSummary { events, dropped_points: 4 }));
    assert_eq!((of_report.bad_lines, of_report.blank_lines, of_report.headers), (3, 1, 1));
}

#[test]
fn the_summary_of_a_report_without_events_has_zero_for_every_signal() {
    let (bad, none) = (Telemetry::of_bytes("bad\n"), Telemetry::new());
    for telemetry in [bad, none] {
        let report = telemetry.html();
        assert_eq!(report.summary.signals, Some(SignalSummary::default()));
        assert_eq!((report.page.as_str(), report.summary.bytes_written), ("", 0));
    }
}
