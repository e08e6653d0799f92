//! The lists of a summary: their order and their limit.

use serde_json::json;

use crate::support::{Telemetry, event, header, lines};

#[test]
fn bad_lines_stand_in_order_of_date_session_part_and_line() {
    let good = event("x").self_contained(json!({})).to_string();
    let telemetry = Telemetry::new()
        .file("telemetry-2026-06-02-a.jsonl", format!("{good}\nbad\n"))
        .file("telemetry-2026-06-01-b.jsonl", format!("bad\n{good}\nbad\n"))
        .file("telemetry-2026-06-01-a.10.jsonl", "bad\n")
        .file("telemetry-2026-06-01-a.9.jsonl", "bad\n")
        .file("telemetry-2026-06-01-c.jsonl", "bad\n");
    for summary in [telemetry.json().summary, telemetry.otlp().summary] {
        let found: Vec<_> = summary
            .bad_line_samples
            .iter()
            .map(|bad| (bad.file.trim_start_matches("telemetry-2026-06-"), bad.line))
            .collect();
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
    for summary in [telemetry.json().summary, telemetry.otlp().summary] {
        assert_eq!((summary.bad_lines, summary.bad_line_samples.len()), (131, 100));
        assert_eq!(summary.bad_line_samples[99].line, 181);
        assert_eq!((summary.skipped_files.len(), summary.files), (100, 122));
        assert_eq!(summary.skipped_files[99].file, "telemetry-2026-06-01-folder099.jsonl");
        assert_eq!(summary.warnings.len(), 100);
        assert!(summary.warnings[99].contains("version 101 "));
        let omitted = summary.omitted;
        assert_eq!((omitted.bad_line_samples, omitted.skipped_files, omitted.warnings), (31, 20, 50));
    }
}
