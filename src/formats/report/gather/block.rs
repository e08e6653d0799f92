//! What a block of rows adds to a report: gathered in parallel, added up in order.

use super::block_fields::{BlockFields, FieldIndex};
use super::block_rows::BlockRows;
use super::contexts::BlockContexts;
use super::inventory::SharedInventory;
use super::members::{FoundMember, Shape, first_members};
use super::metric_events::{BlockMetrics, MeasurementRole, value_of};
use super::property_sets::{PropertyFacts, PropertySets, rough_hash};
use super::row_fields::{RowFields, is_other};
use crate::formats::report::excerpt::Excerpt;
use crate::formats::report::findings::FieldPlace;
use crate::formats::report::identity::Identity;
use crate::json::{JsonString, Member, members_from};
use crate::progress::Progress;
use crate::row::context::EventContext;
use crate::row::event::Event;
use crate::row::signal::{
    DURATION_MS, MetricFamily, MetricName, Outcome, RESULT, Signal, SpanMembers, SpanName, SpanResult,
    signal_of,
};
use crate::row::timestamp::{Day, NANOSECONDS_PER_DAY, Nanoseconds};
use crate::summary::SignalCounts;

/// What blocks take at most that are used again, with what was learned: each, and there are as many as are read ahead.
const KEPT_WEIGHT_AT_MOST: usize = 512 * 1024;
/// What a name takes beside its text, with a few sets of properties.
const NAME_WEIGHT: usize = 1_024;
/// What a key takes beside its text, which may be held twice.
const KEY_WEIGHT: usize = 128;
/// Event names that are found without a hash of their text.
const NAME_SLOTS: usize = 32;

/// What the rows of a block add to a report.
#[derive(Default)]
pub(crate) struct ReportBlock {
    /// Times of the earliest and of the latest event.
    pub(in crate::formats::report) covered: Option<(Nanoseconds, Nanoseconds)>,
    /// Another entry whenever the day changes.
    pub(in crate::formats::report) days: Vec<(Day, SignalCounts)>,
    pub(in crate::formats::report) fields: BlockFields,
    pub(in crate::formats::report) contexts: BlockContexts,
    pub(in crate::formats::report) event_names: BlockRows<BlockEventName>,
    /// Names of spans.
    pub(in crate::formats::report) operations: BlockRows<Excerpt>,
    pub(in crate::formats::report) spans: Vec<Span>,
    pub(in crate::formats::report) failures: BlockRows<BlockFailure>,
    pub(in crate::formats::report) metrics: BlockMetrics,
    /// Indices of event names that were seen lately, by a rough hash of how they are spelled.
    name_slots: [u32; NAME_SLOTS],
    /// Of the event that is being added.
    measurements: Vec<FoundMember<Measurement>>,
    /// Where the measurements of that event begin that are not told apart.
    other_measurements: Option<usize>,
    row_fields: RowFields,
    /// Bytes of what was learned of names and their keys, about.
    learned: usize,
}

/// A name of events.
#[derive(Default)]
pub(in crate::formats::report) struct BlockEventName {
    pub(in crate::formats::report) name: Excerpt,
    pub(in crate::formats::report) events: u64,
    identity: Identity,
    /// As it is spelled.
    escaped: Box<str>,
    family: Option<MetricFamily>,
    properties: PropertySets,
    measurements: Shape<Measurement>,
    /// Index of its spans' name in the block's operations.
    operation: Option<u32>,
}

/// An event that is a span.
pub(in crate::formats::report) struct Span {
    pub(in crate::formats::report) operation: u32,
    pub(in crate::formats::report) outcome: Outcome,
    /// Where it has a `durationMs` that is finite and not negative.
    pub(in crate::formats::report) nanoseconds: Option<u64>,
}

/// Events that failed in the same way.
pub(in crate::formats::report) struct BlockFailure {
    pub(in crate::formats::report) event_name: Excerpt,
    pub(in crate::formats::report) kind: Excerpt,
    pub(in crate::formats::report) code: Excerpt,
    pub(in crate::formats::report) count: u64,
    pub(in crate::formats::report) first: Nanoseconds,
    pub(in crate::formats::report) last: Nanoseconds,
    /// The first message that is not empty; empty where there is none.
    pub(in crate::formats::report) example: Excerpt,
}

/// What a measurement is to a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Measurement {
    /// Tells keys apart that have no field of their own.
    key: Identity,
    field: FieldIndex,
    is_duration: bool,
    role: MeasurementRole,
}

impl ReportBlock {
    /// Adds an event, which happened at `time`.
    pub(in crate::formats::report) fn add(
        &mut self,
        event: &Event<'_>,
        context: EventContext<'_>,
        time: Nanoseconds,
        span_name: SpanName,
        shared: &SharedInventory<'_>,
    ) {
        let (idle, rest) = first_members(if event.has_idle_members { event.row } else { "{}" });
        for member in shared.progress.heed(rest).filter(is_other) {
            self.fields.add_beyond(&member, 1, &shared.identities);
        }
        self.contexts.add(event, context, &mut self.fields, shared);
        self.row_fields.add(event, context, &idle, &mut self.fields, shared);
        let name = self.event_name(event.event_name, shared);
        let facts = self.add_properties(name, event.properties, shared);
        self.add_measurements(name, event.measurements, shared);
        self.add_other_members(name, event, &idle, shared);
        self.add_time(time);
        if event.error.is_some() || facts.result == Some(SpanResult::Error) {
            self.add_failure(event, time, shared);
        }
        let has_points = self.add_points(name, event, facts, time, shared);
        let span_members =
            || SpanMembers { result: facts.result, duration: self.duration(event, shared.progress) };
        let signal = signal_of(event, has_points, span_members);
        let (_, events) = last_day(&mut self.days, time);
        match signal {
            Signal::Points => events.metrics += 1,
            Signal::Log { .. } => events.logs += 1,
            Signal::Span(span) => {
                events.traces += 1;
                self.add_span(name, event, span.outcome, span.duration.nanoseconds(), span_name, shared);
            }
        }
    }

    /// Bytes that the block takes in memory, about.
    pub(in crate::formats::report) fn weight(&self) -> usize {
        self.learned
            + self.fields.weight()
            + self.contexts.weight()
            + self.event_names.weight()
            + self.operations.weight()
            + self.failures.weight()
            + self.metrics.weight()
            + size_of_val(self.days.as_slice())
            + size_of_val(self.spans.as_slice())
    }

    /// Whether no event was added.
    pub(in crate::formats::report) fn is_empty(&self) -> bool {
        self.covered.is_none()
    }

    /// Counts what is not counted yet.
    pub(in crate::formats::report) fn finish(&mut self, shared: &SharedInventory<'_>) {
        self.contexts.finish(&mut self.fields);
        for name in self.event_names.rows_mut().filter(|name| name.events > 0) {
            name.properties.finish(&mut self.fields);
            if let Some(field) = self.row_fields.event_name() {
                let escaped = JsonString::of_escaped(&name.escaped);
                self.fields.get_mut(field).add_string(escaped, name.events, &shared.identities);
            }
        }
        self.fields.finish();
    }

    /// Forgets what was counted, and keeps what was learned of fields and names: most blocks have the same. What it knows must
    /// have been added to the findings.
    pub(in crate::formats::report) fn reset(&mut self) {
        self.covered = None;
        self.days.clear();
        self.fields.reset();
        self.contexts.reset();
        self.event_names.rows_mut().for_each(|name| name.events = 0);
        self.spans.clear();
        self.failures = BlockRows::default();
        self.metrics.reset();
    }

    /// Whether what was learned takes little enough memory to be kept.
    pub(in crate::formats::report) fn is_worth_keeping(&self) -> bool {
        self.weight() <= KEPT_WEIGHT_AT_MOST
    }

    /// The index of an event's name, which has one event more.
    fn event_name(&mut self, name: JsonString<'_>, shared: &SharedInventory<'_>) -> u32 {
        let slot = rough_hash(name.escaped()) % NAME_SLOTS;
        let candidate = self.name_slots[slot];
        let is_it = |known: &BlockEventName| *known.escaped == *name.escaped();
        let index = if self.event_names.get(candidate).is_some_and(is_it) {
            candidate
        } else {
            let decoded = name.decoded();
            let identity = shared.identities.of(&*decoded);
            let learned = &mut self.learned;
            self.event_names.index_of(identity, || {
                *learned += name.escaped().len() + NAME_WEIGHT;
                BlockEventName {
                    name: Excerpt::of(&decoded),
                    escaped: name.escaped().into(),
                    identity,
                    family: MetricName::of(name).map(MetricName::family),
                    ..BlockEventName::default()
                }
            })
        };
        self.name_slots[slot] = index;
        self.event_names.get_mut(index).events += 1;
        index
    }

    fn add_properties(&mut self, name: u32, object: &str, shared: &SharedInventory<'_>) -> PropertyFacts {
        let Self { fields, event_names, metrics, learned, .. } = self;
        let BlockEventName { identity, family, properties, .. } = event_names.get_mut(name);
        let weight_before = properties.weight();
        let begin = |fields: &mut BlockFields| {
            let (members, rest) = first_members(object);
            let result = match rest.clone().filter(|member| member.key.means(RESULT)).last() {
                Some(member) => JsonString::of_value(member.value),
                None => value_of(&members, RESULT),
            };
            let note = |member: &Member<'_>| {
                let key = member.key.decoded();
                let index = fields.index_of(FieldPlace::Properties, Some((name, *identity)), &key, shared);
                fields.get_mut(index).add(member.value, 0, &shared.identities);
                index
            };
            let mut indices: Vec<_> = members.iter().map(note).collect();
            indices.extend(
                shared.progress.heed(rest).map(|member| fields.add_beyond(&member, 0, &shared.identities)),
            );
            let route =
                (*family == Some(MetricFamily::HttpRequests)).then(|| metrics.route(&members, shared));
            (indices, PropertyFacts { result: result.map(SpanResult::of), route })
        };
        let facts = properties.count(object, fields, begin);
        *learned = *learned + properties.weight() - weight_before;
        facts
    }

    fn add_measurements(&mut self, name: u32, object: &str, shared: &SharedInventory<'_>) {
        let Self { fields, event_names, measurements, metrics, learned, .. } = self;
        let BlockEventName { identity, measurements: shape, family, .. } = event_names.get_mut(name);
        let rest = shape.find(object, measurements, |key| {
            *learned += 2 * key.len() + KEY_WEIGHT;
            Measurement {
                key: shared.identities.of(key),
                field: fields.index_of(FieldPlace::Measurements, Some((name, *identity)), key, shared),
                is_duration: key == DURATION_MS,
                role: family.map_or(MeasurementRole::None, |family| metrics.role(family, key, shared)),
            }
        });
        for FoundMember { meaning, value } in measurements {
            fields.get_mut(meaning.field).add_number(&object[value.clone()], &shared.identities);
        }
        let others = rest.into_iter().flat_map(|rest| members_from(object, rest));
        for member in shared.progress.heed(others) {
            fields.add_beyond(&member, 1, &shared.identities);
        }
        self.other_measurements = rest;
    }

    /// The measurements of `event` that are not told apart.
    fn other_measurements<'e, 'p>(
        &self,
        event: &Event<'e>,
        progress: &'p Progress,
    ) -> impl Iterator<Item = Member<'e>> + use<'e, 'p> {
        let measurements = event.measurements;
        let others = self.other_measurements.into_iter();
        progress.heed(others.flat_map(move |rest| members_from(measurements, rest)))
    }

    /// The text of the `durationMs` of `event`, if it has one.
    fn duration<'e>(&self, event: &Event<'e>, progress: &Progress) -> Option<&'e str> {
        let other =
            self.other_measurements(event, progress).filter(|member| member.key.means(DURATION_MS)).last();
        let found = || self.measurements.iter().find(|found| found.meaning.is_duration);
        let found = || found().map(|found| &event.measurements[found.value.clone()]);
        other.map(|member| member.value).or_else(found)
    }

    /// Adds the members of an error block, and those of the row that say nothing.
    fn add_other_members(
        &mut self,
        name: u32,
        event: &Event<'_>,
        idle: &[Member<'_>],
        shared: &SharedInventory<'_>,
    ) {
        let identity = self.event_names.get_mut(name).identity;
        let fields = &mut self.fields;
        let add = |fields: &mut BlockFields, place, member: &Member<'_>| {
            let index = fields.index_of(place, Some((name, identity)), &member.key.decoded(), shared);
            fields.get_mut(index).add(member.value, 1, &shared.identities);
        };
        if let Some(error) = event.error {
            let (first, rest) = first_members(error.text);
            first.iter().for_each(|member| add(fields, FieldPlace::Error, member));
            for member in shared.progress.heed(rest) {
                fields.add_beyond(&member, 1, &shared.identities);
            }
        }
        idle.iter()
            .filter(|member| is_other(member))
            .for_each(|member| add(fields, FieldPlace::Other, member));
    }

    fn add_time(&mut self, time: Nanoseconds) {
        let (first, last) = self.covered.unwrap_or((time, time));
        self.covered = Some((first.min(time), last.max(time)));
    }

    fn add_failure(&mut self, event: &Event<'_>, time: Nanoseconds, shared: &SharedInventory<'_>) {
        let name = event.event_name.decoded();
        let kind = event.error.and_then(|error| error.kind).unwrap_or_default().decoded();
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
        let failure = self.failures.get_mut(index);
        failure.count += 1;
        failure.first = failure.first.min(time);
        failure.last = failure.last.max(time);
        if failure.example == Excerpt::default() {
            let message = event.error.map(|error| error.message);
            failure.example = Excerpt::of(&message.unwrap_or_default().decoded());
        }
    }

    /// Adds the points of a metric event. Returns whether there are any.
    fn add_points(
        &mut self,
        name: u32,
        event: &Event<'_>,
        facts: PropertyFacts,
        time: Nanoseconds,
        shared: &SharedInventory<'_>,
    ) -> bool {
        let Some(family) = self.event_names.get_mut(name).family else { return false };
        let values = self
            .measurements
            .iter()
            .map(|found| (found.meaning.role, &event.measurements[found.value.clone()]));
        let other = self
            .other_measurements(event, shared.progress)
            .map(|member| (MeasurementRole::unlisted(family, &member.key.decoded()), member.value));
        if !self.metrics.read(values.chain(other)) {
            return false;
        }
        match (family, facts.route) {
            (MetricFamily::HttpRequests, Some(route)) => self.metrics.add_requests(route, day_of(time)),
            (MetricFamily::HttpRequests, None) => {}
            (MetricFamily::SshNetwork, _) => self.metrics.add_readings(time),
        }
        true
    }

    fn add_span(
        &mut self,
        name: u32,
        event: &Event<'_>,
        outcome: Outcome,
        nanoseconds: Option<Nanoseconds>,
        span_name: SpanName,
        shared: &SharedInventory<'_>,
    ) {
        let operations = &mut self.operations;
        let operation = *self.event_names.get_mut(name).operation.get_or_insert_with(|| {
            let decoded = event.event_name.decoded();
            let name = span_name.of(&decoded);
            operations.index_of(shared.identities.of(name), || Excerpt::of(name))
        });
        self.spans.push(Span { operation, outcome, nanoseconds });
    }
}

fn day_of(time: Nanoseconds) -> Day {
    (time / NANOSECONDS_PER_DAY).cast_signed()
}

/// The entry of a day, the last one.
fn last_day(days: &mut Vec<(Day, SignalCounts)>, time: Nanoseconds) -> &mut (Day, SignalCounts) {
    let day = day_of(time);
    if days.last().is_none_or(|(last, _)| *last != day) {
        days.push((day, SignalCounts::default()));
    }
    let last = days.len() - 1;
    &mut days[last]
}
