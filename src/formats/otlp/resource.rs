//! The context of events as an OTLP resource (specification, Resource blocks).

use crate::json::escape_into;
use crate::row::context::ContextFields;
use crate::row::event_context::EventContext;

/// The version of the semantic conventions that attributes of resources and scopes follow.
pub(super) const SCHEMA_URL: &str = "https://opentelemetry.io/schemas/1.44.0";
const SERVICE_NAME: &str = "coder-vscode-extension";

/// The resource that an event belongs to: its context, decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Resource(ContextFields<Box<str>>);

impl Resource {
    pub(super) fn of(context: EventContext<'_>) -> Self {
        Self(context.fields().map(|field| field.decoded().into()))
    }

    /// The attributes of the resource, in order. An empty value is not written.
    pub(super) fn attributes(&self) -> [(&'static str, &str); 10] {
        let Self(fields) = self;
        [
            ("service.name", SERVICE_NAME),
            ("service.version", &fields.extension_version),
            ("service.instance.id", &fields.session_id),
            ("host.id", &fields.machine_id),
            ("host.arch", semantic_host_arch(&fields.host_arch)),
            ("os.type", semantic_os_type(&fields.os_type)),
            ("os.version", &fields.os_version),
            ("vscode.platform.name", &fields.platform_name),
            ("vscode.platform.version", &fields.platform_version),
            ("coder.deployment.url", &fields.deployment_url),
        ]
    }

    /// Bytes that the resource takes in memory.
    pub(super) fn weight(&self) -> usize {
        let mut text = 0;
        self.0.each_ref().map(|field| text += field.len());
        size_of::<Self>() + text
    }

    pub(super) fn session_id(&self) -> &str {
        &self.0.session_id
    }

    /// The deployment URL; empty if there is none.
    pub(super) fn deployment_url(&self) -> &str {
        &self.0.deployment_url
    }

    /// The text behind the scope list in a resource block: `"resource":{…},"schemaUrl":"…"`.
    pub(super) fn to_json(&self) -> String {
        let mut json = String::from("\"resource\":{\"attributes\":[");
        let mut first = true;
        for (key, value) in self.attributes().into_iter().filter(|(_, value)| !value.is_empty()) {
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
