//! The properties of events with one name. Nearly all of these events have one of a few texts as their properties, so each
//! text is parsed once.

use hashbrown::HashMap;

use super::block_fields::{BlockFields, FieldValue};
use crate::row::signal::SpanResult;

/// Sets of properties, by the text of their object.
#[derive(Debug, Default)]
pub(crate) struct PropertySets {
    sets: HashMap<Box<str>, PropertySet>,
    /// Total length of the texts.
    text_bytes: usize,
}

/// A set of properties, and how many of its events are not yet counted with its fields.
#[derive(Debug)]
struct PropertySet {
    events: u64,
    values: Box<[FieldValue]>,
    facts: PropertyFacts,
}

/// What a set of properties says about its event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PropertyFacts {
    /// The value of `result`, if it is a string.
    pub(crate) result: Option<SpanResult>,
    /// Index of the route in the block, if the event is about HTTP requests.
    pub(crate) route: Option<u32>,
}

/// How many sets are remembered.
const SETS_AT_MOST: usize = 128;
/// The longest text that is remembered. A longer one is parsed for each event.
const LONGEST_TEXT: usize = 512;
/// Bytes that a set takes besides its text and its list of values. The factor is for the empty slots of a map that has just
/// grown.
const SET_BYTES: usize = 3 * size_of::<(Box<str>, PropertySet)>();

impl PropertySets {
    /// Counts an event whose properties are spelled as `text`. Calls `parse` unless the set is remembered.
    #[inline]
    pub(crate) fn count(
        &mut self,
        text: &str,
        fields: &mut BlockFields,
        parse: impl FnOnce(&mut BlockFields) -> (Vec<FieldValue>, PropertyFacts),
    ) -> PropertyFacts {
        if let Some(known) = self.sets.get_mut(text) {
            known.events += 1;
            return known.facts;
        }
        let (values, facts) = parse(fields);
        let set = PropertySet { events: 1, values: values.into(), facts };
        if text.len() > LONGEST_TEXT {
            set.count(fields);
            return facts;
        }
        if self.sets.len() == SETS_AT_MOST {
            self.finish(fields);
        }
        self.text_bytes += text.len();
        self.sets.insert(text.into(), set);
        facts
    }

    /// Counts the events of all sets with their fields, and forgets the sets.
    pub(crate) fn finish(&mut self, fields: &mut BlockFields) {
        self.sets.drain().for_each(|(_, set)| set.count(fields));
        self.text_bytes = 0;
    }

    /// About how many bytes the sets take in memory.
    pub(crate) fn weight(&self) -> usize {
        // A member takes at least six bytes of text.
        self.text_bytes + self.text_bytes / 6 * size_of::<FieldValue>() + self.sets.len() * SET_BYTES
    }
}

impl PropertySet {
    fn count(&self, fields: &mut BlockFields) {
        for &value in &self.values {
            fields.add_events(value, self.events);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    use proptest::prelude::*;

    use crate::formats::report::findings::FieldPlace;
    use crate::formats::report::gather::Shared;
    use crate::sizes::index;

    /// Counts the events of each text with a field of its own.
    fn events_by_text(texts: &[String]) -> HashMap<String, u64> {
        let progress = crate::progress::Progress::default();
        let shared = Shared::new(&progress, None);
        let mut fields = BlockFields::default();
        let mut sets = PropertySets::default();
        let mut entries = HashMap::new();
        for text in texts {
            let facts = sets.count(text, &mut fields, |fields| {
                let entry = fields.entry(FieldPlace::Properties, None, text, &shared);
                let number = index(entries.len());
                entries.entry(text.clone()).or_insert((number, entry));
                let route = Some(entries[text].0);
                (vec![entry.unmarked_value()], PropertyFacts { result: Some(SpanResult::Success), route })
            });
            assert_eq!(facts.route, Some(entries[text].0));
        }
        sets.finish(&mut fields);
        entries.into_iter().map(|(text, (_, entry))| (text, fields.count(entry))).collect()
    }

    #[test]
    fn texts_that_are_too_long_to_be_remembered_are_counted_too() {
        let texts = ["x".repeat(LONGEST_TEXT + 1), "y".to_owned()];
        let texts: Vec<_> = texts.iter().cycle().take(7).cloned().collect();
        assert_eq!(events_by_text(&texts), HashMap::from([(texts[0].clone(), 4), (texts[1].clone(), 3)]));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn every_event_is_counted_however_many_sets_there_are(
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
