//! The members of an object that are told apart. A line can have millions (specification, Member limit).

use crate::json::{JsonString, Member, Members, last_ones, members};

/// How many members of an object a report tells apart.
pub(crate) const MEMBERS_AT_MOST: usize = 4_000;

/// The first members of an object, and an iterator over all others. If a key appears twice among the first members, only the
/// last one is kept.
pub(crate) fn first_members(object: &str) -> (Vec<Member<'_>>, Members<'_>) {
    let mut rest = members(object);
    let first = last_ones(rest.by_ref().take(MEMBERS_AT_MOST).collect());
    (first, rest)
}

/// The value of the member with this key, if it is a string.
pub(crate) fn string_of<'a>(members: &[Member<'a>], key: &str) -> Option<JsonString<'a>> {
    JsonString::of_value(members.iter().find(|member| member.key.means(key))?.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_beyond_the_limit_are_left_to_the_iterator() {
        let count = MEMBERS_AT_MOST + 10;
        let members: Vec<_> = (0..count).map(|number| format!("\"k{number}\":{number}")).collect();
        let object = format!("{{{}}}", members.join(","));
        let (first, rest) = first_members(&object);
        assert_eq!((first.len(), rest.count()), (MEMBERS_AT_MOST, count - MEMBERS_AT_MOST));
    }

    #[test]
    fn the_last_member_of_a_repeated_key_is_kept() {
        for object in [r#"{"a":1,"b":2,"a":3}"#, r#"{"a":1,"b":2,"\u0061":3}"#] {
            let (first, _) = first_members(object);
            let values: Vec<_> = first.iter().map(|member| (member.key.decoded(), member.value)).collect();
            assert_eq!(values, [("b".into(), "2"), ("a".into(), "3")], "{object}");
        }
    }
}
