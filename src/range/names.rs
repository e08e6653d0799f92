//! What a range is called: its label, its part of a file name, and the file name that is suggested.

use super::Range;
use super::calendar::{Date, iso_8601};

/// The label and file-name part of a range.
pub(super) struct Names {
    pub(super) label: String,
    pub(super) file_name_part: String,
}

impl Names {
    /// A preset means another time each day, so its file name holds the day: `last-7-days-2026-06-12`.
    pub(super) fn of_preset(label: &str, now_ms: i64) -> Self {
        let now = iso_8601(now_ms);
        let (day, _) = now.split_once('T').expect("a T between date and time of day");
        let file_name_part = file_name_safe(&without_plus(&format!("{} {day}", label.to_lowercase())));
        Self { label: label.to_owned(), file_name_part }
    }

    pub(super) fn of_all_time(now_ms: i64) -> Self {
        Self::of_preset("All time", now_ms)
    }

    pub(super) fn of_days(first: Date, last: Date) -> Self {
        if first == last {
            return Self { label: first.to_string(), file_name_part: first.to_string() };
        }
        Self { label: format!("{first} to {last}"), file_name_part: format!("{first}-to-{last}") }
    }

    /// The names of bounds that are not whole days. `label` contains their times.
    pub(super) fn of_times(label: String) -> Self {
        let file_name_part = file_name_safe(&without_plus(&label));
        Self { label, file_name_part }
    }
}

/// Returns `coder-telemetry-{filenamePart}` with `extension`, such as `json` or `otlp.zip`.
pub fn suggested_file_name(range: &Range, extension: &str) -> String {
    format!("coder-telemetry-{}.{extension}", range.file_name_part)
}

/// Replaces everything but letters, digits, `.`, `_` and `-` with `-`.
pub(super) fn file_name_safe(text: &str) -> String {
    let safe = |character: char| character.is_alphanumeric() || matches!(character, '.' | '_' | '-');
    text.chars().map(|character| if safe(character) { character } else { '-' }).collect()
}

/// Removes the sign of years past 9999, which would become a `-` and read as a minus.
fn without_plus(label: &str) -> String {
    label.replace('+', "")
}
