//! Host names: in URLs, under a top-level domain, in network paths, and by the words around them.

use std::collections::HashSet;
use std::sync::LazyLock;

use memchr::{memchr_iter, memmem};

use super::characters::{in_word, name_begins, runs};
use super::emails::is_email_domain;
use super::kinds::Rule;
use super::marks::Search;
use super::words::{in_name, is_blank, is_number, is_one_of, is_ordinary, is_usual_name};

/// Schemes whose URLs name an extension or a part of the editor instead of a host.
const HOSTLESS_SCHEMES: [&str; 16] = [
    "vscode", "vscode-insiders", "vscodium", "cursor", "windsurf", "vscode-file", "vscode-webview", "vscode-resource", "vscode-userdata", "webpack",
    "webpack-internal", "node", "extension", "chrome-extension", "output", "coder-remote",
];

/// The registry's top-level domains, sorted.
static TOP_LEVEL_DOMAINS: LazyLock<HashSet<&str>> = LazyLock::new(|| include_str!("top_level_domains.txt").lines().collect());

/// Last labels that no registry has, for networks inside companies.
pub(super) const INTERNAL_ENDINGS: [&str; 16] = [
    "internal", "local", "lan", "corp", "home", "intranet", "private", "test", "example", "invalid", "localdomain", "consul", "cluster", "coder", "ad",
    "domain",
];

/// Top-level domains that are also endings of files, members of objects in code, or words of event names. They count
/// only in a place where a host is, or after two other labels of which the first is no word of code.
pub(super) const AMBIGUOUS_ENDINGS: &[&str] = &[
    // Files.
    "rs", "sh", "py", "md", "ts", "so", "pl", "ps", "cc", "mm", "am", "tf", "vi", "pm", "st", "la", "mk", "gd", "ml", "ms", "cs", "js", "kt", "zip", "mov", "ai",
    "bz", "cab", "bat", "bin", "doc", "docs", "pub", "sum", "lc", "py", "java", "swift", "vue", "rst", "hs", "ex", "nim",
    // Code.
    "id", "in", "at", "to", "is", "it", "no", "be", "me", "do", "as", "so", "info", "name", "data", "date", "run", "open", "call", "host", "page", "link", "map",
    "map", "search", "select", "tab", "menu", "now", "one", "next", "read", "save", "show", "report", "support", "watch", "click", "domains", "download", "drive", "email",
    "events", "exchange", "final", "fit", "fun", "global", "help", "here", "how", "new", "news", "off", "pid", "ping", "play", "prime", "pro", "review", "reviews",
    "secure", "security", "total", "target", "media", "group", "properties", "property", "test", "compare", "dot", "int", "case", "star", "fish", "soy", "dm", "coffee", "shell", "sas", "gn", "ng",  "storage", "store", "style", "team", "tools", "top", "video", "win", "windows", "work", "zone", "build", "live", "inc", "app", "box",
];

/// First labels of names of code, settings and events.
const CODE_LABELS: &[&str] = &[
    "this", "self", "window", "document", "console", "process", "module", "exports", "require", "path", "err", "error", "errors", "req", "res", "request", "response", "event",
    "events", "e", "ctx", "context", "config", "settings", "options", "args", "params", "props", "state", "store", "vscode", "workbench", "editor", "workspace", "files", "search", "explorer", "terminal",
    "debug", "extensions", "extension", "telemetry", "coder", "remote", "ssh", "http", "https", "connection", "auth", "cli", "command", "commands", "deployment", "activation", "log", "logger", "logs",
    "math", "json", "object", "array", "string", "number", "promise", "date", "map", "set", "symbol", "system", "os", "fs", "io", "net", "url", "util", "crypto", "buffer", "stream", "java", "javax", "org", "android", "kotlin", "scala", "std", "core", "alloc",
    "keyword", "punctuation", "variable", "constant", "entity", "support", "storage", "meta", "comment", "invalid", "expression", "declaration", "tool", "elem", "prototype", "summary", "metrics", "productions", "opts", "sch", "exports", "template", "new", "tag", "first", "condition", "sign", "enclosure", "identity", "main", "index", "app", "package", "tsconfig", "vite", "node", "npm", "python", "service", "client", 
];

/// Names of software that look like host names.
const SOFTWARE: [&str; 14] = [
    "asp.net", "vb.net", "ado.net", "ml.net", "f#.net", "socket.io", "draw.io", "system.io", "node.js", "next.js", "paint.net", "json.net", "engine.io",
    "log4net",
];

/// Domains of public modules of code, whose paths are in stack frames.
const MODULE_HOSTS: &[&str] = &[
    "kubernetes.io", "app.kubernetes.io", "opentelemetry.io", "golang.org", "google.golang.org", "go.opentelemetry.io", "go.uber.org", "gopkg.in", "github.com", "gitlab.com", "bitbucket.org", "k8s.io", "sigs.k8s.io", "gvisor.dev", "tailscale.com", "cdr.dev",
    "coder.com", "storj.io", "nhooyr.io", "inet.af", "go4.org", "cloud.google.com", "go.starlark.net", "modernc.org", "software.sslmate.com", "filippo.io", "honnef.co",
    "dario.cat", "gonum.org",
];

/// The beginning of the SSH host names that the extension writes for workspaces. The deployment, the owner and the
/// workspace follow.
pub(super) const WORKSPACE_ALIAS: &str = "coder-vscode";

/// Marks passwords and hosts of URLs.
pub(super) fn check_urls(search: &mut Search<'_, '_>) {
    for at in memchr_iter(b':', search.bytes) {
        if search.rest(at).starts_with(b"://") {
            check_url(search, at, at + 3, false);
        }
    }
    if search.text.contains("%2") {
        for at in memmem::find_iter(search.bytes, b"%3A%2F%2F").chain(memmem::find_iter(search.bytes, b"%3a%2f%2f")) {
            check_url(search, at, at + 9, true);
        }
    }
}

/// Checks the URL whose scheme ends at `at` and whose authority begins at `start`.
fn check_url(search: &mut Search<'_, '_>, at: usize, start: usize, is_encoded: bool) {
    let rest = &search.text[start..];
    let ends = |byte: u8| matches!(byte, 0..=b' ' | b'/' | b'\\' | b'?' | b'#' | b'"' | b'\'' | b'`' | b'<' | b'>' | b'(' | b')' | b',');
    let length = (0..rest.len())
        .find(|&end| ends(rest.as_bytes()[end]) || is_encoded && matches!(rest.as_bytes()[end], b'%' | b'&'))
        .unwrap_or(rest.len());
    let mut authority = &rest[..length];
    // A semicolon ends a URL of a connection string, but may stand in the user info.
    let user_length = authority.rfind('@');
    let host_from = user_length.map_or(0, |length| length + 1);
    if let Some(semicolon) = authority[host_from..].find(';') {
        authority = &authority[..host_from + semicolon];
    }
    if let Some(length) = user_length {
        check_user_info(search, start, start + length);
    }
    let scheme_start = search.bytes[..at]
        .iter()
        .rev()
        .take(24)
        .take_while(|&&byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.'))
        .count();
    let scheme = &search.text[at - scheme_start..at];
    if is_one_of(scheme, &HOSTLESS_SCHEMES) {
        return;
    }
    let host = authority[host_from..].split(':').next().unwrap_or_default();
    let host = host.trim_end_matches('.');
    let from = start + host_from;
    // In `vscode-remote://ssh-remote+HOST`, the host is behind the plus.
    let prefix = host.find('+').map_or(0, |plus| plus + 1);
    if is_host(host) && !host[prefix..].is_empty() {
        search.mark(Rule::UrlHost, from + prefix..from + host.len());
    }
}

/// Marks the password of a URL, or a token in the place of the user.
fn check_user_info(search: &mut Search<'_, '_>, start: usize, end: usize) {
    let info = &search.text[start..end];
    match info.split_once(':') {
        Some((user, password)) if !is_blank(password) => {
            let from = start + user.len() + 1;
            search.mark(Rule::UrlPassword, from..end);
            if user.len() >= 20 && user.bytes().any(|byte| byte.is_ascii_digit()) {
                search.mark(Rule::TokenUnderKey, start..start + user.len());
            } else if !is_usual_name(user) && !is_ordinary(user) && !is_blank(user) {
                search.mark(Rule::UserAtHost, start..start + user.len());
            }
        }
        _ => {
            let user = info.trim_end_matches(':');
            if !is_usual_name(user) && !is_ordinary(user) && !is_blank(user) {
                search.mark(Rule::UserAtHost, start..start + user.len());
            }
        }
    }
}

/// Whether `name` can be the name of a host other than this machine.
pub(super) fn is_host(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    name_begins(name, 0)
        && !ends_with_localhost(name.as_bytes())
        && name.bytes().any(|byte| !(byte.is_ascii_digit() || byte == b'.'))
        && !is_blank(name)
}

/// Whether the last label of `name` is `localhost`.
fn ends_with_localhost(name: &[u8]) -> bool {
    name.rsplit(|&byte| byte == b'.').next().is_some_and(|label| label.eq_ignore_ascii_case(b"localhost"))
}

/// Marks dotted names under a top-level domain, aliases of workspaces, and names of machines.
pub(super) fn check_names(search: &mut Search<'_, '_>) {
    let text = search.text;
    for (at, word) in runs(text, in_word) {
        if word.len() < 4 {
            continue;
        }
        if let Some(rest) = word.strip_prefix(WORKSPACE_ALIAS)
            && (rest.starts_with('.') || rest.starts_with("--"))
        {
            search.mark(Rule::WorkspaceAlias, at..at + word.trim_end_matches(['.', '-']).len());
            continue;
        }
        if let Some(span) = dotted_name(search, at, word) {
            if !is_email_domain(search, span.start) && !is_email_domain(search, at) {
                search.mark(Rule::DottedName, span);
            }
        } else if is_machine_name(word) {
            search.mark(Rule::MachineName, at..at + word.len());
        }
    }
}

/// The host name in `word`, which begins at `at`.
fn dotted_name(search: &Search<'_, '_>, at: usize, word: &str) -> Option<std::ops::Range<usize>> {
    let after = at + word.len();
    if search.at(after) == b'(' {
        return None;
    }
    let name = word.trim_matches(|character: char| !character.is_alphanumeric() && character != '.' && character != '_');
    // The word may begin with the `2F` of a separator.
    let cut = if search.before(at) == b'%' && name.get(..2).is_some_and(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit())) { 2 } else { 0 };
    let start = at + word.find(name)? + cut;
    let name = name[cut..].split("--").next().unwrap_or_default().trim_end_matches(['.', '_', '-']);
    // File names that begin with a dot are settings (`.env.local`).
    // The name behind the wildcard of a certificate begins with a dot, too.
    let is_wildcard = name.starts_with('.') && search.before(at) == b'*';
    let (start, name) = if is_wildcard { (start + 1, &name[1..]) } else { (start, name) };
    if name.starts_with('.') || name.contains("..") {
        return None;
    }
    let (before, ending) = name.rsplit_once('.')?;
    if ending.len() > 24 || ending.len() < 2 || !before.ends_with(char::is_alphanumeric) {
        return None;
    }
    let mut lower = ending.to_lowercase();
    // Names of properties and classes have upper case after lower case.
    let is_code_case = ending.bytes().any(|byte| byte.is_ascii_uppercase()) && ending.bytes().any(|byte| byte.is_ascii_lowercase());
    if is_code_case || !labels_are_fine(before) || is_one_of(name, &SOFTWARE) {
        return None;
    }
    // `index.js.map` is a file.
    let before_ending = before.rsplit('.').next().unwrap_or_default();
    if is_one_of(before_ending, &["js", "mjs", "cjs", "css", "d", "ts", "tar", "min", "spec"]) {
        return None;
    }
    // Bundles of macOS look like host names.
    if lower == "app" && search.rest(after).starts_with(b"/Contents") {
        return None;
    }
    let is_internal = INTERNAL_ENDINGS.contains(&lower.as_str());
    if !is_internal && !is_top_level_domain(&mut lower) {
        return None;
    }
    let end = start + name.len();
    if is_module_path(search, name, end) {
        return None;
    }
    let labels = before.split('.').count();
    let first = before.split('.').next().unwrap_or_default();
    let counts = if in_host_place(search, start, end) {
        true
    } else if AMBIGUOUS_ENDINGS.contains(&lower.as_str()) {
        labels >= 2 && !is_one_of(first, CODE_LABELS) && !name.contains('_') && !before.split('.').all(is_ordinary)
    } else {
        // Names of packages are host names from behind.
        !(is_one_of(first, &["com", "org", "net", "java", "javax", "io"]) && labels >= 2)
            && !(is_one_of(first, CODE_LABELS) && (labels == 1 || is_internal && labels == 2))
            && !(labels == 1 && ends_with_localhost(lower.as_bytes()))
            && !before.split('.').any(|label| label.contains('_') && !label.starts_with('_'))
            && !(lower == "coder" && first == "coder" && labels == 1)
    };
    counts.then_some(start..end)
}

/// Whether the labels before the ending can be those of a host.
fn labels_are_fine(labels: &str) -> bool {
    labels.split('.').all(|label| {
        !label.is_empty()
            && label.len() <= 63
            && !label.bytes().zip(label.bytes().skip(1)).any(|(one, next)| one.is_ascii_lowercase() && next.is_ascii_uppercase())
    })
}

fn is_top_level_domain(ending: &mut str) -> bool {
    TOP_LEVEL_DOMAINS.contains(&*ending) || ending.starts_with("xn--")
}

/// Whether a name is a public module whose function follows, as in a stack frame: `golang.org/x/net.(*Conn).Read`.
fn is_module_path(search: &Search<'_, '_>, name: &str, end: usize) -> bool {
    /// The longest path of a function that is looked at.
    const LONGEST: usize = 200;
    if search.at(end) != b'/' || !is_one_of(name, MODULE_HOSTS) {
        return false;
    }
    let path = search.rest(end).iter().take(LONGEST).take_while(|&&byte| byte > b' ').count();
    let path = &search.bytes[end..end + path];
    // A path of modules in general, such as `golang.org/x/net`, or a function.
    memmem::find(path, b".(").is_some() || path.contains(&b'(') || !matches!(name, "github.com" | "gitlab.com" | "bitbucket.org" | "coder.com")
}

/// Whether the text around a name says that a host is there.
fn in_host_place(search: &Search<'_, '_>, start: usize, end: usize) -> bool {
    let is_port = search.at(end) == b':'
        && search.at(end + 1).is_ascii_digit()
        && {
            let digits = search.rest(end + 1).iter().take(6).take_while(|byte| byte.is_ascii_digit()).count();
            // `main.rs:12:9` is a place in a file.
            (2..=5).contains(&digits) && search.at(end + 1 + digits) != b':'
        }
        && !search.text[start..end].ends_with(".rs") && !search.text[start..end].ends_with(".py") && !search.text[start..end].ends_with(".ts");
    is_port || words_before_say_host(&search.text[..start])
}

/// Words after which a host stands, in lower case, each with the blank or the mark before the name.
const HOST_PHRASES: &[&str] = &[
    "enotfound ", "eai_again ", "tcp: lookup ", "udp: lookup ", "connect to host ", "connect to ", "connecting to ", "connected to ", "resolve hostname ", "resolve host: ",
    "resolve host ", "host address '", "host address ", "name resolution: ", "of host '", "of host \"", "host: ", "hostname: ", "valid for ", "certificate for ", "ssh-remote+", "ping ",
    "connection to ", "disconnected from ", "reach host ", "unreachable: ", "no such host: ", "proxy ", "via ", "server ", "server at ", "to server ", "from host ", "on host ", "via host ", "lookup ", "ssh: connect to ", "dial ", "known host ", "host '", "host \"", "host name ",
    "issuer certificate for ", "host ", "dial tcp ", "linux ", "nslookup ", "telnet ", "dig ", "traceroute ", "tracert ", "nc ", "/v:", "tcp:", "unc\\", "etimedout ", "econnrefused ", "econnreset ", "ehostunreach ", "unknown host ", "machine ", "node ", "server '", "server \"",  "curl: (6) could not resolve host: ", "logged in to ", "signed in to ",
];

/// Whether a text ends with words after which a host stands.
fn words_before_say_host(before: &str) -> bool {
    host_phrase(before).is_some()
}

fn host_phrase(before: &str) -> Option<&'static str> {
    HOST_PHRASES.iter().copied().find(|phrase| {
        before.len() >= phrase.len()
            && before.as_bytes()[before.len() - phrase.len()..].eq_ignore_ascii_case(phrase.as_bytes())
            && !before.as_bytes()[..before.len() - phrase.len()].last().is_some_and(|&byte| byte.is_ascii_alphanumeric() && phrase.as_bytes()[0].is_ascii_alphanumeric())
    })
}

/// Whether a name is one that Windows or a cloud gives to a machine: `DESKTOP-7KQ2M4V`, `WIN-5RTK20QLM8P`, `ip-10-0-0-7`.
fn is_machine_name(word: &str) -> bool {
    let windows = ["DESKTOP-", "LAPTOP-", "WIN-"].iter().find_map(|prefix| word.strip_prefix(prefix));
    if windows.is_some_and(|rest| {
        (7..=11).contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    }) {
        return true;
    }
    word.strip_prefix("ip-").is_some_and(|rest| {
        let parts: Vec<&str> = rest.split('-').collect();
        parts.len() == 4 && parts.iter().all(|part| part.len() <= 3 && is_number(part))
    })
}

/// Marks the server of a network path, `\\SERVER\share` or `//SERVER/share`, also with doubled backslashes. `\\?\`,
/// `\\.\` and `\\wsl$\` do not count.
pub(super) fn check_network_paths(search: &mut Search<'_, '_>) {
    for pair in [br"\\", b"//"] {
        for at in memmem::find_iter(search.bytes, pair) {
            let before = search.before(at);
            if !(before <= b' ' || b"\"'`(<[{=,;".contains(&before)) {
                continue;
            }
            let separator = pair[0];
            let count = search.rest(at).iter().take(5).take_while(|&&byte| byte == separator).count();
            let start = at + count;
            let length = search.rest(start).iter().take(256).take_while(|&&byte| in_word(byte)).count();
            let name = &search.bytes[start..start + length];
            if matches!((count, separator), (2, _) | (4, b'\\'))
                && search.at(start + length) == separator
                && length > 1
                && name[0].is_ascii_alphanumeric()
                && !ends_with_localhost(name)
                && search.text.is_char_boundary(start + length)
                && !(separator == b'/' && name.contains(&b'.') )
            {
                search.mark(Rule::UncServer, start..start + length);
            }
        }
    }
}

/// Marks hosts without a dot by the words around them.
pub(super) fn check_sentences(search: &mut Search<'_, '_>) {
    for at in memchr_iter(b' ', search.bytes).chain(memchr_iter(b'+', search.bytes)).chain(memchr_iter(b'\'', search.bytes)).chain(memchr_iter(b'"', search.bytes)).chain(memchr_iter(b':', search.bytes)).chain(memchr_iter(b'\\', search.bytes)) {
        let start = at + 1;
        if !search.text.is_char_boundary(start) {
            continue;
        }
        let from = super::paths::floor_boundary(search.text, start.saturating_sub(40));
        let Some(phrase) = host_phrase(&search.text[from..start]) else { continue };
        let start = start + usize::from(matches!(search.at(start), b'\'' | b'"' | b'`' | b'['));
        let end = host_end(search, start);
        let name = &search.text[start..end];
        // After these only a host stands. After the others, an ordinary word may follow.
        let is_certain = matches!(phrase, "enotfound " | "eai_again " | "tcp: lookup " | "udp: lookup " | "resolve hostname " | "resolve host: " | "ssh-remote+" | "unc\\" | "nslookup " | "telnet " | "tcp:" if phrase != "tcp:" || search.at(end) == b',');
        if is_host(name) && !is_number(name) && (is_certain || looks_like_a_host(name, phrase)) && !is_one_of(name, &["localhost"]) {
            search.mark(Rule::HostInSentence, start..end);
        }
    }
    check_ssh_commands(search);
    check_ports(search);
    check_devices(search);
}

/// Marks names with a port or a path behind them, as `db-prod-03:5432` and `nas-7:/vol`, if they look like a machine's.
fn check_ports(search: &mut Search<'_, '_>) {
    for at in memchr_iter(b':', search.bytes) {
        let length = search.bytes[..at].iter().rev().take(64).take_while(|&&byte| byte.is_ascii_alphanumeric() || byte == b'-').count();
        let start = at - length;
        let name = &search.text[start..at];
        let has_form = name.contains('-') && name.bytes().any(|byte| byte.is_ascii_digit()) && name.as_bytes()[0].is_ascii_alphabetic();
        if !has_form || is_ordinary(name) || !(search.before(start) <= b' ' || matches!(search.before(start), b',' | b'(' | b'@' | b'[' | b'"' | b'\'')) {
            continue;
        }
        let digits = search.rest(at + 1).iter().take(6).take_while(|byte| byte.is_ascii_digit()).count();
        let port: u32 = search.text[at + 1..at + 1 + digits].parse().unwrap_or(0);
        let is_port = digits >= 2
            && (matches!(port, 22 | 25 | 53 | 80 | 88 | 110 | 143 | 389 | 443 | 445 | 465 | 587 | 636 | 993 | 995) || (1024..=65_535).contains(&port))
            && matches!(search.at(at + 1 + digits), b' ' | b',' | b';' | b')' | b'"' | b'\'' | b']' | b'/' | b':' | b'\n' | b'.')
            && !search.at(at + 2 + digits).is_ascii_digit();
        let is_path = search.at(at + 1) == b'/' && search.at(at + 2) != b'/';
        if is_port || is_path {
            search.mark(Rule::HostInSentence, start..at);
        }
    }
}

/// Marks devices that are named after their owner, as in `Annas MacBook Pro`.
fn check_devices(search: &mut Search<'_, '_>) {
    for device in [" MacBook", " iMac", " iPhone", " iPad", "-MacBook", "-MBP", " ThinkPad", " Laptop", " PC"] {
        for at in memmem::find_iter(search.bytes, device.as_bytes()) {
            let length = search.bytes[..at].iter().rev().take(60).take_while(|&&byte| in_name(byte)).count();
            let start = super::paths::ceil_boundary(search.text, at - length);
            let owner = &search.text[start..at];
            let is_owner = owner.ends_with('s') || owner.ends_with("s'") || owner.ends_with("’s");
            if owner.len() >= 4 && is_owner && owner.starts_with(char::is_uppercase) && !is_ordinary(owner) {
                search.mark(Rule::MachineName, start..at + device.len());
            }
        }
    }
}

/// Whether a word after a phrase is a machine's name and not the next word of the sentence.
fn looks_like_a_host(name: &str, phrase: &str) -> bool {
    if is_ordinary(name) || is_usual_name(name) || is_one_of(name, &["a", "an", "the", "this", "that", "it"]) || name.contains('_') {
        return false;
    }
    let has_digit_or_hyphen = name.contains('-') || name.bytes().any(|byte| byte.is_ascii_digit());
    let quoted = phrase.ends_with(['\'', '"']);
    let names_host = phrase.contains("host") || phrase.contains("resolution");
    (has_digit_or_hyphen || quoted || names_host) && !name.contains('.') && name.len() > 2
}

fn host_end(search: &Search<'_, '_>, start: usize) -> usize {
    let length = search.rest(start).iter().take(256).take_while(|&&byte| in_word(byte)).count();
    let end = super::paths::floor_boundary(search.text, start + length);
    start + search.text[start..end].trim_end_matches(['.', '-', '_']).len()
}

/// Marks the target of `ssh`, `scp`, `sftp` and `rsync`, and the `Host` of an SSH configuration.
fn check_ssh_commands(search: &mut Search<'_, '_>) {
    for command in ["ssh ", "sftp ", "mosh ", "ssh-copy-id "] {
        for at in memmem::find_iter(search.bytes, command.as_bytes()) {
            if search.before(at) <= b' ' || matches!(search.before(at), b'"' | b'\'' | b'`' | b'/') {
                check_ssh_target(search, at + command.len());
            }
        }
    }
    for command in ["scp ", "rsync "] {
        for at in memmem::find_iter(search.bytes, command.as_bytes()) {
            if search.before(at) <= b' ' {
                // The target is the word with a colon.
                let start = at + command.len();
                let length = search.rest(start).iter().take(300).take_while(|&&byte| byte != b'\n').count();
                for word in search.text[start..super::paths::floor_boundary(search.text, start + length)].split(' ') {
                    if let Some((target, _)) = word.split_once(':') {
                        let name = target.rsplit('@').next().unwrap_or_default();
                        if let Some(offset) = offset_in(search.text, name)
                            && is_target(name)
                        {
                            search.mark(Rule::HostInSentence, offset..offset + name.len());
                        }
                    }
                }
            }
        }
    }
    for line in search.text.lines() {
        let trimmed = line.trim_start();
        if let Some(name) = trimmed.strip_prefix("Host ")
            && let name = name.trim()
            && !name.contains(' ')
            && is_target(name)
            && let Some(offset) = offset_in(search.text, name)
        {
            search.mark(Rule::HostInSentence, offset..offset + name.len());
        }
    }
}

/// Where `part`, a part of `text`, begins in it.
fn offset_in(text: &str, part: &str) -> Option<usize> {
    (part.as_ptr() as usize).checked_sub(text.as_ptr() as usize)
}

fn check_ssh_target(search: &mut Search<'_, '_>, start: usize) {
    let mut at = start;
    let mut skips = false;
    for word in search.text[start..].split(' ').take(8) {
        let from = at;
        at += word.len() + 1;
        if skips {
            skips = false;
            continue;
        }
        if word.starts_with('-') {
            // Options of one letter have a value, but for those that are flags.
            skips = word.len() == 2 && !b"46AaCfGgKkMNnqsTtVvXxYy".contains(&word.as_bytes()[1]);
            continue;
        }
        let name = word.rsplit('@').next().unwrap_or_default();
        let from = from + word.len() - name.len();
        let length = name.bytes().take_while(|&byte| in_name(byte)).count();
        let name = &search.text[from..super::paths::floor_boundary(search.text, from + length)];
        if is_target(name) {
            search.mark(Rule::HostInSentence, from..from + name.len());
        }
        return;
    }
}

fn is_target(name: &str) -> bool {
    is_host(name) && !is_ordinary(name) && !is_usual_name(name) && name.len() > 2 && !name.contains(['*', '?', '(', '/'])
}
