//! Rules after resolving and compiling: every name is an id, so evaluation cannot miss one.
//!
//! What a [`Program`] can express: symptoms read from single records, by asking, or in pasted output; causes with priors,
//! evidence for and against; resolutions with steps and prices; tests. What it cannot yet: time (`when`), chaining,
//! causes that lead to causes.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Applies;
use crate::pattern::Pattern;
use crate::value::Value;

/// Index into [`Program::symptoms`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SymptomId(pub u32);

/// Index into [`Program::causes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CauseId(pub u32);

/// Index into [`Program::resolutions`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResolutionId(pub u32);

/// All rules of a run, ready to match and to infer with.
#[derive(Debug, Default)]
pub struct Program {
    /// Everything observable.
    pub symptoms: Vec<Symptom>,
    /// Everything that explains.
    pub causes: Vec<Cause>,
    /// Everything that can be done.
    pub resolutions: Vec<Resolution>,
    /// The tests that stand beside the rules.
    pub tests: Vec<Test>,
    /// Everything by `pack.name`, which is always understood; the items themselves bear shorter names where they can.
    pub(crate) full_names: FullNames,
}

/// Ids by `pack.name`.
#[derive(Debug, Default)]
pub(crate) struct FullNames {
    pub(crate) symptoms: BTreeMap<String, SymptomId>,
    pub(crate) causes: BTreeMap<String, CauseId>,
    pub(crate) resolutions: BTreeMap<String, ResolutionId>,
}

impl Program {
    /// The symptom that `id` stands for.
    pub fn symptom(&self, id: SymptomId) -> &Symptom {
        &self.symptoms[id.0 as usize]
    }

    /// The cause that `id` stands for.
    pub fn cause(&self, id: CauseId) -> &Cause {
        &self.causes[id.0 as usize]
    }

    /// The resolution that `id` stands for.
    pub fn resolution(&self, id: ResolutionId) -> &Resolution {
        &self.resolutions[id.0 as usize]
    }

    /// The symptom that a user calls `name`: its name as reported, or `pack.name`.
    pub fn symptom_named(&self, name: &str) -> Option<SymptomId> {
        let by_name = (0..).zip(&self.symptoms).find(|(_, symptom)| symptom.name == name);
        by_name.map(|(id, _)| SymptomId(id)).or_else(|| self.full_names.symptoms.get(name).copied())
    }

    /// The cause that a user calls `name`: its name as reported, or `pack.name`.
    pub fn cause_named(&self, name: &str) -> Option<CauseId> {
        let by_name = (0..).zip(&self.causes).find(|(_, cause)| cause.name == name);
        by_name.map(|(id, _)| CauseId(id)).or_else(|| self.full_names.causes.get(name).copied())
    }

    /// The resolution that a user calls `name`: its name as reported, or `pack.name`.
    pub fn resolution_named(&self, name: &str) -> Option<ResolutionId> {
        let by_name = (0..).zip(&self.resolutions).find(|(_, resolution)| resolution.name == name);
        by_name.map(|(id, _)| ResolutionId(id)).or_else(|| self.full_names.resolutions.get(name).copied())
    }
}

/// Something observable.
#[derive(Debug)]
pub struct Symptom {
    /// The local name where it is unique among all packs, `pack.name` otherwise.
    pub name: String,
    /// Shown to the user, with captures filled in.
    pub title: Template,
    /// Sources it is read from; empty means all.
    pub on: Vec<String>,
    /// How bad it is to see this.
    pub severity: SymptomSeverity,
    /// Chance to see it though none of our causes is there, 0–1.
    pub leak: f64,
    /// How records show it. Empty for a symptom that is only asked or probed.
    pub bindings: Vec<Binding>,
    /// Holds for the finding as a whole; may use `count`.
    pub filter: Option<Condition>,
    /// The question to a person.
    pub ask: Option<Template>,
    /// The command whose pasted output is read: then `bindings` are matched against that output and never against records.
    pub probe: Option<Probe>,
    /// Where to look, for a person.
    pub how: Option<Template>,
    /// What it takes to find out by asking or probing.
    pub cost: Duration,
    /// The symptom whose captures `ask`, `probe` and the title may use (`for`).
    pub of: Option<SymptomId>,
}

/// How bad it is to see a symptom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum SymptomSeverity {
    /// Worth knowing.
    Low,
    /// Worth looking into.
    #[default]
    Medium,
    /// Something does not work.
    High,
    /// People are affected now.
    Critical,
}

/// A command whose output is pasted back.
#[derive(Debug)]
pub struct Probe {
    /// What to ask for.
    pub question: Template,
    /// The command to show, never run.
    pub run: Option<Template>,
}

/// One named `match` of a symptom: any of its alternatives will do.
#[derive(Debug)]
pub struct Binding {
    /// The name before the colon, or the symptom's own.
    pub name: String,
    /// What to look for.
    pub alternatives: Vec<Matcher>,
    /// What must hold for the record and its captures.
    pub filter: Option<Condition>,
}

/// What a `match` looks for in one record.
#[derive(Debug)]
pub enum Matcher {
    /// Text with holes or a regex, anywhere in the message.
    Pattern(Pattern),
    /// `any`: every record.
    Any,
}

/// A `where` condition, types checked.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// All hold.
    All(Vec<Condition>),
    /// At least one holds.
    AnyOf(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
    /// The operand is there.
    Exists(Operand),
    /// `left op right`; false when `left` is missing.
    Compare {
        /// What is looked at.
        left: Operand,
        /// How.
        op: Comparison,
        /// With what: one value unless `any of` or `all of` is written.
        right: Right,
    },
    /// `left ~ /re/`.
    Regex(Operand, RegexTest),
    /// `left in cidr "…"`: address and prefix length.
    InCidr(Operand, std::net::IpAddr, u8),
}

/// The right side of a comparison.
#[derive(Debug, Clone, PartialEq)]
pub enum Right {
    /// Another field or capture of the same record.
    Operand(Operand),
    /// A literal.
    Value(Value<'static>),
    /// `any of [...]`, and `in [...]` with `==`.
    AnyOf(Vec<Value<'static>>),
    /// `all of [...]`.
    AllOf(Vec<Value<'static>>),
}

/// What a condition looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operand {
    /// `.path.to[*].field` of the record.
    Field(FieldPath),
    /// A capture of the binding's pattern.
    Capture(String),
    /// `count`: how often the finding was seen.
    Count,
}

/// A path into a record: names and `[*]` in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldPath(pub Vec<PathStep>);

/// One step of a [`FieldPath`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathStep {
    /// `.name`
    Name(String),
    /// `[*]`: each element.
    Each,
}

/// How two values are compared. Text compares by bytes, numbers as numbers, versions are text here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `has`: holds the text, or the element.
    Has,
    /// `starts`
    Starts,
    /// `ends`
    Ends,
    /// `like`: `*` stands for any text, `?` for one character.
    Like,
}

/// A compiled regex of a condition; equal when the source is.
#[derive(Debug, Clone)]
pub struct RegexTest(pub regex::bytes::Regex);

impl PartialEq for RegexTest {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

/// An explanation.
#[derive(Debug)]
pub struct Cause {
    /// As [`Symptom::name`].
    pub name: String,
    /// Shown to the user.
    pub title: Template,
    /// P(cause) before any evidence, 0–1.
    pub prior: f64,
    /// `shows`: symptoms with the chance that this cause alone brings each about, 0–1.
    pub shows: Vec<(SymptomId, f64)>,
    /// `against`: symptoms with the likelihood ratio (< 1) that seeing each multiplies the prior odds by.
    pub against: Vec<(SymptomId, f64)>,
    /// `leads to`: causes with the chance that this one alone brings each about, 0–1. Nothing leads to itself, by way of
    /// others neither.
    pub leads_to: Vec<(CauseId, f64)>,
    /// What it applies to; empty means anything.
    pub applies: Vec<Applies>,
    /// Articles about it.
    pub kb: Vec<String>,
}

/// What to do.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolution {
    /// As [`Symptom::name`].
    pub name: String,
    /// Shown to the user.
    pub title: Template,
    /// Causes with the chance that this resolves each, 0–1.
    pub resolves: Vec<(CauseId, f64)>,
    /// Time it takes.
    pub cost: Duration,
    /// What may go wrong.
    pub risk: Risk,
    /// What must be at hand first.
    pub needs: Vec<String>,
    /// The steps in order.
    pub steps: Vec<ResolutionStep>,
    /// How to see that it worked.
    pub verify: Option<Verify>,
    /// How to take it back.
    pub undo: Option<Template>,
    /// Cannot be taken back.
    pub irreversible: bool,
    /// Articles about it.
    pub kb: Vec<String>,
}

/// What may go wrong with a resolution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Risk {
    /// Nothing to speak of.
    #[default]
    Low,
    /// Something may stop for a while.
    Medium,
    /// Data or service may be lost.
    High,
}

impl Risk {
    /// The word of the rule language.
    pub fn name(self) -> &'static str {
        match self {
            Risk::Low => "low",
            Risk::Medium => "medium",
            Risk::High => "high",
        }
    }
}

/// One step of a resolution.
#[derive(Debug, Clone, PartialEq)]
pub struct ResolutionStep {
    /// What to do.
    pub text: Template,
    /// A command to show, never run.
    pub run: Option<Template>,
}

/// How to see that a resolution worked.
#[derive(Debug, Clone, PartialEq)]
pub enum Verify {
    /// `verify no symptom for D`.
    Silence(SymptomId, Duration),
    /// `verify "…" run`.
    Check(ResolutionStep),
}

/// Text with `{capture}` places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(pub Vec<TemplatePiece>);

/// Part of a [`Template`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TemplatePiece {
    /// Itself.
    Text(String),
    /// The value of a capture, or the capture's name in braces while it is unknown.
    Capture(String),
    /// The same, quoted for a shell.
    ShellQuoted(String),
}

/// `test "title" { … }`.
#[derive(Debug)]
pub struct Test {
    /// Its title.
    pub title: String,
    /// The file and place it stands in, for the report.
    pub at: (crate::source::SourceId, crate::source::Span),
    /// Lines to feed, in order.
    pub feeds: Vec<Feed>,
    /// Answers given.
    pub answers: Vec<(SymptomId, bool)>,
    /// What must come out.
    pub expectations: Vec<(Expectation, crate::source::Span)>,
}

/// `feed [SOURCE] "line" x n every D [from DATE]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// Name of the source; `None` is the nameless one.
    pub source: Option<String>,
    /// The line.
    pub line: String,
    /// How often, at least 1.
    pub times: u32,
    /// Time between two; a recognised stamp in the line is the first one's and is rewritten for the following ones.
    pub every: Option<Duration>,
    /// Start, where the line has no stamp.
    pub from: Option<jiff::Timestamp>,
}

/// What a test expects.
#[derive(Debug, Clone, PartialEq)]
pub enum Expectation {
    /// `expect symptom [x n] [with condition]`: exactly `n` findings (or at least one) for which the condition holds.
    Symptom {
        /// Which.
        symptom: SymptomId,
        /// How many findings; `None` is one or more.
        findings: Option<u32>,
        /// What must hold of the captures and `count`.
        with: Option<Condition>,
    },
    /// `expect no symptom`.
    NoSymptom(SymptomId),
    /// `expect top cause NAME [>= P]`.
    TopCause(CauseId, Option<f64>),
    /// `expect first resolution NAME`.
    FirstResolution(ResolutionId),
}
