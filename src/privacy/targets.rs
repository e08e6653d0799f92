//! Hosts that the words around them reveal, in network messages and as targets of commands.

use std::ops::Range;

use super::characters::{in_name, in_word};
use super::hosts::{LONGEST_NAME, check_name_in_host_place, is_host};
use super::kinds::Rule;
use super::marks::Search;
use super::triggers::{Followers, Phrases, Trigger};
use super::words::{is_number, is_one_of, is_ordinary, is_usual_name};

pub(super) const PHRASES: &[Phrases] = &[
    // Only a host follows these.
    Phrases {
        phrases: &[
            "alternate full address:s:",
            "eai_again ",
            "enotfound ",
            "full address:s:",
            "gatewayhostname:s:",
            "host key for ",
            "known_hosts: ",
            "nslookup ",
            "resolve host: ",
            "resolve hostname ",
            "ssh-remote+",
            "tcp: lookup ",
            "telnet ",
            "udp: lookup ",
            "unc\\",
            "unknownhostexception: ",
        ],
        check: check_certain_host,
    },
    Phrases { phrases: &["tcp:"], check: check_listener },
    // An ordinary word may follow these instead.
    Phrases {
        phrases: &[
            "/v:",
            "be resolved: '",
            "can't resolve '",
            "certificate for ",
            "closed by ",
            "computer ",
            "connect to ",
            "connect to host ",
            "connected to ",
            "connecting to ",
            "connection to ",
            "dial ",
            "dial tcp ",
            "dig ",
            "disconnected from ",
            "econnrefused ",
            "econnreset ",
            "ehostunreach ",
            "etimedout ",
            "exchange_identification: ",
            "from host ",
            "host ",
            "host '",
            "host \"",
            "host address ",
            "host address '",
            "host name ",
            "host: ",
            "hostname: ",
            "is known. (",
            "known host ",
            "linux ",
            "logged in to ",
            "lookup ",
            "machine ",
            "name resolution: ",
            "negotiate with ",
            "nc ",
            "nfs server ",
            "no such host: ",
            "node ",
            "of host '",
            "of host \"",
            "on host ",
            "permanently added '",
            "ping ",
            "proxy ",
            "proxy: ",
            "reach host ",
            "resolve host ",
            "resolve proxy: ",
            "server ",
            "server '",
            "server \"",
            "server at ",
            "server on '",
            "signed in to ",
            "ssh: connect to ",
            "to server ",
            "traceroute ",
            "tracert ",
            "tunnel to ",
            "unknown host ",
            "unreachable: ",
            "upstream ",
            "valid for ",
            "via ",
            "via host ",
        ],
        check: check_likely_host,
    },
];

pub(super) const TRIGGERS: &[Trigger] = &[
    Trigger { words: &["ssh", "sftp", "mosh", "id"], check: check_ssh_command },
    Trigger { words: &["scp", "rsync"], check: check_copy_command },
    Trigger {
        words: &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
        check: check_log_line,
    },
];

fn check_certain_host(search: &mut Search<'_, '_>, _: &'static str, at: usize) {
    check_name_in_host_place(search, at);
    let (start, end) = host_at(search, at);
    if is_host(&search.text[start..end]) && !is_number(&search.text[start..end]) {
        search.mark(Rule::HostInSentence, start..end);
    }
}

/// Marks the host of `tcp:HOST,1433`.
fn check_listener(search: &mut Search<'_, '_>, _: &'static str, at: usize) {
    if search.at(host_at(search, at).1) == b',' {
        check_certain_host(search, "", at);
    } else {
        check_name_in_host_place(search, at);
    }
}

fn check_likely_host(search: &mut Search<'_, '_>, phrase: &'static str, at: usize) {
    check_name_in_host_place(search, at);
    let (start, end) = host_at(search, at);
    let name = &search.text[start..end];
    let counts = looks_like_a_host(name, phrase) || shows_host(search, end) && !is_ordinary(name);
    if counts && is_host(name) && !is_number(name) {
        search.mark(Rule::HostInSentence, start..end);
    }
}

/// Whether the words after a name show that it is a host: `connect to NAME port 22`,
/// `lookup NAME on 127.0.0.53`.
fn shows_host(search: &Search<'_, '_>, end: usize) -> bool {
    [" port ", " on 1", " closed"].iter().any(|words| search.continues_with(end, words))
}

pub(super) const FOLLOWERS: &[Followers] = &[Followers {
    phrases: &[
        ": name or service not known",
        ": nodename nor servname",
        ": nxdomain",
        ": temporary failure in name resolution",
        " not found: 3(nxdomain)",
        ": unknown host",
        "]: ps ",
        "]: unreachable!",
    ],
    check: check_unresolved,
}];

/// Marks the name before a message about it.
fn check_unresolved(search: &mut Search<'_, '_>, end: usize) {
    let mut end = end;
    let mut start = search.run_start(end, LONGEST_NAME, in_word);
    if search.before(start) == b'/' {
        // A service follows the host: `could not resolve NAME/telnet`.
        end = start - 1;
        start = search.run_start(end, LONGEST_NAME, in_word);
    }
    let name = &search.text[start..end];
    if is_host(name) && !is_number(name) && !is_ordinary(name) {
        search.mark(Rule::HostInSentence, start..end);
    }
}

/// The name at `at`, after a quote if there is one.
fn host_at(search: &Search<'_, '_>, at: usize) -> (usize, usize) {
    let start = at + usize::from(matches!(search.at(at), b'\'' | b'"' | b'`' | b'['));
    if start > search.bytes.len() {
        return (at, at);
    }
    let end = search.run_end(start, LONGEST_NAME, in_word);
    (start, start + search.text[start..end].trim_end_matches(['.', '-', '_']).len())
}

/// Whether a word after a phrase is a machine's name, and not the next word of the sentence.
fn looks_like_a_host(name: &str, phrase: &str) -> bool {
    const ARTICLES: [&str; 6] = ["a", "an", "the", "this", "that", "it"];
    if name.len() < 3 || name.contains(['_', '.']) || is_one_of(name, &ARTICLES) {
        return false;
    }
    let has_digit_or_hyphen = name.contains('-') || name.bytes().any(|byte| byte.is_ascii_digit());
    let is_quoted = phrase.ends_with(['\'', '"']);
    let names_host = ["host", "resol", "nfs", "("].iter().any(|word| phrase.contains(word));
    (has_digit_or_hyphen || is_quoted || names_host) && !is_ordinary(name) && !is_usual_name(name)
}

/// Whether a word is a command with arguments: a blank follows it, and it is not part of a longer word.
fn is_command(search: &Search<'_, '_>, word: &Range<usize>) -> bool {
    let before = search.before(word.start);
    search.bytes.get(word.end) == Some(&b' ')
        && (before <= b' ' || matches!(before, b'"' | b'\'' | b'`' | b'/'))
}

/// The most words after a command that are checked.
const WORDS_AT_MOST: usize = 8;

/// Marks the target of `ssh`, `sftp`, `mosh` and `ssh-copy-id`.
fn check_ssh_command(search: &mut Search<'_, '_>, command: Range<usize>) {
    /// Options without a value.
    const FLAGS: &[u8] = b"46AaCfGgKkMNnqsTtVvXxYy";
    let is_copy_id = search.ends_with(command.end, "ssh-copy-id");
    if !(is_copy_id && search.bytes.get(command.end) == Some(&b' '))
        && (!is_command(search, &command) || search.ends_with(command.end, "id"))
    {
        return;
    }
    let mut from = command.end + 1;
    let mut is_value = false;
    for word in search.text[from..].split(' ').take(WORDS_AT_MOST) {
        let start = from;
        from += word.len() + 1;
        if is_value {
            is_value = false;
        } else if word.starts_with('-') {
            is_value = word.len() == 2 && !FLAGS.contains(&word.as_bytes()[1]);
        } else {
            mark_target(search, start, word);
            return;
        }
    }
}

/// Marks the host of `USER@HOST` or `HOST` at the start of `word`.
fn mark_target(search: &mut Search<'_, '_>, start: usize, word: &str) {
    let name = word.rsplit('@').next().unwrap_or_default();
    let start = start + word.len() - name.len();
    let end = search.run_end(start, name.len(), in_name);
    if is_target(&search.text[start..end]) {
        search.mark(Rule::HostInSentence, start..end);
    }
}

/// Marks the host of `scp FILE HOST:FILE`: it is in the word with a colon.
fn check_copy_command(search: &mut Search<'_, '_>, command: Range<usize>) {
    /// How much of the command is read.
    const LONGEST: usize = 300;
    if !is_command(search, &command) {
        return;
    }
    let mut from = command.end + 1;
    let end = search.run_end(from, LONGEST, |byte| byte != b'\n');
    for word in search.text[from..end].split(' ').take(WORDS_AT_MOST) {
        if let Some((target, _)) = word.split_once(':') {
            mark_target(search, from, target);
        }
        from += word.len() + 1;
    }
}

/// Marks the host in a line of the system's log: `Jun 01 08:21:18 HOST sshd[812]: …`.
fn check_log_line(search: &mut Search<'_, '_>, month: Range<usize>) {
    /// The length of ` 01 08:21:18 `.
    const TIME: usize = 13;
    let Some(time) = search.bytes.get(month.end..month.end + TIME) else { return };
    let is_time = time.iter().enumerate().all(|(at, byte)| match at {
        0 | 3 | 12 => *byte == b' ',
        6 | 9 => *byte == b':',
        // A day of one digit has a blank before it.
        1 => *byte == b' ' || byte.is_ascii_digit(),
        _ => byte.is_ascii_digit(),
    });
    if !is_time {
        return;
    }
    let start = month.end + TIME;
    let end = search.run_end(start, LONGEST_NAME, in_word);
    let name = &search.text[start..end];
    if search.at(end) == b' ' && is_host(name) && !is_number(name) && !is_ordinary(name) {
        search.mark(Rule::HostInSentence, start..end);
    }
}

fn is_target(name: &str) -> bool {
    is_host(name)
        && name.len() > 2
        && !name.contains(['*', '?', '(', '/'])
        && !is_ordinary(name)
        && !is_usual_name(name)
}
