//! Windows events as the event viewers copy them: blocks of lines `Name: value`, then the description.

use memchr::memmem;

use super::columns::Role;
use super::header::Header;
use super::spec::{Detected, Format, FormatSpec, LogFormat, OpenRecord};
use crate::log::timestamp::{StampRules, stamp_at};

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "windows_event",
    about: "Windows events as the event viewers copy them, from `Event Type:` or `Log Name:` to `Description:`",
    example: "Event Type: Error\nEvent Source: Disk\nEvent ID: 7\nDescription:\nThe device has a bad block.",
    detect: |sample| {
        let found = first_field(&sample.lines);
        Detected::new(WindowsEvent { first_field: found.unwrap_or(FIRST_FIELDS[0]) }, found.is_some())
    },
});

#[derive(Debug)]
struct WindowsEvent {
    /// The name of the field with which each block begins.
    first_field: &'static [u8],
}

impl LogFormat for WindowsEvent {
    fn header<'a>(&self, record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
        header(record, rules)
    }

    fn continues(&self, _open: OpenRecord, rest: &[u8], _indent_continues: bool) -> bool {
        !rest.starts_with(self.first_field)
    }
}

const DESCRIPTION: &[u8] = b"Description:";

/// The names of fields and their roles, in the viewer of Windows NT to 2003 (blocks begin with `Event Type:`) and in
/// the viewer since Vista (blocks begin with `Log Name:`). The description extends to the end of the block.
const FIELDS: &[(&[u8], Option<Role>)] = &[
    (b"Event Type:", Some(Role::Level)),
    (b"Event Source:", Some(Role::Program)),
    (b"Event Category:", None),
    (b"Event ID:", Some(Role::EventId)),
    (b"Log Name:", None),
    (b"Source:", Some(Role::Program)),
    (b"Task Category:", None),
    (b"Level:", Some(Role::Level)),
    (b"Keywords:", None),
    (b"Date:", Some(Role::Date)),
    (b"Time:", Some(Role::Time)),
    (b"User:", None),
    (b"Computer:", Some(Role::Host)),
    (DESCRIPTION, Some(Role::Message)),
];

/// The names of the fields with which blocks begin, the more frequent one first.
const FIRST_FIELDS: [&[u8]; 2] = [b"Event Type:", b"Log Name:"];

/// The line after the description under which the newer viewer repeats the event as XML.
const XML: &[u8] = b"\nEvent Xml:";

/// The fewest fields by which a block is recognised.
const MIN_FIELDS: usize = 3;

fn field(line: &[u8]) -> Option<(Option<Role>, &[u8])> {
    FIELDS.iter().find_map(|(name, role)| line.strip_prefix(*name).map(|value| (*role, value.trim_ascii())))
}

/// Returns the name of the field with which the blocks of a source begin; `None` if the source does not begin with a
/// block. Fields need not be most of the lines, because a description may be far longer.
fn first_field(lines: &[&[u8]]) -> Option<&'static [u8]> {
    let first = lines.first()?;
    let found = FIRST_FIELDS.into_iter().find(|name| first.starts_with(name))?;
    let n_fields = lines.iter().take_while(|line| field(line).is_some()).count();
    (n_fields >= MIN_FIELDS).then_some(found)
}

/// Parses a block; `None` if `record` is not one. The message is the description.
fn header<'a>(record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
    if !FIRST_FIELDS.iter().any(|name| record.starts_with(name)) {
        return None;
    }
    let mut header = Header { message: record.trim_ascii(), ..Header::default() };
    let (mut date, mut time): (&[u8], &[u8]) = (b"", b"");
    let mut start = 0;
    for line in record.split_inclusive(|byte| *byte == b'\n') {
        let rest = &record[start..];
        start += line.len();
        let Some((role, value)) = field(line) else { continue };
        match role {
            Some(Role::Date) => date = value,
            Some(Role::Time) => time = value,
            Some(Role::Level) => header.level = Some(value),
            Some(Role::Program) => header.program = Some(value),
            Some(Role::EventId) => header.event_id = Some(value),
            Some(Role::Host) => header.host = Some(value),
            Some(Role::Message) => {
                let text = &rest[DESCRIPTION.len()..];
                header.message = text[..memmem::find(text, XML).unwrap_or(text.len())].trim_ascii();
                break;
            }
            Some(Role::Reply) | None => {}
        }
    }
    header.stamp = stamp_at([date, b" ", time].concat().trim_ascii(), 0, rules);
    Some(header)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks what `header` reads from `block`: the time; and host, program, level, event id and message.
    #[track_caller]
    fn check(block: &str, time: &str, expected: [&str; 5]) {
        let header = header(block.as_bytes(), &StampRules::default()).expect("a block");
        let stamp = header.stamp.clone().map(|stamp| stamp.time);
        assert_eq!(stamp, Some(time.parse().expect("a valid instant")));
        let parts = [header.host, header.program, header.level, header.event_id, Some(header.message)];
        assert_eq!(parts, expected.map(|part| Some(part.as_bytes())));
    }

    #[test]
    fn a_block_is_read() {
        check(
            "Event Type:\tError\r\nEvent Source:\tREPLICATOR\r\nEvent ID:\t3216\r\nDate:\t\t4/17/2001\r\n\
             Time:\t\t2:00:31 AM\r\nComputer:\tDC1\r\nDescription:\r\nSystem error 67\r\noccurred.\r\n",
            "2001-04-17T02:00:31Z",
            ["DC1", "REPLICATOR", "Error", "3216", "System error 67\r\noccurred."],
        );
    }

    #[test]
    fn a_newer_block_is_read() {
        check(
            "Log Name:      System\nSource:        Disk\nDate:          4/17/2011 2:00:31 PM\nEvent ID:      7\n\
             Task Category: None\nLevel:         Error\nKeywords:      Classic\nUser:          N/A\n\
             Computer:      host1\nDescription:\nA bad block.\nTime: unknown\nEvent Xml:\n<Event/>\n",
            "2011-04-17T14:00:31Z",
            ["host1", "Disk", "Error", "7", "A bad block.\nTime: unknown"],
        );
    }

    #[test]
    fn another_record_is_not_a_block() {
        assert_eq!(header(b"Error\n", &StampRules::default()), None);
        let lines = |text: &'static str| text.lines().map(str::as_bytes).collect::<Vec<_>>();
        assert_eq!(first_field(&lines("Log Name: x\nnothing more")), None);
        assert_eq!(first_field(&lines("Source: x\nEvent ID: 1\nLevel: Error")), None);
    }
}
