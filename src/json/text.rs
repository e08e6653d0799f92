//! What JSON strings and numbers mean, and how text becomes the inside of a JSON string.

use std::borrow::Cow;

use memchr::memchr2;

/// What stands between the quotes of a JSON string: still escaped, so it can be copied into other JSON.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct JsonString<'a>(&'a str);

impl<'a> JsonString<'a> {
    /// `value`, the text of a JSON value, as a string; `None` if it is of another type.
    pub(crate) fn of_value(value: &'a str) -> Option<Self> {
        value.strip_prefix('"')?.strip_suffix('"').map(Self)
    }

    /// What [`JsonString::escaped`] gave.
    pub(crate) fn of_escaped(text: &'a str) -> Self {
        Self(text)
    }

    /// The escaped text, without the quotes.
    pub(crate) fn escaped(self) -> &'a str {
        self.0
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// The string itself; a lone surrogate, which UTF-8 cannot hold, reads as U+FFFD (spec §1).
    pub(crate) fn decoded(self) -> Cow<'a, str> {
        if memchr::memchr(b'\\', self.0.as_bytes()).is_none() {
            return Cow::Borrowed(self.0);
        }
        Cow::Owned(unescape(self.0))
    }

    /// Whether both mean the same text, however each is spelled.
    pub(crate) fn means(self, other: &str) -> bool {
        self.0 == other || (self.0.contains('\\') && self.decoded() == other)
    }

    /// The escaped text with every lone surrogate as U+FFFD, as OTLP receivers need it.
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
        let kind = rest.as_bytes().get(at + 1).copied().unwrap_or(b'\\');
        let mut taken = 2;
        text.push(match kind {
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let (character, length) = unescape_unicode(&rest[at..]);
                taken = length;
                character
            }
            other => char::from(other),
        });
        rest = rest.get(at + taken..).unwrap_or_default();
    }
    text.push_str(rest);
    text
}

/// Reads `\uXXXX`, or two of them that form a pair, at the start of `text`: the character and the bytes it took.
fn unescape_unicode(text: &str) -> (char, usize) {
    let unit = |at: usize| text.get(at..at + 4).and_then(|digits| u32::from_str_radix(digits, 16).ok());
    let Some(first) = unit(2) else { return (char::REPLACEMENT_CHARACTER, 6) };
    if (0xD800..0xDC00).contains(&first)
        && text.get(6..8) == Some("\\u")
        && let Some(second @ 0xDC00..=0xDFFF) = unit(8)
    {
        let scalar = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        return (char::from_u32(scalar).unwrap_or(char::REPLACEMENT_CHARACTER), 12);
    }
    (char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER), 6)
}

/// `text` as the inside of a JSON string.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    escape_into(&mut escaped, text);
    escaped
}

/// Appends `text` to `json` as the inside of a JSON string.
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

/// The whole number that a JSON number means, whatever its spelling (`5`, `5.0`, `50e-1`);
/// `None` if it has a fraction or lies outside `i64`.
pub(crate) fn exact_integer(number: &str) -> Option<i64> {
    if number.len() < 19
        && let Some(value) = digits_value(number)
    {
        return Some(value);
    }
    let (negative, magnitude) = match number.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, number),
    };
    let (mantissa, exponent) = match magnitude.find(['e', 'E']) {
        Some(at) => (&magnitude[..at], &magnitude[at + 1..]),
        None => (magnitude, "0"),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = [whole.as_bytes(), fraction.as_bytes()].concat();
    let Some(first) = digits.iter().position(|&digit| digit != b'0') else { return Some(0) };
    let last = digits.iter().rposition(|&digit| digit != b'0')?;
    // An exponent that does not fit is one that no run of digits in a line can balance.
    let exponent: i64 = exponent.parse().ok()?;
    let trailing = i64::try_from(digits.len() - 1 - last).ok()?;
    let zeros = exponent.checked_sub(i64::try_from(fraction.len()).ok()?)?.checked_add(trailing)?;
    if !(0..=19).contains(&zeros) || last - first > 19 {
        return None;
    }
    let mut value: i128 = 0;
    for digit in &digits[first..=last] {
        value = value * 10 + i128::from(digit - b'0');
    }
    value = value.checked_mul(10i128.checked_pow(u32::try_from(zeros).ok()?)?)?;
    i64::try_from(if negative { -value } else { value }).ok()
}

/// The number that up to eighteen digits mean; `None` where there is anything else.
#[inline]
fn digits_value(digits: &str) -> Option<i64> {
    digits.bytes().try_fold(0, |value, byte| {
        let digit = byte.wrapping_sub(b'0');
        (digit < 10).then(|| value * 10 + i64::from(digit))
    })
}

/// Whether a JSON number fits a 64-bit float (it may lose digits, it may not become infinite).
pub(crate) fn is_finite(number: &str) -> bool {
    // f64 reaches past 10^308, so fewer digits without an exponent always fit.
    let always = number.len() <= 300 && memchr2(b'e', b'E', number.as_bytes()).is_none();
    always || number.parse::<f64>().is_ok_and(f64::is_finite)
}

/// The 64-bit float that a JSON number means; `None` if it lies beyond, and for `null`.
pub(crate) fn finite_value(number: &str) -> Option<f64> {
    plain_value(number).or_else(|| number.parse().ok().filter(|value: &f64| value.is_finite()))
}

/// A number of few digits without a sign and an exponent, which nearly all are. Both what its digits mean and the power of ten
/// that they are divided by are floats without error, so the quotient is the closest float (Clinger 1990).
fn plain_value(number: &str) -> Option<f64> {
    const DIGITS_AT_MOST: usize = 15;
    const POWERS: [f64; DIGITS_AT_MOST + 1] =
        [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];
    if number.len() > DIGITS_AT_MOST {
        return None;
    }
    let mut digits: u64 = 0;
    let mut decimals = 0;
    let mut has_point = false;
    for byte in number.bytes() {
        let digit = byte.wrapping_sub(b'0');
        if digit < 10 {
            digits = digits * 10 + u64::from(digit);
            decimals += usize::from(has_point);
        } else if byte == b'.' && !has_point {
            has_point = true;
        } else {
            return None;
        }
    }
    Some(digits as f64 / POWERS[decimals])
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

    #[test]
    fn an_integer_is_exact_whatever_its_spelling() {
        for (text, value) in [
            ("0", Some(0)),
            ("-0", Some(0)),
            ("0.0e99", Some(0)),
            ("5", Some(5)),
            ("5.0", Some(5)),
            ("50e-1", Some(5)),
            ("1E3", Some(1000)),
            ("1e+3", Some(1000)),
            ("-12", Some(-12)),
            ("9007199254740993.0", Some(9_007_199_254_740_993)),
            ("9223372036854775807", Some(i64::MAX)),
            ("-9223372036854775808", Some(i64::MIN)),
            ("9223372036854775808", None),
            ("1.5", None),
            ("1e-1", None),
            ("1e19", None),
            ("1e400", None),
            ("1e99999999999999999999", None),
            ("10e9223372036854775807", None),
        ] {
            assert_eq!(exact_integer(text), value, "{text}");
        }
    }

    #[test]
    fn a_number_beyond_f64_is_not_finite() {
        assert!(is_finite("1.7976931348623157e308"));
        assert!(!is_finite("1e400"));
        assert!(!is_finite(&"9".repeat(400)));
        assert!(is_finite("1e-400"));
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

        #[test]
        fn values_are_those_of_the_standard_library(
            number in r"-?(0|[1-9][0-9]{0,18})(\.[0-9]{1,18})?([eE][+-]?[0-9]{1,3})?",
        ) {
            let expected = number.parse().ok().filter(|value: &f64| value.is_finite());
            prop_assert_eq!(finite_value(&number).map(f64::to_bits), expected.map(f64::to_bits));
        }

        #[test]
        fn integers_agree_with_plain_parsing(value in any::<i64>()) {
            prop_assert_eq!(exact_integer(&value.to_string()), Some(value));
            prop_assert_eq!(exact_integer(&format!("{value}.000")), Some(value));
        }
    }
}
