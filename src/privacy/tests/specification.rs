//! The tables in the specification match the rules.
//!
//! `UPDATE_SPECIFICATION=1 cargo test specification` rewrites the tables.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use super::super::hosts::{AMBIGUOUS_ENDINGS, INTERNAL_ENDINGS, NETWORK_ENDINGS};
use super::super::keys::ENDINGS;
use super::super::repositories::CODE_HOSTS;
use super::super::templates::TEMPLATES;
use super::super::tokens::TOKEN_PREFIXES;
use super::super::{Rule, SensitiveKind};

/// The longest line of the specification.
const LONGEST_LINE: usize = 120;

/// A list item: `heading`, and below it the words as code, in indented lines that fit the specification.
fn item<'w>(heading: &str, words: impl IntoIterator<Item = &'w str>) -> String {
    let mut item = format!("- {heading}:\n ");
    let mut length = 1;
    let mut words = words.into_iter().peekable();
    while let Some(word) = words.next() {
        let mark = if words.peek().is_some() { "," } else { "" };
        let word = format!(" `{word}`{mark}");
        if length + word.chars().count() > LONGEST_LINE {
            item += "\n ";
            length = 1;
        }
        length += word.chars().count();
        item += &word;
    }
    item + "\n"
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

/// An item for each meaning of keys.
fn keys() -> String {
    let mut list = String::new();
    for section in ENDINGS.split("\n\n") {
        let (heading, endings) = section.split_once('\n').expect("a section has a heading");
        let meaning = match heading {
            "[nothing]" => "not marked",
            "[telemetry id]" => "not marked if it has only hexadecimal digits and hyphens",
            "[version]" => "a version, so four numbers are not an IP address",
            "[secret?]" => "a secret, if it has at least 8 characters and mixes letters and digits",
            "[place?]" => "a place, if it is capitalised like a city",
            "[thing]" => "a name, even if it is ordinary words joined with hyphens",
            "[folder]" => "a name, unless it is a path or a common folder",
            "[address]" => "a place, if it has the form of a postal address",
            "[route]" => "a route, whose segments are checked",
            "[route?]" => "a route, if it belongs to an API",
            "[identifier]" => "an identifier",
            "[identifier?]" => "an identifier, if it has at least 8 characters, 3 of them digits",
            other => &format!("a {}", other.trim_matches(['[', ']'])),
        };
        list += &item(meaning, endings.lines());
    }
    list
}

fn beginnings() -> String {
    let prefixes = TOKEN_PREFIXES.lines().filter_map(|line| line.split('\t').next());
    item("A token begins with", prefixes.chain(["AKIA", "ASIA"]))
}

fn endings() -> String {
    let others = INTERNAL_ENDINGS.into_iter().filter(|ending| !NETWORK_ENDINGS.contains(ending));
    item("Always marked", NETWORK_ENDINGS)
        + &item("Not marked if all labels are words of code or settings", others)
        + &item(
            "Only with a port, after words that announce a host, or with two other labels, the first no word of code",
            AMBIGUOUS_ENDINGS.lines(),
        )
}

fn code_hosts() -> String {
    item("Hosts of repositories", CODE_HOSTS)
}

/// The text of the specification, with its tables made from the rules.
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
fn the_tables_in_the_specification_match_the_rules() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/specification.md");
    let specification = fs::read_to_string(&path).expect("the specification can be read");
    let expected = with_tables(&specification);
    if std::env::var_os("UPDATE_SPECIFICATION").is_some() {
        fs::write(&path, expected).expect("the specification can be written");
    } else {
        assert!(specification == expected, "run UPDATE_SPECIFICATION=1 cargo test specification");
    }
}
