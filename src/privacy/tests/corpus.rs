//! Compares the marks with the labelled corpus in `fixtures/privacy`.

use std::collections::BTreeMap;

use serde_json::Value;

use super::super::{KeyMeaning, find_marks};

pub(in crate::privacy) const CORPUS: &str = include_str!("../../../fixtures/privacy/corpus.jsonl");

/// A line of the corpus, the right way round.
pub(in crate::privacy) struct Entry {
    /// Whether the value is the message of an error.
    pub(in crate::privacy) is_message: bool,
    pub(in crate::privacy) key: String,
    pub(in crate::privacy) value: String,
    kind: String,
    /// The sensitive part. `None` if the value is harmless.
    pub(in crate::privacy) part: Option<String>,
}

impl Entry {
    pub(in crate::privacy) fn of(line: &str) -> Self {
        let line: Value = serde_json::from_str(line).expect("each line is an object");
        let is_reversed = line["reversed"] == true;
        let text = |member: &str| line[member].as_str().map(str::to_owned);
        let turned = |member: &str| {
            text(member).map(|text| if is_reversed { text.chars().rev().collect() } else { text })
        };
        let place = text("where").expect("each entry has a place");
        Self {
            is_message: place == "message",
            key: text("key").unwrap_or(if place == "property" { String::new() } else { place }),
            value: turned("value").expect("each entry has a value"),
            kind: text("kind").expect("each entry has a kind"),
            part: (line["sensitive"] == true).then(|| turned("part").unwrap_or_default()),
        }
    }

    /// The key and the value with `#` for each mark. `None` if there is no mark.
    fn redacted(&self) -> Option<String> {
        let mut is_marked = false;
        let mut without_marks = |meaning: KeyMeaning, text: &str| {
            let mut marks = Vec::new();
            find_marks(meaning, text, &mut marks);
            is_marked |= !marks.is_empty();
            // Marks may overlap.
            let mut rest = String::new();
            let mut end = 0;
            for mark in marks {
                rest += text.get(end..mark.span.start).unwrap_or_default();
                rest += "#";
                end = end.max(mark.span.end);
            }
            rest + &text[end..]
        };
        let redacted = without_marks(KeyMeaning::Nothing, &self.key)
            + &without_marks(KeyMeaning::of(&self.key), &self.value);
        is_marked.then_some(redacted)
    }
}

#[derive(Default)]
struct Counts {
    sensitive: u32,
    found: u32,
    covered: u32,
    harmless: u32,
    marked: u32,
}

impl Counts {
    fn add(&mut self, entry: &Entry) {
        let redacted = entry.redacted();
        match &entry.part {
            Some(part) => {
                self.sensitive += 1;
                self.found += u32::from(redacted.is_some());
                self.covered += u32::from(redacted.is_some_and(|redacted| !redacted.contains(part.as_str())));
            }
            None => {
                self.harmless += 1;
                self.marked += u32::from(redacted.is_some());
            }
        }
    }
}

fn percent(part: u32, whole: u32) -> f64 {
    if whole == 0 { 100.0 } else { 100.0 * f64::from(part) / f64::from(whole) }
}

#[test]
fn nearly_all_marks_agree_with_the_labels_of_the_corpus() {
    let mut all = Counts::default();
    let mut kinds: BTreeMap<String, Counts> = BTreeMap::new();
    for entry in CORPUS.lines().map(Entry::of) {
        all.add(&entry);
        kinds.entry(entry.kind.clone()).or_default().add(&entry);
    }
    println!("kind      found      covered    marked harmless");
    for (kind, counts) in &kinds {
        let Counts { sensitive, found, covered, harmless, marked } = counts;
        println!("{kind:9} {found:3}/{sensitive:3}    {covered:3}/{sensitive:3}    {marked:3}/{harmless:3}");
        assert!(percent(*found, *sensitive) >= 90.0, "{kind}: found {found} of {sensitive}");
        assert!(percent(*covered, *sensitive) >= 90.0, "{kind}: covered {covered} of {sensitive}");
    }
    assert!(all.sensitive > 600 && all.harmless > 500, "the corpus is whole");
    assert!(percent(all.found, all.sensitive) >= 97.0, "found {} of {}", all.found, all.sensitive);
    assert!(percent(all.covered, all.sensitive) >= 97.0, "covered {} of {}", all.covered, all.sensitive);
    assert!(percent(all.marked, all.harmless) <= 1.0, "marked {} of {}", all.marked, all.harmless);
}
