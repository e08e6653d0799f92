//! Percentiles by nearest rank: exact for few values, and in bounded memory for many.

use std::mem;

use super::sketch::Sketch;

/// Values of a quantity that cannot be negative, and their percentiles. The result does not depend on the order in which values
/// are added or merged.
#[derive(Clone, Debug)]
pub(crate) struct Percentiles(Values);

#[derive(Clone, Debug)]
enum Values {
    /// At most [`Percentiles::EXACT_AT_MOST`] values, in no particular order.
    Exact(Vec<f64>),
    Sketched(Box<Sketch>),
}

impl Percentiles {
    /// Up to so many values, percentiles are exact.
    pub(crate) const EXACT_AT_MOST: usize = 1_000;
    /// With fewer values, there is no 99th percentile: it would be the largest value in any case.
    pub(crate) const FEWEST_FOR_99TH: u64 = 20;

    pub(crate) fn new() -> Self {
        Self(Values::Exact(Vec::new()))
    }

    /// Adds a value. A negative value or NaN counts as 0, and a value above [`Sketch::LARGEST`] counts as that.
    pub(crate) fn add(&mut self, value: f64) {
        let value = Sketch::clamped(value);
        match &mut self.0 {
            Values::Exact(values) if values.len() < Self::EXACT_AT_MOST => values.push(value),
            _ => self.sketch().add(value),
        }
    }

    /// Adds all values of `other`.
    pub(crate) fn merge(&mut self, other: &Self) {
        match &other.0 {
            Values::Exact(values) => values.iter().for_each(|&value| self.add(value)),
            Values::Sketched(other) => self.sketch().merge(other),
        }
    }

    /// The sketch of the values. From now on, percentiles are not exact.
    fn sketch(&mut self) -> &mut Sketch {
        if let Values::Exact(values) = &mut self.0 {
            let mut sketch = Box::new(Sketch::new());
            mem::take(values).into_iter().for_each(|value| sketch.add(value));
            self.0 = Values::Sketched(sketch);
        }
        match &mut self.0 {
            Values::Sketched(sketch) => sketch,
            Values::Exact(_) => unreachable!("exact values became a sketch"),
        }
    }

    /// Number of values.
    pub(crate) fn count(&self) -> u64 {
        match &self.0 {
            Values::Exact(values) => values.len() as u64,
            Values::Sketched(sketch) => sketch.count(),
        }
    }

    /// The value of rank ⌈percent / 100 · count⌉, counted from 1 (specification, Percentiles). `percent` is from 1 to 100. `None`
    /// if there are no values, or too few of them for the 99th percentile.
    pub(crate) fn percentile(&self, percent: u32) -> Option<f64> {
        let count = self.count();
        if count == 0 || (percent == 99 && count < Self::FEWEST_FOR_99TH) {
            return None;
        }
        let rank = (u128::from(count) * u128::from(percent)).div_ceil(100);
        let index = u64::try_from(rank).expect("a rank is at most the count") - 1;
        match &self.0 {
            Values::Exact(values) => {
                let index = usize::try_from(index).expect("there are few values");
                let mut values = values.clone();
                let (_, value, _) = values.select_nth_unstable_by(index, f64::total_cmp);
                Some(*value)
            }
            Values::Sketched(sketch) => sketch.value_at(index),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn percentiles_of(values: &[f64]) -> Percentiles {
        let mut percentiles = Percentiles::new();
        values.iter().for_each(|&value| percentiles.add(value));
        percentiles
    }

    /// The numbers from 1, in an order that is not sorted.
    fn numbers(count: u32) -> Vec<f64> {
        let (odd, even): (Vec<_>, Vec<_>) = (1..=count).partition(|number| number % 2 == 1);
        odd.into_iter().rev().chain(even).map(f64::from).collect()
    }

    #[test]
    fn a_percentile_is_the_value_of_the_nearest_rank() {
        let values = percentiles_of(&[6.27, 3.37, 11.98, 4.72, 4.83]);
        for (percent, expected) in
            [(5, 3.37), (20, 3.37), (21, 4.72), (50, 4.83), (80, 6.27), (95, 11.98), (100, 11.98)]
        {
            assert_eq!(values.percentile(percent), Some(expected), "{percent}");
        }
        let hundred = percentiles_of(&numbers(100));
        assert!((1..=100).all(|percent| hundred.percentile(percent) == Some(f64::from(percent))));
    }

    #[test]
    fn there_is_no_percentile_of_nothing_and_no_99th_of_fewer_than_20_values() {
        assert_eq!(Percentiles::new().percentile(50), None);
        let nineteen = percentiles_of(&numbers(19));
        assert_eq!((nineteen.percentile(99), nineteen.percentile(95)), (None, Some(19.0)));
        assert_eq!(percentiles_of(&numbers(20)).percentile(99), Some(20.0));
    }

    #[test]
    fn percentiles_of_a_thousand_values_are_exact_and_of_more_they_are_near() {
        for count in [999, 1_000] {
            let values = percentiles_of(&numbers(count));
            for percent in [5, 50, 95, 99] {
                let rank = (count * percent).div_ceil(100);
                assert_eq!(values.percentile(percent), Some(f64::from(rank)), "{count} {percent}");
            }
        }
        let more = percentiles_of(&numbers(1_001));
        let inexact = [5_u32, 50, 95, 99].map(|percent| {
            let rank = f64::from((1_001 * percent).div_ceil(100));
            let found = more.percentile(percent).expect("a percentile");
            assert!((found - rank).abs() <= rank * Sketch::RELATIVE_ERROR, "{percent}: {found}");
            found != rank
        });
        assert!(inexact.contains(&true));
        assert_eq!((more.count(), more.percentile(100)), (1_001, Some(1_001.0)));
    }

    #[test]
    fn values_that_cannot_be_count_as_the_nearest_that_can() {
        let values = percentiles_of(&[-4.0, f64::NAN, 1e25, f64::INFINITY]);
        assert_eq!(
            [25, 50, 75, 100].map(|percent| values.percentile(percent)),
            [0.0, 0.0, 2e19, 2e19].map(Some)
        );
        // A duration can have 2^64 nanoseconds, and short ones are exact too.
        let exact = percentiles_of(&[u64::MAX as f64, 1e-12]);
        assert_eq!([50, 100].map(|percent| exact.percentile(percent)), [1e-12, u64::MAX as f64].map(Some));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn merged_parts_equal_the_whole_in_any_order(
            values in proptest::collection::vec(0.0_f64..1e9, 900..1_100),
            cuts in proptest::collection::vec(any::<prop::sample::Index>(), 0..4),
        ) {
            let mut ends: Vec<_> = cuts.iter().map(|cut| cut.index(values.len())).collect();
            ends.extend([0, values.len()]);
            ends.sort_unstable();
            let mut merged = Percentiles::new();
            for ends in ends.windows(2).rev() {
                merged.merge(&percentiles_of(&values[ends[0]..ends[1]]));
            }
            let whole = percentiles_of(&values);
            prop_assert_eq!(merged.count(), whole.count());
            for percent in [1, 5, 50, 95, 99, 100] {
                prop_assert_eq!(merged.percentile(percent), whole.percentile(percent));
            }
        }
    }
}
