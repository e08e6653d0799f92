//! What the page says about all of its percentiles.

use super::html::Html;
use super::text;
use crate::formats::report::percentiles::Percentiles;
use crate::formats::report::sketch::Sketch;

/// Writes how accurate percentiles are.
pub(super) fn accuracy(page: &mut Html) -> &mut Html {
    page.markup("Percentiles are exact up to ").text(&text::grouped(Percentiles::EXACT_AT_MOST as u128));
    page.markup(" values, then accurate to ").text(&text::quantity(Sketch::RELATIVE_ERROR * 100.0));
    page.markup(" %.")
}
