//! Headers that blocks begin with, remembered by where they stand: a block is decoded apart from the one that holds its
//! header.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use memchr::memchr;

use crate::event::{Header, Row, RowReader};
use crate::lines::{BYTE_ORDER_MARK, is_blank, without_carriage_return};
use crate::open_files::{OpenFile, OpenFiles};

/// How far into a file its first header is looked for. A block that is decoded without it is decoded again once it is
/// found, so a longer one costs time only.
const FIRST_HEADER_WITHIN: usize = 64 * 1024;
/// Headers are short, but nothing says so: more is read until one is whole.
const HEADER_BYTES: usize = 4 * 1024;
/// Bytes that remembered headers may take, some eight thousand of them, before they are forgotten and begun again.
const REMEMBERED_BYTES: usize = 6 * 1024 * 1024;
/// What remembering one takes besides.
const ENTRY_BYTES: usize = 64;

/// A header and the offset at which it stands in its file.
pub(crate) type FoundHeader = (u64, Arc<Header>);

/// Which header is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum HeaderPlace {
    /// The row that the file begins with, if it is a header.
    First,
    /// The header at this byte.
    At(u64),
}

#[derive(Default)]
struct Remembered {
    headers: HashMap<(u32, HeaderPlace), Option<FoundHeader>>,
    bytes: usize,
}

/// The headers of an export.
#[derive(Default)]
pub(crate) struct Headers {
    remembered: Mutex<Remembered>,
}

impl Headers {
    /// The header at `place` of a file, read if it is not remembered; `None` where the file does not begin with one.
    ///
    /// # Errors
    /// What the system said, or that there is no header any more where one stood.
    pub(crate) fn get(
        &self,
        files: &OpenFiles<'_>,
        file: u32,
        place: HeaderPlace,
    ) -> io::Result<Option<FoundHeader>> {
        let remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        let known = remembered.headers.get(&(file, place)).cloned();
        drop(remembered);
        if let Some(header) = known {
            return Ok(header);
        }
        let open = files.open(file)?;
        let header = match place {
            HeaderPlace::First => first_header(&open)?,
            HeaderPlace::At(at) => Some(header_at(&open, at)?),
        };
        if let (HeaderPlace::First, Some((at, _))) = (place, &header) {
            self.remember(file, HeaderPlace::At(*at), header.clone());
        }
        self.remember(file, place, header.clone());
        Ok(header)
    }

    /// Spares reading a header that was come across.
    pub(crate) fn remember(&self, file: u32, place: HeaderPlace, header: Option<FoundHeader>) {
        let mut remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        // One that is remembered as its file's first is remembered by its place as well.
        let own = header.as_ref().filter(|_| place != HeaderPlace::First);
        let bytes = ENTRY_BYTES + own.map_or(0, |(_, header)| header.weight());
        if remembered.bytes + bytes > REMEMBERED_BYTES {
            *remembered = Remembered::default();
        }
        if remembered.headers.insert((file, place), header).is_none() {
            remembered.bytes += bytes;
        }
    }
}

fn first_header(open: &OpenFile<'_>) -> io::Result<Option<FoundHeader>> {
    let mut bytes = Vec::new();
    let mut at = 0;
    while bytes.len() < FIRST_HEADER_WITHIN {
        let length = bytes.len().max(HEADER_BYTES);
        let offset = bytes.len() as u64;
        let read = open.read_at(&mut bytes, offset, length)?;
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
        if read < length {
            break;
        }
    }
    Ok(None)
}

fn header_at(open: &OpenFile<'_>, at: u64) -> io::Result<FoundHeader> {
    let mut bytes = Vec::new();
    let mut length = HEADER_BYTES;
    loop {
        let offset = at + bytes.len() as u64;
        let read = open.read_at(&mut bytes, offset, length)?;
        let end = memchr(b'\n', &bytes);
        if end.is_none() && read == length {
            length = bytes.len();
            continue;
        }
        let line = std::str::from_utf8(&bytes[..end.unwrap_or(bytes.len())]).ok();
        let header = line.and_then(parse);
        return header
            .map(|header| (at, header))
            .ok_or_else(|| io::Error::other("it changed while it was read"));
    }
}

fn parse(line: &str) -> Option<Arc<Header>> {
    match RowReader::default().read(without_carriage_return(line)) {
        Ok(Row::Header(header)) => Some(Arc::new(header)),
        _ => None,
    }
}
