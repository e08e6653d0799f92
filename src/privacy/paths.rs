//! Paths that name a user.

use memchr::memchr_iter;

use super::characters::{in_word, name_begins};

/// Names in the place of a user's name that identify nobody, in lower case: folders that all users share, the
/// accounts of Coder's images and of Homebrew, and routes of a Coder deployment.
pub(super) const NOBODY: [&str; 19] = [
    "shared",
    "public",
    "default",
    "all",
    "coder",
    "linuxbrew",
    "me",
    "first",
    "login",
    "logout",
    "roles",
    "authmethods",
    "oauth2",
    "oidc",
    "oidc-claims",
    "otp",
    "validate-password",
    "convert-login",
    "groups",
];

pub(super) fn holds_user_path(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().enumerate().any(|(at, &byte)| {
        matches!(byte, b'/' | b'\\' | b'%') && {
            let length = separator_length(&bytes[at..]);
            length > 0 && user_follows(text, at + length)
        }
    })
}

/// The length of the path separator at the start of `bytes`; 0 if there is none.
fn separator_length(bytes: &[u8]) -> usize {
    match bytes {
        [b'/' | b'\\', ..] => 1,
        [b'%', b'2', b'F' | b'f', ..] | [b'%', b'5', b'C' | b'c', ..] => 3,
        _ => 0,
    }
}

/// Whether a folder of users begins at `at` and is followed by a user's name.
fn user_follows(text: &str, at: usize) -> bool {
    const OLD_WINDOWS: &[u8] = b"documents and settings";
    let bytes = text.as_bytes();
    let folder_length = match bytes.get(at) {
        Some(b'h') if bytes[at..].starts_with(b"home") => 4,
        Some(b'u' | b'U') if starts_with_ignoring_case(&bytes[at..], b"users") => 5,
        Some(b'd' | b'D') if starts_with_ignoring_case(&bytes[at..], OLD_WINDOWS) => OLD_WINDOWS.len(),
        _ => return false,
    };
    let mut start = at + folder_length;
    let folder_end = start;
    while let length @ 1.. = separator_length(&bytes[start..]) {
        start += length;
    }
    if start == folder_end || !name_begins(text, start) {
        return false;
    }
    let mut end = start;
    while end < bytes.len() && !ends_segment(bytes[end]) && separator_length(&bytes[end..]) == 0 {
        end += 1;
    }
    let name = text[start..end].trim_end_matches('.');
    !NOBODY.iter().any(|nobody| nobody.eq_ignore_ascii_case(name))
}

fn starts_with_ignoring_case(bytes: &[u8], start: &[u8]) -> bool {
    bytes.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
}

/// Whether `byte` ends a path segment in a sentence. Separators are not included.
fn ends_segment(byte: u8) -> bool {
    matches!(
        byte,
        0..=b' '
            | b'"'
            | b'\''
            | b'`'
            | b'<'
            | b'>'
            | b'|'
            | b':'
            | b'*'
            | b'?'
            | b','
            | b';'
            | b')'
            | b']'
            | b'}'
            | b'&'
            | b'#'
    )
}

/// Whether there is a `~name/`. After a letter or digit it does not count, as in the short
/// names of Windows (`PROGRA~1`).
pub(super) fn holds_tilde_path(bytes: &[u8]) -> bool {
    memchr_iter(b'~', bytes).any(|at| {
        let before = at.checked_sub(1).map_or(b' ', |before| bytes[before]);
        let name = &bytes[at + 1..];
        let length = name.iter().take_while(|&&byte| in_word(byte)).count();
        !in_word(before)
            && before != b'~'
            && name.first().is_some_and(|first| first.is_ascii_alphabetic() || !first.is_ascii())
            && name.get(length) == Some(&b'/')
    })
}
