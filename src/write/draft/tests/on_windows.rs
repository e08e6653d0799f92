//! What Windows itself does with files that are open, hidden or protected.

use std::os::windows::fs::{MetadataExt, OpenOptionsExt};

use windows_sys::Win32::Storage::FileSystem::{
    FILE_ATTRIBUTE_HIDDEN, FILE_ATTRIBUTE_SYSTEM, FILE_SHARE_DELETE, FILE_SHARE_READ, FILE_SHARE_WRITE,
};

use super::*;
use crate::platform::{AccessList, access_list, set_access_list};

/// Somebody who has a file open. Time passes at once.
struct Holder {
    file: RefCell<Option<File>>,
    /// The pause after which the file is closed.
    closes_at: Option<u32>,
    pauses: Cell<u32>,
    begun: Instant,
}

impl Holder {
    fn of(path: &Path, share_mode: u32, closes_at: Option<u32>) -> Self {
        let file = fs::OpenOptions::new().read(true).share_mode(share_mode).open(path).expect("a file");
        Self { file: RefCell::new(Some(file)), closes_at, pauses: Cell::new(0), begun: Instant::now() }
    }
}

impl System for Holder {
    fn instant(&self) -> Instant {
        self.begun + PAUSE * self.pauses.get()
    }

    fn sleep(&self, _time: Duration) {
        self.pauses.set(self.pauses.get() + 1);
        if self.closes_at == Some(self.pauses.get()) {
            self.file.take();
        }
    }
}

/// A folder with an old file and a draft that replaces it.
fn draft_over_file() -> (tempfile::TempDir, std::path::PathBuf, Draft) {
    let directory = tempfile::tempdir().expect("a directory");
    let target = directory.path().join("out.json");
    fs::write(&target, "before").expect("a file");
    let draft = draft(&target, true);
    (directory, target, draft)
}

#[test]
fn a_file_that_somebody_holds_is_replaced_as_soon_as_it_is_closed() {
    for share_mode in [0, FILE_SHARE_READ, FILE_SHARE_READ | FILE_SHARE_WRITE] {
        let (directory, target, draft) = draft_over_file();
        let holder = Holder::of(&target, share_mode, Some(3));
        draft.publish_on(&holder, &Progress::default()).expect("an export");
        assert_eq!(holder.pauses.get(), 3);
        assert!(fs::read(&target).expect("a file").is_empty());
        assert_eq!(fs::read_dir(directory.path()).expect("a listing").count(), 1);
    }
}

#[test]
fn a_file_that_somebody_holds_for_good_is_busy_and_stays() {
    for share_mode in [0, FILE_SHARE_READ, FILE_SHARE_READ | FILE_SHARE_WRITE] {
        let (directory, target, draft) = draft_over_file();
        let holder = Holder::of(&target, share_mode, None);
        let error = draft.publish_on(&holder, &Progress::default()).expect_err("a busy file");
        assert_eq!(error.os_code().as_deref(), Some("EBUSY"), "{share_mode}: {error}");
        drop(holder);
        assert_eq!(fs::read_to_string(&target).expect("a file"), "before");
        assert_eq!(fs::read_dir(directory.path()).expect("a listing").count(), 1);
    }
}

#[test]
fn a_file_whose_readers_allow_its_removal_is_replaced_at_once() {
    if skips_under_wine("Wine 8 replaces no file that is open") {
        return;
    }
    let (_directory, target, draft) = draft_over_file();
    let holder = Holder::of(&target, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, None);
    draft.publish_on(&holder, &Progress::default()).expect("an export");
    assert_eq!(holder.pauses.get(), 0);
    assert!(fs::read(&target).expect("a file").is_empty());
}

#[test]
fn a_hidden_file_and_a_system_file_stay_what_they_are() {
    for attributes in [FILE_ATTRIBUTE_HIDDEN, FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_SYSTEM] {
        let directory = tempfile::tempdir().expect("a directory");
        let target = directory.path().join("out.json");
        let old = fs::OpenOptions::new().write(true).create_new(true).attributes(attributes).open(&target);
        drop(old.expect("a file"));
        let attributes_now = || fs::metadata(&target).expect("metadata").file_attributes();
        let before = attributes_now();
        assert_eq!(before & attributes, attributes);
        draft(&target, true).publish(&Progress::default()).expect("an export");
        assert_eq!(attributes_now(), before);
    }
}

#[test]
fn a_file_that_replaces_an_ordinary_one_is_not_hidden() {
    let (_directory, target, draft) = draft_over_file();
    draft.publish(&Progress::default()).expect("an export");
    let attributes = fs::metadata(&target).expect("metadata").file_attributes();
    assert_eq!(attributes & (FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_SYSTEM), 0);
}

#[test]
fn a_temporary_that_somebody_holds_for_a_moment_does_not_stay() {
    // A test cannot decide how long the moment is for the system, so it tries some times.
    for _ in 0..20 {
        let (directory, target, draft) = draft_over_file();
        let shared = FILE_SHARE_READ | FILE_SHARE_WRITE;
        let scanner = fs::OpenOptions::new().read(true).share_mode(shared).open(draft.temporary.path());
        let scanner = scanner.expect("a file");
        let scan = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(15));
            drop(scanner);
        });
        draft.discard(&Progress::default());
        scan.join().expect("a thread");
        assert_eq!(fs::read_to_string(&target).expect("a file"), "before");
        if fs::read_dir(directory.path()).expect("a listing").count() == 1 {
            return;
        }
    }
    panic!("the temporary stayed every time");
}

#[test]
fn the_access_list_of_the_replaced_file_is_kept_from_the_beginning() {
    let directory = tempfile::tempdir().expect("a directory");
    let target = directory.path().join("out.json");
    let old = File::create(&target).expect("a file");
    let list = |path: &Path| access_list(path).expect("an access list");
    let inherited = list(&target);
    set_access_list(&old, &target, Some(&AccessList::of_everyone())).expect("an access list");
    drop(old);
    let before = list(&target);
    assert_ne!(before, inherited);
    let draft = draft(&target, true);
    assert_eq!(list(draft.temporary.path()), before);
    draft.publish(&Progress::default()).expect("an export");
    assert_eq!(list(&target), before);
}
