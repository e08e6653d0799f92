//! Amounts over days as bars, each made of layers.

use std::collections::BTreeMap;

use super::numbers::Numbers;
use super::shape::{Shape, tenth};
use super::{Bins, Chart, UNITS, stretched};
use crate::formats::report::excerpt::Excerpt;
use crate::formats::report::page::html::Html;
use crate::formats::report::page::text;
use crate::row::timestamp::Day;

/// What a part of each bar stands for.
pub(in crate::formats::report::page) struct Layer {
    /// Which the style sheet colours.
    pub(in crate::formats::report::page) class: String,
    pub(in crate::formats::report::page) name: Excerpt,
}

/// Bars over days, layer upon layer.
pub(in crate::formats::report::page) struct Stacks {
    layers: Vec<Layer>,
    bins: Bins,
    /// By bin, then by layer; finite and not negative.
    amounts: Vec<Vec<f64>>,
}

/// Lengths of line and gap from which bars are made: layers differ by more than their colour.
const DASHES: [&str; 5] = ["none", "4 1", "2 1", "8 1", "4 2"];

impl Stacks {
    /// In pixels.
    const HEIGHT: f64 = 180.0;
    /// In pixels, for layers that are drawn higher than they are, see [`Stacks::heights`].
    const TOP: f64 = 12.0;
    /// Bars at most, so that the page stays small: half as many where they are of many layers.
    const BARS_AT_MOST: usize = 120;
    const LAYERS_OF_MANY_BARS: usize = 6;
    /// Parts of bars up to which each bar's words have an amount for each of its layers.
    const PARTS_IN_WORDS: usize = 400;
    /// Bytes of a name in such words.
    const NAME_IN_WORDS: usize = 16;
    /// In units, so that a few bars do not become blocks.
    const BAR_AT_MOST: f64 = 84.0;

    /// Bars of the amounts of days, in order of the days; `None` where there are no days.
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

    /// Writes what bars are of, and of which days: `Events a day from 2026-06-01 to 2026-06-03.`
    pub(in crate::formats::report::page) fn caption<Of>(
        &self,
        page: &mut Html,
        what: &'static str,
        days: &BTreeMap<Day, Of>,
    ) {
        let (Some((first, _)), Some((last, _))) = (days.first_key_value(), days.last_key_value()) else {
            return;
        };
        page.markup("<figcaption>").markup(what);
        match self.bins.width() {
            1 => page.markup(if first == last { "" } else { " a day" }),
            days => {
                page.markup(" in bars of ").text(&text::grouped(days.unsigned_abs().into())).markup(" days")
            }
        };
        if first == last {
            page.markup(" on ").day(*first);
        } else {
            page.markup(" from ").day(*first).markup(" to ").day(*last);
        }
        page.markup(" (UTC).</figcaption>\n");
    }

    /// Writes the chart, and what its layers are.
    pub(in crate::formats::report::page) fn write(&self, page: &mut Html, id: &'static str, title: &str) {
        let largest = self.amounts.iter().map(|bar| bar.iter().sum()).fold(0.0, f64::max);
        let axis = Numbers::up_to(largest, true);
        let (across, upward) = (self.bins.ticks(), axis.ticks());
        let (height, top) = (Self::HEIGHT, Self::TOP);
        let chart = Chart { id, title, height, top, across: &across, upward: &upward, unit: "" };
        chart.write(page, |page| {
            stretched(page, height, |page| {
                self.write_layers(page, axis);
                self.write_words(page);
            });
        });
        self.write_legend(page);
    }

    /// Where layers begin and end, from the bottom in whole pixels, so that stripes are not blurred. Each that is there is at
    /// least a pixel high: a few failures among many answers are what one looks for.
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

    fn write_layers(&self, page: &mut Html, axis: Numbers) {
        let mut shapes: Vec<_> = self.layers.iter().map(|_| Shape::default()).collect();
        for (bin, bar) in self.amounts.iter().enumerate() {
            for (shape, height) in shapes.iter_mut().zip(Self::heights(bar, axis)) {
                if let Some((begin, end)) = height {
                    shape.start(self.bins.middle(bin), Self::HEIGHT - begin);
                    shape.upright_to(Self::HEIGHT - end);
                }
            }
        }
        page.markup("<g class=\"stack\"").attribute("stroke-width", &tenth(self.bar_width())).markup(">");
        for ((layer, shape), dashes) in self.layers.iter().zip(shapes).zip(DASHES.iter().cycle()) {
            if !shape.is_empty() {
                page.markup("<path").attribute("class", &layer.class).attribute("stroke-dasharray", dashes);
                page.attribute("d", shape.as_str()).markup("/>");
            }
        }
        page.markup("</g>");
    }

    fn bar_width(&self) -> f64 {
        (self.bins.pitch() * 0.8).min(Self::BAR_AT_MOST)
    }

    /// What appears where the mouse rests on a bar.
    fn write_words(&self, page: &mut Html) {
        let pitch = self.bins.pitch();
        page.markup("\n<g fill=\"none\" pointer-events=\"all\">");
        for (bin, bar) in
            self.amounts.iter().enumerate().filter(|(_, bar)| bar.iter().any(|&amount| amount > 0.0))
        {
            page.markup("<rect").attribute("x", &tenth((bin as f64 * pitch).min(UNITS)));
            page.attribute("width", &tenth(pitch)).attribute("height", &tenth(Self::HEIGHT));
            page.markup("><title>").text(&self.words(bin, bar)).markup("</title></rect>\n");
        }
        page.markup("</g>");
    }

    fn words(&self, bin: usize, bar: &[f64]) -> String {
        let mut words = text::date(self.bins.begin(bin));
        if self.bins.width() > 1 {
            words += &format!(" and {} days on", self.bins.width() - 1);
        }
        words += &format!(": {}", text::quantity(bar.iter().sum()));
        if self.layers.len() * self.bins.count() <= Self::PARTS_IN_WORDS {
            for (layer, &amount) in self.layers.iter().zip(bar).filter(|(_, amount)| **amount > 0.0) {
                if layer.name.text().len() <= Self::NAME_IN_WORDS {
                    words += &format!(", {} {}", layer.name.text(), text::quantity(amount));
                }
            }
        }
        words
    }

    fn write_legend(&self, page: &mut Html) {
        page.markup("<ul class=\"legend\"><li>From the bottom up:</li>");
        for (layer, dashes) in self.layers.iter().zip(DASHES.iter().cycle()) {
            page.markup("<li><svg class=\"key\" width=\"12\" height=\"12\" aria-hidden=\"true\">");
            page.markup("<g class=\"stack\" stroke-width=\"12\"><path").attribute("class", &layer.class);
            page.attribute("stroke-dasharray", dashes).markup(" d=\"M6 12V0\"/></g></svg> ");
            page.excerpt_or(&layer.name, "(empty)").markup("</li>");
        }
        page.markup("</ul>\n");
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
        let mut page = Html::new();
        stacks.write(&mut page, "title-days", "Events a day");
        let html = page.into_string();
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
        assert!(html.contains("class=\"c-1\" stroke-dasharray=\"none\" d=\"M200 180V138\"/>"), "{html}");
        assert!(html.contains("class=\"c-2\" stroke-dasharray=\"4 1\" d=\"M200 138V54\"/>"));
        assert!(html.contains("class=\"c-3\" stroke-dasharray=\"2 1\" d=\"M200 54V12M1000 180V12\"/>"));
        assert!(html.contains("<title>2026-06-01: 4, class 0 1, class 1 2, class 2 1</title>"));
        assert!(!html.contains("<title>2026-06-02"));
    }

    #[test]
    fn a_few_among_many_are_seen() {
        let html = chart(2, &[(20_605, [1e6, 1.0].into())]);
        assert!(html.contains("d=\"M600 12V11\"/>"), "{html}");
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
        let mut page = Html::new();
        stacks.write(&mut page, "title-days", "Events a day");
        check(&page.into_string());
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
