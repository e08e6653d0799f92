//! Secrets and names in command lines and in sentences about passwords.

use std::ops::Range;

use memchr::memchr_iter;

use super::assignments::{LONGEST_KEY, value_end, value_start};
use super::keys::KeyMeaning;
use super::kinds::Rule;
use super::marks::{Search, Stop};
use super::triggers::{Phrases, Topics, Trigger};
use super::words::{is_blank, is_ordinary};

pub(super) const TRIGGERS: &[Trigger] = &[
    Trigger { words: &["mysql", "mysqldump", "mysqladmin", "mariadb"], check: note_password_program },
    Trigger { words: &["sshpass"], check: note_sshpass },
    Trigger {
        words: &["ldapsearch", "ldapadd", "ldapmodify", "ldapwhoami", "ldapdelete", "ldappasswd"],
        check: note_ldap,
    },
    Trigger { words: &["zip", "unzip", "z", "sqlcmd", "ipmitool", "tsql", "isql"], check: note_archive },
    Trigger { words: &["mongo", "mongosh", "mongodump", "login"], check: note_login },
    Trigger { words: &["cli"], check: note_redis },
    Trigger { words: &["curl"], check: note_curl },
    Trigger { words: &["user"], check: check_domain_password },
    Trigger { words: &["sudo"], check: check_sudo },
    Trigger { words: &["code", "otp", "pin", "passcode"], check: check_code },
    Trigger {
        words: &["password", "passphrase", "passwort", "pin", "secret", "token"],
        check: check_quoted_secret,
    },
];

pub(super) const PHRASES: &[Phrases] = &[Phrases {
    phrases: &[
        "requirepass ",
        "password is ",
        "-passin pass:",
        "-passout pass:",
        "identified by ",
        "with password ",
        "-storepass ",
        "-keypass ",
        "openssl enc -k ",
        "vncpasswd: ",
    ],
    check: check_stated_password,
}];

fn note_password_program(search: &mut Search<'_, '_>, _: Range<usize>) {
    search.topics |= Topics::PASSWORD_PROGRAM;
}

fn note_sshpass(search: &mut Search<'_, '_>, _: Range<usize>) {
    search.topics |= Topics::PASSWORD_PROGRAM | Topics::PASSWORD_AFTER_BLANK;
}

fn note_ldap(search: &mut Search<'_, '_>, _: Range<usize>) {
    search.topics |= Topics::LDAP;
}

fn note_login(search: &mut Search<'_, '_>, word: Range<usize>) {
    // Other programs have a command `login` without a password.
    let is_login = !search.continues_with(word.start, "login")
        || ["docker ", "podman ", "az ", "registry ", "oc "]
            .iter()
            .any(|program| search.ends_with(word.start, program));
    if is_login {
        search.topics |= Topics::PASSWORD_PROGRAM | Topics::PASSWORD_AFTER_BLANK;
    }
}

fn note_redis(search: &mut Search<'_, '_>, word: Range<usize>) {
    if search.ends_with(word.end, "redis-cli") {
        search.topics |= Topics::REDIS;
    }
}

fn note_curl(search: &mut Search<'_, '_>, _: Range<usize>) {
    search.topics |= Topics::CURL;
}

fn note_archive(search: &mut Search<'_, '_>, word: Range<usize>) {
    // `z` is the program `7z`.
    if word.len() > 1 || search.before(word.start) == b'7' {
        search.topics |= Topics::ARCHIVE;
    }
}

/// Marks the values of options: `--token TOKEN`, `curl -u USER:PASSWORD`, `mysql -pPASSWORD`.
pub(super) fn check_options(search: &mut Search<'_, '_>) {
    for at in memchr_iter(b'-', search.bytes) {
        if search.at(at + 1) == b'-' {
            check_long_option(search, at);
        } else if search.before(at) <= b' ' {
            check_short_option(search, at);
        }
    }
}

/// Marks the value of an option whose name tells.
fn check_long_option(search: &mut Search<'_, '_>, at: usize) {
    let before = search.before(at);
    if matches!(before, b'-' | b'_') || before.is_ascii_alphanumeric() {
        return;
    }
    let name_start = at + 2;
    let in_option = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let name_end = search.run_end(name_start, LONGEST_KEY, in_option);
    if name_end == name_start || search.bytes.get(name_end) != Some(&b' ') || search.at(name_end + 1) == b'-'
    {
        return;
    }
    let name = &search.text[name_start..name_end];
    if matches!(name, "user" | "proxy-user") && mark_after_user(search, name_end + 1) {
        return;
    }
    let meaning = KeyMeaning::of(name);
    if meaning == KeyMeaning::Nothing {
        return;
    }
    let (start, stop) = value_start(search, name_end + 1, false);
    let end = value_end(search, start, stop, meaning);
    if let Some(rule) = meaning.rule_for(&search.text[start..end]) {
        search.mark(rule, start..end);
    }
}

/// Marks the value of an option of one letter that has a password with some programs.
fn check_short_option(search: &mut Search<'_, '_>, at: usize) {
    let has = |topic: u16| search.topics & topic != 0;
    let is_followed_by_blank = search.at(at + 2) == b' ' && search.bytes.len() > at + 2;
    match search.at(at + 1) {
        b'u' | b'U' if is_followed_by_blank => _ = mark_after_user(search, at + 3),
        b'p' if has(Topics::PASSWORD_PROGRAM) && !is_followed_by_blank => mark_word(search, at + 2),
        b'p' if has(Topics::PASSWORD_AFTER_BLANK) => mark_word(search, at + 3),
        b'p' if has(Topics::ARCHIVE) && !is_followed_by_blank => mark_word(search, at + 2),
        b'u' if has(Topics::CURL) => _ = mark_after_user(search, at + 2),
        b'a' if has(Topics::REDIS) && is_followed_by_blank => mark_word(search, at + 3),
        b'w' if has(Topics::LDAP) && is_followed_by_blank => mark_word(search, at + 3),
        b'P' if has(Topics::ARCHIVE) && is_followed_by_blank => mark_word(search, at + 3),
        _ => {}
    }
}

/// Marks the password of `USER:PASSWORD` at `start`. Returns whether there is one.
fn mark_after_user(search: &mut Search<'_, '_>, start: usize) -> bool {
    let start = start + usize::from(matches!(search.at(start), b'\'' | b'"'));
    let end = search.stop(Stop::Word, start);
    let Some((user, password)) = search.text.get(start..end).and_then(|word| word.split_once(':')) else {
        return false;
    };
    // What follows two slashes is a host.
    if is_blank(password) || password.starts_with("//") {
        return false;
    }
    search.mark(Rule::CommandPassword, start + user.len() + 1..end);
    true
}

/// Marks the word at `start`.
fn mark_word(search: &mut Search<'_, '_>, start: usize) {
    let start = start + usize::from(matches!(search.at(start), b'\'' | b'"'));
    let end = search.stop(Stop::Word, start);
    if search.text.get(start..end).is_some_and(|word| !is_blank(word)) {
        search.mark(Rule::CommandPassword, start..end);
    }
}

/// Marks the password of `net use X: \\SERVER\SHARE /user:NAME PASSWORD`, which may also come before the user.
fn check_domain_password(search: &mut Search<'_, '_>, word: Range<usize>) {
    /// The longest password before the user.
    const LONGEST: usize = 4096;
    let slash = word.start.saturating_sub(1);
    if search.at(word.end) != b':' || search.at(slash) != b'/' || search.before(slash) > b' ' {
        return;
    }
    let name_end = search.stop(Stop::Word, word.end + 1);
    if search.bytes.get(name_end) == Some(&b' ') {
        let end = search.stop(Stop::Word, name_end + 1);
        mark_domain_password(search, name_end + 1..end);
    }
    if slash > 0 {
        let start = search.run_start(slash - 1, LONGEST, |byte| byte > b' ');
        mark_domain_password(search, start..slash - 1);
    }
}

/// Marks a word of `net use` that is no option, no drive and no path.
fn mark_domain_password(search: &mut Search<'_, '_>, span: Range<usize>) {
    let word = &search.text[span.clone()];
    let is_other = word.starts_with(['/', '\\']) || word.ends_with(':') || is_ordinary(word);
    if !is_other && !is_blank(word) {
        search.mark(Rule::CommandPassword, span);
    }
}

/// Marks the password of `echo PASSWORD | sudo -S`.
fn check_sudo(search: &mut Search<'_, '_>, word: Range<usize>) {
    const ECHO: &str = "echo ";
    const LONGEST: usize = 4096;
    if !search.rest(word.end).starts_with(b" -S") {
        return;
    }
    let Some(before) = search.text[..word.start].strip_suffix("| ").map(str::trim_end) else { return };
    let start = search.run_start(before.len(), LONGEST, |byte| byte > b' ');
    if search.ends_with(start, ECHO) {
        search.mark(Rule::CommandPassword, start..before.len());
    }
}

/// Marks a password after words that say so, unless a sentence goes on.
fn check_stated_password(search: &mut Search<'_, '_>, _: &'static str, at: usize) {
    /// Shorter words are those of a sentence.
    const SHORTEST: usize = 4;
    let start = at + usize::from(matches!(search.at(at), b'\'' | b'"'));
    let end = search.stop(Stop::Word, start.min(search.bytes.len()));
    let Some(word) = search.text.get(start..end) else { return };
    let word = word.trim_end_matches(['.', ',', ';', ')']);
    if word.len() >= SHORTEST && !is_blank(word) && !is_ordinary(word) {
        search.mark(Rule::PasswordInSentence, start..start + word.len());
    }
}

/// Marks a code that is valid once: `verification code 123456`.
fn check_code(search: &mut Search<'_, '_>, word: Range<usize>) {
    const BEFORE_CODE: [&str; 6] = ["verification ", "security ", "mfa ", "one-time ", "login ", "pin "];
    let is_code = !search.continues_with(word.start, "code")
        || BEFORE_CODE.iter().any(|before| search.ends_with(word.start, before));
    if !is_code
        || search.at(word.end) != b' '
        || search.before(word.start).is_ascii_alphanumeric()
        || word.end == search.bytes.len()
    {
        return;
    }
    let start = word.end + 1;
    let end = search.run_end(start, 12, |byte| byte.is_ascii_digit());
    if (4..=8).contains(&(end - start)) && !search.at(end).is_ascii_alphanumeric() {
        search.mark(Rule::PasswordInSentence, start..end);
    }
}

/// Marks a secret in quotes after the word for it.
fn check_quoted_secret(search: &mut Search<'_, '_>, word: Range<usize>) {
    let quote = search.at(word.end + 1);
    if search.at(word.end) != b' ' || !matches!(quote, b'\'' | b'"' | b'`') {
        return;
    }
    let start = word.end + 2;
    let end = search.stop(Stop::Quote(quote), start);
    if search.bytes.get(end) != Some(&quote) {
        return;
    }
    let secret = &search.text[start..end];
    // `Unexpected token 'e'` is about JSON.
    let is_token =
        |secret: &str| secret.len() >= 8 && secret.bytes().take(64).any(|byte| byte.is_ascii_digit());
    if !is_blank(secret) && (is_token(secret) || !search.continues_with(word.start, "token")) {
        search.mark(Rule::PasswordInSentence, start..end);
    }
}
