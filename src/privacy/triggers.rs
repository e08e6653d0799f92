//! The words that trigger rules. One pass looks up each word of a text in one table, so a rule costs nothing
//! if its words do not occur.

use std::ops::Range;
use std::sync::LazyLock;

use hashbrown::HashMap;

use super::characters::{CLASSES, LETTERS};
use super::commands::check_program;
use super::marks::Search;
use super::templates::{PROGRAMS, Program};
use super::{
    assignments, companies, devices, foreign, identifiers, listings, missing, names, paths, phones, places,
    repositories, sentences, targets, tokens,
};

/// A check, and the words that trigger it.
pub(super) struct Trigger {
    /// In lower case, letters only.
    pub(super) words: &'static [&'static str],
    /// Is called with the span of the word.
    pub(super) check: fn(&mut Search<'_, '_>, Range<usize>),
}

/// A check of the text after certain phrases.
pub(super) struct Phrases {
    /// In lower case, each with the blank or punctuation after it.
    pub(super) phrases: &'static [&'static str],
    /// Is called with the phrase and the position after it.
    pub(super) check: fn(&mut Search<'_, '_>, &'static str, usize),
}

/// A check of the text before certain phrases.
pub(super) struct Followers {
    /// In lower case, each with the blank or punctuation before it.
    pub(super) phrases: &'static [&'static str],
    /// Is called with the start of the phrase.
    pub(super) check: fn(&mut Search<'_, '_>, usize),
}

const TRIGGERS: &[&[Trigger]] = &[
    assignments::TRIGGERS,
    companies::TRIGGERS,
    devices::TRIGGERS,
    foreign::TRIGGERS,
    identifiers::TRIGGERS,
    listings::TRIGGERS,
    names::TRIGGERS,
    paths::TRIGGERS,
    phones::TRIGGERS,
    places::TRIGGERS,
    repositories::TRIGGERS,
    sentences::TRIGGERS,
    targets::TRIGGERS,
    tokens::TRIGGERS,
];

const PHRASES: &[&[Phrases]] = &[
    missing::PHRASES,
    names::PHRASES,
    paths::PHRASES,
    places::PHRASES,
    sentences::PHRASES,
    targets::PHRASES,
];

const FOLLOWERS: &[&[Followers]] =
    &[missing::FOLLOWERS, names::FOLLOWERS, places::FOLLOWERS, sentences::FOLLOWERS, targets::FOLLOWERS];

/// What a word triggers.
enum Call {
    AtWord(fn(&mut Search<'_, '_>, Range<usize>)),
    /// The phrase up to the end of the word, and the rest.
    AfterPhrase(&'static str, usize, fn(&mut Search<'_, '_>, &'static str, usize)),
    BeforePhrase(&'static str, usize, fn(&mut Search<'_, '_>, usize)),
    /// The program of a command, and how many bytes of its name come before the word.
    AtProgram(&'static Program, usize),
}

impl Call {
    fn run(&self, search: &mut Search<'_, '_>, word: Range<usize>) {
        match *self {
            Self::AtWord(check) => check(search, word),
            Self::AfterPhrase(phrase, word_end, check) => {
                if let Some(span) = phrase_around(search, phrase, word_end, word.end) {
                    check(search, phrase, span.end);
                }
            }
            Self::BeforePhrase(phrase, word_end, check) => {
                if let Some(span) = phrase_around(search, phrase, word_end, word.end) {
                    check(search, span.start);
                }
            }
            Self::AtProgram(program, before) => {
                if let Some(start) = word.start.checked_sub(before) {
                    check_program(search, program, start);
                }
            }
        }
    }
}

/// The span of `phrase` if the text contains it so that its byte `word_end` is at `at`.
fn phrase_around(search: &Search<'_, '_>, phrase: &str, word_end: usize, at: usize) -> Option<Range<usize>> {
    let start = at.checked_sub(word_end)?;
    let continues_word =
        phrase.as_bytes()[0].is_ascii_alphanumeric() && search.before(start).is_ascii_alphanumeric();
    (!continues_word && search.continues_with(start, phrase)).then_some(start..start + phrase.len())
}

/// The longest word that triggers a rule.
pub(super) const LONGEST_WORD: usize = 24;

static TABLE: LazyLock<HashMap<&'static [u8], Vec<Call>>> = LazyLock::new(|| {
    let mut table: HashMap<&'static [u8], Vec<Call>> = HashMap::new();
    for Trigger { words, check } in TRIGGERS.iter().copied().flatten() {
        for word in *words {
            table.entry(word.as_bytes()).or_default().push(Call::AtWord(*check));
        }
    }
    for Phrases { phrases, check } in PHRASES.iter().copied().flatten() {
        for phrase in *phrases {
            // The last word of a phrase is its rarest.
            let end =
                phrase.rfind(|character: char| character.is_ascii_alphabetic()).map_or(0, |last| last + 1);
            let start = phrase[..end]
                .rfind(|character: char| !character.is_ascii_alphabetic())
                .map_or(0, |at| at + 1);
            table
                .entry(&phrase.as_bytes()[start..end])
                .or_default()
                .push(Call::AfterPhrase(phrase, end, *check));
        }
    }
    for Followers { phrases, check } in FOLLOWERS.iter().copied().flatten() {
        for phrase in *phrases {
            let start = phrase.find(|character: char| character.is_ascii_alphabetic()).unwrap_or(0);
            let length = phrase[start..].find(|character: char| !character.is_ascii_alphabetic());
            let end = length.map_or(phrase.len(), |length| start + length);
            table
                .entry(&phrase.as_bytes()[start..end])
                .or_default()
                .push(Call::BeforePhrase(phrase, end, *check));
        }
    }
    for program in PROGRAMS.iter() {
        table.entry(program.word.as_bytes()).or_default().push(Call::AtProgram(program, program.before));
    }
    table
});

/// Runs the checks of each word of the text. A word is a run of ASCII letters.
pub(super) fn check_words(search: &mut Search<'_, '_>) {
    let table = &*TABLE;
    let bytes = search.bytes;
    let mut buffer = [0; LONGEST_WORD];
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        while at < bytes.len() && CLASSES[usize::from(bytes[at])] & LETTERS != 0 {
            at += 1;
        }
        if let Some(copy) = buffer.get_mut(..at - start)
            && !copy.is_empty()
        {
            copy.copy_from_slice(&bytes[start..at]);
            copy.make_ascii_lowercase();
            for call in table.get(&*copy).into_iter().flatten() {
                call.run(search, start..at);
            }
        }
        at += 1;
    }
}

/// What a text is about, according to any earlier word.
pub(super) struct Topics;

impl Topics {
    /// Relays.
    pub(super) const RELAYS: u16 = 1;
    /// Entries in an LDAP directory, such as `uid=NAME,ou=people,dc=COMPANY`.
    pub(super) const DIRECTORY: u16 = 1 << 1;
}
