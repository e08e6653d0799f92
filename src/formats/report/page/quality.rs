//! Lines, files and values that the report leaves out.

use maud::{Markup, html};

use super::budget::{Budget, Part};
use super::figures::count;
use super::table::Column::{Number, Text};
use super::table::{List, Table};
use super::text;
use crate::formats::report::about::{About, BadLines, SkippedFile};
use crate::formats::report::excerpt::Excerpt;
use crate::formats::report::findings::Findings;

const BAD_LINES: List<BadLines> = List {
    id: "bad-lines",
    part: Part::BadLines,
    nothing_listed: "There are no bad lines.",
    more: "more lines",
    count: |lines| lines.last - lines.first + 1,
};

const SKIPPED_FILES: List<SkippedFile> = List {
    id: "skipped-files",
    part: Part::SkippedFiles,
    nothing_listed: "All files were read completely.",
    more: "more",
    count: |_| 1,
};

const WARNINGS: List<Excerpt> = List {
    id: "warnings",
    part: Part::Warnings,
    nothing_listed: "There are no warnings.",
    more: "more",
    count: |_| 1,
};

const TABLE: Table<'_> = Table::new("lines", Part::Lines, &[Text("What"), Number("Lines")]);

pub(super) fn quality(budget: &mut Budget, findings: &Findings, about: &About) -> Markup {
    html! {
        p {
            "Every line is counted once: as an event in the range, an event outside the range, a header, a blank line or a bad line. "
            "A measurement gets no point if it is null, not finite or a negative count."
        }
        (lines(budget, findings, about))
        h3 { "Bad lines" }
        (BAD_LINES.render(budget, &about.bad_lines_listed, |bad| {
            html! { (bad.file) ", " (line_numbers(bad.first, bad.last)) ": " (bad.reason) }
        }))
        h3 { "Files that were not read completely" }
        (SKIPPED_FILES.render(budget, &about.skipped_files, |skipped| {
            html! { (skipped.file) ": " (skipped.reason) }
        }))
        h3 { "Warnings" }
        (WARNINGS.render(budget, &about.warnings, |warning| html! { (warning) }))
    }
}

/// `line 5`, or `lines 2–40`.
fn line_numbers(first: u64, last: u64) -> Markup {
    html! {
        @if first == last { "line " (text::grouped(first.into())) }
        @else { "lines " (text::grouped(first.into())) "–" (text::grouped(last.into())) }
    }
}

fn lines(budget: &mut Budget, findings: &Findings, about: &About) -> Markup {
    let counts = [
        ("Lines read", about.lines_read),
        ("Events", about.event_count),
        ("Outside the range", about.out_of_range),
        ("Headers", about.headers),
        ("Blank", about.blank_lines),
        ("Bad lines", about.bad_lines),
        ("Measurements without a point", findings.signals.dropped_points),
    ];
    let row = |(what, lines): (&str, u64)| [html! { (what) }, count(lines)];
    TABLE.render(budget, &html! { "Lines by kind" }, |rows| rows.add(counts, row))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::report::page::filled::{Filling, filled_summary};
    use crate::formats::report::page::table::without_labels;
    use crate::formats::report::page::well_formed::check_fragment;
    use crate::range::Range;
    use crate::summary::{self, Omitted, Summary};

    fn about(summary: &Summary) -> About {
        let range =
            Range { start_ms: None, end_ms: None, label: String::new(), file_name_part: String::new() };
        About::new(&range, summary, 0)
    }

    fn bad_lines(first: u64, last: u64, reason: &str) -> summary::BadLines {
        summary::BadLines { file: "<f>".into(), first, last, reason: reason.into() }
    }

    fn section(summary: &Summary) -> String {
        let mut findings = Findings::new();
        findings.signals.dropped_points = 7;
        let html = quality(&mut Budget::default(), &findings, &about(summary)).0;
        check_fragment(&html);
        without_labels(&html)
    }

    #[test]
    fn without_problems_there_are_no_lists() {
        let html = section(&Summary { lines_read: 1_049, event_count: 1_049, ..Summary::default() });
        assert_eq!(html.matches("class=\"nothing\"").count(), 3);
        assert!(!html.contains("<ul"));
        assert!(html.contains("<th scope=\"row\">Lines read</th><td><data value=\"1049\">1,049</data></td>"));
        assert!(
            html.contains(
                "Measurements without a point</th><td><data value=\"7\">7</data></td></tr>\n</tbody>"
            )
        );
    }

    #[test]
    fn what_is_not_listed_is_counted() {
        let html = section(&Summary {
            bad_lines: 1_205,
            bad_lines_listed: vec![bad_lines(1_234, 1_234, "&\u{202E}")],
            skipped_files: vec![summary::SkippedFile { file: "g".into(), reason: "x".repeat(401) }],
            warnings: vec!["\"w\"".into()],
            omitted: Omitted { bad_line_samples: 1_105, skipped_files: 0, warnings: 1 },
            ..Summary::default()
        });
        assert!(html.contains(
            "<ul id=\"bad-lines\">\n<li><bdi>&lt;f&gt;</bdi>, line 1,234: <bdi>&amp;⟨U+202E⟩</bdi></li>\n</ul>\n\
             <p class=\"more\" data-table=\"bad-lines\" data-more=\"1204\">and 1,204 more lines</p>"
        ));
        assert!(
            html.contains(&format!("<li><bdi>g</bdi>: <bdi>{}</bdi>…</li>\n</ul>\n<h3>", "x".repeat(400)))
        );
        assert!(
            html.contains(
                "<li><bdi>&quot;w&quot;</bdi></li>\n</ul>\n<p class=\"more\" data-table=\"warnings\""
            )
        );
    }

    #[test]
    fn neighbouring_bad_lines_with_the_same_reason_are_one_entry() {
        let bad_lines_listed = vec![bad_lines(2, 40, "no context"), bad_lines(41, 41, "not JSON")];
        let html = section(&Summary { bad_lines: 40, bad_lines_listed, ..Summary::default() });
        assert!(
            html.contains(
                "<ul id=\"bad-lines\">\n<li><bdi>&lt;f&gt;</bdi>, lines 2–40: <bdi>no context</bdi></li>\n\
             <li><bdi>&lt;f&gt;</bdi>, line 41: <bdi>not JSON</bdi></li>\n</ul>"
            ),
            "{html}"
        );
    }

    #[test]
    fn lines_of_entries_that_do_not_fit_are_counted() {
        let bad_lines_listed = vec![bad_lines(1, 1_000, &"\u{10FFFF}".repeat(400)); 100];
        let about = about(&Summary { bad_lines: 100_053, bad_lines_listed, ..Summary::default() });
        let mut budget = Budget::default();
        // The most bytes that the parts before it can take.
        budget.count(|_| html! { (" ".repeat(Part::Lines.end())) });
        let html =
            BAD_LINES.render(&mut budget, &about.bad_lines_listed, |_| html! { (" ".repeat(1_000)) }).0;
        let shown = html.matches("<li>").count() as u64;
        assert!((1..100).contains(&shown), "{shown}");
        assert!(
            html.contains(&format!("data-table=\"bad-lines\" data-more=\"{}\"", 100_053 - 1_000 * shown))
        );
    }

    #[test]
    fn a_list_that_grows_too_long_is_cut_and_counts_what_the_summary_left_out() {
        let summary = filled_summary(&Filling::to_the_brim(&"\u{10FFFF}".repeat(2_000_000)));
        let mut budget = Budget::default();
        // The most bytes that the parts before it can take.
        budget.count(|_| html! { (" ".repeat(Part::Lines.end())) });
        let warnings = about(&summary).warnings;
        let entry = |warning: &Excerpt| html! { (warning) };
        let html = WARNINGS.render(&mut budget, &warnings, entry).0;
        assert!(Part::Lines.end() + html.len() <= Part::Warnings.end());
        let shown = html.matches("<li>").count() as u64;
        let more = summary.warnings.len() as u64 - shown + summary.omitted.warnings;
        assert!(html.contains(&format!("data-table=\"warnings\" data-more=\"{more}\"")));
    }
}
