//! Where a line begins and ends, and what happens to lines that are not rows.

use serde_json::json;

use crate::support::{JsonExport, Telemetry, event, file_name, header};

const LONGEST: usize = 16 * 1024 * 1024;

fn row(id: &str) -> String {
    event("x").id(id).self_contained(json!({})).to_string()
}

fn exported(content: impl AsRef<[u8]>) -> JsonExport {
    let telemetry = Telemetry::of_bytes(content);
    let json = telemetry.json();
    let otlp = telemetry.otlp().summary;
    let counts = |summary: &coder_telemetry_export::summary::Summary| {
        let blank = summary.blank_lines;
        (summary.lines_read, summary.event_count, blank, summary.bad_lines, summary.bad_line_samples())
    };
    assert_eq!(counts(&otlp), counts(&json.summary));
    json
}

/// A row of exactly `length` bytes.
fn row_of_length(id: &str, length: usize) -> String {
    let short = event("x").id(id).self_contained(json!({})).with("padding", json!("")).to_string();
    let at = short.len() - "\"}".len();
    format!("{}{}{}", &short[..at], "p".repeat(length - short.len()), &short[at..])
}

#[test]
fn a_line_ends_at_a_line_feed_or_at_the_end_of_the_file() {
    for (content, lines) in [
        (String::new(), 0),
        (row("a"), 1),
        (format!("{}\n", row("a")), 1),
        (format!("{}\n{}", row("a"), row("b")), 2),
        (format!("{}\n{}\n", row("a"), row("b")), 2),
    ] {
        let json = exported(&content);
        assert_eq!((json.summary.lines_read, json.summary.event_count), (lines, lines), "{content}");
    }
}

#[test]
fn a_carriage_return_before_the_line_feed_is_dropped() {
    let json = exported(format!("{}\r\n{}\r\n\r\n{}\r", row("a"), row("b"), row("c")));
    assert_eq!(json.ids(), ["a", "b", "c"]);
    assert_eq!(json.summary.blank_lines, 1);
    assert!(!json.text.contains('\r'));
}

#[test]
fn a_lone_carriage_return_or_a_unicode_line_end_does_not_end_a_line() {
    let separators =
        event("x").id("a").self_contained(json!({})).properties(json!({ "p": "x\u{2028}y\u{2029}z\u{85}" }));
    let json = exported(format!("{separators}\n{}\n", row("b")));
    assert_eq!((json.summary.lines_read, json.summary.event_count), (2, 2));
    assert_eq!(json.events()[0]["properties"]["p"], "x\u{2028}y\u{2029}z\u{85}");
    let json = exported(format!("{}\r{}\n", row("a"), row("b")));
    assert_eq!((json.summary.lines_read, json.summary.bad_lines), (1, 1));
}

#[test]
fn lines_of_white_space_only_are_blank() {
    let json = exported(format!("\n \t\n{}\n\r\n\n{}\n   ", row("a"), row("b")));
    assert_eq!(json.ids(), ["a", "b"]);
    assert_eq!((json.summary.lines_read, json.summary.blank_lines), (7, 5));
}

#[test]
fn a_byte_order_mark_is_skipped_at_the_start_of_a_file_only() {
    let json = exported(format!("\u{feff}{}\n{}\n", row("a"), row("b")));
    assert_eq!(json.ids(), ["a", "b"]);
    let under_header = format!("\u{feff}{}\n{}\n", header(), event("x").id("a"));
    assert_eq!(exported(under_header).ids(), ["a"]);
    let json = exported(format!("{}\n\u{feff}{}\n{}\n", row("a"), row("b"), row("c")));
    assert_eq!(json.ids(), ["a", "c"]);
    assert_eq!((json.summary.bad_lines, json.summary.bad_line_samples()[0].line), (1, 2));
    assert_eq!(exported("\u{feff}").summary.lines_read, 0);
    assert_eq!(exported("\u{feff}\n").summary.blank_lines, 1);
    assert_eq!(exported(b"\xEF\xBB").summary.bad_lines, 1);
}

#[test]
fn a_torn_last_line_is_a_bad_line() {
    let torn = &row("b")[..40];
    let json = exported(format!("{}\n{torn}", row("a")));
    assert_eq!(json.ids(), ["a"]);
    assert_eq!((json.summary.lines_read, json.summary.bad_lines), (2, 1));
    assert_eq!(json.summary.bad_line_samples()[0].line, 2);
    assert_eq!(json.summary.bad_line_samples()[0].file, file_name("a"));
}

#[test]
fn a_run_of_nul_bytes_is_a_bad_line() {
    let json = exported(format!("{}\n\0\0\0\0\0\n{}\n\0", row("a"), row("b")));
    assert_eq!(json.ids(), ["a", "b"]);
    assert_eq!((json.summary.lines_read, json.summary.bad_lines), (4, 2));
}

#[test]
fn invalid_utf_8_is_a_bad_line_that_names_the_byte() {
    let broken = [b"{\"a\":\"".as_slice(), b"\xff", b"\"}\n"].concat();
    let cut = [b"{\"a\":\"".as_slice(), b"\xe2\x82"].concat();
    let content = [row("a").as_bytes(), b"\n", &broken, row("b").as_bytes(), b"\r\n", &cut].concat();
    let json = exported(content);
    assert_eq!(json.ids(), ["a", "b"]);
    let samples = json.summary.bad_line_samples();
    let found: Vec<_> = samples.iter().map(|bad| (bad.line, bad.reason.as_str())).collect();
    assert_eq!(
        found,
        [(2, "invalid UTF-8 at byte 7 of the line"), (4, "invalid UTF-8 at byte 7 of the line")]
    );
}

#[test]
fn a_line_of_16_mib_is_read_and_a_longer_one_is_bad() {
    for line_end in ["\n", "\r\n"] {
        let longest = row_of_length("b", LONGEST);
        let too_long = row_of_length("d", LONGEST + 1);
        let content = [&row("a"), &longest, &row("c"), &too_long, &row("e"), ""].join(line_end);
        let json = exported(content);
        assert_eq!(json.ids(), ["a", "b", "c", "e"]);
        assert_eq!((json.summary.lines_read, json.summary.bad_lines), (5, 1));
        let bad = &json.summary.bad_line_samples()[0];
        assert_eq!((bad.line, bad.reason.as_str()), (4, "the line is longer than 16 MiB"));
    }
}

#[test]
fn a_line_over_16_mib_may_be_the_last_one_without_a_line_end() {
    let json = exported(format!("{}\n{}", row("a"), row_of_length("b", LONGEST + 1)));
    assert_eq!(json.ids(), ["a"]);
    assert_eq!(json.summary.bad_lines, 1);
}

#[test]
fn lines_of_every_length_are_read_whole_wherever_blocks_are_cut() {
    let lengths =
        [1_000, 4_095, 4_097, 262_143, 262_144, 262_145, 327_680, 700_000, 1_048_577, 1_500, 2_097_152];
    let rows: Vec<_> =
        lengths.iter().enumerate().map(|(at, &length)| row_of_length(&at.to_string(), length)).collect();
    let json = exported(rows.join("\n"));
    let expected: Vec<_> = (0..lengths.len()).map(|at| at.to_string()).collect();
    assert_eq!(json.ids(), expected);
    let found: Vec<_> = json.lines().iter().map(|line| line.len()).collect();
    assert_eq!(found, lengths);
}
