//! Sessions merged by time into one array (specification, Event order): of all sessions, the one whose next event is earliest comes next.
//!
//! Each session is a lane with at most one encoded block at hand and more queued behind it. All lanes share a budget of
//! bytes. What is queued next is what the merge will need first, as far as the times seen so far tell. Where the budget
//! does not hold a block for every lane, the lanes whose turn is farthest away give theirs up and keep only the time and
//! the place of their next event.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::ops::Range;
use std::sync::Arc;

use super::array_writer::ArrayWriter;
use super::block::{JsonArray, JsonBlock, JsonRow};
use super::growth::{Growth, expected_weight};
use crate::error::Result;
use crate::read::decoder::Decoder;
use crate::read::ledger::Ledger;
use crate::read::reader::{Bookmark, Reader, Taken};
use crate::row::timestamp::Timestamp;
use crate::sizes::{Sizes, blocks_ahead};
use crate::summary::Summary;
use crate::workers::{Batches, Workers};
use crate::write::writer::Writer;

/// Telemetry queued ahead where blocks are small: a thread is done with them in no time.
const SMALL_BLOCKS_AHEAD: u64 = 1024 * 1024;
/// Telemetry read at most to find a session's first event: nothing is written before that of every session is known.
const HEAD_BYTES: u64 = 32 * 1024;

/// What a thread's allocator keeps for itself.
const THREAD_BYTES: usize = 1024 * 1024;
/// About what a lane takes that waits for its turn, and its entries in the heaps.
const LANE_BYTES: usize = 256;

/// One session. Small, since a hundred thousand of them may wait for their turn.
struct Lane {
    reader: Reader<JsonBlock>,
    /// The block at hand, and its next event.
    at_hand: Option<Box<AtHand>>,
    /// Whether an event of it was written.
    begun: bool,
    /// Seconds of telemetry in a byte of it, by the last block.
    pace: Option<f32>,
    /// Time of the last event that was encoded.
    frontier: Timestamp,
}

struct AtHand {
    block: Taken<JsonBlock>,
    next: usize,
    weight: usize,
}

/// The next event of a lane.
#[derive(PartialEq, Eq)]
struct Head<'a> {
    time: Timestamp,
    session_id: Arc<str>,
    session: &'a str,
    lane: usize,
}

impl Ord for Head<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.time
            .cmp(&other.time)
            .then_with(|| self.session_id.cmp(&other.session_id))
            .then_with(|| self.session.cmp(other.session))
    }
}

impl PartialOrd for Head<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Writes the events of `sessions`, each a run of the decoder's files, to `output` as one JSON array, and completes
/// `summary`. Where there are no events, nothing is written.
pub(crate) fn write<'scope>(
    workers: &Workers<'scope, '_>,
    decoder: &'scope Decoder<'scope, JsonArray>,
    sessions: &[Range<u32>],
    mut ledger: Ledger<'_>,
    output: Writer<'_>,
    summary: &mut Summary,
) -> Result<()> {
    let lanes: Vec<_> = sessions.iter().map(|files| Lane::new(files.clone())).collect();
    let whole_budget = decoder.sizes.merge_budget;
    let mut merge = Merge {
        workers,
        budget: whole_budget
            .saturating_sub(lanes.len() * LANE_BYTES + workers.threads() * THREAD_BYTES)
            .max(whole_budget / 4),
        // Room for an entry of each lane, and for a few that are outdated.
        upcoming: BinaryHeap::with_capacity(upcoming_at_most(lanes.len()) + 1),
        decoder,
        ledger: &mut ledger,
        array: ArrayWriter::new(output),
        lanes,
        active: 0,
        at_hand_weight: 0,
        waiting_weight: 0,
        queued_bytes: 0,
        growth: Growth::default(),
    };
    let heads = merge.find_heads()?;
    merge.run(heads)?;
    let array = merge.array;
    workers.progress().finish_reading();
    summary.event_count = array.events();
    summary.bytes_written = array.finish()?;
    ledger.close(summary);
    Ok(())
}

struct Merge<'m, 'scope, 'pool, 'l, 'p> {
    workers: &'m Workers<'scope, 'pool>,
    decoder: &'scope Decoder<'scope, JsonArray>,
    ledger: &'m mut Ledger<'l>,
    array: ArrayWriter<'p>,
    lanes: Vec<Lane>,
    /// Bytes that may be at hand or queued: the less the more lanes and threads there are, which take memory themselves.
    budget: usize,
    /// Lanes that have begun and not ended.
    active: usize,
    /// Bytes at hand.
    at_hand_weight: usize,
    /// Those of lanes that have not begun.
    waiting_weight: usize,
    /// Bytes of telemetry in queued blocks.
    queued_bytes: u64,
    growth: Growth,
    /// When each lane's next block that is not queued will be needed, as far as known; may hold outdated entries.
    upcoming: BinaryHeap<Reverse<(Timestamp, usize)>>,
}

impl<'m, 'scope, 'pool> Merge<'m, 'scope, 'pool, '_, '_> {
    /// Reads every session up to its first event.
    fn find_heads(&mut self) -> Result<BinaryHeap<Reverse<Head<'scope>>>> {
        let share = self.growth.telemetry_of(self.budget / 4 * 3) / self.lanes.len().max(1);
        let block_bytes = (share as u64).min(HEAD_BYTES).clamp(self.sizes().small_block, self.sizes().block);
        let small_blocks = usize::try_from(SMALL_BLOCKS_AHEAD / block_bytes).unwrap_or(usize::MAX);
        let ahead = blocks_ahead(self.workers.threads()).max(small_blocks);
        let mut heads = BinaryHeap::with_capacity(self.lanes.len());
        let mut queued = 0;
        for lane in 0..self.lanes.len() {
            // Whenever half of what was queued is used up, so that it is queued in batches.
            if queued <= lane + ahead / 2 {
                let mut batches = Batches::new(self.workers);
                while queued < self.lanes.len() && queued < lane + ahead {
                    self.queue(queued, block_bytes, &mut batches);
                    queued += 1;
                }
            }
            if self.fill(lane, block_bytes)? {
                heads.push(Reverse(self.head(lane)));
                // A quarter of the budget is left for reading ahead when merging begins.
                if self.weight() > self.budget / 4 * 3 {
                    self.give_up(lane);
                }
                self.note_upcoming(lane);
            }
        }
        Ok(heads)
    }

    fn run(&mut self, mut heads: BinaryHeap<Reverse<Head<'scope>>>) -> Result<()> {
        self.queue_ahead();
        while let Some(Reverse(head)) = heads.pop() {
            let lane = head.lane;
            let next = heads.peek().map(|Reverse(next)| next);
            self.begin(lane);
            if self.write_run(lane, next)? {
                heads.push(Reverse(self.head(lane)));
            } else {
                self.active -= 1;
            }
        }
        Ok(())
    }

    /// Notes that the lane's first event is about to be written.
    fn begin(&mut self, lane: usize) {
        let state = &mut self.lanes[lane];
        if !state.begun {
            state.begun = true;
            self.waiting_weight -= state.at_hand.as_ref().map_or(0, |at_hand| at_hand.weight);
            self.active += 1;
        }
    }

    /// Writes the lane's events that come before `limit`, the next event of all other lanes. Returns whether it has more.
    fn write_run(&mut self, lane: usize, limit: Option<&Head<'_>>) -> Result<bool> {
        // The first event was picked by the caller: it is written whatever a file that changed meanwhile says.
        let mut picked = true;
        loop {
            if self.lanes[lane].at_hand.is_none() {
                self.make_room(lane);
                let block_bytes = self.block_bytes();
                if !self.fill(lane, block_bytes)? {
                    return Ok(false);
                }
                self.note_upcoming(lane);
                self.queue_ahead();
            }
            let session = self.session(lane);
            let Some(at_hand) = &mut self.lanes[lane].at_hand else { continue };
            let rows = &at_hand.block.encoded.rows;
            let begin = at_hand.next;
            let mut end = begin + usize::from(picked);
            picked = false;
            while end < rows.len()
                && limit.is_none_or(|limit| comes_before(&rows[end], &at_hand.block.encoded, session, limit))
            {
                end += 1;
            }
            if end < rows.len() {
                at_hand.next = end;
                self.array.write_rows(&at_hand.block.encoded, begin, end)?;
                return Ok(true);
            }
            let Some(done) = self.take_at_hand(lane) else { continue };
            let block = done.block.encoded;
            self.array.write_rows(&block, begin, end)?;
            self.decoder.buffers.give(block.into_buffer());
        }
    }

    fn head(&self, lane: usize) -> Head<'scope> {
        let state = &self.lanes[lane];
        let (time, session_id) = state.next_row().map_or((Timestamp::MAX, Arc::from("")), |(row, block)| {
            (row.time, Arc::clone(&block.context(row).session_id))
        });
        Head { time, session_id, session: self.session(lane), lane }
    }

    /// Makes sure that the lane has an event at hand; `false` if it has no more.
    fn fill(&mut self, lane: usize, block_bytes: u64) -> Result<bool> {
        while self.lanes[lane].at_hand.is_none() {
            let Some(block) = self.take(lane, block_bytes)? else { return Ok(false) };
            let state = &mut self.lanes[lane];
            let rows = &block.encoded.rows;
            if let (Some(first), Some(last)) = (rows.first(), rows.last()) {
                let bytes = (last.place.offset - first.place.offset).max(1);
                let seconds = last.time.approximate_seconds() - first.time.approximate_seconds();
                state.pace = Some((seconds / bytes as f64).max(0.0) as f32);
                state.frontier = last.time;
                let weight = block.encoded.weight();
                self.growth.observe(block.bytes.max(self.decoder.sizes.small_block), weight);
                state.at_hand = Some(Box::new(AtHand { block, next: 0, weight }));
                self.at_hand_weight += weight;
                self.waiting_weight += if state.begun { 0 } else { weight };
            } else {
                self.search_ahead(lane);
            }
        }
        Ok(true)
    }

    /// Queues more of a lane whose last block had no event in the range: the next ones may have none either.
    fn search_ahead(&mut self, lane: usize) {
        let enough = 2 * self.workers.threads() as u64 * self.sizes().block;
        let blocks = blocks_ahead(self.workers.threads());
        let mut batches = Batches::new(self.workers);
        while self.lanes[lane].reader.has_more_to_queue()
            && self.lanes[lane].reader.queued_bytes() < enough
            && self.lanes[lane].reader.queued_blocks() < blocks
            && self.weight() < self.budget
        {
            self.queue(lane, self.sizes().block, &mut batches);
        }
    }

    fn take(&mut self, lane: usize, block_bytes: u64) -> Result<Option<Taken<JsonBlock>>> {
        let reader = &mut self.lanes[lane].reader;
        self.queued_bytes -= reader.queued_bytes();
        let taken = reader.take(self.workers, self.decoder, self.ledger, block_bytes);
        self.queued_bytes += reader.queued_bytes();
        taken
    }

    /// The session's name, for ties between sessions.
    fn session(&self, lane: usize) -> &'scope str {
        self.decoder.files.listed(self.lanes[lane].reader.first_file()).session()
    }

    fn sizes(&self) -> &'scope Sizes {
        &self.decoder.sizes
    }

    fn weight(&self) -> usize {
        self.at_hand_weight + expected_weight(self.queued_bytes)
    }

    fn take_at_hand(&mut self, lane: usize) -> Option<Box<AtHand>> {
        let state = &mut self.lanes[lane];
        let at_hand = state.at_hand.take()?;
        self.at_hand_weight -= at_hand.weight;
        self.waiting_weight -= if state.begun { 0 } else { at_hand.weight };
        Some(at_hand)
    }

    fn queue(&mut self, lane: usize, block_bytes: u64, batches: &mut Batches<'m, 'scope, 'pool>) {
        self.queued_bytes += self.lanes[lane].reader.queue(batches, self.decoder, block_bytes);
    }

    /// How large blocks may be where every active lane has one at hand, and a few have one queued.
    fn block_bytes(&self) -> u64 {
        let budget = self.budget.saturating_sub(self.waiting_weight);
        let ahead = blocks_ahead(self.workers.threads()).min(self.active + 1);
        let share = self.growth.telemetry_of(budget) / (self.active + 1 + ahead);
        (share as u64).clamp(self.sizes().small_block, self.sizes().block)
    }

    /// Queues the blocks that will be needed first, as far as budget and threads allow.
    fn queue_ahead(&mut self) {
        let block_bytes = self.block_bytes();
        let block = expected_weight(block_bytes);
        let ahead = (blocks_ahead(self.workers.threads()) as u64 * block_bytes).max(SMALL_BLOCKS_AHEAD);
        if self.queued_bytes > ahead / 2 {
            return;
        }
        let mut batches = Batches::new(self.workers);
        while self.queued_bytes < ahead && self.weight() + block <= self.budget {
            let Some(Reverse((time, lane))) = self.upcoming.pop() else { return };
            let state = &self.lanes[lane];
            if state.expected_need() != Some(time) {
                continue;
            }
            self.queue(lane, block_bytes, &mut batches);
            self.note_upcoming(lane);
        }
    }

    fn note_upcoming(&mut self, lane: usize) {
        if let Some(time) = self.lanes[lane].expected_need() {
            self.upcoming.push(Reverse((time, lane)));
        }
        if self.upcoming.len() > upcoming_at_most(self.lanes.len()) {
            let lanes = &self.lanes;
            self.upcoming.retain(|Reverse((time, lane))| lanes[*lane].expected_need() == Some(*time));
        }
    }

    /// Lets the lanes whose next event is farthest away give up their blocks until `lane` can have one.
    fn make_room(&mut self, lane: usize) {
        if self.weight() < self.budget {
            return;
        }
        let mut open: BinaryHeap<_> = (0..self.lanes.len())
            .filter(|&other| other != lane)
            .filter_map(|other| self.lanes[other].next_row().map(|(row, _)| (row.time, other)))
            .collect();
        while self.weight() > self.budget / 8 * 7
            && let Some((_, farthest)) = open.pop()
        {
            self.give_up(farthest);
            self.note_upcoming(farthest);
        }
    }

    /// Forgets the lane's block and what it has queued; both are read again when their turn comes.
    fn give_up(&mut self, lane: usize) {
        let Some(at_hand) = self.take_at_hand(lane) else { return };
        let row = at_hand.block.encoded.rows[at_hand.next];
        let state = &mut self.lanes[lane];
        self.queued_bytes -= state.reader.queued_bytes();
        state.reader.go_back(Bookmark {
            file: at_hand.block.file,
            offset: row.place.offset,
            lines_before: at_hand.block.lines_before + row.place.lines_before,
            header_at: at_hand.block.encoded.context(&row).header_at,
        });
        state.frontier = row.time;
        self.decoder.buffers.give(at_hand.block.encoded.into_buffer());
    }
}

impl Lane {
    fn new(files: Range<u32>) -> Self {
        let reader = Reader::new(files);
        Self { reader, at_hand: None, begun: false, pace: None, frontier: Timestamp::MAX }
    }

    fn next_row(&self) -> Option<(&JsonRow, &JsonBlock)> {
        let at_hand = self.at_hand.as_ref()?;
        Some((at_hand.block.encoded.rows.get(at_hand.next)?, &at_hand.block.encoded))
    }

    /// About when the merge reaches the first event that is neither at hand nor queued; `None` if there is none.
    fn expected_need(&self) -> Option<Timestamp> {
        if !self.reader.has_more_to_queue() {
            return None;
        }
        let queued = self.reader.queued_bytes() as f64 * f64::from(self.pace?);
        Some(self.frontier.approximately_after(queued))
    }
}

/// Entries of [`Merge::upcoming`] that are kept before the outdated ones among them are dropped.
fn upcoming_at_most(lanes: usize) -> usize {
    64 + lanes + lanes / 4
}

fn comes_before(row: &JsonRow, block: &JsonBlock, session: &str, limit: &Head<'_>) -> bool {
    row.time.cmp(&limit.time).then_with(|| {
        (block.context(row).session_id.as_ref(), session).cmp(&(limit.session_id.as_ref(), limit.session))
    }) == Ordering::Less
}
