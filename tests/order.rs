//! The order of events: within a session as they were appended, between sessions by time.

mod support;

use serde_json::json;

use support::{Row, Telemetry, event, file_name, lines};

/// An event at so many seconds after noon.
fn at(id: &str, seconds: u32) -> Row {
    event("x").id(id).at(&format!("2026-06-01T12:{:02}:{:02}Z", seconds / 60, seconds % 60))
}

/// A file of rows whose context has this `session_id`.
fn of_session_id(session_id: &str, rows: &[Row]) -> String {
    let own = |row: &Row| row.clone().self_contained(json!({ "session_id": session_id }));
    lines(&rows.iter().map(own).collect::<Vec<_>>())
}

#[test]
fn of_sessions_that_overlap_the_one_whose_next_event_is_earliest_comes_next() {
    let telemetry = Telemetry::new()
        .session("a", &[at("a1", 10), at("a2", 40), at("a3", 41)])
        .session("b", &[at("b1", 20), at("b2", 30), at("b3", 50)])
        .session("c", &[at("c1", 5), at("c2", 45)]);
    assert_eq!(telemetry.json().ids(), ["c1", "a1", "b1", "b2", "a2", "a3", "c2", "b3"]);
}

#[test]
fn a_session_keeps_its_append_order_though_its_clock_went_backwards() {
    let telemetry = Telemetry::new()
        .session("a", &[at("a1", 30), at("a2", 10), at("a3", 40)])
        .session("b", &[at("b1", 20), at("b2", 25), at("b3", 35)]);
    // a2 is due as soon as a1 is written, and a1 holds it back until then.
    assert_eq!(telemetry.json().ids(), ["b1", "b2", "a1", "a2", "b3", "a3"]);
}

#[test]
fn times_are_compared_whatever_their_offset_and_digits() {
    let time = |id: &str, timestamp: &str| event("x").id(id).at(timestamp);
    let telemetry = Telemetry::new()
        .session("a", &[time("second", "2026-06-01T14:00:00.000000002+02:00")])
        .session("b", &[time("first", "2026-06-01T12:00:00.000000001Z")])
        .session("c", &[time("fourth", "2026-06-01T11:59:60.1Z")])
        .session("d", &[time("third", "2026-06-01T12:00:00.0999Z")]);
    assert_eq!(telemetry.json().ids(), ["first", "second", "third", "fourth"]);
}

#[test]
fn ties_go_by_session_id_as_utf_8_bytes() {
    let order = ["", "A", "Z", "a", "aa", "é", "\u{ffff}", "\u{10000}"];
    let mut telemetry = Telemetry::new();
    for (at_file, session_id) in order.iter().enumerate() {
        // File names stand the other way round.
        let name = file_name(&format!("{}", 9 - at_file));
        telemetry = telemetry.file(&name, of_session_id(session_id, &[at(session_id, 0)]));
    }
    assert_eq!(telemetry.json().ids(), order);
}

#[test]
fn ties_of_session_id_go_by_session_and_then_by_append_order() {
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
fn a_session_is_appended_by_date_part_and_line() {
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

#[test]
fn merging_takes_the_earliest_next_event_over_many_blocks_too() {
    let sessions = 7;
    // Sessions of many blocks that overlap, with clocks that now and then go back.
    let times: Vec<Vec<u32>> = (0..sessions)
        .map(|session| {
            (0..400).map(|n| n * 7 + session * 13 % 50 - if n % 31 == 30 { 100 } else { 0 }).collect()
        })
        .collect();
    let mut telemetry = Telemetry::new();
    for (session, times) in times.iter().enumerate() {
        let row = |n: usize, time: u32| {
            at(&format!("{session}-{n}"), time).properties(json!({ "p": "p".repeat(2000) }))
        };
        let rows: Vec<_> = times.iter().enumerate().map(|(n, &time)| row(n, time)).collect();
        telemetry =
            telemetry.file(&file_name(&session.to_string()), of_session_id(&session.to_string(), &rows));
    }
    let mut next = vec![0; times.len()];
    let mut expected = Vec::new();
    while let Some((_, session)) =
        (0..times.len()).filter_map(|session| Some((*times[session].get(next[session])?, session))).min()
    {
        expected.push(format!("{session}-{}", next[session]));
        next[session] += 1;
    }
    assert_eq!(telemetry.json().ids(), expected);
}

#[test]
fn events_of_years_that_otlp_cannot_hold_have_their_place_in_an_array() {
    let telemetry = Telemetry::new()
        .session("a", &[event("x").id("last").at("9999-12-31T23:59:60.999999999-23:59")])
        .session("b", &[event("x").id("first").at("0000-01-01T00:00:00+23:59")])
        .session("c", &[at("middle", 0)]);
    assert_eq!(telemetry.json().ids(), ["first", "middle", "last"]);
}
