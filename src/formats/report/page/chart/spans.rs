//! Spans of time as bars below each other.

use super::Chart;
use super::shape::tenth;
use super::times::{Pace, Times};
use crate::formats::report::page::html::Html;
use crate::row::timestamp::Nanoseconds;

/// A span of time.
pub(in crate::formats::report::page) struct Span {
    pub(in crate::formats::report::page) first: Nanoseconds,
    pub(in crate::formats::report::page) last: Nanoseconds,
    /// What appears where the mouse rests on it.
    pub(in crate::formats::report::page) words: String,
}

/// Spans, each in a row.
pub(in crate::formats::report::page) struct Spans(Vec<Span>);

impl Spans {
    /// In pixels, as far as rows stay within their bounds.
    const HEIGHT: f64 = 180.0;
    /// Pixels from row to row.
    const ROW_AT_LEAST: f64 = 3.0;
    const ROW_AT_MOST: f64 = 12.0;
    /// In percent of the whole width, so that an instant is seen.
    const LENGTH_AT_LEAST: f64 = 0.4;

    pub(in crate::formats::report::page) fn new(spans: Vec<Span>) -> Self {
        Self(spans)
    }

    pub(in crate::formats::report::page) fn write(&self, page: &mut Html, id: &'static str, title: &str) {
        let first = self.0.iter().map(|span| span.first).min().unwrap_or_default();
        let last = self.0.iter().map(|span| span.last).max().unwrap_or_default();
        let times = Times::between(first, last);
        let row = (Self::HEIGHT / self.0.len().max(1) as f64).clamp(Self::ROW_AT_LEAST, Self::ROW_AT_MOST);
        let height = row * self.0.len() as f64 + 4.0;
        let across = times.ticks(Pace::FINEST);
        let chart = Chart { id, title, height, top: 0.0, across: &across, upward: &[], unit: "" };
        chart.write(page, |page| {
            page.markup("<g class=\"bar\">");
            for (place, span) in self.0.iter().enumerate() {
                let [begin, end] = [span.first, span.last].map(|time| times.share(time) * 100.0);
                let length = (end - begin).max(Self::LENGTH_AT_LEAST);
                page.markup("<rect").attribute("x", &(tenth(begin.min(100.0 - length)) + "%"));
                page.attribute("y", &tenth(row * (place as f64 + 0.15) + 2.0));
                page.attribute("width", &(tenth(length) + "%")).attribute("height", &tenth(row * 0.7));
                page.markup("><title>").text(&span.words).markup("</title></rect>\n");
            }
            page.markup("</g>");
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::report::page::chart::check;
    use proptest::prelude::*;

    fn chart(spans: &[(Nanoseconds, Nanoseconds)]) -> String {
        let span = |&(first, last): &(_, _)| Span { first, last, words: "<words>".to_owned() };
        let mut page = Html::new();
        Spans::new(spans.iter().map(span).collect()).write(&mut page, "title-sessions", "Sessions");
        let html = page.into_string();
        check(&html);
        html
    }

    #[test]
    fn an_instant_is_seen() {
        assert!(
            chart(&[(1 << 60, 1 << 60)]).contains("<rect x=\"50%\" y=\"3.8\" width=\"0.4%\" height=\"8.4\">")
        );
    }

    #[test]
    fn bars_begin_and_end_with_their_spans() {
        let html = chart(&[(0, 1 << 60), (1 << 59, 1 << 60), (1 << 60, 1 << 60)]);
        for bar in [
            "x=\"0%\" y=\"3.8\" width=\"100%\"",
            "x=\"50%\" y=\"15.8\" width=\"50%\"",
            "x=\"99.6%\" y=\"27.8\" width=\"0.4%\"",
        ] {
            assert!(html.contains(bar), "{bar} in {html}");
        }
    }

    proptest! {
        #[test]
        fn bars_stay_within_the_chart(spans in proptest::collection::vec((any::<u64>(), any::<u64>()), 0..50)) {
            let html = chart(&spans);
            prop_assert!(!html.contains("x=\"-") || html.matches("x=\"-").count() == html.matches("x=\"-6").count());
            prop_assert_eq!(html.matches("<rect").count(), spans.len());
        }
    }
}
