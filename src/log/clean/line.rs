//! One line of a log while it is written, with the states that carriage returns replace.

use super::written::append_without_written;

/// The most bytes of a line that wait for its end. The beginning of a longer line is given out, and a carriage return
/// later in the line cannot replace it.
pub(super) const MAX_LINE_BYTES: usize = 256 * 1024;

pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A line that is not complete.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    /// The text after the last carriage return.
    state: Vec<u8>,
    /// The last text before a carriage return that is not blank.
    before: Vec<u8>,
    /// The first such text, if it begins with a stamp. A collector that stamps lines writes the stamp only once for all
    /// states of a line.
    stamped: Vec<u8>,
    /// Whether the last byte was a carriage return. It is part of the line end if the line ends now.
    has_returned: bool,
    /// Whether the beginning of the line was given out.
    is_cut: bool,
}

impl Line {
    /// Whether nothing of the line has come.
    pub(super) fn is_new(&self) -> bool {
        self.state.is_empty() && self.before.is_empty() && self.stamped.is_empty() && !self.has_returned && !self.is_cut
    }

    /// The number of bytes of its present state.
    pub(super) fn n_held(&self) -> usize {
        self.state.len()
    }

    /// Adds text, which is not empty and contains no line end.
    pub(super) fn push(&mut self, mut text: &[u8], out: &mut Vec<u8>) {
        if std::mem::take(&mut self.has_returned) {
            self.end_state();
        }
        while self.state.len() + text.len() >= MAX_LINE_BYTES {
            let (fits, rest) = text.split_at(MAX_LINE_BYTES - self.state.len());
            self.state.extend_from_slice(fits);
            self.give_out(out);
            self.is_cut = true;
            text = rest;
        }
        self.state.extend_from_slice(text);
    }

    pub(super) fn carriage_return(&mut self) {
        self.has_returned = true;
    }

    /// Ends the line with its line end.
    pub(super) fn end(&mut self, out: &mut Vec<u8>) {
        self.give_out(out);
        let line_end: &[u8] = if std::mem::take(&mut self.has_returned) { b"\r\n" } else { b"\n" };
        out.extend_from_slice(line_end);
        self.is_cut = false;
    }

    /// Ends the last line of a source, which has no line end.
    pub(super) fn finish(&mut self, out: &mut Vec<u8>) {
        self.give_out(out);
        if std::mem::take(&mut self.has_returned) {
            out.push(b'\r');
        }
    }

    fn end_state(&mut self) {
        if is_blank(&self.state) {
            self.state.clear();
            return;
        }
        if self.before.is_empty() && begins_with_stamp(&self.state) {
            self.stamped.clone_from(&self.state);
        }
        std::mem::swap(&mut self.state, &mut self.before);
        self.state.clear();
    }

    /// Appends the last state that is not blank, after the first one if only that has a stamp.
    fn give_out(&mut self, out: &mut Vec<u8>) {
        let is_replaced = is_blank(&self.state) && !self.before.is_empty();
        let text = if is_replaced { &self.before } else { &self.state };
        let text = if self.is_cut { text } else { without_mark(text) };
        if !self.stamped.is_empty() && !begins_with_stamp(text) {
            append_without_written(without_mark(&self.stamped), out);
            out.push(b' ');
        }
        append_without_written(text, out);
        self.state.clear();
        self.before.clear();
        self.stamped.clear();
    }
}

/// Removes the byte order marks at the beginning of a line.
pub(super) fn without_mark(mut line: &[u8]) -> &[u8] {
    while let Some(rest) = line.strip_prefix(BYTE_ORDER_MARK) {
        line = rest;
    }
    line
}

fn is_blank(text: &[u8]) -> bool {
    text.iter().all(u8::is_ascii_whitespace)
}

/// Whether `line` begins with a date or a time of day, perhaps in brackets. It is a rough test: a wrong answer only
/// decides which states of a line are kept.
fn begins_with_stamp(line: &[u8]) -> bool {
    /// `0` stands for a digit, `a` for a letter.
    const SHAPES: [&[u8]; 5] = [b"0000-00-00", b"0000/00/00", b"00:00:00", b"aaa 00 00:", b"aaa  0 00:"];
    let line = without_mark(line);
    let line = line.strip_prefix(b"[").unwrap_or(line);
    let fits = |(byte, shape): (&u8, &u8)| match shape {
        b'0' => byte.is_ascii_digit(),
        b'a' => byte.is_ascii_alphabetic(),
        other => byte == other,
    };
    SHAPES.iter().any(|shape| line.len() >= shape.len() && line.iter().zip(*shape).all(fits))
}
