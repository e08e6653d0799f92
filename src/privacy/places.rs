//! Places in sentences about relays: `derp-12 (Chicago)`, `DERP region is Warsaw`, `derp home changed from Denver to
//! Dallas`.

use std::ops::Range;

use super::characters::in_word;
use super::kinds::Rule;
use super::marks::Search;
use super::triggers::{Topics, Trigger};
use super::words::{is_blank, is_one_of, is_ordinary};

pub(super) const TRIGGERS: &[Trigger] = &[Trigger { words: &["derp", "relay"], check: note_relay }];

fn note_relay(search: &mut Search<'_, '_>, _: Range<usize>) {
    search.topics |= Topics::RELAYS;
}

/// Words after which a place follows in a text about relays.
const WORDS: [&str; 12] =
    ["from", "to", "region", "is", "in", "via", "nearest", "relay", "derp", "latency", "home", "near"];

/// How many bytes before a bracket are looked at for the word that says that a place is in it.
const BEFORE_BRACKET: usize = 12;

/// Marks the cities of a text about relays.
pub(super) fn check_places(search: &mut Search<'_, '_>) {
    let bytes = search.bytes;
    let mut word_start = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        if in_word(byte) {
            continue;
        }
        let word = &search.text[word_start..at];
        let after_word = match byte {
            b':' if search.at(at + 1) == b' ' => Some(at + 2),
            b' ' if is_one_of(word, &WORDS) || word.is_empty() && search.before(at) == b':' => Some(at + 1),
            b'(' if says_place(search, at) => Some(at + 1),
            _ => None,
        };
        if let Some(start) = after_word {
            check_place(search, start);
        }
        word_start = at + 1;
    }
}

/// Whether the text before a bracket speaks of a relay or its region.
fn says_place(search: &Search<'_, '_>, bracket: usize) -> bool {
    let start = bracket.saturating_sub(BEFORE_BRACKET);
    let before = search.bytes[start..bracket].to_ascii_lowercase();
    ["derp", "region", "relay"].iter().any(|word| memchr::memmem::find(&before, word.as_bytes()).is_some())
}

/// Marks up to three words in upper case that begin at `start`, and those after a comma.
fn check_place(search: &mut Search<'_, '_>, start: usize) {
    const WORDS_AT_MOST: usize = 3;
    let Some(rest) = search.text.get(start..) else { return };
    let mut place = start..start;
    let mut from = start;
    for word in rest.split(' ').take(WORDS_AT_MOST) {
        let bare = word.trim_end_matches(|character: char| !character.is_alphanumeric());
        if !is_name_of_place(bare) {
            break;
        }
        place.end = from + bare.len();
        from += word.len() + 1;
        if bare.len() < word.len() {
            // `Council Bluffs, Iowa`
            search.mark(Rule::PlaceInSentence, place);
            if !word.ends_with(',') {
                return;
            }
            place = from..from;
        }
    }
    search.mark(Rule::PlaceInSentence, place);
}

fn is_name_of_place(word: &str) -> bool {
    word.starts_with(char::is_uppercase)
        && word.contains(char::is_lowercase)
        && !word.contains(['/', '\\', ':', '=', '"', '.'])
        && !is_ordinary(word)
        && !is_blank(word)
}
