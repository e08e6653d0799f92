//! Reads a run of telemetry files block by block. Blocks are queued ahead, then taken and counted in order.

use std::cmp::Ordering;
use std::collections::VecDeque;
use std::mem;
use std::ops::Range;

use super::decoder::{DecodedBlock, Decoder};
use super::encoder::Encoder;
use super::ledger::Ledger;
use super::lines::{BlockRange, InheritedHeader, Stop};
use super::parallel_decoder::{BlockBatch, ParallelDecoder, PendingBlock};
use crate::error::Result;
use crate::platform::Identity;
use crate::progress::Progress;

/// A block, read in its turn.
pub(crate) struct ReadBlock<B> {
    pub(crate) file: u32,
    /// Lines of the file before the block.
    pub(crate) lines_before: u64,
    /// Bytes of telemetry in it.
    pub(crate) bytes: u64,
    pub(crate) encoded: B,
}

/// The rest of a file joins the block before it if it is at most a quarter of a block.
const SHORT_REST_SHARE: u64 = 4;

/// Reads a run of files in order. Any number of blocks can be queued ahead.
pub(crate) struct Reader<B> {
    files: Range<u32>,
    /// Where the next block to queue begins.
    next: BlockStart,
    queue: Queue<B>,
    /// What is left of the last block, to be decoded separately.
    rest: Option<Box<BlockRange>>,
    /// The file of the last block that was taken.
    current: CurrentFile,
    /// Lines before this position were counted.
    counted: FilePosition,
}

/// A byte in a run of files. Positions in earlier files come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct FilePosition {
    file: u32,
    offset: u64,
}

impl FilePosition {
    /// The first byte of `file` that does not come before this position.
    fn offset_in(self, file: u32) -> u64 {
        match file.cmp(&self.file) {
            Ordering::Less => u64::MAX,
            Ordering::Equal => self.offset,
            Ordering::Greater => 0,
        }
    }
}

/// Where a block begins.
#[derive(Clone, Copy, Debug)]
struct BlockStart {
    position: FilePosition,
    /// Whether a line is known to begin there.
    begins_line: bool,
}

impl BlockStart {
    fn of_file(file: u32) -> Self {
        Self { position: FilePosition { file, offset: 0 }, begins_line: true }
    }
}

/// A line to continue reading from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bookmark {
    pub(crate) file: u32,
    pub(crate) offset: u64,
    pub(crate) lines_before: u64,
    pub(crate) header_at: Option<u64>,
}

/// Blocks that workers decode, in order.
struct Queue<B> {
    blocks: VecDeque<(BlockRange, PendingBlock<B>)>,
    /// Telemetry in them.
    bytes: u64,
}

impl<B> Queue<B> {
    fn new() -> Self {
        Self { blocks: VecDeque::new(), bytes: 0 }
    }

    fn push(&mut self, block: BlockRange, pending: PendingBlock<B>) {
        self.bytes += block.length();
        self.blocks.push_back((block, pending));
    }

    fn pop(&mut self) -> Option<(BlockRange, PendingBlock<B>)> {
        let first = self.blocks.pop_front()?;
        self.bytes -= first.0.length();
        if self.blocks.is_empty() {
            // Thousands of readers may wait for their turn. They do not keep room for a queue.
            self.blocks = VecDeque::new();
        }
        Some(first)
    }
}

/// What is known of the file whose blocks a [`Reader`] takes.
#[derive(Clone, Copy, Debug)]
struct CurrentFile {
    file: u32,
    /// Lines before the next block.
    lines: u64,
    /// The header in force after them.
    header_at: Option<u64>,
    identity: Identity,
    /// Whether `header_at` is known: a block was taken, or a bookmark holds it.
    begun: bool,
    /// Whether the rest of the file is skipped.
    ended: bool,
}

impl CurrentFile {
    fn new(file: u32) -> Self {
        Self { file, lines: 0, header_at: None, identity: None, begun: false, ended: false }
    }

    /// Whether the file was replaced before a block was read from a file of this identity.
    fn was_replaced(&self, identity: Identity) -> bool {
        self.identity.zip(identity).is_some_and(|(known, found)| known != found)
    }

    /// Moves to the end of a block.
    fn pass<B>(&mut self, decoded: &DecodedBlock<B>) {
        self.begun = true;
        self.identity = decoded.identity.or(self.identity);
        self.lines += decoded.lines;
        if let Some(header_after) = decoded.header_after {
            self.header_at = header_after;
        }
    }
}

impl<B: Send + Default> Reader<B> {
    pub(crate) fn new(files: Range<u32>) -> Self {
        let next = BlockStart::of_file(files.start);
        Self {
            next,
            queue: Queue::new(),
            rest: None,
            current: CurrentFile::new(files.start),
            counted: next.position,
            files,
        }
    }

    /// The first of its files.
    pub(crate) fn first_file(&self) -> u32 {
        self.files.start
    }

    /// Whether there is a block that is not queued yet.
    pub(crate) fn has_more_to_queue(&self) -> bool {
        self.next.position.file < self.files.end
    }

    /// Bytes of telemetry in queued blocks.
    pub(crate) fn queued_bytes(&self) -> u64 {
        self.queue.bytes
    }

    /// Queued blocks.
    pub(crate) fn queued_blocks(&self) -> usize {
        self.queue.blocks.len()
    }

    /// Queues the next block, of about `block_bytes`. Returns its length in bytes.
    pub(crate) fn queue<'scope, E: Encoder<Block = B>>(
        &mut self,
        batch: &mut BlockBatch<'_, 'scope, E>,
        block_bytes: u64,
    ) -> u64
    where
        B: 'scope,
    {
        let block = self.next_block(batch.decoder(), block_bytes);
        self.queue.push(block, batch.queue(block));
        block.length()
    }

    /// Cuts the block that follows those that were queued or taken.
    fn next_block<E: Encoder<Block = B>>(
        &mut self,
        decoder: &Decoder<'_, E>,
        block_bytes: u64,
    ) -> BlockRange {
        let BlockStart { position: FilePosition { file, offset: start }, begins_line } = self.next;
        let size = decoder.files.listed(file).size();
        let is_last = size - start <= block_bytes + block_bytes / SHORT_REST_SHARE;
        let end = if is_last { size } else { start + block_bytes };
        self.next = if is_last {
            BlockStart::of_file(file + 1)
        } else {
            BlockStart { position: FilePosition { file, offset: end }, begins_line: false }
        };
        BlockRange {
            file,
            start,
            end,
            inherited: self.inherited(file, start),
            count_from: self.counted.offset_in(file),
            begins_line,
            long_line: false,
        }
    }

    /// The header that a block is decoded with, before all blocks ahead of it are decoded.
    fn inherited(&self, file: u32, start: u64) -> InheritedHeader {
        if start == 0 {
            InheritedHeader::Known(None)
        } else if file == self.current.file && self.current.begun {
            InheritedHeader::Known(self.current.header_at)
        } else {
            InheritedHeader::First
        }
    }

    /// The next block in order; `None` when all were taken. Waits for it if it is queued.
    pub(crate) fn take<E: Encoder<Block = B>>(
        &mut self,
        decoding: &ParallelDecoder<'_, '_, E>,
        ledger: &mut Ledger<'_>,
        block_bytes: u64,
    ) -> Result<Option<ReadBlock<B>>> {
        if let Some(rest) = self.rest.take() {
            let decoded = decoding.decode(*rest)?;
            return self.accept(decoding, ledger, *rest, decoded).map(Some);
        }
        while let Some((block, pending)) = self.pop(decoding.decoder(), block_bytes) {
            if block.file != self.current.file {
                self.current = CurrentFile::new(block.file);
            }
            let decoded = match pending {
                _ if self.current.ended => None,
                Some(pending) => Some(decoding.wait(block, &pending)?),
                // Nothing is queued, so decode here: handing it to a worker would only add latency.
                None => Some(decoding.decode(block)?),
            };
            decoding.progress().add(block.uncounted_before(block.end), 0);
            if let Some(decoded) = decoded {
                return self.accept(decoding, ledger, block, decoded).map(Some);
            }
        }
        Ok(None)
    }

    /// The next block in order, with its pending result if it is queued.
    fn pop<E: Encoder<Block = B>>(
        &mut self,
        decoder: &Decoder<'_, E>,
        block_bytes: u64,
    ) -> Option<(BlockRange, Option<PendingBlock<B>>)> {
        if let Some((block, pending)) = self.queue.pop() {
            return Some((block, Some(pending)));
        }
        self.has_more_to_queue().then(|| (self.next_block(decoder, block_bytes), None))
    }

    /// Takes a decoded block: counts it and moves to its end.
    fn accept<E: Encoder<Block = B>>(
        &mut self,
        decoding: &ParallelDecoder<'_, '_, E>,
        ledger: &mut Ledger<'_>,
        block: BlockRange,
        decoded: DecodedBlock<B>,
    ) -> Result<ReadBlock<B>> {
        let (block, mut decoded) = self.with_header_in_force(decoding, block, decoded)?;
        let (file, lines_before) = (block.file, self.current.lines);
        if self.current.was_replaced(decoded.identity) {
            let reason = format!("it was replaced by another file; it was read up to byte {}", block.start);
            self.skip_rest_of_file(ledger, reason);
            return Ok(ReadBlock { file, lines_before, bytes: 0, encoded: B::default() });
        }
        self.count(decoding.progress(), ledger, block, &mut decoded);
        self.current.pass(&decoded);
        match decoded.stop {
            None => {}
            Some(Stop::Rest(start)) => self.rest = Some(Box::new(self.rest_of(block, start))),
            Some(Stop::Ended(reason)) => self.skip_rest_of_file(ledger, reason),
        }
        Ok(ReadBlock { file, lines_before, bytes: block.length(), encoded: decoded.encoded })
    }

    /// Decodes a block again if it needs a header and was decoded with another one than the one in force.
    fn with_header_in_force<E: Encoder<Block = B>>(
        &self,
        decoding: &ParallelDecoder<'_, '_, E>,
        block: BlockRange,
        decoded: DecodedBlock<B>,
    ) -> Result<(BlockRange, DecodedBlock<B>)> {
        let header_at = self.current.header_at;
        if !decoded.depends_on_header || decoded.assumed_header == header_at {
            return Ok((block, decoded));
        }
        let block = BlockRange { inherited: InheritedHeader::Known(header_at), ..block };
        Ok((block, decoding.decode(block)?))
    }

    /// Counts what was read of a block, except for what was counted before [`Self::go_back`].
    fn count(
        &mut self,
        progress: &Progress,
        ledger: &mut Ledger<'_>,
        block: BlockRange,
        decoded: &mut DecodedBlock<B>,
    ) {
        let rest = if let Some(Stop::Rest(start)) = decoded.stop { Some(start) } else { None };
        let bytes = block.uncounted_before(rest.unwrap_or(block.start + decoded.bytes));
        let tally = mem::take(&mut decoded.tally);
        progress.add(0, tally.events);
        ledger.book(block.file, self.current.lines, bytes, tally);
        let end = FilePosition { file: block.file, offset: rest.unwrap_or(block.end) };
        self.counted = self.counted.max(end);
    }

    /// The lines of a block from `start` on. The lines before must have been taken.
    fn rest_of(&self, block: BlockRange, start: u64) -> BlockRange {
        BlockRange {
            start,
            inherited: InheritedHeader::Known(self.current.header_at),
            count_from: self.counted.offset_in(block.file),
            begins_line: true,
            long_line: true,
            ..block
        }
    }

    fn skip_rest_of_file(&mut self, ledger: &mut Ledger<'_>, reason: String) {
        self.current.ended = true;
        ledger.skip(self.current.file, reason);
    }

    /// Drops what is queued and continues from `bookmark`. Lines that were counted are not counted again.
    pub(crate) fn go_back(&mut self, bookmark: Bookmark) {
        let Bookmark { file, offset, lines_before, header_at } = bookmark;
        self.queue = Queue::new();
        self.rest = None;
        self.next = BlockStart { position: FilePosition { file, offset }, begins_line: true };
        let identity = self.current.identity.filter(|_| self.current.file == file);
        self.current =
            CurrentFile { lines: lines_before, header_at, identity, begun: true, ..CurrentFile::new(file) };
    }
}
