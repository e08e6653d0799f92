//! The report as one HTML file: sections, tables and charts, within a limit of bytes.
//! It loads nothing and gathers nothing: the findings are complete before the page is written.

mod about;
mod activity;
mod budget;
mod chart;
mod event_fields;
mod failed_sessions;
mod failures;
mod figures;
#[cfg(test)]
mod filled;
mod head;
mod marks;
mod network;
mod operations;
mod percentiles;
mod quality;
mod redaction;
#[cfg(test)]
mod sample;
mod sharing;
mod table;
mod text;
#[cfg(test)]
pub(super) mod well_formed;

use maud::{DOCTYPE, Markup, html};

use self::budget::Budget;
use super::about::About;
use super::findings::Findings;

/// The page, at most [`budget::PAGE_AT_MOST`] bytes.
pub(crate) fn page(findings: &Findings, about: &About) -> String {
    let mut budget = Budget::default();
    let budget = &mut budget;
    let html = html! {
        (DOCTYPE) "\n"
        html lang="en" {
            (budget.count(|_| head::head(&about.label)))
            body {
                (budget.count(|_| header(about)))
                main #report {
                    (section(budget, "about", "Overview", |budget| about::about(budget, findings, about)))
                    @if let Some(done) = &about.redaction {
                        (section(budget, "redaction", "Redaction", |budget| redaction::redaction(budget, findings, done)))
                    }
                    (section(budget, "sharing", "What you would share", |budget| sharing::sharing(budget, findings)))
                    (section(budget, "failures", "Failures", |budget| failures::failures(budget, findings)))
                    (section(budget, "operations", "Operations", |budget| operations::operations(budget, findings)))
                    (section(budget, "network", "Network", |budget| network::network(budget, findings)))
                    (section(budget, "activity", "Activity", |budget| activity::activity(budget, findings)))
                    (section(budget, "quality", "Data quality", |budget| quality::quality(budget, findings, about)))
                }
                (head::script())
            }
        }
        "\n"
    };
    html.into_string()
}

fn section(
    budget: &mut Budget,
    id: &'static str,
    title: &'static str,
    content: impl FnOnce(&mut Budget) -> Markup,
) -> Markup {
    let title_id = format!("{id}-title");
    budget.count(|budget| {
        html! {
            section #(id) aria-labelledby=(title_id) {
                h2 #(title_id) { (title) }
                (content(budget))
            }
        }
    })
}

fn header(about: &About) -> Markup {
    let sections = [
        ("#about", "Overview"),
        ("#redaction", "Redaction"),
        ("#sharing", "What you would share"),
        ("#failures", "Failures"),
        ("#operations", "Operations"),
        ("#network", "Network"),
        ("#activity", "Activity"),
        ("#quality", "Data quality"),
    ];
    let sections = sections.into_iter();
    let is_there = |(place, _): &(&str, &str)| *place != "#redaction" || about.redaction.is_some();
    html! {
        a.skip href="#report" { "Skip to the report" }
        header {
            h1 { "Telemetry report: " (about.label) }
            p {
                "Telemetry of the Coder extension for VS Code. "
                @if about.redaction.is_some() {
                    "The events were redacted before this page was made. Look at it before you share them. "
                } @else {
                    "Look at this page before you share an export. "
                    strong { "The page itself holds examples of the data." } " "
                }
                "All times are UTC."
            }
            nav aria-label="Sections" {
                ul { @for (place, name) in sections.filter(is_there) { li { a href=(place) { (name) } } } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::formats::report::page::filled::{Filling, filled, filled_summary};
    use crate::formats::report::page::well_formed::check_page;
    use crate::range::Range;

    fn page_of(filling: &Filling) -> String {
        let label = filling.text.clone();
        let range =
            Range { start_ms: Some(i64::MIN), end_ms: Some(i64::MAX), label, file_name_part: String::new() };
        let summary = filled_summary(filling);
        page(&filled(filling), &About::new(&range, &summary, i64::MAX))
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
