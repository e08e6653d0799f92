//! Decides what a key, a text or a URL is replaced by.

use std::borrow::Cow;

use super::Redactor;
use super::cache::Replacement;
use super::counts::ReplacedCounts;
use super::deployment_url::{DeploymentUrl, Piece};
use super::fields::{Place, Treatment, is_known_form_of_key, is_word};
use super::names::Names;
use super::parts::{kind_of_host, kind_of_rule, replace_parts};
use super::pseudonyms::{PseudonymKind, canonical};
use crate::json::{JsonString, escaped};
use crate::privacy::words::{is_blank, is_pseudonym, is_usual_name};
use crate::privacy::{KeyMeaning, Mark, find_marks};

/// What a string is replaced by.
pub(super) struct NewText {
    /// Escaped and without quotes.
    pub(super) text: Box<str>,
    pub(super) counts: ReplacedCounts,
    /// What the string says as a whole, if other values of the row may repeat it.
    pub(super) name: Option<(PseudonymKind, Box<str>)>,
}

impl NewText {
    /// This as a change to the text of `string`.
    pub(super) fn into_replacement(self, string: JsonString<'_>) -> Replacement {
        let Self { text, counts, name } = self;
        Replacement {
            edits: vec![(0..string.escaped().len(), text)],
            counts,
            names: name.into_iter().collect(),
        }
    }
}

/// The beginning and the end that a replaced key of a measurement keeps, because they decide about its metric.
pub(crate) type MetricEnds = fn(&str) -> (&'static str, &'static str);

/// Redacts texts one by one. What they are part of is not known here.
pub(super) struct Texts<'r> {
    pub(super) redactor: &'r Redactor,
    metric_ends: MetricEnds,
    /// The marks of the last text.
    marks: Vec<Mark>,
}

impl<'r> Texts<'r> {
    pub(super) fn new(redactor: &'r Redactor, metric_ends: MetricEnds) -> Self {
        Self { redactor, metric_ends, marks: Vec::new() }
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

    pub(super) fn key_replacement(&mut self, place: Place, key: &str) -> Option<NewText> {
        if self.redactor.treatment(place, key) == Treatment::Kept {
            return None;
        }
        match self.key_text(key, self.redactor.replaces_unknown()) {
            Cow::Borrowed(_) => None,
            Cow::Owned(_) if place == Place::Measurements => Some(self.measurement_key(key)),
            Cow::Owned(_) => Some(self.whole(PseudonymKind::Key, key)),
        }
    }

    /// Replaces the key of a measurement, except for the ends that decide about its metric.
    fn measurement_key(&mut self, key: &str) -> NewText {
        let NewText { text, counts, .. } = self.whole(PseudonymKind::Key, key);
        let (beginning, end) = (self.metric_ends)(key);
        let new = format!("{beginning}{text}{end}");
        let text = if self.is_marked(KeyMeaning::Nothing, &new) { text } else { new.into() };
        NewText { text, counts, name: None }
    }

    pub(super) fn string_replacement(
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

    pub(super) fn is_marked(&mut self, meaning: KeyMeaning, text: &str) -> bool {
        self.marks.clear();
        find_marks(meaning, text, &mut self.marks);
        !self.marks.is_empty()
    }

    /// Replaces a whole text.
    pub(super) fn whole(&self, kind: PseudonymKind, text: &str) -> NewText {
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
    pub(super) fn parts(
        &mut self,
        meaning: KeyMeaning,
        text: &str,
        names: Option<&Names>,
    ) -> Option<NewText> {
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
}

/// A name that is written as an address is one.
fn kind_by_key(kind: PseudonymKind, text: &str) -> PseudonymKind {
    if kind == PseudonymKind::Host { kind_of_host(text) } else { kind }
}

/// What a key says about its value.
pub(super) fn meaning_of(place: Place, key: &str) -> KeyMeaning {
    match (place, key) {
        // Elsewhere, the key can mean a code that gives access.
        (Place::Error, "code") => KeyMeaning::Nothing,
        _ => KeyMeaning::of(key),
    }
}
