//! Values that a text assigns to a key with a meaning, such as `user=NAME`, `"token": "TOKEN"` and
//! `<owner>NAME</owner>`.

use std::ops::Range;

use memchr::{memchr_iter, memchr2_iter};

use super::characters::NON_ASCII;
use super::escapes::unescaped;
use super::keys::KeyMeaning;
use super::kinds::Rule;
use super::marks::{Search, Stop, floor_boundary};
use super::quotes::quoted_at;
use super::triggers::{Topics, Trigger};
use super::values::start_of;
use super::words::{is_blank, is_number, is_ordinary, is_state};

/// The longest key, with its blanks.
pub(super) const LONGEST_KEY: usize = 64;
/// The most words of a name.
const WORDS_AT_MOST: usize = 4;
/// The longest postal address.
const LONGEST_ADDRESS: usize = 120;
/// The longest text of an element.
const LONGEST_ELEMENT: usize = 1024;

pub(super) const TRIGGERS: &[Trigger] = &[Trigger { words: &["dc", "ou"], check: note_directory }];

/// Notes that the text has the name of an entry in an LDAP directory, such as
/// `uid=NAME,ou=people,dc=COMPANY`.
fn note_directory(search: &mut Search<'_, '_>, word: Range<usize>) {
    if search.at(word.end) == b'='
        && (search.before(word.start) == b',' || search.ends_with(word.start, ", "))
    {
        search.topics |= Topics::DIRECTORY;
    }
}

/// Which assignments are checked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Checked {
    All,
    Parameters,
}

/// Marks the values of assignments.
pub(super) fn check_assignments(search: &mut Search<'_, '_>) {
    check(search, Checked::All);
    if search.has(NON_ASCII) {
        check_wide_colons(search);
    }
}

/// Marks the values of parameters of URLs.
pub(super) fn check_parameters(search: &mut Search<'_, '_>) {
    check(search, Checked::Parameters);
}

fn check(search: &mut Search<'_, '_>, which: Checked) {
    let mut checked = 0;
    for at in memchr2_iter(b'=', b':', search.bytes) {
        if at >= checked {
            // `=>` and `:=` are separators, too.
            let is_long = matches!((search.bytes[at], search.at(at + 1)), (b'=', b'>') | (b':', b'='));
            checked = check_assignment(search, which, at, at + 1 + usize::from(is_long));
        }
    }
}

/// The colon of Chinese and Japanese.
const WIDE_COLON: &str = "：";

/// Marks the values after wide colons.
fn check_wide_colons(search: &mut Search<'_, '_>) {
    let mut checked = 0;
    for at in memchr_iter(WIDE_COLON.as_bytes()[0], search.bytes) {
        if at >= checked && search.rest(at).starts_with(WIDE_COLON.as_bytes()) {
            checked = check_assignment(search, Checked::All, at, at + WIDE_COLON.len());
        }
    }
}

/// Checks the assignment whose separator is from `separator` to `after`. Returns where the search continues:
/// after the value if it is marked, else after the separator.
fn check_assignment(search: &mut Search<'_, '_>, which: Checked, separator: usize, after: usize) -> usize {
    let is_colon = search.bytes[separator] != b'=';
    if is_colon && search.rest(after).starts_with(b"//") {
        return after;
    }
    let Some(key) = key_before(search, separator) else { return after };
    // The colon follows the host or the user of a URL, so it begins a port or a password.
    if is_colon && (search.before(key.start) == b'@' || search.ends_with(key.start, "//")) {
        return after;
    }
    let meaning = meaning_of(&search.text[key.clone()], is_colon, search.topics & Topics::DIRECTORY != 0);
    if meaning == KeyMeaning::Nothing {
        return after;
    }
    // In `q=owner:NAME+status:running`, the key is inside a parameter.
    let is_parameter = matches!(search.before(key.start), b'?' | b'&' | b'#')
        || is_colon && search.before(key.start) == b'=';
    let (start, stop) = value_start(search, after, is_parameter);
    if which == Checked::Parameters && stop != Stop::Parameter {
        return after;
    }
    // `PWD=/path` is the working directory of a shell, not a password.
    if search.text[key.clone()].trim_start() == "PWD" && search.at(start) == b'/' {
        return after;
    }
    // `gid=1000(NAME)`: the name is in the brackets.
    let digits_end = search.run_end(start, 12, |byte| byte.is_ascii_digit());
    if digits_end > start && search.at(digits_end) == b'(' {
        return after;
    }
    if is_cookie(&search.text[key.clone()]) {
        return mark_cookies(search, start);
    }
    let start = if meaning.is_secret() { after_scheme(search, start) } else { start };
    let (start, end) = value_end(search, start, stop, meaning);
    let is_size =
        meaning == KeyMeaning::Place && !is_colon && key.len() <= 3 && is_number(&search.text[start..end]);
    if is_size || is_call(search, key.start, start..end) {
        return after;
    }
    let is_sentence = is_colon && stop == Stop::Bare && is_part_of_sentence(search, start..end, meaning);
    // `%7Btoken%7D` is a placeholder.
    let value = &search.text[start..end];
    let unescaped = (which == Checked::Parameters).then(|| unescaped(value)).flatten();
    match meaning.rule_for(unescaped.as_deref().unwrap_or(value)) {
        Some(rule) if !is_sentence => {
            search.mark(rule, start..end);
            end.max(after)
        }
        _ => after,
    }
}

/// Whether a value after a colon is the first word of a sentence, as in `agent: failed to sign` and
/// `password: required`.
fn is_part_of_sentence(search: &Search<'_, '_>, span: Range<usize>, meaning: KeyMeaning) -> bool {
    /// Text that follows a value, but not the first word of a sentence.
    const FOLLOWERS: [&str; 5] = [" from ", " at ", " on ", " (", " via "];
    /// How much of a value is read.
    const LONGEST_WORD: usize = 64;
    let value = &search.text[span.clone()];
    let rest = search.rest(span.end);
    let goes_on = matches!(rest, [b' ', next, ..] if next.is_ascii_alphabetic() || !next.is_ascii() || matches!(next, b'%' | b'\'' | b'"'))
        && !FOLLOWERS.iter().any(|follower| rest.starts_with(follower.as_bytes()));
    let is_word =
        value.len() <= LONGEST_WORD && (value.chars().all(char::is_alphabetic) || is_ordinary(value));
    // A word in another script belongs to a sentence. It is not a password.
    let is_state =
        is_state(value) || meaning.is_secret() && is_word && !value.bytes().any(|byte| byte.is_ascii());
    is_state && (meaning.is_secret() || !value.is_ascii() || !goes_on) || goes_on && is_word
}

/// The meaning of a key in a text. The short keys of X.500 names count only in upper case or in the name of a
/// directory's entry.
fn meaning_of(key: &str, is_colon: bool, in_directory: bool) -> KeyMeaning {
    // Words of a sentence may be before it.
    let last = key.rsplit(' ').next().unwrap_or_default();
    let stands_alone = last.len() == key.trim_start().len();
    match last {
        "cn" | "uid" | "ou" | "dc" | "o" | "DC" | "UID" if in_directory => KeyMeaning::Name,
        "l" | "st" if in_directory && stands_alone => KeyMeaning::Place,
        "CN" | "OU" if !is_colon => KeyMeaning::Name,
        "O" if !is_colon && (stands_alone || in_directory) => KeyMeaning::Name,
        "L" | "ST" if !is_colon && (stands_alone || in_directory) => KeyMeaning::Place,
        _ => KeyMeaning::of(key),
    }
}

/// The key that ends at `separator`, with up to two words before its last one.
fn key_before(search: &Search<'_, '_>, separator: usize) -> Option<Range<usize>> {
    let mut end = search.run_start(separator, 2, |byte| byte == b' ');
    if matches!(search.before(end), b'"' | b'\'') {
        end -= 1;
        end -= usize::from(search.before(end) == b'\\');
    }
    // All known endings of keys end with a letter.
    let last = search.before(end);
    if last.is_ascii() && !last.is_ascii_alphabetic() {
        return None;
    }
    let mut blanks = 0;
    let mut follows_blank = true;
    let start = search.run_start(end, LONGEST_KEY, |byte| {
        let counts = match byte {
            b' ' => blanks < 2 && !follows_blank,
            b'_' | b'-' | b'.' => true,
            _ => byte.is_ascii_alphanumeric() || !byte.is_ascii(),
        };
        follows_blank = byte == b' ';
        blanks += usize::from(follows_blank);
        counts
    });
    (start < end).then_some(start..end)
}

/// Where the value after a separator begins, and where it ends.
pub(super) fn value_start(search: &Search<'_, '_>, after: usize, is_parameter: bool) -> (usize, Stop) {
    let start = search.run_end(after, 2, |byte| byte == b' ');
    match search.rest(start) {
        [quote @ (b'"' | b'\'' | b'`'), ..] => (start + 1, Stop::Quote(*quote)),
        [b'\\', quote @ (b'"' | b'\''), ..] => (start + 2, Stop::EscapedQuote(*quote)),
        [first, ..] if !first.is_ascii() => {
            let value = search.text[start..].trim_start();
            (search.text.len() - value.len(), Stop::Bare)
        }
        _ if is_parameter => (start, Stop::Parameter),
        _ => (start, Stop::Bare),
    }
}

/// The end of a value: `end`, or Chinese or Japanese punctuation before it.
fn before_wide_punctuation(text: &str, start: usize, end: usize) -> usize {
    /// How much of a value is read.
    const LONGEST: usize = 256;
    let shown = &text[start..floor_boundary(text, end.min(start + LONGEST))];
    if shown.is_ascii() {
        return end;
    }
    shown.find(['，', '。', '；', '、', '）', '】', '！', '（', '\u{3000}']).map_or(end, |at| start + at)
}

/// Where the credentials begin in the value at `start`: after the name of their scheme, if there is one.
fn after_scheme(search: &Search<'_, '_>, start: usize) -> usize {
    const SCHEMES: [&str; 7] = ["bearer ", "basic ", "digest ", "negotiate ", "token ", "ntlm ", "apikey "];
    start
        + SCHEMES.iter().find(|scheme| search.continues_with(start, scheme)).map_or(0, |scheme| scheme.len())
}

/// Whether a value is code that reads it from elsewhere, as in `token = os.getenv("TOKEN")` and
/// `$password = Read-Host`.
fn is_call(search: &Search<'_, '_>, key_start: usize, value: Range<usize>) -> bool {
    const ENVIRONMENTS: [&str; 5] = ["process.env.", "import.meta.env.", "os.environ", "secrets.", "vars."];
    let is_word = |word: &str| {
        word.starts_with(|first: char| first.is_ascii_uppercase())
            && word.bytes().all(|byte| byte.is_ascii_alphabetic())
    };
    let value = &search.text[value];
    if search.before(key_start) == b'$'
        && start_of(value).split_once('-').is_some_and(|(verb, noun)| is_word(verb) && is_word(noun))
    {
        return true;
    }
    let in_name = |byte: u8| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'.' | b':');
    let is_function = value
        .strip_suffix("()")
        .or_else(|| value.strip_suffix(['(', '[']))
        .is_some_and(|name| name.len() > 2 && name.bytes().all(in_name));
    is_function || ENVIRONMENTS.iter().any(|environment| value.starts_with(environment))
}

/// The start and the end of the value at `start`. Of a value in brackets, only the inside counts. A
/// placeholder in brackets is an empty value.
pub(super) fn value_end(
    search: &mut Search<'_, '_>,
    start: usize,
    stop: Stop,
    meaning: KeyMeaning,
) -> (usize, usize) {
    if stop == Stop::Bare
        && let Some(inside) = inside_brackets(search, start)
    {
        let is_list = matches!(search.at(start), b'[' | b'(');
        return if !is_list || says_nothing(&search.text[inside.clone()]) {
            (inside.end, inside.end)
        } else {
            (inside.start, inside.end)
        };
    }
    if stop == Stop::Bare
        && !search.at(start).is_ascii()
        && let Some(inside) = quoted_at(search, start)
    {
        return (inside.start, inside.end);
    }
    (start, bare_value_end(search, start, stop, meaning))
}

/// The inside of a value that begins and ends with brackets.
fn inside_brackets(search: &Search<'_, '_>, start: usize) -> Option<Range<usize>> {
    /// The longest text in brackets.
    const LONGEST: usize = 64;
    let close = match search.at(start) {
        b'[' => b']',
        b'(' => b')',
        b'{' => b'}',
        b'<' => b'>',
        _ => return None,
    };
    let end = search.run_end(start + 1, LONGEST, |byte| byte != close && byte != b'\n');
    let inside = &search.text[start + 1..end];
    (search.bytes.get(end) == Some(&close) && !inside.contains(['"', '\'', ':', '=', ',']))
        .then_some(start + 1..end)
}

/// Whether text in brackets is a placeholder, or says that something is hidden or missing.
fn says_nothing(inside: &str) -> bool {
    is_blank(inside) || is_ordinary(inside) || is_state(inside)
}

fn bare_value_end(search: &mut Search<'_, '_>, start: usize, stop: Stop, meaning: KeyMeaning) -> usize {
    let end = search.stop(stop, start);
    let end = before_wide_punctuation(search.text, start, end);
    match meaning {
        // Searches have several words: `q=owner:NAME+status:running`.
        KeyMeaning::Name | KeyMeaning::Thing if stop == Stop::Parameter => {
            /// How much of a value is read.
            const LONGEST: usize = 256;
            let value = &search.text[start..floor_boundary(search.text, end.min(start + LONGEST))];
            value.find('+').filter(|_| !value.contains('@')).map_or(end, |plus| start + plus)
        }
        _ if stop != Stop::Bare => end,
        KeyMeaning::Name | KeyMeaning::Thing | KeyMeaning::Place => {
            with_capitalised_words(search, start, end)
        }
        // Addresses contain commas and blanks.
        KeyMeaning::Address => search.run_end(start, LONGEST_ADDRESS, |byte| {
            byte >= b' ' && !matches!(byte, b';' | b'"' | b'\'' | b'<' | b'>' | b'|')
        }),
        KeyMeaning::Phone => search.run_end(start, usize::MAX, |byte| {
            byte.is_ascii_digit() || matches!(byte, b' ' | b'+' | b'-' | b'(' | b')' | b'/' | b'.')
        }),
        _ => without_full_stop(search, start, end),
    }
}

/// The end of a name, including capitalised words after it, such as a family name.
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
        let word_end = search.run_end(end + 1, usize::MAX, |byte| {
            byte > b' '
                && !matches!(
                    byte,
                    b',' | b';'
                        | b':'
                        | b'"'
                        | b'\''
                        | b'`'
                        | b'<'
                        | b'>'
                        | b'('
                        | b')'
                        | b'['
                        | b']'
                        | b'{'
                        | b'}'
                        | b'|'
                        | b'='
                )
        });
        end = without_full_stop(search, end + 1, word_end);
    }
    end
}

/// The end of a value, without the punctuation of the sentence.
fn without_full_stop(search: &Search<'_, '_>, start: usize, end: usize) -> usize {
    start + search.text[start..end].trim_end_matches(['.', ':', '?']).len()
}

fn is_cookie(key: &str) -> bool {
    let last = key.rsplit([' ', '-', '_']).next().unwrap_or_default();
    last.eq_ignore_ascii_case("cookie") || last.eq_ignore_ascii_case("cookies")
}

/// Marks the value of each cookie of a header. Returns the end of the header.
fn mark_cookies(search: &mut Search<'_, '_>, start: usize) -> usize {
    let end = search.stop(Stop::Header, start);
    let mut from = start;
    for cookie in search.text[start..end].split(';') {
        let value = cookie.split_once('=').map_or(cookie, |(_, value)| value);
        let value_start = from + cookie.len() - value.trim_start().len();
        let value = value.trim();
        if KeyMeaning::Secret.rule_for(value).is_some() {
            search.mark(Rule::TokenUnderKey, value_start..value_start + value.len());
        }
        from += cookie.len() + 1;
    }
    end
}

/// Marks the text of XML elements whose name has a meaning, as in `<username>NAME</username>`.
pub(super) fn check_elements(search: &mut Search<'_, '_>) {
    for at in memchr_iter(b'<', search.bytes) {
        if search.at(at + 1) != b'/' {
            continue;
        }
        let name_end = search.run_end(at + 2, LONGEST_KEY, |byte| byte != b'>');
        let meaning = KeyMeaning::of(&search.text[at + 2..name_end]);
        if meaning == KeyMeaning::Nothing {
            continue;
        }
        let start = search.run_start(at, LONGEST_ELEMENT, |byte| byte != b'>');
        if search.before(start) == b'>'
            && let Some(rule) = meaning.rule_for(&search.text[start..at])
        {
            search.mark(rule, start..at);
        }
    }
}
