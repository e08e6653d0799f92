//! What metric events say: HTTP requests, and readings of connections (specification, Metrics).

use std::mem;

use super::block_rows::BlockRows;
use super::inventory::SharedInventory;
use crate::formats::report::excerpt::Excerpt;
use crate::formats::report::findings::DurationKind;
use crate::json::{JsonString, Member, finite_value};
use crate::row::count::Count;
use crate::row::event::finite_number;
use crate::row::signal::{Instrument, MetricFamily, count, gauge_name_and_unit};
use crate::row::timestamp::{Day, Nanoseconds};

/// What the metric events of a block say. Sums of floats are left to the sequential middle: they depend on the order, and where
/// a block ends is not the input's to say.
#[derive(Default)]
pub(in crate::formats::report) struct BlockMetrics {
    pub(in crate::formats::report) dropped_points: u64,
    /// Classes of HTTP answers.
    pub(in crate::formats::report) status_classes: BlockRows<Excerpt>,
    /// Methods and routes.
    pub(in crate::formats::report) routes: BlockRows<[Excerpt; 2]>,
    pub(in crate::formats::report) requests: Vec<Requests>,
    pub(in crate::formats::report) request_durations: Vec<RequestDuration>,
    /// Measurements of connections, with their units.
    pub(in crate::formats::report) series: BlockRows<(Excerpt, &'static str)>,
    pub(in crate::formats::report) readings: Vec<Reading>,
    /// Which of the classes have a count.
    pub(in crate::formats::report) counted_classes: Seen,
    /// Which of the routes have a window.
    pub(in crate::formats::report) used_routes: Seen,
    /// Which of the series have a reading.
    pub(in crate::formats::report) read_series: Seen,
    points: Points,
}

/// Indices in order of first appearance: what a key or a property names may never have a value.
#[derive(Default)]
pub(in crate::formats::report) struct Seen {
    order: Vec<u32>,
    is_seen: Vec<bool>,
}

impl Seen {
    #[inline]
    fn note(&mut self, index: u32) {
        if self.is_seen.get(index as usize) == Some(&true) {
            return;
        }
        self.is_seen.resize(self.is_seen.len().max(index as usize + 1), false);
        self.is_seen[index as usize] = true;
        self.order.push(index);
    }

    /// The indices.
    pub(in crate::formats::report) fn order(&self) -> &[u32] {
        &self.order
    }

    fn reset(&mut self) {
        self.order.clear();
        self.is_seen.fill(false);
    }
}

/// HTTP requests of one class in one window.
pub(in crate::formats::report) struct Requests {
    pub(in crate::formats::report) day: Day,
    pub(in crate::formats::report) route: u32,
    pub(in crate::formats::report) status_class: u32,
    pub(in crate::formats::report) count: Count,
}

/// How long the HTTP requests of a window took.
pub(in crate::formats::report) struct RequestDuration {
    pub(in crate::formats::report) route: u32,
    pub(in crate::formats::report) kind: DurationKind,
    pub(in crate::formats::report) milliseconds: f64,
    /// How many there were.
    pub(in crate::formats::report) requests: f64,
}

/// A reading of a connection.
pub(in crate::formats::report) struct Reading {
    pub(in crate::formats::report) series: u32,
    pub(in crate::formats::report) time: Nanoseconds,
    pub(in crate::formats::report) value: f64,
}

/// What a measurement of a metric event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::formats::report) enum MeasurementRole {
    /// It never gives a point.
    None,
    /// Requests of a class: its index in the block's.
    Counter(u32),
    /// How long requests took.
    RequestDuration(DurationKind),
    /// A reading of a series: its index in the block's.
    Reading(u32),
    /// A gauge that is shown nowhere.
    Gauge,
    /// Requests that are shown nowhere.
    UnlistedCounter,
}

impl MeasurementRole {
    /// What a measurement is that is not told apart from others.
    pub(in crate::formats::report) fn unlisted(family: MetricFamily, measurement: &str) -> Self {
        match family.instrument(measurement) {
            None => Self::None,
            Some(Instrument::Counter) => Self::UnlistedCounter,
            Some(Instrument::Gauge) => Self::Gauge,
        }
    }
}

/// The points of one event.
#[derive(Default)]
struct Points {
    /// By class.
    counts: Vec<(u32, Count)>,
    durations: Vec<(DurationKind, f64)>,
    /// By series.
    readings: Vec<(u32, f64)>,
    /// How many events were read.
    events: u32,
    /// Which of them was the last with a reading, by series.
    last_event: Vec<u32>,
}

impl BlockMetrics {
    /// What a measurement of a family's events is.
    pub(in crate::formats::report) fn role(
        &mut self,
        family: MetricFamily,
        measurement: &str,
        shared: &SharedInventory<'_>,
    ) -> MeasurementRole {
        match (family, family.instrument(measurement)) {
            (_, None) => MeasurementRole::None,
            (_, Some(Instrument::Counter)) => {
                // What stands behind `count.` or `count_`.
                let class = &measurement["count.".len()..];
                let identity = shared.identities.of(class);
                MeasurementRole::Counter(self.status_classes.index_of(identity, || Excerpt::of(class)))
            }
            (MetricFamily::HttpRequests, _) => {
                DurationKind::of(measurement).map_or(MeasurementRole::Gauge, MeasurementRole::RequestDuration)
            }
            (MetricFamily::SshNetwork, _) => match gauge_name_and_unit(measurement) {
                (name, Some(unit @ ("ms" | "Mbit/s"))) => {
                    let identity = shared.identities.of((name, unit));
                    MeasurementRole::Reading(self.series.index_of(identity, || (Excerpt::of(name), unit)))
                }
                _ => MeasurementRole::Gauge,
            },
        }
    }

    /// Reads the measurements of an event, for [`Self::add_requests`] or [`Self::add_readings`]. Returns whether one of them
    /// gives a point; the others are dropped ones.
    pub(in crate::formats::report) fn read<'v>(
        &mut self,
        measurements: impl Iterator<Item = (MeasurementRole, &'v str)>,
    ) -> bool {
        let Points { counts, durations, readings, events, last_event } = &mut self.points;
        counts.clear();
        durations.clear();
        readings.clear();
        *events += 1;
        last_event.resize(self.series.rows().len(), 0);
        let mut is_first = |series: u32| mem::replace(&mut last_event[series as usize], *events) != *events;
        let mut points: u32 = 0;
        for (role, value) in measurements {
            let gives_point = match role {
                MeasurementRole::None => continue,
                MeasurementRole::Counter(class) => {
                    count(value).map(|count| counts.push((class, count))).is_some()
                }
                MeasurementRole::RequestDuration(kind) => {
                    finite_value(value).map(|milliseconds| durations.push((kind, milliseconds))).is_some()
                }
                MeasurementRole::Reading(series) => finite_value(value)
                    .map(|value| {
                        // A second reading of a series is another metric (specification, Metric names), which is shown nowhere.
                        if is_first(series) {
                            readings.push((series, value));
                        }
                    })
                    .is_some(),
                MeasurementRole::Gauge => finite_number(value).is_some(),
                MeasurementRole::UnlistedCounter => count(value).is_some(),
            };
            points += u32::from(gives_point);
            self.dropped_points += u64::from(!gives_point);
        }
        points > 0
    }

    /// The index of the route that HTTP requests with these properties went to.
    pub(in crate::formats::report) fn route(
        &mut self,
        properties: &[Member<'_>],
        shared: &SharedInventory<'_>,
    ) -> u32 {
        let route = ["method", "route"].map(|key| value_of(properties, key).unwrap_or_default().decoded());
        let begin = || [Excerpt::of(&route[0]), Excerpt::of(&route[1])];
        self.routes.index_of(shared.identities.of(&route), begin)
    }

    /// Adds the window of HTTP requests that was read.
    pub(in crate::formats::report) fn add_requests(&mut self, route: u32, day: Day) {
        self.used_routes.note(route);
        let mut all = Count::Integer(0);
        for &(status_class, count) in &self.points.counts {
            all = all.plus(count);
            self.counted_classes.note(status_class);
            // None would change nothing.
            if count != Count::Integer(0) {
                self.requests.push(Requests { day, route, status_class, count });
            }
        }
        let requests = all.as_f64();
        for &(kind, milliseconds) in &self.points.durations {
            self.request_durations.push(RequestDuration { route, kind, milliseconds, requests });
        }
    }

    /// Adds the readings of a connection.
    pub(in crate::formats::report) fn add_readings(&mut self, time: Nanoseconds) {
        for &(series, value) in &self.points.readings {
            self.read_series.note(series);
            self.readings.push(Reading { series, time, value });
        }
    }

    /// Forgets what was counted.
    pub(in crate::formats::report) fn reset(&mut self) {
        self.dropped_points = 0;
        self.requests.clear();
        self.request_durations.clear();
        self.readings.clear();
        self.counted_classes.reset();
        self.used_routes.reset();
        self.read_series.reset();
    }

    /// Bytes that the points take in memory, about.
    pub(in crate::formats::report) fn weight(&self) -> usize {
        self.status_classes.weight()
            + self.routes.weight()
            + self.series.weight()
            + size_of_val(self.requests.as_slice())
            + size_of_val(self.request_durations.as_slice())
            + size_of_val(self.readings.as_slice())
    }
}

/// The string that a member of an object is, if it is one.
pub(in crate::formats::report) fn value_of<'a>(members: &[Member<'a>], key: &str) -> Option<JsonString<'a>> {
    JsonString::of_value(members.iter().find(|member| member.key.means(key))?.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indices_are_noted_once_in_order_of_appearance() {
        let mut seen = Seen::default();
        [3, 0, 3, 1, 0].into_iter().for_each(|index| seen.note(index));
        assert_eq!(seen.order(), [3, 0, 1]);
        seen.reset();
        seen.note(0);
        assert_eq!(seen.order(), [0]);
    }
}
