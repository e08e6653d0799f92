//! Names in the addresses of repositories, images and service accounts.

use std::ops::Range;

use super::characters::{in_name, opens};
use super::kinds::Rule;
use super::marks::Search;
use super::names::telling_name_at;
use super::triggers::Trigger;
use super::words::{is_one_of, names_nobody};

pub(super) const TRIGGERS: &[Trigger] = &[
    Trigger { words: &["git"], check: check_remote },
    Trigger { words: &["serviceaccount"], check: check_service_account },
    Trigger { words: &["refs", "origin"], check: check_reference },
    Trigger { words: &["gke"], check: check_cluster },
];

/// The longest path of a repository.
const LONGEST: usize = 200;

/// Hosts of code and images whose first segment is a company or a person. Subdomains count, too.
pub(super) const CODE_HOSTS: [&str; 17] = [
    "bitbucket.org",
    "codeberg.org",
    "dev.azure.com",
    "docker.io",
    "gcr.io",
    "ghcr.io",
    "github.com",
    "gitlab.com",
    "githubusercontent.com",
    "hub.docker.com",
    "huggingface.co",
    "linear.app",
    "pkg.dev",
    "public.ecr.aws",
    "quay.io",
    "registry.gitlab.com",
    "sr.ht",
];

/// Domains of public Go modules, whose paths are in stack frames.
const MODULE_HOSTS: &[&str] = &[
    "app.kubernetes.io",
    "cdr.dev",
    "cloud.google.com",
    "dario.cat",
    "filippo.io",
    "go.opentelemetry.io",
    "go.starlark.net",
    "go.uber.org",
    "go4.org",
    "golang.org",
    "gonum.org",
    "google.golang.org",
    "gopkg.in",
    "gvisor.dev",
    "honnef.co",
    "inet.af",
    "k8s.io",
    "kubernetes.io",
    "modernc.org",
    "nhooyr.io",
    "opentelemetry.io",
    "sigs.k8s.io",
    "software.sslmate.com",
    "storj.io",
    "tailscale.com",
];

/// Domains of modules at which people and companies have repositories, too.
const SHARED_MODULE_HOSTS: [&str; 4] = ["bitbucket.org", "coder.com", "github.com", "gitlab.com"];

/// Whether a name begins the path of a public module, as in a stack frame: `golang.org/x/net.(*Conn).Read`.
pub(super) fn is_module_path(search: &Search<'_, '_>, name: &str, end: usize) -> bool {
    if search.at(end) != b'/' {
        return false;
    }
    let has_function = || {
        let path_end = search.run_end(end, LONGEST, |byte| byte > b' ');
        search.bytes[end..path_end].contains(&b'(')
    };
    is_one_of(name, MODULE_HOSTS) || is_one_of(name, &SHARED_MODULE_HOSTS) && has_function()
}

/// Marks the first segment after a host of code or images: `github.com/COMPANY/…`, `ghcr.io/COMPANY/…`.
pub(super) fn check_code_host(search: &mut Search<'_, '_>, host: &Range<usize>) {
    let name = &search.text[host.clone()];
    let is_code_host = search.at(host.end) == b'/'
        && CODE_HOSTS.iter().any(|known| {
            search.ends_with(host.end, known)
                && (known.len() == name.len() || name[..name.len() - known.len()].ends_with('.'))
        });
    if !is_code_host {
        return;
    }
    let start = host.end + 1 + usize::from(matches!(search.at(host.end + 1), b'@' | b'~'));
    let end = search.run_end(start, LONGEST, in_name);
    if !names_nobody(&search.text[start..end]) {
        search.mark(Rule::NameInRoute, start..end);
    }
}

/// Marks the repository of a remote, as in `git@HOST:COMPANY/REPOSITORY.git` and
/// `https://HOST/COMPANY/REPOSITORY.git`.
fn check_remote(search: &mut Search<'_, '_>, ending: Range<usize>) {
    if search.before(ending.start) != b'.' || search.at(ending.end).is_ascii_alphanumeric() {
        return;
    }
    let end = ending.start - 1;
    let start = search.run_start(end, LONGEST, |byte| in_name(byte) || matches!(byte, b'/' | b'~' | b'@'));
    let path = &search.text[start..end];
    // A message can contain only the path: `/COMPANY/REPOSITORY.git`.
    let is_path = opens(search.before(start))
        && path.strip_prefix('/').and_then(|path| path.split_once('/')).is_some_and(
            |(company, repository)| {
                !names_nobody(company) && !repository.is_empty() && !repository.contains('/')
            },
        );
    if search.before(start) != b':' && !is_path {
        return;
    }
    // The path follows a host and a colon, or the host of a URL.
    let from = match path.strip_prefix("//") {
        Some(rest) => rest.find('/').map_or(path.len(), |slash| slash + 3),
        None => usize::from(path.starts_with('/')),
    };
    if path[from..].contains('/') {
        search.mark(Rule::NameInRoute, start + from..end);
    }
}

/// Marks the project and the cluster of `gke_PROJECT_ZONE_CLUSTER`.
fn check_cluster(search: &mut Search<'_, '_>, word: Range<usize>) {
    if search.at(word.end) != b'_' || search.before(word.start).is_ascii_alphanumeric() {
        return;
    }
    let start = word.end + 1;
    let end = search.run_end(start, LONGEST, in_name);
    let mut parts = search.text[start..end].splitn(3, '_');
    if let (Some(project), Some(zone), Some(cluster)) = (parts.next(), parts.next(), parts.next()) {
        search.mark(Rule::NameInRoute, start..start + project.len());
        if !names_nobody(cluster) {
            let cluster_start = start + project.len() + zone.len() + 2;
            search.mark(Rule::NameInRoute, cluster_start..end);
        }
    }
}

/// Marks the path of a remote without `.git`, as in `git@HOST:COMPANY/REPOSITORY`. The colon is at `colon`.
pub(super) fn check_short_remote(search: &mut Search<'_, '_>, colon: usize) {
    let start = colon + 1;
    if search.at(colon) != b':' || !search.at(start).is_ascii_alphabetic() {
        return;
    }
    let end = search.run_end(start, LONGEST, |byte| in_name(byte) || byte == b'/');
    let path = search.text[start..end].trim_end_matches(".git");
    if path.contains('/') {
        search.mark(Rule::NameInRoute, start..start + path.len());
    }
}

/// Marks the namespace and the name of `system:serviceaccount:NAMESPACE:NAME`.
fn check_service_account(search: &mut Search<'_, '_>, word: Range<usize>) {
    if search.at(word.end) == b':' {
        let end = search.run_end(word.end + 1, LONGEST, |byte| in_name(byte) || byte == b':');
        search.mark(Rule::NameInSentence, word.end + 1..end);
    }
}

/// Marks the branch of `refs/heads/NAME` and `origin/NAME`.
fn check_reference(search: &mut Search<'_, '_>, word: Range<usize>) {
    let prefix = ["refs/heads/", "refs/remotes/origin/", "refs/pull/", "origin/"];
    let Some(prefix) = prefix.iter().find(|prefix| search.rest(word.start).starts_with(prefix.as_bytes()))
    else {
        return;
    };
    if let Some(span) = telling_name_at(search, word.start + prefix.len()) {
        search.mark(Rule::BranchName, span);
    }
}
