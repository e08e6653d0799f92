//! The file that an export is to become: whether it may, and where it really is.

use std::fs::Metadata;
use std::path::{Path, PathBuf};

use super::system::System;
use super::system_calls::{StepFailure, StepResult, SystemCalls};
use crate::error::{Error, Result};
use crate::platform::{Step, absolute, names_folder};
use crate::read::log_files::is_telemetry_file_name;

/// Links followed before a target counts as a loop, as on Linux.
const LINKS_AT_MOST: usize = 40;
/// How often a path is followed anew because what it leads to was another file a moment ago.
const FOLLOWED_AT_MOST: usize = 3;

const NO_FILE: &str = "it names no file";
const NO_REGULAR_FILE: &str = "it exists and is no regular file";
const NO_REGULAR_FILE_BUT_STREAMS: &str =
    "it exists and is no regular file; the command line streams a JSON array with `--out -`";
const WITHOUT_NAME: &str = "it leads to an open file that cannot be found by name; the command line streams a JSON array with `--out -`";

/// A file to write an export to, checked before anything is read.
#[derive(Debug)]
pub(crate) struct Target {
    /// As the caller gave it, for messages.
    pub(super) display_path: PathBuf,
    /// Absolute, symlinks of the file itself followed, and spelled as the file system does.
    pub(super) path: PathBuf,
    pub(super) overwrite: bool,
}

impl Target {
    /// [`Target::check`] with the answers of a system.
    pub(super) fn check_on<S: System>(
        calls: &SystemCalls<'_, S>,
        path: &Path,
        telemetry_directory: &Path,
        overwrite: bool,
    ) -> Result<Self> {
        let resolved = check(calls, path, telemetry_directory, overwrite);
        let resolved = resolved.map_err(|failure| failure.of_output(path))?;
        Ok(Self { display_path: path.to_path_buf(), path: resolved, overwrite })
    }

    pub(super) fn failed(&self, failure: StepFailure) -> Error {
        failure.of_output(&self.display_path)
    }
}

/// The folder that a file is in.
pub(super) fn folder(path: &Path) -> &Path {
    path.parent().expect("a path that ends in a file's name has a folder before it")
}

/// Where an export to `path` goes, if it may.
fn check<S: System>(
    calls: &SystemCalls<'_, S>,
    path: &Path,
    telemetry_directory: &Path,
    overwrite: bool,
) -> StepResult<PathBuf> {
    let system = calls.system;
    let resolved = resolve(calls, path, overwrite)?;
    let name = file_name(&resolved).ok_or_else(|| StepFailure::because(NO_FILE))?;
    if names_telemetry_file(system, name) {
        let same = || system.is_same_folder(folder(&resolved), telemetry_directory);
        if calls.look_up(same)? == Some(true) {
            return Err(StepFailure::because(
                "it is a telemetry file's name inside the telemetry directory; choose another name or folder",
            ));
        }
    }
    if let Some(existing) = calls.look_up(|| system.metadata(&resolved))? {
        check_existing(system, &existing, overwrite)?;
    }
    Ok(resolved)
}

/// Whether what exists may be replaced.
fn check_existing(system: &impl System, existing: &Metadata, overwrite: bool) -> StepResult<()> {
    if !overwrite {
        Err(system.facts().already_exists().into())
    } else if existing.is_dir() {
        Err(StepFailure::because(NO_REGULAR_FILE))
    } else if !existing.is_file() {
        Err(StepFailure::because(NO_REGULAR_FILE_BUT_STREAMS))
    } else {
        Ok(())
    }
}

/// The absolute path of the file that the system means by `path`, which may lead to a file that does not exist yet.
fn resolve<S: System>(calls: &SystemCalls<'_, S>, path: &Path, overwrite: bool) -> StepResult<PathBuf> {
    let system = calls.system;
    file_name(path).ok_or_else(|| StepFailure::because(NO_FILE))?;
    let absolute = calls.run(Step::LookUp, || absolute(path))?;
    for _ in 0..FOLLOWED_AT_MOST {
        let (followed, links) = follow_links(calls, &absolute)?;
        // Before the system has its own spelling of it, which may lack what makes it no file's name.
        if file_name(&followed).is_none_or(|name| is_no_name(system, name)) {
            return Err(StepFailure::because(NO_FILE));
        }
        if links == 0 {
            return Ok(system.real_path(&followed));
        }
        // Some links of /proc lead to what their text does not name. There the system's own answer is another one.
        let meant = calls.look_up(|| system.metadata(&absolute))?;
        if let Some(existing) = &meant {
            check_existing(system, existing, overwrite)?;
        }
        let named = calls.look_up(|| system.link_metadata(&followed))?;
        let identity = |metadata| system.identity(metadata);
        if meant.as_ref().map(identity) == named.as_ref().map(identity) {
            return Ok(system.real_path(&followed));
        }
    }
    Err(StepFailure::because(WITHOUT_NAME))
}

/// Follows a symlink to a symlink and so on. Returns how many there were.
fn follow_links<S: System>(calls: &SystemCalls<'_, S>, path: &Path) -> StepResult<(PathBuf, usize)> {
    let mut path = path.to_path_buf();
    for links in 0..=LINKS_AT_MOST {
        // The system follows what ends like a folder by itself; it is no file's name.
        let is_file_name = file_name(&path).is_some();
        let link = if is_file_name {
            calls.run_if_possible(Step::ReadLink, || calls.system.read_link(&path))?
        } else {
            None
        };
        match link {
            Some(link) => path = folder(&path).join(link),
            None => return Ok((path, links)),
        }
    }
    Err(calls.system.facts().too_many_links().into())
}

/// The last part of a path, unless that is a folder's.
fn file_name(path: &Path) -> Option<&[u8]> {
    if names_folder(path) { None } else { path.file_name().map(std::ffi::OsStr::as_encoded_bytes) }
}

fn is_no_name(system: &impl System, name: &[u8]) -> bool {
    name.iter().any(|byte| system.facts().not_in_names.contains(byte))
}

fn names_telemetry_file(system: &impl System, name: &[u8]) -> bool {
    if system.facts().ignores_case {
        // By way of capitals, because a long s has one and is no capital itself.
        let folded = String::from_utf8_lossy(name).to_uppercase().to_lowercase();
        is_telemetry_file_name(folded.as_bytes())
    } else {
        is_telemetry_file_name(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    use crate::platform::{Facts, WINDOWS};
    use crate::progress::Progress;
    use crate::write::system::ThisSystem;

    const TELEMETRY: &str = "telemetry-2026-06-01-a.jsonl";

    /// Windows, where files have short names, too, and the system's spelling of a path leaves streams out.
    struct Windows;

    impl System for Windows {
        fn facts(&self) -> &Facts {
            &WINDOWS
        }

        fn real_path(&self, path: &Path) -> PathBuf {
            match path.file_name().and_then(|name| name.to_str()) {
                Some("TELEME~1.JSO") => path.with_file_name(TELEMETRY),
                Some("out.json::$DATA") => path.with_file_name("out.json"),
                _ => path.to_path_buf(),
            }
        }
    }

    fn check(
        system: &impl System,
        path: &Path,
        telemetry_directory: &Path,
        overwrite: bool,
    ) -> Result<Target> {
        let progress = Progress::default();
        Target::check_on(&SystemCalls { system, progress: &progress }, path, telemetry_directory, overwrite)
    }

    /// Whether a file of this name may be written to the telemetry directory, which holds one file.
    fn may_be_target(system: &impl System, name: &str) -> bool {
        let directory = tempfile::tempdir().expect("a directory");
        fs::write(directory.path().join(TELEMETRY), "precious").expect("a file");
        check(system, &directory.path().join(name), directory.path(), true).is_ok()
    }

    #[test]
    fn a_telemetry_file_is_no_target_in_any_case_where_case_does_not_tell_files_apart() {
        for name in [TELEMETRY, "TELEMETRY-2026-06-01-A.JSONL", "Telemetry-2026-06-01-new.2.j\u{17f}onl"] {
            assert!(!may_be_target(&Windows, name), "{name}");
        }
        assert!(may_be_target(&Windows, "telemetry-2026-06-31-a.jsonl"));
    }

    #[test]
    #[cfg(all(unix, not(target_os = "macos")))]
    fn a_name_in_another_case_is_another_file_where_case_tells_files_apart() {
        assert!(!may_be_target(&ThisSystem, TELEMETRY));
        assert!(may_be_target(&ThisSystem, "TELEMETRY-2026-06-01-A.JSONL"));
    }

    #[test]
    fn a_telemetry_file_is_no_target_by_its_short_name() {
        assert!(!may_be_target(&Windows, "TELEME~1.JSO"));
    }

    #[test]
    fn a_stream_inside_a_file_is_no_target_on_windows() {
        for name in ["out.json:stream", "out.json::$DATA"] {
            let error = check(&Windows, Path::new(name), Path::new("nowhere"), true).expect_err("no file");
            assert!(error.to_string().ends_with("it names no file"), "{error}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_colon_may_be_in_a_name_on_unix() {
        assert!(may_be_target(&ThisSystem, "10:30.json"));
    }

    #[test]
    fn a_file_that_may_not_be_replaced_is_refused_with_the_code_of_one_that_exists() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let error =
            check(&ThisSystem, file.path(), Path::new("nowhere"), false).expect_err("a file that exists");
        assert_eq!(error.os_code().as_deref(), Some("EEXIST"));
    }

    #[cfg(unix)]
    mod on_unix {
        use std::io;
        use std::os::unix::fs::symlink;

        use super::*;

        /// A system on which links cannot be read, each time with a code.
        struct Unreadable(i32);

        impl System for Unreadable {
            fn read_link(&self, _path: &Path) -> io::Result<PathBuf> {
                Err(io::Error::from_raw_os_error(self.0))
            }
        }

        #[test]
        fn a_link_that_cannot_be_read_is_not_taken_for_a_file() {
            for (code, name) in [(libc::EIO, "EIO"), (libc::EACCES, "EACCES"), (libc::ENOMEM, "ENOMEM")] {
                let error = check(&Unreadable(code), Path::new("link"), Path::new("nowhere"), true);
                assert_eq!(error.expect_err("an error").os_code().as_deref(), Some(name));
            }
            assert!(check(&Unreadable(libc::ESTALE), Path::new("link"), Path::new("nowhere"), true).is_err());
            for code in [libc::EINVAL, libc::ENOENT] {
                assert!(check(&Unreadable(code), Path::new("file"), Path::new("nowhere"), true).is_ok());
            }
        }

        #[test]
        fn a_path_that_ends_like_a_folder_is_no_file_nor_is_a_link_to_one() {
            let directory = tempfile::tempdir().expect("a directory");
            let path = |name: &str| directory.path().join(name);
            fs::write(path("file"), "").expect("a file");
            for (at, leads_to) in [("slash", "file/"), ("dot", "file/."), ("dots", "file/.."), ("here", ".")]
            {
                symlink(leads_to, path(at)).expect("a link");
            }
            for name in ["file/", "file/.", "file/..", ".", "..", "slash", "dot", "dots", "here", "new/."] {
                let error = check(&ThisSystem, &path(name), Path::new("nowhere"), true).expect_err(name);
                assert!(error.to_string().ends_with(NO_FILE), "{name}: {error}");
            }
        }

        #[test]
        fn a_folder_that_cannot_be_looked_up_is_not_taken_for_another_one() {
            struct Failing;
            impl System for Failing {
                fn is_same_folder(&self, _one: &Path, _other: &Path) -> io::Result<bool> {
                    Err(io::Error::from_raw_os_error(libc::EIO))
                }
            }
            assert!(!may_be_target(&Failing, "telemetry-2026-06-09-new.jsonl"));
            assert!(may_be_target(&Failing, "out.json"));
        }
    }
}
