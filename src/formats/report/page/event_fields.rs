//! All fields of the events, and all names of events. The reader unfolds them.

use maud::{Markup, html};

use super::budget::{Budget, Part};
use super::figures::{self, beyond, count, excerpt_or, none};
use super::marks::Reason;
use super::table::Column::{Descending, LongText, Number, Text};
use super::table::{Row, Rows, Table};
use super::text;
use crate::formats::report::findings::{
    Distinct, EVENT_NAMES_AT_MOST, EventName, Field, FieldPlace, FieldRedaction, Findings, NamesOfField,
};
use crate::formats::report::first_rows::FirstRows;

const FIELDS: Table<'_> = Table::filterable(
    "fields",
    Part::Fields,
    &[
        Text("Field"),
        Text("In"),
        Text("Type"),
        Text("Event names"),
        Number("Events"),
        Number("Distinct values"),
        LongText("Examples"),
        Text("May identify"),
    ],
);

const EVENT_NAMES: Table<'_> =
    Table::sortable("event-names", Part::EventNames, &[Text("Event name"), Descending("Events")]);

pub(super) fn event_fields(budget: &mut Budget, findings: &Findings) -> Markup {
    let fields = &findings.fields;
    let listed = text::grouped(fields.rows().len() as u128);
    budget.count(|budget| {
        html! {
            details #event-fields {
                summary {
                    "Event fields: " @if fields.other().is_some() { "the first " } (listed) ", with examples"
                }
                p {
                    "Every field of the events, as a JSON export has them, with up to five examples. "
                    "A field that occurs under several event names has one row. "
                    "Numbers with a fraction can be rounded. Marked fields (▲) may identify a person or company."
                }
                (FIELDS.render(budget, &html! { "Fields, in order of first appearance" }, |rows| {
                    field_rows(rows, findings);
                }))
                (event_names(budget, findings))
            }
        }
    })
}

fn field_rows(rows: &mut Rows<'_>, findings: &Findings) {
    rows.add(findings.fields.rows(), |field| {
        let is_marked = Reason::all_of(field).next().is_some();
        let [types, events, distinct] = value_cells(field);
        let key = excerpt_or(&field.key, "(empty)");
        let place = html! { (place_name(field.place)) };
        let names = match field.place {
            FieldPlace::Context | FieldPlace::Row => html! { "any" },
            _ => names_of(&field.event_names, &findings.event_names),
        };
        Row::with_class(
            [key, place, types, names, events, distinct, examples(field), reasons(field)],
            is_marked.then_some("marked"),
        )
    });
    // These fields share neither a key nor a place.
    rows.other(findings.fields.other(), |other| {
        let [types, events, distinct] = value_cells(other);
        let listed = findings.fields.rows().len();
        let title = html! { "other fields, beyond the first " (count(listed as u64)) };
        let nothing = Markup::default;
        [title, nothing(), types, nothing(), events, distinct, nothing(), reasons(other)]
    });
}

/// The names of the events that have a field.
fn names_of(names: &NamesOfField, all: &FirstRows<EventName>) -> Markup {
    let name_of = |index: usize| excerpt_or(&all.rows()[index].name, "(empty)");
    let has_others = names.other_events > 0;
    match names.first[..] {
        [] => html! { "other event names" },
        [(name, _)] if !has_others => name_of(name),
        _ => html! {
            details {
                summary {
                    (text::plural(names.first.len() as u64, "event name", "event names"))
                    @if has_others { " and others" }
                }
                ul.names {
                    @for &(name, events) in &names.first { li { (name_of(name)) ": " (count(events)) } }
                    @if has_others { li { "other event names: " (count(names.other_events)) } }
                }
            }
        },
    }
}

fn value_cells(field: &Field) -> [Markup; 3] {
    [comma_separated(field.types.names()), count(field.count), distinct(field)]
}

pub(super) fn distinct(field: &Field) -> Markup {
    match field.distinct {
        Distinct::Exactly(distinct) => count(distinct),
        Distinct::Many => html! { data value="1001" { "more than 1,000" } },
    }
}

pub(super) fn examples(field: &Field) -> Markup {
    html! {
        @if field.examples.is_empty() { (none("(none)")) }
        @else { ul { @for example in figures::examples(&field.examples, field.types) { li { (example) } } } }
    }
}

fn reasons(field: &Field) -> Markup {
    let replaced = field.redaction.filter(FieldRedaction::has_replaced).map(|_| "replaced");
    comma_separated(replaced.into_iter().chain(Reason::all_of(field).map(Reason::name)))
}

pub(super) fn comma_separated(names: impl Iterator<Item = &'static str>) -> Markup {
    html! { @for (at, name) in names.enumerate() { @if at > 0 { ", " } (name) } }
}

fn event_names(budget: &mut Budget, findings: &Findings) -> Markup {
    let mut names: Vec<_> = findings.event_names.rows().iter().collect();
    // Stable, so that equals stay in order of first appearance.
    names.sort_by_key(|name| std::cmp::Reverse(name.events));
    let row = |title: Markup, name: &EventName| [title, count(name.events)];
    EVENT_NAMES.render(budget, &html! { "Event names, the most frequent first" }, |rows| {
        rows.add(names, |name| row(excerpt_or(&name.name, "(empty)"), name));
        rows.other(findings.event_names.other(), |other| row(beyond(EVENT_NAMES_AT_MOST), other));
    })
}

pub(super) fn place_name(place: FieldPlace) -> &'static str {
    match place {
        FieldPlace::Context => "context",
        FieldPlace::Row => "row",
        FieldPlace::Properties => "properties",
        FieldPlace::Measurements => "measurements",
        FieldPlace::Error => "error",
        FieldPlace::Other => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::report::excerpt::Excerpt;
    use crate::formats::report::field_marks::MarkedPart;
    use crate::formats::report::findings::{FIELDS_AT_MOST, NAMES_OF_FIELD_AT_MOST, ValueTypes};
    use crate::formats::report::page::filled::{Filling, field, filled, findings_of};
    use crate::formats::report::page::table::without_labels;
    use crate::formats::report::page::well_formed::check_fragment;

    fn inventory(findings: &Findings) -> String {
        let html = event_fields(&mut Budget::default(), findings).0;
        check_fragment(&html);
        without_labels(&html)
    }

    /// A field `result` of events with these names, one for each.
    fn result(place: FieldPlace, names: impl IntoIterator<Item = usize>) -> Field {
        let mut result = field(place, None, "result");
        names.into_iter().for_each(|name| result.event_names.add(name, 1));
        result
    }

    #[test]
    fn a_field_of_several_event_names_is_one_row_that_lists_them() {
        let fields = vec![
            result(FieldPlace::Properties, [1, 0, 1]),
            field(FieldPlace::Row, None, "timestamp"),
            result(FieldPlace::Measurements, [0]),
            result(FieldPlace::Error, [EVENT_NAMES_AT_MOST]),
            result(FieldPlace::Other, [0, EVENT_NAMES_AT_MOST]),
        ];
        let html = inventory(&findings_of(fields, &["open", "close"]));
        let one = "<data value=\"1\">1</data>";
        let begin = "<tr><th scope=\"row\"><bdi>result</bdi></th>";
        for row in [
            format!(
                "{begin}<td>properties</td><td>string</td><td><details><summary>2 event names</summary><ul class=\"names\">\
                 <li><bdi>close</bdi>: <data value=\"2\">2</data></li><li><bdi>open</bdi>: {one}</li></ul></details></td>"
            ),
            format!("{begin}<td>measurements</td><td>string</td><td><bdi>open</bdi></td><td>{one}</td>"),
            format!("{begin}<td>error</td><td>string</td><td>other event names</td>"),
            format!(
                "{begin}<td>other</td><td>string</td><td><details><summary>1 event name and others</summary>\
                 <ul class=\"names\"><li><bdi>open</bdi>: {one}</li><li>other event names: {one}</li></ul></details></td>"
            ),
            "<bdi>timestamp</bdi></th><td>row</td><td>string</td><td>any</td>".to_owned(),
        ] {
            assert!(html.contains(&row), "{row} in {html}");
        }
        assert!(html.contains("<bdi>open</bdi></th><td><data value=\"1049\">1,049</data></td></tr>"));
        assert!(html.contains("<summary>Event fields: 5, with examples</summary>"));
    }

    #[test]
    fn event_names_of_a_field_beyond_the_limit_are_one_entry() {
        let names: Vec<_> = (0..1_070).map(|number| format!("name {number}")).collect();
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        let html = inventory(&findings_of(vec![result(FieldPlace::Error, 0..names.len())], &names));
        assert!(html.contains("<summary>50 event names and others</summary>"));
        let (_, fields) = html.split_once("<ul class=\"names\">").expect("a list");
        let (list, _) = fields.split_once("</ul>").expect("its end");
        assert_eq!(list.matches("<bdi>name ").count(), NAMES_OF_FIELD_AT_MOST);
        assert!(list.ends_with("<li>other event names: <data value=\"1020\">1,020</data></li>"), "{list}");
    }

    #[test]
    fn a_field_is_marked_for_what_it_is_or_looks_like() {
        let mut email = field(FieldPlace::Properties, Some(0), "user");
        email.marks.search(MarkedPart::Value, "to anna@corp.example", 3);
        let fields = vec![
            email,
            field(FieldPlace::Context, None, "machine_id"),
            field(FieldPlace::Row, None, "deployment_url"),
            field(FieldPlace::Context, None, "deployment_url"),
            field(FieldPlace::Error, Some(0), "message"),
            field(FieldPlace::Properties, Some(0), "message"),
            field(FieldPlace::Properties, Some(0), "machine_id"),
        ];
        let html = inventory(&findings_of(fields, &["open"]));
        assert_eq!(html.matches("<tr class=\"marked\">").count(), 5);
    }

    #[test]
    fn values_are_told_by_type_number_and_example() {
        let mut many = field(FieldPlace::Properties, Some(0), "<i>\u{202E}");
        many.types.add(ValueTypes::of("null"));
        many.distinct = Distinct::Many;
        many.examples = vec![Excerpt::of(""), Excerpt::of("</td>"), Excerpt::of(&"x".repeat(81))];
        let html = inventory(&findings_of(vec![many], &["&"]));
        assert!(html.contains("<bdi>&lt;i&gt;⟨U+202E⟩</bdi></th><td>properties</td><td>string, null</td>"));
        assert!(html.contains("<td><data value=\"1001\">more than 1,000</data></td><td><ul>"));
        assert!(html.contains("<li><span class=\"none\">(empty)</span></li><li><bdi>&lt;/td&gt;</bdi></li>"));
        assert!(html.contains("xxx</bdi>…</li></ul></td>"));
    }

    #[test]
    fn examples_of_numbers_with_a_fraction_are_rounded_if_they_then_still_differ() {
        let mut number = field(FieldPlace::Measurements, Some(0), "durationMs");
        number.types = ValueTypes::of("1");
        number.examples = ["203.374837294837", "1049", "-1.5e-9"].map(Excerpt::of).into();
        let html = inventory(&findings_of(vec![number], &["open"]));
        assert!(
            html.contains(
                "<ul><li><data value=\"203.374837294837\">203</data></li><li><bdi>1049</bdi></li>\
                 <li><data value=\"-1.5e-9\">-1.50e-9</data></li></ul>"
            ),
            "{html}"
        );
        let mut places = field(FieldPlace::Measurements, Some(0), "latitude");
        places.types = ValueTypes::of("1");
        places.examples = ["52.5201", "52.5243", "52.5", "13.4049", "52.6"].map(Excerpt::of).into();
        let mut large = field(FieldPlace::Measurements, Some(0), "large");
        large.types = ValueTypes::of("1");
        large.examples = ["1235", "1234.6", "1236.7"].map(Excerpt::of).into();
        let html = inventory(&findings_of(vec![large], &["open"]));
        assert!(html.contains("<bdi>1234.6</bdi>") && html.contains(">1,237</data>"), "{html}");
        let html = inventory(&findings_of(vec![places], &["open"]));
        assert!(
            html.contains(
                "<ul><li><bdi>52.5201</bdi></li><li><bdi>52.5243</bdi></li><li><bdi>52.5</bdi></li>\
                 <li><data value=\"13.4049\">13.4</data></li><li><data value=\"52.6\">52.6</data></li></ul>"
            ),
            "{html}"
        );
        let mut string = field(FieldPlace::Properties, Some(0), "version");
        string.examples = vec![Excerpt::of("1.106")];
        assert!(inventory(&findings_of(vec![string], &["open"])).contains("<li><bdi>1.106</bdi></li>"));
    }

    #[test]
    fn fields_beyond_the_limit_are_the_last_row_and_what_they_look_like_is_not_lost() {
        let mut findings = filled(&Filling { fields: FIELDS_AT_MOST as u64, ..Filling::some() });
        findings.fields.entry(u64::MAX, |is_other| {
            assert!(is_other);
            let mut other = field(FieldPlace::Other, None, "");
            other.marks.search(MarkedPart::Value, "10.1.2.3", 3);
            other
        });
        let html = inventory(&findings);
        let (_, last) = html.split_once("<tr class=\"other\"><th scope=\"row\">other fields").expect("a row");
        assert!(last.contains("<td>IP address</td></tr>\n</tbody>\n</table>"));
        assert!(html.contains("<summary>Event fields: the first 2,000, with examples</summary>"));
    }
}
