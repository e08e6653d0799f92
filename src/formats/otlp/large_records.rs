//! Warnings about records that exceed the size limit of a request by themselves (specification, Requests).

use super::request::RequestKind;
use crate::privacy::redaction::Redactor;
use crate::read::ledger::FirstEntries;
use crate::read::sessions::SourceLine;
use crate::summary::Summary;

/// The events with a record above the limit. An event with several such data points is one entry.
pub(super) struct LargeRecords<'f> {
    limit: u32,
    events: FirstEntries<'f, LargeEvent>,
    /// The last of these events. More of its points may be above the limit.
    last: Option<(SourceLine<'f>, LargeEvent)>,
    redactor: Option<&'f Redactor>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct LargeEvent {
    line: u64,
    record: &'static str,
    records: u64,
    /// Length of the longest request among them.
    bytes: u64,
}

impl<'f> LargeRecords<'f> {
    pub(super) fn new(limit: u32) -> Self {
        Self { limit, events: FirstEntries::default(), last: None, redactor: None }
    }

    /// Notes a record of the event at `source` that has a request of `bytes` to itself.
    pub(super) fn note(&mut self, kind: RequestKind, source: SourceLine<'f>, bytes: u64) {
        if let Some((last, event)) = &mut self.last
            && last.is(&source)
        {
            event.records += 1;
            event.bytes = event.bytes.max(bytes);
            return;
        }
        let event = LargeEvent { line: source.number, record: kind.record_name(), records: 1, bytes };
        self.add_last();
        self.redactor = source.redactor;
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
                file.listed_name(self.redactor),
                self.limit
            ));
        }
        summary.omitted.warnings += events.omitted;
    }
}
