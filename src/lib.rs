//! Turns the telemetry that the Coder VS Code extension keeps on a user's machine, daily JSONL files, into
//! one file: a JSON array to read, a zip of OTLP/JSON requests that an OpenTelemetry backend takes unchanged, or a
//! page for a browser that shows what either of them would share.
//!
//! Data goes one way through the modules:
//!
//! ```text
//! range ─► log_files ─► blocks ─► event ─┬─► json_array ─► merge ───────────────────► output
//! (window)  (names       (whole   (row   │                                            ▲    ▲
//!            only)        lines)   with  └─► signal ─┬─► otlp (logs, spans, metrics) ─┼─► archive
//!                                  context)          └─► report (findings, page) ─────┘
//! ```
//!
//! [`export::export`] tells the whole story. Only `binding` knows Node.

#![deny(missing_docs)]

#[doc(hidden)]
pub mod binding;
pub mod error;
pub mod export;
#[cfg(feature = "hot-functions")]
#[doc(hidden)]
pub mod hot_functions;
pub mod log_files;
pub mod output;
pub mod progress;
pub mod range;
pub mod summary;

mod archive;
mod array_writer;
mod blocks;
mod buffers;
mod context_key;
mod deflate;
mod event;
mod growth;
mod headers;
mod json_array;
mod json_scan;
mod json_text;
mod ledger;
mod lines;
mod merge;
mod open_files;
mod otlp;
mod platform;
mod reader;
mod report;
mod retry;
mod row_members;
mod signal;
mod sizes;
mod stream_clock;
mod streams;
mod timestamp;
mod workers;
mod writer;
