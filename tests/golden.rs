//! Exports of the fixtures, byte for byte. `UPDATE_GOLDEN=1 cargo test --test golden` writes them again: look at the
//! difference before you commit it.
//!
//! Golden files have a version of their own. It replaces the version of the crate before files are compared, so that a
//! release does not change them.

mod support;

use std::fs;
use std::path::Path;

use coder_telemetry_export::export::{OtlpOptions, SpanName, Temporality};

use support::{Telemetry, fixture};

/// The version in golden files.
const GOLDEN_VERSION: &str = "0.0.0-golden";

/// A part, a manifest or a page with that version.
fn with_golden_version(text: &str) -> String {
    let name_and_version = |name: &str, version: &str| format!(r#""name":"{name}","version":"{version}""#);
    let in_page = |version: &str| format!("coder-telemetry-export {version}");
    let text = text.replace(&in_page(env!("CARGO_PKG_VERSION")), &in_page(GOLDEN_VERSION));
    ["coder.telemetry.export", "coder-telemetry-export"].iter().fold(text, |text, name| {
        text.replace(
            &name_and_version(name, env!("CARGO_PKG_VERSION")),
            &name_and_version(name, GOLDEN_VERSION),
        )
    })
}

/// A page with that version, without its style, its script and their digests. All pages have the same ones, and they come
/// from files of their own.
fn golden_page(page: &str) -> String {
    let removed =
        [("<style>", "</style>"), ("<script>", "</script>"), ("style-src '", "'"), ("script-src '", "'")];
    removed.iter().fold(with_golden_version(page), |page, (begin, end)| {
        let (before, rest) = page.split_once(begin).expect("the beginning");
        let (_, after) = rest.split_once(end).expect("the end");
        format!("{before}{begin}…{end}{after}")
    })
}

/// The entries of an archive with that version. It changes the length of the parts, so the manifest is corrected.
fn entries_with_golden_version(entries: Vec<(String, String)>) -> Vec<(String, String)> {
    let mut lengths: Vec<(String, usize, usize)> = Vec::new();
    let mut golden_entries = Vec::new();
    for (entry, text) in entries {
        let mut golden_text = with_golden_version(&text);
        if entry == "manifest.json" {
            for (part, length, golden_length) in &lengths {
                golden_text = with_part_length(&golden_text, part, *length, *golden_length);
            }
        }
        lengths.push((entry.clone(), text.len(), golden_text.len()));
        golden_entries.push((entry, golden_text));
    }
    golden_entries
}

/// A manifest with another length for one part. Its length before must have been right.
fn with_part_length(manifest: &str, part: &str, length: usize, golden_length: usize) -> String {
    let (before, after) = manifest.split_once(&format!(r#""file":"{part}""#)).expect("the part");
    let (members, rest) = after.split_once('}').expect("the end of the part");
    let others = members.strip_suffix(&format!(r#""bytes":{length}"#)).expect("its length");
    format!(r#"{before}"file":"{part}"{others}"bytes":{golden_length}}}{rest}"#)
}

/// Compares `found` with the golden file, or writes the golden file.
fn assert_golden(directory: &Path, name: &str, found: &str) {
    let path = directory.join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::create_dir_all(directory).expect("the golden directory");
        fs::write(&path, found).expect("a golden file");
    }
    let golden = fs::read_to_string(&path).unwrap_or_default();
    for (at, (line, expected)) in found.lines().zip(golden.lines()).enumerate() {
        assert_eq!(line, expected, "line {} of {}", at + 1, path.display());
    }
    assert!(found == golden, "{} has other lines: UPDATE_GOLDEN=1 writes it anew", path.display());
}

/// Exports a fixture in every format, and compares the files and the bad lines in the summary.
fn assert_exports_are_golden(name: &str) {
    let mut telemetry = Telemetry::new();
    for file in fs::read_dir(fixture(name)).expect("the fixture") {
        let file = file.expect("a file");
        telemetry =
            telemetry.file(&file.file_name().to_string_lossy(), fs::read(file.path()).expect("a file"));
    }
    let directory = fixture("golden").join(name);
    let json = telemetry.json();
    assert_golden(&directory, "array.json", &json.text);
    for (entry, text) in entries_with_golden_version(telemetry.otlp().entries) {
        assert_golden(&directory, &entry, &text);
    }
    let cumulative = OtlpOptions {
        temporality: Temporality::Cumulative,
        span_name: SpanName::Full,
        ..OtlpOptions::default()
    };
    let cumulative = telemetry.otlp_with(cumulative);
    assert_golden(
        &directory,
        "metrics.cumulative.json",
        &with_golden_version(cumulative.text("metrics.json")),
    );
    assert_golden(&directory, "traces.full.json", &with_golden_version(cumulative.text("traces.json")));
    assert_golden(&directory, "report.html", &golden_page(&telemetry.html().page));
    let bad_lines = json.summary.bad_line_samples().into_iter();
    let report: String =
        bad_lines.map(|bad| format!("{}:{}: {}\n", bad.file, bad.line, bad.reason)).collect();
    assert_golden(&directory, "bad-lines.txt", &report);
}

#[test]
fn exports_of_the_current_layout_are_golden() {
    assert_exports_are_golden("current-layout");
}

#[test]
fn exports_of_the_self_contained_layout_are_golden() {
    assert_exports_are_golden("self-contained-layout");
}

#[test]
fn exports_of_the_earliest_layout_are_golden() {
    assert_exports_are_golden("earliest-layout");
}

#[test]
fn exports_of_broken_lines_are_golden() {
    assert_exports_are_golden("broken-lines");
}
