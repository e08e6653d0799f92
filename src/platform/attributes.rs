//! The attributes that files have on Windows besides their rights.

use std::fs::{File, Metadata};
use std::io;

/// Gives a file the attributes of the file that it replaces. Unix files have none.
#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "on Windows it can fail")]
pub(crate) fn keep_attributes(_file: &File, _replaced: &Metadata) -> io::Result<()> {
    Ok(())
}

/// Hides a file if the file that it replaces is hidden, and makes it a system file if that is one.
#[cfg(windows)]
pub(crate) fn keep_attributes(file: &File, replaced: &Metadata) -> io::Result<()> {
    use std::os::windows::fs::MetadataExt;
    use std::os::windows::io::AsRawHandle;

    use windows_sys::Win32::Storage::FileSystem::{
        FILE_ATTRIBUTE_HIDDEN, FILE_ATTRIBUTE_NORMAL, FILE_ATTRIBUTE_SYSTEM, FILE_BASIC_INFO, FileBasicInfo,
        SetFileInformationByHandle,
    };

    let kept = replaced.file_attributes() & (FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_SYSTEM);
    let own = file.metadata()?.file_attributes();
    if own & kept == kept {
        return Ok(());
    }
    // A time of 0 stays as it is.
    let attributes = (own & !FILE_ATTRIBUTE_NORMAL) | kept;
    let info = FILE_BASIC_INFO { FileAttributes: attributes, ..FILE_BASIC_INFO::default() };
    // SAFETY: the handle is open until the call returns, and `info` is as large as the call is told.
    let set = unsafe {
        SetFileInformationByHandle(
            file.as_raw_handle().cast(),
            FileBasicInfo,
            (&raw const info).cast(),
            size_of::<FILE_BASIC_INFO>() as u32,
        )
    };
    if set == 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}
