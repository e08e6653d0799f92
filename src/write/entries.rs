//! The entries of a zip: printed and deflated in parallel, written one after the other.

use std::collections::{HashMap, VecDeque};

use super::archive::{Archive, Deflated, deflate};
use super::writer::Writer;
use crate::error::Result;
use crate::workers::{Pending, Workers};

pub(crate) use super::archive::EntryText;

/// Bytes that entries may take in memory before they are deflated.
const WAITING_BYTES: usize = 8 * 1024 * 1024;

/// An entry without a name yet.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct Entry(u64);

/// A zip under way. Its entries are in the order in which they get their names.
pub(crate) struct Entries<'a, 'scope> {
    workers: &'a Workers<'scope, 'a>,
    archive: Archive<'a>,
    compression_level: u32,
    /// How many entries were added.
    added: u64,
    /// Entries that are not deflated yet, in the order they were added.
    waiting: VecDeque<Waiting>,
    waiting_bytes: usize,
    deflated: HashMap<Entry, Deflated>,
    /// Entries that have a name and are not written yet.
    named: VecDeque<(Entry, String)>,
}

struct Waiting {
    entry: Entry,
    weight: usize,
    deflated: Pending<Deflated>,
}

impl<'a, 'scope> Entries<'a, 'scope> {
    /// Begins a zip. Its entries carry the time `modified_ms`, in milliseconds since 1970.
    pub(crate) fn new(
        workers: &'a Workers<'scope, 'a>,
        output: Writer<'a>,
        modified_ms: i64,
        compression_level: u32,
    ) -> Self {
        Self {
            workers,
            archive: Archive::new(output, modified_ms),
            compression_level,
            added: 0,
            waiting: VecDeque::new(),
            waiting_bytes: 0,
            deflated: HashMap::new(),
            named: VecDeque::new(),
        }
    }

    /// Adds an entry, after making room for it. A worker calls `print` for its text, which takes `weight` bytes in
    /// memory until then.
    pub(crate) fn add(
        &mut self,
        weight: usize,
        print: impl FnOnce(&mut EntryText<'_>) + Send + 'scope,
    ) -> Result<Entry> {
        while !self.waiting.is_empty() && self.waiting_bytes + weight > WAITING_BYTES {
            self.finish_first()?;
        }
        while self.waiting.front().is_some_and(|first| first.deflated.is_ready()) {
            self.finish_first()?;
        }
        let (level, progress) = (self.compression_level, self.workers.progress());
        let deflated = self.workers.spawn(move || deflate(level, progress, print));
        let number = self.added;
        self.added += 1;
        self.waiting.push_back(Waiting { entry: Entry(number), weight, deflated });
        self.waiting_bytes += weight;
        Ok(Entry(number))
    }

    /// Names an entry. It comes after all entries that were named before.
    pub(crate) fn name(&mut self, entry: Entry, name: String) -> Result<()> {
        self.named.push_back((entry, name));
        self.write_deflated()
    }

    /// Waits until the first of the waiting entries is deflated.
    fn finish_first(&mut self) -> Result<()> {
        let first = self.waiting.pop_front().expect("callers check that an entry is waiting");
        let Waiting { entry, weight, deflated } = first;
        let deflated = self.workers.wait(&deflated)?;
        // While an export is being cancelled, entries are cut short.
        self.workers.progress().check()?;
        self.waiting_bytes -= weight;
        self.deflated.insert(entry, deflated);
        self.write_deflated()
    }

    /// Writes the next entries as far as they are deflated.
    fn write_deflated(&mut self) -> Result<()> {
        while let Some((entry, name)) = self.named.front()
            && let Some(deflated) = self.deflated.remove(entry)
        {
            self.archive.add(name, &deflated)?;
            self.named.pop_front();
        }
        Ok(())
    }

    /// Writes the rest. Returns the length of the zip.
    pub(crate) fn finish(mut self) -> Result<u64> {
        while !self.waiting.is_empty() {
            self.finish_first()?;
        }
        assert!(self.named.is_empty() && self.deflated.is_empty(), "every entry was given a name");
        self.archive.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::sync::Arc;

    use crate::progress::Progress;
    use crate::workers::with_workers;

    /// The names in the directory of a zip, which has entries added in the order of `texts` and named in the order of
    /// `names`.
    fn names_in_zip(threads: usize, texts: &[usize], names: &[usize]) -> Vec<String> {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("zip");
        let progress = Progress::default();
        let file = Arc::new(fs::File::create(&path).expect("a file"));
        let output = Writer::to_file(&path, file, &progress).expect("a writer");
        with_workers(Some(threads), &progress, |workers| {
            let mut entries = Entries::new(workers, output, 0, 1);
            let mut unnamed = Vec::new();
            for &length in texts {
                let print = move |text: &mut EntryText<'_>| text.write(&vec![b'x'; length]);
                unnamed.push(Some(entries.add(length, print)?));
            }
            for &number in names {
                let entry = unnamed[number].take().expect("a name for each entry");
                entries.name(entry, format!("entry-{number}-{}", texts[number]))?;
            }
            entries.finish()
        })
        .expect("a zip");
        let zip = fs::read(&path).expect("a zip");
        let names = String::from_utf8_lossy(&zip);
        let directory = names.split("PK\u{1}\u{2}").skip(1);
        let name = |header: &str| {
            let name: String = header[header.find("entry-").expect("a name")..].to_owned();
            name.chars()
                .take_while(|&character| character == '-' || character.is_ascii_alphanumeric())
                .collect()
        };
        directory.map(name).collect()
    }

    #[test]
    fn entries_stand_in_the_order_in_which_they_are_named() {
        for threads in [1, 2] {
            let names =
                names_in_zip(threads, &[10, 3 * WAITING_BYTES, 20, WAITING_BYTES, 0], &[2, 0, 4, 1, 3]);
            let expected = ["entry-2-20", "entry-0-10", "entry-4-0", "entry-1-25165824", "entry-3-8388608"];
            for (name, expected) in names.iter().zip(expected) {
                assert!(name.starts_with(expected), "{names:?}");
            }
            assert_eq!(names.len(), expected.len());
        }
    }
}
