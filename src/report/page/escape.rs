//! Text of the input as text of a page.

/// Adds a text such that a browser, or whoever reads the file, sees every character of it and takes none for markup.
pub(super) fn push_escaped(html: &mut String, text: &str) {
    let mut copied = 0;
    for (at, character) in text.char_indices() {
        if matches!(character, ' '..='~') && !matches!(character, '&' | '<' | '>' | '"' | '\'') {
            continue;
        }
        let entity = match character {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '"' => "&quot;",
            '\'' => "&#39;",
            _ if is_seen(character) => continue,
            _ => "",
        };
        html.push_str(&text[copied..at]);
        if entity.is_empty() {
            html.push_str(&format!("⟨U+{:04X}⟩", u32::from(character)));
        } else {
            html.push_str(entity);
        }
        copied = at + character.len_utf8();
    }
    html.push_str(&text[copied..]);
}

/// Whether a text is white space alone, as the page shows it: of what is no mere space, it shows the name.
pub(super) fn is_blank(text: &str) -> bool {
    text.chars().all(|character| character.is_whitespace() && is_seen(character))
}

/// Whether a character shows itself and leaves its neighbours alone. Not so: controls, what directs text, has no width or is
/// to be ignored by default (Unicode's `Cf`, `Zl`, `Zp` and `Default_Ignorable_Code_Point`), what is for private use and
/// what is no character at all.
fn is_seen(character: char) -> bool {
    !matches!(
        u32::from(character),
        0x00..=0x1F
            | 0x7F..=0x9F
            | 0xAD
            | 0x034F
            | 0x0600..=0x0605
            | 0x061C
            | 0x06DD
            | 0x070F
            | 0x0890..=0x0891
            | 0x08E2
            | 0x115F..=0x1160
            | 0x17B4..=0x17B5
            | 0x180B..=0x180F
            | 0x200B..=0x200F
            | 0x2028..=0x202E
            | 0x2060..=0x206F
            | 0x3164
            | 0xE000..=0xF8FF
            | 0xFDD0..=0xFDEF
            | 0xFE00..=0xFE0F
            | 0xFEFF
            | 0xFFA0
            | 0xFFF0..=0xFFFB
            | 0x110BD
            | 0x110CD
            | 0x13430..=0x1343F
            | 0x1BCA0..=0x1BCA3
            | 0x1D173..=0x1D17A
            | 0xE0000..=0xE0FFF
            | 0xF0000..
    ) && u32::from(character) & 0xFFFE != 0xFFFE
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::page::html::Html;
    use crate::report::page::well_formed::check_fragment;
    use proptest::prelude::*;

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

    proptest! {
        #[test]
        fn no_text_breaks_the_markup(text in any::<String>()) {
            let mut page = Html::new();
            page.markup("<p").attribute("title", &text).markup(">").bdi(&text).markup("</p>");
            check_fragment(&page.into_string());
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
