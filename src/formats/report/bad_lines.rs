//! Neighbouring bad lines that are bad for the same reason.

use crate::summary::BadLine;

/// Lines of a file that follow each other and are bad for the same reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BadLines<'a> {
    pub(crate) file: &'a str,
    /// The first line, from 1.
    pub(crate) first: u64,
    /// The last line. It is the first one if there is only one.
    pub(crate) last: u64,
    pub(crate) reason: &'a str,
}

/// Joins lines that are next to each other in their file and in `lines`, and have the same reason.
pub(crate) fn joined(lines: &[BadLine]) -> impl Iterator<Item = BadLines<'_>> {
    let is_next = |one: &BadLine, next: &BadLine| {
        one.file == next.file && one.reason == next.reason && one.line.checked_add(1) == Some(next.line)
    };
    lines.chunk_by(is_next).filter_map(|run| {
        let (first, last) = (run.first()?, run.last()?);
        Some(BadLines { file: &first.file, first: first.line, last: last.line, reason: &first.reason })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined_of(lines: &[(&str, u64, &str)]) -> Vec<(String, u64, u64, String)> {
        let line = |&(file, line, reason): &(&str, u64, &str)| BadLine {
            file: file.to_owned(),
            line,
            reason: reason.to_owned(),
        };
        let lines: Vec<_> = lines.iter().map(line).collect();
        let owned = |run: BadLines<'_>| (run.file.to_owned(), run.first, run.last, run.reason.to_owned());
        joined(&lines).map(owned).collect()
    }

    fn run(file: &str, first: u64, last: u64, reason: &str) -> (String, u64, u64, String) {
        (file.to_owned(), first, last, reason.to_owned())
    }

    #[test]
    fn lines_next_to_each_other_with_the_same_reason_are_joined() {
        let lines: Vec<_> = (2..=40).map(|line| ("a", line, "no context")).collect();
        assert_eq!(joined_of(&lines), [run("a", 2, 40, "no context")]);
        assert_eq!(joined_of(&[]), []);
    }

    #[test]
    fn another_file_another_reason_or_a_good_line_between_begins_a_new_row() {
        let lines = [
            ("a", 1, "x"),
            ("a", 2, "x"),
            ("a", 4, "x"),
            ("a", 5, "y"),
            ("b", 6, "y"),
            ("b", 6, "y"),
            ("b", u64::MAX, "y"),
            ("b", 0, "y"),
        ];
        let expected = [
            run("a", 1, 2, "x"),
            run("a", 4, 4, "x"),
            run("a", 5, 5, "y"),
            run("b", 6, 6, "y"),
            run("b", 6, 6, "y"),
            run("b", u64::MAX, u64::MAX, "y"),
            run("b", 0, 0, "y"),
        ];
        assert_eq!(joined_of(&lines), expected);
    }
}
