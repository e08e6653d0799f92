//! Tables and lists that never outgrow their part of the page.

use super::budget::Part;
use super::html::Html;
use super::text;
use crate::formats::report::excerpt::Excerpt;

impl Html {
    /// A table in a region that scrolls by itself; `caption` writes the caption's text. Rows that no longer fit its part of
    /// the page are left out, and counted behind it.
    pub(crate) fn table(
        &mut self,
        table: &Table<'_>,
        caption: impl FnOnce(&mut Self) -> &mut Self,
        rows: impl FnOnce(&mut Rows<'_>),
    ) -> &mut Self {
        self.markup("<div class=\"table\" role=\"region\" tabindex=\"0\" aria-labelledby=\"caption-");
        self.markup(table.id).markup("\">\n<table id=\"").markup(table.id);
        self.markup(if table.is_sortable { "\" class=\"sortable\">\n" } else { "\">\n" });
        self.markup("<caption id=\"caption-").markup(table.id).markup("\">");
        caption(self);
        self.markup("</caption>\n<thead><tr>");
        table.columns.iter().for_each(|column| self.column(column));
        self.markup("</tr></thead>\n");
        let mut kept = Rows::new(self, table.part);
        rows(&mut kept);
        let more = kept.finish();
        self.markup("</table>\n</div>\n").more(table.id, more)
    }

    fn column(&mut self, column: &Column<'_>) {
        match column {
            Column::Text(title) => self.markup("<th scope=\"col\">").markup(title),
            Column::Number(title) => self.markup("<th scope=\"col\" class=\"n\">").markup(title),
            Column::Descending(title) => {
                self.markup("<th scope=\"col\" class=\"n\" aria-sort=\"descending\">").markup(title)
            }
            Column::NumberOf(excerpt) => {
                self.markup("<th scope=\"col\" class=\"n\">").excerpt_or(excerpt, "(empty)")
            }
        };
        self.markup("</th>");
    }

    /// A list; entries that no longer fit its part of the page are left out and counted behind it, with the `omitted` ones.
    pub(crate) fn list<Entry>(
        &mut self,
        id: &'static str,
        part: Part,
        entries: impl IntoIterator<Item = Entry>,
        omitted: u64,
        mut write: impl FnMut(&mut Self, Entry) -> &mut Self,
    ) -> &mut Self {
        let mut more = omitted;
        let mut is_full = false;
        self.markup("<ul id=\"").markup(id).markup("\">\n");
        for entry in entries {
            is_full = is_full
                || !self.fits(part, |page| {
                    page.markup("<li>");
                    write(page, entry).markup("</li>\n")
                });
            more += u64::from(is_full);
        }
        self.markup("</ul>\n").more(id, more)
    }

    /// The paragraph that counts what a table or list does not show, if anything.
    fn more(&mut self, id: &'static str, more: u64) -> &mut Self {
        if more == 0 {
            return self;
        }
        self.markup("<p class=\"more\" data-table=\"").markup(id).markup("\"");
        self.attribute("data-more", &more.to_string());
        self.markup(">and ").text(&text::grouped(more.into())).markup(" more</p>\n")
    }
}

/// A table before its rows.
pub(crate) struct Table<'a> {
    pub(crate) id: &'static str,
    pub(crate) part: Part,
    /// Titles differ from each other.
    pub(crate) columns: &'a [Column<'a>],
    /// Whether a script may let people sort it: it has no groups.
    pub(crate) is_sortable: bool,
}

/// The title of a column, by what stands in its cells.
pub(crate) enum Column<'a> {
    Text(&'static str),
    Number(&'static str),
    /// Numbers by which the rows are sorted, the largest first.
    Descending(&'static str),
    /// Numbers, under a name of the input's.
    NumberOf(&'a Excerpt),
}

/// The rows of a table being written.
pub(crate) struct Rows<'a> {
    page: &'a mut Html,
    part: Part,
    is_body_open: bool,
    has_groups: bool,
    /// Where the header of the group begins that has no rows yet.
    group: Option<usize>,
    is_full: bool,
    /// Rows left out.
    more: u64,
}

impl<'a> Rows<'a> {
    fn new(page: &'a mut Html, part: Part) -> Self {
        Self { page, part, is_body_open: false, has_groups: false, group: None, is_full: false, more: 0 }
    }

    /// Begins a group, whose header `write` writes: a `<tr>`. It is left out if it does not fit with its first row.
    pub(crate) fn group(&mut self, write: impl FnOnce(&mut Html) -> &mut Html) {
        let begin = self.page.len();
        let is_body_open = self.is_body_open;
        self.is_full = self.is_full
            || !self.page.fits(self.part, |page| {
                write(page.markup(if is_body_open { "</tbody>\n<tbody>\n" } else { "<tbody>\n" }))
            });
        if !self.is_full {
            self.is_body_open = true;
            self.has_groups = true;
            self.group = Some(begin).filter(|_| is_body_open);
        }
    }

    /// A row, whose cells `write` writes.
    pub(crate) fn row(&mut self, write: impl FnOnce(&mut Html) -> &mut Html) {
        self.add("<tr>", write);
    }

    /// A row that stands out: `class="marked"`.
    pub(crate) fn marked_row(&mut self, write: impl FnOnce(&mut Html) -> &mut Html) {
        self.add("<tr class=\"marked\">", write);
    }

    /// The last row, for all that are beyond a limit: in a table with groups, it belongs to none. It always fits, as long as it
    /// has no more than [`Part::ROOM_FOR_OTHER`] bytes.
    pub(crate) fn other_row(&mut self, write: impl FnOnce(&mut Html) -> &mut Html) {
        self.open_body();
        self.page.markup(if self.has_groups { "</tbody>\n<tbody>\n" } else { "" });
        self.page.markup("<tr class=\"other\">");
        write(self.page).markup("</tr>\n");
    }

    /// The last row of a group, for what is beyond a limit of the group. It is left out if the table is full.
    pub(crate) fn rest_of_group(&mut self, write: impl FnOnce(&mut Html) -> &mut Html) {
        self.is_full = self.is_full
            || !self.page.fits(self.part, |page| {
                page.markup("<tr class=\"other\">");
                write(page).markup("</tr>\n")
            });
    }

    /// Counts rows that are not even tried.
    pub(crate) fn leave_out(&mut self, rows: u64) {
        self.more += rows;
    }

    fn add(&mut self, tag: &'static str, write: impl FnOnce(&mut Html) -> &mut Html) {
        self.open_body();
        self.is_full = self.is_full
            || !self.page.fits(self.part, |page| {
                page.markup(tag);
                write(page).markup("</tr>\n")
            });
        self.more += u64::from(self.is_full);
        if let Some(begin) = self.group.take()
            && self.is_full
        {
            self.page.take_back(begin);
        }
    }

    fn open_body(&mut self) {
        if !self.is_body_open {
            self.page.markup("<tbody>\n");
            self.is_body_open = true;
        }
    }

    fn finish(mut self) -> u64 {
        self.open_body();
        self.page.markup("</tbody>\n");
        self.more
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::report::page::well_formed::check_fragment;

    fn table(part: Part) -> Table<'static> {
        Table {
            id: "things",
            part,
            columns: &[Column::Text("Thing"), Column::Number("Count")],
            is_sortable: true,
        }
    }

    fn table_of(rows: impl FnOnce(&mut Rows<'_>)) -> String {
        let mut page = Html::new();
        page.table(&table(Part::Frame), |page| page.markup("Things"), rows);
        let html = page.into_string();
        check_fragment(&html);
        html
    }

    #[test]
    fn rows_that_no_longer_fit_are_counted_and_the_other_row_stays() {
        let html = table_of(|rows| {
            for number in 0..10_000 {
                rows.row(|page| page.row_header(|page| page.bdi("a thing")).count_cell(number));
            }
            rows.other_row(|page| page.row_header(|page| page.markup("other")).count_cell(7));
        });
        assert!(html.len() <= Part::Frame.end());
        let shown = html.matches("a thing").count();
        assert!(shown > 100);
        assert!(html.contains("<tr class=\"other\"><th scope=\"row\">other</th>"));
        assert!(html.contains(&format!("data-table=\"things\" data-more=\"{}\">", 10_000 - shown)));
    }

    #[test]
    fn a_group_without_room_for_a_row_is_left_out() {
        let html = table_of(|rows| {
            for number in 0..10_000 {
                rows.group(|page| page.markup("<tr class=\"group\"><th colspan=\"2\">group</th></tr>"));
                rows.row(|page| page.row_header(|page| page.bdi("a thing")).count_cell(number));
            }
        });
        assert_eq!(html.matches(">group<").count(), html.matches("a thing").count());
        assert_eq!(html.matches("<tbody>").count(), html.matches("a thing").count());
    }

    #[test]
    fn a_table_that_is_shown_whole_has_nothing_behind_it() {
        let html = table_of(|rows| rows.row(|page| page.row_header(|page| page).count_cell(1)));
        assert!(!html.contains("class=\"more\""));
        assert!(table_of(|rows| rows.leave_out(2)).contains("data-more=\"2\">and 2 more</p>"));
    }
}
