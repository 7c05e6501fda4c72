//! Splits JSON documents into records: pretty-printed objects, arrays of objects, and objects that contain the records
//! in a list, such as `{"Records":[{…}]}` of CloudTrail or `resourceLogs` of OpenTelemetry.
//!
//! Where a record begins and ends depends only on the bytes. The state is a few open containers and a few numbers,
//! whatever the size of a document.

use std::sync::Arc;

use super::json_scan::{Stop, ValueScan, is_word_byte};
use super::record_buffer::MAX_RECORD_BYTES;

/// What an object at some place of a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// A record, or an object that contains records.
    Top,
    /// An element of `resourceLogs`.
    Resource,
    /// An element of `scopeLogs`.
    Scope,
    /// The outer `hits` of Elasticsearch.
    Hits,
    Record,
}

/// Members that contain records: the place of the object, the name of the member, and the place of the objects in it.
/// `hits` is an object, all others are lists.
#[rustfmt::skip]
const CONTAINERS: &[(Place, &str, Place)] = &[
    (Place::Top, "Records", Place::Record),
    (Place::Top, "records", Place::Record),
    (Place::Top, "events", Place::Record),
    (Place::Top, "Events", Place::Record),
    (Place::Top, "logEvents", Place::Record),
    (Place::Top, "value", Place::Record),
    (Place::Top, "items", Place::Record),
    (Place::Top, "entries", Place::Record),
    (Place::Top, "hits", Place::Hits),
    (Place::Hits, "hits", Place::Record),
    (Place::Top, "resourceLogs", Place::Resource),
    (Place::Resource, "scopeLogs", Place::Scope),
    (Place::Resource, "instrumentationLibraryLogs", Place::Scope),
    (Place::Scope, "logRecords", Place::Record),
    (Place::Scope, "logs", Place::Record),
];

/// An object with one of these members is a record, even if a list named like a container follows.
const RECORD_MEMBERS: &[&str] = &[
    "message",
    "msg",
    "MESSAGE",
    "Message",
    "@message",
    "@m",
    "@mt",
    "level",
    "lvl",
    "severity",
    "Level",
    "time",
    "timestamp",
    "@timestamp",
    "Timestamp",
    "ts",
    "@t",
    "t",
    "body",
    "log",
    "eventTime",
];

/// A container that is open.
#[derive(Debug, Clone, Copy)]
enum Frame {
    /// A list whose objects have this place.
    List(Place),
    /// An object, between two of its members.
    Object(Place),
}

/// The state between two pieces of the text.
#[derive(Debug, Clone, Default)]
pub(super) struct JsonDocuments {
    frames: Vec<Frame>,
    /// A value that is neither a container nor a record.
    skipped: Option<ValueScan>,
    /// The rest of a record that was cut because it is too long.
    rest: Option<ValueScan>,
    /// The member `resource` of the open element of `resourceLogs`.
    resource: Option<Arc<[u8]>>,
}

/// A resource with more bytes is not kept.
const MAX_RESOURCE_BYTES: usize = 4096;

/// The next piece of the text; each has at least one byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece {
    /// Bytes outside records.
    Gap(usize),
    /// A record. `is_rest`: the rest of one that was cut; `is_cut`: more of it follows.
    Record { len: usize, is_rest: bool, is_cut: bool },
    /// The text goes on with a line that is no JSON.
    Line,
    /// More bytes are needed to decide.
    NeedsMore,
}

/// The result of looking at an object from its beginning.
enum Object {
    NeedsMore,
    /// It contains records. The offset is that after the bracket of the list or object that contains them.
    Container {
        len: usize,
        inside: Frame,
        resource: Option<Arc<[u8]>>,
    },
    Closed(usize),
    /// The offset is that of the first byte that does not fit.
    Broken(usize),
    /// It is longer than a record may be.
    TooLong(ValueScan),
}

/// Whether the source that begins with `head` contains JSON documents other than one record a line.
pub(super) fn has_documents(head: &[u8]) -> bool {
    let lines = head.split_inclusive(|byte| *byte == b'\n');
    let mut at = 0;
    let mut starts = Vec::new();
    for line in lines {
        let indent = line.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        if indent < line.len() {
            starts.push(at + indent);
        }
        at += line.len();
    }
    match starts.first().map(|start| head[*start]) {
        Some(b'[') => begins_list(&head[starts[0]..]) == Some(true),
        // The first object decides, unless it is one record in one line; later objects may contain several records, or
        // extend over several lines, as where a logger prints a stack trace.
        Some(b'{') => starts.iter().take(50).any(|start| is_document(&head[*start..], *start == starts[0])),
        _ => false,
    }
}

fn is_document(text: &[u8], is_first: bool) -> bool {
    let has_line_end = |len: usize| text[..len].contains(&b'\n');
    match text.first() {
        Some(b'{') => match object(text, Place::Top) {
            Object::Container { .. } => true,
            Object::Closed(len) => has_line_end(len),
            Object::NeedsMore | Object::TooLong(_) => is_first && has_line_end(text.len()),
            // Text in braces is a document if it has a member before it stops being JSON.
            Object::Broken(at) => is_first && has_line_end(at) && text[..at].contains(&b':'),
        },
        _ => false,
    }
}

/// Whether `text`, which is cut off, is the beginning of an object.
pub(super) fn begins_object(text: &[u8]) -> bool {
    text.first() == Some(&b'{') && matches!(object(text, Place::Record), Object::NeedsMore | Object::TooLong(_))
}

/// Whether `text`, which begins with a bracket, is a list of objects; `None` if that is not known yet.
fn begins_list(text: &[u8]) -> Option<bool> {
    text[1..].iter().find(|byte| !byte.is_ascii_whitespace()).map(|byte| *byte == b'{')
}

/// Looks at the object with which `text` begins. Depends only on the first [`MAX_RECORD_BYTES`].
fn object(text: &[u8], place: Place) -> Object {
    let window = &text[..text.len().min(MAX_RECORD_BYTES)];
    let (mut scan, mut at) = (ValueScan::new(), 0);
    let mut is_record = place == Place::Record;
    let mut resource = None;
    loop {
        match scan.next(window, &mut at) {
            Stop::Closed(len) => return Object::Closed(len),
            Stop::Broken(at) => return Object::Broken(at),
            Stop::More if window.len() == MAX_RECORD_BYTES => return Object::TooLong(scan),
            Stop::More => return Object::NeedsMore,
            Stop::Member { .. } if is_record => {}
            Stop::Member { name, at } => {
                let name = &window[name];
                match container(place, name, &window[at..]) {
                    Container::Unknown if window.len() < MAX_RECORD_BYTES => return Object::NeedsMore,
                    Container::Opens(inside) => return Object::Container { len: at + 1, inside, resource },
                    Container::Unknown | Container::No => {}
                }
                if place == Place::Resource && name == b"resource" {
                    resource = short_value(&window[at..]).map(Arc::from);
                }
                is_record = place == Place::Top && RECORD_MEMBERS.iter().any(|known| known.as_bytes() == name);
            }
        }
    }
}

/// Returns the value at the beginning of `text`, if it is complete and short enough to be kept.
fn short_value(text: &[u8]) -> Option<&[u8]> {
    let window = &text[..text.len().min(MAX_RESOURCE_BYTES)];
    match ValueScan::new().finish(window) {
        Stop::Closed(len) => Some(&text[..len]),
        Stop::More | Stop::Broken(_) | Stop::Member { .. } => None,
    }
}

/// Whether a member contains records.
enum Container {
    Opens(Frame),
    No,
    Unknown,
}

/// Looks at the member `name` of an object at `place`. `value` begins with the value of the member.
fn container(place: Place, name: &[u8], value: &[u8]) -> Container {
    let row = CONTAINERS.iter().find(|(outer, known, _)| *outer == place && known.as_bytes() == name);
    match (row, value.first()) {
        (Some((_, _, Place::Hits)), Some(b'{')) => Container::Opens(Frame::Object(Place::Hits)),
        (Some((_, _, inner)), Some(b'[')) if *inner != Place::Hits => match begins_list(value) {
            Some(true) => Container::Opens(Frame::List(*inner)),
            Some(false) => Container::No,
            None => Container::Unknown,
        },
        _ => Container::No,
    }
}

impl JsonDocuments {
    /// Returns the JSON text of the resource that the records at this place are about.
    pub(super) fn resource(&self) -> Option<Arc<[u8]>> {
        self.resource.clone()
    }

    /// Returns the next piece at the beginning of `bytes`, which is not empty. `at_end` says whether no more bytes
    /// follow them.
    pub(super) fn next_piece(&mut self, bytes: &[u8], at_end: bool) -> Piece {
        debug_assert!(!bytes.is_empty(), "there is something to read");
        if self.rest.is_some() {
            return self.rest(bytes, at_end);
        }
        if self.skipped.is_some() {
            return self.skip(bytes, at_end);
        }
        let blank = bytes.iter().take_while(|byte| byte.is_ascii_whitespace() || **byte == b',').count();
        if blank > 0 {
            return Piece::Gap(blank);
        }
        match self.frames.last() {
            None => self.between(bytes, at_end),
            Some(Frame::List(place)) => self.element(*place, bytes, at_end),
            Some(Frame::Object(place)) => self.member(*place, bytes, at_end),
        }
    }

    /// Reads on outside all documents.
    fn between(&mut self, bytes: &[u8], at_end: bool) -> Piece {
        match bytes[0] {
            b'{' => self.object(Place::Top, bytes, at_end),
            b'[' => match begins_list(&bytes[..bytes.len().min(LOOK_AHEAD)]) {
                Some(true) => self.open(Frame::List(Place::Top), 1),
                None if bytes.len() < LOOK_AHEAD && !at_end => Piece::NeedsMore,
                Some(false) | None => Piece::Line,
            },
            _ => Piece::Line,
        }
    }

    /// Reads an element of an open list, or the end of the list.
    fn element(&mut self, place: Place, bytes: &[u8], at_end: bool) -> Piece {
        match bytes[0] {
            b'{' => self.object(place, bytes, at_end),
            b']' => self.close(),
            b'[' | b'"' => {
                self.skipped = Some(ValueScan::new());
                self.skip(bytes, at_end)
            }
            _ => {
                // A number is an element only if another element or the end of the list follows.
                let window = &bytes[..bytes.len().min(LOOK_AHEAD)];
                let len = window.iter().take_while(|byte| is_word_byte(**byte)).count();
                match window[len..].iter().find(|byte| !byte.is_ascii_whitespace()) {
                    Some(b',' | b']') if len > 0 => Piece::Gap(len),
                    None if bytes.len() < LOOK_AHEAD && !at_end => Piece::NeedsMore,
                    _ => self.give_up(),
                }
            }
        }
    }

    /// Reads a member of an open object, or the end of the object.
    fn member(&mut self, place: Place, bytes: &[u8], at_end: bool) -> Piece {
        if bytes[0] == b'}' {
            return self.close();
        }
        // The scan begins with the bracket of an object, so that it expects a member.
        let mut scan = ValueScan::new();
        let mut start = 0;
        scan.next(b"{", &mut start);
        let (window, mut at) = (&bytes[..bytes.len().min(LOOK_AHEAD)], 0);
        match scan.next(window, &mut at) {
            Stop::Member { name, at } => match container(place, &window[name], &window[at..]) {
                Container::Opens(frame) => self.open(frame, at + 1),
                Container::Unknown if bytes.len() < LOOK_AHEAD && !at_end => Piece::NeedsMore,
                Container::No | Container::Unknown => {
                    self.skipped = Some(ValueScan::new());
                    Piece::Gap(at)
                }
            },
            Stop::More if bytes.len() < LOOK_AHEAD && !at_end => Piece::NeedsMore,
            Stop::More | Stop::Closed(_) | Stop::Broken(_) => self.give_up(),
        }
    }

    fn object(&mut self, place: Place, bytes: &[u8], at_end: bool) -> Piece {
        match object(bytes, place) {
            Object::Container { len, inside, resource } => {
                self.frames.push(Frame::Object(place));
                if place == Place::Resource {
                    self.resource = resource;
                }
                self.open(inside, len)
            }
            Object::Closed(len) if matches!(place, Place::Resource | Place::Scope) => Piece::Gap(len),
            Object::Closed(len) => Piece::Record { len, is_rest: false, is_cut: false },
            Object::TooLong(scan) => {
                self.rest = Some(scan);
                Piece::Record { len: MAX_RECORD_BYTES, is_rest: false, is_cut: true }
            }
            Object::NeedsMore if at_end => Piece::Record { len: bytes.len(), is_rest: false, is_cut: false },
            Object::NeedsMore => Piece::NeedsMore,
            Object::Broken(at) => self.broken(bytes, at, at_end, false),
        }
    }

    /// Reads on in a record that was cut.
    fn rest(&mut self, bytes: &[u8], at_end: bool) -> Piece {
        let window = &bytes[..bytes.len().min(MAX_RECORD_BYTES)];
        let Some(mut scan) = self.rest.clone() else { return Piece::NeedsMore };
        match scan.finish(window) {
            Stop::Closed(len) => {
                self.rest = None;
                Piece::Record { len, is_rest: true, is_cut: false }
            }
            Stop::Broken(at) => self.broken(bytes, at, at_end, true),
            Stop::More | Stop::Member { .. } if window.len() == MAX_RECORD_BYTES => {
                self.rest = Some(scan);
                Piece::Record { len: MAX_RECORD_BYTES, is_rest: true, is_cut: true }
            }
            Stop::More | Stop::Member { .. } if at_end => {
                Piece::Record { len: bytes.len(), is_rest: true, is_cut: false }
            }
            Stop::More | Stop::Member { .. } => Piece::NeedsMore,
        }
    }

    /// Ends a record at whose byte `at` the text stops being JSON: before the line of that byte if the line begins with
    /// it, or else after the line. What follows is read as if no document were open.
    fn broken(&mut self, bytes: &[u8], at: usize, at_end: bool, is_rest: bool) -> Piece {
        let window = &bytes[..bytes.len().min(MAX_RECORD_BYTES)];
        let line = memchr::memrchr(b'\n', &window[..at]).map_or(0, |newline| newline + 1);
        let len = if line > 0 && window[line..at].trim_ascii().is_empty() {
            line
        } else {
            match memchr::memchr(b'\n', &window[at..]) {
                Some(newline) => at + newline + 1,
                None if window.len() == MAX_RECORD_BYTES || at_end => window.len(),
                None => return Piece::NeedsMore,
            }
        };
        *self = JsonDocuments::default();
        Piece::Record { len, is_rest, is_cut: false }
    }

    fn skip(&mut self, bytes: &[u8], at_end: bool) -> Piece {
        let Some(mut scan) = self.skipped.take() else { return Piece::NeedsMore };
        match scan.finish(bytes) {
            // The byte that ends a number is the next piece.
            Stop::Closed(0) => self.next_piece(bytes, at_end),
            Stop::Closed(len) => Piece::Gap(len),
            Stop::More | Stop::Member { .. } => {
                self.skipped = Some(scan);
                Piece::Gap(bytes.len())
            }
            Stop::Broken(0) => self.give_up(),
            Stop::Broken(at) => {
                self.frames.clear();
                Piece::Gap(at)
            }
        }
    }

    /// Leaves all open containers at a byte that does not fit.
    fn give_up(&mut self) -> Piece {
        *self = JsonDocuments::default();
        Piece::Line
    }

    fn open(&mut self, frame: Frame, len: usize) -> Piece {
        self.frames.push(frame);
        Piece::Gap(len)
    }

    fn close(&mut self) -> Piece {
        if matches!(self.frames.pop(), Some(Frame::Object(Place::Resource))) {
            self.resource = None;
        }
        Piece::Gap(1)
    }
}

/// The bytes that are looked at to recognise a list or a member. White space before their first byte is rarely longer.
const LOOK_AHEAD: usize = 4096;

#[cfg(test)]
#[path = "json_document/tests.rs"]
mod tests;
