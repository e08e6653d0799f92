//! The members of measurements of events of one name: nearly always the same keys in the same order.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;
use std::ops::Range;

use crate::json::{Member, Members, last_ones, members};

/// Keys beyond this are looked up by their text.
const FEW_KEYS: usize = 32;
/// Keys beyond this are not remembered.
const KEYS_AT_MOST: usize = 4_096;
/// Members of an object that are told apart. A line may hold millions.
const MEMBERS_AT_MOST: usize = 4_000;

/// The first members of an object, of those that stand twice the last one, and an iterator over all others.
pub(crate) fn first_members(object: &str) -> (Vec<Member<'_>>, Members<'_>) {
    let mut rest = members(object);
    let first = last_ones(rest.by_ref().take(MEMBERS_AT_MOST).collect());
    (first, rest)
}

/// The keys that an object of events of one name was seen to have, each with what `Meaning` says of it.
#[derive(Debug)]
pub(crate) struct Shape<Meaning> {
    keys: Vec<Key<Meaning>>,
    /// Whether a key is spelled with an escape, so that it may stand in two spellings.
    has_escapes: bool,
    /// Where keys are by their escaped text, once they are more than a few.
    many: HashMap<Box<str>, u32>,
}

#[derive(Debug)]
struct Key<Meaning> {
    /// As it is spelled, with its quotes and the colon behind it.
    head: Box<str>,
    meaning: Meaning,
}

impl<Meaning> Key<Meaning> {
    fn escaped(&self) -> &str {
        &self.head[1..self.head.len() - "\":".len()]
    }
}

impl<Meaning> Default for Shape<Meaning> {
    fn default() -> Self {
        Self { keys: Vec::new(), has_escapes: false, many: HashMap::new() }
    }
}

/// A member of an object: what its key means, and where in the object's text its value stands.
#[derive(Clone, Debug)]
pub(crate) struct FoundMember<Meaning> {
    pub(crate) meaning: Meaning,
    pub(crate) value: Range<usize>,
}

impl<Meaning: Copy + Eq + Hash> Shape<Meaning> {
    /// Puts the first members of an object into `found`. Of members that mean the same, the last one counts and stands where the
    /// first did. `learn` is asked what a key, decoded, means; for one that is remembered, once. Returns where the other members
    /// begin, if there are any.
    #[inline]
    pub(crate) fn find(
        &mut self,
        object: &str,
        found: &mut Vec<FoundMember<Meaning>>,
        mut learn: impl FnMut(&str) -> Meaning,
    ) -> Option<usize> {
        if self.find_plain_numbers(object, found) {
            return None;
        }
        found.clear();
        let mut rest = None;
        let mut expected = 0;
        let mut is_in_order = true;
        for member in members(object) {
            if found.len() == MEMBERS_AT_MOST {
                rest = Some(member.start);
                break;
            }
            let key = member.key.escaped();
            let value = member.end - member.value.len()..member.end;
            let at = match self.place_of(key, expected) {
                Some(at) => at,
                None if self.keys.len() < KEYS_AT_MOST => {
                    self.add(key, learn(&member.key.decoded()), expected)
                }
                None => {
                    is_in_order = false;
                    found.push(FoundMember { meaning: learn(&member.key.decoded()), value });
                    continue;
                }
            };
            is_in_order &= at >= expected;
            expected = at + 1;
            found.push(FoundMember { meaning: self.keys[at].meaning, value });
        }
        // Keys in the order in which they were first seen stand there once.
        if !is_in_order || self.has_escapes {
            keep_last(found);
        }
        rest
    }

    /// Finds the members of an object of numbers and nulls without white space whose keys were seen before, and in this order.
    /// Returns whether it is one; it is known to be JSON.
    #[inline]
    fn find_plain_numbers(&self, object: &str, found: &mut Vec<FoundMember<Meaning>>) -> bool {
        if self.has_escapes || !self.many.is_empty() {
            return false;
        }
        found.clear();
        let bytes = object.as_bytes();
        let mut keys = self.keys.iter();
        let mut at = 1;
        loop {
            let Some(key) = keys.find(|key| begins_with(&bytes[at..], key.head.as_bytes())) else {
                return false;
            };
            let begin = at + key.head.len();
            let is_inside =
                |byte: &&u8| matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+' | b'A'..=b'Z' | b'a'..=b'z');
            let end = begin + bytes[begin..].iter().take_while(is_inside).count();
            found.push(FoundMember { meaning: key.meaning, value: begin..end });
            match bytes.get(end) {
                Some(b',') => at = end + 1,
                Some(b'}') => return end > begin,
                _ => return false,
            }
        }
    }

    #[inline]
    fn place_of(&self, key: &str, expected: usize) -> Option<usize> {
        if self.keys.get(expected).is_some_and(|next| next.escaped() == key) {
            return Some(expected);
        }
        if !self.many.is_empty() {
            return self.many.get(key).map(|&at| at as usize);
        }
        let is_key = |other: &Key<Meaning>| other.escaped() == key;
        let behind = self.keys.iter().skip(expected).position(is_key).map(|at| at + expected);
        behind.or_else(|| self.keys.iter().take(expected).position(is_key))
    }

    /// Adds a key that was found where another one was expected. Returns its place.
    fn add(&mut self, key: &str, meaning: Meaning, expected: usize) -> usize {
        self.has_escapes |= key.contains('\\');
        let key = Key { head: format!("\"{key}\":").into(), meaning };
        if self.keys.len() < FEW_KEYS {
            // Before the one that was expected: objects that lack one of the two then still have theirs in order.
            let place = expected.min(self.keys.len());
            self.keys.insert(place, key);
            return place;
        }
        let place = self.keys.len();
        self.keys.push(key);
        let from = if self.many.is_empty() { 0 } else { place };
        for (at, key) in self.keys.iter().enumerate().skip(from) {
            self.many.insert(key.escaped().into(), u32::try_from(at).unwrap_or(u32::MAX));
        }
        place
    }
}

/// As `starts_with`, in place: what is looked for is so short that a call would take longer.
#[inline]
fn begins_with(bytes: &[u8], head: &[u8]) -> bool {
    let Some(begin) = bytes.get(..head.len()) else { return false };
    let (chunks, rest) = head.as_chunks::<8>();
    let (begin_chunks, begin_rest) = begin.as_chunks::<8>();
    let word = |chunk: &[u8; 8]| u64::from_ne_bytes(*chunk);
    chunks.iter().zip(begin_chunks).all(|(one, other)| word(one) == word(other))
        && rest.iter().zip(begin_rest).all(|(one, other)| one == other)
}

/// Of members that mean the same, keeps the last value where the first one stands.
fn keep_last<Meaning: Copy + Eq + Hash>(found: &mut Vec<FoundMember<Meaning>>) {
    let mut first: HashMap<Meaning, usize> = HashMap::with_capacity(found.len());
    let mut kept = 0;
    for at in 0..found.len() {
        let member = found[at].clone();
        match first.entry(member.meaning) {
            Entry::Occupied(place) => found[*place.get()].value = member.value,
            Entry::Vacant(place) => {
                place.insert(kept);
                found[kept] = member;
                kept += 1;
            }
        }
    }
    found.truncate(kept);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    use crate::json;
    use crate::json::distinct_members;

    /// What the members of `object` are, by a shape that has seen `seen`.
    fn found(seen: &[&str], object: &str) -> Vec<(u8, String)> {
        let mut shape = Shape::default();
        let mut found = Vec::new();
        // The meaning of a key is its first letter.
        let mut find = |object: &str| {
            shape.find(object, &mut found, |key| key.as_bytes()[0]);
            found.iter().map(|member| (member.meaning, object[member.value.clone()].to_owned())).collect()
        };
        for object in seen {
            let _: Vec<_> = find(object);
        }
        find(object)
    }

    fn pairs(expected: &[(u8, &str)]) -> Vec<(u8, String)> {
        expected.iter().map(|&(meaning, value)| (meaning, value.to_owned())).collect()
    }

    #[test]
    fn members_are_found_in_stored_order_whatever_came_before() {
        let object = r#"{"a":1, "b" : "x","c":null}"#;
        let expected = pairs(&[(b'a', "1"), (b'b', "\"x\""), (b'c', "null")]);
        for seen in [&[][..], &[object], &[r#"{"c":1,"a":2}"#], &[r#"{"z":1}"#, r#"{"b":1}"#]] {
            assert_eq!(found(seen, object), expected, "{seen:?}");
        }
        assert_eq!(found(&[object], "{}"), []);
    }

    #[test]
    fn only_the_first_members_of_an_object_are_told_apart() {
        let count = KEYS_AT_MOST + 10;
        let members: Vec<_> = (0..count).map(|number| format!("\"k{number}\":{number}")).collect();
        let object = format!("{{{}}}", members.join(","));
        let (first, rest) = first_members(&object);
        assert_eq!((first.len(), rest.count()), (MEMBERS_AT_MOST, count - MEMBERS_AT_MOST));
        let mut shape = Shape::default();
        let mut found = Vec::new();
        let learn = |key: &str| key[1..].parse::<usize>().expect("a number");
        for begin in [0, 200] {
            let object = format!("{{{}}}", members[begin..].join(","));
            let rest = shape.find(&object, &mut found, learn);
            let expected = begin..begin + MEMBERS_AT_MOST.min(count - begin);
            assert!(found.iter().map(|member| member.meaning).eq(expected));
            let next = members.get(begin + MEMBERS_AT_MOST);
            assert_eq!(
                rest.map(|rest| object[rest..].starts_with(next.expect("more").as_str())),
                next.map(|_| true)
            );
        }
        assert_eq!(shape.keys.len(), KEYS_AT_MOST);
    }

    #[test]
    fn of_members_that_stand_twice_the_last_counts_where_the_first_stands() {
        let expected = pairs(&[(b'a', "3"), (b'b', "2")]);
        assert_eq!(found(&[], r#"{"a":1,"b":2,"a":3}"#), expected);
        assert_eq!(found(&[], r#"{"a":1,"b":2,"\u0061":3}"#), expected);
        assert_eq!(found(&[r#"{"a":1,"\u0061":2}"#], r#"{"a":1,"\u0061":3,"b":2}"#), expected);
    }

    proptest! {
        #[test]
        fn any_object_is_read_as_it_stands(
            objects in proptest::collection::vec(
                proptest::collection::vec((0u32..60, any::<bool>(), 0u32..9), 0..50), 1..6,
            ),
        ) {
            let spelled = |(key, is_escaped, value): &(u32, bool, u32)| {
                let first = if *is_escaped { "\\u006b" } else { "k" };
                format!("\"{first}{key}\":{value}")
            };
            let mut shape = Shape::default();
            let mut found = Vec::new();
            let learn = |key: &str| key[1..].parse::<u32>().expect("a number");
            for members in &objects {
                let object = format!("{{{}}}", members.iter().map(spelled).collect::<Vec<_>>().join(","));
                shape.find(&object, &mut found, learn);
                let mut values: Vec<_> =
                    found.iter().map(|member| (member.meaning, &object[member.value.clone()])).collect();
                let mut expected: Vec<_> =
                    distinct_members(&object, json::members(&object)).map(|member| (learn(&member.key.decoded()), member.value)).collect();
                values.sort_unstable();
                expected.sort_unstable();
                prop_assert_eq!(values, expected);
            }
        }
    }
}
