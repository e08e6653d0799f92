//! One export from beginning to end: list the telemetry files, read and encode their events, write them, sum up.

use std::path::PathBuf;

use crate::error::Result;
use crate::formats::json::block::JsonArray;
use crate::formats::json::merge;
use crate::formats::otlp::{self, Otlp};
use crate::formats::report::{self, Report};
use crate::privacy::redaction::Redactor;
use crate::progress::Progress;
use crate::range::Range;
use crate::read::decoder::Decoder;
use crate::read::encoder::Encoder;
use crate::read::ledger::{Ledger, listed_text};
use crate::read::listing::Listing;
use crate::read::log_files::listed_name;
use crate::read::open_files::OpenFiles;
use crate::read::parallel_decoder::ParallelDecoder;
use crate::read::sessions::Sessions;
use crate::sizes::Sizes;
use crate::summary::Summary;
use crate::workers::{Workers, with_workers};
use crate::write::draft::Draft;
use crate::write::entries::Entries;
use crate::write::target::Target;
use crate::write::writer::Writer;

pub use crate::formats::otlp::{OtlpOptions, Temporality};
pub use crate::privacy::redaction::{Redaction, RedactionInput, RedactionLevel};
pub use crate::row::signal::SpanName;

/// The format of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Format {
    /// A JSON array of all events, merged by time.
    JsonArray,
    /// A zip of OTLP/JSON requests.
    Otlp(OtlpOptions),
    /// A page that shows what the telemetry contains and what sharing it would reveal.
    Html,
}

impl Format {
    /// The extension of a suggested file name.
    pub fn extension(&self) -> &'static str {
        match self {
            Self::JsonArray => "json",
            Self::Otlp(_) => "otlp.zip",
            Self::Html => "html",
        }
    }
}

/// Where an export goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// A file that appears whole or not at all.
    File {
        /// A relative path is resolved against the current directory.
        path: PathBuf,
        /// Whether an existing file may be replaced.
        overwrite: bool,
    },
    /// Standard output. It gets bytes as soon as they are ready.
    StandardOutput,
}

/// Everything that defines one export.
#[derive(Clone, Debug)]
pub struct ExportJob {
    /// The telemetry directory.
    pub directory: PathBuf,
    /// The range of the events.
    pub range: Range,
    /// The format to write.
    pub format: Format,
    /// What to replace. `None` writes everything as it was recorded.
    pub redaction: Option<Redaction>,
    /// Where to write it.
    pub destination: Destination,
    /// Days of files to read after the range, 0 to 7. They may hold events of the range
    /// that were written after midnight.
    pub grace_days: u32,
    /// Threads to work with. `None` means one for each core.
    pub threads: Option<usize>,
    /// The time of the export, in milliseconds since 1970.
    pub exported_at_ms: i64,
}

/// Runs an export. `before_publishing` is called when everything is written but the target is not yet replaced. If it
/// returns an error, the export fails with that error and leaves nothing behind.
///
/// # Errors
/// Any [`Error`](crate::error::Error) except those about arguments. An existing target is then unchanged, and nothing
/// else is left behind.
pub fn export(
    job: &ExportJob,
    progress: &Progress,
    before_publishing: impl FnOnce() -> Result<()>,
) -> Result<Summary> {
    export_with_sizes(job, Sizes::default(), progress, before_publishing)
}

fn export_with_sizes(
    job: &ExportJob,
    sizes: Sizes,
    progress: &Progress,
    before_publishing: impl FnOnce() -> Result<()>,
) -> Result<Summary> {
    progress.check()?;
    let draft = match &job.destination {
        Destination::File { path, overwrite } => {
            Some(Target::check(path, &job.directory, *overwrite, progress)?.begin(progress)?)
        }
        Destination::StandardOutput => None,
    };
    let listing = Listing::read(&job.directory, &job.range, job.grace_days, progress)?;
    let redactor = job.redaction.as_ref().map(Redactor::new).transpose()?;
    let mut summary = summary_of_listing(&listing, redactor.as_ref());
    progress.expect_bytes(listing.bytes());
    let reading = Reading { job, listing: &listing, redactor: redactor.as_ref(), sizes, progress };
    write_events(reading, draft.as_ref(), &mut summary)?;
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

fn summary_of_listing(listing: &Listing, redactor: Option<&Redactor>) -> Summary {
    let mut summary = Summary { files: listing.selected(), ..Summary::default() };
    for (file, reason) in &listing.unreadable {
        summary.skip_file(listed_name(file, redactor), listed_text(reason.clone(), redactor));
    }
    if listing.continuing > 0 {
        let sessions = if listing.continuing == 1 {
            "1 session goes"
        } else {
            &format!("{} sessions go", listing.continuing)
        };
        summary.warn(format!(
            "{sessions} in the next day's file. It may hold events of the range that were written after midnight; \
             graceDays: 1 reads it, too."
        ));
    }
    summary
}

/// Reads the listed files, writes their events in the format of the job, and completes the summary. Without events it
/// writes nothing.
fn write_events(reading: Reading<'_>, draft: Option<&Draft>, summary: &mut Summary) -> Result<()> {
    let Reading { job, listing, redactor, progress, .. } = reading;
    let output = match draft {
        Some(draft) => draft.writer(progress)?,
        None => Writer::standard_output(progress)?,
    };
    let output = if job.threads == Some(1) { output.one_at_a_time() } else { output };
    let ledger = Ledger::new(&listing.files, redactor);
    match &job.format {
        Format::JsonArray => reading.encode(&JsonArray, |_, decoding| {
            merge::write_array(decoding, &listing.sessions, ledger, output, summary)
        }),
        Format::Otlp(options) => reading.encode(&Otlp::new(options, progress), |workers, decoding| {
            let entries = Entries::new(workers, output, job.exported_at_ms, options.compression_level);
            otlp::write(Sessions::new(decoding, ledger), entries, job.exported_at_ms, summary)
        }),
        Format::Html => reading.encode(&Report::new(progress, redactor), |_, decoding| {
            report::write(Sessions::new(decoding, ledger), output, job.exported_at_ms, summary)
        }),
    }
}

/// What every format reads.
#[derive(Clone, Copy)]
struct Reading<'a> {
    job: &'a ExportJob,
    listing: &'a Listing,
    redactor: Option<&'a Redactor>,
    sizes: Sizes,
    progress: &'a Progress,
}

impl Reading<'_> {
    /// Calls `write` with workers, and with a decoder that runs on them and encodes what it reads with `encoder`.
    fn encode<E: Encoder>(
        &self,
        encoder: &E,
        write: impl for<'w, 'scope> FnOnce(&'w Workers<'scope, 'w>, ParallelDecoder<'w, 'scope, E>) -> Result<()>
        + Send,
    ) -> Result<()> {
        let Self { job, listing, redactor, sizes, progress } = *self;
        let files = OpenFiles::new(&job.directory, &listing.files, progress);
        let decoder = Decoder::new(files, &job.range, encoder, sizes, redactor);
        with_workers(job.threads, progress, |workers| write(workers, ParallelDecoder::new(workers, &decoder)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::path::Path;

    use proptest::prelude::*;

    use crate::range::RangeInput;
    use crate::summary::{OtlpSummary, SignalSummary};

    /// Blocks of a line or two, hardly any budget, and a low limit for long lines. The longest line that is read is
    /// part of the specification, so it stays.
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
        let job = ExportJob {
            directory: directory.to_path_buf(),
            range: RangeInput::Text("2026-06-01..2026-06-03".to_owned()).resolve(0).expect("a range"),
            format,
            redaction: None,
            destination: Destination::File { path: out.to_path_buf(), overwrite: true },
            grace_days: 0,
            threads: Some(threads),
            exported_at_ms: 0,
        };
        export_with_sizes(&job, sizes, &Progress::default(), || Ok(())).expect("an export")
    }

    #[test]
    fn an_export_of_an_empty_directory_writes_no_file_and_has_the_summary_of_its_format() {
        let directory = tempfile::tempdir().expect("a directory");
        let out = directory.path().join("out");
        for (format, signals, otlp) in [
            (Format::JsonArray, None, None),
            (
                Format::Otlp(OtlpOptions::default()),
                Some(SignalSummary::default()),
                Some(OtlpSummary::default()),
            ),
            (Format::Html, Some(SignalSummary::default()), None),
        ] {
            let summary = export_to(directory.path(), &out, format, Sizes::default(), 1);
            assert_eq!(summary, Summary { signals, otlp, ..Summary::default() });
            assert!(!out.exists());
        }
    }

    /// A line of a telemetry file: good or bad, short or long.
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
            // Above the limit of a request, which causes a warning.
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
        fn output_and_summary_do_not_depend_on_sizes_or_threads(files in proptest::collection::vec(file(), 1..8)) {
            let directory = tempfile::tempdir().expect("a directory");
            for (day, session, part, lines, with_header) in files {
                let path = directory.path().join(format!("telemetry-2026-06-0{day}-{session}.{part}.jsonl"));
                let first = if with_header { header(&session) + "\n" } else { String::new() };
                let text = first + &lines.join("\n");
                // Each replacement character becomes a byte that is not UTF-8.
                let bytes = text.split('\u{fffd}').map(str::as_bytes).collect::<Vec<_>>().join(&0xff);
                fs::write(path, bytes).expect("a file");
            }
            let out = tempfile::tempdir().expect("a directory");
            let otlp = OtlpOptions { max_request_bytes: 65_536, ..OtlpOptions::default() };
            for format in [Format::JsonArray, Format::Otlp(otlp), Format::Html] {
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
