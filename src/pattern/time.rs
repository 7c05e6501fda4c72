//! Time stamps inside a message: how long one is, and which instant it means if it has a date and a zone.

use jiff::Timestamp;

/// Whether a byte of a stamp fits one byte of a layout.
fn fits(step: u8, byte: u8) -> bool {
    match step {
        b'9' => byte.is_ascii_digit(),
        // Syslog pads days with a blank.
        b'8' => byte.is_ascii_digit() || byte == b' ',
        b'A' => byte.is_ascii_alphabetic(),
        b'T' => matches!(byte, b'T' | b't' | b' '),
        other => other == byte,
    }
}

/// Layouts that contain a time of day, longest first. After seconds, a fraction and a zone can follow.
const LAYOUTS: &[&str] =
    &["99/AAA/9999:99:99:99", "9999-99-99T99:99:99", "9999/99/99 99:99:99", "AAA 89 99:99:99", "99:99:99"];

/// Layouts of a date alone. Nothing can follow them.
const DATES: &[&str] = &["9999-99-99"];

fn layout_len(layout: &str, text: &[u8]) -> Option<usize> {
    let text = text.get(..layout.len())?;
    layout.bytes().zip(text).all(|(step, &byte)| fits(step, byte)).then_some(layout.len())
}

/// Length of the time stamp at the start of `text`.
pub(super) fn time_len(text: &[u8]) -> Option<usize> {
    if let Some(seconds) = LAYOUTS.iter().find_map(|layout| layout_len(layout, text)) {
        let fraction = seconds + fraction_len(&text[seconds..]);
        return Some(fraction + zone_len(&text[fraction..]));
    }
    DATES.iter().find_map(|layout| layout_len(layout, text))
}

fn fraction_len(text: &[u8]) -> usize {
    match text.first() {
        Some(b'.' | b',') => match text[1..].iter().take_while(|byte| byte.is_ascii_digit()).count() {
            0 => 0,
            digits => 1 + digits,
        },
        _ => 0,
    }
}

fn zone_len(text: &[u8]) -> usize {
    match text {
        [b'Z' | b'z', ..] => 1,
        _ => ["+99:99", "-99:99", "+9999", "-9999", " +9999", " -9999"]
            .iter()
            .find_map(|layout| layout_len(layout, text))
            .unwrap_or(0),
    }
}

/// The instant of a stamp with a date and a zone; `None` for others.
pub(super) fn instant(stamp: &str) -> Option<Timestamp> {
    stamp
        .parse()
        .or_else(|_| stamp.replacen(',', ".", 1).parse())
        .or_else(|_| Timestamp::strptime("%d/%b/%Y:%H:%M:%S %z", stamp))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_reach_over_fraction_and_zone() {
        let stamps = [
            "1999-03-01T10:00:00Z",
            "1999-03-01 10:00:00,123",
            "1999-03-01 10:00:00.5+02:00",
            "01/Mar/1999:10:00:00 +0100",
            "Mar  1 10:00:00",
            "10:00:00",
            "1999-03-01",
        ];
        for stamp in stamps {
            assert_eq!(time_len(format!("{stamp} imc: x").as_bytes()), Some(stamp.len()), "{stamp}");
        }
        assert_eq!(time_len(b"10:00"), None);
    }

    #[test]
    fn only_a_stamp_with_a_zone_is_an_instant() {
        let expected: Timestamp = "1999-03-01T09:00:00Z".parse().expect("a valid stamp");
        assert_eq!(instant("1999-03-01T10:00:00+01:00"), Some(expected));
        assert_eq!(instant("01/Mar/1999:10:00:00 +0100"), Some(expected));
        assert_eq!(instant("1999-03-01 10:00:00"), None);
    }
}
