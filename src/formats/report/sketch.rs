//! Percentiles of any number of values in bounded memory, with a bounded error.

use sketches_ddsketch::{Config, DDSketch};

/// Values of a quantity that cannot be negative. The count, the smallest and the largest value are exact. Percentiles are off
/// by at most [`Sketch::RELATIVE_ERROR`].
#[derive(Clone)]
pub(crate) struct Sketch {
    sketch: DDSketch,
}

impl Sketch {
    /// The largest error of a percentile, relative to the exact one.
    pub(crate) const RELATIVE_ERROR: f64 = 0.0075;
    /// Smaller values count as 0.
    const SMALLEST: f64 = 1e-9;
    /// Larger values count as this one. A duration in nanoseconds cannot be so large.
    const LARGEST: f64 = 2e19;
    /// Enough for all values from `SMALLEST` to `LARGEST`, so that bins never merge:
    /// ln(`LARGEST` / `SMALLEST`) / (2 · `RELATIVE_ERROR`).
    const BINS_AT_MOST: u32 = 4352;

    pub(crate) fn new() -> Self {
        Self { sketch: DDSketch::new(Config::new(Self::RELATIVE_ERROR, Self::BINS_AT_MOST, Self::SMALLEST)) }
    }

    /// Adds a value. A negative value or NaN counts as 0.
    pub(crate) fn add(&mut self, value: f64) {
        self.sketch.add(if value > 0.0 { value.min(Self::LARGEST) } else { 0.0 });
    }

    /// Adds all values of another sketch.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.sketch.merge(&other.sketch).expect("all sketches have the same configuration");
    }

    /// Number of values.
    pub(crate) fn count(&self) -> u64 {
        self.sketch.count() as u64
    }

    /// The value of rank ⌊share · (count − 1)⌋, counted from 0 (specification, Percentiles). `share` is from 0 to 1. `None` if
    /// there are no values.
    pub(crate) fn quantile(&self, share: f64) -> Option<f64> {
        let quantile = rounded(self.sketch.quantile(share).ok().flatten()?);
        // The sketch returns the middle of a bin, which can lie outside the bin's values.
        Some(quantile.clamp(self.sketch.min()?, self.sketch.max()?))
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

    fn exact(values: &[f64], share: f64) -> f64 {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        sorted[(share * (sorted.len() as f64 - 1.0)) as usize]
    }

    #[test]
    fn an_empty_sketch_has_no_percentile() {
        assert_eq!(Sketch::new().quantile(0.5), None);
    }

    #[test]
    fn extremes_are_exact() {
        let sketch = sketch_of(&[3.7, 1.1, 9.3]);
        assert_eq!((sketch.quantile(0.0), sketch.quantile(1.0)), (Some(1.1), Some(9.3)));
        assert_eq!(sketch_of(&[5.3]).quantile(0.95), Some(5.3));
    }

    #[test]
    fn a_percentile_does_not_depend_on_the_last_bits_of_an_exponential() {
        let config = Config::new(Sketch::RELATIVE_ERROR, Sketch::BINS_AT_MOST, Sketch::SMALLEST);
        for key in config.key(Sketch::SMALLEST)..=config.key(Sketch::LARGEST) {
            let middle = config.value(key);
            for other in [middle.next_down(), middle.next_up()] {
                assert_eq!(rounded(other), rounded(middle), "{middle}");
            }
        }
        // 524443542.83718675 on Linux, 524443542.8371868 with the C library of MinGW.
        assert_eq!(sketch_of(&[1.0, 5.23e8, 1e9]).quantile(0.5), Some(524_443_543.0));
    }

    proptest! {
        #[test]
        fn percentiles_are_off_by_at_most_the_relative_error(
            exponents in proptest::collection::vec(-8.9f64..18.9, 1..200),
            share in 0.0f64..=1.0,
        ) {
            let values: Vec<_> = exponents.iter().map(|&exponent| 10f64.powf(exponent)).collect();
            let exact = exact(&values, share);
            let found = sketch_of(&values).quantile(share).expect("a percentile");
            prop_assert!((found - exact).abs() <= exact * Sketch::RELATIVE_ERROR * 1.000_001, "{found} for {exact}");
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
            for share in [0.0, 0.05, 0.5, 0.95, 0.99, 1.0] {
                prop_assert_eq!(parts.quantile(share), whole.quantile(share));
            }
        }
    }
}
