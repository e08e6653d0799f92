//! The types that callers get back, made from the core's. Their doc comments are copied to `index.d.ts`.

use napi::bindgen_prelude::{Either, Null, ToNapiValue};
use napi::sys;
use napi_derive::napi;

use super::members::{List, Members};
use crate::progress::{Phase, ProgressReport};
use crate::range::Range;
use crate::read::log_files::LogFile;
use crate::summary::{self, SignalCounts, Summary};

/// The progress of an export, as `onProgress` gets it.
#[napi(object, object_from_js = false)]
pub struct ExportProgress {
    /// `reading` while telemetry is read, then `finishing` while the output is packed and synced.
    #[napi(ts_type = "'reading' | 'finishing'")]
    pub phase: &'static str,
    /// Bytes of telemetry read so far.
    pub bytes_done: f64,
    /// Bytes of telemetry to read.
    pub bytes_total: f64,
    /// Events found so far inside the range.
    pub events: f64,
}

impl From<ProgressReport> for ExportProgress {
    fn from(report: ProgressReport) -> Self {
        Self {
            phase: match report.phase {
                Phase::Reading => "reading",
                Phase::Finishing => "finishing",
            },
            bytes_done: report.bytes_done as f64,
            bytes_total: report.bytes_total as f64,
            events: report.events as f64,
        }
    }
}

/// A resolved range: a half-open UTC window `[startMs, endMs)` and its names.
#[napi(object, object_from_js = false, use_nullable = true)]
pub struct ResolvedRange {
    /// First millisecond inside, since 1970 UTC; `null` is open.
    pub start_ms: Option<f64>,
    /// First millisecond after, since 1970 UTC; `null` is open.
    pub end_ms: Option<f64>,
    /// For people: `Last 7 days`.
    pub label: String,
    /// For file names: `last-7-days-2026-06-12`.
    pub filename_part: String,
}

impl From<Range> for ResolvedRange {
    fn from(range: Range) -> Self {
        Self {
            start_ms: range.start_ms.map(|milliseconds| milliseconds as f64),
            end_ms: range.end_ms.map(|milliseconds| milliseconds as f64),
            label: range.label,
            filename_part: range.file_name_part,
        }
    }
}

/// A telemetry file: what its name, `telemetry-YYYY-MM-DD-{session}[.{part}].jsonl`, says, and its size.
#[napi(object, object_from_js = false)]
pub struct TelemetryFile {
    /// Name in the telemetry directory.
    pub name: String,
    /// UTC day in the name, `YYYY-MM-DD`.
    pub date: String,
    /// Session in the name.
    pub session: String,
    /// Part number in the name, or 0 if there is none.
    pub part: f64,
    /// Length of the file in bytes.
    pub size: f64,
}

impl From<&LogFile> for TelemetryFile {
    fn from(file: &LogFile) -> Self {
        Self {
            name: file.name().to_owned(),
            date: file.date().to_string(),
            session: file.session().to_owned(),
            part: file.part() as f64,
            size: file.size() as f64,
        }
    }
}

/// A row that was left out because it is broken.
#[napi(object, object_from_js = false)]
pub struct BadLine {
    /// Name of the telemetry file.
    pub file: String,
    /// Line number in it, from 1.
    pub line: f64,
    /// What is wrong with the row.
    pub reason: String,
}

/// A file that could not be read, or only in part.
#[napi(object, object_from_js = false)]
pub struct SkippedFile {
    /// Name of the telemetry file.
    pub file: String,
    /// The system's error, or where reading ended.
    pub reason: String,
}

/// Entries that did not fit into the lists of a summary, which hold 100 each.
#[napi(object, object_from_js = false)]
pub struct OmittedEntries {
    /// Bad lines that are counted but not listed.
    pub bad_line_samples: f64,
    /// Skipped files that are counted but not listed.
    pub skipped_files: f64,
    /// Warnings that are counted but not listed.
    pub warnings: f64,
}

/// Records of an OTLP export, by signal.
#[napi(object, object_from_js = false)]
pub struct RecordCounts {
    /// Log records.
    pub logs: f64,
    /// Spans.
    pub traces: f64,
    /// Data points.
    pub metrics: f64,
}

/// A file of an OTLP export that holds one request.
#[napi(object, object_from_js = false)]
pub struct ExportPart {
    /// Name in the zip.
    pub file: String,
    /// The signal. It decides the path to send the request to, such as `/v1/logs`.
    #[napi(ts_type = "'logs' | 'traces' | 'metrics'")]
    pub signal: &'static str,
    /// Number of log records, spans or data points.
    pub records: f64,
    /// Unpacked length in bytes, including the final line feed.
    pub bytes: f64,
}

/// What a redacted export replaced.
#[napi(object, object_from_js = false, object_to_js = false)]
pub struct ExportRedaction {
    /// The version of this object.
    #[napi(ts_type = "1")]
    pub version: u32,
    /// The level.
    #[napi(ts_type = "'marked' | 'unknown'")]
    pub level: &'static str,
    /// Whether the key was given or random.
    #[napi(ts_type = "'random' | 'given'")]
    pub key: &'static str,
    /// Tells keys apart: exports with the same id can be compared. `null` if the key was random.
    pub key_id: Either<String, Null>,
    /// The fields of `redactFields`. Keys that may identify someone are replaced.
    #[napi(ts_type = "Array<string>")]
    pub redact_fields: List<String>,
    /// The fields of `keepFields`. Keys that may identify someone are replaced.
    #[napi(ts_type = "Array<string>")]
    pub keep_fields: List<String>,
    /// Events with a replaced value.
    pub events: f64,
    /// How many pseudonyms of each kind, such as `host`, a JSON export of the events has.
    #[napi(ts_type = "Record<string, number>")]
    pub replaced: ReplacedKinds,
}

/// The number of pseudonyms of each kind.
pub struct ReplacedKinds(Vec<(&'static str, u64)>);

/// What an export did.
///
/// Every line is counted once. A JSON export lacks the members from `logs` on; a report lacks `records` and `parts`.
///
/// ```text
/// linesRead  = eventCount + outOfRange + headers + blankLines + badLines
/// eventCount = logs + traces + metrics        (OTLP, report)
/// ```
///
/// @example
/// The summary of an OTLP export of `examples/telemetry/current`.
///
/// ```js
/// {
///   eventCount: 396,
///   files: 6,
///   bytesRead: 137440,
///   bytesWritten: 20693,
///   linesRead: 402,
///   outOfRange: 0,
///   headers: 6,
///   blankLines: 0,
///   badLines: 0,
///   badLineSamples: [],
///   skippedFiles: [],
///   warnings: [],
///   omitted: { badLineSamples: 0, skippedFiles: 0, warnings: 0 },
///   logs: 45,
///   traces: 90,
///   metrics: 261,
///   records: { logs: 45, traces: 90, metrics: 1049 },
///   parts: [
///     { file: 'logs.json', signal: 'logs', records: 45, bytes: 28952 },
///     { file: 'traces.json', signal: 'traces', records: 90, bytes: 49729 },
///     { file: 'metrics.json', signal: 'metrics', records: 1049, bytes: 330535 }
///   ],
///   droppedPoints: 0
/// }
/// ```
#[napi(object, object_from_js = false, object_to_js = false)]
pub struct ExportSummary {
    /// Events written. If it is 0, no file was written.
    pub event_count: f64,
    /// Telemetry files that the range selects, including skipped ones.
    pub files: f64,
    /// Bytes of telemetry read.
    pub bytes_read: f64,
    /// Length of the written file in bytes, or 0 if none was written.
    pub bytes_written: f64,
    /// Lines read.
    pub lines_read: f64,
    /// Good rows outside the range.
    pub out_of_range: f64,
    /// Header rows.
    pub headers: f64,
    /// Lines of white space only.
    pub blank_lines: f64,
    /// Rows left out because they are broken.
    pub bad_lines: f64,
    /// The first 100 bad lines, in order of date, session, part and line.
    #[napi(ts_type = "Array<BadLine>")]
    pub bad_line_samples: List<BadLine>,
    /// The first 100 files that could not be read, or only in part: first those that could not be listed, by name, then those
    /// that failed while they were read, by date, session and part.
    #[napi(ts_type = "Array<SkippedFile>")]
    pub skipped_files: List<SkippedFile>,
    /// The first 100 warnings: a session continues in the next day's file, rows have a `schema_version` above 1, or a single
    /// record of an OTLP export is longer than `maxRequestBytes` (`file:line: …`).
    #[napi(ts_type = "Array<string>")]
    pub warnings: List<String>,
    /// How many entries did not fit into these three lists.
    pub omitted: OmittedEntries,
    /// OTLP and report: events that became log records.
    pub logs: Option<f64>,
    /// OTLP and report: events that became spans.
    pub traces: Option<f64>,
    /// OTLP and report: events that became data points.
    pub metrics: Option<f64>,
    /// OTLP: log records, spans and data points written.
    pub records: Option<RecordCounts>,
    /// OTLP: the request files, in the order in which to send them.
    #[napi(ts_type = "Array<ExportPart>")]
    pub parts: Option<List<ExportPart>>,
    /// OTLP and report: measurements of metric events that became no data point: null, not finite, or a negative count.
    pub dropped_points: Option<f64>,
    /// Redacted export: what was replaced.
    pub redaction: Option<ExportRedaction>,
}

impl From<Summary> for ExportSummary {
    fn from(summary: Summary) -> Self {
        let bad_line_samples = summary.bad_line_samples();
        let otlp = summary.otlp;
        let events = summary.signals.map(|signals| signals.events);
        Self {
            event_count: summary.event_count as f64,
            files: summary.files as f64,
            bytes_read: summary.bytes_read as f64,
            bytes_written: summary.bytes_written as f64,
            lines_read: summary.lines_read as f64,
            out_of_range: summary.out_of_range as f64,
            headers: summary.headers as f64,
            blank_lines: summary.blank_lines as f64,
            bad_lines: summary.bad_lines as f64,
            bad_line_samples: bad_line_samples.into_iter().collect(),
            skipped_files: summary.skipped_files.into_iter().collect(),
            warnings: List(summary.warnings),
            omitted: OmittedEntries {
                bad_line_samples: summary.omitted.bad_line_samples as f64,
                skipped_files: summary.omitted.skipped_files as f64,
                warnings: summary.omitted.warnings as f64,
            },
            logs: events.map(|events| events.logs as f64),
            traces: events.map(|events| events.traces as f64),
            metrics: events.map(|events| events.metrics as f64),
            records: otlp.as_ref().map(|otlp| RecordCounts::from(otlp.records)),
            dropped_points: summary.signals.map(|signals| signals.dropped_points as f64),
            parts: otlp.map(|otlp| otlp.parts.into_iter().collect()),
            redaction: summary.redaction.map(ExportRedaction::from),
        }
    }
}

/// Written by hand: the generated conversion assigns optional members, so that a setter on `Object.prototype` gets them.
impl ToNapiValue for ExportSummary {
    unsafe fn to_napi_value(env: sys::napi_env, summary: Self) -> napi::Result<sys::napi_value> {
        let mut members = Members::new(env);
        members.add("eventCount", summary.event_count)?;
        members.add("files", summary.files)?;
        members.add("bytesRead", summary.bytes_read)?;
        members.add("bytesWritten", summary.bytes_written)?;
        members.add("linesRead", summary.lines_read)?;
        members.add("outOfRange", summary.out_of_range)?;
        members.add("headers", summary.headers)?;
        members.add("blankLines", summary.blank_lines)?;
        members.add("badLines", summary.bad_lines)?;
        members.add("badLineSamples", summary.bad_line_samples)?;
        members.add("skippedFiles", summary.skipped_files)?;
        members.add("warnings", summary.warnings)?;
        members.add("omitted", summary.omitted)?;
        members.add_optional("logs", summary.logs)?;
        members.add_optional("traces", summary.traces)?;
        members.add_optional("metrics", summary.metrics)?;
        members.add_optional("records", summary.records)?;
        members.add_optional("parts", summary.parts)?;
        members.add_optional("droppedPoints", summary.dropped_points)?;
        members.add_optional("redaction", summary.redaction)?;
        members.into_object()
    }
}

impl From<summary::RedactionSummary> for ExportRedaction {
    fn from(redaction: summary::RedactionSummary) -> Self {
        Self {
            version: summary::RedactionSummary::VERSION,
            level: redaction.level,
            key: redaction.key,
            key_id: redaction.key_id.map_or(Either::B(Null), Either::A),
            redact_fields: List(redaction.redact_fields),
            keep_fields: List(redaction.keep_fields),
            events: redaction.events as f64,
            replaced: ReplacedKinds(redaction.replaced),
        }
    }
}

impl ToNapiValue for ExportRedaction {
    unsafe fn to_napi_value(env: sys::napi_env, redaction: Self) -> napi::Result<sys::napi_value> {
        let mut members = Members::new(env);
        members.add("version", redaction.version)?;
        members.add("level", redaction.level)?;
        members.add("key", redaction.key)?;
        members.add("keyId", redaction.key_id)?;
        members.add("redactFields", redaction.redact_fields)?;
        members.add("keepFields", redaction.keep_fields)?;
        members.add("events", redaction.events)?;
        members.add("replaced", redaction.replaced)?;
        members.into_object()
    }
}

impl ToNapiValue for ReplacedKinds {
    unsafe fn to_napi_value(env: sys::napi_env, replaced: Self) -> napi::Result<sys::napi_value> {
        let mut members = Members::new(env);
        for (kind, count) in replaced.0 {
            members.add(kind, count as f64)?;
        }
        members.into_object()
    }
}

impl From<summary::BadLine> for BadLine {
    fn from(bad: summary::BadLine) -> Self {
        Self { file: bad.file, line: bad.line as f64, reason: bad.reason }
    }
}

impl From<summary::SkippedFile> for SkippedFile {
    fn from(skipped: summary::SkippedFile) -> Self {
        Self { file: skipped.file, reason: skipped.reason }
    }
}

impl From<SignalCounts> for RecordCounts {
    fn from(counts: SignalCounts) -> Self {
        Self { logs: counts.logs as f64, traces: counts.traces as f64, metrics: counts.metrics as f64 }
    }
}

impl From<summary::Part> for ExportPart {
    fn from(part: summary::Part) -> Self {
        Self { file: part.file, signal: part.signal, records: part.records as f64, bytes: part.bytes as f64 }
    }
}
