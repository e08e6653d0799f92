//! The members of a row, found in the pass that checks its JSON.

use std::ops::Range;

use crate::json::{Invalid, JsonString, byte, object_end, space_end, value_end};

/// Members of a row that have a meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MemberName {
    EventId,
    EventName,
    Timestamp,
    EventSequence,
    Properties,
    Measurements,
    TraceId,
    ParentEventId,
    Error,
    DeploymentUrl,
    Context,
    SchemaVersion,
    Kind,
}

/// The texts of a row's members. If a key occurs twice, its last member counts.
#[derive(Default)]
pub(crate) struct RowMembers<'a> {
    /// The row from `{` to `}`.
    pub(crate) row: &'a str,
    /// Where in its line the row begins.
    pub(crate) row_start: usize,
    values: [Option<&'a str>; MemberName::Kind as usize + 1],
    pub(crate) inherited: InheritedMembers,
    /// Whether there are members that are not read: unknown ones, `kind`, and optional ones that are `null`.
    pub(crate) has_idle: bool,
    /// Whether a member with a meaning occurs twice.
    pub(crate) has_shadowed: bool,
    /// Whether `properties` is an object of strings.
    pub(crate) properties_fit: bool,
    /// Whether `measurements` is an object of numbers and nulls.
    pub(crate) measurements_fit: bool,
}

/// Where a row has `deployment_url`, `schema_version` and `context`. An exported row under a header gets new ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct InheritedMembers {
    pub(crate) count: usize,
    /// Where the last of them starts and ends, as offsets into the row.
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl MemberName {
    pub(super) fn of(key: JsonString<'_>) -> Option<Self> {
        match Self::spelled(key.escaped()) {
            None if key.escaped().contains('\\') => Self::spelled(&key.decoded()),
            found => found,
        }
    }

    fn spelled(name: &str) -> Option<Self> {
        Some(match name {
            "event_id" => Self::EventId,
            "event_name" => Self::EventName,
            "timestamp" => Self::Timestamp,
            "event_sequence" => Self::EventSequence,
            "properties" => Self::Properties,
            "measurements" => Self::Measurements,
            "trace_id" => Self::TraceId,
            "parent_event_id" => Self::ParentEventId,
            "error" => Self::Error,
            "deployment_url" => Self::DeploymentUrl,
            "context" => Self::Context,
            "schema_version" => Self::SchemaVersion,
            "kind" => Self::Kind,
            _ => return None,
        })
    }
}

impl<'a> RowMembers<'a> {
    /// Checks that `line` is JSON and finds the members of the row; `None` if it holds no object.
    pub(crate) fn scan(line: &'a str, last_context: Option<&str>) -> Result<Option<Self>, Invalid> {
        let mut found = Self::default();
        let begin = space_end(line, 0);
        let is_object = byte(line, begin) == Some(b'{');
        let end = if is_object {
            object_end(line, begin, |key, start, value| found.take(line, key, start..value, last_context))?
        } else {
            value_end(line, begin)?
        };
        if space_end(line, end) < line.len() {
            return Err(Invalid);
        }
        found.row = &line[begin..end];
        found.row_start = begin;
        found.inherited.start = found.inherited.start.saturating_sub(begin);
        found.inherited.end = found.inherited.end.saturating_sub(begin);
        Ok(is_object.then_some(found))
    }

    /// Notes the member of `line` whose key and colon are in `head`. Returns where the member ends.
    fn take(
        &mut self,
        line: &'a str,
        key: JsonString<'a>,
        head: Range<usize>,
        last_context: Option<&str>,
    ) -> Result<usize, Invalid> {
        let at = head.end;
        let Some(name) = MemberName::of(key) else {
            self.has_idle = true;
            return value_end(line, at);
        };
        // No required member of a good row is null.
        self.has_idle |= name == MemberName::Kind || byte(line, at) == Some(b'n');
        let end = match name {
            MemberName::Properties => {
                let (end, fits) = object_of_end(line, at, |first| first == b'"')?;
                self.properties_fit = fits;
                end
            }
            MemberName::Measurements => {
                let fits = |first: u8| first == b'-' || first.is_ascii_digit() || first == b'n';
                let (end, fits) = object_of_end(line, at, fits)?;
                self.measurements_fit = fits;
                end
            }
            MemberName::Context => match last_context {
                Some(last) if line[at..].starts_with(last) => at + last.len(),
                _ => value_end(line, at)?,
            },
            _ => value_end(line, at)?,
        };
        if matches!(name, MemberName::DeploymentUrl | MemberName::Context | MemberName::SchemaVersion) {
            let count = self.inherited.count + 1;
            self.inherited = InheritedMembers { count, start: head.start, end };
        }
        self.has_shadowed |= self.values[name as usize].replace(&line[at..end]).is_some();
        Ok(end)
    }

    /// The text of a member, as it is stored.
    pub(crate) fn value(&self, name: MemberName) -> Option<&'a str> {
        self.values[name as usize]
    }
}

/// Where the value at `at` ends, and whether it is an object in which `fits` accepts the first byte of each value.
fn object_of_end(line: &str, at: usize, fits: impl Fn(u8) -> bool) -> Result<(usize, bool), Invalid> {
    if byte(line, at) != Some(b'{') {
        return Ok((value_end(line, at)?, false));
    }
    let mut all_fit = true;
    let end = object_end(line, at, |_, _, value| {
        all_fit &= byte(line, value).is_some_and(&fits);
        value_end(line, value)
    })?;
    Ok((end, all_fit))
}
