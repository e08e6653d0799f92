//! Replaces the keys and values of objects.

use std::borrow::Cow;

use memchr::memchr2;

use super::Redactor;
use super::cache::{RecentTexts, Replacement, Seen};
use super::counts::ReplacedCounts;
use super::deployment_url::{DeploymentUrl, Piece};
use super::edits::Edits;
use super::fields::{Place, Treatment, is_event_name, is_known_form_of_key, is_telemetry_id, is_word};
use super::names::Names;
use super::parts::{kind_of_host, kind_of_rule, replace_parts};
use super::pseudonyms::{PseudonymKind, canonical};
use crate::json::{JsonString, Member, byte, escaped, members, space_end};
use crate::privacy::words::{is_blank, is_pseudonym, is_usual_name};
use crate::privacy::{KeyMeaning, Mark, find_marks};
use crate::progress::Progress;

/// More replaced strings inside one value are not replaced one by one: the whole value is.
const NESTED_AT_MOST: usize = 1000;

/// Redacts the values of one thread.
pub(crate) struct Replacer<'r> {
    redactor: &'r Redactor,
    /// Taken from the redactor when it is first needed.
    recent: Option<RecentTexts>,
    marks: Vec<Mark>,
    /// What was replaced since this was last reset.
    pub(crate) counts: ReplacedCounts,
}

/// What a string is replaced by.
struct NewText {
    /// Escaped and without quotes.
    text: Box<str>,
    counts: ReplacedCounts,
    /// What the string says as a whole, if other values of the row may repeat it.
    name: Option<(PseudonymKind, Box<str>)>,
}

impl NewText {
    /// This as a change to the text of `string`.
    fn into_replacement(self, string: JsonString<'_>) -> Replacement {
        let Self { text, counts, name } = self;
        Replacement {
            edits: vec![(0..string.escaped().len(), text)],
            counts,
            names: name.into_iter().collect(),
        }
    }
}

/// The names that are looked for in values, and those that are found.
pub(crate) struct RowNames<'n> {
    /// `None` as long as the names of the row are not known.
    pub(crate) known: Option<&'n Names>,
    /// What values say as a whole.
    pub(crate) found: &'n mut Names,
}

impl<'r> Replacer<'r> {
    pub(crate) fn new(redactor: &'r Redactor) -> Self {
        Self { redactor, recent: None, marks: Vec::new(), counts: ReplacedCounts::default() }
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
        // No early exit, so that the loop vectorizes.
        let is_plain = object.as_bytes()[1..]
            .iter()
            .fold(true, |all, &byte| all & (byte != b'\\') & (byte != b'[') & (byte != b'{'));
        if !is_plain {
            for member in progress.heed(members(object)) {
                self.member(Place::Measurements, &member, at, names, edits);
            }
            return;
        }
        // Nearly always, all strings are keys: another value can only be one that a later member shadows.
        let mut quotes = memchr::memchr_iter(b'"', object.as_bytes());
        let strings = std::iter::from_fn(|| Some((quotes.next()? + 1, quotes.next()?)));
        let mut key = JsonString::default();
        for (start, end) in progress.heed(strings) {
            let string = JsonString::of_escaped(&object[start..end]);
            if is_followed_by_colon(object, end + 1) {
                key = string;
                self.key(Place::Measurements, key, at + start, edits);
            } else {
                self.string(Place::Measurements, key, string, at + start, names, edits);
            }
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
        let replacement = self.key_replacement(place, &key.decoded());
        let replacement = replacement.map(|new| new.into_replacement(key));
        self.recent().remember(seen, replacement.as_ref());
        self.replace(replacement.as_ref(), at, edits, &mut found);
    }

    fn recent(&mut self) -> &mut RecentTexts {
        self.recent.get_or_insert_with(|| self.redactor.take_table())
    }

    /// Replaces in a text what was replaced the last time. Returns whether that is known.
    #[inline]
    fn known(&mut self, seen: Seen<'_>, at: usize, names: &mut RowNames<'_>, edits: &mut Edits) -> bool {
        let recent = self.recent.get_or_insert_with(|| self.redactor.take_table());
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
        let new = self.string_replacement(place, &key.decoded(), &string.decoded(), names.known);
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
        } else if self.redactor.replaces_unknown() {
            Some(self.whole(PseudonymKind::Text, &text))
        } else {
            self.parts(KeyMeaning::Nothing, &text, None)
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
        let replacement = (!stays).then(|| self.whole(PseudonymKind::Id, &text));
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

    /// A text of the exporter's own without what is marked in it.
    pub(super) fn text<'t>(&mut self, text: &'t str) -> Cow<'t, str> {
        match self.parts(KeyMeaning::Nothing, text, None) {
            // Nobody reads the list as JSON.
            Some(new) => Cow::Owned(JsonString::of_escaped(&new.text).decoded().into_owned()),
            None => Cow::Borrowed(text),
        }
    }

    /// The key of a field as it is listed.
    pub(super) fn key_text<'k>(&mut self, key: &'k str, replaces_unknown: bool) -> Cow<'k, str> {
        let is_replaced = self.is_marked(KeyMeaning::Nothing, key)
            || replaces_unknown && !is_known_form_of_key(key) && !is_pseudonym(key);
        if is_replaced {
            Cow::Owned(self.whole(PseudonymKind::Key, key).text.into())
        } else {
            Cow::Borrowed(key)
        }
    }

    fn key_replacement(&mut self, place: Place, key: &str) -> Option<NewText> {
        if self.redactor.treatment(place, key) == Treatment::Kept {
            return None;
        }
        match self.key_text(key, self.redactor.replaces_unknown()) {
            Cow::Borrowed(_) => None,
            Cow::Owned(_) => Some(self.whole(PseudonymKind::Key, key)),
        }
    }

    fn string_replacement(
        &mut self,
        place: Place,
        key: &str,
        text: &str,
        names: Option<&Names>,
    ) -> Option<NewText> {
        if text.is_empty() || is_pseudonym(text) {
            return None;
        }
        let meaning = meaning_of(place, key);
        let marked_by_key = || meaning.rule_for(text).map(|rule| kind_by_key(kind_of_rule(rule), text));
        match self.redactor.treatment(place, key) {
            Treatment::Kept => None,
            Treatment::Whole(PseudonymKind::Text) => {
                Some(self.whole(marked_by_key().unwrap_or(PseudonymKind::Text), text))
            }
            Treatment::Whole(kind) => Some(self.whole(kind, text)),
            Treatment::Telling(kind) if !is_blank(text) && !is_usual_name(text) => {
                Some(self.whole(kind, text))
            }
            Treatment::DeploymentUrl => self.deployment_url(meaning, text),
            Treatment::Telling(_) | Treatment::Parts => match marked_by_key() {
                Some(kind) => Some(self.whole(kind, text)),
                None => self.parts(meaning, text, names),
            },
            Treatment::Word => match marked_by_key() {
                Some(kind) => Some(self.whole(kind, text)),
                None => {
                    let stays = is_word(text)
                        && !self.is_marked(meaning, text)
                        && !names.is_some_and(|names| names.are_in(text));
                    (!stays).then(|| self.whole(PseudonymKind::Text, text))
                }
            },
        }
    }

    fn is_marked(&mut self, meaning: KeyMeaning, text: &str) -> bool {
        self.marks.clear();
        find_marks(meaning, text, &mut self.marks);
        !self.marks.is_empty()
    }

    /// Replaces a whole text.
    fn whole(&self, kind: PseudonymKind, text: &str) -> NewText {
        let mut new = String::with_capacity(26);
        self.redactor.pseudonyms.append(&mut new, kind, &canonical(kind, text));
        let is_name = matches!(
            kind,
            PseudonymKind::Machine
                | PseudonymKind::Session
                | PseudonymKind::Workspace
                | PseudonymKind::Agent
                | PseudonymKind::Name
                | PseudonymKind::Host
        );
        let mut counts = ReplacedCounts::default();
        counts.count(kind);
        NewText { text: new.into(), counts, name: is_name.then(|| (kind, text.into())) }
    }

    /// Replaces what is marked in a text, and the names of its row.
    fn parts(&mut self, meaning: KeyMeaning, text: &str, names: Option<&Names>) -> Option<NewText> {
        let none = Names::default();
        let names = names.unwrap_or(&none);
        if names.is_full {
            return Some(self.whole(PseudonymKind::Text, text));
        }
        if !self.is_marked(meaning, text) && !names.are_in(text) {
            return None;
        }
        let mut counts = ReplacedCounts::default();
        let new = replace_parts(&self.redactor.pseudonyms, text, &self.marks, names, &mut counts);
        match new {
            Some(new) if !self.is_marked(meaning, &new) => {
                Some(NewText { text: escaped(&new).into(), counts, name: None })
            }
            _ => Some(self.whole(PseudonymKind::Text, text)),
        }
    }

    fn deployment_url(&mut self, meaning: KeyMeaning, text: &str) -> Option<NewText> {
        let Some(url) = DeploymentUrl::parse(text) else {
            return Some(self.whole(PseudonymKind::Text, text));
        };
        let (mut new, mut counts) = (String::with_capacity(text.len() + 16), ReplacedCounts::default());
        for piece in url.pieces() {
            match piece {
                Piece::Kept(text) => new.push_str(text),
                Piece::Replaced(kind, text) => {
                    self.redactor.pseudonyms.append(&mut new, kind, &canonical(kind, &text));
                    counts.count(kind);
                }
            }
        }
        if self.is_marked(meaning, &new) {
            return Some(self.whole(PseudonymKind::Text, text));
        }
        if counts.is_empty() {
            return None;
        }
        let name = url.replaced_host().map(|host| (kind_of_host(host), host.into()));
        Some(NewText { text: escaped(&new).into(), counts, name })
    }

    /// The new text of a value that is no string, if it is replaced.
    fn other_value(
        &mut self,
        place: Place,
        key: &str,
        json: &str,
        names: &mut RowNames<'_>,
    ) -> Option<String> {
        let treatment = self.redactor.treatment(place, key);
        let is_nested = json.starts_with(['{', '[']);
        let is_named = self.redactor.redact_fields.contains(place, key);
        let kind = match treatment {
            Treatment::Kept => return None,
            Treatment::Whole(kind) if is_named => (json != "null").then_some(kind),
            _ if self.redactor.replaces_unknown() => {
                (!matches!(json, "true" | "false" | "null")).then_some(PseudonymKind::Text)
            }
            Treatment::Whole(_) if is_nested => Some(PseudonymKind::Text),
            _ => None,
        };
        let new = match kind {
            Some(kind) => self.whole(kind, json),
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
        while let Some(start) = memchr::memchr(b'"', &json.as_bytes()[at..]).map(|found| at + found + 1) {
            let end = string_end(json, start);
            at = end + 1;
            let string = JsonString::of_escaped(&json[start..end]);
            let text = string.decoded();
            let replacement = if is_followed_by_colon(json, at) {
                last_key = text;
                self.key_replacement(Place::Nested, &last_key)
            } else {
                self.string_replacement(Place::Nested, &last_key, &text, names.known)
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
        if replaced > NESTED_AT_MOST || self.is_marked(meaning_of(place, key), &new) {
            self.counts = before;
            let whole = self.whole(PseudonymKind::Text, json);
            self.counts.add(&whole.counts);
            return Some(format!("\"{}\"", whole.text));
        }
        (!edits.is_empty()).then_some(new)
    }
}

impl Drop for Replacer<'_> {
    fn drop(&mut self) {
        if let Some(recent) = self.recent.take() {
            self.redactor.give_table(recent);
        }
    }
}

fn note_name(new: &NewText, found: &mut Names) {
    if let Some((kind, name)) = &new.name {
        found.add(*kind, name);
    }
}

/// A name that is written as an address is one.
fn kind_by_key(kind: PseudonymKind, text: &str) -> PseudonymKind {
    if kind == PseudonymKind::Host { kind_of_host(text) } else { kind }
}

/// What a key says about its value.
fn meaning_of(place: Place, key: &str) -> KeyMeaning {
    match (place, key) {
        // Elsewhere, the key can mean a code that gives access.
        (Place::Error, "code") => KeyMeaning::Nothing,
        _ => KeyMeaning::of(key),
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
