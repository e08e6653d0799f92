//! What an export would give away: how many fields may identify a person or company, which ones, and why.

use maud::{Markup, html};

use super::budget::Budget;
use super::event_fields::event_fields;
use super::figures::{count, nothing};
use super::marks::{Reason, marks};
use crate::formats::report::findings::Findings;

pub(super) fn sharing(budget: &mut Budget, findings: &Findings) -> Markup {
    if findings.joined_fields.is_empty() {
        return nothing("There are no fields.");
    }
    html! {
        (verdict(findings))
        (marks(budget, findings))
        (event_fields(budget, findings))
    }
}

fn verdict(findings: &Findings) -> Markup {
    let fields = &findings.joined_fields;
    let is_marked = |field| Reason::all_of(field).next().is_some();
    let marked = fields.iter().filter(|joined| is_marked(&joined.field)).count();
    let other = findings.fields.other();
    html! {
        p #sensitive-count .verdict {
            (count(marked as u64)) " of " (count(fields.len() as u64))
            @if fields.len() == 1 { " field" } @else { " fields" }
            " may identify a person or company."
        }
        @if other.is_some() {
            p {
                "There are further fields, which share the last row of the table of all fields."
                @if other.is_some_and(is_marked) { " Some of them may identify a person or company, too." }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::report::field_marks::MarkedPart;
    use crate::formats::report::findings::FieldPlace;
    use crate::formats::report::page::filled::{field, findings_of};
    use crate::formats::report::page::well_formed::check_fragment;

    fn section(findings: &Findings) -> String {
        let html = sharing(&mut Budget::default(), findings).0;
        check_fragment(&html);
        html
    }

    #[test]
    fn without_fields_a_sentence_says_so() {
        let html = section(&Findings::new());
        assert!(html.contains("<p class=\"nothing\">There are no fields.</p>") && !html.contains("<table"));
    }

    #[test]
    fn the_verdict_counts_a_field_once_whatever_its_events() {
        let mut fields = vec![
            field(FieldPlace::Error, Some(0), "message"),
            field(FieldPlace::Error, Some(1), "message"),
            field(FieldPlace::Context, None, "machine_id"),
            field(FieldPlace::Row, None, "timestamp"),
        ];
        let html = section(&findings_of(fields.split_off(3), &["open"]));
        assert!(
            html.contains(">0</data> of <data value=\"1\">1</data> field may identify a person or company.")
        );
        let html = section(&findings_of(fields, &["open", "close"]));
        assert!(
            html.contains("<data value=\"2\">2</data> of <data value=\"2\">2</data> fields may identify")
        );
        assert!(!html.contains("further fields"));
    }

    #[test]
    fn the_verdict_does_not_hide_marks_beyond_the_limit() {
        for (value, are_marked) in [("anna@corp.example", true), ("nobody", false)] {
            let mut findings = findings_of(vec![field(FieldPlace::Row, None, "timestamp")], &["open"]);
            let other = findings.fields.other_entry(|| field(FieldPlace::Other, None, ""));
            other.marks.search(MarkedPart::Value, value, 1);
            let html = section(&findings);
            assert!(html.contains("There are further fields"));
            assert_eq!(html.contains("Some of them may identify a person or company, too."), are_marked);
        }
    }
}
