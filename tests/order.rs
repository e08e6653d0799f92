//! The order of events: as appended within a session, by time between sessions.

mod support;

use serde_json::json;

use support::{Row, Telemetry, event, file_name, header, lines};

/// An event some seconds after noon.
fn at(id: &str, seconds: u32) -> Row {
    event("x").id(id).at(&format!("2026-06-01T12:{:02}:{:02}Z", seconds / 60, seconds % 60))
}

/// A file of rows whose context has this `session_id`.
fn of_session_id(session_id: &str, rows: &[Row]) -> String {
    let own = |row: &Row| row.clone().self_contained(json!({ "session_id": session_id }));
    lines(&rows.iter().map(own).collect::<Vec<_>>())
}

#[test]
fn the_session_with_the_earliest_next_event_comes_next() {
    let telemetry = Telemetry::new()
        .session("a", &[at("a1", 10), at("a2", 40), at("a3", 41)])
        .session("b", &[at("b1", 20), at("b2", 30), at("b3", 50)])
        .session("c", &[at("c1", 5), at("c2", 45)]);
    assert_eq!(telemetry.json().ids(), ["c1", "a1", "b1", "b2", "a2", "a3", "c2", "b3"]);
}

#[test]
fn a_session_keeps_its_append_order_even_if_its_clock_goes_back() {
    let telemetry = Telemetry::new()
        .session("a", &[at("a1", 30), at("a2", 10), at("a3", 40)])
        .session("b", &[at("b1", 20), at("b2", 25), at("b3", 35)]);
    // a2 has an early time, but it has to wait until a1 is written.
    assert_eq!(telemetry.json().ids(), ["b1", "b2", "a1", "a2", "b3", "a3"]);
}

#[test]
fn times_with_different_offsets_and_digits_are_compared_as_times() {
    let time = |id: &str, timestamp: &str| event("x").id(id).at(timestamp);
    let telemetry = Telemetry::new()
        .session("a", &[time("second", "2026-06-01T14:00:00.000000002+02:00")])
        .session("b", &[time("first", "2026-06-01T12:00:00.000000001Z")])
        .session("c", &[time("fourth", "2026-06-01T11:59:60.1Z")])
        .session("d", &[time("third", "2026-06-01T12:00:00.0999Z")]);
    assert_eq!(telemetry.json().ids(), ["first", "second", "third", "fourth"]);
}

#[test]
fn ties_are_ordered_by_the_utf_8_bytes_of_the_session_id() {
    let order = ["", "A", "Z", "a", "aa", "é", "\u{ffff}", "\u{10000}"];
    let mut telemetry = Telemetry::new();
    for (at_file, session_id) in order.iter().enumerate() {
        // File names have the opposite order.
        let name = file_name(&format!("{}", 9 - at_file));
        telemetry = telemetry.file(&name, of_session_id(session_id, &[at(session_id, 0)]));
    }
    assert_eq!(telemetry.json().ids(), order);
}

#[test]
fn ties_of_session_id_are_ordered_by_session_and_then_as_appended() {
    let telemetry = Telemetry::new()
        .file(&file_name("b"), of_session_id("same", &[at("b1", 0), at("b2", 0)]))
        .file(&file_name("a"), of_session_id("same", &[at("a1", 0), at("a2", 0)]))
        .file(&file_name("a.1"), of_session_id("same", &[at("a3", 0)]));
    assert_eq!(telemetry.json().ids(), ["a1", "a2", "a3", "b1", "b2"]);
}

#[test]
fn the_session_id_of_a_tie_is_that_of_the_next_event() {
    let a = of_session_id("a", &[at("a1", 0)]) + &of_session_id("z", &[at("a2", 0)]);
    let telemetry =
        Telemetry::new().file(&file_name("a"), a).file(&file_name("b"), of_session_id("m", &[at("b1", 0)]));
    assert_eq!(telemetry.json().ids(), ["a1", "b1", "a2"]);
}

#[test]
fn a_session_is_ordered_by_date_part_and_line() {
    let telemetry = Telemetry::new()
        .file("telemetry-2026-06-02-a.jsonl", of_session_id("s", &[at("5", 0)]))
        .file("telemetry-2026-06-01-a.10.jsonl", of_session_id("s", &[at("4", 0)]))
        .file("telemetry-2026-06-01-a.2.jsonl", of_session_id("s", &[at("3", 0)]))
        .file("telemetry-2026-06-01-a.jsonl", of_session_id("s", &[at("1", 0), at("2", 0)]));
    assert_eq!(telemetry.json().ids(), ["1", "2", "3", "4", "5"]);
    let logs = telemetry.otlp().logs();
    let uid = |log: &serde_json::Value| support::text_attributes(log)["log.record.uid"].clone();
    assert_eq!(logs.iter().map(uid).collect::<Vec<_>>(), ["1", "2", "3", "4", "5"]);
}

/// The order that merging must give, as `(session, event)`: always the session with the earliest next event.
fn merged(times: &[Vec<u32>]) -> Vec<(usize, usize)> {
    let mut next = vec![0; times.len()];
    let mut order = Vec::new();
    loop {
        let due = |session: usize| Some((*times[session].get(next[session])?, session));
        let Some((_, session)) = (0..times.len()).filter_map(due).min() else { return order };
        order.push((session, next[session]));
        next[session] += 1;
    }
}

/// Exports sessions of events at these times, each padded to a length, and checks their order and the accounting.
fn assert_merged(times: &[Vec<u32>], padding: impl Fn(usize, usize) -> usize) {
    let mut telemetry = Telemetry::new();
    for (session, times) in times.iter().enumerate() {
        let mut rows = vec![header()];
        for (n, &time) in times.iter().enumerate() {
            let padding = json!({ "p": "p".repeat(padding(session, n)) });
            rows.push(at(&format!("{session}-{n}"), time).properties(padding));
            if n % 5 == 4 {
                rows.push(if n % 2 == 0 { header() } else { event("bad").without("event_id") });
            }
        }
        telemetry = telemetry.file(&file_name(&format!("{session:04}")), lines(&rows));
    }
    let json = telemetry.json();
    let expected: Vec<_> = merged(times).iter().map(|(session, n)| format!("{session}-{n}")).collect();
    let found = json.ids();
    let differs = found.iter().zip(&expected).position(|(found, expected)| found != expected);
    assert_eq!((found.len(), differs), (expected.len(), None));
    let bad: usize = times.iter().map(|times| (0..times.len()).filter(|n| n % 10 == 9).count()).sum();
    assert_eq!(json.summary.bad_lines, bad as u64);
}

/// Times of a session that now and then go back.
fn times(session: u32, events: u32, step: u32) -> Vec<u32> {
    (0..events)
        .map(|n| (n * step + session * 13 % 50 + 100).saturating_sub(if n % 31 == 30 { 100 } else { 0 }))
        .collect()
}

#[test]
fn merging_takes_the_earliest_next_event_across_many_blocks() {
    let times: Vec<_> = (0..7).map(|session| times(session, 400, 7)).collect();
    assert_merged(&times, |_, _| 2000);
}

#[test]
fn merging_keeps_its_order_if_overlapping_sessions_do_not_fit_into_memory_together() {
    let times: Vec<_> = (0..400).map(|session| times(session, 20, 97)).collect();
    assert_merged(&times, |session, n| (session * 7919 + n * 104_729) % 8000);
}

#[test]
fn merging_keeps_its_order_if_lines_are_longer_than_blocks() {
    let times: Vec<_> = (0..5).map(|session| times(session, 12, 11)).collect();
    let lengths = [10, 1_200_000, 300_000, 10, 70_000];
    assert_merged(&times, |session, n| lengths[(session + n) % lengths.len()]);
}

#[test]
fn an_array_holds_events_of_years_that_otlp_cannot_hold() {
    let telemetry = Telemetry::new()
        .session("a", &[event("x").id("last").at("9999-12-31T23:59:60.999999999-23:59")])
        .session("b", &[event("x").id("first").at("0000-01-01T00:00:00+23:59")])
        .session("c", &[at("middle", 0)]);
    assert_eq!(telemetry.json().ids(), ["first", "middle", "last"]);
}
