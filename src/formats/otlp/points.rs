//! Data points in print.
//!
//! Points are nine tenths of an export's text. They are kept as numbers and references until the part that they belong to
//! is full, and printed only while that part is deflated.

use super::write_time;

/// Marks a point without a start.
const NO_START: u64 = u64::MAX;

/// A number as it is stored or as it was added up.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value {
    /// Written as `asInt`.
    Integer(i64),
    /// Written as `asDouble`, with the digits that the block's text has here.
    Text { start: u32, end: u32 },
    /// A count that is no `i64`, written like `Text`, in a stream of its own.
    Fraction { start: u32, end: u32 },
    /// Written as `asDouble`.
    Double(f64),
}

/// A point with its times, to be printed from the block it comes from.
#[derive(Clone, Copy, Debug)]
pub(super) struct PlacedPoint {
    start: u64,
    end: u64,
    /// Number of its stream in the block.
    pub(super) stream: u32,
    pub(super) value: Value,
}

/// What a point refers to in its block.
#[derive(Clone, Copy)]
pub(super) struct PointText<'b> {
    /// Where the digits of its value stand.
    pub(super) numbers: &'b [u8],
    /// Its attributes as JSON text.
    pub(super) attributes: &'b [u8],
}

const BRACES: usize = 2;
const START: &[u8] = b"\"startTimeUnixNano\":\"";
const QUOTE: &[u8] = b"\",";
const TIME: &[u8] = b"\"timeUnixNano\":\"";
const AS_INT: &[u8] = b"\",\"asInt\":\"";
const AS_DOUBLE: &[u8] = b"\",\"asDouble\":";

impl PlacedPoint {
    pub(super) fn new(start: Option<u64>, end: u64, stream: u32, value: Value) -> Self {
        Self { start: start.unwrap_or(NO_START), end, stream, value }
    }

    /// How long it will be in print, with attributes of a length.
    pub(super) fn printed_length(&self, attributes: usize) -> usize {
        let start =
            if self.start == NO_START { 0 } else { START.len() + decimal_digits(self.start) + QUOTE.len() };
        let value = match self.value {
            Value::Integer(number) => AS_INT.len() + signed_digits(number) + 1,
            Value::Text { start, end } | Value::Fraction { start, end } => {
                AS_DOUBLE.len() + (end - start) as usize
            }
            Value::Double(number) => AS_DOUBLE.len() + double_text(number).len(),
        };
        BRACES + start + TIME.len() + decimal_digits(self.end) + value + attributes
    }

    /// Appends it.
    pub(super) fn print(&self, text: &mut Vec<u8>, block: PointText<'_>) {
        text.push(b'{');
        if self.start != NO_START {
            text.extend_from_slice(START);
            write_time(text, self.start);
            text.extend_from_slice(QUOTE);
        }
        text.extend_from_slice(TIME);
        write_time(text, self.end);
        match self.value {
            Value::Integer(number) => {
                text.extend_from_slice(AS_INT);
                text.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
                text.push(b'"');
            }
            Value::Text { start, end } | Value::Fraction { start, end } => {
                text.extend_from_slice(AS_DOUBLE);
                text.extend_from_slice(&block.numbers[start as usize..end as usize]);
            }
            Value::Double(number) => {
                text.extend_from_slice(AS_DOUBLE);
                text.extend_from_slice(double_text(number).as_bytes());
            }
        }
        text.extend_from_slice(block.attributes);
        text.push(b'}');
    }
}

fn decimal_digits(number: u64) -> usize {
    number.checked_ilog10().unwrap_or(0) as usize + 1
}

fn signed_digits(number: i64) -> usize {
    decimal_digits(number.unsigned_abs()) + usize::from(number < 0)
}

/// The shortest JSON number that reads back as `number`, which is finite.
fn double_text(number: f64) -> String {
    serde_json::Number::from_f64(number).map_or_else(|| "0".to_owned(), |number| number.to_string())
}
