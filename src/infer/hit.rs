//! The articles that the search returned for a log, with the numbers that rank and confidence are computed from.

use crate::article::Remedy;
use crate::identifier::IdentifierKind;
use crate::matching::Salient;

/// What the knowledge base was searched for, and what was found.
#[derive(Debug, Clone, Default)]
pub struct Searched {
    /// The records that were searched for.
    pub records: Vec<Salient>,
    /// The articles, each with its confidence. Their indices of records are those of `records`.
    pub hits: Vec<ArticleHit>,
}

/// An article that the search returned for salient records.
#[derive(Debug, Clone, PartialEq)]
pub struct ArticleHit {
    /// Canonical id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Search score, > 0.
    pub score: f64,
    /// Index into [`Searched::records`]: the record that it fits best.
    pub salient: usize,
    /// The events that it was found for, as in [`SearchText::events`](super::SearchText::events), each with its score
    /// for that event alone, highest first.
    pub by_event: Vec<(usize, f64)>,
    /// The numbers that its confidence is computed from; zeros before [`Confidence::judge`](super::Confidence::judge).
    pub features: Features,
    /// Probability that it is about the problem, 0–1; 0 before [`Confidence::judge`](super::Confidence::judge).
    pub confidence: f64,
    /// Its remedies. Loaded only for the hits that [`hits_for_remedies`](super::hits_for_remedies) gives.
    pub remedies: Vec<Remedy>,
    /// Its signatures that occur in the records, the most telling first. Loaded only for the hits that
    /// [`hits_for_signatures`](super::hits_for_signatures) gives.
    pub signatures: Vec<Signature>,
}

/// A message, code or name that occurs both in an article and in a salient record.
#[derive(Debug, Clone, PartialEq)]
pub struct Signature {
    /// The kind of the signature.
    pub kind: IdentifierKind,
    /// A message as the article quotes it, with holes where the record differs; of any other kind, its canonical form.
    pub text: String,
    /// Index of the article's section that contains it.
    pub section: usize,
    /// Index into [`Searched::records`]: the record that repeats most of it.
    pub salient: usize,
    /// The share of a message that the record repeats, 0–1; rare words count for more, names and numbers for nothing. 1
    /// for any other kind.
    pub share: f64,
    /// The match weight of the repeated part, > 0. The unit is the weight of a word that no article of the KB contains.
    pub weight: f64,
}

impl ArticleHit {
    /// A hit with no signs, confidence, remedies or signatures yet.
    pub fn new(id: &str, title: &str, score: f64, salient: usize) -> ArticleHit {
        ArticleHit {
            id: id.to_owned(),
            title: title.to_owned(),
            score,
            salient,
            by_event: vec![(0, score)],
            features: Features::default(),
            confidence: 0.0,
            remedies: Vec::new(),
            signatures: Vec::new(),
        }
    }
}

/// How well an article fits a record. Information is that of the [`background`](crate::background).
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Signs {
    /// Score of the search, ≥ 0. The unit is the weight of a word that no article of the KB contains.
    pub score: f64,
    /// The information of the message of the record, ≥ 0.
    pub record: f64,
    /// The information of the words of the record that the article contains, ≥ 0.
    pub words: f64,
    /// The share of the information of its words that these have, 0–1.
    pub words_share: f64,
    /// The information of what a message quoted in the article repeats in order, ≥ 0.
    pub repeated: f64,
    /// The information of the codes and events that both name, ≥ 0.
    pub codes: f64,
}

/// The number of weights of a [`Confidence`](super::Confidence).
pub const N_FEATURES: usize = 8;

/// The numbers that a [`Confidence`](super::Confidence) weighs, in the order of its fields.
pub type Features = [f64; N_FEATURES];
