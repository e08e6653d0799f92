//! Metric events as data points: what a block of rows gives.

use std::hash::{BuildHasher, Hash};
use std::num::NonZero;

use super::attributes::{Attributes, NUMBER_TYPE};
use super::by_origin::ByOrigin;
use super::points::{PlacedPoint, PointText, Value};
use super::resource::Context;
use super::stream_clock::Window;
use super::stream_keys::stream_and_series_key;
use super::streams::{MeasurementKey, SeriesKey, StreamKey, Streams, Total};
use super::{Otlp, Temporality};
use crate::json::scan::distinct_members;
use crate::json::text::{JsonString, escape_into};
use crate::progress::Progress;
use crate::row::count::Count;
use crate::row::event::{Event, finite_number};
use crate::row::signal::{
    Instrument, MetricFamily, MetricName, count, gauge_name_and_unit, positive_nanoseconds,
};
use crate::row::timestamp::NANOSECONDS_PER_SECOND;

/// Closes an entry of `metrics[]`.
pub(super) const ENTRY_END: &[u8] = b"]}}";

/// The metric events of a block.
#[derive(Debug, Default)]
pub(super) struct MetricBlock {
    pub(super) events: Vec<MetricEvent>,
    points: Vec<Point>,
    pub(super) instruments: Vec<LocalInstrument>,
    pub(super) streams: Vec<LocalStream>,
    /// Names of metrics, attributes of streams, and numbers, as JSON text.
    text: Vec<u8>,
    pub(super) dropped_points: u64,
    /// Finds what stands in `instruments` and `streams`; dropped when the block is complete.
    known: Known,
}

/// Instruments and streams by what they were made of.
#[derive(Debug, Default)]
struct Known {
    instruments: ByOrigin,
    streams: ByOrigin,
}

/// An event that gives at least one point.
#[derive(Clone, Copy, Debug)]
pub(super) struct MetricEvent {
    stream: u32,
    /// End of the event's points in the block's.
    points_end: u32,
    time: u64,
    /// Length of the window; `None` for a reading without one.
    window: Option<u64>,
}

/// A measurement of an event.
#[derive(Clone, Copy, Debug)]
struct Point {
    instrument: u32,
    value: Value,
}

/// A metric of the block.
#[derive(Debug)]
pub(super) struct LocalInstrument {
    event: MetricName,
    kind: Instrument,
    /// Where its name behind that of the event, the quote that ends it, and its unit stand in the block's text.
    name: (u32, u32),
    /// Of a counter.
    measurement: MeasurementKey,
    /// Number of the last event that has a point of it, counted from 1.
    last_event: Option<NonZero<u32>>,
}

/// An entry of `metrics[]` up to its first point.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct EntryBegin<'b> {
    event: MetricName,
    kind: Instrument,
    name: &'b [u8],
}

impl EntryBegin<'_> {
    const NAME: &'static [u8] = b"{\"name\":\"";
    const GAUGE: &'static [u8] = b",\"gauge\":{\"dataPoints\":[";
    const DELTA_SUM: &'static [u8] =
        b",\"sum\":{\"aggregationTemporality\":1,\"isMonotonic\":true,\"dataPoints\":[";
    const CUMULATIVE_SUM: &'static [u8] =
        b",\"sum\":{\"aggregationTemporality\":2,\"isMonotonic\":true,\"dataPoints\":[";

    fn parts(&self, temporality: Temporality) -> [&[u8]; 5] {
        let data = match (self.kind, temporality) {
            (Instrument::Gauge, _) => Self::GAUGE,
            (Instrument::Counter, Temporality::Delta) => Self::DELTA_SUM,
            (Instrument::Counter, Temporality::Cumulative) => Self::CUMULATIVE_SUM,
        };
        [Self::NAME, self.event.text().as_bytes(), b".", self.name, data]
    }

    pub(super) fn printed_length(&self, temporality: Temporality) -> usize {
        self.parts(temporality).iter().map(|part| part.len()).sum()
    }

    pub(super) fn print(&self, text: &mut Vec<u8>, temporality: Temporality) {
        self.parts(temporality).iter().for_each(|part| text.extend_from_slice(part));
    }
}

/// A stream of the block.
#[derive(Debug)]
pub(super) struct LocalStream {
    key: StreamKey,
    series: SeriesKey,
    attributes: (u32, u32),
    /// Those of counts that are no integers; empty while there is none.
    fraction_attributes: (u32, u32),
}

/// When an event's points are.
#[derive(Clone, Copy, Debug)]
pub(super) enum PointTime {
    Window(Window),
    /// In nanoseconds since 1970.
    Instant(u64),
}

impl MetricBlock {
    /// Adds an event of a metric family, unless none of its measurements gives a point. Returns whether it was added.
    pub(super) fn add(
        &mut self,
        otlp: &Otlp<'_>,
        event: &Event<'_>,
        name: MetricName,
        time: u64,
        context: &Context,
        context_number: usize,
    ) -> bool {
        let begin = self.points.len();
        let mut window_seconds = None;
        let family = name.family();
        for member in otlp.progress.heed(distinct_members(event.measurements, otlp.progress)) {
            let key = member.key.decoded();
            let Some(kind) = family.instrument(&key) else {
                window_seconds = Some(member.value);
                continue;
            };
            match self.value(kind, member.value) {
                Some(value) => {
                    let instrument = self.instrument(otlp, name, &key, kind);
                    self.points.push(Point { instrument, value });
                }
                None => self.dropped_points += 1,
            }
        }
        if self.points.len() == begin {
            return false;
        }
        let window = (family == MetricFamily::HttpRequests).then(|| window_length(window_seconds));
        let stream = self.stream(otlp, event, name, context, context_number);
        let is_fraction = |point: &Point| matches!(point.value, Value::Fraction { .. });
        if otlp.options.temporality == Temporality::Delta && self.points[begin..].iter().any(is_fraction) {
            self.add_fraction_attributes(otlp.progress, stream, event, context);
        }
        self.events.push(MetricEvent { stream, points_end: index(self.points.len()), time, window });
        true
    }

    /// Bytes that the block takes.
    pub(super) fn weight(&self) -> usize {
        self.text.capacity()
            + self.points.capacity() * size_of::<Point>()
            + self.events.capacity() * size_of::<MetricEvent>()
            + self.instruments.capacity() * size_of::<LocalInstrument>()
            + self.streams.capacity() * size_of::<LocalStream>()
            + self.known.instruments.weight()
            + self.known.streams.weight()
    }

    /// Drops what is needed only while events are added.
    pub(super) fn finish(&mut self) {
        self.known = Known::default();
        self.events.shrink_to_fit();
        self.points.shrink_to_fit();
        self.instruments.shrink_to_fit();
        self.streams.shrink_to_fit();
        self.text.shrink_to_fit();
    }

    /// How the entry of an instrument begins.
    pub(super) fn entry_begin(&self, instrument: u32) -> EntryBegin<'_> {
        let LocalInstrument { event, kind, name: (begin, end), .. } = self.instruments[instrument as usize];
        EntryBegin { event, kind, name: &self.text[begin as usize..end as usize] }
    }

    pub(super) fn stream_key(&self, event: &MetricEvent) -> StreamKey {
        self.streams[event.stream as usize].key
    }

    pub(super) fn series_key(&self, event: &MetricEvent) -> SeriesKey {
        self.streams[event.stream as usize].series
    }

    /// The indices of an event's points, given where those of the one before it ended.
    pub(super) fn points_of(&self, event: &MetricEvent, begin: u32) -> std::ops::Range<u32> {
        begin..event.points_end
    }

    pub(super) fn instrument_of(&self, point: u32) -> u32 {
        self.points[point as usize].instrument
    }

    /// What a counter's point adds to its running total; `None` for a gauge.
    pub(super) fn count(&self, point: u32) -> Option<(MeasurementKey, Count)> {
        let point = &self.points[point as usize];
        let instrument = &self.instruments[point.instrument as usize];
        (instrument.kind == Instrument::Counter).then(|| (instrument.measurement, self.count_of(point.value)))
    }

    fn count_of(&self, value: Value) -> Count {
        match value {
            Value::Integer(number) => Count::Integer(number),
            Value::Double(number) => Count::Double(number),
            Value::Text { start, end } | Value::Fraction { start, end } => {
                let text = std::str::from_utf8(&self.text[start as usize..end as usize]).unwrap_or_default();
                Count::Double(text.parse().unwrap_or_default())
            }
        }
    }

    /// Whether a point is finite and, for a counter, not negative.
    fn value(&mut self, kind: Instrument, text: &str) -> Option<Value> {
        match kind {
            Instrument::Counter => {
                if let Count::Integer(number) = count(text)? {
                    return Some(Value::Integer(number));
                }
            }
            Instrument::Gauge => drop(finite_number(text)?),
        }
        let start = index(self.text.len());
        self.text.extend_from_slice(text.as_bytes());
        let end = index(self.text.len());
        Some(match kind {
            Instrument::Counter => Value::Fraction { start, end },
            Instrument::Gauge => Value::Text { start, end },
        })
    }

    /// The instrument of a measurement of the event that is being added. A gauge whose name and unit an earlier measurement of
    /// the event already has keeps its key whole, without a unit: two points of one event never differ by value alone.
    fn instrument(&mut self, otlp: &Otlp<'_>, event: MetricName, measurement: &str, kind: Instrument) -> u32 {
        let this_event = NonZero::new(index(self.events.len() + 1));
        let (name, unit) = match kind {
            Instrument::Counter => (measurement, Some("{request}")),
            Instrument::Gauge => gauge_name_and_unit(measurement),
        };
        let mut number = self.instrument_called(otlp, event, kind, name, unit);
        if self.instruments[number as usize].last_event == this_event {
            number = self.instrument_called(otlp, event, kind, measurement, None);
        }
        self.instruments[number as usize].last_event = this_event;
        number
    }

    fn instrument_called(
        &mut self,
        otlp: &Otlp<'_>,
        event: MetricName,
        kind: Instrument,
        name: &str,
        unit: Option<&'static str>,
    ) -> u32 {
        // A unit holds no zero byte.
        let origin =
            [&[event as u8, kind as u8][..], unit.unwrap_or_default().as_bytes(), b"\0", name.as_bytes()];
        let (number, is_new) = self.known.instruments.number(&origin);
        if is_new {
            let begin = index(self.text.len());
            write_name(&mut self.text, name, unit);
            let measurement = match kind {
                Instrument::Counter => otlp.hasher.hash_one(name),
                Instrument::Gauge => MeasurementKey::default(),
            };
            let name = (begin, index(self.text.len()));
            self.instruments.push(LocalInstrument { event, kind, name, measurement, last_event: None });
        }
        number
    }

    fn stream(
        &mut self,
        otlp: &Otlp<'_>,
        event: &Event<'_>,
        name: MetricName,
        context: &Context,
        context_number: usize,
    ) -> u32 {
        let context_number = context_number.to_le_bytes();
        let origin = [&context_number[..], &[name as u8], event.properties.as_bytes()];
        let (number, is_new) = self.known.streams.number(&origin);
        if is_new {
            let deployment_url = escaped(context.deployment_url());
            let attributes = attributes(otlp.progress, event, &deployment_url, None);
            let (key, series) = stream_and_series_key(otlp.progress, name, &attributes, context);
            let attributes = self.write_attributes(&attributes);
            self.streams.push(LocalStream { key, series, attributes, fraction_attributes: (0, 0) });
        }
        number
    }

    /// A stream's points are of one number type: `delta_to_cumulative` adds integers to integers and doubles to doubles,
    /// and forgets the one at the first of the other.
    fn add_fraction_attributes(
        &mut self,
        progress: &Progress,
        stream: u32,
        event: &Event<'_>,
        context: &Context,
    ) {
        if self.streams[stream as usize].fraction_attributes == (0, 0) {
            let deployment_url = escaped(context.deployment_url());
            let attributes = attributes(progress, event, &deployment_url, Some("double"));
            self.streams[stream as usize].fraction_attributes = self.write_attributes(&attributes);
        }
    }

    /// Returns where they stand in the block's text.
    fn write_attributes(&mut self, attributes: &Attributes<'_, '_>) -> (u32, u32) {
        let begin = index(self.text.len());
        attributes.write(&mut self.text);
        (begin, index(self.text.len()))
    }

    /// The point with the times it is given.
    pub(super) fn place(
        &self,
        event: &MetricEvent,
        point: u32,
        time: PointTime,
        total: Option<Total>,
    ) -> PlacedPoint {
        let point = &self.points[point as usize];
        let (own_start, end) = match time {
            PointTime::Window(window) => (Some(window.start), window.end),
            PointTime::Instant(instant) => (None, instant),
        };
        let (value, start) = match total {
            Some(Total { start, sum: Count::Integer(sum) }) => (Value::Integer(sum), Some(start)),
            Some(Total { start, sum: Count::Double(sum) }) => (Value::Double(sum), Some(start)),
            None => (point.value, own_start),
        };
        PlacedPoint::new(start, end, event.stream, value)
    }

    /// The zero point that a counter begins with, given its first total.
    pub(super) fn zero_point(event: &MetricEvent, first: Total, time: u64) -> PlacedPoint {
        let zero = match first.sum {
            Count::Integer(_) => Value::Integer(0),
            Count::Double(_) => Value::Double(0.0),
        };
        PlacedPoint::new(Some(first.start), time, event.stream, zero)
    }

    /// How long `point` will be in print.
    pub(super) fn printed_length(&self, point: &PlacedPoint) -> usize {
        point.printed_length(self.attributes_of(point).len())
    }

    /// Appends the point.
    pub(super) fn print(&self, text: &mut Vec<u8>, point: &PlacedPoint) {
        point.print(text, PointText { numbers: &self.text, attributes: self.attributes_of(point) });
    }

    /// The attributes of the point, as JSON text.
    fn attributes_of(&self, point: &PlacedPoint) -> &[u8] {
        let stream = &self.streams[point.stream as usize];
        let (begin, end) = match point.value {
            Value::Fraction { .. } => stream.fraction_attributes,
            Value::Integer(_) | Value::Text { .. } | Value::Double(_) => stream.attributes,
        };
        &self.text[begin as usize..end as usize]
    }
}

impl MetricEvent {
    /// The time of the event's points, next in their stream.
    pub(super) fn next_time(&self, streams: &mut Streams, stream: StreamKey) -> PointTime {
        match self.window {
            Some(length) => PointTime::Window(streams.next_window(stream, self.time, length)),
            None => PointTime::Instant(streams.next_instant(stream, self.time)),
        }
    }
}

/// A block's text stays far below four thousand million bytes: a line has sixteen million at most.
fn index(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// Nanoseconds in a window; 0 where its length is missing, null or not positive.
fn window_length(window_seconds: Option<&str>) -> u64 {
    let seconds = window_seconds.and_then(|text| text.parse().ok());
    seconds.and_then(|seconds| positive_nanoseconds(seconds, NANOSECONDS_PER_SECOND)).unwrap_or(0)
}

/// Appends the name of a metric behind that of its event, with the quote that ends it, and its unit.
fn write_name(text: &mut Vec<u8>, name: &str, unit: Option<&str>) {
    text.extend_from_slice(escaped(name).as_bytes());
    text.push(b'"');
    if let Some(unit) = unit {
        text.extend_from_slice(b",\"unit\":\"");
        text.extend_from_slice(unit.as_bytes());
        text.push(b'"');
    }
}

/// The attributes of an event's points.
fn attributes<'a, 'p>(
    progress: &'p Progress,
    event: &Event<'a>,
    deployment_url: &'a str,
    number_type: Option<&'static str>,
) -> Attributes<'a, 'p> {
    let mut attributes = Attributes::new(progress);
    attributes.point_properties(event);
    if !deployment_url.is_empty() {
        attributes.string("coder.deployment.url", JsonString::of_escaped(deployment_url));
    }
    if let Some(number_type) = number_type {
        attributes.string(NUMBER_TYPE, JsonString::of_escaped(number_type));
    }
    attributes
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    escape_into(&mut escaped, text);
    escaped
}
