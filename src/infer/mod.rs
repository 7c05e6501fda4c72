//! Turns findings and search hits into a diagnosis: ranked causes, articles, resolutions and next checks, each with its
//! reasons as data.
//!
//! It cannot fail and does not access the disk. `report` chooses wording and colour. Ties are broken by name, so two
//! runs give the same result.
//!
//! ```text
//! Scan, Facts ─ observe ──> states ─ component ──> Component ─ posterior ──> Belief ──> score, resolution, checks ─┐
//! Scan ─ evidence ──> SearchText ─ (store) ──> QueryHit ─ evidence ──> ArticleHit ──> rank ──> verdict ─────────────┴> Diagnosis
//! ```

mod alert;
mod applies;
mod checks;
mod component;
mod confidence;
mod consequence;
mod entity;
mod evidence;
mod explain;
mod generic;
mod hit;
mod incident;
mod inference;
mod lead;
mod model;
mod observe;
mod past;
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
mod verdict;
mod weights;
mod whole;

use crate::matching::{Scan, Status};
use crate::rule::Program;

pub use checks::{AnyCheck, checks_by_value};
pub use confidence::Confidence;
pub use evidence::{QueryHit, SearchText, chosen, fuse_hits, queries, without_varying};
pub use explain::{ExplainedSymptom, Explanation, Rival, explain};
pub use hit::{ArticleHit, Features, N_FEATURES, Searched, Signature, Signs};
pub use model::{
    ArticleReason, Because, CheckMeans, Diagnosis, Facts, Follows, Incident, IncidentLink, NextCheck, Note, Proposed,
    RankedArticle, RankedCause, RankedResolution, Subject, SymptomState, Titles, Verdict, VersionCheck,
};
pub use rank::fold_near_copies;
pub use reason::{hits_for_signatures, records_for};
pub use remedy::hits_for_remedies;
pub use resolution::resolutions_of;
pub use verdict::is_severe;
pub use weights::{LIKELY, PLAUSIBLE};

use inference::Inference;

/// Makes a diagnosis from the findings of a scan, the facts that the user stated, and the results of the search.
///
/// The same input gives the same output, whatever the order of rules, findings and hits. `scan` and the ids in `facts`
/// belong to `program`; the hits come from [`fuse_hits`].
pub fn diagnose(
    program: &Program,
    scan: Scan,
    facts: &Facts,
    Searched { records, hits }: &Searched,
    titles: &Titles<'_>,
) -> Diagnosis {
    let inference = Inference::new(program, &scan, facts);
    let causes = inference.ranked_causes(program, titles);
    let by_rules = inference.ranked_resolutions(program, &causes, &facts.tried, titles);
    let findings = &inference.findings;
    let none: Vec<f64> = causes.iter().map(|ranked| inference.none_of_these(ranked.cause)).collect();
    let none_of_these = none.first().copied().unwrap_or(1.0);
    let channels =
        rank::Channels { causes: &causes, none: &none, resolutions: &by_rules, findings, salient: records, hits };
    let articles = rank::articles(program, &channels, titles);
    let checks = inference.checks(program, &scan.sources, &facts.tried);
    // The resolutions of a plausible cause are written for it; those of an article are written for a similar problem.
    let resolutions = match causes.first() {
        Some(top) if top.probability >= weights::PLAUSIBLE => by_rules,
        _ => remedy::with_remedies(program, by_rules, &articles, hits, records),
    };
    let incidents = incident::incidents(program, findings, &causes, records, hits);
    let (verdict, subject) = verdict::verdict(causes.first(), articles.first());
    let is_seen = |status| !matches!(status, Status::Answered(false) | Status::Unconfirmed);
    let seen = findings.iter().any(|finding| is_seen(finding.status) && !finding.says_over());
    let standouts = verdict::standouts(scan.salient);
    Diagnosis {
        verdict,
        subject,
        nothing_stands_out: verdict == Verdict::Unknown && !seen && verdict::look_healthy(&scan.sources, &standouts),
        standouts,
        none_of_these,
        articles,
        incidents,
        resolutions,
        next_checks: checks.symptoms,
        version_checks: checks.versions,
        not_applicable: inference.out_of_range.iter().copied().collect(),
        notes: inference.sampling_notes().chain(checks.notes).collect(),
        causes,
        findings: inference.findings,
        sources: scan.sources,
        remarks: scan.remarks,
        unreadable: scan.unreadable,
    }
}
