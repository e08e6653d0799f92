//! The sequential part of an OTLP export: takes blocks in order, gives data points their
//! windows and totals, fills requests.

use std::mem;
use std::sync::Arc;

use super::large_records::LargeRecords;
use super::manifest::manifest_json;
use super::metric_block::{MetricBlock, MetricEvent, PointTime};
use super::parts::Parts;
use super::point_requests::PointRequests;
use super::points::PlacedPoint;
use super::request::{Added, RequestKind, ResourceBlock};
use super::resource::Resource;
use super::stream_clock::Window;
use super::streams::Streams;
use super::text_requests::TextRequests;
use super::{Otlp, OtlpBlock, OtlpOptions, RecordKind, Temporality};
use crate::error::Result;
use crate::progress::Progress;
use crate::range::Range;
use crate::read::sessions::{BlockSource, SessionSink, Sessions, SourceLine};
use crate::row::timestamp::{NANOSECONDS_PER_MILLISECOND, Nanoseconds};
use crate::summary::{OtlpSummary, SignalSummary, Summary};
use crate::write::entries::Entries;

/// Points placed between two checks whether the export was cancelled.
const POINTS_BETWEEN_CHECKS: u32 = 1024;

/// Writes all events to `entries` as OTLP/JSON requests and a manifest, and completes `summary`. Without any event
/// nothing is written.
pub(crate) fn write<'scope>(
    sessions: Sessions<'_, 'scope, Otlp<'scope>>,
    entries: Entries<'_, 'scope>,
    exported_at_ms: i64,
    summary: &mut Summary,
) -> Result<()> {
    let range = sessions.range();
    let mut export = Export::new(sessions.encoder(), range, entries);
    sessions.read(1, &mut export, summary)?;
    export.finish(range, exported_at_ms, summary)
}

struct Export<'a, 'scope> {
    options: &'scope OtlpOptions,
    progress: &'scope Progress,
    /// In nanoseconds since 1970.
    range_start: Nanoseconds,
    streams: Streams,
    /// The resource of the session's previous event.
    resource: Option<Arc<Resource>>,
    resource_block: Arc<ResourceBlock>,
    logs: TextRequests,
    spans: TextRequests,
    points: PointRequests,
    parts: Parts<'a, 'scope>,
    signals: SignalSummary,
    large_records: LargeRecords<'scope>,
}

impl<'scope> SessionSink<'scope, OtlpBlock> for Export<'_, 'scope> {
    fn begin_session(&mut self, _name: &str) {
        self.streams.clear();
        self.resource = None;
    }

    fn add(&mut self, block: OtlpBlock, source: BlockSource<'scope>) -> Result<()> {
        let OtlpBlock { resources, records, text, metrics, .. } = block;
        self.signals.dropped_points += metrics.dropped_points;
        let metrics = Arc::new(metrics);
        let (mut text_begin, mut points_begin) = (0, 0);
        let mut metric_events = metrics.events.iter();
        for record in records {
            self.enter_resource(&resources[record.resource as usize]);
            let source = source.line(record.lines_before);
            match record.kind {
                RecordKind::Log { end } => {
                    self.signals.events.logs += 1;
                    let begin = mem::replace(&mut text_begin, end);
                    let added = self.logs.add(&text[begin..end], &self.resource_block);
                    self.settle(RequestKind::Logs, added, source)?;
                }
                RecordKind::Span { end } => {
                    self.signals.events.traces += 1;
                    let begin = mem::replace(&mut text_begin, end);
                    let added = self.spans.add(&text[begin..end], &self.resource_block);
                    self.settle(RequestKind::Traces, added, source)?;
                }
                RecordKind::Points => {
                    self.signals.events.metrics += 1;
                    let event = metric_events.next().expect("the block has an event for each such record");
                    points_begin = self.add_points(&metrics, event, points_begin, source)?;
                }
            }
        }
        Ok(())
    }

    fn signals(&self) -> SignalSummary {
        self.signals
    }
}

impl<'a, 'scope> Export<'a, 'scope> {
    fn new(otlp: &'scope Otlp<'scope>, range: &Range, entries: Entries<'a, 'scope>) -> Self {
        let Otlp { options, progress, .. } = otlp;
        let limit = options.max_request_bytes as usize;
        let start_ms = range.start_ms.map_or(0, |start| start.max(0).unsigned_abs());
        Self {
            options,
            progress,
            range_start: start_ms.saturating_mul(NANOSECONDS_PER_MILLISECOND),
            streams: Streams::default(),
            resource: None,
            resource_block: Arc::new(ResourceBlock::none()),
            logs: TextRequests::new(RequestKind::Logs, limit),
            spans: TextRequests::new(RequestKind::Traces, limit),
            points: PointRequests::new(limit, options.temporality),
            parts: Parts::new(entries),
            signals: SignalSummary::default(),
            large_records: LargeRecords::new(options.max_request_bytes),
        }
    }

    /// Begins a resource block if the resource differs from the resource of the session's previous event.
    fn enter_resource(&mut self, resource: &Arc<Resource>) {
        let is_same =
            self.resource.as_ref().is_some_and(|last| Arc::ptr_eq(last, resource) || last == resource);
        if !is_same {
            self.resource_block = Arc::new(ResourceBlock::new(self.resource_block.number + 1, resource));
        }
        self.resource = Some(Arc::clone(resource));
    }

    /// Passes on a request that became full, and notes a record that exceeds the limit by itself.
    fn settle(&mut self, kind: RequestKind, added: Added, source: SourceLine<'scope>) -> Result<()> {
        if let Some(bytes) = added.bytes_above_limit {
            self.large_records.note(kind, source, bytes);
        }
        added.full.map_or(Ok(()), |request| self.parts.add(request))
    }

    /// Gives an event's points their times and totals. Returns where the points of the next event begin.
    fn add_points(
        &mut self,
        block: &Arc<MetricBlock>,
        event: &MetricEvent,
        begin: u32,
        source: SourceLine<'scope>,
    ) -> Result<u32> {
        let (stream, series) = (block.stream_key(event), block.series_key(event));
        let time = event.next_time(&mut self.streams, stream);
        let points = block.points_of(event, begin);
        let end = points.end;
        for point in points {
            if point % POINTS_BETWEEN_CHECKS == 0 {
                self.progress.check()?;
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

    /// The time of the zero point before a counter's first total: the start of its window, or of the range if that is
    /// later. An export of the range before may have a point of the same counter at the start of the window or
    /// shortly after it. Prometheus refuses the whole request for a second point at the same millisecond.
    fn zero_time(&self, first: Window) -> u64 {
        let before_total = first.end.saturating_sub(NANOSECONDS_PER_MILLISECOND);
        first.start.max(self.range_start.min(before_total))
    }

    /// Adds a placed point, which is of the same metric as `point` of the block.
    fn add_point(
        &mut self,
        block: &Arc<MetricBlock>,
        point: u32,
        placed: PlacedPoint,
        source: SourceLine<'scope>,
    ) -> Result<()> {
        let added = self.points.add(block, block.instrument_of(point), placed, &self.resource_block);
        self.settle(RequestKind::Metrics, added, source)
    }

    fn finish(mut self, range: &Range, exported_at_ms: i64, summary: &mut Summary) -> Result<()> {
        let mut otlp = OtlpSummary::default();
        self.large_records.warn(summary);
        if summary.event_count > 0 {
            for request in [self.logs.close(), self.spans.close(), self.points.close()].into_iter().flatten()
            {
                self.parts.add(request)?;
            }
            let mut entries = self.parts.finish(&mut otlp)?;
            let manifest = manifest_json(summary, &otlp, range, self.options, exported_at_ms);
            let entry = entries.add(manifest.len(), move |text| text.write(manifest.as_bytes()))?;
            entries.name(entry, "manifest.json".to_owned())?;
            summary.bytes_written = entries.finish()?;
        }
        summary.otlp = Some(otlp);
        Ok(())
    }
}
