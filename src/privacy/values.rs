//! Values of keys with a meaning: whether they say nothing about anybody, and whether they look like what the
//! key says.

use super::characters::count_digits;
use super::marks::floor_boundary;
use super::paths::COMMON_FOLDERS;
use super::words::{is_number, is_one_of, is_ordinary, is_usual_name};

/// How much of a value is read to decide whether it is a secret, a place or an identifier.
const VALUE_START: usize = 128;

/// Programs that name themselves in the header `Server`.
const SERVER_PROGRAMS: [&str; 12] = [
    "amazons3",
    "apache",
    "caddy",
    "cloudflare",
    "cloudfront",
    "envoy",
    "istio-envoy",
    "kestrel",
    "nginx",
    "openresty",
    "traefik",
    "varnish",
];

/// The first words of settings and states that are joined with a hyphen: `not-found`, `self-hosted`.
const FIRST_WORDS: [&str; 18] = [
    "all", "any", "auto", "built", "in", "multi", "no", "non", "not", "on", "pre", "re", "read", "self",
    "sign", "single", "un", "up",
];

/// The last words of settings and states that are joined with a hyphen: `host-only`, `rate-limited`.
const LAST_WORDS: [&str; 12] = [
    "based",
    "connected",
    "disabled",
    "enabled",
    "failed",
    "found",
    "in",
    "only",
    "out",
    "ready",
    "required",
    "set",
];

pub(super) fn start_of(value: &str) -> &str {
    &value[..floor_boundary(value, value.len().min(VALUE_START))]
}

/// Whether a value is a number, a version, or a name that identifies nobody. Longer values are none of these.
pub(super) fn is_known_name(value: &str) -> bool {
    value.len() <= VALUE_START
        && (is_usual_name(value) || is_number(value) || is_ordinary(value) || is_version(value))
}

/// Whether the value does not name a project or a team. Several ordinary words joined with hyphens can name
/// one.
pub(super) fn is_known_thing(value: &str) -> bool {
    is_known_name(value) && (is_usual_name(value) || count_joined_words(value) < 2)
}

/// Whether the value does not name a machine. Ordinary words joined with hyphens can name one.
pub(super) fn is_known_host(value: &str) -> bool {
    is_known_name(value) && (is_usual_name(value) || count_joined_words(value) == 0)
        || value.starts_with("127.")
        || value.starts_with("localhost:")
        || matches!(value, "::1" | "0.0.0.0" | "::" | "[::1]" | "[::]")
        || is_server_program(value)
}

/// Whether the value is `nginx`, `Apache/2.4.57 (Debian)` or the like.
fn is_server_program(value: &str) -> bool {
    let start = start_of(value);
    let (name, version) = start.split_once('/').unwrap_or((start, ""));
    is_one_of(name, &SERVER_PROGRAMS)
        || version.starts_with(|first: char| first.is_ascii_digit()) && !name.contains('.')
}

/// The number of words in a name such as `payments-backend` or `render-vm-28`. A single word, a state such as
/// `not-found` and any other text count as 0.
fn count_joined_words(value: &str) -> usize {
    let mut words = 0;
    let mut parts = 0;
    for part in value.split('-') {
        if part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return 0;
        }
        parts += 1;
        words += usize::from(part.len() > 1 && part.bytes().all(|byte| byte.is_ascii_alphabetic()));
    }
    let first = value.split('-').next().unwrap_or_default();
    let last = value.rsplit('-').next().unwrap_or_default();
    if parts < 2 || is_one_of(first, &FIRST_WORDS) || is_one_of(last, &LAST_WORDS) { 0 } else { words }
}

/// Whether the value names a folder that everybody has, or is a path, which other rules check.
pub(super) fn is_known_folder(value: &str) -> bool {
    value.starts_with('.')
        || start_of(value).contains(['/', '\\', '~'])
        || COMMON_FOLDERS.contains(value)
        || is_known_name(value)
}

pub(super) fn is_known_place(value: &str) -> bool {
    // The relay of every deployment. Its number is 999.
    value.eq_ignore_ascii_case("Coder Embedded Relay")
        || is_ordinary(value)
        || is_one_of(value, &["utc", "etc/utc", "gmt", "earth", "n.a.", "999"])
}

/// Whether a value is capitalised like a city, unlike `eu-central-1`.
pub(super) fn looks_like_a_place(value: &str) -> bool {
    value.starts_with(char::is_uppercase)
        && value.len() <= VALUE_START
        && value.contains(char::is_lowercase)
        && count_digits(value) == 0
        && !is_known_place(value)
}

/// Whether a value has capitalised words and a number or a comma like a postal address, and no punctuation
/// that only technical addresses have.
pub(super) fn looks_like_an_address(value: &str) -> bool {
    let has_form = value.len() <= VALUE_START
        && value.contains(' ')
        && (count_digits(value) > 0 || value.contains(", "))
        && !value.contains([':', '@', '=', '{', '[', '(', '_', '\\'])
        && !value.contains("://");
    has_form
        && value.split([' ', ',']).any(|word| {
            word.chars().count() > 2
                && word.starts_with(char::is_uppercase)
                && word.contains(char::is_lowercase)
                && !is_ordinary(word)
        })
}

/// Whether a value is a version such as `v1.2.3` or `20.11.1-rc.1`.
pub(super) fn is_version(value: &str) -> bool {
    let bare = value.strip_prefix(['v', 'V']).unwrap_or(value);
    let numbers = bare.split(['-', '+']).next().unwrap_or_default();
    numbers.contains('.')
        && numbers.starts_with(|first: char| first.is_ascii_digit())
        && numbers.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

pub(super) fn is_zero(value: &str) -> bool {
    value.bytes().all(|byte| matches!(byte, b'0' | b'-' | b':'))
}

/// Whether a value has at least eight characters and mixes letters and digits.
pub(super) fn looks_like_a_secret(value: &str) -> bool {
    let start = start_of(value);
    value.len() >= 8
        && count_digits(start) > 0
        && start.bytes().any(|byte| byte.is_ascii_alphabetic())
        && !start.contains([' ', '.', '/', '\\', ':'])
        && !is_ordinary(value)
}

pub(super) fn looks_like_an_identifier(value: &str) -> bool {
    let start = start_of(value);
    value.len() >= 8
        && count_digits(start) >= 3
        && !start.contains([' ', '.', '/', '\\', '('])
        && !is_zero(value)
        && !is_ordinary(value)
}
