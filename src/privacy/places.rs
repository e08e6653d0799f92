//! Places in sentences about relays.

use memchr::memmem;

use super::kinds::Rule;
use super::marks::Search;
use super::words::{is_blank, is_ordinary};

/// Marks the cities of relays: `derp-12 (Chicago)`, `DERP region is Warsaw`, `derp home changed from Denver to Dallas`.
pub(super) fn check_places(search: &mut Search<'_, '_>) {
    let has_relay = ["derp", "DERP", "Derp", "relay"].iter().any(|word| memmem::find(search.bytes, word.as_bytes()).is_some());
    if !has_relay {
        return;
    }
    for phrase in [" from ", " to ", " region is ", " region ", " region: ", " in ", " via ", " is ", "nearest ", ": ",  " home is ", " relay ", "DERP ", "derp "] {
        for at in memmem::find_iter(search.bytes, phrase.as_bytes()) {
            check_place(search, at + phrase.len());
        }
    }
    for at in memmem::find_iter(search.bytes, b"(") {
        let before = &search.text[super::paths::floor_boundary(search.text, at.saturating_sub(12))..at];
        if before.to_ascii_lowercase().contains("derp") || before.contains("region") || before.contains("relay") {
            check_place(search, at + 1);
        }
    }
}

/// Marks the words in upper case that begin at `start`.
fn check_place(search: &mut Search<'_, '_>, start: usize) {
    let rest = &search.text[start..];
    let mut end = start;
    for word in rest.split(' ').take(3) {
        let bare = word.trim_end_matches(|character: char| !character.is_alphanumeric());
        if !bare.starts_with(char::is_uppercase) || is_ordinary(bare) || is_blank(bare) || bare.contains(['/', '\\', ':', '=', '"', '.'])
            || !bare.chars().any(char::is_lowercase)
        {
            break;
        }
        let from = if end == start { start } else { end + 1 };
        end = from + bare.len();
        if bare.len() < word.len() && !word.ends_with(',') {
            break;
        }
        if word.ends_with(',') {
            // `Council Bluffs, Iowa`
            break;
        }
    }
    search.mark(Rule::PlaceInSentence, start..end);
}
