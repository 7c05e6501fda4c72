//! The text of `kubectl describe`: blocks that begin at the margin, and a table of events.

use super::aligned::{role, row};
use super::header::Header;
use super::layout::{Layout, is_dashes};
use super::spec::{Detected, Format, FormatSpec, LogFormat, OpenRecord};
use crate::log::timestamp::StampRules;

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "describe",
    about: "`kubectl describe`: a record for each block at the margin, and for each event",
    example: "Name:         web-1\nNamespace:    default\nStatus:       Running\nEvents:\n  Type     Reason   Age  From     Message\n  \
        ----     ------   ---  ----     -------\n  Warning  BackOff  10s  kubelet  Back-off restarting",
    detect: |sample| {
        let begins = sample.lines.iter().take(SEARCHED_LINES).any(|line| line.starts_with(b"Name:  "));
        let has = |start: &[u8]| sample.lines.iter().any(|line| line.starts_with(start));
        let fits = begins && has(b"Events:") && (has(b"Namespace:") || has(b"Labels:"));
        Detected::new(Describe { names: Vec::new(), events: None }, fits)
    },
});

/// The name of the object is searched for in this number of lines: the command may come before it.
const SEARCHED_LINES: usize = 5;

#[derive(Debug, Clone, PartialEq)]
struct Describe {
    /// The row that names the columns of events.
    names: Vec<u8>,
    /// The columns of events; `None` before the dashes under their names.
    events: Option<Layout>,
}

impl LogFormat for Describe {
    fn is_stamped(&self) -> bool {
        false
    }

    fn header<'a>(&self, record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
        let of_event = self.events.as_ref().filter(|_| is_event(record)).and_then(|events| row(events, record, rules));
        Some(of_event.unwrap_or_else(|| Header { message: record.trim_ascii(), ..Header::default() }))
    }

    fn is_heading(&self, line: &[u8]) -> bool {
        let text = line.trim_ascii();
        text.is_empty() || text == b"Events:" || is_names(text) || is_dashes(text)
    }

    fn after_heading(&self, line: &[u8]) -> Option<Box<dyn LogFormat>> {
        let line = line.trim_ascii_end();
        let changed = if is_names(line.trim_ascii()) {
            Describe { names: line.to_vec(), events: None }
        } else {
            let events = Some(line).filter(|line| is_dashes(line));
            Describe { names: self.names.clone(), events: Some(Layout::read(&self.names, Some(events?), role)?) }
        };
        (changed != *self).then(|| Box::new(changed) as Box<dyn LogFormat>)
    }

    fn continues(&self, _open: OpenRecord, rest: &[u8], _indent_continues: bool) -> bool {
        rest.first().is_some_and(u8::is_ascii_whitespace) && !is_event(rest)
    }

    fn field<'a>(&self, record: &'a [u8], name: &str) -> Option<&'a [u8]> {
        self.events.as_ref().filter(|_| is_event(record))?.named(record.trim_ascii_end(), name)
    }

    fn field_names(&self, record: &[u8]) -> Vec<String> {
        let events = self.events.as_ref().filter(|_| is_event(record));
        events.map_or_else(Vec::new, Layout::names_in_rules)
    }
}

/// Whether `text` begins with an event.
fn is_event(text: &[u8]) -> bool {
    text.starts_with(b"  Normal  ") || text.starts_with(b"  Warning  ")
}

/// Whether `line` names the columns of events.
fn is_names(line: &[u8]) -> bool {
    line.starts_with(b"Type  ") && line.ends_with(b"  Message")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(headings: &[&str]) -> Box<dyn LogFormat> {
        let first: Box<dyn LogFormat> = Box::new(Describe { names: Vec::new(), events: None });
        headings.iter().fold(first, |format, line| format.after_heading(line.as_bytes()).unwrap_or(format))
    }

    const HEADINGS: [&str; 3] = [
        "Events:\n",
        "  Type     Reason   Age                From     Message\n",
        "  ----     ------   ----               ----     -------\n",
    ];

    #[test]
    fn events_and_blocks_are_read() {
        let format = after(&HEADINGS);
        let event = b"  Warning  BackOff  10s (x5 over 4m)   kubelet  Back-off\n";
        let header = format.header(event, &StampRules::default()).expect("an event");
        assert_eq!((header.level, header.program), (Some(&b"Warning"[..]), Some(&b"kubelet"[..])));
        assert_eq!(header.gist, Some(&b"Back-off"[..]));
        assert_eq!(format.field(event, "Reason"), Some(&b"BackOff"[..]));
        let block = format.header(b"Containers:\n  web:\n", &StampRules::default()).expect("a block");
        assert_eq!((block.level, block.message), (None, &b"Containers:\n  web:"[..]));
    }

    #[test]
    fn only_events_end_a_block() {
        let format = after(&HEADINGS);
        assert!(HEADINGS.iter().all(|line| format.is_heading(line.as_bytes())));
        assert!(!format.is_heading(b"Events:  <none>\n"));
        let continues = |rest: &[u8]| format.continues(OpenRecord::default(), rest, true);
        assert!(continues(b"  Reason: x") && continues(b"\n"));
        assert!(!continues(b"  Normal   Pulled") && !continues(b"Name: x"));
    }
}
