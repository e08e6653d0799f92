//! Pseudonyms: a kind, a hyphen, and 16 hexadecimal digits of a keyed hash (specification, Pseudonyms).

use std::borrow::Cow;
use std::net::IpAddr;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::key::RedactionKey;
use crate::privacy::words::PSEUDONYMS;

/// What a pseudonym stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum PseudonymKind {
    /// The `machine_id` of a context.
    Machine,
    /// The `session_id` of a context.
    Session,
    /// The name or the owner of a workspace.
    Workspace,
    /// The name of an agent.
    Agent,
    /// A person, a company or another name.
    Name,
    /// A host.
    Host,
    /// An IP address.
    Ip,
    /// A user's name in a path or beside a host.
    User,
    /// An e-mail address.
    Email,
    /// A token or a password.
    Token,
    /// Other text.
    Text,
    /// The key of a member.
    Key,
    /// An identifier.
    Id,
    /// The session in a file name.
    File,
}

impl PseudonymKind {
    /// How many kinds there are.
    pub(crate) const COUNT: usize = PSEUDONYMS.len();

    /// The word before the hyphen.
    pub(crate) fn name(self) -> &'static str {
        PSEUDONYMS[self as usize]
    }
}

/// Makes pseudonyms with one key. A pseudonym depends on the key and the text alone.
pub(crate) struct Pseudonyms {
    /// The state after the key.
    keyed: Hmac<Sha256>,
}

impl Pseudonyms {
    pub(crate) fn new(key: &RedactionKey) -> Self {
        Self { keyed: Hmac::new_from_slice(key.bytes()).expect("a key of any length is taken") }
    }

    /// What tells keys apart: the first 8 digits for the empty text.
    pub(crate) fn key_id(&self) -> String {
        let digits = self.digits("");
        text_of(&digits[..8]).to_owned()
    }

    /// Appends the pseudonym of a text that was brought into its [`canonical`] form.
    pub(crate) fn append(&self, out: &mut String, kind: PseudonymKind, text: &str) {
        out.push_str(kind.name());
        out.push('-');
        out.push_str(text_of(&self.digits(text)));
    }

    /// The first 64 bits of the keyed hash.
    fn digits(&self, text: &str) -> [u8; 16] {
        let hash = self.keyed.clone().chain_update(text.as_bytes()).finalize().into_bytes();
        let mut digits = [0; 16];
        for (pair, byte) in digits.chunks_exact_mut(2).zip(hash) {
            for (digit, value) in pair.iter_mut().zip([byte >> 4, byte & 15]) {
                *digit = b"0123456789abcdef"[usize::from(value)];
            }
        }
        digits
    }
}

fn text_of(digits: &[u8]) -> &str {
    std::str::from_utf8(digits).expect("digits are ASCII")
}

/// A text as it is hashed, so that different spellings of the same thing get the same pseudonym.
pub(crate) fn canonical(kind: PseudonymKind, text: &str) -> Cow<'_, str> {
    match kind {
        PseudonymKind::Host | PseudonymKind::Email => {
            let text = text.trim_end_matches('.');
            if text.chars().any(char::is_uppercase) {
                Cow::Owned(text.to_lowercase())
            } else {
                Cow::Borrowed(text)
            }
        }
        PseudonymKind::Ip => match text.parse::<IpAddr>() {
            Ok(address) => Cow::Owned(address.to_string()),
            Err(_) => Cow::Borrowed(text),
        },
        _ => Cow::Borrowed(text),
    }
}

/// A part of a text without its percent-encoding, which is decoded once. A text that would not be UTF-8 stays.
pub(crate) fn percent_decoded(text: &str) -> Cow<'_, str> {
    let Some(first) = memchr::memchr(b'%', text.as_bytes()) else { return Cow::Borrowed(text) };
    let mut bytes = text.as_bytes()[..first].to_vec();
    let mut at = first;
    while let Some(&byte) = text.as_bytes().get(at) {
        let digits =
            text.as_bytes().get(at + 1..at + 3).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        match digits {
            Some(digits) if byte == b'%' => {
                let digits = text_of(digits);
                bytes.push(u8::from_str_radix(digits, 16).expect("two hexadecimal digits are a byte"));
                at += 3;
            }
            _ => {
                bytes.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(bytes).map_or(Cow::Borrowed(text), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pseudonym(kind: PseudonymKind, text: &str) -> String {
        let key = RedactionKey::new(vec![b'k'; 32]).expect("a key");
        let mut out = String::new();
        Pseudonyms::new(&key).append(&mut out, kind, &canonical(kind, text));
        out
    }

    #[test]
    fn pseudonyms_are_the_keyed_hashes_of_the_specification() {
        assert_eq!(pseudonym(PseudonymKind::Host, "coder.example.com"), "host-553211c41f646527");
        assert_eq!(pseudonym(PseudonymKind::Ip, "10.0.3.7"), "ip-bc0a4eb3ecb6a2a4");
        assert_eq!(pseudonym(PseudonymKind::User, "anna"), "user-2dadd6a44590d38a");
        assert_eq!(pseudonym(PseudonymKind::Name, "anna"), "name-2dadd6a44590d38a");
    }

    #[test]
    fn spellings_of_one_thing_have_one_pseudonym() {
        for (kind, one, other) in [
            (PseudonymKind::Host, "coder.example.com", "Coder.Example.COM."),
            (PseudonymKind::Email, "anna@corp.example", "Anna@Corp.example"),
            (PseudonymKind::Ip, "fd00::1", "FD00:0:0:0:0:0:0:1"),
        ] {
            assert_eq!(pseudonym(kind, one), pseudonym(kind, other));
        }
        assert_ne!(pseudonym(PseudonymKind::Workspace, "dev"), pseudonym(PseudonymKind::Workspace, "Dev"));
    }

    #[test]
    fn percent_encoding_is_decoded_once_if_the_result_is_utf_8() {
        assert_eq!(percent_decoded("anna%20k%C3%B3wal%2Fx%2"), "anna kówal/x%2");
        assert_eq!(percent_decoded("%2541"), "%41");
        assert_eq!(percent_decoded("a%ff"), "a%ff");
        assert_eq!(percent_decoded("ä%zz"), "ä%zz");
    }
}
