//! Parses rule text into an [`ast::File`]. Nothing else in `rule` uses pest.
//!
//! Parsing never fails as a whole. `outline` splits a file into items. Each head (the text of an item before its `{`)
//! and each statement is then parsed alone, so that one run reports every mistake of a file at its place.

mod condition;
mod expected;
mod grammar;
mod habit;
mod outline;
mod reader;
mod repair;
mod reserved;
mod signs;
mod statement;
mod syntax;
mod when;

use pest::Parser;

use super::ast::{self, ItemKind, Quoted, Spanned, StatementNode};
use super::error;
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use grammar::{Grammar, ParseResult, Rule};
use outline::{ItemOutline, OutlineEntry, Token, TokenKind, Tokens};
use reader::Reader;
use repair::Repaired;
use reserved::ReservedWord;
use syntax::StatementForm;

/// Whether the tests in a file are parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tests {
    Read,
    PassedOver,
}

/// Parses one file. Items with mistakes are in the tree as well, marked as broken, so that their names are known.
pub(crate) fn parse(text: &str, tests: Tests) -> (ast::File, Vec<Diagnostic>) {
    let tokens = outline::tokens(text);
    if let Some(other) = outline::other_language(text, &tokens) {
        return (ast::File::default(), vec![other]);
    }
    let mut found: Vec<Diagnostic> = not_utf8(text).into_iter().collect();
    if !found.is_empty() && text.contains('\0') {
        return (ast::File::default(), found);
    }
    match signs::signs(text, &tokens) {
        None => parse_tokens(text, &tokens, tests, found),
        Some(signs) => {
            found.extend(signs.diagnostics);
            parse_tokens(&signs.text, &outline::tokens(&signs.text), tests, found)
        }
    }
}

/// Reports text that was not UTF-8, which the reader of files made replacement characters of.
fn not_utf8(text: &str) -> Option<Diagnostic> {
    let at = text.find(char::REPLACEMENT_CHARACTER)?;
    let span = Span::new(at, at + char::REPLACEMENT_CHARACTER.len_utf8());
    // A text in UTF-16 has a zero byte for each letter of the language.
    Some(error::not_utf8(span, text.contains('\0')))
}

/// Parses `text`, whose foreign signs are reported in `signs` and replaced.
fn parse_tokens(text: &str, tokens: &[Token], tests: Tests, signs: Vec<Diagnostic>) -> (ast::File, Vec<Diagnostic>) {
    let places = signs.iter().map(Diagnostic::span).collect();
    let mut parse = FileParser { text, tokens, diagnostics: signs, signs: places };
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

/// Whether `word` cannot be the name of an item.
fn is_reserved(word: &str) -> bool {
    Grammar::parse(Rule::keyword, word).is_ok_and(|pairs| pairs.as_str() == word)
}

fn begins_statement(kind: ItemKind, word: &str) -> bool {
    syntax::statement(kind, word).is_some() || reserved::statement(kind, word).is_some()
}

struct FileParser<'t> {
    text: &'t str,
    tokens: &'t [Token],
    diagnostics: Vec<Diagnostic>,
    /// The places of foreign signs, which are reported.
    signs: Vec<Span>,
}

impl<'t> FileParser<'t> {
    fn slice(&self, span: Span) -> &'t str {
        &self.text[span.start..span.end]
    }

    fn unclosed_strings(&mut self) {
        let (text, tokens) = (self.text, self.tokens);
        let unclosed = tokens.iter().filter(|token| token.kind == TokenKind::Unclosed).map(|token| token.span);
        self.diagnostics.extend(unclosed.map(|span| error::unclosed_string(span, &text[span.start..span.end])));
    }

    fn stray(&mut self, span: Span) {
        let first = self.tokens[self.token_at(span.start)].span;
        let word = self.slice(first);
        let near = error::did_you_mean(word, outline::item_words());
        let is_misspelt = word.chars().next().is_some_and(char::is_alphabetic);
        self.diagnostics.push(match (habit::item_advice(word), habit::item_synonym(word)) {
            (Some(advice), _) => error::stray_text(first, word, None).help(advice),
            (None, Some(meant)) => error::meant(error::stray_text(first, word, None), meant),
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
        self.unclosed_block(outline);
        if let Some(span) = outline.too_deep {
            self.diagnostics.push(error::too_deep(span));
        }
        let head = self.head(kind, outline.head);
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
        let (name, title) = head?;
        Some(ast::Item { kind, name, title, statements, broken })
    }

    fn has_unclosed(&self, outline: &ItemOutline) -> bool {
        let end = outline.body.map_or(outline.head.end, |body| body.text_end);
        let tokens = &self.tokens[self.token_at(outline.head.start)..];
        tokens.iter().take_while(|token| token.span.start < end).any(|token| token.kind == TokenKind::Unclosed)
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
    fn head(&mut self, kind: ItemKind, span: Span) -> Option<(Spanned<String>, Quoted)> {
        let form = syntax::head(kind);
        let read = Reader { base: span.start, edits: &[] };
        let failed = match Grammar::parse(form.rule, self.slice(span)) {
            Ok(mut pairs) => {
                let (name, title) = read.head(kind, pairs.next().expect("a head is one pair"));
                if kind != ItemKind::Test && is_reserved(&name.node) {
                    self.diagnostics.push(error::reserved_name(name.span, &name.node));
                }
                return Some((name, title));
            }
            Err(failed) => failed,
        };
        let first = self.token_at(span.start);
        let read = |reader: Reader<'_>, pair: grammar::Pair<'_>, _: &mut Vec<Diagnostic>| reader.head(kind, pair);
        match self.repair(form, (first, span.end), &failed, read) {
            Repaired::Read(head, _) => Some(head),
            Repaired::Given(_) => self.bare_name(kind, span),
            Repaired::Unknown => {
                self.syntax_error(failed, span.start, span.end, form);
                self.bare_name(kind, span)
            }
        }
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
                let place = (self.token_at(outline.span.start), outline.span.end);
                let read = |reader: Reader<'_>, pair: grammar::Pair<'_>, found: &mut Vec<Diagnostic>| {
                    reader.define(pair, found)
                };
                match self.repair(syntax::DEFINE, place, &failed, read) {
                    Repaired::Read(define, _) => Some(ast::Define { broken: true, ..define }),
                    Repaired::Given(_) => None,
                    Repaired::Unknown => {
                        self.syntax_error(failed, outline.span.start, outline.span.end, syntax::DEFINE);
                        None
                    }
                }
            }
        }
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
                    None => {
                        self.unknown_statement(kind, self.tokens[at]);
                        None
                    }
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

    fn unknown_statement(&mut self, kind: ItemKind, token: Token) {
        let word = self.slice(token.span);
        if token.kind == TokenKind::Unclosed {
            return;
        }
        let wrong = error::unknown_statement(token.span, word, kind, syntax::words(kind));
        let owners = habit::kinds_with(word);
        self.diagnostics.push(match habit::statement_synonym(kind, word) {
            _ if kind == ItemKind::Test && matches!(word, "where" | "when") => {
                error::meant(wrong, "with").help("conditions of a finding are written after `with`")
            }
            Ok(meant) => error::meant(wrong, meant),
            Err(_) if !owners.is_empty() => error::of_other_item(wrong, &owners),
            Err(Some(advice)) => wrong.help(advice),
            Err(None) => wrong,
        });
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
            Err(failed) => match self.repaired_statement(kind, form, (at, body), &failed, statements) {
                Some(next) => return next,
                None => self.without_what_follows(form, start, failed),
            },
        };
        match result {
            Ok(mut pairs) => {
                let pair = pairs.next().expect("a statement is one pair");
                let next = self.tokens.partition_point(|token| token.span.start < start + pair.as_span().end());
                let span = Span::new(start, self.tokens[next - 1].span.end);
                let node = Reader { base: start, edits: &[] }.statement(form.rule, pair, &mut self.diagnostics);
                statements.push(ast::Statement { node, span });
                if !known_end && !begins_statement(kind, self.slice(self.tokens[next].span)) {
                    self.unknown_statement(kind, self.tokens[next]);
                    return self.recover(kind, next + 1, body);
                }
                next
            }
            Err(failed) => {
                let failed_at = start + expected::offset(&failed);
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

    /// Parses `resolution "title" { … }` in a rule. Returns the token after it; `None` if its block is missing or not
    /// closed.
    fn nested(&mut self, at: usize, body: Tokens, statements: &mut Vec<ast::Statement>) -> Option<usize> {
        let known = self.diagnostics.len();
        let Some(open) = (at..body.end).find(|&open| self.tokens[open].kind == TokenKind::Open) else {
            self.diagnostics.push(error::no_block(self.tokens[at].span));
            return None;
        };
        let close = outline::block_end(self.tokens, open, body.end)?;
        let head = Span::new(self.tokens[at].span.start, self.tokens[open - 1].span.end);
        let parts = self.head(ItemKind::RuleResolution, head);
        let inner = Tokens { first: open + 1, end: close, text_end: self.tokens[close].span.start };
        let inner = self.statements(ItemKind::RuleResolution, inner);
        if let Some((name, title)) = parts {
            let broken = self.diagnostics.len() > known;
            let item = ast::Item { kind: ItemKind::RuleResolution, name, title, statements: inner, broken };
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
                TokenKind::Word if self.begins_line(at) && !is_reserved(word) => return at,
                _ => {}
            }
            at += 1;
        }
        body.end
    }

    /// Whether a string, a command or a list follows token `at`.
    fn is_before_value(&self, at: usize) -> bool {
        let next = self.tokens.get(at + 1);
        next.is_some_and(|next| {
            next.kind == TokenKind::String || matches!(self.slice(next.span).chars().next(), Some('`' | '['))
        })
    }

    fn begins_line(&self, at: usize) -> bool {
        let before = at.checked_sub(1).map_or(0, |before| self.tokens[before].span.end);
        self.text[before..self.tokens[at].span.start].contains('\n')
    }

    fn syntax_error(&mut self, failed: pest::error::Error<Rule>, start: usize, end: usize, form: &StatementForm) {
        let offset = start + expected::offset(&failed);
        let found = self.tokens.get(self.token_at(offset)).filter(|token| token.span.start < end);
        let line_end = memchr::memchr(b'\n', &self.text.as_bytes()[offset..]).map_or(self.text.len(), |at| offset + at);
        let behind = self.tokens[self.token_at(offset)..].iter().take_while(|token| token.span.start < line_end);
        if behind.clone().any(|token| token.kind == TokenKind::Unclosed) {
            // The unclosed string is reported. The text before it on its line may be part of another string.
            return;
        }
        let diagnostic = match found {
            Some(token) => {
                let word = self.slice(token.span);
                let names = expected::wants_name(&failed);
                if names && is_reserved(word) && self.is_name_of_item(word) {
                    // The name is reported where the item is.
                    return;
                } else if names && is_reserved(word) {
                    error::reserved_name(token.span, word)
                } else if word == "/" {
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
