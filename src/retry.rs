//! Calls to the system that are made again while it says "not now" (spec §6).

use std::io;
use std::thread;
use std::time::{Duration, Instant};

use crate::platform::Facts;
use crate::progress::Progress;

/// How long a call is made again before what the system says is taken for its answer.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);
/// The same for what other threads of the process may give back.
const SHORTAGE_PATIENCE: Duration = Duration::from_secs(1);
/// Between two of them, if it says to wait.
const PAUSE: Duration = Duration::from_millis(5);

/// Time, as retries see it.
pub(crate) trait Clock {
    /// The moment now.
    fn instant(&self) -> Instant {
        Instant::now()
    }

    /// Waits.
    fn sleep(&self, time: Duration) {
        thread::sleep(time);
    }
}

/// The clock of the system.
pub(crate) struct SystemClock;

impl Clock for SystemClock {}

/// Makes a call again while the system says that it was interrupted, or that it cannot answer now. Gives up once the export
/// is cancelled, with what the system said last: so ask `progress` before taking an error for an answer.
pub(crate) fn retry<T>(progress: &Progress, call: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    retry_on(&SystemClock, Facts::HERE, progress, call)
}

/// Makes a call again while the process is short of something that other threads of it may give back in a moment.
pub(crate) fn retry_while_short<T>(
    clock: &impl Clock,
    progress: &Progress,
    call: impl FnMut() -> io::Result<T>,
) -> io::Result<T> {
    retry_while(clock, progress, SHORTAGE_PATIENCE, |error| Facts::HERE.is_shortage(error), call)
}

fn retry_on<T>(
    clock: &impl Clock,
    facts: &Facts,
    progress: &Progress,
    call: impl FnMut() -> io::Result<T>,
) -> io::Result<T> {
    retry_while(clock, progress, PATIENCE, |error| facts.is_temporary(error), call)
}

/// Makes a call again while it fails with an error that `may_pass`, or is interrupted.
fn retry_while<T>(
    clock: &impl Clock,
    progress: &Progress,
    patience: Duration,
    may_pass: impl Fn(&io::Error) -> bool,
    mut call: impl FnMut() -> io::Result<T>,
) -> io::Result<T> {
    let mut begun = None;
    loop {
        let outcome = call();
        let Err(error) = &outcome else { return outcome };
        let is_interrupted = error.kind() == io::ErrorKind::Interrupted;
        if !is_interrupted && !may_pass(error) {
            return outcome;
        }
        let begun = *begun.get_or_insert_with(|| clock.instant());
        if progress.is_cancelled() || clock.instant().duration_since(begun) >= patience {
            return outcome;
        }
        if !is_interrupted {
            clock.sleep(PAUSE);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    /// A clock that nobody waits for. It goes on by itself, by a millisecond a look.
    struct Passing {
        begun: Instant,
        passed: Cell<Duration>,
        slept: Cell<u32>,
    }

    impl Passing {
        fn new() -> Self {
            Self { begun: Instant::now(), passed: Cell::default(), slept: Cell::default() }
        }
    }

    impl Clock for Passing {
        fn instant(&self) -> Instant {
            self.passed.set(self.passed.get() + Duration::from_millis(1));
            self.begun + self.passed.get()
        }

        fn sleep(&self, time: Duration) {
            self.passed.set(self.passed.get() + time);
            self.slept.set(self.slept.get() + 1);
        }
    }

    const INTERRUPTED: io::ErrorKind = io::ErrorKind::Interrupted;
    const NOT_NOW: io::ErrorKind = io::ErrorKind::WouldBlock;

    #[test]
    fn a_call_is_made_again_until_it_is_answered() {
        for (said, pauses) in [(INTERRUPTED, 0), (NOT_NOW, 3)] {
            let clock = Passing::new();
            let mut calls = 0;
            let outcome = retry_on(&clock, Facts::HERE, &Progress::default(), || {
                calls += 1;
                if calls <= 3 { Err(said.into()) } else { Ok(calls) }
            });
            assert_eq!(outcome.expect("an answer"), 4);
            assert_eq!(clock.slept.get(), pauses, "{said}");
        }
    }

    #[test]
    fn another_error_is_an_answer() {
        let mut calls = 0;
        let outcome = retry(&Progress::default(), || -> io::Result<()> {
            calls += 1;
            Err(io::ErrorKind::NotFound.into())
        });
        assert_eq!((outcome.expect_err("an error").kind(), calls), (io::ErrorKind::NotFound, 1));
    }

    #[test]
    fn patience_ends_with_what_the_system_said() {
        for said in [INTERRUPTED, NOT_NOW] {
            let clock = Passing::new();
            let outcome = retry_on(&clock, Facts::HERE, &Progress::default(), || -> io::Result<()> {
                Err(said.into())
            });
            assert_eq!(outcome.expect_err("an error").kind(), said);
            assert!(clock.passed.get() >= PATIENCE);
        }
    }

    #[test]
    fn nothing_is_tried_again_once_the_export_is_cancelled() {
        for said in [INTERRUPTED, NOT_NOW] {
            let progress = Progress::default();
            let mut calls = 0;
            let outcome = retry(&progress, || -> io::Result<()> {
                calls += 1;
                if calls == 2 {
                    progress.cancel();
                }
                Err(said.into())
            });
            assert_eq!((outcome.expect_err("an error").kind(), calls), (said, 2));
        }
    }
}
