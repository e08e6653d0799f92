//! A table whose keys are the input's to choose, and so without bound.

use super::identity::{Identity, IdentityMap};

/// The rows that appeared first, up to a limit, and one more for all others.
#[derive(Debug)]
pub(crate) struct FirstRows<Row> {
    limit: usize,
    rows: Vec<Row>,
    places: IdentityMap<usize>,
    other: Option<Row>,
}

impl<Row> FirstRows<Row> {
    /// An empty table of at most `limit` rows.
    pub(crate) fn new(limit: usize) -> Self {
        Self { limit, rows: Vec::new(), places: IdentityMap::default(), other: None }
    }

    /// The row of a key, and its place. Where it is new, `begin` makes it; beyond the limit, it makes the row for all others,
    /// being told so with `true`. The place of that row is the one behind the last.
    pub(crate) fn entry(&mut self, identity: Identity, begin: impl FnOnce(bool) -> Row) -> (usize, &mut Row) {
        if let Some(&place) = self.places.get(&identity) {
            return (place, &mut self.rows[place]);
        }
        let place = self.rows.len();
        if place == self.limit {
            return (place, self.other.get_or_insert_with(|| begin(true)));
        }
        self.places.insert(identity, place);
        self.rows.push(begin(false));
        (place, &mut self.rows[place])
    }

    /// The row for all others.
    pub(crate) fn other_entry(&mut self, begin: impl FnOnce() -> Row) -> &mut Row {
        self.other.get_or_insert_with(begin)
    }

    /// The row at a place that [`Self::entry`] gave.
    pub(crate) fn get_mut(&mut self, place: usize) -> &mut Row {
        match self.other.as_mut().filter(|_| place == self.limit) {
            Some(other) => other,
            None => &mut self.rows[place],
        }
    }

    /// The table with other rows.
    pub(crate) fn map<Other>(self, change: impl Fn(Row) -> Other) -> FirstRows<Other> {
        FirstRows {
            limit: self.limit,
            rows: self.rows.into_iter().map(&change).collect(),
            places: self.places,
            other: self.other.map(&change),
        }
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
            table.entry(identity, begin).1.1 += 1;
        }
        assert_eq!(table.rows(), [(7, 2), (8, 1)]);
        assert_eq!(table.other(), Some(&(0, 3)));
        assert_eq!(table.all().map(|row| row.1).sum::<i32>(), 6);
    }
}
