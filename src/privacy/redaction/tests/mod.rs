//! The replacement of whole texts.

mod corpus;
mod examples;

use serde_json::json;

use super::{Edits, Names, Place, RedactionInput, RedactionLevel, Redactor, Replacer, RowNames};
use crate::json::{JsonString, members};
use crate::privacy::{KeyMeaning, find_marks};
use crate::progress::Progress;

const LEVELS: [RedactionLevel; 2] = [RedactionLevel::Marked, RedactionLevel::Unknown];

fn redactor(level: RedactionLevel) -> Redactor {
    let input = RedactionInput { level: Some(level), ..RedactionInput::default() };
    let redaction = input.resolve().expect("options").expect("a redaction");
    Redactor::new(&redaction).expect("a redactor")
}

fn replacer(redactor: &Redactor) -> Replacer<'_> {
    Replacer::new(redactor, |_| ("", ""))
}

/// The key and the value of an object with one member, redacted.
fn redacted(replacer: &mut Replacer<'_>, place: Place, key: &str, value: &str) -> (String, String) {
    let object = json!({ key: value }).to_string();
    let (mut edits, mut found) = (Edits::default(), Names::default());
    let mut names = RowNames { known: None, found: &mut found };
    replacer.object(place, &object, 0, &mut names, &mut edits, &Progress::default());
    edits.sort();
    let mut new = String::new();
    edits.apply(&object, &mut new);
    let member = members(&new).next().expect("a member");
    let value = JsonString::of_value(member.value).expect("a string");
    (member.key.decoded().into_owned(), value.decoded().into_owned())
}

/// Whether a redacted key or value still has a mark.
fn has_marks(key: &str, value: &str) -> bool {
    let mut marks = Vec::new();
    find_marks(KeyMeaning::Nothing, key, &mut marks);
    find_marks(KeyMeaning::of(key), value, &mut marks);
    !marks.is_empty()
}
