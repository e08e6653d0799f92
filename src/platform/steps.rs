//! What to do about a system error, by step: a table for each system (specification, System errors).
//!
//! An error is retried, waited for, tolerated or fatal. An error that the table does not list is fatal, such as EIO,
//! ENOSPC and EDQUOT.

use std::io;

#[cfg(unix)]
use libc::{
    EACCES, EAGAIN, EINTR, EINVAL, EMFILE, EMLINK, ENFILE, ENODATA, ENOENT, ENOLCK, ENOMEM, ENOSYS, ENOTSUP,
    ENOTTY, EOPNOTSUPP, EPERM, EROFS, EWOULDBLOCK, EXDEV,
};

/// The steps of reading telemetry and writing output at which a system can fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Reading the target of a symbolic link.
    ReadLink,
    /// Listing a folder and reading the metadata of its entries.
    List,
    /// Opening a telemetry file.
    Open,
    /// Reading from a telemetry file.
    Read,
    /// Opening a telemetry file, reading a block of it and decoding the block. After a shortage all of this is
    /// repeated, and before that, files that are kept open are closed.
    DecodeBlock,
    /// Reading the metadata of a file, or the current directory.
    LookUp,
    /// Creating a file that must not exist.
    Create,
    /// Locking a file.
    Lock,
    /// Writing to a file or to standard output.
    Write,
    /// Syncing a file to the medium.
    SyncToMedium,
    /// Syncing a file as well as the file system can.
    Sync,
    /// Reading the access list of a file.
    ReadAccessList,
    /// Setting or removing the access list of a file.
    SetAccessList,
    /// Changing the owner or group of a file.
    SetOwner,
    /// Changing the mode of a file.
    SetMode,
    /// Changing the attributes of a file.
    SetAttributes,
    /// Renaming a file over an existing one.
    Rename,
    /// Renaming a file unless the new name exists.
    RenameToNew,
    /// Creating a hard link.
    HardLink,
}

/// What to do about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// A signal interrupted the step: repeat it.
    Retry,
    /// It may work in a moment: wait, then repeat the step.
    Wait,
    /// The process lacks a resource that its other threads may free in a moment, or another program has a telemetry
    /// file for itself: wait, but not as long.
    WaitBriefly,
    /// The file system cannot do this step, or there is nothing to do. The export continues, in another way if it
    /// promises what the step was for.
    Tolerate,
    /// The export fails.
    Fail,
}

/// The verdicts about the errors of a system.
#[derive(Debug)]
pub(crate) struct ErrorTable {
    interrupted: &'static [i32],
    not_now: &'static [i32],
    /// The process or the system lacks descriptors or memory. The file is not to blame.
    shortages: &'static [i32],
    /// Errors of a rename while a virus scanner or another program has one of the files open.
    rename_not_now: &'static [i32],
    /// Errors of opening or reading a file while another program has the file, or the part of it, for itself.
    read_not_now: &'static [i32],
    tolerated: &'static [(Step, &'static [i32])],
}

impl ErrorTable {
    /// Whether an error, of any step, means that the process lacks a resource.
    pub(super) fn is_shortage(&self, error: &io::Error) -> bool {
        error.raw_os_error().is_some_and(|code| self.shortages.contains(&code))
    }

    /// What to do about an `error` of `step`.
    pub(crate) fn verdict(&self, step: Step, error: &io::Error) -> Verdict {
        let tolerated = self.tolerated.iter().find(|(known, _)| *known == step).map(|(_, codes)| *codes);
        let Some(code) = error.raw_os_error() else {
            // The standard library's own error: it has no such call for this system, or
            // does not know this kind of link.
            let cannot = error.kind() == io::ErrorKind::Unsupported || step == Step::ReadLink;
            return if cannot && tolerated.is_some() { Verdict::Tolerate } else { Verdict::Fail };
        };
        // After a shortage, these are repeated as a part of another step.
        let is_reading = matches!(step, Step::Open | Step::Read);
        if self.interrupted.contains(&code) {
            Verdict::Retry
        } else if self.not_now.contains(&code)
            || (matches!(step, Step::Rename | Step::RenameToNew) && self.rename_not_now.contains(&code))
        {
            Verdict::Wait
        } else if is_reading && self.read_not_now.contains(&code)
            || !is_reading && self.shortages.contains(&code)
        {
            Verdict::WaitBriefly
        } else if tolerated.is_some_and(|codes| codes.contains(&code)) {
            Verdict::Tolerate
        } else {
            Verdict::Fail
        }
    }
}

/// Only these mean that there is no link. After any other error it is unknown where the path leads.
#[cfg(unix)]
const READ_LINK: (Step, &[i32]) = (Step::ReadLink, &[EINVAL, ENOENT]);
/// Without a lock, the age of a file shows whether it is a leftover.
#[cfg(unix)]
const LOCK: (Step, &[i32]) = (Step::Lock, &[ENOLCK, ENOSYS, EINVAL, ENOTSUP, EOPNOTSUPP, EPERM, EACCES]);
/// The file has no list, or the file system has no lists.
#[cfg(unix)]
const READ_ACCESS_LIST: (Step, &[i32]) =
    (Step::ReadAccessList, &[ENODATA, ENOTSUP, EOPNOTSUPP, ENOSYS, EINVAL]);
/// The mode is narrowed instead.
#[cfg(unix)]
const SET_ACCESS_LIST: (Step, &[i32]) =
    (Step::SetAccessList, &[ENODATA, ENOTSUP, EOPNOTSUPP, ENOSYS, EINVAL, EPERM, EACCES, EROFS]);
/// The mode is narrowed instead.
#[cfg(unix)]
const SET_OWNER: (Step, &[i32]) =
    (Step::SetOwner, &[EPERM, EACCES, EINVAL, ENOSYS, ENOTSUP, EOPNOTSUPP, EROFS]);
/// Afterwards it is checked whether the mode of the file is good enough.
#[cfg(unix)]
const SET_MODE: (Step, &[i32]) =
    (Step::SetMode, &[EPERM, EACCES, EINVAL, ENOSYS, ENOTSUP, EOPNOTSUPP, EROFS]);
/// A hard link is made instead.
#[cfg(unix)]
const RENAME_TO_NEW: (Step, &[i32]) =
    (Step::RenameToNew, &[EINVAL, ENOSYS, ENOTSUP, EOPNOTSUPP, EPERM, ENOTTY]);
/// The name is taken by exclusive creation instead.
#[cfg(unix)]
const HARD_LINK: (Step, &[i32]) =
    (Step::HardLink, &[EPERM, EACCES, EINVAL, ENOSYS, ENOTSUP, EOPNOTSUPP, EMLINK, EXDEV, ENOTTY]);

/// The bytes are handed over, and the file system does what it does with them.
#[cfg(unix)]
const SYNC: &[i32] = &[EINVAL, ENOSYS, ENOTSUP, EOPNOTSUPP, EROFS];

#[cfg(unix)]
pub(super) const UNIX: ErrorTable = ErrorTable {
    interrupted: &[EINTR],
    not_now: &[EAGAIN, EWOULDBLOCK],
    shortages: &[EMFILE, ENFILE, ENOMEM],
    rename_not_now: &[],
    read_not_now: &[],
    // ENOTSUP and EOPNOTSUPP are the same on Linux, but not on macOS.
    tolerated: &[
        READ_LINK,
        LOCK,
        (Step::SyncToMedium, SYNC),
        (Step::Sync, SYNC),
        READ_ACCESS_LIST,
        SET_ACCESS_LIST,
        SET_OWNER,
        SET_MODE,
        RENAME_TO_NEW,
        HARD_LINK,
    ],
};

/// Differs from other Unix systems in two steps. SMB shares, FUSE and some devices can refuse a sync to the medium
/// but can sync. And ENOENT means that a file has no access list.
#[cfg(any(target_os = "macos", all(unix, test)))]
pub(super) const MACOS: ErrorTable = ErrorTable {
    tolerated: &[
        READ_LINK,
        LOCK,
        (Step::SyncToMedium, &[EINVAL, ENOSYS, ENOTSUP, EOPNOTSUPP, EROFS, ENOTTY]),
        (Step::Sync, SYNC),
        (Step::ReadAccessList, &[ENOENT, ENOTSUP, EOPNOTSUPP, ENOSYS, EINVAL]),
        SET_ACCESS_LIST,
        SET_OWNER,
        SET_MODE,
        RENAME_TO_NEW,
        HARD_LINK,
    ],
    ..UNIX
};

/// ERROR_INVALID_FUNCTION, ERROR_NOT_SUPPORTED, ERROR_CALL_NOT_IMPLEMENTED.
#[cfg(any(windows, test))]
const CANNOT: &[i32] = &[1, 50, 120];

#[cfg(any(windows, test))]
pub(super) const WINDOWS: ErrorTable = ErrorTable {
    interrupted: &[],
    // WSAEWOULDBLOCK, which also stands for a full pipe.
    not_now: &[10035],
    // ERROR_TOO_MANY_OPEN_FILES, ERROR_NOT_ENOUGH_MEMORY, ERROR_OUTOFMEMORY, ERROR_NO_SYSTEM_RESOURCES.
    shortages: &[4, 8, 14, 1450],
    // ERROR_ACCESS_DENIED, ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION, ERROR_DELETE_PENDING,
    // ERROR_USER_MAPPED_FILE.
    rename_not_now: &[5, 32, 33, 303, 1224],
    // ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION.
    read_not_now: &[32, 33],
    tolerated: &[
        // Also ERROR_FILE_NOT_FOUND, ERROR_PATH_NOT_FOUND, ERROR_INVALID_PARAMETER (from file systems that know no
        // links) and ERROR_NOT_A_REPARSE_POINT.
        (Step::ReadLink, &[1, 2, 3, 50, 87, 120, 4390]),
        (Step::Lock, CANNOT),
        (Step::SyncToMedium, CANNOT),
        (Step::Sync, CANNOT),
        (Step::ReadAccessList, CANNOT),
        (Step::SetAccessList, CANNOT),
        (Step::SetAttributes, CANNOT),
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    const EVERY_STEP: [Step; 19] = [
        Step::ReadLink,
        Step::List,
        Step::Open,
        Step::Read,
        Step::DecodeBlock,
        Step::LookUp,
        Step::Create,
        Step::Lock,
        Step::Write,
        Step::SyncToMedium,
        Step::Sync,
        Step::ReadAccessList,
        Step::SetAccessList,
        Step::SetOwner,
        Step::SetMode,
        Step::SetAttributes,
        Step::Rename,
        Step::RenameToNew,
        Step::HardLink,
    ];

    fn error(code: i32) -> io::Error {
        io::Error::from_raw_os_error(code)
    }

    /// The steps at which `table` has `verdict` for `code`.
    fn steps(table: &ErrorTable, code: i32, verdict: Verdict) -> Vec<Step> {
        EVERY_STEP.into_iter().filter(|&step| table.verdict(step, &error(code)) == verdict).collect()
    }

    #[test]
    #[cfg(unix)]
    fn real_failures_are_fatal_at_every_step_on_unix() {
        for table in [&UNIX, &MACOS] {
            for code in [libc::EIO, libc::ENOSPC, libc::EDQUOT, libc::ESTALE] {
                assert_eq!(steps(table, code, Verdict::Fail), EVERY_STEP, "{code}");
            }
        }
    }

    #[test]
    fn real_failures_are_fatal_at_every_step_on_windows() {
        // ERROR_IO_DEVICE, ERROR_DISK_FULL, ERROR_DISK_QUOTA_EXCEEDED.
        for code in [1117, 112, 1295] {
            assert_eq!(steps(&WINDOWS, code, Verdict::Fail), EVERY_STEP, "{code}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn an_interrupted_step_is_repeated_and_one_that_would_block_waits() {
        for table in [&UNIX, &MACOS] {
            assert_eq!(steps(table, EINTR, Verdict::Retry), EVERY_STEP);
            assert_eq!(steps(table, EAGAIN, Verdict::Wait), EVERY_STEP);
        }
    }

    #[test]
    fn every_step_waits_for_a_shortage_to_end_except_those_that_are_part_of_another() {
        let parts = [Step::Open, Step::Read];
        let check = |table: &ErrorTable, codes: &[i32]| {
            for &code in codes {
                assert!(table.is_shortage(&error(code)));
                assert_eq!(steps(table, code, Verdict::Fail), parts, "{code}");
                let waiting = steps(table, code, Verdict::WaitBriefly).len();
                assert_eq!(waiting, EVERY_STEP.len() - parts.len(), "{code}");
            }
        };
        check(&WINDOWS, &[4, 8, 14, 1450]);
        #[cfg(unix)]
        for table in [&UNIX, &MACOS] {
            check(table, &[EMFILE, ENFILE, ENOMEM]);
        }
    }

    #[test]
    fn renames_wait_for_a_scanner_and_reading_waits_briefly_but_only_on_windows() {
        for code in [5, 32, 33, 303, 1224] {
            assert_eq!(steps(&WINDOWS, code, Verdict::Wait), [Step::Rename, Step::RenameToNew], "{code}");
        }
        for code in [32, 33] {
            assert_eq!(steps(&WINDOWS, code, Verdict::WaitBriefly), [Step::Open, Step::Read], "{code}");
        }
        for code in [5, 303, 1224] {
            assert_eq!(steps(&WINDOWS, code, Verdict::WaitBriefly), [], "{code}");
        }
        for code in [80, 183] {
            assert_eq!(steps(&WINDOWS, code, Verdict::Fail), EVERY_STEP, "{code}");
        }
        #[cfg(unix)]
        for code in [EACCES, libc::EBUSY] {
            assert_eq!(UNIX.verdict(Step::Rename, &error(code)), Verdict::Fail, "{code}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_refusal_is_tolerated_only_at_steps_that_no_promise_depends_on() {
        use Step::*;
        let without_promise = [SetAccessList, SetOwner, SetMode];
        for table in [&UNIX, &MACOS] {
            let refused = [&[Lock][..], &without_promise, &[RenameToNew, HardLink]].concat();
            assert_eq!(steps(table, EPERM, Verdict::Tolerate), refused);
            let read_only = [&[SyncToMedium, Sync][..], &without_promise].concat();
            assert_eq!(steps(table, EROFS, Verdict::Tolerate), read_only);
            for step in [List, Open, Read, DecodeBlock, LookUp, Create, Write, Rename] {
                for code in [EPERM, EACCES, EINVAL, ENOSYS, ENOTSUP, EROFS] {
                    assert_eq!(table.verdict(step, &error(code)), Verdict::Fail, "{step:?} {code}");
                }
            }
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_file_system_that_cannot_sync_is_tolerated() {
        for code in [EINVAL, ENOTSUP, ENOSYS] {
            assert_eq!(UNIX.verdict(Step::Sync, &error(code)), Verdict::Tolerate, "{code}");
            assert_eq!(MACOS.verdict(Step::SyncToMedium, &error(code)), Verdict::Tolerate, "{code}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn only_two_codes_mean_that_there_is_no_link() {
        for code in 1..134 {
            let expected = match code {
                EINVAL | ENOENT => Verdict::Tolerate,
                EINTR => Verdict::Retry,
                EAGAIN => Verdict::Wait,
                EMFILE | ENFILE | ENOMEM => Verdict::WaitBriefly,
                _ => Verdict::Fail,
            };
            assert_eq!(UNIX.verdict(Step::ReadLink, &error(code)), expected, "{code}");
        }
    }

    #[test]
    fn a_link_on_windows_that_cannot_be_read_is_an_error() {
        for (code, verdict) in [(2, Verdict::Tolerate), (4390, Verdict::Tolerate), (5, Verdict::Fail)] {
            assert_eq!(WINDOWS.verdict(Step::ReadLink, &error(code)), verdict, "{code}");
        }
    }

    #[test]
    fn a_call_that_the_standard_library_lacks_is_tolerated_like_one_that_the_system_lacks() {
        let unsupported = io::Error::from(io::ErrorKind::Unsupported);
        assert_eq!(WINDOWS.verdict(Step::Lock, &unsupported), Verdict::Tolerate);
        assert_eq!(WINDOWS.verdict(Step::Rename, &unsupported), Verdict::Fail);
        assert_eq!(
            WINDOWS.verdict(Step::ReadLink, &io::Error::other("a link of another kind")),
            Verdict::Tolerate
        );
        assert_eq!(WINDOWS.verdict(Step::Lock, &io::Error::other("ours")), Verdict::Fail);
    }
}
