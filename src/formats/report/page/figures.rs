//! Numbers, times and missing values as markup. The visible text is rounded, and an attribute has the exact value.

use std::fmt::Display;

use maud::{Markup, html};

use super::text;
use crate::formats::report::excerpt::Excerpt;
use crate::formats::report::findings::ValueTypes;
use crate::row::count::Count;
use crate::row::timestamp::{Day, Nanoseconds};

/// A count: `1,049`.
pub(super) fn count(count: impl Into<u128>) -> Markup {
    let count = count.into();
    data(count, &text::grouped(count))
}

/// A sum of counters, whole or not.
pub(super) fn amount(amount: Count) -> Markup {
    match amount {
        Count::Integer(integer) => match u64::try_from(integer) {
            Ok(integer) => count(integer),
            Err(_) => data(integer, &text::quantity(integer as f64)),
        },
        Count::Double(double) => quantity(double),
    }
}

/// Bytes: `1.23 kB`.
pub(super) fn bytes(bytes: u64) -> Markup {
    data(bytes, &text::bytes(bytes))
}

/// An exact duration: `4.5 s`. The value is in nanoseconds.
pub(super) fn nanoseconds(nanoseconds: impl Into<u128>) -> Markup {
    let nanoseconds = nanoseconds.into();
    data(nanoseconds, &text::duration(nanoseconds as f64))
}

/// A percentile of durations: `4.5 s`. The value is in nanoseconds.
pub(super) fn nanoseconds_about(nanoseconds: f64) -> Markup {
    data(nanoseconds, &text::duration(nanoseconds))
}

/// A mean of durations: `4.5 s`. The value is in milliseconds.
pub(super) fn milliseconds(milliseconds: f64) -> Markup {
    data(milliseconds, &text::duration(milliseconds * 1e6))
}

/// A number without a unit: `12.3`.
pub(super) fn quantity(quantity: f64) -> Markup {
    data(quantity, &text::quantity(quantity))
}

/// A share of one: `0.75 %`.
pub(super) fn percent(share: f64) -> Markup {
    data(share, &text::percent(share))
}

fn data(exact: impl Display, shown: &str) -> Markup {
    html! { data value=(exact) { (shown) } }
}

/// A point in time.
pub(super) fn time(time: Nanoseconds) -> Markup {
    time_element(text::time(time))
}

/// A point in time in milliseconds since 1970.
pub(super) fn time_of_milliseconds(milliseconds: i64) -> Markup {
    time_element(text::time_of_milliseconds(milliseconds))
}

fn time_element((date, clock): (String, String)) -> Markup {
    html! { time datetime={ (date) "T" (clock) "Z" } { (date) " " (clock) } }
}

/// A day.
pub(super) fn day(day: Day) -> Markup {
    let date = text::date(day);
    html! { time datetime=(date) { (date) } }
}

/// The excerpt, or `instead` if it is empty. If nothing of it can be seen, `(blank)` follows.
pub(super) fn excerpt_or(excerpt: &Excerpt, instead: &'static str) -> Markup {
    html! {
        @if excerpt.is_empty() { (none(instead)) }
        @else { (excerpt) @if excerpt.is_blank() { " " (none("(blank)")) } }
    }
}

/// The examples of a field with these types. A number with a fraction is rounded, unless it would then look like another
/// example.
pub(super) fn examples(examples: &[Excerpt], types: ValueTypes) -> Vec<Markup> {
    let rounded = |example: &Excerpt| example.fraction().filter(|_| types.are_numbers()).map(text::quantity);
    let without_commas = |text: &str| text.replace(',', "");
    let shown: Vec<_> = examples
        .iter()
        .map(|example| without_commas(&rounded(example).unwrap_or_else(|| example.in_title().0)))
        .collect();
    let differs = |text: &String| {
        let text = without_commas(text);
        shown.iter().filter(|other| **other == text).count() == 1
    };
    let markup = |example: &Excerpt| match rounded(example).filter(differs) {
        Some(rounded) => html! { data value=(example.in_title()) { (rounded) } },
        None => excerpt_or(example, "(empty)"),
    };
    examples.iter().map(markup).collect()
}

/// Our own word for a missing value, such as `(none)`.
pub(super) fn none(word: &'static str) -> Markup {
    html! { span.none { (word) } }
}

/// Whether a cell of a table has no value: it is empty, [`none`]`("(none)")` or a dash.
pub(super) fn is_missing(cell: &Markup) -> bool {
    cell.0.is_empty() || ["(none)", "–"].iter().any(|word| cell.0 == none(word).0)
}

/// The sentence that a section without content has.
pub(super) fn nothing(sentence: &'static str) -> Markup {
    html! { p.nothing { (sentence) } "\n" }
}

/// The header of a row for everything beyond a limit.
pub(super) fn beyond(limit: usize) -> Markup {
    html! { "other than the first " (text::grouped(limit as u128)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_empty_or_blank_says_so() {
        let shown = |text: &str| excerpt_or(&Excerpt::of(text), "(none)").0;
        assert_eq!(shown(""), "<span class=\"none\">(none)</span>");
        assert_eq!(shown(" \u{A0}"), "<bdi> \u{A0}</bdi> <span class=\"none\">(blank)</span>");
        assert_eq!(shown(" \n"), "<bdi> ⟨U+000A⟩</bdi>");
    }

    #[test]
    fn numbers_say_what_they_are_exactly() {
        for (number, markup) in [
            (count(1049_u64), "<data value=\"1049\">1,049</data>"),
            (nanoseconds(203_000_000_u64), "<data value=\"203000000\">203 ms</data>"),
            (milliseconds(4500.0), "<data value=\"4500\">4.5 s</data>"),
            (amount(Count::Double(0.5)), "<data value=\"0.5\">0.5</data>"),
            (percent(0.0075), "<data value=\"0.0075\">0.75 %</data>"),
        ] {
            assert_eq!(number.0, markup);
        }
    }

    #[test]
    fn times_and_days_are_in_utc() {
        assert_eq!(
            time(1_780_302_078_749_000_000).0,
            "<time datetime=\"2026-06-01T08:21:18.749Z\">2026-06-01 08:21:18.749</time>"
        );
        assert_eq!(day(20_605).0, "<time datetime=\"2026-06-01\">2026-06-01</time>");
    }
}
