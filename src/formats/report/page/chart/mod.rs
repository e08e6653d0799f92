//! Charts in SVG.
//!
//! A chart is as wide as the page. Horizontal positions are percentages, and vertical ones are pixels. Bars and lines are in
//! an inner picture that is stretched to the width, so that text keeps its size on every screen. Labels are outside of the
//! plot, in the padding of [`Chart`]'s element.

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
pub(super) use spans::{Span, spans};
pub(super) use stacks::{Layer, Stacks};
#[cfg(test)]
pub(super) use tests::check;

use maud::{Markup, html};

use self::bins::Bins;
use self::shape::tenth;

/// Width of the inner picture in units.
const UNITS: f64 = 1_200.0;

/// A position on an axis, with its label.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tick {
    /// From 0 at the start of the axis to 1 at its end.
    at: f64,
    label: String,
}

/// The common parts of all charts: title, axes and room for marks.
struct Chart<'a> {
    /// Id of the table with the chart's numbers.
    id: &'a str,
    /// What the chart shows, for screen readers.
    title: &'a str,
    /// In pixels, without labels.
    height: f64,
    /// Pixels above the end of the vertical axis.
    top: f64,
    /// The horizontal axis.
    across: &'a [Tick],
    /// The vertical axis, from the bottom. Empty if vertical positions mean nothing.
    upward: &'a [Tick],
    /// The unit of the vertical axis, or empty.
    unit: &'a str,
    /// Whether the keyboard can reach its marks. An image must not contain such elements.
    has_stops: bool,
}

impl Chart<'_> {
    /// Renders the chart with its marks.
    fn render(&self, marks: &Markup) -> Markup {
        let bottom = tenth(self.height);
        let title_id = format!("title-{}", self.id);
        html! {
            div.plot {
                svg.chart role=(if self.has_stops { "group" } else { "img" }) aria-labelledby=(title_id) width="100%" height=(bottom) {
                    title #(title_id) { (self.title) }
                    (self.upward())
                    (self.across())
                    (marks)
                    line.axis x1="0" x2="100%" y1=(bottom) y2=(bottom) {}
                }
            }
            "\n"
        }
    }

    /// Horizontal lines with their numbers.
    fn upward(&self) -> Markup {
        html! {
            @if !self.upward.is_empty() {
                g.upward {
                    @for tick in self.upward {
                        @let y = self.height - tick.at * (self.height - self.top);
                        line.grid x1="0" x2="100%" y1=(tenth(y)) y2=(tenth(y)) {}
                        text x="-6" y=(tenth(y + 4.0)) { (tick.label) }
                    }
                    @if !self.unit.is_empty() { text x="-6" y="-2" { (self.unit) } }
                }
            }
        }
    }

    /// Labels of time at the bottom. On a narrow screen the style sheet shows only every second one.
    fn across(&self) -> Markup {
        html! {
            g.across {
                @for (place, tick) in self.across.iter().enumerate() {
                    @let x = tenth(tick.at * 100.0) + "%";
                    // A label at the end must not stick out of the page.
                    @let is_at_end = tick.at > 0.94;
                    g class=[(place % 2 == 1).then_some("wide")] {
                        line.grid y1="0" x1=(x) x2=(x) y2=(tenth(self.height + 4.0)) {}
                        text x=(x) y=(tenth(self.height + 17.0)) class=[is_at_end.then_some("end")] { (tick.label) }
                    }
                }
            }
        }
    }
}

/// The inner picture, which is stretched to the width of the chart.
fn stretched(height: f64, marks: &Markup) -> Markup {
    let height = tenth(height);
    html! {
        svg width="100%" height=(height) viewBox={ "0 0 " (tenth(UNITS)) " " (height) } preserveAspectRatio="none" {
            (marks)
        }
    }
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
        let chart = Chart {
            id: "a",
            title: "A <chart>",
            height: 100.0,
            top: 10.0,
            across: &[tick(0.0, "06-01"), tick(0.5, "06-02"), tick(1.0, "06-03")],
            upward: &[tick(0.0, "0"), tick(1.0, "5")],
            unit: "ms",
            has_stops: false,
        };
        let html = chart.render(&stretched(100.0, &html! { path d="M0 0" {} })).0;
        check(&html);
        assert!(html.contains("<title id=\"title-a\">A &lt;chart&gt;</title>"));
        assert!(html.contains(
            "<g class=\"wide\"><line class=\"grid\" y1=\"0\" x1=\"50%\" x2=\"50%\" y2=\"104\"></line>"
        ));
        assert!(html.contains("<text x=\"-6\" y=\"14\">5</text>"));
        assert!(html.contains("x=\"100%\" y=\"117\" class=\"end\">06-03</text>"));
    }
}
