//! Recognizes and removes the temporary files that exports left behind when they were
//! killed (specification, Leftovers).

use std::ffi::OsString;
use std::fs::{self, File, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::system::System;
use super::system_calls::{StepResult, SystemCalls};
use super::target::folder;
use super::temporary::{Lock, is_still_at, lock, prefix_of_temporary, temporary_prefix};
use crate::platform::{Owner, Step, open_to_lock};

/// Another target's temporary file that was not changed for so long is a leftover.
const OTHERS_ABANDONED_AFTER: Duration = Duration::from_secs(60 * 60);
/// If files cannot be locked, a leftover of this age has no owner any more.
const ABANDONED_AFTER: Duration = Duration::from_secs(24 * 60 * 60);
/// An export looks at this many entries of a folder even if it ends at once.
const ENTRIES_AT_LEAST: usize = 10_000;
/// The same for temporary files of other targets, which take longer to look at. The
/// limit that is reached first counts.
const OTHERS_AT_LEAST: usize = 200;

/// A search for the leftovers in a target's folder.
pub(super) struct LeftoverSearch {
    folder: PathBuf,
    /// The names of temporary files of the export's own target begin with this.
    prefix: String,
    /// The export's own temporary file, which the search skips.
    own: OsString,
    /// The owner of that file.
    owner: Owner,
}

impl LeftoverSearch {
    /// A search beside `target` for an export whose temporary file is `file` at `own`.
    pub(super) fn new(system: &impl System, target: &Path, own: &Path, file: &File) -> io::Result<Self> {
        Ok(Self {
            folder: folder(target).to_path_buf(),
            prefix: temporary_prefix(target),
            own: own.file_name().expect("a temporary file has a name").to_owned(),
            owner: system.owner(file)?,
        })
    }

    /// Removes the leftovers that it finds. What cannot be looked at stays. Calls `looked_at_enough` once the export
    /// need not wait any longer.
    pub(super) fn remove_leftovers<S: System>(
        &self,
        calls: &SystemCalls<'_, S>,
        looked_at_enough: impl Fn(),
    ) {
        let Ok(entries) = fs::read_dir(&self.folder) else { return };
        let mut others = 0;
        for (index, entry) in entries.enumerate() {
            // A folder that cannot be read on would return this error for ever.
            let Ok(entry) = entry else { return };
            if calls.progress.is_cancelled() {
                return;
            }
            if index >= ENTRIES_AT_LEAST || others >= OTHERS_AT_LEAST {
                looked_at_enough();
            }
            let name = entry.file_name();
            if let Some(prefix) = prefix_of_temporary(&name)
                && name != self.own
            {
                let is_own = prefix == self.prefix;
                others += usize::from(!is_own);
                // A leftover that stays is in nobody's way, and the next export tries again.
                let _ = self.remove_if_abandoned(calls, &self.folder.join(&name), is_own);
            }
        }
    }

    /// `is_own`: the file was to become the export's own target.
    fn remove_if_abandoned<S: System>(
        &self,
        calls: &SystemCalls<'_, S>,
        path: &Path,
        is_own: bool,
    ) -> StepResult<()> {
        let system = calls.system;
        // A symlink or a folder with such a name is not ours.
        let found = calls.run(Step::LookUp, || system.link_status(path))?.metadata;
        if !found.is_file() || !is_own && !is_older_than(system, &found, OTHERS_ABANDONED_AFTER) {
            return Ok(());
        }
        let file = calls.run(Step::Open, || open_to_lock(path))?;
        if !is_own && calls.run(Step::LookUp, || system.owner(&file))? != self.owner {
            return Ok(());
        }
        let abandoned = match lock(calls, &file)? {
            Lock::Held => is_still_at(calls, &file, path)?,
            Lock::Taken => false,
            Lock::Impossible => is_older_than(system, &found, ABANDONED_AFTER),
        };
        if abandoned {
            calls.run(Step::LookUp, || system.remove(path))?;
        }
        Ok(())
    }
}

fn is_older_than(system: &impl System, metadata: &Metadata, age: Duration) -> bool {
    let since = metadata.modified().map(|modified| system.now().duration_since(modified));
    since.is_ok_and(|since| since.is_ok_and(|since| since > age))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::TryLockError;
    use std::time::SystemTime;

    use crate::platform::{Facts, FileStatus, WINDOWS};
    use crate::progress::Progress;
    use crate::write::system::ThisSystem;
    use crate::write::system::doubles::{BROKEN, RefusingLocks, WITHOUT_LOCKS};
    use crate::write::temporary::{TemporaryPath, create_temporary};

    const HOUR: Duration = Duration::from_secs(60 * 60);
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    const LEFTOVER: &str = ".out.json.0123456789abcdef.coder-export.tmp";
    const OTHER: &str = ".other.html.0123456789abcdef.coder-export.tmp";

    /// Windows with a file system whose files have no identity. Some open files cannot be removed.
    struct Windows {
        lets_remove: bool,
    }

    impl System for Windows {
        fn facts(&self) -> &Facts {
            &WINDOWS
        }

        fn status_of(&self, file: &File) -> io::Result<FileStatus> {
            Ok(FileStatus { identity: None, ..ThisSystem.status_of(file)? })
        }

        fn remove(&self, path: &Path) -> io::Result<()> {
            if self.lets_remove { fs::remove_file(path) } else { Err(io::Error::from_raw_os_error(32)) }
        }
    }

    fn create(system: &impl System, target: &Path) -> (File, TemporaryPath) {
        let progress = Progress::default();
        create_temporary(&SystemCalls { system, progress: &progress }, target).expect("a temporary")
    }

    /// Removes what killed exports of the user who runs the tests left beside a target.
    fn remove_leftovers(system: &impl System, target: &Path) {
        let own = tempfile::tempfile().expect("a file");
        remove_leftovers_of(system, target, &own, &Progress::default());
    }

    fn remove_leftovers_of(system: &impl System, target: &Path, own: &File, progress: &Progress) {
        let search = LeftoverSearch::new(&ThisSystem, target, Path::new("own"), own).expect("an owner");
        search.remove_leftovers(&SystemCalls { system, progress }, || ());
    }

    /// A folder with a target and a file that looks like a leftover.
    fn folder_with_leftover() -> (tempfile::TempDir, PathBuf, PathBuf) {
        let directory = tempfile::tempdir().expect("a directory");
        let (target, leftover) = (directory.path().join("out.json"), directory.path().join(LEFTOVER));
        fs::write(&leftover, "left behind").expect("a file");
        (directory, target, leftover)
    }

    #[test]
    fn a_leftover_is_removed_and_a_locked_temporary_file_stays() {
        let (_directory, target, leftover) = folder_with_leftover();
        let (_file, held) = create(&ThisSystem, &target);
        remove_leftovers(&ThisSystem, &target);
        assert!(!leftover.exists());
        assert!(held.path().exists());
    }

    #[test]
    fn a_leftover_is_removed_and_a_locked_temporary_file_stays_if_files_have_no_identity() {
        let (_directory, target, leftover) = folder_with_leftover();
        let windows = Windows { lets_remove: true };
        let (_file, held) = create(&windows, &target);
        remove_leftovers(&windows, &target);
        assert!(!leftover.exists());
        assert!(held.path().exists());
    }

    #[test]
    fn a_leftover_that_cannot_be_removed_does_not_stop_an_export() {
        let (_directory, target, leftover) = folder_with_leftover();
        let windows = Windows { lets_remove: false };
        remove_leftovers(&windows, &target);
        assert!(leftover.exists());
        let (_file, temporary) = create(&windows, &target);
        assert!(temporary.path().exists());
    }

    #[test]
    fn without_locks_an_export_works_and_a_leftover_is_removed_after_a_day() {
        for code in [1, WITHOUT_LOCKS] {
            let (_directory, target, leftover) = folder_with_leftover();
            let young = RefusingLocks { code, later: DAY - Duration::from_secs(60) };
            let (file, temporary) = create(&young, &target);
            remove_leftovers(&young, &target);
            assert!(leftover.exists() && temporary.path().exists());
            drop(file);
            remove_leftovers(&RefusingLocks { code, later: DAY + Duration::from_secs(60) }, &target);
            assert!(!leftover.exists());
        }
    }

    #[test]
    fn a_leftover_whose_lock_fails_for_another_reason_stays_however_old_it_is() {
        let (_directory, target, leftover) = folder_with_leftover();
        remove_leftovers(&RefusingLocks { code: BROKEN, later: 100 * DAY }, &target);
        assert!(leftover.exists());
    }

    #[test]
    fn a_leftover_that_was_replaced_by_another_file_stays() {
        /// Replaces the leftover by another file just before it is locked.
        struct Replacing<'a> {
            leftover: &'a Path,
        }

        impl System for Replacing<'_> {
            fn try_lock(&self, _file: &File) -> Result<(), TryLockError> {
                // In two steps, because Wine does not replace a file that is open.
                fs::rename(self.leftover, self.leftover.with_extension("away"))
                    .and_then(|()| fs::rename(self.leftover.with_extension("other"), self.leftover))
                    .map_err(TryLockError::Error)
            }
        }

        let (_directory, target, leftover) = folder_with_leftover();
        fs::write(leftover.with_extension("other"), "somebody's").expect("a file");
        remove_leftovers(&Replacing { leftover: &leftover }, &target);
        assert_eq!(fs::read_to_string(&leftover).expect("a file"), "somebody's");
    }

    /// A system on which some time has passed, and whose files may belong to somebody else.
    struct Later {
        time: Duration,
        owners: Option<Owner>,
    }

    impl System for Later {
        fn now(&self) -> SystemTime {
            SystemTime::now() + self.time
        }

        fn owner(&self, file: &File) -> io::Result<Owner> {
            self.owners.as_ref().map_or_else(|| ThisSystem.owner(file), |owner| Ok(owner.to_owned()))
        }
    }

    #[test]
    fn a_leftover_of_another_target_is_removed_after_an_hour_if_it_is_ours() {
        let minute = Duration::from_secs(60);
        for (time, owners, stays) in [
            (HOUR - minute, None, true),
            (HOUR + minute, None, false),
            #[cfg(unix)]
            (100 * DAY, Some(Owner::MAX), true),
            #[cfg(windows)]
            (100 * DAY, Some(Owner::new()), true),
        ] {
            let (_directory, target, leftover) = folder_with_leftover();
            let other = leftover.with_file_name(OTHER);
            fs::rename(&leftover, &other).expect("a file");
            remove_leftovers(&Later { time, owners }, &target);
            assert_eq!(other.exists(), stays, "{time:?}");
        }
    }

    #[test]
    fn a_locked_temporary_file_of_another_target_stays_however_old_it_is() {
        let (_directory, target, leftover) = folder_with_leftover();
        let (_file, held) = create(&ThisSystem, &leftover.with_file_name("other.html"));
        remove_leftovers(&Later { time: 100 * DAY, owners: None }, &target);
        assert!(held.path().exists());
    }

    #[test]
    fn files_that_no_export_made_stay_however_old_they_are() {
        let (_directory, target, leftover) = folder_with_leftover();
        let names = [
            ".coder-export.tmp",
            "0123456789abcdef.coder-export.tmp",
            "..0123456789abcdef.coder-export.tmp",
            ".other.html.0123456789abcdeF.coder-export.tmp",
            ".other.html.0123456789abcdef.coder-export.tmp.bak",
            "other.html.0123456789abcdef.coder-export.tmp",
            ".other.html0123456789abcdef.coder-export.tmp",
        ];
        for name in names {
            fs::write(leftover.with_file_name(name), "somebody's").expect("a file");
        }
        // Some systems take a name that differs only in case for the same name.
        let folder_of_that_name = leftover.with_file_name(OTHER.replace("other", "folder"));
        fs::create_dir(&folder_of_that_name).expect("a folder");
        remove_leftovers(&Later { time: 100 * DAY, owners: None }, &target);
        for name in names {
            assert!(leftover.with_file_name(name).exists(), "{name}");
        }
        assert!(folder_of_that_name.exists());
    }

    #[test]
    fn a_cancelled_search_removes_nothing_more() {
        let (_directory, target, leftover) = folder_with_leftover();
        let progress = Progress::default();
        progress.cancel();
        remove_leftovers_of(&ThisSystem, &target, &tempfile::tempfile().expect("a file"), &progress);
        assert!(leftover.exists());
    }
}
