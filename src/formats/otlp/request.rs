//! One OTLP request: an `ExportLogsServiceRequest`, `ExportTraceServiceRequest` or
//! `ExportMetricsServiceRequest` in JSON.

use super::resource::{Resource, SCHEMA_URL};
use crate::write::entries::EntryText;

/// Ends a request.
pub(super) const REQUEST_END: &[u8] = b"]}\n";

/// The instrumentation scope.
macro_rules! scope {
    () => {
        concat!(
            "\"scope\":{\"name\":\"coder.telemetry.export\",\"version\":\"",
            env!("CARGO_PKG_VERSION"),
            "\"}"
        )
    };
}

/// The service that a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RequestKind {
    Logs,
    Traces,
    Metrics,
}

impl RequestKind {
    /// The name of the signal, in file names and URLs.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Logs => "logs",
            Self::Traces => "traces",
            Self::Metrics => "metrics",
        }
    }

    /// What a record of such a request is called in messages.
    pub(super) fn record_name(self) -> &'static str {
        match self {
            Self::Logs => "log record",
            Self::Traces => "span",
            Self::Metrics => "data point",
        }
    }

    /// The text of a request before its first resource block.
    pub(super) fn begin(self) -> &'static [u8] {
        match self {
            Self::Logs => b"{\"resourceLogs\":[",
            Self::Traces => b"{\"resourceSpans\":[",
            Self::Metrics => b"{\"resourceMetrics\":[",
        }
    }

    /// The text of a resource block before its first record. The scope list precedes the resource, because file
    /// receivers distinguish files by their first 1,000 bytes.
    pub(super) fn block_begin(self) -> &'static [u8] {
        match self {
            Self::Logs => concat!("{\"scopeLogs\":[{", scope!(), ",\"logRecords\":["),
            Self::Traces => concat!("{\"scopeSpans\":[{", scope!(), ",\"spans\":["),
            Self::Metrics => concat!("{\"scopeMetrics\":[{", scope!(), ",\"metrics\":["),
        }
        .as_bytes()
    }
}

/// The resource block that records are added to.
#[derive(Debug)]
pub(super) struct ResourceBlock {
    /// Identifies the block. A new block begins whenever the context changes, even if it changes back.
    pub(super) number: u64,
    /// The text of the block after its last record.
    pub(super) end: String,
}

impl ResourceBlock {
    /// The state before the first block.
    pub(super) fn none() -> Self {
        Self { number: 0, end: String::new() }
    }

    pub(super) fn new(number: u64, resource: &Resource) -> Self {
        let end = format!("],\"schemaUrl\":\"{SCHEMA_URL}\"}}],{}}}", resource.to_json());
        Self { number, end }
    }
}

/// The records of a request.
pub(super) trait RequestContent: Send + Sync {
    /// Bytes that the content takes in memory.
    fn weight(&self) -> usize;

    /// Prints the whole request as one JSON object on one line.
    fn print(&self, output: &mut EntryText<'_>);
}

/// A complete request.
pub(super) struct ServiceRequest {
    pub(super) kind: RequestKind,
    pub(super) records: u64,
    /// Length in print.
    pub(super) bytes: u64,
    content: Box<dyn RequestContent>,
}

impl ServiceRequest {
    /// A request of `records` records, which will be `bytes` long.
    pub(super) fn new(
        kind: RequestKind,
        records: u64,
        bytes: usize,
        content: impl RequestContent + 'static,
    ) -> Self {
        Self { kind, records, bytes: bytes as u64, content: Box::new(content) }
    }

    /// A request without a record.
    pub(super) fn empty(kind: RequestKind) -> Self {
        let mut text = ChunkedText::default();
        text.push(kind.begin());
        text.push(REQUEST_END);
        Self::new(kind, 0, text.length, text)
    }

    /// Bytes that the request takes in memory until it is printed.
    pub(super) fn weight(&self) -> usize {
        self.content.weight()
    }

    /// Prints the request as one JSON object on one line.
    pub(super) fn print(&self, output: &mut EntryText<'_>) {
        self.content.print(output);
        assert_eq!(output.length(), self.bytes, "the length of a {} request", self.kind.name());
    }
}

/// The result of adding a record.
pub(super) struct Added {
    /// The previous request, if the record did not fit into it.
    pub(super) full: Option<ServiceRequest>,
    /// Length of the request that the record is in, if that is above the limit. The request then holds nothing else.
    pub(super) bytes_above_limit: Option<u64>,
}

impl Added {
    pub(super) fn new(full: Option<ServiceRequest>, bytes: usize, limit: usize) -> Self {
        Self { full, bytes_above_limit: (bytes > limit).then_some(bytes as u64) }
    }
}

/// Text in chunks. A request in one piece would be moved while it grows, and fragment the heap.
#[derive(Default)]
pub(super) struct ChunkedText {
    chunks: Vec<Vec<u8>>,
    pub(super) length: usize,
}

impl ChunkedText {
    const CHUNK_BYTES: usize = 64 * 1024;

    pub(super) fn push(&mut self, text: &[u8]) {
        self.length += text.len();
        match self.chunks.last_mut() {
            Some(last) if last.capacity() - last.len() >= text.len() => last.extend_from_slice(text),
            _ => {
                let mut chunk = Vec::with_capacity(text.len().max(Self::CHUNK_BYTES));
                chunk.extend_from_slice(text);
                self.chunks.push(chunk);
            }
        }
    }
}

impl RequestContent for ChunkedText {
    fn weight(&self) -> usize {
        self.chunks.iter().map(Vec::capacity).sum()
    }

    fn print(&self, output: &mut EntryText<'_>) {
        self.chunks.iter().for_each(|chunk| output.write(chunk));
    }
}
