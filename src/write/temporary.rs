//! The temporary file that an export writes to (specification, Temporary file). The export holds an exclusive
//! lock on it, so that the next export to the same target can tell a leftover from a file in use.

use std::ffi::OsStr;
use std::fs::{self, File, TryLockError};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use super::system::System;
use super::system_calls::{StepFailure, StepResult, SystemCalls};
use super::target::folder;
use crate::platform::Step;

const SUFFIX: &str = ".coder-export.tmp";
const RANDOM_DIGITS: usize = 16;
/// Most file systems take names of 255 bytes or of 255 UTF-16 units. A name never has more units than bytes.
const NAME_LIMIT: usize = 255;
/// Other exports sometimes remove a temporary file by mistake, but not so many in a row.
const CREATED_AT_MOST: usize = 100;
/// How often a removal is tried, since the file system may fail for a moment.
const REMOVALS_AT_MOST: usize = 20;
/// On Windows a virus scanner may hold the file for a moment. All pauses together are shorter than an abort may take.
const PAUSE_BEFORE_REMOVAL: Duration = Duration::from_millis(2);

/// The path of a file that is removed when this is dropped, unless the file stays.
#[derive(Debug)]
pub(super) struct TemporaryPath {
    path: PathBuf,
    stays: bool,
}

impl TemporaryPath {
    /// Takes over a file that was just created.
    pub(super) fn at(path: &Path) -> Self {
        Self { path: path.to_path_buf(), stays: false }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Keeps the file: it was renamed, or it belongs to somebody else.
    pub(super) fn stay(mut self) {
        self.stays = true;
    }
}

impl Drop for TemporaryPath {
    fn drop(&mut self) {
        if self.stays {
            return;
        }
        for attempt in 0..REMOVALS_AT_MOST {
            if attempt > 0 {
                thread::sleep(PAUSE_BEFORE_REMOVAL);
            }
            match fs::remove_file(&self.path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {}
                // If it cannot be removed, the next export removes it.
                _ => return,
            }
        }
    }
}

/// Creates and locks a temporary file for `target`. If it is removed before it is locked, creates another one.
pub(super) fn create_temporary<S: System>(
    calls: &SystemCalls<'_, S>,
    target: &Path,
) -> StepResult<(File, TemporaryPath)> {
    let system = calls.system;
    let prefix = temporary_prefix(target);
    for _ in 0..CREATED_AT_MOST {
        let random = RandomState::new().build_hasher().finish();
        let path = folder(target).join(format!("{prefix}{random:016x}{SUFFIX}"));
        let file = match calls.run(Step::Create, || system.create_private(&path)) {
            Err(StepFailure::System(error)) if error.kind() == io::ErrorKind::AlreadyExists => continue,
            outcome => outcome?,
        };
        let temporary = TemporaryPath::at(&path);
        // Another export may have taken it for a leftover before it was locked.
        if lock(calls, &file)? != Lock::Taken && is_still_at(calls, &file, &path)? {
            return Ok((file, temporary));
        }
    }
    Err(StepFailure::because("every temporary file beside it is removed before it can be locked"))
}

/// The outcome of locking a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lock {
    Held,
    /// Somebody else holds it.
    Taken,
    /// The file system has no locks.
    Impossible,
}

pub(super) fn lock<S: System>(calls: &SystemCalls<'_, S>, file: &File) -> StepResult<Lock> {
    let lock = || match calls.system.try_lock(file) {
        Ok(()) => Ok(Lock::Held),
        Err(TryLockError::WouldBlock) => Ok(Lock::Taken),
        Err(TryLockError::Error(error)) => Err(error),
    };
    Ok(calls.run_if_possible(Step::Lock, lock)?.unwrap_or(Lock::Impossible))
}

pub(super) fn is_still_at<S: System>(
    calls: &SystemCalls<'_, S>,
    file: &File,
    path: &Path,
) -> StepResult<bool> {
    // Names are never used twice, so a file of this name is ours.
    Ok(calls.is_at(file, path)?.unwrap_or_else(|| calls.system.is_there(path)))
}

/// `.{name}.`, the prefix of all temporary files of a target.
pub(super) fn temporary_prefix(target: &Path) -> String {
    let name = target.file_name().expect("a target was checked to have a name").to_string_lossy();
    let room = NAME_LIMIT - SUFFIX.len() - RANDOM_DIGITS - "..".len();
    let mut boundaries = (0..=room.min(name.len())).rev().filter(|&at| name.is_char_boundary(at));
    let cut = boundaries.next().expect("every text has a boundary at 0");
    format!(".{}.", &name[..cut])
}

/// The [`temporary_prefix`] of the target that a temporary file belongs to. `None` if this is not the name of one.
pub(super) fn prefix_of_temporary(name: &OsStr) -> Option<&str> {
    let rest = name.to_str()?.strip_suffix(SUFFIX)?;
    let (prefix, random) = rest.split_at_checked(rest.len().checked_sub(RANDOM_DIGITS)?)?;
    let is_random = random.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    (is_random && prefix.len() > 2 && prefix.starts_with('.') && prefix.ends_with('.')).then_some(prefix)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    use crate::platform::FileStatus;
    use crate::progress::Progress;
    use crate::write::system::ThisSystem;
    use crate::write::system::doubles::{BROKEN, RefusingLocks};

    /// Another export takes the first temporary file for a leftover before it is locked.
    struct Racing<'a> {
        folder: &'a Path,
        /// Where it takes the file.
        elsewhere: &'a Path,
        /// Whether it removes the file or holds its lock.
        removes: bool,
        has_identity: bool,
        locked: Cell<u32>,
    }

    impl System for Racing<'_> {
        fn status_of(&self, file: &File) -> io::Result<FileStatus> {
            let status = ThisSystem.status_of(file)?;
            Ok(FileStatus { identity: status.identity.filter(|_| self.has_identity), ..status })
        }

        fn try_lock(&self, _file: &File) -> Result<(), TryLockError> {
            self.locked.set(self.locked.get() + 1);
            match (self.locked.get(), self.removes) {
                // A rename, because under Wine a file that is removed while it is open keeps its name.
                (1, true) => fs::rename(only_file(self.folder), self.elsewhere).map_err(TryLockError::Error),
                (1, false) => Err(TryLockError::WouldBlock),
                _ => Ok(()),
            }
        }
    }

    fn create(system: &impl System, target: &Path) -> StepResult<(File, TemporaryPath)> {
        let progress = Progress::default();
        create_temporary(&SystemCalls { system, progress: &progress }, target)
    }

    fn only_file(folder: &Path) -> PathBuf {
        let mut entries = fs::read_dir(folder).expect("a listing");
        let entry = entries.next().expect("a file").expect("a file");
        assert!(entries.next().is_none());
        entry.path()
    }

    #[test]
    fn the_name_of_a_temporary_file_is_short_enough_for_every_target() {
        for name in ["a".repeat(250), "é".repeat(125), "short.json".to_owned()] {
            let prefix = temporary_prefix(Path::new(&name));
            let whole = format!("{prefix}0123456789abcdef{SUFFIX}");
            assert!(whole.len() <= NAME_LIMIT, "{whole}");
            assert_eq!(prefix_of_temporary(OsStr::new(&whole)), Some(&*prefix));
        }
        assert_eq!(temporary_prefix(Path::new("/x/short.json")), ".short.json.");
    }

    #[test]
    fn a_lock_that_fails_for_another_reason_is_an_error_and_leaves_no_file() {
        let directory = tempfile::tempdir().expect("a directory");
        let broken = RefusingLocks { code: BROKEN, later: Duration::ZERO };
        let error = create(&broken, &directory.path().join("out.json")).expect_err("no lock");
        assert!(matches!(error, StepFailure::System(error) if error.raw_os_error() == Some(BROKEN)));
        assert_eq!(fs::read_dir(directory.path()).expect("a listing").count(), 0);
    }

    #[test]
    fn a_temporary_file_that_was_taken_for_a_leftover_is_created_again() {
        for (removes, has_identity) in [(true, true), (true, false), (false, true)] {
            let directory = tempfile::tempdir().expect("a directory");
            let elsewhere = tempfile::tempdir().expect("a directory");
            let racing = Racing {
                folder: directory.path(),
                elsewhere: &elsewhere.path().join("removed"),
                removes,
                has_identity,
                locked: Cell::new(0),
            };
            let (_file, temporary) =
                create(&racing, &directory.path().join("out.json")).expect("a temporary");
            assert_eq!(racing.locked.get(), 2);
            assert_eq!(only_file(directory.path()), temporary.path());
        }
    }

    /// Windows, where a file that was removed while it was open keeps its name and metadata for a while. The first
    /// `gone` temporary files are such files.
    struct Vanishing {
        gone: usize,
        asked: Cell<usize>,
    }

    impl System for Vanishing {
        fn status_of(&self, file: &File) -> io::Result<FileStatus> {
            Ok(FileStatus { identity: None, ..ThisSystem.status_of(file)? })
        }

        fn is_there(&self, _path: &Path) -> bool {
            self.asked.set(self.asked.get() + 1);
            self.asked.get() > self.gone
        }
    }

    #[test]
    fn a_file_without_identity_is_ours_if_it_is_still_there() {
        let directory = tempfile::tempdir().expect("a directory");
        let vanishing = Vanishing { gone: 1, asked: Cell::new(0) };
        create(&vanishing, &directory.path().join("out.json")).expect("a temporary");
        assert_eq!(vanishing.asked.get(), 2);
    }

    #[test]
    fn an_export_gives_up_if_every_temporary_file_is_removed() {
        let directory = tempfile::tempdir().expect("a directory");
        let vanishing = Vanishing { gone: usize::MAX, asked: Cell::new(0) };
        create(&vanishing, &directory.path().join("out.json")).expect_err("no temporary");
        assert_eq!(vanishing.asked.get(), CREATED_AT_MOST);
        assert_eq!(fs::read_dir(directory.path()).expect("a listing").count(), 0);
    }
}
