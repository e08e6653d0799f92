//! Escapes inside a text: percent-encoding (`%2Fhome%2FNAME`), escapes of JSON (`NAME\u0040HOST`), and
//! references of HTML (`NAME&#64;HOST`). A text with escapes is searched without them. Then the marks are
//! moved to the escaped text.

use memchr::memchr3_iter;

use super::marks::Mark;

/// How often escapes are removed from a text. An escape can be escaped itself, as in `%252F`.
pub(super) const DEPTH: u32 = 3;

/// The named references of HTML that matter for marks.
const ENTITIES: [(&str, char); 7] = [
    ("&amp;", '&'),
    ("&lt;", '<'),
    ("&gt;", '>'),
    ("&quot;", '"'),
    ("&apos;", '\''),
    ("&commat;", '@'),
    ("&nbsp;", ' '),
];

/// The text without its escapes, if it has any.
pub(super) fn unescaped(text: &str) -> Option<String> {
    let mut escapes = escapes(text).peekable();
    escapes.peek()?;
    let mut result = String::with_capacity(text.len());
    let mut end = 0;
    for Escape { start, length, character } in escapes {
        result += &text[end..start];
        result.push(character);
        end = start + length;
    }
    result += &text[end..];
    Some(result)
}

/// Moves marks of the text without escapes to `text`. A mark on an escaped character covers the whole escape.
pub(super) fn move_to_escaped(text: &str, marks: &mut [Mark]) {
    let mut bounds: Vec<&mut usize> = Vec::with_capacity(2 * marks.len());
    for Mark { span, .. } in marks {
        bounds.extend([&mut span.start, &mut span.end]);
    }
    bounds.sort_unstable();
    // How many bytes the escapes so far add to the text.
    let mut surplus = 0;
    let mut escapes = escapes(text).peekable();
    for bound in bounds {
        while let Some(Escape { length, character, .. }) = escapes.next_if(|escape| {
            // The escape ends at or before the bound.
            escape.start + escape.character.len_utf8() <= *bound + surplus
        }) {
            surplus += length - character.len_utf8();
        }
        *bound += surplus;
    }
}

/// An escaped character in a text.
struct Escape {
    start: usize,
    /// In bytes of the text.
    length: usize,
    character: char,
}

/// The escapes of a text, in order.
fn escapes(text: &str) -> impl Iterator<Item = Escape> {
    let mut end = 0;
    memchr3_iter(b'%', b'\\', b'&', text.as_bytes()).filter_map(move |start| {
        if start < end {
            return None;
        }
        let (length, character) = escape_at(&text[start..])?;
        end = start + length;
        Some(Escape { start, length, character })
    })
}

/// The length and the character of the escape at the start of `text`.
fn escape_at(text: &str) -> Option<(usize, char)> {
    match text.as_bytes()[0] {
        b'%' => percent_encoded(text),
        b'\\' => {
            let digits = text.get(1..6)?.strip_prefix('u')?;
            Some((6, from_digits(digits, 16)?))
        }
        _ => reference(text),
    }
}

fn from_digits(digits: &str, radix: u32) -> Option<char> {
    let is_number = !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix));
    is_number.then(|| u32::from_str_radix(digits, radix).ok().and_then(char::from_u32)).flatten()
}

/// A character whose UTF-8 bytes are each `%` and two hexadecimal digits.
fn percent_encoded(text: &str) -> Option<(usize, char)> {
    let byte_at = |at: usize| {
        let digits = text.get(at..at + 3)?.strip_prefix('%')?;
        from_digits(digits, 16).and_then(|character| u8::try_from(u32::from(character)).ok())
    };
    let first = byte_at(0)?;
    let count = match first {
        0x20..0x7f | b'\t' | b'\n' | b'\r' => return Some((3, char::from(first))),
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return None,
    };
    let mut bytes = [0; 4];
    for (index, byte) in bytes[..count].iter_mut().enumerate() {
        *byte = byte_at(3 * index)?;
    }
    let character = std::str::from_utf8(&bytes[..count]).ok()?.chars().next()?;
    Some((3 * count, character))
}

/// A character as `&#64;`, `&#x40;` or `&commat;`.
fn reference(text: &str) -> Option<(usize, char)> {
    /// The longest reference.
    const LONGEST: usize = 10;
    if let Some((name, character)) = ENTITIES.iter().find(|(name, _)| text.starts_with(name)) {
        return Some((name.len(), *character));
    }
    let rest = text.strip_prefix("&#")?;
    let digits = &rest.as_bytes()[..rest.bytes().take(LONGEST).position(|byte| byte == b';')?];
    let digits = std::str::from_utf8(digits).ok()?;
    let character = match digits.strip_prefix(['x', 'X']) {
        Some(digits) => from_digits(digits, 16),
        None => from_digits(digits, 10),
    }?;
    Some((digits.len() + 3, character))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{KeyMeaning, find_marks};
    use super::*;

    fn read(text: &str) -> String {
        let mut text = text.to_owned();
        for _ in 0..DEPTH {
            let Some(next) = unescaped(&text) else { break };
            text = next;
        }
        text
    }

    #[test]
    fn escapes_of_urls_json_and_html_are_read() {
        for (escaped, text) in [
            ("%2Fhome%2fanna", "/home/anna"),
            ("%252Fhome", "/home"),
            ("na%C3%AFve%20%e2%82%ac %F0%9F%8C%B2", "naïve € 🌲"),
            (r"a\u0040b \u00e9", "a@b é"),
            ("a&#64;b&#x40;c&commat;d?x=1&amp;y=2", "a@b@c@d?x=1&y=2"),
        ] {
            assert_eq!(read(escaped), text, "{escaped}");
        }
    }

    #[test]
    fn text_that_only_looks_escaped_stays() {
        for text in [
            "100%",
            "%",
            "%2",
            "%zz",
            "%+2",
            "%C3",
            "%ED%A0%80",
            "%00",
            "%USERNAME%",
            r"C:\users",
            r"\u12",
            r"\ud800",
            "&",
            "&#",
            "&#;",
            "&#x;",
            "&#xfffffff;",
            "&#64",
            "&copy;",
            "a&b=c",
            "%é",
        ] {
            assert_eq!(unescaped(text), None, "{text}");
        }
    }

    #[test]
    fn a_mark_covers_the_escapes_of_its_text() {
        for (text, marked) in [
            ("x%20%2Fhome%2Fann%61%2Fx", vec!["ann%61"]),
            ("%252Fhome%252Fanna%252Fx", vec!["anna"]),
            ("to=anna%40velmora.com%26x", vec!["anna%40velmora.com"]),
            ("http%3A%2F%2F10.20.30.40%3A3000%2Fcb", vec!["10.20.30.40"]),
            ("%2Fhome%2Fanna and %2Fhome%2Fbert", vec!["anna", "bert"]),
        ] {
            let mut marks = Vec::new();
            find_marks(KeyMeaning::Nothing, text, &mut marks);
            let parts: Vec<&str> = marks.iter().map(|mark| &text[mark.span.clone()]).collect();
            assert_eq!(parts, marked, "{text}");
        }
    }

    proptest! {
        #[test]
        fn escaping_parts_of_a_text_does_not_change_its_marks(
            before in "[ -~]{0,20}", after in "[ -~]{0,20}", escaped in prop::collection::vec(any::<bool>(), 60)
        ) {
            let text = read(&format!("{before} /home/anna {after}"));
            let with_escapes: String = text.chars().zip(escaped.iter().chain(std::iter::repeat(&false))).map(|(c, is_escaped)| {
                if *is_escaped || matches!(c, '%' | '&' | '\\') { format!("%{:02X}", u32::from(c)) } else { c.to_string() }
            }).collect();
            let found = |text: &str| {
                let mut marks = Vec::new();
                find_marks(KeyMeaning::Nothing, text, &mut marks);
                marks.iter().map(|mark| read(&text[mark.span.clone()])).collect::<Vec<_>>()
            };
            prop_assert_eq!(found(&text), found(&with_escapes));
        }
    }
}
