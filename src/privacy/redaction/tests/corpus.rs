//! Redaction of the labelled corpus of `fixtures/privacy`.

use serde_json::Value;

use super::super::{Place, RedactionLevel, Replacer};
use super::{LEVELS, has_marks, redacted, redactor};

const CORPUS: &str = include_str!("../../../../fixtures/privacy/corpus.jsonl");

/// A line of the corpus, turned around if it is stored so.
struct Entry {
    place: Place,
    key: String,
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
        let place = line["where"].as_str().expect("each entry has a place");
        let (place, usual_key) = match place {
            "message" => (Place::Error, "message"),
            "property" => (Place::Properties, "value"),
            other => (Place::Properties, other),
        };
        Self {
            place,
            key: line["key"].as_str().unwrap_or(usual_key).to_owned(),
            value: turned("value").expect("each entry has a value"),
            part: (line["sensitive"] == true).then(|| turned("part").unwrap_or_default()),
        }
    }
}

#[test]
fn nearly_all_that_is_sensitive_in_the_corpus_is_gone_and_nearly_all_else_is_unchanged() {
    let redactor = redactor(RedactionLevel::Marked);
    let mut replacer = Replacer::new(&redactor);
    let (mut sensitive, mut gone, mut harmless, mut changed) = (0, 0, 0, 0);
    for entry in CORPUS.lines().map(Entry::of) {
        let (key, value) = redacted(&mut replacer, entry.place, &entry.key, &entry.value);
        if let Some(part) = &entry.part {
            sensitive += 1;
            let is_gone = (&key, &value) != (&entry.key, &entry.value)
                && !value.contains(part.as_str())
                && !key.contains(part.as_str());
            gone += u32::from(is_gone);
            if !is_gone {
                println!("still there: {} {:?} {:?}", entry.key, entry.value, value);
            }
        } else {
            harmless += 1;
            let is_changed = key != entry.key || value != entry.value;
            changed += u32::from(is_changed);
            if is_changed {
                println!("changed: {} {:?} {:?}", entry.key, entry.value, value);
            }
        }
    }
    println!("gone {gone} of {sensitive}, changed {changed} of {harmless}");
    assert!(sensitive > 600 && harmless > 500, "the corpus is whole");
    assert!(gone * 100 >= sensitive * 97, "gone {gone} of {sensitive}");
    assert!(changed * 100 <= harmless, "changed {changed} of {harmless}");
}

#[test]
fn no_mark_of_the_corpus_survives() {
    for level in LEVELS {
        let redactor = redactor(level);
        let mut replacer = Replacer::new(&redactor);
        for entry in CORPUS.lines().map(Entry::of) {
            let (key, value) = redacted(&mut replacer, entry.place, &entry.key, &entry.value);
            assert!(!has_marks(&key, &value), "{level:?}: {:?} under {}: {value:?}", entry.value, entry.key);
        }
    }
}
