//! Mistakes in a pattern. `rule::error` has their codes, wording and advice.

use crate::source::Span;

/// A mistake in a pattern and its place in the pattern's source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternError {
    /// Byte range in the source given to [`Pattern::text`](super::Pattern::text) or
    /// [`Pattern::regex`](super::Pattern::regex).
    pub span: Span,
    /// The kind of mistake.
    pub kind: PatternErrorKind,
}

impl PatternError {
    pub(super) fn new(start: usize, end: usize, kind: PatternErrorKind) -> Self {
        PatternError { span: Span::new(start, end), kind }
    }
}

/// A kind of mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PatternErrorKind {
    /// No text, or only blanks. It would match everywhere.
    Empty,
    /// `{` without `}`.
    UnclosedHole,
    /// The text in braces is neither a name, `_`, nor `..`.
    BadHole(String),
    /// `{x:kind}` with a kind that does not exist.
    UnknownKind(String),
    /// A hole directly after another. Nothing shows where the first one ends.
    AdjacentHoles,
    /// Text after `{x:rest}`.
    AfterRest,
    /// `{..}` at the end takes nothing.
    StretchAtEnd,
    /// More than 100 holes: no message has as many parts.
    TooManyHoles,
    /// Two holes with one name.
    DuplicateName(String),
    /// The name `count`, which means the number of records.
    ReservedName(String),
    /// Look-around: `(?=…)`, `(?!…)`, `(?<=…)`, `(?<!…)`.
    LookAround,
    /// A reference to an earlier group: `\1`, `\k<name>`.
    BackReference,
    /// The compiled regex is too large.
    TooLarge,
    /// A flag other than `i`, `s`, `x`.
    UnknownFlag(char),
    /// Any other mistake in a regex, in the wording of the regex parser.
    Regex(String),
}
