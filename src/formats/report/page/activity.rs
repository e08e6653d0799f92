//! Events a day, sessions, and the editors, systems and versions they come from.

use maud::{Markup, html};

use super::budget::{Budget, Part};
use super::chart::{Layer, Span, Stacks, spans};
use super::figures::{beyond, count, day, excerpt_or, nanoseconds, nothing, time};
use super::table::Column::{Number, Text};
use super::table::Table;
use super::text;
use crate::formats::report::excerpt::Excerpt;
use crate::formats::report::findings::{Findings, ORIGINS_AT_MOST, Origin, Session, SessionFindings};
use crate::formats::report::first_rows::FirstRows;
use crate::row::timestamp::Day;
use crate::summary::SignalCounts;

/// Characters of a session's name in the label of its bar. `2026-06-01-dcdb98e0` fits, and two hundred hostile names stay
/// small.
const NAME_IN_LABEL: usize = 20;

const DAYS: Table<'_> = Table::sortable(
    "days",
    Part::Days,
    &[Text("Day"), Number("Logs"), Number("Traces"), Number("Metrics"), Number("Total")],
);

const SESSIONS: Table<'_> = Table::sortable(
    "sessions",
    Part::Sessions,
    &[Text("Session"), Text("First event"), Text("Last event"), Number("Length"), Number("Events")],
);

const EDITORS: Table<'_> = Table::sortable(
    "editors",
    Part::Editors,
    &[Text("Editor"), Text("Version"), Number("Events"), Number("Sessions")],
);

const SYSTEMS: Table<'_> = Table::sortable(
    "systems",
    Part::Systems,
    &[Text("System"), Text("Architecture"), Number("Events"), Number("Sessions")],
);

const EXTENSION_VERSIONS: Table<'_> = Table::sortable(
    "extension-versions",
    Part::ExtensionVersions,
    &[Text("Extension version"), Number("Events"), Number("Sessions")],
);

pub(super) fn activity(budget: &mut Budget, findings: &Findings) -> Markup {
    html! {
        h3 { "Events a day" }
        (days(budget, findings))
        h3 { "Sessions" }
        (sessions(budget, &findings.sessions))
        h3 { "Editors, systems and versions" }
        div.beside {
            (origins(budget, &EDITORS, "Editors", &findings.editors, "There is no editor."))
            (origins(budget, &SYSTEMS, "Operating systems", &findings.systems, "There is no operating system."))
            (origins(
                budget,
                &EXTENSION_VERSIONS,
                "Versions of the extension",
                &findings.extension_versions,
                "There is no version of the extension.",
            ))
        }
    }
}

fn days(budget: &mut Budget, findings: &Findings) -> Markup {
    let amounts = |(&day, counts): (&Day, &SignalCounts)| {
        (day, Box::from([counts.logs, counts.traces, counts.metrics].map(|count| count as f64)))
    };
    let layer = |class: &str, name| Layer { class: class.to_owned(), name: Excerpt::of(name) };
    let layers = vec![layer("s-logs", "Logs"), layer("s-traces", "Traces"), layer("s-metrics", "Metrics")];
    let Some(stacks) = Stacks::new(layers, findings.days.iter().map(amounts)) else {
        return nothing("There are no events.");
    };
    let caption = html! { "Events by day and signal" };
    html! {
        figure {
            (budget.count(|_| html! {
                (stacks.caption("Events", &findings.days))
                (stacks.chart("days", "Events a day as bars, by signal"))
            }))
            details {
                summary { "Table: events a day" }
                (DAYS.render(budget, &caption, |rows| rows.add(&findings.days, day_row)))
            }
        }
    }
}

fn day_row((&of, counts): (&Day, &SignalCounts)) -> [Markup; 5] {
    let counts = [counts.logs, counts.traces, counts.metrics].map(u128::from);
    let [logs, traces, metrics] = counts.map(count);
    [day(of), logs, traces, metrics, count(counts.iter().sum::<u128>())]
}

fn sessions(budget: &mut Budget, sessions: &SessionFindings) -> Markup {
    if sessions.longest.is_empty() {
        return nothing("There are no sessions.");
    }
    let not_shown = sessions.count.saturating_sub(sessions.longest.len() as u64);
    let span = |session: &Session| Span { first: session.first, last: session.last, label: label(session) };
    let spans_of_sessions: Vec<_> = sessions.longest.iter().map(span).collect();
    let title = "Sessions over time as bars from the first to the last event";
    html! {
        figure {
            figcaption {
                @if not_shown > 0 {
                    "The " (count(sessions.longest.len() as u64)) " longest of " (count(sessions.count)) " sessions"
                } @else {
                    (text::plural(sessions.count, "session", "sessions"))
                }
                @if sessions.count == 1 {
                    ", from the first to the last event. Times are UTC."
                } @else {
                    " in order of the first event. Each bar reaches from the first to the last event. Times are UTC."
                }
            }
            (budget.count(|_| spans("sessions", title, &spans_of_sessions)))
            @if not_shown > 0 {
                p.note {
                    (text::plural(not_shown, "shorter session is", "shorter sessions are")) " not shown."
                }
            }
            details {
                summary { "Table: sessions" }
                (SESSIONS.render(budget, &html! { "Sessions in order of the first event" }, |rows| {
                    rows.add(&sessions.longest, session_row);
                    rows.leave_out(not_shown);
                }))
            }
        }
    }
}

fn session_row(session: &Session) -> [Markup; 5] {
    let name = excerpt_or(&session.name, "(empty)");
    [name, time(session.first), time(session.last), nanoseconds(length(session)), count(session.events)]
}

fn length(session: &Session) -> u64 {
    session.last.saturating_sub(session.first)
}

/// Its name, its time from start to end, and its length and events.
fn label(session: &Session) -> [Markup; 3] {
    let name = html! {
        @match session.name.ascii_beginning(NAME_IN_LABEL) {
            Some(name) => (name.in_title()),
            None => "Session",
        }
    };
    let [first, last] = [session.first, session.last].map(text::minute);
    let time = html! { (first) " to " (without_date_of(&first, &last)) };
    let amounts = html! {
        (text::duration(length(session) as f64)) ", " (text::plural(session.events, "event", "events"))
    };
    [name, time, amounts]
}

/// The time of day of `last` if both are times of the same day, else all of it.
fn without_date_of<'a>(first: &str, last: &'a str) -> &'a str {
    match (first.split_once(' '), last.split_once(' ')) {
        (Some((day, _)), Some((last_day, clock))) if day == last_day => clock,
        _ => last,
    }
}

/// A table of origins. With four columns, the second one shows the second name.
fn origins(
    budget: &mut Budget,
    table: &Table<'_>,
    caption: &'static str,
    origins: &FirstRows<Origin>,
    nothing_listed: &'static str,
) -> Markup {
    if origins.all().next().is_none() {
        return nothing(nothing_listed);
    }
    let has_second_name = table.columns.len() == 4;
    let row = |first, second, origin: &Origin| {
        let mut cells = vec![first];
        cells.extend(has_second_name.then_some(second));
        cells.extend([count(origin.events), count(origin.sessions)]);
        cells
    };
    table.render(budget, &html! { (caption) }, |rows| {
        rows.add(origins.rows(), |origin| {
            let [first, second] = &origin.names;
            row(excerpt_or(first, "(none)"), excerpt_or(second, "(none)"), origin)
        });
        rows.other(origins.other(), |other| row(beyond(ORIGINS_AT_MOST), Markup::default(), other));
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::report::findings::SESSIONS_AT_MOST;
    use crate::formats::report::page::chart::check;
    use crate::formats::report::page::sample;
    use crate::formats::report::page::table::without_labels;

    fn section(findings: &Findings) -> String {
        let html = activity(&mut Budget::default(), findings).0;
        check(&html);
        without_labels(&html)
    }

    fn session(name: &str, first: u64, last: u64) -> Session {
        Session { name: Excerpt::of(name), first, last, events: 3, number: 1 }
    }

    #[test]
    fn nothing_is_said_to_be_nothing() {
        let html = section(&Findings::new());
        assert_eq!(html.matches("class=\"nothing\"").count(), 5);
        assert!(!html.contains("<table") && !html.contains("<svg"));
    }

    #[test]
    fn days_are_in_a_chart_and_a_table() {
        let mut findings = Findings::new();
        findings.days.insert(20_605, SignalCounts { logs: 1_000, traces: 40, metrics: 9 });
        let html = section(&findings);
        assert!(
            html.contains("<title>2026-06-01: 1,049, Logs 1,000, Traces 40, Metrics 9</title>"),
            "{html}"
        );
        assert!(html.contains(
            "<th scope=\"row\"><time datetime=\"2026-06-01\">2026-06-01</time></th><td><data value=\"1000\">1,000</data></td>"
        ));
        assert!(html.contains("<data value=\"1049\">1,049</data>"));
    }

    #[test]
    fn counts_as_large_as_they_get_are_added_up() {
        let mut findings = Findings::new();
        let counts = SignalCounts { logs: u64::MAX, traces: u64::MAX, metrics: u64::MAX };
        findings.days.insert(0, counts);
        findings.days.insert(106_751, counts);
        let html = section(&findings);
        assert!(html.contains("<data value=\"55340232221128654845\">"));
        assert!(html.contains("bars of 3,640 days"), "{html}");
    }

    #[test]
    fn a_hundred_thousand_days_are_cut_and_counted() {
        let mut findings = Findings::new();
        for day in 0..100_000 {
            findings.days.insert(day, SignalCounts { logs: 1, traces: 0, metrics: 0 });
        }
        let html = section(&findings);
        assert!(html.contains("<p class=\"more\" data-table=\"days\""));
        assert!(html.len() < Part::Days.end());
    }

    #[test]
    fn sessions_that_are_not_shown_are_counted() {
        let mut findings = Findings::new();
        findings.sessions.count = 1_404;
        let at = 1_780_302_078_749_000_000;
        let sessions = (0..SESSIONS_AT_MOST as u64)
            .map(|number| session("2026-06-01-dcdb98e0", at, at + (number << 40)));
        findings.sessions.longest = sessions.collect();
        let html = section(&findings);
        assert!(html.contains("1,204 shorter sessions are not shown."));
        assert!(html.contains("data-table=\"sessions\" data-more=\"1204\">and 1,204 more</p>"));
        assert!(
            html.contains(
                ">2026-06-01-dcdb98e0 <tspan x=\"0\" dy=\"14\">2026-06-01 08:21 to 08:39</tspan> \
                 <tspan x=\"0\" dy=\"14\">18 min 20 s, 3 events</tspan></text>"
            ),
            "{html}"
        );
    }

    #[test]
    fn names_of_sessions_are_text_and_short_where_they_are_many() {
        let mut findings = Findings::new();
        findings.sessions.count = 200;
        findings.sessions.longest = vec![session(&"\u{10FFFF}</title>".repeat(9), 5, 5); 200];
        let html = section(&findings);
        assert!(html.contains(">Session <tspan x=\"0\" dy=\"14\">1970-01-01 00:00 to 00:00</tspan>"));
        let chart = html.split_once("<details><summary>Table: sessions").expect("a table").0.len();
        assert!(chart < 70_000, "{chart}");
    }

    #[test]
    fn the_label_of_a_session_over_midnight_has_both_days() {
        let at = 1_780_302_078_749_000_000;
        let [_, time, amounts] = label(&session("s", at, at + 86_400_000_000_000));
        assert_eq!(time.0, "2026-06-01 08:21 to 2026-06-02 08:21");
        assert_eq!(amounts.0, "1 d, 3 events");
    }

    #[test]
    fn origins_beyond_the_limit_are_in_the_last_row() {
        let mut findings = Findings::new();
        for number in 0..105 {
            let begin = |is_other: bool| {
                let name = if is_other { String::new() } else { format!("<Editor {number}>") };
                let version = if number == 1 { "1.99" } else { "" };
                Origin { names: [Excerpt::of(&name), Excerpt::of(version)], ..Origin::default() }
            };
            findings.editors.entry(number, begin).1.events += 2;
        }
        let html = section(&findings);
        let other = "<tr class=\"other\"><th scope=\"row\">other than the first 100</th><td></td><td><data value=\"10\">10</data></td>";
        assert!(html.contains(other), "{html}");
        assert!(html.contains("<bdi>&lt;Editor 0&gt;</bdi></th><td><span class=\"none\">(none)</span></td>"));
    }

    #[test]
    fn a_sample_is_shown_in_full() {
        let html = section(&sample::findings());
        assert!(!html.contains("class=\"nothing\"") && !html.contains("class=\"more\""));
    }
}
