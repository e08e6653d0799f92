//! An event as a span.

use super::attributes::Attributes;
use super::ids::Id;
use super::{Otlp, write_time};
use crate::json::{JsonString, escaped};
use crate::progress::Progress;
use crate::row::event::{ErrorBlock, Event};
use crate::row::signal::{ERROR_TYPE, Outcome, Span, SpanDuration, SpanName, UsableId, error_type};

/// 2000-01-01T00:00:00Z in nanoseconds since 1970. Datadog moves a span that starts earlier to the present.
const YEAR_2000: u64 = 946_684_800_000_000_000;

/// Appends the span of `event`, which ended `end` nanoseconds since 1970. `attributes` holds
/// its properties and measurements.
pub(super) fn write_span<'e>(
    otlp: &Otlp<'_>,
    text: &mut Vec<u8>,
    event: &Event<'e>,
    end: u64,
    Span { trace_id, span_id, outcome, duration }: Span<'e>,
    mut attributes: Attributes<'e, '_>,
) {
    let (trace, span) = (Id::of_trace(trace_id), Id::of_span(span_id));
    let parent = UsableId::of(event.parent_event_id).map(Id::of_span);
    let is_own_parent = parent.as_ref().is_some_and(|parent| parent.hex == span.hex);
    let start = start(duration, end);

    text.extend_from_slice(b"{\"startTimeUnixNano\":\"");
    write_time(text, start.unwrap_or(end));
    text.extend_from_slice(b"\",\"endTimeUnixNano\":\"");
    write_time(text, end);
    text.extend_from_slice(b"\",\"traceId\":\"");
    text.extend_from_slice(trace.hex.as_bytes());
    text.extend_from_slice(b"\",\"spanId\":\"");
    text.extend_from_slice(span.hex.as_bytes());
    // A span that is its own parent would be in no tree of its trace.
    if let Some(parent) = parent.as_ref().filter(|_| !is_own_parent) {
        text.extend_from_slice(b"\",\"parentSpanId\":\"");
        text.extend_from_slice(parent.hex.as_bytes());
    }
    text.extend_from_slice(b"\",\"name\":\"");
    text.extend_from_slice(name(event.event_name, otlp.options.span_name).as_bytes());
    text.extend_from_slice(b"\",\"kind\":1");

    // A duration that the start cannot express is kept as an attribute.
    if start.is_some() {
        attributes.remove_duration();
    }
    attributes.event_sequence(event);
    attributes.string("coder.event_name", event.event_name);
    let parent_text =
        if is_own_parent { event.parent_event_id } else { parent.and_then(|parent| parent.replaced) };
    for (key, original) in [
        ("coder.trace_id", trace.replaced),
        ("coder.event_id", span.replaced),
        ("coder.parent_event_id", parent_text),
    ] {
        if let Some(original) = original {
            attributes.string(key, original);
        }
    }
    if outcome == Outcome::Error && attributes.lacks(ERROR_TYPE) {
        let kind = error_type(None, event.error).unwrap_or(JsonString::of_escaped("_OTHER"));
        attributes.string(ERROR_TYPE, kind);
    }
    attributes.write(text);
    if event.error.is_some() {
        write_exception(otlp.progress, text, event, end);
    }
    write_status(text, outcome, event.error);
    text.push(b'}');
}

/// When the span started; `None` if its duration is unusable or reaches before the year 2000.
fn start(duration: SpanDuration, end: u64) -> Option<u64> {
    match duration {
        SpanDuration::Missing | SpanDuration::Milliseconds(0.0) => Some(end),
        SpanDuration::Unusable => None,
        SpanDuration::Milliseconds(_) => {
            end.checked_sub(duration.nanoseconds()?).filter(|&start| start >= YEAR_2000)
        }
    }
}

/// The span's name, escaped.
fn name(event_name: JsonString<'_>, span_name: SpanName) -> String {
    let whole = event_name.without_lone_surrogates();
    if !whole.contains('\\') {
        return span_name.of(&whole).to_owned();
    }
    // The dot itself may be escaped.
    let decoded = JsonString::of_escaped(&whole).decoded();
    escaped(span_name.of(&decoded))
}

fn write_exception(progress: &Progress, text: &mut Vec<u8>, event: &Event<'_>, time: u64) {
    text.extend_from_slice(b",\"events\":[{\"timeUnixNano\":\"");
    write_time(text, time);
    text.extend_from_slice(b"\",\"name\":\"exception\"");
    let mut attributes = Attributes::new(progress);
    attributes.exception(event);
    attributes.write(text);
    text.extend_from_slice(b"}]");
}

fn write_status(text: &mut Vec<u8>, outcome: Outcome, error: Option<ErrorBlock<'_>>) {
    match outcome {
        Outcome::Aborted | Outcome::Unknown => text.extend_from_slice(b",\"status\":{}"),
        Outcome::Success => text.extend_from_slice(b",\"status\":{\"code\":1}"),
        Outcome::Error => {
            text.extend_from_slice(b",\"status\":{\"code\":2");
            if let Some(error) = error {
                text.extend_from_slice(b",\"message\":\"");
                text.extend_from_slice(error.message.without_lone_surrogates().as_bytes());
                text.push(b'"');
            }
            text.extend_from_slice(b"}");
        }
    }
}
