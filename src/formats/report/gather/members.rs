//! The members of an object that are looked at one by one. A line may hold millions.

use crate::json::{JsonString, Member, Members, last_ones, members};

/// Members of an object that a report looks at one by one.
pub(crate) const MEMBERS_AT_MOST: usize = 4_000;

/// The first members of an object and an iterator over all others. Of first members with the same key, the last one counts.
pub(crate) fn first_members(object: &str) -> (Vec<Member<'_>>, Members<'_>) {
    let mut rest = members(object);
    let first = last_ones(rest.by_ref().take(MEMBERS_AT_MOST).collect());
    (first, rest)
}

/// The string that a member is, if it is one.
pub(crate) fn string_of<'a>(members: &[Member<'a>], key: &str) -> Option<JsonString<'a>> {
    JsonString::of_value(members.iter().find(|member| member.key.means(key))?.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_members_are_looked_at_one_by_one() {
        let count = MEMBERS_AT_MOST + 10;
        let members: Vec<_> = (0..count).map(|number| format!("\"k{number}\":{number}")).collect();
        let object = format!("{{{}}}", members.join(","));
        let (first, rest) = first_members(&object);
        assert_eq!((first.len(), rest.count()), (MEMBERS_AT_MOST, count - MEMBERS_AT_MOST));
    }

    #[test]
    fn of_members_with_the_same_key_the_last_one_counts() {
        for object in [r#"{"a":1,"b":2,"a":3}"#, r#"{"a":1,"b":2,"\u0061":3}"#] {
            let (first, _) = first_members(object);
            let values: Vec<_> = first.iter().map(|member| (member.key.decoded(), member.value)).collect();
            assert_eq!(values, [("b".into(), "2"), ("a".into(), "3")], "{object}");
        }
    }
}
