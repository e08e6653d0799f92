//! Buffers that blocks are read into, used again and again: memory that the allocator gives back and takes anew for each
//! block costs a page fault every 4 KiB.

use std::sync::{Mutex, PoisonError};

/// Buffers kept for later.
const KEPT_AT_MOST: usize = 32;
/// Smaller ones cost the allocator nothing.
const SMALLEST_KEPT: usize = 64 * 1024;
/// Larger ones held a long line.
const LARGEST_KEPT: usize = 1024 * 1024;

/// The buffers of an export that no block needs.
#[derive(Default)]
pub(crate) struct Buffers {
    spare: Mutex<Vec<Vec<u8>>>,
}

impl Buffers {
    /// An empty buffer with room for `bytes`.
    pub(crate) fn take(&self, bytes: usize) -> Vec<u8> {
        let mut spare = self.spare.lock().unwrap_or_else(PoisonError::into_inner);
        // Not one that is much larger: blocks may wait long, and their room with them.
        let fits = |buffer: &Vec<u8>| (bytes..=bytes * 2).contains(&buffer.capacity());
        match spare.iter().rposition(fits) {
            Some(found) => spare.swap_remove(found),
            None => Vec::with_capacity(bytes),
        }
    }

    /// Keeps a buffer for a later block.
    pub(crate) fn give(&self, mut buffer: Vec<u8>) {
        if !(SMALLEST_KEPT..=LARGEST_KEPT).contains(&buffer.capacity()) {
            return;
        }
        buffer.clear();
        let mut spare = self.spare.lock().unwrap_or_else(PoisonError::into_inner);
        if spare.len() < KEPT_AT_MOST {
            spare.push(buffer);
        }
    }
}
