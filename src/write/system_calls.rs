//! Does the steps of an output as system calls, repeats them if that may help, and says why they fail.

use std::fs::File;
use std::io;
use std::path::Path;

use super::system::System;
use crate::error::Error;
use crate::platform::retry::retry_on;
use crate::platform::{Step, Verdict};
use crate::progress::Progress;

/// Why a step of an output failed.
#[derive(Debug)]
pub(super) enum StepFailure {
    /// The export was cancelled while the step was repeated.
    Cancelled,
    /// The error of the system, or a reason of our own.
    System(io::Error),
}

impl StepFailure {
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

impl From<io::Error> for StepFailure {
    fn from(error: io::Error) -> Self {
        Self::System(error)
    }
}

pub(super) type StepResult<T> = Result<T, StepFailure>;

/// The system calls of one export.
pub(super) struct SystemCalls<'a, S> {
    pub(super) system: &'a S,
    pub(super) progress: &'a Progress,
}

impl<S: System> SystemCalls<'_, S> {
    /// Repeats a step until it succeeds or fails for good.
    pub(super) fn run<T>(&self, step: Step, call: impl FnMut() -> io::Result<T>) -> StepResult<T> {
        let facts = self.system.facts();
        retry_on(self.system, facts, || self.progress.is_cancelled(), step, call).map_err(|error| {
            let is_final = matches!(facts.verdict(step, &error), Verdict::Tolerate | Verdict::Fail);
            if is_final || !self.progress.is_cancelled() {
                StepFailure::System(error)
            } else {
                StepFailure::Cancelled
            }
        })
    }

    /// Does a step that an export can do without. `None` if the step is not possible.
    pub(super) fn run_if_possible<T>(
        &self,
        step: Step,
        call: impl FnMut() -> io::Result<T>,
    ) -> StepResult<Option<T>> {
        match self.run(step, call) {
            Err(StepFailure::System(error))
                if self.system.facts().verdict(step, &error) == Verdict::Tolerate =>
            {
                Ok(None)
            }
            outcome => outcome.map(Some),
        }
    }

    /// What `look_up` finds. `None` if nothing is there.
    pub(super) fn look_up<T>(&self, look_up: impl FnMut() -> io::Result<T>) -> StepResult<Option<T>> {
        match self.run(Step::LookUp, look_up) {
            Err(StepFailure::System(error)) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            outcome => outcome.map(Some),
        }
    }

    /// Whether the open file is at `path`. `None` if this system cannot tell.
    pub(super) fn is_at(&self, file: &File, path: &Path) -> StepResult<Option<bool>> {
        let open = self.run(Step::LookUp, || self.system.status_of(file))?;
        let Some(found) = self.look_up(|| self.system.link_status(path))? else { return Ok(Some(false)) };
        Ok(open.identity.zip(found.identity).map(|(open, found)| open == found))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    use crate::platform::{Facts, WINDOWS};

    /// A system on which the export is cancelled while it waits.
    struct Cancelling<'a>(&'a Progress);

    impl System for Cancelling<'_> {
        fn facts(&self) -> &Facts {
            &WINDOWS
        }

        fn sleep(&self, _time: Duration) {
            self.0.cancel();
        }
    }

    #[test]
    fn a_step_that_is_repeated_ends_when_the_export_is_cancelled() {
        let progress = Progress::default();
        let mut calls = 0;
        let outcome =
            SystemCalls { system: &Cancelling(&progress), progress: &progress }.run(Step::Rename, || {
                calls += 1;
                Err::<(), _>(io::Error::from_raw_os_error(32))
            });
        assert!(matches!(outcome, Err(StepFailure::Cancelled)));
        assert_eq!(calls, 2);
    }

    #[test]
    fn a_step_that_fails_for_good_says_why_even_if_the_export_is_cancelled() {
        let progress = Progress::default();
        progress.cancel();
        let outcome = SystemCalls { system: &Cancelling(&progress), progress: &progress }
            .run(Step::Write, || Err::<(), _>(io::Error::from_raw_os_error(112)));
        assert!(matches!(outcome, Err(StepFailure::System(error)) if error.raw_os_error() == Some(112)));
    }
}
