//! The HTML report: what the events say, and what an export of them would give away.
//!
//! Workers gather blocks of rows in parallel (`gather`): fields, counts and lists of numbers. One thread adds up the blocks
//! in order (`assembly`), so the result does not depend on the number of threads. `page` then writes the `findings` as HTML.

mod about;
mod assembly;
mod excerpt;
mod field_marks;
mod findings;
mod first_rows;
mod gather;
mod identity;
mod inventory;
mod page;
mod percentiles;
mod series;
mod session_failures;
mod sketch;
#[cfg(test)]
mod tests;

use self::about::About;
use self::assembly::Assembly;
use self::gather::Shared;
use self::gather::block::ReportBlock;
use self::page::page;
use crate::error::Result;
use crate::privacy::redaction::Redactor;
use crate::progress::Progress;
use crate::read::encoder::{Encoder, LinePosition};
use crate::read::lines::LineBytes;
use crate::read::sessions::Sessions;
use crate::row::event::Event;
use crate::row::event_context::EventContext;
use crate::row::signal::refuse;
use crate::summary::Summary;
use crate::write::writer::Writer;

/// Factor by which blocks are larger than usual. Each block collects its own fields, so fewer and larger blocks cost less.
const BLOCK_SIZE: u64 = 4;

/// The report format.
pub(crate) struct Report<'p> {
    shared: Shared<'p>,
}

impl<'p> Report<'p> {
    /// With a redactor, the events that come are redacted.
    pub(crate) fn new(progress: &'p Progress, redactor: Option<&'p Redactor>) -> Self {
        Self { shared: Shared::new(progress, redactor) }
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
        // The block is thrown away after cancelling, and a block of hostile rows can take long.
        if self.shared.progress.is_cancelled() {
            return;
        }
        let time = event.timestamp.unix_nanoseconds().expect("`refuse` rejects events with other times");
        block.add(event, context, time, &self.shared);
    }

    fn weight(&self, block: &ReportBlock) -> usize {
        block.weight()
    }

    fn finish(&self, block: &mut ReportBlock, lines: LineBytes) -> Vec<u8> {
        block.finish();
        lines.bytes
    }
}

/// Writes the page to `output` and completes `summary`. Writes nothing if there is no event.
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
        let about = About::new(range, summary, made_at_ms);
        output.write(page(&findings, &about).as_bytes())?;
        summary.bytes_written = output.finish()?;
    }
    Ok(())
}
