//! Amounts per day as stacked bars.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::numbers::Numbers;
use super::shape::{Shape, tenth};
use super::{Bins, Chart, UNITS, stretched};
use crate::formats::report::excerpt::Excerpt;
use crate::formats::report::page::figures::{day, excerpt_or};
use crate::formats::report::page::text;
use crate::row::timestamp::Day;

/// A layer of every bar.
pub(in crate::formats::report::page) struct Layer {
    /// The style sheet colours this class.
    pub(in crate::formats::report::page) class: String,
    pub(in crate::formats::report::page) name: Excerpt,
}

/// Stacked bars of days.
pub(in crate::formats::report::page) struct Stacks {
    layers: Vec<Layer>,
    bins: Bins,
    /// By bin, then by layer. Finite and not negative.
    amounts: Vec<Vec<f64>>,
}

/// Lengths of dash and gap in the bars of all layers but the first, which is solid. So each layer differs from the first by
/// more than its colour. Colours repeat after six layers and patterns after four, so no two layers share both.
const DASHES: [&str; 4] = ["4 1", "8 2", "6 1", "4 2"];

/// The pattern of each layer.
fn dashes() -> impl Iterator<Item = &'static str> {
    std::iter::once("none").chain(DASHES.into_iter().cycle())
}

impl Stacks {
    /// In pixels.
    const HEIGHT: f64 = 180.0;
    /// Pixels kept free for layers that are drawn higher than their amount, see [`Stacks::heights`].
    const TOP: f64 = 12.0;
    /// The most bars, so that the page stays small. Half as many if bars have many layers.
    const BARS_AT_MOST: usize = 120;
    const LAYERS_OF_MANY_BARS: usize = 6;
    /// If bars have more parts, tooltips do not list the layers.
    const PARTS_IN_TOOLTIPS: usize = 400;
    /// Bytes of the longest name in a tooltip.
    const NAME_IN_TOOLTIP: usize = 16;
    /// In units. Otherwise a few bars would become blocks.
    const BAR_AT_MOST: f64 = 84.0;

    /// Bars of the amounts of days, in order of the days. `None` if there are no days.
    pub(in crate::formats::report::page) fn new<'a>(
        layers: Vec<Layer>,
        days: impl DoubleEndedIterator<Item = (Day, Box<[f64]>)> + Clone + 'a,
    ) -> Option<Self> {
        let (first, last) = (days.clone().next()?.0, days.clone().next_back()?.0);
        let at_most = Self::BARS_AT_MOST / if layers.len() > Self::LAYERS_OF_MANY_BARS { 2 } else { 1 };
        let bins = Bins::covering(first, last, at_most);
        let mut amounts = vec![vec![0.0; layers.len()]; bins.count()];
        for (day, of_day) in days {
            for (sum, amount) in amounts[bins.of(day)].iter_mut().zip(of_day) {
                *sum = Numbers::finite(*sum + Numbers::finite(amount));
            }
        }
        Some(Self { layers, bins, amounts })
    }

    /// The caption of the chart: `Events a day from 2026-06-01 to 2026-06-03.`
    pub(in crate::formats::report::page) fn caption<Of>(
        &self,
        what: &'static str,
        days: &BTreeMap<Day, Of>,
    ) -> Markup {
        let (Some((&first, _)), Some((&last, _))) = (days.first_key_value(), days.last_key_value()) else {
            return Markup::default();
        };
        html! {
            figcaption {
                (what)
                @match self.bins.width() {
                    1 => { @if first != last { " a day" } }
                    width => { " in bars of " (text::grouped(width.unsigned_abs().into())) " days" }
                }
                @if first == last { " on " (day(first)) } @else { " from " (day(first)) " to " (day(last)) }
                " (UTC)."
            }
        }
    }

    /// Renders the chart with its legend.
    pub(in crate::formats::report::page) fn chart(&self, id: &str, title: &str) -> Markup {
        let largest = self.amounts.iter().map(|bar| bar.iter().sum()).fold(0.0, f64::max);
        let axis = Numbers::up_to(largest, true);
        let (across, upward) = (self.bins.ticks(), axis.ticks());
        let (height, top) = (Self::HEIGHT, Self::TOP);
        let chart =
            Chart { id, title, height, top, across: &across, upward: &upward, unit: "", has_stops: false };
        let marks = html! { (self.layers(axis)) (self.tooltips()) };
        html! { (chart.render(&stretched(height, &marks))) (self.legend()) }
    }

    /// Start and end of each layer, from the bottom. They are in whole pixels, so that patterns are not blurred. A layer that is
    /// not empty is at least a pixel high, so that a few failures among many answers are visible.
    fn heights(bar: &[f64], axis: Numbers) -> impl Iterator<Item = Option<(f64, f64)>> {
        let mut begin = 0.0;
        bar.iter().map(move |&amount| {
            let height = (axis.share(amount) * (Self::HEIGHT - Self::TOP)).round().max(1.0);
            (amount > 0.0).then(|| {
                begin += height;
                (begin - height, begin)
            })
        })
    }

    fn layers(&self, axis: Numbers) -> Markup {
        let mut shapes: Vec<_> = self.layers.iter().map(|_| Shape::default()).collect();
        for (bin, bar) in self.amounts.iter().enumerate() {
            for (shape, height) in shapes.iter_mut().zip(Self::heights(bar, axis)) {
                if let Some((begin, end)) = height {
                    shape.start(self.bins.middle(bin), Self::HEIGHT - begin);
                    shape.upright_to(Self::HEIGHT - end);
                }
            }
        }
        let layers = self.layers.iter().zip(shapes).zip(dashes());
        html! {
            g.stack stroke-width=(tenth(self.bar_width())) {
                @for ((layer, shape), dashes) in layers.filter(|((_, shape), _)| !shape.is_empty()) {
                    path.(layer.class) stroke-dasharray=(dashes) d=(shape.as_str()) {}
                }
            }
        }
    }

    fn bar_width(&self) -> f64 {
        (self.bins.pitch() * 0.8).min(Self::BAR_AT_MOST)
    }

    /// The tooltips of the bars.
    fn tooltips(&self) -> Markup {
        let pitch = self.bins.pitch();
        let is_seen = |(_, bar): &(usize, &Vec<f64>)| bar.iter().any(|&amount| amount > 0.0);
        html! {
            g fill="none" pointer-events="all" {
                @for (bin, bar) in self.amounts.iter().enumerate().filter(is_seen) {
                    @let x = (bin as f64 * pitch).min(UNITS);
                    rect x=(tenth(x)) width=(tenth(pitch)) height=(tenth(Self::HEIGHT)) {
                        title { (self.tooltip(bin, bar)) }
                    }
                    "\n"
                }
            }
        }
    }

    fn tooltip(&self, bin: usize, bar: &[f64]) -> Markup {
        let has_parts = self.layers.len() * self.bins.count() <= Self::PARTS_IN_TOOLTIPS;
        let is_named = |layer: &Layer| has_parts && layer.name.len() <= Self::NAME_IN_TOOLTIP;
        html! {
            (text::date(self.bins.begin(bin)))
            @if self.bins.width() > 1 { " and " (self.bins.width() - 1) " days on" }
            ": " (text::quantity(bar.iter().sum()))
            @for (layer, &amount) in self.layers.iter().zip(bar) {
                @if amount > 0.0 && is_named(layer) { ", " (layer.name.in_title()) " " (text::quantity(amount)) }
            }
        }
    }

    fn legend(&self) -> Markup {
        html! {
            ul.legend {
                li { "From the bottom up:" }
                @for (layer, dashes) in self.layers.iter().zip(dashes()) {
                    li {
                        svg.key width="12" height="12" aria-hidden="true" {
                            g.stack stroke-width="12" { path.(layer.class) stroke-dasharray=(dashes) d="M6 12V0" {} }
                        }
                        " " (excerpt_or(&layer.name, "(empty)"))
                    }
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

    fn layers(count: usize) -> Vec<Layer> {
        let layer = |number| Layer {
            class: format!("c-{}", number + 1),
            name: Excerpt::of(&format!("class {number}")),
        };
        (0..count).map(layer).collect()
    }

    fn chart(layer_count: usize, days: &[(Day, Box<[f64]>)]) -> String {
        let stacks = Stacks::new(layers(layer_count), days.iter().cloned()).expect("days");
        let html = stacks.chart("days", "Events a day").0;
        check(&html);
        html
    }

    #[test]
    fn no_days_have_no_bars() {
        assert!(Stacks::new(layers(3), std::iter::empty()).is_none());
    }

    #[test]
    fn layers_stand_upon_each_other() {
        let html = chart(3, &[(20_605, [1.0, 2.0, 1.0].into()), (20_607, [0.0, 0.0, 4.0].into())]);
        assert!(
            html.contains("class=\"c-1\" stroke-dasharray=\"none\" d=\"M200 180V138\"></path>"),
            "{html}"
        );
        assert!(html.contains("class=\"c-2\" stroke-dasharray=\"4 1\" d=\"M200 138V54\"></path>"));
        assert!(html.contains("class=\"c-3\" stroke-dasharray=\"8 2\" d=\"M200 54V12M1000 180V12\"></path>"));
        assert!(html.contains("<title>2026-06-01: 4, class 0 1, class 1 2, class 2 1</title>"));
        assert!(!html.contains("<title>2026-06-02"));
    }

    #[test]
    fn a_few_among_many_are_seen() {
        let html = chart(2, &[(20_605, [1e6, 1.0].into())]);
        assert!(html.contains("d=\"M600 12V11\"></path>"), "{html}");
    }

    #[test]
    fn numbers_that_are_none_are_not_drawn() {
        let html = chart(4, &[(20_605, [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX].into())]);
        assert!(!html.contains("class=\"c-1\" stroke-dasharray=\"none\" d=\"M600"));
        chart(1, &[(20_605, [0.0].into())]);
    }

    #[test]
    fn names_of_the_input_are_text() {
        let layer = Layer { class: "c-1".to_owned(), name: Excerpt::of("</title><b>\u{202E}") };
        let stacks = Stacks::new(vec![layer], [(0, Box::from([1.0]))].into_iter()).expect("days");
        check(&stacks.chart("days", "Events a day").0);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn charts_stay_small_whatever_the_days(
            days in proptest::collection::btree_map(prop_oneof![any::<i64>(), 0..2_000i64], proptest::collection::vec(any::<f64>(), 13), 1..300),
            layer_count in 1usize..=13,
        ) {
            let days: Vec<_> = days.into_iter().map(|(day, amounts)| (day, amounts.into_boxed_slice())).collect();
            let html = chart(layer_count, &days);
            prop_assert!(html.len() < 45_000, "{}", html.len());
        }
    }
}
