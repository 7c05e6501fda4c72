//! Finds the level at the beginning of a text, in the notations that loggers use.

use super::header::{is_number, split_word, trim_marks};
use super::level::Level;

/// The most parts between a stamp and a level: ids, threads, loggers, `user@database`.
const PARTS_BEFORE_LEVEL: usize = 4;

/// A group in brackets is at most this long; the name of a thread may be a whole sentence.
const MAX_GROUP_BYTES: usize = 200;

/// A level that was found among the first parts of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LevelMark<'a> {
    /// The word for the level, such as `WARN`. If the text contains a code instead, the usual word for it.
    pub(super) level: &'a [u8],
    /// The module, logger or thread that is written with the level, as in `[core:error]`, `app.ERROR` and
    /// `[main/ERROR]`.
    pub(super) module: Option<&'a [u8]>,
    /// The first number before the level.
    pub(super) pid: Option<&'a [u8]>,
    /// Whether it is a column of its own: other columns come before it, or it is set apart. Otherwise it may be the first
    /// word of the message.
    pub(super) is_column: bool,
    /// The text from the level on.
    pub(super) from_level: &'a [u8],
    /// The text after the level. If the level is a code that belongs to the message, the text from the level on.
    pub(super) rest: &'a [u8],
}

impl<'a> LevelMark<'a> {
    /// Finds the level after a stamp. Numbers, groups in brackets and names with dots may come before it.
    pub(super) fn after_stamp(text: &'a [u8]) -> Option<Self> {
        if let Some(mark) = phrase(text).or_else(|| native_message(text)).or_else(|| cisco_message(text)) {
            return Some(mark);
        }
        let (mut from_level, mut pid) = (text, None);
        for before in 0..=PARTS_BEFORE_LEVEL {
            let (part, after) = split_part(from_level)?;
            if let Some(found) = level_of_part(part) {
                let after = after.trim_ascii_start();
                let gap = &from_level[part.len()..from_level.len() - after.len()];
                let is_column = before > 0 || found.is_certain || is_set_apart(part, found.level, gap, after);
                let rest = if found.stays { from_level } else { skip_marks(after) };
                let is_column = is_column && !rest.is_empty();
                return Some(LevelMark { level: found.level, module: found.module, pid, is_column, from_level, rest });
            }
            let after = after.trim_ascii_start();
            if let Some(level) = letter(part, after, pid.is_some()) {
                let rest = skip_marks(after);
                return Some(LevelMark { level, module: None, pid, is_column: true, from_level, rest });
            }
            let bare = trim_marks(part);
            let is_pid = is_number(bare);
            if !is_pid && !may_precede_level(part, bare, after) {
                return None;
            }
            pid = pid.or(is_pid.then_some(bare));
            from_level = after;
        }
        None
    }

    /// Finds the level of a text without a stamp. It must be the first part and look like a level: in capitals, in
    /// brackets, or before a colon.
    pub(super) fn at_start(text: &'a [u8]) -> Option<Self> {
        if let Some(mark) = phrase(text).or_else(|| package_manager(text)).or_else(|| cisco_message(text)) {
            return Some(mark);
        }
        let (part, after) = split_part(text)?;
        let is_marked = part.ends_with(b":") || part.starts_with(b"[") || part.starts_with(b"<");
        // Most texts begin with a plain word.
        if !is_marked && part.get(1).is_none_or(u8::is_ascii_lowercase) {
            return None;
        }
        let found = level_of_part(part)?;
        let after = after.trim_ascii_start();
        let is_capital = found.level.len() > 2 && found.level.iter().all(u8::is_ascii_uppercase);
        let is_level = found.is_certain || ((is_capital || is_marked) && !after.is_empty());
        is_level.then(|| LevelMark {
            level: found.level,
            module: found.module,
            pid: None,
            is_column: false,
            from_level: text,
            rest: if found.stays { text } else { skip_marks(after) },
        })
    }
}

/// Splits off the first part of `text`: a group in brackets with the colon after it, or a word.
fn split_part(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let group = group_len(text).map(|len| len + usize::from(text.get(len) == Some(&b':')));
    match group {
        Some(len) => Some(text.split_at(len)),
        None => split_word(text).map(|(word, _)| text.split_at(word.len())),
    }
}

/// Returns the length of the group in brackets at the beginning of `text`, brackets included.
fn group_len(text: &[u8]) -> Option<usize> {
    let (open, close) = match text.first()? {
        b'[' => (b'[', b']'),
        b'(' => (b'(', b')'),
        b'<' => (b'<', b'>'),
        _ => return None,
    };
    let mut depth = 0;
    let end = text.iter().take(MAX_GROUP_BYTES).take_while(|byte| **byte != b'\n').position(|byte| {
        depth += i32::from(*byte == open) - i32::from(*byte == close);
        depth == 0
    });
    end.map(|end| end + 1)
}

/// A level in one part of a text.
struct PartLevel<'a> {
    level: &'a [u8],
    module: Option<&'a [u8]>,
    /// Whether the notation is used for levels only.
    is_certain: bool,
    /// Whether the part belongs to the message too, because patterns and searches want it.
    stays: bool,
}

fn level_of_part(part: &[u8]) -> Option<PartLevel<'_>> {
    let bare = trim_marks(part);
    if bare.len() > 1 && Level::by_word(bare).is_some() {
        return Some(PartLevel { level: bare, module: None, is_certain: false, stays: false });
    }
    let coded = |level| PartLevel { level, module: None, is_certain: true, stays: false };
    joined(part, bare).or_else(|| numbered_word(bare).or_else(|| debug_mask(part)).map(coded))
}

/// Finds a level that is joined with a module: `[core:error]`, `[main/ERROR]`, `[ERROR/main]`, `app.ERROR:` and
/// `ERROR:app.db:`. In each, the level is known by the punctuation around it.
fn joined<'a>(part: &'a [u8], bare: &'a [u8]) -> Option<PartLevel<'a>> {
    let is_level = |word: &[u8]| word.len() > 1 && Level::by_word(word).is_some();
    let found = |level, module: &'a [u8]| {
        let module = Some(module).filter(|module| !module.is_empty());
        Some(PartLevel { level, module, is_certain: true, stays: false })
    };
    let is_bracketed =
        part.len() > bare.len() && (part.starts_with(b"[") || part.ends_with(b"]") || part.ends_with(b"]:"));
    let separator = memchr::memrchr2(b'/', b':', bare).filter(|_| is_bracketed);
    if let Some(at) = separator {
        let (first, last) = (&bare[..at], &bare[at + 1..]);
        if is_level(last) {
            return found(last, first);
        }
        if bare[at] == b'/' && is_level(first) {
            return found(first, last);
        }
    }
    let is_capital = |word: &[u8]| is_level(word) && word.iter().all(u8::is_ascii_uppercase);
    if part.ends_with(b":")
        && let Some(at) = memchr::memrchr(b'.', bare)
        && is_capital(&bare[at + 1..])
    {
        return found(&bare[at + 1..], &bare[..at]);
    }
    let at = memchr::memchr(b':', part)?;
    let module = &part[at + 1..];
    let end = memchr::memchr(b':', module)?;
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-".contains(byte);
    (end > 0 && is_capital(&part[..at]) && module[..end].iter().all(is_name)).then(|| PartLevel {
        level: &part[..at],
        module: Some(&module[..end]),
        is_certain: true,
        stays: true,
    })
}

/// The words of VMware for the levels of syslog, which it writes with a number: `Er(02)`.
const NUMBERED: [(&[u8], &[u8]); 8] = [
    (b"Em", b"emerg"),
    (b"Al", b"alert"),
    (b"Cr", b"crit"),
    (b"Er", b"err"),
    (b"Wa", b"warning"),
    (b"No", b"notice"),
    (b"In", b"info"),
    (b"Db", b"debug"),
];

fn numbered_word(bare: &[u8]) -> Option<&'static [u8]> {
    // The closing bracket is trimmed as a mark.
    let (word, number) = bare.split_at_checked(2)?;
    let number = number.strip_prefix(b"(")?;
    let (_, level) = NUMBERED.iter().find(|(known, _)| *known == word)?;
    (number.len() == 2 && is_number(number)).then_some(*level)
}

/// The bits by which SSSD says how important a message is, written `(0x0020)`.
const MASKS: [(&[u8], &[u8]); 7] = [
    (b"(0x0010)", b"fatal"),
    (b"(0x0020)", b"critical"),
    (b"(0x0040)", b"error"),
    (b"(0x0080)", b"warning"),
    (b"(0x0100)", b"info"),
    (b"(0x0200)", b"info"),
    (b"(0x0400)", b"debug"),
];

fn debug_mask(part: &[u8]) -> Option<&'static [u8]> {
    let part = part.strip_suffix(b":").unwrap_or(part);
    MASKS.iter().find(|(mask, _)| *mask == part).map(|(_, level)| *level)
}

/// The tag of a Cisco message begins within this number of bytes: a host and a counter come before it.
const TAG_BYTES: usize = 100;

/// Reads the level of a Cisco message. All of the text is the message.
fn cisco_message(text: &[u8]) -> Option<LevelMark<'_>> {
    let at = memchr::memchr(b'%', &text[..text.len().min(TAG_BYTES)])?;
    let (tag, _) = split_word(&text[at..])?;
    let level = cisco(tag)?;
    Some(LevelMark { level, module: None, pid: None, is_column: false, from_level: text, rest: text })
}

/// Reads the level in the tag of a Cisco message, `%ASA-3-106014:` or `%LINK-3-UPDOWN:`.
fn cisco(part: &[u8]) -> Option<&'static [u8]> {
    let tag = part.strip_prefix(b"%")?.strip_suffix(b":")?;
    let mut pieces = tag.split(|byte| *byte == b'-');
    let is_name =
        |piece: &&[u8]| !piece.is_empty() && piece.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    pieces.next().filter(is_name)?;
    let level = pieces.find_map(|piece| match piece {
        [digit @ b'0'..=b'7'] => Some(Level::word_for_priority(u16::from(digit - b'0'))),
        _ => None,
    })?;
    pieces.next().filter(is_name)?;
    Some(level.as_bytes())
}

/// Beginnings of messages that name a level in more than a word, and the level of each. They stay in the message.
const PHRASES: [(&[u8], &[u8]); 16] = [
    (b"PHP Fatal error:", b"fatal"),
    (b"PHP Parse error:", b"error"),
    (b"PHP Recoverable fatal error:", b"error"),
    (b"PHP Warning:", b"warning"),
    (b"PHP Notice:", b"notice"),
    (b"PHP Deprecated:", b"notice"),
    (b"Fatal error:", b"fatal"),
    (b"fatal error:", b"fatal"),
    (b"npm ERR!", b"error"),
    (b"npm error ", b"error"),
    (b"npm WARN ", b"warning"),
    (b"npm warn ", b"warning"),
    (b"##[error]", b"error"),
    (b"##[warning]", b"warning"),
    (b"::error", b"error"),
    (b"::warning", b"warning"),
];

fn phrase(text: &[u8]) -> Option<LevelMark<'_>> {
    // The first byte rules out most texts.
    if !b"PFfn#:".contains(text.first()?) {
        return None;
    }
    let (_, level) = PHRASES.iter().find(|(phrase, _)| text.starts_with(phrase))?;
    Some(LevelMark { level, module: None, pid: None, is_column: false, from_level: text, rest: text })
}

/// Reads the letter that package managers of Debian write before a message: `E: Unable to locate package x`.
fn package_manager(text: &[u8]) -> Option<LevelMark<'_>> {
    let level: &[u8] = match text {
        [b'E', b':', b' ', b'A'..=b'Z', ..] => b"error",
        [b'W', b':', b' ', b'A'..=b'Z', ..] => b"warning",
        _ => return None,
    };
    Some(LevelMark { level, module: None, pid: None, is_column: false, from_level: text, rest: text })
}

/// Reads a line of WebSphere after its stamp: the id of a thread in eight hexadecimal digits, a short name, and a letter.
fn native_message(text: &[u8]) -> Option<LevelMark<'_>> {
    let (thread, rest) = split_word(text)?;
    if thread.len() != 8 || !thread.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let (module, from_level) = split_word(rest)?;
    let (letter, after) = split_word(from_level)?;
    let level: &[u8] = match letter {
        b"F" => b"fatal",
        b"E" => b"error",
        b"W" => b"warning",
        b"A" | b"I" | b"C" | b"O" => b"info",
        b"D" => b"debug",
        _ => return None,
    };
    Some(LevelMark { level, module: Some(module), pid: None, is_column: true, from_level, rest: after })
}

/// Reads a level of one letter. It is one after the ids of a process, where Android writes it, and before the name of a
/// component in capitals, as in `E STORAGE  [conn1]`.
fn letter<'a>(part: &'a [u8], after: &[u8], has_pid: bool) -> Option<&'a [u8]> {
    if part.len() != 1 || Level::by_word(part).is_none() {
        return None;
    }
    let (component, _) = split_word(after)?;
    let is_component = component == b"-" || (component.len() > 2 && component.iter().all(u8::is_ascii_uppercase));
    (has_pid || is_component).then_some(part)
}

/// Whether `part` may come before the level: a number or id, a group in brackets, a name with a dot, `user@database`, or
/// a word before a dash. `bare` is the part without the marks around it.
fn may_precede_level(part: &[u8], bare: &[u8], after: &[u8]) -> bool {
    let is_group = part.len() > bare.len() && !part.ends_with(b":");
    // A host with a port belongs to the message.
    let is_name = bare.contains(&b'.') && !bare.contains(&b':');
    let is_hex = bare.starts_with(b"0x") && bare[2..].iter().all(u8::is_ascii_hexdigit);
    is_group || is_hex || is_name || bare.contains(&b'@') || after.starts_with(b"- ")
}

/// Whether a level is written unlike a word of a sentence: in capitals, in brackets, or before a dash or a wide gap.
/// `part` is `level` with the marks around it, `gap` the blanks after it, and `after` the text after the gap.
fn is_set_apart(part: &[u8], level: &[u8], gap: &[u8], after: &[u8]) -> bool {
    let is_bracketed = part.strip_suffix(b":").unwrap_or(part).len() > level.len();
    let is_wide = gap.len() > 1 || gap == b"\t";
    level.iter().all(u8::is_ascii_uppercase) || is_bracketed || is_wide || after.starts_with(b"- ")
}

/// Skips blanks and the marks that end a stamp or a level (such as `] - `), but no mark that opens something, such as
/// `[`.
pub(super) fn skip_marks(text: &[u8]) -> &[u8] {
    let closes = |byte: &u8| byte.is_ascii_whitespace() || b"]),;|:>".contains(byte);
    let start = text.iter().position(|byte| !closes(byte)).unwrap_or(text.len());
    let text = &text[start..];
    text.strip_prefix(b"- ").map_or(text, <[u8]>::trim_ascii_start)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns level, module, process id and rest (`-` if missing).
    fn parts(mark: Option<LevelMark<'_>>) -> Option<[String; 4]> {
        let text = |part: Option<&[u8]>| String::from_utf8_lossy(part.unwrap_or(b"-")).into_owned();
        mark.map(|mark| [text(Some(mark.level)), text(mark.module), text(mark.pid), text(Some(mark.rest))])
    }

    #[track_caller]
    fn check(text: &str, expected: [&str; 4]) {
        assert_eq!(parts(LevelMark::after_stamp(text.as_bytes())), Some(expected.map(str::to_owned)), "{text}");
    }

    #[test]
    fn the_notations_of_loggers_are_read() {
        check("INFO [main] org.a.App: up", ["INFO", "-", "-", "[main] org.a.App: up"]);
        check("[33] app@shop FATAL:  no room", ["FATAL", "-", "33", "no room"]);
        check("[33] [unknown]@[unknown] ERROR:  x", ["ERROR", "-", "33", "x"]);
        check("0 [Warning] [MY-1] [Server] x", ["Warning", "-", "0", "[MY-1] [Server] x"]);
        check("[ERROR][42] felix/a.go 12: x", ["ERROR", "-", "-", "[42] felix/a.go 12: x"]);
        check("[WARN ][o.e.Disk] [n1] x", ["WARN", "-", "-", "[o.e.Disk] [n1] x"]);
        check("[core:error] [pid 7] x", ["error", "core", "-", "[pid 7] x"]);
        check("[Server thread/ERROR]: x", ["ERROR", "Server thread", "-", "x"]);
        check("ERROR/Worker-1] x", ["ERROR", "Worker-1", "-", "x"]);
        check("production.ERROR: x", ["ERROR", "production", "-", "x"]);
        check("ERROR:app.db:no disk", ["ERROR", "app.db", "-", "ERROR:app.db:no disk"]);
        check("Er(02) vmx - x", ["err", "-", "-", "vmx - x"]);
        check("[sssd] [f] (0x0020): x", ["critical", "-", "-", "x"]);
        check("%ASA-3-1: Deny x", ["err", "-", "-", "%ASA-3-1: Deny x"]);
        check("1702  2395 D Window: x", ["D", "-", "1702", "Window: x"]);
        check("E STORAGE  [a] x", ["E", "-", "-", "STORAGE  [a] x"]);
        check("00000031 Servlet E   SRVE0068E: x", ["error", "Servlet", "-", "SRVE0068E: x"]);
        check("[http-nio 80 exec] - ERROR - x", ["ERROR", "-", "-", "x"]);
        check("PHP Fatal error:  Uncaught x", ["fatal", "-", "-", "PHP Fatal error:  Uncaught x"]);
    }

    #[test]
    fn words_are_no_levels() {
        for text in
            ["created an ERROR page", "the error", "I went home", "404 not found", "[pid 7] started", "", "a.b c"]
        {
            assert_eq!(parts(LevelMark::after_stamp(text.as_bytes())), None, "{text}");
        }
    }

    #[test]
    fn a_level_without_a_stamp_looks_like_one() {
        let level = |text: &'static str| LevelMark::at_start(text.as_bytes()).map(|mark| mark.level);
        for (text, expected) in [
            ("ERROR no disk", "ERROR"),
            ("[ERROR] no disk", "ERROR"),
            ("error: no disk", "error"),
            ("WARNING:root:disk low", "WARNING"),
            ("npm ERR! code 1", "error"),
            ("##[error]exit code 1", "error"),
            ("E: Unable to locate package x", "error"),
            ("%LINK-3-UPDOWN: x", "err"),
        ] {
            assert_eq!(level(text), Some(expected.as_bytes()), "{text}");
        }
        for text in
            ["error in line 3", "Error reloading", "ERROR", "E: drive", "the ERROR", "information is missing", ""]
        {
            assert_eq!(level(text), None, "{text}");
        }
    }
}
