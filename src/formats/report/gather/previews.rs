//! What redaction would make of keys and values. An event is redacted as an export would redact it, so that the names of its row
//! are replaced too. Pseudonyms have no digits, so a preview is the same each time.

use std::borrow::Cow;
use std::sync::Arc;

use super::{Shared, place_of};
use crate::formats::report::excerpt::Excerpt;
use crate::formats::report::field_marks::{MarkedPart, Preview};
use crate::formats::report::findings::FieldPlace;
use crate::formats::report::identity::Identity;
use crate::json::{JsonString, Member, members};
use crate::privacy::redaction::{Place, RedactionLevel, Redactor, without_digits};
use crate::row::event::Event;
use crate::row::event_context::EventContext;
use crate::row::redaction::RowRedactor;

/// Bytes of the longest row and of the longest header that are redacted for previews. Copies of longer ones would take too much
/// memory and time.
const LONGEST: usize = 65_536;

/// Redacts events at each level.
pub(crate) struct Previews {
    marked: Redactor,
    unknown: Redactor,
}

/// A member of an event, or its key.
#[derive(Clone, Copy, Debug)]
pub(super) struct Previewed {
    pub(super) place: FieldPlace,
    /// Identity of the place and the key.
    pub(super) place_and_key: Identity,
    pub(super) part: MarkedPart,
}

impl Previews {
    pub(super) fn new() -> Self {
        Self {
            marked: Redactor::for_previews(RedactionLevel::Marked),
            unknown: Redactor::for_previews(RedactionLevel::Unknown),
        }
    }

    /// What becomes of members of an event. `None` for those of a long row or under a long header, and for those that are not found.
    pub(super) fn of(
        &self,
        event: &Event<'_>,
        context: EventContext<'_>,
        previewed: &[Previewed],
        shared: &Shared<'_>,
    ) -> Vec<Option<Preview>> {
        if !is_short(event, context) {
            return vec![None; previewed.len()];
        }
        let places: Vec<_> =
            previewed.iter().map(|wanted| index_of(*wanted, event, context, shared)).collect();
        let at = |redactor| redacted(redactor, event, context, previewed, &places, shared);
        let pairs = at(&self.marked).into_iter().zip(at(&self.unknown));
        pairs.map(|(marked, unknown)| Some(Preview { marked: marked?, unknown: unknown? })).collect()
    }
}

fn is_short(event: &Event<'_>, context: EventContext<'_>) -> bool {
    let header = match context {
        // Part of the row.
        EventContext::Own { .. } => 0,
        EventContext::Inherited { header, .. } => header.open_context.len(),
    };
    event.row.len() <= LONGEST && header <= LONGEST
}

/// The index of a member among those of its place. Of members with one key, the last one counts.
fn index_of(
    Previewed { place, place_and_key, .. }: Previewed,
    event: &Event<'_>,
    context: EventContext<'_>,
    shared: &Shared<'_>,
) -> Option<usize> {
    let object = object(place, event, context)?;
    let is_wanted = |(_, member): &(usize, Member<'_>)| {
        shared.identities.of((place as u8, &*member.key.decoded())) == place_and_key
    };
    members(&object).enumerate().filter(is_wanted).last().map(|(index, _)| index)
}

/// What becomes of members at one level. The inner `None` means that a member stays as it is.
fn redacted(
    redactor: &Redactor,
    event: &Event<'_>,
    context: EventContext<'_>,
    previewed: &[Previewed],
    places: &[Option<usize>],
    shared: &Shared<'_>,
) -> Vec<Option<Option<Excerpt>>> {
    let mut rows = RowRedactor::new(redactor, shared.progress);
    let mut new = Vec::new();
    let compare = |redacted: &Event<'_>, redacted_context: EventContext<'_>| {
        new.extend(previewed.iter().zip(places).map(|(Previewed { place, part, .. }, index)| {
            let old = text_of(&object(*place, event, context)?, (*index)?, *part)?;
            let new = text_of(&object(*place, redacted, redacted_context)?, (*index)?, *part)?;
            // Its secrets are replaced.
            Some((new != old).then(|| Excerpt::of_searched(&without_digits(&new), &[])))
        }));
    };
    match context {
        EventContext::Own { .. } => rows.event(event, context, compare),
        EventContext::Inherited { header, header_at, deployment_url } => {
            let header = Arc::new(rows.header(header));
            rows.event(event, EventContext::Inherited { header: &header, header_at, deployment_url }, compare)
        }
    };
    new
}

/// The object with the members of a place.
fn object<'e>(place: FieldPlace, event: &Event<'e>, context: EventContext<'e>) -> Option<Cow<'e, str>> {
    Some(match place_of(place) {
        Place::Properties => Cow::Borrowed(event.properties),
        Place::Measurements => Cow::Borrowed(event.measurements),
        Place::Error => Cow::Borrowed(event.error?.text),
        Place::Context => match context {
            EventContext::Own { context, .. } => Cow::Borrowed(context.text),
            EventContext::Inherited { header, deployment_url, .. } => Cow::Owned(format!(
                "{},\"deployment_url\":\"{}\"}}",
                header.open_context,
                deployment_url.escaped()
            )),
        },
        Place::Row | Place::Other | Place::Nested => Cow::Borrowed(event.row),
    })
}

/// The key or the value of a member, as text.
fn text_of(object: &str, index: usize, part: MarkedPart) -> Option<String> {
    let member = members(object).nth(index)?;
    Some(match part {
        MarkedPart::Key => member.key.decoded().into_owned(),
        MarkedPart::Value => match JsonString::of_value(member.value) {
            Some(string) => string.decoded().into_owned(),
            None => member.value.to_owned(),
        },
    })
}
