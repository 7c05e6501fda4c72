//! Application logs: a stamp of any known form, then maybe a process id, a level, a thread and a logger.

use super::header::{Header, ProgramTag, split_word};
use super::level::Level;
use super::spec::{Format, FormatSpec, LogFormat};
use crate::log::timestamp::{FoundStamp, StampRules, find_stamp};

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "dated",
    about: "a stamp of any known form, then maybe a level, a thread and a logger, then the message",
    example: "2015-10-18 18:01:47,978 ERROR [main] org.a.App: no space left on device",
    detect: |sample| sample.most_lines(Dated { stamp_column: usual_column(&sample.lines, sample.rules) }),
});

#[derive(Debug)]
struct Dated {
    /// The number of words before the stamp in most records.
    stamp_column: usize,
}

impl LogFormat for Dated {
    fn header<'a>(&self, record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
        header(record, self.stamp_column, rules)
    }
}

/// The most words between the stamp and the level: process and thread ids, a thread's name, a logger.
const WORDS_BEFORE_LEVEL: usize = 3;

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
    let rest = &record[stamp.range.end..];
    let mut header = match rest {
        [b'|', fields @ ..] => piped(fields),
        _ => spaced(rest),
    };
    if column > 0 {
        header.message = record;
        header.gist = Some(rest.trim_ascii());
    }
    header.stamp = Some(stamp);
    Some(header)
}

/// Parses a text without a stamp.
pub(super) fn without_stamp(text: &[u8]) -> Header<'_> {
    spaced(text)
}

fn column(line: &[u8], stamp: &FoundStamp) -> usize {
    let words = line[..stamp.range.start].split(u8::is_ascii_whitespace);
    words.filter(|word| word.iter().any(|byte| !b"[](){}<>".contains(byte))).count()
}

/// Parses the text after a stamp in the form `Step_LSC|30002312|message`: program, process id and message.
fn piped(fields: &[u8]) -> Header<'_> {
    let mut parts = fields.splitn(3, |byte| *byte == b'|');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(program), Some(pid), Some(message)) if pid.iter().all(u8::is_ascii_digit) => {
            Header { program: Some(program), pid: Some(pid), message: message.trim_ascii(), ..Header::default() }
        }
        _ => Header { message: fields, ..Header::default() },
    }
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
    let found_level = FoundLevel::find(text);
    if let Some(found) = &found_level {
        header.level = Some(found.level);
        header.pid = found.pid;
        gist = skip_thread(found.rest);
        header.message = match found.is_column {
            true if is_thread(found.rest, gist) => gist,
            true => found.rest,
            false => found.from_level,
        };
    }
    if let Some(tag) = ProgramTag::split(gist) {
        header.program = Some(tag.program);
        header.level = header.level.or_else(|| first_level(tag.rest));
        if tag.pid.is_some() {
            header.pid = tag.pid;
            header.message = tag.rest;
        }
        gist = tag.rest;
    } else if let Some((program, rest)) = untagged_program(gist) {
        header.program = Some(program);
        gist = rest;
    }
    if let Some(found) = found_level {
        header.program = header.program.or(found.module).or_else(|| class_of_thread(found.rest));
    }
    header.gist = Some(gist).filter(|gist| gist.len() < header.message.len());
    header
}

/// Returns the word for a level at the beginning of `text`; `None` if there is none, or if it is a single letter.
fn first_level(text: &[u8]) -> Option<&[u8]> {
    let (word, _) = split_word(text)?;
    Some(trim_marks(word)).filter(|word| word.len() > 1 && Level::by_word(word).is_some())
}

/// A level that was found among the first words of a text.
struct FoundLevel<'a> {
    level: &'a [u8],
    /// The module that Apache writes before the level: `[core:error]`.
    module: Option<&'a [u8]>,
    pid: Option<&'a [u8]>,
    /// Whether it is a column of its own: other columns come before it, or it is set apart. Otherwise it may be the first
    /// word of the message.
    is_column: bool,
    /// The text from the level on.
    from_level: &'a [u8],
    /// The text after the level.
    rest: &'a [u8],
}

impl<'a> FoundLevel<'a> {
    fn find(text: &'a [u8]) -> Option<Self> {
        let (mut from_level, mut pid) = (text, None);
        for before in 0..=WORDS_BEFORE_LEVEL {
            let (word, after) = split_word(from_level)?;
            let bare = trim_marks(word);
            let (module, bare) = module_and_level(word, bare);
            // A single letter is a level only after the ids, where Android writes one.
            if Level::by_word(bare).is_some() && (bare.len() > 1 || pid.is_some()) {
                let rest = skip_marks(after);
                let gap = &from_level[word.len()..from_level.len() - after.len()];
                let is_column = !rest.is_empty() && (before > 0 || is_set_apart(word, bare, gap, after));
                return Some(FoundLevel { level: bare, module, pid, is_column, from_level, rest });
            }
            let number = bare.iter().all(u8::is_ascii_digit);
            let marked = (word.len() > bare.len() && !word.ends_with(b":")) || after.starts_with(b"- ");
            if !number && !marked && !bare.contains(&b'.') {
                return None;
            }
            pid = pid.or((number && !bare.is_empty()).then_some(bare));
            from_level = after;
        }
        None
    }
}

/// Splits `[core:error]` into the module `core` and the level `error`; any other word has no module. `bare` is `word`
/// without the marks around it.
fn module_and_level<'a>(word: &[u8], bare: &'a [u8]) -> (Option<&'a [u8]>, &'a [u8]) {
    match bare.iter().position(|byte| *byte == b':') {
        Some(colon) if word.starts_with(b"[") && Level::by_word(&bare[colon + 1..]).is_some() => {
            (Some(&bare[..colon]), &bare[colon + 1..])
        }
        _ => (None, bare),
    }
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

/// Whether a level is written unlike a word of a sentence: in capitals, in brackets, or before a dash or a wide gap.
/// `word` is `level` with the marks around it, `gap` the blanks after it, and `after` the text after the gap.
fn is_set_apart(word: &[u8], level: &[u8], gap: &[u8], after: &[u8]) -> bool {
    let bracketed = word.strip_suffix(b":").unwrap_or(word).len() > level.len();
    let wide = gap.len() > 1 || gap == b"\t";
    level.iter().all(u8::is_ascii_uppercase) || bracketed || wide || after.starts_with(b"- ")
}

fn is_mark(byte: u8) -> bool {
    byte.is_ascii_whitespace() || b"[](){}<>,;|-:".contains(&byte)
}

fn trim_marks(word: &[u8]) -> &[u8] {
    let start = word.iter().position(|byte| !is_mark(*byte)).unwrap_or(word.len());
    let end = word.iter().rposition(|byte| !is_mark(*byte)).map_or(start, |last| last + 1);
    &word[start..end]
}

/// Skips blanks and the marks that end a stamp or a level (such as `] - `), but no mark that opens something, such as
/// `[`.
fn skip_marks(text: &[u8]) -> &[u8] {
    let closes = |byte: &u8| byte.is_ascii_whitespace() || b"]),;|:".contains(byte);
    let start = text.iter().position(|byte| !closes(byte)).unwrap_or(text.len());
    let text = &text[start..];
    text.strip_prefix(b"- ").map_or(text, <[u8]>::trim_ascii_start)
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
