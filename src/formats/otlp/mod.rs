//! Events as OTLP/JSON requests in a zip (specification, OTLP export). Only this folder knows OTLP.
//!
//! Blocks of rows are routed and, where they become log records or spans, printed in parallel. One thread then looks at
//! numbers and lengths only: it gives metric points their windows and totals and fills requests. Full requests are printed
//! and deflated in parallel again and join the zip in order.

mod assembly;
mod attributes;
mod by_origin;
mod envelope;
mod ids;
mod large_records;
mod logs;
mod manifest;
mod metrics;
mod parts;
mod points;
mod resource;
mod spans;
mod stream_clock;
mod stream_keys;
mod streams;

use std::hash::RandomState;
use std::sync::Arc;

pub(crate) use assembly::write;

use crate::progress::Progress;
use crate::read::encoder::{Encoder, Place};
use crate::read::lines::LineBytes;
use crate::row::context::ContextKey;
use crate::row::context::EventContext;
use crate::row::event::Event;
use crate::row::signal::{MetricName, Signal, SpanName, refuse, signal_of};
use attributes::Attributes;
use metrics::MetricBlock;
use resource::Context;

/// How sums are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Temporality {
    /// What each window counted, as Datadog needs it.
    #[default]
    Delta,
    /// Running totals, as the Prometheus family needs them.
    Cumulative,
}

impl Temporality {
    /// The option's text.
    pub fn name(self) -> &'static str {
        match self {
            Self::Delta => "delta",
            Self::Cumulative => "cumulative",
        }
    }
}

/// How an OTLP export is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtlpOptions {
    /// How sums are written.
    pub temporality: Temporality,
    /// What spans are called.
    pub span_name: SpanName,
    /// Longest request in bytes, 65,536 to 67,108,864.
    pub max_request_bytes: u32,
    /// Effort of deflate, 0 to 9.
    pub compression_level: u32,
}

impl OtlpOptions {
    /// A gRPC hop and Loki take about 4 MiB, and logs grow by a twelfth on their way into Loki.
    pub const DEFAULT_MAX_REQUEST_BYTES: u32 = 3_500_000;
    /// Smallest limit that may be asked for.
    pub const MIN_MAX_REQUEST_BYTES: u32 = 64 * 1024;
    /// Largest limit that may be asked for.
    pub const MAX_MAX_REQUEST_BYTES: u32 = 64 * 1024 * 1024;
    /// The level up to which a zip shrinks by more than the time for it grows.
    pub const DEFAULT_COMPRESSION_LEVEL: u32 = 4;
}

impl Default for OtlpOptions {
    fn default() -> Self {
        Self {
            temporality: Temporality::default(),
            span_name: SpanName::default(),
            max_request_bytes: Self::DEFAULT_MAX_REQUEST_BYTES,
            compression_level: Self::DEFAULT_COMPRESSION_LEVEL,
        }
    }
}

/// The OTLP format.
pub(crate) struct Otlp<'p> {
    options: OtlpOptions,
    progress: &'p Progress,
    /// Keyed, so that no input can make two things look the same.
    hasher: RandomState,
}

impl<'p> Otlp<'p> {
    pub(crate) fn new(options: &OtlpOptions, progress: &'p Progress) -> Self {
        Self { options: options.clone(), progress, hasher: RandomState::new() }
    }
}

/// Routed events of one block.
#[derive(Default)]
pub(crate) struct OtlpBlock {
    /// The contexts of the events, another one whenever it changes.
    contexts: Vec<Arc<Context>>,
    /// What those take.
    context_bytes: usize,
    records: Vec<Record>,
    /// Log records and spans in print.
    text: Vec<u8>,
    metrics: MetricBlock,
    last_context: Option<ContextKey>,
}

/// What became of an event.
#[derive(Clone, Copy, Debug)]
struct Record {
    context: u32,
    /// Lines of the block before the event's.
    lines_before: u32,
    kind: RecordKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RecordKind {
    /// In print, up to this index of the block's text.
    Log { end: usize },
    /// In print, up to this index of the block's text.
    Span { end: usize },
    /// The next metric event.
    Metric,
}

impl OtlpBlock {
    /// Makes the event's context the last one of `contexts`.
    fn enter_context(&mut self, event: &Event<'_>, context: EventContext<'_>) {
        if self.last_context.as_ref().is_some_and(|last| last.is_of(event, context)) {
            return;
        }
        self.last_context = Some(ContextKey::of(event, context));
        let context = Context::of(context);
        if self.contexts.last().is_none_or(|last| **last != context) {
            self.context_bytes += context.weight();
            self.contexts.push(Arc::new(context));
        }
    }

    /// Adds the data points of a metric event. Returns whether it gives any.
    fn add_points(&mut self, otlp: &Otlp<'_>, event: &Event<'_>, name: MetricName, time: u64) -> bool {
        let context = self.contexts.last().expect("the event's context was entered");
        self.metrics.add(otlp, event, name, time, context, self.contexts.len() - 1)
    }

    fn push(&mut self, place: Place, kind: RecordKind) {
        let context = u32::try_from(self.contexts.len() - 1).unwrap_or(u32::MAX);
        let lines_before = u32::try_from(place.lines_before).expect("a block is far shorter than 4 GiB");
        self.records.push(Record { context, lines_before, kind });
    }
}

impl Encoder for Otlp<'_> {
    type Block = OtlpBlock;

    fn refuse(&self, event: &Event<'_>) -> Option<&'static str> {
        refuse(event)
    }

    fn encode(&self, block: &mut OtlpBlock, event: &Event<'_>, context: EventContext<'_>, place: Place) {
        let time = event.timestamp.unix_nanoseconds().expect("other times were refused");
        block.enter_context(event, context);
        let metric = MetricName::of(event.event_name);
        let has_points = metric.is_some_and(|name| block.add_points(self, event, name, time));
        let mut attributes = Attributes::new(self.progress);
        let kind = match signal_of(event, has_points, || attributes.add_members(event)) {
            Signal::Points => RecordKind::Metric,
            Signal::Span(span) => {
                spans::write_span(self, &mut block.text, event, time, span, attributes);
                RecordKind::Span { end: block.text.len() }
            }
            Signal::Log { trace_id } => {
                logs::write_record(&mut block.text, event, time, trace_id, attributes);
                RecordKind::Log { end: block.text.len() }
            }
        };
        block.push(place, kind);
    }

    fn weight(&self, block: &OtlpBlock) -> usize {
        block.text.capacity()
            + block.context_bytes
            + block.records.capacity() * size_of::<Record>()
            + block.metrics.weight()
    }

    fn finish(&self, block: &mut OtlpBlock, lines: LineBytes) -> Vec<u8> {
        block.last_context = None;
        block.text.shrink_to_fit();
        block.records.shrink_to_fit();
        block.metrics.finish();
        lines.bytes
    }
}

/// Appends nanoseconds since 1970.
fn write_time(text: &mut Vec<u8>, nanoseconds: u64) {
    text.extend_from_slice(itoa::Buffer::new().format(nanoseconds).as_bytes());
}
