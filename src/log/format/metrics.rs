//! Metrics as Prometheus reads them: a line for each sample, with comments that describe the metrics.

use super::header::Header;
use super::spec::{Detected, Format, FormatSpec, LogFormat, OpenRecord};
use crate::log::timestamp::{StampRules, stamp_at};

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "metrics",
    about: "metrics in the text format of Prometheus: `.name`, `.value` and `.labels.x` of each sample",
    example: "# TYPE http_requests_total counter\nhttp_requests_total{method=\"post\",code=\"500\"} 3 1117838570123",
    detect: |sample| {
        let is_comment = |line: &&&[u8]| line.starts_with(b"# TYPE ") || line.starts_with(b"# HELP ");
        let samples = || sample.lines.iter().filter(|line| !line.starts_with(b"#"));
        let n_fitting = samples().filter(|line| parse(line).is_some()).count();
        let fits = sample.lines.iter().any(|line| is_comment(&line)) && n_fitting * 2 > samples().count();
        Detected::new(Metrics, fits)
    },
});

#[derive(Debug)]
struct Metrics;

/// A sample: `name{labels} value time`.
#[derive(Debug, PartialEq)]
struct Measured<'a> {
    name: &'a [u8],
    labels: &'a [u8],
    value: &'a [u8],
    /// The time in milliseconds since 1970, or in seconds in the format of `OpenMetrics`.
    time: Option<&'a [u8]>,
}

impl LogFormat for Metrics {
    fn is_stamped(&self) -> bool {
        false
    }

    /// All of the sample is the message. Its gist is empty, so that it is never searched for.
    fn header<'a>(&self, record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
        let time = parse(record)?.time;
        let stamp = time.and_then(|time| stamp_at(time, 0, rules));
        Some(Header { stamp, message: record.trim_ascii(), gist: Some(b""), ..Header::default() })
    }

    /// Comments are headings.
    fn is_heading(&self, line: &[u8]) -> bool {
        line.starts_with(b"#") || line.trim_ascii().is_empty()
    }

    fn continues(&self, _open: OpenRecord, rest: &[u8], _indent_continues: bool) -> bool {
        rest.first().is_some_and(|byte| b"\r\n".contains(byte))
    }

    fn field<'a>(&self, record: &'a [u8], name: &str) -> Option<&'a [u8]> {
        let sample = parse(record)?;
        match name.strip_prefix("labels.") {
            Some(label) => labels(sample.labels).find(|(found, _)| *found == label.as_bytes()).map(|(_, value)| value),
            None if name == "name" => Some(sample.name),
            None if name == "value" => Some(sample.value),
            None => None,
        }
    }

    fn field_names(&self, record: &[u8]) -> Vec<String> {
        let Some(sample) = parse(record) else { return Vec::new() };
        let labels = labels(sample.labels).map(|(name, _)| format!("labels.{}", String::from_utf8_lossy(name)));
        ["name".to_owned(), "value".to_owned()].into_iter().chain(labels).collect()
    }
}

/// Parses a sample; `None` for any other line.
fn parse(line: &[u8]) -> Option<Measured<'_>> {
    let line = line.trim_ascii();
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_:".contains(byte);
    let name_len = line.iter().take_while(|byte| is_name(byte)).count();
    let (name, rest) = line.split_at(name_len);
    if name.first().is_none_or(u8::is_ascii_digit) {
        return None;
    }
    let (labels, rest) = match rest {
        [b'{', inside @ ..] => {
            let end = labels_len(inside)?;
            (&inside[..end], &inside[end + 1..])
        }
        _ => (&b""[..], rest),
    };
    let mut words = rest.split(|byte| b" \t".contains(byte)).filter(|word| !word.is_empty());
    let value = words.next().filter(|word| is_number(word))?;
    let time = words.next().filter(|word| *word != b"#");
    let is_time = |word: &[u8]| word.iter().all(|byte| byte.is_ascii_digit() || b"-.".contains(byte));
    time.is_none_or(is_time).then_some(Measured { name, labels, value, time })
}

/// Returns the length of the labels at the beginning of `text`, up to the brace after them.
fn labels_len(text: &[u8]) -> Option<usize> {
    let (mut at, mut quoted) = (0, false);
    loop {
        match *text.get(at)? {
            b'\\' if quoted => at += 1,
            b'"' => quoted = !quoted,
            b'}' if !quoted => return Some(at),
            _ => {}
        }
        at += 1;
    }
}

/// Returns the names and values in `method="post",code="400"`, without quotes. Escapes in values stay as they are.
fn labels(text: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let quote = memchr::memmem::find(rest, b"=\"")?;
        let name = rest[..quote].trim_ascii();
        let value = &rest[quote + 2..];
        let mut at = 0;
        while *value.get(at)? != b'"' {
            at += 1 + usize::from(value[at] == b'\\');
        }
        rest = value[at + 1..].trim_ascii_start();
        rest = rest.strip_prefix(b",").unwrap_or(rest);
        Some((name, &value[..at]))
    })
}

fn is_number(word: &[u8]) -> bool {
    std::str::from_utf8(word).is_ok_and(|word| word.parse::<f64>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks time, value and the names of the fields of a sample.
    #[track_caller]
    fn check(line: &str, expected: Option<[&str; 3]>) {
        let line = line.as_bytes();
        let parts = Metrics.header(line, &StampRules::default()).map(|header| {
            let time = header.stamp.as_ref().map_or("-".to_owned(), |stamp| stamp.time.to_string());
            let value = String::from_utf8_lossy(Metrics.field(line, "value").unwrap_or(b"-")).into_owned();
            [time, value, Metrics.field_names(line).join(" ")]
        });
        assert_eq!(parts, expected.map(|parts| parts.map(str::to_owned)));
    }

    #[test]
    fn samples_are_read() {
        check("up 0", Some(["-", "0", "name value"]));
        check(
            "a:b{method=\"po}st\", code=\"4\\\"0\"}    3.5e2 1117838570123",
            Some(["2005-06-03T22:42:50.123Z", "3.5e2", "name value labels.method labels.code"]),
        );
        check("a_bucket{le=\"+Inf\"} +Inf # {id=\"1\"} 0.5", Some(["-", "+Inf", "name value labels.le"]));
        let line = b"a{b=\"c\\\"d\",} 1";
        assert_eq!(Metrics.field(line, "labels.b"), Some(&b"c\\\"d"[..]));
        assert_eq!((Metrics.field(line, "name"), Metrics.field(line, "labels.x")), (Some(&b"a"[..]), None));
    }

    #[test]
    fn other_lines_are_left() {
        for line in ["", "up", "up down", "1up 0", "a{b=\"c} 0", "a{b=\"\\", "up 0 now", "no sample 1"] {
            check(line, None);
        }
        assert!(Metrics.is_heading(b"# HELP up x\n") && !Metrics.is_heading(b"up 0"));
    }
}
