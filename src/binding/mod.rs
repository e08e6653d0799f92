//! The addon: the only code that knows Node. It checks arguments, calls the core, and converts results, errors,
//! progress and aborts. It has no rules about telemetry.

mod arguments;
mod environment;
mod failure;
mod inputs;
mod members;
mod outputs;
mod progress;
mod running;
mod signal;

use std::io;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use napi::bindgen_prelude::{Either, Env, Object, Undefined, Unknown};
use napi_derive::napi;

use self::arguments::{
    ExportArguments, date_or_milliseconds, export_format, given, range_input, redaction_level, string,
    whole_number,
};
use self::failure::{Failure, guarded};
use self::inputs::{ExportFormat, RedactionLevel};
use self::members::List;
use self::outputs::{ExportSummary, ResolvedRange, TelemetryFile};
use self::progress::ProgressCallback;
use self::running::Running;
use self::signal::AbortSignal;
use crate::export::{Destination, ExportJob, export};
use crate::platform::{absolute, absolute_file};
use crate::range::{self, RangeInput};
use crate::read::listing::Listing;

/// Exports the telemetry of a directory as one file.
///
/// Reads the daily files that `range` selects and writes their events to `outPath`: as a JSON array, as a zip of OTLP/JSON
/// requests, or as an HTML report. The file appears whole or not at all: after a failure, an abort or a full disk, an
/// existing file is unchanged. If no event matches, no file is written and an existing one is unchanged.
///
/// A line or a file that cannot be read does not end the export. The summary counts and lists them.
///
/// The work runs on its own threads, not on libuv's. Several exports may run at once, also in worker threads. If a worker
/// thread or an editor window closes, it cancels its exports and waits for them.
///
/// Arguments are checked before the signal, and the target is checked before any telemetry is read. An abort during the
/// final rename comes too late, and the export resolves.
///
/// @param dir The telemetry directory. A relative path is resolved when the function is called.
/// @param range A preset, a day, two days, or bounds in milliseconds.
/// @param format `json` for tools and people, `otlp` for an OpenTelemetry backend, `html` to look at before you share either.
/// @param outPath The file to write. A relative path is resolved when the function is called, and a symlink is followed.
/// @param options How to export. Everything has a default.
/// @returns What the export did, once the file is in place.
///
/// @rejects The function itself never throws. Every failure, also a wrong argument, rejects with an `Error` that has a
/// `code`. Codes are stable, messages are not.
///
/// | `code` | when | further members |
/// | --- | --- | --- |
/// | `ERR_INVALID_ARG` | An argument has the wrong type or is outside its limits. | |
/// | `ERR_INVALID_RANGE` | The text or the bounds are not a range. | |
/// | `ERR_TELEMETRY_DIR` | The telemetry directory is missing, is not a directory or cannot be listed. | `path`, `osCode` |
/// | `ERR_OUTPUT` | The export cannot be written. Also: the target exists and is not a regular file, or `overwrite` is `false`; or the target has the name of a telemetry file and is in the telemetry directory. | `path`; `osCode` if the system reported the error |
/// | `ERR_SYSTEM` | The process cannot start a thread, open another file or get more memory. Nothing was written. | `osCode`; `path` if it happened with a file |
/// | `ABORT_ERR` | The signal was aborted. The error's `name` is `AbortError`. | `cause`: the signal's reason |
/// | `ERR_INTERNAL` | A bug was caught. The process keeps running. | |
///
/// `path` is absolute. `osCode` is a name such as `ENOSPC`. If `onProgress` or a getter of the arguments throws, the promise
/// rejects with what it threw. If `onProgress` returns a promise, the export does not wait for it, but fails with its
/// rejection. A rejection after the export has settled is ignored.
///
/// @example
/// An ES module. The signal cancels an export that takes longer than a minute.
///
/// ```js
/// import { exportTelemetry } from "coder-telemetry-export";
///
/// const summary = await exportTelemetry("path/to/telemetry", "last7Days", "otlp", "week.otlp.zip", {
///   signal: AbortSignal.timeout(60_000),
///   onProgress: ({ phase, bytesDone, bytesTotal }) => console.error(phase, bytesDone, bytesTotal),
/// });
/// console.log(summary.eventCount, summary.badLines, summary.skippedFiles);
/// ```
///
/// @example
/// A CommonJS module. It exports two whole days and handles an error.
///
/// ```js
/// const { exportTelemetry } = require("coder-telemetry-export");
///
/// exportTelemetry("path/to/telemetry", "2026-06-01..2026-06-02", "json", "june.json").then(
///   (summary) => console.log(`${summary.eventCount} events`),
///   (error) => console.error(error.code, error.message),
/// );
/// ```
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
        let directory = path_argument(&dir, "dir", absolute)?;
        let range = range_input(&range)?;
        let format = export_format(&format)?;
        let path = path_argument(&out_path, "outPath", absolute_file)?;
        let options = ExportArguments::read(&options)?;
        let destination = Destination::File { path, overwrite: options.overwrite };
        prepare(directory, &range, format, destination, options)
    };
    start_export(env, arguments)
}

/// Writes a JSON array to standard output. Only the command line uses it.
#[napi(skip_typescript)]
pub fn export_telemetry_to_stdout<'env>(
    env: &'env Env,
    dir: Unknown<'_>,
    range: Unknown<'_>,
    options: Unknown<'_>,
) -> napi::Result<Object<'env>> {
    let arguments = || {
        let directory = path_argument(&dir, "dir", absolute)?;
        let range = range_input(&range)?;
        let options = ExportArguments::read(&options)?;
        prepare(directory, &range, ExportFormat::Json, Destination::StandardOutput, options)
    };
    start_export(env, arguments)
}

/// Lists the telemetry files that a range selects, in order of date, session and part. It opens none of them.
///
/// The list omits files that are not readable regular files and names that are not UTF-8. An export reports these as
/// skipped.
///
/// @param dir The telemetry directory. A relative path is resolved when the function is called.
/// @param range A preset, a day, two days, or bounds in milliseconds.
/// @param graceDays Days of files to list after the range, 0 to 7. Default 0.
/// @returns The files. The list is empty if the range selects none.
///
/// @rejects The function itself never throws. It rejects with `ERR_INVALID_ARG`, `ERR_INVALID_RANGE`, `ERR_TELEMETRY_DIR`,
/// `ERR_SYSTEM` or `ERR_INTERNAL`, as `exportTelemetry` does.
///
/// @example
/// ```js
/// import { listTelemetryFiles } from "coder-telemetry-export";
///
/// for (const { name, size } of await listTelemetryFiles("path/to/telemetry", "allTime")) {
///   console.log(name, size);
/// }
/// ```
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
    running::promise(env, || {
        let directory = path_argument(&dir, "dir", absolute)?;
        let range = range_input(&range)?;
        let grace_days = match given(grace_days) {
            Some(value) => whole_number(&value, "graceDays", 0..=arguments::GRACE_DAYS_AT_MOST)?,
            None => 0,
        };
        let range = range.resolve(now_ms())?;
        Running::start(env, None, None, move |running| {
            let listing = Listing::read(&directory, &range, grace_days, running.progress())?;
            let mut files: Vec<_> = listing.files.iter().collect();
            files.sort_by(|one, other| one.compare_for_summary(other));
            Ok(files.into_iter().collect::<List<TelemetryFile>>())
        })
    })
}

/// Resolves a range to its window, its label and its part of a file name.
///
/// @param range A preset, a day, two days, or bounds in milliseconds.
/// @param now The end of rolling presets: a `Date`, or milliseconds since 1970 UTC. Default: the current time.
/// @returns The window and its names. It is a range, too, and resolves to itself.
///
/// @throws An `Error` with the `code` `ERR_INVALID_RANGE` if the text or the bounds are not a range, or if a bound or `now`
/// does not fit a `Date`. `ERR_INVALID_ARG` if a type is wrong or `now` is an invalid date.
///
/// @example
/// ```js
/// import { resolveRange } from "coder-telemetry-export";
///
/// console.log(resolveRange("last7Days", Date.UTC(2026, 5, 12)));
/// // {
/// //   startMs: 1780617600000,
/// //   endMs: 1781222400000,
/// //   label: 'Last 7 days',
/// //   filenamePart: 'last-7-days-2026-06-12'
/// // }
/// ```
#[napi(ts_args_type = "range: ExportRange, now?: Date | number")]
pub fn resolve_range(env: Env, range: Unknown<'_>, now: Unknown<'_>) -> napi::Result<ResolvedRange> {
    let resolve = || {
        let now =
            given(now).map(|value| date_or_milliseconds(&value, "now")).transpose()?.unwrap_or_else(now_ms);
        Ok(ResolvedRange::from(range_input(&range)?.resolve(now)?))
    };
    guarded(resolve).map_err(|failure| failure.throw(env))
}

/// Checks a date that a person typed.
///
/// It accepts anything. If `text` is not a string, it returns `Use YYYY-MM-DD.`
///
/// @param text What was typed.
/// @returns The message to show, `Use YYYY-MM-DD.` or `Enter a valid calendar date.`; `undefined` if the date is valid.
///
/// @example
/// ```js
/// import { validateDate } from "coder-telemetry-export";
///
/// console.log(validateDate("2026-06-12")); // undefined
/// console.log(validateDate("12.06.2026")); // Use YYYY-MM-DD.
/// console.log(validateDate("2026-06-31")); // Enter a valid calendar date.
/// ```
#[napi(ts_args_type = "text: string", ts_return_type = "string | undefined")]
pub fn validate_date(env: Env, text: Unknown<'_>) -> napi::Result<Either<&'static str, Undefined>> {
    let validate = || {
        // Anything but a string is treated like a text that is no date.
        let text = string(&text, "text").unwrap_or_default();
        Ok(range::validate_date(&text).map_or(Either::B(()), Either::A))
    };
    guarded(validate).map_err(|failure| failure.throw(env))
}

/// Suggests a file name for an export.
///
/// @param range A preset, a day, two days, or bounds in milliseconds.
/// @param format The format of the export.
/// @param redact What the export replaces. The default is nothing.
/// @returns `coder-telemetry-{filenamePart}.json`, `.otlp.zip` or `.html`, without a folder. If the export is redacted,
/// `.redacted` comes before that.
///
/// @throws An `Error` with the `code` `ERR_INVALID_RANGE` if the text or the bounds are not a range, or `ERR_INVALID_ARG` if
/// a type is wrong or there is no such format or level.
///
/// @example
/// ```js
/// import { suggestedFileName } from "coder-telemetry-export";
///
/// console.log(suggestedFileName("2026-05-12..2026-05-13", "otlp"));
/// // coder-telemetry-2026-05-12-to-2026-05-13.otlp.zip
/// ```
#[napi(ts_args_type = "range: ExportRange, format: ExportFormat, redact?: RedactionLevel")]
pub fn suggested_file_name(
    env: Env,
    range: Unknown<'_>,
    format: Unknown<'_>,
    redact: Unknown<'_>,
) -> napi::Result<String> {
    let suggest = || {
        let range = range_input(&range)?.resolve(now_ms())?;
        let extension = export_format(&format)?.into_core(&ExportArguments::default()).extension();
        let level = given(redact).map(|level| redaction_level(&level, "redact")).transpose()?;
        let is_redacted = level.and_then(RedactionLevel::into_core).is_some();
        let extension = if is_redacted { format!("redacted.{extension}") } else { extension.to_owned() };
        Ok(range::suggested_file_name(&range, &extension))
    };
    guarded(suggest).map_err(|failure| failure.throw(env))
}

/// Makes a path absolute now, since the current directory may change before the export uses it.
fn path_argument(
    value: &Unknown<'_>,
    name: &str,
    absolute: impl FnOnce(&Path) -> io::Result<PathBuf>,
) -> Result<PathBuf, Failure> {
    let path = string(value, name)?;
    if path.is_empty() || path.contains('\0') {
        return Err(Failure::argument(format!("{name} must be a path; it is empty or has a NUL character")));
    }
    Ok(absolute(Path::new(&path)).unwrap_or_else(|_| PathBuf::from(path)))
}

/// A checked call: the job, and the caller's signal and callback.
type Prepared<'a> = (ExportJob, Option<AbortSignal<'a>>, Option<ProgressCallback<'a>>);

fn prepare<'a>(
    directory: PathBuf,
    range: &RangeInput,
    format: ExportFormat,
    destination: Destination,
    options: ExportArguments<'a>,
) -> Result<Prepared<'a>, Failure> {
    let now = now_ms();
    let job = ExportJob {
        directory,
        range: range.resolve(now)?,
        format: format.into_core(&options),
        redaction: options.redaction,
        destination,
        grace_days: options.grace_days,
        threads: options.threads,
        exported_at_ms: now,
    };
    Ok((job, options.signal, options.on_progress))
}

fn start_export<'env, 'a>(
    env: &'env Env,
    prepared: impl FnOnce() -> Result<Prepared<'a>, Failure>,
) -> napi::Result<Object<'env>> {
    running::promise(env, || {
        let (job, signal, on_progress) = prepared()?;
        Running::start(env, signal, on_progress, move |running| {
            let summary = export(&job, running.progress(), || running.report_last_progress())?;
            Ok(ExportSummary::from(summary))
        })
    })
}

/// The current time in milliseconds since 1970. A clock that is set to an earlier year counts as 1970.
fn now_ms() -> i64 {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_1970.as_millis()).expect("no clock shows a time 292 million years from now")
}
