//! What failed, how often and when.

use maud::{Markup, html};

use super::budget::{Budget, Part};
use super::failed_sessions::failed_sessions;
use super::figures::{count, excerpt_or, nothing, time};
use super::table::Column::{Descending, LongText, Number, Text};
use super::table::Table;
use crate::formats::report::findings::{FAILURES_AT_MOST, Failure, Findings};

// Not `failures`, which is the section.
const TABLE: Table<'_> = Table::sortable(
    "failures-table",
    Part::Failures,
    &[
        Text("Event"),
        Text("Type"),
        Text("Code"),
        Descending("Count"),
        Text("First seen"),
        Text("Last seen"),
        Number("Sessions"),
        LongText("Example message"),
    ],
);

pub(super) fn failures(budget: &mut Budget, findings: &Findings) -> Markup {
    if findings.failures.all().next().is_none() {
        return nothing("No event failed.");
    }
    let mut failures: Vec<_> = findings.failures.rows().iter().collect();
    // The sort is stable: equals stay in order of first appearance.
    failures.sort_by_key(|failure| std::cmp::Reverse(failure.count));
    let caption =
        html! { "Events with an error or the result " code { "error" } ", the most frequent first" };
    let table = TABLE.render(budget, &caption, |rows| {
        rows.add(&failures, |failure| {
            let [count, first, last, sessions] = figures(failure);
            let event = excerpt_or(&failure.event_name, "(empty)");
            let [kind, code, example] =
                [&failure.kind, &failure.code, &failure.example].map(|text| excerpt_or(text, "(none)"));
            [event, kind, code, count, first, last, sessions, example]
        });
        rows.other(findings.failures.other(), |other| {
            let title = html! { "other kinds, beyond the first " (count(FAILURES_AT_MOST as u64)) };
            let [count, first, last, sessions] = figures(other);
            let nothing = Markup::default;
            [title, nothing(), nothing(), count, first, last, sessions, nothing()]
        });
    });
    html! { (table) (failed_sessions(budget, findings)) }
}

fn figures(failure: &Failure) -> [Markup; 4] {
    [count(failure.count), time(failure.first), time(failure.last), count(failure.sessions)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::report::excerpt::Excerpt;
    use crate::formats::report::page::filled::{Filling, filled};
    use crate::formats::report::page::table::without_labels;
    use crate::formats::report::page::well_formed::check_fragment;

    fn section(findings: &Findings) -> String {
        let html = failures(&mut Budget::default(), findings).0;
        check_fragment(&html);
        without_labels(&html)
    }

    fn failure(event: &str, count: u64) -> Failure {
        Failure { event_name: Excerpt::of(event), count, last: 1_000_000, sessions: 1, ..Failure::default() }
    }

    #[test]
    fn without_failures_a_sentence_says_so() {
        let html = section(&Findings::new());
        assert!(html.contains("<p class=\"nothing\">No event failed.</p>") && !html.contains("<table"));
    }

    #[test]
    fn the_most_frequent_come_first_and_equals_stay_in_order_of_first_appearance() {
        let mut findings = Findings::new();
        for (identity, (event, count)) in (0..).zip([("rare", 1), ("<b>", 5), ("often", 1_049), ("same", 5)])
        {
            findings.failures.entry(identity, |_| failure(event, count));
        }
        let html = section(&findings);
        let order = ["<bdi>often</bdi>", "<bdi>&lt;b&gt;</bdi>", "<bdi>same</bdi>", "<bdi>rare</bdi>"];
        assert!(order.map(|name| html.find(name).expect(name)).is_sorted());
        assert!(html.contains(
            "<bdi>often</bdi></th><td><data value=\"1049\">1,049</data></td>\
             <td><time datetime=\"1970-01-01T00:00:00.000Z\">1970-01-01 00:00:00.000</time></td>\
             <td><time datetime=\"1970-01-01T00:00:00.001Z\">1970-01-01 00:00:00.001</time></td>\
             <td><data value=\"1\">1</data></td>"
        ));
    }

    #[test]
    fn other_kinds_come_last_even_if_they_are_the_most_frequent() {
        let mut findings = filled(&Filling { failures: FAILURES_AT_MOST as u64, ..Filling::some() });
        findings.failures.entry(u64::MAX, |_| failure("", 1_000_000));
        let html = section(&findings);
        let (_, last) = html.split_once("<tr class=\"other\"><th scope=\"row\">other kinds").expect("a row");
        assert!(last.contains("<data value=\"1000000\">1,000,000</data>"));
        assert!(last.contains("<td></td></tr>\n</tbody>\n</table>"));
    }
}
