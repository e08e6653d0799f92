//! Names that the words around them introduce, as in `user "NAME" not found`.

use std::ops::Range;

use super::characters::{in_name, in_word};
use super::kinds::Rule;
use super::marks::Search;
use super::nouns::{NOUNS, PEOPLE, is_code_noun};
use super::phrases::{AFTER_NAMES, BEFORE_LIKELY_NAMES, BEFORE_NAMES};
use super::quotes::{bracketed_at, quoted_at, quoted_before};
use super::shapes::{has_form, is_device, is_full_name, is_name};
use super::triggers::{Followers, Phrases, Trigger};
use super::words::{is_blank, is_file, is_number, is_one_of, is_ordinary, is_usual_name, names_nobody};

/// The [`NOUNS`] after which a word with digits or hyphens is often not a name.
const NEEDS_QUOTES: [&str; 3] = ["license", "client", "login"];

/// Text that shows that the plain word before it is a name.
const VERBS: &[&str] = &[
    " in ",
    " from ",
    " on ",
    " exceeded ",
    " expired",
    " no longer ",
    " is ",
    " was ",
    " does ",
    " has ",
    " not ",
    " cannot ",
    " requires ",
    " can't ",
    " already ",
    " lacks ",
    " locked out",
    " logged ",
    " rejected",
    " (",
    ":",
    ",",
    ".",
    ";",
];

pub(super) const TRIGGERS: &[Trigger] = &[Trigger { words: NOUNS, check: check_noun }];

pub(super) const PHRASES: &[Phrases] = &[
    Phrases { phrases: BEFORE_NAMES, check: check_phrase },
    Phrases { phrases: BEFORE_LIKELY_NAMES, check: check_likely_phrase },
    Phrases { phrases: &["permission to ", "access to ", "to the resource "], check: check_permission },
    Phrases { phrases: &["pull request #"], check: check_pull_request },
    Phrases {
        phrases: &[
            "[deleted] ",
            "[forced update] ",
            "[new branch] ",
            "[new tag] ",
            "[rejected] ",
            "[remote rejected] ",
        ],
        check: check_pushed,
    },
];

pub(super) const FOLLOWERS: &[Followers] = &[Followers { phrases: AFTER_NAMES, check: check_subject }];

/// Text that shows that the plain word before it is a name, whatever the noun.
const MISSING: [&str; 5] =
    [" not found", " was not found", " does not exist", " cannot be found", " could not be found"];

/// Beginnings of the names of public certificate authorities.
const PUBLIC_AUTHORITIES: [&str; 24] = [
    "aaa certificate",
    "actalis",
    "amazon",
    "apple",
    "baltimore",
    "buypass",
    "certum",
    "comodo",
    "digicert",
    "dst root",
    "e1",
    "entrust",
    "geotrust",
    "globalsign",
    "go daddy",
    "gts",
    "identrust",
    "isrg",
    "let's encrypt",
    "microsoft",
    "quovadis",
    "sectigo",
    "starfield",
    "usertrust",
];

/// A name and how it is written.
struct Name {
    /// Without quotes.
    span: Range<usize>,
    is_quoted: bool,
}

/// The name at `start`.
fn name_at(search: &Search<'_, '_>, start: usize) -> Name {
    /// The longest name.
    const LONGEST: usize = 128;
    if let Some(span) = quoted_at(search, start) {
        return Name { span, is_quoted: true };
    }
    let end = search.run_end(start, LONGEST, |byte| in_word(byte) || byte == b'/');
    let end = start + search.text[start..end].trim_end_matches(['.', '/', '-', '_']).len();
    Name { span: start..end, is_quoted: false }
}

/// The name at `start`, unless it says nothing about anybody.
pub(super) fn telling_name_at(search: &Search<'_, '_>, start: usize) -> Option<Range<usize>> {
    let Name { span, .. } = name_at(search, start);
    let (first, rest) = search.text[span.clone()].split_at_checked(1)?;
    let is_version = is_one_of(first, &["v"]) && is_number(rest);
    (!is_version && !names_nobody(&search.text[span.clone()])).then_some(span)
}

/// Marks the name after a phrase.
fn check_phrase(search: &mut Search<'_, '_>, phrase: &'static str, at: usize) {
    if !search.text.is_char_boundary(at) || names_code(search, phrase, at) {
        return;
    }
    let Name { span, is_quoted } = match bracketed_at(search, at) {
        Some(span) if is_name(&search.text[span.clone()]) && !search.text[span.clone()].contains(' ') => {
            Name { span, is_quoted: false }
        }
        _ => name_at(search, at),
    };
    let name = &search.text[span.clone()];
    let says_nothing =
        is_blank(name) || is_number(name) || is_usual_name(name) || !is_quoted && is_ordinary(name);
    let is_hash = name.len() >= 7 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_no_name = search.at(span.end) == b'=' || name.starts_with("pam_") || is_hash;
    if !says_nothing && !is_no_name && name.len() > 2 && name.starts_with(char::is_alphanumeric) {
        let end = if is_quoted { span.end } else { with_family_name(search, &span) };
        search.mark(Rule::NameInSentence, span.start..end);
    }
}

/// Marks the name after a phrase if it cannot be the next word of a sentence: `connected as anna.kowal`.
fn check_likely_phrase(search: &mut Search<'_, '_>, phrase: &'static str, at: usize) {
    if !search.text.is_char_boundary(at) {
        return;
    }
    let Name { span, is_quoted } = name_at(search, at);
    let name = &search.text[span.clone()];
    let is_formed =
        name.contains('_') || name.bytes().any(|byte| byte.is_ascii_digit()) || is_full_name(name);
    let has_family = name.starts_with(char::is_uppercase)
        && !is_ordinary(name)
        && with_family_name(search, &span) > span.end;
    if is_quoted && !name.contains(' ') && phrase != "member of " || is_formed || has_family {
        check_phrase(search, phrase, at);
    }
}

/// Marks the repository of `Permission to NAME denied to`.
fn check_permission(search: &mut Search<'_, '_>, _: &'static str, at: usize) {
    let Name { span, .. } = name_at(search, at);
    let name = &search.text[span.clone()];
    if name.contains('/')
        && [" denied", " is denied"].iter().any(|verb| search.continues_with(span.end, verb))
        && !names_nobody(name)
    {
        search.mark(Rule::NameInSentence, span);
    }
}

/// Marks the branch of `Merge pull request #12 from NAME`.
fn check_pull_request(search: &mut Search<'_, '_>, _: &'static str, at: usize) {
    const FROM: &str = " from ";
    let end = search.run_end(at, 10, |byte| byte.is_ascii_digit());
    if search.continues_with(end, FROM) {
        check_phrase(search, FROM, end + FROM.len());
    }
}

/// Marks the branches of `[new branch]   NAME -> NAME`, as `git push` and `git fetch` write them.
fn check_pushed(search: &mut Search<'_, '_>, phrase: &'static str, at: usize) {
    const ARROW: &str = "-> ";
    /// The widest column.
    const WIDEST: usize = 60;
    let start = search.run_end(at, WIDEST, |byte| byte == b' ');
    check_phrase(search, phrase, start);
    let name_end = search.run_end(start, 128, |byte| byte > b' ');
    let arrow = search.run_end(name_end, WIDEST, |byte| byte == b' ');
    if search.continues_with(arrow, ARROW) {
        check_phrase(search, phrase, arrow + ARROW.len());
    }
}

/// Whether a phrase such as `named ` follows a noun of code, or introduces a public certificate authority.
fn names_code(search: &Search<'_, '_>, phrase: &str, at: usize) -> bool {
    /// The longest noun.
    const LONGEST: usize = 40;
    if phrase.starts_with("authority certificate") {
        return PUBLIC_AUTHORITIES.iter().any(|authority| {
            search.continues_with(at + 1, authority) || search.continues_with(at, authority)
        });
    }
    if !(phrase == "named " || phrase.starts_with("with ") || phrase.starts_with("for name")) {
        return false;
    }
    let end = search.run_start(at - phrase.len(), 1, |byte| byte == b' ');
    let start = search.run_start(end, LONGEST, in_word);
    is_code_noun(&search.text[start..end])
}

/// The end of a capitalised name, including capitalised words after it.
pub(super) fn with_family_name(search: &Search<'_, '_>, span: &Range<usize>) -> usize {
    /// The most words after the first.
    const WORDS_AT_MOST: usize = 3;
    /// The longest word.
    const LONGEST: usize = 60;
    let mut end = span.end;
    if !search.text[span.clone()].starts_with(char::is_uppercase) {
        return end;
    }
    for _ in 0..WORDS_AT_MOST {
        let word_end = search.run_end(end, LONGEST, |byte| byte == b' ' || in_name(byte));
        let Some(rest) = search.text[end..word_end].strip_prefix(' ') else { break };
        let word = rest.split(' ').next().unwrap_or_default().trim_end_matches(['.', '\'']);
        if !word.starts_with(char::is_uppercase) || is_ordinary(word) {
            break;
        }
        end += 1 + word.len();
    }
    end
}

/// Marks the name after a noun.
fn check_noun(search: &mut Search<'_, '_>, noun: Range<usize>) {
    const NAMED: &str = " named ";
    if search.at(noun.end) != b' ' || noun.end == search.bytes.len() || in_word(search.before(noun.start)) {
        return;
    }
    let skipped = if search.continues_with(noun.end, NAMED) { NAMED.len() } else { 1 };
    let Name { span, is_quoted } = match bracketed_at(search, noun.end + skipped) {
        Some(span) if is_bracketed_account(search, &noun, &span) => Name { span, is_quoted: true },
        _ => name_at(search, noun.end + skipped),
    };
    let name = &search.text[span.clone()];
    if name.len() < 2 || names_nobody(name) {
        return;
    }
    let is_system_name = is_file(name) || is_device(name) && !is_one_of(&search.text[noun.clone()], PEOPLE);
    if is_system_name {
        return;
    }
    let counts = is_quoted
        || name.starts_with(char::is_alphabetic)
            && !names_no_account(search, &span)
            && has_form_of_name(search, &span, &search.text[noun]);
    if counts {
        search.mark(Rule::NameInSentence, span);
    }
}

/// Whether the text in brackets after a noun is the name of an account, as in `account [NAME]`.
fn is_bracketed_account(search: &Search<'_, '_>, noun: &Range<usize>, span: &Range<usize>) -> bool {
    let name = &search.text[span.clone()];
    search.before(span.start) == b'['
        && is_one_of(&search.text[noun.clone()], PEOPLE)
        && name.len() > 2
        && !name.contains([' ', ','])
        && is_name(name)
}

/// Whether a word after a noun has the form of a name, or is followed by a verb.
fn has_form_of_name(search: &Search<'_, '_>, span: &Range<usize>, noun: &str) -> bool {
    let name = &search.text[span.clone()];
    let rest = &search.text[span.end..];
    let is_followed = |verbs: &[&str]| verbs.iter().any(|verb| rest.starts_with(verb));
    let is_plain_name = name.len() >= 4
        && (is_followed(&MISSING) || is_one_of(noun, PEOPLE) && (rest.is_empty() || is_followed(VERBS)));
    has_form(name) && !is_one_of(noun, &NEEDS_QUOTES) || is_plain_name
}

/// Whether the word is a call, an assignment, an option or a URL.
fn names_no_account(search: &Search<'_, '_>, span: &Range<usize>) -> bool {
    matches!(search.at(span.end), b'(' | b'=' | b'{' | b'<' | b'*' | b'@')
        || search.before(span.start) == b'-'
        || search.text[span.clone()].contains("://")
        || search.rest(span.end).starts_with(b"://")
}

/// Marks the name before a phrase such as ` is not in the sudoers`, including a given name.
fn check_subject(search: &mut Search<'_, '_>, end: usize) {
    /// The longest name.
    const LONGEST: usize = 80;
    let (mut start, end) = match quoted_before(search, end) {
        Some((span, _)) => (span.start, span.end),
        None => (search.run_start(end, LONGEST, in_name), end),
    };
    let name = &search.text[start..end];
    if name.len() <= 2 || !name.starts_with(char::is_alphabetic) || is_ordinary(name) || is_usual_name(name) {
        return;
    }
    if name.starts_with(char::is_uppercase) && start > 0 && search.bytes[start - 1] == b' ' {
        let from = search.run_start(start - 1, LONGEST, in_name);
        let word = &search.text[from..start - 1];
        if word.starts_with(char::is_uppercase) && !is_ordinary(word) {
            start = from;
        }
    }
    search.mark(Rule::NameInSentence, start..end);
}
