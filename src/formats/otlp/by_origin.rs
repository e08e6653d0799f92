//! Numbers for what comes again and again in a block, such as its instruments and streams.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

/// Numbers from 0 on, each found by the bytes that it was given for.
#[derive(Debug, Default)]
pub(super) struct ByOrigin {
    hasher: DefaultHashBuilder,
    numbers: HashTable<u32>,
    /// The bytes of all, and where those of each end.
    origins: Vec<u8>,
    ends: Vec<u32>,
}

impl ByOrigin {
    /// The number for `parts`, one behind the other, and whether it is new. What tells the parts apart is part of them.
    pub(super) fn number(&mut self, parts: &[&[u8]]) -> (u32, bool) {
        let begin = self.origins.len();
        parts.iter().for_each(|part| self.origins.extend_from_slice(part));
        let (origins, ends) = (&self.origins, &self.ends);
        let origin = |number: u32| {
            let begin = number.checked_sub(1).map_or(0, |before| ends[before as usize]);
            &origins[begin as usize..ends[number as usize] as usize]
        };
        let new = &origins[begin..];
        let hash = self.hasher.hash_one(new);
        if let Some(&known) = self.numbers.find(hash, |&known| origin(known) == new) {
            self.origins.truncate(begin);
            return (known, false);
        }
        let number = count(ends.len());
        self.numbers.insert_unique(hash, number, |&known| self.hasher.hash_one(origin(known)));
        self.ends.push(count(self.origins.len()));
        (number, true)
    }

    pub(super) fn weight(&self) -> usize {
        self.origins.capacity() + self.ends.capacity() * size_of::<u32>() + self.numbers.allocation_size()
    }
}

/// A block's text stays far below four thousand million bytes: a line has sixteen million at most.
fn count(length: usize) -> u32 {
    u32::try_from(length).expect("what a block is made of takes less than 4 GiB")
}
