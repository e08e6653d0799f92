//! Telephone numbers.

use std::ops::Range;

use super::characters::{count_digits, runs};
use super::kinds::Rule;
use super::marks::Search;
use super::triggers::Trigger;

/// The longest number, with its blanks and brackets.
const LONGEST: usize = 40;

pub(super) const TRIGGERS: &[Trigger] = &[
    Trigger { words: &["tel", "phone", "telephone", "fax", "mobile", "whatsapp"], check: check_named_number },
    Trigger { words: &["me", "phone", "sms", "callto"], check: check_link },
];

/// Marks the number of a link for calling or writing to somebody: `https://wa.me/NUMBER`,
/// `send?phone=NUMBER`, `sms:NUMBER`.
fn check_link(search: &mut Search<'_, '_>, word: Range<usize>) {
    /// The fewest digits of a number with its country code.
    const DIGITS: usize = 9;
    let is_link = match search.at(word.end) {
        b'/' => search.ends_with(word.end, "wa.me"),
        b'=' => search.ends_with(word.end, "?phone"),
        b':' => search.continues_with(word.start, "sms") || search.continues_with(word.start, "callto"),
        _ => false,
    };
    let start = search.run_end(word.end + 1, 1, |byte| byte == b'+');
    let end = search.run_end(start, LONGEST, |byte| byte.is_ascii_digit());
    if is_link && (DIGITS..=15).contains(&(end - start)) && !search.at(end).is_ascii_alphanumeric() {
        search.mark(Rule::PhoneNumber, word.end + 1..end);
    }
}

/// Marks the number after a word for a telephone.
fn check_named_number(search: &mut Search<'_, '_>, word: Range<usize>) {
    /// The fewest digits of a number.
    const DIGITS: usize = 7;
    let start = search.run_end(word.end, 3, |byte| matches!(byte, b' ' | b':' | b'.' | b'='));
    let in_number =
        |byte: u8| byte.is_ascii_digit() || matches!(byte, b'+' | b' ' | b'-' | b'(' | b')' | b'/');
    let end = search.run_end(start, LONGEST, in_number);
    let number = search.text[start..end].trim_end_matches(|last: char| !last.is_ascii_digit());
    let is_whole = !search.before(word.start).is_ascii_alphanumeric()
        && !search.at(start + number.len()).is_ascii_alphanumeric();
    if start > word.end && is_whole && (DIGITS..=15).contains(&count_digits(number)) {
        search.mark(Rule::PhoneNumber, start..start + number.len());
    }
}

/// Marks telephone numbers with a `+`, numbers that are grouped as in North America, and numbers that begin
/// with 0.
pub(super) fn check_phone_numbers(search: &mut Search<'_, '_>) {
    let text = search.text;
    for (at, run) in
        runs(text, |byte| byte.is_ascii_digit() || matches!(byte, b'+' | b' ' | b'-' | b'(' | b')' | b'/'))
    {
        // Each `+` begins a number.
        let mut start = at;
        for part in run.split_inclusive('+') {
            let plus = usize::from(start > at);
            check_number(search, start - plus, part.trim_end_matches('+').len() + plus);
            start += part.len();
        }
    }
}

/// Checks the number in the `length` bytes at `start`.
fn check_number(search: &mut Search<'_, '_>, start: usize, length: usize) {
    let part = &search.text[start..start + length];
    let number = part.trim_start_matches([' ', '-', ')', '/']);
    let from = start + part.len() - number.len();
    let number = number.trim_end_matches([' ', '-', '(', '/']);
    let end = from + number.len();
    let before = search.before(from);
    let is_part_of_word =
        from == start && (before.is_ascii_alphanumeric() || matches!(before, b'.' | b':' | b'_' | b'='));
    if (9..=LONGEST).contains(&number.len())
        && (number.starts_with('+') || !is_part_of_word)
        && is_phone_number(number)
        && !search.at(end).is_ascii_alphanumeric()
        && !(matches!(search.at(end), b'.' | b':') && search.at(end + 1).is_ascii_digit())
    {
        search.mark(Rule::PhoneNumber, from..end);
    }
}

fn is_phone_number(number: &str) -> bool {
    let digits = count_digits(number);
    if let Some(rest) = number.strip_prefix('+') {
        return (8..=15).contains(&digits) && rest.starts_with(|first: char| first.is_ascii_digit());
    }
    matches!(digits, 10 | 11) && is_north_american(number) || is_national(number, digits)
}

/// The lengths of the first groups of digits. If there are fewer groups, the other lengths are 0.
fn group_lengths<const COUNT: usize>(number: &str, is_separator: fn(char) -> bool) -> [usize; COUNT] {
    let mut groups = number.split(is_separator).map(str::len).filter(|&length| length > 0);
    std::array::from_fn(|_| groups.next().unwrap_or(0))
}

/// Whether a number is `NXX-NXX-XXXX`. It may begin with a 1, and have brackets or blanks instead of hyphens.
fn is_north_american(number: &str) -> bool {
    let number = number.strip_prefix("1-").or_else(|| number.strip_prefix("1 ")).unwrap_or(number);
    let mut groups = number.split([' ', '-', '(', ')']).filter(|group| !group.is_empty());
    let begins_from_2 = |group: Option<&str>| group.is_some_and(|group| group.as_bytes()[0] >= b'2');
    group_lengths(number, |c| " -()".contains(c)) == [3, 3, 4, 0]
        && begins_from_2(groups.next())
        && begins_from_2(groups.next())
        && !number.contains('/')
        && number.contains(['-', '('])
}

/// Whether a number has two to six groups and begins with a single 0, as in `0171 3920 014` and
/// `030/23125-088`, or with 00 and a country code.
fn is_national(number: &str, digits: usize) -> bool {
    let bytes = number.strip_prefix('(').unwrap_or(number).as_bytes();
    let is_inland = (9..=12).contains(&digits) && matches!(bytes, [b'0', b'1'..=b'9', ..]);
    let is_abroad =
        (11..=16).contains(&digits) && matches!(bytes, [b'0', b'0', b'1'..=b'9', b'0'..=b'9', b' ', ..]);
    if !is_inland && !is_abroad {
        return false;
    }
    let groups: [usize; 7] = group_lengths(number, |c| " -/()".contains(c));
    groups[1] > 0
        && groups[6] == 0
        && groups.iter().all(|&length| length <= 8)
        && !matches!(group_lengths(number, |c| "-/ ".contains(c)), [2, 2, 4] | [4, 2, 2])
}

/// Marks numbers with dots: `202.555.0143`, `+1.202.555.0143`.
pub(super) fn check_dotted_numbers(search: &mut Search<'_, '_>) {
    let text = search.text;
    for (at, run) in runs(text, |byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'+')) {
        let number = run.trim_end_matches('.');
        let plain = number.strip_prefix("+1.").or_else(|| number.strip_prefix("1.")).unwrap_or(number);
        if plain.len() == 12
            && plain.split('.').map(str::len).eq([3, 3, 4])
            && plain.as_bytes()[0] >= b'2'
            && plain.as_bytes()[4] >= b'2'
            && !search.before(at).is_ascii_alphanumeric()
        {
            search.mark(Rule::PhoneNumber, at..at + number.len());
        }
    }
}
