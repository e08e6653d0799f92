//! Replaces parts of a text: what is marked, and the names of the row.

use std::ops::Range;

use super::counts::ReplacedCounts;
use super::names::Names;
use super::pseudonyms::{PseudonymKind, Pseudonyms, canonical, percent_decoded};
use crate::privacy::words::is_pseudonym;
use crate::privacy::{Mark, Rule};

/// More parts of one text are not replaced one by one: the whole text is.
const PARTS_AT_MOST: usize = 1000;

/// A part of a text to be replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    span: Range<usize>,
    kind: PseudonymKind,
}

/// What a mark's text is replaced by.
pub(super) fn kind_of_rule(rule: Rule) -> PseudonymKind {
    match rule {
        Rule::UserFolder | Rule::WorkFolder | Rule::HomeShortcut | Rule::DomainUser | Rule::UserAtHost => {
            PseudonymKind::User
        }
        Rule::EmailAddress => PseudonymKind::Email,
        Rule::Ipv4 | Rule::Ipv6 => PseudonymKind::Ip,
        Rule::UrlHost
        | Rule::DottedName
        | Rule::UncServer
        | Rule::WorkspaceAlias
        | Rule::MachineName
        | Rule::HostInSentence
        | Rule::HostUnderKey => PseudonymKind::Host,
        Rule::TokenPrefix
        | Rule::JsonWebToken
        | Rule::CoderToken
        | Rule::RandomText
        | Rule::LongHexadecimal
        | Rule::AuthenticationScheme
        | Rule::PrivateKey
        | Rule::PublicKey
        | Rule::TokenUnderKey
        | Rule::UrlPassword
        | Rule::CommandPassword
        | Rule::CommandToken
        | Rule::PasswordInSentence
        | Rule::PasswordUnderKey => PseudonymKind::Token,
        Rule::CommandName
        | Rule::CompanyFolder
        | Rule::NameInSentence
        | Rule::NameInRoute
        | Rule::CompanyName
        | Rule::BranchName
        | Rule::NameUnderKey => PseudonymKind::Name,
        Rule::Uuid | Rule::SerialNumber | Rule::AccountNumber | Rule::IdentifierUnderKey => PseudonymKind::Id,
        Rule::PlaceInSentence
        | Rule::PlaceUnderKey
        | Rule::PhoneNumber
        | Rule::PhoneUnderKey
        | Rule::MacAddress
        | Rule::Fingerprint => PseudonymKind::Text,
    }
}

/// The kind of the pseudonym of a host, which may be written as an address.
pub(super) fn kind_of_host(host: &str) -> PseudonymKind {
    if host.parse::<std::net::IpAddr>().is_ok() { PseudonymKind::Ip } else { PseudonymKind::Host }
}

/// The text with pseudonyms for its marks and for the names of the row. `None` if there are too many parts.
pub(super) fn replace_parts(
    pseudonyms: &Pseudonyms,
    text: &str,
    marks: &[Mark],
    names: &Names,
    counts: &mut ReplacedCounts,
) -> Option<String> {
    let mut parts: Vec<Part> = Vec::new();
    names.find_in(text, |span, kind| parts.push(Part { span, kind }));
    for mark in marks {
        add_mark(text, mark, &mut parts);
    }
    let parts = joined(parts);
    if parts.len() > PARTS_AT_MOST {
        return None;
    }
    let mut out = String::with_capacity(text.len() + 8 * parts.len());
    let mut end = 0;
    for Part { span, kind } in parts {
        out.push_str(&text[end..span.start]);
        let decoded = percent_decoded(&text[span.start..span.end]);
        pseudonyms.append(&mut out, kind, &canonical(kind, &decoded));
        counts.count(kind);
        end = span.end;
    }
    out.push_str(&text[end..]);
    Some(out)
}

/// Adds what is replaced for a mark.
fn add_mark(text: &str, mark: &Mark, parts: &mut Vec<Part>) {
    let span = mark.span.clone();
    let marked = &text[span.start..span.end];
    let kind = match kind_of_rule(mark.rule) {
        PseudonymKind::Host => kind_of_host(marked),
        PseudonymKind::User if mark.rule == Rule::DomainUser && text[span.end..].starts_with('\\') => {
            PseudonymKind::Name
        }
        kind => kind,
    };
    if mark.rule == Rule::UrlHost {
        add_around_host(text, &span, parts);
    }
    if mark.rule == Rule::EmailAddress
        && let Some(at) = marked.rfind('@')
        && is_in_user_of_url(text, span.start)
    {
        // `https://USER:PASSWORD@HOST` has what looks like an address.
        let host = span.start + at + 1..span.end;
        add_around_host(text, &host, parts);
        let kind = kind_of_host(&text[host.clone()]);
        parts.push(Part { span: host, kind });
        return;
    }
    parts.push(Part { span, kind });
}

/// Whether a place is between the slashes of a URL and its host.
fn is_in_user_of_url(text: &str, at: usize) -> bool {
    let before = &text[..at];
    before.rfind("//").is_some_and(|slashes| {
        before[..slashes].ends_with(':')
            && !before[slashes + 2..].contains(|character: char| ends_url(character) || character == '/')
    })
}

/// Adds the user and the password before the host of a URL, and what follows its path.
fn add_around_host(text: &str, host: &Range<usize>, parts: &mut Vec<Part>) {
    let before = &text[..host.start];
    if let Some(before_at) = before.strip_suffix('@').or_else(|| before.strip_suffix("@["))
        && let Some(slashes) = before_at.rfind("//")
        && !before_at[slashes + 2..].contains(|character: char| ends_url(character) || character == '/')
    {
        add_text(text, slashes + 2..before_at.len(), PseudonymKind::Token, parts);
    }
    let rest = &text[host.end..];
    let url = &rest[..rest.find(ends_url).unwrap_or(rest.len())];
    let url = url.trim_end_matches(['.', ',', ';', ':', '!', ')', ']', '}']);
    if let Some(at) = url.find(['?', '#']) {
        add_text(text, host.end + at + 1..host.end + url.len(), PseudonymKind::Text, parts);
    }
}

fn ends_url(character: char) -> bool {
    character <= ' ' || matches!(character, '"' | '\'' | '<' | '>' | '`' | '|' | '\\')
}

fn add_text(text: &str, span: Range<usize>, kind: PseudonymKind, parts: &mut Vec<Part>) {
    if !span.is_empty() && !is_pseudonym(&text[span.start..span.end]) {
        parts.push(Part { span, kind });
    }
}

/// The parts in order. Parts that overlap are one, of the kind that begins first, the longest first.
fn joined(mut parts: Vec<Part>) -> Vec<Part> {
    parts.sort_by(|one, other| (one.span.start, other.span.end).cmp(&(other.span.start, one.span.end)));
    let mut joined: Vec<Part> = Vec::with_capacity(parts.len());
    for part in parts {
        match joined.last_mut() {
            Some(last) if part.span.start < last.span.end => last.span.end = last.span.end.max(part.span.end),
            _ => joined.push(part),
        }
    }
    joined
}
