//! E-mail addresses.

use memchr::{memchr_iter, memmem};

use super::characters::in_word;
use super::kinds::Rule;
use super::marks::Search;
use super::words::is_one_of;

/// Ways to write the `@`.
const AT_SIGNS: [&[u8]; 5] = [b"%40", b"&#64;", b"\\u0040", b"%2540", b"&commat;"];

/// Domains after which an algorithm is named, as in `zlib@openssh.com`.
const ALGORITHM_DOMAINS: [&str; 6] = ["openssh.com", "libssh.org", "lysator.liu.se", "ssh.com", "putty.projects.tartarus.org", "tinyssh.org"];

/// Last labels that are endings of files, as in `icon@2x.png`.
const FILE_ENDINGS: [&str; 22] = [
    "png", "jpg", "jpeg", "gif", "svg", "webp", "ico", "icns", "json", "js", "ts", "mjs", "cjs", "css", "html", "vsix", "tgz", "gz", "zip", "log", "txt", "service",
];

/// Marks e-mail addresses.
pub(super) fn check_emails(search: &mut Search<'_, '_>) {
    for at in memchr_iter(b'@', search.bytes) {
        check_email(search, at, at + 1);
    }
    if memchr::memchr3(b'%', b'&', b'\\', search.bytes).is_some() {
        for sign in AT_SIGNS {
            for at in memmem::find_iter(search.bytes, sign) {
                check_email(search, at, at + sign.len());
            }
        }
    }
}

fn check_email(search: &mut Search<'_, '_>, at: usize, domain_start: usize) {
    let Some(domain_end) = domain_end(search.text, domain_start) else { return };
    let local_start = local_start(search.bytes, at);
    let local = &search.text[local_start..at];
    let domain = &search.text[domain_start..domain_end];
    let names_algorithm = is_one_of(domain, &ALGORITHM_DOMAINS) && !local.contains('.');
    if !local.is_empty() && !local.eq_ignore_ascii_case("git") && !names_algorithm {
        search.mark(Rule::EmailAddress, local_start..domain_end);
    }
}

/// Whether the text before the `@` at `at` and the domain after it are an e-mail address.
pub(super) fn is_email_domain(search: &Search<'_, '_>, domain_start: usize) -> bool {
    let before = &search.bytes[..domain_start];
    let sign = if before.ends_with(b"@") {
        1
    } else {
        AT_SIGNS.iter().find(|sign| before.ends_with(sign)).map_or(0, |sign| sign.len())
    };
    sign > 0 && local_start(search.bytes, domain_start - sign) < domain_start - sign
}

/// The start of the part before the `@`.
fn local_start(bytes: &[u8], at: usize) -> usize {
    /// The longest local part that mail servers take, and some escapes.
    const LONGEST: usize = 200;
    // A quoted part may have blanks.
    if at > 1 && bytes[at - 1] == b'"'
        && let Some(length) = bytes[..at - 1].iter().rev().take(LONGEST).position(|&byte| byte == b'"')
        && length > 0
    {
        return at - 2 - length;
    }
    let length = bytes[..at]
        .iter()
        .rev()
        .take_while(|&&byte| in_word(byte) || matches!(byte, b'+' | b'\'' | b'!' | b'$' | b'&' | b'*' | b'~'))
        .count();
    let mut start = at - length;
    // `author=a@b&since=c` has a name before the address, and `'a@b'` a quote.
    if let Some(cut) = bytes[start..at].iter().rposition(|&byte| matches!(byte, b'&' | b'*')) {
        start += cut + 1;
    }
    while start < at && !(bytes[start].is_ascii_alphanumeric() || !bytes[start].is_ascii() || bytes[start] == b'_') {
        start += 1;
    }
    start
}

/// The end of the domain that begins at `start`, if there is one. It has a dot, and its last label is no number.
fn domain_end(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let length = bytes[start..].iter().take_while(|&&byte| in_word(byte)).count();
    let mut domain = &bytes[start..start + length];
    while let [head @ .., b'.' | b'-' | b'_'] = domain {
        domain = head;
    }
    let first_dot = memchr::memchr(b'.', domain)?;
    let last_label = &domain[memchr::memrchr(b'.', domain)? + 1..];
    // `package@1.2.3-beta.rc` is a version; `163.com` is a domain.
    let is_version = domain[..first_dot].iter().all(u8::is_ascii_digit)
        && domain.get(first_dot + 1).is_some_and(u8::is_ascii_digit);
    let is_file = FILE_ENDINGS.iter().any(|ending| ending.as_bytes().eq_ignore_ascii_case(last_label));
    let is_domain = first_dot > 0
        && !is_version
        && !is_file
        && last_label.len() >= 2
        && !last_label[0].is_ascii_digit()
        && !last_label.contains(&b'_')
        && text.is_char_boundary(start + domain.len());
    is_domain.then_some(start + domain.len())
}
