//! What an output needs of the system it runs on. The rules of this room call nothing else that answers differently
//! elsewhere, so that their tests can answer as Windows, macOS and network file systems do.

use std::fs::{self, File, Metadata, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use tempfile::TempPath;

use crate::platform::{self, Facts, Identity};

/// The system's calls: those of the system we run on, but for what a test answers itself.
pub(super) trait System {
    /// What its codes and names mean.
    fn facts(&self) -> &Facts {
        Facts::HERE
    }

    /// The path as the file system itself would spell it.
    fn real_path(&self, path: &Path) -> PathBuf {
        platform::real_path(path)
    }

    /// Locks a file for as long as it is open.
    fn try_lock(&self, file: &File) -> Result<(), TryLockError> {
        file.try_lock()
    }

    /// What tells a file from all others.
    fn identity(&self, metadata: &Metadata) -> Identity {
        platform::identity(metadata)
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
        let mut from = TempPath::try_from_path(from)?;
        // What becomes of it is the caller's to say.
        from.disable_cleanup(true);
        from.persist_noclobber(to).map_err(|refused| refused.error)
    }

    /// Syncs a file as far as the medium.
    fn sync(&self, file: &File) -> io::Result<()> {
        file.sync_all()
    }

    /// Syncs a file as far as a file system does that does not know the medium.
    fn sync_to_device(&self, file: &File) -> io::Result<()> {
        platform::sync_to_device(file)
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

/// The system that we run on.
pub(super) struct ThisSystem;

impl System for ThisSystem {}
