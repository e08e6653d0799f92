//! Identifiers of users, machines and devices that are known by their form or by the word before them.

use std::ops::Range;

use memchr::memchr_iter;

use super::characters::{count_digits, in_word, runs};
use super::kinds::Rule;
use super::marks::Search;
use super::triggers::Trigger;
use super::words::is_ordinary;

pub(super) const TRIGGERS: &[Trigger] = &[
    Trigger {
        words: &["imei", "imsi", "iccid", "meid", "udid", "serial", "sn", "n", "tag"],
        check: check_serial_number,
    },
    Trigger { words: &["arn"], check: check_resource_name },
    Trigger { words: &["projects"], check: check_project_number },
    Trigger { words: &["sha"], check: check_fingerprint },
    Trigger { words: &["s"], check: check_security_identifier },
    Trigger {
        words: &["account", "customer", "employee", "badge", "member", "contract", "subscriber"],
        check: check_account_number,
    },
];

/// The length of a UUID.
pub(super) const UUID: usize = 36;

/// Marks UUIDs, except those that repeat one digit.
pub(super) fn check_uuids(search: &mut Search<'_, '_>) {
    let mut checked = 0;
    for hyphen in memchr_iter(b'-', search.bytes) {
        let Some(start) = hyphen.checked_sub(8).filter(|&start| start >= checked) else { continue };
        let Some(uuid) = search.bytes.get(start..start + UUID) else { return };
        let is_uuid = uuid.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        });
        if is_uuid && uuid.iter().any(|byte| *byte != b'-' && *byte != uuid[0]) {
            search.mark(Rule::Uuid, start..start + UUID);
            checked = start + UUID;
        }
    }
}

/// Marks MAC addresses: six pairs of hexadecimal digits with colons or hyphens, or three groups of four with
/// dots. Addresses of all zeros and broadcast addresses are not marked. If there are more pairs with colons,
/// they are a fingerprint.
pub(super) fn check_hardware_addresses(search: &mut Search<'_, '_>) {
    for separator in [b':', b'-', b'.'] {
        let fewest = if separator == b'.' { 2 } else { 5 };
        if memchr_iter(separator, search.bytes).nth(fewest - 1).is_none() {
            continue;
        }
        for (at, run) in runs(search.text, |byte| byte.is_ascii_hexdigit() || byte == separator) {
            if (14..=100).contains(&run.len()) && !search.at(at + run.len()).is_ascii_alphanumeric() {
                check_hardware_address(search, at, run, separator);
            }
        }
    }
}

fn check_hardware_address(search: &mut Search<'_, '_>, at: usize, run: &str, separator: u8) {
    let separator = char::from(separator);
    // The run may begin with the end of a word, as in `MD5:`.
    let is_cut = search.before(at).is_ascii_alphanumeric();
    let cut = if is_cut { run.find(separator).map_or(run.len(), |cut| cut + 1) } else { 0 };
    let address = run[cut..].trim_start_matches(separator);
    let start = at + run.len() - address.len();
    let address = address.trim_end_matches(separator);
    let (groups, length) = if separator == '.' { (3, 4) } else { (6, 2) };
    let count = address.split(separator).count();
    let has_other = |digits: [char; 2]| {
        address.contains(|character| character != separator && !digits.contains(&character))
    };
    let fits = (count == groups || separator == ':' && matches!(count, 8 | 16 | 20 | 32))
        && address.split(separator).all(|group| group.len() == length)
        && has_other(['0', '0'])
        && has_other(['f', 'F'])
        && (separator != '.' || address.contains(|character: char| character.is_ascii_alphabetic()));
    if fits {
        let rule = if count == groups { Rule::MacAddress } else { Rule::Fingerprint };
        search.mark(rule, start..start + address.len());
    }
}

/// Marks fingerprints of keys: `SHA256:` and 43 characters of base64.
fn check_fingerprint(search: &mut Search<'_, '_>, word: Range<usize>) {
    const SHORTEST: usize = 20;
    if !search.rest(word.start).starts_with(b"SHA256:") {
        return;
    }
    let start = word.end + 4;
    let end = search.run_end(start, usize::MAX, |byte| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
    });
    if end - start >= SHORTEST {
        search.mark(Rule::Fingerprint, start..end);
    }
}

/// Marks the number after `serial number`, `S/N`, `IMEI` and the like.
fn check_serial_number(search: &mut Search<'_, '_>, word: Range<usize>) {
    /// The longest number.
    const LONGEST: usize = 40;
    const SHORTEST: usize = 5;
    let is_whole = match &search.bytes[word.clone()] {
        b"n" | b"N" => search.ends_with(word.end, "s/n"),
        b"tag" | b"Tag" | b"TAG" => {
            search.ends_with(word.end, "service tag") || search.ends_with(word.end, "asset tag")
        }
        b"sn" | b"Sn" => false,
        _ => !search.before(word.start).is_ascii_alphanumeric(),
    };
    if !is_whole
        || word.end == search.bytes.len()
        || !matches!(search.at(word.end), b' ' | b':' | b'#' | b'=')
    {
        return;
    }
    let start = number_start(search, word.end);
    let end = search.run_end(start, LONGEST, |byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let number = search.text[start..end].trim_end_matches('-');
    let end = start + number.len();
    if number.len() >= SHORTEST && count_digits(number) > 0 && !is_ordinary(number) {
        search.mark(Rule::SerialNumber, start..end);
    }
}

/// Where the number begins, after blanks and words such as `number` and `is`.
fn number_start(search: &Search<'_, '_>, at: usize) -> usize {
    /// The most blanks and other separators between two words.
    const BLANKS: usize = 8;
    let skip = |at: usize| {
        search.run_end(at, BLANKS, |byte| matches!(byte, b' ' | b':' | b'#' | b'=' | b'"' | b'\''))
    };
    let mut at = skip(at);
    for word in ["number", "no.", "no", "num", "id", "is"] {
        if search.continues_with(at, word) && !search.at(at + word.len()).is_ascii_alphanumeric() {
            at = skip(at + word.len());
        }
    }
    at
}

/// Marks the account of `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`, and the bucket of
/// `arn:aws:s3:::BUCKET`.
fn check_resource_name(search: &mut Search<'_, '_>, word: Range<usize>) {
    /// The longest text before the account.
    const LONGEST: usize = 120;
    const DIGITS: usize = 12;
    if search.at(word.end) != b':' {
        return;
    }
    let end = search.run_end(word.end, LONGEST, |byte| byte > b' ');
    let Some(colon) = memchr_iter(b':', &search.bytes[word.end..end]).nth(3) else { return };
    let start = word.end + colon + 1;
    if search.at(start) == b':' {
        let end = search.run_end(start + 1, LONGEST, in_word);
        search.mark(Rule::AccountNumber, start + 1..end);
    } else if search.run_end(start, DIGITS + 1, |byte| byte.is_ascii_digit()) == start + DIGITS {
        search.mark(Rule::AccountNumber, start..start + DIGITS);
    }
}

/// Marks the number of a Google Cloud project, as in `projects/396025781714/locations/global`.
fn check_project_number(search: &mut Search<'_, '_>, word: Range<usize>) {
    const SHORTEST: usize = 9;
    const LONGEST: usize = 16;
    if search.at(word.end) != b'/' {
        return;
    }
    let start = word.end + 1;
    let end = search.run_end(start, LONGEST, |byte| byte.is_ascii_digit());
    if end - start >= SHORTEST && !search.at(end).is_ascii_alphanumeric() {
        search.mark(Rule::AccountNumber, start..end);
    }
}

/// Marks the user of an identity provider: `auth0|64fa…`, `google-oauth2|1234…`.
pub(super) fn check_provider_accounts(search: &mut Search<'_, '_>) {
    for pipe in memchr_iter(b'|', search.bytes) {
        let start = pipe + 1;
        let end = search.run_end(start, usize::MAX, |byte| byte.is_ascii_alphanumeric());
        let id = &search.text[start..end];
        if id.len() >= 16 && count_digits(id) >= 4 && search.before(pipe).is_ascii_alphanumeric() {
            search.mark(Rule::AccountNumber, start..end);
        }
    }
}

/// Marks the number after a word for an account.
fn check_account_number(search: &mut Search<'_, '_>, word: Range<usize>) {
    const LONGEST: usize = 20;
    const SHORTEST: usize = 5;
    if search.at(word.end) != b' '
        || word.end == search.bytes.len()
        || search.before(word.start).is_ascii_alphanumeric()
    {
        return;
    }
    let start = word.end + 1;
    let end = search.run_end(start, LONGEST, |byte| byte.is_ascii_digit());
    if end - start >= SHORTEST && !search.at(end).is_ascii_alphanumeric() {
        search.mark(Rule::AccountNumber, start..end);
    }
}

/// Marks the security identifier of a user or a domain of Windows.
fn check_security_identifier(search: &mut Search<'_, '_>, word: Range<usize>) {
    /// The beginnings of the identifiers of a Windows domain and of Entra ID. Other identifiers are the same
    /// on every machine.
    const BEGINNINGS: [&[u8]; 2] = [b"S-1-5-21-", b"S-1-12-1-"];
    if BEGINNINGS.iter().any(|beginning| search.rest(word.start).starts_with(beginning)) {
        let end = search.run_end(word.end, usize::MAX, |byte| byte.is_ascii_digit() || byte == b'-');
        search.mark(Rule::AccountNumber, word.start..end);
    }
}

/// Beginnings of identifiers that Amazon gives to machines and networks. 8 or 17 hexadecimal digits follow.
pub(super) const AMAZON_PREFIXES: [&str; 12] =
    ["i", "vol", "vpc", "subnet", "eni", "sg", "ami", "eipalloc", "snap", "rtb", "igw", "nat"];

/// Beginnings of identifiers that services give to customers, accounts and organizations. Ten letters and
/// digits or more follow.
pub(super) const SERVICE_PREFIXES: [&str; 12] =
    ["cus", "sub", "acct", "usr", "user", "org", "proj", "team", "ws", "mem", "cust", "tenant"];

/// Whether a word is an identifier that a service gave to a machine or a customer: `i-0abc123def4567890`,
/// `cus_Nf3k29SkLq02Md`.
pub(super) fn is_resource_id(word: &str) -> bool {
    let Some(separator) = word.bytes().take(9).position(|byte| matches!(byte, b'-' | b'_')) else {
        return false;
    };
    let (prefix, id) = (&word[..separator], &word[separator + 1..]);
    if count_digits(id) < 2 {
        return false;
    }
    let is_amazon = word.as_bytes()[separator] == b'-'
        && matches!(id.len(), 8 | 17)
        && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        && AMAZON_PREFIXES.contains(&prefix);
    let mixes = || id.bytes().any(|byte| byte.is_ascii_uppercase()) || count_digits(id) >= 4;
    is_amazon
        || id.len() >= 10
            && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && SERVICE_PREFIXES.contains(&prefix)
            && mixes()
}
