//! Bytes in: telemetry files are listed, opened, cut into blocks of lines, decoded in parallel and taken in order.
//! What a format does with an event is not known here: the format implements `encoder::Encoder`.

pub(crate) mod buffers;
pub(crate) mod decoder;
pub(crate) mod encoder;
pub(crate) mod headers;
pub(crate) mod ledger;
pub(crate) mod lines;
pub mod log_files;
pub(crate) mod open_files;
pub(crate) mod reader;
pub(crate) mod sessions;
