//! The JSON array: events of all sessions, merged by time, one self-contained event a line.
//! The text of a row stays as it is on disk; only its context is completed.

pub(crate) mod block;
pub(crate) mod merge;

mod array_writer;
mod budget;
mod lanes;
