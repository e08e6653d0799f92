//! The members of JSON objects.

use std::collections::HashMap;
use std::hash::BuildHasher;
use std::vec;

use hashbrown::hash_table::Entry;
use hashbrown::{DefaultHashBuilder, HashTable};

use super::scanner::{byte, key, space_end, value_end};
use super::strings::JsonString;

/// One member of an object, as slices of the object's text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Member<'a> {
    pub(crate) key: JsonString<'a>,
    /// The text of the value, without white space around it.
    pub(crate) value: &'a str,
    /// The member's first byte in the object's text, which is the key's opening quote.
    pub(crate) start: usize,
    /// The index after the value's last byte.
    pub(crate) end: usize,
}

/// The members of `object`, the text of a valid JSON object, in stored order. Duplicate keys are kept.
pub(crate) fn members(object: &str) -> Members<'_> {
    debug_assert!(object.starts_with('{'));
    Members { object, at: 1 }
}

/// Up to this many keys are compared pair by pair. More are hashed.
const PAIRWISE_AT_MOST: usize = 24;

/// The members of `object` in stored order; of a duplicate key, only the last member.
///
/// `all` are its [`members`]. A caller that is cancelled ends this iterator early, and must then drop the result.
/// Members are collected only if they are few, since a large object may be nearly all of a line.
pub(crate) fn distinct_members<'a>(
    object: &'a str,
    all: impl Iterator<Item = Member<'a>>,
) -> DistinctMembers<'a> {
    let few: Vec<_> = members(object).take(PAIRWISE_AT_MOST + 1).collect();
    if few.len() <= PAIRWISE_AT_MOST {
        return DistinctMembers::Few(last_ones(few).into_iter());
    }
    let hasher = DefaultHashBuilder::default();
    let mut last: HashTable<u32> = HashTable::new();
    let key_at = |start: u32| key(object, start as usize).expect("a member begins there").0.decoded();
    let hash_at = |start: &u32| hasher.hash_one(key_at(*start).as_ref());
    let mut has_duplicates = false;
    for member in all {
        let start = u32::try_from(member.start).expect("a line is shorter than 16 MiB");
        let key = member.key.decoded();
        let hash = hasher.hash_one(key.as_ref());
        match last.entry(hash, |&known| key_at(known) == key, hash_at) {
            Entry::Occupied(mut entry) => {
                has_duplicates = true;
                *entry.get_mut() = start;
            }
            Entry::Vacant(entry) => drop(entry.insert(start)),
        }
    }
    if !has_duplicates {
        return DistinctMembers::All(members(object));
    }
    DistinctMembers::Many { members: members(object), last, hasher }
}

/// The iterator that [`distinct_members`] returns.
pub(crate) enum DistinctMembers<'a> {
    Few(vec::IntoIter<Member<'a>>),
    /// There are no duplicate keys.
    All(Members<'a>),
    Many {
        members: Members<'a>,
        /// The start of each key's last member.
        last: HashTable<u32>,
        hasher: DefaultHashBuilder,
    },
}

impl<'a> Iterator for DistinctMembers<'a> {
    type Item = Member<'a>;

    fn next(&mut self) -> Option<Member<'a>> {
        match self {
            Self::Few(few) => few.next(),
            Self::All(members) => members.next(),
            Self::Many { members, last, hasher } => members.find(|member| {
                let hash = hasher.hash_one(member.key.decoded().as_ref());
                last.find(hash, |&start| start as usize == member.start).is_some()
            }),
        }
    }
}

/// Drops all but the last member of each duplicate key.
pub(crate) fn last_ones(mut all: Vec<Member<'_>>) -> Vec<Member<'_>> {
    let plain = all.iter().all(|member| !member.key.escaped().contains('\\'));
    if plain && all.len() <= PAIRWISE_AT_MOST {
        let twice = |at: usize| all[at + 1..].iter().any(|later| later.key == all[at].key);
        if (0..all.len()).any(twice) {
            all = (0..all.len()).filter(|&at| !twice(at)).map(|at| all[at]).collect();
        }
        return all;
    }
    let last: HashMap<_, _> = all.iter().map(|member| (member.key.decoded(), member.start)).collect();
    all.retain(|member| last.get(&member.key.decoded()) == Some(&member.start));
    all
}

/// The iterator that [`members`] returns.
#[derive(Clone)]
pub(crate) struct Members<'a> {
    object: &'a str,
    at: usize,
}

impl<'a> Members<'a> {
    /// The value of the next member, if its key is spelled `key` and no white space surrounds it. Otherwise the iterator
    /// does not move.
    #[inline]
    pub(crate) fn next_value_of(&mut self, key: &str) -> Option<&'a str> {
        let rest = &self.object[self.at..];
        let rest = rest.strip_prefix(',').unwrap_or(rest).strip_prefix('"')?;
        let value = self.object.len() - rest.strip_prefix(key)?.strip_prefix("\":")?.len();
        let end = value_end(self.object, value).ok()?;
        self.at = end;
        Some(&self.object[value..end])
    }
}

impl<'a> Iterator for Members<'a> {
    type Item = Member<'a>;

    #[inline]
    fn next(&mut self) -> Option<Member<'a>> {
        let mut start = space_end(self.object, self.at);
        if byte(self.object, start) == Some(b',') {
            start = space_end(self.object, start + 1);
        }
        // The closing brace is no key, so it ends the iteration.
        let (key, value) = key(self.object, start).ok()?;
        let end = value_end(self.object, value).expect("the object is valid JSON");
        self.at = end;
        Some(Member { key, value: &self.object[value..end], start, end })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_slices_of_the_text_in_stored_order() {
        let text = r#"{ "a" : 1.50 , "b":"x\"}","c":{"d":[1,{"e":"]"}]}, "a":null}"#;
        let found: Vec<_> = members(text).map(|member| (member.key.escaped(), member.value)).collect();
        assert_eq!(
            found,
            [("a", "1.50"), ("b", r#""x\"}""#), ("c", r#"{"d":[1,{"e":"]"}]}"#), ("a", "null")]
        );
    }

    #[test]
    fn the_next_value_of_a_key_is_found_only_if_that_key_is_next_without_white_space() {
        let mut rest = members(r#"{"a":1,"ab":2, "c":3,"d" :4,"e":5}"#);
        assert_eq!(rest.next_value_of("b"), None);
        assert_eq!(rest.next_value_of("a"), Some("1"));
        assert_eq!(rest.next_value_of("a"), None);
        assert_eq!(rest.next_value_of("ab"), Some("2"));
        for other in ["c", "d"] {
            assert_eq!(rest.next_value_of(other), None);
            assert_eq!(rest.next().map(|member| member.key.escaped()), Some(other));
        }
        assert_eq!(rest.next_value_of("e"), Some("5"));
        assert_eq!(rest.next_value_of("e"), None);
        assert!(rest.next().is_none());
    }

    #[test]
    fn the_last_member_of_a_duplicate_key_counts_however_many_there_are() {
        for count in [1_usize, 11, 12, 13, 50, 5_000] {
            let spelled = |number: usize| {
                if number.is_multiple_of(3) { format!("\\u006b{number}") } else { format!("k{number}") }
            };
            let once: Vec<_> = (0..count).map(|number| format!("\"{}\":1", spelled(number))).collect();
            let again: Vec<_> = (0..count).map(|number| format!("\"k{number}\":2")).collect();
            for (object, value) in [
                (format!("{{{}}}", once.join(",")), "1"),
                (format!("{{{},{}}}", once.join(","), again.join(",")), "2"),
            ] {
                let found: Vec<_> = distinct_members(&object, members(&object))
                    .map(|member| (member.key.decoded().into_owned(), member.value))
                    .collect();
                let expected: Vec<_> = (0..count).map(|number| (format!("k{number}"), value)).collect();
                assert_eq!(found, expected, "{count}");
            }
        }
    }

    #[test]
    fn an_empty_object_has_no_members() {
        assert_eq!(members("{}").count(), 0);
        assert_eq!(members("{ \t}").count(), 0);
    }
}
