//! Adds up the blocks of a report, one after the other, in the order in which they were read.

use std::cmp::Reverse;
use std::mem;

use super::excerpt::Excerpt;
use super::findings::{EventName, Failure, Findings, Operation, Origin, Route, SESSIONS_AT_MOST, Session};
use super::first_rows::FirstRows;
use super::gather::block::{BlockEventName, BlockFailure, ReportBlock, Span};
use super::gather::block_rows::BlockRows;
use super::gather::contexts::BlockOrigin;
use super::gather::known_fields::KnownFields;
use super::gather::metric_events::{BlockMetrics, HttpRecord, Reading};
use super::inventory::Inventory;
use super::series::Series;
use super::session_failures::SessionFailures;
use crate::error::Result;
use crate::read::sessions::{BlockSource, SessionSink};
use crate::row::count::Count;
use crate::row::signal::Outcome;
use crate::summary::SignalSummary;

/// The findings of the blocks added so far, and the state that is needed to add the next block.
pub(super) struct Assembly<'k> {
    known_fields: &'k KnownFields,
    findings: Findings,
    inventory: Inventory,
    session: Option<Session>,
    session_failures: SessionFailures,
}

impl SessionSink<'_, ReportBlock> for Assembly<'_> {
    fn begin_session(&mut self, name: &str) {
        self.end_session();
        self.session =
            Some(Session { name: Excerpt::of(name), first: u64::MAX, last: 0, events: 0, number: 0 });
    }

    fn add(&mut self, block: ReportBlock, _source: BlockSource<'_>) -> Result<()> {
        self.add_block(&block);
        Ok(())
    }

    fn signals(&self) -> SignalSummary {
        self.findings.signals
    }
}

impl<'k> Assembly<'k> {
    pub(super) fn new(known_fields: &'k KnownFields) -> Self {
        Self {
            known_fields,
            findings: Findings::new(),
            inventory: Inventory::new(),
            session: None,
            session_failures: SessionFailures::default(),
        }
    }

    fn add_block(&mut self, block: &ReportBlock) {
        let ReportBlock { covered, days, event_names, metrics, contexts, .. } = block;
        let Some((first, last)) = *covered else { return };
        let findings = &mut self.findings;
        let (earliest, latest) = findings.covered.unwrap_or((first, last));
        findings.covered = Some((earliest.min(first), latest.max(last)));
        findings.signals.dropped_points += metrics.dropped_points;
        let mut events = 0;
        for (day, counts) in days {
            findings.days.entry(*day).or_default().add(counts);
            findings.signals.events.add(counts);
            events += counts.total();
        }
        if let Some(session) = &mut self.session {
            session.first = session.first.min(first);
            session.last = session.last.max(last);
            // A session is counted when its first event comes, because sessions without events do not count.
            findings.sessions.count += u64::from(session.events == 0);
            session.number = findings.sessions.count;
            session.events += events;
        }
        let session = findings.sessions.count;
        add_origins(&mut findings.editors, &contexts.editors, session);
        add_origins(&mut findings.systems, &contexts.systems, session);
        add_origins(&mut findings.extension_versions, &contexts.extension_versions, session);
        let name_indices: Vec<_> = event_names
            .rows()
            .iter()
            .map(|(identity, added)| {
                let (index, name) = findings.event_names.entry(*identity, |is_other| {
                    let name = if is_other { Excerpt::default() } else { added.name.clone() };
                    EventName { name, events: 0 }
                });
                name.events += added.events;
                index
            })
            .collect();
        self.inventory.add(&block.fields, &name_indices, self.known_fields);
        add_spans(&mut findings.operations, event_names, &block.spans);
        self.session_failures.add(&block.failures, &block.earliest_failures);
        for (identity, added) in block.failures.rows() {
            let (_, failure) = findings.failures.entry(*identity, |is_other| Failure::new(added, is_other));
            failure.count += added.count;
            failure.first = failure.first.min(added.first);
            failure.last = failure.last.max(added.last);
            failure.sessions += u64::from(failure.last_session != session);
            failure.last_session = session;
            if failure.example == Excerpt::default() {
                failure.example = added.example.clone();
            }
        }
        add_metrics(findings, metrics);
    }

    fn end_session(&mut self) {
        let Some(session) = self.session.take().filter(|session| session.events > 0) else { return };
        self.findings.failed_sessions.add(&session, mem::take(&mut self.session_failures));
        let longest = &mut self.findings.sessions.longest;
        longest.push(session);
        // Sorting only when twice the limit is reached keeps both the cost and the list small.
        if longest.len() == 2 * SESSIONS_AT_MOST {
            keep_longest(longest);
        }
    }

    /// Completes the findings.
    pub(super) fn finish(mut self) -> Findings {
        self.end_session();
        let mut findings = self.findings;
        findings.failed_sessions.finish();
        keep_longest(&mut findings.sessions.longest);
        findings.sessions.longest.sort_by_key(|session| (session.first, session.number));
        findings.fields = self.inventory.into_fields();
        findings
    }
}

fn keep_longest(sessions: &mut Vec<Session>) {
    // The sort is stable: of sessions that lasted equally long, the ones read first are kept.
    sessions.sort_by_key(|session| Reverse(session.last - session.first));
    sessions.truncate(SESSIONS_AT_MOST);
}

fn add_origins(origins: &mut FirstRows<Origin>, added: &BlockRows<BlockOrigin>, session: u64) {
    for (identity, added) in added.rows() {
        let (_, origin) = origins.entry(*identity, |is_other| {
            let names = if is_other { Default::default() } else { added.names.clone() };
            Origin { names, ..Origin::default() }
        });
        origin.events += added.events;
        origin.sessions += u64::from(origin.last_session != session);
        origin.last_session = session;
    }
}

fn add_spans(operations: &mut FirstRows<Operation>, names: &BlockRows<BlockEventName>, spans: &[Span]) {
    let mut indices =
        TableIndices::new(names, |added| Operation { name: added.name.clone(), ..Operation::default() });
    for span in spans {
        let operation = indices.row(operations, span.event_name);
        operation.count += 1;
        match span.outcome {
            Outcome::Success => operation.success += 1,
            Outcome::Error => operation.error += 1,
            Outcome::Aborted => operation.aborted += 1,
            Outcome::Unknown => operation.unknown += 1,
        }
        if let Some(nanoseconds) = span.nanoseconds {
            operation.durations.add(nanoseconds);
        }
    }
}

fn add_metrics(findings: &mut Findings, block: &BlockMetrics) {
    let Findings { status_classes, request_days, routes, series, .. } = findings;
    let mut class_indices = TableIndices::new(&block.status_classes, Excerpt::clone);
    let mut route_indices = TableIndices::new(&block.routes, |[method, route]| Route {
        method: method.clone(),
        route: route.clone(),
        ..Route::default()
    });
    let mut series_indices =
        TableIndices::new(&block.series, |series| Series::new(series.name.clone(), series.unit));
    let mut window = None;
    for &record in &block.http_records {
        match (record, &mut window) {
            (HttpRecord::Window { route, day, requests }, _) => {
                route_indices.row(routes, route);
                window = Some((route, day, requests));
            }
            // A count of zero lists its class, but not its day.
            (HttpRecord::Count { status_class, count }, Some((route, day, _))) => {
                let class = class_indices.table_index(status_classes, status_class);
                if count != Count::Integer(0) {
                    request_days.entry(*day).or_default().add(class, count);
                    route_indices.row(routes, *route).requests.add(class, count);
                }
            }
            (HttpRecord::Duration { kind, milliseconds }, Some((route, _, requests))) => {
                route_indices.row(routes, *route).durations[kind as usize].add(milliseconds, *requests);
            }
            (_, None) => unreachable!("the first record of each event is a window"),
        }
    }
    for &Reading { series: index, time, value } in &block.readings {
        series_indices.row(series, index).add(time, value);
    }
}

/// Maps the indices of a block's rows to the indices of the same rows in the whole table. A row enters the table when it is
/// first used, because a block also has rows without any value.
struct TableIndices<'b, Added, Row> {
    added: &'b BlockRows<Added>,
    new_row: fn(&Added) -> Row,
    indices: Vec<Option<usize>>,
}

impl<'b, Added: Default, Row> TableIndices<'b, Added, Row> {
    /// `new_row` makes the table's row from the block's row. The row for all others is made from an empty one.
    fn new(added: &'b BlockRows<Added>, new_row: fn(&Added) -> Row) -> Self {
        Self { added, new_row, indices: vec![None; added.rows().len()] }
    }

    fn table_index(&mut self, rows: &mut FirstRows<Row>, index: u32) -> usize {
        let Self { added, new_row, indices } = self;
        *indices[index as usize].get_or_insert_with(|| {
            let (identity, added) = &added.rows()[index as usize];
            let new_row = |is_other| if is_other { new_row(&Added::default()) } else { new_row(added) };
            let (table_index, _) = rows.entry(*identity, new_row);
            table_index
        })
    }

    fn row<'r>(&mut self, rows: &'r mut FirstRows<Row>, index: u32) -> &'r mut Row {
        let index = self.table_index(rows, index);
        rows.get_mut(index)
    }
}

impl Failure {
    fn new(block: &BlockFailure, is_other: bool) -> Self {
        let name = |name: &Excerpt| if is_other { Excerpt::default() } else { name.clone() };
        Self {
            event_name: name(&block.event_name),
            kind: name(&block.kind),
            code: name(&block.code),
            first: block.first,
            last: block.last,
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::report::findings::FAILURES_OF_SESSION_AT_MOST;
    use crate::formats::report::gather::Shared;
    use crate::formats::report::percentiles::Percentiles;
    use crate::progress::Progress;
    use crate::row::event::{Row, RowReader};
    use crate::row::event_context::EventContext;

    /// A row of an event. `second` is when it happened, and `more` are members after the properties.
    fn row(name: &str, second: usize, properties: &str, more: &str) -> String {
        let (minute, second) = (second / 60, second % 60);
        format!(
            r#"{{"event_id":"5bfbf9d652a1602c","event_name":"{name}","timestamp":"2026-06-01T08:{minute:02}:{second:02}Z","event_sequence":1,"trace_id":"9c5841cd6389a0f24a8303e8087c7ed2","properties":{properties}{more},"context":{{"deployment_url":"u","extension_version":"1","machine_id":"m","session_id":"s","os_type":"o","os_version":"v","host_arch":"h","platform_name":"p","platform_version":"1"}}}}"#
        )
    }

    /// The findings of sessions, each given as blocks of rows.
    fn findings_of(sessions: &[Vec<&[String]>]) -> Findings {
        let progress = Progress::default();
        let shared = Shared::new(&progress, None);
        let mut assembly = Assembly::new(&shared.known_fields);
        for (number, blocks) in sessions.iter().enumerate() {
            assembly.begin_session(&format!("session {number}"));
            for rows in blocks {
                let mut block = ReportBlock::default();
                for row in *rows {
                    let Ok(Row::Event(event)) = RowReader::default().read(row) else { panic!("{row}") };
                    let context = EventContext::of(&event, None).expect("a context");
                    let time = event.timestamp.unix_nanoseconds().expect("a time");
                    block.add(&event, context, time, &shared);
                }
                block.finish();
                assembly.add_block(&block);
            }
        }
        assembly.finish()
    }

    fn failed(second: usize, properties: &str, error: &str) -> String {
        row("e", second, properties, &format!(r#","measurements":{{}}{error}"#))
    }

    #[test]
    fn a_failure_is_named_by_the_property_before_the_error_block() {
        for (properties, error, kind, code) in [
            (r#"{"result":"error","error.type":"own"}"#, "", "own", ""),
            (r#"{"error.type":"own"}"#, r#","error":{"message":"m","type":"T","code":"C"}"#, "own", "C"),
            (r#"{"error.type":""}"#, r#","error":{"message":"m","type":"T","code":"C"}"#, "T", "C"),
            (r#"{"error.typ\u0065":"own"}"#, r#","error":{"message":"m","type":"T"}"#, "own", ""),
            ("{}", r#","error":{"message":"m","type":"","code":"C"}"#, "C", "C"),
            (r#"{"error.type":"first","error.type":"last"}"#, r#","error":{"message":"m"}"#, "last", ""),
            (r#"{"result":"error","error.type":""}"#, "", "", ""),
        ] {
            let findings = findings_of(&[vec![&[failed(0, properties, error)]]]);
            let [failure] = findings.failures.rows() else { panic!("{properties} {error}") };
            assert_eq!((failure.kind.text(), failure.code.text()), (kind, code), "{properties} {error}");
        }
        let findings = findings_of(&[vec![&[failed(0, r#"{"error.type":"own"}"#, "")]]]);
        assert!(findings.failures.rows().is_empty(), "the property alone is no failure");
    }

    #[test]
    fn the_failures_of_a_session_are_in_order_of_time_however_it_is_cut_into_blocks() {
        let error = |number: usize| format!(r#","error":{{"message":"m","type":"T{number}"}}"#);
        let count = FAILURES_OF_SESSION_AT_MOST + 15;
        let rows: Vec<_> = (0..count).map(|at| failed(at * 17 % count, "{}", &error(at))).collect();
        let good = vec![failed(0, "{}", "")];
        for size in [count, 10, 3, 1] {
            let findings = findings_of(&[vec![&good], rows.chunks(size).collect(), vec![&rows[..1], &good]]);
            let failed = &findings.failed_sessions;
            let [one, other] = &failed.most_failures[..] else { panic!("{failed:?}") };
            assert_eq!(failed.count, 2);
            assert_eq!((one.session.name.text(), one.failures.count), ("session 1", count as u64));
            assert_eq!((other.session.events, other.failures.count), (2, 1));
            let kinds: Vec<_> =
                one.failures.earliest.in_order().iter().map(|(_, names)| names.kind.text()).collect();
            let mut expected: Vec<_> = (0..count).map(|at| (at * 17 % count, format!("T{at}"))).collect();
            expected.sort();
            expected.truncate(FAILURES_OF_SESSION_AT_MOST);
            assert!(kinds.iter().eq(expected.iter().map(|(_, kind)| kind)), "{kinds:?}");
            let (first, last) = one.failures.covered.expect("failures");
            assert_eq!((last - first) / 1_000_000_000, count as u64 - 1);
        }
    }

    #[test]
    fn operations_have_whole_names_and_exact_percentiles_however_rows_are_cut_into_blocks() {
        let span = |number: usize| {
            let name = ["auth.token_refresh.completed", "command.diagnostic.completed"][number % 2];
            row(name, 0, "{}", &format!(r#","measurements":{{"durationMs":{}}}"#, number * 7 % 1_999))
        };
        let rows: Vec<_> = (0..2 * Percentiles::EXACT_AT_MOST - 1).map(span).collect();
        let whole = findings_of(&[vec![&rows]]);
        for size in [700, 64] {
            let cut = findings_of(&[rows.chunks(size).collect()]);
            for (whole, cut) in whole.operations.rows().iter().zip(cut.operations.rows()) {
                for percent in [50, 95, 99] {
                    let percentile = whole.durations.percentiles.percentile(percent);
                    assert_eq!(percentile, cut.durations.percentiles.percentile(percent));
                    assert_eq!(percentile.map(|nanoseconds| nanoseconds % 1e6), Some(0.0));
                }
            }
        }
        let names: Vec<_> = whole.operations.rows().iter().map(|operation| operation.name.text()).collect();
        assert_eq!(names, ["auth.token_refresh.completed", "command.diagnostic.completed"]);
    }
}
