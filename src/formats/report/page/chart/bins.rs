//! Groups of days, for charts with too many days for one bar each.

use super::times::{Pace, Times};
use super::{Tick, UNITS};
use crate::formats::report::page::text;
use crate::row::timestamp::{Day, NANOSECONDS_PER_DAY};

/// Spans of days that follow each other. All have the same length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::formats::report::page) struct Bins {
    /// Days in a bin.
    width: Day,
    /// First day of the first bin. It is a Monday if bins are longer than a day.
    first: Day,
    count: usize,
}

impl Bins {
    /// Days in a bin. With the largest, all days that OTLP can express (1970 to 2262) make few bins.
    const WIDTHS: [Day; 6] = [1, 7, 28, 91, 364, 3_640];
    /// 1970-01-05.
    const FIRST_MONDAY: Day = 4;
    /// The last day that OTLP can express.
    const LAST_DAY: Day = 106_752;

    /// Bins from the first to the last day, at most `at_most` of them, which is 32 or more.
    pub(in crate::formats::report::page) fn covering(first: Day, last: Day, at_most: usize) -> Self {
        let (first, last) = (Self::held(first), Self::held(last));
        let bins = Self::WIDTHS.map(|width| {
            let offset = if width == 1 { 0 } else { Self::FIRST_MONDAY };
            let [begin, end] = [first, last].map(|day| (day - offset).div_euclid(width));
            let count = usize::try_from(end - begin).unwrap_or_default() + 1;
            Self { width, first: begin * width + offset, count }
        });
        let [.., widest] = bins;
        bins.into_iter().find(|bins| bins.count <= at_most).unwrap_or(widest)
    }

    fn held(day: Day) -> Day {
        day.clamp(0, Self::LAST_DAY)
    }

    pub(super) fn count(self) -> usize {
        self.count
    }

    /// Days in each bin.
    pub(in crate::formats::report::page) fn width(self) -> Day {
        self.width
    }

    /// The bin that a day falls into.
    pub(in crate::formats::report::page) fn of(self, day: Day) -> usize {
        let number = (Self::held(day) - self.first).div_euclid(self.width);
        usize::try_from(number).unwrap_or_default().min(self.count - 1)
    }

    /// The first day of a bin.
    pub(super) fn begin(self, bin: usize) -> Day {
        self.first + Day::try_from(bin).unwrap_or_default() * self.width
    }

    /// Units from one bin to the next. All bins together fill the chart.
    pub(super) fn pitch(self) -> f64 {
        UNITS / self.slots()
    }

    fn slots(self) -> f64 {
        self.count as f64
    }

    /// Position of the middle of a bin, in units.
    pub(super) fn middle(self, bin: usize) -> f64 {
        (bin as f64 + 0.5) * self.pitch()
    }

    /// Dates below the bins: in the middle of a bin that is one day, otherwise at its beginning.
    pub(super) fn ticks(self) -> Vec<Tick> {
        let shift = if self.width == 1 { 0.5 } else { 0.0 };
        if self.width == 1 && self.count == 1 {
            return vec![Tick { at: shift / self.slots(), label: text::date(self.first) }];
        }
        let last = if self.width == 1 { self.begin(self.count - 1) } else { self.begin(self.count) };
        // The first bin may begin on a Monday of 1969, but an axis begins in 1970 at the earliest.
        let first = self.first.max(0);
        let nanoseconds =
            |day: Day| u64::try_from(day).unwrap_or_default().saturating_mul(NANOSECONDS_PER_DAY);
        let place = |tick: Tick| {
            let days = tick.at * (last - first) as f64 + (first - self.first) as f64;
            Tick { at: (days / self.width as f64 + shift) / self.slots(), ..tick }
        };
        let times = Times::between(nanoseconds(first), nanoseconds(last));
        times.ticks(Pace::DAY).into_iter().map(place).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn bins_widen_as_days_become_many() {
        for (last, width, count) in
            [(0, 1, 1), (119, 1, 120), (120, 7, 18), (900, 28, 34), (106_751, 3_640, 31)]
        {
            let bins = Bins::covering(0, last, 120);
            assert_eq!((bins.width(), bins.count()), (width, count), "{last}");
        }
    }

    #[test]
    fn bins_longer_than_a_day_begin_on_mondays() {
        let bins = Bins::covering(20_605, 20_805, 120);
        assert_eq!((bins.width(), text::date(bins.begin(0))), (7, "2026-06-01".to_owned()));
        assert_eq!((bins.of(20_611), bins.of(20_612)), (0, 1));
    }

    #[test]
    fn a_few_days_take_the_whole_chart_with_their_dates_below() {
        let bins = Bins::covering(20_605, 20_607, 120);
        let ticks: Vec<_> = bins.ticks().into_iter().map(|tick| (tick.at * UNITS, tick.label)).collect();
        assert_eq!((ticks.len(), bins.pitch()), (3, 400.0));
        for (bin, (at, label)) in ticks.iter().enumerate() {
            assert!((at - bins.middle(bin)).abs() < 1e-6);
            assert_eq!(*label, format!("06-0{}", bin + 1));
        }
    }

    #[test]
    fn dates_of_long_bins_stand_where_they_belong() {
        let bins = Bins::covering(0, 106_751, 120);
        let ticks = bins.ticks();
        let tick = ticks.iter().find(|tick| tick.label == "2000").expect("a tick");
        let days = tick.at * bins.slots() * 3_640.0 + bins.begin(0) as f64;
        assert!((days - 10_957.0).abs() < 1.0, "{days}");
    }

    proptest! {
        #[test]
        fn every_day_has_a_bin_and_bins_are_few(one in any::<i64>(), two in any::<i64>(), at_most in 32usize..200) {
            let bins = Bins::covering(one.min(two), one.max(two), at_most);
            prop_assert!(bins.count() <= at_most);
            prop_assert!(bins.of(one) < bins.count() && bins.of(two) < bins.count());
            prop_assert!((0.0..=UNITS).contains(&bins.middle(bins.of(two))));
            prop_assert!(bins.ticks().iter().all(|tick| (0.0..=1.000_001).contains(&tick.at)));
        }

        #[test]
        fn a_day_lies_in_its_bin(first in 0i64..106_752, length in 0i64..106_752, at in any::<prop::sample::Index>()) {
            let last = (first + length).min(106_751);
            let bins = Bins::covering(first, last, 120);
            let length = usize::try_from(last - first + 1).expect("a length");
            let day = first + i64::try_from(at.index(length)).expect("a day");
            let begin = bins.begin(bins.of(day));
            prop_assert!((begin..begin + bins.width()).contains(&day));
        }
    }
}
