//! Writes reports for people: wrapped to the width of the terminal, and coloured.
//!
//! Colour codes are always written. The stream removes them if it is not a terminal or if `NO_COLOR` is set, so no
//! meaning depends on colour alone.

mod book;
mod case;
mod config;
mod diagnostics;
mod dialogue;
mod document;
mod eval;
mod explain;
mod fix;
#[cfg(test)]
mod hostile;
mod ingest;
mod learn;
mod log;
mod mutation;
mod rule_explain;
mod search;
#[cfg(feature = "semantic")]
mod semantic;
mod show;
mod tests;
mod watch;

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use textwrap::core::Word;

use super::DiagnosisView;
use super::clean::on_one_line;
use super::document::Sources;
use super::number::{counted, percent, thousands};
use crate::infer::Explanation;
use crate::matching::Finding;
use crate::rule::Program;

pub use book::{book, book_cause, book_list};
pub use case::{case, cases};
pub use config::config;
pub use diagnostics::diagnostics;
pub use dialogue::{changes, check, ended};
pub use eval::eval;
pub use fix::fixes;
pub use ingest::{ingest, status};
pub use learn::learn;
pub use log::{log, unread_lines};
pub use mutation::mutation;
pub use rule_explain::rule_explain;
pub use search::{search, search_from};
#[cfg(feature = "semantic")]
pub use semantic::{SemanticStatus, semantic_built, semantic_status};
pub use show::show;
pub use tests::tests;
pub use watch::watch_finding;

/// Writes the report of a diagnosis.
pub fn diagnosis(page: &mut Page, view: DiagnosisView) -> io::Result<()> {
    document::document(page, &view.document())
}

/// Writes how the probability of one cause was calculated.
pub fn why(page: &mut Page, program: &Program, why: &Explanation, findings: &[Finding]) -> io::Result<()> {
    document::section(page, &super::diagnosis::why(program, why, findings), &Sources::new(Vec::new()))
}

const HEADING: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const NAME: Style = AnsiColor::Cyan.on_default();
const MARK: Style = AnsiColor::Yellow.on_default().bold();
const GOOD: Style = AnsiColor::Green.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();

/// Minimum width of a page in columns. On a narrower one, wrapping is worse than lines that are too long.
const MIN_WIDTH: usize = 40;

/// A log record is cut after this many lines.
const MAX_RECORD_LINES: usize = 3;

/// The output of a report, with its width.
pub struct Page<'a> {
    out: &'a mut dyn Write,
    width: usize,
}

impl<'a> Page<'a> {
    /// Creates a page of `width` columns, at least 40.
    pub fn new(out: &'a mut dyn Write, width: usize) -> Self {
        Page { out, width: width.max(MIN_WIDTH) }
    }

    /// Writes a plain remark, wrapped and made safe to print.
    pub fn note(&mut self, text: &str) -> io::Result<()> {
        self.paragraph("", &on_one_line(text))
    }

    /// Writes one line without changes. Here and in all functions below, text from logs, articles and rules must have
    /// gone through [`clean`](super::clean) before, because from here on its colour codes cannot be told from ours.
    fn line(&mut self, text: impl std::fmt::Display) -> io::Result<()> {
        writeln!(self.out, "{text}")
    }

    fn fits(&self, lead: &str, text: &str) -> bool {
        textwrap::core::display_width(lead) + textwrap::core::display_width(text) <= self.width
    }

    fn blank(&mut self) -> io::Result<()> {
        writeln!(self.out)
    }

    fn heading(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "\n{HEADING}{text}{HEADING:#}")
    }

    /// Writes a command on one line, so that it can be copied.
    fn command(&mut self, lead: &str, command: &str) -> io::Result<()> {
        self.line(format_args!("{lead}{NAME}$ {}{NAME:#}", on_one_line(command)))
    }

    /// Writes a paragraph that begins with `lead`. Further lines are indented by the width of `lead`. If that leaves
    /// too little room, they are indented by two columns more than `lead` is, and a lead that fills most of the line
    /// gets a line of its own. `lead` and `text` may contain colour codes.
    fn paragraph(&mut self, lead: &str, text: &str) -> io::Result<()> {
        let wide = textwrap::core::display_width(lead);
        let hanging = if wide <= self.width / 2 { wide } else { lead.len() - lead.trim_start_matches(' ').len() + 2 };
        let indent = " ".repeat(hanging);
        let alone = wide > self.width * 3 / 4;
        if alone {
            writeln!(self.out, "{}", lead.trim_end())?;
        }
        let options = textwrap::Options::new(self.width)
            .initial_indent(if alone { &indent } else { lead })
            .subsequent_indent(&indent)
            .word_separator(textwrap::WordSeparator::Custom(words))
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        writeln!(self.out, "{}", textwrap::fill(text, options).trim_end())
    }

    /// Writes the beginning of a log record, on one line.
    fn cut_record(&mut self, lead: &str, text: &str) -> io::Result<()> {
        let room = self.width.saturating_sub(textwrap::core::display_width(lead)).max(MIN_WIDTH / 2);
        writeln!(self.out, "{lead}{}", cut(&printable(text), room))
    }

    /// Writes a log record, made safe to print and cut so that a long one does not fill the screen.
    fn record(&mut self, lead: &str, text: &str) -> io::Result<()> {
        self.paragraph(lead, &cut(&printable(text), MAX_RECORD_LINES * self.width))
    }
}

/// Writes which near-copies an article has, if any.
fn near_copies(page: &mut Page, lead: &str, ids: &[String]) -> io::Result<()> {
    match super::diagnosis::articles::near_copies(ids) {
        Some(named) => page.paragraph(lead, &format!("{DIM}{}{DIM:#}", on_one_line(&named))),
        None => Ok(()),
    }
}

/// Splits a line into the words between which it may be wrapped. A number and its sign stay together: `82 %`, `odds ×
/// 890`.
fn words(line: &str) -> Box<dyn Iterator<Item = Word<'_>> + '_> {
    let mut start = 0;
    let mut words = textwrap::WordSeparator::AsciiSpace.find_words(line).peekable();
    Box::new(std::iter::from_fn(move || {
        let begin = start;
        loop {
            let word = words.next()?;
            start += word.word.len() + word.whitespace.len();
            if !words.peek().is_some_and(|next| belong_together(&word, next)) {
                return Some(Word::from(&line[begin..start]));
            }
        }
    }))
}

fn belong_together(word: &Word, next: &Word) -> bool {
    let is_number = word.ends_with(|c: char| c.is_ascii_digit());
    let is_sign = |word: &str| matches!(word, "×" | "÷");
    (is_number && next.starts_with('%')) || is_sign(word) || is_sign(next)
}

/// The first `room` characters of `text`, with `…` if there are more.
fn cut(text: &str, room: usize) -> String {
    if text.chars().count() <= room {
        return text.to_owned();
    }
    text.chars().take(room.saturating_sub(1)).chain(std::iter::once('…')).collect()
}

/// Puts a record on one line, safe to print.
fn printable(text: &str) -> String {
    on_one_line(text.trim_end())
}

#[cfg(test)]
mod unit {
    use super::*;

    #[test]
    fn a_record_is_shown_on_one_line() {
        assert_eq!(printable("a\tb\u{1b}[2J\nc\n"), "a b\u{fffd}[2J⏎c");
    }

    #[test]
    fn a_number_and_its_sign_stay_on_one_line() {
        for width in MIN_WIDTH..70 {
            let mut out = Vec::new();
            let text = format!(
                "a cause without evidence stays at {}{}{}, odds × 890  here",
                HEADING,
                percent(0.02),
                HEADING.render_reset()
            );
            Page::new(&mut out, width).paragraph("  ", &text).expect("a Vec");
            let text = String::from_utf8(out).expect("UTF-8");
            assert!(text.contains("2 %") && text.contains("odds × 890"), "{width}: {text}");
        }
    }

    #[test]
    fn a_long_lead_does_not_squeeze_what_follows() {
        let paragraph = |lead: &str| {
            let mut out = Vec::new();
            Page::new(&mut out, 40).paragraph(lead, "one two three four five six").expect("a Vec");
            String::from_utf8(out).expect("UTF-8")
        };
        assert_eq!(
            paragraph("  a/path/of/24/bytes:10  "),
            "  a/path/of/24/bytes:10  one two three\n    four five six\n"
        );
        assert_eq!(
            paragraph("  a/path/that/fills/the/line:10  "),
            "  a/path/that/fills/the/line:10\n    one two three four five six\n"
        );
    }

    #[test]
    fn a_paragraph_keeps_its_indent() {
        let mut out = Vec::new();
        Page::new(&mut out, 40).paragraph("  1. ", "one two three four five six seven eight nine").expect("a Vec");
        let text = String::from_utf8(out).expect("UTF-8");
        assert_eq!(text, "  1. one two three four five six seven\n     eight nine\n");
    }
}
