//! Every field that the events have, with examples, and what it would give away.

use maud::{Markup, html};

use super::budget::{Budget, Part};
use super::field_groups::{group_title, groups, place_name};
use super::figures::{count, excerpt_or, none, nothing};
use super::marks::{Reason, marks};
use super::table::Column::{LongText, Number, Text};
use super::table::{Row, Rows, Table};
use crate::formats::report::findings::{Distinct, FIELDS_AT_MOST, Field, Findings};

const REASONS: Table<'_> = Table::new("sensitive", Part::Sensitive, &[Text("What"), Number("Fields")]);

const FIELDS: Table<'_> = Table::new(
    "fields",
    Part::Fields,
    &[
        Text("Field"),
        Text("In"),
        Text("Type"),
        Number("Events"),
        Number("Distinct values"),
        Number("Longest"),
        LongText("Examples"),
        Text("Can point to"),
    ],
);

pub(super) fn sharing(budget: &mut Budget, findings: &Findings) -> Markup {
    if findings.fields.rows().is_empty() {
        return nothing("There are no fields.");
    }
    let reasons = html! { "What fields can point to, and how many fields do" };
    let fields = html! { "Fields, by the events that have them" };
    html! {
        (sensitive_count(findings))
        (REASONS.render(budget, &reasons, |rows| rows.add(Reason::all(), |reason| reason_row(reason, findings))))
        (marks(budget, findings))
        h3 { "All fields" }
        p {
            "Every field of the events, as a JSON export has them, with up to five examples. Marked ones (▲) can point to a "
            "person or a company. Longest is the length of the longest value in characters."
        }
        (FIELDS.render(budget, &fields, |rows| field_rows(rows, findings)))
    }
}

fn sensitive_count(findings: &Findings) -> Markup {
    let fields = findings.fields.rows();
    let marked = fields.iter().filter(|field| Reason::all_of(field).next().is_some()).count();
    html! {
        p #sensitive-count {
            (count(marked as u64)) " of " (count(fields.len() as u64))
            @if fields.len() == 1 { " field" } @else { " fields" }
            " can point to a person or a company."
            @if findings.fields.other().is_some() {
                " There are more fields, which are not told apart: see the last row of the table of all fields."
            }
        }
    }
}

fn reason_row(reason: Reason, findings: &Findings) -> [Markup; 2] {
    let fields = &findings.fields;
    let fields_with_it = fields.rows().iter().filter(|field| reason.applies_to(field)).count();
    let is_among_others = fields.other().is_some_and(|other| reason.applies_to(other));
    let fields = html! { (count(fields_with_it as u64)) @if is_among_others { " and others" } };
    [html! { (reason.name()) }, fields]
}

fn field_rows(rows: &mut Rows<'_>, findings: &Findings) {
    for (group, fields) in groups(findings) {
        // Fields beyond the limit may be of any event.
        let has_no_fields = fields.is_empty() && findings.fields.other().is_none();
        let title = html! { (group_title(group, findings)) @if has_no_fields { ", no fields of its own" } };
        rows.group(&title, fields, |field| {
            let is_marked = Reason::all_of(field).next().is_some();
            let [types, events, distinct, longest] = value_cells(field);
            let key = excerpt_or(&field.key, "(empty)");
            let place = html! { (place_name(field.place)) };
            Row::with_class(
                [key, place, types, events, distinct, longest, examples(field), reasons(field)],
                is_marked.then_some("marked"),
            )
        });
    }
    // The other fields share neither a key nor a place.
    rows.other(findings.fields.other(), |other| {
        let [types, events, distinct, longest] = value_cells(other);
        let title = html! { "other fields, beyond the first " (count(FIELDS_AT_MOST as u64)) };
        let nothing = Markup::default;
        [title, nothing(), types, events, distinct, longest, nothing(), reasons(other)]
    });
}

fn value_cells(field: &Field) -> [Markup; 4] {
    let distinct = match field.distinct {
        Distinct::Exactly(distinct) => count(distinct),
        Distinct::Many => html! { data value="1001" { "more than 1,000" } },
    };
    [comma_separated(field.types.names()), count(field.count), distinct, count(field.longest)]
}

fn examples(field: &Field) -> Markup {
    html! {
        @if field.examples.is_empty() { (none("(none)")) }
        @else { ul { @for example in &field.examples { li { (excerpt_or(example, "(empty)")) } } } }
    }
}

fn reasons(field: &Field) -> Markup {
    comma_separated(Reason::all_of(field).map(Reason::name))
}

fn comma_separated(names: impl Iterator<Item = &'static str>) -> Markup {
    html! { @for (at, name) in names.enumerate() { @if at > 0 { ", " } (name) } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::report::excerpt::Excerpt;
    use crate::formats::report::field_marks::MarkedPart;
    use crate::formats::report::findings::{EventName, FieldPlace, ValueTypes};
    use crate::formats::report::page::filled::{Filling, field, filled};
    use crate::formats::report::page::table::without_labels;
    use crate::formats::report::page::well_formed::check_fragment;

    fn section(findings: &Findings) -> String {
        let html = sharing(&mut Budget::default(), findings).0;
        check_fragment(&html);
        without_labels(&html)
    }

    fn findings_of(fields: Vec<Field>, events: &[&str]) -> Findings {
        let mut findings = Findings::new();
        for (identity, event) in (0..).zip(events) {
            findings.event_names.entry(identity, |_| EventName { name: Excerpt::of(event), events: 1_049 });
        }
        for (identity, field) in (0..).zip(fields) {
            findings.fields.entry(identity, |_| field);
        }
        findings
    }

    #[test]
    fn nothing_at_all_is_told_in_a_sentence() {
        let html = section(&Findings::new());
        assert!(html.contains("<p class=\"nothing\">There are no fields.</p>") && !html.contains("<table"));
    }

    #[test]
    fn fields_stand_under_their_event_in_order_of_first_appearance() {
        let fields = vec![
            field(FieldPlace::Properties, Some(1), "second"),
            field(FieldPlace::Row, None, "timestamp"),
            field(FieldPlace::Measurements, Some(0), "first"),
            field(FieldPlace::Context, None, "os_type"),
            field(FieldPlace::Error, Some(3), "beyond"),
        ];
        let html = section(&findings_of(fields, &["open", "close", "fieldless"]));
        let at = |text: &str| html.find(text).unwrap_or_else(|| panic!("{text} in {html}"));
        let order = [
            ">Every event: resource</th>",
            "<bdi>os_type</bdi></th><td>context</td>",
            ">Every event: row</th>",
            "<bdi>timestamp</bdi></th><td>row</td>",
            "<bdi>open</bdi>: <data value=\"1049\">1,049</data> events</th>",
            "<bdi>first</bdi></th><td>measurements</td>",
            "<bdi>close</bdi>: ",
            "<bdi>second</bdi></th><td>properties</td>",
            "<bdi>fieldless</bdi>: <data value=\"1049\">1,049</data> events, no fields of its own</th>",
            ">Other events</th>",
            "<bdi>beyond</bdi></th><td>error</td>",
        ];
        assert!(order.map(at).is_sorted());
        assert_eq!(html.matches("<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"8\">").count(), 6);
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
        let html = section(&findings_of(fields, &["open"]));
        assert_eq!(html.matches("<tr class=\"marked\">").count(), 5);
        assert!(html.contains(
            "<p id=\"sensitive-count\"><data value=\"5\">5</data> of <data value=\"7\">7</data> fields"
        ));
        for (reason, count) in [
            ("machine id", 1),
            ("session id", 0),
            ("deployment URL", 2),
            ("error message", 1),
            ("e-mail address", 1),
            ("host name", 0),
        ] {
            let row =
                format!("<th scope=\"row\">{reason}</th><td><data value=\"{count}\">{count}</data></td>");
            assert!(html.contains(&row), "{row}");
        }
    }

    #[test]
    fn values_are_told_by_type_number_and_example() {
        let mut many = field(FieldPlace::Properties, Some(0), "<i>\u{202E}");
        many.types.add(ValueTypes::of("null"));
        many.distinct = Distinct::Many;
        many.longest = 1_234;
        many.examples = vec![Excerpt::of(""), Excerpt::of("</td>"), Excerpt::of(&"x".repeat(81))];
        let html = section(&findings_of(vec![many], &["&"]));
        assert!(html.contains("<bdi>&lt;i&gt;⟨U+202E⟩</bdi></th><td>properties</td><td>string, null</td>"));
        assert!(html.contains("<td><data value=\"1001\">more than 1,000</data></td>"));
        assert!(html.contains("<td><data value=\"1234\">1,234</data></td><td><ul>"));
        assert!(html.contains("<li><span class=\"none\">(empty)</span></li><li><bdi>&lt;/td&gt;</bdi></li>"));
        assert!(html.contains("xxx</bdi>…</li></ul></td>"));
        assert!(html.contains("of <data value=\"1\">1</data> field can"));
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
        let html = section(&findings);
        assert!(html.contains("see the last row"));
        assert!(html.contains(">IP address</th><td><data value=\"0\">0</data> and others</td>"));
        let (_, last) =
            html.split_once("<tbody>\n<tr class=\"other\"><th scope=\"row\">other").expect("a row");
        assert!(last.contains("<td>IP address</td></tr>\n</tbody>\n</table>"));
    }
}
