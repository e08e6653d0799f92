//! Reads one line of a telemetry file: a header, an event that borrows from the line, or the reason why the line is
//! bad (specification, Input).

use std::borrow::Cow;
use std::collections::HashMap;

use serde::de::IgnoredAny;

use super::context::{Header, OwnContext};
use super::members::{InheritedMembers, MemberName, RowMembers};
use super::timestamp::Timestamp;
use crate::json::{Invalid, JsonString, exact_integer, is_finite, members};

/// Characters of a member's name that a reason quotes.
const QUOTED_NAME_LIMIT: usize = 80;

/// A good row.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "nearly every row is an event, and a row lives for a moment")]
pub(crate) enum Row<'a> {
    Header(Header),
    Event(Event<'a>),
}

/// The `error` of an event.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ErrorBlock<'a> {
    /// The object's text.
    pub(crate) text: &'a str,
    pub(crate) message: JsonString<'a>,
    pub(crate) kind: Option<JsonString<'a>>,
    pub(crate) code: Option<JsonString<'a>>,
}

/// A good row that is not a header. All text is borrowed from the row and still escaped.
#[derive(Clone, Debug)]
pub(crate) struct Event<'a> {
    /// The row from `{` to `}`.
    pub(crate) row: &'a str,
    /// Where in its line the row begins.
    pub(crate) row_start: usize,
    /// How many bytes of the row are as they are in its line, from the start. The others were replaced.
    pub(crate) unchanged: usize,
    pub(crate) event_id: JsonString<'a>,
    pub(crate) event_name: JsonString<'a>,
    pub(crate) timestamp: Timestamp,
    /// The timestamp as it is stored.
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
    /// Always there if `context` is not.
    pub(crate) deployment_url: Option<JsonString<'a>>,
    pub(crate) context: Option<OwnContext<'a>>,
    /// The member's text unless it is absent or null.
    pub(crate) schema_version: Option<&'a str>,
    /// Members that a row under a header loses, because it inherits them.
    pub(crate) inherited_members: InheritedMembers,
    /// Whether the row has members that are not read: unknown ones, `kind`, and optional ones that are `null`.
    pub(crate) has_idle_members: bool,
    /// Whether the row has a member twice. Only the last one counts, but all are written.
    pub(crate) has_shadowed_members: bool,
}

/// A bad line, and why it is bad.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BadRow<'a> {
    reason: BadReason<'a>,
    /// Whether the row is a header. Rows after a bad header have no context to inherit.
    pub(crate) is_header: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum BadReason<'a> {
    Reason(String),
    /// A member of `properties` or `measurements` has a value of the wrong type.
    Member {
        object: &'static str,
        key: JsonString<'a>,
        wanted: &'static str,
    },
    /// The JSON of this line is invalid. The reason is found out only when it is asked for, because only the first
    /// bad lines are listed.
    InvalidJson(&'a str),
}

impl From<String> for BadReason<'_> {
    fn from(reason: String) -> Self {
        Self::Reason(reason)
    }
}

impl From<&str> for BadReason<'_> {
    fn from(reason: &str) -> Self {
        Self::Reason(reason.to_owned())
    }
}

impl BadRow<'_> {
    /// The reason, as a sentence that needs only the line number beside it. `shown` says how a key is shown that the
    /// reason quotes.
    pub(crate) fn reason(self, shown: impl for<'k> FnOnce(&'k str) -> Cow<'k, str>) -> String {
        match self.reason {
            BadReason::Reason(reason) => reason,
            BadReason::Member { object, key, wanted } => {
                let key: String = shown(&key.decoded()).chars().take(QUOTED_NAME_LIMIT).collect();
                format!("{object}.{key} is not {wanted}")
            }
            BadReason::InvalidJson(line) => why_invalid(line),
        }
    }
}

/// Reads rows. It remembers the last context, which most rows of a session repeat byte for byte.
#[derive(Debug, Default)]
pub(crate) struct RowReader<'a> {
    last_context: Option<OwnContext<'a>>,
}

impl<'a> RowReader<'a> {
    /// Reads a line that is not blank. `line` has no line end.
    ///
    /// # Errors
    /// Why the line is bad.
    pub(crate) fn read(&mut self, line: &'a str) -> Result<Row<'a>, BadRow<'a>> {
        let bad = |is_header| move |reason| BadRow { reason, is_header };
        let found = self.scan(line).map_err(|reason| BadRow { reason, is_header: false })?;
        if found
            .value(MemberName::Kind)
            .and_then(JsonString::of_value)
            .is_some_and(|kind| kind.means("header"))
        {
            return read_header(&found).map(Row::Header).map_err(|reason| bad(true)(reason.into()));
        }
        self.read_event(&found).map(Row::Event).map_err(bad(false))
    }

    fn scan(&self, line: &'a str) -> Result<RowMembers<'a>, BadReason<'a>> {
        match RowMembers::scan(line, self.last_context.as_ref().map(|context| context.text)) {
            Ok(found) => found.ok_or_else(|| BadReason::Reason("not a JSON object".to_owned())),
            Err(Invalid) => Err(BadReason::InvalidJson(line)),
        }
    }

    fn read_event(&mut self, found: &RowMembers<'a>) -> Result<Event<'a>, BadReason<'a>> {
        let required = |value: Option<&'a str>, name: &str| value.ok_or_else(|| format!("{name} is missing"));
        let timestamp = string(required(found.value(MemberName::Timestamp), "timestamp")?, "timestamp")?;
        let event_sequence = required(found.value(MemberName::EventSequence), "event_sequence")?;
        if !is_number(event_sequence) {
            return Err("event_sequence is not a number".into());
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
            return Err("deployment_url is missing, and the row has no context of its own".into());
        }
        Ok(Event {
            row: found.row,
            row_start: found.row_start,
            unchanged: found.row.len(),
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
            has_shadowed_members: found.has_shadowed,
        })
    }

    fn own_context(&mut self, text: &'a str) -> Result<OwnContext<'a>, String> {
        if let Some(last) = self.last_context.filter(|last| last.text == text) {
            return Ok(OwnContext { text, ..last });
        }
        let context = OwnContext::read(text)?;
        self.last_context = Some(context);
        Ok(context)
    }
}

/// The schema version of a row or header, if it is newer than the one that this exporter knows.
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

/// Why the JSON of a line is invalid, in the words of serde_json.
fn why_invalid(line: &str) -> String {
    let Err(error) = serde_json::from_str::<IgnoredAny>(line) else { return "invalid JSON".to_owned() };
    let text = error.to_string();
    let (what, _) = text.split_once(" at line ").unwrap_or((&text, ""));
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

/// Checks that `object` is an object whose members are all `valid`. If a key occurs twice, its last member counts, so
/// an invalid member does no harm if another one follows.
fn check_object<'a>(
    object: &'a str,
    name: &'static str,
    wanted: &'static str,
    valid: impl Fn(&str) -> bool,
) -> Result<(), BadReason<'a>> {
    if !object.starts_with('{') {
        return Err(format!("{name} is not an object").into());
    }
    if members(object).all(|member| valid(member.value)) {
        return Ok(());
    }
    let last: HashMap<_, _> = members(object).map(|member| (member.key.decoded(), member.value)).collect();
    let wrong =
        members(object).find(|member| last.get(&member.key.decoded()).is_some_and(|value| !valid(value)));
    wrong.map_or(Ok(()), |member| Err(BadReason::Member { object: name, key: member.key, wanted }))
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
    let context = present(found.value(MemberName::Context)).ok_or("the header's context is missing")?;
    let version = found.value(MemberName::SchemaVersion).filter(|text| schema_version_number(text).is_some());
    Header::new(context, version).map_err(|reason| format!("the header's {reason}"))
}

/// The text of a measurement, if OTLP can hold the number: it is neither null nor beyond a 64-bit float.
pub(crate) fn finite_number(value: &str) -> Option<&str> {
    (value != "null" && is_finite(value)).then_some(value)
}
