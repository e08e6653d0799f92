//! What a page says about the export that made it. Its texts are excerpts, because file names, reasons and the label come
//! from outside.

use super::excerpt::Excerpt;
use crate::range::Range;
use crate::summary::{self, RedactionSummary, Summary};

/// Characters of a file name that are shown.
const NAME_CHARACTERS: usize = 200;
/// Characters of a reason or a warning that are shown.
const REASON_CHARACTERS: usize = 400;

/// The export: its range, when it was made, and what was read.
#[derive(Debug)]
pub(crate) struct About {
    pub(crate) label: Excerpt,
    /// Milliseconds since 1970. `None` if the range has no such bound.
    pub(crate) start_ms: Option<i64>,
    pub(crate) end_ms: Option<i64>,
    /// When the page was made, in milliseconds since 1970.
    pub(crate) made_at_ms: i64,
    pub(crate) files: u64,
    pub(crate) bytes_read: u64,
    pub(crate) lines_read: u64,
    pub(crate) event_count: u64,
    pub(crate) out_of_range: u64,
    pub(crate) headers: u64,
    pub(crate) blank_lines: u64,
    pub(crate) bad_lines: u64,
    pub(crate) bad_lines_listed: Listed<BadLines>,
    pub(crate) skipped_files: Listed<SkippedFile>,
    pub(crate) warnings: Listed<Excerpt>,
    /// `None` if the events are as recorded.
    pub(crate) redaction: Option<Redaction>,
}

/// What was replaced in all events.
#[derive(Debug)]
pub(crate) struct Redaction {
    /// `marked` or `unknown`.
    pub(crate) level: &'static str,
    /// `None` if the key is random.
    pub(crate) key_id: Option<Excerpt>,
    pub(crate) redact_fields: Vec<Excerpt>,
    pub(crate) keep_fields: Vec<Excerpt>,
    /// Events with a replaced value.
    pub(crate) events: u64,
    /// Pseudonyms of each kind.
    pub(crate) replaced: Vec<(&'static str, u64)>,
}

/// A list of the summary.
#[derive(Debug)]
pub(crate) struct Listed<Entry> {
    pub(crate) entries: Vec<Entry>,
    /// Number of entries, or of lines, that the summary does not list.
    pub(crate) omitted: u64,
}

#[derive(Debug)]
pub(crate) struct BadLines {
    pub(crate) file: Excerpt,
    pub(crate) first: u64,
    /// The last line. It is the first one if there is only one.
    pub(crate) last: u64,
    pub(crate) reason: Excerpt,
}

#[derive(Debug)]
pub(crate) struct SkippedFile {
    pub(crate) file: Excerpt,
    pub(crate) reason: Excerpt,
}

impl About {
    pub(crate) fn new(range: &Range, summary: &Summary, made_at_ms: i64) -> Self {
        let omitted = summary.omitted;
        Self {
            label: Excerpt::of(&range.label),
            start_ms: range.start_ms,
            end_ms: range.end_ms,
            made_at_ms,
            files: summary.files,
            bytes_read: summary.bytes_read,
            lines_read: summary.lines_read,
            event_count: summary.event_count,
            out_of_range: summary.out_of_range,
            headers: summary.headers,
            blank_lines: summary.blank_lines,
            bad_lines: summary.bad_lines,
            bad_lines_listed: Listed::of(
                &summary.bad_lines_listed,
                summary.bad_lines
                    - summary.bad_lines_listed.iter().map(summary::BadLines::count).sum::<u64>(),
                |lines| BadLines {
                    file: name(&lines.file),
                    first: lines.first,
                    last: lines.last,
                    reason: reason(&lines.reason),
                },
            ),
            skipped_files: Listed::of(&summary.skipped_files, omitted.skipped_files, |skipped| SkippedFile {
                file: name(&skipped.file),
                reason: reason(&skipped.reason),
            }),
            warnings: Listed::of(&summary.warnings, omitted.warnings, |warning| reason(warning)),
            redaction: summary.redaction.as_ref().map(Redaction::of),
        }
    }
}

impl Redaction {
    fn of(summary: &RedactionSummary) -> Self {
        let excerpts = |fields: &[String]| fields.iter().map(|field| name(field)).collect();
        Self {
            level: summary.level,
            key_id: summary.key_id.as_deref().map(Excerpt::of),
            redact_fields: excerpts(&summary.redact_fields),
            keep_fields: excerpts(&summary.keep_fields),
            events: summary.events,
            replaced: summary.replaced.clone(),
        }
    }
}

impl<Entry> Listed<Entry> {
    fn of<Text>(entries: &[Text], omitted: u64, entry: impl Fn(&Text) -> Entry) -> Self {
        Self { entries: entries.iter().map(entry).collect(), omitted }
    }
}

fn name(file: &str) -> Excerpt {
    Excerpt::of_at_most(file, NAME_CHARACTERS)
}

fn reason(text: &str) -> Excerpt {
    Excerpt::of_at_most(text, REASON_CHARACTERS)
}
