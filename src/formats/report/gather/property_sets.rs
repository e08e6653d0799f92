//! Properties of events of one name: nearly all events have one of a few sets of them, spelled alike.

use super::block_fields::{BlockFields, FieldIndex};
use crate::row::signal::SpanResult;

/// Sets of properties that were seen lately, by their text.
#[derive(Debug, Default)]
pub(crate) struct PropertySets {
    /// A power of two of them, once there is one. A set is in one of [`NEIGHBOURS`], from where its text says.
    slots: Vec<PropertySet>,
    /// Bytes of the texts.
    text_bytes: usize,
}

/// Properties, what they say, and how many events had them that are not counted yet.
#[derive(Debug)]
struct PropertySet {
    /// Whether there is none.
    is_free: bool,
    /// The object's text.
    text: Box<str>,
    events: u64,
    fields: Box<[FieldIndex]>,
    facts: PropertyFacts,
}

/// What properties say beside the values of fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PropertyFacts {
    /// The result, if there is one.
    pub(crate) result: Option<SpanResult>,
    /// Index of the route that HTTP requests went to, where they are of any.
    pub(crate) route: Option<u32>,
}

const FIRST_SLOTS: usize = 4;
const SLOTS_AT_MOST: usize = 128;
/// Slots that a set may be in.
const NEIGHBOURS: usize = 4;
/// Longer texts are not kept.
const LONGEST_TEXT: usize = 512;
/// What a field of a set takes. A set has fewer than its text has bytes.
const FIELD_BYTES: usize = size_of::<FieldIndex>();

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
        if text.len() > LONGEST_TEXT {
            let (own_fields, facts) = begin(fields);
            own_fields.into_iter().for_each(|field| fields.get_mut(field).add_events(1));
            return facts;
        }
        let slot = match self.neighbours(text).find(|&slot| *self.slots[slot].text == *text) {
            Some(slot) => slot,
            None => self.replace(text, fields, begin),
        };
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
        let mut slot = self.free_slot(text);
        while slot.is_none() && self.slots.len() < SLOTS_AT_MOST {
            self.grow(fields);
            slot = self.free_slot(text);
        }
        let slot = slot.or_else(|| self.neighbours(text).next()).unwrap_or_default();
        self.slots[slot].flush(fields);
        let (own_fields, facts) = begin(fields);
        self.text_bytes = self.text_bytes + text.len() - self.slots[slot].text.len();
        self.slots[slot] =
            PropertySet { is_free: false, text: text.into(), events: 0, fields: own_fields.into(), facts };
        slot
    }

    fn grow(&mut self, fields: &mut BlockFields) {
        let before = std::mem::take(&mut self.slots);
        self.slots.resize_with((2 * before.len()).max(FIRST_SLOTS), PropertySet::none);
        for set in before.into_iter().filter(|set| !set.is_free) {
            match self.free_slot(&set.text) {
                Some(slot) => self.slots[slot] = set,
                None => {
                    self.text_bytes -= set.text.len();
                    set.flush(fields);
                }
            }
        }
    }

    fn free_slot(&self, text: &str) -> Option<usize> {
        self.neighbours(text).find(|&slot| self.slots[slot].is_free)
    }

    /// Where a set may be; nowhere while there is no slot.
    #[inline]
    fn neighbours(&self, text: &str) -> impl Iterator<Item = usize> + use<> {
        let first = rough_hash(text);
        let mask = self.slots.len().saturating_sub(1);
        (0..NEIGHBOURS.min(self.slots.len())).map(move |next| (first + next) & mask)
    }

    /// Counts the events that are not counted yet.
    pub(crate) fn finish(&mut self, fields: &mut BlockFields) {
        for set in &mut self.slots {
            set.flush(fields);
            set.events = 0;
        }
    }

    /// Bytes that the sets take in memory.
    pub(crate) fn weight(&self) -> usize {
        // A member takes six bytes at least.
        self.text_bytes + self.text_bytes / 6 * FIELD_BYTES + size_of_val(self.slots.as_slice())
    }
}

/// Tells texts apart that are compared in the end, in less time than a hash that nobody can foresee. Ends of texts differ more
/// than their beginnings do.
#[inline]
pub(crate) fn rough_hash(text: &str) -> usize {
    let bytes = text.as_bytes();
    let word = |chunk: Option<&[u8; 8]>| chunk.map_or(0, |chunk| u64::from_le_bytes(*chunk));
    let end = word(bytes.last_chunk());
    let middle = word(bytes[bytes.len() / 2..].first_chunk());
    let mixed = (end ^ middle.rotate_left(17) ^ bytes.len() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 32) as usize
}

impl PropertySet {
    fn none() -> Self {
        let facts = PropertyFacts { result: None, route: None };
        Self { is_free: true, text: Box::default(), events: 0, fields: Box::default(), facts }
    }

    /// Counts its events with its fields.
    fn flush(&self, fields: &mut BlockFields) {
        for &field in &self.fields {
            fields.get_mut(field).add_events(self.events);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    use proptest::prelude::*;

    use crate::formats::report::findings::FieldPlace;
    use crate::formats::report::gather::inventory::SharedInventory;

    /// Counts the events of each text by way of a field of its own.
    fn events_by_text(texts: &[String]) -> HashMap<String, u64> {
        let progress = crate::progress::Progress::default();
        let shared = SharedInventory::new(&progress);
        let mut fields = BlockFields::default();
        let mut sets = PropertySets::default();
        let mut indices = HashMap::new();
        for text in texts {
            let facts = sets.count(text, &mut fields, |fields| {
                let index = fields.index_of(FieldPlace::Properties, None, text, &shared);
                indices.insert(text.clone(), index);
                let facts = PropertyFacts { result: Some(SpanResult::Success), route: Some(index) };
                (vec![index], facts)
            });
            assert_eq!(facts.route, Some(indices[text]));
        }
        sets.finish(&mut fields);
        indices.into_iter().map(|(text, index)| (text, fields.get_mut(index).count())).collect()
    }

    #[test]
    fn texts_that_are_too_long_to_be_kept_are_counted_too() {
        let texts = ["x".repeat(LONGEST_TEXT + 1), "y".to_owned()];
        let texts: Vec<_> = texts.iter().cycle().take(7).cloned().collect();
        assert_eq!(events_by_text(&texts), HashMap::from([(texts[0].clone(), 4), (texts[1].clone(), 3)]));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn events_are_counted_whatever_sets_give_way(
            texts in proptest::collection::vec("[a-c]{1,8}|[0-9]{12}", 0..500),
        ) {
            let mut expected = HashMap::new();
            for text in &texts {
                *expected.entry(text.clone()).or_insert(0) += 1;
            }
            prop_assert_eq!(events_by_text(&texts), expected);
        }
    }
}
