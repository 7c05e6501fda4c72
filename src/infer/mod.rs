//! Findings and hits to a diagnosis: ranked causes, articles, resolutions and next checks, each with its reasons as data.
//!
//! Cannot fail, and touches no disk. Wording and colour live in `report`; ties are broken by name, so two runs agree.

use std::time::Duration;

use crate::matching::{Captures, Finding, LineNo, SourceSummary};
use crate::rule::{CauseId, ResolutionId, SymptomId};
use crate::source::SourceId;

/// What was found, and what follows from it.
#[derive(Debug, Clone)]
pub struct Diagnosis {
    /// How far to trust the top of the ranking.
    pub verdict: Verdict,
    /// What was read.
    pub sources: Vec<SourceSummary>,
    /// Symptoms seen or answered.
    pub findings: Vec<Finding>,
    /// Causes of every component with a positive finding, most probable first.
    pub causes: Vec<RankedCause>,
    /// P(no cause of ours is there | evidence), of the component of the top cause; 1 when no rule found anything.
    pub none_of_these: f64,
    /// Articles, best first.
    pub articles: Vec<RankedArticle>,
    /// What to do, in the order to try it.
    pub resolutions: Vec<RankedResolution>,
    /// What to find out next, most valuable first; only what is worth its cost.
    pub next_checks: Vec<NextCheck>,
    /// Causes left out since their `applies` does not hold.
    pub not_applicable: Vec<CauseId>,
}

/// How far to trust the top of the ranking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// One cause stands out clearly.
    Known,
    /// The top cause is more probable than not, or an article fits well.
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
    /// Captures of the findings that speak for it, to fill its title.
    pub captures: Captures,
    /// Its evidence, strongest first.
    pub because: Vec<Because>,
}

/// What one symptom says about one cause.
#[derive(Debug, Clone, PartialEq)]
pub struct Because {
    /// Which symptom.
    pub symptom: SymptomId,
    /// Whether it was seen.
    pub state: SymptomState,
    /// Weight of evidence, 10·log10 of the posterior odds with this finding over those without it.
    pub decibans: f64,
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
    /// What the ranking is by; comparable within one diagnosis.
    pub score: f64,
    /// Chance that this article is about the problem, 0–1.
    pub confidence: f64,
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
    /// Full-text search for a salient record found it.
    Search {
        /// The text that was searched for.
        text: String,
        /// Where that text stands.
        at: (SourceId, LineNo),
        /// Share of the search score.
        weight: f64,
    },
}

/// Something to do.
#[derive(Debug, Clone, PartialEq)]
pub struct RankedResolution {
    /// Which.
    pub resolution: ResolutionId,
    /// P(it mends the problem | evidence), 0–1.
    pub p_resolves: f64,
    /// Captures to fill its steps.
    pub captures: Captures,
}

/// Something worth finding out.
#[derive(Debug, Clone, PartialEq)]
pub struct NextCheck {
    /// Which symptom.
    pub symptom: SymptomId,
    /// Captures to fill the question.
    pub captures: Captures,
    /// Expected saving after its cost.
    pub value: Duration,
}

/// An article that the search of the KB returned for one salient record, in order of score.
#[derive(Debug, Clone, PartialEq)]
pub struct ArticleHit {
    /// Canonical id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Search score, > 0.
    pub score: f64,
    /// Index into [`Scan::salient`](crate::matching::Scan::salient): the record that speaks most for it.
    pub salient: usize,
}

/// What the user said beside the logs.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// `--answer symptom=yes|no`; `unknown` is left out.
    pub answers: Vec<(SymptomId, bool)>,
    /// `--product exchange=5.5`.
    pub products: Vec<(String, String)>,
    /// `--tried NAME`: resolutions that did not help.
    pub tried: Vec<ResolutionId>,
}
