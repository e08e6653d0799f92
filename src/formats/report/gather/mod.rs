//! Gathers what one block of rows adds to a report: fields, counts and lists of numbers. Blocks are gathered in parallel.
//! Nothing here combines two blocks; `assembly` adds them up in order.

pub(crate) mod block;
pub(crate) mod block_fields;
pub(crate) mod block_rows;
pub(crate) mod contexts;
pub(crate) mod known_fields;
pub(crate) mod measurements;
pub(crate) mod members;
pub(crate) mod metric_events;
pub(crate) mod property_sets;
pub(crate) mod row_fields;

use self::known_fields::KnownFields;
use super::identity::Identities;
use crate::progress::Progress;

/// What all blocks of an export share.
pub(crate) struct Shared<'p> {
    /// Tells whether the export is cancelled. Every loop whose length the input decides checks it.
    pub(crate) progress: &'p Progress,
    pub(crate) identities: Identities,
    pub(crate) known_fields: KnownFields,
}

impl<'p> Shared<'p> {
    pub(crate) fn new(progress: &'p Progress) -> Self {
        Self { progress, identities: Identities::default(), known_fields: KnownFields::default() }
    }
}
