//! The access rights of a file: its owner and group, its mode, and its access list if the file system has them.

use std::fs::{File, Metadata};
use std::io;
use std::path::Path;

/// Owner, group and permissions of a file, without set-uid, set-gid and sticky bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ownership {
    pub(crate) owner: u32,
    pub(crate) group: u32,
    pub(crate) mode: u32,
}

/// The ownership of a file. `None` on systems whose files have only an access list.
#[cfg(unix)]
pub(crate) fn ownership(metadata: &Metadata) -> Option<Ownership> {
    use std::os::unix::fs::MetadataExt;
    Some(Ownership { owner: metadata.uid(), group: metadata.gid(), mode: metadata.mode() & 0o777 })
}

/// `None`: on Windows files have only an access list.
#[cfg(windows)]
pub(crate) fn ownership(_metadata: &Metadata) -> Option<Ownership> {
    None
}

/// Changes the owner or the group of a file, or both.
#[cfg(unix)]
pub(crate) fn set_owner(file: &File, owner: Option<u32>, group: Option<u32>) -> io::Result<()> {
    std::os::unix::fs::fchown(file, owner, group)
}

/// Changes the mode of a file.
#[cfg(unix)]
pub(crate) fn set_mode(file: &File, mode: u32) -> io::Result<()> {
    Ok(rustix::fs::fchmod(file, rustix::fs::Mode::from_bits_truncate(mode as rustix::fs::RawMode))?)
}

/// On Windows the owner is never changed.
#[cfg(windows)]
pub(crate) fn set_owner(_file: &File, _owner: Option<u32>, _group: Option<u32>) -> io::Result<()> {
    Ok(())
}

/// Windows has no modes.
#[cfg(windows)]
pub(crate) fn set_mode(_file: &File, _mode: u32) -> io::Result<()> {
    Ok(())
}

#[cfg(all(unix, not(target_os = "macos")))]
mod lists {
    use super::*;

    /// Linux keeps access lists as extended attributes: those of POSIX, and those of NFSv4 servers.
    const ATTRIBUTES: [&str; 2] = ["system.posix_acl_access", "system.nfs4_acl"];
    /// The longest attribute that Linux allows.
    const LONGEST_LIST: usize = 64 * 1024;

    /// An access list, as the system stores it.
    #[derive(Debug, PartialEq, Eq)]
    pub(crate) struct AccessList {
        attribute: &'static str,
        bytes: Vec<u8>,
    }

    #[cfg(test)]
    impl AccessList {
        /// A list that allows one user and denies another.
        pub(crate) fn of_two_users() -> Self {
            Self { attribute: ATTRIBUTES[0], bytes: vec![2, 0, 0, 0] }
        }
    }

    /// The access list of the file at `path`. It is an error if there is none or it cannot be read.
    pub(crate) fn access_list(path: &Path) -> io::Result<AccessList> {
        for attribute in ATTRIBUTES {
            let mut bytes = vec![0; LONGEST_LIST];
            match rustix::fs::lgetxattr(path, attribute, &mut bytes[..]) {
                Ok(length) => {
                    bytes.truncate(length);
                    return Ok(AccessList { attribute, bytes });
                }
                // The file system has no lists of this kind.
                Err(rustix::io::Errno::NOTSUP) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(rustix::io::Errno::NOTSUP.into())
    }

    /// Sets the access list of an open file. `None` removes the list that it inherited.
    pub(crate) fn set_access_list(file: &File, _path: &Path, list: Option<&AccessList>) -> io::Result<()> {
        let outcome = match list {
            Some(AccessList { attribute, bytes }) => {
                rustix::fs::fsetxattr(file, *attribute, bytes, rustix::fs::XattrFlags::empty())
            }
            None => rustix::fs::fremovexattr(file, ATTRIBUTES[0]),
        };
        Ok(outcome?)
    }
}

#[cfg(target_os = "macos")]
mod lists {
    use std::ffi::{CString, c_int, c_void};
    use std::os::fd::AsRawFd;
    use std::os::unix::ffi::OsStrExt;
    use std::ptr::NonNull;

    use super::*;

    // From <sys/acl.h>, in the system's own library.
    unsafe extern "C" {
        fn acl_get_link_np(path: *const libc::c_char, kind: c_int) -> *mut c_void;
        fn acl_set_fd(file: c_int, list: *mut c_void) -> c_int;
        fn acl_init(count: c_int) -> *mut c_void;
        fn acl_free(list: *mut c_void) -> c_int;
    }

    const ACL_TYPE_EXTENDED: c_int = 0x100;

    /// An access list, as the system's library holds it.
    #[derive(Debug)]
    pub(crate) struct AccessList(NonNull<c_void>);

    impl Drop for AccessList {
        fn drop(&mut self) {
            // SAFETY: the library returned it to us, and nobody else frees it.
            unsafe { acl_free(self.0.as_ptr()) };
        }
    }

    /// The access list of the file at `path`. It is an error if there is none or it cannot be read.
    pub(crate) fn access_list(path: &Path) -> io::Result<AccessList> {
        let path = CString::new(path.as_os_str().as_bytes())?;
        // SAFETY: the path ends with a NUL, and the call only reads it.
        let list = unsafe { acl_get_link_np(path.as_ptr(), ACL_TYPE_EXTENDED) };
        NonNull::new(list).map(AccessList).ok_or_else(io::Error::last_os_error)
    }

    /// Sets the access list of an open file. `None` removes the list that it inherited.
    pub(crate) fn set_access_list(file: &File, _path: &Path, list: Option<&AccessList>) -> io::Result<()> {
        let empty;
        let list = if let Some(list) = list {
            list
        } else {
            // SAFETY: the call takes a number and touches no memory of ours.
            empty =
                NonNull::new(unsafe { acl_init(1) }).map(AccessList).ok_or_else(io::Error::last_os_error)?;
            &empty
        };
        // SAFETY: the descriptor and the list are borrowed, so they live until the call returns.
        if unsafe { acl_set_fd(file.as_raw_fd(), list.0.as_ptr()) } == 0 {
            Ok(())
        } else {
            Err(io::Error::last_os_error())
        }
    }
}

#[cfg(windows)]
mod lists {
    use std::fs::OpenOptions;
    use std::os::windows::fs::OpenOptionsExt;
    use std::os::windows::io::AsRawHandle;

    use windows_sys::Win32::Foundation::ERROR_INSUFFICIENT_BUFFER;
    use windows_sys::Win32::Security::{
        DACL_SECURITY_INFORMATION, GetKernelObjectSecurity, OBJECT_SECURITY_INFORMATION,
        OWNER_SECURITY_INFORMATION, SetKernelObjectSecurity,
    };

    use super::*;

    const READ_CONTROL: u32 = 0x0002_0000;
    const WRITE_DAC: u32 = 0x0004_0000;

    /// A security descriptor that holds only the list, aligned as the system requires.
    #[derive(Debug, PartialEq, Eq)]
    pub(crate) struct AccessList(Vec<u64>);

    #[cfg(test)]
    impl AccessList {
        /// A list that allows everything to everybody, as MS-DTYP 2.4.6 lays it out.
        pub(crate) fn of_everyone() -> Self {
            const DACL_AT: u8 = 20;
            const EVERYONE: [u8; 12] = [1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0];
            // Self-relative, with a list.
            let mut bytes = vec![1, 0, 0x04, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, DACL_AT, 0, 0, 0];
            // The list has 28 bytes and one entry.
            bytes.extend([2, 0, 28, 0, 1, 0, 0, 0]);
            // The entry has 20 bytes and allows FILE_ALL_ACCESS.
            bytes.extend([0, 0, 20, 0, 0xff, 0x01, 0x1f, 0]);
            bytes.extend(EVERYONE);
            let words =
                bytes.chunks_exact(8).map(|word| u64::from_le_bytes(word.try_into().expect("8 bytes")));
            Self(words.collect())
        }
    }

    /// The access list of the file at `path`.
    pub(crate) fn access_list(path: &Path) -> io::Result<AccessList> {
        let file = OpenOptions::new().access_mode(READ_CONTROL).open(path)?;
        descriptor(&file, DACL_SECURITY_INFORMATION).map(AccessList)
    }

    /// Sets the access list of the file at `path` unchanged: the folder adds nothing to it. On Windows every file has
    /// a list, so `None` does not occur.
    pub(crate) fn set_access_list(_file: &File, path: &Path, list: Option<&AccessList>) -> io::Result<()> {
        let Some(AccessList(descriptor)) = list else { return Ok(()) };
        let file = OpenOptions::new().access_mode(READ_CONTROL | WRITE_DAC).open(path)?;
        // SAFETY: the handle is open until the call returns, and the descriptor is one that the system made.
        let set = unsafe {
            SetKernelObjectSecurity(
                file.as_raw_handle().cast(),
                DACL_SECURITY_INFORMATION,
                descriptor.as_ptr().cast_mut().cast(),
            )
        };
        if set == 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
    }

    /// The owner of a file, for comparison.
    pub(crate) fn owner(file: &File) -> io::Result<Vec<u64>> {
        descriptor(file, OWNER_SECURITY_INFORMATION)
    }

    /// A part of a file's security descriptor.
    fn descriptor(file: &File, part: OBJECT_SECURITY_INFORMATION) -> io::Result<Vec<u64>> {
        let mut words = vec![0_u64; 32];
        loop {
            let room = u32::try_from(words.len() * 8).map_err(io::Error::other)?;
            let mut needed = 0;
            // SAFETY: the handle is open until the call returns, and the buffer has as many bytes as it says.
            let read = unsafe {
                GetKernelObjectSecurity(
                    file.as_raw_handle().cast(),
                    part,
                    words.as_mut_ptr().cast(),
                    room,
                    &raw mut needed,
                )
            };
            if read != 0 {
                return Ok(words);
            }
            let error = io::Error::last_os_error();
            if error.raw_os_error() != Some(ERROR_INSUFFICIENT_BUFFER as i32) || needed <= room {
                return Err(error);
            }
            words = vec![0; needed.div_ceil(8) as usize];
        }
    }
}

#[cfg(windows)]
pub(crate) use super::rights::lists::owner;
pub(crate) use super::rights::lists::{AccessList, access_list, set_access_list};

/// The owner of a file, for comparison.
#[cfg(unix)]
pub(crate) fn owner(file: &File) -> io::Result<u32> {
    use std::os::unix::fs::MetadataExt;
    Ok(file.metadata()?.uid())
}

/// The result of [`owner`].
#[cfg(unix)]
pub(crate) type Owner = u32;
/// The result of [`owner`].
#[cfg(windows)]
pub(crate) type Owner = Vec<u64>;
