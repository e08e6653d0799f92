//! Exports the telemetry of the Coder VS Code extension, which is daily JSONL files on a user's machine, as one file:
//! a JSON array, a zip of OTLP/JSON requests for an OpenTelemetry backend, or an HTML report that shows what either
//! of them would share.
//!
//! Start reading at [`export::export`]. Modules import downwards only:
//!
//! ```text
//! binding     the only code that knows Node
//! export      list, read, encode, write, summarize
//! formats     json, otlp, report: what an export looks like
//! write       bytes out: target, temporary file, writer, zip
//! read        bytes in: listing, lines, blocks, sessions
//! row         one row: its event, context and time, and what it becomes
//! privacy     what may identify a person or company
//! json        JSON text: values, objects, strings, numbers
//! ```
//!
//! `error`, `platform`, `progress`, `range`, `sizes`, `summary` and `workers` are small and used everywhere.

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
