//! The sentence about percentiles.

use maud::{Markup, html};

use super::text;
use crate::formats::report::percentiles::Percentiles;
use crate::formats::report::sketch::Sketch;

/// How accurate percentiles are.
pub(super) fn accuracy() -> Markup {
    html! {
        "Percentiles are exact up to " (text::grouped(Percentiles::EXACT_AT_MOST as u128))
        " values, then accurate to " (text::percent(Sketch::RELATIVE_ERROR)) "."
    }
}
