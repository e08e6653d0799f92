//! What differs between systems: their facts as plain data, and one small function for each call that differs.
//! The rules that use them are elsewhere, so that tests can run them with the facts of any system.

mod attributes;
mod error_names;
mod file_status;
mod paths;
mod rename;
pub(crate) mod retry;
mod rights;
mod standard_output;
mod steps;
#[cfg(any(windows, test))]
mod windows_names;

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

pub(crate) use self::attributes::keep_attributes;
pub(crate) use self::file_status::{
    FileStatus, Identity, is_same_folder, is_there, link_status, status, status_of,
};
pub(crate) use self::paths::{
    absolute, absolute_file, is_folder_link, link_target, list, names_folder, real_path,
};
pub(crate) use self::rename::{reason_of_refused_rename, rename_to_new};
pub(crate) use self::rights::{
    AccessList, Owner, Ownership, access_list, owner, ownership, set_access_list, set_mode, set_owner,
};
pub(crate) use self::standard_output::StandardOutput;
use self::steps::ErrorTable;
pub(crate) use self::steps::{Step, Verdict};

/// The facts of a system: what its errors and its file names mean.
#[derive(Debug)]
pub(crate) struct Facts {
    /// Errors of an open file whose server lost it. Opening the file again may help.
    stale: &'static [i32],
    /// What to do about an error, by step.
    steps: ErrorTable,
    /// Whether its folder decides who can read a new file. If not, only the owner can.
    pub(crate) shares_new_files: bool,
    /// Whether a read-only file cannot be replaced.
    pub(crate) protects_read_only_files: bool,
    /// Returns why a path is not a file's although it looks like one.
    pub(crate) why_no_file: fn(&[u8]) -> Option<&'static str>,
    /// Whether names that differ only in case usually are the same file.
    pub(crate) ignores_case: bool,
    already_exists: i32,
    too_many_links: i32,
    /// Returns the POSIX name of a code.
    error_name: fn(i32) -> Option<String>,
}

#[cfg(unix)]
const UNIX: Facts = Facts {
    stale: &[libc::ESTALE],
    steps: steps::UNIX,
    shares_new_files: false,
    protects_read_only_files: false,
    why_no_file: |_| None,
    ignores_case: false,
    already_exists: libc::EEXIST,
    too_many_links: libc::ELOOP,
    error_name: error_names::of_unix,
};

/// What differs from other Unix systems.
#[cfg(any(target_os = "macos", all(unix, test)))]
pub(crate) const MACOS: Facts = Facts { steps: steps::MACOS, ignores_case: true, ..UNIX };

/// The numbers are Windows' system error codes.
#[cfg(any(windows, test))]
pub(crate) const WINDOWS: Facts = Facts {
    // ERROR_UNEXP_NET_ERR, ERROR_NETNAME_DELETED.
    stale: &[59, 64],
    steps: steps::WINDOWS,
    shares_new_files: true,
    protects_read_only_files: true,
    why_no_file: windows_names::why_no_file,
    ignores_case: true,
    // ERROR_FILE_EXISTS.
    already_exists: 80,
    // ERROR_CANT_RESOLVE_FILENAME.
    too_many_links: 1921,
    error_name: error_names::of_windows,
};

impl Facts {
    /// The facts of the system that this was built for.
    #[cfg(all(unix, not(target_os = "macos")))]
    pub(crate) const HERE: &'static Self = &UNIX;
    /// The facts of the system that this was built for.
    #[cfg(target_os = "macos")]
    pub(crate) const HERE: &'static Self = &MACOS;
    /// The facts of the system that this was built for.
    #[cfg(windows)]
    pub(crate) const HERE: &'static Self = &WINDOWS;

    /// What to do about an `error` of `step`.
    pub(crate) fn verdict(&self, step: Step, error: &io::Error) -> Verdict {
        self.steps.verdict(step, error)
    }

    /// Whether `error` means that an open file must be opened again.
    pub(crate) fn is_stale(&self, error: &io::Error) -> bool {
        error.raw_os_error().is_some_and(|code| self.stale.contains(&code))
    }

    /// Whether `error` means that the process lacks a resource. Then the file is not to blame.
    pub(crate) fn is_shortage(&self, error: &io::Error) -> bool {
        self.steps.is_shortage(error)
    }

    /// The error for a file that must not exist but does.
    pub(crate) fn already_exists(&self) -> io::Error {
        io::Error::from_raw_os_error(self.already_exists)
    }

    /// The error for links that lead to each other.
    pub(crate) fn too_many_links(&self) -> io::Error {
        io::Error::from_raw_os_error(self.too_many_links)
    }

    /// The name of a system error, such as `ENOSPC`, or `OS99999` for a code without a name. `None` for an error that
    /// is not the system's.
    pub(crate) fn error_name(&self, error: &io::Error) -> Option<String> {
        let code = error.raw_os_error()?;
        Some((self.error_name)(code).unwrap_or_else(|| format!("OS{code}")))
    }
}

/// Whether the system failed with this code.
#[cfg(windows)]
fn has_code(error: &io::Error, code: u32) -> bool {
    error.raw_os_error() == Some(code.cast_signed())
}

/// Opens a file for reading. If a FIFO has replaced the file since it was listed, this must not hang.
#[cfg(unix)]
pub(crate) fn open_without_waiting(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK).open(path)
}

/// Opens a file for reading. On Windows no file blocks.
#[cfg(windows)]
pub(crate) fn open_without_waiting(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).open(path)
}

/// Creates a file for writing that only its owner can read.
#[cfg(unix)]
pub(crate) fn create_private(path: &Path) -> io::Result<File> {
    use rustix::fs::{Mode, OFlags};
    // The standard library would retry for as long as signals interrupt it.
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
    Ok(rustix::fs::open(path, flags, Mode::RUSR | Mode::WUSR)?.into())
}

/// Creates a file for writing. Its folder decides who can read it.
#[cfg(windows)]
pub(crate) fn create_private(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

/// Reads at `offset` into `buffer`. It may read less than the buffer holds.
#[cfg(unix)]
pub(crate) fn read_some_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

/// Reads at `offset` into `buffer`. It may read less than the buffer holds, and moves the cursor, which nobody uses.
#[cfg(windows)]
pub(crate) fn read_some_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}

/// Starts to write a part of the file to the disk.
#[cfg(target_os = "linux")]
pub(crate) fn start_write_back(file: &File, offset: u64, length: u64) {
    use std::os::fd::AsRawFd;
    let (Ok(offset), Ok(length)) = (i64::try_from(offset), i64::try_from(length)) else { return };
    // SAFETY: the descriptor is open for as long as `file` is borrowed, and the call touches no memory of ours.
    // The result does not matter: this is a hint, and the final sync reports every failed write.
    unsafe {
        libc::sync_file_range(file.as_raw_fd(), offset, length, libc::SYNC_FILE_RANGE_WRITE);
    }
}

/// Only Linux has such a call.
#[cfg(not(target_os = "linux"))]
pub(crate) fn start_write_back(_file: &File, _offset: u64, _length: u64) {}

/// Syncs a file to the medium.
#[cfg(target_os = "macos")]
pub(crate) fn sync_to_medium(file: &File) -> io::Result<()> {
    Ok(rustix::fs::fcntl_fullfsync(file)?)
}

/// Syncs a file to the medium. Here the only sync does that.
#[cfg(not(target_os = "macos"))]
pub(crate) fn sync_to_medium(file: &File) -> io::Result<()> {
    sync(file)
}

/// Syncs a file to the device, for file systems that cannot sync to the medium.
#[cfg(unix)]
pub(crate) fn sync(file: &File) -> io::Result<()> {
    // The standard library would retry for as long as signals interrupt it.
    Ok(rustix::fs::fsync(file)?)
}

/// Syncs a file.
#[cfg(windows)]
pub(crate) fn sync(file: &File) -> io::Result<()> {
    file.sync_all()
}

/// Opens a file for locking. If it has become a link or a FIFO, this neither follows it nor hangs.
#[cfg(unix)]
pub(crate) fn open_to_lock(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new().write(true).custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK).open(path)
}

/// Opens a file for locking.
#[cfg(windows)]
pub(crate) fn open_to_lock(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).open(path)
}

/// Makes a rename in `folder` durable.
#[cfg(unix)]
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    sync(&File::open(folder)?)
}

/// Windows cannot sync folders.
#[cfg(windows)]
pub(crate) fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

/// Whether this is Wine, where a test must be skipped for a reason. Prints the reason, which the tests on Windows count.
#[cfg(test)]
pub(crate) fn skips_under_wine(reason: &str) -> bool {
    let is_wine = cfg!(windows) && std::env::var_os("WINEDATADIR").is_some();
    if is_wine {
        println!("skipped: {reason}");
    }
    is_wine
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_our_own_are_the_systems() {
        assert_eq!(Facts::HERE.already_exists().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(Facts::HERE.error_name(&Facts::HERE.too_many_links()).as_deref(), Some("ELOOP"));
    }
}
