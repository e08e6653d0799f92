//! Publishes drafts on systems of many kinds.

use super::*;
use std::cell::{Cell, OnceCell, RefCell};
use std::time::{Duration, Instant};
use std::{fs, io};

use crate::platform::retry::{PATIENCE, PAUSE};

#[cfg(unix)]
use crate::platform::MACOS;
use crate::platform::{Facts, WINDOWS, skips_under_wine};

#[cfg(windows)]
mod on_windows;
mod refused;

/// Windows with a virus scanner that makes the first renames fail, each with a code. Sleeping takes no time.
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

/// Publishes a draft. Returns the outcome and the names in the folder afterwards.
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
fn a_rename_that_a_scanner_holds_up_on_windows_is_repeated_until_it_succeeds() {
    for overwrite in [true, false] {
        let scanned = Scanned { refusals: RefCell::new([HELD_UP, HELD_UP].concat()), ..Scanned::default() };
        let (outcome, names) = publish(&scanned, overwrite, &Progress::default());
        assert!(outcome.is_ok(), "{outcome:?}");
        assert_eq!(names, ["out.json"]);
        assert_eq!((scanned.renames.get(), scanned.slept.get()), (5, 4 * PAUSE));
    }
}

#[test]
fn a_rename_that_fails_for_good_is_not_repeated_and_leaves_no_file() {
    let scanned = Scanned { refusals: RefCell::new(vec![DISK_FULL]), ..Scanned::default() };
    let (outcome, names) = publish(&scanned, true, &Progress::default());
    assert_eq!(outcome.expect_err("a failure").code(), "ERR_OUTPUT");
    assert!(names.is_empty(), "{names:?}");
    assert_eq!((scanned.renames.get(), scanned.slept.get()), (1, Duration::ZERO));
}

#[test]
#[cfg(unix)]
fn a_rename_is_not_repeated_on_systems_without_scanners() {
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
fn patience_with_a_rename_ends_with_the_last_error() {
    for code in HELD_UP {
        let scanned = Scanned { for_ever: Some(code), ..Scanned::default() };
        let progress = Progress::default();
        let rename = || scanned.rename(Path::new("from"), Path::new("to"));
        let outcome = SystemCalls { system: &scanned, progress: &progress }.run(Step::Rename, rename);
        assert!(
            matches!(outcome, Err(StepFailure::System(error)) if error.raw_os_error() == Some(code)),
            "{code}"
        );
        assert_eq!(scanned.slept.get(), PATIENCE);
    }
}

#[test]
fn patience_with_slow_renames_is_measured_by_the_clock() {
    let scanned = Scanned { for_ever: Some(32), slowness: Duration::from_secs(4), ..Scanned::default() };
    let rename = || scanned.rename(Path::new("from"), Path::new("to"));
    let progress = Progress::default();
    assert!(SystemCalls { system: &scanned, progress: &progress }.run(Step::Rename, rename).is_err());
    assert_eq!(scanned.renames.get(), 3);
}

#[test]
fn a_rename_to_a_name_that_exists_changes_neither_file() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = |name: &str| directory.path().join(name);
    fs::write(path("from"), "ours").expect("a file");
    fs::write(path("to"), "somebody else's").expect("a file");
    let refused = ThisSystem.rename_to_new(&path("from"), &path("to")).expect_err("a name that is taken");
    assert_eq!(refused.kind(), io::ErrorKind::AlreadyExists);
    assert_eq!(fs::read_to_string(path("from")).expect("a file"), "ours");
    assert_eq!(fs::read_to_string(path("to")).expect("a file"), "somebody else's");
}

/// A file system that can neither rename without replacing nor, perhaps, make hard links.
#[cfg(unix)]
#[derive(Default)]
struct Simple<'a> {
    cannot_rename: i32,
    cannot_link: Option<i32>,
    /// The error of the rename over the reserved name.
    refused: Option<i32>,
    /// A file that somebody else makes at the last moment.
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
fn a_new_file_is_put_in_place_in_whichever_way_the_file_system_knows() {
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
fn a_file_that_appears_is_kept_in_whichever_way_a_new_one_is_put_in_place() {
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
fn a_failure_removes_the_file_that_reserved_the_name() {
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
fn a_rename_that_was_done_counts_even_if_the_system_reports_an_error() {
    if skips_under_wine("Wine 8 does not know the volume of an open file that was renamed") {
        return;
    }
    #[cfg(unix)]
    const CODES: [i32; 3] = [libc::EINTR, libc::EIO, libc::ENOENT];
    // ERROR_UNEXP_NET_ERR, ERROR_IO_DEVICE, ERROR_FILE_NOT_FOUND.
    #[cfg(windows)]
    const CODES: [i32; 3] = [59, 1117, 2];
    /// A network file system that loses the answer of its server.
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
    for code in CODES {
        for overwrite in [true, false] {
            let (outcome, names) = publish(&Forgetful(code), overwrite, &Progress::default());
            assert!(outcome.is_ok(), "{code} {outcome:?}");
            assert_eq!(names, ["out.json"]);
        }
    }
}

#[test]
fn a_rename_that_is_held_up_can_be_aborted_and_leaves_no_file() {
    let progress = Progress::default();
    let scanned = Scanned { for_ever: Some(32), cancelled: Some(&progress), ..Scanned::default() };
    let (outcome, names) = publish(&scanned, true, &progress);
    assert_eq!(outcome.expect_err("an abort").code(), "ABORT_ERR");
    assert!(names.is_empty(), "{names:?}");
    assert_eq!(scanned.slept.get(), PAUSE);
}

#[test]
fn a_file_that_appeared_meanwhile_is_replaced_only_with_overwrite() {
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

/// macOS with a share whose server cannot sync to the medium, or with a disk that fails.
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
        let outcome = sync(&SystemCalls { system: &syncing, progress: &progress }, &file);
        assert_eq!(outcome.is_ok(), enough, "{code}");
        assert_eq!(syncing.synced.get(), enough, "{code}");
    }
}

#[test]
#[cfg(unix)]
fn a_draft_that_cannot_be_synced_is_not_published() {
    let syncing = Syncing { code: libc::EIO, synced: Cell::new(false) };
    let (outcome, names) = publish(&syncing, true, &Progress::default());
    assert_eq!(outcome.expect_err("a failure").os_code().as_deref(), Some("EIO"));
    assert!(names.is_empty(), "{names:?}");
}

#[test]
fn an_export_removes_what_a_killed_one_left_behind() {
    let directory = tempfile::tempdir().expect("a directory");
    let leftover = directory.path().join(".out.json.0123456789abcdef.coder-export.tmp");
    fs::write(&leftover, "left behind").expect("a file");
    let draft = draft(&directory.path().join("out.json"), true);
    while leftover.exists() {
        draft.cleanup.finish(&Progress::default());
    }
}

#[test]
fn a_dropped_draft_leaves_no_file() {
    let directory = tempfile::tempdir().expect("a directory");
    let target = directory.path().join("out.json");
    let draft = draft(&target, true);
    assert_eq!(fs::read_dir(directory.path()).expect("a listing").count(), 1);
    drop(draft);
    assert_eq!(fs::read_dir(directory.path()).expect("a listing").count(), 0);
}
