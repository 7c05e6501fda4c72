//! Rule text as a tree with spans. Names are not looked up and values are not checked yet.

use crate::source::Span;

/// A value and where it stands in the file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Spanned<T> {
    pub(crate) node: T,
    pub(crate) span: Span,
}

/// What stands between quotes or backticks, escapes included, so that places within it are places in the file.
pub(crate) type Quoted = Spanned<String>;

/// A reference: `name` or `pack.name`.
pub(crate) type Reference = Spanned<String>;

/// One file of rules.
#[derive(Debug, Default)]
pub(crate) struct File {
    pub(crate) items: Vec<Item>,
    pub(crate) defines: Vec<Define>,
}

/// Anything with a block.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub(crate) kind: ItemKind,
    /// For a test its title again; for a resolution within a rule empty.
    pub(crate) name: Spanned<String>,
    pub(crate) title: Quoted,
    pub(crate) statements: Vec<Statement>,
    /// Has a mistake that was reported already: its name is known, its content is not to be relied on.
    pub(crate) broken: bool,
}

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ItemKind {
    Pack,
    Symptom,
    Cause,
    Resolution,
    Rule,
    /// `resolution "title" { … }` within a rule.
    RuleResolution,
    Test,
}

/// `define name = …`.
#[derive(Debug)]
pub(crate) struct Define {
    pub(crate) name: Spanned<String>,
    pub(crate) value: Defined,
    pub(crate) broken: bool,
}

/// The right side of a `define`.
#[derive(Debug)]
pub(crate) enum Defined {
    Patterns(Vec<Alternative>),
    List(List),
}

/// One statement of a block.
#[derive(Debug, Clone)]
pub(crate) struct Statement {
    pub(crate) node: StatementNode,
    pub(crate) span: Span,
}

impl PatternText {
    /// What stands between the quotes or slashes.
    pub(crate) fn source(&self) -> &Quoted {
        match self {
            PatternText::Holes { source, .. } | PatternText::Regex { source, .. } => source,
        }
    }
}

/// What a statement says.
#[derive(Debug, Clone)]
pub(crate) enum StatementNode {
    Version,
    Note,
    Kb(Vec<Quoted>),
    Applies {
        product: Spanned<String>,
        bounds: Vec<(Ordering, Spanned<String>)>,
    },
    Match {
        binding: Option<Spanned<String>>,
        alternatives: Vec<Alternative>,
        filter: Option<Condition>,
    },
    Where(Condition),
    On(Vec<Spanned<String>>),
    Ask(Quoted),
    How(Quoted),
    Probe(Step),
    Cost(Spanned<String>),
    For(Reference),
    Severity(Spanned<String>),
    Leak(Chance),
    Prior(Chance),
    /// Without a name within a rule: its own symptom.
    Shows(Option<Reference>, Chance),
    Against(Reference, Spanned<String>),
    LeadsTo(Reference, Chance),
    /// Without a name within a rule: its own cause.
    Resolves(Option<Reference>, Chance),
    Risk(Spanned<String>),
    Needs(Vec<Quoted>),
    Step(Step),
    VerifySilence(Reference, Spanned<String>),
    VerifyCheck(Step),
    Undo(Quoted),
    Irreversible,
    Feed(Feed),
    Answer(Reference, bool),
    Expect(Expect),
    RuleResolution(Box<Item>),
}

/// A chance as written: a word, `3%`, `1/500` or `0.03`.
pub(crate) type Chance = Spanned<String>;

/// A text and the command that may go with it.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) text: Quoted,
    pub(crate) run: Option<Quoted>,
}

/// One alternative of a `match`.
#[derive(Debug, Clone)]
pub(crate) enum Alternative {
    Pattern(PatternText),
    Any,
    /// A `define`.
    Named(Reference),
}

/// A pattern as written.
#[derive(Debug, Clone)]
pub(crate) enum PatternText {
    Holes { source: Quoted, ignore_case: bool },
    Regex { source: Quoted, flags: Spanned<String> },
}

#[derive(Debug, Clone)]
pub(crate) struct Feed {
    pub(crate) source: Option<Spanned<String>>,
    pub(crate) line: Quoted,
    pub(crate) times: Option<Spanned<String>>,
    pub(crate) every: Option<Spanned<String>>,
    pub(crate) from: Option<Spanned<String>>,
}

#[derive(Debug, Clone)]
pub(crate) enum Expect {
    Symptom { symptom: Reference, findings: Option<Spanned<String>>, with: Option<Condition> },
    NoSymptom(Reference),
    TopCause(Reference, Option<Chance>),
    FirstResolution(Reference),
}

/// A condition; `and` and `or` are not mixed in one chain.
#[derive(Debug, Clone)]
pub(crate) enum Condition {
    All(Vec<Condition>),
    AnyOf(Vec<Condition>),
    Not(Box<Condition>),
    Exists(Operand),
    Compare { left: Operand, op: Spanned<Relation>, right: Right },
    Regex { left: Operand, source: Quoted, flags: Spanned<String> },
    InCidr(Operand, Quoted),
    In(Operand, ListRef),
}

/// `==` … or a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Relation {
    Order(Ordering),
    Has,
    Starts,
    Ends,
    Like,
}

/// The signs of comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ordering {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Debug, Clone)]
pub(crate) enum Right {
    Operand(Operand),
    Literal(Literal),
    AnyOf(ListRef),
    AllOf(ListRef),
}

/// A field or the name of a capture (or `count`), as written.
#[derive(Debug, Clone)]
pub(crate) enum Operand {
    /// Names, and `None` for `[*]`.
    Field(Spanned<Vec<Option<String>>>),
    Word(Spanned<String>),
}

impl Operand {
    pub(crate) fn span(&self) -> Span {
        match self {
            Operand::Field(field) => field.span,
            Operand::Word(word) => word.span,
        }
    }
}

/// A list written out, or the name of one.
#[derive(Debug, Clone)]
pub(crate) enum ListRef {
    Here(List),
    Named(Reference),
}

pub(crate) type List = Spanned<Vec<Literal>>;

/// A literal value, as written.
#[derive(Debug, Clone)]
pub(crate) struct Literal {
    pub(crate) kind: LiteralKind,
    /// Without quotes.
    pub(crate) text: String,
    pub(crate) span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LiteralKind {
    Text,
    Percent,
    /// A number with a unit.
    Quantity,
    Number,
    Boolean,
}
