//! Reads JSON objects in an array or one after the other, on any number of lines.
//!
//! A scanner tracks brackets and strings to find the end of each object, which is then parsed alone. So an array of any
//! length takes only the memory of one object.

use std::io::{self, BufRead};
use std::ops::ControlFlow;

use super::field_map::FieldMap;
use super::record::{JsonShape, MAX_RECORD_BYTES, NotARecord};
use super::visitor::RecordVisitor;
use super::{json, sniff};
use crate::article::decode::utf8_or_windows;

pub(super) fn read(
    reader: &mut dyn BufRead,
    shape: JsonShape,
    records: &mut RecordVisitor<'_>,
) -> io::Result<ControlFlow<()>> {
    let mut scanner = Scanner::new(shape);
    let mut list = CurrentList { is_mixed: shape == JsonShape::ArrayInObject, is_ours: None };
    loop {
        let chunk = reader.fill_buf()?;
        if chunk.is_empty() {
            break;
        }
        let (read, event) = scanner.step(chunk);
        reader.consume(read);
        match event {
            Some(ScanEvent::List) => list.is_ours = None,
            Some(ScanEvent::Object) if visit(&scanner.object, &mut list, records).is_break() => {
                return Ok(ControlFlow::Break(()));
            }
            Some(ScanEvent::Object) | None => {}
        }
    }
    match scanner.object.is_open {
        true => Ok(records.visit(scanner.object.line, Err(NotARecord::CutOff))),
        false => Ok(ControlFlow::Continue(())),
    }
}

/// The JSON array that is being read. With [`JsonShape::ArrayInObject`], an object may have other arrays beside the one
/// with the articles.
struct CurrentList {
    is_mixed: bool,
    /// Whether the array contains articles. Its first object decides; `None` before that.
    is_ours: Option<bool>,
}

fn visit(object: &OpenObject, list: &mut CurrentList, records: &mut RecordVisitor<'_>) -> ControlFlow<()> {
    let text = utf8_or_windows(&object.bytes);
    let fields = if object.is_too_large { Err(NotARecord::TooLarge) } else { json::fields(&text) };
    let looks_like_ours = |map: &FieldMap| fields.as_ref().map_or(true, |fields| sniff::is_article(fields, map));
    if list.is_mixed && !*list.is_ours.get_or_insert_with(|| looks_like_ours(records.map)) {
        return ControlFlow::Continue(());
    }
    records.visit(object.line, fields)
}

/// Why the scanner has stopped: an array that may contain records has begun, or a record has ended.
enum ScanEvent {
    List,
    Object,
}

/// The object that is being read or was read last.
#[derive(Default)]
struct OpenObject {
    bytes: Vec<u8>,
    line: u64,
    is_open: bool,
    is_too_large: bool,
}

impl OpenObject {
    fn begin(&mut self, line: u64) {
        self.bytes.clear();
        (self.line, self.is_open, self.is_too_large) = (line, true, false);
    }

    fn push(&mut self, bytes: &[u8]) {
        self.is_too_large |= self.bytes.len() + bytes.len() > MAX_RECORD_BYTES;
        if !self.is_too_large {
            self.bytes.extend_from_slice(bytes);
        }
    }
}

/// Finds the start and end of each record by tracking brackets and strings. The text need not be valid JSON.
#[derive(Default)]
struct Scanner {
    /// The number of brackets that are open around a record.
    level: usize,
    /// The two outermost open brackets. `depth` is the number of all open brackets.
    outer: [u8; 2],
    depth: usize,
    is_string: bool,
    is_escaped: bool,
    line: u64,
    object: OpenObject,
}

impl Scanner {
    fn new(shape: JsonShape) -> Self {
        let level = match shape {
            JsonShape::Objects => 0,
            JsonShape::Array => 1,
            JsonShape::ArrayInObject => 2,
        };
        Scanner { level, line: 1, ..Scanner::default() }
    }

    /// Reads `chunk` up to the next event or to its end. Returns the number of bytes read, and the event.
    fn step(&mut self, chunk: &[u8]) -> (usize, Option<ScanEvent>) {
        let mut start = 0;
        for (at, &byte) in chunk.iter().enumerate() {
            self.line += u64::from(byte == b'\n');
            if self.is_string {
                self.follow_string(byte);
                continue;
            }
            match byte {
                b'"' => self.is_string = true,
                b'{' | b'[' => {
                    if byte == b'{' && self.is_at_record() {
                        start = at;
                        self.object.begin(self.line);
                    }
                    self.open(byte);
                    if byte == b'[' && self.depth == self.level {
                        return (at + 1, Some(ScanEvent::List));
                    }
                }
                b'}' | b']' => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.object.is_open && self.depth == self.level {
                        self.object.push(&chunk[start..=at]);
                        self.object.is_open = false;
                        return (at + 1, Some(ScanEvent::Object));
                    }
                }
                _ => {}
            }
        }
        if self.object.is_open {
            self.object.push(&chunk[start..]);
        }
        (chunk.len(), None)
    }

    fn follow_string(&mut self, byte: u8) {
        match byte {
            _ if self.is_escaped => self.is_escaped = false,
            b'\\' => self.is_escaped = true,
            b'"' => self.is_string = false,
            _ => {}
        }
    }

    fn open(&mut self, bracket: u8) {
        if let Some(outer) = self.outer.get_mut(self.depth) {
            *outer = bracket;
        }
        self.depth += 1;
    }

    /// Whether an object that begins here is a record.
    fn is_at_record(&self) -> bool {
        self.depth == self.level && self.level.checked_sub(1).is_none_or(|inner| self.outer[inner] == b'[')
    }
}
