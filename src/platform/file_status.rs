//! What the system knows about a file: its metadata, and what distinguishes it from all other files.

use std::fs::{self, File, Metadata};
use std::io;
use std::path::Path;

/// Device and inode.
#[cfg(unix)]
pub(crate) type FileId = (u64, u64);
/// The volume's serial number and the 128 bits of the file's own number.
#[cfg(windows)]
pub(crate) type FileId = (u64, [u8; 16]);

/// What distinguishes a file from all others, if its file system has such a thing. No other file has it for as long
/// as the file exists.
pub(crate) type Identity = Option<FileId>;

/// Metadata and identity of a file, read together.
#[derive(Debug)]
pub(crate) struct FileStatus {
    pub(crate) metadata: Metadata,
    pub(crate) identity: Identity,
}

/// The status of an open file.
pub(crate) fn status_of(file: &File) -> io::Result<FileStatus> {
    let metadata = file.metadata()?;
    #[cfg(unix)]
    let identity = unix::identity(&metadata);
    #[cfg(windows)]
    let identity = windows::identity(file);
    Ok(FileStatus { metadata, identity })
}

#[cfg(unix)]
pub(crate) use self::unix::{is_same_folder, is_there, link_status, status};
#[cfg(windows)]
pub(crate) use self::windows::{is_same_folder, is_there, link_status, status};

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::MetadataExt;

    use super::*;

    /// The identity is a part of the metadata.
    #[expect(clippy::unnecessary_wraps, reason = "on Windows a file system may have no identities")]
    pub(super) fn identity(metadata: &Metadata) -> Identity {
        Some((metadata.dev(), metadata.ino()))
    }

    /// The status of the file that `path` leads to.
    pub(crate) fn status(path: &Path) -> io::Result<FileStatus> {
        let metadata = fs::metadata(path)?;
        Ok(FileStatus { identity: identity(&metadata), metadata })
    }

    /// The status of what is at `path`, even if that is a link.
    pub(crate) fn link_status(path: &Path) -> io::Result<FileStatus> {
        let metadata = fs::symlink_metadata(path)?;
        Ok(FileStatus { identity: identity(&metadata), metadata })
    }

    /// Whether `path` still names a file.
    pub(crate) fn is_there(path: &Path) -> bool {
        path.exists()
    }

    /// Whether both paths lead to the same folder.
    pub(crate) fn is_same_folder(one: &Path, other: &Path) -> io::Result<bool> {
        Ok(status(one)?.identity == status(other)?.identity)
    }
}

#[cfg(windows)]
mod windows {
    use std::ffi::c_void;
    use std::fs::OpenOptions;
    use std::os::windows::fs::OpenOptionsExt;
    use std::os::windows::io::AsRawHandle;

    use windows_sys::Win32::Foundation::{ERROR_ACCESS_DENIED, ERROR_SHARING_VIOLATION};
    use windows_sys::Win32::Storage::FileSystem::{
        BY_HANDLE_FILE_INFORMATION, FILE_FLAG_BACKUP_SEMANTICS, FILE_FLAG_OPEN_REPARSE_POINT, FILE_ID_INFO,
        FileIdInfo, GetFileInformationByHandle, GetFileInformationByHandleEx,
    };

    use super::*;
    use crate::platform::has_code;

    /// The identity of an open file. `None` if its file system has no identities, as some network shares have none.
    pub(super) fn identity(file: &File) -> Identity {
        // File systems without 128-bit ids, such as FAT, do not know the first call. The second call's id may not be
        // unique on ReFS.
        let (volume, id) = long_id(file).or_else(|| short_id(file))?;
        // A file system without ids fills in zeros or ones (MS-FSCC 2.1.9 and 2.1.10).
        let is_id = id != [0; 16] && id != [0xff; 16] && id != from_short(u64::MAX);
        is_id.then_some((volume, id))
    }

    fn long_id(file: &File) -> Option<FileId> {
        let mut found = FILE_ID_INFO::default();
        // SAFETY: the handle is open until the call returns, and `found` is as large as the call is told.
        let read = unsafe {
            GetFileInformationByHandleEx(
                file.as_raw_handle().cast(),
                FileIdInfo,
                (&raw mut found).cast::<c_void>(),
                size_of::<FILE_ID_INFO>() as u32,
            )
        };
        (read != 0).then_some((found.VolumeSerialNumber, found.FileId.Identifier))
    }

    fn short_id(file: &File) -> Option<FileId> {
        let mut found = BY_HANDLE_FILE_INFORMATION::default();
        // SAFETY: the handle is open until the call returns, and `found` has the layout that the call fills in.
        let read = unsafe { GetFileInformationByHandle(file.as_raw_handle().cast(), &raw mut found) };
        let index = u64::from(found.nFileIndexHigh) << 32 | u64::from(found.nFileIndexLow);
        (read != 0).then(|| (found.dwVolumeSerialNumber.into(), from_short(index)))
    }

    /// A 64-bit id in the form of a 128-bit one.
    fn from_short(index: u64) -> [u8; 16] {
        u128::from(index).to_le_bytes()
    }

    /// The status of the file that `path` leads to.
    pub(crate) fn status(path: &Path) -> io::Result<FileStatus> {
        status_with(path, 0, |path| fs::metadata(path))
    }

    /// The status of what is at `path`, even if that is a link.
    pub(crate) fn link_status(path: &Path) -> io::Result<FileStatus> {
        status_with(path, FILE_FLAG_OPEN_REPARSE_POINT, |path| fs::symlink_metadata(path))
    }

    fn status_with(
        path: &Path,
        flag: u32,
        metadata: impl FnOnce(&Path) -> io::Result<Metadata>,
    ) -> io::Result<FileStatus> {
        match open_for_status(path, FILE_FLAG_BACKUP_SEMANTICS | flag) {
            Ok(file) => status_of(&file),
            // The file may not even be looked at. The standard library asks the folder instead, which knows no ids.
            Err(error) if is_denied(&error) => Ok(FileStatus { metadata: metadata(path)?, identity: None }),
            Err(error) => Err(error),
        }
    }

    /// Opens a file or, with [`FILE_FLAG_BACKUP_SEMANTICS`], a folder. It asks for no access, so that it works while
    /// somebody else has the file for itself, and if the folder denies us access to our own files.
    fn open_for_status(path: &Path, flags: u32) -> io::Result<File> {
        OpenOptions::new().access_mode(0).custom_flags(flags).open(path)
    }

    fn is_denied(error: &io::Error) -> bool {
        has_code(error, ERROR_ACCESS_DENIED) || has_code(error, ERROR_SHARING_VIOLATION)
    }

    /// Whether `path` still names a file. On some file systems a file that was removed while it was open keeps its name
    /// and metadata until its last handle closes, but nobody can open it.
    pub(crate) fn is_there(path: &Path) -> bool {
        match open_for_status(path, 0) {
            Ok(_) => true,
            Err(error) => has_code(&error, ERROR_SHARING_VIOLATION),
        }
    }

    /// Whether both paths lead to the same folder.
    pub(crate) fn is_same_folder(one: &Path, other: &Path) -> io::Result<bool> {
        match status(one)?.identity.zip(status(other)?.identity) {
            Some((one, other)) => Ok(one == other),
            None => Ok(fs::canonicalize(one)? == fs::canonicalize(other)?),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    use crate::platform::{create_private, skips_under_wine};

    fn folder() -> (tempfile::TempDir, PathBuf) {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("file");
        (directory, path)
    }

    fn identity_at(path: &Path) -> FileId {
        let (followed, own) = (status(path).expect("a status"), link_status(path).expect("a status"));
        assert_eq!(followed.identity, own.identity);
        own.identity.expect("an identity")
    }

    #[test]
    fn a_file_keeps_its_identity_when_it_grows_and_is_renamed() {
        use std::io::Write;
        let (directory, path) = folder();
        let mut file = create_private(&path).expect("a file");
        let identity = status_of(&file).expect("a status").identity.expect("an identity");
        assert_eq!(identity_at(&path), identity);
        file.write_all(b"more").expect("a longer file");
        let renamed = directory.path().join("renamed");
        fs::rename(&path, &renamed).expect("a rename");
        assert_eq!(identity_at(&renamed), identity);
    }

    #[test]
    fn an_open_file_keeps_its_identity_when_it_is_renamed() {
        if skips_under_wine("Wine 8 does not know the volume of an open file that was renamed") {
            return;
        }
        let (directory, path) = folder();
        let file = create_private(&path).expect("a file");
        let identity = identity_at(&path);
        fs::rename(&path, directory.path().join("renamed")).expect("a rename");
        assert_eq!(status_of(&file).expect("a status").identity, Some(identity));
    }

    #[test]
    fn files_that_exist_at_once_have_different_identities_and_two_names_of_a_file_have_one() {
        let (directory, path) = folder();
        let other = directory.path().join("other");
        for path in [&path, &other] {
            fs::write(path, "the same").expect("a file");
        }
        assert_ne!(identity_at(&path), identity_at(&other));
        let linked = directory.path().join("linked");
        fs::hard_link(&path, &linked).expect("a link");
        assert_eq!(identity_at(&path), identity_at(&linked));
    }

    #[test]
    fn a_file_that_takes_the_name_of_an_open_one_is_another_file() {
        let (directory, path) = folder();
        fs::write(&path, "before").expect("a file");
        let open = File::open(&path).expect("a file");
        fs::rename(&path, directory.path().join("away")).expect("a rename");
        fs::write(&path, "after").expect("a file");
        let before = status_of(&open).expect("a status").identity.expect("an identity");
        assert_ne!(before, identity_at(&path));
    }

    #[test]
    fn a_folder_is_the_same_by_every_path() {
        let (directory, path) = folder();
        fs::create_dir(&path).expect("a folder");
        let same = |one: &Path, other: &Path| is_same_folder(one, other).expect("two folders");
        assert!(same(&path, &path.join("..").join("file")));
        assert!(same(&path, &fs::canonicalize(&path).expect("a path")));
        assert!(!same(&path, directory.path()));
        assert_eq!(
            is_same_folder(&path, &path.join("none")).expect_err("nothing").kind(),
            io::ErrorKind::NotFound
        );
    }

    #[test]
    fn a_file_is_there_until_it_is_removed() {
        let (_directory, path) = folder();
        assert!(!is_there(&path));
        let file = create_private(&path).expect("a file");
        assert!(is_there(&path));
        drop(file);
        fs::remove_file(&path).expect("a file");
        assert!(!is_there(&path));
    }

    #[test]
    fn a_file_that_was_removed_while_it_is_open_is_not_there() {
        if skips_under_wine("Wine 8 keeps the name of a file that was removed while it is open") {
            return;
        }
        let (_directory, path) = folder();
        let file = create_private(&path).expect("a file");
        fs::remove_file(&path).expect("a file");
        assert!(!is_there(&path));
        drop(file);
    }

    #[cfg(windows)]
    mod on_windows {
        use std::os::windows::fs::OpenOptionsExt;

        use super::*;

        #[test]
        fn a_file_that_somebody_has_for_himself_has_a_status_and_is_there() {
            let (_directory, path) = folder();
            fs::write(&path, "12345").expect("a file");
            let identity = identity_at(&path);
            let held = fs::OpenOptions::new().write(true).share_mode(0).open(&path).expect("a file");
            assert!(File::open(&path).is_err());
            let status = status(&path).expect("a status");
            assert_eq!((status.metadata.len(), status.identity), (5, Some(identity)));
            assert!(is_there(&path));
            drop(held);
        }

        #[test]
        fn a_folder_is_the_same_in_another_case() {
            let (_directory, path) = folder();
            fs::create_dir(&path).expect("a folder");
            assert!(is_same_folder(&path, &path.with_file_name("FILE")).expect("two folders"));
        }
    }
}
