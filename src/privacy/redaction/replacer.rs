//! Replaces the keys and values of objects.

use std::borrow::Cow;

use memchr::{memchr, memchr2, memchr3};

use super::Redactor;
use super::cache::{RecentTexts, Replacement, Seen};
use super::counts::ReplacedCounts;
use super::edits::Edits;
use super::fields::{Place, Treatment, is_event_name, is_telemetry_id};
use super::names::Names;
use super::plain_keys::AfterKey;
use super::pseudonyms::PseudonymKind;
use super::texts::{MetricEnds, NewText, Texts, meaning_of};
use crate::json::{JsonString, Member, byte, members, space_end};
use crate::privacy::KeyMeaning;
use crate::privacy::words::is_pseudonym;
use crate::progress::Progress;

/// More replaced strings inside one value are not replaced one by one: the whole value is.
const NESTED_AT_MOST: usize = 1000;

/// Redacts the values of one thread.
pub(crate) struct Replacer<'r> {
    texts: Texts<'r>,
    /// Taken from the redactor when it is first needed.
    recent: Option<RecentTexts>,
    /// What was replaced since this was last reset.
    pub(crate) counts: ReplacedCounts,
}

/// The names that are looked for in values, and those that are found.
pub(crate) struct RowNames<'n> {
    /// `None` as long as the names of the row are not known.
    pub(crate) known: Option<&'n Names>,
    /// What values say as a whole.
    pub(crate) found: &'n mut Names,
}

impl<'r> Replacer<'r> {
    pub(crate) fn new(redactor: &'r Redactor, metric_ends: MetricEnds) -> Self {
        Self { texts: Texts::new(redactor, metric_ends), recent: None, counts: ReplacedCounts::default() }
    }

    /// Redacts the members of an object, which begins at `at` in the edited text. Objects in `progress` are cut short when the
    /// export is cancelled.
    pub(crate) fn object(
        &mut self,
        place: Place,
        object: &str,
        at: usize,
        names: &mut RowNames<'_>,
        edits: &mut Edits,
        progress: &Progress,
    ) {
        if place == Place::Measurements {
            return self.measurements(object, at, names, edits, progress);
        }
        let seen = Seen::Object(place, object);
        let is_remembered = names.known.is_none() && object.len() <= RecentTexts::LONGEST;
        if is_remembered && self.known(seen, at, names, edits) {
            return;
        }
        if !is_remembered {
            for member in progress.heed(members(object)) {
                self.member(place, &member, at, names, edits);
            }
            return;
        }
        let (counts, first_edit) = (self.counts, edits.len());
        let mut found = Names::default();
        let mut own_names = RowNames { known: None, found: &mut found };
        for member in progress.heed(members(object)) {
            self.member(place, &member, at, &mut own_names, edits);
        }
        names.found.add_all(&found);
        if !found.is_full {
            let replacement = Replacement {
                edits: edits.since(first_edit, at),
                counts: self.counts.without(&counts),
                names: found.list(),
            };
            let is_empty = replacement.edits.is_empty();
            self.recent().remember(seen, (!is_empty).then_some(&replacement));
        }
    }

    /// Redacts the keys of an object of numbers and nulls.
    fn measurements(
        &mut self,
        object: &str,
        at: usize,
        names: &mut RowNames<'_>,
        edits: &mut Edits,
        progress: &Progress,
    ) {
        let is_plain = memchr3(b'\\', b'[', b'{', &object.as_bytes()[1..]).is_none();
        if !is_plain {
            for member in progress.heed(members(object)) {
                self.member(Place::Measurements, &member, at, names, edits);
            }
            return;
        }
        // Nearly always, all strings are keys: another value can only be one that a later member shadows.
        let mut key = JsonString::default();
        let mut after = AfterKey::default();
        let mut next = 0;
        for () in progress.heed(std::iter::repeat(())) {
            let Some(found) = memchr(b'"', &object.as_bytes()[next..]) else { return };
            let start = next + found + 1;
            if let Some((length, place)) = self.recent().plain_keys.expected(after, &object[start..])
                && is_followed_by_colon(object, start + length + 1)
            {
                (key, after) = (JsonString::of_escaped(&object[start..start + length]), place);
                next = start + length + 1;
                continue;
            }
            let end = string_end(object, start);
            let string = JsonString::of_escaped(&object[start..end]);
            next = end + 1;
            if !is_followed_by_colon(object, next) {
                self.string(Place::Measurements, key, string, at + start, names, edits);
                continue;
            }
            key = string;
            let known = self.recent().plain_keys.find(after, key.escaped());
            after = known.unwrap_or_else(|| {
                let count = edits.len();
                self.key(Place::Measurements, key, at + start, edits);
                let stays = edits.len() == count;
                if stays { self.recent().plain_keys.remember(after, key.escaped()) } else { after }
            });
        }
    }

    /// Redacts a member of an object: its key and its value. The object begins at `at` in the edited text.
    pub(crate) fn member(
        &mut self,
        place: Place,
        member: &Member<'_>,
        at: usize,
        names: &mut RowNames<'_>,
        edits: &mut Edits,
    ) {
        self.key(place, member.key, at + member.start + 1, edits);
        let value_at = at + member.end - member.value.len();
        self.value(place, member.key, member.value, value_at, names, edits);
    }

    /// Redacts the key of a member. Its text begins at `at` in the edited text.
    fn key(&mut self, place: Place, key: JsonString<'_>, at: usize, edits: &mut Edits) {
        let seen = Seen::Key(place, key.escaped());
        let mut found = Names::default();
        if self.known(seen, at, &mut RowNames { known: None, found: &mut found }, edits) {
            return;
        }
        let replacement = self.texts.key_replacement(place, &key.decoded());
        let replacement = replacement.map(|new| new.into_replacement(key));
        self.recent().remember(seen, replacement.as_ref());
        self.replace(replacement.as_ref(), at, edits, &mut found);
    }

    fn recent(&mut self) -> &mut RecentTexts {
        self.recent.get_or_insert_with(|| self.texts.redactor.take_table())
    }

    /// Replaces in a text what was replaced the last time. Returns whether that is known.
    #[inline]
    fn known(&mut self, seen: Seen<'_>, at: usize, names: &mut RowNames<'_>, edits: &mut Edits) -> bool {
        let recent = self.recent.get_or_insert_with(|| self.texts.redactor.take_table());
        let Some(known) = recent.find(seen) else { return false };
        if let Some(Replacement { edits: new, counts, names: new_names }) = known {
            for (part, text) in new {
                edits.replace(at + part.start..at + part.end, text);
            }
            self.counts.add(counts);
            for (kind, name) in new_names {
                names.found.add(*kind, name);
            }
        }
        true
    }

    /// Redacts a value, given as JSON text that begins at `at` in the edited text.
    pub(crate) fn value(
        &mut self,
        place: Place,
        key: JsonString<'_>,
        json: &str,
        at: usize,
        names: &mut RowNames<'_>,
        edits: &mut Edits,
    ) {
        match JsonString::of_value(json) {
            Some(string) => self.string(place, key, string, at + 1, names, edits),
            None if place == Place::Measurements && !json.starts_with(['{', '[']) => {}
            None => {
                if let Some(new) = self.other_value(place, &key.decoded(), json, names) {
                    edits.replace(at..at + json.len(), &new);
                }
            }
        }
    }

    /// Redacts a string whose text begins at `at` in the edited text.
    fn string(
        &mut self,
        place: Place,
        key: JsonString<'_>,
        string: JsonString<'_>,
        at: usize,
        names: &mut RowNames<'_>,
        edits: &mut Edits,
    ) {
        let seen = Seen::Value(place, key.escaped(), string.escaped());
        if names.known.is_none() && self.known(seen, at, names, edits) {
            return;
        }
        let new = self.texts.string_replacement(place, &key.decoded(), &string.decoded(), names.known);
        let replacement = new.map(|new| new.into_replacement(string));
        if names.known.is_none() {
            self.recent().remember(seen, replacement.as_ref());
        }
        self.replace(replacement.as_ref(), at, edits, names.found);
    }

    /// Redacts the name of an event.
    pub(crate) fn event_name(&mut self, name: JsonString<'_>, at: usize, edits: &mut Edits) {
        if is_event_name(name.escaped()) {
            return;
        }
        let text = name.decoded();
        let replacement = if text.is_empty() || is_pseudonym(&text) {
            None
        } else if self.texts.redactor.replaces_unknown() {
            Some(self.texts.whole(PseudonymKind::Text, &text))
        } else {
            self.texts.parts(KeyMeaning::Nothing, &text, None)
        };
        let replacement = replacement.map(|new| new.into_replacement(name));
        self.replace(replacement.as_ref(), at, edits, &mut Names::default());
    }

    /// Redacts the id of an event or of a trace.
    pub(crate) fn id(&mut self, id: JsonString<'_>, at: usize, edits: &mut Edits) {
        if is_telemetry_id(id.escaped()) {
            return;
        }
        let text = id.decoded();
        let stays = is_telemetry_id(&text) || is_pseudonym(&text);
        let replacement = (!stays).then(|| self.texts.whole(PseudonymKind::Id, &text));
        let replacement = replacement.map(|new| new.into_replacement(id));
        self.replace(replacement.as_ref(), at, edits, &mut Names::default());
    }

    fn replace(
        &mut self,
        replacement: Option<&Replacement>,
        at: usize,
        edits: &mut Edits,
        found: &mut Names,
    ) {
        let Some(Replacement { edits: new, counts, names }) = replacement else { return };
        for (part, text) in new {
            edits.replace(at + part.start..at + part.end, text);
        }
        self.counts.add(counts);
        for (kind, name) in names {
            found.add(*kind, name);
        }
    }

    /// The new text of a value that is no string, if it is replaced.
    fn other_value(
        &mut self,
        place: Place,
        key: &str,
        json: &str,
        names: &mut RowNames<'_>,
    ) -> Option<String> {
        let treatment = self.texts.redactor.treatment(place, key);
        let is_nested = json.starts_with(['{', '[']);
        let is_named = self.texts.redactor.redact_fields.contains(place, key);
        let kind = match treatment {
            Treatment::Kept => return None,
            Treatment::Whole(kind) if is_named => (json != "null").then_some(kind),
            _ if self.texts.redactor.replaces_unknown() => {
                (!matches!(json, "true" | "false" | "null")).then_some(PseudonymKind::Text)
            }
            Treatment::Whole(_) if is_nested => Some(PseudonymKind::Text),
            _ => None,
        };
        let new = match kind {
            Some(kind) => self.texts.whole(kind, json),
            None if is_nested => return self.nested(place, key, json, names),
            None => return None,
        };
        self.counts.add(&new.counts);
        Some(format!("\"{}\"", new.text))
    }

    /// The new text of an object or a list in which strings are replaced.
    fn nested(&mut self, place: Place, key: &str, json: &str, names: &mut RowNames<'_>) -> Option<String> {
        let (mut edits, before) = (Edits::default(), self.counts);
        let mut last_key = Cow::Borrowed(key);
        let mut replaced = 0;
        let mut at = 0;
        while let Some(start) = memchr(b'"', &json.as_bytes()[at..]).map(|found| at + found + 1) {
            let end = string_end(json, start);
            at = end + 1;
            let string = JsonString::of_escaped(&json[start..end]);
            let text = string.decoded();
            let replacement = if is_followed_by_colon(json, at) {
                last_key = text;
                self.texts.key_replacement(Place::Nested, &last_key)
            } else {
                self.texts.string_replacement(Place::Nested, &last_key, &text, names.known)
            };
            if let Some(replacement) = replacement {
                replaced += 1;
                if replaced > NESTED_AT_MOST {
                    break;
                }
                edits.replace(start..end, &replacement.text);
                self.counts.add(&replacement.counts);
                note_name(&replacement, names.found);
            }
        }
        let mut new = String::with_capacity(json.len());
        edits.apply(json, &mut new);
        if replaced > NESTED_AT_MOST || self.texts.is_marked(meaning_of(place, key), &new) {
            self.counts = before;
            let whole = self.texts.whole(PseudonymKind::Text, json);
            self.counts.add(&whole.counts);
            return Some(format!("\"{}\"", whole.text));
        }
        (!edits.is_empty()).then_some(new)
    }
}

impl Drop for Replacer<'_> {
    fn drop(&mut self) {
        if let Some(recent) = self.recent.take() {
            self.texts.redactor.give_table(recent);
        }
    }
}

fn note_name(new: &NewText, found: &mut Names) {
    if let Some((kind, name)) = &new.name {
        found.add(*kind, name);
    }
}

fn is_followed_by_colon(json: &str, at: usize) -> bool {
    byte(json, space_end(json, at)) == Some(b':')
}

/// Where the string whose text begins at `start` ends.
fn string_end(json: &str, start: usize) -> usize {
    let mut at = start;
    loop {
        let found = memchr2(b'"', b'\\', &json.as_bytes()[at..]).expect("the value is valid JSON");
        at += found;
        if json.as_bytes()[at] == b'"' {
            return at;
        }
        at += 2;
    }
}
