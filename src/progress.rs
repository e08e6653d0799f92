//! Counters that show how far an export is, and the flag that cancels it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::error::{Error, Result};

/// What an export is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Telemetry files are being read.
    Reading,
    /// Everything is read; the output is being packed and synced.
    Finishing,
}

/// A snapshot of the counters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProgressReport {
    /// What the export is doing.
    pub phase: Phase,
    /// Bytes of telemetry read so far.
    pub bytes_done: u64,
    /// Bytes of telemetry to read, by the sizes of the listed files.
    pub bytes_total: u64,
    /// Events found so far inside the range.
    pub events: u64,
}

/// The progress of an export. Its threads and its caller share it.
#[derive(Debug, Default)]
pub struct Progress {
    cancelled: AtomicBool,
    finishing: AtomicBool,
    bytes_done: AtomicU64,
    bytes_total: AtomicU64,
    events: AtomicU64,
}

impl Progress {
    /// Cancels the export. It fails with [`Error::Cancelled`] and leaves nothing behind.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// Whether the export was cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// The current counters.
    pub fn report(&self) -> ProgressReport {
        let bytes_total = self.bytes_total.load(Ordering::Relaxed);
        let finishing = self.finishing.load(Ordering::Relaxed);
        // A file that grew has more bytes than were listed, and one that vanished has fewer.
        let bytes_done = self.bytes_done.load(Ordering::Relaxed).min(bytes_total);
        ProgressReport {
            phase: if finishing { Phase::Finishing } else { Phase::Reading },
            bytes_done: if finishing { bytes_total } else { bytes_done },
            bytes_total,
            events: self.events.load(Ordering::Relaxed),
        }
    }

    /// Fails with [`Error::Cancelled`] if the export was cancelled.
    pub(crate) fn check(&self) -> Result<()> {
        if self.is_cancelled() { Err(Error::Cancelled) } else { Ok(()) }
    }

    /// Iterates over `items`, but ends soon after a cancellation; the caller must then drop what it made of them. Use
    /// it for every loop whose length the input decides and that checks nothing else.
    pub(crate) fn heed<I: IntoIterator>(&self, items: I) -> impl Iterator<Item = I::Item> + use<'_, I> {
        const ITEMS_BETWEEN_CHECKS: u32 = 1024;
        let mut items_until_check = ITEMS_BETWEEN_CHECKS;
        items.into_iter().take_while(move |_| {
            items_until_check -= 1;
            if items_until_check > 0 {
                return true;
            }
            items_until_check = ITEMS_BETWEEN_CHECKS;
            !self.is_cancelled()
        })
    }

    /// Sets the bytes of telemetry to read.
    pub(crate) fn expect_bytes(&self, total: u64) {
        self.bytes_total.store(total, Ordering::Relaxed);
    }

    /// Adds what was just read.
    pub(crate) fn add(&self, bytes: u64, events: u64) {
        self.bytes_done.fetch_add(bytes, Ordering::Relaxed);
        self.events.fetch_add(events, Ordering::Relaxed);
    }

    /// Begins the phase [`Phase::Finishing`].
    pub(crate) fn finish_reading(&self) {
        self.finishing.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_end_soon_after_a_cancellation() {
        let progress = Progress::default();
        assert_eq!(progress.heed(0..10_000).count(), 10_000);
        let seen = progress.heed(0..1_000_000).inspect(|&item| {
            if item == 5_000 {
                progress.cancel();
            }
        });
        assert!((5_000..7_000).contains(&seen.count()));
    }

    #[test]
    fn bytes_done_never_exceed_the_total_and_reach_it_when_reading_ends() {
        let progress = Progress::default();
        progress.expect_bytes(100);
        progress.add(150, 2);
        assert_eq!(progress.report().bytes_done, 100);
        let progress = Progress::default();
        progress.expect_bytes(100);
        progress.add(10, 2);
        let reading = progress.report();
        assert_eq!((reading.phase, reading.bytes_done, reading.events), (Phase::Reading, 10, 2));
        progress.finish_reading();
        let finishing = progress.report();
        assert_eq!((finishing.phase, finishing.bytes_done), (Phase::Finishing, 100));
    }
}
