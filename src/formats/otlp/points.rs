//! Data points in print.
//!
//! Points are nine tenths of an export's text. Until their request is full they are kept as numbers and references.
//! They are printed while the request is deflated.

use super::write_time;

/// Marks a point without a start.
const NO_START: u64 = u64::MAX;

/// The value of a data point.
#[derive(Clone, Copy, Debug)]
pub(super) enum PointValue {
    /// Written as `asInt`.
    Integer(i64),
    /// Written as `asDouble`, with the digits at this place in the block's text.
    Text { start: u32, end: u32 },
    /// A count that is not an `i64`. Written like `Text`, in a stream of its own.
    Fraction { start: u32, end: u32 },
    /// Written as `asDouble`.
    Double(f64),
}

/// A point with its times. Its text is printed from the block of rows that it comes from.
#[derive(Clone, Copy, Debug)]
pub(super) struct PlacedPoint {
    start: u64,
    end: u64,
    /// Number of its stream in the block.
    pub(super) stream: u32,
    pub(super) value: PointValue,
}

/// What a point refers to in its block.
#[derive(Clone, Copy)]
pub(super) struct PointText<'b> {
    /// The text that has the digits of its value.
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
    pub(super) fn new(start: Option<u64>, end: u64, stream: u32, value: PointValue) -> Self {
        Self { start: start.unwrap_or(NO_START), end, stream, value }
    }

    /// The length of the point in print, given the length of its attributes.
    pub(super) fn printed_length(&self, attributes: usize) -> usize {
        let start =
            if self.start == NO_START { 0 } else { START.len() + decimal_digits(self.start) + QUOTE.len() };
        let value = match self.value {
            PointValue::Integer(number) => AS_INT.len() + signed_digits(number) + 1,
            PointValue::Text { start, end } | PointValue::Fraction { start, end } => {
                AS_DOUBLE.len() + (end - start) as usize
            }
            PointValue::Double(number) => AS_DOUBLE.len() + double_text(number).len(),
        };
        BRACES + start + TIME.len() + decimal_digits(self.end) + value + attributes
    }

    /// Appends the point.
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
            PointValue::Integer(number) => {
                text.extend_from_slice(AS_INT);
                text.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
                text.push(b'"');
            }
            PointValue::Text { start, end } | PointValue::Fraction { start, end } => {
                text.extend_from_slice(AS_DOUBLE);
                text.extend_from_slice(&block.numbers[start as usize..end as usize]);
            }
            PointValue::Double(number) => {
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
    serde_json::Number::from_f64(number).expect("values and totals are finite").to_string()
}
