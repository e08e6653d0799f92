//! Secrets, and identifiers that are the same only for one machine, session or account.

use memchr::memchr_iter;

use super::characters::{CLASSES, DIGIT, LOWER, UPPER, in_word};

/// `Bearer` and what can be its token: not the next word of a sentence.
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

/// No rule but those for headers takes a shorter run for a token.
pub(super) const SHORTEST_TOKEN: usize = 20;

/// Digits that a run needs to be taken for an identifier if it has letters of one case only.
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

/// Whether `word`, of letters, digits, hyphens and underscores, is a token or has one in it.
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

/// A UUID, or 32 hexadecimal digits in a row, some of them decimal.
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

/// Whether `bytes` begin with what follows the first eight digits of a UUID.
fn ends_uuid(bytes: &[u8]) -> bool {
    bytes.get(..28).is_some_and(|rest| {
        rest.iter().enumerate().all(|(at, byte)| match at {
            0 | 5 | 10 | 15 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
    })
}

/// Ten letters and digits, a hyphen and 22 more, among them a digit.
fn is_coder_token(word: &[u8]) -> bool {
    let mut length_before = 0;
    word.split(|byte| matches!(byte, b'-' | b'_')).any(|part| {
        let matches = length_before == 10 && part.len() == 22 && part.iter().any(u8::is_ascii_digit);
        length_before = part.len();
        matches
    })
}

/// Whether `run` changes between upper case, lower case and digits as often as chance does and words do not: in two
/// of five places if it has all three, in one of three if it has digits and one case and nothing else.
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
