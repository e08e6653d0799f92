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
    /// The bytes that it covers. They begin and end between characters, and are never empty.
    pub(crate) span: Range<usize>,
}

/// Where a value ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// At this quote or at the end of the line. An apostrophe inside a word is no quote.
    Quote(u8),
    /// At a backslash and this quote.
    EscapedQuote(u8),
    /// At a blank or a quote.
    Word,
    /// At a blank, a comma, a semicolon or a closing bracket, as a value without quotes does.
    Bare,
    /// At the end of a parameter of a URL.
    Parameter,
    /// At the end of the line or at a quote.
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
    /// Bits of what words of the text said about all of it: [`super::triggers::Topics`].
    pub(super) topics: u16,
    /// Whether a secret or a UUID covers all of the text, so that no other mark counts.
    pub(super) is_covered: bool,
    /// Private keys are marked up to here.
    pub(super) keys_end: usize,
    /// The program of the last command whose arguments were looked at, and where they end.
    pub(super) command: (&'static str, usize),
    /// For each stop the last place from which it was looked for, and where it was found.
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

    /// Marks a part of the text, unless it is empty. If the part cuts a character, all of that character is marked.
    pub(super) fn mark(&mut self, rule: Rule, span: Range<usize>) {
        if span.is_empty() {
            return;
        }
        let span = floor_boundary(self.text, span.start)..ceil_boundary(self.text, span.end);
        let is_final = rule.kind().is_secret() || rule == Rule::Uuid;
        self.is_covered |= is_final && span.len() == self.text.len();
        self.marks.push(Mark { rule, span });
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

    /// Whether the bytes from `at` on begin with `text`, but for case.
    pub(super) fn continues_with(&self, at: usize, text: &str) -> bool {
        self.rest(at).get(..text.len()).is_some_and(|head| head.eq_ignore_ascii_case(text.as_bytes()))
    }

    /// Whether the bytes before `at` end with `text`, but for case.
    pub(super) fn ends_with(&self, at: usize, text: &str) -> bool {
        at.checked_sub(text.len()).is_some_and(|start| self.continues_with(start, text))
    }

    /// The end of the run of bytes of a class that begins at `start`, `limit` bytes further at most.
    pub(super) fn run_end(&self, start: usize, limit: usize, in_class: impl Fn(u8) -> bool) -> usize {
        let length = self.rest(start).iter().take(limit).take_while(|&&byte| in_class(byte)).count();
        floor_boundary(self.text, start + length)
    }

    /// The start of the run of bytes of a class that ends at `end`, `limit` bytes before at most.
    pub(super) fn run_start(&self, end: usize, limit: usize, mut in_class: impl FnMut(u8) -> bool) -> usize {
        let length = self.bytes[..end].iter().rev().take(limit).take_while(|&&byte| in_class(byte)).count();
        ceil_boundary(self.text, end - length)
    }

    /// Where the value that begins at `from` ends, however long it is. Remembers what it found: many values that begin
    /// before one end cost one search.
    pub(super) fn stop(&mut self, stop: Stop, from: usize) -> usize {
        let (known_from, found) = self.stops[stop.index()];
        if (known_from..=found).contains(&from) {
            return found;
        }
        // Behind the place from which it was looked for last, the answer is known.
        let to = if from < known_from && found >= known_from { known_from } else { self.bytes.len() };
        let position = (from..to).find(|&at| stop.is_at(&self.bytes[at..]));
        let end = position.unwrap_or(if to == known_from { found } else { self.bytes.len() });
        self.stops[stop.index()] = (from, end);
        end
    }
}

/// Orders the marks from `from` on, takes pseudonyms out of them, and drops those that others cover.
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

/// Drops the marks that others cover. Only a secret can cover a secret, because a name or a path around a secret may be
/// shown. An identifier also covers what only looks like a secret.
fn drop_covered(marks: &mut Vec<Mark>, from: usize) {
    if marks.len() - from < 2 {
        return;
    }
    marks[from..].sort_by_key(|mark| (mark.span.start, Reverse(mark.span.end)));
    // Where the kept marks of each sort end.
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

/// Leaves of each mark what lies between pseudonyms, if there is a letter or digit. The marks' starts ascend.
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

/// The last place between characters that is not behind `at`.
pub(super) fn floor_boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The first place between characters that is not before `at`.
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
