//! Secrets that programs make.

use memchr::{memchr_iter, memmem};

use super::characters::{CLASSES, DIGIT, LOWER, UPPER};
use super::kinds::Rule;
use super::marks::Search;
use super::words::is_blank;

/// The shortest token, except where its place says what it is.
pub(super) const SHORTEST_TOKEN: usize = 20;

/// The fewest digits of an identifier whose letters are all of one case.
pub(super) const FEWEST_DIGITS: usize = 4;

/// Beginnings of tokens, each with the fewest characters that follow.
const TOKEN_PREFIXES: &[(&str, usize)] = &[
    ("ghp_", 16), ("gho_", 16), ("ghu_", 16), ("ghs_", 16), ("ghr_", 16), ("github_pat_", 16), ("glpat-", 10), ("glptt-", 10), ("gldt-", 10),
    ("glrt-", 10), ("glcbt-", 10), ("glsoat-", 10), ("glft-", 10), ("glimt-", 10), ("glagent-", 10), ("gloas-", 10), ("glffct-", 10), ("GR1348941", 10),
    ("xoxa-", 10), ("xoxb-", 10), ("xoxe-", 10), ("xoxe.", 10), ("xoxo-", 10), ("xoxp-", 10), ("xoxr-", 10), ("xoxs-", 10), ("xapp-", 10), ("sk-", 16), ("sk_live_", 10), ("sk_test_", 10),
    ("rk_live_", 10), ("rk_test_", 10), ("pk_live_", 10), ("pk_test_", 10), ("whsec_", 10), ("hf_", 16), ("api_org_", 16), ("npm_", 16), ("pypi-", 16), ("dop_v1_", 16), ("doo_v1_", 16),
    ("dor_v1_", 16), ("shpat_", 16), ("shpca_", 16), ("shppa_", 16), ("shpss_", 16), ("hvs.", 10), ("hvb.", 10), ("hvr.", 10), ("s.", 22), ("dp.pt.", 10), ("dp.st.", 10), ("dp.ct.", 10), ("dp.sa.", 10), ("dp.scim.", 10),
    ("SG.", 20), ("tskey-", 10), ("PMAK-", 16), ("glsa_", 16), ("glc_", 16), ("sbp_", 16), ("sb_secret_", 10), ("sb_publishable_", 10), ("ntn_", 16), ("secret_", 16), ("dapi", 30), ("AIza", 30), ("ya29.", 10), ("1//0", 16), ("GOCSPX-", 16), ("fo1_", 16), ("FlyV1 ", 16), ("fm1_", 16), ("fm2_", 16),
    ("lin_api_", 16), ("lin_oauth_", 16), ("figd_", 16), ("pat-na1-", 16), ("pat-eu1-", 16), ("rdme_", 16), ("rubygems_", 16), ("sq0atp-", 10), ("sq0csp-", 10), ("EAAA", 40), ("EAAC", 40), ("cio", 28), ("nfp_", 16), ("nfc_", 16), ("vercel_", 16), ("vc_", 20), ("phc_", 16), ("phx_", 16), ("key-", 28), ("sgp_", 16), ("sntrys_", 16), ("sntryu_", 16), ("bkua_", 16), ("CCIPAT_", 16), ("ATATT3", 16), ("ATCTT3", 16), ("ATBB", 16), ("NRAK-", 16), ("NRII-", 16), ("NRJS-", 16), ("A3-", 20), ("ops_", 30), ("age1", 30), ("AGE-SECRET-KEY-1", 20), ("dckr_pat_", 16), ("dckr_oat_", 16), ("pul-", 30), ("xkeysib-", 16), ("gsk_", 16), ("r8_", 20), ("pplx-", 16), ("xai-", 16), ("AKCp", 30), ("cmVmd", 30), ("oy2", 40), ("LTAI", 12), ("p8e-", 16), ("PRIVATE+KEY+", 10), ("SK", 32), ("AC", 32), ("v1.0-", 40), ("v2.local.", 16), ("v2.public.", 16), ("v4.local.", 16), ("v4.public.", 16), ("tk_", 24), ("bot", 40), ("sl.", 40), ("waka_", 20), ("CLOJARS_", 20), ("ubkey-", 16), ("coder_", 24), ("cdr_", 16), ("AQVN", 30), ("y0_", 30), ("t1.9eu", 20), ("patv1", 20),
];

/// Marks credentials after the name of their scheme.
pub(super) fn check_schemes(search: &mut Search<'_, '_>) {
    for at in memchr_iter(b' ', search.bytes) {
        let before = &search.bytes[..at];
        let ends = |word: &str| {
            before.len() >= word.len()
                && before[before.len() - word.len()..].eq_ignore_ascii_case(word.as_bytes())
                && !before[..before.len() - word.len()].last().is_some_and(u8::is_ascii_alphanumeric)
        };
        let shortest = if ends("bearer") {
            8
        } else if ends("basic") {
            8
        } else if ends("negotiate") || ends("ntlm") {
            16
        } else {
            continue;
        };
        let start = at + 1;
        let length = search.rest(start).iter().take_while(|&&byte| in_token(byte) || b"~.".contains(&byte)).count();
        let token = &search.text[start..start + length];
        let token = token.trim_end_matches('.');
        // Not just the next word of a sentence.
        let is_random = token.bytes().any(|byte| byte.is_ascii_digit())
            || token.len() >= SHORTEST_TOKEN
            || token.ends_with('=') && token.len() >= 8
            || token.bytes().skip(1).any(|byte| byte.is_ascii_uppercase()) && token.bytes().any(|byte| byte.is_ascii_lowercase());
        if token.len() >= shortest && is_random && !is_blank(token) {
            search.mark(Rule::AuthenticationScheme, start..start + token.len());
        }
    }
}

/// Marks PEM blocks to their last line or to the end of the text, and public keys of SSH.
pub(super) fn check_keys(search: &mut Search<'_, '_>) {
    let mut from = 0;
    while let Some(found) = memmem::find(&search.rest(from), b"-----BEGIN") {
        let start = from + found;
        let header = &search.text[start..];
        let end = memmem::find(&header.as_bytes()[10..], b"-----END").map_or(search.bytes.len(), |end| {
            let rest = start + 10 + end + 8;
            memmem::find(&search.rest(rest), b"-----").map_or(search.bytes.len(), |dashes| rest + dashes + 5)
        });
        search.mark(Rule::PrivateKey, start..end);
        from = end;
    }
    for at in memmem::find_iter(search.bytes, b"AAAA") {
        let length = search.rest(at).iter().take_while(|&&byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')).count();
        if length >= 40 && search.before(at) <= b' ' {
            search.mark(Rule::PublicKey, at..at + length);
        }
    }
}

fn in_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+' | b'/' | b'=')
}

/// Marks tokens that are known by their form.
pub(super) fn check_tokens(search: &mut Search<'_, '_>) {
    let mut at = 0;
    let bytes = search.bytes;
    while at < bytes.len() {
        if !(in_token(bytes[at]) || bytes[at] == b'.') {
            at += 1;
            continue;
        }
        let length = bytes[at..].iter().take_while(|&&byte| in_token(byte) || byte == b'.').count();
        if length >= SHORTEST_TOKEN.min(16) {
            check_run(search, at, at + length);
        }
        at += length;
    }
}

/// Checks a run of the characters of tokens and of dots.
fn check_run(search: &mut Search<'_, '_>, start: usize, end: usize) {
    let run = &search.text[start..end];
    // What stands before a `=` is a key.
    let key = run.trim_end_matches('=').rfind('=').map_or(0, |equals| equals + 1);
    let start = start + key;
    let run = run[key..].trim_end_matches('.');
    if is_masked(run) {
        return;
    }
    if has_token_prefix(run) {
        search.mark(Rule::TokenPrefix, start..start + run.len());
        return;
    }
    if is_json_web_token(run) {
        search.mark(Rule::JsonWebToken, start..start + run.len());
        return;
    }
    let mut at = start;
    for part in run.split('.') {
        if part.len() >= SHORTEST_TOKEN {
            check_part(search, at, part);
        } else if part.len() >= 16 && has_token_prefix(part) {
            search.mark(Rule::TokenPrefix, at..at + part.len());
        }
        at += part.len() + 1;
    }
}

fn is_masked(run: &str) -> bool {
    run.bytes().all(|byte| byte == run.as_bytes()[0])
}

/// Checks a run of 20 or more letters, digits, `_`, `-`, `+`, `/` and `=`.
fn check_part(search: &mut Search<'_, '_>, start: usize, run: &str) {
    // In a path each word stands for itself, unless the whole looks random.
    if looks_random(run.as_bytes()) && !has_words(run) {
        let body = run.trim_matches(['/', '-']);
        let from = start + run.find(body).unwrap_or(0);
        search.mark(Rule::RandomText, from..from + body.len());
        return;
    }
    let mut at = start;
    for word in run.split(['+', '/', '=']) {
        check_word(search, at, word);
        at += word.len() + 1;
    }
}

/// Whether a path or a hyphenated name has ordinary words, so that it is not one token.
fn has_words(run: &str) -> bool {
    run.contains('/') && run.split('/').filter(|part| !part.is_empty()).all(|part| part.len() < SHORTEST_TOKEN && super::words::is_ordinary(part))
}

/// Marks what is a token in a word of letters, digits, hyphens and underscores.
fn check_word(search: &mut Search<'_, '_>, start: usize, word: &str) {
    if word.len() < 16 {
        return;
    }
    if has_token_prefix(word) {
        search.mark(Rule::TokenPrefix, start..start + word.len());
        return;
    }
    if word.len() < SHORTEST_TOKEN {
        return;
    }
    if mark_long_hexadecimal(search, start, word) {
        return;
    }
    if is_coder_token(word) {
        search.mark(Rule::CoderToken, start..start + word.len());
    } else if looks_random(word.as_bytes()) {
        search.mark(Rule::RandomText, start..start + word.len());
    } else {
        let mut at = start;
        for part in word.split(['-', '_']) {
            if looks_random(part.as_bytes()) {
                search.mark(Rule::RandomText, at..at + part.len());
            }
            at += part.len() + 1;
        }
    }
}

pub(super) fn has_token_prefix(run: &str) -> bool {
    TOKEN_PREFIXES.iter().any(|(prefix, shortest)| {
        run.strip_prefix(prefix).is_some_and(|rest| {
            rest.len() >= *shortest
                && (rest.bytes().any(|byte| byte.is_ascii_digit()) || prefix.len() > 2 && mixes_cases(rest))
                // A short prefix is not enough for words.
                && (prefix.len() > 4 || prefix.ends_with(['_', '-', '.']) || rest.bytes().filter(u8::is_ascii_digit).count() >= 3)
        })
    }) || (run.starts_with("AKIA") || run.starts_with("ASIA"))
        && run.len() >= 16
        && run.bytes().take(16).all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        || memmem::find(run.as_bytes(), b".atlasv1.").is_some()
}

/// Whether upper and lower case alternate as in random text.
fn mixes_cases(text: &str) -> bool {
    let changes = text.as_bytes().windows(2).filter(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase()).count();
    changes * 6 >= text.len()
}

/// Whether `run` is a JSON Web Token, which begins with `{"` in base64.
fn is_json_web_token(run: &str) -> bool {
    run.starts_with("eyJ") && run.len() >= SHORTEST_TOKEN
}

/// Marks runs of 32 or more hexadecimal digits of which some are decimal, and of which not all are the same. Returns
/// whether there is one.
fn mark_long_hexadecimal(search: &mut Search<'_, '_>, start: usize, word: &str) -> bool {
    let mut found = false;
    let bytes = word.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let length = bytes[at..].iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
        if length >= 32 {
            let run = &bytes[at..at + length];
            let digits = run.iter().filter(|byte| byte.is_ascii_digit()).count();
            if digits >= FEWEST_DIGITS && run.iter().any(|byte| *byte != run[0]) {
                search.mark(Rule::LongHexadecimal, start + at..start + at + length);
                found = true;
            }
        }
        at += length + 1;
    }
    found
}

/// Whether there are ten letters and digits, a hyphen and 22 more letters and digits, including a digit.
fn is_coder_token(word: &str) -> bool {
    word.split_once('-').is_some_and(|(id, secret)| {
        id.len() == 10
            && secret.len() == 22
            && [id, secret].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
            && word.bytes().any(|byte| byte.is_ascii_digit())
            && (word.bytes().any(|byte| byte.is_ascii_uppercase()) || word.bytes().filter(u8::is_ascii_digit).count() >= FEWEST_DIGITS)
    })
}

/// Whether `run` switches between upper case, lower case and digits as often as random text, and more often than
/// words. A run with all three must switch at two of five places. A run of digits and letters of one case only must
/// switch at one of three.
pub(super) fn looks_random(run: &[u8]) -> bool {
    if run.len() < SHORTEST_TOKEN {
        return false;
    }
    const ANY: u16 = DIGIT | LOWER | UPPER;
    let (mut seen, mut changes, mut digits, mut before, mut pairs) = (0, 0, 0, 0, 0);
    for &byte in run {
        let class = CLASSES[usize::from(byte)];
        let both = class & ANY != 0 && before & ANY != 0;
        pairs += usize::from(both);
        changes += usize::from(class != before && both);
        digits += usize::from(class & DIGIT);
        seen |= class;
        before = class;
    }
    match seen & ANY {
        ANY => changes * 3 >= pairs,
        _ => seen & DIGIT != 0 && digits >= FEWEST_DIGITS && changes * 3 >= pairs && seen & !ANY == 0,
    }
}
