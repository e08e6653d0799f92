//! Metric events as data points: what a block of rows gives.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::Temporality;
use super::attributes::{Attributes, NUMBER_TYPE, Reserved};
use super::points::{PlacedPoint, PointText, Value};
use super::resource::Context;
use crate::event::{Event, finite_number};
use crate::json_scan::{distinct_members, members};
use crate::json_text::{JsonString, escape_into};
use crate::signal::{Instrument, MetricFamily, count, gauge_name_and_unit, positive_nanoseconds};
use crate::streams::{Count, MeasurementKey, StreamKey, Streams, Window};

const NANOSECONDS_PER_SECOND: f64 = 1e9;
/// Closes an entry of `metrics[]`.
pub(super) const ENTRY_END: &[u8] = b"]}}";

/// The metric events of a block.
#[derive(Debug, Default)]
pub(super) struct MetricBlock {
    pub(super) events: Vec<MetricEvent>,
    points: Vec<Point>,
    pub(super) instruments: Vec<LocalInstrument>,
    pub(super) streams: Vec<LocalStream>,
    /// Attributes of streams, and numbers, as JSON text.
    text: Vec<u8>,
    pub(super) dropped_points: u64,
    /// Finds what stands in `instruments` and `streams`; dropped when the block is complete.
    known: Known,
}

#[derive(Debug, Default)]
struct Known {
    instruments: HashMap<Vec<u8>, u32>,
    streams: HashMap<Vec<u8>, u32>,
    key: Vec<u8>,
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
    /// An entry of `metrics[]` up to its first point.
    pub(super) entry_begin: Arc<[u8]>,
    measurement: MeasurementKey,
    kind: Instrument,
}

/// A stream of the block.
#[derive(Debug)]
pub(super) struct LocalStream {
    key: StreamKey,
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
        event: &Event<'_>,
        family: MetricFamily,
        time: u64,
        context: &Context,
        context_number: usize,
        temporality: Temporality,
    ) -> bool {
        let begin = self.points.len();
        let mut window_seconds = None;
        let measurements = distinct_members(event.measurements);
        for member in &measurements {
            let key = member.key.decoded();
            let Some(kind) = family.instrument(&key) else {
                window_seconds = Some(member.value);
                continue;
            };
            match self.value(kind, member.value) {
                Some(value) => {
                    let instrument = self.instrument(event.event_name, member.key, kind, temporality);
                    self.points.push(Point { instrument, value });
                }
                None => self.dropped_points += 1,
            }
        }
        if self.points.len() == begin {
            return false;
        }
        let window = (family == MetricFamily::HttpRequests).then(|| window_length(window_seconds));
        let stream = self.stream(event, context, context_number);
        let is_fraction = |point: &Point| matches!(point.value, Value::Fraction { .. });
        if temporality == Temporality::Delta && self.points[begin..].iter().any(is_fraction) {
            self.add_fraction_attributes(stream, event, context);
        }
        self.events.push(MetricEvent { stream, points_end: index(self.points.len()), time, window });
        true
    }

    /// Bytes that the block's texts and points take.
    pub(super) fn weight(&self) -> usize {
        self.text.len()
            + self.points.len() * size_of::<Point>()
            + self.events.len() * size_of::<MetricEvent>()
    }

    /// Drops what is needed only while events are added.
    pub(super) fn finish(&mut self) {
        self.known = Known::default();
        self.events.shrink_to_fit();
        self.points.shrink_to_fit();
        self.text.shrink_to_fit();
    }

    pub(super) fn stream_key(&self, event: &MetricEvent) -> StreamKey {
        self.streams[event.stream as usize].key
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

    fn instrument(
        &mut self,
        event_name: JsonString<'_>,
        measurement: JsonString<'_>,
        kind: Instrument,
        temporality: Temporality,
    ) -> u32 {
        let key = &mut self.known.key;
        key.clear();
        key.extend_from_slice(event_name.escaped().as_bytes());
        key.push(b'"');
        key.extend_from_slice(measurement.escaped().as_bytes());
        if let Some(&known) = self.known.instruments.get(key.as_slice()) {
            return known;
        }
        let number = index(self.instruments.len());
        self.known.instruments.insert(key.clone(), number);
        let decoded = measurement.decoded();
        self.instruments.push(LocalInstrument {
            entry_begin: entry_begin(&event_name.decoded(), &decoded, kind, temporality).into_bytes().into(),
            measurement: measurement_key(&decoded),
            kind,
        });
        number
    }

    fn stream(&mut self, event: &Event<'_>, context: &Context, context_number: usize) -> u32 {
        let key = &mut self.known.key;
        key.clear();
        key.extend_from_slice(&context_number.to_le_bytes());
        key.extend_from_slice(event.event_name.escaped().as_bytes());
        key.push(b'"');
        key.extend_from_slice(event.properties.as_bytes());
        if let Some(&known) = self.known.streams.get(key.as_slice()) {
            return known;
        }
        let number = index(self.streams.len());
        self.known.streams.insert(key.clone(), number);
        let attributes = self.write_attributes(event, context, None);
        let key = stream_key(event, context);
        self.streams.push(LocalStream { key, attributes, fraction_attributes: (0, 0) });
        number
    }

    /// A stream's points are of one number type: `delta_to_cumulative` adds integers to integers and doubles to doubles,
    /// and forgets the one at the first of the other.
    fn add_fraction_attributes(&mut self, stream: u32, event: &Event<'_>, context: &Context) {
        if self.streams[stream as usize].fraction_attributes == (0, 0) {
            let attributes = self.write_attributes(event, context, Some("double"));
            self.streams[stream as usize].fraction_attributes = attributes;
        }
    }

    /// Returns where they stand in the block's text.
    fn write_attributes(
        &mut self,
        event: &Event<'_>,
        context: &Context,
        number_type: Option<&'static str>,
    ) -> (u32, u32) {
        let begin = index(self.text.len());
        let mut attributes = Attributes::new();
        attributes.properties(event.properties, Reserved::OfPoints);
        let mut deployment_url = String::new();
        escape_into(&mut deployment_url, context.deployment_url());
        if !deployment_url.is_empty() {
            attributes.string("coder.deployment.url", JsonString::of_escaped(&deployment_url));
        }
        if let Some(number_type) = number_type {
            attributes.string(NUMBER_TYPE, JsonString::of_escaped(number_type));
        }
        attributes.write(&mut self.text);
        (begin, index(self.text.len()))
    }

    /// The point with the times it is given.
    pub(super) fn place(
        &self,
        event: &MetricEvent,
        point: u32,
        time: PointTime,
        total: Option<(Count, u64)>,
    ) -> PlacedPoint {
        let point = &self.points[point as usize];
        let (own_start, end) = match time {
            PointTime::Window(window) => (Some(window.start), window.end),
            PointTime::Instant(instant) => (None, instant),
        };
        let (value, start) = match total {
            Some((Count::Integer(sum), start)) => (Value::Integer(sum), Some(start)),
            Some((Count::Double(sum), start)) => (Value::Double(sum), Some(start)),
            None => (point.value, own_start),
        };
        PlacedPoint::new(start, end, event.stream, value)
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

fn entry_begin(event_name: &str, measurement: &str, kind: Instrument, temporality: Temporality) -> String {
    let (measurement, unit) = match kind {
        Instrument::Counter => (measurement, Some("{request}")),
        Instrument::Gauge => gauge_name_and_unit(measurement),
    };
    let mut entry = String::from("{\"name\":\"");
    escape_into(&mut entry, event_name);
    entry.push('.');
    escape_into(&mut entry, measurement);
    entry.push('"');
    if let Some(unit) = unit {
        entry.push_str(",\"unit\":\"");
        entry.push_str(unit);
        entry.push('"');
    }
    match kind {
        Instrument::Counter => {
            entry.push_str(",\"sum\":{\"aggregationTemporality\":");
            entry.push_str(temporality.otlp_number());
            entry.push_str(",\"isMonotonic\":true,\"dataPoints\":[");
        }
        Instrument::Gauge => entry.push_str(",\"gauge\":{\"dataPoints\":["),
    }
    entry
}

fn measurement_key(measurement: &str) -> MeasurementKey {
    let digest = Sha256::digest(measurement.as_bytes());
    digest.iter().take(size_of::<MeasurementKey>()).fold(0, |key, byte| key << 8 | u64::from(*byte))
}

/// Every text is preceded by its length, so that no two streams read the same.
fn stream_key(event: &Event<'_>, context: &Context) -> StreamKey {
    let mut digest = Sha256::new();
    let mut add = |text: &str| {
        digest.update((text.len() as u64).to_le_bytes());
        digest.update(text.as_bytes());
    };
    context.fields().iter().for_each(|field| add(field));
    add(&event.event_name.decoded());
    let properties: BTreeMap<_, _> = members(event.properties)
        .filter_map(|member| Some((member.key.decoded(), JsonString::of_value(member.value)?.decoded())))
        .collect();
    for (key, value) in &properties {
        add(key);
        add(value);
    }
    let digest = digest.finalize();
    digest.iter().take(size_of::<StreamKey>()).fold(0, |key, byte| key << 8 | u128::from(*byte))
}
