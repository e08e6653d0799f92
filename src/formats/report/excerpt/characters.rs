//! Which characters of the input are shown as they are.
//!
//! `bin/escaped-characters.json` holds the rule, which the command line shares: what to escape, and where a character that
//! nobody sees stays because it spells a word or an emoji.

use std::sync::OnceLock;

use serde::Deserialize;

/// The rule.
pub(super) struct Characters {
    escaped: Ranges,
    spellings: Vec<Spelling>,
}

/// Where some characters stay that are escaped elsewhere.
struct Spelling {
    marks: Ranges,
    /// What stands before such a mark.
    before: Ranges,
    /// What may stand between it and its neighbours, however often.
    between: Ranges,
    /// What stands after it; without it, anything or nothing.
    after: Option<Ranges>,
}

/// Code points, as ranges in ascending order with both ends.
#[derive(Default)]
struct Ranges(Vec<(u32, u32)>);

impl Characters {
    /// The rule, read once.
    pub(super) fn rule() -> &'static Self {
        static RULE: OnceLock<Characters> = OnceLock::new();
        RULE.get_or_init(|| Self::read(include_str!("../../../../bin/escaped-characters.json")))
    }

    fn read(json: &str) -> Self {
        #[derive(Deserialize)]
        struct Rule<'a> {
            escaped: &'a str,
            #[serde(borrow)]
            spelling: Vec<SpellingRule<'a>>,
        }
        #[derive(Deserialize)]
        struct SpellingRule<'a> {
            marks: &'a str,
            before: &'a str,
            between: Option<&'a str>,
            after: Option<&'a str>,
        }
        let rule: Rule<'_> = serde_json::from_str(json).expect("the rule is part of this program");
        let spelling = |rules: SpellingRule<'_>| Spelling {
            marks: Ranges::read(rules.marks),
            before: Ranges::read(rules.before),
            between: rules.between.map(Ranges::read).unwrap_or_default(),
            after: rules.after.map(Ranges::read),
        };
        Self {
            escaped: Ranges::read(rule.escaped),
            spellings: rule.spelling.into_iter().map(spelling).collect(),
        }
    }

    /// Whether a character shows itself and leaves its neighbours alone, whatever they are.
    pub(super) fn is_seen(&self, character: char) -> bool {
        !self.escaped.contain(character)
    }

    /// Whether a character that is not seen by itself spells a word or an emoji together with the text before and after it.
    /// The character before it has to be shown.
    pub(super) fn spells(&self, before: &str, character: char, after: &str) -> bool {
        self.spellings.iter().any(|spelling| {
            spelling.marks.contain(character)
                && spelling.has_neighbour_in(&spelling.before, before.chars().rev())
                && spelling
                    .after
                    .as_ref()
                    .is_none_or(|after_it| spelling.has_neighbour_in(after_it, after.chars()))
        })
    }
}

impl Spelling {
    /// Whether the first character, beside those that may stand between, is one of `wanted`.
    fn has_neighbour_in(&self, wanted: &Ranges, mut characters: impl Iterator<Item = char>) -> bool {
        characters.find(|one| !self.between.contain(*one)).is_some_and(|one| wanted.contain(one))
    }
}

impl Ranges {
    /// Reads hexadecimal code points and ranges of them: `0000-001F 00AD`.
    fn read(text: &str) -> Self {
        let number =
            |digits: &str| u32::from_str_radix(digits, 16).expect("the rule has hexadecimal numbers");
        let range = |word: &str| {
            let (first, last) = word.split_once('-').unwrap_or((word, word));
            (number(first), number(last))
        };
        Self(text.split(' ').map(range).collect())
    }

    fn contain(&self, character: char) -> bool {
        let code = u32::from(character);
        let next = self.0.partition_point(|(_, last)| *last < code);
        self.0.get(next).is_some_and(|(first, _)| *first <= code)
    }
}
