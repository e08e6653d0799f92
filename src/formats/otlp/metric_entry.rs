//! An entry of `metrics[]`: the metric's name and unit, and the kind of data that its
//! points are (specification, Metrics).

use super::Temporality;
use crate::json::escaped;
use crate::row::signal::{Instrument, MetricName};

/// Ends an entry.
pub(super) const ENTRY_END: &[u8] = b"]}}";

/// An entry before its first point.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct EntryBegin<'b> {
    pub(super) event: MetricName,
    pub(super) kind: Instrument,
    /// What [`write_name_and_unit`] wrote.
    pub(super) name_and_unit: &'b [u8],
}

impl EntryBegin<'_> {
    const NAME: &'static [u8] = b"{\"name\":\"";
    const GAUGE: &'static [u8] = b",\"gauge\":{\"dataPoints\":[";
    const DELTA_SUM: &'static [u8] =
        b",\"sum\":{\"aggregationTemporality\":1,\"isMonotonic\":true,\"dataPoints\":[";
    const CUMULATIVE_SUM: &'static [u8] =
        b",\"sum\":{\"aggregationTemporality\":2,\"isMonotonic\":true,\"dataPoints\":[";

    fn pieces(&self, temporality: Temporality) -> [&[u8]; 5] {
        let data = match (self.kind, temporality) {
            (Instrument::Gauge, _) => Self::GAUGE,
            (Instrument::Counter, Temporality::Delta) => Self::DELTA_SUM,
            (Instrument::Counter, Temporality::Cumulative) => Self::CUMULATIVE_SUM,
        };
        [Self::NAME, self.event.text().as_bytes(), b".", self.name_and_unit, data]
    }

    pub(super) fn printed_length(&self, temporality: Temporality) -> usize {
        self.pieces(temporality).iter().map(|piece| piece.len()).sum()
    }

    pub(super) fn print(&self, text: &mut Vec<u8>, temporality: Temporality) {
        self.pieces(temporality).iter().for_each(|piece| text.extend_from_slice(piece));
    }
}

/// Appends the rest of a metric's name, which begins with the event's name, and the unit.
pub(super) fn write_name_and_unit(text: &mut Vec<u8>, name: &str, unit: Option<&str>) {
    text.extend_from_slice(escaped(name).as_bytes());
    text.push(b'"');
    if let Some(unit) = unit {
        text.extend_from_slice(b",\"unit\":\"");
        text.extend_from_slice(unit.as_bytes());
        text.push(b'"');
    }
}
