//! Finds patterns of rules that begin with what a log format puts before messages. Rules and logs do not know each other, so this
//! is done here.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use super::mutation::example::value;
use crate::book;
use crate::diagnostic::Diagnostic;
use crate::log;
use crate::pattern::HoleKind;
use crate::rule::{self, Program, RuleText, WrittenPattern};
use crate::source::{SourceId, Span};

/// Loads rules to check them: what [`rule::load`] finds, and patterns with the header of a line. The remarks are sorted by file and
/// place.
pub fn checked_rules(
    files: &[RuleText],
    is_article: Option<&dyn Fn(&str) -> bool>,
) -> (Program, Vec<(SourceId, Diagnostic)>) {
    let (program, mut remarks) = rule::load(files, is_article);
    // In the bundled rules, the titles of some codes have a gap on purpose: the code alone says enough.
    remarks.retain(|(source, found)| {
        let is_bundled = files[source.0 as usize].path.starts_with(book::PREFIX);
        !(is_bundled && found.code == rule::LACKS_CAPTURE)
    });
    for (index, file) in (0..).zip(files).filter(|(_, file)| LIKELY.is_match(&file.text)) {
        let found = rule::written_patterns(file).into_iter().filter_map(|pattern| header(&pattern));
        remarks.extend(found.map(|found| (SourceId(index), found)));
    }
    remarks.sort_by_key(|(source, found)| (*source, found.span(), found.code));
    (program, remarks)
}

/// The beginning of a pattern that may be that of a line: most have none, and are not looked at any further.
static LIKELY: LazyLock<Regex> = LazyLock::new(|| {
    let names = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun";
    Regex::new(&format!(r#"["/][\^(\[<]*(?:\d{{2}}|\\d|\[0-9|(?:{names})[a-z]*[ ,]|[A-Za-z][\w./-]*\[(?:\d|\{{))"#))
        .expect("a valid regex")
});

/// The program of syslog with its process id, without a time before it.
static TAG: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^[A-Za-z][\w./-]*\[(?:\d+|\{\w*(?::\w+)?\})\]: ").expect("a valid regex"));

fn header(pattern: &WrittenPattern) -> Option<Diagnostic> {
    if pattern.is_regex {
        return stamp(pattern);
    }
    let text = pattern.source.as_str();
    if !LIKELY.is_match(&format!("\"{text}")) {
        return None;
    }
    let begins = text.bytes().find(|byte| !matches!(byte, b'[' | b'<' | b'(' | b' '))?;
    let end = match TAG.find(text) {
        Some(tag) => tag.end(),
        None if begins.is_ascii_digit() || begins.is_ascii_uppercase() || begins == b'{' => line_header(text)?,
        None => return None,
    };
    let span = Span::new(0, end).shifted(pattern.span.start);
    (end < text.len()).then(|| rule::header_in_pattern(span, text[..end].trim_end()))
}

/// The length of the header of a text with holes, which are read as if they were filled.
fn line_header(text: &str) -> Option<usize> {
    let mut line = String::new();
    let mut places: Vec<usize> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let hole = rest.strip_prefix('{').and_then(|inner| inner.find('}')).map(|end| &rest[..end + 2]);
        let (filled, len) = match hole {
            Some(hole) => (sample(hole).to_owned(), hole.len()),
            None => {
                let len = rest.chars().next().map_or(1, char::len_utf8);
                (rest[..len].to_owned(), len)
            }
        };
        places.extend(std::iter::repeat_n(at, filled.len()));
        line.push_str(&filled);
        at += len;
    }
    let end = log::header_len(line.as_bytes());
    // A header within the first words of a message is one by chance.
    (end >= 8).then(|| places.get(end).copied().unwrap_or(text.len()))
}

/// A text that a hole can take.
fn sample(hole: &str) -> &'static str {
    let kind = hole.trim_matches(['{', '}']).split(':').nth(1).and_then(HoleKind::named);
    value(kind.unwrap_or(HoleKind::Word))
}

/// The headers of the examples of the built-in formats.
static HEADERS: LazyLock<Vec<Cow<'static, str>>> =
    LazyLock::new(|| log::example_headers().map(String::from_utf8_lossy).collect());

/// Finds the part of a regex that matches the time stamp of a line.
fn stamp(pattern: &WrittenPattern) -> Option<Diagnostic> {
    let source = pattern.source.as_str();
    let anchored = source.strip_prefix('^');
    let rest = anchored.unwrap_or(source).trim_start_matches(['(', '?', ':', '[', '\\']);
    let is_likely = rest.starts_with(['d', 'w', '0', '2']) && source.contains("\\d") || rest.starts_with("0-9");
    if !is_likely {
        return None;
    }
    let cuts = source.match_indices([' ', 'T']).map(|(at, _)| at).chain(source.match_indices("\\s").map(|(at, _)| at));
    let mut cuts: Vec<usize> = cuts.filter(|at| *at > 0).chain([source.len()]).collect();
    cuts.sort_unstable();
    let matches = |cut: &usize| {
        let start = if anchored.is_some() { "" } else { "^" };
        let Ok(regex) = Regex::new(&format!("{start}(?:{})", &source[..*cut])) else { return false };
        HEADERS.iter().any(|header| {
            regex.find(header).is_some_and(|found| {
                found.start() == 0
                    && found.end() >= 6
                    && found.as_str().bytes().filter(u8::is_ascii_digit).count() >= 3
                    && found.as_str().contains(['-', ':', '/'])
            })
        })
    };
    let end = cuts.into_iter().take(6).rev().find(matches)?;
    let span = Span::new(0, end).shifted(pattern.span.start);
    Some(rule::stamp_in_regex(span, &source[..end]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(String, String)> {
        let files = [RuleText { path: "a.rules".to_owned(), text: format!("symptom a \"A\" {{ match {text} }}") }];
        let remarks = checked_rules(&files, None).1.into_iter().filter(|(_, found)| found.code == "R119");
        remarks.map(|(_, one)| (files[0].text[one.span().start..one.span().end].to_owned(), one.title)).collect()
    }

    fn headers(text: &str) -> Vec<String> {
        found(text).into_iter().map(|(header, _)| header).collect()
    }

    #[test]
    fn a_pasted_header_is_found() {
        assert_eq!(
            headers(r#""Nov 12 04:10:00 gate sshd[811]: Failed password for {user}""#),
            ["Nov 12 04:10:00 gate sshd[811]: "]
        );
        assert_eq!(
            headers(r#""Nov 12 04:10:00 {host} sshd[{pid:int}]: Failed password for {user}""#),
            ["Nov 12 04:10:00 {host} sshd[{pid:int}]: "]
        );
        assert_eq!(headers(r#""sshd[811]: Failed password for {user}""#), ["sshd[811]: "]);
        assert_eq!(headers(r#""2026-11-12T10:00:00Z ERROR cannot open {file:path}""#), ["2026-11-12T10:00:00Z ERROR "]);
    }

    #[test]
    fn a_regex_at_the_stamp_is_found() {
        assert_eq!(headers(r"/^\d{4}-\d\d-\d\dT\S+ ERROR (?P<what>.*)/"), [r"^\d{4}-\d\d-\d\dT\S+"]);
    }

    #[test]
    fn a_message_is_no_header() {
        let texts = [
            r#""Failed password for {user} from {ip:ip} port""#,
            r#""error: disk {d} is full""#,
            r#""504 gateway timeout""#,
            r#""kernel panic - not syncing""#,
            r"/^(\d+) errors in (\d+) files/",
            r#""{user} logged in at {t:time}""#,
        ];
        assert_eq!(texts.map(headers), [const { Vec::<String>::new() }; 6]);
    }
}
