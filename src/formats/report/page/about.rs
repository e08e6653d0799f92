//! What was exported, when and from what.

use maud::{Markup, html};

use super::budget::{Budget, Part};
use super::figures::{bytes, count, excerpt_or, none, time, time_of_milliseconds};
use super::head::GENERATOR;
use super::table::Column::Text;
use super::table::Table;
use crate::formats::report::about::About;
use crate::formats::report::findings::Findings;

const TABLE: Table<'_> = Table::new("summary", Part::Summary, &[Text("What"), Text("Value")]);

pub(super) fn about(budget: &mut Budget, findings: &Findings, about: &About) -> Markup {
    let (first, last) = findings.covered.unzip();
    let bound = |bound: Option<i64>| bound.map_or_else(|| none("(open)"), time_of_milliseconds);
    let event = |event: Option<u64>| event.map_or_else(|| none("(none)"), time);
    let signals = findings.signals.events;
    let lines = [
        ("Range", excerpt_or(&about.label, "(none)")),
        ("From", bound(about.start_ms)),
        ("Until", bound(about.end_ms)),
        ("First event", event(first)),
        ("Last event", event(last)),
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
    ];
    let row = |(what, value)| [html! { (what) }, value];
    html! {
        (TABLE.render(budget, &html! { "What was exported" }, |rows| rows.add(lines, row)))
        p { "A table that would make this page too large says how many rows it leaves out." }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::report::page::table::without_labels;
    use crate::formats::report::page::well_formed::check_fragment;
    use crate::range::Range;
    use crate::summary::Summary;

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
        for cell in [
            "Range</th><td><bdi>All &lt;b&gt;time</bdi></td>",
            "From</th><td><time datetime=\"1970-01-01T00:00:00.000Z\">1970-01-01 00:00:00.000</time></td>",
            "Until</th><td><span class=\"none\">(open)</span></td>",
            "First event</th><td><time datetime=\"1970-01-01T00:00:00.001Z\">1970-01-01 00:00:00.001</time></td>",
            "Last event</th><td><time datetime=\"1970-01-01T00:00:02.000Z\">1970-01-01 00:00:02.000</time></td>",
            "Telemetry files</th><td><data value=\"3\">3</data></td>",
            "Events</th><td><data value=\"1049\">1,049</data></td>",
            "Telemetry read</th><td><data value=\"1234567\">1.23 MB</data></td>",
            "Made at</th><td><time datetime=\"2026-06-12T09:00:00.123Z\">2026-06-12 09:00:00.123</time></td>",
        ] {
            assert!(html.contains(cell), "{cell} in {html}");
        }
    }

    #[test]
    fn where_nothing_was_found_there_is_no_first_or_last_event() {
        let html = section(&range(None, ""), &Findings::new());
        assert_eq!(html.matches("<span class=\"none\">(none)</span>").count(), 3);
    }
}
