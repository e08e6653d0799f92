//! Requests under their size limit: records are added until the next one would not fit (specification, Request size).
//!
//! Only lengths matter here. Log records and spans come printed and are gathered; points are placed, and printed when
//! their request is.

use std::hash::BuildHasher;
use std::sync::Arc;

use hashbrown::{DefaultHashBuilder, HashTable};

use super::Temporality;
use super::metrics::{ENTRY_END, EntryBegin, MetricBlock};
use super::points::PlacedPoint;
use super::resource::{Context, SCHEMA_URL};
use crate::write::archive::Deflater;

/// Closes a request.
const REQUEST_END: &[u8] = b"]}\n";

/// The instrumentation scope.
macro_rules! scope {
    () => {
        concat!(
            "\"scope\":{\"name\":\"coder.telemetry.export\",\"version\":\"",
            env!("CARGO_PKG_VERSION"),
            "\"}"
        )
    };
}

/// The three kinds of requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signal {
    Logs,
    Traces,
    Metrics,
}

impl Signal {
    /// In the order to send them.
    pub(super) const ALL: [Self; 3] = [Self::Logs, Self::Traces, Self::Metrics];

    /// As in file names and URLs.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Logs => "logs",
            Self::Traces => "traces",
            Self::Metrics => "metrics",
        }
    }

    /// What people call a record of it.
    pub(super) fn record_name(self) -> &'static str {
        match self {
            Self::Logs => "log record",
            Self::Traces => "span",
            Self::Metrics => "data point",
        }
    }

    fn request_begin(self) -> &'static [u8] {
        match self {
            Self::Logs => b"{\"resourceLogs\":[",
            Self::Traces => b"{\"resourceSpans\":[",
            Self::Metrics => b"{\"resourceMetrics\":[",
        }
    }

    /// A resource block up to its first record. The scope list stands before the resource, since file receivers tell
    /// files apart by their first 1,000 bytes.
    fn block_begin(self) -> &'static str {
        match self {
            Self::Logs => concat!("{\"scopeLogs\":[{", scope!(), ",\"logRecords\":["),
            Self::Traces => concat!("{\"scopeSpans\":[{", scope!(), ",\"spans\":["),
            Self::Metrics => concat!("{\"scopeMetrics\":[{", scope!(), ",\"metrics\":["),
        }
    }
}

/// What a resource block says of its resource.
#[derive(Debug)]
pub(super) struct Resource {
    /// Tells blocks apart: another one begins whenever the context changes, though it change back.
    pub(super) number: u64,
    /// From the last record to the block's closing brace.
    block_end: String,
}

impl Resource {
    /// Before the first block.
    pub(super) fn none() -> Self {
        Self { number: 0, block_end: String::new() }
    }

    pub(super) fn new(number: u64, context: &Context) -> Self {
        Self { number, block_end: format!("],\"schemaUrl\":\"{SCHEMA_URL}\"}}],{}}}", context.resource()) }
    }
}

/// A complete request.
pub(super) struct Request {
    pub(super) signal: Signal,
    pub(super) records: u64,
    /// Length in print.
    pub(super) bytes: u64,
    /// Bytes it takes in memory until it is printed.
    pub(super) weight: usize,
    content: Content,
}

/// What came of adding a record.
pub(super) struct Added {
    /// The request before it, if the record did not fit any more.
    pub(super) full: Option<Request>,
    /// Length of the request that the record is in, if that is above the limit: nothing else is in it then.
    pub(super) bytes_above_limit: Option<u64>,
}

impl Added {
    fn new(full: Option<Request>, bytes: usize, limit: usize) -> Self {
        Self { full, bytes_above_limit: (bytes > limit).then_some(bytes as u64) }
    }
}

enum Content {
    Text(ChunkedText),
    Points(PointsContent),
}

impl Request {
    /// A request without a record.
    pub(super) fn empty(signal: Signal) -> Self {
        let mut text = ChunkedText::default();
        text.push(signal.request_begin());
        text.push(REQUEST_END);
        Self {
            signal,
            records: 0,
            bytes: text.length as u64,
            weight: text.weight(),
            content: Content::Text(text),
        }
    }

    /// Prints the request as one JSON object on one line.
    pub(super) fn print(&self, output: &mut Deflater<'_>) {
        match &self.content {
            Content::Text(text) => text.chunks.iter().for_each(|chunk| output.write(chunk)),
            Content::Points(points) => points.print(output),
        }
    }
}

/// Text in pieces: a request in one piece would be moved around while it grows, and scatter the heap.
#[derive(Default)]
struct ChunkedText {
    chunks: Vec<Vec<u8>>,
    length: usize,
}

impl ChunkedText {
    const CHUNK_BYTES: usize = 64 * 1024;

    fn push(&mut self, text: &[u8]) {
        let room = self.chunks.last().map_or(0, |chunk| chunk.capacity() - chunk.len());
        if room < text.len() {
            self.chunks.push(Vec::with_capacity(text.len().max(Self::CHUNK_BYTES)));
        }
        if let Some(chunk) = self.chunks.last_mut() {
            chunk.extend_from_slice(text);
        }
        self.length += text.len();
    }

    fn weight(&self) -> usize {
        self.chunks.iter().map(Vec::capacity).sum()
    }
}

/// Gathers printed records, log records or spans, into requests.
pub(super) struct TextEnvelope {
    signal: Signal,
    limit: usize,
    text: ChunkedText,
    records: u64,
    resource: Option<Arc<Resource>>,
}

impl TextEnvelope {
    pub(super) fn new(signal: Signal, limit: usize) -> Self {
        Self { signal, limit, text: ChunkedText::default(), records: 0, resource: None }
    }

    /// Adds a record.
    pub(super) fn add(&mut self, record: &[u8], resource: &Arc<Resource>) -> Added {
        let full = self.records > 0 && self.text.length + self.growth(record, resource) > self.limit;
        let request = if full { self.close() } else { None };
        match &self.resource {
            Some(open) if open.number == resource.number => self.text.push(b","),
            _ => self.begin_block(resource),
        }
        self.text.push(record);
        self.records += 1;
        let bytes = self.text.length + resource.block_end.len() + REQUEST_END.len();
        Added::new(request, bytes, self.limit)
    }

    /// The request under way, if it has a record.
    pub(super) fn close(&mut self) -> Option<Request> {
        let resource = self.resource.take()?;
        let mut text = std::mem::take(&mut self.text);
        text.push(resource.block_end.as_bytes());
        text.push(REQUEST_END);
        let (bytes, weight) = (text.length as u64, text.weight());
        let records = std::mem::take(&mut self.records);
        Some(Request { signal: self.signal, records, bytes, weight, content: Content::Text(text) })
    }

    /// By how much `record` lengthens the request as it would be closed.
    fn growth(&self, record: &[u8], resource: &Resource) -> usize {
        let block = match &self.resource {
            Some(open) if open.number == resource.number => 1,
            Some(open) => open.block_end.len() + 1 + self.signal.block_begin().len(),
            None => self.signal.request_begin().len() + self.signal.block_begin().len(),
        };
        block + record.len() + resource.block_end.len() + REQUEST_END.len()
    }

    fn begin_block(&mut self, resource: &Arc<Resource>) {
        match self.resource.replace(Arc::clone(resource)) {
            Some(open) => {
                self.text.push(open.block_end.as_bytes());
                self.text.push(b",");
            }
            None => self.text.push(self.signal.request_begin()),
        }
        self.text.push(self.signal.block_begin().as_bytes());
    }
}

/// Gathers points into requests: within a resource block one entry for each metric, holding all its points in order.
pub(super) struct PointEnvelope {
    limit: usize,
    content: PointsContent,
    /// Length of the request as it would be closed.
    bytes: usize,
    records: u64,
    /// The entries of the open resource block that earlier blocks began, found by how they begin.
    entries: HashTable<u32>,
    hasher: DefaultHashBuilder,
    /// The same by the instrument's number in the block that points come from now, each with the `generation` that it is of.
    entry_of_instrument: Vec<(u32, u32)>,
    /// Goes up with each request, block and resource block.
    generation: u32,
}

struct PointsContent {
    temporality: Temporality,
    resources: Vec<ResourcePoints>,
    blocks: Vec<Arc<MetricBlock>>,
}

struct ResourcePoints {
    resource: Arc<Resource>,
    entries: Vec<MetricEntry>,
}

struct MetricEntry {
    /// Index of the block whose instrument it begins with, and the instrument.
    begin: (u32, u32),
    /// Index of the block that each point is printed from, and the point.
    points: Vec<(u32, PlacedPoint)>,
}

impl PointEnvelope {
    pub(super) fn new(limit: usize, temporality: Temporality) -> Self {
        Self {
            limit,
            content: PointsContent::new(temporality),
            bytes: 0,
            records: 0,
            entries: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
            entry_of_instrument: Vec::new(),
            generation: 0,
        }
    }

    /// Adds a point that is printed from `block`.
    pub(super) fn add(
        &mut self,
        block: &Arc<MetricBlock>,
        instrument: u32,
        point: PlacedPoint,
        resource: &Arc<Resource>,
    ) -> Added {
        let length = block.printed_length(&point);
        self.enter_block(block);
        let mut entry = self.find_entry(block, instrument, resource);
        let mut growth = self.growth(block, instrument, entry, resource) + length;
        let mut request = None;
        if self.records > 0 && self.bytes + growth > self.limit {
            request = self.close();
            self.enter_block(block);
            entry = None;
            growth = self.growth(block, instrument, entry, resource) + length;
        }
        self.bytes += growth;
        self.records += 1;
        let entry = entry.unwrap_or_else(|| self.begin_entry(instrument, resource));
        let from = self.content.last_block();
        let open = self.content.resources.last_mut().expect("a resource block is open once an entry is");
        let points = &mut open.entries[entry as usize].points;
        if points.len() < 2 {
            // Else it would begin with room for four, and hostile telemetry has a point or two in each entry.
            points.reserve_exact(1);
        }
        points.push((from, point));
        Added::new(request, self.bytes, self.limit)
    }

    /// The request under way, if it has a point.
    pub(super) fn close(&mut self) -> Option<Request> {
        if self.records == 0 {
            return None;
        }
        let empty = PointsContent::new(self.content.temporality);
        let content = std::mem::replace(&mut self.content, empty);
        let bytes = std::mem::take(&mut self.bytes) as u64;
        let records = std::mem::take(&mut self.records);
        self.entries.clear();
        self.generation += 1;
        let weight = content.weight();
        Some(Request { signal: Signal::Metrics, records, bytes, weight, content: Content::Points(content) })
    }

    fn enter_block(&mut self, block: &Arc<MetricBlock>) {
        if self.content.blocks.last().is_none_or(|last| !Arc::ptr_eq(last, block)) {
            self.index_entries();
            self.content.blocks.push(Arc::clone(block));
            self.generation += 1;
            // Entries of another block, or of the request before, are of another generation.
            if self.entry_of_instrument.len() < block.instruments.len() {
                self.entry_of_instrument.resize(block.instruments.len(), (0, 0));
            }
        }
    }

    /// Makes the entries of the open resource block known to the block that is entered next.
    fn index_entries(&mut self) {
        let content = &self.content;
        let Some(open) = content.resources.last() else { return };
        let hash = |&entry: &u32| self.hasher.hash_one(content.begin(&open.entries[entry as usize]));
        for entry in self.entries.len()..open.entries.len() {
            let entry = u32::try_from(entry).expect("each entry is a part of a line");
            self.entries.insert_unique(hash(&entry), entry, hash);
        }
    }

    fn is_open(&self, resource: &Resource) -> bool {
        self.content.resources.last().is_some_and(|open| open.resource.number == resource.number)
    }

    /// The entry that the open resource block has for an instrument.
    fn find_entry(&mut self, block: &MetricBlock, instrument: u32, resource: &Resource) -> Option<u32> {
        if !self.is_open(resource) {
            return None;
        }
        let (generation, known) = self.entry_of_instrument[instrument as usize];
        if generation == self.generation {
            return Some(known);
        }
        if self.entries.is_empty() {
            return None;
        }
        let begin = block.entry_begin(instrument);
        let open = &self.content.resources.last()?.entries;
        let is_same = |&entry: &u32| self.content.begin(&open[entry as usize]) == begin;
        let found = *self.entries.find(self.hasher.hash_one(begin), is_same)?;
        self.entry_of_instrument[instrument as usize] = (self.generation, found);
        Some(found)
    }

    /// By how much a point lengthens the request as it would be closed, its own length aside.
    fn growth(&self, block: &MetricBlock, instrument: u32, entry: Option<u32>, resource: &Resource) -> usize {
        if entry.is_some() {
            return 1;
        }
        let begin = block.entry_begin(instrument).printed_length(self.content.temporality);
        let new_entry = begin + ENTRY_END.len();
        if self.is_open(resource) {
            return 1 + new_entry;
        }
        let new_block = Signal::Metrics.block_begin().len() + resource.block_end.len() + new_entry;
        if self.content.resources.is_empty() {
            return Signal::Metrics.request_begin().len() + new_block + REQUEST_END.len();
        }
        1 + new_block
    }

    /// Begins the entry for an instrument of the block that was entered last.
    fn begin_entry(&mut self, instrument: u32, resource: &Arc<Resource>) -> u32 {
        if !self.is_open(resource) {
            self.content
                .resources
                .push(ResourcePoints { resource: Arc::clone(resource), entries: Vec::new() });
            self.entries.clear();
            self.generation += 1;
        }
        let begin = (self.content.last_block(), instrument);
        let open = self.content.resources.last_mut().expect("it was pushed unless it was there");
        let number = u32::try_from(open.entries.len()).expect("each entry is a part of a line");
        open.entries.push(MetricEntry { begin, points: Vec::new() });
        self.entry_of_instrument[instrument as usize] = (self.generation, number);
        number
    }
}

impl PointsContent {
    fn new(temporality: Temporality) -> Self {
        Self { temporality, resources: Vec::new(), blocks: Vec::new() }
    }

    /// The index of the block that was entered last.
    fn last_block(&self) -> u32 {
        u32::try_from(self.blocks.len() - 1).expect("a request has a point of each block, and few fit")
    }

    /// How an entry begins.
    fn begin(&self, entry: &MetricEntry) -> EntryBegin<'_> {
        let (block, instrument) = entry.begin;
        self.blocks[block as usize].entry_begin(instrument)
    }

    /// Bytes that it takes until it is printed. The blocks it is printed from are counted too, though neighbouring requests
    /// may share one.
    fn weight(&self) -> usize {
        let entries = self.resources.iter().flat_map(|resource| &resource.entries);
        let of_entry = |entry: &MetricEntry| {
            size_of::<MetricEntry>() + entry.points.capacity() * size_of::<(u32, PlacedPoint)>()
        };
        let blocks: usize = self.blocks.iter().map(|block| block.weight()).sum();
        entries.map(of_entry).sum::<usize>() + blocks
    }

    fn print(&self, output: &mut Deflater<'_>) {
        output.chunk().extend_from_slice(Signal::Metrics.request_begin());
        for (at, resource) in self.resources.iter().enumerate() {
            if at > 0 {
                output.chunk().push(b',');
            }
            self.print_resource(resource, output);
        }
        output.chunk().extend_from_slice(REQUEST_END);
    }

    fn print_resource(&self, resource: &ResourcePoints, output: &mut Deflater<'_>) {
        output.chunk().extend_from_slice(Signal::Metrics.block_begin().as_bytes());
        for (at, entry) in resource.entries.iter().enumerate() {
            if at > 0 {
                output.chunk().push(b',');
            }
            self.begin(entry).print(output.chunk(), self.temporality);
            for (at, (block, point)) in entry.points.iter().enumerate() {
                if at > 0 {
                    output.chunk().push(b',');
                }
                self.blocks[*block as usize].print(output.chunk(), point);
                output.flush_full_chunk();
            }
            output.chunk().extend_from_slice(ENTRY_END);
        }
        output.chunk().extend_from_slice(resource.resource.block_end.as_bytes());
    }
}
