//! Collects bytes in pieces and hands them to a thread that writes them, so that encoding does not wait for the disk.

use std::fs::File;
use std::mem;
use std::panic;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use super::writer_queue::{FileSink, Sink, WriteFailure, WriterQueue};
use crate::error::{Error, Result};
use crate::platform::StandardOutput;
use crate::progress::Progress;

/// Bytes that are collected before they go to the writing thread.
const PIECE_BYTES: usize = 256 * 1024;
/// Bytes that may wait for the writing thread.
const QUEUED_BYTES: usize = 4 * 1024 * 1024;

/// Writes to a file or to standard output, on a thread of its own.
pub(crate) struct Writer<'p> {
    /// The output in messages.
    display_path: PathBuf,
    progress: &'p Progress,
    queue: Arc<WriterQueue>,
    thread: Option<thread::JoinHandle<()>>,
    /// The piece to hand over next.
    piece: Vec<u8>,
    written: u64,
    /// Bytes that may wait to be written while more are encoded.
    ahead: usize,
    /// Whether dropping the writer waits for the thread, even if it is stuck in a write.
    joins_thread: bool,
}

impl<'p> Writer<'p> {
    /// A writer to a file that messages call `display_path`.
    pub(crate) fn to_file(display_path: &Path, file: Arc<File>, progress: &'p Progress) -> Result<Self> {
        Self::start(display_path, progress, true, move || FileSink::new(file))
    }

    /// A writer to standard output. A reader that stalls cannot keep a cancelled export alive.
    pub(crate) fn standard_output(progress: &'p Progress) -> Result<Self> {
        Self::start(Path::new("standard output"), progress, false, StandardOutput::default)
    }

    /// Waits for each piece to be written before more is encoded, so that only one of
    /// the two threads works at a time.
    pub(crate) fn one_at_a_time(mut self) -> Self {
        self.ahead = 0;
        self
    }

    fn start<S: Sink>(
        display_path: &Path,
        progress: &'p Progress,
        joins_thread: bool,
        open: impl FnOnce() -> S + Send + 'static,
    ) -> Result<Self> {
        let queue = Arc::<WriterQueue>::default();
        let queue_of_thread = Arc::clone(&queue);
        let thread = thread::Builder::new()
            .name("telemetry-export-writer".to_owned())
            .spawn(move || queue_of_thread.drain(open))
            .map_err(Error::thread)?;
        Ok(Self {
            display_path: display_path.to_path_buf(),
            progress,
            queue,
            thread: Some(thread),
            piece: Vec::with_capacity(PIECE_BYTES),
            written: 0,
            ahead: QUEUED_BYTES,
            joins_thread,
        })
    }

    /// Writes a copy of `bytes`.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.written += bytes.len() as u64;
        let mut rest = bytes;
        while self.piece.len() + rest.len() >= PIECE_BYTES {
            let (now, later) = rest.split_at(PIECE_BYTES - self.piece.len());
            self.piece.extend_from_slice(now);
            self.hand_over()?;
            rest = later;
        }
        self.piece.extend_from_slice(rest);
        Ok(())
    }

    /// Waits until everything is written. Returns the length of the output.
    pub(crate) fn finish(mut self) -> Result<u64> {
        self.hand_over()?;
        self.queue.finish(self.progress).map_err(|failure| self.error_of(failure))?;
        Ok(self.written)
    }

    fn hand_over(&mut self) -> Result<()> {
        if self.piece.is_empty() {
            return Ok(());
        }
        let pushed = self.queue.push(mem::take(&mut self.piece), self.ahead, self.progress);
        let empty = pushed.map_err(|failure| self.error_of(failure))?;
        self.piece = empty.unwrap_or_else(|| Vec::with_capacity(PIECE_BYTES));
        Ok(())
    }

    /// A panic of the writing thread continues here, on the thread that waits, up to the guard of the export.
    fn error_of(&self, failure: WriteFailure) -> Error {
        match failure {
            WriteFailure::Cancelled => Error::Cancelled,
            WriteFailure::Io(cause) => Error::output(&self.display_path, cause),
            WriteFailure::Panic(payload) => panic::resume_unwind(payload),
        }
    }
}

impl Drop for Writer<'_> {
    fn drop(&mut self) {
        self.queue.abandon();
        if let Some(thread) = self.thread.take()
            && self.joins_thread
        {
            // The thread caught any panic itself.
            let _ = thread.join();
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::io::{self, Write};
    use std::panic::AssertUnwindSafe;
    use std::sync::mpsc::channel;
    use std::time::Duration;

    /// A sink that panics at the first write, or when everything is written.
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

    impl Sink for Panicking {
        fn wait_until_ready(&self, _time: Duration) -> bool {
            unreachable!("it never refuses bytes")
        }
    }

    /// Runs `work` on a thread of its own, so that the test fails if it never ends.
    fn outcome_of(work: impl FnOnce() -> Result<u64> + Send + 'static) -> thread::Result<Result<u64>> {
        let (done, outcome) = channel();
        thread::spawn(move || done.send(panic::catch_unwind(AssertUnwindSafe(work))));
        outcome.recv_timeout(Duration::from_secs(30)).expect("an end")
    }

    #[test]
    fn a_panic_of_the_writing_thread_reaches_the_caller() {
        for at_flush in [false, true] {
            for pieces in [1, 40] {
                let outcome = outcome_of(move || {
                    let progress = Progress::default();
                    let mut writer =
                        Writer::start(Path::new("out"), &progress, true, move || Panicking { at_flush })?;
                    for _ in 0..pieces {
                        writer.write(&vec![b'x'; PIECE_BYTES])?;
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
        impl Sink for Full {
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
}
