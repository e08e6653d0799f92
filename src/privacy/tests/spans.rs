//! Properties of the marks of any text.

use proptest::prelude::*;

use super::super::phrases::BEFORE_NAMES;
use super::super::words::is_pseudonym;
use super::super::{KeyMeaning, Mark, Rule};
use super::tables::MARKED;
use super::{found, marks_of, marks_under};

/// A value that is marked without a key.
fn marked_value() -> impl Strategy<Value = &'static str> {
    let values = MARKED.iter().filter(|(key, ..)| key.is_empty()).map(|(_, value, _)| *value);
    proptest::sample::select(values.collect::<Vec<_>>())
}

/// A line of the word lists, or a phrase before a name.
fn data_line() -> impl Strategy<Value = &'static str> {
    let data = [
        include_str!("../data/command_templates.txt"),
        include_str!("../data/key_endings.txt"),
        include_str!("../data/collections.txt"),
        include_str!("../data/resource_nouns.txt"),
    ];
    let lines = data.into_iter().flat_map(str::lines).chain(BEFORE_NAMES.iter().copied());
    proptest::sample::select(lines.collect::<Vec<_>>())
}

/// Text that consists of pieces that the rules look for.
fn suspicious_text() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
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
        "%3D",
        "%3A%2F%2F",
        "%40",
        "\\\\",
        "\\\"",
        "ENOTFOUND ",
        "Bearer ",
        "coder-vscode",
        "::",
        "127.0.0.1",
        "user",
        "owner: ",
        "password=",
        "token=\"",
        "Cookie: ",
        "ssh ",
        "scp ",
        " host ",
        "Host ",
        "SN ",
        "Serial number ",
        "arn:",
        "uid=1(",
        ":x:1:",
        "-rw-r--r-- ",
        "derp ",
        " from ",
        "Dallas",
        " Inc.",
        "OneDrive - ",
        "-----BEGIN ",
        "-----END ",
        "SHA256:",
        "AAAA",
        "ghp_",
        "+1 ",
        "(",
        "'",
        "\"",
        "`",
        "</",
        ">",
        "ü",
        "é",
        "–",
        "\u{2028}",
        "🙂",
        "\n",
        "Jun 01 08:21:18 ",
        "ssh-copy-id",
        "\\\\`",
        "「",
        "：",
        "„",
        "🇩",
        "refs/heads/",
        "github.com/",
        ".git",
        "S-1-5-21-",
        "auth0|",
        "host-553211c41f646527",
        "name-553211c41f646527",
    ];
    let piece = prop_oneof![
        "[a-zA-Z0-9._@:/\\\\%~ü=+-]{0,6}",
        proptest::sample::select(PIECES).prop_map(str::to_owned),
        data_line().prop_map(str::to_owned),
        marked_value().prop_map(str::to_owned),
    ];
    proptest::collection::vec(piece, 0..10).prop_map(|pieces| pieces.concat())
}

fn key() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(
        &[
            "", "user", "password", "token", "host", "city", "region", "phone", "id", "key", "version",
            "trace_id",
        ][..],
    )
}

fn assert_well_formed(text: &str, marks: &[Mark]) {
    for Mark { span, .. } in marks {
        assert!(span.start < span.end, "{span:?} in {text:?} is not empty");
        assert!(text.get(span.clone()).is_some(), "{span:?} in {text:?} lies between characters");
    }
    for (at, mark) in marks.iter().enumerate() {
        for other in &marks[at + 1..] {
            assert!(mark.span.start <= other.span.start, "{mark:?} and {other:?} in {text:?} are in order");
            let covers = other.span.end <= mark.span.end;
            let may_cover = other.rule.kind().is_secret() && !mark.rule.kind().is_secret();
            assert!(!covers || may_cover, "{mark:?} in {text:?} covers {other:?}");
        }
    }
}

fn union(marks: &[Mark]) -> Vec<bool> {
    let mut covered = Vec::new();
    for Mark { span, .. } in marks {
        covered.resize(covered.len().max(span.end), false);
        covered[span.clone()].fill(true);
    }
    covered
}

#[test]
fn multibyte_characters_where_a_rule_expects_one_byte_are_handled() {
    for text in [
        "jUn\u{FFFD}\"&Ñ?<*?🇩𮱕<ை🣀",
        "中ssh-copy-id",
        "cargo login TOKEN\u{a0}\\\\`access`“16",
        "Jun 01 08:21:18é",
    ] {
        assert_well_formed(text, &marks_of(text));
    }
}

proptest! {
    #[test]
    fn marks_of_any_text_are_in_order_and_cover_whole_characters(
        key in key(), any in "\\PC*", bytes in proptest::collection::vec(any::<u8>(), 0..80), suspicious in suspicious_text()
    ) {
        for text in [&any, &String::from_utf8_lossy(&bytes).into_owned(), &suspicious] {
            assert_well_formed(text, &marks_under(key, text));
        }
    }

    #[test]
    fn a_marked_value_stays_marked_among_words(
        before in "[qz]{0,12}", value in marked_value().prop_filter("a user without a domain is alone", |value| !value.starts_with(r".\")), behind in "[qz]{0,12}"
    ) {
        let alone = marks_of(value);
        let text = format!("{before} {value} {behind}");
        let among_words = union(&marks_of(&text));
        for mark in alone {
            for at in mark.span {
                prop_assert_eq!(among_words.get(before.len() + 1 + at), Some(&true), "{} in {}", at, text);
            }
        }
    }

    #[test]
    fn a_repeated_text_has_its_marks_twice(
        value in marked_value().prop_filter("a user without a domain is alone", |value| !value.starts_with(r".\"))
    ) {
        let once = marks_of(value);
        let twice = union(&marks_of(&format!("{value}\n{value}")));
        for mark in once {
            for at in mark.span {
                prop_assert_eq!(twice.get(at), Some(&true));
                prop_assert_eq!(twice.get(value.len() + 1 + at), Some(&true));
            }
        }
    }

    #[test]
    fn marks_are_added_after_existing_ones(first in suspicious_text(), second in suspicious_text()) {
        let mut marks = marks_of(&first);
        let before = marks.clone();
        super::super::find_marks(KeyMeaning::Nothing, &second, &mut marks);
        prop_assert_eq!(&marks[..before.len()], &before[..]);
        prop_assert_eq!(&marks[before.len()..], &marks_of(&second)[..]);
    }

    #[test]
    fn no_mark_touches_a_pseudonym_that_stands_alone(
        key in key(), before in suspicious_text(), behind in suspicious_text()
    ) {
        const PSEUDONYM: &str = "host-553211c41f646527";
        for (open, close) in [(" ", " "), ("/", "/"), ("@", ":"), ("\"", "\""), ("=", "&"), ("//", ".")] {
            let text = format!("{before}{open}{PSEUDONYM}{close}{behind}");
            let start = before.len() + open.len();
            for mark in marks_under(key, &text) {
                prop_assert!(
                    mark.span.end <= start || mark.span.start >= start + PSEUDONYM.len(),
                    "{:?} marks the pseudonym in {:?}", mark, text
                );
            }
        }
    }
}

#[test]
fn a_secret_inside_a_name_keeps_its_mark() {
    let marks = marks_under("owner", "ghp_aBcdefghijklmnopqrstuvwxyzabcdefghi1");
    assert_eq!(
        marks.iter().map(|mark| mark.rule).collect::<Vec<_>>(),
        [Rule::NameUnderKey, Rule::TokenPrefix]
    );
    let marks = marks_under("owner", "x password=rosebud7");
    assert_eq!(
        marks.iter().map(|mark| mark.rule).collect::<Vec<_>>(),
        [Rule::NameUnderKey, Rule::PasswordUnderKey]
    );
    // Text that only looks like a secret is an identifier if the key says so.
    let marks = marks_under("machine_id", "4FA35A6005349DC7EB1D32D2B9C3B82C");
    assert_eq!(marks.iter().map(|mark| mark.rule).collect::<Vec<_>>(), [Rule::IdentifierUnderKey]);
}

#[test]
fn a_pseudonym_is_never_marked() {
    for text in [
        "host-553211c41f646527",
        "connect ENOTFOUND host-553211c41f646527",
        "https://token-553211c41f646527@host-553211c41f646527:7080/text-553211c41f646527",
        r"C:\Users\user-553211c41f646527\.ssh\config",
        "/home/user-553211c41f646527/.ssh",
        "connect ECONNREFUSED ip-553211c41f646527:443",
        r"name-553211c41f646527\user-553211c41f646527",
        "user-553211c41f646527@host-553211c41f646527",
        "password=token-553211c41f646527",
        "-----BEGIN token-553211c41f646527",
    ] {
        for key in ["", "user", "password", "workspace_owner"] {
            assert_eq!(
                found(key, text).iter().filter(|(_, part)| part.contains("-553211c41f646527")).count(),
                0,
                "{text}"
            );
        }
    }
    assert_eq!(found("", "open /home/user-553211c41f646527/.ssh on host-553211c41f646527"), []);
}

#[test]
fn text_that_only_resembles_a_pseudonym_is_marked() {
    for text in [
        "host-553211c41f64652",
        "host-553211C41F646527",
        "host-z53211c41f646527",
        "mine-553211c41f646527",
        "host-553211c41f6465277",
        "xhost-553211c41f646527",
    ] {
        assert!(!found("user", text).is_empty(), "{text}");
    }
}

#[test]
fn a_text_is_a_pseudonym_only_as_a_whole() {
    assert!(is_pseudonym("ip-bc0a4eb3ecb6a2a4"));
    assert!(is_pseudonym("workspace-bc0a4eb3ecb6a2a4"));
    for other in
        ["ip-BC0a4eb3ecb6a2a4", "ip-bc0a4eb3ecb6a2a4 ", "zip-bc0a4eb3ecb6a2a4", "ip-bc0a4eb3ecb6a2a45", "ip"]
    {
        assert!(!is_pseudonym(other), "{other}");
    }
}

#[test]
fn a_key_that_is_a_pseudonym_has_no_meaning() {
    for key in ["key-1d71672d37dd6ad1", "key-ad71672d37dd6ad1", "token-1d71672d37dd6ad1"] {
        assert_eq!(KeyMeaning::of(key), KeyMeaning::Nothing, "{key}");
    }
    assert_eq!(KeyMeaning::of("key-1d71672d37dd6ad"), KeyMeaning::MaybeSecret);
}

#[test]
fn a_long_secret_is_marked_to_its_end() {
    let secret = "x7Kq9".repeat(20_000);
    for (before, behind) in [
        ("password=", " "),
        ("--password ", " "),
        ("\"password\": \"", "\""),
        ("?token=", "&a=b"),
        ("Authorization: Bearer ", " "),
        ("Cookie: session=", "; path=/"),
        ("https://user:", "@localhost/"),
        ("curl -u user:", " "),
        ("mysql -p", " "),
        ("password is ", " "),
        ("wrong password '", "'"),
        ("", ""),
        ("ghp_", ""),
        ("-----BEGIN RSA PRIVATE KEY-----\n", "\n-----END RSA PRIVATE KEY-----"),
    ] {
        let text = format!("{before}{secret}{behind}");
        let covered = union(&marks_of(&text));
        let is_marked = (before.len()..before.len() + secret.len()).all(|at| covered.get(at) == Some(&true));
        assert!(is_marked, "{before}…{behind}");
    }
}
