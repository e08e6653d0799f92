//! The hidden sibling that an export is written to. Its owner holds it under an exclusive lock, so that the next export to
//! the same target can tell a leftover from a file in use.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::path::Path;
use std::time::Duration;

use tempfile::TempPath;

use super::system::System;
use super::target::folder;
use crate::platform::create_private;

const SUFFIX: &str = ".coder-export.tmp";
const RANDOM_DIGITS: usize = 16;
/// File systems commonly take names of 255 bytes, or of as many UTF-16 units, which are fewer.
const NAME_LIMIT: usize = 255;
/// Other exports take a temporary away now and then, but not so many in a row.
const CREATED_AT_MOST: usize = 100;
/// Where files cannot be locked, a leftover of this age has no owner any more.
const ABANDONED_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// Creates and locks a temporary for `target`, another one where the first is taken away.
pub(super) fn create_temporary(system: &impl System, target: &Path) -> io::Result<(File, TempPath)> {
    let prefix = temporary_prefix(target);
    for _ in 0..CREATED_AT_MOST {
        let random = RandomState::new().build_hasher().finish();
        let path = folder(target).join(format!("{prefix}{random:016x}{SUFFIX}"));
        let file = match create_private(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
            outcome => outcome?,
        };
        let temporary = TempPath::try_from_path(&path)?;
        match system.try_lock(&file) {
            Err(TryLockError::Error(error)) if !system.facts().cannot_lock(&error) => return Err(error),
            Err(TryLockError::WouldBlock) => continue,
            Ok(()) | Err(TryLockError::Error(_)) => {}
        }
        // Another export may have taken it for a leftover in the moment before it was locked.
        if is_still_at(system, &file, &path) {
            return Ok((file, temporary));
        }
    }
    Err(io::Error::other("every temporary beside it is taken away before it can be locked"))
}

/// Removes the temporaries that exports to `target` left behind when they were killed. What cannot be looked at stays.
pub(super) fn remove_leftovers(system: &impl System, target: &Path) {
    let prefix = temporary_prefix(target);
    let Ok(entries) = fs::read_dir(folder(target)) else { return };
    for entry in entries.flatten() {
        if is_temporary_name(&entry.file_name(), &prefix) {
            remove_if_abandoned(system, &entry.path());
        }
    }
}

fn remove_if_abandoned(system: &impl System, path: &Path) {
    // A symlink or a folder of such a name is not ours.
    if !fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_file()) {
        return;
    }
    let Ok(file) = OpenOptions::new().write(true).open(path) else { return };
    let abandoned = match system.try_lock(&file) {
        Ok(()) => is_still_at(system, &file, path),
        Err(TryLockError::WouldBlock) => false,
        Err(TryLockError::Error(error)) => {
            system.facts().cannot_lock(&error) && is_older_than(system, &file, ABANDONED_AFTER)
        }
    };
    if abandoned {
        // Not ours to report: it is in nobody's way, and the next export tries again.
        let _ = system.remove(path);
    }
}

fn is_still_at(system: &impl System, file: &File, path: &Path) -> bool {
    let (Ok(open), Ok(found)) = (file.metadata(), fs::symlink_metadata(path)) else { return false };
    match (system.identity(&open), system.identity(&found)) {
        (Some(open), Some(found)) => open == found,
        // Names are never used twice: what is there is ours.
        _ => system.is_there(path),
    }
}

fn is_older_than(system: &impl System, file: &File, age: Duration) -> bool {
    let modified = file.metadata().and_then(|metadata| metadata.modified());
    modified.is_ok_and(|modified| system.now().duration_since(modified).is_ok_and(|since| since > age))
}

/// `.{name}.`, which all temporaries of a target begin with.
fn temporary_prefix(target: &Path) -> String {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let room = NAME_LIMIT - SUFFIX.len() - RANDOM_DIGITS - "..".len();
    let cut = (0..=room.min(name.len())).rev().find(|&at| name.is_char_boundary(at)).unwrap_or(0);
    format!(".{}.", &name[..cut])
}

fn is_temporary_name(name: &OsStr, prefix: &str) -> bool {
    let random =
        name.to_str().and_then(|name| name.strip_prefix(prefix)).and_then(|rest| rest.strip_suffix(SUFFIX));
    random.is_some_and(|random| {
        random.len() == RANDOM_DIGITS && random.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;
    use std::path::PathBuf;
    use std::time::SystemTime;

    use crate::output::system::ThisSystem;
    use crate::platform::{Facts, Identity, WINDOWS};

    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    const LEFTOVER: &str = ".out.json.0123456789abcdef.coder-export.tmp";

    /// Windows, where files have no identity that we could ask for. An open one can be kept from being removed.
    struct Windows {
        lets_remove: bool,
    }

    impl System for Windows {
        fn facts(&self) -> &Facts {
            &WINDOWS
        }

        fn identity(&self, _metadata: &fs::Metadata) -> Identity {
            None
        }

        fn remove(&self, path: &Path) -> io::Result<()> {
            if self.lets_remove { fs::remove_file(path) } else { Err(io::Error::from_raw_os_error(32)) }
        }
    }

    /// A file system that refuses locks with a code, seen after a while.
    struct Refusing {
        code: i32,
        later: Duration,
    }

    impl System for Refusing {
        fn facts(&self) -> &Facts {
            &WINDOWS
        }

        fn try_lock(&self, _file: &File) -> Result<(), TryLockError> {
            Err(TryLockError::Error(io::Error::from_raw_os_error(self.code)))
        }

        fn now(&self) -> SystemTime {
            SystemTime::now() + self.later
        }
    }

    const WITHOUT_LOCKS: i32 = 50;
    const BROKEN: i32 = 1117;

    /// Another export takes the first temporary for a leftover before it is locked.
    struct Racing<'a> {
        folder: &'a Path,
        /// Whether it removes the temporary at once, or holds its lock.
        removes: bool,
        tells_identity: bool,
        locked: Cell<u32>,
    }

    impl System for Racing<'_> {
        fn identity(&self, metadata: &fs::Metadata) -> Identity {
            self.tells_identity.then(|| ThisSystem.identity(metadata)).flatten()
        }

        fn try_lock(&self, _file: &File) -> Result<(), TryLockError> {
            self.locked.set(self.locked.get() + 1);
            match (self.locked.get(), self.removes) {
                (1, true) => fs::remove_file(only_file(self.folder)).map_err(TryLockError::Error),
                (1, false) => Err(TryLockError::WouldBlock),
                _ => Ok(()),
            }
        }
    }

    fn only_file(folder: &Path) -> PathBuf {
        let mut entries = fs::read_dir(folder).expect("a listing");
        let entry = entries.next().expect("a file").expect("a file");
        assert!(entries.next().is_none());
        entry.path()
    }

    /// A folder with a target and a file that looks like a leftover.
    fn folder_with_leftover() -> (tempfile::TempDir, PathBuf, PathBuf) {
        let directory = tempfile::tempdir().expect("a directory");
        let (target, leftover) = (directory.path().join("out.json"), directory.path().join(LEFTOVER));
        fs::write(&leftover, "left behind").expect("a file");
        (directory, target, leftover)
    }

    #[test]
    fn the_name_of_a_temporary_fits_a_file_system_whatever_its_target_is_called() {
        for name in ["a".repeat(250), "é".repeat(125), "short.json".to_owned()] {
            let prefix = temporary_prefix(Path::new(&name));
            let whole = format!("{prefix}0123456789abcdef{SUFFIX}");
            assert!(whole.len() <= NAME_LIMIT, "{whole}");
            assert!(is_temporary_name(OsStr::new(&whole), &prefix));
        }
        assert_eq!(temporary_prefix(Path::new("/x/short.json")), ".short.json.");
    }

    #[test]
    fn only_names_of_our_own_making_are_taken_for_leftovers() {
        for other in [
            ".out.json.0123456789abcde.coder-export.tmp",
            ".out.json.0123456789abcdefg.coder-export.tmp",
            ".out.json.0123456789ABCDEF.coder-export.tmp",
            ".other.json.0123456789abcdef.coder-export.tmp",
            "out.json.0123456789abcdef.coder-export.tmp",
        ] {
            assert!(!is_temporary_name(OsStr::new(other), ".out.json."), "{other}");
        }
    }

    #[test]
    fn a_leftover_goes_and_a_temporary_that_is_held_stays() {
        let (_directory, target, leftover) = folder_with_leftover();
        let (_file, held) = create_temporary(&ThisSystem, &target).expect("a temporary");
        remove_leftovers(&ThisSystem, &target);
        assert!(!leftover.exists());
        assert!(held.exists());
    }

    #[test]
    fn a_leftover_goes_and_a_temporary_that_is_held_stays_where_files_have_no_identity() {
        let (_directory, target, leftover) = folder_with_leftover();
        let windows = Windows { lets_remove: true };
        let (_file, held) = create_temporary(&windows, &target).expect("a temporary");
        remove_leftovers(&windows, &target);
        assert!(!leftover.exists());
        assert!(held.exists());
    }

    #[test]
    fn a_leftover_that_cannot_be_removed_is_left_alone() {
        let (_directory, target, leftover) = folder_with_leftover();
        let windows = Windows { lets_remove: false };
        remove_leftovers(&windows, &target);
        assert!(leftover.exists());
        let (_file, temporary) = create_temporary(&windows, &target).expect("a temporary");
        assert!(temporary.exists());
    }

    #[test]
    fn without_locks_a_temporary_is_made_and_a_leftover_goes_only_after_a_day() {
        for code in [1, WITHOUT_LOCKS] {
            let (_directory, target, leftover) = folder_with_leftover();
            let young = Refusing { code, later: DAY - Duration::from_secs(60) };
            let (file, temporary) = create_temporary(&young, &target).expect("a temporary");
            remove_leftovers(&young, &target);
            assert!(leftover.exists() && temporary.exists());
            drop(file);
            remove_leftovers(&Refusing { code, later: DAY + Duration::from_secs(60) }, &target);
            assert!(!leftover.exists());
        }
    }

    #[test]
    fn a_lock_that_fails_for_another_reason_is_an_error_and_leaves_nothing() {
        let directory = tempfile::tempdir().expect("a directory");
        let broken = Refusing { code: BROKEN, later: Duration::ZERO };
        let error = create_temporary(&broken, &directory.path().join("out.json")).expect_err("no lock");
        assert_eq!(error.raw_os_error(), Some(BROKEN));
        assert_eq!(fs::read_dir(directory.path()).expect("a listing").count(), 0);
    }

    #[test]
    fn a_leftover_whose_lock_fails_for_another_reason_stays_however_old() {
        let (_directory, target, leftover) = folder_with_leftover();
        remove_leftovers(&Refusing { code: BROKEN, later: 100 * DAY }, &target);
        assert!(leftover.exists());
    }

    #[test]
    fn a_temporary_that_was_taken_for_a_leftover_before_it_was_locked_is_made_anew() {
        for (removes, tells_identity) in [(true, true), (true, false), (false, true)] {
            let directory = tempfile::tempdir().expect("a directory");
            let racing = Racing { folder: directory.path(), removes, tells_identity, locked: Cell::new(0) };
            let (_file, temporary) =
                create_temporary(&racing, &directory.path().join("out.json")).expect("a temporary");
            assert_eq!(racing.locked.get(), 2);
            assert_eq!(only_file(directory.path()), temporary.to_path_buf());
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_leftover_that_became_another_file_stays() {
        /// A file at the path of a leftover that is another one by the time the leftover is locked.
        struct Replacing<'a> {
            leftover: &'a Path,
        }

        impl System for Replacing<'_> {
            fn try_lock(&self, _file: &File) -> Result<(), TryLockError> {
                fs::rename(self.leftover.with_extension("other"), self.leftover).map_err(TryLockError::Error)
            }
        }

        let (_directory, target, leftover) = folder_with_leftover();
        fs::write(leftover.with_extension("other"), "somebody's").expect("a file");
        remove_leftovers(&Replacing { leftover: &leftover }, &target);
        assert_eq!(fs::read_to_string(&leftover).expect("a file"), "somebody's");
    }

    /// Windows, on which a file that was removed while it was open keeps its name and its metadata for a while: so many
    /// temporaries are gone in truth.
    struct Vanishing {
        gone: usize,
        asked: Cell<usize>,
    }

    impl System for Vanishing {
        fn identity(&self, _metadata: &fs::Metadata) -> Identity {
            None
        }

        fn is_there(&self, _path: &Path) -> bool {
            self.asked.set(self.asked.get() + 1);
            self.asked.get() > self.gone
        }
    }

    #[test]
    fn whether_a_file_without_identity_is_ours_is_told_by_whether_it_is_there() {
        let directory = tempfile::tempdir().expect("a directory");
        let vanishing = Vanishing { gone: 1, asked: Cell::new(0) };
        create_temporary(&vanishing, &directory.path().join("out.json")).expect("a temporary");
        assert_eq!(vanishing.asked.get(), 2);
    }

    #[test]
    fn temporaries_that_are_all_taken_away_are_an_error_and_not_made_for_ever() {
        let directory = tempfile::tempdir().expect("a directory");
        let vanishing = Vanishing { gone: usize::MAX, asked: Cell::new(0) };
        create_temporary(&vanishing, &directory.path().join("out.json")).expect_err("no temporary");
        assert_eq!(vanishing.asked.get(), CREATED_AT_MOST);
        assert_eq!(fs::read_dir(directory.path()).expect("a listing").count(), 0);
    }
}
