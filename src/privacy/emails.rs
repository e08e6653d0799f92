//! E-mail addresses.

use memchr::{memchr_iter, memmem};

use super::characters::in_word;

pub(super) fn holds_email(bytes: &[u8]) -> bool {
    memchr_iter(b'@', bytes).any(|at| email_at(bytes, at, at + 1))
        || memmem::find_iter(bytes, b"%40").any(|at| email_at(bytes, at, at + 3))
}

/// Whether there is an address with its `@` at `at` and its domain at `domain_start`. The
/// account `git` identifies nobody.
pub(super) fn email_at(bytes: &[u8], at: usize, domain_start: usize) -> bool {
    let (local, rest) = (&bytes[..at], &bytes[domain_start..]);
    if !local.last().is_some_and(|&byte| in_word(byte) || byte == b'+') {
        return false;
    }
    if local.strip_suffix(b"git").is_some_and(|before| !before.last().is_some_and(|&byte| in_word(byte))) {
        return false;
    }
    let length = rest.iter().take_while(|&&byte| in_word(byte)).count();
    let mut domain = &rest[..length];
    while let [head @ .., b'.' | b'-' | b'_'] = domain {
        domain = head;
    }
    let Some(last_dot) = memchr::memrchr(b'.', domain) else { return false };
    let last_label = &domain[last_dot + 1..];
    let Some(first_dot) = memchr::memchr(b'.', domain) else { return false };
    // `package@1.2.3-beta.rc` is a version; `163.com` is a domain.
    let is_version = domain[..first_dot].iter().all(u8::is_ascii_digit)
        && domain.get(first_dot + 1).is_some_and(u8::is_ascii_digit);
    first_dot > 0
        && !is_version
        && last_label.len() >= 2
        && !last_label.iter().all(u8::is_ascii_digit)
        && !last_label[0].is_ascii_digit()
}
