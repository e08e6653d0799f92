//! Marks, and the text that is searched for them.

use std::ops::Range;

use super::characters::{Survey, survey};
use super::kinds::Rule;

/// A part of a text that may identify a person or a company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    /// Why it is marked.
    pub(crate) rule: Rule,
    /// The bytes that it covers. They begin and end between characters, and are never empty.
    pub(crate) span: Range<usize>,
}

/// A text that is searched, and the marks that were found.
pub(super) struct Search<'t, 'm> {
    pub(super) text: &'t str,
    pub(super) bytes: &'t [u8],
    /// The classes of the bytes that occur.
    pub(super) seen: u16,
    /// The number of decimal digits.
    pub(super) digits: usize,
    marks: &'m mut Vec<Mark>,
}

impl<'t, 'm> Search<'t, 'm> {
    pub(super) fn new(text: &'t str, marks: &'m mut Vec<Mark>) -> Self {
        let Survey { seen, digits } = survey(text.as_bytes());
        Self { text, bytes: text.as_bytes(), seen, digits, marks }
    }

    /// Whether a byte of one of these classes occurs.
    pub(super) fn has(&self, classes: u16) -> bool {
        self.seen & classes != 0
    }

    /// Marks a part of the text, unless it is empty.
    pub(super) fn mark(&mut self, rule: Rule, span: Range<usize>) {
        if !self.text[span.clone()].is_empty() {
            self.marks.push(Mark { rule, span });
        }
    }

    /// The bytes from `at` on; none if that is behind the end.
    pub(super) fn rest(&self, at: usize) -> &'t [u8] {
        self.bytes.get(at..).unwrap_or_default()
    }

    /// The byte before `at`, or a blank at the start.
    pub(super) fn before(&self, at: usize) -> u8 {
        at.checked_sub(1).map_or(b' ', |before| self.bytes[before])
    }

    /// The byte at `at`, or a blank at the end.
    pub(super) fn at(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(b' ')
    }

    /// Whether a mark covers any of these bytes.
    pub(super) fn is_marked(&self, span: &Range<usize>) -> bool {
        self.marks.iter().any(|mark| mark.span.start < span.end && span.start < mark.span.end)
    }
}
