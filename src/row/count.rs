//! The value of a counter.

/// A count. Integers add up exactly. A sum with a double is a double.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Count {
    Integer(i64),
    Double(f64),
}

impl Count {
    /// The sum of two.
    pub(crate) fn plus(self, other: Self) -> Self {
        match (self, other) {
            (Self::Integer(one), Self::Integer(two)) => {
                one.checked_add(two).map_or(Self::Double(one as f64 + two as f64), Self::Integer)
            }
            // JSON has no number for a sum beyond the largest float.
            _ => Self::Double((self.as_f64() + other.as_f64()).min(f64::MAX)),
        }
    }

    /// The nearest 64-bit float.
    pub(crate) fn as_f64(self) -> f64 {
        match self {
            Self::Integer(value) => value as f64,
            Self::Double(value) => value,
        }
    }
}
