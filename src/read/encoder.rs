//! What a format implements to encode the events of blocks.

use super::lines::LineBytes;
use crate::row::event::Event;
use crate::row::event_context::EventContext;

/// Encodes the events of blocks. Blocks are encoded in parallel.
pub(crate) trait Encoder: Sync {
    /// The encoded events of a block, in order.
    type Block: Send + Default;

    /// Why this format cannot hold an event that is otherwise good. Asked before the range is applied.
    fn refuse(&self, event: &Event<'_>) -> Option<&'static str>;

    /// Adds an event to its block.
    fn encode(
        &self,
        block: &mut Self::Block,
        event: &Event<'_>,
        context: EventContext<'_>,
        position: LinePosition,
    );

    /// Memory that a block takes. It can be many times what was read if a header is long.
    fn weight(&self, block: &Self::Block) -> usize;

    /// Finishes a block with all its events. `lines` holds the lines that they were read from. Returns the buffer of
    /// the lines if the block does not keep it.
    fn finish(&self, block: &mut Self::Block, lines: LineBytes) -> Vec<u8>;
}

/// Where an event's line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LinePosition {
    /// Byte offset of the line in its file.
    pub(crate) offset: u64,
    /// Lines before it in its block.
    pub(crate) lines_before: u64,
}
