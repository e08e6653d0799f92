//! Telemetry files by name: which names are telemetry files (specification, File names), and how files are ordered.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::privacy::redaction::Redactor;
use crate::range::{Date, parse_date};
use crate::sizes::index;

const PREFIX: &str = "telemetry-";
const SUFFIX: &str = ".jsonl";
/// Where the session begins in a name: after the prefix, the date and a hyphen.
const SESSION_AT: usize = PREFIX.len() + 11;

/// A telemetry file as it was listed. Small, since a directory may hold a hundred thousand of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogFile {
    name: Box<str>,
    session_length: u32,
    date: Date,
    size: u64,
}

impl LogFile {
    pub(super) fn new(name: String, date: Date, session_length: usize, size: u64) -> Self {
        let session_length = index(session_length);
        Self { name: name.into(), session_length, date, size }
    }

    /// The file's name in the telemetry directory.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name as lists have it: if the export is redacted, without the session.
    pub(crate) fn listed_name(&self, redactor: Option<&Redactor>) -> String {
        listed_name(&self.name, redactor)
    }

    /// The session as lists have it: if the export is redacted, a pseudonym.
    pub(crate) fn listed_session(&self, redactor: Option<&Redactor>) -> Cow<'_, str> {
        match redactor {
            Some(redactor) => redactor.file_session(self.session()),
            None => Cow::Borrowed(self.session()),
        }
    }

    /// The UTC day in the name.
    pub fn date(&self) -> Date {
        self.date
    }

    /// The session field of the name.
    pub fn session(&self) -> &str {
        &self.name[SESSION_AT..SESSION_AT + self.session_length as usize]
    }

    /// The part number in the name, 0 if there is none. A larger number counts as `u64::MAX`.
    pub fn part(&self) -> u64 {
        let digits = self.part_digits();
        if digits.is_empty() { 0 } else { digits.parse().unwrap_or(u64::MAX) }
    }

    /// Bytes in the file when it was listed.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The part number without leading zeros, of any length.
    fn part_digits(&self) -> &str {
        let rest = &self.name[SESSION_AT + self.session_length as usize..];
        let part = rest.strip_suffix(SUFFIX).expect("names of telemetry files end in it");
        part.trim_start_matches('.').trim_start_matches('0')
    }

    /// The order of parts: by number, equal numbers by name.
    fn compare_part(&self, other: &Self) -> Ordering {
        let (ours, theirs) = (self.part_digits(), other.part_digits());
        ours.len().cmp(&theirs.len()).then_with(|| ours.cmp(theirs)).then_with(|| self.name.cmp(&other.name))
    }

    /// The order in which files are read: session, date, part.
    pub(super) fn compare_for_reading(&self, other: &Self) -> Ordering {
        (self.session(), self.date).cmp(&(other.session(), other.date)).then_with(|| self.compare_part(other))
    }

    /// The order of lists for people: date, session, part.
    pub(crate) fn compare_for_summary(&self, other: &Self) -> Ordering {
        (self.date, self.session()).cmp(&(other.date, other.session())).then_with(|| self.compare_part(other))
    }
}

/// Whether `name` is the name of a telemetry file.
pub(crate) fn is_telemetry_file_name(name: &[u8]) -> bool {
    ParsedName::of(name).is_some()
}

/// The name of a telemetry file as lists have it: if the export is redacted, without the session.
pub(crate) fn listed_name(name: &str, redactor: Option<&Redactor>) -> String {
    let session = ParsedName::of(name.as_bytes()).map_or(0, |parsed| parsed.session.len());
    match redactor {
        Some(redactor) if session > 0 => {
            let (before, rest) = name.split_at(SESSION_AT);
            let (session, after) = rest.split_at(session);
            format!("{before}{}{after}", redactor.file_session(session))
        }
        _ => name.to_owned(),
    }
}

/// The fields of `telemetry-YYYY-MM-DD-{session}[.{part}].jsonl`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ParsedName<'a> {
    pub(super) date: Date,
    pub(super) session: &'a [u8],
}

impl<'a> ParsedName<'a> {
    pub(super) fn of(name: &'a [u8]) -> Option<Self> {
        let rest = name.strip_prefix(PREFIX.as_bytes())?.strip_suffix(SUFFIX.as_bytes())?;
        let (date, rest) = rest.split_at_checked(10)?;
        let date = parse_date(std::str::from_utf8(date).ok()?).ok()?;
        let rest = rest.strip_prefix(b"-")?;
        let (session, part) = match memchr::memchr(b'.', rest) {
            Some(dot) => (&rest[..dot], Some(&rest[dot + 1..])),
            None => (rest, None),
        };
        let decimal = |part: &[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_digit);
        (!session.is_empty() && part.is_none_or(decimal)).then_some(Self { date, session })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_telemetry(name: &str) -> bool {
        is_telemetry_file_name(name.as_bytes())
    }

    #[test]
    fn only_names_of_the_specified_form_are_telemetry_files() {
        for name in [
            "telemetry-2026-06-01-a.jsonl",
            "telemetry-2026-06-01-a.0.jsonl",
            "telemetry-2026-06-01-a.12345678901234567890123.jsonl",
            "telemetry-2024-02-29-dcdb98e0.jsonl",
            "telemetry-2026-06-01- -é-.01.jsonl",
        ] {
            assert!(is_telemetry(name), "{name}");
        }
        for name in [
            "telemetry-2026-06-01-.jsonl",
            "telemetry-2026-06-01.jsonl",
            "telemetry-2026-06-01-a.b.jsonl",
            "telemetry-2026-06-01-a..jsonl",
            "telemetry-2026-06-01-a.1.2.jsonl",
            "telemetry-2026-06-01-a.-1.jsonl",
            "telemetry-2026-02-29-a.jsonl",
            "telemetry-2026-6-1-a.jsonl",
            "telemetry-2026-06-01-a.jsonl.gz",
            "telemetry-2026-06-01-a.JSONL",
            "Telemetry-2026-06-01-a.jsonl",
            "telemetry-2026-06-01-a.json",
            ".telemetry-2026-06-01-a.jsonl",
        ] {
            assert!(!is_telemetry(name), "{name}");
        }
        assert!(is_telemetry_file_name(b"telemetry-2026-06-01-\xff.jsonl"));
    }
}
