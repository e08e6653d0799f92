//! Secrets, and identifiers of one machine, session or account.

use memchr::memchr_iter;

use super::characters::{CLASSES, DIGIT, LOWER, UPPER, in_word};

/// Whether there is a `Bearer` with something that looks like a token, not just the next word of a sentence.
pub(super) fn holds_bearer(bytes: &[u8]) -> bool {
    memchr_iter(b' ', bytes).any(|at| {
        if !(bytes[..at].ends_with(b"Bearer") || bytes[..at].ends_with(b"bearer")) {
            return false;
        }
        let token = &bytes[at + 1..];
        let length = token.iter().take_while(|&&byte| in_word(byte) || b"~+/=".contains(&byte)).count();
        let has_digit = token[..length].iter().any(u8::is_ascii_digit);
        length >= 20 || length >= 8 && has_digit
    })
}

/// The shortest token, except in headers.
pub(super) const SHORTEST_TOKEN: usize = 20;

/// The fewest digits of an identifier whose letters are all of one case.
pub(super) const FEWEST_DIGITS: usize = 4;

const TOKEN_PREFIXES: [&[u8]; 12] = [
    b"ghp_",
    b"gho_",
    b"ghu_",
    b"ghs_",
    b"ghr_",
    b"github_pat_",
    b"glpat-",
    b"xoxa-",
    b"xoxb-",
    b"xoxp-",
    b"xoxs-",
    b"eyJ",
];

pub(super) fn holds_token(bytes: &[u8]) -> bool {
    bytes
        .split(|&byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+' | b'/' | b'=')))
        .filter(|run| run.len() >= SHORTEST_TOKEN)
        .any(|run| {
            let mut words = run.split(|byte| matches!(byte, b'+' | b'/' | b'='));
            words.any(|word| word.len() >= SHORTEST_TOKEN && is_token(word)) || looks_random(run)
        })
}

/// Whether `word`, which consists of letters, digits, hyphens and underscores, is or contains a token.
pub(super) fn is_token(word: &[u8]) -> bool {
    holds_hexadecimal_identifier(word)
        || has_token_prefix(word)
        || is_coder_token(word)
        || looks_random(word)
        || word.split(|byte| matches!(byte, b'-' | b'_')).any(looks_random)
}

fn has_token_prefix(word: &[u8]) -> bool {
    TOKEN_PREFIXES.iter().any(|prefix| word.starts_with(prefix))
        || word.starts_with(b"sk-") && word.iter().any(u8::is_ascii_digit)
        || (word.starts_with(b"AKIA") || word.starts_with(b"ASIA"))
            && word.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// Whether there is a UUID, or 32 hexadecimal digits in a row of which some are decimal.
fn holds_hexadecimal_identifier(word: &[u8]) -> bool {
    let (mut length, mut digits) = (0, 0);
    for (at, byte) in word.iter().enumerate() {
        if byte.is_ascii_hexdigit() {
            length += 1;
            digits += usize::from(byte.is_ascii_digit());
            if length >= 32 && digits >= FEWEST_DIGITS {
                return true;
            }
            continue;
        }
        if *byte == b'-' && length >= 8 && ends_uuid(&word[at..]) {
            return true;
        }
        (length, digits) = (0, 0);
    }
    false
}

/// Whether `bytes` begin like the rest of a UUID after its first eight digits.
fn ends_uuid(bytes: &[u8]) -> bool {
    bytes.get(..28).is_some_and(|rest| {
        rest.iter().enumerate().all(|(at, byte)| match at {
            0 | 5 | 10 | 15 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
    })
}

/// Whether there are ten letters and digits, a hyphen and 22 more letters and digits, including a digit.
fn is_coder_token(word: &[u8]) -> bool {
    let mut length_before = 0;
    word.split(|byte| matches!(byte, b'-' | b'_')).any(|part| {
        let matches = length_before == 10 && part.len() == 22 && part.iter().any(u8::is_ascii_digit);
        length_before = part.len();
        matches
    })
}

/// Whether `run` switches between upper case, lower case and digits as often as random text, and more often than
/// words. A run with all three must switch at two of five places. A run of digits and letters of one case only must
/// switch at one of three.
pub(super) fn looks_random(run: &[u8]) -> bool {
    if run.len() < SHORTEST_TOKEN {
        return false;
    }
    const ANY: u16 = DIGIT | LOWER | UPPER;
    let (mut seen, mut changes, mut digits, mut before) = (0, 0, 0, 0);
    for &byte in run {
        let class = CLASSES[usize::from(byte)];
        changes += usize::from(class != before && class & ANY != 0 && before & ANY != 0);
        digits += usize::from(class & DIGIT);
        seen |= class;
        before = class;
    }
    let pairs = run.len() - 1;
    match seen & ANY {
        ANY => changes * 5 >= pairs * 2,
        _ => seen & !ANY == 0 && seen & DIGIT != 0 && digits >= FEWEST_DIGITS && changes * 3 >= pairs,
    }
}
