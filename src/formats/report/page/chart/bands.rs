//! The spread of values over time: a band from a low to a high percentile, with the median as a line.

use maud::{Markup, html};

use super::numbers::Numbers;
use super::shape::{Shape, tenth};
use super::times::{Pace, Times};
use super::{Chart, UNITS, stretched};
use crate::formats::report::page::text;
use crate::row::timestamp::Nanoseconds;

/// A step of time that has values.
#[derive(Clone, Copy, Debug)]
pub(in crate::formats::report::page) struct Step {
    pub(in crate::formats::report::page) begin: Nanoseconds,
    pub(in crate::formats::report::page) low: f64,
    pub(in crate::formats::report::page) median: f64,
    pub(in crate::formats::report::page) high: f64,
}

/// Steps of time in order. Each is drawn at its own length. Two steps are connected only if there is no gap between them,
/// because nothing is known about a gap.
pub(in crate::formats::report::page) struct Band<'a> {
    pub(in crate::formats::report::page) steps: &'a [Step],
    /// In nanoseconds.
    pub(in crate::formats::report::page) width: u64,
    pub(in crate::formats::report::page) unit: &'a str,
}

impl Band<'_> {
    /// In pixels.
    const HEIGHT: f64 = 160.0;
    const TOP: f64 = 12.0;
    /// In units. A step of a minute can be seen in a chart of a year.
    const STEP_AT_LEAST: f64 = 5.0;
    /// The fewest steps that the time axis has room for. Otherwise a few steps would become blocks.
    const STEPS_AT_LEAST: u64 = 12;

    /// Renders the chart. Without steps there is none.
    pub(in crate::formats::report::page) fn chart(&self, id: &str, title: &str) -> Markup {
        let (Some(first), Some(last)) = (self.steps.first(), self.steps.last()) else {
            return Markup::default();
        };
        let end = last.begin.saturating_add(self.width);
        let wanted = self.width.saturating_mul(Self::STEPS_AT_LEAST);
        let margin = wanted.saturating_sub(end.saturating_sub(first.begin)) / 2;
        let times = Times::between(first.begin.saturating_sub(margin), end.saturating_add(margin));
        let largest = self.steps.iter().map(|step| step.high.max(step.median)).fold(0.0, f64::max);
        let axis = Numbers::up_to(largest, false);
        let (across, upward) = (times.ticks(Pace::FINEST), axis.ticks());
        let (height, top) = (Self::HEIGHT, Self::TOP);
        let chart = Chart {
            id,
            title,
            height,
            top,
            across: &across,
            upward: &upward,
            unit: self.unit,
            has_stops: false,
        };
        chart.render(&stretched(height, &html! { (self.shapes(times, axis)) (self.tooltips(times)) }))
    }

    fn ends(&self, step: Step, times: Times) -> (f64, f64) {
        let [begin, end] =
            [step.begin, step.begin.saturating_add(self.width)].map(|time| times.share(time) * UNITS);
        let begin = begin.min(UNITS - Self::STEP_AT_LEAST);
        (begin, end.max(begin + Self::STEP_AT_LEAST))
    }

    fn shapes(&self, times: Times, axis: Numbers) -> Markup {
        let y = |value: f64| Self::HEIGHT - axis.share(value) * (Self::HEIGHT - Self::TOP);
        let (mut band, mut median) = (Shape::default(), Shape::default());
        for run in self.steps.chunk_by(|one, next| next.begin - one.begin <= self.width) {
            for (place, &step) in run.iter().enumerate() {
                let (begin, end) = self.ends(step, times);
                for (shape, value) in [(&mut band, step.high), (&mut median, step.median)] {
                    if place == 0 {
                        shape.start(begin, y(value));
                    } else {
                        shape.upright_to(y(value));
                    }
                    shape.across_to(end);
                }
            }
            for &step in run.iter().rev() {
                band.upright_to(y(step.low));
                band.across_to(self.ends(step, times).0);
            }
            band.close();
        }
        html! {
            path.band vector-effect="non-scaling-stroke" d=(band.as_str()) {}
            path.median vector-effect="non-scaling-stroke" d=(median.as_str()) {}
        }
    }

    /// The tooltips of the steps.
    fn tooltips(&self, times: Times) -> Markup {
        html! {
            g fill="none" pointer-events="all" {
                @for &step in self.steps {
                    @let (begin, end) = self.ends(step, times);
                    rect x=(tenth(begin)) width=(tenth(end - begin)) height=(tenth(Self::HEIGHT)) {
                        title { (text::minute(step.begin)) ": " (text::quantity(step.median)) }
                    }
                    "\n"
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::report::page::chart::check;
    use proptest::prelude::*;

    const HOUR: u64 = 3_600_000_000_000;

    fn chart(steps: &[Step], width: u64) -> String {
        let html = Band { steps, width, unit: "ms" }.chart("latency", "Latency").0;
        check(&html);
        html
    }

    fn step(begin: u64) -> Step {
        Step { begin, low: 1.0, median: 2.0, high: 4.0 }
    }

    #[test]
    fn nothing_has_no_chart() {
        assert_eq!(chart(&[], HOUR), "");
    }

    #[test]
    fn steps_that_adjoin_are_one_line_and_gaps_are_not_bridged() {
        let html = chart(&[step(0), step(HOUR), step(11 * HOUR)], HOUR);
        assert!(html.contains("d=\"M0 86H100V86H200M1100 86H1200\"></path>"), "{html}");
        assert!(html.contains("d=\"M0 12H100V12H200V123H100V123H0zM1100 12H1200V123H1100z\"></path>"));
    }

    #[test]
    fn a_single_step_is_seen_however_long_the_time() {
        let html = chart(&[step(0), step(100_000 * HOUR)], HOUR);
        assert!(html.contains("d=\"M0 86H5M1195 86H1200\"></path>"), "{html}");
        assert!(chart(&[step(1_000 * HOUR)], HOUR).contains("M550 86H650\"></path>"));
    }

    proptest! {
        #[test]
        fn charts_stay_small_whatever_the_values(
            begins in proptest::collection::btree_set(any::<u64>(), 1..96),
            values in proptest::collection::vec(any::<f64>(), 3),
            width in 1u64..,
        ) {
            let step = |begin| Step { begin, low: values[0], median: values[1], high: values[2] };
            let html = chart(&begins.into_iter().map(step).collect::<Vec<_>>(), width);
            prop_assert!(html.len() < 18_000, "{}", html.len());
        }
    }
}
