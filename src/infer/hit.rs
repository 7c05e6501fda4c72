//! The articles that the search returned for a log, each with the numbers that its rank and its confidence depend on.

use crate::article::Remedy;
use crate::identifier::IdentifierKind;

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

/// What a record and an article have in common.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Signs {
    /// The share of the record's words that the article holds, 0–1; rare ones count for more.
    pub held: f64,
    /// Score of the search, ≥ 0, in the weight of a word that no article of the KB holds, so that KBs of any size can be compared.
    pub score: f64,
    /// In the same unit, what messages quoted in the article repeat of the record, word after word.
    pub repeated: f64,
}

/// Weights of a [`Confidence`].
pub const N_FEATURES: usize = 5;

/// What [`Confidence`] weighs, in the order of its fields.
pub type Features = [f64; N_FEATURES];
