//! The key of the pseudonyms.

use std::fmt;
use std::io;

use zeroize::Zeroizing;

use crate::error::{Error, Result};

/// A key. It is wiped when it is dropped, and no message shows it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct RedactionKey(Zeroizing<Vec<u8>>);

impl RedactionKey {
    /// The length of a random key, and the least length of a given one.
    pub(crate) const MIN_BYTES: usize = 32;
    /// The greatest length of a given key.
    pub(crate) const MAX_BYTES: usize = 4096;

    /// A key that the user gave.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] if the key is too short or too long. The message does not have the key.
    pub(crate) fn new(bytes: Vec<u8>) -> Result<Self> {
        let bytes = Zeroizing::new(bytes);
        if !(Self::MIN_BYTES..=Self::MAX_BYTES).contains(&bytes.len()) {
            let (least, most) = (Self::MIN_BYTES, Self::MAX_BYTES);
            let length =
                if bytes.len() > most { format!("more than {most}") } else { bytes.len().to_string() };
            return Err(Error::InvalidArgument(format!(
                "redactKey has {length} bytes; it must have {least} to {most}"
            )));
        }
        Ok(Self(bytes))
    }

    /// A key from the system's random source.
    ///
    /// # Errors
    /// [`Error::System`] if the system has no random bytes.
    pub(crate) fn random() -> Result<Self> {
        let mut bytes = Zeroizing::new(vec![0; Self::MIN_BYTES]);
        getrandom::fill(&mut bytes).map_err(|error| {
            Error::shortage("make a random key".to_owned(), None, io::Error::other(error.to_string()))
        })?;
        Ok(Self(bytes))
    }

    /// The key of previews, whose pseudonyms have no digits.
    pub(super) fn fixed() -> Self {
        Self(Zeroizing::new(vec![0; Self::MIN_BYTES]))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for RedactionKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("RedactionKey(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_32_to_4096_bytes_and_shows_in_no_message() {
        for (length, is_taken) in [(0, false), (31, false), (32, true), (4096, true), (4097, false)] {
            let key = RedactionKey::new(vec![b'k'; length]);
            assert_eq!(key.is_ok(), is_taken, "{length}");
            let shown = format!("{key:?}");
            assert!(!shown.contains("kkk") && !shown.contains("107"), "{shown}");
        }
    }

    #[test]
    fn two_random_keys_differ() {
        let (one, other) = (RedactionKey::random().expect("a key"), RedactionKey::random().expect("a key"));
        assert_ne!(one, other);
        assert_eq!(one.bytes().len(), RedactionKey::MIN_BYTES);
    }
}
