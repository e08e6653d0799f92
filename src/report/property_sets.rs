//! Properties of events of one name: nearly all events have one of a few sets of them, spelled alike.

use super::inventory::{BlockFields, FieldIndex};
use crate::signal::Outcome;

/// Sets of properties that were seen lately, by their text.
#[derive(Debug, Default)]
pub(crate) struct PropertySets {
    /// A set has one slot where it may be. A power of two of them, once there is one.
    slots: Vec<PropertySet>,
}

/// Properties, what they say, and how many events had them that are not counted yet.
#[derive(Debug)]
struct PropertySet {
    /// The object's text; empty where it is too long to be kept.
    text: Box<str>,
    events: u64,
    fields: Box<[FieldIndex]>,
    facts: PropertyFacts,
}

/// What properties say beside the values of fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PropertyFacts {
    pub(crate) has_result: bool,
    /// What the result says.
    pub(crate) outcome: Outcome,
    /// Index of the route that HTTP requests went to, where they are of any.
    pub(crate) route: Option<u32>,
}

const FIRST_SLOTS: usize = 4;
const SLOTS_AT_MOST: usize = 64;
/// Longer texts are not kept.
const LONGEST_TEXT: usize = 512;

impl PropertySets {
    /// What the properties of one event more say, which are spelled so. Where they are new, `begin` tells their fields and what
    /// they say, and `fields` get the events of a set that gives way.
    #[inline]
    pub(crate) fn count(
        &mut self,
        text: &str,
        fields: &mut BlockFields,
        begin: impl FnOnce(&mut BlockFields) -> (Vec<FieldIndex>, PropertyFacts),
    ) -> PropertyFacts {
        let mut slot = self.slot_of(text);
        if self.slots.get(slot).is_none_or(|known| *known.text != *text) {
            slot = self.replace(text, fields, begin);
        }
        let known = &mut self.slots[slot];
        known.events += 1;
        known.facts
    }

    /// Puts a set into its slot. Returns that.
    #[cold]
    fn replace(
        &mut self,
        text: &str,
        fields: &mut BlockFields,
        begin: impl FnOnce(&mut BlockFields) -> (Vec<FieldIndex>, PropertyFacts),
    ) -> usize {
        while self.slots.len() < SLOTS_AT_MOST
            && self.slots.get(self.slot_of(text)).is_none_or(|known| known.events > 0)
        {
            self.grow(fields);
        }
        let slot = self.slot_of(text);
        self.slots[slot].tell(fields);
        let (own_fields, facts) = begin(fields);
        let text = if text.len() > LONGEST_TEXT { "" } else { text };
        self.slots[slot] = PropertySet { text: text.into(), events: 0, fields: own_fields.into(), facts };
        slot
    }

    fn grow(&mut self, fields: &mut BlockFields) {
        let before = std::mem::take(&mut self.slots);
        self.slots.resize_with((2 * before.len()).max(FIRST_SLOTS), PropertySet::none);
        for set in before {
            let slot = self.slot_of(&set.text);
            std::mem::replace(&mut self.slots[slot], set).tell(fields);
        }
    }

    /// Where a set may be. Ends of texts differ more than their beginnings do.
    #[inline]
    fn slot_of(&self, text: &str) -> usize {
        let bytes = text.as_bytes();
        let word = |chunk: Option<&[u8; 8]>| chunk.map_or(0, |chunk| u64::from_le_bytes(*chunk));
        let end = word(bytes.last_chunk());
        let middle = word(bytes[bytes.len() / 2..].first_chunk());
        let mixed = (end ^ middle.rotate_left(17) ^ bytes.len() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (mixed >> 32) as usize & self.slots.len().saturating_sub(1)
    }

    /// Counts the events that are not counted yet, and forgets the sets.
    pub(crate) fn finish(&mut self, fields: &mut BlockFields) {
        for set in std::mem::take(&mut self.slots) {
            set.tell(fields);
        }
    }
}

impl PropertySet {
    fn none() -> Self {
        let facts = PropertyFacts { has_result: false, outcome: Outcome::Unknown, route: None };
        Self { text: Box::default(), events: 0, fields: Box::default(), facts }
    }

    fn tell(&self, fields: &mut BlockFields) {
        for &field in &self.fields {
            fields.get_mut(field).add_events(self.events);
        }
    }
}
