//! Decodes blocks of lines. Any number of blocks can be decoded at the same time.
//!
//! A block is a byte range of a file, and a line belongs to the block in which it begins. A block can be decoded
//! without its neighbours, except that its first rows may inherit a header from an earlier block. The decoder assumes
//! the header that is known when the block is queued, or else the first one of the file. If an earlier block shows
//! that the assumption was wrong, the block is decoded again.

use std::borrow::Cow;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use memchr::memchr;

use super::buffers::Buffers;
use super::encoder::{Encoder, LinePosition};
use super::headers::{FoundHeader, HeaderPosition, Headers};
use super::ledger::Tally;
use super::lines::{BlockRange, InheritedHeader, Lines, Stop, is_blank, without_carriage_return};
use super::open_files::OpenFiles;
use crate::error::describe;
use crate::platform::{Facts, Identity};
use crate::privacy::redaction::Redactor;
use crate::range::Range;
use crate::row::event::{Event, Row, RowReader, newer_schema_version};
use crate::row::event_context::EventContext;
use crate::row::redaction::RowRedactor;
use crate::sizes::Sizes;

/// Decodes the blocks of an export.
pub(crate) struct Decoder<'a, E> {
    pub(crate) files: OpenFiles<'a>,
    pub(crate) range: &'a Range,
    pub(crate) encoder: &'a E,
    pub(crate) sizes: Sizes,
    pub(crate) buffers: Buffers,
    /// Redacts what is read, if the export is redacted.
    pub(crate) redactor: Option<&'a Redactor>,
    headers: Headers,
    /// Memory of blocks that were decoded ahead and not taken yet.
    held: Arc<AtomicUsize>,
}

/// Memory of a block that was decoded ahead, counted for as long as this lives.
struct HeldBytes {
    all: Arc<AtomicUsize>,
    bytes: usize,
}

impl Drop for HeldBytes {
    fn drop(&mut self) {
        self.all.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

/// A decoded block.
pub(crate) struct DecodedBlock<B> {
    pub(crate) encoded: B,
    pub(crate) tally: Tally,
    pub(crate) lines: u64,
    /// Bytes of the block that the file has. A file that shrank has fewer than the block.
    pub(crate) bytes: u64,
    /// Offset of the header that it was decoded with.
    pub(crate) assumed_header: Option<u64>,
    /// Whether an event comes before the first header of the block.
    pub(crate) depends_on_header: bool,
    /// Offset of the header in force after the block, if the block changed it.
    pub(crate) header_after: Option<Option<u64>>,
    pub(crate) identity: Identity,
    pub(crate) stop: Option<Stop>,
    _held: Option<HeldBytes>,
}

impl<'a, E: Encoder> Decoder<'a, E> {
    pub(crate) fn new(
        files: OpenFiles<'a>,
        range: &'a Range,
        encoder: &'a E,
        sizes: Sizes,
        redactor: Option<&'a Redactor>,
    ) -> Self {
        Self {
            files,
            range,
            encoder,
            sizes,
            buffers: Buffers::default(),
            redactor,
            headers: Headers::default(),
            held: Arc::default(),
        }
    }

    /// Reads and decodes a block before it is needed. `None` if blocks that were decoded ahead take too much memory
    /// already: how much this one takes is known only once it is decoded.
    pub(crate) fn decode_ahead(&self, block: BlockRange) -> Option<io::Result<DecodedBlock<E::Block>>> {
        if self.held.load(Ordering::Relaxed) > self.sizes.held_ahead {
            return None;
        }
        Some(self.decode(block).map(|decoded| {
            let bytes = self.encoder.weight(&decoded.encoded);
            self.held.fetch_add(bytes, Ordering::Relaxed);
            DecodedBlock { _held: Some(HeldBytes { all: Arc::clone(&self.held), bytes }), ..decoded }
        }))
    }

    /// Reads and decodes a block. If the file cannot be read, the block is empty and its `stop` says why.
    ///
    /// # Errors
    /// The process is short of something, such as descriptors. The file can be read later.
    pub(crate) fn decode(&self, block: BlockRange) -> io::Result<DecodedBlock<E::Block>> {
        let mut read = self.read(block);
        if read.as_ref().is_err_and(|error| Facts::HERE.is_stale(error)) {
            self.files.forget(block.file);
            read = self.read(block);
        }
        match read {
            Ok((lines, header)) => Ok(self.decode_lines(block, lines, header)),
            Err(error) if Facts::HERE.is_shortage(&error) => Err(error),
            Err(error) => {
                let mut reason = describe(&error);
                if block.start > 0 {
                    reason += &format!("; it was read up to byte {}", block.start);
                }
                Ok(DecodedBlock { stop: Some(Stop::Ended(reason)), ..DecodedBlock::nothing(None, None) })
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
    ) -> DecodedBlock<E::Block> {
        let assumed_header = header.as_ref().map(|(at, _)| *at);
        let decoded = DecodedBlock {
            bytes: lines.bytes_of(block),
            stop: lines.stop.take(),
            ..DecodedBlock::nothing(assumed_header, lines.identity)
        };
        let redacting = self.row_redactor();
        let mut pass = BlockDecoder { decoder: self, block, decoded, header, redacting };
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

    fn row_redactor(&self) -> Option<RowRedactor<'_>> {
        self.redactor.map(|redactor| RowRedactor::new(redactor, self.files.progress()))
    }

    /// The header that `block` is decoded with.
    fn inherited_header(&self, block: BlockRange) -> io::Result<Option<FoundHeader>> {
        let position = match block.inherited {
            InheritedHeader::Known(None) => return Ok(None),
            InheritedHeader::Known(Some(at)) => HeaderPosition::At(at),
            InheritedHeader::First => HeaderPosition::First,
        };
        let is_needed_again = self.has_more_behind(block);
        let redact = |header| match self.row_redactor() {
            Some(mut redacting) => redacting.header(&header),
            None => header,
        };
        self.headers.get(&self.files, block.file, position, self.sizes.longest_line, is_needed_again, redact)
    }

    /// Whether blocks of the same file follow, which may need the same header.
    fn has_more_behind(&self, block: BlockRange) -> bool {
        block.end < self.files.listed(block.file).size()
    }
}

impl<B: Default> DecodedBlock<B> {
    fn nothing(assumed_header: Option<u64>, identity: Identity) -> Self {
        Self {
            encoded: B::default(),
            tally: Tally::default(),
            lines: 0,
            bytes: 0,
            assumed_header,
            depends_on_header: false,
            header_after: None,
            identity,
            stop: None,
            _held: None,
        }
    }
}

/// Decodes the lines of one block.
struct BlockDecoder<'d, 'a, E: Encoder> {
    decoder: &'d Decoder<'a, E>,
    block: BlockRange,
    decoded: DecodedBlock<E::Block>,
    /// The header in force.
    header: Option<FoundHeader>,
    redacting: Option<RowRedactor<'d>>,
}

impl<E: Encoder> BlockDecoder<'_, '_, E> {
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

    /// Like [`Self::read_text`], for a block that is not UTF-8 throughout. Only lines that are not UTF-8 are bad.
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

    /// Ends the block before its line at `offset` if the encoded events take too much memory already.
    fn leaves_rest(&mut self, offset: u64) -> bool {
        let is_full = offset < self.block.end
            && self.decoder.encoder.weight(&self.decoded.encoded) > self.decoder.sizes.encoded_block;
        if is_full {
            self.decoded.stop = Some(Stop::Rest(offset));
        }
        is_full
    }

    /// Reads one line. `cut`: the file ended in the middle of it, so it is skipped if it is not a good row.
    fn read_line<'l>(&mut self, rows: &mut RowReader<'l>, line: &'l str, offset: u64, cut: bool) {
        let line = without_carriage_return(line);
        let counts = offset >= self.block.count_from;
        let position = LinePosition { offset, lines_before: self.decoded.lines };
        if is_blank(line) {
            self.decoded.tally.blank += u64::from(counts);
        } else {
            match rows.read(line) {
                Ok(Row::Event(event)) => self.event(&event, position, counts),
                Ok(Row::Header(header)) => {
                    self.decoded.tally.headers += u64::from(counts);
                    self.note_version(header.schema_version.as_deref());
                    let header = match &mut self.redacting {
                        Some(redacting) => redacting.header(&header),
                        None => header,
                    };
                    self.switch_header(Some((offset, Arc::new(header))));
                }
                Err(_) if cut => return,
                Err(bad) => {
                    if bad.is_header {
                        self.switch_header(None);
                    }
                    let redactor = self.decoder.redactor;
                    self.bad(offset, || {
                        bad.reason(|key| redactor.map_or(Cow::Borrowed(key), |redactor| redactor.key(key)))
                    });
                }
            }
        }
        self.decoded.lines += 1;
    }

    fn event(&mut self, event: &Event<'_>, position: LinePosition, counts: bool) {
        // A row with its own context counts, too: its position can become a bookmark, and rows after it may inherit.
        self.decoded.depends_on_header |= self.decoded.header_after.is_none();
        let Some(context) = EventContext::of(event, self.header.as_ref()) else {
            let reason = "the row has no context of its own, and no good header stands before it";
            return self.bad(position.offset, || reason.to_owned());
        };
        if let Some(reason) = self.decoder.encoder.refuse(event) {
            return self.bad(position.offset, || reason.to_owned());
        }
        let in_range = self.decoder.range.contains(event.timestamp.unix_milliseconds());
        if in_range {
            let (encoder, encoded) = (self.decoder.encoder, &mut self.decoded.encoded);
            match &mut self.redacting {
                None => encoder.encode(encoded, event, context, position),
                Some(redacting) => {
                    let replaced = redacting.event(event, context, |event, context| {
                        encoder.encode(encoded, event, context, position);
                    });
                    if counts {
                        self.decoded.tally.replaced(&replaced);
                    }
                }
            }
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
                HeaderPosition::At(*at),
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
