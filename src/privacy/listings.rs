//! Accounts in what programs list: `ls -l`, `id`, `who`, `ps`, `git blame`, and `/etc/passwd`.

use std::ops::Range;

use memchr::memchr_iter;

use super::characters::in_name;
use super::kinds::Rule;
use super::marks::Search;
use super::words::{is_number, is_one_of, is_ordinary, is_usual_name};

/// The longest name of an account.
const LONGEST: usize = 80;

/// Marks the owner and the group in a line of `ls -l`.
pub(super) fn check_listings(search: &mut Search<'_, '_>) {
    for at in memchr_iter(b'-', search.bytes) {
        // The mode is ten letters and hyphens; this is its last hyphen.
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

/// Marks the words after the number of links.
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

/// Marks the account and the full name in a line of `/etc/passwd`: `NAME:x:USER ID:GROUP ID:FULL NAME:HOME:SHELL`.
pub(super) fn check_account_lines(search: &mut Search<'_, '_>) {
    /// The longest line that is looked at.
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

/// Marks the name of `uid=1000(NAME)`.
pub(super) fn check_user_id(search: &mut Search<'_, '_>, word: Range<usize>) {
    if search.at(word.end) != b'=' {
        return;
    }
    let open = search.run_end(word.end + 1, 12, |byte| byte.is_ascii_digit());
    if open == word.end + 1 || search.at(open) != b'(' {
        return;
    }
    let end = search.run_end(open + 1, LONGEST, |byte| byte != b')');
    if !is_usual_name(&search.text[open + 1..end]) {
        search.mark(Rule::NameInSentence, open + 1..end);
    }
}
