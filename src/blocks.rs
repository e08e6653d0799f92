//! Telemetry files cut into blocks of whole lines that are decoded in parallel and taken in order.
//!
//! A block is a byte range of a file; a line belongs to the block in which it begins. So every block can be read and
//! decoded without its neighbours, save for the header that its first rows may inherit: a block assumes the header that
//! its file began with, or the one known when it was queued, and is decoded again if an earlier block shows that another
//! one was meant.

use std::cell::Cell;
use std::collections::HashMap;
use std::io;
use std::ops;
use std::sync::{Arc, Mutex, PoisonError};

use memchr::{memchr, memrchr};

use crate::error::describe;
use crate::event::{Event, Header, Row, RowReader, newer_schema_version};
use crate::json_text::JsonString;
use crate::ledger::Tally;
use crate::open_files::{Identity, OpenFile, OpenFiles};
use crate::range::Range;
use crate::sizes::Sizes;

/// What is read behind a block at first, to find the end of its last line.
const TAIL_BYTES: usize = 4 * 1024;
/// Most that is read at once while that end is not found.
const STEP_AT_MOST: usize = 1024 * 1024;
/// How far into a file its first header is looked for when a later block needs it.
const FIRST_HEADER_WITHIN: usize = 64 * 1024;
/// Headers remembered, before the memory of them is thrown away and begun again.
const HEADERS_AT_MOST: usize = 1024;
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// What a format makes of events: blocks of its own, printed in parallel.
pub(crate) trait Encoder: Sync {
    /// The encoded events of a block, in order.
    type Block: Send + Default;

    /// Why this format cannot hold an event that is otherwise good; judged before the range is.
    fn refuse(&self, event: &Event<'_>) -> Option<&'static str>;

    /// Makes room for the events of a block of `bytes` bytes.
    fn expect(&self, block: &mut Self::Block, bytes: usize);

    /// Adds an event to its block.
    fn encode(&self, block: &mut Self::Block, event: &Event<'_>, context: EventContext<'_>, place: Place);

    /// Called once all events of a block were added.
    fn finish(&self, block: &mut Self::Block);
}

/// Where an event's context comes from.
#[derive(Clone, Copy)]
pub(crate) enum EventContext<'a> {
    /// The row's own; the event holds it.
    Own {
        /// Where in the file the header stands that is in force, though the row needs none.
        header_at: Option<u64>,
    },
    /// The header's, completed by the row's deployment URL.
    Inherited {
        /// The header, which is the same for many rows.
        header: &'a Arc<Header>,
        /// Where in the file it stands.
        header_at: u64,
        /// From the row.
        deployment_url: JsonString<'a>,
    },
}

/// Where an event's line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Byte offset of the line in its file.
    pub(crate) offset: u64,
    /// Lines before it in its block.
    pub(crate) lines_before: u64,
}

thread_local! {
    /// What this thread reads its blocks into: a buffer for each block would scatter large allocations over the heap.
    static READ_BUFFER: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// What all blocks of an export are decoded with.
pub(crate) struct Decoder<'a, E> {
    pub(crate) files: OpenFiles<'a>,
    pub(crate) range: &'a Range,
    pub(crate) encoder: &'a E,
    pub(crate) sizes: Sizes,
    headers: Mutex<HashMap<(u32, HeaderPlace), Option<FoundHeader>>>,
}

/// A header and the offset at which it stands in its file.
type FoundHeader = (u64, Arc<Header>);

/// Which header is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum HeaderPlace {
    /// The row that the file begins with, if it is a header.
    First,
    /// The header at this byte.
    At(u64),
}

/// The context that the first rows of a block inherit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Inherited {
    /// That of the header that the file begins with, if it does.
    FirstHeader,
    /// As earlier blocks left it: the offset of the header, or none.
    Known(Option<u64>),
}

/// A block to decode.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BlockRange {
    pub(crate) file: u32,
    pub(crate) start: u64,
    pub(crate) end: u64,
    pub(crate) inherited: Inherited,
    /// Lines before this byte were counted when they were first decoded.
    pub(crate) count_from: u64,
    /// Whether a line is known to begin at `start`.
    pub(crate) begins_line: bool,
    /// Whether a line longer than [`Sizes::long_line`] may be read.
    pub(crate) long_line: bool,
}

/// A decoded block.
pub(crate) struct Decoded<B> {
    pub(crate) encoded: B,
    pub(crate) tally: Tally,
    pub(crate) lines: u64,
    /// Bytes of the block that the file has.
    pub(crate) bytes: u64,
    /// The header that the block began with.
    pub(crate) assumed: Option<u64>,
    /// Whether a row depended on it.
    pub(crate) depended: bool,
    /// The header that the next block begins with, if this block changed it.
    pub(crate) header_after: Option<Option<u64>>,
    pub(crate) identity: Identity,
    pub(crate) stop: Option<Stop>,
}

/// Why a block was not decoded to its end.
pub(crate) enum Stop {
    /// A line longer than [`Sizes::long_line`] begins here.
    LongLine(u64),
    /// The file can not be read from here on, for this reason.
    Ended(String),
}

/// The lines of a block in memory.
struct Lines {
    bytes: Vec<u8>,
    /// Where in `bytes` the first line begins and the last one ends.
    range: ops::Range<usize>,
    /// Offset of `bytes[0]` in the file.
    offset: u64,
    /// How much was read from there at first.
    read: usize,
    /// The last line has no line end, and the file is shorter than it was when it was listed.
    cut: bool,
    identity: Identity,
    stop: Option<Stop>,
    /// A line longer than [`Sizes::longest_line`] follows the others.
    too_long: bool,
}

impl<'a, E: Encoder> Decoder<'a, E> {
    pub(crate) fn new(files: OpenFiles<'a>, range: &'a Range, encoder: &'a E, sizes: Sizes) -> Self {
        Self { files, range, encoder, sizes, headers: Mutex::default() }
    }

    /// Reads and decodes a block.
    pub(crate) fn decode(&self, block: BlockRange) -> Decoded<E::Block> {
        match self.read_lines(block) {
            Ok(lines) => self.decode_lines(block, lines),
            Err(error) => {
                let reason = match block.start {
                    0 => describe(&error),
                    read => format!("{}; it was read up to byte {read}", describe(&error)),
                };
                Decoded { stop: Some(Stop::Ended(reason)), ..Decoded::nothing(None, None) }
            }
        }
    }

    fn read_lines(&self, block: BlockRange) -> io::Result<Lines> {
        let file = self.files.open(block.file)?;
        // One byte more in front tells whether a line begins where the block does.
        let offset = if block.begins_line { block.start } else { block.start - 1 };
        let length = usize::try_from(block.end - offset).unwrap_or(usize::MAX);
        let mut lines = Lines {
            bytes: READ_BUFFER.take(),
            range: 0..0,
            offset,
            read: 0,
            cut: false,
            identity: file.identity,
            stop: None,
            too_long: false,
        };
        if length == 0 {
            return Ok(lines);
        }
        lines.bytes.clear();
        let wanted = length + TAIL_BYTES;
        lines.read = file.read_at(&mut lines.bytes, offset, wanted)?;
        let mut at_end = lines.read < wanted;
        if let Some(first) = first_line(&lines.bytes, block, length) {
            lines.range = first..first;
            let limit = if block.long_line { self.sizes.longest_line } else { self.sizes.long_line };
            at_end |= lines.find_end(&file, length, limit, block.long_line)?;
        }
        if at_end && lines.stop.is_none() {
            lines.note_end_of_file(self.files.listed(block.file).size());
        }
        Ok(lines)
    }

    fn decode_lines(&self, block: BlockRange, lines: Lines) -> Decoded<E::Block> {
        let header = self.inherited_header(block);
        let assumed = header.as_ref().map(|(at, _)| *at);
        let mut pass =
            Pass { decoder: self, block, decoded: Decoded::nothing(assumed, lines.identity), header };
        let bytes = &lines.bytes[lines.range.clone()];
        let offset = lines.offset + lines.range.start as u64;
        self.encoder.expect(&mut pass.decoded.encoded, bytes.len());
        match simdutf8::basic::from_utf8(bytes) {
            Ok(text) => pass.read_text(text, offset, lines.cut),
            Err(_) => pass.read_bytes(bytes, offset, lines.cut),
        }
        if lines.too_long {
            pass.bad(lines.offset + lines.range.end as u64, "the line is longer than 16 MiB".to_owned());
            pass.decoded.lines += 1;
        }
        self.encoder.finish(&mut pass.decoded.encoded);
        let file_end = lines.offset + lines.read as u64;
        let bytes = file_end.min(block.end).saturating_sub(block.start);
        let decoded = Decoded { stop: lines.stop, bytes, ..pass.decoded };
        if lines.bytes.capacity() <= self.sizes.long_line {
            READ_BUFFER.set(lines.bytes);
        }
        decoded
    }

    /// The header that `block` begins with: its offset and what it says.
    fn inherited_header(&self, block: BlockRange) -> Option<FoundHeader> {
        let place = match block.inherited {
            Inherited::Known(None) => return None,
            Inherited::Known(Some(at)) => HeaderPlace::At(at),
            Inherited::FirstHeader => HeaderPlace::First,
        };
        self.header(block.file, place)
    }

    fn header(&self, file: u32, place: HeaderPlace) -> Option<FoundHeader> {
        let remembered =
            self.headers.lock().unwrap_or_else(PoisonError::into_inner).get(&(file, place)).cloned();
        if let Some(header) = remembered {
            return header;
        }
        let header = self.read_header(file, place);
        self.remember(file, place, header.clone());
        header
    }

    fn remember(&self, file: u32, place: HeaderPlace, header: Option<FoundHeader>) {
        let mut headers = self.headers.lock().unwrap_or_else(PoisonError::into_inner);
        if headers.len() >= HEADERS_AT_MOST {
            headers.clear();
        }
        headers.insert((file, place), header);
    }

    fn read_header(&self, file: u32, place: HeaderPlace) -> Option<FoundHeader> {
        let open = self.files.open(file).ok()?;
        let (start, length) = match place {
            HeaderPlace::First => (0, FIRST_HEADER_WITHIN),
            HeaderPlace::At(at) => (at, self.header_length_hint(&open, at)),
        };
        let mut bytes = Vec::new();
        open.read_at(&mut bytes, start, length).ok()?;
        let mut at = if start == 0 && bytes.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
        loop {
            let end = memchr(b'\n', &bytes[at..]).map(|length| at + length);
            let line = std::str::from_utf8(&bytes[at..end.unwrap_or(bytes.len())]).ok()?;
            if !is_blank(line) {
                let Ok(Row::Header(header)) = RowReader::default().read(without_carriage_return(line)) else {
                    return None;
                };
                return Some((start + at as u64, Arc::new(header)));
            }
            at = end? + 1;
        }
    }

    /// How many bytes to read so that the header at `at` is whole: headers are short, but nothing says so.
    fn header_length_hint(&self, open: &OpenFile, at: u64) -> usize {
        let mut length = TAIL_BYTES;
        let mut bytes = Vec::new();
        while length < self.sizes.longest_line {
            bytes.clear();
            match open.read_at(&mut bytes, at, length) {
                Ok(read) if read == length && memchr(b'\n', &bytes).is_none() => length *= 4,
                _ => break,
            }
        }
        length
    }
}

impl<B: Default> Decoded<B> {
    fn nothing(assumed: Option<u64>, identity: Identity) -> Self {
        Self {
            encoded: B::default(),
            tally: Tally::default(),
            lines: 0,
            bytes: 0,
            assumed,
            depended: false,
            header_after: None,
            identity,
            stop: None,
        }
    }
}

impl Lines {
    /// Sets the end of the last line that begins within `length` bytes, reading on where it ends behind them. A line
    /// over `limit` is left out. Returns whether the end of the file was seen.
    fn find_end(
        &mut self,
        file: &OpenFile,
        length: usize,
        limit: usize,
        is_last_try: bool,
    ) -> io::Result<bool> {
        // The line feed that ends a line may be the block's last byte: then the next line is the next block's.
        let mut searched = length - 1;
        let mut step = TAIL_BYTES;
        let (end, at_end) = loop {
            if let Some(found) = self.bytes.get(searched..).and_then(|rest| memchr(b'\n', rest)) {
                break (searched + found + 1, false);
            }
            searched = self.bytes.len().max(searched);
            if self.bytes.len().saturating_sub(self.last_line_start(length)) > limit + "\r\n".len() {
                break (self.bytes.len(), false);
            }
            let offset = self.offset + self.bytes.len() as u64;
            if file.read_at(&mut self.bytes, offset, step)? == 0 {
                break (self.bytes.len(), true);
            }
            step = (step * 2).min(STEP_AT_MOST);
        };
        self.range.end = end;
        let last = self.last_line_start(length);
        let line = &self.bytes[last..end];
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        if line.strip_suffix(b"\r").unwrap_or(line).len() > limit {
            self.range.end = last;
            self.too_long = is_last_try;
            if !self.too_long {
                self.stop = Some(Stop::LongLine(self.offset + last as u64));
            }
        }
        Ok(at_end)
    }

    /// Where the last line that begins within `length` bytes begins.
    fn last_line_start(&self, length: usize) -> usize {
        let within = &self.bytes[self.range.start..(length - 1).clamp(self.range.start, self.bytes.len())];
        memrchr(b'\n', within).map_or(self.range.start, |found| self.range.start + found + 1)
    }

    /// Notes a file that became shorter than it was when it was listed.
    fn note_end_of_file(&mut self, listed_size: u64) {
        let end = self.offset + self.bytes.len() as u64;
        if end < listed_size {
            self.cut = self.bytes[self.range.clone()].last().is_some_and(|&byte| byte != b'\n');
            let reason = format!("it ended at byte {end}; it had {listed_size} bytes when it was listed");
            self.stop = Some(Stop::Ended(reason));
        }
    }
}

/// Where the first line of a block begins; `None` if no line begins in it.
fn first_line(bytes: &[u8], block: BlockRange, length: usize) -> Option<usize> {
    let first = if block.start == 0 && bytes.starts_with(BYTE_ORDER_MARK) {
        BYTE_ORDER_MARK.len()
    } else if block.begins_line {
        0
    } else {
        memchr(b'\n', &bytes[..length.min(bytes.len())])? + 1
    };
    (first < length.min(bytes.len())).then_some(first)
}

/// One pass over the lines of a block.
struct Pass<'d, 'a, E: Encoder> {
    decoder: &'d Decoder<'a, E>,
    block: BlockRange,
    decoded: Decoded<E::Block>,
    /// The header in force, and where it stands.
    header: Option<FoundHeader>,
}

impl<E: Encoder> Pass<'_, '_, E> {
    fn read_text(&mut self, text: &str, mut offset: u64, cut: bool) {
        let mut rows = RowReader::default();
        let mut rest = text;
        while !rest.is_empty() {
            let end = memchr(b'\n', rest.as_bytes());
            let (line, next) = rest.split_at(end.map_or(rest.len(), |end| end + 1));
            let last_and_cut = cut && next.is_empty();
            self.read_line(&mut rows, line.strip_suffix('\n').unwrap_or(line), offset, last_and_cut);
            offset += line.len() as u64;
            rest = next;
        }
    }

    /// As [`Self::read_text`], for a block that somewhere is not UTF-8: only the lines where it is not are bad.
    fn read_bytes(&mut self, bytes: &[u8], mut offset: u64, cut: bool) {
        let mut rows = RowReader::default();
        for line in bytes.split_inclusive(|&byte| byte == b'\n') {
            let content = line.strip_suffix(b"\n").unwrap_or(line);
            let last_and_cut = cut && content.len() == line.len();
            match std::str::from_utf8(content) {
                Ok(text) => self.read_line(&mut rows, text, offset, last_and_cut),
                Err(_) if last_and_cut => {}
                Err(error) => {
                    self.bad(
                        offset,
                        format!("invalid UTF-8 at byte {} of the line", error.valid_up_to() + 1),
                    );
                    self.decoded.lines += 1;
                }
            }
            offset += line.len() as u64;
        }
    }

    /// Reads one line. `cut`: the file ended in it, so it is no bad line if it is no good one.
    fn read_line<'l>(&mut self, rows: &mut RowReader<'l>, line: &'l str, offset: u64, cut: bool) {
        let line = without_carriage_return(line);
        let counts = offset >= self.block.count_from;
        let place = Place { offset, lines_before: self.decoded.lines };
        if is_blank(line) {
            self.decoded.tally.blank += u64::from(counts);
        } else {
            match rows.read(line) {
                Ok(Row::Event(event)) => self.event(&event, place, counts),
                Ok(Row::Header(header)) => {
                    self.decoded.tally.headers += u64::from(counts);
                    self.note_version(header.schema_version.as_deref());
                    self.switch_header(Some((offset, Arc::new(header))));
                }
                Err(_) if cut => return,
                Err(bad) => {
                    if bad.is_header {
                        self.switch_header(None);
                    }
                    self.bad(offset, bad.reason);
                }
            }
        }
        self.decoded.lines += 1;
    }

    fn event(&mut self, event: &Event<'_>, place: Place, counts: bool) {
        let inherits = event.context.is_none();
        self.decoded.depended |= inherits && self.decoded.header_after.is_none();
        let context = match (&self.header, event.deployment_url) {
            (header, _) if !inherits => EventContext::Own { header_at: header.as_ref().map(|(at, _)| *at) },
            (Some((header_at, header)), Some(deployment_url)) => {
                EventContext::Inherited { header, header_at: *header_at, deployment_url }
            }
            _ => {
                let reason = "the row has no context of its own, and no good header stands before it";
                return self.bad(place.offset, reason.to_owned());
            }
        };
        if let Some(reason) = self.decoder.encoder.refuse(event) {
            return self.bad(place.offset, reason.to_owned());
        }
        let in_range = self.decoder.range.contains(event.timestamp);
        if in_range {
            self.decoder.encoder.encode(&mut self.decoded.encoded, event, context, place);
        }
        self.decoded.tally.events += u64::from(counts && in_range);
        self.decoded.tally.out_of_range += u64::from(counts && !in_range);
        self.note_version(event.schema_version);
    }

    fn switch_header(&mut self, header: Option<FoundHeader>) {
        self.decoded.header_after = Some(header.as_ref().map(|(at, _)| *at));
        if let Some((at, header)) = &header {
            let place = HeaderPlace::At(*at);
            self.decoder.remember(self.block.file, place, Some((*at, Arc::clone(header))));
        }
        self.header = header;
    }

    fn note_version(&mut self, version: Option<&str>) {
        if let Some(version) = version.and_then(newer_schema_version) {
            self.decoded.tally.newer_version(version);
        }
    }

    fn bad(&mut self, offset: u64, reason: String) {
        if offset >= self.block.count_from {
            self.decoded.tally.bad(self.decoded.lines, reason);
        }
    }
}

/// Lines of white space only are skipped.
fn is_blank(line: &str) -> bool {
    line.trim_start().is_empty()
}

fn without_carriage_return(line: &str) -> &str {
    line.strip_suffix('\r').unwrap_or(line)
}
