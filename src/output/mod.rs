//! Where an export goes: a file that appears whole or not at all (spec §6), or standard output.
//!
//! A file is written to a hidden sibling of its target, held under an exclusive lock, and renamed over the target once it
//! is synced. Whatever goes wrong, the target stays as it was and the sibling goes; after a kill the next export to the
//! same target finds the sibling unlocked and removes it.

mod system;
mod target;
mod temporary;

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::time::Duration;

use tempfile::TempPath;

use self::system::{System, ThisSystem};
pub(crate) use self::target::Target;
use self::target::folder;
use self::temporary::{create_temporary, remove_leftovers};
use crate::error::Result;
use crate::platform::{keep_mode, sync_folder};
use crate::progress::Progress;
use crate::writer::Writer;

/// How long a rename that a virus scanner holds up is tried again.
const RENAME_PATIENCE: Duration = Duration::from_secs(10);
const RENAME_PAUSE: Duration = Duration::from_millis(50);

impl Target {
    /// Checks that an export can go to `path`.
    pub(crate) fn check(path: &Path, telemetry_directory: &Path, overwrite: bool) -> Result<Self> {
        Self::check_on(&ThisSystem, path, telemetry_directory, overwrite)
    }

    /// Creates the temporary sibling that becomes the target.
    pub(crate) fn begin(self) -> Result<Draft> {
        remove_leftovers(&ThisSystem, &self.path);
        let (file, temporary) =
            create_temporary(&ThisSystem, &self.path).map_err(|cause| self.failed(cause))?;
        Ok(Draft { file, temporary, target: self })
    }
}

/// The temporary sibling of a target. Removed when dropped.
#[derive(Debug)]
pub(crate) struct Draft {
    file: File,
    temporary: TempPath,
    target: Target,
}

impl Draft {
    /// A writer that fills the draft.
    pub(crate) fn writer<'p>(&self, progress: &'p Progress) -> Result<Writer<'p>> {
        let file = self.file.try_clone().map_err(|cause| self.target.failed(cause))?;
        Writer::to_file(&self.target.given, file, progress)
    }

    /// Syncs the draft and renames it over its target.
    pub(crate) fn publish(self, progress: &Progress) -> Result<()> {
        self.publish_on(&ThisSystem, progress)
    }

    fn publish_on(self, system: &impl System, progress: &Progress) -> Result<()> {
        let Self { file, mut temporary, target } = self;
        let failed = |cause| target.failed(cause);
        if let Ok(existing) = fs::metadata(&target.path) {
            keep_mode(&file, &existing).map_err(failed)?;
        }
        sync(system, &file).map_err(failed)?;
        progress.check()?;
        let rename = || {
            if target.overwrite {
                system.rename(&temporary, &target.path)
            } else {
                system.rename_to_new(&temporary, &target.path)
            }
        };
        retry_while_held_up(system, progress, rename)?.map_err(failed)?;
        // It has another name now.
        temporary.disable_cleanup(true);
        drop(file);
        // The file is in place whatever comes of it, so a failure is nobody's error.
        let _ = sync_folder(folder(&target.path));
        Ok(())
    }
}

/// Syncs as far as the file system can.
fn sync(system: &impl System, file: &File) -> io::Result<()> {
    match system.sync(file) {
        Err(error) if system.facts().cannot_sync_fully(&error) => system.sync_to_device(file),
        outcome => outcome,
    }
}

/// Runs `rename` until it succeeds or fails for good: while others hold it up, for as long as there is patience.
/// The outer result is an abort, the inner one the rename's.
fn retry_while_held_up(
    system: &impl System,
    progress: &Progress,
    rename: impl Fn() -> io::Result<()>,
) -> Result<io::Result<()>> {
    let begun = system.instant();
    loop {
        match rename() {
            Err(error)
                if system.facts().is_held_up(&error)
                    && system.instant().duration_since(begun) < RENAME_PATIENCE =>
            {
                progress.check()?;
                system.sleep(RENAME_PAUSE);
            }
            outcome => return Ok(outcome),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::{Cell, OnceCell, RefCell};
    use std::time::Instant;

    #[cfg(unix)]
    use crate::platform::MACOS;
    use crate::platform::{Facts, WINDOWS};

    /// Windows with a scanner that refuses the first renames, each with a code. Nobody sleeps.
    #[derive(Default)]
    struct Scanned<'a> {
        refusals: RefCell<Vec<i32>>,
        for_ever: Option<i32>,
        /// How long each rename takes.
        slowness: Duration,
        renames: Cell<u32>,
        begun: OnceCell<Instant>,
        slept: Cell<Duration>,
        /// Cancelled while the export waits.
        cancelled: Option<&'a Progress>,
    }

    impl Scanned<'_> {
        fn answer(&self, rename: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
            self.renames.set(self.renames.get() + 1);
            match self.refusals.borrow_mut().pop().or(self.for_ever) {
                Some(code) => Err(io::Error::from_raw_os_error(code)),
                None => rename(),
            }
        }
    }

    impl System for Scanned<'_> {
        fn facts(&self) -> &Facts {
            &WINDOWS
        }

        fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
            self.answer(|| ThisSystem.rename(from, to))
        }

        fn rename_to_new(&self, from: &Path, to: &Path) -> io::Result<()> {
            self.answer(|| ThisSystem.rename_to_new(from, to))
        }

        fn instant(&self) -> Instant {
            let spent = self.slept.get() + self.slowness * self.renames.get();
            *self.begun.get_or_init(Instant::now) + spent
        }

        fn sleep(&self, time: Duration) {
            self.slept.set(self.slept.get() + time);
            if let Some(progress) = self.cancelled {
                progress.cancel();
            }
        }
    }

    const HELD_UP: [i32; 2] = [5, 32];
    const DISK_FULL: i32 = 112;

    /// What publishing came to, and what is in the folder afterwards.
    fn publish(system: &impl System, overwrite: bool, progress: &Progress) -> (Result<()>, Vec<String>) {
        let directory = tempfile::tempdir().expect("a directory");
        let target = directory.path().join("out.json");
        let outcome = draft(&target, overwrite).publish_on(system, progress);
        let names = fs::read_dir(directory.path())
            .expect("a listing")
            .map(|entry| entry.expect("an entry").file_name().to_str().expect("a name").to_owned());
        (outcome, names.collect())
    }

    fn draft(target: &Path, overwrite: bool) -> Draft {
        Target::check(target, Path::new("nowhere"), overwrite).expect("a target").begin().expect("a draft")
    }

    #[test]
    fn a_rename_that_is_held_up_on_windows_is_tried_again_until_it_succeeds() {
        for overwrite in [true, false] {
            let scanned =
                Scanned { refusals: RefCell::new([HELD_UP, HELD_UP].concat()), ..Scanned::default() };
            let (outcome, names) = publish(&scanned, overwrite, &Progress::default());
            assert!(outcome.is_ok(), "{outcome:?}");
            assert_eq!(names, ["out.json"]);
            assert_eq!((scanned.renames.get(), scanned.slept.get()), (5, 4 * RENAME_PAUSE));
        }
    }

    #[test]
    fn a_rename_that_fails_for_good_is_not_tried_again_and_leaves_nothing() {
        let scanned = Scanned { refusals: RefCell::new(vec![DISK_FULL]), ..Scanned::default() };
        let (outcome, names) = publish(&scanned, true, &Progress::default());
        assert_eq!(outcome.expect_err("a failure").code(), "ERR_OUTPUT");
        assert!(names.is_empty(), "{names:?}");
        assert_eq!((scanned.renames.get(), scanned.slept.get()), (1, Duration::ZERO));
    }

    #[test]
    #[cfg(unix)]
    fn a_rename_is_tried_once_where_no_scanner_holds_it_up() {
        struct Refusing(Cell<u32>);
        impl System for Refusing {
            fn rename(&self, _from: &Path, _to: &Path) -> io::Result<()> {
                self.0.set(self.0.get() + 1);
                Err(io::Error::from_raw_os_error(libc::EACCES))
            }
        }
        let refusing = Refusing(Cell::new(0));
        let (outcome, _) = publish(&refusing, true, &Progress::default());
        assert_eq!(outcome.expect_err("a failure").os_code().as_deref(), Some("EACCES"));
        assert_eq!(refusing.0.get(), 1);
    }

    #[test]
    fn patience_with_a_rename_ends_with_what_the_system_said() {
        for code in HELD_UP {
            let scanned = Scanned { for_ever: Some(code), ..Scanned::default() };
            let progress = Progress::default();
            let rename = || scanned.rename(Path::new("from"), Path::new("to"));
            let outcome = retry_while_held_up(&scanned, &progress, rename).expect("no abort");
            assert_eq!(outcome.expect_err("a failure").raw_os_error(), Some(code));
            assert_eq!(scanned.slept.get(), RENAME_PATIENCE);
        }
    }

    #[test]
    fn patience_is_told_by_the_clock_where_each_rename_takes_long() {
        let scanned = Scanned { for_ever: Some(32), slowness: Duration::from_secs(4), ..Scanned::default() };
        let rename = || scanned.rename(Path::new("from"), Path::new("to"));
        let outcome = retry_while_held_up(&scanned, &Progress::default(), rename).expect("no abort");
        assert!(outcome.is_err());
        assert_eq!(scanned.renames.get(), 3);
    }

    #[test]
    fn a_rename_to_a_name_that_is_taken_leaves_the_file_to_be_tried_again() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = |name: &str| directory.path().join(name);
        fs::write(path("from"), "ours").expect("a file");
        fs::write(path("to"), "somebody else's").expect("a file");
        let refused = ThisSystem.rename_to_new(&path("from"), &path("to")).expect_err("a name that is taken");
        assert_eq!(refused.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read_to_string(path("from")).expect("a file"), "ours");
        assert_eq!(fs::read_to_string(path("to")).expect("a file"), "somebody else's");
    }

    #[test]
    fn a_rename_that_is_held_up_can_be_aborted_and_leaves_nothing() {
        let progress = Progress::default();
        let scanned = Scanned { for_ever: Some(32), cancelled: Some(&progress), ..Scanned::default() };
        let (outcome, names) = publish(&scanned, true, &progress);
        assert_eq!(outcome.expect_err("an abort").code(), "ABORT_ERR");
        assert!(names.is_empty(), "{names:?}");
        assert_eq!(scanned.slept.get(), RENAME_PAUSE);
    }

    #[test]
    fn a_file_that_appeared_meanwhile_is_not_replaced_unless_it_may_be() {
        for overwrite in [true, false] {
            let directory = tempfile::tempdir().expect("a directory");
            let target = directory.path().join("out.json");
            let draft = draft(&target, overwrite);
            fs::write(&target, "somebody else's").expect("a file");
            let outcome = draft.publish(&Progress::default());
            assert_eq!(outcome.is_ok(), overwrite, "{outcome:?}");
            assert_eq!(fs::read(&target).expect("a file").is_empty(), overwrite);
            assert_eq!(fs::read_dir(directory.path()).expect("a listing").count(), 1);
        }
    }

    /// macOS with a share whose server knows nothing of the medium, or with a disk that fails.
    #[cfg(unix)]
    struct Syncing {
        code: i32,
        synced: Cell<bool>,
    }

    #[cfg(unix)]
    impl System for Syncing {
        fn facts(&self) -> &Facts {
            &MACOS
        }

        fn sync(&self, _file: &File) -> io::Result<()> {
            Err(io::Error::from_raw_os_error(self.code))
        }

        fn sync_to_device(&self, _file: &File) -> io::Result<()> {
            self.synced.set(true);
            Ok(())
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_file_system_that_cannot_sync_to_the_medium_syncs_as_far_as_it_can() {
        let file = tempfile::tempfile().expect("a file");
        for (code, enough) in
            [(libc::ENOTSUP, true), (libc::ENOTTY, true), (libc::EINVAL, true), (libc::EIO, false)]
        {
            let syncing = Syncing { code, synced: Cell::new(false) };
            assert_eq!(sync(&syncing, &file).is_ok(), enough, "{code}");
            assert_eq!(syncing.synced.get(), enough, "{code}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn what_cannot_be_synced_is_not_published() {
        let syncing = Syncing { code: libc::EIO, synced: Cell::new(false) };
        let (outcome, names) = publish(&syncing, true, &Progress::default());
        assert_eq!(outcome.expect_err("a failure").os_code().as_deref(), Some("EIO"));
        assert!(names.is_empty(), "{names:?}");
    }

    #[test]
    fn an_export_that_begins_removes_what_one_that_was_killed_left_behind() {
        let directory = tempfile::tempdir().expect("a directory");
        let leftover = directory.path().join(".out.json.0123456789abcdef.coder-export.tmp");
        fs::write(&leftover, "left behind").expect("a file");
        let _draft = draft(&directory.path().join("out.json"), true);
        assert!(!leftover.exists());
    }

    #[test]
    fn a_draft_that_is_dropped_leaves_nothing() {
        let directory = tempfile::tempdir().expect("a directory");
        let target = directory.path().join("out.json");
        let draft = draft(&target, true);
        assert_eq!(fs::read_dir(directory.path()).expect("a listing").count(), 1);
        drop(draft);
        assert_eq!(fs::read_dir(directory.path()).expect("a listing").count(), 0);
    }
}
