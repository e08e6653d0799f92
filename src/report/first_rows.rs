//! A table whose keys are the input's to choose, and so without bound.

use std::collections::HashMap;

/// Tells the rows of a table apart: a hash of a key of any length, keyed anew for each export, so that no input can be made
/// to collide.
pub(crate) type Identity = u64;

/// The rows that appeared first, up to a limit, and one more for all others.
#[derive(Debug)]
pub(crate) struct FirstRows<Row> {
    limit: usize,
    rows: Vec<Row>,
    places: HashMap<Identity, usize>,
    other: Option<Row>,
}

impl<Row> FirstRows<Row> {
    /// An empty table of at most `limit` rows.
    pub(crate) fn new(limit: usize) -> Self {
        Self { limit, rows: Vec::new(), places: HashMap::new(), other: None }
    }

    /// The row of a key. Where it is new, `begin` makes it; beyond the limit, it makes the row for all others, being told so
    /// with `true`.
    pub(crate) fn entry(&mut self, identity: Identity, begin: impl FnOnce(bool) -> Row) -> &mut Row {
        if let Some(&place) = self.places.get(&identity) {
            return &mut self.rows[place];
        }
        if self.rows.len() == self.limit {
            return self.other.get_or_insert_with(|| begin(true));
        }
        let place = self.rows.len();
        self.places.insert(identity, place);
        self.rows.push(begin(false));
        &mut self.rows[place]
    }

    /// The rows in order of first appearance.
    pub(crate) fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The row for all others, where there are any.
    pub(crate) fn other(&self) -> Option<&Row> {
        self.other.as_ref()
    }

    /// All rows, that for the others last.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().chain(&self.other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_beyond_the_limit_are_counted_in_one() {
        let mut table = FirstRows::new(2);
        for identity in [7, 8, 9, 7, 10, 9] {
            let begin = |is_other| (if is_other { 0 } else { identity }, 0);
            table.entry(identity, begin).1 += 1;
        }
        assert_eq!(table.rows(), [(7, 2), (8, 1)]);
        assert_eq!(table.other(), Some(&(0, 3)));
        assert_eq!(table.all().map(|row| row.1).sum::<i32>(), 6);
    }
}
