//! The mapping to OTLP, rule by rule: each test is named after the rule that it would miss.

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
