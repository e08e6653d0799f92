//! A run of telemetry files read block by block: any number of blocks queued ahead, taken and booked in order.

use std::cmp::Ordering;
use std::collections::VecDeque;
use std::mem;
use std::ops::Range;

use super::decoder::{Decoded, Decoder};
use super::encoder::Encoder;
use super::ledger::Ledger;
use super::lines::{BlockRange, Inherited, Stop};
use crate::error::{Error, Result};
use crate::platform::{Identity, Step};
use crate::progress::Progress;
use crate::retry::retry;
use crate::workers::{Batches, Pending, Workers};

/// A block taken in order.
pub(crate) struct Taken<B> {
    pub(crate) file: u32,
    /// Lines of the file before the block.
    pub(crate) lines_before: u64,
    /// Telemetry that was read for it.
    pub(crate) bytes: u64,
    pub(crate) encoded: B,
}

/// A block that was decoded; again, if the process was short of something, for as long as there is patience: workers that
/// read other files meanwhile give back what they hold.
fn unless_short<E: Encoder>(
    progress: &Progress,
    decoder: &Decoder<'_, E>,
    block: BlockRange,
    decoded: Decoded<E::Block>,
) -> Result<Decoded<E::Block>> {
    let mut first = Some(decoded);
    let decoded = retry(progress, Step::DecodeBlock, || {
        let mut decoded = first.take().unwrap_or_else(|| decoder.decode(block));
        match decoded.stop.take_if(|stop| matches!(stop, Stop::Shortage(_))) {
            Some(Stop::Shortage(cause)) => Err(cause),
            _ => Ok(decoded),
        }
    });
    progress.check()?;
    decoded.map_err(|cause| {
        let path = decoder.files.path(block.file);
        Error::shortage(format!("read {}", path.display()), Some(&path), cause)
    })
}

/// A place to go on reading from: the start of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bookmark {
    pub(crate) file: u32,
    pub(crate) offset: u64,
    pub(crate) lines_before: u64,
    pub(crate) header_at: Option<u64>,
}

/// Reads a run of files in order, with any number of blocks queued ahead.
pub(crate) struct Reader<B> {
    files: Range<u32>,
    /// The block to queue next begins here.
    ahead: (u32, u64),
    /// Whether a line is known to begin there: [`Reader::go_back`] went there.
    ahead_begins_line: bool,
    queued: VecDeque<(BlockRange, Pending<Option<Decoded<B>>>)>,
    queued_bytes: u64,
    /// The rest of a block, to be decoded apart.
    rest: Option<Box<BlockRange>>,
    /// What is known of the file that is being taken.
    current: CurrentFile,
    /// Lines before this place were counted.
    counted: (u32, u64),
}

/// The state of the file that a [`Reader`] takes blocks of.
#[derive(Clone, Copy, Debug)]
struct CurrentFile {
    file: u32,
    lines: u64,
    header_at: Option<u64>,
    identity: Identity,
    /// Whether `header_at` is known: a block was taken, or a bookmark says so.
    begun: bool,
    ended: bool,
}

impl CurrentFile {
    fn new(file: u32) -> Self {
        Self { file, lines: 0, header_at: None, identity: None, begun: false, ended: false }
    }
}

impl<B: Send + Default> Reader<B> {
    pub(crate) fn new(files: Range<u32>) -> Self {
        Self {
            ahead: (files.start, 0),
            queued: VecDeque::new(),
            queued_bytes: 0,
            rest: None,
            current: CurrentFile::new(files.start),
            counted: (files.start, 0),
            ahead_begins_line: false,
            files,
        }
    }

    /// The first of its files.
    pub(crate) fn first_file(&self) -> u32 {
        self.files.start
    }

    /// Whether there is a block that is not queued yet.
    pub(crate) fn has_more_to_queue(&self) -> bool {
        self.ahead.0 < self.files.end
    }

    /// Bytes of telemetry in queued blocks.
    pub(crate) fn queued_bytes(&self) -> u64 {
        self.queued_bytes
    }

    /// Queued blocks.
    pub(crate) fn queued_blocks(&self) -> usize {
        self.queued.len()
    }

    /// Queues the next block, of about `block_bytes`. Returns its length in bytes.
    pub(crate) fn queue<'scope, E: Encoder<Block = B>>(
        &mut self,
        batches: &mut Batches<'_, 'scope, '_>,
        decoder: &'scope Decoder<'scope, E>,
        block_bytes: u64,
    ) -> u64
    where
        B: 'scope,
    {
        let block = self.next_block(decoder, block_bytes);
        let bytes = block.end - block.start;
        self.queued_bytes += bytes;
        self.queued.push_back((block, batches.spawn(bytes, move || decoder.decode_ahead(block))));
        bytes
    }

    /// The block behind those that were queued or taken.
    fn next_block<E: Encoder<Block = B>>(
        &mut self,
        decoder: &Decoder<'_, E>,
        block_bytes: u64,
    ) -> BlockRange {
        let (file, start) = self.ahead;
        let size = decoder.files.listed(file).size();
        // A short rest is not worth a block of its own.
        let end = if size - start <= block_bytes + block_bytes / 4 { size } else { start + block_bytes };
        let inherited = if start == 0 {
            Inherited::Known(None)
        } else if file == self.current.file && self.current.begun {
            Inherited::Known(self.current.header_at)
        } else {
            Inherited::FirstHeader
        };
        let begins_line = mem::take(&mut self.ahead_begins_line) || start == 0;
        let count_from = self.count_from(file);
        self.ahead = if end == size { (file + 1, 0) } else { (file, end) };
        BlockRange { file, start, end, inherited, count_from, begins_line, long_line: false }
    }

    fn count_from(&self, file: u32) -> u64 {
        match file.cmp(&self.counted.0) {
            Ordering::Less => u64::MAX,
            Ordering::Equal => self.counted.1,
            Ordering::Greater => 0,
        }
    }

    /// The next block in order; `None` when all were taken. A queued one is waited for.
    pub(crate) fn take<'scope, E: Encoder<Block = B>>(
        &mut self,
        workers: &Workers<'scope, '_>,
        decoder: &'scope Decoder<'scope, E>,
        ledger: &mut Ledger<'_>,
        block_bytes: u64,
    ) -> Result<Option<Taken<B>>>
    where
        B: 'scope,
    {
        if let Some(block) = self.rest.take() {
            workers.progress().check()?;
            let block = *block;
            let decoded = decoder.decode(block);
            return self.accept(workers, decoder, ledger, block, decoded).map(Some);
        }
        loop {
            let (block, decoded) = match self.queued.pop_front() {
                Some((block, pending)) => {
                    self.queued_bytes -= block.end - block.start;
                    (block, workers.wait(&pending)?.unwrap_or_else(|| decoder.decode(block)))
                }
                None if !self.has_more_to_queue() => return Ok(None),
                // Nothing is queued, so decode here: handing it to a worker would only add latency.
                None => {
                    workers.progress().check()?;
                    let block = self.next_block(decoder, block_bytes);
                    (block, decoder.decode(block))
                }
            };
            if self.queued.is_empty() {
                // A reader that waits for its turn shall not keep room for a queue.
                self.queued = VecDeque::new();
            }
            if block.file != self.current.file {
                self.current = CurrentFile::new(block.file);
            }
            workers.progress().add(block.end.saturating_sub(block.start.max(block.count_from)), 0);
            if !self.current.ended {
                return self.accept(workers, decoder, ledger, block, decoded).map(Some);
            }
        }
    }

    /// Books a decoded block, after decoding it again if it assumed another header than the one in force.
    fn accept<'scope, E: Encoder<Block = B>>(
        &mut self,
        workers: &Workers<'scope, '_>,
        decoder: &'scope Decoder<'scope, E>,
        ledger: &mut Ledger<'_>,
        mut block: BlockRange,
        decoded: Decoded<B>,
    ) -> Result<Taken<B>> {
        let header_at = self.current.header_at;
        let mut decoded = unless_short(workers.progress(), decoder, block, decoded)?;
        if decoded.depended && decoded.assumed != header_at {
            block.inherited = Inherited::Known(header_at);
            decoded = unless_short(workers.progress(), decoder, block, decoder.decode(block))?;
        }
        let file = block.file;
        let lines_before = self.current.lines;
        self.current.begun = true;
        if self.current.identity.is_some()
            && decoded.identity.is_some()
            && self.current.identity != decoded.identity
        {
            self.current.ended = true;
            ledger.skip(
                file,
                format!("it was replaced by another file; it was read up to byte {}", block.start),
            );
            return Ok(Taken { file, lines_before, bytes: 0, encoded: B::default() });
        }
        self.current.identity = decoded.identity.or(self.current.identity);
        workers.progress().add(0, decoded.tally.events);
        // A block that is read again after the merge went back was counted before.
        let end = match decoded.stop {
            Some(Stop::Rest(start)) => start,
            _ => block.start + decoded.bytes,
        };
        let bytes = end.saturating_sub(block.start.max(block.count_from));
        ledger.book(file, lines_before, bytes, decoded.tally);
        self.current.lines += decoded.lines;
        if let Some(header_after) = decoded.header_after {
            self.current.header_at = header_after;
        }
        let mut counted = block.end;
        match decoded.stop {
            None => {}
            Some(Stop::Rest(start)) => {
                counted = start;
                let inherited = Inherited::Known(self.current.header_at);
                let count_from = self.count_from(block.file).max(start);
                self.rest = Some(Box::new(BlockRange {
                    start,
                    inherited,
                    count_from,
                    begins_line: true,
                    long_line: true,
                    ..block
                }));
            }
            Some(Stop::Ended(reason)) => {
                self.current.ended = true;
                ledger.skip(file, reason);
            }
            Some(Stop::Shortage(_)) => unreachable!("such a block is decoded again or ends the export"),
        }
        self.counted = self.counted.max((block.file, counted));
        Ok(Taken { file, lines_before, bytes: block.end - block.start, encoded: decoded.encoded })
    }

    /// Forgets what is queued and goes on from `bookmark`. Lines that were counted are not counted again.
    pub(crate) fn go_back(&mut self, bookmark: Bookmark) {
        self.queued = VecDeque::new();
        self.queued_bytes = 0;
        self.rest = None;
        self.ahead = (bookmark.file, bookmark.offset);
        self.ahead_begins_line = true;
        let identity = self.current.identity.filter(|_| self.current.file == bookmark.file);
        self.current = CurrentFile {
            lines: bookmark.lines_before,
            header_at: bookmark.header_at,
            identity,
            begun: true,
            ..CurrentFile::new(bookmark.file)
        };
    }
}
