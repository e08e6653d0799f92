//! Files that change after they are listed and before they are read: no row is cut, and no good line becomes bad.
//!
//! A test cannot decide whether its change comes in time. So it repeats the export until it did, and checks the accounting of
//! every attempt.

mod support;

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::ops::Range;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use coder_telemetry_export::export::{Format, OtlpOptions};
use coder_telemetry_export::summary::Summary;
use serde_json::json;

use support::{Telemetry, event, file_name};

const ATTEMPTS: usize = 20;

fn formats() -> [Format; 3] {
    let [otlp, html] = formats_that_take_sessions_in_turn();
    [Format::JsonArray, otlp, html]
}

/// A JSON array is not among them: it opens all overlapping sessions before it continues with one of them.
fn formats_that_take_sessions_in_turn() -> [Format; 2] {
    [Format::Otlp(OtlpOptions::default()), Format::Html]
}

/// A row of about 4 KB, `n` seconds after noon.
fn row(n: usize) -> String {
    let at = format!("2026-06-01T12:{:02}:{:02}Z", n / 60 % 60, n % 60);
    let row = event("x").id(&n.to_string()).at(&at).properties(json!({ "p": "p".repeat(4000) }));
    row.self_contained(json!({})).to_string()
}

fn rows(numbers: Range<usize>) -> String {
    numbers.map(|n| row(n) + "\n").collect()
}

/// A session that keeps the export busy, then one that can be changed meanwhile. Each has 1,500 rows, the second also `rest`.
fn busy_then(rest: &str) -> (Telemetry, PathBuf) {
    let telemetry = Telemetry::new()
        .file("telemetry-2026-05-31-a.jsonl", rows(0..1500))
        .file(&file_name("b"), rows(1500..3000) + rest);
    let path = telemetry.path().join(file_name("b"));
    (telemetry, path)
}

/// Exports in `format` while `meddle` changes the second session, until `came_in_time`.
fn until(
    format: &Format,
    rest: &str,
    meddle: impl Fn(&PathBuf) + Sync,
    came_in_time: impl Fn(&Summary) -> bool,
) -> Summary {
    for _ in 0..ATTEMPTS {
        let (telemetry, path) = busy_then(rest);
        let exported = telemetry.export_while("allTime", format.clone(), || meddle(&path));
        let (summary, _) = exported.expect("an export");
        if came_in_time(&summary) {
            return summary;
        }
    }
    panic!("the file never changed in time");
}

#[test]
fn a_file_that_shrinks_keeps_the_rows_before_its_new_end_and_is_skipped_from_there() {
    let new_end = rows(1500..2700).len() + 2000;
    for format in formats() {
        let cut = |path: &PathBuf| {
            let file = OpenOptions::new().write(true).open(path).expect("the file");
            file.set_len(new_end as u64).expect("a shorter file");
        };
        let summary = until(&format, "", cut, |summary| !summary.skipped_files.is_empty());
        // Rows after the new end may have been read before.
        assert!((1500 + 1200..3000).contains(&summary.event_count), "{format:?}: {}", summary.event_count);
        assert_eq!(summary.bad_lines, 0, "{format:?}");
        let skipped = &summary.skipped_files[0];
        assert_eq!(skipped.file, file_name("b"));
        assert!(skipped.reason.starts_with("it ended at byte "), "{}", skipped.reason);
    }
}

#[test]
fn a_file_that_vanishes_before_it_is_opened_is_skipped() {
    let remove = |path: &PathBuf| fs::remove_file(path).expect("a file to remove");
    for format in formats_that_take_sessions_in_turn() {
        let summary = until(&format, "", remove, |summary| !summary.skipped_files.is_empty());
        assert_eq!((summary.event_count, summary.bad_lines, summary.files), (1500, 0, 2), "{format:?}");
        assert_eq!(summary.skipped_files[0].file, file_name("b"));
        assert!(summary.skipped_files[0].reason.starts_with("ENOENT"), "{:?}", summary.skipped_files);
    }
}

#[test]
fn a_row_that_is_still_being_written_is_read_to_its_end() {
    let last = row(3000);
    let (half, other_half) = last.split_at(2000);
    for format in formats() {
        let append = |path: &PathBuf| {
            let mut file = OpenOptions::new().append(true).open(path).expect("the file");
            file.write_all(format!("{other_half}\n{}\n", row(3001)).as_bytes()).expect("a longer file");
        };
        let summary = until(&format, half, append, |summary| summary.bad_lines == 0);
        assert!(matches!(summary.event_count, 3001 | 3002), "{}", summary.event_count);
        assert!(summary.skipped_files.is_empty(), "{:?}", summary.skipped_files);
    }
}

/// A JSON array takes a block of each overlapping session in turn. There are more sessions than files are kept open, so
/// each file is opened again and again.
#[test]
fn a_file_whose_name_another_file_takes_is_skipped_from_there() {
    const SESSIONS: usize = 24;
    const ROWS: usize = 120;
    for _ in 0..ATTEMPTS {
        let session = |n: usize| file_name(&format!("s{n}"));
        let telemetry =
            (0..SESSIONS).fold(Telemetry::new(), |telemetry, n| telemetry.file(&session(n), rows(0..ROWS)));
        let path = telemetry.path().join(session(0));
        let (other, away) = (path.with_extension("other"), path.with_extension("away"));
        fs::copy(&path, &other).expect("a copy");
        let swap_often = || {
            for _ in 0..100 {
                for (from, to) in [(&path, &away), (&other, &path), (&away, &other)] {
                    fs::rename(from, to).expect("a rename");
                }
                thread::sleep(Duration::from_millis(1));
            }
        };
        let (summary, _) =
            telemetry.export_while("allTime", Format::JsonArray, swap_often).expect("an export");
        assert_eq!(summary.bad_lines, 0);
        let Some(skipped) = summary.skipped_files.first() else { continue };
        assert_eq!(skipped.file, session(0));
        if skipped.reason.starts_with("it was replaced by another file; it was read up to byte ") {
            assert!(((SESSIONS - 1) * ROWS..SESSIONS * ROWS).contains(&(summary.event_count as usize)));
            return;
        }
        // It had no name at this moment.
        assert!(skipped.reason.starts_with("ENOENT"), "{}", skipped.reason);
    }
    panic!("the file was never replaced in time");
}
