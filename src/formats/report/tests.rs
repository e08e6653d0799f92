//! Pages of whole exports of hostile telemetry. A browser opens the page, and the input chooses nearly all of its text.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use serde_json::Value;

use super::page::well_formed::check_page;
use crate::export::{Destination, ExportJob, Format, export};
use crate::progress::Progress;
use crate::range::Range;
use crate::summary::Summary;

/// The largest page, whatever the input.
const BYTES_AT_MOST: usize = 1_000_000;

/// Exports a directory. Returns the summary and the page, which is empty if there is no event. `label` is the range's label.
fn page_of(directory: &Path, label: &str) -> (Summary, Vec<u8>) {
    let target = tempfile::tempdir().expect("a directory");
    let path = target.path().join("page");
    let range =
        Range { start_ms: None, end_ms: None, label: label.to_owned(), file_name_part: String::new() };
    let job = ExportJob {
        directory: directory.to_path_buf(),
        range,
        format: Format::Html,
        redaction: None,
        destination: Destination::File { path: path.clone(), overwrite: false },
        grace_days: 0,
        threads: Some(2),
        exported_at_ms: 0,
    };
    let summary = export(&job, &Progress::default(), || Ok(())).expect("an export");
    (summary, fs::read(path).unwrap_or_default())
}

/// Panics unless the page is well formed and small and has no injected markup. Without events, there must be no page.
fn check(summary: &Summary, page: &[u8]) {
    assert_eq!(page.is_empty(), summary.event_count == 0);
    if page.is_empty() {
        return;
    }
    assert!(page.len() <= BYTES_AT_MOST, "{} bytes", page.len());
    let page = std::str::from_utf8(page).expect("UTF-8");
    check_page(page);
    // Injected markup can be well formed, too.
    for injected in ["<xss", "</xss", " xss=\"", " xss='"] {
        assert!(!page.contains(injected), "{injected}");
    }
    assert_eq!((page.matches("<script").count(), page.matches("<style").count()), (1, 1));
}

/// A JSON string with its quotes: hostile, of any characters, or long.
fn text() -> impl Strategy<Value = String> {
    let hostile = select(vec![
        r#""<xss></xss>""#,
        r#""</script><script>xss()</script>""#,
        r#""</style><xss/>""#,
        r#""\" xss=\"1""#,
        r#""' xss='1""#,
        r#""-->]]><xss>""#,
        r#""&lt;xss&gt;&#0;&amp""#,
        r#""javascript:xss()""#,
        r#""<!-- <xss> ""#,
        r#""\u202e\u2066\u061c\u200f""#,
        r#""\u0000\u0001\u001b[31m\u007f\u0085\u009f""#,
        r#""\ud800""#,
        r#""\udc00\ud800x""#,
        r#""\ufffe\uffff\ufdd0\udbff\udfff""#,
        r#""\ufeff\u00ad\u200b\u2060\u2028\u2029""#,
        r#""\r\n\t""#,
        r#""""#,
        r#""sk-abcdefghijklmnopqrstuvwxyz\"<xss>""#,
        r#""https://user:pass@example.com/<xss>?q=\"""#,
        r#""someone@example.com<xss>""#,
        r#""/home/someone/<xss>""#,
    ]);
    let spelled = |text: String| Value::String(text).to_string();
    let long = ("[<>&\"'x\u{202E}\u{10FFFF}é]", 1_usize..40_000);
    prop_oneof![
        12 => hostile.prop_map(str::to_owned),
        3 => any::<String>().prop_map(spelled),
        1 => long.prop_map(move |(character, length)| spelled(character.repeat(length))),
    ]
}

fn value() -> impl Strategy<Value = String> {
    let other = select(vec!["null", "true", "-0.0", "1e400", "-1", "12345678901234567890", "[]", "{}"]);
    prop_oneof![
        6 => text(),
        2 => other.prop_map(str::to_owned),
        1 => (text(), text()).prop_map(|(key, value)| format!("{{{key}:[{value},{{{key}:{value}}}]}}")),
    ]
}

fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<i32>().prop_map(|number| number.to_string()),
        any::<f64>().prop_map(|number| format!("{number:e}").replace("inf", "1e400").replace("NaN", "null")),
        select(vec!["0", "1e400", "null", "1e308", "5e-324", "18446744073709551615"]).prop_map(str::to_owned),
    ]
}

fn object(
    key: impl Strategy<Value = String>,
    value: impl Strategy<Value = String>,
) -> impl Strategy<Value = String> {
    let members =
        proptest::collection::vec((key, value).prop_map(|(key, value)| format!("{key}:{value}")), 0..6);
    members.prop_map(|members| format!("{{{}}}", members.join(",")))
}

/// Names and keys that mean something to the report, and any others.
fn known_or_text(known: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop_oneof![1 => select(known).prop_map(|name| format!("\"{name}\"")), 1 => text()]
}

fn context() -> impl Strategy<Value = String> {
    const MEMBERS: [&str; 9] = [
        "extension_version",
        "machine_id",
        "session_id",
        "os_type",
        "os_version",
        "host_arch",
        "platform_name",
        "platform_version",
        "deployment_url",
    ];
    (proptest::collection::vec(text(), MEMBERS.len()), text(), value()).prop_map(|(texts, key, value)| {
        let members = MEMBERS.iter().zip(texts).map(|(member, text)| format!("\"{member}\":{text}"));
        format!("{{{},{key}:{value}}}", members.collect::<Vec<_>>().join(","))
    })
}

fn row() -> impl Strategy<Value = String> {
    const NAMES: &[&str] = &["http.requests", "ssh.network.sampled", "ssh.network.info", "remote.setup"];
    const PROPERTIES: &[&str] = &["method", "route", "result", "error.type", "p2p"];
    const MEASUREMENTS: &[&str] = &[
        "durationMs",
        "window_seconds",
        "count_2xx",
        "count.5xx",
        "avg_duration_ms",
        "duration.p95_ms",
        "latencyMs",
    ];
    let error = (value(), value(), value()).prop_map(|(message, kind, code)| {
        format!(r#","error":{{"message":{message},"type":{kind},"code":{code}}}"#)
    });
    let trace =
        select(vec![r#","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736""#, r#","trace_id":"<xss>""#, ""]);
    let time = select(vec![
        "2026-06-01T12:00:00Z",
        "2026-06-01T12:00:00.123456789+02:00",
        "1970-01-01T00:00:00Z",
        "2262-04-11T23:47:16Z",
        "9999-12-31T23:59:59Z",
        "<xss>",
    ]);
    let texts = (text(), known_or_text(NAMES), text(), value());
    let maps = (object(known_or_text(PROPERTIES), value()), object(known_or_text(MEASUREMENTS), number()));
    (texts, maps, time, trace, proptest::option::of(error), proptest::option::of(context())).prop_map(
        |((id, name, url, extra), (properties, measurements), time, trace, error, context)| {
            let context = context.map_or_else(
                || format!("\"deployment_url\":{url}"),
                |context| format!("\"context\":{context}"),
            );
            format!(
                r#"{{"event_id":{id},"event_name":{name},"timestamp":"{time}","event_sequence":1,"properties":{properties},"measurements":{measurements},{context}{trace}{},"<xss>":{extra}}}"#,
                error.unwrap_or_default()
            )
        },
    )
}

fn line() -> impl Strategy<Value = Vec<u8>> {
    let header = context()
        .prop_map(|context| format!(r#"{{"kind":"header","schema_version":1,"context":{context}}}"#));
    prop_oneof![
        16 => row().prop_map(String::into_bytes),
        2 => header.prop_map(String::into_bytes),
        1 => text().prop_map(String::into_bytes),
        1 => proptest::collection::vec(any::<u8>(), 0..200),
    ]
}

/// The part of a file name that follows the date.
fn session() -> impl Strategy<Value = &'static str> {
    #[cfg(unix)]
    let names = vec!["a", "<xss>", "\" xss=\"1", "\u{202E}\u{1}'", "&amp;"];
    #[cfg(not(unix))]
    let names = vec!["a", "' xss='1", "\u{202E}'", "&amp;"];
    select(names)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_page_is_well_formed_and_small_whatever_the_input(
        files in proptest::collection::vec((session(), proptest::collection::vec(line(), 1..24)), 1..4),
        label in text(),
    ) {
        let directory = tempfile::tempdir().expect("a directory");
        for (session, lines) in files {
            let path = directory.path().join(format!("telemetry-2026-06-01-{session}.jsonl"));
            fs::write(path, lines.join(&b'\n')).expect("a file");
        }
        let (summary, page) = page_of(directory.path(), &label);
        check(&summary, &page);
    }
}

#[test]
fn enough_generated_rows_are_events() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let rows = proptest::collection::vec(row(), 200);
    let rows = rows.new_tree(&mut runner).expect("rows").current();
    let directory = tempfile::tempdir().expect("a directory");
    let header = r#"{"kind":"header","schema_version":1,"context":{"extension_version":"1","machine_id":"m","session_id":"s","os_type":"o","os_version":"v","host_arch":"h","platform_name":"p","platform_version":"1"}}"#;
    let text = format!("{header}\n{}", rows.join("\n"));
    fs::write(directory.path().join("telemetry-2026-06-01-a.jsonl"), text).expect("a file");
    let (summary, _) = page_of(directory.path(), "");
    let signals = summary.signals.expect("signals").events;
    // If nearly all rows were bad, the property test would show nothing.
    assert!(summary.event_count > 20, "{summary:?}");
    assert!(signals.logs > 0 && signals.traces > 0 && signals.metrics > 0, "{signals:?}");
}
