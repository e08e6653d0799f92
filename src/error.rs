//! The error type. Its codes are stable; messages may change (specification, Errors).

use std::io;
use std::path::{Path, PathBuf};

use crate::platform::Facts;

/// Why an export, or another call, failed as a whole.
///
/// A bad line or a file that cannot be read is no `Error`: the export continues, and its
/// [`Summary`](crate::summary::Summary) counts them.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An argument has the wrong type or is outside its limits.
    #[error("{0}")]
    InvalidArgument(String),
    /// The text or the bounds are not a range.
    #[error("{0}")]
    InvalidRange(String),
    /// The telemetry directory is missing, is not a directory or cannot be listed.
    #[error("Cannot read the telemetry directory {}: {}", .path.display(), describe(.cause))]
    TelemetryDirectory {
        /// The directory as given.
        path: PathBuf,
        /// The system's error.
        cause: io::Error,
    },
    /// The export could not be written.
    #[error("Cannot write {}: {}", .path.display(), describe(.cause))]
    Output {
        /// The target as given.
        path: PathBuf,
        /// The system's error, or a reason of our own.
        cause: io::Error,
    },
    /// The process lacks descriptors, threads or memory. The files of the export are not to blame, so none is
    /// skipped, and nothing is written.
    #[error("Cannot {doing}: {}. {}", describe(.cause), advice_on_shortage(.cause))]
    System {
        /// What failed, in words that follow "Cannot".
        doing: String,
        /// The file that it failed with, if any.
        path: Option<PathBuf>,
        /// The system's error.
        cause: io::Error,
    },
    /// The caller cancelled.
    #[error("The export was cancelled")]
    Cancelled,
    /// A panic, which is a bug of ours, was caught at the boundary.
    #[error("Internal error: {0}. Please report it with the steps that led here")]
    Internal(String),
}

/// The result of the core's functions.
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

    /// The name of the system's error, such as `ENOSPC`, if the system reported one.
    pub fn os_code(&self) -> Option<String> {
        match self {
            Self::TelemetryDirectory { cause, .. }
            | Self::Output { cause, .. }
            | Self::System { cause, .. } => os_code(cause),
            _ => None,
        }
    }

    /// An [`Error::Output`] about `path`, or an [`Error::System`] if the cause is a shortage.
    pub(crate) fn output(path: &Path, cause: io::Error) -> Self {
        if Facts::HERE.is_shortage(&cause) {
            return Self::shortage(format!("write {}", path.display()), Some(path), cause);
        }
        Self::Output { path: path.to_path_buf(), cause }
    }

    /// An [`Error::TelemetryDirectory`] about `path`, or an [`Error::System`] if the cause is a shortage.
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

    /// An [`Error::System`] about a thread that could not be started.
    pub(crate) fn thread(cause: io::Error) -> Self {
        Self::shortage("start a thread".to_owned(), None, cause)
    }

    /// An [`Error::System`]. `doing` is what failed, in words that follow "Cannot".
    pub(crate) fn shortage(doing: String, path: Option<&Path>, cause: io::Error) -> Self {
        Self::System { doing, path: path.map(Path::to_path_buf), cause }
    }
}

/// What the user can do about a shortage.
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

/// The name of a system error, such as `ENOSPC`. `None` if the error is not the system's.
pub(crate) fn os_code(error: &io::Error) -> Option<String> {
    Facts::HERE.error_name(error)
}

/// The error as Node words it: `EACCES: permission denied`. Errors that are not the system's have no code.
pub(crate) fn describe(error: &io::Error) -> String {
    let Some(code) = os_code(error) else { return error.to_string() };
    if error.kind() == io::ErrorKind::NotADirectory {
        // Windows says that the name is invalid.
        return format!("{code}: not a directory");
    }
    format!("{code}: {}", without_code(&error.to_string()))
}

/// The system's message without the code, worded as part of a sentence. Windows ends its messages with a full stop.
fn without_code(message: &str) -> String {
    let text = message.split_once(" (os error").map_or(message, |(text, _)| text);
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
    fn a_message_of_the_system_becomes_part_of_a_sentence() {
        for (said, part) in [
            ("No space left on device (os error 28)", "no space left on device"),
            (
                "The system cannot find the path specified. (os error 3)",
                "the system cannot find the path specified",
            ),
        ] {
            assert_eq!(without_code(said), part);
        }
    }

    #[test]
    fn a_reason_of_our_own_has_no_system_code() {
        let error = Error::output(Path::new("/x"), io::Error::other("it is no regular file"));
        assert_eq!(error.os_code(), None);
        assert_eq!(error.to_string(), "Cannot write /x: it is no regular file");
    }

    /// The words depend on the language of the system.
    #[test]
    #[cfg(windows)]
    fn a_system_error_is_named_as_node_names_it_and_ends_like_a_part_of_a_sentence() {
        for (code, name) in [(32, "EBUSY"), (112, "ENOSPC"), (5, "EPERM")] {
            let error = Error::output(Path::new("x"), io::Error::from_raw_os_error(code));
            assert_eq!(error.os_code().as_deref(), Some(name));
            let message = error.to_string();
            let reason = message.strip_prefix(&format!("Cannot write x: {name}: ")).expect("a name");
            assert!(!reason.ends_with(['.', ')', '\r', '\n']), "{reason:?}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn codes_that_the_standard_library_merges_keep_their_names() {
        let name = |raw| os_code(&io::Error::from_raw_os_error(raw));
        assert_eq!(name(libc::EPERM).as_deref(), Some("EPERM"));
        assert_eq!(name(libc::EACCES).as_deref(), Some("EACCES"));
        assert_eq!(name(libc::ELOOP).as_deref(), Some("ELOOP"));
        assert_eq!(name(99_999).as_deref(), Some("OS99999"));
    }
}
