//! Spans of time as bars below each other.

use maud::{Markup, html};

use super::Chart;
use super::shape::tenth;
use super::times::{Pace, Times};
use crate::row::timestamp::Nanoseconds;

/// A span of time.
pub(in crate::formats::report::page) struct Span {
    pub(in crate::formats::report::page) first: Nanoseconds,
    pub(in crate::formats::report::page) last: Nanoseconds,
    /// What appears when the mouse rests on it.
    pub(in crate::formats::report::page) tooltip: Markup,
}

/// In pixels, as far as rows stay within their bounds.
const HEIGHT: f64 = 180.0;
/// Pixels from row to row.
const ROW_AT_LEAST: f64 = 3.0;
const ROW_AT_MOST: f64 = 12.0;
/// In percent of the whole width, so that an instant is seen.
const LENGTH_AT_LEAST: f64 = 0.4;

/// A chart of spans, each in a row.
pub(in crate::formats::report::page) fn spans(id: &str, title: &str, spans: &[Span]) -> Markup {
    let first = spans.iter().map(|span| span.first).min().unwrap_or_default();
    let last = spans.iter().map(|span| span.last).max().unwrap_or_default();
    let times = Times::between(first, last);
    let row = (HEIGHT / spans.len().max(1) as f64).clamp(ROW_AT_LEAST, ROW_AT_MOST);
    let height = row * spans.len() as f64 + 4.0;
    let across = times.ticks(Pace::FINEST);
    let chart = Chart { id, title, height, top: 0.0, across: &across, upward: &[], unit: "" };
    chart.render(&html! {
        g.bar {
            @for (place, span) in spans.iter().enumerate() {
                @let [begin, end] = [span.first, span.last].map(|time| times.share(time) * 100.0);
                @let length = (end - begin).max(LENGTH_AT_LEAST);
                @let y = row * (place as f64 + 0.15) + 2.0;
                rect
                    x={ (tenth(begin.min(100.0 - length))) "%" }
                    y=(tenth(y))
                    width={ (tenth(length)) "%" }
                    height=(tenth(row * 0.7))
                { title { (span.tooltip) } }
                "\n"
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::report::page::chart::check;
    use proptest::prelude::*;

    fn chart(spans: &[(Nanoseconds, Nanoseconds)]) -> String {
        let span = |&(first, last): &(_, _)| Span { first, last, tooltip: html! { "<words>" } };
        let rows: Vec<_> = spans.iter().map(span).collect();
        let html = super::spans("sessions", "Sessions", &rows).0;
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
