//! Lines of `key=value` pairs: logfmt, firewalls, and the records of auditd.

use std::borrow::Cow;

use super::audit;
use super::field_names::{fields_named, is_evidence, name_in_rules};
use super::header::{Header, Quoting};
use super::json_time;
use super::level::Level;
use super::pairs::{Pair, all_pairs, leading_pairs};
use super::spec::{Format, FormatSpec, LogFormat};
use super::structured::Texts;
use crate::log::timestamp::{FoundStamp, StampRules, find_stamp};

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "logfmt",
    about: "pairs of key and value, also those of auditd and of firewalls",
    example: r#"time=2024-05-01T10:00:00Z level=error msg="no space left on device" unit=sda"#,
    detect: |sample| sample.most_lines(Logfmt),
});

#[derive(Debug)]
struct Logfmt;

/// The keys of a message, the preferred one first.
const MESSAGE_KEYS: [&[u8]; 6] = [b"msg", b"message", b"Message", b"MESSAGE", b"@message", b"@m"];

/// The keys with one of which a record of a single pair begins.
const SINGLE_KEYS: [&[u8]; 7] = [b"ts", b"time", b"timestamp", b"level", b"lvl", b"msg", b"t"];

impl LogFormat for Logfmt {
    fn has_escapes(&self) -> bool {
        true
    }

    fn header<'a>(&self, record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
        header(record, rules)
    }

    fn field<'a>(&self, record: &'a [u8], name: &str) -> Option<&'a [u8]> {
        field(record, name)
    }

    fn field_names(&self, record: &[u8]) -> Vec<String> {
        names(record)
    }
}

/// Returns the keys of the pairs in `record`, as rules write them.
pub(super) fn names(record: &[u8]) -> Vec<String> {
    all_pairs(record.trim_ascii()).map(|pair| name_in_rules(pair.key)).collect()
}

/// Keys with which lines of logfmt begin.
const FIRST_KEYS: [&[u8]; 6] = [b"time=", b"ts=", b"level=", b"lvl=", b"msg=", b"t="];

/// Whether `line` begins with one of the usual first keys. A `t` is a time only with a value of some length: SDP has `t=0 0`.
pub(super) fn begins_record(line: &[u8]) -> bool {
    const SHORTEST_TIME: usize = 8;
    let is_short = |value: &[u8]| value.iter().take(SHORTEST_TIME).any(u8::is_ascii_whitespace);
    FIRST_KEYS.iter().any(|key| line.strip_prefix(*key).is_some_and(|value| key.len() > 2 || !is_short(value)))
}

/// Parses a record that begins with two pairs, or with one that only logs contain. Without a message among the pairs,
/// all of it is the message.
pub(super) fn header<'a>(record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
    let record = record.trim_ascii();
    let mut leading = leading_pairs(record);
    let first = leading.next()?;
    if leading.next().is_none() && !SINGLE_KEYS.contains(&first.key) {
        return None;
    }
    audit::header(record, rules).or_else(|| Some(pairs_header(record, rules)))
}

/// Returns the header of a record that consists of pairs.
fn pairs_header<'a>(record: &'a [u8], rules: &StampRules) -> Header<'a> {
    let pairs: Vec<Pair<'a>> = all_pairs(record).collect();
    let fields = Fields::of(&pairs);
    let message = MESSAGE_KEYS.iter().find_map(|key| pairs.iter().find(|pair| pair.key == *key));
    let reply = fields.values("reply").find(|value| matches!(value, [b'1'..=b'5', b'0'..=b'9', b'0'..=b'9']));
    let level = fields.values("level").find(|value| Level::by_word(value).is_some());
    Header {
        stamp: stamp(&pairs, &fields, rules),
        host: fields.values("host").next(),
        program: fields.values("program").next(),
        pid: fields.values("pid").find(|value| value.iter().all(u8::is_ascii_digit)),
        level: level.or_else(|| fields.values("level").next()).or_else(|| Level::word_for_reply(reply?)),
        event_id: fields.values("event.id").next(),
        reply,
        message: message.map_or(record, |pair| pair.value),
        pairs: Some(record),
        quoting: if message.is_some_and(|pair| pair.quoted) { Quoting::Escaped } else { Quoting::None },
        ..Header::default()
    }
}

/// The values of a record under the names that casebook knows.
struct Fields<'a> {
    /// The field, the place of the key among the names of the field, and the value.
    values: Vec<(&'static str, usize, &'a [u8])>,
}

impl<'a> Fields<'a> {
    fn of(pairs: &[Pair<'a>]) -> Self {
        let with_value = pairs.iter().filter(|pair| !pair.value.is_empty());
        let mut values: Vec<_> = with_value
            .flat_map(|pair| fields_named(pair.key).iter().map(|(field, rank)| (*field, *rank, pair.value)))
            .collect();
        values.sort_by_key(|(_, rank, _)| *rank);
        Fields { values }
    }

    /// Returns the values of a field, the one under its preferred name first.
    fn values(&self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        self.values.iter().filter(move |(field, ..)| *field == name).map(|(.., value)| *value)
    }
}

/// Returns the stamp of a record. Firewalls write its parts in several pairs: `date=… time=… tz=…`.
fn stamp(pairs: &[Pair<'_>], fields: &Fields<'_>, rules: &StampRules) -> Option<FoundStamp> {
    let value = |key: &[u8]| pairs.iter().find(|pair| pair.key == key).map(|pair| pair.value);
    if let (Some(date), Some(time)) = (value(b"date"), value(b"time")) {
        let zone = value(b"tz").unwrap_or_default();
        let joined = [date, b" ", time, if zone.is_empty() { b"" } else { b" " }, zone].concat();
        if let Some(stamp) = find_stamp(&joined, rules) {
            return Some(stamp);
        }
    }
    fields.values("time").chain(value(b"eventtime")).find_map(|value| value_stamp(value, rules))
}

/// Returns the stamp in `value`, which may be a number of any unit since 1970.
pub(super) fn value_stamp(value: &[u8], rules: &StampRules) -> Option<FoundStamp> {
    let epoch = std::str::from_utf8(value).ok().and_then(json_time::epoch_in);
    match epoch {
        // The form of a stamp is that of its seconds, whatever the unit.
        Some(time) => Some(FoundStamp { range: 0..value.len(), time, ..find_stamp(value.get(..10)?, rules)? }),
        None => find_stamp(value, rules),
    }
}

/// Returns the value of the key `name`. A `_` in `name` matches any byte that is not a letter or digit.
pub(super) fn field<'a>(record: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let is_same = |(key, wanted): (&u8, &u8)| key == wanted || (*wanted == b'_' && !key.is_ascii_alphanumeric());
    let is_named = |key: &[u8]| key.len() == name.len() && key.iter().zip(name.as_bytes()).all(is_same);
    all_pairs(record.trim_ascii()).find(|pair| is_named(pair.key)).map(|pair| pair.value)
}

/// Returns the texts in `record` that describe what went wrong, apart from the message: the values of keys such as
/// `err` and `stacktrace`.
pub(in crate::log) fn evidence(record: &[u8]) -> Vec<Cow<'_, [u8]>> {
    let is_message = |pair: &Pair<'_>| MESSAGE_KEYS.contains(&pair.key);
    let message = all_pairs(record.trim_ascii()).find(is_message).map(Pair::unescaped);
    let mut texts = Texts::new(message);
    for pair in all_pairs(record.trim_ascii()) {
        if std::str::from_utf8(pair.key).is_ok_and(is_evidence) {
            texts.add(pair.unescaped());
        }
    }
    texts.into_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> StampRules {
        StampRules::utc("2027-01-02T00:00:00Z".parse().expect("a valid instant"))
    }

    /// Checks the time (`-` for none), level, program, reply and message of `line`.
    #[track_caller]
    fn check(line: &str, expected: &str) {
        let header = header(line.as_bytes(), &rules()).expect("a header");
        let text = |part: Option<&[u8]>| String::from_utf8_lossy(part.unwrap_or(b"-")).into_owned();
        let time = header.stamp.map_or("-".to_owned(), |stamp| stamp.time.to_string());
        let message = header.quoting.unescape(header.message).into_owned();
        let shown =
            [time, text(header.level), text(header.program), text(header.reply), text(Some(&message))].join(" ");
        assert_eq!(shown, expected, "{line}");
    }

    #[test]
    fn pairs_are_read() {
        let line = r#"time=2024-05-01T10:00:00Z lvl=warn msg="no \"disk\"" unit=sda rest of it"#;
        check(line, r#"2024-05-01T10:00:00Z warn - - no "disk""#);
        assert_eq!(field(line.as_bytes(), "unit"), Some(&b"sda"[..]));
        assert_eq!(field(line.as_bytes(), "rest"), None);
    }

    #[test]
    fn a_record_without_level_or_message_is_read() {
        check("ts=1714557602.25 caller=a.go:7", "2024-05-01T10:00:02.25Z - - - ts=1714557602.25 caller=a.go:7");
        check("x=1 y=2", "- - - - x=1 y=2");
        check("level=info", "- info - - level=info");
        check("msg=no disk left app=db", "- - db - no disk left");
        check(
            "method=GET status=503 level=odd level_name=x",
            "- odd - 503 method=GET status=503 level=odd level_name=x",
        );
        check("method=GET status=503", "- error - 503 method=GET status=503");
    }

    #[test]
    fn a_stamp_in_several_pairs_is_joined() {
        check(r#"date=2024-05-01 time=10:00:00 tz="+0200" level=alert msg=x"#, "2024-05-01T08:00:00Z alert - - x");
        check("date=2024-05-01 time=10:00:00 msg=x", "2024-05-01T10:00:00Z - - - x");
        check("eventtime=1714557602123456789 msg=x", "2024-05-01T10:00:02.123456789Z - - - x");
        check("time=3.5 pid=x msg=y", "- - - - y");
    }

    #[test]
    fn other_lines_are_left() {
        for line in ["a = b", "just words level=info", "x=1", "x=1 and more", "=1", ""] {
            assert_eq!(header(line.as_bytes(), &StampRules::default()), None, "{line}");
        }
    }

    #[test]
    fn all_that_describes_the_fault_is_evidence() {
        let texts = |line: &'static str| {
            let texts = evidence(line.as_bytes());
            texts.iter().map(|text| String::from_utf8_lossy(text).into_owned()).collect::<Vec<_>>()
        };
        assert_eq!(texts(r#"msg="commit failed" err="no space left on device""#), ["no space left on device"]);
        assert_eq!(texts(r#"level=error error="a\n\tb" msg=x stacktrace=c d n=1"#), ["a\n\tb", "c d"]);
        assert_eq!(texts(r#"err=x msg=x user=y"#), [""; 0]);
    }
}
