//! What metric events say: HTTP requests, and readings of connections (spec §5, "Metrics").

use super::block_rows::BlockRows;
use super::excerpt::Excerpt;
use super::findings::{Day, DurationKind, Nanoseconds};
use super::inventory::SharedInventory;
use crate::event::finite_number;
use crate::json_scan::Member;
use crate::json_text::{JsonString, exact_integer};
use crate::signal::{Instrument, MetricFamily, gauge_name_and_unit};
use crate::streams::Count;

/// What the metric events of a block say. Sums of floats are left to the sequential middle: they depend on the order, and where
/// a block ends is not the input's to say.
#[derive(Default)]
pub(super) struct BlockMetrics {
    pub(super) dropped_points: u64,
    /// Classes of HTTP answers.
    pub(super) status_classes: BlockRows<Excerpt>,
    /// Methods and routes, where there are requests or not.
    pub(super) routes: BlockRows<[Excerpt; 2]>,
    /// Indices of those that have a window, in order of their first one.
    pub(super) routes_with_windows: Vec<u32>,
    pub(super) requests: Vec<Requests>,
    pub(super) request_durations: Vec<RequestDuration>,
    /// Measurements of connections, with their units.
    pub(super) series: BlockRows<(Excerpt, &'static str)>,
    pub(super) readings: Vec<Reading>,
    points: Points,
    /// By index of the route.
    has_window: Vec<bool>,
}

/// HTTP requests of one class in one window.
pub(super) struct Requests {
    pub(super) day: Day,
    pub(super) route: u32,
    pub(super) status_class: u32,
    pub(super) count: Count,
}

/// How long the HTTP requests of a window took.
pub(super) struct RequestDuration {
    pub(super) route: u32,
    pub(super) kind: DurationKind,
    pub(super) milliseconds: f64,
    /// How many there were.
    pub(super) requests: f64,
}

/// A reading of a connection.
pub(super) struct Reading {
    pub(super) series: u32,
    pub(super) time: Nanoseconds,
    pub(super) value: f64,
}

/// What a measurement of a metric event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum MeasurementRole {
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
}

/// The points of one event.
#[derive(Default)]
struct Points {
    /// By class.
    counts: Vec<(u32, Count)>,
    durations: Vec<(DurationKind, f64)>,
    /// By series.
    readings: Vec<(u32, f64)>,
}

impl BlockMetrics {
    /// What a measurement of a family's events is.
    pub(super) fn role(
        &mut self,
        family: MetricFamily,
        measurement: &str,
        shared: &SharedInventory,
    ) -> MeasurementRole {
        match (family, family.instrument(measurement)) {
            (_, None) => MeasurementRole::None,
            (_, Some(Instrument::Counter)) => {
                // What stands behind `count.` or `count_`.
                let class = &measurement["count.".len()..];
                let identity = shared.identities.of_string(class);
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
    pub(super) fn read<'v>(
        &mut self,
        measurements: impl Iterator<Item = (MeasurementRole, &'v str)>,
    ) -> bool {
        let Points { counts, durations, readings } = &mut self.points;
        counts.clear();
        durations.clear();
        readings.clear();
        let mut points: u32 = 0;
        for (role, value) in measurements {
            let gives_point = match role {
                MeasurementRole::None => continue,
                MeasurementRole::Counter(class) => {
                    count(value).map(|count| counts.push((class, count))).is_some()
                }
                MeasurementRole::RequestDuration(kind) => {
                    number(value).map(|milliseconds| durations.push((kind, milliseconds))).is_some()
                }
                MeasurementRole::Reading(series) => {
                    number(value).map(|value| readings.push((series, value))).is_some()
                }
                MeasurementRole::Gauge => finite_number(value).is_some(),
            };
            points += u32::from(gives_point);
            self.dropped_points += u64::from(!gives_point);
        }
        points > 0
    }

    /// The index of the route that HTTP requests with these properties went to.
    pub(super) fn route(&mut self, properties: &[Member<'_>], shared: &SharedInventory) -> u32 {
        let route = ["method", "route"].map(|key| value_of(properties, key).unwrap_or_default().decoded());
        let begin = || [Excerpt::of(&route[0]), Excerpt::of(&route[1])];
        self.routes.index_of(shared.identities.of(&route), begin)
    }

    /// Adds the window of HTTP requests that was read.
    pub(super) fn add_requests(&mut self, route: u32, day: Day) {
        if self.has_window.len() <= route as usize {
            self.has_window.resize(route as usize + 1, false);
        }
        if !std::mem::replace(&mut self.has_window[route as usize], true) {
            self.routes_with_windows.push(route);
        }
        let mut all = Count::Integer(0);
        for &(status_class, count) in &self.points.counts {
            all = all.plus(count);
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
    pub(super) fn add_readings(&mut self, time: Nanoseconds) {
        let reading = |&(series, value): &(u32, f64)| Reading { series, time, value };
        self.readings.extend(self.points.readings.iter().map(reading));
    }

    /// Drops what is needed only while rows are added.
    pub(super) fn finish(&mut self) {
        self.status_classes.finish();
        self.routes.finish();
        self.series.finish();
        self.points = Points::default();
        self.has_window = Vec::new();
    }

    /// Bytes that the points take in memory, about.
    pub(super) fn weight(&self) -> usize {
        self.status_classes.weight()
            + self.routes.weight()
            + self.series.weight()
            + size_of_val(self.requests.as_slice())
            + size_of_val(self.request_durations.as_slice())
            + size_of_val(self.readings.as_slice())
    }
}

/// The string that a member of an object is, if it is one.
pub(super) fn value_of<'a>(members: &[Member<'a>], key: &str) -> Option<JsonString<'a>> {
    JsonString::of_value(members.iter().find(|member| member.key.means(key))?.value)
}

/// The value of a counter, where it is finite and not negative.
fn count(value: &str) -> Option<Count> {
    match exact_integer(value) {
        Some(integer) => (integer >= 0).then_some(Count::Integer(integer)),
        None => number(value).filter(|_| !value.starts_with('-')).map(Count::Double),
    }
}

/// The value of a gauge, where it is finite; `null` is no number.
pub(super) fn number(value: &str) -> Option<f64> {
    value.parse().ok().filter(|number: &f64| number.is_finite())
}
