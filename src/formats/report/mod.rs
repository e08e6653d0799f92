//! Events as a page for a browser: what they say, and what they would give away.
//!
//! Blocks of rows are gathered in parallel: fields, counts, and lists of numbers. One thread adds them up in order, so that
//! what comes first is the same whatever the threads, and the page is written of what it found.

mod assembly;
mod excerpt;
mod findings;
mod first_rows;
mod gather;
mod identity;
mod inventory;
mod page;
mod series;
mod sketch;
#[cfg(test)]
mod tests;

use self::assembly::Assembly;
use self::gather::Shared;
use self::gather::block::ReportBlock;
use self::page::{About, page};
use crate::error::Result;
use crate::progress::Progress;
use crate::read::encoder::{Encoder, LinePosition};
use crate::read::lines::LineBytes;
use crate::read::sessions::Sessions;
use crate::row::event::Event;
use crate::row::event_context::EventContext;
use crate::row::signal::{SpanName, refuse};
use crate::summary::Summary;
use crate::write::writer::Writer;

/// How many times the usual size a block has. Each block has an inventory of its own, so there are fewer and larger ones.
const BLOCK_SIZE: u64 = 4;

/// How a report is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportOptions {
    /// What operations are called.
    pub span_name: SpanName,
}

/// The report format.
pub(crate) struct Report<'p> {
    options: ReportOptions,
    shared: Shared<'p>,
}

impl<'p> Report<'p> {
    pub(crate) fn new(options: &ReportOptions, progress: &'p Progress) -> Self {
        Self { options: options.clone(), shared: Shared::new(progress) }
    }
}

impl Encoder for Report<'_> {
    type Block = ReportBlock;

    fn refuse(&self, event: &Event<'_>) -> Option<&'static str> {
        refuse(event)
    }

    fn encode(
        &self,
        block: &mut ReportBlock,
        event: &Event<'_>,
        context: EventContext<'_>,
        _position: LinePosition,
    ) {
        // What is read after that is thrown away, and a block of hostile rows may take its time.
        if self.shared.progress.is_cancelled() {
            return;
        }
        let time = event.timestamp.unix_nanoseconds().expect("other times were refused");
        block.add(event, context, time, self.options.span_name, &self.shared);
    }

    fn weight(&self, block: &ReportBlock) -> usize {
        block.weight()
    }

    fn finish(&self, block: &mut ReportBlock, lines: LineBytes) -> Vec<u8> {
        block.finish();
        lines.bytes
    }
}

/// Writes the page of all events to `output` and completes `summary`. Without any event nothing is written.
pub(crate) fn write<'scope>(
    sessions: Sessions<'_, 'scope, Report<'scope>>,
    mut output: Writer<'_>,
    made_at_ms: i64,
    summary: &mut Summary,
) -> Result<()> {
    let range = sessions.range();
    let mut assembly = Assembly::new(&sessions.encoder().shared.known_fields);
    sessions.read(BLOCK_SIZE, &mut assembly, summary)?;
    let findings = assembly.finish();
    if summary.event_count > 0 {
        let about = About { range, summary, made_at_ms };
        output.write(page(&findings, &about).as_bytes())?;
        summary.bytes_written = output.finish()?;
    }
    Ok(())
}
