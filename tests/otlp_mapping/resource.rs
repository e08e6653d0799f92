//! Resource blocks: when one begins and what it says.

use serde_json::{Value, json};

use crate::support::{
    OtlpExport, Records, Row, Telemetry, attributes, event, header, http_requests, lines, own_context, span,
    text_attributes,
};

const SCHEMA: &str = "https://opentelemetry.io/schemas/1.44.0";

fn only_resource(row: &Row) -> Value {
    let blocks = Telemetry::of(std::slice::from_ref(row)).otlp().blocks(&Records::LOGS);
    assert_eq!(blocks.len(), 1);
    text_attributes(&blocks[0]["resource"])
}

/// The deployment and the number of records of each resource block of a signal.
fn deployments(otlp: &OtlpExport, of: &Records) -> Vec<(String, usize)> {
    let block = |block: &Value| {
        let url = text_attributes(&block["resource"])["coder.deployment.url"].as_str().map(str::to_owned);
        (url.unwrap_or_default(), block[of.scopes][0][of.records].as_array().map_or(0, Vec::len))
    };
    otlp.blocks(of).iter().map(block).collect()
}

fn blocks(expected: &[(&str, usize)]) -> Vec<(String, usize)> {
    expected.iter().map(|(url, records)| ((*url).to_owned(), *records)).collect()
}

#[test]
fn a_resource_has_the_attributes_of_its_context() {
    for row in [event("x"), event("x").self_contained(json!({}))] {
        assert_eq!(
            only_resource(&row),
            json!({
                "service.name": "coder-vscode-extension",
                "service.version": "1.15.2",
                "service.instance.id": "session",
                "host.id": "machine",
                "host.arch": "arm64",
                "os.type": "linux",
                "os.version": "6.8.0",
                "vscode.platform.name": "Cursor",
                "vscode.platform.version": "1.106.0",
                "coder.deployment.url": "https://dev.example.com",
            }),
            "{row}"
        );
    }
}

#[test]
fn a_row_with_its_own_context_has_the_deployment_of_that_context() {
    let row = event("x").deployment("of the row").with("context", own_context(json!({})));
    assert_eq!(only_resource(&row)["coder.deployment.url"], "https://dev.example.com");
}

#[test]
fn host_arch_and_os_type_have_values_of_the_semantic_conventions() {
    for (member, attribute, stored, written) in [
        ("host_arch", "host.arch", "x64", "amd64"),
        ("host_arch", "host.arch", "ia32", "x86"),
        ("host_arch", "host.arch", "arm", "arm32"),
        ("host_arch", "host.arch", "arm64", "arm64"),
        ("host_arch", "host.arch", "riscv64", "riscv64"),
        ("os_type", "os.type", "win32", "windows"),
        ("os_type", "os.type", "sunos", "solaris"),
        ("os_type", "os.type", "darwin", "darwin"),
        ("os_type", "os.type", "Windows_NT", "Windows_NT"),
    ] {
        let resource = only_resource(&event("x").self_contained(json!({ member: stored })));
        assert_eq!(resource[attribute], written, "{stored}");
    }
}

#[test]
fn empty_values_are_left_out() {
    let empty = json!({
        "extension_version": "", "machine_id": "", "session_id": "", "os_type": "", "os_version": "",
        "host_arch": "", "platform_name": "", "platform_version": "", "deployment_url": "",
    });
    let resource = only_resource(&event("x").self_contained(empty));
    assert_eq!(resource, json!({ "service.name": "coder-vscode-extension" }));
}

#[test]
fn context_values_are_escaped_again() {
    let resource = only_resource(&event("x").self_contained(json!({ "platform_name": "a\"b\\c\n\u{1}é" })));
    assert_eq!(resource["vscode.platform.name"], "a\"b\\c\n\u{1}é");
}

#[test]
fn resource_and_scope_name_the_schema_and_the_scope_this_package() {
    let rows = [event("x"), span("x"), http_requests(json!({ "count_2xx": 1 }))];
    let otlp = Telemetry::of(&rows).otlp();
    for of in Records::ALL {
        for block in otlp.blocks(of) {
            assert_eq!(block["schemaUrl"], SCHEMA);
            let scope = &block[of.scopes][0];
            assert_eq!(scope["schemaUrl"], SCHEMA);
            let version = env!("CARGO_PKG_VERSION");
            assert_eq!(scope["scope"], json!({ "name": "coder.telemetry.export", "version": version }));
            assert_eq!(block[of.scopes].as_array().map(Vec::len), Some(1));
            assert_eq!(attributes(&block["resource"]).len(), 10);
        }
    }
}

#[test]
fn a_block_begins_whenever_the_deployment_changes_even_if_it_changes_back() {
    let at = |url| event("x").deployment(url);
    let otlp = Telemetry::of(&[at("A"), at("A"), at("B"), at("A")]).otlp();
    assert_eq!(deployments(&otlp, &Records::LOGS), blocks(&[("A", 2), ("B", 1), ("A", 1)]));
}

#[test]
fn a_block_begins_whenever_any_member_of_the_context_changes() {
    for member in own_context(json!({})).as_object().expect("an object").keys() {
        let row = |value: &str| event("x").self_contained(json!({ member: value }));
        let otlp = Telemetry::of(&[row("A"), row("A"), row("B")]).otlp();
        assert_eq!(otlp.blocks(&Records::LOGS).len(), 2, "{member}");
    }
}

#[test]
fn a_block_begins_when_another_header_has_another_context() {
    let header_of = |version: &str| {
        let mut context = own_context(json!({ "extension_version": version }));
        context.as_object_mut().expect("an object").remove("deployment_url");
        header().with("context", context)
    };
    let rows = [
        header_of("1"),
        event("x"),
        header_of("2"),
        event("x"),
        header_of("2"),
        event("x"),
        header_of("1"),
        event("x"),
    ];
    let blocks = Telemetry::of_bytes(lines(&rows)).otlp().blocks(&Records::LOGS);
    let versions: Vec<_> =
        blocks.iter().map(|block| text_attributes(&block["resource"])["service.version"].clone()).collect();
    assert_eq!(versions, ["1", "2", "1"]);
}

#[test]
fn equal_contexts_are_one_block_however_they_are_spelled_and_wherever_they_come_from() {
    let spelled = |context: Value| context.to_string().replace("session", r"\u0073ession");
    let rows = [
        event("x"),
        event("x").self_contained(json!({})),
        event("x").without("deployment_url").with_text("context", &spelled(own_context(json!({})))),
        event("x").self_contained(json!({ "more": "members" })),
        event("x").with_text("deployment_url", r#""https:\/\/dev.example.com""#),
    ];
    assert_eq!(Telemetry::of(&rows).otlp().blocks(&Records::LOGS).len(), 1);
}

#[test]
fn the_context_of_an_event_of_another_signal_ends_a_block_too() {
    let log = |url| event("x").deployment(url);
    let span = |url| span("x").deployment(url);
    let requests = |url| http_requests(json!({ "count_2xx": 1 })).deployment(url);
    let rows = [log("A"), span("B"), log("A"), requests("A"), log("A"), requests("B"), requests("A")];
    let otlp = Telemetry::of(&rows).otlp();
    assert_eq!(deployments(&otlp, &Records::LOGS), blocks(&[("A", 1), ("A", 2)]));
    assert_eq!(deployments(&otlp, &Records::TRACES), blocks(&[("B", 1)]));
    assert_eq!(deployments(&otlp, &Records::METRICS), blocks(&[("A", 1), ("B", 1), ("A", 1)]));
}

#[test]
fn a_session_begins_a_block_even_if_it_has_the_context_of_the_one_before() {
    let telemetry = Telemetry::new().session("a", &[event("x")]).session("b", &[event("x")]);
    assert_eq!(telemetry.otlp().blocks(&Records::LOGS).len(), 2);
}

#[test]
fn the_next_file_of_a_session_continues_the_block() {
    let telemetry = Telemetry::new().session("a", &[event("x")]).session("a.1", &[event("x")]);
    assert_eq!(telemetry.otlp().blocks(&Records::LOGS).len(), 1);
}

#[test]
fn sessions_are_ordered_by_first_file_date_and_name_and_each_as_appended() {
    let telemetry = Telemetry::new()
        .session(
            "b",
            &[event("third").at("2026-06-01T12:00:00Z"), event("fourth").at("2026-06-01T09:00:00Z")],
        )
        .session("a", &[event("second").at("2026-06-01T23:00:00Z")])
        .file("telemetry-2026-05-31-c.jsonl", event("first").self_contained(json!({})).to_string());
    let logs = telemetry.otlp().logs();
    let names: Vec<_> = logs.iter().map(|log| log["eventName"].as_str().unwrap_or_default()).collect();
    assert_eq!(names, ["first", "second", "third", "fourth"]);
}
