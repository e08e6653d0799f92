//! The report as one HTML file: sections, tables and charts, within a limit of bytes.
//! It loads nothing and gathers nothing: the findings are complete before the page is written.

mod about;
mod activity;
mod budget;
mod characters;
mod chart;
mod escape;
mod failed_sessions;
mod failures;
mod field_groups;
#[cfg(test)]
mod filled;
mod head;
mod html;
mod marks;
mod network;
mod operations;
mod percentiles;
mod quality;
#[cfg(test)]
mod sample;
mod sharing;
mod table;
mod text;
#[cfg(test)]
pub(super) mod well_formed;

use html::Html;

use crate::formats::report::excerpt::Excerpt;
use crate::formats::report::findings::Findings;
use crate::range::Range;
use crate::summary::Summary;

/// What a page says of the export that made it.
pub(crate) struct About<'a> {
    pub(crate) range: &'a Range,
    /// Complete but for what the page itself adds to it.
    pub(crate) summary: &'a Summary,
    /// When it was made, in milliseconds since 1970.
    pub(crate) made_at_ms: i64,
}

/// The page, at most [`budget::PAGE_AT_MOST`] bytes.
pub(crate) fn page(findings: &Findings, about: &About<'_>) -> String {
    let label = Excerpt::of(&about.range.label);
    let mut page = Html::new();
    head::head(&mut page, &label);
    page.markup("<body>\n<a class=\"skip\" href=\"#report\">Skip to the report</a>\n");
    header(&mut page, &label);
    page.markup("<main id=\"report\">\n");
    about::about(&mut page, findings, about);
    sharing::sharing(&mut page, findings);
    activity::activity(&mut page, findings);
    operations::operations(&mut page, findings);
    failures::failures(&mut page, findings);
    network::network(&mut page, findings);
    quality::quality(&mut page, findings, about.summary);
    page.markup("</main>\n");
    head::script(&mut page);
    page.markup("</body>\n</html>\n");
    page.into_string()
}

fn header(page: &mut Html, label: &Excerpt) {
    page.markup("<header>\n<h1>Telemetry report: ").excerpt(label).markup("</h1>\n");
    page.markup(
        "<p>What the telemetry of the Coder extension for VS Code says, and what it would give away: \
         a page to look at before you share an export. It is one file that loads nothing and needs no network. \
         All times are UTC.</p>\n\
         <p class=\"warning\"><strong>This page holds examples of the data.</strong> \
         If you would not share those, do not share the page either.</p>\n\
         <nav aria-label=\"Sections\"><ul>\n\
         <li><a href=\"#about\">About</a></li>\n\
         <li><a href=\"#sharing\">Before you share</a></li>\n\
         <li><a href=\"#activity\">Activity</a></li>\n\
         <li><a href=\"#operations\">Operations</a></li>\n\
         <li><a href=\"#failures\">Failures</a></li>\n\
         <li><a href=\"#network\">Network</a></li>\n\
         <li><a href=\"#quality\">Data quality</a></li>\n\
         </ul></nav>\n</header>\n",
    );
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::formats::report::page::filled::{Filling, filled, filled_summary};
    use crate::formats::report::page::well_formed::check_page;

    fn page_of(filling: &Filling) -> String {
        let label = filling.text.clone();
        let range =
            Range { start_ms: Some(i64::MIN), end_ms: Some(i64::MAX), label, file_name_part: String::new() };
        let summary = filled_summary(filling);
        page(&filled(filling), &About { range: &range, summary: &summary, made_at_ms: i64::MAX })
    }

    #[test]
    fn a_page_that_is_full_of_hostile_text_is_small_enough() {
        for text in ["\u{10FFFF}", "\"", "x"] {
            let html = page_of(&Filling::to_the_brim(&text.repeat(3_000)));
            check_page(&html);
            assert!(html.len() <= budget::PAGE_AT_MOST, "{} bytes of {text:?}", html.len());
            for id in ["fields", "failures-table", "bad-lines", "skipped-files", "warnings"] {
                assert!(html.contains(&format!("class=\"more\" data-table=\"{id}\"")), "{id}");
            }
        }
    }

    #[test]
    fn a_page_of_nothing_at_all_says_so() {
        let html = page_of(&Filling::default());
        check_page(&html);
        assert!(html.contains("<p class=\"nothing\">There are no fields.</p>"));
    }

    #[test]
    fn every_section_that_the_navigation_names_is_there_once() {
        let html = page_of(&Filling::default());
        for id in html.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert_eq!(html.matches(&format!(" id=\"{id}\"")).count(), 1, "{id}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn no_text_breaks_the_page(text in any::<String>()) {
            let html = page_of(&Filling { text, ..Filling::some() });
            check_page(&html);
            prop_assert!(html.len() <= budget::PAGE_AT_MOST);
        }
    }
}
