//! Tables and lists that never outgrow their part of the page. Each row is rendered on its own, and added if it fits.

use maud::{Markup, PreEscaped, Render, html};

use super::budget::{Budget, Part};
use super::figures::{excerpt_or, nothing};
use super::text;
use crate::formats::report::about::Listed;
use crate::formats::report::excerpt::Excerpt;

/// A table before its rows.
pub(super) struct Table<'a> {
    id: &'a str,
    part: Part,
    /// Titles differ from each other.
    pub(super) columns: &'a [Column<'a>],
    is_sortable: bool,
}

/// The title of a column, by what its cells hold.
pub(super) enum Column<'a> {
    Text(&'static str),
    Number(&'static str),
    /// Numbers by which the rows are sorted, the largest first.
    Descending(&'static str),
    /// Numbers under a name from the input.
    NumberOf(&'a Excerpt),
}

impl<'a> Table<'a> {
    pub(super) const fn new(id: &'a str, part: Part, columns: &'a [Column<'a>]) -> Self {
        Self { id, part, columns, is_sortable: false }
    }

    /// A table that the script lets people sort. It cannot have groups.
    pub(super) const fn sortable(id: &'a str, part: Part, columns: &'a [Column<'a>]) -> Self {
        Self { is_sortable: true, ..Self::new(id, part, columns) }
    }

    /// The row above a group.
    pub(super) fn group_header(&self, title: &Markup) -> Markup {
        html! { tr.group { th scope="rowgroup" colspan=(self.columns.len()) { (title) } } }
    }

    /// The table in a region that scrolls by itself. `fill` adds the rows. Rows that do not fit into the part of the page are
    /// counted below the table.
    pub(super) fn render(
        &self,
        budget: &mut Budget,
        caption: &Markup,
        fill: impl FnOnce(&mut Rows<'_>),
    ) -> Markup {
        let caption_id = format!("caption-{}", self.id);
        budget.count(|budget| {
            let head = budget.count(|_| {
                html! {
                    caption id=(caption_id) { (caption) }
                    thead { tr { @for column in self.columns { (column) } } }
                }
            });
            let mut rows = Rows::new(budget, self.part);
            fill(&mut rows);
            html! {
                div.table role="region" tabindex="0" aria-labelledby=(caption_id) {
                    table #(self.id) class=[self.is_sortable.then_some("sortable")] {
                        (head) "\n"
                        @for body in rows.bodies() { tbody { "\n" (body) } "\n" }
                    }
                }
                "\n"
                (more(self.id, rows.more))
            }
        })
    }
}

impl Render for Column<'_> {
    fn render(&self) -> Markup {
        html! {
            @match self {
                Self::Text(title) => th scope="col" { (title) },
                Self::Number(title) => th.n scope="col" { (title) },
                Self::Descending(title) => th.n scope="col" aria-sort="descending" { (title) },
                Self::NumberOf(name) => th.n scope="col" { (excerpt_or(name, "(empty)")) },
            }
        }
    }
}

/// A list of the summary, or `nothing_listed` if there is nothing to list. Entries that do not fit into the part of the page
/// are counted below it, together with those that the summary does not list.
pub(super) fn list<Entry>(
    budget: &mut Budget,
    id: &str,
    part: Part,
    listed: &Listed<Entry>,
    nothing_listed: &'static str,
    entry: impl Fn(&Entry) -> Markup,
) -> Markup {
    if listed.entries.is_empty() && listed.omitted == 0 {
        return nothing(nothing_listed);
    }
    budget.count(|budget| {
        let mut rows = Rows::new(budget, part);
        rows.leave_out(listed.omitted);
        rows.add(&listed.entries, |item| html! { li { (entry(item)) } });
        html! {
            ul #(id) { "\n" @for body in rows.bodies() { (body) } }
            "\n"
            (more(id, rows.more))
        }
    })
}

/// The paragraph that counts what a table or list does not show.
fn more(id: &str, more: u64) -> Markup {
    html! {
        @if more > 0 {
            p.more data-table=(id) data-more=(more) { "and " (text::grouped(more.into())) " more" }
            "\n"
        }
    }
}

/// The rows of a table that fit.
pub(super) struct Rows<'b> {
    budget: &'b mut Budget,
    part: Part,
    /// The first one is for rows outside of groups, and each group has its own.
    bodies: Vec<String>,
    is_full: bool,
    /// Number of rows that are left out.
    more: u64,
}

impl<'b> Rows<'b> {
    /// Bytes of the tags around a body.
    const BODY_TAGS: usize = "<tbody>\n</tbody>\n".len();

    fn new(budget: &'b mut Budget, part: Part) -> Self {
        Self { budget, part, bodies: vec![String::new()], is_full: false, more: 0 }
    }

    /// Adds a row for each item, as `row` renders it.
    pub(super) fn add<Item>(
        &mut self,
        items: impl IntoIterator<Item = Item>,
        mut row: impl FnMut(Item) -> Markup,
    ) {
        for item in items {
            let is_added = !self.is_full && self.push(&row(item));
            self.more += u64::from(!is_added);
        }
    }

    /// Adds a group of rows under a header. The header is left out if the first row does not fit.
    pub(super) fn group<Item>(
        &mut self,
        header: &Markup,
        items: impl IntoIterator<Item = Item>,
        mut row: impl FnMut(Item) -> Markup,
    ) {
        self.bodies.push(String::new());
        let mut items = items.into_iter();
        match items.next() {
            Some(first) => {
                self.add([first], |first| html! { (header) "\n" (row(first)) });
                self.add(items, row);
            }
            None => drop(self.push(header)),
        }
    }

    /// Adds the last row, for everything beyond a limit. It belongs to no group. It always fits if it has at most
    /// [`Part::ROOM_FOR_OTHER`] bytes.
    pub(super) fn other<Item>(&mut self, item: Option<Item>, cells: impl FnOnce(Item) -> Markup) {
        let Some(item) = item else { return };
        if self.bodies.len() > 1 {
            self.bodies.push(String::new());
        }
        self.push_line(&html! { tr.other { (cells(item)) } });
    }

    /// The last row of a group, for what is beyond a limit of the group. It is left out if the table is full.
    pub(super) fn rest_of_group(&mut self, cells: &Markup) {
        self.push(&html! { tr.other { (cells) } });
    }

    /// Counts rows that are not even rendered.
    pub(super) fn leave_out(&mut self, rows: u64) {
        self.more += rows;
    }

    /// Adds a row if it fits. After the first row that does not, no row does.
    fn push(&mut self, row: &Markup) -> bool {
        let tags = if self.body().is_empty() { Self::BODY_TAGS } else { 0 };
        self.is_full = self.is_full || !self.budget.fits(self.part, tags + row.0.len() + 1);
        if !self.is_full {
            self.push_line(row);
        }
        !self.is_full
    }

    fn push_line(&mut self, row: &Markup) {
        let body = self.body();
        body.push_str(&row.0);
        body.push('\n');
    }

    fn body(&mut self) -> &mut String {
        self.bodies.last_mut().expect("there is always a body")
    }

    /// The bodies that have rows, or one that is empty.
    fn bodies(&self) -> impl Iterator<Item = PreEscaped<&String>> {
        let is_empty = self.bodies.iter().all(String::is_empty);
        let bodies = self.bodies.iter().filter(|body| !body.is_empty());
        bodies.chain(self.bodies.first().filter(|_| is_empty)).map(PreEscaped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::report::page::figures::count;
    use crate::formats::report::page::well_formed::check_fragment;

    fn table_of(fill: impl FnOnce(&mut Rows<'_>)) -> String {
        let html = Table::sortable("things", Part::Frame, &[Column::Text("Thing"), Column::Number("Count")])
            .render(&mut Budget::default(), &html! { "Things" }, fill)
            .0;
        check_fragment(&html);
        html
    }

    fn row(number: u64) -> Markup {
        html! { tr { th scope="row" { (Excerpt::of("a thing")) } td { (count(number)) } } }
    }

    #[test]
    fn rows_that_no_longer_fit_are_counted_and_the_other_row_stays() {
        let html = table_of(|rows| {
            rows.add(0..10_000, row);
            rows.other(Some(7_u64), |number| html! { th scope="row" { "other" } td { (count(number)) } });
        });
        assert!(html.len() <= Part::Frame.end());
        let shown = html.matches("a thing").count();
        assert!(shown > 100);
        assert!(html.contains("<tr class=\"other\"><th scope=\"row\">other</th>"));
        assert!(html.contains(&format!("data-table=\"things\" data-more=\"{}\">", 10_000 - shown)));
    }

    #[test]
    fn a_group_without_room_for_a_row_is_left_out() {
        let header = html! { tr.group { th colspan="2" { "group" } } };
        let html = table_of(|rows| (0..10_000).for_each(|number| rows.group(&header, [number], row)));
        assert_eq!(html.matches(">group<").count(), html.matches("a thing").count());
        assert_eq!(html.matches("<tbody>").count(), html.matches("a thing").count());
        // The tags of each body count, too.
        assert!(html.len() <= Part::Frame.end() - Part::ROOM_FOR_OTHER);
    }

    #[test]
    fn a_group_without_rows_has_a_header_and_the_other_row_is_in_no_group() {
        let header = html! { tr.group { th colspan="2" { "group" } } };
        let html = table_of(|rows| {
            rows.group(&header, [], row);
            rows.other(Some(()), |()| html! { th scope="row" { "other" } td {} });
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
