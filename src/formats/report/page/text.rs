//! Numbers, sizes, durations and times as people read them.

use chrono::{DateTime, Utc};

use crate::range::iso_8601;
use crate::row::timestamp::{Day, NANOSECONDS_PER_SECOND, Nanoseconds, SECONDS_PER_DAY};

/// A whole number with its thousands apart: `1,049`.
pub(crate) fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// How many of a thing, with its noun: `1 file`, `1,049 files`.
pub(crate) fn plural(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(count.into()), if count == 1 { one } else { many })
}

/// A number with three significant digits, or whole if it is large: `0.123`, `12.3`, `12,345`, `1.23e21`.
pub(crate) fn quantity(number: f64) -> String {
    let size = number.abs();
    let sign = if number < 0.0 { "-" } else { "" };
    if !size.is_finite() {
        return number.to_string();
    }
    if size != 0.0 && !(0.001..1e15).contains(&size) {
        return format!("{number:.2e}");
    }
    if size >= 999.5 {
        return format!("{sign}{}", grouped(size.round() as u128));
    }
    format!("{sign}{}", three_digits(size))
}

/// A share of one in percent: `0.75 %`. A share that is not quite 0 or 1 does not look like it: `< 0.01 %`, `> 99.9 %`.
pub(crate) fn percent(share: f64) -> String {
    let percent = quantity(share * 100.0);
    if share > 0.0 && share < 0.000_1 {
        "< 0.01 %".to_owned()
    } else if share < 1.0 && percent == "100" {
        "> 99.9 %".to_owned()
    } else {
        format!("{percent} %")
    }
}

/// Bytes in powers of a thousand: `999 B`, `1.23 kB`.
pub(crate) fn bytes(bytes: u64) -> String {
    if bytes < 1000 {
        return format!("{bytes} B");
    }
    let mut size = bytes as f64 / 1000.0;
    for unit in ["kB", "MB", "GB", "TB", "PB"] {
        // What rounds to a thousand is one of the next unit.
        if size < 999.5 {
            return format!("{} {unit}", three_digits(size));
        }
        size /= 1000.0;
    }
    format!("{} EB", three_digits(size))
}

/// A duration in the unit that suits it: `870 ns`, `203 ms`, `4.5 s`, `2 min 5 s`, `3 h 12 min`, `12 d 3 h`.
pub(crate) fn duration(nanoseconds: f64) -> String {
    let mut size = nanoseconds;
    for unit in ["ns", "µs", "ms"] {
        if size < 999.5 || !size.is_finite() {
            return format!("{} {unit}", three_digits(size));
        }
        size /= 1000.0;
    }
    if size < 59.95 {
        return format!("{} s", three_digits(size));
    }
    let seconds = size.round() as u64;
    let (minutes, hours) = ((seconds as f64 / 60.0).round() as u64, (seconds as f64 / 3600.0).round() as u64);
    if seconds < 3600 {
        two_units(seconds / 60, "min", seconds % 60, "s")
    } else if minutes < 24 * 60 {
        two_units(minutes / 60, "h", minutes % 60, "min")
    } else {
        two_units(hours / 24, "d", hours % 24, "h")
    }
}

/// Date and time of day, with all digits of a second that are not zero and at least three: `2026-06-01`, `08:21:18.749`.
pub(crate) fn time(time: Nanoseconds) -> (String, String) {
    let seconds = i64::try_from(time / NANOSECONDS_PER_SECOND).unwrap_or(i64::MAX);
    date_and_clock(seconds, u32::try_from(time % NANOSECONDS_PER_SECOND).unwrap_or_default())
}

/// A time to the minute: `2026-06-01 08:21`.
pub(crate) fn minute(time_of: Nanoseconds) -> String {
    let (date, clock) = time(time_of);
    format!("{date} {}", clock.get(..5).unwrap_or_default())
}

/// As [`time`], of milliseconds since 1970.
pub(crate) fn time_of_milliseconds(milliseconds: i64) -> (String, String) {
    let time = iso_8601(milliseconds);
    let (date, clock) = time.split_once('T').expect("a T between date and time of day");
    (date.to_owned(), clock.trim_end_matches('Z').to_owned())
}

/// A day: `2026-06-01`.
pub(crate) fn date(day: Day) -> String {
    utc(day.saturating_mul(SECONDS_PER_DAY), 0).date_naive().to_string()
}

fn date_and_clock(seconds: i64, nanoseconds: u32) -> (String, String) {
    let time = utc(seconds, nanoseconds);
    let fraction = format!("{nanoseconds:09}");
    let digits = fraction.trim_end_matches('0').len().max(3);
    (time.date_naive().to_string(), format!("{}.{}", time.format("%H:%M:%S"), &fraction[..digits]))
}

fn utc(seconds: i64, nanoseconds: u32) -> DateTime<Utc> {
    let (first, last) = (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC);
    let seconds = seconds.clamp(first.timestamp(), last.timestamp());
    DateTime::from_timestamp(seconds, nanoseconds).unwrap_or_default()
}

/// A number below a thousand with three significant digits at most.
fn three_digits(number: f64) -> String {
    let decimals = match number.abs() {
        size if size >= 99.95 => 0,
        size if size >= 9.995 => 1,
        size if size >= 0.9995 => 2,
        _ => 3,
    };
    let text = format!("{number:.decimals$}");
    match text.split_once('.') {
        Some(_) => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        None => text,
    }
}

fn two_units(large: u64, large_unit: &str, small: u64, small_unit: &str) -> String {
    let large = grouped(large.into());
    if small == 0 {
        format!("{large} {large_unit}")
    } else {
        format!("{large} {large_unit} {small} {small_unit}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn thousands_stand_apart() {
        for (number, text) in [(0, "0"), (999, "999"), (1_049, "1,049"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(number), text);
        }
        assert_eq!(
            (plural(1, "file", "files"), plural(0, "file", "files")),
            ("1 file".into(), "0 files".into())
        );
    }

    #[test]
    fn quantities_have_three_digits_or_are_whole() {
        for (number, text) in [
            (0.0, "0"),
            (0.1234, "0.123"),
            (12.34, "12.3"),
            (99.96, "100"),
            (999.6, "1,000"),
            (12_345.4, "12,345"),
            (-12_345.4, "-12,345"),
            (-0.5, "-0.5"),
            (1.234e21, "1.23e21"),
            (0.000_012_34, "1.23e-5"),
        ] {
            assert_eq!(quantity(number), text);
        }
    }

    #[test]
    fn a_share_looks_like_none_or_all_only_if_it_is() {
        for (share, text) in [
            (0.0, "0 %"),
            (1e-9, "< 0.01 %"),
            (0.000_1, "0.01 %"),
            (0.007_5, "0.75 %"),
            (0.999_4, "99.9 %"),
            (0.999_5, "> 99.9 %"),
            (1.0 - 1e-9, "> 99.9 %"),
            (1.0, "100 %"),
        ] {
            assert_eq!(percent(share), text);
        }
    }

    #[test]
    fn sizes_are_in_powers_of_a_thousand() {
        for (size, text) in [
            (0, "0 B"),
            (999, "999 B"),
            (1_234, "1.23 kB"),
            (999_499, "999 kB"),
            (999_500, "1 MB"),
            (1_500_000, "1.5 MB"),
            (u64::MAX, "18.4 EB"),
        ] {
            assert_eq!(bytes(size), text);
        }
    }

    #[test]
    fn durations_are_in_the_unit_that_suits_them() {
        for (nanoseconds, text) in [
            (0.0, "0 ns"),
            (870.0, "870 ns"),
            (1_500.0, "1.5 µs"),
            (203e6, "203 ms"),
            (999.6e6, "1 s"),
            (4.5e9, "4.5 s"),
            (59.96e9, "1 min"),
            (125e9, "2 min 5 s"),
            (3_599.6e9, "1 h"),
            (11_520e9, "3 h 12 min"),
            (86_399e9, "1 d"),
            (1_047_600e9, "12 d 3 h"),
        ] {
            assert_eq!(duration(nanoseconds), text);
        }
    }

    #[test]
    fn times_have_the_digits_that_they_need() {
        let clock = |nanoseconds| time(nanoseconds).1;
        assert_eq!(time(1_780_302_078_749_000_000), ("2026-06-01".to_owned(), "08:21:18.749".to_owned()));
        assert_eq!(
            (clock(0), clock(1), clock(120_000)),
            ("00:00:00.000".into(), "00:00:00.000000001".into(), "00:00:00.00012".into())
        );
        assert_eq!(time_of_milliseconds(-1), ("1969-12-31".to_owned(), "23:59:59.999".to_owned()));
        assert_eq!((date(0), date(-1)), ("1970-01-01".to_owned(), "1969-12-31".to_owned()));
    }

    proptest! {
        #[test]
        fn no_number_is_too_large_or_too_small(float in any::<f64>(), time_of in any::<u64>(), integer in any::<i64>()) {
            prop_assert!(quantity(float).len() < 30);
            prop_assert!(duration(float.abs()).len() < 330);
            let _ = (bytes(time_of), time(time_of), time_of_milliseconds(integer), date(integer));
        }
    }
}
