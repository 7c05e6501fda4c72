//! Rules after resolving and compiling. Items refer to each other by ids that always exist, never by names.
//!
//! A [`Program`] contains symptoms that are read from records, one by one or together in time, from findings of other
//! symptoms, asked, or read from pasted output; causes with priors, evidence for and against them, and the causes they lead
//! to; resolutions with steps and costs; mutes; and tests.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::digest::Digest;
use super::literal_table::LiteralTable;
use super::required::Spelling;
use super::saved::SavedParts;
use super::{Applies, ItemList};
use crate::level::Level;
use crate::own_format::OwnFormats;
use crate::pattern::Pattern;
use crate::timed;
use crate::value::Value;

/// Index into [`Program::symptoms`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SymptomId(pub u32);

/// Index into [`Program::causes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CauseId(pub u32);

/// Index into [`Program::resolutions`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ResolutionId(pub u32);

/// An item of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemId {
    /// A symptom.
    Symptom(SymptomId),
    /// A cause.
    Cause(CauseId),
    /// A resolution.
    Resolution(ResolutionId),
}

/// All rules of a run, ready to match and to infer with.
#[derive(Debug, Default)]
pub struct Program {
    /// Everything that can be observed.
    pub symptoms: ItemList<Symptom>,
    /// Everything that can explain symptoms.
    pub causes: ItemList<Cause>,
    /// Everything that can be done about causes.
    pub resolutions: ItemList<Resolution>,
    /// The tests of the rules.
    pub tests: Vec<Test>,
    /// The tests that were left out because of a mistake in them or in what they need: title, file and place.
    pub left_out_tests: Vec<(String, crate::source::SourceId, crate::source::Span)>,
    /// The log formats that the rules describe.
    pub formats: OwnFormats,
    /// The packs, one for each file, in the order of the files.
    pub packs: Vec<Pack>,
    /// What is not reported for a time.
    pub mutes: Vec<Mute>,
    /// The symptoms with conditions on time, each after those that it matches.
    pub timed: Vec<SymptomId>,
    /// Ids by full name, `pack.name`, as one item. Every item can be found by it, also an item whose own name is shorter.
    pub(crate) full_names: ItemList<FullNames>,
    /// What is needed of all items; made when it is first needed, from the items as they are then.
    pub(crate) digest: OnceLock<Digest>,
    /// The literals of all patterns, for each spelling; made in the same way.
    pub(crate) literals: [OnceLock<LiteralTable>; 3],
    /// The bytes of what was saved with the program: the digest, and the literals.
    pub(crate) saved: Option<SavedParts>,
}

/// The ids of all items by full name, `pack.name`.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct FullNames {
    pub(crate) symptoms: BTreeMap<String, SymptomId>,
    pub(crate) causes: BTreeMap<String, CauseId>,
    pub(crate) resolutions: BTreeMap<String, ResolutionId>,
}

impl Program {
    /// Returns what is needed of all items. The items must not be changed afterwards.
    pub(crate) fn digest(&self) -> &Digest {
        let saved = || self.saved.as_ref().and_then(SavedParts::digest);
        self.digest.get_or_init(|| saved().unwrap_or_else(|| Digest::of(self)))
    }

    /// Returns the literals that each pattern of the digest requires in sources with this spelling. The items must not be
    /// changed afterwards.
    pub(crate) fn literals(&self, spelling: Spelling) -> &LiteralTable {
        let saved = || self.saved.as_ref().and_then(|saved| saved.literals(spelling));
        self.literals[spelling as usize].get_or_init(|| saved().unwrap_or_else(|| LiteralTable::of(self, spelling)))
    }

    /// The symptom with the id `id`.
    pub fn symptom(&self, id: SymptomId) -> &Symptom {
        &self.symptoms[id.0 as usize]
    }

    /// The cause with the id `id`.
    pub fn cause(&self, id: CauseId) -> &Cause {
        &self.causes[id.0 as usize]
    }

    /// The resolution with the id `id`.
    pub fn resolution(&self, id: ResolutionId) -> &Resolution {
        &self.resolutions[id.0 as usize]
    }

    /// Returns the pack that the cause belongs to.
    pub fn pack_of(&self, cause: CauseId) -> Option<&Pack> {
        self.packs.iter().find(|pack| pack.causes.contains(&cause))
    }

    /// Makes the digest and the literals anew when they are next needed, after an item was changed.
    pub(crate) fn forget_digest(&mut self) {
        self.digest = OnceLock::new();
        self.literals = Default::default();
        self.saved = None;
    }

    /// Puts `symptom` in the place of the one with the id `id`, and returns that one.
    pub(crate) fn exchange(&mut self, id: SymptomId, symptom: Symptom) -> Symptom {
        let is_alone = |symptom: &Symptom| {
            symptom.time.is_none() && symptom.feeds.is_empty() && symptom.bindings.iter().all(|b| b.symptom.is_none())
        };
        let needs_others = !is_alone(&symptom) || !is_alone(self.symptom(id));
        let before = std::mem::replace(&mut self.symptoms[id.0 as usize], symptom);
        self.forget_digest();
        if needs_others {
            super::compile::reconnect(self);
        }
        before
    }

    /// Returns the symptom called `name`, which is its name in reports or `pack.name`.
    pub fn symptom_named(&self, name: &str) -> Option<SymptomId> {
        let by_name = (0..).zip(&self.symptoms).find(|(_, symptom)| symptom.name == name);
        by_name.map(|(id, _)| SymptomId(id)).or_else(|| self.full_names.get(0)?.symptoms.get(name).copied())
    }

    /// Returns the full name of an item, `pack.name`.
    pub fn full_name(&self, id: ItemId) -> Option<&str> {
        fn of<Id: PartialEq>(names: &BTreeMap<String, Id>, id: Id) -> Option<&str> {
            names.iter().find(|(_, named)| **named == id).map(|(name, _)| name.as_str())
        }
        match id {
            ItemId::Symptom(id) => of(&self.full_names.get(0)?.symptoms, id),
            ItemId::Cause(id) => of(&self.full_names.get(0)?.causes, id),
            ItemId::Resolution(id) => of(&self.full_names.get(0)?.resolutions, id),
        }
    }

    /// Returns the cause called `name`, which is its name in reports or `pack.name`.
    pub fn cause_named(&self, name: &str) -> Option<CauseId> {
        let by_name = (0..).zip(&self.causes).find(|(_, cause)| cause.name == name);
        by_name.map(|(id, _)| CauseId(id)).or_else(|| self.full_names.get(0)?.causes.get(name).copied())
    }

    /// Returns the resolution called `name`, which is its name in reports or `pack.name`.
    pub fn resolution_named(&self, name: &str) -> Option<ResolutionId> {
        let by_name = (0..).zip(&self.resolutions).find(|(_, resolution)| resolution.name == name);
        by_name.map(|(id, _)| ResolutionId(id)).or_else(|| self.full_names.get(0)?.resolutions.get(name).copied())
    }
}

/// A file of rules as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pack {
    /// The name that the file declares, or else its own name up to the first dot.
    pub name: String,
    /// The title that the file declares, if it declares one.
    pub title: Option<String>,
    /// The path of the file, as it was given to [`load`](super::load).
    pub path: String,
    /// Its causes without mistakes, in the order of the file.
    pub causes: Vec<CauseId>,
    /// Its metadata.
    pub meta: Meta,
}

/// The metadata of an item, which casebook keeps and does not use: each key with its texts, in the order of the file.
pub type Meta = Vec<(String, Vec<String>)>;

/// The paths of the bundled rule files begin with this, so that none is mistaken for the path of a user's file.
pub const BUNDLED: &str = "book:";

/// Returns the area of the bundled file at `path`: its folder, or its stem if it is in none. `None` for other files.
pub fn area(path: &str) -> Option<&str> {
    let path = path.strip_prefix(BUNDLED)?;
    Some(path.split_once(['/', '.']).map_or(path, |(area, _)| area))
}

impl Pack {
    /// Returns the area of a bundled pack: its folder, or the stem of its file if it is in none. `None` for other packs.
    pub fn area(&self) -> Option<&str> {
        area(&self.path)
    }

    /// The title, or else the name.
    pub fn title(&self) -> &str {
        self.title.as_deref().unwrap_or(&self.name)
    }
}

/// Something that can be observed.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Symptom {
    /// The local name if no other pack has it, `pack.name` otherwise.
    pub name: String,
    /// Shown to the user, with captures filled in.
    pub title: Template,
    /// The log sources it is read from; empty means all.
    pub on: Vec<String>,
    /// How bad it is to see this.
    pub severity: SymptomSeverity,
    /// The chance, 0–1, to see it although none of the known causes is present.
    pub leak: f64,
    /// The patterns of records that show it. Empty for a symptom that is only asked or probed.
    pub bindings: Vec<Binding>,
    /// A condition on the records that show it taken together (a finding). It may use their number, `count`.
    pub filter: Option<Condition>,
    /// The question to ask the user.
    pub ask: Option<Template>,
    /// The command whose pasted output is read. If there is one, `bindings` are matched against that output and never
    /// against records.
    pub probe: Option<Probe>,
    /// Tells the user where to look for the answer.
    pub how: Option<Template>,
    /// The time that asking or probing takes.
    pub cost: Duration,
    /// The symptom whose captures `ask`, `probe` and the title may use (`for`).
    pub of: Option<SymptomId>,
    /// What its findings are told apart by: `by`, or else the captures that its title names.
    pub keys: Vec<FindingKey>,
    /// The fields of records that its texts, `keys` and `time` need, with the names of their captures, such as `.user.name`.
    pub fields: Vec<(String, FieldPath)>,
    /// The conditions on time; `None` if each record shows the symptom by itself.
    pub time: Option<Box<Timing>>,
    /// The symptoms that are left out of the report where this one is seen.
    pub hides: Vec<SymptomId>,
    /// The bindings of other symptoms that match this one.
    pub feeds: Vec<(SymptomId, usize)>,
    /// Its metadata.
    pub meta: Meta,
}

/// A part of what the findings of a symptom are told apart by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingKey {
    /// The name of the capture that a finding has; for a field, the path with its dot.
    pub name: String,
    /// For each binding, the capture with the value; `None` if its records do not have it.
    pub of: Vec<Option<String>>,
}

/// The conditions of a symptom on time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Timing {
    /// What must be seen, in terms of slots.
    pub when: timed::When,
    /// What each slot means.
    pub slots: Vec<TimedSlot>,
    /// The values that `when` measures: the index of the binding, the capture, and how it is read.
    pub values: Vec<(usize, String, ValueUse)>,
}

/// The meaning of a slot: a record that matches a binding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimedSlot {
    /// The index of the binding.
    pub binding: usize,
    /// Whether the slot is for records that match the pattern but are on the wrong side of a limit.
    pub is_counter: bool,
    /// For each key of the symptom, whether a record counts only for the same value. If not, it counts for all.
    pub keys: Vec<bool>,
}

/// How a value is read that a `when` measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ValueUse {
    /// As a number.
    Number,
    /// To be told from others.
    Identity,
}

/// Suppression of a symptom: `mute symptom { … }`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mute {
    /// The symptom.
    pub symptom: SymptomId,
    /// Which of its records; `None` means all.
    pub filter: Option<Condition>,
    /// At which times of the week; `None` means always.
    pub during: Option<WeekSpan>,
    /// Until when.
    pub until: jiff::Timestamp,
    /// Why.
    pub reason: String,
}

/// Times of the week, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeekSpan {
    /// The days on which the span begins, Monday first.
    pub days: [bool; 7],
    /// When it begins, in minutes of the day.
    pub from: u16,
    /// When it ends, in minutes of the day. If that is not after `from`, it ends on the next day.
    pub to: u16,
}

/// How bad it is to see a symptom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
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

/// A command that the user runs, and whose output is pasted back.
#[derive(Debug, Serialize, Deserialize)]
pub struct Probe {
    /// The question that the output answers.
    pub question: Template,
    /// The command to show, never run.
    pub run: Option<ShellCommand>,
}

/// One named `match` of a symptom. A record matches if any of the alternatives does.
#[derive(Debug, Serialize, Deserialize)]
pub struct Binding {
    /// The name before the colon, or else the name of the symptom.
    pub name: String,
    /// The alternatives to look for.
    pub alternatives: Vec<Matcher>,
    /// A condition on the record and its captures.
    pub filter: Option<Condition>,
    /// The symptom whose records or findings match, instead of alternatives.
    pub symptom: Option<SymptomId>,
}

/// The name of the binding of `ended by`, which no user can write.
pub(in crate::rule) const ENDED_BY: &str = "ended by";

/// One alternative of a `match`.
#[derive(Debug, Serialize, Deserialize)]
pub enum Matcher {
    /// Text with holes or a regex, anywhere in the message.
    Pattern(Pattern),
    /// `any`: every record.
    Any,
}

/// A `where` condition whose types are checked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Condition {
    /// All hold.
    All(Vec<Condition>),
    /// At least one holds.
    AnyOf(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
    /// The operand exists.
    Exists(Operand),
    /// `left op right`; false when `left` is missing.
    Compare {
        /// The value that is compared.
        left: Operand,
        /// The comparison.
        op: Comparison,
        /// The value or values that it is compared with.
        right: Right,
    },
    /// `.severity op level`: the operand, which is always `.severity`, and the comparison of its rank.
    Severity(Operand, SeverityTest),
    /// `left ~ /re/`.
    Regex(Operand, RegexTest),
    /// `left in cidr "…"`: the operand, and the address and prefix length in bits of the network.
    InCidr(Operand, std::net::IpAddr, u8),
    /// `any .items[*] where …`: one element of the list meets the condition, whose fields are those of the element. The path leads
    /// to the list.
    Each(FieldPath, Box<Condition>),
    /// `.time in 22:00..06:00`: the time of day of the record, in the zone of its source, in minutes since midnight: from the first
    /// on and before the second. If the first is later, midnight is between them.
    TimeOfDay(u16, u16),
    /// `.time on mon..fri`: the day of the week of the record, in the zone of its source. Bit 0 is Monday.
    Weekdays(u8),
}

/// The right side of a comparison.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Right {
    /// Another field or capture of the same record.
    Operand(Operand),
    /// A literal.
    Value(Value<'static>),
    /// `any of [...]`. `x in [...]` is stored as `x == any of [...]`.
    AnyOf(Vec<Value<'static>>),
    /// `all of [...]`.
    AllOf(Vec<Value<'static>>),
    /// The case of letters does not matter. The values are texts.
    IgnoringCase(Box<Right>),
}

/// A value that a condition uses.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Operand {
    /// `.path.to[*].field` of the record.
    Field(FieldPath),
    /// A capture of the binding's pattern.
    Capture(String),
    /// `count`: the number of records of the finding.
    Count,
    /// `any field`: the values of all fields.
    AnyField,
    /// A number in an expression.
    Number(Value<'static>),
    /// `left op right`. It has no value if one of them is missing or no number.
    Computed(Box<Operand>, Arithmetic, Box<Operand>),
}

/// An operator of two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Arithmetic {
    /// `*`
    Times,
    /// `/`
    By,
    /// `+`
    Plus,
    /// `-`
    Minus,
}

impl Arithmetic {
    /// The sign in the rule language.
    pub fn sign(self) -> char {
        match self {
            Arithmetic::Times => '*',
            Arithmetic::By => '/',
            Arithmetic::Plus => '+',
            Arithmetic::Minus => '-',
        }
    }
}

impl Operand {
    /// Whether the count of a finding is needed for the value.
    pub(crate) fn mentions_count(&self) -> bool {
        match self {
            Operand::Count => true,
            Operand::Computed(left, _, right) => left.mentions_count() || right.mentions_count(),
            Operand::Field(_) | Operand::Capture(_) | Operand::AnyField | Operand::Number(_) => false,
        }
    }
}

/// A comparison of the level of a record with levels, by rank.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeverityTest {
    /// `==`, `!=`, `<`, `<=`, `>` or `>=`.
    pub op: Comparison,
    /// The levels to compare with.
    pub levels: Vec<Level>,
    /// Whether the comparison must be true for all of `levels`; otherwise one is enough.
    pub needs_all: bool,
}

impl SeverityTest {
    /// Whether a record of this level meets the comparison.
    pub fn is_met(&self, level: Level) -> bool {
        let compares = |right: &Level| match self.op {
            Comparison::NotEqual => level != *right,
            Comparison::Less => level < *right,
            Comparison::LessOrEqual => level <= *right,
            Comparison::Greater => level > *right,
            Comparison::GreaterOrEqual => level >= *right,
            Comparison::Equal | Comparison::Has | Comparison::Starts | Comparison::Ends | Comparison::Like => {
                level == *right
            }
        };
        if self.needs_all { self.levels.iter().all(compares) } else { self.levels.iter().any(compares) }
    }
}

/// A path into a record: names and `[*]` in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldPath(pub Vec<PathStep>);

/// One step of a [`FieldPath`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PathStep {
    /// `.name`
    Name(String),
    /// `[*]`: each element.
    Each,
    /// `[n]`: the element at that index, from 0.
    Index(usize),
}

/// A comparison of two values. Text compares by bytes, numbers as numbers. Versions are text here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
    /// `has`: contains the text or the element.
    Has,
    /// `starts`
    Starts,
    /// `ends`
    Ends,
    /// `like`: `*` matches any text, `?` one character.
    Like,
}

/// The regex of a condition. Two of them are equal if rules write them in the same way.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RegexTest(#[serde(with = "shared")] pub Arc<Pattern>);

/// Writes and reads a value behind an `Arc`.
mod shared {
    use std::sync::Arc;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<T: Serialize, S: Serializer>(value: &Arc<T>, to: S) -> Result<S::Ok, S::Error> {
        value.as_ref().serialize(to)
    }

    pub(super) fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Arc<T>, D::Error> {
        T::deserialize(from).map(Arc::new)
    }
}

impl PartialEq for RegexTest {
    fn eq(&self, other: &Self) -> bool {
        self.0.written() == other.0.written()
    }
}

/// Something that explains symptoms.
#[derive(Debug, Serialize, Deserialize)]
pub struct Cause {
    /// As [`Symptom::name`].
    pub name: String,
    /// Shown to the user.
    pub title: Template,
    /// P(cause) before any evidence, 0–1.
    pub prior: f64,
    /// `shows`: symptoms, each with the chance, 0–1, that this cause alone brings it about.
    pub shows: Vec<(SymptomId, f64)>,
    /// `against`: symptoms, each with the factor (below 1) by which seeing it multiplies the prior odds.
    pub against: Vec<(SymptomId, f64)>,
    /// `leads to`: causes, each with the chance, 0–1, that this cause alone brings it about. No cause leads to itself,
    /// directly or through others.
    pub leads_to: Vec<(CauseId, f64)>,
    /// The products it applies to; empty means any.
    pub applies: Vec<Applies>,
    /// Articles about it.
    pub kb: Vec<String>,
    /// Its metadata. That of a `rule` belongs to its cause.
    pub meta: Meta,
}

/// A way to fix causes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Resolution {
    /// As [`Symptom::name`].
    pub name: String,
    /// Shown to the user.
    pub title: Template,
    /// Causes, each with the chance, 0–1, that this resolves it.
    pub resolves: Vec<(CauseId, f64)>,
    /// Time it takes.
    pub cost: Duration,
    /// How much may go wrong.
    pub risk: Risk,
    /// Things that must be available before the first step.
    pub needs: Vec<Template>,
    /// The steps in order.
    pub steps: Vec<ResolutionStep>,
    /// How to see that it worked.
    pub verify: Option<Verify>,
    /// How to undo it.
    pub undo: Option<Template>,
    /// Whether it cannot be undone.
    pub irreversible: bool,
    /// Articles about it.
    pub kb: Vec<String>,
    /// Its metadata.
    pub meta: Meta,
}

/// How much may go wrong with a resolution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub enum Risk {
    /// Nothing important.
    #[default]
    Low,
    /// Something may stop for a while.
    Medium,
    /// Data may be lost, or a service may fail.
    High,
}

impl Risk {
    /// The word in the rule language.
    pub fn name(self) -> &'static str {
        match self {
            Risk::Low => "low",
            Risk::Medium => "medium",
            Risk::High => "high",
        }
    }
}

/// One step of a resolution.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ResolutionStep {
    /// The action.
    pub text: Template,
    /// A command to show, never run.
    pub run: Option<ShellCommand>,
}

/// How to see that a resolution worked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Verify {
    /// `verify no symptom for D`: the symptom is not seen for this time.
    Silence(SymptomId, Duration),
    /// `verify "…"`: a check by the user, with a command to show if there is one.
    Check(ResolutionStep),
}

/// Text in which captures, written `{capture}` in rules, are filled in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Template(pub Vec<TemplatePiece>);

/// Part of a [`Template`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum TemplatePiece {
    /// Literal text.
    Text(String),
    /// The name of a capture. Its value is shown, or the name in angle brackets if the value is unknown.
    Capture(String),
}

/// A command that is shown to the user, never run. What may be filled into it was decided when the rule was resolved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShellCommand {
    /// The shell that it is written for.
    pub shell: Shell,
    /// Its parts, in order.
    pub pieces: Vec<CommandPiece>,
}

/// The shell that a command is written for. It decides how values are quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shell {
    /// `sh`, `dash`, `bash`, `zsh`.
    Posix,
    /// PowerShell.
    PowerShell,
}

/// Part of a [`ShellCommand`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum CommandPiece {
    /// Literal text.
    Text(String),
    /// The value of a capture.
    Value {
        /// The name of the capture.
        name: String,
        /// How the value is written.
        quoting: Quoting,
        /// Whether the program would take a value that begins with `-` for an option.
        may_be_option: bool,
    },
}

/// How the value of a capture is written into a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Quoting {
    /// In quotes if it needs any.
    Word,
    /// As it is: quotes around it have other text in them, or nothing else is safe there.
    Plain,
}

/// `test "title" { … }`.
#[derive(Debug)]
pub struct Test {
    /// Its title.
    pub title: String,
    /// The file and the place of the title, for the report.
    pub at: (crate::source::SourceId, crate::source::Span),
    /// Lines to feed, in order.
    pub feeds: Vec<Feed>,
    /// The answers to the questions of symptoms; `true` means yes.
    pub answers: Vec<(SymptomId, bool)>,
    /// The outputs of the commands of symptoms with a `probe`.
    pub outputs: Vec<(SymptomId, String)>,
    /// Products with their versions.
    pub products: Vec<(String, String)>,
    /// The current time; `None` for that of all tests.
    pub now: Option<jiff::Timestamp>,
    /// The expected results, with their places.
    pub expectations: Vec<(Expectation, crate::source::Span)>,
}

impl Test {
    /// A test without anything.
    pub(crate) fn empty(source: crate::source::SourceId) -> Test {
        Test {
            title: String::new(),
            at: (source, crate::source::Span::default()),
            feeds: Vec::new(),
            answers: Vec::new(),
            outputs: Vec::new(),
            products: Vec::new(),
            now: None,
            expectations: Vec::new(),
        }
    }

    /// The same test, which expects nothing.
    pub(crate) fn expecting_nothing(&self) -> Test {
        Test {
            title: self.title.clone(),
            at: self.at,
            feeds: self.feeds.clone(),
            answers: self.answers.clone(),
            outputs: self.outputs.clone(),
            products: self.products.clone(),
            now: self.now,
            expectations: Vec::new(),
        }
    }
}

/// `feed [SOURCE] "line" "line" … x n every D [from DATE]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// The name of the source; `None` for the source without a name.
    pub source: Option<String>,
    /// The lines.
    pub lines: Vec<String>,
    /// How many times the lines are fed, at least 1.
    pub times: u32,
    /// The time between two feeds of a line. If the line has a time stamp, the first feed has it unchanged, and it is
    /// rewritten for the others.
    pub every: Option<Duration>,
    /// The time of the first line, if the line has no time stamp.
    pub from: Option<jiff::Timestamp>,
}

/// An expected result of a test.
#[derive(Debug, Clone, PartialEq)]
pub enum Expectation {
    /// `expect symptom [x n] [with condition]`: exactly `n` findings (or at least one) for which the condition holds.
    Symptom {
        /// The symptom.
        symptom: SymptomId,
        /// The number of findings; `None` means one or more.
        findings: Option<u32>,
        /// A condition on the captures and `count`.
        with: Option<Condition>,
    },
    /// `expect no symptom`.
    NoSymptom(SymptomId),
    /// `expect unconfirmed symptom`: it may be there, but the records end too early to know.
    Unconfirmed(SymptomId),
    /// `expect top cause NAME [>= P]`: the most likely cause, and its least probability, 0–1.
    TopCause(CauseId, Option<f64>),
    /// `expect cause NAME >= P` or `< P`: the probability of the cause is at least (or else below) a value, 0–1.
    Cause {
        /// The cause.
        cause: CauseId,
        /// Whether the probability is at least `chance`; otherwise it is below.
        at_least: bool,
        /// The value.
        chance: f64,
    },
    /// `expect no cause NAME`: the cause is less probable than what the report calls likely.
    NoCause(CauseId),
    /// `expect unknown`: the verdict is that the cause is not known.
    Unknown,
    /// `expect first resolution NAME`.
    FirstResolution(ResolutionId),
}
