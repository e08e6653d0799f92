//! A thread that writes what it is handed, so that encoding does not wait for the disk.

use std::any::Any;
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Write};
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::error::{Error, Result};
use crate::platform::{Facts, StandardOutput, Step, Verdict, retry, start_write_back};
use crate::progress::Progress;

/// Bytes that are collected before they go to the writing thread.
const STAGED_BYTES: usize = 256 * 1024;
/// Bytes that may wait for the writing thread.
const QUEUED_BYTES: usize = 4 * 1024 * 1024;
/// The system is told to write back whenever this much has been written, so that the final sync is short.
const WRITE_BACK_BYTES: u64 = 8 * 1024 * 1024;
const PATIENCE: Duration = Duration::from_millis(5);

/// Where bytes go.
trait Destination: Write {
    /// Waits until it takes bytes, for a while at most. Returns whether it does, as far as anybody can tell.
    fn wait_until_ready(&self, time: Duration) -> bool;
}

impl Destination for StandardOutput {
    fn wait_until_ready(&self, time: Duration) -> bool {
        let ready = self.wait_until_writable(time);
        if ready {
            // It was ready a moment ago, too, and refused.
            thread::sleep(time);
        }
        ready
    }
}

impl Destination for WrittenBack {
    fn wait_until_ready(&self, time: Duration) -> bool {
        thread::sleep(time);
        true
    }
}

/// A file whose written bytes are sent to the disk while more are written.
struct WrittenBack {
    file: Arc<File>,
    written: u64,
    /// Up to here the system was told to write back.
    started: u64,
}

impl Write for WrittenBack {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = (&*self.file).write(bytes)?;
        self.written += count as u64;
        if self.written - self.started >= WRITE_BACK_BYTES {
            start_write_back(&self.file, self.started, self.written - self.started);
            self.started = self.written;
        }
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Hands bytes to a thread of its own that writes them, so that encoding does not wait for the disk.
pub(crate) struct Writer<'p> {
    given: PathBuf,
    progress: &'p Progress,
    shared: Arc<WriterQueue>,
    thread: Option<thread::JoinHandle<()>>,
    staged: Vec<u8>,
    written: u64,
    /// Bytes that may wait to be written while more are encoded.
    ahead: usize,
    /// Whether a thread that is stuck in a write must be waited for.
    owns_destination: bool,
}

#[derive(Default)]
struct WriterQueue {
    state: Mutex<QueueState>,
    changed: Condvar,
}

#[derive(Default)]
struct QueueState {
    pieces: VecDeque<Vec<u8>>,
    /// Bytes of the pieces, and of the one that is being written.
    bytes: usize,
    /// Pieces to be filled again.
    written: Vec<Vec<u8>>,
    closed: bool,
    /// The export has ended without a result: nothing more needs to be written.
    abandoned: bool,
    /// Set once, by the thread that ends.
    ended: bool,
    failure: Option<Failure>,
}

/// Why the writing thread ended early.
enum Failure {
    Io(io::Error),
    /// What a panic of ours left.
    Panic(Box<dyn Any + Send>),
}

impl<'p> Writer<'p> {
    /// A writer to a file that is called `given` in messages.
    pub(crate) fn to_file(given: &Path, file: Arc<File>, progress: &'p Progress) -> Result<Self> {
        Self::start(given, progress, true, move || WrittenBack { file, written: 0, started: 0 })
    }

    /// Has it write whenever something is handed over, while the export waits: one of both works at a time.
    pub(crate) fn one_at_a_time(mut self) -> Self {
        self.ahead = 0;
        self
    }

    /// A writer to standard output. A reader that stalls cannot keep a cancelled export alive.
    pub(crate) fn standard_output(progress: &'p Progress) -> Result<Self> {
        Self::start(Path::new("standard output"), progress, false, StandardOutput::default)
    }

    fn start<W: Destination>(
        given: &Path,
        progress: &'p Progress,
        owns_destination: bool,
        destination: impl FnOnce() -> W + Send + 'static,
    ) -> Result<Self> {
        let shared = Arc::<WriterQueue>::default();
        let queue = Arc::clone(&shared);
        let thread = thread::Builder::new()
            .name("telemetry-export-writer".to_owned())
            .spawn(move || queue.drain(destination))
            .map_err(Error::thread)?;
        Ok(Self {
            given: given.to_path_buf(),
            progress,
            shared,
            thread: Some(thread),
            staged: Vec::with_capacity(STAGED_BYTES),
            written: 0,
            ahead: QUEUED_BYTES,
            owns_destination,
        })
    }

    /// Writes a copy of `bytes`.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.written += bytes.len() as u64;
        let mut rest = bytes;
        while self.staged.len() + rest.len() >= STAGED_BYTES {
            let (now, later) = rest.split_at(STAGED_BYTES - self.staged.len());
            self.staged.extend_from_slice(now);
            self.hand_over()?;
            rest = later;
        }
        self.staged.extend_from_slice(rest);
        Ok(())
    }

    /// Waits until everything is written.
    pub(crate) fn finish(mut self) -> Result<u64> {
        self.hand_over()?;
        self.close();
        let mut state = self.shared.lock();
        while !state.ended {
            self.progress.check()?;
            state = self.shared.wait(state);
        }
        let failure = state.failure.take();
        drop(state);
        failure.map_or(Ok(self.written), |failure| Err(self.failed(failure)))
    }

    /// The error of a write. A panic goes on here, on the thread that waits, to the guard of the export.
    fn failed(&self, failure: Failure) -> Error {
        match failure {
            Failure::Io(cause) => Error::output(&self.given, cause),
            Failure::Panic(payload) => panic::resume_unwind(payload),
        }
    }

    fn hand_over(&mut self) -> Result<()> {
        if self.staged.is_empty() {
            return Ok(());
        }
        let mut state = self.shared.wait_for_room(self.ahead, self.progress)?;
        if let Some(failure) = state.failure.take() {
            drop(state);
            return Err(self.failed(failure));
        }
        let room = state.written.pop().unwrap_or_else(|| Vec::with_capacity(STAGED_BYTES));
        let piece = std::mem::replace(&mut self.staged, room);
        state.bytes += piece.len();
        state.pieces.push_back(piece);
        drop(state);
        self.shared.changed.notify_all();
        if self.ahead == 0 {
            drop(self.shared.wait_for_room(0, self.progress)?);
        }
        Ok(())
    }

    fn close(&self) {
        self.shared.lock().closed = true;
        self.shared.changed.notify_all();
    }
}

impl Drop for Writer<'_> {
    fn drop(&mut self) {
        {
            let mut state = self.shared.lock();
            state.closed = true;
            state.abandoned = true;
            // After a failure nothing more is written; after `finish` nothing is left.
            state.pieces.clear();
        }
        self.shared.changed.notify_all();
        if let Some(thread) = self.thread.take()
            && self.owns_destination
        {
            // A panic was caught on the thread itself.
            let _ = thread.join();
        }
    }
}

impl WriterQueue {
    fn lock(&self) -> MutexGuard<'_, QueueState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, state: MutexGuard<'a, QueueState>) -> MutexGuard<'a, QueueState> {
        self.changed.wait_timeout(state, PATIENCE).unwrap_or_else(PoisonError::into_inner).0
    }

    /// Waits until at most `bytes` are left to be written.
    fn wait_for_room(&self, bytes: usize, progress: &Progress) -> Result<MutexGuard<'_, QueueState>> {
        let mut state = self.lock();
        while state.bytes > bytes && !state.ended {
            progress.check()?;
            state = self.wait(state);
        }
        Ok(state)
    }

    /// Writes piece after piece until the queue is closed and empty or a write fails.
    fn drain<W: Destination>(&self, destination: impl FnOnce() -> W) {
        let outcome = panic::catch_unwind(AssertUnwindSafe(|| self.write_pieces(destination())));
        let mut state = self.lock();
        state.failure = match outcome {
            Ok(outcome) => outcome.err().map(Failure::Io),
            Err(payload) => Some(Failure::Panic(payload)),
        };
        state.ended = true;
        self.changed.notify_all();
    }

    fn write_pieces(&self, mut destination: impl Destination) -> io::Result<()> {
        while let Some(mut piece) = self.next_piece() {
            self.write_all(&mut destination, &piece)?;
            let mut state = self.lock();
            state.bytes -= piece.len();
            piece.clear();
            state.written.push(piece);
            self.changed.notify_all();
        }
        destination.flush()
    }

    /// Writes all of `bytes`, however often a signal or a full pipe comes in between.
    fn write_all(&self, destination: &mut impl Destination, bytes: &[u8]) -> io::Result<()> {
        let mut rest = bytes;
        let mut refused_since = None;
        while !rest.is_empty() {
            let error = match destination.write(rest) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(count) => {
                    rest = &rest[count..];
                    refused_since = None;
                    continue;
                }
                Err(error) => error,
            };
            let verdict = Facts::HERE.verdict(Step::Write, &error);
            if !matches!(verdict, Verdict::Retry | Verdict::Wait) || self.lock().abandoned {
                return Err(error);
            }
            let ready = verdict == Verdict::Retry || destination.wait_until_ready(PATIENCE);
            // A reader that stalls is waited for, however long. A destination that is ready may not refuse for ever.
            let since = *refused_since.get_or_insert_with(Instant::now);
            if !ready {
                refused_since = None;
            } else if since.elapsed() >= retry::PATIENCE {
                return Err(error);
            }
        }
        Ok(())
    }

    fn next_piece(&self) -> Option<Vec<u8>> {
        let mut state = self.lock();
        loop {
            if let Some(piece) = state.pieces.pop_front() {
                return Some(piece);
            }
            if state.closed {
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    /// A destination with a bug, met at the first write or when everything is written.
    struct Panicking {
        at_flush: bool,
    }

    impl Write for Panicking {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            assert!(self.at_flush, "no such luck");
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            panic!("no such luck")
        }
    }

    impl Destination for Panicking {
        fn wait_until_ready(&self, _time: Duration) -> bool {
            unreachable!("it never refuses bytes")
        }
    }

    /// Runs `work` on a thread of its own, so that a wait without an end fails the test.
    fn outcome_of(work: impl FnOnce() -> Result<u64> + Send + 'static) -> thread::Result<Result<u64>> {
        let (done, outcome) = channel();
        thread::spawn(move || done.send(panic::catch_unwind(AssertUnwindSafe(work))));
        outcome.recv_timeout(Duration::from_secs(30)).expect("an end")
    }

    #[test]
    fn a_panic_of_the_writing_thread_reaches_the_one_who_waits() {
        for at_flush in [false, true] {
            for pieces in [1, 40] {
                let outcome = outcome_of(move || {
                    let progress = Progress::default();
                    let mut writer =
                        Writer::start(Path::new("out"), &progress, true, move || Panicking { at_flush })?;
                    for _ in 0..pieces {
                        writer.write(&vec![b'x'; STAGED_BYTES])?;
                    }
                    writer.finish()
                });
                let payload = outcome.expect_err("a panic");
                assert_eq!(payload.downcast_ref::<&str>(), Some(&"no such luck"), "{at_flush} {pieces}");
            }
        }
    }

    #[test]
    fn a_failed_write_is_an_error_that_names_the_output() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _bytes: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::StorageFull.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        impl Destination for Full {
            fn wait_until_ready(&self, _time: Duration) -> bool {
                unreachable!("it is full for good")
            }
        }
        let outcome = outcome_of(|| {
            let progress = Progress::default();
            let mut writer = Writer::start(Path::new("out"), &progress, true, || Full)?;
            writer.write(b"text")?;
            writer.finish()
        });
        let error = outcome.expect("no panic").expect_err("a failure");
        assert_eq!((error.code(), error.path()), ("ERR_OUTPUT", Some(Path::new("out"))));
    }

    /// Takes a byte at a time, with an error before each.
    struct Slow {
        errors: Vec<i32>,
        taken: Vec<u8>,
    }

    impl Write for Slow {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if let Some(code) = self.errors.pop() {
                return Err(io::Error::from_raw_os_error(code));
            }
            self.taken.push(bytes[0]);
            Ok(1)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Destination for Slow {
        fn wait_until_ready(&self, _time: Duration) -> bool {
            false
        }
    }

    fn write(errors: Vec<i32>, queue: &WriterQueue) -> (io::Result<()>, Vec<u8>) {
        let mut slow = Slow { errors, taken: Vec::new() };
        (queue.write_all(&mut slow, b"events"), slow.taken)
    }

    #[test]
    fn a_write_goes_on_behind_what_was_taken_after_interruptions_and_refusals() {
        let (outcome, taken) =
            write(vec![libc::EAGAIN, libc::EINTR, libc::EAGAIN, libc::EINTR], &WriterQueue::default());
        assert!(outcome.is_ok(), "{outcome:?}");
        assert_eq!(taken, b"events");
    }

    #[test]
    fn a_write_that_fails_is_not_tried_again() {
        for code in [libc::EIO, libc::ENOSPC, libc::EDQUOT, libc::EPIPE, libc::EBADF] {
            let (outcome, taken) = write(vec![code], &WriterQueue::default());
            assert_eq!(outcome.expect_err("a failure").raw_os_error(), Some(code));
            assert!(taken.is_empty());
        }
    }

    #[test]
    fn a_destination_that_takes_nothing_is_given_up_with_the_export() {
        let queue = WriterQueue::default();
        queue.lock().abandoned = true;
        assert!(write(vec![libc::EAGAIN], &queue).0.is_err());
    }
}
