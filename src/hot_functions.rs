//! The innermost steps of an export, one by one, for `benches/hot_functions.rs`. Not part of the library: it is
//! compiled only with the feature `hot-functions`.
//!
//! Everything here calls what an export calls. It returns a count or the bytes that were made, so that the compiler
//! cannot leave a call out.

use std::hint::black_box;
use std::io;
use std::path::Path;
use std::sync::Arc;

use crate::export::OtlpOptions;
use crate::formats::json::block::{JsonArray, JsonBlock};
use crate::formats::otlp::Otlp;
use crate::formats::report::Report;
use crate::privacy::{KeyMeaning, find_marks};
use crate::progress::Progress;
use crate::range::Range;
use crate::read::decoder::Decoder;
use crate::read::encoder::{Encoder, LinePosition};
use crate::read::headers::FoundHeader;
use crate::read::lines::{BlockRange, InheritedHeader, LineBytes, Lines};
use crate::read::log_files::LogFile;
use crate::read::open_files::OpenFiles;
use crate::row::event::{Event, Row, RowReader};
use crate::row::event_context::EventContext;
use crate::sizes::Sizes;
use crate::write::deflate::DeflateStream;

/// A format that keeps nothing. Decoding for it costs what every format pays for.
struct Nothing;

impl Encoder for Nothing {
    type Block = u64;

    fn refuse(&self, _event: &Event<'_>) -> Option<&'static str> {
        None
    }

    fn encode(&self, events: &mut u64, event: &Event<'_>, context: EventContext<'_>, position: LinePosition) {
        black_box((event, context, position));
        *events += 1;
    }

    fn weight(&self, _events: &u64) -> usize {
        0
    }

    fn finish(&self, _events: &mut u64, lines: LineBytes) -> Vec<u8> {
        lines.bytes
    }
}

/// The first of some telemetry files, in blocks of the usual size.
pub struct Blocks<'a> {
    decoder: Decoder<'a, Nothing>,
    ranges: Vec<BlockRange>,
}

impl<'a> Blocks<'a> {
    /// Cuts the first of `files`, which are in `directory`.
    pub fn new(directory: &'a Path, files: &'a [LogFile], range: &'a Range, progress: &'a Progress) -> Self {
        let sizes = Sizes::default();
        let (size, step) = (files.first().map_or(0, LogFile::size), sizes.block);
        let ranges = (0..size.div_ceil(step)).map(|number| BlockRange {
            file: 0,
            start: number * step,
            end: (number * step + step).min(size),
            inherited: if number == 0 { InheritedHeader::Known(None) } else { InheritedHeader::First },
            count_from: 0,
            begins_line: number == 0,
            long_line: false,
        });
        let ranges = ranges.collect();
        Self {
            decoder: Decoder::new(OpenFiles::new(directory, files, progress), range, &Nothing, sizes, None),
            ranges,
        }
    }

    /// Reads the lines of each block. Returns how many bytes they have.
    ///
    /// # Errors
    /// Why the file cannot be read.
    pub fn read_lines(&self) -> io::Result<usize> {
        let Decoder { files, buffers, sizes, .. } = &self.decoder;
        let mut bytes = 0;
        for &range in &self.ranges {
            let lines = Lines::read(files, buffers, range, sizes)?;
            bytes += black_box(lines.complete()).len();
            buffers.give(lines.into_bytes().bytes);
        }
        Ok(bytes)
    }

    /// Decodes the lines, rows and contexts of each block, for no format. Returns the number of events.
    ///
    /// # Errors
    /// Why the file cannot be read.
    pub fn decode(&self) -> io::Result<u64> {
        self.ranges.iter().map(|&range| Ok(self.decoder.decode(range)?.encoded)).sum()
    }
}

/// Reads `lines`, none of them blank, as the rows of one block. Returns the number of good ones.
pub fn read_rows(lines: &[&str]) -> usize {
    let mut rows = RowReader::default();
    lines.iter().filter(|line| black_box(rows.read(line)).is_ok()).count()
}

/// The events of one block, read and ready to be encoded.
pub struct Events<'a> {
    text: &'a str,
    events: Vec<(Event<'a>, LinePosition, Option<FoundHeader>)>,
}

impl<'a> Events<'a> {
    /// Reads the good rows of `text`, whose lines end in a line feed each.
    pub fn read(text: &'a str) -> Self {
        let mut rows = RowReader::default();
        let (mut events, mut header, mut offset) = (Vec::new(), None, 0);
        for (lines_before, line) in (0..).zip(text.split_inclusive('\n')) {
            match rows.read(line.trim_end_matches('\n')) {
                Ok(Row::Header(found)) => header = Some((offset, Arc::new(found))),
                Ok(Row::Event(event)) => {
                    events.push((event, LinePosition { offset, lines_before }, header.clone()));
                }
                Err(_) => {}
            }
            offset += line.len() as u64;
        }
        Self { text, events }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.events.len()
    }

    /// Encodes the events for the JSON array. Returns the memory that the block takes without its lines.
    pub fn encode_json(&self) -> usize {
        self.encode(&JsonArray, LineBytes::default()).1
    }

    /// Encodes the events for OTLP: routes them and prints log records and spans. Returns
    /// the memory that the block takes.
    pub fn encode_otlp(&self, options: &OtlpOptions) -> usize {
        self.encode(&Otlp::new(options, &Progress::default()), LineBytes::default()).1
    }

    /// Encodes the events for the report. Returns the memory that the block takes.
    pub fn encode_report(&self) -> usize {
        self.encode(&Report::new(&Progress::default(), None), LineBytes::default()).1
    }

    /// The events as the merge writes them.
    pub fn json_rows(&self) -> JsonRows {
        let mut lines = LineBytes::default();
        lines.bytes = self.text.as_bytes().to_vec();
        JsonRows(self.encode(&JsonArray, lines).0)
    }

    fn encode<E: Encoder>(&self, encoder: &E, lines: LineBytes) -> (E::Block, usize) {
        let mut block = E::Block::default();
        for (event, place, header) in &self.events {
            let Some(context) = EventContext::of(event, header.as_ref()) else { continue };
            encoder.encode(&mut block, event, context, *place);
        }
        let weight = encoder.weight(&block);
        black_box(encoder.finish(&mut block, lines));
        (black_box(block), weight)
    }
}

/// The encoded events of one block.
pub struct JsonRows(JsonBlock);

impl JsonRows {
    /// Appends the text of each event with its context to `text`, as the merge hands it to the writer.
    pub fn append_to(&self, text: &mut Vec<u8>) {
        for row in &self.0.rows {
            for piece in self.0.text(row) {
                text.extend_from_slice(piece);
            }
        }
    }
}

/// Deflates texts.
pub struct Deflater(DeflateStream);

impl Deflater {
    /// A deflater of `level`, 0 to 9.
    pub fn new(level: u32) -> Self {
        Self(DeflateStream::new(level))
    }

    /// Appends the deflated `text` as a whole.
    pub fn deflate(&mut self, text: &[u8], deflated: &mut Vec<u8>) {
        self.0.deflate(text, deflated);
        self.0.finish(deflated);
    }
}

/// Marks a value of `key`, and returns how many marks it has.
pub fn count_marks(key: &str, text: &str) -> usize {
    let mut marks = Vec::new();
    find_marks(KeyMeaning::of(key), text, &mut marks);
    marks.len()
}
