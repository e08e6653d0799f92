//! Data points, gathered into requests below the size limit (specification, Requests).
//!
//! Only lengths matter here: a point is printed when its request is.

use std::hash::BuildHasher;
use std::mem;
use std::sync::Arc;

use hashbrown::{DefaultHashBuilder, HashTable};

use super::Temporality;
use super::metric_block::MetricBlock;
use super::metric_entry::{ENTRY_END, EntryBegin};
use super::points::PlacedPoint;
use super::request::{Added, REQUEST_END, RequestContent, RequestKind, ResourceBlock, ServiceRequest};
use crate::sizes::index;
use crate::write::entries::EntryText;

/// Fills requests with data points. Within a resource block each metric has one entry, which
/// holds all its points in order.
pub(super) struct PointRequests {
    limit: usize,
    points: RequestPoints,
    /// Length that the request would have if it were closed now.
    bytes: usize,
    records: u64,
    /// Entries of the open resource block that previous blocks of rows began, found by how the entries begin.
    entries: HashTable<u32>,
    hasher: DefaultHashBuilder,
    /// Entries of the open resource block by the number that their instrument has in the current block of rows. Each
    /// comes with the `generation` in which it is valid.
    entry_of_instrument: Vec<(u32, u32)>,
    /// Goes up with each request, block of rows and resource block.
    generation: u32,
}

/// The data points of a request.
struct RequestPoints {
    temporality: Temporality,
    resources: Vec<ResourcePoints>,
    /// The blocks of rows that the points are printed from.
    blocks: Vec<Arc<MetricBlock>>,
}

struct ResourcePoints {
    block: Arc<ResourceBlock>,
    entries: Vec<MetricEntry>,
}

struct MetricEntry {
    /// The entry begins with this instrument of this block of rows.
    begin: (u32, u32),
    /// Each point, with the index of the block of rows that it is printed from.
    points: Vec<(u32, PlacedPoint)>,
}

impl PointRequests {
    pub(super) fn new(limit: usize, temporality: Temporality) -> Self {
        Self {
            limit,
            points: RequestPoints::new(temporality),
            bytes: 0,
            records: 0,
            entries: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
            entry_of_instrument: Vec::new(),
            generation: 0,
        }
    }

    /// Adds `point`, which is of `instrument` in the block of rows, to a resource block. If the request under way has
    /// no room for it, another request begins.
    pub(super) fn add(
        &mut self,
        rows: &Arc<MetricBlock>,
        instrument: u32,
        point: PlacedPoint,
        block: &Arc<ResourceBlock>,
    ) -> Added {
        let length = rows.printed_length(&point);
        self.enter_rows(rows);
        let mut entry = self.find_entry(rows, instrument, block);
        let mut growth = self.growth(rows, instrument, entry, block) + length;
        let mut full = None;
        if self.records > 0 && self.bytes + growth > self.limit {
            full = self.close();
            self.enter_rows(rows);
            entry = None;
            growth = self.growth(rows, instrument, entry, block) + length;
        }
        self.bytes += growth;
        self.records += 1;
        let entry = entry.unwrap_or_else(|| self.begin_entry(instrument, block));
        let from = self.points.last_rows();
        let open = self.points.resources.last_mut().expect("a resource block is open once an entry is");
        let points = &mut open.entries[entry as usize].points;
        if points.len() < 2 {
            // `push` alone would make room for four, and hostile telemetry has a point or two in each entry.
            points.reserve_exact(1);
        }
        points.push((from, point));
        Added::new(full, self.bytes, self.limit)
    }

    /// The request under way, if it has a point.
    pub(super) fn close(&mut self) -> Option<ServiceRequest> {
        if self.records == 0 {
            return None;
        }
        let empty = RequestPoints::new(self.points.temporality);
        let points = mem::replace(&mut self.points, empty);
        let bytes = mem::take(&mut self.bytes);
        let records = mem::take(&mut self.records);
        self.entries.clear();
        self.generation += 1;
        Some(ServiceRequest::new(RequestKind::Metrics, records, bytes, points))
    }

    /// Makes `rows` the last block of the request.
    fn enter_rows(&mut self, rows: &Arc<MetricBlock>) {
        if self.points.blocks.last().is_none_or(|last| !Arc::ptr_eq(last, rows)) {
            self.index_entries();
            self.points.blocks.push(Arc::clone(rows));
            self.generation += 1;
            if self.entry_of_instrument.len() < rows.instruments() {
                self.entry_of_instrument.resize(rows.instruments(), (0, 0));
            }
        }
    }

    /// Lets the next block of rows find the entries of the open resource block.
    fn index_entries(&mut self) {
        let Some(open) = self.points.resources.last() else { return };
        let begin = |entry: u32| self.points.begin(&open.entries[entry as usize]);
        let hash = |&entry: &u32| self.hasher.hash_one(begin(entry));
        for entry in self.entries.len()..open.entries.len() {
            let entry = index(entry);
            self.entries.insert_unique(hash(&entry), entry, hash);
        }
    }

    fn is_open(&self, block: &ResourceBlock) -> bool {
        self.points.resources.last().is_some_and(|open| open.block.number == block.number)
    }

    /// The entry that the open resource block has for an instrument.
    fn find_entry(&mut self, rows: &MetricBlock, instrument: u32, block: &ResourceBlock) -> Option<u32> {
        if !self.is_open(block) {
            return None;
        }
        let (generation, known) = self.entry_of_instrument[instrument as usize];
        if generation == self.generation {
            return Some(known);
        }
        if self.entries.is_empty() {
            return None;
        }
        let begin = rows.entry_begin(instrument);
        let open = &self.points.resources.last()?.entries;
        let is_same = |&entry: &u32| self.points.begin(&open[entry as usize]) == begin;
        let found = *self.entries.find(self.hasher.hash_one(begin), is_same)?;
        self.entry_of_instrument[instrument as usize] = (self.generation, found);
        Some(found)
    }

    /// How much longer the closed request would be with another point, apart from the point itself.
    fn growth(
        &self,
        rows: &MetricBlock,
        instrument: u32,
        entry: Option<u32>,
        block: &ResourceBlock,
    ) -> usize {
        if entry.is_some() {
            return 1;
        }
        let begin = rows.entry_begin(instrument).printed_length(self.points.temporality);
        let new_entry = begin + ENTRY_END.len();
        if self.is_open(block) {
            return 1 + new_entry;
        }
        let new_block = RequestKind::Metrics.block_begin().len() + block.end.len() + new_entry;
        if self.points.resources.is_empty() {
            return RequestKind::Metrics.begin().len() + new_block + REQUEST_END.len();
        }
        1 + new_block
    }

    /// Begins the entry for an instrument of the last block of rows.
    fn begin_entry(&mut self, instrument: u32, block: &Arc<ResourceBlock>) -> u32 {
        if !self.is_open(block) {
            self.points.resources.push(ResourcePoints { block: Arc::clone(block), entries: Vec::new() });
            self.entries.clear();
            self.generation += 1;
        }
        let begin = (self.points.last_rows(), instrument);
        let open = self.points.resources.last_mut().expect("it was pushed unless it was there");
        let number = index(open.entries.len());
        open.entries.push(MetricEntry { begin, points: Vec::new() });
        self.entry_of_instrument[instrument as usize] = (self.generation, number);
        number
    }
}

impl RequestPoints {
    fn new(temporality: Temporality) -> Self {
        Self { temporality, resources: Vec::new(), blocks: Vec::new() }
    }

    /// The index of the last block of rows.
    fn last_rows(&self) -> u32 {
        index(self.blocks.len() - 1)
    }

    fn begin(&self, entry: &MetricEntry) -> EntryBegin<'_> {
        let (rows, instrument) = entry.begin;
        self.blocks[rows as usize].entry_begin(instrument)
    }

    fn print_resource(&self, resource: &ResourcePoints, output: &mut EntryText<'_>) {
        output.chunk().extend_from_slice(RequestKind::Metrics.block_begin());
        for (at, entry) in resource.entries.iter().enumerate() {
            if at > 0 {
                output.chunk().push(b',');
            }
            self.begin(entry).print(output.chunk(), self.temporality);
            for (at, (rows, point)) in entry.points.iter().enumerate() {
                if at > 0 {
                    output.chunk().push(b',');
                }
                self.blocks[*rows as usize].print(output.chunk(), point);
                output.flush_full_chunk();
            }
            output.chunk().extend_from_slice(ENTRY_END);
        }
        output.chunk().extend_from_slice(resource.block.end.as_bytes());
    }
}

impl RequestContent for RequestPoints {
    /// Bytes that the points take in memory. Blocks of rows count too, although consecutive requests may share one.
    fn weight(&self) -> usize {
        let entries = self.resources.iter().flat_map(|resource| &resource.entries);
        let of_entry = |entry: &MetricEntry| {
            size_of::<MetricEntry>() + entry.points.capacity() * size_of::<(u32, PlacedPoint)>()
        };
        let blocks: usize = self.blocks.iter().map(|block| block.weight()).sum();
        entries.map(of_entry).sum::<usize>() + blocks
    }

    fn print(&self, output: &mut EntryText<'_>) {
        output.chunk().extend_from_slice(RequestKind::Metrics.begin());
        for (at, resource) in self.resources.iter().enumerate() {
            if at > 0 {
                output.chunk().push(b',');
            }
            self.print_resource(resource, output);
        }
        output.chunk().extend_from_slice(REQUEST_END);
    }
}
