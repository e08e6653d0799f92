//! Marks, and the text that is searched for them.

use std::cmp::Reverse;
use std::ops::Range;

use memchr::{memchr_iter, memmem};

use super::characters::{Survey, survey};
use super::kinds::{Rule, SensitiveKind};
use super::words::pseudonym_at;

/// A part of a text that may identify a person or a company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    /// Why it is marked.
    pub(crate) rule: Rule,
    /// The bytes that it covers: whole characters, and never none.
    pub(crate) span: Range<usize>,
}

/// What ends a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// This quote or the end of the line. An apostrophe inside a word is not a quote.
    Quote(u8),
    /// A backslash and this quote.
    EscapedQuote(u8),
    /// A blank or a quote.
    Word,
    /// A blank, a quote, a comma, a semicolon, `|` or a closing bracket. For values without quotes.
    Bare,
    /// The end of a URL parameter.
    Parameter,
    /// The end of the line or a quote.
    Header,
}

impl Stop {
    const COUNT: usize = 9;

    fn index(self) -> usize {
        match self {
            Self::Quote(b'"') => 0,
            Self::Quote(b'\'') => 1,
            Self::Quote(_) => 2,
            Self::EscapedQuote(b'"') => 3,
            Self::EscapedQuote(_) => 4,
            Self::Word => 5,
            Self::Bare => 6,
            Self::Parameter => 7,
            Self::Header => 8,
        }
    }

    fn is_at(self, rest: &[u8]) -> bool {
        let byte = rest[0];
        match self {
            Self::Quote(quote) => {
                byte == b'\n'
                    || byte == quote
                        && !(quote == b'\'' && rest.get(1).is_some_and(u8::is_ascii_alphanumeric))
            }
            Self::EscapedQuote(quote) => rest.starts_with(&[b'\\', quote]),
            Self::Word => byte <= b' ' || matches!(byte, b'"' | b'\'' | b'`'),
            Self::Bare => {
                byte <= b' '
                    || matches!(
                        byte,
                        b',' | b';' | b'"' | b'\'' | b'`' | b'<' | b'>' | b')' | b']' | b'}' | b'|'
                    )
            }
            Self::Parameter => {
                byte <= b' ' || matches!(byte, b'&' | b'#' | b'"' | b'\'' | b'<' | b'>' | b'`')
            }
            Self::Header => matches!(byte, b'\n' | b'\r' | b'"'),
        }
    }
}

/// A text that is searched, and the marks that were found.
pub(super) struct Search<'t, 'm> {
    pub(super) text: &'t str,
    pub(super) bytes: &'t [u8],
    /// The classes of the bytes that occur.
    pub(super) seen: u32,
    /// The number of decimal digits.
    pub(super) digits: usize,
    /// What the text is about, according to its words: bits of [`super::triggers::Topics`].
    pub(super) topics: u16,
    /// Whether a secret or a UUID covers all of the text, so that no other mark counts.
    pub(super) is_covered: bool,
    /// Private keys are marked up to here.
    pub(super) keys_end: usize,
    /// The program of the last command that was checked, and where its arguments end.
    pub(super) command: (&'static str, usize),
    /// Where the last search for each stop began, and what it found.
    stops: [(usize, usize); Stop::COUNT],
    marks: &'m mut Vec<Mark>,
}

impl<'t, 'm> Search<'t, 'm> {
    pub(super) fn new(text: &'t str, marks: &'m mut Vec<Mark>) -> Self {
        let Survey { seen, digits } = survey(text.as_bytes());
        let stops = [(usize::MAX, 0); Stop::COUNT];
        Self {
            text,
            bytes: text.as_bytes(),
            seen,
            digits,
            topics: 0,
            is_covered: false,
            keys_end: 0,
            command: ("", 0),
            stops,
            marks,
        }
    }

    /// Whether a byte of one of these classes occurs.
    pub(super) fn has(&self, classes: u32) -> bool {
        self.seen & classes != 0
    }

    /// Marks a part of the text, unless it is empty. If the part splits a character, the whole character is
    /// marked.
    pub(super) fn mark(&mut self, rule: Rule, span: Range<usize>) {
        if span.is_empty() {
            return;
        }
        let span = floor_boundary(self.text, span.start)..ceil_boundary(self.text, span.end);
        let is_final = rule.kind().is_secret() || rule == Rule::Uuid;
        self.is_covered |= is_final && span.len() == self.text.len();
        self.marks.push(Mark { rule, span });
    }

    /// The bytes from `at` on. Empty if `at` is past the end.
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

    /// Whether the bytes from `at` on begin with `text`, ignoring case.
    pub(super) fn continues_with(&self, at: usize, text: &str) -> bool {
        self.rest(at).get(..text.len()).is_some_and(|head| head.eq_ignore_ascii_case(text.as_bytes()))
    }

    /// Whether the bytes before `at` end with `text`, ignoring case.
    pub(super) fn ends_with(&self, at: usize, text: &str) -> bool {
        at.checked_sub(text.len()).is_some_and(|start| self.continues_with(start, text))
    }

    /// The end of the run of bytes of a class that begins at `start`, at most `limit` bytes later.
    pub(super) fn run_end(&self, start: usize, limit: usize, in_class: impl Fn(u8) -> bool) -> usize {
        let length = self.rest(start).iter().take(limit).take_while(|&&byte| in_class(byte)).count();
        floor_boundary(self.text, start + length)
    }

    /// The start of the run of bytes of a class that ends at `end`, at most `limit` bytes earlier.
    pub(super) fn run_start(&self, end: usize, limit: usize, mut in_class: impl FnMut(u8) -> bool) -> usize {
        let length = self.bytes[..end].iter().rev().take(limit).take_while(|&&byte| in_class(byte)).count();
        ceil_boundary(self.text, end - length)
    }

    /// Where the value that begins at `from` ends, however long it is. The result is remembered, so that many
    /// values with the same end cost one search.
    pub(super) fn stop(&mut self, stop: Stop, from: usize) -> usize {
        let (known_from, found) = self.stops[stop.index()];
        if (known_from..=found).contains(&from) {
            return found;
        }
        // From the start of the last search on, the answer is known.
        let to = if from < known_from && found >= known_from { known_from } else { self.bytes.len() };
        let position = (from..to).find(|&at| stop.is_at(&self.bytes[at..]));
        let end = position.unwrap_or(if to == known_from { found } else { self.bytes.len() });
        self.stops[stop.index()] = (from, end);
        end
    }
}

/// Sorts the marks from `from` on, removes pseudonyms from them, and drops marks that others cover.
pub(super) fn tidy(text: &str, marks: &mut Vec<Mark>, from: usize) {
    if marks.len() == from {
        return;
    }
    drop_covered(marks, from);
    if text.len() > 16 && memchr::memchr(b'-', text.as_bytes()).is_some() {
        let pseudonyms: Vec<Range<usize>> = memchr_iter(b'-', text.as_bytes())
            .filter_map(|hyphen| pseudonym_at(text.as_bytes(), hyphen))
            .collect();
        if !pseudonyms.is_empty() {
            take_out(text, marks, from, &pseudonyms);
            drop_covered(marks, from);
        }
    }
}

/// Drops marks that others cover. A secret is dropped only if another secret covers it, because a name or a
/// path around it may be shown. An identifier also covers text that only looks like a secret.
fn drop_covered(marks: &mut Vec<Mark>, from: usize) {
    if marks.len() - from < 2 {
        return;
    }
    marks[from..].sort_by_key(|mark| (mark.span.start, Reverse(mark.span.end)));
    // The furthest end of the marks kept so far: of any kind, of secrets, and of identifiers.
    let (mut any, mut secrets, mut identifiers) = (0, 0, 0);
    let mut kept = from;
    for at in from..marks.len() {
        let Mark { rule, span: Range { end, .. } } = marks[at];
        let is_secret = rule.kind().is_secret();
        let covered = match rule {
            Rule::RandomText | Rule::LongHexadecimal => identifiers.max(secrets),
            _ if is_secret => secrets,
            _ => any,
        };
        if end > covered {
            any = any.max(end);
            if is_secret {
                secrets = end;
            } else if rule.kind() == SensitiveKind::Identifier {
                identifiers = identifiers.max(end);
            }
            marks.swap(kept, at);
            kept += 1;
        }
    }
    marks.truncate(kept);
}

/// Cuts pseudonyms out of the marks. Each remaining piece with a letter or digit stays marked. The marks are
/// sorted by start.
fn take_out(text: &str, marks: &mut Vec<Mark>, from: usize, pseudonyms: &[Range<usize>]) {
    let found: Vec<Mark> = marks.drain(from..).collect();
    let mut first = 0;
    for Mark { rule, span } in found {
        while pseudonyms.get(first).is_some_and(|pseudonym| pseudonym.end <= span.start) {
            first += 1;
        }
        let mut start = span.start;
        let mut keep = |start: usize, end: usize| {
            if start < end && text[start..end].contains(char::is_alphanumeric) {
                marks.push(Mark { rule, span: start..end });
            }
        };
        for pseudonym in pseudonyms[first..].iter().take_while(|pseudonym| pseudonym.start < span.end) {
            keep(start, pseudonym.start);
            start = pseudonym.end;
        }
        keep(start, span.end);
    }
}

/// The last character boundary at or before `at`.
pub(super) fn floor_boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The first character boundary at or after `at`.
pub(super) fn ceil_boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

/// Where `needle` begins in the text from `from` on.
pub(super) fn find(text: &[u8], from: usize, needle: &[u8]) -> Option<usize> {
    memmem::find(text.get(from..)?, needle).map(|found| from + found)
}
