//! Which sessions failed, and the failures of each in order of time.

use maud::{Markup, html};

use super::budget::{Budget, Part};
use super::figures::{count, excerpt_or, time};
use super::table::Column::{Number, Text};
use super::table::{Rows, Table};
use crate::formats::report::findings::{FAILURES_OF_SESSION_AT_MOST, Findings};
use crate::formats::report::session_failures::FailedSession;

const SESSIONS: Table<'_> = Table::sortable(
    "failed-sessions",
    Part::FailedSessions,
    &[Text("Session"), Text("First failure"), Text("Last failure"), Number("Failures"), Number("Events")],
);

const FAILURES: Table<'_> = Table::new(
    "session-failures",
    Part::SessionFailures,
    &[Text("Time"), Text("Event"), Text("Type"), Text("Code")],
);

/// Both tables. There is at least one failed session.
pub(super) fn failed_sessions(budget: &mut Budget, findings: &Findings) -> Markup {
    let failed = &findings.failed_sessions;
    let sessions = &failed.most_failures;
    let table =
        SESSIONS.render(budget, &html! { "Sessions with failures, in order of the first failure" }, |rows| {
            rows.add(sessions, session_row);
            rows.leave_out(failed.count - sessions.len() as u64);
        });
    let caption = html! {
        "Failures of each session above, in order of time, at most " (FAILURES_OF_SESSION_AT_MOST) " each"
    };
    let failures = budget.count(|budget| {
        html! {
            details open[sessions.len() == 1] {
                summary { "Table: failures of each session" }
                (FAILURES.render(budget, &caption, |rows| {
                    sessions.iter().for_each(|session| failure_rows(rows, session));
                }))
            }
        }
    });
    html! { h3 { "Failures by session" } "\n" (table) (failures) }
}

fn session_row(FailedSession { session, failures }: &FailedSession) -> [Markup; 5] {
    let (first, last) = failures.covered.expect("a failed session has a failure");
    let name = excerpt_or(&session.name, "(empty)");
    [name, time(first), time(last), count(failures.count), count(session.events)]
}

fn failure_rows(rows: &mut Rows<'_>, FailedSession { session, failures }: &FailedSession) {
    let title = html! {
        (excerpt_or(&session.name, "(empty)")) ": " (count(failures.count))
        @if failures.count == 1 { " failure" } @else { " failures" }
    };
    let listed = failures.earliest.in_order();
    rows.group(&title, listed, |(at, failure)| {
        let event = excerpt_or(&failure.event_name, "(empty)");
        let [kind, code] = [&failure.kind, &failure.code].map(|text| excerpt_or(text, "(none)"));
        [time(*at), event, kind, code]
    });
    let more = failures.count - listed.len() as u64;
    if more > 0 {
        rows.rest_of_group(html! { "and " (count(more)) " more" });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::report::excerpt::Excerpt;
    use crate::formats::report::findings::Session;
    use crate::formats::report::page::filled::{Filling, filled};
    use crate::formats::report::page::table::without_labels;
    use crate::formats::report::page::well_formed::check_fragment;
    use crate::formats::report::session_failures::{FailureNames, SessionFailures};

    fn section(findings: &Findings) -> String {
        let html = failed_sessions(&mut Budget::default(), findings).0;
        check_fragment(&html);
        without_labels(&html)
    }

    /// Findings with a session that has so many failures, a microsecond after another.
    fn findings_with(failures: u64) -> Findings {
        let mut found = SessionFailures { count: failures, ..SessionFailures::default() };
        found.covered = Some((1_000, 1_000 * failures));
        for number in 1..=failures {
            let [event_name, kind, code] = ["<e>", "", "C"].map(Excerpt::of);
            found.earliest.add(1_000 * number, || FailureNames { event_name, kind, code });
        }
        let session = Session { name: Excerpt::of("<s>"), first: 0, last: 9, events: 1_234, number: 1 };
        let mut findings = Findings::new();
        findings.failed_sessions.add(&session, found);
        findings.failed_sessions.finish();
        findings
    }

    #[test]
    fn a_session_has_its_first_and_last_failure_its_counts_and_its_failures() {
        let html = section(&findings_with(2));
        assert!(html.contains(
            "<tr><th scope=\"row\"><bdi>&lt;s&gt;</bdi></th>\
             <td><time datetime=\"1970-01-01T00:00:00.000001Z\">1970-01-01 00:00:00.000001</time></td>\
             <td><time datetime=\"1970-01-01T00:00:00.000002Z\">1970-01-01 00:00:00.000002</time></td>\
             <td><data value=\"2\">2</data></td><td><data value=\"1234\">1,234</data></td></tr>"
        ));
        assert!(html.contains("<bdi>&lt;s&gt;</bdi>: <data value=\"2\">2</data> failures</th></tr>"));
        let cells = "</time></th><td><bdi>&lt;e&gt;</bdi></td><td><bdi>C</bdi></td></tr>";
        assert_eq!(html.matches(cells).count(), 2, "{html}");
        assert!(!html.contains(" more<"));
        assert!(html.contains("<details open><summary>Table: failures of each session</summary>"));
    }

    #[test]
    fn failures_beyond_the_limit_of_a_session_are_counted() {
        let html = section(&findings_with(FAILURES_OF_SESSION_AT_MOST as u64 + 1_234));
        assert!(html.contains(
            "<tr class=\"other\"><th scope=\"row\" colspan=\"3\">and <data value=\"1234\">1,234</data> more</th></tr>\n</tbody>"
        ));
        assert_eq!(html.matches("<bdi>&lt;e&gt;</bdi>").count(), FAILURES_OF_SESSION_AT_MOST);
    }

    #[test]
    fn sessions_beyond_the_limit_are_counted_and_the_tables_stay_small() {
        let html = section(&filled(&Filling::to_the_brim(&"\u{10FFFF}".repeat(80))));
        let (sessions, failures) = html.split_once("<table id=\"session-failures\"").expect("two tables");
        let shown = sessions.matches("<tr><th scope=\"row\">").count();
        assert!(shown > 0 && sessions.contains(&format!("data-more=\"{}\"", 1_000 - shown)), "{shown}");
        assert!(failures.contains("<p class=\"more\" data-table=\"session-failures\""));
        assert!(sessions.contains("<details><summary>Table: failures of each session</summary>"));
        assert!(html.len() <= Part::SessionFailures.end());
    }
}
