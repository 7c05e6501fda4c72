//! Words and forms that people write out of habit from other languages: `=`, `&&`, `contains`, `5 minutes`.
//!
//! When a statement or head cannot be parsed, [`find`] looks at the place where parsing failed. If it knows what the user means,
//! it returns a diagnostic with the fix. `repair` applies the fix and parses on, so that one run reports every mistake.

mod call;
mod condition;
mod head;
mod operand;
mod pattern;
mod statement;
mod synonym;
mod test;
mod value;
mod when;

use super::outline::{Token, TokenKind};
use super::syntax::StatementForm;
use crate::diagnostic::Diagnostic;
use crate::source::Span;

pub(super) use synonym::{
    begins_any_statement, is_advised, item_advice, item_synonym, kinds_with, same_word, statement_phrase,
    statement_synonym,
};
pub(in crate::rule) use when::function_synonym;

/// A statement or head that cannot be parsed, and the token where parsing failed.
#[derive(Clone, Copy)]
pub(super) struct Failed<'t> {
    pub(super) text: &'t str,
    pub(super) tokens: &'t [Token],
    pub(super) form: &'t StatementForm,
    /// The keyword.
    pub(super) first: usize,
    /// The token where parsing failed; `end` if something is missing at the end.
    pub(super) at: usize,
    /// One past the last token that can belong to it.
    pub(super) end: usize,
}

/// Returns what the user means, if it is known; nothing that is in `known`. The fixes make the text parse further; without a fix,
/// nothing can be read on.
pub(super) fn find(failed: &Failed<'_>, known: &[Diagnostic]) -> Vec<Diagnostic> {
    if failed.form.word == "when" && failed.first < failed.end {
        let found: Vec<Diagnostic> = when::find(failed).into_iter().filter(|one| !known.contains(one)).collect();
        if !found.is_empty() {
            return found;
        }
    }
    at_failure(failed).into_iter().filter(|one| !known.contains(one)).collect()
}

/// Returns what is meant at the place where parsing failed.
fn at_failure(failed: &Failed<'_>) -> Option<Diagnostic> {
    if failed.at <= failed.first || failed.end <= failed.first {
        return None;
    }
    let after_where = failed.has_before(&["where", "with"]);
    let found = match failed.form.word {
        "record" if failed.at == failed.first + 1 => statement::find(failed),
        "match" | "record" if !after_where => pattern::find(failed),
        "match" | "where" => condition::find(failed),
        "define" if after_where => condition::find(failed),
        "define" => head::define(failed).or_else(|| pattern::find(failed)),
        "expect" if after_where => condition::find(failed),
        "feed" | "answer" | "expect" => test::find(failed).or_else(|| statement::find(failed)),
        "symptom" | "cause" | "rule" | "resolution" | "test" | "format" | "pack" if failed.is_head() => {
            head::find(failed)
        }
        _ => statement::find(failed),
    };
    found.or_else(|| statement::needless_sign(failed))
}

/// Whether `word` begins a statement of a symptom or rule.
fn begins_statement(word: &str) -> bool {
    use crate::rule::ast::ItemKind::{Rule, Symptom};
    [Symptom, Rule].into_iter().any(|kind| super::syntax::statement(kind, word).is_some())
}

impl<'t> Failed<'t> {
    /// The text of token `index`; empty if there is none.
    fn text_of(&self, index: usize) -> &'t str {
        match self.tokens.get(index).filter(|_| index < self.end) {
            Some(token) => &self.text[token.span.start..token.span.end],
            None => "",
        }
    }

    /// The text of the token where parsing failed.
    fn found(&self) -> &'t str {
        self.text_of(self.at)
    }

    /// The text of the token `n` before the one where parsing failed; empty before the keyword.
    fn before(&self, n: usize) -> &'t str {
        self.at.checked_sub(n).filter(|index| *index >= self.first).map_or("", |index| self.text_of(index))
    }

    fn after(&self, n: usize) -> &'t str {
        self.text_of(self.at + n)
    }

    /// The bytes from token `from` to token `to`, both included. A token behind the last one counts as the last.
    fn span(&self, from: usize, to: usize) -> Span {
        let last = self.tokens.len() - 1;
        let (from, to) = (from.min(last), to.min(last));
        let start = self.tokens[from].span.start;
        Span::new(start, self.tokens[to].span.end.max(start))
    }

    fn here(&self) -> Span {
        match self.at < self.end {
            true => self.tokens[self.at].span,
            false => self.tokens[self.end - 1].span,
        }
    }

    fn slice(&self, span: Span) -> &'t str {
        &self.text[span.start..span.end]
    }

    /// Whether token `index` follows the one before it without a blank.
    fn is_glued(&self, index: usize) -> bool {
        index > 0 && index < self.end && self.tokens[index - 1].span.end == self.tokens[index].span.start
    }

    fn kind(&self, index: usize) -> Option<TokenKind> {
        self.tokens.get(index).filter(|_| index < self.end).map(|token| token.kind)
    }

    fn is_word(&self, index: usize) -> bool {
        self.kind(index) == Some(TokenKind::Word)
    }

    fn is_string(&self, index: usize) -> bool {
        self.kind(index) == Some(TokenKind::String)
    }

    fn is_number(&self, index: usize) -> bool {
        self.text_of(index).starts_with(|c: char| c.is_ascii_digit())
    }

    fn is_regex(&self, index: usize) -> bool {
        let text = self.text_of(index);
        text.len() > 2 && text.starts_with('/')
    }

    fn is_command(&self, index: usize) -> bool {
        self.text_of(index).starts_with('`') && self.kind(index) == Some(TokenKind::Other)
    }

    /// Whether one of `words` stands between the keyword and the place where parsing failed.
    fn has_before(&self, words: &[&str]) -> bool {
        (self.first..self.at.min(self.end)).any(|index| self.is_word(index) && words.contains(&self.text_of(index)))
    }

    /// Whether it is the head of an item. Statements and heads can begin with the same word.
    fn is_head(&self) -> bool {
        self.form.form.ends_with("{ … }")
    }

    /// The text of string token `index` between its quotes.
    fn inner(&self, index: usize) -> &'t str {
        self.text_of(index).trim_start_matches('i').trim_matches('"')
    }

    /// The string token `index` as a regex that matches the same text, unless it is a regex already.
    fn as_regex(&self, index: usize) -> String {
        format!("/{}/", self.inner(index).replace('/', "\\/"))
    }
}
