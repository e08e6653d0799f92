//! Accounts that are known by how they are written: `DOMAIN\USER`, `USER@HOST` and `@NAME`.

use std::net::Ipv4Addr;

use memchr::memchr_iter;

use super::characters::{in_name, in_word};
use super::kinds::Rule;
use super::marks::Search;
use super::paths::is_common_folder;
use super::repositories;
use super::words::{is_file, is_one_of, is_ordinary, is_usual_name};

/// The longest name of an account.
const LONGEST: usize = 80;

/// Names before a backslash that are domains of every machine, or words for a domain.
const USUAL_DOMAINS: [&str; 6] = ["NT AUTHORITY", "AUTHORITY", "BUILTIN", "SERVICE", "DOMAIN", "WORKGROUP"];

/// Names before a backslash that are not domains of a company, but have an account after them.
const PUBLIC_DOMAINS: [&str; 3] = ["AzureAD", "MicrosoftAccount", "MicrosoftEntraID"];

/// Words after an `@` that are not hosts: tags of packages, names of branches and revisions.
const NO_HOSTS: [&str; 26] = [
    "next",
    "latest",
    "beta",
    "alpha",
    "canary",
    "rc",
    "main",
    "master",
    "head",
    "stable",
    "nightly",
    "lts",
    "workspace",
    "host",
    "hostname",
    "domain",
    "upstream",
    "yesterday",
    "push",
    "dev",
    "experimental",
    "insiders",
    "legacy",
    "current",
    "release",
    "company",
];

/// Words before an `@` that are not users: repositories and references.
const NO_USERS: [&str; 8] = ["git", "workspace", "stash", "head", "main", "master", "origin", "coder"];

/// Words after an `@` that are not people: annotations in code, and words of style sheets.
const NO_MENTIONS: [&str; 6] = ["deprecated", "charset", "keyframes", "todo", "everyone", "vscode"];

/// Marks `DOMAIN\USER`, also with a doubled backslash, and `.\USER`.
pub(super) fn check_domain_users(search: &mut Search<'_, '_>) {
    for at in memchr_iter(b'\\', search.bytes) {
        if search.before(at) != b'\\' {
            let length = if search.at(at + 1) == b'\\' { 2 } else { 1 };
            check_domain_user(search, at, at + length);
        }
    }
}

/// Checks the names around the backslash from `backslash` to `user_start`, which may be doubled.
fn check_domain_user(search: &mut Search<'_, '_>, backslash: usize, user_start: usize) {
    /// The longest NetBIOS name of a domain.
    const LONGEST_DOMAIN: usize = 15;
    let in_domain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    let domain_start = search.run_start(backslash, LONGEST_DOMAIN + 1, in_domain);
    let domain = &search.text[domain_start..backslash];
    let user_end = search.run_end(user_start, LONGEST, in_name);
    let user = search.text[user_start..user_end].trim_end_matches(['.', '\'']);
    let user_end = user_start + user.len();
    if domain.len() > LONGEST_DOMAIN
        || user.len() < 2
        || !user.starts_with(|first: char| first.is_alphabetic() || first == '_')
        || !stands_alone(search, domain_start)
        || matches!(search.at(user_end), b'\\' | b'/' | b'%')
        || search.at(user_end) == b':' && !matches!(search.at(user_end + 1), b' ' | b'(' | b'\n')
        || domain.starts_with("HK")
        || is_one_of(domain, &USUAL_DOMAINS)
        || is_file(user)
    {
        return;
    }
    let is_whole_text = domain_start == 0 && user_end == search.text.len() && backslash + 1 == user_start;
    let is_labelled = is_whole_text || follows_label(search, domain_start);
    let is_public = is_one_of(domain, &PUBLIC_DOMAINS);
    if !is_public && !is_domain(domain, user, is_labelled, user_end == search.text.len()) {
        return;
    }
    if domain != "." && !is_public {
        search.mark(Rule::DomainUser, domain_start..backslash);
    }
    if !is_usual_name(user) {
        search.mark(Rule::DomainUser, user_start..user_end);
    }
}

/// Whether the word before a domain says that an account follows, as in `whoami: DOMAIN\USER`.
fn follows_label(search: &Search<'_, '_>, domain_start: usize) -> bool {
    const LABELS: [&str; 10] = [
        "account",
        "logged in as",
        "login",
        "logon",
        "owner",
        "run as",
        "running as",
        "user",
        "username",
        "whoami",
    ];
    let start = search.run_start(domain_start, 3, |byte| matches!(byte, b' ' | b':' | b'=' | b'"' | b'\''));
    start < domain_start && LABELS.iter().any(|label| search.ends_with(start, label))
}

/// Marks both sides of `DOMAIN+USER` and `DOMAIN/USER`, as Winbind writes accounts, if there is no other
/// text.
pub(super) fn check_winbind_user(search: &mut Search<'_, '_>) {
    /// Words in upper case before a slash or a plus sign that are not domains.
    const NO_DOMAINS: [&str; 12] = [
        "HTTP",
        "HTTPS",
        "GET",
        "POST",
        "PUT",
        "PATCH",
        "DELETE",
        "MACOS",
        "README",
        "TODO",
        "CHANGELOG",
        "LICENSE",
    ];
    if search.text.len() > LONGEST {
        return;
    }
    let Some((domain, user)) = search.text.split_once(['+', '/']) else { return };
    let is_domain = (4..=15).contains(&domain.len())
        && domain.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-')
        && domain.starts_with(|first: char| first.is_ascii_uppercase())
        && !is_one_of(domain, &NO_DOMAINS)
        && !is_ordinary(domain);
    let is_user = user.len() > 3
        && user.starts_with(|first: char| first.is_ascii_lowercase())
        && user
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte))
        && !is_file(user)
        && !is_ordinary(user)
        && !is_usual_name(user);
    if is_domain && is_user {
        let user_start = domain.len() + 1;
        search.mark(Rule::DomainUser, 0..domain.len());
        search.mark(Rule::DomainUser, user_start..search.text.len());
    }
}

/// Whether no path leads to a domain. `user:` may come before it.
fn stands_alone(search: &Search<'_, '_>, domain_start: usize) -> bool {
    match search.before(domain_start) {
        b'\\' | b'/' | b'%' => false,
        b':' => {
            !search.before(domain_start - 1).is_ascii_alphabetic() || search.ends_with(domain_start, "user:")
        }
        _ => true,
    }
}

/// Whether the text before a backslash is a domain. After a label or alone, its case does not matter.
/// Elsewhere it must be in upper case.
fn is_domain(domain: &str, user: &str, is_labelled: bool, is_at_end: bool) -> bool {
    let is_lower = domain.len() >= 3 && domain.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    let is_mixed = domain.starts_with(|first: char| first.is_ascii_uppercase())
        && domain.bytes().any(|byte| byte.is_ascii_lowercase());
    if is_lower || is_mixed && is_labelled {
        return is_labelled && ![domain, user].iter().any(|name| is_ordinary(name) || is_common_folder(name));
    }
    if domain == "." {
        return is_at_end && !is_ordinary(user);
    }
    domain.len() >= 2
        && domain.bytes().any(|byte| byte.is_ascii_uppercase())
        && !domain.bytes().any(|byte| byte.is_ascii_lowercase())
}

/// Marks both sides of `USER@HOST` if the host is an IP address or has no dot. Otherwise it is an e-mail
/// address.
pub(super) fn check_users_at_hosts(search: &mut Search<'_, '_>) {
    for at in memchr_iter(b'@', search.bytes) {
        check_user_at_host(search, at);
    }
}

fn check_user_at_host(search: &mut Search<'_, '_>, at: usize) {
    let user_start = search.run_start(at, LONGEST, in_word);
    let user = search.text[user_start..at].trim_start_matches(['.', '-']);
    let user_start = at - user.len();
    let host_end = search.run_end(at + 1, LONGEST, in_word);
    let host = search.text[at + 1..host_end].trim_end_matches(['.', '-', '_']);
    let host_end = at + 1 + host.len();
    let is_address = host.parse::<Ipv4Addr>().is_ok();
    let is_name = !host.contains('.') && host.starts_with(|first: char| first.is_ascii_alphabetic());
    if user.is_empty()
        || !(is_address || is_name)
        || user.starts_with(|first: char| first.is_ascii_digit())
        || matches!(search.before(user_start), b'@' | b'/' | b'}' | b'>' | b'$')
        || search.at(host_end) == b'/'
        || is_one_of(host, &NO_HOSTS)
    {
        return;
    }
    let follows_name = user_start >= 2
        && search.before(user_start) == b':'
        && search.bytes[user_start - 2].is_ascii_alphanumeric();
    if follows_name {
        // `USER:PASSWORD@HOST`
        search.mark(Rule::UrlPassword, user_start..at);
    } else if !is_usual_name(user) && !is_ordinary(user) {
        search.mark(Rule::UserAtHost, user_start..at);
    } else if is_one_of(user, &NO_USERS) {
        repositories::check_short_remote(search, host_end);
        return;
    }
    if !is_address && !host.eq_ignore_ascii_case("localhost") && !is_ordinary(host) {
        search.mark(Rule::HostInSentence, at + 1..host_end);
    }
}

/// Marks `@NAME` in a sentence.
pub(super) fn check_mentions(search: &mut Search<'_, '_>) {
    for at in memchr_iter(b'@', search.bytes) {
        if at == 0 || search.bytes[at - 1] != b' ' || search.before(at - 1) == b',' {
            continue;
        }
        let end = search.run_end(at + 1, LONGEST, in_name);
        let name = search.text[at + 1..end].trim_end_matches(['.', '\'']);
        let end = at + 1 + name.len();
        if name.len() >= 3
            && name.starts_with(char::is_alphabetic)
            && !matches!(search.at(end), b'/' | b'(' | b'{' | b'@')
            && !is_one_of(name, &NO_MENTIONS)
            && !is_ordinary(name)
        {
            search.mark(Rule::NameInSentence, at + 1..end);
        }
    }
}
