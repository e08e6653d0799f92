//! IP addresses.

use std::net::{Ipv4Addr, Ipv6Addr};

use memchr::memchr_iter;

use super::characters::runs;
use super::keys::KeyMeaning;
use super::kinds::Rule;
use super::marks::Search;

/// Words after which four numbers with dots are a version.
const VERSION_WORDS: [&str; 6] = ["version", "ver", "release", "build", "v", "revision"];

/// How many bytes before four numbers are searched for signs of a version.
const LOOK_BACK: usize = 40;

/// Addresses that are the same everywhere: public resolvers, metadata services of clouds, and multicast
/// groups for finding services in the local network.
const EVERYWHERE: [Ipv4Addr; 8] = [
    Ipv4Addr::new(1, 0, 0, 1),
    Ipv4Addr::new(1, 1, 1, 1),
    Ipv4Addr::new(8, 8, 4, 4),
    Ipv4Addr::new(8, 8, 8, 8),
    Ipv4Addr::new(9, 9, 9, 9),
    Ipv4Addr::new(169, 254, 169, 254),
    Ipv4Addr::new(224, 0, 0, 251),
    Ipv4Addr::new(239, 255, 255, 250),
];

/// Whether an address says nothing about anybody: it is a netmask, unspecified, this machine, or the same
/// everywhere.
fn is_anybodys(address: Ipv4Addr) -> bool {
    let bits = u32::from(address);
    let is_netmask = bits.leading_ones() >= 8 && bits.leading_ones() + bits.trailing_zeros() >= 32;
    address.is_loopback() || address.is_unspecified() || is_netmask || EVERYWHERE.contains(&address)
}

/// Marks IPv4 and IPv6 addresses.
pub(super) fn check_addresses(search: &mut Search<'_, '_>, key: KeyMeaning) {
    if key != KeyMeaning::Version && search.digits >= 4 && memchr_iter(b'.', search.bytes).nth(2).is_some() {
        check_ipv4(search);
    }
    // An address has seven colons, or two that follow each other.
    let mut colons = memchr_iter(b':', search.bytes);
    if colons.clone().nth(6).is_some() || colons.any(|at| search.at(at + 1) == b':') {
        check_ipv6(search);
    }
}

fn check_ipv4(search: &mut Search<'_, '_>) {
    for (at, run) in runs(search.text, |byte| byte.is_ascii_digit() || byte == b'.') {
        // A dot at the end may end a sentence.
        let address = without_port(run.trim_end_matches('.'));
        let end = at + address.len();
        if (7..=15).contains(&address.len())
            && address.parse().is_ok_and(|address| !is_anybodys(address))
            && !is_version(search, at, end)
        {
            search.mark(Rule::Ipv4, at..end);
        }
    }
}

/// An address without the port that `netstat` writes after a dot, as in `10.0.0.7.50123`. The fifth part of a
/// version is never that long.
fn without_port(run: &str) -> &str {
    match run.rsplit_once('.') {
        Some((address, port)) if (4..=5).contains(&port.len()) && address.split('.').count() == 4 => address,
        _ => run,
    }
}

/// Whether four numbers are a version: after a letter, a word such as `version` or the name of a product, or,
/// like the version of a kernel, before a hyphen and a letter.
fn is_version(search: &Search<'_, '_>, at: usize, end: usize) -> bool {
    let is_kernel = search.at(end) == b'-' && search.at(end + 1).is_ascii_alphabetic();
    is_kernel
        || search.before(at).is_ascii_alphabetic()
        || follows_version_word(search, at)
        || follows_product(search, at)
}

fn follows_version_word(search: &Search<'_, '_>, at: usize) -> bool {
    let blanks = search.bytes[..at]
        .iter()
        .rev()
        .take(LOOK_BACK)
        .take_while(|byte| matches!(*byte, b' ' | b':' | b'=' | b'"' | b'\'' | b'('))
        .count();
    let end = at - blanks;
    VERSION_WORDS
        .iter()
        .any(|word| search.ends_with(end, word) && !search.before(end - word.len()).is_ascii_alphanumeric())
}

/// Whether the name of a product and a slash come before `at`, as in `Chrome/1.2.3.4`, and not a path or URL.
fn follows_product(search: &Search<'_, '_>, at: usize) -> bool {
    if search.before(at) != b'/' {
        return false;
    }
    let end = at - 1;
    let start = search.run_start(end, LOOK_BACK, |byte| byte.is_ascii_alphabetic());
    end - start >= 2
        && search.bytes[start].is_ascii_uppercase()
        && !matches!(search.before(start), b'/' | b'\\' | b'.' | b'-' | b'_')
}

fn check_ipv6(search: &mut Search<'_, '_>) {
    /// The longest address, with a colon that belongs to the sentence.
    const LONGEST: usize = 46;
    for (at, run) in runs(search.text, |byte| byte.is_ascii_hexdigit() || byte == b':') {
        if (3..=LONGEST).contains(&run.len())
            && let Some(length) = ipv6_length(search, at, run)
        {
            search.mark(Rule::Ipv6, at..at + length);
        }
    }
}

/// The length of the IPv6 address in `run`, which begins at `at`. Without a decimal digit, the run is more
/// likely a path in code, such as `a::b`.
fn ipv6_length(search: &Search<'_, '_>, at: usize, run: &str) -> Option<usize> {
    let after = search.rest(at + run.len());
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
    let mapped = parsed.to_ipv4_mapped();
    let is_own = parsed.is_loopback()
        || parsed.is_unspecified()
        // All nodes or routers of a network, and the address of the loopback interface of macOS.
        || matches!(parsed.segments(), [0xff01 | 0xff02 | 0xff05, 0, 0, 0, 0, 0, 0, _] | [0xfe80, 0, 0, 0, 0, 0, 0, 1])
        || mapped.is_some_and(|mapped| mapped.is_loopback() || mapped.is_unspecified());
    (!is_own).then_some(address.len())
}

/// Whether the text is `::1` or `::`, a colon and a port, as Node writes them.
fn is_loopback_with_port(text: &str) -> bool {
    text.strip_prefix("::1:")
        .or_else(|| text.strip_prefix(":::"))
        .is_some_and(|port| (1..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit()))
}
