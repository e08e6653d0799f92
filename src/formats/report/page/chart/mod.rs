//! Charts: numbers as pictures, in SVG.
//!
//! A chart has no size of its own across: places across are percent of its width, places down are pixels, and bars and lines
//! stand in an inner picture that is stretched across. So its text keeps its size on every screen. Labels stand outside of
//! the plot, in what the style sheet leaves as padding of [`Chart`]'s element.

mod bands;
mod bins;
mod distribution;
mod numbers;
mod shape;
mod spans;
mod stacks;
mod times;

pub(super) use bands::{Band, Step};
pub(super) use distribution::LogarithmicAxis;
pub(super) use spans::{Span, Spans};
pub(super) use stacks::{Layer, Stacks};
#[cfg(test)]
pub(super) use tests::check;

use self::bins::Bins;
use self::shape::tenth;
use crate::formats::report::page::html::Html;

/// Units across the inner picture.
const UNITS: f64 = 1_200.0;

/// A place on an axis, with what is written there.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tick {
    /// From 0, where the axis begins, to 1, where it ends.
    at: f64,
    label: String,
}

/// What all charts have: a title, axes and room for marks.
struct Chart<'a> {
    /// Of the title's element, unique in the page.
    id: &'static str,
    /// What is to be seen, for who does not see it.
    title: &'a str,
    /// In pixels, labels aside.
    height: f64,
    /// In pixels, the height at which the axis upward ends.
    top: f64,
    /// In time, from left to right.
    across: &'a [Tick],
    /// From the bottom; none where places down mean nothing.
    upward: &'a [Tick],
    /// What the numbers upward are of, where it is worth a word.
    unit: &'a str,
}

impl Chart<'_> {
    /// Writes the chart, and the marks in between.
    fn write(&self, page: &mut Html, marks: impl FnOnce(&mut Html)) {
        page.markup("<div class=\"plot\"><svg class=\"chart\" role=\"img\"")
            .attribute("aria-labelledby", self.id);
        page.markup(" width=\"100%\"").attribute("height", &tenth(self.height)).markup("><title");
        page.attribute("id", self.id).markup(">").text(self.title).markup("</title>\n");
        self.write_upward(page);
        self.write_across(page);
        marks(page);
        page.markup("\n<line class=\"axis\" x1=\"0\" x2=\"100%\"");
        let bottom = tenth(self.height);
        page.attribute("y1", &bottom).attribute("y2", &bottom).markup("/></svg></div>\n");
    }

    /// Lines from left to right, with their numbers.
    fn write_upward(&self, page: &mut Html) {
        if self.upward.is_empty() {
            return;
        }
        page.markup("<g class=\"upward\">");
        for tick in self.upward {
            let y = self.height - tick.at * (self.height - self.top);
            page.markup("<line class=\"grid\" x1=\"0\" x2=\"100%\"");
            page.attribute("y1", &tenth(y)).attribute("y2", &tenth(y)).markup("/><text x=\"-6\"");
            page.attribute("y", &tenth(y + 4.0)).markup(">").text(&tick.label).markup("</text>");
        }
        if !self.unit.is_empty() {
            page.markup("<text x=\"-6\" y=\"-2\">").text(self.unit).markup("</text>");
        }
        page.markup("</g>\n");
    }

    /// Marks of time at the bottom. On a narrow screen the style sheet shows each second one only.
    fn write_across(&self, page: &mut Html) {
        page.markup("<g class=\"across\">");
        for (place, tick) in self.across.iter().enumerate() {
            let x = tenth(tick.at * 100.0) + "%";
            page.markup(if place % 2 == 0 { "<g>" } else { "<g class=\"wide\">" });
            page.markup("<line class=\"grid\" y1=\"0\"").attribute("x1", &x).attribute("x2", &x);
            page.attribute("y2", &tenth(self.height + 4.0)).markup("/><text").attribute("x", &x);
            page.attribute("y", &tenth(self.height + 17.0));
            // So that a label at the end does not stick out of the page.
            page.markup(if tick.at > 0.94 { " class=\"end\">" } else { ">" });
            page.text(&tick.label).markup("</text></g>");
        }
        page.markup("</g>\n");
    }
}

/// Writes the inner picture, which is stretched across.
fn stretched(page: &mut Html, height: f64, marks: impl FnOnce(&mut Html)) {
    page.markup("<svg width=\"100%\"").attribute("height", &tenth(height));
    page.attribute("viewBox", &format!("0 0 {} {}", tenth(UNITS), tenth(height)));
    page.markup(" preserveAspectRatio=\"none\">");
    marks(page);
    page.markup("</svg>");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::report::page::well_formed::check_fragment;

    /// Panics unless the markup is well formed, all numbers of its shapes are finite and their lengths are not negative.
    pub(crate) fn check(html: &str) {
        check_fragment(html);
        let shapes = ["svg ", "path ", "rect ", "line ", "text "];
        for tag in html.split('<').filter(|tag| shapes.iter().any(|shape| tag.starts_with(shape))) {
            let (tag, _) = tag.split_once('>').expect("the end of a tag");
            for fault in ["NaN", "inf", "width=\"-", "height=\"-"] {
                assert!(!tag.contains(fault), "{fault} in {tag}");
            }
        }
    }

    #[test]
    fn a_chart_has_a_title_lines_and_labels() {
        let tick = |at, label: &str| Tick { at, label: label.to_owned() };
        let mut page = Html::new();
        let chart = Chart {
            id: "title-a",
            title: "A <chart>",
            height: 100.0,
            top: 10.0,
            across: &[tick(0.0, "06-01"), tick(0.5, "06-02"), tick(1.0, "06-03")],
            upward: &[tick(0.0, "0"), tick(1.0, "5")],
            unit: "ms",
        };
        chart.write(&mut page, |page| {
            stretched(page, 100.0, |page| {
                page.markup("<path d=\"M0 0\"/>");
            });
        });
        let html = page.into_string();
        check(&html);
        assert!(html.contains("<title id=\"title-a\">A &lt;chart&gt;</title>"));
        assert!(
            html.contains(
                "<g class=\"wide\"><line class=\"grid\" y1=\"0\" x1=\"50%\" x2=\"50%\" y2=\"104\"/>"
            )
        );
        assert!(html.contains("<text x=\"-6\" y=\"14\">5</text>"));
        assert!(html.contains("x=\"100%\" y=\"117\" class=\"end\">06-03</text>"));
    }
}
