//! The verdict: what the diagnosis is sure of, and how sure.

use crate::log::Level;
use crate::matching::Salient;

use super::model::{RankedArticle, RankedCause, Subject, Verdict};
use super::weights;

/// A record is striking from this severity on: that of the mildest words for trouble at the level of a warning.
const SEVERE: f64 = 0.7;

/// Returns the verdict with its subject: the top cause if that is likely, else the first article.
pub(super) fn verdict(
    top: Option<&RankedCause>,
    none_of_these: f64,
    article: Option<&RankedArticle>,
) -> (Verdict, Option<Subject>) {
    let probability = top.map_or(0.0, |top| top.probability);
    let confidence = article.map_or(0.0, |article| article.confidence);
    let cause = top.map(|top| Subject::Cause { cause: top.cause, confidence: probability });
    let article = article.map(|article| Subject::Article { id: article.id.clone(), confidence });
    if probability >= weights::KNOWN && none_of_these <= weights::KNOWN_NONE {
        (Verdict::Known, cause)
    } else if probability >= weights::LIKELY {
        (Verdict::Likely, cause)
    } else if confidence >= weights::KNOWN_ARTICLE {
        (Verdict::Known, article)
    } else if confidence >= weights::LIKELY_ARTICLE {
        (Verdict::Likely, article)
    } else {
        (Verdict::Unknown, None)
    }
}

/// Whether a record tells of trouble, by its level or its words.
pub(crate) fn is_severe(record: &Salient) -> bool {
    record.level >= Some(Level::Error) || record.severity >= SEVERE
}
