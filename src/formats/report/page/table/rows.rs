//! The rows of a table or the entries of a list, as far as they fit.

use maud::{Markup, html};

use super::Column;
use crate::formats::report::page::budget::{Budget, Part};
use crate::formats::report::page::figures::is_missing;

/// A row of a table: its header, and then a cell for each further column. The table adds the titles of the columns.
pub(in crate::formats::report::page) struct Row {
    cells: Vec<Markup>,
    class: Option<&'static str>,
}

impl Row {
    /// A row with a class, for the style.
    pub(in crate::formats::report::page) fn with_class(
        cells: impl Into<Self>,
        class: Option<&'static str>,
    ) -> Self {
        Self { class, ..cells.into() }
    }
}

impl<const COLUMNS: usize> From<[Markup; COLUMNS]> for Row {
    fn from(cells: [Markup; COLUMNS]) -> Self {
        Vec::from(cells).into()
    }
}

impl From<Vec<Markup>> for Row {
    fn from(cells: Vec<Markup>) -> Self {
        Self { cells, class: None }
    }
}

/// The rows of a table that fit.
pub(in crate::formats::report::page) struct Rows<'b> {
    budget: &'b mut Budget,
    part: Part,
    /// For each column, the title that its cells repeat, and their class.
    labels: Vec<(Markup, Option<&'static str>)>,
    /// The first body has the rows outside of groups. Each group has its own body.
    bodies: Vec<Vec<Line>>,
    is_full: bool,
    /// Number of rows that are left out.
    pub(super) more: u64,
}

enum Line {
    Row(Row),
    /// The title of a group.
    Title(Markup),
    /// A sentence about the rest of a group.
    Rest(Markup),
    /// An item of a list.
    Item(Markup),
}

impl<'b> Rows<'b> {
    /// Bytes of the tags around a body.
    const BODY_TAGS: usize = "<tbody>\n</tbody>\n".len();

    pub(super) fn new(budget: &'b mut Budget, part: Part, columns: &[Column<'_>]) -> Self {
        let label = |(number, column): (usize, &Column<'_>)| (column.label(number), column.class_of_cells());
        let labels = (1..).zip(columns).map(label).collect();
        Self { budget, part, labels, bodies: vec![Vec::new()], is_full: false, more: 0 }
    }

    /// Adds a row for each item.
    pub(in crate::formats::report::page) fn add<Item, R: Into<Row>>(
        &mut self,
        items: impl IntoIterator<Item = Item>,
        mut row: impl FnMut(Item) -> R,
    ) {
        for item in items {
            if self.is_full {
                self.more += 1;
            } else {
                self.push_or_count([Line::Row(row(item).into())]);
            }
        }
    }

    /// Adds a group of rows under a title. The title is left out if the first row does not fit.
    pub(in crate::formats::report::page) fn group<Item, R: Into<Row>>(
        &mut self,
        title: &Markup,
        items: impl IntoIterator<Item = Item>,
        mut row: impl FnMut(Item) -> R,
    ) {
        self.bodies.push(Vec::new());
        let title = Line::Title(title.clone());
        let mut items = items.into_iter();
        match items.next() {
            Some(first) => {
                self.push_or_count([title, Line::Row(row(first).into())]);
                self.add(items, row);
            }
            None => drop(self.push([title])),
        }
    }

    /// Adds the last row, for everything beyond a limit. It belongs to no group. It always fits if it has at most
    /// [`Part::ROOM_FOR_OTHER`] bytes.
    pub(in crate::formats::report::page) fn other<Item, R: Into<Row>>(
        &mut self,
        item: Option<Item>,
        row: impl FnOnce(Item) -> R,
    ) {
        let Some(item) = item else { return };
        if self.bodies.len() > 1 {
            self.bodies.push(Vec::new());
        }
        self.body().push(Line::Row(Row::with_class(row(item), Some("other"))));
    }

    /// The last row of a group, for what is beyond a limit of the group. It is left out if the table is full.
    pub(in crate::formats::report::page) fn rest_of_group(&mut self, sentence: Markup) {
        self.push([Line::Rest(sentence)]);
    }

    /// Counts rows as missing.
    pub(in crate::formats::report::page) fn leave_out(&mut self, rows: u64) {
        self.more += rows;
    }

    /// Adds an entry of a list if it fits. Returns whether it does.
    pub(super) fn push_item(&mut self, item: Markup) -> bool {
        self.push([Line::Item(item)])
    }

    fn push_or_count<const LINES: usize>(&mut self, lines: [Line; LINES]) {
        self.more += u64::from(!self.push(lines));
    }

    /// Adds lines if they fit. After the first lines that do not fit, none are added.
    fn push<const LINES: usize>(&mut self, lines: [Line; LINES]) -> bool {
        let tags = if self.body().is_empty() { Self::BODY_TAGS } else { 0 };
        let columns: Vec<_> = (0..self.labels.len()).collect();
        let bytes: usize = lines.iter().map(|line| self.markup(line, &columns).0.len() + 1).sum();
        self.is_full = self.is_full || !self.budget.fits(self.part, tags + bytes);
        if !self.is_full {
            self.body().extend(lines);
        }
        !self.is_full
    }

    fn body(&mut self) -> &mut Vec<Line> {
        self.bodies.last_mut().expect("there is always a body")
    }

    /// Indices of the columns in which some row has a value. The first column has the headers of the rows and always stays. A
    /// table without rows has all columns.
    pub(super) fn columns_with_values(&self) -> Vec<usize> {
        let rows = || self.bodies.iter().flatten().filter_map(Line::row);
        let has_value = |&column: &usize| {
            column == 0 || rows().next().is_none() || rows().any(|row| !is_missing(&row.cells[column]))
        };
        (0..self.labels.len()).filter(has_value).collect()
    }

    /// The bodies that have rows, or one that is empty.
    pub(super) fn bodies(&self, columns: &[usize]) -> impl Iterator<Item = Markup> {
        let is_empty = self.bodies.iter().all(Vec::is_empty);
        let bodies = self.bodies.iter().filter(|body| !body.is_empty());
        bodies.chain(self.bodies.first().filter(|_| is_empty)).map(move |body| {
            html! { @for line in body { (self.markup(line, columns)) "\n" } }
        })
    }

    fn markup(&self, line: &Line, columns: &[usize]) -> Markup {
        html! {
            @match line {
                Line::Row(row) => (self.labelled(row, columns)),
                Line::Title(title) => tr.group { th scope="rowgroup" colspan=(columns.len()) { (title) } },
                Line::Rest(rest) => tr.other { th scope="row" colspan=(columns.len()) { (rest) } },
                Line::Item(item) => (item),
            }
        }
    }

    /// Renders the row. Each cell repeats the title of its column.
    fn labelled(&self, row: &Row, columns: &[usize]) -> Markup {
        assert_eq!(row.cells.len(), self.labels.len(), "a row has a cell for each column");
        html! {
            tr class=[row.class] {
                @for &column in columns {
                    @let (label, class) = &self.labels[column];
                    @let cell = &row.cells[column];
                    @if column == 0 { th scope="row" data-label=(label) { (cell) } }
                    @else if cell.0.is_empty() { td {} }
                    @else { td class=[*class] data-label=(label) { (cell) } }
                }
            }
        }
    }
}

impl Line {
    fn row(&self) -> Option<&Row> {
        match self {
            Self::Row(row) => Some(row),
            _ => None,
        }
    }
}
