//! What blocks take in memory while sessions are merged, foreseen from what they took.

/// A block takes its lines, and half as much again for what is known of them.
const USUAL: f64 = 1.5;

/// Bytes that a queued block is expected to take.
pub(crate) fn expected_weight(telemetry_bytes: u64) -> usize {
    (telemetry_bytes as f64 * USUAL) as usize
}

/// How many times its telemetry a block takes in memory, as the blocks taken show.
pub(crate) struct Growth(f64);

impl Default for Growth {
    fn default() -> Self {
        Self(USUAL)
    }
}

impl Growth {
    /// Blocks that together take a little more than they may would be given up and read again, over and over.
    const MARGIN: f64 = 1.15;

    /// Learns at once where blocks take more, and forgets it slowly where they take less.
    pub(crate) fn observe(&mut self, telemetry: u64, weight: usize) {
        let seen = weight as f64 / telemetry as f64 * Self::MARGIN;
        self.0 = seen.max(self.0 - (self.0 - seen) / 64.0).max(USUAL);
    }

    /// Telemetry whose blocks take `weight`.
    pub(crate) fn telemetry_of(&self, weight: usize) -> usize {
        (weight as f64 / self.0) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heavy_blocks_are_reckoned_with_at_once_and_forgotten_slowly() {
        let mut growth = Growth::default();
        assert_eq!(growth.telemetry_of(1_500), 1_000);
        growth.observe(1_000, 10_000);
        let after_a_heavy_one = growth.telemetry_of(1_500);
        assert!(after_a_heavy_one < 150, "{after_a_heavy_one}");
        growth.observe(1_000, 1_000);
        assert!(growth.telemetry_of(1_500) < 150);
        (0..1_000).for_each(|_| growth.observe(1_000, 1_000));
        assert_eq!(growth.telemetry_of(1_500), 1_000);
    }
}
