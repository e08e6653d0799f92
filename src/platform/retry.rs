//! Repeats a step while a signal interrupts it or the system says "not now" (specification, Retries). Which errors
//! say so is in [`steps`](super::steps).

use std::io;
use std::thread;
use std::time::{Duration, Instant};

use super::{Facts, Step, Verdict};

/// How long a step is repeated before its error is final.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);
/// The same for a shortage that other threads of the process may end, and for a telemetry file that another program has
/// for itself.
const BRIEF_PATIENCE: Duration = Duration::from_secs(1);
/// The pause between two attempts.
pub(crate) const PAUSE: Duration = Duration::from_millis(5);
/// An interrupted step is repeated this often without a pause.
const ATTEMPTS_WITHOUT_PAUSE: u32 = 16;

/// The time that retries measure and wait for. Tests replace it.
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

struct SystemClock;

impl Clock for SystemClock {}

/// Repeats a step until it succeeds or fails for good. Once `is_cancelled` returns true it gives up with the last
/// error, so check for a cancellation before you treat an error as final.
pub(crate) fn retry<T>(
    is_cancelled: impl Fn() -> bool,
    step: Step,
    call: impl FnMut() -> io::Result<T>,
) -> io::Result<T> {
    retry_on(&SystemClock, Facts::HERE, is_cancelled, step, call)
}

/// [`retry`] with the clock and the error table of any system.
pub(crate) fn retry_on<T>(
    clock: &impl Clock,
    facts: &Facts,
    is_cancelled: impl Fn() -> bool,
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
        // At least two attempts, however long the first one took.
        let is_enough = attempts > 1 && clock.instant().duration_since(begun) >= patience;
        if is_enough || is_cancelled() {
            return outcome;
        }
        if verdict != Verdict::Retry || attempts > ATTEMPTS_WITHOUT_PAUSE {
            clock.sleep(PAUSE);
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::cell::Cell;

    use libc::{EAGAIN, EINTR, EMFILE, ENOENT};

    use crate::platform::WINDOWS;

    /// A clock that sleeping moves on at once.
    struct FakeClock {
        begun: Instant,
        slept: Cell<Duration>,
    }

    impl Clock for FakeClock {
        fn instant(&self) -> Instant {
            self.begun + self.slept.get()
        }

        fn sleep(&self, time: Duration) {
            self.slept.set(self.slept.get() + time);
        }
    }

    /// Runs a step that fails `failures` times with `code`. Returns its final error, the number of
    /// attempts, and how long it slept.
    fn outcome(step: Step, code: i32, failures: u32) -> (Option<i32>, u32, Duration) {
        outcome_on(Facts::HERE, step, code, failures)
    }

    fn outcome_on(facts: &Facts, step: Step, code: i32, failures: u32) -> (Option<i32>, u32, Duration) {
        let clock = FakeClock { begun: Instant::now(), slept: Cell::default() };
        let mut calls = 0;
        let outcome = retry_on(
            &clock,
            facts,
            || false,
            step,
            || {
                calls += 1;
                if calls <= failures { Err(io::Error::from_raw_os_error(code)) } else { Ok(()) }
            },
        );
        (outcome.err().and_then(|error| error.raw_os_error()), calls, clock.slept.get())
    }

    #[test]
    fn a_step_is_repeated_until_it_succeeds() {
        for step in [Step::Open, Step::Read, Step::Lock, Step::Rename, Step::LookUp, Step::SetMode] {
            for (code, pauses) in [(EINTR, 0), (EAGAIN, 3)] {
                let expected = (None, 4, pauses * PAUSE);
                assert_eq!(outcome(step, code, 3), expected, "{step:?} {code}");
            }
        }
    }

    #[test]
    fn another_error_is_final() {
        let expected = (Some(ENOENT), 1, Duration::ZERO);
        assert_eq!(outcome(Step::Open, ENOENT, 1), expected);
    }

    #[test]
    fn the_last_error_is_returned_when_patience_ends() {
        for (step, code, patience) in [
            (Step::Read, EINTR, PATIENCE),
            (Step::Rename, EINTR, PATIENCE),
            (Step::Read, EAGAIN, PATIENCE),
            (Step::Rename, EAGAIN, PATIENCE),
            (Step::DecodeBlock, EMFILE, BRIEF_PATIENCE),
        ] {
            let (error, _, slept) = outcome(step, code, u32::MAX);
            assert_eq!((error, slept), (Some(code), patience), "{step:?} {code}");
        }
    }

    #[test]
    fn a_telemetry_file_that_another_program_has_for_itself_is_waited_for_briefly_on_windows() {
        for step in [Step::Open, Step::Read] {
            for code in [32, 33] {
                assert_eq!(outcome_on(&WINDOWS, step, code, 3), (None, 4, 3 * PAUSE));
                let (error, _, slept) = outcome_on(&WINDOWS, step, code, u32::MAX);
                assert_eq!((error, slept), (Some(code), BRIEF_PATIENCE), "{step:?} {code}");
            }
        }
    }

    #[test]
    fn a_step_that_takes_longer_than_patience_is_tried_twice() {
        let clock = FakeClock { begun: Instant::now(), slept: Cell::default() };
        let mut calls = 0;
        let outcome = retry_on(
            &clock,
            Facts::HERE,
            || false,
            Step::List,
            || -> io::Result<()> {
                calls += 1;
                clock.sleep(2 * PATIENCE);
                Err(io::Error::from_raw_os_error(EINTR))
            },
        );
        assert_eq!((outcome.expect_err("an error").raw_os_error(), calls), (Some(EINTR), 2));
    }

    #[test]
    fn nothing_is_repeated_after_a_cancellation() {
        for code in [EINTR, EAGAIN] {
            let calls = Cell::new(0);
            let is_cancelled = || calls.get() == 2;
            let outcome = retry(is_cancelled, Step::Read, || -> io::Result<()> {
                calls.set(calls.get() + 1);
                Err(io::Error::from_raw_os_error(code))
            });
            assert_eq!((outcome.expect_err("an error").raw_os_error(), calls.get()), (Some(code), 2));
        }
    }
}
