//! Telemetry files cut into blocks of whole lines that are decoded in parallel and taken in order.
//!
//! A block is a byte range of a file; a line belongs to the block in which it begins. So every block can be read and
//! decoded without its neighbours, save for the header that its first rows may inherit: a block assumes the header that
//! its file began with, or the one known when it was queued, and is decoded again if an earlier block shows that another
//! one was meant.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use memchr::memchr;

use super::buffers::Buffers;
use super::encoder::{Encoder, Place};
use super::headers::{FoundHeader, HeaderPlace, Headers};
use super::ledger::Tally;
use super::lines::{BlockRange, Inherited, Lines, Stop, is_blank, without_carriage_return};
use super::open_files::OpenFiles;
use crate::error::describe;
use crate::platform::{Facts, Identity};
use crate::range::Range;
use crate::row::context::EventContext;
use crate::row::event::{Event, Row, RowReader, newer_schema_version};
use crate::sizes::Sizes;

/// What all blocks of an export are decoded with.
pub(crate) struct Decoder<'a, E> {
    pub(crate) files: OpenFiles<'a>,
    pub(crate) range: &'a Range,
    pub(crate) encoder: &'a E,
    pub(crate) sizes: Sizes,
    pub(crate) buffers: Buffers,
    headers: Headers,
    /// Bytes of blocks that were decoded ahead and not taken yet.
    held: Arc<AtomicUsize>,
}

/// What a block takes that was decoded ahead, counted for as long as it lives.
struct Held {
    all: Arc<AtomicUsize>,
    bytes: usize,
}

impl Drop for Held {
    fn drop(&mut self) {
        self.all.fetch_sub(self.bytes, Ordering::Relaxed);
    }
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
    /// Whether an event stands before any other header.
    pub(crate) depended: bool,
    /// The header that the next block begins with, if this block changed it.
    pub(crate) header_after: Option<Option<u64>>,
    pub(crate) identity: Identity,
    pub(crate) stop: Option<Stop>,
    held: Option<Held>,
}

impl<'a, E: Encoder> Decoder<'a, E> {
    pub(crate) fn new(files: OpenFiles<'a>, range: &'a Range, encoder: &'a E, sizes: Sizes) -> Self {
        Self {
            files,
            range,
            encoder,
            sizes,
            buffers: Buffers::default(),
            headers: Headers::default(),
            held: Arc::default(),
        }
    }

    /// Reads and decodes a block before it is needed; `None` if blocks that are not needed yet take too much already. What
    /// a block takes is known only once it is decoded: a line, or what belongs to it, may be long.
    pub(crate) fn decode_ahead(&self, block: BlockRange) -> Option<Decoded<E::Block>> {
        if self.held.load(Ordering::Relaxed) > self.sizes.held_ahead {
            return None;
        }
        let mut decoded = self.decode(block);
        let bytes = self.encoder.weight(&decoded.encoded);
        self.held.fetch_add(bytes, Ordering::Relaxed);
        decoded.held = Some(Held { all: Arc::clone(&self.held), bytes });
        Some(decoded)
    }

    /// Reads and decodes a block.
    pub(crate) fn decode(&self, block: BlockRange) -> Decoded<E::Block> {
        let mut read = self.read(block);
        if read.as_ref().is_err_and(|error| Facts::HERE.is_stale(error)) {
            self.files.forget(block.file);
            read = self.read(block);
        }
        match read {
            Ok((lines, header)) => self.decode_lines(block, lines, header),
            Err(error) => {
                let stop = if Facts::HERE.is_shortage(&error) {
                    Stop::Shortage(error)
                } else if block.start == 0 {
                    Stop::Ended(describe(&error))
                } else {
                    Stop::Ended(format!("{}; it was read up to byte {}", describe(&error), block.start))
                };
                Decoded { stop: Some(stop), ..Decoded::nothing(None, None) }
            }
        }
    }

    fn read(&self, block: BlockRange) -> io::Result<(Lines, Option<FoundHeader>)> {
        let lines = Lines::read(&self.files, &self.buffers, block, &self.sizes)?;
        let header = self.inherited_header(block)?;
        Ok((lines, header))
    }

    fn decode_lines(
        &self,
        block: BlockRange,
        mut lines: Lines,
        header: Option<FoundHeader>,
    ) -> Decoded<E::Block> {
        let assumed = header.as_ref().map(|(at, _)| *at);
        let decoded = Decoded {
            bytes: lines.bytes_of(block),
            stop: lines.stop.take(),
            ..Decoded::nothing(assumed, lines.identity)
        };
        let mut pass = Pass { decoder: self, block, decoded, header };
        let bytes = lines.complete();
        match simdutf8::basic::from_utf8(bytes) {
            Ok(text) => pass.read_text(text, lines.begin(), lines.cut),
            Err(_) => pass.read_bytes(bytes, lines.begin(), lines.cut),
        }
        if lines.too_long && pass.decoded.stop.is_none() {
            pass.bad(lines.begin() + bytes.len() as u64, || "the line is longer than 16 MiB".to_owned());
            pass.decoded.lines += 1;
        }
        self.buffers.give(self.encoder.finish(&mut pass.decoded.encoded, lines.into_bytes()));
        pass.decoded
    }

    /// The header that `block` begins with: its offset and what it says.
    fn inherited_header(&self, block: BlockRange) -> io::Result<Option<FoundHeader>> {
        let place = match block.inherited {
            Inherited::Known(None) => return Ok(None),
            Inherited::Known(Some(at)) => HeaderPlace::At(at),
            Inherited::FirstHeader => HeaderPlace::First,
        };
        let is_needed_again = self.has_more_behind(block);
        self.headers.get(&self.files, block.file, place, self.sizes.longest_line, is_needed_again)
    }

    /// Whether blocks of the file follow, which may need a header that this one has.
    fn has_more_behind(&self, block: BlockRange) -> bool {
        block.end < self.files.listed(block.file).size()
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
            held: None,
        }
    }
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
            if self.leaves_rest(offset) {
                return;
            }
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
                    self.bad(offset, || {
                        format!("invalid UTF-8 at byte {} of the line", error.valid_up_to() + 1)
                    });
                    self.decoded.lines += 1;
                }
            }
            offset += line.len() as u64;
            if self.leaves_rest(offset) {
                return;
            }
        }
    }

    /// Ends the block before the line at `offset`, if that is one of the block's and what is encoded takes too much already.
    fn leaves_rest(&mut self, offset: u64) -> bool {
        let is_full = offset < self.block.end
            && self.decoder.encoder.weight(&self.decoded.encoded) > self.decoder.sizes.encoded_block;
        if is_full {
            self.decoded.stop = Some(Stop::Rest(offset));
        }
        is_full
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
                    self.bad(offset, || bad.reason());
                }
            }
        }
        self.decoded.lines += 1;
    }

    fn event(&mut self, event: &Event<'_>, place: Place, counts: bool) {
        // Also a row with its own context: its place is a bookmark, from which later rows may have to inherit.
        self.decoded.depended |= self.decoded.header_after.is_none();
        let Some(context) = EventContext::of(event, self.header.as_ref()) else {
            let reason = "the row has no context of its own, and no good header stands before it";
            return self.bad(place.offset, || reason.to_owned());
        };
        if let Some(reason) = self.decoder.encoder.refuse(event) {
            return self.bad(place.offset, || reason.to_owned());
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
        if let Some((at, header)) = &header
            && self.decoder.has_more_behind(self.block)
        {
            self.decoder.headers.remember(
                self.block.file,
                HeaderPlace::At(*at),
                Some((*at, Arc::clone(header))),
            );
        }
        self.header = header;
    }

    fn note_version(&mut self, version: Option<&str>) {
        if let Some(version) = version.and_then(newer_schema_version) {
            self.decoded.tally.newer_version(version);
        }
    }

    fn bad(&mut self, offset: u64, reason: impl FnOnce() -> String) {
        if offset >= self.block.count_from {
            self.decoded.tally.bad(self.decoded.lines, reason);
        }
    }
}
