//! Pairs of key and value, as logfmt, auditd and firewalls write them: `key=value key="a value"`.

use std::borrow::Cow;

use super::field_names::is_evidence;

/// A key with its value, without the quotes around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pair<'a> {
    pub(super) key: &'a [u8],
    pub(super) value: &'a [u8],
    pub(super) quoted: bool,
}

impl<'a> Pair<'a> {
    /// Returns the value with its escapes read: `\"`, `\\`, `\n`, `\r` and `\t`.
    pub(super) fn unescaped(self) -> Cow<'a, [u8]> {
        if !self.quoted || memchr::memchr(b'\\', self.value).is_none() {
            return Cow::Borrowed(self.value);
        }
        let (mut text, mut bytes) = (Vec::with_capacity(self.value.len()), self.value.iter());
        while let Some(byte) = bytes.next() {
            text.push(match byte {
                b'\\' => match bytes.next() {
                    Some(b'n') => b'\n',
                    Some(b'r') => b'\r',
                    Some(b't') => b'\t',
                    Some(escaped) => *escaped,
                    None => b'\\',
                },
                byte => *byte,
            });
        }
        Cow::Owned(text)
    }

    /// Whether the value is a sentence: the message or a text that is evidence. Without quotes, it extends to the next
    /// pair, while other values end at a blank.
    fn is_sentence(key: &[u8]) -> bool {
        matches!(key, b"msg" | b"message") || std::str::from_utf8(key).is_ok_and(is_evidence)
    }
}

/// Returns the pairs at the beginning of `text`, up to the first word that is not a pair.
pub(super) fn leading_pairs(text: &[u8]) -> impl Iterator<Item = Pair<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (pair, after) = split_pair(trim_start(rest))?;
        rest = after;
        Some(pair)
    })
}

/// Returns all pairs in `text`. Words between them are left out.
pub(super) fn all_pairs(text: &[u8]) -> impl Iterator<Item = Pair<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            rest = trim_start(rest);
            if rest.is_empty() {
                return None;
            }
            match split_pair(rest) {
                Some((pair, after)) => {
                    rest = after;
                    return Some(pair);
                }
                None => rest = &rest[word_len(rest).max(1)..],
            }
        }
    })
}

/// Splits the pair off with which `text` begins.
fn split_pair(text: &[u8]) -> Option<(Pair<'_>, &[u8])> {
    let key_len = text.iter().position(|byte| !is_key_byte(*byte))?;
    let (key, value) = (&text[..key_len], text[key_len..].strip_prefix(b"=")?);
    if key.is_empty() {
        return None;
    }
    if let Some(inside) = value.strip_prefix(b"\"") {
        let len = quoted_len(inside);
        return Some((Pair { key, value: &inside[..len], quoted: true }, inside.get(len + 1..).unwrap_or_default()));
    }
    // A single quote is an apostrophe unless it is closed at the end of a word.
    let closes = |inside: &[u8], at: usize| inside.get(at + 1).is_none_or(|byte| is_blank(*byte));
    if let Some(inside) = value.strip_prefix(b"'")
        && let Some(len) = memchr::memchr_iter(b'\'', inside).find(|at| closes(inside, *at))
    {
        return Some((Pair { key, value: &inside[..len], quoted: false }, &inside[len + 1..]));
    }
    let len = match word_len(value) {
        len if begins_pair(&value[len..]) || !Pair::is_sentence(key) => len,
        len => sentence_len(value, len),
    };
    Some((Pair { key, value: value[..len].trim_ascii_end(), quoted: false }, &value[len..]))
}

/// Returns the length of the text before the next pair, or before the end of the line, which is not before `at`.
fn sentence_len(text: &[u8], mut at: usize) -> usize {
    while at < text.len() && text[at] != b'\n' && !begins_pair(&text[at..]) {
        let blanks = text[at..].iter().take_while(|byte| is_blank(**byte) && **byte != b'\n').count();
        at += blanks + word_len(&text[at + blanks..]);
    }
    at
}

/// Whether `text` is empty, or begins with a pair after blanks.
fn begins_pair(text: &[u8]) -> bool {
    let word = trim_start(text);
    let key_len = word.iter().take_while(|byte| is_key_byte(**byte)).count();
    text.is_empty() || (key_len > 0 && word.get(key_len) == Some(&b'='))
}

fn word_len(text: &[u8]) -> usize {
    text.iter().position(|byte| is_blank(*byte)).unwrap_or(text.len())
}

fn trim_start(text: &[u8]) -> &[u8] {
    &text[text.iter().take_while(|byte| is_blank(**byte)).count()..]
}

/// Whether `byte` separates pairs. Auditd writes the byte 1D before the pairs that it adds for readers.
fn is_blank(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == 0x1d
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

    fn shown<'a>(pairs: impl Iterator<Item = Pair<'a>>) -> Vec<String> {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        pairs.map(|pair| format!("{}={}", text(pair.key), text(&pair.unescaped()))).collect()
    }

    #[test]
    fn values_end_where_they_should() {
        let line = br#"a=1 b="x \"y\"\n\\z" c= msg=no disk left err=a: b d='e f' g='h"#;
        let expected = ["a=1", "b=x \"y\"\n\\z", "c=", "msg=no disk left", "err=a: b", "d=e f", "g='h"];
        assert_eq!(shown(leading_pairs(line)), expected);
        assert_eq!(shown(leading_pairs(b"a=1 b=2 and c=3")), ["a=1", "b=2"]);
        assert_eq!(shown(all_pairs(b"a=1 b=2 and c=3 =4 = d\x1dE=\"5\"")), ["a=1", "b=2", "c=3", "E=5"]);
        assert_eq!(shown(all_pairs(b"no pairs: here")), [""; 0]);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_split_without_panic(text in "[ a=\"'\\\\\n\x1d.]{0,40}") {
            let all = all_pairs(text.as_bytes()).count();
            proptest::prop_assert!(leading_pairs(text.as_bytes()).count() <= all);
        }
    }
}
