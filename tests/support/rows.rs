//! Telemetry rows, member by member.

use std::fmt;

use serde_json::{Value, json};

/// Builds a row: its members in order, each with the text of its value.
#[derive(Clone, Debug)]
pub struct Row {
    members: Vec<(String, String)>,
}

/// An event under a header, without a trace, that becomes a log record.
pub fn event(name: &str) -> Row {
    Row { members: Vec::new() }
        .with("event_id", json!("00f067aa0ba902b7"))
        .with("event_name", json!(name))
        .with("timestamp", json!("2026-06-01T12:00:00Z"))
        .with("event_sequence", json!(7))
        .with("properties", json!({}))
        .with("measurements", json!({}))
        .with("deployment_url", json!("https://dev.example.com"))
}

/// An event with a trace and a duration, that becomes a span.
pub fn span(name: &str) -> Row {
    event(name).trace("4bf92f3577b34da6a3ce929d0e0e4736").measurements(json!({ "durationMs": 0 }))
}

/// A window of HTTP requests.
pub fn http_requests(measurements: Value) -> Row {
    event("http.requests").measurements(measurements)
}

/// The header of the current layout.
pub fn header() -> Row {
    let mut context = context();
    context.as_object_mut().expect("an object").remove("deployment_url");
    Row { members: Vec::new() }
        .with("kind", json!("header"))
        .with("schema_version", json!(1))
        .with("timestamp", json!("2026-06-01T07:40:13.853Z"))
        .with("context", context)
}

/// A context of nine members.
pub fn context() -> Value {
    json!({
        "extension_version": "1.15.2",
        "machine_id": "machine",
        "session_id": "session",
        "os_type": "linux",
        "os_version": "6.8.0",
        "host_arch": "arm64",
        "platform_name": "Cursor",
        "platform_version": "1.106.0",
        "deployment_url": "https://dev.example.com",
    })
}

/// The context with some members changed.
pub fn own_context(changes: Value) -> Value {
    let mut context = context();
    let members = context.as_object_mut().expect("an object");
    let Value::Object(changes) = changes else { panic!("changes are an object") };
    members.extend(changes);
    context
}

impl Row {
    /// Sets a member.
    #[expect(clippy::needless_pass_by_value, reason = "rows read better with json!(…) than with &json!(…)")]
    pub fn with(self, name: &str, value: Value) -> Self {
        self.with_text(name, &value.to_string())
    }

    /// Sets a member to a value in exactly this spelling.
    pub fn with_text(mut self, name: &str, json: &str) -> Self {
        match self.members.iter_mut().find(|(member, _)| member == name) {
            Some((_, text)) => json.clone_into(text),
            None => self.members.push((name.to_owned(), json.to_owned())),
        }
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.members.retain(|(member, _)| member != name);
        self
    }

    pub fn at(self, timestamp: &str) -> Self {
        self.with("timestamp", json!(timestamp))
    }

    pub fn id(self, event_id: &str) -> Self {
        self.with("event_id", json!(event_id))
    }

    pub fn trace(self, trace_id: &str) -> Self {
        self.with("trace_id", json!(trace_id))
    }

    pub fn parent(self, parent_event_id: &str) -> Self {
        self.with("parent_event_id", json!(parent_event_id))
    }

    pub fn properties(self, properties: Value) -> Self {
        self.with("properties", properties)
    }

    pub fn measurements(self, measurements: Value) -> Self {
        self.with("measurements", measurements)
    }

    pub fn error(self, error: Value) -> Self {
        self.with("error", error)
    }

    pub fn deployment(self, url: &str) -> Self {
        self.with("deployment_url", json!(url))
    }

    /// The row in the self-contained layout, with the usual context except for `changes`.
    pub fn self_contained(self, changes: Value) -> Self {
        self.without("deployment_url").with("context", own_context(changes))
    }
}

impl fmt::Display for Row {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("{")?;
        for (at, (name, json)) in self.members.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            write!(formatter, "{comma}\"{name}\":{json}")?;
        }
        formatter.write_str("}")
    }
}
