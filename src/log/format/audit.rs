//! Records of auditd: `type=SYSCALL msg=audit(1714557602.123:42): arch=… success=no comm="nginx"`.

use memchr::memmem;

use super::header::Header;
use super::logfmt::{field, value_stamp};
use crate::log::timestamp::StampRules;

/// The beginning of the stamp and the serial number of a record.
const MARK: &[u8] = b"audit(";

/// What a record of a failed or refused action contains.
const FAILED: [&[u8]; 4] = [b"res=failed", b"res=0", b"success=no", b" denied "];

/// Parses a record of auditd; `None` if `record` is none. The serial number is the event id: the records of one event
/// have the same.
pub(super) fn header<'a>(record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
    let start = &record[..record.len().min(200)];
    let at = memmem::find(start, b"msg=audit(")? + 4 + MARK.len();
    let len = memchr::memchr(b')', &record[at..(at + 60).min(record.len())])?;
    let (inside, rest) = (&record[at..at + len], &record[at + len + 1..]);
    let colon = memchr::memrchr(b':', inside)?;
    let message = rest.trim_ascii_start().strip_prefix(b":")?.trim_ascii();
    let is_failed = FAILED.iter().any(|failed| memmem::find(message, failed).is_some());
    Some(Header {
        stamp: Some(value_stamp(&inside[..colon], rules)?),
        host: field(start, "node"),
        program: field(message, "comm").or_else(|| field(message, "exe").map(base_name)),
        pid: field(message, "pid").filter(|pid| pid.iter().all(u8::is_ascii_digit)),
        level: is_failed.then_some(b"warning"),
        event_id: Some(&inside[colon + 1..]),
        message,
        ..Header::default()
    })
}

fn base_name(path: &[u8]) -> &[u8] {
    memchr::memrchr(b'/', path).map_or(path, |slash| &path[slash + 1..])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks the time, host, program, level, event id and message of `line` (`-` if missing).
    #[track_caller]
    fn check(line: &str, expected: Option<&str>) {
        let found = header(line.as_bytes(), &StampRules::default()).map(|header| {
            let text = |part: Option<&[u8]>| String::from_utf8_lossy(part.unwrap_or(b"-")).into_owned();
            let time = header.stamp.map_or("-".to_owned(), |stamp| stamp.time.to_string());
            let parts = [header.host, header.program, header.level, header.event_id, Some(header.message)].map(text);
            format!("{time} {}", parts.join(" "))
        });
        assert_eq!(found.as_deref(), expected, "{line}");
    }

    #[test]
    fn each_kind_of_record_is_read() {
        check(
            r#"type=SYSCALL msg=audit(1714557602.123:42): arch=c0 success=no comm="ls" exe="/bin/ls""#,
            Some(r#"2024-05-01T10:00:02.123Z - ls warning 42 arch=c0 success=no comm="ls" exe="/bin/ls""#),
        );
        check(
            "node=h1 type=USER_AUTH msg=audit(1714557602.000:43): pid=7 msg='op=login exe=\"/bin/su\" res=success'",
            Some("2024-05-01T10:00:02Z h1 - - 43 pid=7 msg='op=login exe=\"/bin/su\" res=success'"),
        );
        check(
            "type=PATH msg=audit(05/01/2024 10:00:02.500:44) : item=0 name=/x",
            Some("2024-05-01T10:00:02.5Z - - - 44 item=0 name=/x"),
        );
        check(
            "type=AVC msg=audit(1714557602.5:45): avc:  denied  { read } for  pid=1 comm=\"a b\"",
            Some("2024-05-01T10:00:02.5Z - a b warning 45 avc:  denied  { read } for  pid=1 comm=\"a b\""),
        );
    }

    #[test]
    fn other_records_are_left() {
        for line in [
            "",
            "type=X msg=audit(",
            "type=X msg=audit(1): x",
            "type=X msg=audit(soon:1): x",
            "msg=audit(1714557602.5:4) x",
        ] {
            check(line, None);
        }
    }
}
