//! Places in sentences about relays, as in `derp-12 (Chicago)` and `derp home changed from Denver to Dallas`,
//! and about offices and people, as in `based in Lisbon` and `the Lisbon office`.

use std::ops::Range;

use super::characters::{in_word, opens};
use super::kinds::Rule;
use super::marks::Search;
use super::triggers::{Followers, Phrases, Topics, Trigger};
use super::words::{is_blank, is_one_of, is_ordinary};

pub(super) const TRIGGERS: &[Trigger] = &[
    Trigger {
        words: &["derp", "derper", "derphttp", "derpmap", "derps", "netcheck", "relay", "relayed", "relays"],
        check: note_relay,
    },
    Trigger { words: &["region"], check: check_region },
];

pub(super) const PHRASES: &[Phrases] = &[Phrases {
    phrases: &[
        "based in ",
        "branch in ",
        "campus in ",
        "data center in ",
        "datacenter in ",
        "factory in ",
        "headquartered in ",
        "headquarters in ",
        "lives in ",
        "located in ",
        "logged in from ",
        "login from ",
        "moved to the office in ",
        "office in ",
        "office of ",
        "offices in ",
        "plant in ",
        "sign-in from ",
        "signed in from ",
        "site in ",
        "team in ",
        "travelling to ",
        "works from ",
    ],
    check: check_phrase,
}];

pub(super) const FOLLOWERS: &[Followers] = &[Followers {
    phrases: &[
        " office",
        " campus",
        " datacenter",
        " data center",
        " headquarters",
        " site is",
        " branch office",
    ],
    check: check_before,
}];

fn note_relay(search: &mut Search<'_, '_>, _: Range<usize>) {
    search.topics |= Topics::RELAYS;
}

/// Words before a place in a text about relays.
const WORDS: [&str; 19] = [
    "closest",
    "derp",
    "from",
    "home",
    "in",
    "is",
    "latency",
    "name",
    "near",
    "nearest",
    "now",
    "preferred",
    "region",
    "regionname",
    "relay",
    "selected",
    "to",
    "using",
    "via",
];

/// Marks the places in a text about relays.
pub(super) fn check_places(search: &mut Search<'_, '_>) {
    let bytes = search.bytes;
    let mut word_start = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        if in_word(byte) {
            continue;
        }
        let word = &search.text[word_start..at];
        let says_place = is_one_of(word, &WORDS);
        match byte {
            b':' if search.at(at + 1) == b' ' => check_place(search, at + 2),
            b'=' | b':' if says_place => check_place(search, at + 1),
            b' ' if says_place || word.is_empty() && search.before(at) == b':' => check_place(search, at + 1),
            b'(' => check_bracket(search, at),
            _ => {}
        }
        word_start = at + 1;
    }
}

/// Marks the place in brackets after a relay or its region: `derp-12 (Chicago)`, `fra (Frankfurt)`.
fn check_bracket(search: &mut Search<'_, '_>, bracket: usize) {
    if let Some(place) = place_at(search, bracket + 1)
        && matches!(search.at(place.end), b')' | b',')
    {
        search.mark(Rule::PlaceInSentence, place);
    }
}

/// Marks the name of a region after its number, as in `region 3 (Singapore)` and
/// `region 999 "Lisbon Office"`.
fn check_region(search: &mut Search<'_, '_>, word: Range<usize>) {
    /// The most digits of a region's number.
    const DIGITS: usize = 6;
    let digits = search.run_end(word.end, 1, |byte| byte == b' ' || byte == b'-');
    let end = search.run_end(digits, DIGITS, |byte| byte.is_ascii_digit());
    if end == digits || search.at(end) != b' ' {
        return;
    }
    match search.at(end + 1) {
        b'(' => check_bracket(search, end + 1),
        b'"' | b'\'' => check_place(search, end + 1),
        _ => {}
    }
}

fn check_phrase(search: &mut Search<'_, '_>, _: &'static str, at: usize) {
    let at = if search.continues_with(at, "the ") { at + 4 } else { at };
    check_place(search, at);
}

/// Marks the place before a word such as `office`, which begins at `end`.
fn check_before(search: &mut Search<'_, '_>, end: usize) {
    /// The longest name of a place.
    const LONGEST: usize = 40;
    /// First words of programs such as `Microsoft Office`.
    const PROGRAMS: [&str; 6] = ["Apache", "Back", "Google", "Libre", "Microsoft", "Open"];
    // `Microsoft Office` is a program.
    if !search.at(end + 1).is_ascii_lowercase() {
        return;
    }
    let start = search.run_start(end, LONGEST, in_word);
    let word = &search.text[start..end];
    if opens(search.before(start)) && is_name_of_place(word) && !PROGRAMS.contains(&word) {
        search.mark(Rule::PlaceInSentence, start..end);
    }
}

/// Marks the place that begins at `start`, and another one after a comma.
fn check_place(search: &mut Search<'_, '_>, start: usize) {
    let quoted = usize::from(matches!(search.at(start), b'"' | b'\''));
    let Some(place) = place_at(search, start + quoted) else { return };
    let end = place.end;
    search.mark(Rule::PlaceInSentence, place);
    // `Council Bluffs, Iowa`
    if search.rest(end).starts_with(b", ")
        && let Some(state) = place_at(search, end + 2)
    {
        search.mark(Rule::PlaceInSentence, state);
    }
}

/// The place that begins at `start`: up to four words, the first of them capitalised.
fn place_at(search: &Search<'_, '_>, start: usize) -> Option<Range<usize>> {
    const WORDS_AT_MOST: usize = 4;
    /// Short words that places begin with.
    const FIRST_WORDS: [&str; 9] = ["Al", "Da", "El", "Ho", "La", "Las", "Le", "Los", "St"];
    /// Words inside the names of places.
    const SMALL_WORDS: [&str; 9] = ["am", "an", "de", "del", "der", "do", "la", "of", "sur"];
    let rest = search.text.get(start..)?;
    let mut end = start;
    let mut from = start;
    for word in rest.split(' ').take(WORDS_AT_MOST) {
        let length = word
            .find(|character: char| {
                !(character.is_alphanumeric() || matches!(character, '-' | '\'' | '’' | '.'))
            })
            .unwrap_or(word.len());
        let bare = word[..length].trim_end_matches(['.', '\'', '-']);
        let is_inside =
            end > start && is_one_of(bare, &SMALL_WORDS) || end == start && FIRST_WORDS.contains(&bare);
        // `Lisbon Office`: ordinary words may follow the first one.
        let counts = is_name_of_place(bare) || end > start && is_capitalised(bare);
        if !is_inside && !counts {
            break;
        }
        if counts {
            end = from + bare.len();
        }
        from += word.len() + 1;
        if bare.len() < word.len() {
            break;
        }
    }
    // The words are not the beginning of a path or of a name in code.
    let is_cut =
        matches!(search.at(end), b'/' | b'\\' | b'=' | b'(' | b'_' | b':') && search.at(end + 1) > b' ';
    (end > start && !is_cut).then_some(start..end)
}

/// Whether a word consists of letters and only the first one is in upper case. Letters after a hyphen or an
/// apostrophe may be in upper case, too.
fn is_capitalised(word: &str) -> bool {
    let mut before = ' ';
    word.starts_with(char::is_uppercase)
        && word.contains(char::is_lowercase)
        && word.chars().all(|character| {
            let follows_letter = before.is_alphabetic();
            before = character;
            matches!(character, '-' | '\'' | '’' | '.')
                || character.is_alphabetic() && !(follows_letter && character.is_uppercase())
        })
}

fn is_name_of_place(word: &str) -> bool {
    /// Products, languages and days, which are written like names.
    const OTHERS: [&str; 24] = [
        "Chrome",
        "Coder",
        "Cursor",
        "Electron",
        "Firefox",
        "Friday",
        "Github",
        "Go",
        "Homebrew",
        "I",
        "Intel",
        "Monday",
        "Node",
        "Safari",
        "Saturday",
        "Sunday",
        "Tailscale",
        "The",
        "This",
        "Thursday",
        "Tuesday",
        "Visual",
        "Wednesday",
        "Wireguard",
    ];
    is_capitalised(word)
        && word.chars().count() > 2
        && !word.contains('.')
        && !OTHERS.contains(&word)
        && !is_ordinary(word)
        && !is_blank(word)
}
