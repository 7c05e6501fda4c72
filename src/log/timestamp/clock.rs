//! Times that mean no instant by themselves: a time of day without a date, and the seconds since a start.

use std::ops::Range;

use jiff::civil::Time;

use super::read_parts;
use super::shape::{Place, SHAPES, shapes_at};

/// A time of day that a line contains without a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeOfDay {
    /// Its byte range in the line.
    pub range: Range<usize>,
    /// The time.
    pub time: Time,
}

/// Returns the time of day that begins exactly at byte `at` of the line, such as `10:00:00.123` or `10:00 AM`; `None`
/// also if a date precedes or follows in the same stamp.
pub fn time_of_day_at(line: &[u8], at: usize) -> Option<TimeOfDay> {
    line.get(at).filter(|byte| byte.is_ascii_digit())?;
    let shapes = (0..SHAPES.len()).filter(|index| shapes_at(Place::KnownDay) & (1 << index) != 0);
    shapes
        .filter_map(|shape| read_parts(line, at, 0, shape))
        .find_map(|read| Some(TimeOfDay { range: at..read.end, time: read.fields.clock()? }))
}

/// Returns the byte range of a monotonic time that begins at byte `at` of the line: seconds since a start in brackets,
/// such as `[    5.123456]` of the Linux kernel and `[0.123s]` of a Java VM. It means no instant.
pub fn monotonic_at(line: &[u8], at: usize) -> Option<Range<usize>> {
    let text = line.get(at..)?.strip_prefix(b"[")?;
    let count = |text: &[u8], is: fn(&u8) -> bool| text.iter().take(16).take_while(|byte| is(byte)).count();
    let blanks = count(text, |byte| *byte == b' ');
    let seconds = count(&text[blanks..], u8::is_ascii_digit);
    let rest = text[blanks + seconds..].strip_prefix(b".")?;
    let fraction = count(rest, u8::is_ascii_digit);
    let unit = usize::from(rest.get(fraction) == Some(&b's'));
    let len = 1 + blanks + seconds + 1 + fraction + unit + 1;
    let fits = seconds > 0 && (3..=9).contains(&fraction) && rest.get(fraction + unit) == Some(&b']');
    fits.then_some(at..at + len)
}
