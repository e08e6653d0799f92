//! The tables of the specification are those of the rules.
//!
//! `UPDATE_SPECIFICATION=1 cargo test specification` rewrites the tables.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use super::super::hosts::{AMBIGUOUS_ENDINGS, INTERNAL_ENDINGS};
use super::super::keys::ENDINGS;
use super::super::repositories::CODE_HOSTS;
use super::super::templates::TEMPLATES;
use super::super::tokens::TOKEN_PREFIXES;
use super::super::{Rule, SensitiveKind};

fn code_list<'w>(words: impl IntoIterator<Item = &'w str>) -> String {
    let words: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    words.join(", ")
}

/// A row for each rule, by kind.
fn rules() -> String {
    let mut table = "| kind | what is marked |\n|---|---|\n".to_owned();
    for kind in SensitiveKind::ALL {
        for rule in Rule::ALL.iter().filter(|rule| rule.kind() == kind) {
            writeln!(table, "| {} | {} |", kind.name(), rule.reason()).expect("a string takes text");
        }
    }
    table
}

/// A row for each meaning of keys.
fn keys() -> String {
    let mut table = "| the value is | last words of the key |\n|---|---|\n".to_owned();
    for section in ENDINGS.split("\n\n") {
        let (heading, endings) = section.split_once('\n').expect("a section has a heading");
        let meaning = match heading {
            "[nothing]" => "not marked",
            "[telemetry id]" => "not marked if it has only hexadecimal digits and hyphens",
            "[version]" => "a version, not an address",
            "[secret?]" => "a secret, if it mixes letters and digits",
            "[place?]" => "a place, if it is written as a name",
            "[identifier]" => "an identifier",
            "[identifier?]" => "an identifier, if it has three digits",
            other => &format!("a {}", other.trim_matches(['[', ']'])),
        };
        writeln!(table, "| {meaning} | {} |", code_list(endings.lines())).expect("a string takes text");
    }
    table
}

fn beginnings() -> String {
    let prefixes = TOKEN_PREFIXES.lines().filter_map(|line| line.split('\t').next());
    code_list(prefixes.chain(["AKIA", "ASIA"])) + "\n"
}

fn endings() -> String {
    format!(
        "| endings | a name counts |\n|---|---|\n| {} | unless all its words are those of code or settings |\n| {} | only with a port, where words say that a host is there, \
         or with two other labels of which the first is no word of code |\n",
        code_list(INTERNAL_ENDINGS),
        code_list(AMBIGUOUS_ENDINGS.lines())
    )
}

fn code_hosts() -> String {
    code_list(CODE_HOSTS) + "\n"
}

/// The text of the specification with the tables of the rules.
fn with_tables(specification: &str) -> String {
    let tables = [
        ("rules", rules()),
        ("keys", keys()),
        ("beginnings of tokens", beginnings()),
        ("endings", endings()),
        ("code hosts", code_hosts()),
        ("commands", format!("```text\n{TEMPLATES}```\n")),
    ];
    let mut text = specification.to_owned();
    for (name, table) in tables {
        let begin = format!("<!-- begin {name} -->\n");
        let start =
            text.find(&begin).unwrap_or_else(|| panic!("the specification has {begin}")) + begin.len();
        let length = text[start..].find("<!-- end -->").expect("each table has an end");
        text.replace_range(start..start + length, &format!("\n{table}\n"));
    }
    text
}

#[test]
fn the_tables_of_the_specification_are_those_of_the_rules() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/specification.md");
    let specification = fs::read_to_string(&path).expect("the specification can be read");
    let expected = with_tables(&specification);
    if std::env::var_os("UPDATE_SPECIFICATION").is_some() {
        fs::write(&path, expected).expect("the specification can be written");
    } else {
        assert!(specification == expected, "run UPDATE_SPECIFICATION=1 cargo test specification");
    }
}
