//! Reads the sessions of a merge. Each is a lane with at most one encoded block at hand and more blocks queued.
//!
//! All lanes share a budget of memory. Blocks are queued in the order in which the merge will probably need them,
//! judged by the times seen so far. If there is no room for a block of every lane, the lanes whose turn is farthest
//! away drop theirs and keep only the time and the position of their next event.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

use super::block::{JsonArray, JsonBlock, JsonRow};
use super::budget::Budget;
use crate::error::Result;
use crate::read::ledger::Ledger;
use crate::read::parallel_decoder::{BlockBatch, ParallelDecoder};
use crate::read::reader::{Bookmark, ReadBlock, Reader};
use crate::row::timestamp::Timestamp;
use crate::sizes::Sizes;

/// Telemetry queued ahead if blocks are small, since a thread decodes a few small blocks in no time.
const SMALL_BLOCKS_AHEAD: u64 = 1024 * 1024;
/// The first block of a session is no larger: nothing is written before the first event of every session is known.
const FIRST_BLOCK_BYTES: u64 = 32 * 1024;
/// Blocks queued for each thread while the blocks of a lane have no event in the range.
const SEARCHED_BLOCKS: u64 = 2;

/// All sessions, with their blocks in memory.
pub(super) struct Lanes<'w, 'scope, 'l> {
    decoding: ParallelDecoder<'w, 'scope, JsonArray>,
    ledger: Ledger<'l>,
    lanes: Vec<Lane>,
    budget: Budget,
    upcoming: Upcoming,
    /// Lanes that have begun and not ended.
    active: usize,
}

/// One session. Small, since a hundred thousand of them may wait for their turn.
pub(super) struct Lane {
    reader: Reader<JsonBlock>,
    at_hand: Option<Box<AtHand>>,
    /// Whether an event of it was written.
    has_begun: bool,
    /// Seconds between events for each byte of telemetry, measured in the last block.
    pace: Option<f32>,
    /// Time of the last event that was encoded.
    frontier: Timestamp,
}

/// A lane's block that events are written from.
pub(super) struct AtHand {
    block: ReadBlock<JsonBlock>,
    /// The next event to write. There always is one.
    pub(super) next: usize,
    weight: usize,
}

impl AtHand {
    pub(super) fn block(&self) -> &JsonBlock {
        &self.block.encoded
    }

    pub(super) fn next_row(&self) -> &JsonRow {
        &self.block().rows[self.next]
    }

    /// Where to read the next event again.
    fn bookmark(&self) -> Bookmark {
        let row = self.next_row();
        Bookmark {
            file: self.block.file,
            offset: row.position.offset,
            lines_before: self.block.lines_before + row.position.lines_before,
            header_at: self.block().context(row).header_at,
        }
    }
}

/// The first blocks of all lanes, queued a few lanes ahead of the one that is read.
pub(super) struct FirstBlocks {
    block_bytes: u64,
    /// Lanes to queue ahead.
    ahead: usize,
    /// Lanes whose first block was queued.
    queued: usize,
}

impl<'w, 'scope, 'l> Lanes<'w, 'scope, 'l> {
    /// A lane for each of `sessions`, which are ranges of the decoder's files.
    pub(super) fn new(
        decoding: ParallelDecoder<'w, 'scope, JsonArray>,
        ledger: Ledger<'l>,
        sessions: &[Range<u32>],
    ) -> Self {
        let lanes: Vec<_> = sessions.iter().map(|files| Lane::new(files.clone())).collect();
        Self {
            budget: Budget::new(decoding.decoder().sizes.merge_budget, lanes.len(), decoding.threads()),
            upcoming: Upcoming::new(lanes.len()),
            decoding,
            ledger,
            lanes,
            active: 0,
        }
    }

    pub(super) fn count(&self) -> usize {
        self.lanes.len()
    }

    pub(super) fn into_ledger(self) -> Ledger<'l> {
        self.ledger
    }

    /// The name of the lane's session.
    pub(super) fn session(&self, lane: usize) -> &'scope str {
        self.decoding.decoder().files.listed(self.lanes[lane].reader.first_file()).session()
    }

    /// The block that holds the lane's next event. That event must have been read.
    pub(super) fn at_hand(&mut self, lane: usize) -> &mut AtHand {
        self.lanes[lane].at_hand.as_mut().expect("the lane's next event was read just now")
    }

    /// The first blocks, none of them queued yet.
    pub(super) fn first_blocks(&self) -> FirstBlocks {
        let share = self.budget.first_share(self.count()).min(FIRST_BLOCK_BYTES);
        let block_bytes = share.clamp(self.sizes().small_block, self.sizes().block);
        let small_blocks = usize::try_from(SMALL_BLOCKS_AHEAD / block_bytes).expect("at most a million");
        FirstBlocks { block_bytes, ahead: self.decoding.blocks_ahead().max(small_blocks), queued: 0 }
    }

    /// Reads the lane's first event. Returns `false` if it has none.
    pub(super) fn read_first(&mut self, lane: usize, first_blocks: &mut FirstBlocks) -> Result<bool> {
        self.queue_first(lane, first_blocks);
        self.fill(lane, first_blocks.block_bytes)
    }

    /// Queues more first blocks once half of the queued ones are taken, so that they are queued in batches.
    fn queue_first(&mut self, lane: usize, FirstBlocks { block_bytes, ahead, queued }: &mut FirstBlocks) {
        if *queued > lane + *ahead / 2 {
            return;
        }
        let mut batch = self.decoding.batch();
        while *queued < self.count().min(lane + *ahead) {
            self.queue(*queued, *block_bytes, &mut batch);
            *queued += 1;
        }
    }

    /// Gives up the lane's first block if the first blocks take too much memory.
    pub(super) fn limit_first_blocks(&mut self, lane: usize) {
        if self.budget.has_too_many_first_events() {
            self.give_up(lane);
        }
        self.note_upcoming(lane);
    }

    /// Notes that the lane's first event is about to be written.
    pub(super) fn begin(&mut self, lane: usize) {
        let lane = &mut self.lanes[lane];
        if !lane.has_begun {
            lane.has_begun = true;
            self.budget.begin(lane.at_hand.as_ref().map_or(0, |at_hand| at_hand.weight));
            self.active += 1;
        }
    }

    /// Reads the next event of the lane whose turn it is, unless it is at hand. Returns
    /// `false` if the lane has ended.
    pub(super) fn read_next(&mut self, lane: usize) -> Result<bool> {
        if self.lanes[lane].at_hand.is_some() {
            return Ok(true);
        }
        self.make_room(lane);
        if !self.fill(lane, self.block_bytes())? {
            self.active -= 1;
            return Ok(false);
        }
        self.note_upcoming(lane);
        self.queue_ahead();
        Ok(true)
    }

    /// Takes blocks of the lane until one has an event. Returns `false` if none of them has.
    fn fill(&mut self, lane: usize, block_bytes: u64) -> Result<bool> {
        while let Some(block) = self.take(lane, block_bytes)? {
            if block.encoded.rows.is_empty() {
                self.search_ahead(lane);
            } else {
                self.hold(lane, block);
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn take(&mut self, lane: usize, block_bytes: u64) -> Result<Option<ReadBlock<JsonBlock>>> {
        let reader = &mut self.lanes[lane].reader;
        self.budget.remove_queued(reader.queued_bytes());
        let taken = reader.take(&self.decoding, &mut self.ledger, block_bytes);
        self.budget.add_queued(reader.queued_bytes());
        taken
    }

    fn hold(&mut self, lane: usize, block: ReadBlock<JsonBlock>) {
        let telemetry = block.bytes.max(self.sizes().small_block);
        let weight = block.encoded.weight();
        let lane = &mut self.lanes[lane];
        lane.observe(&block.encoded.rows);
        self.budget.hold(telemetry, weight, lane.has_begun);
        lane.at_hand = Some(Box::new(AtHand { block, next: 0, weight }));
    }

    /// Queues more blocks of a lane whose last block had no event in the range: the next ones may have none either.
    fn search_ahead(&mut self, lane: usize) {
        let block_bytes = self.sizes().block;
        let bytes = SEARCHED_BLOCKS * self.decoding.threads() as u64 * block_bytes;
        let blocks = self.decoding.blocks_ahead();
        let mut batch = self.decoding.batch();
        while self.lanes[lane].reader.has_more_to_queue()
            && self.lanes[lane].reader.queued_bytes() < bytes
            && self.lanes[lane].reader.queued_blocks() < blocks
            && !self.budget.is_full()
        {
            self.queue(lane, block_bytes, &mut batch);
        }
    }

    /// Queues the blocks that will be needed first, as far as budget and threads allow, once
    /// half of the queued ones are taken.
    pub(super) fn queue_ahead(&mut self) {
        let block_bytes = self.block_bytes();
        let ahead = (self.decoding.blocks_ahead() as u64 * block_bytes).max(SMALL_BLOCKS_AHEAD);
        if self.budget.queued_telemetry() > ahead / 2 {
            return;
        }
        let mut batch = self.decoding.batch();
        while self.budget.queued_telemetry() < ahead && self.budget.has_room_for_block(block_bytes) {
            let Some(lane) = self.upcoming.pop(&self.lanes) else { return };
            self.queue(lane, block_bytes, &mut batch);
            self.note_upcoming(lane);
        }
    }

    fn queue(&mut self, lane: usize, block_bytes: u64, batch: &mut BlockBatch<'w, 'scope, JsonArray>) {
        self.budget.add_queued(self.lanes[lane].reader.queue(batch, block_bytes));
    }

    fn note_upcoming(&mut self, lane: usize) {
        self.upcoming.note(lane, &self.lanes);
    }

    /// The size of blocks if every active lane has one at hand, another lane begins, and a few blocks are queued.
    fn block_bytes(&self) -> u64 {
        let at_hand = self.active + 1;
        let queued = self.decoding.blocks_ahead().min(at_hand);
        self.budget.share(at_hand + queued).clamp(self.sizes().small_block, self.sizes().block)
    }

    /// Makes the lanes whose next event is farthest away give up their blocks until there is room for one of `lane`.
    fn make_room(&mut self, lane: usize) {
        if !self.budget.is_full() {
            return;
        }
        let next_time = |other: &Lane| Some(other.at_hand.as_ref()?.next_row().time);
        let mut farthest_first: BinaryHeap<_> = (0..self.count())
            .filter(|&other| other != lane)
            .filter_map(|other| Some((next_time(&self.lanes[other])?, other)))
            .collect();
        while self.budget.needs_more_room()
            && let Some((_, farthest)) = farthest_first.pop()
        {
            self.give_up(farthest);
            self.note_upcoming(farthest);
        }
    }

    /// Drops the lane's block and its queued blocks. They are read again when their turn comes.
    fn give_up(&mut self, lane: usize) {
        let at_hand = self.release(lane);
        let lane = &mut self.lanes[lane];
        self.budget.remove_queued(lane.reader.queued_bytes());
        lane.reader.go_back(at_hand.bookmark());
        lane.frontier = at_hand.next_row().time;
        self.recycle(at_hand);
    }

    /// Drops the lane's block, all of whose events were written.
    pub(super) fn finish_block(&mut self, lane: usize) {
        let at_hand = self.release(lane);
        self.recycle(at_hand);
    }

    fn release(&mut self, lane: usize) -> AtHand {
        let lane = &mut self.lanes[lane];
        let at_hand = lane.at_hand.take().expect("only a lane with a block gives it up");
        self.budget.release(at_hand.weight, lane.has_begun);
        *at_hand
    }

    fn recycle(&self, at_hand: AtHand) {
        self.decoding.decoder().buffers.give(at_hand.block.encoded.into_buffer());
    }

    fn sizes(&self) -> &'scope Sizes {
        &self.decoding.decoder().sizes
    }
}

impl Lane {
    fn new(files: Range<u32>) -> Self {
        let reader = Reader::new(files);
        Self { reader, at_hand: None, has_begun: false, pace: None, frontier: Timestamp::MAX }
    }

    /// Measures how fast time passes in the lane's next block.
    fn observe(&mut self, rows: &[JsonRow]) {
        let (first, last) = (&rows[0], &rows[rows.len() - 1]);
        let bytes = (last.position.offset - first.position.offset).max(1);
        let seconds = last.time.approximate_seconds() - first.time.approximate_seconds();
        self.pace = Some((seconds / bytes as f64).max(0.0) as f32);
        self.frontier = last.time;
    }

    /// The approximate time of the first event that is neither at hand nor queued. `None` if there is none.
    fn expected_need(&self) -> Option<Timestamp> {
        if !self.reader.has_more_to_queue() {
            return None;
        }
        let queued = self.reader.queued_bytes() as f64 * f64::from(self.pace?);
        Some(self.frontier.approximately_after(queued))
    }
}

/// Finds the lane whose next block will be needed first, among blocks that are not queued.
struct Upcoming {
    /// The earliest first. Entries of a lane stay here when they become outdated.
    needs: BinaryHeap<Reverse<(Timestamp, usize)>>,
    at_most: usize,
}

impl Upcoming {
    /// Outdated entries are dropped once there are more than this and a quarter of the lanes. That
    /// is rare enough to cost little.
    const OUTDATED_AT_MOST: usize = 64;

    fn new(lanes: usize) -> Self {
        let at_most = lanes + lanes / 4 + Self::OUTDATED_AT_MOST;
        Self { needs: BinaryHeap::with_capacity(at_most + 1), at_most }
    }

    fn note(&mut self, lane: usize, lanes: &[Lane]) {
        if let Some(time) = lanes[lane].expected_need() {
            self.needs.push(Reverse((time, lane)));
        }
        if self.needs.len() > self.at_most {
            self.needs.retain(|Reverse((time, lane))| lanes[*lane].expected_need() == Some(*time));
        }
    }

    /// The lane whose next block is needed first.
    fn pop(&mut self, lanes: &[Lane]) -> Option<usize> {
        while let Some(Reverse((time, lane))) = self.needs.pop() {
            if lanes[lane].expected_need() == Some(time) {
                return Some(lane);
            }
        }
        None
    }
}
