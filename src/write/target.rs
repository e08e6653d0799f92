//! The file that an export writes to: checks whether it may, and finds where the file really
//! is (specification, Output path).

use std::fs::Metadata;
use std::path::{Path, PathBuf};

use super::system::{System, ThisSystem};
use super::system_calls::{StepFailure, StepResult, SystemCalls};
use crate::error::{Error, Result};
use crate::platform::{Step, absolute_file, names_folder};
use crate::progress::Progress;
use crate::read::log_files::is_telemetry_file_name;

/// Links followed before a target counts as a loop, as on Linux.
const LINKS_AT_MOST: usize = 40;
/// How often a path is followed, because what it leads to may change meanwhile.
const FOLLOWED_AT_MOST: usize = 3;

const NO_FILE: &str = "it names no file";
const NO_REGULAR_FILE: &str = "it exists and is no regular file";
const NO_REGULAR_FILE_BUT_STREAMS: &str =
    "it exists and is no regular file; the command line streams a JSON array with `--out -`";
const WITHOUT_NAME: &str = "it leads to an open file that cannot be found by name; the command line streams a JSON array with `--out -`";

/// A file to write an export to, checked before anything is read.
#[derive(Debug)]
pub(crate) struct Target {
    /// The path as the caller gave it, for messages.
    pub(super) display_path: PathBuf,
    /// The absolute path, spelled as the file system does, after following symlinks of the file itself.
    pub(super) path: PathBuf,
    pub(super) overwrite: bool,
}

impl Target {
    /// Checks that an export can go to `path`.
    pub(crate) fn check(
        path: &Path,
        telemetry_directory: &Path,
        overwrite: bool,
        progress: &Progress,
    ) -> Result<Self> {
        let calls = SystemCalls { system: &ThisSystem, progress };
        Self::check_on(&calls, path, telemetry_directory, overwrite)
    }

    /// Like [`Target::check`], with other system calls.
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

/// The path that an export to `path` writes to, if it may.
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
    if let Some(existing) = calls.look_up(|| system.status(&resolved))? {
        check_existing(system, &existing.metadata, overwrite)?;
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
        check_not_read_only(system, existing)
    }
}

/// Whether the system lets us replace what exists, as far as its metadata says.
pub(super) fn check_not_read_only(system: &impl System, existing: &Metadata) -> StepResult<()> {
    if system.facts().protects_read_only_files && existing.permissions().readonly() {
        Err(StepFailure::because("it is read-only"))
    } else {
        Ok(())
    }
}

/// The absolute path of the file that the system means by `path`, which may lead to a file that does not exist yet.
fn resolve<S: System>(calls: &SystemCalls<'_, S>, path: &Path, overwrite: bool) -> StepResult<PathBuf> {
    let system = calls.system;
    check_names_file(system, path)?;
    let absolute = calls.run(Step::LookUp, || absolute_file(path))?;
    for _ in 0..FOLLOWED_AT_MOST {
        let (followed, links) = follow_links(calls, &absolute)?;
        // Checked before the system spells the path, since its spelling may lack the part that we refuse.
        check_names_file(system, &followed)?;
        if links == 0 {
            return Ok(system.real_path(&followed));
        }
        // Some links of /proc lead to another file than their text says. Only the system knows which.
        let meant = calls.look_up(|| system.status(&absolute))?;
        if let Some(existing) = &meant {
            check_existing(system, &existing.metadata, overwrite)?;
        }
        let named = calls.look_up(|| system.link_status(&followed))?;
        if meant.map(|found| found.identity) == named.map(|found| found.identity) {
            return Ok(system.real_path(&followed));
        }
    }
    Err(StepFailure::because(WITHOUT_NAME))
}

/// Follows a chain of symlinks. Returns the path at its end, and how many links there were.
fn follow_links<S: System>(calls: &SystemCalls<'_, S>, path: &Path) -> StepResult<(PathBuf, usize)> {
    let mut path = path.to_path_buf();
    for links in 0..=LINKS_AT_MOST {
        // A path that ends like a folder is not a file's name, and the system follows its links itself.
        let is_file_name = file_name(&path).is_some();
        let link = if is_file_name {
            calls.run_if_possible(Step::ReadLink, || calls.system.read_link(&path))?
        } else {
            None
        };
        match link {
            // If the folder is missing, a file must not take its place.
            Some(_) if calls.run(Step::LookUp, || calls.system.is_folder_link(&path))? => {
                return Err(StepFailure::because(NO_REGULAR_FILE));
            }
            Some(text) => path = calls.system.link_target(&path, &text),
            None => return Ok((path, links)),
        }
    }
    Err(calls.system.facts().too_many_links().into())
}

/// The last part of a path, unless it names a folder.
fn file_name(path: &Path) -> Option<&[u8]> {
    if names_folder(path) { None } else { path.file_name().map(std::ffi::OsStr::as_encoded_bytes) }
}

/// Whether the text of a path can be a file's.
fn check_names_file(system: &impl System, path: &Path) -> StepResult<()> {
    let text = path.as_os_str().as_encoded_bytes();
    let names_none = || file_name(path).is_none().then_some(NO_FILE);
    (system.facts().why_no_file)(text)
        .or_else(names_none)
        .map_or(Ok(()), |why| Err(StepFailure::because(why)))
}

fn names_telemetry_file(system: &impl System, name: &[u8]) -> bool {
    if system.facts().ignores_case {
        // Upper case first: the lower-case long s becomes S and then s, as Windows compares it.
        let folded = String::from_utf8_lossy(name).to_uppercase().to_lowercase();
        is_telemetry_file_name(folded.as_bytes())
    } else {
        is_telemetry_file_name(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs, io};

    use crate::platform::{Facts, WINDOWS};
    use crate::progress::Progress;
    use crate::write::system::ThisSystem;

    const TELEMETRY: &str = "telemetry-2026-06-01-a.jsonl";

    /// Windows, where a file can have a short name, too, and where the system spells paths without streams.
    struct Windows;

    impl System for Windows {
        fn facts(&self) -> &Facts {
            &WINDOWS
        }

        /// ERROR_NOT_A_REPARSE_POINT: these tests have no links.
        fn read_link(&self, _path: &Path) -> io::Result<PathBuf> {
            Err(io::Error::from_raw_os_error(4390))
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

    /// Windows with one link, named `link`.
    struct Link {
        text: &'static str,
        is_for_folders: bool,
    }

    fn link_to(text: &'static str) -> Link {
        Link { text, is_for_folders: false }
    }

    impl System for Link {
        fn facts(&self) -> &Facts {
            &WINDOWS
        }

        fn read_link(&self, path: &Path) -> io::Result<PathBuf> {
            // ERROR_NOT_A_REPARSE_POINT.
            let no_link = || io::Error::from_raw_os_error(4390);
            path.ends_with("link").then(|| PathBuf::from(self.text)).ok_or_else(no_link)
        }

        fn is_folder_link(&self, _path: &Path) -> io::Result<bool> {
            Ok(self.is_for_folders)
        }
    }

    /// Whether an export may write a file of this name to the telemetry directory, which has one file.
    fn may_be_target(system: &impl System, name: &str) -> bool {
        let directory = tempfile::tempdir().expect("a directory");
        fs::write(directory.path().join(TELEMETRY), "precious").expect("a file");
        check(system, &directory.path().join(name), directory.path(), true).is_ok()
    }

    #[test]
    fn a_telemetry_file_is_no_target_in_upper_or_lower_case_if_the_system_ignores_case() {
        for name in [TELEMETRY, "TELEMETRY-2026-06-01-A.JSONL", "Telemetry-2026-06-01-new.2.j\u{17f}onl"] {
            assert!(!may_be_target(&Windows, name), "{name}");
        }
        assert!(may_be_target(&Windows, "telemetry-2026-06-31-a.jsonl"));
    }

    #[test]
    #[cfg(all(unix, not(target_os = "macos")))]
    fn a_name_in_another_case_is_another_file_if_the_system_does_not_ignore_case() {
        assert!(!may_be_target(&ThisSystem, TELEMETRY));
        assert!(may_be_target(&ThisSystem, "TELEMETRY-2026-06-01-A.JSONL"));
    }

    #[test]
    fn a_telemetry_file_is_no_target_by_its_short_name() {
        assert!(!may_be_target(&Windows, "TELEME~1.JSO"));
    }

    /// Names that Windows takes for something else, and a word of the reason for refusing each.
    const NO_FILES: [(&str, &str); 7] = [
        ("out.json:stream", "stream"),
        ("out.json::$DATA", "stream"),
        ("NUL", "`--out -`"),
        ("NUL.json", "device"),
        ("out.json.", "dot"),
        ("telemetry-2026-06-01-a.jsonl ", "blank"),
        ("out?.json", "characters"),
    ];

    #[test]
    fn a_name_that_windows_takes_for_something_else_is_no_target_on_windows() {
        for (name, word) in NO_FILES {
            let error = check(&Windows, Path::new(name), Path::new("nowhere"), true).expect_err(name);
            assert!(error.to_string().contains(word), "{error}");
            assert_eq!(error.os_code(), None);
        }
    }

    #[test]
    fn a_link_to_such_a_name_is_no_target_on_windows() {
        for (text, word) in NO_FILES {
            let error = check(&link_to(text), Path::new("link"), Path::new("nowhere"), true).expect_err(text);
            assert!(error.to_string().contains(word), "{error}");
        }
        let directory = tempfile::tempdir().expect("a directory");
        let link = directory.path().join("link");
        check(&link_to("out.json"), &link, Path::new("nowhere"), true).expect("a target");
        let in_other_case = "TELEMETRY-2026-06-01-new.jsonl";
        check(&link_to(in_other_case), &link, directory.path(), true).expect_err("a telemetry file");
    }

    #[test]
    fn a_link_for_folders_is_no_target_even_if_it_leads_to_nothing() {
        let directory = tempfile::tempdir().expect("a directory");
        let link = directory.path().join("link");
        let junction = Link { is_for_folders: true, ..link_to("missing") };
        for overwrite in [true, false] {
            let error = check(&junction, &link, Path::new("nowhere"), overwrite).expect_err("no file");
            assert!(error.to_string().ends_with(NO_REGULAR_FILE), "{error}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_colon_may_be_in_a_name_on_unix() {
        assert!(may_be_target(&ThisSystem, "10:30.json"));
    }

    #[test]
    fn a_read_only_file_is_no_target_if_the_system_protects_it() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let mut permissions = file.as_file().metadata().expect("metadata").permissions();
        permissions.set_readonly(true);
        fs::set_permissions(file.path(), permissions).expect("a read-only file");
        let error = check(&Windows, file.path(), Path::new("nowhere"), true).expect_err("a read-only file");
        assert!(error.to_string().ends_with("it is read-only"), "{error}");
        let taken =
            check(&Windows, file.path(), Path::new("nowhere"), false).expect_err("a file that exists");
        assert_eq!(taken.code(), "ERR_OUTPUT");
        assert!(!taken.to_string().ends_with("it is read-only"), "{taken}");
        #[cfg(unix)]
        assert!(check(&ThisSystem, file.path(), Path::new("nowhere"), true).is_ok());
    }

    #[test]
    fn a_file_that_may_not_be_replaced_is_refused_with_eexist() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let error =
            check(&ThisSystem, file.path(), Path::new("nowhere"), false).expect_err("a file that exists");
        assert_eq!(error.os_code().as_deref(), Some("EEXIST"));
    }

    #[cfg(unix)]
    mod on_unix {
        use std::os::unix::fs::symlink;

        use super::*;

        /// A system that cannot read links and returns this code.
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
