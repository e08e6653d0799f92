//! Numbers for what repeats in a block, such as its instruments and streams.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

use crate::sizes::index;

/// Gives equal sequences of bytes the same number, counted from 0.
#[derive(Debug, Default)]
pub(super) struct Interner {
    hasher: DefaultHashBuilder,
    numbers: HashTable<u32>,
    /// All sequences, one behind the other.
    bytes: Vec<u8>,
    /// Where each of them ends.
    ends: Vec<u32>,
}

impl Interner {
    /// The number of the sequence that `pieces` make together, and whether it is new. Pieces need a separator, unless
    /// they cannot be mistaken for others.
    pub(super) fn number(&mut self, pieces: &[&[u8]]) -> (u32, bool) {
        let begin = self.bytes.len();
        pieces.iter().for_each(|piece| self.bytes.extend_from_slice(piece));
        let (bytes, ends) = (&self.bytes, &self.ends);
        let sequence = |number: u32| {
            let begin = number.checked_sub(1).map_or(0, |before| ends[before as usize]);
            &bytes[begin as usize..ends[number as usize] as usize]
        };
        let new = &bytes[begin..];
        let hash = self.hasher.hash_one(new);
        if let Some(&known) = self.numbers.find(hash, |&known| sequence(known) == new) {
            self.bytes.truncate(begin);
            return (known, false);
        }
        let number = index(ends.len());
        self.numbers.insert_unique(hash, number, |&known| self.hasher.hash_one(sequence(known)));
        self.ends.push(index(self.bytes.len()));
        (number, true)
    }

    /// Bytes that it takes in memory.
    pub(super) fn weight(&self) -> usize {
        self.bytes.capacity() + self.ends.capacity() * size_of::<u32>() + self.numbers.allocation_size()
    }
}
