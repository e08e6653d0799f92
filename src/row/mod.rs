//! One row of a telemetry file: its members, its event, its context and time, and what the event becomes.
//! It knows no file, no block and no format.

pub(crate) mod context;
pub(crate) mod count;
pub(crate) mod event;
pub(crate) mod members;
pub(crate) mod signal;
pub(crate) mod timestamp;
