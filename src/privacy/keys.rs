//! Keys that say what their value is. A key is compared by its last words: `db_host` ends with `host`, and
//! `token_present` does not end with `token`. The words are in `data/key_endings.txt`. If no ending fits,
//! [`KeyMeaning::of`] tries the key in the singular, without its number, and as the name of something.

use std::sync::LazyLock;

use hashbrown::HashMap;

use super::characters::count_digits;
use super::kinds::Rule;
use super::values::{
    is_known_folder, is_known_host, is_known_name, is_known_place, is_known_thing, is_zero,
    looks_like_a_place, looks_like_a_secret, looks_like_an_address, looks_like_an_identifier, start_of,
};
use super::words::{WordSet, is_blank, is_one_of, is_ordinary, is_pseudonym, is_state, is_usual_name};

/// What a key says about its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyMeaning {
    /// Nothing that matters.
    Nothing,
    /// The value identifies an event, a trace or an operation, and nothing outside the telemetry, if it has
    /// only hexadecimal digits and hyphens.
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
    /// The value names a project, a repository, a team or a company. Ordinary words joined with hyphens
    /// count, as in `payments-backend`.
    Thing,
    /// The value names a folder. If it is a path, other rules check it.
    Folder,
    /// The value names a machine.
    Host,
    /// The value says where somebody is.
    Place,
    /// The value says where somebody is if it is a city, as in `region`.
    MaybePlace,
    /// The value says where somebody is if it has the form of a postal address.
    Address,
    /// The value is a telephone number.
    Phone,
    /// The value identifies a user, a machine, a device or an installation.
    Identifier,
    /// The value identifies something if it looks like an identifier.
    MaybeIdentifier,
    /// The value is the route of a request.
    Route,
    /// The value is the route of a request, a path or a URL.
    MaybeRoute,
}

/// The longest key that is compared. Longer ones have no meaning.
const LONGEST_KEY: usize = 80;
/// The most words of a key that are compared.
const WORDS_AT_MOST: usize = 4;
/// The longest ending, in bytes. Longer ones say nothing.
const LONGEST_ENDING: usize = 48;
/// The shortest rest of a word without its ending.
const SHORTEST_STEM: usize = 3;

/// Words before `name` in keys such as `metric_name`, whose values are not chosen by people.
static CODE_NOUNS: WordSet = WordSet::new(|| {
    include_str!("data/code_nouns.txt")
        .lines()
        .chain(include_str!("data/code_nouns_of_keys.txt").lines())
        .collect()
});

impl KeyMeaning {
    /// The meaning of `key`.
    pub(crate) fn of(key: &str) -> Self {
        // A pseudonym is no word: without its digits, `key-…` would mean a secret.
        if key.is_empty() || key.len() > LONGEST_KEY || is_pseudonym(key) {
            return Self::Nothing;
        }
        let mut words = words_from_the_end(key)
            .skip_while(|word| word.starts_with(|first: char| first.is_ascii_digit()))
            .take(WORDS_AT_MOST);
        let Some(last) = words.next() else { return Self::Nothing };
        Self::listed(last, words.clone())
            .or_else(|| Self::of_unseparated(last))
            .or_else(|| Self::of_variant(last, words.clone()))
            .or_else(|| Self::of_name(last, words))
            .unwrap_or(Self::Nothing)
    }

    /// The meaning in the table of a key with this last word and the `others` before it, from the end. The
    /// longest ending counts, so that `user agent` takes precedence over `agent`.
    fn listed<'k>(last: &str, others: impl Iterator<Item = &'k str>) -> Option<Self> {
        let mut ending = Ending::new();
        let mut meaning = *MEANINGS.get(ending.prepend(last)?)?;
        for word in others {
            let Some(known) = ending.prepend(word).and_then(|ending| MEANINGS.get(ending)) else { break };
            meaning = known.or(meaning);
        }
        meaning
    }

    /// The meaning of the longest known ending of a word, if its script does not separate words.
    fn of_unseparated(word: &str) -> Option<Self> {
        /// The most characters of an ending.
        const LONGEST: usize = 10;
        if !word.ends_with(is_without_blanks) {
            return None;
        }
        let starts = word.char_indices().rev().take(LONGEST).map(|(at, _)| at);
        starts.filter_map(|at| MEANINGS.get(&word[at..]).copied().flatten()).last()
    }

    /// The meaning in the table of the last word without its number, in the singular, or of its end: `user1`,
    /// `assignees`, `workemail`.
    fn of_variant<'k>(last: &str, others: impl Iterator<Item = &'k str>) -> Option<Self> {
        /// Ends of compound words such as `workemail`.
        const HEADS: [&str; 8] =
            ["email", "hostname", "password", "passwd", "secret", "token", "username", "userid"];
        let bare = last.trim_end_matches(|character: char| character.is_ascii_digit());
        if bare.len() < last.len() {
            return (bare.len() >= SHORTEST_STEM).then(|| Self::listed(bare, others)).flatten();
        }
        if let Some(singular) = last.strip_suffix(['s', 'S'])
            && singular.len() >= SHORTEST_STEM
        {
            return Self::listed(singular, others).filter(|meaning| !meaning.is_secret());
        }
        let is_long = last.len() >= HEADS[0].len() + SHORTEST_STEM;
        let head = HEADS.iter().find(|head| is_long && ends_with(last, head))?;
        Self::listed(head, std::iter::empty())
    }

    /// The meaning of a key for a name, unless it is the name of a program's part: `pipeline_name`,
    /// `teamname`, and not `metric_name`.
    fn of_name<'k>(last: &str, mut others: impl Iterator<Item = &'k str>) -> Option<Self> {
        /// Words before `name` that are skipped, as in `metric_full_name`.
        const ADJECTIVES: [&str; 8] =
            ["current", "default", "full", "long", "original", "parent", "qualified", "short"];
        const NAME: &str = "name";
        let last = last.strip_suffix(['s', 'S']).unwrap_or(last);
        if last.eq_ignore_ascii_case(NAME) {
            let noun = others.find(|word| !is_one_of(word, &ADJECTIVES))?;
            let singular = noun.strip_suffix(['s', 'S']).unwrap_or(noun);
            let is_code = CODE_NOUNS.contains(noun) || CODE_NOUNS.contains(singular);
            return (noun.len() > 1 && !is_code).then_some(Self::Name);
        }
        let stem = ends_with(last, NAME).then(|| &last[..last.len() - NAME.len()])?;
        let meaning = Self::listed(stem, std::iter::empty())?;
        matches!(meaning, Self::Name | Self::Thing | Self::Host | Self::Place).then_some(meaning)
    }

    /// The rule that marks `value`. `None` if the key has no meaning that matters, or if the value says
    /// nothing about anybody.
    pub(super) fn rule_for(self, value: &str) -> Option<Rule> {
        let (rule, counts) = match self {
            Self::Nothing | Self::TelemetryId | Self::Version | Self::Route | Self::MaybeRoute => {
                return None;
            }
            Self::Password => (Rule::PasswordUnderKey, true),
            Self::Secret => (Rule::TokenUnderKey, !is_state(value) && !is_credential_state(value)),
            Self::MaybeSecret => (Rule::TokenUnderKey, looks_like_a_secret(value)),
            Self::Name => (Rule::NameUnderKey, !is_known_name(value)),
            Self::Thing => (Rule::NameUnderKey, !is_known_thing(value)),
            Self::Folder => (Rule::NameUnderKey, !is_known_folder(value)),
            Self::Host => (Rule::HostUnderKey, !is_known_host(value)),
            Self::Place => (Rule::PlaceUnderKey, !is_known_place(value)),
            Self::MaybePlace => (Rule::PlaceUnderKey, looks_like_a_place(value)),
            Self::Address => (Rule::PlaceUnderKey, looks_like_an_address(value)),
            Self::Phone => (Rule::PhoneUnderKey, count_digits(start_of(value)) >= 5),
            Self::Identifier => {
                (Rule::IdentifierUnderKey, !is_usual_name(value) && !is_ordinary(value) && !is_zero(value))
            }
            Self::MaybeIdentifier => (Rule::IdentifierUnderKey, looks_like_an_identifier(value)),
        };
        (counts && !is_blank(value)).then_some(rule)
    }

    /// Whether `text` is a telemetry id, which is not searched: it has only hexadecimal digits and hyphens. Has no early
    /// exit, so that the loop vectorizes.
    #[inline]
    pub(crate) fn is_telemetry_id(self, text: &str) -> bool {
        self == Self::TelemetryId
            && text.bytes().fold(true, |all, byte| all & (byte.is_ascii_hexdigit() | (byte == b'-')))
    }

    /// Whether the value is a secret.
    pub(super) fn is_secret(self) -> bool {
        matches!(self, Self::Password | Self::Secret | Self::MaybeSecret)
    }
}

/// The last words of a key, in lower case and separated by blanks. Words are added at the front.
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

/// Changes the letters in `bytes`, which holds `word`, to lower case. The few letters whose lower case has
/// another length stay.
fn make_lowercase(bytes: &mut [u8], word: &str) {
    for (at, character) in word.char_indices() {
        let lower = character.to_lowercase().next().unwrap_or(character);
        if lower.len_utf8() == character.len_utf8() {
            lower.encode_utf8(&mut bytes[at..at + character.len_utf8()]);
        }
    }
}

/// Whether a character belongs to a script that does not separate words.
fn is_without_blanks(character: char) -> bool {
    matches!(character, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')
}

/// The words of a key, the last one first. They are separated by characters other than letters and digits,
/// and by changes from lower to upper case.
fn words_from_the_end(key: &str) -> impl Iterator<Item = &str> + Clone {
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

/// Whether a word begins at `at` because the case changes: `userName`, `HTTPProxy`, `s3Bucket`, and not in
/// `K8S`.
fn begins_word(bytes: &[u8], at: usize) -> bool {
    let before = bytes[at - 1];
    bytes[at].is_ascii_uppercase()
        && (before.is_ascii_lowercase()
            || before.is_ascii_alphanumeric() && bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase))
}

/// Whether `word` ends with `end` in any case, and is longer.
fn ends_with(word: &str, end: &str) -> bool {
    word.len() >= end.len() + SHORTEST_STEM
        && word.is_char_boundary(word.len() - end.len())
        && word[word.len() - end.len()..].eq_ignore_ascii_case(end)
}

/// Whether a value describes a secret instead of being one, such as `session_token` under
/// `credential_source`.
fn is_credential_state(value: &str) -> bool {
    is_ordinary(value) && value.contains(['_', ' '])
}

/// The table of endings. Each section begins with a meaning in brackets. Each line below is an ending.
pub(super) const ENDINGS: &str = include_str!("data/key_endings.txt");

/// The meaning of each ending. The last words of longer endings are in the map too, without a meaning, so
/// that a key is compared word by word only as long as a longer ending can fit.
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
        "thing" => KeyMeaning::Thing,
        "folder" => KeyMeaning::Folder,
        "host" => KeyMeaning::Host,
        "place" => KeyMeaning::Place,
        "place?" => KeyMeaning::MaybePlace,
        "address" => KeyMeaning::Address,
        "phone" => KeyMeaning::Phone,
        "identifier" => KeyMeaning::Identifier,
        "identifier?" => KeyMeaning::MaybeIdentifier,
        "route" => KeyMeaning::Route,
        "route?" => KeyMeaning::MaybeRoute,
        _ => unreachable!("the table has no section {section}"),
    }
}
