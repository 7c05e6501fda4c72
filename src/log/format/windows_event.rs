//! Blocks as the Windows event viewer copies them, one `Name:<tab>value` a line, then the description.

use jiff::Timestamp;

use super::Header;
use crate::log::timestamp::stamp_at;

/// What each block begins with.
pub(super) const FIRST_FIELD: &[u8] = b"Event Type:";

const FIELDS: &[&[u8]] = &[
    FIRST_FIELD,
    b"Event Source:",
    b"Event Category:",
    b"Event ID:",
    b"Date:",
    b"Time:",
    b"User:",
    b"Computer:",
    b"Description:",
];

/// Whether the line is one of a block's head.
pub(super) fn is_field(line: &[u8]) -> bool {
    FIELDS.iter().any(|name| line.starts_with(name))
}

/// The fields of a block; its message is the description.
pub(super) fn header(record: &[u8], newest: Timestamp) -> Option<Header<'_>> {
    if !record.starts_with(FIRST_FIELD) {
        return None;
    }
    let field = |name: &[u8]| {
        let mut lines = record.split(|byte| *byte == b'\n');
        lines.find_map(|line| line.strip_prefix(name)).map(<[u8]>::trim_ascii)
    };
    let stamp = field(b"Date:").zip(field(b"Time:")).and_then(|(date, time)| {
        let joined = [date, b" ", time].concat();
        stamp_at(&joined, 0, newest)
    });
    let message = memchr::memmem::find(record, b"\nDescription:").map_or(record, |at| &record[at + 13..]);
    Some(Header {
        stamp,
        host: field(b"Computer:"),
        program: field(b"Event Source:"),
        level: field(FIRST_FIELD),
        event_id: field(b"Event ID:"),
        message: message.trim_ascii(),
        ..Header::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_read() {
        let block = b"Event Type:\tError\r\nEvent Source:\tREPLICATOR\r\nEvent ID:\t3216\r\nDate:\t\t4/17/2001\r\n\
            Time:\t\t2:00:31 AM\r\nComputer:\tDC1\r\nDescription:\r\nSystem error 67\r\noccurred.\r\n";
        let header = header(block, Timestamp::UNIX_EPOCH).expect("a block");
        let stamp = header.stamp.clone().map(|stamp| stamp.time);
        assert_eq!(stamp, Some("2001-04-17T02:00:31Z".parse().expect("a valid instant")));
        let parts = [header.host, header.program, header.level, header.event_id, Some(header.message)];
        let expected = ["DC1", "REPLICATOR", "Error", "3216", "System error 67\r\noccurred."];
        assert_eq!(parts, expected.map(|part| Some(part.as_bytes())));
    }

    #[test]
    fn another_record_is_no_block() {
        assert_eq!(header(b"Error\n", Timestamp::UNIX_EPOCH), None);
    }
}
