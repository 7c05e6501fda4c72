//! Parses a statement or head again after a mistake whose remedy is known, as if it were written right.

use pest::Parser;
use pest::error::Error;

use super::grammar::{Grammar, Pair, Rule};
use super::habit::{self, Failed};
use super::reader::Reader;
use super::syntax::StatementForm;
use super::{FileParser, Tokens, expected};
use crate::diagnostic::{Diagnostic, Replacement};
use crate::rule::ast::{self, ItemKind};
use crate::source::Span;

/// The most mistakes of one statement that are repaired.
const MOST_REPAIRS: usize = 30;

/// The most tokens of a statement that is parsed again.
const MOST_TOKENS: usize = 2_000;

/// What came of a statement or head with a mistake.
pub(super) enum Repaired<T> {
    /// It was read. Also has the byte at which its text ends.
    Read(T, usize),
    /// A mistake at this byte is reported, and nothing could be read after it.
    Given(usize),
    /// The first mistake is none whose remedy is known. Nothing is reported.
    Unknown,
}

/// Returns the byte of the file that byte `at` of the text after `edits` comes from. The text begins at byte `base` of the file.
pub(super) fn original(base: usize, edits: &[Replacement], at: usize) -> usize {
    let (mut old, mut new) = (base, 0);
    for edit in edits {
        let kept = edit.span.start - old;
        if at < new + kept {
            break;
        }
        if at < new + kept + edit.text.len() {
            return edit.span.start;
        }
        new += kept + edit.text.len();
        old = edit.span.end;
    }
    old + (at - new)
}

/// Returns the byte of the file after the text that ends at byte `at` of the text after `edits`.
pub(super) fn original_end(base: usize, edits: &[Replacement], at: usize) -> usize {
    let (mut old, mut new) = (base, 0);
    for edit in edits {
        let kept = edit.span.start - old;
        if at <= new + kept {
            break;
        }
        if at <= new + kept + edit.text.len() {
            return edit.span.end;
        }
        new += kept + edit.text.len();
        old = edit.span.end;
    }
    old + (at - new)
}

fn edited(text: &str, base: usize, edits: &[Replacement]) -> String {
    let mut new = String::with_capacity(text.len() + 16);
    let mut at = 0;
    for edit in edits {
        new.push_str(&text[at..edit.span.start - base]);
        new.push_str(&edit.text);
        at = edit.span.end - base;
    }
    new + &text[at..]
}

/// Adds `more` to `edits`, in order. `false` if one of them is at the place of another.
fn add_edits(edits: &mut Vec<Replacement>, more: &[Replacement], text: Span) -> bool {
    for edit in more {
        let apart = |other: &Replacement| other.span.end < edit.span.start || edit.span.end < other.span.start;
        if !edits.iter().all(apart) || edit.span.start < text.start || edit.span.end > text.end {
            return false;
        }
        edits.push(edit.clone());
    }
    edits.sort_by_key(|edit| edit.span.start);
    true
}

impl<'t> FileParser<'t> {
    /// Parses the text from token `first` to byte `end` again, after `failure`. Each mistake whose remedy is known is reported and
    /// repaired. `read` reads the result.
    pub(super) fn repair<T>(
        &mut self,
        form: &StatementForm,
        (first, end): (usize, usize),
        failure: &Error<Rule>,
        read: impl FnOnce(Reader<'_>, Pair<'_>, &mut Vec<Diagnostic>) -> T,
    ) -> Repaired<T> {
        let start = self.tokens[first].span.start;
        let text = Span::new(start, end);
        let mut edits: Vec<Replacement> = Vec::new();
        let mut at = start + expected::offset(failure);
        for _ in 0..MOST_REPAIRS {
            let last = self.tokens.partition_point(|token| token.span.start < end);
            let place = self.token_at(at).min(last);
            let failed = Failed { text: self.text, tokens: self.tokens, form, first, at: place, end: last };
            let Some(found) = habit::find(&failed) else { break };
            let fix = found.fix.clone();
            let is_new = self.diagnostics.last().is_none_or(|last| last != &found);
            if is_new {
                self.diagnostics.push(found);
            }
            if fix.is_empty() || !is_new || !add_edits(&mut edits, &fix, text) {
                return Repaired::Given(at);
            }
            let again = edited(&self.text[start..end], start, &edits);
            match Grammar::parse(form.rule, &again) {
                Ok(mut pairs) => {
                    let pair = pairs.next().expect("a statement or head is one pair");
                    let read_to = original_end(start, &edits, pair.as_span().end());
                    let reader = Reader { base: start, edits: &edits };
                    return Repaired::Read(read(reader, pair, &mut self.diagnostics), read_to);
                }
                Err(failure) => at = original(start, &edits, expected::offset(&failure)),
            }
        }
        if edits.is_empty() { Repaired::Unknown } else { Repaired::Given(at) }
    }

    /// Repairs the statement at token `at` and adds it to `statements`. Returns the token at which parsing goes on; `None` if the
    /// mistake is none whose remedy is known.
    pub(super) fn repaired_statement(
        &mut self,
        kind: ItemKind,
        form: &StatementForm,
        (at, body): (usize, Tokens),
        failure: &Error<Rule>,
        statements: &mut Vec<ast::Statement>,
    ) -> Option<usize> {
        let cut = (at + MOST_TOKENS).min(body.end);
        let end = if cut == body.end { body.text_end } else { self.tokens[cut].span.start };
        let rule = form.rule;
        let read = |reader: Reader<'_>, pair: Pair<'_>, diagnostics: &mut Vec<Diagnostic>| {
            reader.statement(rule, pair, diagnostics)
        };
        match self.repair(form, (at, end), failure, read) {
            Repaired::Unknown => None,
            Repaired::Given(failed_at) => {
                let behind = self.tokens.partition_point(|token| token.span.start < failed_at);
                Some(self.recover(kind, behind.max(at + 1), body))
            }
            Repaired::Read(node, read_to) => {
                let next = self.tokens.partition_point(|token| token.span.start < read_to).clamp(at + 1, body.end);
                let span = Span::new(self.tokens[at].span.start, self.tokens[next - 1].span.end);
                statements.push(ast::Statement { node, span });
                Some(next)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_after_edits_are_places_of_the_file() {
        let edit = |start, end, text: &str| Replacement { span: Span::new(start, end), text: text.to_owned() };
        // `ab = c && d` at byte 10 becomes `ab == c and d`.
        let edits = [edit(13, 14, "=="), edit(17, 19, "and")];
        assert_eq!(edited("ab = c && d", 10, &edits), "ab == c and d");
        let places = [0, 2, 3, 4, 5, 6, 8, 9, 11, 12].map(|at| original(10, &edits, at));
        assert_eq!(places, [10, 12, 13, 13, 14, 15, 17, 17, 19, 20]);
        let ends = [2, 3, 4, 5, 8, 9, 11, 12].map(|at| original_end(10, &edits, at));
        assert_eq!(ends, [12, 13, 14, 14, 17, 19, 19, 20]);
    }
}
