//! Which values can point to a person or a company, so that the page shows them before anybody shares an export.
//!
//! The rules would rather mark too much than miss something, but a page on which every word is marked warns of
//! nothing: words, versions, event names and routes with placeholders stay unmarked. No rule takes a mark back
//! because of text behind a space, so a value keeps its marks in whatever sentence it stands.

use std::net::{Ipv4Addr, Ipv6Addr};

use memchr::{memchr_iter, memmem};

/// Something in a value that can point to a person or a company.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum SensitiveKind {
    /// A folder or route named after a user.
    ///
    /// It is what stands behind `/home/`, `/users/` (in any case) or `\Documents and Settings\`, wherever the path
    /// begins, with slashes of either kind, doubled or as `%2F` and `%5C`; and `~name/`. Names that are nobody's
    /// ([`NOBODY`]) and placeholders such as `{name}`, `$USER` and `%USERNAME%` do not count.
    UserPath,
    /// `local@domain` (or `%40`) with a dot in the domain, whose last label is not a number: neither `coder@workspace`
    /// nor `package@1.2.3` nor `@scope/package`. Its domain counts as part of it, not as a host name besides.
    Email,
    /// An IPv4 or IPv6 address that is neither loopback nor unspecified nor broadcast. A version of four parts looks
    /// the same and is marked, unless a `v` stands before it.
    IpAddress,
    /// The host of a URL, a dotted name with a well-known ending ([`ENDINGS`], [`WEAK_ENDINGS`]), the server of a UNC
    /// path, the alias of a workspace in an SSH configuration (`coder-vscode.…`), or a name that could not be resolved.
    /// Not `localhost`, not an address.
    HostName,
    /// A secret, or an identifier that is the same only for one machine, session or account: known prefixes, API
    /// tokens of Coder, UUIDs, 32 or more hexadecimal digits, PEM headers, `Bearer` headers, passwords in URLs, and
    /// runs of 20 or more characters that look random ([`looks_random`]).
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

const DIGIT: u16 = 1;
const LOWER: u16 = 1 << 1;
const UPPER: u16 = 1 << 2;
const UNDERSCORE: u16 = 1 << 3;
const SLASH: u16 = 1 << 4;
const DOT: u16 = 1 << 5;
const HYPHEN: u16 = 1 << 6;
const SPACE: u16 = 1 << 7;
const COLON: u16 = 1 << 8;
const AT: u16 = 1 << 9;
const BACKSLASH: u16 = 1 << 10;
const PERCENT: u16 = 1 << 11;
const TILDE: u16 = 1 << 12;
/// What no rule begins with.
const PLAIN: u16 = 1 << 13;

const CLASSES: [u16; 256] = {
    let mut classes = [PLAIN; 256];
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
            _ => PLAIN,
        };
        byte += 1;
    }
    classes
};

/// Which classes of bytes occur, and how many digits.
struct Survey {
    seen: u16,
    digits: usize,
}

fn survey(bytes: &[u8]) -> Survey {
    let mut survey = Survey { seen: 0, digits: 0 };
    let (blocks, rest) = bytes.as_chunks::<8>();
    for block in blocks {
        // Classes of eight bytes at once depend on each other less than one after the other.
        let classes = block.map(|byte| CLASSES[usize::from(byte)]);
        survey.seen |= classes.iter().fold(0, |seen, class| seen | class);
        survey.digits += usize::from(classes.iter().map(|class| class & DIGIT).sum::<u16>());
    }
    for &byte in rest {
        let class = CLASSES[usize::from(byte)];
        survey.seen |= class;
        survey.digits += usize::from(class & DIGIT);
    }
    survey
}

/// Names of folders and of routes in the place of a user's that are nobody's, in lower case: folders that all users
/// share, the account in the images of Coder and in Homebrew, and the routes of a Coder deployment.
const NOBODY: [&str; 19] = [
    "shared",
    "public",
    "default",
    "all",
    "coder",
    "linuxbrew",
    "me",
    "first",
    "login",
    "logout",
    "roles",
    "authmethods",
    "oauth2",
    "oidc",
    "oidc-claims",
    "otp",
    "validate-password",
    "convert-login",
    "groups",
];

fn holds_user_path(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().enumerate().any(|(at, &byte)| {
        matches!(byte, b'/' | b'\\' | b'%') && {
            let length = separator_length(&bytes[at..]);
            length > 0 && user_follows(text, at + length)
        }
    })
}

/// How long the separator of a path is that `bytes` begin with; 0 if they begin with none.
fn separator_length(bytes: &[u8]) -> usize {
    match bytes {
        [b'/' | b'\\', ..] => 1,
        [b'%', b'2', b'F' | b'f', ..] | [b'%', b'5', b'C' | b'c', ..] => 3,
        _ => 0,
    }
}

/// Whether a folder of users stands at `at`, and in it a name.
fn user_follows(text: &str, at: usize) -> bool {
    const OLD_WINDOWS: &[u8] = b"documents and settings";
    let bytes = text.as_bytes();
    let folder_length = match bytes.get(at) {
        Some(b'h') if bytes[at..].starts_with(b"home") => 4,
        Some(b'u' | b'U') if starts_with_ignoring_case(&bytes[at..], b"users") => 5,
        Some(b'd' | b'D') if starts_with_ignoring_case(&bytes[at..], OLD_WINDOWS) => OLD_WINDOWS.len(),
        _ => return false,
    };
    let mut start = at + folder_length;
    let behind_folder = start;
    while let length @ 1.. = separator_length(&bytes[start..]) {
        start += length;
    }
    if start == behind_folder || !name_begins(text, start) {
        return false;
    }
    let mut end = start;
    while end < bytes.len() && !ends_segment(bytes[end]) && separator_length(&bytes[end..]) == 0 {
        end += 1;
    }
    let name = text.get(start..end).unwrap_or_default().trim_end_matches('.');
    !NOBODY.iter().any(|nobody| nobody.eq_ignore_ascii_case(name))
}

fn starts_with_ignoring_case(bytes: &[u8], start: &[u8]) -> bool {
    bytes.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
}

/// Whether a name can begin at `at`: with a letter, a digit or a percent-encoded byte, not with the mark of a
/// placeholder.
fn name_begins(text: &str, at: usize) -> bool {
    match text.get(at..).and_then(|rest| rest.chars().next()) {
        Some('_') => true,
        Some('%') => {
            text.as_bytes().get(at + 1..at + 3).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
        }
        first => first.is_some_and(char::is_alphanumeric),
    }
}

/// Whether `byte` ends a segment of a path in a sentence; separators aside.
fn ends_segment(byte: u8) -> bool {
    matches!(
        byte,
        0..=b' '
            | b'"'
            | b'\''
            | b'`'
            | b'<'
            | b'>'
            | b'|'
            | b':'
            | b'*'
            | b'?'
            | b','
            | b';'
            | b')'
            | b']'
            | b'}'
            | b'&'
            | b'#'
    )
}

/// `~name/`, not behind a letter or digit, as in the short names of Windows (`PROGRA~1`).
fn holds_tilde_path(bytes: &[u8]) -> bool {
    memchr_iter(b'~', bytes).any(|at| {
        let before = at.checked_sub(1).map_or(b' ', |before| bytes[before]);
        let name = &bytes[at + 1..];
        let length = name.iter().take_while(|&&byte| in_word(byte)).count();
        !in_word(before)
            && before != b'~'
            && name.first().is_some_and(|first| first.is_ascii_alphabetic() || !first.is_ascii())
            && name.get(length) == Some(&b'/')
    })
}

/// Letters, digits and what stands inside the names of hosts.
fn in_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') || !byte.is_ascii()
}

fn holds_email(bytes: &[u8]) -> bool {
    memchr_iter(b'@', bytes).any(|at| email_at(bytes, at, at + 1))
        || memmem::find_iter(bytes, b"%40").any(|at| email_at(bytes, at, at + 3))
}

/// Whether an address has its sign at `at` and its domain at `domain_start`. The account `git` is nobody's.
fn email_at(bytes: &[u8], at: usize, domain_start: usize) -> bool {
    let (local, rest) = (&bytes[..at], &bytes[domain_start..]);
    if !local.last().is_some_and(|&byte| in_word(byte) || byte == b'+') {
        return false;
    }
    if local.strip_suffix(b"git").is_some_and(|before| !before.last().is_some_and(|&byte| in_word(byte))) {
        return false;
    }
    let length = rest.iter().take_while(|&&byte| in_word(byte)).count();
    let mut domain = &rest[..length];
    while let [head @ .., b'.' | b'-' | b'_'] = domain {
        domain = head;
    }
    let Some(last_dot) = memchr::memrchr(b'.', domain) else { return false };
    let last_label = &domain[last_dot + 1..];
    let Some(first_dot) = memchr::memchr(b'.', domain) else { return false };
    // `package@1.2.3-beta.rc` is a version; `163.com` is a domain.
    let is_version = domain[..first_dot].iter().all(u8::is_ascii_digit)
        && domain.get(first_dot + 1).is_some_and(u8::is_ascii_digit);
    first_dot > 0
        && !is_version
        && last_label.len() >= 2
        && !last_label.iter().all(u8::is_ascii_digit)
        && !last_label[0].is_ascii_digit()
}

fn holds_address(text: &str) -> bool {
    runs(text, |byte| byte.is_ascii_digit() || byte == b'.').any(|(at, run)| {
        // A dot can end the sentence; a `v` says that it is a version.
        let before = at.checked_sub(1).map(|before| text.as_bytes()[before]);
        let address = run.trim_end_matches('.');
        (7..=15).contains(&address.len())
            && !matches!(before, Some(b'v' | b'V'))
            && address.parse::<Ipv4Addr>().is_ok_and(|address| {
                !(address.is_loopback() || address.is_unspecified() || address.is_broadcast())
            })
    }) || runs(text, |byte| byte.is_ascii_hexdigit() || byte == b':')
        .any(|(at, run)| run.len() <= 40 && is_ipv6(text.as_bytes(), at, run))
}

/// Whether `run`, found at `at`, is an IPv6 address. One without any digit is more likely a path such as `a::b`.
fn is_ipv6(bytes: &[u8], at: usize, run: &str) -> bool {
    let before = at.checked_sub(1).map(|before| bytes[before]);
    let behind = &bytes[at + run.len()..];
    // Of `::ffff:10.0.0.7` the IPv4 address counts.
    let goes_on = matches!(behind, [b'.', digit, ..] if digit.is_ascii_digit())
        || behind.first().is_some_and(|&byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if goes_on || before.is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        return false;
    }
    let address = if run.ends_with("::") { run } else { run.strip_suffix(':').unwrap_or(run) };
    address.bytes().any(|byte| byte.is_ascii_digit())
        && address
            .parse::<Ipv6Addr>()
            .is_ok_and(|address| !(address.is_loopback() || address.is_unspecified()))
}

/// The longest runs of bytes of a class, with where they begin. The class is of ASCII, or takes all that is not.
fn runs(text: &str, in_class: impl Fn(u8) -> bool) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let bytes = text.as_bytes();
        let start = at + bytes.get(at..)?.iter().position(|&byte| in_class(byte))?;
        let length = bytes[start..].iter().position(|&byte| !in_class(byte));
        at = length.map_or(bytes.len(), |length| start + length);
        Some((start, text.get(start..at).unwrap_or_default()))
    })
}

/// Schemes whose URLs name no host but an extension or a part of the editor.
const HOSTLESS_SCHEMES: [&str; 8] = [
    "vscode",
    "vscode-insiders",
    "vscodium",
    "cursor",
    "windsurf",
    "vscode-file",
    "webpack",
    "webpack-internal",
];

fn ask_about_urls(text: &str, kinds: &mut SensitiveKinds) {
    let bytes = text.as_bytes();
    for at in memchr_iter(b':', bytes).filter(|&at| bytes[at..].starts_with(b"://")) {
        let rest = &text[at + 3..];
        let end = rest
            .bytes()
            .position(|byte| {
                matches!(
                    byte,
                    0..=b' '
                        | b'/'
                        | b'\\'
                        | b'?'
                        | b'#'
                        | b'"'
                        | b'\''
                        | b'`'
                        | b'<'
                        | b'>'
                        | b','
                        | b';'
                        | b'('
                        | b')'
                )
            })
            .unwrap_or(rest.len());
        let (user, host) = rest[..end].rsplit_once('@').unwrap_or(("", &rest[..end]));
        kinds.insert_if(
            user.split_once(':').is_some_and(|(_, password)| !password.is_empty()),
            SensitiveKind::Token,
        );
        // No scheme of the list is longer than this.
        let scheme_start = at.saturating_sub(20);
        let scheme = bytes[scheme_start..at]
            .rsplit(|&byte| !(byte.is_ascii_alphanumeric() || byte == b'-'))
            .next()
            .unwrap_or_default();
        let hostless = HOSTLESS_SCHEMES.iter().any(|name| name.as_bytes().eq_ignore_ascii_case(scheme));
        let host = host.split(':').next().unwrap_or_default();
        kinds.insert_if(!hostless && is_host(host), SensitiveKind::HostName);
    }
}

/// Whether `name` can be that of a host that is not this one.
fn is_host(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    name_begins(name, 0)
        && !ends_with_localhost(name.as_bytes())
        && name.bytes().any(|byte| !(byte.is_ascii_digit() || byte == b'.'))
}

/// Whether the last label of `name` is `localhost`.
fn ends_with_localhost(name: &[u8]) -> bool {
    name.rsplit(|&byte| byte == b'.').next().is_some_and(|label| label.eq_ignore_ascii_case(b"localhost"))
}

/// Last labels of the names of hosts, in lower case. Endings of file names (`rs`, `sh`, `py`, `md`, `ts`, `so`) and
/// words that end the names of events (`id`, `in`, `at`, `to`, `is`) are left out, although they are countries too.
const ENDINGS: [&str; 58] = [
    "com", "net", "org", "io", "dev", "cloud", "ai", "app", "co", "edu", "gov", "mil", "info", "biz", "tech",
    "internal", "local", "lan", "corp", "home", "intranet", "private", "test", "example", "invalid", "arpa",
    "eu", "de", "fr", "uk", "us", "ca", "ch", "nl", "es", "se", "fi", "dk", "ie", "pt", "cz", "hu", "gr",
    "ro", "ru", "ua", "jp", "cn", "kr", "tw", "hk", "sg", "au", "nz", "br", "mx", "ar", "za",
];

/// Last labels that count only behind two others, being words as well. Coder Connect ends names with `coder`.
const WEAK_ENDINGS: [&str; 8] = ["it", "be", "no", "pl", "me", "il", "tr", "coder"];

/// What the SSH host names begin with that the extension writes for workspaces. The deployment, the owner and the
/// workspace follow.
const WORKSPACE_ALIAS: &str = "coder-vscode";

fn holds_dotted_name(text: &str) -> bool {
    runs(text, in_word).any(|(at, word)| {
        word.len() >= 4 && {
            let behind = &text.as_bytes()[at + word.len()..];
            names_host(word, behind) && !is_domain_of_email(text.as_bytes(), at)
        }
    })
}

/// Whether the word at `at` is the domain of an e-mail address, maybe with the `40` of its `%40`.
fn is_domain_of_email(bytes: &[u8], at: usize) -> bool {
    let (before, word) = bytes.split_at(at);
    match before.last() {
        Some(b'@') => email_at(bytes, at - 1, at),
        Some(b'%') => word.starts_with(b"40") && email_at(bytes, at - 1, at + 2),
        _ => false,
    }
}

fn names_host(word: &str, behind: &[u8]) -> bool {
    if let Some(rest) = word.strip_prefix(WORKSPACE_ALIAS)
        && (rest.starts_with('.') || rest.starts_with("--"))
    {
        return true;
    }
    if behind.first() == Some(&b'(') {
        return false;
    }
    let name = word.trim_matches(|character: char| !character.is_alphanumeric() && character != '.');
    let name = name.split("--").next().unwrap_or_default().trim_end_matches('.');
    // The files whose names begin with a dot are settings (`.env.local`).
    if name.starts_with('.') {
        return false;
    }
    let Some((before, ending)) = name.rsplit_once('.') else { return false };
    if ending.len() > 8
        || ending.starts_with(|character: char| !character.is_ascii_alphabetic())
        || !before.ends_with(char::is_alphanumeric)
    {
        return false;
    }
    let is = |listed: &&str| listed.eq_ignore_ascii_case(ending);
    // The bundles of macOS are named like hosts.
    let is_bundle = ending == "app" && behind.starts_with(b"/Contents");
    !is_bundle && (ENDINGS.iter().any(is) || before.contains('.') && WEAK_ENDINGS.iter().any(is))
}

/// `\\server\`, also doubled, where a path can begin; not `\\?\`, `\\.\` or `\\wsl$\`.
fn holds_server_of_path(bytes: &[u8]) -> bool {
    memmem::find_iter(bytes, br"\\").any(|at| {
        let before = at.checked_sub(1).map_or(b' ', |before| bytes[before]);
        if !(before <= b' ' || b"\"'`(<[{=,;".contains(&before)) {
            return false;
        }
        let slashes = bytes[at..].iter().take_while(|&&byte| byte == b'\\').count();
        let name = &bytes[at + slashes..];
        let length = name.iter().take_while(|&&byte| in_word(byte)).count();
        matches!(slashes, 2 | 4)
            && name.get(length) == Some(&b'\\')
            && name[0].is_ascii_alphanumeric()
            && !ends_with_localhost(&name[..length])
    })
}

/// The name that Node or Go could not resolve, which needs no dot.
fn holds_unresolved_name(text: &str) -> bool {
    // Behind each space, because a search for each message costs more than a sentence is worth.
    memchr_iter(b' ', text.as_bytes()).any(|at| {
        let (before, rest) = (&text.as_bytes()[..at], &text[at + 1..]);
        let is_message = before.ends_with(b"ENOTFOUND")
            || before.ends_with(b"EAI_AGAIN")
            || before.ends_with(b"tcp: lookup");
        is_message && {
            let length = rest.bytes().take_while(|&byte| in_word(byte)).count();
            is_host(&rest[..length])
        }
    })
}

/// `Bearer` and what can be its token: not the next word of a sentence.
fn holds_bearer(bytes: &[u8]) -> bool {
    memchr_iter(b' ', bytes).any(|at| {
        if !(bytes[..at].ends_with(b"Bearer") || bytes[..at].ends_with(b"bearer")) {
            return false;
        }
        let token = &bytes[at + 1..];
        let length = token.iter().take_while(|&&byte| in_word(byte) || b"~+/=".contains(&byte)).count();
        let has_digit = token[..length].iter().any(u8::is_ascii_digit);
        length >= 20 || length >= 8 && has_digit
    })
}

/// No rule but those for headers takes a shorter run for a token.
const SHORTEST_TOKEN: usize = 20;

/// Digits that a run needs to be taken for an identifier if it has letters of one case only.
const FEWEST_DIGITS: usize = 4;

const TOKEN_PREFIXES: [&[u8]; 12] = [
    b"ghp_",
    b"gho_",
    b"ghu_",
    b"ghs_",
    b"ghr_",
    b"github_pat_",
    b"glpat-",
    b"xoxa-",
    b"xoxb-",
    b"xoxp-",
    b"xoxs-",
    b"eyJ",
];

fn holds_token(bytes: &[u8]) -> bool {
    bytes
        .split(|&byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+' | b'/' | b'=')))
        .filter(|run| run.len() >= SHORTEST_TOKEN)
        .any(|run| {
            let mut words = run.split(|byte| matches!(byte, b'+' | b'/' | b'='));
            words.any(|word| word.len() >= SHORTEST_TOKEN && is_token(word)) || looks_random(run)
        })
}

/// Whether `word`, of letters, digits, hyphens and underscores, is a token or has one in it.
fn is_token(word: &[u8]) -> bool {
    holds_hexadecimal_identifier(word)
        || has_token_prefix(word)
        || is_coder_token(word)
        || looks_random(word)
        || word.split(|byte| matches!(byte, b'-' | b'_')).any(looks_random)
}

fn has_token_prefix(word: &[u8]) -> bool {
    TOKEN_PREFIXES.iter().any(|prefix| word.starts_with(prefix))
        || word.starts_with(b"sk-") && word.iter().any(u8::is_ascii_digit)
        || (word.starts_with(b"AKIA") || word.starts_with(b"ASIA"))
            && word.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// A UUID, or 32 hexadecimal digits in a row, some of them decimal.
fn holds_hexadecimal_identifier(word: &[u8]) -> bool {
    let (mut length, mut digits) = (0, 0);
    for (at, byte) in word.iter().enumerate() {
        if byte.is_ascii_hexdigit() {
            length += 1;
            digits += usize::from(byte.is_ascii_digit());
            if length >= 32 && digits >= FEWEST_DIGITS {
                return true;
            }
            continue;
        }
        if *byte == b'-' && length >= 8 && ends_uuid(&word[at..]) {
            return true;
        }
        (length, digits) = (0, 0);
    }
    false
}

/// Whether `bytes` begin with what follows the first eight digits of a UUID.
fn ends_uuid(bytes: &[u8]) -> bool {
    bytes.get(..28).is_some_and(|rest| {
        rest.iter().enumerate().all(|(at, byte)| match at {
            0 | 5 | 10 | 15 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
    })
}

/// Ten letters and digits, a hyphen and 22 more, among them a digit.
fn is_coder_token(word: &[u8]) -> bool {
    let mut length_before = 0;
    word.split(|byte| matches!(byte, b'-' | b'_')).any(|part| {
        let matches = length_before == 10 && part.len() == 22 && part.iter().any(u8::is_ascii_digit);
        length_before = part.len();
        matches
    })
}

/// Whether `run` changes between upper case, lower case and digits as often as chance does and words do not: in two
/// of five places if it has all three, in one of three if it has digits and one case and nothing else.
fn looks_random(run: &[u8]) -> bool {
    if run.len() < SHORTEST_TOKEN {
        return false;
    }
    const ANY: u16 = DIGIT | LOWER | UPPER;
    let (mut seen, mut changes, mut digits, mut before) = (0, 0, 0, 0);
    for &byte in run {
        let class = CLASSES[usize::from(byte)];
        changes += usize::from(class != before && class & ANY != 0 && before & ANY != 0);
        digits += usize::from(class & DIGIT);
        seen |= class;
        before = class;
    }
    let pairs = run.len() - 1;
    match seen & ANY {
        ANY => changes * 5 >= pairs * 2,
        _ => seen & !ANY == 0 && seen & DIGIT != 0 && digits >= FEWEST_DIGITS && changes * 3 >= pairs,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::time::{Duration, Instant};

    use SensitiveKind::{Email, HostName, IpAddress, Token, UserPath};

    fn kinds_of(text: &str) -> Vec<SensitiveKind> {
        sensitive_kinds(text).iter().collect()
    }

    /// Values that hold one kind and no other.
    const MARKED: &[(SensitiveKind, &[&str])] = &[
        (
            UserPath,
            &[
                "/home/anna",
                "/home/anna/.ssh/config",
                "open /home/anna/.ssh/config: permission denied",
                "/Users/anna/Library/Logs",
                "/var/home/jörg/x",
                "/home/österreicher",
                r"C:\Users\anna",
                r"d:\users\anna\AppData",
                r"C:\\Users\\anna\\AppData",
                "C:/Users/anna",
                "/c/Users/anna",
                "/mnt/c/Users/anna/x",
                "file:///c%3A/Users/anna/x",
                "file:///home/anna",
                "%2Fhome%2Fanna",
                r"C:\Documents and Settings\anna\x",
                r"C:\Users\ANNAMA~1\AppData",
                "/Users/%C3%A4nna/x",
                "/api/v2/users/anna/workspace/{name}",
                "~anna/.ssh/config",
                "https://localhost/~anna/",
            ],
        ),
        (
            Email,
            &[
                "anna@corp.example",
                "user bob@corp.example is not allowed",
                "<first.last+tag@mail.corp.museum>",
                "mailto:a@b.de.",
                "x@163.com",
                "bob%40corp.example",
                "ö@müller.de",
            ],
        ),
        (
            IpAddress,
            &[
                "10.0.0.7",
                "connect ECONNREFUSED 10.0.0.7:443",
                "https://192.168.1.20:7080/api",
                "no route to 203.0.113.9.",
                "1.107.2.1",
                "::ffff:10.0.0.7",
                "2001:db8::1",
                "dial tcp [2001:db8::1]:443: refused",
                "fe80::1%eth0",
                "2001:db8::1: no route",
                "user@10.0.0.7",
            ],
        ),
        (
            HostName,
            &[
                "https://dev.coder.example.com",
                "https://coder-host:7080/x",
                "wss://anna@build/x",
                "vscode-remote://ssh-remote+box/work",
                "getaddrinfo ENOTFOUND coder-host",
                "dial tcp: lookup coder.acme on 127.0.0.53:53: no such host",
                "dev.coder.com",
                "github.com/coder/coder",
                "Host DEV.CODER.COM is down.",
                "db01.corp.internal:5432",
                "printer.local",
                "www.firma.de",
                "a.firma.it",
                "dev.anna.coder",
                "git@github.com:coder/coder.git",
                "coder-vscode.dev.coder.com--anna--dev",
                "coder-vscode--anna--dev.main",
                r"\\fileserver\share\x",
                r"open \\\\fileserver\\share",
                "“dev.coder.com”",
            ],
        ),
        (
            Token,
            &[
                "91e90a7f8bc9f1b92bb08e77d9eaace35f5ca162aa5391a2f018730468647749",
                "4fa35a6005349dc7eb1d32d2b9c3b82c",
                "session 4FA35A6005349DC7EB1D32D2B9C3B82C ended",
                "3f2b1c9e-7d4a-4e1b-9c2f-0a1b2c3d4e5f",
                "/api/v2/workspaces/3f2b1c9e-7d4a-4e1b-9c2f-0a1b2c3d4e5f",
                "ghp_abcdefghijklmnopqrstuvwxyzabcdefghij",
                "token=github_pat_11ABCDEFG0abcdefghij",
                "glpat-abcdefghij0123456789",
                "xoxb-123456789012-abcdefghijkl",
                "AKIAIOSFODNN7EXAMPLE",
                "sk-abcdefghijklmnop1234",
                "eyJhbGciOiJIUzI1NiJ9.e30.x",
                "Authorization: Bearer abc12345",
                "aB3dE6gH9j-kL2nO5qR8tU1wX4zA7cD0e",
                "-----BEGIN OPENSSH PRIVATE KEY-----",
                "q7Jd/Xk2+Vb9RtLw0Zs5/Hn8QyG3mTc1uPf6AeKo",
                "x7k2m9q4w8z1p5v3n6b0",
                "01ARZ3NDEKTSV4RRFFQ69G5FAV",
                "ftp://anna:secret@localhost/",
            ],
        ),
    ];

    const UNMARKED: &[&str] = &[
        "",
        "success",
        "network_error",
        "connection.state_transitioned",
        "workbench.action.files.save",
        "coder.open",
        "cli.resolve",
        "duration.p95_ms",
        "count.2xx",
        "coder.coder-remote",
        "WorkspaceAgentConnectionHandoff2",
        "a_rather_long_name_of_an_event_with_words",
        "7817a28e9423e2d2",
        "1.107.2",
        "10.0.26100",
        "6.8.0-57-generic",
        "v1.2.3.4",
        "256.1.1.1",
        "1.2.3.4.5",
        "2026-06-01T08:21:18.749Z",
        "12:00:01",
        "244.27868865195165",
        "20260601082118749123456",
        "main.rs",
        "README.md",
        "setup.py",
        "run.sh",
        "src/index.ts:12:5",
        "foo.test.ts",
        ".env.local",
        "console.info(x)",
        "/Applications/Visual Studio Code.app/Contents/Resources",
        "/api/v2/workspaceagents/{id}/connection",
        "/api/v2/users/{name}/workspace/{name}",
        "/api/v2/users/me",
        "/home/",
        "/home",
        "/home/coder/project",
        "/home/$USER/x",
        "/Users/Shared/x",
        r"C:\Users\Public",
        r"C:\Users\%USERNAME%\x",
        "/root/.ssh",
        "~/.ssh/config",
        r"C:\PROGRA~1\x",
        "@scope/package",
        "lodash@4.17.21",
        "package@1.0.0-beta.rc",
        "coder@workspace",
        "git@",
        "127.0.0.1:8080",
        "0.0.0.0",
        "::",
        "::1",
        "a::b",
        "std::fs::read",
        "http://localhost:3000/x",
        "http://dev.localhost",
        "http://[::1]:80/",
        "https://{host}/x",
        "file:///tmp/x",
        "vscode://coder.coder-remote/open",
        "vscode-file://vscode-app/x",
        r"\\?\C:\x",
        r"\\.\pipe\x",
        r"\\wsl.localhost\Ubuntu",
        r"C:\\tools\\x",
        "the bearer of news",
        "Bearer authentication",
        "Visual Studio Code",
        "San Francisco",
        "not found...",
        "telemetry-2026-06-02-settings",
    ];

    #[test]
    fn values_are_marked_with_their_kind_and_no_other() {
        for (kind, values) in MARKED {
            for value in *values {
                assert_eq!(kinds_of(value), [*kind], "{value}");
            }
        }
    }

    #[test]
    fn words_versions_events_and_routes_are_not_marked() {
        for value in UNMARKED {
            assert_eq!(kinds_of(value), [], "{value}");
        }
    }

    #[test]
    fn a_sentence_can_hold_several_kinds() {
        assert_eq!(
            kinds_of(
                "bob@corp.example: open /home/bob/x on 10.0.0.7 at https://dev.coder.com, session 4fa35a6005349dc7eb1d32d2b9c3b82c"
            ),
            SensitiveKind::ALL,
        );
        assert_eq!(kinds_of(r"\\files\share\users\anna"), [UserPath, HostName]);
        assert_eq!(kinds_of("https://bob@dev.coder.com"), [Email, HostName]);
    }

    #[test]
    fn kinds_have_names_for_people() {
        let names = SensitiveKind::ALL.map(SensitiveKind::name);
        assert_eq!(
            names,
            ["path with a user name", "e-mail address", "IP address", "host name", "token or identifier"],
        );
        assert!(SensitiveKinds::default().is_empty());
    }

    #[test]
    fn hostile_text_takes_no_longer_than_its_length_asks() {
        const PIECES: &[&str] = &[
            "@",
            ".",
            ":",
            "/",
            "\\",
            "%",
            "~",
            "-",
            "_",
            " ",
            "a",
            "a.",
            "a@",
            "a@a.",
            "a.a@",
            "://",
            "a://",
            "::",
            "1:",
            "1.",
            "f",
            "0",
            "aB1",
            "\\\\a",
            "/users/",
            "/home/",
            "/home",
            "%2F",
            "%40",
            "~a",
            "x--",
            "a.com--",
            "@a.c_",
            "earer ",
            "ENOTFOUND ",
            "coder-vscode",
            "aaaaaaaa-",
            "00000000-0000-",
            "ü",
            "…",
            "/users/coder",
            "git@",
            "x@a.com--",
            "://@",
            "://:",
            "a=",
            "-----",
            "\0",
        ];
        for piece in PIECES {
            let text = piece.repeat(250_000 / piece.len());
            let start = Instant::now();
            std::hint::black_box(sensitive_kinds(&text));
            // Quadratic time would be minutes even where tests are not optimised.
            assert!(start.elapsed() < Duration::from_secs(2), "{piece}: {:?}", start.elapsed());
        }
    }

    fn marked_value() -> impl Strategy<Value = &'static str> {
        proptest::sample::select(
            MARKED.iter().flat_map(|(_, values)| values.iter().copied()).collect::<Vec<_>>(),
        )
    }

    /// Text of pieces that the rules look for.
    fn suspicious_text() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            "[a-zA-Z0-9._@:/\\\\%~ü(-]{0,6}",
            proptest::sample::select(vec![
                "/home/",
                "/Users/",
                "Shared",
                "coder",
                "://",
                "git@",
                "10.0.0.",
                "com",
                ".app",
                "/Contents",
                "--",
                "localhost",
                "%2F",
                "\\\\",
                "ENOTFOUND ",
                "Bearer ",
                "coder-vscode",
                "::",
                "127.0.0.1",
                "vscode",
            ])
            .prop_map(str::to_owned),
            marked_value().prop_map(str::to_owned),
        ];
        proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn any_text_is_judged_without_a_panic(text in "\\PC*", suspicious in suspicious_text()) {
            sensitive_kinds(&text);
            sensitive_kinds(&suspicious);
        }

        #[test]
        fn a_marked_value_stays_marked_among_words(
            before in "[a-zA-Z]{0,12}", value in marked_value(), behind in "[a-zA-Z]{0,12}"
        ) {
            let alone = sensitive_kinds(value);
            let among_words = sensitive_kinds(&format!("{before} {value} {behind}"));
            prop_assert_eq!(among_words.union(alone), among_words);
        }

        #[test]
        fn two_texts_hold_together_what_each_holds(first in suspicious_text(), second in suspicious_text()) {
            let together = sensitive_kinds(&format!("{first} {second}"));
            let union = sensitive_kinds(&first).union(sensitive_kinds(&second));
            prop_assert_eq!(together.union(union), together);
        }
    }
}
