//! Checks and converts arguments. The conversions that napi generates would throw instead of rejecting, and without
//! our codes and messages.

use std::ops::RangeInclusive;

use napi::bindgen_prelude::{
    FromNapiValue, Function, JsObjectValue, JsValue, Object, Uint8Array, Unknown, ValueType,
};
use napi::{JsDate, JsString};

use super::failure::Failure;
use super::inputs::{ExportFormat, ExportOptions, RangeBounds, RedactionLevel};
use super::progress::ProgressCallback;
use super::signal::AbortSignal;
use crate::export::{Format, OtlpOptions, Redaction, RedactionInput, SpanName, Temporality};
use crate::range::RangeInput;

pub(super) const GRACE_DAYS_AT_MOST: u32 = 7;
const COMPRESSION_LEVEL_AT_MOST: u32 = 9;

type Result<T> = std::result::Result<T, Failure>;

/// The checked options of an export.
pub(super) struct ExportArguments<'a> {
    pub(super) signal: Option<AbortSignal<'a>>,
    pub(super) on_progress: Option<ProgressCallback<'a>>,
    pub(super) otlp: OtlpOptions,
    pub(super) grace_days: u32,
    pub(super) overwrite: bool,
    pub(super) threads: Option<usize>,
    pub(super) redaction: Option<Redaction>,
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
            redaction: None,
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
        if let Some(value) = given.max_request_bytes {
            let limits = OtlpOptions::MIN_MAX_REQUEST_BYTES..=OtlpOptions::MAX_MAX_REQUEST_BYTES;
            otlp.max_request_bytes = whole_number(&value, "options.maxRequestBytes", limits)?;
        }
        if let Some(value) = given.compression_level {
            let limits = 0..=COMPRESSION_LEVEL_AT_MOST;
            otlp.compression_level = whole_number(&value, "options.compressionLevel", limits)?;
        }
        if let Some(value) = given.grace_days {
            arguments.grace_days = whole_number(&value, "options.graceDays", 0..=GRACE_DAYS_AT_MOST)?;
        }
        if let Some(value) = given.threads {
            let threads = whole_number(&value, "options.threads", 1..=u32::MAX)?;
            arguments.threads = Some(usize::try_from(threads).expect("a usize has 32 bits or more"));
        }
        if let Some(value) = given.overwrite {
            arguments.overwrite = boolean(&value, "options.overwrite")?;
        }
        arguments.redaction = redaction(&given)?;
        arguments.signal = given.signal.map(|value| abort_signal(&value)).transpose()?;
        arguments.on_progress = given.on_progress.map(|value| progress_callback(&value)).transpose()?;
        Ok(arguments)
    }
}

impl<'a> ExportOptions<'a> {
    fn read(options: &Object<'a>) -> Result<Self> {
        let option = |name| property(options, name).map(given);
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
            redact: option("redact")?,
            redact_fields: option("redactFields")?,
            keep_fields: option("keepFields")?,
            redact_key: option("redactKey")?,
        })
    }
}

fn redaction(options: &ExportOptions<'_>) -> Result<Option<Redaction>> {
    let level = options.redact.as_ref().map(|value| redaction_level(value, "options.redact")).transpose()?;
    let fields = |value: &Option<Unknown<'_>>, name| {
        value.as_ref().map_or(Ok(Vec::new()), |value| strings(value, name))
    };
    let input = RedactionInput {
        level: level.and_then(RedactionLevel::into_core),
        redact_fields: fields(&options.redact_fields, "options.redactFields")?,
        keep_fields: fields(&options.keep_fields, "options.keepFields")?,
        key: options.redact_key.as_ref().map(key_bytes).transpose()?,
    };
    Ok(input.resolve()?)
}

pub(super) fn redaction_level(value: &Unknown<'_>, name: &str) -> Result<RedactionLevel> {
    let choices = [
        ("none", RedactionLevel::None),
        ("marked", RedactionLevel::Marked),
        ("unknown", RedactionLevel::Unknown),
    ];
    choice(value, name, &choices)
}

impl ExportFormat {
    /// The core's format, with its options.
    pub(super) fn into_core(self, options: &ExportArguments<'_>) -> Format {
        match self {
            Self::Json => Format::JsonArray,
            Self::Otlp => Format::Otlp(options.otlp.clone()),
            Self::Html => Format::Html,
        }
    }
}

pub(super) fn export_format(value: &Unknown<'_>) -> Result<ExportFormat> {
    let choices = [("json", ExportFormat::Json), ("otlp", ExportFormat::Otlp), ("html", ExportFormat::Html)];
    choice(value, "format", &choices)
}

/// A range: a text, or an object with bounds.
pub(super) fn range_input(value: &Unknown<'_>) -> Result<RangeInput> {
    match kind(value) {
        ValueType::String => Ok(RangeInput::Text(string(value, "range")?)),
        ValueType::Object if is_plain(value) => {
            let bounds = object(value, "range")?;
            let bounds = RangeBounds {
                start_ms: bound(&bounds, "startMs")?,
                end_ms: bound(&bounds, "endMs")?,
                label: text(&bounds, "label")?,
                filename_part: text(&bounds, "filenamePart")?,
            };
            Ok(RangeInput::from(bounds))
        }
        _ => Err(wrong_type("range", "a range text or an object with startMs and endMs", value)),
    }
}

/// A time in milliseconds since 1970, from a Date or a number.
pub(super) fn date_or_milliseconds(value: &Unknown<'_>, name: &str) -> Result<i64> {
    let wrong = || wrong_type(name, "a Date or a number of milliseconds", value);
    let milliseconds = if value.is_date().unwrap_or(false) {
        JsDate::from_unknown(*value).and_then(|date| date.value_of()).map_err(|_| wrong())?
    } else {
        number(value).ok_or_else(wrong)?
    };
    if milliseconds.is_nan() {
        return Err(Failure::argument(format!("{name} must be a valid time")));
    }
    // The cast saturates. A range refuses the ends of i64 as well.
    Ok(milliseconds.floor() as i64)
}

/// A string of valid Unicode. File systems and labels cannot hold lone surrogates.
pub(super) fn string(value: &Unknown<'_>, name: &str) -> Result<String> {
    if kind(value) != ValueType::String {
        return Err(wrong_type(name, "a string", value));
    }
    // Node-API's UTF-8 would turn a lone surrogate into U+FFFD, and so name another file.
    JsString::from_unknown(*value)
        .and_then(|text| text.into_utf16()?.as_str())
        .map_err(|_| Failure::argument(format!("{name} must be a string of valid Unicode")))
}

/// A whole number within `limits`. The limit `u32::MAX` means none.
pub(super) fn whole_number(value: &Unknown<'_>, name: &str, limits: RangeInclusive<u32>) -> Result<u32> {
    let number = number(value).ok_or_else(|| wrong_type(name, "a number", value))?;
    let (least, most) = limits.into_inner();
    let has_limit = most < u32::MAX;
    let is_whole = number.is_finite() && number.fract() == 0.0;
    if is_whole && f64::from(least) <= number && (number <= f64::from(most) || !has_limit) {
        // The cast saturates.
        return Ok(number as u32);
    }
    let limits = if has_limit { format!("from {least} to {most}") } else { format!("of at least {least}") };
    Err(Failure::argument(format!("{name} must be a whole number {limits}; it is {number}")))
}

/// The value of the choice whose text is given.
fn choice<T: Copy>(value: &Unknown<'_>, name: &str, choices: &[(&str, T)]) -> Result<T> {
    let texts: Vec<_> = choices.iter().map(|(text, _)| format!("'{text}'")).collect();
    let (last, others) = texts.split_last().expect("there is something to choose");
    let wanted = format!("{} or {last}", others.join(", "));
    if kind(value) != ValueType::String {
        return Err(wrong_type(name, &wanted, value));
    }
    let text = string(value, name)?;
    let chosen = choices.iter().find(|(known, _)| *known == text).map(|(_, choice)| *choice);
    chosen.ok_or_else(|| Failure::argument(format!("{name} must be {wanted}; it is {text:?}")))
}

fn boolean(value: &Unknown<'_>, name: &str) -> Result<bool> {
    match kind(value) {
        ValueType::Boolean => bool::from_unknown(*value).map_err(Failure::from),
        _ => Err(wrong_type(name, "a boolean", value)),
    }
}

fn strings(value: &Unknown<'_>, name: &str) -> Result<Vec<String>> {
    if !value.is_array().unwrap_or(false) {
        return Err(wrong_type(name, "an array of strings", value));
    }
    let array = Object::from_unknown(*value)?;
    let item = |index| string(&array.get_element::<Unknown<'_>>(index)?, &format!("{name}[{index}]"));
    (0..array.get_array_length()?).map(item).collect()
}

/// The bytes of a key. No message shows them.
fn key_bytes(value: &Unknown<'_>) -> Result<Vec<u8>> {
    const NAME: &str = "options.redactKey";
    if kind(value) == ValueType::String {
        return Ok(string(value, NAME)?.into_bytes());
    }
    let bytes = Uint8Array::from_unknown(*value);
    bytes.map(|bytes| bytes.to_vec()).map_err(|_| wrong_type(NAME, "a string or a Uint8Array", value))
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
    let Some(value) = given(property(bounds, name)?) else { return Ok(None) };
    let wanted = "a number of milliseconds or null";
    number(&value).map(Some).ok_or_else(|| wrong_type(&format!("range.{name}"), wanted, &value))
}

fn text(bounds: &Object<'_>, name: &str) -> Result<Option<String>> {
    let value = given(property(bounds, name)?);
    value.map(|value| string(&value, &format!("range.{name}"))).transpose()
}

/// If a getter of the caller's throws, the call fails with what it threw.
fn property<'a>(object: &Object<'a>, name: &str) -> Result<Unknown<'a>> {
    object.get_named_property_unchecked(name).map_err(Failure::from)
}

fn object<'a>(value: &Unknown<'a>, name: &str) -> Result<Object<'a>> {
    match kind(value) {
        ValueType::Object if is_plain(value) => Object::from_unknown(*value).map_err(Failure::from),
        _ => Err(wrong_type(name, "an object", value)),
    }
}

/// Whether an object is neither a Date nor an array. These have none of our members, so each would silently mean the
/// defaults, which for a range is all of time.
fn is_plain(value: &Unknown<'_>) -> bool {
    !value.is_array().unwrap_or(false) && !value.is_date().unwrap_or(false)
}

fn number(value: &Unknown<'_>) -> Option<f64> {
    (kind(value) == ValueType::Number).then(|| f64::from_unknown(*value).ok()).flatten()
}

/// The value, unless it is `undefined` or `null`: both mean the default.
pub(super) fn given(value: Unknown<'_>) -> Option<Unknown<'_>> {
    (!is_absent(&value)).then_some(value)
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
        // The only type that Node-API 5 does not know.
        ValueType::Unknown => "a bigint",
    };
    Failure::argument(format!("{name} must be {wanted}; it is {found}"))
}
