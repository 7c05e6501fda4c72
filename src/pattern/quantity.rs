//! Numbers with and without units, as they occur in logs and rules: `-3`, `1.5e3`, `1h30m`, `10MiB`.

use std::time::Duration;

/// Units of time in nanoseconds, longest spelling first so that `ms` is not read as `m`.
const TIME_UNITS: &[(&str, f64)] = &[
    ("min", 60e9),
    ("sec", 1e9),
    ("ns", 1.0),
    ("us", 1e3),
    ("µs", 1e3),
    ("ms", 1e6),
    ("s", 1e9),
    ("m", 60e9),
    ("h", 3600e9),
    ("d", 86_400e9),
    ("w", 604_800e9),
];

/// Units of size in bytes, longest spelling first. A bare letter is the binary unit, as `df -h` and `du -h` print it.
const SIZE_UNITS: &[(&str, u64)] = &[
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("TiB", 1 << 40),
    ("PiB", 1 << 50),
    ("kB", 1_000),
    ("KB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("TB", 1_000_000_000_000),
    ("PB", 1_000_000_000_000_000),
    ("k", 1 << 10),
    ("K", 1 << 10),
    ("M", 1 << 20),
    ("G", 1 << 30),
    ("T", 1 << 40),
    ("P", 1 << 50),
    ("B", 1),
];

fn digits(text: &[u8]) -> usize {
    text.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

fn sign(text: &[u8]) -> usize {
    usize::from(matches!(text.first(), Some(b'+' | b'-')))
}

/// Length of the whole number at the start; `None` if there is none or it does not fit an `i64`.
pub(super) fn int_len(text: &[u8]) -> Option<usize> {
    let len = sign(text) + digits(&text[sign(text)..]);
    std::str::from_utf8(&text[..len]).ok()?.parse::<i64>().ok().map(|_| len)
}

/// Returns the length of the digits at the start, with a fraction if there is one but without a sign.
fn decimal_len(text: &[u8]) -> Option<usize> {
    let whole = digits(text);
    if whole == 0 {
        return None;
    }
    let fraction = if text.get(whole) == Some(&b'.') { digits(&text[whole + 1..]) } else { 0 };
    Some(if fraction > 0 { whole + 1 + fraction } else { whole })
}

/// Length of the number at the start: sign, digits, fraction, exponent.
pub(super) fn num_len(text: &[u8]) -> Option<usize> {
    let mantissa = sign(text) + decimal_len(&text[sign(text)..])?;
    let Some(b'e' | b'E') = text.get(mantissa) else { return Some(mantissa) };
    let power = mantissa + 1 + sign(&text[mantissa + 1..]);
    let exponent = digits(&text[power..]);
    Some(if exponent > 0 { power + exponent } else { mantissa })
}

/// Returns the number and the unit at the start of `text`, and the length of both in bytes. If `gap` is true, a space
/// can be between them. The unit must not be followed by a letter.
fn number_with_unit<U: Copy>(text: &[u8], units: &[(&str, U)], gap: bool) -> Option<(f64, U, usize)> {
    let number = decimal_len(text)?;
    let blank = usize::from(gap && text.get(number) == Some(&b' '));
    let rest = &text[number + blank..];
    let (spelling, unit) = units.iter().find(|(spelling, _)| {
        rest.starts_with(spelling.as_bytes()) && !rest.get(spelling.len()).is_some_and(u8::is_ascii_alphabetic)
    })?;
    let value = std::str::from_utf8(&text[..number]).ok()?.parse().ok()?;
    Some((value, *unit, number + blank + spelling.len()))
}

/// The span of time at the start (`250ms`, `1.5h`, `1h30m`) and its length in bytes.
pub(crate) fn duration_prefix(text: &[u8]) -> Option<(Duration, usize)> {
    let mut nanos = 0.0;
    let mut len = 0;
    while let Some((value, unit, taken)) = number_with_unit(&text[len..], TIME_UNITS, false) {
        nanos += value * unit;
        len += taken;
    }
    let duration = Duration::try_from_secs_f64(nanos / 1e9).ok()?;
    (len > 0).then_some((duration, len))
}

/// The size at the start (`10MiB`, `1.5 GB`, `512`) in bytes, and its length.
pub(crate) fn size_prefix(text: &[u8]) -> Option<(u64, usize)> {
    let (value, unit, len) = match number_with_unit(text, SIZE_UNITS, true) {
        Some(found) => found,
        None => {
            let len = digits(text);
            (std::str::from_utf8(&text[..len]).ok()?.parse().ok()?, 1, len)
        }
    };
    let bytes = value * unit as f64;
    // Beyond 2^53 a float cannot count single bytes, which does not matter for a size. Beyond 2^64 it is not a size.
    (bytes < u64::MAX as f64).then_some((bytes as u64, len))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_add_up_and_stop_at_words() {
        assert_eq!(duration_prefix(b"1h30m"), Some((Duration::from_secs(5400), 5)));
        assert_eq!(duration_prefix(b"250ms."), Some((Duration::from_millis(250), 5)));
        assert_eq!(duration_prefix("5µs".as_bytes()), Some((Duration::from_micros(5), 4)));
        assert_eq!(duration_prefix(b"5minutes"), None);
        assert_eq!(duration_prefix(b"5"), None);
    }

    #[test]
    fn sizes_know_binary_and_decimal_units() {
        assert_eq!(size_prefix(b"10MiB"), Some((10 << 20, 5)));
        assert_eq!(size_prefix(b"10 MB,"), Some((10_000_000, 5)));
        assert_eq!(size_prefix(b"17G "), Some((17 << 30, 3)));
        assert_eq!(size_prefix(b"512 left"), Some((512, 3)));
        assert_eq!(size_prefix(b"left"), None);
    }
}
