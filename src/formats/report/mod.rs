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
use crate::read::decoder::Decoder;
use crate::read::encoder::{Encoder, Place};
use crate::read::ledger::Ledger;
use crate::read::lines::LineBytes;
use crate::read::reader::{InOrder, read_sessions};
use crate::row::context::EventContext;
use crate::row::event::Event;
use crate::row::signal::{SpanName, refuse};
use crate::summary::Summary;
use crate::workers::Workers;
use crate::write::writer::Writer;

/// Telemetry in a block, in blocks of [`crate::sizes::Sizes`]: fewer and larger ones, since each has an inventory of its own.
const BLOCKS_IN_ONE: u64 = 4;

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

    fn encode(&self, block: &mut ReportBlock, event: &Event<'_>, context: EventContext<'_>, _place: Place) {
        // What is read after that is thrown away, and a block of hostile rows may take its time.
        if self.shared.progress.is_cancelled() {
            return;
        }
        if let Some(time) = event.timestamp.unix_nanoseconds() {
            block.add(event, context, time, self.options.span_name, &self.shared);
        }
    }

    fn weight(&self, block: &ReportBlock) -> usize {
        block.weight()
    }

    fn finish(&self, block: &mut ReportBlock, lines: LineBytes) -> Vec<u8> {
        block.finish();
        lines.bytes
    }
}

/// Writes the page of all events of the decoder's files to `output`, and completes `summary`. Where there are no events,
/// nothing is written.
pub(crate) fn write<'scope>(
    workers: &Workers<'scope, '_>,
    decoder: &'scope Decoder<'scope, Report<'scope>>,
    mut ledger: Ledger<'_>,
    mut output: Writer<'_>,
    made_at_ms: i64,
    summary: &mut Summary,
) -> Result<()> {
    let mut assembly = Assembly::new(&decoder.encoder.shared.known_fields);
    let block_bytes = BLOCKS_IN_ONE * decoder.sizes.block;
    read_sessions(workers, decoder, &mut ledger, block_bytes, |next| {
        match next {
            InOrder::Session(name) => assembly.begin_session(name),
            InOrder::Block(taken) => assembly.add(&taken.encoded),
        }
        Ok(())
    })?;
    let findings = assembly.finish();
    summary.event_count = findings.signals.events.total();
    summary.signals = Some(findings.signals);
    ledger.close(summary);
    if summary.event_count > 0 {
        let about = About { range: decoder.range, summary, made_at_ms };
        output.write(page(&findings, &about).as_bytes())?;
        summary.bytes_written = output.finish()?;
    }
    Ok(())
}
