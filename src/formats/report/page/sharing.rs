//! Every field that the events have, with examples, and what it would give away.

use super::budget::Part;
use super::field_groups::{group_title, groups, place_name};
use super::html::Html;
use super::marks::{Reason, marks};
use super::table::{Column, Rows, Table};
use crate::formats::report::excerpt::Excerpt;
use crate::formats::report::findings::{Distinct, FIELDS_AT_MOST, Field, Findings};

const REASONS: Table<'_> = Table {
    id: "sensitive",
    part: Part::Sensitive,
    columns: &[Column::Text("What"), Column::Number("Fields")],
    is_sortable: false,
};

const FIELDS: Table<'_> = Table {
    id: "fields",
    part: Part::Fields,
    columns: &[
        Column::Text("Field"),
        Column::Text("In"),
        Column::Text("Type"),
        Column::Number("Events"),
        Column::Number("Distinct values"),
        Column::Number("Longest"),
        Column::Text("Examples"),
        Column::Text("Can point to"),
    ],
    is_sortable: false,
};

pub(super) fn sharing(page: &mut Html, findings: &Findings) {
    page.markup("<section id=\"sharing\" aria-labelledby=\"sharing-title\">\n");
    page.markup("<h2 id=\"sharing-title\">Before you share</h2>\n");
    if findings.fields.rows().is_empty() {
        page.nothing("There are no fields.").markup("</section>\n");
        return;
    }
    sensitive_count(page, findings);
    page.table(
        &REASONS,
        |page| page.markup("What fields can point to, and how many fields do"),
        |rows| reason_rows(rows, findings),
    );
    marks(page, findings);
    page.markup("<h3>All fields</h3>\n");
    page.markup(
        "<p>Every field of the events, as a JSON export has them, with up to five examples. Marked ones (▲) can point to a \
         person or a company. Longest is the length of the longest value in characters.</p>\n",
    );
    page.table(
        &FIELDS,
        |page| page.markup("Fields, by the events that have them"),
        |rows| field_rows(rows, findings),
    );
    page.markup("</section>\n");
}

fn sensitive_count(page: &mut Html, findings: &Findings) {
    let fields = findings.fields.rows();
    let marked = fields.iter().filter(|field| Reason::all_of(field).next().is_some()).count() as u64;
    page.markup("<p id=\"sensitive-count\">").count(marked).markup(" of ").count(fields.len() as u64);
    page.markup(if fields.len() == 1 { " field" } else { " fields" });
    page.markup(" can point to a person or a company.");
    if findings.fields.other().is_some() {
        page.markup(
            " There are more fields, which are not told apart: see the last row of the table of all fields.",
        );
    }
    page.markup("</p>\n");
}

fn reason_rows(rows: &mut Rows<'_>, findings: &Findings) {
    let fields = &findings.fields;
    for reason in Reason::all() {
        let count = fields.rows().iter().filter(|field| reason.applies_to(field)).count() as u64;
        let is_among_others = fields.other().is_some_and(|other| reason.applies_to(other));
        rows.row(|page| {
            page.row_header(|page| page.markup(reason.name()));
            page.cell(|page| page.count(count).markup(if is_among_others { " and others" } else { "" }))
        });
    }
}

fn field_rows(rows: &mut Rows<'_>, findings: &Findings) {
    for (group, fields) in groups(findings) {
        // Fields beyond the limit may be of any event.
        let has_no_fields = fields.is_empty() && findings.fields.other().is_none();
        rows.group(|page| {
            page.markup("<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"8\">");
            group_title(page, group, findings);
            page.markup(if has_no_fields { ", no fields of its own</th></tr>\n" } else { "</th></tr>\n" })
        });
        for field in fields {
            if Reason::all_of(field).next().is_some() {
                rows.marked_row(|page| field_cells(page, field));
            } else {
                rows.row(|page| field_cells(page, field));
            }
        }
    }
    if let Some(other) = findings.fields.other() {
        rows.other_row(|page| other_cells(page, other));
    }
}

fn field_cells<'page>(page: &'page mut Html, field: &Field) -> &'page mut Html {
    page.row_header(|page| page.excerpt_or(&field.key, "(empty)"));
    page.cell(|page| page.markup(place_name(field.place)));
    value_cells(page, field);
    page.cell(|page| examples(page, &field.examples));
    reasons_cell(page, field)
}

/// Of the row for all fields beyond the limit, which share neither a key nor a place.
fn other_cells<'page>(page: &'page mut Html, other: &Field) -> &'page mut Html {
    page.row_header(|page| page.markup("other fields, beyond the first ").count(FIELDS_AT_MOST as u64));
    page.cell(|page| page);
    value_cells(page, other);
    page.cell(|page| page);
    reasons_cell(page, other)
}

fn value_cells(page: &mut Html, field: &Field) {
    page.cell(|page| {
        for (at, name) in field.types.names().enumerate() {
            page.markup(if at == 0 { "" } else { ", " }).markup(name);
        }
        page
    });
    page.count_cell(field.count);
    page.cell(|page| match field.distinct {
        Distinct::Exactly(count) => page.count(count),
        Distinct::Many => page.data(1_001_u64, "more than 1,000"),
    });
    page.count_cell(field.longest);
}

fn examples<'page>(page: &'page mut Html, examples: &[Excerpt]) -> &'page mut Html {
    if examples.is_empty() {
        return page.none("(none)");
    }
    page.markup("<ul>");
    for example in examples {
        page.markup("<li>").excerpt_or(example, "(empty)").markup("</li>");
    }
    page.markup("</ul>")
}

fn reasons_cell<'page>(page: &'page mut Html, field: &Field) -> &'page mut Html {
    page.cell(|page| {
        for (at, reason) in Reason::all_of(field).enumerate() {
            page.markup(if at == 0 { "" } else { ", " }).markup(reason.name());
        }
        page
    });
    page.markup("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::report::field_marks::MarkedPart;
    use crate::formats::report::findings::{EventName, FieldPlace, ValueTypes};
    use crate::formats::report::page::filled::{Filling, field, filled};
    use crate::formats::report::page::well_formed::check_fragment;

    fn section(findings: &Findings) -> String {
        let mut page = Html::new();
        sharing(&mut page, findings);
        let html = page.into_string();
        check_fragment(&html);
        html
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
        assert!(last.contains("<td>IP address</td>\n</tr>\n</tbody>\n</table>"));
    }
}
