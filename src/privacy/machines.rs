//! Names of machines in network paths and before ports.

use memchr::memchr_iter;

use super::characters::{in_word, opens};
use super::hosts::{LONGEST_NAME, ends_with_localhost};
use super::kinds::Rule;
use super::marks::Search;
use super::words::is_ordinary;

/// Marks the server of a network path, `\\SERVER\share` or `//SERVER/share`, also with doubled backslashes.
/// `\\?\`, `\\.\` and `\\wsl$\` do not count.
pub(super) fn check_network_paths(search: &mut Search<'_, '_>) {
    for separator in [b'\\', b'/'] {
        for at in memchr_iter(separator, search.bytes) {
            if search.at(at + 1) == separator && opens(search.before(at)) {
                check_network_path(search, at, separator);
            }
        }
    }
}

fn check_network_path(search: &mut Search<'_, '_>, at: usize, separator: u8) {
    let start = search.run_end(at, 5, |byte| byte == separator);
    let end = search.run_end(start, LONGEST_NAME, in_word);
    let name = &search.text[start..end];
    let is_alone = separator == b'\\'
        && (search.at(end) <= b' ' || matches!(search.at(end), b'"' | b'\''))
        && !name.bytes().any(|byte| byte.is_ascii_lowercase())
        && !is_ordinary(name);
    if (start - at == 2 || start - at == 4 && separator == b'\\')
        && (search.at(end) == separator || is_alone)
        && name.len() > 1
        && name.as_bytes()[0].is_ascii_alphanumeric()
        && !ends_with_localhost(name)
        // Comments and URLs without a scheme.
        && !(separator == b'/' && name.contains('.'))
    {
        search.mark(Rule::UncServer, start..end);
    }
}

/// Ports of well-known services.
const SERVICE_PORTS: [u32; 15] = [22, 25, 53, 80, 88, 110, 143, 389, 443, 445, 465, 587, 636, 993, 995];
/// Well-known ports that are unlikely to be any other number after a colon.
const DATABASE_PORTS: [u32; 16] =
    [1433, 1521, 2379, 3306, 3389, 5432, 5671, 5672, 5900, 6379, 6443, 7080, 8080, 8443, 9092, 27017];

/// Marks names before a port or a path, such as `db-prod-03:5432` and `nas-7:/vol`, if they look like a
/// machine's name.
pub(super) fn check_ports(search: &mut Search<'_, '_>) {
    for at in memchr_iter(b':', search.bytes) {
        let start = search.run_start(at, 64, |byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let name = &search.text[start..at];
        let has_form = name.contains('-')
            && name.bytes().any(|byte| byte.is_ascii_digit())
            && name.as_bytes()[0].is_ascii_alphabetic();
        if !has_form || !(opens(search.before(start)) || search.before(start) == b'@') {
            continue;
        }
        let port = port_at(search, at + 1);
        let is_service = port.is_some_and(|port| DATABASE_PORTS.contains(&port));
        let has_path = search.at(at + 1) == b'/' && search.at(at + 2) != b'/';
        if is_service || !is_ordinary(name) && (has_path || port.is_some()) {
            search.mark(Rule::HostInSentence, start..at);
        }
    }
}

/// The port at `start`, if there is one and nothing else follows it.
fn port_at(search: &Search<'_, '_>, start: usize) -> Option<u32> {
    let end = search.run_end(start, 6, |byte| byte.is_ascii_digit());
    let port: u32 = search.text[start..end].parse().ok()?;
    let is_port = end - start >= 2 && (SERVICE_PORTS.contains(&port) || (1024..=65_535).contains(&port));
    let ends = matches!(
        search.at(end),
        b' ' | b',' | b';' | b')' | b'"' | b'\'' | b']' | b'/' | b':' | b'\n' | b'.'
    ) && !search.at(end + 1).is_ascii_digit();
    (is_port && ends).then_some(port)
}
