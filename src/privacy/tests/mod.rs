//! What is marked, and what is not. The labelled corpus and the examples are in `fixtures/privacy`. The other
//! tests contain their values.

pub(super) mod corpus;
mod data;
mod examples;
mod spans;
mod specification;
mod tables;
mod unmarked;

use super::{KeyMeaning, Mark, Rule, find_marks};

/// The marks of a value under a key.
fn marks_under(key: &str, text: &str) -> Vec<Mark> {
    let mut marks = Vec::new();
    find_marks(KeyMeaning::of(key), text, &mut marks);
    marks
}

/// The marks of a value whose key says nothing.
fn marks_of(text: &str) -> Vec<Mark> {
    marks_under("", text)
}

/// Each mark's rule and text.
fn found(key: &str, text: &str) -> Vec<(Rule, String)> {
    marks_under(key, text).into_iter().map(|mark| (mark.rule, text[mark.span].to_owned())).collect()
}
