//! All files read session after session: blocks are decoded ahead in parallel and handed to a format in order.

use super::encoder::Encoder;
use super::ledger::Ledger;
use super::log_files::LogFile;
use super::parallel_decoder::ParallelDecoder;
use super::reader::Reader;
use crate::error::Result;
use crate::privacy::redaction::Redactor;
use crate::range::Range;
use crate::sizes::index;
use crate::summary::{SignalSummary, Summary};

/// Blocks queued ahead if files are small and each is a block.
const SMALL_BLOCKS_AHEAD_AT_MOST: usize = 32;

/// The sequential part of a format: it takes all blocks in order.
pub(crate) trait SessionSink<'f, B> {
    /// The blocks that follow belong to another session. `name` is the field of file names, or its pseudonym.
    fn begin_session(&mut self, name: &str);

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
    redactor: Option<&'f Redactor>,
}

impl<'f> BlockSource<'f> {
    /// The line that has `lines_before` lines before it in its block.
    pub(crate) fn line(self, lines_before: u32) -> SourceLine<'f> {
        let number = self.lines_before + u64::from(lines_before) + 1;
        SourceLine { file: self.file, number, redactor: self.redactor }
    }
}

/// The line that an event was read from.
#[derive(Clone, Copy)]
pub(crate) struct SourceLine<'f> {
    pub(crate) file: &'f LogFile,
    /// From 1.
    pub(crate) number: u64,
    /// To list the file's name.
    pub(crate) redactor: Option<&'f Redactor>,
}

impl SourceLine<'_> {
    /// Whether both are the same line.
    pub(crate) fn is(&self, other: &Self) -> bool {
        std::ptr::eq(self.file, other.file) && self.number == other.number
    }
}

/// The sessions of an export, ready to be read.
pub(crate) struct Sessions<'s, 'scope, E> {
    decoding: ParallelDecoder<'s, 'scope, E>,
    ledger: Ledger<'s>,
}

impl<'s, 'scope, E: Encoder> Sessions<'s, 'scope, E>
where
    E::Block: 'scope,
{
    pub(crate) fn new(decoding: ParallelDecoder<'s, 'scope, E>, ledger: Ledger<'s>) -> Self {
        Self { decoding, ledger }
    }

    /// The format that the blocks are encoded in.
    pub(crate) fn encoder(&self) -> &'scope E {
        self.decoding.decoder().encoder
    }

    /// The range of the events.
    pub(crate) fn range(&self) -> &'scope Range {
        self.decoding.decoder().range
    }

    /// Reads everything, in blocks that are `block_factor` times as large as usual, and hands it to `sink`. Then adds
    /// the counts of events and lines to `summary`.
    pub(crate) fn read(
        self,
        block_factor: u64,
        sink: &mut impl SessionSink<'scope, E::Block>,
        summary: &mut Summary,
    ) -> Result<()> {
        let Self { decoding, mut ledger } = self;
        let decoder = decoding.decoder();
        let block_bytes = block_factor * decoder.sizes.block;
        let files = index(decoder.files.count());
        let mut reader = Reader::new(0..files);
        let ahead = decoding.blocks_ahead() as u64 * decoder.sizes.block;
        let mut session = None;
        loop {
            let mut batch = decoding.batch();
            while reader.has_more_to_queue()
                && reader.queued_bytes() < ahead
                && reader.queued_blocks() < SMALL_BLOCKS_AHEAD_AT_MOST
            {
                reader.queue(&mut batch, block_bytes);
            }
            drop(batch);
            let Some(taken) = reader.take(&decoding, &mut ledger, block_bytes)? else { break };
            let file = decoder.files.listed(taken.file);
            if session != Some(file.session()) {
                session = Some(file.session());
                sink.begin_session(&file.listed_session(decoder.redactor));
            }
            let (lines_before, redactor) = (taken.lines_before, decoder.redactor);
            sink.add(taken.encoded, BlockSource { file, lines_before, redactor })?;
        }
        decoding.progress().finish_reading();
        let signals = sink.signals();
        summary.event_count = signals.events.total();
        summary.signals = Some(signals);
        ledger.close(summary);
        Ok(())
    }
}
