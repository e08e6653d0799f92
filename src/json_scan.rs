//! JSON text checked while it is walked (RFC 8259): one pass tells whether it is valid and where its values stand.
//!
//! Nothing is built and nothing is copied: values are slices of the text, so they leave with the bytes they came with.

use std::collections::HashMap;

use crate::json_text::JsonString;

/// The text is not valid JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Invalid;

/// A place in JSON text.
#[derive(Clone, Debug)]
pub(crate) struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// How many bytes are behind.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// The text from `start` up to here.
    pub(crate) fn since(&self, start: usize) -> &'a str {
        &self.text[start..self.at]
    }

    /// The text from here on.
    pub(crate) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Goes on behind `length` bytes that are known to be valid.
    pub(crate) fn skip(&mut self, length: usize) {
        self.at += length;
    }

    /// The next byte.
    #[inline]
    pub(crate) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Whether nothing but white space is left.
    pub(crate) fn is_done(&mut self) -> bool {
        self.skip_space();
        self.at == self.text.len()
    }

    /// Goes on behind the white space that JSON allows between tokens (RFC 8259 §2).
    #[inline]
    pub(crate) fn skip_space(&mut self) {
        while self.peek().is_some_and(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Walks an object, which must begin here. `visit` gets each member's key and where it begins, with the scanner at the
    /// member's value; it must go on behind that.
    #[inline]
    pub(crate) fn object(
        &mut self,
        mut visit: impl FnMut(&mut Self, JsonString<'a>, usize) -> Result<(), Invalid>,
    ) -> Result<(), Invalid> {
        self.expect(b'{')?;
        self.skip_space();
        if self.take(b'}') {
            return Ok(());
        }
        loop {
            let start = self.at;
            let key = self.key()?;
            visit(self, key, start)?;
            self.skip_space();
            if self.take(b'}') {
                return Ok(());
            }
            self.expect(b',')?;
            self.skip_space();
        }
    }

    /// Goes on behind a value of any type. Returns its text.
    #[inline]
    pub(crate) fn value(&mut self) -> Result<&'a str, Invalid> {
        let start = self.at;
        match self.peek() {
            Some(b'{' | b'[') => self.nested()?,
            _ => self.scalar()?,
        }
        Ok(self.since(start))
    }

    #[inline]
    fn take(&mut self, byte: u8) -> bool {
        let taken = self.peek() == Some(byte);
        self.at += usize::from(taken);
        taken
    }

    #[inline]
    fn expect(&mut self, byte: u8) -> Result<(), Invalid> {
        if self.take(byte) { Ok(()) } else { Err(Invalid) }
    }

    /// A key and its colon.
    #[inline]
    fn key(&mut self) -> Result<JsonString<'a>, Invalid> {
        let start = self.at + 1;
        self.string()?;
        let key = JsonString::of_escaped(&self.text[start..self.at - 1]);
        self.skip_space();
        self.expect(b':')?;
        self.skip_space();
        Ok(key)
    }

    #[inline]
    fn scalar(&mut self) -> Result<(), Invalid> {
        match self.peek() {
            Some(b'"') => self.string(),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.literal("true"),
            Some(b'f') => self.literal("false"),
            Some(b'n') => self.literal("null"),
            _ => Err(Invalid),
        }
    }

    #[inline]
    fn string(&mut self) -> Result<(), Invalid> {
        self.expect(b'"')?;
        loop {
            self.at = find_special(self.text.as_bytes(), self.at).ok_or(Invalid)?;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => self.escape()?,
                _ => return Err(Invalid),
            }
        }
    }

    fn escape(&mut self) -> Result<(), Invalid> {
        let rest = &self.text.as_bytes()[self.at + 1..];
        self.at += match rest {
            [b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => 2,
            [b'u', one, two, three, four, ..]
                if [one, two, three, four].iter().all(|digit| digit.is_ascii_hexdigit()) =>
            {
                6
            }
            _ => return Err(Invalid),
        };
        Ok(())
    }

    #[inline]
    fn number(&mut self) -> Result<(), Invalid> {
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            let _sign = self.take(b'+') || self.take(b'-');
            self.digits()?;
        }
        Ok(())
    }

    #[inline]
    fn digits(&mut self) -> Result<(), Invalid> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at > start { Ok(()) } else { Err(Invalid) }
    }

    fn literal(&mut self, literal: &str) -> Result<(), Invalid> {
        if !self.rest().starts_with(literal) {
            return Err(Invalid);
        }
        self.at += literal.len();
        Ok(())
    }

    /// Goes on behind an object or an array. Remembers what is open instead of recursing: how deep is the input's to
    /// choose, the stack is not.
    fn nested(&mut self) -> Result<(), Invalid> {
        let mut open = OpenBrackets::default();
        loop {
            if self.take(b'{') {
                self.skip_space();
                if !self.take(b'}') {
                    self.key()?;
                    open.push(Bracket::Object);
                    continue;
                }
            } else if self.take(b'[') {
                self.skip_space();
                if !self.take(b']') {
                    open.push(Bracket::Array);
                    continue;
                }
            } else {
                self.scalar()?;
            }
            while self.closes(&open)? {
                open.pop();
                if open.depth == 0 {
                    return Ok(());
                }
            }
            if open.depth == 0 {
                return Ok(());
            }
        }
    }

    /// Behind a value inside of `open`: whether that ends here. If not, the next value begins here.
    #[inline]
    fn closes(&mut self, open: &OpenBrackets) -> Result<bool, Invalid> {
        if open.depth == 0 {
            return Ok(false);
        }
        self.skip_space();
        let innermost = open.innermost();
        if self.take(if innermost == Bracket::Object { b'}' } else { b']' }) {
            return Ok(true);
        }
        self.expect(b',')?;
        self.skip_space();
        if innermost == Bracket::Object {
            self.key()?;
        }
        Ok(false)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bracket {
    Array,
    Object,
}

/// The brackets that are open, a bit each: a line may hold sixteen million.
#[derive(Default)]
struct OpenBrackets {
    depth: usize,
    /// The innermost ones, the last one lowest.
    bits: u64,
    /// Those around them.
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
            self.bits = self.outer.pop().unwrap_or_default();
        }
    }

    fn innermost(&self) -> Bracket {
        if self.bits & 1 == 1 { Bracket::Object } else { Bracket::Array }
    }
}

/// The first byte at or behind `at` that a string cannot hold as it is: a quote, a backslash or a control character.
/// Eight bytes at a time, since most strings are too short for anything wider to pay.
#[inline]
fn find_special(bytes: &[u8], mut at: usize) -> Option<usize> {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH_BITS: u64 = ONES << 7;
    while let Some(word) = bytes.get(at..).and_then(|rest| rest.first_chunk()) {
        let word = u64::from_le_bytes(*word);
        // A byte's high bit is set where it is below the subtrahend; borrows spoil only the bytes behind the first such.
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

/// One member of an object, as slices of the object's text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Member<'a> {
    pub(crate) key: JsonString<'a>,
    /// The text of the value, without white space around it.
    pub(crate) value: &'a str,
    /// Where the member stands in the object's text: from the key's opening quote to the value's last byte.
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// The members of `object`, the text of a valid JSON object, in stored order; members that stand twice come twice.
pub(crate) fn members(object: &str) -> Members<'_> {
    debug_assert!(object.starts_with('{'));
    Members { scanner: Scanner { text: object, at: 1 } }
}

/// The members of `object` that count: of members that stand twice, the last one.
pub(crate) fn distinct_members(object: &str) -> Vec<Member<'_>> {
    /// Up to this many keys are compared pair by pair.
    const PAIRWISE_AT_MOST: usize = 24;
    let mut all: Vec<_> = members(object).collect();
    let plain = all.iter().all(|member| !member.key.escaped().contains('\\'));
    if plain && all.len() <= PAIRWISE_AT_MOST {
        let twice = |at: usize| all[at + 1..].iter().any(|later| later.key == all[at].key);
        if (0..all.len()).any(twice) {
            all = (0..all.len()).filter(|&at| !twice(at)).map(|at| all[at]).collect();
        }
        return all;
    }
    let last: HashMap<_, _> = all.iter().map(|member| (member.key.decoded(), member.start)).collect();
    all.retain(|member| last.get(&member.key.decoded()) == Some(&member.start));
    all
}

/// The iterator that [`members`] returns.
pub(crate) struct Members<'a> {
    scanner: Scanner<'a>,
}

impl<'a> Iterator for Members<'a> {
    type Item = Member<'a>;

    #[inline]
    fn next(&mut self) -> Option<Member<'a>> {
        let scanner = &mut self.scanner;
        scanner.skip_space();
        if scanner.take(b',') {
            scanner.skip_space();
        }
        let start = scanner.at;
        // The closing brace is no key.
        let key = scanner.key().ok()?;
        let value = scanner.value().ok()?;
        Some(Member { key, value, start, end: scanner.at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn is_valid(text: &str) -> bool {
        let mut scanner = Scanner::new(text);
        scanner.skip_space();
        scanner.value().is_ok() && scanner.is_done()
    }

    fn serde_json_takes(text: &str) -> bool {
        serde_json::from_str::<&serde_json::value::RawValue>(text).is_ok()
    }

    #[test]
    fn members_come_in_stored_order_as_slices_of_the_text() {
        let text = r#"{ "a" : 1.50 , "b":"x\"}","c":{"d":[1,{"e":"]"}]}, "a":null}"#;
        let found: Vec<_> = members(text).map(|member| (member.key.escaped(), member.value)).collect();
        assert_eq!(
            found,
            [("a", "1.50"), ("b", r#""x\"}""#), ("c", r#"{"d":[1,{"e":"]"}]}"#), ("a", "null")]
        );
    }

    #[test]
    fn an_empty_object_has_no_member() {
        assert_eq!(members("{}").count(), 0);
        assert_eq!(members("{ \t}").count(), 0);
    }

    #[test]
    fn what_is_valid_json_is_as_serde_json_says() {
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
            assert_eq!(is_valid(text), serde_json_takes(text), "{text}");
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
    fn an_object_is_walked_member_by_member() {
        let mut scanner = Scanner::new(r#"{ "a" : 1 ,"b":{"c":[2]} } x"#);
        let mut found = Vec::new();
        let outcome = scanner.object(|scanner, key, start| {
            found.push((key.escaped(), start, scanner.value()?));
            Ok(())
        });
        assert_eq!(outcome, Ok(()));
        assert_eq!(found, [("a", 2, "1"), ("b", 11, r#"{"c":[2]}"#)]);
        assert_eq!(scanner.rest(), " x");
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
            prop_assert_eq!(is_valid(&text), serde_json_takes(&text));
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
            prop_assert_eq!(is_valid(&flawed), serde_json_takes(&flawed));
        }

        #[test]
        fn scanner_and_serde_json_agree_on_any_text(text in r#"[\[\]{}:,"\\0-9eE+.a-z \-]{0,12}"#) {
            prop_assert_eq!(is_valid(&text), serde_json_takes(&text));
        }

        #[test]
        fn the_first_special_byte_is_found(bytes in proptest::collection::vec(any::<u8>(), 0..40), at in 0usize..40) {
            let special = |byte: u8| byte < 0x20 || byte == b'"' || byte == b'\\';
            let expected = (at..bytes.len()).find(|&at| special(bytes[at]));
            prop_assert_eq!(find_special(&bytes, at), expected);
        }
    }
}
