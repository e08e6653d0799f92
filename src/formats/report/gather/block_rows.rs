//! Rows of one kind in a block, found again by their identities.

use crate::formats::report::excerpt::Excerpt;
use crate::formats::report::identity::{Identity, IdentityMap};

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
    /// The index of the row with this identity. `begin` makes a new row.
    #[inline]
    pub(crate) fn index_of(&mut self, identity: Identity, begin: impl FnOnce() -> Row) -> u32 {
        *self.indices.entry(identity).or_insert_with(|| {
            self.rows.push((identity, begin()));
            u32::try_from(self.rows.len() - 1).expect("a block has fewer rows than bytes")
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

    /// The rows, to be changed.
    pub(crate) fn rows_mut(&mut self) -> impl Iterator<Item = &mut Row> {
        self.rows.iter_mut().map(|(_, row)| row)
    }

    /// Bytes that the rows take in memory, about.
    pub(crate) fn weight(&self) -> usize {
        self.rows.len() * (size_of::<(Identity, Row)>() + Excerpt::CHARACTERS)
    }
}
