//! Finds text that may identify a person or a company (specification, Marks). It knows no row and no format.
//!
//! The rules prefer to mark too much rather than to miss something. But if every word were marked, the marks would
//! warn of nothing, so words, versions, event names and routes with placeholders stay unmarked. No rule drops a mark
//! because of text after a space, so a value keeps its marks inside any sentence.

mod addresses;
mod characters;
mod emails;
mod hosts;
mod paths;
#[cfg(test)]
mod tests;
mod tokens;

use memchr::memmem;

use addresses::holds_address;
use characters::{
    AT, BACKSLASH, COLON, DIGIT, DOT, HYPHEN, LOWER, PERCENT, PLAIN, SLASH, SPACE, Survey, TILDE, UNDERSCORE,
    UPPER, survey,
};
use emails::holds_email;
use hosts::{WORKSPACE_ALIAS, check_urls, holds_dotted_name, holds_server_of_path, holds_unresolved_name};
use paths::{holds_tilde_path, holds_user_path};
use tokens::{FEWEST_DIGITS, SHORTEST_TOKEN, holds_bearer, holds_token, is_token};

/// A kind of text that may identify a person or a company.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum SensitiveKind {
    /// A folder or route named after a user.
    ///
    /// That is the name after `/home/`, `/users/` (in any case) or `\Documents and Settings\`, anywhere in a path,
    /// and `~name/`. Slashes may be of either kind, doubled, or written as `%2F` and `%5C`. Names of nobody
    /// ([`paths::NOBODY`]) and placeholders such as `{name}`, `$USER` and `%USERNAME%` do not count.
    UserPath,
    /// `local@domain` (or with `%40`). The domain has a dot, and its last label is not a number, so
    /// `coder@workspace`, `package@1.2.3` and `@scope/package` do not count. The domain is not marked as a host name
    /// as well.
    Email,
    /// An IPv4 or IPv6 address, except loopback, unspecified and broadcast addresses. A version with four parts looks
    /// the same and is marked, too, unless it begins with a `v`.
    IpAddress,
    /// The host of a URL, a dotted name with a well-known ending ([`hosts::ENDINGS`], [`hosts::WEAK_ENDINGS`]), the
    /// server of a UNC path, the SSH alias of a workspace (`coder-vscode.…`), or a name that could not be resolved.
    /// `localhost` and IP addresses do not count.
    HostName,
    /// A secret, or an identifier of one machine, session or account: known prefixes, API tokens of Coder, UUIDs, 32
    /// or more hexadecimal digits, PEM headers, `Bearer` headers, passwords in URLs, and runs of 20 or more
    /// characters that look random ([`tokens::looks_random`]).
    Token,
}

impl SensitiveKind {
    /// All kinds, in the order in which they are shown.
    pub(crate) const ALL: [Self; 5] =
        [Self::UserPath, Self::Email, Self::IpAddress, Self::HostName, Self::Token];

    /// The name that people read.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::UserPath => "path with a user name",
            Self::Email => "e-mail address",
            Self::IpAddress => "IP address",
            Self::HostName => "host name",
            Self::Token => "token or identifier",
        }
    }
}

/// A set of kinds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct SensitiveKinds(u8);

impl SensitiveKinds {
    pub(crate) fn insert(&mut self, kind: SensitiveKind) {
        self.0 |= 1 << kind as u8;
    }

    /// The set without `kind`.
    pub(crate) fn without(self, kind: SensitiveKind) -> Self {
        Self(self.0 & !(1 << kind as u8))
    }

    pub(crate) fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) fn contains(self, kind: SensitiveKind) -> bool {
        self.0 & (1 << kind as u8) != 0
    }

    #[cfg(test)]
    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The members in a fixed order.
    #[cfg(test)]
    fn iter(self) -> impl Iterator<Item = SensitiveKind> {
        SensitiveKind::ALL.into_iter().filter(move |&kind| self.contains(kind))
    }

    fn insert_if(&mut self, condition: bool, kind: SensitiveKind) {
        if condition {
            self.insert(kind);
        }
    }
}

/// The kinds of identifying text in `text`, a decoded JSON string.
///
/// It takes linear time. For nearly every value, the bytes that occur in it rule out most or all rules. A rule may
/// only be skipped if it cannot match any text of these bytes.
pub(crate) fn sensitive_kinds(text: &str) -> SensitiveKinds {
    let Survey { seen, digits } = survey(text.as_bytes());
    let mut kinds = SensitiveKinds::default();
    if seen & !(DIGIT | LOWER | UPPER | UNDERSCORE | PLAIN) != 0 {
        check_rules_with_punctuation(text, seen, digits, &mut kinds);
    }
    if text.len() >= SHORTEST_TOKEN && (seen & (UPPER | UNDERSCORE | HYPHEN) != 0 || digits >= FEWEST_DIGITS)
    {
        // A text of lower-case letters and digits only, as most identifiers are, is a single run.
        let holds_token = if seen & !(DIGIT | LOWER) == 0 { is_token } else { holds_token };
        kinds.insert_if(holds_token(text.as_bytes()), SensitiveKind::Token);
    }
    kinds
}

/// Checks the rules that need characters other than letters, digits and underscores.
fn check_rules_with_punctuation(text: &str, seen: u16, digits: usize, kinds: &mut SensitiveKinds) {
    let bytes = text.as_bytes();
    let has = |classes: u16| seen & classes != 0;
    if has(SLASH | BACKSLASH | PERCENT) {
        kinds.insert_if(holds_user_path(text), SensitiveKind::UserPath);
    }
    if has(TILDE) && has(SLASH) {
        kinds.insert_if(holds_tilde_path(bytes), SensitiveKind::UserPath);
    }
    if has(DOT) && has(AT | PERCENT) {
        kinds.insert_if(holds_email(bytes), SensitiveKind::Email);
    }
    if digits > 0 && (has(COLON) || has(DOT) && digits >= 4) {
        kinds.insert_if(holds_address(text), SensitiveKind::IpAddress);
    }
    if has(COLON) && has(SLASH) {
        check_urls(text, kinds);
    }
    // Hosts of URLs are already marked.
    let may_be_name = has(DOT) || has(HYPHEN) && text.len() > WORKSPACE_ALIAS.len();
    if may_be_name && !kinds.contains(SensitiveKind::HostName) {
        kinds.insert_if(holds_dotted_name(text), SensitiveKind::HostName);
    }
    if has(BACKSLASH) {
        kinds.insert_if(holds_server_of_path(bytes), SensitiveKind::HostName);
    }
    if has(SPACE) && text.len() > 8 {
        kinds.insert_if(holds_unresolved_name(text), SensitiveKind::HostName);
        kinds.insert_if(holds_bearer(bytes), SensitiveKind::Token);
    }
    if has(HYPHEN) && has(UPPER) && text.len() >= 10 {
        kinds.insert_if(memmem::find(bytes, b"-----BEGIN").is_some(), SensitiveKind::Token);
    }
}
