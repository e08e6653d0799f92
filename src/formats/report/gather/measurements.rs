//! Measurements of events of one name: nearly all events have the same few keys.

use hashbrown::HashMap;

use super::block_fields::FieldIndex;
use super::members::first_members;
use super::metric_events::MeasurementRole;
use crate::json::scan::Members;
use crate::progress::Progress;
use crate::row::signal::{DURATION_MS, MetricFamily};

/// Keys that are remembered.
const KEYS_AT_MOST: usize = 4_096;
/// What a key takes beside its text, with its share of a map that has just grown.
const KEY_BYTES: usize = 3 * size_of::<(Box<str>, Measurement)>();

/// What a report knows of a measurement by its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Measurement {
    pub(crate) field: FieldIndex,
    pub(crate) is_duration: bool,
    pub(crate) role: MeasurementRole,
}

/// Keys of the measurements of one event name, as they are spelled.
#[derive(Debug, Default)]
pub(crate) struct MeasurementKeys {
    known: HashMap<Box<str>, Measurement>,
    key_bytes: usize,
}

impl MeasurementKeys {
    /// The measurements of an object. `learn` is called with each decoded key that is not remembered.
    pub(crate) fn read<'e>(
        &mut self,
        object: &'e str,
        mut learn: impl FnMut(&str) -> Measurement,
    ) -> Measurements<'e> {
        let (first, rest) = first_members(object);
        let mut read = Vec::with_capacity(first.len());
        for member in first {
            let key = member.key.escaped();
            let measurement = self.known.get(key).copied().unwrap_or_else(|| {
                let measurement = learn(&member.key.decoded());
                if self.known.len() < KEYS_AT_MOST {
                    self.key_bytes += key.len();
                    self.known.insert(key.into(), measurement);
                }
                measurement
            });
            read.push((measurement, member.value));
        }
        Measurements { first: read, rest }
    }

    /// Bytes that the keys take in memory, about.
    pub(crate) fn weight(&self) -> usize {
        self.key_bytes + self.known.len() * KEY_BYTES
    }
}

/// The measurements of one event.
pub(crate) struct Measurements<'e> {
    /// The first ones, each with its value.
    pub(crate) first: Vec<(Measurement, &'e str)>,
    /// All others, which have no fields of their own.
    pub(crate) rest: Members<'e>,
}

impl<'e> Measurements<'e> {
    /// The text of `durationMs`.
    pub(crate) fn duration(&self, progress: &Progress) -> Option<&'e str> {
        let in_rest = progress.heed(self.rest.clone()).filter(|member| member.key.means(DURATION_MS)).last();
        let in_first = || self.first.iter().find(|(measurement, _)| measurement.is_duration);
        in_rest.map(|member| member.value).or_else(|| in_first().map(|&(_, value)| value))
    }

    /// What each measurement is to a metric event of a family, and its value.
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A measurement whose field is the number in its key.
    fn measurement(key: &str) -> Measurement {
        let field = key[1..].parse().expect("a number");
        Measurement { field, is_duration: false, role: MeasurementRole::None }
    }

    fn fields(read: &Measurements<'_>) -> Vec<FieldIndex> {
        read.first.iter().map(|(measurement, _)| measurement.field).collect()
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
            assert_eq!(fields(&read), expected, "{object}");
        }
        assert_eq!(learned, ["k1", "k2", "k3"]);
    }

    #[test]
    fn keys_beyond_those_that_are_remembered_are_learned_again() {
        let mut keys = MeasurementKeys::default();
        for begin in [0, 3_000, 6_000] {
            let members: Vec<_> = (begin..begin + 3_000).map(|key| format!("\"k{key}\":1")).collect();
            let object = format!("{{{}}}", members.join(","));
            let read = keys.read(&object, measurement);
            assert!(fields(&read).into_iter().eq(begin..begin + 3_000));
        }
        assert_eq!(keys.known.len(), KEYS_AT_MOST);
    }
}
