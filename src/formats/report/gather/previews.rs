//! What redaction would make of keys and values. An event is redacted as an export would redact it, so that the names of its row
//! are replaced too. Pseudonyms have no digits, so a preview is the same each time.

use std::borrow::Cow;
use std::sync::Arc;

use super::place_of;
use crate::formats::report::excerpt::Excerpt;
use crate::formats::report::field_marks::MarkedPart;
use crate::formats::report::findings::FieldPlace;
use crate::json::{JsonString, Member, members};
use crate::privacy::redaction::{Place, RedactionLevel, Redactor, without_digits};
use crate::progress::Progress;
use crate::row::event::Event;
use crate::row::event_context::EventContext;
use crate::row::redaction::RowRedactor;

/// Bytes of the longest row and of the longest context that are redacted for previews. Copies of longer ones would take too much
/// memory and time.
const LONGEST: usize = 65_536;

/// Whether an event is short enough for previews.
pub(super) fn is_short(event: &Event<'_>, context: EventContext<'_>) -> bool {
    let context = match context {
        EventContext::Own { .. } => 0,
        EventContext::Inherited { header, .. } => header.open_context.len(),
    };
    event.row.len() <= LONGEST && context <= LONGEST
}

/// Redacts events at each level.
pub(crate) struct Previews {
    marked: Redactor,
    unknown: Redactor,
}

/// What a key or a value becomes at each level. `None` if it stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct AtEachLevel {
    pub(crate) marked: Option<Excerpt>,
    pub(crate) unknown: Option<Excerpt>,
}

/// A member of an event, or its key.
#[derive(Clone, Copy, Debug)]
pub(super) struct Previewed<'k> {
    pub(super) place: FieldPlace,
    pub(super) key: &'k str,
    pub(super) part: MarkedPart,
}

impl Previews {
    pub(super) fn new() -> Self {
        Self {
            marked: Redactor::for_previews(RedactionLevel::Marked),
            unknown: Redactor::for_previews(RedactionLevel::Unknown),
        }
    }

    /// What becomes of members of an event.
    pub(super) fn of(
        &self,
        event: &Event<'_>,
        context: EventContext<'_>,
        previewed: &[Previewed<'_>],
        progress: &Progress,
    ) -> Vec<AtEachLevel> {
        let at = |redactor| redacted(redactor, event, context, previewed, progress);
        let pairs = at(&self.marked).into_iter().zip(at(&self.unknown));
        pairs.map(|(marked, unknown)| AtEachLevel { marked, unknown }).collect()
    }
}

fn redacted(
    redactor: &Redactor,
    event: &Event<'_>,
    context: EventContext<'_>,
    previewed: &[Previewed<'_>],
    progress: &Progress,
) -> Vec<Option<Excerpt>> {
    let mut rows = RowRedactor::new(redactor, progress);
    let mut new = Vec::new();
    let compare = |redacted: &Event<'_>, redacted_context: EventContext<'_>| {
        new.extend(previewed.iter().map(|&wanted| {
            let (index, old) = find_member(&object(wanted.place, event, context)?, wanted, None)?;
            let redacted = object(wanted.place, redacted, redacted_context)?;
            let (_, new) = find_member(&redacted, wanted, Some(index))?;
            // Its secrets are replaced.
            (new != old).then(|| Excerpt::of_searched(&without_digits(&new), &[]))
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

/// A member of an object, by its key or by its index: its index, and the wanted part of it as text. Of members with one key, the
/// last one counts.
fn find_member(object: &str, wanted: Previewed<'_>, index: Option<usize>) -> Option<(usize, String)> {
    let is_wanted = |(at, member): &(usize, Member<'_>)| match index {
        Some(index) => *at == index,
        None => member.key.means(wanted.key),
    };
    let (at, member) = members(object).enumerate().filter(is_wanted).last()?;
    let text = match wanted.part {
        MarkedPart::Key => member.key.decoded(),
        MarkedPart::Value => match JsonString::of_value(member.value) {
            Some(string) => string.decoded(),
            None => Cow::Borrowed(member.value),
        },
    };
    Some((at, text.into_owned()))
}
