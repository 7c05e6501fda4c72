//! JSON records: one object a line. Docker keeps the line that a container printed in the member `log`.

use jiff::Timestamp;

use super::cri::container_header;
use super::json_object::Json;
use super::spec::{Format, FormatSpec, LogFormat, OpenRecord};

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "json",
    about: "one JSON object a line, with the field names of common loggers",
    example: r#"{"time":"2024-05-01T10:00:00Z","level":"error","msg":"no space left on device"}"#,
    detect: |sample| sample.most_lines(JsonLines),
});

#[derive(Debug)]
struct JsonLines;

impl LogFormat for JsonLines {
    fn has_escapes(&self) -> bool {
        true
    }

    fn fits(&self, line: &[u8], newest: Timestamp) -> bool {
        self.json(line, newest).is_some()
    }

    fn json(&self, record: &[u8], newest: Timestamp) -> Option<Json> {
        Json::parse(record, newest)
    }

    fn wrapped_field<'j>(&self, json: &'j Json, name: &str) -> Option<&'j [u8]> {
        let header = container_header(json.wrapped_line()?, json.newest());
        match name {
            "level" => header.level,
            "program" => header.program,
            _ => None,
        }
    }

    /// A JSON record ends with its line, so a stack trace after it is a record of its own.
    fn continues(&self, open: OpenRecord, rest: &[u8], indent_continues: bool) -> bool {
        open.takes_line(rest, indent_continues, false)
    }
}
