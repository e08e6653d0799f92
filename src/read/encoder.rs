//! What a format does with the events of a block.

use super::lines::LineBytes;
use crate::row::context::EventContext;
use crate::row::event::Event;

/// What a format makes of events: blocks of its own, printed in parallel.
pub(crate) trait Encoder: Sync {
    /// The encoded events of a block, in order.
    type Block: Send + Default;

    /// Why this format cannot hold an event that is otherwise good; judged before the range is.
    fn refuse(&self, event: &Event<'_>) -> Option<&'static str>;

    /// Adds an event to its block.
    fn encode(
        &self,
        block: &mut Self::Block,
        event: &Event<'_>,
        context: EventContext<'_>,
        position: LinePosition,
    );

    /// Bytes that a block takes in memory. It may be many times what was read, where a header is long.
    fn weight(&self, block: &Self::Block) -> usize;

    /// Called once all events of a block were added, with the lines that they were read from. Returns their buffer, if the
    /// block does not keep it.
    fn finish(&self, block: &mut Self::Block, lines: LineBytes) -> Vec<u8>;
}

/// Where an event's line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LinePosition {
    /// Byte offset of the line in its file.
    pub(crate) offset: u64,
    /// Lines before it in its block.
    pub(crate) lines_before: u64,
}
