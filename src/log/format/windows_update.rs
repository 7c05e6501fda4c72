//! `WindowsUpdate.log` of Windows before 10: date, time, process id, thread and component between tabs.

use super::columns::fields;
use super::header::Header;
use super::spec::{Format, FormatSpec, LogFormat};
use crate::log::timestamp::{StampRules, stamp_at};

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "windows_update",
    about: "`WindowsUpdate.log`: date, time, process, thread and component between tabs",
    example: "2001-04-17\t02:00:31:123\t 976\t4f0\tAgent\tWARNING: no connection",
    detect: |sample| sample.most_lines(WindowsUpdate),
});

#[derive(Debug)]
struct WindowsUpdate;

impl LogFormat for WindowsUpdate {
    fn header<'a>(&self, record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
        let record = record.trim_ascii_end();
        let mut columns = fields(record, b'\t');
        let mut next = || columns.next().map(|field| field.text);
        let (date, time, pid, thread, program) = (next()?, next()?, next()?, next()?, next()?);
        let is_hex = |text: &[u8]| !text.is_empty() && text.iter().all(u8::is_ascii_hexdigit);
        if date.len() != 10 || time.len() != 12 || !is_hex(pid) || !is_hex(thread) {
            return None;
        }
        let stamp = stamp_at(&[date, b" ", &time[..8], b".", &time[9..]].concat(), 0, rules)?;
        let message = after_tabs(record, 5)?.trim_ascii();
        let level = [&b"WARNING"[..], b"FATAL", b"ERROR"]
            .into_iter()
            .find(|word| message.strip_prefix(*word).is_some_and(|rest| rest.starts_with(b":")));
        Some(Header { stamp: Some(stamp), pid: Some(pid), program: Some(program), level, message, ..Header::default() })
    }
}

fn after_tabs(text: &[u8], n_tabs: usize) -> Option<&[u8]> {
    memchr::memchr_iter(b'\t', text).nth(n_tabs - 1).map(|at| &text[at + 1..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_and_level_are_read() {
        let header = WindowsUpdate.header(FORMAT.example().as_bytes(), &StampRules::default()).expect("a record");
        assert_eq!(header.stamp.map(|stamp| stamp.time.to_string()).as_deref(), Some("2001-04-17T02:00:31.123Z"));
        assert_eq!(
            (header.pid, header.program, header.level),
            (Some(&b"976"[..]), Some(&b"Agent"[..]), Some(&b"WARNING"[..]))
        );
        assert_eq!(header.message, b"WARNING: no connection");
    }

    #[test]
    fn other_lines_are_left() {
        for line in
            ["2001-04-17 02:00:31:123 976 4f0 Agent x", "2001-04-17\t02:00:31:123\tx\ty\tz\tw", "a\tb\tc\td\te\tf", ""]
        {
            assert_eq!(WindowsUpdate.header(line.as_bytes(), &StampRules::default()), None, "{line}");
        }
    }
}
