//! Hosts and user information of URLs.

use memchr::memchr_iter;

use super::hosts::is_host;
use super::kinds::Rule;
use super::marks::Search;
use super::repositories::check_code_host;
use super::tokens::SHORTEST_TOKEN;
use super::words::{is_blank, is_one_of, is_ordinary, is_usual_name};

/// Schemes whose URLs name an extension or a part of the editor instead of a host.
const HOSTLESS_SCHEMES: [&str; 16] = [
    "vscode",
    "vscode-insiders",
    "vscodium",
    "cursor",
    "windsurf",
    "vscode-file",
    "vscode-webview",
    "vscode-resource",
    "vscode-userdata",
    "webpack",
    "webpack-internal",
    "node",
    "extension",
    "chrome-extension",
    "output",
    "coder-remote",
];

/// Marks user information and hosts of URLs.
pub(super) fn check_urls(search: &mut Search<'_, '_>) {
    for at in memchr_iter(b':', search.bytes) {
        if search.rest(at).starts_with(b"://") {
            check_url(search, at, at + 3);
        }
    }
}

/// Checks the URL whose scheme ends at `scheme_end` and whose authority begins at `start`.
fn check_url(search: &mut Search<'_, '_>, scheme_end: usize, start: usize) {
    let end = search.run_end(start, usize::MAX, |byte| {
        byte > b' '
            && !matches!(
                byte,
                b'/' | b'\\' | b'?' | b'#' | b'"' | b'\'' | b'`' | b'<' | b'>' | b'(' | b')' | b','
            )
    });
    let mut host_start = start;
    if let Some(at) = search.text[start..end].rfind('@') {
        check_user_info(search, start, start + at);
        host_start = start + at + 1;
    }
    if is_one_of(scheme_before(search, scheme_end), &HOSTLESS_SCHEMES) {
        return;
    }
    // A semicolon ends the URL of a connection string.
    let host =
        search.text[host_start..end].split([':', ';']).next().unwrap_or_default().trim_end_matches('.');
    // In `vscode-remote://ssh-remote+HOST`, the host follows the plus.
    let prefix = host.find('+').map_or(0, |plus| plus + 1);
    if is_host(host) && prefix < host.len() {
        let span = host_start + prefix..host_start + host.len();
        check_code_host(search, &span);
        search.mark(Rule::UrlHost, span);
    }
}

fn scheme_before<'t>(search: &Search<'t, '_>, end: usize) -> &'t str {
    /// The longest scheme that is compared.
    const LONGEST: usize = 24;
    let in_scheme = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.');
    &search.text[search.run_start(end, LONGEST, in_scheme)..end]
}

/// Marks the user and the password of a URL, or a token in the place of the user.
fn check_user_info(search: &mut Search<'_, '_>, start: usize, end: usize) {
    let info = &search.text[start..end];
    let (user, password) = info.split_once(':').unwrap_or((info, ""));
    if !is_blank(password) {
        search.mark(Rule::UrlPassword, start + user.len() + 1..end);
    }
    if is_usual_name(user) || is_ordinary(user) || is_blank(user) {
        return;
    }
    let is_token = !password.is_empty()
        && user.len() >= SHORTEST_TOKEN
        && user.bytes().any(|byte| byte.is_ascii_digit());
    let rule = if is_token { Rule::UrlPassword } else { Rule::UserAtHost };
    search.mark(rule, start..start + user.len());
}
