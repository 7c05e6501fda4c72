//! The time of a JSON record: a text with a stamp, or a number since 1970 in the unit that its size suggests.

use jiff::Timestamp;

use super::json_node::Node;
use crate::log::timestamp::{StampRules, find_stamp};

/// The instants that a number of each unit may mean: 1996 to 2096, as in stamps. A smaller number is a duration or an id.
const SECONDS: std::ops::Range<i128> = 820_454_400..3_976_214_400;

/// Nanoseconds in a second, a milli-, a micro- and a nanosecond.
const UNITS: [i128; 4] = [1_000_000_000, 1_000_000, 1_000, 1];

/// Reads the time in the value `node`; `None` if it is no time.
pub(super) fn time(node: &Node, rules: &StampRules) -> Option<Timestamp> {
    if let Some(seconds) = node.find("epochSecond") {
        let nanoseconds = node.find("nanoOfSecond").map(Node::to_string).unwrap_or_default();
        return epoch(&seconds.to_string())?
            .checked_add(jiff::SignedDuration::from_nanos(nanoseconds.parse().ok()?))
            .ok();
    }
    match node.scalar()? {
        Node::Text(text) => text_time(text.trim(), rules),
        Node::Number(number) => epoch(&number.to_string()),
        _ => None,
    }
}

/// Reads the time in `text`, as loggers write it into a member or a pair.
pub(super) fn text_time(text: &str, rules: &StampRules) -> Option<Timestamp> {
    let number = text.strip_prefix("/Date(").map_or(text, |rest| rest.trim_end_matches(")/"));
    epoch_in(number).or_else(|| find_stamp(text.as_bytes(), rules).map(|stamp| stamp.time))
}

/// Whether a member is named like the time of its record, such as `written_at` or `logDate`. The times at which something is to
/// happen, has begun or has ended are not meant.
pub(super) fn is_name_of_time(name: &str) -> bool {
    const ENDS: [&str; 8] = ["_at", "At", "time", "Time", "timestamp", "Timestamp", "_date", "Date"];
    const OTHERS: [&str; 8] = ["start", "begin", "expir", "end", "next", "until", "uptime", "runtime"];
    let is_start = |at: usize, c: char| {
        let before = name[..at].chars().next_back();
        before.is_none_or(|before| !before.is_alphanumeric() || (before.is_lowercase() && c.is_uppercase()))
    };
    let is_other = |word: &str| OTHERS.iter().any(|other| word.to_lowercase().starts_with(other));
    let mut words = name.char_indices().filter(|(at, c)| is_start(*at, *c)).map(|(at, _)| &name[at..]);
    ENDS.iter().any(|end| name.ends_with(end)) && !words.any(is_other)
}

/// Reads `text` as a number since 1970; `None` if it is not only digits and at most one point.
pub(super) fn epoch_in(text: &str) -> Option<Timestamp> {
    text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.').then(|| epoch(text))?
}

/// Reads a decimal number as seconds, milli-, micro- or nanoseconds since 1970, whichever gives an instant from 1996 to
/// 2096. Parts of a nanosecond are left out.
fn epoch(number: &str) -> Option<Timestamp> {
    if number.contains('e') {
        // A number so written is not exact anyway.
        return epoch(&format!("{:.6}", number.parse::<f64>().ok()?));
    }
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let whole: i128 = if whole.len() > 20 { return None } else { whole.parse().ok()? };
    let unit = UNITS.into_iter().find(|unit| SECONDS.contains(&(whole * unit / UNITS[0])))?;
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits = fraction.bytes().map(|digit| i128::from(digit - b'0'));
    let billionths = digits.chain(std::iter::repeat(0)).take(9).fold(0, |sum, digit| sum * 10 + digit);
    Timestamp::from_nanosecond(whole * unit + billionths * unit / UNITS[0]).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_named_like_the_time_of_their_record() {
        for name in ["written_at", "logDate", "send_time", "EventTime"] {
            assert!(is_name_of_time(name), "{name}");
        }
        for name in ["expires_at", "endTime", "end_date", "startedAt", "message", "uptime", "chat"] {
            assert!(!is_name_of_time(name), "{name}");
        }
    }

    #[track_caller]
    fn check(value: &str, instant: Option<&str>) {
        let node = Node::parse(value.as_bytes()).expect("a value");
        let instant = instant.map(|instant| instant.parse().expect("a valid instant"));
        assert_eq!(time(&node, &StampRules::default()), instant, "{value}");
    }

    #[test]
    fn numbers_are_read_by_their_size() {
        check("1763000000", Some("2025-11-13T02:13:20Z"));
        check("1763000000.123456", Some("2025-11-13T02:13:20.123456Z"));
        check("1763000000123", Some("2025-11-13T02:13:20.123Z"));
        check("1763000000123.456", Some("2025-11-13T02:13:20.123456Z"));
        check("1763000000123456", Some("2025-11-13T02:13:20.123456Z"));
        check("1763000000123456789", Some("2025-11-13T02:13:20.123456789Z"));
        check("1.763e9", Some("2025-11-13T02:13:20Z"));
        check(r#""1763000000123456789""#, Some("2025-11-13T02:13:20.123456789Z"));
        check(r#""1763000000.123456""#, Some("2025-11-13T02:13:20.123456Z"));
        check(r#"{"$date":{"$numberLong":"1763000000123"}}"#, Some("2025-11-13T02:13:20.123Z"));
        check(r#"{"epochSecond":1763000000,"nanoOfSecond":123000000}"#, Some("2025-11-13T02:13:20.123Z"));
        check(r#""\/Date(1763000000123)\/""#, Some("2025-11-13T02:13:20.123Z"));
        check(r#""2026-11-12T10:00:00.123+01:00""#, Some("2026-11-12T09:00:00.123Z"));
    }

    #[test]
    fn other_values_are_no_times() {
        for value in ["0", "12", "0.25", "-1763000000", "99999999999999999999", "1e300", "true", "[1763000000]", "{}"] {
            check(value, None);
        }
        for value in [r#""""#, r#""soon""#, r#"".........""#] {
            check(value, None);
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "[-0-9.eE/Date()]{0,40}|\\PC{0,30}") {
            text_time(&text, &StampRules::default());
            time(&Node::Text(text), &StampRules::default());
        }
    }
}
