//! Host names: in URLs, with a well-known ending, in UNC paths, and in error messages.

use memchr::{memchr_iter, memmem};

use super::characters::{in_word, name_begins, runs};
use super::emails::email_at;
use super::{SensitiveKind, SensitiveKinds};

/// Schemes whose URLs name an extension or a part of the editor instead of a host.
const HOSTLESS_SCHEMES: [&str; 8] = [
    "vscode",
    "vscode-insiders",
    "vscodium",
    "cursor",
    "windsurf",
    "vscode-file",
    "webpack",
    "webpack-internal",
];

/// Marks passwords and hosts of URLs.
pub(super) fn check_urls(text: &str, kinds: &mut SensitiveKinds) {
    let bytes = text.as_bytes();
    for at in memchr_iter(b':', bytes).filter(|&at| bytes[at..].starts_with(b"://")) {
        let rest = &text[at + 3..];
        let end = rest
            .bytes()
            .position(|byte| {
                matches!(
                    byte,
                    0..=b' '
                        | b'/'
                        | b'\\'
                        | b'?'
                        | b'#'
                        | b'"'
                        | b'\''
                        | b'`'
                        | b'<'
                        | b'>'
                        | b','
                        | b';'
                        | b'('
                        | b')'
                )
            })
            .unwrap_or(rest.len());
        let (user, host) = rest[..end].rsplit_once('@').unwrap_or(("", &rest[..end]));
        kinds.insert_if(
            user.split_once(':').is_some_and(|(_, password)| !password.is_empty()),
            SensitiveKind::Token,
        );
        // The schemes of the list are shorter than this.
        let scheme_start = at.saturating_sub(20);
        let scheme = bytes[scheme_start..at]
            .rsplit(|&byte| !(byte.is_ascii_alphanumeric() || byte == b'-'))
            .next()
            .unwrap_or_default();
        let hostless = HOSTLESS_SCHEMES.iter().any(|name| name.as_bytes().eq_ignore_ascii_case(scheme));
        let host = host.split(':').next().unwrap_or_default();
        kinds.insert_if(!hostless && is_host(host), SensitiveKind::HostName);
    }
}

/// Whether `name` can be the name of a host other than this machine.
fn is_host(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    name_begins(name, 0)
        && !ends_with_localhost(name.as_bytes())
        && name.bytes().any(|byte| !(byte.is_ascii_digit() || byte == b'.'))
}

/// Whether the last label of `name` is `localhost`.
fn ends_with_localhost(name: &[u8]) -> bool {
    name.rsplit(|&byte| byte == b'.').next().is_some_and(|label| label.eq_ignore_ascii_case(b"localhost"))
}

/// Last labels of host names, in lower case. Countries that are also file extensions (`rs`, `sh`, `py`, `md`, `ts`,
/// `so`) or words at the end of event names (`id`, `in`, `at`, `to`, `is`) are missing.
pub(super) const ENDINGS: [&str; 58] = [
    "com", "net", "org", "io", "dev", "cloud", "ai", "app", "co", "edu", "gov", "mil", "info", "biz", "tech",
    "internal", "local", "lan", "corp", "home", "intranet", "private", "test", "example", "invalid", "arpa",
    "eu", "de", "fr", "uk", "us", "ca", "ch", "nl", "es", "se", "fi", "dk", "ie", "pt", "cz", "hu", "gr",
    "ro", "ru", "ua", "jp", "cn", "kr", "tw", "hk", "sg", "au", "nz", "br", "mx", "ar", "za",
];

/// Last labels that count only after two other labels, because they are also words. Coder
/// Connect ends names with `coder`.
pub(super) const WEAK_ENDINGS: [&str; 8] = ["it", "be", "no", "pl", "me", "il", "tr", "coder"];

/// The beginning of the SSH host names that the extension writes for workspaces. The deployment, the owner and the
/// workspace follow.
pub(super) const WORKSPACE_ALIAS: &str = "coder-vscode";

/// Whether there is a dotted name with a well-known ending, or an alias of a workspace.
pub(super) fn holds_dotted_name(text: &str) -> bool {
    runs(text, in_word).any(|(at, word)| {
        word.len() >= 4 && {
            let after = &text.as_bytes()[at + word.len()..];
            names_host(word, after) && !is_domain_of_email(text.as_bytes(), at)
        }
    })
}

/// Whether the word at `at` is the domain of an e-mail address. The word may begin with the `40` of a `%40`.
fn is_domain_of_email(bytes: &[u8], at: usize) -> bool {
    let (before, word) = bytes.split_at(at);
    match before.last() {
        Some(b'@') => email_at(bytes, at - 1, at),
        Some(b'%') => word.starts_with(b"40") && email_at(bytes, at - 1, at + 2),
        _ => false,
    }
}

/// Whether `word` is a host name. `after` is the text after it.
fn names_host(word: &str, after: &[u8]) -> bool {
    if let Some(rest) = word.strip_prefix(WORKSPACE_ALIAS)
        && (rest.starts_with('.') || rest.starts_with("--"))
    {
        return true;
    }
    if after.first() == Some(&b'(') {
        return false;
    }
    let name = word.trim_matches(|character: char| !character.is_alphanumeric() && character != '.');
    let name = name.split("--").next().unwrap_or_default().trim_end_matches('.');
    // File names that begin with a dot are settings (`.env.local`).
    if name.starts_with('.') {
        return false;
    }
    let Some((before, ending)) = name.rsplit_once('.') else { return false };
    if ending.len() > 8
        || ending.starts_with(|character: char| !character.is_ascii_alphabetic())
        || !before.ends_with(char::is_alphanumeric)
    {
        return false;
    }
    let is = |listed: &&str| listed.eq_ignore_ascii_case(ending);
    // Bundles of macOS look like host names.
    let is_bundle = ending == "app" && after.starts_with(b"/Contents");
    !is_bundle && (ENDINGS.iter().any(is) || before.contains('.') && WEAK_ENDINGS.iter().any(is))
}

/// Whether a path begins with `\\server\`, also with doubled backslashes. `\\?\`, `\\.\` and `\\wsl$\` do not count.
pub(super) fn holds_server_of_path(bytes: &[u8]) -> bool {
    memmem::find_iter(bytes, br"\\").any(|at| {
        let before = at.checked_sub(1).map_or(b' ', |before| bytes[before]);
        if !(before <= b' ' || b"\"'`(<[{=,;".contains(&before)) {
            return false;
        }
        let slashes = bytes[at..].iter().take_while(|&&byte| byte == b'\\').count();
        let name = &bytes[at + slashes..];
        let length = name.iter().take_while(|&&byte| in_word(byte)).count();
        matches!(slashes, 2 | 4)
            && name.get(length) == Some(&b'\\')
            && name[0].is_ascii_alphanumeric()
            && !ends_with_localhost(&name[..length])
    })
}

/// Whether there is a name that Node or Go could not resolve. It needs no dot.
pub(super) fn holds_unresolved_name(text: &str) -> bool {
    // Looking at each space is cheaper than a search for each message.
    memchr_iter(b' ', text.as_bytes()).any(|at| {
        let (before, rest) = (&text.as_bytes()[..at], &text[at + 1..]);
        let is_message = before.ends_with(b"ENOTFOUND")
            || before.ends_with(b"EAI_AGAIN")
            || before.ends_with(b"tcp: lookup");
        is_message && {
            let length = rest.bytes().take_while(|&byte| in_word(byte)).count();
            is_host(&rest[..length])
        }
    })
}
