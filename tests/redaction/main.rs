//! Redacted exports: what is replaced, and what stays true of the export.

#[path = "../support/mod.rs"]
mod support;

mod corpus;
mod report;

use std::collections::{BTreeMap, BTreeSet};

use coder_telemetry_export::export::{Format, OtlpOptions, RedactionInput, RedactionLevel};
use coder_telemetry_export::summary::{BadLine, RedactionSummary, Summary};
use serde_json::{Value, json};
use support::{
    JsonExport, OtlpExport, Row, Telemetry, event, file_name, fixture, header, http_requests, lines,
    own_context, span,
};

const LEVELS: [RedactionLevel; 2] = [RedactionLevel::Marked, RedactionLevel::Unknown];

fn with_key(level: RedactionLevel, key: u8) -> RedactionInput {
    RedactionInput { level: Some(level), key: Some(vec![key; 32]), ..RedactionInput::default() }
}

fn marked() -> RedactionInput {
    with_key(RedactionLevel::Marked, b'k')
}

fn unknown() -> RedactionInput {
    with_key(RedactionLevel::Unknown, b'k')
}

/// Rows of all kinds that have something to replace, in two sessions whose times alternate.
fn telemetry() -> Telemetry {
    let session = |id: &str, url: &str| {
        let context = own_context(json!({ "session_id": id, "machine_id": format!("machine of {id}") }));
        let mut context = context;
        context.as_object_mut().expect("an object").remove("deployment_url");
        let rows = (0..20).flat_map(|second| {
            let at = |row: Row| row.at(&format!("2026-06-01T12:00:{second:02}Z")).deployment(url);
            [
                at(event("workspace.open")
                    .properties(json!({"workspace_name": "tarnbox", "result": "success"}))),
                at(span("remote.setup").properties(json!({"workspace": "tarnbox"})).error(json!({
                    "message": format!("connect ECONNREFUSED 10.0.3.{second}:443 tarnbox"), "code": "E1",
                }))),
                at(http_requests(json!({"window_seconds": 60, "count.2xx": second + 1}))
                    .properties(json!({"method": "GET", "route": "/api/v2/users/anna@velmora.com"}))),
                at(event("odd")
                    .id("anna@velmora.com")
                    .trace("anna@velmora.com")
                    .with("anna@velmora.com", json!(1))),
            ]
        });
        lines(&[header().with("context", context)].into_iter().chain(rows).collect::<Vec<_>>())
    };
    Telemetry::new()
        .file(&file_name("a"), session("aaaa-4", "https://dev.velmora.com"))
        .file(&file_name("b"), session("bbbb-4", "https://dev.velmora.com:8443/x"))
        .file(&file_name("c"), session("cccc-4", "https://prod.velmora.com"))
}

/// The machine of a session's first four rows, as JSON.
fn old_machine(session: &str) -> Vec<String> {
    let id = match session {
        "a" => "aaaa-4",
        "b" => "bbbb-4",
        _ => "cccc-4",
    };
    vec![format!("\"machine of {id}\""); 4]
}

/// The pseudonyms of a text.
fn pseudonyms(text: &str) -> Vec<String> {
    let kinds = [
        "machine",
        "session",
        "workspace",
        "agent",
        "name",
        "host",
        "ip",
        "user",
        "email",
        "token",
        "text",
        "key",
        "id",
        "file",
    ];
    let is_digit = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let mut found = Vec::new();
    for (at, _) in text.match_indices('-') {
        let Some(digits) =
            text.get(at + 1..at + 17).filter(|digits| digits.bytes().all(|byte| is_digit(&byte)))
        else {
            continue;
        };
        if let Some(kind) = kinds.iter().find(|kind| text[..at].ends_with(*kind)) {
            found.push(format!("{kind}-{digits}"));
        }
    }
    found
}

fn all_text(otlp: &OtlpExport) -> String {
    otlp.entries.iter().map(|(name, text)| format!("{name}{text}")).collect()
}

fn redaction(export: &Summary) -> &RedactionSummary {
    export.redaction.as_ref().expect("a redacted export says so")
}

#[test]
fn without_a_level_nothing_is_replaced_and_the_summary_says_nothing() {
    let json = telemetry().json();
    assert!(json.summary.redaction.is_none());
    assert!(pseudonyms(&json.text).is_empty());
    let manifest = telemetry().otlp();
    assert!(!manifest.text("manifest.json").contains("redaction"));
}

#[test]
fn no_format_has_what_was_planted() {
    for options in [marked(), unknown()] {
        let telemetry = telemetry().redacted(options);
        let texts = [telemetry.json().text, all_text(&telemetry.otlp()), telemetry.html().unbroken()];
        for text in texts {
            for secret in ["velmora", "anna@", "10.0.3.", "tarnbox", "machine of", "aaaa-4", "kkkkkkkk"] {
                assert!(!text.contains(secret), "{secret}");
            }
        }
    }
}

#[test]
fn lines_order_ids_times_and_numbers_are_those_of_the_plain_export() {
    let plain = telemetry().json();
    let machines = |json: &JsonExport| -> Vec<String> {
        json.events().iter().map(|event| event["context"]["machine_id"].to_string()).collect()
    };
    for level in LEVELS {
        let redacted = telemetry().redacted(with_key(level, b'k')).json();
        assert_eq!(redacted.lines().len(), plain.lines().len());
        for (new, old) in redacted.events().iter().zip(plain.events()) {
            for member in ["event_name", "timestamp", "event_sequence", "schema_version", "measurements"] {
                assert_eq!(new[member], old[member]);
            }
            if old["event_name"] != "odd" {
                assert_eq!(new["event_id"], old["event_id"]);
            }
        }
        // Rows of one time are in the order of their sessions. By their pseudonyms, the order would be the other one.
        let (old_order, new_order) = (machines(&plain), machines(&redacted));
        assert_eq!(old_order[..12], ["a", "b", "c"].map(old_machine).concat()[..]);
        let pairs: BTreeSet<_> = old_order.iter().zip(&new_order).collect();
        assert_eq!(pairs.len(), 3);
        let (new, old) = (&redacted.summary, &plain.summary);
        assert_eq!(
            (new.event_count, new.lines_read, new.headers),
            (old.event_count, old.lines_read, old.headers)
        );
    }
}

#[test]
fn changed_lines_differ_in_changed_values_alone() {
    let row = event("x")
        .with_text("properties", r#"{ "a" : "\u0041\/" ,"ip":"at 10.0.3.7", "b":"\ud800" }"#)
        .with_text("measurements", r#"{"m" :1.50e1}"#)
        .self_contained(json!({}));
    let (plain, redacted) =
        (Telemetry::of(std::slice::from_ref(&row)).json(), Telemetry::of(&[row]).redacted(marked()).json());
    let expected = plain
        .text
        .replace("10.0.3.7", "ip-bc0a4eb3ecb6a2a4")
        .replace("https://dev.example.com", "https://host-fe7fe6f0f5b29393")
        .replace("\"machine\"", "\"machine-da6be9b463fbe2a0\"")
        .replace("\"session\"", "\"session-3c9c89ef66817cd5\"");
    assert_eq!(redacted.text, expected);
}

#[test]
fn redacting_a_redacted_export_with_another_key_changes_nothing() {
    for level in LEVELS {
        let once = telemetry().redacted(with_key(level, b'k')).json();
        let rows: String = once.lines().iter().map(|line| format!("{line}\n")).collect();
        let twice = Telemetry::of_bytes(rows).redacted(with_key(level, b'x')).json();
        assert!(twice.text == once.text);
        assert_eq!((redaction(&twice.summary).events, redaction(&twice.summary).replaced.len()), (0, 0));
    }
}

#[test]
fn with_a_key_all_formats_and_numbers_of_threads_have_the_same_pseudonyms() {
    let formats = [Format::JsonArray, Format::Otlp(OtlpOptions::default()), Format::Html];
    let mut of_formats = Vec::new();
    for format in formats {
        let bytes_of = |threads| {
            let telemetry = telemetry().with_threads(threads).redacted(marked());
            telemetry.export("allTime", format.clone()).expect("an export")
        };
        let (summary, bytes) = bytes_of(1);
        for threads in [2, 8] {
            let (other_summary, other) = bytes_of(threads);
            assert!(other == bytes, "{threads}");
            assert_eq!(other_summary.redaction, summary.redaction);
        }
        of_formats.push(summary.redaction);
    }
    assert!(of_formats.iter().all(|of_format| *of_format == of_formats[0]), "{of_formats:?}");
    let json: BTreeSet<_> = pseudonyms(&telemetry().redacted(marked()).json().text).into_iter().collect();
    let otlp: BTreeSet<_> =
        pseudonyms(&all_text(&telemetry().redacted(marked()).otlp())).into_iter().collect();
    assert!(otlp.is_subset(&json), "{:?}", otlp.difference(&json));
    let digits: BTreeSet<_> = json.iter().map(|pseudonym| &pseudonym[pseudonym.len() - 16..]).collect();
    // One value, one pseudonym: 3 machines, 3 sessions, 2 hosts, 2 rests of URLs at most, 20 addresses, a
    // workspace, an e-mail address.
    assert!(digits.len() <= 3 + 3 + 2 + 1 + 20 + 1 + 1, "{json:?}");
}

#[test]
fn keys_decide_which_exports_can_be_compared() {
    let found = |options: RedactionInput| {
        let json = telemetry().redacted(options).json();
        (pseudonyms(&json.text).into_iter().collect::<BTreeSet<_>>(), redaction(&json.summary).clone())
    };
    let random = || RedactionInput { level: Some(RedactionLevel::Marked), ..RedactionInput::default() };
    let ((one, of_one), (other, _)) = (found(random()), found(random()));
    assert!(one.is_disjoint(&other));
    assert_eq!((of_one.key, of_one.key_id), ("random", None));
    let ((one, of_one), (other, _)) = (found(marked()), found(marked()));
    assert_eq!(one, other);
    // The first digits of HMAC-SHA-256 of the empty text.
    assert_eq!((of_one.key, of_one.key_id.as_deref()), ("given", Some("a4ad8e34")));
    let (_, of_x) = found(with_key(RedactionLevel::Marked, b'x'));
    assert_ne!(of_x.key_id, of_one.key_id);
}

/// The sums of all counters and the number of records of each signal.
fn sums(otlp: &OtlpExport) -> (f64, Value) {
    let manifest: Value = serde_json::from_str(otlp.text("manifest.json")).expect("JSON");
    let mut sum = 0.0;
    for (name, text) in &otlp.entries {
        if name.starts_with("metrics") {
            let metrics: Value = serde_json::from_str(text).expect("JSON");
            add_points(&metrics, &mut sum);
        }
    }
    (sum, manifest["records"].clone())
}

fn add_points(value: &Value, sum: &mut f64) {
    match value {
        Value::Object(members) => members.iter().for_each(|(key, value)| match key.as_str() {
            "asInt" => *sum += value.as_str().expect("a string").parse::<f64>().expect("a number"),
            "asDouble" => *sum += value.as_f64().expect("a number"),
            _ => add_points(value, sum),
        }),
        Value::Array(items) => items.iter().for_each(|item| add_points(item, sum)),
        _ => {}
    }
}

/// The OTLP exports of telemetry as recorded and redacted, at each level and with each temporality.
fn plain_and_redacted(telemetry: fn() -> Telemetry) -> Vec<(OtlpExport, OtlpExport)> {
    let exports = LEVELS.into_iter().flat_map(|level| {
        [Telemetry::otlp, Telemetry::cumulative].map(|export: fn(&Telemetry) -> OtlpExport| {
            (export(&telemetry()), export(&telemetry().redacted(with_key(level, b'k'))))
        })
    });
    exports.collect()
}

#[test]
fn records_and_sums_of_otlp_are_those_of_the_plain_export() {
    for (plain, redacted) in plain_and_redacted(telemetry) {
        assert_eq!(sums(&plain), sums(&redacted));
        assert_eq!(plain.summary.signals, redacted.summary.signals);
        assert!(sums(&plain).0 > 0.0);
    }
}

/// Metric events whose measurements have an address in their keys.
fn marked_measurements() -> Telemetry {
    let row = |second: u32| {
        let mail = "anna@velmora.com";
        let measurements = json!({
            "window_seconds": 60,
            (format!("count.{mail}")): 3,
            (format!("count_{mail} a_ms")): 4,
            (format!("{mail} a_ms")): 5,
            (format!("{mail} aMbits")): 6.5,
            mail: 7,
        });
        http_requests(measurements).at(&format!("2026-06-01T12:0{second}:00Z"))
    };
    Telemetry::of(&[header(), row(0), row(1)])
}

#[test]
fn counters_and_units_stay_if_their_key_is_replaced() {
    let kinds_and_units = |otlp: &OtlpExport| -> BTreeSet<(bool, String)> {
        let metrics = otlp.metrics();
        metrics.iter().map(|metric| (metric["sum"].is_object(), metric["unit"].to_string())).collect()
    };
    for (plain, redacted) in plain_and_redacted(marked_measurements) {
        assert_eq!(sums(&plain), sums(&redacted));
        assert_eq!(plain.metrics().len(), redacted.metrics().len());
        assert_eq!(kinds_and_units(&plain), kinds_and_units(&redacted));
        assert!(!all_text(&redacted).contains("velmora"));
    }
    for level in LEVELS {
        let json = marked_measurements().redacted(with_key(level, b'k')).json();
        let measurements = &json.events()[0]["measurements"];
        let shape = |key: &String| {
            pseudonyms(key).iter().fold(key.clone(), |key, pseudonym| key.replace(pseudonym, "KEY"))
        };
        let mut shapes: Vec<_> = measurements.as_object().expect("an object").keys().map(shape).collect();
        shapes.sort();
        assert_eq!(shapes, ["KEY", "KEY_mbits", "KEY_ms", "count.KEY", "count_KEY", "window_seconds"]);
    }
}

#[test]
fn summary_and_manifest_agree_with_a_recount_of_the_json() {
    for level in LEVELS {
        let json = telemetry().redacted(with_key(level, b'k')).json();
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for pseudonym in pseudonyms(&json.text) {
            *counts.entry(pseudonym[..pseudonym.len() - 17].to_owned()).or_default() += 1;
        }
        let events = json.lines().iter().filter(|line| !pseudonyms(line).is_empty()).count() as u64;
        let summary = redaction(&json.summary);
        let replaced: BTreeMap<_, _> =
            summary.replaced.iter().map(|(kind, count)| ((*kind).to_owned(), *count)).collect();
        assert_eq!((summary.events, &replaced), (events, &counts));
        let otlp = telemetry().redacted(with_key(level, b'k')).otlp();
        let manifest: Value = serde_json::from_str(otlp.text("manifest.json")).expect("JSON");
        assert_eq!(
            manifest["redaction"],
            json!({
                "version": 1, "level": level.name(), "key": "given", "keyId": "a4ad8e34", "redactFields": [],
                "keepFields": [], "events": events, "replaced": counts,
            })
        );
    }
}

#[test]
fn lists_have_no_session_and_no_secret() {
    let row = event("x").with_text("properties", r#"{"anna@velmora.com":1}"#);
    let large = event("x").properties(json!({"p": "x".repeat(70_000)}));
    let rows = [header(), row, event("x"), large].map(|row| row.to_string()).join("\n");
    let plain = || Telemetry::new().file("telemetry-2026-06-01-tarnsession.1.jsonl", &rows);
    let telemetry = plain().redacted(marked());
    std::fs::create_dir(telemetry.path().join("telemetry-2026-06-01-tarnfolder.jsonl")).expect("a folder");
    let otlp = telemetry.with_request_limit(65_536);
    let summary = &otlp.summary;
    let lists = format!("{:?}{:?}{:?}", summary.bad_line_samples(), summary.skipped_files, summary.warnings);
    for secret in ["velmora", "tarnsession", "tarnfolder"] {
        assert!(!lists.contains(secret) && !all_text(&otlp).contains(secret), "{lists}");
    }
    let BadLine { file, line, reason } = &summary.bad_line_samples()[0];
    assert!(file.starts_with("telemetry-2026-06-01-file-") && file.ends_with(".1.jsonl"), "{file}");
    assert_eq!(*line, 2);
    assert!(reason.starts_with("properties.key-") && reason.ends_with(" is not a string"), "{reason}");
    assert!(summary.skipped_files[0].file.starts_with("telemetry-2026-06-01-file-"));
    assert!(summary.warnings[0].starts_with(file.as_str()), "{:?}", summary.warnings);
    let page = telemetry.html().unbroken();
    assert!(!page.contains("tarnsession") && !page.contains("velmora"));
    let plain = plain().json().summary.bad_line_samples().remove(0);
    assert_eq!(plain.reason, "properties.anna@velmora.com is not a string");
}

#[test]
fn deployment_urls_stay_different_and_can_be_parsed() {
    let urls = [
        "https://coder.velmora.com",
        "https://coder.velmora.com/",
        "https://coder.velmora.com:8443",
        "http://coder.velmora.com",
        "https://coder.velmora.com/a",
        "https://coder.velmora.com/b?c",
        "https://anna@coder.velmora.com",
        "https://10.0.3.7",
        "https://[fd00::7]:3000",
        "http://localhost:3000",
        "http://127.0.0.1/",
        "no url at all",
    ];
    let rows: Vec<_> =
        urls.iter().chain(&["https://CODER.velmora.com"]).map(|url| event("x").deployment(url)).collect();
    let events = Telemetry::of(&rows).redacted(marked()).json().events();
    let written: Vec<_> =
        events.iter().map(|event| event["context"]["deployment_url"].as_str().expect("a string")).collect();
    let different: BTreeSet<_> = written.iter().collect();
    assert_eq!(different.len(), urls.len());
    assert_eq!(written[0], written[12], "the case of a host does not count");
    assert_eq!(&written[9..11], &urls[9..11]);
    assert!(
        written[2].ends_with(":8443")
            && written[8].starts_with("https://ip-")
            && written[8].ends_with(":3000")
    );
    assert!(written[..11].iter().all(|url| !url.contains(['[', '@', '?'])), "{written:?}");
    assert!(written[11].starts_with("text-"));
}

#[test]
fn kept_and_redacted_fields_are_those_that_are_named() {
    let row = event("x")
        .properties(json!({"a.b": "10.0.3.7", "a": "10.0.3.7", "A": "harmless", "plain": "harmless", "user": "annakowal"}))
        .error(json!({"message": "10.0.3.7"}))
        .with("extra", json!({"ip": "10.0.3.7"}))
        .with("count", json!(17));
    let owned = |fields: &[&str]| fields.iter().map(|&field| field.to_owned()).collect();
    let options = RedactionInput {
        redact_fields: owned(&["properties.plain", "other.count"]),
        keep_fields: owned(&[
            "properties.a.b",
            "properties.user",
            "other.extra",
            "context.machine_id",
            "row.deployment_url",
        ]),
        ..marked()
    };
    let json = Telemetry::of(&[row]).redacted(options).json();
    let event = &json.events()[0];
    let ip = "ip-bc0a4eb3ecb6a2a4";
    let plain = event["properties"]["plain"].as_str().expect("a string");
    assert!(plain.starts_with("name-"), "{plain}");
    assert!(event["count"].as_str().expect("a string").starts_with("name-"));
    assert_eq!(
        event["properties"],
        json!({"a.b": "10.0.3.7", "a": ip, "A": plain, "plain": plain, "user": "annakowal"})
    );
    assert_eq!((&event["error"]["message"], &event["extra"]), (&json!(ip), &json!({"ip": "10.0.3.7"})));
    assert_eq!(event["context"]["machine_id"], "machine");
    let summary = redaction(&json.summary);
    assert_eq!(summary.redact_fields, ["properties.plain", "other.count"]);
    assert_eq!(summary.keep_fields.len(), 5);
}

#[test]
fn the_level_unknown_keeps_only_what_is_known() {
    let row = event("Odd Name")
        .properties(json!({
            "result": "success", "agent_lifecycle_state": "ready", "reason": "two words", "surprise": "success",
            "route": "/api/v2/{id}", "bad key": "x",
        }))
        .error(json!({"message": "a sentence", "type": "TypeError", "code": "E1", "stack": "x"}))
        .with("extra", json!([1, 2]))
        .with("number", json!(17))
        .with("flag", json!(true))
        .self_contained(json!({"shell": "zsh", "os_type": "linux"}));
    let event = &Telemetry::of(&[row]).redacted(unknown()).json().events()[0];
    let is_text =
        |value: &Value| value.as_str().is_some_and(|text| text.starts_with("text-") && text.len() == 21);
    let properties = &event["properties"];
    assert_eq!(properties["result"], "success");
    assert_eq!(properties["agent_lifecycle_state"], "ready");
    assert_eq!(properties["route"], "/api/v2/{id}");
    for value in [
        &event["event_name"],
        &properties["reason"],
        &properties["surprise"],
        &event["error"]["message"],
        &event["error"]["stack"],
        &event["extra"],
        &event["number"],
        &event["context"]["shell"],
    ] {
        assert!(is_text(value), "{value}");
    }
    assert_eq!((&event["error"]["type"], &event["error"]["code"]), (&json!("TypeError"), &json!("E1")));
    assert_eq!((&event["flag"], &event["context"]["os_type"]), (&json!(true), &json!("linux")));
    assert!(properties.as_object().expect("an object").keys().any(|key| key.starts_with("key-")));
}

#[test]
fn every_listed_value_of_the_fixtures_stays_as_it_was() {
    let listed =
        ["result", "source", "outcome", "method", "route", "workspace_status", "agent_status", "handoff"];
    let mut compared = 0;
    for name in ["current-layout", "self-contained-layout", "earliest-layout"] {
        let telemetry = || {
            let mut all = Telemetry::new();
            for entry in std::fs::read_dir(fixture(name)).expect("fixtures") {
                let path = entry.expect("a fixture").path();
                if path.extension().is_some_and(|extension| extension == "jsonl") {
                    let file = path.file_name().expect("a name").to_str().expect("text").to_owned();
                    all = all.file(&file, std::fs::read(&path).expect("a fixture"));
                }
            }
            all
        };
        let (plain, redacted) =
            (telemetry().json().events(), telemetry().redacted(unknown()).json().events());
        assert_eq!(plain.len(), redacted.len());
        for (old, new) in plain.iter().zip(&redacted) {
            for key in listed {
                compared += u32::from(!old["properties"][key].is_null());
                assert_eq!(old["properties"][key], new["properties"][key], "{key}");
            }
        }
    }
    assert!(compared > 20, "{compared}");
}

#[test]
fn long_values_and_wide_rows_are_redacted_to_their_end() {
    let long = format!("{}10.0.3.7", "word ".repeat(2_000_000));
    let wide: serde_json::Map<String, Value> = (0..4_000)
        .map(|number| (format!("k{number}"), json!(format!("10.1.{}.{}", number / 250, number % 250 + 1))))
        .collect();
    let rows = [event("x").properties(json!({"p": long})), event("x").properties(Value::Object(wide))];
    let json = Telemetry::of(&rows).redacted(marked()).json();
    assert!(json.lines()[0].contains("word ip-bc0a4eb3ecb6a2a4\""));
    assert!(!json.lines()[1].contains("10.1."));
    assert_eq!(
        redaction(&json.summary).replaced.iter().find(|(kind, _)| *kind == "ip"),
        Some(&("ip", 4_001))
    );
}
