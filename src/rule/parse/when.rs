//! Turns pairs of the grammar (nodes of pest's syntax tree) into statements about time.

use super::grammar::{Pair, Rule};
use super::reader::{PairParts, Reader, comparison};
use crate::diagnostic::Diagnostic;
use crate::rule::ast::{Key, KeyName, Measured, Rearm, Spanned, StatementNode, When, WhenExpr};
use crate::rule::error;
use crate::source::Span;

impl Reader<'_> {
    pub(super) fn when(self, mut parts: PairParts<'_>, span: Span, diagnostics: &mut Vec<Diagnostic>) -> When {
        let expr = self.when_chain(parts.next(), diagnostics);
        let mut when = When { expr, within: None, by: Vec::new(), span };
        while let Some(part) = parts.opt() {
            match part.as_rule() {
                Rule::within => {
                    let within = self.within(part);
                    match &when.within {
                        Some(first) => diagnostics.push(error::repeated_statement(within.span, first.span, "within")),
                        None => when.within = Some(within),
                    }
                }
                _ => when.by.extend(self.by(part)),
            }
        }
        when
    }

    fn within(self, pair: Pair<'_>) -> Spanned<String> {
        self.text(&PairParts::new(pair).next())
    }

    pub(super) fn by(self, pair: Pair<'_>) -> Vec<Key> {
        let mut parts = PairParts::new(pair);
        std::iter::from_fn(|| parts.opt()).map(|key| self.key(key)).collect()
    }

    fn key(self, pair: Pair<'_>) -> Key {
        let span = self.text(&pair).span;
        let mut parts = PairParts::new(pair);
        Key { names: std::iter::from_fn(|| parts.opt()).map(|name| self.key_name(name)).collect(), span }
    }

    fn key_name(self, pair: Pair<'_>) -> KeyName {
        let span = self.text(&pair).span;
        let mut name = KeyName { word: Spanned { node: String::new(), span }, path: Vec::new(), span };
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::word => name.word = self.text(&part),
                _ => name.path = self.field(part).node,
            }
        }
        name
    }

    /// Reads terms joined by `and`, `or` or `then`. A mixed chain is reported, and read as if all its joints were the first
    /// one.
    fn when_chain(self, pair: Pair<'_>, diagnostics: &mut Vec<Diagnostic>) -> WhenExpr {
        let mut terms = Vec::new();
        let mut joints = Vec::new();
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::when_term => terms.push(part),
                joint => joints.push(joint),
            }
        }
        if let Some(at) = joints.iter().position(|joint| *joint != joints[0]) {
            let texts: Vec<&str> = terms.iter().map(|term| term.as_str().trim_end()).collect();
            let fix = with_parentheses(&texts, &joints, at);
            diagnostics.push(error::mixed_when(
                self.text(&terms[at + 1]).span,
                word(joints[0]),
                word(joints[at]),
                &fix,
            ));
        }
        let mut read: Vec<WhenExpr> = terms.into_iter().map(|term| self.when_term(term, diagnostics)).collect();
        match joints.first() {
            None => read.remove(0),
            Some(Rule::k_or) => WhenExpr::Any(read),
            Some(Rule::k_then) => WhenExpr::Then(read),
            Some(_) => WhenExpr::All(read),
        }
    }

    fn when_term(self, pair: Pair<'_>, diagnostics: &mut Vec<Diagnostic>) -> WhenExpr {
        let inner = PairParts::new(pair).next();
        let span = self.text(&inner).span;
        let rule = inner.as_rule();
        let mut parts = PairParts::new(inner);
        match rule {
            Rule::when_no => {
                parts.take(Rule::k_no);
                let name = self.text(&parts.next());
                WhenExpr::No(name, parts.opt().map(|span| self.text(&span)), span)
            }
            Rule::when_group => {
                let chain = self.when_chain(parts.next(), diagnostics);
                WhenExpr::Group(Box::new(chain), parts.opt().map(|within| self.within(within)))
            }
            Rule::when_first => WhenExpr::First(parts.take(Rule::qualified).map(|name| self.text(&name)), span),
            Rule::measured => WhenExpr::Measured(self.measured(parts, span)),
            _ => {
                let name = self.text(&parts.next());
                match parts.opt() {
                    Some(span) => WhenExpr::Lasting(name, self.text(&span)),
                    None => WhenExpr::Name(name),
                }
            }
        }
    }

    fn measured(self, mut parts: PairParts<'_>, span: Span) -> Measured {
        let function = self.text(&parts.next());
        let of = std::iter::from_fn(|| parts.take(Rule::measure_of)).map(|of| self.text(&of)).collect();
        let op = parts.next();
        let op = Spanned { node: comparison(op.as_str()), span: self.text(&op).span };
        let (mut limit, mut usual) = (None, None);
        for part in parts.next().into_inner() {
            match part.as_rule() {
                Rule::k_usual => usual = Some(self.span(&part)),
                _ => limit = Some(self.literal(part)),
            }
        }
        Measured { function, of, op, limit, usual, span }
    }

    pub(super) fn unless(self, mut parts: PairParts<'_>) -> StatementNode {
        let name = self.text(&parts.next());
        StatementNode::Unless(name, parts.opt().map(|within| self.within(within)))
    }

    pub(super) fn resets(self, mut parts: PairParts<'_>) -> StatementNode {
        let keys = std::iter::from_fn(|| parts.take(Rule::reset_key));
        let keys = keys.map(|key| self.key_name(PairParts::new(key).next())).collect();
        StatementNode::Resets(keys, self.text(&parts.next()))
    }

    pub(super) fn rearm(self, mut parts: PairParts<'_>) -> StatementNode {
        let way = parts.next();
        let rule = way.as_rule();
        let mut inner = PairParts::new(way);
        StatementNode::Rearm(match rule {
            Rule::rearm_for => Rearm::For(self.text(&inner.next())),
            Rule::rearm_every => Rearm::EveryMatch,
            _ => Rearm::On(self.text(&inner.next())),
        })
    }
}

fn word(joint: Rule) -> &'static str {
    match joint {
        Rule::k_or => "or",
        Rule::k_then => "then",
        _ => "and",
    }
}

/// Prints the chain with parentheses around the terms before the joint `change`, the first that is another word.
fn with_parentheses(terms: &[&str], joints: &[Rule], change: usize) -> String {
    let mut fix = String::from("(");
    for (at, term) in terms.iter().enumerate().take(change + 2) {
        if at > 0 {
            fix.push_str(&format!(" {} ", word(joints[at - 1])));
        }
        fix.push_str(term);
        if at == change {
            fix.push(')');
        }
    }
    if terms.len() > change + 2 { fix + " …" } else { fix }
}
