//! Targets that Windows protects, and what it says about a refusal.

use super::*;
use crate::error::Error;
use crate::platform::AccessList;

/// Windows, which denies access if somebody has the target open.
#[derive(Default)]
struct Held<'a> {
    scanned: Scanned<'a>,
}

impl System for Held<'_> {
    fn facts(&self) -> &Facts {
        &WINDOWS
    }

    fn rename(&self, _from: &Path, _to: &Path) -> io::Result<()> {
        Err(io::Error::from_raw_os_error(5))
    }

    fn reason_of_refused_rename(&self, error: io::Error, to: &Path) -> io::Error {
        assert_eq!(error.raw_os_error(), Some(5));
        assert!(to.ends_with("out.json"));
        io::Error::from_raw_os_error(32)
    }

    fn instant(&self) -> Instant {
        System::instant(&self.scanned)
    }

    fn sleep(&self, time: Duration) {
        System::sleep(&self.scanned, time);
    }
}

#[test]
fn a_rename_that_stays_refused_fails_with_the_reason_of_the_refusal() {
    let held = Held::default();
    let directory = tempfile::tempdir().expect("a directory");
    let draft = draft(&directory.path().join("out.json"), true);
    let Err(Error::Output { cause, .. }) = draft.publish_on(&held, &Progress::default()) else {
        panic!("the rename was refused")
    };
    assert_eq!(cause.raw_os_error(), Some(32));
    assert_eq!(held.scanned.slept.get(), PATIENCE);
}

#[test]
fn a_target_that_becomes_read_only_is_not_replaced_if_the_system_protects_it() {
    let directory = tempfile::tempdir().expect("a directory");
    let target = directory.path().join("out.json");
    fs::write(&target, "before").expect("a file");
    let draft = draft(&target, true);
    set_read_only(&target, true);
    let scanned = Scanned::default();
    let error = draft.publish_on(&scanned, &Progress::default()).expect_err("a read-only file");
    assert!(error.to_string().ends_with("it is read-only"), "{error}");
    assert_eq!(scanned.renames.get(), 0);
    set_read_only(&target, false);
    assert_eq!(fs::read_to_string(&target).expect("a file"), "before");
    assert_eq!(fs::read_dir(directory.path()).expect("a listing").count(), 1);
}

fn set_read_only(path: &Path, read_only: bool) {
    let mut permissions = fs::metadata(path).expect("metadata").permissions();
    permissions.set_readonly(read_only);
    fs::set_permissions(path, permissions).expect("permissions");
}

/// A system whose files have attributes.
#[derive(Default)]
struct WithAttributes {
    refused: Option<i32>,
    kept: Cell<u32>,
}

impl System for WithAttributes {
    fn facts(&self) -> &Facts {
        &WINDOWS
    }

    /// The file system has no access lists.
    fn access_list(&self, _path: &Path) -> io::Result<AccessList> {
        Err(io::Error::from_raw_os_error(50))
    }

    fn keep_attributes(&self, _file: &File, replaced: &fs::Metadata) -> io::Result<()> {
        assert_eq!(replaced.len(), 6);
        self.kept.set(self.kept.get() + 1);
        self.refused.map_or(Ok(()), |code| Err(io::Error::from_raw_os_error(code)))
    }
}

#[test]
fn the_attributes_of_the_replaced_file_are_kept_unless_the_file_system_has_none() {
    // ERROR_NOT_SUPPORTED, ERROR_IO_DEVICE.
    for (refused, is_published) in [(None, true), (Some(50), true), (Some(1117), false)] {
        let directory = tempfile::tempdir().expect("a directory");
        let target = directory.path().join("out.json");
        fs::write(&target, "before").expect("a file");
        let system = WithAttributes { refused, ..WithAttributes::default() };
        let outcome = draft(&target, true).publish_on(&system, &Progress::default());
        assert_eq!(outcome.is_ok(), is_published, "{outcome:?}");
        assert_eq!(system.kept.get(), 1);
    }
}
