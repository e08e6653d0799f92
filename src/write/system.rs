//! What an output needs of the system it runs on. The rules of this room call nothing else that answers differently
//! elsewhere, so that their tests can answer as Windows, macOS and network file systems do.

use std::fs::{self, File, Metadata, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use crate::platform;
use crate::platform::retry::Clock;
use crate::platform::{AccessList, Facts, Identity, Owner, Ownership};

/// The system's calls: those of the system we run on, but for what a test answers itself.
pub(super) trait System {
    /// What its codes and names mean.
    fn facts(&self) -> &Facts {
        Facts::HERE
    }

    /// Where a symbolic link leads.
    fn read_link(&self, path: &Path) -> io::Result<PathBuf> {
        fs::read_link(path)
    }

    /// The path as the file system itself would spell it.
    fn real_path(&self, path: &Path) -> PathBuf {
        platform::real_path(path)
    }

    /// Whether both paths are one folder.
    fn is_same_folder(&self, one: &Path, other: &Path) -> io::Result<bool> {
        platform::is_same_folder(one, other)
    }

    /// What `path` leads to.
    fn metadata(&self, path: &Path) -> io::Result<Metadata> {
        fs::metadata(path)
    }

    /// What is at `path`, be it a link.
    fn link_metadata(&self, path: &Path) -> io::Result<Metadata> {
        fs::symlink_metadata(path)
    }

    /// What is known of a file that is open.
    fn metadata_of(&self, file: &File) -> io::Result<Metadata> {
        file.metadata()
    }

    /// Creates a file that must not exist and that nobody else can read, where the system lets us say so.
    fn create_private(&self, path: &Path) -> io::Result<File> {
        platform::create_private(path)
    }

    /// Locks a file for as long as it is open.
    fn try_lock(&self, file: &File) -> Result<(), TryLockError> {
        file.try_lock()
    }

    /// What tells a file from all others.
    fn identity(&self, metadata: &Metadata) -> Identity {
        platform::identity(metadata)
    }

    /// Whose a file is.
    fn owner(&self, file: &File) -> io::Result<Owner> {
        platform::owner(file)
    }

    /// Owner, group and mode of a file, where files have them.
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

    /// Gives a file, which is open and at `path`, an access list, or takes the one that it inherited.
    fn set_access_list(&self, file: &File, path: &Path, list: Option<&AccessList>) -> io::Result<()> {
        platform::set_access_list(file, path, list)
    }

    /// Whether `path` still names a file.
    fn is_there(&self, path: &Path) -> bool {
        platform::is_there(path)
    }

    /// Removes a file, which may be open.
    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    /// Renames a file, over another one if there is one.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    /// Renames a file unless there is one at `to`. One that is not renamed stays.
    fn rename_to_new(&self, from: &Path, to: &Path) -> io::Result<()> {
        platform::rename_to_new(from, to)
    }

    /// Gives a file a second name, which must not be taken.
    fn hard_link(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::hard_link(from, to)
    }

    /// Syncs a file as far as the medium.
    fn sync_to_medium(&self, file: &File) -> io::Result<()> {
        platform::sync_to_medium(file)
    }

    /// Syncs a file as far as a file system does that does not know the medium.
    fn sync(&self, file: &File) -> io::Result<()> {
        platform::sync(file)
    }

    /// The time by which files are dated.
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    /// The time by which it is told how long something took.
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

/// Systems that the tests of several files run on.
#[cfg(test)]
pub(super) mod doubles {
    use super::*;
    use crate::platform::WINDOWS;

    /// What a file system of Windows answers if it knows no locks.
    pub(in crate::write) const WITHOUT_LOCKS: i32 = 50;
    /// What Windows answers if a device fails.
    pub(in crate::write) const BROKEN: i32 = 1117;

    /// A file system of Windows that refuses locks with a code, seen after a while.
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
