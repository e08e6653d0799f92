//! Finds pseudonyms in texts.

use std::ops::Range;

use crate::privacy::words::pseudonym_at;

/// Bytes of the shortest pseudonym, such as `ip-553211c41f646527`.
const SHORTEST: usize = 19;

/// How much of a text is pseudonyms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Replaced {
    #[default]
    Nothing,
    Parts,
    Whole,
}

impl Replaced {
    /// How much of `text` is pseudonyms.
    pub(crate) fn of(text: &str) -> Self {
        if text.len() < SHORTEST {
            return Self::Nothing;
        }
        match pseudonyms(text).next() {
            None => Self::Nothing,
            Some(span) if span == (0..text.len()) => Self::Whole,
            Some(_) => Self::Parts,
        }
    }
}

fn pseudonyms(text: &str) -> impl Iterator<Item = Range<usize>> {
    memchr::memchr_iter(b'-', text.as_bytes()).filter_map(|hyphen| pseudonym_at(text.as_bytes(), hyphen))
}

/// The text with an ellipsis for the digits of each pseudonym: `host-…`.
pub(crate) fn without_digits(text: &str) -> String {
    const DIGITS: usize = 16;
    let mut short = String::with_capacity(text.len());
    let mut at = 0;
    for span in pseudonyms(text) {
        short.push_str(&text[at..span.end - DIGITS]);
        short.push('…');
        at = span.end;
    }
    short.push_str(&text[at..]);
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pseudonyms_are_found_in_any_text() {
        for (text, replaced, short) in [
            ("", Replaced::Nothing, ""),
            ("re-use", Replaced::Nothing, "re-use"),
            ("host-553211c41f646527", Replaced::Whole, "host-…"),
            ("host-553211c41f646527.", Replaced::Parts, "host-…."),
            ("user-553211c41f646527@host-bc0a4eb3ecb6a2a4", Replaced::Parts, "user-…@host-…"),
            ("é ip-553211c41f646527:443", Replaced::Parts, "é ip-…:443"),
            ("host-553211C41F646527", Replaced::Nothing, "host-553211C41F646527"),
        ] {
            assert_eq!((Replaced::of(text), without_digits(text).as_str()), (replaced, short), "{text}");
        }
    }
}
