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
mod evidence;
mod explain;
mod hit;
mod incident;
mod model;
mod observe;
mod posterior;
mod rank;
mod reason;
mod remedy;
mod resolution;
mod score;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod weights;

use crate::matching::Scan;
use crate::rule::Program;

pub use checks::{Check, checks_by_value};
pub use confidence::Confidence;
pub use evidence::{QueryHit, SearchText, fuse_hits, queries};
pub use explain::{Explanation, Rival, Shown, explain};
pub use hit::{ArticleHit, Features, N_FEATURES, Signature, Signs};
pub use model::{
    ArticleReason, Because, CheckMeans, Diagnosis, Facts, Follows, Incident, Link, NextCheck, Note, Proposed,
    RankedArticle, RankedCause, RankedResolution, SymptomState, Titles, Verdict, VersionCheck,
};
pub use rank::fold_near_copies;
pub use reason::{records_for, worth_explaining};
pub use remedy::worth_following;

use case::Case;

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
