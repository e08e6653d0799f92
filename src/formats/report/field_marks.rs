//! The marks of a field's key and values.

use super::excerpt::{Excerpt, MarkedExcerpt};
use crate::privacy::redaction::Replaced;
use crate::privacy::{Mark, SensitiveKind, SensitiveKinds};

/// What was found in a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ValueFacts {
    /// The kinds of its marks.
    pub(crate) kinds: SensitiveKinds,
    /// How much of it was replaced.
    pub(crate) replaced: Replaced,
}

impl ValueFacts {
    /// Whether nothing was found.
    pub(crate) fn are_none(self) -> bool {
        self.kinds.is_empty() && self.replaced == Replaced::Nothing
    }
}

/// What redaction would make of a key or a value, at each level. `None` if it stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Preview {
    pub(crate) marked: Option<Excerpt>,
    pub(crate) unknown: Option<Excerpt>,
}

/// The marks of a field: at most one of each kind for its key, and one for its values.
#[derive(Debug, Default)]
#[cfg_attr(test, derive(Clone))]
pub(crate) struct FieldMarks(Vec<FieldMark>);

/// Where in a field a mark is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum MarkedPart {
    Key,
    Value,
}

/// All marks of one kind on the key or on the values of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FieldMark {
    pub(crate) part: MarkedPart,
    /// Number of events with such a key or value.
    pub(crate) events: u64,
    /// The first such key or value.
    pub(crate) first: MarkedExcerpt,
    /// What redaction would make of it. `None` if that is not known, or if the events are redacted.
    pub(crate) preview: Option<Preview>,
    /// The position of the first one among all marked texts. If several fields share a row, it decides which
    /// text came first.
    position: u64,
}

impl FieldMark {
    /// About how many bytes a mark takes in memory. The factor is for the empty slots of a list that has just
    /// grown.
    pub(crate) const BYTES: usize = 2 * size_of::<Self>() + 3 * Excerpt::CHARACTERS;

    pub(crate) fn kind(&self) -> SensitiveKind {
        self.first.rule.kind()
    }
}

impl FieldMarks {
    /// Remembers the first text of each kind. `found` are the marks of `text`. Returns their kinds.
    pub(crate) fn remember(
        &mut self,
        part: MarkedPart,
        text: &str,
        found: &[Mark],
        position: u64,
    ) -> SensitiveKinds {
        let mut kinds = SensitiveKinds::default();
        for mark in found {
            let kind = mark.rule.kind();
            kinds.insert(kind);
            if self.get_mut(part, kind).is_none() {
                let first = MarkedExcerpt::of(text, mark, found);
                self.0.push(FieldMark { part, events: 0, first, preview: None, position });
            }
        }
        kinds
    }

    /// Counts events whose key or value has marks of these kinds.
    pub(crate) fn count(&mut self, part: MarkedPart, kinds: SensitiveKinds, events: u64) {
        if kinds.is_empty() {
            return;
        }
        for mark in &mut self.0 {
            if mark.part == part && kinds.contains(mark.kind()) {
                mark.events += events;
            }
        }
    }

    /// Adds marks of another block. Their positions count from `base`.
    pub(crate) fn add(&mut self, added: &Self, base: u64) {
        for mark in &added.0 {
            let position = base + mark.position;
            match self.get_mut(mark.part, mark.kind()) {
                Some(known) => {
                    known.events += mark.events;
                    if position < known.position {
                        known.first = mark.first.clone();
                        known.preview = mark.preview.clone();
                        known.position = position;
                    }
                }
                None => self.0.push(FieldMark { position, ..mark.clone() }),
            }
        }
    }

    /// The marks in the order of the page: by kind, with the mark of the key first.
    pub(crate) fn in_order(&self) -> Vec<&FieldMark> {
        let mut marks: Vec<_> = self.0.iter().collect();
        marks.sort_by_key(|mark| (mark.kind() as u8, mark.part));
        marks
    }

    /// The kinds of marks on a part.
    pub(crate) fn kinds_of(&self, part: MarkedPart) -> SensitiveKinds {
        self.0.iter().filter(|mark| mark.part == part).map(FieldMark::kind).collect()
    }

    /// Whether there is a mark of this kind.
    pub(crate) fn have(&self, kind: SensitiveKind) -> bool {
        self.0.iter().any(|mark| mark.kind() == kind)
    }

    /// Sets what redaction would make of the first text of a mark. `index` is the mark's place in order of appearance.
    pub(crate) fn set_preview(&mut self, index: usize, preview: Option<Preview>) {
        self.0[index].preview = preview;
    }

    /// Number of different marks.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Adds the marks of a key or value that `events` events have.
    #[cfg(test)]
    pub(crate) fn search(&mut self, part: MarkedPart, text: &str, events: u64) {
        let mut found = Vec::new();
        crate::privacy::find_marks(crate::privacy::KeyMeaning::Nothing, text, &mut found);
        let kinds = self.remember(part, text, &found, 0);
        self.count(part, kinds, events);
    }

    fn get_mut(&mut self, part: MarkedPart, kind: SensitiveKind) -> Option<&mut FieldMark> {
        self.0.iter_mut().find(|mark| mark.part == part && mark.kind() == kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::privacy::{KeyMeaning, find_marks};

    /// Adds a value that `events` events have.
    fn add(marks: &mut FieldMarks, text: &str, position: u64, events: u64) {
        let mut found = Vec::new();
        find_marks(KeyMeaning::Nothing, text, &mut found);
        let kinds = marks.remember(MarkedPart::Value, text, &found, position);
        marks.count(MarkedPart::Value, kinds, events);
    }

    /// The kind, the events and the first text of each mark.
    fn summary(marks: &FieldMarks) -> Vec<(SensitiveKind, u64, String)> {
        let summary = |mark: &&FieldMark| (mark.kind(), mark.events, mark.first.parts().concat());
        marks.in_order().iter().map(summary).collect()
    }

    #[test]
    fn each_kind_has_its_first_text_and_its_own_count() {
        let mut marks = FieldMarks::default();
        add(&mut marks, "nothing", 0, 4);
        add(&mut marks, "10.1.2.3", 1, 1);
        add(&mut marks, "anna@corp.example on 10.1.2.4", 2, 2);
        add(&mut marks, "ben@corp.example", 3, 3);
        let expected = [
            (SensitiveKind::Email, 5, "anna@corp.example on 10.1.2.4".to_owned()),
            (SensitiveKind::IpAddress, 3, "10.1.2.3".to_owned()),
        ];
        assert_eq!(summary(&marks), expected);
    }

    #[test]
    fn the_first_text_of_two_blocks_is_kept_in_any_order_of_adding() {
        let mut early = FieldMarks::default();
        add(&mut early, "10.0.0.1", 3, 1);
        let mut late = FieldMarks::default();
        add(&mut late, "10.0.0.2", 5, 7);
        for order in [[(&early, 10), (&late, 10)], [(&late, 10), (&early, 10)], [(&late, 20), (&early, 10)]] {
            let mut marks = FieldMarks::default();
            order.iter().for_each(|(block, base)| marks.add(block, *base));
            assert_eq!(summary(&marks), [(SensitiveKind::IpAddress, 8, "10.0.0.1".to_owned())]);
        }
    }
}
