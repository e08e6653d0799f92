//! Shapes of words that show whether they can be names.

use super::words::{is_file, is_number, is_one_of, is_ordinary};

/// Whether the kernel or a cloud gives such names, as in `eth0` and `gp2`.
pub(super) fn is_device(name: &str) -> bool {
    name.len() <= 6
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.ends_with(|last: char| last.is_ascii_digit())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Whether a text can be a name, and is not a path, file, URL, expression, version or sentence.
pub(super) fn is_name(name: &str) -> bool {
    const WORDS_AT_MOST: usize = 4;
    let number = name.trim_start_matches(['v', 'V', '^', '~', '=']);
    name.starts_with(char::is_alphanumeric)
        && !name.contains([
            '(', ')', '{', '}', '<', '>', '*', '=', ';', '$', '"', '\n', ',', '!', '?', '\\', '%', '|',
        ])
        && !name.contains("://")
        && !name.contains("::")
        && !name.contains(": ")
        && !is_number(number)
        && !is_file(name)
        && name.split(' ').count() <= WORDS_AT_MOST
        && (!name.contains(' ') || name.contains(char::is_uppercase))
}

/// Whether a word has a digit or consists of several words.
pub(super) fn has_form(name: &str) -> bool {
    name.contains(['_', '-', '/', '.']) || name.bytes().any(|byte| byte.is_ascii_digit())
}

/// Whether upper case follows lower case, as in names of code.
pub(super) fn has_inner_capital(name: &str) -> bool {
    name.as_bytes().windows(2).any(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase())
}

/// Whether a word is a given name and a family name, as in `anna.kowal`.
pub(super) fn is_full_name(name: &str) -> bool {
    name.split_once(['.', '_']).is_some_and(|parts| {
        [parts.0, parts.1].iter().all(|part| {
            part.len() > 2 && part.bytes().all(|byte| byte.is_ascii_lowercase()) && !is_ordinary(part)
        })
    })
}

/// Whether a package has a scope that is not well known and public. The package's own name may be missing.
pub(super) fn is_private_scope(package: &str) -> bool {
    const PUBLIC: [&str; 34] = [
        "angular",
        "ant-design",
        "apollo",
        "astrojs",
        "aws-sdk",
        "azure",
        "babel",
        "biomejs",
        "coder",
        "emotion",
        "esbuild",
        "eslint",
        "google-cloud",
        "jest",
        "microsoft",
        "mui",
        "napi-rs",
        "nestjs",
        "octokit",
        "opentelemetry",
        "playwright",
        "prisma",
        "radix-ui",
        "reduxjs",
        "rollup",
        "storybook",
        "sveltejs",
        "swc",
        "tanstack",
        "testing-library",
        "types",
        "typescript-eslint",
        "vitejs",
        "vscode",
    ];
    package
        .strip_prefix('@')
        .map(|package| package.split_once('/').unwrap_or((package, "")))
        .is_some_and(|(scope, _)| scope.len() > 1 && !is_one_of(scope, &PUBLIC) && !is_ordinary(scope))
}
