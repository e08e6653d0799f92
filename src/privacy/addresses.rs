//! IP addresses.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::characters::runs;

/// Whether `text` contains an address that is not loopback, unspecified or broadcast.
pub(super) fn holds_address(text: &str) -> bool {
    runs(text, |byte| byte.is_ascii_digit() || byte == b'.').any(|(at, run)| {
        // A dot at the end may end a sentence. A `v` before it means a version.
        let before = at.checked_sub(1).map(|before| text.as_bytes()[before]);
        let address = run.trim_end_matches('.');
        (7..=15).contains(&address.len())
            && !matches!(before, Some(b'v' | b'V'))
            && address.parse::<Ipv4Addr>().is_ok_and(|address| {
                !(address.is_loopback() || address.is_unspecified() || address.is_broadcast())
            })
    }) || runs(text, |byte| byte.is_ascii_hexdigit() || byte == b':')
        .any(|(at, run)| run.len() <= 40 && is_ipv6(text.as_bytes(), at, run))
}

/// Whether `run`, which begins at `at`, is an IPv6 address. Without a digit it is more likely a path such as `a::b`.
fn is_ipv6(bytes: &[u8], at: usize, run: &str) -> bool {
    let before = at.checked_sub(1).map(|before| bytes[before]);
    let after = &bytes[at + run.len()..];
    // In `::ffff:10.0.0.7` the IPv4 address is found instead.
    let continues = matches!(after, [b'.', digit, ..] if digit.is_ascii_digit())
        || after.first().is_some_and(|&byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if continues || before.is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        return false;
    }
    let address = if run.ends_with("::") { run } else { run.strip_suffix(':').unwrap_or(run) };
    address.bytes().any(|byte| byte.is_ascii_digit())
        && address
            .parse::<Ipv6Addr>()
            .is_ok_and(|address| !(address.is_loopback() || address.is_unspecified()))
}
