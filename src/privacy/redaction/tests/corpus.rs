//! Redaction of the labelled corpus of `fixtures/privacy`.

use super::super::{Place, RedactionLevel, Replacer};
use super::{LEVELS, has_marks, redacted, redactor, replacer};
use crate::privacy::tests::corpus::{CORPUS, Entry};

/// The key and the value of an entry, redacted.
fn redacted_entry(replacer: &mut Replacer<'_>, entry: &Entry) -> (String, String) {
    let place = if entry.is_message { Place::Error } else { Place::Properties };
    redacted(replacer, place, &entry.key, &entry.value)
}

#[test]
fn nearly_all_that_is_sensitive_in_the_corpus_is_gone_and_nearly_all_else_is_unchanged() {
    let redactor = redactor(RedactionLevel::Marked);
    let mut replacer = replacer(&redactor);
    let (mut sensitive, mut gone, mut harmless, mut changed) = (0, 0, 0, 0);
    for entry in CORPUS.lines().map(Entry::of) {
        let (key, value) = redacted_entry(&mut replacer, &entry);
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
        let mut replacer = replacer(&redactor);
        for entry in CORPUS.lines().map(Entry::of) {
            let (key, value) = redacted_entry(&mut replacer, &entry);
            assert!(!has_marks(&key, &value), "{level:?}: {:?} under {}: {value:?}", entry.value, entry.key);
        }
    }
}
