//! Merges sessions by time into one array (specification, Event order): the session with the
//! earliest next event comes next.
//!
//! This file decides only the order. `lanes` reads the sessions, and `budget` limits their memory.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::mem;
use std::ops::Range;
use std::sync::Arc;

use super::array_writer::ArrayWriter;
use super::block::{JsonArray, JsonBlock, JsonRow};
use super::lanes::Lanes;
use crate::error::Result;
use crate::read::ledger::Ledger;
use crate::read::parallel_decoder::ParallelDecoder;
use crate::row::timestamp::Timestamp;
use crate::summary::Summary;
use crate::write::writer::Writer;

/// Writes the events of `sessions`, each a run of the decoder's files, to `output` as one JSON array, and completes
/// `summary`. If there are no events, nothing is written.
pub(crate) fn write_array<'scope>(
    decoding: ParallelDecoder<'_, 'scope, JsonArray>,
    sessions: &[Range<u32>],
    ledger: Ledger<'_>,
    output: Writer<'_>,
    summary: &mut Summary,
) -> Result<()> {
    let progress = decoding.progress();
    let mut merge = Merge { lanes: Lanes::new(decoding, ledger, sessions), array: ArrayWriter::new(output) };
    let next_events = merge.read_first_events()?;
    merge.write_events(next_events)?;
    progress.finish_reading();
    summary.event_count = merge.array.events();
    summary.bytes_written = merge.array.finish()?;
    merge.lanes.into_ledger().close(summary);
    Ok(())
}

struct Merge<'w, 'scope, 'l, 'p> {
    lanes: Lanes<'w, 'scope, 'l>,
    array: ArrayWriter<'p>,
}

/// The next events of all lanes that have one, the earliest first.
type NextEvents<'scope> = BinaryHeap<Reverse<NextEvent<'scope>>>;

impl<'scope> Merge<'_, 'scope, '_, '_> {
    /// Reads every session up to its first event.
    fn read_first_events(&mut self) -> Result<NextEvents<'scope>> {
        let mut next_events = BinaryHeap::with_capacity(self.lanes.count());
        let mut first_blocks = self.lanes.first_blocks();
        for lane in 0..self.lanes.count() {
            if self.lanes.read_first(lane, &mut first_blocks)? {
                next_events.push(Reverse(self.next_event(lane)));
                self.lanes.limit_first_blocks(lane);
            }
        }
        Ok(next_events)
    }

    fn write_events(&mut self, mut next_events: NextEvents<'scope>) -> Result<()> {
        self.lanes.queue_ahead();
        while let Some(Reverse(event)) = next_events.pop() {
            let next = next_events.peek().map(|Reverse(next)| next);
            self.lanes.begin(event.lane);
            if self.write_run(event.lane, next)? {
                next_events.push(Reverse(self.next_event(event.lane)));
            }
        }
        Ok(())
    }

    /// Writes the lane's events that come before `limit`, the earliest event of all other lanes.
    /// Returns whether the lane has more.
    fn write_run(&mut self, lane: usize, limit: Option<&NextEvent<'_>>) -> Result<bool> {
        let session = self.lanes.session(lane);
        // The caller picked the first event, so it is written even if its file changed meanwhile.
        let mut picked = 1;
        while self.lanes.read_next(lane)? {
            let at_hand = self.lanes.at_hand(lane);
            let begin = at_hand.next;
            let mut end = begin + mem::take(&mut picked);
            let block = at_hand.block();
            let rows = &block.rows;
            while end < rows.len()
                && limit.is_none_or(|limit| comes_before(&rows[end], block, session, limit))
            {
                end += 1;
            }
            self.array.write_rows(block, begin, end)?;
            if end < rows.len() {
                at_hand.next = end;
                return Ok(true);
            }
            self.lanes.finish_block(lane);
        }
        Ok(false)
    }

    fn next_event(&mut self, lane: usize) -> NextEvent<'scope> {
        let session = self.lanes.session(lane);
        let at_hand = self.lanes.at_hand(lane);
        let row = at_hand.next_row();
        let session_id = Arc::clone(&at_hand.block().context(row).session_id);
        NextEvent { time: row.time, session_id, session, lane }
    }
}

/// The next event of a lane.
#[derive(PartialEq, Eq)]
struct NextEvent<'a> {
    time: Timestamp,
    session_id: Arc<str>,
    session: &'a str,
    lane: usize,
}

impl Ord for NextEvent<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.time
            .cmp(&other.time)
            .then_with(|| self.session_id.cmp(&other.session_id))
            .then_with(|| self.session.cmp(other.session))
    }
}

impl PartialOrd for NextEvent<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn comes_before(row: &JsonRow, block: &JsonBlock, session: &str, limit: &NextEvent<'_>) -> bool {
    row.time.cmp(&limit.time).then_with(|| {
        (block.context(row).session_id.as_ref(), session).cmp(&(limit.session_id.as_ref(), limit.session))
    }) == Ordering::Less
}
