//! The page being written: markup of ours, and text of the input, which enters escaped or not at all.

use std::fmt::Display;

use super::budget::Part;
use super::escape::{is_blank, push_escaped};
use super::text;
use crate::formats::report::excerpt::{Excerpt, MarkedExcerpt};
use crate::row::count::Count;
use crate::row::timestamp::{Day, Nanoseconds};

/// HTML being written. Markup is `&'static str`, so it is ours; any other text passes [`Html::text`] or an attribute, which
/// escape it.
#[derive(Default)]
pub(crate) struct Html {
    html: String,
}

impl Html {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// What is written so far.
    pub(crate) fn into_string(self) -> String {
        self.html
    }

    /// Bytes written so far.
    pub(crate) fn len(&self) -> usize {
        self.html.len()
    }

    /// Markup of ours, as it is.
    pub(crate) fn markup(&mut self, markup: &'static str) -> &mut Self {
        self.html.push_str(markup);
        self
    }

    /// A text, escaped.
    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        push_escaped(&mut self.html, text);
        self
    }

    /// An attribute of a tag that is still open: a space, the name and the escaped value in quotes.
    pub(crate) fn attribute(&mut self, name: &'static str, value: &str) -> &mut Self {
        self.markup(" ").markup(name).markup("=\"").text(value).markup("\"")
    }

    /// Text of the input, kept from turning around what stands next to it.
    pub(crate) fn bdi(&mut self, text: &str) -> &mut Self {
        self.markup("<bdi>").text(text).markup("</bdi>")
    }

    /// The beginning of a text of the input, and whether there is more of it.
    pub(crate) fn excerpt(&mut self, excerpt: &Excerpt) -> &mut Self {
        self.bdi(excerpt.text());
        if excerpt.is_cut() { self.markup("…") } else { self }
    }

    /// A marked part of a text, with the text around it.
    pub(crate) fn marked_excerpt(&mut self, excerpt: &MarkedExcerpt) -> &mut Self {
        let [before, part, after] = excerpt.parts();
        self.markup(if excerpt.begins_later() { "…<bdi>" } else { "<bdi>" });
        self.text(before).markup("<mark>").text(part).markup("</mark>").text(after);
        self.markup(if excerpt.is_cut() { "</bdi>…" } else { "</bdi>" })
    }

    /// As [`Html::excerpt`], or where it is empty, a word of ours such as `(none)`. Where nothing of it is seen, it says so.
    pub(crate) fn excerpt_or(&mut self, excerpt: &Excerpt, instead: &'static str) -> &mut Self {
        if excerpt.text().is_empty() {
            return self.none(instead);
        }
        self.excerpt(excerpt);
        if is_blank(excerpt.text()) { self.markup(" ").none("(blank)") } else { self }
    }

    /// A word of ours such as `(none)` where there is nothing to show.
    pub(crate) fn none(&mut self, word: &'static str) -> &mut Self {
        self.markup("<span class=\"none\">").markup(word).markup("</span>")
    }

    /// How many: `1,049`.
    pub(crate) fn count(&mut self, count: u64) -> &mut Self {
        self.data(count, &text::grouped(count.into()))
    }

    /// A sum of counters, whole or not.
    pub(crate) fn amount(&mut self, amount: Count) -> &mut Self {
        match amount {
            Count::Integer(integer) => match u64::try_from(integer) {
                Ok(count) => self.count(count),
                Err(_) => self.data(integer, &text::quantity(integer as f64)),
            },
            Count::Double(double) => self.data(double, &text::quantity(double)),
        }
    }

    /// Bytes: `1.23 kB`.
    pub(crate) fn bytes(&mut self, bytes: u64) -> &mut Self {
        self.data(bytes, &text::bytes(bytes))
    }

    /// An exact duration: `4.5 s`, its value in nanoseconds.
    pub(crate) fn nanoseconds(&mut self, nanoseconds: u128) -> &mut Self {
        self.data(nanoseconds, &text::duration(nanoseconds as f64))
    }

    /// A percentile of durations: `4.5 s`, its value in nanoseconds.
    pub(crate) fn nanoseconds_about(&mut self, nanoseconds: f64) -> &mut Self {
        self.data(nanoseconds, &text::duration(nanoseconds))
    }

    /// A mean of durations: `4.5 s`, its value in milliseconds.
    pub(crate) fn milliseconds(&mut self, milliseconds: f64) -> &mut Self {
        self.data(milliseconds, &text::duration(milliseconds * 1e6))
    }

    /// A share from 0 to 1: `12.5 %`.
    pub(crate) fn share(&mut self, share: f64) -> &mut Self {
        self.data(share, &format!("{} %", text::quantity(share * 100.0)))
    }

    /// A number without its unit: `12.3`.
    pub(crate) fn quantity(&mut self, quantity: f64) -> &mut Self {
        self.data(quantity, &text::quantity(quantity))
    }

    /// A number: what it is exactly, and how people read it.
    pub(crate) fn data(&mut self, exact: impl Number, shown: &str) -> &mut Self {
        self.markup("<data").attribute("value", &exact.to_string()).markup(">").text(shown).markup("</data>")
    }

    /// A point in time.
    pub(crate) fn time(&mut self, time: Nanoseconds) -> &mut Self {
        self.time_element(&text::time(time))
    }

    /// A point in time in milliseconds since 1970.
    pub(crate) fn time_of_milliseconds(&mut self, milliseconds: i64) -> &mut Self {
        self.time_element(&text::time_of_milliseconds(milliseconds))
    }

    /// A day.
    pub(crate) fn day(&mut self, day: Day) -> &mut Self {
        let date = text::date(day);
        self.markup("<time").attribute("datetime", &date).markup(">").text(&date).markup("</time>")
    }

    fn time_element(&mut self, (date, clock): &(String, String)) -> &mut Self {
        self.markup("<time datetime=\"").text(date).markup("T").text(clock).markup("Z\">");
        self.text(date).markup(" ").text(clock).markup("</time>")
    }

    /// `<td>` with what `write` writes.
    pub(crate) fn cell(&mut self, write: impl FnOnce(&mut Self) -> &mut Self) -> &mut Self {
        write(self.markup("<td>")).markup("</td>")
    }

    /// `<td>` with a count.
    pub(crate) fn count_cell(&mut self, count: u64) -> &mut Self {
        self.markup("<td>").count(count).markup("</td>")
    }

    /// The header of a row with what `write` writes.
    pub(crate) fn row_header(&mut self, write: impl FnOnce(&mut Self) -> &mut Self) -> &mut Self {
        write(self.markup("<th scope=\"row\">")).markup("</th>")
    }

    /// The sentence that stands where there is nothing to show.
    pub(crate) fn nothing(&mut self, sentence: &'static str) -> &mut Self {
        self.markup("<p class=\"nothing\">").markup(sentence).markup("</p>\n")
    }

    /// Writes, and takes it back if it does not fit a part of the page. Whether it fits.
    pub(super) fn fits(&mut self, part: Part, write: impl FnOnce(&mut Self) -> &mut Self) -> bool {
        let begin = self.html.len();
        write(self);
        let fits = self.html.len() <= part.end() - Part::ROOM_TO_CLOSE;
        if !fits {
            self.take_back(begin);
        }
        fits
    }

    /// Takes back all behind a length that the page had.
    pub(super) fn take_back(&mut self, length: usize) {
        self.html.truncate(length);
    }
}

/// A number whose `Display` is exact, so that no text takes its place.
pub(crate) trait Number: Copy + Display {}
impl Number for u64 {}
impl Number for u128 {}
impl Number for i64 {}
impl Number for f64 {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_text_says_so_outside_of_itself() {
        let mut page = Html::new();
        page.excerpt(&Excerpt::of(&"x".repeat(81))).excerpt_or(&Excerpt::of(""), "(none)");
        assert_eq!(page.html, format!("<bdi>{}</bdi>…<span class=\"none\">(none)</span>", "x".repeat(80)));
    }

    #[test]
    fn a_text_of_which_nothing_is_seen_says_so() {
        let mut page = Html::new();
        page.excerpt_or(&Excerpt::of(" \u{A0}"), "(none)").excerpt_or(&Excerpt::of(" \n"), "(none)");
        assert_eq!(page.html, "<bdi> \u{A0}</bdi> <span class=\"none\">(blank)</span><bdi> ⟨U+000A⟩</bdi>");
    }

    #[test]
    fn numbers_say_what_they_are_exactly() {
        let mut page = Html::new();
        page.count(1049).nanoseconds(203_000_000).milliseconds(4500.0).amount(Count::Double(0.5));
        assert_eq!(
            page.html,
            "<data value=\"1049\">1,049</data><data value=\"203000000\">203 ms</data>\
             <data value=\"4500\">4.5 s</data><data value=\"0.5\">0.5</data>"
        );
    }

    #[test]
    fn times_and_days_are_in_utc() {
        let mut page = Html::new();
        page.time(1_780_302_078_749_000_000).day(20_605);
        assert_eq!(
            page.html,
            "<time datetime=\"2026-06-01T08:21:18.749Z\">2026-06-01 08:21:18.749</time>\
             <time datetime=\"2026-06-01\">2026-06-01</time>"
        );
    }
}
