//! Validates JSON text (RFC 8259) and finds the ends of its values in one pass.
//!
//! Each function takes the index at which something begins and returns the index at which it ends. Nothing is built
//! or copied: values are slices of the text, so an export writes the bytes that it read.

use super::strings::JsonString;

/// The text is not valid JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Invalid;

/// The end of the white space at `at`, if there is any (RFC 8259 §2).
#[inline]
pub(crate) fn space_end(text: &str, mut at: usize) -> usize {
    while matches!(byte(text, at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
        at += 1;
    }
    at
}

/// The end of the value at `at`, which may be of any type.
#[inline]
pub(crate) fn value_end(text: &str, at: usize) -> Result<usize, Invalid> {
    match byte(text, at) {
        Some(b'"') => string_end(text, at),
        Some(b'-' | b'0'..=b'9') => number_end(text, at),
        Some(b'{' | b'[') => nested_end(text, at),
        Some(b't') => literal_end(text, at, "true"),
        Some(b'f') => literal_end(text, at, "false"),
        Some(b'n') => literal_end(text, at, "null"),
        _ => Err(Invalid),
    }
}

/// The end of the object at `at`. `visit` gets each member's key, the index where the member begins and the index where
/// its value begins. It returns the end of the value.
#[inline]
pub(crate) fn object_end<'a>(
    text: &'a str,
    at: usize,
    mut visit: impl FnMut(JsonString<'a>, usize, usize) -> Result<usize, Invalid>,
) -> Result<usize, Invalid> {
    let mut start = space_end(text, expect(text, at, b'{')?);
    if byte(text, start) == Some(b'}') {
        return Ok(start + 1);
    }
    loop {
        let (key, value) = key(text, start)?;
        let end = space_end(text, visit(key, start, value)?);
        match byte(text, end) {
            Some(b',') => start = space_end(text, end + 1),
            Some(b'}') => return Ok(end + 1),
            _ => return Err(Invalid),
        }
    }
}

/// The byte at `at`.
#[inline]
pub(crate) fn byte(text: &str, at: usize) -> Option<u8> {
    text.as_bytes().get(at).copied()
}

#[inline]
fn expect(text: &str, at: usize, expected: u8) -> Result<usize, Invalid> {
    if byte(text, at) == Some(expected) { Ok(at + 1) } else { Err(Invalid) }
}

/// The key at `at`, and the index of its value.
#[inline]
pub(super) fn key(text: &str, at: usize) -> Result<(JsonString<'_>, usize), Invalid> {
    let end = string_end(text, at)?;
    let key = JsonString::of_escaped(&text[at + 1..end - 1]);
    let colon = space_end(text, end);
    Ok((key, space_end(text, expect(text, colon, b':')?)))
}

#[inline]
fn string_end(text: &str, at: usize) -> Result<usize, Invalid> {
    let mut at = expect(text, at, b'"')?;
    loop {
        at = find_special(text.as_bytes(), at).ok_or(Invalid)?;
        match byte(text, at) {
            Some(b'"') => return Ok(at + 1),
            Some(b'\\') => at = escape_end(text, at)?,
            _ => return Err(Invalid),
        }
    }
}

fn escape_end(text: &str, at: usize) -> Result<usize, Invalid> {
    match &text.as_bytes()[at + 1..] {
        [b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => Ok(at + 2),
        [b'u', one, two, three, four, ..]
            if [one, two, three, four].iter().all(|digit| digit.is_ascii_hexdigit()) =>
        {
            Ok(at + 6)
        }
        _ => Err(Invalid),
    }
}

#[inline]
fn number_end(text: &str, mut at: usize) -> Result<usize, Invalid> {
    if byte(text, at) == Some(b'-') {
        at += 1;
    }
    at = if byte(text, at) == Some(b'0') { at + 1 } else { digits_end(text, at)? };
    if byte(text, at) == Some(b'.') {
        at = digits_end(text, at + 1)?;
    }
    if matches!(byte(text, at), Some(b'e' | b'E')) {
        let signed = matches!(byte(text, at + 1), Some(b'+' | b'-'));
        at = digits_end(text, at + 1 + usize::from(signed))?;
    }
    Ok(at)
}

#[inline]
fn digits_end(text: &str, at: usize) -> Result<usize, Invalid> {
    let mut end = at;
    while byte(text, end).is_some_and(|byte| byte.is_ascii_digit()) {
        end += 1;
    }
    if end > at { Ok(end) } else { Err(Invalid) }
}

fn literal_end(text: &str, at: usize, literal: &str) -> Result<usize, Invalid> {
    if text[at..].starts_with(literal) { Ok(at + literal.len()) } else { Err(Invalid) }
}

/// The end of the object or array at `at`. The input decides how deep it nests, so this
/// is a loop and not a recursion.
fn nested_end(text: &str, mut at: usize) -> Result<usize, Invalid> {
    let mut open = OpenBrackets::default();
    loop {
        at = match byte(text, at) {
            Some(b'{') => {
                at = space_end(text, at + 1);
                if byte(text, at) != Some(b'}') {
                    open.push(Bracket::Object);
                    at = key(text, at)?.1;
                    continue;
                }
                at + 1
            }
            Some(b'[') => {
                at = space_end(text, at + 1);
                if byte(text, at) != Some(b']') {
                    open.push(Bracket::Array);
                    continue;
                }
                at + 1
            }
            _ => value_end(text, at)?,
        };
        // A value ended. Close what ends with it.
        loop {
            let Some(innermost) = open.innermost() else { return Ok(at) };
            at = space_end(text, at);
            match (byte(text, at), innermost) {
                (Some(b'}'), Bracket::Object) | (Some(b']'), Bracket::Array) => {
                    open.pop();
                    at += 1;
                }
                (Some(b','), Bracket::Object) => {
                    at = key(text, space_end(text, at + 1))?.1;
                    break;
                }
                (Some(b','), Bracket::Array) => {
                    at = space_end(text, at + 1);
                    break;
                }
                _ => return Err(Invalid),
            }
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bracket {
    Array,
    Object,
}

/// The open brackets, one bit each: a line may hold sixteen million.
#[derive(Default)]
struct OpenBrackets {
    depth: usize,
    /// The innermost ones. The lowest bit is the last one opened.
    bits: u64,
    /// The full words around them.
    outer: Vec<u64>,
}

impl OpenBrackets {
    const WORD: usize = u64::BITS as usize;

    fn push(&mut self, bracket: Bracket) {
        if self.depth > 0 && self.depth.is_multiple_of(Self::WORD) {
            self.outer.push(self.bits);
        }
        self.bits = self.bits << 1 | u64::from(bracket == Bracket::Object);
        self.depth += 1;
    }

    fn pop(&mut self) {
        self.bits >>= 1;
        self.depth -= 1;
        if self.depth > 0 && self.depth.is_multiple_of(Self::WORD) {
            self.bits = self.outer.pop().expect("a word was pushed for every 64 open brackets");
        }
    }

    fn innermost(&self) -> Option<Bracket> {
        let innermost = if self.bits & 1 == 1 { Bracket::Object } else { Bracket::Array };
        (self.depth > 0).then_some(innermost)
    }
}

/// The first byte from `at` on that a string cannot hold unescaped: a quote, a backslash or a control character.
/// It looks at eight bytes at a time; most strings are too short for more to pay off.
#[inline]
fn find_special(bytes: &[u8], mut at: usize) -> Option<usize> {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH_BITS: u64 = ONES << 7;
    while let Some(word) = bytes.get(at..).and_then(|rest| rest.first_chunk()) {
        let word = u64::from_le_bytes(*word);
        // Sets the high bit of each byte below `limit`. A borrow can only spoil bytes after the first one found.
        let below = |word: u64, limit: u64| word.wrapping_sub(ONES * limit) & !word;
        let quote = below(word ^ (ONES * u64::from(b'"')), 1);
        let backslash = below(word ^ (ONES * u64::from(b'\\')), 1);
        let control = below(word, 0x20);
        let found = (quote | backslash | control) & HIGH_BITS;
        if found != 0 {
            return Some(at + (found.trailing_zeros() / 8) as usize);
        }
        at += size_of::<u64>();
    }
    let special = |&byte: &u8| byte < 0x20 || matches!(byte, b'"' | b'\\');
    bytes.get(at..)?.iter().position(special).map(|found| at + found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn is_valid(text: &str) -> bool {
        value_end(text, space_end(text, 0)).is_ok_and(|end| space_end(text, end) == text.len())
    }

    fn serde_json_accepts(text: &str) -> bool {
        serde_json::from_str::<&serde_json::value::RawValue>(text).is_ok()
    }

    #[test]
    fn the_scanner_accepts_what_serde_json_accepts() {
        #[rustfmt::skip]
        let texts = [
            "", " ", "null", "nul", "nulll", "true", "false", "tru", " 1 ", "1 2", "0", "-0", "-", "01", "1.", ".5",
            "1.5", "1e5", "1E+5", "1e-5", "1e", "1e+", "+1", "0x1", "1.5.5", "NaN", "-1e400", "[]", "[ ]", "[1]", "[1,]",
            "[,1]", "[1 2]", "[1,2", "{}", "{ }", r#"{"a":1}"#, r#"{"a":1,}"#, r#"{"a" : 1 , "b":[{}]}"#, r#"{"a"}"#,
            "{a:1}", r#"{"a":}"#, r#"{"a":1"b":2}"#, r#"{"a":1]"#, "[1}", "[[[]]]", "[[[]]", "[[]]]",
            r#"{"a":{"b":{}}}"#, r#""a""#, r#""a"#, r#""\n\t\b\f\r\/\\\"""#, r#""\x""#, r#""\u12"#, r#""\u12""#,
            r#""\u12g4""#, r#""\uD800""#, r#""\"#, "\"a\tb\"", "\"a\u{1f}b\"", "\"a\u{7f}b\u{80}é😀\"", "\u{a0}1",
            "\u{feff}1", "1\u{b}", "\n1\r\t", "\"1234567\"", "\"12345678\"", "\"1234567\n\"", "\"12345678\n9abcdefg\"",
        ];
        for text in texts {
            assert_eq!(is_valid(text), serde_json_accepts(text), "{text}");
        }
    }

    #[test]
    fn brackets_close_in_order_however_deep() {
        for depth in [1, 31, 32, 33, 64, 65, 1000, 100_000] {
            let open = r#"[{"a":"#.repeat(depth);
            let close = "}]".repeat(depth);
            assert!(is_valid(&format!("{open}1{close}")), "{depth}");
            assert!(!is_valid(&format!("{open}1{}", "]}".repeat(depth))), "{depth}");
            assert!(!is_valid(&format!("{open}1{}", &close[1..])), "{depth}");
            assert!(!is_valid(&format!("{open}1{close}]")), "{depth}");
        }
    }

    #[test]
    fn an_object_is_visited_member_by_member() {
        let text = r#"{ "a" : 1 ,"b":{"c":[2]} } x"#;
        let mut found = Vec::new();
        let end = object_end(text, 0, |key, start, value| {
            let end = value_end(text, value)?;
            found.push((key.escaped(), start, &text[value..end]));
            Ok(end)
        });
        assert_eq!(end, Ok(text.len() - 2));
        assert_eq!(found, [("a", 2, "1"), ("b", 11, r#"{"c":[2]}"#)]);
    }

    /// JSON of all kinds.
    fn json() -> impl Strategy<Value = String> {
        let scalar = prop_oneof![
            r"-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?",
            any::<String>().prop_map(|text| serde_json::to_string(&text).expect("a string")),
            r#""[a-z\\"/bfnrtu0-9]{0,20}""#,
            Just("null".to_owned()),
            Just("true".to_owned()),
            Just("false".to_owned()),
        ];
        scalar.prop_recursive(6, 64, 6, |inner| {
            let space = "[ \t\r\n]{0,2}";
            let array = (proptest::collection::vec(inner.clone(), 0..6), space)
                .prop_map(|(values, space)| bracketed('[', &values, &space, ']'));
            let member = ("[a-z]{0,9}", inner, space)
                .prop_map(|(key, value, space)| format!("\"{key}\"{space}:{space}{value}"));
            let object = (proptest::collection::vec(member, 0..6), space)
                .prop_map(|(members, space)| bracketed('{', &members, &space, '}'));
            prop_oneof![array, object]
        })
    }

    fn bracketed(open: char, parts: &[String], space: &str, close: char) -> String {
        format!("{open}{space}{}{space}{close}", parts.join(&format!("{space},{space}")))
    }

    fn flaw() -> impl Strategy<Value = char> {
        prop_oneof![1 => any::<char>(), 4 => prop::char::range('\0', '\u{7f}'), 4 => Just('"'), 2 => Just('\\')]
    }

    proptest! {
        #[test]
        fn scanner_and_serde_json_agree_on_json(text in json()) {
            prop_assert_eq!(is_valid(&text), serde_json_accepts(&text));
        }

        #[test]
        fn scanner_and_serde_json_agree_on_json_with_a_flaw(
            text in json(),
            at in any::<prop::sample::Index>(),
            flaw in flaw(),
            replace in any::<bool>(),
        ) {
            let mut characters: Vec<_> = text.chars().collect();
            let at = at.index(characters.len() + 1);
            if replace && at < characters.len() {
                characters[at] = flaw;
            } else {
                characters.insert(at, flaw);
            }
            let flawed: String = characters.into_iter().collect();
            prop_assert_eq!(is_valid(&flawed), serde_json_accepts(&flawed));
        }

        #[test]
        fn scanner_and_serde_json_agree_on_any_text(text in r#"[\[\]{}:,"\\0-9eE+.a-z \-]{0,12}"#) {
            prop_assert_eq!(is_valid(&text), serde_json_accepts(&text));
        }

        #[test]
        fn the_first_special_byte_is_found(bytes in proptest::collection::vec(any::<u8>(), 0..40), at in 0usize..40) {
            let special = |byte: u8| byte < 0x20 || byte == b'"' || byte == b'\\';
            let expected = (at..bytes.len()).find(|&at| special(bytes[at]));
            prop_assert_eq!(find_special(&bytes, at), expected);
        }
    }
}
