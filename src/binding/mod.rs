//! The addon's face: arguments in, the core called, results, errors, progress and abort out. Only this folder knows napi.

mod arguments;
mod environment;
mod failure;
mod members;
mod progress;
mod running;
mod signal;
mod types;

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use napi::bindgen_prelude::{Either, Env, Object, Undefined, Unknown};
use napi_derive::napi;

use self::arguments::{
    ExportArguments, date_or_milliseconds, export_format, range_request, string, whole_number,
};
use self::failure::{Failure, guarded};
use self::members::List;
use self::progress::ProgressCallback;
use self::running::Running;
use self::signal::AbortSignal;
use self::types::{ExportFormat, ExportSummary, ResolvedRange, TelemetryFile};
use crate::export::{Destination, Request, export};
use crate::range;
use crate::range::RangeRequest;
use crate::read::listing::Listing;

/// Exports the telemetry of a directory as one file.
///
/// Reads the daily files that `range` selects and writes their events to `outPath`, as a JSON array or as a zip of
/// OTLP/JSON requests, or a page that tells of them. The file appears whole or not at all: a failure, an abort or a full
/// disk leaves an existing one as it was. Where no event matched, none is written and an existing one is not touched.
///
/// A line or a file that cannot be read does not end the export. The summary counts and lists them.
///
/// The work runs on threads of its own. It takes no libuv worker, and several exports may run at once, also in worker
/// threads. A worker thread or an editor window that closes cancels its exports and waits for them.
///
/// Arguments are judged before the signal, and the target before any telemetry is read. Once the final rename has begun,
/// an abort comes too late and the export resolves.
///
/// @param dir The telemetry directory. A relative path is resolved when the function is called.
/// @param range A preset, a day, two days, or bounds in milliseconds.
/// @param format `json` to read, `otlp` for an OpenTelemetry backend, `html` to look before sharing either.
/// @param outPath The file to write. A relative path is resolved when the function is called, and a symlink is followed.
/// @param options How to export; everything has a default.
/// @returns What the export did, once the file is in its place.
///
/// @rejects Never throws at the call: every failure, a wrong argument too, rejects with an `Error` that has a `code`. Codes
/// are stable, messages are not.
///
/// | `code` | when | further members |
/// | --- | --- | --- |
/// | `ERR_INVALID_ARG` | an argument of a wrong type or outside its limits | |
/// | `ERR_INVALID_RANGE` | a text or bounds that mean no range | |
/// | `ERR_TELEMETRY_DIR` | the telemetry directory is missing, is no directory or cannot be listed | `path`, `osCode` |
/// | `ERR_OUTPUT` | the export cannot be written; the target exists and is no regular file, or exists and `overwrite` is `false`; the target has the name of a telemetry file and lies in the telemetry directory | `path`, and `osCode` where the system said one |
/// | `ERR_SYSTEM` | the process cannot start a thread, open another file or have more memory; nothing was written | `osCode`, and `path` where a file was the occasion |
/// | `ABORT_ERR` | the signal was aborted; the error's `name` is `AbortError` | `cause`: the signal's reason |
/// | `ERR_INTERNAL` | a bug, caught; the process lives on | |
///
/// `path` is absolute. `osCode` is a name such as `ENOSPC`. What `onProgress`, or a getter of the arguments, throws is what
/// the promise rejects with. If `onProgress` returns a promise, the export does not wait for it, but a rejection cancels the
/// export and is what the export rejects with; a rejection that comes after the export is dropped.
///
/// @example
/// An ES module. The signal ends an export that takes longer than a minute.
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
/// A CommonJS module. Two whole days, and what to do with an error.
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
        let directory = absolute(string(&dir, "dir")?, "dir")?;
        let range = range_request(&range)?;
        let format = export_format(&format)?;
        let path = absolute(string(&out_path, "outPath")?, "outPath")?;
        let options = ExportArguments::read(&options)?;
        let destination = Destination::File { path, overwrite: options.overwrite };
        prepare(directory, &range, format, destination, options)
    };
    start_export(env, arguments)
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
    start_export(env, arguments)
}

/// Lists the telemetry files that a range selects, in order of date, session and part. No file is opened.
///
/// Names that are no readable regular file or not UTF-8 are left out; an export reports them as skipped.
///
/// @param dir The telemetry directory. A relative path is resolved when the function is called.
/// @param range A preset, a day, two days, or bounds in milliseconds.
/// @param graceDays Days of files listed beyond the range, 0 to 7. Default 0.
/// @returns The files; none where the range selects none.
///
/// @rejects Never throws at the call: it rejects with `ERR_INVALID_ARG`, `ERR_INVALID_RANGE`, `ERR_TELEMETRY_DIR`,
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
        let directory = absolute(string(&dir, "dir")?, "dir")?;
        let range = range_request(&range)?;
        let grace_days = whole_number(&grace_days, "graceDays", 0..=arguments::GRACE_DAYS_AT_MOST)?;
        let (range, grace_days) = (range.resolve(now_ms())?, grace_days.unwrap_or(0));
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
/// @param now The moment that rolling presets end at, a `Date` or milliseconds since 1970 UTC. Default: the current time.
/// @returns The window, and what to call it. It is a range itself, and resolves to itself.
///
/// @throws An `Error` with the `code` `ERR_INVALID_RANGE` for a text or bounds that mean no range, and for bounds or a `now`
/// outside what a `Date` holds, or `ERR_INVALID_ARG` for a wrong type or a `now` that is no time.
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
        let now = date_or_milliseconds(&now, "now")?.unwrap_or_else(now_ms);
        Ok(ResolvedRange::from(range_request(&range)?.resolve(now)?))
    };
    guarded(resolve).map_err(|failure| failure.throw(env))
}

/// Checks a date that a person typed.
///
/// Never throws, whatever `text` is: of what is no string it says `Use YYYY-MM-DD.`
///
/// @param text What was typed.
/// @returns What is wrong with it, `Use YYYY-MM-DD.` or `Enter a valid calendar date.`; `undefined` for a good one.
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
        // Whatever is no string is no date either.
        let text = string(&text, "text").unwrap_or_default();
        Ok(range::validate_date(&text).map_or(Either::B(()), Either::A))
    };
    guarded(validate).map_err(|failure| failure.throw(env))
}

/// Suggests a file name for an export.
///
/// @param range A preset, a day, two days, or bounds in milliseconds.
/// @param format The format of the export.
/// @returns `coder-telemetry-{filenamePart}.json`, `.otlp.zip` or `.html`, without a folder.
///
/// @throws An `Error` with the `code` `ERR_INVALID_RANGE` for a text or bounds that mean no range, or `ERR_INVALID_ARG` for
/// a wrong type or a format that does not exist.
///
/// @example
/// ```js
/// import { suggestedFileName } from "coder-telemetry-export";
///
/// console.log(suggestedFileName("2026-05-12..2026-05-13", "otlp"));
/// // coder-telemetry-2026-05-12-to-2026-05-13.otlp.zip
/// ```
#[napi(ts_args_type = "range: ExportRange, format: ExportFormat")]
pub fn suggested_file_name(env: Env, range: Unknown<'_>, format: Unknown<'_>) -> napi::Result<String> {
    let suggest = || {
        let range = range_request(&range)?.resolve(now_ms())?;
        let extension = export_format(&format)?.into_core(&ExportArguments::default()).extension();
        Ok(range::suggested_file_name(&range, extension))
    };
    guarded(suggest).map_err(|failure| failure.throw(env))
}

/// The current directory may change before the export looks at the path.
fn absolute(path: String, name: &str) -> Result<PathBuf, Failure> {
    if path.is_empty() || path.contains('\0') {
        return Err(Failure::argument(format!("{name} must be a path; it is empty or has a NUL character")));
    }
    Ok(crate::platform::absolute(Path::new(&path)).unwrap_or_else(|_| PathBuf::from(path)))
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

fn start_export<'env, 'a>(
    env: &'env Env,
    prepared: impl FnOnce() -> Result<Prepared<'a>, Failure>,
) -> napi::Result<Object<'env>> {
    running::promise(env, || {
        let (request, signal, on_progress) = prepared()?;
        Running::start(env, signal, on_progress, move |running| {
            let summary = export(&request, running.progress(), || running.report_last_progress())?;
            Ok(ExportSummary::from(summary))
        })
    })
}

/// Milliseconds since 1970.
fn now_ms() -> i64 {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX)
}
