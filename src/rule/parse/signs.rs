//! Signs that other languages have: curly and single quotes, no-break spaces, `;`, `//`, `/* */`, `≥`.
//!
//! They are reported where they are, and the text is read on as if the right sign were there. The text keeps its length in bytes,
//! so that every other diagnostic stays at its place.

use super::outline::{Token, TokenKind};
use crate::diagnostic::Diagnostic;
use crate::rule::error;
use crate::source::Span;

/// The text as it is read on, and what was wrong with it.
pub(super) struct Signs {
    pub(super) text: String,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Signs for one of the language, each as long in bytes as the text that replaces it.
const REPLACED: &[(&str, &str)] = &[
    ("≥", ">= "),
    ("⩾", ">= "),
    ("≧", ">= "),
    ("≤", "<= "),
    ("⩽", "<= "),
    ("≦", "<= "),
    ("≠", "!= "),
    ("≈", "~  "),
    ("∧", "and"),
    ("∨", "or "),
    ("¬", "! "),
    ("→", "-> "),
    ("⇒", "=> "),
    ("⟶", "-> "),
    ("−", "-  "),
    ("–", "-  "),
    ("—", "-  "),
];

/// Signs whose replacement is a sign of another language too, which is reported where it is read.
const READ_LATER: &[&str] = &["→", "⇒", "⟶", "¬"];

/// Blanks that are no blanks of the language.
const BLANKS: &[(char, &str)] = &[
    ('\u{a0}', "a no-break space"),
    ('\u{202f}', "a narrow no-break space"),
    ('\u{2007}', "a figure space"),
    ('\u{2009}', "a thin space"),
    ('\u{3000}', "an ideographic space"),
    ('\u{2002}', "an en space"),
    ('\u{2003}', "an em space"),
    ('\u{2004}', "a narrow space"),
    ('\u{2005}', "a narrow space"),
    ('\u{2006}', "a narrow space"),
    ('\u{2008}', "a punctuation space"),
    ('\u{200a}', "a hair space"),
    ('\u{205f}', "a mathematical space"),
    ('\u{200b}', "a zero-width space"),
    ('\u{200c}', "a zero-width non-joiner"),
    ('\u{200d}', "a zero-width joiner"),
    ('\u{2060}', "a word joiner"),
    ('\u{ad}', "a soft hyphen"),
    ('\u{2028}', "a line separator"),
];

const CURLY: &str = "“”„‟«»‘’‚‛";

/// Finds signs of other languages outside of strings, regexes, commands and comments. `None` if there are none.
pub(super) fn signs(text: &str, tokens: &[Token]) -> Option<Signs> {
    let is_sign = |index: usize| {
        let token = tokens[index];
        token.kind == TokenKind::Other && is_foreign(&text[token.span.start..]) && !is_pattern(text, tokens, index)
    };
    let signs: Vec<usize> = (0..tokens.len()).filter(|index| is_sign(*index)).collect();
    if signs.is_empty() {
        return None;
    }
    let mut found = SignFinder { text, masked: text.as_bytes().to_vec(), diagnostics: Vec::new(), blanks: None };
    let mut done = 0;
    for token in signs.into_iter().map(|index| tokens[index]) {
        if token.span.start >= done {
            done = found.sign(token.span.start);
        }
    }
    found.end_blanks();
    found.diagnostics.sort_by_key(Diagnostic::span);
    let text = String::from_utf8(found.masked).expect("each character is replaced as a whole");
    Some(Signs { text, diagnostics: found.diagnostics })
}

fn is_foreign(rest: &str) -> bool {
    let first = rest.chars().next().unwrap_or(' ');
    match first {
        '\'' | ';' => true,
        '/' => rest.starts_with("//") || rest.starts_with("/*"),
        '-' => rest.starts_with("--"),
        _ => !first.is_ascii() && (CURLY.contains(first) || is_blank(first) || replaced(rest).is_some()),
    }
}

/// Whether `//` or `/*` is where a regex is expected.
fn is_pattern(text: &str, tokens: &[Token], index: usize) -> bool {
    let before = index.checked_sub(1).map_or("", |before| &text[tokens[before].span.start..tokens[before].span.end]);
    text[tokens[index].span.start..].starts_with('/') && matches!(before, "match" | "or" | "~" | "=" | "starts_with")
}

fn is_zero_width(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{200c}' | '\u{200d}' | '\u{2060}' | '\u{ad}')
}

fn is_blank(c: char) -> bool {
    BLANKS.iter().any(|(blank, _)| *blank == c)
}

fn replaced(rest: &str) -> Option<(&'static str, &'static str)> {
    REPLACED.iter().find(|(sign, _)| rest.starts_with(sign)).copied()
}

struct SignFinder<'t> {
    text: &'t str,
    masked: Vec<u8>,
    diagnostics: Vec<Diagnostic>,
    /// The diagnostic about the no-break spaces of the current line, and the end of the line.
    blanks: Option<(Diagnostic, usize)>,
}

impl SignFinder<'_> {
    /// Reports the sign at byte `at` and returns the byte after all that belongs to it.
    fn sign(&mut self, at: usize) -> usize {
        let rest = &self.text[at..];
        let first = rest.chars().next().unwrap_or(' ');
        match first {
            ';' => self.semicolon(at),
            '/' if rest.starts_with("/*") => self.block_comment(at),
            '/' | '-' => self.line_comment(at, 2),
            '\'' => self.quotes(at, '\''),
            _ if is_blank(first) => self.blank(at, first),
            _ if CURLY.contains(first) => self.quotes(at, first),
            _ => self.replacement(at, replaced(rest).unwrap_or(("", ""))),
        }
    }

    fn line_end(&self, at: usize) -> usize {
        memchr::memchr(b'\n', &self.text.as_bytes()[at..]).map_or(self.text.len(), |end| at + end)
    }

    /// Overwrites the bytes of `span` with blanks; line ends stay.
    fn mask(&mut self, span: Span) {
        for byte in &mut self.masked[span.start..span.end] {
            if !matches!(byte, b'\n' | b'\r') {
                *byte = b' ';
            }
        }
    }

    fn semicolon(&mut self, at: usize) -> usize {
        let span = Span::new(at, at + 1);
        let wrong = error::foreign_sign(
            span,
            "`;` has no meaning here",
            "a statement ends where the next one begins: remove it",
        );
        self.diagnostics.push(wrong.replace(span, ""));
        self.mask(span);
        at + 1
    }

    fn line_comment(&mut self, at: usize, len: usize) -> usize {
        let (mark, end) = (Span::new(at, at + len), self.line_end(at));
        let written = &self.text[at..at + len];
        let wrong =
            error::foreign_sign(mark, &format!("`{written}` does not begin a comment"), "a comment begins with `#`");
        self.diagnostics.push(wrong.replace(mark, "#"));
        self.mask(Span::new(at, end));
        end
    }

    fn block_comment(&mut self, at: usize) -> usize {
        let close = self.text[at + 2..].find("*/").map(|close| at + 2 + close);
        let end = close.map_or_else(|| self.line_end(at), |close| close + 2);
        let mark = Span::new(at, at + 2);
        let help = "a comment begins with `#` and ends with its line";
        let mut wrong = error::foreign_sign(mark, "`/*` does not begin a comment", help);
        let lines = self.text[at..end].contains('\n');
        let is_last = self.text[end..self.line_end(end)].trim().is_empty();
        match close {
            Some(close) if is_last => {
                wrong = wrong.replace(mark, "#").replace(Span::new(close, end), "");
                if lines {
                    let starts = self.text[at..close].match_indices('\n').map(|(line, _)| at + line + 1);
                    wrong = starts.fold(wrong, |wrong, start| wrong.replace(Span::new(start, start), "# "));
                }
            }
            Some(_) => wrong = wrong.replace(Span::new(at, end), ""),
            None => wrong = wrong.replace(mark, "#"),
        }
        self.diagnostics.push(wrong);
        self.mask(Span::new(at, end));
        end
    }

    /// Reads text between quotes that begins at byte `at` with `open`.
    fn quotes(&mut self, at: usize, open: char) -> usize {
        let (inner, line_end) = (at + open.len_utf8(), self.line_end(at));
        let closes =
            |c: char| if open == '\'' { c == '\'' } else { c == '"' || (CURLY.contains(c) && c != '’') || c == open };
        let own = self.text[inner..line_end].find(closes);
        // An apostrophe can be the closing mark of a curly single quote.
        let close = own.or_else(|| self.text[inner..line_end].find('’')).map(|close| inner + close);
        let Some(close) = close else { return self.lone_quote(at, open) };
        let end = close + self.text[close..].chars().next().map_or(0, char::len_utf8);
        let span = Span::new(at, end);
        let content = &self.text[inner..close];
        let written = format!("\"{}\"", content.replace('"', "\\\""));
        let is_command =
            self.text[..at].trim_end().ends_with("run") || self.text[..at].trim_end().ends_with("run powershell");
        if open == '\'' && is_command && !content.contains('`') {
            let written = format!("`{content}`");
            let wrong = error::foreign_sign(span, "a command is written in backticks", &format!("write {written}"));
            self.diagnostics.push(wrong.replace(span, written));
            (self.masked[at], self.masked[close]) = (b'`', b'`');
            return end;
        }
        let what = match open {
            '\'' => "text is not written in single quotes",
            _ => "curly quotes do not mark text",
        };
        self.diagnostics.push(error::foreign_sign(span, what, &format!("write `{written}`")).replace(span, written));
        let inside: Vec<u8> = content.bytes().map(|byte| if byte == b'"' { b'\'' } else { byte }).collect();
        self.mask(span);
        self.masked[inner..close].copy_from_slice(&inside);
        self.masked[inner - 1] = b'"';
        self.masked[close] = b'"';
        end
    }

    /// Reports a quote that no other one closes. At the start of a line, a single quote begins a comment in some languages.
    fn lone_quote(&mut self, at: usize, open: char) -> usize {
        let begins_line = self.text[..at].rsplit('\n').next().is_none_or(|before| before.trim().is_empty());
        if open == '\'' && begins_line {
            return self.line_comment(at, 1);
        }
        let span = Span::new(at, at + open.len_utf8());
        let wrong = error::foreign_sign(span, &format!("`{open}` has no meaning here"), "text is written in `\"…\"`");
        self.diagnostics.push(wrong);
        self.mask(span);
        span.end
    }

    /// Reports the no-break spaces of one line together.
    fn blank(&mut self, at: usize, c: char) -> usize {
        let span = Span::new(at, at + c.len_utf8());
        self.mask(span);
        if is_zero_width(c) {
            return self.zero_width(span, c);
        }
        match self.blanks.take() {
            Some((wrong, line_end)) if at < line_end => self.blanks = Some((wrong.replace(span, " "), line_end)),
            before => {
                self.diagnostics.extend(before.map(|(wrong, _)| wrong));
                let name = BLANKS.iter().find(|(blank, _)| *blank == c).map_or("a special blank", |(_, name)| name);
                let what = format!("this is {name} (U+{:04X}), which does not separate words", c as u32);
                let wrong = error::foreign_sign(span, &what, "replace it by a blank").replace(span, " ");
                self.blanks = Some((wrong, self.line_end(at)));
            }
        }
        span.end
    }

    /// Reports a sign that cannot be seen. The word around it is read as one.
    fn zero_width(&mut self, span: Span, c: char) -> usize {
        let name = BLANKS.iter().find(|(blank, _)| *blank == c).map_or("a sign without width", |(_, name)| name);
        let what = format!("there is {name} here (U+{:04X}), which cannot be seen", c as u32);
        self.diagnostics.push(error::foreign_sign(span, &what, "remove it").replace(span, ""));
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        let rest = self.masked[span.end..].iter().take_while(|byte| is_part(byte)).count();
        if span.start > 0 && is_part(&self.masked[span.start - 1]) {
            self.masked[span.start..span.end + rest].rotate_left(span.end - span.start);
        }
        span.end
    }

    fn end_blanks(&mut self) {
        self.diagnostics.extend(self.blanks.take().map(|(wrong, _)| wrong));
    }

    fn replacement(&mut self, at: usize, (sign, meant): (&str, &str)) -> usize {
        let span = Span::new(at, at + sign.len());
        let word = meant.trim();
        self.masked[span.start..span.end].copy_from_slice(meant.as_bytes());
        if READ_LATER.contains(&sign) {
            return span.end;
        }
        let what = format!("`{sign}` is written `{word}` here");
        let wrong = error::foreign_sign(span, &what, &format!("write `{word}`"));
        self.diagnostics.push(wrong.replace(span, word));
        span.end
    }
}
