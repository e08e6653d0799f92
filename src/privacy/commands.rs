//! Passwords of commands, and passwords in sentences.

use memchr::memmem;

use super::kinds::Rule;
use super::marks::Search;
use super::words::{is_blank, is_ordinary};

/// Marks the passwords of `curl -u USER:PASSWORD`, `mysql -pPASSWORD`, `net use … /user:NAME PASSWORD` and of sentences
/// such as `wrong passphrase 'PASSWORD'`.
pub(super) fn check_commands(search: &mut Search<'_, '_>) {
    for option in ["-u ", "--user ", "-U ", "--proxy-user "] {
        for at in memmem::find_iter(search.bytes, option.as_bytes()) {
            let start = at + option.len();
            let end = word_end(search, start);
            if search.before(at) > b' ' {
                continue;
            }
            if let Some((user, password)) = search.text[start..end].split_once(':') {
                let from = start + user.len() + 1;
                if !is_blank(password) {
                    search.mark(Rule::CommandPassword, from..end);
                }
            }
        }
    }
    if memmem::find(search.bytes, b"mysql").is_some() || memmem::find(search.bytes, b"mariadb").is_some() || memmem::find(search.bytes, b"sshpass").is_some() {
        for at in memmem::find_iter(search.bytes, b"-p") {
            let start = at + 2;
            let end = word_end(search, start);
            if search.before(at) <= b' ' && end > start && !is_blank(&search.text[start..end]) {
                search.mark(Rule::CommandPassword, start..end);
            }
        }
    }
    for at in memmem::find_iter(search.bytes, b"/user:") {
        let name_start = at + 6;
        let name_end = word_end(search, name_start);
        if search.before(at) > b' ' || search.bytes.get(name_end) != Some(&b' ') {
            continue;
        }
        let end = word_end(search, name_end + 1);
        let word = &search.text[name_end + 1..end];
        if !is_blank(word) && !is_ordinary(word) && !word.starts_with('/') {
            search.mark(Rule::CommandPassword, name_end + 1..end);
        }
    }
    for (program, option) in [("ldap", "-w "), ("sshpass", "-p "), ("zip", "-P "), ("7z", "-p"), ("smbclient", "-U "), ("", "requirepass "), ("", "Password is "), ("", "password is "), ("", "-passin pass:"), ("", "IDENTIFIED BY ")] {
        if !program.is_empty() && memmem::find(search.bytes, program.as_bytes()).is_none() {
            continue;
        }
        for at in memmem::find_iter(search.bytes, option.as_bytes()) {
            let start = at + option.len() + usize::from(matches!(search.at(at + option.len()), b'\'' | b'"'));
            let end = word_end(search, start.min(search.bytes.len()));
            if start < end && search.before(at) <= b' ' {
                let word = search.text[start..end].trim_end_matches(['.', ',', ';', ')']);
                if !is_blank(word) && !is_ordinary(word) {
                    search.mark(Rule::CommandPassword, start..start + word.len());
                }
            }
        }
    }
    for at in memmem::find_iter(search.bytes, b"sudo -S") {
        // `echo PASSWORD | sudo -S`
        if let Some(word) = search.text[..at].trim_end().strip_suffix('|').map(str::trim_end)
            && let Some(start) = word.rfind(' ').map(|blank| blank + 1)
            && word[..start].trim_end().ends_with("echo")
        {
            search.mark(Rule::CommandPassword, start..word.len());
        }
    }
    for noun in ["verification code ", "security code ", "mfa code ", "MFA code ", "one-time code ", "OTP ", "otp ", "PIN ", "passcode ", "login code "] {
        for at in memmem::find_iter(search.bytes, noun.as_bytes()) {
            let start = at + noun.len();
            let length = search.rest(start).iter().take(12).take_while(|byte| byte.is_ascii_digit()).count();
            if (4..=8).contains(&length) && !search.before(at).is_ascii_alphanumeric() {
                search.mark(Rule::PasswordInSentence, start..start + length);
            }
        }
    }
    for noun in ["password ", "passphrase ", "Password ", "Passphrase ", "PASSWORD ", "PIN ", "pin ", "passwort ", "secret ", "token "] {
        for at in memmem::find_iter(search.bytes, noun.as_bytes()) {
            let quote = search.at(at + noun.len());
            if !matches!(quote, b'\'' | b'"' | b'`') {
                continue;
            }
            let start = at + noun.len() + 1;
            if let Some(length) = search.rest(start).iter().take(128).position(|&byte| byte == quote)
                && !is_blank(&search.text[start..start + length])
            {
                search.mark(Rule::PasswordInSentence, start..start + length);
            }
        }
    }
}

/// The end of the word at `start`.
fn word_end(search: &Search<'_, '_>, start: usize) -> usize {
    let length = search.rest(start).iter().take(256).take_while(|&&byte| byte > b' ' && !b"\"'`".contains(&byte)).count();
    super::paths::floor_boundary(search.text, start + length)
}
