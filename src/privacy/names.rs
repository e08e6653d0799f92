//! Names of people, accounts, companies and what is named after them, by their form or by the words around them.

use memchr::{memchr_iter, memmem};

use super::characters::in_word;
use super::kinds::Rule;
use super::marks::Search;
use super::paths::floor_boundary;
use super::words::{in_name, is_blank, is_number, is_one_of, is_ordinary, is_usual_name};

/// What may stand right of an `@` without being a host: tags of packages, names of branches and revisions.
const NO_HOSTS: [&str; 26] = [
    "next", "latest", "beta", "alpha", "canary", "rc", "main", "master", "head", "stable", "nightly", "lts", "workspace", "host", "hostname", "domain", "upstream",
    "yesterday", "push", "dev", "experimental", "insiders", "legacy", "current", "release", "company",
];

/// Legal forms of companies.
const LEGAL_FORMS: [&str; 22] = [
    "Inc", "Inc.", "LLC", "Ltd", "Ltd.", "Limited", "GmbH", "AG", "KG", "SE", "S.A.", "SA", "S.r.l.", "SpA", "B.V.", "BV", "N.V.", "Oy", "AB", "A/S", "Corp.", "PLC",
];

/// Marks `DOMAIN\USER`, also with a doubled or percent-encoded backslash, and `.\USER`.
pub(super) fn check_domain_users(search: &mut Search<'_, '_>) {
    for at in memchr_iter(b'\\', search.bytes) {
        let length = if search.at(at + 1) == b'\\' { 2 } else { 1 };
        if search.before(at) != b'\\' {
            check_domain_user(search, at, at + length);
        }
    }
    for at in memmem::find_iter(search.bytes, b"%5C").chain(memmem::find_iter(search.bytes, b"%5c")) {
        check_domain_user(search, at, at + 3);
    }
}

fn check_domain_user(search: &mut Search<'_, '_>, at: usize, user_start: usize) {
    /// The longest name of a domain as NetBIOS has it.
    const LONGEST_DOMAIN: usize = 15;
    let bytes = search.bytes;
    let domain_length = bytes[..at].iter().rev().take(LONGEST_DOMAIN + 1).take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_')).count();
    let domain = &search.text[at - domain_length..at];
    let before = search.before(at - domain_length);
    let user_length = bytes[user_start..].iter().take(80).take_while(|&&byte| in_name(byte)).count();
    let user_end = floor_boundary(search.text, user_start + user_length);
    let user = search.text[user_start..user_end].trim_end_matches(['.', '\'']);
    let after = search.at(user_start + user.len());
    let stands_alone = !matches!(before, b'\\' | b'/' | b':' | b'%') || before == b':' && !search.before(at - domain_length - 1).is_ascii_alphabetic()
        || before == b':' && search.text[..at - domain_length].ends_with("user:");
    if !stands_alone || matches!(after, b'\\' | b'/' | b'%' | b':') || user.len() < 2 || domain_length > LONGEST_DOMAIN {
        return;
    }
    let is_registry = domain.starts_with("HK") || is_one_of(domain, &["NT AUTHORITY", "AUTHORITY", "BUILTIN", "SERVICE", "DOMAIN", "WORKGROUP"]);
    let is_file = user.rsplit_once('.').is_some_and(|(_, ending)| {
        ending.len() <= 4 && is_one_of(ending, &["exe", "dll", "cmd", "bat", "ps1", "js", "ts", "json", "sh", "py", "node", "log", "txt", "md", "sys", "lnk", "ini", "cs", "rs", "go", "yml", "yaml", "xml", "html", "css", "vsix", "zip"])
    });
    let is_domain = match domain {
        _ if search.text.len() == user_start + user.len() && at == domain_length && domain.len() >= 3 && domain.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-') && at + 1 == user_start => {
            !is_ordinary(domain) && !is_ordinary(user) && !super::paths::is_common_folder(domain) && !super::paths::is_common_folder(user)
        }
        "." => search.text.len() == user_start + user.len() && before <= b' ' && !is_ordinary(user),
        _ => domain.len() >= 2 && domain.bytes().any(|byte| byte.is_ascii_uppercase()) && !domain.bytes().any(|byte| byte.is_ascii_lowercase()),
    };
    if !is_domain || is_registry || is_file || !user.starts_with(char::is_alphabetic) && !user.starts_with('_') {
        return;
    }
    if domain != "." {
        search.mark(Rule::DomainUser, at - domain_length..at);
    }
    if !is_usual_name(user) {
        search.mark(Rule::DomainUser, user_start..user_start + user.len());
    }
}

/// Marks both sides of `USER@HOST` if the host has no dot or is an address. With a dot, it is an e-mail address.
pub(super) fn check_users_at_hosts(search: &mut Search<'_, '_>) {
    for at in memchr_iter(b'@', search.bytes) {
        let user_length = search.bytes[..at].iter().rev().take(80).take_while(|&&byte| in_word(byte)).count();
        let user_start = super::paths::ceil_boundary(search.text, at - user_length);
        let user = search.text[user_start..at].trim_start_matches(['.', '-']);
        let user_start = at - user.len();
        let host_start = at + 1;
        // `'user'@'host'`
        let host_length = search.rest(host_start).iter().take(80).take_while(|&&byte| in_word(byte)).count();
        let host_end = floor_boundary(search.text, host_start + host_length);
        let host = search.text[host_start..host_end].trim_end_matches(['.', '-', '_']);
        let is_address = host.parse::<std::net::Ipv4Addr>().is_ok();
        if user.is_empty()
            || host.is_empty()
            || host.contains('.') && !is_address
            || !is_address && !host.starts_with(|first: char| first.is_ascii_alphabetic())
            || matches!(search.before(user_start), b'@' | b'/' | b'}' | b'>' | b'$')
            || search.at(host_start + host.len()) == b'/'
            || is_one_of(host, &NO_HOSTS)
            || user.starts_with(|first: char| first.is_ascii_digit())
        {
            continue;
        }
        if search.before(user_start) == b':' && user_start >= 2 && search.bytes[user_start - 2].is_ascii_alphanumeric() {
            search.mark(Rule::UrlPassword, user_start..at);
        } else if !is_usual_name(user) && !is_ordinary(user) {
            search.mark(Rule::UserAtHost, user_start..at);
        } else if is_one_of(user, &["git", "workspace", "stash", "head", "main", "master", "origin", "coder"]) {
            continue;
        }
        if !is_address && !is_one_of(host, &["localhost"]) && !is_ordinary(host) {
            search.mark(Rule::HostInSentence, host_start..host_start + host.len());
        }
    }
}

/// Words after which the name of an account or of something else stands, in lower case.
const NOUNS: &[&str] = &[
    "pods", "services", "deployments", "configmaps", "nodes", "serviceaccounts", "jobs", "reviewer", "approver", "contact",
    "user", "users", "username", "owner", "account", "login", "role", "member", "organization", "organisation", "org", "team", "group", "project", "workspace", "workspaces", "template", "namespace",
    "namespaces", "tenant", "customer", "client", "device", "principal", "realm", "agent", "bucket", "database", "repository", "repo", "branch", "pathspec", "person", "author", "assignee", "reviewer",
    "subscription", "company", "schema", "impersonate", "employee", "license", "machine", "vm", "pod", "service account",
];

/// Those of [`NOUNS`] after which a word without digits or hyphens can be a name.
const PEOPLE: [&str; 14] = [
    "user", "username", "owner", "account", "role", "member", "organization", "organisation", "org", "team", "tenant", "customer", "company", "author",
];

/// Words after which a name stands, in lower case, each as it stands before the name.
const PHRASES: &[&str] = &[
    "credentials for ", "authentication failed for ", "failed for ", "login for ", "session of ", "session for ", "held by ", "locked by ", "started by ", "opened by ", "password for ", "quota for ",
    "home directory of ", "denied to ", "denied for ", "invitation to ", "invite for ", "sudo -u ", "su - ", "chown ", "refs to ", "mail to ", "welcome back, ", "welcome, ", "hello ", "hello, ", "dear ", "hi ", "net user ", "getent passwd ",
    "kubectl -n ", "named ",
    "logged in as ", "signed in as ", "authenticated as ", "login as ", "log in as ", "running as ", "impersonate ", "impersonating ", "as user ", "for user ", "expected user ", "switched to user ", "on behalf of ",
    "owned by ", "created by ", "requested by ", "assigned to ", "invited by ", "sudo: ", "su: ", "switch user ", "act as ", "run as ", "approved by ",
];

/// Marks names by the words around them.
pub(super) fn check_sentences(search: &mut Search<'_, '_>) {
    let mut word_start = 0;
    while word_start < search.bytes.len() {
        let length = search.rest(word_start).iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let word_end = word_start + length;
        if length >= 2 && length <= 12 && is_one_of(&search.text[word_start..word_end], NOUNS) && !in_word(search.before(word_start)) {
            check_noun(search, word_start, word_end);
        }
        word_start = word_end.max(word_start + 1);
    }
    for at in memchr_iter(b' ', search.bytes) {
        let from = floor_boundary(search.text, (at + 1).saturating_sub(32));
        let before = &search.text[from..=at];
        let phrase = PHRASES.iter().find(|phrase| {
            before.len() >= phrase.len() && before.as_bytes()[before.len() - phrase.len()..].eq_ignore_ascii_case(phrase.as_bytes())
                && !before.as_bytes()[..before.len() - phrase.len()].last().is_some_and(u8::is_ascii_alphanumeric)
        });
        if phrase.is_some() {
            let (start, end, is_quoted) = name_at(search, at + 1);
            let name = &search.text[start..end];
            if !is_blank(name) && (is_quoted || !is_ordinary(name)) && !is_usual_name(name) && !is_number(name) && name.len() > 2 && name.starts_with(char::is_alphanumeric) {
                mark_name(search, start, end);
            }
        }
    }
    check_user_ids(search);
    check_companies(search);
}

/// Checks the name after a noun.
fn check_noun(search: &mut Search<'_, '_>, noun_start: usize, noun_end: usize) {
    let after_noun = match search.bytes.get(noun_end) {
        Some(b' ') => noun_end + 1,
        _ => return,
    };
    let named = if search.rest(after_noun).starts_with(b"named ") { 6 } else { 0 };
    let (start, end, is_quoted) = name_at(search, after_noun + named);
    let name = &search.text[start..end];
    if name.len() < 2 || is_blank(name) || is_number(name) || is_usual_name(name) {
        return;
    }
    if is_quoted {
        if !is_ordinary(name) {
            mark_name(search, start, end);
        }
        return;
    }
    if !name.starts_with(char::is_alphabetic) || is_ordinary(name) || names_no_account(search, start, end) {
        return;
    }
    let noun = &search.text[noun_start..noun_end];
    let has_form = name.contains(['_', '-', '/', '.']) || name.bytes().any(|byte| byte.is_ascii_digit());
    let rest = &search.text[end..];
    let is_followed = rest.is_empty() || [" is ", " was ", " does ", " has ", " not ", " cannot ", " requires ", " can't ", " already ", " (", ":", ",", "."].iter().any(|follower| rest.starts_with(follower));
    if has_form && !is_one_of(noun, &["license", "client", "login"]) || is_followed && name.len() >= 4 && is_one_of(noun, &PEOPLE) {
        mark_name(search, start, end);
    }
}

/// Whether the word is a file, a path, a call or an option.
fn names_no_account(search: &Search<'_, '_>, start: usize, end: usize) -> bool {
    matches!(search.at(end), b'(' | b'=' | b'{' | b'<' | b'*' | b'@') || search.before(start) == b'-' || search.text[start..end].contains("://")
}

/// The name at `start`: its span without quotes, and whether it has quotes.
fn name_at(search: &Search<'_, '_>, start: usize) -> (usize, usize, bool) {
    /// The longest name that is looked at.
    const LONGEST: usize = 128;
    let quote = search.at(start);
    if matches!(quote, b'"' | b'\'' | b'`') {
        let from = start + 1;
        let length = search.rest(from).iter().take(LONGEST).position(|&byte| byte == quote);
        if let Some(length) = length {
            return (from, from + length, true);
        }
    }
    let length = search.rest(start).iter().take(LONGEST).take_while(|&&byte| in_word(byte) || byte == b'/').count();
    let end = floor_boundary(search.text, start + length);
    (start, start + search.text[start..end].trim_end_matches(['.', '/', '-', '_']).len(), false)
}

/// Marks a name without the branch's folder before it.
fn mark_name(search: &mut Search<'_, '_>, start: usize, end: usize) {
    search.mark(Rule::NameInSentence, start..end);
}

/// Marks the name of `uid=1000(NAME)`.
fn check_user_ids(search: &mut Search<'_, '_>) {
    for at in memmem::find_iter(search.bytes, b"uid=") {
        let digits = search.rest(at + 4).iter().take(12).take_while(|byte| byte.is_ascii_digit()).count();
        let open = at + 4 + digits;
        if digits == 0 || search.at(open) != b'(' {
            continue;
        }
        let length = search.rest(open + 1).iter().take(80).take_while(|&&byte| byte != b')').count();
        let end = floor_boundary(search.text, open + 1 + length);
        if !is_usual_name(&search.text[open + 1..end]) {
            search.mark(Rule::NameInSentence, open + 1..end);
        }
    }
    // `sudo: NAME is not in the sudoers file`.
    for follower in SUBJECT_FOLLOWERS {
        for at in memmem::find_iter(search.bytes, follower.as_bytes()) {
            let length = search.bytes[..at].iter().rev().take(80).take_while(|&&byte| in_name(byte)).count();
            let start = super::paths::ceil_boundary(search.text, at - length);
            let name = &search.text[start..at];
            if !is_ordinary(name) && !is_usual_name(name) && name.len() > 2 && name.starts_with(char::is_alphabetic) {
                let start = with_words_before(search, start, name);
                search.mark(Rule::NameInSentence, start..at);
            }
        }
    }
    check_listings(search);
}

/// What follows the name of somebody who did something, or may not.
const SUBJECT_FOLLOWERS: [&str; 22] = [
    " is not in the sudoers", " is not a member of", " is not allowed to run sudo", " is not authorized", " has no access", " does not have permission", " does not have access", " has been suspended",
    " has been invited", " has been removed from", " left the organization", " joined the organization", ": no such user", "': no such user", " requested access", " : user NOT in sudoers", " requested changes", " has logged in", " has logged out",
    " logged in from", " is logged in", " approved the",
];

/// The start of a name with the words in upper case before it.
fn with_words_before(search: &Search<'_, '_>, start: usize, name: &str) -> usize {
    if !name.starts_with(char::is_uppercase) || start == 0 || search.bytes[start - 1] != b' ' {
        return start;
    }
    let length = search.bytes[..start - 1].iter().rev().take(60).take_while(|&&byte| in_name(byte)).count();
    let from = super::paths::ceil_boundary(search.text, start - 1 - length);
    let word = &search.text[from..start - 1];
    if word.starts_with(char::is_uppercase) && !is_ordinary(word) { from } else { start }
}

/// Marks the owner in a line of `ls -l`, and the account of a line of `/etc/passwd`.
fn check_listings(search: &mut Search<'_, '_>) {
    for at in memmem::find_iter(search.bytes, b"r-x ").chain(memmem::find_iter(search.bytes, b"r-- ")).chain(memmem::find_iter(search.bytes, b"--- ")) {
        let Some(mode_start) = at.checked_sub(7) else { continue };
        let is_mode = search.bytes[mode_start..at + 3].iter().all(|byte| b"drwxstlSTbcp-".contains(byte));
        if !is_mode {
            continue;
        }
        let end = floor_boundary(search.text, (at + 200).min(search.text.len()));
        let line = &search.text[at + 4..end];
        let mut from = at + 4;
        for (index, word) in line.split(' ').filter(|word| !word.is_empty()).take(3).enumerate() {
            let offset = from + search.text[from..].find(word).unwrap_or(0);
            if index > 0 && !is_usual_name(word) && !is_number(word) {
                search.mark(Rule::NameInSentence, offset..offset + word.len());
            }
            from = offset + word.len();
        }
    }
    for at in memmem::find_iter(search.bytes, b":x:") {
        if !search.at(at + 3).is_ascii_digit() {
            continue;
        }
        let length = search.bytes[..at].iter().rev().take(40).take_while(|&&byte| in_name(byte)).count();
        let start = super::paths::ceil_boundary(search.text, at - length);
        if !is_usual_name(&search.text[start..at]) {
            search.mark(Rule::NameInSentence, start..at);
        }
        // name:x:user id:group id:full name:home:shell
        let line_end = floor_boundary(search.text, (at + 300).min(search.text.len()));
        let mut fields = search.text[at + 3..line_end].split(':');
        let ids = fields.next().map_or(0, str::len) + fields.next().map_or(0, str::len) + 2;
        if let Some(full_name) = fields.next() {
            let start = at + 3 + ids;
            search.mark(Rule::NameInSentence, start..start + full_name.trim_end_matches(',').len());
        }
    }
}

/// Marks the words before the legal form of a company.
fn check_companies(search: &mut Search<'_, '_>) {
    for at in memchr_iter(b' ', search.bytes) {
        let rest = &search.text[at + 1..];
        let length = rest.bytes().take(10).take_while(|&byte| byte.is_ascii_alphabetic() || matches!(byte, b'.' | b'/')).count();
        let form = &rest[..length];
        if !LEGAL_FORMS.contains(&form) && !LEGAL_FORMS.contains(&form.trim_end_matches('.')) {
            continue;
        }
        // The word before, and further ones in upper case.
        let mut start = at;
        for count in 0..4 {
            let end = if count == 0 { start } else { start - 1 };
            let word = search.bytes[..end].iter().rev().take(60).take_while(|&&byte| in_name(byte) || byte == b'&').count();
            let from = super::paths::ceil_boundary(search.text, end - word);
            let name = &search.text[from..end];
            if name.is_empty() || count > 0 && !name.starts_with(char::is_uppercase) {
                break;
            }
            if count == 0 && (is_ordinary(name) && !name.starts_with(char::is_uppercase) || is_number(name)) {
                break;
            }
            start = from;
            if from == 0 || search.bytes[from - 1] != b' ' {
                break;
            }
        }
        if start < at {
            search.mark(Rule::CompanyName, start..at);
        }
    }
}

/// Segments of routes and resources after which a name stands, in lower case.
const COLLECTIONS: &[&str] = &[
    "users", "members", "groups", "organizations", "orgs", "workspace", "workspaces", "tasks", "templates", "projects", "resourcegroups", "teams", "accounts", "owners", "repos", "tenants", "namespaces",
    "provisionerdaemons", "apps", "buckets", "customers", "subscriptions", "profiles", "agents", "people", "clusters",
];

/// Segments after a collection that are no name: routes of Coder's API. Ordinary words are not listed.
const ROUTE_WORDS: [&str; 24] = [
    "authmethods", "oauth2", "oidc", "otp", "oauth2-provider", "me", "first", "default", "roles", "oidc-claims", "validate-password", "convert-login", "keys", "tokens", "tokenconfig",
    "buildinfo", "appearance", "gitsshkey", "scim", "autofill-parameters", "quiet-hours", "idpsync", "jobs", "acl",
];

/// Marks names in routes, resources and branches.
pub(super) fn check_routes(search: &mut Search<'_, '_>) {
    for at in memchr_iter(b'/', search.bytes) {
        let length = search.bytes[..at].iter().rev().take(24).take_while(|&&byte| in_word(byte)).count();
        let start = super::paths::ceil_boundary(search.text, at - length);
        let segment = &search.text[start..at];
        let name_start = at + 1;
        let is_at_start = start == 0 || !matches!(search.bytes[start - 1], b'~' | b'@' | b'$' | b'{');
        if is_at_start && is_one_of(segment, COLLECTIONS) {
            check_route_name(search, name_start);
        } else if is_one_of(segment, &BRANCH_FOLDERS) && (start == 0 || matches!(search.before(start), b' ' | b'\'' | b'"' | b'/' | b'`' | b'(')) {
            let (from, end, _) = name_at(search, name_start);
            let name = &search.text[from..end];
            if !name.is_empty() && !is_ordinary(name) && !is_blank(name) && !is_number(name) && !is_file_name(name) {
                search.mark(Rule::BranchName, from..end);
            }
        }
        // `/@NAME/workspace`
        if search.at(name_start) == b'@' && matches!(search.before(at), b' ' | b'"' | b'\'') | (at == 0) | search.before(at).is_ascii_alphanumeric() {
            let from = name_start + 1;
            let length = search.rest(from).iter().take(80).take_while(|&&byte| in_name(byte)).count();
            let end = floor_boundary(search.text, from + length);
            let name = &search.text[from..end];
            if search.at(end) == b'/' && !is_usual_name(name) && !is_in_packages(search, at) {
                search.mark(Rule::NameInRoute, from..end);
            }
        }
    }
}

/// Marks the repository of a remote, as in `git@HOST:COMPANY/REPOSITORY.git` and `https://HOST/COMPANY/REPOSITORY.git`, and
/// the service account of Kubernetes.
pub(super) fn check_repositories(search: &mut Search<'_, '_>) {
    for at in memmem::find_iter(search.bytes, b".git") {
        if search.at(at + 4).is_ascii_alphanumeric() {
            continue;
        }
        let length = search.bytes[..at].iter().rev().take(200).take_while(|&&byte| in_name(byte) || byte == b'/' || byte == b'~').count();
        let start = super::paths::ceil_boundary(search.text, at - length);
        let path = &search.text[start..at];
        // The path follows a host and a colon, or a URL's host.
        let skip = match (search.before(start), path.strip_prefix("//")) {
            (b':', Some(rest)) => path.len() - rest.find('/').map_or("", |slash| &rest[slash + 1..]).len(),
            (b':', None) => usize::from(path.starts_with('/')),
            _ => continue,
        };
        if path[skip..].contains('/') {
            search.mark(Rule::NameInRoute, start + skip..at);
        }
    }
    for at in memmem::find_iter(search.bytes, b"serviceaccount:") {
        let start = at + 15;
        let length = search.rest(start).iter().take(200).take_while(|&&byte| in_name(byte) || byte == b':').count();
        search.mark(Rule::NameInSentence, start..floor_boundary(search.text, start + length));
    }
    for prefix in ["refs/heads/", "refs/remotes/origin/", "refs/pull/", "origin/"] {
        for at in memmem::find_iter(search.bytes, prefix.as_bytes()) {
            let (start, end, _) = name_at(search, at + prefix.len());
            let name = &search.text[start..end];
            if !name.is_empty() && !is_ordinary(name) && !is_usual_name(name) && !is_blank(name) && !is_number(name) {
                search.mark(Rule::BranchName, start..end);
            }
        }
    }
}

/// Marks `@NAME` in a sentence.
pub(super) fn check_mentions(search: &mut Search<'_, '_>) {
    const NO_MENTIONS: [&str; 30] = [
        "deprecated", "override", "param", "returns", "return", "media", "import", "charset", "supports", "keyframes", "internal", "example", "see", "throws", "todo", "author", "types", "everyone", "here", "channel", "type",
        "template", "property", "import", "apply", "include", "latest", "vscode", "coder", "workspace",
    ];
    for at in memchr_iter(b'@', search.bytes) {
        if at == 0 || search.bytes[at - 1] != b' ' || search.before(at - 1) == b',' {
            continue;
        }
        let length = search.rest(at + 1).iter().take(60).take_while(|&&byte| in_name(byte)).count();
        let end = floor_boundary(search.text, at + 1 + length);
        let name = search.text[at + 1..end].trim_end_matches(['.', '\'']);
        let end = at + 1 + name.len();
        if name.len() >= 3 && name.starts_with(char::is_alphabetic) && !is_one_of(name, &NO_MENTIONS) && !is_ordinary(name) && !matches!(search.at(end), b'/' | b'(' | b'{' | b'@') {
            search.mark(Rule::NameInSentence, at + 1..end);
        }
    }
}

/// Folders of branches that people make.
const BRANCH_FOLDERS: [&str; 12] = ["feature", "feat", "features", "bugfix", "hotfix", "fix", "wip", "user", "topic", "release", "chore", "task"];

/// Whether a path is one of scoped packages: `node_modules/@types/node`.
fn is_in_packages(search: &Search<'_, '_>, at: usize) -> bool {
    search.text[..at].ends_with("node_modules") || search.text[..at].ends_with("npm") || search.text[..at].ends_with("registry")
}

fn is_file_name(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, ending)| (2..=4).contains(&ending.len()) && ending.bytes().all(|byte| byte.is_ascii_lowercase()))
}

fn check_route_name(search: &mut Search<'_, '_>, start: usize) {
    let length = search.rest(start).iter().take(128).take_while(|&&byte| in_name(byte) || byte == b'%').count();
    let end = floor_boundary(search.text, start + length);
    let name = search.text[start..end].trim_end_matches(['.', ',']);
    let end = start + name.len();
    if name.len() < 2
        || is_blank(name)
        || is_number(name)
        || is_usual_name(name)
        || is_ordinary(name)
        || is_one_of(name, &ROUTE_WORDS)
        || is_file_name(name)
        || !name.starts_with(char::is_alphanumeric)
        || name.len() == 36 && name.bytes().filter(|&byte| byte == b'-').count() == 4
    {
        return;
    }
    search.mark(Rule::NameInRoute, start..end);
}
