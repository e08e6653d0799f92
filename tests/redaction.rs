//! Redacted exports through the public API.

mod support;

use coder_telemetry_export::export::{RedactionInput, RedactionLevel};
use serde_json::json;
use support::{Telemetry, event, own_context};

fn marked() -> RedactionInput {
    RedactionInput {
        level: Some(RedactionLevel::Marked),
        key: Some(vec![b'k'; 32]),
        ..RedactionInput::default()
    }
}

#[test]
fn smoke() {
    let t = Telemetry::of(&[
        event("a.b").properties(json!({"host_x":"connect ECONNREFUSED 10.0.3.7:443","workspace":"tarnbox","p":"tarnbox failed", "path":"/home/anna/x"})),
        event("c").error(json!({"message":"dial https://anna:pw@coder.example.com/api?x=1: no, session.","code":"E1"})).deployment("https://coder.example.com/"),
        event("c").self_contained(json!({"session_id":"12345", "deployment_url":"https://tarn.example.com"})).with("extra", json!({"a":["10.0.3.7"],"user":"anna"})),
    ]).redacted(marked());
    let j = t.json();
    println!("{}\n{:?}", j.text, j.summary);
    println!("{:?}", t.otlp().entries);
    t.html();
    let _ = own_context;
}
