//! How much is read and held at once. Together these sizes bound the memory of an export (specification, Memory).
//! Tests use smaller ones, so that a small directory does what otherwise takes gigabytes.

/// Sizes in bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sizes {
    /// Telemetry in a block if memory allows it: enough to be worth a task, and little enough to stay in a cache.
    pub(crate) block: u64,
    /// Telemetry in a block if many sessions need one each.
    pub(crate) small_block: u64,
    /// Longer lines are not decoded ahead by workers, but by the coordinating thread when they are needed.
    pub(crate) long_line: usize,
    /// The longest line that is read; a longer one is bad (specification, Bad lines).
    pub(crate) longest_line: usize,
    /// Memory of the encoded events of a block, not counting the lines that it keeps. If a header is long, a block
    /// can take many times what was read; the rest of it is then decoded separately.
    pub(crate) encoded_block: usize,
    /// Memory of blocks decoded ahead, for all sessions together.
    pub(crate) held_ahead: usize,
    /// Memory of blocks with their lines while sessions are merged, for all sessions together.
    pub(crate) merge_budget: usize,
}

impl Default for Sizes {
    fn default() -> Self {
        Self {
            block: 256 * 1024,
            small_block: 4 * 1024,
            long_line: 1024 * 1024,
            longest_line: 16 * 1024 * 1024,
            encoded_block: 2 * 1024 * 1024,
            held_ahead: 8 * 1024 * 1024,
            merge_budget: 26 * 1024 * 1024,
        }
    }
}

/// An index or a length as a `u32`, which takes half the room. It is for parts of a block, of a request and of the
/// list of files: none of them comes near 4 GiB, because a line has 16 MiB at most and memory has its bounds.
pub(crate) fn index(index: usize) -> u32 {
    u32::try_from(index).expect("a block, a request and the list of files are far smaller than 4 GiB")
}

/// Blocks queued ahead for each thread. More of them would leave the caches before they are needed.
const BLOCKS_AHEAD: usize = 4;
/// Blocks queued ahead for all threads: memory must not depend on how many there are.
const BLOCKS_AHEAD_AT_MOST: usize = 16;

/// How many blocks to queue ahead of the one that is needed next.
pub(crate) fn blocks_ahead(threads: usize) -> usize {
    (threads * BLOCKS_AHEAD).min(BLOCKS_AHEAD_AT_MOST)
}
