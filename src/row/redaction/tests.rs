//! Rows that are redacted by themselves. The rows have contexts of their own, as those of a JSON export have.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;
use crate::privacy::redaction::{RedactionInput, RedactionLevel, ReplacedTotals};
use crate::privacy::{KeyMeaning, find_marks};
use crate::row::event::{Row, RowReader};

const LEVELS: [RedactionLevel; 2] = [RedactionLevel::Marked, RedactionLevel::Unknown];

fn redactor(level: RedactionLevel, key: u8) -> Redactor {
    let input = RedactionInput { level: Some(level), key: Some(vec![key; 32]), ..RedactionInput::default() };
    let redaction = input.resolve().expect("options").expect("a redaction");
    Redactor::new(&redaction).expect("a redactor")
}

/// The redacted row, and how many pseudonyms were written.
fn redacted(redactor: &Redactor, row: &str) -> (String, u64) {
    let progress = Progress::default();
    let mut rows = RowReader::default();
    let Ok(Row::Event(event)) = rows.read(row) else { panic!("{row} is no event") };
    let context = EventContext::of(&event, None).expect("the row has a context");
    let mut new = String::new();
    let mut rewriting = RowRedactor::new(redactor, &progress);
    let counts = rewriting.event(&event, context, |event, _| {
        event.row.clone_into(&mut new);
        check_moved(event);
    });
    let mut totals = ReplacedTotals::default();
    totals.add(&counts);
    (new, totals.total())
}

/// Checks that the members of an event are those of its row.
fn check_moved(event: &Event<'_>) {
    let mut rows = RowReader::default();
    let Ok(Row::Event(read)) = rows.read(event.row) else { panic!("{} is no event", event.row) };
    let members = |event: &Event<'_>| {
        let mut members: Vec<String> = [
            Some(event.event_id),
            Some(event.event_name),
            Some(event.timestamp_text),
            event.trace_id,
            event.parent_event_id,
            event.error.map(|error| error.message),
            event.error.and_then(|error| error.kind),
            event.error.and_then(|error| error.code),
            event.deployment_url,
        ]
        .iter()
        .map(|string| format!("{string:?}"))
        .collect();
        members.extend([event.event_sequence, event.properties, event.measurements].map(str::to_owned));
        members.push(format!("{:?} {:?}", event.schema_version, event.inherited_members));
        members.push(format!("{:?}", event.context.map(|context| (context.text, context.fields))));
        members
    };
    assert_eq!(members(event), members(&read));
}

fn context() -> Value {
    json!({
        "extension_version": "1.15.2", "machine_id": "8995da7f", "session_id": "080959d7", "os_type": "linux",
        "os_version": "6.8.0", "host_arch": "x64", "platform_name": "Cursor", "platform_version": "1.106.0",
        "deployment_url": "https://coder.velmora.com:8443/x",
    })
}

fn row(properties: &Value, message: &str, other: &Value) -> String {
    let row = json!({
        "event_id": "00f067aa0ba902b7", "event_name": "remote.setup", "timestamp": "2026-06-01T12:00:00Z",
        "event_sequence": 7, "properties": properties, "measurements": {"durationMs": 1.5},
        "error": {"message": message, "type": "Error", "code": "E1"}, "context": context(), "extra": other,
    });
    row.to_string()
}

/// Every string of a redacted row, with the meaning of its key.
fn strings(value: &Value, meaning: KeyMeaning, visit: &mut impl FnMut(KeyMeaning, &str)) {
    match value {
        Value::String(text) => visit(meaning, text),
        Value::Array(items) => items.iter().for_each(|item| strings(item, meaning, visit)),
        Value::Object(members) => members.iter().for_each(|(key, value)| {
            visit(KeyMeaning::Nothing, key);
            if !matches!(key.as_str(), "event_name" | "timestamp") {
                strings(value, if key == "code" { KeyMeaning::Nothing } else { KeyMeaning::of(key) }, visit);
            }
        }),
        _ => {}
    }
}

/// Secrets that must not survive, of every kind.
const SECRETS: [&str; 21] = [
    "anna@velmora.com",
    "10.0.3.7",
    "fd12:3456:789a::7",
    "coder.velmora.com",
    "https://anna:hunter2@git.velmora.com/x?token=abc#y",
    "/home/annakowal/src",
    "C:\\Users\\annakowal\\.ssh\\config",
    "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    "Bearer abcdefghij0123456789",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
    "VELMORA\\annakowal",
    "annakowal@tarnbuild",
    "password=hunter2secret",
    "postgres://svc:hunter2secret@db.velmora.com:5432/app",
    "00:1a:2b:3c:4d:5e",
    "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
    "+49 30 12345678",
    "%2Fhome%2Fannakowal%2Fsrc",
    "anna%40velmora.com",
    "\\\\tarnserver\\share",
    "user \"annakowal\" not found",
];

/// Parts of these secrets that identify somebody. None of them may be in a redacted row.
const IDENTIFYING: [&str; 13] = [
    "annakowal",
    "velmora",
    "VELMORA",
    "10.0.3.7",
    "fd12:3456",
    "hunter2",
    "ghp_",
    "abcdefghij",
    "dozjgNryP4",
    "00:1a:2b",
    "6ba7b810",
    "12345678",
    "tarnserver",
];

/// Prose with secrets between its words.
fn text() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        3 => proptest::sample::select(&SECRETS[..]).prop_map(str::to_owned),
        4 => proptest::sample::select(&["connect", "failed", "dial", "at", "E1", "→", "\"x\"", "\n", "\\"][..])
            .prop_map(str::to_owned),
    ];
    let separator = proptest::sample::select(&[" ", "\n", " ; ", " (", ", "][..]);
    proptest::collection::vec((word, separator), 0..6)
        .prop_map(|words| words.iter().fold(String::new(), |text, (word, separator)| text + word + separator))
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => "[a-z]{1,8}",
        1 => Just("anna@velmora.com".to_owned()),
        1 => Just("workspace_name".to_owned()),
        1 => Just("10.0.3.7".to_owned()),
        1 => Just("result".to_owned()),
    ]
}

fn object() -> impl Strategy<Value = Value> {
    proptest::collection::hash_map(key(), text(), 0..5).prop_map(|members| {
        Value::Object(members.into_iter().map(|(key, text)| (key, json!(text))).collect())
    })
}

fn nested() -> impl Strategy<Value = Value> {
    let leaf =
        prop_oneof![text().prop_map(Value::String), Just(json!(17)), Just(json!(null)), Just(json!(true))];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            proptest::collection::hash_map(key(), inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 192 } else { 4096 }))]

    #[test]
    fn nothing_marked_survives(properties in object(), message in text(), other in nested()) {
        for level in LEVELS {
            let (new, _) = redacted(&redactor(level, b'k'), &row(&properties, &message, &other));
            for part in IDENTIFYING {
                prop_assert!(!new.contains(part), "{part} is in {new}");
            }
            let value: Value = serde_json::from_str(&new).expect("JSON");
            let mut survivors = Vec::new();
            strings(&value, KeyMeaning::Nothing, &mut |meaning, text| {
                let mut marks = Vec::new();
                find_marks(meaning, text, &mut marks);
                if !marks.is_empty() {
                    survivors.push(format!("{text:?} has {marks:?}"));
                }
            });
            prop_assert!(survivors.is_empty(), "{survivors:?}");
        }
    }

    #[test]
    fn redacting_twice_changes_nothing_more(properties in object(), message in text(), other in nested()) {
        for level in LEVELS {
            let (once, _) = redacted(&redactor(level, b'k'), &row(&properties, &message, &other));
            let (twice, replaced) = redacted(&redactor(level, b'x'), &once);
            prop_assert_eq!(&twice, &once);
            prop_assert_eq!(replaced, 0);
        }
    }

    #[test]
    fn what_is_not_marked_keeps_its_bytes(
        words in proptest::collection::vec("connect|failed|dial|[a-z]{1,3}|é|\\\\u0041|\\\\/|\\\\n|\\\\ud800", 0..8),
        space in "[ \t]{0,2}",
    ) {
        let text = words.join(" ");
        let plain = format!(
            "{{{space}\"event_id\"{space}:\"00f0\",\"event_name\":\"a.b\",\"timestamp\":\"2026-06-01T12:00:00Z\",\
             \"event_sequence\":1.50,\"properties\":{{\"p\":\"{text}\"{space}}},\"measurements\":{{\"m\" : 1e2}},\
             \"error\":{{\"message\":\"{text}\"}},\"x\":[\"{text}\", 1]{space},\"context\":{}}}",
            context()
        );
        let (new, _) = redacted(&redactor(RedactionLevel::Marked, b'k'), &plain);
        let (before, _) = plain.split_once("\"context\":").expect("a context");
        prop_assert!(new.starts_with(before), "{new}");
    }

    #[test]
    fn the_number_of_pseudonyms_is_counted(properties in object(), message in text(), other in nested()) {
        for level in LEVELS {
            let (new, replaced) = redacted(&redactor(level, b'k'), &row(&properties, &message, &other));
            let pseudonyms = new.match_indices('-').filter(|(at, _)| {
                new.as_bytes().get(at + 1..at + 17).is_some_and(|digits| {
                    digits.iter().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
                })
            });
            prop_assert_eq!(pseudonyms.count() as u64, replaced, "{}", new);
        }
    }
}

/// The redacted property `p` of a row, and the whole row.
fn property(level: RedactionLevel, value: &str) -> String {
    let (new, _) = redacted(&redactor(level, b'k'), &row(&json!({ "p": value }), "", &json!(null)));
    let new: Value = serde_json::from_str(&new).expect("JSON");
    new["properties"]["p"].as_str().expect("a string").to_owned()
}

#[test]
fn a_sentence_stays_around_what_is_replaced() {
    let host = "553211c41f646527";
    for (text, expected) in [
        ("connect ECONNREFUSED 10.0.3.7:443", "connect ECONNREFUSED ip-bc0a4eb3ecb6a2a4:443"),
        (
            "open C:\\Users\\anna\\.ssh\\config: denied",
            "open C:\\Users\\user-2dadd6a44590d38a\\.ssh\\config: denied",
        ),
        ("stat /home/anna/src/main.rs:5", "stat /home/user-2dadd6a44590d38a/src/main.rs:5"),
        ("Get https://Coder.Example.com:8443/api: EOF", &format!("Get https://host-{host}:8443/api: EOF")),
        ("/x%2Fhome%2Fanna%2Fsrc", "/x%2Fhome%2Fuser-2dadd6a44590d38a%2Fsrc"),
        ("mail anna@velmora.com", "mail email-1d71672d37dd6ad1"),
        ("mail anna%40velmora.com", "mail email-1d71672d37dd6ad1"),
    ] {
        assert_eq!(property(RedactionLevel::Marked, text), expected);
    }
}

#[test]
fn lone_surrogates_do_not_hide_what_is_marked() {
    let plain = row(&json!({ "p": "TEXT" }), "", &json!(null));
    for (text, expected) in [
        (r"at 10.0.3.7 \ud800", "at ip-bc0a4eb3ecb6a2a4 \u{fffd}"),
        (r"\udc00 anna\u0040velmora.com", "\u{fffd} email-1d71672d37dd6ad1"),
        (r"\ud800", r"\ud800"),
    ] {
        let (new, _) = redacted(&redactor(RedactionLevel::Marked, b'k'), &plain.replace("TEXT", text));
        assert!(new.contains(&format!("\"p\":\"{expected}\"")), "{new}");
        let (twice, _) = redacted(&redactor(RedactionLevel::Marked, b'x'), &new);
        assert_eq!(twice, new);
    }
}

#[test]
fn of_a_url_user_password_and_query_are_replaced_too() {
    let hidden = |text: &str| {
        let mut out = text.to_owned();
        for kind in ["token-", "text-"] {
            if let Some(at) = out.find(kind) {
                out.replace_range(at + kind.len()..at + kind.len() + 16, "#");
            }
        }
        out.replace("553211c41f646527", "#")
    };
    for (text, expected) in [
        ("dial https://coder.example.com/api?q=1#x, then", "dial https://host-#/api?text-#, then"),
        ("(https://coder.example.com:8443#x)", "(https://host-#:8443#text-#)"),
        ("dial https://anna:pw9@coder.example.com/api?q=1", "dial https://token-#@host-#/api?text-#"),
        ("dial https://anna@coder.example.com: no", "dial https://token-#@host-#: no"),
        ("dial https://coder.example.com/?: no", "dial https://host-#/?: no"),
    ] {
        assert_eq!(hidden(&property(RedactionLevel::Marked, text)), expected);
    }
}

#[test]
fn a_value_with_too_many_parts_is_replaced_as_a_whole() {
    let text = |count: usize| {
        (0..count)
            .map(|number| format!("10.0.{}.{}", number / 250, number % 250 + 1))
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert!(property(RedactionLevel::Marked, &text(1000)).contains(" ip-"));
    assert!(property(RedactionLevel::Marked, &text(1001)).starts_with("text-"));
}

#[test]
fn a_list_that_is_marked_only_as_a_whole_is_replaced_as_a_whole() {
    for (list, is_kept) in [
        (json!(["sudo", "-u", "annakowal"]), false),
        (json!({"args": ["docker", "login", "-u", "annakowal", "-p", "hunter2secret"]}), false),
        (json!(["git", "status"]), true),
    ] {
        let plain = row(&json!({}), "", &list);
        let (new, _) = redacted(&redactor(RedactionLevel::Marked, b'k'), &plain);
        let new: Value = serde_json::from_str(&new).expect("JSON");
        let is_whole = new["extra"].as_str().is_some_and(|text| text.starts_with("text-"));
        assert_eq!((is_whole, new["extra"] == list), (!is_kept, is_kept), "{}", new["extra"]);
    }
}

#[test]
fn shadowed_members_are_replaced_and_hostile_rows_end() {
    let secret = "anna@velmora.com";
    let members = [
        format!("\"event_id\":\"{secret}\""),
        format!("\"event_name\":\"{secret}\""),
        format!("\"timestamp\":\"{secret}\""),
        format!("\"event_sequence\":\"{secret}\""),
        format!("\"properties\":[\"{secret}\"]"),
        format!("\"properties\":{{\"a\":\"{secret}\",\"a\":[\"{secret}\"],\"a\":1}}"),
        format!("\"measurements\":{{\"{secret}\":\"{secret}\",\"a\":{{\"b\":\"{secret}\"}}}}"),
        format!("\"trace_id\":\"{secret}\""),
        format!("\"error\":\"{secret}\""),
        format!("\"error\":{{\"{secret}\":\"{secret}\"}}"),
        format!("\"deployment_url\":\"{secret}\""),
        format!("\"context\":\"{secret}\""),
        format!("\"context\":{{\"machine_id\":\"{secret}\",\"machine_id\":[\"{secret}\"]}}"),
        format!("\"schema_version\":\"{secret}\""),
        format!("\"kind\":\"{secret}\""),
        format!("\"{secret}\":{{\"{secret}\":\"{secret}\"}}"),
        "\"prop\\u0065rties\":{\"x\":\"ann\\u0061@velmora.com\"}".to_owned(),
        format!("\"deep\":{}\"{secret}\"{}", "[{\"a\":".repeat(10_000), "}]".repeat(10_000)),
    ];
    let plain = row(&json!({}), "", &json!(null));
    // A row in which all members are read takes another way.
    let without_others = plain.replacen(",\"extra\":null", "", 1);
    assert_ne!(without_others, plain);
    for (member, plain) in members.iter().flat_map(|member| [(member, &plain), (member, &without_others)]) {
        let shadowed = plain.replacen('{', &format!("{{{member},"), 1);
        for level in LEVELS {
            let (new, _) = redacted(&redactor(level, b'k'), &shadowed);
            assert!(!new.contains("velmora") && !new.contains("u0061"), "{member:.200}: {new:.400}");
            let (twice, _) = redacted(&redactor(level, b'x'), &new);
            assert!(twice == new, "{member:.200}");
        }
    }
}

#[test]
fn the_names_of_a_row_are_replaced_in_its_other_values() {
    let redactor = redactor(RedactionLevel::Marked, b'k');
    let other = json!({"list": ["tarnbox up", "tarnboxes"], "url": "8995da7f"});
    let (new, _) = redacted(
        &redactor,
        &row(&json!({"workspace": "tarnbox", "a": "tarnbox-2 tarnbox"}), "tarnbox gone (080959d7)", &other),
    );
    let new: Value = serde_json::from_str(&new).expect("JSON");
    let name = new["properties"]["workspace"].as_str().expect("a string");
    let session = new["context"]["session_id"].as_str().expect("a string");
    assert!(name.starts_with("workspace-") && session.starts_with("session-"));
    assert_eq!(new["properties"]["a"], format!("tarnbox-2 {name}"));
    assert_eq!(new["error"]["message"], format!("{name} gone ({session})"));
    assert_eq!(new["extra"]["list"], json!([format!("{name} up"), "tarnboxes"]));
    assert_eq!(new["extra"]["url"], new["context"]["machine_id"]);
}

#[test]
fn a_name_is_found_even_if_it_is_spelled_with_escapes() {
    let plain = row(&json!({"workspace": "tarn/box"}), "SPELLED gone", &json!(null));
    for spelled in [r"tarn\/box", r"t\u0061rn/box", "tarn/box"] {
        let (new, _) = redacted(&redactor(RedactionLevel::Marked, b'k'), &plain.replace("SPELLED", spelled));
        let new: Value = serde_json::from_str(&new).expect("JSON");
        let name = new["properties"]["workspace"].as_str().expect("a string");
        assert_eq!(new["error"]["message"], format!("{name} gone"));
    }
}

#[test]
fn a_row_with_more_names_than_are_looked_for_keeps_no_other_text() {
    let mut other: Map<String, Value> =
        (0..40).map(|number| (format!("k{number}"), json!({ "user": format!("person {number}") }))).collect();
    other.insert("said".to_owned(), json!("person 39 came"));
    let (new, _) =
        redacted(&redactor(RedactionLevel::Marked, b'k'), &row(&json!({}), "", &Value::Object(other)));
    assert!(!new.contains("person"), "{new}");
}
