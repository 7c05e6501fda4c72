//! Parses rule text into an [`ast::File`]. Nothing else in `rule` uses pest.
//!
//! Parsing never fails as a whole. `outline` splits a file into items. Each head (the text of an item before its `{`)
//! and each statement is then parsed alone, so that one run reports every mistake of a file at its place.

mod condition;
mod expected;
mod grammar;
mod habit;
mod outline;
mod pasted;
mod quotes;
mod reader;
mod repair;
mod reserved;
mod signs;
mod statement;
mod syntax;
mod unknown;
mod when;

use std::borrow::Cow;

use pest::Parser;

use super::ast::{self, ItemKind, Quoted, Spanned, StatementNode};
use super::error;
use crate::diagnostic::{Diagnostic, Replacement};
use crate::source::Span;
use grammar::{Grammar, ParseResult, Rule};
use outline::{ItemOutline, OutlineEntry, Token, TokenKind, Tokens};
use reader::Reader;
use repair::{Attempt, Repaired};
use reserved::ReservedWord;
use signs::Signs;
use syntax::StatementForm;

/// Whether the tests in a file are parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tests {
    Read,
    PassedOver,
}

/// A pass over a file before it is parsed, which replaces signs of other languages.
type Pass = fn(&str, &[Token]) -> Option<Signs>;

/// Parses one file. Items with mistakes are in the tree as well, marked as broken, so that their names are known.
pub(crate) fn parse(text: &str, tests: Tests) -> (ast::File, Vec<Diagnostic>) {
    if let Some(binary) = not_text(text) {
        return (ast::File::default(), vec![binary]);
    }
    let tokens = outline::tokens(text);
    let other = outline::other_language(text, &tokens).or_else(|| pasted::unreadable(text, &tokens));
    if let Some(other) = other {
        return (ast::File::default(), vec![other]);
    }
    let mut found: Vec<Diagnostic> = not_utf8(text).into_iter().collect();
    let is_utf8 = found.is_empty();
    let mut read = Cow::Borrowed(text);
    let passes: [Pass; 3] = [|text, _| pasted::pasted(text), quotes::quotes, signs::signs];
    let mut tokens = tokens;
    for pass in passes {
        if let Some(signs) = pass(&read, &tokens) {
            found.extend(signs.diagnostics);
            tokens = outline::tokens(&signs.text);
            read = Cow::Owned(signs.text);
        }
    }
    let (file, mut found) = parse_tokens(&read, &tokens, tests, found);
    if !is_utf8 {
        // What could not be read is reported once.
        let is_damaged = |found: &Diagnostic| found.title.contains(char::REPLACEMENT_CHARACTER);
        found.retain(|one| !is_damaged(one) && !on_damaged_line(text, one));
    }
    (file, found)
}

/// Whether a diagnostic is about a line that was not UTF-8.
fn on_damaged_line(text: &str, found: &Diagnostic) -> bool {
    if found.code == error::NOT_UTF8 {
        return false;
    }
    let at = found.span().start;
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
    text[start..end].contains(char::REPLACEMENT_CHARACTER)
}

/// Reports bytes that are no text: compressed, or in UTF-16.
fn not_text(text: &str) -> Option<Diagnostic> {
    let zeros = memchr::memchr_iter(0, text.as_bytes()).count();
    let is_compressed = text.starts_with("\u{1f}\u{fffd}") || text.starts_with("PK\u{3}\u{4}");
    let whole = Span::new(0, text.chars().next().map_or(0, char::len_utf8));
    match (is_compressed, zeros) {
        (true, _) => Some(error::compressed(whole)),
        (_, 0) => None,
        // A text in UTF-16 has a zero byte for each letter of the language.
        (_, zeros) => Some(error::not_utf8(whole, zeros * 4 > text.chars().count())),
    }
}

/// Reports text that was not UTF-8, which the reader of files made replacement characters of.
fn not_utf8(text: &str) -> Option<Diagnostic> {
    let at = text.find(char::REPLACEMENT_CHARACTER)?;
    let span = Span::new(at, at + char::REPLACEMENT_CHARACTER.len_utf8());
    Some(error::not_utf8(span, false))
}

/// Parses `text`, whose foreign signs are reported in `signs` and replaced.
fn parse_tokens(text: &str, tokens: &[Token], tests: Tests, signs: Vec<Diagnostic>) -> (ast::File, Vec<Diagnostic>) {
    let places = signs.iter().map(Diagnostic::span).collect();
    let unclosed = tokens.iter().filter(|token| token.kind == TokenKind::Unclosed).map(|token| token.span).collect();
    let mut parse = FileParser { text, tokens, unclosed, diagnostics: signs, signs: places, n_unread: 0 };
    let mut file = ast::File::default();
    parse.unclosed_strings();
    for entry in outline::outline(text, tokens) {
        match entry {
            OutlineEntry::Stray(span) => parse.stray(span),
            OutlineEntry::Item(ItemKind::Test, outline) if tests == Tests::PassedOver => parse.pass_over(&outline),
            OutlineEntry::Item(kind, outline) => file.items.extend(parse.item(kind, &outline)),
            OutlineEntry::Define(outline) => file.defines.extend(parse.define(&outline)),
        }
    }
    parse.diagnostics.sort_by_key(|diagnostic| diagnostic.span());
    (file, parse.diagnostics)
}

pub(super) use habit::function_synonym;

/// Whether `word` cannot be the name of an item.
fn is_reserved(word: &str) -> bool {
    Grammar::parse(Rule::keyword, word).is_ok_and(|pairs| pairs.as_str() == word)
}

/// Whether `word` begins a statement of any kind of item.
fn begins_some_statement(word: &str) -> bool {
    !habit::kinds_with(word).is_empty()
}

fn begins_statement(kind: ItemKind, word: &str) -> bool {
    syntax::statement(kind, word).is_some() || reserved::statement(kind, word).is_some()
}

struct FileParser<'t> {
    text: &'t str,
    tokens: &'t [Token],
    /// The strings that are not closed, in order.
    unclosed: Vec<Span>,
    diagnostics: Vec<Diagnostic>,
    /// The places of foreign signs, which are reported.
    signs: Vec<Span>,
    /// The number of statements that could not be read and may have names and captures.
    n_unread: usize,
}

impl<'t> FileParser<'t> {
    fn slice(&self, span: Span) -> &'t str {
        &self.text[span.start..span.end]
    }

    fn unclosed_strings(&mut self) {
        let found = self.unclosed.iter().map(|span| error::unclosed_string(*span, self.slice(*span)));
        let found: Vec<Diagnostic> = found.collect();
        self.diagnostics.extend(found);
    }

    fn stray(&mut self, span: Span) {
        let first = self.tokens[self.token_at(span.start)].span;
        let word = self.slice(first);
        if word == "}" {
            self.diagnostics.push(error::extra_brace(first));
            return;
        }
        let near = error::did_you_mean(word, outline::item_words());
        let is_misspelt = word.chars().next().is_some_and(char::is_alphabetic);
        self.diagnostics.push(match (habit::item_advice(word), habit::item_synonym(word)) {
            (Some(advice), _) => error::stray_text(first, word, None).help(advice),
            (None, Some(meant)) => {
                error::meant(error::stray_text(first, word, None), meant, habit::same_word(word, meant))
            }
            (None, None) => error::stray_text(first, word, near.filter(|_| is_misspelt)),
        });
    }

    /// The index of the first token that ends after `offset`.
    fn token_at(&self, offset: usize) -> usize {
        self.tokens.partition_point(|token| token.span.end <= offset)
    }

    fn unclosed_block(&mut self, outline: &ItemOutline) {
        // A string that is not closed takes the brace that closes the block.
        let Some(open) = outline.unclosed.filter(|_| !self.has_unclosed(outline)) else { return };
        let end = outline.body.map_or(outline.head.end, |body| body.text_end);
        let fixed = error::unclosed_block(outline.head, open).replace(Span::new(end, end), "\n}");
        self.diagnostics.push(fixed);
    }

    fn item(&mut self, kind: ItemKind, outline: &ItemOutline) -> Option<ast::Item> {
        let known = self.diagnostics.len();
        let n_unread = self.n_unread;
        self.unclosed_block(outline);
        if let Some(span) = outline.too_deep {
            self.diagnostics.push(error::too_deep(span));
        }
        self.opening(outline);
        let head = self.head(kind, outline.head, outline.meant);
        let statements = match outline.body {
            Some(_) if outline.too_deep.is_some() => Vec::new(),
            Some(body) => self.statements(kind, body),
            None => {
                // If the head has a mistake, the missing block is not reported as well.
                if self.diagnostics.len() == known && !self.has_unclosed(outline) {
                    self.diagnostics.push(error::no_block(outline.head));
                }
                Vec::new()
            }
        };
        let broken = self.diagnostics.len() > known || self.has_unclosed(outline) || self.has_sign(outline);
        let unread = self.n_unread > n_unread || self.has_unclosed(outline) || outline.too_deep.is_some();
        let (name, title) = head?;
        Some(ast::Item { kind, name, title, statements, broken, unread })
    }

    fn has_unclosed(&self, outline: &ItemOutline) -> bool {
        let end = outline.body.map_or(outline.head.end, |body| body.text_end);
        self.unclosed_after(outline.head.start).is_some_and(|unclosed| unclosed.start < end)
    }

    /// The first string that is not closed and ends after `offset`.
    fn unclosed_after(&self, offset: usize) -> Option<Span> {
        self.unclosed.get(self.unclosed.partition_point(|span| span.end <= offset)).copied()
    }

    /// Whether an item has the reserved word `word` as its name.
    fn is_name_of_item(&self, word: &str) -> bool {
        let text = |index: usize| self.tokens.get(index).map_or("", |token: &Token| self.slice(token.span));
        let is_item = |index: usize| outline::item_words().any(|item| item == text(index));
        (0..self.tokens.len()).any(|index| {
            text(index + 1) == word
                && is_item(index)
                && self.tokens.get(index + 2).is_some_and(|next| next.kind == TokenKind::String)
        })
    }

    fn has_sign(&self, outline: &ItemOutline) -> bool {
        let end = outline.body.map_or(outline.head.end, |body| body.text_end);
        self.signs.iter().any(|sign| outline.head.start <= sign.start && sign.start < end)
    }

    /// Forgets the foreign signs of an item that is not read.
    fn pass_over(&mut self, outline: &ItemOutline) {
        let end = outline.body.map_or(outline.head.end, |body| body.text_end);
        self.diagnostics.retain(|found| found.span().start < outline.head.start || end <= found.span().start);
    }

    /// Parses the name and title of an item. Reports a reserved name and any mistake in the form. If only the name can
    /// be read, the title is empty.
    fn head(&mut self, kind: ItemKind, span: Span, meant: Option<&'static str>) -> Option<(Spanned<String>, Quoted)> {
        let form = syntax::head(kind);
        let first = self.token_at(span.start);
        let read = |reader: Reader<'_>, pair: grammar::Pair<'_>, _: &mut Vec<Diagnostic>| reader.head(kind, pair);
        if let Some(meant) = meant {
            let edits = self.item_word(self.tokens[first].span, meant);
            let attempt = Attempt { form, first, end: span.end, edits, failure: None };
            return match self.repair(attempt, read) {
                Repaired::Read(head, _) => Some(head),
                Repaired::Given(_) | Repaired::Unknown => self.bare_name(kind, span),
            };
        }
        let failed = match Grammar::parse(form.rule, self.slice(span)) {
            Ok(mut pairs) => {
                let whole = Reader { base: span.start, edits: &[] };
                let (name, title) = whole.head(kind, pairs.next().expect("a head is one pair"));
                if kind != ItemKind::Test && is_reserved(&name.node) {
                    self.diagnostics.push(error::reserved_name(name.span, &name.node));
                }
                return Some((name, title));
            }
            Err(failed) => failed,
        };
        let attempt = Attempt { form, first, end: span.end, edits: Vec::new(), failure: Some(&failed) };
        match self.repair(attempt, read) {
            Repaired::Read(head, _) => Some(head),
            Repaired::Given(_) => self.bare_name(kind, span),
            Repaired::Unknown => {
                self.syntax_error(failed, span.start, span.end, form);
                self.bare_name(kind, span)
            }
        }
    }

    /// Reports the word that begins an item and is written `meant` here. Returns the change that corrects it.
    fn item_word(&mut self, span: Span, meant: &'static str) -> Vec<Replacement> {
        let word = self.slice(span);
        self.diagnostics.push(match habit::item_synonym(word) {
            Some(_) => error::meant(error::stray_text(span, word, None), meant, habit::same_word(word, meant)),
            None => error::stray_text(span, word, Some(meant)),
        });
        vec![Replacement { span, text: meant.to_owned() }]
    }

    /// Reports a block that does not begin with a brace.
    fn opening(&mut self, outline: &ItemOutline) {
        let Some(opening) = outline.opening else { return };
        let written = self.slice(opening);
        let front = Span::new(outline.head.end, outline.head.end);
        let Some(body) = outline.body else { return };
        let end = Span::new(body.text_end, body.text_end);
        self.diagnostics.push(match written {
            "(" => error::not_in_braces(opening, "a block is not written in parentheses")
                .replace(opening, "{")
                .replace(Span::new(body.text_end, body.text_end + 1), "}"),
            ":" => error::not_in_braces(opening, "a block does not begin with `:`")
                .replace(opening, " {")
                .replace(end, "\n}"),
            _ => error::missing_part(
                Span::new(outline.head.start, outline.head.end),
                "the `{` after this",
                "a block begins with `{`",
            )
            .replace(front, " {"),
        });
    }

    /// Returns the name in a head with a mistake, and an empty title.
    fn bare_name(&self, kind: ItemKind, span: Span) -> Option<(Spanned<String>, Quoted)> {
        let name = self.tokens.get(self.token_at(span.start) + 1).filter(|token| token.kind == TokenKind::Word)?;
        let named = Spanned { node: self.slice(name.span).to_string(), span: name.span };
        (kind != ItemKind::RuleResolution && name.span.end <= span.end)
            .then(|| (named, Spanned { node: String::new(), span: name.span }))
    }

    fn define(&mut self, outline: &outline::DefineOutline) -> Option<ast::Define> {
        let known = self.diagnostics.len();
        if let Some(span) = outline.too_deep {
            self.diagnostics.push(error::too_deep(span));
            return None;
        }
        match Grammar::parse(Rule::define_item, self.slice(outline.span)) {
            Ok(mut pairs) => {
                let read = Reader { base: outline.span.start, edits: &[] };
                let mut define = read.define(pairs.next().expect("a definition is one pair"), &mut self.diagnostics);
                if is_reserved(&define.name.node) {
                    self.diagnostics.push(error::reserved_name(define.name.span, &define.name.node));
                }
                define.broken = self.diagnostics.len() > known;
                Some(define)
            }
            Err(failed) => {
                let first = self.token_at(outline.span.start);
                let end = outline.span.end;
                let read = |reader: Reader<'_>, pair: grammar::Pair<'_>, found: &mut Vec<Diagnostic>| {
                    reader.define(pair, found)
                };
                let edits = match outline.meant {
                    Some(meant) => self.item_word(self.tokens[first].span, meant),
                    None => Vec::new(),
                };
                let failure = if edits.is_empty() { Some(&failed) } else { None };
                match self.repair(Attempt { form: syntax::DEFINE, first, end, edits, failure }, read) {
                    Repaired::Read(define, _) => Some(ast::Define { broken: true, ..define }),
                    Repaired::Given(_) => self.bare_define(outline),
                    Repaired::Unknown => {
                        if outline.meant.is_none() {
                            self.syntax_error(failed, outline.span.start, outline.span.end, syntax::DEFINE);
                        }
                        self.bare_define(outline)
                    }
                }
            }
        }
    }

    /// Returns the name of a definition with a mistake, so that its uses are not reported too.
    fn bare_define(&self, outline: &outline::DefineOutline) -> Option<ast::Define> {
        let name =
            self.tokens.get(self.token_at(outline.span.start) + 1).filter(|token| token.kind == TokenKind::Word)?;
        let name = Spanned { node: self.slice(name.span).to_owned(), span: name.span };
        let value = ast::Defined::Patterns(Vec::new());
        (name.span.end <= outline.span.end).then_some(ast::Define { name, value, broken: true })
    }

    fn statements(&mut self, kind: ItemKind, body: Tokens) -> Vec<ast::Statement> {
        let mut statements = Vec::new();
        let mut at = body.first;
        while at < body.end {
            let word = self.slice(self.tokens[at].span);
            let next = match syntax::statement(kind, word) {
                Some(form) if form.rule == Rule::rule_resolution_head => self.nested(at, body, &mut statements),
                Some(form) => Some(self.statement(kind, form, at, body, &mut statements)),
                None => match reserved::statement(kind, word) {
                    Some(reserved) => Some(self.reserved_statement(kind, reserved, at, body)),
                    None => self.unknown_statement(kind, at, body, &mut statements),
                },
            };
            at = next.unwrap_or_else(|| self.recover(kind, at + 1, body));
        }
        statements
    }

    /// Reports the reserved word at token `at`. Returns the token at which parsing goes on.
    fn reserved_statement(&mut self, kind: ItemKind, reserved: &ReservedWord, at: usize, body: Tokens) -> usize {
        self.diagnostics.push(error::not_supported(self.tokens[at].span, reserved.written, reserved.purpose));
        self.recover(kind, at + 1, body)
    }

    /// Parses the statement at token `at`. Returns the token at which parsing goes on.
    fn statement(
        &mut self,
        kind: ItemKind,
        form: &StatementForm,
        at: usize,
        body: Tokens,
        statements: &mut Vec<ast::Statement>,
    ) -> usize {
        let start = self.tokens[at].span.start;
        let (result, end) = self.strict(form, at, body);
        let (result, known_end) = match result {
            Ok(pairs) => (Ok(pairs), true),
            Err(failed) => {
                match self.repaired_statement(kind, form, (at, body), (Vec::new(), Some(&failed)), statements) {
                    Some(next) => return next,
                    None => self.without_what_follows(form, start, failed),
                }
            }
        };
        match result {
            Ok(mut pairs) => {
                let pair = pairs.next().expect("a statement is one pair");
                let next = self.tokens.partition_point(|token| token.span.start < start + pair.as_span().end());
                let span = Span::new(start, self.tokens[next - 1].span.end);
                let node = Reader { base: start, edits: &[] }.statement(form.rule, pair, &mut self.diagnostics);
                statements.push(ast::Statement { node, span });
                if !known_end && !begins_statement(kind, self.slice(self.tokens[next].span)) {
                    // It is reported when the loop comes to it.
                    return next;
                }
                next
            }
            Err(failed) => {
                let failed_at = start + expected::offset(&failed);
                self.unread(form);
                self.syntax_error(failed, start, end, form);
                let behind = self.tokens.partition_point(|token| token.span.start < failed_at);
                self.recover(kind, behind.max(at + 1), body)
            }
        }
    }

    /// Parses a statement of the given form from token `at`. Also returns where the text that pest was given ends.
    ///
    /// pest indexes the lines of all the text it is given. If each statement were parsed with the whole rest of its
    /// block, a long block would take quadratic time. The text is therefore cut, and the cut moves further on if
    /// parsing comes near it.
    fn strict(&self, form: &StatementForm, at: usize, body: Tokens) -> (ParseResult<'t>, usize) {
        let start = self.tokens[at].span.start;
        let mut window = 64;
        loop {
            let cut = (at + window).min(body.end);
            let end = if cut == body.end { body.text_end } else { self.tokens[cut].span.start };
            let result = Grammar::parse(form.rule, &self.text[start..end]);
            let reached = match &result {
                Ok(pairs) => pairs.as_str().len(),
                Err(failed) => expected::offset(failed),
            };
            if cut == body.end || self.token_at(start + reached) + 1 < cut {
                return (result, end);
            }
            window *= 4;
        }
    }

    /// Tries to keep a statement that failed at a word which begins no statement: parses only the text before the word.
    /// If that is a complete statement, returns it and `false`, because the word must still be reported. Otherwise
    /// returns the failure and `true`.
    fn without_what_follows(
        &self,
        form: &StatementForm,
        start: usize,
        failed: pest::error::Error<Rule>,
    ) -> (ParseResult<'t>, bool) {
        let offset = start + expected::offset(&failed);
        let found = self.tokens.get(self.token_at(offset)).filter(|token| token.kind == TokenKind::Word);
        let is_known = |word: &str| is_reserved(word) && !habit::is_advised(word) && !habit::begins_any_statement(word);
        let found = found.filter(|token| token.span.start > start && !is_known(self.slice(token.span)));
        let whole = found.and_then(|token| Grammar::parse(form.rule, &self.text[start..token.span.start]).ok());
        match whole {
            Some(pairs) => (Ok(pairs), false),
            None => (Err(failed), true),
        }
    }

    /// Notes that a statement could not be read. If it says which captures or items there are, others cannot be checked.
    fn unread(&mut self, form: &StatementForm) {
        let says_names = matches!(
            form.word,
            "match" | "for" | "ended" | "shows" | "resolves" | "against" | "leads" | "resolution" | "until" | "reason"
        );
        self.n_unread += usize::from(says_names);
    }

    /// Parses `resolution "title" { … }` in a rule. Returns the token after it; `None` if its block is missing or not
    /// closed.
    fn nested(&mut self, at: usize, body: Tokens, statements: &mut Vec<ast::Statement>) -> Option<usize> {
        let known = self.diagnostics.len();
        let n_unread = self.n_unread;
        let Some(open) = (at..body.end).find(|&open| self.tokens[open].kind == TokenKind::Open) else {
            self.diagnostics.push(error::no_block(self.tokens[at].span));
            return None;
        };
        let close = outline::block_end(self.tokens, open, body.end)?;
        let head = Span::new(self.tokens[at].span.start, self.tokens[open - 1].span.end);
        let parts = self.head(ItemKind::RuleResolution, head, None);
        let inner = Tokens { first: open + 1, end: close, text_end: self.tokens[close].span.start };
        let inner = self.statements(ItemKind::RuleResolution, inner);
        if let Some((name, title)) = parts {
            let broken = self.diagnostics.len() > known;
            let unread = self.n_unread > n_unread;
            let item = ast::Item { kind: ItemKind::RuleResolution, name, title, statements: inner, broken, unread };
            let span = Span::new(head.start, self.tokens[close].span.end);
            statements.push(ast::Statement { node: StatementNode::RuleResolution(Box::new(item)), span });
        }
        Some(close + 1)
    }

    /// Returns the token at which parsing goes on after a mistake: the next one from `from` on that begins a statement,
    /// or that begins a line and may be a misspelt statement. Skips inner blocks.
    fn recover(&self, kind: ItemKind, from: usize, body: Tokens) -> usize {
        let mut at = from;
        while at < body.end {
            let word = self.slice(self.tokens[at].span);
            match self.tokens[at].kind {
                TokenKind::Open => at = outline::block_end(self.tokens, at, body.end).unwrap_or(body.end),
                TokenKind::Word if begins_statement(kind, word) => return at,
                TokenKind::Word if begins_statement(kind, &word.to_lowercase()) => return at,
                TokenKind::Word if habit::begins_any_statement(word) => return at,
                TokenKind::Word if habit::is_advised(word) && self.is_before_value(at) => return at,
                TokenKind::Word if self.is_phrase(at) => return at,
                TokenKind::Word if self.begins_line(at) && !is_reserved(word) => return at,
                TokenKind::Other if self.begins_line(at) && matches!(word, "…" | ".") => return at,
                _ => {}
            }
            at += 1;
        }
        body.end
    }

    /// Whether tokens `at` and the next are words that mean one of the language, such as `group by`.
    fn is_phrase(&self, at: usize) -> bool {
        let next = self.tokens.get(at + 1).map_or("", |next| self.slice(next.span));
        habit::statement_phrase(self.slice(self.tokens[at].span), next).is_some()
    }

    /// Whether a string, a command, a list or a number follows token `at`.
    fn is_before_value(&self, at: usize) -> bool {
        let next = self.tokens.get(at + 1);
        next.is_some_and(|next| {
            next.kind == TokenKind::String
                || self.slice(next.span).starts_with(|c: char| matches!(c, '`' | '[') || c.is_ascii_digit())
        })
    }

    fn begins_line(&self, at: usize) -> bool {
        let before = at.checked_sub(1).map_or(0, |before| self.tokens[before].span.end);
        self.text[before..self.tokens[at].span.start].contains('\n')
    }

    /// Whether a pattern can be at byte `at`.
    fn wants_pattern(&self, at: usize) -> bool {
        let before = self.text[..at].trim_end();
        ["match", "or", "~", "=", "starts_with", ":", "by"].iter().any(|word| before.ends_with(word))
    }

    fn syntax_error(&mut self, failed: pest::error::Error<Rule>, start: usize, end: usize, form: &StatementForm) {
        let offset = start + expected::offset(&failed);
        let found = self.tokens.get(self.token_at(offset)).filter(|token| token.span.start < end);
        let is_on_line = |unclosed: Span| !self.text[offset..offset.max(unclosed.start)].contains('\n');
        if self.unclosed_after(offset).is_some_and(is_on_line) {
            // The unclosed string is reported. The text before it on its line may be part of another string.
            return;
        }
        let diagnostic = match found {
            Some(token) => {
                let word = self.slice(token.span);
                let names = expected::wants_name(&failed);
                let body = Tokens { first: 0, end: self.tokens.len(), text_end: self.text.len() };
                if self.left_out(self.token_at(offset), body).is_some() {
                    return;
                }
                if names && is_reserved(word) && self.is_name_of_item(word) {
                    // The name is reported where the item is.
                    return;
                } else if names && is_reserved(word) {
                    error::reserved_name(token.span, word)
                } else if word == "/" && self.wants_pattern(token.span.start) {
                    error::unclosed_string(token.span, word)
                } else {
                    error::unexpected(token.span, word, &expected::phrase(&failed), form.form)
                }
            }
            None => {
                let last = self.tokens[self.tokens.partition_point(|token| token.span.start < end) - 1].span;
                error::ends_early(last, &expected::phrase(&failed), form.form)
            }
        };
        self.diagnostics.push(diagnostic);
    }
}
