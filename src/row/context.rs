//! Context objects: the one of a header, which later rows inherit, and the one that a row carries itself.

use std::borrow::Cow;

use crate::json::{JsonString, members};
use crate::privacy::redaction::{Names, ReplacedCounts};

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

/// A header row. Later rows of its file inherit its context.
#[derive(Debug)]
pub(crate) struct Header {
    /// The context object as stored, without any `deployment_url` and without the closing brace.
    pub(crate) open_context: Box<str>,
    /// The version's text, if it is a positive integer.
    pub(crate) schema_version: Option<Box<str>>,
    /// The eight strings, still escaped.
    fields: [Box<str>; 8],
    /// Of a header that was redacted.
    pub(super) redaction: Option<Box<HeaderRedaction>>,
}

/// What is known of a redacted header.
#[derive(Debug)]
pub(super) struct HeaderRedaction {
    /// The `session_id` of the file.
    pub(super) recorded_session_id: Box<str>,
    /// What the rows under the header must not repeat.
    pub(super) names: Names,
    /// What was replaced in the context.
    pub(super) counts: ReplacedCounts,
}

impl Header {
    /// The header with the context object `context`. `version` is a positive integer.
    pub(super) fn new(context: &str, version: Option<&str>) -> Result<Self, String> {
        let fields: [JsonString<'_>; 8] = context_members(context)?;
        Ok(Self {
            open_context: open_context(context).into(),
            schema_version: version.map(Into::into),
            fields: fields.map(|field| field.escaped().into()),
            redaction: None,
        })
    }

    /// The context of a row under this header.
    pub(crate) fn fields<'a>(&'a self, deployment_url: JsonString<'a>) -> ContextFields<JsonString<'a>> {
        ContextFields::new(self.fields.each_ref().map(|field| JsonString::of_escaped(field)), deployment_url)
    }

    /// Bytes that the header takes in memory.
    pub(crate) fn weight(&self) -> usize {
        size_of::<Self>()
            + self.open_context.len()
            + self.fields.iter().map(|field| field.len()).sum::<usize>()
            + self.redaction.as_ref().map_or(0, |redaction| {
                size_of::<HeaderRedaction>() + redaction.recorded_session_id.len() + redaction.names.weight()
            })
    }

    /// The `session_id` of the context as it is in the file. It decides the order of events, even if it was replaced.
    pub(crate) fn recorded_session_id(&self) -> Cow<'_, str> {
        match &self.redaction {
            Some(redaction) => Cow::Borrowed(&redaction.recorded_session_id),
            None => self.fields(JsonString::default()).session_id.decoded(),
        }
    }
}

/// A context that a row carries itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OwnContext<'a> {
    /// The object's text.
    pub(crate) text: &'a str,
    /// Still escaped.
    pub(crate) fields: ContextFields<JsonString<'a>>,
    /// The `session_id` as it is in the row. It decides the order of events, even if it was replaced.
    pub(crate) recorded_session_id: JsonString<'a>,
    /// The address of the object's text in the first of the rows that repeat it byte for byte.
    pub(crate) address: usize,
}

impl<'a> OwnContext<'a> {
    /// Reads a context object.
    pub(super) fn read(text: &'a str) -> Result<Self, String> {
        let [of_header @ .., deployment_url]: [_; 9] = context_members(text)?;
        let fields = ContextFields::new(of_header, deployment_url);
        Ok(Self { text, fields, recorded_session_id: fields.session_id, address: text.as_ptr() as usize })
    }
}

/// The first `COUNT` of [`CONTEXT_MEMBERS`] in a context object. They must all be strings.
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
