//! The times of a stream's points (specification, Streams): in order, and no two alike, whatever the clock of the machine did.

use crate::row::timestamp::{NANOSECONDS_PER_DAY, NANOSECONDS_PER_MILLISECOND, NANOSECONDS_PER_SECOND};

/// The latest time that receivers hold, in an i64 of nanoseconds.
const LATEST: u64 = i64::MAX.unsigned_abs();
/// A point that lies further in an event's future is that of a clock gone wild, and does not bind the event.
const DAY: u64 = NANOSECONDS_PER_DAY;

/// A span of time, in nanoseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) start: u64,
    pub(crate) end: u64,
}

/// How far apart the points of a stream are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spacing {
    /// Each has a window that lasts a second at least: Datadog keeps one value a second.
    Windows,
    /// Each has a time, a millisecond after the one before it at least: of two values at one millisecond Prometheus loses the
    /// second, and all of the request that it comes in if that is another one.
    Instants,
}

impl Spacing {
    /// When an event's points are: they end at `timestamp`, `length` after their start, save that they come after `latest`
    /// and are as far apart from it as they must be.
    fn place(self, timestamp: u64, length: u64, latest: Option<u64>) -> Window {
        match self {
            Self::Windows => {
                let start = timestamp.saturating_sub(length).max(latest.unwrap_or(0));
                let end = timestamp.max(start.saturating_add(NANOSECONDS_PER_SECOND)).min(LATEST);
                Window { start, end }
            }
            Self::Instants => {
                let earliest = latest.map_or(0, |latest| latest + NANOSECONDS_PER_MILLISECOND);
                let instant = timestamp.max(earliest);
                Window { start: instant, end: instant }
            }
        }
    }
}

/// What times the points of a stream had so far. Small, since a session may have a hundred thousand streams.
#[derive(Debug)]
pub(crate) struct StreamClock {
    /// The times since the last jump.
    now: Window,
    free: FreeNanoseconds,
    past: Option<Box<Past>>,
}

/// Nanoseconds beyond a whole millisecond that no time of a stream has so far: from `begin` up to `end`, without `end`.
/// Telemetry has whole milliseconds, as a rule, which leaves all but 0.
#[derive(Clone, Copy, Debug)]
struct FreeNanoseconds {
    begin: u32,
    end: u32,
}

impl FreeNanoseconds {
    fn new() -> Self {
        Self { begin: 1, end: NANOSECONDS_PER_MILLISECOND as u32 }
    }

    /// Notes the times that the stream has of a window: its end, and its start, where a zero point may stand.
    fn use_times(&mut self, window: Window) {
        self.use_time(window.start);
        self.use_time(window.end);
    }

    /// Notes that the stream has `time`. Of what that leaves on either side, the larger part stays free.
    fn use_time(&mut self, time: u64) {
        let used = u32::try_from(time % NANOSECONDS_PER_MILLISECOND).expect("a millisecond has a million");
        if !(self.begin..self.end).contains(&used) {
            return;
        }
        if used - self.begin < self.end - used {
            self.begin = used + 1;
        } else {
            self.end = used;
        }
    }

    /// Takes the first.
    fn take(&mut self) -> Option<u32> {
        let first = (self.begin < self.end).then_some(self.begin)?;
        self.begin += 1;
        Some(first)
    }
}

/// Times before jumps of more than a day.
#[derive(Debug, Default)]
struct Past {
    stretches: Vec<Window>,
    /// Nanoseconds beyond a whole millisecond that only times since the clock last went back may have; `None` if none were
    /// left.
    beyond: Option<u32>,
}

impl Window {
    /// The shortest that holds both.
    fn joined(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

impl StreamClock {
    /// The clock of a stream, and the window of its first event.
    pub(crate) fn begin(timestamp: u64, length: u64, spacing: Spacing) -> (Self, Window) {
        let first = spacing.place(timestamp, length, None);
        let mut free = FreeNanoseconds::new();
        free.use_times(first);
        (Self { now: first, free, past: None }, first)
    }

    /// The window of the next event: it ends at `timestamp` and is `length` nanoseconds long, save that it comes after the
    /// latest one. If that lies more than a day in the event's future, or the end of time is near, the clock returns to the
    /// event's time. It then passes the times that it gave before by nanoseconds that none of them has.
    pub(crate) fn next(&mut self, timestamp: u64, length: u64, spacing: Spacing) -> Window {
        let latest = self.now.end;
        let is_wild = latest > timestamp.saturating_add(DAY);
        let is_at_end = latest > LATEST - NANOSECONDS_PER_SECOND - NANOSECONDS_PER_MILLISECOND;
        let returns = is_wild || is_at_end;
        let jumps = returns || timestamp.saturating_sub(length) > latest.saturating_add(DAY);
        if jumps {
            let past = self.past.get_or_insert_default();
            past.add(self.now);
            if returns {
                past.beyond = self.free.take();
            }
        }
        let mut next = spacing.place(timestamp, length, (!returns).then_some(latest));
        if let Some(past) = &self.past
            && past.had(next.end)
        {
            next.end = past.beside(next.end).unwrap_or_else(|| past.outside(self.now));
            next.start = match spacing {
                Spacing::Windows => next.start.min(next.end.saturating_sub(NANOSECONDS_PER_SECOND)),
                Spacing::Instants => next.end,
            };
        }
        self.now = if jumps { next } else { self.now.joined(next) };
        self.free.use_times(next);
        next
    }
}

impl Past {
    /// More stretches than this are held as one: points then get other nanoseconds that would not need them.
    const STRETCHES_AT_MOST: usize = 8;

    fn add(&mut self, stretch: Window) {
        if self.stretches.len() < Self::STRETCHES_AT_MOST {
            self.stretches.reserve_exact(1);
            self.stretches.push(stretch);
        } else if let Some(last) = self.stretches.last_mut() {
            *last = last.joined(stretch);
        }
    }

    fn had(&self, time: u64) -> bool {
        self.stretches.iter().any(|stretch| (stretch.start..=stretch.end).contains(&time))
    }

    /// The next time that is `beyond` a whole millisecond.
    fn beside(&self, time: u64) -> Option<u64> {
        let beyond = u64::from(self.beyond?);
        let mut beside = time - time % NANOSECONDS_PER_MILLISECOND + beyond;
        if beside < time {
            beside += NANOSECONDS_PER_MILLISECOND;
        }
        if beside > LATEST {
            beside -= NANOSECONDS_PER_MILLISECOND;
        }
        Some(beside)
    }

    /// A millisecond before all times of the stream or, if the earliest is that near to 1970, after them.
    fn outside(&self, now: Window) -> u64 {
        let all = self.stretches.iter().fold(now, |all, &stretch| all.joined(stretch));
        let before = all.start.checked_sub(NANOSECONDS_PER_MILLISECOND);
        before.unwrap_or_else(|| (all.end + NANOSECONDS_PER_MILLISECOND).min(LATEST))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    use proptest::prelude::*;

    const SECOND: u64 = NANOSECONDS_PER_SECOND;
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
        let windows = of(
            Spacing::Windows,
            [(10 * DAY, 10 * SECOND - 1), (wild, 0), (10 * DAY - 10 * SECOND, 10 * SECOND)],
        );
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
        let jumps =
            (0..100).map(|jump| if jump % 2 == 0 { jump * DAY } else { 1_000 * DAY + jump * 3 * DAY });
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
        let near =
            prop_oneof![Just(0), Just(5 * DAY), Just(7 * DAY), Just(40 * DAY), Just(LATEST - 3 * SECOND)];
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
}
