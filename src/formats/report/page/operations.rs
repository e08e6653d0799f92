//! What the extension did, and how long it took.

use std::cmp::Reverse;

use maud::{Markup, html};

use super::budget::{Budget, Part};
use super::chart::LogarithmicAxis;
use super::figures::{beyond, count, excerpt_or, nanoseconds, nanoseconds_about, none, nothing, percent};
use super::percentiles::accuracy;
use super::table::Column::{Descending, Number, Text};
use super::table::Table;
use crate::formats::report::findings::{Findings, OPERATIONS_AT_MOST, Operation};

// Not `operations`, which is the section.
const TABLE: Table<'_> = Table::sortable(
    "operations-table",
    Part::Operations,
    &[
        Text("Operation"),
        Number("Count"),
        Number("Success"),
        Number("Error"),
        Number("Failure rate"),
        Number("Aborted"),
        Number("Unknown"),
        Number("With duration"),
        Number("Median"),
        Number("95th percentile"),
        Number("99th percentile"),
        Number("Longest"),
        Descending("Total"),
        Text("Distribution"),
    ],
);

pub(super) fn operations(budget: &mut Budget, findings: &Findings) -> Markup {
    if findings.operations.all().next().is_none() {
        return nothing("There are no operations: no event is a span.");
    }
    let axis = LogarithmicAxis::of(findings.operations.all().map(|operation| &operation.durations));
    let mut operations: Vec<_> = findings.operations.rows().iter().collect();
    operations.sort_by_key(|operation| Reverse(operation.durations.total_nanoseconds));
    let caption = html! { "Operations, by total time" };
    html! {
        (explanation(axis))
        (TABLE.render(budget, &caption, |rows| {
            rows.add(operations, |operation| row(excerpt_or(&operation.name, "(empty)"), operation, axis));
            rows.other(findings.operations.other(), |other| row(beyond(OPERATIONS_AT_MOST), other, axis));
        }))
    }
}

/// What rates, percentiles and distributions mean. There is an axis if any operation has a duration.
fn explanation(axis: Option<LogarithmicAxis>) -> Markup {
    html! {
        p {
            "The failure rate counts only operations whose result is an error. Failures also lists other events with an error block."
            @if let Some(axis) = axis {
                " " (accuracy())
                " All distributions share one logarithmic axis, " (axis.words())
                ", with four bars per factor of ten. A line marks the median. Each row is scaled to its own highest bar."
            }
        }
    }
}

fn row(title: Markup, operation: &Operation, axis: Option<LogarithmicAxis>) -> Vec<Markup> {
    let durations = &operation.durations;
    let is_timed = durations.count > 0;
    let mut cells = vec![
        title,
        count(operation.count),
        count(operation.success),
        count(operation.error),
        percent(operation.failure_rate()),
        count(operation.aborted),
        count(operation.unknown),
        count(durations.count),
    ];
    cells.extend([50, 95, 99].map(|percent| match durations.percentiles.percentile(percent) {
        Some(percentile) => nanoseconds_about(percentile),
        None if is_timed => none("–"),
        None => none("(none)"),
    }));
    cells.extend(
        [durations.longest_nanoseconds.into(), durations.total_nanoseconds]
            .map(|duration| if is_timed { nanoseconds(duration) } else { none("(none)") }),
    );
    cells.push(html! { @if let Some(axis) = axis { (axis.picture(durations)) } });
    cells
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::report::page::chart::check;
    use crate::formats::report::page::sample;
    use crate::formats::report::page::table::without_labels;

    fn section(findings: &Findings) -> String {
        let html = operations(&mut Budget::default(), findings).0;
        check(&html);
        without_labels(&html)
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
        assert!(!html.contains("99th"), "no operation has a 99th percentile");
        assert!(html.contains("from 100 ms to 1 s") && html.contains("<svg class=\"distribution\""));
        assert!(html.contains("Percentiles are exact up to 1,000 values, then accurate to 0.75 %."));
    }

    #[test]
    fn an_operation_with_few_durations_has_a_dash_for_the_99th_percentile() {
        let mut findings = Findings::new();
        for duration in 1..=20 {
            sample::add_operation(&mut findings, 1, "often", duration);
        }
        sample::add_operation(&mut findings, 2, "once", 7);
        let html = section(&findings);
        let (often, once) = html.split_once("<bdi>once</bdi>").expect("two rows");
        let dash = "<td><span class=\"none\">–</span></td>";
        assert!(often.contains("99th percentile") && !often.contains(dash), "{often}");
        assert_eq!(once.matches(dash).count(), 1, "{once}");
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
        assert!(html.contains("(empty)") && html.contains("With duration"));
        assert!(!html.contains("(none)") && !html.contains("Median") && !html.contains("<svg"));
        assert!(!html.contains("Percentiles are exact"));
        sample::add_operation(&mut findings, 2, "timed", 7);
        // Median, 95th percentile, longest and total.
        assert_eq!(section(&findings).matches("(none)").count(), 4);
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
