//! The types that callers pass in. Their doc comments are copied to `index.d.ts`.

use napi::bindgen_prelude::{Either3, Unknown};
use napi_derive::napi;

use crate::export;
use crate::range::RangeInput;

/// The format of an export.
///
/// - `json`: an array of all events, merged by time, each with its context.
/// - `otlp`: a zip of OTLP/JSON requests for `/v1/logs`, `/v1/traces` and `/v1/metrics`, with a manifest.
/// - `html`: a report for a browser. It shows what the telemetry contains and what sharing it would reveal.
#[napi(string_enum = "lowercase")]
#[derive(Clone, Copy)]
pub enum ExportFormat {
    /// An array of all events, merged by time.
    Json,
    /// A zip of requests for `/v1/logs`, `/v1/traces` and `/v1/metrics`.
    Otlp,
    /// A report for a browser.
    Html,
}

/// A range that ends now, or all time.
///
/// - `last24Hours`: the last 24 hours.
/// - `last7Days`: the last 7 × 24 hours.
/// - `last30Days`: the last 30 × 24 hours.
/// - `allTime`: open at both ends.
#[napi(string_enum = "camelCase")]
#[derive(Clone, Copy)]
pub enum RangePreset {
    /// The last 24 hours.
    Last24Hours,
    /// The last 7 × 24 hours.
    Last7Days,
    /// The last 30 × 24 hours.
    Last30Days,
    /// Open at both ends.
    AllTime,
}

/// A half-open window `[startMs, endMs)`. Bounds are whole milliseconds since 1970 UTC, and `startMs` is less than `endMs`.
/// An absent or `null` bound is open; an object without bounds means `allTime`. Bounds must fit a `Date`: at most 8.64e15
/// milliseconds before or after 1970.
///
/// A window of whole days has the names of those days. The label of any other window is `From X`, `Until X` or `X to Y`,
/// with times such as `2026-06-12T09:00:00.000Z`. Its file-name part looks like `From-2026-06-12T09-00-00.000Z`.
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
    /// The label for people.
    ///
    /// @defaultValue from its bounds
    #[napi(ts_type = "string | null")]
    pub label: Option<String>,
    /// The part of a file name. Characters other than letters and digits of any script, `.`, `_` and `-` become `-`.
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
/// A range is a half-open window `[startMs, endMs)`. The examples below are from 2026-06-12.
///
/// | range | window | `label` | `filenamePart` |
/// | --- | --- | --- | --- |
/// | `"last24Hours"` | the last 24 hours | `Last 24 hours` | `last-24-hours-2026-06-12` |
/// | `"last7Days"`, `"last30Days"` | the last 7 or 30 × 24 hours | `Last 7 days` | `last-7-days-2026-06-12` |
/// | `"allTime"` | open at both ends | `All time` | `all-time-2026-06-12` |
/// | `"2026-05-12"` | that day | `2026-05-12` | `2026-05-12` |
/// | `"2026-05-12..2026-05-13"` | both whole days | `2026-05-12 to 2026-05-13` | `2026-05-12-to-2026-05-13` |
/// | `{ startMs?, endMs?, label?, filenamePart? }` | as given | as given, or from the bounds | as given, or from the bounds |
///
/// Files are selected by the date in their name, and other files are never opened. Their events are then selected by their
/// own timestamps.
#[napi]
#[expect(dead_code, reason = "read value by value; declared for its type in TypeScript")]
pub type ExportRange = Either3<RangePreset, String, RangeBounds>;

/// What a redacted export replaces.
///
/// - `none`: nothing.
/// - `marked`: what may identify a person or a company, by rules and by a list of fields.
/// - `unknown`: also values of fields that the exporter does not know.
#[napi(string_enum = "lowercase")]
#[derive(Clone, Copy)]
pub enum RedactionLevel {
    /// Nothing.
    None,
    /// What may identify a person or a company.
    Marked,
    /// Also values of fields that the exporter does not know.
    Unknown,
}

impl RedactionLevel {
    /// The core's level.
    pub(super) fn into_core(self) -> Option<export::RedactionLevel> {
        match self {
            Self::None => None,
            Self::Marked => Some(export::RedactionLevel::Marked),
            Self::Unknown => Some(export::RedactionLevel::Unknown),
        }
    }
}

/// The options of an export. Each has a default; `undefined` and `null` mean the default, too. Options of other formats are
/// checked but have no effect.
#[napi(object, object_from_js = false, object_to_js = false)]
pub struct ExportOptions<'a> {
    /// An abort cancels the export, which then rejects with an `AbortError` and leaves nothing behind. The signal may be
    /// aborted already, and may be shared with other calls.
    ///
    /// @defaultValue none
    #[napi(ts_type = "AbortSignal")]
    pub signal: Option<Unknown<'a>>,
    /// Called at most ten times a second, and once more with `bytesDone` equal to `bytesTotal` before the file is put in
    /// place. While the event loop is busy, calls are dropped, but never the last one. If it throws, the export rejects with
    /// what it threw. If it returns a promise, the export does not wait for it, but fails with its rejection.
    ///
    /// @defaultValue none
    #[napi(ts_type = "(progress: ExportProgress) => void")]
    pub on_progress: Option<Unknown<'a>>,
    /// How OTLP sums are written: as the count of each window (`delta`), which Datadog needs, or as running totals
    /// (`cumulative`), which Prometheus and its relatives need. Each running total begins with a data point of value 0, so
    /// that `increase()` includes its first count.
    ///
    /// @defaultValue `"delta"`
    #[napi(ts_type = "'delta' | 'cumulative'")]
    pub temporality: Option<Unknown<'a>>,
    /// The names of spans in OTLP: the event's name after its last dot (`leaf`), or the whole name (`full`).
    ///
    /// @defaultValue `"leaf"`
    #[napi(ts_type = "'leaf' | 'full'")]
    pub span_name: Option<Unknown<'a>>,
    /// Maximum length of an OTLP request in bytes, 65,536 to 67,108,864. A longer request is split. If a single record is
    /// longer, its request exceeds the maximum, and a warning names the event's file and line.
    ///
    /// @defaultValue 3,500,000
    #[napi(ts_type = "number")]
    pub max_request_bytes: Option<Unknown<'a>>,
    /// Compression level of an OTLP zip, from 0 (none) to 9 (smallest). `docs/performance.md` shows the time and size of
    /// each level.
    ///
    /// @defaultValue 4
    #[napi(ts_type = "number")]
    pub compression_level: Option<Unknown<'a>>,
    /// Days of files to read after the range, 0 to 7. An event that is written after midnight is in the next day's file. Only
    /// events of the range are exported. At 0, a warning tells you if a selected session continues in the next day's file.
    ///
    /// @defaultValue 0
    #[napi(ts_type = "number")]
    pub grace_days: Option<Unknown<'a>>,
    /// Whether to replace an existing file. If `false`, an existing file, even one that appears during the export, is an
    /// `ERR_OUTPUT` with the `osCode` `EEXIST`.
    ///
    /// @defaultValue `true`
    #[napi(ts_type = "boolean")]
    pub overwrite: Option<Unknown<'a>>,
    /// Threads to work with, 1 or more. At most 8 are started. With 1, the export keeps at most one core busy.
    ///
    /// @defaultValue all cores
    #[napi(ts_type = "number")]
    pub threads: Option<Unknown<'a>>,
    /// What to replace by pseudonyms in every format alike: nothing (`none`), what may identify a person or a company
    /// (`marked`), or also values of fields that the exporter does not know (`unknown`). Redacted data is not anonymous: look
    /// at a report before you share it.
    ///
    /// @defaultValue `"none"`
    #[napi(ts_type = "RedactionLevel")]
    pub redact: Option<Unknown<'a>>,
    /// Fields whose whole value is replaced: `context.KEY`, `row.deployment_url`, `properties.KEY`, `error.KEY` or `other.KEY`,
    /// where the key is everything after the first dot. Needs `redact`.
    ///
    /// @defaultValue none
    #[napi(ts_type = "readonly string[]")]
    pub redact_fields: Option<Unknown<'a>>,
    /// Fields in which nothing is replaced, whatever it is. Needs `redact`.
    ///
    /// @defaultValue none
    #[napi(ts_type = "readonly string[]")]
    pub keep_fields: Option<Unknown<'a>>,
    /// The key of the pseudonyms, 32 to 4,096 bytes; a string counts as UTF-8. Exports with the same key have the same
    /// pseudonyms. Whoever has the key can test guesses, so keep it as you keep the telemetry. Needs `redact`.
    ///
    /// @defaultValue a random key for each export
    #[napi(ts_type = "string | Uint8Array")]
    pub redact_key: Option<Unknown<'a>>,
}
