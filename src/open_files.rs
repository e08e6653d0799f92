//! Telemetry files read by (file, offset) through a small cache of open handles, so that three thousand sessions that
//! overlap need no more descriptors than three.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::log_files::LogFile;
use crate::platform::{Identity, identity, open_without_waiting, read_some_at};

/// Handles kept open. Each worker may hold one more that was just dropped from the cache; together with the output
/// they stay below the 40 descriptors of spec §6.
const OPEN_AT_MOST: usize = 16;

/// An open telemetry file.
#[derive(Debug)]
pub(crate) struct OpenFile {
    file: File,
    pub(crate) identity: Identity,
}

/// The selected files of a telemetry directory.
pub(crate) struct OpenFiles<'a> {
    directory: &'a Path,
    files: &'a [LogFile],
    /// Least recently used first.
    open: Mutex<Vec<(u32, Arc<OpenFile>)>>,
}

impl<'a> OpenFiles<'a> {
    pub(crate) fn new(directory: &'a Path, files: &'a [LogFile]) -> Self {
        Self { directory, files, open: Mutex::new(Vec::with_capacity(OPEN_AT_MOST)) }
    }

    /// How many files there are.
    pub(crate) fn count(&self) -> usize {
        self.files.len()
    }

    /// The file as it was listed.
    pub(crate) fn listed(&self, file: u32) -> &'a LogFile {
        &self.files[file as usize]
    }

    /// The open handle of a file, opened now if it is not in the cache.
    pub(crate) fn open(&self, file: u32) -> io::Result<Arc<OpenFile>> {
        if let Some(handle) = self.cached(file) {
            return Ok(handle);
        }
        let handle = Arc::new(open_regular_file(&self.path(file))?);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let oldest = (open.len() == OPEN_AT_MOST).then(|| open.remove(0));
        open.push((file, Arc::clone(&handle)));
        drop(open);
        // Closing is a system call that nobody else shall wait for.
        drop(oldest);
        Ok(handle)
    }

    fn cached(&self, file: u32) -> Option<Arc<OpenFile>> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let at = open.iter().rposition(|(cached, _)| *cached == file)?;
        let entry = open.remove(at);
        let handle = Arc::clone(&entry.1);
        open.push(entry);
        Some(handle)
    }

    fn path(&self, file: u32) -> PathBuf {
        self.directory.join(self.listed(file).name())
    }
}

impl OpenFile {
    /// Appends up to `length` bytes from `offset` to `buffer`; fewer only at the end of the file. Returns how many.
    pub(crate) fn read_at(&self, buffer: &mut Vec<u8>, offset: u64, length: usize) -> io::Result<usize> {
        let begin = buffer.len();
        buffer.resize(begin + length, 0);
        let mut filled = 0;
        let mut result = Ok(());
        while filled < length {
            match read_some_at(&self.file, &mut buffer[begin + filled..], offset + filled as u64) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
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

fn open_regular_file(path: &Path) -> io::Result<OpenFile> {
    let file = open_without_waiting(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(io::Error::other("it is no regular file"));
    }
    Ok(OpenFile { file, identity: identity(&metadata) })
}
