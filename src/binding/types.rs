//! The shapes that JavaScript sees, and their conversion from the core's.

use napi::bindgen_prelude::{Either3, ToNapiValue, Unknown};
use napi::sys;
use napi_derive::napi;

use super::members::{List, Members};
use crate::progress::{Phase, ProgressReport};
use crate::range::{Range, RangeInput};
use crate::read::log_files::LogFile;
use crate::summary;
use crate::summary::{SignalCounts, Summary};

/// What an export is written as.
///
/// - `json`: one array of all events, merged by time, each with its context.
/// - `otlp`: a zip of OTLP/JSON requests for `/v1/logs`, `/v1/traces` and `/v1/metrics`, with a manifest.
/// - `html`: a page for a browser that shows what the events say and what they would give away.
#[napi(string_enum = "lowercase")]
#[derive(Clone, Copy)]
pub enum ExportFormat {
    /// One array of all events, merged by time.
    Json,
    /// A zip of requests for `/v1/logs`, `/v1/traces` and `/v1/metrics`.
    Otlp,
    /// A page that shows what the events say and what they would give away.
    Html,
}

/// A rolling range that ends now, or all of time.
///
/// - `last24Hours`: 24 hours up to now.
/// - `last7Days`: seven times 24 hours up to now.
/// - `last30Days`: thirty times 24 hours up to now.
/// - `allTime`: open at both ends.
#[napi(string_enum = "camelCase")]
#[derive(Clone, Copy)]
pub enum RangePreset {
    /// 24 hours up to now.
    Last24Hours,
    /// Seven times 24 hours up to now.
    Last7Days,
    /// Thirty times 24 hours up to now.
    Last30Days,
    /// Open at both ends.
    AllTime,
}

/// A half-open window `[startMs, endMs)`. Bounds are whole milliseconds since 1970 UTC, `startMs` less than `endMs`; one
/// that is absent or `null` is open. An object without bounds means `allTime`. A bound outside what a `Date` holds (8.64e15
/// milliseconds on either side of 1970) is no range.
///
/// Whole days are called what the text of the same days is called. Else the label is `From X`, `Until X` or `X to Y`, with
/// times such as `2026-06-12T09:00:00.000Z`; in a file name, `From-2026-06-12T09-00-00.000Z`.
#[napi(object, object_from_js = false, object_to_js = false)]
pub struct RangeBounds {
    /// First millisecond inside.
    ///
    /// @defaultValue open
    #[napi(ts_type = "number | null")]
    pub start_ms: Option<f64>,
    /// First millisecond after.
    ///
    /// @defaultValue open
    #[napi(ts_type = "number | null")]
    pub end_ms: Option<f64>,
    /// What to call the range, for people.
    ///
    /// @defaultValue from its bounds
    #[napi(ts_type = "string | null")]
    pub label: Option<String>,
    /// What to call it in a file name. Letters and digits of any script, `.`, `_` and `-` are kept, everything else becomes
    /// `-`.
    ///
    /// @defaultValue from its bounds
    #[napi(ts_type = "string | null")]
    pub filename_part: Option<String>,
}

impl From<RangeBounds> for RangeInput {
    fn from(bounds: RangeBounds) -> Self {
        let RangeBounds { start_ms, end_ms, label, filename_part: file_name_part } = bounds;
        Self::Bounds { start_ms, end_ms, label, file_name_part }
    }
}

/// What to export: a preset, a day `YYYY-MM-DD`, two days `YYYY-MM-DD..YYYY-MM-DD`, or bounds. Days are whole and in UTC.
///
/// A range is a half-open window `[startMs, endMs)`. The labels and file-name parts here are those of 2026-06-12.
///
/// | range | window | `label` | `filenamePart` |
/// | --- | --- | --- | --- |
/// | `"last24Hours"` | the 24 hours up to now | `Last 24 hours` | `last-24-hours-2026-06-12` |
/// | `"last7Days"`, `"last30Days"` | 7, 30 times 24 hours up to now | `Last 7 days` | `last-7-days-2026-06-12` |
/// | `"allTime"` | open at both ends | `All time` | `all-time-2026-06-12` |
/// | `"2026-05-12"` | that day | `2026-05-12` | `2026-05-12` |
/// | `"2026-05-12..2026-05-13"` | both days, whole | `2026-05-12 to 2026-05-13` | `2026-05-12-to-2026-05-13` |
/// | `{ startMs?, endMs?, label?, filenamePart? }` | as given | given, else from its bounds | given, else from its bounds |
///
/// Files are chosen by the date in their name alone; a file outside is never opened. The events in them are then kept by
/// their own timestamp.
#[napi]
#[expect(dead_code, reason = "read value by value; declared for its type in TypeScript")]
pub type ExportRange = Either3<RangePreset, String, RangeBounds>;

/// How an export is made. Everything has a default, which `undefined` and `null` mean too. The options of a format are
/// checked for the others as well, and have no effect there.
#[napi(object, object_from_js = false, object_to_js = false)]
pub struct ExportOptions<'a> {
    /// Cancels the export: it rejects with an `AbortError` and leaves nothing behind. It may be aborted already, or be
    /// shared with other calls.
    ///
    /// @defaultValue none
    #[napi(ts_type = "AbortSignal")]
    pub signal: Option<Unknown<'a>>,
    /// Called at most ten times a second, and a last time with `bytesDone` equal to `bytesTotal` before the file is put in
    /// place. What it throws is what the export rejects with. A promise that it returns is not waited for; a rejection of it
    /// before the export settles is what the export rejects with. Calls that a busy event loop cannot take are dropped, save
    /// the last.
    ///
    /// @defaultValue none
    #[napi(ts_type = "(progress: ExportProgress) => void")]
    pub on_progress: Option<Unknown<'a>>,
    /// How OTLP sums are written: what each window counted (`delta`), as Datadog needs it, or running totals
    /// (`cumulative`), as the Prometheus family needs them. Each running total begins with a data point of value 0, so that
    /// `increase()` sees its first count.
    ///
    /// @defaultValue `"delta"`
    #[napi(ts_type = "'delta' | 'cumulative'")]
    pub temporality: Option<Unknown<'a>>,
    /// What spans are called, in OTLP and in a report: the last dot segment of the event's name (`leaf`), or all of it (`full`).
    ///
    /// @defaultValue `"leaf"`
    #[napi(ts_type = "'leaf' | 'full'")]
    pub span_name: Option<Unknown<'a>>,
    /// Longest OTLP request in bytes, 65,536 to 67,108,864. A request that would exceed it is split. None is above it
    /// unless one record alone is; a warning then names the event's file and line.
    ///
    /// @defaultValue 3,500,000
    #[napi(ts_type = "number")]
    pub max_request_bytes: Option<Unknown<'a>>,
    /// Effort of the compression of an OTLP zip, from 0, none, to 9, the smallest zip. What each level costs and saves is in
    /// `docs/performance.md`.
    ///
    /// @defaultValue 4
    #[napi(ts_type = "number")]
    pub compression_level: Option<Unknown<'a>>,
    /// Days of files read beyond the range, 0 to 7, for rows that were written after midnight and so lie in the next day's
    /// file. Only events of the range are kept. At 0, a warning says so when a selected session goes on in the next day's
    /// file.
    ///
    /// @defaultValue 0
    #[napi(ts_type = "number")]
    pub grace_days: Option<Unknown<'a>>,
    /// Whether a file that exists may be replaced. `false` makes it an `ERR_OUTPUT` with the `osCode` `EEXIST`, also one
    /// that appears meanwhile.
    ///
    /// @defaultValue `true`
    #[napi(ts_type = "boolean")]
    pub overwrite: Option<Unknown<'a>>,
    /// Threads to work with, 1 or more; more than 8 are not started. With 1 no more than one core is busy at a time.
    ///
    /// @defaultValue all cores
    #[napi(ts_type = "number")]
    pub threads: Option<Unknown<'a>>,
}

/// How far an export is, as `onProgress` gets it.
#[napi(object, object_from_js = false)]
pub struct ExportProgress {
    /// What the export is doing: reading telemetry, or packing and syncing what it wrote.
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

/// What `resolveRange` makes of a range: a half-open UTC window `[startMs, endMs)`, and what to call it.
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

/// A telemetry file, known by its name, `telemetry-YYYY-MM-DD-{session}[.{part}].jsonl`, and its size.
#[napi(object, object_from_js = false)]
pub struct TelemetryFile {
    /// Name in the telemetry directory.
    pub name: String,
    /// UTC day in the name, `YYYY-MM-DD`.
    pub date: String,
    /// Session in the name.
    pub session: String,
    /// Part number in the name, 0 where there is none.
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

/// A row that was left out.
#[napi(object, object_from_js = false)]
pub struct BadLine {
    /// Name of the telemetry file.
    pub file: String,
    /// Line number in it, from 1.
    pub line: f64,
    /// What is wrong with the row, in words.
    pub reason: String,
}

/// A file that could not be read, or not to its end.
#[napi(object, object_from_js = false)]
pub struct SkippedFile {
    /// Name of the telemetry file.
    pub file: String,
    /// What the system said, or where the file ended, in words.
    pub reason: String,
}

/// How many entries did not fit the lists of a summary, which hold 100 each.
#[napi(object, object_from_js = false)]
pub struct OmittedEntries {
    /// Bad lines that are counted but not listed.
    pub bad_line_samples: f64,
    /// Skipped files that are counted but not listed.
    pub skipped_files: f64,
    /// Warnings that are counted but not listed.
    pub warnings: f64,
}

/// What an OTLP export holds, counted by signal.
#[napi(object, object_from_js = false)]
pub struct RecordCounts {
    /// Log records.
    pub logs: f64,
    /// Spans.
    pub traces: f64,
    /// Data points.
    pub metrics: f64,
}

/// A request file of an OTLP export.
#[napi(object, object_from_js = false)]
pub struct ExportPart {
    /// Name in the zip.
    pub file: String,
    /// The signal, and so the path to send it to, such as `/v1/logs`.
    #[napi(ts_type = "'logs' | 'traces' | 'metrics'")]
    pub signal: &'static str,
    /// Log records, spans or data points in it.
    pub records: f64,
    /// Unpacked length in bytes, the final line feed included.
    pub bytes: f64,
}

/// What an export did.
///
/// Every line is counted once. A JSON export has none of the members from `logs` on, a report has all of them but `records`
/// and `parts`.
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
    /// Events written; where there are none, no file is.
    pub event_count: f64,
    /// Telemetry files that the range selects, skipped ones included.
    pub files: f64,
    /// Bytes of telemetry read.
    pub bytes_read: f64,
    /// Length of the file written in bytes, 0 where none is.
    pub bytes_written: f64,
    /// Lines read.
    pub lines_read: f64,
    /// Good rows outside the window.
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
    /// The first 100 files that could not be read, or not to their end: first those that could not be listed, by name, then
    /// those that failed while they were read, by date, session and part.
    #[napi(ts_type = "Array<SkippedFile>")]
    pub skipped_files: List<SkippedFile>,
    /// The first 100 things that a reader of the export should know, in words: that a session goes on in the next day's
    /// file, that rows have a `schema_version` above 1, or, in an OTLP export, that a record alone is above
    /// `maxRequestBytes` (`file:line: …`).
    #[napi(ts_type = "Array<string>")]
    pub warnings: List<String>,
    /// How many entries did not fit these three lists.
    pub omitted: OmittedEntries,
    /// OTLP and report: events that are log records.
    pub logs: Option<f64>,
    /// OTLP and report: events that are spans.
    pub traces: Option<f64>,
    /// OTLP and report: events that are data points.
    pub metrics: Option<f64>,
    /// OTLP: log records, spans and data points written.
    pub records: Option<RecordCounts>,
    /// OTLP: the request files, in the order to send them.
    #[napi(ts_type = "Array<ExportPart>")]
    pub parts: Option<List<ExportPart>>,
    /// OTLP and report: measurements of metric events that give no point: null, not finite, or a negative count.
    pub dropped_points: Option<f64>,
}

impl From<Summary> for ExportSummary {
    fn from(summary: Summary) -> Self {
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
            bad_line_samples: summary.bad_line_samples.into_iter().collect(),
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
        }
    }
}

/// By hand, since the generated conversion assigns the optional members.
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
