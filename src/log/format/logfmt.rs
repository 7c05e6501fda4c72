//! Lines of `key=value` pairs.

use super::field_names::{aliases, name_in_rules};
use super::header::{Header, Quoting};
use super::spec::{Format, FormatSpec, LogFormat};
use crate::log::timestamp::{StampRules, find_stamp};

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "logfmt",
    about: "pairs of key and value, with a message or a level among them",
    example: r#"time=2024-05-01T10:00:00Z level=error msg="no space left on device" unit=sda"#,
    detect: |sample| sample.most_lines(Logfmt),
});

#[derive(Debug)]
struct Logfmt;

impl LogFormat for Logfmt {
    fn has_escapes(&self) -> bool {
        true
    }

    fn header<'a>(&self, record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
        header(record, rules)
    }

    /// Returns the value of the key `name`. A `_` in `name` matches any byte that is not a letter or digit.
    fn field<'a>(&self, record: &'a [u8], name: &str) -> Option<&'a [u8]> {
        let is_same = |(key, wanted): (&u8, &u8)| key == wanted || (*wanted == b'_' && !key.is_ascii_alphanumeric());
        let is_named = |key: &[u8]| key.len() == name.len() && key.iter().zip(name.as_bytes()).all(is_same);
        pairs(record.trim_ascii()).find(|pair| is_named(pair.key)).map(|pair| pair.value)
    }

    fn field_names(&self, record: &[u8]) -> Vec<String> {
        pairs(record.trim_ascii()).map(|pair| name_in_rules(pair.key)).collect()
    }
}

/// Keys with which lines of logfmt begin.
const FIRST_KEYS: [&[u8]; 6] = [b"time=", b"ts=", b"level=", b"lvl=", b"msg=", b"t="];

/// Whether `line` begins with one of the usual first keys.
pub(super) fn begins_record(line: &[u8]) -> bool {
    FIRST_KEYS.iter().any(|key| line.starts_with(key))
}

/// Parses pairs; `None` for a record that does not begin with a pair, or has neither a message nor a level.
pub(super) fn header<'a>(record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
    let record = record.trim_ascii();
    let mut header = Header { message: record, ..Header::default() };
    for pair in pairs(record) {
        let is = |name: &str| aliases(name).iter().any(|alias| alias.as_bytes() == pair.key);
        let value = Some(pair.value);
        if is("message") {
            header.message = pair.value;
            header.quoting = if pair.quoted { Quoting::Escaped } else { Quoting::None };
        } else if is("level") {
            header.level = header.level.or(value);
        } else if is("time") {
            header.stamp = header.stamp.or_else(|| find_stamp(pair.value, rules));
        } else if is("host") {
            header.host = header.host.or(value);
        } else if is("program") {
            header.program = header.program.or(value);
        } else if is("pid") {
            header.pid = header.pid.or(value);
        }
    }
    let has_message = header.message.len() < record.len();
    (has_message || header.level.is_some()).then_some(header)
}

/// A key with its value, without the quotes around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Pair<'a> {
    key: &'a [u8],
    value: &'a [u8],
    quoted: bool,
}

/// The pairs at the beginning of `text`, up to the first word that is not a pair.
fn pairs(text: &[u8]) -> impl Iterator<Item = Pair<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_ascii_start();
        let key_len = rest.iter().position(|byte| !is_key_byte(*byte))?;
        let (key, value) = (&rest[..key_len], rest[key_len..].strip_prefix(b"=")?);
        if key.is_empty() {
            return None;
        }
        let (value, quoted, after) = match value.strip_prefix(b"\"") {
            Some(inside) => {
                let len = quoted_len(inside);
                (&inside[..len], true, inside.get(len + 1..).unwrap_or_default())
            }
            None => {
                let len = value.iter().position(u8::is_ascii_whitespace).unwrap_or(value.len());
                (&value[..len], false, &value[len..])
            }
        };
        rest = after;
        Some(Pair { key, value, quoted })
    })
}

fn is_key_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_.-@/".contains(&byte)
}

/// Returns the length of the text before the first quote that is not escaped, or of the whole text if there is none.
fn quoted_len(inside: &[u8]) -> usize {
    let mut escaped = false;
    let close = inside.iter().position(|byte| {
        let closes = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        closes
    });
    close.unwrap_or(inside.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_read() {
        let line = br#"time=2024-05-01T10:00:00Z lvl=warn msg="no \"disk\"" unit=sda rest of it"#;
        let header = Logfmt
            .header(line, &StampRules::utc("2027-01-02T00:00:00Z".parse().expect("a valid instant")))
            .expect("a header");
        assert_eq!(header.quoting.unescape(header.message).as_ref(), br#"no "disk""#);
        assert_eq!((header.level, header.stamp.is_some()), (Some(&b"warn"[..]), true));
        assert_eq!(Logfmt.field(line, "unit"), Some(&b"sda"[..]));
        assert_eq!(Logfmt.field(line, "rest"), None);
    }

    #[test]
    fn other_lines_are_left() {
        for line in ["a = b", "just words level=info", "x=1 y=2", "=1", ""] {
            assert_eq!(Logfmt.header(line.as_bytes(), &StampRules::default()), None, "{line}");
        }
    }
}
