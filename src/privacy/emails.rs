//! E-mail addresses.

use memchr::memchr_iter;

use super::characters::in_word;
use super::hosts::check_name_in_host_place;
use super::kinds::Rule;
use super::marks::Search;
use super::words::is_one_of;

/// Domains in names of algorithms, such as `zlib@openssh.com`.
const ALGORITHM_DOMAINS: [&str; 6] =
    ["openssh.com", "libssh.org", "lysator.liu.se", "ssh.com", "putty.projects.tartarus.org", "tinyssh.org"];

/// Endings of files, as in `icon@2x.png`.
const FILE_ENDINGS: [&str; 22] = [
    "png", "jpg", "jpeg", "gif", "svg", "webp", "ico", "icns", "json", "js", "ts", "mjs", "cjs", "css",
    "html", "vsix", "tgz", "gz", "zip", "log", "txt", "service",
];

/// Marks e-mail addresses.
pub(super) fn check_emails(search: &mut Search<'_, '_>) {
    for at in memchr_iter(b'@', search.bytes) {
        check_email(search, at);
    }
}

fn check_email(search: &mut Search<'_, '_>, at: usize) {
    let domain_start = at + 1;
    let Some(domain_end) = domain_end(search, domain_start) else { return };
    let local_start = local_start(search.bytes, at);
    let local = &search.text[local_start..at];
    let domain = &search.text[domain_start..domain_end];
    let names_algorithm = is_one_of(domain, &ALGORITHM_DOMAINS) && !local.contains('.');
    if local.eq_ignore_ascii_case("git") {
        // The remote of a repository.
        check_name_in_host_place(search, domain_start);
    } else if !local.is_empty() && !names_algorithm {
        search.mark(Rule::EmailAddress, local_start..domain_end);
    }
}

/// Whether the first part of an e-mail address and an `@` come before `domain_start`.
pub(super) fn follows_local_part(search: &Search<'_, '_>, domain_start: usize) -> bool {
    search.before(domain_start) == b'@' && local_start(search.bytes, domain_start - 1) < domain_start - 1
}

/// The start of the part before the `@`.
fn local_start(bytes: &[u8], at: usize) -> usize {
    /// The longest part in quotes.
    const LONGEST: usize = 200;
    // A quoted part may contain blanks.
    if at > 1
        && bytes[at - 1] == b'"'
        && let Some(length) = bytes[..at - 1].iter().rev().take(LONGEST).position(|&byte| byte == b'"')
        && length > 0
    {
        return at - 2 - length;
    }
    let run = bytes[..at]
        .iter()
        .rev()
        .take_while(|&&byte| in_word(byte) || matches!(byte, b'+' | b'\'' | b'!' | b'$' | b'&' | b'*' | b'~'))
        .count();
    let mut start = at - run;
    // The run may begin with the end of a parameter, as in `a=1&b@c.de`, or with a quote, as in `'a@b.de'`.
    if let Some(cut) = bytes[start..at].iter().rposition(|&byte| matches!(byte, b'&' | b'*')) {
        start += cut + 1;
    }
    while start < at
        && !(bytes[start].is_ascii_alphanumeric() || !bytes[start].is_ascii() || bytes[start] == b'_')
    {
        start += 1;
    }
    start
}

/// The end of the domain that begins at `start`, if there is one. A domain has a dot, and its last label does
/// not begin with a digit.
fn domain_end(search: &Search<'_, '_>, start: usize) -> Option<usize> {
    let end = search.run_end(start, usize::MAX, in_word);
    let domain = search.text[start..end].trim_end_matches(['.', '-', '_']);
    let (first_label, rest) = domain.split_once('.')?;
    let last_label = rest.rsplit('.').next().unwrap_or(rest);
    let starts_with_digit = |text: &str| text.starts_with(|first: char| first.is_ascii_digit());
    // `package@1.2.3-beta.rc` is a version; `163.com` is a domain.
    let is_version = first_label.bytes().all(|byte| byte.is_ascii_digit()) && starts_with_digit(rest);
    let is_domain = !first_label.is_empty()
        && !is_version
        && !is_one_of(last_label, &FILE_ENDINGS)
        && last_label.len() >= 2
        && !starts_with_digit(last_label)
        && !last_label.contains('_');
    is_domain.then_some(start + domain.len())
}
