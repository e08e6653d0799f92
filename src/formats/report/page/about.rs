//! What was exported, when and from what.

use maud::{Markup, html};

use super::budget::{Budget, Part};
use super::figures::{bytes, count, excerpt_or, time, time_of_milliseconds};
use super::head::GENERATOR;
use super::table::Column::Text;
use super::table::Table;
use super::text;
use crate::formats::report::about::About;
use crate::formats::report::findings::Findings;

const TABLE: Table<'_> = Table::new("summary", Part::Summary, &[Text("What"), Text("Value")]);

pub(super) fn about(budget: &mut Budget, findings: &Findings, about: &About) -> Markup {
    html! {
        @if let Some((first, last)) = findings.covered {
            p #covered {
                @if first == last { "All events are of " (time(first)) "." }
                @else { "Events from " (time(first)) " to " (time(last)) "." }
            }
        }
        (tiles(findings, about))
        (left_out(about))
        details {
            summary { "About this report" }
            (details(budget, findings, about))
        }
    }
}

/// How much there is, in large numbers.
fn tiles(findings: &Findings, about: &About) -> Markup {
    let failures: u128 = findings.failures.all().map(|failure| u128::from(failure.count)).sum();
    let tiles = [
        ("Events", count(about.event_count)),
        ("Sessions", count(findings.sessions.count)),
        ("Days", count(findings.days.len() as u64)),
        ("Failures", count(failures)),
        ("Lines left out", count(about.bad_lines)),
    ];
    html! { dl #tiles { @for (what, number) in tiles { div { dt { (what) } dd { (number) } } } } }
}

/// What the report does not cover, if anything.
fn left_out(about: &About) -> Markup {
    let files = about.skipped_files.entries.len() as u64 + about.skipped_files.omitted;
    let lines = (about.bad_lines > 0).then(|| text::plural(about.bad_lines, "bad line", "bad lines"));
    let files =
        (files > 0).then(|| text::plural(files, "file", "files") + " that could not be read completely");
    let parts: Vec<_> = lines.into_iter().chain(files).collect();
    html! {
        @if !parts.is_empty() {
            p #left-out .warning {
                "Not in this report: " (parts.join(", ")) ". See " a href="#quality" { "Data quality" } "."
            }
        }
    }
}

fn details(budget: &mut Budget, findings: &Findings, about: &About) -> Markup {
    let signals = findings.signals.events;
    let mut lines = vec![("Range", excerpt_or(&about.label, "(none)"))];
    let times = [
        ("From", about.start_ms.map(time_of_milliseconds)),
        ("Until", about.end_ms.map(time_of_milliseconds)),
        ("First event", findings.covered.map(|(first, _)| time(first))),
        ("Last event", findings.covered.map(|(_, last)| time(last))),
    ];
    lines.extend(times.into_iter().filter_map(|(what, time)| Some((what, time?))));
    lines.extend([
        ("Telemetry files", count(about.files)),
        ("Sessions", count(findings.sessions.count)),
        ("Events", count(about.event_count)),
        ("Log events", count(signals.logs)),
        ("Span events", count(signals.traces)),
        ("Metric events", count(signals.metrics)),
        ("Telemetry read", bytes(about.bytes_read)),
        ("Made at", time_of_milliseconds(about.made_at_ms)),
        ("Time zone", html! { "UTC" }),
        ("Made by", html! { (GENERATOR) }),
    ]);
    let row = |(what, value)| [html! { (what) }, value];
    html! {
        (TABLE.render(budget, &html! { "What was exported" }, |rows| rows.add(lines, row)))
        p {
            "This page is one file and loads nothing. A table that is cut says how many rows are missing."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::report::page::filled::{Filling, filled};
    use crate::formats::report::page::table::without_labels;
    use crate::formats::report::page::well_formed::check_fragment;
    use crate::range::Range;
    use crate::summary::{Omitted, SkippedFile, Summary};

    fn section(range: &Range, findings: &Findings) -> String {
        let summary = Summary { event_count: 1_049, files: 3, bytes_read: 1_234_567, ..Summary::default() };
        let export = About::new(range, &summary, 1_781_254_800_123);
        let html = about(&mut Budget::default(), findings, &export).0;
        check_fragment(&html);
        without_labels(&html)
    }

    fn range(start_ms: Option<i64>, label: &str) -> Range {
        Range { start_ms, end_ms: None, label: label.to_owned(), file_name_part: String::new() }
    }

    #[test]
    fn the_range_and_what_was_found_in_it_are_told() {
        let mut findings = Findings::new();
        findings.covered = Some((1_000_000, 2_000_000_000));
        let html = section(&range(Some(0), "All <b>time"), &findings);
        for part in [
            "<p id=\"covered\">Events from <time datetime=\"1970-01-01T00:00:00.001Z\">1970-01-01 00:00:00.001</time> to \
             <time datetime=\"1970-01-01T00:00:02.000Z\">1970-01-01 00:00:02.000</time>.</p><dl id=\"tiles\">",
            "Range</th><td><bdi>All &lt;b&gt;time</bdi></td>",
            "From</th><td><time datetime=\"1970-01-01T00:00:00.000Z\">1970-01-01 00:00:00.000</time></td>",
            "First event</th><td><time datetime=\"1970-01-01T00:00:00.001Z\">1970-01-01 00:00:00.001</time></td>",
            "Last event</th><td><time datetime=\"1970-01-01T00:00:02.000Z\">1970-01-01 00:00:02.000</time></td>",
            "Telemetry files</th><td><data value=\"3\">3</data></td>",
            "Events</th><td><data value=\"1049\">1,049</data></td>",
            "Telemetry read</th><td><data value=\"1234567\">1.23 MB</data></td>",
            "Made at</th><td><time datetime=\"2026-06-12T09:00:00.123Z\">2026-06-12 09:00:00.123</time></td>",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }

    #[test]
    fn bounds_and_times_that_are_not_known_have_no_row() {
        let html = section(&range(None, ""), &Findings::new());
        for title in ["From", "Until", "First event", "Last event"] {
            assert!(!html.contains(&format!(">{title}</th>")), "{title}");
        }
        assert!(!html.contains("id=\"covered\""));
        assert!(!section(&range(Some(0), ""), &Findings::new()).contains(">Until</th>"));
    }

    fn numbers_of(html: &str) -> Vec<&str> {
        let (_, tiles) = html.split_once("<dl id=\"tiles\">").expect("tiles");
        let (tiles, _) = tiles.split_once("</dl>").expect("their end");
        let numbers = tiles.split("<data value=\"").skip(1);
        numbers.map(|number| number.split_once('"').expect("a value").0).collect()
    }

    #[test]
    fn the_tiles_count_what_there_is() {
        let findings = filled(&Filling { rows: 1, ..Filling::some() });
        let summary = Summary { event_count: 1_049, bad_lines: 7, ..Summary::default() };
        let export = About::new(&range(None, ""), &summary, 0);
        let html = about(&mut Budget::default(), &findings, &export).0;
        let failures = (3 * u128::from(u64::MAX)).to_string();
        assert_eq!(numbers_of(&html), ["1049", "1", "5", &failures, "7"]);
    }

    #[test]
    fn what_is_left_out_is_told_only_if_there_is_anything() {
        let told = |bad_lines, skipped: usize, omitted| {
            let file = SkippedFile { file: "f".into(), reason: "r".into() };
            let omitted = Omitted { skipped_files: omitted, ..Omitted::default() };
            let skipped_files = vec![file; skipped];
            let summary = Summary { bad_lines, skipped_files, omitted, ..Summary::default() };
            left_out(&About::new(&range(None, ""), &summary, 0)).0
        };
        assert_eq!(told(0, 0, 0), "");
        assert!(told(1, 0, 0).contains("Not in this report: 1 bad line. See <a href=\"#quality\">"));
        assert!(told(0, 1, 0).contains("report: 1 file that could not be read completely. See"));
        assert!(
            told(1_204, 2, 3).contains("report: 1,204 bad lines, 5 files that could not be read completely.")
        );
    }
}
