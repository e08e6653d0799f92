use super::*;
use std::collections::HashSet;

use proptest::prelude::*;

const SECOND: u64 = NANOSECONDS_PER_SECOND;
const DAY: u64 = NANOSECONDS_PER_DAY;
const MS: u64 = NANOSECONDS_PER_MILLISECOND;

/// The windows of a stream's events, each with a timestamp and a length.
fn of(spacing: Spacing, events: impl IntoIterator<Item = (u64, u64)>) -> Vec<Window> {
    let mut clock: Option<StreamClock> = None;
    let next = |(timestamp, length)| match &mut clock {
        Some(clock) => clock.next(timestamp, length, spacing),
        None => {
            let (begun, first) = StreamClock::begin(timestamp, length, spacing);
            clock = Some(begun);
            first
        }
    };
    events.into_iter().map(next).collect()
}

fn windows(events: impl IntoIterator<Item = (u64, u64)>) -> Vec<(u64, u64)> {
    of(Spacing::Windows, events).iter().map(|window| (window.start, window.end)).collect()
}

fn instants(timestamps: impl IntoIterator<Item = u64>) -> Vec<u64> {
    let events = timestamps.into_iter().map(|timestamp| (timestamp, 0));
    of(Spacing::Instants, events).iter().map(|window| window.end).collect()
}

#[test]
fn a_window_ends_at_its_event_and_starts_its_length_earlier() {
    assert_eq!(windows([(100 * SECOND, 60 * SECOND)]), [(40 * SECOND, 100 * SECOND)]);
    assert_eq!(windows([(5 * SECOND, 60 * SECOND)]), [(0, 5 * SECOND)]);
}

#[test]
fn a_window_that_would_overlap_starts_where_the_one_before_ended() {
    let seconds = [100, 130, 500].map(|end| (end * SECOND, 60 * SECOND));
    let expected = [(40, 100), (100, 130), (440, 500)].map(|(start, end)| (start * SECOND, end * SECOND));
    assert_eq!(windows(seconds), expected);
}

#[test]
fn a_window_lasts_a_second_at_least_and_never_goes_back() {
    let seconds = [100, 100, 50].map(|end| (end * SECOND, 60 * SECOND));
    let expected = [(40, 100), (100, 101), (101, 102)].map(|(start, end)| (start * SECOND, end * SECOND));
    assert_eq!(windows(seconds), expected);
    assert_eq!(windows([(100 * SECOND, 0)]), [(100 * SECOND, 101 * SECOND)]);
}

#[test]
fn one_event_of_a_clock_gone_wild_does_not_drag_the_rest_along() {
    let sane = (100 * SECOND, 60 * SECOND);
    for wild in [160 * SECOND + DAY + 1, 100 * SECOND + 400 * DAY] {
        let windows = windows([sane, (wild, 60 * SECOND), (160 * SECOND, 60 * SECOND)]);
        assert_eq!(windows[2], (100 * SECOND, 160 * SECOND));
    }
    let a_day_before = windows([(100 * SECOND + DAY, 60 * SECOND), sane]);
    assert_eq!(a_day_before[1].0, 100 * SECOND + DAY);
}

#[test]
fn a_window_stays_within_what_receivers_hold() {
    assert_eq!(windows([(LATEST, 0)]), [(LATEST, LATEST)]);
    assert!(windows([(LATEST, 0); 100]).iter().all(|window| window.1 <= LATEST));
}

#[test]
fn a_reading_is_of_its_time_unless_the_one_before_is_less_than_a_millisecond_older() {
    assert_eq!(instants([0, 0]), [0, MS]);
    assert_eq!(instants([10 * MS, 11 * MS, 11 * MS + 1]), [10 * MS, 11 * MS, 12 * MS]);
    assert_eq!(instants([50 * MS, 50 * MS, 50 * MS, 52 * MS]), [50 * MS, 51 * MS, 52 * MS, 53 * MS]);
}

#[test]
fn readings_never_go_back_unless_a_clock_has_gone_wild() {
    assert_eq!(instants([100 * SECOND, 50 * SECOND]), [100 * SECOND, 100 * SECOND + MS]);
    assert_eq!(instants([200 * SECOND + DAY + 1, 200 * SECOND])[1], 200 * SECOND);
}

#[test]
fn a_clock_that_returned_passes_the_times_that_it_gave_by_other_nanoseconds() {
    let [wild, sane] = [20 * DAY, 10 * DAY];
    assert_eq!(
        instants([sane, wild, sane, sane, wild, sane + 3 * MS, sane + 3 * MS]),
        [sane, wild, sane + 1, sane + 1 + MS, wild + 1, sane + 3 * MS, sane + 4 * MS]
    );
    assert_eq!(instants([LATEST; 3]), [LATEST, LATEST / MS * MS + 1, LATEST / MS * MS + 2]);
}

#[test]
fn a_clock_that_returned_passes_nanoseconds_that_an_event_had() {
    let wild = 20 * DAY;
    for nanoseconds in [1, 2, 999_999] {
        let time = 10 * DAY + nanoseconds;
        let instants = instants([time, wild, time, wild, time]);
        assert_eq!(HashSet::<u64>::from_iter(instants.clone()).len(), 5, "{instants:?}");
    }
    // The window ends a nanosecond after its event, a second after its start.
    let event = (10 * DAY, SECOND - 1);
    let windows = windows([event, (wild, 0), event]);
    assert_ne!(windows[0].1, windows[2].1);
    // A counter has a zero point where its first window starts, here a nanosecond beyond a whole second.
    let windows =
        of(Spacing::Windows, [(10 * DAY, 10 * SECOND - 1), (wild, 0), (10 * DAY - 10 * SECOND, 10 * SECOND)]);
    assert_ne!(windows[0].start, windows[2].end);
}

#[test]
fn a_clock_that_has_no_nanoseconds_left_gives_times_before_all_others() {
    let mut clock = StreamClock::begin(10 * DAY, 0, Spacing::Instants).0;
    // One is left.
    clock.free.end = clock.free.begin + 1;
    let given = [20, 10, 20, 10, 10, 20].map(|day| clock.next(day * DAY, 0, Spacing::Instants).end);
    let [ten, twenty] = [10 * DAY, 20 * DAY];
    assert_eq!(given, [twenty, ten + 1, twenty + 1, ten - MS, ten - 2 * MS, ten - 3 * MS]);
    // No time is before 1970.
    let mut clock = StreamClock::begin(0, 0, Spacing::Instants).0;
    clock.free.end = clock.free.begin;
    let given = [20, 0].map(|day| clock.next(day * DAY, 0, Spacing::Instants).end);
    assert_eq!(given, [twenty, twenty + MS]);
}

#[test]
fn a_stream_remembers_a_few_jumps_and_takes_the_times_between_others_for_given() {
    let jumps = (0..100).map(|jump| if jump % 2 == 0 { jump * DAY } else { 1_000 * DAY + jump * 3 * DAY });
    let mut clock = StreamClock::begin(0, 0, Spacing::Instants).0;
    for timestamp in jumps {
        clock.next(timestamp, 0, Spacing::Instants);
    }
    let past = clock.past.expect("it jumped");
    assert_eq!(past.stretches.len(), Past::STRETCHES_AT_MOST);
    assert!(past.had(50 * DAY + 1));
}

/// Times that are near each other, near the end of time, or days apart.
fn timestamp() -> impl Strategy<Value = u64> {
    let near = prop_oneof![Just(0), Just(5 * DAY), Just(7 * DAY), Just(40 * DAY), Just(LATEST - 3 * SECOND)];
    (near, 0..3_000_u64, nanoseconds())
        .prop_map(|(near, milliseconds, nanoseconds)| near / MS * MS + milliseconds * MS + nanoseconds)
}

/// Beyond a whole millisecond.
fn nanoseconds() -> impl Strategy<Value = u64> {
    prop_oneof![6 => Just(0), 1 => 0..5_u64, 1 => MS - 5..MS, 1 => 0..MS]
}

proptest! {
    #[test]
    fn windows_of_a_stream_never_overlap_while_the_clock_stays_within_a_day(
        events in prop::collection::vec((0..DAY, 0..DAY), 1..50)
    ) {
        let mut latest = 0;
        for (window, (timestamp, _)) in windows(events.clone()).into_iter().zip(events) {
            prop_assert!(window.0 >= latest);
            prop_assert!(window.1 >= window.0 + SECOND);
            prop_assert!(window.1 >= timestamp);
            latest = window.1;
        }
    }

    #[test]
    fn readings_of_a_stream_are_a_millisecond_apart_while_the_clock_stays_within_a_day(
        timestamps in prop::collection::vec(0..DAY, 1..50)
    ) {
        let mut earliest = 0;
        for (instant, timestamp) in instants(timestamps.clone()).into_iter().zip(timestamps) {
            prop_assert!(instant >= earliest && instant >= timestamp);
            earliest = instant + MS;
        }
    }

    #[test]
    fn no_two_points_of_a_stream_have_one_time_whatever_the_clock_does(
        events in prop::collection::vec((timestamp(), 0..3_000_u64, nanoseconds()), 1..60),
        nanoseconds_left in prop_oneof![Just(u32::MAX), 0..4_u32],
    ) {
        for spacing in [Spacing::Windows, Spacing::Instants] {
            let mut known = HashSet::new();
            let mut clock: Option<StreamClock> = None;
            for (time, length, nanoseconds) in &events {
                // Without nanoseconds that are free, 1970 beside the end of time would leave no time at all.
                let time = if nanoseconds_left < 4 { time.max(&DAY) } else { time };
                let length = length * MS + nanoseconds;
                let window = if let Some(clock) = &mut clock {
                    clock.next(*time, length, spacing)
                } else {
                    let (mut begun, first) = StreamClock::begin(*time, length, spacing);
                    begun.free.end = begun.free.end.min(begun.free.begin.saturating_add(nanoseconds_left));
                    clock = Some(begun);
                    // Where the zero point of a counter is.
                    if spacing == Spacing::Windows && first.start < first.end {
                        known.insert(first.start);
                    }
                    first
                };
                prop_assert!(window.start <= window.end && window.end <= LATEST, "{window:?}");
                prop_assert!(known.insert(window.end), "{spacing:?}: {window:?} among {known:?}");
            }
        }
    }
}
