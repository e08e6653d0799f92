//! One line of a telemetry file: a header, an event that borrows from its line, or the reason why it is bad (specification, Input).

use std::borrow::Cow;
use std::collections::HashMap;

use serde::de::IgnoredAny;

use super::members::{InheritedMembers, MemberName, RowMembers};
use super::timestamp::Timestamp;
use crate::json::scan::{Invalid, members};
use crate::json::text::{JsonString, exact_integer, is_finite};

/// How much of a member's name a reason quotes.
const QUOTED_NAME_LIMIT: usize = 80;

/// The members of a context, in the order of the fields of [`ContextFields`]. A header has all but the last.
const CONTEXT_MEMBERS: [&str; 9] = [
    "extension_version",
    "machine_id",
    "session_id",
    "os_type",
    "os_version",
    "host_arch",
    "platform_name",
    "platform_version",
    "deployment_url",
];

/// The nine strings of a context.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ContextFields<T> {
    pub(crate) extension_version: T,
    pub(crate) machine_id: T,
    pub(crate) session_id: T,
    pub(crate) os_type: T,
    pub(crate) os_version: T,
    pub(crate) host_arch: T,
    pub(crate) platform_name: T,
    pub(crate) platform_version: T,
    pub(crate) deployment_url: T,
}

impl<T> ContextFields<T> {
    /// The fields, given what a header has of them and the deployment URL.
    fn new(of_header: [T; 8], deployment_url: T) -> Self {
        let [
            extension_version,
            machine_id,
            session_id,
            os_type,
            os_version,
            host_arch,
            platform_name,
            platform_version,
        ] = of_header;
        Self {
            extension_version,
            machine_id,
            session_id,
            os_type,
            os_version,
            host_arch,
            platform_name,
            platform_version,
            deployment_url,
        }
    }

    /// References to the fields.
    pub(crate) fn each_ref(&self) -> ContextFields<&T> {
        ContextFields {
            extension_version: &self.extension_version,
            machine_id: &self.machine_id,
            session_id: &self.session_id,
            os_type: &self.os_type,
            os_version: &self.os_version,
            host_arch: &self.host_arch,
            platform_name: &self.platform_name,
            platform_version: &self.platform_version,
            deployment_url: &self.deployment_url,
        }
    }

    /// The fields, each turned into something else.
    pub(crate) fn map<U>(self, mut turn: impl FnMut(T) -> U) -> ContextFields<U> {
        ContextFields {
            extension_version: turn(self.extension_version),
            machine_id: turn(self.machine_id),
            session_id: turn(self.session_id),
            os_type: turn(self.os_type),
            os_version: turn(self.os_version),
            host_arch: turn(self.host_arch),
            platform_name: turn(self.platform_name),
            platform_version: turn(self.platform_version),
            deployment_url: turn(self.deployment_url),
        }
    }
}

/// What a row turned out to be.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "nearly every row is an event, and a row lives for a moment")]
pub(crate) enum Row<'a> {
    Header(Header),
    Event(Event<'a>),
}

/// A header row, owned: later rows of its file inherit its context.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Header {
    /// The context object as stored, without a `deployment_url` and without its closing brace.
    pub(crate) open_context: Box<str>,
    /// The version's text, if it is a positive integer.
    pub(crate) schema_version: Option<Box<str>>,
    /// The eight strings, still escaped.
    fields: [Box<str>; 8],
}

impl Header {
    /// The context of a row under this header.
    pub(crate) fn fields<'a>(&'a self, deployment_url: JsonString<'a>) -> ContextFields<JsonString<'a>> {
        ContextFields::new(self.fields.each_ref().map(|field| JsonString::of_escaped(field)), deployment_url)
    }

    /// Bytes that the header takes in memory.
    pub(crate) fn weight(&self) -> usize {
        size_of::<Self>()
            + self.open_context.len()
            + self.fields.iter().map(|field| field.len()).sum::<usize>()
    }

    /// The `session_id` of the context.
    pub(crate) fn session_id(&self) -> Cow<'_, str> {
        self.fields(JsonString::default()).session_id.decoded()
    }
}

/// A context that a row carries itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OwnContext<'a> {
    /// The object's text.
    pub(crate) text: &'a str,
    /// Still escaped.
    pub(crate) fields: ContextFields<JsonString<'a>>,
}

/// What went wrong.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ErrorBlock<'a> {
    /// The object's text.
    pub(crate) text: &'a str,
    pub(crate) message: JsonString<'a>,
    pub(crate) kind: Option<JsonString<'a>>,
    pub(crate) code: Option<JsonString<'a>>,
}

/// A good row that is no header. All text is the row's own, still escaped.
#[derive(Clone, Debug)]
pub(crate) struct Event<'a> {
    /// The row from `{` to `}`.
    pub(crate) row: &'a str,
    /// Where in its line the row begins.
    pub(crate) row_start: usize,
    pub(crate) event_id: JsonString<'a>,
    pub(crate) event_name: JsonString<'a>,
    pub(crate) timestamp: Timestamp,
    /// As it is stored.
    pub(crate) timestamp_text: JsonString<'a>,
    /// A number.
    pub(crate) event_sequence: &'a str,
    /// An object of strings.
    pub(crate) properties: &'a str,
    /// An object of numbers and nulls.
    pub(crate) measurements: &'a str,
    pub(crate) trace_id: Option<JsonString<'a>>,
    pub(crate) parent_event_id: Option<JsonString<'a>>,
    pub(crate) error: Option<ErrorBlock<'a>>,
    /// Always there where `context` is not.
    pub(crate) deployment_url: Option<JsonString<'a>>,
    pub(crate) context: Option<OwnContext<'a>>,
    /// The member's text unless it is absent or null.
    pub(crate) schema_version: Option<&'a str>,
    /// The context members that a row under a header gives up.
    pub(crate) inherited_members: InheritedMembers,
    /// Whether the row has members that say nothing here: unknown ones, `kind`, and optional ones that are `null`.
    pub(crate) has_idle_members: bool,
}

/// Why a line is bad.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BadRow<'a> {
    reason: BadReason<'a>,
    /// A bad header also clears the context of the rows behind it.
    pub(crate) is_header: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum BadReason<'a> {
    Said(String),
    /// What is wrong with the JSON of this line, is found out when it is asked for: of many bad lines only the first are listed.
    InvalidJson(&'a str),
}

impl BadRow<'_> {
    /// In a sentence that needs no other context than the line's number.
    pub(crate) fn reason(self) -> String {
        match self.reason {
            BadReason::Said(reason) => reason,
            BadReason::InvalidJson(line) => why_invalid(line),
        }
    }
}

/// Reads rows, remembering the last context seen: rows of one session mostly repeat it to the byte.
#[derive(Debug, Default)]
pub(crate) struct RowReader<'a> {
    last_context: Option<OwnContext<'a>>,
}

impl<'a> RowReader<'a> {
    /// Reads a line that is not blank, without its line end.
    ///
    /// # Errors
    /// Why the line is bad.
    pub(crate) fn read(&mut self, line: &'a str) -> Result<Row<'a>, BadRow<'a>> {
        let bad = |is_header| move |reason| BadRow { reason: BadReason::Said(reason), is_header };
        let found = self.scan(line).map_err(|reason| BadRow { reason, is_header: false })?;
        if found
            .value(MemberName::Kind)
            .and_then(JsonString::of_value)
            .is_some_and(|kind| kind.means("header"))
        {
            return read_header(&found).map(Row::Header).map_err(bad(true));
        }
        self.read_event(&found).map(Row::Event).map_err(bad(false))
    }

    fn scan(&self, line: &'a str) -> Result<RowMembers<'a>, BadReason<'a>> {
        match RowMembers::scan(line, self.last_context.as_ref().map(|context| context.text)) {
            Ok(found) => found.ok_or_else(|| BadReason::Said("not a JSON object".to_owned())),
            Err(Invalid) => Err(BadReason::InvalidJson(line)),
        }
    }

    fn read_event(&mut self, found: &RowMembers<'a>) -> Result<Event<'a>, String> {
        let required = |value: Option<&'a str>, name: &str| value.ok_or_else(|| format!("{name} is missing"));
        let timestamp = string(required(found.value(MemberName::Timestamp), "timestamp")?, "timestamp")?;
        let event_sequence = required(found.value(MemberName::EventSequence), "event_sequence")?;
        if !is_number(event_sequence) {
            return Err("event_sequence is not a number".to_owned());
        }
        let properties = required(found.value(MemberName::Properties), "properties")?;
        if !found.properties_fit {
            check_object(properties, "properties", "a string", |value| value.starts_with('"'))?;
        }
        let measurements = required(found.value(MemberName::Measurements), "measurements")?;
        if !found.measurements_fit {
            let is_measurement = |value: &str| is_number(value) || value == "null";
            check_object(measurements, "measurements", "a number or null", is_measurement)?;
        }
        let context =
            present(found.value(MemberName::Context)).map(|text| self.own_context(text)).transpose()?;
        let deployment_url = optional_string(found.value(MemberName::DeploymentUrl), "deployment_url")?;
        if context.is_none() && deployment_url.is_none() {
            return Err("deployment_url is missing, and the row has no context of its own".to_owned());
        }
        Ok(Event {
            row: found.row,
            row_start: found.row_start,
            event_id: string(required(found.value(MemberName::EventId), "event_id")?, "event_id")?,
            event_name: string(required(found.value(MemberName::EventName), "event_name")?, "event_name")?,
            timestamp_text: timestamp,
            timestamp: Timestamp::parse(&timestamp.decoded())
                .ok_or("timestamp is not an RFC 3339 date and time with an offset")?,
            event_sequence,
            properties,
            measurements,
            trace_id: optional_string(found.value(MemberName::TraceId), "trace_id")?,
            parent_event_id: optional_string(found.value(MemberName::ParentEventId), "parent_event_id")?,
            error: present(found.value(MemberName::Error)).map(read_error).transpose()?,
            deployment_url,
            context,
            schema_version: present(found.value(MemberName::SchemaVersion)),
            inherited_members: found.inherited,
            has_idle_members: found.has_idle,
        })
    }

    fn own_context(&mut self, text: &'a str) -> Result<OwnContext<'a>, String> {
        if let Some(last) = self.last_context.filter(|last| last.text == text) {
            return Ok(last);
        }
        let [of_header @ .., deployment_url]: [_; 9] = context_members(text)?;
        let context = OwnContext { text, fields: ContextFields::new(of_header, deployment_url) };
        self.last_context = Some(context);
        Ok(context)
    }
}

/// The schema version that a row or a header names, if it is above the one that this exporter was written for.
pub(crate) fn newer_schema_version(text: &str) -> Option<i64> {
    if text == "1" {
        return None;
    }
    schema_version_number(text).filter(|&version| version > 1)
}

/// A positive integer, whatever its spelling.
fn schema_version_number(text: &str) -> Option<i64> {
    if !is_number(text) {
        return None;
    }
    exact_integer(text).filter(|&version| version > 0)
}

/// What serde_json, which words it best, finds wrong with a line.
fn why_invalid(line: &str) -> String {
    let Err(error) = serde_json::from_str::<IgnoredAny>(line) else { return "invalid JSON".to_owned() };
    let text = error.to_string();
    let what = text.split(" at line ").next().unwrap_or_default();
    format!("invalid JSON: {what} at column {}", error.column())
}

/// A member that is `null` counts as absent.
fn present(value: Option<&str>) -> Option<&str> {
    value.filter(|&text| text != "null")
}

fn is_number(value: &str) -> bool {
    value.starts_with(|first: char| first == '-' || first.is_ascii_digit())
}

fn string<'a>(value: &'a str, name: &str) -> Result<JsonString<'a>, String> {
    JsonString::of_value(value).ok_or_else(|| format!("{name} is not a string"))
}

fn optional_string<'a>(value: Option<&'a str>, name: &str) -> Result<Option<JsonString<'a>>, String> {
    present(value).map(|value| string(value, name)).transpose()
}

/// Checks that `object` is an object whose members are all `valid`. Of members that stand twice the last one means, so
/// an invalid one is looked at again before it costs the row.
fn check_object(object: &str, name: &str, wanted: &str, valid: impl Fn(&str) -> bool) -> Result<(), String> {
    if !object.starts_with('{') {
        return Err(format!("{name} is not an object"));
    }
    if members(object).all(|member| valid(member.value)) {
        return Ok(());
    }
    let last: HashMap<_, _> = members(object).map(|member| (member.key.decoded(), member.value)).collect();
    let wrong =
        members(object).find(|member| last.get(&member.key.decoded()).is_some_and(|value| !valid(value)));
    wrong.map_or(Ok(()), |member| Err(format!("{name}.{} is not {wanted}", quoted_name(member.key))))
}

fn quoted_name(key: JsonString<'_>) -> String {
    key.decoded().chars().take(QUOTED_NAME_LIMIT).collect()
}

/// The first of [`CONTEXT_MEMBERS`] in a context object. They must all be strings.
fn context_members<const COUNT: usize>(text: &str) -> Result<[JsonString<'_>; COUNT], String> {
    if !text.starts_with('{') {
        return Err("context is not an object".to_owned());
    }
    let mut values = [None; COUNT];
    for member in members(text) {
        let key = member.key.decoded();
        if let Some(at) = CONTEXT_MEMBERS[..COUNT].iter().position(|name| *name == key) {
            values[at] = Some(member.value);
        }
    }
    let mut fields = [JsonString::of_escaped(""); COUNT];
    for (field, (value, name)) in fields.iter_mut().zip(values.into_iter().zip(CONTEXT_MEMBERS)) {
        let value = value.ok_or_else(|| format!("context.{name} is missing"))?;
        *field = JsonString::of_value(value).ok_or_else(|| format!("context.{name} is not a string"))?;
    }
    Ok(fields)
}

fn read_error(text: &str) -> Result<ErrorBlock<'_>, String> {
    if !text.starts_with('{') {
        return Err("error is not an object".to_owned());
    }
    let (mut message, mut kind, mut code) = (None, None, None);
    for member in members(text) {
        match member.key.decoded().as_ref() {
            "message" => message = Some(member.value),
            "type" => kind = Some(member.value),
            "code" => code = Some(member.value),
            _ => {}
        }
    }
    Ok(ErrorBlock {
        text,
        message: string(message.ok_or("error.message is missing")?, "error.message")?,
        kind: optional_string(kind, "error.type")?,
        code: optional_string(code, "error.code")?,
    })
}

fn read_header(found: &RowMembers<'_>) -> Result<Header, String> {
    let text = present(found.value(MemberName::Context)).ok_or("the header's context is missing")?;
    let fields: [JsonString<'_>; 8] =
        context_members(text).map_err(|reason| format!("the header's {reason}"))?;
    let version = found.value(MemberName::SchemaVersion).filter(|text| schema_version_number(text).is_some());
    Ok(Header {
        open_context: open_context(text).into(),
        schema_version: version.map(Into::into),
        fields: fields.map(|field| field.escaped().into()),
    })
}

/// `context` without its `deployment_url` members and its closing brace, so that one can be added.
fn open_context(context: &str) -> String {
    let mut open = String::with_capacity(context.len());
    open.push('{');
    for member in members(context) {
        if !member.key.means("deployment_url") {
            if open.len() > 1 {
                open.push(',');
            }
            open.push_str(&context[member.start..member.end]);
        }
    }
    open
}

/// Whether a measurement can be a number of OTLP: neither null nor beyond a 64-bit float.
pub(crate) fn finite_number(value: &str) -> Option<&str> {
    (value != "null" && is_finite(value)).then_some(value)
}
