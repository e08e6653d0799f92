//! Distributions of durations, small enough for a cell of a table.

use std::fmt::Write;

use maud::{Markup, html};

use super::shape::tenth;
use crate::formats::report::findings::Durations;

/// The steps of [`Durations::steps`] that all pictures of a table show: whole factors of ten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::formats::report::page) struct LogarithmicAxis {
    first: usize,
    /// The step after the last one.
    end: usize,
}

/// Steps in a factor of ten.
const DECADE: usize = Durations::STEPS_PER_DECADE as usize;

impl LogarithmicAxis {
    /// Height of a picture, in pixels and in units.
    const HEIGHT: u64 = 24;

    /// An axis for all of these durations. `None` if there are none.
    pub(in crate::formats::report::page) fn of<'a>(all: impl Iterator<Item = &'a Durations>) -> Option<Self> {
        let mut used = [false; Durations::STEPS];
        for durations in all {
            used.iter_mut().zip(durations.steps).for_each(|(used, count)| *used |= count > 0);
        }
        let first = used.iter().position(|&used| used)?;
        let last = used.iter().rposition(|&used| used)?;
        // The first and the last step are for durations outside of the whole factors of ten.
        let first = if first == 0 { 0 } else { (first - 1) / DECADE * DECADE + 1 };
        let end = if last == Durations::STEPS - 1 { last + 1 } else { last.div_ceil(DECADE) * DECADE + 1 };
        Some(Self { first: first.min(Durations::STEPS - 1 - DECADE), end })
    }

    /// Its start and end in words: `from 10 ms to 100 s`.
    pub(in crate::formats::report::page) fn words(self) -> String {
        let begin = if self.first == 0 { "below 10 µs".to_owned() } else { decade(self.first) };
        let end = if self.end == Durations::STEPS { "above 10,000 s".to_owned() } else { decade(self.end) };
        format!("from {begin} to {end}")
    }

    /// The picture of a row: a bar for each step, scaled to the highest bar, and a line at the median.
    pub(in crate::formats::report::page) fn picture(self, durations: &Durations) -> Markup {
        let Some(outline) = self.outline(&durations.steps) else { return Markup::default() };
        html! {
            svg.distribution
                aria-hidden="true"
                preserveAspectRatio="none"
                viewBox={ "0 0 " (self.end - self.first) " " (Self::HEIGHT) }
            {
                path d=(outline) {}
                @if let Some(median) = durations.percentiles.percentile(50) {
                    path.median d={ "M" (tenth(self.place(median))) " 0v" (Self::HEIGHT) } {}
                }
            }
        }
    }

    /// The outline of the bars. `None` if there are none.
    fn outline(self, steps: &[u64; Durations::STEPS]) -> Option<String> {
        let most = steps.iter().copied().max().filter(|&most| most > 0)?;
        // A step with few durations is still visible.
        let height = |count: u64| {
            if count == 0 {
                0
            } else {
                (count as f64 / most as f64 * Self::HEIGHT as f64).round().max(1.0) as u64
            }
        };
        let heights: Vec<_> = steps.get(self.first..self.end)?.iter().map(|&count| height(count)).collect();
        let begin = heights.iter().position(|&height| height > 0)?;
        let mut outline = format!("M{begin} {}", Self::HEIGHT);
        for run in heights[begin..].chunk_by(|one, next| one == next) {
            // Writing to a string does not fail.
            let _ = write!(outline, "V{}h{}", Self::HEIGHT - run[0], run.len());
        }
        let _ = write!(outline, "V{}z", Self::HEIGHT);
        Some(outline)
    }

    /// Position of a duration, in steps from the start of the axis.
    fn place(self, nanoseconds: f64) -> f64 {
        let decades = (nanoseconds / Durations::FIRST_EDGE).log10();
        let step = decades * Durations::STEPS_PER_DECADE + 1.0;
        (step - self.first as f64).clamp(0.0, (self.end - self.first) as f64)
    }
}

/// The shortest duration of a factor of ten.
fn decade(step: usize) -> String {
    const NAMES: [&str; 10] =
        ["10 µs", "100 µs", "1 ms", "10 ms", "100 ms", "1 s", "10 s", "100 s", "1,000 s", "10,000 s"];
    NAMES.get(step.saturating_sub(1) / DECADE).copied().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::report::page::chart::check;
    use proptest::prelude::*;

    fn durations(nanoseconds: &[u64]) -> Durations {
        let mut durations = Durations::default();
        for &duration in nanoseconds {
            durations.count += 1;
            durations.percentiles.add(duration as f64);
            durations.steps[Durations::step_of(duration)] += 1;
        }
        durations
    }

    fn axis(nanoseconds: &[u64]) -> LogarithmicAxis {
        LogarithmicAxis::of([&durations(nanoseconds)].into_iter()).expect("an axis")
    }

    fn picture(axis: LogarithmicAxis, nanoseconds: &[u64]) -> String {
        let html = axis.picture(&durations(nanoseconds)).0;
        check(&html);
        html
    }

    #[test]
    fn an_axis_has_whole_decades() {
        for (nanoseconds, words) in [
            (vec![2_000_000], "from 1 ms to 10 ms"),
            (vec![10_000], "from 10 µs to 100 µs"),
            (vec![2_000_000, 60_000_000_000], "from 1 ms to 100 s"),
            (vec![0], "from below 10 µs to 10 µs"),
            (vec![0, u64::MAX], "from below 10 µs to above 10,000 s"),
            (vec![u64::MAX], "from 1,000 s to above 10,000 s"),
        ] {
            assert_eq!(axis(&nanoseconds).words(), words);
        }
        assert!(LogarithmicAxis::of([&Durations::default()].into_iter()).is_none());
    }

    #[test]
    fn bars_are_shares_of_the_highest_and_the_median_is_marked() {
        let values = [1_000_000, 1_000_000, 1_000_001, 5_000_000];
        let html = picture(axis(&values), &values);
        assert!(html.contains("viewBox=\"0 0 4 24\""));
        assert!(html.contains("<path d=\"M0 24V0h1V24h1V16h1V24h1V24z\"></path>"), "{html}");
        assert!(html.contains("<path class=\"median\" d=\"M0 0v24\"></path>"));
    }

    #[test]
    fn no_durations_have_no_picture() {
        assert_eq!(picture(axis(&[5]), &[]), "");
    }

    proptest! {
        #[test]
        fn pictures_stay_small(nanoseconds in proptest::collection::vec(any::<u64>().prop_map(|value| value >> (value % 64)), 1..200)) {
            let html = picture(axis(&nanoseconds), &nanoseconds);
            prop_assert!(html.len() < 500, "{html}");
        }
    }
}
