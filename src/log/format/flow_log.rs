//! Flow logs of virtual private clouds: fields between blanks, with or without a row that names them.

use super::columns::{Columns, Role, fields};
use super::header::Header;
use super::spec::{Detected, Format, FormatSpec, LogFormat, Sample};
use crate::log::timestamp::StampRules;

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "flow_log",
    about: "flow logs of virtual private clouds",
    example: "2 123456789010 eni-1 192.0.2.1 192.0.2.2 2064 22 6 20 424 1117838570 1117838630 REJECT OK",
    detect: |sample| {
        let named = sample.lines.first().is_some_and(|line| is_heading(line));
        let columns = if named { columns(sample.lines[0]) } else { columns(DEFAULT) };
        let format = FlowLog { columns };
        if named { Detected::new(format, true) } else { most_rows(sample, format) }
    },
});

#[derive(Debug)]
struct FlowLog {
    columns: Columns,
}

/// The columns of a log that names none.
const DEFAULT: &[u8] =
    b"version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end \
    action log-status";

impl LogFormat for FlowLog {
    /// All of a row is its message.
    fn header<'a>(&self, row: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
        self.columns.row(row, rules).filter(|_| fields(row.trim_ascii(), b' ').count() == self.columns.names.len())
    }

    fn is_heading(&self, line: &[u8]) -> bool {
        is_heading(line)
    }

    fn after_heading(&self, line: &[u8]) -> Option<Box<dyn LogFormat>> {
        let columns = columns(line.trim_ascii());
        (columns != self.columns).then(|| Box::new(FlowLog { columns }) as Box<dyn LogFormat>)
    }

    fn field<'a>(&self, record: &'a [u8], name: &str) -> Option<&'a [u8]> {
        self.columns.field(record, name)
    }

    fn field_names(&self, _record: &[u8]) -> Vec<String> {
        self.columns.names_in_rules()
    }
}

fn columns(names: &[u8]) -> Columns {
    let names = fields(names, b' ').map(|field| field.text.to_vec()).collect();
    Columns::named(names, b' ', |name| (name == b"start").then_some(Role::Date))
}

/// Whether `line` names columns: among them are the address of the sender and the status of the log.
fn is_heading(line: &[u8]) -> bool {
    let has = |wanted: &[u8]| fields(line, b' ').any(|field| field.text == wanted);
    line.first().is_some_and(u8::is_ascii_lowercase) && has(b"srcaddr") && has(b"start")
}

/// Detects rows in the default columns, of which one is the interface and one the action.
fn most_rows(sample: &Sample<'_>, format: FlowLog) -> Detected {
    let is_row = |line: &&[u8]| {
        let field = |name: &str| format.field(line, name).unwrap_or_default();
        field("interface_id").starts_with(b"eni-") && [&b"ACCEPT"[..], b"REJECT", b"-"].contains(&field("action"))
    };
    let fits = sample.lines.first().is_some_and(is_row);
    Detected::new(format, fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_have_the_default_columns_or_those_that_are_named() {
        let format = FlowLog { columns: columns(DEFAULT) };
        let row = FORMAT.example().as_bytes();
        let header = format.header(row, &StampRules::default()).expect("a row");
        assert_eq!(header.stamp.map(|stamp| stamp.time.as_second()), Some(1_117_838_570));
        assert_eq!((header.message, format.field(row, "action")), (row, Some(&b"REJECT"[..])));
        let changed = format.after_heading(b"srcaddr action start log-status\n").expect("other columns");
        let row = b"192.0.2.1 ACCEPT 1117838570 OK";
        assert_eq!(changed.field(row, "log_status"), Some(&b"OK"[..]));
        assert!(changed.header(row, &StampRules::default()).is_some());
    }

    #[test]
    fn other_lines_are_left() {
        let format = FlowLog { columns: columns(DEFAULT) };
        assert_eq!(format.header(b"2 1 1117838570", &StampRules::default()), None);
        assert!(!is_heading(b"the start of it") && !is_heading(b"2 123 eni-1"));
    }
}
