//! Counts every line of an export once, and lists the first bad lines and skipped files in order.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashSet};

use super::log_files::LogFile;
use crate::privacy::redaction::{Redactor, ReplacedCounts, ReplacedTotals};
use crate::summary::{BadLines, LIST_LIMIT, Summary};

/// Newer schema versions that are remembered. Hostile input could name any number of them.
const VERSIONS_AT_MOST: usize = 1000;

/// Counts of one block.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) events: u64,
    pub(crate) out_of_range: u64,
    pub(crate) headers: u64,
    pub(crate) blank: u64,
    bad: u64,
    /// The first bad lines.
    bad_lines: Vec<BadRun>,
    newer_versions: Vec<i64>,
    /// Events with a replaced value.
    redacted_events: u64,
    replaced: ReplacedCounts,
}

impl Tally {
    /// Counts a bad line that has `lines_before` lines before it in its block.
    pub(crate) fn bad(&mut self, lines_before: u64, reason: impl FnOnce() -> String) {
        self.bad += 1;
        let is_full = self.bad_lines.len() == LIST_LIMIT;
        match self.bad_lines.last_mut() {
            Some(last) if last.last + 1 == lines_before => {
                let reason = reason();
                if last.reason == reason {
                    last.last = lines_before;
                } else if !is_full {
                    self.bad_lines.push(BadRun { first: lines_before, last: lines_before, reason });
                }
            }
            _ if is_full => {}
            _ => self.bad_lines.push(BadRun { first: lines_before, last: lines_before, reason: reason() }),
        }
    }

    /// Counts what was replaced in an event and its context.
    pub(crate) fn replaced(&mut self, counts: &ReplacedCounts) {
        self.redacted_events += u64::from(!counts.is_empty());
        self.replaced.add(counts);
    }

    /// Notes a schema version newer than the one that this exporter was written for.
    pub(crate) fn newer_version(&mut self, version: i64) {
        if !self.newer_versions.contains(&version) && self.newer_versions.len() < VERSIONS_AT_MOST {
            self.newer_versions.push(version);
        }
    }
}

/// Lines that follow each other and are bad for the same reason.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct BadRun {
    /// The first and the last line. In a [`Tally`], they are counted from 0 at the beginning of the block; in a [`Ledger`], from
    /// 1 at the beginning of the file.
    first: u64,
    last: u64,
    reason: String,
}

/// Counts of a whole export.
pub(crate) struct Ledger<'a> {
    files: &'a [LogFile],
    redactor: Option<&'a Redactor>,
    bytes: u64,
    out_of_range: u64,
    headers: u64,
    blank: u64,
    bad: u64,
    bad_lines: FirstEntries<'a, BadRun>,
    skipped: FirstEntries<'a, String>,
    skipped_files: HashSet<u32>,
    newer_versions: BTreeSet<i64>,
    redacted_events: u64,
    replaced: ReplacedTotals,
}

impl<'a> Ledger<'a> {
    /// A ledger of an export, which is redacted if there is a redactor.
    pub(crate) fn new(files: &'a [LogFile], redactor: Option<&'a Redactor>) -> Self {
        Self {
            files,
            redactor,
            bytes: 0,
            out_of_range: 0,
            headers: 0,
            blank: 0,
            bad: 0,
            bad_lines: FirstEntries::default(),
            skipped: FirstEntries::default(),
            skipped_files: HashSet::new(),
            newer_versions: BTreeSet::new(),
            redacted_events: 0,
            replaced: ReplacedTotals::default(),
        }
    }

    /// Adds the counts of a block. `lines_before` is the number of lines before it in its file.
    pub(crate) fn book(&mut self, file: u32, lines_before: u64, bytes: u64, tally: Tally) {
        self.bytes += bytes;
        self.out_of_range += tally.out_of_range;
        self.headers += tally.headers;
        self.blank += tally.blank;
        self.bad += tally.bad;
        self.redacted_events += tally.redacted_events;
        self.replaced.add(&tally.replaced);
        let file = &self.files[file as usize];
        for BadRun { first, last, reason } in tally.bad_lines {
            let [first, last] = [first, last].map(|line| lines_before + line + 1);
            self.bad_lines.add_or_join(file, BadRun { first, last, reason }, |known, next| {
                let continues = known.last + 1 == next.first && known.reason == next.reason;
                if continues {
                    known.last = next.last;
                }
                continues
            });
        }
        self.note_versions(&tally.newer_versions);
    }

    fn note_versions(&mut self, versions: &[i64]) {
        for &version in versions {
            if self.newer_versions.len() < VERSIONS_AT_MOST {
                self.newer_versions.insert(version);
            }
        }
    }

    /// Notes a file that could not be read to its end. Each file is noted once, however often it is tried.
    pub(crate) fn skip(&mut self, file: u32, reason: String) {
        if self.skipped_files.insert(file) {
            self.skipped.add(&self.files[file as usize], reason);
        }
    }

    /// Writes all counts into `summary`, which has its event count already.
    pub(crate) fn close(self, summary: &mut Summary) {
        summary.bytes_read = self.bytes;
        summary.out_of_range = self.out_of_range;
        summary.headers = self.headers;
        summary.blank_lines = self.blank;
        summary.bad_lines = self.bad;
        summary.lines_read = summary.event_count + self.out_of_range + self.headers + self.blank + self.bad;
        summary.omitted.bad_line_samples = self.bad.saturating_sub(LIST_LIMIT as u64);
        let listed = self.bad_lines.entries.into_iter().map(|(file, BadRun { first, last, reason })| {
            let file = file.listed_name(self.redactor);
            BadLines { file, first, last, reason: listed_text(reason, self.redactor) }
        });
        summary.bad_lines_listed = listed.collect();
        summary.omitted.skipped_files += self.skipped.omitted;
        for (file, reason) in self.skipped.entries {
            summary.skip_file(file.listed_name(self.redactor), listed_text(reason, self.redactor));
        }
        for version in self.newer_versions {
            summary.warn(format!(
                "Rows of schema version {version} were read as far as they fit version 1, \
                 which this exporter was written for."
            ));
        }
        summary.redaction =
            self.redactor.map(|redactor| redactor.summary(self.redacted_events, &self.replaced));
    }
}

/// A reason as lists have it: if the export is redacted, without what is marked in it.
pub(crate) fn listed_text(text: String, redactor: Option<&Redactor>) -> String {
    match redactor {
        Some(redactor) => redactor.text(&text).into_owned(),
        None => text,
    }
}

/// The first [`LIST_LIMIT`] entries by date, session, part and content. They may be added in any order, because
/// sessions that are merged by time do not report them in the order of the list.
pub(crate) struct FirstEntries<'a, T> {
    pub(crate) entries: Vec<(&'a LogFile, T)>,
    /// How many more were added.
    pub(crate) omitted: u64,
}

impl<T> Default for FirstEntries<'_, T> {
    fn default() -> Self {
        Self { entries: Vec::new(), omitted: 0 }
    }
}

impl<'a, T: Ord> FirstEntries<'a, T> {
    pub(crate) fn add(&mut self, file: &'a LogFile, entry: T) {
        self.add_or_join(file, entry, |_, _| false);
    }

    /// Adds an entry, unless `join` can add it to the entry before it, which is of the same file. Entries of a file that can be
    /// joined must be added in their order.
    fn add_or_join(&mut self, file: &'a LogFile, entry: T, join: impl FnOnce(&mut T, &T) -> bool) {
        let compare = |(other, entered): &(&LogFile, T)| {
            other.compare_for_summary(file).then_with(|| entered.cmp(&entry)) == Ordering::Less
        };
        let at = self.entries.partition_point(compare);
        if let Some((other, before)) = at.checked_sub(1).and_then(|before| self.entries.get_mut(before))
            && other.compare_for_summary(file) == Ordering::Equal
            && join(before, &entry)
        {
            return;
        }
        if at < LIST_LIMIT {
            self.entries.insert(at, (file, entry));
        } else {
            self.omitted += 1;
        }
        if self.entries.len() > LIST_LIMIT {
            self.entries.pop();
            self.omitted += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_newer_version_is_warned_of_once_and_those_past_the_list_are_counted() {
        let files = [];
        let mut ledger = Ledger::new(&files, None);
        for version in (2..=151).chain(2..=151) {
            ledger.note_versions(&[version]);
        }
        let mut tally = Tally::default();
        (2..=151).for_each(|version| tally.newer_version(version));
        ledger.note_versions(&tally.newer_versions);
        let mut summary = Summary::default();
        ledger.close(&mut summary);
        assert_eq!(summary.warnings.len(), LIST_LIMIT);
        assert_eq!(summary.omitted.warnings, 50);
    }
}
