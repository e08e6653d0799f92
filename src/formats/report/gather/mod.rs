//! Gathers what one block of rows adds to a report: fields, counts and lists of numbers. Blocks are gathered in parallel.
//! Nothing here combines two blocks; `assembly` adds them up in order.

pub(crate) mod block;
pub(crate) mod block_fields;
pub(crate) mod block_rows;
pub(crate) mod contexts;
pub(crate) mod known_fields;
pub(crate) mod measurements;
pub(crate) mod members;
pub(crate) mod metric_events;
pub(crate) mod previews;
pub(crate) mod property_sets;
pub(crate) mod row_fields;

use self::known_fields::KnownFields;
use self::previews::Previews;
use super::findings::FieldPlace;
use super::identity::Identities;
use crate::privacy::redaction::{Place, Redactor};
use crate::progress::Progress;

/// What all blocks of an export share.
pub(crate) struct Shared<'p> {
    /// Tells whether the export is cancelled. Every loop whose length the input decides checks it.
    pub(crate) progress: &'p Progress,
    pub(crate) identities: Identities,
    pub(crate) known_fields: KnownFields,
    pub(crate) redaction: RedactionOfReport<'p>,
}

/// What a report says about redaction.
pub(crate) enum RedactionOfReport<'p> {
    /// The events are as recorded. The report says what a redacted export would make of them.
    Preview(Box<Previews>),
    /// The events are redacted. The report says what was replaced.
    Done(&'p Redactor),
}

impl<'p> Shared<'p> {
    /// With a redactor, the events are redacted.
    pub(crate) fn new(progress: &'p Progress, redactor: Option<&'p Redactor>) -> Self {
        let redaction = match redactor {
            Some(redactor) => RedactionOfReport::Done(redactor),
            None => RedactionOfReport::Preview(Box::new(Previews::new())),
        };
        Self { progress, identities: Identities::default(), known_fields: KnownFields::default(), redaction }
    }

    /// The redactor, if the events are redacted.
    pub(crate) fn redactor(&self) -> Option<&'p Redactor> {
        match self.redaction {
            RedactionOfReport::Done(redactor) => Some(redactor),
            RedactionOfReport::Preview(_) => None,
        }
    }

    /// What redaction would make of keys and values. `None` if it is done.
    fn previews(&self) -> Option<&Previews> {
        match &self.redaction {
            RedactionOfReport::Preview(previews) => Some(previews),
            RedactionOfReport::Done(_) => None,
        }
    }
}

/// The place of a field as redaction knows it.
pub(crate) const fn place_of(place: FieldPlace) -> Place {
    match place {
        FieldPlace::Context => Place::Context,
        FieldPlace::Row => Place::Row,
        FieldPlace::Properties => Place::Properties,
        FieldPlace::Measurements => Place::Measurements,
        FieldPlace::Error => Place::Error,
        FieldPlace::Other => Place::Other,
    }
}
