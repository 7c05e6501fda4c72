//! The notations in which one part of a text names a level: a word, alone or joined with a module, and codes.

use super::header::{is_number, trim_marks};
use super::level::Level;

/// A level in one part of a text.
pub(super) struct PartLevel<'a> {
    pub(super) level: &'a [u8],
    pub(super) module: Option<&'a [u8]>,
    /// Whether the notation is used for levels only.
    pub(super) is_certain: bool,
    /// Whether the part belongs to the message too, because patterns and searches want it.
    pub(super) stays: bool,
}

/// Returns the level that `part` names; `None` if it names none.
pub(super) fn level_of_part(part: &[u8]) -> Option<PartLevel<'_>> {
    let bare = trim_marks(part);
    let word = emphasised(bare).unwrap_or(bare);
    if is_level(word) {
        return Some(PartLevel { level: word, module: None, is_certain: false, stays: false });
    }
    let certain = |level| PartLevel { level, module: None, is_certain: true, stays: false };
    let code = || numbered_word(bare).or_else(|| code(part)).or_else(|| facility_level(bare));
    let group = || grouped(part).or_else(|| topics(bare));
    joined(part, bare).or_else(|| code().or_else(group).map(certain))
}

/// Returns the word in `ERROR!`, `*ERROR*` and `**ERROR**`.
fn emphasised(bare: &[u8]) -> Option<&[u8]> {
    let inside = bare.strip_suffix(b"!").or_else(|| bare.strip_prefix(b"*")?.strip_suffix(b"*"))?;
    let inside = inside.strip_prefix(b"*").and_then(|inside| inside.strip_suffix(b"*")).unwrap_or(inside);
    Some(inside).filter(|word| word.len() > 1)
}

/// Whether `word` is a level of more than one letter.
pub(super) fn is_level(word: &[u8]) -> bool {
    word.len() > 1 && Level::by_word(word).is_some()
}

/// Whether `text` has only the characters of the names of programs and loggers.
pub(super) fn is_name(text: &[u8]) -> bool {
    text.iter().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(byte))
}

/// Whether `word` is a level in capitals.
pub(super) fn is_capital_level(word: &[u8]) -> bool {
    word.iter().all(u8::is_ascii_uppercase) && is_level(word)
}

/// Finds a level that is joined with something else: `[core:error]`, `[main/ERROR]`, `[ERROR/main]`, `app.ERROR:`,
/// `ERROR:app.db:`, `ERROR[123]` and others. In each, the level is known by the punctuation around it.
fn joined<'a>(part: &'a [u8], bare: &'a [u8]) -> Option<PartLevel<'a>> {
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
    if let Some(bar) = memchr::memchr(b'|', bare).filter(|_| part.starts_with(b"["))
        && is_level(bare[..bar].trim_ascii())
    {
        return found(bare[..bar].trim_ascii(), b"");
    }
    if part.ends_with(b":")
        && let Some((level, module)) =
            last_of_prefix(bare).or_else(|| first_of_path(bare)).or_else(|| first_of_program(part))
    {
        return found(level, module);
    }
    let end = memchr::memchr2(b':', b'[', part).filter(|end| is_capital_level(&part[..*end]))?;
    let (level, rest) = (&part[..end], &part[end + 1..]);
    if part[end] == b'[' && rest.contains(&b']') {
        // Asterisk writes the thread in brackets after the level.
        return found(level, b"");
    }
    if rest.ends_with(b")]") {
        // Chromium writes the source file with its line.
        return found(level, memchr::memchr(b'(', rest).map_or(b"", |open| &rest[..open]));
    }
    let end = memchr::memchr(b':', rest)?;
    is_name(&rest[..end]).then(|| PartLevel { level, module: Some(&rest[..end]), is_certain: true, stays: true })
}

/// The levels that Icinga writes before a slash and a module. Other levels there begin a path, such as `config/app.yml`.
const ICINGA_LEVELS: [&[u8]; 5] = [b"critical", b"warning", b"information", b"notice", b"debug"];

/// Finds a level before a slash and a module, as in `critical/ApiListener`, or in capitals between a host and a module, as
/// in `web1/ERROR/app.db`.
fn first_of_path(bare: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = memchr::memchr(b'/', bare)?;
    let (first, rest) = (&bare[..at], &bare[at + 1..]);
    if ICINGA_LEVELS.contains(&first) && rest.iter().all(u8::is_ascii_alphanumeric) {
        return Some((first, rest));
    }
    let at = memchr::memchr(b'/', rest)?;
    is_capital_level(&rest[..at]).then(|| (&rest[..at], &rest[at + 1..]))
}

/// Finds a level in capitals at the end of a prefix, and the module before it: `app.ERROR` of Monolog,
/// `192.0.2.1(7):user@db:[33]:ERROR` and `65a0f0e1.1f-FATAL` of hosted databases, `cpu4:2097)WARNING` of hypervisors.
fn last_of_prefix(bare: &[u8]) -> Option<(&[u8], &[u8])> {
    let joined = memchr::memrchr3(b'.', b':', b'-', bare).max(memchr::memrchr(b')', bare));
    let at = joined.filter(|at| is_capital_level(&bare[at + 1..]))?;
    let before = &bare[..at];
    match bare[at] {
        b'.' => Some((&bare[at + 1..], before)),
        // `NON-FATAL` is a word.
        b'-' if !before.iter().any(u8::is_ascii_digit) => None,
        _ => Some((&bare[at + 1..], b"")),
    }
}

/// Finds a level that a dot or a slash joins with the program or module that reports: `error.app[12]:` and `E/Camera:`.
fn first_of_program(part: &[u8]) -> Option<(&[u8], &[u8])> {
    let name = part.strip_suffix(b":")?;
    if let [b'F' | b'E' | b'W' | b'I' | b'D' | b'V', b'/', module @ ..] = name {
        return (module.len() > 1 && is_name(module)).then_some((&name[..1], module));
    }
    let dot = memchr::memchr(b'.', name).filter(|dot| is_level(&name[..*dot]))?;
    let rest = name[dot + 1..].strip_suffix(b"]")?;
    let (program, id) = rest.split_at(memchr::memchr(b'[', rest)?);
    (!program.is_empty() && is_name(program) && is_number(&id[1..])).then_some((&name[..dot], program))
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

/// Reads a word of VMware with its number: `Er(02)`, or `In(166)` with a priority of syslog, which must mean the same.
fn numbered_word(bare: &[u8]) -> Option<&'static [u8]> {
    // The closing bracket is trimmed as a mark.
    let (word, number) = bare.split_at_checked(2)?;
    let number = number.strip_prefix(b"(").filter(|number| is_number(number) && number.len() <= 3)?;
    let index = NUMBERED.iter().position(|(known, _)| *known == word)?;
    let priority = number.iter().fold(0, |sum, digit| sum * 10 + usize::from(digit - b'0'));
    (number.len() == 2 || priority % 8 == index).then(|| NUMBERED[index].1)
}

/// Codes that mean a level, and its word: the bits by which SSSD says how important a message is, and the marks of the X
/// server and of Telegraf.
const CODES: [(&[u8], &[u8]); 17] = [
    (b"(0x0010)", b"fatal"),
    (b"(0x0020)", b"critical"),
    (b"(0x0040)", b"error"),
    (b"(0x0080)", b"warning"),
    (b"(0x0100)", b"info"),
    (b"(0x0200)", b"info"),
    (b"(0x0400)", b"debug"),
    (b"(EE)", b"error"),
    (b"(WW)", b"warning"),
    (b"(II)", b"info"),
    (b"(--)", b"info"),
    (b"(**)", b"info"),
    (b"(==)", b"info"),
    (b"E!", b"error"),
    (b"W!", b"warning"),
    (b"I!", b"info"),
    (b"D!", b"debug"),
];

fn code(part: &[u8]) -> Option<&'static [u8]> {
    if let [b'L', b'O', b'G', digit @ b'0'..=b'7', b'[', ..] = part {
        // stunnel writes the number of a level of syslog, then the thread.
        return Some(Level::word_for_priority(u16::from(digit - b'0')).as_bytes());
    }
    let part = part.strip_suffix(b":").unwrap_or(part);
    CODES.iter().find(|(code, _)| *code == part).map(|(_, level)| *level)
}

/// The facilities of syslog.
const FACILITIES: [&[u8]; 14] = [
    b"kern",
    b"user",
    b"mail",
    b"daemon",
    b"auth",
    b"syslog",
    b"lpr",
    b"news",
    b"uucp",
    b"cron",
    b"authpriv",
    b"ftp",
    b"ntp",
    b"security",
];

/// The words of syslog for its levels. Others, as in `auth.log`, end the names of files or events.
const PRIORITIES: [&[u8]; 11] =
    [b"emerg", b"panic", b"alert", b"crit", b"err", b"error", b"warning", b"warn", b"notice", b"info", b"debug"];

/// Reads the level in a facility and a level of syslog, such as `daemon.err` and `local0.notice`.
pub(super) fn facility_level(word: &[u8]) -> Option<&[u8]> {
    let dot = memchr::memchr(b'.', word)?;
    let (facility, level) = (&word[..dot], &word[dot + 1..]);
    let is_local = matches!(facility, [b'l', b'o', b'c', b'a', b'l', b'0'..=b'7']);
    ((is_local || FACILITIES.contains(&facility)) && PRIORITIES.contains(&level)).then_some(level)
}

/// Reads the level in a group of one letter, such as `[W]` and `(W)`, or of a letter before a time, such as
/// `[W 10:00:00.123 NotebookApp]`; or the digit of a level of syslog, `<3>`.
fn grouped(part: &[u8]) -> Option<&[u8]> {
    match part {
        [b'[', letter @ (b'F' | b'E' | b'W' | b'I' | b'D' | b'T'), rest @ ..] => {
            let is_alone = matches!(rest, [b']'] | [b']', b':']);
            let is_before_time = matches!(rest, [b' ', b'0'..=b'9', .., b']']);
            (is_alone || is_before_time).then_some(std::slice::from_ref(letter))
        }
        [b'(', letter @ (b'F' | b'E' | b'W' | b'I' | b'D'), b')'] => Some(std::slice::from_ref(letter)),
        [b'<', digit @ b'0'..=b'7', b'>'] => Some(Level::word_for_priority(u16::from(digit - b'0')).as_bytes()),
        _ => None,
    }
}

/// Reads the level among the topics of a message of a router, such as `system,error,critical`: the most severe one.
fn topics(bare: &[u8]) -> Option<&[u8]> {
    memchr::memchr(b',', bare)?;
    let words = || bare.split(|byte| *byte == b',');
    let are_words = words().all(|word| !word.is_empty() && word.iter().all(u8::is_ascii_lowercase));
    words().filter(|word| are_words && is_level(word)).max_by_key(|word| Level::by_word(word))
}
