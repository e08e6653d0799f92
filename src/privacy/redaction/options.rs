//! What an export replaces: the options, checked.

use std::collections::BTreeSet;

use super::fields::Place;
use super::key::RedactionKey;
use crate::error::{Error, Result};

/// How much an export replaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RedactionLevel {
    /// What the rules mark, and the fields that are always replaced.
    Marked,
    /// Also values of fields that the exporter does not know.
    Unknown,
}

impl RedactionLevel {
    /// The option's text.
    pub fn name(self) -> &'static str {
        match self {
            Self::Marked => "marked",
            Self::Unknown => "unknown",
        }
    }
}

/// The options of a redacted export as the user gives them.
#[derive(Default)]
pub struct RedactionInput {
    /// The level. `None` means that nothing is replaced, and then no other option may be given.
    pub level: Option<RedactionLevel>,
    /// Fields whose values are replaced as a whole.
    pub redact_fields: Vec<String>,
    /// Fields in which nothing is replaced.
    pub keep_fields: Vec<String>,
    /// The key of the pseudonyms. `None` means a random one.
    pub key: Option<Vec<u8>>,
}

/// What an export replaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redaction {
    pub(super) level: RedactionLevel,
    pub(super) redact_fields: FieldList,
    pub(super) keep_fields: FieldList,
    pub(super) key: Option<RedactionKey>,
}

impl RedactionInput {
    /// Checks the options. Returns `None` if nothing is to be replaced.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] if an option is wrong, or if one is given without a level.
    pub fn resolve(self) -> Result<Option<Redaction>> {
        let Some(level) = self.level else {
            let options = [
                ("redactFields", !self.redact_fields.is_empty()),
                ("keepFields", !self.keep_fields.is_empty()),
                ("redactKey", self.key.is_some()),
            ];
            return match options.iter().find(|(_, is_given)| *is_given) {
                Some((name, _)) => {
                    Err(Error::InvalidArgument(format!("{name} needs redact to be 'marked' or 'unknown'")))
                }
                None => Ok(None),
            };
        };
        let key = self.key.map(RedactionKey::new).transpose()?;
        let redact_fields = FieldList::new("redactFields", self.redact_fields)?;
        let keep_fields = FieldList::new("keepFields", self.keep_fields)?;
        if let Some(field) = redact_fields.0.iter().find(|field| keep_fields.0.contains(field)) {
            return Err(Error::InvalidArgument(format!(
                "{} is in both redactFields and keepFields",
                field.text()
            )));
        }
        Ok(Some(Redaction { level, redact_fields, keep_fields, key }))
    }
}

impl Redaction {
    /// The level.
    pub fn level(&self) -> RedactionLevel {
        self.level
    }
}

/// Fields that the user named, in the order given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct FieldList(pub(super) Vec<FieldName>);

/// A field as users name it: a place, a dot, and the key as it reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FieldName {
    place: Place,
    pub(super) key: String,
}

impl FieldList {
    fn new(option: &str, fields: Vec<String>) -> Result<Self> {
        let mut seen = BTreeSet::new();
        let mut list = Vec::new();
        for text in fields {
            let field = FieldName::parse(&text)
                .map_err(|reason| Error::InvalidArgument(format!("{option}: {reason}")))?;
            if seen.insert(text) {
                list.push(field);
            }
        }
        Ok(Self(list))
    }

    pub(super) fn contains(&self, place: Place, key: &str) -> bool {
        self.0.iter().any(|field| field.place == place && field.key == key)
    }
}

impl FieldName {
    const PLACES: [(&'static str, Place); 5] = [
        ("context", Place::Context),
        ("row", Place::Row),
        ("properties", Place::Properties),
        ("error", Place::Error),
        ("other", Place::Other),
    ];

    fn parse(text: &str) -> Result<Self, String> {
        let Some((place, key)) = text.split_once('.') else {
            return Err(format!(
                "'{text}' has no dot; a field is a place and a key, such as properties.reason"
            ));
        };
        let Some((_, place)) = Self::PLACES.iter().find(|(name, _)| *name == place) else {
            return Err(format!(
                "'{text}' does not begin with context, row, properties, error or other and a dot"
            ));
        };
        if key.is_empty() {
            return Err(format!("'{text}' has no key after the dot"));
        }
        if *place == Place::Row && key != "deployment_url" {
            return Err(format!("'{text}' cannot be named; of the row, only row.deployment_url can"));
        }
        Ok(Self { place: *place, key: key.to_owned() })
    }

    /// The place with its dot.
    pub(super) fn place_name(&self) -> &'static str {
        Self::PLACES.iter().find(|(_, place)| *place == self.place).expect("it was parsed from one of them").0
    }

    fn text(&self) -> String {
        format!("{}.{}", self.place_name(), self.key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(redact: &[&str], keep: &[&str]) -> RedactionInput {
        let owned = |fields: &[&str]| fields.iter().map(|&field| field.to_owned()).collect();
        RedactionInput {
            level: Some(RedactionLevel::Marked),
            redact_fields: owned(redact),
            keep_fields: owned(keep),
            key: None,
        }
    }

    fn refusal(input: RedactionInput) -> String {
        let error = input.resolve().expect_err("the options are wrong");
        assert_eq!(error.code(), "ERR_INVALID_ARG");
        error.to_string()
    }

    #[test]
    fn a_field_is_a_place_and_the_rest_as_the_key() {
        let redaction = input(&["properties.a.b", "other. x"], &["context.machine_id", "row.deployment_url"]);
        let redaction = redaction.resolve().expect("options").expect("a redaction");
        assert!(redaction.redact_fields.contains(Place::Properties, "a.b"));
        assert!(!redaction.redact_fields.contains(Place::Properties, "a"));
        assert!(redaction.redact_fields.contains(Place::Other, " x"));
        assert!(redaction.keep_fields.contains(Place::Context, "machine_id"));
        assert!(!redaction.keep_fields.contains(Place::Context, "Machine_id"));
    }

    #[test]
    fn wrong_fields_are_refused() {
        for (field, part) in [
            ("measurements.count", "does not begin with"),
            ("Properties.a", "does not begin with"),
            ("properties", "has no dot"),
            ("", "has no dot"),
            ("properties.", "has no key"),
            ("row.event_id", "only row.deployment_url"),
        ] {
            for (input, option) in
                [(input(&[field], &[]), "redactFields"), (input(&[], &[field]), "keepFields")]
            {
                let message = refusal(input);
                assert!(message.starts_with(option) && message.contains(part), "{message}");
            }
        }
        let both = refusal(input(&["error.message", "error.code"], &["error.code"]));
        assert_eq!(both, "error.code is in both redactFields and keepFields");
    }

    #[test]
    fn options_without_a_level_are_refused() {
        let without_level = |input| RedactionInput { level: None, ..input };
        assert!(RedactionInput::default().resolve().expect("options").is_none());
        assert!(refusal(without_level(input(&["error.code"], &[]))).starts_with("redactFields needs"));
        assert!(refusal(without_level(input(&[], &["error.code"]))).starts_with("keepFields needs"));
        let key = RedactionInput { key: Some(vec![1; 32]), ..RedactionInput::default() };
        assert!(refusal(key).starts_with("redactKey needs"));
    }

    #[test]
    fn a_key_of_the_wrong_length_is_refused() {
        let with_key = |length| RedactionInput { key: Some(vec![1; length]), ..input(&[], &[]) };
        assert_eq!(refusal(with_key(31)), "redactKey has 31 bytes; it must have 32 to 4096");
        assert!(with_key(32).resolve().is_ok());
    }
}
