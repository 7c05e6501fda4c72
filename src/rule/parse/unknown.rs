//! Words that begin no statement: which one is meant, or what to do instead.

use super::grammar::Rule;
use super::outline::{TokenKind, Tokens};
use super::{FileParser, habit, syntax};
use crate::diagnostic::{Certainty, Diagnostic, Replacement};
use crate::rule::ast::{self, ItemKind};
use crate::rule::error;
use crate::source::Span;

impl FileParser<'_> {
    /// Reports the word at token `at`, which begins no statement. If it is known what is meant, parses the statement as if it were
    /// written so, and returns the token at which parsing goes on.
    pub(super) fn unknown_statement(
        &mut self,
        kind: ItemKind,
        at: usize,
        body: Tokens,
        statements: &mut Vec<ast::Statement>,
    ) -> Option<usize> {
        let token = self.tokens[at];
        let word = self.slice(token.span);
        if token.kind == TokenKind::Unclosed {
            return None;
        }
        if let Some(next) = self.known_form(kind, at, body) {
            return Some(next);
        }
        let next = self.tokens[at + 1..body.end].first().map_or("", |next| self.slice(next.span));
        if let Some(meant) = habit::statement_phrase(word, next) {
            let span = Span::new(token.span.start, self.tokens[at + 1].span.end);
            let wrong = error::foreign_word(span, self.slice(span), meant).help(format!("write `{meant}`"));
            self.diagnostics.push(wrong.replace(span, meant));
            return self.meant_statement(kind, (span, meant), (at, body), statements);
        }
        let known = self.diagnostics.len();
        let wrong = error::unknown_statement(token.span, word, kind, syntax::words(kind));
        let owners = habit::kinds_with(word);
        let near = error::did_you_mean(word, syntax::words(kind)).filter(|_| token.kind == TokenKind::Word);
        let (found, meant) = match habit::statement_synonym(kind, word) {
            _ if kind == ItemKind::Test && matches!(word, "where" | "when") => {
                (error::meant(wrong, "with", true).help("conditions of a finding are written after `with`"), None)
            }
            Ok(meant) => (error::meant(wrong, meant, habit::same_word(word, meant)), Some(meant)),
            Err(Some(advice)) => {
                // The rest of the statement is that of another language.
                let advice = self.filled(advice, at, body);
                self.diagnostics.push(error::advised(wrong, &advice));
                return None;
            }
            Err(None) if !owners.is_empty() => (error::of_other_item(wrong, &owners), None),
            Err(None) => (wrong, near),
        };
        self.diagnostics.push(found);
        let Some(meant) = meant else {
            self.n_unread += usize::from(owners.is_empty());
            return None;
        };
        let next = self.meant_statement(kind, (token.span, meant), (at, body), statements);
        if next.is_none() {
            self.n_unread += 1;
        }
        if next.is_none() && near.is_some() {
            // A word that is only near one, and is not followed by what that one needs.
            if let Some(found) = self.diagnostics.get_mut(known) {
                *found = Diagnostic { certainty: Certainty::Guess, ..found.clone() };
            }
        }
        next
    }

    /// Reports what is at token `at` if it is known and stands for nothing. Returns the token at which parsing goes on.
    fn known_form(&mut self, kind: ItemKind, at: usize, body: Tokens) -> Option<usize> {
        if let Some(left_out) = self.left_out(at, body) {
            return Some(self.recover(kind, left_out, body));
        }
        let found = self.after_command(at).or_else(|| self.bare_zone(kind, at))?;
        self.diagnostics.push(found);
        Some(self.recover(kind, at + 1, body))
    }

    /// Parses the statement at token `at` as if the text at `span` were `meant`.
    fn meant_statement(
        &mut self,
        kind: ItemKind,
        (span, meant): (Span, &str),
        place: (usize, Tokens),
        statements: &mut Vec<ast::Statement>,
    ) -> Option<usize> {
        let form = syntax::statement(kind, meant.split(' ').next().unwrap_or(meant))?;
        if form.rule == Rule::rule_resolution_head {
            return None;
        }
        let edits = vec![Replacement { span, text: meant.to_owned() }];
        self.repaired_statement(kind, form, place, (edits, None), statements)
    }

    /// Reports a backtick within a command, which ends it: the text after it at token `at` begins no statement.
    fn after_command(&self, at: usize) -> Option<Diagnostic> {
        let before = self.tokens[at.checked_sub(1)?];
        let is_command = before.kind == TokenKind::Other
            && self.slice(before.span).starts_with('`')
            && self.slice(before.span).len() > 1;
        let is_glued = before.span.end == self.tokens[at].span.start;
        (is_command && is_glued).then(|| error::nested_backtick(Span::new(before.span.end - 1, before.span.end)))
    }

    /// Reports `time zone Berlin`, where the zone is at token `at`.
    fn bare_zone(&self, kind: ItemKind, at: usize) -> Option<Diagnostic> {
        let before = self.tokens[at.checked_sub(1)?];
        let is_zone =
            kind == ItemKind::Format && self.slice(before.span) == "zone" && self.tokens[at].kind == TokenKind::Word;
        let name = self.slice(self.tokens[at].span);
        is_zone.then(|| {
            error::foreign_form(
                self.tokens[at].span,
                "a zone is written in quotes",
                format!("write its whole name, such as `\"Europe/{name}\"`"),
            )
        })
    }

    /// Reports `…` or `...`, which stand for something left out. Returns the token after it.
    pub(super) fn left_out(&mut self, at: usize, body: Tokens) -> Option<usize> {
        let text = |index: usize| if index < body.end { self.slice(self.tokens[index].span) } else { "" };
        let last = match text(at) {
            "…" => at,
            "." if text(at + 1) == "." && text(at + 2) == "." => at + 2,
            _ => return None,
        };
        let span = Span::new(self.tokens[at].span.start, self.tokens[last].span.end);
        self.diagnostics.push(error::left_out(span, self.slice(span)));
        Some(last + 1)
    }

    /// Fills the gaps of advice about the word at token `at`: `{w}` is the word, `{n}` the number after it, `{t}` the time, `{v}` the
    /// text, and `{b}` the name of a match.
    fn filled(&self, advice: &str, at: usize, body: Tokens) -> String {
        let text = |index: usize| if index < body.end { self.slice(self.tokens[index].span) } else { "" };
        let next = if matches!(text(at + 1), "=" | ":") { text(at + 2) } else { text(at + 1) };
        let is_number = next.starts_with(|c: char| c.is_ascii_digit());
        let is_plain = is_number && next.bytes().all(|byte| byte.is_ascii_digit());
        let time = match (is_plain, is_number) {
            (true, _) => format!("{next}s"),
            (_, true) => next.to_owned(),
            _ => "10m".to_owned(),
        };
        let binding =
            (body.first + 1..body.end.saturating_sub(1)).find(|&at| text(at - 1) == "match" && text(at + 1) == ":");
        let value = if next.starts_with('"') { next } else { "\"…\"" };
        advice
            .replace("{w}", &text(at).to_lowercase())
            .replace("{n}", if is_plain { next } else { "5" })
            .replace("{t}", &time)
            .replace("{v}", value)
            .replace("{b}", binding.map_or("bad", text))
    }
}
