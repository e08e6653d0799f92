//! Names that are missing, refused or taken: `deployments.apps "NAME" not found`, `no such service: NAME`.
//!
//! A name in quotes counts after any noun but one of code. Without quotes, or in brackets, it counts only
//! after nouns for things that people name.

use std::ops::Range;

use super::characters::in_word;
use super::kinds::Rule;
use super::marks::Search;
use super::nouns::{Noun, is_filler, noun_of};
use super::quotes::{bracketed_at, bracketed_before, quoted_at, quoted_before};
use super::shapes::{has_form, has_inner_capital, is_device, is_full_name, is_name, is_private_scope};
use super::states::{REPORTS, STATES, VERBS};
use super::triggers::{Followers, Phrases};
use super::words::{is_one_of, names_nobody};

pub(super) const FOLLOWERS: &[Followers] =
    &[Followers { phrases: STATES, check: check_state }, Followers { phrases: REPORTS, check: check_report }];

pub(super) const PHRASES: &[Phrases] = &[Phrases { phrases: VERBS, check: check_after_verb }];

/// What surrounds a name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Setting {
    Quotes,
    Brackets,
    Nothing,
}

/// Marks the name before a phrase such as ` not found`.
fn check_state(search: &mut Search<'_, '_>, end: usize) {
    let (span, start, setting) = name_before(search, end);
    let noun = noun_before(search, start);
    // `/NAME` is how Docker writes names of containers.
    let span =
        if noun == Noun::Resource && search.at(span.start) == b'/' { span.start + 1..span.end } else { span };
    let name = &search.text[span.clone()];
    let is_scope = [" is not in this registry", " is not in the npm registry"]
        .iter()
        .any(|state| search.continues_with(end, state))
        && is_private_scope(name);
    let is_certain = [" does not appear to be a git", " is already checked out", " is not a wireguard"]
        .iter()
        .any(|state| search.continues_with(end, state))
        && is_name(name)
        && !is_device(name)
        && !names_nobody(name);
    if is_scope || is_certain {
        search.mark(Rule::NameInSentence, span);
    } else {
        mark_if_named(search, span, noun, setting);
    }
}

/// The name that ends at `end`, where it begins including quotes, and what surrounds it.
fn name_before(search: &Search<'_, '_>, end: usize) -> (Range<usize>, usize, Setting) {
    /// The longest name without quotes.
    const LONGEST: usize = 80;
    if let Some((span, start)) = quoted_before(search, end) {
        return (span, start, Setting::Quotes);
    }
    if let Some((span, start)) = bracketed_before(search, end) {
        return (span, start, Setting::Brackets);
    }
    let start = search.run_start(end, LONGEST, |byte| in_word(byte) || matches!(byte, b'/' | b':'));
    let end = start + search.text[start..end].trim_end_matches(':').len();
    (start..end, start, Setting::Nothing)
}

/// What the word before a name says.
fn noun_before(search: &Search<'_, '_>, name: usize) -> Noun {
    /// The longest noun.
    const LONGEST: usize = 64;
    let mut end = name;
    for _ in 0..3 {
        let blank_start = search.run_start(end, 2, |byte| matches!(byte, b' ' | b':'));
        if blank_start == end {
            return if end == name && end > 0 { Noun::Code } else { Noun::Missing };
        }
        let follows_colon = search.bytes[blank_start] == b':';
        let start = search.run_start(blank_start, LONGEST, in_word);
        let word = &search.text[start..blank_start];
        if !is_filler(word) {
            let noun = noun_of(word);
            let counts = !follows_colon || matches!(noun, Noun::Person | Noun::Resource);
            return if counts { noun } else { Noun::Missing };
        }
        end = start;
    }
    Noun::Missing
}

fn mark_if_named(search: &mut Search<'_, '_>, span: Range<usize>, noun: Noun, setting: Setting) {
    let name = &search.text[span.clone()];
    if let Some(length) = length_of_owner(name, noun) {
        search.mark(Rule::NameInSentence, span.start..span.start + length);
        return;
    }
    if names_nobody(name) || !is_name(name) {
        return;
    }
    let counts = match (setting, noun) {
        (_, Noun::Code) => false,
        (Setting::Quotes, Noun::Person) => name.len() > 1,
        (_, Noun::Resource) if is_device(name) => false,
        (Setting::Quotes, Noun::Resource) => name.len() > 1,
        (Setting::Brackets, Noun::Index) => has_form(name) && !name.contains(' '),
        (Setting::Quotes, Noun::Other) => !is_device(name) && name.len() > 2 && !has_inner_capital(name),
        (Setting::Nothing, Noun::Person) => (has_form(name) || name.len() > 3) && !has_inner_capital(name),
        (Setting::Nothing | Setting::Brackets, Noun::Resource) | (Setting::Brackets, Noun::Person) => {
            (has_form(name) || name.contains(':')) && !name.contains(' ') && !is_member(name)
        }
        (Setting::Quotes, Noun::Missing) => is_full_name(name),
        _ => false,
    };
    if counts {
        search.mark(Rule::NameInSentence, span);
    }
}

/// The length of the database before a table, or of the company before an image: `NAME.orders`,
/// `NAME/app:latest`.
fn length_of_owner(name: &str, noun: Noun) -> Option<usize> {
    /// Schemas that every database has, and companies whose images are public.
    const PUBLIC: [&str; 20] = [
        "bitnami",
        "codercom",
        "dbo",
        "gitpod",
        "grafana",
        "hashicorp",
        "information_schema",
        "jetbrains",
        "library",
        "linuxserver",
        "mcr",
        "mysql",
        "nvidia",
        "performance_schema",
        "pg_catalog",
        "prom",
        "sys",
        "temp",
        "tmp",
        "vscode",
    ];
    let separator = match noun {
        Noun::Table => '.',
        Noun::Image => '/',
        _ => return None,
    };
    let (owner, _) = name.split_once(separator)?;
    let counts = is_name(owner) && !owner.contains('.') && !names_nobody(owner) && !is_one_of(owner, &PUBLIC);
    counts.then_some(owner.len())
}

/// Whether a name belongs to a class or service in code, as in `grpc.health.v1.Health`.
fn is_member(name: &str) -> bool {
    has_inner_capital(name)
        || name.contains('.')
            && name.starts_with(|first: char| first.is_ascii_lowercase())
            && name.rsplit('.').next().is_some_and(|last| last.starts_with(char::is_uppercase))
}

/// Whether a word is a kind of object of Kubernetes, also with its group, as in `deployment.apps`.
fn is_kubernetes_kind(kind: &str) -> bool {
    const KINDS: [&str; 18] = [
        "clusterrole",
        "clusterrolebinding",
        "configmap",
        "cronjob",
        "daemonset",
        "deployment",
        "ingress",
        "job",
        "namespace",
        "node",
        "persistentvolumeclaim",
        "pod",
        "role",
        "rolebinding",
        "secret",
        "service",
        "serviceaccount",
        "statefulset",
    ];
    is_one_of(kind.split('.').next().unwrap_or_default(), &KINDS)
}

/// Marks the name in reports of `docker compose` and `kubectl`.
fn check_report(search: &mut Search<'_, '_>, end: usize) {
    const NOUNS: [&str; 3] = ["container", "network", "volume"];
    let blanks = search.run_start(end, 2, |byte| byte == b' ');
    let (span, start, setting) = name_before(search, blanks);
    if let Some((kind, name)) = search.text[span.clone()].split_once('/')
        && setting == Setting::Nothing
        && is_kubernetes_kind(kind)
    {
        if !names_nobody(name) && is_name(name) {
            search.mark(Rule::NameInSentence, span.end - name.len()..span.end);
        }
        return;
    }
    let noun_end = search.run_start(start, 1, |byte| byte == b' ');
    let noun_start = search.run_start(noun_end, 12, |byte| byte.is_ascii_alphabetic());
    let noun = &search.text[noun_start..noun_end];
    let counts = NOUNS.iter().any(|word| noun.eq_ignore_ascii_case(word));
    if counts && (setting == Setting::Quotes || has_form(&search.text[span.clone()])) {
        mark_if_named(search, span, Noun::Resource, setting);
    }
}

/// Marks the name after a phrase such as `no such ` and a noun.
fn check_after_verb(search: &mut Search<'_, '_>, _: &'static str, at: usize) {
    const WORDS_AT_MOST: usize = 5;
    const LONGEST: usize = 64;
    let mut noun = Noun::Missing;
    let mut at = at;
    for _ in 0..WORDS_AT_MOST {
        if let Some(span) = quoted_at(search, at) {
            return mark_after_verb(search, span, noun, Setting::Quotes);
        }
        if let Some(span) = bracketed_at(search, at) {
            return mark_after_verb(search, span, noun, Setting::Brackets);
        }
        let end = search.run_end(at, LONGEST, |byte| in_word(byte) || byte == b'/');
        let word = &search.text[at..end];
        if word.is_empty() {
            return;
        }
        if matches!(noun, Noun::Person | Noun::Resource) && has_form(word) {
            let end = at + word.trim_end_matches(['.', '/', '-', '_']).len();
            return mark_if_named(search, at..end, noun, Setting::Nothing);
        }
        if !is_filler(word) {
            noun = noun_of(word);
        }
        match search.rest(end) {
            [b':', b' ', ..] => return check_after_colon(search, end + 2, noun),
            [b' ', ..] => at = end + 1,
            _ => return,
        }
    }
}

/// Marks the name after `no such NOUN: `.
fn check_after_colon(search: &mut Search<'_, '_>, at: usize, noun: Noun) {
    if let Some(span) = quoted_at(search, at) {
        return mark_after_verb(search, span, noun, Setting::Quotes);
    }
    if let Some(span) = bracketed_at(search, at) {
        return mark_after_verb(search, span, noun, Setting::Brackets);
    }
    let end = search.run_end(at, 80, |byte| in_word(byte) || byte == b'/');
    let end = at + search.text[at..end].trim_end_matches(['.', '/', '-', '_']).len();
    let ends_sentence =
        matches!(search.at(end), b'\n' | b',' | b'.' | b';' | b')') || end == search.bytes.len();
    let name = &search.text[at..end];
    // A person's name may be a plain word.
    if noun == Noun::Person && ends_sentence && name.len() > 3 && !names_nobody(name) && is_name(name) {
        search.mark(Rule::NameInSentence, at..end);
    } else {
        mark_if_named(search, at..end, noun, Setting::Nothing);
    }
}

/// Marks a name, unless there is no noun before it: `cannot find 'NAME'` is about code.
fn mark_after_verb(search: &mut Search<'_, '_>, span: Range<usize>, noun: Noun, setting: Setting) {
    if noun != Noun::Missing {
        mark_if_named(search, span, noun, setting);
    }
}
