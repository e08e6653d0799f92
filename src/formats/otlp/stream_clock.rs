//! The times of a stream's points (specification, Windows). They are in order and all different, whatever the
//! machine's clock did.

#[cfg(test)]
mod tests;

use crate::row::timestamp::{NANOSECONDS_PER_DAY, NANOSECONDS_PER_MILLISECOND, NANOSECONDS_PER_SECOND};

/// The latest time that receivers can hold: they keep nanoseconds in an `i64`.
const LATEST: u64 = i64::MAX.unsigned_abs();
/// If the stream's latest point is later than an event by more than this, the clock was wrong, and the event does not
/// have to come after that point.
const JUMP: u64 = NANOSECONDS_PER_DAY;

/// A span of time, in nanoseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) start: u64,
    pub(crate) end: u64,
}

/// How far apart the points of a stream must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spacing {
    /// Each point has a window of at least a second: Datadog keeps one value per second.
    Windows,
    /// Each point comes at least a millisecond after the previous one. Prometheus drops the second of two samples
    /// with one timestamp. If it comes in a later request, it drops that whole request.
    Instants,
}

impl Spacing {
    /// The window of an event's points. It ends at `timestamp` and is `length` long, unless
    /// that is too close to `latest`.
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

/// The times that a stream's points have had so far. Small, because a session may have a hundred thousand streams.
#[derive(Debug)]
pub(crate) struct StreamClock {
    /// The span of times since the last jump.
    now: Window,
    free: FreeNanoseconds,
    past: Option<Box<Past>>,
}

/// The nanoseconds after a whole millisecond that no time of the stream has yet: `begin..end`. Telemetry usually has
/// whole milliseconds, so all but 0 are free.
#[derive(Clone, Copy, Debug)]
struct FreeNanoseconds {
    begin: u32,
    end: u32,
}

impl FreeNanoseconds {
    fn new() -> Self {
        Self { begin: 1, end: NANOSECONDS_PER_MILLISECOND as u32 }
    }

    /// Notes the end of a window, and its start, which may be the time of a zero point.
    fn use_times(&mut self, window: Window) {
        self.use_time(window.start);
        self.use_time(window.end);
    }

    /// Notes that the stream has `time`. It splits what is free; the larger half stays free.
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

    /// Takes the first free one.
    fn take(&mut self) -> Option<u32> {
        let first = (self.begin < self.end).then_some(self.begin)?;
        self.begin += 1;
        Some(first)
    }
}

/// Times before jumps of the clock.
#[derive(Debug, Default)]
struct Past {
    stretches: Vec<Window>,
    /// Nanoseconds after a whole millisecond, reserved for times since the clock last went
    /// back; `None` if none were left.
    beyond: Option<u32>,
}

impl Window {
    /// The shortest window that contains both.
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

    /// The window of the next event. It ends at `timestamp` and is `length` nanoseconds long, but comes
    /// after the latest window. If that lies more than a day in the event's future, or close to the end of
    /// time, the clock returns to the event's time. Its times then differ from the earlier ones by
    /// nanoseconds that none of those has.
    pub(crate) fn next(&mut self, timestamp: u64, length: u64, spacing: Spacing) -> Window {
        let latest = self.now.end;
        let is_wild = latest > timestamp.saturating_add(JUMP);
        let is_at_end = latest > LATEST - NANOSECONDS_PER_SECOND - NANOSECONDS_PER_MILLISECOND;
        let returns = is_wild || is_at_end;
        let jumps = returns || timestamp.saturating_sub(length) > latest.saturating_add(JUMP);
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
    /// More stretches than this are kept as one. Points between them then get other nanoseconds without need.
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

    /// The next time that is `beyond` nanoseconds after a whole millisecond.
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
