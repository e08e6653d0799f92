//! A table of a block, whose rows are found by their identities.

use crate::formats::report::excerpt::Excerpt;
use crate::formats::report::identity::{Identity, IdentityMap};
use crate::sizes::index;

/// Rows of a block in order of first appearance.
#[derive(Debug)]
pub(crate) struct BlockRows<Row> {
    rows: Vec<(Identity, Row)>,
    indices: IdentityMap<u32>,
}

impl<Row> Default for BlockRows<Row> {
    fn default() -> Self {
        Self { rows: Vec::new(), indices: IdentityMap::default() }
    }
}

impl<Row> BlockRows<Row> {
    /// The index of the row with this identity. If there is none yet, `new_row` makes it.
    #[inline]
    pub(crate) fn index_of(&mut self, identity: Identity, new_row: impl FnOnce() -> Row) -> u32 {
        *self.indices.entry(identity).or_insert_with(|| {
            self.rows.push((identity, new_row()));
            index(self.rows.len() - 1)
        })
    }

    /// The row at an index that [`Self::index_of`] returned.
    #[inline]
    pub(crate) fn get_mut(&mut self, index: u32) -> &mut Row {
        &mut self.rows[index as usize].1
    }

    /// The rows with their identities, in order of first appearance.
    pub(crate) fn rows(&self) -> &[(Identity, Row)] {
        &self.rows
    }

    /// The rows without their identities, in order of first appearance.
    pub(crate) fn rows_mut(&mut self) -> impl Iterator<Item = &mut Row> {
        self.rows.iter_mut().map(|(_, row)| row)
    }

    /// About how many bytes the rows take in memory.
    pub(crate) fn weight(&self) -> usize {
        self.rows.len() * (size_of::<(Identity, Row)>() + Excerpt::CHARACTERS)
    }
}
