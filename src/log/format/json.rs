//! JSON records: one object a line, or documents that contain several.

use super::json_object::Json;
use super::spec::{Detected, Format, FormatSpec, LogFormat, OpenRecord, Sample};
use crate::log::HEAD_BYTES;
use crate::log::json_document::{begins_object, has_documents};
use crate::log::timestamp::StampRules;

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "json",
    about: "JSON objects, one a line, over several lines or in a list, with the field names of common loggers",
    example: r#"{"time":"2024-05-01T10:00:00Z","level":"error","msg":"no space left on device"}"#,
    detect,
});

/// The objects of a source.
#[derive(Debug)]
struct JsonObjects {
    /// Whether an object may extend over several lines, or contain several records.
    has_documents: bool,
}

fn detect(sample: &Sample<'_>) -> Detected {
    let has_documents = has_documents(sample.head);
    let lines = sample.most_lines(JsonObjects { has_documents });
    // A line that is longer than the head is cut off where the head ends.
    let is_cut = || sample.head.len() >= HEAD_BYTES && sample.lines.last().is_some_and(|line| begins_object(line));
    let fits = lines.fits || has_documents || (sample.lines.len() == 1 && is_cut());
    Detected { fits, ..lines }
}

impl LogFormat for JsonObjects {
    fn has_documents(&self) -> bool {
        self.has_documents
    }

    fn is_distinct(&self) -> bool {
        true
    }

    fn has_escapes(&self) -> bool {
        true
    }

    fn fits(&self, line: &[u8], rules: &StampRules) -> bool {
        self.json(line, rules).is_some()
    }

    fn json(&self, record: &[u8], _rules: &StampRules) -> Option<Json> {
        Json::parse(record)
    }

    /// A JSON record ends with its line, so a stack trace after it is a record of its own.
    fn continues(&self, open: OpenRecord, rest: &[u8], indent_continues: bool) -> bool {
        open.takes_line(rest, indent_continues, false)
    }
}
