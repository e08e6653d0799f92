//! The parts of an export: its requests as entries of the zip, with their names.

use super::request::{RequestKind, ServiceRequest};
use crate::error::Result;
use crate::summary::{OtlpSummary, Part, SignalCounts};
use crate::write::entries::{Entries, Entry};

/// Adds requests to the zip.
pub(super) struct Parts<'a, 'scope> {
    entries: Entries<'a, 'scope>,
    logs: PartsOfKind,
    traces: PartsOfKind,
    metrics: PartsOfKind,
}

/// The parts of one kind, in order.
struct PartsOfKind {
    kind: RequestKind,
    parts: Vec<Part>,
    /// The entry of the first part. It gets its name once it is known whether another part follows.
    unnamed: Option<Entry>,
}

impl<'a, 'scope> Parts<'a, 'scope> {
    pub(super) fn new(entries: Entries<'a, 'scope>) -> Self {
        Self {
            entries,
            logs: PartsOfKind::new(RequestKind::Logs),
            traces: PartsOfKind::new(RequestKind::Traces),
            metrics: PartsOfKind::new(RequestKind::Metrics),
        }
    }

    /// Adds a request.
    pub(super) fn add(&mut self, request: ServiceRequest) -> Result<()> {
        let parts = match request.kind {
            RequestKind::Logs => &mut self.logs,
            RequestKind::Traces => &mut self.traces,
            RequestKind::Metrics => &mut self.metrics,
        };
        parts.add(request, &mut self.entries)
    }

    /// Completes the parts and enters them into `otlp`. A kind without any request gets an empty one. Returns the
    /// zip, for the manifest.
    pub(super) fn finish(mut self, otlp: &mut OtlpSummary) -> Result<Entries<'a, 'scope>> {
        let mut finish = |parts: PartsOfKind| -> Result<u64> {
            let parts = parts.finish(&mut self.entries)?;
            let records = parts.iter().map(|part| part.records).sum();
            otlp.parts.extend(parts);
            Ok(records)
        };
        otlp.records = SignalCounts {
            logs: finish(self.logs)?,
            traces: finish(self.traces)?,
            metrics: finish(self.metrics)?,
        };
        Ok(self.entries)
    }
}

impl PartsOfKind {
    fn new(kind: RequestKind) -> Self {
        Self { kind, parts: Vec::new(), unnamed: None }
    }

    fn add(&mut self, request: ServiceRequest, entries: &mut Entries<'_, '_>) -> Result<()> {
        let (kind, number) = (self.kind.name(), self.parts.len() + 1);
        let file = format!("{kind}-{number:06}.json");
        let part = Part { file, signal: kind, records: request.records, bytes: request.bytes };
        let entry = entries.add(request.weight(), move |text| request.print(text))?;
        if let Some(first) = self.unnamed.take() {
            entries.name(first, self.parts[0].file.clone())?;
        }
        if self.parts.is_empty() {
            self.unnamed = Some(entry);
        } else {
            entries.name(entry, part.file.clone())?;
        }
        self.parts.push(part);
        Ok(())
    }

    fn finish(mut self, entries: &mut Entries<'_, '_>) -> Result<Vec<Part>> {
        if self.parts.is_empty() {
            self.add(ServiceRequest::empty(self.kind), entries)?;
        }
        if let Some(only) = self.unnamed {
            self.parts[0].file = format!("{}.json", self.kind.name());
            entries.name(only, self.parts[0].file.clone())?;
        }
        Ok(self.parts)
    }
}
