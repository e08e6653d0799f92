//! IP addresses.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::characters::runs;
use super::keys::KeyMeaning;
use super::kinds::Rule;
use super::marks::Search;

/// Marks addresses that are not loopback, unspecified or broadcast.
pub(super) fn check_addresses(search: &mut Search<'_, '_>, key: KeyMeaning) {
    if key != KeyMeaning::Version {
        check_ipv4(search);
    }
    let text = search.text;
    for (at, run) in runs(text, |byte| byte.is_ascii_hexdigit() || byte == b':') {
        if run.len() <= 46
            && let Some(length) = ipv6_length(search, at, run)
        {
            search.mark(Rule::Ipv6, at..at + length);
        }
    }
}

fn check_ipv4(search: &mut Search<'_, '_>) {
    let text = search.text;
    for (at, run) in runs(text, |byte| byte.is_ascii_digit() || byte == b'.') {
        // A dot at the end may end a sentence.
        let address = run.trim_end_matches('.');
        if (7..=15).contains(&address.len())
            && !search.before(at).is_ascii_alphabetic()
            && !follows_version(&text[..at])
            // A kernel's version goes on with a hyphen and a word.
            && !(search.at(at + address.len()) == b'-' && search.at(at + address.len() + 1).is_ascii_alphabetic())
            && address.parse::<Ipv4Addr>().is_ok_and(|address| {
                !(address.is_loopback() || address.is_unspecified() || address.is_broadcast())
            })
        {
            search.mark(Rule::Ipv4, at..at + address.len());
        }
    }
}

/// Whether a text ends with a word that a version follows, or with a product's name and a slash.
fn follows_version(before: &str) -> bool {
    let trimmed = before.trim_end_matches([' ', ':', '=', '"', '\'', '(']);
    let is_word = |word: &str| {
        trimmed.len() >= word.len()
            && trimmed.as_bytes()[trimmed.len() - word.len()..].eq_ignore_ascii_case(word.as_bytes())
            && !trimmed.as_bytes()[..trimmed.len() - word.len()].last().is_some_and(u8::is_ascii_alphanumeric)
    };
    if ["version", "ver", "release", "build", "v", "revision"].iter().any(|word| is_word(word)) {
        return true;
    }
    // `Chrome/1.2.3.4`, but not `http://1.2.3.4` and not a path.
    before.strip_suffix('/').is_some_and(|product| {
        let name = product.bytes().rev().take_while(u8::is_ascii_alphabetic).count();
        let first = product.as_bytes().get(product.len() - name);
        name >= 2 && first.is_some_and(u8::is_ascii_uppercase)
            && !product[..product.len() - name].ends_with(['/', '\\', '.', '-', '_'])
    })
}

/// The length of the IPv6 address that `run`, which begins at `at`, is. Without a digit it is more likely a path such as
/// `a::b`.
fn ipv6_length(search: &Search<'_, '_>, at: usize, run: &str) -> Option<usize> {
    let after = &search.rest(at + run.len());
    // In `::ffff:10.0.0.7` the IPv4 address is found instead.
    let continues = matches!(after, [b'.', digit, ..] if digit.is_ascii_digit())
        || after.first().is_some_and(|&byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let before = search.before(at);
    if continues || before.is_ascii_alphanumeric() || before == b'_' {
        return None;
    }
    let address = if run.ends_with("::") { run } else { run.strip_suffix(':').unwrap_or(run) };
    if !address.bytes().any(|byte| byte.is_ascii_digit()) || is_loopback_with_port(address) {
        return None;
    }
    let parsed: Ipv6Addr = address.parse().ok()?;
    let is_own = parsed.is_loopback()
        || parsed.is_unspecified()
        || parsed.to_ipv4_mapped().is_some_and(|mapped| mapped.is_loopback() || mapped.is_unspecified());
    (!is_own).then_some(address.len())
}

/// Whether the text is `::1` or `::`, a colon and a port, as Node writes them.
fn is_loopback_with_port(text: &str) -> bool {
    text.strip_prefix("::1:").or_else(|| text.strip_prefix(":::")).is_some_and(|port| {
        (1..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit())
    })
}
