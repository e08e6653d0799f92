//! The values of JSON numbers.

use memchr::memchr2;

/// The value of a JSON number that is whole, however it is written (`5`, `5.0`, `50e-1`). `None` if it has a fraction
/// or does not fit `i64`.
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
    let exponent: i64 = exponent.parse().ok()?;
    let length = |digits: usize| i64::try_from(digits).expect("a line is shorter than 16 MiB");
    let zeros = exponent.checked_sub(length(fraction.len()))?.checked_add(length(digits.len() - 1 - last))?;
    let Some(zeros @ 0..=19) = u32::try_from(zeros).ok() else { return None };
    if last - first > 19 {
        return None;
    }
    let mut value: i128 = 0;
    for digit in &digits[first..=last] {
        value = value * 10 + i128::from(digit - b'0');
    }
    value = value.checked_mul(10i128.pow(zeros))?;
    i64::try_from(if negative { -value } else { value }).ok()
}

/// The value of up to eighteen digits. `None` if there is any other character.
#[inline]
fn digits_value(digits: &str) -> Option<i64> {
    digits.bytes().try_fold(0, |value, byte| {
        let digit = byte.wrapping_sub(b'0');
        (digit < 10).then(|| value * 10 + i64::from(digit))
    })
}

/// Whether a JSON number fits a 64-bit float. It may lose digits but not become infinite.
pub(crate) fn is_finite(number: &str) -> bool {
    // f64 holds numbers past 10^308, so this many characters without an exponent always fit.
    let always_fits = number.len() <= 300 && memchr2(b'e', b'E', number.as_bytes()).is_none();
    always_fits || number.parse::<f64>().is_ok_and(f64::is_finite)
}

/// The value of a JSON number as a 64-bit float. `None` if it does not fit, and for `null`.
pub(crate) fn finite_value(number: &str) -> Option<f64> {
    short_value(number).or_else(|| number.parse().ok().filter(|value: &f64| value.is_finite()))
}

/// The value of a short number without sign and exponent, as nearly all are. The digits and the power of ten are both
/// exact floats, so their quotient is the closest float (Clinger 1990).
fn short_value(number: &str) -> Option<f64> {
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

    #[test]
    fn an_integer_is_exact_however_it_is_written() {
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
        fn values_equal_those_of_the_standard_library(
            number in r"-?(0|[1-9][0-9]{0,18})(\.[0-9]{1,18})?([eE][+-]?[0-9]{1,3})?",
        ) {
            let expected = number.parse().ok().filter(|value: &f64| value.is_finite());
            prop_assert_eq!(finite_value(&number).map(f64::to_bits), expected.map(f64::to_bits));
        }

        #[test]
        fn integers_equal_those_of_the_standard_library(value in any::<i64>()) {
            prop_assert_eq!(exact_integer(&value.to_string()), Some(value));
            prop_assert_eq!(exact_integer(&format!("{value}.000")), Some(value));
        }
    }
}
