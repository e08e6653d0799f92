//! An event as one self-contained line of a JSON array (spec §4), made of the bytes that are on disk.

use std::borrow::Cow;
use std::sync::Arc;

use crate::blocks::{Encoder, EventContext, Place};
use crate::event::{Event, Header};
use crate::json_scan::members;
use crate::json_text::JsonString;
use crate::timestamp::Timestamp;

/// What stands before each event: the separator of the one before it, or, without the comma, the array's first line end.
const SEPARATOR: &str = ",\n";

/// The JSON array format.
pub(crate) struct JsonArray;

/// Encoded events of one block.
#[derive(Debug, Default)]
pub(crate) struct JsonBlock {
    /// `,\n` and the event, for each event.
    pub(crate) text: Vec<u8>,
    pub(crate) rows: Vec<JsonRow>,
    /// The `session_id`s of the rows, in order of first use, each once in a run.
    pub(crate) session_ids: Vec<Arc<str>>,
    last_context: Option<ContextKey>,
}

/// What merging needs to know of an encoded event.
#[derive(Clone, Copy, Debug)]
pub(crate) struct JsonRow {
    pub(crate) time: Timestamp,
    /// Where the event's text ends in its block's.
    pub(crate) end: usize,
    pub(crate) place: Place,
    /// Index of the event's `session_id`.
    pub(crate) session_id: u32,
    /// The header in force, which must be known to read the row again.
    pub(crate) header_at: Option<u64>,
}

/// Tells contexts of one block apart without comparing them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ContextKey {
    /// The address of the context's text: rows that repeat a context to the byte share it.
    Own(usize),
    /// The offset of the header.
    Header(u64),
}

impl JsonBlock {
    /// Bytes that the block takes in memory.
    pub(crate) fn weight(&self) -> usize {
        self.text.capacity() + self.rows.capacity() * size_of::<JsonRow>()
    }

    fn session_id(&mut self, key: ContextKey, id: impl FnOnce() -> Arc<str>) -> u32 {
        if self.last_context != Some(key) {
            self.last_context = Some(key);
            let id = id();
            if self.session_ids.last() != Some(&id) {
                self.session_ids.push(id);
            }
        }
        u32::try_from(self.session_ids.len() - 1).unwrap_or(u32::MAX)
    }
}

impl Encoder for JsonArray {
    type Block = JsonBlock;

    fn refuse(&self, _event: &Event<'_>) -> Option<&'static str> {
        None
    }

    fn expect(&self, block: &mut JsonBlock, bytes: usize) {
        // A context adds about as much to a row as the row is long; room for it spares growing.
        block.text.reserve(bytes * 2 + bytes / 4);
    }

    fn encode(&self, block: &mut JsonBlock, event: &Event<'_>, context: EventContext<'_>, place: Place) {
        block.text.extend_from_slice(SEPARATOR.as_bytes());
        let (session_id, header_at) = match (context, event.context) {
            (EventContext::Inherited { header, header_at, deployment_url }, _) => {
                write_under_header(&mut block.text, event, header, deployment_url);
                let id = || Arc::from(header.session_id());
                (block.session_id(ContextKey::Header(header_at), id), Some(header_at))
            }
            (EventContext::Own { header_at }, own) => {
                block.text.extend_from_slice(event.row.as_bytes());
                let text = own.map_or("", |own| own.text);
                let id = || Arc::from(own.map_or(Cow::Borrowed(""), |own| own.session_id()));
                (block.session_id(ContextKey::Own(text.as_ptr() as usize), id), header_at)
            }
        };
        let end = block.text.len();
        block.rows.push(JsonRow { time: event.timestamp, end, place, session_id, header_at });
    }

    fn weight(&self, block: &JsonBlock) -> usize {
        block.text.len() + block.rows.len() * size_of::<JsonRow>()
    }

    fn finish(&self, block: &mut JsonBlock) {
        // Blocks may wait long for their turn; room for events that were out of range is not worth keeping.
        if block.text.capacity() > block.text.len() + block.text.len() / 4 {
            block.text.shrink_to_fit();
        }
        block.rows.shrink_to_fit();
    }
}

/// Writes a row that inherits its context: its own members as stored, then the version, then the context.
fn write_under_header(
    text: &mut Vec<u8>,
    event: &Event<'_>,
    header: &Header,
    deployment_url: JsonString<'_>,
) {
    text.push(b'{');
    write_own_members(text, event);
    if let Some(version) = event.schema_version.or(header.schema_version.as_deref()) {
        text.extend_from_slice(b",\"schema_version\":");
        text.extend_from_slice(version.as_bytes());
    }
    text.extend_from_slice(b",\"context\":");
    text.extend_from_slice(header.open_context.as_bytes());
    text.extend_from_slice(b",\"deployment_url\":\"");
    text.extend_from_slice(deployment_url.escaped().as_bytes());
    text.extend_from_slice(b"\"}}");
}

/// The row's members without those that it gets anew. An event has several that it keeps, a context eight.
fn write_own_members(text: &mut Vec<u8>, event: &Event<'_>) {
    let row = event.row;
    let inherited = event.inherited_members;
    let is_last = row[inherited.end..].trim_start() == "}";
    if inherited.count == 1 && is_last {
        text.extend_from_slice(row[1..inherited.start].trim_end().trim_end_matches(',').as_bytes());
        return;
    }
    let begin = text.len();
    for member in members(row) {
        if !matches!(member.key.decoded().as_ref(), "deployment_url" | "schema_version" | "context") {
            if text.len() > begin {
                text.push(b',');
            }
            text.extend_from_slice(&row.as_bytes()[member.start..member.end]);
        }
    }
}
