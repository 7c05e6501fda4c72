//! The types that `infer` takes and returns. They depend on no other file of the folder but `hit`, so every file may
//! use them.

use std::time::Duration;

use jiff::Timestamp;

use crate::identifier::IdentifierKind;
use crate::matching::{Captures, Finding, LineNo, Remark, Salient, SourceSummary, Unreadable};
use crate::product::Release;
use crate::rule::{CauseId, Program, Resolution, ResolutionId, SymptomId};
use crate::source::SourceId;

use super::hit::Features;

/// The times of the first and of the last record that shows something.
pub(crate) type TimeSpan = (Timestamp, Timestamp);

/// Looks up an article by any of its names. Gives its canonical id and its title; `None` when the KB does not contain
/// it.
pub type Titles<'a> = dyn Fn(&str) -> Option<(String, String)> + 'a;

/// Everything that was found, and everything that follows from it.
#[derive(Debug, Clone)]
pub struct Diagnosis {
    /// How far to trust the subject.
    pub verdict: Verdict,
    /// What the verdict is about; `None` if it is [`Verdict::Unknown`].
    pub subject: Option<Subject>,
    /// The records that stand out, the most striking first.
    pub standouts: Vec<Salient>,
    /// Whether the logs look healthy: there are some records, no symptom was seen, nothing is likely, and no record that
    /// stands out is severe.
    pub nothing_stands_out: bool,
    /// The logs that were read.
    pub sources: Vec<SourceSummary>,
    /// The symptoms that were seen or answered.
    pub findings: Vec<Finding>,
    /// The causes of every component with a positive finding, most probable first; but a known cause comes before those
    /// that follow from it.
    pub causes: Vec<RankedCause>,
    /// P(no cause of the program is present | evidence), in the component of the top cause; 1 when no rule found
    /// anything.
    pub none_of_these: f64,
    /// The articles, best first.
    pub articles: Vec<RankedArticle>,
    /// The separate problems that a likely cause or article explains, in order of time; empty where there is only one.
    pub incidents: Vec<Incident>,
    /// The resolutions in the order to try them: of rules, and where no cause is likely, also of likely articles.
    pub resolutions: Vec<RankedResolution>,
    /// Symptoms to check next, by value per cost, best first; only those worth their cost.
    pub next_checks: Vec<NextCheck>,
    /// Products whose version would decide about causes, most valuable first; only those worth their cost.
    pub version_checks: Vec<VersionCheck>,
    /// Causes that were left out because their `applies` does not hold.
    pub not_applicable: Vec<CauseId>,
    /// Where the numbers are less exact than usual.
    pub notes: Vec<Note>,
    /// Assumptions and omissions made while the sources were read.
    pub remarks: Vec<Remark>,
    /// Inputs that could not be read to their end.
    pub unreadable: Vec<Unreadable>,
}

impl Diagnosis {
    /// Whether the verdict is about a cause.
    pub fn rests_on_cause(&self) -> bool {
        matches!(self.subject, Some(Subject::Cause { .. }))
    }
}

/// The cause or article that a verdict is about.
#[derive(Debug, Clone, PartialEq)]
pub enum Subject {
    /// A cause of a rule.
    Cause {
        /// The cause.
        cause: CauseId,
        /// The probability that it is present, 0–1.
        confidence: f64,
    },
    /// An article.
    Article {
        /// Its canonical id.
        id: String,
        /// The probability that it is about the problem, 0–1.
        confidence: f64,
    },
}

impl Subject {
    /// The probability that the verdict is right about it, 0–1.
    pub fn confidence(&self) -> f64 {
        match self {
            Subject::Cause { confidence, .. } | Subject::Article { confidence, .. } => *confidence,
        }
    }
}

/// A respect in which a diagnosis is less exact than usual.
#[derive(Debug, Clone, PartialEq)]
pub enum Note {
    /// Too many symptoms were seen at once for exact probabilities; those of `causes` are estimates.
    Sampled {
        /// The causes of the component, by name.
        causes: Vec<CauseId>,
        /// Each true probability is within this distance of its estimate with 95 % certainty, 0–1.
        margin: f64,
    },
    /// Too many symptoms were seen at once to weigh checks: none is proposed for the symptoms of these causes.
    ChecksNotWeighed {
        /// The causes of the component, by name.
        causes: Vec<CauseId>,
    },
}

/// How far to trust the top of the ranking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// One cause is clearly the most probable, or where no cause is likely, one article is very probably right.
    Known,
    /// The top cause (or the first article, if no cause is likely) is at least about as probable as not.
    Likely,
    /// casebook does not know.
    Unknown,
}

/// A cause with its probability and its evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct RankedCause {
    /// The cause.
    pub cause: CauseId,
    /// Posterior probability, 0–1.
    pub probability: f64,
    /// P(it is present and arose by itself), at most [`probability`](RankedCause::probability).
    pub by_itself: f64,
    /// The likely causes that lead to it, most probable first; empty where it more probably arose by itself.
    pub follows: Vec<CauseId>,
    /// Captures of the findings that support it, to fill its title.
    pub captures: Captures,
    /// Canonical ids of the articles that its rule names, in the same order. For an article that the KB does not
    /// contain, the name in the rule.
    pub articles: Vec<String>,
    /// Its evidence, strongest first. If the evidence was not weighed, symptoms that were seen come first; ties by
    /// name.
    pub because: Vec<Because>,
}

/// The evidence of one symptom about one cause.
#[derive(Debug, Clone, PartialEq)]
pub struct Because {
    /// The symptom.
    pub symptom: SymptomId,
    /// Whether it was seen.
    pub state: SymptomState,
    /// Weight of evidence in decibans: 10·log10 of the posterior odds with this finding over those without it. `None`
    /// where the posterior is an estimate, as the difference of two estimates would be noise.
    pub decibans: Option<f64>,
}

/// Whether a symptom is present.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SymptomState {
    /// Seen, or answered yes.
    Present,
    /// Answered no, or looked for in a fitting log and not found.
    Absent,
    /// Neither seen, nor answered, nor looked for.
    Unknown,
}

/// An article with its rank and the reasons for it.
#[derive(Debug, Clone, PartialEq)]
pub struct RankedArticle {
    /// Canonical id.
    pub id: String,
    /// Its title; the id when the KB does not contain it.
    pub title: String,
    /// Whether the KB contains it.
    pub known: bool,
    /// The number that the articles are ranked by; comparable within one diagnosis.
    pub score: f64,
    /// Probability that this article is about the problem, 0–1.
    pub confidence: f64,
    /// Ids of its near-copies that are not listed themselves, in the order that
    /// [`fold_near_copies`](super::fold_near_copies) received them.
    pub near_copies: Vec<String>,
    /// The reasons for it, strongest first.
    pub because: Vec<ArticleReason>,
}

/// Why an article is listed.
#[derive(Debug, Clone, PartialEq)]
pub enum ArticleReason {
    /// A probable cause names it.
    Cause {
        /// The cause.
        cause: CauseId,
        /// Its posterior probability, 0–1.
        weight: f64,
        /// The first line that shows it; `None` if no line does.
        at: Option<(SourceId, LineNo)>,
    },
    /// A proposed resolution names it.
    Resolution {
        /// The resolution.
        resolution: ResolutionId,
        /// P(it resolves the problem), 0–1.
        weight: f64,
    },
    /// It contains a message, code or name that a salient record contains too. This explains a
    /// [`Search`](ArticleReason::Search) reason by the text of the article; it does not change the rank.
    Signature {
        /// The kind of the signature.
        kind: IdentifierKind,
        /// As in [`Signature::text`](super::Signature::text).
        text: String,
        /// Index of the article's section that contains it.
        section: usize,
        /// The record that repeats it.
        at: (SourceId, LineNo),
        /// The text of that record.
        record: String,
        /// As in [`Signature::share`](super::Signature::share).
        share: f64,
        /// As in [`Signature::weight`](super::Signature::weight).
        weight: f64,
    },
    /// The full-text search for a salient record found it.
    Search {
        /// The text that was searched for.
        text: String,
        /// The record of that text.
        at: (SourceId, LineNo),
        /// Its score over the best score of all hits, 0–1.
        weight: f64,
        /// The numbers that its confidence is computed from.
        features: Features,
    },
}

impl ArticleReason {
    /// Whether a rule names the article; otherwise the search found it.
    pub fn is_by_rule(&self) -> bool {
        match self {
            ArticleReason::Cause { .. } | ArticleReason::Resolution { .. } => true,
            ArticleReason::Signature { .. } | ArticleReason::Search { .. } => false,
        }
    }
}

/// A proposed resolution.
#[derive(Debug, Clone, PartialEq)]
pub struct RankedResolution {
    /// The resolution.
    pub resolution: Proposed,
    /// P(it resolves the problem | evidence), 0–1.
    pub p_resolves: f64,
    /// P(it resolves a consequence of another cause, once that cause is resolved), 0–1.
    pub follow_up: f64,
    /// Captures to fill its steps.
    pub captures: Captures,
    /// As [`RankedCause::articles`].
    pub articles: Vec<String>,
}

/// A resolution, by where it comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum Proposed {
    /// A rule.
    Rule(ResolutionId),
    /// An article that no rule names, in the form of a rule whose name is the article's id.
    Article(Box<Resolution>),
}

impl Proposed {
    /// Returns the resolution; that of an article has the form of a rule. `program` is the one that the diagnosis was
    /// made with.
    pub fn as_rule<'a>(&'a self, program: &'a Program) -> &'a Resolution {
        match self {
            Proposed::Rule(id) => program.resolution(*id),
            Proposed::Article(resolution) => resolution,
        }
    }
}

/// A symptom worth checking.
#[derive(Debug, Clone, PartialEq)]
pub struct NextCheck {
    /// The symptom.
    pub symptom: SymptomId,
    /// How it can be checked.
    pub means: CheckMeans,
    /// Captures to fill the question.
    pub captures: Captures,
    /// The time that it is expected to save, less its own cost.
    pub value: Duration,
}

/// How a symptom can be checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CheckMeans {
    /// By asking the symptom's `ask`.
    Ask,
    /// By running its `probe` and pasting the output back.
    Probe,
    /// By supplying a log of a source that its `on` names; none was read so far.
    Source,
}

/// A version worth knowing.
#[derive(Debug, Clone, PartialEq)]
pub struct VersionCheck {
    /// The product's name as the rules write it.
    pub product: String,
    /// The causes that apply only to some of its versions.
    pub causes: Vec<CauseId>,
    /// The time that knowing it is expected to save, less the cost of looking it up.
    pub value: Duration,
}

/// The facts that the user stated in addition to the logs.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// `--answer symptom=yes|no`; an answer of `unknown` is left out.
    pub answers: Vec<(SymptomId, bool)>,
    /// `--product exchange=5.5`.
    pub products: Vec<Release>,
    /// `--tried NAME`: resolutions that did not help.
    pub tried: Vec<ResolutionId>,
}

/// One of several separate problems in the same logs.
#[derive(Debug, Clone, PartialEq)]
pub struct Incident {
    /// Time of its earliest record; `None` where no record has a time.
    pub first: Option<Timestamp>,
    /// Time of its latest record.
    pub last: Option<Timestamp>,
    /// The records that show it, by source and line.
    pub places: Vec<(SourceId, LineNo)>,
    /// Its likely causes, most probable first.
    pub causes: Vec<CauseId>,
    /// Ids of the articles that fit its records best, each with its confidence; best first, at most three.
    pub articles: Vec<(String, f64)>,
    /// The incident that it may be a consequence of.
    pub follows: Option<Follows>,
}

/// Why an incident may be a consequence of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Follows {
    /// Index of the other incident.
    pub incident: usize,
    /// The connection of the two.
    pub link: IncidentLink,
}

/// The connection of an incident with its consequence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IncidentLink {
    /// A rule says that a cause of one leads to a cause of the other.
    Causes {
        /// A cause of the incident that follows.
        consequence: CauseId,
        /// A cause of the incident that it follows from.
        root: CauseId,
    },
    /// It began while the other went on or minutes later, and both mention these addresses, hosts, mailboxes or paths,
    /// which few other records mention.
    Shared(Vec<String>),
}
