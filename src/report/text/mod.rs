//! Text made for reading: wrapped to the terminal's width, in colour where that helps.
//!
//! Always written with colour codes; the stream strips them where there is no terminal or `NO_COLOR` is set, and what is
//! left reads the same.

mod diagnosis;
mod diagnostics;
mod ingest;
mod search;
mod show;
mod tests;

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

pub use diagnosis::{DiagnosisView, diagnosis};
pub use diagnostics::diagnostics;
pub use ingest::{ingest, status};
pub use search::search;
pub use show::show;
pub use tests::tests;

const HEADING: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const NAME: Style = AnsiColor::Cyan.on_default();
const MARK: Style = AnsiColor::Yellow.on_default().bold();
const GOOD: Style = AnsiColor::Green.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();

/// Narrower than this, wrapping does more harm than lines that are too long.
const MIN_WIDTH: usize = 40;

/// Lines that a log record is shown on before it is cut.
const MAX_RECORD_LINES: usize = 3;

/// Where a report is written, and how wide it may be.
pub struct Page<'a> {
    out: &'a mut dyn Write,
    width: usize,
}

impl<'a> Page<'a> {
    /// A page of `width` columns; less than 40 counts as 40.
    pub fn new(out: &'a mut dyn Write, width: usize) -> Self {
        Page { out, width: width.max(MIN_WIDTH) }
    }

    /// A plain remark, wrapped.
    pub fn note(&mut self, text: &str) -> io::Result<()> {
        self.paragraph("", text)
    }

    /// One line as it is.
    fn line(&mut self, text: impl std::fmt::Display) -> io::Result<()> {
        writeln!(self.out, "{text}")
    }

    fn blank(&mut self) -> io::Result<()> {
        writeln!(self.out)
    }

    fn heading(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "\n{HEADING}{text}{HEADING:#}")
    }

    /// A paragraph after `lead`, further lines indented as far as `lead` is wide. `lead` and `text` may hold colour codes.
    fn paragraph(&mut self, lead: &str, text: &str) -> io::Result<()> {
        let indent = " ".repeat(textwrap::core::display_width(lead));
        let options = textwrap::Options::new(self.width)
            .initial_indent(lead)
            .subsequent_indent(&indent)
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        writeln!(self.out, "{}", textwrap::fill(text, options).trim_end())
    }

    /// The beginning of a log record, on one line.
    fn cut_record(&mut self, lead: &str, text: &str) -> io::Result<()> {
        let room = self.width.saturating_sub(textwrap::core::display_width(lead)).max(MIN_WIDTH / 2);
        writeln!(self.out, "{lead}{}", cut(&printable(text), room))
    }

    /// A log record: what is printed of it must not move the cursor, and one long record must not fill the screen.
    fn record(&mut self, lead: &str, text: &str) -> io::Result<()> {
        self.paragraph(lead, &cut(&printable(text), MAX_RECORD_LINES * self.width))
    }
}

/// The first `room` characters of `text`, with `…` when there are more.
fn cut(text: &str, room: usize) -> String {
    if text.chars().count() <= room {
        return text.to_owned();
    }
    text.chars().take(room.saturating_sub(1)).chain(std::iter::once('…')).collect()
}

/// `text` on one line and without control characters, which could move the cursor or forge lines.
fn printable(text: &str) -> String {
    let shown = text.trim_end().chars().map(|c| match c {
        '\n' => '⏎',
        '\t' => ' ',
        c if c.is_control() => '\u{fffd}',
        c => c,
    });
    shown.collect()
}

/// `0.824` as `82 %`; never 0 % or 100 % for what is neither.
fn percent(probability: f64) -> String {
    let percent = probability * 100.0;
    match percent.round() {
        0.0 if probability > 0.0 => "<1 %".to_owned(),
        100.0 if probability < 1.0 => ">99 %".to_owned(),
        rounded => format!("{rounded} %"),
    }
}

/// `12345` as `12,345`.
fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `n thing` or `n things`.
fn counted(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", thousands(n), if n == 1 { one } else { many })
}

#[cfg(test)]
mod unit {
    use super::*;

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!(thousands(57), "57");
        assert_eq!(thousands(56_989), "56,989");
        assert_eq!(thousands(1_234_567), "1,234,567");
        assert_eq!(percent(0.8236), "82 %");
        assert_eq!(percent(0.0001), "<1 %");
        assert_eq!(percent(0.9999), ">99 %");
        assert_eq!(percent(1.0), "100 %");
        assert_eq!(percent(0.0), "0 %");
    }

    #[test]
    fn control_characters_of_a_log_do_not_reach_the_terminal() {
        assert_eq!(printable("a\tb\u{1b}[2J\nc\n"), "a b\u{fffd}[2J⏎c");
    }

    #[test]
    fn a_paragraph_keeps_its_indent() {
        let mut out = Vec::new();
        Page::new(&mut out, 40).paragraph("  1. ", "one two three four five six seven eight nine").expect("a Vec");
        let text = String::from_utf8(out).expect("UTF-8");
        assert_eq!(text, "  1. one two three four five six seven\n     eight nine\n");
    }
}
