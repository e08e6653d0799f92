//! Text of the input as text of a page.

use maud::Render;

use super::characters::Characters;

/// A text of the input, escaped so that a browser, or whoever reads the file, sees every character of it and takes none for
/// markup.
pub(super) struct Escaped<'a>(pub(super) &'a str);

impl Render for Escaped<'_> {
    fn render_to(&self, html: &mut String) {
        push_escaped(html, self.0);
    }
}

/// An escaped text in which a line can also end after `.` and `_`, and before an uppercase letter that follows a lowercase one.
/// So names such as `remote.setup.workspace_ready` and `ClientCertificateError` do not break inside a word.
pub(super) struct Breakable<'a>(pub(super) &'a str);

impl Breakable<'_> {
    /// Shorter texts do not break.
    const LENGTH_AT_LEAST: usize = 9;
}

impl Render for Breakable<'_> {
    fn render_to(&self, html: &mut String) {
        let text = self.0;
        // The rules for other characters look at their neighbours, so such a text is not split.
        if text.len() < Self::LENGTH_AT_LEAST || !text.is_ascii() {
            return push_escaped(html, text);
        }
        let bytes = text.as_bytes();
        let mut begin = 0;
        for at in 1..bytes.len() {
            let (before, after) = (bytes[at - 1], bytes[at]);
            let ends_part = matches!(before, b'.' | b'_') && after.is_ascii_alphanumeric();
            if ends_part || (before.is_ascii_lowercase() && after.is_ascii_uppercase()) {
                push_escaped(html, &text[begin..at]);
                html.push_str("<wbr>");
                begin = at;
            }
        }
        push_escaped(html, &text[begin..]);
    }
}

fn push_escaped(html: &mut String, text: &str) {
    let rule = Characters::rule();
    let mut copied = 0;
    let mut was_shown = true;
    for (at, character) in text.char_indices() {
        let end = at + character.len_utf8();
        let before_it_shown = std::mem::replace(&mut was_shown, true);
        let entity = match character {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '"' => "&quot;",
            '\'' => "&#39;",
            ' '..='~' => continue,
            _ if rule.is_seen(character) => continue,
            _ if before_it_shown && rule.spells(&text[..at], character, &text[end..]) => continue,
            _ => "",
        };
        html.push_str(&text[copied..at]);
        if entity.is_empty() {
            html.push_str(&format!("⟨U+{:04X}⟩", u32::from(character)));
            was_shown = false;
        } else {
            html.push_str(entity);
        }
        copied = end;
    }
    html.push_str(&text[copied..]);
}

/// Whether the page shows a text as white space alone. It spells out white space that is no mere space.
pub(super) fn is_blank(text: &str) -> bool {
    text.chars().all(|character| character.is_whitespace() && Characters::rule().is_seen(character))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::report::page::well_formed::check_fragment;
    use maud::html;
    use proptest::prelude::*;

    fn breakable(text: &str) -> String {
        let mut html = String::new();
        Breakable(text).render_to(&mut html);
        html
    }

    #[test]
    fn a_long_name_can_break_between_its_words() {
        for (text, expected) in [
            ("remote.setup.workspace_ready", "remote.<wbr>setup.<wbr>workspace_<wbr>ready"),
            ("ClientCertificateError", "Client<wbr>Certificate<wbr>Error"),
            ("network_error", "network_<wbr>error"),
            ("ECONNREFUSED", "ECONNREFUSED"),
            ("__a..b <i>_", "__<wbr>a..<wbr>b &lt;i&gt;_"),
            ("a.b_cD", "a.b_cD"),
            ("naïve.workspaceReady", "naïve.workspaceReady"),
        ] {
            assert_eq!(breakable(text), expected);
            check_fragment(&html! { bdi { (Breakable(text)) } }.0);
        }
    }

    proptest! {
        #[test]
        fn breaks_change_nothing_else(text in "[a-cA-C._<&]{0,30}|.{0,20}") {
            prop_assert_eq!(breakable(&text).replace("<wbr>", ""), escaped(&text));
        }
    }

    fn escaped(text: &str) -> String {
        let mut html = String::new();
        push_escaped(&mut html, text);
        html
    }

    #[test]
    fn markup_in_a_text_is_text() {
        assert_eq!(
            escaped("a<b> & \"c\" 'd' </script>"),
            "a&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39; &lt;/script&gt;"
        );
    }

    #[test]
    fn characters_that_nobody_sees_are_spelled_out() {
        assert_eq!(
            escaped("a\u{202E}b\0\n\t\u{7F}\u{85}"),
            "a⟨U+202E⟩b⟨U+0000⟩⟨U+000A⟩⟨U+0009⟩⟨U+007F⟩⟨U+0085⟩"
        );
        assert_eq!(escaped("\u{200B}\u{FEFF}\u{2028}\u{E0041}"), "⟨U+200B⟩⟨U+FEFF⟩⟨U+2028⟩⟨U+E0041⟩");
        assert_eq!(escaped("\u{FFFE}\u{1FFFF}\u{10FFFF}\u{FDD0}"), "⟨U+FFFE⟩⟨U+1FFFF⟩⟨U+10FFFF⟩⟨U+FDD0⟩");
        assert_eq!(escaped("naïve 漢字 😀 \u{FFFD}"), "naïve 漢字 😀 \u{FFFD}");
    }

    /// The table that the command line is held to as well.
    #[test]
    fn what_spells_is_shown_and_what_directs_or_hides_is_escaped() {
        #[derive(serde::Deserialize)]
        struct Case {
            name: String,
            text: String,
            shown: String,
        }
        let table = include_str!("../../../../fixtures/shown-characters.json");
        let cases: Vec<Case> = serde_json::from_str(table).expect("a table of cases");
        assert!(!cases.is_empty());
        for Case { name, text, shown } in cases {
            assert_eq!(escaped(&text), shown, "{name}");
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_markup(text in any::<String>()) {
            check_fragment(&html! { p title=(Escaped(&text)) { (Escaped(&text)) } }.0);
        }

        #[test]
        fn every_character_is_shown_or_spelled_out(character in any::<char>()) {
            let shown = escaped(&character.to_string());
            let spelled = format!("⟨U+{:04X}⟩", u32::from(character));
            prop_assert!(shown == spelled || shown.starts_with('&') || shown == character.to_string());
            prop_assert!(!shown.chars().any(char::is_control));
        }
    }
}
