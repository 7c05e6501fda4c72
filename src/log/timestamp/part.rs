//! Finds the parts of a stamp whose form is not a mere number or byte.

use super::shape::digits;

/// The length of what separates date and time; `None` if it begins with none of `bytes`.
pub(super) fn gap_len(bytes: &[u8], text: &[u8]) -> Option<usize> {
    if let Some(len) = column_gap_len(text).filter(|_| bytes.contains(&b' ')) {
        return Some(len);
    }
    text.first().filter(|byte| bytes.contains(byte))?;
    Some(match text {
        [b' ', b'-' | b'|' | b'@', b' ', ..] => 3,
        [b' ', b' ', b'0'..=b'2', b'0'..=b'9', b':', ..] => 2,
        [b' ', b'a', b't', b' ', ..] | [b' ', b'-', b'-', b' ', ..] => 4,
        [b':', b':', ..] | [b',', b' ', ..] => 2,
        // Without a blank, the comma separates columns rather than date and time.
        [b',', other, ..] if *other != b' ' => return None,
        _ => 1,
    })
}

/// The length of what is between a date and a time in columns or brackets of their own; `None` if no time follows.
fn column_gap_len(text: &[u8]) -> Option<usize> {
    let len = match text {
        [b'|' | b';', ..] => 1,
        [b']', b'[', ..] => 2,
        [b']', b' ', b'[', ..] | [b')', b' ', b'(', ..] => 3,
        _ => return None,
    };
    matches!(text[len..], [b'0'..=b'2', b'0'..=b'9', b':', b'0'..=b'5', b'0'..=b'9', ..]).then_some(len)
}

/// The length of a point and the digits after it; 0 if there is none.
pub(super) fn fraction_len(points: &[u8], text: &[u8]) -> usize {
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
pub(super) fn meridiem_len(text: &[u8]) -> usize {
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
pub(super) fn epoch_len(text: &[u8]) -> Option<usize> {
    let len = digits(text, 20);
    let fits = matches!(len, 10 | 13 | 16 | 19) && (&b"0820454400"[..]..&b"3976214400"[..]).contains(&&text[..10]);
    let len = len + fraction_len(b".,", &text[len..]);
    let ends = text.get(len).is_none_or(|byte| !b"-_./+".contains(byte));
    (fits && ends).then_some(len)
}

/// The length of a count of seconds and nanoseconds in hexadecimal digits, if it lies in the years 1996 to 2054.
pub(super) fn hex_epoch_len(text: &[u8]) -> Option<usize> {
    const LEN: usize = 17;
    let label = text.get(..LEN).filter(|label| label[8] == b'.')?;
    let is_hex = |digits: &[u8]| digits.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let fits = (&b"30e72f00"[..]..&b"a0000000"[..]).contains(&&label[..8]);
    (fits && is_hex(&label[..8]) && is_hex(&label[9..])).then_some(LEN)
}

/// The length of a TAI64 or TAI64N label.
pub(super) fn tai_len(text: &[u8]) -> Option<usize> {
    let label = text.strip_prefix(b"@")?;
    match label.iter().take(25).take_while(|byte| byte.is_ascii_hexdigit()).count() {
        len @ (16 | 24) if label.starts_with(b"40000000") => Some(1 + len),
        _ => None,
    }
}
