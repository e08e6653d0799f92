//! Contexts of neighbouring rows told apart without decoding or comparing them.

use crate::blocks::EventContext;
use crate::event::Event;

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
