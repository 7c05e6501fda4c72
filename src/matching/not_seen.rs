//! Why no record shows a symptom, as data: the sources that were searched, and the records that come nearest.

use super::finding::{Captures, Evidence, LineNo};
use super::unmet::Unmet;
use crate::pattern::PatternMiss;
use crate::rule::{SymptomId, span};
use crate::source::SourceId;
use crate::timed::{Expr, Ordering, Shortfall, When};

/// The most near misses that are kept of a pattern, each for a different reason; and the most findings that are kept
/// although they do not meet the condition on the count.
pub const MAX_NEAREST: usize = 3;

/// Why no record shows a symptom.
#[derive(Debug, Clone, PartialEq)]
pub struct NotSeen {
    /// The symptom.
    pub symptom: SymptomId,
    /// The sources that were read, in the order of their [`SourceId`](crate::source::SourceId)s. For a symptom with a
    /// probe, the outputs of the probe.
    pub sources: Vec<SearchedSource>,
    /// The patterns of the symptom, in the order of the rule.
    pub patterns: Vec<TriedPattern>,
    /// Findings that do not meet the condition on the count, the most frequent first, at most [`MAX_NEAREST`].
    pub short: Vec<ShortFinding>,
    /// The number of all such findings, including those that `short` leaves out.
    pub n_short: u64,
    /// For a symptom with conditions on time: the keys whose records come nearest, the nearest first, at most
    /// [`MAX_NEAREST`].
    pub together: Vec<TimedMiss>,
}

/// A key whose records do not meet the conditions on time together.
#[derive(Debug, Clone, PartialEq)]
pub struct TimedMiss {
    /// The key.
    pub key: Captures,
    /// What is missing.
    pub shortfall: Shortfall,
    /// The source and the line of the last record that was looked at for it.
    pub at: (SourceId, LineNo),
}

impl TimedMiss {
    /// Says what is missing: `4 of 5 within 2m; the fifth came 7s late (a.log:812)`. `when` is the condition, and `place` writes
    /// a source and a line.
    pub fn words(&self, when: Option<&When>, place: &dyn Fn(u32, LineNo) -> String) -> String {
        let within = when.and_then(|when| when.within).map(|within| format!(" within {}", span(within)));
        let within = within.unwrap_or_default();
        let at = place(self.at.0.0, self.at.1);
        match self.shortfall {
            Shortfall::Late { seen, wanted, by } => {
                let others = if seen + 1 == wanted { ordinal(wanted) } else { "others".to_owned() };
                format!("{seen} of {wanted}{within}; the {others} came {} late ({at})", span(by))
            }
            Shortfall::TooLong(by) => format!("all was seen, but {} too far apart ({at})", span(by)),
            Shortfall::Few { seen, wanted } => format!("{seen} of {wanted}{within} (up to {at})"),
            Shortfall::Short { lasted, wanted } => format!("{} of {} (up to {at})", span(lasted), span(wanted)),
            Shortfall::Number(millionths) => {
                let wanted = when.map(|when| limit(&when.expr)).unwrap_or_default();
                format!("the nearest number is {}{wanted} (up to {at})", number(millionths))
            }
            Shortfall::Reset(reset) => format!("reset by {}", place(reset.source, reset.line)),
            Shortfall::Refuted(by) => format!("what must not be seen was seen at {}", place(by.source, by.line)),
        }
    }
}

/// Says that a pattern matches only with `header`, which is before the message.
pub fn header_words(header: &str) -> String {
    format!(
        "it matches only with `{header}`, which is no part of the message: leave time, host and program out of the pattern"
    )
}

/// `fifth`
fn ordinal(n: u64) -> String {
    const WORDS: [&str; 10] =
        ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];
    let word = usize::try_from(n).ok().and_then(|n| WORDS.get(n.checked_sub(1)?));
    word.map_or_else(|| format!("last of {n}"), |word| (*word).to_owned())
}

/// A number in millionths, without zeros at its end.
fn number(millionths: i64) -> String {
    let (whole, part) = (millionths.unsigned_abs() / 1_000_000, millionths.unsigned_abs() % 1_000_000);
    let sign = if millionths < 0 { "-" } else { "" };
    format!("{sign}{whole}.{part:06}").trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The limit of a measured number, in words: `, and more than 0.05 is needed`.
fn limit(expr: &Expr) -> String {
    let Expr::Measured { bound, .. } = expr else { return String::new() };
    let how = match bound.ordering {
        Ordering::Greater => "more than ",
        Ordering::GreaterOrEqual => "at least ",
        Ordering::Less => "less than ",
        Ordering::LessOrEqual => "at most ",
    };
    format!(", and {how}{} is needed", bound.limit)
}

/// A source that was searched for a symptom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchedSource {
    /// Its name, or its path as given.
    pub name: String,
    /// All names by which `on` may refer to it, each once.
    pub names: Vec<String>,
    /// The first few programs in its records, which are names too; empty if the symptom has no `on`.
    pub programs: Vec<String>,
    /// The number of records.
    pub records: u64,
    /// The number of records from which the symptom is read.
    pub read: u64,
}

/// One pattern of a symptom, and the records that nearly show the symptom because of this pattern.
#[derive(Debug, Clone, PartialEq)]
pub struct TriedPattern {
    /// The index of its binding in the symptom.
    pub binding: usize,
    /// Its index in the alternatives of the binding.
    pub alternative: usize,
    /// The number of records that it matches, among those from which the symptom is read.
    pub matched: u64,
    /// The number of records that it matches, among those from which the symptom is not read, and the first of them;
    /// `None` if there are none.
    pub elsewhere: Option<(u64, Evidence)>,
    /// The number of records that nearly show the symptom: the pattern nearly matches, or it matches and comparisons are false.
    pub near: u64,
    /// The nearest of them, the best first, at most [`MAX_NEAREST`].
    pub nearest: Vec<NearMiss>,
    /// The words of the pattern that no record contains. For a regex, those of its literals that no record contains, of
    /// which a match requires at least one.
    pub unheard: Vec<String>,
}

/// A record that nearly shows a symptom, and the number of records that fail for the same reason.
#[derive(Debug, Clone, PartialEq)]
pub struct NearMiss {
    /// The nearest of these records.
    pub at: Evidence,
    /// The number of these records.
    pub records: u64,
    /// The reason.
    pub because: Obstacle,
    /// The fields of the record; empty unless a field of a condition is missing.
    pub fields: Vec<String>,
}

/// The reason why a record does not show a symptom.
#[derive(Debug, Clone, PartialEq)]
pub enum Obstacle {
    /// The pattern does not match.
    Pattern(PatternMiss),
    /// The pattern matches, but these comparisons are false.
    Where(Vec<Unmet>),
    /// The pattern matches the record as written, with what stands before its message: this text (time, host, program), which is
    /// no part of it.
    Header(String),
}

/// A finding that does not meet the condition on the count.
#[derive(Debug, Clone, PartialEq)]
pub struct ShortFinding {
    /// Its captures.
    pub captures: Captures,
    /// The number of records that show it.
    pub count: u64,
    /// The first of them.
    pub at: Option<Evidence>,
    /// The comparisons that are false.
    pub unmet: Vec<Unmet>,
}

impl NotSeen {
    /// Returns an empty answer, for a symptom that was not looked for again.
    pub fn nothing_read(symptom: SymptomId) -> Self {
        NotSeen {
            symptom,
            sources: Vec::new(),
            patterns: Vec::new(),
            short: Vec::new(),
            n_short: 0,
            together: Vec::new(),
        }
    }
}

impl Obstacle {
    /// Returns a rank; greater is nearer. If the pattern matches, the rank is high, and higher the fewer comparisons
    /// are false and values missing. If it does not match, the rank is low, and higher the more of the pattern matches.
    pub(super) fn nearness(&self) -> (usize, usize) {
        match self {
            Obstacle::Where(unmet) => {
                let absent = unmet.iter().filter(|unmet| unmet.missing().is_some()).count();
                (1, usize::MAX - 2 * unmet.len() - absent)
            }
            Obstacle::Header(_) => (1, usize::MAX),
            Obstacle::Pattern(miss) => (0, miss.nearness),
        }
    }

    /// Whether the record lacks a field of a condition.
    pub(super) fn misses_a_field(&self) -> bool {
        matches!(self, Obstacle::Where(unmet) if unmet.iter().any(|unmet| unmet.missing().is_some()))
    }

    /// Whether both reasons are the same.
    pub(super) fn is_like(&self, other: &Obstacle) -> bool {
        match (self, other) {
            (Obstacle::Where(these), Obstacle::Where(those)) => these == those,
            (Obstacle::Pattern(this), Obstacle::Pattern(that)) => this.is_like(that),
            (Obstacle::Header(_), Obstacle::Header(_)) => true,
            _ => false,
        }
    }
}
