//! The verdict: what the diagnosis is sure of, and how sure.

use crate::log::Level;
use crate::matching::{Salient, SourceSummary};

use super::model::{RankedArticle, RankedCause, Subject, Verdict};
use super::weights;

/// A record without a level is severe from this severity on: it has a word such as `failed` or `timeout`.
const SEVERE: f64 = 0.7;

/// A record that its program calls harmless is severe from this severity on: it has a word such as `exception` or `corrupt`,
/// which count six tenths in it.
const SEVERE_THOUGH_CALLED_HARMLESS: f64 = 0.54;

/// Of fewer records nobody can say that nothing stands out: somebody chose them.
const FEWEST_OF_HEALTHY: u64 = 6;

/// Returns the verdict with its subject: the top cause if it is likely, else the first article. Where the logs cannot tell
/// the causes of one article apart, no cause is likely, but the article is.
pub(super) fn verdict(cause: Option<&RankedCause>, article: Option<&RankedArticle>) -> (Verdict, Option<Subject>) {
    let cause = cause.map(|top| Subject::Cause { cause: top.cause, confidence: top.probability });
    let article = article.map(|article| Subject::Article { id: article.id.clone(), confidence: article.confidence });
    let subject = [cause, article].into_iter().flatten().find(|subject| subject.confidence() >= weights::LIKELY);
    let verdict = match &subject {
        Some(subject) if subject.confidence() >= weights::KNOWN => Verdict::Known,
        Some(_) => Verdict::Likely,
        None => Verdict::Unknown,
    };
    (verdict, subject)
}

/// Keeps the records that stand out most: at most [`MAX_STANDOUTS`](weights::MAX_STANDOUTS), none of less weight than a
/// share of the highest. `salient` is ordered by weight.
pub(super) fn standouts(mut salient: Vec<Salient>) -> Vec<Salient> {
    let least = salient.first().map_or(0.0, |first| first.weight * weights::LEAST_STANDOUT);
    salient.retain(|record| record.weight >= least);
    salient.truncate(weights::MAX_STANDOUTS);
    salient
}

/// Whether logs without any symptom look healthy: there are enough records, and none that stands out is severe.
pub(super) fn look_healthy(sources: &[SourceSummary], standouts: &[Salient]) -> bool {
    let n_records: u64 = sources.iter().map(|source| source.records).sum();
    n_records >= FEWEST_OF_HEALTHY && !standouts.iter().any(is_severe)
}

/// Whether a record tells of trouble: by its level, which may be a warning, since many programs have no higher one; or by its
/// words.
pub fn is_severe(record: &Salient) -> bool {
    match record.level {
        Some(level) if level >= Level::Warning => true,
        Some(Level::Notice) | None => record.severity >= SEVERE,
        Some(_) => record.severity >= SEVERE_THOUGH_CALLED_HARMLESS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::Captures;
    use crate::rule::CauseId;

    fn cause(probability: f64) -> RankedCause {
        RankedCause {
            cause: CauseId(3),
            probability,
            by_itself: probability,
            follows: Vec::new(),
            captures: Captures::new(),
            articles: Vec::new(),
            because: Vec::new(),
        }
    }

    fn article(confidence: f64) -> RankedArticle {
        RankedArticle {
            id: "Q1".to_owned(),
            title: "Lathe".to_owned(),
            known: true,
            score: 1.0,
            confidence,
            near_copies: Vec::new(),
            because: Vec::new(),
        }
    }

    #[test]
    fn the_cause_is_the_subject_if_it_is_likely_else_the_article() {
        let of = |of_cause: f64, of_article: f64| verdict(Some(&cause(of_cause)), Some(&article(of_article)));
        let about_cause = |confidence| Some(Subject::Cause { cause: CauseId(3), confidence });
        let about_article = |confidence| Some(Subject::Article { id: "Q1".to_owned(), confidence });
        assert_eq!(of(0.95, 0.99), (Verdict::Known, about_cause(0.95)));
        assert_eq!(of(0.8, 0.99), (Verdict::Likely, about_cause(0.8)));
        // Two causes of one article that the logs cannot tell apart.
        assert_eq!(of(0.49, 0.97), (Verdict::Known, about_article(0.97)));
        assert_eq!(of(0.79, 0.94), (Verdict::Likely, about_article(0.94)));
        assert_eq!(of(0.79, 0.79), (Verdict::Unknown, None));
        assert_eq!(verdict(None, None), (Verdict::Unknown, None));
    }

    #[test]
    fn the_level_of_a_record_counts_before_its_words() {
        let severe = |level, severity| is_severe(&Salient { level, severity, ..Salient::new(1, "x", 1.0) });
        assert!(severe(Some(Level::Warning), 0.0) && severe(None, 0.7) && severe(Some(Level::Info), 0.54));
        assert!(!severe(Some(Level::Info), 0.5) && !severe(None, 0.6) && !severe(Some(Level::Notice), 0.6));
    }

    #[test]
    fn what_weighs_little_does_not_stand_out() {
        let records: Vec<Salient> = [9.0, 1.0, 0.9, 0.89].map(|weight| Salient::new(1, "x", weight)).to_vec();
        assert_eq!(standouts(records.clone()), records[..3]);
        assert_eq!(standouts(vec![records[0].clone(); 30]).len(), weights::MAX_STANDOUTS);
        assert_eq!(standouts(Vec::new()), []);
    }
}
