//! What the noun before a name says about the name.

use super::words::{WordSet, is_one_of};

/// Nouns before names of code, of settings and of files.
static CODE_NOUNS: WordSet = WordSet::new(|| {
    include_str!("data/code_nouns.txt")
        .lines()
        .chain(include_str!("data/code_nouns_of_messages.txt").lines())
        .collect()
});

/// Nouns before names of accounts, and of things that are named after accounts.
pub(super) const NOUNS: &[&str] = &[
    "account",
    "agent",
    "approver",
    "assignee",
    "author",
    "branch",
    "bucket",
    "client",
    "company",
    "configmaps",
    "contact",
    "customer",
    "database",
    "deployments",
    "device",
    "employee",
    "group",
    "impersonate",
    "jobs",
    "license",
    "login",
    "machine",
    "member",
    "namespace",
    "namespaces",
    "nodes",
    "org",
    "organisation",
    "organization",
    "owner",
    "pathspec",
    "person",
    "pod",
    "pods",
    "principal",
    "project",
    "realm",
    "repo",
    "repository",
    "reviewer",
    "role",
    "schema",
    "serviceaccounts",
    "services",
    "subscription",
    "team",
    "template",
    "tenant",
    "user",
    "username",
    "users",
    "vm",
    "workspace",
    "workspaces",
];

/// The [`NOUNS`] after which a word without digits or hyphens can be a name.
pub(super) const PEOPLE: &[&str] = &[
    "account",
    "author",
    "company",
    "customer",
    "member",
    "org",
    "organisation",
    "organization",
    "owner",
    "realm",
    "role",
    "team",
    "tenant",
    "user",
    "username",
];

/// More nouns, besides [`NOUNS`], before names that people give to their resources.
static RESOURCES: WordSet = WordSet::new(|| include_str!("data/resource_nouns.txt").lines().collect());

/// The noun before a name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Noun {
    /// A person or a company.
    Person,
    /// Something that people name.
    Resource,
    /// A word that says nothing.
    Other,
    /// Something of code, of settings or of files.
    Code,
    /// An index. In quotes, its name is from a database; in brackets, it is a collection of documents.
    Index,
    /// A table. Its name may begin with the database.
    Table,
    /// A container image. Its name may begin with a company.
    Image,
    Missing,
}

/// Whether `noun` is a noun of code, singular or plural.
pub(super) fn is_code_noun(noun: &str) -> bool {
    has_noun(noun, |noun| CODE_NOUNS.contains(noun))
}

fn has_noun(noun: &str, contains: impl Fn(&str) -> bool) -> bool {
    contains(noun)
        || noun.strip_suffix('s').is_some_and(&contains)
        || noun.strip_suffix("es").is_some_and(contains)
}

/// What a noun says. In `deployments.apps`, only the first word counts.
pub(super) fn noun_of(noun: &str) -> Noun {
    /// Words before a name that are not nouns.
    const NO_NOUNS: [&str; 25] = [
        "and", "are", "as", "at", "because", "but", "by", "cannot", "error", "fatal", "from", "if", "in",
        "into", "is", "not", "on", "or", "since", "that", "then", "to", "when", "where", "while",
    ];
    let noun = noun.split('.').next().unwrap_or_default();
    let noun = noun.rsplit('-').next().unwrap_or_default();
    if !noun.starts_with(char::is_alphabetic) || is_one_of(noun, &NO_NOUNS) {
        Noun::Missing
    } else if has_noun(noun, |noun| is_one_of(noun, PEOPLE)) {
        Noun::Person
    } else if has_noun(noun, |noun| is_one_of(noun, NOUNS) || RESOURCES.contains(noun)) {
        Noun::Resource
    } else if is_one_of(noun, &["index", "indices"]) {
        Noun::Index
    } else if is_one_of(noun, &["table", "relation"]) {
        Noun::Table
    } else if is_one_of(noun, &["image", "manifest"]) {
        Noun::Image
    } else if is_code_noun(noun) {
        Noun::Code
    } else {
        Noun::Other
    }
}

/// Words between a noun and its name, as in `repository with the name "NAME"`.
pub(super) fn is_filler(word: &str) -> bool {
    const FILLERS: [&str; 13] =
        ["a", "an", "called", "for", "id", "name", "named", "names", "of", "the", "with", "nom", "namens"];
    is_one_of(word, &FILLERS)
}
