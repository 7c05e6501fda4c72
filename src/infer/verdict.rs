//! The verdict: what the diagnosis is sure of, and how sure.

use crate::log::Level;
use crate::matching::Salient;

use super::model::{RankedArticle, RankedCause, Subject, Verdict};
use super::weights;

/// A record is striking from this severity on: that of the mildest words for trouble at the level of a warning.
const SEVERE: f64 = 0.7;

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

/// Whether a record tells of trouble, by its level or its words.
pub fn is_severe(record: &Salient) -> bool {
    record.level >= Some(Level::Error) || record.severity >= SEVERE
}
