//! The beginning of a text from the input, which can be of any length.

/// The first characters of a text (specification, Input text).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Excerpt {
    text: Box<str>,
    is_cut: bool,
}

impl Excerpt {
    /// How many characters (Unicode scalar values) are kept.
    pub(crate) const CHARACTERS: usize = 80;

    /// The first [`Self::CHARACTERS`] of `text`.
    pub(crate) fn of(text: &str) -> Self {
        match text.char_indices().nth(Self::CHARACTERS) {
            Some((end, _)) => Self { text: text[..end].into(), is_cut: true },
            None => Self { text: text.into(), is_cut: false },
        }
    }

    /// The characters that are kept.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Whether the text has more characters than are kept.
    pub(crate) fn is_cut(&self) -> bool {
        self.is_cut
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_after_its_80th_character() {
        let whole = "é".repeat(80);
        assert_eq!((Excerpt::of(&whole).text(), Excerpt::of(&whole).is_cut()), (whole.as_str(), false));
        let longer = whole.clone() + "x";
        assert_eq!((Excerpt::of(&longer).text(), Excerpt::of(&longer).is_cut()), (whole.as_str(), true));
        assert_eq!(Excerpt::of(""), Excerpt::default());
    }
}
