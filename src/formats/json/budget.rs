//! How much memory the blocks of all sessions may take while they are merged, and how much they take.

/// Memory of a lane that waits for its turn, with its entries in the heaps.
const LANE_BYTES: usize = 256;
/// Memory that a thread's allocator keeps for itself.
const THREAD_BYTES: usize = 1024 * 1024;

/// Parts of a budget are given in eighths.
const EIGHTHS: usize = 8;
/// Blocks get at least this much, however many lanes and threads there are. With less, every block
/// would be read over and over again.
const FOR_BLOCKS_AT_LEAST: usize = 2;
/// The blocks of all first events together get this much. The rest is left for reading ahead when merging begins.
const FOR_FIRST_EVENTS: usize = 6;
/// Lanes give up blocks until no more than this is used, so that there is room for the next lanes, too.
const USED_AFTER_MAKING_ROOM: usize = 7;

/// The memory of all blocks.
pub(super) struct Budget {
    limit: usize,
    /// Memory of the blocks at hand.
    at_hand: usize,
    /// Memory of the blocks at hand whose lanes have not begun.
    waiting: usize,
    /// Bytes of telemetry in queued blocks.
    queued_telemetry: u64,
    growth: Growth,
}

impl Budget {
    /// The part of `whole` that lanes and threads leave for blocks.
    pub(super) fn new(whole: usize, lanes: usize, threads: usize) -> Self {
        let others = lanes * LANE_BYTES + threads * THREAD_BYTES;
        Self {
            limit: whole.saturating_sub(others).max(whole / EIGHTHS * FOR_BLOCKS_AT_LEAST),
            at_hand: 0,
            waiting: 0,
            queued_telemetry: 0,
            growth: Growth::default(),
        }
    }

    /// Counts a block at hand that holds `telemetry` bytes and takes `weight`.
    pub(super) fn hold(&mut self, telemetry: u64, weight: usize, has_begun: bool) {
        self.growth.observe(telemetry, weight);
        self.at_hand += weight;
        self.waiting += if has_begun { 0 } else { weight };
    }

    /// Stops counting a block that was at hand.
    pub(super) fn release(&mut self, weight: usize, has_begun: bool) {
        self.at_hand -= weight;
        self.waiting -= if has_begun { 0 } else { weight };
    }

    /// Notes that a lane whose block takes `weight` has begun.
    pub(super) fn begin(&mut self, weight: usize) {
        self.waiting -= weight;
    }

    pub(super) fn add_queued(&mut self, telemetry: u64) {
        self.queued_telemetry += telemetry;
    }

    pub(super) fn remove_queued(&mut self, telemetry: u64) {
        self.queued_telemetry -= telemetry;
    }

    pub(super) fn queued_telemetry(&self) -> u64 {
        self.queued_telemetry
    }

    pub(super) fn is_full(&self) -> bool {
        self.used() >= self.limit
    }

    pub(super) fn has_room_for_block(&self, telemetry: u64) -> bool {
        self.used() + expected_weight(telemetry) <= self.limit
    }

    pub(super) fn needs_more_room(&self) -> bool {
        self.used() > self.eighths(USED_AFTER_MAKING_ROOM)
    }

    pub(super) fn has_too_many_first_events(&self) -> bool {
        self.used() > self.eighths(FOR_FIRST_EVENTS)
    }

    /// Telemetry in the first block of each lane if all lanes get the same share.
    pub(super) fn first_share(&self, lanes: usize) -> u64 {
        self.growth.telemetry_of(self.eighths(FOR_FIRST_EVENTS)) / lanes.max(1) as u64
    }

    /// Telemetry in a block if `blocks` of them share what lanes that have not begun leave over.
    pub(super) fn share(&self, blocks: usize) -> u64 {
        // One long line can take more than the budget.
        self.growth.telemetry_of(self.limit.saturating_sub(self.waiting)) / blocks as u64
    }

    fn used(&self) -> usize {
        self.at_hand + expected_weight(self.queued_telemetry)
    }

    fn eighths(&self, count: usize) -> usize {
        self.limit / EIGHTHS * count
    }
}

/// A block usually takes its lines and half as much again for its rows.
const USUAL_GROWTH: f64 = 1.5;

/// Memory that a queued block is expected to take.
fn expected_weight(telemetry: u64) -> usize {
    (telemetry as f64 * USUAL_GROWTH) as usize
}

/// How many times its telemetry a block takes in memory, learned from earlier blocks.
struct Growth(f64);

impl Default for Growth {
    fn default() -> Self {
        Self(USUAL_GROWTH)
    }
}

impl Growth {
    /// Blocks are expected to take a little more than they did. If they took more than expected, they would be given
    /// up and read over and over again.
    const MARGIN: f64 = 1.15;
    /// The share of the difference that each lighter block takes away. Heavy blocks may come back, so they are
    /// forgotten slowly.
    const FORGOTTEN: f64 = 1.0 / 64.0;

    /// Rises at once if a block takes more, and falls slowly if blocks take less.
    fn observe(&mut self, telemetry: u64, weight: usize) {
        let seen = weight as f64 / telemetry as f64 * Self::MARGIN;
        self.0 = seen.max(self.0 - (self.0 - seen) * Self::FORGOTTEN).max(USUAL_GROWTH);
    }

    /// Bytes of telemetry whose blocks take `weight`.
    fn telemetry_of(&self, weight: usize) -> u64 {
        (weight as f64 / self.0) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heavy_blocks_are_noticed_at_once_and_forgotten_slowly() {
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
