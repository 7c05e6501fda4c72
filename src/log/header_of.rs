//! Finds where the message of a single line begins, for texts that may be lines of logs.

use super::format::SourceFormat;
use super::record::Record;
use super::timestamp::StampRules;
use crate::source::SourceId;

/// Returns the number of bytes before the message of a line that begins with a time stamp: its stamp, host, program and level.
/// 0 if the line has none, or if its message is not the end of the line.
pub(crate) fn header_len(line: &[u8]) -> usize {
    let format = SourceFormat::detect(line, StampRules::default(), None);
    let record = Record::new(SourceId(0), 1, line, Some(&format));
    if record.time().is_none() {
        return 0;
    }
    let message = record.message();
    match line.ends_with(&message) && !message.is_empty() {
        true => line.len() - message.len(),
        false => 0,
    }
}

/// Returns the header of the example of each built-in format whose example has one.
pub(crate) fn example_headers() -> impl Iterator<Item = &'static [u8]> {
    let lines = super::Format::ALL.iter().filter_map(|format| format.example().lines().next());
    lines.filter_map(|line| line.as_bytes().get(..header_len(line.as_bytes())).filter(|header| !header.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::header_len;

    #[test]
    fn the_header_ends_where_the_message_begins() {
        let lines = [
            "Nov 12 04:10:00 gate sshd[811]: Failed password for root",
            "2026-11-12T10:00:00Z ERROR cannot open the file",
            "Failed password for root from 192.0.2.1 port 22",
        ];
        assert_eq!(lines.map(|line| header_len(line.as_bytes())), [32, 27, 0]);
    }
}
