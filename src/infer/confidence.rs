//! The confidence in an article that the search found, computed with fitted weights.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::hit::{ArticleHit, Features, Signs};

/// The largest value of a lead, which is ln(score of an article / score of its rival). A score 2.7 times as high gives
/// it.
const MOST_LEAD: f64 = 1.0;

/// The weights of a logistic regression on [`Features`] (Platt scaling, Platt 1999), which gives the probability that
/// an article is about the problem. [`Confidence::SHIPPED`] says what each means.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the data file explains each, for users too")]
pub struct Confidence {
    pub intercept: f64,
    pub held: f64,
    pub lead: f64,
    pub score: f64,
    pub repeated: f64,
}

impl Default for Confidence {
    fn default() -> Self {
        toml::from_str(Confidence::SHIPPED).expect("the shipped weights are read by a test")
    }
}

impl Confidence {
    /// The shipped weights as TOML, with comments that say what each means.
    pub const SHIPPED: &str = include_str!("confidence.toml");

    /// Takes the weights from an array in the order of [`Features`].
    pub fn from_weights([intercept, held, lead, score, repeated]: Features) -> Confidence {
        Confidence { intercept, held, lead, score, repeated }
    }

    /// Returns the weights as an array in the order of [`Features`].
    pub fn weights(&self) -> Features {
        [self.intercept, self.held, self.lead, self.score, self.repeated]
    }

    /// The probability that an article with these features is about the problem, 0–1.
    pub fn probability(&self, features: &Features) -> f64 {
        let sum: f64 = self.weights().iter().zip(features).map(|(weight, feature)| weight * feature).sum();
        1.0 / (1.0 + (-sum).exp())
    }

    /// Sets the features and the confidence of each hit. `hits` are ordered best first; `near` maps the id of a hit to
    /// the ids of its near-copies.
    ///
    /// The lead of a hit compares its score with that of its best rival, the best other hit for the same event that is
    /// no near-copy. The score is a feature of its own: in a small KB, the only article with the word `error` has a
    /// large lead, and only its low score shows that this means little.
    pub fn judge(&self, hits: &mut [ArticleHit], near: &BTreeMap<String, Vec<String>>) {
        let is_copy =
            |id: &str, other: &str| near.get(id).is_some_and(|copies| copies.iter().any(|copy| copy == other));
        let mut by_event: BTreeMap<usize, Vec<(f64, usize)>> = BTreeMap::new();
        for (at, hit) in hits.iter().enumerate() {
            hit.by_event.iter().for_each(|&(event, score)| by_event.entry(event).or_default().push((score, at)));
        }
        by_event.values_mut().for_each(|rivals| rivals.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1))));
        for at in 0..hits.len() {
            let hit = &hits[at];
            let is_rival = |&&(_, other): &&(f64, usize)| other != at && !is_copy(&hit.id, &hits[other].id);
            let lead_of = |&(event, own): &(usize, f64)| {
                let rival = by_event[&event].iter().find(is_rival);
                rival.map_or(MOST_LEAD, |(rival, _)| (own / rival).ln().clamp(-MOST_LEAD, MOST_LEAD))
            };
            // If several events share the best score, the largest lead counts: which of them comes first means nothing.
            let fits_best = |(_, own): &&(usize, f64)| hit.by_event.first().is_some_and(|(_, best)| own == best);
            let lead = hit.by_event.iter().filter(fits_best).map(lead_of).fold(-MOST_LEAD, f64::max);
            let Signs { held, score, repeated } = hit.signs;
            hits[at].features = [1.0, held, lead, score.ln_1p(), repeated.ln_1p()];
            hits[at].confidence = self.probability(&hits[at].features);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(id: &str, score: f64, repeated: f64) -> ArticleHit {
        let signs = Signs { held: 0.5, score, repeated };
        ArticleHit { signs, ..ArticleHit::new(id, id, score, 0) }
    }

    #[test]
    fn a_near_copy_is_no_rival_and_a_hit_behind_another_has_less() {
        let weights = Confidence::from_weights([-1.0, 2.0, 1.0, 0.5, 4.0]);
        let mut hits = [hit("A", 4.0, 0.5), hit("B", 4.0, 0.5), hit("C", 2.0, 0.0)];
        let near = BTreeMap::from([("A".to_owned(), vec!["B".to_owned()]), ("B".to_owned(), vec!["A".to_owned()])]);
        weights.judge(&mut hits, &near);
        let (ln_2, [ln_1_5, ln_3, ln_5]) = (2.0_f64.ln(), [0.5, 2.0, 4.0].map(f64::ln_1p));
        assert_eq!(hits[0].features, [1.0, 0.5, ln_2, ln_5, ln_1_5]);
        let sum: f64 = -1.0 + 1.0 + ln_2 + 0.5 * ln_5 + 4.0 * ln_1_5;
        assert!((hits[0].confidence - 1.0 / (1.0 + (-sum).exp())).abs() < 1e-15);
        assert_eq!(hits[1].confidence, hits[0].confidence);
        assert_eq!(hits[2].features, [1.0, 0.5, -ln_2, ln_3, 0.0]);
        weights.judge(&mut hits, &BTreeMap::new());
        assert_eq!(hits[0].features[2], 0.0);
        let mut alone = [hit("A", 4.0, 0.0)];
        weights.judge(&mut alone, &near);
        assert_eq!(alone[0].features[2], 1.0);
    }

    #[test]
    fn the_shipped_weights_can_be_read() {
        let shipped = Confidence::default();
        assert_eq!(Confidence::from_weights(shipped.weights()), shipped);
    }
}
