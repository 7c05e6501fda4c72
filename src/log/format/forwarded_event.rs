//! Windows events that agents forward to syslog, in the formats of Snare and NXLog, EventReporter, NTsyslog, and agents
//! that write `Source: number: text`.

use std::sync::LazyLock;

use memchr::memmem;

use super::header::Header;
use crate::log::timestamp::{StampRules, find_stamp};

/// The mark before the fields of a Snare record.
const SNARE: &[u8] = b"MSWinEventLog";

/// The beginning of a record of EventReporter.
const EVENT_REPORTER: &[u8] = b"EvntSLog";

/// The number of fields after [`SNARE`]: 0 criticality, 1 log, 2 counter, 3 time, 4 event, 5 source, 6 user, 7 kind of
/// user, 8 type, 9 computer, 10 category, 11 data, 12 text, 13 counter.
const SNARE_FIELDS: usize = 14;

/// Parses a record without a header of syslog, as Snare writes it to files: `HOST1<tab>MSWinEventLog<tab>…`.
pub(super) fn header<'a>(text: &'a [u8], level: Option<&'a [u8]>, rules: &StampRules) -> Option<Header<'a>> {
    let at = snare_at(text)?;
    let mut header = snare(&text[at..], Header { level, message: text, ..Header::default() })?;
    let time = split_tabs(&text[at + SNARE.len()..]).nth(4)?;
    header.stamp = find_stamp(time, rules);
    header.stamp.is_some().then_some(header)
}

/// Whether `line` begins with the name of a host and the fields of Snare.
pub(super) fn begins_record(line: &[u8]) -> bool {
    snare_at(line).is_some()
}

/// Replaces in the header of a syslog record the fields of the agent by those of the Windows event that it forwards.
/// Without such an event, the header is not changed.
pub(super) fn refine(header: &mut Header<'_>) {
    let text = header.message;
    let refined = if let Some(at) = snare_at(text) {
        snare(&text[at..], header.clone())
    } else if header.program.is_some_and(|program| program.starts_with(EVENT_REPORTER)) {
        event_reporter(text, header.clone())
    } else {
        nt_syslog(text, header).or_else(|| numbered(text, header))
    };
    if let Some(refined) = refined {
        *header = refined;
    }
}

/// Adds to `header` the event in the structured data of a record, as NXLog writes it:
/// `[NXLOG@14506 EventID="7036" SourceName="Disk"]`.
pub(super) fn structured<'a>(data: &'a [u8], header: Header<'a>) -> Header<'a> {
    let parameter = |name: &[u8]| {
        let (_, value) = split_at(data, name)?;
        split_at(value, b"\"").map(|(value, _)| value)
    };
    match parameter(b" EventID=\"").filter(|id| is_number(id)) {
        Some(id) => {
            let program = parameter(b" SourceName=\"").or(header.program);
            Header { event_id: Some(id), program, level: parameter(b" EventType=\"").or(header.level), ..header }
        }
        None => header,
    }
}

fn snare_at(text: &[u8]) -> Option<usize> {
    static SEARCH: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new(SNARE));
    let start = &text[..text.len().min(80)];
    SEARCH.find(start).filter(|at| is_tab(&text[at + SNARE.len()..]))
}

/// Whether `text` begins with a tab or with `#011`, which relays write for a tab.
fn is_tab(text: &[u8]) -> bool {
    text.starts_with(b"\t") || text.starts_with(b"#011")
}

/// Splits `text` at its tabs. If it begins with a tab, the first field is empty.
fn split_tabs(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let end = memchr::memchr2_iter(b'\t', b'#', text).find(|at| is_tab(&text[*at..]));
        rest = end.map(|at| &text[at + if text[at] == b'\t' { 1 } else { 4 }..]);
        Some(end.map_or(text, |at| &text[..at]))
    })
}

fn snare<'a>(text: &'a [u8], header: Header<'a>) -> Option<Header<'a>> {
    let mut fields = [&b""[..]; SNARE_FIELDS];
    let found = split_tabs(&text[SNARE.len()..]).skip(1).zip(&mut fields).map(|(field, place)| *place = field).count();
    let [_, _, _, _, event_id, source, _, _, kind, computer, _, data, message, _] = fields;
    if found < 11 || !is_number(event_id) || source.is_empty() {
        return None;
    }
    let message = if message.is_empty() { data } else { message };
    Some(Header {
        host: Some(computer).filter(|computer| !computer.is_empty()).or(header.host),
        program: Some(source),
        event_id: Some(event_id),
        level: Some(kind),
        pid: None,
        message: message.trim_ascii(),
        gist: None,
        ..header
    })
}

/// Parses the text of an EventReporter record: `[ERR] Thu Feb 15 14:00:58 2001: HOST1/Source (4102) - "text"`.
fn event_reporter<'a>(text: &'a [u8], header: Header<'a>) -> Option<Header<'a>> {
    let (level, rest) = split_at(text.strip_prefix(b"[")?, b"] ")?;
    let (_, rest) = split_at(rest, b": ")?;
    let (place, rest) = split_at(rest, b" (")?;
    let (event_id, rest) = split_at(rest, b") - ")?;
    let (host, source) = split_at(place, b"/")?;
    let message = rest.trim_ascii();
    let message = message.strip_prefix(b"\"").map_or(message, |rest| rest.strip_suffix(b"\"").unwrap_or(rest));
    is_number(event_id).then_some(Header {
        host: Some(host),
        program: Some(source),
        event_id: Some(event_id),
        level: Some(level),
        pid: None,
        message,
        gist: None,
        ..header
    })
}

/// Parses the text of an NTsyslog record, such as `security[failure] 529 text`. It has the log and the kind of event
/// where other syslog records have program and process id.
fn nt_syslog<'a>(text: &'a [u8], header: &Header<'a>) -> Option<Header<'a>> {
    const LOGS: [&[u8]; 3] = [b"security", b"system", b"application"];
    if header.program.is_some() {
        return None;
    }
    let (log, rest) = split_at(&text[..text.len().min(40)], b"[")?;
    let (kind, rest) = split_at(rest, b"] ")?;
    let id_len = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let known = LOGS.iter().any(|name| log.eq_ignore_ascii_case(name));
    let (event_id, _) = rest.split_at(id_len);
    let end = log.len() + 1 + kind.len() + 2 + id_len;
    (known && is_number(event_id) && text.get(end).is_some_and(|byte| *byte == b' ')).then(|| Header {
        program: Some(log),
        event_id: Some(event_id),
        level: Some(kind),
        message: text[end..].trim_ascii(),
        gist: None,
        ..header.clone()
    })
}

/// Parses the number and the text of a record such as `Service_Control_Manager: 7036: text`. `header` already contains
/// the program.
fn numbered<'a>(text: &'a [u8], header: &Header<'a>) -> Option<Header<'a>> {
    let program = header.program.filter(|program| program[0].is_ascii_uppercase() && header.pid.is_none())?;
    // An uncertain program is still part of the message, but not of the gist.
    let text = header.gist.unwrap_or(text);
    let id_len = text.iter().take(6).take_while(|byte| byte.is_ascii_digit()).count();
    let message = text[id_len..].strip_prefix(b": ")?;
    (1..=5).contains(&id_len).then(|| Header {
        program: Some(program),
        event_id: Some(&text[..id_len]),
        message: message.trim_ascii(),
        gist: None,
        ..header.clone()
    })
}

fn is_number(text: &[u8]) -> bool {
    (1..=10).contains(&text.len()) && text.iter().all(u8::is_ascii_digit)
}

/// Splits `text` at the first `mark`. Returns the text before it and after it.
fn split_at<'t>(text: &'t [u8], mark: &[u8]) -> Option<(&'t [u8], &'t [u8])> {
    memmem::find(text, mark).map(|at| (&text[..at], &text[at + mark.len()..]))
}

#[cfg(test)]
mod tests {
    use super::super::spec::LogFormat;
    use super::super::syslog::Syslog;
    use crate::log::timestamp::StampRules;

    /// Checks what is read from `line`: host, program, event id, level and message (`-` if missing).
    #[track_caller]
    fn check(line: &str, expected: [&str; 5]) {
        let rules = &StampRules::utc("2017-01-02T00:00:00Z".parse().expect("a valid instant"));
        let header = Syslog.header(line.as_bytes(), rules).expect("a header");
        let text = |part: Option<&[u8]>| String::from_utf8_lossy(part.unwrap_or(b"-")).into_owned();
        let parts = [header.host, header.program, header.event_id, header.level, Some(header.message)].map(text);
        assert_eq!(parts, expected.map(str::to_owned));
        assert!(header.stamp.is_some());
    }

    const SNARE_BODY: &str = "1\tSystem\t77\tTue Apr 17 02:00:31 2001\t7023\tService Control Manager\tSYSTEM\t\
        Well Known Group\tError\tHOST1\tNone\t\tThe mail service stopped.\t12";

    #[test]
    fn each_agent_is_read() {
        let event = ["HOST1", "Service Control Manager", "7023", "Error", "The mail service stopped."];
        check(&format!("<11>Apr 17 02:00:31 relay MSWinEventLog\t{SNARE_BODY}"), event);
        check(&format!("HOST1\tMSWinEventLog\t{SNARE_BODY}"), event);
        check(&format!("<11>Apr 17 02:00:31 relay MSWinEventLog\t{SNARE_BODY}").replace('\t', "#011"), event);
        check(
            "Apr 17 02:00:32 relay EvntSLog: [ERR] Tue Apr 17 02:00:31 2001: HOST1/Disk (7) - \"A bad block.\"",
            ["HOST1", "Disk", "7", "ERR", "A bad block."],
        );
        check(
            "<13>Apr 17 02:00:31 host1 security[failure] 529 NT AUTHORITY\\SYSTEM Logon failure",
            ["host1", "security", "529", "failure", "NT AUTHORITY\\SYSTEM Logon failure"],
        );
        check(
            "<27>Apr 17 02:00:31 host1 Service_Control_Manager: 7023: The mail service stopped.",
            ["host1", "Service_Control_Manager", "7023", "err", "The mail service stopped."],
        );
        check(
            "<11>1 2011-04-17T02:00:31Z host1 nxlog 44 - [NXLOG@14506 EventType=\"ERROR\" EventID=\"7\" \
             SourceName=\"Disk\"] A bad block.",
            ["host1", "Disk", "7", "ERROR", "A bad block."],
        );
    }

    #[test]
    fn a_line_that_only_resembles_an_event_is_left() {
        let line = "Apr 17 02:00:31 relay cron: 12: ended";
        check(line, ["relay", "cron", "-", "-", "12: ended"]);
        check("Apr 17 02:00:31 relay MSWinEventLog\ttoo\tshort", ["relay", "-", "-", "-", "MSWinEventLog\ttoo\tshort"]);
        check("Apr 17 02:00:31 relay EvntSLog: started", ["relay", "EvntSLog", "-", "-", "started"]);
        check("Apr 17 02:00:31 relay security[failure] none", ["relay", "-", "-", "-", "security[failure] none"]);
    }
}
