//! Finds the parts of a stamp in the text of a line.

use super::names::month_at;
use super::shape::{StampPart, digits};
use super::zone::{minute_zone_len, strict_zone_len, year_follows, zone_len};

/// Returns the length in bytes of the part at the beginning of `text`; 0 for an optional part that is missing, `None`
/// if `text` does not begin with the part.
pub(super) fn part_len(part: StampPart, text: &[u8]) -> Option<usize> {
    match part {
        StampPart::Byte(byte) => (text.first() == Some(&byte)).then_some(1),
        StampPart::OneOf(bytes) => text.first().is_some_and(|byte| bytes.contains(byte)).then_some(1),
        StampPart::Gap(bytes) => gap_len(bytes, text),
        StampPart::Text(word) => text.starts_with(word.as_bytes()).then_some(word.len()),
        StampPart::Optional(byte) => Some(usize::from(text.first() == Some(&byte))),
        StampPart::Number(_, min, max) => {
            let len = digits(text, usize::from(max));
            (len >= usize::from(min)).then_some(len)
        }
        StampPart::Padded(_) => padded_len(text, 2),
        StampPart::PaddedDay => padded_len(text, 1),
        StampPart::MonthName => month_at(text).map(|(_, len)| len),
        StampPart::Seconds => match text {
            [b':', rest @ ..] if digits(rest, 3) == 2 => Some(3),
            [b':', digit, ..] if digit.is_ascii_digit() => None,
            _ => Some(0),
        },
        StampPart::Fraction(points) => Some(fraction_len(points, text)),
        StampPart::Zone | StampPart::TailZone => Some(zone_len(text)),
        StampPart::StrictZone => Some(strict_zone_len(text)),
        StampPart::MinuteZone => Some(minute_zone_len(text)),
        StampPart::Meridiem => Some(meridiem_len(text)),
        StampPart::SureMeridiem => Some(meridiem_len(text)).filter(|len| *len > 0),
        StampPart::TailYear => Some(if year_follows(text) { 5 } else { 0 }),
        StampPart::Epoch => epoch_len(text),
        StampPart::Tai => tai_len(text),
    }
}

fn gap_len(bytes: &[u8], text: &[u8]) -> Option<usize> {
    text.first().filter(|byte| bytes.contains(byte))?;
    Some(match text {
        [b' ', b'-', b' ', ..] => 3,
        [b' ', b'a', b't', b' ', ..] => 4,
        // Without a blank, the comma separates columns rather than date and time.
        [b',', other, ..] if *other != b' ' => return None,
        _ => 1,
    })
}

/// The length of up to `blanks` blanks and a number of one or two digits.
fn padded_len(text: &[u8], blanks: usize) -> Option<usize> {
    let pad = text.iter().take(blanks).take_while(|byte| **byte == b' ').count();
    let len = digits(&text[pad..], 2);
    (len > 0).then_some(pad + len)
}

fn fraction_len(points: &[u8], text: &[u8]) -> usize {
    match text.first() {
        Some(point) if points.contains(point) => match digits(&text[1..], 30) {
            0 => 0,
            len => 1 + len,
        },
        _ => 0,
    }
}

/// Blanks before `AM` and `PM`: the usual one, and the no-break blanks that Windows and browsers write.
const BLANKS: [&str; 3] = [" ", "\u{202f}", "\u{a0}"];

/// The length of ` AM`, `pm`, ` a.m.` or ` p. m.`, and so on; 0 if there is none.
fn meridiem_len(text: &[u8]) -> usize {
    let blank_len = |text: &[u8]| BLANKS.iter().find(|blank| text.starts_with(blank.as_bytes())).map_or(0, |b| b.len());
    let blank = blank_len(text);
    let len = match &text[blank..] {
        [b'A' | b'P' | b'a' | b'p', b'M' | b'm', ..] => 2,
        [b'A' | b'P' | b'a' | b'p', b'.', rest @ ..] => match (blank_len(rest), &rest[blank_len(rest)..]) {
            (inner, [b'M' | b'm', b'.', ..]) => 4 + inner,
            _ => 0,
        },
        _ => 0,
    };
    let ends = text.get(blank + len).is_none_or(|byte| !byte.is_ascii_alphanumeric());
    if len > 0 && ends { blank + len } else { 0 }
}

/// The length of a count since 1970 with its fraction, if it lies in the years 1996 to 2096. What follows it must not
/// make it a part of a longer number or name.
fn epoch_len(text: &[u8]) -> Option<usize> {
    let len = digits(text, 20);
    let fits = matches!(len, 10 | 13 | 16 | 19) && (&b"0820454400"[..]..&b"3976214400"[..]).contains(&&text[..10]);
    let len = len + fraction_len(b".,", &text[len..]);
    let ends = text.get(len).is_none_or(|byte| !b"-_./+".contains(byte));
    (fits && ends).then_some(len)
}

fn tai_len(text: &[u8]) -> Option<usize> {
    let label = text.strip_prefix(b"@")?;
    match label.iter().take(25).take_while(|byte| byte.is_ascii_hexdigit()).count() {
        len @ (16 | 24) if label.starts_with(b"40000000") => Some(1 + len),
        _ => None,
    }
}
