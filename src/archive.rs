//! Parts deflated in parallel and put into a zip, one entry after the other. Only this module knows zip.

use std::io::{self, Write};

use flate2::{Compress, Compression, FlushCompress, Status};
use rawzip::time::UtcDateTime;
use rawzip::{CompressionMethod, DataDescriptorOutput, ZipArchiveWriter};

use crate::error::{Error, Result};
use crate::progress::Progress;
use crate::writer::Writer;

/// Text collected before it is deflated.
const CHUNK_BYTES: usize = 64 * 1024;
/// Permissions of an unpacked entry.
const ENTRY_MODE: u32 = 0o644;

/// An entry's deflated bytes.
pub(crate) struct Deflated {
    bytes: Vec<u8>,
    crc32: u32,
    /// Before deflating.
    size: u64,
}

impl Deflated {
    /// Length before deflating.
    pub(crate) fn size(&self) -> u64 {
        self.size
    }
}

/// Deflates what `print` writes. Once the export is cancelled what is left is not deflated any more.
pub(crate) fn deflate(level: u32, progress: &Progress, print: impl FnOnce(&mut Deflater<'_>)) -> Deflated {
    let mut deflater = Deflater {
        compress: Compress::new(Compression::new(level), false),
        crc32: crc32fast::Hasher::new(),
        chunk: Vec::with_capacity(CHUNK_BYTES),
        deflated: Vec::with_capacity(CHUNK_BYTES),
        size: 0,
        progress,
    };
    print(&mut deflater);
    deflater.finish()
}

/// Takes text piece by piece.
pub(crate) struct Deflater<'p> {
    compress: Compress,
    crc32: crc32fast::Hasher,
    chunk: Vec<u8>,
    deflated: Vec<u8>,
    size: u64,
    progress: &'p Progress,
}

impl Deflater<'_> {
    /// The buffer to append the next text to; [`Deflater::flush_full_chunk`] is to be called between pieces.
    pub(crate) fn chunk(&mut self) -> &mut Vec<u8> {
        &mut self.chunk
    }

    /// Deflates what was appended if it is enough for a chunk.
    pub(crate) fn flush_full_chunk(&mut self) {
        if self.chunk.len() >= CHUNK_BYTES {
            let chunk = std::mem::take(&mut self.chunk);
            self.write(&chunk);
            self.chunk = chunk;
            self.chunk.clear();
        }
    }

    /// Deflates `text`, which must not be mixed with a chunk under way.
    pub(crate) fn write(&mut self, text: &[u8]) {
        for piece in text.chunks(CHUNK_BYTES * 4) {
            if self.progress.is_cancelled() {
                return;
            }
            self.crc32.update(piece);
            self.size += piece.len() as u64;
            self.compress(piece, FlushCompress::None);
        }
    }

    fn finish(mut self) -> Deflated {
        let chunk = std::mem::take(&mut self.chunk);
        self.write(&chunk);
        self.compress(&[], FlushCompress::Finish);
        self.deflated.shrink_to_fit();
        Deflated { bytes: self.deflated, crc32: self.crc32.finalize(), size: self.size }
    }

    fn compress(&mut self, mut piece: &[u8], flush: FlushCompress) {
        loop {
            self.deflated.reserve(CHUNK_BYTES / 4);
            let before = self.compress.total_in();
            // Compression fails on a misused stream only, never on its input.
            let status = self.compress.compress_vec(piece, &mut self.deflated, flush);
            let consumed = usize::try_from(self.compress.total_in() - before).unwrap_or(piece.len());
            piece = &piece[consumed..];
            let done = match flush {
                FlushCompress::Finish => matches!(status, Ok(Status::StreamEnd) | Err(_)),
                _ => piece.is_empty() || status.is_err(),
            };
            if done {
                return;
            }
        }
    }
}

/// A zip under way.
pub(crate) struct Archive<'p> {
    zip: ZipArchiveWriter<ZipSink<'p>>,
    modified: UtcDateTime,
}

/// Where the zip is written to. Our errors pass through the zip library inside of its own.
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
    /// A zip into `output`, whose entries are as old as the export: `modified_ms` milliseconds since 1970.
    pub(crate) fn new(output: Writer<'p>, modified_ms: i64) -> Self {
        let modified = UtcDateTime::from_unix(modified_ms.div_euclid(1000));
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

    /// Writes the directory and waits until everything is written. Returns the length of the zip.
    pub(crate) fn finish(self) -> Result<u64> {
        self.zip.finish().map_err(unwrap_failure)?.0.finish()
    }
}

/// The error of our own that made the zip library fail.
fn unwrap_failure(error: rawzip::Error) -> Error {
    let text = error.to_string();
    match error.into_kind() {
        rawzip::ErrorKind::IO(error) => {
            error.downcast().unwrap_or_else(|error| Error::Internal(format!("cannot write the zip: {error}")))
        }
        _ => Error::Internal(format!("cannot write the zip: {text}")),
    }
}
