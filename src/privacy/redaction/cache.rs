//! What became of the values that were just seen. Telemetry repeats itself, and a search for marks is slow.

use std::hash::{BuildHasher, Hasher};
use std::ops::Range;

use hashbrown::DefaultHashBuilder;

use super::counts::ReplacedCounts;
use super::fields::Place;
use super::plain_keys::PlainKeys;
use super::pseudonyms::PseudonymKind;
use crate::sizes::index;

/// What was seen: the key of a member, its value, or all of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen<'a> {
    /// The key of a member, still escaped.
    Key(Place, &'a str),
    /// The key and the value of a member, both still escaped.
    Value(Place, &'a str, &'a str),
    /// An object, as it is spelled.
    Object(Place, &'a str),
}

/// What a text is replaced by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Replacement {
    /// The new texts and which parts of the text they replace. They are escaped and without quotes.
    pub(super) edits: Vec<(Range<usize>, Box<str>)>,
    pub(super) counts: ReplacedCounts,
    /// What values say as a whole, if other values of the row may repeat it.
    pub(super) names: Vec<(PseudonymKind, Box<str>)>,
}

/// Tables of fixed size: what is new takes the place of what had its slot before.
pub(super) struct RecentTexts {
    keys_and_values: Box<[Option<Slot>]>,
    objects: Box<[Option<Slot>]>,
    pub(super) plain_keys: PlainKeys,
    hasher: DefaultHashBuilder,
}

struct Slot {
    hash: u64,
    place: Place,
    /// The length of the key. `None` for keys and objects, which have no other text.
    key_length: Option<u32>,
    /// The key and the value, or the only text.
    text: Box<str>,
    /// `None` if nothing is replaced.
    replacement: Option<Box<Replacement>>,
}

impl<'a> Seen<'a> {
    fn parts(self) -> (Place, &'a str, Option<&'a str>) {
        match self {
            Self::Key(place, text) | Self::Object(place, text) => (place, text, None),
            Self::Value(place, key, value) => (place, key, Some(value)),
        }
    }
}

impl Replacement {
    /// About how many bytes it takes in memory.
    fn weight(&self) -> usize {
        let edits = self.edits.iter().map(|(edit, text)| size_of_val(edit) + size_of_val(text) + text.len());
        let names = self.names.iter().map(|name| size_of_val(name) + name.1.len());
        size_of::<Self>() + edits.sum::<usize>() + names.sum::<usize>()
    }
}

impl RecentTexts {
    /// The number of slots of each table.
    const SLOTS: usize = 256;
    /// The longest text that is remembered.
    pub(super) const LONGEST: usize = 256;
    /// The most memory of a replacement that is remembered.
    const LONGEST_REPLACEMENT: usize = 1024;

    pub(super) fn new() -> Self {
        let slots = || std::iter::repeat_with(|| None).take(Self::SLOTS).collect();
        Self {
            keys_and_values: slots(),
            objects: slots(),
            plain_keys: PlainKeys::new(),
            hasher: DefaultHashBuilder::default(),
        }
    }

    /// What became of a text; `None` if that is not known.
    #[inline]
    pub(super) fn find(&self, seen: Seen<'_>) -> Option<Option<&Replacement>> {
        let hash = self.hash(seen);
        let slot = self.table(seen)[Self::index(hash)].as_ref()?;
        slot.is_of(hash, seen).then_some(slot.replacement.as_deref())
    }

    /// Remembers what became of a text.
    pub(super) fn remember(&mut self, seen: Seen<'_>, replacement: Option<&Replacement>) {
        let (place, text, value) = seen.parts();
        if text.len() + value.map_or(0, str::len) > Self::LONGEST
            || replacement.is_some_and(|replacement| replacement.weight() > Self::LONGEST_REPLACEMENT)
        {
            return;
        }
        let hash = self.hash(seen);
        let slot = Slot {
            hash,
            place,
            key_length: value.map(|_| index(text.len())),
            text: [text, value.unwrap_or_default()].concat().into(),
            replacement: replacement.cloned().map(Box::new),
        };
        let table =
            if matches!(seen, Seen::Object(..)) { &mut self.objects } else { &mut self.keys_and_values };
        table[Self::index(hash)] = Some(slot);
    }

    #[inline]
    fn hash(&self, seen: Seen<'_>) -> u64 {
        let (_, text, value) = seen.parts();
        let mut hasher = self.hasher.build_hasher();
        hasher.write(text.as_bytes());
        if let Some(value) = value {
            hasher.write(value.as_bytes());
        }
        hasher.finish()
    }

    fn table(&self, seen: Seen<'_>) -> &[Option<Slot>] {
        if matches!(seen, Seen::Object(..)) { &self.objects } else { &self.keys_and_values }
    }

    fn index(hash: u64) -> usize {
        (hash % Self::SLOTS as u64) as usize
    }

    /// About how many bytes the tables take.
    #[cfg(test)]
    pub(super) fn weight(&self) -> usize {
        let of_slot = |slot: &Slot| {
            slot.text.len() + slot.replacement.as_ref().map_or(0, |replacement| replacement.weight())
        };
        let of_table =
            |table: &[Option<Slot>]| size_of_val(table) + table.iter().flatten().map(of_slot).sum::<usize>();
        of_table(&self.keys_and_values) + of_table(&self.objects)
    }
}

impl Slot {
    #[inline]
    fn is_of(&self, hash: u64, seen: Seen<'_>) -> bool {
        let (place, text, value) = seen.parts();
        if self.hash != hash || self.place != place {
            return false;
        }
        match (self.key_length, value) {
            (None, None) => *self.text == *text,
            (Some(length), Some(value)) => self.text.split_at(length as usize) == (text, value),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: Place = Place::Properties;

    fn replacement(text: &str) -> Replacement {
        Replacement { edits: vec![(0..1, text.into())], ..Replacement::default() }
    }

    #[test]
    fn a_text_is_found_by_what_it_is() {
        let mut recent = RecentTexts::new();
        let replacement = replacement("x");
        recent.remember(Seen::Value(PLACE, "ab", "c"), Some(&replacement));
        recent.remember(Seen::Key(PLACE, "ab"), None);
        recent.remember(Seen::Object(PLACE, "{}"), None);
        assert_eq!(recent.find(Seen::Value(PLACE, "ab", "c")), Some(Some(&replacement)));
        assert_eq!(recent.find(Seen::Key(PLACE, "ab")), Some(None));
        assert_eq!(recent.find(Seen::Object(PLACE, "{}")), Some(None));
        for other in [
            Seen::Value(PLACE, "a", "bc"),
            Seen::Value(PLACE, "ab", ""),
            Seen::Value(Place::Error, "ab", "c"),
            Seen::Key(PLACE, "abc"),
            Seen::Key(PLACE, "{}"),
            Seen::Object(Place::Error, "{}"),
        ] {
            assert_eq!(recent.find(other), None, "{other:?}");
        }
    }

    #[test]
    fn ten_million_values_take_no_more_memory_than_the_slots() {
        let mut recent = RecentTexts::new();
        let padding = "x".repeat(RecentTexts::LONGEST - 20);
        let too_long = "y".repeat(RecentTexts::LONGEST);
        let replacement = replacement(&too_long);
        let mut text = String::new();
        // A debug build takes too long for all of them. It fills each slot thousands of times, too.
        let values = if cfg!(debug_assertions) { 1_000_000 } else { 10_000_000 };
        for number in 0..values {
            text.clear();
            text.push_str(itoa::Buffer::new().format(number));
            if number % 100 == 0 {
                text.push_str(&padding);
            }
            let replacement = (number % 1000 == 0).then_some(&replacement);
            let seen =
                if number % 2 == 0 { Seen::Value(PLACE, "key", &text) } else { Seen::Object(PLACE, &text) };
            recent.remember(seen, replacement);
        }
        recent.remember(Seen::Value(PLACE, "key", &too_long), None);
        assert_eq!(recent.find(Seen::Value(PLACE, "key", &too_long)), None);
        let of_slot = size_of::<Slot>() + RecentTexts::LONGEST + RecentTexts::LONGEST_REPLACEMENT;
        let at_most = 2 * RecentTexts::SLOTS * (of_slot + 8);
        assert!(recent.weight() <= at_most, "{} > {at_most}", recent.weight());
        assert!(at_most < 1024 * 1024);
    }
}
