//! Decodes blocks on the workers of an export, or on the calling thread.

use std::io;

use super::decoder::{DecodedBlock, Decoder};
use super::encoder::Encoder;
use super::lines::BlockRange;
use crate::error::{Error, Result};
use crate::platform::Step;
use crate::platform::retry::retry;
use crate::progress::Progress;
use crate::sizes::blocks_ahead;
use crate::workers::{Batches, Pending, Workers};

/// A decoder and the workers that it runs on. Formats that queue blocks ahead use this and need not know of threads.
pub(crate) struct ParallelDecoder<'w, 'scope, E> {
    workers: &'w Workers<'scope, 'w>,
    decoder: &'scope Decoder<'scope, E>,
}

/// A block that a worker decodes. `None` if blocks decoded ahead take too much memory already.
pub(super) type PendingBlock<B> = Pending<Option<io::Result<DecodedBlock<B>>>>;

/// Blocks to be queued together. Dropping the batch queues the last ones.
pub(crate) struct BlockBatch<'w, 'scope, E> {
    decoder: &'scope Decoder<'scope, E>,
    batches: Batches<'w, 'scope, 'w>,
}

impl<'w, 'scope, E: Encoder> ParallelDecoder<'w, 'scope, E> {
    pub(crate) fn new(workers: &'w Workers<'scope, 'w>, decoder: &'scope Decoder<'scope, E>) -> Self {
        Self { workers, decoder }
    }

    /// How many threads decode, the caller's included.
    pub(crate) fn threads(&self) -> usize {
        self.workers.threads()
    }

    /// How many blocks to queue ahead of the one that is needed next.
    pub(crate) fn blocks_ahead(&self) -> usize {
        blocks_ahead(self.threads())
    }

    pub(crate) fn progress(&self) -> &'scope Progress {
        self.workers.progress()
    }

    pub(crate) fn decoder(&self) -> &'scope Decoder<'scope, E> {
        self.decoder
    }

    /// A batch of blocks to queue.
    pub(crate) fn batch(&self) -> BlockBatch<'w, 'scope, E> {
        BlockBatch { decoder: self.decoder, batches: Batches::new(self.workers) }
    }

    /// Decodes a block on this thread.
    pub(super) fn decode(&self, block: BlockRange) -> Result<DecodedBlock<E::Block>> {
        self.progress().check()?;
        self.retry_while_short(block, self.decoder.decode(block))
    }

    /// Waits until a queued block is decoded.
    pub(super) fn wait(
        &self,
        block: BlockRange,
        pending: &PendingBlock<E::Block>,
    ) -> Result<DecodedBlock<E::Block>> {
        let outcome = self.workers.wait(pending)?.unwrap_or_else(|| self.decoder.decode(block));
        self.retry_while_short(block, outcome)
    }

    /// Decodes a block again while the process is short of something. Meanwhile other
    /// workers give back what they hold.
    fn retry_while_short(
        &self,
        block: BlockRange,
        outcome: io::Result<DecodedBlock<E::Block>>,
    ) -> Result<DecodedBlock<E::Block>> {
        let mut first = Some(outcome);
        let outcome = retry(
            || self.progress().is_cancelled(),
            Step::DecodeBlock,
            || first.take().unwrap_or_else(|| self.decoder.decode(block)),
        );
        self.progress().check()?;
        outcome.map_err(|cause| {
            let path = self.decoder.files.path(block.file);
            Error::shortage(format!("read {}", path.display()), Some(&path), cause)
        })
    }
}

impl<'scope, E: Encoder> BlockBatch<'_, 'scope, E> {
    pub(super) fn decoder(&self) -> &'scope Decoder<'scope, E> {
        self.decoder
    }

    /// Has a worker decode a block.
    pub(super) fn queue(&mut self, block: BlockRange) -> PendingBlock<E::Block>
    where
        E::Block: 'scope,
    {
        let decoder = self.decoder;
        self.batches.spawn(block.length(), move || decoder.decode_ahead(block))
    }
}
