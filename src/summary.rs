//! What an export did, with exact accounting (specification, Summary).

/// How many entries each list of a summary holds; the rest is counted in [`Omitted`].
pub const LIST_LIMIT: usize = 100;

/// A row that was left out, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadLine {
    /// Name of the telemetry file.
    pub file: String,
    /// Line number in it, from 1.
    pub line: u64,
    /// What is wrong with the row.
    pub reason: String,
}

/// A file that could not be read, or not to its end, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkippedFile {
    /// Name of the telemetry file.
    pub file: String,
    /// What the system said, or where the file ended.
    pub reason: String,
}

/// How many entries did not fit each list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Omitted {
    /// Bad lines that are counted but not listed.
    pub bad_line_samples: u64,
    /// Skipped files that are counted but not listed.
    pub skipped_files: u64,
    /// Warnings that are counted but not listed.
    pub warnings: u64,
}

/// One request file of an OTLP export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Name in the zip.
    pub file: String,
    /// `logs`, `traces` or `metrics`.
    pub signal: &'static str,
    /// Log records, spans or data points in it.
    pub records: u64,
    /// Length of the request, unpacked.
    pub bytes: u64,
}

/// Three counts, one for each OTLP signal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SignalCounts {
    /// Log events, or log records.
    pub logs: u64,
    /// Span events, or spans.
    pub traces: u64,
    /// Metric events, or data points.
    pub metrics: u64,
}

impl SignalCounts {
    /// Adds other counts.
    pub(crate) fn add(&mut self, other: &Self) {
        self.logs += other.logs;
        self.traces += other.traces;
        self.metrics += other.metrics;
    }

    /// All three together.
    pub fn total(&self) -> u64 {
        self.logs + self.traces + self.metrics
    }
}

/// What the formats that tell signals apart have to tell: OTLP and the report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SignalSummary {
    /// Events that went to each signal; they add up to [`Summary::event_count`].
    pub events: SignalCounts,
    /// Measurements that give no point: null, not finite, or a negative count.
    pub dropped_points: u64,
}

/// What only an OTLP export has to tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OtlpSummary {
    /// Log records, spans and data points written.
    pub records: SignalCounts,
    /// The request files in the order to send them.
    pub parts: Vec<Part>,
}

/// What an export did.
///
/// `lines_read = event_count + out_of_range + headers + blank_lines + bad_lines`, always.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Events written.
    pub event_count: u64,
    /// Telemetry files selected by the range, skipped ones included.
    pub files: u64,
    /// Bytes of telemetry read.
    pub bytes_read: u64,
    /// Length of the file written; 0 where no event matched.
    pub bytes_written: u64,
    /// Lines seen.
    pub lines_read: u64,
    /// Good rows outside the window.
    pub out_of_range: u64,
    /// Header rows.
    pub headers: u64,
    /// Lines of white space only.
    pub blank_lines: u64,
    /// Rows left out because they are broken.
    pub bad_lines: u64,
    /// The first bad lines in order of date, session, part and line.
    pub bad_line_samples: Vec<BadLine>,
    /// The first files that could not be read, or not to their end.
    pub skipped_files: Vec<SkippedFile>,
    /// What a reader of the export should know.
    pub warnings: Vec<String>,
    /// How many entries did not fit the three lists.
    pub omitted: Omitted,
    /// For an OTLP export and a report.
    pub signals: Option<SignalSummary>,
    /// For an OTLP export.
    pub otlp: Option<OtlpSummary>,
}

impl Summary {
    /// Adds a warning, or counts it once the list is full.
    pub(crate) fn warn(&mut self, warning: String) {
        push_limited(&mut self.warnings, &mut self.omitted.warnings, warning);
    }

    /// Adds a skipped file, or counts it once the list is full.
    pub(crate) fn skip_file(&mut self, file: String, reason: String) {
        push_limited(&mut self.skipped_files, &mut self.omitted.skipped_files, SkippedFile { file, reason });
    }
}

fn push_limited<T>(list: &mut Vec<T>, omitted: &mut u64, entry: T) {
    if list.len() < LIST_LIMIT {
        list.push(entry);
    } else {
        *omitted += 1;
    }
}
