//! An event as one self-contained line of a JSON array (spec §4), made of the bytes that are on disk.
//!
//! Nothing is copied before it is written: a block keeps the lines that were read and knows of each event which part of
//! its line stays and which context follows it.

use std::borrow::Cow;
use std::sync::Arc;

use crate::blocks::{Encoder, EventContext, Place};
use crate::event::{Event, Header};
use crate::json_scan::members;
use crate::json_text::JsonString;
use crate::lines::LineBytes;
use crate::timestamp::Timestamp;

/// The JSON array format.
pub(crate) struct JsonArray;

/// The events of one block.
#[derive(Debug, Default)]
pub(crate) struct JsonBlock {
    pub(crate) rows: Vec<JsonRow>,
    /// Another one whenever the context changes.
    contexts: Vec<JsonContext>,
    lines: LineBytes,
    /// What stays of rows that do not stay in one piece.
    rewritten: Vec<u8>,
    last_context: Option<ContextKey>,
}

/// An event to be merged and written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct JsonRow {
    pub(crate) time: Timestamp,
    pub(crate) place: Place,
    text: RowText,
    /// Index of the event's context.
    context: u32,
}

/// What stays of a row.
#[derive(Clone, Copy, Debug)]
enum RowText {
    /// So many bytes of the line, behind so many that do not.
    InLine { skipped: u32, length: u32 },
    /// These bytes of the block's rewritten ones.
    Rewritten { start: u32, end: u32 },
}

/// What events have in common.
#[derive(Debug)]
pub(crate) struct JsonContext {
    /// For ties between sessions.
    pub(crate) session_id: Arc<str>,
    /// The header in force, which must be known to read the row again.
    pub(crate) header_at: Option<u64>,
    /// What follows the rows: version, context and closing brace. Nothing where rows hold their own.
    suffix: Vec<u8>,
}

/// Tells contexts of neighbouring rows apart without comparing them.
#[derive(Debug, PartialEq, Eq)]
enum ContextKey {
    /// The address of the context's text, which rows that repeat a context to the byte share, and the header in force.
    Own { address: usize, header_at: Option<u64> },
    /// The offset of the header, and what the row adds to its context.
    Header { at: u64, deployment_url: Box<str>, schema_version: Option<Box<str>> },
}

impl ContextKey {
    fn is_of(&self, event: &Event<'_>, context: EventContext<'_>) -> bool {
        match (self, context) {
            (Self::Own { address, header_at }, EventContext::Own { header_at: other }) => {
                *address == own_address(event) && *header_at == other
            }
            (Self::Header { at, deployment_url, schema_version }, EventContext::Inherited { .. }) => {
                let EventContext::Inherited { header_at, deployment_url: other, .. } = context else {
                    return false;
                };
                *at == header_at
                    && **deployment_url == *other.escaped()
                    && schema_version.as_deref() == event.schema_version
            }
            _ => false,
        }
    }

    fn of(event: &Event<'_>, context: EventContext<'_>) -> Self {
        match context {
            EventContext::Own { header_at } => Self::Own { address: own_address(event), header_at },
            EventContext::Inherited { header_at, deployment_url, .. } => Self::Header {
                at: header_at,
                deployment_url: deployment_url.escaped().into(),
                schema_version: event.schema_version.map(Into::into),
            },
        }
    }
}

fn own_address(event: &Event<'_>) -> usize {
    event.context.map_or(0, |context| context.text.as_ptr() as usize)
}

impl JsonBlock {
    /// Bytes that the block takes in memory.
    pub(crate) fn weight(&self) -> usize {
        self.lines.bytes.capacity() + self.added_weight()
    }

    fn added_weight(&self) -> usize {
        let contexts = self.contexts.iter().map(|context| context.suffix.len() + size_of::<JsonContext>());
        self.rows.len() * size_of::<JsonRow>() + self.rewritten.len() + contexts.sum::<usize>()
    }

    /// The context of a row.
    pub(crate) fn context(&self, row: &JsonRow) -> &JsonContext {
        &self.contexts[row.context as usize]
    }

    /// The text of a row, in two pieces.
    pub(crate) fn text(&self, row: &JsonRow) -> [&[u8]; 2] {
        let text = match row.text {
            RowText::InLine { skipped, length } => {
                let start = self.lines.index(row.place.offset) + skipped as usize;
                &self.lines.bytes[start..start + length as usize]
            }
            RowText::Rewritten { start, end } => &self.rewritten[start as usize..end as usize],
        };
        [text, &self.context(row).suffix]
    }

    /// The buffer of its lines, for another block.
    pub(crate) fn into_buffer(self) -> Vec<u8> {
        self.lines.bytes
    }

    fn enter_context(&mut self, event: &Event<'_>, context: EventContext<'_>) -> u32 {
        if self.last_context.as_ref().is_none_or(|last| !last.is_of(event, context)) {
            self.last_context = Some(ContextKey::of(event, context));
            self.contexts.push(JsonContext::of(event, context));
        }
        index(self.contexts.len() - 1)
    }

    /// What stays of a row that gets its context anew.
    fn own_members(&mut self, event: &Event<'_>) -> RowText {
        let row = event.row;
        let inherited = event.inherited_members;
        let is_last = row[inherited.end..].trim_start() == "}";
        if inherited.count == 1 && is_last {
            let kept = row[..inherited.start].trim_end().trim_end_matches(',');
            return RowText::InLine { skipped: index(event.row_start), length: index(kept.len()) };
        }
        let start = self.rewritten.len();
        self.rewritten.push(b'{');
        for member in members(row) {
            if !matches!(member.key.decoded().as_ref(), "deployment_url" | "schema_version" | "context") {
                if self.rewritten.len() > start + 1 {
                    self.rewritten.push(b',');
                }
                self.rewritten.extend_from_slice(&row.as_bytes()[member.start..member.end]);
            }
        }
        RowText::Rewritten { start: index(start), end: index(self.rewritten.len()) }
    }
}

impl JsonContext {
    fn of(event: &Event<'_>, context: EventContext<'_>) -> Self {
        match context {
            EventContext::Own { header_at } => {
                let session_id = event.context.map_or(Cow::Borrowed(""), |own| own.session_id());
                Self { session_id: session_id.into(), header_at, suffix: Vec::new() }
            }
            EventContext::Inherited { header, header_at, deployment_url } => Self {
                session_id: header.session_id().into(),
                header_at: Some(header_at),
                suffix: inherited_members(event, header, deployment_url),
            },
        }
    }
}

/// What a row gets behind its own members: the version, then the context.
fn inherited_members(event: &Event<'_>, header: &Header, deployment_url: JsonString<'_>) -> Vec<u8> {
    let mut text = Vec::with_capacity(header.open_context.len() + deployment_url.escaped().len() + 64);
    if let Some(version) = event.schema_version.or(header.schema_version.as_deref()) {
        text.extend_from_slice(b",\"schema_version\":");
        text.extend_from_slice(version.as_bytes());
    }
    text.extend_from_slice(b",\"context\":");
    text.extend_from_slice(header.open_context.as_bytes());
    text.extend_from_slice(b",\"deployment_url\":\"");
    text.extend_from_slice(deployment_url.escaped().as_bytes());
    text.extend_from_slice(b"\"}}");
    text
}

/// A block's lines stay far below four thousand million bytes: a line has sixteen million at most.
fn index(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

impl Encoder for JsonArray {
    type Block = JsonBlock;

    fn refuse(&self, _event: &Event<'_>) -> Option<&'static str> {
        None
    }

    fn encode(&self, block: &mut JsonBlock, event: &Event<'_>, context: EventContext<'_>, place: Place) {
        let text = match context {
            EventContext::Own { .. } => {
                RowText::InLine { skipped: index(event.row_start), length: index(event.row.len()) }
            }
            EventContext::Inherited { .. } => block.own_members(event),
        };
        let context = block.enter_context(event, context);
        block.rows.push(JsonRow { time: event.timestamp, place, text, context });
    }

    fn weight(&self, block: &JsonBlock) -> usize {
        block.added_weight()
    }

    fn finish(&self, block: &mut JsonBlock, lines: LineBytes) -> Vec<u8> {
        block.last_context = None;
        block.rows.shrink_to_fit();
        if block.rows.is_empty() {
            return lines.bytes;
        }
        block.lines = lines;
        Vec::new()
    }
}
