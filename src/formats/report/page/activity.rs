//! When events came, and from where.

use std::collections::BTreeMap;

use super::budget::Part;
use super::chart::{Layer, Span, Spans, Stacks};
use super::html::Html;
use super::table::{Column, Table};
use super::text;
use crate::formats::report::excerpt::Excerpt;
use crate::formats::report::findings::{Findings, ORIGINS_AT_MOST, Origin, Session, SessionFindings};
use crate::formats::report::first_rows::FirstRows;
use crate::row::timestamp::Day;
use crate::summary::SignalCounts;

/// Bytes of a session's name in what appears where the mouse rests on its bar: enough for `2026-06-01-dcdb98e0`, and so few
/// that two hundred hostile names stay small.
const NAME_IN_WORDS: usize = 20;

pub(super) fn activity(page: &mut Html, findings: &Findings) {
    page.markup("<section id=\"activity\" aria-labelledby=\"activity-title\">\n<h2 id=\"activity-title\">Activity</h2>\n");
    page.markup("<h3>Events a day</h3>\n");
    days(page, findings);
    page.markup("<h3>Sessions</h3>\n");
    sessions(page, &findings.sessions);
    page.markup("<h3>Editors, systems and versions</h3>\n<div class=\"beside\">\n");
    editors(page, &findings.editors);
    systems(page, &findings.systems);
    extension_versions(page, &findings.extension_versions);
    page.markup("</div>\n</section>\n");
}

fn days(page: &mut Html, findings: &Findings) {
    let amounts = |(&day, counts): (&Day, &SignalCounts)| {
        (day, Box::from([counts.logs, counts.traces, counts.metrics].map(|count| count as f64)))
    };
    let layer = |class: &str, name| Layer { class: class.to_owned(), name: Excerpt::of(name) };
    let layers = vec![layer("s-logs", "Logs"), layer("s-traces", "Traces"), layer("s-metrics", "Metrics")];
    let Some(stacks) = Stacks::new(layers, findings.days.iter().map(amounts)) else {
        page.nothing("There are no events.");
        return;
    };
    page.markup("<figure>\n");
    stacks.caption(page, "Events", &findings.days);
    stacks.write(page, "title-days", "Events a day as bars, by signal");
    page.markup("<details><summary>Table: events a day</summary>\n");
    let columns = ["Logs", "Traces", "Metrics", "Total"].map(Column::Number);
    let [logs, traces, metrics, total] = columns;
    let columns = [Column::Text("Day"), logs, traces, metrics, total];
    let table = Table { id: "days", part: Part::Days, columns: &columns, is_sortable: true };
    table_of_days(page, &table, &findings.days);
    page.markup("</details>\n</figure>\n");
}

fn table_of_days(page: &mut Html, table: &Table<'_>, days: &BTreeMap<Day, SignalCounts>) {
    page.table(
        table,
        |page| page.markup("Events of each day that has any, by signal"),
        |rows| {
            for (&day, counts) in days {
                rows.row(|page| {
                    page.row_header(|page| page.day(day));
                    page.count_cell(counts.logs).count_cell(counts.traces).count_cell(counts.metrics);
                    let all = [counts.logs, counts.traces, counts.metrics].map(u128::from);
                    let total = all.iter().sum::<u128>();
                    page.cell(|page| page.data(total, &text::grouped(total)))
                });
            }
        },
    );
}

fn sessions(page: &mut Html, sessions: &SessionFindings) {
    if sessions.longest.is_empty() {
        page.nothing("There are no sessions.");
        return;
    }
    let not_shown = sessions.count.saturating_sub(sessions.longest.len() as u64);
    page.markup("<figure>\n<figcaption>");
    if not_shown > 0 {
        page.markup("The ").count(sessions.longest.len() as u64);
        page.markup(" sessions that lasted longest of ").count(sessions.count);
    } else {
        page.text(&text::plural(sessions.count, "session", "sessions"));
    }
    page.markup(if sessions.count == 1 {
        ", from its first to its last event. Times are UTC.</figcaption>\n"
    } else {
        ", each from its first to its last event, by first event. Times are UTC.</figcaption>\n"
    });
    let span = |session: &Session| Span { first: session.first, last: session.last, words: words(session) };
    let spans = Spans::new(sessions.longest.iter().map(span).collect());
    spans.write(page, "title-sessions", "Sessions over time as bars, each from its first to its last event");
    if not_shown > 0 {
        page.markup("<p class=\"note\">").text(&text::plural(
            not_shown,
            "shorter session",
            "shorter sessions",
        ));
        page.markup(if not_shown == 1 { " is not shown.</p>\n" } else { " are not shown.</p>\n" });
    }
    page.markup("<details><summary>Table: sessions</summary>\n");
    let columns = [
        Column::Text("Session"),
        Column::Text("First event"),
        Column::Text("Last event"),
        Column::Number("Length"),
        Column::Number("Events"),
    ];
    let table = Table { id: "sessions", part: Part::Sessions, columns: &columns, is_sortable: true };
    page.table(
        &table,
        |page| page.markup("Sessions, by first event"),
        |rows| {
            for session in &sessions.longest {
                rows.row(|page| {
                    page.row_header(|page| page.excerpt_or(&session.name, "(empty)"));
                    page.cell(|page| page.time(session.first)).cell(|page| page.time(session.last));
                    page.cell(|page| page.nanoseconds(length(session))).count_cell(session.events)
                });
            }
            rows.leave_out(not_shown);
        },
    );
    page.markup("</details>\n</figure>\n");
}

fn length(session: &Session) -> u128 {
    session.last.saturating_sub(session.first).into()
}

/// What a session is, in a line.
fn words(session: &Session) -> String {
    let name = session.name.text();
    let (date, clock) = text::time(session.first);
    let begin = format!("{date} {}", clock.get(..5).unwrap_or_default());
    let length = text::duration(length(session) as f64);
    let events = text::plural(session.events, "event", "events");
    let name = match name.char_indices().nth(NAME_IN_WORDS) {
        Some((end, _)) if name.is_ascii() => format!("{}…", &name[..end]),
        None if name.is_ascii() && !name.is_empty() => name.to_owned(),
        _ => "Session".to_owned(),
    };
    format!("{name}: {begin}, {length}, {events}")
}

fn editors(page: &mut Html, editors: &FirstRows<Origin>) {
    let columns = [
        Column::Text("Editor"),
        Column::Text("Version"),
        Column::Number("Events"),
        Column::Number("Sessions"),
    ];
    let table = Table { id: "editors", part: Part::Editors, columns: &columns, is_sortable: true };
    origins(page, &table, "Editors", editors, "There is no editor.");
}

fn systems(page: &mut Html, systems: &FirstRows<Origin>) {
    let columns = [
        Column::Text("System"),
        Column::Text("Architecture"),
        Column::Number("Events"),
        Column::Number("Sessions"),
    ];
    let table = Table { id: "systems", part: Part::Systems, columns: &columns, is_sortable: true };
    origins(page, &table, "Operating systems", systems, "There is no operating system.");
}

fn extension_versions(page: &mut Html, versions: &FirstRows<Origin>) {
    let columns = [Column::Text("Extension version"), Column::Number("Events"), Column::Number("Sessions")];
    let table = Table {
        id: "extension-versions",
        part: Part::ExtensionVersions,
        columns: &columns,
        is_sortable: true,
    };
    origins(page, &table, "Versions of the extension", versions, "There is no version of the extension.");
}

/// A table of origins, with the second of their names where the table has a fourth column.
fn origins(
    page: &mut Html,
    table: &Table<'_>,
    caption: &'static str,
    origins: &FirstRows<Origin>,
    nothing: &'static str,
) {
    if origins.all().next().is_none() {
        page.nothing(nothing);
        return;
    }
    let has_second_name = table.columns.len() == 4;
    page.table(
        table,
        |page| page.markup(caption),
        |rows| {
            for origin in origins.rows() {
                rows.row(|page| {
                    let [first, second] = &origin.names;
                    page.row_header(|page| page.excerpt_or(first, "(none)"));
                    if has_second_name {
                        page.cell(|page| page.excerpt_or(second, "(none)"));
                    }
                    page.count_cell(origin.events).count_cell(origin.sessions)
                });
            }
            if let Some(other) = origins.other() {
                rows.other_row(|page| {
                    page.row_header(|page| {
                        page.markup("other than the first ").text(&text::grouped(ORIGINS_AT_MOST as u128))
                    });
                    if has_second_name {
                        page.markup("<td></td>");
                    }
                    page.count_cell(other.events).count_cell(other.sessions)
                });
            }
        },
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::report::findings::SESSIONS_AT_MOST;
    use crate::formats::report::page::chart::check;
    use crate::formats::report::page::sample;

    fn section(findings: &Findings) -> String {
        let mut page = Html::new();
        activity(&mut page, findings);
        let html = page.into_string();
        check(&html);
        html
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
            html.contains("<title>2026-06-01-dcdb98e0: 2026-06-01 08:21, 18 min 20 s, 3 events</title>"),
            "{html}"
        );
    }

    #[test]
    fn names_of_sessions_are_text_and_short_where_they_are_many() {
        let mut findings = Findings::new();
        findings.sessions.count = 200;
        findings.sessions.longest = vec![session(&"\u{10FFFF}</title>".repeat(9), 5, 5); 200];
        let html = section(&findings);
        assert!(html.contains("<title>Session: 1970-01-01 00:00, 0 ns, 3 events</title>"));
        let chart = html.split_once("<details><summary>Table: sessions").expect("a table").0.len();
        assert!(chart < 30_000, "{chart}");
    }

    #[test]
    fn origins_beyond_the_limit_are_in_the_last_row() {
        let mut findings = Findings::new();
        for number in 0..105 {
            let begin = |is_other: bool| {
                let name = if is_other { String::new() } else { format!("<Editor {number}>") };
                Origin { names: [Excerpt::of(&name), Excerpt::of("")], ..Origin::default() }
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
