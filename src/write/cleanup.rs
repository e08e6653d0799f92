//! Removes leftovers while an export runs, on a thread of its own. The export neither waits for a large folder nor
//! fails because of it.

use std::fs::File;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::leftovers::LeftoverSearch;
use super::system::ThisSystem;
use super::system_calls::SystemCalls;
use crate::progress::Progress;

/// An export that ends waits this long for the removal.
const WAIT_AT_MOST: Duration = Duration::from_millis(40);
/// How long that wait may take to notice that the export was cancelled.
const CHECK_EVERY: Duration = Duration::from_millis(5);

/// The removal of leftovers. Ends when this is dropped.
#[derive(Debug)]
pub(super) struct Cleanup {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    /// Cancelled when the export has ended.
    progress: Progress,
    looked_at_enough: Mutex<bool>,
    changed: Condvar,
}

impl Cleanup {
    /// Starts to remove the leftovers beside `target`. `own` is the temporary file of this
    /// export, which is open as `file`.
    pub(super) fn start(target: &Path, own: &Path, file: &File) -> Self {
        let cleanup = Self { shared: Arc::default() };
        if !cleanup.start_thread(target, own, file) {
            // The export goes on without it. The next one cleans up.
            cleanup.shared.stop_waiting();
        }
        cleanup
    }

    /// Returns whether the thread started.
    fn start_thread(&self, target: &Path, own: &Path, file: &File) -> bool {
        let Ok(search) = LeftoverSearch::new(&ThisSystem, target, own, file) else { return false };
        let shared = Arc::clone(&self.shared);
        let clean = move || {
            let done = StopWaitingOnDrop(shared);
            let calls = SystemCalls { system: &ThisSystem, progress: &done.0.progress };
            search.remove_leftovers(&calls, || done.0.stop_waiting());
        };
        thread::Builder::new().name("telemetry-export-cleaner".to_owned()).spawn(clean).is_ok()
    }

    /// Waits until a folder of ordinary size is clean, but never long.
    pub(super) fn finish(&self, progress: &Progress) {
        let begun = Instant::now();
        let mut enough = self.shared.looked_at_enough.lock().unwrap_or_else(PoisonError::into_inner);
        while !*enough && begun.elapsed() < WAIT_AT_MOST && !progress.is_cancelled() {
            let waited = self.shared.changed.wait_timeout(enough, CHECK_EVERY);
            enough = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Drop for Cleanup {
    fn drop(&mut self) {
        // The thread ends after its current system call. That call may take long, so nobody waits for it.
        self.shared.progress.cancel();
    }
}

impl Shared {
    fn stop_waiting(&self) {
        *self.looked_at_enough.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.changed.notify_all();
    }
}

/// Ends the wait for the thread even if the thread panics.
struct StopWaitingOnDrop(Arc<Shared>);

impl Drop for StopWaitingOnDrop {
    fn drop(&mut self) {
        self.0.stop_waiting();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn an_export_waits_for_a_folder_of_ordinary_size_but_not_for_ever() {
        let directory = tempfile::tempdir().expect("a directory");
        let target = directory.path().join("out.json");
        let leftover = directory.path().join(".out.json.0123456789abcdef.coder-export.tmp");
        fs::write(&leftover, "left behind").expect("a file");
        let cleanup = Cleanup::start(&target, Path::new("own"), &tempfile::tempfile().expect("a file"));
        let progress = Progress::default();
        while !*cleanup.shared.looked_at_enough.lock().expect("a lock") {
            cleanup.finish(&progress);
        }
        assert!(!leftover.exists());
        let endless = Cleanup { shared: Arc::default() };
        endless.finish(&progress);
    }
}
