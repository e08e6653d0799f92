//! Pieces of an output on their way to the thread that writes them, and where that thread writes.

use std::any::Any;
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Write};
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::platform::{Facts, StandardOutput, Step, Verdict, retry, start_write_back};
use crate::progress::Progress;

/// The system is told to write back whenever this much has been written, so that the final sync is short.
const WRITE_BACK_BYTES: u64 = 8 * 1024 * 1024;
/// How long a wait may take to notice that the export was cancelled.
const CHECK_EVERY: Duration = Duration::from_millis(5);

/// Where bytes go.
pub(super) trait Sink: Write {
    /// Waits up to `time` until the sink takes bytes. Returns `false` if the sink knows that it takes none.
    fn wait_until_ready(&self, time: Duration) -> bool;
}

impl Sink for StandardOutput {
    fn wait_until_ready(&self, time: Duration) -> bool {
        let ready = self.wait_until_writable(time);
        if ready {
            // It was also ready a moment ago, but refused the bytes.
            thread::sleep(time);
        }
        ready
    }
}

/// A file whose written bytes are sent to the disk while more are written.
pub(super) struct FileSink {
    file: Arc<File>,
    written: u64,
    /// The system was told to write back up to here.
    started: u64,
}

impl FileSink {
    pub(super) fn new(file: Arc<File>) -> Self {
        Self { file, written: 0, started: 0 }
    }
}

impl Write for FileSink {
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

impl Sink for FileSink {
    fn wait_until_ready(&self, time: Duration) -> bool {
        thread::sleep(time);
        true
    }
}

/// Pieces to be written, shared by a writer and its thread.
#[derive(Default)]
pub(super) struct WriterQueue {
    state: Mutex<QueueState>,
    changed: Condvar,
}

#[derive(Default)]
struct QueueState {
    pieces: VecDeque<Vec<u8>>,
    /// Bytes of the pieces, and of the one that is being written.
    bytes: usize,
    /// Written pieces, emptied to be filled again.
    empty: Vec<Vec<u8>>,
    /// No more pieces come.
    closed: bool,
    /// The export has ended without a result: nothing more needs to be written.
    abandoned: bool,
    /// The thread writes no more.
    ended: bool,
    failure: Option<WriteFailure>,
}

/// Why a piece was not written.
pub(super) enum WriteFailure {
    Cancelled,
    Io(io::Error),
    /// A panic of the writing thread.
    Panic(Box<dyn Any + Send>),
}

impl WriterQueue {
    /// Queues a piece once at most `ahead` bytes are left to be written; 0 waits until it is written. Returns an
    /// empty piece if there is one.
    pub(super) fn push(
        &self,
        piece: Vec<u8>,
        ahead: usize,
        progress: &Progress,
    ) -> Result<Option<Vec<u8>>, WriteFailure> {
        let has_room = |state: &QueueState| state.bytes <= ahead;
        let mut state = self.wait_until(has_room, progress)?;
        if let Some(failure) = state.failure.take() {
            return Err(failure);
        }
        let empty = state.empty.pop();
        state.bytes += piece.len();
        state.pieces.push_back(piece);
        drop(state);
        self.changed.notify_all();
        if ahead == 0 {
            drop(self.wait_until(has_room, progress)?);
        }
        Ok(empty)
    }

    /// Waits until every piece is written.
    pub(super) fn finish(&self, progress: &Progress) -> Result<(), WriteFailure> {
        self.lock().closed = true;
        self.changed.notify_all();
        let failure = self.wait_until(|state| state.ended, progress)?.failure.take();
        failure.map_or(Ok(()), Err)
    }

    /// Ends the thread as soon as possible, whatever is left to be written.
    pub(super) fn abandon(&self) {
        let mut state = self.lock();
        state.closed = true;
        state.abandoned = true;
        state.pieces.clear();
        drop(state);
        self.changed.notify_all();
    }

    /// Writes piece after piece to the sink that `open` opens, until the queue is closed and empty or a write fails.
    pub(super) fn drain<S: Sink>(&self, open: impl FnOnce() -> S) {
        let outcome = panic::catch_unwind(AssertUnwindSafe(|| self.write_pieces(open())));
        let mut state = self.lock();
        state.failure = match outcome {
            Ok(outcome) => outcome.err().map(WriteFailure::Io),
            Err(payload) => Some(WriteFailure::Panic(payload)),
        };
        state.ended = true;
        self.changed.notify_all();
    }

    fn write_pieces(&self, mut sink: impl Sink) -> io::Result<()> {
        while let Some(mut piece) = self.next_piece() {
            self.write_all(&mut sink, &piece)?;
            let mut state = self.lock();
            state.bytes -= piece.len();
            piece.clear();
            state.empty.push(piece);
            self.changed.notify_all();
        }
        sink.flush()
    }

    /// Writes all of `bytes`, however often a signal interrupts it or a pipe is full.
    fn write_all(&self, sink: &mut impl Sink, bytes: &[u8]) -> io::Result<()> {
        let mut rest = bytes;
        let mut refused_since = None;
        while !rest.is_empty() {
            let error = match sink.write(rest) {
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
            let ready = verdict == Verdict::Retry || sink.wait_until_ready(CHECK_EVERY);
            // It waits for a stalled reader as long as it takes, but a sink that says it is
            // ready may not refuse for ever.
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

    /// Waits until `is_so`, or until the thread has ended.
    fn wait_until(
        &self,
        is_so: impl Fn(&QueueState) -> bool,
        progress: &Progress,
    ) -> Result<MutexGuard<'_, QueueState>, WriteFailure> {
        let mut state = self.lock();
        while !is_so(&state) && !state.ended {
            if progress.is_cancelled() {
                return Err(WriteFailure::Cancelled);
            }
            state = self.changed.wait_timeout(state, CHECK_EVERY).unwrap_or_else(PoisonError::into_inner).0;
        }
        Ok(state)
    }

    fn lock(&self) -> MutexGuard<'_, QueueState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

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

    impl Sink for Slow {
        fn wait_until_ready(&self, _time: Duration) -> bool {
            false
        }
    }

    fn write(errors: Vec<i32>, queue: &WriterQueue) -> (io::Result<()>, Vec<u8>) {
        let mut slow = Slow { errors, taken: Vec::new() };
        (queue.write_all(&mut slow, b"events"), slow.taken)
    }

    #[test]
    fn a_write_continues_after_interruptions_and_refusals() {
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
    fn a_sink_that_takes_nothing_is_given_up_when_the_export_is_abandoned() {
        let queue = WriterQueue::default();
        queue.abandon();
        assert!(write(vec![libc::EAGAIN], &queue).0.is_err());
    }
}
