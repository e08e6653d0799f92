//! Outlines as SVG paths. Numbers have at most one decimal, because smaller differences cannot be seen.

use std::fmt::Write;

/// A number with at most one decimal. NaN and infinity become 0.
pub(super) fn tenth(number: f64) -> String {
    let rounded = (number * 10.0).round() / 10.0;
    // Adding 0 turns -0 into 0.
    if rounded.is_finite() { (rounded + 0.0).to_string() } else { "0".to_owned() }
}

/// The attribute `d` of a path.
#[derive(Debug, Default)]
pub(super) struct Shape(String);

impl Shape {
    /// Moves to a point without a line.
    pub(super) fn start(&mut self, x: f64, y: f64) {
        self.push('M', x);
        self.0.push(' ');
        self.0.push_str(&tenth(y));
    }

    /// Draws a horizontal line.
    pub(super) fn across_to(&mut self, x: f64) {
        self.push('H', x);
    }

    /// Draws a vertical line.
    pub(super) fn upright_to(&mut self, y: f64) {
        self.push('V', y);
    }

    /// Draws a line back to the last point that [`Self::start`] moved to.
    pub(super) fn close(&mut self) {
        self.0.push('z');
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    fn push(&mut self, command: char, number: f64) {
        // Writing to a string does not fail.
        let _ = write!(self.0, "{command}{}", tenth(number));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_one_decimal_at_most_and_are_finite() {
        for (number, text) in
            [(1.0, "1"), (0.25, "0.3"), (-0.01, "0"), (f64::NAN, "0"), (f64::INFINITY, "0"), (99.96, "100")]
        {
            assert_eq!(tenth(number), text);
        }
    }

    #[test]
    fn a_shape_is_short() {
        let mut shape = Shape::default();
        assert!(shape.is_empty());
        shape.start(1.0, 2.5);
        shape.across_to(3.0);
        shape.upright_to(4.0);
        shape.close();
        assert_eq!(shape.as_str(), "M1 2.5H3V4z");
    }
}
