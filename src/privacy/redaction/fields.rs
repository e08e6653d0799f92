//! Which fields are replaced, and how (specification, Replaced fields).

use super::pseudonyms::PseudonymKind;

/// Where a field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Place {
    /// A member of the context.
    Context,
    /// A member of the row that has a meaning.
    Row,
    /// A property.
    Properties,
    /// A measurement.
    Measurements,
    /// A member of the error.
    Error,
    /// A member of the row that has no meaning.
    Other,
    /// A member of an object inside a value.
    Nested,
}

/// Keys that are replaced wherever they stand, in lower case and without `_`, `-` and `.`.
const TELLING_KEYS: [(PseudonymKind, &[&str]); 4] = [
    (PseudonymKind::Workspace, &["workspace", "workspacename", "workspaceowner"]),
    (PseudonymKind::Agent, &["agent", "agentname"]),
    (
        PseudonymKind::Name,
        &[
            "user",
            "username",
            "owner",
            "ownername",
            "login",
            "email",
            "organization",
            "organizationname",
            "template",
            "templatename",
            "host",
            "hostname",
            "machine",
            "machinename",
        ],
    ),
    (
        PseudonymKind::Token,
        &[
            "password",
            "passwd",
            "secret",
            "token",
            "accesstoken",
            "sessiontoken",
            "apikey",
            "authorization",
            "cookie",
            "credential",
            "credentials",
        ],
    ),
];

/// Properties whose values are words of the extension. The level `unknown` keeps them.
const CLOSED_PROPERTIES: [&str; 49] = [
    "result",
    "outcome",
    "reason",
    "cause",
    "from",
    "to",
    "source",
    "method",
    "route",
    "trigger",
    "recovery",
    "refreshattempted",
    "authstate",
    "cachesource",
    "versioncheck",
    "downloadreason",
    "downloadaction",
    "fallbackreason",
    "terminationreason",
    "abortstage",
    "errortype",
    "category",
    "keyringenabled",
    "silent",
    "credentialsource",
    "commandid",
    "command",
    "format",
    "handoff",
    "mode",
    "prompt",
    "action",
    "updateoffered",
    "workspacestatus",
    "workspaceoutdated",
    "agentstatus",
    "agentlifecyclestate",
    "lifecyclestatefrom",
    "lifecyclestateto",
    "statusfrom",
    "statusto",
    "buildtransition",
    "buildreason",
    "waslost",
    "found",
    "p2p",
    "sigstatus",
    "waited",
    "closecode",
];

/// Members of a context that describe the software and not its user.
const CONTEXT_DESCRIPTIONS: [&str; 6] =
    ["extension_version", "os_type", "os_version", "host_arch", "platform_name", "platform_version"];

/// The longest key of the tables.
const LONGEST_KEY: usize = 19;

/// What becomes of the strings of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Treatment {
    /// Nothing is replaced.
    Kept,
    /// The whole value is replaced.
    Whole(PseudonymKind),
    /// The whole value is replaced, unless it says nothing about anybody.
    Telling(PseudonymKind),
    /// The host and what follows it are replaced.
    DeploymentUrl,
    /// What is marked is replaced.
    Parts,
    /// Kept if it is a short word without marks. Otherwise the whole value is replaced.
    Word,
}

/// The treatment of a field that the user did not name. `replaces_unknown`: at the level `unknown`.
pub(super) fn treatment_of(place: Place, key: &str, replaces_unknown: bool) -> Treatment {
    match (place, key) {
        (Place::Context, "machine_id") => return Treatment::Whole(PseudonymKind::Machine),
        (Place::Context, "session_id") => return Treatment::Whole(PseudonymKind::Session),
        (Place::Context | Place::Row, "deployment_url") => return Treatment::DeploymentUrl,
        _ => {}
    }
    let mut buffer = [0; LONGEST_KEY];
    let bare = bare_key(key, &mut buffer);
    let telling = bare.and_then(|bare| TELLING_KEYS.iter().find(|(_, keys)| keys.contains(&bare)));
    if let Some((kind, _)) = telling {
        return Treatment::Telling(*kind);
    }
    if !replaces_unknown {
        return Treatment::Parts;
    }
    match place {
        Place::Context if CONTEXT_DESCRIPTIONS.contains(&key) => Treatment::Parts,
        Place::Properties if bare.is_some_and(|bare| CLOSED_PROPERTIES.contains(&bare)) => Treatment::Word,
        Place::Error if matches!(key, "type" | "code") => Treatment::Word,
        _ => Treatment::Whole(PseudonymKind::Text),
    }
}

/// Whether the exporter knows what the values of a field are.
pub(crate) fn is_known_field(place: Place, key: &str) -> bool {
    let is_context_id = || matches!(key, "machine_id" | "session_id" | "deployment_url");
    match place {
        Place::Row | Place::Measurements => true,
        Place::Context => is_context_id() || CONTEXT_DESCRIPTIONS.contains(&key),
        Place::Error => matches!(key, "message" | "type" | "code"),
        Place::Properties => {
            let mut buffer = [0; LONGEST_KEY];
            let bare = bare_key(key, &mut buffer);
            bare.is_some_and(|bare| {
                CLOSED_PROPERTIES.contains(&bare) || TELLING_KEYS.iter().any(|(_, keys)| keys.contains(&bare))
            })
        }
        Place::Other | Place::Nested => false,
    }
}

/// A key in lower case and without `_`, `-` and `.`; `None` if it is longer than all keys of the tables.
fn bare_key<'b>(key: &str, buffer: &'b mut [u8; LONGEST_KEY]) -> Option<&'b str> {
    let mut length = 0;
    for byte in key.bytes().filter(|byte| !matches!(byte, b'_' | b'-' | b'.')) {
        *buffer.get_mut(length)? = byte.to_ascii_lowercase();
        length += 1;
    }
    std::str::from_utf8(&buffer[..length]).ok()
}

/// Whether the level `unknown` keeps a value like this, if its field has such values.
pub(super) fn is_word(value: &str) -> bool {
    value.len() <= 100
        && value.bytes().all(|byte| {
            byte.is_ascii_alphanumeric()
                || matches!(byte, b'_' | b'.' | b':' | b'/' | b'{' | b'}' | b'*' | b'-')
        })
}

/// Whether the level `unknown` keeps a key.
pub(super) fn is_known_form_of_key(key: &str) -> bool {
    (1..=100).contains(&key.len())
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'))
}

/// A table that says of each byte whether it is one of these.
const fn table_of(bytes: &[u8]) -> [bool; 256] {
    let mut table = [false; 256];
    let mut at = 0;
    while at < bytes.len() {
        table[bytes[at] as usize] = true;
        at += 1;
    }
    table
}

/// Whether an event name has the form that names of events have.
pub(super) fn is_event_name(name: &str) -> bool {
    const OF_NAMES: [bool; 256] = table_of(b"abcdefghijklmnopqrstuvwxyz0123456789_.");
    name.len() <= 100
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| OF_NAMES[usize::from(byte)])
}

/// Whether an id is one that programs make at random.
pub(super) fn is_telemetry_id(id: &str) -> bool {
    const OF_IDS: [bool; 256] = table_of(b"0123456789abcdefABCDEF-");
    id.len() <= 64 && id.bytes().all(|byte| OF_IDS[usize::from(byte)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_of_the_tables_is_spelled_bare_and_fits_the_buffer() {
        let telling = TELLING_KEYS.iter().flat_map(|(_, keys)| keys.iter());
        for key in telling.chain(&CLOSED_PROPERTIES) {
            let mut buffer = [0; LONGEST_KEY];
            assert_eq!(bare_key(key, &mut buffer), Some(*key));
        }
    }

    #[test]
    fn keys_are_compared_whole_and_without_separators() {
        let of = |place, key| treatment_of(place, key, false);
        assert_eq!(of(Place::Properties, "workspaceName"), Treatment::Telling(PseudonymKind::Workspace));
        assert_eq!(of(Place::Error, "workspace_name"), Treatment::Telling(PseudonymKind::Workspace));
        assert_eq!(of(Place::Other, "Agent-Name"), Treatment::Telling(PseudonymKind::Agent));
        assert_eq!(of(Place::Properties, "session.token"), Treatment::Telling(PseudonymKind::Token));
        assert_eq!(of(Place::Properties, "user_dismissed"), Treatment::Parts);
        assert_eq!(of(Place::Properties, "machine_id"), Treatment::Parts);
        assert_eq!(of(Place::Context, "machine_id"), Treatment::Whole(PseudonymKind::Machine));
        assert_eq!(of(Place::Row, "deployment_url"), Treatment::DeploymentUrl);
        assert_eq!(of(Place::Properties, "deployment_url"), Treatment::Parts);
    }

    #[test]
    fn a_field_is_known_if_its_values_are() {
        for (place, key, is_known) in [
            (Place::Context, "os_type", true),
            (Place::Context, "machine_id", true),
            (Place::Context, "shell", false),
            (Place::Row, "event_id", true),
            (Place::Properties, "authState", true),
            (Place::Properties, "workspace_name", true),
            (Place::Properties, "surprise", false),
            (Place::Error, "message", true),
            (Place::Error, "stack", false),
            (Place::Other, "result", false),
        ] {
            assert_eq!(is_known_field(place, key), is_known, "{place:?} {key}");
        }
    }

    #[test]
    fn event_names_and_ids_have_their_form() {
        for (name, is_name) in [
            ("ssh.network.info", true),
            ("a_1", true),
            ("1a", false),
            ("Abc", false),
            ("a-b", false),
            ("", false),
        ] {
            assert_eq!(is_event_name(name), is_name, "{name}");
        }
        assert!(!is_event_name(&"a".repeat(101)));
        for (id, is_id) in [("9f-AF09af", true), ("", true), ("g", false), ("9f ", false)] {
            assert_eq!(is_telemetry_id(id), is_id, "{id}");
        }
        assert!(!is_telemetry_id(&"a".repeat(65)));
    }

    #[test]
    fn the_level_unknown_keeps_what_is_listed() {
        let of = |place, key| treatment_of(place, key, true);
        assert_eq!(of(Place::Properties, "lifecycle_state_from"), Treatment::Word);
        assert_eq!(of(Place::Properties, "agentLifecycleState"), Treatment::Word);
        assert_eq!(of(Place::Properties, "surprise"), Treatment::Whole(PseudonymKind::Text));
        assert_eq!(of(Place::Other, "result"), Treatment::Whole(PseudonymKind::Text));
        assert_eq!(of(Place::Error, "code"), Treatment::Word);
        assert_eq!(of(Place::Error, "message"), Treatment::Whole(PseudonymKind::Text));
        assert_eq!(of(Place::Context, "os_type"), Treatment::Parts);
        assert_eq!(of(Place::Context, "shell"), Treatment::Whole(PseudonymKind::Text));
    }
}
