//! Adds up the blocks of a report, one after the other, in the order in which they were read.

use std::cmp::Reverse;

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
        Self { known_fields, findings: Findings::new(), inventory: Inventory::new(), session: None }
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
