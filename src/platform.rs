//! What differs between systems: their facts, and one small function for each call that is not the same everywhere.
//! Rules stand elsewhere, where a test can drive them with the answers of any system.

mod error_names;

use std::fs::{File, Metadata, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Tells two files at one path apart, where the system can.
pub(crate) type Identity = Option<(u64, u64)>;

/// What a system's file systems answer, and what names mean to them.
#[derive(Debug)]
pub(crate) struct Facts {
    /// A rename is refused with these while a scanner or an indexer holds one of both files open for a moment.
    held_up: &'static [i32],
    /// A lock is refused with these where the file system has none, as some network ones.
    without_locks: &'static [i32],
    /// A sync as far as the medium is refused with these where the file system knows only how to hand the bytes over.
    without_full_sync: &'static [i32],
    /// What the system answers when it cannot answer now, and may in a moment.
    temporary: &'static [i32],
    /// What it answers of a file that was open when its server lost it. Opened again it may be there.
    stale: &'static [i32],
    /// What the system answers when the process, or the whole system, is short of descriptors or memory. It says nothing
    /// about the file that was asked for.
    shortages: &'static [i32],
    /// What a name may not hold, lest it mean something else than a file.
    pub(crate) not_in_names: &'static [u8],
    /// Whether names that differ in case are usually the same file.
    pub(crate) ignores_case: bool,
    already_exists: i32,
    too_many_links: i32,
    /// The POSIX name of a code.
    error_name: fn(i32) -> Option<String>,
}

#[cfg(unix)]
const UNIX: Facts = Facts {
    held_up: &[],
    // ENOTSUP and EOPNOTSUPP are two on macOS, where the standard library knows one of them.
    without_locks: &[libc::ENOLCK, libc::ENOSYS, libc::EINVAL, libc::ENOTSUP, libc::EOPNOTSUPP],
    without_full_sync: &[],
    // The second is said of a file with a lease, which its holder is told to give up. Both are one code but on old systems.
    temporary: &[libc::EAGAIN, libc::EWOULDBLOCK],
    stale: &[libc::ESTALE],
    shortages: &[libc::EMFILE, libc::ENFILE, libc::ENOMEM],
    not_in_names: b"",
    ignores_case: false,
    already_exists: libc::EEXIST,
    too_many_links: libc::ELOOP,
    error_name: error_names::of_unix,
};

/// Where it is not as other Unix systems.
#[cfg(any(target_os = "macos", all(unix, test)))]
pub(crate) const MACOS: Facts = Facts {
    // From SMB shares, from devices that have no such command, and from FUSE.
    without_full_sync: &[libc::ENOTSUP, libc::ENOTTY, libc::EINVAL],
    ignores_case: true,
    ..UNIX
};

/// Numbers are those of Windows' system error codes.
#[cfg(any(windows, test))]
pub(crate) const WINDOWS: Facts = Facts {
    // ERROR_ACCESS_DENIED, ERROR_SHARING_VIOLATION.
    held_up: &[5, SHARING_VIOLATION],
    // ERROR_INVALID_FUNCTION, ERROR_NOT_SUPPORTED.
    without_locks: &[1, 50],
    without_full_sync: &[],
    // ERROR_RETRY.
    temporary: &[1237],
    // ERROR_UNEXP_NET_ERR, ERROR_NETNAME_DELETED.
    stale: &[59, 64],
    // ERROR_TOO_MANY_OPEN_FILES, ERROR_NOT_ENOUGH_MEMORY, ERROR_OUTOFMEMORY, ERROR_NO_SYSTEM_RESOURCES.
    shortages: &[4, 8, 14, 1450],
    // Behind a colon stands the name of a stream inside a file.
    not_in_names: b":",
    ignores_case: true,
    // ERROR_FILE_EXISTS.
    already_exists: 80,
    // ERROR_CANT_RESOLVE_FILENAME.
    too_many_links: 1921,
    error_name: error_names::of_windows,
};

#[cfg(any(windows, test))]
const SHARING_VIOLATION: i32 = 32;

impl Facts {
    /// Those of the system that this was built for.
    #[cfg(all(unix, not(target_os = "macos")))]
    pub(crate) const HERE: &'static Self = &UNIX;
    /// Those of the system that this was built for.
    #[cfg(target_os = "macos")]
    pub(crate) const HERE: &'static Self = &MACOS;
    /// Those of the system that this was built for.
    #[cfg(windows)]
    pub(crate) const HERE: &'static Self = &WINDOWS;

    /// Whether a rename that failed with `error` may succeed in a moment.
    pub(crate) fn is_held_up(&self, error: &io::Error) -> bool {
        is_one_of(error, self.held_up)
    }

    /// Whether a lock that failed with `error` says that the file system has none.
    pub(crate) fn cannot_lock(&self, error: &io::Error) -> bool {
        error.kind() == io::ErrorKind::Unsupported || is_one_of(error, self.without_locks)
    }

    /// Whether a sync that failed with `error` says that the file system cannot sync as far as the medium.
    pub(crate) fn cannot_sync_fully(&self, error: &io::Error) -> bool {
        is_one_of(error, self.without_full_sync)
    }

    /// Whether `error` says that the same call may succeed in a moment.
    pub(crate) fn is_temporary(&self, error: &io::Error) -> bool {
        error.kind() == io::ErrorKind::WouldBlock || is_one_of(error, self.temporary)
    }

    /// Whether `error` says that an open file is to be opened again.
    pub(crate) fn is_stale(&self, error: &io::Error) -> bool {
        is_one_of(error, self.stale)
    }

    /// Whether `error` says that the process is short of something, and nothing about the file that was asked for.
    pub(crate) fn is_shortage(&self, error: &io::Error) -> bool {
        is_one_of(error, self.shortages)
    }

    /// The error of a file that must not exist, but does.
    pub(crate) fn already_exists(&self) -> io::Error {
        io::Error::from_raw_os_error(self.already_exists)
    }

    /// The error of links that lead to each other.
    pub(crate) fn too_many_links(&self) -> io::Error {
        io::Error::from_raw_os_error(self.too_many_links)
    }

    /// The name of a system error, such as `ENOSPC`; for a code that has none, such as `OS99999`. `None` for an error that is
    /// not the system's.
    pub(crate) fn error_name(&self, error: &io::Error) -> Option<String> {
        let code = error.raw_os_error()?;
        Some((self.error_name)(code).unwrap_or_else(|| format!("OS{code}")))
    }
}

fn is_one_of(error: &io::Error, codes: &[i32]) -> bool {
    error.raw_os_error().is_some_and(|code| codes.contains(&code))
}

/// What tells the file from all others.
#[cfg(unix)]
pub(crate) fn identity(metadata: &Metadata) -> Identity {
    use std::os::unix::fs::MetadataExt;
    Some((metadata.dev(), metadata.ino()))
}

/// The standard library does not tell it in its stable part.
#[cfg(windows)]
pub(crate) fn identity(_metadata: &Metadata) -> Identity {
    None
}

/// Whether `path` still names a file.
#[cfg(unix)]
pub(crate) fn is_there(path: &Path) -> bool {
    path.exists()
}

/// Whether `path` still names a file. One that was removed while it was open keeps its name until the last handle to it
/// closes, and still has metadata, but nobody can open it.
#[cfg(windows)]
pub(crate) fn is_there(path: &Path) -> bool {
    use std::os::windows::fs::OpenOptionsExt;
    // No access is asked for: what its folder lets us do with a file of ours is not the question.
    match OpenOptions::new().access_mode(0).open(path) {
        Ok(_) => true,
        Err(error) => error.raw_os_error() == Some(SHARING_VIOLATION),
    }
}

/// The path as the file system itself would spell it, where other spellings mean the same file.
#[cfg(unix)]
pub(crate) fn real_path(path: &Path) -> PathBuf {
    path.to_path_buf()
}

/// The path as the file system itself would spell it: letters in the case of the file's name, short names in full, and in
/// the form that has no limit of 260 characters.
#[cfg(windows)]
pub(crate) fn real_path(path: &Path) -> PathBuf {
    let of_new_file = || Some(std::fs::canonicalize(path.parent()?).ok()?.join(path.file_name()?));
    std::fs::canonicalize(path).ok().or_else(of_new_file).unwrap_or_else(|| path.to_path_buf())
}

/// Opens a file to read it. A FIFO that took the place of the file since it was listed must not hang us.
#[cfg(unix)]
pub(crate) fn open_without_waiting(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK).open(path)
}

/// Opens a file to read it. No file waits for its other end here.
#[cfg(windows)]
pub(crate) fn open_without_waiting(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).open(path)
}

/// Creates a file, to write to it, that nobody but its owner can read.
#[cfg(unix)]
pub(crate) fn create_private(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

/// Creates a file, to write to it. Who can read it is what its folder says.
#[cfg(windows)]
pub(crate) fn create_private(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

/// Reads what there is at `offset`, at most what `buffer` takes.
#[cfg(unix)]
pub(crate) fn read_some_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

/// Reads what there is at `offset`, at most what `buffer` takes. It moves the cursor, which nobody uses.
#[cfg(windows)]
pub(crate) fn read_some_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}

/// Has the system begin to write a part of the file back.
#[cfg(target_os = "linux")]
pub(crate) fn start_write_back(file: &File, offset: u64, length: u64) {
    use std::os::fd::AsRawFd;
    let (Ok(offset), Ok(length)) = (i64::try_from(offset), i64::try_from(length)) else { return };
    // SAFETY: the descriptor is open for as long as `file` is borrowed, and the call touches no memory of ours.
    // What it returns does not matter: it is a hint, and the final sync reports every failure to write.
    unsafe {
        libc::sync_file_range(file.as_raw_fd(), offset, length, libc::SYNC_FILE_RANGE_WRITE);
    }
}

/// There is no such call here.
#[cfg(not(target_os = "linux"))]
pub(crate) fn start_write_back(_file: &File, _offset: u64, _length: u64) {}

/// Syncs a file on a system that [`Facts::cannot_sync_fully`] is about: [`File::sync_all`] asks for the medium there.
#[cfg(target_os = "macos")]
pub(crate) fn sync_to_device(file: &File) -> io::Result<()> {
    use std::os::fd::AsRawFd;
    loop {
        // SAFETY: the descriptor is open for as long as `file` is borrowed, and the call touches no memory of ours.
        if unsafe { libc::fsync(file.as_raw_fd()) } == 0 {
            return Ok(());
        }
        let error = io::Error::last_os_error();
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
}

/// There is one kind of sync here.
#[cfg(not(target_os = "macos"))]
pub(crate) fn sync_to_device(file: &File) -> io::Result<()> {
    file.sync_all()
}

/// Makes the rename of a file in `folder` durable.
#[cfg(unix)]
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Folders cannot be synced here.
#[cfg(windows)]
pub(crate) fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

/// Standard output without a buffer in between.
#[cfg(unix)]
pub(crate) struct StandardOutput(File);

#[cfg(unix)]
impl StandardOutput {
    /// A descriptor of its own for where standard output leads.
    pub(crate) fn open() -> io::Result<Self> {
        use std::os::fd::AsFd;
        Ok(Self(io::stdout().as_fd().try_clone_to_owned()?.into()))
    }

    /// Waits until a write would not fail with [`io::ErrorKind::WouldBlock`], for `at_most` that long.
    pub(crate) fn wait_until_writable(&self, at_most: Duration) {
        use std::os::fd::AsRawFd;
        let mut request = libc::pollfd { fd: self.0.as_raw_fd(), events: libc::POLLOUT, revents: 0 };
        let milliseconds = i32::try_from(at_most.as_millis()).unwrap_or(i32::MAX);
        // SAFETY: `request` is one valid pollfd that lives through the call, and its descriptor is open as long as `self`.
        let ready = unsafe { libc::poll(&raw mut request, 1, milliseconds) };
        if ready < 0 {
            // What cannot be polled is tried again after a while all the same.
            std::thread::sleep(at_most);
        }
    }
}

#[cfg(unix)]
impl io::Write for StandardOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Standard output. The standard library turns text into that of a console here.
#[cfg(windows)]
pub(crate) struct StandardOutput(io::Stdout);

#[cfg(windows)]
impl StandardOutput {
    /// Where standard output leads.
    pub(crate) fn open() -> io::Result<Self> {
        Ok(Self(io::stdout()))
    }

    /// Waits for `at_most`. Pipes block here unless someone chose otherwise, and none can be polled.
    pub(crate) fn wait_until_writable(&self, at_most: Duration) {
        std::thread::sleep(at_most);
    }
}

#[cfg(windows)]
impl io::Write for StandardOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Gives a file the mode of the one it replaces.
#[cfg(unix)]
pub(crate) fn keep_mode(file: &File, replaced: &Metadata) -> io::Result<()> {
    file.set_permissions(replaced.permissions())
}

/// Files have no mode here.
#[cfg(windows)]
pub(crate) fn keep_mode(_file: &File, _replaced: &Metadata) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(code: i32) -> io::Error {
        io::Error::from_raw_os_error(code)
    }

    #[test]
    fn a_rename_is_held_up_on_windows_by_handles_of_others_and_by_nothing_else() {
        for code in [5, 32] {
            assert!(WINDOWS.is_held_up(&error(code)), "{code}");
        }
        for code in [2, 3, 80, 112, 183] {
            assert!(!WINDOWS.is_held_up(&error(code)), "{code}");
        }
        assert!(!WINDOWS.is_held_up(&io::Error::other("ours")));
    }

    #[test]
    #[cfg(unix)]
    fn no_rename_is_held_up_on_unix() {
        for code in [5, 32, libc::EACCES, libc::EBUSY] {
            assert!(!UNIX.is_held_up(&error(code)), "{code}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_file_system_without_locks_is_told_by_its_code() {
        for code in [libc::ENOLCK, libc::ENOSYS, libc::EINVAL, libc::ENOTSUP, libc::EOPNOTSUPP] {
            assert!(UNIX.cannot_lock(&error(code)), "{code}");
        }
        assert!(!UNIX.cannot_lock(&error(libc::EIO)));
    }

    #[test]
    fn a_file_system_without_locks_is_told_by_its_code_on_windows_too() {
        for code in [1, 50] {
            assert!(WINDOWS.cannot_lock(&error(code)), "{code}");
        }
        assert!(WINDOWS.cannot_lock(&io::Error::from(io::ErrorKind::Unsupported)));
        assert!(!WINDOWS.cannot_lock(&error(6)));
    }

    #[test]
    fn errors_of_our_own_are_the_systems() {
        assert_eq!(Facts::HERE.already_exists().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(Facts::HERE.error_name(&Facts::HERE.too_many_links()).as_deref(), Some("ELOOP"));
    }

    #[test]
    fn a_file_is_there_until_it_is_removed() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("file");
        assert!(!is_there(&path));
        let file = create_private(&path).expect("a file");
        assert!(is_there(&path));
        std::fs::remove_file(&path).expect("a file");
        assert!(!is_there(&path));
        drop(file);
    }
}
