//! The measurements of events with one name. Nearly all of these events have the same few keys, so keys are remembered.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

use super::block_fields::FieldEntry;
use super::members::MEMBERS_AT_MOST;
use super::metric_events::MeasurementRole;
use crate::formats::report::identity::{Identity, IdentityMap};
use crate::json::{JsonString, Member, Members, members};
use crate::progress::Progress;
use crate::row::signal::{DURATION_MS, MetricFamily};

/// How many keys are remembered.
const KEYS_AT_MOST: usize = 4_096;
/// Initial capacity, enough for nearly all events.
const USUAL_MEASUREMENTS: usize = 8;
/// Bytes that a remembered key takes besides its text. The factor is for the empty slots of a map that has just grown.
const KEY_BYTES: usize = 3 * size_of::<(Box<str>, Measurement)>();

/// What the key of a measurement says about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Measurement {
    /// Identity of the decoded key. Several keys can share a field.
    pub(crate) key: Identity,
    pub(crate) field: FieldEntry,
    pub(crate) is_duration: bool,
    pub(crate) role: MeasurementRole,
}

/// The remembered keys of one event name.
#[derive(Debug, Default)]
pub(crate) struct MeasurementKeys {
    /// The keys as they are spelled, in order of first appearance.
    keys: Vec<(Box<str>, Measurement)>,
    /// Indices of `keys`, found by the key.
    indices: HashTable<usize>,
    hasher: DefaultHashBuilder,
    /// Whether any key has an escape. Two spellings can then be the same key.
    has_escapes: bool,
    key_bytes: usize,
}

impl MeasurementKeys {
    /// Reads the measurements of an object. If a key appears twice, the last value takes the position of the first. `learn` is
    /// called with each decoded key that is not remembered.
    pub(crate) fn read<'e>(
        &mut self,
        object: &'e str,
        mut learn: impl FnMut(&str) -> Measurement,
    ) -> Measurements<'e> {
        let mut first = Vec::with_capacity(USUAL_MEASUREMENTS);
        let mut rest = members(object);
        let mut next_index = 0;
        let mut is_in_order = true;
        while first.len() < MEMBERS_AT_MOST {
            // Most objects have the keys of earlier ones, in the same order.
            if let Some((key, measurement)) = self.keys.get(next_index)
                && let Some(value) = rest.next_value_of(key)
            {
                first.push((*measurement, value));
                next_index += 1;
                continue;
            }
            let Some(Member { key, value, .. }) = rest.next() else { break };
            let (index, measurement) = match self.index_of(key) {
                Some(index) => (index, self.keys[index].1),
                None => self.add(key, learn(&key.decoded())),
            };
            is_in_order &= index >= next_index;
            next_index = index + 1;
            first.push((measurement, value));
        }
        // If the indices increase and no key has an escape, no key appears twice.
        if !is_in_order || self.has_escapes {
            keep_last(&mut first);
        }
        Measurements { first, rest }
    }

    fn index_of(&self, key: JsonString<'_>) -> Option<usize> {
        let is_key = |&index: &usize| *self.keys[index].0 == *key.escaped();
        self.indices.find(self.hasher.hash_one(key.escaped()), is_key).copied()
    }

    /// Remembers a key, unless there are too many. Returns the index of the key, or 0 if it is not remembered.
    fn add(&mut self, key: JsonString<'_>, measurement: Measurement) -> (usize, Measurement) {
        self.has_escapes |= key.escaped().contains('\\');
        let index = self.keys.len();
        if index == KEYS_AT_MOST {
            return (0, measurement);
        }
        self.key_bytes += key.escaped().len();
        self.keys.push((key.escaped().into(), measurement));
        let hash_at = |&index: &usize| self.hasher.hash_one(&*self.keys[index].0);
        self.indices.insert_unique(hash_at(&index), index, hash_at);
        (index, measurement)
    }

    /// About how many bytes the keys take in memory.
    pub(crate) fn weight(&self) -> usize {
        self.key_bytes + self.keys.len() * KEY_BYTES
    }
}

/// The measurements of one event.
pub(crate) struct Measurements<'e> {
    /// The first measurements, each with its value (specification, Member limit).
    pub(crate) first: Vec<(Measurement, &'e str)>,
    /// All later members, which have no fields of their own.
    pub(crate) rest: Members<'e>,
}

impl<'e> Measurements<'e> {
    /// The value of `durationMs`, as JSON text.
    pub(crate) fn duration(&self, progress: &Progress) -> Option<&'e str> {
        let in_rest = progress.heed(self.rest.clone()).filter(|member| member.key.means(DURATION_MS)).last();
        let in_first = || self.first.iter().find(|(measurement, _)| measurement.is_duration);
        in_rest.map(|member| member.value).or_else(|| in_first().map(|&(_, value)| value))
    }

    /// The role and the value of each measurement, if the event is a metric event of this family.
    pub(crate) fn roles(
        &self,
        family: MetricFamily,
        progress: &Progress,
    ) -> impl Iterator<Item = (MeasurementRole, &'e str)> {
        let first = self.first.iter().map(|&(measurement, value)| (measurement.role, value));
        let rest = progress
            .heed(self.rest.clone())
            .map(move |member| (MeasurementRole::without_field(family, &member.key.decoded()), member.value));
        first.chain(rest)
    }
}

/// If a key appears twice, keeps the last value at the position of the first.
fn keep_last(measurements: &mut Vec<(Measurement, &str)>) {
    let last: IdentityMap<_> =
        measurements.iter().map(|(measurement, value)| (measurement.key, *value)).collect();
    let mut seen = IdentityMap::with_capacity(last.len());
    measurements.retain(|(measurement, _)| seen.insert(measurement.key, ()).is_none());
    for (measurement, value) in measurements {
        *value = last[&measurement.key];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use proptest::prelude::*;

    use crate::json::distinct_members;

    /// A measurement whose identity is the number in its key.
    fn measurement(key: &str) -> Measurement {
        let key = key[1..].parse().expect("a number");
        Measurement { key, field: FieldEntry::default(), is_duration: false, role: MeasurementRole::None }
    }

    fn keys_of(read: &Measurements<'_>) -> Vec<Identity> {
        read.first.iter().map(|(measurement, _)| measurement.key).collect()
    }

    #[test]
    fn a_key_is_learned_once() {
        let mut keys = MeasurementKeys::default();
        let mut learned = Vec::new();
        for (object, expected) in [
            (r#"{"k1":1, "k2" : 2}"#, vec![1, 2]),
            (r#"{"k2":3}"#, vec![2]),
            (r#"{"k3":1,"k1":null}"#, vec![3, 1]),
        ] {
            let read = keys.read(object, |key| {
                learned.push(key.to_owned());
                measurement(key)
            });
            assert_eq!(keys_of(&read), expected, "{object}");
        }
        assert_eq!(learned, ["k1", "k2", "k3"]);
    }

    #[test]
    fn the_last_value_of_a_repeated_key_takes_the_position_of_the_first() {
        let mut keys = MeasurementKeys::default();
        for object in
            [r#"{"k1":1,"k2":2,"k1":3}"#, r#"{"k1":1,"k2":2,"\u006b1":3}"#, r#"{"\u006b1":1,"k2":2,"k1":3}"#]
        {
            let read = keys.read(object, measurement);
            let found: Vec<_> =
                read.first.iter().map(|(measurement, value)| (measurement.key, *value)).collect();
            assert_eq!(found, [(1, "3"), (2, "2")], "{object}");
        }
    }

    proptest! {
        #[test]
        fn any_objects_in_turn_are_read_like_their_distinct_members(
            objects in proptest::collection::vec(
                proptest::collection::vec((0_u32..60, any::<bool>(), any::<bool>(), 0_u32..9), 0..50), 1..6,
            ),
        ) {
            let spelled = |&(key, is_escaped, has_space, value): &(u32, bool, bool, u32)| {
                let first = if is_escaped { "\\u006b" } else { "k" };
                let space = if has_space { " " } else { "" };
                format!("{space}\"{first}{key}\":{space}{value}")
            };
            let mut keys = MeasurementKeys::default();
            for object in &objects {
                let object = format!("{{{}}}", object.iter().map(spelled).collect::<Vec<_>>().join(","));
                let read = keys.read(&object, measurement);
                let mut found: Vec<_> =
                    read.first.iter().map(|(measurement, value)| (measurement.key, *value)).collect();
                let mut expected: Vec<_> = distinct_members(&object, members(&object))
                    .map(|member| (measurement(&member.key.decoded()).key, member.value))
                    .collect();
                found.sort_unstable();
                expected.sort_unstable();
                prop_assert_eq!(found, expected);
            }
        }
    }

    #[test]
    fn keys_beyond_the_limit_are_learned_again() {
        let mut keys = MeasurementKeys::default();
        for begin in [0, 3_000, 6_000] {
            let members: Vec<_> = (begin..begin + 3_000).map(|key| format!("\"k{key}\":1")).collect();
            let object = format!("{{{}}}", members.join(","));
            let read = keys.read(&object, measurement);
            assert!(keys_of(&read).into_iter().eq(begin..begin + 3_000));
        }
        assert_eq!(keys.keys.len(), KEYS_AT_MOST);
    }
}
