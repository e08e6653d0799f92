//! What is marked, and what is not.

use std::time::{Duration, Instant};

use super::*;
use proptest::prelude::*;

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

/// Linear work takes a small part of this limit, even without optimization on a busy machine;
/// quadratic work takes far longer.
#[test]
fn hostile_text_takes_time_in_proportion_to_its_length() {
    const LIMIT: Duration = Duration::from_secs(2);
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
        let text = piece.repeat(60_000 / piece.len());
        let started = Instant::now();
        sensitive_kinds(&text);
        assert!(started.elapsed() < LIMIT, "{piece:?} took {:?}", started.elapsed());
    }
}

fn marked_value() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(MARKED.iter().flat_map(|(_, values)| values.iter().copied()).collect::<Vec<_>>())
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
