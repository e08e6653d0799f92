//! An event as one self-contained line of a JSON array (specification, JSON export), made
//! of the bytes that are on disk.
//!
//! A block keeps the lines that were read. For each event it knows which part of the line stays and which context
//! follows, so nothing is copied before it is written.

use std::sync::Arc;

use crate::json::{JsonString, members};
use crate::read::encoder::{Encoder, LinePosition};
use crate::read::lines::LineBytes;
use crate::row::context::Header;
use crate::row::event::Event;
use crate::row::event_context::{EventContext, RecentContexts};
use crate::row::timestamp::Timestamp;
use crate::sizes::index;

/// The JSON array format.
pub(crate) struct JsonArray;

/// The events of one block.
#[derive(Debug, Default)]
pub(crate) struct JsonBlock {
    pub(crate) rows: Vec<JsonRow>,
    contexts: Vec<JsonContext>,
    /// Memory of the contexts.
    contexts_bytes: usize,
    lines: LineBytes,
    /// What stays of rows, for those that do not stay in one piece.
    rewritten: Vec<u8>,
    /// Indices of the contexts that were seen last.
    recent_contexts: RecentContexts<u32>,
}

/// An event to be merged and written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct JsonRow {
    pub(crate) time: Timestamp,
    pub(crate) position: LinePosition,
    text: RowText,
    /// Index of the event's context.
    context: u32,
}

/// What stays of a row.
#[derive(Clone, Copy, Debug)]
enum RowText {
    /// A piece of the line: `length` bytes after the first `skipped`.
    InLine { skipped: u32, length: u32 },
    /// A piece of the block's rewritten bytes.
    Rewritten { start: u32, end: u32 },
}

impl RowText {
    /// How many bytes of the line are needed, from its beginning.
    fn end_in_line(self) -> usize {
        match self {
            Self::InLine { skipped, length } => (skipped + length) as usize,
            Self::Rewritten { .. } => 0,
        }
    }
}

/// A context that any number of events share.
#[derive(Debug)]
pub(crate) struct JsonContext {
    /// The session as it is in the file. It decides ties between sessions.
    pub(crate) session_id: Arc<str>,
    /// Where the header in force is. It must be known to read the row again.
    pub(crate) header_at: Option<u64>,
    /// What follows a row: version, context and closing brace. Empty if rows have a context of their own.
    suffix: Vec<u8>,
}

impl JsonBlock {
    /// Memory that the block takes.
    pub(crate) fn weight(&self) -> usize {
        self.lines.bytes.capacity()
            + self.rows.capacity() * size_of::<JsonRow>()
            + self.rewritten.capacity()
            + self.contexts_bytes
    }

    /// The context of a row.
    pub(crate) fn context(&self, row: &JsonRow) -> &JsonContext {
        &self.contexts[row.context as usize]
    }

    /// The text of a row, in two pieces.
    pub(crate) fn text(&self, row: &JsonRow) -> [&[u8]; 2] {
        let text = match row.text {
            RowText::InLine { skipped, length } => {
                let start = self.lines.index(row.position.offset) + skipped as usize;
                &self.lines.bytes[start..start + length as usize]
            }
            RowText::Rewritten { start, end } => &self.rewritten[start as usize..end as usize],
        };
        [text, &self.context(row).suffix]
    }

    /// The buffer of the lines, for another block.
    pub(crate) fn into_buffer(self) -> Vec<u8> {
        self.lines.bytes
    }

    fn enter_context(&mut self, event: &Event<'_>, context: EventContext<'_>) -> u32 {
        if let Some(known) = self.recent_contexts.find(event, context) {
            return *known;
        }
        let number = index(self.contexts.len());
        self.recent_contexts.remember(event, context, number);
        let context = JsonContext::of(event, context);
        self.contexts_bytes += context.weight();
        self.contexts.push(context);
        number
    }

    /// Keeps the lines, or a copy of the part that is needed if that is less than half of their buffer. Returns the
    /// buffer if it is not kept.
    fn keep(&mut self, lines: LineBytes) -> Vec<u8> {
        let in_line = |row: &&JsonRow| row.text.end_in_line() > 0;
        let (Some(first), Some(last)) = (self.rows.iter().find(in_line), self.rows.iter().rfind(in_line))
        else {
            return lines.bytes;
        };
        let needed =
            lines.index(first.position.offset)..lines.index(last.position.offset) + last.text.end_in_line();
        if needed.len() >= lines.bytes.capacity() / 2 {
            self.lines = lines;
            return Vec::new();
        }
        self.lines = lines.part(needed);
        lines.bytes
    }

    /// A row that has its own context.
    fn whole_row(&mut self, event: &Event<'_>) -> RowText {
        if event.unchanged < event.row.len() {
            return self.rewrite(event.row);
        }
        RowText::InLine { skipped: index(event.row_start), length: index(event.row.len()) }
    }

    fn rewrite(&mut self, text: &str) -> RowText {
        let start = self.rewritten.len();
        self.rewritten.extend_from_slice(text.as_bytes());
        RowText::Rewritten { start: index(start), end: index(self.rewritten.len()) }
    }

    /// What stays of a row that inherits its context.
    fn own_members(&mut self, event: &Event<'_>) -> RowText {
        let row = event.row;
        let inherited = event.inherited_members;
        let is_last = row[inherited.end..].trim_start() == "}";
        if inherited.count == 1 && is_last {
            let kept = row[..inherited.start].trim_end().trim_end_matches(',');
            if kept.len() > event.unchanged {
                return self.rewrite(kept);
            }
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
    /// Memory that the context takes.
    fn weight(&self) -> usize {
        size_of::<Self>() + self.suffix.capacity() + self.session_id.len()
    }

    fn of(event: &Event<'_>, context: EventContext<'_>) -> Self {
        match context {
            EventContext::Own { context, header_at } => {
                let session_id = context.recorded_session_id.decoded();
                Self { session_id: session_id.into(), header_at, suffix: Vec::new() }
            }
            EventContext::Inherited { header, header_at, deployment_url } => Self {
                session_id: header.recorded_session_id().into(),
                header_at: Some(header_at),
                suffix: inherited_members(event, header, deployment_url),
            },
        }
    }
}

/// What follows the members of a row that inherits: the version, then the context.
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

impl Encoder for JsonArray {
    type Block = JsonBlock;

    fn refuse(&self, _event: &Event<'_>) -> Option<&'static str> {
        None
    }

    fn encode(
        &self,
        block: &mut JsonBlock,
        event: &Event<'_>,
        context: EventContext<'_>,
        position: LinePosition,
    ) {
        let text = match context {
            EventContext::Own { .. } => block.whole_row(event),
            EventContext::Inherited { .. } => block.own_members(event),
        };
        let context = block.enter_context(event, context);
        block.rows.push(JsonRow { time: event.timestamp, position, text, context });
    }

    fn weight(&self, block: &JsonBlock) -> usize {
        block.weight()
    }

    fn finish(&self, block: &mut JsonBlock, lines: LineBytes) -> Vec<u8> {
        block.recent_contexts = RecentContexts::default();
        block.rows.shrink_to_fit();
        block.contexts.shrink_to_fit();
        block.rewritten.shrink_to_fit();
        block.keep(lines)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    use crate::progress::Progress;
    use crate::range::RangeInput;
    use crate::read::decoder::Decoder;
    use crate::read::lines::{BlockRange, InheritedHeader};
    use crate::read::listing::Listing;
    use crate::read::open_files::OpenFiles;
    use crate::sizes::Sizes;

    const HEADER: &str = r#"{"kind":"header","schema_version":1,"context":{"extension_version":"1","machine_id":"m","session_id":"s","os_type":"linux","os_version":"6","host_arch":"x64","platform_name":"n","platform_version":"v"}}"#;

    fn row(url: usize, padding: usize) -> String {
        let padding = "x".repeat(padding);
        format!(
            r#"{{"event_id":"1","event_name":"a","timestamp":"2026-06-01T00:00:00Z","event_sequence":1,"properties":{{"p":"{padding}"}},"measurements":{{}},"deployment_url":"u{url}"}}"#
        )
    }

    /// Lets `decode` decode a file of `rows` under one header as one block.
    fn with_block<R>(
        rows: &[String],
        sizes: Sizes,
        decode: impl FnOnce(&Decoder<'_, JsonArray>, BlockRange) -> R,
    ) -> R {
        let directory = tempfile::tempdir().expect("a directory");
        let text = format!("{HEADER}\n{}\n", rows.join("\n"));
        fs::write(directory.path().join("telemetry-2026-06-01-abcd.jsonl"), &text).expect("a file");
        let range = RangeInput::Text("2026-06-01".to_owned()).resolve(0).expect("a range");
        let progress = Progress::default();
        let listing = Listing::read(directory.path(), &range, 0, &progress).expect("a listing");
        let files = OpenFiles::new(directory.path(), &listing.files, &progress);
        let block = BlockRange {
            file: 0,
            start: 0,
            end: text.len() as u64,
            inherited: InheritedHeader::Known(None),
            count_from: 0,
            begins_line: true,
            long_line: false,
        };
        decode(&Decoder::new(files, &range, &JsonArray, sizes, None), block)
    }

    #[test]
    fn contexts_that_alternate_are_held_once() {
        let rows: Vec<_> = (0..100).map(|number| row(number % 3, 0)).collect();
        let block = with_block(&rows, Sizes::default(), |decoder, block| {
            decoder.decode(block).expect("a block").encoded
        });
        assert_eq!(block.rows.len(), 100);
        assert_eq!(block.contexts.len(), 3);
        assert_eq!(block.contexts_bytes, block.contexts.iter().map(JsonContext::weight).sum::<usize>());
        let urls: Vec<_> = block.rows.iter().map(|row| String::from_utf8_lossy(block.text(row)[1])).collect();
        assert!(
            urls[4].ends_with(r#""deployment_url":"u1"}}"#) && urls[5].ends_with(r#""u2"}}"#),
            "{urls:?}"
        );
    }

    #[test]
    fn a_block_before_a_long_line_does_not_keep_the_part_of_it_that_was_read() {
        let rows = [row(0, 0), row(1, 0), row(0, 1_500_000)];
        let block = with_block(&rows, Sizes::default(), |decoder, block| {
            decoder.decode(block).expect("a block").encoded
        });
        assert_eq!(block.rows.len(), 2);
        assert!(block.weight() < 10_000, "{}", block.weight());
        let text = block.text(&block.rows[1])[0];
        assert_eq!(String::from_utf8_lossy(text), rows[1].replace(r#","deployment_url":"u1"}"#, ""));
    }

    #[test]
    fn no_block_is_decoded_ahead_while_earlier_ones_take_too_much_memory() {
        let sizes = Sizes { held_ahead: 1_000, ..Sizes::default() };
        with_block(&[row(0, 5_000)], sizes, |decoder, block| {
            let first = decoder.decode_ahead(block).expect("there is room").expect("a block");
            assert!(decoder.decode_ahead(block).is_none());
            drop(first);
            assert!(decoder.decode_ahead(block).is_some());
        });
    }
}
