//! What tells texts of any length apart without keeping them.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, Hash, Hasher, RandomState};

/// Tells the rows of a table apart: a hash of a key of any length, keyed anew for each export, so that no input can be made
/// to collide.
pub(crate) type Identity = u64;

/// Makes identities. They are keyed anew for each export, so that no input can be made to collide: of a thousand values two
/// are taken for one in one export out of 10^13.
#[derive(Default)]
pub(crate) struct Identities {
    state: RandomState,
}

/// A map by identities, which are hashes themselves or short texts.
pub(crate) type IdentityMap<Value> = HashMap<Identity, Value, BuildHasherDefault<IdentityHasher>>;

/// Spreads an identity over all bits: those of short texts differ in some only.
#[derive(Default)]
pub(crate) struct IdentityHasher(u64);

impl Hasher for IdentityHasher {
    fn write_u64(&mut self, identity: u64) {
        let product = u128::from(identity) * u128::from(SPREAD);
        self.0 = (product >> 64) as u64 ^ product as u64;
    }

    fn write(&mut self, bytes: &[u8]) {
        // Nothing but identities is hashed.
        bytes.iter().for_each(|&byte| self.write_u64(self.0 ^ u64::from(byte)));
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// 2^64 divided by the golden ratio.
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

/// Set where the identity of a value is a hash.
const HASHED: u64 = 1 << 63;
/// Set where the value is a string.
const STRING: u64 = 1 << 62;
/// Values up to this many bytes are their own identity.
const PACKED_BYTES: usize = 7;

impl Identities {
    /// Of a key that has several parts.
    pub(crate) fn of(&self, key: impl Hash) -> Identity {
        self.state.hash_one(key)
    }

    /// Of a string, as it reads.
    pub(crate) fn of_string(&self, text: &str) -> Identity {
        self.of_bytes(text.as_bytes()) | STRING
    }

    /// Of a value that is no string, as it is spelled.
    pub(crate) fn of_other(&self, spelled: &str) -> Identity {
        self.of_bytes(spelled.as_bytes())
    }

    /// Never 0 for a string or for a text that is not empty.
    #[inline]
    fn of_bytes(&self, bytes: &[u8]) -> Identity {
        if bytes.len() > PACKED_BYTES {
            return self.state.hash_one(bytes) & !STRING | HASHED;
        }
        packed(bytes) | (bytes.len() as u64) << 56
    }
}

/// At most [`PACKED_BYTES`] as one number.
#[inline]
fn packed(bytes: &[u8]) -> u64 {
    // Two reads that may overlap take less time than one of each byte.
    if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        let shift = 8 * (bytes.len() - 4);
        return u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << shift;
    }
    bytes.iter().rev().fold(0, |packed, &byte| packed << 8 | u64::from(byte))
}

/// Identities of values, each once; at most [`ValueSet::AT_MOST`] of them.
#[derive(Debug, Default)]
pub(crate) struct ValueSet {
    /// At least an eighth of the places is empty; 0 is an empty one.
    places: Box<[Identity]>,
    length: usize,
}

/// There are more values than a [`ValueSet`] holds.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooMany;

impl ValueSet {
    /// How many distinct values are counted exactly.
    pub(crate) const AT_MOST: usize = 1_000;
    /// Places for that many values.
    const PLACES_AT_MOST: usize = 1_152;

    pub(crate) fn len(&self) -> usize {
        self.length
    }

    /// Bytes that it takes in memory.
    pub(crate) fn weight(&self) -> usize {
        self.places.len() * size_of::<Identity>()
    }

    /// Adds a value, which is not 0. Returns whether it is new.
    #[inline]
    pub(crate) fn insert(&mut self, value: Identity) -> Result<bool, TooMany> {
        let place = self.place_of(value);
        if self.places.get(place) == Some(&value) {
            return Ok(false);
        }
        self.add(value, place)
    }

    #[cold]
    fn add(&mut self, value: Identity, mut place: usize) -> Result<bool, TooMany> {
        if self.length == Self::AT_MOST {
            return Err(TooMany);
        }
        if self.length >= self.places.len() / 8 * 7 {
            self.grow();
            place = self.place_of(value);
        }
        self.places[place] = value;
        self.length += 1;
        Ok(true)
    }

    fn grow(&mut self) {
        let more = (self.places.len() * 2).clamp(8, Self::PLACES_AT_MOST);
        let more = vec![0; more].into_boxed_slice();
        for value in std::mem::replace(&mut self.places, more) {
            if value != 0 {
                let place = self.place_of(value);
                self.places[place] = value;
            }
        }
    }

    /// Where the value is, or where it would be.
    #[inline]
    fn place_of(&self, value: Identity) -> usize {
        if self.places.is_empty() {
            return 0;
        }
        // The share of all hashes that lies below this one's, of all places.
        let spread = u128::from(value.wrapping_mul(SPREAD));
        let mut place = ((spread * self.places.len() as u128) >> 64) as usize;
        while self.places[place] != value && self.places[place] != 0 {
            place = if place + 1 == self.places.len() { 0 } else { place + 1 };
        }
        place
    }

    /// The values, in no order.
    #[cfg(test)]
    fn values(&self) -> impl Iterator<Item = Identity> {
        self.places.iter().copied().filter(|&value| value != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    use proptest::prelude::*;

    #[test]
    fn values_of_different_types_differ() {
        let identities = Identities::default();
        for text in ["5", "true", "1234567", "12345678", "a long text that is hashed"] {
            assert_ne!(identities.of_string(text), identities.of_other(text), "{text}");
        }
        assert_ne!(identities.of_string(""), 0);
        assert_ne!(identities.of_string("a"), identities.of_string("\0a"));
    }

    #[test]
    fn a_thousand_values_are_counted_exactly() {
        let mut set = ValueSet::default();
        for value in (1..=1000).chain(1..=1000) {
            let is_new = set.len() < value as usize;
            assert_eq!(set.insert(value * 7), Ok(is_new));
        }
        assert_eq!(set.len(), 1000);
        assert_eq!(set.insert(5), Err(TooMany));
        assert_eq!(set.insert(7), Ok(false));
    }

    proptest! {
        #[test]
        fn a_set_holds_each_value_once(values in proptest::collection::vec(1u64..500, 0..400)) {
            let mut set = ValueSet::default();
            let mut expected = HashSet::new();
            for value in values {
                prop_assert_eq!(set.insert(value), Ok(expected.insert(value)));
            }
            prop_assert_eq!(set.len(), expected.len());
            prop_assert_eq!(set.values().collect::<HashSet<_>>(), expected);
        }

        #[test]
        fn texts_that_differ_have_identities_that_differ(one in ".{0,12}", other in ".{0,12}") {
            let identities = Identities::default();
            let same = identities.of_string(&one) == identities.of_string(&other);
            prop_assert_eq!(same, one == other);
            prop_assert_ne!(identities.of_string(&one), 0);
        }
    }
}
