//! What is read from a telemetry directory, and how everything else is accounted for.

#[path = "../support/mod.rs"]
mod support;

mod bad_rows;
mod files;
mod good_rows;
mod headers;
mod lines;
mod summary;
