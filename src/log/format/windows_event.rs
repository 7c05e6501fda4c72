//! Windows events as text: the blocks of lines `Name: value` that the event viewers copy, in the languages of Windows,
//! and those that `wevtutil` and PowerShell print.

use std::borrow::Cow;

use memchr::memmem;

use super::columns::Role;
use super::header::Header;
use super::spec::{Detected, Format, FormatSpec, LogFormat, OpenRecord, Sample};
use super::windows_words::{EventField, day_first, event_field, level_word};
use crate::log::timestamp::{StampRules, stamp_at};

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "windows_event",
    about: "Windows events as blocks of text, from the event viewers (any language), wevtutil or PowerShell",
    example: "Event Type: Error\nEvent Source: Disk\nEvent ID: 7\nDescription:\nThe device has a bad block.",
    detect: |sample| {
        let found = WindowsEvent::find(sample);
        let fits = found.is_some();
        Detected::new(
            found.unwrap_or_else(|| WindowsEvent { first: b"Event Type:".to_vec(), is_english: true, colon: None }),
            fits,
        )
    },
});

#[derive(Debug, PartialEq)]
struct WindowsEvent {
    /// The text with which each block begins.
    first: Vec<u8>,
    /// Whether the names of fields are in English.
    is_english: bool,
    /// The column of all colons in a list of PowerShell; `None` in other blocks.
    colon: Option<usize>,
}

impl LogFormat for WindowsEvent {
    fn header<'a>(&self, record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
        record.starts_with(&self.first).then(|| self.block(record, rules))
    }

    fn is_heading(&self, line: &[u8]) -> bool {
        line.trim_ascii().is_empty()
    }

    fn continues(&self, _open: OpenRecord, rest: &[u8], _indent_continues: bool) -> bool {
        !rest.starts_with(&self.first)
    }

    fn field<'a>(&self, record: &'a [u8], name: &str) -> Option<&'a [u8]> {
        self.lines(record).find(|line| plain_name(line.name) == name).map(|line| line.value)
    }

    fn field_names(&self, record: &[u8]) -> Vec<String> {
        self.lines(record).filter(|line| !line.value.is_empty()).map(|line| plain_name(line.name)).collect()
    }
}

/// The beginning of a block of `wevtutil`, which a number follows: `Event[0]:`.
const WEVTUTIL: &[u8] = b"Event[";

/// The line after the description under which the newer viewer repeats the event as XML.
const XML: &[u8] = b"\nEvent Xml:";

/// The fewest fields by which a block is recognised.
const MIN_FIELDS: usize = 3;

/// A line of a block in the form `Name: value`.
struct FieldLine<'a> {
    name: &'a [u8],
    value: &'a [u8],
    /// The text from the value to the end of the block.
    rest: &'a [u8],
}

/// Splits a line at its first colon. French writes a blank that does not break before the colon.
fn split_field(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = memchr::memchr(b':', &line[..line.len().min(60)])?;
    let name = line[..colon].trim_ascii();
    let name = name.strip_suffix("\u{a0}".as_bytes()).unwrap_or(name);
    (!name.is_empty()).then(|| (name, line[colon + 1..].trim_ascii()))
}

/// Whether the field is a description, which extends to the end of its block: `Message` of PowerShell does not.
fn is_description(name: &[u8]) -> bool {
    event_field(name) == Some(EventField::Known(Role::Message)) && !name.eq_ignore_ascii_case(b"message")
}

/// The name of a field as rules write it.
fn plain_name(name: &[u8]) -> String {
    super::field_names::name_in_rules(name)
}

impl WindowsEvent {
    /// Finds out how blocks begin; `None` if the source does not begin with a block. A few lines may come before it, such
    /// as the command that printed it, but no records of another log.
    fn find(sample: &Sample<'_>) -> Option<WindowsEvent> {
        let is_record = |line: &&[u8]| stamp_at(line, 0, sample.rules).is_some();
        let n_searched = sample.lines.iter().take(SEARCHED_LINES).take_while(|line| !is_record(line)).count();
        (0..n_searched).find_map(|at| WindowsEvent::at(&sample.lines[at..]))
    }

    /// Finds out how blocks begin, if `lines` begin with a block. Fields need not be most of the lines, because a
    /// description may be far longer.
    fn at(lines: &[&[u8]]) -> Option<WindowsEvent> {
        let first = *lines.first()?;
        let is_first =
            |name: &[u8]| event_field(name) == Some(EventField::LogName) || name.eq_ignore_ascii_case(b"event type");
        if let Some(rest) = first.strip_prefix(WEVTUTIL)
            && rest.first().is_some_and(u8::is_ascii_digit)
        {
            return Some(WindowsEvent { first: WEVTUTIL.to_vec(), is_english: true, colon: None });
        }
        let (name, _) = split_field(first)?;
        let colon = memchr::memchr(b':', first)?;
        let is_english = ENGLISH.iter().any(|english| first.starts_with(english));
        let begin = |colon| WindowsEvent { first: first[..=colon].to_vec(), is_english, colon: None };
        let known = |line: &&&[u8]| split_field(line).is_some_and(|(name, _)| event_field(name).is_some());
        if is_first(name) {
            return (lines.iter().take_while(known).count() >= MIN_FIELDS).then(|| begin(colon));
        }
        is_list(lines, colon).then(|| WindowsEvent { is_english: true, colon: Some(colon), ..begin(colon) })
    }

    /// Returns the fields of `block` up to its description, which is the last one.
    fn lines<'a>(&self, block: &'a [u8]) -> impl Iterator<Item = FieldLine<'a>> {
        let colon_of_all = self.colon;
        let mut at = 0;
        let mut in_description = false;
        std::iter::from_fn(move || {
            while at < block.len() && !in_description {
                let line_end = memchr::memchr(b'\n', &block[at..]).map_or(block.len(), |end| at + end + 1);
                let line = &block[at..line_end];
                at = line_end;
                let Some((name, value)) = split_field(line) else { continue };
                let colon = memchr::memchr(b':', line).unwrap_or_default();
                if colon_of_all.is_some_and(|of_all| of_all != colon) {
                    continue;
                }
                in_description = is_description(name);
                return Some(FieldLine { name, value, rest: &block[at - line.len() + colon + 1..] });
            }
            None
        })
    }

    /// Parses a block. The message is the description.
    fn block<'a>(&self, record: &'a [u8], rules: &StampRules) -> Header<'a> {
        let mut header = Header { message: record.trim_ascii(), ..Header::default() };
        let (mut date, mut time): (&[u8], &[u8]) = (b"", b"");
        let mut has_level_word = false;
        for line in self.lines(record) {
            let value = Some(line.value).filter(|value| !value.is_empty());
            match event_field(line.name) {
                Some(EventField::Known(Role::Date)) if date.is_empty() => date = line.value,
                Some(EventField::Known(Role::Time)) if time.is_empty() => time = line.value,
                Some(EventField::Known(Role::Level)) if !has_level_word => {
                    header.level = value.map(level_word).or(header.level);
                    // PowerShell lists the number of a level before its word.
                    has_level_word = value.is_some_and(|value| !value[0].is_ascii_digit());
                }
                Some(EventField::Known(Role::Program)) => header.program = header.program.or(value),
                Some(EventField::Known(Role::EventId)) => header.event_id = header.event_id.or(value),
                Some(EventField::Known(Role::Host)) => header.host = header.host.or(value),
                Some(EventField::Known(Role::Message)) if is_description(line.name) => {
                    let end = memmem::find(line.rest, XML).unwrap_or(line.rest.len());
                    header.message = line.rest[..end].trim_ascii();
                }
                Some(EventField::Known(Role::Message)) => header.message = listed_message(line.rest),
                Some(EventField::LogName | EventField::Other | EventField::Known(_)) | None => {}
            }
        }
        let rules = if self.is_english { Cow::Borrowed(rules) } else { day_first(rules) };
        header.stamp = stamp_at([date, b" ", time].concat().trim_ascii(), 0, &rules);
        header
    }
}

/// The beginnings of blocks of the viewers in English.
const ENGLISH: [&[u8]; 2] = [b"Log Name:", b"Event Type:"];

/// Whether `line` begins a block of an English event viewer, wherever it was pasted.
pub(super) fn begins_block(line: &[u8]) -> bool {
    let after = ENGLISH.iter().find_map(|english| line.strip_prefix(*english));
    after.is_some_and(|rest| matches!(rest.first(), Some(b' ' | b'\t')))
}

/// Parses a block that was pasted among other records; `None` for any other record.
pub(super) fn header_of_block<'a>(record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
    let record = Some(record.trim_ascii()).filter(|record| begins_block(record))?;
    let lines: Vec<&[u8]> = record.split(|byte| *byte == b'\n').take(LIST_LINES).collect();
    Some(WindowsEvent::at(&lines)?.block(record, rules))
}

/// The first block is searched for in this number of lines.
const SEARCHED_LINES: usize = 5;

/// The most lines in which the fields of the first event of a list are searched for.
const LIST_LINES: usize = 60;

/// Whether `lines` begin with an event as PowerShell lists it. All colons are in the same column, `colon`.
fn is_list(lines: &[&[u8]], colon: usize) -> bool {
    let names = || {
        let fields = lines.iter().take(LIST_LINES).filter(|line| line.get(colon) == Some(&b':'));
        fields.map(|line| line[..colon].trim_ascii())
    };
    let has = |wanted: &[&[u8]]| names().any(|name| wanted.contains(&name));
    has(&[b"TimeCreated", b"TimeGenerated"]) && has(&[b"Id", b"EventID", b"InstanceId"]) && has(&[b"Message"])
}

/// Returns the message at the beginning of `text`, a part of a list: it ends before the next line that is not indented.
fn listed_message(text: &[u8]) -> &[u8] {
    let mut end = memchr::memchr(b'\n', text).unwrap_or(text.len());
    while let Some(line) = text.get(end + 1..).filter(|line| line.first().is_some_and(u8::is_ascii_whitespace)) {
        end += 1 + memchr::memchr(b'\n', line).unwrap_or(line.len());
    }
    text[..end.min(text.len())].trim_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks what `header` reads from `block`: the time; and host, program, level, event id and message.
    #[track_caller]
    fn check(block: &str, time: &str, expected: [&str; 5]) {
        let found = WindowsEvent::find(&Sample::new(block.as_bytes(), &StampRules::default())).expect("blocks");
        let header = found.header(block.as_bytes(), &StampRules::default()).expect("a block");
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
    fn a_block_in_another_language_is_read() {
        check(
            "Protokollname: System\nQuelle:        Disk\nDatum:         17.04.2011 14:00:31\nEreignis-ID:   7\n\
             Aufgabenkategorie:Keine\nEbene:         Fehler\nComputer:      H1\nBeschreibung:\nEin Block.\n",
            "2011-04-17T14:00:31Z",
            ["H1", "Disk", "error", "7", "Ein Block."],
        );
        check(
            "Nom du journal :System\nSource :       Disk\nDate :         17/04/2011 14:00:31\n\
             ID de l\u{2019}\u{e9}v\u{e9}nement :7\nNiveau :       Erreur\nOrdinateur :   H1\nDescription :\nUn bloc.\n",
            "2011-04-17T14:00:31Z",
            ["H1", "Disk", "error", "7", "Un bloc."],
        );
    }

    #[test]
    fn blocks_that_commands_print_are_read() {
        check(
            "Event[0]:\n  Log Name: System\n  Source: Disk\n  Date: 2011-04-17T14:00:31.500\n  Event ID: 7\n  Level: Error\n  \
             Computer: H1\n  Description: \nA bad block.\nTime: unknown\n\n",
            "2011-04-17T14:00:31.5Z",
            ["H1", "Disk", "Error", "7", "A bad block.\nTime: unknown"],
        );
        check(
            "Message          : A bad block\n                   Time: unknown\nId               : 7\nLevel            : 2\n\
             ProviderName     : Disk\nMachineName      : H1\nTimeCreated      : 4/17/2011 2:00:31 PM\n\
             LevelDisplayName : Warning\n\n",
            "2011-04-17T14:00:31Z",
            ["H1", "Disk", "Warning", "7", "A bad block\n                   Time: unknown"],
        );
    }

    fn find(text: &str) -> Option<String> {
        let found = WindowsEvent::find(&Sample::new(text.as_bytes(), &StampRules::default()))?;
        Some(String::from_utf8_lossy(&found.first).into_owned())
    }

    #[test]
    fn blocks_are_recognised_by_their_fields() {
        assert_eq!(find("Log Name: x\nSource: y\nDate: z").as_deref(), Some("Log Name:"));
        assert_eq!(find("Event[0]:\n  Log Name: x").as_deref(), Some("Event["));
        assert_eq!(find("PS> show\nLog Name: x\nSource: y\nDate: z").as_deref(), Some("Log Name:"));
        assert_eq!(find("\n\nTimeCreated : x\nId          : 7\nMessage     : y").as_deref(), Some("TimeCreated :"));
    }

    #[test]
    fn another_source_has_no_blocks() {
        assert_eq!(find("Error\n"), None);
        assert_eq!(find("Log Name: x\nnothing more"), None);
        assert_eq!(find("Source: x\nEvent ID: 1\nLevel: Error"), None);
        assert_eq!(find("Event[a]: x"), None);
        assert_eq!(find(&format!("{}Log Name: x\nSource: y\nDate: z", "text\n".repeat(6))), None);
        assert_eq!(find("Name : x\nId   : 7\nMessage : y"), None);
        let format = WindowsEvent { first: b"Log Name:".to_vec(), is_english: true, colon: None };
        assert_eq!(format.header(b"Error\n", &StampRules::default()), None);
    }
}
