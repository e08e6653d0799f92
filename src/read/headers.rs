//! Reads the headers that blocks begin with, and remembers them by their position. A header is usually in another
//! block than the rows that inherit from it.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use memchr::memchr;

use super::lines::{BYTE_ORDER_MARK, is_blank, without_carriage_return};
use super::open_files::{OpenFile, OpenFiles};
use crate::row::context::Header;
use crate::row::event::{Row, RowReader};

/// A file's first header is looked for this far into the file. If it ends later, blocks are decoded without it and
/// then again with it, which only costs time.
const FIRST_HEADER_WITHIN: usize = 64 * 1024;
/// Bytes read at first. Most headers are shorter; for a longer one, more is read.
const HEADER_BYTES: usize = 1024;
/// Memory for about eight thousand headers. Once it is used up, all are forgotten.
const REMEMBERED_BYTES: usize = 6 * 1024 * 1024;
/// Memory that an entry takes besides its header.
const ENTRY_BYTES: usize = 64;

/// A header and its offset in its file.
pub(crate) type FoundHeader = (u64, Arc<Header>);

/// Which header is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum HeaderPosition {
    /// The row that the file begins with, if it is a header.
    First,
    /// The header at this byte.
    At(u64),
}

#[derive(Default)]
struct Remembered {
    headers: HashMap<(u32, HeaderPosition), Option<FoundHeader>>,
    bytes: usize,
}

/// The headers of an export.
#[derive(Default)]
pub(crate) struct Headers {
    remembered: Mutex<Remembered>,
}

impl Headers {
    /// The header at a position of a file, read if it is not remembered. `None` if the file does not begin with a
    /// header. The header is remembered if `is_needed_again`, so that the headers of a hundred thousand small files
    /// do not push out others. `redact` is called for a header that was read.
    ///
    /// # Errors
    /// The file cannot be read, or there is no header any more at the position.
    pub(crate) fn get(
        &self,
        files: &OpenFiles<'_>,
        file: u32,
        position: HeaderPosition,
        longest_line: usize,
        is_needed_again: bool,
        redact: impl Fn(Header) -> Header,
    ) -> io::Result<Option<FoundHeader>> {
        let remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        let known = remembered.headers.get(&(file, position)).cloned();
        drop(remembered);
        if let Some(header) = known {
            return Ok(header);
        }
        let open = files.open(file)?;
        let header = match position {
            HeaderPosition::First => first_header(&open)?,
            HeaderPosition::At(at) => Some(header_at(&open, at, longest_line)?),
        };
        let header = header.map(|(at, header)| (at, Arc::new(redact(header))));
        if is_needed_again {
            if let (HeaderPosition::First, Some((at, _))) = (position, &header) {
                self.remember(file, HeaderPosition::At(*at), header.clone());
            }
            self.remember(file, position, header.clone());
        }
        Ok(header)
    }

    /// Remembers a header, so that it need not be read.
    pub(crate) fn remember(&self, file: u32, position: HeaderPosition, header: Option<FoundHeader>) {
        let mut remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        // The first header of a file is remembered by its offset, too, and counted there.
        let own = header.as_ref().filter(|_| position != HeaderPosition::First);
        let bytes = ENTRY_BYTES + own.map_or(0, |(_, header)| header.weight());
        if remembered.bytes + bytes > REMEMBERED_BYTES {
            *remembered = Remembered::default();
        }
        if remembered.headers.insert((file, position), header).is_none() {
            remembered.bytes += bytes;
        }
    }
}

fn first_header(open: &OpenFile<'_>) -> io::Result<Option<(u64, Header)>> {
    let mut bytes = Vec::new();
    let mut at = 0;
    while bytes.len() < FIRST_HEADER_WITHIN && read_more(open, 0, &mut bytes)? {
        if at == 0 && bytes.starts_with(BYTE_ORDER_MARK) {
            at = BYTE_ORDER_MARK.len();
        }
        while let Some(length) = memchr(b'\n', &bytes[at..]) {
            match std::str::from_utf8(&bytes[at..at + length]) {
                Ok(line) if is_blank(line) => at += length + 1,
                Ok(line) => return Ok(parse(line).map(|header| (at as u64, header))),
                Err(_) => return Ok(None),
            }
        }
    }
    Ok(None)
}

/// Reads the header that was at `at` before, but no more than the longest line has.
fn header_at(open: &OpenFile<'_>, at: u64, longest_line: usize) -> io::Result<(u64, Header)> {
    let mut bytes = Vec::new();
    let mut end = None;
    while end.is_none() && bytes.len() <= longest_line + "\r".len() && read_more(open, at, &mut bytes)? {
        end = memchr(b'\n', &bytes);
    }
    let line = std::str::from_utf8(&bytes[..end.unwrap_or(bytes.len())]).ok();
    let header = line.filter(|line| without_carriage_return(line).len() <= longest_line).and_then(parse);
    header.map(|header| (at, header)).ok_or_else(|| io::Error::other("it changed while it was read"))
}

/// Appends what follows `bytes`, which begin at `begin` in the file. Returns whether there was more.
fn read_more(open: &OpenFile<'_>, begin: u64, bytes: &mut Vec<u8>) -> io::Result<bool> {
    let at_most = bytes.len().max(HEADER_BYTES);
    let read = open.read_at(bytes, begin + bytes.len() as u64, 1, at_most)?;
    Ok(read > 0)
}

fn parse(line: &str) -> Option<Header> {
    match RowReader::default().read(without_carriage_return(line)) {
        Ok(Row::Header(header)) => Some(header),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    use crate::progress::Progress;
    use crate::range::RangeInput;
    use crate::read::listing::Listing;

    #[test]
    fn a_header_is_no_longer_than_a_line_may_be() {
        let header = |padding: usize| {
            let context = r#""extension_version":"1","machine_id":"m","session_id":"s","os_type":"linux","os_version":"6","host_arch":"x64","platform_name":"n","platform_version":"v""#;
            let padding = "x".repeat(padding);
            format!(r#"{{"kind":"header","schema_version":1,"context":{{{context}}},"padding":"{padding}"}}"#)
        };
        let longest = header(20_000).len();
        for (line, is_read) in [(header(20_000), true), (header(20_001), false)] {
            for line_end in ["\n", "\r\n", ""] {
                let directory = tempfile::tempdir().expect("a directory");
                fs::write(directory.path().join("telemetry-2026-06-01-a.jsonl"), format!("{line}{line_end}"))
                    .expect("a file");
                let range = RangeInput::Text("2026-06-01".to_owned()).resolve(0).expect("a range");
                let progress = Progress::default();
                let listing = Listing::read(directory.path(), &range, 0, &progress).expect("a listing");
                let files = OpenFiles::new(directory.path(), &listing.files, &progress);
                let read =
                    Headers::default().get(&files, 0, HeaderPosition::At(0), longest, true, |header| header);
                assert_eq!(read.is_ok(), is_read, "{} {line_end:?}", line.len());
            }
        }
    }
}
