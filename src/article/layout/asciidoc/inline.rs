//! Splits a paragraph of AsciiDoc into pieces: removes the marks of bold, italic and monospaced type, and reads links and
//! other macros.
//!
//! The text is read once, from left to right. A mark that has been opened is not opened again within itself, and a search
//! for a closing mark that found nothing is not repeated, so the time is linear.

use std::borrow::Cow;
use std::collections::HashMap;

use super::attributes::reference_at;
use super::macros::{InlineMacro, Shown, macro_at};
use crate::article::layout::html::decode_entity;
use crate::article::layout::piece::Piece;

/// The titles of the anchors of a text, for cross-references without a label.
pub(super) type Titles = HashMap<String, String>;

/// The greatest length in bytes of an address within `<` and `>`.
const LONGEST_ADDRESS: usize = 500;

/// Splits `text`, in which the references to known attributes have been replaced.
pub(super) fn pieces<'t>(text: &'t str, titles: &Titles) -> Vec<Piece<'t>> {
    let mut scan = Scan { text, titles, at: 0, copied: 0, open: Vec::new(), missing: HashMap::new(), out: Vec::new() };
    while scan.at < text.len() {
        scan.step();
    }
    scan.flush();
    while let Some(open) = scan.open.pop() {
        scan.out.extend(open.kind.closing());
    }
    scan.out
}

/// A mark or macro whose end has not been reached.
#[derive(Debug, Clone, Copy)]
struct Open {
    kind: Kind,
    /// Where its content ends, and where the text after it begins.
    end: usize,
    resume: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// `*bold*`
    Bold,
    /// `` `monospaced` ``
    Mono,
    /// `_italic_`, `#highlighted#` and the like, which are printed as normal type. Contains the character of the mark.
    Plain(u8),
    /// A text in typographic quotes. Contains the closing quote.
    Quoted(&'static str),
    Link,
    /// A label that leads to a place in the same text.
    Label,
}

impl Kind {
    fn closing(self) -> Option<Piece<'static>> {
        match self {
            Kind::Bold => Some(Piece::CloseBold),
            Kind::Link => Some(Piece::CloseLink),
            Kind::Quoted(close) => Some(Piece::Text(Cow::Borrowed(close))),
            Kind::Mono | Kind::Plain(_) | Kind::Label => None,
        }
    }
}

struct Scan<'t, 'c> {
    text: &'t str,
    titles: &'c Titles,
    at: usize,
    /// The text before this byte has been put out.
    copied: usize,
    open: Vec<Open>,
    /// For each closing mark, the end of the part of the text that has none from here on.
    missing: HashMap<&'static str, usize>,
    out: Vec<Piece<'t>>,
}

impl<'t> Scan<'t, '_> {
    /// Reads what is at the current byte, and moves at least one byte on.
    fn step(&mut self) {
        if let Some(open) = self.open.last().copied().filter(|open| open.end <= self.at) {
            self.flush();
            self.out.extend(open.kind.closing());
            self.jump(open.resume);
            self.open.pop();
            return;
        }
        let b = self.text.as_bytes()[self.at];
        let is_read = match b {
            b'\\' => self.escape(),
            b'*' | b'_' | b'`' | b'#' => self.mark(b),
            b'^' | b'~' => self.raised(b),
            b'+' => self.break_line() || self.passthrough(),
            b'$' => self.dollars(),
            b'"' | b'\'' => self.quote(b),
            b'<' => self.cross_reference(),
            b'[' => self.anchor() || self.role(),
            b'{' => self.unknown_attribute(),
            b'(' => self.index_term(),
            b':' => self.inline_macro(),
            b'&' => self.entity(),
            _ => false,
        };
        if !is_read {
            self.at += 1;
        }
    }

    fn limit(&self) -> usize {
        self.open.last().map_or(self.text.len(), |open| open.end)
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..self.limit()]
    }

    fn is_open(&self, kind: Kind) -> bool {
        self.open.iter().any(|open| open.kind == kind)
    }

    fn before(&self) -> Option<char> {
        self.text[..self.at].chars().next_back()
    }

    fn follows_word(&self) -> bool {
        self.before().is_some_and(|c| c.is_alphanumeric() || c == '_')
    }

    /// Puts out the text up to the current byte.
    fn flush(&mut self) {
        if self.copied < self.at {
            self.out.push(Piece::Text(Cow::Borrowed(&self.text[self.copied..self.at])));
        }
        self.copied = self.at;
    }

    /// Puts out `shown` instead of the text up to byte `end`.
    fn replace(&mut self, shown: impl Into<Cow<'t, str>>, end: usize) -> bool {
        self.flush();
        let shown = shown.into();
        if !shown.is_empty() {
            self.out.push(Piece::Text(shown));
        }
        self.jump(end);
        true
    }

    /// Leaves out the text up to byte `end`.
    fn jump(&mut self, end: usize) {
        self.at = end.max(self.at);
        self.copied = self.at;
    }

    fn enter(&mut self, kind: Kind, start: usize, end: usize, resume: usize) -> bool {
        self.jump(start);
        self.open.push(Open { kind, end, resume });
        true
    }

    /// Finds the first `mark` from byte `from` on that `fits`, within the innermost open mark.
    fn find(&mut self, mark: &'static str, from: usize, fits: impl Fn(&str, usize) -> bool) -> Option<usize> {
        let limit = self.limit();
        if from >= limit || self.missing.get(mark).is_some_and(|end| *end >= limit) {
            return None;
        }
        let text = self.text;
        let found = memchr::memmem::find_iter(&text.as_bytes()[from..limit], mark.as_bytes())
            .map(|at| from + at)
            .find(|&at| fits(text, at));
        if found.is_none() {
            self.missing.insert(mark, limit);
        }
        found
    }

    fn escape(&mut self) -> bool {
        const LONGEST_MACRO: usize = 100;
        let rest = &self.text[self.at + 1..];
        let rest = &rest[..rest.floor_char_boundary(LONGEST_MACRO)];
        let len = match rest.as_bytes().first() {
            Some(b'{') => reference_at(rest).map_or(1, |(_, len)| len),
            Some(b'*' | b'_' | b'`' | b'#' | b'^' | b'~' | b'+' | b'[' | b'<' | b'(' | b'&' | b'"' | b'\'' | b']') => 1,
            Some(_)
                if rest
                    .split([' ', '\n'])
                    .next()
                    .is_some_and(|word| word.contains("::") || word.contains(":/") || word.contains('[')) =>
            {
                0
            }
            _ => return false,
        };
        self.flush();
        self.jump(self.at + 1);
        self.at = (self.at + len).min(self.limit());
        // The colon of an escaped macro is text.
        if len == 0 {
            self.at = (self.at + rest.find(':').map_or(0, |colon| colon + 1)).min(self.limit());
        }
        true
    }

    fn mark(&mut self, b: u8) -> bool {
        let (kind, single, double) = match b {
            b'*' => (Kind::Bold, "*", "**"),
            b'_' => (Kind::Plain(b), "_", "__"),
            b'`' => (Kind::Mono, "`", "``"),
            _ => (Kind::Plain(b), "#", "##"),
        };
        if self.is_open(kind) {
            return false;
        }
        if b == b'`' && self.old_quotes() {
            return true;
        }
        let from = self.at + double.len();
        if self.rest().starts_with(double)
            && let Some(end) = self.find(double, from, |_, _| true)
            && end > from
        {
            return self.enter_mark(kind, from, end, end + double.len());
        }
        let from = self.at + single.len();
        let is_start = !self.follows_word() && self.text[from..].chars().next().is_some_and(|c| !c.is_whitespace());
        if !is_start {
            return false;
        }
        // The first character is content even if it is a mark.
        // Many write `pod`s, though AsciiDoc wants two backticks on both sides there.
        let ends =
            |text: &str, at| if b == b'`' { !text[..at].ends_with(char::is_whitespace) } else { ends_type(text, at) };
        match self.find(single, from + 1, ends) {
            Some(end) => self.enter_mark(kind, from, end, end + single.len()),
            None => false,
        }
    }

    /// Reads a text in the quotes of older AsciiDoc: ``text''.
    fn old_quotes(&mut self) -> bool {
        let from = self.at + 2;
        if !self.rest().starts_with("``") || self.is_open(Kind::Quoted("”")) {
            return false;
        }
        // The end is looked for before the next start only, so that no part of the text is searched twice.
        let next = self.find("``", from, |_, _| true).unwrap_or(self.limit());
        let Some(len) = memchr::memmem::find(&self.text.as_bytes()[from..next.max(from)], b"''") else { return false };
        let end = from + len;
        self.replace("“", from);
        self.enter(Kind::Quoted("”"), from, end, end + 2)
    }

    fn enter_mark(&mut self, kind: Kind, start: usize, end: usize, resume: usize) -> bool {
        self.flush();
        if kind == Kind::Bold {
            self.out.push(Piece::OpenBold);
        }
        // Monospaced text within `+` is literal.
        let inner = &self.text[start..end];
        if kind == Kind::Mono && inner.len() > 2 && inner.starts_with('+') && inner.ends_with('+') {
            return self.replace(&inner[1..inner.len() - 1], resume);
        }
        self.enter(kind, start, end, resume)
    }

    /// Reads `^raised^` and `~lowered~`, which contain no blank.
    fn raised(&mut self, b: u8) -> bool {
        let word = &self.rest()[1..];
        let len = word.bytes().take(40).position(|c| c == b || c.is_ascii_whitespace());
        match len {
            Some(len) if len > 0 && word.as_bytes()[len] == b => {
                let start = self.at + 1;
                self.replace(&self.text[start..start + len], start + len + 1)
            }
            _ => false,
        }
    }

    /// Reads a ` +` at the end of a line.
    fn break_line(&mut self) -> bool {
        let is_end = self.text[self.at + 1..].starts_with('\n') || self.at + 1 == self.text.len();
        if !(is_end && self.text[..self.at].ends_with(' ')) {
            return false;
        }
        self.flush();
        self.jump(self.at + 1);
        self.out.push(Piece::Break);
        true
    }

    /// Reads `+literal+`, `++literal++` and `+++literal+++`.
    fn passthrough(&mut self) -> bool {
        if self.follows_word() {
            return false;
        }
        let mark = ["+++", "++", "+"].into_iter().find(|mark| self.rest().starts_with(mark)).unwrap_or("+");
        let from = self.at + mark.len();
        let is_start = self.text[from..].chars().next().is_some_and(|c| !c.is_whitespace());
        let is_single = mark.len() == 1;
        let end = self.find(mark, from, |text, at| at > from && (!is_single || ends_type(text, at)));
        match end {
            Some(end) if is_start => self.replace(&self.text[from..end], end + mark.len()),
            _ => false,
        }
    }

    /// Reads `$$literal$$`.
    fn dollars(&mut self) -> bool {
        let from = self.at + 2;
        if !self.rest().starts_with("$$") {
            return false;
        }
        match self.find("$$", from, |_, _| true) {
            Some(end) if end > from => self.replace(&self.text[from..end], end + 2),
            _ => false,
        }
    }

    /// Reads a text in typographic quotes: ``"`text`"`` or ``'`text`'``.
    fn quote(&mut self, b: u8) -> bool {
        let (open, close, shown) = if b == b'"' { ("“", "`\"", "”") } else { ("‘", "`'", "’") };
        let from = self.at + 2;
        if self.text.as_bytes().get(self.at + 1) != Some(&b'`')
            || self.follows_word()
            || self.is_open(Kind::Quoted(shown))
        {
            return false;
        }
        match self.find(close, from, |_, _| true) {
            Some(end) => {
                self.replace(open, from);
                self.enter(Kind::Quoted(shown), from, end, end + close.len())
            }
            None => false,
        }
    }

    /// Reads `<<anchor,label>>` and `<https://…>`.
    fn cross_reference(&mut self) -> bool {
        if self.rest().starts_with("<http")
            && let Some(len) = self.rest().bytes().take(LONGEST_ADDRESS).position(|b| matches!(b, b'>' | b' ' | b'\n'))
            && self.rest().as_bytes()[len] == b'>'
        {
            return self.replace(&self.text[self.at + 1..self.at + len], self.at + len + 1);
        }
        let from = self.at + 2;
        let is_start = self.rest().starts_with("<<") && !self.rest()[2..].starts_with([' ', '<', '\n']);
        if !is_start || self.is_open(Kind::Link) || self.is_open(Kind::Label) {
            return false;
        }
        let Some(end) = self.find(">>", from, |_, _| true) else { return false };
        self.flush();
        let inner = &self.text[from..end];
        let (target, label) = inner.split_once(',').map_or((inner, ""), |(target, label)| (target, label));
        self.link_or_label(target, (end - label.len(), end), end + 2)
    }

    /// Begins a link to `target`, or the label of a place in this text, and leaves the label from byte `start` to `end` to
    /// be read. A link without a label is labelled with the title of its target.
    fn link_or_label(&mut self, target: &'t str, (start, end): (usize, usize), resume: usize) -> bool {
        let target = target.trim();
        let is_place = !target.contains(['.', '/']) && !target.contains(':');
        if self.text[start..end].trim().is_empty() {
            let place = target.trim_start_matches('#');
            if let Some(title) = self.titles.get(place) {
                return self.replace(title.clone(), resume);
            }
            if is_place {
                return self.replace(place, resume);
            }
        }
        if is_place {
            return self.enter(Kind::Label, start, end, resume);
        }
        self.out.push(Piece::OpenLink(target.to_owned()));
        self.enter(Kind::Link, start, end, resume)
    }

    /// Drops `[[anchor]]`.
    fn anchor(&mut self) -> bool {
        const LONGEST: usize = 200;
        let rest = self.rest();
        let Some(inner) = rest.strip_prefix("[[") else { return false };
        let Some(len) = inner.bytes().take(LONGEST).position(|b| b == b']' || b == b'\n') else { return false };
        inner[len..].starts_with("]]") && self.replace("", self.at + len + 4)
    }

    /// Drops the role before a mark: `[.path]`.
    fn role(&mut self) -> bool {
        const LONGEST: usize = 60;
        let rest = self.rest();
        let Some(len) = rest.bytes().take(LONGEST).position(|b| b == b']' || b == b'\n') else { return false };
        let is_role = rest[len..].starts_with("]#")
            || rest[len..].starts_with("]`")
            || rest[len..].starts_with("]*")
            || rest[len..].starts_with("]_");
        let is_name = len > 1
            && rest[1..len].bytes().all(|b| {
                b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'#' | b'%' | b'=' | b' ' | b'"')
            });
        is_role && is_name && !self.follows_word() && self.replace("", self.at + len + 1)
    }

    /// Prints the name of an attribute that is not set. Within monospaced type braces are usual, and stay.
    fn unknown_attribute(&mut self) -> bool {
        if self.is_open(Kind::Mono) {
            return false;
        }
        match reference_at(self.rest()) {
            Some((name, len)) => self.replace(name, self.at + len),
            None => false,
        }
    }

    /// Reads `((term))`, and drops `(((term)))`.
    fn index_term(&mut self) -> bool {
        let (open, close) = if self.rest().starts_with("(((") { ("(((", ")))") } else { ("((", "))") };
        let from = self.at + open.len();
        if !self.rest().starts_with(open) || self.text[from..].starts_with([' ', '(']) {
            return false;
        }
        match self.find(close, from, |_, _| true) {
            Some(end) if open.len() == 3 => self.replace("", end + 3),
            Some(end) => self.replace(&self.text[from..end], end + 2),
            None => false,
        }
    }

    fn inline_macro(&mut self) -> bool {
        let Some(InlineMacro { start, label, end, shown }) = macro_at(&self.text[..self.limit()], self.copied, self.at)
        else {
            return false;
        };
        let colon = self.at;
        self.at = start;
        match shown {
            Shown::Text(text) => self.replace(text, end),
            Shown::Link(_) if self.is_open(Kind::Link) || self.is_open(Kind::Label) => {
                self.at = colon;
                false
            }
            Shown::Link(target) => {
                self.flush();
                self.link_or_label(target, label, end)
            }
        }
    }

    fn entity(&mut self) -> bool {
        match decode_entity(self.rest()) {
            Some((shown, len)) => self.replace(shown, self.at + len),
            None => false,
        }
    }
}

/// Whether a mark of one byte at byte `at` ends type: a character is before it, and no word continues after it.
fn ends_type(text: &str, at: usize) -> bool {
    let before = text[..at].chars().next_back();
    let after = text[at + 1..].chars().next();
    before.is_some_and(|c| !c.is_whitespace()) && after.is_none_or(|c| !(c.is_alphanumeric() || c == '_'))
}

#[cfg(test)]
mod tests;
