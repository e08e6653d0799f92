//! Secrets and names in command lines and lines of configuration, by the templates of [`super::templates`].

use std::ops::Range;

use super::arguments::{Argument, LONGEST, arguments};
use super::hosts::is_host;
use super::marks::Search;
use super::templates::{Piece, Program, Slot, Template, Word};
use super::words::{is_blank, is_number, is_ordinary, is_state, names_nobody};

/// Marks the arguments of a program whose name begins at `start`.
pub(super) fn check_program(search: &mut Search<'_, '_>, program: &Program, start: usize) {
    // A program's name among its own arguments does not begin another command.
    let (last, arguments_end) = search.command;
    if last == program.name && start < arguments_end {
        return;
    }
    let Some(end) = program_end(search, start, program.name) else { return };
    let begins_line = begins_line(search, start, program.name);
    let mut templates =
        program.templates.iter().filter(|template| begins_line || !template.begins_line).peekable();
    if templates.peek().is_none() {
        return;
    }
    // The start of a command may be cut off, or its arguments may be sorted.
    let line_start = search.run_start(start, LONGEST, |byte| byte != b'\n');
    let arguments = arguments(search, if search.at(line_start) == b'-' { line_start } else { end });
    let command = arguments.iter().take_while(|argument| !argument.is_separator);
    search.command = (program.name, command.last().map_or(end, |argument| argument.span.end));
    // The first template that fits an argument counts.
    let mut taken = 0_u64;
    for template in templates {
        Matcher { search, template, arguments: &arguments, taken: &mut taken }.run();
    }
}

/// The end of a program's name if it is a whole word. A path may come before it, and an ending or a quote
/// after it.
fn program_end(search: &Search<'_, '_>, start: usize, name: &str) -> Option<usize> {
    const ENDINGS: [&str; 5] = [".exe", ".cmd", ".bat", ".ps1", ".sh"];
    let before = search.before(start);
    if before.is_ascii_alphanumeric()
        || matches!(before, b'-' | b'_' | b'.' | b'@' | b'%' | b'$')
        || !search.continues_with(start, name)
    {
        return None;
    }
    let end = start + name.len();
    let end = end
        + ENDINGS.iter().find(|ending| search.continues_with(end, ending)).map_or(0, |ending| ending.len());
    let end = end + usize::from(search.at(end) == b'\\' && search.at(end + 1) == b'"');
    let is_quoted = matches!(search.at(end), b'"' | b'\'') && matches!(search.at(end + 1), b' ' | b',');
    let end = end + usize::from(is_quoted);
    (is_quoted || matches!(search.at(end), b' ' | b'\t')).then_some(end)
}

/// Whether a line begins with the program, in the same case as in the template.
fn begins_line(search: &Search<'_, '_>, start: usize, name: &str) -> bool {
    const LONGEST_INDENT: usize = 16;
    let indent = search.run_start(start, LONGEST_INDENT, |byte| matches!(byte, b' ' | b'\t'));
    (indent == 0 || search.before(indent) == b'\n') && search.rest(start).starts_with(name.as_bytes())
}

/// A part of an argument that a slot of a template matches.
struct Found {
    slot: Slot,
    span: Range<usize>,
    /// Whether only its position says what it is, without an option or a prefix before it.
    is_positional: bool,
}

/// Compares a template with the arguments of a command.
struct Matcher<'s, 'a, 't, 'm> {
    search: &'s mut Search<'t, 'm>,
    template: &'a Template,
    arguments: &'a [Argument],
    /// A bit for each argument that an earlier template has marked.
    taken: &'s mut u64,
}

impl Matcher<'_, '_, '_, '_> {
    /// Marks what the template finds. An option may occur several times.
    fn run(&mut self) {
        let words = &self.template.words;
        let last_option = words.iter().rposition(|word| match word {
            Word::Literal(_) => word.is_option(),
            Word::Value { pieces, .. } => {
                matches!(pieces[0], Piece::Text(text) if text.starts_with(['-', '/']))
            }
        });
        let mut from = (0, 0);
        while let Some((end, found, taken)) = self.match_words(from.0, from.1) {
            if *self.taken & taken == 0 && !found.iter().any(|part| self.is_other_word(part)) {
                for part in &found {
                    *self.taken |= if self.mark(part) { taken } else { 0 };
                }
            }
            let Some(option) = last_option else { return };
            from = (option, end);
        }
    }

    /// Finds the words of the template from `first` on in the arguments from `at` on. Returns where they end,
    /// what the slots match, and a bit for each argument of a slot.
    fn match_words(&self, first: usize, mut at: usize) -> Option<(usize, Vec<Found>, u64)> {
        let mut found = Vec::new();
        let mut taken = 0;
        let mut follows_option = false;
        for word in &self.template.words[first..] {
            match word {
                Word::Literal(alternatives) => {
                    at = self.find(at, |text| is_one_of(text, alternatives))? + 1;
                }
                Word::Value { pieces, repeats } => {
                    at = self.find_value(at, pieces, follows_option)?;
                    taken |= self.take(at, pieces, follows_option, &mut found)?;
                    at += 1;
                    while *repeats && let Some(bit) = self.take(at, pieces, follows_option, &mut found) {
                        taken |= bit;
                        at += 1;
                    }
                }
            }
            follows_option = word.is_option();
        }
        let next = self.arguments.get(at);
        let ends = next.is_none_or(|next| next.is_separator && self.search.at(next.span.start) == b'\n');
        (ends || !self.template.ends_line).then_some((at, found, taken))
    }

    fn text(&self, argument: &Argument) -> &str {
        &self.search.text[argument.span.clone()]
    }

    /// The first argument from `at` on that `fits`, in the same command. It may be the separator that ends
    /// the command.
    fn find(&self, at: usize, fits: impl Fn(&str) -> bool) -> Option<usize> {
        for (at, argument) in self.arguments.iter().enumerate().skip(at) {
            if fits(self.text(argument)) {
                return Some(at);
            }
            // The message after a colon may contain arguments.
            if argument.is_separator && self.text(argument) != ":" {
                return None;
            }
        }
        None
    }

    /// The index of a value. A value that begins with an option may be anywhere. Other values follow their
    /// option at once, or come after other options.
    fn find_value(&self, at: usize, pieces: &[Piece], follows_option: bool) -> Option<usize> {
        match pieces[0] {
            Piece::Text(prefix) => {
                self.find(at, |text| begins_with(text, prefix) && text.len() > prefix.len())
            }
            Piece::Slot(_) if follows_option => Some(at),
            Piece::Slot(_) => (at..self.arguments.len()).find(|&at| {
                let argument = &self.arguments[at];
                argument.is_separator || !(argument.is_option_value || self.text(argument).starts_with('-'))
            }),
        }
    }

    /// Matches the slots of `pieces` with the argument at `at`. Returns its bit.
    fn take(&self, at: usize, pieces: &[Piece], follows_option: bool, found: &mut Vec<Found>) -> Option<u64> {
        let argument = self.arguments.get(at).filter(|argument| !argument.is_separator)?;
        let mut rest = self.text(argument);
        if follows_option && rest.starts_with('-') {
            return None;
        }
        for (index, piece) in pieces.iter().enumerate() {
            let start = argument.span.end - rest.len();
            let length = match (piece, pieces.get(index + 1)) {
                (Piece::Text(text), _) => {
                    rest = rest.get(text.len()..).filter(|_| begins_with(rest, text))?;
                    continue;
                }
                // The password itself may contain an `@`.
                (_, Some(Piece::Text("@"))) => rest.rfind('@')?,
                (_, Some(Piece::Text(text))) => rest.find(text)?,
                _ => rest.len(),
            };
            let Piece::Slot(slot) = piece else { continue };
            let bare = rest[..length].trim_matches(['"', '\'', '\\']);
            let offset = rest[..length].find(bare).unwrap_or(0);
            let span = start + offset..start + offset + bare.len();
            found.push(Found { slot: *slot, span, is_positional: pieces.len() == 1 && !follows_option });
            rest = &rest[length..];
        }
        Some(1 << at)
    }

    /// Whether a word that is a secret only by its position is a word of a sentence or another argument.
    fn is_other_word(&self, found: &Found) -> bool {
        let is_secret_slot = matches!(found.slot, Slot::Password | Slot::Token);
        found.is_positional && is_secret_slot && !is_secret(&self.search.text[found.span.clone()], true)
    }

    /// Marks a part unless it says nothing. Returns whether the template fits it.
    fn mark(&mut self, found: &Found) -> bool {
        let value = &self.search.text[found.span.clone()];
        let Some(rule) = found.slot.rule() else { return false };
        let (value, counts) = match found.slot {
            Slot::Name | Slot::Host => {
                let value = value.trim_end_matches(['.', ',', ':', ')', '?', '!']);
                let is_word = found.is_positional && (value.len() < 3 || is_state(value));
                let is_named = if found.slot == Slot::Host { is_target(value) } else { is_name(value) };
                (value, is_named && !is_word)
            }
            _ => (value, is_secret(value, found.is_positional)),
        };
        if counts && !is_variable(value) && !is_word_of_a_manual(value) {
            self.search.mark(rule, found.span.start..found.span.start + value.len());
        }
        counts
    }
}

/// Whether an argument is one of `alternatives`, which are separated by `|`. Other letters may come before an
/// option of one letter, as in `-rP`.
fn is_one_of(text: &str, alternatives: &str) -> bool {
    const LONGEST_GROUP: usize = 5;
    let is = |word: &str| text.len() == word.len() && begins_with(text, word);
    let ends_group = |word: &str| {
        text.len() <= LONGEST_GROUP
            && word.len() == 2
            && word.starts_with('-')
            && text.strip_prefix('-').is_some_and(|letters| {
                letters.ends_with(&word[1..]) && letters.bytes().all(|byte| byte.is_ascii_alphabetic())
            })
    };
    is(alternatives)
        || alternatives.len() > 1 && alternatives.split('|').any(|word| is(word) || ends_group(word))
}

/// Whether an argument begins with a text of a template. The case of short options counts.
fn begins_with(text: &str, prefix: &str) -> bool {
    const LONGEST_OPTION: usize = 3;
    let is_short = prefix.starts_with('-') && prefix.len() <= LONGEST_OPTION;
    text.get(..prefix.len())
        .is_some_and(|start| start == prefix || !is_short && start.eq_ignore_ascii_case(prefix))
}

/// Whether a value is a variable of a shell or of code. The variable itself is neither a secret nor a name.
fn is_variable(value: &str) -> bool {
    let in_name = |byte: u8| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b':' | b'.');
    value.strip_prefix(['$', '@']).is_some_and(|name| {
        name.starts_with(['(', '{', '_']) || !name.is_empty() && name.bytes().all(in_name)
    })
}

/// Whether a value is a placeholder such as `PROJECT_ID`.
fn is_word_of_a_manual(value: &str) -> bool {
    const ENDINGS: [&str; 8] = ["NAME", "ID", "USER", "PASSWORD", "TOKEN", "KEY", "HOST", "SECRET"];
    value.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
        && ENDINGS.iter().any(|ending| value.ends_with(ending))
}

fn is_name(value: &str) -> bool {
    value.len() > 1
        && !value.contains(['%', ':', ',', '=', '(', '{', '<', '|'])
        && !value.starts_with(['/', '.', '-', '\\', '~'])
        && value.contains(char::is_alphabetic)
        && !names_nobody(value)
}

fn is_target(value: &str) -> bool {
    is_host(value) && !is_number(value) && !value.contains(['*', '?', '(', '/', '=']) && !is_ordinary(value)
}

/// Whether a value is a secret and not a placeholder. If only its position says so, it must not look like a
/// word of a sentence either.
fn is_secret(value: &str, is_positional: bool) -> bool {
    /// Shorter words belong to a sentence.
    const SHORTEST: usize = 4;
    let is_word = || value.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_'));
    if is_blank(value) || is_ordinary(value) && (is_positional || is_word()) {
        return false;
    }
    !is_positional
        || value.len() >= SHORTEST && !value.starts_with(['/', '\\', '(', '{']) && !value.ends_with(':')
}
