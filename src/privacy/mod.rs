//! Which values can point to a person or a company, so that the page shows them before anybody shares an export.
//!
//! The rules would rather mark too much than miss something, but a page on which every word is marked warns of
//! nothing: words, versions, event names and routes with placeholders stay unmarked. No rule takes a mark back
//! because of text behind a space, so a value keeps its marks in whatever sentence it stands.

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
use hosts::{
    WORKSPACE_ALIAS, ask_about_urls, holds_dotted_name, holds_server_of_path, holds_unresolved_name,
};
use paths::{holds_tilde_path, holds_user_path};
use tokens::{FEWEST_DIGITS, SHORTEST_TOKEN, holds_bearer, holds_token, is_token};

/// Something in a value that can point to a person or a company.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum SensitiveKind {
    /// A folder or route named after a user.
    ///
    /// It is what stands behind `/home/`, `/users/` (in any case) or `\Documents and Settings\`, wherever the path
    /// begins, with slashes of either kind, doubled or as `%2F` and `%5C`; and `~name/`. Names that are nobody's
    /// ([`paths::NOBODY`]) and placeholders such as `{name}`, `$USER` and `%USERNAME%` do not count.
    UserPath,
    /// `local@domain` (or `%40`) with a dot in the domain, whose last label is not a number: neither `coder@workspace`
    /// nor `package@1.2.3` nor `@scope/package`. Its domain counts as part of it, not as a host name besides.
    Email,
    /// An IPv4 or IPv6 address that is neither loopback nor unspecified nor broadcast. A version of four parts looks
    /// the same and is marked, unless a `v` stands before it.
    IpAddress,
    /// The host of a URL, a dotted name with a well-known ending ([`hosts::ENDINGS`], [`hosts::WEAK_ENDINGS`]), the server of a UNC
    /// path, the alias of a workspace in an SSH configuration (`coder-vscode.…`), or a name that could not be resolved.
    /// Not `localhost`, not an address.
    HostName,
    /// A secret, or an identifier that is the same only for one machine, session or account: known prefixes, API
    /// tokens of Coder, UUIDs, 32 or more hexadecimal digits, PEM headers, `Bearer` headers, passwords in URLs, and
    /// runs of 20 or more characters that look random ([`tokens::looks_random`]).
    Token,
}

impl SensitiveKind {
    /// In the order in which the page names them.
    pub(crate) const ALL: [Self; 5] =
        [Self::UserPath, Self::Email, Self::IpAddress, Self::HostName, Self::Token];

    /// What people read on the page.
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

    /// All of them but `kind`.
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

    /// Its members, always in the same order.
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

/// What `text`, a decoded JSON string of any length, looks like.
///
/// The time is linear in the length. Which bytes occur at all decides for nearly every value which rules are worth
/// asking, mostly none; whatever is skipped must be a rule that these bytes cannot meet.
pub(crate) fn sensitive_kinds(text: &str) -> SensitiveKinds {
    let Survey { seen, digits } = survey(text.as_bytes());
    let mut kinds = SensitiveKinds::default();
    if seen & !(DIGIT | LOWER | UPPER | UNDERSCORE | PLAIN) != 0 {
        ask_about_marks(text, seen, digits, &mut kinds);
    }
    if text.len() >= SHORTEST_TOKEN && (seen & (UPPER | UNDERSCORE | HYPHEN) != 0 || digits >= FEWEST_DIGITS)
    {
        // What is all letters and digits, as most identifiers are, needs no search for where its runs end.
        let holds_token = if seen & !(DIGIT | LOWER) == 0 { is_token } else { holds_token };
        kinds.insert_if(holds_token(text.as_bytes()), SensitiveKind::Token);
    }
    kinds
}

/// Asks the rules that need more than letters, digits and underscores.
fn ask_about_marks(text: &str, seen: u16, digits: usize, kinds: &mut SensitiveKinds) {
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
        ask_about_urls(text, kinds);
    }
    // The host of a URL is marked by now.
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
