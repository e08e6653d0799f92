//! Half-open UTC windows: presets, days and bounds, their labels and file-name parts (spec §2).

use std::ops::RangeInclusive;

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};

use crate::error::{Error, Result};
use crate::row::timestamp::{SECONDS_PER_DAY, Timestamp};

const MILLISECONDS_PER_DAY: i64 = 1_000 * SECONDS_PER_DAY;
const MILLISECONDS_PER_400_YEARS: i64 = 146_097 * MILLISECONDS_PER_DAY;

/// The milliseconds since 1970 that a JavaScript `Date` holds: 100 million days on either side.
const DATE_LIMITS: RangeInclusive<i64> = -8_640_000_000_000_000..=8_640_000_000_000_000;

/// The text is not of the form `YYYY-MM-DD`.
const USE_DATE_FORM: &str = "Use YYYY-MM-DD.";
/// The text has the form, but there is no such day.
const ENTER_VALID_DATE: &str = "Enter a valid calendar date.";
/// Two days in the wrong order.
const END_BEFORE_START: &str = "End date must be on or after start date.";

/// A calendar day in UTC.
pub type Date = NaiveDate;

/// What a caller may ask for; [`RangeRequest::resolve`] makes a window of it.
#[derive(Clone, Debug, PartialEq)]
pub enum RangeRequest {
    /// A preset (`last24Hours`, `last7Days`, `last30Days`, `allTime`), a day (`2026-05-12`) or two days, both whole
    /// (`2026-05-12..2026-05-13`).
    Text(String),
    /// Bounds in milliseconds since 1970, `None` is open; label and file-name part follow from them where absent.
    Bounds {
        /// First millisecond inside.
        start_ms: Option<f64>,
        /// First millisecond after.
        end_ms: Option<f64>,
        /// What to call the range.
        label: Option<String>,
        /// What to call it in a file name.
        file_name_part: Option<String>,
    },
}

/// A resolved half-open window `[start_ms, end_ms)`; either end may be open.
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

impl RangeRequest {
    /// The window meant, with rolling presets ending at `now_ms` (milliseconds since 1970).
    ///
    /// # Errors
    /// [`Error::InvalidRange`] for a text that is no range, bounds that are not whole, a start not before its end, and for
    /// bounds or a `now_ms` outside what a JavaScript `Date` holds.
    pub fn resolve(&self, now_ms: i64) -> Result<Range> {
        within_date(now_ms, "now")?;
        match self {
            Self::Text(text) => resolve_text(text, now_ms),
            Self::Bounds { start_ms, end_ms, label, file_name_part } => {
                let start = whole_milliseconds(*start_ms, "startMs")?;
                let end = whole_milliseconds(*end_ms, "endMs")?;
                if let (Some(start), Some(end)) = (start_ms, end_ms)
                    && start >= end
                {
                    return Err(Error::InvalidRange(format!(
                        "startMs must be less than endMs: the window [{start}, {end}) holds no time."
                    )));
                }
                let derived = from_bounds(start, end, now_ms);
                Ok(Range {
                    label: label.clone().unwrap_or(derived.label),
                    file_name_part: file_name_part.as_deref().map_or(derived.file_name_part, file_name_safe),
                    ..derived
                })
            }
        }
    }
}

impl Range {
    /// Whether a time lies in the window.
    pub(crate) fn contains(&self, time: Timestamp) -> bool {
        self.start_ms.is_none_or(|start| Timestamp::from_milliseconds(start) <= time)
            && self.end_ms.is_none_or(|end| time < Timestamp::from_milliseconds(end))
    }

    /// The first and last day that a file name may carry to be read for this window, as days since 1970 (spec §2).
    pub(crate) fn days(&self) -> (Option<i64>, Option<i64>) {
        let day = |milliseconds: i64| milliseconds.div_euclid(MILLISECONDS_PER_DAY);
        (self.start_ms.map(day), self.end_ms.map(|end| day(end.saturating_sub(1))))
    }
}

/// The message for a text that is no date, `None` for a good one.
pub fn validate_date(text: &str) -> Option<&'static str> {
    parse_date(text).err()
}

/// `coder-telemetry-{filenamePart}` with `extension`, such as `json` or `otlp.zip`.
pub fn suggested_file_name(range: &Range, extension: &str) -> String {
    format!("coder-telemetry-{}.{extension}", range.file_name_part)
}

/// Days since 1970 of a calendar day.
pub(crate) fn day_number(date: Date) -> i64 {
    i64::from(date.num_days_from_ce()) - i64::from(DateTime::<Utc>::UNIX_EPOCH.num_days_from_ce())
}

/// A day written `YYYY-MM-DD`, or the message that says what is wrong with it.
pub(crate) fn parse_date(text: &str) -> Result<Date, &'static str> {
    let bytes = text.as_bytes();
    let well_formed = bytes.len() == 10
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if !well_formed {
        return Err(USE_DATE_FORM);
    }
    let number = |from: usize, to: usize| text[from..to].parse::<u16>().unwrap_or_default();
    NaiveDate::from_ymd_opt(i32::from(number(0, 4)), u32::from(number(5, 7)), u32::from(number(8, 10)))
        .ok_or(ENTER_VALID_DATE)
}

/// A time in ISO 8601 with milliseconds, as a manifest and a label carry it: as JavaScript's `toISOString` writes it, with a
/// sign and six digits for years outside 0000 to 9999.
pub(crate) fn iso_8601(milliseconds: i64) -> String {
    // The calendar repeats itself after 400 years, and a JavaScript `Date` reaches further than one of chrono.
    let rounds = milliseconds.div_euclid(MILLISECONDS_PER_400_YEARS);
    let time = DateTime::<Utc>::from_timestamp_millis(milliseconds.rem_euclid(MILLISECONDS_PER_400_YEARS))
        .expect("chrono holds the 400 years from 1970 on");
    let year = match i64::from(time.year()) + 400 * rounds {
        year @ 0..=9999 => format!("{year:04}"),
        year => format!("{year:+07}"),
    };
    format!("{year}{}", time.format("-%m-%dT%H:%M:%S%.3fZ"))
}

fn resolve_text(text: &str, now_ms: i64) -> Result<Range> {
    let rolling = |days: i64, label: &str| {
        Ok(Range {
            start_ms: Some(within_date(now_ms - days * MILLISECONDS_PER_DAY, "the start of the range")?),
            end_ms: Some(now_ms),
            label: label.to_owned(),
            file_name_part: preset_file_name_part(label, now_ms),
        })
    };
    match text {
        "last24Hours" => rolling(1, "Last 24 hours"),
        "last7Days" => rolling(7, "Last 7 days"),
        "last30Days" => rolling(30, "Last 30 days"),
        "allTime" => Ok(all_time(now_ms)),
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
    let (label, file_name_part) = day_names(first, last);
    Ok(Range {
        start_ms: Some(day_number(first) * MILLISECONDS_PER_DAY),
        end_ms: Some((day_number(last) + 1) * MILLISECONDS_PER_DAY),
        label,
        file_name_part,
    })
}

/// Label and file-name part of whole days.
fn day_names(first: Date, last: Date) -> (String, String) {
    if first == last {
        return (first.to_string(), first.to_string());
    }
    (format!("{first} to {last}"), format!("{first}-to-{last}"))
}

fn all_time(now_ms: i64) -> Range {
    let label = "All time".to_owned();
    Range { start_ms: None, end_ms: None, file_name_part: preset_file_name_part(&label, now_ms), label }
}

/// `last-7-days-2026-06-12`: a preset means another time each day, so its file says when it was made.
fn preset_file_name_part(label: &str, now_ms: i64) -> String {
    let moment = iso_8601(now_ms);
    let (day, _) = moment.split_once('T').expect("a T between date and time of day");
    named_by(&format!("{} {day}", label.to_lowercase()))
}

/// The part of a file name for a label of ours. The plus of a year past 9999 is left out: another sign in its place would
/// read as a minus.
fn named_by(label: &str) -> String {
    file_name_safe(&label.replace('+', ""))
}

fn from_bounds(start_ms: Option<i64>, end_ms: Option<i64>, now_ms: i64) -> Range {
    let label = match (start_ms, end_ms) {
        (None, None) => return all_time(now_ms),
        (Some(start), Some(end)) => {
            if let Some((first, last)) = whole_days(start, end) {
                let (label, file_name_part) = day_names(first, last);
                return Range { start_ms, end_ms, label, file_name_part };
            }
            format!("{} to {}", iso_8601(start), iso_8601(end))
        }
        (Some(start), None) => format!("From {}", iso_8601(start)),
        (None, Some(end)) => format!("Until {}", iso_8601(end)),
    };
    Range { start_ms, end_ms, file_name_part: named_by(&label), label }
}

/// The first and last day of a window that is made of whole UTC days which a date text can write.
fn whole_days(start_ms: i64, end_ms: i64) -> Option<(Date, Date)> {
    let midnight = |milliseconds: i64| milliseconds.rem_euclid(MILLISECONDS_PER_DAY) == 0;
    if !midnight(start_ms) || !midnight(end_ms) {
        return None;
    }
    let date = |milliseconds: i64| {
        DateTime::<Utc>::from_timestamp_millis(milliseconds).map(|time| time.date_naive())
    };
    let (first, last) = (date(start_ms)?, date(end_ms)?.checked_sub_days(Days::new(1))?);
    let writable = |date: Date| (0..=9999).contains(&date.year());
    (writable(first) && writable(last)).then_some((first, last))
}

fn whole_milliseconds(bound: Option<f64>, name: &str) -> Result<Option<i64>> {
    let Some(value) = bound else { return Ok(None) };
    if !value.is_finite() || value.fract() != 0.0 {
        return Err(Error::InvalidRange(format!(
            "{name} must be a whole number of milliseconds since 1970, or null for an open end; it is {value}."
        )));
    }
    // A float beyond i64 becomes its end, which lies outside all the same.
    within_date(value as i64, name).map(Some)
}

/// `milliseconds`, if a JavaScript `Date` holds them.
fn within_date(milliseconds: i64, name: &str) -> Result<i64> {
    if DATE_LIMITS.contains(&milliseconds) {
        return Ok(milliseconds);
    }
    Err(Error::InvalidRange(format!(
        "{name} must lie within 8.64e15 milliseconds of 1970, as a JavaScript Date does; it is {milliseconds}."
    )))
}

/// `text` with everything but letters, digits, `.`, `_` and `-` as `-`.
fn file_name_safe(text: &str) -> String {
    let safe = |character: char| character.is_alphanumeric() || matches!(character, '.' | '_' | '-');
    text.chars().map(|character| if safe(character) { character } else { '-' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-06-12T09:00:00.123Z.
    const NOW: i64 = 1_781_254_800_123;

    fn text(range: &str) -> Result<Range> {
        RangeRequest::Text(range.to_owned()).resolve(NOW)
    }

    fn bounds(start_ms: Option<f64>, end_ms: Option<f64>) -> Result<Range> {
        RangeRequest::Bounds { start_ms, end_ms, label: None, file_name_part: None }.resolve(NOW)
    }

    fn message(result: Result<Range>) -> String {
        let error = result.expect_err("no range");
        assert_eq!(error.code(), "ERR_INVALID_RANGE");
        error.to_string()
    }

    #[test]
    fn presets_roll_back_from_now_and_name_the_day_they_were_made() {
        for (range, days, label, part) in [
            ("last24Hours", 1, "Last 24 hours", "last-24-hours-2026-06-12"),
            ("last7Days", 7, "Last 7 days", "last-7-days-2026-06-12"),
            ("last30Days", 30, "Last 30 days", "last-30-days-2026-06-12"),
        ] {
            let range = text(range).expect(label);
            assert_eq!((range.start_ms, range.end_ms), (Some(NOW - days * 86_400_000), Some(NOW)));
            assert_eq!((range.label.as_str(), range.file_name_part.as_str()), (label, part));
        }
    }

    #[test]
    fn all_time_is_open_at_both_ends() {
        let range = text("allTime").expect("a preset");
        assert_eq!((range.start_ms, range.end_ms), (None, None));
        assert_eq!(range.label, "All time");
        assert_eq!(range.file_name_part, "all-time-2026-06-12");
        assert_eq!(bounds(None, None).expect("open"), range);
    }

    #[test]
    fn days_are_whole_and_include_the_last_one() {
        let range = text("2026-05-12..2026-05-13").expect("days");
        assert_eq!(range.start_ms, Some(1_778_544_000_000));
        assert_eq!(range.end_ms, Some(1_778_544_000_000 + 2 * 86_400_000));
        assert_eq!(range.label, "2026-05-12 to 2026-05-13");
        assert_eq!(range.file_name_part, "2026-05-12-to-2026-05-13");
        let day = text("2026-05-12").expect("a day");
        assert_eq!(day.end_ms, Some(1_778_544_000_000 + 86_400_000));
        assert_eq!((day.label.as_str(), day.file_name_part.as_str()), ("2026-05-12", "2026-05-12"));
        assert_eq!(text("2026-05-12..2026-05-12").expect("a day"), day);
    }

    #[test]
    fn bounds_of_whole_days_are_named_like_the_text_form() {
        let days = text("2026-05-12..2026-05-13").expect("days");
        assert_eq!(bounds(Some(1_778_544_000_000.0), Some(1_778_716_800_000.0)).expect("days"), days);
        let day = text("2026-05-12").expect("a day");
        assert_eq!(bounds(Some(1_778_544_000_000.0), Some(1_778_630_400_000.0)).expect("a day"), day);
    }

    #[test]
    fn other_bounds_are_named_in_iso_8601() {
        let from = bounds(Some(1.0), None).expect("half open");
        assert_eq!(from.label, "From 1970-01-01T00:00:00.001Z");
        assert_eq!(from.file_name_part, "From-1970-01-01T00-00-00.001Z");
        assert_eq!(bounds(None, Some(0.0)).expect("half open").label, "Until 1970-01-01T00:00:00.000Z");
        assert_eq!(
            bounds(Some(-1.0), Some(1.0)).expect("a window").label,
            "1969-12-31T23:59:59.999Z to 1970-01-01T00:00:00.001Z"
        );
        assert_eq!(
            bounds(Some(0.0), Some(1.0)).expect("a window").label,
            "1970-01-01T00:00:00.000Z to 1970-01-01T00:00:00.001Z"
        );
    }

    #[test]
    fn a_given_label_and_file_name_part_win_and_the_part_is_made_safe() {
        let range = RangeRequest::Bounds {
            start_ms: None,
            end_ms: Some(5.0),
            label: Some("Before / the move".to_owned()),
            file_name_part: Some("Before / the_mové.1".to_owned()),
        };
        let range = range.resolve(NOW).expect("a window");
        assert_eq!(range.label, "Before / the move");
        assert_eq!(range.file_name_part, "Before---the_mové.1");
        assert_eq!(suggested_file_name(&range, "json"), "coder-telemetry-Before---the_mové.1.json");
    }

    #[test]
    fn texts_that_are_no_range_say_what_is_wrong() {
        assert!(message(text("yesterday")).starts_with("Use YYYY-MM-DD."));
        assert!(message(text("")).starts_with("Use YYYY-MM-DD."));
        assert!(message(text("2026-5-12")).starts_with("Use YYYY-MM-DD."));
        assert!(message(text("2026-05-12..")).starts_with("Use YYYY-MM-DD."));
        assert!(message(text("2026-02-29")).starts_with("Enter a valid calendar date."));
        assert!(
            message(text("2026-05-13..2026-05-12")).starts_with("End date must be on or after start date.")
        );
    }

    #[test]
    fn bounds_must_be_whole_milliseconds_in_order() {
        for (start, end) in [
            (Some(5.0), Some(5.0)),
            (Some(6.0), Some(5.0)),
            (Some(0.5), None),
            (None, Some(f64::NAN)),
            (Some(f64::NEG_INFINITY), None),
        ] {
            message(bounds(start, end));
        }
    }

    #[test]
    fn bounds_outside_what_a_javascript_date_holds_are_no_range() {
        const LAST: f64 = 8.64e15;
        for (start, end) in [
            (Some(-1e300), Some(LAST)),
            (Some(-LAST), Some(1e300)),
            (Some(1e19), Some(2e19)),
            (Some(-LAST - 1.0), None),
            (None, Some(LAST + 1.0)),
        ] {
            let message = message(bounds(start, end));
            assert!(message.contains("must lie within 8.64e15 milliseconds of 1970"), "{message}");
        }
        let whole = bounds(Some(-LAST), Some(LAST)).expect("all that a Date holds");
        assert_eq!(
            (whole.start_ms, whole.end_ms),
            (Some(-8_640_000_000_000_000), Some(8_640_000_000_000_000))
        );
        assert_eq!(whole.label, "-271821-04-20T00:00:00.000Z to +275760-09-13T00:00:00.000Z");
        assert_eq!(whole.file_name_part, "-271821-04-20T00-00-00.000Z-to-275760-09-13T00-00-00.000Z");
    }

    #[test]
    fn a_now_outside_what_a_javascript_date_holds_is_no_time_for_any_range() {
        let resolve = |range: &str, now: i64| RangeRequest::Text(range.to_owned()).resolve(now);
        for now in [i64::MIN, -8_640_000_000_000_001, 8_640_000_000_000_001, i64::MAX] {
            for range in ["last24Hours", "allTime", "2026-05-12"] {
                assert!(message(resolve(range, now)).starts_with("now must lie within"), "{now}");
            }
        }
        // The window of a rolling preset begins before the first time there is.
        assert!(
            message(resolve("last24Hours", -8_640_000_000_000_000))
                .starts_with("the start of the range must")
        );
    }

    #[test]
    fn years_past_four_digits_are_iso_8601_in_labels_and_have_no_plus_in_names() {
        let part = |now: i64| {
            RangeRequest::Text("last30Days".to_owned()).resolve(now).expect("a preset").file_name_part
        };
        assert_eq!(part(8_640_000_000_000_000), "last-30-days-275760-09-13");
        assert_eq!(part(253_402_300_799_999), "last-30-days-9999-12-31");
        assert_eq!(part(253_402_300_800_000), "last-30-days-010000-01-01");
        let label = |start: f64| bounds(Some(start), None).expect("half open").label;
        assert_eq!(label(253_402_300_799_999.0), "From 9999-12-31T23:59:59.999Z");
        assert_eq!(label(253_402_300_800_000.0), "From +010000-01-01T00:00:00.000Z");
        assert_eq!(label(-62_167_219_200_000.0), "From 0000-01-01T00:00:00.000Z");
        assert_eq!(label(-62_167_219_200_001.0), "From -000001-12-31T23:59:59.999Z");
    }

    #[test]
    fn the_window_is_half_open() {
        let range = bounds(Some(0.0), Some(1000.0)).expect("a window");
        let inside = |text: &str| range.contains(Timestamp::parse(text).expect("a time"));
        assert!(inside("1970-01-01T00:00:00Z"));
        assert!(inside("1970-01-01T00:00:00.999999999Z"));
        assert!(!inside("1970-01-01T00:00:01Z"));
        assert!(!inside("1969-12-31T23:59:59.999999999Z"));
    }

    #[test]
    fn file_days_run_from_the_start_to_the_last_millisecond() {
        assert_eq!(text("1970-01-02..1970-01-03").expect("days").days(), (Some(1), Some(2)));
        assert_eq!(bounds(Some(-1.0), Some(1.0)).expect("a window").days(), (Some(-1), Some(0)));
        assert_eq!(text("allTime").expect("a preset").days(), (None, None));
    }

    #[test]
    fn a_date_is_judged_by_form_first_and_calendar_second() {
        for (date, verdict) in [
            ("2026-06-12", None),
            ("2024-02-29", None),
            ("0000-02-29", None),
            ("2026-02-29", Some("Enter a valid calendar date.")),
            ("2026-00-10", Some("Enter a valid calendar date.")),
            ("2026-06-31", Some("Enter a valid calendar date.")),
            ("2026-6-1", Some("Use YYYY-MM-DD.")),
            (" 2026-06-12", Some("Use YYYY-MM-DD.")),
            ("2026/06/12", Some("Use YYYY-MM-DD.")),
            ("２026-06-1", Some("Use YYYY-MM-DD.")),
            ("", Some("Use YYYY-MM-DD.")),
        ] {
            assert_eq!(validate_date(date), verdict, "{date}");
        }
    }
}
