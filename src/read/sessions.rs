//! All files read session after session: blocks are decoded ahead in parallel and handed to a format in order.

use super::decoder::Decoder;
use super::encoder::Encoder;
use super::ledger::Ledger;
use super::log_files::LogFile;
use super::reader::Reader;
use crate::error::Result;
use crate::range::Range;
use crate::sizes::blocks_ahead;
use crate::summary::{SignalSummary, Summary};
use crate::workers::{Batches, Workers};

/// Blocks queued ahead if files are small and each is a block.
const SMALL_BLOCKS_AHEAD_AT_MOST: usize = 32;

/// The sequential part of a format: it takes all blocks in order.
pub(crate) trait SessionSink<'f, B> {
    /// The blocks that follow belong to the session of this name, which is a field of file names.
    fn begin_session(&mut self, name: &'f str);

    /// Takes the session's next block, which was read from `source`.
    fn add(&mut self, block: B, source: BlockSource<'f>) -> Result<()>;

    /// What the events of the blocks so far became.
    fn signals(&self) -> SignalSummary;
}

/// Where a block was read from.
#[derive(Clone, Copy)]
pub(crate) struct BlockSource<'f> {
    file: &'f LogFile,
    /// Lines of the file before the block.
    lines_before: u64,
}

impl<'f> BlockSource<'f> {
    /// The line that has `lines_before` lines before it in its block.
    pub(crate) fn line(self, lines_before: u32) -> SourceLine<'f> {
        SourceLine { file: self.file, number: self.lines_before + u64::from(lines_before) + 1 }
    }
}

/// The line that an event was read from.
#[derive(Clone, Copy)]
pub(crate) struct SourceLine<'f> {
    pub(crate) file: &'f LogFile,
    /// From 1.
    pub(crate) number: u64,
}

impl SourceLine<'_> {
    /// Whether both are the same line.
    pub(crate) fn is(&self, other: &Self) -> bool {
        std::ptr::eq(self.file, other.file) && self.number == other.number
    }
}

/// The sessions of an export, ready to be read.
pub(crate) struct Sessions<'s, 'scope, 'pool, E> {
    workers: &'s Workers<'scope, 'pool>,
    decoder: &'scope Decoder<'scope, E>,
    ledger: Ledger<'s>,
}

impl<'s, 'scope, 'pool, E: Encoder> Sessions<'s, 'scope, 'pool, E>
where
    E::Block: 'scope,
{
    pub(crate) fn new(
        workers: &'s Workers<'scope, 'pool>,
        decoder: &'scope Decoder<'scope, E>,
        ledger: Ledger<'s>,
    ) -> Self {
        Self { workers, decoder, ledger }
    }

    /// The format that the blocks are encoded in.
    pub(crate) fn encoder(&self) -> &'scope E {
        self.decoder.encoder
    }

    /// The window of events.
    pub(crate) fn range(&self) -> &'scope Range {
        self.decoder.range
    }

    /// Reads everything, in blocks that are `block_size` times as large as usual, and hands it to `sink`. Then enters events
    /// and lines into `summary`.
    pub(crate) fn read(
        self,
        block_size: u64,
        sink: &mut impl SessionSink<'scope, E::Block>,
        summary: &mut Summary,
    ) -> Result<()> {
        let Self { workers, decoder, mut ledger } = self;
        let block_bytes = block_size * decoder.sizes.block;
        let files = u32::try_from(decoder.files.count()).expect("far fewer files fit in memory");
        let mut reader = Reader::new(0..files);
        let ahead = blocks_ahead(workers.threads()) as u64 * decoder.sizes.block;
        let mut session = None;
        loop {
            let mut batches = Batches::new(workers);
            while reader.has_more_to_queue()
                && reader.queued_bytes() < ahead
                && reader.queued_blocks() < SMALL_BLOCKS_AHEAD_AT_MOST
            {
                reader.queue(&mut batches, decoder, block_bytes);
            }
            drop(batches);
            let Some(taken) = reader.take(workers, decoder, &mut ledger, block_bytes)? else { break };
            let file = decoder.files.listed(taken.file);
            if session != Some(file.session()) {
                session = Some(file.session());
                sink.begin_session(file.session());
            }
            sink.add(taken.encoded, BlockSource { file, lines_before: taken.lines_before })?;
        }
        workers.progress().finish_reading();
        let signals = sink.signals();
        summary.event_count = signals.events.total();
        summary.signals = Some(signals);
        ledger.close(summary);
        Ok(())
    }
}
