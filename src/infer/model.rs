//! The types that `infer` takes and returns. They have no logic of their own, so every file of the folder may use them.

use std::time::Duration;

use jiff::Timestamp;

use crate::identifier::IdentifierKind;
use crate::matching::{Captures, Finding, LineNo, Remark, SourceSummary, Unreadable};
use crate::product::Release;
use crate::rule::{CauseId, Program, Resolution, ResolutionId, SymptomId};
use crate::source::SourceId;

use super::hit::Features;
use super::weights::LIKELY;

/// What the store knows an article by: any of its names to its canonical id and title; `None` when it holds none.
pub type Titles<'a> = dyn Fn(&str) -> Option<(String, String)> + 'a;

/// What was found, and what follows from it.
#[derive(Debug, Clone)]
pub struct Diagnosis {
    /// How far to trust the top of the ranking.
    pub verdict: Verdict,
    /// What was read.
    pub sources: Vec<SourceSummary>,
    /// Symptoms seen or answered.
    pub findings: Vec<Finding>,
    /// Causes of every component with a positive finding, most probable first; but what is known to be there stands before what
    /// follows from it.
    pub causes: Vec<RankedCause>,
    /// P(no cause of ours is there | evidence), of the component of the top cause; 1 when no rule found anything.
    pub none_of_these: f64,
    /// Articles, best first.
    pub articles: Vec<RankedArticle>,
    /// The problems that something explains, in order of time, where there are several.
    pub incidents: Vec<Incident>,
    /// What to do, in the order to try it: as rules say, and where no cause is likely, as likely articles say.
    pub resolutions: Vec<RankedResolution>,
    /// What to find out next, by value per cost, best first; only what is worth its cost.
    pub next_checks: Vec<NextCheck>,
    /// Products whose version would decide about causes, most valuable first; only what is worth asking.
    pub version_checks: Vec<VersionCheck>,
    /// Causes left out since their `applies` does not hold.
    pub not_applicable: Vec<CauseId>,
    /// What the reader must know about how the numbers were come by.
    pub notes: Vec<Note>,
    /// What had to be assumed or left out when the sources were read.
    pub remarks: Vec<Remark>,
    /// Inputs that could not be read, or not to their end.
    pub unreadable: Vec<Unreadable>,
}

impl Diagnosis {
    /// Whether its verdict is about its top cause; otherwise it is about its first article.
    pub fn rests_on_cause(&self) -> bool {
        self.causes.first().is_some_and(|top| top.probability >= LIKELY)
    }
}

/// Where a diagnosis fell short of what it usually promises.
#[derive(Debug, Clone, PartialEq)]
pub enum Note {
    /// Too many symptoms were seen at once for exact probabilities: those of `causes` are estimates.
    Sampled {
        /// The causes of the component, by name.
        causes: Vec<CauseId>,
        /// Largest standard error of one of their probabilities.
        standard_error: f64,
    },
    /// For the same reason, no next checks were looked for among what these causes show.
    ChecksNotWeighed {
        /// The causes of the component, by name.
        causes: Vec<CauseId>,
    },
}

/// How far to trust the top of the ranking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// One cause stands out clearly, or where none is likely one article does.
    Known,
    /// The top cause, or where none is likely the first article, is about as probable as not, or more.
    Likely,
    /// casebook does not know.
    Unknown,
}

/// A cause and why it stands where it does.
#[derive(Debug, Clone, PartialEq)]
pub struct RankedCause {
    /// Which.
    pub cause: CauseId,
    /// Posterior, 0–1.
    pub probability: f64,
    /// P(it is there and no other cause led to it), at most [`probability`](RankedCause::probability).
    pub by_itself: f64,
    /// The likely causes that lead to it, most probable first, where it is likelier to follow from one than to be there by
    /// itself.
    pub follows: Vec<CauseId>,
    /// Captures of the findings that speak for it, to fill its title.
    pub captures: Captures,
    /// Canonical ids of the articles that its rule names, in that order; one that the KB does not hold as written.
    pub articles: Vec<String>,
    /// Its evidence, strongest first; where it was not weighed, what was seen first, then by name.
    pub because: Vec<Because>,
}

/// What one symptom says about one cause.
#[derive(Debug, Clone, PartialEq)]
pub struct Because {
    /// Which symptom.
    pub symptom: SymptomId,
    /// Whether it was seen.
    pub state: SymptomState,
    /// Weight of evidence, 10·log10 of the posterior odds with this finding over those without it. `None` where the
    /// posterior is an estimate: the difference of two estimates would be noise.
    pub decibans: Option<f64>,
}

/// What is known of a symptom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SymptomState {
    /// Seen or answered yes.
    Present,
    /// Answered no, or looked for in vain.
    Absent,
    /// Neither.
    Unknown,
}

/// An article and what it rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct RankedArticle {
    /// Canonical id.
    pub id: String,
    /// Its title; the id again when the store does not hold it.
    pub title: String,
    /// Whether the KB holds it.
    pub known: bool,
    /// What the ranking is by; comparable within one diagnosis.
    pub score: f64,
    /// Chance that this article is about the problem, 0–1.
    pub confidence: f64,
    /// Ids of articles that say the same and are not listed themselves, in the order that [`fold_near_copies`]
    /// was given them in.
    pub near_copies: Vec<String>,
    /// What speaks for it, strongest first.
    pub because: Vec<ArticleReason>,
}

/// Why an article is listed.
#[derive(Debug, Clone, PartialEq)]
pub enum ArticleReason {
    /// A probable cause names it.
    Cause {
        /// Which.
        cause: CauseId,
        /// The cause's posterior.
        weight: f64,
        /// First line that shows it.
        at: Option<(SourceId, LineNo)>,
    },
    /// A resolution that is proposed names it.
    Resolution {
        /// Which.
        resolution: ResolutionId,
        /// P(resolves).
        weight: f64,
    },
    /// It quotes or names what a salient record does. Of the same evidence as [`Search`](ArticleReason::Search), in terms of
    /// the article: nothing is ranked by it.
    Signature {
        /// What it is.
        kind: IdentifierKind,
        /// As in [`Signature::text`].
        text: String,
        /// Index of the article's section where it stands.
        section: usize,
        /// The record that repeats it.
        at: (SourceId, LineNo),
        /// What that says.
        record: String,
        /// As in [`Signature::share`].
        share: f64,
        /// As in [`Signature::weight`].
        weight: f64,
    },
    /// Full-text search for a salient record found it.
    Search {
        /// The text that was searched for.
        text: String,
        /// Where that text stands.
        at: (SourceId, LineNo),
        /// Share of the search score.
        weight: f64,
        /// What the confidence of the search is made of.
        features: Features,
    },
}

impl ArticleReason {
    /// Whether a rule names the article; otherwise, the search found it.
    pub fn is_by_rule(&self) -> bool {
        match self {
            ArticleReason::Cause { .. } | ArticleReason::Resolution { .. } => true,
            ArticleReason::Signature { .. } | ArticleReason::Search { .. } => false,
        }
    }
}

/// Something to do.
#[derive(Debug, Clone, PartialEq)]
pub struct RankedResolution {
    /// Which.
    pub resolution: Proposed,
    /// P(it mends the problem | evidence), 0–1.
    pub p_resolves: f64,
    /// P(it mends what follows from another cause, once that one is mended), 0–1.
    pub follow_up: f64,
    /// Captures to fill its steps.
    pub captures: Captures,
    /// As [`RankedCause::articles`].
    pub articles: Vec<String>,
}

/// Where something to do comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum Proposed {
    /// A rule.
    Rule(ResolutionId),
    /// An article that no rule names, in the form of a rule: its name is the article's id.
    Article(Box<Resolution>),
}

impl Proposed {
    /// What it says to do; `program` is the one of the diagnosis.
    pub fn of<'a>(&'a self, program: &'a Program) -> &'a Resolution {
        match self {
            Proposed::Rule(id) => program.resolution(*id),
            Proposed::Article(resolution) => resolution,
        }
    }
}

/// Something worth finding out.
#[derive(Debug, Clone, PartialEq)]
pub struct NextCheck {
    /// Which symptom.
    pub symptom: SymptomId,
    /// How it can be found out.
    pub means: CheckMeans,
    /// Captures to fill the question.
    pub captures: Captures,
    /// Expected saving after its cost.
    pub value: Duration,
}

/// How a symptom can be found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CheckMeans {
    /// By asking the symptom's `ask`.
    Ask,
    /// By running its `probe` and pasting the output back.
    Probe,
    /// By handing in a source that its `on` names; none of this run's is one.
    Source,
}

/// A version worth knowing.
#[derive(Debug, Clone, PartialEq)]
pub struct VersionCheck {
    /// The product, as the rules write it.
    pub product: String,
    /// The causes that apply to some of its versions alone.
    pub causes: Vec<CauseId>,
    /// Expected saving after the cost of looking it up.
    pub value: Duration,
}

/// What the user said beside the logs.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// `--answer symptom=yes|no`; `unknown` is left out.
    pub answers: Vec<(SymptomId, bool)>,
    /// `--product exchange=5.5`.
    pub products: Vec<Release>,
    /// `--tried NAME`: resolutions that did not help.
    pub tried: Vec<ResolutionId>,
}

/// One of several problems that the same logs show.
#[derive(Debug, Clone, PartialEq)]
pub struct Incident {
    /// Time of its earliest record, where one has a time.
    pub first: Option<Timestamp>,
    /// Time of its latest record.
    pub last: Option<Timestamp>,
    /// The records that show it, in order of sources and lines.
    pub places: Vec<(SourceId, LineNo)>,
    /// Its likely causes, most probable first.
    pub causes: Vec<CauseId>,
    /// Ids of the articles that fit its records best, and how sure to be of each; best first, at most three.
    pub articles: Vec<(String, f64)>,
    /// The incident that it may be a consequence of.
    pub follows: Option<Follows>,
}

/// Why an incident may be a consequence of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Follows {
    /// Its index.
    pub incident: usize,
    /// What says so.
    pub link: Link,
}

/// What makes two incidents root and consequence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Link {
    /// A rule: a cause of the one leads to a cause of the other.
    Causes {
        /// Of the one that follows.
        consequence: CauseId,
        /// Of the one that it follows from.
        root: CauseId,
    },
    /// It came later, and both speak of these addresses, hosts, paths, which few others do.
    Shared(Vec<String>),
}
