//! How many values of each kind were replaced.

use super::pseudonyms::PseudonymKind;

/// Counts of pseudonyms by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ReplacedCounts([u64; PseudonymKind::COUNT]);

impl ReplacedCounts {
    /// Counts a pseudonym.
    pub(crate) fn count(&mut self, kind: PseudonymKind) {
        self.0[kind as usize] += 1;
    }

    /// Adds other counts.
    pub(crate) fn add(&mut self, other: &Self) {
        for (sum, count) in self.0.iter_mut().zip(other.0) {
            *sum += count;
        }
    }

    /// These counts less those of an earlier time.
    pub(super) fn without(&self, earlier: &Self) -> Self {
        let mut rest = *self;
        for (count, before) in rest.0.iter_mut().zip(earlier.0) {
            *count -= before;
        }
        rest
    }

    /// Whether nothing was replaced.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(|&count| count == 0)
    }

    /// The kinds that occur, each with its number.
    pub(crate) fn by_kind(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let kinds = crate::privacy::words::PSEUDONYMS;
        kinds.into_iter().zip(self.0).filter(|(_, count)| *count > 0)
    }
}
