//! Companies, by their legal form.

use std::ops::Range;

use super::characters::in_name;
use super::kinds::Rule;
use super::marks::Search;
use super::triggers::Trigger;
use super::words::{is_number, is_one_of, is_ordinary};

/// Legal forms of companies, as they are written.
pub(super) const LEGAL_FORMS: [&str; 45] = [
    "A/S",
    "AB",
    "AG",
    "ApS",
    "B.V",
    "BV",
    "Corp",
    "Corporation",
    "GbR",
    "GmbH",
    "Holding",
    "Holdings",
    "Inc",
    "K.K",
    "KG",
    "Kft",
    "LLC",
    "LLP",
    "Limited",
    "Ltd",
    "Ltda",
    "N.V",
    "OHG",
    "Oy",
    "Oyj",
    "PLC",
    "Pty",
    "Pvt",
    "S.A",
    "S.A.S",
    "S.L",
    "S.p.A",
    "S.r.l",
    "SA",
    "SARL",
    "SE",
    "SRL",
    "SpA",
    "UG",
    "d.o.o",
    "e.V",
    "eG",
    "mbH",
    "plc",
    "s.r.o",
];

/// Makers of software that every user of the editor has. Their names say nothing about anybody.
const MAKERS: [&str; 8] =
    ["Apple", "Coder Technologies", "Docker", "GitHub", "Google", "JetBrains", "Microsoft", "Node.js"];

pub(super) const TRIGGERS: &[Trigger] = &[Trigger {
    words: &[
        "a",
        "ab",
        "ag",
        "aps",
        "b",
        "bv",
        "corp",
        "corporation",
        "d",
        "e",
        "eg",
        "gbr",
        "gmbh",
        "holding",
        "holdings",
        "inc",
        "k",
        "kft",
        "kg",
        "limited",
        "llc",
        "llp",
        "ltd",
        "ltda",
        "mbh",
        "n",
        "ohg",
        "oy",
        "oyj",
        "plc",
        "pty",
        "pvt",
        "s",
        "sa",
        "sarl",
        "se",
        "spa",
        "srl",
        "ug",
    ],
    check: check_company,
}];

/// Marks the words before the legal form of a company.
fn check_company(search: &mut Search<'_, '_>, word: Range<usize>) {
    /// The longest form, with its dots.
    const LONGEST: usize = 12;
    let end =
        search.run_end(word.start, LONGEST, |byte| byte.is_ascii_alphabetic() || matches!(byte, b'.' | b'/'));
    let form = search.text[word.start..end].trim_end_matches('.');
    if !LEGAL_FORMS.contains(&form) || search.before(word.start) != b' ' || word.start == 0 {
        return;
    }
    // `Velmora, Inc.`
    let comma = usize::from(search.ends_with(word.start - 1, ","));
    let name_end = word.start - 1 - comma;
    let name_start = company_start(search, name_end);
    if is_one_of(&search.text[name_start..name_end], &MAKERS) {
        return;
    }
    search.mark(Rule::CompanyName, name_start..name_end);
}

/// The start of the name that ends at `end`: the word before it, and capitalised words before that.
fn company_start(search: &Search<'_, '_>, end: usize) -> usize {
    const WORDS_AT_MOST: usize = 4;
    const LONGEST_WORD: usize = 60;
    let mut start = end;
    for count in 0..WORDS_AT_MOST {
        let word_end = if count == 0 { end } else { start - 1 };
        let from = search.run_start(word_end, LONGEST_WORD, |byte| in_name(byte) || byte == b'&');
        let word = &search.text[from..word_end];
        let counts = if count == 0 {
            word.len() > 1 && !is_number(word) && (word.starts_with(char::is_uppercase) || !is_ordinary(word))
        } else {
            word.starts_with(char::is_uppercase)
        };
        if word.is_empty() || !counts {
            break;
        }
        start = from;
        if search.before(start) != b' ' || start == 0 {
            break;
        }
    }
    start
}
