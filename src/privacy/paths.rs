//! Names of users and companies in paths.

use std::ops::Range;
use std::sync::LazyLock;

use hashbrown::HashMap;
use memchr::{memchr_iter, memchr2_iter};

use super::characters::{COLON, in_word, name_begins, opens};
use super::kinds::Rule;
use super::marks::Search;
use super::triggers::{Phrases, Trigger};
use super::words::{WordSet, is_one_of, is_ordinary, is_usual_name, lower_case};

/// Segments after a folder of users that identify nobody, in lower case: folders that all users share, usual
/// accounts such as those of Coder's images and of Homebrew, and routes of a Coder deployment.
static NOBODY: WordSet = WordSet::new(|| include_str!("data/shared_folders.txt").lines().collect());

/// Folders whose subfolders are named after users, in lower case. They count anywhere in a path.
pub(super) const USER_FOLDERS: [&str; 15] = [
    "home",
    "homes",
    "users",
    OLD_WINDOWS[0],
    OLD_WINDOWS[1],
    OLD_WINDOWS[2],
    "profiles",
    "crontabs",
    "benutzer",
    "utilisateurs",
    "usuarios",
    "utenti",
    "gebruikers",
    "användare",
    "brugere",
];

/// The folders of users on Windows XP, in some of its languages. They contain blanks.
const OLD_WINDOWS: [&str; 3] =
    ["documents and settings", "dokumente und einstellungen", "documents et paramètres"];

/// Text before a user's name in paths of temporary and system files, in lower case.
pub(super) const BEFORE_USER: &[&str] = &[
    "/faillock/",
    "/gconfd-",
    "/gvfs-",
    "/hsperfdata_",
    "/kde-",
    "/ksocket-",
    "/orbit-",
    "\\hsperfdata_",
    "screen/s-",
    "screens/s-",
    "sudo/lectured/",
    "sudo/ts/",
    "spool/cron/",
];

/// Folders whose subfolders are often named after users or projects, in lower case. They count only at the
/// start of a path.
pub(super) const WORK_FOLDERS: [&str; 24] = [
    "/scratch",
    "/data",
    "/work",
    "/workspace",
    "/workspaces",
    "/projects",
    "/var/mail",
    "/var/spool/mail",
    "/media",
    "/run/media",
    "/fast",
    "/nfs",
    "/lustre",
    "/gpfs",
    "/beegfs",
    "/export",
    "/storage",
    "/u",
    "/ceph",
    "/etc/sudoers.d",
    "/var/lib/accountsservice",
    "/cache/users",
    "/mnt",
    "/srv",
];

/// Folders for work on a Windows drive, in lower case.
pub(super) const DRIVE_FOLDERS: [&str; 16] = [
    "work",
    "works",
    "dev",
    "develop",
    "projects",
    "project",
    "code",
    "src",
    "repos",
    "repo",
    "git",
    "workspace",
    "workspaces",
    "data",
    "development",
    "source",
];

/// Folders that are not named after anybody, in lower case. Ordinary words are not listed.
pub(super) static COMMON_FOLDERS: WordSet =
    WordSet::new(|| include_str!("data/common_folders.txt").lines().collect());

pub(super) const TRIGGERS: &[Trigger] = &[
    Trigger { words: &["home", "homes", "users"], check: check_relative_folder },
    Trigger { words: &["onedrive", "sharepoint"], check: check_company_folder },
    Trigger { words: &["dropbox"], check: check_company_in_brackets },
    Trigger { words: &["afs"], check: check_cell },
];

pub(super) const PHRASES: &[Phrases] = &[Phrases { phrases: BEFORE_USER, check: check_named_file }];

/// Marks users' names in paths.
pub(super) fn check_paths(search: &mut Search<'_, '_>) {
    let mut checked = 0;
    for separator in memchr2_iter(b'/', b'\\', search.bytes) {
        if separator >= checked {
            checked = check_folder(search, separator + 1);
        }
    }
}

/// Marks the user of `users/NAME` and `home/NAME` at the start of the text. `users` also counts after a
/// blank.
fn check_relative_folder(search: &mut Search<'_, '_>, word: Range<usize>) {
    if word.start == 0 || search.bytes[word.start - 1] == b' ' && search.continues_with(word.start, "users") {
        check_folder(search, word.start);
    }
}

fn is_separator(byte: u8) -> bool {
    matches!(byte, b'/' | b'\\')
}

/// Marks the user in the name of a file, as in `/tmp/hsperfdata_NAME`.
fn check_named_file(search: &mut Search<'_, '_>, _: &'static str, at: usize) {
    mark_name(search, Rule::UserFolder, at, names_somebody);
}

/// Marks the user of `/afs/CELL/usr/NAME` and `/afs/CELL/user/N/NA/NAME`.
fn check_cell(search: &mut Search<'_, '_>, word: Range<usize>) {
    /// How much of the path is read.
    const LONGEST: usize = 200;
    if search.before(word.start) != b'/' || search.at(word.end) != b'/' {
        return;
    }
    let end = search.run_end(word.end, LONGEST, |byte| byte > b' ');
    let mut at = word.end + 1;
    let mut is_behind_users = false;
    for segment in search.text[at..end].split('/') {
        if is_behind_users && segment.len() > 2 {
            mark_name(search, Rule::UserFolder, at, |name| !is_usual_name(name));
            return;
        }
        is_behind_users |= is_one_of(segment, &["usr", "user", "u"]);
        at += segment.len() + 1;
    }
}

/// The end of the separators from `at` on.
fn separators_end(search: &Search<'_, '_>, at: usize) -> usize {
    search.run_end(at, usize::MAX, is_separator)
}

/// Marks the name after the folder that begins at `start`, if that folder holds folders of users or of work.
/// Returns where the search continues.
fn check_folder(search: &mut Search<'_, '_>, start: usize) -> usize {
    let end = segment_end(search, start);
    let folder = &search.text[start..end];
    if !is_separator(search.at(end)) || folder.is_empty() {
        return start;
    }
    let kinds = folder_kinds(folder);
    if kinds & USERS != 0 {
        let mut name_start = separators_end(search, end);
        // The folders of a Windows domain's users: `/home/local/DOMAIN/NAME`, `/home/DOMAIN/NAME`.
        if search.continues_with(name_start, "local/") {
            name_start += "local/".len();
        }
        let name_end =
            mark_name(search, Rule::UserFolder, name_start, |name| !NOBODY.contains(name)).max(start);
        let domain = &search.text[name_start..name_end.max(name_start)];
        let is_domain = domain.len() > 2
            && domain.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-');
        if is_domain && search.at(name_end) == b'/' {
            return mark_name(search, Rule::UserFolder, name_end + 1, names_somebody).max(name_end);
        }
        return name_end;
    }
    if kinds & WORK != 0 && is_work_folder(search, end)
        || kinds & DRIVE != 0 && drive_before(search, start).is_some()
    {
        let name_start = separators_end(search, end);
        mark_name(search, Rule::WorkFolder, name_start, names_somebody);
    } else if kinds & DRIVE == 0
        && drive_before(search, start).is_some_and(|drive| !drive.eq_ignore_ascii_case(&b'c'))
        && names_somebody(folder)
    {
        search.mark(Rule::WorkFolder, start..end);
    }
    start
}

/// The folder is one of [`USER_FOLDERS`].
const USERS: u8 = 1;
/// The folder is the last segment of one of [`WORK_FOLDERS`].
const WORK: u8 = 1 << 1;
/// The folder is one of [`DRIVE_FOLDERS`].
const DRIVE: u8 = 1 << 2;

/// Which lists of folders the name is in.
fn folder_kinds(folder: &str) -> u8 {
    static KINDS: LazyLock<HashMap<&str, u8>> = LazyLock::new(|| {
        let users = USER_FOLDERS.iter().map(|folder| (*folder, USERS));
        let work =
            WORK_FOLDERS.iter().filter_map(|path| path.rsplit('/').next()).map(|folder| (folder, WORK));
        let drive = DRIVE_FOLDERS.iter().map(|folder| (*folder, DRIVE));
        let mut kinds = HashMap::new();
        for (folder, kind) in users.chain(work).chain(drive) {
            *kinds.entry(folder).or_default() |= kind;
        }
        kinds
    });
    /// The longest folder of the lists.
    const LONGEST: usize = 32;
    // Shares of Windows may end with a `$`.
    let folder = folder.strip_suffix('$').unwrap_or(folder);
    let mut lower = [0; LONGEST];
    lower_case(folder, &mut lower).and_then(|folder| KINDS.get(folder)).copied().unwrap_or(0)
}

/// Whether a path that ends at `end` is one of [`WORK_FOLDERS`].
fn is_work_folder(search: &Search<'_, '_>, end: usize) -> bool {
    WORK_FOLDERS.iter().any(|known| search.ends_with(end, known) && begins_path(search, end - known.len()))
}

/// The letter of the drive whose first folder begins at `folder`.
fn drive_before(search: &Search<'_, '_>, folder: usize) -> Option<u8> {
    if !search.has(COLON) {
        return None;
    }
    // The separator may be escaped, and so have several characters.
    let colon = search.run_start(folder, 4, is_separator);
    let drive = colon.checked_sub(2)?;
    let is_drive = colon < folder
        && search.bytes[colon - 1] == b':'
        && search.bytes[drive].is_ascii_alphabetic()
        && !search.before(drive).is_ascii_alphanumeric();
    is_drive.then_some(search.bytes[drive])
}

/// Whether an absolute path can begin at `at`.
fn begins_path(search: &Search<'_, '_>, at: usize) -> bool {
    opens(search.before(at))
        || search.before(at) == b':'
        || ["file://", "/mnt", "localhost"].iter().any(|before| search.ends_with(at, before))
}

/// Marks the segment at `start` if `counts` returns true. Returns the end of the segment.
fn mark_name(search: &mut Search<'_, '_>, rule: Rule, start: usize, counts: impl Fn(&str) -> bool) -> usize {
    if !name_begins(search.text, start) {
        return start;
    }
    let end = start + search.text[start..name_end(search, start)].trim_end_matches('.').len();
    if counts(&search.text[start..end]) {
        search.mark(rule, start..end);
    }
    end
}

/// Whether a folder may be named after a person or a project, and is not a file or a folder that everybody
/// has.
fn names_somebody(folder: &str) -> bool {
    if is_ordinary(folder) {
        return false;
    }
    if folder.contains('.') {
        // `anna.kowal`
        return folder.split('.').count() == 2
            && folder
                .split('.')
                .all(|part| part.len() > 3 && part.bytes().all(|byte| byte.is_ascii_lowercase()));
    }
    folder.len() > 2
        && folder.starts_with(char::is_alphabetic)
        && !is_common_folder(folder)
        && !is_usual_name(folder)
}

/// Whether a folder of this name is common.
pub(super) fn is_common_folder(name: &str) -> bool {
    COMMON_FOLDERS.contains(name) || folder_kinds(name) & (USERS | DRIVE) != 0
}

/// The end of the segment that begins at `at`. It ends at a blank, unless it is one of [`OLD_WINDOWS`].
fn segment_end(search: &Search<'_, '_>, at: usize) -> usize {
    if let Some(folder) = OLD_WINDOWS.iter().find(|folder| search.continues_with(at, folder)) {
        return at + folder.len();
    }
    search.run_end(at, usize::MAX, |byte| !ENDS_SEGMENT[usize::from(byte)])
}

/// Whether a byte ends the segment of a path in a text.
const ENDS_SEGMENT: [bool; 256] = {
    let mut bytes = [false; 256];
    let mut byte = 0;
    while byte <= b' ' as usize {
        bytes[byte] = true;
        byte += 1;
    }
    let ends = b"/\\\"'`<>|:*?,;)]}&#";
    let mut at = 0;
    while at < ends.len() {
        bytes[ends[at] as usize] = true;
        at += 1;
    }
    bytes
};

/// The end of a name at `start`. Names of people contain blanks, so a name continues after a blank if a
/// separator follows the next words.
fn name_end(search: &Search<'_, '_>, start: usize) -> usize {
    const WORDS_AT_MOST: usize = 3;
    let first_end = segment_end(search, start);
    let mut end = first_end;
    for _ in 0..WORDS_AT_MOST {
        // A blank may be escaped.
        let next = match search.rest(end) {
            [b' ', ..] => end + 1,
            [b'\\', b' ', ..] => end + 2,
            _ => return first_end,
        };
        let word_end = segment_end(search, next);
        if word_end == next {
            return first_end;
        }
        end = word_end;
        if is_separator(search.at(end)) && !search.rest(end).starts_with(b"\\ ") {
            return end;
        }
    }
    first_end
}

/// Marks `~NAME`. After a letter or digit it does not count, as in the short names of Windows (`PROGRA~1`)
/// and the revisions of git (`HEAD~2`).
pub(super) fn check_home_shortcuts(search: &mut Search<'_, '_>) {
    for at in memchr_iter(b'~', search.bytes) {
        let before = search.before(at);
        let end = search.run_end(at + 1, usize::MAX, in_word);
        let name = &search.text[at + 1..end];
        let begins_word =
            before == b'/' || before <= b' ' || matches!(before, b'"' | b'\'' | b'`' | b'(' | b'=' | b':');
        if !in_word(before)
            && before != b'~'
            && name.starts_with(|first: char| first.is_ascii_alphabetic() || !first.is_ascii())
            && (search.at(end) == b'/' || name.len() >= 3 && begins_word && !is_ordinary(name))
            && !NOBODY.contains(name)
        {
            search.mark(Rule::HomeShortcut, at + 1..at + 1 + name.trim_end_matches('.').len());
        }
    }
}

/// The longest name of a company in a folder's name.
const LONGEST_COMPANY: usize = 200;

/// Marks the company of a synchronised folder, as in `OneDrive - COMPANY`.
fn check_company_folder(search: &mut Search<'_, '_>, word: Range<usize>) {
    const DASH: &str = " - ";
    if !search.continues_with(word.end, DASH) {
        return;
    }
    let start = word.end + DASH.len();
    let end =
        search.run_end(start, LONGEST_COMPANY, |byte| byte >= b' ' && !b"/\\\"'`<>|:*?,;)]}".contains(&byte));
    let company = search.text[start..end].trim_end();
    if !company.eq_ignore_ascii_case("personal") {
        search.mark(Rule::CompanyFolder, start..start + company.len());
    }
}

/// Marks the company of `Dropbox (COMPANY)`.
fn check_company_in_brackets(search: &mut Search<'_, '_>, word: Range<usize>) {
    if search.continues_with(word.end, " (") {
        let start = word.end + 2;
        let end = search.run_end(start, LONGEST_COMPANY, |byte| byte != b')');
        if search.bytes.get(end) == Some(&b')') {
            search.mark(Rule::CompanyFolder, start..end);
        }
    }
}
