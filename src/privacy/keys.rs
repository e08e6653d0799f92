//! Keys that tell what their value is. A key is compared by its words, from its end: `db_host` ends with `host`, and
//! `token_present` does not end with `token`. The words are in `data/key_endings.txt`.

use std::sync::LazyLock;

use hashbrown::HashMap;

use super::characters::count_digits;
use super::kinds::Rule;
use super::marks::floor_boundary;
use super::words::{is_blank, is_number, is_one_of, is_ordinary, is_state, is_usual_name};

/// What a key says about its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyMeaning {
    /// Nothing that matters.
    Nothing,
    /// The value identifies an event, a trace or an operation, and nothing outside the telemetry, if it has only
    /// hexadecimal digits and hyphens.
    TelemetryId,
    /// The value is a version.
    Version,
    /// The value is a password.
    Password,
    /// The value is another secret.
    Secret,
    /// The value is a secret if it looks like one, as in `key`.
    MaybeSecret,
    /// The value names a person, an account, a company, a team or something that is named after one.
    Name,
    /// The value names a machine.
    Host,
    /// The value says where somebody is.
    Place,
    /// The value says where somebody is if it is a city, as in `region`.
    MaybePlace,
    /// The value is a telephone number.
    Phone,
    /// The value identifies a user, a machine, a device or an installation.
    Identifier,
    /// The value identifies something; it depends on the value.
    MaybeIdentifier,
}

/// The longest key that is looked at. Longer ones are no keys.
const LONGEST_KEY: usize = 80;
/// The most words of a key that are compared.
const WORDS_AT_MOST: usize = 4;
/// The longest ending, in bytes. Longer ones say nothing.
const LONGEST_ENDING: usize = 48;
/// How much of a value is looked at to see whether it is a secret, a place or an identifier.
const VALUE_START: usize = 128;

impl KeyMeaning {
    /// What `key` says.
    pub(crate) fn of(key: &str) -> Self {
        if key.is_empty() || key.len() > LONGEST_KEY {
            return Self::Nothing;
        }
        let mut ending = Ending::new();
        let mut meaning = Self::Nothing;
        // The longest ending decides, so that `user agent` goes before `agent`.
        for word in words_from_the_end(key).take(WORDS_AT_MOST) {
            if ending.length == 0 && word.ends_with(is_without_blanks) {
                meaning = meaning_of_end(word);
                if meaning != Self::Nothing {
                    break;
                }
            }
            let Some(known) = ending.prepend(word).and_then(|ending| MEANINGS.get(ending)) else { break };
            meaning = known.unwrap_or(meaning);
        }
        meaning
    }

    /// The rule that marks `value`, if the key says something and the value is no placeholder and no ordinary word.
    pub(super) fn rule_for(self, value: &str) -> Option<Rule> {
        let (rule, counts) = match self {
            Self::Nothing | Self::TelemetryId | Self::Version => return None,
            Self::Password => (Rule::PasswordUnderKey, true),
            Self::Secret => (Rule::TokenUnderKey, !is_state(value) && !is_credential_state(value)),
            Self::MaybeSecret => (Rule::TokenUnderKey, looks_like_a_secret(value)),
            Self::Name => (Rule::NameUnderKey, !is_number(value) && !is_known_name(value)),
            Self::Host => (Rule::HostUnderKey, !is_number(value) && !is_known_host(value)),
            Self::Place => (Rule::PlaceUnderKey, !is_known_place(value)),
            Self::MaybePlace => (Rule::PlaceUnderKey, looks_like_a_place(value)),
            Self::Phone => (Rule::PhoneUnderKey, count_digits(start_of(value)) >= 5),
            Self::Identifier => (Rule::IdentifierUnderKey, !is_known_name(value) && !is_zero(value)),
            Self::MaybeIdentifier => (Rule::IdentifierUnderKey, looks_like_an_identifier(value)),
        };
        (counts && !is_blank(value)).then_some(rule)
    }

    /// Whether its value is a secret.
    pub(super) fn is_secret(self) -> bool {
        matches!(self, Self::Password | Self::Secret | Self::MaybeSecret)
    }
}

/// The last words of a key in lower case with blanks between them. It grows to the front.
struct Ending {
    bytes: [u8; LONGEST_ENDING],
    length: usize,
}

impl Ending {
    fn new() -> Self {
        Self { bytes: [0; LONGEST_ENDING], length: 0 }
    }

    /// Puts a word before the others. Returns `None` if there is no room.
    fn prepend(&mut self, word: &str) -> Option<&str> {
        let blank = usize::from(self.length > 0);
        let end = LONGEST_ENDING - self.length;
        let start = end.checked_sub(word.len() + blank)?;
        self.bytes[start..end - blank].copy_from_slice(word.as_bytes());
        if word.is_ascii() {
            self.bytes[start..end - blank].make_ascii_lowercase();
        } else {
            make_lowercase(&mut self.bytes[start..end - blank], word);
        }
        self.bytes[end - blank..end].fill(b' ');
        self.length = LONGEST_ENDING - start;
        std::str::from_utf8(&self.bytes[start..]).ok()
    }
}

/// Puts the letters of a word in lower case into `bytes`, if they have the same length there. Almost all have.
fn make_lowercase(bytes: &mut [u8], word: &str) {
    for (at, character) in word.char_indices() {
        let lower = character.to_lowercase().next().unwrap_or(character);
        if lower.len_utf8() == character.len_utf8() {
            lower.encode_utf8(&mut bytes[at..at + character.len_utf8()]);
        }
    }
}

/// Whether a character is of a script that has no blanks between words.
fn is_without_blanks(character: char) -> bool {
    matches!(character, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')
}

/// What the longest known end of a word says, if nothing separates it from other words.
fn meaning_of_end(word: &str) -> KeyMeaning {
    const LONGEST: usize = 10;
    let starts = word.char_indices().rev().take(LONGEST).map(|(at, _)| at);
    let known = starts.filter_map(|at| MEANINGS.get(&word[at..]).copied().flatten());
    known.last().unwrap_or(KeyMeaning::Nothing)
}

/// The words of a key, the last one first: what is between other characters than letters and digits, and at changes from
/// lower to upper case.
fn words_from_the_end(key: &str) -> impl Iterator<Item = &str> {
    key.rsplit(|character: char| !character.is_alphanumeric()).flat_map(|part| {
        let mut rest = part;
        std::iter::from_fn(move || {
            if rest.is_empty() {
                return None;
            }
            let start = (1..rest.len()).rev().find(|&at| begins_word(rest.as_bytes(), at)).unwrap_or(0);
            let (before, word) = rest.split_at(start);
            rest = before;
            Some(word)
        })
    })
}

/// Whether a word begins at `at` because the case changes: `userName`, `HTTPProxy`.
fn begins_word(bytes: &[u8], at: usize) -> bool {
    bytes[at].is_ascii_uppercase()
        && (!bytes[at - 1].is_ascii_uppercase() && bytes[at - 1].is_ascii_alphanumeric()
            || bytes[at - 1].is_ascii_uppercase() && bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase))
}

fn start_of(value: &str) -> &str {
    &value[..floor_boundary(value, value.len().min(VALUE_START))]
}

fn is_known_name(value: &str) -> bool {
    is_usual_name(value) || is_ordinary(value)
}

fn is_known_host(value: &str) -> bool {
    is_known_name(value)
        || value.starts_with("127.")
        || value.starts_with("localhost:")
        || matches!(value, "::1" | "0.0.0.0" | "::" | "[::1]" | "[::]")
}

fn is_known_place(value: &str) -> bool {
    // The relay that every deployment has.
    value.eq_ignore_ascii_case("Coder Embedded Relay")
        || is_ordinary(value)
        || is_one_of(value, &["utc", "etc/utc", "gmt", "earth"])
}

/// Whether a value is words in upper and lower case, as names of cities are, and not `eu-central-1`.
fn looks_like_a_place(value: &str) -> bool {
    value.starts_with(char::is_uppercase)
        && value.len() <= VALUE_START
        && value.contains(char::is_lowercase)
        && count_digits(value) == 0
        && !is_known_place(value)
}

/// Whether a value says what became of a secret, as `session_token` under `credential_source` does.
fn is_credential_state(value: &str) -> bool {
    is_ordinary(value) && value.contains(['_', ' '])
}

fn is_zero(value: &str) -> bool {
    value.bytes().all(|byte| matches!(byte, b'0' | b'-' | b':'))
}

/// Whether a value has at least eight characters and mixes letters and digits.
fn looks_like_a_secret(value: &str) -> bool {
    let start = start_of(value);
    value.len() >= 8
        && count_digits(start) > 0
        && start.bytes().any(|byte| byte.is_ascii_alphabetic())
        && !start.contains([' ', '.', '/', '\\', ':'])
        && !is_ordinary(value)
}

fn looks_like_an_identifier(value: &str) -> bool {
    let start = start_of(value);
    value.len() >= 8
        && count_digits(start) >= 3
        && !start.contains([' ', '.', '/', '\\', '('])
        && !is_zero(value)
        && !is_ordinary(value)
}

/// The text of the table of endings: sections with a meaning in brackets, then an ending a line.
pub(super) const ENDINGS: &str = include_str!("data/key_endings.txt");

/// What keys with an ending say. The endings of endings are there too, without a meaning, so that a key is compared word
/// by word until none is left that goes on.
static MEANINGS: LazyLock<HashMap<&'static str, Option<KeyMeaning>>> = LazyLock::new(|| {
    let mut meanings = HashMap::new();
    let mut meaning = KeyMeaning::Nothing;
    for line in ENDINGS.lines().filter(|line| !line.is_empty()) {
        if let Some(section) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            meaning = meaning_named(section);
            continue;
        }
        meanings.insert(line, Some(meaning));
        for (blank, _) in line.match_indices(' ') {
            meanings.entry(&line[blank + 1..]).or_insert(None);
        }
    }
    meanings
});

fn meaning_named(section: &str) -> KeyMeaning {
    match section {
        "nothing" => KeyMeaning::Nothing,
        "telemetry id" => KeyMeaning::TelemetryId,
        "version" => KeyMeaning::Version,
        "password" => KeyMeaning::Password,
        "secret" => KeyMeaning::Secret,
        "secret?" => KeyMeaning::MaybeSecret,
        "name" => KeyMeaning::Name,
        "host" => KeyMeaning::Host,
        "place" => KeyMeaning::Place,
        "place?" => KeyMeaning::MaybePlace,
        "phone" => KeyMeaning::Phone,
        "identifier" => KeyMeaning::Identifier,
        "identifier?" => KeyMeaning::MaybeIdentifier,
        _ => unreachable!("the table has no section {section}"),
    }
}
