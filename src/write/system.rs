//! The system calls that an output needs. Everything here that differs between systems goes through this trait, so
//! that tests can answer as Windows, macOS and network file systems do.

use std::fs::{self, File, Metadata, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use crate::platform::retry::Clock;
use crate::platform::{self, AccessList, Facts, FileStatus, Owner, Ownership};

/// System calls. The default methods call the system we run on; tests replace some of them.
pub(super) trait System {
    /// What its error codes and file names mean.
    fn facts(&self) -> &Facts {
        Facts::HERE
    }

    /// Where a symbolic link leads.
    fn read_link(&self, path: &Path) -> io::Result<PathBuf> {
        fs::read_link(path)
    }

    /// Whether the link at `path` can lead only to a folder.
    fn is_folder_link(&self, path: &Path) -> io::Result<bool> {
        platform::is_folder_link(path)
    }

    /// The path that the symbolic link at `link` leads to if its text is `text`.
    fn link_target(&self, link: &Path, text: &Path) -> PathBuf {
        platform::link_target(link, text)
    }

    /// The path as the file system spells it.
    fn real_path(&self, path: &Path) -> PathBuf {
        platform::real_path(path)
    }

    /// Whether both paths lead to the same folder.
    fn is_same_folder(&self, one: &Path, other: &Path) -> io::Result<bool> {
        platform::is_same_folder(one, other)
    }

    /// The status of the file that `path` leads to.
    fn status(&self, path: &Path) -> io::Result<FileStatus> {
        platform::status(path)
    }

    /// The status of what is at `path`, even if that is a link.
    fn link_status(&self, path: &Path) -> io::Result<FileStatus> {
        platform::link_status(path)
    }

    /// The status of an open file.
    fn status_of(&self, file: &File) -> io::Result<FileStatus> {
        platform::status_of(file)
    }

    /// Creates a file that must not exist. Nobody else can read it, if the system can do that.
    fn create_private(&self, path: &Path) -> io::Result<File> {
        platform::create_private(path)
    }

    /// Locks a file for as long as it is open.
    fn try_lock(&self, file: &File) -> Result<(), TryLockError> {
        file.try_lock()
    }

    /// Whose a file is.
    fn owner(&self, file: &File) -> io::Result<Owner> {
        platform::owner(file)
    }

    /// Owner, group and mode of a file, if files have them.
    fn ownership(&self, metadata: &Metadata) -> Option<Ownership> {
        platform::ownership(metadata)
    }

    /// Gives a file to another owner, another group or both.
    fn set_owner(&self, file: &File, owner: Option<u32>, group: Option<u32>) -> io::Result<()> {
        platform::set_owner(file, owner, group)
    }

    /// Changes the mode of a file.
    fn set_mode(&self, file: &File, mode: u32) -> io::Result<()> {
        platform::set_mode(file, mode)
    }

    /// The access list of a file.
    fn access_list(&self, path: &Path) -> io::Result<AccessList> {
        platform::access_list(path)
    }

    /// Gives a file, which is open and at `path`, an access list, or removes the one that it inherited.
    fn set_access_list(&self, file: &File, path: &Path, list: Option<&AccessList>) -> io::Result<()> {
        platform::set_access_list(file, path, list)
    }

    /// Gives a file the attributes of the file that it replaces, if files have attributes.
    fn keep_attributes(&self, file: &File, replaced: &Metadata) -> io::Result<()> {
        platform::keep_attributes(file, replaced)
    }

    /// Whether `path` still names a file.
    fn is_there(&self, path: &Path) -> bool {
        platform::is_there(path)
    }

    /// Removes a file, which may be open.
    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    /// Renames a file, and replaces the one at `to` if there is one.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    /// The error to report after a rename over `to` failed with `error`.
    fn reason_of_refused_rename(&self, error: io::Error, to: &Path) -> io::Error {
        platform::reason_of_refused_rename(error, to)
    }

    /// Renames a file unless there is one at `to`. On an error the file keeps its name.
    fn rename_to_new(&self, from: &Path, to: &Path) -> io::Result<()> {
        platform::rename_to_new(from, to)
    }

    /// Gives a file a second name, which must not be taken.
    fn hard_link(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::hard_link(from, to)
    }

    /// Syncs a file to the storage medium.
    fn sync_to_medium(&self, file: &File) -> io::Result<()> {
        platform::sync_to_medium(file)
    }

    /// Syncs a file on a file system that cannot sync to the medium.
    fn sync(&self, file: &File) -> io::Result<()> {
        platform::sync(file)
    }

    /// The clock that dates files.
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    /// The clock that measures how long something takes.
    fn instant(&self) -> Instant {
        Instant::now()
    }

    /// Waits.
    fn sleep(&self, time: Duration) {
        thread::sleep(time);
    }
}

impl<S: System> Clock for S {
    fn instant(&self) -> Instant {
        System::instant(self)
    }

    fn sleep(&self, time: Duration) {
        System::sleep(self, time);
    }
}

/// The system that we run on.
pub(super) struct ThisSystem;

impl System for ThisSystem {}

/// Systems that tests of several files use.
#[cfg(test)]
pub(super) mod doubles {
    use super::*;
    use crate::platform::WINDOWS;

    /// The error of a Windows file system without locks.
    pub(in crate::write) const WITHOUT_LOCKS: i32 = 50;
    /// The error of Windows if a device fails.
    pub(in crate::write) const BROKEN: i32 = 1117;

    /// A Windows file system that refuses locks with a code. Its clock is some time later.
    pub(in crate::write) struct RefusingLocks {
        pub(in crate::write) code: i32,
        pub(in crate::write) later: Duration,
    }

    impl System for RefusingLocks {
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
}
