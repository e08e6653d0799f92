//! The sequential middle of an OTLP export: blocks taken in order, windows and totals of metric streams, requests filled.

use std::sync::Arc;

use super::envelope::{Added, PointEnvelope, Resource, Signal, TextEnvelope};
use super::large_records::LargeRecords;
use super::manifest::manifest_json;
use super::metrics::{MetricBlock, MetricEvent, PointTime};
use super::parts::Parts;
use super::points::PlacedPoint;
use super::resource::Context;
use super::stream_clock::Window;
use super::streams::Streams;
use super::{Otlp, OtlpBlock, OtlpOptions, RecordKind, Temporality};
use crate::error::Result;
use crate::range::Range;
use crate::read::sessions::{BlockSource, SessionSink, Sessions, SourceLine};
use crate::row::timestamp::NANOSECONDS_PER_MILLISECOND;
use crate::summary::{OtlpSummary, SignalSummary, Summary};
use crate::workers::Workers;
use crate::write::archive::{Archive, deflate};
use crate::write::writer::Writer;

/// Points placed between two looks at whether the export was cancelled.
const POINTS_BETWEEN_CHECKS: u32 = 1024;

/// Writes all events to `output` as a zip of OTLP/JSON requests and a manifest, and completes `summary`. Without any event
/// nothing is written.
pub(crate) fn write<'scope>(
    workers: &Workers<'scope, '_>,
    sessions: Sessions<'_, 'scope, '_, Otlp<'scope>>,
    output: Writer<'_>,
    exported_at_ms: i64,
    summary: &mut Summary,
) -> Result<()> {
    let range = sessions.range();
    let options = &sessions.encoder().options;
    let mut export = Export::new(workers, options, range, Archive::new(output, exported_at_ms));
    sessions.read(1, &mut export, summary)?;
    export.finish(range, exported_at_ms, summary)
}

struct Export<'w, 'scope, 'pool, 'o, 'p> {
    workers: &'w Workers<'scope, 'pool>,
    options: &'o OtlpOptions,
    /// In nanoseconds since 1970.
    range_start: u64,
    streams: Streams,
    /// The context of the session's previous event, and the resource block it is in.
    context: Option<Arc<Context>>,
    resource: Arc<Resource>,
    logs: TextEnvelope,
    spans: TextEnvelope,
    points: PointEnvelope,
    parts: Parts<'p>,
    signals: SignalSummary,
    large_records: LargeRecords<'o>,
}

impl<'o> SessionSink<'o, OtlpBlock> for Export<'_, '_, '_, 'o, '_> {
    fn begin_session(&mut self, _name: &'o str) {
        self.streams.clear();
        self.context = None;
    }

    fn add(&mut self, block: OtlpBlock, source: BlockSource<'o>) -> Result<()> {
        self.add_block(block, source)
    }

    fn signals(&self) -> SignalSummary {
        self.signals
    }
}

impl<'w, 'scope, 'pool, 'o, 'p> Export<'w, 'scope, 'pool, 'o, 'p> {
    fn new(
        workers: &'w Workers<'scope, 'pool>,
        options: &'o OtlpOptions,
        range: &Range,
        archive: Archive<'p>,
    ) -> Self {
        let limit = options.max_request_bytes as usize;
        let start_ms = range.start_ms.and_then(|start| u64::try_from(start).ok()).unwrap_or(0);
        Self {
            workers,
            options,
            range_start: start_ms.saturating_mul(NANOSECONDS_PER_MILLISECOND),
            streams: Streams::default(),
            context: None,
            resource: Arc::new(Resource::none()),
            logs: TextEnvelope::new(Signal::Logs, limit),
            spans: TextEnvelope::new(Signal::Traces, limit),
            points: PointEnvelope::new(limit, options.temporality),
            parts: Parts::new(archive, options.compression_level),
            signals: SignalSummary::default(),
            large_records: LargeRecords::new(options.max_request_bytes),
        }
    }

    fn add_block(&mut self, block: OtlpBlock, source: BlockSource<'o>) -> Result<()> {
        let OtlpBlock { contexts, records, text, metrics, .. } = block;
        self.signals.dropped_points += metrics.dropped_points;
        let metrics = Arc::new(metrics);
        let (mut text_begin, mut points_begin) = (0, 0);
        let mut metric_events = metrics.events.iter();
        for record in records {
            self.enter_context(&contexts[record.context as usize]);
            let source = source.line(record.lines_before);
            match record.kind {
                RecordKind::Log { end } => {
                    self.signals.events.logs += 1;
                    let begin = std::mem::replace(&mut text_begin, end);
                    let added = self.logs.add(&text[begin..end], &self.resource);
                    self.settle(Signal::Logs, added, source)?;
                }
                RecordKind::Span { end } => {
                    self.signals.events.traces += 1;
                    let begin = std::mem::replace(&mut text_begin, end);
                    let added = self.spans.add(&text[begin..end], &self.resource);
                    self.settle(Signal::Traces, added, source)?;
                }
                RecordKind::Metric => {
                    self.signals.events.metrics += 1;
                    let event = metric_events.next().expect("the block has an event for each such record");
                    points_begin = self.add_points(&metrics, event, points_begin, source)?;
                }
            }
        }
        Ok(())
    }

    /// Begins a resource block where the context differs from that of the session's previous event.
    fn enter_context(&mut self, context: &Arc<Context>) {
        let same = self.context.as_ref().is_some_and(|last| Arc::ptr_eq(last, context) || last == context);
        if !same {
            self.resource = Arc::new(Resource::new(self.resource.number + 1, context));
        }
        self.context = Some(Arc::clone(context));
    }

    /// Hands on a request that was full, and notes a record that is above the limit by itself.
    fn settle(&mut self, signal: Signal, added: Added, source: SourceLine<'o>) -> Result<()> {
        if let Some(bytes) = added.bytes_above_limit {
            self.large_records.note(signal, source, bytes);
        }
        added.full.map_or(Ok(()), |request| self.parts.add(self.workers, request))
    }

    /// Gives an event's points their times and totals. Returns where the next event's points begin.
    fn add_points(
        &mut self,
        block: &Arc<MetricBlock>,
        event: &MetricEvent,
        begin: u32,
        source: SourceLine<'o>,
    ) -> Result<u32> {
        let (stream, series) = (block.stream_key(event), block.series_key(event));
        let time = event.next_time(&mut self.streams, stream);
        let points = block.points_of(event, begin);
        let end = points.end;
        for point in points {
            if point % POINTS_BETWEEN_CHECKS == 0 {
                self.workers.progress().check()?;
            }
            let total = match (self.options.temporality, time, block.count(point)) {
                (Temporality::Cumulative, PointTime::Window(window), Some((measurement, count))) => {
                    let (total, needs_zero) = self.streams.add(stream, series, measurement, window, count);
                    if needs_zero {
                        let zero = MetricBlock::zero_point(event, total, self.zero_time(window));
                        self.add_point(block, point, zero, source)?;
                    }
                    Some(total)
                }
                _ => None,
            };
            self.add_point(block, point, block.place(event, point, time, total), source)?;
        }
        Ok(end)
    }

    /// The time of the zero point before a counter's first total: the start of its window, but not before the range. An
    /// export of what came before may have a point of the same counter at the start of the window or shortly after it, and
    /// Prometheus refuses the whole request for a second point at one millisecond.
    fn zero_time(&self, first: Window) -> u64 {
        let before_total = first.end.saturating_sub(NANOSECONDS_PER_MILLISECOND);
        first.start.max(self.range_start.min(before_total))
    }

    /// Adds a point of the metric that `point` of the block is of.
    fn add_point(
        &mut self,
        block: &Arc<MetricBlock>,
        point: u32,
        placed: PlacedPoint,
        source: SourceLine<'o>,
    ) -> Result<()> {
        let added = self.points.add(block, block.instrument_of(point), placed, &self.resource);
        self.settle(Signal::Metrics, added, source)
    }

    fn finish(mut self, range: &Range, exported_at_ms: i64, summary: &mut Summary) -> Result<()> {
        let mut otlp = OtlpSummary::default();
        self.large_records.warn(summary);
        if summary.event_count > 0 {
            for request in [self.logs.close(), self.spans.close(), self.points.close()].into_iter().flatten()
            {
                self.parts.add(self.workers, request)?;
            }
            let mut archive = self.parts.finish(self.workers, &mut otlp)?;
            let manifest = manifest_json(summary, &otlp, range, self.options, exported_at_ms);
            let level = self.options.compression_level;
            let entry = deflate(level, self.workers.progress(), |output| output.write(manifest.as_bytes()));
            archive.add("manifest.json", &entry)?;
            summary.bytes_written = archive.finish()?;
        }
        summary.otlp = Some(otlp);
        Ok(())
    }
}
