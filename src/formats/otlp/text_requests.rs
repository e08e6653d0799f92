//! Printed log records or spans, gathered into requests below the size limit (specification, Requests).

use std::mem;
use std::sync::Arc;

use super::request::{Added, ChunkedText, REQUEST_END, RequestKind, ResourceBlock, ServiceRequest};

/// Fills requests of one kind with printed records.
pub(super) struct TextRequests {
    kind: RequestKind,
    limit: usize,
    text: ChunkedText,
    records: u64,
    open_block: Option<Arc<ResourceBlock>>,
}

impl TextRequests {
    pub(super) fn new(kind: RequestKind, limit: usize) -> Self {
        Self { kind, limit, text: ChunkedText::default(), records: 0, open_block: None }
    }

    /// Adds a record to a resource block. If the request under way has no room for it, another request begins.
    pub(super) fn add(&mut self, record: &[u8], block: &Arc<ResourceBlock>) -> Added {
        let is_full = self.records > 0 && self.text.length + self.growth(record, block) > self.limit;
        let full = if is_full { self.close() } else { None };
        match &self.open_block {
            Some(open) if open.number == block.number => self.text.push(b","),
            _ => self.begin_block(block),
        }
        self.text.push(record);
        self.records += 1;
        let bytes = self.text.length + block.end.len() + REQUEST_END.len();
        Added::new(full, bytes, self.limit)
    }

    /// The request under way, if it has a record.
    pub(super) fn close(&mut self) -> Option<ServiceRequest> {
        let open = self.open_block.take()?;
        let mut text = mem::take(&mut self.text);
        text.push(open.end.as_bytes());
        text.push(REQUEST_END);
        Some(ServiceRequest::new(self.kind, mem::take(&mut self.records), text.length, text))
    }

    /// How much longer the closed request would be with `record`.
    fn growth(&self, record: &[u8], block: &ResourceBlock) -> usize {
        let before = match &self.open_block {
            Some(open) if open.number == block.number => 1,
            Some(open) => open.end.len() + 1 + self.kind.block_begin().len(),
            None => self.kind.begin().len() + self.kind.block_begin().len(),
        };
        before + record.len() + block.end.len() + REQUEST_END.len()
    }

    fn begin_block(&mut self, block: &Arc<ResourceBlock>) {
        match self.open_block.replace(Arc::clone(block)) {
            Some(open) => {
                self.text.push(open.end.as_bytes());
                self.text.push(b",");
            }
            None => self.text.push(self.kind.begin()),
        }
        self.text.push(self.kind.block_begin());
    }
}
