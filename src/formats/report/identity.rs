//! Hashes that tell texts of any length apart, so that the texts need not be kept.

use std::hash::{BuildHasher, Hash};

use hashbrown::{DefaultHashBuilder, HashMap};

use super::field_marks::ValueFacts;

/// A hash of a key or a value of any length.
pub(crate) type Identity = u64;

/// A map whose keys are identities.
pub(crate) type IdentityMap<Value> = HashMap<Identity, Value>;

/// Makes identities. The hash has a new random key for each export, so nobody can prepare input whose identities collide. By
/// chance, two of a thousand values collide in about one export out of 10^13.
#[derive(Default)]
pub(crate) struct Identities {
    hasher: DefaultHashBuilder,
}

impl Identities {
    /// The identity of a key, which may have several parts.
    #[inline]
    pub(crate) fn of(&self, key: impl Hash) -> Identity {
        self.hasher.hash_one(key)
    }

    /// The identity of a string value, given as decoded text.
    #[inline]
    pub(crate) fn of_string(&self, text: &str) -> Identity {
        self.of((true, text))
    }

    /// The identity of any other value, given as JSON text.
    #[inline]
    pub(crate) fn of_other(&self, json: &str) -> Identity {
        self.of((false, json))
    }
}

/// Identities of at most [`ValueSet::AT_MOST`] values, each with what was found in it.
#[derive(Debug, Default)]
pub(crate) struct ValueSet(IdentityMap<ValueFacts>);

/// The value is new, and the [`ValueSet`] is full.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooMany;

impl ValueSet {
    /// How many distinct values are counted exactly.
    pub(crate) const AT_MOST: usize = 1_000;

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Bytes that the set takes in memory.
    pub(crate) fn weight(&self) -> usize {
        self.0.allocation_size()
    }

    /// What was found in a value, if it was added before.
    #[inline]
    pub(crate) fn get(&self, value: Identity) -> Option<ValueFacts> {
        self.0.get(&value).copied()
    }

    /// Adds a new value with what was found in it.
    pub(crate) fn insert(&mut self, value: Identity, facts: ValueFacts) -> Result<(), TooMany> {
        if self.len() == Self::AT_MOST {
            return Err(TooMany);
        }
        self.0.insert(value, facts);
        Ok(())
    }

    /// The values, in no particular order.
    pub(crate) fn values(&self) -> impl Iterator<Item = Identity> {
        self.0.keys().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::privacy::redaction::Replaced;
    use crate::privacy::{SensitiveKind, SensitiveKinds};
    use proptest::prelude::*;

    #[test]
    fn values_of_different_types_differ() {
        let identities = Identities::default();
        for text in ["5", "true", "1234567", "12345678", "a long text that is hashed"] {
            assert_ne!(identities.of_string(text), identities.of_other(text), "{text}");
        }
        assert_ne!(identities.of_string("a"), identities.of_string("\0a"));
    }

    #[test]
    fn a_thousand_values_are_counted_exactly_and_keep_what_was_found_in_them() {
        let mut set = ValueSet::default();
        let facts = |value| ValueFacts {
            kinds: SensitiveKinds::from_iter((value % 2 == 0).then_some(SensitiveKind::Email)),
            replaced: if value % 3 == 0 { Replaced::Whole } else { Replaced::Nothing },
        };
        for value in 1..=1000 {
            assert_eq!(set.get(value * 7), None);
            assert_eq!(set.insert(value * 7, facts(value)), Ok(()));
        }
        assert_eq!((set.len(), set.insert(5, facts(0))), (1000, Err(TooMany)));
        assert!((1..=1000).all(|value| set.get(value * 7) == Some(facts(value))));
        assert_eq!(set.get(5), None);
    }

    proptest! {
        #[test]
        fn different_texts_have_different_identities(one in ".{0,12}", other in ".{0,12}") {
            let identities = Identities::default();
            let same = identities.of_string(&one) == identities.of_string(&other);
            prop_assert_eq!(same, one == other);
        }
    }
}
