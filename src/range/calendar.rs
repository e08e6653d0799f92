//! Calendar days and ISO 8601.

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};

use super::MILLISECONDS_PER_DAY;

const MILLISECONDS_PER_400_YEARS: i64 = 146_097 * MILLISECONDS_PER_DAY;

/// The text does not have the form `YYYY-MM-DD`.
pub(super) const USE_DATE_FORM: &str = "Use YYYY-MM-DD.";
/// The text has the form, but there is no such day.
const ENTER_VALID_DATE: &str = "Enter a valid calendar date.";

/// A calendar day in UTC.
pub type Date = NaiveDate;

/// Checks a date that a person typed. Returns the message to show, or `None` if the date is valid.
pub fn validate_date(text: &str) -> Option<&'static str> {
    parse_date(text).err()
}

/// Parses a day written as `YYYY-MM-DD`. The error is the message to show.
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
    let number =
        |from: usize, to: usize| text[from..to].parse::<u16>().expect("two or four digits fit 16 bits");
    NaiveDate::from_ymd_opt(i32::from(number(0, 4)), u32::from(number(5, 7)), u32::from(number(8, 10)))
        .ok_or(ENTER_VALID_DATE)
}

/// Days from 1970-01-01 to a day.
pub(crate) fn day_number(date: Date) -> i64 {
    i64::from(date.num_days_from_ce()) - i64::from(DateTime::<Utc>::UNIX_EPOCH.num_days_from_ce())
}

/// The first and last day of a window that consists of whole UTC days; `None` for other windows, and for years that
/// `YYYY-MM-DD` cannot write.
pub(super) fn whole_days(start_ms: i64, end_ms: i64) -> Option<(Date, Date)> {
    let is_midnight = |milliseconds: i64| milliseconds.rem_euclid(MILLISECONDS_PER_DAY) == 0;
    if !is_midnight(start_ms) || !is_midnight(end_ms) {
        return None;
    }
    let date = |milliseconds: i64| {
        DateTime::<Utc>::from_timestamp_millis(milliseconds).map(|time| time.date_naive())
    };
    let (first, last) = (date(start_ms)?, date(end_ms)?.checked_sub_days(Days::new(1))?);
    let is_writable = |date: Date| (0..=9999).contains(&date.year());
    (is_writable(first) && is_writable(last)).then_some((first, last))
}

/// Formats a time as JavaScript's `toISOString` does: with milliseconds, and with a sign and six digits for years
/// outside 0000 to 9999.
pub(crate) fn iso_8601(milliseconds: i64) -> String {
    // A JavaScript `Date` reaches further than chrono, but the calendar repeats every 400 years.
    let cycles = milliseconds.div_euclid(MILLISECONDS_PER_400_YEARS);
    let time = DateTime::<Utc>::from_timestamp_millis(milliseconds.rem_euclid(MILLISECONDS_PER_400_YEARS))
        .expect("chrono holds the 400 years from 1970 on");
    let year = match i64::from(time.year()) + 400 * cycles {
        year @ 0..=9999 => format!("{year:04}"),
        year => format!("{year:+07}"),
    };
    format!("{year}{}", time.format("-%m-%dT%H:%M:%S%.3fZ"))
}
