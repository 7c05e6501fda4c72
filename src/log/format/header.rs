//! The parts of a record: its header fields and its message; and functions that split words off its beginning.

use std::borrow::Cow;

use crate::log::timestamp::FoundStamp;

/// The parts of a record. A field is `None` where the record does not contain it.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Header<'a> {
    pub(crate) stamp: Option<FoundStamp>,
    pub(crate) host: Option<&'a [u8]>,
    pub(crate) program: Option<&'a [u8]>,
    pub(crate) pid: Option<&'a [u8]>,
    /// The level as written, such as `WARN`.
    pub(crate) level: Option<&'a [u8]>,
    pub(crate) event_id: Option<&'a [u8]>,
    /// The number at the beginning of a reply of a text protocol, or an HTTP status.
    pub(crate) reply: Option<&'a [u8]>,
    /// The side that sent a line of a dialog.
    pub(crate) direction: Option<Direction>,
    /// The message: the rest of the record, trimmed. If it is uncertain whether a word is the host, program or level,
    /// the word stays in the message as well.
    pub(crate) message: &'a [u8],
    /// The message with the level before it, if the level was cut off its front: `FATAL:  no room`.
    pub(crate) leveled: Option<&'a [u8]>,
    /// The part of the message with which to search the knowledge base; `None` for all of it.
    pub(crate) gist: Option<&'a [u8]>,
    /// The pairs of key and value that the record consists of, if it is logfmt.
    pub(crate) pairs: Option<&'a [u8]>,
    /// How quotes are escaped in the message.
    pub(crate) quoting: Quoting,
}

/// The side that sent a line of a dialog, seen from the client whose transcript it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    /// By the client: a command.
    Sent,
    /// By the server: a reply.
    Received,
}

impl Direction {
    /// Returns the value of the field `.direction`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Direction::Sent => "sent",
            Direction::Received => "received",
        }
    }
}

/// How quotes are escaped inside a quoted field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Quoting {
    /// There are no escapes, because the field is not quoted.
    #[default]
    None,
    /// `""` is a quote.
    Doubled,
    /// `\"` is a quote and `\\` a backslash.
    Escaped,
    /// Tags of XML are between texts, and `&lt;` is `<`.
    Markup,
}

impl Quoting {
    /// Returns the byte that escapes the one after it; `None` if nothing is escaped.
    fn escape(self) -> Option<u8> {
        match self {
            Quoting::None | Quoting::Markup => None,
            Quoting::Doubled => Some(b'"'),
            Quoting::Escaped => Some(b'\\'),
        }
    }

    /// Returns `text` without the bytes that escape others.
    pub(crate) fn unescape(self, text: &[u8]) -> Cow<'_, [u8]> {
        if self == Quoting::Markup {
            return without_markup(text);
        }
        let Some(escape) = self.escape().filter(|escape| memchr::memchr(*escape, text).is_some()) else {
            return Cow::Borrowed(text);
        };
        let mut after_escape = false;
        let keep = |byte: &u8| {
            after_escape = *byte == escape && !after_escape;
            !after_escape
        };
        Cow::Owned(text.iter().copied().filter(keep).collect())
    }
}

/// Whether `text` consists of digits, at least one.
pub(super) fn is_number(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(u8::is_ascii_digit)
}

/// Returns `word` without the marks around it, such as brackets and colons.
pub(super) fn trim_marks(word: &[u8]) -> &[u8] {
    let is_mark = |byte: &u8| byte.is_ascii_whitespace() || b"[](){}<>,;|-:".contains(byte);
    let start = word.iter().position(|byte| !is_mark(byte)).unwrap_or(word.len());
    let end = word.iter().rposition(|byte| !is_mark(byte)).map_or(start, |last| last + 1);
    &word[start..end]
}

/// The characters that XML writes as a name, and their names.
const ENTITIES: [(&[u8], u8); 5] =
    [(b"lt;", b'<'), (b"gt;", b'>'), (b"amp;", b'&'), (b"quot;", b'"'), (b"apos;", b'\'')];

/// Returns `text` with a blank for the tags between texts, and with its entities as the characters they mean.
fn without_markup(text: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr2(b'<', b'&', text).is_none() {
        return Cow::Borrowed(text);
    }
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr2(b'<', b'&', rest) {
        plain.extend_from_slice(&rest[..at]);
        let mark = &rest[at..];
        if mark[0] == b'<' {
            let end = memchr::memchr(b'>', mark).map_or(mark.len(), |end| end + 1);
            if plain.last().is_some_and(|byte| !byte.is_ascii_whitespace()) {
                plain.push(b' ');
            }
            rest = mark[end..].trim_ascii_start();
        } else {
            let entity = ENTITIES.iter().find(|(name, _)| mark[1..].starts_with(name));
            plain.push(entity.map_or(b'&', |(_, byte)| *byte));
            rest = &mark[1 + entity.map_or(0, |(name, _)| name.len())..];
        }
    }
    plain.extend_from_slice(rest);
    plain.truncate(plain.trim_ascii_end().len());
    Cow::Owned(plain)
}

/// The first word of `text`, and the text after the blanks that follow it; `None` if `text` begins with no word.
pub(super) fn split_word(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = text.iter().position(u8::is_ascii_whitespace).unwrap_or(text.len());
    (end > 0).then(|| (&text[..end], text[end..].trim_ascii_start()))
}

/// The parts of a text such as `sshd(pam_unix)[123]: rest`.
pub(super) struct ProgramTag<'a> {
    pub(super) program: &'a [u8],
    pub(super) pid: Option<&'a [u8]>,
    /// The word in brackets after the process id, as in `krb5kdc[7](Error): x`.
    pub(super) remark: Option<&'a [u8]>,
    pub(super) rest: &'a [u8],
}

impl<'a> ProgramTag<'a> {
    /// Splits `text` if it begins with the name of a program. A colon must follow the name, or a process id in
    /// brackets, after which the colon may be missing.
    pub(super) fn split(text: &'a [u8]) -> Option<Self> {
        let name_byte = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-/()$@+#*".contains(byte) || !byte.is_ascii();
        let end = text.iter().position(|byte| !name_byte(byte))?;
        let (program, rest) = text.split_at(end);
        if !program.iter().any(u8::is_ascii_alphabetic) {
            return None;
        }
        let (pid, remark, after) = match rest {
            [b'[', rest @ ..] => {
                let close = rest.iter().position(|byte| *byte == b']')?;
                let (pid, after) = (&rest[..close], &rest[close + 1..]);
                let (remark, after) =
                    split_remark(after).map_or((None, after), |(remark, after)| (Some(remark), after));
                let after = after.strip_prefix(b":").unwrap_or(after);
                (Some(pid).filter(|pid| pid.iter().all(u8::is_ascii_digit)), remark, after)
            }
            [b':', after @ ..] => (None, None, after),
            _ => return None,
        };
        let is_tag = (pid.is_some() || rest[0] == b':') && after.first().is_none_or(u8::is_ascii_whitespace);
        is_tag.then(|| ProgramTag { program, pid, remark, rest: after.trim_ascii_start() })
    }
}

/// Splits a word in brackets off the beginning of `text`; a colon must follow it.
fn split_remark(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let inside = text.strip_prefix(b"(")?;
    let close = inside.iter().position(|byte| !byte.is_ascii_alphabetic())?;
    inside[close..].starts_with(b"):").then(|| (&inside[..close], &inside[close + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_unescaped() {
        let read = |quoting: Quoting, text: &'static str| quoting.unescape(text.as_bytes()).into_owned();
        assert_eq!(read(Quoting::Doubled, r#"say ""no"" \n"#), br#"say "no" \n"#);
        assert_eq!(read(Quoting::Escaped, r#"say \"no\" in C:\\a"#), br#"say "no" in C:\a"#);
        assert_eq!(read(Quoting::None, r#"say ""no"""#), br#"say ""no"""#);
        assert_eq!(read(Quoting::Markup, "<a>x</a>\n<a>1 &lt; 2 &amp;&x;</a>"), b"x 1 < 2 &&x;");
    }

    #[test]
    fn programs_are_told_from_words() {
        let program =
            |text: &'static str| ProgramTag::split(text.as_bytes()).map(|tag| std::str::from_utf8(tag.program));
        assert_eq!(program("sshd(pam_unix)[19939]: x"), Some(Ok("sshd(pam_unix)")));
        assert_eq!(program("com.apple.xpc.launchd[1] (x)"), Some(Ok("com.apple.xpc.launchd")));
        assert_eq!(program("kernel: x"), Some(Ok("kernel")));
        assert_eq!(program("http://x"), None);
        assert_eq!(program("12: x"), None);
        assert_eq!(program("two words: x"), None);
        assert_eq!(program(""), None);
    }
}
