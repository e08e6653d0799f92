//! A measurement over time, in steps that widen as the covered time grows.

use std::collections::BTreeMap;
use std::mem;

use super::excerpt::Excerpt;
use super::percentiles::Percentiles;
use crate::row::timestamp::Nanoseconds;

/// A measurement over time (specification, Connections). The result does not depend on the order in which values are added.
#[derive(Debug)]
pub(crate) struct Series {
    /// The measurement without its unit, such as `latency`.
    pub(crate) name: Excerpt,
    /// In UCUM, such as `ms`.
    pub(crate) unit: &'static str,
    /// Index of the steps' width in [`Series::WIDTHS`].
    width: usize,
    /// The values of each step, by the step's number since 1970.
    steps: BTreeMap<u64, Percentiles>,
}

const MINUTE: u64 = 60 * 1_000_000_000;
const DAY: u64 = 24 * 60 * MINUTE;

impl Series {
    /// The most steps with values that a series has.
    pub(crate) const STEPS_AT_MOST: usize = 96;
    /// Widths of a step in nanoseconds. Each is a multiple of the one before. The last is so wide that all possible times fit
    /// into fewer than [`Series::STEPS_AT_MOST`] steps.
    const WIDTHS: [u64; 10] = [
        MINUTE,
        5 * MINUTE,
        15 * MINUTE,
        60 * MINUTE,
        6 * 60 * MINUTE,
        DAY,
        7 * DAY,
        28 * DAY,
        364 * DAY,
        10 * 364 * DAY,
    ];

    pub(crate) fn new(name: Excerpt, unit: &'static str) -> Self {
        Self { name, unit, width: 0, steps: BTreeMap::new() }
    }

    pub(crate) fn add(&mut self, time: Nanoseconds, value: f64) {
        self.steps.entry(time / Self::WIDTHS[self.width]).or_insert_with(Percentiles::new).add(value);
        while self.steps.len() > Self::STEPS_AT_MOST && self.width + 1 < Self::WIDTHS.len() {
            self.widen();
        }
    }

    fn widen(&mut self) {
        let factor = Self::WIDTHS[self.width + 1] / Self::WIDTHS[self.width];
        self.width += 1;
        for (step, values) in mem::take(&mut self.steps) {
            self.steps.entry(step / factor).and_modify(|wider| wider.merge(&values)).or_insert(values);
        }
    }

    /// Width of a step in nanoseconds.
    pub(crate) fn width(&self) -> u64 {
        Self::WIDTHS[self.width]
    }

    /// The start and the values of each step with values, in order of time.
    pub(crate) fn steps(&self) -> impl Iterator<Item = (Nanoseconds, &Percentiles)> {
        self.steps.iter().map(|(step, values)| (step * self.width(), values))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn series(times: &[u64]) -> Series {
        let mut series = Series::new(Excerpt::of("latency"), "ms");
        times.iter().for_each(|&time| series.add(time, time as f64));
        series
    }

    #[test]
    fn steps_are_as_narrow_as_their_number_allows() {
        let minutes = |count: u64| (0..count).map(|minute| minute * MINUTE).collect::<Vec<_>>();
        assert_eq!(series(&minutes(96)).width(), MINUTE);
        let wider = series(&minutes(97));
        assert_eq!(wider.width(), 5 * MINUTE);
        assert_eq!(wider.steps().count(), 20);
        assert_eq!(wider.steps().map(|(_, values)| values.count()).sum::<u64>(), 97);
        assert_eq!(wider.steps().nth(1).map(|(start, _)| start), Some(5 * MINUTE));
    }

    #[test]
    fn the_widest_steps_cover_all_possible_times() {
        let years: Vec<_> = (0..292).map(|year| year * 365 * DAY).collect();
        assert!(series(&years).steps().count() <= Series::STEPS_AT_MOST);
    }

    proptest! {
        #[test]
        fn the_order_of_values_does_not_matter(mut times in proptest::collection::vec(0..400 * DAY, 1..300)) {
            let one = series(&times);
            times.sort_unstable();
            let other = series(&times);
            prop_assert_eq!(one.width(), other.width());
            let values = |series: &Series| -> Vec<_> {
                series.steps().map(|(start, values)| (start, values.count(), values.percentile(95))).collect()
            };
            prop_assert_eq!(values(&one), values(&other));
        }
    }
}
