//! An axis of time, in UTC.

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use super::Tick;
use crate::row::timestamp::{NANOSECONDS_PER_SECOND, Nanoseconds};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// An axis from one time to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Times {
    first: Nanoseconds,
    last: Nanoseconds,
}

/// The distance between labels of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pace {
    /// In seconds. Distances of a day or more begin at midnight, and those of a week or more on a Monday.
    Seconds(u64),
    /// In months. Labels are at the first of a month.
    Months(i64),
}

impl Pace {
    pub(super) const DAY: Self = Self::Seconds(DAY);
    pub(super) const FINEST: Self = Self::Seconds(15);

    /// All paces, the finest first.
    const ALL: [Self; 24] = [
        Self::FINEST,
        Self::Seconds(30),
        Self::Seconds(MINUTE),
        Self::Seconds(5 * MINUTE),
        Self::Seconds(15 * MINUTE),
        Self::Seconds(30 * MINUTE),
        Self::Seconds(HOUR),
        Self::Seconds(3 * HOUR),
        Self::Seconds(6 * HOUR),
        Self::Seconds(12 * HOUR),
        Self::DAY,
        Self::Seconds(2 * DAY),
        Self::Seconds(7 * DAY),
        Self::Seconds(14 * DAY),
        Self::Months(1),
        Self::Months(3),
        Self::Months(6),
        Self::Months(12),
        Self::Months(24),
        Self::Months(60),
        Self::Months(120),
        Self::Months(240),
        Self::Months(600),
        Self::Months(1_200),
    ];
}

impl Times {
    /// The most characters of all labels together, so that there is room between them. Half of the labels fit on a telephone.
    const CHARACTERS_AT_MOST: u64 = 72;
    /// The most labels, even if they are short.
    const TICKS_AT_MOST: u64 = 12;
    /// The shortest axis. The finest pace still has labels on it.
    const SHORTEST: u64 = MINUTE * NANOSECONDS_PER_SECOND;

    /// An axis from the first to the last time. If they are close, it is somewhat longer.
    pub(super) fn between(first: Nanoseconds, last: Nanoseconds) -> Self {
        let missing = Self::SHORTEST.saturating_sub(last.saturating_sub(first));
        let first = first.saturating_sub(missing / 2);
        Self { first, last: last.max(first.saturating_add(Self::SHORTEST)) }
    }

    /// Position on the axis, from 0 to 1.
    pub(super) fn share(self, time: Nanoseconds) -> f64 {
        let length = (self.last - self.first).max(1) as f64;
        (time.saturating_sub(self.first) as f64 / length).min(1.0)
    }

    /// As many labels as fit, no finer than `finest`.
    pub(super) fn ticks(self, finest: Pace) -> Vec<Tick> {
        let paces = Pace::ALL.into_iter().skip_while(|pace| *pace != finest);
        let fits = |pace: &Pace| {
            let count = self.count(*pace);
            count <= Self::TICKS_AT_MOST && count * self.label(*pace).1 <= Self::CHARACTERS_AT_MOST
        };
        let Some(pace) = paces.into_iter().find(fits) else { return Vec::new() };
        let (format, _) = self.label(pace);
        let tick = |time| Tick { at: self.share(time), label: utc(time).format(format).to_string() };
        self.marks(pace).into_iter().map(tick).collect()
    }

    /// The format of a label at this pace, and its number of characters.
    fn label(self, pace: Pace) -> (&'static str, u64) {
        let (first, last) = (utc(self.first), utc(self.last));
        match pace {
            Pace::Seconds(..MINUTE) => ("%H:%M:%S", 8),
            Pace::Seconds(..DAY) if first.date_naive() == last.date_naive() => ("%H:%M", 5),
            Pace::Seconds(..DAY) => ("%m-%d %H:%M", 11),
            Pace::Seconds(_) if first.year() == last.year() => ("%m-%d", 5),
            Pace::Seconds(_) => ("%Y-%m-%d", 10),
            Pace::Months(..12) => ("%Y-%m", 7),
            Pace::Months(_) => ("%Y", 4),
        }
    }

    /// The number of labels at a pace, or one more.
    fn count(self, pace: Pace) -> u64 {
        match pace {
            Pace::Seconds(seconds) => (self.last - self.first) / (seconds * NANOSECONDS_PER_SECOND) + 1,
            Pace::Months(months) => {
                ((month_of(self.last) - month_of(self.first)) / months).unsigned_abs() + 1
            }
        }
    }

    fn marks(self, pace: Pace) -> Vec<Nanoseconds> {
        let is_within = |time: &Nanoseconds| (self.first..=self.last).contains(time);
        match pace {
            Pace::Seconds(seconds) => {
                let step = seconds * NANOSECONDS_PER_SECOND;
                // 1970-01-05 was a Monday.
                let offset = if seconds >= 7 * DAY { 4 * DAY * NANOSECONDS_PER_SECOND } else { 0 };
                let begin = self.first.saturating_sub(offset) / step;
                let mark = |number: u64| (begin + number).saturating_mul(step).saturating_add(offset);
                (0..=Self::TICKS_AT_MOST + 1).map(mark).filter(is_within).collect()
            }
            Pace::Months(months) => {
                let begin = month_of(self.first).div_euclid(months);
                let numbers = 0..=i64::try_from(Self::TICKS_AT_MOST + 1).unwrap_or_default();
                let mark = |number: i64| begin_of_month((begin + number) * months);
                numbers.filter_map(mark).filter(is_within).collect()
            }
        }
    }
}

fn utc(time: Nanoseconds) -> DateTime<Utc> {
    let seconds = i64::try_from(time / NANOSECONDS_PER_SECOND).unwrap_or_default();
    DateTime::from_timestamp(seconds, 0).unwrap_or_default()
}

/// The month of a time, counted from the year 0.
fn month_of(time: Nanoseconds) -> i64 {
    let date = utc(time);
    i64::from(date.year()) * 12 + i64::from(date.month0())
}

fn begin_of_month(month: i64) -> Option<Nanoseconds> {
    let year = i32::try_from(month.div_euclid(12)).ok()?;
    let date = NaiveDate::from_ymd_opt(year, u32::try_from(month.rem_euclid(12)).ok()? + 1, 1)?;
    let seconds = u64::try_from(date.and_hms_opt(0, 0, 0)?.and_utc().timestamp()).ok()?;
    seconds.checked_mul(NANOSECONDS_PER_SECOND)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn time(text: &str) -> Nanoseconds {
        crate::row::timestamp::Timestamp::parse(text)
            .and_then(crate::row::timestamp::Timestamp::unix_nanoseconds)
            .expect("a time")
    }

    fn labels(first: &str, last: &str, finest: Pace) -> Vec<String> {
        let times = Times::between(time(first), time(last));
        times.ticks(finest).into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn marks_stand_where_units_of_time_begin() {
        let finest = Pace::FINEST;
        for (first, last, expected) in [
            (
                "2026-06-01T08:21:18Z",
                "2026-06-01T08:21:18Z",
                vec!["08:21:00", "08:21:15", "08:21:30", "08:21:45"],
            ),
            (
                "2026-06-01T08:21:18Z",
                "2026-06-01T11:00:00Z",
                vec![
                    "08:30", "08:45", "09:00", "09:15", "09:30", "09:45", "10:00", "10:15", "10:30", "10:45",
                    "11:00",
                ],
            ),
            (
                "2026-06-01T08:21:18Z",
                "2026-06-02T11:00:00Z",
                vec!["06-01 12:00", "06-01 18:00", "06-02 00:00", "06-02 06:00"],
            ),
            ("2026-06-01T08:21:18Z", "2026-06-05T11:00:00Z", vec!["06-02", "06-03", "06-04", "06-05"]),
            (
                "2026-12-20T00:00:00Z",
                "2027-01-20T00:00:00Z",
                vec!["2026-12-21", "2026-12-28", "2027-01-04", "2027-01-11", "2027-01-18"],
            ),
            (
                "2026-06-01T00:00:00Z",
                "2026-12-31T00:00:00Z",
                vec!["2026-06", "2026-07", "2026-08", "2026-09", "2026-10", "2026-11", "2026-12"],
            ),
            (
                "1970-01-01T00:00:00Z",
                "2262-01-01T00:00:00Z",
                vec!["2000", "2050", "2100", "2150", "2200", "2250"],
            ),
        ] {
            assert_eq!(labels(first, last, finest), expected, "{first} to {last}");
        }
    }

    #[test]
    fn marks_of_days_are_no_finer_than_a_day() {
        assert_eq!(labels("2026-06-01T00:00:00Z", "2026-06-02T00:00:00Z", Pace::DAY), ["06-01", "06-02"]);
    }

    #[test]
    fn an_instant_stands_in_the_middle() {
        let at = time("2026-06-01T08:21:18Z");
        assert_eq!(Times::between(at, at).share(at), 0.5);
        assert_eq!(Times::between(0, 0).share(0), 0.0);
    }

    proptest! {
        #[test]
        fn every_time_has_a_place_and_marks_are_few(one in any::<u64>(), two in any::<u64>(), other in any::<u64>()) {
            let times = Times::between(one.min(two), one.max(two));
            prop_assert!((0.0..=1.0).contains(&times.share(other)));
            for finest in [Pace::FINEST, Pace::DAY] {
                let ticks = times.ticks(finest);
                prop_assert!(ticks.len() <= 13);
                prop_assert!(ticks.iter().all(|tick| (0.0..=1.0).contains(&tick.at)));
            }
        }

        #[test]
        fn times_that_a_signal_holds_have_marks(first in 0u64..i64::MAX as u64, exponent in 0.0f64..18.9) {
            let last = first.saturating_add(10f64.powf(exponent) as u64).min(i64::MAX as u64);
            prop_assert!(!Times::between(first, last).ticks(Pace::FINEST).is_empty());
        }
    }
}
