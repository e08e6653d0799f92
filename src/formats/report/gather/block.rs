//! What one block of rows adds to a report.

use super::Shared;
use super::block_fields::{BlockFields, FieldValue};
use super::block_rows::BlockRows;
use super::contexts::BlockContexts;
use super::measurements::{Measurement, MeasurementKeys, Measurements};
use super::members::{first_members, string_of};
use super::metric_events::{BlockMetrics, MeasurementRole};
use super::property_sets::{PropertyFacts, PropertySets};
use super::row_fields::{RowFields, is_other_member};
use crate::formats::report::excerpt::Excerpt;
use crate::formats::report::findings::FieldPlace;
use crate::formats::report::identity::Identity;
use crate::formats::report::session_failures::EarliestFailures;
use crate::json::{JsonString, Member, members};
use crate::row::event::Event;
use crate::row::event_context::EventContext;
use crate::row::signal::{
    DURATION_MS, ERROR_TYPE, MetricFamily, MetricName, Outcome, RESULT, Signal, SpanMembers, SpanResult,
    error_type, signal_of,
};
use crate::row::timestamp::{Day, NANOSECONDS_PER_DAY, Nanoseconds};
use crate::summary::SignalCounts;

/// What the rows of a block add to a report.
#[derive(Default)]
pub(crate) struct ReportBlock {
    /// Times of the earliest and of the latest event.
    pub(crate) covered: Option<(Nanoseconds, Nanoseconds)>,
    /// Events by day, with a new entry whenever the day changes from one event to the next.
    pub(crate) days: Vec<(Day, SignalCounts)>,
    pub(crate) fields: BlockFields,
    pub(crate) contexts: BlockContexts,
    pub(crate) event_names: BlockRows<BlockEventName>,
    pub(crate) spans: Vec<Span>,
    pub(crate) failures: BlockRows<BlockFailure>,
    /// Of the failures in the block, as indices of [`Self::failures`].
    pub(crate) earliest_failures: EarliestFailures<u32>,
    pub(crate) metrics: BlockMetrics,
    row_fields: RowFields,
    /// About how many bytes the measurement keys and property sets of all event names take.
    event_names_weight: usize,
}

/// An event name, and what its events have in common.
#[derive(Default)]
pub(crate) struct BlockEventName {
    pub(crate) name: Excerpt,
    pub(crate) events: u64,
    /// The name as a value of `event_name`.
    field_value: FieldValue,
    identity: Identity,
    family: Option<MetricFamily>,
    properties: PropertySets,
    measurements: MeasurementKeys,
}

/// An event that is a span.
pub(crate) struct Span {
    /// Index of the event's name in [`ReportBlock::event_names`].
    pub(crate) event_name: u32,
    pub(crate) outcome: Outcome,
    /// `None` if there is no `durationMs` that is finite and not negative.
    pub(crate) nanoseconds: Option<u64>,
}

/// Events that failed in the same way.
pub(crate) struct BlockFailure {
    pub(crate) event_name: Excerpt,
    pub(crate) kind: Excerpt,
    pub(crate) code: Excerpt,
    pub(crate) count: u64,
    pub(crate) first: Nanoseconds,
    pub(crate) last: Nanoseconds,
    /// The first message that is not empty, or empty if there is none.
    pub(crate) example: Excerpt,
}

impl ReportBlock {
    /// Adds an event. `time` is its timestamp.
    pub(crate) fn add(
        &mut self,
        event: &Event<'_>,
        context: EventContext<'_>,
        time: Nanoseconds,
        shared: &Shared<'_>,
    ) {
        // `event` already holds all members of nearly all rows. Those rows are not parsed again.
        let (row_members, rest) = first_members(if event.has_idle_members { event.row } else { "{}" });
        for member in shared.progress.heed(rest).filter(is_other_member) {
            self.fields.add_unlisted(&member, 1, shared);
        }
        self.contexts.add(event, context, &mut self.fields, shared);
        self.row_fields.add(event, context, &row_members, &mut self.fields, shared);
        let name = self.count_event_name(event.event_name, shared);
        let facts = self.add_properties(name, event.properties, shared);
        let measurements = self.add_measurements(name, event.measurements, shared);
        self.add_other_members(name, event, &row_members, shared);
        self.fields.end_event(event, context, shared);
        self.add_time(time);
        if event.error.is_some() || facts.result == Some(SpanResult::Error) {
            self.add_failure(event, time, shared);
        }
        let family = self.event_names.get_mut(name).family;
        let has_points = family.is_some_and(|family| {
            let values = measurements.roles(family, shared.progress);
            self.metrics.add(facts.route, time, day_of(time), values)
        });
        let span_members =
            || SpanMembers { result: facts.result, duration: measurements.duration(shared.progress) };
        let signal = signal_of(event, has_points, span_members);
        let events = last_day(&mut self.days, time);
        match signal {
            Signal::Points => events.metrics += 1,
            Signal::Log { .. } => events.logs += 1,
            Signal::Span(span) => {
                events.traces += 1;
                let nanoseconds = span.duration.nanoseconds();
                self.spans.push(Span { event_name: name, outcome: span.outcome, nanoseconds });
            }
        }
    }

    /// About how many bytes the block takes in memory.
    pub(crate) fn weight(&self) -> usize {
        self.fields.weight()
            + self.contexts.weight()
            + self.event_names.weight()
            + self.event_names_weight
            + self.failures.weight()
            + self.metrics.weight()
            + size_of_val(self.days.as_slice())
            + size_of_val(self.spans.as_slice())
    }

    /// Completes the counts, once all events are added.
    pub(crate) fn finish(&mut self) {
        self.contexts.finish(&mut self.fields);
        for name in self.event_names.rows_mut() {
            name.properties.finish(&mut self.fields);
        }
        self.fields.finish();
    }

    /// Counts an event with this name. Returns the index of the name.
    fn count_event_name(&mut self, name: JsonString<'_>, shared: &Shared<'_>) -> u32 {
        let decoded = name.decoded();
        let identity = shared.identities.of(&*decoded);
        let Self { event_names, row_fields, fields, .. } = self;
        let index = event_names.index_of(identity, || BlockEventName {
            name: Excerpt::of(&decoded),
            field_value: row_fields.add_event_name(name, fields, shared),
            identity,
            family: MetricName::of(name).map(MetricName::family),
            ..BlockEventName::default()
        });
        let name = event_names.get_mut(index);
        name.events += 1;
        fields.add_events(name.field_value, 1);
        index
    }

    fn add_properties(&mut self, name: u32, object: &str, shared: &Shared<'_>) -> PropertyFacts {
        let Self { fields, event_names, metrics, event_names_weight, .. } = self;
        let BlockEventName { identity, family, properties, .. } = event_names.get_mut(name);
        let weight_before = properties.weight();
        let facts = properties.count(object, fields, |fields| {
            let (members, rest) = first_members(object);
            let result = match rest.clone().filter(|member| member.key.means(RESULT)).last() {
                Some(member) => JsonString::of_value(member.value),
                None => string_of(&members, RESULT),
            };
            let add = |member: &Member<'_>| {
                let key = member.key.decoded();
                let entry = fields.entry(FieldPlace::Properties, Some((name, *identity)), &key, shared);
                fields.add(entry, member.value, 0, shared)
            };
            let mut values: Vec<_> = members.iter().map(add).collect();
            values.extend(shared.progress.heed(rest).map(|member| fields.add_unlisted(&member, 0, shared)));
            let route =
                (*family == Some(MetricFamily::HttpRequests)).then(|| metrics.route(&members, shared));
            (values, PropertyFacts { result: result.map(SpanResult::of), route })
        });
        *event_names_weight = *event_names_weight + properties.weight() - weight_before;
        facts
    }

    fn add_measurements<'e>(&mut self, name: u32, object: &'e str, shared: &Shared<'_>) -> Measurements<'e> {
        let Self { fields, event_names, metrics, event_names_weight, .. } = self;
        let BlockEventName { identity, measurements: keys, family, .. } = event_names.get_mut(name);
        let weight_before = keys.weight();
        let measurements = keys.read(object, |key| Measurement {
            key: shared.identities.of(key),
            field: fields.entry(FieldPlace::Measurements, Some((name, *identity)), key, shared),
            is_duration: key == DURATION_MS,
            role: family.map_or(MeasurementRole::None, |family| metrics.role(family, key, shared)),
        });
        *event_names_weight = *event_names_weight + keys.weight() - weight_before;
        for &(measurement, value) in &measurements.first {
            fields.add_other(measurement.field, value, 1, shared);
        }
        for member in shared.progress.heed(measurements.rest.clone()) {
            fields.add_unlisted(&member, 1, shared);
        }
        measurements
    }

    /// Adds the members of the error block, and the row's members that belong to [`FieldPlace::Other`].
    fn add_other_members(
        &mut self,
        name: u32,
        event: &Event<'_>,
        row_members: &[Member<'_>],
        shared: &Shared<'_>,
    ) {
        let identity = self.event_names.get_mut(name).identity;
        let fields = &mut self.fields;
        let add = |fields: &mut BlockFields, place, member: &Member<'_>| {
            let entry = fields.entry(place, Some((name, identity)), &member.key.decoded(), shared);
            fields.add(entry, member.value, 1, shared);
        };
        if let Some(error) = event.error {
            let (first, rest) = first_members(error.text);
            first.iter().for_each(|member| add(fields, FieldPlace::Error, member));
            for member in shared.progress.heed(rest) {
                fields.add_unlisted(&member, 1, shared);
            }
        }
        row_members
            .iter()
            .filter(|member| is_other_member(member))
            .for_each(|member| add(fields, FieldPlace::Other, member));
    }

    fn add_time(&mut self, time: Nanoseconds) {
        let (first, last) = self.covered.unwrap_or((time, time));
        self.covered = Some((first.min(time), last.max(time)));
    }

    fn add_failure(&mut self, event: &Event<'_>, time: Nanoseconds, shared: &Shared<'_>) {
        let name = event.event_name.decoded();
        let property =
            shared.progress.heed(members(event.properties)).filter(|member| member.key.means(ERROR_TYPE));
        let property = property.last().and_then(|member| JsonString::of_value(member.value));
        let kind = error_type(property, event.error).unwrap_or_default().decoded();
        let code = event.error.and_then(|error| error.code).unwrap_or_default().decoded();
        let identity = shared.identities.of((&name, &kind, &code));
        let index = self.failures.index_of(identity, || BlockFailure {
            event_name: Excerpt::of(&name),
            kind: Excerpt::of(&kind),
            code: Excerpt::of(&code),
            count: 0,
            first: time,
            last: time,
            example: Excerpt::default(),
        });
        self.earliest_failures.add(time, || index);
        let failure = self.failures.get_mut(index);
        failure.count += 1;
        failure.first = failure.first.min(time);
        failure.last = failure.last.max(time);
        if failure.example == Excerpt::default() {
            let message = event.error.map(|error| error.message);
            failure.example = Excerpt::of(&message.unwrap_or_default().decoded());
        }
    }
}

fn day_of(time: Nanoseconds) -> Day {
    (time / NANOSECONDS_PER_DAY).cast_signed()
}

/// The counts of the day of `time`. Adds an entry unless the last one is of that day.
fn last_day(days: &mut Vec<(Day, SignalCounts)>, time: Nanoseconds) -> &mut SignalCounts {
    let day = day_of(time);
    if days.last().is_none_or(|(last, _)| *last != day) {
        days.push((day, SignalCounts::default()));
    }
    let last = days.len() - 1;
    &mut days[last].1
}
