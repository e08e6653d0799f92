//! The marks of the values in `fixtures/privacy/examples.tsv`: commands, messages and routes. Each line has a
//! key, a value, and the marked parts.
//!
//! `UPDATE_GOLDEN=1 cargo test privacy` rewrites the parts.

use std::fs;
use std::path::Path;

use super::found;

#[test]
fn examples_are_marked_as_before() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/privacy/examples.tsv");
    let examples = fs::read_to_string(&path).expect("the examples can be read");
    let mut lines = String::new();
    for example in examples.lines() {
        let mut columns = example.split('\t');
        let key = columns.next().unwrap_or_default();
        let value = columns.next().expect("an example has a key and a value");
        lines += &format!("{key}\t{value}");
        for (rule, part) in found(key, value) {
            lines += &format!("\t{rule:?} {part}");
        }
        lines += "\n";
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, lines).expect("the examples can be written");
        return;
    }
    let changed: Vec<(&str, &str)> =
        examples.lines().zip(lines.lines()).filter(|(old, new)| old != new).collect();
    assert_eq!(changed, [], "each example as it was, and as it is");
}
