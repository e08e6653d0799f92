//! What metric events say about HTTP requests and connections (specification, HTTP requests).

use super::Shared;
use super::block_rows::BlockRows;
use super::members::string_of;
use crate::formats::report::excerpt::Excerpt;
use crate::formats::report::findings::DurationKind;
use crate::json::{Member, finite_value};
use crate::row::count::Count;
use crate::row::event::finite_number;
use crate::row::signal::{Instrument, MetricFamily, count, gauge_name_and_unit};
use crate::row::timestamp::{Day, Nanoseconds};

/// What the metric events of a block say. Nothing is added up here: a sum of floats depends on the order of additions, and so
/// would depend on where blocks end.
#[derive(Default)]
pub(crate) struct BlockMetrics {
    pub(crate) dropped_points: u64,
    /// Classes of HTTP answers.
    pub(crate) status_classes: BlockRows<Excerpt>,
    /// The method and the route of HTTP requests.
    pub(crate) routes: BlockRows<[Excerpt; 2]>,
    pub(crate) http_records: Vec<HttpRecord>,
    pub(crate) series: BlockRows<BlockSeries>,
    pub(crate) readings: Vec<Reading>,
    /// Number of metric events added so far.
    events: u64,
}

/// A record of an `http.requests` event. Each event has a window, followed by its counts and durations in stored order.
#[derive(Clone, Copy)]
pub(crate) enum HttpRecord {
    /// The first record of an event. `requests` is the sum of its counts.
    Window { route: u32, day: Day, requests: f64 },
    /// Number of requests of one class.
    Count { status_class: u32, count: Count },
    /// A statistic of how long requests took.
    Duration { kind: DurationKind, milliseconds: f64 },
}

/// A measurement of connections, named without its unit.
#[derive(Default)]
pub(crate) struct BlockSeries {
    pub(crate) name: Excerpt,
    pub(crate) unit: &'static str,
    /// Number of the last event that has a reading of this series.
    last_event: u64,
}

/// A value of a series.
pub(crate) struct Reading {
    /// Index in [`BlockMetrics::series`].
    pub(crate) series: u32,
    pub(crate) time: Nanoseconds,
    pub(crate) value: f64,
}

/// What a measurement of a metric event is for the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MeasurementRole {
    /// Not a metric: it never gives a point.
    None,
    /// The number of requests of a class, with the index in [`BlockMetrics::status_classes`].
    Counter(u32),
    /// A statistic of how long requests took.
    RequestDuration(DurationKind),
    /// A value of a series, with the index in [`BlockMetrics::series`].
    Reading(u32),
    /// A gauge that the page does not show.
    OtherGauge,
    /// A number of requests that the page does not show.
    OtherCounter,
}

impl MeasurementRole {
    /// The role of a measurement beyond the member limit.
    pub(crate) fn without_field(family: MetricFamily, key: &str) -> Self {
        match family.instrument(key) {
            None => Self::None,
            Some(Instrument::Counter) => Self::OtherCounter,
            Some(Instrument::Gauge) => Self::OtherGauge,
        }
    }
}

impl BlockMetrics {
    /// The role of a measurement with this key.
    pub(crate) fn role(&mut self, family: MetricFamily, key: &str, shared: &Shared<'_>) -> MeasurementRole {
        match (family, family.instrument(key)) {
            (_, None) => MeasurementRole::None,
            (_, Some(Instrument::Counter)) => {
                // The key begins with `count.` or `count_`.
                let class = &key["count.".len()..];
                let identity = shared.identities.of(class);
                MeasurementRole::Counter(self.status_classes.index_of(identity, || Excerpt::of(class)))
            }
            (MetricFamily::HttpRequests, _) => {
                DurationKind::of(key).map_or(MeasurementRole::OtherGauge, MeasurementRole::RequestDuration)
            }
            (MetricFamily::SshNetwork, _) => match gauge_name_and_unit(key) {
                (name, Some(unit @ ("ms" | "Mbit/s"))) => {
                    let identity = shared.identities.of((name, unit));
                    let new_row = || BlockSeries { name: Excerpt::of(name), unit, last_event: 0 };
                    MeasurementRole::Reading(self.series.index_of(identity, new_row))
                }
                _ => MeasurementRole::OtherGauge,
            },
        }
    }

    /// The index of the route of HTTP requests with these properties.
    pub(crate) fn route(&mut self, properties: &[Member<'_>], shared: &Shared<'_>) -> u32 {
        const KEYS: [&str; 2] = ["method", "route"];
        let route = KEYS.map(|key| string_of(properties, key).unwrap_or_default().decoded());
        let new_row = || [0, 1].map(|at| Excerpt::of_value(KEYS[at], &route[at]));
        self.routes.index_of(shared.identities.of(&route), new_row)
    }

    /// Adds the points of an event, which has a route if it is about HTTP requests. Returns whether there are any points. A
    /// measurement that should give a point but does not counts as a dropped point.
    pub(crate) fn add<'v>(
        &mut self,
        route: Option<u32>,
        time: Nanoseconds,
        day: Day,
        measurements: impl Iterator<Item = (MeasurementRole, &'v str)>,
    ) -> bool {
        self.events += 1;
        let window = self.http_records.len();
        self.http_records.extend(route.map(|route| HttpRecord::Window { route, day, requests: 0.0 }));
        let mut all_requests = Count::Integer(0);
        let mut has_point = false;
        for (role, value) in measurements {
            let point = match role {
                MeasurementRole::None => continue,
                MeasurementRole::Counter(status_class) => count(value).map(|count| {
                    all_requests = all_requests.plus(count);
                    self.http_records.push(HttpRecord::Count { status_class, count });
                }),
                MeasurementRole::RequestDuration(kind) => finite_value(value).map(|milliseconds| {
                    self.http_records.push(HttpRecord::Duration { kind, milliseconds });
                }),
                MeasurementRole::Reading(series) => {
                    finite_value(value).map(|value| self.add_reading(Reading { series, time, value }))
                }
                MeasurementRole::OtherGauge => finite_number(value).map(drop),
                MeasurementRole::OtherCounter => count(value).map(drop),
            };
            has_point |= point.is_some();
            self.dropped_points += u64::from(point.is_none());
        }
        if !has_point {
            self.http_records.truncate(window);
        } else if let Some(HttpRecord::Window { requests, .. }) = self.http_records.get_mut(window) {
            *requests = all_requests.as_f64();
        }
        has_point
    }

    /// Adds a reading, unless the event already has one of the same series. The second one is a metric of its own (specification,
    /// Metric names), which the page does not show.
    fn add_reading(&mut self, reading: Reading) {
        let series = self.series.get_mut(reading.series);
        if series.last_event != self.events {
            series.last_event = self.events;
            self.readings.push(reading);
        }
    }

    /// About how many bytes the points take in memory.
    pub(crate) fn weight(&self) -> usize {
        self.status_classes.weight()
            + self.routes.weight()
            + self.series.weight()
            + size_of_val(self.http_records.as_slice())
            + size_of_val(self.readings.as_slice())
    }
}
