//! What was exported, when and from what.

use super::About;
use super::budget::Part;
use super::head::GENERATOR;
use super::html::Html;
use super::table::{Column, Rows, Table};
use crate::formats::report::excerpt::Excerpt;
use crate::formats::report::findings::Findings;

const TABLE: Table<'_> = Table {
    id: "summary",
    part: Part::Summary,
    columns: &[Column::Text("What"), Column::Text("Value")],
    is_sortable: false,
};

pub(super) fn about(page: &mut Html, findings: &Findings, about: &About<'_>) {
    page.markup("<section id=\"about\" aria-labelledby=\"about-title\">\n");
    page.markup("<h2 id=\"about-title\">About this report</h2>\n");
    page.table(
        &TABLE,
        |page| page.markup("What was exported"),
        |rows| {
            range_rows(rows, findings, about);
            count_rows(rows, findings, about);
            row(rows, "Made at", |page| page.time_of_milliseconds(about.made_at_ms));
            row(rows, "Time zone", |page| page.markup("UTC"));
            row(rows, "Made by", |page| page.text(GENERATOR));
        },
    );
    page.markup(
        "<p>A table that would make this page too large says how many rows it leaves out.</p>\n</section>\n",
    );
}

fn range_rows(rows: &mut Rows<'_>, findings: &Findings, about: &About<'_>) {
    let (first, last) = findings.covered.unzip();
    row(rows, "Range", |page| page.excerpt_or(&Excerpt::of(&about.range.label), "(none)"));
    for (what, bound) in [("From", about.range.start_ms), ("Until", about.range.end_ms)] {
        row(rows, what, |page| match bound {
            Some(milliseconds) => page.time_of_milliseconds(milliseconds),
            None => page.none("(open)"),
        });
    }
    for (what, time) in [("First event", first), ("Last event", last)] {
        row(rows, what, |page| match time {
            Some(time) => page.time(time),
            None => page.none("(none)"),
        });
    }
}

fn count_rows(rows: &mut Rows<'_>, findings: &Findings, about: &About<'_>) {
    let signals = findings.signals.events;
    for (what, count) in [
        ("Telemetry files", about.summary.files),
        ("Sessions", findings.sessions.count),
        ("Events", about.summary.event_count),
        ("Log events", signals.logs),
        ("Span events", signals.traces),
        ("Metric events", signals.metrics),
    ] {
        row(rows, what, |page| page.count(count));
    }
    row(rows, "Telemetry read", |page| page.bytes(about.summary.bytes_read));
}

fn row(rows: &mut Rows<'_>, what: &'static str, value: impl FnOnce(&mut Html) -> &mut Html) {
    rows.row(|page| page.row_header(|page| page.markup(what)).cell(value));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::report::page::well_formed::check_fragment;
    use crate::range::Range;
    use crate::summary::Summary;

    fn section(range: &Range, findings: &Findings) -> String {
        let summary = Summary { event_count: 1_049, files: 3, bytes_read: 1_234_567, ..Summary::default() };
        let mut page = Html::new();
        about(&mut page, findings, &About { range, summary: &summary, made_at_ms: 1_781_254_800_123 });
        let html = page.into_string();
        check_fragment(&html);
        html
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
