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

/// The last letters of all abbreviations.
const LAST_LETTERS: &[u8] = b"TCDZKBA";

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

/// Returns the zone at the beginning of `text`, and its length with the blank before it.
pub(super) fn zone_at(text: &[u8]) -> Option<(WrittenZone, usize)> {
    let blank = usize::from(text.first() == Some(&b' '));
    let rest = &text[blank..];
    let (zone, len) = match *rest.first()? {
        b'Z' | b'z' if blank == 0 && ends_word(rest, 1) => (WrittenZone::Offset(Offset::UTC), 1),
        b'+' | b'-' | 0xE2 => {
            let (offset, len) = offset_at(rest)?;
            // After a blank, `-12` is rather a number than a zone, unless a year follows, as in the output of `date`.
            // PostgreSQL writes ` +08`, and the process id in brackets after it.
            let is_certain = year_follows(&rest[len..]) || rest[len..].starts_with(b" [");
            if blank == 1 && len == sign_len(rest) + 2 && !is_certain {
                return None;
            }
            (WrittenZone::Offset(offset), len + repeated_name_len(&rest[len..]))
        }
        b'A'..=b'Z' => named_zone_at(rest)?,
        _ => return None,
    };
    Some((zone, blank + len))
}

/// Like [`zone_at`], but for stamps without a year. A host may follow these, so a name is a zone only if a colon, a
/// bracket, the end of the line or a year comes next.
pub(super) fn strict_zone_at(text: &[u8]) -> Option<(WrittenZone, usize)> {
    if let [b' ', b'A'..=b'Z', ..] = text {
        let word =
            text[1..].iter().take(40).take_while(|byte| !byte.is_ascii_whitespace() && !b":]".contains(byte)).count();
        let rest = &text[1 + word..];
        let is_certain =
            rest.is_empty() || rest[0] == b':' || rest[0] == b']' || rest.starts_with(b" [") || year_follows(rest);
        return if is_certain { zone_at(text) } else { None };
    }
    zone_at(text)
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

/// Returns the offset `+02`, `+0200`, `+02:00` or `+2:00` and its length; `None` if no zone has it.
fn offset_at(text: &[u8]) -> Option<(Offset, usize)> {
    let sign = sign_len(text);
    let rest = &text[sign..];
    let n_digits = digits(rest, 5);
    let has_minutes = rest.get(n_digits) == Some(&b':') && digits(&rest[n_digits + 1..], 3) == 2;
    let (hours, minutes, len) = match n_digits {
        1 | 2 if has_minutes => (value(&rest[..n_digits]), value(&rest[n_digits + 1..n_digits + 3]), n_digits + 3),
        2 => (value(&rest[..2]), 0, 2),
        4 => (value(&rest[..2]), value(&rest[2..4]), 4),
        _ => return None,
    };
    let is_whole = sign > 0 && ends_word(rest, len);
    is_whole.then(|| offset(text[0] != b'+', hours, minutes)).flatten().map(|offset| (offset, sign + len))
}

fn value(digits: &[u8]) -> i32 {
    digits.iter().fold(0, |sum, digit| sum * 10 + i32::from(digit - b'0'))
}

fn offset(is_negative: bool, hours: i32, minutes: i32) -> Option<Offset> {
    // The greatest offset in use is +14:00.
    if hours > 14 || minutes > 59 {
        return None;
    }
    let seconds = hours * 3600 + minutes * 60;
    Offset::from_seconds(if is_negative { -seconds } else { seconds }).ok()
}

/// The length of a name that repeats an offset, as in `+0100 CET` and `+01:00[Europe/Berlin]`.
fn repeated_name_len(text: &[u8]) -> usize {
    match text {
        [b'[', name @ ..] => match database_zone_at(name) {
            Some((_, len)) if name.get(len) == Some(&b']') => len + 2,
            _ => 0,
        },
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

/// Returns an abbreviation, `GMT+2` or `UTC+02:00`, or a name such as `Europe/Berlin`.
fn named_zone_at(text: &[u8]) -> Option<(WrittenZone, usize)> {
    let upper = upper_len(text);
    if upper == 0 {
        return database_zone_at(text);
    }
    let zone = abbreviation(&text[..upper])?;
    match &text[..upper] {
        b"UTC" | b"GMT" => {
            let (zone, hours) = hours_at(&text[upper..]).unwrap_or((zone, 0));
            Some((WrittenZone::Offset(zone), upper + hours))
        }
        // A hyphen makes it a part of a word, such as `EST-42`.
        _ if text.get(upper) == Some(&b'-') => None,
        _ => Some((WrittenZone::Offset(zone), upper)),
    }
}

/// Returns the offset in `GMT+2`, which may have a single digit.
fn hours_at(text: &[u8]) -> Option<(Offset, usize)> {
    let sign = sign_len(text);
    if sign > 0 && digits(&text[sign..], 2) == 1 && ends_word(text, sign + 1) && text.get(sign + 1) != Some(&b':') {
        return offset(text[0] != b'+', value(&text[sign..=sign]), 0).map(|offset| (offset, sign + 1));
    }
    offset_at(text)
}

fn database_zone_at(text: &[u8]) -> Option<(WrittenZone, usize)> {
    let is_region = |region: &&&str| text.starts_with(region.as_bytes()) && text.get(region.len()) == Some(&b'/');
    REGIONS.iter().find(is_region)?;
    let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || b"/_+-".contains(byte);
    let len = text.iter().take(40).take_while(is_name).count();
    database_zone(&text[..len]).map(|zone| (WrittenZone::Named(zone), len))
}

/// The abbreviations as numbers, which are compared faster, in the same order.
const PACKED: [u64; ABBREVIATIONS.len()] = {
    let mut numbers = [0; ABBREVIATIONS.len()];
    let mut index = 0;
    while index < ABBREVIATIONS.len() {
        numbers[index] = packed(ABBREVIATIONS[index].0.as_bytes());
        index += 1;
    }
    numbers
};

/// Packs at most eight bytes into a number that sorts like the bytes.
const fn packed(word: &[u8]) -> u64 {
    let mut number = 0;
    let mut index = 0;
    while index < 8 {
        number = number << 8 | if index < word.len() { word[index] as u64 } else { 0 };
        index += 1;
    }
    number
}

fn abbreviation(word: &[u8]) -> Option<Offset> {
    // Most words in this place are levels, which end with other letters.
    word.last().filter(|last| LAST_LETTERS.contains(last))?;
    let index = PACKED.binary_search(&packed(word)).ok()?;
    Offset::from_seconds(ABBREVIATIONS[index].1 * 60).ok()
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

/// Returns an offset of three digits, which are minutes, as IBM writes: `+060`.
pub(super) fn minute_zone_at(text: &[u8]) -> Option<(WrittenZone, usize)> {
    let rest = text.strip_prefix(b"+").or_else(|| text.strip_prefix(b"-"))?;
    if digits(rest, 4) != 3 || !ends_word(rest, 3) {
        return None;
    }
    let minutes = value(&rest[..3]);
    offset(text[0] == b'-', minutes / 60, minutes % 60).map(|offset| (WrittenZone::Offset(offset), 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks the text that is read as a zone, and its offset in minutes.
    #[track_caller]
    fn check(text: &str, written: &str, minutes: i32) {
        let found = zone_at(text.as_bytes()).map(|(zone, len)| (zone, &text[..len]));
        let offset = Offset::from_seconds(minutes * 60).expect("in range");
        assert_eq!(found, Some((WrittenZone::Offset(offset), written)), "{text}");
    }

    #[test]
    fn every_abbreviation_is_found() {
        assert!(ABBREVIATIONS.is_sorted());
        for (name, minutes) in ABBREVIATIONS {
            check(&format!(" {name} x"), &format!(" {name}"), *minutes);
        }
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
        check("+01:00[Europe/Berlin] x", "+01:00[Europe/Berlin]", 60);
        check("+01:00[main] x", "+01:00", 60);
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
            assert_eq!(zone_at(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn names_of_the_database_are_read() {
        let named = |name: &str| WrittenZone::Named(database_zone(name.as_bytes()).expect("a known name"));
        assert_eq!(zone_at(b" Europe/Berlin] PHP"), Some((named("Europe/Berlin"), 14)));
        let buenos_aires = "America/Argentina/Buenos_Aires";
        assert_eq!(zone_at(format!(" {buenos_aires} x").as_bytes()), Some((named(buenos_aires), 31)));
    }

    #[test]
    fn a_name_that_may_be_a_host_is_no_zone_without_a_year() {
        let len = |text: &str| strict_zone_at(text.as_bytes()).map(|(_, len)| len);
        assert_eq!(len(" CET: %SYS"), Some(4));
        assert_eq!(len(" CET 2026"), Some(4));
        assert_eq!(len(" CET sshd[1]: x"), None);
        assert_eq!(len(" +0100 host"), Some(6));
    }

    #[test]
    fn an_offset_of_three_digits_is_in_minutes() {
        let minutes = |text: &str| minute_zone_at(text.as_bytes()).map(|(zone, _)| zone);
        let offset = |minutes: i32| Some(WrittenZone::Offset(Offset::from_seconds(minutes * 60).expect("in range")));
        assert_eq!(minutes("+060 I1"), offset(60));
        assert_eq!(minutes("-330"), offset(-330));
        for other in ["+0600", "+60", "060", "+999", "+060x"] {
            assert_eq!(minutes(other), None, "{other}");
        }
    }
}
