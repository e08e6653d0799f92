//! Reads the lines of a block (specification, Lines): finds where the first one begins and the last one ends, and
//! notices if the file shrank.

use std::io;
use std::ops;

use memchr::{memchr, memrchr};

use super::buffers::Buffers;
use super::open_files::{OpenFile, OpenFiles};
use crate::platform::Identity;
use crate::sizes::Sizes;

/// Bytes read after a block at first, to find the end of its last line.
const TAIL_BYTES: usize = 4 * 1024;
/// At first no more than an eighth of the block is read after it, because a small block may be held for long.
const TAIL_SHARE: usize = 8;
/// The most bytes that are read at once while that end is not found.
const STEP_AT_MOST: usize = 1024 * 1024;
/// Skipped at the start of a file.
pub(crate) const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The header that the first rows of a block inherit from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InheritedHeader {
    /// Assumed: the header that the file begins with, if it begins with one.
    First,
    /// Known from earlier blocks: its offset, or none.
    Known(Option<u64>),
}

/// A block to decode.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BlockRange {
    pub(crate) file: u32,
    pub(crate) start: u64,
    pub(crate) end: u64,
    pub(crate) inherited: InheritedHeader,
    /// Lines before this byte are not counted: they were counted when they were decoded before.
    pub(crate) count_from: u64,
    /// Whether a line is known to begin at `start`.
    pub(crate) begins_line: bool,
    /// Whether a line longer than [`Sizes::long_line`] may be read.
    pub(crate) long_line: bool,
}

impl BlockRange {
    /// How many bytes it has.
    pub(crate) fn length(&self) -> u64 {
        self.end - self.start
    }

    /// How many of its bytes before `end` are not counted yet.
    pub(crate) fn uncounted_before(&self, end: u64) -> u64 {
        end.saturating_sub(self.start.max(self.count_from))
    }
}

/// Why a block was not decoded to its end.
pub(crate) enum Stop {
    /// The rest from this byte on is to be decoded separately: a line longer than [`Sizes::long_line`] begins there,
    /// or the encoded events take more than [`Sizes::encoded_block`].
    Rest(u64),
    /// The rest of the file cannot be read, for this reason.
    Ended(String),
}

/// Bytes of a file.
#[derive(Debug, Default)]
pub(crate) struct LineBytes {
    pub(crate) bytes: Vec<u8>,
    /// Offset of `bytes[0]` in the file.
    offset: u64,
}

impl LineBytes {
    /// Where in `bytes` the file's byte at `offset` is.
    pub(crate) fn index(&self, offset: u64) -> usize {
        usize::try_from(offset - self.offset).expect("the lines of a block are in memory")
    }

    /// A copy of the bytes in `range`.
    pub(crate) fn part(&self, range: ops::Range<usize>) -> Self {
        Self { offset: self.offset + range.start as u64, bytes: self.bytes[range].to_vec() }
    }
}

/// The lines of a block, in memory.
pub(crate) struct Lines {
    bytes: Vec<u8>,
    /// Where in `bytes` the first line begins and the last one ends.
    range: ops::Range<usize>,
    /// Offset of `bytes[0]` in the file.
    offset: u64,
    /// Bytes of the block that were read, before reading on for the end of its last line.
    read: usize,
    /// Whether the last line is cut: the file has become shorter than listed and ends without a line end.
    pub(crate) cut: bool,
    pub(crate) identity: Identity,
    pub(crate) stop: Option<Stop>,
    /// Whether a line longer than [`Sizes::longest_line`] follows the others.
    pub(crate) too_long: bool,
}

impl Lines {
    /// Reads the lines that begin in `block`.
    pub(crate) fn read(
        files: &OpenFiles<'_>,
        buffers: &Buffers,
        block: BlockRange,
        sizes: &Sizes,
    ) -> io::Result<Self> {
        let file = files.open(block.file)?;
        // The byte before the block shows whether a line begins with the block.
        let offset = if block.begins_line { block.start } else { block.start - 1 };
        let length = usize::try_from(block.end - offset).expect("blocks are cut to fit memory");
        let wanted = length + TAIL_BYTES.min(length / TAIL_SHARE);
        let mut lines = Self {
            bytes: buffers.take(wanted),
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
        lines.read = file.read_at(&mut lines.bytes, offset, length, wanted)?;
        let mut at_end = lines.read < length;
        if let Some(first) = first_line(&lines.bytes, block, length) {
            lines.range = first..first;
            at_end |= lines.find_end(&file, length, block, sizes)?;
        }
        if at_end && lines.stop.is_none() {
            lines.note_end_of_file(files.listed(block.file).size());
        }
        Ok(lines)
    }

    /// The lines. Only the last one may lack its line end.
    pub(crate) fn complete(&self) -> &[u8] {
        &self.bytes[self.range.clone()]
    }

    /// Where in the file the first line begins.
    pub(crate) fn begin(&self) -> u64 {
        self.offset + self.range.start as u64
    }

    /// Bytes of `block` that the file has.
    pub(crate) fn bytes_of(&self, block: BlockRange) -> u64 {
        (self.offset + self.read as u64).min(block.end).saturating_sub(block.start)
    }

    /// Everything that was read.
    pub(crate) fn into_bytes(self) -> LineBytes {
        LineBytes { bytes: self.bytes, offset: self.offset }
    }

    /// Sets the end of the last line that begins within `length` bytes, and reads on if that line ends later. A line
    /// that is too long is left out. Returns whether the end of the file was reached.
    fn find_end(
        &mut self,
        file: &OpenFile<'_>,
        length: usize,
        block: BlockRange,
        sizes: &Sizes,
    ) -> io::Result<bool> {
        let limit = if block.long_line { sizes.longest_line } else { sizes.long_line };
        // If the last byte of the block is a line feed, the line after it belongs to the next block.
        let mut searched = length - 1;
        let mut step = TAIL_BYTES;
        let (end, at_end) = loop {
            if let Some(found) = self.bytes.get(searched..).and_then(|rest| memchr(b'\n', rest)) {
                break (searched + found + 1, false);
            }
            searched = self.bytes.len().max(searched);
            if self.bytes.len() - self.last_line_start(length) > limit + "\r\n".len() {
                break (self.bytes.len(), false);
            }
            let offset = self.offset + self.bytes.len() as u64;
            if file.read_at(&mut self.bytes, offset, 1, step)? == 0 {
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
            self.too_long = block.long_line;
            if !self.too_long {
                self.stop = Some(Stop::Rest(self.offset + last as u64));
            }
        }
        Ok(at_end)
    }

    /// Where the last line that begins within `length` bytes begins.
    fn last_line_start(&self, length: usize) -> usize {
        let within = &self.bytes[self.range.start..(length - 1).clamp(self.range.start, self.bytes.len())];
        memrchr(b'\n', within).map_or(self.range.start, |found| self.range.start + found + 1)
    }

    /// Records where the file ends if it has become shorter than listed.
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

/// Whether a line has nothing but white space.
pub(crate) fn is_blank(line: &str) -> bool {
    line.trim_start().is_empty()
}

/// A line without the carriage return that belongs to its line end.
pub(crate) fn without_carriage_return(line: &str) -> &str {
    line.strip_suffix('\r').unwrap_or(line)
}
