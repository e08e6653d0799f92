//! Trace and span ids that every receiver takes (spec §5, "Ids").

use std::borrow::Cow;
use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::json::JsonString;
use crate::row::signal::is_usable_id;

/// Hex digits of a trace id.
const TRACE_ID_LENGTH: usize = 32;
/// Hex digits of a span id.
const SPAN_ID_LENGTH: usize = 16;

/// An id as it is written.
pub(super) struct Id<'a> {
    /// Lower-case hex digits.
    pub(super) hex: Cow<'a, str>,
    /// The stored text where `hex` had to replace it.
    pub(super) replaced: Option<JsonString<'a>>,
}

/// The usable trace id that `text` stands for, if any.
pub(super) fn trace_id(text: Option<JsonString<'_>>) -> Option<Id<'_>> {
    usable(text?, TRACE_ID_LENGTH)
}

/// The usable span id that `text` stands for, if any.
pub(super) fn span_id(text: Option<JsonString<'_>>) -> Option<Id<'_>> {
    usable(text?, SPAN_ID_LENGTH)
}

/// `None` for what counts as absent: nothing, or all zero at any length. A text that is no id would make a receiver refuse
/// the whole request, so it is replaced by a digest, which keeps children with their parents.
fn usable(text: JsonString<'_>, length: usize) -> Option<Id<'_>> {
    if !is_usable_id(text) {
        return None;
    }
    let id = text.decoded();
    if id.len() != length || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Some(Id { hex: Cow::Owned(digest(&id, length)), replaced: Some(text) });
    }
    let has_upper_case = id.bytes().any(|byte| byte.is_ascii_uppercase());
    Some(Id { hex: if has_upper_case { Cow::Owned(id.to_ascii_lowercase()) } else { id }, replaced: None })
}

fn digest(text: &str, length: usize) -> String {
    let mut hex = String::with_capacity(length);
    for byte in Sha256::digest(text.as_bytes()).iter().take(length / 2) {
        // Writing to a string does not fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}
