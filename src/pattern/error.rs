//! What can be wrong with a pattern that a user wrote. The wording, codes and advice are made in `rule::error`.

use crate::source::Span;

/// A mistake in a pattern and its place in the pattern's source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternError {
    /// Byte range in the text that was handed to [`Pattern::text`](super::Pattern::text) or
    /// [`Pattern::regex`](super::Pattern::regex).
    pub span: Span,
    /// What is wrong.
    pub kind: PatternErrorKind,
}

impl PatternError {
    pub(super) fn new(start: usize, end: usize, kind: PatternErrorKind) -> Self {
        PatternError { span: Span::new(start, end), kind }
    }
}

/// The mistakes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PatternErrorKind {
    /// Nothing, or blanks alone: it would match everywhere.
    Empty,
    /// `{` without `}`.
    UnclosedHole,
    /// What stands in the braces is neither a name, `_`, nor `..`.
    BadHole(String),
    /// `{x:kind}` with a kind that does not exist.
    UnknownKind(String),
    /// A hole right after another: nothing says where the first one ends.
    AdjacentHoles,
    /// Text after `{x:rest}`.
    AfterRest,
    /// `{..}` at the end takes nothing.
    StretchAtEnd,
    /// Two holes of one name.
    DuplicateName(String),
    /// A name that means something else: `count`.
    ReservedName(String),
    /// `(?=…)`, `(?!…)`, `(?<=…)`, `(?<!…)`.
    LookAround,
    /// `\1`, `\k<name>`.
    BackReference,
    /// Compiles to more than the allowed size.
    TooLarge,
    /// A flag other than `i`, `s`, `x`.
    UnknownFlag(char),
    /// Any other mistake in a regex, in the words of the regex parser.
    Regex(String),
}
