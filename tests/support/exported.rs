//! What an export wrote, parsed.

use std::collections::BTreeMap;
use std::io::Read;

use coder_telemetry_export::summary::Summary;
use serde_json::{Value, json};

/// A JSON array.
pub struct JsonExport {
    pub summary: Summary,
    pub text: String,
}

impl JsonExport {
    /// The text of each event.
    pub fn lines(&self) -> Vec<&str> {
        let inside = self.text.strip_prefix("[\n").and_then(|text| text.strip_suffix("\n]\n"));
        inside.map_or_else(Vec::new, |inside| inside.split(",\n").collect())
    }

    pub fn events(&self) -> Vec<Value> {
        self.lines().iter().map(|line| serde_json::from_str(line).expect("an event")).collect()
    }

    /// The `event_id`s in order.
    pub fn ids(&self) -> Vec<String> {
        self.events().iter().map(|event| event["event_id"].as_str().expect("a text").to_owned()).collect()
    }
}

/// A page.
pub struct HtmlExport {
    pub summary: Summary,
    pub page: String,
}

impl HtmlExport {
    /// The most bytes that a page may have.
    pub const BYTES_AT_MOST: usize = 1_000_000;

    /// The page without `<wbr>`, the places where a long name can break. Each text is in one piece.
    pub fn unbroken(&self) -> String {
        self.page.replace("<wbr>", "")
    }

    /// The sections that depend on the events alone, and not on the files that they come from.
    pub fn sections_of_events(&self) -> &str {
        let (_, events) = self.page.split_once("<section id=\"sharing\"").expect("the section of fields");
        events.split_once("<section id=\"quality\"").expect("the section of files").0
    }
}

/// A zip of OTLP requests.
pub struct OtlpExport {
    pub summary: Summary,
    /// The entries in order: name and content.
    pub entries: Vec<(String, String)>,
}

/// The lists that lead to the records of a signal.
pub struct Records {
    pub signal: &'static str,
    pub resources: &'static str,
    pub scopes: &'static str,
    pub records: &'static str,
}

impl Records {
    pub const LOGS: Self =
        Self { signal: "logs", resources: "resourceLogs", scopes: "scopeLogs", records: "logRecords" };
    pub const TRACES: Self =
        Self { signal: "traces", resources: "resourceSpans", scopes: "scopeSpans", records: "spans" };
    pub const METRICS: Self =
        Self { signal: "metrics", resources: "resourceMetrics", scopes: "scopeMetrics", records: "metrics" };
    pub const ALL: [&'static Self; 3] = [&Self::LOGS, &Self::TRACES, &Self::METRICS];
}

impl OtlpExport {
    pub fn read(summary: Summary, zip: &[u8]) -> Self {
        Self { summary, entries: if zip.is_empty() { Vec::new() } else { unzip(zip) } }
    }

    /// The text of an entry.
    pub fn text(&self, name: &str) -> &str {
        let entry = self.entries.iter().find(|(entry, _)| entry == name);
        &entry.unwrap_or_else(|| panic!("no entry {name} among {:?}", self.names())).1
    }

    pub fn names(&self) -> Vec<&str> {
        self.entries.iter().map(|(name, _)| name.as_str()).collect()
    }

    pub fn manifest(&self) -> Value {
        serde_json::from_str(self.text("manifest.json")).expect("a manifest")
    }

    /// Name and text of each request of a signal, in order.
    pub fn parts(&self, signal: &str) -> Vec<(&str, &str)> {
        let of_signal =
            |name: &str| name.strip_prefix(signal).is_some_and(|rest| rest.starts_with(['-', '.']));
        let parts = self.entries.iter().filter(|(name, _)| of_signal(name));
        parts.map(|(name, text)| (name.as_str(), text.as_str())).collect()
    }

    /// The resource blocks of a signal, of all its parts.
    pub fn blocks(&self, of: &Records) -> Vec<Value> {
        let mut blocks = Vec::new();
        for (_, text) in self.parts(of.signal) {
            let request: Value = serde_json::from_str(text).expect("a request");
            blocks.extend(request[of.resources].as_array().expect("resource blocks").iter().cloned());
        }
        blocks
    }

    /// The log records, spans or metrics of a signal, of all its blocks.
    pub fn records(&self, of: &Records) -> Vec<Value> {
        let mut records = Vec::new();
        for block in self.blocks(of) {
            for scope in block[of.scopes].as_array().expect("scopes") {
                records.extend(scope[of.records].as_array().expect("records").iter().cloned());
            }
        }
        records
    }

    pub fn logs(&self) -> Vec<Value> {
        self.records(&Records::LOGS)
    }

    pub fn spans(&self) -> Vec<Value> {
        self.records(&Records::TRACES)
    }

    pub fn metrics(&self) -> Vec<Value> {
        self.records(&Records::METRICS)
    }

    /// The only log record.
    pub fn log(&self) -> Value {
        only(self.logs())
    }

    /// The only span.
    pub fn span(&self) -> Value {
        only(self.spans())
    }

    /// The only metric of this name.
    pub fn metric(&self, name: &str) -> Value {
        only(self.metrics().into_iter().filter(|metric| metric["name"] == name).collect())
    }
}

/// The points of a metric, a sum or a gauge.
pub fn points(metric: &Value) -> Vec<Value> {
    let data = metric.get("sum").or_else(|| metric.get("gauge")).expect("a sum or a gauge");
    data["dataPoints"].as_array().expect("data points").clone()
}

/// Attributes of a record, a point or a resource by key, each key once.
pub fn attributes(record: &Value) -> BTreeMap<String, Value> {
    let mut attributes = BTreeMap::new();
    for attribute in record["attributes"].as_array().into_iter().flatten() {
        let key = attribute["key"].as_str().expect("a key").to_owned();
        let before = attributes.insert(key, attribute["value"].clone());
        assert_eq!(before, None, "{} stands twice in {record}", attribute["key"]);
    }
    attributes
}

/// Attributes that are strings, as one object.
pub fn text_attributes(record: &Value) -> Value {
    let texts = attributes(record).into_iter();
    json!(texts.map(|(key, value)| (key, value["stringValue"].clone())).collect::<BTreeMap<_, _>>())
}

fn only(mut records: Vec<Value>) -> Value {
    assert_eq!(records.len(), 1, "{records:#?}");
    records.remove(0)
}

fn unzip(zip: &[u8]) -> Vec<(String, String)> {
    let archive = rawzip::ZipArchive::from_slice(zip).expect("a zip");
    let mut unzipped = Vec::new();
    let mut entries = archive.entries();
    while let Some(entry) = entries.next_entry().expect("an entry") {
        let name = entry.file_path().try_normalize().expect("a name").as_ref().to_owned();
        let local = archive.get_entry(entry.wayfinder()).expect("an entry");
        let inflated = flate2::bufread::DeflateDecoder::new(local.data());
        let mut text = String::new();
        local.verifying_reader(inflated).read_to_string(&mut text).expect("UTF-8, whole and unharmed");
        unzipped.push((name, text));
    }
    unzipped
}
