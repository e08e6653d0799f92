//! Writes a JSON array with one event per line (specification, JSON export).

use super::block::JsonBlock;
use crate::error::Result;
use crate::write::writer::Writer;

/// Writes the brackets of the array and the events between them.
pub(crate) struct ArrayWriter<'p> {
    output: Writer<'p>,
    events: u64,
}

impl<'p> ArrayWriter<'p> {
    pub(crate) fn new(output: Writer<'p>) -> Self {
        Self { output, events: 0 }
    }

    /// Events written so far.
    pub(crate) fn events(&self) -> u64 {
        self.events
    }

    /// Writes the events `begin..end` of a block.
    pub(crate) fn write_rows(&mut self, block: &JsonBlock, begin: usize, end: usize) -> Result<()> {
        for row in &block.rows[begin..end] {
            self.output.write(if self.events == 0 { b"[\n" } else { b",\n" })?;
            self.events += 1;
            for piece in block.text(row) {
                self.output.write(piece)?;
            }
        }
        Ok(())
    }

    /// Closes the array if it has events, and waits until everything is written. Returns the length of the output.
    pub(crate) fn finish(mut self) -> Result<u64> {
        if self.events > 0 {
            self.output.write(b"\n]\n")?;
        }
        self.output.finish()
    }
}
