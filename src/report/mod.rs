//! Events as a page for a browser: what they say, and what they would give away.
//!
//! Blocks of rows are gathered in parallel: fields, counts, and lists of numbers. One thread adds them up in order, so that
//! what comes first is the same whatever the threads, and the page is written of what it found.

mod assembly;
mod block;
mod block_fields;
mod block_rows;
mod contexts;
mod excerpt;
mod findings;
mod first_rows;
mod identity;
mod inventory;
mod members;
mod metric_events;
mod page;
mod property_sets;
mod row_fields;
mod sensitive;
mod series;
mod sketch;
#[cfg(test)]
mod tests;

use std::sync::{Mutex, MutexGuard, PoisonError};

use self::assembly::Assembly;
use self::block::ReportBlock;
use self::inventory::SharedInventory;
use self::page::{About, page};
use crate::blocks::{Decoder, Encoder, EventContext, Place};
use crate::error::Result;
use crate::event::Event;
use crate::ledger::Ledger;
use crate::lines::LineBytes;
use crate::progress::Progress;
use crate::reader::Reader;
use crate::signal::{SpanName, refuse};
use crate::sizes::blocks_ahead;
use crate::summary::Summary;
use crate::workers::{Batches, Workers};
use crate::writer::Writer;

/// Telemetry in a block, in blocks of [`crate::sizes::Sizes`]: fewer and larger ones, since each has an inventory of its own.
const BLOCKS_IN_ONE: u64 = 4;

/// Blocks queued ahead where files are small and each is a block.
const BLOCKS_AHEAD_AT_MOST: usize = 32;

/// How a report is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportOptions {
    /// What operations are called.
    pub span_name: SpanName,
}

/// The report format.
pub(crate) struct Report<'p> {
    options: ReportOptions,
    progress: &'p Progress,
    shared: SharedInventory,
    /// Blocks that were added to the findings, to be used again.
    spare_blocks: Mutex<Vec<ReportBlock>>,
}

impl<'p> Report<'p> {
    pub(crate) fn new(options: &ReportOptions, progress: &'p Progress) -> Self {
        Self {
            progress,
            options: options.clone(),
            shared: SharedInventory::default(),
            spare_blocks: Mutex::default(),
        }
    }

    fn lock_spare_blocks(&self) -> MutexGuard<'_, Vec<ReportBlock>> {
        self.spare_blocks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a block that was added to the findings, for what it learned.
    fn keep(&self, mut block: ReportBlock) {
        if !block.is_empty() && block.is_worth_keeping() {
            block.reset();
            self.lock_spare_blocks().push(block);
        }
    }
}

impl Encoder for Report<'_> {
    type Block = ReportBlock;

    fn refuse(&self, event: &Event<'_>) -> Option<&'static str> {
        refuse(event)
    }

    fn encode(&self, block: &mut ReportBlock, event: &Event<'_>, context: EventContext<'_>, _place: Place) {
        // What is read after that is thrown away, and a block of hostile rows may take its time.
        if self.progress.is_cancelled() {
            return;
        }
        if let Some(time) = event.timestamp.unix_nanoseconds() {
            if block.is_empty()
                && let Some(spare) = self.lock_spare_blocks().pop()
            {
                *block = spare;
            }
            block.add(event, context, time, self.options.span_name, &self.shared);
        }
    }

    fn weight(&self, block: &ReportBlock) -> usize {
        block.weight()
    }

    fn finish(&self, block: &mut ReportBlock, lines: LineBytes) -> Vec<u8> {
        block.finish(&self.shared);
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
    let mut assembly = Assembly::new(&decoder.encoder.shared);
    let files = u32::try_from(decoder.files.count()).unwrap_or(u32::MAX);
    let mut reader = Reader::new(0..files);
    let block = BLOCKS_IN_ONE * decoder.sizes.block;
    let ahead = blocks_ahead(workers.threads()) as u64 * decoder.sizes.block;
    let mut session = None;
    loop {
        let mut batches = Batches::new(workers);
        while reader.has_more_to_queue()
            && reader.queued_bytes() < ahead
            && reader.queued_blocks() < BLOCKS_AHEAD_AT_MOST
        {
            reader.queue(&mut batches, decoder, block);
        }
        drop(batches);
        let Some(taken) = reader.take(workers, decoder, &mut ledger, block)? else { break };
        let taken_session = decoder.files.listed(taken.file).session();
        if session != Some(taken_session) {
            session = Some(taken_session);
            assembly.begin_session(taken_session);
        }
        assembly.add(&taken.encoded);
        decoder.encoder.keep(taken.encoded);
    }
    workers.progress().finish_reading();
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
