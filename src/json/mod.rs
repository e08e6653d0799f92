//! JSON text as it stands in a line: where values end, what strings say, which numbers they are.
//! It knows no telemetry and builds no tree.

pub(crate) mod scan;
pub(crate) mod text;
