//! The summary of an export. Every line is counted once (specification, Accounting).

/// The length limit of each list of a summary. [`Omitted`] counts the rest.
pub const LIST_LIMIT: usize = 100;

/// A row that was left out because it is broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadLine {
    /// Name of the telemetry file.
    pub file: String,
    /// Line number in it, from 1.
    pub line: u64,
    /// What is wrong with the row.
    pub reason: String,
}

/// Lines of a file that follow each other and were left out for the same reason.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BadLines {
    /// Name of the telemetry file.
    pub file: String,
    /// The first line, from 1.
    pub first: u64,
    /// The last line. It is the first one if there is only one.
    pub last: u64,
    /// What is wrong with each of the rows.
    pub reason: String,
}

impl BadLines {
    /// Number of lines.
    pub fn count(&self) -> u64 {
        self.last - self.first + 1
    }
}

/// A file that could not be read, or only in part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkippedFile {
    /// Name of the telemetry file.
    pub file: String,
    /// The system's error, or where reading ended.
    pub reason: String,
}

/// How many entries did not fit into each list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Omitted {
    /// Bad lines that are counted but not in [`Summary::bad_line_samples`].
    pub bad_line_samples: u64,
    /// Skipped files that are counted but not listed.
    pub skipped_files: u64,
    /// Warnings that are counted but not listed.
    pub warnings: u64,
}

/// A file of an OTLP export that holds one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Name in the zip.
    pub file: String,
    /// `logs`, `traces` or `metrics`.
    pub signal: &'static str,
    /// Number of log records, spans or data points.
    pub records: u64,
    /// Unpacked length.
    pub bytes: u64,
}

/// A count for each OTLP signal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SignalCounts {
    /// Events that became log records, or log records.
    pub logs: u64,
    /// Events that became spans, or spans.
    pub traces: u64,
    /// Events that became data points, or data points.
    pub metrics: u64,
}

impl SignalCounts {
    /// Adds other counts.
    pub(crate) fn add(&mut self, other: &Self) {
        self.logs += other.logs;
        self.traces += other.traces;
        self.metrics += other.metrics;
    }

    /// The sum of the three.
    pub fn total(&self) -> u64 {
        self.logs + self.traces + self.metrics
    }
}

/// The counts of formats that distinguish signals: OTLP and the report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SignalSummary {
    /// Events by signal. They add up to [`Summary::event_count`].
    pub events: SignalCounts,
    /// Measurements that became no data point: null, not finite, or a negative count.
    pub dropped_points: u64,
}

/// The counts of an OTLP export only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OtlpSummary {
    /// Log records, spans and data points written.
    pub records: SignalCounts,
    /// The request files, in the order in which to send them.
    pub parts: Vec<Part>,
}

/// What a redacted export replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedactionSummary {
    /// `marked` or `unknown`.
    pub level: &'static str,
    /// `random` or `given`.
    pub key: &'static str,
    /// Tells given keys apart. `None` if the key is random.
    pub key_id: Option<String>,
    /// Fields that the user had replaced, in the order given.
    pub redact_fields: Vec<String>,
    /// Fields that the user had kept, in the order given.
    pub keep_fields: Vec<String>,
    /// Events with a replaced value.
    pub events: u64,
    /// How many pseudonyms of each kind a JSON export of the events has.
    pub replaced: Vec<(&'static str, u64)>,
}

impl RedactionSummary {
    /// The version of this summary in manifests.
    pub const VERSION: u32 = 1;
}

/// What an export did.
///
/// `lines_read = event_count + out_of_range + headers + blank_lines + bad_lines`, always.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Events written.
    pub event_count: u64,
    /// Telemetry files that the range selects, including skipped ones.
    pub files: u64,
    /// Bytes of telemetry read.
    pub bytes_read: u64,
    /// Length of the written file, or 0 if no event matched.
    pub bytes_written: u64,
    /// Lines read.
    pub lines_read: u64,
    /// Good rows outside the range.
    pub out_of_range: u64,
    /// Header rows.
    pub headers: u64,
    /// Lines of white space only.
    pub blank_lines: u64,
    /// Rows left out because they are broken.
    pub bad_lines: u64,
    /// The first [`LIST_LIMIT`] entries of bad lines, in order of date, session, part and line. Lines that follow each other and
    /// have the same reason are one entry.
    pub bad_lines_listed: Vec<BadLines>,
    /// The first files that could not be read, or only in part.
    pub skipped_files: Vec<SkippedFile>,
    /// What the user should know about the export.
    pub warnings: Vec<String>,
    /// How many entries did not fit into these three lists.
    pub omitted: Omitted,
    /// For an OTLP export and a report.
    pub signals: Option<SignalSummary>,
    /// For an OTLP export.
    pub otlp: Option<OtlpSummary>,
    /// For a redacted export.
    pub redaction: Option<RedactionSummary>,
}

impl Summary {
    /// The first [`LIST_LIMIT`] bad lines in order of date, session, part and line.
    pub fn bad_line_samples(&self) -> Vec<BadLine> {
        let lines = self.bad_lines_listed.iter().flat_map(|lines| {
            let BadLines { file, reason, .. } = lines;
            (lines.first..=lines.last).map(|line| BadLine {
                file: file.clone(),
                line,
                reason: reason.clone(),
            })
        });
        lines.take(LIST_LIMIT).collect()
    }

    /// Adds a warning. If the list is full, it is only counted.
    pub(crate) fn warn(&mut self, warning: String) {
        push_limited(&mut self.warnings, &mut self.omitted.warnings, warning);
    }

    /// Adds a skipped file. If the list is full, it is only counted.
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
