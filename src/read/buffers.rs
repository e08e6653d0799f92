//! Buffers that blocks are read into, kept for later blocks. Allocating one for each block would cost a page fault
//! every 4 KiB. Buffers have a few fixed sizes: odd sizes would leave gaps on the heap that nothing fits into.

use std::sync::{Mutex, PoisonError};

/// Memory of all buffers that are kept.
const KEPT_BYTES: usize = 3 * 1024 * 1024;
/// A larger buffer held a long line and is not kept.
const LARGEST_KEPT: usize = 512 * 1024;
/// How many buffer sizes there are from one size to its double.
const SIZES_IN_A_DOUBLING: usize = 4;
const SMALLEST: usize = 1024;

/// Buffers of an export that no block uses.
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
    /// An empty buffer with room for `bytes` or up to a quarter more.
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

/// The smallest buffer size with room for `bytes`.
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
    fn a_buffer_that_was_given_back_is_used_again() {
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
    fn kept_buffers_are_bounded() {
        let buffers = Buffers::default();
        let many: Vec<_> = (0..1_000).map(|_| buffers.take(100_000)).collect();
        many.into_iter().for_each(|buffer| buffers.give(buffer));
        buffers.give(Vec::with_capacity(16 << 20));
        assert!(buffers.spare.lock().expect("a lock").bytes <= KEPT_BYTES);
    }
}
