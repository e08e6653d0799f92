//! The JSON array: self-contained events made of the bytes on disk.

mod support;

use serde_json::{Value, json};

use support::{Row, Telemetry, event, header, lines, own_context};

/// The event that a row under `header` becomes.
fn under(header: &str, row: &str) -> String {
    let json = Telemetry::of_bytes(format!("{header}\n{row}\n")).json();
    assert_eq!((json.summary.event_count, json.summary.bad_lines), (1, 0), "{row}");
    json.lines()[0].to_owned()
}

fn under_usual_header(row: &Row) -> String {
    under(&header().to_string(), &row.to_string())
}

/// The text of an exported event's own members, without the members that the export appends.
fn own_members(event: &str) -> &str {
    event.split_once(",\"schema_version\":").map_or(event, |(own, _)| own)
}

#[test]
fn an_array_has_brackets_and_one_event_per_line() {
    let rows = ["a", "b", "c"].map(|id| event("x").id(id).self_contained(json!({})));
    let [a, b, c] = &rows;
    assert_eq!(Telemetry::of_bytes(lines(&rows)).json().text, format!("[\n{a},\n{b},\n{c}\n]\n"));
    assert_eq!(Telemetry::of_bytes(lines(&rows[..1])).json().text, format!("[\n{a}\n]\n"));
}

#[test]
fn without_events_there_is_no_array() {
    let json = Telemetry::of(&[]).json();
    assert_eq!((json.text.as_str(), json.summary.bytes_written), ("", 0));
}

#[test]
fn the_summary_counts_the_bytes_written() {
    let json = Telemetry::of(&[event("x"), event("y")]).json();
    assert_eq!(json.summary.bytes_written, json.text.len() as u64);
}

#[test]
fn a_row_with_its_own_context_is_exported_as_it_is() {
    for row in [
        event("x").self_contained(json!({})).to_string(),
        event("x").with("context", own_context(json!({}))).with("schema_version", json!(null)).to_string(),
        event("x")
            .self_contained(json!({}))
            .with_text("measurements", r#"{ "a" :1e400,"b":1.50}"#)
            .to_string(),
        event("x").self_contained(json!({})).with_text("event_name", r#""\ud83d\u0041\/""#).to_string(),
        event("x").self_contained(json!({})).to_string().replacen("{", "{\"event_id\":\"first\" , ", 1),
    ] {
        assert_eq!(under(&header().to_string(), &row), row);
        assert_eq!(under(&header().to_string(), &format!(" \t{row} \t\r")), row);
    }
}

#[test]
fn a_row_under_a_header_gets_version_and_context_after_its_own_members() {
    let header = r#"{"kind":"header","schema_version":1,"context":{"extension_version":"1","machine_id":"m","session_id":"s","os_type":"o","os_version":"v","host_arch":"a","platform_name":"p","platform_version":"q"}}"#;
    let row = r#"{"event_id":"e","event_name":"n","timestamp":"2026-06-01T12:00:00Z","event_sequence":0,"properties":{},"measurements":{},"deployment_url":"https:\/\/d"}"#;
    assert_eq!(
        under(header, row),
        r#"{"event_id":"e","event_name":"n","timestamp":"2026-06-01T12:00:00Z","event_sequence":0,"properties":{},"measurements":{},"schema_version":1,"context":{"extension_version":"1","machine_id":"m","session_id":"s","os_type":"o","os_version":"v","host_arch":"a","platform_name":"p","platform_version":"q","deployment_url":"https:\/\/d"}}"#
    );
}

#[test]
fn members_keep_their_order_and_spelling() {
    let row = event("x")
        .with_text("event_sequence", "12345678901234567890")
        .with_text("measurements", r#"{"z":1e400,"a":1.50,"\u006d":-0,"n":null}"#)
        .with_text("properties", r#"{"q":"\ud83d","b":"\u0041\/é"}"#)
        .with_text("unknown", r#"[1.0,{"x":1E5}]"#);
    let stored = row.to_string();
    let kept = stored.replace(r#","deployment_url":"https://dev.example.com""#, "");
    assert_eq!(own_members(&under_usual_header(&row)), kept.trim_end_matches('}'));
}

#[test]
fn deployment_version_and_context_are_moved_from_anywhere_in_the_row() {
    let row = |first: &str, middle: &str, last: &str| {
        format!(
            r#"{{{first}"event_id":"e","event_name":"n","timestamp":"2026-06-01T12:00:00Z"{middle},"event_sequence":0,"properties":{{}},"measurements":{{}}{last}}}"#
        )
    };
    let plain = r#"{"event_id":"e","event_name":"n","timestamp":"2026-06-01T12:00:00Z","event_sequence":0,"properties":{},"measurements":{}"#;
    for text in [
        row("", "", r#","deployment_url":"D""#),
        row("", "", r#" , "deployment_url" : "D" "#),
        row(r#""deployment_url":"D","#, "", ""),
        row("", r#","deployment_url":"D""#, ""),
        row("", r#","schema_version":1"#, r#","deployment_url":"D""#),
        row(r#""context":null,"#, r#","schema_version":null"#, r#","deployment_url":"D""#),
        row(r#""deployment_url":5,"#, "", r#","deployment_url":"D""#),
        row("", "", r#","deploymen\u0074_url":"D""#),
    ] {
        let exported = under(&header().to_string(), &text);
        assert_eq!(own_members(&exported).trim_end(), plain, "{text}");
        let parsed: Value = serde_json::from_str(&exported).expect("an event");
        assert_eq!(parsed["context"]["deployment_url"], "D", "{text}");
        assert_eq!(exported.matches("deployment_url").count(), 1, "{text}");
    }
}

#[test]
fn the_version_comes_from_the_row_or_else_from_the_header() {
    for (of_header, of_row, expected) in [
        ("1", None, Some("1")),
        ("1", Some("null"), Some("1")),
        ("1", Some("1.0"), Some("1.0")),
        ("1", Some("\"odd\""), Some("\"odd\"")),
        ("1", Some("2"), Some("2")),
        ("1e0", None, Some("1e0")),
        ("null", None, None),
        ("0", None, None),
        ("1.5", None, None),
        ("\"1\"", None, None),
        ("0", Some("2"), Some("2")),
    ] {
        let header = header().with_text("schema_version", of_header).to_string();
        let row = of_row.map_or(event("x"), |version| event("x").with_text("schema_version", version));
        let exported = under(&header, &row.to_string());
        let found = exported
            .split_once(",\"schema_version\":")
            .and_then(|(_, rest)| rest.split_once(",\"context\":"));
        assert_eq!(found.map(|(version, _)| version), expected, "{of_header}, {of_row:?}");
        assert_eq!(exported.contains("schema_version"), expected.is_some(), "{of_header}, {of_row:?}");
    }
    let without = header().without("schema_version").to_string();
    assert!(!under(&without, &event("x").to_string()).contains("schema_version"));
}

#[test]
fn the_context_is_that_of_the_header_with_the_deployment_of_the_row() {
    let stored = r#"{ "platform_name":"\u0043ursor", "more":{"deployment_url":1}, "deployment_url":"not this", "platform_version":"1","host_arch":"x","os_version":"x","os_type":"x","session_id":"s\ud83d","machine_id":"m","extension_version":"1" }"#;
    let header = header().with_text("context", stored).to_string();
    let exported = under(&header, &event("x").deployment("this").to_string());
    let (_, context) = exported.split_once(",\"context\":").expect("a context");
    assert_eq!(
        context,
        r#"{"platform_name":"\u0043ursor","more":{"deployment_url":1},"platform_version":"1","host_arch":"x","os_version":"x","os_type":"x","session_id":"s\ud83d","machine_id":"m","extension_version":"1","deployment_url":"this"}}"#
    );
}

#[test]
fn every_event_of_every_layout_has_a_whole_context() {
    let rows = [
        header(),
        event("x").id("a"),
        event("x").id("b").self_contained(json!({ "machine_id": "own" })),
        event("x").id("c").deployment("https://other.example.com"),
    ];
    let json = Telemetry::of_bytes(lines(&rows)).json();
    assert_eq!(json.ids(), ["a", "b", "c"]);
    let contexts: Vec<_> = json.events().iter().map(|event| event["context"].clone()).collect();
    assert_eq!(
        contexts,
        [
            own_context(json!({})),
            own_context(json!({ "machine_id": "own" })),
            own_context(json!({ "deployment_url": "https://other.example.com" })),
        ]
    );
    assert!(
        json.events()
            .iter()
            .all(|event| event.get("deployment_url").is_none() && event.get("kind").is_none())
    );
}

#[test]
fn a_row_of_another_kind_is_an_event_and_keeps_it() {
    let exported = under_usual_header(&event("x").with("kind", json!("footer")));
    assert!(own_members(&exported).ends_with(r#","kind":"footer""#), "{exported}");
}
