//! The formats of an export, one folder each. A format encodes blocks of events and assembles the output from them.
//! It knows no other format, no files and no threads.

pub(crate) mod json;
pub(crate) mod otlp;
pub(crate) mod report;
