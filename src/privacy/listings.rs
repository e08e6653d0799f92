//! Accounts in the output of programs: `ls -l`, `id`, `who`, `ps`, `git blame`, and `/etc/passwd`.

use std::ops::Range;

use memchr::memchr_iter;

use super::characters::in_name;
use super::kinds::Rule;
use super::marks::Search;
use super::triggers::Trigger;
use super::words::{is_number, is_one_of, is_ordinary, is_usual_name};

pub(super) const TRIGGERS: &[Trigger] = &[
    Trigger { words: &["egid", "euid", "gid", "groups", "uid"], check: check_user_id },
    Trigger { words: &["console", "pts", "tty", "ttys"], check: check_terminal },
];

/// The longest name of an account.
const LONGEST: usize = 80;

/// Marks the owner and the group in a line of `ls -l`.
pub(super) fn check_listings(search: &mut Search<'_, '_>) {
    for at in memchr_iter(b'-', search.bytes) {
        // The mode is ten letters and hyphens. It ends here or after the next letter.
        let end = search.run_end(at, 2, |byte| matches!(byte, b'-' | b'x' | b't' | b'T'));
        let is_mode = end >= 10
            && search.bytes.get(end) == Some(&b' ')
            && search.bytes[end - 10..end].iter().all(|byte| {
                matches!(
                    *byte,
                    b'd' | b'r' | b'w' | b'x' | b's' | b't' | b'l' | b'S' | b'T' | b'b' | b'c' | b'p' | b'-'
                )
            });
        if is_mode {
            check_listed_owner(search, end + 1);
        }
    }
}

/// Marks the owner and the group, which follow the number of links.
fn check_listed_owner(search: &mut Search<'_, '_>, start: usize) {
    let mut at = start;
    for index in 0..3 {
        let word_start = search.run_end(at, LONGEST, |byte| byte == b' ');
        let word_end = search.run_end(word_start, LONGEST, |byte| byte > b' ');
        let word = &search.text[word_start..word_end];
        if index > 0 && !is_usual_name(word) && !is_number(word) {
            search.mark(Rule::NameInSentence, word_start..word_end);
        }
        at = word_end;
    }
}

/// Marks the account and the full name in a line of `/etc/passwd`:
/// `NAME:x:USER ID:GROUP ID:FULL NAME:HOME:SHELL`.
pub(super) fn check_account_lines(search: &mut Search<'_, '_>) {
    /// How much of a line is read.
    const LONGEST_LINE: usize = 300;
    for at in memchr_iter(b':', search.bytes) {
        if !search.rest(at).starts_with(b":x:") || !search.at(at + 3).is_ascii_digit() {
            continue;
        }
        let start = search.run_start(at, LONGEST, in_name);
        if !is_usual_name(&search.text[start..at]) {
            search.mark(Rule::NameInSentence, start..at);
        }
        let line_end = search.run_end(at + 3, LONGEST_LINE, |byte| byte != b'\n');
        let mut fields = search.text[at + 3..line_end].splitn(4, ':');
        let ids: usize = fields.by_ref().take(2).map(|id| id.len() + 1).sum();
        if let Some(full_name) = fields.next() {
            let start = at + 3 + ids;
            search.mark(Rule::NameInSentence, start..start + full_name.trim_end_matches(',').len());
        }
    }
}

/// Marks the names of `uid=1000(NAME) gid=1000(NAME) groups=1000(NAME),27(sudo)`.
pub(super) fn check_user_id(search: &mut Search<'_, '_>, word: Range<usize>) {
    /// The most groups that are checked.
    const GROUPS: usize = 64;
    let mut at = word.end + 1;
    if search.at(word.end) != b'=' {
        return;
    }
    for _ in 0..GROUPS {
        let open = search.run_end(at, 12, |byte| byte.is_ascii_digit());
        if open == at || search.at(open) != b'(' {
            return;
        }
        let end = search.run_end(open + 1, LONGEST, |byte| byte != b')');
        let name = &search.text[open + 1..end];
        if !is_service_account(name) {
            search.mark(Rule::NameInSentence, open + 1..end);
        }
        if search.at(end + 1) != b',' {
            return;
        }
        at = end + 2;
    }
}

/// Groups that systems come with.
const USUAL_GROUPS: [&str; 28] = [
    "adm",
    "audio",
    "bin",
    "bluetooth",
    "cdrom",
    "dialout",
    "dip",
    "disk",
    "docker",
    "games",
    "input",
    "kvm",
    "libvirt",
    "lp",
    "lpadmin",
    "lxd",
    "mail",
    "netdev",
    "nogroup",
    "plugdev",
    "render",
    "sambashare",
    "scanner",
    "sys",
    "tty",
    "utmp",
    "uucp",
    "video",
];

/// Marks the account before the terminal in a line of `who`, `w` and `last`: `NAME  pts/0  2026-06-01 08:21`.
pub(super) fn check_terminal(search: &mut Search<'_, '_>, word: Range<usize>) {
    let is_terminal = match &search.bytes[word.clone()] {
        b"pts" => search.at(word.end) == b'/' && search.at(word.end + 1).is_ascii_digit(),
        b"tty" | b"ttys" => search.at(word.end).is_ascii_digit(),
        _ => search.rest(word.end).starts_with(b"  "),
    };
    let after = search.run_end(word.end + 1, 4, |byte| byte.is_ascii_digit());
    if is_terminal && search.continues_with(after, " for ") {
        // `Starting session: shell on pts/0 for NAME from …`
        let end = search.run_end(after + 5, LONGEST, in_name);
        mark_account(search, after + 5..end);
        return;
    }
    let name_end = search.run_start(word.start, LONGEST, |byte| byte == b' ');
    let name_start = search.run_start(name_end, LONGEST, in_name);
    if is_terminal && name_end < word.start && matches!(search.before(name_start), b' ' | b'\n') {
        mark_account(search, name_start..name_end);
    }
}

/// Whether an account or a group belongs to the system or a service.
fn is_service_account(name: &str) -> bool {
    is_usual_name(name) || is_one_of(name, &USUAL_GROUPS) || name.starts_with("systemd-")
}

/// Marks the name of an account, unless it belongs to the system or a service.
fn mark_account(search: &mut Search<'_, '_>, span: Range<usize>) {
    let name = &search.text[span.clone()];
    let is_account = name.len() > 2
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && !is_ordinary(name)
        && !is_service_account(name);
    if is_account {
        search.mark(Rule::NameInSentence, span);
    }
}

/// Marks the account at the start of each line of `ps aux` and `ps -ef`.
pub(super) fn check_processes(search: &mut Search<'_, '_>) {
    /// How much of a line is read.
    const LONGEST_LINE: usize = 160;
    let mut start = 0;
    loop {
        let start_of_line = start;
        start = search.run_end(start, 4, |byte| byte == b' ');
        let name_end = search.run_end(start, LONGEST, in_name);
        if name_end > start && search.at(name_end) == b' ' {
            let line_end = search.run_end(name_end, LONGEST_LINE, |byte| byte != b'\n');
            if is_process(&search.text[name_end..line_end]) {
                mark_account(search, start..name_end);
            }
        }
        let Some(next) = memchr::memchr(b'\n', search.rest(start_of_line)) else { return };
        start = start_of_line + next + 1;
    }
}

/// Whether the columns after an account come from `ps`. After the process, `ps aux` has two shares and two
/// sizes, and `ps -ef` has the parent, a share and a time.
fn is_process(columns: &str) -> bool {
    let mut columns = columns.split_ascii_whitespace();
    let mut is_next = |check: fn(&str) -> bool| columns.next().is_some_and(check);
    let is_integer: fn(&str) -> bool = |column| column.bytes().all(|byte| byte.is_ascii_digit());
    is_next(is_integer) && is_next(is_number) && is_next(is_number) && {
        let next = columns.next().unwrap_or_default();
        next.contains(':') || is_number(next) && columns.next().is_some_and(is_number)
    }
}

/// Marks the author in a line of `git blame`: `1a2b3c4d (NAME 2026-06-01 08:21:18 +0200 12) code`.
pub(super) fn check_blame(search: &mut Search<'_, '_>) {
    for at in memchr_iter(b'(', search.bytes) {
        let end = search.run_end(at + 1, LONGEST, |byte| {
            byte.is_ascii_alphabetic() || matches!(byte, b' ' | b'.' | b'-' | b'\'') || !byte.is_ascii()
        });
        let name = search.text[at + 1..end].trim_end();
        let date = search.rest(end);
        let is_date = date.len() > 19
            && date[4] == b'-'
            && date[10] == b' '
            && date[13] == b':'
            && date[..4].iter().all(u8::is_ascii_digit);
        if is_date && name.len() > 1 && search.before(at) == b' ' && name != "Not Committed Yet" {
            search.mark(Rule::NameInSentence, at + 1..at + 1 + name.len());
        }
    }
}

/// Marks the teams in a line of `CODEOWNERS`: `/src/ @COMPANY/TEAM`.
pub(super) fn check_code_owners(search: &mut Search<'_, '_>) {
    for at in memchr_iter(b'@', search.bytes) {
        if at == 0 || search.bytes[at - 1] != b' ' {
            continue;
        }
        let line_start = search.run_start(at, 200, |byte| byte != b'\n');
        let end = search.run_end(at + 1, LONGEST, |byte| in_name(byte) || byte == b'/');
        let is_team = search.text[at + 1..end].contains('/');
        if is_team && matches!(search.at(line_start), b'*' | b'/') {
            search.mark(Rule::NameInSentence, at + 1..end);
        }
    }
}
