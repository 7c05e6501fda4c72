//! Finds the level at the beginning of a text, in the notations that loggers use.

use super::header::{is_number, split_word, trim_marks};
use super::level::Level;
use super::level_message::{
    agent_message, channel_message, cisco_message, glib_message, lettered, native_message, numbered_message, phrase,
    service_message,
};
use super::level_notation::{PartLevel, is_name, level_of_part};

/// The most parts between a stamp and a level: ids, threads, loggers, `user@database`.
const PARTS_BEFORE_LEVEL: usize = 6;

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
    /// Returns the mark of a level that stays in its message.
    pub(super) fn whole(text: &'a [u8], level: &'a [u8]) -> Self {
        LevelMark { level, module: None, pid: None, is_column: false, from_level: text, rest: text }
    }

    /// Finds the level after a stamp. Numbers, groups in brackets and names with dots may come before it.
    pub(super) fn after_stamp(text: &'a [u8]) -> Option<Self> {
        let message = phrase(text).or_else(|| native_message(text)).or_else(|| agent_message(text));
        let message = message.or_else(|| numbered_message(text));
        if let Some(mark) = message.or_else(|| cisco_message(text)).or_else(|| glib_message(text)) {
            return Some(mark);
        }
        let (mut from_level, mut pid, mut after_sign) = (text, None, false);
        for before in 0..=PARTS_BEFORE_LEVEL {
            let (part, after) = split_part(from_level)?;
            if let Some(found) = level_of_part(part) {
                let after = after.trim_ascii_start();
                let gap = &from_level[part.len()..from_level.len() - after.len()];
                let is_apart = found.is_certain || is_set_apart(part, found.level, gap, after);
                if after_sign && !is_apart {
                    // A sentence may come after a sign.
                    return None;
                }
                let is_column = before > 0 || is_apart;
                let rest = if found.stays { from_level } else { skip_marks(after) };
                let is_column = is_column && !rest.is_empty();
                return Some(LevelMark { level: found.level, module: found.module, pid, is_column, from_level, rest });
            }
            let after = after.trim_ascii_start();
            if let Some(mark) = phrase(from_level).filter(|_| before > 0) {
                return Some(mark);
            }
            if let Some(level) = letter(part, after, pid.is_some()) {
                let rest = skip_marks(after);
                return Some(LevelMark { level, module: None, pid, is_column: true, from_level, rest });
            }
            let bare = trim_marks(part);
            let is_pid = is_number(bare);
            after_sign = is_sign(part);
            if !is_pid && !after_sign && !may_precede_level(part, bare, after) {
                return set_apart_later(text, part, &from_level[part.len()..]);
            }
            pid = pid.or(is_pid.then_some(bare));
            from_level = skip_columns(after);
        }
        None
    }

    /// Finds the level of a text without a stamp. It must be the first part and look like a level: in capitals, in
    /// brackets, or before a colon. What programs print before it instead of a stamp is skipped, such as the time since
    /// their start.
    pub(super) fn at_start(text: &'a [u8]) -> Option<Self> {
        if let Some(mark) = message_level(text) {
            return Some(mark);
        }
        match after_opening(text) {
            Some(Opening::Uptime(rest)) => {
                let is_capitalised = rest.first().is_some_and(u8::is_ascii_uppercase);
                LevelMark::after_stamp(rest).filter(|mark| mark.is_column || is_capitalised)
            }
            Some(Opening::Thread(rest)) => LevelMark::of_first_part(text).or_else(|| LevelMark::of_first_part(rest)),
            Some(Opening::Mark(rest)) => message_level(rest).or_else(|| LevelMark::of_first_part(rest)),
            None => LevelMark::of_first_part(text),
        }
    }

    /// Finds the level in the first part of a text, if it looks like one.
    fn of_first_part(text: &'a [u8]) -> Option<Self> {
        let (part, after) = split_part(text)?;
        // A number belongs to the error, as in `Error 1205: …`.
        let is_marked = part.ends_with(b":") || part.starts_with(b"[") || part.starts_with(b"<");
        // Most texts begin with a plain word.
        let is_numbered = after.len() > 1 && after[1].is_ascii_digit() && part[0].is_ascii_uppercase();
        if !is_marked && !is_numbered && part.get(1).is_none_or(u8::is_ascii_lowercase) {
            return None;
        }
        let found = level_of_part(part).or_else(|| warning_class(part))?;
        let after = after.trim_ascii_start();
        let is_capital = found.level.len() > 2 && found.level.iter().all(u8::is_ascii_uppercase);
        // A word alone is no level, except in capitals and brackets.
        let may_be_level = !after.is_empty() || (is_capital && part.starts_with(b"["));
        let is_level = found.is_certain || ((is_capital || is_marked || is_numbered) && may_be_level);
        is_level.then(|| LevelMark {
            level: found.level,
            module: found.module,
            pid: None,
            is_column: false,
            from_level: text,
            rest: if found.stays { text } else { skip_marks(after) },
        })
    }

    /// Finds the level before a colon in the second part of a text, after the name of what reports it:
    /// `imap(user): Error: no space left`.
    pub(super) fn after_name(text: &'a [u8]) -> Option<Self> {
        let start = &text[..text.len().min(MAX_NAME_BYTES)];
        let colon = memchr::memmem::find(start, b": ")?;
        let rest = &text[colon + 2..];
        let (part, _) = split_part(rest).filter(|(part, _)| part.ends_with(b":"))?;
        let level = Some(trim_marks(part)).filter(|word| word.len() > 3 && Level::by_word(word).is_some())?;
        Some(LevelMark::whole(text, level))
    }
}

/// The name of what reports a message has at most this number of bytes.
const MAX_NAME_BYTES: usize = 100;

/// Reads the level of a message that names it in a way of its own.
fn message_level(text: &[u8]) -> Option<LevelMark<'_>> {
    phrase(text)
        .or_else(|| lettered(text))
        .or_else(|| service_message(text))
        .or_else(|| cisco_message(text))
        .or_else(|| glib_message(text))
        .or_else(|| channel_message(text))
        .or_else(|| numbered_message(text))
}

/// Reads the class of a warning of Python or Node.js: `DeprecationWarning: x is deprecated`.
fn warning_class(part: &[u8]) -> Option<PartLevel<'_>> {
    let class = part.strip_suffix(b"Warning:")?;
    let is_class = class.first().is_some_and(u8::is_ascii_uppercase) && class.iter().all(u8::is_ascii_alphanumeric);
    is_class.then_some(PartLevel { level: b"warning", module: None, is_certain: true, stays: true })
}

/// The beginning of a text without a stamp that comes before its level, with the text after it.
enum Opening<'a> {
    /// The time since the start of a program: `[9.420s]`, `0.001219s`, `0:00:01.234567890`, or milliseconds before the
    /// name of a thread.
    Uptime(&'a [u8]),
    /// A name in brackets, maybe of a thread.
    Thread(&'a [u8]),
    /// A mark for the eye, such as a sign or a frame, the number of a step of a build, or the process of Node.js.
    Mark(&'a [u8]),
}

fn after_opening(text: &[u8]) -> Option<Opening<'_>> {
    match text.first()? {
        b'[' if text.starts_with(b"[ ") && group_len(text).is_none() => Some(Opening::Mark(&text[2..])),
        b'[' => {
            let (group, rest) = text.split_at(group_len(text)?);
            let inside = group[1..group.len() - 1].trim_ascii();
            let is_uptime = is_duration(inside) || is_decimal(inside);
            let rest = rest.trim_ascii_start();
            Some(if is_uptime { Opening::Uptime(rest) } else { Opening::Thread(rest) })
        }
        b'0'..=b'9' => {
            let (word, rest) = split_word(text)?;
            let is_count = is_number(word) && rest.starts_with(b"[");
            (is_count || is_duration(word) || is_decimal(word) || is_clock(word)).then_some(Opening::Uptime(rest))
        }
        b'#' => {
            let (_, rest) = split_word(text).filter(|(step, _)| is_number(&step[1..]))?;
            let (word, after) = split_word(rest)?;
            Some(Opening::Mark(if is_decimal(word) { after } else { rest }))
        }
        b'(' if text.starts_with(b"(node:") => {
            let rest = text[group_len(text)?..].trim_ascii_start();
            let code = if rest.starts_with(b"[") { group_len(rest)? } else { 0 };
            Some(Opening::Mark(rest[code..].trim_ascii_start()))
        }
        b'(' => {
            let rest = text[group_len(text)?..].strip_prefix(b" ")?;
            rest.starts_with(b"[").then_some(Opening::Mark(rest))
        }
        0x80.. => after_signs(text).map(Opening::Mark),
        _ => None,
    }
}

/// A frame and a mark have at most this number of characters.
const MAX_SIGNS: usize = 4;

/// Skips signs outside ASCII and the blanks between them, such as `│ ` and `✖ `; `None` if a letter follows at once.
fn after_signs(text: &[u8]) -> Option<&[u8]> {
    let mut rest = text;
    for _ in 0..MAX_SIGNS {
        let Some(byte) = rest.first().filter(|byte| !byte.is_ascii()) else { break };
        let len = byte.leading_ones() as usize;
        let sign = rest.get(..len).and_then(|sign| std::str::from_utf8(sign).ok())?;
        if sign.chars().any(char::is_alphanumeric) {
            return None;
        }
        rest = rest[len..].trim_ascii_start();
    }
    (rest.len() < text.len() && rest.first().is_some_and(u8::is_ascii)).then_some(rest)
}

/// Whether `word` is a number with a fraction.
fn is_decimal(word: &[u8]) -> bool {
    let digits = word.iter().filter(|byte| byte.is_ascii_digit()).count();
    digits > 1 && digits + 1 == word.len() && word[1..word.len() - 1].contains(&b'.')
}

/// Whether `word` is a number with a unit of time, such as `9.420s` and `120ms`.
fn is_duration(word: &[u8]) -> bool {
    let number = word.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'.').count();
    let (number, unit) = word.split_at(number);
    (is_number(number) || is_decimal(number)) && [&b"s"[..], b"ms", b"us", b"ns"].contains(&unit)
}

/// Whether `word` is a time since the start in hours, minutes, seconds and at least six digits of a fraction.
fn is_clock(word: &[u8]) -> bool {
    let Some(dot) = memchr::memchr(b'.', word) else { return false };
    let mut parts = word[..dot].split(|byte| *byte == b':');
    let is_time = parts.by_ref().take(3).filter(|part| is_number(part)).count() == 3 && parts.next().is_none();
    is_time && word.len() - dot > 6 && is_number(&word[dot + 1..])
}

/// A level that punctuation sets apart is searched for in this number of parts after a word that is no column.
const PARTS_AFTER_WORD: usize = 4;

/// Finds a level that punctuation or a column sets apart, in the first parts of `rest`, which is the end of `text` after
/// `before`. All of the text is the message.
fn set_apart_later<'a>(text: &'a [u8], before: &'a [u8], rest: &'a [u8]) -> Option<LevelMark<'a>> {
    let (mut before, mut rest) = (before, rest);
    for _ in 0..PARTS_AFTER_WORD {
        let gap = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let (part, after) = split_part(&rest[gap..])?;
        let level = trim_marks(part);
        if is_apart_after(before, gap, part, after) {
            return Some(LevelMark::whole(text, level));
        }
        (before, rest) = (part, after);
    }
    None
}

/// Whether `part` is a level in brackets, or in capitals before a colon or a comma; or, after the name of a thread or
/// another column, one in capitals or before a colon; or, after a group in brackets, one before a colon. `before` and `after`
/// are the part before it and the text after it, `gap` is the number of blanks before it.
fn is_apart_after(before: &[u8], gap: usize, part: &[u8], after: &[u8]) -> bool {
    let word = trim_marks(part);
    let is_capital = word.iter().all(u8::is_ascii_uppercase);
    // A count belongs to the sentence: `0 ERROR, 2 WARNING`.
    let is_counted = gap == 1 && is_number(before);
    let is_after_column = gap > 1 || before.iter().any(|byte| byte.is_ascii_digit() || b"-_".contains(byte));
    let is_apart = match part {
        [b'[', b'F' | b'E' | b'W' | b'I' | b'D' | b'T', b']'] => return true,
        [b'[', .., b']'] => part.len() == word.len() + 2,
        [.., b':' | b','] if is_capital => !is_counted && part.len() == word.len() + 1,
        [b'A'..=b'Z', .., b':'] => is_after_column && part.len() == word.len() + 1,
        // After the name of a function: `(main) info: up`.
        [b'a'..=b'z', .., b':'] => matches!(before, [b'(' | b'[', .., b')' | b']']) && part.len() == word.len() + 1,
        _ if is_counted && (before == b"0" || after.is_empty()) => false,
        _ => is_capital && part.len() == word.len() && (is_after_column || after.starts_with(b" [")),
    };
    is_apart && word.len() > 3 - usize::from(part.starts_with(b"[")) && Level::by_word(word).is_some()
}

/// Splits off the first part of `text`: a group in brackets with the colon after it, or a word.
fn split_part(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let group = group_len(text).map(|len| len + usize::from(text.get(len) == Some(&b':')));
    match group {
        Some(len) => Some(text.split_at(len)),
        None => split_word(text).map(|(word, _)| {
            let end = word.iter().position(|byte| COLUMN_MARKS.contains(byte)).filter(|end| *end > 0);
            text.split_at(end.unwrap_or(word.len()))
        }),
    }
}

/// Marks between columns.
const COLUMN_MARKS: &[u8] = b"|;";

/// Skips marks between columns and the blanks after them.
fn skip_columns(text: &[u8]) -> &[u8] {
    let end = text.iter().position(|byte| !COLUMN_MARKS.contains(byte) && *byte != b' ').unwrap_or(text.len());
    &text[end..]
}

fn begins_column(text: &[u8]) -> bool {
    text.starts_with(b"- ") || text.first().is_some_and(|byte| COLUMN_MARKS.contains(byte))
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

/// Reads a level of one letter. It is one after the ids of a process, where Android writes it; before such an id or a
/// source file; before a group in brackets or a bar; before the name of a component in capitals or a column of names, as in
/// `E STORAGE  [conn1]` and `e Memory   Pool.cpp`; and before a name with a colon, as in `W santad: `.
fn letter<'a>(part: &'a [u8], after: &'a [u8], has_pid: bool) -> Option<&'a [u8]> {
    let [byte, rest @ ..] = part else { return None };
    let letter = std::slice::from_ref(byte);
    if rest == b":" {
        return Some(letter).filter(|letter| b"FEWI".contains(&letter[0]));
    }
    let is_apart = after.starts_with(b"[") || after.starts_with(b"|");
    if part == b"C" && is_apart {
        return Some(b"critical");
    }
    if !rest.is_empty() || Level::by_word(letter).is_none() {
        return None;
    }
    let (component, behind) = split_word(after)?;
    let gap = after.len() - component.len() - behind.len();
    let is_id = || component.len() > 1 && is_number(component);
    let is_source_file = || component.ends_with(b"]") && component.contains(&b':');
    let is_component = || component == b"-" || (component.len() > 2 && component.iter().all(u8::is_ascii_uppercase));
    let is_column = || gap > 2 && component.iter().all(u8::is_ascii_alphanumeric);
    let is_tag = || component.strip_suffix(b":").is_some_and(|name| name.len() > 2 && is_name(name));
    let is_capital = byte.is_ascii_uppercase();
    let is_level = is_column()
        || (is_capital && (has_pid || is_apart || is_id() || is_source_file() || is_component() || is_tag()));
    is_level.then_some(letter)
}

/// Whether `part` is a sign for the eye between columns, such as an arrow or a pictogram, and maybe what selects its form.
fn is_sign(part: &[u8]) -> bool {
    let is_sign = |c: char| matches!(c, '\u{2000}'..='\u{2bff}' | '\u{fe0f}' | '\u{1f000}'..='\u{1faff}' | '·' | '»');
    part[0] >= 0x80 && std::str::from_utf8(part).is_ok_and(|part| part.chars().all(is_sign))
}

/// Whether `part` may come before the level: a number or id, a group in brackets, a name with a dot, `user@database`, or
/// a word before a dash or the end of a column. `bare` is the part without the marks around it.
fn may_precede_level(part: &[u8], bare: &[u8], after: &[u8]) -> bool {
    let is_group = part.len() > bare.len() && (!part.ends_with(b":") || part.starts_with(b"["));
    // A host with a port belongs to the message.
    let is_name = bare.contains(&b'.') && !bare.contains(&b':');
    let is_hex = bare.starts_with(b"0x") && bare[2..].iter().all(u8::is_ascii_hexdigit);
    // The id of a request has dashes.
    let is_id = bare.len() > 15 && bare.iter().all(|byte| byte.is_ascii_hexdigit() || *byte == b'-');
    let is_pair = memchr::memchr(b'=', bare).is_some_and(|at| at > 0) || is_thread_number(bare);
    let is_named = is_group || is_hex || is_name || is_id || is_pair || bare.contains(&b'@');
    is_named || is_job_line(part) || begins_column(after)
}

/// Whether `bare` is a letter with a number, such as `T:1234`.
fn is_thread_number(bare: &[u8]) -> bool {
    matches!(bare, [b'A'..=b'Z', b':', number @ ..] if is_number(number))
}

/// Whether `part` is what runners of GitLab write before a line: the number of its step, and its stream.
fn is_job_line(part: &[u8]) -> bool {
    let part = part.strip_suffix(b"+").unwrap_or(part);
    matches!(part, [a, b, b'O' | b'E'] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit())
}

/// Whether a level is written unlike a word of a sentence: in capitals, in brackets, or before a dash, a wide gap or
/// the end of a column. `part` is `level` with the marks around it, `gap` the blanks after it, and `after` the text after the gap.
fn is_set_apart(part: &[u8], level: &[u8], gap: &[u8], after: &[u8]) -> bool {
    let is_bracketed = part.strip_suffix(b":").unwrap_or(part).len() > level.len();
    let is_wide = gap.len() > 1 || gap == b"\t";
    level.iter().all(u8::is_ascii_uppercase)
        || is_bracketed
        || is_wide
        || begins_column(after)
        || after.starts_with(b"<")
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
        check("I gated: x", ["I", "-", "-", "gated: x"]);
        check("00000031 Servlet E   SRVE0068E: x", ["error", "Servlet", "-", "SRVE0068E: x"]);
        check("[http-nio 80 exec] - ERROR - x", ["ERROR", "-", "-", "x"]);
        check("PHP Fatal error:  Uncaught x", ["fatal", "-", "-", "PHP Fatal error:  Uncaught x"]);
    }

    #[test]
    fn columns_and_codes_are_read() {
        check("ERROR|App.Service|no disk", ["ERROR", "-", "-", "App.Service|no disk"]);
        check("Warn|Api|no disk", ["Warn", "-", "-", "Api|no disk"]);
        check("| ERROR    | app:run:12 - no disk", ["ERROR", "-", "-", "app:run:12 - no disk"]);
        check("| CORE | ERROR | (a.go:1 in R) | no disk", ["ERROR", "-", "-", "(a.go:1 in R) | no disk"]);
        check("ERROR;no disk", ["ERROR", "-", "-", "no disk"]);
        check("192.0.2.1(7):u@db:[33]:ERROR:  no disk", ["ERROR", "-", "-", "no disk"]);
        check("65a0f0e1.1f-FATAL:  no disk", ["FATAL", "-", "-", "no disk"]);
        check("ERROR[33][C-1]: a.c:1 f: no disk", ["ERROR", "-", "-", "a.c:1 f: no disk"]);
        check("ERROR:a_b.cc(9)] no disk", ["ERROR", "a_b.cc", "-", "no disk"]);
        check("E! [outputs.x] no disk", ["error", "-", "-", "[outputs.x] no disk"]);
        check("(WW) no disk", ["warning", "-", "-", "no disk"]);
        check("W [a.c:1:f] 0-x: no disk", ["W", "-", "-", "[a.c:1:f] 0-x: no disk"]);
        check("6f1a2b3c-1111-2222-3333-444455556666\tERROR\tno disk", ["ERROR", "-", "-", "no disk"]);
        check("daemon.err ntpd: no disk", ["err", "-", "-", "ntpd: no disk"]);
        check("system,error,critical no disk", ["critical", "-", "-", "no disk"]);
        check("p=7 n=a WARNING| no disk", ["WARNING", "-", "-", "no disk"]);
        check("pid=4 tid=1a class=Job jid=9f elapsed=0.25 INFO: no disk", ["INFO", "-", "-", "no disk"]);
        check(
            "mon.a (mon.0) 123 : cluster [ERR] no disk",
            ["ERR", "-", "-", "mon.a (mon.0) 123 : cluster [ERR] no disk"],
        );
        check("http-exec-1 ERROR u 1x1 no disk", ["ERROR", "-", "-", "http-exec-1 ERROR u 1x1 no disk"]);
        check("spid12s     Error: 17207, no disk", ["Error", "-", "-", "spid12s     Error: 17207, no disk"]);
        check("routing ERROR [7f] no disk", ["ERROR", "-", "-", "routing ERROR [7f] no disk"]);
        check("[FW-1], 12, FID 128, WARNING, sw, no", ["WARNING", "-", "-", "[FW-1], 12, FID 128, WARNING, sw, no"]);
        check("cmd/web.go:242:run() [W] no disk", ["W", "-", "-", "no disk"]);
        check("E tensorflow/x.cc:12] no disk", ["E", "-", "-", "tensorflow/x.cc:12] no disk"]);
        check("E 12 34] (raylet) no disk", ["E", "-", "-", "12 34] (raylet) no disk"]);
        check("e Memory           Pool.cpp(1) : no disk", ["e", "-", "-", "Memory           Pool.cpp(1) : no disk"]);
        check("C [a.c:1:f] 0-x: no disk", ["critical", "-", "-", "[a.c:1:f] 0-x: no disk"]);
        check("T:1234   error <general>: no disk", ["error", "-", "-", "<general>: no disk"]);
        check("*ERROR* no disk", ["ERROR", "-", "-", "no disk"]);
        check("<3> no disk", ["err", "-", "-", "no disk"]);
        check("ifmgr[2]: %PKT-LINK-3-UPDOWN : x", ["err", "-", "-", "ifmgr[2]: %PKT-LINK-3-UPDOWN : x"]);
        check("P00   WARN: no disk", ["WARN", "-", "-", "P00   WARN: no disk"]);
        check("critical/ApiListener: no disk", ["critical", "ApiListener", "-", "no disk"]);
        check("web1/ERROR/app.db: no disk", ["ERROR", "app.db", "-", "no disk"]);
        check("01E npm ERR! no disk", ["error", "-", "-", "npm ERR! no disk"]);
        check("00O ERROR: no disk", ["ERROR", "-", "-", "no disk"]);
        check("sw %$ V-1 %$ %PLATFORM-2-PS_FAIL: x", ["crit", "-", "-", "sw %$ V-1 %$ %PLATFORM-2-PS_FAIL: x"]);
        check("SW5 IFNET/3/PHY_UPDOWN: x", ["err", "-", "-", "SW5 IFNET/3/PHY_UPDOWN: x"]);
        check("sw %%01IFNET/4/IF_STATE(l)[0]: x", ["warning", "-", "-", "sw %%01IFNET/4/IF_STATE(l)[0]: x"]);
        check("[db] \u{203a} \u{2139}  warn      no disk", ["warn", "-", "-", "no disk"]);
        check("\u{2716} ERROR no disk", ["ERROR", "-", "-", "no disk"]);
        check("AMQ7234E: no disk", ["error", "-", "-", "AMQ7234E: no disk"]);
        check("LOG3[main]: no disk", ["err", "-", "-", "no disk"]);
        check("Er(163) hostd[7]: no disk", ["err", "-", "-", "hostd[7]: no disk"]);
        check("%SYS-3: no disk", ["err", "-", "-", "%SYS-3: no disk"]);
        check("cpu4:2097)WARNING: no disk", ["WARNING", "-", "-", "no disk"]);
        check("[ warn|xen01|4629 |Vm.start R:5c1f|xapi] no disk", ["warn", "-", "-", "no disk"]);
        check("sw %%01DEVM/2/hwBoardFail(l)[16]:x", ["crit", "-", "-", "sw %%01DEVM/2/hwBoardFail(l)[16]:x"]);
        check("v01 pcs-c  [895] (main) \tinfo: up", ["info", "-", "-", "v01 pcs-c  [895] (main) \tinfo: up"]);
        check("! [298] no disk", ["error", "-", "-", "[298] no disk"]);
        check("W|no disk", ["W", "-", "-", "no disk"]);
        check("E | Pool | no disk", ["E", "-", "-", "Pool | no disk"]);
        check("(E) no disk", ["E", "-", "-", "no disk"]);
        check("[Job 7]: E/Camera: no disk", ["E", "Camera", "-", "no disk"]);
        check("[Job 7]: WARN no disk", ["WARN", "-", "-", "no disk"]);
        check("error.app[12]: no disk", ["error", "app", "-", "no disk"]);
        check("(a:1): Gtk-WARNING **: no disk", ["WARNING", "-", "-", "(a:1): Gtk-WARNING **: no disk"]);
    }

    #[test]
    fn words_are_no_levels() {
        for text in [
            "created an ERROR page",
            "created a page [error pages]",
            "auth.log rotated",
            "user.success bob",
            "config/app.yml: not found",
            "log/x: permission denied",
            "slot1/2/CPU: temperature normal",
            "GET /api/v1/3/USERS: 200",
            "Scan finished: 0 ERROR, 2 WARNING",
            "the error",
            "I went home",
            "404 not found",
            "[pid 7] started",
            "",
            "a.b c",
            "NON-FATAL: x",
            "a,b c",
            "mail.example x",
            "1|2|3",
            "I/O error",
            "v01 pcs-c  [895] main info: up",
            "GET /api/v1/3/users: 200",
            "[page info|b] x",
            "\u{2714} info page shown",
            "In(165) the house",
            "Connected [7] to a",
            "error.log[x]: rotated",
            "error.log: rotated",
            "E/: x",
            "|;|",
        ] {
            assert_eq!(parts(LevelMark::after_stamp(text.as_bytes())), None, "{text}");
        }
    }

    #[test]
    fn a_level_without_a_stamp_looks_like_one() {
        let level = |text: &'static str| LevelMark::at_start(text.as_bytes()).map(|mark| mark.level);
        for (text, expected) in [
            ("ERROR no disk", "ERROR"),
            ("DEBU[0000] no disk", "DEBU"),
            ("(app@192.0.2.7) [WARNING] no disk", "WARNING"),
            ("[ERROR] no disk", "ERROR"),
            ("error: no disk", "error"),
            ("WARNING:root:disk low", "WARNING"),
            ("npm ERR! code 1", "error"),
            ("##[error]exit code 1", "error"),
            ("E: Unable to locate package x", "error"),
            ("%LINK-3-UPDOWN: x", "err"),
            ("<3>no disk", "err"),
            ("[9.420s][warning][gc,alloc] no disk", "warning"),
            ("[    12.014120s] ERROR ThreadId(02) no disk", "ERROR"),
            ("0.001219s  INFO app::main: up", "INFO"),
            ("0:00:01.234567890  1234 0x55 ERROR  default a.c:1 no disk", "ERROR"),
            ("[    12.345] (EE) no disk", "error"),
            ("0    [main] WARN  a.App - no disk", "WARN"),
            ("[main] WARN a.App - no disk", "WARN"),
            ("[W 10:00:00.123 App] no disk", "W"),
            ("#12 ERROR: no disk", "ERROR"),
            ("#12 0.345 ERROR: no disk", "ERROR"),
            ("(node:7) Error: no disk", "Error"),
            ("(node:7) [DEP0005] DeprecationWarning: no disk", "warning"),
            ("UserWarning: no disk", "warning"),
            ("│ Error: no disk", "Error"),
            ("✖ ERROR: no disk", "ERROR"),
            ("╷\n│ Error: no disk\n╵", "Error"),
            ("[ Info: up [7]", "Info"),
            ("ERROR! no disk", "ERROR"),
            ("[ERROR]", "ERROR"),
            ("[FAILED] Failed to start x", "error"),
            ("Error 1205: no disk", "Error"),
            ("ORA-12541: no listener", "error"),
            ("E (2350) esp-tls: no disk", "E"),
            ("0.212 Error Util.cpp:97: no disk", "Error"),
            ("e: file:///a.kt:1:2 no disk", "error"),
            ("** (a:1): CRITICAL **: no disk", "CRITICAL"),
        ] {
            assert_eq!(level(text), Some(expected.as_bytes()), "{text}");
        }
        for text in [
            "error in line 3",
            "Error reloading",
            "ERROR",
            "E: drive",
            "the ERROR",
            "information is missing",
            "",
            "12 ERROR pages",
            "[12] error pages",
            "(node: 7",
            "#12",
            "#12 ",
            "│",
            "élan ERROR: x",
            "[1.5s]",
            "<9999>x",
            "e: drive",
        ] {
            assert_eq!(level(text), None, "{text}");
        }
    }

    #[test]
    fn a_level_may_follow_the_name_of_what_reports_it() {
        let level = |text: &'static str| LevelMark::after_name(text.as_bytes()).map(|mark| mark.level);
        assert_eq!(level("imap(user@a.example)<7><x>: Error: no disk"), Some(&b"Error"[..]));
        assert_eq!(level("imap(user): Error no disk"), None);
        assert_eq!(level("imap(user): Connection: no disk"), None);
        assert_eq!(level("no disk: "), None);
    }
}
