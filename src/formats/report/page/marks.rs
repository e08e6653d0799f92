//! The table of marks: what may identify a person or a company, with the first value of each mark.

use maud::{Markup, html};

use super::budget::{Budget, Part};
use super::event_fields::{comma_separated, place_name};
use super::figures::{count, excerpt_or, none};
use super::table::Column::{LongText, Number, Text};
use super::table::Table;
use crate::formats::report::field_marks::{FieldMark, MarkedPart, Preview};
use crate::formats::report::findings::{ALWAYS_MARKED, Field, Findings};
use crate::privacy::SensitiveKind;

const MARKS: Table<'_> = Table::new(
    "marks",
    Part::Marks,
    &[
        Text("Field"),
        Text("In"),
        Text("May identify"),
        LongText("First value"),
        LongText("If redacted"),
        Number("Events"),
        LongText("Why"),
    ],
);

/// Why a field may identify a person or company.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// What it is.
    Meaning(&'static str),
    /// What its values look like.
    Look(SensitiveKind),
}

impl Reason {
    /// In the order of the page.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        let looks = SensitiveKind::ALL.into_iter().map(Self::Look);
        ALWAYS_MARKED.into_iter().map(|(_, _, name)| Self::Meaning(name)).chain(looks)
    }

    pub(super) fn applies_to(self, field: &Field) -> bool {
        match self {
            // Redaction replaced these values, unless the user had them kept.
            Self::Meaning(meaning) => {
                meaning_of(field) == Some(meaning)
                    && field.redaction.as_ref().is_none_or(|redaction| redaction.is_kept)
            }
            Self::Look(kind) => field.marks.have(kind),
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Meaning(meaning) => meaning,
            Self::Look(kind) => kind.name(),
        }
    }

    pub(super) fn all_of(field: &Field) -> impl Iterator<Item = Self> {
        Self::all().filter(|reason| reason.applies_to(field))
    }
}

/// A row of the table of marks.
struct MarkRow {
    names: Vec<&'static str>,
    /// The first value, or the key if that is marked.
    first: Markup,
    /// What redaction would make of it.
    redacted: Markup,
    events: u64,
    /// A reason for each name.
    why: Vec<&'static str>,
}

impl MarkRow {
    /// The marks of a field, in the order of [`Reason::all`].
    fn all_of(field: &Field) -> Vec<Self> {
        let marks = field.marks.in_order();
        let of_mark = |mark: &&FieldMark| Self {
            names: vec![mark.kind().name()],
            first: html! { (mark.first) @if mark.part == MarkedPart::Key { " " (none("(the key)")) } },
            redacted: after(mark.preview.as_ref()),
            events: mark.events,
            why: vec![mark.first.rule.reason()],
        };
        let mut rows: Vec<_> = marks.iter().map(of_mark).collect();
        let meaning = meaning_of(field).filter(|meaning| Reason::Meaning(meaning).applies_to(field));
        let Some(name) = meaning else { return rows };
        // The first value of a mark that every event has is the first value of the field.
        let is_of_all =
            marks.first().is_some_and(|mark| mark.part == MarkedPart::Value && mark.events == field.count);
        if !is_of_all {
            // A field without strings has no examples.
            let example = field.examples.first();
            let first = example.map_or_else(|| none("(none)"), |first| excerpt_or(first, "(empty)"));
            let redacted = after(field.preview.as_ref());
            rows.insert(0, Self { names: Vec::new(), first, redacted, events: field.count, why: Vec::new() });
        }
        rows[0].names.insert(0, name);
        rows[0].why.insert(0, "this field is always marked");
        rows
    }

    fn into_row(self, field: Markup, place: Markup) -> [Markup; 7] {
        // Backticks surround code.
        let why = html! {
            @for (at, part) in self.why.join("; ").split('`').enumerate() {
                @if at % 2 == 1 { code { (part) } } @else { (part) }
            }
        };
        [
            field,
            place,
            comma_separated(self.names.into_iter()),
            self.first,
            self.redacted,
            count(self.events),
            why,
        ]
    }
}

fn has_previews(field: &Field) -> bool {
    field.preview.is_some() || field.marks.in_order().iter().any(|mark| mark.preview.is_some())
}

/// What redaction would make of a value at each level.
fn after(preview: Option<&Preview>) -> Markup {
    let Some(Preview { marked, unknown }) = preview else { return Markup::default() };
    html! {
        @match marked { Some(text) => (text), None => "stays as it is" }
        @if unknown != marked {
            @if let Some(text) = unknown { div { "unknown values too: " (text) } }
        }
    }
}

/// The meaning of a field that is always marked, whatever its values look like.
fn meaning_of(field: &Field) -> Option<&'static str> {
    let mut meanings = ALWAYS_MARKED.into_iter();
    let meaning = meanings.find(|(places, key, _)| places.contains(&field.place) && field.key.is(key));
    meaning.map(|(_, _, name)| name)
}

/// The table of marks. It is left out if nothing is marked.
pub(super) fn marks(budget: &mut Budget, findings: &Findings) -> Markup {
    if findings.fields.all().all(|field| Reason::all_of(field).next().is_none()) {
        return Markup::default();
    }
    html! {
        p {
            "Each row is a mark. It shows the first value that has the mark, and how many events have such a value. Marks are "
            "guesses by rule. Tokens and passwords show only their first characters and their length."
            @if findings.fields.all().any(has_previews) {
                " “If redacted” shows what a redacted export writes instead, with digits for “…”."
            }
        }
        (MARKS.render(budget, &html! { "Fields that may identify a person or company" }, |rows| {
            for field in findings.fields.rows() {
                rows.add(MarkRow::all_of(field), |mark| {
                    mark.into_row(excerpt_or(&field.key, "(empty)"), html! { (place_name(field.place)) })
                });
            }
            let marks = findings.fields.other().map(MarkRow::all_of).unwrap_or_default();
            rows.add(marks, |mark| mark.into_row(html! { "other fields" }, Markup::default()));
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::report::excerpt::Excerpt;
    use crate::formats::report::findings::FieldPlace;
    use crate::formats::report::page::filled::{Filling, field, filled, findings_of};
    use crate::formats::report::page::table::without_labels;
    use crate::formats::report::page::well_formed::check_fragment;

    fn table(findings: &Findings) -> String {
        let html = marks(&mut Budget::default(), findings).0;
        check_fragment(&html);
        without_labels(&html)
    }

    #[test]
    fn each_mark_has_a_row_with_its_first_value_and_its_reason() {
        let mut message = field(FieldPlace::Error, Some(0), "message");
        message.preview = Some(Preview { marked: None, unknown: Some(Excerpt::of("text-…")) });
        message.marks.search(MarkedPart::Value, "<b> /home/anna", 3);
        message.marks.search(MarkedPart::Key, "to anna@corp.example", 4);
        let fields = vec![field(FieldPlace::Properties, Some(0), "unmarked"), message];
        let findings = findings_of(fields, &["open"]);
        let html = table(&findings);
        let field = "<tr><th scope=\"row\"><bdi>message</bdi></th><td>error</td>";
        for row in [
            "<td>error message</td><td><bdi>value</bdi></td><td>stays as it is<div>unknown values too: <bdi>text-…</bdi></div></td>\
             <td><data value=\"1\">1</data></td><td>this field is always marked</td>",
            "<td>name in a path</td><td><bdi>&lt;b&gt; /home/<mark>anna</mark></bdi></td><td></td>\
             <td><data value=\"3\">3</data></td><td>a user's folder, as in <code>/home/NAME</code> or <code>",
            "<td>e-mail address</td><td><bdi>to <mark>anna@corp.example</mark></bdi> \
             <span class=\"none\">(the key)</span></td><td></td><td><data value=\"4\">4</data></td>",
        ] {
            assert!(html.contains(&format!("{field}{row}")), "{row} in {html}");
        }
        assert_eq!(html.matches("<th scope=\"row\">").count(), 3);
    }

    #[test]
    fn a_field_that_is_always_marked_has_one_row_if_all_its_values_have_another_mark() {
        let id = |events| {
            let mut id = Field { count: 3, ..field(FieldPlace::Context, None, "deployment_url") };
            id.marks.search(MarkedPart::Value, "https://dev.corp.example", events);
            table(&findings_of(vec![id], &[]))
        };
        let both = "<td>deployment URL, host name</td><td><bdi>https://<mark>dev.corp.example</mark></bdi></td>\
                    <td><data value=\"3\">3</data></td><td>this field is always marked; the host of a URL</td>";
        assert!(id(3).contains(both), "{}", id(3));
        assert_eq!(id(2).matches("<th scope=\"row\">").count(), 2);
    }

    #[test]
    fn there_is_no_table_if_nothing_is_marked() {
        assert_eq!(table(&Findings::new()), "");
        assert_eq!(table(&findings_of(vec![field(FieldPlace::Row, None, "trace_id")], &[])), "");
    }

    #[test]
    fn marks_of_fields_beyond_the_limit_have_rows() {
        let mut findings = Findings::new();
        findings.fields.other_entry(|| {
            let mut other = field(FieldPlace::Other, None, "");
            other.marks.search(MarkedPart::Value, "10.1.2.3", 5);
            other
        });
        let html = table(&findings);
        assert!(html.contains("<th scope=\"row\">other fields</th><td>IP address</td>"), "{html}");
    }

    #[test]
    fn rows_that_do_not_fit_are_counted() {
        let findings = filled(&Filling::to_the_brim(&"\u{10FFFF}".repeat(100)));
        let html = table(&findings);
        assert!(html.len() <= Part::Marks.end());
        let shown = html.matches("<th scope=\"row\">").count();
        let all: usize = findings.fields.all().map(|field| MarkRow::all_of(field).len()).sum();
        assert!(shown > 50 && html.contains(&format!("data-table=\"marks\" data-more=\"{}\"", all - shown)));
    }
}
