//! Telephone numbers.

use super::characters::runs;
use super::kinds::Rule;
use super::marks::Search;

/// Marks telephone numbers with a `+`, and those that are grouped as in North America or begin with a 0 as elsewhere.
pub(super) fn check_phone_numbers(search: &mut Search<'_, '_>) {
    let text = search.text;
    for (at, run) in runs(text, |byte| byte.is_ascii_digit() || b"+ -()/".contains(&byte)) {
        let lead = run.rfind('+').unwrap_or_else(|| run.len() - run.trim_start_matches([' ', '-', ')', '/']).len());
        let start = at + lead;
        let number = text[start..at + run.len()].trim_end_matches([' ', '-', '(', '/', '+']);
        // A run is short, or it is no number.
        if number.len() > 40 || search.before(start).is_ascii_alphabetic() && start == at {
            continue;
        }
        if is_phone_number(number)
            && !search.at(start + number.len()).is_ascii_alphanumeric()
            && !matches!(search.at(start + number.len()), b'.' | b':' if search.at(start + number.len() + 1).is_ascii_digit())
            && !(start == at && matches!(search.before(start), b'.' | b':' | b'_' | b'='  if !number.starts_with('+')))
        {
            search.mark(Rule::PhoneNumber, start..start + number.len());
        }
    }
}

fn is_phone_number(number: &str) -> bool {
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    if let Some(rest) = number.strip_prefix('+') {
        return (8..=15).contains(&digits) && !rest.contains('+') && rest.starts_with(|first: char| first.is_ascii_digit());
    }
    if number.contains('+') {
        return false;
    }
    is_north_american(number) || is_national(number, digits)
}

/// Marks numbers with dots: `202.555.0143`, `+1.202.555.0143`.
pub(super) fn check_dotted_numbers(search: &mut Search<'_, '_>) {
    let text = search.text;
    for (at, run) in runs(text, |byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'+')) {
        let number = run.trim_end_matches('.');
        let plain = number.strip_prefix("+1.").or_else(|| number.strip_prefix("1.")).unwrap_or(number);
        let mut groups = plain.split('.');
        let lengths = [groups.next(), groups.next(), groups.next()].map(|group| group.map_or(0, str::len));
        if lengths == [3, 3, 4] && groups.next().is_none() && plain.as_bytes()[0] >= b'2' && plain.as_bytes()[4] >= b'2' && !search.before(at).is_ascii_alphanumeric() {
            search.mark(Rule::PhoneNumber, at..at + number.len());
        }
    }
}

/// Whether a number is `NXX-NXX-XXXX`, also with a 1 before it, an area code in brackets, or blanks.
fn is_north_american(number: &str) -> bool {
    let number = number.strip_prefix("1-").or_else(|| number.strip_prefix("1 ")).unwrap_or(number);
    let groups: Vec<&str> = number.split(['-', ' ', '(', ')']).filter(|group| !group.is_empty()).collect();
    matches!(groups[..], [area, exchange, line]
        if area.len() == 3 && exchange.len() == 3 && line.len() == 4
            && area.as_bytes()[0] >= b'2' && exchange.as_bytes()[0] >= b'2')
        && !number.contains('/')
        && (number.contains('-') || number.contains('('))
}

/// Whether a number begins with one 0 and has two to six groups, as `0171 3920 014` and `030/23125-088`.
fn is_national(number: &str, digits: usize) -> bool {
    let bytes = number.strip_prefix('(').unwrap_or(number).as_bytes();
    let groups = number.split([' ', '-', '/', '(', ')']).filter(|group| !group.is_empty());
    let (count, longest) = groups.fold((0, 0), |(count, longest), group| (count + 1, group.len().max(longest)));
    ((9..=12).contains(&digits) && matches!(bytes, [b'0', b'1'..=b'9', ..])
        || (11..=16).contains(&digits) && matches!(bytes, [b'0', b'0', b'1'..=b'9', b'0'..=b'9', b' ', ..]))
        && (2..=6).contains(&count)
        && longest <= 8
        && !is_date(number)
}

/// Whether the groups may be a date.
fn is_date(number: &str) -> bool {
    let lengths: Vec<usize> = number.split(['-', '/', ' ']).map(str::len).collect();
    matches!(lengths[..], [2, 2, 4, ..] | [4, 2, 2, ..])
}
