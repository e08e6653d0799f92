//! Pairs of quotes and brackets around a name.

use std::ops::Range;

use super::marks::Search;

/// The longest text between quotes.
const LONGEST: usize = 128;

/// Opening and closing quotes. `„` can close in two ways.
const QUOTES: [(&str, &str); 15] = [
    ("\"", "\""),
    ("'", "'"),
    ("`", "`"),
    ("`", "'"),
    ("\\\"", "\\\""),
    ("\\'", "\\'"),
    ("‘", "’"),
    ("“", "”"),
    ("„", "“"),
    ("„", "”"),
    ("‚", "‘"),
    ("«", "»"),
    ("»", "«"),
    ("「", "」"),
    ("『", "』"),
];

/// Brackets that some programs put around a name instead.
const BRACKETS: [(&str, &str); 2] = [("[", "]"), ("(", ")")];

/// The text between the quotes that open at `start`.
pub(super) fn quoted_at(search: &Search<'_, '_>, start: usize) -> Option<Range<usize>> {
    enclosed_at(search, start, &QUOTES)
}

/// The text between the brackets that open at `start`.
pub(super) fn bracketed_at(search: &Search<'_, '_>, start: usize) -> Option<Range<usize>> {
    enclosed_at(search, start, &BRACKETS)
}

/// The text between the quotes that close before `end`, and where they open.
pub(super) fn quoted_before(search: &Search<'_, '_>, end: usize) -> Option<(Range<usize>, usize)> {
    enclosed_before(search, end, &QUOTES)
}

/// The text between the brackets that close before `end`, and where they open.
pub(super) fn bracketed_before(search: &Search<'_, '_>, end: usize) -> Option<(Range<usize>, usize)> {
    enclosed_before(search, end, &BRACKETS)
}

fn enclosed_at(search: &Search<'_, '_>, start: usize, pairs: &[(&str, &str)]) -> Option<Range<usize>> {
    if !may_be_quote(search.at(start)) {
        return None;
    }
    let rest = search.rest(start);
    let ends =
        pairs.iter().filter(|(open, _)| rest.starts_with(open.as_bytes())).filter_map(|(open, close)| {
            let inside = start + open.len();
            let line_end = search.run_end(inside, LONGEST, |byte| byte != b'\n');
            let end = (inside..=line_end).find(|&at| closes(search, at, close))?;
            Some(without_blanks(search, inside..end))
        });
    ends.min_by_key(|inside| inside.end)
}

/// A text without the blanks that French puts inside quotes.
fn without_blanks(search: &Search<'_, '_>, span: Range<usize>) -> Range<usize> {
    let Some(text) = search.text.get(span.clone()) else { return span.start..span.start };
    let start = span.end - text.trim_start().len();
    start..start.max(span.start + text.trim_end().len())
}

/// Whether the text at `at` is a closing quote, and not an apostrophe inside a word.
fn closes(search: &Search<'_, '_>, at: usize, close: &str) -> bool {
    search.rest(at).starts_with(close.as_bytes())
        && !(matches!(close, "'" | "’") && search.at(at + close.len()).is_ascii_alphanumeric())
}

fn enclosed_before(
    search: &Search<'_, '_>,
    end: usize,
    pairs: &[(&str, &str)],
) -> Option<(Range<usize>, usize)> {
    if !may_be_quote(search.before(end)) {
        return None;
    }
    let head = &search.bytes[..end];
    let starts =
        pairs.iter().filter(|(_, close)| head.ends_with(close.as_bytes())).filter_map(|(open, close)| {
            let inside_end = end - close.len();
            let line_start = search.run_start(inside_end, LONGEST, |byte| byte != b'\n');
            let inside = (line_start..=inside_end).rev().find(|&at| opens(search, line_start, at, open))?;
            Some((without_blanks(search, inside..inside_end), inside - open.len()))
        });
    starts.max_by_key(|(_, start)| *start)
}

/// Whether the text before `at` is an opening quote, and not an apostrophe inside a word.
fn opens(search: &Search<'_, '_>, line_start: usize, at: usize, open: &str) -> bool {
    at >= line_start + open.len()
        && search.bytes[..at].ends_with(open.as_bytes())
        && !(open == "'" && search.before(at - 1).is_ascii_alphanumeric())
}

/// Whether a byte can be part of a quote or a bracket.
fn may_be_quote(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'`' | b'\\' | b'[' | b']' | b'(' | b')') || !byte.is_ascii()
}
