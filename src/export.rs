//! One export from beginning to end: list, read, encode, write, sum up.

use std::path::PathBuf;

use crate::error::Result;
use crate::formats::json::block::JsonArray;
use crate::formats::json::merge;
use crate::formats::otlp;
use crate::formats::otlp::Otlp;
use crate::formats::report;
use crate::formats::report::Report;
use crate::progress::Progress;
use crate::range::Range;
use crate::read::decoder::Decoder;
use crate::read::ledger::Ledger;
use crate::read::log_files::Listing;
use crate::read::open_files::OpenFiles;
use crate::read::sessions::Sessions;
use crate::sizes::Sizes;
use crate::summary::{OtlpSummary, SignalSummary, Summary};
use crate::workers::with_workers;
use crate::write::draft::{Draft, Target};
use crate::write::writer::Writer;

pub use crate::formats::otlp::{OtlpOptions, Temporality};
pub use crate::formats::report::ReportOptions;
pub use crate::row::signal::SpanName;

/// What to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Format {
    /// One JSON array of all events, merged by time.
    JsonArray,
    /// A zip of OTLP/JSON requests.
    Otlp(OtlpOptions),
    /// A page that shows what the events say and what they would give away.
    Html(ReportOptions),
}

impl Format {
    /// The extension of a suggested file name.
    pub fn extension(&self) -> &'static str {
        match self {
            Self::JsonArray => "json",
            Self::Otlp(_) => "otlp.zip",
            Self::Html(_) => "html",
        }
    }
}

/// Where an export goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// A file that appears whole or not at all.
    File {
        /// Relative paths are taken from the current directory.
        path: PathBuf,
        /// Whether a file that exists may be replaced.
        overwrite: bool,
    },
    /// Standard output, piece by piece.
    StandardOutput,
}

/// One export, fully described.
#[derive(Clone, Debug)]
pub struct Request {
    /// The telemetry directory.
    pub directory: PathBuf,
    /// The window of events.
    pub range: Range,
    /// What to write.
    pub format: Format,
    /// Where to.
    pub destination: Destination,
    /// Days of files read beyond the window, for rows flushed after midnight (0 to 7).
    pub grace_days: u32,
    /// Threads to work with, all cores for `None`.
    pub threads: Option<usize>,
    /// When the export is made, in milliseconds since 1970.
    pub exported_at_ms: i64,
}

/// Runs an export. `before_publishing` is called once all is written and before the target is replaced; an error of its
/// own ends the export as if it had been cancelled.
///
/// # Errors
/// Every [`Error`](crate::error::Error) but the ones about arguments. A target that exists is then as it was, and
/// nothing else is left behind.
pub fn export(
    request: &Request,
    progress: &Progress,
    before_publishing: impl FnOnce() -> Result<()>,
) -> Result<Summary> {
    export_with_sizes(request, Sizes::default(), progress, before_publishing)
}

fn export_with_sizes(
    request: &Request,
    sizes: Sizes,
    progress: &Progress,
    before_publishing: impl FnOnce() -> Result<()>,
) -> Result<Summary> {
    progress.check()?;
    let draft = match &request.destination {
        Destination::File { path, overwrite } => {
            Some(Target::check(path, &request.directory, *overwrite, progress)?.begin(progress)?)
        }
        Destination::StandardOutput => None,
    };
    let listing = Listing::read(&request.directory, &request.range, request.grace_days, progress)?;
    let mut summary = summary_of_listing(&listing);
    progress.expect_bytes(listing.bytes());
    if !listing.files.is_empty() {
        write(request, &listing, draft.as_ref(), sizes, progress, &mut summary)?;
    } else {
        summary.signals = (request.format != Format::JsonArray).then(SignalSummary::default);
        summary.otlp = matches!(request.format, Format::Otlp(_)).then(OtlpSummary::default);
    }
    progress.finish_reading();
    before_publishing()?;
    progress.check()?;
    match draft {
        Some(draft) if summary.event_count > 0 => draft.publish(progress)?,
        Some(draft) => draft.discard(progress),
        None => {}
    }
    Ok(summary)
}

fn summary_of_listing(listing: &Listing) -> Summary {
    let mut summary = Summary { files: listing.selected(), ..Summary::default() };
    for (file, reason) in &listing.unreadable {
        summary.skip_file(file.clone(), reason.clone());
    }
    if listing.going_on > 0 {
        let sessions = if listing.going_on == 1 {
            "1 session goes"
        } else {
            &format!("{} sessions go", listing.going_on)
        };
        summary.warn(format!(
            "{sessions} on in the next day's file. Events of the range that were written after midnight lie there; \
             graceDays: 1 reads it too."
        ));
    }
    summary
}

/// Reads the listed files and writes what they hold, in the format asked for.
fn write(
    request: &Request,
    listing: &Listing,
    draft: Option<&Draft>,
    sizes: Sizes,
    progress: &Progress,
    summary: &mut Summary,
) -> Result<()> {
    let output = match draft {
        Some(draft) => draft.writer(progress)?,
        None => Writer::standard_output(progress)?,
    };
    let output = if request.threads == Some(1) { output.one_at_a_time() } else { output };
    let files = OpenFiles::new(&request.directory, &listing.files, progress);
    let ledger = Ledger::new(&listing.files);
    match &request.format {
        Format::JsonArray => {
            let decoder = Decoder::new(files, &request.range, &JsonArray, sizes);
            with_workers(request.threads, progress, |workers| {
                merge::write(workers, &decoder, &listing.sessions, ledger, output, summary)
            })
        }
        Format::Otlp(options) => {
            let encoder = Otlp::new(options, progress);
            let decoder = Decoder::new(files, &request.range, &encoder, sizes);
            with_workers(request.threads, progress, |workers| {
                let sessions = Sessions::new(workers, &decoder, ledger);
                otlp::write(workers, sessions, output, request.exported_at_ms, summary)
            })
        }
        Format::Html(options) => {
            let encoder = Report::new(options, progress);
            let decoder = Decoder::new(files, &request.range, &encoder, sizes);
            with_workers(request.threads, progress, |workers| {
                let sessions = Sessions::new(workers, &decoder, ledger);
                report::write(sessions, output, request.exported_at_ms, summary)
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::path::Path;

    use proptest::prelude::*;

    /// Blocks of a line or two, hardly any budget, and lines that are long at once. The longest line that is read is part
    /// of the contract and stays.
    const TINY: Sizes = Sizes {
        block: 300,
        small_block: 150,
        encoded_block: 400,
        held_ahead: 1_000,
        long_line: 500,
        longest_line: 16 * 1024 * 1024,
        merge_budget: 2_000,
    };

    fn export_to(directory: &Path, out: &Path, format: Format, sizes: Sizes, threads: usize) -> Summary {
        let request = Request {
            directory: directory.to_path_buf(),
            range: crate::range::RangeRequest::Text("2026-06-01..2026-06-03".to_owned())
                .resolve(0)
                .expect("a range"),
            format,
            destination: Destination::File { path: out.to_path_buf(), overwrite: true },
            grace_days: 0,
            threads: Some(threads),
            exported_at_ms: 0,
        };
        export_with_sizes(&request, sizes, &Progress::default(), || Ok(())).expect("an export")
    }

    #[test]
    fn an_otlp_export_without_a_file_says_that_every_signal_has_nothing() {
        let directory = tempfile::tempdir().expect("a directory");
        let out = directory.path().join("out");
        let format = Format::Otlp(OtlpOptions::default());
        let summary = export_to(directory.path(), &out, format, Sizes::default(), 1);
        assert_eq!(summary.otlp, Some(OtlpSummary::default()));
        assert!(!out.exists());
    }

    /// One line of a telemetry file, good or bad, of very different lengths.
    fn line() -> impl Strategy<Value = String> {
        let event = |second: u32, name: &str, length: usize, url: u32| {
            let padding = "x".repeat(length);
            format!(
                r#"{{"event_id":"1234567890abcdef","event_name":"{name}","timestamp":"2026-06-0{}T00:00:{second:02}Z","event_sequence":1,"properties":{{"p":"{padding}","result":"success"}},"measurements":{{"count.2xx":{second},"window_seconds":60,"durationMs":5}},"trace_id":"1234567890abcdef1234567890abcdef","deployment_url":"https://{url}"}}"#,
                second % 5,
            )
        };
        let lengths = prop_oneof![
            16 => 0usize..200, 2 => 400usize..700, 2 => 1_500usize..2_500,
            // Above the limit of a request, which is warned of.
            1 => 66_000usize..67_000
        ];
        prop_oneof![
            12 => (0u32..60, prop_oneof![Just("http.requests"), Just("a.b")], lengths, 0u32..2)
                .prop_map(move |(second, name, length, url)| event(second, name, length, url)),
            1 => Just(String::new()),
            4 => (0u32..60, "[a-c]{1,3}").prop_map(|(second, id)| own_context(second, &id)),
            1 => Just("{not json".to_owned()),
            1 => Just("{not UTF-8: \u{fffd}".to_owned()),
            1 => Just(r#"{"kind":"header"}"#.to_owned()),
            1 => "[a-c]{1,3}".prop_map(|id| header(&id)),
        ]
    }

    fn own_context(second: u32, session_id: &str) -> String {
        let context = header(session_id).replace(r#""kind":"header","schema_version":1,"#, "");
        let context = context.trim_start_matches(r#"{"context":"#).trim_end_matches("}}");
        format!(
            r#"{{"event_id":"1","event_name":"own","timestamp":"2026-06-0{}T00:01:{second:02}Z","event_sequence":1,"properties":{{}},"measurements":{{}},"context":{context},"deployment_url":"u"}}}}"#,
            second % 5,
        )
    }

    fn header(session_id: &str) -> String {
        format!(
            r#"{{"kind":"header","schema_version":1,"context":{{"extension_version":"1","machine_id":"m","session_id":"{session_id}","os_type":"linux","os_version":"6","host_arch":"x64","platform_name":"n","platform_version":"v"}}}}"#
        )
    }

    fn file() -> impl Strategy<Value = (u32, String, u32, Vec<String>, bool)> {
        (1u32..4, "[a-e]", 0u32..3, proptest::collection::vec(line(), 0..40), any::<bool>())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn what_comes_out_does_not_depend_on_sizes_or_threads(files in proptest::collection::vec(file(), 1..8)) {
            let directory = tempfile::tempdir().expect("a directory");
            for (day, session, part, lines, with_header) in files {
                let path = directory.path().join(format!("telemetry-2026-06-0{day}-{session}.{part}.jsonl"));
                let first = if with_header { header(&session) + "\n" } else { String::new() };
                let text = first + &lines.join("\n");
                // The replacement character stands for a byte that it would replace.
                let bytes = text.split('\u{fffd}').map(str::as_bytes).collect::<Vec<_>>().join(&0xff);
                fs::write(path, bytes).expect("a file");
            }
            let out = tempfile::tempdir().expect("a directory");
            let otlp = OtlpOptions { max_request_bytes: 65_536, ..OtlpOptions::default() };
            for format in [Format::JsonArray, Format::Otlp(otlp), Format::Html(ReportOptions::default())] {
                let (one, other) = (out.path().join("one"), out.path().join("other"));
                let expected = export_to(directory.path(), &one, format.clone(), Sizes::default(), 1);
                for threads in [1, 3] {
                    let summary = export_to(directory.path(), &other, format.clone(), TINY, threads);
                    prop_assert_eq!(&summary, &expected);
                    if expected.event_count > 0 {
                        prop_assert!(fs::read(&one).expect("a file") == fs::read(&other).expect("a file"));
                    }
                }
            }
        }
    }
}
