//! Runs work on the threads of an export, and hands out its results when they are needed.
//!
//! The thread that coordinates an export is one of the workers: while it waits for a result, it does queued work. So
//! an export with one thread uses one core, and never waits for itself.

use std::error::Error as _;
use std::io;
use std::mem;
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use rayon::{ScopeFifo, Yield};

use crate::error::{Error, Result};
use crate::progress::Progress;

/// More workers would only take memory: the sequential stages are the bottleneck long before.
const THREADS_AT_MOST: usize = 8;
/// How long a wait may take to notice that the export was cancelled.
const CHECK_EVERY: Duration = Duration::from_millis(5);

/// The workers of one export.
pub(crate) struct Workers<'scope, 'pool> {
    scope: &'pool ScopeFifo<'scope>,
    shared: Arc<Shared>,
    progress: &'scope Progress,
    threads: usize,
}

#[derive(Default)]
struct Shared {
    /// Whether the coordinating thread sleeps and has to be woken, which is a system call.
    is_waiting: Mutex<bool>,
    finished: Condvar,
    abandoned: AtomicBool,
}

/// Small pieces of work that are queued as one. Each alone would take less time than waking a thread.
#[derive(Default)]
struct Batch<'scope>(Vec<Box<dyn FnOnce() + Send + 'scope>>);

/// A result that may not be there yet.
pub(crate) struct Pending<T>(Arc<Mutex<Option<thread::Result<T>>>>);

/// Runs `coordinate` on one of `threads` workers (`None`: one for each core), then waits for work that is being done.
/// Work that is still queued when `coordinate` returns is dropped.
pub(crate) fn with_workers<'scope, R: Send>(
    threads: Option<usize>,
    progress: &'scope Progress,
    coordinate: impl for<'pool> FnOnce(&Workers<'scope, 'pool>) -> Result<R> + Send + 'scope,
) -> Result<R> {
    let cores = || thread::available_parallelism().map_or(1, usize::from);
    let threads = threads.unwrap_or_else(cores).clamp(1, THREADS_AT_MOST);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .thread_name(|number| format!("telemetry-export-{number}"))
        .build()
        .map_err(|error| Error::thread(cause_of(error)))?;
    pool.scope_fifo(|scope| {
        let workers = Workers { scope, shared: Arc::default(), progress, threads };
        // The scope waits for all queued work, which must end at once even if `coordinate` panics.
        let _abandon = AbandonOnDrop(Arc::clone(&workers.shared));
        coordinate(&workers)
    })
}

/// Why a thread of the pool did not start.
fn cause_of(error: rayon::ThreadPoolBuildError) -> io::Error {
    let said = error.source().and_then(|source| source.downcast_ref::<io::Error>());
    said.and_then(io::Error::raw_os_error)
        .map_or_else(|| io::Error::other(error), io::Error::from_raw_os_error)
}

struct AbandonOnDrop(Arc<Shared>);

impl Drop for AbandonOnDrop {
    fn drop(&mut self) {
        self.0.abandoned.store(true, Ordering::Relaxed);
    }
}

impl<'scope> Workers<'scope, '_> {
    /// How many threads work on the export, including the coordinating one.
    pub(crate) fn threads(&self) -> usize {
        self.threads
    }

    pub(crate) fn progress(&self) -> &'scope Progress {
        self.progress
    }

    /// Queues `work`. The oldest work is done first.
    pub(crate) fn spawn<T: Send + 'scope>(&self, work: impl FnOnce() -> T + Send + 'scope) -> Pending<T> {
        let mut batch = Batch::default();
        let pending = self.add(&mut batch, work);
        self.spawn_batch(batch);
        pending
    }

    /// Adds `work` to a batch. The batch must be queued before anyone waits for the result.
    fn add<T: Send + 'scope>(
        &self,
        batch: &mut Batch<'scope>,
        work: impl FnOnce() -> T + Send + 'scope,
    ) -> Pending<T> {
        let slot = Arc::new(Mutex::new(None));
        let (result, shared, progress) = (Arc::clone(&slot), Arc::clone(&self.shared), self.progress);
        batch.0.push(Box::new(move || {
            if shared.abandoned.load(Ordering::Relaxed) || progress.is_cancelled() {
                return;
            }
            let outcome = panic::catch_unwind(AssertUnwindSafe(work));
            *result.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
            if *shared.is_waiting.lock().unwrap_or_else(PoisonError::into_inner) {
                shared.finished.notify_all();
            }
        }));
        Pending(slot)
    }

    /// Queues a batch, which one thread does in order.
    fn spawn_batch(&self, batch: Batch<'scope>) {
        if !batch.0.is_empty() {
            self.scope.spawn_fifo(|_| batch.0.into_iter().for_each(|work| work()));
        }
    }

    /// Waits for a result, and does queued work meanwhile. A panic of the work continues here.
    pub(crate) fn wait<T>(&self, pending: &Pending<T>) -> Result<T> {
        loop {
            if let Some(result) = self.take(pending) {
                return Ok(result);
            }
            self.progress.check()?;
            if rayon::yield_now() == Some(Yield::Executed) {
                continue;
            }
            let mut is_waiting = self.shared.is_waiting.lock().unwrap_or_else(PoisonError::into_inner);
            if !pending.is_ready() {
                *is_waiting = true;
                let woken = self.shared.finished.wait_timeout(is_waiting, CHECK_EVERY);
                *woken.unwrap_or_else(PoisonError::into_inner).0 = false;
            }
        }
    }

    /// Takes the result if it is there.
    pub(crate) fn take<T>(&self, pending: &Pending<T>) -> Option<T> {
        let outcome = pending.0.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        Some(outcome.unwrap_or_else(|panic| panic::resume_unwind(panic)))
    }
}

/// Queues small pieces of work together and large ones at once. Dropping it queues the last ones.
pub(crate) struct Batches<'w, 'scope, 'pool> {
    workers: &'w Workers<'scope, 'pool>,
    batch: Batch<'scope>,
    /// Bytes of telemetry that the batch works on.
    bytes: u64,
}

impl<'w, 'scope, 'pool> Batches<'w, 'scope, 'pool> {
    /// Bytes of telemetry that are enough for a batch.
    const BATCH_BYTES: u64 = 64 * 1024;

    pub(crate) fn new(workers: &'w Workers<'scope, 'pool>) -> Self {
        Self { workers, batch: Batch::default(), bytes: 0 }
    }

    /// Queues `work` on `bytes` bytes of telemetry, now or with the next pieces.
    pub(crate) fn spawn<T: Send + 'scope>(
        &mut self,
        bytes: u64,
        work: impl FnOnce() -> T + Send + 'scope,
    ) -> Pending<T> {
        let pending = self.workers.add(&mut self.batch, work);
        self.bytes += bytes;
        if self.bytes >= Self::BATCH_BYTES {
            self.bytes = 0;
            self.workers.spawn_batch(mem::take(&mut self.batch));
        }
        pending
    }
}

impl Drop for Batches<'_, '_, '_> {
    fn drop(&mut self) {
        self.workers.spawn_batch(mem::take(&mut self.batch));
    }
}

impl<T> Pending<T> {
    /// Whether the result is there.
    pub(crate) fn is_ready(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_complete_with_any_number_of_threads() {
        for threads in [1, 2, 16, 1000] {
            let progress = Progress::default();
            let sum = with_workers(Some(threads), &progress, |workers| {
                let pending: Vec<_> = (0..100u64).map(|number| workers.spawn(move || number)).collect();
                pending.iter().map(|one| workers.wait(one)).sum::<Result<u64>>()
            });
            assert_eq!(sum.expect("a sum"), 4950);
        }
    }

    #[test]
    fn a_panic_in_the_work_reaches_the_waiting_thread() {
        let progress = Progress::default();
        let outcome = panic::catch_unwind(AssertUnwindSafe(|| {
            with_workers(Some(2), &progress, |workers| {
                let failing = workers.spawn(|| panic!("no such luck"));
                workers.wait::<()>(&failing)
            })
        }));
        assert_eq!(outcome.expect_err("a panic").downcast_ref::<&str>(), Some(&"no such luck"));
    }

    #[test]
    fn a_wait_ends_when_the_export_is_cancelled() {
        let progress = Progress::default();
        let outcome = with_workers(Some(2), &progress, |workers| {
            let endless = workers.spawn(|| {
                while !progress.is_cancelled() {
                    thread::sleep(Duration::from_millis(1));
                }
            });
            let stop = workers.spawn(|| progress.cancel());
            drop(stop);
            let never: Pending<()> = Pending(Arc::default());
            let outcome = workers.wait(&never);
            drop(endless);
            outcome
        });
        assert_eq!(outcome.expect_err("cancelled").code(), "ABORT_ERR");
    }
}
