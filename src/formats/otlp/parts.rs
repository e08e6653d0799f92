//! Full requests on their way into the zip: printed and deflated in parallel, added in order.

use std::collections::VecDeque;

use super::envelope::{Request, Signal};
use crate::error::Result;
use crate::summary::{OtlpSummary, Part, SignalCounts};
use crate::workers::{Pending, Workers};
use crate::write::archive::{Archive, Deflated, deflate};

/// Bytes of requests that may wait to be printed and deflated.
const WAITING_BYTES: usize = 8 * 1024 * 1024;

/// Requests on their way into the zip.
pub(super) struct Parts<'p> {
    archive: Archive<'p>,
    compression_level: u32,
    /// In the order they were filled.
    waiting: VecDeque<(Part, usize, Pending<Deflated>)>,
    waiting_bytes: usize,
    /// The first part of each signal, until it is known whether another one follows: only then its name is.
    first: [Option<(Part, Deflated)>; 3],
    done: [Vec<Part>; 3],
}

impl<'p> Parts<'p> {
    pub(super) fn new(archive: Archive<'p>, compression_level: u32) -> Self {
        Self {
            archive,
            compression_level,
            waiting: VecDeque::new(),
            waiting_bytes: 0,
            first: [None, None, None],
            done: [Vec::new(), Vec::new(), Vec::new()],
        }
    }

    /// Has a request printed and deflated, after making room for it.
    pub(super) fn add<'scope>(&mut self, workers: &Workers<'scope, '_>, request: Request) -> Result<()> {
        while self.waiting_bytes + request.weight > WAITING_BYTES && !self.waiting.is_empty() {
            self.take_first(workers)?;
        }
        while self.waiting.front().is_some_and(|(.., pending)| pending.is_ready()) {
            self.take_first(workers)?;
        }
        let part = Part {
            file: String::new(),
            signal: request.signal.name(),
            records: request.records,
            bytes: request.bytes,
        };
        let (weight, level, progress) = (request.weight, self.compression_level, workers.progress());
        let pending = workers.spawn(move || deflate(level, progress, |output| request.print(output)));
        self.waiting.push_back((part, weight, pending));
        self.waiting_bytes += weight;
        Ok(())
    }

    fn take_first(&mut self, workers: &Workers<'_, '_>) -> Result<()> {
        let Some((part, weight, pending)) = self.waiting.pop_front() else { return Ok(()) };
        let deflated = workers.wait(&pending)?;
        // What is deflated while an export is being cancelled is not whole.
        workers.progress().check()?;
        self.waiting_bytes -= weight;
        self.settle(part, deflated)
    }

    fn settle(&mut self, part: Part, deflated: Deflated) -> Result<()> {
        assert_eq!(part.bytes, deflated.size(), "a part of {} is as long as foreseen", part.signal);
        let Some(signal) = Signal::ALL.iter().position(|signal| signal.name() == part.signal) else {
            return Ok(());
        };
        if self.done[signal].is_empty() && self.first[signal].is_none() {
            self.first[signal] = Some((part, deflated));
            return Ok(());
        }
        if let Some((first, first_deflated)) = self.first[signal].take() {
            self.write_numbered(signal, first, &first_deflated)?;
        }
        self.write_numbered(signal, part, &deflated)
    }

    fn write_numbered(&mut self, signal: usize, mut part: Part, deflated: &Deflated) -> Result<()> {
        part.file = format!("{}-{:06}.json", part.signal, self.done[signal].len() + 1);
        self.write_part(signal, part, deflated)
    }

    fn write_part(&mut self, signal: usize, part: Part, deflated: &Deflated) -> Result<()> {
        self.archive.add(&part.file, deflated)?;
        self.done[signal].push(part);
        Ok(())
    }

    /// Waits for all parts. A signal without one gets an empty request.
    pub(super) fn finish(mut self, workers: &Workers<'_, '_>, otlp: &mut OtlpSummary) -> Result<Archive<'p>> {
        while !self.waiting.is_empty() {
            self.take_first(workers)?;
        }
        for (at, signal) in Signal::ALL.into_iter().enumerate() {
            if self.done[at].is_empty() {
                let (part, deflated) =
                    self.first[at].take().unwrap_or_else(|| self.empty_part(workers, signal));
                let file = format!("{}.json", signal.name());
                self.write_part(at, Part { file, ..part }, &deflated)?;
            }
        }
        let records = |parts: &[Part]| parts.iter().map(|part| part.records).sum();
        let [logs, traces, metrics] = self.done;
        otlp.records =
            SignalCounts { logs: records(&logs), traces: records(&traces), metrics: records(&metrics) };
        otlp.parts = [logs, traces, metrics].concat();
        Ok(self.archive)
    }

    fn empty_part(&self, workers: &Workers<'_, '_>, signal: Signal) -> (Part, Deflated) {
        let request = Request::empty(signal);
        let deflated = deflate(self.compression_level, workers.progress(), |output| request.print(output));
        (Part { file: String::new(), signal: signal.name(), records: 0, bytes: request.bytes }, deflated)
    }
}
