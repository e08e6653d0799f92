//! Replaces what may identify a person or a company (specification, Redaction).
//!
//! [`options`] are the user's wishes. [`fields`] says which treatment each field gets. [`texts`] decides what a
//! text is replaced by: [`parts`] replaces what is marked in it, [`deployment_url`] knows URLs, and [`names`]
//! finds what other values of the row hold as a whole. [`replacer`] goes through the members of objects, and
//! [`cache`] remembers what it has just done. Nothing here knows what an object means for its row.

mod cache;
mod counts;
mod deployment_url;
mod edits;
mod fields;
mod key;
mod names;
mod options;
mod parts;
mod plain_keys;
mod pseudonyms;
mod replacer;
mod shape;
#[cfg(test)]
mod tests;
mod texts;

pub(crate) use counts::{ReplacedCounts, ReplacedTotals};
pub(crate) use edits::Edits;
pub(crate) use fields::{Place, is_known_field};
pub(crate) use names::Names;
pub use options::{Redaction, RedactionInput, RedactionLevel};
pub(crate) use replacer::{Replacer, RowNames};
pub(crate) use shape::{Replaced, without_digits};

use std::borrow::Cow;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use self::cache::RecentTexts;
use self::fields::{Treatment, treatment_of};
use self::key::RedactionKey;
use self::options::FieldList;
use self::pseudonyms::{PseudonymKind, Pseudonyms};
use self::texts::Texts;
use crate::error::Result;
use crate::privacy::words::is_pseudonym;
use crate::summary::RedactionSummary;

/// Redacts one export. Threads share it; what they need for themselves is in their [`Replacer`].
pub(crate) struct Redactor {
    level: RedactionLevel,
    redact_fields: FieldList,
    keep_fields: FieldList,
    pseudonyms: Pseudonyms,
    /// `None` if the key is random.
    key_id: Option<String>,
    /// Tables that no replacer uses.
    spare: Mutex<Vec<RecentTexts>>,
}

impl Redactor {
    /// A redactor for one export. Without a key in the options, it has a random one.
    ///
    /// # Errors
    /// The system has no random bytes.
    pub(crate) fn new(redaction: &Redaction) -> Result<Self> {
        Ok(match &redaction.key {
            Some(key) => Self::with_key(redaction, key),
            None => Self::with_key(redaction, &RedactionKey::random()?),
        })
    }

    /// A redactor for previews. Its key is always the same, so its pseudonyms must be shown [`without_digits`].
    pub(crate) fn for_previews(level: RedactionLevel) -> Self {
        let (redact_fields, keep_fields) = (FieldList::default(), FieldList::default());
        Self::with_key(&Redaction { level, redact_fields, keep_fields, key: None }, &RedactionKey::fixed())
    }

    fn with_key(redaction: &Redaction, key: &RedactionKey) -> Self {
        let pseudonyms = Pseudonyms::new(key);
        Self {
            level: redaction.level,
            redact_fields: redaction.redact_fields.clone(),
            keep_fields: redaction.keep_fields.clone(),
            key_id: redaction.key.is_some().then(|| pseudonyms.key_id()),
            pseudonyms,
            spare: Mutex::default(),
        }
    }

    /// Whether the user has this field kept. Nothing in it is replaced.
    pub(crate) fn keeps(&self, place: Place, key: &str) -> bool {
        self.keep_fields.contains(place, key)
    }

    fn replaces_unknown(&self) -> bool {
        self.level == RedactionLevel::Unknown
    }

    fn treatment(&self, place: Place, key: &str) -> Treatment {
        if self.keep_fields.contains(place, key) {
            Treatment::Kept
        } else if self.redact_fields.contains(place, key) {
            Treatment::Whole(PseudonymKind::Name)
        } else {
            treatment_of(place, key, self.replaces_unknown())
        }
    }

    /// For texts of the exporter's own, which are no measurements.
    fn texts(&self) -> Texts<'_> {
        Texts::new(self, |_| ("", ""))
    }

    /// A text of the exporter's own, such as a reason, as it is listed.
    pub(crate) fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.texts().text(text)
    }

    /// A member's key as it is listed.
    pub(crate) fn key<'k>(&self, key: &'k str) -> Cow<'k, str> {
        self.texts().key_text(key, self.replaces_unknown())
    }

    /// The session of a file name as it is listed.
    pub(crate) fn file_session<'s>(&self, session: &'s str) -> Cow<'s, str> {
        if is_pseudonym(session) {
            return Cow::Borrowed(session);
        }
        let mut name = String::new();
        self.pseudonyms.append(&mut name, PseudonymKind::File, session);
        Cow::Owned(name)
    }

    /// What was replaced, for the summary. `events` have a replaced value.
    pub(crate) fn summary(&self, events: u64, replaced: &ReplacedTotals) -> RedactionSummary {
        let fields = |list: &FieldList| {
            let mut texts = self.texts();
            let shown = list
                .0
                .iter()
                .map(|field| format!("{}.{}", field.place_name(), texts.key_text(&field.key, false)));
            shown.collect()
        };
        RedactionSummary {
            level: self.level.name(),
            key: if self.key_id.is_some() { "given" } else { "random" },
            key_id: self.key_id.clone(),
            redact_fields: fields(&self.redact_fields),
            keep_fields: fields(&self.keep_fields),
            events,
            replaced: replaced.by_kind().collect(),
        }
    }

    fn take_table(&self) -> RecentTexts {
        let mut spare = self.spare.lock().unwrap_or_else(PoisonError::into_inner);
        spare.pop().unwrap_or_else(RecentTexts::new)
    }

    fn give_table(&self, table: RecentTexts) {
        self.spare.lock().unwrap_or_else(PoisonError::into_inner).push(table);
    }
}

impl fmt::Debug for Redactor {
    /// Without the key.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Redactor").field("level", &self.level).finish_non_exhaustive()
    }
}
