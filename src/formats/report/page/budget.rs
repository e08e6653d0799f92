//! How the bytes of a page are shared out.

use maud::Markup;

use crate::formats::report::findings::SERIES_AT_MOST;

/// The most bytes of a page, for any events.
pub(crate) const PAGE_AT_MOST: usize = 1_000_000;

/// A part of the page that grows with the input, in the order of the page. Each has its own share of the bytes, plus what the
/// parts before it leave unused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Everything before the first table: head, style and navigation.
    Frame,
    Summary,
    ReplacedKinds,
    ReplacedFields,
    StillToLookAt,
    Marks,
    Fields,
    EventNames,
    Failures,
    FailedSessions,
    SessionFailures,
    Operations,
    /// Chart and table. The titles of its columns come from the input.
    RequestDays,
    /// The titles of its columns come from the input.
    Routes,
    /// Chart and table of the series with this number.
    Series0,
    Series1,
    Series2,
    Series3,
    /// Chart and table.
    Days,
    /// Chart, if there is one, and table.
    Sessions,
    Editors,
    Systems,
    ExtensionVersions,
    Lines,
    BadLines,
    SkippedFiles,
    Warnings,
    /// Everything after the last list.
    End,
}

impl Part {
    /// The share of each part in bytes, in the order of the page.
    const SHARES: [(Self, usize); 28] = [
        (Self::Frame, 30_000),
        (Self::Summary, 10_000),
        (Self::ReplacedKinds, 9_000),
        (Self::ReplacedFields, 45_000),
        (Self::StillToLookAt, 60_000),
        (Self::Marks, 84_000),
        (Self::Fields, 100_000),
        (Self::EventNames, 20_000),
        (Self::Failures, 95_000),
        (Self::FailedSessions, 20_000),
        (Self::SessionFailures, 40_000),
        (Self::Operations, 115_000),
        (Self::RequestDays, 55_000),
        (Self::Routes, 55_000),
        (Self::Series0, 16_000),
        (Self::Series1, 16_000),
        (Self::Series2, 16_000),
        (Self::Series3, 16_000),
        (Self::Days, 48_000),
        (Self::Sessions, 72_000),
        (Self::Editors, 8_000),
        (Self::Systems, 8_000),
        (Self::ExtensionVersions, 8_000),
        (Self::Lines, 8_000),
        (Self::BadLines, 15_000),
        (Self::SkippedFiles, 15_000),
        (Self::Warnings, 15_000),
        (Self::End, 1_000),
    ];

    /// Charts and tables of the connection, by number.
    pub(crate) const SERIES: [Self; SERIES_AT_MOST] =
        [Self::Series0, Self::Series1, Self::Series2, Self::Series3];

    /// The most bytes of the row for all others.
    pub(crate) const ROOM_FOR_OTHER: usize = 7_000;
    /// Bytes kept free in every part: for that row, for the end of a table or list, and for the number of missing rows.
    pub(crate) const ROOM_TO_CLOSE: usize = Self::ROOM_FOR_OTHER + 500;

    /// The most bytes of the page up to the end of this part. The rest is enough for the shares of all later parts.
    pub(crate) const fn end(self) -> usize {
        let mut end = PAGE_AT_MOST;
        let mut behind = self as usize + 1;
        while behind < Self::SHARES.len() {
            end -= Self::SHARES[behind].1;
            behind += 1;
        }
        end
    }
}

/// The bytes of the page so far.
#[derive(Debug, Default)]
pub(super) struct Budget {
    used: usize,
}

impl Budget {
    /// Renders markup, and counts its bytes. `render` can count parts of it while it runs.
    pub(super) fn count(&mut self, render: impl FnOnce(&mut Self) -> Markup) -> Markup {
        let before = self.used;
        let markup = render(self);
        self.used = before + markup.0.len();
        markup
    }

    /// Counts bytes if they fit into a part of the page. Returns whether they do.
    pub(super) fn fits(&mut self, part: Part, bytes: usize) -> bool {
        let fits = self.used + bytes <= part.end() - Part::ROOM_TO_CLOSE;
        self.used += if fits { bytes } else { 0 };
        fits
    }
}

// The first part ends where the others begin, so this is its share.
const _: () = assert!(Part::Frame.end() >= Part::SHARES[0].1);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_counted_once_and_only_if_they_fit() {
        let mut budget = Budget::default();
        let room = Part::Frame.end() - Part::ROOM_TO_CLOSE;
        let markup = budget.count(|budget| {
            assert!(budget.fits(Part::Frame, 3) && !budget.fits(Part::Frame, room));
            maud::html! { "four" }
        });
        assert_eq!(markup.0, "four");
        assert!(!budget.fits(Part::Frame, room - 3) && budget.fits(Part::Frame, room - 4));
        assert!(!budget.fits(Part::Frame, 1) && budget.fits(Part::Summary, 1));
    }

    #[test]
    fn parts_are_listed_in_their_order_and_add_up() {
        assert!(Part::SHARES.iter().enumerate().all(|(at, (part, _))| *part as usize == at));
        assert!(Part::SHARES.iter().map(|(_, share)| share).sum::<usize>() <= PAGE_AT_MOST);
        assert_eq!(Part::End.end(), PAGE_AT_MOST);
    }
}
