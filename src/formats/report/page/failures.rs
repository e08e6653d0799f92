//! What failed, how often and when.

use super::budget::Part;
use super::html::Html;
use super::table::{Column, Rows, Table};
use crate::formats::report::findings::{FAILURES_AT_MOST, Failure, Findings};

const TABLE: Table<'_> = Table {
    // Not `failures`, which is the section.
    id: "failures-table",
    part: Part::Failures,
    columns: &[
        Column::Text("Event"),
        Column::Text("Type"),
        Column::Text("Code"),
        Column::Descending("Count"),
        Column::Text("First seen"),
        Column::Text("Last seen"),
        Column::Number("Sessions"),
        Column::Text("Example message"),
    ],
    is_sortable: true,
};

pub(super) fn failures(page: &mut Html, findings: &Findings) {
    page.markup("<section id=\"failures\" aria-labelledby=\"failures-title\">\n");
    page.markup("<h2 id=\"failures-title\">Failures</h2>\n");
    if findings.failures.all().next().is_none() {
        page.nothing("No event failed.").markup("</section>\n");
        return;
    }
    page.table(
        &TABLE,
        |page| page.markup("Events with an error or the result <code>error</code>, the most frequent first"),
        |rows| failure_rows(rows, findings),
    );
    super::failed_sessions::failed_sessions(page, findings);
    page.markup("</section>\n");
}

fn failure_rows(rows: &mut Rows<'_>, findings: &Findings) {
    let mut failures: Vec<_> = findings.failures.rows().iter().collect();
    // Stable, so that equals stay in order of first appearance.
    failures.sort_by_key(|failure| std::cmp::Reverse(failure.count));
    for failure in failures {
        rows.row(|page| {
            page.row_header(|page| page.excerpt_or(&failure.event_name, "(empty)"));
            page.cell(|page| page.excerpt_or(&failure.kind, "(none)"));
            page.cell(|page| page.excerpt_or(&failure.code, "(none)"));
            figures(page, failure);
            page.cell(|page| page.excerpt_or(&failure.example, "(none)"))
        });
    }
    if let Some(other) = findings.failures.other() {
        rows.other_row(|page| {
            page.row_header(|page| {
                page.markup("other kinds, beyond the first ").count(FAILURES_AT_MOST as u64)
            });
            page.markup("<td></td><td></td>");
            figures(page, other);
            page.markup("<td></td>")
        });
    }
}

fn figures(page: &mut Html, failure: &Failure) {
    page.count_cell(failure.count);
    page.cell(|page| page.time(failure.first));
    page.cell(|page| page.time(failure.last));
    page.count_cell(failure.sessions);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::report::excerpt::Excerpt;
    use crate::formats::report::page::filled::{Filling, filled};
    use crate::formats::report::page::well_formed::check_fragment;

    fn section(findings: &Findings) -> String {
        let mut page = Html::new();
        failures(&mut page, findings);
        let html = page.into_string();
        check_fragment(&html);
        html
    }

    fn failure(event: &str, count: u64) -> Failure {
        Failure { event_name: Excerpt::of(event), count, last: 1_000_000, sessions: 1, ..Failure::default() }
    }

    #[test]
    fn nothing_that_failed_is_told_in_a_sentence() {
        let html = section(&Findings::new());
        assert!(html.contains("<p class=\"nothing\">No event failed.</p>") && !html.contains("<table"));
    }

    #[test]
    fn the_most_frequent_stand_first_and_equals_as_they_appeared() {
        let mut findings = Findings::new();
        for (identity, (event, count)) in (0..).zip([("rare", 1), ("<b>", 5), ("often", 1_049), ("same", 5)])
        {
            findings.failures.entry(identity, |_| failure(event, count));
        }
        let html = section(&findings);
        let order = ["<bdi>often</bdi>", "<bdi>&lt;b&gt;</bdi>", "<bdi>same</bdi>", "<bdi>rare</bdi>"];
        assert!(order.map(|name| html.find(name).expect(name)).is_sorted());
        assert!(html.contains(
            "<td><span class=\"none\">(none)</span></td><td><data value=\"1049\">1,049</data></td>\
             <td><time datetime=\"1970-01-01T00:00:00.000Z\">1970-01-01 00:00:00.000</time></td>\
             <td><time datetime=\"1970-01-01T00:00:00.001Z\">1970-01-01 00:00:00.001</time></td>\
             <td><data value=\"1\">1</data></td>"
        ));
    }

    #[test]
    fn kinds_beyond_the_limit_are_the_last_row_even_where_they_are_the_most_frequent() {
        let mut findings = filled(&Filling { failures: FAILURES_AT_MOST as u64, ..Filling::some() });
        findings.failures.entry(u64::MAX, |_| failure("", 1_000_000));
        let html = section(&findings);
        let (_, last) = html.split_once("<tr class=\"other\"><th scope=\"row\">other kinds").expect("a row");
        assert!(last.contains("<data value=\"1000000\">1,000,000</data>"));
        assert!(last.contains("<td></td></tr>\n</tbody>\n</table>"));
    }
}
