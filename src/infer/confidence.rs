//! How sure to be of an article that the search found: what speaks for it, weighed by numbers that were fitted.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::ArticleHit;

/// What a record and an article have in common, each a share, 0–1.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Signs {
    /// Of the record's words, those that the article holds; rare ones count for more.
    pub held: f64,
    /// Of the record, what a message quoted in the article repeats, word after word.
    pub repeated: f64,
    /// Of the words of the article's title, those that stand in the record.
    pub told_title: f64,
}

/// How far ahead of another article counts, as a logarithm: 2.7 times the score is as good as any more.
const MOST_LEAD: f64 = 1.0;

/// The weights of [`Signs`] in the chance that an article is about the problem (Platt scaling: logistic regression on
/// what the ranking knows). The shipped ones are in `src/infer/confidence.toml`, which says what each means.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the data file explains each, for users too")]
pub struct Confidence {
    pub intercept: f64,
    pub held: f64,
    pub repeated: f64,
    pub told_title: f64,
    pub lead: f64,
}

impl Default for Confidence {
    fn default() -> Self {
        toml::from_str(include_str!("confidence.toml")).expect("the shipped weights are read by a test")
    }
}

/// Weights of a [`Confidence`].
pub const N_FEATURES: usize = 5;

/// What [`Confidence`] weighs, in the order of its fields.
pub type Features = [f64; N_FEATURES];

impl Confidence {
    /// From weights in the order of [`Features`].
    pub fn of_weights([intercept, held, repeated, told_title, lead]: Features) -> Confidence {
        Confidence { intercept, held, repeated, told_title, lead }
    }

    /// The weights in the order of [`Features`].
    pub fn weights(&self) -> Features {
        [self.intercept, self.held, self.repeated, self.told_title, self.lead]
    }

    /// The chance that an article with these signs is about the problem, 0–1.
    pub fn of(&self, features: &Features) -> f64 {
        let sum: f64 = self.weights().iter().zip(features).map(|(weight, feature)| weight * feature).sum();
        1.0 / (1.0 + (-sum).exp())
    }

    /// Says of each hit, best first, how sure to be of it. All other signs count the less, the less of the record it holds: in a
    /// small KB the only article with the word `error` is far ahead of others and says nothing. A near-copy of a hit is no rival to it; `near` has the near-copies
    /// of hits by their ids.
    pub fn judge(&self, hits: &mut [ArticleHit], near: &BTreeMap<String, Vec<String>>) {
        let is_copy =
            |id: &str, other: &str| near.get(id).is_some_and(|copies| copies.iter().any(|copy| copy == other));
        for at in 0..hits.len() {
            let hit = &hits[at];
            let rival = hits.iter().find(|other| other.id != hit.id && !is_copy(&hit.id, &other.id));
            let lead = rival.map_or(MOST_LEAD, |rival| (hit.score / rival.score).ln().clamp(-MOST_LEAD, MOST_LEAD));
            let Signs { held, repeated, told_title } = hit.signs;
            hits[at].features = [1.0, held, held * repeated, held * told_title, held * lead];
            hits[at].confidence = self.of(&hits[at].features);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(id: &str, score: f64, repeated: f64) -> ArticleHit {
        let signs = Signs { held: 0.5, repeated, told_title: 0.0 };
        ArticleHit { signs, ..ArticleHit::new(id, id, score, 0) }
    }

    #[test]
    fn a_near_copy_is_no_rival_and_what_is_behind_has_less() {
        let weights = Confidence::of_weights([-1.0, 2.0, 4.0, 0.0, 1.0]);
        let mut hits = [hit("A", 4.0, 0.5), hit("B", 4.0, 0.5), hit("C", 2.0, 0.0)];
        let near = BTreeMap::from([("A".to_owned(), vec!["B".to_owned()]), ("B".to_owned(), vec!["A".to_owned()])]);
        weights.judge(&mut hits, &near);
        let ln_2 = 2.0_f64.ln();
        assert_eq!(hits[0].features, [1.0, 0.5, 0.25, 0.0, 0.5 * ln_2]);
        assert_eq!(hits[0].confidence, 1.0 / (1.0 + (-(1.0 + 0.5 * ln_2)).exp()));
        assert_eq!(hits[1].confidence, hits[0].confidence);
        assert_eq!(hits[2].features, [1.0, 0.5, 0.0, 0.0, -0.5 * ln_2]);
        weights.judge(&mut hits, &BTreeMap::new());
        assert_eq!(hits[0].features[4], 0.0);
        let mut alone = [hit("A", 4.0, 0.0)];
        weights.judge(&mut alone, &near);
        assert_eq!(alone[0].features[4], 0.5);
    }

    #[test]
    fn the_shipped_weights_can_be_read() {
        let shipped = Confidence::default();
        assert_eq!(Confidence::of_weights(shipped.weights()), shipped);
    }
}
