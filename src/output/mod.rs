//! Where an export goes: a file that appears whole or not at all (spec §6), or standard output.
//!
//! A file is written to a hidden sibling of its target, held under an exclusive lock, and renamed over the target once it
//! is synced. Whatever goes wrong, the target stays as it was and the sibling goes; after a kill the next export to the
//! same target finds the sibling unlocked and removes it.

mod calls;
mod leftovers;
mod rights;
mod system;
mod target;
mod temporary;

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use self::calls::{Attempt, Calls, Failure};
use self::leftovers::Cleaning;
use self::rights::keep_rights;
use self::system::{System, ThisSystem};
pub(crate) use self::target::Target;
use self::target::folder;
use self::temporary::{Temporary, create_temporary};
use crate::error::Result;
use crate::platform::{Step, sync_folder};
use crate::progress::Progress;
use crate::writer::Writer;

impl Target {
    /// Checks that an export can go to `path`.
    pub(crate) fn check(
        path: &Path,
        telemetry_directory: &Path,
        overwrite: bool,
        progress: &Progress,
    ) -> Result<Self> {
        let calls = Calls { system: &ThisSystem, progress };
        Self::check_on(&calls, path, telemetry_directory, overwrite)
    }

    /// Creates the temporary sibling that becomes the target, and begins to remove what killed exports left beside it.
    pub(crate) fn begin(self, progress: &Progress) -> Result<Draft> {
        let calls = Calls { system: &ThisSystem, progress };
        let (file, temporary) = self.create(&calls).map_err(|failure| self.failed(failure))?;
        let cleaning = Cleaning::start(&self.path, temporary.path(), &file);
        Ok(Draft { file: Arc::new(file), temporary, target: self, cleaning })
    }

    fn create<S: System>(&self, calls: &Calls<'_, S>) -> Attempt<(File, Temporary)> {
        let (file, temporary) = create_temporary(calls, &self.path)?;
        if self.overwrite && calls.system.facts().shares_new_files {
            // What is written must not be open to more people than the file that it replaces.
            keep_rights(calls, &file, temporary.path(), &self.path)?;
        }
        Ok((file, temporary))
    }
}

/// The temporary sibling of a target. Removed when dropped.
#[derive(Debug)]
pub(crate) struct Draft {
    file: Arc<File>,
    temporary: Temporary,
    target: Target,
    cleaning: Cleaning,
}

impl Draft {
    /// A writer that fills the draft.
    pub(crate) fn writer<'p>(&self, progress: &'p Progress) -> Result<Writer<'p>> {
        Writer::to_file(&self.target.given, Arc::clone(&self.file), progress)
    }

    /// Gives the draft the rights of its target, syncs it and renames it over that.
    pub(crate) fn publish(self, progress: &Progress) -> Result<()> {
        self.publish_on(&ThisSystem, progress)
    }

    /// Leaves the target as it is.
    pub(crate) fn discard(self, progress: &Progress) {
        let Self { file, temporary, target: _, cleaning } = self;
        drop((file, temporary));
        cleaning.finish(progress);
    }

    fn publish_on(self, system: &impl System, progress: &Progress) -> Result<()> {
        let Self { file, temporary, target, cleaning } = self;
        let calls = Calls { system, progress };
        put_in_place(&calls, &file, temporary, &target).map_err(|failure| target.failed(failure))?;
        drop(file);
        // The file is in place whatever comes of it, so a failure is nobody's error.
        let _ = sync_folder(folder(&target.path));
        cleaning.finish(progress);
        Ok(())
    }
}

fn put_in_place<S: System>(
    calls: &Calls<'_, S>,
    file: &File,
    temporary: Temporary,
    target: &Target,
) -> Attempt<()> {
    if target.overwrite {
        keep_rights(calls, file, temporary.path(), &target.path)?;
    }
    sync(calls, file)?;
    if calls.progress.is_cancelled() {
        return Err(Failure::Cancelled);
    }
    if target.overwrite {
        let rename = || calls.system.rename(temporary.path(), &target.path);
        unless_in_place(calls, file, &target.path, calls.run(Step::Rename, rename))?;
    } else {
        rename_to_new(calls, file, temporary.path(), &target.path)?;
    }
    temporary.stay();
    Ok(())
}

/// Syncs as far as the file system can.
fn sync<S: System>(calls: &Calls<'_, S>, file: &File) -> Attempt<()> {
    let to_medium = || calls.system.sync_to_medium(file);
    if calls.run_if_possible(Step::SyncToMedium, to_medium)?.is_none() {
        calls.run_if_possible(Step::Sync, || calls.system.sync(file))?;
    }
    Ok(())
}

/// The outcome of a call that was to put `file` in place. A network file system can report the failure of one that was
/// done, and one that was interrupted and is done again fails because it is done.
fn unless_in_place<S: System>(
    calls: &Calls<'_, S>,
    file: &File,
    path: &Path,
    outcome: Attempt<()>,
) -> Attempt<()> {
    if outcome.is_err() && matches!(calls.is_at(file, path), Ok(Some(true))) { Ok(()) } else { outcome }
}

/// Renames a file unless there is one at `to`, in one of three ways: whichever the file system knows.
fn rename_to_new<S: System>(calls: &Calls<'_, S>, file: &File, from: &Path, to: &Path) -> Attempt<()> {
    let system = calls.system;
    let tolerates = |step, outcome: &Attempt<()>| {
        use crate::platform::Verdict::Tolerate;
        matches!(outcome, Err(Failure::System(error)) if system.facts().verdict(step, error) == Tolerate)
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
        // The first name goes.
        drop(Temporary::at(from));
        return Ok(());
    }
    // A file that others make meanwhile makes this fail. If the process is killed here, an empty file stays.
    let taken = calls.run(Step::Create, || system.create_private(to))?;
    let name = Temporary::at(to);
    let is_ours = |calls: &Calls<'_, S>| calls.is_at(&taken, to).map(|is_at| is_at.unwrap_or(true));
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::{Cell, OnceCell, RefCell};
    use std::time::{Duration, Instant};
    use std::{fs, io};

    use super::calls::{PATIENCE, PAUSE};

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
        let progress = Progress::default();
        let target = Target::check(target, Path::new("nowhere"), overwrite, &progress).expect("a target");
        target.begin(&progress).expect("a draft")
    }

    #[test]
    fn a_rename_that_is_held_up_on_windows_is_tried_again_until_it_succeeds() {
        for overwrite in [true, false] {
            let scanned =
                Scanned { refusals: RefCell::new([HELD_UP, HELD_UP].concat()), ..Scanned::default() };
            let (outcome, names) = publish(&scanned, overwrite, &Progress::default());
            assert!(outcome.is_ok(), "{outcome:?}");
            assert_eq!(names, ["out.json"]);
            assert_eq!((scanned.renames.get(), scanned.slept.get()), (5, 4 * PAUSE));
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
            let outcome = Calls { system: &scanned, progress: &progress }.run(Step::Rename, rename);
            assert!(
                matches!(outcome, Err(Failure::System(error)) if error.raw_os_error() == Some(code)),
                "{code}"
            );
            assert_eq!(scanned.slept.get(), PATIENCE);
        }
    }

    #[test]
    fn patience_is_told_by_the_clock_where_each_rename_takes_long() {
        let scanned = Scanned { for_ever: Some(32), slowness: Duration::from_secs(4), ..Scanned::default() };
        let rename = || scanned.rename(Path::new("from"), Path::new("to"));
        let progress = Progress::default();
        assert!(Calls { system: &scanned, progress: &progress }.run(Step::Rename, rename).is_err());
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

    /// A file system that knows neither a rename that replaces nothing nor hard links.
    #[cfg(unix)]
    #[derive(Default)]
    struct Simple<'a> {
        cannot_rename: i32,
        cannot_link: Option<i32>,
        /// What the rename over the name that was taken is refused with.
        refused: Option<i32>,
        /// A file that others make at the last moment.
        appears: Option<&'a Path>,
    }

    #[cfg(unix)]
    impl System for Simple<'_> {
        fn rename_to_new(&self, _from: &Path, _to: &Path) -> io::Result<()> {
            if let Some(appears) = self.appears {
                fs::write(appears, "somebody else's").expect("a file");
            }
            Err(io::Error::from_raw_os_error(self.cannot_rename))
        }

        fn hard_link(&self, from: &Path, to: &Path) -> io::Result<()> {
            match self.cannot_link {
                Some(code) => Err(io::Error::from_raw_os_error(code)),
                None => fs::hard_link(from, to),
            }
        }

        fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
            match self.refused {
                Some(code) => Err(io::Error::from_raw_os_error(code)),
                None => fs::rename(from, to),
            }
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_new_file_is_made_in_whichever_way_the_file_system_knows() {
        for cannot_rename in [libc::EINVAL, libc::ENOSYS, libc::ENOTSUP, libc::EPERM] {
            for cannot_link in
                [None, Some(libc::EPERM), Some(libc::ENOTSUP), Some(libc::ENOSYS), Some(libc::EMLINK)]
            {
                let simple = Simple { cannot_rename, cannot_link, ..Simple::default() };
                let (outcome, names) = publish(&simple, false, &Progress::default());
                assert!(outcome.is_ok(), "{cannot_rename} {cannot_link:?} {outcome:?}");
                assert_eq!(names, ["out.json"]);
            }
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_file_that_appears_is_kept_in_whichever_way_a_new_one_is_made() {
        for cannot_link in [None, Some(libc::EPERM)] {
            let directory = tempfile::tempdir().expect("a directory");
            let target = directory.path().join("out.json");
            let draft = draft(&target, false);
            let appears = Some(target.as_path());
            let simple = Simple { cannot_rename: libc::EINVAL, cannot_link, appears, ..Simple::default() };
            let error = draft.publish_on(&simple, &Progress::default()).expect_err("a file that exists");
            assert_eq!(error.os_code().as_deref(), Some("EEXIST"));
            assert_eq!(fs::read_to_string(&target).expect("a file"), "somebody else's");
            assert_eq!(fs::read_dir(directory.path()).expect("a listing").count(), 1);
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_failure_gives_back_the_name_that_was_taken() {
        for code in [libc::EIO, libc::ENOSPC, libc::EACCES] {
            let simple = Simple {
                cannot_rename: libc::EINVAL,
                cannot_link: Some(libc::EPERM),
                refused: Some(code),
                ..Simple::default()
            };
            let (outcome, names) = publish(&simple, false, &Progress::default());
            assert!(outcome.is_err());
            assert!(names.is_empty(), "{names:?}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_rename_that_was_done_counts_whatever_the_system_says_of_it() {
        /// A network file system that loses its server's answer.
        struct Forgetful(i32);
        impl System for Forgetful {
            fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
                fs::rename(from, to)?;
                Err(io::Error::from_raw_os_error(self.0))
            }

            fn rename_to_new(&self, from: &Path, to: &Path) -> io::Result<()> {
                self.rename(from, to)
            }
        }
        for code in [libc::EINTR, libc::EIO, libc::ENOENT] {
            for overwrite in [true, false] {
                let (outcome, names) = publish(&Forgetful(code), overwrite, &Progress::default());
                assert!(outcome.is_ok(), "{code} {outcome:?}");
                assert_eq!(names, ["out.json"]);
            }
        }
    }

    #[test]
    fn a_rename_that_is_held_up_can_be_aborted_and_leaves_nothing() {
        let progress = Progress::default();
        let scanned = Scanned { for_ever: Some(32), cancelled: Some(&progress), ..Scanned::default() };
        let (outcome, names) = publish(&scanned, true, &progress);
        assert_eq!(outcome.expect_err("an abort").code(), "ABORT_ERR");
        assert!(names.is_empty(), "{names:?}");
        assert_eq!(scanned.slept.get(), PAUSE);
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

        fn sync_to_medium(&self, _file: &File) -> io::Result<()> {
            Err(io::Error::from_raw_os_error(self.code))
        }

        fn sync(&self, _file: &File) -> io::Result<()> {
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
            let progress = Progress::default();
            let outcome = sync(&Calls { system: &syncing, progress: &progress }, &file);
            assert_eq!(outcome.is_ok(), enough, "{code}");
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
        let draft = draft(&directory.path().join("out.json"), true);
        while leftover.exists() {
            draft.cleaning.finish(&Progress::default());
        }
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
