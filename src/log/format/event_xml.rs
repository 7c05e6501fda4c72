//! Windows events as XML: one a line, as `wevtutil` prints them, or over several lines.

use std::ops::Range;

use memchr::memmem;

use super::header::{Header, Quoting};
use super::spec::{Detected, Format, FormatSpec, LogFormat, OpenRecord};
use super::trace::LOOK_AHEAD;
use crate::log::timestamp::{StampRules, stamp_at};

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "event_xml",
    about: "Windows events as XML",
    example: "<Event xmlns='x'><System><Provider Name='Disk'/><EventID>7</EventID><Level>2</Level></System></Event>",
    detect: |sample| {
        let mut first = sample.lines.iter().filter(|line| !EventXml.is_heading(line)).take(SEARCHED_LINES);
        Detected::new(EventXml, first.any(|line| begins_event(line)))
    },
});

/// The first event is searched for in this number of lines: the command may come before it.
const SEARCHED_LINES: usize = 5;

#[derive(Debug)]
struct EventXml;

impl LogFormat for EventXml {
    fn has_escapes(&self) -> bool {
        true
    }

    /// The message is the text of the event, if it was rendered, or else its data.
    fn header<'a>(&self, record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
        let system = inside(record, b"System")?;
        let rendered = inside(record, b"RenderingInfo").and_then(|info| inside(info, b"Message"));
        let message = rendered.or_else(|| inside(record, b"EventData")).or_else(|| inside(record, b"UserData"));
        let audit = inside(system, b"Keywords").and_then(audit_level);
        let time = attribute(tag(system, b"TimeCreated").unwrap_or_default(), b"SystemTime");
        Some(Header {
            stamp: time.and_then(|time| stamp_at(time, 0, rules)),
            host: inside(system, b"Computer"),
            program: attribute(tag(system, b"Provider").unwrap_or_default(), b"Name"),
            pid: attribute(tag(system, b"Execution").unwrap_or_default(), b"ProcessID"),
            event_id: inside(system, b"EventID"),
            level: audit.or_else(|| inside(system, b"Level").and_then(level)),
            message: message.unwrap_or_default().trim_ascii(),
            quoting: Quoting::Markup,
            ..Header::default()
        })
    }

    /// The beginning of the document is a heading, and so is what is left of one.
    fn is_heading(&self, line: &[u8]) -> bool {
        let line = line.trim_ascii();
        line.is_empty()
            || [&b"<?xml"[..], b"<Events", b"</Events>", b"\xef\xbb\xbf"]
                .iter()
                .any(|start| line.starts_with(start) && memmem::find(line, b"<Event ").is_none())
    }

    fn continues(&self, _open: OpenRecord, rest: &[u8], _indent_continues: bool) -> bool {
        !begins_event(rest)
    }

    /// Returns the text of the data that is called `name`, or of the element of this name.
    fn field<'a>(&self, record: &'a [u8], name: &str) -> Option<&'a [u8]> {
        let data = data(record).find(|(found, _)| *found == name.as_bytes()).map(|(_, text)| text);
        data.or_else(|| inside(record, name.as_bytes()))
    }

    fn field_names(&self, record: &[u8]) -> Vec<String> {
        data(record).map(|(name, _)| String::from_utf8_lossy(name).into_owned()).collect()
    }
}

/// Whether `text` begins with a line that opens an event. Only its beginning is looked at.
fn begins_event(text: &[u8]) -> bool {
    let start = &text[..text.len().min(LOOK_AHEAD)];
    let indent = start.iter().take_while(|byte| b" \t".contains(byte)).count();
    let text = &start[indent..];
    text.starts_with(b"<Event ") || text.starts_with(b"<Event>")
}

/// Returns the tag that opens the first element called `name`, without its brackets.
pub(super) fn tag<'a>(text: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    tag_at(text, name).map(|range| &text[range])
}

/// Returns the range of the tag that opens the first element called `name`, without its brackets.
fn tag_at(text: &[u8], name: &[u8]) -> Option<Range<usize>> {
    let start = memchr::memchr_iter(b'<', text).find(|at| {
        let rest = text[at + 1..].strip_prefix(name);
        rest.and_then(<[u8]>::first).is_some_and(|byte| byte.is_ascii_whitespace() || b">/".contains(byte))
    })?;
    let len = memchr::memchr(b'>', &text[start + 1..])?;
    Some(start + 1..start + 1 + len)
}

/// Returns the text between the tags of the first element called `name`; `None` if it has none.
pub(super) fn inside<'a>(text: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let start = tag_at(text, name).filter(|tag| !text[tag.clone()].ends_with(b"/"))?.end + 1;
    let closing = [b"</", name, b">"].concat();
    let end = memmem::find(&text[start..], &closing)?;
    Some(text[start..start + end].trim_ascii()).filter(|text| !text.is_empty())
}

/// Returns the value of the attribute `name` in a tag, without its quotes.
pub(super) fn attribute<'a>(tag: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let found = memmem::find_iter(tag, name).find_map(|at| {
        let is_name = at > 0 && tag[at - 1].is_ascii_whitespace();
        tag[at + name.len()..].strip_prefix(b"=").filter(|_| is_name)
    })?;
    let (quote, value) = found.split_first().filter(|(quote, _)| b"'\"".contains(quote))?;
    Some(&value[..memchr::memchr(*quote, value)?])
}

/// Returns the names and texts of the data of an event: `<Data Name='param1'>text</Data>`.
fn data(record: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    memmem::find_iter(record, b"<Data Name=").filter_map(|at| {
        let element = &record[at..];
        let tag_end = memchr::memchr(b'>', element)?;
        let tag = Some(&element[..tag_end]).filter(|tag| !tag.ends_with(b"/"))?;
        let name = attribute(tag, b"Name")?;
        let text = &element[tag_end + 1..];
        Some((name, &text[..memchr::memchr(b'<', text)?]))
    })
}

/// Returns the word for the number of a level; 0 means that the event is always logged.
fn level(number: &[u8]) -> Option<&'static [u8]> {
    match number {
        b"1" => Some(b"critical"),
        b"2" => Some(b"error"),
        b"3" => Some(b"warning"),
        b"0" | b"4" => Some(b"information"),
        b"5" => Some(b"verbose"),
        _ => None,
    }
}

/// Returns the level that the keywords of an audit decide: bit 52 is a failure, bit 53 a success.
fn audit_level(keywords: &[u8]) -> Option<&'static [u8]> {
    let digits = std::str::from_utf8(keywords.strip_prefix(b"0x")?).ok()?;
    let bits = u64::from_str_radix(digits, 16).ok()?;
    match (bits >> 52) & 3 {
        1 => Some(b"audit failure"),
        2 => Some(b"audit success"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENT: &str = "<Event xmlns='http://x'>\n  <System>\n    <Provider Name=\"Disk\" Guid='{1}'/>\n\
        <EventID Qualifiers='49156'>7</EventID><Level>2</Level><Keywords>0x80000000000000</Keywords>\
        <TimeCreated SystemTime='2001-04-17T02:00:31.1234567Z'/><Execution ProcessID='4'/><Computer>H1</Computer>\
        </System><EventData><Data Name='disk'>a &lt;b&gt; &amp; c</Data><Data Name='n'/><Data>2</Data></EventData></Event>";

    fn read(record: &str) -> Option<Header<'_>> {
        EventXml.header(record.as_bytes(), &StampRules::default())
    }

    #[test]
    fn an_event_is_read() {
        let header = read(EVENT).expect("an event");
        assert_eq!(header.stamp.map(|stamp| stamp.time.to_string()).as_deref(), Some("2001-04-17T02:00:31.1234567Z"));
        let parts = [header.host, header.program, header.pid, header.event_id, header.level];
        assert_eq!(parts, ["H1", "Disk", "4", "7", "error"].map(|part| Some(part.as_bytes())));
        assert_eq!(String::from_utf8_lossy(&header.quoting.unescape(header.message)), "a <b> & c 2");
        assert_eq!(EventXml.field(EVENT.as_bytes(), "disk"), Some(&b"a &lt;b&gt; &amp; c"[..]));
        assert_eq!(EventXml.field_names(EVENT.as_bytes()), ["disk"]);
    }

    #[test]
    fn the_text_of_a_rendered_event_is_its_message() {
        let rendered = EVENT.replace("</Event>", "<RenderingInfo><Message>No\ndisk.</Message></RenderingInfo></Event>");
        assert_eq!(read(&rendered).map(|header| header.message), Some(&b"No\ndisk."[..]));
        let audit = EVENT.replace("0x80000000000000", "0x8010000000000000");
        assert_eq!(read(&audit).and_then(|header| header.level), Some(&b"audit failure"[..]));
    }

    #[test]
    fn other_texts_are_no_events() {
        assert_eq!(read("<Event"), None);
        assert_eq!(read("<Event><System><EventID>7"), None);
        assert!(!begins_event(b"<EventData>") && begins_event(b"  <Event xmlns='x'>"));
        assert!(EventXml.is_heading(b"<?xml version='1.0'?>\n") && !EventXml.is_heading(b"<Events><Event xmlns='x'>"));
    }
}
