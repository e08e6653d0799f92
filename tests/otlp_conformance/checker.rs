//! Says what is wrong with a request, if anything.

use std::collections::HashSet;

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::support::Records;

type Verdict = Result<(), String>;

/// Checks a request file of a signal.
pub fn check(of: &Records, text: &str) -> Verdict {
    let line = text.strip_suffix('\n').ok_or("it does not end in a line feed")?;
    if line.contains('\n') {
        return Err("it has more than one line".to_owned());
    }
    let request: Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
    match of.signal {
        "logs" => survives::<ExportLogsServiceRequest>(&request)?,
        "traces" => survives::<ExportTraceServiceRequest>(&request)?,
        _ => survives::<ExportMetricsServiceRequest>(&request)?,
    }
    check_value(&request, "")
}

/// Parses `ours` as the published type and back; every member and value must reappear.
fn survives<T: DeserializeOwned + Serialize>(ours: &Value) -> Verdict {
    let typed: T = serde_json::from_value(ours.clone()).map_err(|error| error.to_string())?;
    let back = serde_json::to_value(&typed).map_err(|error| error.to_string())?;
    reappears(ours, &back, "")
}

fn reappears(ours: &Value, theirs: &Value, path: &str) -> Verdict {
    let same = match (ours, theirs) {
        (Value::Object(ours), Value::Object(theirs)) => {
            for (key, value) in ours {
                let path = format!("{path}.{key}");
                let back = theirs.get(key).ok_or_else(|| format!("{path} is lost"))?;
                reappears(value, back, &path)?;
            }
            true
        }
        (Value::Array(ours), Value::Array(theirs)) => {
            for (at, (value, back)) in ours.iter().zip(theirs).enumerate() {
                reappears(value, back, &format!("{path}[{at}]"))?;
            }
            ours.len() == theirs.len()
        }
        // A double may be written as 5 and come back as 5.0.
        (Value::Number(ours), Value::Number(theirs)) => ours.as_f64() == theirs.as_f64(),
        _ => ours == theirs,
    };
    if same { Ok(()) } else { Err(format!("{path} is {ours} and comes back as {theirs}")) }
}

/// Checks the rules that the published types do not have.
fn check_value(value: &Value, path: &str) -> Verdict {
    match value {
        Value::Null => Err(format!("{path} is null")),
        Value::Array(values) => {
            values.iter().enumerate().try_for_each(|(at, value)| check_value(value, &format!("{path}[{at}]")))
        }
        Value::Object(members) => {
            members.iter().try_for_each(|(key, value)| check_member(key, value, &format!("{path}.{key}")))?;
            members.iter().try_for_each(|(key, value)| check_value(value, &format!("{path}.{key}")))
        }
        _ => Ok(()),
    }
}

fn check_member(key: &str, value: &Value, path: &str) -> Verdict {
    match key {
        "traceId" => check_id(value, 32, path),
        "spanId" | "parentSpanId" => check_id(value, 16, path),
        "timeUnixNano" | "startTimeUnixNano" | "endTimeUnixNano" | "observedTimeUnixNano" | "asInt" => {
            check_integer(value, path)
        }
        "attributes" => check_keys(value, path),
        "value" | "body" => check_one_of(value, &["stringValue", "intValue", "doubleValue"], path),
        "metrics" => each(value, path, |metric, path| check_one_of(metric, &["sum", "gauge"], path)),
        "dataPoints" => each(value, path, |point, path| check_one_of(point, &["asInt", "asDouble"], path)),
        "aggregationTemporality" => check_enum(value, 1..=2, path),
        "kind" => check_enum(value, 1..=5, path),
        "severityNumber" => check_enum(value, 1..=24, path),
        "code" => check_enum(value, 1..=2, path),
        "spans" => each(value, path, |span, path| match span.get("name").and_then(Value::as_str) {
            Some("") | None => Err(format!("{path} has no name")),
            Some(_) => Ok(()),
        }),
        _ => Ok(()),
    }
}

fn each(list: &Value, path: &str, check: impl Fn(&Value, &str) -> Verdict) -> Verdict {
    let list = list.as_array().ok_or_else(|| format!("{path} is no list"))?;
    list.iter().enumerate().try_for_each(|(at, value)| check(value, &format!("{path}[{at}]")))
}

fn check_id(value: &Value, length: usize, path: &str) -> Verdict {
    let id = value.as_str().unwrap_or_default();
    let valid = id.len() == length
        && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        && id.bytes().any(|byte| byte != b'0');
    if valid { Ok(()) } else { Err(format!("{path} is no id of {length} lower-case digits: {value}")) }
}

/// 64-bit integers are decimal strings, and none of ours is negative.
fn check_integer(value: &Value, path: &str) -> Verdict {
    let valid = value
        .as_str()
        .is_some_and(|text| text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<i64>().is_ok());
    if valid { Ok(()) } else { Err(format!("{path} is no string of a 64-bit integer: {value}")) }
}

fn check_enum(value: &Value, known: std::ops::RangeInclusive<u64>, path: &str) -> Verdict {
    let valid = value.as_u64().is_some_and(|number| known.contains(&number));
    if valid { Ok(()) } else { Err(format!("{path} is none of {known:?}: {value}")) }
}

fn check_keys(attributes: &Value, path: &str) -> Verdict {
    let mut keys = HashSet::new();
    each(attributes, path, |attribute, path| match attribute["key"].as_str() {
        Some(key) if key.bytes().any(|byte| byte.is_ascii_alphanumeric()) => Ok(()),
        _ => Err(format!("{path} has a key that receivers refuse")),
    })?;
    for attribute in attributes.as_array().into_iter().flatten() {
        if !keys.insert(attribute["key"].as_str()) {
            return Err(format!("{path} has {} twice", attribute["key"]));
        }
    }
    Ok(())
}

fn check_one_of(value: &Value, names: &[&str], path: &str) -> Verdict {
    let count = names.iter().filter(|name| value.get(name).is_some()).count();
    if count == 1 { Ok(()) } else { Err(format!("{path} has {count} of {names:?}")) }
}
