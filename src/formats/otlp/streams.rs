//! The streams of data points: times that no receiver refuses, and running totals (specification, Streams).

use std::hash::{BuildHasher, RandomState};
use std::mem;

use hashbrown::hash_map::Entry;
use hashbrown::{HashMap, HashTable, hash_table};

use super::stream_clock::{Spacing, StreamClock, Window};
use crate::row::count::Count;

/// Identifies a stream within its session: a digest of what is written of resource, event name and attributes.
pub(crate) type StreamKey = u128;
/// Identifies what Prometheus treats as one series, whatever else the resource holds: a digest of session id,
/// deployment URL, event name and attributes.
pub(crate) type SeriesKey = u128;
/// Identifies a measurement within its stream: a digest of its key.
pub(crate) type MeasurementKey = u64;

/// The streams of one session. Their state outlives resource blocks and requests.
#[derive(Default)]
pub(crate) struct Streams {
    streams: HashMap<StreamKey, Stream>,
    /// The counters that have begun: hashes of series and measurement. The hash is keyed, so that
    /// no input can make two collide.
    begun: HashTable<u64>,
    hasher: RandomState,
}

/// Small, because a session may have a hundred thousand streams.
struct Stream {
    clock: StreamClock,
    totals: Totals,
}

/// The running totals of a stream: a handful, unless the input is hostile. The map is boxed to keep streams small.
enum Totals {
    Few(Box<[(MeasurementKey, Total)]>),
    Many(Box<HashMap<MeasurementKey, Total>>),
}

impl Default for Totals {
    fn default() -> Self {
        Self::Few(Box::default())
    }
}

/// A running total.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Total {
    /// The start of its earliest window.
    pub(crate) start: u64,
    pub(crate) sum: Count,
}

impl Streams {
    /// Forgets all streams, because another session begins.
    pub(crate) fn clear(&mut self) {
        // This also gives back their memory: the next session may have few.
        self.streams = HashMap::new();
        self.begun = HashTable::new();
    }

    /// The next window of a stream. It ends at `timestamp` and is `length` nanoseconds long, but windows of a stream
    /// never overlap, never go back and last at least a second.
    pub(crate) fn next_window(&mut self, key: StreamKey, timestamp: u64, length: u64) -> Window {
        self.next(key, timestamp, length, Spacing::Windows)
    }

    /// The time of the next reading of a stream: `timestamp`, but readings of a stream are at least a millisecond
    /// apart and never go back.
    pub(crate) fn next_instant(&mut self, key: StreamKey, timestamp: u64) -> u64 {
        self.next(key, timestamp, 0, Spacing::Instants).end
    }

    fn next(&mut self, key: StreamKey, timestamp: u64, length: u64, spacing: Spacing) -> Window {
        match self.streams.entry(key) {
            Entry::Vacant(stream) => {
                let (clock, first) = StreamClock::begin(timestamp, length, spacing);
                stream.insert(Stream { clock, totals: Totals::default() });
                first
            }
            Entry::Occupied(mut stream) => stream.get_mut().clock.next(timestamp, length, spacing),
        }
    }

    /// Adds `count` to a running total. Returns the total, and whether its counter needs a zero point before it.
    pub(crate) fn add(
        &mut self,
        key: StreamKey,
        series: SeriesKey,
        measurement: MeasurementKey,
        window: Window,
        count: Count,
    ) -> (Total, bool) {
        let stream = self.streams.get_mut(&key).expect("the event of the count has a window");
        let (total, is_new) = stream.totals.of(measurement, window.start);
        total.sum = total.sum.plus(count);
        total.start = total.start.min(window.start);
        let total = *total;
        // A window without length is at the end of time. There the total has the time that the zero point would have.
        let needs_zero = is_new && self.begin(series, measurement) && window.start < window.end;
        (total, needs_zero)
    }

    /// Whether this is a counter's first count. A counter of another stream may be the same series.
    fn begin(&mut self, series: SeriesKey, measurement: MeasurementKey) -> bool {
        let counter = self.hasher.hash_one((series, measurement));
        match self.begun.entry(counter, |&begun| begun == counter, |&begun| begun) {
            hash_table::Entry::Occupied(_) => false,
            hash_table::Entry::Vacant(new) => {
                new.insert(counter);
                true
            }
        }
    }
}

impl Totals {
    /// Up to this many totals are searched one by one.
    const FEW: usize = 16;

    /// The total of a measurement, and whether it is new. A new one begins at `start`.
    fn of(&mut self, measurement: MeasurementKey, start: u64) -> (&mut Total, bool) {
        let begun = Total { start, sum: Count::Integer(0) };
        if let Self::Few(few) = self
            && few.len() == Self::FEW
            && !few.iter().any(|(key, _)| *key == measurement)
        {
            *self = Self::Many(Box::new(mem::take(few).into_iter().collect()));
        }
        match self {
            Self::Many(many) => match many.entry(measurement) {
                Entry::Occupied(known) => (known.into_mut(), false),
                Entry::Vacant(new) => (new.insert(begun), true),
            },
            Self::Few(few) => {
                let known = few.iter().position(|(key, _)| *key == measurement);
                let at = known.unwrap_or_else(|| {
                    let mut more = mem::take(few).into_vec();
                    more.reserve_exact(1);
                    more.push((measurement, begun));
                    *few = more.into_boxed_slice();
                    few.len() - 1
                });
                (&mut few[at].1, known.is_none())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000_000_000;
    /// The end of time.
    const LATEST: u64 = i64::MAX.unsigned_abs();

    /// A total and where it starts, once `count` is added.
    fn add(
        streams: &mut Streams,
        key: StreamKey,
        measurement: MeasurementKey,
        window: Window,
        count: Count,
    ) -> (Count, u64) {
        streams.next_window(key, 0, 0);
        let (total, _) = streams.add(key, key, measurement, window, count);
        (total.sum, total.start)
    }

    #[test]
    fn totals_run_per_stream_and_measurement_and_start_with_their_earliest_window() {
        let mut streams = Streams::default();
        let window = |start| Window { start, end: start + SECOND };
        assert_eq!(add(&mut streams, 1, 1, window(50), Count::Integer(5)), (Count::Integer(5), 50));
        assert_eq!(add(&mut streams, 1, 1, window(90), Count::Integer(3)), (Count::Integer(8), 50));
        assert_eq!(add(&mut streams, 1, 2, window(90), Count::Integer(1)), (Count::Integer(1), 90));
        assert_eq!(add(&mut streams, 2, 1, window(70), Count::Integer(9)), (Count::Integer(9), 70));
        assert_eq!(add(&mut streams, 1, 1, window(20), Count::Integer(0)), (Count::Integer(8), 20));
        streams.clear();
        assert_eq!(add(&mut streams, 1, 1, window(99), Count::Integer(2)), (Count::Integer(2), 99));
    }

    #[test]
    fn a_counter_needs_one_zero_point_for_each_session_series_and_measurement() {
        let mut streams = Streams::default();
        let mut needs_zero = |stream, series, measurement| {
            let window = streams.next_window(stream, 50, 0);
            streams.add(stream, series, measurement, window, Count::Integer(5)).1
        };
        assert!(needs_zero(1, 1, 1));
        assert!(!needs_zero(1, 1, 1), "its second count");
        assert!(needs_zero(1, 1, 2), "another measurement");
        assert!(!needs_zero(2, 1, 1), "another stream of the same series");
        assert!(needs_zero(3, 2, 1), "another series");
        for measurement in 3..100 {
            assert!(needs_zero(1, 1, measurement));
            assert!(!needs_zero(1, 1, measurement), "{measurement}");
        }
        streams.clear();
        let window = streams.next_window(1, 50, 0);
        assert!(streams.add(1, 1, 1, window, Count::Integer(5)).1, "another session");
    }

    #[test]
    fn a_counter_that_begins_at_the_end_of_time_has_no_zero_point() {
        let mut streams = Streams::default();
        let window = streams.next_window(1, LATEST, 0);
        assert!(!streams.add(1, 1, 1, window, Count::Integer(5)).1);
        let window = streams.next_window(2, LATEST, 1);
        assert!(streams.add(2, 2, 1, window, Count::Integer(5)).1);
    }

    #[test]
    fn any_number_of_totals_of_a_stream_stay_apart() {
        let mut streams = Streams::default();
        for round in 1..=3i64 {
            for measurement in 0..100 {
                let window = Window { start: measurement + 1, end: SECOND };
                let total =
                    add(&mut streams, 1, measurement, window, Count::Integer(measurement.cast_signed()));
                assert_eq!(total, (Count::Integer(round * measurement.cast_signed()), measurement + 1));
            }
        }
    }

    #[test]
    fn integers_add_up_exactly_and_a_fractional_total_stays_so() {
        let mut streams = Streams::default();
        let window = Window { start: 0, end: SECOND };
        let big = (1i64 << 53) + 1;
        add(&mut streams, 1, 1, window, Count::Integer(big));
        assert_eq!(add(&mut streams, 1, 1, window, Count::Integer(big)).0, Count::Integer(2 * big));
        add(&mut streams, 1, 2, window, Count::Double(0.5));
        assert_eq!(add(&mut streams, 1, 2, window, Count::Double(0.5)).0, Count::Double(1.0));
        assert_eq!(add(&mut streams, 1, 2, window, Count::Integer(1)).0, Count::Double(2.0));
        add(&mut streams, 1, 3, window, Count::Integer(i64::MAX));
        assert_eq!(
            add(&mut streams, 1, 3, window, Count::Integer(i64::MAX)).0,
            Count::Double(2.0 * i64::MAX as f64)
        );
        add(&mut streams, 1, 4, window, Count::Double(f64::MAX));
        assert_eq!(add(&mut streams, 1, 4, window, Count::Double(f64::MAX)).0, Count::Double(f64::MAX));
    }
}
