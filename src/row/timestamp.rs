//! A point in time of a telemetry row: RFC 3339 text in, nanoseconds out.

use chrono::NaiveDate;

/// A UTC day, in days since 1970.
pub(crate) type Day = i64;
/// Nanoseconds since 1970, UTC.
pub(crate) type Nanoseconds = u64;

pub(crate) const NANOSECONDS_PER_MILLISECOND: Nanoseconds = 1_000_000;
pub(crate) const NANOSECONDS_PER_SECOND: Nanoseconds = 1_000 * NANOSECONDS_PER_MILLISECOND;
pub(crate) const NANOSECONDS_PER_DAY: Nanoseconds = SECONDS_PER_DAY.unsigned_abs() * NANOSECONDS_PER_SECOND;
pub(crate) const SECONDS_PER_DAY: i64 = 24 * 60 * 60;

/// A UTC time with nanoseconds, over all years that RFC 3339 can write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Timestamp {
    /// Whole seconds since 1970-01-01T00:00:00Z, rounded down.
    seconds: i64,
    /// 0 to 999,999,999.
    nanoseconds: u32,
}

impl Timestamp {
    /// Later than any row.
    pub(crate) const MAX: Self = Self { seconds: i64::MAX, nanoseconds: 999_999_999 };

    /// Reads the `date-time` of RFC 3339 §5.6. Lower case `t` and `z` are allowed, a second `60` counts on
    /// into the next minute, digits past the ninth are cut (specification, Timestamps). `None` for anything
    /// else, impossible dates included.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (clock, rest) = text.as_bytes().split_first_chunk::<19>()?;
        if [clock[4], clock[7], clock[13], clock[16]] != *b"--::" || !matches!(clock[10], b'T' | b't') {
            return None;
        }
        let number = |at: usize| two_digits([clock[at], clock[at + 1]]);
        let year = number(0)? * 100 + number(2)?;
        let (month, day) = (number(5)?, number(8)?);
        let (hour, minute, second) = (number(11)?, number(14)?, number(17)?);
        if hour > 23 || minute > 59 || second > 60 {
            return None;
        }
        let (nanoseconds, offset_text) = fraction(rest)?;
        let offset_minutes = offset(offset_text)?;
        let days = days_since_1970(i32::try_from(year).ok()?, month, day)?;
        let seconds =
            days * SECONDS_PER_DAY + i64::from(hour * 3_600 + minute * 60 + second) - offset_minutes * 60;
        Some(Self { seconds, nanoseconds })
    }

    /// Milliseconds since 1970, rounded down.
    pub(crate) fn unix_milliseconds(self) -> i64 {
        self.seconds * 1000 + i64::from(self.nanoseconds / 1_000_000)
    }

    /// Nanoseconds since 1970; `None` before it and past what `i64` holds (2262), which no OTLP receiver takes.
    pub(crate) fn unix_nanoseconds(self) -> Option<u64> {
        let seconds = self.seconds.checked_mul(NANOSECONDS_PER_SECOND.cast_signed())?;
        u64::try_from(seconds.checked_add(i64::from(self.nanoseconds))?).ok()
    }

    /// Seconds since 1970 as a float, for estimates only.
    pub(crate) fn approximate_seconds(self) -> f64 {
        self.seconds as f64 + f64::from(self.nanoseconds) / 1e9
    }

    /// The time about `seconds` later, for estimates only.
    pub(crate) fn approximately_after(self, seconds: f64) -> Self {
        Self { seconds: self.seconds.saturating_add(seconds as i64), nanoseconds: self.nanoseconds }
    }
}

/// Days from 1970-01-01 to a date of the Gregorian calendar; `None` if the date does not exist.
fn days_since_1970(year: i32, month: u32, day: u32) -> Option<i64> {
    /// `NaiveDate::from_ymd(1970, 1, 1)` counted from the year 1.
    const DAYS_BEFORE_1970: i64 = 719_163;
    let date = NaiveDate::from_ymd_opt(year, month, day)?;
    Some(i64::from(chrono::Datelike::num_days_from_ce(&date)) - DAYS_BEFORE_1970)
}

fn two_digits(digits: [u8; 2]) -> Option<u32> {
    let [tens, ones] = digits.map(|byte| u32::from(byte.wrapping_sub(b'0')));
    (tens < 10 && ones < 10).then_some(tens * 10 + ones)
}

/// The fraction of a second at the start of `text` in nanoseconds, 0 if there is none, and the rest of the text.
fn fraction(text: &[u8]) -> Option<(u32, &[u8])> {
    let Some(digits) = text.strip_prefix(b".") else { return Some((0, text)) };
    let mut nanoseconds = 0;
    let mut unit = 100_000_000;
    let mut length = 0;
    while let Some(digit) = digits.get(length).map(|byte| byte.wrapping_sub(b'0')).filter(|&digit| digit < 10)
    {
        nanoseconds += u32::from(digit) * unit;
        // Past the ninth digit the unit is 0.
        unit /= 10;
        length += 1;
    }
    (length > 0).then(|| (nanoseconds, &digits[length..]))
}

/// `Z`, `z` or `±hh:mm`, in minutes east of UTC.
fn offset(text: &[u8]) -> Option<i64> {
    if matches!(text, b"Z" | b"z") {
        return Some(0);
    }
    let &[sign, ten_hours, hours, b':', ten_minutes, minutes] = text else { return None };
    let sign = match sign {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, minutes) = (two_digits([ten_hours, hours])?, two_digits([ten_minutes, minutes])?);
    (hours <= 23 && minutes <= 59).then_some(sign * i64::from(hours * 60 + minutes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn nanoseconds(text: &str) -> Option<u64> {
        Timestamp::parse(text)?.unix_nanoseconds()
    }

    #[test]
    fn nanoseconds_are_kept_and_digits_past_the_ninth_are_cut() {
        assert_eq!(nanoseconds("1970-01-01T00:00:01Z"), Some(1_000_000_000));
        assert_eq!(nanoseconds("1970-01-01T00:00:00.5Z"), Some(500_000_000));
        assert_eq!(nanoseconds("1970-01-01T00:00:00.1234567899Z"), Some(123_456_789));
    }

    #[test]
    fn an_offset_is_taken_off_and_lower_case_is_allowed() {
        assert_eq!(nanoseconds("1970-01-01t01:00:00+01:00"), Some(0));
        assert_eq!(nanoseconds("1969-12-31T23:30:00-00:30"), Some(0));
        assert_eq!(nanoseconds("1970-01-01T00:00:00z"), Some(0));
    }

    #[test]
    fn a_second_60_counts_on_into_the_next_minute() {
        assert_eq!(Timestamp::parse("2026-06-01T12:00:60.5Z"), Timestamp::parse("2026-06-01T12:01:00.5Z"));
        assert_eq!(Timestamp::parse("2026-12-31T23:59:60Z"), Timestamp::parse("2027-01-01T00:00:00Z"));
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "2026-06-01",
            "2026-06-01T12:00:00",
            "2026-06-01 12:00:00Z",
            "2026-02-29T12:00:00Z",
            "2026-13-01T12:00:00Z",
            "2026-06-01T24:00:00Z",
            "2026-06-01T12:60:00Z",
            "2026-06-01T12:00:61Z",
            "2026-06-01T12:00:00.Z",
            "2026-06-01T12:00:00+0100",
            "2026-06-01T12:00:00+24:00",
            "2026-06-01T12:00:00+01:60",
            "2026-06-01T12:00:00Zx",
            "+026-06-01T12:00:00Z",
            "2026-06-01T12:00:00é",
        ] {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
    }

    #[test]
    fn every_year_of_rfc_3339_is_a_time_even_if_otlp_cannot_hold_it() {
        let first = Timestamp::parse("0000-01-01T00:00:00+23:59").expect("a time");
        let last = Timestamp::parse("9999-12-31T23:59:60.999999999-23:59").expect("a time");
        assert!(first.unix_milliseconds() < 0 && last.unix_milliseconds() > 0);
        assert_eq!(first.unix_nanoseconds(), None);
        assert_eq!(last.unix_nanoseconds(), None);
        assert_eq!(nanoseconds("2262-04-11T23:47:16.854775807Z"), Some(i64::MAX.unsigned_abs()));
        assert_eq!(nanoseconds("2262-04-11T23:47:16.854775808Z"), None);
        assert_eq!(nanoseconds("1969-12-31T23:59:59.999999999Z"), None);
    }

    #[test]
    fn milliseconds_are_rounded_down_before_and_after_1970() {
        let milliseconds = |text: &str| Timestamp::parse(text).expect("a time").unix_milliseconds();
        assert_eq!(milliseconds("1969-12-31T23:59:58.999999999Z"), -1001);
        assert_eq!(milliseconds("1969-12-31T23:59:59Z"), -1000);
        assert_eq!(milliseconds("1969-12-31T23:59:59.999999999Z"), -1);
        assert_eq!(milliseconds("1970-01-01T00:00:00Z"), 0);
        assert_eq!(milliseconds("1970-01-01T00:00:00.999999999Z"), 999);
        assert_eq!(milliseconds("1970-01-01T00:00:01Z"), 1000);
    }

    proptest! {
        #[test]
        fn times_agree_with_chrono(seconds in -62_000_000_000i64..250_000_000_000, nanoseconds in 0u32..1_000_000_000) {
            let time = chrono::DateTime::from_timestamp(seconds, nanoseconds).expect("in range");
            let text = time.to_rfc3339_opts(chrono::SecondsFormat::Nanos, true);
            prop_assert_eq!(Timestamp::parse(&text), Some(Timestamp { seconds, nanoseconds }));
        }

        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            let _ = Timestamp::parse(&text);
        }
    }
}
