//! Contexts of a block's rows: their fields, and where events come from.

use std::collections::VecDeque;

use super::block_rows::BlockRows;
use super::excerpt::Excerpt;
use super::findings::FieldPlace;
use super::inventory::{BlockFields, FieldIndex, SharedInventory};
use crate::blocks::EventContext;
use crate::context_key::ContextKey;
use crate::event::{ContextFields, Event};
use crate::json_scan::distinct_members;
use crate::json_text::JsonString;

/// Contexts that rows are compared with: they may take turns.
const RECENT_CONTEXTS: usize = 8;

/// The contexts of a block's rows.
#[derive(Default)]
pub(super) struct BlockContexts {
    pub(super) editors: BlockRows<BlockOrigin>,
    pub(super) systems: BlockRows<BlockOrigin>,
    pub(super) extension_versions: BlockRows<BlockOrigin>,
    /// The last contexts that were new, the oldest first.
    recent: VecDeque<RecentContext>,
}

/// Where events come from: two names, as in [`super::findings::Origin`].
pub(super) struct BlockOrigin {
    pub(super) names: [Excerpt; 2],
    pub(super) events: u64,
}

/// A context whose events are not counted yet.
struct RecentContext {
    key: ContextKey,
    events: u64,
    fields: Vec<FieldIndex>,
    editor: u32,
    system: u32,
    extension_version: u32,
}

impl BlockContexts {
    /// Counts an event with its context. The fields of a new one are noted in `fields`.
    pub(super) fn add(
        &mut self,
        event: &Event<'_>,
        context: EventContext<'_>,
        fields: &mut BlockFields,
        shared: &SharedInventory,
    ) {
        if let Some(known) = self.recent.iter_mut().rev().find(|known| known.key.is_of(event, context)) {
            known.events += 1;
            return;
        }
        if self.recent.len() == RECENT_CONTEXTS
            && let Some(oldest) = self.recent.pop_front()
        {
            self.tell(&oldest, fields);
        }
        let [version, _, _, system, _, architecture, editor, editor_version, _] =
            context_fields(event, context).map(JsonString::decoded);
        let index = |origins: &mut BlockRows<BlockOrigin>, names: [&str; 2]| {
            let begin = || BlockOrigin { names: names.map(Excerpt::of), events: 0 };
            origins.index_of(shared.identities.of(names), begin)
        };
        self.recent.push_back(RecentContext {
            key: ContextKey::of(event, context),
            events: 1,
            fields: note_fields(event, context, fields, shared),
            editor: index(&mut self.editors, [&editor, &editor_version]),
            system: index(&mut self.systems, [&system, &architecture]),
            extension_version: index(&mut self.extension_versions, [&version, ""]),
        });
    }

    fn tell(&mut self, context: &RecentContext, fields: &mut BlockFields) {
        for &field in &context.fields {
            fields.get_mut(field).add_events(context.events);
        }
        self.editors.get_mut(context.editor).events += context.events;
        self.systems.get_mut(context.system).events += context.events;
        self.extension_versions.get_mut(context.extension_version).events += context.events;
    }

    /// Counts what is not counted yet. Contexts are told apart by where they stand, so none is remembered.
    pub(super) fn finish(&mut self, fields: &mut BlockFields) {
        for context in std::mem::take(&mut self.recent) {
            self.tell(&context, fields);
        }
    }

    /// Forgets what was counted.
    pub(super) fn reset(&mut self) {
        for origins in [&mut self.editors, &mut self.systems, &mut self.extension_versions] {
            origins.rows_mut().for_each(|origin| origin.events = 0);
        }
    }

    /// Bytes that the contexts take in memory, about.
    pub(super) fn weight(&self) -> usize {
        self.editors.weight() + self.systems.weight() + self.extension_versions.weight()
    }
}

/// The nine members of an event's context.
fn context_fields<'a>(event: &Event<'a>, context: EventContext<'a>) -> ContextFields<'a> {
    match context {
        EventContext::Inherited { header, deployment_url, .. } => header.fields(deployment_url),
        EventContext::Own { .. } => event.context.map(|own| own.fields).unwrap_or_default(),
    }
}

/// Notes the fields of a context as a JSON export has it (spec §4), and their values. Returns the fields.
fn note_fields(
    event: &Event<'_>,
    context: EventContext<'_>,
    fields: &mut BlockFields,
    shared: &SharedInventory,
) -> Vec<FieldIndex> {
    let (text, deployment_url) = match context {
        EventContext::Own { .. } => (event.context.map_or("{}", |own| own.text), None),
        EventContext::Inherited { header, deployment_url, .. } => {
            (header.open_context.as_ref(), Some(deployment_url))
        }
    };
    let index_of =
        |fields: &mut BlockFields, key: &str| fields.index_of(FieldPlace::Context, None, key, shared);
    let mut indices = Vec::new();
    for member in distinct_members(text) {
        let index = index_of(fields, &member.key.decoded());
        fields.get_mut(index).add(member.value, 0, &shared.identities);
        indices.push(index);
    }
    if let Some(deployment_url) = deployment_url {
        let index = index_of(fields, "deployment_url");
        fields.get_mut(index).add_string(deployment_url, 0, &shared.identities);
        indices.push(index);
    }
    indices
}
