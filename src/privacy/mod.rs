//! Finds text that may identify a person or a company (specification, Marks). It does not depend on rows or formats.
//!
//! There are three kinds of rules:
//!
//! 1. The key says what its value is: [`keys`] and [`values`].
//! 2. The text has the form of something: [`addresses`], [`emails`], [`urls`], [`hosts`], [`tokens`],
//!    [`identifiers`], [`phones`], [`paths`], [`routes`], [`segments`] and [`repositories`].
//! 3. Words around it say what it is: [`assignments`], [`commands`], [`options`], [`sentences`], [`targets`],
//!    [`names`], [`missing`], [`foreign`], [`accounts`], [`listings`], [`companies`], [`devices`] and
//!    [`places`].
//!
//! A text with escapes, such as a URL inside a URL, is searched without them ([`escapes`]). First,
//! [`characters`] surveys which characters a text has, so that a rule runs only if the text has the
//! characters that it needs. Then [`triggers`] looks up each word in one table, which says which rules to try
//! there. Each other rule goes through the text once, from one of its characters to the next. Words that say
//! nothing about anybody ([`words`]) are not marked. Finally, [`marks`] removes pseudonyms from the marks and
//! sorts them.

mod accounts;
mod addresses;
mod arguments;
mod assignments;
mod characters;
mod commands;
mod companies;
mod devices;
mod emails;
mod escapes;
mod foreign;
mod hosts;
mod identifiers;
mod keys;
mod kinds;
mod listings;
mod machines;
mod marks;
mod missing;
mod names;
mod nouns;
mod options;
mod paths;
mod phones;
mod phrases;
mod places;
mod quotes;
pub(crate) mod redaction;
mod repositories;
mod routes;
mod segments;
mod sentences;
mod shapes;
mod states;
mod targets;
mod templates;
#[cfg(test)]
mod tests;
mod tokens;
mod triggers;
mod urls;
mod values;
mod words;

pub(crate) use keys::KeyMeaning;
pub(crate) use kinds::{Rule, SensitiveKind, SensitiveKinds};
pub(crate) use marks::Mark;

use characters::{
    AMPERSAND, AT, BACKSLASH, COLON, DIGIT, DOT, EQUALS, HYPHEN, LESS, LETTERS, LOWER, NON_ASCII, PERCENT,
    PIPE, PLUS, SLASH, SPACE, TILDE, UNDERSCORE, UPPER,
};
use marks::{Search, tidy};

/// Marks what may identify a person or a company in `text`, a decoded JSON string that is the value of a key
/// with this meaning. Adds the marks to `marks`, sorted by start. No mark covers another, except that other
/// marks may cover a secret.
pub(crate) fn find_marks(key: KeyMeaning, text: &str, marks: &mut Vec<Mark>) {
    if key.is_telemetry_id(text) {
        return;
    }
    find_marks_at_depth(0, key, text, marks);
}

/// Marks a text whose escapes were already removed `depth` times.
fn find_marks_at_depth(depth: u32, key: KeyMeaning, text: &str, marks: &mut Vec<Mark>) {
    let from = marks.len();
    let mut search = Search::new(text, marks);
    if depth < escapes::DEPTH
        && search.has(PERCENT | BACKSLASH | AMPERSAND)
        && let Some(unescaped) = escapes::unescaped(text)
    {
        // An escaped character does not end the password of a URL or the value of a parameter.
        urls::check_urls(&mut search);
        assignments::check_parameters(&mut search);
        let unescaped_from = marks.len();
        find_marks_at_depth(depth + 1, key, &unescaped, marks);
        escapes::move_to_escaped(text, &mut marks[unescaped_from..]);
        tidy(text, marks, from);
        return;
    }
    if let Some(rule) = key.rule_for(text) {
        search.mark(rule, 0..text.len());
    }
    if search.has(!(DIGIT | LETTERS | UNDERSCORE)) {
        for check in CHECKS {
            // Marks inside a secret do not count.
            if search.is_covered {
                break;
            }
            check(&mut search, key);
        }
    }
    if !search.is_covered {
        check_tokens(&mut search);
    }
    tidy(text, marks, from);
}

type Check = fn(&mut Search<'_, '_>, KeyMeaning);

/// The steps of the search in texts with more than letters, digits and underscores.
const CHECKS: [Check; 6] = [
    |search, _| check_ids(search),
    |search, _| check_words(search),
    check_paths,
    |search, _| check_names(search),
    |search, _| check_values(search),
    check_numbers,
];

fn check_ids(search: &mut Search<'_, '_>) {
    if search.has(HYPHEN) && search.text.len() >= identifiers::UUID {
        identifiers::check_uuids(search);
    }
}

/// Runs the rules that look for words. Names of events, versions and ids need no such search.
fn check_words(search: &mut Search<'_, '_>) {
    if search.has(!(DIGIT | LETTERS | UNDERSCORE | DOT | HYPHEN)) || search.has(HYPHEN) && search.has(UPPER) {
        triggers::check_words(search);
    }
    if search.has(NON_ASCII) {
        foreign::check_words(search);
    }
}

fn check_paths(search: &mut Search<'_, '_>, key: KeyMeaning) {
    if search.has(SLASH | BACKSLASH) {
        paths::check_paths(search);
    }
    if search.has(TILDE) {
        paths::check_home_shortcuts(search);
    }
    if search.has(SLASH | BACKSLASH) {
        machines::check_network_paths(search);
    }
    if search.has(SLASH) {
        routes::check_routes(search, key);
    }
    if search.has(BACKSLASH) {
        accounts::check_domain_users(search);
    }
    if search.has(SLASH | PLUS) && search.has(UPPER) {
        accounts::check_winbind_user(search);
    }
}

fn check_names(search: &mut Search<'_, '_>) {
    if search.has(AT) {
        emails::check_emails(search);
        accounts::check_users_at_hosts(search);
        accounts::check_mentions(search);
        listings::check_code_owners(search);
    }
    if search.has(COLON) {
        urls::check_urls(search);
    }
    if search.has(DOT | HYPHEN) && search.has(!(DIGIT | DOT | HYPHEN)) {
        hosts::check_names(search);
    }
    if search.has(COLON) && search.has(HYPHEN) {
        machines::check_ports(search);
    }
}

fn check_values(search: &mut Search<'_, '_>) {
    if search.has(COLON | EQUALS | NON_ASCII) {
        assignments::check_assignments(search);
    }
    if search.has(LESS) && search.has(SLASH) {
        assignments::check_elements(search);
    }
    if search.has(HYPHEN) && search.has(SPACE) {
        options::check_options(search);
        listings::check_listings(search);
    }
    if search.has(COLON) {
        listings::check_account_lines(search);
    }
    if search.has(SPACE) && search.has(COLON) && search.digits >= 8 {
        listings::check_processes(search);
        listings::check_blame(search);
    }
    if search.topics & triggers::Topics::RELAYS != 0 {
        places::check_places(search);
    }
}

fn check_numbers(search: &mut Search<'_, '_>, key: KeyMeaning) {
    if search.has(COLON | DOT) && search.has(DIGIT | COLON) {
        addresses::check_addresses(search, key);
    }
    if search.digits >= 1 && search.text.len() >= 14 && search.has(COLON | HYPHEN | DOT) {
        identifiers::check_hardware_addresses(search);
    }
    if search.digits >= 8 && search.has(SPACE | HYPHEN | PLUS | SLASH) {
        phones::check_phone_numbers(search);
    }
    if search.digits >= 10 && search.has(DOT) {
        phones::check_dotted_numbers(search);
    }
    if search.has(PIPE) {
        identifiers::check_provider_accounts(search);
    }
}

fn check_tokens(search: &mut Search<'_, '_>) {
    // Tokens have letters and digits, or upper and lower case. In lower case alone, they have more than one
    // digit.
    let is_mixed = search.has(UPPER) && (search.digits > 0 || search.has(LOWER))
        || search.has(LOWER) && search.digits > 1;
    if is_mixed && search.text.len() >= tokens::SHORTEST_KNOWN {
        tokens::check_tokens(search);
    }
}
