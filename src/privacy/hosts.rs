//! Host names that are known by their form: dotted names under a top-level domain, aliases of workspaces,
//! names of machines, servers of network paths, and names with a port.

use std::ops::Range;
use std::sync::LazyLock;

use hashbrown::HashMap;
use memchr::{memmem, memrchr};

use super::characters::{in_word, name_begins, runs};
use super::emails::follows_local_part;
use super::kinds::Rule;
use super::marks::Search;
use super::repositories;
use super::shapes::has_inner_capital;
use super::words::{WordSet, is_blank, is_number, is_one_of, is_ordinary, lower_case, names_nobody};

/// The registry's top-level domains. `scripts/update-top-level-domains.mjs` writes the list.
pub(super) const TOP_LEVEL_DOMAINS: &str = include_str!("data/top_level_domains.txt");
/// Last labels of host names inside companies. They are not in the registry.
pub(super) const INTERNAL_ENDINGS: [&str; 18] = [
    "internal",
    "local",
    "lan",
    "corp",
    "home",
    "intranet",
    "private",
    "test",
    "example",
    "invalid",
    "localdomain",
    "consul",
    "cluster",
    "coder",
    "ad",
    "domain",
    "intern",
    "localnet",
];

/// The [`INTERNAL_ENDINGS`] that only occur in host names.
pub(super) const NETWORK_ENDINGS: [&str; 7] =
    ["consul", "corp", "intern", "intranet", "lan", "localdomain", "localnet"];

/// Top-level domains that are also endings of files, members of objects in code, or words of event names.
/// They count only at the place of a host, with a port, or after at least two labels, the first of which is
/// not a word of code.
pub(super) const AMBIGUOUS_ENDINGS: &str = include_str!("data/ambiguous_endings.txt");

/// What a last label means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    /// It is a top-level domain and nothing else.
    Domain,
    /// It is also the ending of a file, or a word of code.
    Ambiguous,
    /// It belongs to networks inside companies.
    Internal,
}

static ENDINGS: LazyLock<HashMap<&'static str, Ending>> = LazyLock::new(|| {
    let domains = TOP_LEVEL_DOMAINS.lines().map(|ending| (ending, Ending::Domain));
    let internal = INTERNAL_ENDINGS.iter().map(|ending| (*ending, Ending::Internal));
    let ambiguous = AMBIGUOUS_ENDINGS.lines().map(|ending| (ending, Ending::Ambiguous));
    domains.chain(internal).chain(ambiguous).collect()
});

impl Ending {
    /// What `label` means. `None` if host names do not end with it.
    fn of(label: &str) -> Option<Self> {
        /// The longest top-level domain, in bytes.
        const LONGEST: usize = 32;
        let mut lower = [0; LONGEST];
        let lower = lower_case(label, &mut lower)?;
        ENDINGS.get(lower).copied().or_else(|| lower.starts_with("xn--").then_some(Self::Domain))
    }
}

/// First labels of names of code, settings and events.
static CODE_LABELS: WordSet = WordSet::new(|| include_str!("data/code_labels.txt").lines().collect());

/// The labels of code that host names of deployments begin with, too.
const DEPLOYMENT_LABELS: [&str; 6] = ["app", "auth", "cdn", "coder", "docs", "git"];

/// First labels of package names, which are reversed host names (`com.example.app`).
const PACKAGE_LABELS: [&str; 6] = ["com", "org", "net", "java", "javax", "io"];

/// Names of software that look like host names.
const SOFTWARE: [&str; 12] = [
    "ado.net",
    "asp.net",
    "draw.io",
    "engine.io",
    "json.net",
    "ml.net",
    "next.js",
    "node.js",
    "paint.net",
    "socket.io",
    "system.io",
    "vb.net",
];

/// Labels before the ending of a file, as in `index.js.map` and `nginx.conf.prod`.
const FILE_LABELS: [&str; 18] = [
    "js", "mjs", "cjs", "css", "d", "ts", "tar", "min", "spec", "conf", "config", "env", "html", "ini",
    "json", "log", "yaml", "yml",
];

/// Endings of source files. A number after them is a line, not a port.
const SOURCE_ENDINGS: [&str; 13] =
    [".cc", ".java", ".md", ".ml", ".mm", ".pl", ".pm", ".ps", ".py", ".rs", ".scala", ".sh", ".ts"];

/// Hosts that are the same on every machine or network.
const HOSTS_EVERYWHERE: [&str; 13] = [
    "cluster.local",
    "gateway.docker.internal",
    "host.containers.internal",
    "host.docker.internal",
    "host.lima.internal",
    "host.minikube.internal",
    "kubernetes.default.svc",
    "kubernetes.default.svc.cluster.local",
    "kubernetes.docker.internal",
    "localhost.localdomain",
    "localhost4.localdomain4",
    "localhost6.localdomain6",
    "metadata.google.internal",
];

/// The beginning of the SSH names that the extension gives to workspaces. The deployment, the owner and the
/// workspace follow.
pub(super) const WORKSPACE_ALIAS: &str = "coder-vscode";

/// The longest host name that is checked.
pub(super) const LONGEST_NAME: usize = 255;

/// Whether `name` can be the name of a host other than this machine.
pub(super) fn is_host(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    name_begins(name, 0)
        && !ends_with_localhost(name)
        && !is_one_of(name, &HOSTS_EVERYWHERE)
        && name.bytes().any(|byte| !(byte.is_ascii_digit() || byte == b'.'))
        && !is_blank(name)
}

/// Whether the last label of `name` is `localhost`.
pub(super) fn ends_with_localhost(name: &str) -> bool {
    name.rsplit('.').next().is_some_and(|label| label.eq_ignore_ascii_case("localhost"))
}

/// Marks dotted names under a top-level domain, aliases of workspaces, hosts of apps, and names of machines.
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
        } else if let Some(address) = word.strip_suffix(IPV6_DOMAIN) {
            search.mark(Rule::Ipv6, at..at + address.len());
        } else if let Some(span) = dotted_name(search, at, word, false) {
            repositories::check_code_host(search, &span);
            if !follows_local_part(search, span.start) && !follows_local_part(search, at) {
                search.mark(Rule::DottedName, span);
            }
        } else if is_machine_name(word) {
            search.mark(Rule::MachineName, at..at + word.len());
        } else if is_app_host(word) {
            search.mark(Rule::WorkspaceAlias, at..at + word.len());
        }
    }
}

/// Marks a dotted name after words that announce a host.
pub(super) fn check_name_in_host_place(search: &mut Search<'_, '_>, start: usize) {
    let end = search.run_end(start, usize::MAX, in_word);
    if end - start >= 4
        && let Some(span) = dotted_name(search, start, &search.text[start..end], true)
    {
        search.mark(Rule::DottedName, span);
    }
}

/// The host name in `word`, which begins at `at`.
fn dotted_name(search: &Search<'_, '_>, at: usize, word: &str, in_host_place: bool) -> Option<Range<usize>> {
    let after = at + word.len();
    if !may_be_host(search, after, word, in_host_place) {
        return None;
    }
    let Range { start, end } = name_in_word(search, at, word)?;
    let name = &search.text[start..end];
    let (before, last_label) = name.rsplit_once('.')?;
    let ending = Ending::of(last_label)?;
    // The names of certificates can have a wildcard.
    let is_place = in_host_place || has_port(search, start, end) || search.ends_with(start, "*.");
    if ending == Ending::Ambiguous && !is_place && !before.contains('.') {
        return None;
    }
    // A call, or a bundle of macOS.
    if search.at(after) == b'('
        || last_label.eq_ignore_ascii_case("app") && search.rest(after).starts_with(b"/Contents")
    {
        return None;
    }
    if !are_labels_of_hosts(before, last_label)
        || is_one_of(name, &SOFTWARE)
        || is_one_of(name, &HOSTS_EVERYWHERE)
        || repositories::is_module_path(search, name, end)
    {
        return None;
    }
    let counts = is_place
        || match ending {
            Ending::Ambiguous => is_host_with_ambiguous_ending(before),
            Ending::Internal | Ending::Domain => is_host_under(before, last_label, ending),
        };
    counts.then_some(start..end)
}

/// Whether the last label of a word may end a host name. The word ends at `after`. This cheap check rejects
/// most names of events.
fn may_be_host(search: &Search<'_, '_>, after: usize, word: &str, in_host_place: bool) -> bool {
    let Some(dot) = memrchr(b'.', word.as_bytes()) else { return false };
    let label = &word[dot + 1..];
    if !label.ends_with(|last: char| last.is_ascii_alphanumeric()) || word.contains("--") {
        // Punctuation or the rest of an alias follows the host name.
        return true;
    }
    match Ending::of(label) {
        None => false,
        Some(Ending::Ambiguous) if !in_host_place && search.at(after) != b':' => word[..dot].contains('.'),
        Some(_) => true,
    }
}

/// The part of a word that may be a name: without punctuation around it, and without the rest of an alias.
fn name_in_word(search: &Search<'_, '_>, at: usize, word: &str) -> Option<Range<usize>> {
    let is_edge = |character: char| !character.is_alphanumeric() && character != '.' && character != '_';
    let mut start = at + word.len() - word.trim_start_matches(is_edge).len();
    // File names that begin with a dot are settings (`.env.local`). Domains begin with a dot after the
    // wildcard of a certificate and in lists such as `NO_PROXY`.
    if search.at(start) == b'.' && matches!(search.before(start), b'*' | b',' | b'=' | b'|') {
        start += 1;
    }
    let rest = search.text.get(start..at + word.len())?;
    // In `HOST--OWNER--WORKSPACE` the name ends before the hyphens, but `xn--` begins a label in Punycode.
    let mut hyphens = rest.match_indices("--").map(|(at, _)| at).filter(|&at| !rest[..at].ends_with("xn"));
    let name =
        rest[..hyphens.next().unwrap_or(rest.len())].trim_end_matches(|last: char| !last.is_alphanumeric());
    (!name.starts_with('.')).then_some(start..start + name.len())
}

/// Whether labels can belong to a host. Names of properties and classes have upper case after lower case.
fn are_labels_of_hosts(before: &str, ending: &str) -> bool {
    /// The longest label that the domain name system allows.
    const LONGEST: usize = 63;
    let mixes_cases = ending.contains(|c: char| c.is_ascii_uppercase())
        && ending.contains(|c: char| c.is_ascii_lowercase());
    !mixes_cases
        && before.ends_with(char::is_alphanumeric)
        && before.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= LONGEST
                && !has_inner_capital(label)
        })
        // A name with that many labels is not a file, and no file ends with `.com` or `.net`.
        && (before.split('.').count() > 2
            || is_one_of(ending, &["com", "net"])
            || !before.rsplit('.').next().is_some_and(|label| is_one_of(label, &FILE_LABELS)))
}

/// Whether a name whose ending also occurs in files or code is a host: it has at least three labels, and the
/// first is not a word of code.
fn is_host_with_ambiguous_ending(before: &str) -> bool {
    before.split_once('.').is_some_and(|(first, _)| {
        let is_code = |label: &str| CODE_LABELS.contains(label) || is_ordinary(label);
        // `coder.COMPANY.ai` is a deployment, and `coder.workspace.id` is a property.
        let may_be_first = !CODE_LABELS.contains(first) || is_one_of(first, &DEPLOYMENT_LABELS);
        may_be_first && !before.contains('_') && !before.split('.').all(is_code)
    })
}

/// Whether a name under an ending that only hosts have is one: not a package, an event or a member of an
/// object.
fn is_host_under(before: &str, last_label: &str, ending: Ending) -> bool {
    let mut labels = before.split('.');
    let first = labels.next().unwrap_or_default();
    let others = labels.count();
    let is_package = others > 0 && is_one_of(first, &PACKAGE_LABELS);
    let is_code = match ending {
        Ending::Internal if others > 0 => {
            before.split('.').all(|label| is_ordinary(label) || CODE_LABELS.contains(label))
        }
        _ => others == 0 && CODE_LABELS.contains(first),
    };
    let is_certain = is_one_of(last_label, &NETWORK_ENDINGS);
    let has_underscore = before.split('.').any(|label| label.contains('_') && !label.starts_with('_'));
    let is_extension =
        others == 0 && first.eq_ignore_ascii_case("coder") && last_label.eq_ignore_ascii_case("coder");
    !(is_package
        || is_code && !is_certain
        || has_underscore
        || is_extension
        || others == 0 && ends_with_localhost(last_label))
}

/// Whether a port follows a name. `main.rs:12:9` is a place in a file.
fn has_port(search: &Search<'_, '_>, start: usize, end: usize) -> bool {
    if search.at(end) != b':' || SOURCE_ENDINGS.iter().any(|ending| search.text[start..end].ends_with(ending))
    {
        return false;
    }
    let digits_end = search.run_end(end + 1, 6, |byte| byte.is_ascii_digit());
    (2..=5).contains(&(digits_end - end - 1)) && search.at(digits_end) != b':'
}

/// The domain for IPv6 addresses in Windows paths. The addresses have hyphens instead of colons.
const IPV6_DOMAIN: &str = ".ipv6-literal.net";

/// Whether a name looks like one that Windows or a cloud gives to a machine: `DESKTOP-7KQ2M4V`,
/// `WIN-5RTK20QLM8P`, `ip-10-0-0-7`.
fn is_machine_name(word: &str) -> bool {
    let windows = ["DESKTOP-", "LAPTOP-", "WIN-"].iter().find_map(|prefix| word.strip_prefix(prefix));
    let is_windows = windows.is_some_and(|rest| {
        (7..=11).contains(&rest.len())
            && rest.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    });
    is_windows
        || word.strip_prefix("ip-").is_some_and(|rest| {
            rest.len() <= 15
                && rest.split('-').count() == 4
                && rest.split('-').all(|part| (1..=3).contains(&part.len()) && is_number(part))
        })
}

/// Whether a word is the host of a workspace's app or port, without its domain: `8080--main--dev--NAME`.
fn is_app_host(word: &str) -> bool {
    /// The app or the port, the agent, the workspace and its owner.
    const PARTS: usize = 4;
    /// The shortest word that is checked. Most words are shorter.
    const SHORTEST: usize = 12;
    if word.len() < SHORTEST || memmem::find(word.as_bytes(), b"--").is_none() {
        return false;
    }
    let is_label = |part: &str| {
        part.starts_with(|first: char| first.is_ascii_alphanumeric())
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    word.split("--").count() == PARTS
        && word.split("--").all(is_label)
        && !word.rsplit("--").take(2).all(names_nobody)
}
