//! Cleans the text of a log: removes escape sequences of terminals and NUL bytes, and settles carriage returns.
//!
//! | in the log | after cleaning |
//! |---|---|
//! | escape sequences (colours, titles, erasing) | nothing |
//! | colours that were written out as text (`#033[31m`, `\\u001b[31m`) | nothing |
//! | NUL bytes, such as the hole that `copytruncate` leaves | nothing |
//! | `\r\n` | unchanged |
//! | `10%\r50%\r100%\n` | `100%\n`: the last state of the line that is not blank |
//! | a byte order mark of UTF-8 at the start of a line | nothing |
//! | `\r` in a source that has no `\n` | `\n` |
//!
//! Except in the last case, the number of `\n` stays the same, so the lines keep their numbers. The result does not
//! depend on the portions in which the bytes come. A source that is not text is recognised, see [`Head`].

mod escape;
mod head;
mod line;
#[cfg(test)]
mod tests;
mod written;

use std::borrow::Cow;

use escape::{Escape, Taken};
use head::{Head, HeadKind};
use line::{BYTE_ORDER_MARK, Line};
use written::append_without_written;

const ESC: u8 = 0x1b;

/// The bytes in which clean lines are looked for at a time. They are fewer than [`line::MAX_LINE_BYTES`], so that a line
/// that is cut is cut whatever the portions are.
const WINDOW_BYTES: usize = 64 * 1024;

/// Cleans the text of one source, whose bytes come in portions of any size.
///
/// It holds back the bytes from which it decides whether the source is text, then the line that is not complete, at
/// most [`line::MAX_LINE_BYTES`] of it. Time is linear.
#[derive(Debug, Clone, Default)]
pub(crate) struct TextCleaner {
    stage: Stage,
    /// The number of bytes in the head that only help to decide on the kind of the source, because they were read before.
    n_before: usize,
}

#[derive(Debug, Clone)]
enum Stage {
    /// The kind of the source is not known yet.
    Head(Head),
    Text(Box<Text>),
    /// The source is not text; its bytes are dropped.
    Binary,
}

impl Default for Stage {
    fn default() -> Self {
        Stage::Head(Head::default())
    }
}

impl TextCleaner {
    /// Begins within a source, at the beginning of a line. `head` are the first bytes of the source, which help to decide
    /// whether it is text.
    pub(crate) fn after(head: &[u8]) -> Self {
        let mut stage = Head::default();
        stage.take(head);
        TextCleaner { n_before: stage.text.len(), stage: Stage::Head(stage) }
    }

    /// Adds the next bytes of the source, and appends the text that is complete by now to `out`.
    pub(crate) fn push(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        let mut rest = bytes;
        if let Stage::Head(head) = &mut self.stage {
            rest = &bytes[head.take(bytes)..];
            if !head.is_full() {
                return;
            }
            self.end_head(out);
        }
        if let Stage::Text(text) = &mut self.stage {
            text.push(rest, out);
        }
    }

    /// Notes that no more bytes come, and appends the rest of the text to `out`.
    pub(crate) fn finish(&mut self, out: &mut Vec<u8>) {
        self.end_head(out);
        if let Stage::Text(text) = &mut self.stage {
            text.finish(out);
        }
    }

    /// Whether enough bytes have come to know whether the source is text.
    pub(crate) fn is_decided(&self) -> bool {
        !matches!(self.stage, Stage::Head(_))
    }

    /// Whether the source is not text. False as long as this is not decided.
    pub(crate) fn is_binary(&self) -> bool {
        matches!(self.stage, Stage::Binary)
    }

    /// Whether lines end with `\r`, so that the number of `\n` changes.
    pub(crate) fn is_cr_only(&self) -> bool {
        matches!(&self.stage, Stage::Text(text) if text.cr_only)
    }

    /// The number of bytes of the present state of the line that is not complete.
    pub(crate) fn n_held(&self) -> usize {
        match &self.stage {
            Stage::Text(text) => text.line.n_held(),
            Stage::Head(_) | Stage::Binary => 0,
        }
    }

    /// Decides the kind of the source, if that is not done yet, and cleans the bytes so far.
    fn end_head(&mut self, out: &mut Vec<u8>) {
        let Stage::Head(head) = &mut self.stage else { return };
        let mut text = match head.kind() {
            HeadKind::Binary => {
                self.stage = Stage::Binary;
                return;
            }
            HeadKind::Lines => Text::new(false),
            HeadKind::CarriageReturns => Text::new(true),
        };
        text.push(&head.text[self.n_before..], out);
        self.stage = Stage::Text(Box::new(text));
    }
}

/// The cleaning of a source that is text.
#[derive(Debug, Clone)]
struct Text {
    /// Whether `\r` ends a line.
    cr_only: bool,
    /// Whether the byte before was a `\r` that ended a line, so that a `\n` does not end another one.
    after_cr: bool,
    escape: Escape,
    line: Line,
}

impl Text {
    fn new(cr_only: bool) -> Self {
        Text { cr_only, after_cr: false, escape: Escape::default(), line: Line::default() }
    }

    fn push(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        let mut rest = bytes;
        while !rest.is_empty() {
            if !self.cr_only && !self.escape.is_open() && self.line.is_new() {
                let clean = clean_lines(&rest[..rest.len().min(WINDOW_BYTES)]);
                append_lines(&rest[..clean], out);
                rest = &rest[clean..];
            }
            let end = memchr::memchr(b'\n', rest).map_or(rest.len(), |newline| newline + 1);
            self.push_line(&rest[..end], out);
            rest = &rest[end..];
        }
    }

    /// Adds one line or a part of it.
    fn push_line(&mut self, line: &[u8], out: &mut Vec<u8>) {
        let mut rest = line;
        while let [first, after @ ..] = rest {
            if *first == 0 {
                rest = &rest[rest.iter().position(|byte| *byte != 0).unwrap_or(rest.len())..];
                continue;
            }
            if self.escape.is_open() {
                match self.escape.take(*first) {
                    Taken::Removed => rest = after,
                    Taken::Text(text) => self.push_text(&text, out),
                }
                continue;
            }
            let plain = memchr::memchr3(0, ESC, b'\r', rest).unwrap_or(rest.len());
            let (text, special) = rest.split_at(plain);
            match text.split_last() {
                Some((b'\n', text)) => {
                    self.push_text(text, out);
                    self.end_line(out);
                }
                _ => self.push_text(text, out),
            }
            rest = special;
            if let [special, after @ ..] = rest {
                rest = match *special {
                    ESC => &after[self.escape.begin(after)..],
                    _ => after,
                };
                if *special == b'\r' {
                    self.carriage_return(out);
                }
            }
        }
    }

    fn push_text(&mut self, text: &[u8], out: &mut Vec<u8>) {
        if !text.is_empty() {
            self.after_cr = false;
            self.line.push(text, out);
        }
    }

    fn carriage_return(&mut self, out: &mut Vec<u8>) {
        if self.cr_only {
            self.line.end(out);
            self.after_cr = true;
        } else {
            self.line.carriage_return();
        }
    }

    fn end_line(&mut self, out: &mut Vec<u8>) {
        if !std::mem::take(&mut self.after_cr) {
            self.line.end(out);
        }
    }

    fn finish(&mut self, out: &mut Vec<u8>) {
        let text = self.escape.finish();
        self.push_text(&text, out);
        self.line.finish(out);
    }
}

/// Returns the length of the complete lines at the beginning of `bytes` that contain nothing to remove, except byte
/// order marks.
fn clean_lines(bytes: &[u8]) -> usize {
    let is_line_end = |at: usize| bytes[at..].starts_with(b"\r\n");
    let rare = memchr::memchr3_iter(0, ESC, b'\r', bytes).find(|at| !is_line_end(*at)).unwrap_or(bytes.len());
    memchr::memrchr(b'\n', &bytes[..rare]).map_or(0, |newline| newline + 1)
}

/// Appends complete lines, without a byte order mark at the start of any of them, and without colours written as text.
fn append_lines(lines: &[u8], out: &mut Vec<u8>) {
    let mut rest = line::without_mark(lines);
    let marks = memchr::memmem::Finder::new(concat_mark());
    while let Some(newline) = marks.find(rest) {
        let (before, after) = rest.split_at(newline + 1);
        append_without_written(before, out);
        rest = line::without_mark(after);
    }
    append_without_written(rest, out);
}

/// A line end and a byte order mark.
fn concat_mark() -> &'static [u8] {
    const MARKED: &[u8] = b"\n\xef\xbb\xbf";
    debug_assert!(MARKED.ends_with(BYTE_ORDER_MARK));
    MARKED
}

/// Removes escape sequences from a message that is not read from a source of its own, and settles carriage returns.
pub(crate) fn clean_message(message: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr3(0, ESC, b'\r', message).is_none() {
        return Cow::Borrowed(message);
    }
    let (mut text, mut out) = (Text::new(false), Vec::new());
    text.push(message, &mut out);
    text.finish(&mut out);
    Cow::Owned(out)
}

/// Cleans a whole source.
#[cfg(test)]
fn cleaned(text: &[u8]) -> Vec<u8> {
    let (mut cleaner, mut out) = (TextCleaner::default(), Vec::new());
    cleaner.push(text, &mut out);
    cleaner.finish(&mut out);
    out
}
