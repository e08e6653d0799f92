//! What was replaced in redacted events, and what a person still has to look at.

use maud::{Markup, html};

use super::budget::{Budget, Part};
use super::event_fields::{comma_separated, distinct, examples, place_name};
use super::figures::{count, excerpt_or, nothing};
use super::table::Column::{LongText, Number, Text};
use super::table::Table;
use crate::formats::report::about::Redaction;
use crate::formats::report::excerpt::Excerpt;
use crate::formats::report::findings::{Distinct, Field, FieldPlace, Findings};

const KINDS: Table<'_> =
    Table::new("replaced-kinds", Part::ReplacedKinds, &[Text("Kind"), Number("Pseudonyms")]);

const FIELDS: Table<'_> = Table::new(
    "replaced-fields",
    Part::ReplacedFields,
    &[Text("Field"), Text("In"), Text("Replaced"), Number("Events"), LongText("Example")],
);

const STILL_TO_LOOK_AT: Table<'_> = Table::new(
    "still-to-look-at",
    Part::StillToLookAt,
    &[
        Text("Field"),
        Text("In"),
        Text("Why"),
        Number("Events"),
        Number("Distinct values"),
        LongText("Examples"),
    ],
);

pub(super) fn redaction(budget: &mut Budget, findings: &Findings, done: &Redaction) -> Markup {
    html! {
        (kinds(budget, done))
        (options(done))
        (fields(budget, findings))
        h3 { "Still to look at" }
        (limits())
        (still_to_look_at(budget, findings))
    }
}

/// The level, the key, and the fields that the user named.
fn options(done: &Redaction) -> Markup {
    html! {
        p {
            "Level " code { (done.level) } ": "
            @if done.level == "unknown" {
                "what rules mark, fields that are always replaced, and values of fields that the exporter does not know. "
            } @else {
                "what rules mark, and fields that are always replaced. "
            }
            @match &done.key_id {
                Some(id) => {
                    "The key was given. Its id is " code { (id) } ". Pseudonyms of exports with the same id can be compared."
                }
                None => "The key was random. Pseudonyms of another export differ.",
            }
        }
        (named("Replaced by request: ", &done.redact_fields))
        (named("Kept by request, whatever they contain: ", &done.keep_fields))
    }
}

fn named(words: &'static str, fields: &[Excerpt]) -> Markup {
    html! {
        @if !fields.is_empty() {
            p {
                (words)
                @for (at, field) in fields.iter().enumerate() { @if at > 0 { ", " } (field) }
                "."
            }
        }
    }
}

fn kinds(budget: &mut Budget, done: &Redaction) -> Markup {
    if done.replaced.is_empty() {
        return nothing("Nothing was replaced.");
    }
    let total: u128 = done.replaced.iter().map(|(_, pseudonyms)| u128::from(*pseudonyms)).sum();
    let table = KINDS.render(budget, &html! { "Pseudonyms by kind" }, |rows| {
        rows.add(&done.replaced, |(kind, pseudonyms)| [html! { (kind) }, count(*pseudonyms)]);
    });
    html! {
        p #replaced-count .verdict {
            (count(total)) @if total == 1 { " value" } @else { " values" }
            " in " (count(done.events)) @if done.events == 1 { " event was" } @else { " events were" }
            " replaced."
        }
        (table)
    }
}

fn fields(budget: &mut Budget, findings: &Findings) -> Markup {
    let replaced = |field: &&Field| field.redaction.is_some_and(|redaction| redaction.has_replaced());
    let mut fields = findings.fields.rows().iter().filter(replaced).peekable();
    if fields.peek().is_none() {
        return Markup::default();
    }
    FIELDS.render(budget, &html! { "Fields with something replaced" }, |rows| {
        rows.add(fields, |field| {
            let [replaced, events] = replaced_cells(field);
            let first =
                field.examples.first().map_or_else(Markup::default, |first| excerpt_or(first, "(empty)"));
            [excerpt_or(&field.key, "(empty)"), html! { (place_name(field.place)) }, replaced, events, first]
        });
        rows.other(findings.fields.other().filter(replaced), |other| {
            let [replaced, events] = replaced_cells(other);
            [html! { "other fields" }, Markup::default(), replaced, events, Markup::default()]
        });
    })
}

/// What was replaced of a field, and in how many events.
fn replaced_cells(field: &Field) -> [Markup; 2] {
    let redaction = field.redaction.unwrap_or_default();
    let parts = [
        (redaction.is_key_replaced, "key"),
        (redaction.whole > 0, "whole value"),
        (redaction.parts > 0, "parts of the value"),
    ];
    let names = parts.into_iter().filter_map(|(is_replaced, name)| is_replaced.then_some(name));
    let events = if redaction.is_key_replaced { field.count } else { redaction.whole + redaction.parts };
    [comma_separated(names), count(events)]
}

/// What redaction cannot promise.
fn limits() -> Markup {
    html! {
        p {
            "Redaction replaces what rules and a list of fields find. A name that stands only in a sentence, a number, or a rare "
            "combination of versions and times can still point to someone. A value that no rule matches can, too."
        }
        p {
            "Equal values have equal pseudonyms. How many machines, hosts and sessions there are, and who was active when, stays "
            "visible on purpose. Pseudonymised data is still personal data. Whoever has the key can test guesses."
        }
    }
}

fn still_to_look_at(budget: &mut Budget, findings: &Findings) -> Markup {
    let mut fields =
        findings.fields.rows().iter().filter(|field| why_to_look_at(field).next().is_some()).peekable();
    if fields.peek().is_none() {
        return nothing(
            "No field has sentences, values that the exporter does not know, or more than 1,000 texts.",
        );
    }
    let caption = html! { "Fields whose values rules cannot judge, with examples as they were exported" };
    STILL_TO_LOOK_AT.render(budget, &caption, |rows| {
        rows.add(fields, |field| {
            [
                excerpt_or(&field.key, "(empty)"),
                html! { (place_name(field.place)) },
                comma_separated(why_to_look_at(field)),
                count(field.count),
                distinct(field),
                examples(field),
            ]
        });
    })
}

/// Why a person should look at a field. Nothing if all values were replaced, or if they are numbers.
fn why_to_look_at(field: &Field) -> impl Iterator<Item = &'static str> {
    let redaction = field.redaction.unwrap_or_default();
    let is_left = redaction.whole < field.count && field.types.have_texts();
    let is_id = field.place == FieldPlace::Row && !field.key.is("deployment_url");
    let reasons = [
        (redaction.is_kept, "kept by request"),
        (!redaction.is_known, "field that the exporter does not know"),
        (redaction.has_sentences, "several words"),
        (field.distinct == Distinct::Many, "more than 1,000 values"),
    ];
    reasons.into_iter().filter_map(move |(applies, reason)| (applies && is_left && !is_id).then_some(reason))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::report::findings::{FieldRedaction, ValueTypes};
    use crate::formats::report::page::filled::{Filling, field, filled, findings_of};
    use crate::formats::report::page::table::without_labels;
    use crate::formats::report::page::well_formed::check_fragment;

    fn done() -> Redaction {
        Redaction {
            level: "marked",
            key_id: None,
            redact_fields: Vec::new(),
            keep_fields: Vec::new(),
            events: 1_049,
            replaced: vec![("machine", 1_049), ("host", 1)],
        }
    }

    fn section(findings: &Findings, done: &Redaction) -> String {
        let html = redaction(&mut Budget::default(), findings, done).0;
        check_fragment(&html);
        without_labels(&html)
    }

    fn redacted(place: FieldPlace, key: &str, redaction: FieldRedaction) -> Field {
        Field { count: 10, redaction: Some(redaction), ..field(place, Some(0), key) }
    }

    #[test]
    fn what_was_replaced_is_counted_by_kind_and_by_field() {
        let fields = vec![
            redacted(FieldPlace::Context, "machine_id", FieldRedaction { whole: 10, ..Default::default() }),
            redacted(
                FieldPlace::Error,
                "message",
                FieldRedaction { whole: 1, parts: 3, ..Default::default() },
            ),
            redacted(
                FieldPlace::Other,
                "key-553211c41f646527",
                FieldRedaction { is_key_replaced: true, ..Default::default() },
            ),
            redacted(
                FieldPlace::Properties,
                "result",
                FieldRedaction { is_known: true, ..Default::default() },
            ),
        ];
        let html = section(&findings_of(fields, &["e"]), &done());
        assert!(html.contains(
            "<data value=\"1050\">1,050</data> values in <data value=\"1049\">1,049</data> events were replaced."
        ));
        assert!(html.contains("<th scope=\"row\">host</th><td><data value=\"1\">1</data></td>"));
        for row in [
            "<bdi>machine_id</bdi></th><td>context</td><td>whole value</td><td><data value=\"10\">",
            "<bdi>message</bdi></th><td>error</td><td>whole value, parts of the value</td><td><data value=\"4\">",
            "<bdi>key-553211c41f646527</bdi></th><td>other</td><td>key</td><td><data value=\"10\">",
        ] {
            assert!(html.contains(row), "{row} in {html}");
        }
        assert!(!html.contains("<bdi>result</bdi>"));
    }

    #[test]
    fn the_key_and_the_wishes_of_the_user_are_told() {
        let html = section(&Findings::new(), &done());
        assert!(html.contains("The key was random.") && !html.contains("by request"));
        let named = Redaction {
            level: "unknown",
            key_id: Some(Excerpt::of("1a2b3c4d")),
            redact_fields: ["properties.a", "other.<b>"].map(Excerpt::of).into(),
            keep_fields: vec![Excerpt::of("error.c")],
            events: 0,
            replaced: Vec::new(),
        };
        let html = section(&Findings::new(), &named);
        for words in [
            "Nothing was replaced.",
            "values of fields that the exporter does not know",
            "Its id is <code><bdi>1a2b3c4d</bdi></code>",
            "<p>Replaced by request: <bdi>properties.a</bdi>, <bdi>other.&lt;b&gt;</bdi>.</p>",
            "<p>Kept by request, whatever they contain: <bdi>error.c</bdi>.</p>",
        ] {
            assert!(html.contains(words), "{words} in {html}");
        }
    }

    #[test]
    fn a_person_still_has_to_look_at_texts_that_rules_cannot_judge() {
        let known = FieldRedaction { is_known: true, ..Default::default() };
        let sentences = FieldRedaction { has_sentences: true, ..known };
        for (redaction, expected) in [
            (known, ""),
            (sentences, "several words"),
            (FieldRedaction { parts: 4, ..sentences }, "several words"),
            (FieldRedaction { whole: 10, ..FieldRedaction::default() }, ""),
            (
                FieldRedaction { whole: 9, ..FieldRedaction::default() },
                "field that the exporter does not know",
            ),
            (FieldRedaction { is_kept: true, ..known }, "kept by request"),
        ] {
            let field = redacted(FieldPlace::Properties, "a", redaction);
            assert_eq!(why_to_look_at(&field).collect::<Vec<_>>().join(", "), expected, "{redaction:?}");
        }
        let mut many = redacted(FieldPlace::Properties, "result", known);
        many.distinct = Distinct::Many;
        assert_eq!(why_to_look_at(&many).collect::<Vec<_>>(), ["more than 1,000 values"]);
        many.types = ValueTypes::of("1");
        assert_eq!(why_to_look_at(&many).next(), None);
        let id = Field { distinct: Distinct::Many, ..redacted(FieldPlace::Row, "event_id", known) };
        assert_eq!(why_to_look_at(&id).next(), None);
    }

    #[test]
    fn the_section_stays_small() {
        let mut findings = filled(&Filling { fields: 0, ..Filling::to_the_brim(&"\u{10FFFF}".repeat(80)) });
        let all = FieldRedaction {
            whole: 1,
            parts: 1,
            is_key_replaced: true,
            is_kept: true,
            is_known: false,
            has_sentences: true,
        };
        for identity in 0..3_000 {
            let hostile = "\u{10FFFF}".repeat(80);
            findings.fields.entry(identity, |_| Field {
                examples: vec![Excerpt::of(&hostile); 5],
                distinct: Distinct::Many,
                ..redacted(FieldPlace::Other, &hostile, all)
            });
        }
        let html = redaction(&mut Budget::default(), &findings, &done()).0;
        assert!(html.len() <= Part::StillToLookAt.end());
        assert!(
            html.contains("data-table=\"replaced-fields\"")
                && html.contains("data-table=\"still-to-look-at\"")
        );
    }
}
