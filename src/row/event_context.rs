//! The context of an event: its own or the header's, and a cheap key to compare the contexts of neighbouring rows.

use std::collections::VecDeque;
use std::sync::Arc;

use super::context::{ContextFields, Header, OwnContext};
use super::event::Event;
use crate::json::JsonString;

/// Where an event's context comes from.
#[derive(Clone, Copy)]
pub(crate) enum EventContext<'a> {
    /// The row's own.
    Own {
        context: &'a OwnContext<'a>,
        /// Offset of the header in force, for rows without a context of their own.
        header_at: Option<u64>,
    },
    /// The header's, completed by the row's deployment URL.
    Inherited {
        /// The header, which is the same for many rows.
        header: &'a Arc<Header>,
        /// Offset of the header in the file.
        header_at: u64,
        /// From the row.
        deployment_url: JsonString<'a>,
    },
}

impl<'a> EventContext<'a> {
    /// Finds the context of `event`, given the header in force and the header's offset. `None` if the event has
    /// no context of its own and there is no header.
    pub(crate) fn of(event: &'a Event<'_>, header: Option<&'a (u64, Arc<Header>)>) -> Option<Self> {
        if let Some(context) = &event.context {
            return Some(Self::Own { context, header_at: header.map(|(at, _)| *at) });
        }
        let (header_at, header) = header?;
        Some(Self::Inherited { header, header_at: *header_at, deployment_url: event.deployment_url? })
    }

    /// The strings of the context, still escaped.
    pub(crate) fn fields(self) -> ContextFields<JsonString<'a>> {
        match self {
            Self::Inherited { header, deployment_url, .. } => header.fields(deployment_url),
            Self::Own { context, .. } => context.fields,
        }
    }
}

/// What is known of the last few contexts. Rows of several contexts may take turns.
#[derive(Debug)]
pub(crate) struct RecentContexts<T> {
    /// Oldest first.
    known: VecDeque<(ContextKey, T)>,
}

impl<T> Default for RecentContexts<T> {
    fn default() -> Self {
        Self { known: VecDeque::new() }
    }
}

impl<T> RecentContexts<T> {
    /// How many contexts a row is compared with.
    const AT_MOST: usize = 8;

    /// What is known of the context of `event`.
    pub(crate) fn find(&mut self, event: &Event<'_>, context: EventContext<'_>) -> Option<&mut T> {
        self.known.iter_mut().rev().find(|(key, _)| key.is_of(event, context)).map(|(_, known)| known)
    }

    /// Remembers a new context. Returns what was known of the oldest one, if that had to go.
    pub(crate) fn remember(&mut self, event: &Event<'_>, context: EventContext<'_>, known: T) -> Option<T> {
        let oldest = if self.known.len() == Self::AT_MOST { self.known.pop_front() } else { None };
        self.known.push_back((ContextKey::of(event, context), known));
        oldest.map(|(_, known)| known)
    }

    /// Forgets all contexts. Returns what was known of them.
    pub(crate) fn take(&mut self) -> impl Iterator<Item = T> + use<T> {
        std::mem::take(&mut self.known).into_iter().map(|(_, known)| known)
    }
}

/// Cheap key: within a block, equal keys imply equal contexts. Equal contexts may have different keys, if they are
/// spelled differently or are in different places.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ContextKey {
    /// The address of the context, which rows share that repeat it byte for byte, and the offset of the header in force.
    Own { address: usize, header_at: Option<u64> },
    /// The offset of the header, and what the row adds to the header's context, as it is spelled.
    Header { at: u64, deployment_url: Box<str>, schema_version: Option<Box<str>> },
}

impl ContextKey {
    /// Whether this is the key of an event's context.
    pub(crate) fn is_of(&self, event: &Event<'_>, context: EventContext<'_>) -> bool {
        match (self, context) {
            (Self::Own { address, header_at }, EventContext::Own { context, header_at: other }) => {
                *address == context.address && *header_at == other
            }
            (
                Self::Header { at, deployment_url, schema_version },
                EventContext::Inherited { header_at, deployment_url: other, .. },
            ) => {
                *at == header_at
                    && **deployment_url == *other.escaped()
                    && schema_version.as_deref() == event.schema_version
            }
            _ => false,
        }
    }

    /// The key of an event's context.
    pub(crate) fn of(event: &Event<'_>, context: EventContext<'_>) -> Self {
        match context {
            EventContext::Own { context, header_at } => Self::Own { address: context.address, header_at },
            EventContext::Inherited { header_at, deployment_url, .. } => Self::Header {
                at: header_at,
                deployment_url: deployment_url.escaped().into(),
                schema_version: event.schema_version.map(Into::into),
            },
        }
    }
}
