//! The contents of JSON strings: escaped as in the text, and decoded.

use std::borrow::Cow;

/// The text between the quotes of a valid JSON string. It is still escaped, so it can be copied into other JSON.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct JsonString<'a>(&'a str);

impl<'a> JsonString<'a> {
    /// The string that a JSON value is; `None` if the value is of another type.
    pub(crate) fn of_value(value: &'a str) -> Option<Self> {
        value.strip_prefix('"')?.strip_suffix('"').map(Self)
    }

    /// From text that [`JsonString::escaped`] returned.
    pub(crate) const fn of_escaped(text: &'a str) -> Self {
        Self(text)
    }

    /// The escaped text, without the quotes.
    pub(crate) fn escaped(self) -> &'a str {
        self.0
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// The decoded string. UTF-8 cannot hold lone surrogates, so each becomes U+FFFD
    /// (specification, Lone surrogates).
    pub(crate) fn decoded(self) -> Cow<'a, str> {
        if memchr::memchr(b'\\', self.0.as_bytes()).is_none() {
            return Cow::Borrowed(self.0);
        }
        Cow::Owned(unescape(self.0))
    }

    /// Whether the decoded string equals `other`.
    pub(crate) fn means(self, other: &str) -> bool {
        self.0 == other || (self.0.contains('\\') && self.decoded() == other)
    }

    /// The escaped text with every lone surrogate replaced by U+FFFD, as OTLP receivers need it.
    pub(crate) fn without_lone_surrogates(self) -> Cow<'a, str> {
        if !may_hold_surrogate(self.0) {
            return Cow::Borrowed(self.0);
        }
        Cow::Owned(escaped(&unescape(self.0)))
    }
}

fn may_hold_surrogate(escaped: &str) -> bool {
    memchr::memmem::find_iter(escaped.as_bytes(), b"\\u")
        .any(|at| matches!(escaped.as_bytes().get(at + 2), Some(b'd' | b'D')))
}

fn unescape(escaped: &str) -> String {
    let mut text = String::with_capacity(escaped.len());
    let mut rest = escaped;
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        text.push_str(&rest[..at]);
        let mut length = 2;
        text.push(match rest.as_bytes()[at + 1] {
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let character;
                (character, length) = unescape_unicode(&rest[at..]);
                character
            }
            other => char::from(other),
        });
        rest = &rest[at + length..];
    }
    text.push_str(rest);
    text
}

/// Decodes `\uXXXX`, or two of them that form a surrogate pair, at the start of `text`. Returns the character and the
/// length of its escapes.
fn unescape_unicode(text: &str) -> (char, usize) {
    let unit =
        |at: usize| u32::from_str_radix(&text[at..at + 4], 16).expect("a \\u has four hexadecimal digits");
    let first = unit(2);
    if (0xD800..0xDC00).contains(&first)
        && text[6..].starts_with("\\u")
        && let second @ 0xDC00..=0xDFFF = unit(8)
    {
        let scalar = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        return (char::from_u32(scalar).expect("a surrogate pair is a character"), 12);
    }
    // Only a lone surrogate is no character.
    (char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER), 6)
}

/// `text` as the contents of a JSON string.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    escape_into(&mut escaped, text);
    escaped
}

/// Appends `text` to `json`, escaped as the contents of a JSON string.
pub(crate) fn escape_into(json: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\n' => json.push_str("\\n"),
            '\r' => json.push_str("\\r"),
            '\t' => json.push_str("\\t"),
            '\0'..='\u{1f}' => json.push_str(&format!("\\u{:04x}", u32::from(character))),
            other => json.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn string(value: &str) -> JsonString<'_> {
        JsonString::of_value(value).expect("a JSON string")
    }

    #[test]
    fn a_string_is_decoded_with_lone_surrogates_replaced() {
        assert_eq!(string(r#""a\n\u0041\ud83d\ude00\/""#).decoded(), "a\nA😀/");
        assert_eq!(string(r#""x\ud83dy\ude00""#).decoded(), "x\u{fffd}y\u{fffd}");
        assert_eq!(string(r#""\ud83d\ud83d\ude00""#).decoded(), "\u{fffd}😀");
        assert_eq!(string(r#""\ud83d\n""#).decoded(), "\u{fffd}\n");
    }

    #[test]
    fn a_string_without_lone_surrogates_keeps_its_spelling() {
        assert_eq!(string(r#""\u00e9\t""#).without_lone_surrogates(), r"\u00e9\t");
        assert_eq!(string(r#""\ud83d""#).without_lone_surrogates(), "\u{fffd}");
        assert_eq!(string(r#""\"\ud83d\\\u0000""#).without_lone_surrogates(), "\\\"\u{fffd}\\\\\\u0000");
    }

    proptest! {
        #[test]
        fn strings_decode_as_serde_json_decodes_them(text in any::<String>()) {
            let json = serde_json::to_string(&text).expect("a string");
            prop_assert_eq!(string(&json).decoded(), text.as_str());
            let mut escaped = String::new();
            escape_into(&mut escaped, &text);
            let back: String = serde_json::from_str(&format!("\"{escaped}\"")).expect("valid JSON");
            prop_assert_eq!(back, text);
        }
    }
}
