//! How many values of each kind were replaced.

use super::pseudonyms::PseudonymKind;

/// Counts of pseudonyms by kind, of an event or of a block. They are small, because each event copies them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ReplacedCounts([u32; PseudonymKind::COUNT]);

/// Counts of pseudonyms by kind, of an export.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ReplacedTotals([u64; PseudonymKind::COUNT]);

impl ReplacedCounts {
    /// Counts a pseudonym.
    pub(crate) fn count(&mut self, kind: PseudonymKind) {
        self.0[kind as usize] += 1;
    }

    /// Adds other counts.
    #[inline]
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
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        // No early exit, so that the loop vectorizes.
        self.0.iter().fold(0, |all, count| all | count) == 0
    }
}

impl ReplacedTotals {
    /// Adds the counts of a block.
    pub(crate) fn add(&mut self, counts: &ReplacedCounts) {
        for (sum, count) in self.0.iter_mut().zip(counts.0) {
            *sum += u64::from(count);
        }
    }

    /// The kinds that occur, each with its number.
    pub(super) fn by_kind(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let kinds = crate::privacy::words::PSEUDONYMS;
        kinds.into_iter().zip(self.0).filter(|(_, count)| *count > 0)
    }

    /// How many pseudonyms there are.
    #[cfg(test)]
    pub(crate) fn total(&self) -> u64 {
        self.0.iter().sum()
    }
}
