//! The POSIX names of system error codes, as Node spells them.

/// Linux and Android have two names for this code. Node uses `ENOTSUP`.
#[cfg(all(unix, not(any(target_os = "macos", target_os = "ios"))))]
const OTHER_NAMES: [(i32, &str); 1] = [(libc::EOPNOTSUPP, "ENOTSUP")];
/// On other systems each name has its own code.
#[cfg(any(target_os = "macos", target_os = "ios"))]
const OTHER_NAMES: [(i32, &str); 0] = [];

/// The name of an error code of this Unix system.
#[cfg(unix)]
pub(super) fn of_unix(code: i32) -> Option<String> {
    use nix::errno::Errno;
    if let Some((_, name)) = OTHER_NAMES.iter().find(|(known, _)| *known == code) {
        return Some((*name).to_owned());
    }
    match Errno::from_raw(code) {
        Errno::UnknownErrno => None,
        known => Some(format!("{known:?}")),
    }
}

/// The name of a Windows error code.
#[cfg(any(windows, test))]
pub(super) fn of_windows(code: i32) -> Option<String> {
    WINDOWS.iter().find(|(_, codes)| codes.contains(&code)).map(|(name, _)| (*name).to_owned())
}

/// Windows' system error codes, and its socket error codes, which file shares and pipes also return. The names are
/// Node's (libuv, `uv_translate_sys_error`), so that scripts work the same on every system.
#[cfg(any(windows, test))]
const WINDOWS: [(&str, &[i32]); 41] = [
    // ERROR_META_EXPANSION_TOO_LONG.
    ("E2BIG", &[208]),
    // ERROR_NOACCESS, ERROR_ELEVATION_REQUIRED, ERROR_CANT_ACCESS_FILE, WSAEACCES.
    ("EACCES", &[998, 740, 1920, 10013]),
    // ERROR_ADDRESS_ALREADY_ASSOCIATED, WSAEADDRINUSE.
    ("EADDRINUSE", &[1227, 10048]),
    // WSAEADDRNOTAVAIL.
    ("EADDRNOTAVAIL", &[10049]),
    // WSAEAFNOSUPPORT.
    ("EAFNOSUPPORT", &[10047]),
    // WSAEWOULDBLOCK.
    ("EAGAIN", &[10035]),
    // WSAEALREADY.
    ("EALREADY", &[10037]),
    // ERROR_INVALID_HANDLE, ERROR_INVALID_FLAGS.
    ("EBADF", &[6, 1004]),
    // ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION, ERROR_PIPE_BUSY. libuv does not know ERROR_DELETE_PENDING and
    // ERROR_USER_MAPPED_FILE.
    ("EBUSY", &[32, 33, 231, 303, 1224]),
    // ERROR_OPERATION_ABORTED, WSAEINTR.
    ("ECANCELED", &[995, 10004]),
    // ERROR_NO_UNICODE_TRANSLATION.
    ("ECHARSET", &[1113]),
    // ERROR_CONNECTION_ABORTED, WSAECONNABORTED.
    ("ECONNABORTED", &[1236, 10053]),
    // ERROR_CONNECTION_REFUSED, WSAECONNREFUSED.
    ("ECONNREFUSED", &[1225, 10061]),
    // ERROR_NETNAME_DELETED, WSAECONNRESET.
    ("ECONNRESET", &[64, 10054]),
    // ERROR_FILE_EXISTS, ERROR_ALREADY_EXISTS.
    ("EEXIST", &[80, 183]),
    // ERROR_BUFFER_OVERFLOW, WSAEFAULT.
    ("EFAULT", &[111, 10014]),
    // ERROR_HOST_UNREACHABLE, WSAEHOSTUNREACH.
    ("EHOSTUNREACH", &[1232, 10065]),
    // ERROR_INVALID_DATA, ERROR_INVALID_PARAMETER, ERROR_INSUFFICIENT_BUFFER, ERROR_SYMLINK_NOT_SUPPORTED, WSAEINVAL,
    // WSAEPFNOSUPPORT.
    ("EINVAL", &[13, 87, 122, 1464, 10022, 10046]),
    // ERROR_CRC, ERROR_GEN_FAILURE, ERROR_OPEN_FAILED, ERROR_SIGNAL_REFUSED, ERROR_NO_SIGNAL_SENT,
    // ERROR_FILEMARK_DETECTED, ERROR_BEGINNING_OF_MEDIA, ERROR_SETMARK_DETECTED, ERROR_NO_DATA_DETECTED,
    // ERROR_INVALID_BLOCK_LENGTH, ERROR_BUS_RESET, ERROR_IO_DEVICE, ERROR_EOM_OVERFLOW,
    // ERROR_DEVICE_REQUIRES_CLEANING, ERROR_DEVICE_DOOR_OPEN, ERROR_DISK_CORRUPT.
    ("EIO", &[23, 31, 110, 156, 205, 1101, 1102, 1103, 1104, 1106, 1111, 1117, 1129, 1165, 1166, 1393]),
    // WSAEISCONN.
    ("EISCONN", &[10056]),
    // ERROR_INVALID_FUNCTION, the error of opening a folder as a file.
    ("EISDIR", &[1]),
    // ERROR_CANT_RESOLVE_FILENAME.
    ("ELOOP", &[1921]),
    // ERROR_TOO_MANY_OPEN_FILES, WSAEMFILE.
    ("EMFILE", &[4, 10024]),
    // WSAEMSGSIZE.
    ("EMSGSIZE", &[10040]),
    // ERROR_FILENAME_EXCED_RANGE.
    ("ENAMETOOLONG", &[206]),
    // ERROR_NETWORK_UNREACHABLE, WSAENETUNREACH.
    ("ENETUNREACH", &[1231, 10051]),
    // ERROR_FILE_NOT_FOUND, ERROR_PATH_NOT_FOUND, ERROR_INVALID_DRIVE, ERROR_INVALID_NAME, ERROR_MOD_NOT_FOUND,
    // ERROR_BAD_PATHNAME, ERROR_ENVVAR_NOT_FOUND, ERROR_INVALID_REPARSE_DATA, WSAHOST_NOT_FOUND, WSANO_DATA. libuv
    // does not know those of shares: ERROR_BAD_NETPATH, ERROR_BAD_NET_NAME.
    ("ENOENT", &[2, 3, 15, 123, 126, 161, 203, 4392, 11001, 11004, 53, 67]),
    // ERROR_NOT_ENOUGH_MEMORY, ERROR_OUTOFMEMORY, and ERROR_NO_SYSTEM_RESOURCES, which libuv does not know.
    ("ENOMEM", &[8, 14, 1450]),
    // ERROR_HANDLE_DISK_FULL, ERROR_CANNOT_MAKE, ERROR_DISK_FULL, ERROR_EA_TABLE_FULL, ERROR_END_OF_MEDIA.
    ("ENOSPC", &[39, 82, 112, 277, 1100]),
    // ERROR_NOT_CONNECTED, WSAENOTCONN.
    ("ENOTCONN", &[2250, 10057]),
    // ERROR_DIRECTORY.
    ("ENOTDIR", &[267]),
    // ERROR_DIR_NOT_EMPTY.
    ("ENOTEMPTY", &[145]),
    // WSAENOTSOCK.
    ("ENOTSOCK", &[10038]),
    // ERROR_NOT_SUPPORTED, WSAEOPNOTSUPP.
    ("ENOTSUP", &[50, 10045]),
    // ERROR_ACCESS_DENIED, ERROR_PRIVILEGE_NOT_HELD.
    ("EPERM", &[5, 1314]),
    // ERROR_BROKEN_PIPE, ERROR_BAD_PIPE, ERROR_NO_DATA, ERROR_PIPE_NOT_CONNECTED, WSAESHUTDOWN. To libuv the first
    // is an end of file, but a writer gets it like the others.
    ("EPIPE", &[109, 230, 232, 233, 10058]),
    // WSAEPROTONOSUPPORT.
    ("EPROTONOSUPPORT", &[10043]),
    // ERROR_WRITE_PROTECT.
    ("EROFS", &[19]),
    // ERROR_SEM_TIMEOUT, WSAETIMEDOUT.
    ("ETIMEDOUT", &[121, 10060]),
    // ERROR_NOT_SAME_DEVICE.
    ("EXDEV", &[17]),
    // ERROR_DISK_QUOTA_EXCEEDED, which libuv does not know.
    ("EDQUOT", &[1295]),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// What Node's `util.getSystemErrorMap` says of Linux, as far as files, memory and threads can come to it, and
    /// what it does not know there but the kernel does.
    #[test]
    #[cfg(target_os = "linux")]
    fn every_code_of_linux_has_a_name() {
        for (code, name) in [
            (1, "EPERM"),
            (2, "ENOENT"),
            (4, "EINTR"),
            (5, "EIO"),
            (6, "ENXIO"),
            (9, "EBADF"),
            (11, "EAGAIN"),
            (12, "ENOMEM"),
            (13, "EACCES"),
            (16, "EBUSY"),
            (17, "EEXIST"),
            (18, "EXDEV"),
            (19, "ENODEV"),
            (20, "ENOTDIR"),
            (21, "EISDIR"),
            (22, "EINVAL"),
            (23, "ENFILE"),
            (24, "EMFILE"),
            (26, "ETXTBSY"),
            (27, "EFBIG"),
            (28, "ENOSPC"),
            (29, "ESPIPE"),
            (30, "EROFS"),
            (31, "EMLINK"),
            (32, "EPIPE"),
            (35, "EDEADLK"),
            (36, "ENAMETOOLONG"),
            (37, "ENOLCK"),
            (38, "ENOSYS"),
            (39, "ENOTEMPTY"),
            (40, "ELOOP"),
            (61, "ENODATA"),
            (75, "EOVERFLOW"),
            (95, "ENOTSUP"),
            (107, "ENOTCONN"),
            (110, "ETIMEDOUT"),
            (112, "EHOSTDOWN"),
            (116, "ESTALE"),
            (117, "EUCLEAN"),
            (121, "EREMOTEIO"),
            (122, "EDQUOT"),
            (125, "ECANCELED"),
        ] {
            assert_eq!(of_unix(code).as_deref(), Some(name), "{code}");
        }
        // The kernel has no codes 41 and 58: they would be names for 11 and 35.
        for code in (1..=133).filter(|code| ![41, 58].contains(code)) {
            let name = of_unix(code).unwrap_or_else(|| panic!("{code} has no name"));
            assert!(name.starts_with('E'), "{code}: {name}");
        }
        assert_eq!(of_unix(0), None);
        assert_eq!(of_unix(99_999), None);
    }

    #[test]
    fn each_code_of_windows_has_one_name() {
        let mut codes: Vec<i32> = WINDOWS.iter().flat_map(|(_, codes)| codes.iter().copied()).collect();
        let all = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), all);
        for (code, name) in [(4, "EMFILE"), (5, "EPERM"), (32, "EBUSY"), (33, "EBUSY"), (1921, "ELOOP")] {
            assert_eq!(of_windows(code).as_deref(), Some(name), "{code}");
        }
        assert_eq!(of_windows(99_999), None);
    }
}
