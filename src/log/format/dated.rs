//! Application logs: a stamp of any known form, then maybe a process id, a level, a thread and a logger.

use super::header::{Header, ProgramTag, is_number, split_word, trim_marks};
use super::level::Level;
use super::level_mark::{LevelMark, skip_marks};
use super::level_message::{labelled_level, numbered_message};
use super::level_notation::{is_capital_level, is_level};
use super::spec::{Format, FormatSpec, LogFormat};
use super::{access, logfmt, syslog};
use crate::log::timestamp::{FoundStamp, StampRules, find_stamp, stamp_at};

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "dated",
    about: "a stamp of any known form, then maybe a level, a thread and a logger, then the message",
    example: "2015-10-18 18:01:47,978 ERROR [main] org.a.App: no space left on device",
    detect: |sample| {
        let stamp_column = usual_column(&sample.lines, sample.rules);
        let stamped = sample.lines.iter().filter(|_| stamp_column > 0);
        let before = |line: &'_ &[u8]| find_stamp(line, sample.rules).map(|stamp| stamp.range.start);
        let befores: Vec<&[u8]> = stamped.filter_map(|line| Some(&line[..before(line)?])).collect();
        let n_leveled = befores.iter().filter(|before| level_before(before, u8::is_ascii).is_some()).count();
        let are_most = |n: usize| n * 2 > befores.len();
        let is_level_alone = are_most(befores.iter().filter(|before| is_level_alone(before)).count());
        let has_level_first = is_level_alone || n_leveled * 2 > sample.lines.len();
        let has_group_first = || are_most(befores.iter().filter(|before| is_group(before)).count());
        sample.most_lines(Dated {
            stamp_column,
            is_distinct: stamp_column == 0 || is_level_alone,
            has_level_first,
            joins_lines: stamp_column == 0 || has_level_first || has_group_first() || are_most(n_alike(&befores)),
        })
    },
});

#[derive(Debug)]
struct Dated {
    /// The number of words before the stamp in most records.
    stamp_column: usize,
    /// Whether only logs have such stamps: in most records the stamp comes first, or after nothing but a level in capitals.
    is_distinct: bool,
    /// Whether a level comes before the stamp in most records.
    has_level_first: bool,
    /// Whether what comes before the stamp in most records is no part of a sentence: nothing, a level, a group in brackets such as a
    /// thread, or words with the same signs, as in `[Nest] 7  - `. Then a line without a stamp begins no record.
    joins_lines: bool,
}

impl LogFormat for Dated {
    fn is_distinct(&self) -> bool {
        self.is_distinct
    }

    fn joins_lines(&self) -> bool {
        self.joins_lines
    }

    fn is_padded(&self) -> bool {
        self.has_level_first
    }

    fn begins_record(&self, line: &[u8], rules: &StampRules) -> bool {
        self.stamp_column > 0 && find_stamp(line, rules).is_some_and(|stamp| column(line, &stamp) == self.stamp_column)
    }

    fn header<'a>(&self, record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
        // A member of a JSON object or a pair may be a stamp too.
        let is_structured = || record.starts_with(b"{") || logfmt::begins_record(record);
        header(record, self.stamp_column, rules).filter(|_| self.stamp_column == 0 || !is_structured())
    }
}

/// Returns the most frequent number of words before the stamp, among the lines with a stamp; 0 if there are none.
fn usual_column(lines: &[&[u8]], rules: &StampRules) -> usize {
    let mut counts = std::collections::BTreeMap::<usize, usize>::new();
    for line in lines {
        if let Some(stamp) = find_stamp(line, rules) {
            *counts.entry(column(line, &stamp)).or_default() += 1;
        }
    }
    counts
        .into_iter()
        .max_by_key(|(column, count)| (*count, std::cmp::Reverse(*column)))
        .map_or(0, |(column, _)| column)
}

/// Parses a record with `column` words before its stamp; `None` for any other. The meaning of these words is unknown,
/// so they stay in the message.
pub(super) fn header<'a>(record: &'a [u8], column: usize, rules: &StampRules) -> Option<Header<'a>> {
    let record = record.trim_ascii();
    let stamp = find_stamp(record, rules).filter(|stamp| self::column(record, stamp) == column)?;
    Some(header_after(record, stamp, column))
}

/// Parses a record with `column` words before its stamp.
fn header_after(record: &[u8], stamp: FoundStamp, column: usize) -> Header<'_> {
    let rest = &record[stamp.range.end..];
    let piped = rest.strip_prefix(b"|").and_then(piped);
    let mut header = piped.or_else(|| two_lines(rest)).unwrap_or_else(|| spaced(rest));
    let before = &record[..stamp.range.start];
    let level = level_before(before, u8::is_ascii_uppercase).or(header.level).or_else(|| redis_level(before, rest));
    let level = level.or_else(|| level_before(before, u8::is_ascii));
    header.level = level.or_else(|| syslog::priority_level(before)).or_else(|| labelled_level(rest));
    header.level = header.level.or_else(|| level_of_number(rest));
    access::add_status(&mut header);
    if column > 0 {
        header.message = record;
        header.leveled = None;
        header.gist = Some(rest.trim_ascii());
    }
    header.stamp = Some(stamp);
    header
}

/// A message with a number is among this number of lines of a record.
const NUMBERED_LINES: usize = 12;

/// Returns the level of the first line after the first one that is not indented, if it is a message with a number of IBM. The lines
/// before it describe the process.
fn level_of_number(record: &[u8]) -> Option<&[u8]> {
    let newline = memchr::memchr(b'\n', record)?;
    let lines = record[newline + 1..].split(|byte| *byte == b'\n').take(NUMBERED_LINES);
    let mut messages = lines.filter(|line| line.first().is_some_and(|byte| !byte.is_ascii_whitespace()));
    numbered_message(messages.next()?).map(|mark| mark.level)
}

/// Returns the stamp with which `line` begins. A few brackets may come before it, or what only logs write there.
pub(super) fn stamp_at_start(line: &[u8], rules: &StampRules) -> Option<FoundStamp> {
    let opened = line.iter().take(2).take_while(|byte| b"[(<*%".contains(byte)).count();
    stamp_at(line, opened, rules).or_else(|| stamp_at(line, prefix_len(line)?, rules))
}

/// Parses a record that begins with a time of day. It is read as of the latest day on which it is not in the future.
pub(super) fn header_of_latest_day<'a>(record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
    if begins_with_time(record) { header_at_start(record, &rules.clone().on_latest_day()) } else { None }
}

/// Whether `line` begins with a time of day to the second, also in a bracket.
pub(super) fn begins_with_time(line: &[u8]) -> bool {
    let line = line.strip_prefix(b"[").unwrap_or(line);
    let is_pair = |pair: Option<&[u8]>| pair.is_some_and(|pair| pair.iter().all(u8::is_ascii_digit));
    is_pair(line.get(..2)) && line.get(2) == Some(&b':') && is_pair(line.get(3..5)) && line.get(5) == Some(&b':')
}

/// Returns the length of what logs write before a stamp at the beginning of a line: a counter (`000123: `), an id in
/// brackets (`[28325:00010] `), the id of a session, or the heading of a report of Erlang (`=ERROR REPORT==== `).
fn prefix_len(line: &[u8]) -> Option<usize> {
    if is_session(line) {
        return Some(SESSION_BYTES + 1);
    }
    match line.first()? {
        b'0'..=b'9' => {
            let digits = line.iter().take(MAX_PREFIX).take_while(|byte| byte.is_ascii_digit()).count();
            line[digits..].starts_with(b": ").then_some(digits + 2)
        }
        b'[' => {
            let end = line.iter().take(MAX_PREFIX).position(|byte| byte.is_ascii_whitespace())?;
            line[..end].ends_with(b"]").then_some(end + 1)
        }
        b'=' => {
            let start = &line[..line.len().min(MAX_PREFIX)];
            memchr::memmem::find(start, b" REPORT==== ").map(|at| at + b" REPORT==== ".len())
        }
        _ => None,
    }
}

/// The length of the id of a session.
const SESSION_BYTES: usize = 36;

/// Whether `line` begins with the id of a session and a blank: 32 hexadecimal digits in five groups.
fn is_session(line: &[u8]) -> bool {
    let is_part = |(at, byte): (usize, &u8)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    line.get(SESSION_BYTES) == Some(&b' ') && line[..SESSION_BYTES].iter().enumerate().all(is_part)
}

/// The longest prefix of a stamp.
const MAX_PREFIX: usize = 60;

/// Parses a record that begins with its stamp.
pub(super) fn header_at_start<'a>(record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
    let record = record.trim_ascii();
    let stamp = stamp_at_start(record, rules)?;
    Some(header_after(record, stamp, 0))
}

/// Parses a record that begins with a level and then has its stamp, as in `ERROR [main] <stamp>`.
pub(super) fn header_after_level<'a>(record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
    let record = record.trim_ascii();
    let mark = LevelMark::at_start(record)?;
    let behind_level = mark.rest.len();
    let behind_thread = skip_thread(mark.rest).len();
    let at = |behind: usize| {
        let start = record.len() - behind;
        stamp_at(record, start + usize::from(record[start..].starts_with(b"[")), rules)
    };
    let stamp = at(behind_level).or_else(|| at(behind_thread))?;
    Some(Header {
        gist: Some(record[stamp.range.end..].trim_ascii()),
        stamp: Some(stamp),
        level: Some(mark.level),
        message: record,
        ..Header::default()
    })
}

/// The last words of a label whose stamp is the time of its line. Others name another time, as in `Next run: <stamp>`.
const OPENINGS: [&[u8]; 5] = [b"started", b"ended", b"opened", b"begun", b"closed"];

/// Parses a record that consists of a label of a few words and its stamp, such as `Log started: <stamp>`.
pub(super) fn header_of_label<'a>(record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
    let record = record.trim_ascii();
    let colon = memchr::memmem::find(&record[..record.len().min(MAX_PREFIX)], b": ")?;
    OPENINGS.iter().find(|word| record[..colon].ends_with(word))?;
    let start = record.len() - record[colon + 1..].trim_ascii_start().len();
    let stamp = stamp_at(record, start, rules).filter(|stamp| stamp.range.end == record.len())?;
    Some(Header { stamp: Some(stamp), message: record, ..Header::default() })
}

/// Parses a text without a stamp.
pub(super) fn without_stamp(text: &[u8]) -> Header<'_> {
    spaced(text)
}

/// Whether `text`, which comes before a stamp, is a level in capitals alone, apart from brackets.
fn is_level_alone(text: &[u8]) -> bool {
    let open = |byte: &u8| b"[( \t".contains(byte);
    let end = text.iter().rposition(|byte| !open(byte)).map_or(0, |at| at + 1);
    is_capital_level(trim_marks(text[..end].trim_ascii()))
}

/// Returns how many of the texts before stamps have the most frequent sequence of signs, and a sign at all. Letters and digits are
/// no signs: words alone may be those of a sentence that names a time.
fn n_alike(befores: &[&[u8]]) -> usize {
    let signs = |before: &&[u8]| -> Vec<u8> {
        let is_sign =
            |byte: &&u8| !byte.is_ascii_alphanumeric() && !byte.is_ascii_whitespace() && !b"([<".contains(byte);
        before.iter().filter(is_sign).copied().collect()
    };
    let mut counts = std::collections::BTreeMap::<Vec<u8>, usize>::new();
    befores
        .iter()
        .map(signs)
        .filter(|signs| !signs.is_empty())
        .for_each(|signs| *counts.entry(signs).or_default() += 1);
    counts.into_values().max().unwrap_or(0)
}

/// Whether `text` is one group in brackets.
fn is_group(text: &[u8]) -> bool {
    let text = text.trim_ascii();
    text.starts_with(b"[") && memchr::memchr(b']', text).is_some_and(|close| close + 1 == text.len())
}

/// Returns the number of words before `stamp`. What only logs write there does not count.
fn column(line: &[u8], stamp: &FoundStamp) -> usize {
    if prefix_len(line) == Some(stamp.range.start) {
        return 0;
    }
    let words = line[..stamp.range.start].split(u8::is_ascii_whitespace);
    words.filter(|word| word.iter().any(|byte| !b"[](){}<>".contains(byte))).count()
}

/// Parses the text after a stamp in the form `Step_LSC|30002312|message`: program, process id and message.
fn piped(fields: &[u8]) -> Option<Header<'_>> {
    let mut parts = fields.splitn(3, |byte| *byte == b'|');
    let [program, pid, message] = [parts.next()?, parts.next()?, parts.next()?];
    is_number(pid).then(|| Header {
        program: Some(program),
        pid: Some(pid),
        message: message.trim_ascii(),
        ..Header::default()
    })
}

/// Parses the text after a stamp in the form of `java.util.logging`: a line with class and method, then a line that
/// begins with the level and a colon.
fn two_lines(text: &[u8]) -> Option<Header<'_>> {
    let end = memchr::memchr(b'\n', text)?;
    let (class, method) = split_word(text[..end].trim_ascii())?;
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"._$<>".contains(byte);
    if method.is_empty() || !class.iter().chain(method).all(is_name) {
        return None;
    }
    let message = text[end + 1..].trim_ascii();
    let (word, _) = split_word(message).filter(|(word, _)| word.ends_with(b":"))?;
    let mark = LevelMark::at_start(message).filter(|mark| word.starts_with(mark.level))?;
    Some(Header {
        program: Some(class),
        level: Some(mark.level),
        message: mark.rest,
        leveled: Some(message),
        ..Header::default()
    })
}

/// Parses the text after a stamp in the form `  148 INFO [main] a.Logger: message`.
///
/// Only parts that are certain are removed from the message. A word before a colon may be a logger or the subject of
/// the message (`x509: certificate has expired`), so it is read as the program and also stays in the message. In the
/// same way, an `Error` that may begin a sentence is read as the level and stays in the message.
fn spaced(text: &[u8]) -> Header<'_> {
    let text = skip_marks(text);
    let mut header = Header { message: text, ..Header::default() };
    let mut gist = text;
    let mark = LevelMark::after_stamp(text);
    if let Some(mark) = &mark {
        header.level = Some(mark.level);
        header.pid = mark.pid;
        gist = skip_thread(mark.rest);
        header.message = match mark.is_column {
            true if is_thread(mark.rest, gist) => gist,
            true => mark.rest,
            false => mark.from_level,
        };
        header.leveled = (header.message.len() < mark.from_level.len()).then_some(mark.from_level);
        if let Some(parts) = spring(mark.rest) {
            return Header { message: parts.rest, pid: parts.pid, program: Some(parts.program), ..header };
        }
    }
    if let Some(tag) = ProgramTag::split(gist) {
        header.program = Some(tag.program).filter(|word| may_be_program(word));
        header.level = header.level.or_else(|| first_level(tag.rest));
        if tag.pid.is_some() {
            header.pid = tag.pid;
            header.message = tag.rest;
        }
        gist = tag.rest;
    } else if let Some((program, rest)) = untagged_program(gist) {
        header.program = Some(program);
        gist = rest;
    } else if mark.is_none()
        && let Some(tag) = ProgramTag::split(skip_thread(text))
    {
        header.level = first_level(tag.rest);
    }
    if header.level.is_none() {
        header.level = LevelMark::after_name(text).map(|mark| mark.level);
    }
    if let Some(mark) = mark {
        header.program = header.program.or(mark.module).or_else(|| class_of_thread(mark.rest));
    }
    header.gist = Some(gist).filter(|gist| gist.len() < header.message.len());
    header
}

/// Whether the word before a colon may be a program or a logger. The code of a message (`AH00489`), a level or an address in
/// memory is not a program.
fn may_be_program(word: &[u8]) -> bool {
    let n_digits = word.iter().filter(|byte| byte.is_ascii_digit()).count();
    let is_code = n_digits > 3 && !word.iter().any(u8::is_ascii_lowercase);
    !is_code && !is_level(word) && memchr::memmem::find(word, b"0x").is_none()
}

/// Splits what Spring writes after the level: `7 --- [main] a.b.Shop   : message`. Of the groups in brackets the last is the
/// thread.
fn spring(text: &[u8]) -> Option<ProgramTag<'_>> {
    let (pid, rest) = split_word(text).filter(|(pid, _)| is_number(pid))?;
    let groups = rest.strip_prefix(b"--- ")?;
    let (program, rest) = split_word(skip_thread(skip_thread(groups)))?;
    Some(ProgramTag { program, pid: Some(pid), remark: None, rest: rest.strip_prefix(b": ")? })
}

/// Returns the word for a level at the beginning of `text`; `None` if there is none, or if it is a single letter.
fn first_level(text: &[u8]) -> Option<&[u8]> {
    let (word, _) = split_word(text)?;
    Some(trim_marks(word)).filter(|word| is_level(word))
}

/// Returns the level in the text before a stamp, as in `ERROR [main] <stamp>`, `kern  :err   : <stamp>` and `E [<stamp>`.
/// All its bytes must satisfy `is_letter`. A single letter counts only if the text contains nothing else.
fn level_before(text: &[u8], is_letter: fn(&u8) -> bool) -> Option<&[u8]> {
    if let [letter] = trim_marks(text) {
        return match letter {
            // The words of CUPS.
            b'X' => Some(b"emerg"),
            b'A' => Some(b"alert"),
            b'N' => Some(b"notice"),
            _ => Some(trim_marks(text)).filter(|_| b"FECWID".contains(letter)),
        };
    }
    let mut words = text.split(|byte| b" \t:=".contains(byte)).map(trim_marks);
    // `log` before a stamp is a noun: `Log started: <stamp>`.
    let is_level = |word: &[u8]| Level::by_word(word).is_some() && !word.eq_ignore_ascii_case(b"log");
    words.find(|word| word.len() > 1 && word.iter().all(is_letter) && is_level(word))
}

/// The marks that Redis writes after the stamp, and the level of each.
const REDIS_MARKS: [(&[u8], &[u8]); 4] =
    [(b". ", b"debug"), (b"- ", b"trace"), (b"* ", b"notice"), (b"# ", b"warning")];

/// Returns the level of a line of Redis, such as `758:M <stamp> # message` or `[758] <stamp> # message`: `before` is the
/// text before the stamp and `after` the text after it.
fn redis_level(before: &[u8], after: &[u8]) -> Option<&'static [u8]> {
    let id = before.trim_ascii();
    let is_id = match id {
        [b'[', number @ .., b']'] => is_number(number),
        [number @ .., b':', b'M' | b'S' | b'C' | b'X'] => is_number(number),
        _ => false,
    };
    let after = after.trim_ascii_start();
    REDIS_MARKS.iter().find(|(mark, _)| is_id && after.starts_with(mark)).map(|(_, level)| *level)
}

/// Splits off a program that has no colon after it, and returns it and the text after it. Examples:
/// `a.b.Logger [request] text`, `chrome.exe - text`, `chrome.exe *64 - text`, and `CBS    text` (capitals before two or
/// more blanks).
fn untagged_program(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let (program, rest) = split_word(text)?;
    let gap = text.len() - program.len() - rest.len();
    let is_dotted = program.contains(&b'.')
        && program.iter().all(|byte| byte.is_ascii_alphanumeric() || b"._".contains(byte))
        && program[0].is_ascii_alphabetic();
    if is_dotted {
        let after_dash = rest.strip_prefix(b"*64 ").unwrap_or(rest).strip_prefix(b"- ");
        let rest = after_dash.or_else(|| rest.starts_with(b"[").then(|| skip_thread(rest)))?;
        return Some((program, rest));
    }
    let is_column = gap > 1 && program.len() > 1 && program.iter().all(u8::is_ascii_uppercase);
    is_column.then_some((program, rest))
}

/// Returns the class in the bracketed name of a thread at the beginning of `text`: `Election` for
/// `[QuorumPeer[myid=1]/0:0:2181:Election@774]`.
fn class_of_thread(text: &[u8]) -> Option<&[u8]> {
    let thread = &text[..text.len() - skip_thread(text).len()];
    let at = memchr::memrchr(b'@', thread)?;
    let is_line = thread[at + 1..].first().is_some_and(u8::is_ascii_digit);
    let start = memchr::memrchr2(b':', b'[', &thread[..at])? + 1;
    Some(&thread[start..at]).filter(|class| is_line && !class.is_empty())
}

/// Whether the text in brackets that was skipped between `text` and `rest` is the name of a thread: a dash or a logger
/// follows it. Otherwise it may be the beginning of the message.
fn is_thread(text: &[u8], rest: &[u8]) -> bool {
    let skipped = text[..text.len() - rest.len()].trim_ascii_end();
    skipped.ends_with(b"-") || ProgramTag::split(rest).is_some()
}

/// Skips the name of a thread in brackets at the beginning of `text`, and the dash after it.
fn skip_thread(text: &[u8]) -> &[u8] {
    let Some(rest) = text.strip_prefix(b"[") else { return text };
    let mut depth = 1;
    let close = rest.iter().position(|byte| {
        depth += i32::from(*byte == b'[') - i32::from(*byte == b']');
        depth == 0
    });
    close.map_or(text, |close| skip_marks(&rest[close + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the program, process id, level and message that `header` reads from `line` (`-` if missing).
    fn parts(line: &str, column: usize) -> Option<[String; 4]> {
        let rules = &StampRules::utc("2027-01-02T00:00:00Z".parse().expect("a valid instant"));
        let header = header(line.as_bytes(), column, rules)?;
        let text = |part: Option<&[u8]>| String::from_utf8_lossy(part.unwrap_or(b"-")).into_owned();
        Some([text(header.program), text(header.pid), text(header.level), text(Some(header.message))])
    }

    #[test]
    fn the_lines_of_spring_are_read() {
        for groups in ["[main]", "[shop] [nio-80-exec-1]", "[           main]"] {
            let line = format!("2026-11-12T10:00:00.123Z ERROR 7 --- {groups} o.C.[.[/].[x]    : no disk");
            check(&line, ["o.C.[.[/].[x]", "7", "ERROR", "no disk"]);
        }
        check("2026-11-12 10:00:00 INFO 7 --- [main] no disk", ["-", "-", "INFO", "7 --- [main] no disk"]);
    }

    #[test]
    fn levels_before_the_stamp_are_read() {
        check_column("WARNING 2026-11-12 10:00:00,123 log 7 no disk", 1, "WARNING");
        check_column("E [12/Nov/2026:10:00:00 +0100] no disk", 1, "E");
        check_column("[I 2026-11-12 10:00:00.123 App] up", 1, "I");
        check_column("log 2026-11-12 10:00:00 ERROR no disk", 1, "ERROR");
    }

    #[track_caller]
    fn check_column(line: &str, column: usize, level: &str) {
        assert_eq!(parts(line, column).map(|[_, _, found, _]| found).as_deref(), Some(level), "{line}");
    }

    #[test]
    fn a_label_may_come_before_the_stamp() {
        let header = header_of_label(b"Log started: 2026-11-12  10:00:00\n", &StampRules::default()).expect("a stamp");
        assert_eq!(header.stamp.map(|stamp| stamp.time.to_string()).as_deref(), Some("2026-11-12T10:00:00Z"));
        assert_eq!(header.message, b"Log started: 2026-11-12  10:00:00");
        for line in [
            "Next run: 2036-11-12 10:00:00",
            "Log started: 2026-11-12 10:00:00 no disk",
            "Log started: no",
            "2026-11-12 10:00:00",
        ] {
            assert_eq!(header_of_label(line.as_bytes(), &StampRules::default()), None, "{line}");
        }
    }

    #[test]
    fn reports_of_erlang_and_threads_come_before_their_stamps() {
        let sample = |text: &str| {
            let rules = StampRules::default();
            let detected = FORMAT.detect(&crate::log::format::spec::Sample::new(text.as_bytes(), &rules));
            (detected.format.is_distinct(), detected.format.joins_lines())
        };
        assert_eq!(sample("=ERROR REPORT==== 12-Nov-2026::10:00:01.5 ===\n** x\n** y\n"), (true, true));
        assert_eq!(sample("[main] 12 Nov 2026 10:00:00,123 INFO x\na.b.E: y\n"), (true, true));
        assert_eq!(sample("[a thread] 12 Nov 2026 10:00:00,123 INFO x\na.b.E: y\n"), (false, true));
        assert_eq!(sample("one two 12 Nov 2026 10:00:00,123 INFO x\n"), (false, false));
    }

    #[test]
    fn the_level_may_be_in_the_second_line() {
        let record = "Nov 12, 2026 10:00:00 AM a.b.Server start\nSEVERE: no disk\na.b.E: x";
        check(record, ["a.b.Server", "-", "SEVERE", "no disk\na.b.E: x"]);
        let record = "Nov 12, 2026 10:00:00 AM a.b.Server start\nno disk: x";
        check(record, ["-", "-", "-", "a.b.Server start\nno disk: x"]);
    }

    #[test]
    fn a_failed_request_is_an_error() {
        check(
            "[2026-11-12T10:00:00.114Z] \"GET /x HTTP/1.1\" 503 UH",
            ["-", "-", "error", "\"GET /x HTTP/1.1\" 503 UH"],
        );
        check("2026-11-12T10:00:00Z router: at=error code=H12", ["router", "-", "error", "router: at=error code=H12"]);
        check("2026-11-12 10:00:00| FATAL: no disk", ["-", "-", "FATAL", "no disk"]);
    }

    #[track_caller]
    fn check(line: &str, expected: [&str; 4]) {
        assert_eq!(parts(line, 0), Some(expected.map(str::to_owned)));
    }

    #[test]
    fn the_usual_families_are_read() {
        check(
            "2015-10-18 18:01:47,978 INFO [main] org.a.App: Created x",
            ["org.a.App", "-", "INFO", "org.a.App: Created x"],
        );
        check("2015-07-29 17:41:44,747 - INFO  [Q[myid=1]/0:0:F@774] - timed out", ["F", "-", "INFO", "timed out"]);
        check(
            "2017-05-16 00:00:00.008 25746 INFO nova.api [req-1 a] GET",
            ["nova.api", "25746", "INFO", "nova.api [req-1 a] GET"],
        );
        check("[Sun Dec 04 04:47:44 2005] [core:error] no", ["core", "-", "error", "no"]);
        check("081109 203615 148 INFO dfs.D$P: block b", ["dfs.D$P", "148", "INFO", "dfs.D$P: block b"]);
        check("03-17 16:13:38.811  1702  2395 D WindowManager: x", ["WindowManager", "1702", "D", "WindowManager: x"]);
        check("[Sun Dec 04 04:47:44 2005] [error] mod_jk x", ["-", "-", "error", "mod_jk x"]);
        check("20171223-22:15:29:606|Step_LSC|30002312|on 3579", ["Step_LSC", "30002312", "-", "on 3579"]);
        check("[10.30 16:49:06] chrome.exe - proxy open", ["chrome.exe", "-", "-", "chrome.exe - proxy open"]);
        check("2016-09-28 04:30:30, Info                  CBS    Loaded", ["CBS", "-", "Info", "CBS    Loaded"]);
        check("2024-01-01 12:00:00,123 - app.db - ERROR - no disk", ["-", "-", "ERROR", "no disk"]);
        check("1999-03-01T10:00:00Z imc: 421 NSO x", ["imc", "-", "-", "imc: 421 NSO x"]);
        check("2024-01-01 12:00:00 404 not found", ["-", "-", "-", "404 not found"]);
        check("2024-01-01 12:00:00", ["-", "-", "-", ""]);
    }

    #[test]
    fn a_word_that_may_belong_to_the_message_stays_in_it() {
        let check = |rest: &str, program: &str, level: &str| {
            check(&format!("2026-11-12T10:00:00Z {rest}"), [program, "-", level, rest]);
        };
        check("AH00489: configured", "-", "-");
        check("C-0x55d0c8: db/app@10.0.0.1:5432 login", "-", "-");
        check("x509: certificate has expired", "x509", "-");
        check("sync: x509: certificate has expired", "sync", "-");
        check("sync: error: x509: certificate has expired", "sync", "error");
        check("Error reloading the server", "-", "Error");
        check("panic: runtime error: no memory", "-", "panic");
        check("FATAL", "-", "FATAL");
        check("runtime: out of memory", "runtime", "-");
    }

    #[test]
    fn a_word_in_a_column_does_not_stay_in_it() {
        let check = |rest: &str, program: &str, level: &str, message: &str| {
            check(&format!("2026-11-12T10:00:00Z {rest}"), [program, "-", level, message]);
        };
        check("ERROR reloading the server", "-", "ERROR", "reloading the server");
        check("[error] reloading the server", "-", "error", "reloading the server");
        check("error   access  connection", "-", "error", "access  connection");
        check("INFO [Replica id=1] Shutting down", "-", "INFO", "[Replica id=1] Shutting down");
        check("ERROR x509: expired", "x509", "ERROR", "x509: expired");
    }

    #[test]
    fn a_logger_is_not_searched_for() {
        let rules = &StampRules::utc("2027-01-02T00:00:00Z".parse().expect("a valid instant"));
        let gist = |line: &'static str| header(line.as_bytes(), 0, rules).and_then(|header| header.gist);
        assert_eq!(gist("2026-11-12T10:00:00Z INFO [main] org.a.App: Created x"), Some(&b"Created x"[..]));
        assert_eq!(gist("2026-11-12T10:00:00Z Created x"), None);
    }

    #[test]
    fn unknown_columns_before_the_stamp_stay_in_the_message() {
        let line = "::1 - - [04/Nov/2000:03:13:20 +0000] \"GET / HTTP/1.0\" 200 5";
        assert_eq!(parts(line, 3), Some(["-", "-", "-", line].map(str::to_owned)));
        assert_eq!(parts(line, 0), None);
    }

    #[test]
    fn the_column_is_that_of_most_lines() {
        let column = |lines: &[&str]| {
            let lines: Vec<_> = lines.iter().map(|line| line.as_bytes()).collect();
            usual_column(&lines, &StampRules::default())
        };
        assert_eq!(column(&["a.log 2017-05-16 00:00:00 x", "a.log 2017-05-16 00:00:00 y", "2017-05-16 00:00:00"]), 1);
        assert_eq!(column(&["[2017-05-16 00:00:00] x"]), 0);
        assert_eq!(column(&["no stamp"]), 0);
    }
}
