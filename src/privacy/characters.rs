//! Classes of characters, and runs of them.

pub(super) const DIGIT: u32 = 1;
pub(super) const LOWER: u32 = 1 << 1;
pub(super) const UPPER: u32 = 1 << 2;
pub(super) const UNDERSCORE: u32 = 1 << 3;
pub(super) const SLASH: u32 = 1 << 4;
pub(super) const DOT: u32 = 1 << 5;
pub(super) const HYPHEN: u32 = 1 << 6;
pub(super) const SPACE: u32 = 1 << 7;
pub(super) const COLON: u32 = 1 << 8;
pub(super) const AT: u32 = 1 << 9;
pub(super) const BACKSLASH: u32 = 1 << 10;
pub(super) const PERCENT: u32 = 1 << 11;
pub(super) const TILDE: u32 = 1 << 12;
pub(super) const EQUALS: u32 = 1 << 13;
pub(super) const LESS: u32 = 1 << 14;
pub(super) const PIPE: u32 = 1 << 15;
pub(super) const PLUS: u32 = 1 << 16;
pub(super) const AMPERSAND: u32 = 1 << 17;
/// A byte of a character beyond ASCII.
pub(super) const NON_ASCII: u32 = 1 << 18;
/// Every other character.
pub(super) const OTHER: u32 = 1 << 19;

pub(super) const LETTERS: u32 = LOWER | UPPER;

pub(super) const CLASSES: [u32; 256] = {
    let mut classes = [OTHER; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'0'..=b'9' => DIGIT,
            b'a'..=b'z' => LOWER,
            b'A'..=b'Z' => UPPER,
            b'_' => UNDERSCORE,
            b'/' => SLASH,
            b'.' => DOT,
            b'-' => HYPHEN,
            b' ' => SPACE,
            b':' => COLON,
            b'@' => AT,
            b'\\' => BACKSLASH,
            b'%' => PERCENT,
            b'~' => TILDE,
            b'=' => EQUALS,
            b'<' => LESS,
            b'|' => PIPE,
            b'+' => PLUS,
            b'&' => AMPERSAND,
            0x80.. => NON_ASCII,
            _ => OTHER,
        };
        byte += 1;
    }
    classes
};

/// The classes of bytes that occur in a text, and the number of its digits.
pub(super) struct Survey {
    pub(super) seen: u32,
    pub(super) digits: usize,
}

pub(super) fn survey(bytes: &[u8]) -> Survey {
    let mut survey = Survey { seen: 0, digits: 0 };
    let (blocks, rest) = bytes.as_chunks::<8>();
    for block in blocks {
        // Looking up eight bytes at once lets the processor do it in parallel.
        let classes = block.map(|byte| CLASSES[usize::from(byte)]);
        survey.seen |= classes.iter().fold(0, |seen, class| seen | class);
        survey.digits += classes.iter().map(|class| class & DIGIT).sum::<u32>() as usize;
    }
    for &byte in rest {
        let class = CLASSES[usize::from(byte)];
        survey.seen |= class;
        survey.digits += (class & DIGIT) as usize;
    }
    survey
}

/// Letters, digits and the punctuation of host names.
pub(super) fn in_word(byte: u8) -> bool {
    const WORD: u32 = DIGIT | LETTERS | UNDERSCORE | DOT | HYPHEN;
    CLASSES[usize::from(byte)] & WORD != 0 || !byte.is_ascii()
}

/// Letters, digits, and the punctuation in names of accounts, workspaces and machines.
pub(super) fn in_name(byte: u8) -> bool {
    in_word(byte) || byte == b'\''
}

/// Whether a word, a path or a name can begin after this byte.
pub(super) fn opens(byte: u8) -> bool {
    byte <= b' ' || matches!(byte, b'"' | b'\'' | b'`' | b'(' | b'<' | b'[' | b'{' | b'=' | b',' | b';')
}

/// The longest runs of bytes of a class, each with its start. A class must contain all non-ASCII bytes or
/// none.
pub(super) fn runs(text: &str, in_class: impl Fn(u8) -> bool) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let bytes = text.as_bytes();
        let start = at + bytes.get(at..)?.iter().position(|&byte| in_class(byte))?;
        let length = bytes[start..].iter().position(|&byte| !in_class(byte));
        at = length.map_or(bytes.len(), |length| start + length);
        Some((start, &text[start..at]))
    })
}

/// Whether a name can begin at `at`: with a letter, a digit or an underscore, and not with the first
/// character of a placeholder.
pub(super) fn name_begins(text: &str, at: usize) -> bool {
    match text.get(at..).and_then(|rest| rest.chars().next()) {
        Some('_') => true,
        first => first.is_some_and(char::is_alphanumeric),
    }
}

pub(super) fn count_digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}
