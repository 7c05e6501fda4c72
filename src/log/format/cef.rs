//! Security events in the formats CEF (`CEF:0|vendor|product|version|id|name|severity|key=value …`) and LEEF
//! (`LEEF:1.0|vendor|product|version|id|key=value<tab>…`), alone in a line or behind a header of syslog.

use super::field_names::name_in_rules;
use super::header::{Header, Quoting};
use super::level::Level;
use super::logfmt::value_stamp;
use super::spec::{Format, FormatSpec, LogFormat};
use super::syslog::Syslog;
use crate::log::timestamp::{StampRules, find_stamp};

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "cef",
    about: "security events in CEF or LEEF, also behind a header of syslog",
    example: "CEF:0|Acme|Firewall|1.0|100|Connection refused|7|src=192.0.2.1 dst=192.0.2.2 spt=1232",
    detect: |sample| sample.most_lines(SecurityEvents),
});

#[derive(Debug)]
struct SecurityEvents;

impl LogFormat for SecurityEvents {
    fn has_escapes(&self) -> bool {
        true
    }

    fn header<'a>(&self, record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
        let record = record.trim_ascii();
        let event = Event::find(record)?;
        let before = &record[..record.len() - event.text.len()];
        let bare = || Header { stamp: find_stamp(before, rules), ..Header::default() };
        let header = Syslog.header(record, rules).unwrap_or_else(bare);
        let own_stamp = || {
            let times = ["start", "rt", "end", "devTime", "deviceReceiptTime"];
            times.iter().find_map(|name| value_stamp(event.value(name)?, rules))
        };
        let stamp = header.stamp.clone().or_else(own_stamp);
        Some(event.header(Header { stamp, ..header }))
    }

    fn field<'a>(&self, record: &'a [u8], name: &str) -> Option<&'a [u8]> {
        field(record, name)
    }

    fn field_names(&self, record: &[u8]) -> Vec<String> {
        let pairs = Event::find(record.trim_ascii()).into_iter().flat_map(|event| event.pairs());
        pairs.map(|(key, _)| name_in_rules(key)).collect()
    }
}

/// Replaces in the header of a syslog record the parts that the security event in its message contains. Without such an
/// event, the header is not changed.
pub(super) fn refine(header: &mut Header<'_>) {
    // Most messages contain no bar.
    let start = &header.message[..header.message.len().min(SEARCHED_BYTES)];
    if memchr::memchr(b'|', start).is_none() {
        return;
    }
    if let Some(event) = Event::find(header.message) {
        *header = event.header(std::mem::take(header));
    }
}

/// Returns the value that the security event in `record` has under the key `name`.
pub(super) fn field<'a>(record: &'a [u8], name: &str) -> Option<&'a [u8]> {
    Event::find(record.trim_ascii())?.value(name)
}

/// The parts of a security event.
struct Event<'a> {
    /// The event from its mark to its end.
    text: &'a [u8],
    product: &'a [u8],
    id: &'a [u8],
    /// From the name of the event to the end; in LEEF, which has no names, the pairs.
    message: &'a [u8],
    name: &'a [u8],
    severity: Option<&'a [u8]>,
    pairs: &'a [u8],
    /// The byte between two pairs; `None` for a blank, which values may contain too.
    separator: Option<u8>,
}

/// An event begins within this number of bytes.
const SEARCHED_BYTES: usize = 160;

impl<'a> Event<'a> {
    /// Finds the event in `text`; `None` if it contains none.
    fn find(text: &'a [u8]) -> Option<Event<'a>> {
        let starts = memchr::memmem::find_iter(&text[..text.len().min(SEARCHED_BYTES)], b"EF:");
        starts.filter_map(|at| Event::parse_cef(text, at).or_else(|| Event::parse_leef(text, at))).next()
    }

    /// Parses the event whose mark ends after `EF:` at offset `at`.
    fn parse_cef(text: &'a [u8], at: usize) -> Option<Event<'a>> {
        let text = &text[word_start(text, at.checked_sub(1)?, b"CEF:")?..];
        let [version, _, product, _, id, rest] = split_bars(text[4..].trim_ascii_start())?;
        let [name, severity, pairs] = split_bars(rest).or_else(|| {
            let [name, severity] = split_bars(rest)?;
            Some([name, severity, b""])
        })?;
        let separator = None;
        is_version(version).then_some(Event {
            text,
            product,
            id,
            message: rest,
            name,
            severity: Some(severity),
            pairs,
            separator,
        })
    }

    fn parse_leef(text: &'a [u8], at: usize) -> Option<Event<'a>> {
        let text = &text[word_start(text, at.checked_sub(2)?, b"LEEF:")?..];
        let [version, _, product, _, id, mut pairs] = split_bars(text[5..].trim_ascii_start())?;
        let mut separator = b'\t';
        if version.starts_with(b"2")
            && let Some([mark, rest]) = split_bars(pairs)
            && mark.len() <= 4
            && !mark.contains(&b'=')
        {
            (separator, pairs) = (separator_of(mark).unwrap_or(separator), rest);
        }
        let event =
            Event { text, product, id, message: pairs, name: pairs, severity: None, pairs, separator: Some(separator) };
        is_version(version).then(|| Event { severity: event.value("sev"), ..event })
    }

    /// Returns `header` with the parts of the event.
    fn header(&self, header: Header<'a>) -> Header<'a> {
        let host = || ["dvchost", "dvc", "identHostName"].iter().find_map(|name| self.value(name));
        Header {
            host: header.host.or_else(host),
            program: Some(self.product).filter(|product| !product.is_empty()),
            event_id: Some(self.id).filter(|id| !id.is_empty()),
            level: self.severity.and_then(level).map(|level| level.name().as_bytes()).or(header.level),
            message: self.message.trim_ascii(),
            gist: Some(self.name.trim_ascii()).filter(|name| name.len() < self.message.trim_ascii().len()),
            quoting: Quoting::Escaped,
            ..header
        }
    }

    fn value(&self, name: &str) -> Option<&'a [u8]> {
        self.pairs().find(|(key, _)| *key == name.as_bytes()).map(|(_, value)| value)
    }

    /// Returns the pairs of key and value. A value ends where the next key begins.
    fn pairs(&self) -> impl Iterator<Item = (&'a [u8], &'a [u8])> + use<'a> {
        let (mut rest, separator) = (self.pairs, self.separator);
        std::iter::from_fn(move || {
            let equals = memchr::memchr(b'=', rest)?;
            let (key, value) = (rest[..equals].trim_ascii(), &rest[equals + 1..]);
            let len = match separator {
                Some(separator) => memchr::memchr(separator, value).unwrap_or(value.len()),
                None => value_len(value),
            };
            rest = value.get(len + 1..).unwrap_or_default();
            Some((key, value[..len].trim_ascii()))
        })
    }
}

/// Returns the offset of `mark`, if it is at `at` and a word begins there.
fn word_start(text: &[u8], at: usize, mark: &[u8]) -> Option<usize> {
    let begins_word = at == 0 || text[at - 1].is_ascii_whitespace() || b">:".contains(&text[at - 1]);
    (begins_word && text[at..].starts_with(mark)).then_some(at)
}

/// Splits `text` at its first bars that are not escaped, so that there are `N` parts.
fn split_bars<const N: usize>(text: &[u8]) -> Option<[&[u8]; N]> {
    let mut parts = [&b""[..]; N];
    let mut rest = text;
    for part in &mut parts[..N - 1] {
        let bar = memchr::memchr_iter(b'|', rest).find(|at| !is_escaped(rest, *at))?;
        (*part, rest) = (&rest[..bar], &rest[bar + 1..]);
    }
    parts[N - 1] = rest;
    Some(parts)
}

fn is_escaped(text: &[u8], at: usize) -> bool {
    text[..at].iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1
}

fn is_version(text: &[u8]) -> bool {
    (1..=4).contains(&text.len()) && text.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
}

/// Reads the separator of LEEF 2.0: a byte, or its code such as `x09` or `0x5E`.
fn separator_of(mark: &[u8]) -> Option<u8> {
    match mark {
        [byte] => Some(*byte),
        [b'0', b'x', code @ ..] | [b'x', code @ ..] => u8::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok(),
        _ => None,
    }
}

/// Returns the length of the value at the beginning of `text`, which ends before the blank and the word before the next
/// `=` that is not escaped.
fn value_len(text: &[u8]) -> usize {
    let mut blank = None;
    for (at, byte) in text.iter().enumerate() {
        match byte {
            b' ' => blank = Some(at),
            b'=' if !is_escaped(text, at) && blank.is_some_and(|blank| blank + 1 < at) => return blank.unwrap_or(at),
            _ => {}
        }
    }
    text.len()
}

/// Returns the level of a severity: 0–3 low, 4–6 medium, 7–8 high, 9–10 very high; or these words.
fn level(severity: &[u8]) -> Option<Level> {
    let number = std::str::from_utf8(severity.trim_ascii()).ok().and_then(|text| text.parse::<u8>().ok());
    Some(match (number, severity.trim_ascii().to_ascii_lowercase().as_slice()) {
        (Some(0..=3), _) | (_, b"low") => Level::Info,
        (Some(4..=6), _) | (_, b"medium") => Level::Warning,
        (Some(7 | 8), _) | (_, b"high") => Level::Error,
        (Some(9 | 10), _) | (_, b"very-high") => Level::Critical,
        (_, word) => return Level::by_word(word),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> StampRules {
        StampRules::utc("2027-01-02T00:00:00Z".parse().expect("a valid instant"))
    }

    /// Checks the time, host, program, event id, level and message of `line` (`-` if missing).
    #[track_caller]
    fn check(line: &str, expected: Option<&str>) {
        let found = SecurityEvents.header(line.as_bytes(), &rules()).map(|header| {
            let text = |part: Option<&[u8]>| String::from_utf8_lossy(part.unwrap_or(b"-")).into_owned();
            let time = header.stamp.as_ref().map_or("-".to_owned(), |stamp| stamp.time.to_string());
            let message = header.quoting.unescape(header.message).into_owned();
            let parts = [header.host, header.program, header.event_id, header.level, Some(&message)].map(text);
            format!("{time} {}", parts.join(" "))
        });
        assert_eq!(found.as_deref(), expected, "{line}");
    }

    #[test]
    fn events_are_read_with_and_without_syslog() {
        check(
            r"CEF:0|Acme|Gate|1.0|100|Door \| window|9|rt=1714557602123 msg=left open src=192.0.2.1",
            Some(
                "2024-05-01T10:00:02.123Z - Gate 100 critical \
                 Door | window|9|rt=1714557602123 msg=left open src=192.0.2.1",
            ),
        );
        check(
            "May  1 10:00:00 fw1 CEF:0|Acme|Gate|1.0|100|Door|Medium|rt=1714557602123",
            Some("2026-05-01T10:00:00Z fw1 Gate 100 warning Door|Medium|rt=1714557602123"),
        );
        check(
            "<134>2024-05-01T10:00:00Z fw1 CEF:0|Acme|Gate|1|7|Door|3|",
            Some("2024-05-01T10:00:00Z fw1 Gate 7 info Door|3|"),
        );
        check(
            "LEEF:1.0|Acme|Gate|1.0|7|devTime=2024-05-01 10:00:00\tsev=8\tmsg=door open",
            Some("2024-05-01T10:00:00Z - Gate 7 error devTime=2024-05-01 10:00:00\tsev=8\tmsg=door open"),
        );
        check("LEEF:2.0|Acme|Gate|1.0|7|x5E|sev=5^msg=a", Some("- - Gate 7 warning sev=5^msg=a"));
    }

    #[test]
    fn values_may_contain_blanks_and_escapes() {
        let line = br"CEF:0|A|B|1|2|n|3|msg=a b \= c src=192.0.2.1 empty= cs1=x y";
        let value = |name: &str| field(line, name).map(String::from_utf8_lossy);
        assert_eq!(value("msg"), Some(r"a b \= c".into()));
        assert_eq!(value("src"), Some("192.0.2.1".into()));
        assert_eq!(value("empty"), Some("".into()));
        assert_eq!(value("cs1"), Some("x y".into()));
        assert_eq!(value("b"), None);
        assert_eq!(SecurityEvents.field_names(line), ["msg", "src", "empty", "cs1"]);
    }

    #[test]
    fn other_lines_are_left() {
        for line in ["", "CEF:0|too|short", "a brIEF: 0|a|b|c|d|e|f|g", "CEF:x|A|B|1|2|n|3|", "LEEF:1.0|A|B"] {
            check(line, None);
        }
        let header = Header { message: b"no event", ..Header::default() };
        let mut refined = header.clone();
        refine(&mut refined);
        assert_eq!(refined, header);
    }

    proptest::proptest! {
        #[test]
        fn any_line_is_read_without_panic(text in "(CEF:|LEEF:|0|2.0|\\||=| |\\\\|\t|x09|a|é){0,40}") {
            SecurityEvents.header(text.as_bytes(), &rules());
            SecurityEvents.field_names(text.as_bytes());
        }
    }
}
