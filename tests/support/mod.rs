//! Shared by the tests: makes telemetry directories from rows, exports them, and parses the exports.

#![allow(dead_code, unused_imports, reason = "every test file takes what it needs")]

mod exported;
mod rows;

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use coder_telemetry_export::error::Error;
use coder_telemetry_export::export::{
    Destination, ExportJob, Format, OtlpOptions, Redaction, RedactionInput, SpanName, Temporality, export,
};
use coder_telemetry_export::progress::Progress;
use coder_telemetry_export::range::RangeInput;
use coder_telemetry_export::summary::Summary;
use tempfile::TempDir;

pub use exported::{HtmlExport, JsonExport, OtlpExport, Records, attributes, points, text_attributes};
pub use rows::{Row, context, event, header, http_requests, own_context, span};

/// The day of rows, unless they set another time.
pub const DAY: &str = "2026-06-01";
/// 2026-06-01T12:00:00Z in nanoseconds, the time of such rows.
pub const NOON: u64 = 1_780_315_200_000_000_000;
pub const SECOND: u64 = 1_000_000_000;
/// The time of every export, so that manifests are equal.
const EXPORTED_AT_MS: i64 = 1_781_254_800_000;

/// A telemetry directory, which is removed when this is dropped.
pub struct Telemetry {
    directory: TempDir,
    threads: usize,
    redaction: Option<Redaction>,
}

impl Telemetry {
    pub fn new() -> Self {
        Self { directory: TempDir::new().expect("a temporary directory"), threads: 2, redaction: None }
    }

    /// A directory with a file of one session, which begins with the usual header.
    pub fn of(rows: &[Row]) -> Self {
        Self::new().session("a", rows)
    }

    /// A directory with one file of these bytes.
    pub fn of_bytes(content: impl AsRef<[u8]>) -> Self {
        Self::new().file(&file_name("a"), content)
    }

    /// Adds a file of a session, which begins with the usual header.
    pub fn session(self, session: &str, rows: &[Row]) -> Self {
        let rows: Vec<_> = [header()].into_iter().chain(rows.iter().cloned()).collect();
        self.file(&file_name(session), lines(&rows))
    }

    /// Adds a file.
    pub fn file(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        fs::write(self.path().join(name), content).expect("a telemetry file");
        self
    }

    /// Sets the number of threads of exports.
    pub fn with_threads(self, threads: usize) -> Self {
        Self { threads, ..self }
    }

    /// Redacts exports.
    pub fn redacted(self, options: RedactionInput) -> Self {
        Self { redaction: options.resolve().expect("options"), ..self }
    }

    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    pub fn json(&self) -> JsonExport {
        self.json_of("allTime")
    }

    /// A JSON array of a range.
    pub fn json_of(&self, range: &str) -> JsonExport {
        let (summary, bytes) = self.export(range, Format::JsonArray).expect("an export");
        JsonExport { summary, text: String::from_utf8(bytes).expect("UTF-8") }
    }

    pub fn otlp(&self) -> OtlpExport {
        self.otlp_with(OtlpOptions::default())
    }

    pub fn cumulative(&self) -> OtlpExport {
        self.otlp_with(OtlpOptions { temporality: Temporality::Cumulative, ..OtlpOptions::default() })
    }

    pub fn with_full_span_names(&self) -> OtlpExport {
        self.otlp_with(OtlpOptions { span_name: SpanName::Full, ..OtlpOptions::default() })
    }

    pub fn with_request_limit(&self, max_request_bytes: u32) -> OtlpExport {
        self.otlp_with(OtlpOptions { max_request_bytes, ..OtlpOptions::default() })
    }

    pub fn otlp_with(&self, options: OtlpOptions) -> OtlpExport {
        let (summary, bytes) = self.export("allTime", Format::Otlp(options)).expect("an export");
        OtlpExport::read(summary, &bytes)
    }

    /// A page of all telemetry.
    pub fn html(&self) -> HtmlExport {
        let (summary, bytes) = self.export("allTime", Format::Html).expect("an export");
        HtmlExport { summary, page: String::from_utf8(bytes).expect("UTF-8") }
    }

    /// Exports. Returns what was written, which is nothing if no event matched.
    pub fn export(&self, range: &str, format: Format) -> Result<(Summary, Vec<u8>), Error> {
        self.export_while(range, format, || ())
    }

    /// Exports, and runs `meddle` after the files are listed, while they are being read.
    pub fn export_while(
        &self,
        range: &str,
        format: Format,
        meddle: impl FnOnce() + Send,
    ) -> Result<(Summary, Vec<u8>), Error> {
        let target = TempDir::new().expect("a temporary directory");
        let path = target.path().join("export");
        let job = ExportJob {
            directory: self.path().to_path_buf(),
            range: RangeInput::Text(range.to_owned()).resolve(EXPORTED_AT_MS)?,
            format,
            redaction: self.redaction.clone(),
            destination: Destination::File { path: path.clone(), overwrite: false },
            grace_days: 0,
            threads: Some(self.threads),
            exported_at_ms: EXPORTED_AT_MS,
        };
        let (progress, ended) = (Progress::default(), AtomicBool::new(false));
        let summary = thread::scope(|scope| {
            scope.spawn(|| {
                while progress.report().bytes_total == 0 && !ended.load(Ordering::Relaxed) {
                    thread::yield_now();
                }
                meddle();
            });
            let summary = export(&job, &progress, || Ok(()));
            ended.store(true, Ordering::Relaxed);
            summary
        })?;
        assert_accounting(&summary);
        Ok((summary, fs::read(&path).unwrap_or_default()))
    }
}

/// Checks that every line is counted once, and every event of an OTLP export or a report in one signal.
pub fn assert_accounting(summary: &Summary) {
    let counted = summary.event_count
        + summary.out_of_range
        + summary.headers
        + summary.blank_lines
        + summary.bad_lines;
    assert_eq!(summary.lines_read, counted, "{summary:?}");
    if let Some(signals) = &summary.signals {
        assert_eq!(summary.event_count, signals.events.total(), "{summary:?}");
    }
}

/// The name of a session's file on the usual day.
pub fn file_name(session: &str) -> String {
    format!("telemetry-{DAY}-{session}.jsonl")
}

/// Rows as the content of a file.
pub fn lines(rows: &[Row]) -> String {
    rows.iter().map(|row| row.to_string() + "\n").collect()
}

/// The directory of fixtures called `name`.
pub fn fixture(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}
