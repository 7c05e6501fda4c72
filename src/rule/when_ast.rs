//! The statements about time as a tree with spans.

use super::ast::{LiteralValue, Reference, Spanned};
use super::program::{Comparison, PathStep};
use crate::source::Span;

/// `when … within D by KEY, KEY`
#[derive(Debug, Clone)]
pub(crate) struct When {
    pub(crate) expr: WhenExpr,
    pub(crate) within: Option<Spanned<String>>,
    pub(crate) by: Vec<Key>,
    pub(crate) span: Span,
}

/// The records that must be seen. `and`, `or` and `then` are not mixed in one chain.
#[derive(Debug, Clone)]
pub(crate) enum WhenExpr {
    /// A binding or symptom.
    Name(Reference),
    /// `a for 10m`
    Lasting(Reference, Spanned<String>),
    /// `no a`, `no a for 10m`, and the place of the whole.
    No(Reference, Option<Spanned<String>>, Span),
    /// `first`, `first a`
    First(Option<Reference>, Span),
    /// `count(a) >= 5`
    Measured(Measured),
    All(Vec<WhenExpr>),
    Any(Vec<WhenExpr>),
    Then(Vec<WhenExpr>),
    /// `(… within D)`
    Group(Box<WhenExpr>, Option<Spanned<String>>),
}

/// `function(of, …) op limit`
#[derive(Debug, Clone)]
pub(crate) struct Measured {
    pub(crate) function: Spanned<String>,
    /// `a`, `a.user`
    pub(crate) of: Vec<Spanned<String>>,
    pub(crate) op: Spanned<Comparison>,
    pub(crate) limit: Option<LiteralValue>,
    /// The place of `usual`, if the limit is a multiple of it.
    pub(crate) usual: Option<Span>,
    pub(crate) span: Span,
}

/// A part of what findings are told apart by: a capture or field, with the names that it has in other records.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    pub(crate) names: Vec<KeyName>,
    pub(crate) span: Span,
}

/// `ip`, `.host`, `k.name`
#[derive(Debug, Clone)]
pub(crate) struct KeyName {
    /// The word before the first dot; empty for a field of any binding.
    pub(crate) word: Spanned<String>,
    /// What follows it, as the path of a field; empty if nothing does.
    pub(crate) path: Vec<PathStep>,
    pub(crate) span: Span,
}

/// When a symptom is reported again.
#[derive(Debug, Clone)]
pub(crate) enum Rearm {
    For(Spanned<String>),
    EveryMatch,
    On(Reference),
}

impl WhenExpr {
    /// The place of the expression.
    pub(crate) fn span(&self) -> Span {
        match self {
            WhenExpr::Name(name) => name.span,
            WhenExpr::Lasting(name, span) => Span::new(name.span.start, span.span.end),
            WhenExpr::No(_, _, span) | WhenExpr::First(_, span) => *span,
            WhenExpr::Measured(measured) => measured.span,
            WhenExpr::All(parts) | WhenExpr::Any(parts) | WhenExpr::Then(parts) => {
                let start = parts.first().map_or(0, |part| part.span().start);
                Span::new(start, parts.last().map_or(start, |part| part.span().end))
            }
            WhenExpr::Group(inner, within) => {
                let inner = inner.span();
                Span::new(inner.start, within.as_ref().map_or(inner.end, |within| within.span.end))
            }
        }
    }
}
