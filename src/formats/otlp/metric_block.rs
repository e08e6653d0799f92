//! The data points of a block of rows.

use std::hash::BuildHasher;
use std::num::NonZero;
use std::ops::Range;

use super::attributes::Attributes;
use super::interner::Interner;
use super::metric_entry::{EntryBegin, write_name_and_unit};
use super::points::{PlacedPoint, PointText, PointValue};
use super::resource::Resource;
use super::stream_clock::Window;
use super::stream_keys::stream_and_series_key;
use super::streams::{MeasurementKey, SeriesKey, StreamKey, Streams, Total};
use super::{Otlp, Temporality};
use crate::json::{distinct_members, escaped, members};
use crate::progress::Progress;
use crate::row::count::Count;
use crate::row::event::{Event, finite_number};
use crate::row::signal::{
    Instrument, MetricFamily, MetricName, count, gauge_name_and_unit, positive_nanoseconds,
};
use crate::row::timestamp::NANOSECONDS_PER_SECOND;
use crate::sizes::index;

/// The metric events of a block.
#[derive(Debug, Default)]
pub(super) struct MetricBlock {
    pub(super) events: Vec<MetricEvent>,
    points: Vec<DataPoint>,
    instruments: Vec<BlockInstrument>,
    streams: Vec<BlockStream>,
    /// Names of metrics, attributes of streams, and numbers, as JSON text.
    text: Vec<u8>,
    pub(super) dropped_points: u64,
    /// Finds the instrument of a measurement. Dropped when the block is complete.
    instrument_numbers: Interner,
    /// Finds the stream of an event. Dropped when the block is complete.
    stream_numbers: Interner,
}

/// A metric event that gives at least one point.
#[derive(Clone, Copy, Debug)]
pub(super) struct MetricEvent {
    stream: u32,
    /// End of the event's points in the points of the block.
    points_end: u32,
    time: u64,
    /// Length of the window; `None` for a reading, which has none.
    window: Option<u64>,
}

/// A point that has no time yet.
#[derive(Clone, Copy, Debug)]
struct DataPoint {
    instrument: u32,
    value: PointValue,
}

/// An instrument of the block: what its points have in common apart from attributes.
#[derive(Debug)]
struct BlockInstrument {
    event: MetricName,
    kind: Instrument,
    /// Where its name and unit are in the block's text.
    name_and_unit: (u32, u32),
    /// Used only for a counter.
    measurement: MeasurementKey,
    /// Number of the last event with a point of this instrument, counted from 1.
    last_event: Option<NonZero<u32>>,
}

/// A stream of the block.
#[derive(Debug)]
struct BlockStream {
    key: StreamKey,
    series: SeriesKey,
    /// Where the attributes of its points are in the block's text.
    attributes: (u32, u32),
    /// The same for counts that are not integers; empty while there is none.
    fraction_attributes: (u32, u32),
}

/// The time of an event's points.
#[derive(Clone, Copy, Debug)]
pub(super) enum PointTime {
    Window(Window),
    /// In nanoseconds since 1970.
    Instant(u64),
}

impl MetricBlock {
    /// Adds a metric event, unless none of its measurements gives a point. Returns whether it was added. The event
    /// has `resource`, which is the block's resource of that number.
    pub(super) fn add(
        &mut self,
        otlp: &Otlp<'_>,
        event: &Event<'_>,
        name: MetricName,
        time: u64,
        resource: &Resource,
        resource_number: usize,
    ) -> bool {
        let begin = self.points.len();
        let mut window_seconds = None;
        let family = name.family();
        for member in otlp
            .progress
            .heed(distinct_members(event.measurements, otlp.progress.heed(members(event.measurements))))
        {
            let key = member.key.decoded();
            let Some(kind) = family.instrument(&key) else {
                window_seconds = Some(member.value);
                continue;
            };
            match self.value(kind, member.value) {
                Some(value) => {
                    let instrument = self.instrument(otlp, name, &key, kind);
                    self.points.push(DataPoint { instrument, value });
                }
                None => self.dropped_points += 1,
            }
        }
        if self.points.len() == begin {
            return false;
        }
        let window = (family == MetricFamily::HttpRequests).then(|| window_length(window_seconds));
        let stream = self.stream(otlp, event, name, resource, resource_number);
        let is_fraction = |point: &DataPoint| matches!(point.value, PointValue::Fraction { .. });
        if otlp.options.temporality == Temporality::Delta && self.points[begin..].iter().any(is_fraction) {
            self.add_fraction_attributes(otlp.progress, stream, event, resource);
        }
        self.events.push(MetricEvent { stream, points_end: index(self.points.len()), time, window });
        true
    }

    /// How many instruments the block has.
    pub(super) fn instruments(&self) -> usize {
        self.instruments.len()
    }

    /// Bytes that the block takes in memory.
    pub(super) fn weight(&self) -> usize {
        self.text.capacity()
            + self.points.capacity() * size_of::<DataPoint>()
            + self.events.capacity() * size_of::<MetricEvent>()
            + self.instruments.capacity() * size_of::<BlockInstrument>()
            + self.streams.capacity() * size_of::<BlockStream>()
            + self.instrument_numbers.weight()
            + self.stream_numbers.weight()
    }

    /// Drops what is needed only while events are added.
    pub(super) fn finish(&mut self) {
        self.instrument_numbers = Interner::default();
        self.stream_numbers = Interner::default();
        self.events.shrink_to_fit();
        self.points.shrink_to_fit();
        self.instruments.shrink_to_fit();
        self.streams.shrink_to_fit();
        self.text.shrink_to_fit();
    }

    /// How the entry of an instrument begins.
    pub(super) fn entry_begin(&self, instrument: u32) -> EntryBegin<'_> {
        let BlockInstrument { event, kind, name_and_unit, .. } = self.instruments[instrument as usize];
        EntryBegin { event, kind, name_and_unit: self.text_at(name_and_unit) }
    }

    pub(super) fn stream_key(&self, event: &MetricEvent) -> StreamKey {
        self.streams[event.stream as usize].key
    }

    pub(super) fn series_key(&self, event: &MetricEvent) -> SeriesKey {
        self.streams[event.stream as usize].series
    }

    /// The points of an event, given where the points of the previous event end.
    pub(super) fn points_of(&self, event: &MetricEvent, begin: u32) -> Range<u32> {
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

    fn count_of(&self, value: PointValue) -> Count {
        match value {
            PointValue::Integer(number) => Count::Integer(number),
            PointValue::Double(number) => Count::Double(number),
            PointValue::Text { start, end } | PointValue::Fraction { start, end } => {
                let text = str::from_utf8(self.text_at((start, end))).expect("a number is ASCII");
                Count::Double(text.parse().expect("a JSON number is a number of Rust, too"))
            }
        }
    }

    fn text_at(&self, (start, end): (u32, u32)) -> &[u8] {
        &self.text[start as usize..end as usize]
    }

    /// The value of the point that a measurement gives, if it gives one.
    fn value(&mut self, kind: Instrument, text: &str) -> Option<PointValue> {
        Some(match kind {
            Instrument::Counter => match count(text)? {
                Count::Integer(number) => PointValue::Integer(number),
                Count::Double(_) => {
                    let (start, end) = self.add_text(text);
                    PointValue::Fraction { start, end }
                }
            },
            Instrument::Gauge => {
                let (start, end) = self.add_text(finite_number(text)?);
                PointValue::Text { start, end }
            }
        })
    }

    fn add_text(&mut self, text: &str) -> (u32, u32) {
        let start = index(self.text.len());
        self.text.extend_from_slice(text.as_bytes());
        (start, index(self.text.len()))
    }

    /// The instrument of a measurement of the event that is being added. If an earlier measurement of the
    /// event has the same name and unit, a gauge keeps its whole key and has no unit, so that the two
    /// points do not differ by value alone.
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
        let (number, is_new) = self.instrument_numbers.number(&origin);
        if is_new {
            let begin = index(self.text.len());
            write_name_and_unit(&mut self.text, name, unit);
            let measurement = match kind {
                Instrument::Counter => otlp.hasher.hash_one(name),
                Instrument::Gauge => MeasurementKey::default(),
            };
            let name_and_unit = (begin, index(self.text.len()));
            self.instruments.push(BlockInstrument {
                event,
                kind,
                name_and_unit,
                measurement,
                last_event: None,
            });
        }
        number
    }

    fn stream(
        &mut self,
        otlp: &Otlp<'_>,
        event: &Event<'_>,
        name: MetricName,
        resource: &Resource,
        resource_number: usize,
    ) -> u32 {
        let resource_number = resource_number.to_le_bytes();
        let origin = [&resource_number[..], &[name as u8], event.properties.as_bytes()];
        let (number, is_new) = self.stream_numbers.number(&origin);
        if is_new {
            let deployment_url = escaped(resource.deployment_url());
            let attributes = Attributes::of_points(otlp.progress, event, &deployment_url, None);
            let (key, series) = stream_and_series_key(otlp.progress, name, &attributes, resource);
            let attributes = self.write_attributes(&attributes);
            self.streams.push(BlockStream { key, series, attributes, fraction_attributes: (0, 0) });
        }
        number
    }

    /// Makes the attributes of counts that are not integers. All points of a stream must have the same number type:
    /// `delta_to_cumulative` forgets its integers at the first double, and its doubles at the first integer.
    fn add_fraction_attributes(
        &mut self,
        progress: &Progress,
        stream: u32,
        event: &Event<'_>,
        resource: &Resource,
    ) {
        if self.streams[stream as usize].fraction_attributes == (0, 0) {
            let deployment_url = escaped(resource.deployment_url());
            let attributes = Attributes::of_points(progress, event, &deployment_url, Some("double"));
            self.streams[stream as usize].fraction_attributes = self.write_attributes(&attributes);
        }
    }

    /// Writes attributes into the block's text. Returns where they are.
    fn write_attributes(&mut self, attributes: &Attributes<'_, '_>) -> (u32, u32) {
        let begin = index(self.text.len());
        attributes.write(&mut self.text);
        (begin, index(self.text.len()))
    }

    /// A point with its times and, in a cumulative export, its running total.
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
            Some(Total { start, sum: Count::Integer(sum) }) => (PointValue::Integer(sum), Some(start)),
            Some(Total { start, sum: Count::Double(sum) }) => (PointValue::Double(sum), Some(start)),
            None => (point.value, own_start),
        };
        PlacedPoint::new(start, end, event.stream, value)
    }

    /// The zero point that a counter begins with, given its first total.
    pub(super) fn zero_point(event: &MetricEvent, first: Total, time: u64) -> PlacedPoint {
        let zero = match first.sum {
            Count::Integer(_) => PointValue::Integer(0),
            Count::Double(_) => PointValue::Double(0.0),
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
        self.text_at(match point.value {
            PointValue::Fraction { .. } => stream.fraction_attributes,
            PointValue::Integer(_) | PointValue::Text { .. } | PointValue::Double(_) => stream.attributes,
        })
    }
}

impl MetricEvent {
    /// The time of the event's points in their stream.
    pub(super) fn next_time(&self, streams: &mut Streams, stream: StreamKey) -> PointTime {
        match self.window {
            Some(length) => PointTime::Window(streams.next_window(stream, self.time, length)),
            None => PointTime::Instant(streams.next_instant(stream, self.time)),
        }
    }
}

/// Nanoseconds in a window; 0 if its length is missing, null or not positive.
fn window_length(window_seconds: Option<&str>) -> u64 {
    let seconds = window_seconds.and_then(|text| text.parse().ok());
    seconds.and_then(|seconds| positive_nanoseconds(seconds, NANOSECONDS_PER_SECOND)).unwrap_or(0)
}
