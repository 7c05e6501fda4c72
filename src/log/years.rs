//! The years of a file whose stamps contain none: where the month goes back, a new year has begun.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

/// Larger files are not looked through, because that would take as long as reading them.
const MAX_BYTES: u64 = 256 * 1024 * 1024;

/// The most years of a file.
const MAX_YEARS: usize = 50;

/// A new year begins where the month goes back by at least this number of months.
const MIN_MONTHS_BACK: u8 = 6;

/// The months in stamps, as far as their first three letters tell.
const MONTHS: &[u8; 36] = b"janfebmaraprmayjunjulaugsepoctnovdec";

/// The longest beginning of a line that is kept.
const KEPT_BYTES: usize = 200;

/// The first line of a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct YearStart {
    /// Its number, from 1.
    pub(super) line: u64,
    /// The beginning of its text.
    pub(super) text: Vec<u8>,
}

/// Returns the first lines of all years but the first in the file at `path`; none if the file is too large.
pub(super) fn year_starts(path: &Path) -> io::Result<Vec<YearStart>> {
    let file = File::open(path)?;
    if file.metadata()?.len() > MAX_BYTES { Ok(Vec::new()) } else { starts_in(BufReader::new(file)) }
}

fn starts_in(mut text: impl BufRead) -> io::Result<Vec<YearStart>> {
    let (mut starts, mut last) = (Vec::new(), None);
    let (mut line, mut number) = (Vec::new(), 0);
    loop {
        line.clear();
        if text.by_ref().take(MAX_BYTES).read_until(b'\n', &mut line)? == 0 || starts.len() == MAX_YEARS {
            return Ok(starts);
        }
        number += 1;
        let Some((month, day)) = month_and_day(&line) else { continue };
        match last {
            // A line that was written just before midnight may come just after it.
            Some((1, 1)) if (month, day) == (12, 31) => continue,
            Some((before, _)) if before >= month + MIN_MONTHS_BACK => {
                line.truncate(KEPT_BYTES);
                starts.push(YearStart { line: number, text: line.clone() });
            }
            _ => {}
        }
        last = Some((month, day));
    }
}

/// Returns the month and the day in the stamp with which `line` begins, such as `Jun  9`.
fn month_and_day(line: &[u8]) -> Option<(u8, u8)> {
    let line = match line {
        [b'<', rest @ ..] => &rest[rest.iter().take(4).position(|byte| *byte == b'>')? + 1..],
        [b'[', rest @ ..] => rest,
        _ => line,
    };
    let (name, rest) = line.split_at_checked(3)?;
    let month = MONTHS.chunks(3).position(|month| month.eq_ignore_ascii_case(name))?;
    let day: Vec<u8> = rest.strip_prefix(b" ")?.iter().take(2).copied().collect();
    let day = std::str::from_utf8(&day).ok()?.trim().parse().ok()?;
    Some((u8::try_from(month + 1).ok()?, day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[u64]) {
        let starts = starts_in(text.as_bytes()).expect("bytes can be read");
        assert_eq!(starts.iter().map(|start| start.line).collect::<Vec<_>>(), expected, "{text}");
    }

    #[test]
    fn a_year_begins_where_the_month_goes_back() {
        check("Dec 30 10:00:00 a\nJan  2 10:00:00 b\n  more\nDec 30 11:00:00 c\n<13>Jan  2 11:00:00 d\n", &[2, 5]);
        check("Dec 31 23:59:59 a\nJan  1 00:00:00 b\nDec 31 23:59:59 late\nJan  1 00:00:01 c\n", &[2]);
        check("Mar 01 10:00:00 a\nFeb 28 10:00:00 joined\nMar 02 10:00:00 b\n", &[]);
        check("march of time\nno stamp\n\n", &[]);
    }
}
