//! A file that appears whole or not at all (specification, Output).
//!
//! The export writes to a temporary file beside its target and holds an exclusive lock on it. Once
//! the file is synced, it is renamed over the target. If anything fails, the target stays as it was and the
//! temporary file is removed. If the export is killed, the next export to the same target finds the
//! temporary file unlocked and removes it.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use super::cleanup::Cleanup;
use super::rights::keep_rights;
use super::system::{System, ThisSystem};
use super::system_calls::{StepFailure, StepResult, SystemCalls};
use super::target::{Target, folder};
use super::temporary::{TemporaryPath, create_temporary};
use super::writer::Writer;
use crate::error::Result;
use crate::platform::{Step, Verdict, sync_folder};
use crate::progress::Progress;

#[cfg(test)]
mod tests;

impl Target {
    /// Creates the temporary file that becomes the target, and starts to remove what killed exports left beside it.
    pub(crate) fn begin(self, progress: &Progress) -> Result<Draft> {
        let calls = SystemCalls { system: &ThisSystem, progress };
        let (file, temporary) = self.create(&calls).map_err(|failure| self.failed(failure))?;
        let cleanup = Cleanup::start(&self.path, temporary.path(), &file);
        Ok(Draft { file: Arc::new(file), temporary, target: self, cleanup })
    }

    fn create<S: System>(&self, calls: &SystemCalls<'_, S>) -> StepResult<(File, TemporaryPath)> {
        let (file, temporary) = create_temporary(calls, &self.path)?;
        if self.overwrite && calls.system.facts().shares_new_files {
            // While it is written, it must not be open to more people than the file that it replaces.
            keep_rights(calls, &file, temporary.path(), &self.path)?;
        }
        Ok((file, temporary))
    }
}

/// The temporary file of a target. Removed when this is dropped.
#[derive(Debug)]
pub(crate) struct Draft {
    file: Arc<File>,
    temporary: TemporaryPath,
    target: Target,
    cleanup: Cleanup,
}

impl Draft {
    /// A writer that fills the draft.
    pub(crate) fn writer<'p>(&self, progress: &'p Progress) -> Result<Writer<'p>> {
        Writer::to_file(&self.target.display_path, Arc::clone(&self.file), progress)
    }

    /// Gives the draft the rights of its target, syncs it, and renames it over the target.
    pub(crate) fn publish(self, progress: &Progress) -> Result<()> {
        self.publish_on(&ThisSystem, progress)
    }

    /// Removes the draft and leaves the target as it is.
    pub(crate) fn discard(self, progress: &Progress) {
        let Self { file, temporary, target: _, cleanup } = self;
        drop((file, temporary));
        cleanup.finish(progress);
    }

    fn publish_on(self, system: &impl System, progress: &Progress) -> Result<()> {
        let Self { file, temporary, target, cleanup } = self;
        let calls = SystemCalls { system, progress };
        put_in_place(&calls, &file, temporary, &target).map_err(|failure| target.failed(failure))?;
        drop(file);
        // The file is in place even if this fails, so a failure is not an error of the export.
        let _ = sync_folder(folder(&target.path));
        cleanup.finish(progress);
        Ok(())
    }
}

fn put_in_place<S: System>(
    calls: &SystemCalls<'_, S>,
    file: &File,
    temporary: TemporaryPath,
    target: &Target,
) -> StepResult<()> {
    if target.overwrite {
        keep_rights(calls, file, temporary.path(), &target.path)?;
    }
    sync(calls, file)?;
    if calls.progress.is_cancelled() {
        return Err(StepFailure::Cancelled);
    }
    if target.overwrite {
        let rename = || calls.system.rename(temporary.path(), &target.path);
        let renamed = unless_in_place(calls, file, &target.path, calls.run(Step::Rename, rename));
        renamed.map_err(|failure| match failure {
            StepFailure::System(error) => calls.system.reason_of_refused_rename(error, &target.path).into(),
            StepFailure::Cancelled => failure,
        })?;
    } else {
        rename_to_new(calls, file, temporary.path(), &target.path)?;
    }
    temporary.stay();
    Ok(())
}

/// Syncs as far as the file system can.
fn sync<S: System>(calls: &SystemCalls<'_, S>, file: &File) -> StepResult<()> {
    let to_medium = || calls.system.sync_to_medium(file);
    if calls.run_if_possible(Step::SyncToMedium, to_medium)?.is_none() {
        calls.run_if_possible(Step::Sync, || calls.system.sync(file))?;
    }
    Ok(())
}

/// The outcome of a call that should put `file` at `path`. The call may have succeeded even if it reports a failure:
/// a network file system can lose the answer, and a call that is repeated after an interruption finds its work done.
fn unless_in_place<S: System>(
    calls: &SystemCalls<'_, S>,
    file: &File,
    path: &Path,
    outcome: StepResult<()>,
) -> StepResult<()> {
    if outcome.is_err() && matches!(calls.is_at(file, path), Ok(Some(true))) { Ok(()) } else { outcome }
}

/// Renames a file unless there is one at `to`. There are three ways to do so, and not every
/// file system knows all of them.
fn rename_to_new<S: System>(
    calls: &SystemCalls<'_, S>,
    file: &File,
    from: &Path,
    to: &Path,
) -> StepResult<()> {
    let system = calls.system;
    let tolerates = |step, outcome: &StepResult<()>| match outcome {
        Err(StepFailure::System(error)) => system.facts().verdict(step, error) == Verdict::Tolerate,
        _ => false,
    };
    let renamed = calls.run(Step::RenameToNew, || system.rename_to_new(from, to));
    let renamed_at_once = unless_in_place(calls, file, to, renamed);
    if !tolerates(Step::RenameToNew, &renamed_at_once) {
        return renamed_at_once;
    }
    let linked = calls.run(Step::HardLink, || system.hard_link(from, to));
    let linked = unless_in_place(calls, file, to, linked);
    if !tolerates(Step::HardLink, &linked) {
        linked?;
        // Removes the first name.
        drop(TemporaryPath::at(from));
        return Ok(());
    }
    // Reserves the name with an empty file, which fails if others have made a file there. A
    // kill here leaves the empty file.
    let taken = calls.run(Step::Create, || system.create_private(to))?;
    let name = TemporaryPath::at(to);
    let is_ours = |calls: &SystemCalls<'_, S>| calls.is_at(&taken, to).map(|is_at| is_at.unwrap_or(true));
    if !is_ours(calls)? {
        name.stay();
        return Err(system.facts().already_exists().into());
    }
    let renamed = calls.run(Step::Rename, || system.rename(from, to));
    let renamed = unless_in_place(calls, file, to, renamed);
    if renamed.is_ok() || !matches!(is_ours(calls), Ok(true)) {
        name.stay();
    }
    renamed
}
