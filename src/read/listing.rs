//! Lists a telemetry directory: which files a range selects (specification, File selection),
//! and the order to read them in.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::ops;
use std::path::{Path, PathBuf};

use super::log_files::{LogFile, ParsedName};
use crate::error::{Error, Result, describe};
use crate::platform::retry::retry;
use crate::platform::{Facts, Step, list};
use crate::progress::Progress;
use crate::range::{Range, day_number};
use crate::sizes::index;

/// What a telemetry directory holds for a range.
#[derive(Debug, Default)]
pub struct Listing {
    /// The selected regular files. Sessions are ordered by first date and name, the files of a
    /// session as they were appended.
    pub files: Vec<LogFile>,
    /// The files of each session, as ranges of `files`.
    pub(crate) sessions: Vec<ops::Range<u32>>,
    /// Selected names that are not readable files, and why.
    pub(crate) unreadable: Vec<(String, String)>,
    /// How many selected sessions continue in a file of the day after the range.
    pub(crate) continuing: usize,
}

impl Listing {
    /// Lists `directory` and looks up the size of the files whose date is in `range` or up to
    /// `grace_days` later. No file is opened.
    ///
    /// # Errors
    /// [`Error::TelemetryDirectory`] if the directory is missing, is not a directory or cannot be listed;
    /// [`Error::System`] if the process is short of something; [`Error::Cancelled`] if the export is cancelled.
    pub fn read(directory: &Path, range: &Range, grace_days: u32, progress: &Progress) -> Result<Self> {
        // A listing that was interrupted starts again: it cannot continue where it was.
        let listed = retry(
            || progress.is_cancelled(),
            Step::List,
            || Self::read_once(directory, range, grace_days, progress),
        );
        progress.check()?;
        listed.map_err(|cause| Error::telemetry_directory(directory, cause))
    }

    fn read_once(directory: &Path, range: &Range, grace_days: u32, progress: &Progress) -> io::Result<Self> {
        let (first_day, last_day) = range.days();
        let last_read = last_day.map(|day| day + i64::from(grace_days));
        let mut listing = Self::default();
        let mut next_day_sessions = HashSet::new();
        let mut path = PathBuf::from(directory);
        path.push("name");
        for entry in list(directory)? {
            if progress.is_cancelled() {
                break;
            }
            let name = entry?.file_name();
            let Some(parsed) = ParsedName::of(name.as_encoded_bytes()) else { continue };
            let day = day_number(parsed.date);
            if last_day.is_some_and(|last| last + 1 == day) {
                next_day_sessions.insert(Box::<[u8]>::from(parsed.session));
            }
            if first_day.is_some_and(|first| day < first) || last_read.is_some_and(|last| last < day) {
                continue;
            }
            let (date, session_length) = (parsed.date, parsed.session.len());
            path.set_file_name(&name);
            match regular_file_size(&path, &name, progress)? {
                Ok((name, size)) => listing.files.push(LogFile::new(name, date, session_length, size)),
                Err(reason) => listing.unreadable.push((name.to_string_lossy().into_owned(), reason)),
            }
        }
        listing.unreadable.sort();
        listing.sort_into_sessions();
        if grace_days == 0 && !next_day_sessions.is_empty() {
            let goes_on = |files: &&ops::Range<u32>| {
                next_day_sessions.contains(listing.files[files.start as usize].session().as_bytes())
            };
            listing.continuing = listing.sessions.iter().filter(goes_on).count();
        }
        Ok(listing)
    }

    /// How many names the range selects, including those that are not readable files.
    pub fn selected(&self) -> u64 {
        (self.files.len() + self.unreadable.len()) as u64
    }

    /// Bytes in all selected files when they were listed.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(LogFile::size).sum()
    }

    fn sort_into_sessions(&mut self) {
        self.files.shrink_to_fit();
        self.files.sort_unstable_by(LogFile::compare_for_reading);
        let mut sessions: Vec<Vec<LogFile>> = Vec::new();
        for file in self.files.drain(..) {
            match sessions.last_mut() {
                Some(session) if session[0].session() == file.session() => session.push(file),
                _ => sessions.push(vec![file]),
            }
        }
        sessions.sort_by(|one, other| one[0].compare_for_summary(&other[0]));
        for session in sessions {
            let start = self.files.len();
            self.files.extend(session);
            self.sessions.push(index(start)..index(self.files.len()));
        }
    }
}

/// The name as text and the file's size, or why the file cannot be read. A symlink is followed.
///
/// # Errors
/// The process is short of something, which says nothing about the file.
fn regular_file_size(
    path: &Path,
    name: &OsStr,
    progress: &Progress,
) -> io::Result<Result<(String, u64), String>> {
    let Some(name) = name.to_str() else { return Ok(Err("its name is not UTF-8".to_owned())) };
    match retry(|| progress.is_cancelled(), Step::LookUp, || fs::metadata(path)) {
        Ok(metadata) if metadata.is_file() => Ok(Ok((name.to_owned(), metadata.len()))),
        Ok(_) => Ok(Err("it is no regular file".to_owned())),
        Err(error) if Facts::HERE.is_shortage(&error) => Err(error),
        Err(error) => Ok(Err(describe(&error))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::File;

    use crate::range::RangeInput;

    fn listing(names: &[&str], range: &str, grace_days: u32) -> Listing {
        let directory = tempfile::tempdir().expect("a directory");
        for name in names {
            File::create(directory.path().join(name)).expect("a file");
        }
        let range = RangeInput::Text(range.to_owned()).resolve(0).expect("a range");
        Listing::read(directory.path(), &range, grace_days, &Progress::default()).expect("a listing")
    }

    fn names(listing: &Listing) -> Vec<&str> {
        listing.files.iter().map(LogFile::name).collect()
    }

    #[test]
    fn sessions_are_ordered_by_first_date_and_name_and_their_files_as_they_were_appended() {
        let listing = listing(
            &[
                "telemetry-2026-06-02-b.jsonl",
                "telemetry-2026-06-01-c.10.jsonl",
                "telemetry-2026-06-01-c.9.jsonl",
                "telemetry-2026-06-01-c.jsonl",
                "telemetry-2026-06-03-a.jsonl",
                "telemetry-2026-06-02-a.99999999999999999999999.jsonl",
                "telemetry-2026-06-02-a.1.jsonl",
                "telemetry-2026-06-02-a.01.jsonl",
                "telemetry-2026-06-02-c.jsonl",
                "notes.txt",
            ],
            "allTime",
            0,
        );
        assert_eq!(
            names(&listing),
            [
                "telemetry-2026-06-01-c.jsonl",
                "telemetry-2026-06-01-c.9.jsonl",
                "telemetry-2026-06-01-c.10.jsonl",
                "telemetry-2026-06-02-c.jsonl",
                "telemetry-2026-06-02-a.01.jsonl",
                "telemetry-2026-06-02-a.1.jsonl",
                "telemetry-2026-06-02-a.99999999999999999999999.jsonl",
                "telemetry-2026-06-03-a.jsonl",
                "telemetry-2026-06-02-b.jsonl",
            ]
        );
        assert_eq!(listing.sessions, [0..4, 4..8, 8..9]);
        assert_eq!(listing.files[2].part(), 10);
        assert_eq!(listing.files[0].part(), 0);
        assert_eq!(listing.files[6].part(), u64::MAX);
    }

    #[test]
    fn files_are_selected_by_the_day_in_their_name() {
        let days = [
            "telemetry-2026-05-31-a.jsonl",
            "telemetry-2026-06-01-a.jsonl",
            "telemetry-2026-06-02-a.jsonl",
            "telemetry-2026-06-03-a.jsonl",
            "telemetry-2026-06-04-b.jsonl",
        ];
        assert_eq!(names(&listing(&days, "2026-06-01..2026-06-02", 0)), days[1..3]);
        assert_eq!(names(&listing(&days, "2026-06-01..2026-06-02", 1)), days[1..4]);
        assert_eq!(names(&listing(&days, "2026-06-01..2026-06-02", 2)), days[1..5]);
    }

    #[test]
    fn a_selected_session_that_continues_the_next_day_is_noticed_unless_grace_days_read_it() {
        let days =
            ["telemetry-2026-06-01-a.jsonl", "telemetry-2026-06-02-a.jsonl", "telemetry-2026-06-02-b.jsonl"];
        assert_eq!(listing(&days, "2026-06-01", 0).continuing, 1);
        assert_eq!(listing(&days, "2026-06-01", 1).continuing, 0);
        assert_eq!(listing(&days, "2026-06-02", 0).continuing, 0);
        assert_eq!(listing(&days, "allTime", 0).continuing, 0);
    }

    #[test]
    fn a_missing_directory_or_a_file_in_its_place_is_an_error_that_names_it() {
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join("file");
        File::create(&file).expect("a file");
        let range = RangeInput::Text("allTime".to_owned()).resolve(0).expect("a range");
        for (path, code) in [(directory.path().join("missing"), "ENOENT"), (file.clone(), "ENOTDIR")] {
            let error = Listing::read(&path, &range, 0, &Progress::default()).expect_err("no directory");
            assert_eq!(error.code(), "ERR_TELEMETRY_DIR");
            assert_eq!(error.os_code().as_deref(), Some(code));
            assert!(error.to_string().contains(&path.display().to_string()), "{error}");
        }
        let error = Listing::read(&file, &range, 0, &Progress::default()).expect_err("no directory");
        assert!(error.to_string().ends_with(": ENOTDIR: not a directory"), "{error}");
    }

    #[test]
    #[cfg(unix)]
    fn selected_names_that_are_not_readable_files_are_reported() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = |name: &str| directory.path().join(name);
        fs::create_dir(path("telemetry-2026-06-01-dir.jsonl")).expect("a directory");
        let looped = path("telemetry-2026-06-01-loop.jsonl");
        std::os::unix::fs::symlink(&looped, &looped).expect("a link");
        std::os::unix::fs::symlink(path("nowhere"), path("telemetry-2026-06-01-nowhere.jsonl"))
            .expect("a link");
        File::create(path("telemetry-2026-06-01-ok.jsonl")).expect("a file");
        let range = RangeInput::Text("allTime".to_owned()).resolve(0).expect("a range");
        let listing = Listing::read(directory.path(), &range, 0, &Progress::default()).expect("a listing");
        assert_eq!(names(&listing), ["telemetry-2026-06-01-ok.jsonl"]);
        assert_eq!(listing.selected(), 4);
        let reasons: Vec<_> = listing.unreadable.iter().map(|(_, reason)| reason.as_str()).collect();
        assert_eq!(reasons.len(), 3);
        assert_eq!(reasons[0], "it is no regular file");
        assert!(reasons[1].starts_with("ELOOP"), "{}", reasons[1]);
        assert!(reasons[2].starts_with("ENOENT"), "{}", reasons[2]);
    }

    /// Other systems refuse such a name.
    #[test]
    #[cfg(target_os = "linux")]
    fn a_selected_name_that_is_not_utf_8_is_reported() {
        use std::os::unix::ffi::OsStrExt;
        let directory = tempfile::tempdir().expect("a directory");
        let name = OsStr::from_bytes(b"telemetry-2026-06-01-\xff.jsonl");
        File::create(directory.path().join(name)).expect("a file");
        let range = RangeInput::Text("allTime".to_owned()).resolve(0).expect("a range");
        let listing = Listing::read(directory.path(), &range, 0, &Progress::default()).expect("a listing");
        let reported = ("telemetry-2026-06-01-\u{fffd}.jsonl".to_owned(), "its name is not UTF-8".to_owned());
        assert_eq!(listing.unreadable, [reported]);
    }
}
