//! An event as a log record.

use super::attributes::Attributes;
use super::ids::Id;
use super::write_time;
use crate::row::event::Event;
use crate::row::signal::UsableId;

/// Appends the log record of `event`, whose time is `time` nanoseconds since 1970. `attributes` holds its properties
/// and measurements.
pub(super) fn write_record<'e>(
    text: &mut Vec<u8>,
    event: &Event<'e>,
    time: u64,
    trace_id: Option<UsableId<'e>>,
    mut attributes: Attributes<'e, '_>,
) {
    let name = event.event_name.without_lone_surrogates();
    let severity = if event.error.is_some() {
        "\"severityNumber\":17,\"severityText\":\"ERROR\""
    } else {
        "\"severityNumber\":9,\"severityText\":\"INFO\""
    };
    text.extend_from_slice(b"{\"timeUnixNano\":\"");
    write_time(text, time);
    text.extend_from_slice(b"\",\"observedTimeUnixNano\":\"");
    write_time(text, time);
    text.extend_from_slice(b"\",");
    text.extend_from_slice(severity.as_bytes());
    text.extend_from_slice(b",\"eventName\":\"");
    text.extend_from_slice(name.as_bytes());
    text.extend_from_slice(b"\",\"body\":{\"stringValue\":\"");
    text.extend_from_slice(name.as_bytes());
    text.extend_from_slice(b"\"}");

    let trace = trace_id.map(Id::of_trace);
    let parent = UsableId::of(event.parent_event_id).map(Id::of_span);
    attributes.event_sequence(event);
    if !event.event_id.is_empty() {
        attributes.string("log.record.uid", event.event_id);
    }
    if let Some(original) = trace.as_ref().and_then(|trace| trace.replaced) {
        attributes.string("coder.trace_id", original);
    }
    // A span id needs a trace id. Without one the parent is kept as an attribute.
    let parent_attribute = match (&trace, &parent) {
        (None, Some(_)) => event.parent_event_id,
        (Some(_), Some(parent)) => parent.replaced,
        (_, None) => None,
    };
    if let Some(original) = parent_attribute {
        attributes.string("coder.parent_event_id", original);
    }
    attributes.exception(event);
    attributes.write(text);

    if let Some(trace) = trace {
        text.extend_from_slice(b",\"traceId\":\"");
        text.extend_from_slice(trace.hex.as_bytes());
        text.push(b'"');
        if let Some(parent) = parent {
            text.extend_from_slice(b",\"spanId\":\"");
            text.extend_from_slice(parent.hex.as_bytes());
            text.push(b'"');
        }
    }
    text.push(b'}');
}
