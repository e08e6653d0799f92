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
    /// Lines of text that appear above the bar when the mouse or the keyboard reaches it. Together they name the bar.
    pub(in crate::formats::report::page) label: [Markup; LINES],
}

const LINES: usize = 3;
/// Pixels from one line of a label to the next.
const LINE: f64 = 14.0;
/// Pixels above the first bar, for its label. The label also uses the padding of the chart.
const ROOM_FOR_LABEL: f64 = 32.0;
/// Height of the chart in pixels, within the limits of a row's height.
const HEIGHT: f64 = 180.0;
/// Limits of the height of a row, in pixels.
const ROW_AT_LEAST: f64 = 4.0;
const ROW_AT_MOST: f64 = 12.0;
/// In percent of the width: two pixels on a telephone. Shorter bars are two pixels wide on every screen.
const LENGTH_AT_LEAST: f64 = 0.8;

/// A chart of spans, each in a row.
pub(in crate::formats::report::page) fn spans(id: &str, title: &str, spans: &[Span]) -> Markup {
    let first = spans.iter().map(|span| span.first).min().unwrap_or_default();
    let last = spans.iter().map(|span| span.last).max().unwrap_or_default();
    let times = Times::between(first, last);
    // Rows and bars are whole pixels high, so that all gaps look the same.
    let row = (HEIGHT / spans.len().max(1) as f64).floor().clamp(ROW_AT_LEAST, ROW_AT_MOST);
    let height = ROOM_FOR_LABEL + row * spans.len() as f64 + 4.0;
    let across = times.ticks(Pace::FINEST);
    let chart =
        Chart { id, title, height, top: 0.0, across: &across, upward: &[], unit: "", has_stops: true };
    chart.render(&html! {
        g.bar {
            @for (place, span) in spans.iter().enumerate() { (bar(place, span, times, row)) "\n" }
        }
    })
}

/// A bar and its label. Later elements cover earlier ones: a label covers the bars above it, and a bar covers its label.
fn bar(place: usize, span: &Span, times: Times, row: f64) -> Markup {
    let [begin, end] = [span.first, span.last].map(|time| times.share(time) * 100.0);
    let is_short = end - begin < LENGTH_AT_LEAST;
    let width = if is_short { "2".to_owned() } else { tenth(end - begin) + "%" };
    // Half a pixel of the outline is outside of the bar on each side.
    let y = ROOM_FOR_LABEL + row * place as f64 + 0.5;
    let height = (row * 0.7).round() - 1.0;
    // The label is aligned to the side of the chart that the bar is on, so that it does not stick out.
    let (x, anchor) = match f64::midpoint(begin, end) {
        ..25.0 => ("0", None),
        ..=75.0 => ("50%", Some("middle")),
        _ => ("100%", Some("end")),
    };
    let id = format!("bar-{place}");
    let [name, lines @ ..] = &span.label;
    html! {
        g tabindex="0" role="img" aria-labelledby=(id) {
            text #(id) x=(x) y=(tenth(y - 4.5 - LINE * (LINES - 1) as f64)) text-anchor=[anchor] {
                (name)
                @for line in lines { " " tspan x=(x) dy=(LINE) { (line) } }
            }
            rect
                x={ (tenth(begin)) "%" }
                y=(tenth(y))
                width=(width)
                height=(tenth(height))
            {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::report::page::chart::check;
    use proptest::prelude::*;

    fn chart(spans: &[(Nanoseconds, Nanoseconds)]) -> String {
        let label = || ["<words>", "one", "two"].map(|line| html! { (line) });
        let span = |&(first, last): &(_, _)| Span { first, last, label: label() };
        let rows: Vec<_> = spans.iter().map(span).collect();
        let html = super::spans("sessions", "Sessions", &rows).0;
        check(&html);
        html
    }

    #[test]
    fn an_instant_is_seen() {
        assert!(
            chart(&[(1 << 60, 1 << 60)])
                .contains("<rect x=\"50%\" y=\"32.5\" width=\"2\" height=\"7\"></rect>")
        );
    }

    #[test]
    fn bars_begin_and_end_with_their_spans() {
        let html = chart(&[(0, 1 << 60), (1 << 59, 1 << 60), (1 << 60, 1 << 60)]);
        for bar in [
            "x=\"0%\" y=\"32.5\" width=\"100%\"",
            "x=\"50%\" y=\"44.5\" width=\"50%\"",
            "x=\"100%\" y=\"56.5\" width=\"2\"",
        ] {
            assert!(html.contains(bar), "{bar} in {html}");
        }
    }

    #[test]
    fn the_keyboard_reaches_each_bar_and_its_label_names_it() {
        let html = chart(&[(0, 1), (0, 1 << 60), (1 << 60, 1 << 60)]);
        assert!(html.contains("<svg class=\"chart\" role=\"group\""));
        for (place, text) in [
            "y=\"0\">&lt;words&gt; <tspan x=\"0\" dy=\"14\">one</tspan> <tspan x=\"0\" dy=\"14\">two</tspan></text>",
            "x=\"50%\" y=\"12\" text-anchor=\"middle\">&lt;words&gt; <tspan x=\"50%\"",
            "x=\"100%\" y=\"24\" text-anchor=\"end\">&lt;words&gt; <tspan x=\"100%\"",
        ]
        .into_iter()
        .enumerate()
        {
            let stop = format!("<g tabindex=\"0\" role=\"img\" aria-labelledby=\"bar-{place}\"><text id=\"bar-{place}\" ");
            assert!(html.contains(&stop), "{stop} in {html}");
            let label = html.split_once(&format!("<text id=\"bar-{place}\" ")).expect("a label").1;
            assert!(label.split_once('\n').expect("a line").0.contains(text), "{text} in {label}");
        }
    }

    proptest! {
        #[test]
        fn rows_and_bars_take_whole_pixels(count in 1usize..200) {
            let html = chart(&vec![(0, 1 << 60); count]);
            for rect in html.split("<rect ").skip(1) {
                let number = |name: &str| {
                    let value = rect.split_once(&format!("{name}=\"")).expect("an attribute").1;
                    value.split_once('"').expect("a quote").0.parse::<f64>().expect("a number")
                };
                prop_assert!(number("y").fract() == 0.5 && number(" height").fract() == 0.0, "{}", rect);
                prop_assert!(number(" height") >= 1.0);
            }
        }

        #[test]
        fn bars_stay_within_the_chart(spans in proptest::collection::vec((any::<u64>(), any::<u64>()), 0..50)) {
            let html = chart(&spans);
            prop_assert!(!html.contains("x=\"-"));
            prop_assert_eq!(html.matches("<rect").count(), spans.len());
        }
    }
}
