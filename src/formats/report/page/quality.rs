//! What could not be read, or not be used.

use super::budget::Part;
use super::html::Html;
use super::table::{Column, Table};
use crate::formats::report::excerpt::Excerpt;
use crate::formats::report::findings::Findings;
use crate::summary::Summary;

const TABLE: Table<'_> = Table {
    id: "lines",
    part: Part::Lines,
    columns: &[Column::Text("What"), Column::Number("Lines")],
    is_sortable: false,
};

/// Characters of a file's name that are shown.
const NAME_CHARACTERS: usize = 200;
/// Characters of a reason or a warning that are shown.
const REASON_CHARACTERS: usize = 400;

pub(super) fn quality(page: &mut Html, findings: &Findings, summary: &Summary) {
    page.markup("<section id=\"quality\" aria-labelledby=\"quality-title\">\n");
    page.markup("<h2 id=\"quality-title\">Data quality</h2>\n");
    lines(page, findings, summary);
    bad_lines(page, summary);
    skipped_files(page, summary);
    warnings(page, summary);
    page.markup("</section>\n");
}

fn lines(page: &mut Html, findings: &Findings, summary: &Summary) {
    let counts = [
        ("Lines read", summary.lines_read),
        ("Events", summary.event_count),
        ("Outside the range", summary.out_of_range),
        ("Headers", summary.headers),
        ("Blank", summary.blank_lines),
        ("Bad lines", summary.bad_lines),
        ("Measurements without a point", findings.signals.dropped_points),
    ];
    page.markup(
        "<p>Every line that was read is an event of the range or outside of it, a header, blank or bad. \
         A measurement has no point where it is null, not finite or a negative count.</p>\n",
    );
    page.table(
        &TABLE,
        |page| page.markup("Lines, by what they are"),
        |rows| {
            for (what, count) in counts {
                rows.row(|page| page.row_header(|page| page.markup(what)).count_cell(count));
            }
        },
    );
}

fn bad_lines(page: &mut Html, summary: &Summary) {
    page.markup("<h3>Bad lines</h3>\n");
    let (samples, omitted) = (&summary.bad_line_samples, summary.omitted.bad_line_samples);
    if samples.is_empty() && omitted == 0 {
        page.nothing("There are no bad lines.");
        return;
    }
    page.list("bad-lines", Part::BadLines, samples, omitted, |page, line| {
        beginning(page, &line.file, NAME_CHARACTERS).markup(":").text(&line.line.to_string()).markup(": ");
        beginning(page, &line.reason, REASON_CHARACTERS)
    });
}

fn skipped_files(page: &mut Html, summary: &Summary) {
    page.markup("<h3>Files not read, or not to their end</h3>\n");
    let (files, omitted) = (&summary.skipped_files, summary.omitted.skipped_files);
    if files.is_empty() && omitted == 0 {
        page.nothing("All files were read to their end.");
        return;
    }
    page.list("skipped-files", Part::SkippedFiles, files, omitted, |page, skipped| {
        beginning(page, &skipped.file, NAME_CHARACTERS).markup(": ");
        beginning(page, &skipped.reason, REASON_CHARACTERS)
    });
}

fn warnings(page: &mut Html, summary: &Summary) {
    page.markup("<h3>Warnings</h3>\n");
    if summary.warnings.is_empty() && summary.omitted.warnings == 0 {
        page.nothing("There are no warnings.");
        return;
    }
    page.list("warnings", Part::Warnings, &summary.warnings, summary.omitted.warnings, |page, warning| {
        beginning(page, warning, REASON_CHARACTERS)
    });
}

/// A text of any length, up to so many characters.
fn beginning<'page>(page: &'page mut Html, text: &str, characters: usize) -> &'page mut Html {
    page.excerpt(&Excerpt::of_at_most(text, characters))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::report::page::filled::{Filling, filled_summary};
    use crate::formats::report::page::well_formed::check_fragment;
    use crate::summary::{BadLine, Omitted, SkippedFile};

    fn section(summary: &Summary) -> String {
        let mut findings = Findings::new();
        findings.signals.dropped_points = 7;
        let mut page = Html::new();
        quality(&mut page, &findings, summary);
        let html = page.into_string();
        check_fragment(&html);
        html
    }

    #[test]
    fn where_all_is_well_there_are_no_lists() {
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
            bad_line_samples: vec![BadLine { file: "<f>".into(), line: 1_234, reason: "&\u{202E}".into() }],
            skipped_files: vec![SkippedFile { file: "g".into(), reason: "x".repeat(401) }],
            warnings: vec!["\"w\"".into()],
            omitted: Omitted { bad_line_samples: 1_204, skipped_files: 0, warnings: 1 },
            ..Summary::default()
        });
        assert!(html.contains(
            "<ul id=\"bad-lines\">\n<li><bdi>&lt;f&gt;</bdi>:1234: <bdi>&amp;⟨U+202E⟩</bdi></li>\n</ul>\n\
             <p class=\"more\" data-table=\"bad-lines\" data-more=\"1204\">and 1,204 more</p>"
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
    fn a_list_that_grows_too_long_is_cut_and_counts_what_the_summary_left_out() {
        let summary = filled_summary(&Filling::to_the_brim(&"\u{10FFFF}".repeat(2_000_000)));
        let mut page = Html::new();
        page.markup("<div>");
        // As far as the parts before it may reach.
        while page.len() < Part::Lines.end() {
            page.markup(" ");
        }
        warnings(&mut page, &summary);
        assert!(page.len() <= Part::Warnings.end());
        let html = page.into_string();
        let shown = html.matches("<li>").count() as u64;
        let more = summary.warnings.len() as u64 - shown + summary.omitted.warnings;
        assert!(html.contains(&format!("data-table=\"warnings\" data-more=\"{more}\"")));
    }
}
