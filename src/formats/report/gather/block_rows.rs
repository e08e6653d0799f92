//! Rows of one kind in a block, found again by what they are of.

use crate::formats::report::excerpt::Excerpt;
use crate::formats::report::identity::{Identity, IdentityMap};

/// Rows of a block in order of first appearance.
#[derive(Debug)]
pub(crate) struct BlockRows<Row> {
    rows: Vec<(Identity, Row)>,
    places: IdentityMap<u32>,
}

impl<Row> Default for BlockRows<Row> {
    fn default() -> Self {
        Self { rows: Vec::new(), places: IdentityMap::default() }
    }
}

impl<Row> BlockRows<Row> {
    /// The index of the row of a key. Where it is new, `begin` makes it.
    pub(crate) fn index_of(&mut self, identity: Identity, begin: impl FnOnce() -> Row) -> u32 {
        *self.places.entry(identity).or_insert_with(|| {
            self.rows.push((identity, begin()));
            u32::try_from(self.rows.len() - 1).unwrap_or(u32::MAX)
        })
    }

    /// The row at an index, if there is one.
    pub(crate) fn get(&self, index: u32) -> Option<&Row> {
        self.rows.get(index as usize).map(|(_, row)| row)
    }

    /// The rows, to be changed.
    pub(crate) fn rows_mut(&mut self) -> impl Iterator<Item = &mut Row> {
        self.rows.iter_mut().map(|(_, row)| row)
    }

    /// The row at an index that [`Self::index_of`] gave.
    pub(crate) fn get_mut(&mut self, index: u32) -> &mut Row {
        &mut self.rows[index as usize].1
    }

    /// The rows with their identities, in order of first appearance.
    pub(crate) fn rows(&self) -> &[(Identity, Row)] {
        &self.rows
    }

    /// Bytes that the rows take in memory, about.
    pub(crate) fn weight(&self) -> usize {
        self.rows.len() * (size_of::<(Identity, Row)>() + Excerpt::CHARACTERS)
    }
}
