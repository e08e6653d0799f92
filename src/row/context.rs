//! Where the context of an event comes from, and a cheap key that tells contexts of neighbouring rows apart.

use std::collections::VecDeque;
use std::sync::Arc;

use super::event::{ContextFields, Event, Header};
use crate::json::JsonString;

/// Where an event's context comes from.
#[derive(Clone, Copy)]
pub(crate) enum EventContext<'a> {
    /// The row's own; the event holds it.
    Own {
        /// Where in the file the header stands that is in force for rows that need one.
        header_at: Option<u64>,
    },
    /// The header's, completed by the row's deployment URL.
    Inherited {
        /// The header, which is the same for many rows.
        header: &'a Arc<Header>,
        /// Where in the file it stands.
        header_at: u64,
        /// From the row.
        deployment_url: JsonString<'a>,
    },
}

impl<'a> EventContext<'a> {
    /// The nine members of the context of `event`.
    pub(crate) fn fields(self, event: &Event<'a>) -> ContextFields<'a> {
        match self {
            Self::Inherited { header, deployment_url, .. } => header.fields(deployment_url),
            Self::Own { .. } => event.context.map(|own| own.fields).unwrap_or_default(),
        }
    }
}

/// What is known of the contexts of rows that were read lately: they may take turns.
#[derive(Debug)]
pub(crate) struct RecentContexts<T> {
    /// The oldest first.
    known: VecDeque<(ContextKey, T)>,
}

impl<T> Default for RecentContexts<T> {
    fn default() -> Self {
        Self { known: VecDeque::new() }
    }
}

impl<T> RecentContexts<T> {
    /// Contexts that a row is compared with.
    const AT_MOST: usize = 8;

    /// What is known of the context of `event`.
    pub(crate) fn find(&mut self, event: &Event<'_>, context: EventContext<'_>) -> Option<&mut T> {
        self.known.iter_mut().rev().find(|(key, _)| key.is_of(event, context)).map(|(_, known)| known)
    }

    /// Remembers a context that is new. Returns what was known of the one that gives way, if one does.
    pub(crate) fn remember(&mut self, event: &Event<'_>, context: EventContext<'_>, known: T) -> Option<T> {
        let oldest = if self.known.len() == Self::AT_MOST { self.known.pop_front() } else { None };
        self.known.push_back((ContextKey::of(event, context), known));
        oldest.map(|(_, known)| known)
    }

    /// Forgets all of them. Returns what was known.
    pub(crate) fn take(&mut self) -> impl Iterator<Item = T> + use<T> {
        std::mem::take(&mut self.known).into_iter().map(|(_, known)| known)
    }
}

/// What two events of a block share where their contexts are the same. That of the same context may differ: it was spelled
/// in another way or stands in another place.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ContextKey {
    /// The address of the context's text, which rows that repeat a context to the byte share, and the header in force.
    Own { address: usize, header_at: Option<u64> },
    /// The offset of the header, and what the row adds to its context, as it is spelled.
    Header { at: u64, deployment_url: Box<str>, schema_version: Option<Box<str>> },
}

impl ContextKey {
    /// Whether this is the key of an event's context.
    pub(crate) fn is_of(&self, event: &Event<'_>, context: EventContext<'_>) -> bool {
        match (self, context) {
            (Self::Own { address, header_at }, EventContext::Own { header_at: other }) => {
                *address == own_address(event) && *header_at == other
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
            EventContext::Own { header_at } => Self::Own { address: own_address(event), header_at },
            EventContext::Inherited { header_at, deployment_url, .. } => Self::Header {
                at: header_at,
                deployment_url: deployment_url.escaped().into(),
                schema_version: event.schema_version.map(Into::into),
            },
        }
    }
}

fn own_address(event: &Event<'_>) -> usize {
    event.context.map_or(0, |context| context.text.as_ptr() as usize)
}
