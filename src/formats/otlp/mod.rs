//! Events as OTLP/JSON requests in a zip (specification, OTLP export). Only this folder knows OTLP.
//!
//! In parallel, blocks of rows become log records and spans, already printed, and data points. One thread then looks
//! only at numbers and lengths: it gives data points their windows and totals, and fills requests. Full requests are
//! printed and deflated in parallel again, and enter the zip in order.

mod assembly;
mod attributes;
mod ids;
mod interner;
mod large_records;
mod logs;
mod manifest;
mod metric_block;
mod metric_entry;
mod parts;
mod point_requests;
mod points;
mod request;
mod resource;
mod spans;
mod stream_clock;
mod stream_keys;
mod streams;
mod text_requests;

use std::hash::RandomState;
use std::sync::Arc;

pub(crate) use assembly::write;

use crate::progress::Progress;
use crate::read::encoder::{Encoder, LinePosition};
use crate::read::lines::LineBytes;
use crate::row::event::Event;
use crate::row::event_context::{ContextKey, EventContext};
use crate::row::signal::{MetricName, Signal, SpanName, refuse, signal_of};
use crate::sizes::index;
use attributes::Attributes;
use metric_block::MetricBlock;
use resource::Resource;

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
    /// A keyed hash, so that no input can make two measurements collide.
    hasher: RandomState,
}

impl<'p> Otlp<'p> {
    pub(crate) fn new(options: &OtlpOptions, progress: &'p Progress) -> Self {
        Self { options: options.clone(), progress, hasher: RandomState::new() }
    }
}

/// What the events of one block became.
#[derive(Default)]
pub(crate) struct OtlpBlock {
    /// The resources of the events. Another one follows whenever the context changes.
    resources: Vec<Arc<Resource>>,
    /// Bytes that the resources take.
    resource_bytes: usize,
    records: Vec<Record>,
    /// Printed log records and spans.
    text: Vec<u8>,
    metrics: MetricBlock,
    last_context: Option<ContextKey>,
}

/// What an event became.
#[derive(Clone, Copy, Debug)]
struct Record {
    /// Index of its resource.
    resource: u32,
    /// Lines of the block before the event's line.
    lines_before: u32,
    kind: RecordKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RecordKind {
    /// Printed, up to this index of the block's text.
    Log { end: usize },
    /// Printed, up to this index of the block's text.
    Span { end: usize },
    /// The points of the next metric event of the block.
    Points,
}

impl OtlpBlock {
    /// Makes the event's resource the last one of the block.
    fn enter_context(&mut self, event: &Event<'_>, context: EventContext<'_>) {
        if self.last_context.as_ref().is_some_and(|last| last.is_of(event, context)) {
            return;
        }
        self.last_context = Some(ContextKey::of(event, context));
        let resource = Resource::of(context);
        if self.resources.last().is_none_or(|last| **last != resource) {
            self.resource_bytes += resource.weight();
            self.resources.push(Arc::new(resource));
        }
    }

    /// Adds the data points of a metric event. Returns whether it gives any.
    fn add_points(&mut self, otlp: &Otlp<'_>, event: &Event<'_>, name: MetricName, time: u64) -> bool {
        let resource = self.resources.last().expect("the event's context was entered");
        self.metrics.add(otlp, event, name, time, resource, self.resources.len() - 1)
    }

    fn push(&mut self, position: LinePosition, kind: RecordKind) {
        let resource = index(self.resources.len() - 1);
        let lines_before = index(position.lines_before as usize);
        self.records.push(Record { resource, lines_before, kind });
    }
}

impl Encoder for Otlp<'_> {
    type Block = OtlpBlock;

    fn refuse(&self, event: &Event<'_>) -> Option<&'static str> {
        refuse(event)
    }

    fn encode(
        &self,
        block: &mut OtlpBlock,
        event: &Event<'_>,
        context: EventContext<'_>,
        position: LinePosition,
    ) {
        let time = event.timestamp.unix_nanoseconds().expect("other times were refused");
        block.enter_context(event, context);
        let metric = MetricName::of(event.event_name);
        let has_points = metric.is_some_and(|name| block.add_points(self, event, name, time));
        let mut attributes = Attributes::new(self.progress);
        let kind = match signal_of(event, has_points, || attributes.add_members(event)) {
            Signal::Points => RecordKind::Points,
            Signal::Span(span) => {
                spans::write_span(self, &mut block.text, event, time, span, attributes);
                RecordKind::Span { end: block.text.len() }
            }
            Signal::Log { trace_id } => {
                logs::write_record(&mut block.text, event, time, trace_id, attributes);
                RecordKind::Log { end: block.text.len() }
            }
        };
        block.push(position, kind);
    }

    fn weight(&self, block: &OtlpBlock) -> usize {
        block.text.capacity()
            + block.resource_bytes
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
