//! Ranges: half-open UTC windows `[start, end)`, given as a preset, as days or as bounds (specification, Ranges).

mod calendar;
mod names;
#[cfg(test)]
mod tests;

use std::ops::RangeInclusive;

pub use self::calendar::{Date, validate_date};
use self::calendar::{USE_DATE_FORM, whole_days};
pub(crate) use self::calendar::{day_number, iso_8601, parse_date};
pub use self::names::suggested_file_name;
use self::names::{Names, file_name_safe};
use crate::error::{Error, Result};

const MILLISECONDS_PER_DAY: i64 = 86_400_000;

/// The milliseconds since 1970 that a JavaScript `Date` holds: 100 million days before and after.
const DATE_LIMITS: RangeInclusive<i64> = -8_640_000_000_000_000..=8_640_000_000_000_000;

const END_BEFORE_START: &str = "End date must be on or after start date.";

/// A range as the caller gives it. [`RangeInput::resolve`] turns it into a window.
#[derive(Clone, Debug, PartialEq)]
pub enum RangeInput {
    /// A preset (`last24Hours`, `last7Days`, `last30Days`, `allTime`), a day (`2026-05-12`) or two days, both
    /// included (`2026-05-12..2026-05-13`).
    Text(String),
    /// Bounds in milliseconds since 1970. A bound that is `None` is open; names that are
    /// `None` follow from the bounds.
    Bounds {
        /// First millisecond inside.
        start_ms: Option<f64>,
        /// First millisecond after.
        end_ms: Option<f64>,
        /// The label for people.
        label: Option<String>,
        /// The part of a file name.
        file_name_part: Option<String>,
    },
}

/// A resolved window `[start_ms, end_ms)`. Either end may be open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    /// First millisecond inside, since 1970 UTC.
    pub start_ms: Option<i64>,
    /// First millisecond after.
    pub end_ms: Option<i64>,
    /// For people: `Last 7 days`, `2026-05-12 to 2026-05-13`.
    pub label: String,
    /// For file names: letters, digits, `.`, `_` and `-` only.
    pub file_name_part: String,
}

impl RangeInput {
    /// Resolves the range. Rolling presets end at `now_ms`, in milliseconds since 1970.
    ///
    /// # Errors
    /// [`Error::InvalidRange`] for a text that is no range, for bounds that are not whole or not in order, and for
    /// bounds or a `now_ms` that a JavaScript `Date` cannot hold.
    pub fn resolve(&self, now_ms: i64) -> Result<Range> {
        within_date(now_ms, "now")?;
        match self {
            Self::Text(text) => resolve_text(text, now_ms),
            Self::Bounds { start_ms, end_ms, label, file_name_part } => {
                let start = whole_milliseconds(*start_ms, "startMs")?;
                let end = whole_milliseconds(*end_ms, "endMs")?;
                if let (Some(start), Some(end)) = (start, end)
                    && start >= end
                {
                    return Err(Error::InvalidRange(format!(
                        "startMs must be less than endMs: the window [{start}, {end}) is empty."
                    )));
                }
                let names = names_of_bounds(start, end, now_ms);
                Ok(Range {
                    start_ms: start,
                    end_ms: end,
                    label: label.clone().unwrap_or(names.label),
                    file_name_part: file_name_part.as_deref().map_or(names.file_name_part, file_name_safe),
                })
            }
        }
    }
}

impl Range {
    fn new(start_ms: Option<i64>, end_ms: Option<i64>, names: Names) -> Self {
        let Names { label, file_name_part } = names;
        Self { start_ms, end_ms, label, file_name_part }
    }

    /// Whether the millisecond lies in the window.
    pub(crate) fn contains(&self, milliseconds: i64) -> bool {
        self.start_ms.is_none_or(|start| start <= milliseconds)
            && self.end_ms.is_none_or(|end| milliseconds < end)
    }

    /// The first and last day of the files to read, as days since 1970 (specification, File selection).
    pub(crate) fn days(&self) -> (Option<i64>, Option<i64>) {
        let day = |milliseconds: i64| milliseconds.div_euclid(MILLISECONDS_PER_DAY);
        (self.start_ms.map(day), self.end_ms.map(|end| day(end.saturating_sub(1))))
    }
}

fn resolve_text(text: &str, now_ms: i64) -> Result<Range> {
    let rolling = |days: i64, label: &str| {
        let start_ms = within_date(now_ms - days * MILLISECONDS_PER_DAY, "the start of the range")?;
        Ok(Range::new(Some(start_ms), Some(now_ms), Names::of_preset(label, now_ms)))
    };
    match text {
        "last24Hours" => rolling(1, "Last 24 hours"),
        "last7Days" => rolling(7, "Last 7 days"),
        "last30Days" => rolling(30, "Last 30 days"),
        "allTime" => Ok(Range::new(None, None, Names::of_all_time(now_ms))),
        _ => resolve_days(text).map_err(|message| {
            let hint = if message == USE_DATE_FORM {
                " Or last24Hours, last7Days, last30Days, allTime, or two days as YYYY-MM-DD..YYYY-MM-DD."
            } else {
                ""
            };
            Error::InvalidRange(format!("{message}{hint} The range is {text:?}."))
        }),
    }
}

fn resolve_days(text: &str) -> Result<Range, &'static str> {
    let (first, last) = text.split_once("..").unwrap_or((text, text));
    let (first, last) = (parse_date(first)?, parse_date(last)?);
    if last < first {
        return Err(END_BEFORE_START);
    }
    let start_ms = day_number(first) * MILLISECONDS_PER_DAY;
    let end_ms = (day_number(last) + 1) * MILLISECONDS_PER_DAY;
    Ok(Range::new(Some(start_ms), Some(end_ms), Names::of_days(first, last)))
}

fn names_of_bounds(start_ms: Option<i64>, end_ms: Option<i64>, now_ms: i64) -> Names {
    match (start_ms, end_ms) {
        (None, None) => Names::of_all_time(now_ms),
        (Some(start), None) => Names::of_times(format!("From {}", iso_8601(start))),
        (None, Some(end)) => Names::of_times(format!("Until {}", iso_8601(end))),
        (Some(start), Some(end)) => match whole_days(start, end) {
            Some((first, last)) => Names::of_days(first, last),
            None => Names::of_times(format!("{} to {}", iso_8601(start), iso_8601(end))),
        },
    }
}

fn whole_milliseconds(bound: Option<f64>, name: &str) -> Result<Option<i64>> {
    let Some(value) = bound else { return Ok(None) };
    if !value.is_finite() || value.fract() != 0.0 {
        return Err(Error::InvalidRange(format!(
            "{name} must be a whole number of milliseconds since 1970, or null for an open end; it is {value}."
        )));
    }
    // The cast saturates, and the ends of i64 are outside the limits, too.
    within_date(value as i64, name).map(Some)
}

/// Checks that a JavaScript `Date` can hold `milliseconds`.
fn within_date(milliseconds: i64, name: &str) -> Result<i64> {
    if DATE_LIMITS.contains(&milliseconds) {
        return Ok(milliseconds);
    }
    Err(Error::InvalidRange(format!(
        "{name} must lie within 8.64e15 milliseconds of 1970, as a JavaScript Date does; it is {milliseconds}."
    )))
}
