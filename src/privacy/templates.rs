//! Templates of command lines that say which words are secrets and names. They are in
//! `data/command_templates.txt`, one per line:
//!
//! - The first word is the program. `^` before it means that it must begin a line. `$` at the end means that
//!   the line must end there.
//! - `NAME`, `PASSWORD`, `TOKEN` and `HOST` are marked. `ANY` is not.
//! - All other words must occur. `a|b` means one of several. `\n` is the end of a line.

use std::sync::LazyLock;

use super::characters::runs;
use super::kinds::Rule;

/// What a part of an argument means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    Name,
    Password,
    Token,
    Host,
    /// Nothing that is marked.
    Any,
}

impl Slot {
    const NAMED: [(&'static str, Self); 5] = [
        ("NAME", Self::Name),
        ("PASSWORD", Self::Password),
        ("TOKEN", Self::Token),
        ("HOST", Self::Host),
        ("ANY", Self::Any),
    ];

    /// The rule that marks it.
    pub(super) fn rule(self) -> Option<Rule> {
        match self {
            Self::Name => Some(Rule::CommandName),
            Self::Password => Some(Rule::CommandPassword),
            Self::Token => Some(Rule::CommandToken),
            Self::Host => Some(Rule::HostInSentence),
            Self::Any => None,
        }
    }
}

/// A part of a word.
#[derive(Debug)]
pub(super) enum Piece {
    Text(&'static str),
    Slot(Slot),
}

/// A word of a template.
#[derive(Debug)]
pub(super) enum Word {
    /// One of several words.
    Literal(&'static str),
    /// A word with slots.
    Value {
        pieces: Vec<Piece>,
        /// Whether more values may follow.
        repeats: bool,
    },
}

impl Word {
    fn parse(word: &'static str) -> Self {
        if word == "\\n" {
            return Self::Literal("\n");
        }
        let (bare, repeats) = word.strip_suffix("...").map_or((word, false), |bare| (bare, true));
        let mut pieces = Vec::new();
        let mut rest = bare;
        while let Some((at, name, slot)) = Slot::NAMED
            .iter()
            .filter_map(|(name, slot)| rest.find(name).map(|at| (at, *name, *slot)))
            .min_by_key(|(at, ..)| *at)
        {
            if at > 0 {
                pieces.push(Piece::Text(&rest[..at]));
            }
            pieces.push(Piece::Slot(slot));
            rest = &rest[at + name.len()..];
        }
        if pieces.is_empty() {
            return Self::Literal(word);
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest));
        }
        Self::Value { pieces, repeats }
    }

    /// Whether it is an option. Its value follows at once.
    pub(super) fn is_option(&self) -> bool {
        matches!(self, Self::Literal(text) if text.starts_with('-') && text.len() > 1)
    }
}

/// A template of a program's arguments.
#[derive(Debug)]
pub(super) struct Template {
    /// Whether the program begins a line.
    pub(super) begins_line: bool,
    /// Whether nothing else follows in the line.
    pub(super) ends_line: bool,
    pub(super) words: Vec<Word>,
}

/// A program, and the templates of its arguments.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) name: &'static str,
    /// The longest run of letters of the name, in lower case.
    pub(super) word: String,
    /// How many bytes of the name come before `word`.
    pub(super) before: usize,
    pub(super) templates: Vec<Template>,
}

impl Program {
    fn new(name: &'static str) -> Self {
        let (before, word) = runs(name, |byte| byte.is_ascii_alphabetic())
            .max_by_key(|(_, word)| word.len())
            .expect("the name of a program has a letter");
        Self { name, word: word.to_ascii_lowercase(), before, templates: Vec::new() }
    }
}

/// The text of the table of templates.
pub(super) const TEMPLATES: &str = include_str!("data/command_templates.txt");

/// The programs, each with its templates in the order of the table.
pub(super) static PROGRAMS: LazyLock<Vec<Program>> = LazyLock::new(|| {
    let mut programs: Vec<Program> = Vec::new();
    for line in TEMPLATES.lines() {
        let (names, arguments) = line.split_once(' ').unwrap_or((line, ""));
        let (names, begins_line) = names.strip_prefix('^').map_or((names, false), |names| (names, true));
        let (arguments, ends_line) =
            arguments.strip_suffix(" $").map_or((arguments, false), |arguments| (arguments, true));
        for name in names.split('|') {
            let words = arguments.split(' ').map(Word::parse).collect();
            let template = Template { begins_line, ends_line, words };
            let index = programs.iter().position(|program| program.name == name).unwrap_or_else(|| {
                programs.push(Program::new(name));
                programs.len() - 1
            });
            programs[index].templates.push(template);
        }
    }
    programs
});
