//! The addon's face: arguments in, the core called, results, errors, progress and abort out. Only this folder knows napi.

mod arguments;
mod failure;
mod running;
mod types;

use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use napi::bindgen_prelude::{Either, Env, Error as JsError, Object, Undefined, Unknown};
use napi_derive::napi;

use self::arguments::{
    ExportArguments, date_or_milliseconds, export_format, range_request, string, whole_number,
};
use self::failure::{Code, Failure, thrown};
use self::running::{AbortSignal, ProgressCallback, Running};
use self::types::{ExportFormat, ExportSummary, ResolvedRange, TelemetryFile};
use crate::export::{Destination, Request, export};
use crate::log_files::Listing;
use crate::range::{self, RangeRequest};

/// Exports the telemetry of a directory as one file.
///
/// Reads the daily files that `range` selects and writes their events to `outPath`, as a JSON array or as a zip of
/// OTLP/JSON requests. The file appears whole or not at all; where no event matched, none is written.
///
/// Never throws: every failure rejects with an error that has a stable `code`: `ERR_INVALID_ARG`, `ERR_INVALID_RANGE`,
/// `ERR_TELEMETRY_DIR`, `ERR_OUTPUT` (with `path` and, where the system said one, `osCode`), `ABORT_ERR`, `ERR_INTERNAL`.
///
/// @param dir The telemetry directory.
/// @param range A preset, a day, two days, or bounds in milliseconds.
/// @param format `json` to read, `otlp` for an OpenTelemetry backend.
/// @param outPath The file to write.
#[napi(
    ts_args_type = "dir: string, range: ExportRange, format: ExportFormat, outPath: string, options?: ExportOptions",
    ts_return_type = "Promise<ExportSummary>"
)]
pub fn export_telemetry<'env>(
    env: &'env Env,
    dir: Unknown<'_>,
    range: Unknown<'_>,
    format: Unknown<'_>,
    out_path: Unknown<'_>,
    options: Unknown<'_>,
) -> napi::Result<Object<'env>> {
    let arguments = || {
        let directory = absolute(string(&dir, "dir")?, "dir")?;
        let range = range_request(&range)?;
        let format = export_format(&format)?;
        let path = absolute(string(&out_path, "outPath")?, "outPath")?;
        let options = ExportArguments::read(&options)?;
        let destination = Destination::File { path, overwrite: options.overwrite };
        prepare(directory, &range, format, destination, options)
    };
    start_export(env, arguments())
}

/// Writes the JSON array to standard output, piece by piece. For the command line only.
#[napi(skip_typescript)]
pub fn export_telemetry_to_stdout<'env>(
    env: &'env Env,
    dir: Unknown<'_>,
    range: Unknown<'_>,
    options: Unknown<'_>,
) -> napi::Result<Object<'env>> {
    let arguments = || {
        let directory = absolute(string(&dir, "dir")?, "dir")?;
        let range = range_request(&range)?;
        let options = ExportArguments::read(&options)?;
        prepare(directory, &range, ExportFormat::Json, Destination::StandardOutput, options)
    };
    start_export(env, arguments())
}

/// Lists the telemetry files that a range selects, by name, in order of date, session and part: nothing is opened. Names
/// that are no regular file are left out; an export reports them as skipped.
///
/// Never throws: it rejects with the same codes as `exportTelemetry`.
///
/// @param dir The telemetry directory.
/// @param range A preset, a day, two days, or bounds in milliseconds.
/// @param graceDays Days of files listed beyond the range, 0 to 7. Default 0.
#[napi(
    ts_args_type = "dir: string, range: ExportRange, graceDays?: number",
    ts_return_type = "Promise<Array<TelemetryFile>>"
)]
pub fn list_telemetry_files<'env>(
    env: &'env Env,
    dir: Unknown<'_>,
    range: Unknown<'_>,
    grace_days: Unknown<'_>,
) -> napi::Result<Object<'env>> {
    let arguments = || {
        let directory = absolute(string(&dir, "dir")?, "dir")?;
        let range = range_request(&range)?;
        let grace_days = whole_number(&grace_days, "graceDays", 0..=arguments::GRACE_DAYS_AT_MOST)?;
        Ok((directory, range.resolve(now_ms())?, grace_days.unwrap_or(0)))
    };
    let (directory, range, grace_days) = match arguments() {
        Ok(arguments) => arguments,
        Err(failure) => return running::reject(env, failure),
    };
    Running::start(env, None, None, move |running| {
        let listing = Listing::read(&directory, &range, grace_days, running.progress())?;
        let mut files: Vec<_> = listing.files.iter().collect();
        files.sort_by(|one, other| one.compare_for_summary(other));
        Ok(files.into_iter().map(TelemetryFile::from).collect::<Vec<_>>())
    })
}

/// Resolves a range to its window, its label and its part of a file name.
///
/// Throws `ERR_INVALID_RANGE` for a text or bounds that mean no range, `ERR_INVALID_ARG` for a wrong type.
///
/// @param range A preset, a day, two days, or bounds in milliseconds.
/// @param now The moment that rolling presets end at. Default: the current time.
#[napi(ts_args_type = "range: ExportRange, now?: Date | number")]
pub fn resolve_range(range: Unknown<'_>, now: Unknown<'_>) -> Result<ResolvedRange, JsError<Code>> {
    let resolve =
        || Ok(range_request(&range)?.resolve(date_or_milliseconds(&now, "now")?.unwrap_or_else(now_ms))?);
    resolve().map(ResolvedRange::from).map_err(thrown)
}

/// Checks a date that a person typed. Never throws.
///
/// @returns What is wrong with it, or nothing when it is a date: `Use YYYY-MM-DD.` or `Enter a valid calendar date.`
#[napi(ts_args_type = "text: string", ts_return_type = "string | undefined")]
pub fn validate_date(text: Unknown<'_>) -> Either<&'static str, Undefined> {
    // Whatever is no string is no date either.
    let text = string(&text, "text").unwrap_or_default();
    range::validate_date(&text).map_or(Either::B(()), Either::A)
}

/// The file name to suggest for an export: `coder-telemetry-{filenamePart}.json` or `.otlp.zip`.
///
/// Throws `ERR_INVALID_RANGE` or `ERR_INVALID_ARG`.
///
/// @param range A preset, a day, two days, or bounds in milliseconds.
/// @param format The format of the export.
#[napi(ts_args_type = "range: ExportRange, format: ExportFormat")]
pub fn suggested_file_name(range: Unknown<'_>, format: Unknown<'_>) -> Result<String, JsError<Code>> {
    let suggest = || {
        let range = range_request(&range)?.resolve(now_ms())?;
        let extension = export_format(&format)?.into_core(&ExportArguments::default()).extension();
        Ok(range::suggested_file_name(&range, extension))
    };
    suggest().map_err(thrown)
}

/// The current directory may change before the export looks at the path.
fn absolute(path: String, name: &str) -> Result<PathBuf, Failure> {
    if path.is_empty() || path.contains('\0') {
        return Err(Failure::argument(format!("{name} must be a path; it is empty or has a NUL character")));
    }
    // `absolute` would drop a separator at the end, which says that a folder is meant.
    let ends_with_separator = path.ends_with(std::path::is_separator);
    let mut absolute = std::path::absolute(&path).unwrap_or_else(|_| PathBuf::from(path));
    if ends_with_separator {
        absolute.push("");
    }
    Ok(absolute)
}

/// A checked call: what to export, and the caller's ways to follow and to stop it.
type Prepared<'a> = (Request, Option<AbortSignal<'a>>, Option<ProgressCallback<'a>>);

fn prepare<'a>(
    directory: PathBuf,
    range: &RangeRequest,
    format: ExportFormat,
    destination: Destination,
    options: ExportArguments<'a>,
) -> Result<Prepared<'a>, Failure> {
    let now = now_ms();
    let request = Request {
        directory,
        range: range.resolve(now)?,
        format: format.into_core(&options),
        destination,
        grace_days: options.grace_days,
        threads: options.threads,
        exported_at_ms: now,
    };
    Ok((request, options.signal, options.on_progress))
}

fn start_export<'env>(env: &'env Env, prepared: Result<Prepared<'_>, Failure>) -> napi::Result<Object<'env>> {
    match prepared {
        Ok((request, signal, on_progress)) => Running::start(env, signal, on_progress, move |running| {
            let summary = export(&request, running.progress(), || running.report_last_progress())?;
            Ok(ExportSummary::from(summary))
        })
        .or_else(|failed| running::reject(env, Failure::Thrown(failed))),
        Err(failure) => running::reject(env, failure),
    }
}

/// Milliseconds since 1970.
fn now_ms() -> i64 {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX)
}
