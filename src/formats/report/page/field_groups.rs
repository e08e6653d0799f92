//! The groups of fields in tables: context, row, and each event name.

use std::collections::BTreeMap;

use super::html::Html;
use crate::formats::report::findings::{EventName, Field, FieldPlace, Findings};

/// The groups of the tables, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Group {
    Resource,
    Row,
    /// An index in [`Findings::event_names`], or its length for all other events.
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

/// The listed fields by group. Event names without a field of their own have an empty group.
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

pub(super) fn group_title<'page>(
    page: &'page mut Html,
    group: Group,
    findings: &Findings,
) -> &'page mut Html {
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
