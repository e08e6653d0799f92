//! The groups in which tables list fields: context, row, and each event name.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::figures::{count, excerpt_or};
use crate::formats::report::findings::{Field, FieldPlace, Findings};

/// The groups of the tables, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Group {
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
pub(super) fn groups(findings: &Findings) -> BTreeMap<Group, Vec<&Field>> {
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

pub(super) fn group_title(group: Group, findings: &Findings) -> Markup {
    let Group::Event(index) = group else {
        return html! { @if group == Group::Resource { "Every event: resource" } @else { "Every event: row" } };
    };
    let listed = findings.event_names.rows().get(index);
    html! {
        @match listed {
            Some(name) => { (excerpt_or(&name.name, "(empty)")) },
            None => "Other events",
        }
        @if let Some(name) = listed.or(findings.event_names.other()) {
            ": " (count(name.events)) @if name.events == 1 { " event" } @else { " events" }
        }
    }
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
