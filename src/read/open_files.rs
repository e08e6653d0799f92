//! Reads telemetry files through a small cache of open handles, so that an export needs few descriptors, even if
//! thousands of sessions overlap.

use std::fs::File;
use std::io;
use std::mem;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::log_files::LogFile;
use crate::platform::retry::retry;
use crate::platform::{Facts, FileStatus, Identity, Step, open_without_waiting, read_some_at, status_of};
use crate::progress::Progress;

/// Handles kept open. Each worker may hold one more that was just dropped from the cache. Together with the output,
/// that is less than the 40 descriptors that an export may use (specification, Descriptors).
const OPEN_AT_MOST: usize = 16;

/// An open telemetry file.
#[derive(Debug)]
pub(crate) struct OpenFile<'a> {
    file: File,
    progress: &'a Progress,
    pub(crate) identity: Identity,
}

/// The selected files of a telemetry directory.
pub(crate) struct OpenFiles<'a> {
    directory: &'a Path,
    files: &'a [LogFile],
    progress: &'a Progress,
    /// Least recently used first.
    open: Mutex<Vec<(u32, Arc<OpenFile<'a>>)>>,
}

impl<'a> OpenFiles<'a> {
    pub(crate) fn new(directory: &'a Path, files: &'a [LogFile], progress: &'a Progress) -> Self {
        Self { directory, files, progress, open: Mutex::new(Vec::with_capacity(OPEN_AT_MOST)) }
    }

    pub(super) fn progress(&self) -> &'a Progress {
        self.progress
    }

    /// How many files there are.
    pub(crate) fn count(&self) -> usize {
        self.files.len()
    }

    /// The file as it was listed.
    pub(crate) fn listed(&self, file: u32) -> &'a LogFile {
        &self.files[file as usize]
    }

    /// The open handle of a file, opened now if it is not in the cache. If the process is short of descriptors, all
    /// cached handles are closed first.
    pub(crate) fn open(&self, file: u32) -> io::Result<Arc<OpenFile<'a>>> {
        if let Some(handle) = self.cached(file) {
            return Ok(handle);
        }
        let mut opened = self.open_regular_file(file);
        if opened.as_ref().is_err_and(|error| Facts::HERE.is_shortage(error)) {
            let given_up = mem::take(&mut *self.lock());
            drop(given_up);
            opened = self.open_regular_file(file);
        }
        let handle = Arc::new(opened?);
        let mut open = self.lock();
        let oldest = (open.len() == OPEN_AT_MOST).then(|| open.remove(0));
        open.push((file, Arc::clone(&handle)));
        drop(open);
        // Closed without the lock: no other thread should wait for this system call.
        drop(oldest);
        Ok(handle)
    }

    /// Drops a file from the cache, so that the next [`Self::open`] opens it again.
    pub(crate) fn forget(&self, file: u32) {
        self.lock().retain(|(cached, _)| *cached != file);
    }

    /// The path of a file.
    pub(crate) fn path(&self, file: u32) -> PathBuf {
        self.directory.join(self.listed(file).name())
    }

    fn open_regular_file(&self, file: u32) -> io::Result<OpenFile<'a>> {
        let path = self.path(file);
        let file = retry(|| self.progress.is_cancelled(), Step::Open, || open_without_waiting(&path))?;
        let FileStatus { metadata, identity } =
            retry(|| self.progress.is_cancelled(), Step::LookUp, || status_of(&file))?;
        if !metadata.is_file() {
            return Err(io::Error::other("it is no regular file"));
        }
        Ok(OpenFile { file, progress: self.progress, identity })
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(u32, Arc<OpenFile<'a>>)>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn cached(&self, file: u32) -> Option<Arc<OpenFile<'a>>> {
        let mut open = self.lock();
        let at = open.iter().rposition(|(cached, _)| *cached == file)?;
        let entry = open.remove(at);
        let handle = Arc::clone(&entry.1);
        open.push(entry);
        Some(handle)
    }
}

impl OpenFile<'_> {
    /// Appends `at_least` to `at_most` bytes from `offset` to `buffer`, or fewer at the end
    /// of the file. Returns how many.
    pub(crate) fn read_at(
        &self,
        buffer: &mut Vec<u8>,
        offset: u64,
        at_least: usize,
        at_most: usize,
    ) -> io::Result<usize> {
        let begin = buffer.len();
        buffer.resize(begin + at_most, 0);
        let mut filled = 0;
        let mut result = Ok(());
        while filled < at_least {
            let at = offset + filled as u64;
            let read = || read_some_at(&self.file, &mut buffer[begin + filled..], at);
            match retry(|| self.progress.is_cancelled(), Step::Read, read) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) => {
                    result = Err(error);
                    break;
                }
            }
        }
        buffer.truncate(begin + filled);
        result.map(|()| filled)
    }
}
