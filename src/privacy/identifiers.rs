//! Identifiers of users, machines and devices that are known by their form.

use memchr::{memchr_iter, memmem};

use super::characters::runs;
use super::kinds::Rule;
use super::marks::Search;
use super::words::is_ordinary;

/// Marks UUIDs, except those of zeros or of one other digit.
pub(super) fn check_uuids(search: &mut Search<'_, '_>) {
    let bytes = search.bytes;
    let mut checked = 0;
    for at in memchr_iter(b'-', bytes) {
        let Some(start) = at.checked_sub(8).filter(|&start| start >= checked) else { continue };
        let Some(uuid) = bytes.get(start..start + 36) else { continue };
        let is_uuid = uuid.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        });
        if is_uuid && uuid.iter().any(|byte| *byte != b'-' && *byte != uuid[0]) {
            search.mark(Rule::Uuid, start..start + 36);
            checked = start + 36;
        }
    }
}

/// Marks MAC addresses: six pairs of hexadecimal digits with colons or hyphens, or three groups of four with dots. Those
/// of zeros and of broadcast are the same everywhere. Fingerprints of SSH keys have 16 pairs.
pub(super) fn check_hardware_addresses(search: &mut Search<'_, '_>) {
    let text = search.text;
    for separator in [b':', b'-', b'.'] {
        if memchr::memchr(separator, search.bytes).is_none() {
            continue;
        }
        for (at, run) in runs(text, |byte| byte.is_ascii_hexdigit() || byte == separator) {
            if search.at(at + run.len()).is_ascii_alphanumeric() || run.len() > 100 {
                continue;
            }
            // The run may begin with the end of a word, as in `MD5:`.
            let cut = if search.before(at).is_ascii_alphanumeric() { run.find(char::from(separator)).map_or(run.len(), |cut| cut + 1) } else { 0 };
            let (at, run) = (at + cut, &run[cut..]);
            let address = run.trim_matches(char::from(separator));
            let start = at + run.find(address).unwrap_or(0);
            let (groups, length) = if separator == b'.' { (3, 4) } else { (6, 2) };
            let count = address.split(char::from(separator)).count();
            let is_address = count == groups || separator == b':' && matches!(count, 8 | 16 | 20 | 32);
            let fits = is_address
                && address.split(char::from(separator)).all(|group| group.len() == length)
                && address.bytes().any(|byte| byte != b'0' && byte != separator)
                && address.bytes().any(|byte| !matches!(byte, b'f' | b'F') && byte != separator)
                && (separator != b'.' || address.bytes().any(|byte| byte.is_ascii_alphabetic()));
            if fits {
                let rule = if count == groups { Rule::MacAddress } else { Rule::Fingerprint };
                search.mark(rule, start..start + address.len());
            }
        }
    }
}

/// Marks fingerprints of keys: `SHA256:` and 43 characters of base64, or digits with colons.
pub(super) fn check_fingerprints(search: &mut Search<'_, '_>) {
    for at in memmem::find_iter(search.bytes, b"SHA256:") {
        let start = at + 7;
        let length = search.rest(start)
            .iter()
            .take(64)
            .take_while(|&&byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='))
            .count();
        if length >= 20 {
            search.mark(Rule::Fingerprint, start..start + length);
        }
    }
}

/// Beginnings of identifiers that services give to accounts and machines.
const RESOURCE_PREFIXES: [&str; 16] =
    ["i-", "vol-", "vpc-", "subnet-", "eni-", "sg-", "ami-", "eipalloc-", "cus_", "sub_", "acct_", "usr_", "user_", "org_", "org-", "proj_"];

/// Marks serial numbers by the word before them, and numbers of accounts in names of resources.
pub(super) fn check_numbers(search: &mut Search<'_, '_>) {
    const WORDS: [&str; 9] = ["IMEI", "IMSI", "ICCID", "Serial", "serial", "SN", "S/N", "serial number", "service tag"];
    for word in WORDS {
        for at in memmem::find_iter(search.bytes, word.as_bytes()) {
            if search.before(at).is_ascii_alphanumeric() {
                continue;
            }
            let mut start = at + word.len();
            if !matches!(search.at(start), b' ' | b':' | b'#') || start == search.bytes.len() {
                continue;
            }
            for word in ["", "number", "no.", "no", "num", "id", "ID", "is"] {
                if search.rest(start).starts_with(word.as_bytes()) {
                    start += word.len();
                    while matches!(search.bytes.get(start), Some(b' ' | b':' | b'#' | b'=' | b'"' | b'\'')) {
                        start += 1;
                    }
                }
            }
            let length = search.rest(start).iter().take(40).take_while(|byte| byte.is_ascii_alphanumeric()).count();
            let number = &search.text[start..start + length];
            if length >= 6 && number.bytes().any(|byte| byte.is_ascii_digit()) && !is_ordinary(number) {
                search.mark(Rule::SerialNumber, start..start + length);
            }
        }
    }
    for at in memmem::find_iter(search.bytes, b"arn:") {
        // arn:partition:service:region:account:resource
        let mut start = at;
        let rest = &search.bytes[at..(at + 120).min(search.bytes.len())];
        let Some(colon) = memchr_iter(b':', rest).nth(3) else { continue };
        start += colon + 1;
        let length = search.rest(start).iter().take(20).take_while(|byte| byte.is_ascii_digit()).count();
        if length == 12 {
            search.mark(Rule::AccountNumber, start..start + length);
        }
    }
    // `auth0|64fa…`, `google-oauth2|1234…`.
    for at in memchr_iter(b'|', search.bytes) {
        let start = at + 1;
        let length = search.rest(start).iter().take(64).take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let digits = search.bytes[start..start + length].iter().filter(|byte| byte.is_ascii_digit()).count();
        if length >= 16 && digits >= 4 && search.before(at).is_ascii_alphanumeric() {
            search.mark(Rule::AccountNumber, start..start + length);
        }
    }
    for prefix in RESOURCE_PREFIXES {
        for at in memmem::find_iter(search.bytes, prefix.as_bytes()) {
            let start = at + prefix.len();
            let length = search.rest(start).iter().take(64).take_while(|byte| byte.is_ascii_alphanumeric()).count();
            let id = &search.bytes[start..start + length];
            let is_hexadecimal = id.iter().all(u8::is_ascii_hexdigit);
            let digits = id.iter().filter(|byte| byte.is_ascii_digit()).count();
            let fits = if prefix.ends_with('-') { is_hexadecimal && matches!(length, 8 | 17) } else { length >= 10 };
            if fits && digits >= 2 && !super::characters::in_word(search.before(at)) {
                search.mark(Rule::AccountNumber, at..start + length);
            }
        }
    }
    for noun in ["account ", "customer ", "employee ", "badge ", "member ", "contract ", "subscriber ", "Account ", "Customer ", "Employee "] {
        for at in memmem::find_iter(search.bytes, noun.as_bytes()) {
            let start = at + noun.len();
            let length = search.rest(start).iter().take(20).take_while(|byte| byte.is_ascii_digit()).count();
            if length >= 5 && !search.before(at).is_ascii_alphanumeric() && !search.at(start + length).is_ascii_alphanumeric() {
                search.mark(Rule::AccountNumber, start..start + length);
            }
        }
    }
    // Security identifiers of Windows' users and domains.
    for at in memmem::find_iter(search.bytes, b"S-1-5-21-") {
        let length = search.rest(at).iter().take(80).skip(1).take_while(|&&byte| byte.is_ascii_digit() || byte == b'-').count() + 1;
        search.mark(Rule::AccountNumber, at..at + length);
    }
}
