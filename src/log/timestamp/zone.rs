//! Zones after a time: offsets such as `+0200`, abbreviations such as `CEST`, and names such as `Europe/Berlin`.

use std::cell::RefCell;
use std::sync::LazyLock;

use jiff::tz::{Offset, TimeZone, TimeZoneDatabase};

use super::shape::digits;

/// A zone that a stamp contains.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum WrittenZone {
    /// An offset or an abbreviation, which has the same offset on all days.
    Offset(Offset),
    /// A name of the time zone database, whose offset depends on the day.
    Named(TimeZone),
}

/// Abbreviations and their offsets in minutes. For some there are several meanings; the most frequent one in logs is
/// taken. Sorted by abbreviation.
#[rustfmt::skip]
const ABBREVIATIONS: &[(&str, i32)] = &[
    ("ACDT", 630), ("ACST", 570), ("ACT", -300), ("ADT", -180), ("AEDT", 660), ("AEST", 600), ("AKDT", -480),
    ("AKST", -540), ("ART", -180), ("AST", -240), ("AWST", 480), ("BRST", -120), ("BRT", -180), ("BST", 60),
    ("CAT", 120), ("CDT", -300), ("CEST", 120), ("CET", 60), ("CLST", -180), ("CLT", -240), ("COT", -300),
    ("CST", -360), ("EAT", 180), ("EDT", -240), ("EEST", 180), ("EET", 120), ("EST", -300), ("GMT", 0),
    ("GST", 240), ("HDT", -540), ("HKT", 480), ("HST", -600), ("ICT", 420), ("IDT", 180), ("IRST", 210),
    ("IST", 330), ("JST", 540), ("KST", 540), ("MDT", -360), ("MESZ", 120), ("MEZ", 60), ("MSD", 240),
    ("MSK", 180), ("MST", -420), ("MYT", 480), ("NDT", -150), ("NPT", 345), ("NST", -210), ("NZDT", 780),
    ("NZST", 720), ("PDT", -420), ("PET", -300), ("PHT", 480), ("PKT", 300), ("PST", -480), ("SAST", 120),
    ("SGT", 480), ("SST", -660), ("TRT", 180), ("UTC", 0), ("UYT", -180), ("UZT", 300), ("VET", -240),
    ("WAT", 60), ("WEST", 60), ("WET", 0), ("WIB", 420), ("WITA", 480),
];

/// The first parts of names in the time zone database. A path such as `Server/thread` begins with none of them.
const REGIONS: &[&str] = &[
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Brazil",
    "Canada",
    "Chile",
    "Etc",
    "Europe",
    "Indian",
    "Mexico",
    "Pacific",
    "US",
];

/// Returns the length of the zone at the beginning of `text`, with the blank before it; 0 if there is none.
pub(super) fn zone_len(text: &[u8]) -> usize {
    let blank = usize::from(text.first() == Some(&b' '));
    let rest = &text[blank..];
    let len = match rest.first() {
        Some(b'Z' | b'z') if blank == 0 && ends_word(rest, 1) => 1,
        Some(b'+' | b'-' | 0xE2) => match offset_len(rest) {
            // After a blank, `-12` is rather a number than a zone, unless a year follows, as in the output of `date`.
            len if blank == 1 && len == sign_len(rest) + 2 && !year_follows(&rest[len..]) => 0,
            0 => 0,
            len => len + repeated_name_len(&rest[len..]),
        },
        Some(b'A'..=b'Z') => name_len(rest),
        _ => 0,
    };
    if len > 0 { blank + len } else { 0 }
}

/// Like [`zone_len`], but for stamps without a year. A host may follow these, so a name is a zone only if a colon, the
/// end of the line or a year comes next.
pub(super) fn strict_zone_len(text: &[u8]) -> usize {
    let len = zone_len(text);
    let is_name = len > 0 && text[..len].trim_ascii_start()[0].is_ascii_uppercase() && text[0] == b' ';
    let rest = &text[len..];
    let is_certain = rest.is_empty() || rest[0] == b':' || rest[0] == b']' || year_follows(rest);
    if is_name && !is_certain { 0 } else { len }
}

/// Whether a blank and a plausible year follow.
pub(super) fn year_follows(text: &[u8]) -> bool {
    matches!(text, [b' ', b'1', b'9', b'7'..=b'9', b'0'..=b'9', ..] | [b' ', b'2', b'0', b'0'..=b'9', b'0'..=b'9', ..])
        && ends_word(text, 5)
        && text.get(5) != Some(&b':')
}

fn ends_word(text: &[u8], len: usize) -> bool {
    text.get(len).is_none_or(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_')
}

/// The length of `+`, `-` or the minus sign U+2212.
fn sign_len(text: &[u8]) -> usize {
    match text {
        [b'+' | b'-', ..] => 1,
        [0xE2, 0x88, 0x92, ..] => 3,
        _ => 0,
    }
}

/// Returns the length of `+02`, `+0200`, `+02:00` or `+2:00`; 0 if there is none, or if it is no offset of a zone.
fn offset_len(text: &[u8]) -> usize {
    let sign = sign_len(text);
    let rest = &text[sign..];
    let n_digits = digits(rest, 5);
    let has_minutes = rest.get(n_digits) == Some(&b':') && digits(&rest[n_digits + 1..], 3) == 2;
    let len = match n_digits {
        1 | 2 if has_minutes => sign + n_digits + 3,
        2 | 4 => sign + n_digits,
        _ => 0,
    };
    let fits = sign > 0 && len > 0 && ends_word(text, len) && offset(&text[..len]).is_some();
    if fits { len } else { 0 }
}

/// The length of a name that repeats an offset, as in `+0100 CET`.
fn repeated_name_len(text: &[u8]) -> usize {
    match text {
        [b' ', name @ ..] => match upper_len(name) {
            len if len > 0 && abbreviation(&name[..len]).is_some() && !year_follows(text) => 1 + len,
            _ => 0,
        },
        _ => 0,
    }
}

/// The length of the word of three to five capitals at the beginning of `text`; 0 if there is none.
fn upper_len(text: &[u8]) -> usize {
    let len = text.iter().take(6).take_while(|byte| byte.is_ascii_uppercase()).count();
    if (3..=5).contains(&len) && ends_word(text, len) { len } else { 0 }
}

/// The length of an abbreviation, of `GMT+2` or `UTC+02:00`, or of a name such as `Europe/Berlin`.
fn name_len(text: &[u8]) -> usize {
    let upper = upper_len(text);
    if upper > 0 && abbreviation(&text[..upper]).is_some() {
        return match &text[..upper] {
            b"UTC" | b"GMT" => upper + hours_len(&text[upper..]),
            // A hyphen makes it a part of a word, such as `EST-42`.
            _ if text.get(upper) == Some(&b'-') => 0,
            _ => upper,
        };
    }
    database_name_len(text)
}

/// The length of the offset in `GMT+2`, which may have a single digit.
fn hours_len(text: &[u8]) -> usize {
    match offset_len(text) {
        0 if sign_len(text) > 0 && digits(&text[sign_len(text)..], 2) == 1 && ends_word(text, sign_len(text) + 1) => {
            sign_len(text) + 1
        }
        len => len,
    }
}

fn database_name_len(text: &[u8]) -> usize {
    let is_region = |region: &&str| text.starts_with(region.as_bytes()) && text.get(region.len()) == Some(&b'/');
    if !REGIONS.iter().any(|region| is_region(&region)) {
        return 0;
    }
    let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || b"/_+-".contains(byte);
    let len = text.iter().take(40).take_while(is_name).count();
    if database_zone(&text[..len]).is_some() { len } else { 0 }
}

fn abbreviation(word: &[u8]) -> Option<Offset> {
    let index = ABBREVIATIONS.binary_search_by(|(name, _)| name.as_bytes().cmp(word)).ok()?;
    Offset::from_seconds(ABBREVIATIONS[index].1 * 60).ok()
}

/// Returns the offset that is written in `text`, such as `+02`, `+0200`, `+2:00` or `+2`.
fn offset(text: &[u8]) -> Option<Offset> {
    let sign = sign_len(text);
    let value = |digits: &[u8]| digits.iter().fold(0, |sum, digit| sum * 10 + i32::from(digit - b'0'));
    let (hours, minutes) = match text[sign..].iter().position(|byte| *byte == b':') {
        Some(colon) => (value(&text[sign..sign + colon]), value(&text[sign + colon + 1..])),
        None if text.len() - sign > 2 => (value(&text[sign..text.len() - 2]), value(&text[text.len() - 2..])),
        None => (value(&text[sign..]), 0),
    };
    // The greatest offset in use is +14:00.
    if hours > 14 || minutes > 59 {
        return None;
    }
    let seconds = hours * 3600 + minutes * 60;
    Offset::from_seconds(if text[0] == b'+' { seconds } else { -seconds }).ok()
}

/// Returns the zone in `text`, which [`zone_len`] has found.
pub(super) fn zone(text: &[u8]) -> Option<WrittenZone> {
    let text = text.trim_ascii_start();
    let letters = upper_len(text).max(text.iter().take_while(|byte| byte.is_ascii_uppercase()).count());
    match text {
        [b'Z' | b'z'] => Some(WrittenZone::Offset(Offset::UTC)),
        [b'+' | b'-' | 0xE2, ..] => {
            let end = text.iter().position(|byte| *byte == b' ').unwrap_or(text.len());
            offset(&text[..end]).map(WrittenZone::Offset)
        }
        _ if letters == text.len() => abbreviation(text).map(WrittenZone::Offset),
        [b'U', b'T', b'C', hours @ ..] | [b'G', b'M', b'T', hours @ ..] => offset(hours).map(WrittenZone::Offset),
        _ => database_zone(text).map(WrittenZone::Named),
    }
}

/// Returns the zone of the database that is compiled in, so the result does not depend on the machine.
pub(super) fn database_zone(name: &[u8]) -> Option<TimeZone> {
    static DATABASE: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);
    thread_local! {
        /// The name looked up last, because the next line usually has the same.
        static LAST: RefCell<Option<(Vec<u8>, TimeZone)>> = const { RefCell::new(None) };
    }
    LAST.with_borrow_mut(|last| {
        if let Some((_, zone)) = last.as_ref().filter(|(known, _)| known == name) {
            return Some(zone.clone());
        }
        let zone = DATABASE.get(std::str::from_utf8(name).ok()?).ok()?;
        *last = Some((name.to_vec(), zone.clone()));
        Some(zone)
    })
}

/// The length of an offset of three digits, which are minutes, as IBM writes: `+060`.
pub(super) fn minute_zone_len(text: &[u8]) -> usize {
    match text {
        [b'+' | b'-', rest @ ..] if digits(rest, 4) == 3 && ends_word(text, 4) => 4,
        _ => 0,
    }
}

/// Returns the offset in `text`, which [`minute_zone_len`] has found.
pub(super) fn minute_zone(text: &[u8]) -> Option<WrittenZone> {
    let minutes = text[1..].iter().fold(0, |sum, digit| sum * 10 + i32::from(digit - b'0'));
    let seconds = if text[0] == b'-' { minutes * -60 } else { minutes * 60 };
    Offset::from_seconds(seconds).ok().map(WrittenZone::Offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks the text that is read as a zone, and its offset in minutes.
    #[track_caller]
    fn check(text: &str, written: &str, minutes: i32) {
        let len = zone_len(text.as_bytes());
        assert_eq!(&text[..len], written, "{text}");
        let found = zone(&text.as_bytes()[..len]);
        assert_eq!(found, Some(WrittenZone::Offset(Offset::from_seconds(minutes * 60).expect("in range"))), "{text}");
    }

    #[test]
    fn abbreviations_are_sorted() {
        assert!(ABBREVIATIONS.is_sorted());
    }

    #[test]
    fn offsets_and_abbreviations_are_read() {
        check("Z x", "Z", 0);
        check(" UTC [33]", " UTC", 0);
        check(" CEST backup", " CEST", 120);
        check(" IST", " IST", 330);
        check("+01 x", "+01", 60);
        check(" +0530 x", " +0530", 330);
        check("-03:30", "-03:30", -210);
        check("+1:00 x", "+1:00", 60);
        check("−05:00 x", "−05:00", -300);
        check(" GMT+2 x", " GMT+2", 120);
        check(" UTC+02:00 x", " UTC+02:00", 120);
        check(" GMT-0500 (EST)", " GMT-0500", -300);
        check(" +0100 CET m=+0.1", " +0100 CET", 60);
        check(" -03 2026", " -03", -180);
        check("PDT: x", "PDT", -420);
    }

    #[test]
    fn other_words_and_numbers_are_no_zones() {
        let others = [
            "",
            " ",
            " INFO x",
            " ERROR",
            " MSG",
            " LOG:",
            " -12 items",
            " +1 more",
            " - x",
            "Zone",
            " Z",
            " EST-42",
            " ESTIMATE",
            " est",
            " +9900",
            "+010203",
            " Server/thread",
            " Europe/Nowhere",
            " utc",
            " -1500 bytes",
        ];
        for text in others {
            assert_eq!(zone_len(text.as_bytes()), 0, "{text}");
        }
    }

    #[test]
    fn names_of_the_database_are_read() {
        let len = zone_len(b" Europe/Berlin] PHP");
        assert_eq!(len, 14);
        assert_eq!(zone(b" Europe/Berlin"), Some(WrittenZone::Named(database_zone(b"Europe/Berlin").expect("known"))));
        assert_eq!(zone_len(b" America/Argentina/Buenos_Aires x"), 31);
    }

    #[test]
    fn a_name_that_may_be_a_host_is_no_zone_without_a_year() {
        assert_eq!(strict_zone_len(b" CET: %SYS"), 4);
        assert_eq!(strict_zone_len(b" CET 2026"), 4);
        assert_eq!(strict_zone_len(b" CET sshd[1]: x"), 0);
        assert_eq!(strict_zone_len(b" +0100 host"), 6);
    }
}
