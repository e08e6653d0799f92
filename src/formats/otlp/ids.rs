//! Trace and span ids that every receiver accepts (specification, Ids).

use std::borrow::Cow;
use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::json::JsonString;
use crate::row::signal::UsableId;

/// Hex digits of a trace id.
const TRACE_ID_LENGTH: usize = 32;
/// Hex digits of a span id.
const SPAN_ID_LENGTH: usize = 16;

/// An id as it is written.
pub(super) struct Id<'a> {
    /// Lower-case hex digits.
    pub(super) hex: Cow<'a, str>,
    /// The stored text, if `hex` had to replace it.
    pub(super) replaced: Option<JsonString<'a>>,
}

impl<'a> Id<'a> {
    pub(super) fn of_trace(id: UsableId<'a>) -> Self {
        Self::of(id.text(), TRACE_ID_LENGTH)
    }

    pub(super) fn of_span(id: UsableId<'a>) -> Self {
        Self::of(id.text(), SPAN_ID_LENGTH)
    }

    /// A text that is no id would make a receiver refuse the whole request. It is replaced by a digest, so that
    /// children stay with their parents.
    fn of(text: JsonString<'a>, length: usize) -> Self {
        let id = text.decoded();
        if id.len() != length || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Self { hex: Cow::Owned(digest(&id, length)), replaced: Some(text) };
        }
        let has_upper_case = id.bytes().any(|byte| byte.is_ascii_uppercase());
        Self { hex: if has_upper_case { Cow::Owned(id.to_ascii_lowercase()) } else { id }, replaced: None }
    }
}

fn digest(text: &str, length: usize) -> String {
    let mut hex = String::with_capacity(length);
    for byte in Sha256::digest(text.as_bytes()).iter().take(length / 2) {
        write!(hex, "{byte:02x}").expect("a string takes any text");
    }
    hex
}
