//! Properties of events of one name. Nearly all events have one of a few sets, spelled alike, so each set is parsed once.

use hashbrown::HashMap;

use super::block_fields::{BlockFields, FieldIndex};
use crate::row::signal::SpanResult;

/// Sets of properties, by the text of their object.
#[derive(Debug, Default)]
pub(crate) struct PropertySets {
    sets: HashMap<Box<str>, PropertySet>,
    /// Bytes of the texts.
    text_bytes: usize,
}

/// The fields of a set of properties, and how many events with it are not counted yet.
#[derive(Debug)]
struct PropertySet {
    events: u64,
    fields: Box<[FieldIndex]>,
    facts: PropertyFacts,
}

/// What properties say, apart from the values of their fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PropertyFacts {
    /// The result, if there is one.
    pub(crate) result: Option<SpanResult>,
    /// Index of the route, for HTTP requests.
    pub(crate) route: Option<u32>,
}

/// Sets that are held at once.
const SETS_AT_MOST: usize = 128;
/// Longer texts are parsed for each event.
const LONGEST_TEXT: usize = 512;
/// What a set takes beside its text, with its share of a map that has just grown.
const SET_BYTES: usize = 3 * size_of::<(Box<str>, PropertySet)>();

impl PropertySets {
    /// Counts an event whose properties are spelled so. `parse` is called unless the set is held.
    #[inline]
    pub(crate) fn count(
        &mut self,
        text: &str,
        fields: &mut BlockFields,
        parse: impl FnOnce(&mut BlockFields) -> (Vec<FieldIndex>, PropertyFacts),
    ) -> PropertyFacts {
        if let Some(known) = self.sets.get_mut(text) {
            known.events += 1;
            return known.facts;
        }
        let (own_fields, facts) = parse(fields);
        let set = PropertySet { events: 1, fields: own_fields.into(), facts };
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

    /// Counts the events of all sets with their fields.
    pub(crate) fn finish(&mut self, fields: &mut BlockFields) {
        self.sets.drain().for_each(|(_, set)| set.count(fields));
        self.text_bytes = 0;
    }

    /// Bytes that the sets take in memory, about.
    pub(crate) fn weight(&self) -> usize {
        // A member takes six bytes of text at least.
        self.text_bytes + self.text_bytes / 6 * size_of::<FieldIndex>() + self.sets.len() * SET_BYTES
    }
}

impl PropertySet {
    fn count(&self, fields: &mut BlockFields) {
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
    use crate::formats::report::gather::Shared;

    /// Counts the events of each text by way of a field of its own.
    fn events_by_text(texts: &[String]) -> HashMap<String, u64> {
        let progress = crate::progress::Progress::default();
        let shared = Shared::new(&progress);
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
    fn texts_that_are_too_long_to_be_held_are_counted_too() {
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
