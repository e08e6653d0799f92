//! Renames, and why one was refused.

use std::io;
use std::path::Path;

/// Renames a file unless there is one at `to`.
#[cfg(any(target_os = "linux", target_os = "macos"))]
pub(crate) fn rename_to_new(from: &Path, to: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags};
    Ok(rustix::fs::renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE)?)
}

/// Renames a file unless there is one at `to`.
#[cfg(windows)]
pub(crate) fn rename_to_new(from: &Path, to: &Path) -> io::Result<()> {
    let mut from = tempfile::TempPath::try_from_path(from)?;
    // The caller decides what happens to the file.
    from.disable_cleanup(true);
    from.persist_noclobber(to).map_err(|refused| refused.error)
}

/// Other systems have no such call.
#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
pub(crate) fn rename_to_new(_from: &Path, _to: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// The error to report after a rename over `to` failed with `error`. Here it is that error.
#[cfg(unix)]
pub(crate) fn reason_of_refused_rename(error: io::Error, _to: &Path) -> io::Error {
    error
}

/// The error to report after a rename over `to` failed with `error`. Windows denies access if somebody has the file
/// open. To open the file for deletion tells this from a lack of rights.
#[cfg(windows)]
pub(crate) fn reason_of_refused_rename(error: io::Error, to: &Path) -> io::Error {
    use std::fs::OpenOptions;
    use std::os::windows::fs::OpenOptionsExt;

    use windows_sys::Win32::Foundation::{ERROR_ACCESS_DENIED, ERROR_SHARING_VIOLATION};
    use windows_sys::Win32::Storage::FileSystem::{DELETE, FILE_FLAG_OPEN_REPARSE_POINT};

    use super::has_code;

    if !has_code(&error, ERROR_ACCESS_DENIED) {
        return error;
    }
    match OpenOptions::new().access_mode(DELETE).custom_flags(FILE_FLAG_OPEN_REPARSE_POINT).open(to) {
        Err(held) if has_code(&held, ERROR_SHARING_VIOLATION) => held,
        _ => error,
    }
}
