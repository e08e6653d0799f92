//! Redaction of the examples of `fixtures/privacy`: commands, messages and routes with their marked parts.

use super::super::{Place, RedactionLevel};
use super::{LEVELS, has_marks, redacted, redactor, replacer};

const EXAMPLES: &str = include_str!("../../../../fixtures/privacy/examples.tsv");

struct Example<'t> {
    key: &'t str,
    value: &'t str,
    /// The parts that are marked.
    parts: Vec<&'t str>,
}

fn examples() -> impl Iterator<Item = Example<'static>> {
    EXAMPLES.lines().map(|line| {
        let mut columns = line.split('\t');
        let key = columns.next().unwrap_or_default();
        let value = columns.next().expect("an example has a key and a value");
        let parts = columns.map(|mark| mark.split_once(' ').expect("a rule and a part").1).collect();
        // Most examples have no key. As a property, a value needs one.
        Example { key: if key.is_empty() { "p" } else { key }, value, parts }
    })
}

/// What remains of a text without its pseudonyms.
fn without_pseudonyms(text: &str) -> String {
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let mut rest = String::new();
    let mut end = 0;
    for (at, _) in text.match_indices('-') {
        let digits = text.as_bytes().get(at + 1..at + 17);
        if at >= end && digits.is_some_and(|digits| digits.iter().all(|&byte| is_digit(byte))) {
            rest += text[end..at].trim_end_matches(|character: char| character.is_ascii_lowercase());
            rest.push('#');
            end = at + 17;
        }
    }
    rest + &text[end..]
}

#[test]
fn marked_parts_of_the_examples_are_gone_and_unmarked_examples_are_unchanged() {
    let redactor = redactor(RedactionLevel::Marked);
    let mut replacer = replacer(&redactor);
    let (mut marked, mut unmarked) = (0, 0);
    for Example { key, value, parts } in examples() {
        let (_, new) = redacted(&mut replacer, Place::Properties, key, value);
        if parts.is_empty() {
            unmarked += 1;
            assert_eq!(new, value);
            continue;
        }
        marked += 1;
        let rest = without_pseudonyms(&new);
        for part in parts {
            // Other text can be the same, as the ending of a host.
            let before = value.matches(part).count();
            assert!(rest.matches(part).count() < before, "{part:?} of {value:?} is in {new:?}");
        }
    }
    assert!(marked > 400 && unmarked > 200, "{marked} marked, {unmarked} unmarked");
}

#[test]
fn no_mark_of_the_examples_survives() {
    for level in LEVELS {
        let redactor = redactor(level);
        let mut replacer = replacer(&redactor);
        for Example { key, value, .. } in examples() {
            let (key, new) = redacted(&mut replacer, Place::Properties, key, value);
            assert!(!has_marks(&key, &new), "{level:?}: {value:?} became {new:?}");
        }
    }
}
