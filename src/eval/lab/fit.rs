//! Fits weights to judged questions, and measures them on questions that they were not fitted to (cross-validation).
//!
//! The ranking is a function from weights to the hits of every question, so nothing here depends on the meaning of a
//! weight. It is called once for each set of weights; folds that try the same set share the result.

use std::collections::HashMap;

use super::ascent::{FitOptions, Weight, WeightFit, fit_weights};
use super::folds::folds;
use crate::eval::bootstrap::{self, Difference, difference};
use crate::eval::hit::RankedHit;
use crate::eval::judged::{Question, QuestionSet};
use crate::eval::metrics::{Metric, Score, Values, score};

/// The hits of every question, in the order of the questions, each best first.
pub type Rankings = Vec<Vec<RankedHit>>;

/// The metric to raise, and how to measure the result.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Objective {
    /// The metric to raise. It is averaged over the questions of each set, then over the sets, so that each set counts
    /// the same.
    pub metric: Metric,
    /// How to look for better weights.
    pub fit: FitOptions,
    /// The number of folds; fewer than 2 for no cross-validation.
    pub folds: usize,
    /// Decides which questions are held out together.
    pub seed: u64,
}

impl Default for Objective {
    fn default() -> Self {
        Objective { metric: Metric::ReciprocalRank, fit: FitOptions::default(), folds: 5, seed: 1 }
    }
}

/// Fitted weights, and their effect.
#[derive(Debug, Clone, PartialEq)]
pub struct FitReport {
    /// The metric that was raised.
    pub metric: Metric,
    /// The weights that were fitted, as they were at the start.
    pub start: Vec<Weight>,
    /// The fit to all questions.
    pub fit: WeightFit,
    /// The means over all sets, each set counting the same; then, if there are several sets, the means of each.
    pub means: Vec<SetMeans>,
    /// The change on the questions that the weights were fitted to. It is larger than the change to expect on other
    /// questions.
    pub fitted: [Difference; Metric::ALL.len()],
    /// The change on questions that the weights were not fitted to; `None` without cross-validation.
    pub held_out: Option<CrossValidated>,
}

/// The means of each of [`Metric::ALL`] over the questions of a set.
#[derive(Debug, Clone, PartialEq)]
pub struct SetMeans {
    /// The name of the set; `None` for all sets together.
    pub set: Option<String>,
    /// The number of questions.
    pub questions: usize,
    /// The means with the weights at the start.
    pub before: Values,
    /// The means with the fitted weights.
    pub fitted: Values,
    /// The means with each question ranked by weights fitted without its fold; `None` without cross-validation.
    pub held_out: Option<Values>,
}

/// The effect of fitting on questions that were not fitted to.
#[derive(Debug, Clone, PartialEq)]
pub struct CrossValidated {
    /// A fit for each fold that has questions, in the order of the folds.
    pub folds: Vec<FoldFit>,
    /// The change when each question is ranked by weights fitted without its fold.
    pub change: [Difference; Metric::ALL.len()],
}

/// A fit without the questions of one fold.
#[derive(Debug, Clone, PartialEq)]
pub struct FoldFit {
    /// The number of questions in the fold.
    pub questions: usize,
    /// The fit to the other questions.
    pub fit: WeightFit,
    /// The objective on the questions of the fold, with the weights at the start.
    pub before: f64,
    /// The objective on the questions of the fold, with the weights of `fit`.
    pub after: f64,
}

/// Fits weights to the questions of `sets`. `rank` gets values for the weights, in their order, and returns the hits of
/// every question, the sets one after the other. Its first error ends the fit and is returned.
pub fn fit<E>(
    sets: &[QuestionSet],
    start: &[Weight],
    objective: &Objective,
    rank: &mut dyn FnMut(&[f64]) -> Result<Rankings, E>,
) -> Result<FitReport, E> {
    let pool = QuestionPool::new(sets);
    let mut ranking = RankingFunction { pool: &pool, rank, known: HashMap::new(), error: None };
    let fit = ranking.fit(start, objective, &pool.all())?;
    let first: Vec<f64> = start.iter().map(|weight| weight.value).collect();
    let before = ranking.values(&first)?;
    let after = ranking.values(&fit.weights)?;
    let (held_out, out) = match objective.folds {
        0 | 1 => (None, None),
        _ => {
            let (folds, out) = cross_validate(&mut ranking, start, objective, &before)?;
            let change = pool.difference(&before, &out);
            (Some(CrossValidated { folds, change }), Some(out))
        }
    };
    let (metric, start) = (objective.metric, start.to_vec());
    let means = pool.means(&before, &after, out.as_deref());
    Ok(FitReport { metric, start, fit, means, fitted: pool.difference(&before, &after), held_out })
}

/// Fits without each fold in turn. Returns the fits, and the values of each question by the fit without its fold.
fn cross_validate<E>(
    ranking: &mut RankingFunction<'_, E>,
    start: &[Weight],
    objective: &Objective,
    before: &[Values],
) -> Result<(Vec<FoldFit>, Vec<Values>), E> {
    let pool = ranking.pool;
    let sets: Vec<&[Question]> = pool.sets.iter().map(|set| &*set.questions).collect();
    let fold_of = folds(&sets, objective.folds, objective.seed);
    let mut after = before.to_vec();
    let mut of_folds = Vec::new();
    for fold in 0..objective.folds {
        let (held, rest): (Vec<usize>, Vec<usize>) = (0..fold_of.len()).partition(|&index| fold_of[index] == fold);
        if held.is_empty() {
            continue;
        }
        let fit = ranking.fit(start, objective, &rest)?;
        let values = ranking.values(&fit.weights)?;
        held.iter().for_each(|&index| after[index] = values[index]);
        let mean_of = |values: &[Values]| pool.mean(values, &held, objective.metric);
        of_folds.push(FoldFit { questions: held.len(), before: mean_of(before), after: mean_of(&values), fit });
    }
    Ok((of_folds, after))
}

/// The questions of all sets, one set after the other.
struct QuestionPool<'a> {
    sets: &'a [QuestionSet],
    questions: Vec<&'a Question>,
    /// Index of the set of each question.
    set_of: Vec<usize>,
}

impl QuestionPool<'_> {
    fn new(sets: &[QuestionSet]) -> QuestionPool<'_> {
        let questions = sets.iter().flat_map(|set| &set.questions).collect();
        let set_of = (0..).zip(sets).flat_map(|(index, set)| vec![index; set.questions.len()]).collect();
        QuestionPool { sets, questions, set_of }
    }

    fn all(&self) -> Vec<usize> {
        (0..self.questions.len()).collect()
    }

    /// Averages `metric` over the questions in `on` of each set, then over the sets that have such questions. Returns 0
    /// if `on` is empty.
    fn mean(&self, values: &[Values], on: &[usize], metric: Metric) -> f64 {
        let mut sums = vec![(0.0, 0usize); self.sets.len()];
        for &index in on {
            let (sum, n) = &mut sums[self.set_of[index]];
            (*sum, *n) = (*sum + values[index][metric as usize], *n + 1);
        }
        let means: Vec<f64> = sums.into_iter().filter(|(_, n)| *n > 0).map(|(sum, n)| sum / n as f64).collect();
        means.iter().sum::<f64>() / means.len().max(1) as f64
    }

    /// Compares the values of all questions before and after, with each set counting the same.
    fn difference(&self, before: &[Values], after: &[Values]) -> [Difference; Metric::ALL.len()] {
        // With these factors the mean over the questions is the mean of the sets' means.
        let share =
            |set: usize| self.questions.len() as f64 / (self.sets.len() * self.sets[set].questions.len()) as f64;
        let changes =
            before.iter().zip(after).zip(&self.set_of).map(|((before, after), &set)| {
                std::array::from_fn(|metric| (after[metric] - before[metric]) * share(set))
            });
        difference(&changes.collect::<Vec<Values>>())
    }

    fn means(&self, before: &[Values], fitted: &[Values], held_out: Option<&[Values]>) -> Vec<SetMeans> {
        let of_all = |values: &[Values]| Metric::ALL.map(|metric| self.mean(values, &self.all(), metric));
        let all = SetMeans {
            set: None,
            questions: self.questions.len(),
            before: of_all(before),
            fitted: of_all(fitted),
            held_out: held_out.map(of_all),
        };
        let of_set = |(index, set): (usize, &QuestionSet)| {
            let mean = |values: &[Values]| {
                let own = values.iter().zip(&self.set_of).filter(|(_, of)| **of == index).map(|(values, _)| *values);
                bootstrap::mean(&own.collect::<Vec<_>>())
            };
            let (set, questions) = (Some(set.name.clone()), set.questions.len());
            SetMeans { set, questions, before: mean(before), fitted: mean(fitted), held_out: held_out.map(mean) }
        };
        let sets = self.sets.iter().enumerate().filter(|_| self.sets.len() > 1).map(of_set);
        std::iter::once(all).chain(sets).collect()
    }
}

/// The ranking as a function of the weights, with a cache of its results.
struct RankingFunction<'a, E> {
    pool: &'a QuestionPool<'a>,
    rank: &'a mut dyn FnMut(&[f64]) -> Result<Rankings, E>,
    /// The values of each question, by the bits of the weights.
    known: HashMap<Vec<u64>, Vec<Values>>,
    /// The error that ended the fit.
    error: Option<E>,
}

impl<E> RankingFunction<'_, E> {
    /// Fits the weights to the questions `on`.
    fn fit(&mut self, start: &[Weight], objective: &Objective, on: &[usize]) -> Result<WeightFit, E> {
        let pool = self.pool;
        let mut mean_at = |weights: &[f64]| match self.at(weights) {
            Some(values) => pool.mean(values, on, objective.metric),
            // NaN is no gain anywhere, so the fit ends without calling the ranking again.
            None => f64::NAN,
        };
        let found = fit_weights(start, &mut mean_at, &objective.fit);
        match self.error.take() {
            Some(error) => Err(error),
            None => Ok(found),
        }
    }

    /// The values of all questions with these weights.
    fn values(&mut self, weights: &[f64]) -> Result<Vec<Values>, E> {
        let values = self.at(weights).map(<[Values]>::to_vec);
        match self.error.take() {
            Some(error) => Err(error),
            None => Ok(values.unwrap_or_default()),
        }
    }

    /// The values of all questions with these weights; `None` after an error, which is kept.
    fn at(&mut self, weights: &[f64]) -> Option<&[Values]> {
        if self.error.is_some() {
            return None;
        }
        let key: Vec<u64> = weights.iter().map(|weight| weight.to_bits()).collect();
        if !self.known.contains_key(&key) {
            match (self.rank)(weights) {
                Ok(hits) => {
                    let score = |(question, hits): (&&Question, Vec<RankedHit>)| score(question, &hits);
                    let values = self.pool.questions.iter().zip(hits).map(|of| Score::values(score(of))).collect();
                    self.known.insert(key.clone(), values);
                }
                Err(error) => {
                    self.error = Some(error);
                    return None;
                }
            }
        }
        self.known.get(&key).map(Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::lab::ascent::WeightStep;

    fn set(n: usize) -> QuestionSet {
        let question = |index: usize| Question {
            id: index.to_string(),
            query: String::new(),
            relevant: vec![format!("a{index}")],
            style: None,
        };
        QuestionSet { name: "judged".to_owned(), questions: (0..n).map(question).collect() }
    }

    fn start(names: &[&str]) -> Vec<Weight> {
        let weight = |name: &&str| Weight {
            name: (*name).to_owned(),
            value: 1.0,
            low: 0.0,
            high: 8.0,
            step: WeightStep::Plus(1.0),
        };
        names.iter().map(weight).collect()
    }

    /// Returns hits with the right article of the question `index` at `rank`.
    fn hits(index: usize, rank: usize) -> Vec<RankedHit> {
        let hit = |id: String| RankedHit { id, score: 1.0, near_copies: Vec::new() };
        (1..rank).map(|other| hit(format!("x{other}"))).chain([hit(format!("a{index}"))]).collect()
    }

    #[test]
    fn a_weight_that_helps_all_questions_helps_those_held_out() {
        let pool = [set(20)];
        let mut n_ranked = 0;
        let mut rank = |weights: &[f64]| {
            n_ranked += 1;
            let rank = if weights[0] >= 3.0 { 1 } else { 2 };
            Ok::<_, ()>((0..20).map(|index| hits(index, rank)).collect())
        };
        let report = fit(&pool, &start(&["title", "body"]), &Objective::default(), &mut rank).expect("no error");
        assert_eq!((&*report.fit.weights, report.fit.start, report.fit.value), (&[5.0, 1.0][..], 0.5, 1.0));
        let held_out = report.held_out.expect("five folds");
        let folds: Vec<_> = held_out.folds.iter().map(|fold| (fold.questions, fold.before, fold.after)).collect();
        assert_eq!(folds, [(4, 0.5, 1.0); 5]);
        let mrr = Metric::ReciprocalRank as usize;
        assert_eq!(held_out.change[mrr].change.value, 0.5);
        let [all] = &report.means[..] else { panic!("one set") };
        assert_eq!((all.questions, all.before[mrr], all.fitted[mrr]), (20, 0.5, 1.0));
        assert_eq!(all.held_out.map(|means| means[mrr]), Some(1.0));
        // The folds try only sets of weights that the fit to all has tried.
        assert!(n_ranked <= report.fit.evaluations, "{n_ranked}");
    }

    #[test]
    fn weights_that_each_suit_one_question_are_worth_nothing_on_others() {
        let pool = [set(4)];
        let names = ["a", "b", "c", "d"];
        let mut rank = |weights: &[f64]| {
            let rank = |index: usize| if weights[index] > 1.0 { 1 } else { 2 };
            Ok::<_, ()>((0..4).map(|index| hits(index, rank(index))).collect())
        };
        let objective = Objective { folds: 4, ..Objective::default() };
        let report = fit(&pool, &start(&names), &objective, &mut rank).expect("no error");
        let mrr = Metric::ReciprocalRank as usize;
        assert_eq!(report.fitted[mrr].change.value, 0.5);
        assert_eq!(report.held_out.expect("four folds").change[mrr].change.value, 0.0);
    }

    #[test]
    fn a_small_set_counts_as_much_as_a_large_one() {
        let named = |name: &str, n: usize| QuestionSet { name: name.to_owned(), ..set(n) };
        let pool = [named("large", 8), named("small", 2)];
        // The weight that puts the small set right makes three of the large one wrong.
        let mut rank = |weights: &[f64]| {
            let is_up = weights[0] > 1.0;
            let rank = |set: usize, index: usize| if is_up == (set == 1) || (set == 0 && index >= 3) { 1 } else { 2 };
            let of_set = |set: usize, n: usize| (0..n).map(move |index| hits(index, rank(set, index)));
            Ok::<_, ()>(of_set(0, 8).chain(of_set(1, 2)).collect())
        };
        let objective = Objective { folds: 0, ..Objective::default() };
        let report = fit(&pool, &start(&["title"]), &objective, &mut rank).expect("no error");
        let mrr = Metric::ReciprocalRank as usize;
        let means = report.means.iter().map(|m| (m.set.as_deref(), m.questions, m.before[mrr], m.fitted[mrr]));
        let means: Vec<_> = means.collect();
        assert_eq!(means, [(None, 10, 0.75, 0.90625), (Some("large"), 8, 1.0, 0.8125), (Some("small"), 2, 0.5, 1.0)]);
        assert_eq!((report.fit.start, report.fit.value), (0.75, 0.90625));
        assert!((report.fitted[mrr].change.value - 0.15625).abs() < 1e-12);
    }

    #[test]
    fn the_first_error_of_the_ranking_ends_the_search() {
        let mut n_ranked = 0;
        let mut rank = |_: &[f64]| {
            n_ranked += 1;
            if n_ranked < 3 { Ok(vec![hits(0, 2)]) } else { Err("the disk is gone") }
        };
        let report = fit(&[set(1)], &start(&["title"]), &Objective::default(), &mut rank);
        assert_eq!((report, n_ranked), (Err("the disk is gone"), 3));
    }
}
