//! What metric events say: HTTP requests, and readings of connections (specification, Metrics).

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

/// What the metric events of a block say. Sums of floats depend on their order, and the input does not decide where a block
/// ends, so that assembly adds them up.
#[derive(Default)]
pub(crate) struct BlockMetrics {
    pub(crate) dropped_points: u64,
    /// Classes of HTTP answers.
    pub(crate) status_classes: BlockRows<Excerpt>,
    /// Methods and routes.
    pub(crate) routes: BlockRows<[Excerpt; 2]>,
    pub(crate) http_records: Vec<HttpRecord>,
    pub(crate) series: BlockRows<BlockSeries>,
    pub(crate) readings: Vec<Reading>,
    /// Events so far.
    events: u64,
}

/// A piece of what an `http.requests` event says, in stored order.
#[derive(Clone, Copy)]
pub(crate) enum HttpRecord {
    /// An event begins. Its counts and durations follow.
    Window { route: u32, day: Day, requests: f64 },
    /// Requests of one class.
    Count { status_class: u32, count: Count },
    /// How long requests took.
    Duration { kind: DurationKind, milliseconds: f64 },
}

/// A measurement of connections, with its unit.
#[derive(Default)]
pub(crate) struct BlockSeries {
    pub(crate) name: Excerpt,
    pub(crate) unit: &'static str,
    /// Number of the last event with a reading.
    last_event: u64,
}

/// A reading of a connection.
pub(crate) struct Reading {
    pub(crate) series: u32,
    pub(crate) time: Nanoseconds,
    pub(crate) value: f64,
}

/// What a measurement is to a metric event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MeasurementRole {
    /// It never gives a point.
    None,
    /// Requests of a class: its index in the block's.
    Counter(u32),
    /// How long requests took.
    RequestDuration(DurationKind),
    /// A reading of a series: its index in the block's.
    Reading(u32),
    /// A gauge that the page does not show.
    OtherGauge,
    /// Requests that the page does not show.
    OtherCounter,
}

impl MeasurementRole {
    /// The role of a measurement that has no field of its own.
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
                // What follows `count.` or `count_`.
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
                    let begin = || BlockSeries { name: Excerpt::of(name), unit, last_event: 0 };
                    MeasurementRole::Reading(self.series.index_of(identity, begin))
                }
                _ => MeasurementRole::OtherGauge,
            },
        }
    }

    /// The index of the route of HTTP requests with these properties.
    pub(crate) fn route(&mut self, properties: &[Member<'_>], shared: &Shared<'_>) -> u32 {
        let route = ["method", "route"].map(|key| string_of(properties, key).unwrap_or_default().decoded());
        let begin = || [Excerpt::of(&route[0]), Excerpt::of(&route[1])];
        self.routes.index_of(shared.identities.of(&route), begin)
    }

    /// Adds the points of an event; HTTP requests have a route. Returns whether there are any points. A measurement that
    /// could give a point and gives none is a dropped point.
    pub(crate) fn add<'v>(
        &mut self,
        route: Option<u32>,
        time: Nanoseconds,
        day: Day,
        measurements: impl Iterator<Item = (MeasurementRole, &'v str)>,
    ) -> bool {
        self.events += 1;
        let begin = self.http_records.len();
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
            self.http_records.truncate(begin);
        } else if let Some(HttpRecord::Window { requests, .. }) = self.http_records.get_mut(begin) {
            *requests = all_requests.as_f64();
        }
        has_point
    }

    /// Adds a reading, unless its event already has one of that series: a second one is another metric (specification,
    /// Metric names), which the page does not show.
    fn add_reading(&mut self, reading: Reading) {
        let series = self.series.get_mut(reading.series);
        if series.last_event != self.events {
            series.last_event = self.events;
            self.readings.push(reading);
        }
    }

    /// Bytes that the points take in memory, about.
    pub(crate) fn weight(&self) -> usize {
        self.status_classes.weight()
            + self.routes.weight()
            + self.series.weight()
            + size_of_val(self.http_records.as_slice())
            + size_of_val(self.readings.as_slice())
    }
}
