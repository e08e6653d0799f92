//! Secrets that a sentence states, as in `the password is PASSWORD`.

use std::ops::Range;

use super::kinds::Rule;
use super::marks::{Search, Stop};
use super::triggers::{Followers, Phrases, Trigger};
use super::words::{is_blank, is_number, is_one_of, is_ordinary, is_state};

pub(super) const TRIGGERS: &[Trigger] = &[
    Trigger { words: &["code", "otp", "pin", "passcode"], check: check_code },
    Trigger {
        words: &[
            "kennwort",
            "passcode",
            "passphrase",
            "password",
            "passwort",
            "phrase",
            "pin",
            "secret",
            "token",
        ],
        check: check_quoted_secret,
    },
    Trigger {
        words: &["kennwort", "passcode", "passphrase", "passwd", "password", "passwort", "phrase", "pin"],
        check: check_password,
    },
];

pub(super) const PHRASES: &[Phrases] =
    &[Phrases { phrases: &["identified by ", "vncpasswd: "], check: check_identified }];

pub(super) const FOLLOWERS: &[Followers] = &[Followers { phrases: &[" is your "], check: check_code_before }];

/// Words before `code` that announce a one-time code.
const BEFORE_CODE: [&str; 12] = [
    "verification ",
    "security ",
    "mfa ",
    "2fa ",
    "one-time ",
    "login ",
    "pin ",
    "authentication ",
    "confirmation ",
    "access ",
    "sign-in ",
    "pairing ",
];

/// Marks a password that a sentence states after the word for it: `the password is PASSWORD`.
fn check_password(search: &mut Search<'_, '_>, word: Range<usize>) {
    /// Words between the word and the password.
    const LINKS: [&str; 14] = [
        " has been set to ",
        " has been reset to ",
        " has been changed to ",
        " is now ",
        " is: ",
        " is ",
        " was ",
        " will be ",
        " set to ",
        " changed to ",
        " reset to ",
        " ist ",
        " to ",
        " of ",
    ];
    /// Words before the word if the password follows at once.
    const BEFORE: [&str; 12] = [
        "with ",
        "with the ",
        "using ",
        "using the ",
        "use ",
        "initial ",
        "temporary ",
        "default ",
        "one-time ",
        "generated ",
        "mit ",
        "try ",
    ];
    /// The longest purpose, as in `password for PURPOSE is PASSWORD`.
    const LONGEST_PURPOSE: usize = 160;
    if search.continues_with(word.start, "phrase") && !search.ends_with(word.start, "pass ") {
        return;
    }
    let mut end = word.end;
    if search.continues_with(end, " for ") {
        let line_end = search.run_end(end, LONGEST_PURPOSE, |byte| byte != b'\n');
        let Some(purpose) = search.text[end..line_end].find(" is ") else { return };
        end += purpose;
    }
    if let Some(link) = LINKS.iter().find(|link| search.continues_with(end, link)) {
        let is_certain = link.contains("is") || link.contains("was") || link.contains("will");
        mark_stated(search, end + link.len(), is_certain);
    } else if search.at(end) == b' ' && BEFORE.iter().any(|before| search.ends_with(word.start, before)) {
        mark_stated(search, end + 1, true);
    }
}

/// Marks the password of an account in SQL: `IDENTIFIED BY 'PASSWORD'`.
fn check_identified(search: &mut Search<'_, '_>, _: &'static str, at: usize) {
    if search.at(at) != b'`' {
        mark_stated(search, at, false);
    }
}

/// Marks the password at `start`, unless it is just the next word of the sentence. A plain word is a password
/// only if `may_end` is true and the sentence ends with it.
fn mark_stated(search: &mut Search<'_, '_>, start: usize, may_end: bool) {
    /// Shorter words belong to the sentence.
    const SHORTEST: usize = 4;
    if matches!(search.at(start), b'\'' | b'"' | b'`') {
        return mark_quoted(search, start, is_blank);
    }
    let end = search.stop(Stop::Word, start.min(search.bytes.len()));
    let Some(word) = search.text.get(start..end) else { return };
    let word = word.trim_end_matches(['.', ',', ';', ')', '!', ':']);
    let rest = search.rest(start + word.len());
    let ends_sentence = rest.len() < 2 || matches!(rest[0], b'\n' | b'.' | b',' | b';' | b')' | b'!');
    let counts = if is_plain_word(word) {
        may_end && ends_sentence && !ends_like_an_adjective(word)
    } else {
        !is_measure(search, start + word.len(), word)
    };
    if counts && word.len() >= SHORTEST && !is_blank(word) && !is_state(word) && !is_ordinary(word) {
        search.mark(Rule::PasswordInSentence, start..start + word.len());
    }
}

/// Whether a word may be part of the sentence.
fn is_plain_word(word: &str) -> bool {
    let tail = word.get(1..).unwrap_or_default();
    word.chars()
        .all(|character| character.is_alphabetic() || matches!(character, '-' | '\'' | '.' | '/' | '_'))
        && (!tail.bytes().any(|byte| byte.is_ascii_uppercase()) || word == word.to_uppercase())
}

/// Whether a word describes a password.
fn ends_like_an_adjective(word: &str) -> bool {
    const ENDINGS: [&str; 15] = [
        "ed", "ing", "able", "ible", "ive", "ory", "al", "ous", "less", "ful", "ent", "ant", "ten", "en",
        "ak",
    ];
    const WORDS: [&str; 14] = [
        "mandatory",
        "weak",
        "strong",
        "fine",
        "okay",
        "blank",
        "insecure",
        "secure",
        "sensitive",
        "pwned",
        "yours",
        "visible",
        "unset",
        "identical",
    ];
    ENDINGS.iter().any(|ending| word.ends_with(ending)) || is_one_of(word, &WORDS)
}

/// Whether a word, or the next one, says that this is the length, age or encoding of a password, or that it
/// is a path or a variable.
fn is_measure(search: &Search<'_, '_>, end: usize, word: &str) -> bool {
    const LONGEST_WORD: usize = 24;
    let next_end = search.run_end(end + 1, LONGEST_WORD, |byte| byte.is_ascii_alphabetic());
    let next = search.text.get(end + 1..next_end).unwrap_or_default();
    let is_short_number = is_number(word) && word.len() < 4;
    is_short_number
        || word.ends_with("ed")
        || word.starts_with(['/', '$', '%', '<', '(', '{'])
        || word.contains("://")
        || is_one_of(
            next,
            &[
                "characters",
                "chars",
                "bits",
                "bytes",
                "days",
                "hours",
                "minutes",
                "letters",
                "hash",
                "hashed",
                "encoded",
                "encrypted",
                "times",
                "tries",
                "attempts",
            ],
        )
}

/// Marks a one-time code: `verification code 123456`, `your one-time code is 123456`.
fn check_code(search: &mut Search<'_, '_>, word: Range<usize>) {
    const LINKS: [&str; 5] = [" is: ", " is ", ": ", " = ", " "];
    let is_named = BEFORE_CODE.iter().any(|before| search.ends_with(word.start, before));
    let is_code = !search.continues_with(word.start, "code") || is_named;
    let is_entered = search.ends_with(word.start, "enter the ") || search.ends_with(word.start, "enter ");
    if !is_code && !is_entered || search.before(word.start).is_ascii_alphanumeric() {
        return;
    }
    let Some(link) = LINKS.iter().find(|link| search.continues_with(word.end, link)) else { return };
    let start = word.end + link.len();
    let start = start + usize::from(matches!(search.at(start), b'\'' | b'"'));
    let end = code_end(search, start, |byte| byte.is_ascii_digit());
    // A device code, which people type.
    let end = if end == start {
        code_end(search, start, |byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-')
    } else {
        end
    };
    let code = &search.text[start..end];
    if code.len() >= 4 && (code.bytes().any(|byte| byte.is_ascii_digit()) || code.contains('-')) {
        search.mark(Rule::PasswordInSentence, start..end);
    }
}

/// The end of a code of four to ten characters of a class. `start` if there is none.
fn code_end(search: &Search<'_, '_>, start: usize, in_class: impl Fn(u8) -> bool) -> usize {
    let end = search.run_end(start, 12, in_class);
    let counts = start < end && (4..=10).contains(&(end - start)) && !search.at(end).is_ascii_alphanumeric();
    if counts { end } else { start }
}

/// Marks the code of `123456 is your verification code`.
fn check_code_before(search: &mut Search<'_, '_>, end: usize) {
    /// How far after it the word `code` may be.
    const LONGEST: usize = 48;
    let start = search.run_start(end, 9, |byte| byte.is_ascii_digit());
    let rest_end = search.run_end(end, LONGEST, |byte| byte != b'\n' && byte != b'.');
    let rest = &search.text[end..rest_end];
    let is_code = rest.contains(" code") || rest.contains(" OTP") || rest.contains(" PIN");
    if (4..=8).contains(&(end - start)) && is_code && !search.before(start).is_ascii_alphanumeric() {
        search.mark(Rule::PasswordInSentence, start..end);
    }
}

/// Marks a secret in quotes after the word for it.
fn check_quoted_secret(search: &mut Search<'_, '_>, word: Range<usize>) {
    if search.at(word.end) != b' '
        || search.continues_with(word.start, "phrase") && !search.ends_with(word.start, "pass ")
    {
        return;
    }
    // `Unexpected token 'e'` is about JSON.
    let is_no_token =
        |secret: &str| secret.len() < 8 || !secret.bytes().take(64).any(|byte| byte.is_ascii_digit());
    if search.continues_with(word.start, "token") {
        mark_quoted(search, word.end + 1, |secret| is_blank(secret) || is_no_token(secret));
    } else {
        mark_quoted(search, word.end + 1, is_blank);
    }
}

/// Marks the quoted text at `at`, unless it says nothing.
fn mark_quoted(search: &mut Search<'_, '_>, at: usize, says_nothing: impl Fn(&str) -> bool) {
    let quote = search.at(at);
    if !matches!(quote, b'\'' | b'"' | b'`') {
        return;
    }
    let end = search.stop(Stop::Quote(quote), at + 1);
    if search.bytes.get(end) == Some(&quote) && !says_nothing(&search.text[at + 1..end]) {
        search.mark(Rule::PasswordInSentence, at + 1..end);
    }
}
