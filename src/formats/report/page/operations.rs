//! What the extension did, and how long it took.

use std::cmp::Reverse;

use super::budget::Part;
use super::chart::LogarithmicAxis;
use super::html::Html;
use super::table::{Column, Table};
use super::{percentiles, text};
use crate::formats::report::findings::{Findings, OPERATIONS_AT_MOST, Operation};

const COLUMNS: [Column<'static>; 14] = [
    Column::Text("Operation"),
    Column::Number("Count"),
    Column::Number("Success"),
    Column::Number("Error"),
    Column::Number("Failure rate"),
    Column::Number("Aborted"),
    Column::Number("Unknown"),
    Column::Number("With duration"),
    Column::Number("Median"),
    Column::Number("95th percentile"),
    Column::Number("99th percentile"),
    Column::Number("Longest"),
    Column::Descending("Total"),
    Column::Text("Distribution"),
];

/// Not `operations`, which is the section.
const TABLE_ID: &str = "operations-table";

pub(super) fn operations(page: &mut Html, findings: &Findings) {
    page.markup("<section id=\"operations\" aria-labelledby=\"operations-title\">\n<h2 id=\"operations-title\">Operations</h2>\n");
    if findings.operations.all().next().is_none() {
        page.nothing("There are no operations: no event is a span.").markup("</section>\n");
        return;
    }
    let axis = LogarithmicAxis::of(findings.operations.all().map(|operation| &operation.durations));
    explanation(page, axis);
    let mut operations: Vec<_> = findings.operations.rows().iter().collect();
    operations.sort_by_key(|operation| Reverse(operation.durations.total_nanoseconds));
    let table = Table { id: TABLE_ID, part: Part::Operations, columns: &COLUMNS, is_sortable: true };
    page.table(
        &table,
        |page| page.markup("Operations, by the time that all of a name took together"),
        |rows| {
            for operation in operations {
                rows.row(|page| {
                    page.row_header(|page| page.excerpt_or(&operation.name, "(empty)"));
                    cells(page, operation, axis)
                });
            }
            if let Some(other) = findings.operations.other() {
                rows.other_row(|page| {
                    page.row_header(|page| {
                        page.markup("other than the first ").text(&text::grouped(OPERATIONS_AT_MOST as u128))
                    });
                    cells(page, other, axis)
                });
            }
        },
    );
    page.markup("</section>\n");
}

/// What percentiles and pictures mean.
fn explanation(page: &mut Html, axis: Option<LogarithmicAxis>) {
    page.markup("<p>");
    percentiles::accuracy(page);
    if let Some(axis) = axis {
        page.markup(" The distributions have a common logarithmic axis, ").text(&axis.words());
        page.markup(", with four bars in a factor of ten; the line marks the median. ");
        page.markup("The highest bar of a row is as high as that of any other row.");
    }
    page.markup("</p>\n");
}

fn cells<'a>(page: &'a mut Html, operation: &Operation, axis: Option<LogarithmicAxis>) -> &'a mut Html {
    let durations = &operation.durations;
    page.count_cell(operation.count).count_cell(operation.success).count_cell(operation.error);
    page.cell(|page| page.share(operation.failure_rate()));
    page.count_cell(operation.aborted).count_cell(operation.unknown).count_cell(durations.count);
    for percent in [50, 95, 99] {
        page.cell(|page| match durations.percentiles.percentile(percent) {
            Some(percentile) => page.nanoseconds_about(percentile),
            None if durations.count == 0 => page.none("(none)"),
            None => page.none("–"),
        });
    }
    if durations.count == 0 {
        page.cell(|page| page.none("(none)")).cell(|page| page.none("(none)"));
    } else {
        page.cell(|page| page.nanoseconds(durations.longest_nanoseconds.into()));
        page.cell(|page| page.nanoseconds(durations.total_nanoseconds));
    }
    page.cell(|page| {
        if let Some(axis) = axis {
            axis.write(page, durations);
        }
        page
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::report::page::chart::check;
    use crate::formats::report::page::sample;

    fn section(findings: &Findings) -> String {
        let mut page = Html::new();
        operations(&mut page, findings);
        let html = page.into_string();
        check(&html);
        html
    }

    #[test]
    fn nothing_is_said_to_be_nothing() {
        let html = section(&Findings::new());
        assert!(html.contains("<p class=\"nothing\">") && !html.contains("<table"));
    }

    #[test]
    fn operations_are_sorted_by_total_and_ties_by_appearance() {
        let mut findings = Findings::new();
        for (number, (name, duration)) in [("a", 5), ("b", 9), ("c", 5)].into_iter().enumerate() {
            sample::add_operation(&mut findings, number as u64, name, duration);
        }
        let html = section(&findings);
        let at = |name: &str| html.find(&format!("<bdi>{name}</bdi>")).expect("a row");
        assert!(at("b") < at("a") && at("a") < at("c"));
    }

    #[test]
    fn numbers_are_exact_and_in_nanoseconds() {
        let mut findings = Findings::new();
        sample::add_operation(&mut findings, 1, "<i>", 203_000_000);
        let html = section(&findings);
        assert!(html.contains("<bdi>&lt;i&gt;</bdi></th><td><data value=\"1\">1</data></td>"));
        assert_eq!(html.matches("<td><data value=\"203000000\">203 ms</data></td>").count(), 4, "{html}");
        assert!(html.contains("<td><span class=\"none\">–</span></td>"));
        assert!(html.contains("from 100 ms to 1 s") && html.contains("<svg class=\"distribution\""));
        assert!(html.contains("Percentiles are exact up to 1,000 values, then accurate to 0.75 %."));
    }

    #[test]
    fn the_rate_of_failure_is_a_share_of_all_spans() {
        let mut findings = Findings::new();
        for (identity, (count, error)) in (0..).zip([(8, 1), (3, 2), (5, 0), (7, 7)]) {
            findings.operations.entry(identity, |_| Operation { count, error, ..Operation::default() });
        }
        let html = section(&findings);
        for cell in ["0.125\">12.5 %", "0.6666666666666666\">66.7 %", "0\">0 %", "1\">100 %"] {
            assert!(html.contains(&format!("<td><data value=\"{cell}</data></td>")), "{cell} in {html}");
        }
    }

    #[test]
    fn an_operation_without_durations_has_no_numbers_of_them() {
        let mut findings = Findings::new();
        findings.operations.entry(1, |_| Operation { count: 1, unknown: 1, ..Operation::default() });
        let html = section(&findings);
        assert_eq!(html.matches("(none)").count(), 5);
        assert!(html.contains("(empty)") && !html.contains("<svg"));
    }

    #[test]
    fn operations_beyond_the_limit_are_in_the_last_row_and_the_table_is_cut() {
        let mut findings = Findings::new();
        for number in 0..600 {
            sample::add_operation(&mut findings, number, &"\u{202E}<".repeat(40), u64::MAX >> (number % 64));
        }
        let html = section(&findings);
        assert!(html.contains("<p class=\"more\" data-table=\"operations-table\""));
        let (_, other) = html
            .split_once("<tr class=\"other\"><th scope=\"row\">other than the first 500</th>")
            .expect("a row");
        assert!(other.starts_with("<td><data value=\"100\">100</data></td>"));
        assert!(html.len() <= Part::Operations.end());
    }
}
