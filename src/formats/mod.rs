//! What an export looks like: one folder a format. A format encodes blocks of events and assembles them.
//! It knows no files, threads or zip entries, and no other format.

pub(crate) mod json;
pub(crate) mod otlp;
pub(crate) mod report;
