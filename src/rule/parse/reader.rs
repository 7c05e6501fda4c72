//! Reads the parts of a pair of the grammar (a node of pest's syntax tree): words, quoted text, regexes.

use super::grammar::{Pair, Rule};
use super::repair::{original, original_end};
use crate::diagnostic::Replacement;
use crate::rule::ast::{Quoted, Spanned};
use crate::rule::program::Comparison;
use crate::source::Span;

/// Reads pairs of a text that begins at byte `base` of the file, after `edits` of the file.
#[derive(Clone, Copy)]
pub(super) struct Reader<'e> {
    pub(super) base: usize,
    pub(super) edits: &'e [Replacement],
}

/// Goes through the parts of a pair in order, without keywords that only introduce the part after them.
pub(super) struct PairParts<'t> {
    pairs: std::iter::Peekable<pest::iterators::Pairs<'t, Rule>>,
}

impl<'t> PairParts<'t> {
    pub(super) fn new(pair: Pair<'t>) -> Self {
        PairParts { pairs: pair.into_inner().peekable() }
    }

    /// The next part that is not a keyword. The grammar guarantees that there is one.
    pub(super) fn next(&mut self) -> Pair<'t> {
        self.opt().expect("the grammar has this part")
    }

    pub(super) fn opt(&mut self) -> Option<Pair<'t>> {
        self.pairs.by_ref().find(|pair| !is_connecting(pair.as_rule()))
    }

    /// Takes the next part if the grammar rule `rule` matched it and no keyword stands before it.
    pub(super) fn take_here(&mut self, rule: Rule) -> Option<Pair<'t>> {
        self.pairs.next_if(|pair| pair.as_rule() == rule)
    }

    /// Takes the next part if the grammar rule `rule` matched it.
    pub(super) fn take(&mut self, rule: Rule) -> Option<Pair<'t>> {
        while self.pairs.peek().is_some_and(|pair| pair.as_rule() != rule && is_connecting(pair.as_rule())) {
            self.pairs.next();
        }
        self.pairs.next_if(|pair| pair.as_rule() == rule)
    }
}

/// Whether a keyword only introduces the part after it. Words such as `any`, `no` and `yes` carry meaning.
fn is_connecting(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::EOI
            | Rule::equals
            | Rule::keyword
            | Rule::k_pack
            | Rule::k_symptom
            | Rule::k_cause
            | Rule::k_resolution
            | Rule::k_rule
            | Rule::k_test
            | Rule::k_format
            | Rule::k_define
            | Rule::k_kb
            | Rule::k_applies
            | Rule::k_match
            | Rule::k_where
            | Rule::k_on
            | Rule::k_ask
            | Rule::k_how
            | Rule::k_probe
            | Rule::k_run
            | Rule::k_cost
            | Rule::k_for
            | Rule::k_severity
            | Rule::k_leak
            | Rule::k_prior
            | Rule::k_shows
            | Rule::k_against
            | Rule::k_leads
            | Rule::k_to
            | Rule::k_resolves
            | Rule::k_risk
            | Rule::k_needs
            | Rule::k_step
            | Rule::k_verify
            | Rule::k_undo
            | Rule::k_irreversible
            | Rule::k_feed
            | Rule::k_answer
            | Rule::k_expect
            | Rule::k_or
            | Rule::k_x
            | Rule::k_every
            | Rule::k_from
            | Rule::k_with
            | Rule::k_top
            | Rule::k_first
            | Rule::k_of
            | Rule::k_record
            | Rule::k_starts_with
            | Rule::k_json
            | Rule::k_logfmt
            | Rule::k_time
            | Rule::k_zone
            | Rule::k_files
            | Rule::k_in
            | Rule::k_when
            | Rule::k_within
            | Rule::k_by
            | Rule::k_unless
            | Rule::k_resets
            | Rule::k_rearm
            | Rule::k_hides
            | Rule::k_ended
            | Rule::k_mute
            | Rule::k_during
            | Rule::k_until
            | Rule::k_reason
            | Rule::k_unconfirmed
            | Rule::k_list
            | Rule::k_product
            | Rule::k_now
            | Rule::k_ignore
            | Rule::k_case
            | Rule::k_meta
    )
}

impl Reader<'_> {
    pub(super) fn span(self, pair: &Pair<'_>) -> Span {
        self.place(pair.as_span().start(), pair.as_span().end())
    }

    /// The place in the file of the bytes from `start` to `end` of the text.
    fn place(self, start: usize, end: usize) -> Span {
        let start = original(self.base, self.edits, start);
        Span::new(start, original_end(self.base, self.edits, end).max(start))
    }

    pub(super) fn text(self, pair: &Pair<'_>) -> Spanned<String> {
        let text = pair.as_str().trim_end();
        let start = pair.as_span().start();
        Spanned { node: text.to_string(), span: self.place(start, start + text.len()) }
    }

    /// The text between the marks of a string, pattern, regex or command.
    pub(super) fn quoted(self, pair: Pair<'_>) -> Quoted {
        let inner = pair
            .into_inner()
            .find(|inner| matches!(inner.as_rule(), Rule::string_inner | Rule::command_inner | Rule::regex_inner));
        let inner = inner.expect("quotes hold an inner part, if an empty one");
        Spanned { node: inner.as_str().to_string(), span: self.span(&inner) }
    }

    /// The source and the flags of a regex.
    pub(super) fn regex(self, pair: Pair<'_>) -> (Quoted, Spanned<String>) {
        let flags = pair.clone().into_inner().find(|part| part.as_rule() == Rule::regex_flags);
        let flags = self.text(&flags.expect("a regex has flags, if none"));
        (self.quoted(pair), flags)
    }

    /// A word, or the text of a string.
    pub(super) fn word_or_string(self, pair: Pair<'_>) -> Spanned<String> {
        match pair.as_rule() {
            Rule::string => self.quoted(pair),
            _ => self.text(&pair),
        }
    }
}

/// The comparison that is written as `text`.
pub(super) fn comparison(text: &str) -> Comparison {
    match text.trim_end() {
        "==" => Comparison::Equal,
        "!=" => Comparison::NotEqual,
        "<=" => Comparison::LessOrEqual,
        ">=" => Comparison::GreaterOrEqual,
        "<" => Comparison::Less,
        "has" => Comparison::Has,
        "starts" => Comparison::Starts,
        "ends" => Comparison::Ends,
        "like" => Comparison::Like,
        _ => Comparison::Greater,
    }
}
