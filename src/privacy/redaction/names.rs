//! The names of a row: what one of its fields holds as a whole is replaced in its other values, too.

use std::ops::Range;

use memchr::memmem::Finder;

use super::pseudonyms::PseudonymKind;
use crate::json::escaped;

/// Names of a row or of a context.
#[derive(Debug, Default)]
pub(crate) struct Names {
    list: Vec<Name>,
    /// Whether there were more names than are looked for.
    pub(super) is_full: bool,
}

#[derive(Debug)]
struct Name {
    kind: PseudonymKind,
    /// Finds the name in decoded text.
    decoded: Finder<'static>,
    /// Finds the name in JSON as programs spell it.
    spelled: Finder<'static>,
}

impl Name {
    fn text(&self) -> &str {
        std::str::from_utf8(self.decoded.needle()).expect("names are text")
    }
}

impl Names {
    /// More names than this are not looked for one by one.
    const AT_MOST: usize = 32;
    /// Shorter names are too likely to be part of something else.
    const MIN_CHARACTERS: usize = 4;

    /// Adds a name, unless it is too short or known.
    pub(super) fn add(&mut self, kind: PseudonymKind, name: &str) {
        if name.chars().take(Self::MIN_CHARACTERS).count() < Self::MIN_CHARACTERS || self.contain(name) {
            return;
        }
        if self.list.len() == Self::AT_MOST {
            self.is_full = true;
            return;
        }
        let spelled = Finder::new(escaped(name).as_bytes()).into_owned();
        self.list.push(Name { kind, decoded: Finder::new(name).into_owned(), spelled });
    }

    /// Adds the names of others.
    pub(crate) fn add_all(&mut self, others: &Self) {
        for name in &others.list {
            self.add(name.kind, name.text());
        }
        self.is_full |= others.is_full;
    }

    /// The names with their kinds.
    pub(super) fn list(&self) -> Vec<(PseudonymKind, Box<str>)> {
        self.list.iter().map(|name| (name.kind, name.text().into())).collect()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Bytes that the names take in memory, about.
    pub(crate) fn weight(&self) -> usize {
        self.list.iter().map(|name| size_of::<Name>() + 2 * name.decoded.needle().len()).sum()
    }

    fn contain(&self, name: &str) -> bool {
        self.list.iter().any(|known| known.decoded.needle() == name.as_bytes())
    }

    /// Whether a name occurs in JSON text, if the text does not spell characters in an unusual way.
    pub(crate) fn occur_in_json(&self, json: &str) -> bool {
        self.list.iter().any(|name| name.spelled.find(json.as_bytes()).is_some())
    }

    /// Finds the names in decoded text where they are whole words.
    pub(super) fn find_in(&self, text: &str, mut found: impl FnMut(Range<usize>, PseudonymKind)) {
        for name in &self.list {
            for start in name.decoded.find_iter(text.as_bytes()) {
                let end = start + name.decoded.needle().len();
                if is_word(text, start, end) {
                    found(start..end, name.kind);
                }
            }
        }
    }

    /// Whether a name is a whole word of decoded text.
    pub(super) fn are_in(&self, text: &str) -> bool {
        let mut are_in = false;
        self.find_in(text, |_, _| are_in = true);
        are_in
    }
}

/// Whether no letter, digit, `_` or `-` is beside a part of a text.
fn is_word(text: &str, start: usize, end: usize) -> bool {
    let joins = |character: char| character.is_alphanumeric() || matches!(character, '_' | '-');
    !text[..start].ends_with(joins) && !text[end..].starts_with(joins)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(names: &[&str], text: &str) -> Vec<String> {
        let mut all = Names::default();
        names.iter().for_each(|name| all.add(PseudonymKind::Workspace, name));
        let mut found = Vec::new();
        all.find_in(text, |span, _| found.push(text[span].to_owned()));
        found
    }

    #[test]
    fn names_are_found_as_whole_words_of_four_characters_or_more() {
        assert_eq!(found(&["tarn"], "tarn, tarn2 x-tarn tarn_ (tarn)"), ["tarn", "tarn"]);
        assert_eq!(found(&["box", "äöüß"], "box äöüß éäöüß"), ["äöüß"]);
    }

    #[test]
    fn no_more_than_a_limit_of_names_are_looked_for() {
        let mut names = Names::default();
        for number in 0..Names::AT_MOST {
            names.add(PseudonymKind::Name, &format!("name {number}"));
        }
        names.add(PseudonymKind::Name, "name 0");
        assert!(!names.is_full);
        names.add(PseudonymKind::Name, "another");
        assert!(names.is_full);
    }
}
