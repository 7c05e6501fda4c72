//! What stands before the message of a record, and how words are taken off its beginning.

use std::borrow::Cow;

use super::transcript::Direction;
use crate::log::timestamp::FoundStamp;

/// What stands before the message of a record, as far as it is there.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Header<'a> {
    pub(crate) stamp: Option<FoundStamp>,
    pub(crate) host: Option<&'a [u8]>,
    pub(crate) program: Option<&'a [u8]>,
    pub(crate) pid: Option<&'a [u8]>,
    /// As written.
    pub(crate) level: Option<&'a [u8]>,
    pub(crate) event_id: Option<&'a [u8]>,
    /// The number that a reply of a text protocol begins with, or an HTTP status.
    pub(crate) reply: Option<&'a [u8]>,
    /// Who said a line of a dialog.
    pub(crate) direction: Option<Direction>,
    /// What is left, blanks at the ends taken off. What was taken for a host, program or level without certainty is part of
    /// it.
    pub(crate) message: &'a [u8],
    /// What is worth searching for, where that is less than the message.
    pub(crate) gist: Option<&'a [u8]>,
    /// How quotes are written in the message.
    pub(crate) quoting: Quoting,
}

/// How a quote is written in a field that stands in quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Quoting {
    /// As it is: the field does not stand in quotes.
    #[default]
    None,
    /// Twice.
    Doubled,
    /// Behind a backslash, as a backslash is.
    Escaped,
}

impl Quoting {
    /// The sign that stands before one that is meant.
    fn sign(self) -> Option<u8> {
        match self {
            Quoting::None => None,
            Quoting::Doubled => Some(b'"'),
            Quoting::Escaped => Some(b'\\'),
        }
    }

    /// What `text` says.
    pub(crate) fn read(self, text: &[u8]) -> Cow<'_, [u8]> {
        let Some(sign) = self.sign().filter(|sign| memchr::memchr(*sign, text).is_some()) else {
            return Cow::Borrowed(text);
        };
        let mut after_sign = false;
        let keep = |byte: &u8| {
            after_sign = *byte == sign && !after_sign;
            !after_sign
        };
        Cow::Owned(text.iter().copied().filter(keep).collect())
    }
}

/// The first word of `text` and what follows the blanks after it; `None` when there is none.
pub(super) fn split_word(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = text.iter().position(u8::is_ascii_whitespace).unwrap_or(text.len());
    (end > 0).then(|| (&text[..end], text[end..].trim_ascii_start()))
}

/// `sshd(pam_unix)[123]: rest`, taken apart.
pub(super) struct Tagged<'a> {
    pub(super) program: &'a [u8],
    pub(super) pid: Option<&'a [u8]>,
    pub(super) rest: &'a [u8],
}

impl<'a> Tagged<'a> {
    /// Takes `text` apart if it begins with a program's name. The colon may be missing after a pid only.
    pub(super) fn split(text: &'a [u8]) -> Option<Self> {
        let name_byte = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-/()$@+#*".contains(byte) || !byte.is_ascii();
        let end = text.iter().position(|byte| !name_byte(byte))?;
        let (program, rest) = text.split_at(end);
        if !program.iter().any(u8::is_ascii_alphabetic) {
            return None;
        }
        let (pid, after) = match rest {
            [b'[', rest @ ..] => {
                let close = rest.iter().position(|byte| *byte == b']')?;
                let (pid, after) = (&rest[..close], &rest[close + 1..]);
                (Some(pid).filter(|pid| pid.iter().all(u8::is_ascii_digit)), after.strip_prefix(b":").unwrap_or(after))
            }
            [b':', after @ ..] => (None, after),
            _ => return None,
        };
        let is_tag = (pid.is_some() || rest[0] == b':') && after.first().is_none_or(u8::is_ascii_whitespace);
        is_tag.then(|| Tagged { program, pid, rest: after.trim_ascii_start() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_read_as_they_were_meant() {
        let read = |quoting: Quoting, text: &'static str| quoting.read(text.as_bytes()).into_owned();
        assert_eq!(read(Quoting::Doubled, r#"say ""no"" \n"#), br#"say "no" \n"#);
        assert_eq!(read(Quoting::Escaped, r#"say \"no\" in C:\\a"#), br#"say "no" in C:\a"#);
        assert_eq!(read(Quoting::None, r#"say ""no"""#), br#"say ""no"""#);
    }

    #[test]
    fn programs_are_told_from_words() {
        let program =
            |text: &'static str| Tagged::split(text.as_bytes()).map(|tagged| std::str::from_utf8(tagged.program));
        assert_eq!(program("sshd(pam_unix)[19939]: x"), Some(Ok("sshd(pam_unix)")));
        assert_eq!(program("com.apple.xpc.launchd[1] (x)"), Some(Ok("com.apple.xpc.launchd")));
        assert_eq!(program("kernel: x"), Some(Ok("kernel")));
        assert_eq!(program("http://x"), None);
        assert_eq!(program("12: x"), None);
        assert_eq!(program("two words: x"), None);
        assert_eq!(program(""), None);
    }
}
