//! Syslog: records of RFC 3164, also with an ISO stamp; records of RFC 5424; and Windows events that agents forward.

use super::header::{Header, ProgramTag, split_word};
use super::level::Level;
use super::level_message::labelled_level;
use super::level_notation::facility_level;
use super::spec::{Format, FormatSpec, LogFormat};
use super::{access, cef, forwarded_event};
use crate::log::timestamp::{StampRules, stamp_at};

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "syslog",
    about: "RFC 3164, also with an ISO stamp, and RFC 5424; Windows events that agents forward",
    example: "Jun 14 15:16:01 combo sshd[19939]: error: Could not get shadow information for root",
    detect: |sample| sample.most_lines(Syslog),
});

#[derive(Debug)]
pub(super) struct Syslog;

impl LogFormat for Syslog {
    /// A line fits only if it has a program. Logs of applications write the same stamp, but most of their lines have
    /// none.
    fn fits(&self, line: &[u8], rules: &StampRules) -> bool {
        self.header(line, rules).is_some_and(|header| header.program.is_some())
    }

    fn is_distinct(&self) -> bool {
        true
    }

    fn joins_lines(&self) -> bool {
        true
    }

    fn begins_record(&self, line: &[u8], _rules: &StampRules) -> bool {
        forwarded_event::begins_record(line)
    }

    fn header<'a>(&self, record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
        header(record, rules)
    }
}

/// Parses a record of syslog; `None` for any other. Also parses a record without a program, such as
/// `last message repeated`.
pub(super) fn header<'a>(record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
    let (level, rest) = priority(record.trim_ascii());
    let header = match rest.strip_prefix(b"1 ") {
        Some(rest) if level.is_some() => rfc_5424(rest, level, rules),
        _ => rfc_3164(rest, level, rules),
    };
    let Some(mut header) = header else { return forwarded_event::header(rest, level, rules) };
    forwarded_event::refine(&mut header);
    cef::refine(&mut header);
    access::add_status(&mut header);
    header.level = header.level.or_else(|| labelled_level(header.message));
    Some(header)
}

/// Parses a record that cannot be of another format, because it has a priority or the process id of its program.
pub(super) fn certain_header<'a>(record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
    let has_priority = record.starts_with(b"<");
    let may_be = has_priority || record.first().is_some_and(u8::is_ascii_alphabetic);
    let header = if may_be { header(record, rules) } else { None };
    header.filter(|header| header.program.is_some() && (has_priority || header.pid.is_some()))
}

/// Reads the level in a priority at the beginning of `text`.
pub(super) fn priority_level(text: &[u8]) -> Option<&'static [u8]> {
    priority(text).0
}

/// Whether `line` begins with a priority such as `<34>`, and with the version or the stamp after it.
pub(super) fn begins_with_priority(line: &[u8]) -> bool {
    let (level, rest) = priority(line);
    level.is_some() && rest.first().is_some_and(u8::is_ascii_alphanumeric)
}

fn rfc_3164<'a>(text: &'a [u8], level: Option<&'a [u8]>, rules: &StampRules) -> Option<Header<'a>> {
    let stamp = stamp_at(text, 0, rules).filter(|_| is_syslog_stamp(text))?;
    let from_host = text[stamp.range.end..].strip_prefix(b" ")?;
    let (host, rest) = split_word(from_host).filter(|(host, _)| is_host(host))?;
    let (host, level, rest) = match facility_level(host) {
        Some(found) => (None, level.or(Some(found)), rest),
        None => (Some(host), level, rest),
    };
    let facility = split_word(rest).and_then(|(word, after)| Some((facility_level(word)?, after)));
    let (level, rest) =
        facility.or_else(|| level_column(rest)).map_or((level, rest), |(found, after)| (level.or(Some(found)), after));
    let tag = ProgramTag::split(rest);
    let remark = tag.as_ref().and_then(|tag| tag.remark).filter(|word| Level::by_word(word).is_some());
    let level = level.or(remark);
    let (program, pid, gist) = match tag {
        Some(tag) => (Some(tag.program), tag.pid, tag.rest),
        None => (None, None, rest),
    };
    let named = program.filter(|word| pid.is_none() && word.len() > 2 && Level::by_word(word).is_some());
    let (level, program) = if named.is_some() { (level.or(named), None) } else { (level, program) };
    // Applications write ISO stamps too, but no host. After such a stamp, `Cannot connect: refused` is kept as the
    // message.
    let is_certain = text[0].is_ascii_alphabetic() || level.is_some() || pid.is_some();
    let message = if is_certain { gist } else { from_host };
    let gist = Some(gist).filter(|gist| gist.len() < message.len());
    Some(Header { stamp: Some(stamp), host, program, pid, level, message, gist, ..Header::default() })
}

/// Splits off a level between the host and a program with its process id, as load balancers of F5 write it.
fn level_column(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let (word, after) = split_word(text)?;
    let is_level = word.len() > 2 && word.iter().all(u8::is_ascii_lowercase) && Level::by_word(word).is_some();
    (is_level && ProgramTag::split(after).is_some_and(|tag| tag.pid.is_some())).then_some((word, after))
}

/// Parses a record of RFC 5424 after its version: stamp, host, program, process id, message id and structured data,
/// each `-` if missing, then the message.
fn rfc_5424<'a>(text: &'a [u8], level: Option<&'a [u8]>, rules: &StampRules) -> Option<Header<'a>> {
    let known = |word: &'a [u8]| (word != b"-").then_some(word);
    let (time, rest) = split_word(text)?;
    let (host, rest) = split_word(rest)?;
    let (program, rest) = split_word(rest)?;
    let (pid, rest) = split_word(rest)?;
    let (event_id, rest) = split_word(rest)?;
    let stamp = stamp_at(time, 0, rules);
    if stamp.is_none() && time != b"-" {
        return None;
    }
    let message = after_structured_data(rest);
    let header = Header {
        stamp,
        host: known(host),
        program: known(program),
        pid: known(pid),
        level,
        event_id: known(event_id),
        message,
        ..Header::default()
    };
    Some(forwarded_event::structured(&rest[..rest.len() - message.len()], header))
}

/// Reads a priority such as `<34>` at the beginning of `text`. Returns the word for its level (`None` without a
/// priority) and the text after it.
fn priority(text: &[u8]) -> (Option<&'static [u8]>, &[u8]) {
    let parsed = || {
        let rest = text.strip_prefix(b"<")?;
        let end = rest.iter().take(4).position(|byte| *byte == b'>')?;
        let number: u16 = std::str::from_utf8(&rest[..end]).ok()?.parse().ok()?;
        Some((Level::word_for_priority(number).as_bytes(), &rest[end + 1..]))
    };
    parsed().map_or((None, text), |(level, rest)| (Some(level), rest))
}

/// Whether the stamp at the beginning of `text` begins with the name of a month, or is ISO with a `T`. Other stamps
/// belong to logs of applications, which rarely contain a host.
fn is_syslog_stamp(text: &[u8]) -> bool {
    text[0].is_ascii_alphabetic() || text.get(10).is_some_and(|byte| *byte == b'T')
}

fn is_host(word: &[u8]) -> bool {
    !word.ends_with(b":")
        && !b"[(<{\"'%#".contains(&word[0])
        && Level::by_word(word).is_none()
        && word.iter().any(|byte| !byte.is_ascii_digit())
}

fn after_structured_data(text: &[u8]) -> &[u8] {
    if let Some(rest) = text.strip_prefix(b"-") {
        return rest.trim_ascii_start();
    }
    let mut rest = text;
    while rest.first() == Some(&b'[') {
        let Some(close) = closing_bracket(rest) else { return text };
        rest = &rest[close + 1..];
    }
    rest.trim_ascii_start()
}

/// Returns the offset of the bracket that ends the element at the beginning of `text`. Brackets inside quoted values do
/// not count.
fn closing_bracket(text: &[u8]) -> Option<usize> {
    let (mut quoted, mut escaped) = (false, false);
    text.iter().position(|byte| {
        let closes = *byte == b']' && !quoted;
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => quoted = !quoted,
            _ => {}
        }
        closes
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(line: &str) -> Option<[String; 5]> {
        let rules = &StampRules::utc("2017-01-02T00:00:00Z".parse().expect("a valid instant"));
        let header = Syslog.header(line.as_bytes(), rules)?;
        let text = |part: Option<&[u8]>| String::from_utf8_lossy(part.unwrap_or(b"-")).into_owned();
        Some([
            text(header.host),
            text(header.program),
            text(header.pid),
            text(header.level),
            text(Some(header.message)),
        ])
    }

    #[track_caller]
    fn check(line: &str, expected: [&str; 5]) {
        assert_eq!(parts(line), Some(expected.map(str::to_owned)));
    }

    #[test]
    fn both_rfcs_are_read() {
        check(
            "Jun 14 15:16:01 combo sshd(pam_unix)[19939]: failure; x",
            ["combo", "sshd(pam_unix)", "19939", "-", "failure; x"],
        );
        check("<13>Jul  1 09:00:55 host kernel: a: b", ["host", "kernel", "-", "notice", "a: b"]);
        check("2024-05-01T10:00:00.1+02:00 host cron[1]: x", ["host", "cron", "1", "-", "x"]);
        check("<13>2024-05-01T10:00:00Z host kernel: a: b", ["host", "kernel", "-", "notice", "a: b"]);
        check(
            "2024-05-01T10:00:00Z Cannot connect: refused",
            ["Cannot", "connect", "-", "-", "Cannot connect: refused"],
        );
        check("Jul  1 09:00:55 host last message repeated", ["host", "-", "-", "-", "last message repeated"]);
        check(
            "<34>1 2003-10-11T22:14:15.003Z h.example su 77 ID47 [a@1 k=\"v]\\\"\"][b] 'su' failed",
            ["h.example", "su", "77", "crit", "'su' failed"],
        );
        check("<34>1 - - - - - -", ["-", "-", "-", "crit", ""]);
    }

    #[test]
    fn a_level_may_be_named_before_the_program() {
        check("Sat Jun 14 15:16:01 2025 daemon.err ntpd[7]: x", ["-", "ntpd", "7", "err", "x"]);
        check("Jun 14 15:16:01 box local0.warn ap: x", ["box", "ap", "-", "warn", "x"]);
        check("Jun 14 15:16:01 kdc krb5kdc[7](Error): x", ["kdc", "krb5kdc", "7", "Error", "x"]);
        check("Jun 14 15:16:01 lb err tmm[7]: x", ["lb", "tmm", "7", "err", "x"]);
        check(
            "Jun 14 15:16:01 fw utm[7]: id=\"1\" severity=\"warn\" x",
            ["fw", "utm", "7", "warn", "id=\"1\" severity=\"warn\" x"],
        );
        check("2024-05-01T10:00:00Z - error: no disk", ["-", "-", "-", "error", "no disk"]);
    }

    #[test]
    fn other_lines_are_not() {
        for line in ["", "2024-01-01T00:00:00Z ERROR app: x", "1999-03-01T10:00:00Z imc: 421", "<34>1 noon h p 1 - - x"]
        {
            assert_eq!(parts(line), None, "{line}");
        }
    }
}
