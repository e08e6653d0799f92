//! Tables and lists that never outgrow their part of the page. Each row is added if it fits.

mod rows;

use maud::{Markup, html};

pub(super) use self::rows::{Row, Rows};
use super::budget::{Budget, Part};
use super::figures::{excerpt_or, nothing};
use super::text;
use crate::formats::report::about::Listed;
use crate::formats::report::excerpt::Excerpt;

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
                if !rows.push_item(html! { li { (entry(item)) } }) {
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
