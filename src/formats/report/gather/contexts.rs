//! Contexts of a block's rows: their fields, and where events come from.

use super::Shared;
use super::block_fields::{BlockFields, FieldIndex};
use super::block_rows::BlockRows;
use super::members::first_members;
use crate::formats::report::excerpt::Excerpt;
use crate::formats::report::findings::FieldPlace;
use crate::json::JsonString;
use crate::row::event::Event;
use crate::row::event_context::{EventContext, RecentContexts};

/// The contexts of a block's rows.
#[derive(Default)]
pub(crate) struct BlockContexts {
    pub(crate) editors: BlockRows<BlockOrigin>,
    pub(crate) systems: BlockRows<BlockOrigin>,
    pub(crate) extension_versions: BlockRows<BlockOrigin>,
    recent: RecentContexts<RecentContext>,
    /// The last context that was noted. A header may be long, and its rows differ in their deployment URLs.
    header: Option<NotedContext>,
}

/// Where events come from: two names, as in [`super::findings::Origin`].
pub(crate) struct BlockOrigin {
    pub(crate) names: [Excerpt; 2],
    pub(crate) events: u64,
}

/// A context whose events are not counted yet.
struct RecentContext {
    events: u64,
    fields: Vec<FieldIndex>,
    origins: Origins,
}

/// Indices of an editor, a system and a version of the extension.
type Origins = [u32; 3];

/// A context whose fields and origins are noted: for one of a header, all but the deployment URL.
struct NotedContext {
    /// Where the header stands.
    header_at: Option<u64>,
    fields: Vec<FieldIndex>,
    origins: Origins,
}

impl BlockContexts {
    /// Counts an event with its context. The fields of a new one are noted in `fields`.
    pub(crate) fn add(
        &mut self,
        event: &Event<'_>,
        context: EventContext<'_>,
        fields: &mut BlockFields,
        shared: &Shared<'_>,
    ) {
        if let Some(known) = self.recent.find(event, context) {
            known.events += 1;
            return;
        }
        let (header_at, deployment_url) = match context {
            EventContext::Own { .. } => (None, None),
            EventContext::Inherited { header_at, deployment_url, .. } => {
                (Some(header_at), Some(deployment_url))
            }
        };
        let noted = self.header.take().filter(|noted| header_at.is_some() && noted.header_at == header_at);
        let noted = noted.unwrap_or_else(|| self.note(context, fields, shared));
        let mut indices = noted.fields.clone();
        if let Some(deployment_url) = deployment_url {
            let index = fields.index_of(FieldPlace::Context, None, "deployment_url", shared);
            fields.get_mut(index).add_string(deployment_url, 0, &shared.identities);
            indices.push(index);
        }
        let context_of_one = RecentContext { events: 1, fields: indices, origins: noted.origins };
        if let Some(oldest) = self.recent.remember(event, context, context_of_one) {
            self.flush(&oldest, fields);
        }
        self.header = Some(noted);
    }

    /// Notes the fields of a context as a JSON export has it (specification, JSON export), a header's without its deployment URL, and their
    /// values, and where its events come from.
    fn note(
        &mut self,
        context: EventContext<'_>,
        fields: &mut BlockFields,
        shared: &Shared<'_>,
    ) -> NotedContext {
        let (text, header_at) = match context {
            EventContext::Own { context, .. } => (context.text, None),
            EventContext::Inherited { header, header_at, .. } => {
                (header.open_context.as_ref(), Some(header_at))
            }
        };
        let (first, rest) = first_members(text);
        let mut indices = Vec::with_capacity(first.len());
        for member in first {
            let index = fields.index_of(FieldPlace::Context, None, &member.key.decoded(), shared);
            fields.get_mut(index).add(member.value, 0, &shared.identities);
            indices.push(index);
        }
        indices.extend(
            shared.progress.heed(rest).map(|member| fields.add_unlisted(&member, 0, &shared.identities)),
        );
        let names = context.fields().map(JsonString::decoded);
        let index = |origins: &mut BlockRows<BlockOrigin>, names: [&str; 2]| {
            let begin = || BlockOrigin { names: names.map(Excerpt::of), events: 0 };
            origins.index_of(shared.identities.of(names), begin)
        };
        let origins = [
            index(&mut self.editors, [&names.platform_name, &names.platform_version]),
            index(&mut self.systems, [&names.os_type, &names.host_arch]),
            index(&mut self.extension_versions, [&names.extension_version, ""]),
        ];
        NotedContext { header_at, fields: indices, origins }
    }

    /// Counts the events of a context with its fields and origins.
    fn flush(&mut self, context: &RecentContext, fields: &mut BlockFields) {
        for &field in &context.fields {
            fields.get_mut(field).add_events(context.events);
        }
        let [editor, system, extension_version] = context.origins;
        self.editors.get_mut(editor).events += context.events;
        self.systems.get_mut(system).events += context.events;
        self.extension_versions.get_mut(extension_version).events += context.events;
    }

    /// Counts what is not counted yet. Contexts are told apart by where they stand, so none is remembered.
    pub(crate) fn finish(&mut self, fields: &mut BlockFields) {
        self.header = None;
        for context in self.recent.take() {
            self.flush(&context, fields);
        }
    }

    /// Bytes that the contexts take in memory, about.
    pub(crate) fn weight(&self) -> usize {
        self.editors.weight() + self.systems.weight() + self.extension_versions.weight()
    }
}
