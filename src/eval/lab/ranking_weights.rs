//! The weights of the search ranking that may be fitted, with their ranges and steps.

use rayon::prelude::*;

use super::ascent::{Weight, WeightStep};
use super::fit::{FitReport, Objective, Rankings, fit};
use super::remembered::remembered;
use crate::eval::hit::RankedHit;
use crate::eval::judged::{Question, QuestionSet};
use crate::eval::metrics::DEPTH;
use crate::query;
use crate::store::{Index, Ranking, SearchOptions, StoreError, search};

/// The finest step: four of them double or halve a weight.
const STEP: f64 = 1.189_207_115_002_721;

/// The least and the greatest value of each weight. They keep the weights sensible for other questions than the few
/// fitted to: a title never counts less than other text, a synonym never more than the word itself. `id`, `code` and
/// `exact_title` are not fitted: they say what comes before everything else. The weights that begin with `record_` are
/// not fitted either: they change no search.
const RANGES: [(&str, f64, f64); 18] = [
    ("title_words", 1.0, 16.0),
    ("lead_words", 1.0, 8.0),
    ("message_words", 0.25, 8.0),
    ("saturation", 0.3, 4.0),
    ("length", 0.1, 1.0),
    ("lead", 0.05, 4.0),
    ("lead_length", 0.1, 1.0),
    ("title", 0.02, 2.0),
    ("title_length", 0.1, 1.0),
    ("small_words", 0.05, 1.0),
    ("parts", 0.05, 1.0),
    ("product_words", 0.02, 1.0),
    ("synonyms", 0.02, 1.0),
    ("product", 0.02, 4.0),
    ("version", 0.1, 16.0),
    ("cited", 0.01, 1.0),
    ("message_order", 0.05, 16.0),
    ("meaning", 0.05, 0.95),
];

/// Returns the weights that may be fitted, each with its value in `ranking` as the start.
pub fn weights(ranking: &Ranking) -> Vec<Weight> {
    let named = ranking.named().into_iter();
    let weight = |(name, value): (String, f64)| {
        let &(_, low, high) = RANGES.iter().find(|(ranged, ..)| *ranged == name)?;
        Some(Weight { name, value, low, high, step: WeightStep::Times(STEP) })
    };
    named.filter_map(weight).collect()
}

/// Returns `ranking` with the weights that `report` found.
pub fn fitted(ranking: &Ranking, report: &FitReport) -> Ranking {
    at(ranking, &report.start, &report.fit.weights)
}

/// Fits the weights of `options.ranking` to questions about the articles of `index`. Calls `tried` after each set of
/// weights, which takes as long as one search for each question.
pub fn fit_ranking(
    index: &Index,
    sets: &[QuestionSet],
    options: &SearchOptions,
    objective: &Objective,
    tried: &dyn Fn(),
) -> Result<FitReport, StoreError> {
    let start = weights(&options.ranking);
    let questions: Vec<&Question> = sets.iter().flat_map(|set| &set.questions).collect();
    let meaning = options.meaning.clone().map(remembered);
    let mut rank = |values: &[f64]| {
        let ranking = at(&options.ranking, &start, values);
        let options = SearchOptions { limit: DEPTH, ranking, meaning: meaning.clone(), ..options.clone() };
        let hits = |question: &&Question| {
            let groups = search::find_ids(index, &query::parse(&question.query), &options)?;
            Ok(groups.into_iter().map(RankedHit::from).collect())
        };
        let rankings: Result<Rankings, StoreError> = questions.par_iter().map(hits).collect();
        tried();
        rankings
    };
    fit(sets, &start, objective, &mut rank)
}

/// Returns `ranking` with `weights` set to `values`.
fn at(ranking: &Ranking, weights: &[Weight], values: &[f64]) -> Ranking {
    ranking.with(weights.iter().map(|weight| weight.name.clone()).zip(values.iter().copied()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_weight_but_the_tiers_may_be_fitted_and_starts_within_its_range() {
        let weights = weights(&Ranking::default());
        let all = Ranking::default().named();
        let not_fitted: Vec<&str> =
            all.iter().map(|(name, _)| &**name).filter(|name| weights.iter().all(|w| w.name != *name)).collect();
        assert_eq!(
            not_fitted,
            ["code", "exact_title", "id", "record_code", "record_order", "record_symbols", "record_title"]
        );
        assert_eq!(weights.len(), RANGES.len());
        for Weight { name, value, low, high, .. } in &weights {
            assert!((low..=high).contains(&value), "{name} is {value}");
            let extremes = [low, high].map(|end| Ranking::from_toml(&format!("{name} = {end:?}")));
            assert!(extremes.iter().all(Result::is_ok), "{name}");
        }
    }

    #[test]
    fn the_step_is_a_quarter_of_a_doubling() {
        assert!((STEP.powi(4) - 2.0).abs() < 1e-12);
    }
}
