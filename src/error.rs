//! One error type with stable codes (specification, Errors). Prose may change, codes may not.

use std::io;
use std::path::{Path, PathBuf};

use crate::platform::Facts;

/// Why an export, or a question about one, failed as a whole.
///
/// A bad line or a file that cannot be read is no `Error`: it is counted in the
/// [`Summary`](crate::summary::Summary) and the export goes on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An argument of the wrong type or outside its limits.
    #[error("{0}")]
    InvalidArgument(String),
    /// A range text or window that means no range.
    #[error("{0}")]
    InvalidRange(String),
    /// The telemetry directory is missing, is no directory or cannot be listed.
    #[error("Cannot read the telemetry directory {}: {}", .path.display(), describe(.cause))]
    TelemetryDirectory {
        /// The directory as given.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// The export could not be written.
    #[error("Cannot write {}: {}", .path.display(), describe(.cause))]
    Output {
        /// The target as given.
        path: PathBuf,
        /// What the system said, or our own reason.
        cause: io::Error,
    },
    /// The process is short of what the system gives out: descriptors, threads or memory. It says nothing about the files
    /// of the export, so no file is skipped for it and none is written.
    #[error("Cannot {doing}: {}. {}", describe(.cause), advice_on_shortage(.cause))]
    System {
        /// What was tried, in words that follow "cannot".
        doing: String,
        /// The file that it was tried with, if there is one.
        path: Option<PathBuf>,
        /// What the system said.
        cause: io::Error,
    },
    /// The caller cancelled.
    #[error("The export was cancelled")]
    Cancelled,
    /// A bug of ours, caught at the boundary.
    #[error("Internal error: {0}. Please report it with the steps that led here")]
    Internal(String),
}

/// What every fallible function of the core returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// The stable `code` of the JavaScript error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::InvalidArgument(_) => "ERR_INVALID_ARG",
            Self::InvalidRange(_) => "ERR_INVALID_RANGE",
            Self::TelemetryDirectory { .. } => "ERR_TELEMETRY_DIR",
            Self::Output { .. } => "ERR_OUTPUT",
            Self::System { .. } => "ERR_SYSTEM",
            Self::Cancelled => "ABORT_ERR",
            Self::Internal(_) => "ERR_INTERNAL",
        }
    }

    /// The path that the error is about, as the caller gave it.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::TelemetryDirectory { path, .. } | Self::Output { path, .. } => Some(path),
            Self::System { path, .. } => path.as_deref(),
            _ => None,
        }
    }

    /// The system's own code, such as `ENOSPC`, where the system said one.
    pub fn os_code(&self) -> Option<String> {
        match self {
            Self::TelemetryDirectory { cause, .. }
            | Self::Output { cause, .. }
            | Self::System { cause, .. } => os_code(cause),
            _ => None,
        }
    }

    /// An [`Error::Output`] about `path`, or an [`Error::System`] if the process is short of something.
    pub(crate) fn output(path: &Path, cause: io::Error) -> Self {
        if Facts::HERE.is_shortage(&cause) {
            return Self::shortage(format!("write {}", path.display()), Some(path), cause);
        }
        Self::Output { path: path.to_path_buf(), cause }
    }

    /// An [`Error::TelemetryDirectory`] about `path`, or an [`Error::System`] if the process is short of something.
    pub(crate) fn telemetry_directory(path: &Path, cause: io::Error) -> Self {
        if Facts::HERE.is_shortage(&cause) {
            return Self::shortage(
                format!("read the telemetry directory {}", path.display()),
                Some(path),
                cause,
            );
        }
        Self::TelemetryDirectory { path: path.to_path_buf(), cause }
    }

    /// An [`Error::System`] about a thread that did not start.
    pub(crate) fn thread(cause: io::Error) -> Self {
        Self::shortage("start a thread".to_owned(), None, cause)
    }

    /// An [`Error::System`]. `doing`: what was tried, in words that follow "cannot".
    pub(crate) fn shortage(doing: String, path: Option<&Path>, cause: io::Error) -> Self {
        Self::System { doing, path: path.map(Path::to_path_buf), cause }
    }
}

/// What to do about a shortage, by what the process is short of.
fn advice_on_shortage(error: &io::Error) -> &'static str {
    match os_code(error).as_deref() {
        Some("EMFILE") => {
            "The process has too many files open: raise its limit (`ulimit -n`) or close files, and try again"
        }
        Some("ENFILE") => "The system has too many files open: close programs and try again",
        Some("ENOMEM") => "The system is out of memory: close programs and try again",
        _ => {
            "The system is short of resources: close programs or raise the limits of the process, and try again"
        }
    }
}

/// The name of a system error, such as `ENOSPC`; `None` if the error is not the system's.
pub(crate) fn os_code(error: &io::Error) -> Option<String> {
    Facts::HERE.error_name(error)
}

/// `EACCES: permission denied`, the way Node words it; without a code where the system said none.
pub(crate) fn describe(error: &io::Error) -> String {
    let Some(code) = os_code(error) else { return error.to_string() };
    format!("{code}: {}", worded_as_a_part(&error.to_string()))
}

/// What the system says, without the code and such that it can stand in a sentence: Windows ends with a full stop.
fn worded_as_a_part(text: &str) -> String {
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut characters = text.trim_end_matches('.').chars();
    characters.next().map_or_else(String::new, |first| first.to_lowercase().chain(characters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn a_system_error_is_named_as_node_names_it() {
        let error = Error::output(Path::new("/x"), io::Error::from_raw_os_error(28));
        assert_eq!(error.code(), "ERR_OUTPUT");
        assert_eq!(error.os_code().as_deref(), Some("ENOSPC"));
        assert_eq!(error.to_string(), "Cannot write /x: ENOSPC: no space left on device");
    }

    #[test]
    fn what_a_system_says_becomes_a_part_of_a_sentence() {
        for (said, part) in [
            ("No space left on device (os error 28)", "no space left on device"),
            (
                "The system cannot find the path specified. (os error 3)",
                "the system cannot find the path specified",
            ),
        ] {
            assert_eq!(worded_as_a_part(said), part);
        }
    }

    #[test]
    fn a_reason_of_our_own_has_no_system_code() {
        let error = Error::output(Path::new("/x"), io::Error::other("it is no regular file"));
        assert_eq!(error.os_code(), None);
        assert_eq!(error.to_string(), "Cannot write /x: it is no regular file");
    }

    #[test]
    #[cfg(unix)]
    fn codes_that_the_standard_library_folds_together_stay_apart() {
        let name = |raw| os_code(&io::Error::from_raw_os_error(raw));
        assert_eq!(name(libc::EPERM).as_deref(), Some("EPERM"));
        assert_eq!(name(libc::EACCES).as_deref(), Some("EACCES"));
        assert_eq!(name(libc::ELOOP).as_deref(), Some("ELOOP"));
        assert_eq!(name(99_999).as_deref(), Some("OS99999"));
    }
}
