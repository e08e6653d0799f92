//! The contexts of a block's rows: their fields, and where the events come from.

use super::Shared;
use super::block_fields::{BlockFields, FieldValue};
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
    recent: RecentContexts<PendingContext>,
    /// The last context whose fields were added. Rows of one header can have many deployment URLs, and a long header should
    /// be parsed only once.
    last: Option<ParsedContext>,
}

/// Where events come from. The names are the same as in [`crate::formats::report::findings::Origin`].
pub(crate) struct BlockOrigin {
    pub(crate) names: [Excerpt; 2],
    pub(crate) events: u64,
}

/// A context, and how many of its events are not yet counted with its fields and origins.
struct PendingContext {
    events: u64,
    values: Vec<FieldValue>,
    origins: Origins,
}

/// Indices of an editor, an operating system and a version of the extension.
type Origins = [u32; 3];

/// A context whose values and origins were added. A header's context is without the deployment URL.
struct ParsedContext {
    /// The header's offset, if the context is a header's.
    header_at: Option<u64>,
    values: Vec<FieldValue>,
    origins: Origins,
}

impl BlockContexts {
    /// Counts an event with its context. If the context is new, its fields are added to `fields`.
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
        let last = self.last.take().filter(|last| header_at.is_some() && last.header_at == header_at);
        let parsed = last.unwrap_or_else(|| self.parse(context, fields, shared));
        let mut values = parsed.values.clone();
        if let Some(deployment_url) = deployment_url {
            let entry = fields.entry(FieldPlace::Context, None, "deployment_url", shared);
            values.push(fields.add_string(entry, deployment_url, 0, shared));
        }
        let pending = PendingContext { events: 1, values, origins: parsed.origins };
        if let Some(oldest) = self.recent.remember(event, context, pending) {
            self.flush(&oldest, fields);
        }
        self.last = Some(parsed);
    }

    /// Adds the fields of a context with their values, and its origins. The fields are those of a JSON export (specification,
    /// Fields), but a header's deployment URL is left out.
    fn parse(
        &mut self,
        context: EventContext<'_>,
        fields: &mut BlockFields,
        shared: &Shared<'_>,
    ) -> ParsedContext {
        let (text, header_at) = match context {
            EventContext::Own { context, .. } => (context.text, None),
            EventContext::Inherited { header, header_at, .. } => {
                (header.open_context.as_ref(), Some(header_at))
            }
        };
        let (first, rest) = first_members(text);
        let mut values = Vec::with_capacity(first.len());
        for member in first {
            let entry = fields.entry(FieldPlace::Context, None, &member.key.decoded(), shared);
            values.push(fields.add(entry, member.value, 0, shared));
        }
        values.extend(shared.progress.heed(rest).map(|member| fields.add_unlisted(&member, 0, shared)));
        let names = context.fields().map(JsonString::decoded);
        let index = |origins: &mut BlockRows<BlockOrigin>, members: [(&str, &str); 2]| {
            let excerpts = || members.map(|(key, name)| Excerpt::of_value(key, name));
            let identity = shared.identities.of(members.map(|(_, name)| name));
            origins.index_of(identity, || BlockOrigin { names: excerpts(), events: 0 })
        };
        let platform =
            [("platform_name", &*names.platform_name), ("platform_version", &names.platform_version)];
        let system = [("os_type", &*names.os_type), ("host_arch", &names.host_arch)];
        let origins = [
            index(&mut self.editors, platform),
            index(&mut self.systems, system),
            index(&mut self.extension_versions, [("extension_version", &names.extension_version), ("", "")]),
        ];
        ParsedContext { header_at, values, origins }
    }

    /// Counts the events of a context with its fields and origins.
    fn flush(&mut self, context: &PendingContext, fields: &mut BlockFields) {
        for &value in &context.values {
            fields.add_events(value, context.events);
        }
        let [editor, system, extension_version] = context.origins;
        self.editors.get_mut(editor).events += context.events;
        self.systems.get_mut(system).events += context.events;
        self.extension_versions.get_mut(extension_version).events += context.events;
    }

    /// Counts all pending events. Forgets the contexts, because the addresses that identify them
    /// are valid only within a block.
    pub(crate) fn finish(&mut self, fields: &mut BlockFields) {
        self.last = None;
        for context in self.recent.take() {
            self.flush(&context, fields);
        }
    }

    /// About how many bytes the contexts take in memory.
    pub(crate) fn weight(&self) -> usize {
        self.editors.weight() + self.systems.weight() + self.extension_versions.weight()
    }
}
