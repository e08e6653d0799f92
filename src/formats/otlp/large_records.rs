//! Warnings about records that make a request above the limit all by themselves (specification, Request size).

use super::envelope::Signal;
use crate::read::ledger::FirstOnes;
use crate::read::sessions::SourceLine;
use crate::summary::Summary;

/// The events whose records are above the limit: one entry an event, however many data points it gives.
pub(super) struct LargeRecords<'f> {
    limit: u32,
    events: FirstOnes<'f, LargeEvent>,
    /// The last of them, which may give more points.
    last: Option<(SourceLine<'f>, LargeEvent)>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct LargeEvent {
    line: u64,
    record: &'static str,
    records: u64,
    /// Length of the longest of their requests.
    bytes: u64,
}

impl<'f> LargeRecords<'f> {
    pub(super) fn new(limit: u32) -> Self {
        Self { limit, events: FirstOnes::default(), last: None }
    }

    /// Notes a record of the event at `source` that has a request of `bytes` to itself.
    pub(super) fn note(&mut self, signal: Signal, source: SourceLine<'f>, bytes: u64) {
        if let Some((last, event)) = &mut self.last
            && last.is(&source)
        {
            event.records += 1;
            event.bytes = event.bytes.max(bytes);
            return;
        }
        let event = LargeEvent { line: source.number, record: signal.record_name(), records: 1, bytes };
        self.add_last();
        self.last = Some((source, event));
    }

    fn add_last(&mut self) {
        if let Some((source, event)) = self.last.take() {
            self.events.add(source.file, event);
        }
    }

    /// Adds the warnings to `summary`, in order of date, session, part and line.
    pub(super) fn warn(&mut self, summary: &mut Summary) {
        self.add_last();
        let events = std::mem::take(&mut self.events);
        for (file, LargeEvent { line, record, records, bytes }) in events.entries {
            let need = match records {
                1 => format!("a {record} of this event needs a request of {bytes} bytes"),
                _ => format!("{records} {record}s of this event need a request of up to {bytes} bytes each"),
            };
            summary.warn(format!(
                "{}:{line}: {need}, which is more than maxRequestBytes ({}). A receiver with that limit refuses it.",
                file.name(),
                self.limit
            ));
        }
        summary.omitted.warnings += events.omitted;
    }
}
