//! What a block of rows adds to a report: gathered in parallel, added up in order.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::mem;

use super::block_rows::BlockRows;
use super::excerpt::Excerpt;
use super::findings::{Day, DurationKind, FieldPlace, Nanoseconds};
use super::first_rows::Identity;
use super::inventory::{BlockField, BlockFields, FieldIndex, SharedInventory};
use super::members::{FoundMember, Shape};
use crate::blocks::EventContext;
use crate::context_key::ContextKey;
use crate::event::{ContextFields, Event, finite_number};
use crate::json_scan::{Member, distinct_members};
use crate::json_text::{JsonString, exact_integer};
use crate::signal::{
    DURATION_MS, Instrument, MetricFamily, Outcome, RESULT, SpanName, gauge_name_and_unit, is_usable_id, outcome_of,
    positive_nanoseconds,
};
use crate::streams::Count;
use crate::summary::SignalCounts;

const NANOSECONDS_PER_MILLISECOND: f64 = 1e6;
const NANOSECONDS_PER_DAY: u64 = 86_400_000_000_000;
/// Contexts that rows are compared with: they may take turns.
const RECENT_CONTEXTS: usize = 8;

/// What the rows of a block add to a report. Sums of floats are left to the sequential middle: they depend on the order, and
/// where a block ends is not the input's to say.
#[derive(Default)]
pub(crate) struct ReportBlock {
    pub(super) dropped_points: u64,
    /// Times of the earliest and of the latest event.
    pub(super) covered: Option<(Nanoseconds, Nanoseconds)>,
    /// Another entry whenever the day changes.
    pub(super) days: Vec<(Day, SignalCounts)>,
    pub(super) fields: BlockFields,
    pub(super) event_names: BlockRows<BlockEventName>,
    pub(super) origins: BlockOrigins,
    /// Names of spans.
    pub(super) operations: BlockRows<Excerpt>,
    pub(super) spans: Vec<Span>,
    pub(super) failures: BlockRows<BlockFailure>,
    pub(super) network: BlockNetwork,
    work: Work,
}

/// What metric events say.
#[derive(Default)]
pub(super) struct BlockNetwork {
    /// Classes of HTTP answers.
    pub(super) status_classes: BlockRows<Excerpt>,
    /// Methods and routes.
    pub(super) routes: BlockRows<[Excerpt; 2]>,
    pub(super) requests: Vec<Requests>,
    pub(super) request_durations: Vec<RequestDuration>,
    /// Measurements of connections, with their units.
    pub(super) series: BlockRows<(Excerpt, &'static str)>,
    pub(super) readings: Vec<Reading>,
}

/// A name of events.
#[derive(Default)]
pub(super) struct BlockEventName {
    pub(super) name: Excerpt,
    pub(super) events: u64,
    identity: Identity,
    /// As it is spelled.
    escaped: Box<str>,
    family: Option<MetricFamily>,
    properties: Shape<Property>,
    measurements: Shape<Measurement>,
    /// Index of its spans' name in the block's operations.
    operation: Option<u32>,
}

/// Where events come from.
#[derive(Default)]
pub(super) struct BlockOrigins {
    pub(super) editors: BlockRows<BlockOrigin>,
    pub(super) systems: BlockRows<BlockOrigin>,
    pub(super) extension_versions: BlockRows<BlockOrigin>,
}

/// Two names, as in [`super::findings::Origin`], and the events that come from there.
pub(super) struct BlockOrigin {
    pub(super) names: [Excerpt; 2],
    pub(super) events: u64,
}

/// An event that is a span.
pub(super) struct Span {
    pub(super) operation: u32,
    pub(super) outcome: Outcome,
    /// Where it has a `durationMs` that is finite and not negative.
    pub(super) nanoseconds: Option<u64>,
}

/// Events that failed in the same way.
pub(super) struct BlockFailure {
    pub(super) event_name: Excerpt,
    pub(super) kind: Excerpt,
    pub(super) code: Excerpt,
    pub(super) count: u64,
    pub(super) first: Nanoseconds,
    pub(super) last: Nanoseconds,
    /// The first message that is not empty; empty where there is none.
    pub(super) example: Excerpt,
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

/// A reading of the connection.
pub(super) struct Reading {
    pub(super) series: u32,
    pub(super) time: Nanoseconds,
    pub(super) value: f64,
}

/// What a property is to a report beside a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Property {
    field: FieldIndex,
    role: PropertyRole,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum PropertyRole {
    None,
    Result,
    Method,
    Route,
}

/// What a measurement is to a report beside a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Measurement {
    field: FieldIndex,
    is_duration: bool,
    /// What it is where the event is a metric event.
    role: MeasurementRole,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum MeasurementRole {
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

/// What is needed only while rows are added.
#[derive(Default)]
struct Work {
    /// The last contexts that were new, the oldest first.
    contexts: VecDeque<RecentContext>,
    last_event_name: u32,
    properties: Vec<FoundMember<Property>>,
    measurements: Vec<FoundMember<Measurement>>,
    /// Fields of [`FieldPlace::Row`] in the order of [`ROW_MEMBERS`], once they have appeared.
    row_fields: [Option<FieldIndex>; ROW_MEMBERS.len()],
}

/// A context of the block's rows.
struct RecentContext {
    key: ContextKey,
    /// Events that are not counted yet.
    events: u64,
    fields: Vec<FieldIndex>,
    editor: u32,
    system: u32,
    extension_version: u32,
}

/// Members that every row has or may have, in the order in which they are listed.
const ROW_MEMBERS: [&str; 8] = [
    "event_id",
    "event_name",
    "timestamp",
    "event_sequence",
    "trace_id",
    "parent_event_id",
    "deployment_url",
    "schema_version",
];

impl ReportBlock {
    /// Adds an event, which happened at `time`.
    pub(super) fn add(
        &mut self,
        event: &Event<'_>,
        context: EventContext<'_>,
        time: Nanoseconds,
        span_name: SpanName,
        shared: &SharedInventory,
    ) {
        let idle = if event.has_idle_members { distinct_members(event.row) } else { Vec::new() };
        self.add_context(event, context, shared);
        self.add_row_members(event, context, &idle, shared);
        let name = self.event_name(event.event_name, shared);
        self.add_properties(name, event.properties, shared);
        self.add_measurements(name, event.measurements, shared);
        self.add_other_members(name, event, &idle, shared);
        self.add_time(time);
        let outcome = outcome_of(self.property(event, PropertyRole::Result), event.error.is_some());
        if event.error.is_some() || outcome == Outcome::Error {
            self.add_failure(event, time, shared);
        }
        let is_metric = self.add_points(name, event, time, shared);
        let is_span = !is_metric && self.is_span(event);
        if is_span {
            self.add_span(name, event, outcome, span_name, shared);
        }
        let (_, signals) = last_day(&mut self.days, time);
        signals.metrics += u64::from(is_metric);
        signals.traces += u64::from(is_span);
        signals.logs += u64::from(!is_metric && !is_span);
    }

    /// Bytes that the block takes in memory, about.
    pub(super) fn weight(&self) -> usize {
        let BlockNetwork { status_classes, routes, requests, request_durations, series, readings } = &self.network;
        self.fields.weight()
            + self.event_names.weight()
            + self.origins.editors.weight()
            + self.origins.systems.weight()
            + self.origins.extension_versions.weight()
            + self.operations.weight()
            + self.failures.weight()
            + status_classes.weight()
            + routes.weight()
            + series.weight()
            + size_of_val(self.days.as_slice())
            + size_of_val(self.spans.as_slice())
            + size_of_val(requests.as_slice())
            + size_of_val(request_durations.as_slice())
            + size_of_val(readings.as_slice())
    }

    /// Counts what is not counted yet, and drops what is needed only while rows are added.
    pub(super) fn finish(&mut self) {
        for context in mem::take(&mut self.work).contexts {
            self.count_context(context);
        }
        self.fields.finish();
        self.event_names.finish();
        for name in self.event_names.rows_mut() {
            name.forget();
        }
        self.origins.editors.finish();
        self.origins.systems.finish();
        self.origins.extension_versions.finish();
        self.operations.finish();
        self.failures.finish();
        self.network.status_classes.finish();
        self.network.routes.finish();
        self.network.series.finish();
    }

    fn add_context(&mut self, event: &Event<'_>, context: EventContext<'_>, shared: &SharedInventory) {
        let known = self.work.contexts.iter_mut().rev().find(|known| known.key.is_of(event, context));
        if let Some(known) = known {
            known.events += 1;
            return;
        }
        if self.work.contexts.len() == RECENT_CONTEXTS
            && let Some(oldest) = self.work.contexts.pop_front()
        {
            self.count_context(oldest);
        }
        let fields = self.add_context_fields(event, context, shared);
        let (editor, system, extension_version) = self.origins.of(&context_fields(event, context), shared);
        let key = ContextKey::of(event, context);
        self.work.contexts.push_back(RecentContext { key, events: 1, fields, editor, system, extension_version });
    }

    /// The fields of a context, whose values are noted; the events that have them are counted later.
    fn add_context_fields(
        &mut self,
        event: &Event<'_>,
        context: EventContext<'_>,
        shared: &SharedInventory,
    ) -> Vec<FieldIndex> {
        let mut indices = Vec::new();
        let mut note = |key: &str, value: &str| {
            let index = self.fields.index_of(FieldPlace::Context, None, key, shared);
            self.fields.get_mut(index).add(value, 0, &shared.identities);
            indices.push(index);
        };
        match context {
            EventContext::Own { .. } => {
                let text = event.context.map_or("{}", |own| own.text);
                for member in distinct_members(text) {
                    note(&member.key.decoded(), member.value);
                }
            }
            EventContext::Inherited { header, deployment_url, .. } => {
                for member in distinct_members(&header.open_context) {
                    note(&member.key.decoded(), member.value);
                }
                note("deployment_url", &format!("\"{}\"", deployment_url.escaped()));
            }
        }
        indices
    }

    fn count_context(&mut self, context: RecentContext) {
        for index in context.fields {
            self.fields.get_mut(index).add_events(context.events);
        }
        self.origins.editors.get_mut(context.editor).events += context.events;
        self.origins.systems.get_mut(context.system).events += context.events;
        self.origins.extension_versions.get_mut(context.extension_version).events += context.events;
    }

    /// Adds what every row has or may have, as a JSON export has it (spec §4).
    fn add_row_members(
        &mut self,
        event: &Event<'_>,
        context: EventContext<'_>,
        idle: &[Member<'_>],
        shared: &SharedInventory,
    ) {
        let (deployment_url, schema_version) = match context {
            EventContext::Own { .. } => (event.deployment_url, event.schema_version),
            EventContext::Inherited { header, .. } => {
                (None, event.schema_version.or(header.schema_version.as_deref()))
            }
        };
        let strings = [
            Some(event.event_id),
            Some(event.event_name),
            Some(event.timestamp_text),
            None,
            event.trace_id,
            event.parent_event_id,
            deployment_url,
            None,
        ];
        for (member, string) in strings.into_iter().enumerate() {
            if let Some(string) = string {
                self.row_field(member, shared).add_string(string, 1, &shared.identities);
            } else if ROW_MEMBERS[member] == "event_sequence" {
                self.row_field(member, shared).add(event.event_sequence, 1, &shared.identities);
            } else if let ("schema_version", Some(version)) = (ROW_MEMBERS[member], schema_version) {
                self.row_field(member, shared).add(version, 1, &shared.identities);
            } else if let Some(null) = idle.iter().find(|idle| idle.key.means(ROW_MEMBERS[member]))
                && keeps_null(ROW_MEMBERS[member], context)
            {
                self.row_field(member, shared).add(null.value, 1, &shared.identities);
            }
        }
    }

    fn row_field(&mut self, member: usize, shared: &SharedInventory) -> &mut BlockField {
        let index = *self.work.row_fields[member].get_or_insert_with(|| {
            self.fields.index_of(FieldPlace::Row, None, ROW_MEMBERS[member], shared)
        });
        self.fields.get_mut(index)
    }

    /// The index of an event's name, which has one event more.
    fn event_name(&mut self, name: JsonString<'_>, shared: &SharedInventory) -> u32 {
        let last = self.work.last_event_name;
        let is_last = self.event_names.get(last).is_some_and(|last| *last.escaped == *name.escaped());
        let index = if is_last {
            last
        } else {
            let decoded = name.decoded();
            let identity = shared.identities.of_string(&decoded);
            self.event_names.index_of(identity, || BlockEventName {
                name: Excerpt::of(&decoded),
                escaped: name.escaped().into(),
                identity,
                family: MetricFamily::of(name),
                ..BlockEventName::default()
            })
        };
        self.work.last_event_name = index;
        self.event_names.get_mut(index).events += 1;
        index
    }

    fn add_properties(&mut self, name: u32, object: &str, shared: &SharedInventory) {
        let Self { fields, event_names, work, .. } = self;
        let BlockEventName { identity, properties, .. } = event_names.get_mut(name);
        properties.find(object, &mut work.properties, |key| Property {
            field: fields.index_of(FieldPlace::Properties, Some((name, *identity)), key, shared),
            role: PropertyRole::of(key),
        });
        for FoundMember { meaning, value } in &work.properties {
            fields.get_mut(meaning.field).add(&object[value.clone()], 1, &shared.identities);
        }
    }

    fn add_measurements(&mut self, name: u32, object: &str, shared: &SharedInventory) {
        let Self { fields, event_names, work, network, .. } = self;
        let BlockEventName { identity, measurements, family, .. } = event_names.get_mut(name);
        measurements.find(object, &mut work.measurements, |key| Measurement {
            field: fields.index_of(FieldPlace::Measurements, Some((name, *identity)), key, shared),
            is_duration: key == DURATION_MS,
            role: family.map_or(MeasurementRole::None, |family| network.role(family, key, shared)),
        });
        for FoundMember { meaning, value } in &work.measurements {
            fields.get_mut(meaning.field).add(&object[value.clone()], 1, &shared.identities);
        }
    }

    /// Adds the members of an error block, and those of the row that say nothing.
    fn add_other_members(
        &mut self,
        name: u32,
        event: &Event<'_>,
        idle: &[Member<'_>],
        shared: &SharedInventory,
    ) {
        let identity = self.event_names.get_mut(name).identity;
        let mut add = |place, member: &Member<'_>| {
            let index = self.fields.index_of(place, Some((name, identity)), &member.key.decoded(), shared);
            self.fields.get_mut(index).add(member.value, 1, &shared.identities);
        };
        if let Some(error) = event.error {
            distinct_members(error.text).iter().for_each(|member| add(FieldPlace::Error, member));
        }
        idle.iter().filter(|member| is_other(member)).for_each(|member| add(FieldPlace::Other, member));
    }

    fn add_time(&mut self, time: Nanoseconds) {
        let (first, last) = self.covered.unwrap_or((time, time));
        self.covered = Some((first.min(time), last.max(time)));
    }

    /// The property of `event` with a role, if it has one.
    fn property<'e>(&self, event: &Event<'e>, role: PropertyRole) -> Option<JsonString<'e>> {
        let member = self.work.properties.iter().find(|member| member.meaning.role == role)?;
        JsonString::of_value(&event.properties[member.value.clone()])
    }

    fn add_failure(&mut self, event: &Event<'_>, time: Nanoseconds, shared: &SharedInventory) {
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
    fn add_points(&mut self, name: u32, event: &Event<'_>, time: Nanoseconds, shared: &SharedInventory) -> bool {
        let Some(family) = self.event_names.get_mut(name).family else { return false };
        let values = || self.work.measurements.iter().map(|found| (found.meaning.role, &event.measurements[found.value.clone()]));
        let (points, dropped) = count_points(values());
        self.dropped_points += dropped;
        if points == 0 {
            return false;
        }
        match family {
            MetricFamily::HttpRequests => {
                let text = |role| self.property(event, role).unwrap_or_default().decoded();
                let route = [text(PropertyRole::Method), text(PropertyRole::Route)];
                self.network.add_requests(values(), &route, day_of(time), shared);
            }
            MetricFamily::SshNetwork => self.network.add_readings(values(), time),
        }
        true
    }

    /// Whether an event that gives no point is a span, see [`crate::signal::is_span`].
    fn is_span(&self, event: &Event<'_>) -> bool {
        let has_result = || self.work.properties.iter().any(|found| found.meaning.role == PropertyRole::Result);
        let has_duration = || self.work.measurements.iter().any(|found| found.meaning.is_duration);
        event.trace_id.is_some_and(is_usable_id) && is_usable_id(event.event_id) && (has_duration() || has_result())
    }

    fn add_span(
        &mut self,
        name: u32,
        event: &Event<'_>,
        outcome: Outcome,
        span_name: SpanName,
        shared: &SharedInventory,
    ) {
        let operations = &mut self.operations;
        let operation = *self.event_names.get_mut(name).operation.get_or_insert_with(|| {
            let decoded = event.event_name.decoded();
            let name = span_name.of(&decoded);
            operations.index_of(shared.identities.of_string(name), || Excerpt::of(name))
        });
        let duration = self.work.measurements.iter().find(|found| found.meaning.is_duration);
        let nanoseconds = duration.and_then(|found| nanoseconds(&event.measurements[found.value.clone()]));
        self.spans.push(Span { operation, outcome, nanoseconds });
    }
}

impl BlockEventName {
    /// Drops what is needed only while rows are added.
    fn forget(&mut self) {
        self.escaped = Box::default();
        self.properties = Shape::default();
        self.measurements = Shape::default();
    }
}

impl BlockOrigins {
    /// Indices of the editor, the system and the extension's version that a context names.
    fn of(&mut self, context: &ContextFields<'_>, shared: &SharedInventory) -> (u32, u32, u32) {
        let [version, _, _, system, _, architecture, editor, editor_version, _] = context.map(JsonString::decoded);
        let index = |rows: &mut BlockRows<BlockOrigin>, names: [&str; 2]| {
            rows.index_of(shared.identities.of(names), || BlockOrigin { names: names.map(Excerpt::of), events: 0 })
        };
        (
            index(&mut self.editors, [&editor, &editor_version]),
            index(&mut self.systems, [&system, &architecture]),
            index(&mut self.extension_versions, [&version, ""]),
        )
    }
}

impl BlockNetwork {
    /// What a measurement of a family's events is.
    fn role(&mut self, family: MetricFamily, key: &str, shared: &SharedInventory) -> MeasurementRole {
        match (family, family.instrument(key)) {
            (_, None) => MeasurementRole::None,
            (_, Some(Instrument::Counter)) => {
                let class = status_class(key);
                let identity = shared.identities.of_string(class);
                MeasurementRole::Counter(self.status_classes.index_of(identity, || Excerpt::of(class)))
            }
            (MetricFamily::HttpRequests, _) => {
                DurationKind::of(key).map_or(MeasurementRole::Gauge, MeasurementRole::RequestDuration)
            }
            (MetricFamily::SshNetwork, _) => match gauge_name_and_unit(key) {
                (name, Some(unit @ ("ms" | "Mbit/s"))) => {
                    let identity = shared.identities.of((name, unit));
                    MeasurementRole::Reading(self.series.index_of(identity, || (Excerpt::of(name), unit)))
                }
                _ => MeasurementRole::Gauge,
            },
        }
    }

    /// Adds a window of HTTP requests of a method and a route.
    fn add_requests<'v>(
        &mut self,
        values: impl Iterator<Item = (MeasurementRole, &'v str)> + Clone,
        route: &[Cow<'_, str>; 2],
        day: Day,
        shared: &SharedInventory,
    ) {
        let identity = shared.identities.of(route);
        let route = self.routes.index_of(identity, || [Excerpt::of(&route[0]), Excerpt::of(&route[1])]);
        let mut all = Count::Integer(0);
        for (role, value) in values.clone() {
            if let (MeasurementRole::Counter(status_class), Some(count)) = (role, count(value)) {
                all = all.plus(count);
                self.requests.push(Requests { day, route, status_class, count });
            }
        }
        let requests = all.as_f64();
        for (role, value) in values {
            if let (MeasurementRole::RequestDuration(kind), Some(milliseconds)) = (role, number(value)) {
                self.request_durations.push(RequestDuration { route, kind, milliseconds, requests });
            }
        }
    }

    /// Adds what was read of a connection.
    fn add_readings<'v>(&mut self, values: impl Iterator<Item = (MeasurementRole, &'v str)>, time: Nanoseconds) {
        for (role, value) in values {
            if let (MeasurementRole::Reading(series), Some(value)) = (role, number(value)) {
                self.readings.push(Reading { series, time, value });
            }
        }
    }
}

impl PropertyRole {
    fn of(key: &str) -> Self {
        match key {
            RESULT => Self::Result,
            "method" => Self::Method,
            "route" => Self::Route,
            _ => Self::None,
        }
    }
}

/// The context of an event, as a JSON export has it.
fn context_fields<'a>(event: &Event<'a>, context: EventContext<'a>) -> ContextFields<'a> {
    match context {
        EventContext::Inherited { header, deployment_url, .. } => header.fields(deployment_url),
        EventContext::Own { .. } => event.context.map(|own| own.fields).unwrap_or_default(),
    }
}

/// Whether a JSON export keeps a member of [`ROW_MEMBERS`] that is null: under a header, the row gets these two anew.
fn keeps_null(member: &str, context: EventContext<'_>) -> bool {
    matches!(context, EventContext::Own { .. }) || !matches!(member, "deployment_url" | "schema_version")
}

/// Whether a member of a row with idle ones is listed as one that says nothing.
fn is_other(member: &Member<'_>) -> bool {
    let key = member.key.decoded();
    match key.as_ref() {
        "properties" | "measurements" | "context" => false,
        "error" => member.value == "null",
        key => !ROW_MEMBERS.contains(&key),
    }
}

/// What stands behind `count.` or `count_`.
fn status_class(key: &str) -> &str {
    &key["count.".len()..]
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

/// How many measurements of a metric event give a point, and how many would if they had a usable value.
fn count_points<'v>(values: impl Iterator<Item = (MeasurementRole, &'v str)>) -> (u64, u64) {
    let (mut points, mut dropped) = (0, 0);
    for (role, value) in values {
        let gives_point = match role {
            MeasurementRole::None => continue,
            MeasurementRole::Counter(_) => count(value).is_some(),
            _ => finite_number(value).is_some(),
        };
        points += u64::from(gives_point);
        dropped += u64::from(!gives_point);
    }
    (points, dropped)
}

/// The value of a counter, where it is finite and not negative.
fn count(value: &str) -> Option<Count> {
    let text = finite_number(value)?;
    match exact_integer(text) {
        Some(integer) => (integer >= 0).then_some(Count::Integer(integer)),
        None if text.starts_with('-') => None,
        None => text.parse().ok().map(Count::Double),
    }
}

/// The value of a gauge, where it is finite.
fn number(value: &str) -> Option<f64> {
    finite_number(value)?.parse().ok()
}

/// The nanoseconds of a `durationMs`, where it is finite and not negative.
fn nanoseconds(value: &str) -> Option<u64> {
    let milliseconds = number(value).filter(|&milliseconds| milliseconds >= 0.0)?;
    Some(positive_nanoseconds(milliseconds, NANOSECONDS_PER_MILLISECOND).unwrap_or(0))
}
