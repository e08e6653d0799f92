//! Secrets that programs generate.

use std::ops::Range;
use std::sync::LazyLock;

use super::characters::{CLASSES, DIGIT, LOWER, UPPER, count_digits};
use super::identifiers::is_resource_id;
use super::kinds::Rule;
use super::marks::{Search, find};
use super::triggers::Trigger;
use super::words::{is_blank, is_ordinary};

/// The shortest token, unless its place or its beginning says what it is.
pub(super) const SHORTEST_TOKEN: usize = 20;
/// The shortest token with a known beginning.
const SHORTEST_WITH_PREFIX: usize = 16;
/// The shortest text that is marked without a word before it: the identifier of a resource.
pub(super) const SHORTEST_KNOWN: usize = 10;
/// The fewest digits of a random text whose letters are all of one case.
const FEWEST_DIGITS: usize = 4;
/// The fewest hexadecimal digits of a token.
const LONG_HEXADECIMAL: usize = 32;

pub(super) const TRIGGERS: &[Trigger] = &[
    Trigger { words: &["bearer", "basic", "negotiate", "ntlm"], check: check_credentials },
    Trigger { words: &["begin"], check: check_private_key },
];

/// Marks credentials after the name of their scheme.
fn check_credentials(search: &mut Search<'_, '_>, scheme: Range<usize>) {
    let start = scheme.end + 1;
    if search.bytes.get(scheme.end) != Some(&b' ') || search.before(scheme.start).is_ascii_alphanumeric() {
        return;
    }
    let is_short = search.continues_with(scheme.start, "b");
    let end = search.run_end(start, usize::MAX, |byte| in_token(byte) || matches!(byte, b'~' | b'.'));
    let token = search.text[start..end].trim_end_matches('.');
    // Otherwise, it is just the next word of the sentence.
    let is_random = count_digits(token) > 0
        || token.len() >= SHORTEST_TOKEN
        || token.ends_with('=')
        || token.bytes().skip(1).any(|byte| byte.is_ascii_uppercase())
            && token.contains(|c: char| c.is_ascii_lowercase());
    if token.len() >= if is_short { 8 } else { 16 } && is_random && !is_blank(token) {
        search.mark(Rule::AuthenticationScheme, start..start + token.len());
    }
}

/// Marks a PEM block to the end of its last line, or to the end of the text if the last line is missing.
fn check_private_key(search: &mut Search<'_, '_>, word: Range<usize>) {
    const DASHES: &str = "-----";
    if !search.ends_with(word.start, DASHES) || word.start < search.keys_end {
        return;
    }
    let last_line = find(search.bytes, word.end, b"-----END");
    let end = last_line.and_then(|line| find(search.bytes, line + 8, DASHES.as_bytes()));
    search.keys_end = end.map_or(search.bytes.len(), |end| end + DASHES.len());
    search.mark(Rule::PrivateKey, word.start - DASHES.len()..search.keys_end);
}

fn in_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+' | b'/' | b'=')
}

/// Marks tokens that are known by their form.
pub(super) fn check_tokens(search: &mut Search<'_, '_>) {
    let bytes = search.bytes;
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        while at < bytes.len() && (in_token(bytes[at]) || bytes[at] == b'.') {
            at += 1;
        }
        if at - start >= SHORTEST_KNOWN {
            check_run(search, start, at);
        }
        at += 1;
    }
}

/// Checks a run of the characters of tokens and of dots.
fn check_run(search: &mut Search<'_, '_>, start: usize, end: usize) {
    let run = &search.text[start..end];
    // The text before a `=` is a key, unless it is a token with a checksum after it.
    let key = run
        .trim_end_matches('=')
        .rfind('=')
        .filter(|&equals| !has_token_prefix(&run[..equals]))
        .map_or(0, |equals| equals + 1);
    let start = start + key;
    let run = run[key..].trim_end_matches('.');
    if run.bytes().all(|byte| byte == run.as_bytes()[0]) {
        return;
    }
    if run.len() >= SHORTEST_WITH_PREFIX
        && let Some(rule) = rule_of_beginning(search, start, run)
    {
        search.mark(rule, start..start + run.len());
        return;
    }
    let mut at = start;
    for part in run.split('.') {
        if part.len() >= SHORTEST_KNOWN {
            check_part(search, at, part);
        }
        at += part.len() + 1;
    }
}

/// The rule that marks a whole run because of its beginning.
fn rule_of_beginning(search: &Search<'_, '_>, start: usize, run: &str) -> Option<Rule> {
    /// The shortest public key of SSH.
    const PUBLIC_KEY: usize = 40;
    if has_token_prefix(run) || run.len() > 30 && run.split('.').nth(1) == Some("atlasv1") {
        Some(Rule::TokenPrefix)
    } else if run.starts_with("eyJ") && run.len() >= SHORTEST_TOKEN {
        // `{"` in base64.
        Some(Rule::JsonWebToken)
    } else if run.starts_with("AAAA") && run.len() >= PUBLIC_KEY && search.before(start) <= b' ' {
        Some(Rule::PublicKey)
    } else {
        None
    }
}

/// Checks a run of letters, digits, `_`, `-`, `+`, `/` and `=`.
fn check_part(search: &mut Search<'_, '_>, start: usize, run: &str) {
    let is_word = !run.contains(['+', '/', '=']);
    if !is_word && looks_random(run) && !is_path_of_words(run) {
        let body = run.trim_matches(['/', '-']);
        let from = start + (run.len() - run.trim_start_matches(['/', '-']).len());
        search.mark(Rule::RandomText, from..from + body.len());
        return;
    }
    let mut at = start;
    for word in run.split(['+', '/', '=']) {
        if word.len() >= SHORTEST_KNOWN {
            check_word(search, at, word);
        }
        at += word.len() + 1;
    }
}

/// Whether all segments of a path are ordinary words, so that the path is not a token.
fn is_path_of_words(run: &str) -> bool {
    run.split('/')
        .filter(|part| !part.is_empty())
        .all(|part| part.len() < SHORTEST_TOKEN && is_ordinary(part))
}

/// Marks the tokens in a word of letters, digits, hyphens and underscores.
fn check_word(search: &mut Search<'_, '_>, start: usize, word: &str) {
    if let Some(rule) = rule_of_word(word) {
        search.mark(rule, start..start + word.len());
        return;
    }
    let mut at = start;
    for part in word.split(['-', '_']) {
        if is_long_hexadecimal(part) {
            search.mark(Rule::LongHexadecimal, at..at + part.len());
        } else if looks_random(part) {
            search.mark(Rule::RandomText, at..at + part.len());
        }
        at += part.len() + 1;
    }
}

/// The rule that marks a whole word.
fn rule_of_word(word: &str) -> Option<Rule> {
    if is_resource_id(word) {
        Some(Rule::AccountNumber)
    } else if word.len() >= SHORTEST_WITH_PREFIX && has_token_prefix(word) {
        Some(Rule::TokenPrefix)
    } else if is_long_hexadecimal(word) {
        Some(Rule::LongHexadecimal)
    } else if is_coder_token(word) {
        Some(Rule::CoderToken)
    } else if looks_random(word) {
        Some(Rule::RandomText)
    } else {
        None
    }
}

/// The beginnings of tokens, each with the fewest characters that must follow.
pub(super) const TOKEN_PREFIXES: &str = include_str!("data/token_prefixes.txt");

/// The beginnings of tokens by their first byte.
static PREFIXES_BY_BYTE: LazyLock<Vec<Vec<(&'static str, usize)>>> = LazyLock::new(|| {
    let mut by_byte = vec![Vec::new(); 256];
    for line in TOKEN_PREFIXES.lines() {
        let (prefix, shortest) = line.split_once('\t').expect("a line has a beginning and a length");
        let shortest = shortest.parse().expect("the length is a number");
        by_byte[usize::from(prefix.as_bytes()[0])].push((prefix, shortest));
    }
    by_byte
});

fn has_token_prefix(run: &str) -> bool {
    let Some(&first) = run.as_bytes().first() else { return false };
    PREFIXES_BY_BYTE[usize::from(first)].iter().any(|(prefix, shortest)| {
        run.strip_prefix(prefix).is_some_and(|rest| follows_prefix(prefix, rest, *shortest))
    }) || is_amazon_key(run)
}

/// Whether the text after the beginning of a token is long and random enough.
fn follows_prefix(prefix: &str, rest: &str, shortest: usize) -> bool {
    let digits = count_digits(rest);
    rest.len() >= shortest
        && (digits > 0 || prefix.len() > 2 && mixes_cases(rest))
        // A short beginning is not enough for words.
        && (prefix.len() > 4 || prefix.ends_with(['_', '-', '.']) || digits >= 3)
}

/// Whether a run begins with the id of an access key of Amazon.
fn is_amazon_key(run: &str) -> bool {
    (run.starts_with("AKIA") || run.starts_with("ASIA"))
        && run.bytes().take(16).all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// Whether upper and lower case alternate as in random text.
fn mixes_cases(text: &str) -> bool {
    let changes = text
        .as_bytes()
        .windows(2)
        .filter(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase());
    changes.count() * 6 >= text.len()
}

/// Whether a word is 32 or more hexadecimal digits, some of them decimal and not all the same.
fn is_long_hexadecimal(word: &str) -> bool {
    word.len() >= LONG_HEXADECIMAL
        && word.bytes().all(|byte| byte.is_ascii_hexdigit())
        && count_digits(word) >= FEWEST_DIGITS
        && word.bytes().any(|byte| byte != word.as_bytes()[0])
}

/// Whether a word is ten letters and digits, a hyphen, and 22 more letters and digits. It must have a digit.
fn is_coder_token(word: &str) -> bool {
    word.split_once('-').is_some_and(|(id, secret)| {
        id.len() == 10
            && secret.len() == 22
            && [id, secret].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
            && count_digits(word) > 0
            && (word.contains(|c: char| c.is_ascii_uppercase()) || count_digits(word) >= FEWEST_DIGITS)
    })
}

/// Names of algorithms that mix cases and digits as random text does: `PBKDF2WithHmacSHA256`.
const ALGORITHMS: [&str; 12] = [
    "SHA256", "SHA384", "SHA512", "sha256", "sha384", "sha512", "PBKDF2", "ChaCha20", "Poly1305", "ECDSA",
    "ed25519", "X25519",
];

/// Whether a run of 20 or more bytes looks random. It has a digit, and switches between upper case, lower
/// case and digits at one of three places, which is more often than words do. If its letters are all of one
/// case, it must consist of letters and digits only, at least four of them digits.
fn looks_random(run: &str) -> bool {
    const ANY: u32 = DIGIT | LOWER | UPPER;
    if run.len() < SHORTEST_TOKEN {
        return false;
    }
    let (mut seen, mut changes, mut digits, mut before, mut pairs) = (0, 0, 0, 0, 0);
    for byte in run.bytes() {
        let class = CLASSES[usize::from(byte)];
        let both = class & ANY != 0 && before & ANY != 0;
        pairs += usize::from(both);
        changes += usize::from(class != before && both);
        digits += (class & DIGIT) as usize;
        seen |= class;
        before = class;
    }
    let has_form = seen & ANY == ANY || seen & DIGIT != 0 && digits >= FEWEST_DIGITS && seen & !ANY == 0;
    has_form && changes * 3 >= pairs && !ALGORITHMS.iter().any(|name| run.contains(name))
}
