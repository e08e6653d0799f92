//! What became of the values that were just seen. Telemetry repeats itself, and a search for marks is slow.

use std::hash::BuildHasher;

use hashbrown::DefaultHashBuilder;

use super::counts::ReplacedCounts;
use super::fields::Place;
use super::pseudonyms::PseudonymKind;

/// A part of an object: the key of a member, or its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Seen<'a> {
    pub(super) place: Place,
    /// Still escaped.
    pub(super) key: &'a str,
    /// The value as it is spelled. `None` for the key itself.
    pub(super) value: Option<&'a str>,
}

/// What a key or a value is replaced by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Replacement {
    /// The new text, escaped and without quotes.
    pub(super) text: Box<str>,
    pub(super) counts: ReplacedCounts,
    /// What the value says as a whole, if other values of the row may repeat it.
    pub(super) name: Option<(PseudonymKind, Box<str>)>,
}

/// A table of fixed size: what is new takes the place of what had its slot before.
pub(super) struct RecentValues {
    slots: Box<[Option<Slot>]>,
    hasher: DefaultHashBuilder,
}

struct Slot {
    hash: u64,
    place: Place,
    key_length: u32,
    is_key: bool,
    /// The key and the value.
    text: Box<str>,
    replacement: Option<Box<Replacement>>,
}

impl RecentValues {
    const SLOTS: usize = 512;
    /// The longest key and value together, and the longest replacement.
    const LONGEST: usize = 256;

    pub(super) fn new() -> Self {
        let slots = std::iter::repeat_with(|| None).take(Self::SLOTS).collect();
        Self { slots, hasher: DefaultHashBuilder::default() }
    }

    /// What became of a key or value; `None` if that is not known.
    pub(super) fn find(&self, seen: Seen<'_>) -> Option<Option<&Replacement>> {
        let hash = self.hasher.hash_one(seen);
        let slot = self.slots[Self::index(hash)].as_ref()?;
        slot.is_of(hash, seen).then_some(slot.replacement.as_deref())
    }

    /// Remembers what became of a key or value.
    pub(super) fn remember(&mut self, seen: Seen<'_>, replacement: Option<&Replacement>) {
        let value = seen.value.unwrap_or_default();
        let replaced = replacement.map_or(0, |replacement| replacement.text.len());
        if seen.key.len() + value.len() > Self::LONGEST || replaced > Self::LONGEST {
            return;
        }
        let hash = self.hasher.hash_one(seen);
        let key_length = u32::try_from(seen.key.len()).expect("it was compared with a limit");
        self.slots[Self::index(hash)] = Some(Slot {
            hash,
            place: seen.place,
            key_length,
            is_key: seen.value.is_none(),
            text: [seen.key, value].concat().into(),
            replacement: replacement.cloned().map(Box::new),
        });
    }

    fn index(hash: u64) -> usize {
        (hash % Self::SLOTS as u64) as usize
    }

    /// About how many bytes the table takes.
    #[cfg(test)]
    pub(super) fn weight(&self) -> usize {
        let of_slot = |slot: &Slot| {
            let replacement = slot.replacement.as_ref();
            slot.text.len()
                + replacement.map_or(0, |replacement| size_of::<Replacement>() + replacement.text.len())
        };
        size_of_val(&*self.slots) + self.slots.iter().flatten().map(of_slot).sum::<usize>()
    }
}

impl Slot {
    fn is_of(&self, hash: u64, seen: Seen<'_>) -> bool {
        let (key, value) = self.text.split_at(self.key_length as usize);
        self.hash == hash
            && self.place == seen.place
            && self.is_key == seen.value.is_none()
            && key == seen.key
            && value == seen.value.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value<'a>(key: &'a str, value: &'a str) -> Seen<'a> {
        Seen { place: Place::Properties, key, value: Some(value) }
    }

    #[test]
    fn what_was_remembered_is_found_by_place_key_and_value() {
        let mut recent = RecentValues::new();
        let replacement = Replacement {
            text: "x".into(),
            counts: ReplacedCounts::default(),
            name: Some((PseudonymKind::Name, "n".into())),
        };
        recent.remember(value("ab", "c"), Some(&replacement));
        recent.remember(Seen { value: None, ..value("ab", "") }, None);
        assert_eq!(recent.find(value("ab", "c")), Some(Some(&replacement)));
        assert_eq!(recent.find(Seen { value: None, ..value("ab", "") }), Some(None));
        for other in [value("a", "bc"), value("ab", ""), Seen { place: Place::Error, ..value("ab", "c") }] {
            assert_eq!(recent.find(other), None, "{other:?}");
        }
    }

    #[test]
    fn ten_million_values_take_no_more_memory_than_the_slots() {
        let mut recent = RecentValues::new();
        let padding = "x".repeat(RecentValues::LONGEST - 20);
        let long = "y".repeat(RecentValues::LONGEST);
        let text: Box<str> = long.as_str().into();
        let replacement = Replacement { text, counts: ReplacedCounts::default(), name: None };
        let mut text = String::new();
        for number in 0..10_000_000 {
            text.clear();
            text.push_str(itoa::Buffer::new().format(number));
            if number % 100 == 0 {
                text.push_str(&padding);
            }
            let replacement = (number % 1000 == 0).then_some(&replacement);
            recent.remember(value("key", &text), replacement);
        }
        recent.remember(value("key", &long), None);
        assert_eq!(recent.find(value("key", &long)), None);
        let at_most = RecentValues::SLOTS * (2 * RecentValues::LONGEST + size_of::<Replacement>() + 100);
        assert!(recent.weight() <= at_most, "{} > {at_most}", recent.weight());
        assert!(at_most < 512 * 1024);
    }
}
