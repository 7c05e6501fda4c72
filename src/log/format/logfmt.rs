//! Lines of `key=value`: `time=2024-05-01T10:00:00Z level=error msg="no disk" unit=sda`.

use jiff::Timestamp;

use super::field_names::aliases;
use super::header::{Header, Quoting};
use crate::log::timestamp::find_stamp;

/// A value, without the quotes around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Pair<'a> {
    key: &'a [u8],
    value: &'a [u8],
    quoted: bool,
}

/// The pairs that `text` begins with; what is no pair ends them.
fn pairs(text: &[u8]) -> impl Iterator<Item = Pair<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_ascii_start();
        let key_len = rest.iter().position(|byte| !is_key_byte(*byte))?;
        let (key, value) = (&rest[..key_len], rest[key_len..].strip_prefix(b"=")?);
        if key.is_empty() {
            return None;
        }
        let (value, quoted, behind) = match value.strip_prefix(b"\"") {
            Some(inside) => {
                let len = quoted_len(inside);
                (&inside[..len], true, inside.get(len + 1..).unwrap_or_default())
            }
            None => {
                let len = value.iter().position(u8::is_ascii_whitespace).unwrap_or(value.len());
                (&value[..len], false, &value[len..])
            }
        };
        rest = behind;
        Some(Pair { key, value, quoted })
    })
}

fn is_key_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_.-@/".contains(&byte)
}

/// Bytes up to the quote that is not escaped, or all.
fn quoted_len(inside: &[u8]) -> usize {
    let mut escaped = false;
    let close = inside.iter().position(|byte| {
        let closes = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        closes
    });
    close.unwrap_or(inside.len())
}

/// What the pairs say; `None` for a record that does not begin with one, or has neither a message nor a level.
pub(super) fn header(record: &[u8], newest: Timestamp) -> Option<Header<'_>> {
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
            header.stamp = header.stamp.or_else(|| find_stamp(pair.value, newest));
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

/// The value of the key that is called `name`; `_` stands for any sign.
pub(super) fn named<'a>(record: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let is_same = |(key, wanted): (&u8, &u8)| key == wanted || (*wanted == b'_' && !key.is_ascii_alphanumeric());
    let is_named = |key: &[u8]| key.len() == name.len() && key.iter().zip(name.as_bytes()).all(is_same);
    pairs(record.trim_ascii()).find(|pair| is_named(pair.key)).map(|pair| pair.value)
}

/// The keys of a record.
pub(super) fn keys(record: &[u8]) -> impl Iterator<Item = &[u8]> {
    pairs(record.trim_ascii()).map(|pair| pair.key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_read() {
        let line = br#"time=2024-05-01T10:00:00Z lvl=warn msg="no \"disk\"" unit=sda rest of it"#;
        let header = header(line, "2027-01-02T00:00:00Z".parse().expect("a valid instant")).expect("a header");
        assert_eq!(header.quoting.read(header.message).as_ref(), br#"no "disk""#);
        assert_eq!((header.level, header.stamp.is_some()), (Some(&b"warn"[..]), true));
        assert_eq!(named(line, "unit"), Some(&b"sda"[..]));
        assert_eq!(named(line, "rest"), None);
    }

    #[test]
    fn other_lines_are_left() {
        for line in ["a = b", "just words level=info", "x=1 y=2", "=1", ""] {
            assert_eq!(header(line.as_bytes(), Timestamp::UNIX_EPOCH), None, "{line}");
        }
    }
}
