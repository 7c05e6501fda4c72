//! Parses a statement or head again after a mistake whose remedy is known, as if it were written right.

use pest::Parser;
use pest::error::Error;

use super::grammar::{Grammar, Pair, Rule};
use super::habit::{self, Failed};
use super::outline::TokenKind;
use super::reader::Reader;
use super::syntax::StatementForm;
use super::{FileParser, Tokens, expected, is_reserved};
use crate::diagnostic::{Diagnostic, Replacement};
use crate::rule::ast::{self, ItemKind};
use crate::source::Span;

/// The most mistakes of one statement that are repaired.
const MOST_REPAIRS: usize = 30;

/// So many of the last diagnostics are compared with a new one.
const MOST_RECENT: usize = 64;

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

/// A text to parse again: a statement or head, and what is known to be wrong in it.
pub(super) struct Attempt<'f> {
    pub(super) form: &'f StatementForm,
    /// The first token.
    pub(super) first: usize,
    /// The byte after the text.
    pub(super) end: usize,
    /// The changes that make it what is meant, as far as they are known.
    pub(super) edits: Vec<Replacement>,
    /// Why it cannot be parsed without changes. `None` if it was not tried.
    pub(super) failure: Option<&'f Error<Rule>>,
}

impl<'t> FileParser<'t> {
    /// Parses a text again. Each mistake whose remedy is known is reported and repaired. `read` reads the result.
    pub(super) fn repair<T>(
        &mut self,
        attempt: Attempt<'_>,
        read: impl FnOnce(Reader<'_>, Pair<'_>, &mut Vec<Diagnostic>) -> T,
    ) -> Repaired<T> {
        let Attempt { form, first, end, mut edits, failure } = attempt;
        let start = self.tokens[first].span.start;
        let text = Span::new(start, end);
        let mut at = failure.map(|failure| start + expected::offset(failure));
        let mut is_known = false;
        for _ in 0..MOST_REPAIRS {
            let mut end = end;
            if let Some(at) = at {
                let last = self.tokens.partition_point(|token| token.span.start < text.end);
                let place = self.token_at(at).min(last);
                let failed = Failed { text: self.text, tokens: self.tokens, form, first, at: place, end: last };
                match self.mend(&failed, &mut edits, text) {
                    Mended::Edited => is_known = true,
                    Mended::Reported => return Repaired::Given(at),
                    Mended::Nothing if edits.is_empty() => break,
                    // What is before a word that begins no statement may be whole.
                    Mended::Nothing => {
                        match self.tokens.get(place).filter(|_| self.ends_before(place, first, &edits)) {
                            Some(token) => end = token.span.start,
                            None => break,
                        }
                    }
                }
            }
            let is_cut = end < text.end;
            let again = edited(&self.text[start..end], start, &edits);
            match Grammar::parse(form.rule, &again) {
                Ok(mut pairs) => {
                    let pair = pairs.next().expect("a statement or head is one pair");
                    let read_to = if is_cut { end } else { original_end(start, &edits, pair.as_span().end()) };
                    let reader = Reader { base: start, edits: &edits };
                    return Repaired::Read(read(reader, pair, &mut self.diagnostics), read_to);
                }
                Err(_) if is_cut => break,
                Err(failure) => at = Some(original(start, &edits, expected::offset(&failure))),
            }
        }
        match at.filter(|_| is_known) {
            Some(at) => Repaired::Given(at),
            None => Repaired::Unknown,
        }
    }

    /// Whether a statement can end before token `place`, which is a word that begins none.
    fn ends_before(&self, place: usize, first: usize, edits: &[Replacement]) -> bool {
        self.tokens.get(place).is_some_and(|token| {
            let word = self.slice(token.span);
            place > first
                && token.kind == TokenKind::Word
                && (!is_reserved(word) || habit::begins_any_statement(word) || habit::is_advised(word))
                && edits.iter().all(|edit| edit.span.end <= token.span.start)
        })
    }

    /// Reports what is wrong where parsing failed, if that is known, and adds its changes to `edits`.
    fn mend(&mut self, failed: &Failed<'_>, edits: &mut Vec<Replacement>, text: Span) -> Mended {
        // What was reported for the same place is among the last.
        let last = &self.diagnostics[self.diagnostics.len().saturating_sub(MOST_RECENT)..];
        let found = habit::find(failed, last);
        if found.is_empty() {
            return Mended::Nothing;
        }
        let mut is_edited = false;
        for wrong in found {
            is_edited |= !wrong.fix.is_empty() && add_edits(edits, &wrong.fix, text);
            self.diagnostics.push(wrong);
        }
        if is_edited { Mended::Edited } else { Mended::Reported }
    }

    /// Repairs the statement at token `at` and adds it to `statements`. Returns the token at which parsing goes on; `None` if the
    /// mistake is none whose remedy is known. `given` are the changes that make its keyword the one that is meant.
    pub(super) fn repaired_statement(
        &mut self,
        kind: ItemKind,
        form: &StatementForm,
        (at, body): (usize, Tokens),
        (given, failure): (Vec<Replacement>, Option<&Error<Rule>>),
        statements: &mut Vec<ast::Statement>,
    ) -> Option<usize> {
        let cut = (at + MOST_TOKENS).min(body.end);
        let end = if cut == body.end { body.text_end } else { self.tokens[cut].span.start };
        let rule = form.rule;
        let read = |reader: Reader<'_>, pair: Pair<'_>, diagnostics: &mut Vec<Diagnostic>| {
            reader.statement(rule, pair, diagnostics)
        };
        match self.repair(Attempt { form, first: at, end, edits: given, failure }, read) {
            Repaired::Unknown => None,
            Repaired::Given(failed_at) => {
                self.unread(form);
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

/// What was done about the place where parsing failed.
enum Mended {
    /// It is reported, and the text is changed.
    Edited,
    /// It is reported, but nothing can be read on.
    Reported,
    /// It is not known what is wrong.
    Nothing,
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
