//! For any input: no panic, exact accounting, output that parses, and no good line lost.

mod support;

use coder_telemetry_export::summary::Summary;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

use support::{HtmlExport, JsonExport, OtlpExport, Row, Telemetry, event, header, http_requests, span};

/// The lines as the specification defines them: each ends in LF, except that the last one may end with the file. A BOM at the
/// start is skipped.
fn count_lines(content: &[u8]) -> u64 {
    let content = content.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(content);
    let ended = content.iter().filter(|&&byte| byte == b'\n').count() as u64;
    ended + u64::from(content.last().is_some_and(|&last| last != b'\n'))
}

/// Exports `content` in every format and checks what must be true of every export.
fn exported(content: &[u8]) -> (JsonExport, OtlpExport) {
    let telemetry = Telemetry::of_bytes(content);
    let (json, otlp, html) = (telemetry.json(), telemetry.otlp(), telemetry.html());
    for summary in [&json.summary, &otlp.summary, &html.summary] {
        assert_eq!(summary.lines_read, count_lines(content), "{summary:?}");
        assert_eq!(summary.bytes_read, content.len() as u64);
        assert_eq!(summary.bad_line_samples().len() as u64, summary.bad_lines.min(100));
        assert!(summary.bad_line_samples().is_sorted_by_key(|bad| bad.line), "{summary:?}");
        assert!(summary.skipped_files.is_empty(), "{summary:?}");
    }
    assert_array_parses(&json);
    assert_parts_parse(&otlp);
    assert_formats_agree(&json.summary, &otlp.summary);
    assert_report_is_whole(&html, &otlp.summary);
    (json, otlp)
}

fn assert_array_parses(json: &JsonExport) {
    if json.summary.event_count == 0 {
        assert_eq!(json.text, "");
        return;
    }
    // Raw values, since an event may hold 1e400 or a lone surrogate, which a parsed value cannot.
    let events: Vec<&serde_json::value::RawValue> = serde_json::from_str(&json.text).expect("an array");
    assert_eq!(events.len() as u64, json.summary.event_count);
    assert_eq!(json.lines().len(), events.len());
}

fn assert_parts_parse(otlp: &OtlpExport) {
    assert_eq!(otlp.entries.is_empty(), otlp.summary.event_count == 0);
    for (name, text) in &otlp.entries {
        assert!(serde_json::from_str::<Value>(text).is_ok(), "{name}: {text}");
    }
    if let Some(summary) = otlp.summary.otlp.as_ref().filter(|_| otlp.summary.event_count > 0) {
        assert_eq!(otlp.logs().len() as u64, summary.records.logs);
        assert_eq!(otlp.spans().len() as u64, summary.records.traces);
        let points: usize = otlp.metrics().iter().map(|metric| support::points(metric).len()).sum();
        assert_eq!(points as u64, summary.records.metrics);
    }
}

/// The markup of the page is checked in `src/formats/report/`.
fn assert_report_is_whole(html: &HtmlExport, otlp: &Summary) {
    let summary = Summary { bytes_written: html.page.len() as u64, otlp: None, ..otlp.clone() };
    assert_eq!(html.summary, summary);
    assert_eq!(html.page.is_empty(), summary.event_count == 0);
    assert!(html.page.len() <= HtmlExport::BYTES_AT_MOST);
}

/// The formats differ only in events whose time OTLP cannot hold.
fn assert_formats_agree(json: &Summary, otlp: &Summary) {
    assert_eq!((json.headers, json.blank_lines), (otlp.headers, otlp.blank_lines));
    assert_eq!(json.event_count + json.bad_lines, otlp.event_count + otlp.bad_lines);
    assert!(json.bad_lines <= otlp.bad_lines);
}

fn good_row() -> impl Strategy<Value = Row> {
    let rows = [
        event("log").properties(json!({ "a": "b" })).error(json!({ "message": "m" })),
        span("a.span").measurements(json!({ "durationMs": 5.5, "n": null })),
        http_requests(json!({ "count_2xx": 3, "avg_ms": 1.5, "window_seconds": 60 })),
        event("ssh.network.info").measurements(json!({ "latencyMs": 9 })),
        event("odd").with_text("properties", r#"{"\ud83d":"\u0000\/","":"é😀"}"#),
        event("odd").with_text("measurements", r#"{"n":1e400,"m":-0.0,"":12345678901234567890}"#),
    ];
    let rows: Vec<_> =
        rows.iter().cloned().chain(rows.iter().map(|row| row.clone().self_contained(json!({})))).collect();
    select(rows)
}

/// A good row with some bytes changed, removed or added.
fn mutated_row() -> impl Strategy<Value = Vec<u8>> {
    let interesting = select(b"\"\\{}[]:,0-.eEnt \t\r\0\xff\xc3\xed".to_vec());
    let byte = prop_oneof![interesting, any::<u8>()].prop_map(|byte| if byte == b'\n' { b' ' } else { byte });
    let change = (0..3_u8, any::<Index>(), byte);
    (good_row(), prop::collection::vec(change, 1..4)).prop_map(|(row, changes)| {
        let mut bytes = row.to_string().into_bytes();
        for (kind, at, byte) in changes {
            let at = at.index(bytes.len());
            match kind {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => drop(bytes.remove(at)),
            }
        }
        bytes
    })
}

fn line() -> impl Strategy<Value = Vec<u8>> {
    let fixed: Vec<&[u8]> = vec![
        b"",
        b" \t",
        b"\r",
        b"{}",
        b"[]",
        b"null",
        b"\0\0\0",
        b"\xff\xfe",
        b"\xEF\xBB\xBF",
        b"{\"kind\":\"header\"}",
        b"{\"kind\":\"header\",\"context\":{}}",
    ];
    prop_oneof![
        4 => good_row().prop_map(|row| row.to_string().into_bytes()),
        1 => Just(header().to_string().into_bytes()),
        3 => mutated_row(),
        1 => good_row().prop_map(|row| row.at("1969-01-01T00:00:00Z").to_string().into_bytes()),
        2 => select(fixed).prop_map(<[u8]>::to_vec),
        1 => prop::collection::vec(any::<u8>(), 0..40),
        1 => any::<String>().prop_map(String::into_bytes),
    ]
}

/// Lines with either line end, and perhaps none at the end of the file.
fn content() -> impl Strategy<Value = Vec<u8>> {
    let line = (line(), any::<bool>());
    (any::<bool>(), prop::collection::vec(line, 0..40), any::<bool>()).prop_map(|(mark, lines, ended)| {
        let mut content = if mark { b"\xEF\xBB\xBF".to_vec() } else { Vec::new() };
        let last = lines.len().saturating_sub(1);
        for (at, (line, carriage_return)) in lines.into_iter().enumerate() {
            content.extend(line);
            if at < last || ended {
                content.extend(if carriage_return { b"\r\n".as_slice() } else { b"\n" });
            }
        }
        content
    })
}

/// Whether `all` has `ids` in this order, among others.
fn is_subsequence(ids: &[String], all: &[String]) -> bool {
    let mut all = all.iter();
    ids.iter().all(|id| all.any(|other| other == id))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_accounted_for_exactly_and_what_is_written_parses(
        content in prop::collection::vec(any::<u8>(), 0..500)
    ) {
        exported(&content);
    }

    #[test]
    fn any_lines_are_accounted_for_exactly_and_what_is_written_parses(content in content()) {
        exported(&content);
    }

    #[test]
    fn good_lines_before_and_after_any_other_line_are_exported(
        others in prop::collection::vec(prop_oneof![mutated_row(), line()], 1..12)
    ) {
        let mut content = Vec::new();
        let mut ids = Vec::new();
        for (at, other) in others.iter().enumerate() {
            let id = format!("good-{at}");
            let good = event("good").id(&id).self_contained(json!({})).to_string();
            ids.push(id);
            content.extend_from_slice(good.as_bytes());
            content.push(b'\n');
            content.extend(other.iter().filter(|&&byte| byte != b'\n'));
            content.push(b'\n');
        }
        let last = event("good").id("last").self_contained(json!({})).to_string();
        ids.push("last".to_owned());
        content.extend_from_slice(last.as_bytes());

        let (json, otlp) = exported(&content);
        let id_of = |line: &&str| {
            let id = line.split_once("\"event_id\":\"").and_then(|(_, rest)| rest.split_once('"'));
            id.map(|(id, _)| id.to_owned()).unwrap_or_default()
        };
        let exported: Vec<_> = json.lines().iter().map(id_of).collect();
        prop_assert!(is_subsequence(&ids, &exported), "{exported:?}");
        let uids = otlp.logs().into_iter().filter(|log| log["eventName"] == "good");
        let uids: Vec<_> = uids
            .map(|log| support::text_attributes(&log)["log.record.uid"].as_str().unwrap_or_default().to_owned())
            .collect();
        prop_assert!(is_subsequence(&ids, &uids), "{uids:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn lines_are_whole_wherever_a_long_file_is_cut(
        lengths in prop::collection::vec(prop_oneof![0..2_000_usize, 0..400_000_usize], 1..12),
        carriage_return in any::<bool>(),
    ) {
        let line_end = if carriage_return { "\r\n" } else { "\n" };
        let mut content = format!("{}{line_end}", header());
        let mut ids = Vec::new();
        for (at, length) in lengths.into_iter().enumerate() {
            let row = event("x").id(&at.to_string()).properties(json!({ "p": "é".repeat(length / 2) }));
            content.push_str(&format!("{row}{line_end}bad{line_end}"));
            ids.push(at.to_string());
        }
        let (json, _) = exported(content.as_bytes());
        prop_assert_eq!(json.ids(), ids);
        prop_assert_eq!(json.summary.bad_lines, json.summary.event_count);
    }
}
