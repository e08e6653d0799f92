//! The file that an export is to become: whether it may, and where it really is.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::system::System;
use crate::error::{Error, Result};
use crate::log_files::is_telemetry_file_name;

/// Links followed before a target counts as a loop, as on Linux.
const LINKS_AT_MOST: usize = 40;

/// A file to write an export to, checked before anything is read.
#[derive(Debug)]
pub(crate) struct Target {
    /// As the caller gave it, for messages.
    pub(super) given: PathBuf,
    /// Absolute, symlinks of the file itself followed, and spelled as the file system does.
    pub(super) path: PathBuf,
    pub(super) overwrite: bool,
}

impl Target {
    /// [`Target::check`] with the answers of `system`.
    pub(super) fn check_on(
        system: &impl System,
        path: &Path,
        telemetry_directory: &Path,
        overwrite: bool,
    ) -> Result<Self> {
        let failed = |cause| Error::output(path, cause);
        let no_file = || failed(io::Error::other("it names no file"));
        if path
            .as_os_str()
            .as_encoded_bytes()
            .last()
            .is_none_or(|&byte| std::path::is_separator(char::from(byte)))
        {
            return Err(no_file());
        }
        let followed = follow_links(system, path).map_err(failed)?;
        // Before the system has its own spelling of it, which may lack what makes it no file's name.
        if file_name(&followed).is_none_or(|name| is_no_name(system, name)) {
            return Err(no_file());
        }
        let resolved = system.real_path(&followed);
        let name = file_name(&resolved).ok_or_else(no_file)?;
        match fs::metadata(&resolved) {
            Ok(_) if !overwrite => return Err(failed(system.facts().already_exists())),
            Ok(metadata) if !metadata.is_file() => {
                return Err(failed(io::Error::other("it exists and is no regular file")));
            }
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(failed(error)),
        }
        if names_telemetry_file(system, name) && is_same_folder(folder(&resolved), telemetry_directory) {
            let reason =
                "it is a telemetry file's name inside the telemetry directory; choose another name or folder";
            return Err(failed(io::Error::other(reason)));
        }
        Ok(Self { given: path.to_path_buf(), path: resolved, overwrite })
    }

    pub(super) fn failed(&self, cause: io::Error) -> Error {
        Error::output(&self.given, cause)
    }
}

/// The folder that a file is in.
pub(super) fn folder(path: &Path) -> &Path {
    path.parent().unwrap_or(path)
}

/// The absolute path that `path` leads to when it is a symlink, which may lead to a file that does not exist yet.
fn follow_links(system: &impl System, path: &Path) -> io::Result<PathBuf> {
    let mut path = std::path::absolute(path)?;
    for _ in 0..LINKS_AT_MOST {
        match fs::read_link(&path) {
            Ok(link) => path = folder(&path).join(link),
            Err(_) => return Ok(path),
        }
    }
    Err(system.facts().too_many_links())
}

fn file_name(path: &Path) -> Option<&[u8]> {
    path.file_name().map(std::ffi::OsStr::as_encoded_bytes)
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

fn is_same_folder(one: &Path, other: &Path) -> bool {
    match (fs::canonicalize(one), fs::canonicalize(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::system::ThisSystem;
    use crate::platform::{Facts, WINDOWS};

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

    /// Whether a file of this name may be written to the telemetry directory, which holds one file.
    fn may_be_target(system: &impl System, name: &str) -> bool {
        let directory = tempfile::tempdir().expect("a directory");
        fs::write(directory.path().join(TELEMETRY), "precious").expect("a file");
        Target::check_on(system, &directory.path().join(name), directory.path(), true).is_ok()
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
            let error =
                Target::check_on(&Windows, Path::new(name), Path::new("nowhere"), true).expect_err("no file");
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
        let error = Target::check_on(&ThisSystem, file.path(), Path::new("nowhere"), false)
            .expect_err("a file that exists");
        assert_eq!(error.os_code().as_deref(), Some("EEXIST"));
    }
}
