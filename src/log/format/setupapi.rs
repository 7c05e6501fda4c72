//! `setupapi.dev.log`: sections of device installations, with marks before warnings and errors.

use super::header::{Header, split_word};
use super::spec::{Format, FormatSpec, LogFormat, OpenRecord};
use crate::log::timestamp::{StampRules, find_stamp};

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "setupapi",
    about: "`setupapi.dev.log` of Windows: sections of device installations",
    example: ">>>  [Device Install - USB]\n>>>  Section start 2001/04/17 02:00:31.123\n!!!  dvi: Error 0x1",
    detect: |sample| {
        let n_starts = sample.lines.iter().filter(|line| line.starts_with(START)).count();
        let fits = n_starts > 0 && sample.lines.iter().any(|line| line.starts_with(SECTION));
        super::spec::Detected::new(SetupApi, fits)
    },
});

#[derive(Debug)]
struct SetupApi;

const START: &[u8] = b">>>  Section start ";
const SECTION: &[u8] = b">>>  [";

/// The marks before the lines of a section, and the level of each.
const MARKS: [(&[u8], Option<&[u8]>); 4] =
    [(b"!!!", Some(b"error")), (b"!", Some(b"warning")), (b">>>", None), (b"<<<", None)];

impl LogFormat for SetupApi {
    /// The program is the part of the setup that wrote the line, such as `dvi`.
    fn header<'a>(&self, record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
        let record = record.trim_ascii();
        let (level, text) = MARKS.iter().find_map(|(mark, level)| {
            record.strip_prefix(*mark).filter(|rest| rest.starts_with(b" ")).map(|rest| (*level, rest.trim_ascii()))
        })?;
        let program = split_word(text).and_then(|(word, _)| word.strip_suffix(b":"));
        let stamp = record.split(|byte| *byte == b'\n').take(2).find_map(|line| {
            let is_border = line.starts_with(START) || line.starts_with(b"<<<  Section end ");
            is_border.then(|| find_stamp(line, rules)).flatten()
        });
        Some(Header { stamp, level, program, message: text, ..Header::default() })
    }

    /// The title of a section, its start and the indented lines after them are a record.
    fn continues(&self, open: OpenRecord, rest: &[u8], _indent_continues: bool) -> bool {
        rest.starts_with(START) || open.takes_line(rest, true, true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(record: &str, expected: Option<[&str; 4]>) {
        let parts = SetupApi.header(record.as_bytes(), &StampRules::default()).map(|header| {
            let text = |part: Option<&[u8]>| String::from_utf8_lossy(part.unwrap_or(b"-")).into_owned();
            let time = header.stamp.as_ref().map_or("-".to_owned(), |stamp| stamp.time.to_string());
            [time, text(header.level), text(header.program), text(Some(header.message))]
        });
        assert_eq!(parts, expected.map(|parts| parts.map(str::to_owned)), "{record}");
    }

    #[test]
    fn sections_warnings_and_errors_are_read() {
        check(
            ">>>  [Install]\n>>>  Section start 2001/04/17 02:00:31.123\n     dvi: x",
            Some([
                "2001-04-17T02:00:31.123Z",
                "-",
                "-",
                "[Install]\n>>>  Section start 2001/04/17 02:00:31.123\n     dvi: x",
            ]),
        );
        check("!!!  dvi: Error 0x1", Some(["-", "error", "dvi", "dvi: Error 0x1"]));
        check("!    inf: odd", Some(["-", "warning", "inf", "inf: odd"]));
        check(
            "<<<  Section end 2001/04/17 02:00:32.123",
            Some(["2001-04-17T02:00:32.123Z", "-", "-", "Section end 2001/04/17 02:00:32.123"]),
        );
    }

    #[test]
    fn other_lines_are_left() {
        check("     dvi: x", None);
        check("!important", None);
        check("[Boot Session: 2001/04/17 02:00:31.123]", None);
    }
}
