//! Buffers that blocks are read into, used again and again: memory that the allocator gives back and takes anew for each
//! block costs a page fault every 4 KiB, and buffers of any length leave gaps between them that nothing fits into.

use std::sync::{Mutex, PoisonError};

/// Memory kept for later.
const KEPT_BYTES: usize = 3 * 1024 * 1024;
/// Larger ones held a long line.
const LARGEST_KEPT: usize = 512 * 1024;
/// So many sizes lie between a size and its double.
const SIZES_IN_A_DOUBLING: usize = 4;
const SMALLEST: usize = 1024;

/// The buffers of an export that no block needs.
#[derive(Default)]
pub(crate) struct Buffers {
    spare: Mutex<Spare>,
}

#[derive(Default)]
struct Spare {
    buffers: Vec<Vec<u8>>,
    bytes: usize,
}

impl Buffers {
    /// An empty buffer with room for `bytes`, and at most a quarter more.
    pub(crate) fn take(&self, bytes: usize) -> Vec<u8> {
        let size = rounded_up(bytes);
        let mut spare = self.spare.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(found) = spare.buffers.iter().rposition(|buffer| buffer.capacity() == size) else {
            drop(spare);
            return Vec::with_capacity(size);
        };
        spare.bytes -= size;
        spare.buffers.swap_remove(found)
    }

    /// Keeps a buffer for a later block.
    pub(crate) fn give(&self, mut buffer: Vec<u8>) {
        let size = buffer.capacity();
        if size != rounded_up(size) || size > LARGEST_KEPT {
            return;
        }
        buffer.clear();
        let mut spare = self.spare.lock().unwrap_or_else(PoisonError::into_inner);
        if spare.bytes + size <= KEPT_BYTES {
            spare.bytes += size;
            spare.buffers.push(buffer);
        }
    }
}

/// The next of the few sizes that buffers have.
fn rounded_up(bytes: usize) -> usize {
    let step = (bytes.max(SMALLEST) / SIZES_IN_A_DOUBLING + 1).next_power_of_two() / 2;
    bytes.max(SMALLEST).next_multiple_of(step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_is_at_most_a_quarter_larger_than_asked_for() {
        for bytes in (0..100_000).chain([1 << 20, (1 << 24) + 1]) {
            let size = rounded_up(bytes);
            assert!(size >= bytes && size <= (bytes + bytes / 4).max(SMALLEST), "{bytes}: {size}");
            assert_eq!(rounded_up(size), size, "{bytes}");
        }
    }

    #[test]
    fn a_buffer_that_was_given_is_taken_again() {
        let buffers = Buffers::default();
        let mut buffer = buffers.take(5_000);
        buffer.push(1);
        let address = buffer.as_ptr();
        buffers.give(buffer);
        let (other, again) = (buffers.take(50_000), buffers.take(5_001));
        assert_ne!(other.as_ptr(), address);
        assert!(again.is_empty());
        assert_eq!(again.as_ptr(), address);
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let buffers = Buffers::default();
        let many: Vec<_> = (0..1_000).map(|_| buffers.take(100_000)).collect();
        many.into_iter().for_each(|buffer| buffers.give(buffer));
        buffers.give(Vec::with_capacity(16 << 20));
        assert!(buffers.spare.lock().expect("a lock").bytes <= KEPT_BYTES);
    }
}
