//! Deployment URLs: scheme and port stay, so that a URL still parses and deployments that differ stay different.

use std::net::{IpAddr, Ipv6Addr};
use std::ops::Range;

use super::parts::kind_of_host;
use super::pseudonyms::PseudonymKind;
use crate::privacy::words::is_pseudonym;

/// The parts of a deployment URL.
pub(super) struct DeploymentUrl<'a> {
    text: &'a str,
    user: Option<Range<usize>>,
    host: Range<usize>,
    /// From the path on.
    rest: Range<usize>,
}

/// A part of a URL as it is written: text that stays, or a text to be replaced.
pub(super) enum Piece<'a> {
    Kept(&'a str),
    Replaced(PseudonymKind, String),
}

impl<'a> DeploymentUrl<'a> {
    /// `None` if the text has another form.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let scheme = text.find("://")?;
        let is_scheme = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'.' | b'-');
        if !text.starts_with(|first: char| first.is_ascii_alphabetic())
            || !text[..scheme].bytes().all(is_scheme)
            || text.contains(|character: char| character <= ' ' || character == '\u{7f}')
        {
            return None;
        }
        let start = scheme + 3;
        let end = text[start..].find(['/', '?', '#', '\\']).map_or(text.len(), |length| start + length);
        let at = text[start..end].rfind('@').map(|length| start + length);
        let host = host_in(text, at.map_or(start, |at| at + 1)..end)?;
        if host.is_empty() {
            return None;
        }
        let port = &text[text_after_host(text, &host)..end];
        let is_port = port.is_empty()
            || port
                .strip_prefix(':')
                .is_some_and(|port| port.len() <= 5 && port.bytes().all(|b| b.is_ascii_digit()));
        let user = at.map(|at| start..at).filter(|user| !user.is_empty());
        (is_port && !text[..end].contains(['"', '<', '>', '`', '{', '}', '|', '^'])).then_some(Self {
            text,
            user,
            host,
            rest: end..text.len(),
        })
    }

    /// The host as a name of the row; `None` if it stays.
    pub(super) fn replaced_host(&self) -> Option<&'a str> {
        let host = &self.text[self.host.clone()];
        (!is_this_machine(host) && !is_pseudonym(host)).then_some(host)
    }

    /// The URL as it is written.
    pub(super) fn pieces(&self) -> Vec<Piece<'a>> {
        let Self { text, user, host, rest } = self;
        let brackets = usize::from(text[..host.start].ends_with('['));
        let head_end = user.as_ref().map_or(host.start - brackets, |user| user.start);
        let after_host = text_after_host(text, host);
        let mut pieces = vec![Piece::Kept(&text[..head_end])];
        match self.replaced_host() {
            // A URL with a pseudonym in brackets would not parse.
            Some(host) => pieces.push(Piece::Replaced(kind_of_host(host), host.to_owned())),
            None => pieces.push(Piece::Kept(&text[host.start - brackets..after_host])),
        }
        pieces.push(Piece::Kept(&text[after_host..rest.start]));
        let rest = &text[rest.clone()];
        let is_written = rest.strip_prefix('/').is_some_and(|rest| rest.is_empty() || is_pseudonym(rest));
        match user {
            None if rest.is_empty() || is_written => pieces.push(Piece::Kept(rest)),
            None => pieces.extend([Piece::Kept("/"), Piece::Replaced(PseudonymKind::Text, rest.to_owned())]),
            Some(user) => {
                let rest = format!("{}@{rest}", &text[user.clone()]);
                pieces.extend([Piece::Kept("/"), Piece::Replaced(PseudonymKind::Text, rest)]);
            }
        }
        pieces
    }
}

/// The host at the start of an authority, without brackets.
fn host_in(text: &str, authority: Range<usize>) -> Option<Range<usize>> {
    let Range { start, .. } = authority;
    let authority = &text[authority];
    if let Some(inside) = authority.strip_prefix('[') {
        let host = &inside[..inside.find(']')?];
        return host.parse::<Ipv6Addr>().is_ok().then_some(start + 1..start + 1 + host.len());
    }
    Some(start..start + authority.find(':').unwrap_or(authority.len()))
}

/// The index after the host and its bracket.
fn text_after_host(text: &str, host: &Range<usize>) -> usize {
    host.end + usize::from(text[..host.start].ends_with('[') && text[host.end..].starts_with(']'))
}

/// Whether a host is the machine itself.
fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The URL with the kind and the text of each pseudonym in angle brackets; `None` if it has another form.
    fn written(text: &str) -> Option<String> {
        let pieces = DeploymentUrl::parse(text)?.pieces();
        let written = pieces.iter().map(|piece| match piece {
            Piece::Kept(text) => (*text).to_owned(),
            Piece::Replaced(kind, text) => format!("<{} {text}>", kind.name()),
        });
        Some(written.collect())
    }

    #[test]
    fn scheme_port_and_this_machine_stay() {
        for (url, expected) in [
            ("https://coder.example.com", "https://<host coder.example.com>"),
            ("https://coder.example.com/", "https://<host coder.example.com>/"),
            ("http://coder.example.com:8443", "http://<host coder.example.com>:8443"),
            ("https://coder.example.com/team/a?b#c", "https://<host coder.example.com>/<text /team/a?b#c>"),
            ("https://coder.example.com?b", "https://<host coder.example.com>/<text ?b>"),
            ("https://anna:pw@tarn:1/x", "https://<host tarn>:1/<text anna:pw@/x>"),
            ("https://anna@tarn", "https://<host tarn>/<text anna@>"),
            ("https://10.0.3.7:3000/", "https://<ip 10.0.3.7>:3000/"),
            ("https://[fd00::1]:3000", "https://<ip fd00::1>:3000"),
            ("http://localhost:3000", "http://localhost:3000"),
            ("http://LOCALHOST/x", "http://LOCALHOST/<text /x>"),
            ("http://127.0.0.1:3000/", "http://127.0.0.1:3000/"),
            ("http://[::1]:3000/", "http://[::1]:3000/"),
            ("https://münchen.example", "https://<host münchen.example>"),
        ] {
            assert_eq!(written(url).as_deref(), Some(expected));
        }
    }

    #[test]
    fn what_is_no_url_has_no_pieces() {
        for text in [
            "coder.example.com",
            "https://",
            "https:///x",
            "https://a b",
            "https://[fd00::1",
            "https://[tarn]",
            "https://tarn:port",
            "https://tarn:123456",
            "://tarn",
            "1https://tarn",
            "https://{host}",
        ] {
            assert_eq!(written(text), None, "{text}");
        }
    }

    #[test]
    fn a_url_that_was_replaced_stays() {
        for url in
            ["https://host-553211c41f646527:8443/text-553211c41f646527", "https://ip-553211c41f646527/"]
        {
            assert_eq!(written(url).as_deref(), Some(url));
        }
    }
}
