//! Values that a text gives to a key that tells, such as `user=NAME`, `"token": "TOKEN"` and `--password PASSWORD`.

use std::ops::Range;

use memchr::{memchr2_iter, memmem};

use super::keys::KeyMeaning;
use super::kinds::Rule;
use super::marks::Search;

/// The longest key, with its blanks.
const LONGEST_KEY: usize = 64;
/// A value of more bytes is not searched for assignments of its own.
const LONGEST_REPEAT: usize = 1024;
/// The most words of a name that follow each other.
const WORDS_AT_MOST: usize = 4;

/// How a value is written, which decides where it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Writing {
    /// Between quotes that are this byte.
    Quoted(u8),
    /// Between quotes after a backslash.
    EscapedQuotes(u8),
    /// In the query of a URL.
    Query,
    /// Percent-encoded, after `%3D`.
    Encoded,
    /// Up to the next blank, comma or closing bracket.
    Bare,
}

/// Marks the values of assignments.
pub(super) fn check_assignments(search: &mut Search<'_, '_>) {
    let in_directory = names_directory_entry(search.bytes);
    let mut checked = 0;
    for at in memchr2_iter(b'=', b':', search.bytes) {
        if at >= checked {
            // `=>` and `:=` are separators, too.
            let more = usize::from(matches!((search.bytes[at], search.at(at + 1)), (b'=', b'>') | (b':', b'=')));
            checked = check_assignment(search, at, at + 1 + more, in_directory);
        }
    }
    checked = 0;
    for at in memmem::find_iter(search.bytes, b"%3") {
        if at >= checked && matches!(search.at(at + 2), b'D' | b'd' | b'A' | b'a') {
            checked = check_assignment(search, at, at + 3, in_directory);
        }
    }
}

/// Whether a text has the name of an entry in an LDAP directory, such as `uid=NAME,ou=people,dc=COMPANY`.
fn names_directory_entry(bytes: &[u8]) -> bool {
    [&b",dc="[..], b",ou=", b",DC=", b",OU=", b", dc=", b", ou="].iter().any(|part| memmem::find(bytes, part).is_some())
}

/// Marks the texts of XML elements whose name tells, as in `<username>NAME</username>`.
pub(super) fn check_elements(search: &mut Search<'_, '_>) {
    for at in memmem::find_iter(search.bytes, b"</") {
        let length = search.rest(at + 2).iter().take(LONGEST_KEY).take_while(|&&byte| byte != b'>').count();
        let name_end = super::paths::floor_boundary(search.text, at + 2 + length);
        let meaning = KeyMeaning::of(&search.text[at + 2..name_end]);
        if meaning == KeyMeaning::Nothing {
            continue;
        }
        let value = search.bytes[..at].iter().rev().take(LONGEST_REPEAT).take_while(|&&byte| byte != b'>').count();
        let start = super::paths::ceil_boundary(search.text, at - value);
        if search.before(start) == b'>'
            && let Some(rule) = meaning.rule_for(&search.text[start..at])
        {
            search.mark(rule, start..at);
        }
    }
}

/// Checks the assignment whose separator is from `separator` to `after`. Returns where the search goes on: behind a
/// value that is marked, or too long to be looked at twice.
fn check_assignment(search: &mut Search<'_, '_>, separator: usize, after: usize, in_directory: bool) -> usize {
    let is_colon = search.bytes[separator] == b':';
    if is_colon && search.rest(after).starts_with(b"//") {
        return after;
    }
    let Some(key) = key_before(search, separator) else { return after };
    let meaning = meaning_of(&search.text[key.clone()], is_colon, in_directory);
    if meaning == KeyMeaning::Nothing {
        return after;
    }
    let is_query = matches!(search.before(key.start), b'?' | b'&' | b'#');
    let (start, writing) = value_start(search, after, is_query);
    if is_cookie(&search.text[key]) {
        return mark_cookies(search, start);
    }
    let start = if meaning.is_secret() { after_scheme(search, start) } else { start };
    let end = value_end(search, start, writing, meaning);
    let value = &search.text[start..end];
    if let Some(rule) = meaning.rule_for(value)
        && !(is_colon && writing == Writing::Bare && (meaning.is_secret() && says_what_became(value) || begins_sentence(search, start, end)))
    {
        search.mark(rule, start..end);
        return end.max(after);
    }
    if end - start > LONGEST_REPEAT { end } else { after }
}

/// Whether the value is the first word of a sentence, as in `agent: failed to sign`.
fn begins_sentence(search: &Search<'_, '_>, start: usize, end: usize) -> bool {
    let goes_on = matches!(search.rest(end), [b' ', next, ..] if next.is_ascii_alphabetic() || *next == b'%');
    let names_source = [" from ", " at ", " on ", " (", " via "].iter().any(|word| search.rest(end).starts_with(word.as_bytes()));
    goes_on && !names_source && search.text[start..end].bytes().all(|byte| byte.is_ascii_alphabetic())
        && !(search.at(start).is_ascii_uppercase() && search.text[start..end].contains(' '))
}

/// Whether a text is a word of a sentence about a secret, as in `password: required`.
fn says_what_became(value: &str) -> bool {
    super::words::is_one_of(value.trim_end_matches(['.', '!']), &super::words::STATES)
}

/// What a key of a text says. The short keys of X.500 names count in upper case only.
fn meaning_of(key: &str, is_colon: bool, in_directory: bool) -> KeyMeaning {
    match key {
        "cn" | "uid" | "ou" | "dc" | "o" | "DC" | "UID" if in_directory => KeyMeaning::Name,
        "O" | "OU" | "CN" if !is_colon => KeyMeaning::Name,
        "L" | "ST" if !is_colon => KeyMeaning::Place,
        _ => KeyMeaning::of(key),
    }
}

/// The key that ends at `separator`, with up to two words before its last one.
fn key_before(search: &Search<'_, '_>, separator: usize) -> Option<Range<usize>> {
    let bytes = search.bytes;
    let mut end = separator;
    while end > 0 && bytes[end - 1] == b' ' && separator - end < 2 {
        end -= 1;
    }
    if end > 0 && matches!(bytes[end - 1], b'"' | b'\'') {
        end -= 1;
        if end > 0 && bytes[end - 1] == b'\\' {
            end -= 1;
        }
    }
    let earliest = end.saturating_sub(LONGEST_KEY);
    let mut start = end;
    let mut blanks = 0;
    while start > earliest {
        match bytes[start - 1] {
            byte if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.') || !byte.is_ascii() => {}
            b' ' if blanks < 2 && start < end && bytes[start] != b' ' => blanks += 1,
            _ => break,
        }
        start -= 1;
    }
    let start = super::paths::ceil_boundary(search.text, start);
    (start < end).then_some(start..end)
}

/// Where the value after a separator begins, and how it is written.
fn value_start(search: &Search<'_, '_>, after: usize, is_query: bool) -> (usize, Writing) {
    let mut start = after;
    while search.bytes.get(start) == Some(&b' ') && start - after < 2 {
        start += 1;
    }
    match &search.rest(start) {
        [quote @ (b'"' | b'\'' | b'`'), ..] => (start + 1, Writing::Quoted(*quote)),
        [b'\\', quote @ (b'"' | b'\''), ..] => (start + 2, Writing::EscapedQuotes(*quote)),
        _ if search.bytes[after - 1].is_ascii_alphabetic() => (start, Writing::Encoded),
        _ if is_query => (start, Writing::Query),
        _ => (start, Writing::Bare),
    }
}

/// Where the credentials begin if the value at `start` names their scheme first.
fn after_scheme(search: &Search<'_, '_>, start: usize) -> usize {
    const SCHEMES: [&str; 7] = ["bearer ", "basic ", "digest ", "negotiate ", "token ", "ntlm ", "apikey "];
    SCHEMES
        .iter()
        .find(|scheme| {
            search.rest(start).get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme.as_bytes()))
        })
        .map_or(start, |scheme| start + scheme.len())
}

/// Where the value at `start` ends.
fn value_end(search: &Search<'_, '_>, start: usize, writing: Writing, meaning: KeyMeaning) -> usize {
    let rest = &search.rest(start);
    let length = match writing {
        Writing::Quoted(quote) => {
            // An apostrophe inside a word is no quote.
            (0..rest.len()).find(|&at| {
                rest[at] == b'\n'
                    || rest[at] == quote && !(quote == b'\'' && rest.get(at + 1).is_some_and(u8::is_ascii_alphanumeric))
            })
        }
        Writing::EscapedQuotes(quote) => memmem::find(rest, &[b'\\', quote]),
        Writing::Query => rest.iter().position(|&byte| byte <= b' ' || b"&#\"'<>`".contains(&byte)),
        Writing::Encoded => (0..rest.len()).find(|&at| {
            rest[at] <= b' ' || b"&#\"'<>`".contains(&rest[at]) || rest[at..].starts_with(b"%26") || rest[at..].starts_with(b"%22")
        }),
        Writing::Bare => rest.iter().position(|&byte| byte <= b' ' || b",;\"'`<>)]}|".contains(&byte)),
    };
    let end = start + length.unwrap_or(rest.len());
    if writing != Writing::Bare {
        return end;
    }
    match meaning {
        KeyMeaning::Name | KeyMeaning::Place => with_capitalised_words(search, start, end),
        KeyMeaning::Phone => start + rest.iter().take_while(|&&byte| byte.is_ascii_digit() || b" +-()/.".contains(&byte)).count(),
        _ => without_full_stop(search, start, end),
    }
}

/// The end of a name that goes on with words in upper case, such as a family name.
fn with_capitalised_words(search: &Search<'_, '_>, start: usize, end: usize) -> usize {
    let mut end = without_full_stop(search, start, end);
    if !search.text[start..].starts_with(char::is_uppercase) {
        return end;
    }
    for _ in 1..WORDS_AT_MOST {
        let Some(rest) = search.text[end..].strip_prefix(' ') else { break };
        if !rest.starts_with(char::is_uppercase) {
            break;
        }
        let length = rest.bytes().take_while(|&byte| byte > b' ' && !b",;:\"'`<>()[]{}|=".contains(&byte)).count();
        end = without_full_stop(search, end + 1, end + 1 + length);
    }
    end
}

/// The end without the punctuation of a sentence.
fn without_full_stop(search: &Search<'_, '_>, start: usize, end: usize) -> usize {
    start + search.text[start..end].trim_end_matches(['.', ':', '?']).len()
}

fn is_cookie(key: &str) -> bool {
    let last = key.rsplit([' ', '-', '_']).next().unwrap_or_default();
    last.eq_ignore_ascii_case("cookie") || last.eq_ignore_ascii_case("cookies")
}

/// Marks the value of each cookie of a header. Returns the end of the header.
fn mark_cookies(search: &mut Search<'_, '_>, start: usize) -> usize {
    let length = search.rest(start).iter().position(|&byte| matches!(byte, b'\n' | b'\r' | b'"'));
    let end = start + length.unwrap_or(search.bytes.len() - start);
    let mut at = start;
    for cookie in search.text[start..end].split(';') {
        let name = cookie.find('=').map_or(0, |equals| equals + 1);
        let value = cookie[name..].trim();
        if KeyMeaning::Secret.rule_for(value).is_some() {
            let from = at + name + (cookie[name..].len() - cookie[name..].trim_start().len());
            search.mark(Rule::TokenUnderKey, from..from + value.len());
        }
        at += cookie.len() + 1;
    }
    end
}

/// Marks the values of options, as in `--token TOKEN`.
pub(super) fn check_options(search: &mut Search<'_, '_>) {
    for at in memmem::find_iter(search.bytes, b"--") {
        if matches!(search.before(at), b'-' | b'_') || search.before(at).is_ascii_alphanumeric() {
            continue;
        }
        let name_start = at + 2;
        let length = search.rest(name_start)
            .iter()
            .take(LONGEST_KEY)
            .take_while(|&&byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
            .count();
        let name_end = name_start + length;
        if length == 0 || search.bytes.get(name_end) != Some(&b' ') || search.at(name_end + 1) == b'-' {
            continue;
        }
        let meaning = KeyMeaning::of(&search.text[name_start..name_end]);
        if meaning == KeyMeaning::Nothing {
            continue;
        }
        let (start, writing) = value_start(search, name_end + 1, false);
        let writing = if writing == Writing::Encoded { Writing::Bare } else { writing };
        let end = value_end(search, start, writing, meaning);
        if let Some(rule) = meaning.rule_for(&search.text[start..end]) {
            search.mark(rule, start..end);
        }
    }
}
