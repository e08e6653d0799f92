//! Turns the telemetry that the Coder VS Code extension keeps on a user's machine, daily JSONL files, into
//! one file: a JSON array to read, a zip of OTLP/JSON requests that an OpenTelemetry backend takes unchanged, or a
//! page for a browser that shows what either of them would share.
//!
//! [`export::export`] tells the whole story. Rooms import downwards only:
//!
//! ```text
//! binding     the only code that knows Node
//! export      list, read, encode, write, summarize
//! formats     json, otlp, report: what an export looks like
//! write       bytes out: target, temporary file, writer, zip
//! read        bytes in: listing, lines, blocks, sessions
//! row         one row: its event, context and time, and what it becomes
//! privacy     what may identify a person or company
//! json        JSON text: values, strings, numbers
//! ```
//!
//! `error`, `platform`, `progress`, `range`, `retry`, `sizes`, `summary` and `workers` are small and used everywhere.

#![deny(missing_docs)]

#[doc(hidden)]
pub mod binding;
pub mod error;
pub mod export;
#[cfg(feature = "hot-functions")]
#[doc(hidden)]
pub mod hot_functions;
pub mod progress;
pub mod range;
pub mod read;
pub mod summary;

mod formats;
mod json;
mod platform;
mod privacy;
mod row;
mod sizes;
mod workers;
mod write;
