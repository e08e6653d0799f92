//! Deflates the text of an entry, and writes deflated entries into a zip. Only this module knows the zip format.

use std::cell::Cell;
use std::io::{self, Write};
use std::mem;
use std::ops::RangeInclusive;

use rawzip::time::UtcDateTime;
use rawzip::{CompressionMethod, DataDescriptorOutput, ZipArchiveWriter};

use super::deflate::DeflateStream;
use super::writer::Writer;
use crate::error::{Error, Result};
use crate::progress::Progress;

/// Text that is collected before it is deflated.
const CHUNK_BYTES: usize = 64 * 1024;
/// Text that is deflated between two checks for a cancelled export.
const PIECE_BYTES: usize = 256 * 1024;
/// A thread keeps no larger buffer for its next entry.
const KEPT_BYTES: usize = 1024 * 1024;
/// The times that an entry can have, 1980-01-01 00:00:00 to 2107-12-31 23:59:58, in seconds since 1970. We clamp to
/// them, because the zip library clamps only the year, which gives another day.
const ENTRY_TIMES: RangeInclusive<i64> = 315_532_800..=4_354_819_198;
/// Permissions of an unpacked entry.
const ENTRY_MODE: u32 = 0o644;

/// An entry's deflated bytes.
pub(crate) struct Deflated {
    bytes: Vec<u8>,
    crc32: u32,
    /// Before deflating.
    size: u64,
}

/// Buffers that a thread deflates with. It keeps them for its next entry, since new ones would scatter large
/// allocations over the heap.
struct DeflateBuffers {
    level: u32,
    deflate: DeflateStream,
    chunk: Vec<u8>,
    deflated: Vec<u8>,
}

thread_local! {
    static DEFLATE_BUFFERS: Cell<Option<DeflateBuffers>> = const { Cell::new(None) };
}

impl DeflateBuffers {
    /// The buffers that this thread kept, if they are for `level`; otherwise new ones.
    fn take(level: u32) -> Self {
        let kept = DEFLATE_BUFFERS.take().filter(|buffers| buffers.level == level);
        kept.unwrap_or_else(|| Self {
            level,
            deflate: DeflateStream::new(level),
            chunk: Vec::with_capacity(CHUNK_BYTES),
            deflated: Vec::with_capacity(CHUNK_BYTES),
        })
    }

    fn keep(mut self) {
        self.chunk.clear();
        self.deflated.clear();
        if self.chunk.capacity() <= KEPT_BYTES && self.deflated.capacity() <= KEPT_BYTES {
            DEFLATE_BUFFERS.set(Some(self));
        }
    }
}

/// Deflates what `print` writes. Once the export is cancelled, the rest is dropped.
pub(crate) fn deflate(level: u32, progress: &Progress, print: impl FnOnce(&mut EntryText<'_>)) -> Deflated {
    let mut text = EntryText {
        buffers: DeflateBuffers::take(level),
        crc32: crc32fast::Hasher::new(),
        size: 0,
        progress,
    };
    print(&mut text);
    text.finish()
}

/// Takes the text of an entry piece by piece.
pub(crate) struct EntryText<'p> {
    buffers: DeflateBuffers,
    crc32: crc32fast::Hasher,
    size: u64,
    progress: &'p Progress,
}

impl EntryText<'_> {
    /// Length of the text so far.
    pub(crate) fn length(&self) -> u64 {
        self.size + self.buffers.chunk.len() as u64
    }

    /// The buffer to append the next text to. Call [`EntryText::flush_full_chunk`] between pieces.
    pub(crate) fn chunk(&mut self) -> &mut Vec<u8> {
        &mut self.buffers.chunk
    }

    /// Deflates the chunk if it is full.
    pub(crate) fn flush_full_chunk(&mut self) {
        if self.buffers.chunk.len() >= CHUNK_BYTES {
            self.flush_chunk();
        }
    }

    /// Deflates `text`. The chunk must be empty.
    pub(crate) fn write(&mut self, text: &[u8]) {
        self.size += text.len() as u64;
        for piece in text.chunks(PIECE_BYTES) {
            if self.progress.is_cancelled() {
                return;
            }
            self.crc32.update(piece);
            let DeflateBuffers { deflate, deflated, .. } = &mut self.buffers;
            deflate.deflate(piece, deflated);
        }
    }

    fn flush_chunk(&mut self) {
        let chunk = mem::take(&mut self.buffers.chunk);
        self.write(&chunk);
        self.buffers.chunk = chunk;
        self.buffers.chunk.clear();
    }

    fn finish(mut self) -> Deflated {
        self.flush_chunk();
        let DeflateBuffers { deflate, deflated, .. } = &mut self.buffers;
        deflate.finish(deflated);
        let deflated =
            Deflated { bytes: self.buffers.deflated.clone(), crc32: self.crc32.finalize(), size: self.size };
        self.buffers.keep();
        deflated
    }
}

/// A zip that is being written.
pub(crate) struct Archive<'p> {
    zip: ZipArchiveWriter<ZipSink<'p>>,
    modified: UtcDateTime,
}

/// Where the zip is written to. The zip library wraps our errors in its own.
struct ZipSink<'p>(Writer<'p>);

impl Write for ZipSink<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes).map_err(io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'p> Archive<'p> {
    /// A zip in `output`. Its entries have the time of the export: `modified_ms` milliseconds since 1970, in UTC.
    pub(crate) fn new(output: Writer<'p>, modified_ms: i64) -> Self {
        let seconds = modified_ms.div_euclid(1000).clamp(*ENTRY_TIMES.start(), *ENTRY_TIMES.end());
        let modified = UtcDateTime::from_unix(seconds);
        Self { zip: ZipArchiveWriter::new(ZipSink(output)), modified }
    }

    /// Adds an entry.
    pub(crate) fn add(&mut self, name: &str, entry: &Deflated) -> Result<()> {
        self.add_entry(name, entry).map_err(unwrap_failure)
    }

    fn add_entry(&mut self, name: &str, entry: &Deflated) -> Result<(), rawzip::Error> {
        let file = self
            .zip
            .new_file(name)
            .compression_method(CompressionMethod::DEFLATE)
            .last_modified(self.modified)
            .unix_permissions(ENTRY_MODE);
        let (mut sink, _) = file.start()?;
        sink.write_all(&entry.bytes).map_err(rawzip::Error::from)?;
        sink.finish(DataDescriptorOutput::new(entry.crc32, entry.size))?;
        Ok(())
    }

    /// Writes the directory of the zip, and waits until everything is written. Returns the length of the zip.
    pub(crate) fn finish(self) -> Result<u64> {
        self.zip.finish().map_err(unwrap_failure)?.0.finish()
    }
}

/// Our own error that made the zip library fail.
fn unwrap_failure(error: rawzip::Error) -> Error {
    let text = error.to_string();
    match error.into_kind() {
        rawzip::ErrorKind::IO(error) => {
            error.downcast().unwrap_or_else(|error| Error::Internal(format!("cannot write the zip: {error}")))
        }
        _ => Error::Internal(format!("cannot write the zip: {text}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::sync::Arc;

    use chrono::DateTime;

    /// A zip of one entry with this time.
    fn zip(modified_ms: i64) -> Vec<u8> {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("zip");
        let progress = Progress::default();
        let file = Arc::new(fs::File::create(&path).expect("a file"));
        let output = Writer::to_file(&path, file, &progress).expect("a writer");
        let mut archive = Archive::new(output, modified_ms);
        archive.add("entry", &deflate(1, &progress, |output| output.write(b"text"))).expect("an entry");
        archive.finish().expect("a zip");
        fs::read(&path).expect("a zip")
    }

    /// The time at `at`, in the two fields that every zip reader knows.
    fn time_at(zip: &[u8], at: usize) -> String {
        let field = |at| u16::from_le_bytes([zip[at], zip[at + 1]]);
        let (time, date) = (field(at), field(at + 2));
        let (year, month, day) = (1980 + (date >> 9), date >> 5 & 15, date & 31);
        let (hour, minute, second) = (time >> 11, time >> 5 & 63, 2 * (time & 31));
        format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
    }

    #[test]
    fn an_entry_has_the_time_of_the_export_in_utc_or_the_nearest_that_a_zip_can_hold() {
        const LOCAL_HEADER_TIME: usize = 10;
        const DIRECTORY_TIME: usize = 12;
        let (first, last) = ("1980-01-01T00:00:00", "2107-12-31T23:59:58");
        for (exported, expected) in [
            ("-262142-01-01T00:00:00Z", first),
            ("1969-12-31T23:59:59.999Z", first),
            ("1979-12-31T23:59:59.999Z", first),
            ("1980-01-01T00:00:00Z", first),
            ("1980-01-01T00:00:02Z", "1980-01-01T00:00:02"),
            ("2026-07-01T00:30:01.999Z", "2026-07-01T00:30:00"),
            ("2107-12-31T23:59:57Z", "2107-12-31T23:59:56"),
            ("2107-12-31T23:59:59.999Z", last),
            ("2108-01-01T00:00:00Z", last),
            ("+262142-06-15T12:00:00Z", last),
        ] {
            let time = exported.parse::<DateTime<chrono::Utc>>().expect("a time");
            let zip = zip(time.timestamp_millis());
            let directory = zip.windows(4).position(|bytes| bytes == b"PK\x01\x02").expect("a directory");
            assert_eq!(time_at(&zip, LOCAL_HEADER_TIME), expected, "{exported}");
            assert_eq!(time_at(&zip, directory + DIRECTORY_TIME), expected, "{exported}");
        }
    }
}
