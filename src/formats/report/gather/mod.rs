//! What a block of rows adds to a report: fields, counts and lists of numbers, gathered in parallel.
//! Nothing here sees two blocks at once; `assembly` adds them up in order.

pub(super) mod block;
pub(super) mod block_fields;
pub(super) mod block_rows;
pub(super) mod contexts;
pub(super) mod inventory;
pub(super) mod members;
pub(super) mod metric_events;
pub(super) mod property_sets;
pub(super) mod row_fields;
