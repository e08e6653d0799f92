//! Tables and lists that never outgrow their part of the page. Each row is added if it fits.

use maud::{Markup, html};

use super::budget::{Budget, Part};
use super::figures::{excerpt_or, is_missing, nothing};
use super::text;
use crate::formats::report::about::Listed;
use crate::formats::report::excerpt::Excerpt;

/// A row of a table: its header, and then a cell for each further column. The table adds the titles of the columns.
pub(super) struct Row {
    cells: Vec<Markup>,
    class: Option<&'static str>,
}

impl Row {
    /// A row with a class, for the style.
    pub(super) fn with_class(cells: impl Into<Self>, class: Option<&'static str>) -> Self {
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

/// How wide a table must be to have columns. If it is narrower, each row shows its values with their titles.
pub(super) struct Room {
    columns_at_least: usize,
    name: &'static str,
    /// In the unit rem.
    width: u32,
}

impl Room {
    pub(super) const ALL: [Self; 3] = [
        Self { columns_at_least: 3, name: "medium", width: 36 },
        Self { columns_at_least: 6, name: "wide", width: 70 },
        Self { columns_at_least: 10, name: "widest", width: 75 },
    ];
    /// For two columns, which always fit.
    const NARROW: Self = Self { columns_at_least: 0, name: "narrow", width: 0 };

    fn of(columns: &[Column<'_>]) -> &'static Self {
        let mut rooms = Self::ALL.iter().rev();
        rooms.find(|room| columns.len() >= room.columns_at_least).unwrap_or(&Self::NARROW)
    }

    /// The style of a table that is narrower.
    pub(super) fn if_missing(&self, style: &str) -> String {
        format!("@container {} (width < {}rem) {{\n{style}}}\n", self.name, self.width)
    }
}

/// A table without its rows.
pub(super) struct Table<'a> {
    id: &'a str,
    part: Part,
    /// No two have the same title.
    pub(super) columns: &'a [Column<'a>],
    class: Option<&'static str>,
}

/// The title of a column, and what its cells contain.
pub(super) enum Column<'a> {
    Text(&'static str),
    /// For texts that can be long.
    LongText(&'static str),
    Number(&'static str),
    /// For numbers by which the rows are sorted, the largest first.
    Descending(&'static str),
    /// For numbers. The title is a text from the input.
    NumberOf(&'a Excerpt),
}

impl<'a> Table<'a> {
    pub(super) const fn new(id: &'a str, part: Part, columns: &'a [Column<'a>]) -> Self {
        Self { id, part, columns, class: None }
    }

    /// A table that the script lets people sort. It cannot have groups.
    pub(super) const fn sortable(id: &'a str, part: Part, columns: &'a [Column<'a>]) -> Self {
        Self { id, part, columns, class: Some("sortable") }
    }

    /// A table whose rows the script lets people filter.
    pub(super) const fn filterable(id: &'a str, part: Part, columns: &'a [Column<'a>]) -> Self {
        Self { id, part, columns, class: Some("filterable") }
    }

    /// Renders the table. `fill` adds the rows. Rows that do not fit into the part of the page are counted below the table. A column
    /// is left out if no row has a value for it.
    pub(super) fn render(
        &self,
        budget: &mut Budget,
        caption: &Markup,
        fill: impl FnOnce(&mut Rows<'_>),
    ) -> Markup {
        budget.count(|budget| {
            let all: Vec<_> = (0..self.columns.len()).collect();
            let head = budget.count(|_| self.head(caption, &all));
            let mut rows = Rows::new(budget, self.part, self.columns);
            fill(&mut rows);
            let columns = rows.columns_with_values();
            let head = if columns == all { head } else { self.head(caption, &columns) };
            html! {
                div.table .(Room::of(self.columns).name) {
                    table #(self.id) class=[self.class] {
                        (head) "\n"
                        @for body in rows.bodies(&columns) { tbody { "\n" (body) } "\n" }
                    }
                }
                "\n"
                (more(self.id, rows.more, "more"))
            }
        })
    }

    fn head(&self, caption: &Markup, columns: &[usize]) -> Markup {
        html! {
            caption id={ "caption-" (self.id) } { (caption) }
            thead { tr { @for &index in columns { (self.columns[index].title(index + 1)) } } }
        }
    }
}

impl Column<'_> {
    /// The most characters of a title from the input that each cell repeats.
    const NAME_IN_LABEL: usize = 20;
    /// The most characters of a title from the input that stays on one line.
    const SHORT_NAME: usize = 4;

    /// The number of the column, if its title is too long or too odd to be repeated in each cell. Cells then show the number, and
    /// the title stands above the rows with the same number.
    fn number_for_labels(&self, number: usize) -> Option<String> {
        match self {
            Self::NumberOf(name) if !name.is_word(Self::NAME_IN_LABEL) => Some(format!("Column {number}")),
            _ => None,
        }
    }

    const fn class_of_cells(&self) -> Option<&'static str> {
        match self {
            Self::LongText(_) => Some("long"),
            _ => None,
        }
    }

    /// The title that each cell repeats, for an attribute. `number` is the number of the column, from 1.
    fn label(&self, number: usize) -> Markup {
        html! {
            @match self {
                Self::Text(title) | Self::LongText(title) | Self::Number(title) | Self::Descending(title) => (title),
                Self::NumberOf(name) => @match self.number_for_labels(number) {
                    Some(number) => (number),
                    None => (name.in_title()),
                },
            }
        }
    }

    /// The header cell. `number` is the number of the column, from 1.
    fn title(&self, number: usize) -> Markup {
        html! {
            @match self {
                Self::Text(title) | Self::LongText(title) => th scope="col" { (title) },
                Self::Number(title) => th.n scope="col" { (title) },
                Self::Descending(title) => th.n scope="col" aria-sort="descending" { (title) },
                Self::NumberOf(name) => {
                    th.n.short[name.is_word(Self::SHORT_NAME)] scope="col" data-number=[self.number_for_labels(number)] {
                        (excerpt_or(name, "(empty)"))
                    }
                },
            }
        }
    }
}

/// How to show a list of the summary.
pub(super) struct List<Entry> {
    /// Id of the element.
    pub(super) id: &'static str,
    pub(super) part: Part,
    /// The sentence if there is nothing to list.
    pub(super) nothing_listed: &'static str,
    /// Below the list, how many more there are: `more`, or `more lines`.
    pub(super) more: &'static str,
    /// How much an entry adds to that number if it does not fit.
    pub(super) count: fn(&Entry) -> u64,
}

impl<Entry> List<Entry> {
    /// Renders the list. Entries that do not fit into the part of the page are counted below it, together with those that the
    /// summary does not list.
    pub(super) fn render(
        &self,
        budget: &mut Budget,
        listed: &Listed<Entry>,
        entry: impl Fn(&Entry) -> Markup,
    ) -> Markup {
        if listed.entries.is_empty() && listed.omitted == 0 {
            return nothing(self.nothing_listed);
        }
        budget.count(|budget| {
            let mut rows = Rows::new(budget, self.part, &[]);
            rows.leave_out(listed.omitted);
            for item in &listed.entries {
                if !rows.push([Line::Item(html! { li { (entry(item)) } })]) {
                    rows.leave_out((self.count)(item));
                }
            }
            html! {
                ul #(self.id) { "\n" @for body in rows.bodies(&[]) { (body) } }
                "\n"
                (more(self.id, rows.more, self.more))
            }
        })
    }
}

/// The paragraph that says how many rows or entries are missing.
fn more(id: &str, count: u64, more: &'static str) -> Markup {
    html! {
        @if count > 0 {
            p.more data-table=(id) data-more=(count) { "and " (text::grouped(count.into())) " " (more) }
            "\n"
        }
    }
}

/// The rows of a table that fit.
pub(super) struct Rows<'b> {
    budget: &'b mut Budget,
    part: Part,
    /// For each column, the title that its cells repeat, and their class.
    labels: Vec<(Markup, Option<&'static str>)>,
    /// The first body has the rows outside of groups. Each group has its own body.
    bodies: Vec<Vec<Line>>,
    is_full: bool,
    /// Number of rows that are left out.
    more: u64,
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

    fn new(budget: &'b mut Budget, part: Part, columns: &[Column<'_>]) -> Self {
        let label = |(number, column): (usize, &Column<'_>)| (column.label(number), column.class_of_cells());
        let labels = (1..).zip(columns).map(label).collect();
        Self { budget, part, labels, bodies: vec![Vec::new()], is_full: false, more: 0 }
    }

    /// Adds a row for each item.
    pub(super) fn add<Item, R: Into<Row>>(
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
    pub(super) fn group<Item, R: Into<Row>>(
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
    pub(super) fn other<Item, R: Into<Row>>(&mut self, item: Option<Item>, row: impl FnOnce(Item) -> R) {
        let Some(item) = item else { return };
        if self.bodies.len() > 1 {
            self.bodies.push(Vec::new());
        }
        self.body().push(Line::Row(Row::with_class(row(item), Some("other"))));
    }

    /// The last row of a group, for what is beyond a limit of the group. It is left out if the table is full.
    pub(super) fn rest_of_group(&mut self, sentence: Markup) {
        self.push([Line::Rest(sentence)]);
    }

    /// Counts rows as missing.
    pub(super) fn leave_out(&mut self, rows: u64) {
        self.more += rows;
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
    fn columns_with_values(&self) -> Vec<usize> {
        let rows = || self.bodies.iter().flatten().filter_map(Line::row);
        let has_value = |&column: &usize| {
            column == 0 || rows().next().is_none() || rows().any(|row| !is_missing(&row.cells[column]))
        };
        (0..self.labels.len()).filter(has_value).collect()
    }

    /// The bodies that have rows, or one that is empty.
    fn bodies(&self, columns: &[usize]) -> impl Iterator<Item = Markup> {
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

/// Removes the titles and classes that cells repeat, and the places where names can break.
#[cfg(test)]
pub(super) fn without_labels(html: &str) -> String {
    let html = html.replace("<td class=\"long\" data-label", "<td data-label").replace("<wbr>", "");
    let mut parts = html.split(" data-label=\"");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |html, part| html + part.split_once('"').expect("the end of a label").1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::report::page::figures::{count, none};
    use crate::formats::report::page::well_formed::check_fragment;

    fn table_of(fill: impl FnOnce(&mut Rows<'_>)) -> String {
        let html = Table::sortable("things", Part::Frame, &[Column::Text("Thing"), Column::Number("Count")])
            .render(&mut Budget::default(), &html! { "Things" }, fill)
            .0;
        check_fragment(&html);
        html
    }

    fn row(number: u64) -> [Markup; 2] {
        [html! { (Excerpt::of("a thing")) }, count(number)]
    }

    fn text(text: &'static str) -> Markup {
        html! { (text) }
    }

    #[test]
    fn each_cell_has_the_title_of_its_column() {
        let [plain, hostile] = ["2xx", "javascript:\u{202E}"].map(Excerpt::of);
        let columns = [Column::Text("Thing"), Column::NumberOf(&plain), Column::NumberOf(&hostile)];
        let html = Table::new("t", Part::Frame, &columns)
            .render(&mut Budget::default(), &text("Things"), |rows| {
                rows.add([1_u64], |one| [text("a"), count(one), count(one)]);
                rows.other(Some(()), |()| [text("other"), Markup::default(), count(2_u64)]);
            })
            .0;
        check_fragment(&html);
        for row in [
            "<tr><th scope=\"row\" data-label=\"Thing\">a</th>\
             <td data-label=\"2xx\"><data value=\"1\">1</data></td>\
             <td data-label=\"Column 3\"><data value=\"1\">1</data></td></tr>",
            "<th class=\"n short\" scope=\"col\"><bdi>2xx</bdi></th>\
             <th class=\"n\" scope=\"col\" data-number=\"Column 3\"><bdi>javascript:⟨U+202E⟩</bdi></th>",
            "<tr class=\"other\"><th scope=\"row\" data-label=\"Thing\">other</th><td></td><td data-label=\"Column 3\">",
        ] {
            assert!(html.contains(row), "{row} in {html}");
        }
    }

    #[test]
    fn a_column_without_values_is_left_out() {
        let html_of = |cells: &[[Markup; 3]]| {
            let columns = [Column::Text("Thing"), Column::Text("Kind"), Column::Number("Count")];
            let html = Table::new("t", Part::Frame, &columns)
                .render(&mut Budget::default(), &text("Things"), |rows| {
                    rows.group(&text("group"), cells.iter().cloned(), |cells| cells);
                })
                .0;
            check_fragment(&html);
            without_labels(&html)
        };
        let missing = || none("(none)");
        let html =
            html_of(&[[missing(), missing(), count(1_u64)], [text("a"), Markup::default(), none("–")]]);
        assert!(html.contains("scope=\"rowgroup\" colspan=\"2\"") && !html.contains("Kind"), "{html}");
        // The header of a row is never left out.
        let row = "<tr><th scope=\"row\"><span class=\"none\">(none)</span></th><td><data value=\"1\">1</data></td></tr>";
        assert!(html.contains(row), "{html}");
        let html = html_of(&[[text("a"), missing(), missing()], [text("a"), none("(empty)"), missing()]]);
        assert!(html.contains("Kind") && !html.contains("Count"), "{html}");
        assert!(html_of(&[]).contains("Count"), "a table without rows has all its columns");
    }

    #[test]
    fn rows_that_no_longer_fit_are_counted_and_the_other_row_stays() {
        let html = table_of(|rows| {
            rows.add(0..10_000, row);
            rows.other(Some(7_u64), |number| [text("other"), count(number)]);
        });
        assert!(html.len() <= Part::Frame.end());
        let shown = html.matches("a thing").count();
        assert!(shown > 100);
        assert!(html.contains("<tr class=\"other\"><th scope=\"row\" data-label=\"Thing\">other</th>"));
        assert!(html.contains(&format!("data-table=\"things\" data-more=\"{}\">", 10_000 - shown)));
    }

    #[test]
    fn a_group_without_room_for_a_row_is_left_out() {
        let html = table_of(|rows| (0..10_000).for_each(|number| rows.group(&text("group"), [number], row)));
        assert_eq!(html.matches(">group<").count(), html.matches("a thing").count());
        assert_eq!(html.matches("<tbody>").count(), html.matches("a thing").count());
        // The tags of each body count too.
        assert!(html.len() <= Part::Frame.end() - Part::ROOM_FOR_OTHER);
    }

    #[test]
    fn a_group_without_rows_has_a_header_and_the_other_row_is_in_no_group() {
        let html = table_of(|rows| {
            rows.group(&text("group"), [], row);
            rows.other(Some(()), |()| [text("other"), Markup::default()]);
        });
        assert_eq!(html.matches("<tbody>\n<tr class=\"").count(), 2, "{html}");
    }

    #[test]
    fn a_table_that_is_shown_whole_has_nothing_behind_it() {
        assert!(!table_of(|rows| rows.add([1], row)).contains("class=\"more\""));
        let html = table_of(|rows| rows.leave_out(2));
        assert!(html.contains("data-more=\"2\">and 2 more</p>") && html.contains("<tbody>"));
    }
}
