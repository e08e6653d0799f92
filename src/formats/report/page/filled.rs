//! Findings of any size, for tests: each text is the same, and each table has as many rows as asked for.

use crate::formats::report::excerpt::Excerpt;
use crate::formats::report::field_marks::{FieldMarks, MarkedPart};
use crate::formats::report::findings::{
    Distinct, EventName, FAILURES_AT_MOST, FIELDS_AT_MOST, Failure, Field, FieldPlace, Findings,
    NamesOfField, OPERATIONS_AT_MOST, ORIGINS_AT_MOST, Operation, Origin, ROUTES_AT_MOST, RequestCounts,
    Route, SERIES_AT_MOST, SESSIONS_AT_MOST, STATUS_CLASSES_AT_MOST, Session, ValueTypes, WeightedMean,
};
use crate::formats::report::first_rows::FirstRows;
use crate::formats::report::series::Series;
use crate::formats::report::session_failures::{FailureNames, SessionFailures};
use crate::row::count::Count;
use crate::row::timestamp::NANOSECONDS_PER_DAY;
use crate::summary::{BadLines, LIST_LIMIT, Omitted, SignalCounts, SkippedFile, Summary};

const DAY: u64 = NANOSECONDS_PER_DAY;

/// What to fill findings with: a text in all places, and rows of each table.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filling {
    pub(crate) text: String,
    pub(crate) fields: u64,
    pub(crate) failures: u64,
    /// Of all other tables.
    pub(crate) rows: u64,
    pub(crate) days: u64,
}

impl Filling {
    /// A few of everything.
    pub(crate) fn some() -> Self {
        Self { text: "text".to_owned(), fields: 12, failures: 3, rows: 3, days: 5 }
    }

    /// More than any table holds, so that each has a row for all others.
    pub(crate) fn to_the_brim(text: &str) -> Self {
        Self { text: text.to_owned(), fields: 3_000, failures: 2_000, rows: 1_000, days: 100_000 }
    }
}

/// A field of one value, of events with the name at this index.
pub(crate) fn field(place: FieldPlace, event_name: Option<usize>, key: &str) -> Field {
    let mut event_names = NamesOfField::default();
    event_name.into_iter().for_each(|name| event_names.add(name, 1));
    Field {
        place,
        key: Excerpt::of(key),
        types: ValueTypes::of("\"\""),
        count: 1,
        event_names,
        distinct: Distinct::Exactly(1),
        examples: vec![Excerpt::of("value")],
        marks: FieldMarks::default(),
        preview: None,
        redaction: None,
    }
}

/// Findings of these fields and of these event names.
pub(crate) fn findings_of(fields: Vec<Field>, event_names: &[&str]) -> Findings {
    let mut findings = Findings::new();
    for (identity, event) in (0..).zip(event_names) {
        findings.event_names.entry(identity, |_| EventName { name: Excerpt::of(event), events: 1_049 });
    }
    for (identity, field) in (0..).zip(fields) {
        findings.fields.entry(identity, |_| field);
    }
    findings
}

/// Marks of a value with an address, a secret and `text` around them, and of a key.
fn marks_of(text: &str) -> FieldMarks {
    // A longer hostile text would only be cut.
    let around: String = text.chars().take(20).collect();
    let value = format!("{around} anna@corp.example {around} --password=hunter2 {around}");
    let mut marks = FieldMarks::default();
    marks.search(MarkedPart::Value, &value, u64::MAX);
    marks.search(MarkedPart::Key, "/home/anna/x", u64::MAX);
    marks
}

/// Findings in which every text is that of `filling`.
pub(crate) fn filled(filling: &Filling) -> Findings {
    let text = Excerpt::of(&filling.text);
    let mut findings = Findings::new();
    findings.covered = (filling.days > 0).then(|| (0, filling.days * DAY));
    fill(&mut findings.event_names, filling.fields / 4, || EventName {
        name: text.clone(),
        events: u64::MAX,
    });
    fill_fields(&mut findings, filling, &text);
    fill_failures(&mut findings, filling, &text);
    fill_activity(&mut findings, filling, &text);
    fill_operations(&mut findings, filling, &text);
    fill_network(&mut findings, filling, &text);
    findings
}

/// A summary with lists of so many rows, up to their limit.
pub(crate) fn filled_summary(filling: &Filling) -> Summary {
    let text = &filling.text;
    let listed = usize::try_from(filling.rows).unwrap_or(usize::MAX).min(LIST_LIMIT);
    let omitted = filling.rows.saturating_sub(listed as u64);
    let bad_lines =
        BadLines { file: text.clone(), first: u64::MAX - 1, last: u64::MAX, reason: text.clone() };
    let skipped_file = SkippedFile { file: text.clone(), reason: text.clone() };
    Summary {
        event_count: filling.fields,
        bad_lines: 2 * filling.rows,
        bad_lines_listed: vec![bad_lines; listed],
        skipped_files: vec![skipped_file; listed],
        warnings: vec![text.clone(); listed],
        omitted: Omitted { bad_line_samples: omitted, skipped_files: omitted, warnings: omitted },
        ..Summary::default()
    }
}

fn fill<Row>(table: &mut FirstRows<Row>, rows: u64, begin: impl Fn() -> Row) {
    for identity in 0..rows {
        table.entry(identity, |_| begin());
    }
}

fn fill_fields(findings: &mut Findings, filling: &Filling, text: &Excerpt) {
    use FieldPlace::{Context, Error, Measurements, Other, Properties, Row};
    let listed_names = findings.event_names.rows().len();
    for identity in 0..filling.fields {
        let place = [Context, Row, Properties, Measurements, Error, Other][identity as usize % 6];
        let mut field = field(place, None, text.text());
        // Some fields occur under all event names.
        let names = if identity % 100 == 2 { 0..listed_names } else { 0..1.min(listed_names) };
        names.for_each(|name| field.event_names.add(name, u64::MAX >> 12));
        findings.fields.entry(identity, |_| Field {
            count: u64::MAX,
            examples: vec![text.clone(); 5],
            marks: marks_of(&filling.text),
            ..field
        });
    }
    assert!(findings.fields.rows().len() <= FIELDS_AT_MOST);
}

fn fill_failures(findings: &mut Findings, filling: &Filling, text: &Excerpt) {
    fill(&mut findings.failures, filling.failures, || Failure {
        event_name: text.clone(),
        kind: text.clone(),
        code: text.clone(),
        count: u64::MAX,
        first: 0,
        last: u64::MAX,
        sessions: u64::MAX,
        last_session: 1,
        example: text.clone(),
    });
    assert!(findings.failures.rows().len() <= FAILURES_AT_MOST);
    fill_failed_sessions(findings, filling, text);
}

fn fill_failed_sessions(findings: &mut Findings, filling: &Filling, text: &Excerpt) {
    for number in 0..filling.rows {
        let mut failures =
            SessionFailures { count: u64::MAX, covered: Some((0, u64::MAX)), ..Default::default() };
        for time in 0..filling.failures {
            failures.earliest.add(time, || FailureNames {
                event_name: text.clone(),
                kind: text.clone(),
                code: text.clone(),
            });
        }
        let session = Session { name: text.clone(), first: 0, last: u64::MAX, events: u64::MAX, number };
        findings.failed_sessions.add(&session, failures);
    }
    findings.failed_sessions.finish();
}

fn fill_activity(findings: &mut Findings, filling: &Filling, text: &Excerpt) {
    let counts = SignalCounts { logs: 1, traces: u64::MAX >> 2, metrics: 3 };
    findings.days = (0..filling.days as i64).map(|day| (day, counts)).collect();
    let session = Session { name: text.clone(), first: 0, last: u64::MAX, events: u64::MAX, number: 1 };
    findings.sessions.count = filling.rows;
    findings.sessions.longest = vec![session; (filling.rows as usize).min(SESSIONS_AT_MOST)];
    for table in [&mut findings.editors, &mut findings.systems, &mut findings.extension_versions] {
        fill(table, filling.rows, || Origin {
            names: [text.clone(), text.clone()],
            events: u64::MAX,
            sessions: 1,
            last_session: 1,
        });
        assert!(table.rows().len() <= ORIGINS_AT_MOST);
    }
}

fn fill_operations(findings: &mut Findings, filling: &Filling, text: &Excerpt) {
    fill(&mut findings.operations, filling.rows, || {
        let mut operation =
            Operation { name: text.clone(), count: u64::MAX, unknown: 1, ..Operation::default() };
        operation.durations.count = u64::MAX;
        operation.durations.total_nanoseconds = u128::MAX;
        operation.durations.longest_nanoseconds = u64::MAX;
        operation.durations.percentiles.add(1.0 / 3.0 * 1e18);
        operation.durations.steps.fill(u64::MAX / 100);
        operation
    });
    assert!(findings.operations.rows().len() <= OPERATIONS_AT_MOST);
}

fn fill_network(findings: &mut Findings, filling: &Filling, text: &Excerpt) {
    let mut requests = RequestCounts::default();
    requests.0.fill(Count::Double(f64::MAX));
    fill(&mut findings.status_classes, filling.rows, || text.clone());
    assert!(findings.status_classes.rows().len() <= STATUS_CLASSES_AT_MOST);
    findings.request_days = (0..filling.days as i64).map(|day| (day, Box::new(requests.clone()))).collect();
    fill(&mut findings.routes, filling.rows, || Route {
        method: text.clone(),
        route: text.clone(),
        requests: requests.clone(),
        durations: [WeightedMean { weighted_sum: f64::MAX, weight: 1.0 }; 4],
    });
    assert!(findings.routes.rows().len() <= ROUTES_AT_MOST);
    fill(&mut findings.series, filling.rows, || {
        let mut series = Series::new(text.clone(), "ms");
        (0..filling.days.min(1_000)).for_each(|day| series.add(day * DAY, 1.0 / 3.0 * 1e18));
        series
    });
    assert!(findings.series.rows().len() <= SERIES_AT_MOST);
}
