//! The sequential middle of a report: blocks taken in order and added up.

use std::cmp::Reverse;

use super::Report;
use super::excerpt::Excerpt;
use super::findings::{EventName, Failure, Findings, Operation, Origin, Route, SESSIONS_AT_MOST, Session};
use super::first_rows::FirstRows;
use super::gather::block::{BlockFailure, ReportBlock, Span};
use super::gather::block_rows::BlockRows;
use super::gather::contexts::BlockOrigin;
use super::gather::inventory::Inventory;
use super::gather::metric_events::{BlockMetrics, Reading, RequestDuration, Requests};
use super::series::Series;
use crate::error::Result;
use crate::read::sessions::{BlockSource, SessionSink};
use crate::row::signal::Outcome;
use crate::summary::SignalSummary;

/// The findings of the blocks so far.
pub(super) struct Assembly<'s> {
    report: &'s Report<'s>,
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
        self.report.keep(block);
        Ok(())
    }

    fn signals(&self) -> SignalSummary {
        self.findings.signals
    }
}

impl<'s> Assembly<'s> {
    pub(super) fn new(report: &'s Report<'s>) -> Self {
        Self { report, findings: Findings::new(), inventory: Inventory::new(), session: None }
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
            // Sessions with no event before this block begin here.
            findings.sessions.count += u64::from(session.events == 0);
            session.number = findings.sessions.count;
            session.events += events;
        }
        let session = findings.sessions.count;
        add_origins(&mut findings.editors, &contexts.editors, session);
        add_origins(&mut findings.systems, &contexts.systems, session);
        add_origins(&mut findings.extension_versions, &contexts.extension_versions, session);
        let names: Vec<_> = event_names
            .rows()
            .iter()
            .map(|(identity, added)| {
                let (place, name) = findings.event_names.entry(*identity, |is_other| {
                    let name = if is_other { Excerpt::default() } else { added.name.clone() };
                    EventName { name, events: 0 }
                });
                name.events += added.events;
                place
            })
            .collect();
        self.inventory.add(&block.fields, &names, &self.report.shared);
        add_spans(&mut findings.operations, &block.operations, &block.spans);
        for (identity, added) in block.failures.rows() {
            let (_, failure) = findings.failures.entry(*identity, |is_other| Failure::begin(added, is_other));
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
        // Ordered when there are twice as many as are kept: seldom, and never more.
        if longest.len() == 2 * SESSIONS_AT_MOST {
            keep_longest(longest);
        }
    }

    /// What was found.
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
    // Stable: of those that lasted equally long, the ones that were read first are kept.
    sessions.sort_by_key(|session| Reverse(session.last - session.first));
    sessions.truncate(SESSIONS_AT_MOST);
}

fn add_origins(origins: &mut FirstRows<Origin>, added: &BlockRows<BlockOrigin>, session: u64) {
    for (identity, added) in added.rows().iter().filter(|(_, added)| added.events > 0) {
        let (_, origin) = origins.entry(*identity, |is_other| {
            let names = if is_other { Default::default() } else { added.names.clone() };
            Origin { names, ..Origin::default() }
        });
        origin.events += added.events;
        origin.sessions += u64::from(origin.last_session != session);
        origin.last_session = session;
    }
}

fn add_spans(operations: &mut FirstRows<Operation>, names: &BlockRows<Excerpt>, spans: &[Span]) {
    let all: Vec<_> = (0..).take(names.rows().len()).collect();
    let begin = |name: &Excerpt| Operation { name: name.clone(), ..Operation::default() };
    let places = places(operations, names, &all, begin);
    for span in spans {
        let Some(operation) = operations.get_mut(places[span.operation as usize]) else { continue };
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
    let class_places =
        places(status_classes, &block.status_classes, block.counted_classes.order(), Excerpt::clone);
    let route_places = places(routes, &block.routes, block.used_routes.order(), |[method, route]| Route {
        method: method.clone(),
        route: route.clone(),
        ..Route::default()
    });
    let series_places = places(series, &block.series, block.read_series.order(), |(name, unit)| {
        Series::new(name.clone(), unit)
    });
    for &Requests { day, route, status_class, count } in &block.requests {
        // The others' slot is the one behind the last.
        let class = class_places[status_class as usize];
        request_days.entry(day).or_default().add(class, count);
        if let Some(route) = routes.get_mut(route_places[route as usize]) {
            route.requests.add(class, count);
        }
    }
    for &RequestDuration { route, kind, milliseconds, requests } in &block.request_durations {
        if let Some(route) = routes.get_mut(route_places[route as usize]) {
            route.durations[kind as usize].add(milliseconds, requests);
        }
    }
    for &Reading { series: index, time, value } in &block.readings {
        if let Some(series) = series.get_mut(series_places[index as usize]) {
            series.add(time, value);
        }
    }
}

/// Where the rows of a block that `used` names stand in the export's, by index in the block. They are added in that order.
fn places<Row, Added: Default>(
    rows: &mut FirstRows<Row>,
    added: &BlockRows<Added>,
    used: &[u32],
    begin: impl Fn(&Added) -> Row,
) -> Vec<usize> {
    let added = added.rows();
    let mut places = vec![0; added.len()];
    for &index in used {
        let (identity, added) = &added[index as usize];
        let begin = |is_other| if is_other { begin(&Added::default()) } else { begin(added) };
        places[index as usize] = rows.entry(*identity, begin).0;
    }
    places
}

impl Failure {
    fn begin(block: &BlockFailure, is_other: bool) -> Self {
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
