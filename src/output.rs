//! Where an export goes: a file that appears whole or not at all (spec §6), or standard output.
//!
//! A file is written to a hidden sibling of its target, held under an exclusive lock, and renamed over the target once it
//! is synced. Whatever goes wrong, the target stays as it was and the sibling goes; after a kill the next export to the
//! same target finds the sibling unlocked and removes it.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use tempfile::TempPath;

use crate::error::{Error, Result};
use crate::log_files::is_telemetry_file_name;
use crate::progress::Progress;
use crate::writer::Writer;

const TEMPORARY_SUFFIX: &str = ".coder-export.tmp";
const RANDOM_DIGITS: usize = 16;
/// File systems commonly take names of 255 bytes.
const NAME_LIMIT: usize = 255;
/// Links followed before a target counts as a loop, as on Linux.
const LINKS_AT_MOST: usize = 40;
/// Where files cannot be locked, a leftover of this age has no owner any more.
const ABANDONED_AFTER: Duration = Duration::from_secs(24 * 60 * 60);
/// How long a rename that a virus scanner holds up is tried again.
const RENAME_PATIENCE: Duration = Duration::from_secs(10);
const RENAME_PAUSE: Duration = Duration::from_millis(50);

/// A file to write an export to, checked before anything is read.
#[derive(Debug)]
pub(crate) struct Target {
    /// As the caller gave it, for messages.
    given: PathBuf,
    /// Absolute, symlinks of the file itself followed.
    path: PathBuf,
    overwrite: bool,
}

impl Target {
    /// Checks that an export can go to `path`.
    pub(crate) fn check(path: &Path, telemetry_directory: &Path, overwrite: bool) -> Result<Self> {
        let failed = |cause| Error::output(path, cause);
        if path
            .as_os_str()
            .as_encoded_bytes()
            .last()
            .is_none_or(|&byte| std::path::is_separator(char::from(byte)))
        {
            return Err(failed(io::Error::other("it names no file")));
        }
        let resolved = follow_links(path).map_err(failed)?;
        let Some(name) = resolved.file_name() else {
            return Err(failed(io::Error::other("it names no file")));
        };
        match fs::metadata(&resolved) {
            Ok(_) if !overwrite => return Err(failed(already_exists())),
            Ok(metadata) if !metadata.is_file() => {
                return Err(failed(io::Error::other("it exists and is no regular file")));
            }
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(failed(error)),
        }
        if is_telemetry_file_name(name.as_encoded_bytes())
            && is_same_folder(folder(&resolved), telemetry_directory)
        {
            let reason =
                "it is a telemetry file's name inside the telemetry directory; choose another name or folder";
            return Err(failed(io::Error::other(reason)));
        }
        Ok(Self { given: path.to_path_buf(), path: resolved, overwrite })
    }

    /// Creates the temporary sibling that becomes the target.
    pub(crate) fn begin(self) -> Result<Draft> {
        remove_leftovers(&self.path);
        let (file, temporary) =
            create_temporary(&self.path).map_err(|cause| Error::output(&self.given, cause))?;
        Ok(Draft { file, temporary, target: self })
    }

    fn failed(&self, cause: io::Error) -> Error {
        Error::output(&self.given, cause)
    }
}

/// The temporary sibling of a target. Removed when dropped.
#[derive(Debug)]
pub(crate) struct Draft {
    file: File,
    temporary: TempPath,
    target: Target,
}

impl Draft {
    /// A writer that fills the draft.
    pub(crate) fn writer<'p>(&self, progress: &'p Progress) -> Result<Writer<'p>> {
        let file = self.file.try_clone().map_err(|cause| self.target.failed(cause))?;
        Writer::to_file(&self.target.given, file, progress)
    }

    /// Syncs the draft and renames it over its target.
    pub(crate) fn publish(self, progress: &Progress) -> Result<()> {
        let Self { file, temporary, target } = self;
        let failed = |cause| target.failed(cause);
        if let Ok(existing) = fs::metadata(&target.path) {
            keep_mode(&file, &existing).map_err(failed)?;
        }
        file.sync_all().map_err(failed)?;
        progress.check()?;
        if target.overwrite {
            let mut pending = Some(temporary);
            let rename = || {
                let Some(temporary) = pending.take() else { return Ok(()) };
                temporary.persist(&target.path).map_err(|refused| {
                    pending = Some(refused.path);
                    refused.error
                })
            };
            retry_rename(rename, is_held_up, progress, RENAME_PATIENCE)?.map_err(failed)?;
        } else {
            temporary.persist_noclobber(&target.path).map_err(|refused| failed(refused.error))?;
        }
        drop(file);
        sync_folder(folder(&target.path));
        Ok(())
    }
}

/// Runs `rename` until it succeeds or fails for good: while `is_transient`, for as long as `patience`.
/// The outer result is an abort, the inner one the rename's.
fn retry_rename(
    mut rename: impl FnMut() -> io::Result<()>,
    is_transient: impl Fn(&io::Error) -> bool,
    progress: &Progress,
    patience: Duration,
) -> Result<io::Result<()>> {
    let begun = Instant::now();
    loop {
        match rename() {
            Err(error) if is_transient(&error) && begun.elapsed() < patience => {
                progress.check()?;
                thread::sleep(RENAME_PAUSE.min(patience));
            }
            outcome => return Ok(outcome),
        }
    }
}

/// Whether a scanner or an indexer holds the file open for a moment.
#[cfg(windows)]
fn is_held_up(error: &io::Error) -> bool {
    const ERROR_ACCESS_DENIED: i32 = 5;
    const ERROR_SHARING_VIOLATION: i32 = 32;
    matches!(error.raw_os_error(), Some(ERROR_ACCESS_DENIED | ERROR_SHARING_VIOLATION))
}

#[cfg(not(windows))]
fn is_held_up(_error: &io::Error) -> bool {
    false
}

fn already_exists() -> io::Error {
    #[cfg(unix)]
    return io::Error::from_raw_os_error(libc::EEXIST);
    #[cfg(not(unix))]
    {
        const ERROR_FILE_EXISTS: i32 = 80;
        io::Error::from_raw_os_error(ERROR_FILE_EXISTS)
    }
}

/// The absolute path that `path` leads to when it is a symlink, which may lead to a file that does not exist yet.
fn follow_links(path: &Path) -> io::Result<PathBuf> {
    let mut path = std::path::absolute(path)?;
    for _ in 0..LINKS_AT_MOST {
        match fs::read_link(&path) {
            Ok(link) => path = folder(&path).join(link),
            Err(_) => return Ok(path),
        }
    }
    #[cfg(unix)]
    return Err(io::Error::from_raw_os_error(libc::ELOOP));
    #[cfg(not(unix))]
    Err(io::Error::other("too many symbolic links"))
}

fn folder(path: &Path) -> &Path {
    path.parent().unwrap_or(path)
}

fn is_same_folder(one: &Path, other: &Path) -> bool {
    match (fs::canonicalize(one), fs::canonicalize(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

/// `.{name}.`, which all temporaries of a target begin with.
fn temporary_prefix(target: &Path) -> String {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let room = NAME_LIMIT - TEMPORARY_SUFFIX.len() - RANDOM_DIGITS - "..".len();
    let cut = (0..=room.min(name.len())).rev().find(|&at| name.is_char_boundary(at)).unwrap_or(0);
    format!(".{}.", &name[..cut])
}

fn create_temporary(target: &Path) -> io::Result<(File, TempPath)> {
    let prefix = temporary_prefix(target);
    loop {
        let random = RandomState::new().build_hasher().finish();
        let path = folder(target).join(format!("{prefix}{random:016x}{TEMPORARY_SUFFIX}"));
        let file = match private_file().open(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
            outcome => outcome?,
        };
        let temporary = TempPath::try_from_path(&path)?;
        match file.try_lock() {
            Err(TryLockError::Error(error)) if !cannot_lock(&error) => return Err(error),
            Err(TryLockError::WouldBlock) => continue,
            Ok(()) | Err(TryLockError::Error(_)) => {}
        }
        // Another export may have taken it for a leftover in the moment before it was locked.
        if is_still_at(&file, &path) {
            return Ok((file, temporary));
        }
    }
}

fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Whether the file system has no locks, as some network ones.
fn cannot_lock(error: &io::Error) -> bool {
    if error.kind() == io::ErrorKind::Unsupported {
        return true;
    }
    #[cfg(unix)]
    return matches!(error.raw_os_error(), Some(libc::ENOLCK | libc::ENOSYS | libc::EINVAL));
    #[cfg(not(unix))]
    false
}

#[cfg(unix)]
fn is_still_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), fs::symlink_metadata(path)) {
        (Ok(open), Ok(found)) => (open.dev(), open.ino()) == (found.dev(), found.ino()),
        _ => false,
    }
}

/// An open file cannot be removed from under its owner.
#[cfg(not(unix))]
fn is_still_at(_file: &File, path: &Path) -> bool {
    path.exists()
}

/// Removes the temporaries that exports to `target` left behind when they were killed. What cannot be looked at stays.
fn remove_leftovers(target: &Path) {
    let prefix = temporary_prefix(target);
    let Ok(entries) = fs::read_dir(folder(target)) else { return };
    for entry in entries.flatten() {
        if is_temporary_name(&entry.file_name(), &prefix) {
            remove_if_abandoned(&entry.path());
        }
    }
}

fn is_temporary_name(name: &OsStr, prefix: &str) -> bool {
    let random = name
        .to_str()
        .and_then(|name| name.strip_prefix(prefix))
        .and_then(|rest| rest.strip_suffix(TEMPORARY_SUFFIX));
    random.is_some_and(|random| {
        random.len() == RANDOM_DIGITS && random.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    })
}

fn remove_if_abandoned(path: &Path) {
    // A symlink or a folder of such a name is not ours.
    if !fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_file()) {
        return;
    }
    let Ok(file) = OpenOptions::new().write(true).open(path) else { return };
    let abandoned = match file.try_lock() {
        Ok(()) => is_still_at(&file, path),
        Err(TryLockError::WouldBlock) => false,
        Err(TryLockError::Error(error)) => cannot_lock(&error) && is_older_than(&file, ABANDONED_AFTER),
    };
    if abandoned {
        // Not ours to report: it is in nobody's way, and the next export tries again.
        let _ = fs::remove_file(path);
    }
}

fn is_older_than(file: &File, age: Duration) -> bool {
    let modified = file.metadata().and_then(|metadata| metadata.modified());
    modified.is_ok_and(|modified| SystemTime::now().duration_since(modified).is_ok_and(|since| since > age))
}

#[cfg(unix)]
fn keep_mode(file: &File, existing: &fs::Metadata) -> io::Result<()> {
    file.set_permissions(existing.permissions())
}

#[cfg(not(unix))]
fn keep_mode(_file: &File, _existing: &fs::Metadata) -> io::Result<()> {
    Ok(())
}

/// Makes the rename itself durable. The file is in place whatever comes of it, so a failure is nobody's error.
#[cfg(unix)]
fn sync_folder(folder: &Path) {
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
}

#[cfg(not(unix))]
fn sync_folder(_folder: &Path) {}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused() -> io::Error {
        io::Error::from(io::ErrorKind::PermissionDenied)
    }

    #[test]
    fn a_rename_that_is_held_up_is_tried_again() {
        let mut tries = 0;
        let rename = || {
            tries += 1;
            if tries < 3 { Err(refused()) } else { Ok(()) }
        };
        let outcome = retry_rename(rename, |_| true, &Progress::default(), Duration::from_secs(60));
        assert!(outcome.expect("no abort").is_ok());
        assert_eq!(tries, 3);
    }

    #[test]
    fn a_rename_that_fails_for_good_is_not_tried_again() {
        let mut tries = 0;
        let rename = || {
            tries += 1;
            Err(refused())
        };
        let outcome = retry_rename(rename, |_| false, &Progress::default(), Duration::from_secs(60));
        assert_eq!(
            outcome.expect("no abort").expect_err("a failure").kind(),
            io::ErrorKind::PermissionDenied
        );
        assert_eq!(tries, 1);
    }

    #[test]
    fn patience_with_a_rename_ends() {
        let outcome = retry_rename(|| Err(refused()), |_| true, &Progress::default(), Duration::ZERO);
        assert!(outcome.expect("no abort").is_err());
    }

    #[test]
    fn a_rename_that_is_held_up_can_be_aborted() {
        let progress = Progress::default();
        let rename = || {
            progress.cancel();
            Err(refused())
        };
        let outcome = retry_rename(rename, |_| true, &progress, Duration::from_secs(60));
        assert_eq!(outcome.expect_err("an abort").code(), "ABORT_ERR");
    }

    #[test]
    fn the_name_of_a_temporary_fits_a_file_system_whatever_its_target_is_called() {
        for name in ["a".repeat(250), "é".repeat(125), "short.json".to_owned()] {
            let prefix = temporary_prefix(Path::new(&name));
            let whole = format!("{prefix}0123456789abcdef{TEMPORARY_SUFFIX}");
            assert!(whole.len() <= NAME_LIMIT, "{whole}");
            assert!(is_temporary_name(OsStr::new(&whole), &prefix));
        }
        assert_eq!(temporary_prefix(Path::new("/x/short.json")), ".short.json.");
    }

    #[test]
    fn only_names_of_our_own_making_are_taken_for_leftovers() {
        for other in [
            ".out.json.0123456789abcde.coder-export.tmp",
            ".out.json.0123456789abcdefg.coder-export.tmp",
            ".out.json.0123456789ABCDEF.coder-export.tmp",
            ".other.json.0123456789abcdef.coder-export.tmp",
            "out.json.0123456789abcdef.coder-export.tmp",
        ] {
            assert!(!is_temporary_name(OsStr::new(other), ".out.json."), "{other}");
        }
    }

    #[test]
    fn a_leftover_goes_and_a_temporary_that_is_held_stays() {
        let directory = tempfile::tempdir().expect("a directory");
        let target = directory.path().join("out.json");
        let leftover = directory.path().join(".out.json.0123456789abcdef.coder-export.tmp");
        fs::write(&leftover, "left behind").expect("a file");
        let (_file, held) = create_temporary(&target).expect("a temporary");
        remove_leftovers(&target);
        assert!(!leftover.exists());
        assert!(held.exists());
    }

    #[test]
    fn a_draft_that_is_dropped_leaves_nothing() {
        let directory = tempfile::tempdir().expect("a directory");
        let target = directory.path().join("out.json");
        let draft =
            Target::check(&target, Path::new("nowhere"), true).expect("a target").begin().expect("a draft");
        assert_eq!(fs::read_dir(directory.path()).expect("a listing").count(), 1);
        drop(draft);
        assert_eq!(fs::read_dir(directory.path()).expect("a listing").count(), 0);
    }
}
