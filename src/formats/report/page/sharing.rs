//! Every field that the events have, with examples, and what it would give away.

use std::collections::BTreeMap;

use super::budget::Part;
use super::html::Html;
use super::table::{Column, Rows, Table};
use crate::formats::report::excerpt::Excerpt;
use crate::formats::report::field_marks::{FieldMark, MarkedPart};
use crate::formats::report::findings::{Distinct, EventName, FIELDS_AT_MOST, Field, FieldPlace, Findings};
use crate::privacy::SensitiveKind;

const REASONS: Table<'_> = Table {
    id: "sensitive",
    part: Part::Sensitive,
    columns: &[Column::Text("What"), Column::Number("Fields")],
    is_sortable: false,
};

const MARKS: Table<'_> = Table {
    id: "marks",
    part: Part::Marks,
    columns: &[
        Column::Text("Field"),
        Column::Text("In"),
        Column::Text("Can point to"),
        Column::Text("First value"),
        Column::Number("Events"),
        Column::Text("Why"),
    ],
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
    marks_table(page, findings);
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

/// Why a field can point to a person or a company.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reason {
    /// What it is.
    Meaning(&'static str),
    /// What its values look like.
    Look(SensitiveKind),
}

impl Reason {
    const MEANINGS: [&str; 4] = ["machine id", "session id", "deployment URL", "error message"];

    /// In the order of the page.
    fn all() -> impl Iterator<Item = Self> {
        let looks = SensitiveKind::ALL.into_iter().map(Self::Look);
        Self::MEANINGS.into_iter().map(Self::Meaning).chain(looks)
    }

    fn applies_to(self, field: &Field) -> bool {
        match self {
            Self::Meaning(meaning) => meaning_of(field) == Some(meaning),
            Self::Look(kind) => field.marks.have(kind),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Meaning(meaning) => meaning,
            Self::Look(kind) => kind.name(),
        }
    }

    fn all_of(field: &Field) -> impl Iterator<Item = Self> {
        Self::all().filter(|reason| reason.applies_to(field))
    }
}

/// A row of the table of marks.
struct MarkRow<'f> {
    field: &'f Field,
    name: &'static str,
    /// The first value, or the key if that is marked. `None` for a field without strings.
    first: Option<First<'f>>,
    events: u64,
    why: &'static str,
}

enum First<'f> {
    Whole(&'f Excerpt),
    Part(&'f FieldMark),
}

impl<'f> MarkRow<'f> {
    /// The marks of a field, in the order of [`Reason::all`].
    fn all_of(field: &'f Field) -> Vec<Self> {
        let meaning = meaning_of(field).map(|name| Self {
            field,
            name,
            first: field.examples.first().map(First::Whole),
            events: field.count,
            why: "this field is always marked",
        });
        let looks = field.marks.in_order().into_iter().map(|mark| Self {
            field,
            name: mark.kind().name(),
            first: Some(First::Part(mark)),
            events: mark.events,
            why: mark.first.rule.reason(),
        });
        meaning.into_iter().chain(looks).collect()
    }
}

/// What a field is known to be that can point to a person or a company whatever it looks like.
fn meaning_of(field: &Field) -> Option<&'static str> {
    match (field.place, field.key.text()) {
        (FieldPlace::Context, "machine_id") => Some("machine id"),
        (FieldPlace::Context, "session_id") => Some("session id"),
        (FieldPlace::Context | FieldPlace::Row, "deployment_url") => Some("deployment URL"),
        (FieldPlace::Error, "message") => Some("error message"),
        _ => None,
    }
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

/// What is marked, and why. The page has no table if nothing is.
fn marks_table(page: &mut Html, findings: &Findings) {
    if findings.fields.all().all(|field| Reason::all_of(field).next().is_none()) {
        return;
    }
    page.markup("<h3>What is marked</h3>\n");
    page.markup(
        "<p>For each mark, the first value that has it, and how many events have such a value. The marked part is highlighted. \
         Marks are guesses by rule. Of tokens and passwords, this page shows only the first characters and the length.</p>\n",
    );
    page.table(
        &MARKS,
        |page| page.markup("Marks, by the field that has them"),
        |rows| mark_rows(rows, findings),
    );
}

fn mark_rows(rows: &mut Rows<'_>, findings: &Findings) {
    for (group, fields) in groups(findings) {
        let marks: Vec<_> = fields.into_iter().flat_map(MarkRow::all_of).collect();
        if marks.is_empty() {
            continue;
        }
        rows.group(|page| {
            page.markup("<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"6\">");
            group_title(page, group, findings).markup("</th></tr>\n")
        });
        for mark in &marks {
            rows.row(|page| {
                page.row_header(|page| page.excerpt_or(&mark.field.key, "(empty)"));
                mark_cells(page.cell(|page| page.markup(place_name(mark.field.place))), mark)
            });
        }
    }
    let marks = findings.fields.other().map(MarkRow::all_of).unwrap_or_default();
    if marks.is_empty() {
        return;
    }
    rows.group(|page| {
        page.markup("<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"6\">Fields beyond the first ");
        page.count(FIELDS_AT_MOST as u64).markup("</th></tr>\n")
    });
    for mark in &marks {
        rows.row(|page| {
            mark_cells(page.row_header(|page| page.markup("other fields")).cell(|page| page), mark)
        });
    }
}

fn mark_cells<'page>(page: &'page mut Html, mark: &MarkRow<'_>) -> &'page mut Html {
    page.cell(|page| page.markup(mark.name));
    page.cell(|page| match mark.first {
        None => page.none("(none)"),
        Some(First::Whole(example)) => page.excerpt_or(example, "(empty)"),
        Some(First::Part(FieldMark { part: MarkedPart::Value, first, .. })) => page.marked_excerpt(first),
        Some(First::Part(FieldMark { part: MarkedPart::Key, first, .. })) => {
            page.marked_excerpt(first).markup(" ").none("(the key)")
        }
    });
    page.count_cell(mark.events).cell(|page| reason(page, mark.why))
}

/// A reason, in which backticks surround code.
fn reason<'page>(page: &'page mut Html, why: &str) -> &'page mut Html {
    for (at, part) in why.split('`').enumerate() {
        let is_code = at % 2 == 1;
        page.markup(if is_code { "<code>" } else { "" }).text(part).markup(if is_code {
            "</code>"
        } else {
            ""
        });
    }
    page
}

/// The groups of the tables, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    Resource,
    Row,
    /// By index in [`Findings::event_names`]; its length for all others.
    Event(usize),
}

impl Group {
    fn of(field: &Field, event_names: usize) -> Self {
        match field.place {
            FieldPlace::Context => Self::Resource,
            FieldPlace::Row => Self::Row,
            _ => Self::Event(field.event_name.map_or(event_names, |index| index.min(event_names))),
        }
    }
}

/// The listed fields by group, and groups of events without a field of their own.
fn groups(findings: &Findings) -> BTreeMap<Group, Vec<&Field>> {
    let names = findings.event_names.rows();
    let mut groups = BTreeMap::<Group, Vec<&Field>>::new();
    (0..names.len()).for_each(|name| drop(groups.insert(Group::Event(name), Vec::new())));
    if findings.event_names.other().is_some() {
        groups.insert(Group::Event(names.len()), Vec::new());
    }
    for field in findings.fields.rows() {
        groups.entry(Group::of(field, names.len())).or_default().push(field);
    }
    groups
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

fn group_title<'page>(page: &'page mut Html, group: Group, findings: &Findings) -> &'page mut Html {
    match group {
        Group::Resource => page.markup("Every event: resource"),
        Group::Row => page.markup("Every event: row"),
        Group::Event(index) => match findings.event_names.rows().get(index) {
            Some(name) => event_title(page.excerpt_or(&name.name, "(empty)"), name),
            None => match findings.event_names.other() {
                Some(others) => event_title(page.markup("Other events"), others),
                None => page.markup("Other events"),
            },
        },
    }
}

fn event_title<'page>(page: &'page mut Html, name: &EventName) -> &'page mut Html {
    page.markup(": ").count(name.events).markup(if name.events == 1 { " event" } else { " events" })
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

fn place_name(place: FieldPlace) -> &'static str {
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
    use crate::formats::report::findings::ValueTypes;
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
