//! A table with a limited number of rows. The input chooses the keys, so their number has no limit.

use super::identity::{Identity, IdentityMap};

/// The rows that appeared first, up to a limit, and one more row for all others.
#[derive(Debug)]
pub(crate) struct FirstRows<Row> {
    limit: usize,
    rows: Vec<Row>,
    indices: IdentityMap<usize>,
    other: Option<Row>,
}

impl<Row> FirstRows<Row> {
    /// An empty table of at most `limit` rows.
    pub(crate) fn new(limit: usize) -> Self {
        Self { limit, rows: Vec::new(), indices: IdentityMap::default(), other: None }
    }

    /// Returns the row with this identity, and its index. `new_row(false)` makes a new row, and `new_row(true)` makes the row
    /// for all others, which is returned beyond the limit. The index of the row for all others is the limit.
    pub(crate) fn entry(
        &mut self,
        identity: Identity,
        new_row: impl FnOnce(bool) -> Row,
    ) -> (usize, &mut Row) {
        if let Some(&index) = self.indices.get(&identity) {
            return (index, &mut self.rows[index]);
        }
        let index = self.rows.len();
        if index == self.limit {
            return self.other_entry(|| new_row(true));
        }
        self.indices.insert(identity, index);
        self.rows.push(new_row(false));
        (index, &mut self.rows[index])
    }

    /// Returns the row for all others, and its index. `new_row` makes it if there is none yet.
    pub(crate) fn other_entry(&mut self, new_row: impl FnOnce() -> Row) -> (usize, &mut Row) {
        (self.limit, self.other.get_or_insert_with(new_row))
    }

    /// The row at an index that [`Self::entry`] returned.
    pub(crate) fn get_mut(&mut self, index: usize) -> &mut Row {
        match self.other.as_mut().filter(|_| index == self.limit) {
            Some(other) => other,
            None => &mut self.rows[index],
        }
    }

    /// Changes every row.
    pub(crate) fn map<Other>(self, change: impl Fn(Row) -> Other) -> FirstRows<Other> {
        FirstRows {
            limit: self.limit,
            rows: self.rows.into_iter().map(&change).collect(),
            indices: self.indices,
            other: self.other.map(&change),
        }
    }

    /// The rows in order of first appearance.
    pub(crate) fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The row for all others, if there are any.
    pub(crate) fn other(&self) -> Option<&Row> {
        self.other.as_ref()
    }

    /// All rows. The row for all others comes last.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().chain(&self.other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_beyond_the_limit_share_one_row() {
        let mut table = FirstRows::new(2);
        for identity in [7, 8, 9, 7, 10, 9] {
            let new_row = |is_other| (if is_other { 0 } else { identity }, 0);
            table.entry(identity, new_row).1.1 += 1;
        }
        assert_eq!(table.rows(), [(7, 2), (8, 1)]);
        assert_eq!(table.other(), Some(&(0, 3)));
        assert_eq!(table.all().map(|row| row.1).sum::<i32>(), 6);
    }
}
