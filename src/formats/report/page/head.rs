//! The head of the page. Its policy allows the one style and the one script, and nothing else.

use std::sync::LazyLock;

use maud::{Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::table::Room;
use crate::formats::report::excerpt::Excerpt;

static STYLE: LazyLock<String> = LazyLock::new(|| {
    let rows = Room::ALL.map(|room| room.if_missing(include_str!("rows.css"))).concat();
    without_indentation(&[include_str!("style.css"), include_str!("chart.css"), &rows].concat())
});
static SCRIPT: LazyLock<String> =
    LazyLock::new(|| without_indentation(concat!(include_str!("sort.js"), include_str!("filter.js"))));

/// `label` is the label of the range.
pub(super) fn head(label: &Excerpt) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta http-equiv="Content-Security-Policy" content=(policy());
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            meta name="referrer" content="no-referrer";
            meta name="generator" content=(GENERATOR);
            title { "Telemetry report: " (label.in_title()) }
            style { (PreEscaped(&*STYLE)) }
        }
        "\n"
    }
}

/// Name and version of the program that makes the page.
pub(super) const GENERATOR: &str = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"));

/// The script, which finds the tables above it.
pub(super) fn script() -> Markup {
    html! { script { (PreEscaped(&*SCRIPT)) } "\n" }
}

/// Removes tabs, because the only control character of a page is the line feed.
fn without_indentation(text: &str) -> String {
    text.replace('\t', "")
}

fn policy() -> String {
    format!(
        "default-src 'none'; style-src '{}'; script-src '{}'; base-uri 'none'; form-action 'none'",
        hash_source(&STYLE),
        hash_source(&SCRIPT)
    )
}

/// How a policy names the text of an element (Content Security Policy Level 3, `hash-source`).
fn hash_source(text: &str) -> String {
    format!("sha256-{}", base64(&Sha256::digest(text.as_bytes())))
}

/// RFC 4648 §4.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group =
            chunk.iter().chain(&[0; 3]).take(3).fold(0, |group, &byte| group << 8 | usize::from(byte));
        for digit in 0..4 {
            // A chunk of n bytes has n + 1 digits.
            let is_there = digit <= chunk.len();
            text.push(if is_there { char::from(DIGITS[group >> (18 - 6 * digit) & 63]) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_standard() {
        for (text, encoded) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("\u{3FF}?", "z78/"),
        ] {
            assert_eq!(base64(text.as_bytes()), encoded);
        }
    }

    #[test]
    fn a_hash_is_what_browsers_take() {
        // `printf alert(1) | openssl dgst -sha256 -binary | base64`
        assert_eq!(hash_source("alert(1)"), "sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI=");
    }

    #[test]
    fn style_and_script_read_the_same_wherever_they_are_checked_out() {
        // A browser hashes what it parses, in which a line ends with LF.
        let is_control = |character: char| character.is_control() && character != '\n';
        assert!(!STYLE.contains(is_control) && !SCRIPT.contains(is_control));
        assert!(!STYLE.contains("</") && !SCRIPT.contains("</") && !SCRIPT.contains("<!--"));
        assert!(!STYLE.contains("url(") && !STYLE.contains("@import"));
    }
}
