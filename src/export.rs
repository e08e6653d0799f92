//! One export from beginning to end: list, read, encode, write, sum up.

use std::path::PathBuf;

use crate::blocks::Decoder;
use crate::error::Result;
use crate::json_array::JsonArray;
use crate::ledger::Ledger;
use crate::log_files::Listing;
use crate::merge;
use crate::open_files::OpenFiles;
use crate::otlp::{self, Otlp};
use crate::output::{Draft, Target};
use crate::progress::Progress;
use crate::range::Range;
use crate::summary::Summary;
use crate::workers::with_workers;
use crate::writer::Writer;

pub use crate::otlp::{OtlpOptions, SpanName, Temporality};

/// What to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Format {
    /// One JSON array of all events, merged by time.
    JsonArray,
    /// A zip of OTLP/JSON requests.
    Otlp(OtlpOptions),
}

impl Format {
    /// The extension of a suggested file name.
    pub fn extension(&self) -> &'static str {
        match self {
            Self::JsonArray => "json",
            Self::Otlp(_) => "otlp.zip",
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
    progress.check()?;
    let draft = match &request.destination {
        Destination::File { path, overwrite } => {
            Some(Target::check(path, &request.directory, *overwrite)?.begin()?)
        }
        Destination::StandardOutput => None,
    };
    let listing = Listing::read(&request.directory, &request.range, request.grace_days, progress)?;
    let mut summary = summary_of_listing(&listing);
    progress.expect_bytes(listing.bytes());
    if !listing.files.is_empty() {
        write(request, &listing, draft.as_ref(), progress, &mut summary)?;
    }
    progress.finish_reading();
    before_publishing()?;
    progress.check()?;
    match draft {
        Some(draft) if summary.event_count > 0 => draft.publish(progress)?,
        _ => {}
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
    progress: &Progress,
    summary: &mut Summary,
) -> Result<()> {
    let output = match draft {
        Some(draft) => draft.writer(progress)?,
        None => Writer::standard_output(progress)?,
    };
    let files = OpenFiles::new(&request.directory, &listing.files);
    let ledger = Ledger::new(&listing.files);
    match &request.format {
        Format::JsonArray => {
            let decoder = Decoder::new(files, &request.range, &JsonArray);
            with_workers(request.threads, progress, |workers| {
                merge::write(workers, &decoder, &listing.sessions, ledger, output, summary)
            })
        }
        Format::Otlp(options) => {
            let encoder = Otlp::new(options);
            let decoder = Decoder::new(files, &request.range, &encoder);
            with_workers(request.threads, progress, |workers| {
                otlp::write(workers, &decoder, ledger, output, request.exported_at_ms, summary)
            })
        }
    }
}
