//! Names in the segments and the search parameters of a route. A segment is a name unless it is a word of
//! routes, an ordinary word, a placeholder, a number or a version: `/api/v2/workspace-quota/NAME`.

use super::characters::{count_digits, in_word, opens};
use super::keys::KeyMeaning;
use super::kinds::Rule;
use super::marks::{Search, ceil_boundary};
use super::routes::{LONGEST, ROUTE_WORDS, is_file_name};
use super::words::{is_blank, is_number, is_one_of, is_ordinary, is_usual_name};

/// The longest route.
const LONGEST_ROUTE: usize = 512;

/// The first segments of the routes of an API.
const APIS: [&str; 6] = ["_apis", "api", "oauth2", "rest", "scim", "webapi"];

/// Parameters that search for something.
const SEARCH_PARAMETERS: [&str; 11] = [
    "filter",
    "jql",
    "keyword",
    "keywords",
    "login_hint",
    "q",
    "query",
    "search",
    "search_query",
    "term",
    "where",
];

/// Operators and fields of searches in SCIM and in Coder.
const SEARCH_WORDS: [&str; 18] = [
    "and", "asc", "co", "desc", "dormant", "eq", "ew", "ge", "gt", "jql", "le", "lt", "ne", "not", "or",
    "pr", "sw", "uid",
];

/// Whether the segment at `start` begins a route of an API: `/api/v2`, alone or after the host of a URL.
pub(super) fn begins_api(search: &Search<'_, '_>, start: usize, segment: &str) -> bool {
    /// The longest host and port.
    const LONGEST_HOST: usize = 128;
    if !is_one_of(segment, &["api", "scim"]) || search.before(start) != b'/' {
        return false;
    }
    let next = start + segment.len() + 1;
    let is_versioned = search.at(next).eq_ignore_ascii_case(&b'v') && search.at(next + 1).is_ascii_digit();
    let slash = start - 1;
    is_versioned
        && (opens(search.before(slash)) || {
            let host = search.run_start(slash, LONGEST_HOST, |byte| in_word(byte) || byte == b':');
            search.ends_with(host, "//")
        })
}

/// Whether the key says that the text is a route.
pub(super) fn is_route(search: &Search<'_, '_>, key: KeyMeaning) -> bool {
    /// The longest first segment.
    const LONGEST_FIRST: usize = 24;
    if search.at(0) != b'/' || search.at(1) == b'/' {
        return false;
    }
    match key {
        KeyMeaning::Route => true,
        // It may be the path of a file.
        KeyMeaning::MaybeRoute => {
            let end = search.run_end(1, LONGEST_FIRST, |byte| byte != b'/' && byte != b'?');
            is_one_of(&search.text[1..end], &APIS)
        }
        _ => false,
    }
}

/// Marks names in the route that begins with the slash at `start`. Returns where it ends.
pub(super) fn check_route(search: &mut Search<'_, '_>, start: usize) -> usize {
    // If the whole text is a route, its search parameters can contain blanks and quotes.
    let end = search.run_end(start, LONGEST_ROUTE, |byte| {
        byte != b'#'
            && (start == 0
                || byte > b' ' && !matches!(byte, b'"' | b'\'' | b'`' | b'<' | b'>' | b'|' | b'\\'))
    });
    let text = search.text;
    let (path, parameters) = text[start..end].split_once('?').unwrap_or((&text[start..end], ""));
    let mut from = start;
    let mut before = "";
    for segment in path.split('/') {
        // The segment after an API or its version is a word of the API.
        let is_word = is_version_of_api(before) || is_one_of(before, &APIS) || before == "experimental";
        if !is_word && is_name(segment) {
            let bare = segment.trim_end_matches([':', ',', '.', ')', ']', ';']);
            search.mark(Rule::NameInRoute, from..from + bare.len());
        }
        from += segment.len() + 1;
        before = segment;
    }
    from = end - parameters.len();
    for parameter in parameters.split('&') {
        if let Some((name, value)) = parameter.split_once('=')
            && is_one_of(name, &SEARCH_PARAMETERS)
        {
            check_search(search, from + name.len() + 1, value);
        }
        from += parameter.len() + 1;
    }
    end
}

fn is_version_of_api(segment: &str) -> bool {
    segment.strip_prefix('v').is_some_and(|digits| digits.len() < 3 && is_number(digits))
}

/// Whether a segment is a name.
fn is_name(segment: &str) -> bool {
    let segment = segment.trim_end_matches([':', ',', '.', ')', ']', ';']);
    // Most segments are words of routes.
    (3..=LONGEST).contains(&segment.len())
        && segment.starts_with(char::is_alphanumeric)
        && !ROUTE_WORDS.contains(segment)
        && !is_ordinary(segment)
        && !segment.contains(['@', '{', '}', '*', '$', '<', '(', '='])
        && !is_identifier(segment)
        && !is_file_name(segment)
        && !is_known(segment)
}

/// Whether a segment is a UUID, a hash or a hexadecimal number. Other rules check those.
fn is_identifier(segment: &str) -> bool {
    count_digits(segment) > 0 && segment.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

/// Whether all parts of a segment are words of routes, ordinary words, short, or numbers.
fn is_known(segment: &str) -> bool {
    is_blank(segment)
        || is_usual_name(segment)
        || segment.split(['-', '_', '.', ':', ',', '+', '~', '!']).all(is_known_part)
}

/// Whether a part of a segment is known, or consists of words that are, as `workspaceagents` and `userName`
/// do.
fn is_known_part(part: &str) -> bool {
    let is_listed = |word: &str| is_ordinary(word) || ROUTE_WORDS.contains(word);
    let is_word = |word: &str| is_listed(word) || word.strip_suffix('s').is_some_and(is_listed);
    part.len() < 3 && part.is_ascii()
        || is_number(part)
        || is_word(part)
        || is_version_of_api(part)
        || part.is_ascii()
            && (part.len() <= 32
                && (3..part.len().saturating_sub(2)).any(|at| is_word(&part[..at]) && is_word(&part[at..])))
}

/// Marks names in the value of a search parameter, which begins at `start`: `q=owner:NAME`,
/// `filter=userName eq "NAME"`.
fn check_search(search: &mut Search<'_, '_>, start: usize, value: &str) {
    let bytes = value.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let length = bytes[at..].iter().take_while(|&&byte| in_word(byte)).count();
        let word = &value[at..at + length];
        if is_name(word) && word.starts_with(char::is_alphabetic) && !is_one_of(word, &SEARCH_WORDS) {
            search.mark(Rule::NameInRoute, start + at..start + at + length);
        }
        at += length + 1;
        at = ceil_boundary(value, at.min(value.len()));
    }
}
