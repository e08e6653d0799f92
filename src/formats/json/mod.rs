//! The JSON array: the events of all sessions, merged by time, one self-contained event per line.
//! The text of a row stays as it is on disk; only its context is completed. Files and threads belong to `read`.

pub(crate) mod block;
pub(crate) mod merge;

mod array_writer;
mod budget;
mod lanes;
