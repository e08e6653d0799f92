//! Every form of a range, its bounds and its names.

use super::*;

/// 2026-06-12T09:00:00.123Z.
const NOW: i64 = 1_781_254_800_123;

fn text(range: &str) -> Result<Range> {
    RangeInput::Text(range.to_owned()).resolve(NOW)
}

fn bounds(start_ms: Option<f64>, end_ms: Option<f64>) -> Result<Range> {
    RangeInput::Bounds { start_ms, end_ms, label: None, file_name_part: None }.resolve(NOW)
}

fn message(result: Result<Range>) -> String {
    let error = result.expect_err("no range");
    assert_eq!(error.code(), "ERR_INVALID_RANGE");
    error.to_string()
}

#[test]
fn presets_end_now_and_have_the_day_in_their_file_name() {
    for (range, days, label, part) in [
        ("last24Hours", 1, "Last 24 hours", "last-24-hours-2026-06-12"),
        ("last7Days", 7, "Last 7 days", "last-7-days-2026-06-12"),
        ("last30Days", 30, "Last 30 days", "last-30-days-2026-06-12"),
    ] {
        let range = text(range).expect(label);
        assert_eq!((range.start_ms, range.end_ms), (Some(NOW - days * 86_400_000), Some(NOW)));
        assert_eq!((range.label.as_str(), range.file_name_part.as_str()), (label, part));
    }
}

#[test]
fn all_time_is_open_at_both_ends() {
    let range = text("allTime").expect("a preset");
    assert_eq!((range.start_ms, range.end_ms), (None, None));
    assert_eq!(range.label, "All time");
    assert_eq!(range.file_name_part, "all-time-2026-06-12");
    assert_eq!(bounds(None, None).expect("open"), range);
}

#[test]
fn two_days_are_both_included() {
    let range = text("2026-05-12..2026-05-13").expect("days");
    assert_eq!(range.start_ms, Some(1_778_544_000_000));
    assert_eq!(range.end_ms, Some(1_778_544_000_000 + 2 * 86_400_000));
    assert_eq!(range.label, "2026-05-12 to 2026-05-13");
    assert_eq!(range.file_name_part, "2026-05-12-to-2026-05-13");
    let day = text("2026-05-12").expect("a day");
    assert_eq!(day.end_ms, Some(1_778_544_000_000 + 86_400_000));
    assert_eq!((day.label.as_str(), day.file_name_part.as_str()), ("2026-05-12", "2026-05-12"));
    assert_eq!(text("2026-05-12..2026-05-12").expect("a day"), day);
}

#[test]
fn bounds_of_whole_days_have_the_names_of_those_days() {
    let days = text("2026-05-12..2026-05-13").expect("days");
    assert_eq!(bounds(Some(1_778_544_000_000.0), Some(1_778_716_800_000.0)).expect("days"), days);
    let day = text("2026-05-12").expect("a day");
    assert_eq!(bounds(Some(1_778_544_000_000.0), Some(1_778_630_400_000.0)).expect("a day"), day);
}

#[test]
fn other_bounds_have_iso_8601_times_in_their_names() {
    let from = bounds(Some(1.0), None).expect("half open");
    assert_eq!(from.label, "From 1970-01-01T00:00:00.001Z");
    assert_eq!(from.file_name_part, "From-1970-01-01T00-00-00.001Z");
    assert_eq!(bounds(None, Some(0.0)).expect("half open").label, "Until 1970-01-01T00:00:00.000Z");
    assert_eq!(
        bounds(Some(-1.0), Some(1.0)).expect("a window").label,
        "1969-12-31T23:59:59.999Z to 1970-01-01T00:00:00.001Z"
    );
    assert_eq!(
        bounds(Some(0.0), Some(1.0)).expect("a window").label,
        "1970-01-01T00:00:00.000Z to 1970-01-01T00:00:00.001Z"
    );
}

#[test]
fn given_names_take_precedence_and_the_file_name_part_is_made_safe() {
    let range = RangeInput::Bounds {
        start_ms: None,
        end_ms: Some(5.0),
        label: Some("Before / the move".to_owned()),
        file_name_part: Some("Before / the_mové.1".to_owned()),
    };
    let range = range.resolve(NOW).expect("a window");
    assert_eq!(range.label, "Before / the move");
    assert_eq!(range.file_name_part, "Before---the_mové.1");
    assert_eq!(suggested_file_name(&range, "json"), "coder-telemetry-Before---the_mové.1.json");
}

#[test]
fn a_text_that_is_no_range_is_refused_with_the_reason() {
    assert!(message(text("yesterday")).starts_with("Use YYYY-MM-DD."));
    assert!(message(text("")).starts_with("Use YYYY-MM-DD."));
    assert!(message(text("2026-5-12")).starts_with("Use YYYY-MM-DD."));
    assert!(message(text("2026-05-12..")).starts_with("Use YYYY-MM-DD."));
    assert!(message(text("2026-02-29")).starts_with("Enter a valid calendar date."));
    assert!(message(text("2026-05-13..2026-05-12")).starts_with("End date must be on or after start date."));
}

#[test]
fn bounds_must_be_whole_milliseconds_and_in_order() {
    for (start, end) in [
        (Some(5.0), Some(5.0)),
        (Some(6.0), Some(5.0)),
        (Some(0.5), None),
        (None, Some(f64::NAN)),
        (Some(f64::NEG_INFINITY), None),
    ] {
        message(bounds(start, end));
    }
}

#[test]
fn bounds_that_a_javascript_date_cannot_hold_are_refused() {
    const LAST: f64 = 8.64e15;
    for (start, end) in [
        (Some(-1e300), Some(LAST)),
        (Some(-LAST), Some(1e300)),
        (Some(1e19), Some(2e19)),
        (Some(-LAST - 1.0), None),
        (None, Some(LAST + 1.0)),
    ] {
        let message = message(bounds(start, end));
        assert!(message.contains("must lie within 8.64e15 milliseconds of 1970"), "{message}");
    }
    let whole = bounds(Some(-LAST), Some(LAST)).expect("all that a Date holds");
    assert_eq!((whole.start_ms, whole.end_ms), (Some(-8_640_000_000_000_000), Some(8_640_000_000_000_000)));
    assert_eq!(whole.label, "-271821-04-20T00:00:00.000Z to +275760-09-13T00:00:00.000Z");
    assert_eq!(whole.file_name_part, "-271821-04-20T00-00-00.000Z-to-275760-09-13T00-00-00.000Z");
}

#[test]
fn a_now_that_a_javascript_date_cannot_hold_is_refused_for_every_range() {
    let resolve = |range: &str, now: i64| RangeInput::Text(range.to_owned()).resolve(now);
    for now in [i64::MIN, -8_640_000_000_000_001, 8_640_000_000_000_001, i64::MAX] {
        for range in ["last24Hours", "allTime", "2026-05-12"] {
            assert!(message(resolve(range, now)).starts_with("now must lie within"), "{now}");
        }
    }
    // The window of a rolling preset begins before the first time there is.
    assert!(
        message(resolve("last24Hours", -8_640_000_000_000_000)).starts_with("the start of the range must")
    );
}

#[test]
fn years_past_9999_have_a_plus_in_labels_but_not_in_file_names() {
    let part =
        |now: i64| RangeInput::Text("last30Days".to_owned()).resolve(now).expect("a preset").file_name_part;
    assert_eq!(part(8_640_000_000_000_000), "last-30-days-275760-09-13");
    assert_eq!(part(253_402_300_799_999), "last-30-days-9999-12-31");
    assert_eq!(part(253_402_300_800_000), "last-30-days-010000-01-01");
    let label = |start: f64| bounds(Some(start), None).expect("half open").label;
    assert_eq!(label(253_402_300_799_999.0), "From 9999-12-31T23:59:59.999Z");
    assert_eq!(label(253_402_300_800_000.0), "From +010000-01-01T00:00:00.000Z");
    assert_eq!(label(-62_167_219_200_000.0), "From 0000-01-01T00:00:00.000Z");
    assert_eq!(label(-62_167_219_200_001.0), "From -000001-12-31T23:59:59.999Z");
}

#[test]
fn the_window_is_half_open() {
    let range = bounds(Some(0.0), Some(1000.0)).expect("a window");
    let inside = [-1, 0, 999, 1000].map(|milliseconds| range.contains(milliseconds));
    assert_eq!(inside, [false, true, true, false]);
}

#[test]
fn files_are_read_from_the_day_of_the_start_to_that_of_the_last_millisecond() {
    assert_eq!(text("1970-01-02..1970-01-03").expect("days").days(), (Some(1), Some(2)));
    assert_eq!(bounds(Some(-1.0), Some(1.0)).expect("a window").days(), (Some(-1), Some(0)));
    assert_eq!(text("allTime").expect("a preset").days(), (None, None));
}

#[test]
fn a_date_is_checked_for_its_form_before_its_calendar_day() {
    for (date, verdict) in [
        ("2026-06-12", None),
        ("2024-02-29", None),
        ("0000-02-29", None),
        ("2026-02-29", Some("Enter a valid calendar date.")),
        ("2026-00-10", Some("Enter a valid calendar date.")),
        ("2026-06-31", Some("Enter a valid calendar date.")),
        ("2026-6-1", Some("Use YYYY-MM-DD.")),
        (" 2026-06-12", Some("Use YYYY-MM-DD.")),
        ("2026/06/12", Some("Use YYYY-MM-DD.")),
        ("２026-06-1", Some("Use YYYY-MM-DD.")),
        ("", Some("Use YYYY-MM-DD.")),
    ] {
        assert_eq!(validate_date(date), verdict, "{date}");
    }
}
