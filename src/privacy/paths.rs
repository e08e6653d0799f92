//! Names of users and companies in paths.

use memchr::{memchr_iter, memmem};

use super::characters::{in_word, name_begins};
use super::kinds::Rule;
use super::marks::Search;
use super::words::{is_one_of, is_ordinary, is_usual_name};

/// Names in the place of a user's name that identify nobody, in lower case: folders that all users share, the
/// accounts of Coder's images and of Homebrew, and routes of a Coder deployment.
pub(super) const NOBODY: [&str; 34] = [
    "shared", "public", "default", "all", "all users", "coder", "linuxbrew", "me", "first", "login", "logout", "roles",
    "authmethods", "oauth2", "oidc", "oidc-claims", "otp", "validate-password", "convert-login", "groups", "user", "username",
    "name", "you", "yourname", "runner", "root", "vscode", "node", "codespace", "gitpod", "defaultuser0", "guest", "administrator",
];

/// Folders whose subfolders are named after users, in lower case. Those of the first list count at any place in a path.
const USER_FOLDERS: [&str; 6] = ["home", "homes", "users", "documents and settings", "profiles", "crontabs"];

/// Folders that count only with the folders before them: each is the end of a path.
const WORK_FOLDERS: [&str; 22] = [
    "/scratch", "/data", "/work", "/workspace", "/workspaces", "/projects", "/var/mail", "/var/spool/mail", "/media", "/run/media", "/fast", "/nfs", "/lustre", "/gpfs",
    "/beegfs", "/export", "/storage", "/u", "/ceph", "/etc/sudoers.d", "/var/lib/accountsservice", "/cache/users",
];

/// Folders on a drive of Windows that hold work, in lower case.
const DRIVE_FOLDERS: [&str; 16] = [
    "work", "works", "dev", "develop", "projects", "project", "code", "src", "repos", "repo", "git", "workspace", "workspaces", "data", "development",
    "source",
];

/// Folders that are not named after anybody, in lower case. Ordinary words are not listed.
const COMMON_FOLDERS: [&str; 46] = [
    "node_modules", "src", "lib", "bin", "dist", "out", "target", "vendor", "pkg", "tmp", "temp", "repo", "repos", "git", "docs", "models", "datasets", "dataset",
    "www", "html", "nix", "conda", "venv", ".git", ".venv", "env", "envs", "lost+found", "cdrom", "usb", "floppy", "golang", "go", "msys64", "cygwin64", "mingw64",
    "programdata", "program files", "program files (x86)", "windows", "perflogs", "steamlibrary", "xampp", "inetpub", "recycler", "$recycle.bin",
];

/// Marks users' names and companies' names in paths.
pub(super) fn check_paths(search: &mut Search<'_, '_>) {
    let mut at = 0;
    let mut seen = 0;
    while at < search.bytes.len() {
        let length = separator_length(&search.rest(at));
        if length == 0 {
            at += 1;
            continue;
        }
        let folder_start = at + length;
        at = folder_start;
        if folder_start >= seen {
            seen = check_folder(search, folder_start);
        }
    }
    // `users/NAME` without a separator before it.
    if let Some(first) = search.bytes.first()
        && matches!(first, b'u' | b'U' | b'h' | b'H')
    {
        check_folder(search, 0);
    }
    for at in memchr_iter(b' ', search.bytes) {
        if search.rest(at + 1).get(..5).is_some_and(|word| word.eq_ignore_ascii_case(b"users")) {
            check_folder(search, at + 1);
        }
    }
    check_company_folders(search);
}

/// The length of the path separator at the start of `bytes`; 0 if there is none. It may be percent-encoded, once or
/// twice.
fn separator_length(bytes: &[u8]) -> usize {
    match bytes {
        [b'/' | b'\\', ..] => 1,
        [b'%', b'2', b'F' | b'f', ..] | [b'%', b'5', b'C' | b'c', ..] => 3,
        [b'%', b'2', b'5', b'2', b'F' | b'f', ..] | [b'%', b'2', b'5', b'5', b'C' | b'c', ..] => 5,
        _ => 0,
    }
}

/// The length of all separators at the start of `bytes`.
fn separators_length(bytes: &[u8]) -> usize {
    let mut length = 0;
    while let more @ 1.. = separator_length(&bytes[length..]) {
        length += more;
    }
    length
}

/// Marks the name after the folder that begins at `at`, if that folder holds users' folders. Returns where the search
/// goes on.
fn check_folder(search: &mut Search<'_, '_>, at: usize) -> usize {
    let folder_end = segment_end(search, at);
    let folder = &search.text[at..folder_end];
    let name_start = folder_end + separators_length(&search.rest(folder_end));
    if name_start == folder_end || folder.is_empty() {
        return at;
    }
    if is_one_of(folder, &USER_FOLDERS) {
        return mark_name(search, Rule::UserFolder, name_start, false).max(at);
    }
    check_work_folder(search, at, folder_end, name_start);
    at
}

/// Marks the name after a folder for work, by the whole path up to that folder.
fn check_work_folder(search: &mut Search<'_, '_>, at: usize, folder_end: usize, name_start: usize) {
    // The longest path before the name that is looked at.
    const LONGEST: usize = 40;
    let from = floor_boundary(search.text, folder_end.saturating_sub(LONGEST));
    let path = &search.text[from..folder_end];
    let folder = &search.text[at..folder_end];
    if WORK_FOLDERS.iter().any(|known| {
        path.len() >= known.len()
            && path.get(path.len() - known.len()..).is_some_and(|end| end.eq_ignore_ascii_case(known))
            && is_path_start(search, folder_end - known.len())
    }) {
        mark_name(search, Rule::WorkFolder, name_start, true);
        return;
    }
    // `D:\work\NAME` and, on another drive than C, `E:\NAME\…`.
    let bytes = search.bytes;
    let separators = bytes[..at].iter().rev().take_while(|&&byte| matches!(byte, b'/' | b'\\')).count();
    let colon = at - separators;
    let is_drive = separators > 0
        && colon >= 2
        && bytes[colon - 1] == b':'
        && bytes[colon - 2].is_ascii_alphabetic()
        && !search.before(colon - 2).is_ascii_alphanumeric();
    if !is_drive {
        return;
    }
    if is_one_of(folder, &DRIVE_FOLDERS) {
        mark_name(search, Rule::WorkFolder, name_start, true);
    } else if !bytes[colon - 2].eq_ignore_ascii_case(&b'c') && names_somebody(folder) {
        search.mark(Rule::WorkFolder, at..folder_end);
    }
}

/// Whether an absolute path can begin at `at`.
fn is_path_start(search: &Search<'_, '_>, at: usize) -> bool {
    let before = search.before(at);
    before <= b' ' || b"\"'`(<[{=,;:".contains(&before) || search.text[..at].ends_with("file://") || search.text[..at].ends_with("/mnt")
        || search.text[..at].ends_with("localhost")
}

/// Marks the segment at `start` as a name. Returns its end.
fn mark_name(search: &mut Search<'_, '_>, rule: Rule, start: usize, is_guess: bool) -> usize {
    if !name_begins(search.text, start) {
        return start;
    }
    let end = name_end(search, start);
    let name = search.text[start..end].trim_end_matches('.');
    let end = start + name.len();
    let is_nobody = if is_guess { !names_somebody(name) } else { is_one_of(name, &NOBODY) };
    if !is_nobody {
        search.mark(rule, start..end);
    }
    end
}

/// Whether a folder may be named after a person or a project: it is no file, and no folder that everybody has.
fn names_somebody(folder: &str) -> bool {
    folder.len() > 2
        && folder.starts_with(char::is_alphabetic)
        && !folder.contains('.') 
        && !is_one_of(folder, &COMMON_FOLDERS)
        && !is_one_of(folder, &USER_FOLDERS)
        && !is_one_of(folder, &DRIVE_FOLDERS)
        && !is_usual_name(folder)
        && !is_ordinary(folder)
        || folder.contains('.') && folder.split('.').count() == 2 && folder.split('.').all(|part| part.len() > 3 && part.bytes().all(|byte| byte.is_ascii_lowercase()))
            && !is_ordinary(folder)
}

/// Whether a folder of this name is common.
pub(super) fn is_common_folder(name: &str) -> bool {
    is_one_of(name, &COMMON_FOLDERS) || is_one_of(name, &DRIVE_FOLDERS) || is_one_of(name, &USER_FOLDERS)
}

/// The end of the segment that begins at `at`. The only blanks in it are those of `Documents and Settings`.
fn segment_end(search: &Search<'_, '_>, at: usize) -> usize {
    const OLD_WINDOWS: &[u8] = b"documents and settings";
    let rest = &search.rest(at);
    if rest.get(..OLD_WINDOWS.len()).is_some_and(|head| head.eq_ignore_ascii_case(OLD_WINDOWS)) {
        return at + OLD_WINDOWS.len();
    }
    let mut end = at;
    while end < search.bytes.len() && !ends_segment(search.bytes[end]) && separator_length(&search.rest(end)) == 0 {
        end += 1;
    }
    end
}

/// The end of a name at `start`. A name goes on after a blank if a separator follows the next words, since names of
/// people have blanks.
fn name_end(search: &Search<'_, '_>, start: usize) -> usize {
    const WORDS_AT_MOST: usize = 3;
    let mut end = segment_end(search, start);
    let first_end = end;
    for _ in 0..WORDS_AT_MOST {
        // A blank may be escaped.
        let next = match &search.rest(end) {
            [b' ', ..] => end + 1,
            [b'\\', b' ', ..] => end + 2,
            _ => return if end == first_end || separator_length(&search.rest(end)) > 0 { end } else { first_end },
        };
        let word_end = segment_end(search, next);
        if word_end == next {
            return first_end;
        }
        end = word_end;
        if separator_length(&search.rest(end)) > 0 && !search.rest(end).starts_with(b"\\ ") {
            return end;
        }
    }
    first_end
}

/// Whether `byte` ends a path segment in a sentence. Separators are not included.
fn ends_segment(byte: u8) -> bool {
    matches!(
        byte,
        0..=b' ' | b'"' | b'\'' | b'`' | b'<' | b'>' | b'|' | b':' | b'*' | b'?' | b',' | b';' | b')' | b']' | b'}' | b'&' | b'#'
    )
}

pub(super) fn floor_boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Marks `~NAME`. After a letter or digit it does not count, as in the short names of Windows (`PROGRA~1`) and the
/// revisions of git (`HEAD~2`).
pub(super) fn check_home_shortcuts(search: &mut Search<'_, '_>) {
    for at in memchr_iter(b'~', search.bytes) {
        let before = search.before(at);
        let name = &search.rest(at + 1);
        let length = name.iter().take_while(|&&byte| in_word(byte)).count();
        let end = at + 1 + length;
        if !in_word(before)
            && before != b'~'
            && name.first().is_some_and(|first| first.is_ascii_alphabetic() || !first.is_ascii())
            && (search.at(end) == b'/' || length >= 3 && (before <= b' ' || b"\"'`(=:".contains(&before)) && !is_ordinary(&search.text[at + 1..end]))
            && !is_one_of(&search.text[at + 1..end], &NOBODY)
        {
            search.mark(Rule::HomeShortcut, at + 1..at + 1 + search.text[at + 1..end].trim_end_matches('.').len());
        }
    }
}

/// Marks the company of a synchronised folder, as in `OneDrive - COMPANY`.
fn check_company_folders(search: &mut Search<'_, '_>) {
    for name in ["OneDrive - ", "SharePoint - ", "OneDrive%20-%20"] {
        for at in memmem::find_iter(search.bytes, name.as_bytes()) {
            let start = at + name.len();
            let length = search.rest(start)
                .iter()
                .take_while(|&&byte| byte >= b' ' && !b"/\\\"'`<>|:*?,;)]}".contains(&byte))
                .count();
            let company = search.text[start..start + length].trim_end();
            if !is_one_of(company, &["personal"]) {
                search.mark(Rule::CompanyFolder, start..start + company.len());
            }
        }
    }
    for at in memmem::find_iter(search.bytes, b"Dropbox (") {
        let start = at + b"Dropbox (".len();
        if let Some(length) = search.rest(start).iter().take(80).position(|&byte| byte == b')') {
            search.mark(Rule::CompanyFolder, start..start + length);
        }
    }
}

pub(super) fn ceil_boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}
