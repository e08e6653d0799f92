//! Repeats steps while a signal interrupts them or the system says "not now" (specification, Retries). `platform/steps.rs`
//! decides which errors say so.

use std::io;
use std::thread;
use std::time::{Duration, Instant};

use crate::platform::{Facts, Step, Verdict};
use crate::progress::Progress;

/// How long a step is repeated before its error is final.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);
/// The same if the process is short of something that its other threads may give back.
const BRIEF_PATIENCE: Duration = Duration::from_secs(1);
/// Time between two attempts.
pub(crate) const PAUSE: Duration = Duration::from_millis(5);
/// How often an interrupted step is repeated without a pause.
const ATTEMPTS_AT_ONCE: u32 = 16;

/// The clock of retries.
pub(crate) trait Clock {
    /// The current time.
    fn instant(&self) -> Instant {
        Instant::now()
    }

    /// Waits.
    fn sleep(&self, time: Duration) {
        thread::sleep(time);
    }
}

/// The clock of the system.
struct SystemClock;

impl Clock for SystemClock {}

/// Repeats a step until it succeeds or fails for good. If the export is cancelled, returns the last error: check `progress`
/// before you treat an error as final.
pub(crate) fn retry<T>(
    progress: &Progress,
    step: Step,
    call: impl FnMut() -> io::Result<T>,
) -> io::Result<T> {
    retry_on(&SystemClock, Facts::HERE, progress, step, call)
}

/// Like [`retry`], with the clock and the error codes of another system.
pub(crate) fn retry_on<T>(
    clock: &impl Clock,
    facts: &Facts,
    progress: &Progress,
    step: Step,
    mut call: impl FnMut() -> io::Result<T>,
) -> io::Result<T> {
    let begun = clock.instant();
    let mut attempts = 0;
    loop {
        let outcome = call();
        attempts += 1;
        let Err(error) = &outcome else { return outcome };
        let verdict = facts.verdict(step, error);
        let patience = match verdict {
            Verdict::Retry | Verdict::Wait => PATIENCE,
            Verdict::WaitBriefly => BRIEF_PATIENCE,
            Verdict::Tolerate | Verdict::Fail => return outcome,
        };
        // A step is done at least twice, however long it takes.
        let is_enough = attempts > 1 && clock.instant().duration_since(begun) >= patience;
        if is_enough || progress.is_cancelled() {
            return outcome;
        }
        if verdict != Verdict::Retry || attempts > ATTEMPTS_AT_ONCE {
            clock.sleep(PAUSE);
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::cell::Cell;

    use libc::{EAGAIN, EINTR, EMFILE, ENOENT};

    /// A clock without waiting: sleeping moves it forward.
    struct Passing {
        begun: Instant,
        slept: Cell<Duration>,
    }

    impl Clock for Passing {
        fn instant(&self) -> Instant {
            self.begun + self.slept.get()
        }

        fn sleep(&self, time: Duration) {
            self.slept.set(self.slept.get() + time);
        }
    }

    /// Does a step that fails with `code` for the first `failures` times. Returns how it ended, how often it was done, and how
    /// long the retries slept.
    fn outcome(step: Step, code: i32, failures: u32, progress: &Progress) -> (Option<i32>, u32, Duration) {
        let clock = Passing { begun: Instant::now(), slept: Cell::default() };
        let mut calls = 0;
        let outcome = retry_on(&clock, Facts::HERE, progress, step, || {
            calls += 1;
            if calls <= failures { Err(io::Error::from_raw_os_error(code)) } else { Ok(()) }
        });
        (outcome.err().and_then(|error| error.raw_os_error()), calls, clock.slept.get())
    }

    #[test]
    fn a_step_is_repeated_until_it_succeeds() {
        for step in [Step::Open, Step::Read, Step::Lock, Step::Rename, Step::LookUp, Step::SetMode] {
            for (code, pauses) in [(EINTR, 0), (EAGAIN, 3)] {
                let expected = (None, 4, pauses * PAUSE);
                assert_eq!(outcome(step, code, 3, &Progress::default()), expected, "{step:?} {code}");
            }
        }
    }

    #[test]
    fn another_error_is_final() {
        let expected = (Some(ENOENT), 1, Duration::ZERO);
        assert_eq!(outcome(Step::Open, ENOENT, 1, &Progress::default()), expected);
    }

    #[test]
    fn patience_ends_with_the_last_error() {
        for (step, code, patience) in [
            (Step::Read, EINTR, PATIENCE),
            (Step::Rename, EINTR, PATIENCE),
            (Step::Read, EAGAIN, PATIENCE),
            (Step::Rename, EAGAIN, PATIENCE),
            (Step::DecodeBlock, EMFILE, BRIEF_PATIENCE),
        ] {
            let (said, _, slept) = outcome(step, code, u32::MAX, &Progress::default());
            assert_eq!((said, slept), (Some(code), patience), "{step:?} {code}");
        }
    }

    #[test]
    fn a_step_that_takes_longer_than_the_patience_is_done_twice() {
        let clock = Passing { begun: Instant::now(), slept: Cell::default() };
        let mut calls = 0;
        let outcome =
            retry_on(&clock, Facts::HERE, &Progress::default(), Step::List, || -> io::Result<()> {
                calls += 1;
                clock.sleep(2 * PATIENCE);
                Err(io::Error::from_raw_os_error(EINTR))
            });
        assert_eq!((outcome.expect_err("an error").raw_os_error(), calls), (Some(EINTR), 2));
    }

    #[test]
    fn nothing_is_repeated_once_the_export_is_cancelled() {
        for code in [EINTR, EAGAIN] {
            let progress = Progress::default();
            let mut calls = 0;
            let outcome = retry(&progress, Step::Read, || -> io::Result<()> {
                calls += 1;
                if calls == 2 {
                    progress.cancel();
                }
                Err(io::Error::from_raw_os_error(code))
            });
            assert_eq!((outcome.expect_err("an error").raw_os_error(), calls), (Some(code), 2));
        }
    }
}
