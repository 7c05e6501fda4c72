//! Findings and hits to a diagnosis: ranked causes, articles, resolutions and next checks, each with its reasons as data.
//!
//! Cannot fail, and touches no disk. Wording and colour live in `report`; ties are broken by name, so two runs agree.
//!
//! ```text
//! Scan, Facts ─ observe ──> states ─ component ──> Component ─ posterior ──> Belief ──> score, resolution, checks ─┐
//! Scan ─ evidence ──> SearchText ─ (store) ──> QueryHit ─ evidence ──> ArticleHit ──> rank ────────────────────────┴> Diagnosis
//! ```

mod applies;
mod case;
mod checks;
mod component;
mod confidence;
mod consequence;
mod elimination;
mod evidence;
mod exact;
mod explain;
mod incident;
mod observe;
mod posterior;
mod rank;
mod reason;
mod remedy;
mod resolution;
mod sampled;
mod score;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod weights;

use std::time::Duration;

use crate::article::Remedy;
use crate::identifier::IdentifierKind;
use crate::matching::{Captures, Finding, LineNo, Remark, Scan, SourceSummary, Unreadable};
use crate::product::Release;
use crate::rule::{CauseId, Program, Resolution, ResolutionId, SymptomId};
use crate::source::SourceId;

pub use checks::{Check, checks_by_value};
pub use confidence::{Confidence, Features, N_FEATURES, Signs};
pub use evidence::{QueryHit, SearchText, fuse_hits, queries};
pub use explain::{Explanation, Rival, Shown, explain};
pub use incident::{Follows, Incident, Link};
pub use rank::fold_near_copies;
pub use reason::{records_for, worth_explaining};
pub use remedy::worth_following;

use case::Case;

/// What the store knows an article by: any of its names to its canonical id and title; `None` when it holds none.
pub type Titles<'a> = dyn Fn(&str) -> Option<(String, String)> + 'a;

/// Makes a diagnosis of what was found, what was said, and what the search of the KB returned.
///
/// Pure and without failure: the same input gives the same output, in whatever order rules, findings and hits come.
/// `scan` is of `program`, and so are the ids in `facts`; `hits` come from [`fuse_hits`].
pub fn diagnose(program: &Program, scan: Scan, facts: &Facts, hits: &[ArticleHit], titles: &Titles<'_>) -> Diagnosis {
    let Scan { salient, sources, .. } = &scan;
    let case = Case::open(program, &scan, facts);
    let causes = case.ranked_causes(program, titles);
    let by_rules = case.ranked_resolutions(program, &causes, &facts.tried, titles);
    let none_of_these = case.none_of_these(causes.first());
    let findings = &case.findings;
    let channels = rank::Channels { causes: &causes, resolutions: &by_rules, findings, salient, hits };
    let articles = rank::articles(program, &channels, titles);
    let checks = case.checks(program, sources, &facts.tried);
    // People wrote what rules say for this; what an article says was written for somebody else.
    let resolutions = match causes.first() {
        Some(top) if top.probability >= weights::LIKELY => by_rules,
        _ => remedy::with_remedies(program, by_rules, &articles, hits, salient),
    };
    let incidents = incident::incidents(program, findings, &causes, salient, hits);
    Diagnosis {
        verdict: verdict(causes.first(), none_of_these, articles.first()),
        none_of_these,
        articles,
        incidents,
        resolutions,
        next_checks: checks.symptoms,
        version_checks: checks.versions,
        not_applicable: case.out_of_range.iter().copied().collect(),
        notes: case.sampling_notes().chain(checks.notes).collect(),
        causes,
        findings: case.findings,
        sources: scan.sources,
        remarks: scan.remarks,
        unreadable: scan.unreadable,
    }
}

/// The top cause decides, and where no cause is likely the first article.
fn verdict(top: Option<&RankedCause>, none_of_these: f64, article: Option<&RankedArticle>) -> Verdict {
    let probability = top.map_or(0.0, |top| top.probability);
    let confidence = article.map_or(0.0, |article| article.confidence);
    if probability >= weights::KNOWN && none_of_these <= weights::KNOWN_NONE {
        Verdict::Known
    } else if probability >= weights::LIKELY {
        Verdict::Likely
    } else if confidence >= weights::KNOWN_ARTICLE {
        Verdict::Known
    } else if confidence >= weights::LIKELY_ARTICLE {
        Verdict::Likely
    } else {
        Verdict::Unknown
    }
}

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
        self.causes.first().is_some_and(|top| top.probability >= weights::LIKELY)
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
    /// The events that it was found for, as in [`SearchText::events`], and its score by each alone, highest first.
    pub by_event: Vec<(usize, f64)>,
    /// What that record and it have in common.
    pub signs: Signs,
    /// What its confidence was made of; zeros before [`Confidence::judge`].
    pub features: Features,
    /// Chance that it is about the problem, 0–1; 0 before [`Confidence::judge`].
    pub confidence: f64,
    /// What it says to do, where somebody looked it up: of those that are [`worth_following`].
    pub remedies: Vec<Remedy>,
    /// What it quotes or names of its records, the most telling first, where somebody looked it up: of those that are
    /// [`worth_explaining`].
    pub signatures: Vec<Signature>,
}

/// Something that an article quotes or names and a salient record does, too.
#[derive(Debug, Clone, PartialEq)]
pub struct Signature {
    /// What it is.
    pub kind: IdentifierKind,
    /// A message as the article quotes it, with holes where the record has something else; otherwise the canonical form of
    /// what both name.
    pub text: String,
    /// Index of the article's section where it stands.
    pub section: usize,
    /// Index into [`Scan::salient`]: the record that repeats most of it.
    pub salient: usize,
    /// The share of a message that is repeated, 0–1; rare words count for more, names and numbers for nothing. 1 of anything
    /// else.
    pub share: f64,
    /// How telling what is repeated is, > 0, in the weight of a word that no article of the KB holds.
    pub weight: f64,
}

impl ArticleHit {
    /// A hit of which nothing more is known.
    pub fn new(id: &str, title: &str, score: f64, salient: usize) -> ArticleHit {
        ArticleHit {
            id: id.to_owned(),
            title: title.to_owned(),
            score,
            salient,
            by_event: vec![(0, score)],
            signs: Signs::default(),
            features: Features::default(),
            confidence: 0.0,
            remedies: Vec::new(),
            signatures: Vec::new(),
        }
    }
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
