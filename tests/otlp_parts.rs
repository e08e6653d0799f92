//! Requests that would be too long are split. The parts together hold the same as one whole request.

mod support;

use coder_telemetry_export::export::{OtlpOptions, Temporality};
use proptest::prelude::*;
use serde_json::{Value, json};

use support::{OtlpExport, Records, Row, Telemetry, event, header, http_requests, lines, span};

const LIMIT: u32 = OtlpOptions::MIN_MAX_REQUEST_BYTES;
const NO_LIMIT: u32 = OtlpOptions::MAX_MAX_REQUEST_BYTES;

/// What a generated row is like: its signal, length, deployment and series.
#[derive(Clone, Debug)]
struct Sketch {
    signal: usize,
    padding: usize,
    deployment: usize,
    series: usize,
}

fn sketches() -> impl Strategy<Value = Vec<Sketch>> {
    let sketch = (0..5_usize, 0..4_000_usize, 0..20_usize, 0..3_usize).prop_map(
        |(signal, padding, deployment, series)| Sketch {
            signal,
            padding,
            deployment: deployment.saturating_sub(17),
            series,
        },
    );
    prop::collection::vec(sketch, 1..250)
}

fn row(at: usize, sketch: &Sketch) -> Row {
    let (minute, second) = (at / 60 % 60, at % 60);
    let row = match sketch.signal {
        0 => event("a.log"),
        1 => span("a.span"),
        2 => event("ssh.network.info").measurements(json!({ "latencyMs": at, "hops": 1.5 })),
        3 => http_requests(json!({ "count_2xx": at, "window_seconds": 60 })),
        _ => http_requests(
            json!({ "count_2xx": 0.5, "count_4xx": 1, "p95_duration_ms": at, "window_seconds": 5 }),
        ),
    };
    row.id(&format!("{:016x}", at + 1))
        .at(&format!("2026-06-01T12:{minute:02}:{second:02}Z"))
        .deployment(&format!("https://{}.example.com", sketch.deployment))
        .properties(json!({ "padding": "p".repeat(sketch.padding), "series": sketch.series.to_string() }))
}

/// Two sessions with different contexts.
fn telemetry(sketches: &[Sketch]) -> Telemetry {
    let rows: Vec<_> = sketches.iter().enumerate().map(|(at, sketch)| row(at, sketch)).collect();
    let (one, other) = rows.split_at(rows.len() / 2);
    let own: Vec<_> =
        other.iter().map(|row| row.clone().self_contained(json!({ "session_id": "b" }))).collect();
    Telemetry::new().session("a", one).session("b", &own)
}

/// Enough rows for many parts of every signal.
fn many() -> Telemetry {
    let sketches: Vec<_> = (0..800)
        .map(|at| Sketch { signal: at % 5, padding: at * 37 % 1500, deployment: at / 90 % 3, series: at % 7 })
        .collect();
    telemetry(&sketches)
}

/// The request of each part of a signal. Printed again, it must have the length of the part: tests compute lengths.
fn requests(otlp: &OtlpExport, of: &Records) -> Vec<Value> {
    let parse = |(_, text): &(&str, &str)| {
        let request: Value = serde_json::from_str(text).expect("a request");
        assert_eq!(length(&request) + "\n".len(), text.len());
        request
    };
    otlp.parts(of.signal).iter().map(parse).collect()
}

fn length(value: &Value) -> usize {
    value.to_string().len()
}

/// A metric's list of points.
fn points_mut(metric: &mut Value) -> &mut Vec<Value> {
    let kind = if metric.get("sum").is_some() { "sum" } else { "gauge" };
    metric[kind]["dataPoints"].as_array_mut().expect("points")
}

/// A metric without its points.
fn identity(metric: &Value) -> Value {
    let mut metric = metric.clone();
    points_mut(&mut metric).clear();
    metric
}

fn records_mut<'a>(block: &'a mut Value, of: &Records) -> &'a mut Vec<Value> {
    block[of.scopes][0][of.records].as_array_mut().expect("records")
}

/// Adds a record to a list. A point goes to the entry of its metric if there is one.
fn add_record(records: &mut Vec<Value>, mut record: Value, of: &Records) {
    let same_metric = |entry: &&mut Value| of.signal == "metrics" && identity(entry) == identity(&record);
    match records.iter_mut().find(same_metric) {
        Some(entry) => points_mut(entry).append(points_mut(&mut record)),
        None => records.push(record),
    }
}

/// Appends a resource block to others. If the last one has the same resource, the records are added to that.
fn add_block(blocks: &mut Vec<Value>, mut block: Value, of: &Records) {
    match blocks.last_mut() {
        Some(last) if last["resource"] == block["resource"] => {
            let records = records_mut(last, of);
            records_mut(&mut block, of).drain(..).for_each(|record| add_record(records, record, of));
        }
        _ => blocks.push(block),
    }
}

/// The resource blocks of all parts of a signal. Neighbouring blocks with the same resource become one, as if no part ended
/// between them. Events of another signal can separate such blocks, too.
fn joined(otlp: &OtlpExport, of: &Records) -> Vec<Value> {
    let mut blocks = Vec::new();
    for mut request in requests(otlp, of) {
        for block in request[of.resources].as_array_mut().expect("blocks").drain(..) {
            add_block(&mut blocks, block, of);
        }
    }
    blocks
}

/// A part's first record as the only one of its block.
fn first_record(request: &Value, of: &Records) -> Value {
    let mut block = request[of.resources][0].clone();
    let records = records_mut(&mut block, of);
    records.truncate(1);
    if of.signal == "metrics" {
        points_mut(&mut records[0]).truncate(1);
    }
    block
}

#[test]
fn no_part_is_above_the_limit() {
    let otlp = many().with_request_limit(LIMIT);
    for of in Records::ALL {
        let parts = otlp.parts(of.signal);
        assert!(parts.len() > 2, "{} has {} parts", of.signal, parts.len());
        for (name, text) in parts {
            assert!(text.len() <= LIMIT as usize, "{name} has {} bytes", text.len());
        }
    }
}

#[test]
fn a_part_ends_when_the_next_record_would_not_fit() {
    let otlp = many().with_request_limit(LIMIT);
    for of in Records::ALL {
        let requests = requests(&otlp, of);
        for (at, pair) in requests.windows(2).enumerate() {
            let mut longer = pair[0].clone();
            let blocks = longer[of.resources].as_array_mut().expect("blocks");
            add_block(blocks, first_record(&pair[1], of), of);
            let bytes = length(&longer) + "\n".len();
            assert!(bytes > LIMIT as usize, "part {} of {} has room for another record", at + 1, of.signal);
        }
    }
}

#[test]
fn a_request_of_exactly_the_limit_is_one_part_and_a_byte_more_is_two() {
    for (sample, of) in [(event("x"), &Records::LOGS), (span("x"), &Records::TRACES)] {
        let padded = |bytes: usize| sample.clone().properties(json!({ "p": "p".repeat(bytes) }));
        let two = |bytes| Telemetry::of(&[sample.clone(), padded(bytes)]).with_request_limit(LIMIT);
        let room = LIMIT as usize - two(0).parts(of.signal)[0].1.len();
        assert_eq!(two(room).parts(of.signal).len(), 1);
        assert_eq!(two(room).parts(of.signal)[0].1.len(), LIMIT as usize);
        assert_eq!(two(room + 1).parts(of.signal).len(), 2);
    }
    let reading = event("ssh.network.info").measurements(json!({ "hops": 1 }));
    let padded = |bytes: usize| reading.clone().properties(json!({ "p": "p".repeat(bytes) }));
    let two = |bytes| Telemetry::of(&[reading.clone(), padded(bytes)]).with_request_limit(LIMIT);
    let room = LIMIT as usize - two(1).parts("metrics")[0].1.len() + 1;
    assert_eq!(two(room).parts("metrics").len(), 1);
    assert_eq!(two(room).parts("metrics")[0].1.len(), LIMIT as usize);
    assert_eq!(two(room + 1).parts("metrics").len(), 2);
}

#[test]
fn a_record_above_the_limit_has_a_part_of_its_own() {
    let long = json!({ "p": "p".repeat(100_000) });
    let reading = |properties: Value| {
        event("ssh.network.info").measurements(json!({ "hops": 1 })).properties(properties)
    };
    let rows = [
        [event("x"), event("x").properties(long.clone()), event("x")],
        [span("x"), span("x").properties(long.clone()), span("x")],
        [reading(json!({})), reading(long), reading(json!({}))],
    ];
    let otlp = Telemetry::of(&rows.concat()).with_request_limit(LIMIT);
    for of in Records::ALL {
        let parts = otlp.parts(of.signal);
        let above: Vec<_> = parts.iter().map(|(_, text)| text.len() > LIMIT as usize).collect();
        assert_eq!(above, [false, true, false], "{}", of.signal);
        let manifest = otlp.manifest();
        let entries = manifest["parts"].as_array().expect("parts");
        let records: Vec<_> = entries
            .iter()
            .filter(|part| part["signal"] == of.signal)
            .map(|part| part["records"].clone())
            .collect();
        assert_eq!(records, [1, 1, 1], "{}", of.signal);
    }
}

/// A row whose record alone is above the limit.
fn long(row: &Row) -> Row {
    row.clone().properties(json!({ "p": "p".repeat(LIMIT as usize) }))
}

fn reading(measurements: Value) -> Row {
    event("ssh.network.info").measurements(measurements)
}

#[test]
fn the_warning_of_a_record_above_the_limit_names_file_and_line() {
    for (sample, name, of) in [
        (event("x"), "log record", &Records::LOGS),
        (span("x"), "span", &Records::TRACES),
        (reading(json!({ "hops": 1 })), "data point", &Records::METRICS),
        (http_requests(json!({ "count_2xx": 1, "window_seconds": 60 })), "data point", &Records::METRICS),
    ] {
        // The header is line 1, and lines of every kind count.
        let text = lines(&[header(), sample.clone()]) + "\nbad\n" + &lines(&[long(&sample), sample.clone()]);
        for temporality in [Temporality::Delta, Temporality::Cumulative] {
            let otlp = Telemetry::of_bytes(&text).otlp_with(OtlpOptions {
                temporality,
                max_request_bytes: LIMIT,
                ..OtlpOptions::default()
            });
            let longest = otlp.parts(of.signal).iter().map(|(_, text)| text.len()).max().expect("parts");
            // A zero point comes before the running total.
            let is_counter = sample.to_string().contains("count_2xx");
            let needs = if is_counter && temporality == Temporality::Cumulative {
                format!("2 {name}s of this event need a request of up to {longest} bytes each")
            } else {
                format!("a {name} of this event needs a request of {longest} bytes")
            };
            let expected = format!(
                "telemetry-2026-06-01-a.jsonl:5: {needs}, which is more than maxRequestBytes (65536). A receiver \
                 with that limit refuses it."
            );
            assert_eq!(otlp.summary.warnings, [expected]);
        }
    }
}

#[test]
fn a_record_is_warned_of_only_if_its_request_is_above_the_limit() {
    for (sample, of) in [
        (event("x"), &Records::LOGS),
        (span("x"), &Records::TRACES),
        (reading(json!({ "hops": 1 })), &Records::METRICS),
    ] {
        let padded = |bytes: usize| {
            Telemetry::of(&[sample.clone().properties(json!({ "p": "p".repeat(bytes) }))])
                .with_request_limit(LIMIT)
        };
        let room = LIMIT as usize - padded(1).parts(of.signal)[0].1.len() + 1;
        for (bytes, warnings) in [(room, 0), (room + 1, 1)] {
            let otlp = padded(bytes);
            assert_eq!(otlp.parts(of.signal)[0].1.len() - LIMIT as usize, warnings, "{}", of.signal);
            assert_eq!(otlp.summary.warnings.len(), warnings, "{}", of.signal);
        }
    }
}

#[test]
fn an_event_with_many_points_above_the_limit_gets_one_warning() {
    let row = long(&reading(json!({ "hops": 1, "latencyMs": 2.5, "download_mbits": 3 })));
    let otlp = Telemetry::of(&[row.clone(), row]).with_request_limit(LIMIT);
    let longest = otlp.parts("metrics").iter().map(|(_, text)| text.len()).max().expect("parts");
    let expected = [2, 3].map(|line| {
        format!(
            "telemetry-2026-06-01-a.jsonl:{line}: 3 data points of this event need a request of up to {longest} bytes \
             each, which is more than maxRequestBytes (65536). A receiver with that limit refuses it."
        )
    });
    assert_eq!(otlp.summary.warnings, expected);
}

#[test]
fn a_context_that_makes_every_request_too_long_gives_a_warning_for_each_event() {
    let context = json!({ "os_version": "v".repeat(LIMIT as usize) });
    let rows =
        [event("x"), span("x"), reading(json!({ "hops": 1 }))].map(|row| row.self_contained(context.clone()));
    let otlp = Telemetry::of_bytes(lines(&rows)).with_request_limit(LIMIT);
    let places: Vec<_> = otlp.summary.warnings.iter().map(|warning| place(warning)).collect();
    assert_eq!(places, [1, 2, 3].map(|line| format!("telemetry-2026-06-01-a.jsonl:{line}")));
}

/// The file and line in a warning.
fn place(warning: &str) -> &str {
    warning.split(": ").next().unwrap_or_default()
}

#[test]
fn warnings_of_records_above_the_limit_are_ordered_by_date() {
    let row = |day: u32| long(&event("x")).at(&format!("2026-06-0{day}T12:00:00Z"));
    let content = |day| lines(&[header(), event("short"), row(day)]);
    let names =
        ["telemetry-2026-06-01-b.jsonl", "telemetry-2026-06-02-a.jsonl", "telemetry-2026-06-03-b.jsonl"];
    let telemetry =
        Telemetry::new().file(names[0], content(1)).file(names[1], content(2)).file(names[2], content(3));
    let warnings = telemetry.with_request_limit(LIMIT).summary.warnings;
    let places: Vec<_> = warnings.iter().map(|warning| place(warning)).collect();
    assert_eq!(places, names.map(|name| format!("{name}:3")));
}

#[test]
fn the_first_hundred_records_above_the_limit_get_a_warning_and_the_rest_are_counted() {
    let many = |count: usize| vec![long(&event("x")); count];
    // This file is read first, but comes last in the list.
    let newer = event("x").with("schema_version", json!(2));
    let mut telemetry = Telemetry::new()
        .file("telemetry-2026-06-01-b.jsonl", lines(&[header(), newer]))
        .file("telemetry-2026-06-03-b.jsonl", lines(&[vec![header()], many(60)].concat()))
        .file("telemetry-2026-06-02-c.jsonl", lines(&[vec![header()], many(70)].concat()));
    for threads in [1, 4] {
        telemetry = telemetry.with_threads(threads);
        let summary = telemetry.with_request_limit(LIMIT).summary;
        assert_eq!(summary.warnings.len(), 100);
        assert!(summary.warnings[0].contains("schema version 2"), "{}", summary.warnings[0]);
        let expected = (2..72)
            .map(|line| format!("telemetry-2026-06-02-c.jsonl:{line}"))
            .chain((2..31).map(|line| format!("telemetry-2026-06-03-b.jsonl:{line}")));
        let places: Vec<_> = summary.warnings[1..].iter().map(|warning| place(warning).to_owned()).collect();
        assert_eq!(places, expected.collect::<Vec<_>>());
        assert_eq!(summary.omitted.warnings, 31);
    }
}

#[test]
fn other_formats_do_not_warn_of_long_records() {
    let telemetry = Telemetry::of(&[long(&event("x"))]);
    assert_eq!(telemetry.otlp().summary.warnings, [""; 0]);
    assert_eq!(telemetry.json().summary.warnings, [""; 0]);
    assert_eq!(telemetry.html().summary.warnings, [""; 0]);
}

#[test]
fn one_part_has_a_plain_name_and_several_are_numbered_from_1() {
    let logs = (0..100).map(|_| event("x").properties(json!({ "p": "p".repeat(600) })));
    let rows: Vec<_> = logs.chain([span("x")]).collect();
    let otlp = Telemetry::of(&rows).with_request_limit(LIMIT);
    assert_eq!(
        otlp.names(),
        ["logs-000001.json", "logs-000002.json", "traces.json", "metrics.json", "manifest.json"]
    );
    assert_eq!(
        Telemetry::of(&rows).otlp().names(),
        ["logs.json", "traces.json", "metrics.json", "manifest.json"]
    );
}

#[test]
fn manifest_and_summary_give_the_length_and_records_of_each_part() {
    let otlp = many().with_request_limit(LIMIT);
    let mut expected = Vec::new();
    let mut totals = Vec::new();
    for of in Records::ALL {
        let mut total = 0;
        for ((name, text), request) in otlp.parts(of.signal).into_iter().zip(requests(&otlp, of)) {
            let records: usize = request[of.resources]
                .as_array()
                .into_iter()
                .flatten()
                .flat_map(|block| block[of.scopes][0][of.records].as_array().into_iter().flatten())
                .map(|record| if of.signal == "metrics" { support::points(record).len() } else { 1 })
                .sum();
            total += records;
            expected
                .push(json!({ "file": name, "signal": of.signal, "records": records, "bytes": text.len() }));
        }
        totals.push(total);
    }
    let manifest = otlp.manifest();
    assert_eq!(manifest["parts"], json!(expected));
    assert_eq!(manifest["records"], json!({ "logs": totals[0], "traces": totals[1], "metrics": totals[2] }));
    let summary = otlp.summary.otlp.expect("counts of signals");
    let parts: Vec<_> = summary
        .parts
        .iter()
        .map(|part| json!({ "file": part.file, "signal": part.signal, "records": part.records, "bytes": part.bytes }))
        .collect();
    assert_eq!(parts, expected);
}

#[test]
fn the_manifest_lists_parts_in_the_order_to_send_them() {
    let manifest = many().with_request_limit(LIMIT).manifest();
    let files: Vec<_> = manifest["parts"]
        .as_array()
        .expect("parts")
        .iter()
        .map(|part| part["file"].as_str().unwrap_or_default())
        .collect();
    let of = |signal: &str| files.iter().filter(|file| file.starts_with(signal)).count();
    let numbered =
        |signal: &str| (1..=of(signal)).map(|at| format!("{signal}-{at:06}.json")).collect::<Vec<_>>();
    assert_eq!(files, [numbered("logs"), numbered("traces"), numbered("metrics")].concat());
}

#[test]
fn the_points_of_one_event_may_fall_into_two_parts() {
    let many_points: serde_json::Map<_, _> = (0..1000).map(|n| (format!("key{n}"), json!(n))).collect();
    let row = event("ssh.network.info").measurements(Value::Object(many_points));
    let otlp = Telemetry::of(&[row]).with_request_limit(LIMIT);
    assert!(otlp.parts("metrics").len() > 1);
    assert_eq!(otlp.summary.event_count, 1);
    assert_eq!(otlp.summary.otlp.as_ref().map(|otlp| otlp.records.metrics), Some(1000));
}

#[test]
fn the_limit_of_a_request_is_64_kib_to_64_mib_and_3_500_000_bytes_by_default() {
    assert_eq!(OtlpOptions::MIN_MAX_REQUEST_BYTES, 65_536);
    assert_eq!(OtlpOptions::MAX_MAX_REQUEST_BYTES, 67_108_864);
    assert_eq!(OtlpOptions::default().max_request_bytes, 3_500_000);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// A new part repeats the resource and changes nothing else.
    #[test]
    fn parts_joined_are_one_request(sketches in sketches(), cumulative in any::<bool>()) {
        let telemetry = telemetry(&sketches);
        let temporality = if cumulative { Temporality::Cumulative } else { Temporality::Delta };
        let export = |max_request_bytes| {
            telemetry.otlp_with(OtlpOptions { temporality, max_request_bytes, ..OtlpOptions::default() })
        };
        let (split, whole) = (export(LIMIT), export(NO_LIMIT));
        for of in Records::ALL {
            prop_assert_eq!(whole.parts(of.signal).len(), 1);
            prop_assert!(joined(&split, of) == joined(&whole, of), "{} differ", of.signal);
        }
    }
}
