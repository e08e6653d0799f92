//! One row of a telemetry file: its members, its event, its context and time, and what the event becomes.
//! It knows nothing of files, blocks and formats.

pub(crate) mod context;
pub(crate) mod count;
pub(crate) mod event;
pub(crate) mod event_context;
pub(crate) mod members;
pub(crate) mod redaction;
pub(crate) mod signal;
pub(crate) mod timestamp;
