//! `manifest.json`: what a zip holds and where that comes from (specification, Manifest).

use serde::Serialize;
use serde_json::{Map, Value};

use super::OtlpOptions;
use crate::range::{Range, iso_8601};
use crate::summary::{OtlpSummary, RedactionSummary, SignalCounts, Summary};

const MANIFEST_VERSION: u32 = 1;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Manifest<'a> {
    manifest_version: u32,
    exporter: Exporter,
    exported_at: String,
    format: &'static str,
    temporality: &'static str,
    span_name: &'static str,
    range: RangeEntry<'a>,
    source: Source<'a>,
    records: Records,
    #[serde(skip_serializing_if = "Option::is_none")]
    redaction: Option<RedactionEntry<'a>>,
    parts: Vec<PartEntry<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RedactionEntry<'a> {
    version: u32,
    level: &'a str,
    key: &'a str,
    key_id: Option<&'a str>,
    redact_fields: &'a [String],
    keep_fields: &'a [String],
    events: u64,
    replaced: Map<String, Value>,
}

#[derive(Serialize)]
struct Exporter {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct RangeEntry<'a> {
    label: &'a str,
    start: Option<String>,
    end: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Source<'a> {
    files: u64,
    skipped_files: Vec<SkippedFileEntry<'a>>,
    events: u64,
    bad_lines: u64,
    dropped_points: u64,
}

#[derive(Serialize)]
struct SkippedFileEntry<'a> {
    file: &'a str,
    reason: &'a str,
}

#[derive(Serialize)]
struct Records {
    logs: u64,
    traces: u64,
    metrics: u64,
}

#[derive(Serialize)]
struct PartEntry<'a> {
    file: &'a str,
    signal: &'static str,
    records: u64,
    bytes: u64,
}

impl<'a> RedactionEntry<'a> {
    fn of(redaction: &'a RedactionSummary) -> Self {
        Self {
            version: RedactionSummary::VERSION,
            level: redaction.level,
            key: redaction.key,
            key_id: redaction.key_id.as_deref(),
            redact_fields: &redaction.redact_fields,
            keep_fields: &redaction.keep_fields,
            events: redaction.events,
            replaced: redaction
                .replaced
                .iter()
                .map(|(kind, count)| ((*kind).to_owned(), Value::from(*count)))
                .collect(),
        }
    }
}

/// The manifest as one line of JSON. `exported_at_ms`: milliseconds since 1970.
pub(super) fn manifest_json(
    summary: &Summary,
    otlp: &OtlpSummary,
    range: &Range,
    options: &OtlpOptions,
    exported_at_ms: i64,
) -> String {
    let SignalCounts { logs, traces, metrics } = otlp.records;
    let manifest = Manifest {
        manifest_version: MANIFEST_VERSION,
        exporter: Exporter { name: "coder-telemetry-export", version: env!("CARGO_PKG_VERSION") },
        exported_at: iso_8601(exported_at_ms),
        format: "otlp-json",
        temporality: options.temporality.name(),
        span_name: options.span_name.name(),
        range: RangeEntry {
            label: &range.label,
            start: range.start_ms.map(iso_8601),
            end: range.end_ms.map(iso_8601),
        },
        source: Source {
            files: summary.files,
            skipped_files: summary
                .skipped_files
                .iter()
                .map(|skipped| SkippedFileEntry { file: &skipped.file, reason: &skipped.reason })
                .collect(),
            events: summary.event_count,
            bad_lines: summary.bad_lines,
            dropped_points: summary.signals.map_or(0, |signals| signals.dropped_points),
        },
        records: Records { logs, traces, metrics },
        redaction: summary.redaction.as_ref().map(RedactionEntry::of),
        parts: otlp
            .parts
            .iter()
            .map(|part| PartEntry {
                file: &part.file,
                signal: part.signal,
                records: part.records,
                bytes: part.bytes,
            })
            .collect(),
    };
    serde_json::to_string(&manifest).expect("strings and numbers have a JSON text") + "\n"
}
