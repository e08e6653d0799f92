//! What values would become in a redacted export. Pseudonyms have no digits, so a preview is the same each time.

use super::fields::{Place, is_telemetry_id};
use super::key::RedactionKey;
use super::names::Names;
use super::options::{FieldList, Redaction, RedactionLevel};
use super::replacer::{Replacer, RowNames};
use super::shape::without_digits;
use super::texts::Texts;
use super::{PseudonymKind, Redactor};
use crate::json::JsonString;
use crate::privacy::words::is_pseudonym;

/// Redacts single values at each level.
pub(crate) struct Preview {
    marked: Redactor,
    unknown: Redactor,
}

/// What a key or a value becomes at each level. `None` if it stays as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AtEachLevel<T> {
    pub(crate) marked: Option<T>,
    pub(crate) unknown: Option<T>,
}

impl<T> Default for AtEachLevel<T> {
    fn default() -> Self {
        Self { marked: None, unknown: None }
    }
}

impl<T> AtEachLevel<T> {
    pub(crate) fn map<U>(self, change: impl Fn(T) -> U) -> AtEachLevel<U> {
        AtEachLevel { marked: self.marked.map(&change), unknown: self.unknown.map(&change) }
    }
}

impl Preview {
    pub(crate) fn new() -> Self {
        let redactor = |level| {
            let (redact_fields, keep_fields) = (FieldList::default(), FieldList::default());
            Redactor::with_key(
                &Redaction { level, redact_fields, keep_fields, key: None },
                &RedactionKey::fixed(),
            )
        };
        Self { marked: redactor(RedactionLevel::Marked), unknown: redactor(RedactionLevel::Unknown) }
    }

    /// What a key becomes.
    pub(crate) fn key(&self, key: &str) -> AtEachLevel<String> {
        self.at_each_level(|redactor| {
            let new = Texts::new(redactor).key_text(key, redactor.replaces_unknown());
            (new != key).then(|| new.into_owned())
        })
    }

    /// What a string becomes, given as decoded text. Names that other values of its row have are not known.
    pub(crate) fn string(&self, place: Place, key: &str, text: &str) -> AtEachLevel<String> {
        self.at_each_level(|redactor| {
            let mut texts = Texts::new(redactor);
            let new = match (place, key) {
                (Place::Row, "timestamp" | "event_name") => None,
                (Place::Row, "event_id" | "trace_id" | "parent_event_id") => {
                    let stays = is_telemetry_id(text) || is_pseudonym(text);
                    (!stays).then(|| texts.whole(PseudonymKind::Id, text))
                }
                _ => texts.string_replacement(place, key, text, None),
            };
            new.map(|new| JsonString::of_escaped(&new.text).decoded().into_owned())
        })
    }

    /// What a value other than a string becomes, given as JSON text.
    pub(crate) fn other(&self, place: Place, key: &str, json: &str) -> AtEachLevel<String> {
        if matches!(place, Place::Row) || (place == Place::Measurements && !json.starts_with(['{', '['])) {
            return AtEachLevel::default();
        }
        self.at_each_level(|redactor| {
            let mut names = RowNames { known: None, found: &mut Names::default() };
            let new = Replacer::new(redactor).other_value(place, key, json, &mut names)?;
            let string = JsonString::of_value(&new).map(|string| string.decoded().into_owned());
            Some(string.unwrap_or(new))
        })
    }

    fn at_each_level(&self, new: impl Fn(&Redactor) -> Option<String>) -> AtEachLevel<String> {
        AtEachLevel { marked: new(&self.marked), unknown: new(&self.unknown) }
            .map(|text| without_digits(&text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preview_shows_what_each_level_makes_of_a_value() {
        let preview = Preview::new();
        let shown = |value: AtEachLevel<String>| {
            [value.marked, value.unknown].map(|text| text.unwrap_or_else(|| "stays".to_owned()))
        };
        let of = |place, key, text| shown(preview.string(place, key, text));
        assert_eq!(of(Place::Context, "machine_id", "91e90a7f"), ["machine-…", "machine-…"]);
        let url = "https://dev.coder.example.com";
        assert_eq!(of(Place::Context, "deployment_url", url), ["https://host-…", "https://host-…"]);
        let message = "connect ECONNREFUSED 10.1.2.3:443";
        assert_eq!(of(Place::Error, "message", message), ["connect ECONNREFUSED ip-…:443", "text-…"]);
        assert_eq!(of(Place::Properties, "result", "success"), ["stays", "stays"]);
        assert_eq!(of(Place::Properties, "surprise", "success"), ["stays", "text-…"]);
        assert_eq!(of(Place::Row, "event_name", "ssh.network.info"), ["stays", "stays"]);
        assert_eq!(of(Place::Row, "trace_id", "anna@corp.example"), ["id-…", "id-…"]);
        assert_eq!(shown(preview.key("to anna@corp.example")), ["key-…", "key-…"]);
        assert_eq!(shown(preview.key("two words")), ["stays", "key-…"]);
        let nested = r#"{"user":"anna","n":1}"#;
        assert_eq!(
            shown(preview.other(Place::Properties, "x", nested)),
            [r#"{"user":"name-…","n":1}"#, "text-…"]
        );
        assert_eq!(shown(preview.other(Place::Properties, "x", "5")), ["stays", "text-…"]);
        assert_eq!(shown(preview.other(Place::Measurements, "x", "5")), ["stays", "stays"]);
        assert_eq!(shown(preview.other(Place::Row, "event_sequence", "5")), ["stays", "stays"]);
    }
}
