//! What an export would give away: how many fields may identify a person or company, which ones, and why.

use maud::{Markup, html};

use super::budget::Budget;
use super::event_fields::event_fields;
use super::figures::{count, nothing};
use super::marks::{Reason, marks};
use super::text;
use crate::formats::report::findings::{Field, Findings};

pub(super) fn sharing(budget: &mut Budget, findings: &Findings) -> Markup {
    if findings.fields.all().next().is_none() {
        return nothing("There are no fields.");
    }
    html! {
        (verdict(findings))
        (marks(budget, findings))
        (event_fields(budget, findings))
    }
}

fn verdict(findings: &Findings) -> Markup {
    let listed = findings.fields.rows();
    let other = findings.fields.other();
    let is_marked = |field: &&Field| Reason::all_of(field).next().is_some();
    if listed.iter().any(|field| field.redaction.is_some()) {
        return verdict_of_redacted(findings);
    }
    let marked = listed.iter().filter(is_marked).count();
    html! {
        p #sensitive-count .verdict {
            (count(marked as u64)) " of "
            (number_of_listed(findings))
            @if other.as_ref().is_some_and(is_marked) { ", and some of the others," }
            " may identify a person or company."
        }
        @if other.is_some() { p { "All other fields share one row." } }
    }
}

/// `73 fields`, or `the first 2,000 fields`.
fn number_of_listed(findings: &Findings) -> Markup {
    let listed = findings.fields.rows().len();
    html! {
        @if findings.fields.other().is_some() { "the first " }
        (count(listed as u64))
        @if listed == 1 { " field" } @else { " fields" }
    }
}

fn verdict_of_redacted(findings: &Findings) -> Markup {
    let has_replaced = |field: &&Field| field.redaction.is_some_and(|redaction| redaction.has_replaced());
    let replaced = findings.fields.rows().iter().filter(has_replaced).count();
    let marked = findings.fields.all().filter(|field| Reason::all_of(field).next().is_some()).count();
    html! {
        p #sensitive-count .verdict {
            "In " (count(replaced as u64)) " of " (number_of_listed(findings)) ", something was replaced."
        }
        p {
            @if marked > 0 {
                (text::plural(marked as u64, "field", "fields"))
                " kept by request may identify a person or company. "
            }
            "No rule matches anything else, but something can still be left. See "
            a href="#redaction" { "Still to look at" } "."
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

    /// The sentence of the verdict, without markup.
    fn sentence(findings: &Findings) -> String {
        let html = section(findings);
        let (_, verdict) = html.split_once("id=\"sensitive-count\">").expect("a verdict");
        let (verdict, _) = verdict.split_once("</p>").expect("its end");
        let text = verdict.split('<').map(|part| part.rsplit('>').next().unwrap_or_default());
        text.collect()
    }

    #[test]
    fn the_verdict_counts_the_fields_that_may_identify() {
        let mut fields = vec![
            field(FieldPlace::Error, Some(0), "message"),
            field(FieldPlace::Context, None, "machine_id"),
            field(FieldPlace::Row, None, "timestamp"),
        ];
        let one = findings_of(fields.split_off(2), &["open"]);
        assert_eq!(sentence(&one), "0 of 1 field may identify a person or company.");
        let two = findings_of(fields, &["open"]);
        assert_eq!(sentence(&two), "2 of 2 fields may identify a person or company.");
        assert!(!section(&two).contains("share one row"));
    }

    #[test]
    fn the_verdict_does_not_hide_marks_beyond_the_limit() {
        for (value, expected) in [
            (
                "anna@corp.example",
                "1 of the first 1 field, and some of the others, may identify a person or company.",
            ),
            ("nobody", "1 of the first 1 field may identify a person or company."),
        ] {
            let mut findings = findings_of(vec![field(FieldPlace::Context, None, "machine_id")], &["open"]);
            let (_, other) = findings.fields.other_entry(|| field(FieldPlace::Other, None, ""));
            other.marks.search(MarkedPart::Value, value, 1);
            assert_eq!(sentence(&findings), expected);
            assert!(section(&findings).contains("All other fields share one row."));
        }
    }
}
