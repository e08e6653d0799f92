//! Changes to a text: parts of it and what they are replaced by.

use std::ops::Range;

/// Changes to a text. Parts do not overlap.
#[derive(Debug, Default)]
pub(crate) struct Edits {
    list: Vec<Edit>,
    /// The new texts, one after another.
    texts: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Edit {
    part: Range<usize>,
    text: Range<usize>,
}

impl Edits {
    /// Replaces a part of the text.
    pub(crate) fn replace(&mut self, part: Range<usize>, text: &str) {
        let start = self.texts.len();
        self.texts.push_str(text);
        self.list.push(Edit { part, text: start..self.texts.len() });
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// The edits after the first `count`, as edits of the part of the text that begins at `at`.
    pub(super) fn since(&self, count: usize, at: usize) -> Vec<(Range<usize>, Box<str>)> {
        let edit =
            |edit: &Edit| (edit.part.start - at..edit.part.end - at, self.texts[edit.text.clone()].into());
        self.list[count..].iter().map(edit).collect()
    }

    pub(crate) fn clear(&mut self) {
        self.list.clear();
        self.texts.clear();
    }

    /// How many bytes at the start of the text stay as they are. To be called once the edits are sorted.
    pub(crate) fn unchanged(&self, text: &str) -> usize {
        self.list.first().map_or(text.len(), |edit| edit.part.start)
    }

    /// Orders the edits by where they are. To be called once they are complete.
    pub(crate) fn sort(&mut self) {
        self.list.sort_by_key(|edit| edit.part.start);
    }

    /// Appends the changed text to `out`.
    pub(crate) fn apply(&self, text: &str, out: &mut String) {
        let mut end = 0;
        for Edit { part, text: new } in &self.list {
            out.push_str(&text[end..part.start]);
            out.push_str(&self.texts[new.clone()]);
            end = part.end;
        }
        out.push_str(&text[end..]);
    }

    /// Where a place of the text is in the changed text. Places inside edits have none.
    #[inline]
    pub(crate) fn moved(&self, at: usize) -> usize {
        match self.list.first() {
            Some(first) if first.part.end <= at => self.moved_behind_edit(at),
            _ => at,
        }
    }

    fn moved_behind_edit(&self, at: usize) -> usize {
        let before = self.list.iter().take_while(|edit| edit.part.end <= at);
        let (removed, added) = before
            .fold((0, 0), |(removed, added), edit| (removed + edit.part.len(), added + edit.text.len()));
        at + added - removed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_replaced_and_places_move() {
        let text = "one two three";
        let mut edits = Edits::default();
        edits.replace(8..13, "3");
        edits.replace(0..3, "eins");
        edits.sort();
        let mut out = String::new();
        edits.apply(text, &mut out);
        assert_eq!(out, "eins two 3");
        assert_eq!(edits.unchanged(text), 0);
        for (at, moved) in [(0, 0), (3, 4), (4, 5), (7, 8), (8, 9), (13, 10)] {
            assert_eq!(edits.moved(at), moved, "{at}");
        }
    }
}
