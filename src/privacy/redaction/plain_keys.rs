//! Keys of measurements that stay as they are. Nearly all events have the same few keys, in the same order.

use hashbrown::HashMap;

/// Keys that stay, each with the key that followed it the last time.
#[derive(Debug)]
pub(super) struct PlainKeys {
    /// The first one is for the beginning of an object.
    keys: Vec<PlainKey>,
    indices: HashMap<Box<str>, usize>,
}

#[derive(Debug, Default)]
struct PlainKey {
    /// Still escaped, with the quote that ends it.
    quoted: Box<str>,
    /// Index of the key that followed.
    next: usize,
}

/// A place among the keys of an object: the index of the last plain key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct AfterKey(usize);

impl PlainKeys {
    /// How many keys are remembered.
    const AT_MOST: usize = 512;
    /// The longest key that is remembered, in bytes.
    const LONGEST: usize = 64;

    pub(super) fn new() -> Self {
        Self { keys: vec![PlainKey::default()], indices: HashMap::new() }
    }

    /// The length of the key that `json` begins with, if it is the one that followed `after` the last time.
    #[inline]
    pub(super) fn expected(&self, after: AfterKey, json: &str) -> Option<(usize, AfterKey)> {
        let next = self.keys[after.0].next;
        let quoted = &*self.keys[next].quoted;
        (next > 0 && json.as_bytes().starts_with(quoted.as_bytes()))
            .then(|| (quoted.len() - 1, AfterKey(next)))
    }

    /// The place after `key`, if that is known to stay. `after` is the place before it.
    pub(super) fn find(&mut self, after: AfterKey, key: &str) -> Option<AfterKey> {
        let index = *self.indices.get(key)?;
        self.keys[after.0].next = index;
        Some(AfterKey(index))
    }

    /// Remembers that a key stays. Returns the place after it.
    pub(super) fn remember(&mut self, after: AfterKey, key: &str) -> AfterKey {
        if self.keys.len() > Self::AT_MOST || key.len() > Self::LONGEST {
            return after;
        }
        let index = self.keys.len();
        self.keys.push(PlainKey { quoted: format!("{key}\"").into(), next: 0 });
        self.indices.insert(key.into(), index);
        self.keys[after.0].next = index;
        AfterKey(index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_expected_after_the_key_that_it_followed_the_last_time() {
        let mut keys = PlainKeys::new();
        let begin = AfterKey::default();
        assert_eq!(keys.expected(begin, "\""), None);
        let a = keys.remember(begin, "a");
        let ab = keys.remember(a, "ab");
        assert_eq!(keys.expected(begin, "a\":1"), Some((1, a)));
        assert_eq!(keys.expected(begin, "ab\":1"), None);
        assert_eq!(keys.expected(a, "ab\":1"), Some((2, ab)));
        assert_eq!(keys.expected(ab, "a\":1"), None);
        assert_eq!(keys.find(begin, "ab"), Some(ab));
        assert_eq!(keys.find(begin, "c"), None);
        assert_eq!(keys.expected(begin, "ab\":1"), Some((2, ab)));
    }

    #[test]
    fn hostile_keys_are_not_remembered() {
        let mut keys = PlainKeys::new();
        let begin = AfterKey::default();
        assert_eq!(keys.remember(begin, &"k".repeat(65)), begin);
        for number in 0..2_000 {
            keys.remember(begin, &number.to_string());
        }
        assert_eq!((keys.find(begin, "511").is_some(), keys.find(begin, "512")), (true, None));
    }
}
