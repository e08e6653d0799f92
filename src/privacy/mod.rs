//! Finds text that may identify a person or a company (specification, Marks). It knows no row and no format.

mod addresses;
mod assignments;
mod characters;
mod commands;
mod emails;
mod hosts;
mod identifiers;
mod keys;
mod kinds;
mod marks;
mod names;
mod paths;
mod phones;
mod places;
mod tokens;
mod words;

pub(crate) use keys::KeyMeaning;
pub(crate) use kinds::{Rule, SensitiveKind, SensitiveKinds};
pub(crate) use marks::Mark;

use characters::{AT, BACKSLASH, COLON, DIGIT, DOT, HYPHEN, LOWER, PERCENT, PLAIN, SLASH, SPACE, TILDE, UNDERSCORE, UPPER};
use marks::Search;
use std::ops::Range;

/// Marks what may identify a person or a company in `text`, a decoded JSON string that is the value of a key with this
/// meaning. Adds the marks to `marks`, in order of their start.
pub(crate) fn find_marks(key: KeyMeaning, text: &str, marks: &mut Vec<Mark>) {
    let from = marks.len();
    let mut search = Search::new(text, marks);
    if let Some(rule) = key.rule_for(text) {
        search.mark(rule, 0..text.len());
    }
    if search.seen & !(DIGIT | LOWER | UPPER | UNDERSCORE) != 0 {
        check_rules_with_punctuation(&mut search, key);
    }
    let is_hexadecimal = |byte: u8| byte.is_ascii_hexdigit() || byte == b'-';
    if text.len() >= 16 && !(key == KeyMeaning::TelemetryId && text.bytes().all(is_hexadecimal)) {
        tokens::check_tokens(&mut search);
    }
    tidy(marks, from);
}

fn check_rules_with_punctuation(search: &mut Search<'_, '_>, key: KeyMeaning) {
    if search.has(SLASH | BACKSLASH | PERCENT) {
        paths::check_paths(search);
        hosts::check_network_paths(search);
        names::check_routes(search);
        names::check_repositories(search);
    }
    if search.has(BACKSLASH | PERCENT) {
        names::check_domain_users(search);
    }
    if search.has(TILDE) {
        paths::check_home_shortcuts(search);
    }
    if search.has(AT | PERCENT | PLAIN | BACKSLASH) {
        emails::check_emails(search);
    }
    if search.has(AT) {
        names::check_users_at_hosts(search);
        names::check_mentions(search);
    }
    if search.has(COLON | DOT) && search.has(DIGIT | COLON) {
        addresses::check_addresses(search, key);
    }
    if search.has(COLON | PERCENT) {
        hosts::check_urls(search);
    }
    if search.has(DOT | HYPHEN) {
        hosts::check_names(search);
    }
    if search.has(SPACE | PLAIN) {
        hosts::check_sentences(search);
    }
    if search.has(SPACE) {
        names::check_sentences(search);
        commands::check_commands(search);
        places::check_places(search);
        tokens::check_schemes(search);
    }
    if search.has(COLON | PLAIN | PERCENT) {
        assignments::check_assignments(search);
        assignments::check_elements(search);
    }
    if search.has(HYPHEN) {
        assignments::check_options(search);
        tokens::check_keys(search);
        identifiers::check_uuids(search);
    }
    if search.has(SPACE) {
        tokens::check_keys(search);
    }
    if search.digits >= 1 && search.text.len() >= 14 {
        identifiers::check_hardware_addresses(search);
    }
    if search.digits >= 6 {
        phones::check_phone_numbers(search);
        phones::check_dotted_numbers(search);
    }
    if search.digits >= 2 {
        identifiers::check_fingerprints(search);
        identifiers::check_numbers(search);
    }
}

/// Orders the marks from `from` on, and drops those that others cover. Only a secret can cover a secret, because a name or a
/// path around a secret may be shown. An identifier also covers what only looks like a secret.
fn tidy(marks: &mut Vec<Mark>, from: usize) {
    if marks.len() - from < 2 {
        return;
    }
    marks[from..].sort_by_key(|mark| (mark.span.start, std::cmp::Reverse(mark.span.end)));
    // Where the marks of each sort end that are kept so far.
    let (mut any, mut secrets, mut identifiers) = (0, 0, 0);
    let mut kept = from;
    for at in from..marks.len() {
        let Mark { rule, span: Range { end, .. } } = marks[at];
        let covered = match rule {
            Rule::RandomText | Rule::LongHexadecimal => identifiers.max(secrets),
            rule if rule.kind().is_secret() => secrets,
            _ => any,
        };
        if end > covered {
            any = any.max(end);
            secrets = if rule.kind().is_secret() { secrets.max(end) } else { secrets };
            identifiers = if rule.kind() == SensitiveKind::Identifier { identifiers.max(end) } else { identifiers };
            marks.swap(kept, at);
            kept += 1;
        }
    }
    marks.truncate(kept);
}
