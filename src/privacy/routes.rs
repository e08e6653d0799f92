//! Names in routes, resources and branches.

use memchr::memchr_iter;

use super::characters::{in_name, in_word, opens};
use super::keys::KeyMeaning;
use super::kinds::Rule;
use super::marks::Search;
use super::names::telling_name_at;
use super::segments;
use super::shapes::is_private_scope;
use super::words::{WordSet, is_one_of, is_usual_name, names_nobody};

/// Segments of routes and resources after which a name follows.
static COLLECTIONS: WordSet = WordSet::new(|| include_str!("data/collections.txt").lines().collect());

/// Segments after a collection that are not names, but routes of Coder's API. Ordinary words are not listed.
pub(super) static ROUTE_WORDS: WordSet =
    WordSet::new(|| include_str!("data/route_words.txt").lines().collect());

/// Folders of branches that people make.
const BRANCH_FOLDERS: [&str; 12] = [
    "feature", "feat", "features", "bugfix", "hotfix", "fix", "wip", "user", "topic", "release", "chore",
    "task",
];

/// Folders of scoped packages, as in `node_modules/@types/node`.
const PACKAGE_FOLDERS: [&str; 3] = ["node_modules", "npm", "registry"];

/// Segments of development servers that begin with an `@`.
const SERVER_FOLDERS: [&str; 5] = ["fs", "id", "react-refresh", "types", "vite"];

/// The longest segment.
pub(super) const LONGEST: usize = 128;

/// Marks names in routes, resources and branches.
pub(super) fn check_routes(search: &mut Search<'_, '_>, key: KeyMeaning) {
    /// The longest segment that announces a name.
    const LONGEST_WORD: usize = 24;
    // Routes are checked up to here.
    let mut checked = 0;
    if segments::is_route(search, key) {
        checked = segments::check_route(search, 0);
    }
    for at in memchr_iter(b'/', search.bytes) {
        if search.at(at + 1) == b'@' {
            check_page_of_user(search, at);
            continue;
        }
        if !search.before(at).is_ascii_alphabetic() {
            continue;
        }
        let start = search.run_start(at, LONGEST_WORD, in_word);
        let segment = &search.text[start..at];
        let before = search.before(start);
        if start > checked && segments::begins_api(search, start, segment) {
            checked = segments::check_route(search, start - 1);
        }
        if COLLECTIONS.contains(segment) {
            if !matches!(before, b'~' | b'@' | b'$' | b'{') {
                check_route_name(search, at + 1);
            }
        } else if (opens(before) || before == b'/' && start > 1 && segment != "user")
            && is_one_of(segment, &BRANCH_FOLDERS)
            && let Some(span) = telling_name_at(search, at + 1)
            && !is_file_name(&search.text[span.clone()])
        {
            search.mark(Rule::BranchName, span);
        }
    }
}

/// Marks the user in `/@NAME/workspace`.
fn check_page_of_user(search: &mut Search<'_, '_>, slash: usize) {
    let before = search.before(slash);
    if !(opens(before) || before.is_ascii_alphanumeric()) {
        return;
    }
    let start = slash + 2;
    let end = search.run_end(start, LONGEST, in_name);
    let is_package = PACKAGE_FOLDERS.iter().any(|folder| search.ends_with(slash, folder));
    let name = &search.text[start..end];
    // In the address of a registry, the package may follow or not: `npmjs.org/@NAME/ui`.
    let is_page = search.at(end) == b'/'
        || end == search.text.len() && slash == 0
        || search.ends_with(slash, "npmjs.org");
    let names_somebody = is_private_scope(&search.text[slash + 1..end])
        && !is_usual_name(name)
        && !is_one_of(name, &SERVER_FOLDERS);
    if is_page && !is_package && names_somebody {
        search.mark(Rule::NameInRoute, start..end);
    }
}

fn check_route_name(search: &mut Search<'_, '_>, start: usize) {
    let end = search.run_end(start, LONGEST, in_name);
    let name = search.text[start..end].trim_end_matches(['.', ',']);
    let is_uuid = name.len() == 36 && name.bytes().filter(|&byte| byte == b'-').count() == 4;
    if name.len() >= 2
        && name.starts_with(char::is_alphanumeric)
        && !names_nobody(name)
        && !ROUTE_WORDS.contains(name)
        && !is_file_name(name)
        && !is_uuid
    {
        search.mark(Rule::NameInRoute, start..start + name.len());
    }
}

pub(super) fn is_file_name(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, ending)| {
        (2..=4).contains(&ending.len()) && ending.bytes().all(|byte| byte.is_ascii_lowercase())
    })
}
