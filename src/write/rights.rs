//! Gives a new file the rights of the file that it replaces (specification, File rights). Nobody gets more rights
//! than they had. The owner, the group and the users on the access list keep theirs as far as the system lets us.

use std::fs::File;
use std::io;
use std::path::Path;

use super::system::System;
use super::system_calls::{StepFailure, StepResult, SystemCalls};
use super::target::check_not_read_only;
use crate::platform::{AccessList, Ownership, Step, Verdict};

/// The access list of the file that is replaced.
enum FoundList {
    /// We may not read it.
    Unreadable,
    None,
    List(AccessList),
}

/// Gives `file`, which is at `path`, the rights of the file at `replaced`, if there is one.
pub(super) fn keep_rights<S: System>(
    calls: &SystemCalls<'_, S>,
    file: &File,
    path: &Path,
    replaced: &Path,
) -> StepResult<()> {
    let system = calls.system;
    let Some(found) = calls.look_up(|| system.link_status(replaced))? else { return Ok(()) };
    if !found.metadata.is_file() {
        return Err(StepFailure::because("it is no regular file any more"));
    }
    check_not_read_only(system, &found.metadata)?;
    calls.run_if_possible(Step::SetAttributes, || system.keep_attributes(file, &found.metadata))?;
    let list = read_list(calls, replaced)?;
    let Some(previous) = system.ownership(&found.metadata) else {
        // This system has no modes, so there is nothing to narrow if the list cannot be kept.
        return match &list {
            FoundList::List(list) => calls
                .run_if_possible(Step::SetAccessList, || system.set_access_list(file, path, Some(list)))
                .map(drop),
            FoundList::None => Ok(()),
            FoundList::Unreadable => {
                Err(StepFailure::because("its access list may not be read, so it cannot be kept"))
            }
        };
    };
    let current = keep_owner(calls, file, previous)?;
    let keeps_both = (current.owner, current.group) == (previous.owner, previous.group);
    let list_is_kept = match &list {
        FoundList::Unreadable => false,
        FoundList::List(_) if !keeps_both => false,
        FoundList::List(list) => set_list(calls, file, path, Some(list))?,
        // The new file may have inherited a list from its folder.
        FoundList::None => {
            matches!(read_list(calls, path)?, FoundList::None) || set_list(calls, file, path, None)?
        }
    };
    let mode = if list_is_kept {
        narrowed(previous.mode, current.owner == previous.owner, current.group == previous.group)
    } else {
        // Users that the list kept out could get in as members of the group or as others.
        previous.mode & 0o700
    };
    let refusal = if ownership_of(calls, file)?.mode == mode {
        None
    } else {
        match calls.run(Step::SetMode, || system.set_mode(file, mode)) {
            Err(StepFailure::System(error)) => Some(error),
            outcome => {
                outcome?;
                None
            }
        }
    };
    judge_mode(calls, file, mode, refusal)
}

/// Accepts that the file system cannot change the mode if the mode that the file has lets in nobody else.
fn judge_mode<S: System>(
    calls: &SystemCalls<'_, S>,
    file: &File,
    mode: u32,
    refusal: Option<io::Error>,
) -> StepResult<()> {
    let tolerated = refusal
        .as_ref()
        .is_none_or(|error| calls.system.facts().verdict(Step::SetMode, error) == Verdict::Tolerate);
    if tolerated && ownership_of(calls, file)?.mode & !mode == 0 {
        return Ok(());
    }
    Err(refusal
        .map_or_else(|| StepFailure::because("the file system does not keep its mode"), StepFailure::System))
}

fn read_list<S: System>(calls: &SystemCalls<'_, S>, replaced: &Path) -> StepResult<FoundList> {
    match calls.run_if_possible(Step::ReadAccessList, || calls.system.access_list(replaced)) {
        Err(StepFailure::System(error)) if error.kind() == io::ErrorKind::PermissionDenied => {
            Ok(FoundList::Unreadable)
        }
        outcome => Ok(outcome?.map_or(FoundList::None, FoundList::List)),
    }
}

/// Sets or removes the access list. Returns whether that could be done.
fn set_list<S: System>(
    calls: &SystemCalls<'_, S>,
    file: &File,
    path: &Path,
    list: Option<&AccessList>,
) -> StepResult<bool> {
    let set = || calls.system.set_access_list(file, path, list);
    Ok(calls.run_if_possible(Step::SetAccessList, set)?.is_some())
}

/// Gives the file to the previous owner and group, or at least to the group. Returns whose it is then.
fn keep_owner<S: System>(
    calls: &SystemCalls<'_, S>,
    file: &File,
    previous: Ownership,
) -> StepResult<Ownership> {
    let current = ownership_of(calls, file)?;
    let group = (current.group != previous.group).then_some(previous.group);
    if current.owner != previous.owner {
        let set = || calls.system.set_owner(file, Some(previous.owner), group);
        if calls.run_if_possible(Step::SetOwner, set)?.is_some() {
            return ownership_of(calls, file);
        }
    }
    if group.is_some() {
        calls.run_if_possible(Step::SetOwner, || calls.system.set_owner(file, None, group))?;
    }
    ownership_of(calls, file)
}

fn ownership_of<S: System>(calls: &SystemCalls<'_, S>, file: &File) -> StepResult<Ownership> {
    let status = calls.run(Step::LookUp, || calls.system.status_of(file))?;
    Ok(calls.system.ownership(&status.metadata).expect("files have a mode on a system whose files have one"))
}

/// Narrows `mode` so that nobody gains rights if owner or group differ from those of the replaced file.
fn narrowed(mode: u32, keeps_owner: bool, keeps_group: bool) -> u32 {
    let (owner, mut group, mut others) = (mode >> 6 & 7, mode >> 3 & 7, mode & 7);
    if !keeps_owner {
        // The previous owner is now a member of the group or one of the others.
        group &= owner;
        others &= owner;
    }
    if !keeps_group {
        // Members of the previous group are others now, and members of the new group were others.
        group &= others;
        others = group;
    }
    owner << 6 | group << 3 | others
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mode_is_kept_with_owner_and_group() {
        for mode in 0..=0o777 {
            assert_eq!(narrowed(mode, true, true), mode);
        }
    }

    /// What users of a class may do under a mode.
    fn may(mode: u32, class: u32) -> u32 {
        mode >> (6 - 3 * class) & 7
    }

    #[test]
    fn nobody_gains_by_another_owner_or_group() {
        const OWNER: u32 = 0;
        const GROUP: u32 = 1;
        const OTHERS: u32 = 2;
        for mode in 0..=0o777 {
            for (keeps_owner, keeps_group) in [(true, true), (true, false), (false, true), (false, false)] {
                let new = narrowed(mode, keeps_owner, keeps_group);
                // Users who are neither the previous nor the new owner, and members of one group, both or none.
                for (in_old, in_new) in [(true, true), (true, false), (false, true), (false, false)] {
                    let in_new = if keeps_group { in_old } else { in_new };
                    let before = may(mode, if in_old { GROUP } else { OTHERS });
                    let after = may(new, if in_new { GROUP } else { OTHERS });
                    assert_eq!(after & !before, 0, "{mode:o} became {new:o}");
                    if !keeps_owner {
                        assert_eq!(after & !may(mode, OWNER), 0, "{mode:o} became {new:o} for its owner");
                    }
                }
            }
        }
    }

    #[cfg(target_os = "linux")]
    mod on_linux {
        use std::cell::{Cell, RefCell};
        use std::fs::{self, Metadata};
        use std::os::unix::fs::PermissionsExt;

        use super::*;
        use crate::platform;
        use crate::platform::create_private;
        use crate::progress::Progress;

        /// A file system that refuses some steps, each with a code, and may show the same mode for every file.
        #[derive(Default)]
        struct Refusing {
            read_list: Option<i32>,
            has_list: bool,
            set_list: Option<i32>,
            set_mode: Option<i32>,
            shown_mode: Option<u32>,
            modes: RefCell<Vec<u32>>,
            lists: Cell<u32>,
        }

        fn unless(code: Option<i32>) -> io::Result<()> {
            code.map_or(Ok(()), |code| Err(io::Error::from_raw_os_error(code)))
        }

        impl System for Refusing {
            fn ownership(&self, metadata: &Metadata) -> Option<Ownership> {
                let mut ownership = platform::ownership(metadata)?;
                ownership.mode = self.shown_mode.unwrap_or(ownership.mode);
                Some(ownership)
            }

            fn access_list(&self, path: &Path) -> io::Result<AccessList> {
                unless(self.read_list)?;
                if self.has_list { Ok(AccessList::of_two_users()) } else { platform::access_list(path) }
            }

            fn set_access_list(&self, _: &File, _: &Path, list: Option<&AccessList>) -> io::Result<()> {
                assert_eq!(list, Some(&AccessList::of_two_users()));
                self.lists.set(self.lists.get() + 1);
                unless(self.set_list)
            }

            fn set_mode(&self, file: &File, mode: u32) -> io::Result<()> {
                self.modes.borrow_mut().push(mode);
                unless(self.set_mode)?;
                platform::set_mode(file, mode)
            }
        }

        /// The mode of a file that replaces one of mode 640, or the code of the error.
        fn replace(system: &Refusing) -> Result<u32, Option<i32>> {
            let directory = tempfile::tempdir().expect("a directory");
            let (old, new) = (directory.path().join("old"), directory.path().join("new"));
            fs::write(&old, "").expect("a file");
            fs::set_permissions(&old, fs::Permissions::from_mode(0o4640)).expect("a mode");
            let file = create_private(&new).expect("a file");
            let progress = Progress::default();
            match keep_rights(&SystemCalls { system, progress: &progress }, &file, &new, &old) {
                Ok(()) => Ok(file.metadata().expect("metadata").permissions().mode() & 0o7777),
                Err(StepFailure::System(error)) => Err(error.raw_os_error()),
                Err(StepFailure::Cancelled) => panic!("nobody cancelled"),
            }
        }

        #[test]
        fn the_permissions_are_kept_but_not_the_other_mode_bits() {
            assert_eq!(replace(&Refusing::default()), Ok(0o640));
        }

        #[test]
        fn a_mode_that_cannot_be_changed_is_accepted_unless_the_error_is_serious() {
            for code in [libc::EPERM, libc::ENOTSUP, libc::ENOSYS, libc::EINVAL, libc::EROFS] {
                let refusing = Refusing { set_mode: Some(code), ..Refusing::default() };
                assert_eq!(replace(&refusing), Ok(0o600), "{code}");
            }
            for code in [libc::EIO, libc::ENOSPC, libc::EDQUOT] {
                let failing = Refusing { set_mode: Some(code), ..Refusing::default() };
                assert_eq!(replace(&failing), Err(Some(code)));
            }
        }

        #[test]
        fn a_mode_that_is_right_is_not_set() {
            let refusing =
                Refusing { set_mode: Some(libc::EIO), shown_mode: Some(0o755), ..Refusing::default() };
            assert!(replace(&refusing).is_ok());
            assert!(refusing.modes.borrow().is_empty());
        }

        #[test]
        fn a_mode_that_lets_in_others_is_an_error_if_it_cannot_be_narrowed() {
            for (code, told) in [(Some(libc::EPERM), Some(libc::EPERM)), (None, None)] {
                // The list cannot be read, so only the owner may have rights, but every file shows mode 755.
                let refusing = Refusing {
                    read_list: Some(libc::EACCES),
                    set_mode: code,
                    shown_mode: Some(0o755),
                    ..Refusing::default()
                };
                assert_eq!(replace(&refusing), Err(told));
            }
        }

        #[test]
        fn a_list_that_cannot_be_read_or_set_leaves_rights_to_the_owner_only() {
            for (read_list, set_list) in [(Some(libc::EPERM), None), (None, Some(libc::EPERM))] {
                let refusing = Refusing { has_list: true, read_list, set_list, ..Refusing::default() };
                assert_eq!(replace(&refusing), Ok(0o600));
            }
            for (read_list, set_list) in [(Some(libc::EIO), None), (None, Some(libc::EIO))] {
                let failing = Refusing { has_list: true, read_list, set_list, ..Refusing::default() };
                assert_eq!(replace(&failing), Err(Some(libc::EIO)));
            }
        }

        #[test]
        fn a_list_is_kept_with_the_mode() {
            let system = Refusing { has_list: true, ..Refusing::default() };
            assert_eq!(replace(&system), Ok(0o640));
            assert_eq!(system.lists.get(), 1);
        }

        #[test]
        fn a_file_system_without_lists_keeps_the_mode() {
            for code in [libc::ENOTSUP, libc::ENOSYS, libc::EINVAL, libc::ENODATA] {
                let refusing = Refusing { read_list: Some(code), ..Refusing::default() };
                assert_eq!(replace(&refusing), Ok(0o640), "{code}");
            }
        }
    }
}
