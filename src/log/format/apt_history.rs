//! `history.log` of apt: blocks of lines `Name: value` from `Start-Date:` to `End-Date:`.

use super::header::Header;
use super::spec::{Detected, Format, FormatSpec, LogFormat, OpenRecord};
use crate::log::timestamp::{StampRules, stamp_at};

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "apt_history",
    about: "`history.log` of apt",
    example: "Start-Date: 2001-04-17  02:00:31\nCommandline: apt-get install x\nError: no space left on device",
    detect: |sample| {
        let fits = sample.lines.first().is_some_and(|line| line.starts_with(START));
        Detected::new(AptHistory, fits)
    },
});

#[derive(Debug)]
struct AptHistory;

const START: &[u8] = b"Start-Date: ";

impl LogFormat for AptHistory {
    /// All of the block is the message. A line `Error:` makes it an error.
    fn header<'a>(&self, record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
        let start = self.field(record, "Start_Date").filter(|_| record.starts_with(START))?;
        let (date, time) = start.split_at_checked(10)?;
        Some(Header {
            stamp: stamp_at(&[date, b" ", time.trim_ascii()].concat(), 0, rules),
            level: self.field(record, "Error").map(|_| &b"error"[..]),
            message: record.trim_ascii(),
            gist: self.field(record, "Error"),
            ..Header::default()
        })
    }

    fn continues(&self, _open: OpenRecord, rest: &[u8], _indent_continues: bool) -> bool {
        !rest.starts_with(START)
    }

    fn field<'a>(&self, record: &'a [u8], name: &str) -> Option<&'a [u8]> {
        fields(record).find(|(found, _)| super::field_names::name_in_rules(found) == name).map(|(_, value)| value)
    }

    fn field_names(&self, record: &[u8]) -> Vec<String> {
        fields(record).map(|(name, _)| super::field_names::name_in_rules(name)).collect()
    }
}

fn fields(record: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    record.split(|byte| *byte == b'\n').filter_map(|line| {
        let colon = memchr::memmem::find(line, b": ")?;
        Some((&line[..colon], line[colon + 2..].trim_ascii()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_read() {
        let block =
            b"Start-Date: 2001-04-17  02:00:31\nCommandline: apt-get install x\nError: no room\nEnd-Date: x\n\n";
        let header = AptHistory.header(block, &StampRules::default()).expect("a block");
        assert_eq!(header.stamp.map(|stamp| stamp.time.to_string()).as_deref(), Some("2001-04-17T02:00:31Z"));
        assert_eq!((header.level, header.gist), (Some(&b"error"[..]), Some(&b"no room"[..])));
        assert_eq!(AptHistory.field_names(block), ["Start_Date", "Commandline", "Error", "End_Date"]);
        let fine = AptHistory.header(b"Start-Date: 2001-04-17  02:00:31\n", &StampRules::default());
        assert_eq!(fine.map(|header| (header.level, header.gist)), Some((None, None)));
    }

    #[test]
    fn other_lines_are_left() {
        assert_eq!(AptHistory.header(b"Commandline: x", &StampRules::default()), None);
        assert_eq!(AptHistory.header(b"Start-Date: x", &StampRules::default()), None);
    }
}
