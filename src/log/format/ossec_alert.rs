//! `alerts.log` of OSSEC and Wazuh: blocks that begin with the number of the alert, then the rule and the record that it fits.

use super::header::Header;
use super::spec::{Detected, Format, FormatSpec, LogFormat, OpenRecord};
use crate::log::timestamp::{StampRules, stamp_at};

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "ossec_alert",
    about: "`alerts.log` of OSSEC and Wazuh",
    example: "** Alert 1445191307.1012: - syslog,sshd,\n2015 Oct 18 18:01:47 web1->/var/log/auth.log\n\
              Rule: 5710 (level 5) -> 'Attempt to login using a non-existent user'\n\
              Oct 18 18:01:46 web1 sshd[811]: Invalid user a from 192.0.2.66",
    detect: |sample| Detected::new(OssecAlert, sample.lines.first().is_some_and(|line| begins_alert(line))),
});

#[derive(Debug)]
struct OssecAlert;

const START: &[u8] = b"** Alert ";

impl LogFormat for OssecAlert {
    fn header<'a>(&self, record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
        let number = record.strip_prefix(START)?;
        let seconds = &number[..memchr::memchr(b'.', number)?];
        let rule = value(record, b"Rule: ");
        Some(Header {
            stamp: stamp_at(seconds, 0, rules),
            event_id: rule.and_then(|rule| rule.split(|byte| *byte == b' ').next()),
            message: record.trim_ascii(),
            gist: rule,
            ..Header::default()
        })
    }

    fn continues(&self, _open: OpenRecord, rest: &[u8], _indent_continues: bool) -> bool {
        !begins_alert(rest)
    }
}

fn begins_alert(line: &[u8]) -> bool {
    line.strip_prefix(START).is_some_and(|rest| rest.first().is_some_and(u8::is_ascii_digit))
}

/// Returns the rest of the first line of `record` that begins with `label`.
fn value<'a>(record: &'a [u8], label: &[u8]) -> Option<&'a [u8]> {
    record.split(|byte| *byte == b'\n').find_map(|line| line.strip_prefix(label)).map(<[u8]>::trim_ascii)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alert_is_read() {
        let alert = FORMAT.example();
        let header = OssecAlert.header(alert.as_bytes(), &StampRules::default()).expect("an alert");
        assert_eq!(header.stamp.map(|stamp| stamp.time.to_string()).as_deref(), Some("2015-10-18T18:01:47Z"));
        assert_eq!(header.event_id, Some(&b"5710"[..]));
        assert_eq!(header.gist, Some(&b"5710 (level 5) -> 'Attempt to login using a non-existent user'"[..]));
        assert_eq!(header.message, alert.as_bytes());
    }

    #[test]
    fn other_lines_are_left() {
        for line in ["** Alert x", "** Alert 7", "2001 Apr 17 02:00:31 web1", ""] {
            assert_eq!(OssecAlert.header(line.as_bytes(), &StampRules::default()), None, "{line}");
        }
    }
}
