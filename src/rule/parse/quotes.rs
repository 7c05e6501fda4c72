//! Text that is quoted as in another language: `"""…"""`, `f"…"`, `"…"i`, quotes within quotes, text over several lines.
//!
//! The text is read on as if it were quoted right, and keeps its length in bytes.

use super::outline::{Token, TokenKind};
use super::signs::Signs;
use crate::diagnostic::Diagnostic;
use crate::rule::error;
use crate::source::Span;

/// Letters before a quote that mean something in other languages.
const PREFIXES: &[&str] = &["f", "r", "b", "u", "F", "R", "B", "U", "rb", "br", "fr", "rf", "L", "e", "E", "N"];

/// The most lines of a text that is not closed on its own.
const MOST_LINES: usize = 20;

/// Finds text in foreign quotes. `None` if there is none.
pub(super) fn quotes(text: &str, tokens: &[Token]) -> Option<Signs> {
    let mut quotes = Quotes { text, tokens, masked: text.as_bytes().to_vec(), diagnostics: Vec::new() };
    let mut at = 0;
    while at < tokens.len() {
        let next = quotes.token(at);
        at = next.max(at + 1);
    }
    if quotes.diagnostics.is_empty() {
        return None;
    }
    // Signs of one byte are replaced by others of one byte.
    Some(Signs { text: String::from_utf8(quotes.masked).ok()?, diagnostics: quotes.diagnostics })
}

struct Quotes<'t> {
    text: &'t str,
    tokens: &'t [Token],
    masked: Vec<u8>,
    diagnostics: Vec<Diagnostic>,
}

impl<'t> Quotes<'t> {
    fn span(&self, at: usize) -> Span {
        self.tokens.get(at).map_or(Span::new(self.text.len(), self.text.len()), |token| token.span)
    }

    fn slice(&self, at: usize) -> &'t str {
        let span = self.span(at);
        &self.text[span.start..span.end]
    }

    fn kind(&self, at: usize) -> Option<TokenKind> {
        self.tokens.get(at).map(|token| token.kind)
    }

    fn is_string(&self, at: usize) -> bool {
        self.kind(at) == Some(TokenKind::String)
    }

    /// Whether token `at` follows the one before it without a blank.
    fn is_glued(&self, at: usize) -> bool {
        at > 0 && at < self.tokens.len() && self.span(at - 1).end == self.span(at).start
    }

    /// The token that begins at byte `end` or behind it.
    fn token_from(&self, end: usize) -> usize {
        self.tokens.partition_point(|token| token.span.start < end)
    }

    /// Looks at token `at`, and returns the token after what was found.
    fn token(&mut self, at: usize) -> usize {
        let is_quote = self.slice(at).starts_with('"');
        let found = match self.kind(at) {
            Some(TokenKind::String) if is_quote => {
                self.triple(at).or_else(|| self.within(at)).or_else(|| self.doubled(at)).or_else(|| self.suffix(at))
            }
            Some(TokenKind::Unclosed) if is_quote => self.triple(at).or_else(|| self.lines(at)),
            Some(TokenKind::Word | TokenKind::Other) => self.prefix(at),
            _ => None,
        };
        found.unwrap_or(at + 1)
    }

    /// `"""text"""`, also over several lines.
    fn triple(&mut self, at: usize) -> Option<usize> {
        let start = self.span(at).start;
        let inner = start + 3;
        if !self.text[start..].starts_with("\"\"\"") {
            return None;
        }
        let close = inner + self.text[inner..].find("\"\"\"")?;
        let content = &self.text[inner..close];
        let is_one_line = !content.contains('\n');
        if content.matches('\n').count() > MOST_LINES {
            return None;
        }
        let (open, end) = (Span::new(start, inner), Span::new(close, close + 3));
        let wrong = error::foreign_form(
            open,
            "a text is written in one pair of quotes, on one line",
            match is_one_line {
                true => format!("write `\"{content}\"`"),
                false => "write it on one line, in one pair of quotes".to_owned(),
            },
        );
        let wrong = wrong.replace(open, "\"").replace(end, "\"");
        self.diagnostics.push(match is_one_line {
            true => wrong,
            false => self.joined(wrong, inner, close, " ").proposed(),
        });
        for byte in &mut self.masked[start..end.end] {
            *byte = match *byte {
                b'"' => b' ',
                b'\n' | b'\r' => b' ',
                other => other,
            };
        }
        (self.masked[inner - 1], self.masked[close]) = (b'"', b'"');
        Some(self.token_from(end.end))
    }

    /// Replaces the line breaks from byte `start` to byte `end`, with the blanks around them.
    fn joined(&self, wrong: Diagnostic, start: usize, end: usize, by: &str) -> Diagnostic {
        let mut done = start;
        let breaks = self.text[start..end].match_indices('\n').map(|(at, _)| start + at);
        breaks.fold(wrong, |wrong, at| {
            if at < done {
                return wrong;
            }
            let before = self.text[start..at].trim_end().len() + start;
            let behind = end - self.text[at..end].trim_start().len();
            done = behind;
            wrong.replace(Span::new(before, behind), by)
        })
    }

    /// `"{"level":"error"}"` and `"say "hi" now"`: quotes within a text.
    fn within(&mut self, at: usize) -> Option<usize> {
        let start = self.span(at).start;
        let is_json = matches!(self.slice(at), "\"{\"" | "\"[{\"") && self.is_glued(at + 1);
        let is_word =
            |word: &str| !super::is_reserved(word) && !matches!(word, "x" | "every" | "from" | "i" | "powershell");
        let is_said = !is_json
            && self.is_glued(at + 1)
            && self.kind(at + 1) == Some(TokenKind::Word)
            && is_word(self.slice(at + 1))
            && self.is_glued(at + 2)
            && self.is_string(at + 2);
        let close = match (is_json, is_said) {
            (true, _) => {
                let line_end = self.text[start..].find('\n').map_or(self.text.len(), |end| start + end);
                let ends = self.text[start..line_end].match_indices("}\"").map(|(end, _)| start + end + 1);
                ends.chain(self.text[start..line_end].match_indices("]\"").map(|(end, _)| start + end + 1)).max()?
            }
            (_, true) => self.span(at + 2).end - 1,
            _ => return None,
        };
        let whole = Span::new(start, close + 1);
        let mut wrong =
            error::foreign_sign(whole, "the text ends at its second quote", "within a text a quote is written `\\\"`");
        for quote in self.text[start + 1..close].match_indices('"').map(|(quote, _)| start + 1 + quote) {
            if self.text[..quote].ends_with('\\') {
                continue;
            }
            wrong = wrong.replace(Span::new(quote, quote), "\\");
            self.masked[quote] = b'\'';
        }
        // Nothing between the quotes may end the text, or begin a capture that nobody meant.
        self.diagnostics.push(wrong);
        Some(self.token_from(close + 1))
    }

    /// `"a ""quoted"" word"`.
    fn doubled(&mut self, at: usize) -> Option<usize> {
        let is_list = at > 0 && matches!(self.slice(at - 1), "[" | ",");
        let mut last = at;
        while self.is_string(last + 1) && self.is_glued(last + 1) && self.slice(last + 1).starts_with('"') {
            last += 1;
        }
        if last == at || is_list || self.slice(at) == "\"\"" {
            return None;
        }
        let whole = Span::new(self.span(at).start, self.span(last).end);
        let mut wrong = error::foreign_sign(
            whole,
            "two quotes do not make one within a text",
            "within a text a quote is written `\\\"`",
        );
        for index in at..last {
            let end = self.span(index).end;
            wrong = wrong.replace(Span::new(end - 1, end + 1), "\\\"");
            self.masked[end - 1..=end].fill(b'\'');
        }
        self.diagnostics.push(wrong);
        Some(last + 1)
    }

    /// `"text"i` and `"text" nocase`.
    fn suffix(&mut self, at: usize) -> Option<usize> {
        let (span, next) = (self.span(at), self.span(at + 1));
        let is_letter = self.is_glued(at + 1) && self.slice(at + 1) == "i";
        let is_word =
            matches!(self.slice(at + 1).to_lowercase().as_str(), "nocase" | "icase" | "ignorecase" | "caseless");
        let is_same_line = !self.text[span.end..next.start].contains('\n');
        if !(is_letter || is_word && is_same_line) {
            return None;
        }
        let written = &self.text[span.start..span.end];
        let title = format!("`{}` after a text has no meaning", self.slice(at + 1));
        let wrong = error::foreign_form(next, title, format!("case is ignored by an `i` before it: `i{written}`"));
        self.diagnostics
            .push(wrong.replace(Span::new(span.start, span.start), "i").replace(Span::new(span.end, next.end), ""));
        self.masked[span.end..next.end].fill(b' ');
        self.masked[span.start..=span.end].rotate_right(1);
        self.masked[span.start] = b'i';
        Some(at + 2)
    }

    /// `f"text"`, `$"text"`.
    fn prefix(&mut self, at: usize) -> Option<usize> {
        let written = self.slice(at);
        let is_sign = matches!(written, "$" | "@") && self.kind(at) == Some(TokenKind::Other);
        if !(PREFIXES.contains(&written) || is_sign) || !self.is_string(at + 1) || !self.is_glued(at + 1) {
            return None;
        }
        let inner = self.slice(at + 1);
        let is_regex = written.contains(['r', 'R']) && inner.contains(['\\', '*', '+', '(', '[', '^', '$', '|']);
        let has_hole = inner.contains('{');
        if is_regex && !has_hole {
            // A pattern: it is read as a regex.
            return None;
        }
        let span = self.span(at);
        let title = format!("`{written}` before a text has no meaning");
        let help = format!("write `{inner}`; `i\"…\"` ignores case, and `{{name}}` is a capture without a mark");
        self.diagnostics.push(error::foreign_form(span, title, help).replace(span, ""));
        self.masked[span.start..span.end].fill(b' ');
        Some(at + 2)
    }

    /// A text that begins on one line and ends on a later one.
    fn lines(&mut self, at: usize) -> Option<usize> {
        let start = self.span(at).start;
        let rest = (at + 1..self.tokens.len()).take_while(|index| {
            !matches!(self.kind(*index), Some(TokenKind::Open | TokenKind::Close | TokenKind::String))
        });
        let end = rest.into_iter().find(|index| self.kind(*index) == Some(TokenKind::Unclosed))?;
        let close = self.span(end).start;
        let content = &self.text[start + 1..close];
        let before = content.rsplit('\n').next().unwrap_or_default();
        let is_closing = self.slice(end).trim_end() == "\"" && !before.trim().is_empty();
        if !is_closing || content.matches('\n').count() > MOST_LINES || self.slice(at).contains("\\\"") {
            return None;
        }
        let is_feed = at > 0 && self.slice(at - 1) == "feed";
        let span = Span::new(start, self.span(at).end);
        let (help, by) = match is_feed {
            true => ("write each line as a text of its own: `feed \"…\" \"…\"`", "\"\n       \""),
            false => ("write it on one line", " "),
        };
        let wrong = self.joined(error::foreign_form(span, "a text ends on its line", help), start, close, by);
        self.diagnostics.push(if is_feed { wrong } else { wrong.proposed() });
        for byte in &mut self.masked[start..close] {
            if matches!(*byte, b'\n' | b'\r') {
                *byte = b' ';
            }
        }
        Some(end + 1)
    }
}
