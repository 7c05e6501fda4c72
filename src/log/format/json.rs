//! JSON records: one object a line.

use super::json_object::Json;
use super::spec::{Format, FormatSpec, LogFormat, OpenRecord};
use crate::log::timestamp::StampRules;

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "json",
    about: "one JSON object a line, with the field names of common loggers",
    example: r#"{"time":"2024-05-01T10:00:00Z","level":"error","msg":"no space left on device"}"#,
    detect: |sample| sample.most_lines(JsonLines),
});

#[derive(Debug)]
struct JsonLines;

impl LogFormat for JsonLines {
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
