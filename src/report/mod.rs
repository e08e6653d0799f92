//! Events as a page for a browser: what they say, and what they would give away.

mod excerpt;
mod findings;
mod first_rows;
mod sensitive;
mod series;
mod sketch;

use crate::blocks::{Decoder, Encoder, EventContext, Place};
use crate::error::Result;
use crate::event::Event;
use crate::ledger::Ledger;
use crate::lines::LineBytes;
use crate::reader::Reader;
use crate::signal::{MetricFamily, SpanName, is_span, refuse};
use crate::sizes::blocks_ahead;
use crate::summary::{SignalSummary, Summary};
use crate::workers::{Batches, Workers};
use crate::writer::Writer;

/// How a report is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportOptions {
    /// What operations are called.
    pub span_name: SpanName,
}

/// The report format.
pub(crate) struct Report {
    #[allow(dead_code)]
    options: ReportOptions,
}

impl Report {
    pub(crate) fn new(options: &ReportOptions) -> Self {
        Self { options: options.clone() }
    }
}

/// What a block of rows adds to a report.
#[derive(Default)]
pub(crate) struct ReportBlock {
    signals: SignalSummary,
}

impl Encoder for Report {
    type Block = ReportBlock;

    fn refuse(&self, event: &Event<'_>) -> Option<&'static str> {
        refuse(event)
    }

    fn encode(&self, block: &mut ReportBlock, event: &Event<'_>, _context: EventContext<'_>, _place: Place) {
        let events = &mut block.signals.events;
        if MetricFamily::of(event.event_name).is_some() {
            events.metrics += 1;
        } else if is_span(event) {
            events.traces += 1;
        } else {
            events.logs += 1;
        }
    }

    fn weight(&self, _block: &ReportBlock) -> usize {
        0
    }

    fn finish(&self, _block: &mut ReportBlock, lines: LineBytes) -> Vec<u8> {
        lines.bytes
    }
}

/// Writes the page of all events of the decoder's files to `output`, and completes `summary`. Where there are no events,
/// nothing is written.
pub(crate) fn write<'scope>(
    workers: &Workers<'scope, '_>,
    decoder: &'scope Decoder<'scope, Report>,
    mut ledger: Ledger<'_>,
    mut output: Writer<'_>,
    _exported_at_ms: i64,
    summary: &mut Summary,
) -> Result<()> {
    let files = u32::try_from(decoder.files.count()).unwrap_or(u32::MAX);
    let mut reader = Reader::new(0..files);
    let mut signals = SignalSummary::default();
    let ahead = blocks_ahead(workers.threads()) as u64 * decoder.sizes.block;
    loop {
        let mut batches = Batches::new(workers);
        while reader.has_more_to_queue() && reader.queued_bytes() < ahead {
            reader.queue(&mut batches, decoder, decoder.sizes.block);
        }
        drop(batches);
        let Some(taken) = reader.take(workers, decoder, &mut ledger, decoder.sizes.block)? else { break };
        let events = taken.encoded.signals.events;
        signals.events.logs += events.logs;
        signals.events.traces += events.traces;
        signals.events.metrics += events.metrics;
    }
    workers.progress().finish_reading();
    summary.event_count = signals.events.total();
    summary.signals = Some(signals);
    ledger.close(summary);
    if summary.event_count > 0 {
        output.write(b"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Telemetry report</title></head><body><h1>Telemetry report</h1></body></html>\n")?;
        summary.bytes_written = output.finish()?;
    }
    Ok(())
}
