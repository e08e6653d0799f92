//! What the assembly already knows about fields, for workers that gather later blocks.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{PoisonError, RwLock};

use crate::formats::report::identity::{Identity, IdentityMap};

/// Hints from finished blocks that let workers skip work. Results do not depend on them.
#[derive(Default)]
pub(crate) struct KnownFields {
    fields: RwLock<IdentityMap<KnownField>>,
    /// Whether the list of fields is full.
    is_full: AtomicBool,
}

/// What the assembly knows about a field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct KnownField {
    pub(crate) has_many_values: bool,
    pub(crate) has_all_examples: bool,
    pub(crate) has_unmarked_key: bool,
    /// The list is full, and the field is not in it.
    pub(crate) is_unlisted: bool,
}

impl KnownFields {
    pub(crate) fn get(&self, identity: Identity) -> Option<KnownField> {
        // Read this before the map: once it is set, the map has every listed field.
        let is_full = self.is_full.load(Ordering::Acquire);
        let fields = self.fields.read().unwrap_or_else(PoisonError::into_inner);
        let unlisted = KnownField { is_unlisted: true, ..KnownField::default() };
        fields.get(&identity).copied().or(is_full.then_some(unlisted))
    }

    pub(crate) fn set(&self, identity: Identity, field: KnownField, is_full: bool) {
        self.fields.write().unwrap_or_else(PoisonError::into_inner).insert(identity, field);
        self.is_full.store(is_full, Ordering::Release);
    }
}
