//! The part of a text from the input that the page shows. A text can be of any length, hold secrets and be hostile. So every
//! text of the input reaches the page as one of the types here: they cut the text, mask its secrets and escape it. They do
//! not give it away as a string.

mod characters;
mod escape;

use std::ops::Range;

use maud::{Markup, Render, html};

use self::escape::{Breakable, Escaped, is_blank};
use crate::privacy::{KeyMeaning, Mark, Rule, find_marks};

/// The first characters of a text, with its secrets masked (specification, Input text).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Excerpt {
    text: Box<str>,
    /// Whether the text has more characters than are kept.
    is_cut: bool,
}

impl Excerpt {
    /// How many characters (Unicode scalar values) are kept. A mask that begins before the limit is kept whole.
    pub(crate) const CHARACTERS: usize = 80;
    /// How many bytes after the shown part are searched for the rest of a secret, if a text is not searched
    /// as a whole. The length that is shown for a longer secret is too small.
    const LOOK_AHEAD: usize = 16_384;

    /// The first [`Self::CHARACTERS`] of `text`.
    pub(crate) fn of(text: &str) -> Self {
        Self::of_at_most(text, Self::CHARACTERS)
    }

    /// The first `characters` of `text`.
    pub(crate) fn of_at_most(text: &str, characters: usize) -> Self {
        Self::of_unsearched(KeyMeaning::Nothing, text, characters)
    }

    /// The first [`Self::CHARACTERS`] of `text`, which is a value of `key`.
    pub(crate) fn of_value(key: &str, text: &str) -> Self {
        Self::of_unsearched(KeyMeaning::of(key), text, Self::CHARACTERS)
    }

    fn of_unsearched(key: KeyMeaning, text: &str, characters: usize) -> Self {
        let mut end = text.len().min(4 * characters + Self::LOOK_AHEAD);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let mut marks = Vec::new();
        find_marks(key, &text[..end], &mut marks);
        Shown::of(text, &secrets(&marks), characters).into()
    }

    /// The first [`Self::CHARACTERS`] of `text`, which has these marks.
    pub(crate) fn of_searched(text: &str, marks: &[Mark]) -> Self {
        Shown::of(text, &secrets(marks), Self::CHARACTERS).into()
    }

    /// This text behind `words`.
    pub(crate) fn behind(&self, words: &str) -> Self {
        // The secrets of this text are masked already.
        Self::of_searched(&format!("{words} {}", self.text), &[])
    }

    /// The first `characters`, if the text is ASCII and not empty.
    pub(crate) fn ascii_beginning(&self, characters: usize) -> Option<Self> {
        let kept = self.text.get(..characters).unwrap_or(&self.text);
        let is_cut = self.is_cut || kept.len() < self.text.len();
        (self.text.is_ascii() && !self.text.is_empty()).then(|| Self { text: kept.into(), is_cut })
    }

    /// Whether the text has only letters, digits, `_`, `.` and `-` of ASCII, and at most this many of them.
    pub(crate) fn is_word(&self, characters_at_most: usize) -> bool {
        (1..=characters_at_most).contains(&self.text.len())
            && self.text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte))
    }

    /// Whether the text is this one.
    pub(crate) fn is(&self, text: &str) -> bool {
        *self.text == *text
    }

    /// Whether the characters that are kept are those of `other`.
    pub(crate) fn reads_like(&self, other: &Self) -> bool {
        self.text == other.text
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether the page shows nothing but white space.
    pub(crate) fn is_blank(&self) -> bool {
        is_blank(&self.text)
    }

    /// The text of a JSON number with a fraction or an exponent, as a number.
    pub(crate) fn fraction(&self) -> Option<f64> {
        let number = self.text.parse::<f64>().ok().filter(|number| number.is_finite());
        number.filter(|_| !self.is_cut && self.text.contains(['.', 'e', 'E']))
    }

    /// Length in bytes, before escaping.
    pub(crate) fn len(&self) -> usize {
        self.text.len()
    }

    /// The excerpt without a `<bdi>`, for a `<title>`, which can hold no elements.
    pub(crate) fn in_title(&self) -> Markup {
        html! { (Escaped(&self.text)) @if self.is_cut { "…" } }
    }

    /// The characters that are kept. The page has no way to get them.
    #[cfg(test)]
    pub(crate) fn text(&self) -> &str {
        &self.text
    }
}

/// `<bdi>` keeps the text from changing the direction of what is next to it.
impl Render for Excerpt {
    fn render(&self) -> Markup {
        html! { bdi { (Breakable(&self.text)) } @if self.is_cut { "…" } }
    }
}

impl From<Shown> for Excerpt {
    fn from(shown: Shown) -> Self {
        Self { text: shown.text.into(), is_cut: shown.is_cut }
    }
}

/// A marked part of a text, with the characters around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MarkedExcerpt {
    /// Why the part is marked.
    pub(crate) rule: Rule,
    excerpt: Excerpt,
    /// The part's bytes in `excerpt`.
    marked: Range<usize>,
    /// Whether the text has characters before those that are kept.
    begins_later: bool,
}

impl MarkedExcerpt {
    /// How many characters before the part are kept if the text is too long.
    const CHARACTERS_BEFORE: usize = 24;

    /// The part of `text` that `mark` covers. `marks` are all marks of `text`.
    pub(crate) fn of(text: &str, mark: &Mark, marks: &[Mark]) -> Self {
        let secrets = secrets(marks);
        let span = around_secrets(mark.span.clone(), &secrets);
        let from = around_secrets(Self::start(text, &span)..span.end, &secrets).start;
        let mut shown = Shown::default();
        shown.push(text, from..span.start, &secrets, Excerpt::CHARACTERS);
        let start = shown.text.len();
        // The masks of secrets before the part can be longer than the secrets. Some of the part is shown even
        // then.
        let limit = Excerpt::CHARACTERS.max(shown.characters + Self::CHARACTERS_BEFORE);
        shown.push(text, span.clone(), &secrets, limit);
        let marked = start..shown.text.len();
        shown.push(text, span.end..text.len(), &secrets, limit);
        Self { rule: mark.rule, excerpt: shown.into(), marked, begins_later: from > 0 }
    }

    /// Where the excerpt of a text with a mark at `span` begins.
    fn start(text: &str, span: &Range<usize>) -> usize {
        let after = text[span.start..].chars().take(Excerpt::CHARACTERS).count();
        let before = Self::CHARACTERS_BEFORE.max(Excerpt::CHARACTERS - after);
        text[..span.start].char_indices().rev().take(before).last().map_or(span.start, |(start, _)| start)
    }

    /// The text before the part, the part, and the text after it.
    fn split(&self) -> [&str; 3] {
        let text = &self.excerpt.text;
        [&text[..self.marked.start], &text[self.marked.clone()], &text[self.marked.end..]]
    }

    /// The characters that are kept. The page has no way to get them.
    #[cfg(test)]
    pub(crate) fn parts(&self) -> [&str; 3] {
        self.split()
    }
}

impl Render for MarkedExcerpt {
    fn render(&self) -> Markup {
        let [before, part, after] = self.split().map(Escaped);
        html! {
            @if self.begins_later { "…" }
            bdi { (before) mark { (part) } (after) }
            @if self.excerpt.is_cut { "…" }
        }
    }
}

/// The secrets among `marks`, in order. Those that overlap are joined.
fn secrets(marks: &[Mark]) -> Vec<Range<usize>> {
    let is_secret = |mark: &&Mark| mark.rule.kind().is_secret();
    let mut secrets: Vec<_> = marks.iter().filter(is_secret).map(|mark| mark.span.clone()).collect();
    secrets.sort_unstable_by_key(|secret| (secret.start, secret.end));
    secrets.dedup_by(|next, secret| {
        let overlaps = next.start < secret.end;
        if overlaps {
            secret.end = secret.end.max(next.end);
        }
        overlaps
    });
    secrets
}

/// Extends a span so that it does not begin or end inside a secret. `secrets` are in order.
fn around_secrets(span: Range<usize>, secrets: &[Range<usize>]) -> Range<usize> {
    let overlapping = secrets.iter().filter(|secret| secret.start < span.end && span.start < secret.end);
    overlapping.fold(span.clone(), |span, secret| span.start.min(secret.start)..span.end.max(secret.end))
}

/// A text being cut and masked.
#[derive(Default)]
struct Shown {
    text: String,
    characters: usize,
    is_cut: bool,
}

impl Shown {
    fn of(text: &str, secrets: &[Range<usize>], limit: usize) -> Self {
        let mut shown = Self::default();
        shown.push(text, 0..text.len(), secrets, limit);
        shown
    }

    /// Adds a part of `text` until `limit` is reached. The part does not begin or end inside a secret.
    fn push(&mut self, text: &str, part: Range<usize>, secrets: &[Range<usize>], limit: usize) {
        let mut at = part.start;
        for secret in secrets.iter().filter(|secret| part.start <= secret.start && secret.end <= part.end) {
            self.push_plain(&text[at..secret.start], limit);
            self.push_mask(&text[secret.clone()], limit);
            at = secret.end;
        }
        self.push_plain(&text[at..part.end], limit);
    }

    fn push_plain(&mut self, text: &str, limit: usize) {
        let room = limit.saturating_sub(self.characters);
        let end = match text.char_indices().nth(room) {
            Some((end, _)) => {
                self.characters += room;
                self.is_cut = true;
                end
            }
            None => {
                self.characters += text.chars().count();
                text.len()
            }
        };
        self.text.push_str(&text[..end]);
    }

    /// Adds the mask of a secret: its first characters and its length. At most half of a secret is shown.
    fn push_mask(&mut self, secret: &str, limit: usize) {
        const SHOWN_AT_MOST: usize = 4;
        if self.characters >= limit {
            self.is_cut = true;
            return;
        }
        let length = secret.chars().count();
        let first: String = secret.chars().take(SHOWN_AT_MOST.min(length / 2)).collect();
        let unit = if length == 1 { "character" } else { "characters" };
        let mask = format!("{first}…({length} {unit})");
        self.characters += mask.chars().count();
        self.text.push_str(&mask);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TOKEN: &str = "ghp_Zq81kLw0TnV5bYx2RcJ7mHd4sPf9uAe3Gt6i";

    fn shown(text: &str) -> (String, bool) {
        let excerpt = Excerpt::of(text);
        (excerpt.text().to_owned(), excerpt.is_cut)
    }

    #[test]
    fn a_text_is_cut_after_its_80th_character() {
        let whole = "é".repeat(80);
        assert_eq!(shown(&whole), (whole.clone(), false));
        assert_eq!(shown(&(whole.clone() + "x")), (whole, true));
        assert_eq!(Excerpt::of(""), Excerpt::default());
    }

    #[test]
    fn a_secret_is_shown_as_its_first_four_characters_and_its_length() {
        for (text, expected) in [
            (TOKEN.to_owned(), "ghp_…(40 characters)".to_owned()),
            (
                format!("rejected {TOKEN}, twice {TOKEN}."),
                "rejected ghp_…(40 characters), twice ghp_…(40 characters).".to_owned(),
            ),
            ("--password=hunter2 -v".to_owned(), "--password=hun…(7 characters) -v".to_owned()),
        ] {
            assert_eq!(shown(&text), (expected, false), "{text}");
        }
        assert_eq!(Excerpt::of_value("password", "ab").text(), "a…(2 characters)");
        assert_eq!(Excerpt::of_value("password", "1").text(), "…(1 character)");
    }

    #[test]
    fn a_mask_that_begins_before_the_limit_is_kept_whole_and_counts_by_its_own_length() {
        let before = format!("{} ", "x ".repeat(35));
        assert_eq!(shown(&format!("{before}{TOKEN}")), (format!("{before}ghp_…(40 characters)"), false));
        assert_eq!(shown(&format!("{before}{TOKEN} y")), (format!("{before}ghp_…(40 characters)"), true));
        let before = "x ".repeat(40);
        assert_eq!(shown(&format!("{before}{TOKEN}")), (before, true));
        // The mask is shorter than the secret, so more of the text fits.
        let after = " y".repeat(30);
        assert_eq!(shown(&format!("{TOKEN}{after}")), (format!("ghp_…(40 characters){after}"), false));
    }

    /// The excerpt of the first mark, with brackets around the marked part.
    fn marked(text: &str) -> String {
        let mut marks = Vec::new();
        find_marks(KeyMeaning::Nothing, text, &mut marks);
        let excerpt = MarkedExcerpt::of(text, &marks[0], &marks);
        let [before, part, after] = excerpt.parts();
        let cut = |is_cut| if is_cut { "…" } else { "" };
        format!("{}{before}[{part}]{after}{}", cut(excerpt.begins_later), cut(excerpt.excerpt.is_cut))
    }

    #[test]
    fn a_long_text_is_cut_around_its_mark() {
        let words = "so ".repeat(40);
        assert_eq!(marked("to anna@corp.example now"), "to [anna@corp.example] now");
        let in_the_middle = marked(&format!("{words}anna@corp.example {words}"));
        assert!(
            in_the_middle.starts_with("…so so so so so so so so [anna@corp.example] so so"),
            "{in_the_middle}"
        );
        assert!(in_the_middle.ends_with('…'));
        // At the end of a text, there is more room before the mark.
        let at_the_end = marked(&format!("{words}anna@corp.example"));
        assert_eq!(at_the_end.chars().count(), 1 + 80 + 2);
        assert!(
            at_the_end.starts_with('…') && at_the_end.ends_with("so [anna@corp.example]"),
            "{at_the_end}"
        );
    }

    #[test]
    fn secrets_are_masked_in_and_around_the_marked_part() {
        let text = format!("anna@corp.example sent {TOKEN}");
        assert_eq!(marked(&text), "[anna@corp.example] sent ghp_…(40 characters)");
        assert_eq!(marked(&format!("Bearer {TOKEN}")), "Bearer [ghp_…(40 characters)]");
    }

    /// Marks at any characters of a text.
    fn text_and_marks() -> impl Strategy<Value = (String, Vec<Mark>)> {
        let rules = prop::sample::select(Rule::ALL);
        let mark = (any::<prop::sample::Index>(), any::<prop::sample::Index>(), rules);
        (".{1,300}", prop::collection::vec(mark, 1..6)).prop_map(|(text, marks)| {
            let edges: Vec<_> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let mark = |(one, other, rule): (prop::sample::Index, prop::sample::Index, Rule)| {
                let (one, other) = (one.index(edges.len()), other.index(edges.len()));
                let (start, end) = (one.min(other).min(edges.len() - 2), one.max(other));
                Mark { rule, span: edges[start]..edges[end.max(start + 1)] }
            };
            let marks = marks.into_iter().map(mark).collect();
            (text, marks)
        })
    }

    #[test]
    fn a_cut_text_says_so_outside_of_itself() {
        let excerpt = Excerpt::of(&"x".repeat(81));
        assert_eq!(excerpt.render().0, format!("<bdi>{}</bdi>…", "x".repeat(80)));
        assert_eq!(excerpt.in_title().0, format!("{}…", "x".repeat(80)));
    }

    #[test]
    fn the_beginning_of_ascii_says_whether_it_is_cut() {
        let beginning = |text: &str| Excerpt::of(text).ascii_beginning(3).map(|excerpt| excerpt.in_title().0);
        assert_eq!(beginning("<bc"), Some("&lt;bc".to_owned()));
        assert_eq!(beginning("abcd"), Some("abc…".to_owned()));
        assert_eq!((beginning(""), beginning("é")), (None, None));
    }

    /// Does not compile if an excerpt can be taken for a string: then there are two traits to choose from.
    #[test]
    fn no_excerpt_is_a_string() {
        trait Choice<Number> {
            fn choose() {}
        }
        struct Display;
        struct AsStr;
        struct Deref;
        struct IntoString;
        impl<T> Choice<()> for T {}
        impl<T: std::fmt::Display> Choice<Display> for T {}
        impl<T: AsRef<str>> Choice<AsStr> for T {}
        impl<T: std::ops::Deref> Choice<Deref> for T {}
        impl<T: Into<String>> Choice<IntoString> for T {}
        <Excerpt as Choice<_>>::choose();
        <MarkedExcerpt as Choice<_>>::choose();
    }

    proptest! {
        #[test]
        fn any_marks_can_be_shown((text, marks) in text_and_marks()) {
            for mark in &marks {
                let excerpt = MarkedExcerpt::of(&text, mark, &marks);
                prop_assert!(!excerpt.parts()[1].is_empty());
                prop_assert!(excerpt.excerpt.text().chars().count() < Excerpt::CHARACTERS + 80);
            }
        }

        #[test]
        fn a_secret_is_hidden_wherever_it_is(before in "[a-c ]{0,120}", after in "[a-c ]{0,120}") {
            let text = format!("{before} {TOKEN} {after}");
            let mut marks = Vec::new();
            find_marks(KeyMeaning::Nothing, &text, &mut marks);
            let mut texts = vec![Excerpt::of(&text).text().to_owned()];
            texts.extend(marks.iter().map(|mark| MarkedExcerpt::of(&text, mark, &marks).parts().concat()));
            prop_assert!(marks.iter().any(|mark| mark.rule.kind().is_secret()));
            prop_assert!(texts.iter().all(|shown| !shown.contains(&TOKEN[..5])), "{texts:?}");
        }
    }
}
