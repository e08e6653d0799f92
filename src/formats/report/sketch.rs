//! Values of given ranks among any number of values, in bounded memory and with a bounded error.

use sketches_ddsketch::{Config, DDSketch};

/// Values of a quantity that cannot be negative. The count, the smallest and the largest value are exact. Values of other ranks
/// are off by at most [`Sketch::RELATIVE_ERROR`].
#[derive(Clone)]
pub(crate) struct Sketch {
    sketch: DDSketch,
}

impl Sketch {
    /// The largest error of a value, relative to the exact one.
    pub(crate) const RELATIVE_ERROR: f64 = 0.0075;
    /// Smaller values count as 0.
    const SMALLEST: f64 = 1e-9;
    /// Larger values count as this one. A duration in nanoseconds cannot be so large.
    pub(crate) const LARGEST: f64 = 2e19;
    /// Enough for all values from `SMALLEST` to `LARGEST`, so that bins never merge:
    /// ln(`LARGEST` / `SMALLEST`) / (2 · `RELATIVE_ERROR`).
    const BINS_AT_MOST: u32 = 4352;

    pub(crate) fn new() -> Self {
        Self { sketch: DDSketch::new(Config::new(Self::RELATIVE_ERROR, Self::BINS_AT_MOST, Self::SMALLEST)) }
    }

    /// The value that `value` counts as: 0 for a negative value or NaN, and [`Self::LARGEST`] for a larger one.
    pub(crate) fn clamped(value: f64) -> f64 {
        if value > 0.0 { value.min(Self::LARGEST) } else { 0.0 }
    }

    /// Adds a value, [clamped](Self::clamped).
    pub(crate) fn add(&mut self, value: f64) {
        self.sketch.add(Self::clamped(value));
    }

    /// Adds all values of another sketch.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.sketch.merge(&other.sketch).expect("all sketches have the same configuration");
    }

    /// Number of values.
    pub(crate) fn count(&self) -> u64 {
        self.sketch.count() as u64
    }

    /// The value at an index of the values in ascending order, counted from 0. `None` if there are not so many values.
    pub(crate) fn value_at(&self, index: u64) -> Option<f64> {
        let last = self.count().checked_sub(1).filter(|&last| index <= last)?;
        if index == 0 {
            return self.sketch.min();
        }
        if index == last {
            return self.sketch.max();
        }
        // The sketch multiplies with `last` and rounds down. The half keeps the product clear of whole numbers.
        let share = (index as f64 + 0.5) / last as f64;
        let value = rounded(self.sketch.quantile(share).ok().flatten()?);
        // The sketch returns the middle of a bin, which can lie outside the bin's values.
        Some(value.clamp(self.sketch.min()?, self.sketch.max()?))
    }
}

/// Rounds to nine significant digits. The middle of a bin is an exponential, and its last bits depend on the
/// system's C library. The error of a percentile is far larger than this rounding.
fn rounded(middle: f64) -> f64 {
    format!("{middle:.8e}").parse().expect("a formatted number parses")
}

impl std::fmt::Debug for Sketch {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Sketch of {} values", self.count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sketch_of(values: &[f64]) -> Sketch {
        let mut sketch = Sketch::new();
        values.iter().for_each(|&value| sketch.add(value));
        sketch
    }

    #[test]
    fn a_sketch_has_no_value_at_or_beyond_its_count() {
        assert_eq!(Sketch::new().value_at(0), None);
        assert_eq!(sketch_of(&[1.0, 2.0]).value_at(2), None);
    }

    #[test]
    fn extremes_are_exact() {
        let sketch = sketch_of(&[3.7, 1.1, 9.3]);
        assert_eq!((sketch.value_at(0), sketch.value_at(2)), (Some(1.1), Some(9.3)));
        assert_eq!(sketch_of(&[5.3]).value_at(0), Some(5.3));
    }

    #[test]
    fn a_value_does_not_depend_on_the_last_bits_of_an_exponential() {
        let config = Config::new(Sketch::RELATIVE_ERROR, Sketch::BINS_AT_MOST, Sketch::SMALLEST);
        for key in config.key(Sketch::SMALLEST)..=config.key(Sketch::LARGEST) {
            let middle = config.value(key);
            for other in [middle.next_down(), middle.next_up()] {
                assert_eq!(rounded(other), rounded(middle), "{middle}");
            }
        }
        // 524443542.83718675 on Linux, 524443542.8371868 with the C library of MinGW.
        assert_eq!(sketch_of(&[1.0, 5.23e8, 1e9]).value_at(1), Some(524_443_543.0));
    }

    proptest! {
        #[test]
        fn the_value_of_every_rank_is_off_by_at_most_the_relative_error(
            exponents in proptest::collection::vec(-8.9f64..18.9, 1..200),
        ) {
            let mut values: Vec<_> = exponents.iter().map(|&exponent| 10f64.powf(exponent)).collect();
            let sketch = sketch_of(&values);
            values.sort_by(f64::total_cmp);
            for (index, exact) in (0..).zip(values) {
                let found = sketch.value_at(index).expect("a value");
                let error = (found - exact).abs();
                prop_assert!(error <= exact * Sketch::RELATIVE_ERROR * 1.000_001, "{found} for {exact}");
            }
        }

        #[test]
        fn merged_parts_equal_the_whole_in_any_order(
            values in proptest::collection::vec(0.0f64..1e9, 2..100),
            at in any::<prop::sample::Index>(),
        ) {
            let (begin, end) = values.split_at(at.index(values.len()));
            let mut parts = sketch_of(end);
            parts.merge(&sketch_of(begin));
            let whole = sketch_of(&values);
            for index in 0..values.len() as u64 {
                prop_assert_eq!(parts.value_at(index), whole.value_at(index));
            }
        }
    }
}
