//! The arguments of a command line.

use std::ops::Range;

use super::marks::{Search, Stop};

/// An argument without its quotes, or a separator of commands.
pub(super) struct Argument {
    pub(super) span: Range<usize>,
    pub(super) is_separator: bool,
    /// Whether it is the value of `--option=value`.
    pub(super) is_option_value: bool,
}

/// How far after a program its arguments may begin.
pub(super) const LONGEST: usize = 300;
/// The most arguments that are checked. [`super::commands`] has a bit for each.
const AT_MOST: usize = 60;

/// The arguments from `from` on. `--option=value` counts as two.
pub(super) fn arguments(search: &mut Search<'_, '_>, from: usize) -> Vec<Argument> {
    let mut arguments = Vec::new();
    let limit = search.bytes.len().min(from + LONGEST);
    let mut at = from;
    while at < limit && arguments.len() < AT_MOST {
        match search.bytes[at] {
            b' ' | b'\t' | b'\r' => at += 1,
            b'\\' if search.at(at + 1) == b'\n' => at += 2,
            // A list of arguments, as in `["-p", "8080"]`.
            b',' if is_quote(search.before(at)) => at += 1,
            b'[' if is_quote(search.at(at + 1)) => at += 1,
            b'\n' | b'|' | b';' | b'&' => {
                at += 1;
                arguments.push(separator(at - 1));
            }
            _ => at = push_argument(search, at, &mut arguments),
        }
    }
    arguments
}

fn separator(at: usize) -> Argument {
    Argument { span: at..at + 1, is_separator: true, is_option_value: false }
}

fn is_quote(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'`')
}

/// Adds the argument at `at`. Returns where the next one may begin.
fn push_argument(search: &mut Search<'_, '_>, at: usize, arguments: &mut Vec<Argument>) -> usize {
    // A backtick is never escaped.
    let escape = usize::from(search.at(at) == b'\\' && search.at(at + 1) != b'`');
    if is_quote(search.at(at + escape))
        && let Some(end) = closing_quote(search, at + escape, escape > 0)
    {
        push(search, at + escape + 1..end, arguments);
        return end + escape + 1;
    }
    let from = at + usize::from(is_quote(search.bytes[at]));
    let word_end = search.stop(Stop::Word, from);
    let end = search.run_end(from, LONGEST.min(word_end - from), |byte| byte != b'|');
    let end = if search.at(end) == b'|' { end } else { word_end };
    if !is_quote(search.at(end)) {
        return push_bare(search, from..end, arguments);
    }
    let escape = usize::from(end > from && search.before(end) == b'\\' && search.at(end) != b'`');
    let ends_command = matches!(
        search.at(end + 1),
        0..=b' ' | b',' | b')' | b']' | b'}' | b':' | b'.' | b';' | b'\\' | b'"' | b'\'' | b'`' | b'|'
    );
    if !ends_command && let Some(close) = closing_quote(search, end, escape > 0) {
        push(search, from..close + escape + 1, arguments);
        return close + escape + 1;
    }
    push(search, from..end - escape, arguments);
    arguments.push(separator(end));
    end + 1
}

/// Where the quote that opens at `open` closes. If it is escaped, this is the backslash before the closing
/// quote.
fn closing_quote(search: &mut Search<'_, '_>, open: usize, is_escaped: bool) -> Option<usize> {
    let quote = search.at(open);
    if is_escaped {
        let end = search.stop(Stop::EscapedQuote(quote), open + 1);
        return (end < search.bytes.len()).then_some(end);
    }
    let end = search.stop(Stop::Quote(quote), open + 1);
    (search.bytes.get(end) == Some(&quote)).then_some(end)
}

/// Adds an argument without quotes. A semicolon after it ends the command, and so does a colon before a
/// message.
fn push_bare(search: &Search<'_, '_>, span: Range<usize>, arguments: &mut Vec<Argument>) -> usize {
    let end = span.end;
    let is_cut = span.len() > 2
        && (search.before(end) == b';'
            || search.before(end) == b':' && search.at(end) == b' ' && end < search.bytes.len());
    push(search, span.start..end - usize::from(is_cut), arguments);
    if is_cut {
        arguments.push(separator(end - 1));
    }
    // A stop may be where the argument begins.
    end.max(span.start + 1)
}

/// Adds an argument. An option with its value is added as two.
fn push(search: &Search<'_, '_>, span: Range<usize>, arguments: &mut Vec<Argument>) {
    /// The longest name of an option.
    const LONGEST_OPTION: usize = 64;
    let mut start = span.start;
    if search.rest(start).starts_with(b"--") {
        let name_end = search.run_end(start, LONGEST_OPTION.min(span.len()), |byte| byte != b'=');
        if name_end < span.end && search.at(name_end) == b'=' {
            arguments.push(Argument { span: start..name_end, is_separator: false, is_option_value: false });
            start = name_end + 1;
        }
    }
    let is_option_value = start > span.start;
    arguments.push(Argument { span: start..span.end, is_separator: false, is_option_value });
}
