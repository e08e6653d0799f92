//! What is read from a telemetry directory, and how everything that is left out is accounted for.
//! How rows are written in a format is tested elsewhere: `otlp_mapping`, `json_array.rs`.

#[path = "../support/mod.rs"]
mod support;

mod bad_rows;
mod files;
mod good_rows;
mod headers;
mod lines;
mod summary;
