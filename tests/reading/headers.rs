//! Headers: what rows inherit, and until when.

use serde_json::{Value, json};

use crate::support::{Row, Telemetry, event, file_name, header, lines, own_context};

/// A header whose context differs in its version.
fn header_of(version: &str) -> Row {
    let mut context = own_context(json!({ "extension_version": version }));
    context.as_object_mut().expect("an object").remove("deployment_url");
    header().with("context", context)
}

/// `event_id` and version of each exported event.
fn versions(telemetry: &Telemetry) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let events = telemetry.json().events();
    events
        .iter()
        .map(|event| (text(&event["event_id"]), text(&event["context"]["extension_version"])))
        .collect()
}

fn expected(versions: &[(&str, &str)]) -> Vec<(String, String)> {
    versions.iter().map(|(id, version)| ((*id).to_owned(), (*version).to_owned())).collect()
}

#[test]
fn rows_inherit_the_context_of_the_header_before_them() {
    let telemetry = Telemetry::of_bytes(lines(&[header_of("1"), event("x").id("a"), event("x").id("b")]));
    assert_eq!(versions(&telemetry), expected(&[("a", "1"), ("b", "1")]));
    assert_eq!(telemetry.json().summary.headers, 1);
}

#[test]
fn the_next_header_replaces_the_context() {
    let rows = [header_of("1"), event("x").id("a"), header_of("2"), header_of("3"), event("x").id("b")];
    let telemetry = Telemetry::of_bytes(lines(&rows));
    assert_eq!(versions(&telemetry), expected(&[("a", "1"), ("b", "3")]));
    assert_eq!(telemetry.json().summary.headers, 3);
}

#[test]
fn a_bad_header_clears_the_context_until_the_next_good_one() {
    let bad = header_of("2").with("context", json!({}));
    let rows = [
        header_of("1"),
        event("x").id("a"),
        bad,
        event("x").id("b"),
        event("x").id("c").self_contained(json!({ "extension_version": "own" })),
        header_of("3"),
        event("x").id("d"),
    ];
    let telemetry = Telemetry::of_bytes(lines(&rows));
    assert_eq!(versions(&telemetry), expected(&[("a", "1"), ("c", "own"), ("d", "3")]));
    let summary = telemetry.json().summary;
    assert_eq!((summary.headers, summary.bad_lines), (2, 2));
    let bad: Vec<_> = summary.bad_line_samples().iter().map(|bad| bad.line).collect();
    assert_eq!(bad, [3, 4]);
}

#[test]
fn a_line_of_bad_json_does_not_change_the_context() {
    let content = format!("{}\n{{\"kind\":\"header\"\n{}\n", header_of("1"), event("x").id("a"));
    assert_eq!(versions(&Telemetry::of_bytes(content)), expected(&[("a", "1")]));
}

#[test]
fn a_rows_own_context_wins_over_a_header_and_is_not_completed_from_it() {
    let mut partial = own_context(json!({ "extension_version": "own" }));
    let own = event("x").id("a").without("deployment_url").with("context", partial.clone());
    partial.as_object_mut().expect("an object").remove("machine_id");
    let rows = [header_of("1"), own, event("x").id("b").with("context", partial), event("x").id("c")];
    let telemetry = Telemetry::of_bytes(lines(&rows));
    assert_eq!(versions(&telemetry), expected(&[("a", "own"), ("c", "1")]));
    assert_eq!(telemetry.json().summary.bad_lines, 1);
}

#[test]
fn a_header_applies_to_the_end_of_its_file_and_not_to_the_next() {
    let telemetry = Telemetry::new()
        .file(&file_name("a"), lines(&[header_of("1"), event("x").id("a")]))
        .file(&file_name("a.1"), lines(&[event("x").id("b"), header_of("2"), event("x").id("c")]));
    assert_eq!(versions(&telemetry), expected(&[("a", "1"), ("c", "2")]));
    assert_eq!(telemetry.json().summary.bad_line_samples()[0].file, file_name("a.1"));
}

#[test]
fn headers_count_anywhere_in_a_long_file() {
    let filler = |id: &str| event("x").id(id).properties(json!({ "p": "p".repeat(1000) }));
    let mut rows = vec![event("x").id("headless"), header_of("1")];
    rows.extend((0..600).map(|n| filler(&format!("1-{n}"))));
    rows.push(header_of("2"));
    rows.extend((0..600).map(|n| filler(&format!("2-{n}"))));
    rows.push(header_of("3").with("context", json!({})));
    rows.extend((0..600).map(|n| filler(&format!("cleared-{n}"))));
    rows.push(header_of("4"));
    rows.extend((0..600).map(|n| filler(&format!("4-{n}"))));
    let telemetry = Telemetry::of_bytes(lines(&rows));
    let found = versions(&telemetry);
    assert_eq!(found.len(), 1800);
    for (id, version) in found {
        assert!(id.starts_with(&format!("{version}-")), "{id} has version {version}");
    }
    let json = telemetry.json().summary;
    assert_eq!((json.headers, json.bad_lines), (3, 602));
    assert_eq!(telemetry.otlp().summary.bad_lines, 602);
}

#[test]
fn a_header_may_be_of_any_length() {
    let long = header_of("1").with("padding", json!("p".repeat(2_000_000)));
    let mut rows = vec![long];
    rows.extend((0..400).map(|n| event("x").id(&n.to_string()).properties(json!({ "p": "p".repeat(1000) }))));
    let telemetry = Telemetry::of_bytes(lines(&rows));
    assert_eq!(telemetry.json().summary.event_count, 400);
    assert_eq!(telemetry.otlp().summary.event_count, 400);
}

#[test]
fn a_header_needs_no_member_but_its_kind_and_context() {
    let bare = header().without("timestamp").without("schema_version");
    let spelled = header().with_text("kind", r#""\u0068eader""#);
    let odd = header().with("timestamp", json!(5)).with("schema_version", json!("one"));
    let with_deployment = header().with("context", own_context(json!({})));
    for good in [bare, spelled, odd, with_deployment] {
        let summary = Telemetry::of_bytes(lines(&[good.clone(), event("x")])).json().summary;
        assert_eq!((summary.headers, summary.event_count, summary.bad_lines), (1, 1, 0), "{good}");
    }
}

#[test]
fn a_schema_version_above_1_is_read_with_one_warning_per_version() {
    let rows = [
        header().with("schema_version", json!(2)),
        event("x"),
        event("x").with("schema_version", json!(3)),
        event("x").with("schema_version", json!(3)),
        event("x").with_text("schema_version", "2.0"),
        event("x").with("schema_version", json!(1)),
        event("x").with("schema_version", json!(1.5)),
        event("x").with("schema_version", json!("4")),
        event("x").with("schema_version", json!(-5)),
    ];
    let telemetry = Telemetry::of_bytes(lines(&rows));
    for summary in [telemetry.json().summary, telemetry.otlp().summary] {
        assert_eq!((summary.event_count, summary.bad_lines), (8, 0));
        assert_eq!(summary.warnings.len(), 2, "{:?}", summary.warnings);
        assert!(summary.warnings[0].contains("version 2 "), "{:?}", summary.warnings);
        assert!(summary.warnings[1].contains("version 3 "), "{:?}", summary.warnings);
    }
}
