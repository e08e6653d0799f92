//! How the bytes of a page are shared out.

/// Bytes of a page at most, whatever the events say.
pub(crate) const PAGE_AT_MOST: usize = 1_000_000;

/// A part of the page that grows with the input, in the order of the page. Each has a share of the page to itself, and what
/// the parts before it leave of theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// All before the first table: head, style and navigation.
    Frame,
    Summary,
    Sensitive,
    Marks,
    Fields,
    /// Chart and table.
    Days,
    /// Chart, if there is one, and table.
    Sessions,
    Editors,
    Systems,
    ExtensionVersions,
    Operations,
    Failures,
    FailedSessions,
    SessionFailures,
    /// Chart and table: its columns carry names of the input's.
    RequestDays,
    /// Its columns carry names of the input's.
    Routes,
    /// Chart and table of the series of a number from 0; the last is that of all others.
    Series0,
    Series1,
    Series2,
    Series3,
    Series4,
    Lines,
    BadLines,
    SkippedFiles,
    Warnings,
    /// All behind the last list.
    End,
}

impl Part {
    /// In the order of the page.
    const ALL: [Self; 26] = [
        Self::Frame,
        Self::Summary,
        Self::Sensitive,
        Self::Marks,
        Self::Fields,
        Self::Days,
        Self::Sessions,
        Self::Editors,
        Self::Systems,
        Self::ExtensionVersions,
        Self::Operations,
        Self::Failures,
        Self::FailedSessions,
        Self::SessionFailures,
        Self::RequestDays,
        Self::Routes,
        Self::Series0,
        Self::Series1,
        Self::Series2,
        Self::Series3,
        Self::Series4,
        Self::Lines,
        Self::BadLines,
        Self::SkippedFiles,
        Self::Warnings,
        Self::End,
    ];

    /// Charts and tables of the connection, by number.
    pub(crate) const SERIES: [Self; 5] =
        [Self::Series0, Self::Series1, Self::Series2, Self::Series3, Self::Series4];

    /// Bytes that the row for all others takes at most.
    pub(crate) const ROOM_FOR_OTHER: usize = 7_000;
    /// Bytes kept free in every part for that row and for what closes a table or list and counts what is left out.
    pub(crate) const ROOM_TO_CLOSE: usize = Self::ROOM_FOR_OTHER + 500;

    /// Bytes that the part has to itself.
    const fn share(self) -> usize {
        match self {
            Self::Frame => 30_000,
            Self::Summary => 10_000,
            Self::Sensitive => 8_000,
            Self::Marks => 120_000,
            Self::Fields => 190_000,
            Self::Days | Self::Sessions => 48_000,
            Self::Editors | Self::Systems | Self::ExtensionVersions => 8_000,
            Self::Operations => 115_000,
            Self::Failures => 95_000,
            Self::FailedSessions => 20_000,
            Self::SessionFailures => 40_000,
            Self::RequestDays | Self::Routes => 55_000,
            Self::Series0 | Self::Series1 | Self::Series2 | Self::Series3 | Self::Series4 => 16_000,
            Self::Lines => 8_000,
            Self::BadLines | Self::SkippedFiles | Self::Warnings => 15_000,
            Self::End => 1_000,
        }
    }

    /// Bytes of the page up to which the part may reach: what it leaves is enough for all shares behind it.
    pub(crate) const fn end(self) -> usize {
        let mut end = PAGE_AT_MOST;
        let mut behind = self as usize + 1;
        while behind < Self::ALL.len() {
            end -= Self::ALL[behind].share();
            behind += 1;
        }
        end
    }
}

// The first part ends where all others begin, so this is what it has to itself.
const _: () = assert!(Part::Frame.end() >= Part::Frame.share());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_listed_in_their_order_and_add_up() {
        assert!(Part::ALL.iter().enumerate().all(|(at, part)| *part as usize == at));
        assert!(Part::ALL.iter().map(|part| part.share()).sum::<usize>() <= PAGE_AT_MOST);
        assert_eq!(Part::End.end(), PAGE_AT_MOST);
    }
}
