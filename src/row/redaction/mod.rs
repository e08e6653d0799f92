//! Redacts events and contexts, before any format sees them.

#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::sync::Arc;

use super::context::{ContextFields, Header, HeaderRedaction, OwnContext};
use super::event::{ErrorBlock, Event};
use super::event_context::EventContext;
use super::members::{InheritedMembers, MemberName};
use super::signal::metric_ends;
use super::timestamp::Timestamp;
use crate::json::{JsonString, Member, members};
use crate::privacy::redaction::{Edits, Names, Place, Redactor, ReplacedCounts, Replacer, RowNames};
use crate::progress::Progress;

/// Redacts the events of one thread.
pub(crate) struct RowRedactor<'r> {
    replacer: Replacer<'r>,
    progress: &'r Progress,
    /// Contexts that rows carry themselves, oldest first.
    contexts: VecDeque<Arc<RedactedContext>>,
    /// The deployment URL that a row had last.
    last_url: Option<RedactedUrl>,
    edits: Edits,
    /// The redacted row.
    row: String,
}

/// A context that rows carry themselves, redacted.
struct RedactedContext {
    recorded: Box<str>,
    text: String,
    fields: ContextFields<Box<str>>,
    names: Names,
    counts: ReplacedCounts,
}

/// The deployment URL of a row, redacted.
struct RedactedUrl {
    recorded: Box<str>,
    /// Still escaped.
    text: Box<str>,
    names: Names,
    counts: ReplacedCounts,
}

impl<'r> RowRedactor<'r> {
    /// How many contexts are remembered.
    const CONTEXTS: usize = 8;

    pub(crate) fn new(redactor: &'r Redactor, progress: &'r Progress) -> Self {
        Self {
            replacer: Replacer::new(redactor, metric_ends),
            progress,
            contexts: VecDeque::new(),
            last_url: None,
            edits: Edits::default(),
            row: String::new(),
        }
    }

    /// The header with a redacted context.
    pub(crate) fn header(&mut self, header: &Header) -> Header {
        let recorded_session_id = header.recorded_session_id().into();
        let (text, names, counts) = self.context(&format!("{}}}", header.open_context));
        let mut redacted = Header::new(&text, header.schema_version.as_deref())
            .expect("a redacted context has the members of the recorded one");
        redacted.redaction = Some(Box::new(HeaderRedaction { recorded_session_id, names, counts }));
        redacted
    }

    /// Calls `encode` with the redacted event and its context. Returns what was replaced.
    pub(crate) fn event(
        &mut self,
        event: &Event<'_>,
        context: EventContext<'_>,
        encode: impl FnOnce(&Event<'_>, EventContext<'_>),
    ) -> ReplacedCounts {
        let own = event.context.as_ref().map(|own| self.own_context(own));
        let none = Names::default();
        let (context_names, context_counts) = match (&own, context) {
            (Some(own), _) => (&own.names, own.counts),
            (None, EventContext::Inherited { header, .. }) => {
                let redaction = header.redaction.as_ref();
                let redaction = redaction.expect("headers are redacted when they are read");
                (&redaction.names, redaction.counts)
            }
            (None, EventContext::Own { .. }) => unreachable!("the event has a context of its own"),
        };
        self.note_url(event);
        let url_names = self.last_url.as_ref().filter(|_| event.deployment_url.is_some());
        let url_names = url_names.map_or(&none, |url| &url.names);

        let mut found = Names::default();
        let mut counts = rewrite_row(
            RowParts { replacer: &mut self.replacer, progress: self.progress, edits: &mut self.edits },
            event,
            own.as_deref(),
            self.last_url.as_ref(),
            RowNames { known: None, found: &mut found },
            &mut self.row,
        );
        let may_repeat = |json: &str| {
            [context_names, url_names, &found].iter().any(|names| names.occur_in_json(json))
                || has_unusual_escapes(json)
        };
        let repeats = if has_only_read_members(event) {
            let moved = |part: &str| {
                let start = offset(event.row, part);
                &self.row[self.edits.moved(start)..self.edits.moved(start + part.len())]
            };
            // Names are replaced nowhere else.
            may_repeat(moved(event.properties))
                || event.error.is_some_and(|error| may_repeat(moved(error.text)))
        } else {
            may_repeat(&self.row)
        };
        if repeats {
            found.add_all(context_names);
            found.add_all(url_names);
            if !found.is_empty() {
                counts = rewrite_row(
                    RowParts {
                        replacer: &mut self.replacer,
                        progress: self.progress,
                        edits: &mut self.edits,
                    },
                    event,
                    own.as_deref(),
                    self.last_url.as_ref(),
                    RowNames { known: Some(&found), found: &mut Names::default() },
                    &mut self.row,
                );
            }
        }
        counts.add(&context_counts);

        let own_context = own.as_deref().zip(event.context.as_ref()).map(|(own, recorded)| OwnContext {
            text: &own.text,
            fields: own.fields.each_ref().map(|field| JsonString::of_escaped(field)),
            recorded_session_id: recorded.recorded_session_id,
            address: recorded.address,
        });
        let redacted = moved_event(event, &self.row, &self.edits, own_context);
        let context = match context {
            EventContext::Own { header_at, .. } => {
                let context = redacted.context.as_ref().expect("the event has a context of its own");
                EventContext::Own { context, header_at }
            }
            EventContext::Inherited { header, header_at, .. } => {
                let deployment_url = redacted.deployment_url.expect("a row without a context has one");
                EventContext::Inherited { header, header_at, deployment_url }
            }
        };
        encode(&redacted, context);
        counts
    }

    /// The redacted form of a context that a row carries itself.
    fn own_context(&mut self, own: &OwnContext<'_>) -> Arc<RedactedContext> {
        if let Some(known) = self.contexts.iter().rev().find(|known| *known.recorded == *own.text) {
            return Arc::clone(known);
        }
        let (text, names, counts) = self.context(own.text);
        let fields =
            OwnContext::read(&text).expect("a redacted context has the members of the recorded one").fields;
        let fields = fields.map(|field| field.escaped().into());
        let context = Arc::new(RedactedContext { recorded: own.text.into(), fields, text, names, counts });
        if self.contexts.len() == Self::CONTEXTS {
            self.contexts.pop_front();
        }
        self.contexts.push_back(Arc::clone(&context));
        context
    }

    /// Redacts a context object. Returns its new text, its names and what was replaced.
    fn context(&mut self, text: &str) -> (String, Names, ReplacedCounts) {
        let mut found = Names::default();
        let mut new = String::new();
        let mut pass = |names: RowNames<'_>, new: &mut String| {
            let mut names = names;
            let mut edits = Edits::default();
            self.replacer.counts = ReplacedCounts::default();
            // A context that is cut short would lack members, so cancelling is not heeded here.
            for member in members(text) {
                self.replacer.member(Place::Context, &member, 0, &mut names, &mut edits);
            }
            edits.sort();
            new.clear();
            edits.apply(text, new);
            self.replacer.counts
        };
        let mut counts = pass(RowNames { known: None, found: &mut found }, &mut new);
        if found.occur_in_json(&new) || has_unusual_escapes(&new) && !found.is_empty() {
            counts = pass(RowNames { known: Some(&found), found: &mut Names::default() }, &mut new);
        }
        (new, found, counts)
    }

    /// Redacts the deployment URL of a row, unless it is the last one.
    fn note_url(&mut self, event: &Event<'_>) {
        let Some(url) = event.deployment_url else { return };
        if self.last_url.as_ref().is_some_and(|last| *last.recorded == *url.escaped()) {
            return;
        }
        let (mut names, mut edits) = (Names::default(), Edits::default());
        let mut row_names = RowNames { known: None, found: &mut names };
        let quoted = format!("\"{}\"", url.escaped());
        self.replacer.counts = ReplacedCounts::default();
        self.replacer.value(Place::Row, DEPLOYMENT_URL, &quoted, 0, &mut row_names, &mut edits);
        let mut text = String::new();
        edits.apply(&quoted, &mut text);
        self.last_url = Some(RedactedUrl {
            recorded: url.escaped().into(),
            text: text[1..text.len() - 1].into(),
            names,
            counts: self.replacer.counts,
        });
    }
}

const DEPLOYMENT_URL: JsonString<'static> = JsonString::of_escaped("deployment_url");

/// What the pass over a row works with.
struct RowParts<'p, 'r> {
    replacer: &'p mut Replacer<'r>,
    progress: &'r Progress,
    edits: &'p mut Edits,
}

/// Redacts a row into `new`. Returns what was replaced, without the context.
fn rewrite_row(
    parts: RowParts<'_, '_>,
    event: &Event<'_>,
    own: Option<&RedactedContext>,
    url: Option<&RedactedUrl>,
    names: RowNames<'_>,
    new: &mut String,
) -> ReplacedCounts {
    let RowParts { replacer, progress, edits } = parts;
    edits.clear();
    replacer.counts = ReplacedCounts::default();
    let mut pass = RowPass { replacer, progress, edits: &mut *edits, names, event, own, url };
    if has_only_read_members(event) {
        pass.read_members();
    } else {
        pass.all_members();
    }
    let counts = pass.replacer.counts;
    edits.sort();
    new.clear();
    // Exactly, because a row can have 16 MiB.
    new.reserve_exact(edits.moved(event.row.len()));
    edits.apply(event.row, new);
    counts
}

/// One pass over the members of a row.
struct RowPass<'p, 'e, 'r> {
    replacer: &'p mut Replacer<'r>,
    progress: &'r Progress,
    edits: &'p mut Edits,
    names: RowNames<'p>,
    event: &'p Event<'e>,
    own: Option<&'p RedactedContext>,
    url: Option<&'p RedactedUrl>,
}

impl RowPass<'_, '_, '_> {
    /// Redacts the members that were read. The row has no others.
    fn read_members(&mut self) {
        let event = self.event;
        for id in [Some(event.event_id), event.trace_id, event.parent_event_id].into_iter().flatten() {
            self.replacer.id(id, self.at(id.escaped()), self.edits);
        }
        self.replacer.event_name(event.event_name, self.at(event.event_name.escaped()), self.edits);
        self.object(Place::Properties, event.properties);
        self.object(Place::Measurements, event.measurements);
        if let Some(error) = event.error {
            self.object(Place::Error, error.text);
        }
        self.deployment_url();
        self.context();
    }

    /// Redacts all members, those that are not read and those that later ones shadow, too.
    fn all_members(&mut self) {
        let event = self.event;
        for member in self.progress.heed(members(event.row)) {
            let Some(name) = MemberName::of(member.key) else {
                self.replacer.member(Place::Other, &member, 0, &mut self.names, self.edits);
                continue;
            };
            let counts = self.replacer.counts;
            let is_read = self.known_member(name, &member);
            // A row under a header is written without those of these members that are not read.
            let is_inherited =
                matches!(name, MemberName::Context | MemberName::DeploymentUrl | MemberName::SchemaVersion);
            if is_inherited && !is_read && self.own.is_none() {
                self.replacer.counts = counts;
            }
        }
    }

    /// Redacts a member that has a meaning. Returns whether it is one of those that a row can inherit, and is read.
    fn known_member(&mut self, name: MemberName, member: &Member<'_>) -> bool {
        let (event, value) = (self.event, member.value);
        let is_object = value.starts_with('{');
        match (name, JsonString::of_value(value)) {
            (MemberName::EventId | MemberName::TraceId | MemberName::ParentEventId, Some(id)) => {
                self.replacer.id(id, self.at(id.escaped()), self.edits);
            }
            (MemberName::EventName, Some(name)) => {
                self.replacer.event_name(name, self.at(name.escaped()), self.edits);
            }
            (MemberName::Timestamp, Some(time)) if Timestamp::parse(&time.decoded()).is_some() => {}
            (MemberName::EventSequence, _) if is_number(value) => {}
            (MemberName::SchemaVersion, _) if is_number(value) => {}
            (MemberName::Properties, _) if is_object => self.object(Place::Properties, value),
            (MemberName::Measurements, _) if is_object => self.object(Place::Measurements, value),
            (MemberName::Error, _) if is_object => self.object(Place::Error, value),
            (MemberName::Context, _) if self.is_same(event.context.map(|own| own.text), value) => {
                self.context();
                return true;
            }
            (MemberName::Context, _) if is_object => self.object(Place::Context, value),
            (MemberName::DeploymentUrl, Some(url))
                if self.is_same(event.deployment_url.map(JsonString::escaped), url.escaped()) =>
            {
                self.deployment_url();
                return true;
            }
            (MemberName::DeploymentUrl, Some(_)) => self.shadowed(Place::Row, DEPLOYMENT_URL, value),
            _ => self.shadowed(Place::Other, member.key, value),
        }
        self.is_same(event.schema_version, value)
    }

    /// Redacts a value that a later member shadows, or that has another type than it should.
    fn shadowed(&mut self, place: Place, key: JsonString<'_>, value: &str) {
        let at = self.at(value);
        self.replacer.value(place, key, value, at, &mut self.names, self.edits);
    }

    fn object(&mut self, place: Place, object: &str) {
        let at = self.at(object);
        self.replacer.object(place, object, at, &mut self.names, self.edits, self.progress);
    }

    fn deployment_url(&mut self) {
        if let (Some(recorded), Some(url)) = (self.event.deployment_url, self.url) {
            self.replacer.counts.add(&url.counts);
            if *url.text != *recorded.escaped() {
                let at = self.at(recorded.escaped());
                self.edits.replace(at..at + recorded.escaped().len(), &url.text);
            }
        }
    }

    /// The context's values are counted with the context.
    fn context(&mut self) {
        if let (Some(recorded), Some(own)) = (&self.event.context, self.own)
            && own.text != recorded.text
        {
            let at = self.at(recorded.text);
            self.edits.replace(at..at + recorded.text.len(), &own.text);
        }
    }

    /// Where a part of the row begins.
    fn at(&self, part: &str) -> usize {
        offset(self.event.row, part)
    }

    fn is_same(&self, read: Option<&str>, part: &str) -> bool {
        read.is_some_and(|read| self.at(read) == self.at(part))
    }
}

/// Whether the members that were read are all that the row has.
fn has_only_read_members(event: &Event<'_>) -> bool {
    let has_odd_version = event.schema_version.is_some_and(|version| !is_number(version));
    !event.has_idle_members && !event.has_shadowed_members && !has_odd_version
}

/// Where `part`, a slice of `text`, begins in it.
fn offset(text: &str, part: &str) -> usize {
    part.as_ptr() as usize - text.as_ptr() as usize
}

fn is_number(value: &str) -> bool {
    value.starts_with(|first: char| first == '-' || first.is_ascii_digit())
}

/// Whether JSON spells characters that need no escape as escapes, so that a name cannot be found as programs usually spell it.
fn has_unusual_escapes(json: &str) -> bool {
    memchr::memchr_iter(b'\\', json.as_bytes())
        .any(|at| matches!(json.as_bytes().get(at + 1), Some(b'u' | b'/')))
}

/// The event with `row` as its row, which is the event's own row with edits.
fn moved_event<'n>(
    event: &Event<'_>,
    row: &'n str,
    edits: &Edits,
    context: Option<OwnContext<'n>>,
) -> Event<'n> {
    let moved = |part: &str| {
        let start = offset(event.row, part);
        &row[edits.moved(start)..edits.moved(start + part.len())]
    };
    let moved_string = |string: JsonString<'_>| JsonString::of_escaped(moved(string.escaped()));
    let InheritedMembers { count, start, end } = event.inherited_members;
    Event {
        row,
        row_start: event.row_start,
        unchanged: edits.unchanged(event.row),
        event_id: moved_string(event.event_id),
        event_name: moved_string(event.event_name),
        timestamp: event.timestamp,
        timestamp_text: moved_string(event.timestamp_text),
        event_sequence: moved(event.event_sequence),
        properties: moved(event.properties),
        measurements: moved(event.measurements),
        trace_id: event.trace_id.map(moved_string),
        parent_event_id: event.parent_event_id.map(moved_string),
        error: event.error.map(|error| ErrorBlock {
            text: moved(error.text),
            message: moved_string(error.message),
            kind: error.kind.map(moved_string),
            code: error.code.map(moved_string),
        }),
        deployment_url: event.deployment_url.map(moved_string),
        context,
        schema_version: event.schema_version.map(moved),
        inherited_members: InheritedMembers { count, start: edits.moved(start), end: edits.moved(end) },
        has_idle_members: event.has_idle_members,
        has_shadowed_members: event.has_shadowed_members,
    }
}
