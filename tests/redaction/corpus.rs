//! The labelled values of `fixtures/privacy/corpus.jsonl` as telemetry, redacted in each format.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use coder_telemetry_export::export::{Format, OtlpOptions, RedactionLevel};
use serde_json::{Value, json};

use super::support::{JsonExport, Row, Telemetry, attributes, event, file_name, header, lines, own_context};
use super::{LEVELS, all_text, marked, pseudonyms, redaction, with_key};

const CORPUS: &str = include_str!("../../fixtures/privacy/corpus.jsonl");

/// A line of the corpus, turned around if it is stored so.
struct Entry {
    /// `None` if the value is the message of an error.
    property: Option<String>,
    value: String,
    /// What must be gone. `None` if the value is harmless.
    part: Option<String>,
}

impl Entry {
    fn of(line: &str) -> Self {
        let line: Value = serde_json::from_str(line).expect("each line is an object");
        let is_reversed = line["reversed"] == true;
        let turned = |member: &str| {
            let text = line[member].as_str()?;
            Some(if is_reversed { text.chars().rev().collect() } else { text.to_owned() })
        };
        let property = match line["where"].as_str().expect("each entry has a place") {
            "message" => None,
            "property" => Some("value"),
            other => Some(line["key"].as_str().unwrap_or(other)),
        };
        Self {
            property: property.map(str::to_owned),
            value: turned("value").expect("each entry has a value"),
            part: (line["sensitive"] == true).then(|| turned("part").unwrap_or_default()),
        }
    }

    fn row(&self, id: &str) -> Row {
        let row = event("corpus.value").id(id);
        match &self.property {
            Some(key) => row.properties(json!({ key: self.value })),
            None => row.error(json!({ "message": self.value })),
        }
    }

    /// The entry's member of an exported event: its key and its text.
    fn member_of<'e>(&self, event: &'e Value) -> (&'e str, &'e str) {
        let (key, value) = match self.property {
            Some(_) => {
                let mut members = event["properties"].as_object().expect("an object").iter();
                members.next().expect("a property")
            }
            None => event["error"].as_object().expect("an object").iter().next().expect("a message"),
        };
        (key, value.as_str().expect("a string"))
    }
}

fn corpus() -> Vec<Entry> {
    CORPUS.lines().map(Entry::of).collect()
}

fn id(index: usize) -> String {
    format!("{index:016x}")
}

/// The corpus in three sessions. Their ids are no words, which messages could have.
fn telemetry() -> Telemetry {
    let rows: Vec<Row> = corpus().iter().enumerate().map(|(index, entry)| entry.row(&id(index))).collect();
    let sessions = ["a", "b", "c"].iter().zip(rows.chunks(rows.len().div_ceil(3)));
    sessions.fold(Telemetry::new(), |telemetry, (session, rows)| {
        let ids = json!({ "machine_id": "3f9c20d1", "session_id": format!("{session}7e41b06") });
        let mut context = own_context(ids);
        context.as_object_mut().expect("an object").remove("deployment_url");
        let header = header().with("context", context);
        let rows: Vec<Row> = [header].into_iter().chain(rows.iter().cloned()).collect();
        telemetry.file(&file_name(session), lines(&rows))
    })
}

fn events_by_id(json: &JsonExport) -> HashMap<String, Value> {
    let events = json.events().into_iter();
    events.map(|event| (event["event_id"].as_str().expect("an id").to_owned(), event)).collect()
}

/// All texts of an object or a list.
fn texts<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
    match value {
        Value::String(text) => found.push(text),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(members) => members.values().for_each(|value| texts(value, found)),
        _ => {}
    }
}

#[test]
fn what_the_corpus_calls_sensitive_is_gone_and_what_it_calls_harmless_is_unchanged() {
    let redacted = telemetry().redacted(marked());
    let events = events_by_id(&redacted.json());
    let logs = redacted.otlp().logs().into_iter().map(|log| {
        let id = &attributes(&log)["log.record.uid"]["stringValue"];
        (id.as_str().expect("a string").to_owned(), log)
    });
    let logs: HashMap<String, Value> = logs.collect();
    let corpus = corpus();
    assert_eq!((events.len(), logs.len()), (corpus.len(), corpus.len()));
    for (index, entry) in corpus.iter().enumerate() {
        let (key, new) = entry.member_of(&events[&id(index)]);
        let mut of_log = Vec::new();
        texts(&logs[&id(index)], &mut of_log);
        assert!(of_log.contains(&new), "the log record has the value of the event: {new:?}");
        match &entry.part {
            Some(part) => {
                let is_left = |text: &&str| text.contains(part.as_str());
                assert!(!is_left(&new) && !is_left(&key), "{part:?} is in {new:?} under {key:?}");
                assert!(!of_log.iter().any(is_left), "{part:?} is in {of_log:?}");
            }
            None => {
                assert_eq!((key, new), (entry.property.as_deref().unwrap_or("message"), &*entry.value));
            }
        }
    }
}

#[test]
fn one_value_has_one_pseudonym_and_two_values_have_two() {
    let mut of_values: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut of_pseudonyms: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let events = events_by_id(&telemetry().redacted(with_key(RedactionLevel::Unknown, b'k')).json());
    for (index, entry) in corpus().iter().enumerate() {
        let (_, new) = entry.member_of(&events[&id(index)]);
        let is_whole = pseudonyms(new).first().is_some_and(|pseudonym| pseudonym == new);
        if is_whole {
            let digits = new[new.len() - 16..].to_owned();
            // In different kinds of text, the case of hosts and e-mail addresses counts or not.
            of_values.entry(entry.value.clone()).or_default().insert(digits.clone());
            of_pseudonyms.entry(digits).or_default().insert(entry.value.to_lowercase());
        }
    }
    assert!(of_values.len() > 800, "{}", of_values.len());
    assert!(of_values.values().all(|digits| digits.len() == 1), "{of_values:?}");
    assert!(of_pseudonyms.values().all(|values| values.len() == 1), "{of_pseudonyms:?}");
}

#[test]
fn the_corpus_gives_the_same_bytes_with_any_number_of_threads_and_the_same_pseudonyms_in_all_formats() {
    for level in LEVELS {
        let export = |threads, format| {
            let telemetry = telemetry().with_threads(threads).redacted(with_key(level, b'k'));
            telemetry.export("allTime", format).expect("an export")
        };
        let otlp = Format::Otlp(OtlpOptions::default());
        let mut of_formats = BTreeSet::new();
        for format in [Format::JsonArray, otlp, Format::Html] {
            let (summary, bytes) = export(1, format.clone());
            for threads in [2, 8] {
                let (other, other_bytes) = export(threads, format.clone());
                assert!(other_bytes == bytes, "{format:?} with {threads} threads");
                assert_eq!(redaction(&other), redaction(&summary));
            }
            of_formats.insert(format!("{:?}", redaction(&summary)));
        }
        assert_eq!(of_formats.len(), 1, "{of_formats:?}");
        let redacted = telemetry().redacted(with_key(level, b'k'));
        let json: BTreeSet<_> = pseudonyms(&redacted.json().text).into_iter().collect();
        let otlp: BTreeSet<_> = pseudonyms(&all_text(&redacted.otlp())).into_iter().collect();
        assert_eq!(otlp, json);
    }
}

#[test]
fn redacting_the_redacted_corpus_changes_nothing() {
    for level in LEVELS {
        let once = telemetry().redacted(with_key(level, b'k')).json();
        let rows: String = once.lines().iter().map(|line| format!("{line}\n")).collect();
        let twice = Telemetry::of_bytes(rows).redacted(with_key(level, b'x')).json();
        let changed: Vec<_> =
            once.lines().into_iter().zip(twice.lines()).filter(|(once, twice)| once != twice).collect();
        assert_eq!(changed, []);
        assert_eq!((redaction(&twice.summary).events, redaction(&twice.summary).replaced.len()), (0, 0));
    }
}

#[test]
fn summary_and_manifest_agree_with_a_recount_of_the_corpus() {
    for level in LEVELS {
        let redacted = telemetry().redacted(with_key(level, b'k'));
        let json = redacted.json();
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        let found = pseudonyms(&json.text);
        for pseudonym in &found {
            *counts.entry(&pseudonym[..pseudonym.len() - 17]).or_default() += 1;
        }
        let replaced: BTreeMap<_, _> = redaction(&json.summary).replaced.iter().copied().collect();
        assert_eq!(replaced, counts);
        assert_eq!(redacted.otlp().manifest()["redaction"]["replaced"], json!(counts));
    }
}
