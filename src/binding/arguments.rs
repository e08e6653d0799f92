//! Arguments checked by hand, so that a wrong one is an `ERR_INVALID_ARG` with a message of ours, and rejects where the
//! generated conversion would throw.

use std::ops::RangeInclusive;

use napi::bindgen_prelude::{FromNapiValue, Function, JsObjectValue, JsValue, Object, Unknown, ValueType};
use napi::{JsDate, JsString};

use super::failure::Failure;
use super::progress::ProgressCallback;
use super::signal::AbortSignal;
use super::types::{ExportFormat, ExportOptions, RangeBounds};
use crate::export::{Format, OtlpOptions, ReportOptions, SpanName, Temporality};
use crate::range::RangeRequest;

/// Most days of files read beyond a range.
pub(super) const GRACE_DAYS_AT_MOST: u32 = 7;
const COMPRESSION_LEVEL_AT_MOST: u32 = 9;

type Result<T> = std::result::Result<T, Failure>;

/// The options of an export, checked.
pub(super) struct ExportArguments<'a> {
    pub(super) signal: Option<AbortSignal<'a>>,
    pub(super) on_progress: Option<ProgressCallback<'a>>,
    pub(super) otlp: OtlpOptions,
    pub(super) grace_days: u32,
    pub(super) overwrite: bool,
    pub(super) threads: Option<usize>,
}

impl Default for ExportArguments<'_> {
    fn default() -> Self {
        Self {
            signal: None,
            on_progress: None,
            otlp: OtlpOptions::default(),
            grace_days: 0,
            overwrite: true,
            threads: None,
        }
    }
}

impl<'a> ExportArguments<'a> {
    pub(super) fn read(options: &Unknown<'a>) -> Result<Self> {
        let mut arguments = Self::default();
        if is_absent(options) {
            return Ok(arguments);
        }
        let given = ExportOptions::read(&object(options, "options")?)?;
        let otlp = &mut arguments.otlp;
        if let Some(value) = given.temporality {
            let choices = [Temporality::Delta, Temporality::Cumulative].map(|choice| (choice.name(), choice));
            otlp.temporality = choice(&value, "options.temporality", &choices)?;
        }
        if let Some(value) = given.span_name {
            let choices = [SpanName::Leaf, SpanName::Full].map(|choice| (choice.name(), choice));
            otlp.span_name = choice(&value, "options.spanName", &choices)?;
        }
        let request_bytes = OtlpOptions::MIN_MAX_REQUEST_BYTES..=OtlpOptions::MAX_MAX_REQUEST_BYTES;
        if let Some(bytes) =
            optional_number(given.max_request_bytes, "options.maxRequestBytes", request_bytes)?
        {
            otlp.max_request_bytes = bytes;
        }
        let levels = 0..=COMPRESSION_LEVEL_AT_MOST;
        if let Some(level) = optional_number(given.compression_level, "options.compressionLevel", levels)? {
            otlp.compression_level = level;
        }
        if let Some(days) = optional_number(given.grace_days, "options.graceDays", 0..=GRACE_DAYS_AT_MOST)? {
            arguments.grace_days = days;
        }
        if let Some(threads) = optional_number(given.threads, "options.threads", 1..=u32::MAX)? {
            arguments.threads = usize::try_from(threads).ok();
        }
        if let Some(overwrite) = given.overwrite {
            arguments.overwrite = boolean(&overwrite, "options.overwrite")?;
        }
        arguments.signal = given.signal.map(|signal| abort_signal(&signal)).transpose()?;
        arguments.on_progress = given.on_progress.map(|callback| progress_callback(&callback)).transpose()?;
        Ok(arguments)
    }
}

impl<'a> ExportOptions<'a> {
    fn read(options: &Object<'a>) -> Result<Self> {
        let option = |name| property(options, name).map(|value| (!is_absent(&value)).then_some(value));
        Ok(Self {
            signal: option("signal")?,
            on_progress: option("onProgress")?,
            temporality: option("temporality")?,
            span_name: option("spanName")?,
            max_request_bytes: option("maxRequestBytes")?,
            compression_level: option("compressionLevel")?,
            grace_days: option("graceDays")?,
            overwrite: option("overwrite")?,
            threads: option("threads")?,
        })
    }
}

impl ExportFormat {
    /// The core's format with the options that belong to it.
    pub(super) fn into_core(self, options: &ExportArguments<'_>) -> Format {
        match self {
            Self::Json => Format::JsonArray,
            Self::Otlp => Format::Otlp(options.otlp.clone()),
            Self::Html => Format::Html(ReportOptions { span_name: options.otlp.span_name }),
        }
    }
}

/// `'json'`, `'otlp'` or `'html'`.
pub(super) fn export_format(value: &Unknown<'_>) -> Result<ExportFormat> {
    let choices = [("json", ExportFormat::Json), ("otlp", ExportFormat::Otlp), ("html", ExportFormat::Html)];
    choice(value, "format", &choices)
}

/// A range text or the object form.
pub(super) fn range_request(value: &Unknown<'_>) -> Result<RangeRequest> {
    match kind(value) {
        ValueType::String => Ok(RangeRequest::Text(string(value, "range")?)),
        ValueType::Object if is_plain(value) => {
            let bounds = object(value, "range")?;
            let bounds = RangeBounds {
                start_ms: bound(&bounds, "startMs")?,
                end_ms: bound(&bounds, "endMs")?,
                label: text(&bounds, "label")?,
                filename_part: text(&bounds, "filenamePart")?,
            };
            Ok(RangeRequest::from(bounds))
        }
        _ => Err(wrong_type("range", "a range text or an object with startMs and endMs", value)),
    }
}

/// A Date or milliseconds since 1970; nothing where absent.
pub(super) fn date_or_milliseconds(value: &Unknown<'_>, name: &str) -> Result<Option<i64>> {
    if is_absent(value) {
        return Ok(None);
    }
    let wrong = || wrong_type(name, "a Date or a number of milliseconds", value);
    let milliseconds = if value.is_date().unwrap_or(false) {
        JsDate::from_unknown(*value).and_then(|date| date.value_of()).map_err(|_| wrong())?
    } else {
        number(value).ok_or_else(wrong)?
    };
    if milliseconds.is_nan() {
        return Err(Failure::argument(format!("{name} must be a valid time")));
    }
    // A float beyond i64 becomes its end, which is no time of a range either.
    Ok(Some(milliseconds.floor() as i64))
}

/// A string; one with a lone surrogate is none that a file system or a label could hold.
pub(super) fn string(value: &Unknown<'_>, name: &str) -> Result<String> {
    if kind(value) != ValueType::String {
        return Err(wrong_type(name, "a string", value));
    }
    // Not as UTF-8, which would turn a lone surrogate into U+FFFD and so name another file.
    JsString::from_unknown(*value)
        .and_then(|text| text.into_utf16()?.as_str())
        .map_err(|_| Failure::argument(format!("{name} must be a string of valid Unicode")))
}

/// A whole number within `limits`; nothing where absent.
pub(super) fn whole_number(
    value: &Unknown<'_>,
    name: &str,
    limits: RangeInclusive<u32>,
) -> Result<Option<u32>> {
    if is_absent(value) { Ok(None) } else { optional_number(Some(*value), name, limits) }
}

fn optional_number(
    value: Option<Unknown<'_>>,
    name: &str,
    limits: RangeInclusive<u32>,
) -> Result<Option<u32>> {
    let Some(value) = value else { return Ok(None) };
    let number = number(&value).ok_or_else(|| wrong_type(name, "a number", &value))?;
    let whole = number.fract() == 0.0 && f64::from(*limits.start()) <= number;
    let has_limit = *limits.end() < u32::MAX;
    if whole && (number <= f64::from(*limits.end()) || (!has_limit && number.is_finite())) {
        // Past `u32` the conversion saturates.
        return Ok(Some(number as u32));
    }
    let (least, most) = (limits.start(), limits.end());
    let limits = if has_limit { format!("{least} to {most}") } else { format!("{least} or more") };
    Err(Failure::argument(format!("{name} must be a whole number, {limits}; it is {number}")))
}

/// The one of `choices` whose text is `value`.
fn choice<T: Copy>(value: &Unknown<'_>, name: &str, choices: &[(&str, T)]) -> Result<T> {
    let wanted = choices.iter().map(|(text, _)| format!("'{text}'")).collect::<Vec<_>>().join(" or ");
    if kind(value) != ValueType::String {
        return Err(wrong_type(name, &wanted, value));
    }
    let given = string(value, name)?;
    let found = choices.iter().find(|(text, _)| *text == given);
    found
        .map(|(_, choice)| *choice)
        .ok_or_else(|| Failure::argument(format!("{name} must be {wanted}; it is {given:?}")))
}

fn boolean(value: &Unknown<'_>, name: &str) -> Result<bool> {
    match kind(value) {
        ValueType::Boolean => bool::from_unknown(*value).map_err(Failure::from),
        _ => Err(wrong_type(name, "a boolean", value)),
    }
}

fn abort_signal<'a>(value: &Unknown<'a>) -> Result<AbortSignal<'a>> {
    let wrong = || wrong_type("options.signal", "an AbortSignal", value);
    let signal = object(value, "options.signal").map_err(|_| wrong())?;
    AbortSignal::of(signal).ok_or_else(wrong)
}

fn progress_callback<'a>(value: &Unknown<'a>) -> Result<ProgressCallback<'a>> {
    match kind(value) {
        ValueType::Function => Function::from_unknown(*value).map_err(Failure::from),
        _ => Err(wrong_type("options.onProgress", "a function", value)),
    }
}

fn bound(bounds: &Object<'_>, name: &str) -> Result<Option<f64>> {
    let value = property(bounds, name)?;
    if is_absent(&value) {
        return Ok(None);
    }
    let what = "a number of milliseconds or null";
    number(&value).map(Some).ok_or_else(|| wrong_type(&format!("range.{name}"), what, &value))
}

fn text(bounds: &Object<'_>, name: &str) -> Result<Option<String>> {
    let value = property(bounds, name)?;
    if is_absent(&value) { Ok(None) } else { string(&value, &format!("range.{name}")).map(Some) }
}

/// A getter of the caller's may throw: then that is what the call fails with.
fn property<'a>(object: &Object<'a>, name: &str) -> Result<Unknown<'a>> {
    object.get_named_property_unchecked(name).map_err(Failure::from)
}

fn object<'a>(value: &Unknown<'a>, name: &str) -> Result<Object<'a>> {
    match kind(value) {
        ValueType::Object if is_plain(value) => Object::from_unknown(*value).map_err(Failure::from),
        _ => Err(wrong_type(name, "an object", value)),
    }
}

/// A Date or an array has none of the members asked for, and would mean the defaults: as a range, all of time.
fn is_plain(value: &Unknown<'_>) -> bool {
    !value.is_array().unwrap_or(false) && !value.is_date().unwrap_or(false)
}

fn number(value: &Unknown<'_>) -> Option<f64> {
    (kind(value) == ValueType::Number).then(|| f64::from_unknown(*value).ok()).flatten()
}

fn is_absent(value: &Unknown<'_>) -> bool {
    matches!(kind(value), ValueType::Undefined | ValueType::Null)
}

fn kind(value: &Unknown<'_>) -> ValueType {
    value.get_type().unwrap_or(ValueType::Unknown)
}

fn wrong_type(name: &str, wanted: &str, value: &Unknown<'_>) -> Failure {
    let found = match kind(value) {
        ValueType::Undefined => "undefined",
        ValueType::Null => "null",
        ValueType::Boolean => "a boolean",
        ValueType::Number => "a number",
        ValueType::String => "a string",
        ValueType::Symbol => "a symbol",
        ValueType::Function => "a function",
        ValueType::Object if value.is_array().unwrap_or(false) => "an array",
        ValueType::Object if value.is_date().unwrap_or(false) => "a Date",
        ValueType::Object => "an object",
        ValueType::External => "a value of another addon",
        // The one kind that N-API 5 has no name for.
        ValueType::Unknown => "a bigint",
    };
    Failure::argument(format!("{name} must be {wanted}; it is {found}"))
}
