//! The mapping to OTLP, rule by rule. Each test is named after its rule.
//! Whether the output conforms to the published protocol is tested in `otlp_conformance`.

#[path = "../support/mod.rs"]
mod support;

mod attributes;
mod counters;
mod envelope;
mod gauges;
mod identity;
mod ids;
mod logs;
mod resource;
mod routing;
mod spans;
mod windows;
mod zero_points;
