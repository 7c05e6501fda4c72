//! Rule text as a tree with spans. Names are not looked up and values are not checked yet.

use super::program::{Arithmetic, Comparison, PathStep, Shell};
pub(crate) use super::when_ast::*;
use crate::source::Span;

/// A value and its byte range in the file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Spanned<T> {
    pub(crate) node: T,
    pub(crate) span: Span,
}

/// The text between quotes, slashes or backticks. It keeps its escapes, so that an offset in it, counted from the start
/// of its span, is an offset in the file.
pub(crate) type Quoted = Spanned<String>;

/// A reference: `name` or `pack.name`.
pub(crate) type Reference = Spanned<String>;

/// One file of rules.
#[derive(Debug, Default)]
pub(crate) struct File {
    pub(crate) items: Vec<Item>,
    pub(crate) defines: Vec<Define>,
}

/// An item that has a block in braces: `cause name "title" { … }`.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub(crate) kind: ItemKind,
    /// The name. For a test it is the title; for a resolution in a rule it is empty.
    pub(crate) name: Spanned<String>,
    /// Empty for a format without a title.
    pub(crate) title: Quoted,
    pub(crate) statements: Vec<Statement>,
    /// Whether a mistake in the item was reported. Its name is known then, but statements may be missing.
    pub(crate) broken: bool,
    /// Whether a part of it could not be read, so that names and captures may be missing.
    pub(crate) unread: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ItemKind {
    Pack,
    Symptom,
    Cause,
    Resolution,
    Rule,
    /// `resolution "title" { … }` in a rule.
    RuleResolution,
    Test,
    Format,
    /// `mute symptom { … }`. Its name is that of the symptom.
    Mute,
}

/// A definition: `define name = …`.
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
    List(LiteralList),
    /// `list file "name"`: one value a line of that file.
    ListFile(Quoted),
    /// `where …`: a condition on a record.
    Condition(Condition),
    /// `ignore case of .Image, .CommandLine`: fields whose comparisons in this pack ignore case.
    CaselessFields(Vec<Spanned<Vec<PathStep>>>),
}

impl Defined {
    /// A word for what is defined.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Defined::Patterns(_) => "pattern",
            Defined::List(_) | Defined::ListFile(_) => "list",
            Defined::Condition(_) => "condition",
            Defined::CaselessFields(_) => "group of fields",
        }
    }
}

/// One statement of a block.
#[derive(Debug, Clone)]
pub(crate) struct Statement {
    pub(crate) node: StatementNode,
    pub(crate) span: Span,
}

impl PatternText {
    /// The text between the quotes or slashes.
    pub(crate) fn source(&self) -> &Quoted {
        match self {
            PatternText::Holes { source, .. } | PatternText::Regex { source, .. } => source,
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) enum StatementNode {
    Version,
    Note,
    Kb(Vec<Quoted>),
    Applies {
        product: Spanned<String>,
        bounds: Vec<(Comparison, Spanned<String>)>,
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
    Probe(TextAndCommand),
    Cost(Spanned<String>),
    For(Reference),
    Severity(Spanned<String>),
    Leak(Chance),
    Prior(Chance),
    /// The symptom and the chance. `None` means the symptom of the `rule` that contains the statement.
    Shows(Option<Reference>, Chance),
    Against(Reference, Spanned<String>),
    LeadsTo(Reference, Chance),
    /// The cause and the chance. `None` means the cause of the `rule` that contains the statement.
    Resolves(Option<Reference>, Chance),
    Risk(Spanned<String>),
    Needs(Vec<Quoted>),
    Step(TextAndCommand),
    VerifySilence(Reference, Spanned<String>),
    VerifyCheck(TextAndCommand),
    Undo(Quoted),
    Irreversible,
    Feed(Feed),
    Answer(Reference, bool),
    /// `probe symptom "output"` of a test, and the lines.
    Output(Reference, Vec<Quoted>),
    /// `product name = version`
    Product(Spanned<String>, Spanned<String>),
    Now(Spanned<String>),
    /// `meta { … }`, which is for people and other tools: each key with its texts.
    Meta(Vec<(Spanned<String>, Vec<Quoted>)>),
    Expect(Expect),
    RuleResolution(Box<Item>),
    /// `record starts_with …`
    RecordStart(Vec<Alternative>),
    Json,
    Logfmt,
    /// The name that the time has in the log, and the zone of times that name none.
    Time {
        field: Option<Quoted>,
        zone: Option<Quoted>,
    },
    /// A field that has the same name in every format, and its name in the log.
    Named(Spanned<String>, Quoted),
    Files(Vec<Quoted>),
    When(When),
    By(Vec<Key>),
    /// A symptom or binding, and how near it must not be.
    Unless(Reference, Option<Spanned<String>>),
    /// The parts of the key that are reset, and by which symptom or binding. No parts means all.
    Resets(Vec<KeyName>, Reference),
    Rearm(Rearm),
    Hides(Vec<Reference>),
    EndedBy {
        alternatives: Vec<Alternative>,
        filter: Option<Condition>,
    },
    During(Quoted),
    Until(Spanned<String>),
    Reason(Quoted),
}

/// A chance as written: a word, `3%`, `1/500` or `0.03`.
pub(crate) type Chance = Spanned<String>;

/// A text for the user, and the command after `run` if there is one.
#[derive(Debug, Clone)]
pub(crate) struct TextAndCommand {
    pub(crate) text: Quoted,
    pub(crate) run: Option<Command>,
}

/// A command, and the shell that it is written for.
#[derive(Debug, Clone)]
pub(crate) struct Command {
    pub(crate) shell: Shell,
    pub(crate) text: Quoted,
}

/// One alternative of a `match`.
#[derive(Debug, Clone)]
pub(crate) enum Alternative {
    Pattern(PatternText),
    /// `any`, and its place.
    Any(Span),
    /// The name of a `define` that contains patterns.
    Named(Reference),
    /// `symptom name`: the records or findings of another symptom.
    Symptom(Reference),
}

/// A pattern as written: text with holes, or a regex with its flags.
#[derive(Debug, Clone)]
pub(crate) enum PatternText {
    Holes { source: Quoted, ignore_case: bool },
    Regex { source: Quoted, flags: Spanned<String> },
}

#[derive(Debug, Clone)]
pub(crate) struct Feed {
    pub(crate) source: Option<Spanned<String>>,
    pub(crate) lines: Vec<Quoted>,
    /// The name of a file with the lines.
    pub(crate) file: Option<Quoted>,
    pub(crate) times: Option<Spanned<String>>,
    pub(crate) every: Option<Spanned<String>>,
    pub(crate) from: Option<Spanned<String>>,
}

#[derive(Debug, Clone)]
pub(crate) enum Expect {
    Symptom {
        symptom: Reference,
        findings: Option<Spanned<String>>,
        with: Option<Condition>,
    },
    NoSymptom(Reference),
    Unconfirmed(Reference),
    TopCause(Reference, Option<Chance>),
    /// The probability of a cause, at least a value, or else below it.
    Cause {
        cause: Reference,
        at_least: bool,
        chance: Chance,
    },
    NoCause(Reference),
    Unknown,
    FirstResolution(Reference),
}

/// A condition; `and` and `or` are not mixed in one chain.
#[derive(Debug, Clone)]
pub(crate) enum Condition {
    All(Vec<Condition>),
    AnyOf(Vec<Condition>),
    Not(Box<Condition>),
    Exists(Operand),
    Compare {
        left: Operand,
        op: Spanned<Comparison>,
        right: Right,
    },
    Regex {
        left: Operand,
        source: Quoted,
        flags: Spanned<String>,
    },
    InCidr(Operand, ListRef),
    In(Operand, ListRef),
    /// `any .items[*] where …`: one element meets the condition.
    Each(Spanned<Vec<PathStep>>, Box<Condition>),
    /// The name of a `define` that contains a condition.
    Named(Reference),
    /// `2 of sel_*`, or `all of sel_*` without a number. The name ends with `*`.
    Several {
        at_least: Option<Spanned<String>>,
        name: Spanned<String>,
    },
    /// `.time in 22:00..06:00`: the field, and both times as they are written.
    TimeOfDay(Operand, [Spanned<String>; 2]),
    /// `.time on mon..fri, sun`: the field, and the first and last days.
    Weekdays(Operand, Vec<[Spanned<String>; 2]>),
}

#[derive(Debug, Clone)]
pub(crate) enum Right {
    Operand(Operand),
    Literal(LiteralValue),
    AnyOf(ListRef),
    AllOf(ListRef),
}

/// A field or the name of a capture (or `count`), as written.
#[derive(Debug, Clone)]
pub(crate) enum Operand {
    /// The path to a field.
    Field(Spanned<Vec<PathStep>>),
    Word(Spanned<String>),
    /// `any field`
    AnyField(Span),
    /// A number in an arithmetic expression.
    Number(LiteralValue),
    /// `left op right`
    Computed(Box<Operand>, Spanned<Arithmetic>, Box<Operand>),
}

impl Operand {
    pub(crate) fn span(&self) -> Span {
        match self {
            Operand::Field(field) => field.span,
            Operand::Word(word) => word.span,
            Operand::AnyField(span) => *span,
            Operand::Number(number) => number.span,
            Operand::Computed(left, _, right) => Span::new(left.span().start, right.span().end),
        }
    }
}

/// A list written in place, or the name of a `define` that contains one.
#[derive(Debug, Clone)]
pub(crate) enum ListRef {
    Here(LiteralList),
    Named(Reference),
}

pub(crate) type LiteralList = Spanned<Vec<LiteralValue>>;

/// A literal value, as written.
#[derive(Debug, Clone)]
pub(crate) struct LiteralValue {
    pub(crate) kind: LiteralKind,
    /// The text as written, without quotes.
    pub(crate) text: String,
    pub(crate) span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LiteralKind {
    Text,
    /// `i"text"`
    TextIgnoringCase,
    Percent,
    /// A number with a unit.
    Quantity,
    Number,
    Boolean,
    Null,
    /// A word without quotes, in a list.
    Word,
}
