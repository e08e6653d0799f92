//! What a report marks: the first value behind each mark, how many events have it, and secrets that must not be shown.

mod support;

use serde_json::{Value, json};

use support::{Row, Telemetry, event, file_name, header, http_requests, lines, own_context, span};

/// Only the first four characters and the length of a secret may be on the page.
const SECRET: &str = "ghp_Zq81kLw0TnV5bYx2RcJ7mHd4sPf9uAe3Gt6i";
const MASK: &str = "ghp_…(40 characters)";

/// The rows of the table of marks whose field has this key, without the titles of columns at the cells.
fn marks_of(page: &str, key: &str) -> Vec<String> {
    let page = page.replace("<td class=\"long\" data-label", "<td data-label");
    let mut parts = page.split(" data-label=\"");
    let first = parts.next().expect("a page").to_owned();
    let page = parts.fold(first, |page, part| page + part.split_once('"').expect("the end of a label").1);
    let (_, table) = page.split_once("<table id=\"marks\">").expect("a table of marks");
    let (table, _) = table.split_once("</table>").expect("the end of the table");
    let begin = format!("<tr><th scope=\"row\"><bdi>{key}</bdi></th>");
    table.lines().filter_map(|line| line.strip_prefix(&begin)).map(str::to_owned).collect()
}

fn with_property(key: &str, value: impl Into<Value>) -> Row {
    let mut properties = serde_json::Map::new();
    properties.insert(key.to_owned(), value.into());
    event("an.event").properties(Value::Object(properties))
}

/// Events whose property `a` has 40 values, each in three events. The 31st is an address, and so is the 36th.
fn forty_values() -> Vec<Row> {
    let value = |number| match number {
        30 => "for anna@corp.example".to_owned(),
        35 => "for ben@corp.example".to_owned(),
        _ => format!("value {number}"),
    };
    let values: Vec<_> = (0..40).map(value).collect();
    let rows = values.iter().cycle().take(120).map(|value| with_property("a", value.as_str()));
    std::iter::once(header()).chain(rows).collect()
}

#[test]
fn an_address_in_the_31st_value_is_shown_and_its_events_are_counted() {
    let page = Telemetry::of(&forty_values()).html().unbroken();
    let expected = "<td>properties</td><td>e-mail address</td>\
        <td><bdi>for <mark>anna@corp.example</mark></bdi></td>\
        <td><bdi>for email-…</bdi><div>unknown values too: <bdi>text-…</bdi></div></td>\
        <td><data value=\"6\">6</data></td><td>an e-mail address</td></tr>";
    assert_eq!(marks_of(&page, "a"), [expected]);
}

#[test]
fn a_value_is_counted_for_each_event_beyond_a_thousand_values() {
    let value = |number: usize| {
        format!("number {number} on {}", if number.is_multiple_of(3) { "10.1.2.3" } else { "it" })
    };
    let rows = (0..3_000).map(|number| with_property("a", value(number % 1_500)));
    let rows: Vec<_> = std::iter::once(header()).chain(rows).collect();
    for threads in [1, 4] {
        let page = Telemetry::of(&rows).with_threads(threads).html().unbroken();
        let [mark] = &marks_of(&page, "a")[..] else { panic!("one mark") };
        assert!(mark.contains("<bdi>number 0 on <mark>10.1.2.3</mark></bdi>"), "{mark}");
        assert!(mark.contains("<data value=\"1000\">"), "{mark}");
    }
}

#[test]
fn values_of_a_shared_context_are_counted_for_each_of_its_events() {
    let with_host = |row: Row| row.self_contained(json!({ "note": "host 10.1.2.3" }));
    let rows = [header(), event("a"), with_host(event("b")), with_host(event("c")), event("d")];
    let page = Telemetry::of(&rows).html().unbroken();
    let [mark] = &marks_of(&page, "note")[..] else { panic!("one mark: {page}") };
    assert!(
        mark.contains("<mark>10.1.2.3</mark></bdi></td>") && mark.contains("<td><data value=\"2\">"),
        "{mark}"
    );
}

#[test]
fn a_long_value_is_cut_around_its_marked_part() {
    let words = "so ".repeat(100);
    let page =
        Telemetry::of(&[header(), with_property("a", format!("{words}10.1.2.3 {words}"))]).html().unbroken();
    let [mark] = &marks_of(&page, "a")[..] else { panic!("one mark") };
    let expected = "<td>…<bdi>so so so so so so so so <mark>10.1.2.3</mark> so so";
    assert!(mark.contains(expected) && mark.contains("</bdi>…</td>"), "{mark}");
}

#[test]
fn a_marked_key_is_shown_as_the_key() {
    let page = Telemetry::of(&[header(), with_property("to anna@corp.example", "x")]).html().unbroken();
    let [mark] = &marks_of(&page, "to anna@corp.example")[..] else { panic!("one mark") };
    let expected = "<bdi>to <mark>anna@corp.example</mark></bdi> <span class=\"none\">(the key)</span>";
    assert!(mark.contains(expected), "{mark}");
}

/// A row with a secret in one place, for each place.
fn rows_with_a_secret() -> Vec<(String, Row)> {
    let sentence = format!("rejected {SECRET} at once");
    let object = |key: &str, value: Value| Value::Object([(key.to_owned(), value)].into_iter().collect());
    let context = |member: &str| event("an.event").self_contained(object(member, json!(SECRET)));
    let error = |member: &str| {
        let mut error = json!({ "message": "m", "type": "t", "code": "c" });
        error[member] = json!(sentence);
        span("a.span").error(error)
    };
    let http = |key: &str| http_requests(json!({ "count_2xx": 1 })).properties(object(key, json!(sentence)));
    let rows = [
        ("event id", event("an.event").id(SECRET)),
        ("event name", event(&sentence)),
        ("last part of an event name", span(&format!("a.{SECRET}"))),
        ("event name of a failure", span(SECRET).error(json!({ "message": "m" }))),
        ("trace id", event("an.event").trace(SECRET)),
        ("parent event id", event("an.event").parent(SECRET)),
        ("deployment of the row", event("an.event").deployment(&format!("https://a:{SECRET}@example.com"))),
        ("property", with_property("a", SECRET)),
        ("property in a sentence", with_property("a", sentence.as_str())),
        ("property across the 80th character", with_property("a", "x ".repeat(38) + SECRET)),
        ("property under a key that says so", with_property("owner", SECRET)),
        (
            "type of an error without an error block",
            event("an.event").properties(json!({ "result": "error", "error.type": sentence })),
        ),
        ("key of a property", with_property(SECRET, "x")),
        ("key of a measurement", event("an.event").measurements(object(SECRET, json!(1)))),
        ("class of answers", http_requests(object(&format!("count.{SECRET}"), json!(1)))),
        ("method", http("method")),
        ("route", http("route")),
        ("gauge", event("ssh.network.sampled").measurements(object(&format!("{SECRET}Ms"), json!(1)))),
        ("other member", event("an.event").with("other", json!(sentence))),
        ("key of another member", event("an.event").with(SECRET, json!(1))),
        ("array", event("an.event").with("other", json!([sentence]))),
        ("nested object", event("an.event").with("other", json!({ "a": { "b": SECRET } }))),
        ("nested key", event("an.event").with("other", object(SECRET, json!(1)))),
        ("member of the error", error("stack")),
        ("error message", error("message")),
        ("error type", error("type")),
        ("error code", error("code")),
        ("member of the context", context("unknown")),
        ("key of the context", event("an.event").self_contained(object(SECRET, json!(1)))),
    ];
    let own = own_context(json!({}));
    let members = own.as_object().expect("an object").keys();
    let contexts = members.map(|member| (format!("{member} of the context"), context(member)));
    rows.into_iter().map(|(place, row)| (place.to_owned(), row)).chain(contexts).collect()
}

/// Panics if more than the beginning of the secret is on the page.
fn assert_masked(page: &str, place: &str) {
    assert!(page.contains(MASK), "{place}: there is no mask");
    let (_, hidden) = SECRET.split_at(4);
    for part in [&hidden[..5], &hidden[hidden.len() - 5..]] {
        assert!(!page.contains(part), "{place}: {part}");
    }
}

#[test]
fn a_secret_is_masked_wherever_a_row_has_it() {
    let rows = rows_with_a_secret();
    for (place, row) in &rows {
        assert_masked(&Telemetry::of(&[header(), row.clone()]).html().unbroken(), place);
    }
    // All at once, in several blocks and files.
    let all: Vec<_> = std::iter::once(header()).chain(rows.iter().map(|(_, row)| row.clone())).collect();
    assert_masked(&Telemetry::of(&all).session("other", &all).html().unbroken(), "all places");
}

#[test]
fn a_secret_is_masked_in_file_names_and_reasons() {
    let bad = lines(&[header(), with_property(SECRET, 1)]);
    let good = lines(&[header(), event("an.event")]);
    let telemetry = Telemetry::new().file(&file_name(SECRET), good).file(&file_name("bad"), bad);
    let export = telemetry.html();
    assert_eq!((export.summary.event_count, export.summary.bad_lines), (1, 1));
    assert_masked(&export.page, "file name and reason");
}

#[test]
fn passwords_are_masked_under_keys_and_in_sentences() {
    let rows = [
        header(),
        with_property("smtp.password", "Tr0ub4dor-and-more"),
        with_property("command", "run --password=Tr0ub4dor-and-more -v"),
        with_property("query", "?password=Tr0ub4dor-and-more&a=b"),
        event("e").error(json!({ "message": "password: Tr0ub4dor-and-more" })),
    ];
    let page = Telemetry::of(&rows).html().unbroken();
    assert!(!page.contains("b4dor") && !page.contains("and-more"), "{page}");
    // Each in the table of marks and as an example. The message is an example of failures, too.
    assert_eq!(page.matches("Tr0u…(18 characters)").count(), 4 * 2 + 1);
}

#[test]
fn an_error_code_is_no_secret_because_of_its_key() {
    let code = "ERR_HTTP2_STREAM_ERROR";
    let error = |code: &str| span("a.span").error(json!({ "message": "m", "code": code }));
    let page =
        Telemetry::of(&[header(), error(code), with_property("code", "Zq81kLw0TnV5bYx2")]).html().unbroken();
    // As type and code in both tables of failures, and as an example.
    assert_eq!(page.matches(&format!("<bdi>{code}</bdi>")).count(), 5);
    assert!(page.contains("Zq81…(16 characters)"));
}
