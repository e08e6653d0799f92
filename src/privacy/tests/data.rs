//! The word lists are sorted and complete.

use super::super::hosts::{AMBIGUOUS_ENDINGS, INTERNAL_ENDINGS, TOP_LEVEL_DOMAINS};
use super::super::keys::{ENDINGS, KeyMeaning};
use super::super::phrases::{AFTER_NAMES, BEFORE_LIKELY_NAMES, BEFORE_NAMES};
use super::super::states::{REPORTS, STATES, VERBS};
use super::super::templates::{PROGRAMS, Piece, Word};
use super::super::tokens::TOKEN_PREFIXES;
use super::super::triggers::LONGEST_WORD;
use super::super::words::is_ordinary;
use super::super::{Rule, SensitiveKind};

fn assert_sorted<'l>(name: &str, lines: impl Iterator<Item = &'l str>) {
    let lines: Vec<&str> = lines.collect();
    for pair in lines.windows(2) {
        assert!(pair[0] < pair[1], "{name}: {} comes before {}", pair[1], pair[0]);
    }
    for line in lines {
        assert!(!line.is_empty() && line == line.trim() && line == line.to_lowercase(), "{name}: {line:?}");
    }
}

#[test]
fn word_lists_are_sorted_and_in_lower_case() {
    assert_sorted("top-level domains", TOP_LEVEL_DOMAINS.lines());
    assert_sorted("ambiguous endings", AMBIGUOUS_ENDINGS.lines());
    assert_sorted("ordinary words", include_str!("../data/ordinary_words.txt").lines());
    assert_sorted("usual names", include_str!("../data/usual_names.txt").lines());
    assert_sorted("nouns of resources", include_str!("../data/resource_nouns.txt").lines());
    assert_sorted("code labels", include_str!("../data/code_labels.txt").lines());
    assert_sorted("common folders", include_str!("../data/common_folders.txt").lines());
    assert_sorted("shared folders", include_str!("../data/shared_folders.txt").lines());
    assert_sorted("nouns of code", include_str!("../data/code_nouns.txt").lines());
    assert_sorted("nouns of code in keys", include_str!("../data/code_nouns_of_keys.txt").lines());
    assert_sorted("nouns of code in messages", include_str!("../data/code_nouns_of_messages.txt").lines());
    assert_sorted("states", include_str!("../data/states.txt").lines());
    assert_sorted("collections", include_str!("../data/collections.txt").lines());
    assert_sorted("words of routes", include_str!("../data/route_words.txt").lines());
    for section in ENDINGS.split("\n\n") {
        let (heading, endings) = section.split_once('\n').expect("a section has a heading");
        assert_sorted(heading, endings.lines());
    }
    let prefixes: Vec<&str> = TOKEN_PREFIXES.lines().collect();
    assert!(prefixes.is_sorted_by(|one, other| one < other), "beginnings of tokens");
}

#[test]
fn templates_of_commands_mark_something() {
    for program in PROGRAMS.iter() {
        for template in &program.templates {
            let marks = template.words.iter().any(|word| match word {
                Word::Literal(text) => {
                    assert!(!text.is_empty(), "{}: two blanks", program.name);
                    false
                }
                Word::Value { pieces, .. } => {
                    pieces.iter().any(|piece| matches!(piece, Piece::Slot(slot) if slot.rule().is_some()))
                }
            });
            assert!(marks, "{}: {template:?}", program.name);
        }
    }
}

#[test]
fn lists_leave_out_what_is_ordinary() {
    let lists =
        [include_str!("../data/route_words.txt"), include_str!("../data/common_folders.txt")].into_iter();
    let ordinary: Vec<&str> = lists.flat_map(str::lines).filter(|word| is_ordinary(word)).collect();
    assert_eq!(ordinary, [""; 0]);
}

#[test]
fn each_phrase_can_be_found() {
    let lists = [BEFORE_NAMES, BEFORE_LIKELY_NAMES, AFTER_NAMES, STATES, REPORTS, VERBS];
    for phrase in lists.into_iter().flatten() {
        assert_eq!(*phrase, phrase.to_lowercase(), "phrases are compared in lower case");
        let words = phrase.split(|character: char| !character.is_ascii_alphabetic());
        assert!(words.clone().any(|word| !word.is_empty()), "{phrase:?} has no word to look up");
        assert!(words.map(str::len).max() <= Some(LONGEST_WORD), "a word of {phrase:?} is too long");
    }
}

#[test]
fn the_list_of_top_level_domains_is_complete() {
    let domains: Vec<&str> = TOP_LEVEL_DOMAINS.lines().collect();
    assert!(domains.len() > 1400, "{} domains", domains.len());
    for domain in ["com", "de", "zw", "museum", "international", "рф", "中国"] {
        assert!(domains.contains(&domain), "{domain}");
    }
    // Countries have two letters.
    let countries = domains.iter().filter(|domain| domain.len() == 2 && domain.is_ascii()).count();
    assert!((240..=260).contains(&countries), "{countries} countries");
}

#[test]
fn each_ambiguous_ending_is_a_top_level_or_internal_domain() {
    let domains: Vec<&str> = TOP_LEVEL_DOMAINS.lines().chain(INTERNAL_ENDINGS).collect();
    let unknown: Vec<&str> = AMBIGUOUS_ENDINGS.lines().filter(|ending| !domains.contains(ending)).collect();
    assert_eq!(unknown, [""; 0]);
}

#[test]
fn only_endings_in_the_section_nothing_have_no_meaning() {
    let mut section = "";
    let mut count = 0;
    for line in ENDINGS.lines().filter(|line| !line.is_empty()) {
        if line.starts_with('[') {
            section = line;
            continue;
        }
        count += 1;
        let is_nothing = section == "[nothing]";
        for key in [
            line.replace(' ', "_"),
            line.to_ascii_uppercase().replace(' ', "."),
            format!("my_{}", line.replace(' ', "-")),
        ] {
            assert_eq!(KeyMeaning::of(&key) == KeyMeaning::Nothing, is_nothing, "{key}");
        }
        assert!(line.ends_with(char::is_alphabetic), "assignments look for a letter: {line}");
    }
    assert!(count > 500, "{count} endings");
}

#[test]
fn keys_are_compared_by_their_last_words() {
    for (key, meaning) in [
        ("username", KeyMeaning::Name),
        ("userName", KeyMeaning::Name),
        ("db.user_name", KeyMeaning::Name),
        ("USER", KeyMeaning::Name),
        ("user_agent", KeyMeaning::Nothing),
        ("agent", KeyMeaning::Name),
        ("db_host", KeyMeaning::Host),
        ("smtp.password", KeyMeaning::Password),
        ("HTTPPassword", KeyMeaning::Password),
        ("token_present", KeyMeaning::Nothing),
        ("tokenizer", KeyMeaning::Nothing),
        ("parent_event_id", KeyMeaning::TelemetryId),
        ("event_id", KeyMeaning::TelemetryId),
        ("workspace_id", KeyMeaning::Identifier),
        ("command_id", KeyMeaning::Nothing),
        ("cli_version", KeyMeaning::Version),
        ("pipeline_name", KeyMeaning::Thing),
        ("queueOwners", KeyMeaning::Name),
        ("rocket.name", KeyMeaning::Name),
        ("default_metric_name", KeyMeaning::Nothing),
        ("name", KeyMeaning::Nothing),
        ("address_2", KeyMeaning::Address),
        ("http.route", KeyMeaning::Route),
        ("", KeyMeaning::Nothing),
        ("-", KeyMeaning::Nothing),
    ] {
        assert_eq!(KeyMeaning::of(key), meaning, "{key}");
    }
    assert_eq!(KeyMeaning::of(&"user_".repeat(20)), KeyMeaning::Nothing, "too long for a key");
}

#[test]
fn rules_and_kinds_have_names() {
    for rule in Rule::ALL {
        assert!(!rule.reason().is_empty() && !rule.reason().ends_with('.'), "{rule:?}");
        assert!(SensitiveKind::ALL.contains(&rule.kind()));
    }
    for kind in SensitiveKind::ALL {
        assert!(!kind.name().is_empty());
        assert!(Rule::ALL.iter().any(|rule| rule.kind() == kind), "{kind:?} has a rule");
    }
}
