//! Bytes in: lists and opens telemetry files, cuts them into blocks of lines, decodes these in parallel, takes them
//! in order. It does not know what a format does with an event: formats implement `encoder::Encoder`.

pub(crate) mod buffers;
pub(crate) mod decoder;
pub(crate) mod encoder;
pub(crate) mod headers;
pub(crate) mod ledger;
pub(crate) mod lines;
pub mod listing;
pub mod log_files;
pub(crate) mod open_files;
pub(crate) mod parallel_decoder;
pub(crate) mod reader;
pub(crate) mod sessions;
