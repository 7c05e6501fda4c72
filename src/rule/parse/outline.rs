//! Splits a file into items, without checking them: where each begins and ends, and which text is between them.
//!
//! Uses tokens and a depth counter, so that neither nesting nor a missing brace can confuse it for long. A whole item
//! head (`cause name "title" {`) in a block means that the block before it was not closed.

use pest::Parser;

use super::grammar::{Grammar, Rule};
use crate::diagnostic::Diagnostic;
use crate::rule::ast::ItemKind;
use crate::rule::error;
use crate::source::Span;

/// A word, number, string or sign.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    Open,
    Close,
    ParenOpen,
    ParenClose,
    String,
    /// A string or command without its closing mark.
    Unclosed,
    Word,
    Other,
}

/// One part of a file: an item, or text that belongs to none.
#[derive(Debug)]
pub(super) enum OutlineEntry {
    Item(ItemKind, ItemOutline),
    Define(DefineOutline),
    /// Text that belongs to no item.
    Stray(Span),
}

/// Where the parts of an item with a block are.
#[derive(Debug)]
pub(super) struct ItemOutline {
    /// From the keyword to the token before the brace.
    pub(super) head: Span,
    /// The tokens between the braces; `None` if there is no block.
    pub(super) body: Option<Tokens>,
    /// The opening brace, if the block is not closed.
    pub(super) unclosed: Option<Span>,
    pub(super) too_deep: Option<Span>,
    /// The word for the item, if it begins with another one.
    pub(super) meant: Option<&'static str>,
    /// What is where the opening brace should be, if the block has none: `(`, `:`, or the first word of the block.
    pub(super) opening: Option<Span>,
}

/// Where a `define …` is, up to the next item.
#[derive(Debug)]
pub(super) struct DefineOutline {
    pub(super) span: Span,
    pub(super) too_deep: Option<Span>,
    /// The word `define`, if it begins with another one.
    pub(super) meant: Option<&'static str>,
}

/// A range of tokens and the end of their text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tokens {
    pub(super) first: usize,
    /// One past the last.
    pub(super) end: usize,
    /// Where the text of the block ends, before the closing brace.
    pub(super) text_end: usize,
}

/// How deep parentheses may be nested. Conditions are parsed and evaluated by recursion, so their depth must be
/// limited.
const MAX_DEPTH: usize = 64;

#[derive(Clone, Copy)]
enum ItemWord {
    Item(ItemKind),
    Define,
}

const ITEMS: &[(&str, ItemWord)] = &[
    ("pack", ItemWord::Item(ItemKind::Pack)),
    ("symptom", ItemWord::Item(ItemKind::Symptom)),
    ("cause", ItemWord::Item(ItemKind::Cause)),
    ("resolution", ItemWord::Item(ItemKind::Resolution)),
    ("rule", ItemWord::Item(ItemKind::Rule)),
    ("test", ItemWord::Item(ItemKind::Test)),
    ("format", ItemWord::Item(ItemKind::Format)),
    ("mute", ItemWord::Item(ItemKind::Mute)),
    ("define", ItemWord::Define),
];

/// The words that begin an item.
pub(super) fn item_words() -> impl Iterator<Item = &'static str> {
    ITEMS.iter().map(|(word, _)| *word)
}

/// Splits `text` into tokens. Only comments and white space are left out.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let pairs = Grammar::parse(Rule::tokens, text).expect("the token grammar reads any text");
    let token = |pair: pest::iterators::Pair<'_, Rule>| {
        let kind = match pair.as_rule() {
            Rule::t_open => TokenKind::Open,
            Rule::t_close => TokenKind::Close,
            Rule::t_paren_open => TokenKind::ParenOpen,
            Rule::t_paren_close => TokenKind::ParenClose,
            Rule::t_string => TokenKind::String,
            Rule::t_unclosed => TokenKind::Unclosed,
            Rule::t_word => TokenKind::Word,
            Rule::EOI => return None,
            _ => TokenKind::Other,
        };
        let span = pair.as_span();
        Some(Token { kind, span: Span::new(span.start(), span.end()) })
    };
    pairs.filter_map(token).collect()
}

/// Reports a file that is written in the language of another program.
pub(super) fn other_language(text: &str, tokens: &[Token]) -> Option<Diagnostic> {
    let first = tokens.first()?.span;
    let word = &text[first.start..first.end];
    let next = tokens.get(1).map_or("", |token| &text[token.span.start..token.span.end]);
    let begins_line = |key: &str| text.lines().any(|line| line.trim_start().starts_with(key));
    let contains_word = |word: &str| text.split_whitespace().any(|other| other.eq_ignore_ascii_case(word));
    let language = match (word, next) {
        ("<", _) => "XML",
        ("[", "Definition" | "INCLUDES" | "Init" | "DEFAULT") => "a filter of fail2ban",
        ("title" | "id" | "name" | "status" | "logsource" | "detection" | "description" | "author", ":")
            if begins_line("detection:") || begins_line("correlation:") =>
        {
            "a Sigma rule"
        }
        ("groups", ":") if begins_line("- alert:") || begins_line("expr:") => "a rule file of Prometheus",
        ("rules" | "rule" | "symptom" | "symptoms" | "cause" | "name" | "version", ":") => "YAML",
        ("-", "symptom" | "rule" | "cause" | "name" | "id" | "title" | "match" | "alert" | "test") => "YAML",
        ("[", "[") => "TOML",
        ("[", _) if text.lines().skip(1).any(|line| line.contains(" = ")) && !text.contains(" {") => {
            "TOML or an ini file"
        }
        ("[", "{") => "JSON",
        ("SELECT" | "select" | "Select", _) if contains_word("from") => "SQL",
        ("index" | "sourcetype" | "source" | "search", "=") => "a search of Splunk",
        ("search", _) if text.contains("| stats") => "a search of Splunk",
        ("sum" | "rate" | "increase" | "avg" | "histogram_quantile", "(" | "by") => "a query of Prometheus",
        ("type", "=") if begins_line("ptype=") => "a rule of SEC",
        ("rule", _) if begins_line("strings:") || begins_line("condition:") => "a YARA rule",
        ("{", _) if text.trim_start_matches(['{', ' ', '\n', '\r', '\t']).starts_with('"') => "JSON",
        _ => return None,
    };
    Some(error::other_language(first, language))
}

/// Splits a file into items.
pub(super) fn outline(text: &str, tokens: &[Token]) -> Vec<OutlineEntry> {
    let cut = Outliner { text, tokens };
    let mut entries = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let like = cut.like_item(at);
        let meant = like.map(|(word, _)| word);
        let (entry, next) = match cut.item_word(at).or(like.map(|(_, item)| item)) {
            Some(ItemWord::Define) => cut.define(at, meant),
            Some(ItemWord::Item(kind)) => {
                let (outline, next) = cut.item(at, kind);
                (OutlineEntry::Item(kind, ItemOutline { meant, ..outline }), next)
            }
            None => cut.stray(at),
        };
        entries.push(entry);
        at = next;
    }
    entries
}

struct Outliner<'a> {
    text: &'a str,
    tokens: &'a [Token],
}

impl Outliner<'_> {
    fn kind(&self, at: usize) -> Option<TokenKind> {
        self.tokens.get(at).map(|token| token.kind)
    }

    fn text(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| &self.text[token.span.start..token.span.end])
    }

    fn item_word(&self, at: usize) -> Option<ItemWord> {
        let word = self.text(at);
        // `my-pack` is one name with a mistake.
        let before = at.checked_sub(1).and_then(|before| self.tokens.get(before));
        let is_glued =
            before.zip(self.tokens.get(at)).is_some_and(|(before, token)| before.span.end == token.span.start);
        if is_glued && matches!(self.text(at - 1), "-" | ".") {
            return None;
        }
        ITEMS.iter().find(|(known, _)| *known == word).map(|(_, item)| *item)
    }

    /// The item that begins at token `at` with a word that is misspelt or of another language, and the right word. Its head must
    /// be whole.
    fn like_item(&self, at: usize) -> Option<(&'static str, ItemWord)> {
        let word = self.text(at);
        if self.kind(at) != Some(TokenKind::Word) || self.item_word(at).is_some() {
            return None;
        }
        let meant = super::habit::item_synonym(word).or_else(|| error::did_you_mean(word, item_words()))?;
        let (word, item) = ITEMS.iter().find(|(known, _)| *known == meant)?;
        self.is_head_of(*item, at).then_some((*word, *item))
    }

    /// Returns whether a whole item head begins at token `at`. No block contains one, so it ends a block that is not
    /// closed.
    fn is_head(&self, at: usize) -> bool {
        self.item_word(at).is_some_and(|item| self.is_head_of(item, at))
    }

    /// Whether the tokens after token `at` are those of the head of an item.
    fn is_head_of(&self, item: ItemWord, at: usize) -> bool {
        let kind = item;
        let named = self.kind(at + 1) == Some(TokenKind::Word);
        match kind {
            ItemWord::Define => named && self.text(at + 2) == "=",
            ItemWord::Item(ItemKind::Test) => {
                self.kind(at + 1) == Some(TokenKind::String) && self.kind(at + 2) == Some(TokenKind::Open)
            }
            ItemWord::Item(ItemKind::Mute) => {
                let after_pack = self.text(at + 2) == "." && self.kind(at + 4) == Some(TokenKind::Open);
                named && (self.kind(at + 2) == Some(TokenKind::Open) || after_pack)
            }
            ItemWord::Item(ItemKind::Format) if self.kind(at + 2) == Some(TokenKind::Open) => named,
            ItemWord::Item(_) => {
                named && self.kind(at + 2) == Some(TokenKind::String) && self.kind(at + 3) == Some(TokenKind::Open)
            }
        }
    }

    /// Returns the bytes from the start of token `first` to the end of the last token before token `end`.
    fn span(&self, first: usize, end: usize) -> Span {
        Span::new(self.tokens[first].span.start, self.tokens[end.max(first + 1) - 1].span.end)
    }

    fn define(&self, at: usize, meant: Option<&'static str>) -> (OutlineEntry, usize) {
        let is_next =
            |&end: &usize| self.item_word(end).is_some() || self.begins_line(end) && self.like_item(end).is_some();
        let end = (at + 1..self.tokens.len()).find(is_next);
        let end = end.unwrap_or(self.tokens.len());
        let outline = DefineOutline { span: self.span(at, end), too_deep: self.too_deep(at, end), meant };
        (OutlineEntry::Define(outline), end)
    }

    fn stray(&self, at: usize) -> (OutlineEntry, usize) {
        let mut end = at;
        let mut depth = 0_usize;
        let begins = |end: usize, depth: usize| {
            self.item_word(end).is_some() && (depth == 0 || self.is_head(end))
                || depth == 0 && end > at && self.like_item(end).is_some()
                || depth == 0
                    && end > at
                    && self.begins_line(end)
                    && super::habit::item_advice(self.text(end)).is_some()
        };
        while end < self.tokens.len() && !begins(end, depth) {
            match self.tokens[end].kind {
                TokenKind::Open => depth += 1,
                // After its block, other text begins.
                TokenKind::Close if depth == 1 => {
                    end += 1;
                    break;
                }
                TokenKind::Close => depth = depth.saturating_sub(1),
                _ => {}
            }
            end += 1;
        }
        (OutlineEntry::Stray(self.span(at, end)), end)
    }

    fn begins_line(&self, at: usize) -> bool {
        let before = at.checked_sub(1).map_or(0, |before| self.tokens[before].span.end);
        self.text[before..self.tokens[at].span.start].contains('\n')
    }

    /// The token after the head of the item at token `at`, if its block does not begin with a brace.
    fn other_opening(&self, at: usize, kind: ItemKind) -> Option<usize> {
        let is_named = self.kind(at + 1) == Some(TokenKind::Word);
        let title = if kind == ItemKind::Test { at + 1 } else { at + 2 };
        if kind != ItemKind::Test && !is_named || self.kind(title) != Some(TokenKind::String) {
            return None;
        }
        let next = title + 1;
        let is_statement = |at: usize| super::begins_statement(kind, self.text(at));
        match self.text(next) {
            "(" | ":" if is_statement(next + 1) => Some(next),
            _ if is_statement(next) => Some(next),
            _ => None,
        }
    }

    /// Outlines the item at token `at`, whose block begins at token `open` without a brace.
    fn without_brace(&self, at: usize, open: usize) -> (ItemOutline, usize) {
        let is_sign = matches!(self.text(open), "(" | ":");
        let first = open + usize::from(is_sign);
        let next = (first..self.tokens.len()).find(|&end| self.is_head(end) || self.other_head(end));
        let next = next.unwrap_or(self.tokens.len());
        let mut depth = 0_usize;
        let close = (first..next).find(|&at| {
            let (opens, closes) = match self.text(open) {
                "(" => (self.text(at) == "(", self.text(at) == ")"),
                _ => (self.tokens[at].kind == TokenKind::Open, self.tokens[at].kind == TokenKind::Close),
            };
            let is_end = closes && depth == 0;
            depth = if opens {
                depth + 1
            } else if closes {
                depth.saturating_sub(1)
            } else {
                depth
            };
            is_end
        });
        let close = close.filter(|_| self.text(open) != ":");
        let end = close.unwrap_or(next);
        let text_end = close.map_or_else(|| self.tokens[end - 1].span.end, |close| self.tokens[close].span.start);
        let outline = ItemOutline {
            head: self.span(at, open),
            body: Some(Tokens { first, end, text_end }),
            unclosed: (close.is_none() && self.text(open) != ":").then(|| self.tokens[open].span),
            too_deep: self.too_deep(first, end),
            meant: None,
            opening: Some(self.tokens[open].span),
        };
        (outline, close.map_or(next, |close| close + 1))
    }

    /// Whether an item begins at token `at`, whose block does not begin with a brace.
    fn other_head(&self, at: usize) -> bool {
        match self.item_word(at) {
            Some(ItemWord::Item(kind)) => self.other_opening(at, kind).is_some(),
            Some(ItemWord::Define) | None => false,
        }
    }

    /// Outlines the item whose keyword is token `at`. Also returns the token after the item.
    fn item(&self, at: usize, kind: ItemKind) -> (ItemOutline, usize) {
        if let Some(open) = self.other_opening(at, kind) {
            return self.without_brace(at, open);
        }
        let open = (at + 1..self.tokens.len()).find(|&open| {
            self.tokens[open].kind == TokenKind::Open || (self.item_word(open).is_some() && open > at + 1)
        });
        let Some(open) = open.filter(|&open| self.tokens[open].kind == TokenKind::Open) else {
            let end = open.unwrap_or(self.tokens.len());
            let head = self.span(at, end);
            let (body, unclosed, too_deep) = (None, None, None);
            return (ItemOutline { head, body, unclosed, too_deep, meant: None, opening: None }, end);
        };
        let close = self.close(at, open);
        let end = close.unwrap_or_else(|end| end);
        let text_end = match close {
            Ok(close) => self.tokens[close].span.start,
            Err(end) => self.tokens[end - 1].span.end,
        };
        let outline = ItemOutline {
            head: Span::new(self.tokens[at].span.start, self.tokens[open - 1].span.end),
            body: Some(Tokens { first: open + 1, end, text_end }),
            unclosed: close.is_err().then(|| self.tokens[open].span),
            too_deep: self.too_deep(open, end),
            meant: None,
            opening: None,
        };
        (outline, close.map_or_else(|end| end, |close| close + 1))
    }

    /// Returns the token of the brace that closes the one at token `open`, of the item at token `item`. If there is none, `Err` has the token at
    /// which the next item or the end of the file is.
    fn close(&self, item: usize, open: usize) -> Result<usize, usize> {
        let is_rule = self.text(item) == "rule";
        let mut depth = 0_usize;
        for at in open..self.tokens.len() {
            match self.tokens[at].kind {
                // A resolution in a rule has no name. One that is further right than the rule has one by mistake.
                TokenKind::Word
                    if is_rule
                        && depth == 1
                        && self.text(at) == "resolution"
                        && self.column(at) > self.column(item) => {}
                TokenKind::Open => depth += 1,
                TokenKind::Close if depth == 1 => return Ok(at),
                TokenKind::Close => depth -= 1,
                TokenKind::Word if self.is_head(at) => return Err(at),
                _ => {}
            }
        }
        Err(self.tokens.len())
    }

    /// The number of bytes before token `at` in its line.
    fn column(&self, at: usize) -> usize {
        let start = self.tokens[at].span.start;
        start - self.text[..start].rfind('\n').map_or(0, |line| line + 1)
    }

    fn too_deep(&self, first: usize, end: usize) -> Option<Span> {
        let mut depth = 0_usize;
        self.tokens[first..end].iter().find_map(|token| {
            match token.kind {
                TokenKind::ParenOpen => depth += 1,
                TokenKind::ParenClose => depth = depth.saturating_sub(1),
                _ => {}
            }
            (depth > MAX_DEPTH).then_some(token.span)
        })
    }
}

/// Returns the token of the brace that closes the one at token `open`. `None` if there is none before token `end`.
pub(super) fn block_end(all: &[Token], open: usize, end: usize) -> Option<usize> {
    let mut depth = 0_usize;
    (open..end).find(|&at| {
        match all[at].kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth -= 1,
            _ => {}
        }
        depth == 0
    })
}
