//! Logs of Zeek: `#fields` names the columns of the rows, which are separated by tabs.

use super::columns::{Columns, Role, fields};
use super::header::Header;
use super::spec::{Detected, Format, FormatSpec, LogFormat};
use crate::log::timestamp::StampRules;

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "zeek",
    about: "logs of Zeek, with `#fields` above rows that are separated by tabs",
    example: "#separator \\x09\n#fields\tts\tuid\tid.orig_h\tstatus_code\n1117838570.000000\tC1\t192.0.2.1\t503",
    detect: |sample| {
        let mut format = Zeek { separator: b'\t', columns: None };
        for line in sample.lines.iter().take_while(|line| line.starts_with(b"#")) {
            format.read_heading(line);
        }
        let fits = format.columns.is_some();
        Detected::new(format, fits)
    },
});

#[derive(Debug, Clone, PartialEq)]
struct Zeek {
    separator: u8,
    /// `None` before the first `#fields`.
    columns: Option<Columns>,
}

impl LogFormat for Zeek {
    /// All of a row is its message.
    fn header<'a>(&self, row: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
        self.columns.as_ref()?.row(row, rules).filter(|header| header.stamp.is_some())
    }

    fn is_heading(&self, line: &[u8]) -> bool {
        line.starts_with(b"#") || line.trim_ascii().is_empty()
    }

    fn after_heading(&self, line: &[u8]) -> Option<Box<dyn LogFormat>> {
        let mut changed = self.clone();
        changed.read_heading(line);
        (changed != *self).then(|| Box::new(changed) as Box<dyn LogFormat>)
    }

    fn field<'a>(&self, record: &'a [u8], name: &str) -> Option<&'a [u8]> {
        self.columns.as_ref()?.field(record, name)
    }

    fn field_names(&self, _record: &[u8]) -> Vec<String> {
        self.columns.as_ref().map_or_else(Vec::new, Columns::names_in_rules)
    }
}

fn role(name: &[u8]) -> Option<Role> {
    match name {
        b"ts" => Some(Role::Date),
        b"status_code" => Some(Role::Reply),
        b"level" => Some(Role::Level),
        _ => None,
    }
}

impl Zeek {
    fn read_heading(&mut self, line: &[u8]) {
        let line = line.trim_ascii_end();
        if let Some(code) = line.strip_prefix(b"#separator \\x") {
            let code = std::str::from_utf8(code).ok().and_then(|code| u8::from_str_radix(code, 16).ok());
            self.separator = code.unwrap_or(self.separator);
        } else if let Some([separator, names @ ..]) = line.strip_prefix(b"#fields")
            && *separator == self.separator
        {
            let names = fields(names, self.separator).map(|field| field.text.to_vec()).collect();
            self.columns = Some(Columns::named(names, self.separator, role));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(headings: &str) -> Zeek {
        let mut format = Zeek { separator: b'\t', columns: None };
        headings.lines().for_each(|line| format.read_heading(line.as_bytes()));
        format
    }

    #[test]
    fn a_heading_names_the_columns() {
        let format = after("#separator \\x09\n#path\thttp\n#fields\tts\tid.orig_h\tstatus_code");
        let row = b"1117838570.500000\t192.0.2.1\t404";
        let header = format.header(row, &StampRules::default()).expect("a row");
        assert_eq!((header.reply, header.level, header.message), (Some(&b"404"[..]), Some(&b"warning"[..]), &row[..]));
        assert_eq!(header.stamp.map(|stamp| stamp.time.as_second()), Some(1_117_838_570));
        assert_eq!(format.field(row, "id_orig_h"), Some(&b"192.0.2.1"[..]));
        let commas = after("#separator \\x2c\n#fields,ts,a");
        assert_eq!(commas.field(b"1117838570.000000,x", "a"), Some(&b"x"[..]));
    }

    #[test]
    fn other_lines_are_left() {
        assert_eq!(after("#fields ts a").columns, None);
        let format = after("#fields\tts\ta");
        assert_eq!(format.header(b"not a row", &StampRules::default()), None);
        assert!(format.after_heading(b"#close\t2026-01-01-00-00-00").is_none());
        assert!(format.after_heading(b"#fields\tts\tb").is_some());
    }
}
