//! The confidence in an article that the search found, computed with fitted weights.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::evidence::{QueryHit, SearchText};
use super::generic::is_generic;
use super::hit::{ArticleHit, Features, N_FEATURES, Signs};
use super::rank::plausible_first;
use super::weights::{IDENTIFYING, IDENTIFYING_CODE, MOST_BY_WORDS};
use crate::matching::Salient;

/// The largest value of a lead, which is ln(score of an article / score of its rival). A score 4.5 times as high gives
/// it.
const MOST_LEAD: f64 = 1.5;

/// The weights of a logistic regression on [`Features`] (Platt scaling, Platt 1999), which gives the probability that
/// an article is about the problem. [`Confidence::SHIPPED`] says what each means.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the data file explains each, for users too")]
pub struct Confidence {
    pub intercept: f64,
    pub words: f64,
    pub words_share: f64,
    pub lead: f64,
    pub repeated: f64,
    pub repeated_share: f64,
    pub codes: f64,
    pub severity: f64,
}

impl Default for Confidence {
    fn default() -> Self {
        toml::from_str(Confidence::SHIPPED).expect("the shipped weights are read by a test")
    }
}

/// The near-copies of articles: their ids, by the id of the article.
type NearCopies = BTreeMap<String, Vec<String>>;

impl Confidence {
    /// The shipped weights as TOML, with comments that say what each means.
    pub const SHIPPED: &str = include_str!("confidence.toml");

    /// The names of the weights, in the order of [`Features`].
    pub const NAMES: [&str; N_FEATURES] =
        ["intercept", "words", "words_share", "lead", "repeated", "repeated_share", "codes", "severity"];

    /// Takes the weights from an array in the order of [`Features`].
    pub fn from_weights(weights: Features) -> Confidence {
        let [intercept, words, words_share, lead, repeated, repeated_share, codes, severity] = weights;
        Confidence { intercept, words, words_share, lead, repeated, repeated_share, codes, severity }
    }

    /// Returns the weights as an array in the order of [`Features`].
    pub fn weights(&self) -> Features {
        let Confidence { intercept, words, words_share, lead, repeated, repeated_share, codes, severity } = *self;
        [intercept, words, words_share, lead, repeated, repeated_share, codes, severity]
    }

    /// The logistic function of the weighted sum of the features.
    pub fn logistic(&self, features: &Features) -> f64 {
        let sum: f64 = self.weights().iter().zip(features).map(|(weight, feature)| weight * feature).sum();
        1.0 / (1.0 + (-sum).exp())
    }

    /// The probability that an article with these features is about the problem, 0–1. At most .35 if it
    /// repeats neither a message nor a code of the record that identifies it.
    pub fn probability(&self, features: &Features) -> f64 {
        let probability = self.logistic(features);
        let [.., repeated, _, codes, _] = features;
        let identifies = repeated.exp_m1() >= IDENTIFYING || *codes >= IDENTIFYING_CODE;
        if identifies { probability } else { probability.min(MOST_BY_WORDS) }
    }

    /// Sets the features and the confidence of each hit, and the record that gives it. Then puts the plausible ones first.
    ///
    /// The confidence belongs to one record and one article: an article gets the highest of those of the records that it
    /// was found for (`found[i]` are the hits of `queries[i]`, best first). So no other record of the log changes it. An
    /// article that was found only for several records together has none. `near` are the near-copies of the best hits.
    pub fn judge(
        &self,
        hits: &mut [ArticleHit],
        (queries, found): (&[SearchText], &[Vec<QueryHit>]),
        salient: &[Salient],
        near: &NearCopies,
    ) {
        let mut best: BTreeMap<&str, (f64, Features, usize)> = BTreeMap::new();
        for (query, found) in queries.iter().zip(found).filter(|(query, _)| query.is_single) {
            let severity = salient.get(query.salient).map_or(0.0, |record| record.severity.min(1.0));
            // What is printed in normal operation, too, is no problem by itself.
            let is_normal = salient.get(query.salient).is_some_and(|record| record.is_normal);
            let most = if is_normal || is_generic(&query.text) { MOST_BY_WORDS } else { 1.0 };
            for hit in found {
                let features = features(&hit.signs, lead(hit, found, near), severity);
                let probability = self.probability(&features).min(most);
                let best = best.entry(&hit.id).or_insert((probability, features, query.salient));
                if probability > best.0 {
                    *best = (probability, features, query.salient);
                }
            }
        }
        for hit in hits.iter_mut() {
            if let Some(&(confidence, features, salient)) = best.get(&*hit.id) {
                (hit.confidence, hit.features, hit.salient) = (confidence, features, salient);
            }
        }
        hits.sort_by(|a, b| plausible_first(a.confidence, b.confidence));
    }
}

/// The lead of a hit over its best rival for the same record, that is no near-copy. In a small KB the only article with
/// the word `error` has a large lead; only the other features show that this means little.
fn lead(hit: &QueryHit, found: &[QueryHit], near: &NearCopies) -> f64 {
    let is_copy = |other: &str| near.get(&hit.id).is_some_and(|copies| copies.iter().any(|copy| copy == other));
    let rival = found.iter().find(|other| other.id != hit.id && !is_copy(&other.id));
    rival.map_or(MOST_LEAD, |rival| (hit.signs.score / rival.signs.score).ln().clamp(-MOST_LEAD, MOST_LEAD))
}

fn features(signs: &Signs, lead: f64, severity: f64) -> Features {
    let Signs { record, words, words_share, repeated, codes, .. } = *signs;
    let repeated_share = if record > 0.0 { (repeated / record).min(1.0) } else { 0.0 };
    [1.0, words.ln_1p(), words_share, lead, repeated.ln_1p(), repeated_share, codes.min(2.0), severity]
}

#[cfg(test)]
mod tests {
    use super::*;

    const WEIGHTS: Features = [-3.0, 1.0, 2.0, 1.0, 0.5, 4.0, 1.0, 0.5];

    fn query(salient: usize, is_single: bool) -> SearchText {
        SearchText { text: "x failed".to_owned(), salient, events: vec![0], weight: 1.0, is_single }
    }

    fn found(id: &str, score: f64, repeated: f64) -> QueryHit {
        let signs = Signs { score, record: 4.0, words: 3.0, words_share: 0.75, repeated, codes: 0.0 };
        QueryHit { id: id.to_owned(), title: id.to_owned(), signs }
    }

    /// The confidences of the articles A and B for these queries and their hits.
    fn judged(queries: &[SearchText], found: &[Vec<QueryHit>], near: &NearCopies) -> [(f64, usize); 2] {
        let mut hits = ["A", "B"].map(|id| ArticleHit::new(id, id, 1.0, 9));
        Confidence::from_weights(WEIGHTS).judge(&mut hits, (queries, found), &[], near);
        hits.sort_by(|a, b| a.id.cmp(&b.id));
        hits.map(|hit| (hit.confidence, hit.salient))
    }

    fn logistic(sum: f64) -> f64 {
        1.0 / (1.0 + (-sum).exp())
    }

    #[test]
    fn a_near_copy_is_no_rival_and_a_hit_behind_another_has_less() {
        let hits = [vec![found("A", 4.0, 2.0), found("B", 2.0, 2.0)]];
        let near = BTreeMap::from([("A".to_owned(), vec!["B".to_owned()]), ("B".to_owned(), vec!["A".to_owned()])]);
        let apart_from_lead = -3.0 + 4.0_f64.ln() + 1.5 + 0.5 * 3.0_f64.ln() + 2.0;
        let ln_2 = 2.0_f64.ln();
        let [(a, salient), (b, _)] = judged(&[query(7, true)], &hits, &BTreeMap::new());
        assert!((a - logistic(apart_from_lead + ln_2)).abs() < 1e-12);
        assert!((b - logistic(apart_from_lead - ln_2)).abs() < 1e-12);
        assert_eq!(salient, 7);
        let [(a, _), (b, _)] = judged(&[query(7, true)], &hits, &near);
        assert!((a - logistic(apart_from_lead + MOST_LEAD)).abs() < 1e-12);
        assert_eq!(a, b);
    }

    #[test]
    fn other_records_change_no_confidence_and_several_together_give_none() {
        let (own, other) = (vec![found("A", 4.0, 2.0)], vec![found("B", 9.0, 3.0), found("A", 8.0, 0.1)]);
        let [alone, _] = judged(&[query(3, true)], std::slice::from_ref(&own), &BTreeMap::new());
        let [among, _] = judged(
            &[query(1, true), query(3, true), query(1, false)],
            &[other, own.clone(), own.clone()],
            &BTreeMap::new(),
        );
        assert_eq!(alone, among);
        let [together, _] = judged(&[query(3, false)], &[own], &BTreeMap::new());
        assert_eq!(together, (0.0, 9));
    }

    #[test]
    fn words_alone_make_an_article_possible_at_most() {
        let sure = Confidence::from_weights([9.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
        let with =
            |repeated: f64, codes: f64| sure.probability(&[1.0, 2.0, 1.0, 1.0, repeated.ln_1p(), 0.3, codes, 1.0]);
        assert_eq!([with(0.0, 0.0), with(1.19, 0.79)], [MOST_BY_WORDS; 2]);
        assert!(with(1.21, 0.0) > 0.99 && with(0.0, 0.81) > 0.99);
    }

    #[test]
    fn a_name_without_a_message_identifies_nothing() {
        let sure = Confidence::from_weights([9.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
        let confidence = |text: &str| {
            let query = SearchText { text: text.to_owned(), ..query(0, true) };
            let mut hits = [ArticleHit::new("A", "A", 1.0, 9)];
            sure.judge(&mut hits, (&[query], &[vec![found("A", 4.0, 3.0)]]), &[], &BTreeMap::new());
            hits[0].confidence
        };
        assert_eq!(confidence(" java.lang.OutOfMemoryError\n"), MOST_BY_WORDS);
        assert!(confidence("java.lang.OutOfMemoryError: Map failed") > 0.99);
        assert!(confidence("ORA-01555") > 0.99);
    }

    #[test]
    fn the_shipped_weights_can_be_read() {
        let shipped = Confidence::default();
        assert_eq!(Confidence::from_weights(shipped.weights()), shipped);
    }
}
