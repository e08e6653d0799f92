//! The fields that events of any name have: the members of [`FieldPlace::Row`] (specification, Fields).

use super::Shared;
use super::block_fields::{BlockFields, FieldEntry, FieldValue};
use crate::formats::report::findings::FieldPlace;
use crate::json::{JsonString, Member};
use crate::row::event::Event;
use crate::row::event_context::EventContext;

/// The fields of [`FieldPlace::Row`] that have appeared, in the order of [`ROW_MEMBERS`].
#[derive(Default)]
pub(crate) struct RowFields([Option<FieldEntry>; ROW_MEMBERS.len()]);

/// The value that a row has for one of [`ROW_MEMBERS`].
enum RowValue<'a> {
    String(JsonString<'a>),
    /// A value of any type.
    Value(&'a str),
    /// The event's name. [`RowFields::add_event_name`] adds each new name once, and the block counts its events.
    EventName,
    /// The row has no such member, or it is null.
    Absent,
}

/// Members that every row has or may have, in the order in which they are listed.
const ROW_MEMBERS: [&str; 8] = [
    "event_id",
    "event_name",
    "timestamp",
    "event_sequence",
    "trace_id",
    "parent_event_id",
    "deployment_url",
    "schema_version",
];

impl RowFields {
    /// Adds the members of an event. `row_members` are the members of its row; it may be empty if the event has no idle members.
    pub(crate) fn add(
        &mut self,
        event: &Event<'_>,
        context: EventContext<'_>,
        row_members: &[Member<'_>],
        fields: &mut BlockFields,
        shared: &Shared<'_>,
    ) {
        let (deployment_url, schema_version) = match context {
            EventContext::Own { .. } => (event.deployment_url, event.schema_version),
            EventContext::Inherited { header, .. } => {
                (None, event.schema_version.or(header.schema_version.as_deref()))
            }
        };
        let values = [
            RowValue::String(event.event_id),
            RowValue::EventName,
            RowValue::String(event.timestamp_text),
            RowValue::Value(event.event_sequence),
            event.trace_id.map_or(RowValue::Absent, RowValue::String),
            event.parent_event_id.map_or(RowValue::Absent, RowValue::String),
            deployment_url.map_or(RowValue::Absent, RowValue::String),
            schema_version.map_or(RowValue::Absent, RowValue::Value),
        ];
        for (member, value) in values.into_iter().enumerate() {
            match value {
                RowValue::String(string) => {
                    let entry = self.entry(member, fields, shared);
                    fields.add_string(entry, string, 1, shared);
                }
                RowValue::Value(value) => {
                    let entry = self.entry(member, fields, shared);
                    fields.add(entry, value, 1, shared);
                }
                RowValue::EventName => {
                    self.entry(member, fields, shared);
                }
                RowValue::Absent if !row_members.is_empty() && keeps_null(ROW_MEMBERS[member], context) => {
                    if let Some(null) = row_members.iter().find(|found| found.key.means(ROW_MEMBERS[member]))
                    {
                        let entry = self.entry(member, fields, shared);
                        fields.add(entry, null.value, 1, shared);
                    }
                }
                RowValue::Absent => {}
            }
        }
    }

    /// The field of a member of [`ROW_MEMBERS`].
    fn entry(&mut self, member: usize, fields: &mut BlockFields, shared: &Shared<'_>) -> FieldEntry {
        *self.0[member]
            .get_or_insert_with(|| fields.entry(FieldPlace::Row, None, ROW_MEMBERS[member], shared))
    }

    /// Adds an event name that is new to the block, without counting an event. Returns the value, for counting its events.
    pub(crate) fn add_event_name(
        &mut self,
        name: JsonString<'_>,
        fields: &mut BlockFields,
        shared: &Shared<'_>,
    ) -> FieldValue {
        let entry = self.entry(EVENT_NAME, fields, shared);
        fields.add_string(entry, name, 0, shared)
    }
}

/// Index of `event_name` in [`ROW_MEMBERS`].
const EVENT_NAME: usize = 1;

/// Whether a JSON export keeps this member of [`ROW_MEMBERS`] if it is null. If a row inherits its context, the export replaces
/// its `deployment_url` and `schema_version`.
fn keeps_null(member: &str, context: EventContext<'_>) -> bool {
    matches!(context, EventContext::Own { .. }) || !matches!(member, "deployment_url" | "schema_version")
}

/// Whether a member of a row belongs to [`FieldPlace::Other`].
pub(crate) fn is_other_member(member: &Member<'_>) -> bool {
    let key = member.key.decoded();
    match key.as_ref() {
        "properties" | "measurements" | "context" => false,
        "error" => member.value == "null",
        key => !ROW_MEMBERS.contains(&key),
    }
}
