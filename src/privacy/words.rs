//! Values that say nothing about anybody: placeholders, flags, masked text and ordinary words.

use std::ops::Range;
use std::sync::LazyLock;

use hashbrown::HashSet;

/// A set of words in lower case.
pub(super) struct WordSet(LazyLock<HashSet<&'static str>>);

impl WordSet {
    /// The longest word of a set, in bytes.
    const LONGEST: usize = 32;

    /// The set of the words that `make` returns.
    pub(super) const fn new(make: fn() -> HashSet<&'static str>) -> Self {
        Self(LazyLock::new(make))
    }

    /// Whether `word` is in the set, ignoring case.
    pub(super) fn contains(&self, word: &str) -> bool {
        let mut lower = [0; Self::LONGEST];
        lower_case(word, &mut lower).is_some_and(|lower| self.0.contains(lower))
    }
}

/// Copies a word to `buffer` in lower case. Returns `None` if the buffer is too small. Only ASCII letters
/// change.
pub(super) fn lower_case<'b>(word: &str, buffer: &'b mut [u8]) -> Option<&'b str> {
    let copy = buffer.get_mut(..word.len())?;
    copy.copy_from_slice(word.as_bytes());
    copy.make_ascii_lowercase();
    std::str::from_utf8(copy).ok()
}

/// Words of messages, settings and the event reference.
static ORDINARY: WordSet = WordSet::new(|| include_str!("data/ordinary_words.txt").lines().collect());

/// Names of accounts, branches and the like that are the same everywhere.
static USUAL_NAMES: WordSet = WordSet::new(|| include_str!("data/usual_names.txt").lines().collect());

/// Values that mean yes, no, or no value.
const FLAGS: [&str; 20] = [
    "true",
    "false",
    "yes",
    "no",
    "on",
    "off",
    "null",
    "nil",
    "none",
    "undefined",
    "unset",
    "empty",
    "n/a",
    "n.a",
    "n.a.",
    "na",
    "nan",
    "redacted",
    "masked",
    "hidden",
];

/// Words for the state of a secret or for what is wrong with a value, as in `password: required`, in several
/// languages.
static STATES: WordSet = WordSet::new(|| include_str!("data/states.txt").lines().collect());

/// Endings of files and of the units of systemd.
const FILE_ENDINGS: [&str; 50] = [
    "bat", "c", "cer", "cmd", "conf", "cpp", "crt", "cs", "css", "csv", "d", "dll", "exe", "go", "h", "html",
    "ini", "jar", "java", "js", "json", "lnk", "lock", "log", "md", "mjs", "mount", "node", "pem", "ps1",
    "py", "rs", "scope", "service", "sh", "slice", "so", "socket", "sys", "target", "timer", "toml", "ts",
    "tsx", "txt", "vsix", "xml", "yaml", "yml", "zip",
];

/// The kinds of pseudonyms in a redacted export.
pub(super) const PSEUDONYMS: [&str; 14] = [
    "machine",
    "session",
    "workspace",
    "agent",
    "name",
    "host",
    "ip",
    "user",
    "email",
    "token",
    "text",
    "key",
    "id",
    "file",
];

/// Whether `value` is one of a few `words`, ignoring case.
pub(super) fn is_one_of(value: &str, words: &[&str]) -> bool {
    words.iter().any(|word| word.eq_ignore_ascii_case(value))
}

/// Whether a value is empty, a placeholder, masked, or a flag.
pub(super) fn is_blank(value: &str) -> bool {
    let bare = value.trim_matches(|character: char| character.is_whitespace() || "\"'`".contains(character));
    bare.is_empty()
        || is_placeholder(bare)
        || !bare.chars().any(char::is_alphanumeric)
        || is_masked(bare)
        || is_one_of(bare, &FLAGS)
}

/// Whether a value is a label in brackets, or a variable.
fn is_placeholder(value: &str) -> bool {
    let bytes = value.as_bytes();
    let is_bracketed = matches!(
        (bytes[0], bytes[bytes.len() - 1]),
        (b'{', b'}') | (b'<', b'>') | (b'[', b']') | (b'(', b')') | (b'%', b'%')
    );
    is_bracketed && value.len() > 1 && is_label(&value[1..value.len() - 1])
        || value.starts_with("${")
        || value.starts_with("$(")
        || value.starts_with("{{")
        || bytes[0] == b'$'
            && value.len() > 1
            && bytes[1..].iter().all(|byte| byte.is_ascii_uppercase() || *byte == b'_')
}

/// Whether the inside of a pair of brackets is a placeholder's name, and not an object or a list.
fn is_label(inside: &str) -> bool {
    inside.len() <= 40 && !inside.contains([':', '=', '@', '"', '/', '\\', ','])
}

/// Whether the value begins or ends with a mask or an ellipsis, as in `ghp_****`, or consists only of masking
/// characters.
fn is_masked(value: &str) -> bool {
    ["***", "•••", "...", "…", "xxxx", "XXXX"]
        .iter()
        .any(|mask| value.ends_with(mask) || value.starts_with(mask))
        || value.bytes().all(|byte| matches!(byte, b'x' | b'X' | b'-' | b'.' | b'*'))
}

/// The pseudonym of a redacted export whose hyphen is at `hyphen`: a kind, a hyphen and 16 hexadecimal digits
/// in lower case. It must not touch a letter or a digit.
pub(super) fn pseudonym_at(bytes: &[u8], hyphen: usize) -> Option<Range<usize>> {
    let digits = bytes.get(hyphen + 1..hyphen + 17)?;
    if bytes[hyphen] != b'-' || !digits.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
        return None;
    }
    let kind = PSEUDONYMS.iter().find(|kind| bytes[..hyphen].ends_with(kind.as_bytes()))?;
    let start = hyphen - kind.len();
    let touches =
        |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii());
    let stands_alone =
        !touches(start.checked_sub(1).map(|at| &bytes[at])) && !touches(bytes.get(hyphen + 17));
    stands_alone.then_some(start..hyphen + 17)
}

/// Whether a text is a pseudonym and nothing else.
pub(super) fn is_pseudonym(text: &str) -> bool {
    // `ip` is the shortest kind and `workspace` the longest.
    (19..=26).contains(&text.len())
        && memchr::memchr(b'-', text.as_bytes())
            .and_then(|hyphen| pseudonym_at(text.as_bytes(), hyphen))
            .is_some_and(|found| found == (0..text.len()))
}

/// Whether a name ends like the name of a file.
pub(super) fn is_file(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, ending)| is_one_of(ending, &FILE_ENDINGS))
}

/// Whether the value is a number.
pub(super) fn is_number(value: &str) -> bool {
    value.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b','))
        && value.bytes().any(|byte| byte.is_ascii_digit())
}

/// Whether a value is a word for the state of a secret or for what is wrong with a value.
pub(super) fn is_state(value: &str) -> bool {
    STATES.contains(value.trim_end_matches(['.', '!']))
}

/// Whether `value` is an ordinary word of messages, settings or the event reference, or several of them
/// joined with punctuation.
pub(super) fn is_ordinary(value: &str) -> bool {
    /// Longer values are never ordinary.
    const LONGEST: usize = 128;
    if value.len() > LONGEST {
        return false;
    }
    let mut has_word = false;
    let is_ordinary =
        value.split(['_', '-', '.', ' ', '/', ':', ',']).filter(|part| !part.is_empty()).all(|part| {
            let is_word = is_ordinary_word(part);
            has_word |= is_word;
            is_word || part.len() < 3 && part.is_ascii()
        });
    has_word && is_ordinary
}

/// Whether `word` is ordinary, or the plural or another form of an ordinary word.
fn is_ordinary_word(word: &str) -> bool {
    const ENDINGS: [&str; 9] = ["s", "ed", "d", "ing", "es", "ly", "ion", "able", "er"];
    let mut lower = [0; 16];
    let Some(lower) = lower_case(word, &mut lower) else { return false };
    ORDINARY.0.contains(lower)
        || ENDINGS.iter().any(|ending| {
            lower.strip_suffix(ending).is_some_and(|stem| stem.len() > 2 && ORDINARY.0.contains(stem))
        })
}

/// Whether `value` is a name that is the same everywhere, or two of them, as in `origin/main`.
pub(super) fn is_usual_name(value: &str) -> bool {
    USUAL_NAMES.contains(value)
        || value.len() <= WordSet::LONGEST
            && value
                .split_once('/')
                .is_some_and(|(remote, branch)| USUAL_NAMES.contains(remote) && USUAL_NAMES.contains(branch))
}

/// Whether a name identifies nobody: it is blank, a number, an ordinary word or a name that is the same
/// everywhere.
pub(super) fn names_nobody(name: &str) -> bool {
    is_blank(name) || is_number(name) || is_usual_name(name) || is_ordinary(name)
}
