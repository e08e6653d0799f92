//! The report of redacted events, and what a report of recorded events says about redaction.

use std::collections::BTreeMap;

use coder_telemetry_export::export::{RedactionInput, RedactionLevel};
use serde_json::{Value, json};

use super::support::{HtmlExport, Row, Telemetry, event, header, own_context};
use super::{LEVELS, marked, redaction, telemetry, unknown, with_key};

/// The cells of the rows of a table, as text.
fn rows_of(html: &HtmlExport, id: &str) -> Vec<Vec<String>> {
    let page = html.unbroken();
    let Some((_, table)) = page.split_once(&format!("<table id=\"{id}\"")) else { return Vec::new() };
    let (_, body) = table.split_once("<tbody>").expect("a body");
    let (body, _) = body.split_once("</tbody>").expect("its end");
    let cells = |row: &str| -> Vec<String> {
        let row = row.replace("<td", "<th").replace("</td>", "</th>");
        row.split("</th>").filter(|cell| cell.contains("<th")).map(text_of).collect()
    };
    body.lines().filter(|line| line.starts_with("<tr")).map(cells).collect()
}

/// The text of markup.
fn text_of(html: &str) -> String {
    let parts = html.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text));
    let text = parts.collect::<String>();
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

/// The text with an ellipsis for the digits of each pseudonym.
fn without_digits(text: &str) -> String {
    super::pseudonyms(text).iter().fold(text.to_owned(), |text, pseudonym| {
        let (kind, _) = pseudonym.split_once('-').expect("a hyphen");
        text.replace(pseudonym, &format!("{kind}-…"))
    })
}

#[test]
fn the_report_of_redacted_events_says_what_was_replaced_and_has_no_mark() {
    for level in LEVELS {
        let html = telemetry().redacted(with_key(level, b'k')).html();
        let summary = redaction(&html.summary);
        let kinds: BTreeMap<_, _> = rows_of(&html, "replaced-kinds")
            .into_iter()
            .map(|row| (row[0].clone(), row[1].replace(',', "")))
            .collect();
        let expected: BTreeMap<_, _> =
            summary.replaced.iter().map(|(kind, count)| ((*kind).to_owned(), count.to_string())).collect();
        assert_eq!(kinds, expected);
        assert!(!html.page.contains("<mark>") && rows_of(&html, "marks").is_empty());
        assert!(html.page.contains("Its id is <code>"));
        assert!(html.page.contains(&format!("Level <code>{}</code>", level.name())));
    }
}

#[test]
fn each_field_with_something_replaced_has_its_events_and_what_was_replaced() {
    let html = telemetry().redacted(marked()).html();
    let rows = rows_of(&html, "replaced-fields");
    let row = |key: &str| {
        let row = rows.iter().find(|row| row[0] == key).unwrap_or_else(|| panic!("{key} in {rows:?}"));
        [row[1].as_str(), row[2].as_str(), row[3].as_str()]
    };
    assert_eq!(row("machine_id"), ["context", "whole value", "240"]);
    assert_eq!(
        row("deployment_url"),
        ["context", "whole value, parts of the value", "240"].map(|cell| {
            // Two URLs have a path or nothing behind the host.
            if cell.starts_with("whole") { "parts of the value" } else { cell }
        })
    );
    assert_eq!(row("workspace_name"), ["properties", "whole value", "60"]);
    assert_eq!(row("message"), ["error", "parts of the value", "60"]);
    assert_eq!(row("route"), ["properties", "parts of the value", "60"]);
    assert_eq!(row("event_id"), ["row", "whole value", "60"]);
    assert!(rows.iter().any(|row| row[0].starts_with("key-") && row[2] == "key"), "{rows:?}");
    assert!(rows.iter().all(|row| row[0] != "result" && row[0] != "method"));
}

#[test]
fn fields_that_rules_cannot_judge_are_still_to_look_at() {
    let rows = [
        header(),
        event("e").properties(json!({ "surprise": "tern", "result": "success" })),
        event("e").error(json!({ "message": "the quiet terns of Hamre" })),
    ];
    let fields = |options: RedactionInput| -> Vec<(String, String)> {
        let html = Telemetry::of(&rows).redacted(options).html();
        rows_of(&html, "still-to-look-at").into_iter().map(|row| (row[0].clone(), row[2].clone())).collect()
    };
    let found = fields(marked());
    assert!(
        found.contains(&("surprise".into(), "field that the exporter does not know".into())),
        "{found:?}"
    );
    assert!(found.contains(&("message".into(), "several words".into())), "{found:?}");
    assert!(found.iter().all(|(key, _)| key != "result" && key != "count"), "{found:?}");
    let found = fields(unknown());
    assert!(found.iter().all(|(key, _)| key != "surprise" && key != "message"), "{found:?}");
}

#[test]
fn a_field_that_was_kept_is_marked_and_named() {
    let keep = |level| RedactionInput {
        keep_fields: vec!["context.machine_id".into(), "properties.note".into()],
        ..with_key(level, b'k')
    };
    let rows = [header(), event("e").properties(json!({ "note": "at 10.0.3.7" }))];
    for level in LEVELS {
        let html = Telemetry::of(&rows).redacted(keep(level)).html();
        let marks = rows_of(&html, "marks");
        let of = |key: &str| marks.iter().any(|row| row[0] == key);
        assert!(of("machine_id") && of("note") && !of("session_id"), "{marks:?}");
        let page = text_of(&html.page);
        assert!(
            page.contains("Kept by request, whatever they contain: context.machine_id, properties.note.")
        );
        assert!(page.contains("2 fields kept by request may identify a person or company."));
    }
}

/// Rows whose properties have marks of many kinds, and one nested value.
fn rows_to_preview() -> Vec<Row> {
    let values = [
        ("path", json!("/home/anna/x and more")),
        ("mail", json!("to anna@velmora.com")),
        ("address", json!("connect ECONNREFUSED 10.0.3.7:443")),
        ("url", json!("https://dev.velmora.com/a?b=c")),
        ("password", json!("hunter2hunter2")),
        ("command", json!("login --password=hunter2hunter2 -v")),
        ("owner", json!("anna")),
        ("to anna@velmora.com", json!("x")),
    ];
    let row = |(key, value): &(&str, Value)| event("e").properties(json!({ *key: value }));
    let nested = event("e").with("nested", json!({ "user": "anna", "list": ["10.0.3.7", 5] }));
    std::iter::once(header()).chain(values.iter().map(row)).chain([nested]).collect()
}

/// The only property of an event, or its member `nested`.
fn member_of(event: &Value) -> (&str, &Value) {
    let properties = event["properties"].as_object().expect("an object");
    match properties.iter().next() {
        Some((key, value)) => (key, value),
        None => ("nested", &event["nested"]),
    }
}

#[test]
fn a_preview_shows_what_the_export_writes() {
    let rows = rows_to_preview();
    let plain = Telemetry::of(&rows).html();
    let marks = rows_of(&plain, "marks");
    let exported = |level: RedactionLevel| -> Vec<(String, String)> {
        let json = Telemetry::of(&rows).redacted(with_key(level, b'k')).json();
        let property = |event: &Value| {
            let (key, value) = member_of(event);
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            (without_digits(key), without_digits(&text))
        };
        json.events().iter().map(property).collect()
    };
    let (marked, unknown) = (exported(RedactionLevel::Marked), exported(RedactionLevel::Unknown));
    let mut compared = 0;
    for (index, event) in Telemetry::of(&rows).json().events().iter().enumerate() {
        let (key, _) = member_of(event);
        for mark in marks.iter().filter(|mark| mark[0] == key) {
            let is_key = mark[3].ends_with("(the key)");
            let [one, other] = [&marked, &unknown]
                .map(|exported| if is_key { &exported[index].0 } else { &exported[index].1 });
            let expected =
                if one == other { one.clone() } else { format!("{one}unknown values too: {other}") };
            assert_eq!(mark[4], expected, "{key}");
            compared += 1;
        }
    }
    assert!(compared >= 9, "{compared} of {marks:?}");
}

#[test]
fn a_preview_knows_long_keys_and_leaves_out_long_rows() {
    let long_key = format!("note {}", "k".repeat(300));
    let long_text = format!("at 10.0.3.7 {}", "so ".repeat(30_000));
    let rows = [
        header(),
        event("e").properties(json!({ long_key: "at 10.0.3.7" })),
        event("e").properties(json!({ "long": long_text })),
    ];
    let marks = rows_of(&Telemetry::of(&rows).html(), "marks");
    let of = |key: &str| marks.iter().find(|row| row[0].starts_with(key)).expect("a mark")[4].clone();
    assert_eq!(of("note kkk"), "at ip-…unknown values too: text-…");
    assert_eq!(of("long"), "");
}

#[test]
fn a_preview_replaces_the_names_of_the_row_too() {
    let error = json!({ "message": "tarnbox of tarnhost is not at 10.0.3.7" });
    let context = own_context(json!({ "host": "tarnhost" }));
    for rows in [
        vec![
            event("e")
                .properties(json!({ "workspace": "tarnbox" }))
                .error(error.clone())
                .self_contained(context.clone()),
        ],
        vec![
            header().with("context", context),
            event("e").properties(json!({ "workspace": "tarnbox" })).error(error),
        ],
    ] {
        let marks = rows_of(&Telemetry::of(&rows).html(), "marks");
        let of = |key: &str, name: &str| {
            let row = marks.iter().find(|row| row[0] == key && row[2] == name);
            row.unwrap_or_else(|| panic!("{key} in {marks:?}"))[4].clone()
        };
        let message = "workspace-… of name-… is not at ip-…unknown values too: text-…";
        assert_eq!(of("message", "error message, IP address"), message);
        assert_eq!(of("machine_id", "machine id"), "machine-…");
        assert_eq!(of("deployment_url", "deployment URL, host name"), "https://host-…");
    }
}
