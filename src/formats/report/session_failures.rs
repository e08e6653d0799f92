//! Which sessions failed, when and with what.

use std::cmp::Reverse;

use super::excerpt::Excerpt;
use super::findings::{FAILED_SESSIONS_AT_MOST, FAILURES_OF_SESSION_AT_MOST, Session};
use super::gather::block::BlockFailure;
use super::gather::block_rows::BlockRows;
use crate::row::timestamp::Nanoseconds;

/// The sessions with at least one failure.
#[derive(Debug, Default)]
pub(crate) struct FailedSessions {
    /// Number of all such sessions.
    pub(crate) count: u64,
    /// The sessions with the most failures, at most [`FAILED_SESSIONS_AT_MOST`], in order of their first failure.
    pub(crate) most_failures: Vec<FailedSession>,
}

/// A session with at least one failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FailedSession {
    pub(crate) session: Session,
    pub(crate) failures: SessionFailures,
}

/// The failures of a session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SessionFailures {
    pub(crate) count: u64,
    /// Times of the earliest and of the latest failure.
    pub(crate) covered: Option<(Nanoseconds, Nanoseconds)>,
    pub(crate) earliest: EarliestFailures<FailureNames>,
}

/// What an event that failed is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FailureNames {
    pub(crate) event_name: Excerpt,
    /// The [type of the error](crate::row::signal::error_type), or empty if there is none.
    pub(crate) kind: Excerpt,
    /// `error.code`, or empty if there is none.
    pub(crate) code: Excerpt,
}

/// The failures with the earliest times, at most [`FAILURES_OF_SESSION_AT_MOST`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EarliestFailures<Failure>(Vec<(Nanoseconds, Failure)>);

impl<Failure> Default for EarliestFailures<Failure> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<Failure> EarliestFailures<Failure> {
    /// Adds a failure, unless there are enough earlier ones. Of two failures at the same time, the one added first comes first.
    pub(crate) fn add(&mut self, time: Nanoseconds, failure: impl FnOnce() -> Failure) {
        let position = self.0.partition_point(|&(earlier, _)| earlier <= time);
        if position < FAILURES_OF_SESSION_AT_MOST {
            self.0.truncate(FAILURES_OF_SESSION_AT_MOST - 1);
            self.0.insert(position, (time, failure()));
        }
    }

    /// The failures with their times, in order of time.
    pub(crate) fn in_order(&self) -> &[(Nanoseconds, Failure)] {
        &self.0
    }
}

impl SessionFailures {
    /// Adds the failures of the session's next block. `earliest` has indices of `failures`.
    pub(super) fn add(&mut self, failures: &BlockRows<BlockFailure>, earliest: &EarliestFailures<u32>) {
        for (_, failure) in failures.rows() {
            self.count += failure.count;
            let (first, last) = self.covered.unwrap_or((failure.first, failure.last));
            self.covered = Some((first.min(failure.first), last.max(failure.last)));
        }
        for &(time, index) in earliest.in_order() {
            self.earliest.add(time, || {
                let (_, failure) = &failures.rows()[index as usize];
                FailureNames {
                    event_name: failure.event_name.clone(),
                    kind: failure.kind.clone(),
                    code: failure.code.clone(),
                }
            });
        }
    }
}

impl FailedSessions {
    /// Adds the next session, if it has a failure.
    pub(super) fn add(&mut self, session: &Session, failures: SessionFailures) {
        if failures.count == 0 {
            return;
        }
        self.count += 1;
        self.most_failures.push(FailedSession { session: session.clone(), failures });
        // Sorting only when twice the limit is reached keeps both the cost and the list small.
        if self.most_failures.len() == 2 * FAILED_SESSIONS_AT_MOST {
            self.keep_most_failures();
        }
    }

    /// Completes the list, once all sessions are added.
    pub(super) fn finish(&mut self) {
        self.keep_most_failures();
        let first = |failed: &FailedSession| failed.failures.covered.map(|(first, _)| first);
        self.most_failures.sort_by_key(|failed| (first(failed), failed.session.number));
    }

    fn keep_most_failures(&mut self) {
        // The sort is stable: of sessions with equally many failures, the ones read first are kept.
        self.most_failures.sort_by_key(|failed| Reverse(failed.failures.count));
        self.most_failures.truncate(FAILED_SESSIONS_AT_MOST);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn session(number: u64) -> Session {
        Session { name: Excerpt::of(&number.to_string()), first: 0, last: 9, events: 9, number }
    }

    fn failures(count: u64, first: Nanoseconds) -> SessionFailures {
        SessionFailures { count, covered: Some((first, first + count)), ..SessionFailures::default() }
    }

    fn numbers(failed: &FailedSessions) -> Vec<u64> {
        failed.most_failures.iter().map(|failed| failed.session.number).collect()
    }

    #[test]
    fn sessions_with_failures_are_in_order_of_their_first_failure() {
        let mut failed = FailedSessions::default();
        for (number, (count, first)) in (1..).zip([(3, 50), (0, 1), (1, 20), (2, 50), (9, 70)]) {
            failed.add(&session(number), failures(count, first));
        }
        failed.finish();
        assert_eq!((failed.count, numbers(&failed)), (4, vec![3, 1, 4, 5]));
    }

    #[test]
    fn beyond_the_limit_the_sessions_with_the_most_failures_are_kept() {
        let limit = FAILED_SESSIONS_AT_MOST as u64;
        let mut failed = FailedSessions::default();
        // The last sessions have the most failures. All others have equally many, so the first of them are kept.
        for number in 0..5 * limit {
            let count = if number < 5 * limit - 3 { 1 } else { 2 };
            failed.add(&session(number), failures(count, number));
        }
        failed.finish();
        let expected: Vec<_> = (0..limit - 3).chain(5 * limit - 3..5 * limit).collect();
        assert_eq!((failed.count, numbers(&failed)), (5 * limit, expected));
    }

    proptest! {
        #[test]
        fn the_earliest_failures_are_those_of_all_failures_sorted(
            times in proptest::collection::vec(0_u64..40, 0..3 * FAILURES_OF_SESSION_AT_MOST),
            cut in any::<prop::sample::Index>(),
        ) {
            let mut expected: Vec<_> = times.iter().copied().zip(0_usize..).collect();
            expected.sort_by_key(|&(time, _)| time);
            expected.truncate(FAILURES_OF_SESSION_AT_MOST);
            let numbered: Vec<_> = times.iter().copied().zip(0_usize..).collect();
            let (begin, end) = numbered.split_at(cut.index(times.len() + 1));
            let mut merged = EarliestFailures::default();
            for block in [begin, end] {
                let mut earliest = EarliestFailures::default();
                block.iter().for_each(|&(time, number)| earliest.add(time, || number));
                earliest.in_order().iter().for_each(|&(time, number)| merged.add(time, || number));
            }
            prop_assert_eq!(merged.in_order(), expected);
        }
    }
}
