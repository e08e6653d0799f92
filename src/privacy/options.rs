//! Options that say what their value is, of any program.

use memchr::memchr_iter;

use super::assignments::{LONGEST_KEY, value_end, value_start};
use super::keys::KeyMeaning;
use super::kinds::Rule;
use super::marks::{Search, Stop};
use super::words::{is_blank, is_number, is_ordinary, names_nobody};

/// Marks the values of options: `--token TOKEN`, `-u USER:PASSWORD`.
pub(super) fn check_options(search: &mut Search<'_, '_>) {
    for at in memchr_iter(b'-', search.bytes) {
        if search.at(at + 1) == b'-' {
            check_long_option(search, at);
        } else if search.before(at) <= b' ' && matches!(search.rest(at + 1), [b'u' | b'U', b' ', ..]) {
            mark_user_and_password(search, at + 3);
        }
    }
}

/// Marks the value of an option whose name has a meaning.
fn check_long_option(search: &mut Search<'_, '_>, at: usize) {
    let before = search.before(at);
    if matches!(before, b'-' | b'_') || before.is_ascii_alphanumeric() {
        return;
    }
    let name_start = at + 2;
    let in_option = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let name_end = search.run_end(name_start, LONGEST_KEY, in_option);
    if name_end == name_start || search.bytes.get(name_end) != Some(&b' ') || search.at(name_end + 1) == b'-'
    {
        return;
    }
    let name = &search.text[name_start..name_end];
    if matches!(name, "user" | "proxy-user") && mark_user_and_password(search, name_end + 1) {
        return;
    }
    let meaning = KeyMeaning::of(name);
    if meaning == KeyMeaning::Nothing {
        return;
    }
    let (start, stop) = value_start(search, name_end + 1, false);
    let (start, end) = value_end(search, start, stop, meaning);
    if let Some(rule) = meaning.rule_for(&search.text[start..end]) {
        search.mark(rule, start..end);
    }
}

/// Marks both parts of `USER:PASSWORD` at `start`. Returns whether there is such a pair.
fn mark_user_and_password(search: &mut Search<'_, '_>, start: usize) -> bool {
    let start = start + usize::from(matches!(search.at(start), b'\'' | b'"'));
    let end = search.stop(Stop::Word, start);
    let Some((user, password)) = search.text.get(start..end).and_then(|word| word.split_once(':')) else {
        return false;
    };
    // Two slashes begin a host. The user and the group of a file are two numbers or the same name.
    if is_blank(password)
        || password.starts_with("//")
        || user == password
        || is_number(user) && is_number(password)
        || names_nobody(user) && is_ordinary(password)
    {
        return false;
    }
    if !names_nobody(user) && !user.contains('$') {
        search.mark(Rule::CommandName, start..start + user.len());
    }
    search.mark(Rule::CommandPassword, start + user.len() + 1..end);
    true
}
