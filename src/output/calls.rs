//! Calls of the system that are done again while a signal interrupts them or something holds them up.

use std::fs::File;
use std::io;
use std::path::Path;
use std::time::Duration;

use super::system::System;
use crate::error::Error;
use crate::platform::{Step, Verdict};
use crate::progress::Progress;

/// How long a call that fails for the moment is tried again.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);
/// The pause before it is.
pub(super) const PAUSE: Duration = Duration::from_millis(50);
/// So many interruptions in a row are met without a pause.
const RETRIES_AT_ONCE: u32 = 16;

/// Why a step of an output failed.
#[derive(Debug)]
pub(super) enum Failure {
    /// The caller cancelled while the step was tried again.
    Cancelled,
    /// What the system said, or our own reason.
    System(io::Error),
}

impl Failure {
    /// A reason of our own.
    pub(super) fn because(reason: &'static str) -> Self {
        Self::System(io::Error::other(reason))
    }

    /// The error of an export to `path`.
    pub(super) fn of_output(self, path: &Path) -> Error {
        match self {
            Self::Cancelled => Error::Cancelled,
            Self::System(cause) => Error::output(path, cause),
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::System(error)
    }
}

pub(super) type Attempt<T> = Result<T, Failure>;

/// The calls of one export.
pub(super) struct Calls<'a, S> {
    pub(super) system: &'a S,
    pub(super) progress: &'a Progress,
}

impl<S: System> Calls<'_, S> {
    /// Does a step until it succeeds or fails for good.
    pub(super) fn run<T>(&self, step: Step, mut call: impl FnMut() -> io::Result<T>) -> Attempt<T> {
        let begun = self.system.instant();
        let mut interruptions = 0;
        loop {
            let error = match call() {
                Ok(done) => return Ok(done),
                Err(error) => error,
            };
            let verdict = self.system.facts().verdict(step, &error);
            if !matches!(verdict, Verdict::Retry | Verdict::Wait)
                || self.system.instant().duration_since(begun) >= PATIENCE
            {
                return Err(Failure::System(error));
            }
            if self.progress.is_cancelled() {
                return Err(Failure::Cancelled);
            }
            interruptions += u32::from(verdict == Verdict::Retry);
            if verdict == Verdict::Wait || interruptions > RETRIES_AT_ONCE {
                self.system.sleep(PAUSE);
            }
        }
    }

    /// Does a step that an export can do without; `None` if it cannot be done.
    pub(super) fn run_if_possible<T>(
        &self,
        step: Step,
        call: impl FnMut() -> io::Result<T>,
    ) -> Attempt<Option<T>> {
        match self.run(step, call) {
            Err(Failure::System(error)) if self.system.facts().verdict(step, &error) == Verdict::Tolerate => {
                Ok(None)
            }
            outcome => outcome.map(Some),
        }
    }

    /// What `look_up` finds; `None` if nothing is there.
    pub(super) fn look_up<T>(&self, look_up: impl FnMut() -> io::Result<T>) -> Attempt<Option<T>> {
        match self.run(Step::LookUp, look_up) {
            Err(Failure::System(error)) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            outcome => outcome.map(Some),
        }
    }

    /// Whether `path` names the file that is open; `None` if this system cannot tell.
    pub(super) fn is_at(&self, file: &File, path: &Path) -> Attempt<Option<bool>> {
        let open = self.run(Step::LookUp, || self.system.metadata_of(file))?;
        let Some(found) = self.look_up(|| self.system.link_metadata(path))? else { return Ok(Some(false)) };
        let identities = self.system.identity(&open).zip(self.system.identity(&found));
        Ok(identities.map(|(open, found)| open == found))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::{Cell, OnceCell};
    use std::time::Instant;

    use crate::platform::{Facts, WINDOWS};

    /// A system whose sleep moves its clock, and cancels.
    struct Clock<'a> {
        facts: &'static Facts,
        begun: OnceCell<Instant>,
        slept: Cell<Duration>,
        cancelled: Option<&'a Progress>,
    }

    impl System for Clock<'_> {
        fn facts(&self) -> &Facts {
            self.facts
        }

        fn instant(&self) -> Instant {
            *self.begun.get_or_init(Instant::now) + self.slept.get()
        }

        fn sleep(&self, time: Duration) {
            self.slept.set(self.slept.get() + time);
            if let Some(progress) = self.cancelled {
                progress.cancel();
            }
        }
    }

    fn clock(facts: &'static Facts) -> Clock<'static> {
        Clock { facts, begun: OnceCell::new(), slept: Cell::default(), cancelled: None }
    }

    fn fail(code: i32) -> io::Result<()> {
        Err(io::Error::from_raw_os_error(code))
    }

    #[test]
    #[cfg(unix)]
    fn an_interrupted_call_is_done_again_at_once() {
        for step in [Step::Lock, Step::Rename, Step::LookUp, Step::ReadLink, Step::SetMode] {
            let (clock, progress, times) = (clock(Facts::HERE), Progress::default(), Cell::new(0));
            let outcome = Calls { system: &clock, progress: &progress }.run(step, || {
                times.set(times.get() + 1);
                if times.get() <= 3 { fail(libc::EINTR) } else { Ok(()) }
            });
            assert!(outcome.is_ok(), "{step:?}");
            assert_eq!((times.get(), clock.slept.get()), (4, Duration::ZERO));
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_call_that_is_held_up_or_interrupted_for_ever_fails_when_patience_ends() {
        for code in [libc::EINTR, libc::EAGAIN] {
            let (clock, progress) = (clock(Facts::HERE), Progress::default());
            let outcome = Calls { system: &clock, progress: &progress }.run(Step::Rename, || fail(code));
            assert!(matches!(outcome, Err(Failure::System(error)) if error.raw_os_error() == Some(code)));
            assert_eq!(clock.slept.get(), PATIENCE);
        }
    }

    #[test]
    fn a_call_that_is_held_up_can_be_cancelled() {
        let progress = Progress::default();
        let clock = Clock { cancelled: Some(&progress), ..clock(&WINDOWS) };
        let outcome = Calls { system: &clock, progress: &progress }.run(Step::Rename, || fail(32));
        assert!(matches!(outcome, Err(Failure::Cancelled)));
        assert_eq!(clock.slept.get(), PAUSE);
    }
}
