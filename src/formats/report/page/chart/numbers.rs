//! An axis of numbers from zero.

use super::Tick;
use crate::formats::report::page::text;

/// Numbers from zero to a round number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Numbers {
    step: f64,
    /// The number at the top.
    steps: u8,
}

impl Numbers {
    /// The smallest distance between two lines, as a share of the axis.
    const STEPS_AT_MOST: f64 = 4.0;
    /// Numbers below this count as zero.
    const SMALLEST: f64 = 1e-12;
    /// Numbers above this count as this.
    const LARGEST: f64 = 1e300;

    /// An axis up to `largest`, with lines at 1, 2 or 5 times a power of ten. For counts, they are at whole numbers.
    pub(super) fn up_to(largest: f64, are_whole: bool) -> Self {
        let largest = Self::finite(largest);
        if largest < Self::SMALLEST {
            return Self { step: 1.0, steps: 1 };
        }
        let least = largest / Self::STEPS_AT_MOST;
        let power = 10f64.powf(least.log10().floor());
        // A rounding error of the power must not turn four steps into five.
        let factor = [1.0, 2.0, 5.0].into_iter().find(|factor| factor * power >= least * 0.999_999);
        let step = factor.unwrap_or(10.0) * power;
        let step = if are_whole { step.max(1.0) } else { step };
        Self { step, steps: (largest / step * 0.999_999).ceil().clamp(1.0, Self::STEPS_AT_MOST) as u8 }
    }

    /// A number that an axis can show: finite and not negative.
    pub(super) fn finite(number: f64) -> f64 {
        // NaN is not above 0.
        if number > 0.0 { number.min(Self::LARGEST) } else { 0.0 }
    }

    /// Position on the axis, from 0 to 1.
    pub(super) fn share(self, number: f64) -> f64 {
        (Self::finite(number) / (self.step * f64::from(self.steps))).min(1.0)
    }

    /// The lines of the axis, including zero.
    pub(super) fn ticks(self) -> Vec<Tick> {
        let tick = |step| Tick {
            at: f64::from(step) / f64::from(self.steps),
            label: label(f64::from(step) * self.step),
        };
        (0..=self.steps).map(tick).collect()
    }
}

/// A round number in few characters: `0.5`, `2,000`, `20 k`, `1.5 M`.
fn label(number: f64) -> String {
    for (unit, from, name) in [(1e12, 1e12, "T"), (1e9, 1e9, "G"), (1e6, 1e6, "M"), (1e3, 1e4, "k")] {
        if number >= 1e15 {
            // Rounding errors show up as further digits, so they are cut.
            let rounded = format!("{number:.1e}");
            return rounded.replace(".0e", "e");
        }
        if number >= from {
            return format!("{} {name}", text::quantity(number / unit));
        }
    }
    text::quantity(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn labels(largest: f64, are_whole: bool) -> Vec<String> {
        Numbers::up_to(largest, are_whole).ticks().into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn lines_stand_at_round_numbers() {
        assert_eq!(labels(7.0, true), ["0", "2", "4", "6", "8"]);
        assert_eq!(labels(4.0, true), ["0", "1", "2", "3", "4"]);
        assert_eq!(labels(0.33, false), ["0", "0.1", "0.2", "0.3", "0.4"]);
        assert_eq!(labels(1_049.0, true), ["0", "500", "1,000", "1,500"]);
        assert_eq!(labels(55_000.0, true), ["0", "20 k", "40 k", "60 k"]);
        assert_eq!(labels(5.5e6, true), ["0", "2 M", "4 M", "6 M"]);
        assert_eq!(labels(u64::MAX as f64, true), ["0", "5e18", "1e19", "1.5e19", "2e19"]);
    }

    #[test]
    fn counts_have_no_lines_at_fractions() {
        assert_eq!(labels(1.0, true), ["0", "1"]);
        assert_eq!(labels(0.0, true), ["0", "1"]);
    }

    proptest! {
        #[test]
        fn every_number_has_a_place(number in any::<f64>(), other in any::<f64>(), are_whole in any::<bool>()) {
            let axis = Numbers::up_to(number, are_whole);
            let ticks = axis.ticks();
            prop_assert!((2..=5).contains(&ticks.len()));
            prop_assert!(ticks.iter().all(|tick| (0.0..=1.0).contains(&tick.at) && tick.label.len() <= 8), "{ticks:?}");
            prop_assert!((0.0..=1.0).contains(&axis.share(other)));
            let exact = Numbers::finite(number) / (axis.step * f64::from(axis.steps));
            prop_assert!(exact <= 1.000_001, "{exact}");
        }
    }
}
