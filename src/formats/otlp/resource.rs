//! The context of events as an OTLP resource (spec §5, "Resource blocks").

use crate::json::escape_into;
use crate::row::context::EventContext;
use crate::row::event::Event;

/// Semantic conventions that names of resource and scope follow.
pub(super) const SCHEMA_URL: &str = "https://opentelemetry.io/schemas/1.44.0";
const SERVICE_NAME: &str = "coder-vscode-extension";

/// The nine members of an event's context, decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Context {
    fields: [Box<str>; 9],
}

impl Context {
    /// The context of an event.
    pub(super) fn of(event: &Event<'_>, context: EventContext<'_>) -> Self {
        Self { fields: context.fields(event).map(|field| field.decoded().into()) }
    }

    /// The values as the resource spells them, which tells resources apart.
    pub(super) fn in_resource(&self) -> [&str; 9] {
        let [version, machine_id, session_id, os_type, os_version, host_arch, name, platform_version, url] =
            &self.fields;
        [
            version,
            session_id,
            machine_id,
            semantic_host_arch(host_arch),
            semantic_os_type(os_type),
            os_version,
            name,
            platform_version,
            url,
        ]
    }

    /// Bytes that the context takes in memory.
    pub(super) fn weight(&self) -> usize {
        size_of::<Self>() + self.fields.iter().map(|field| field.len()).sum::<usize>()
    }

    pub(super) fn session_id(&self) -> &str {
        &self.fields[2]
    }

    /// Empty where the context has none.
    pub(super) fn deployment_url(&self) -> &str {
        &self.fields[8]
    }

    /// What stands behind the scope list in a resource block: `"resource":{…},"schemaUrl":"…"`.
    pub(super) fn resource(&self) -> String {
        const KEYS: [&str; 9] = [
            "service.version",
            "service.instance.id",
            "host.id",
            "host.arch",
            "os.type",
            "os.version",
            "vscode.platform.name",
            "vscode.platform.version",
            "coder.deployment.url",
        ];
        let attributes =
            [("service.name", SERVICE_NAME)].into_iter().chain(KEYS.into_iter().zip(self.in_resource()));
        let mut json = String::from("\"resource\":{\"attributes\":[");
        let mut first = true;
        for (key, value) in attributes.filter(|(_, value)| !value.is_empty()) {
            if !first {
                json.push(',');
            }
            first = false;
            json.push_str("{\"key\":\"");
            json.push_str(key);
            json.push_str("\",\"value\":{\"stringValue\":\"");
            escape_into(&mut json, value);
            json.push_str("\"}}");
        }
        json.push_str("]},\"schemaUrl\":\"");
        json.push_str(SCHEMA_URL);
        json.push('"');
        json
    }
}

/// `host.arch` in the words of the semantic conventions.
fn semantic_host_arch(node_arch: &str) -> &str {
    match node_arch {
        "x64" => "amd64",
        "ia32" => "x86",
        "arm" => "arm32",
        other => other,
    }
}

/// `os.type` in the words of the semantic conventions.
fn semantic_os_type(node_platform: &str) -> &str {
    match node_platform {
        "win32" => "windows",
        "sunos" => "solaris",
        other => other,
    }
}
