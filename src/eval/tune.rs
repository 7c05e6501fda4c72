//! Weights fitted to judged questions, and what they are worth on questions that they were not fitted to.
//!
//! The ranking is a function from weights to the hits of every question, so that nothing here knows what the weights are
//! of. It is asked once for each set of weights: folds that try the same ones share the answer.

use std::collections::HashMap;

use super::chance::{self, Difference, difference};
use super::fit::{Fit, FitOptions, Weight, fit};
use super::folds::folds;
use super::judged::Question;
use super::metrics::{Metric, Score, Values, score};
use super::run::RankedHit;

/// The hits of every question, in the order of the questions, each best first.
pub type Rankings = Vec<Vec<RankedHit>>;

/// What to look for, and how it is checked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Objective {
    /// Its mean over the questions is what is raised.
    pub metric: Metric,
    /// How far to go for it.
    pub fit: FitOptions,
    /// Parts of the questions that are held out in turn; fewer than 2 for no cross-validation.
    pub folds: usize,
    /// Decides which questions are held out together.
    pub seed: u64,
}

impl Default for Objective {
    fn default() -> Self {
        Objective { metric: Metric::ReciprocalRank, fit: FitOptions::default(), folds: 5, seed: 1 }
    }
}

/// Fitted weights.
#[derive(Debug, Clone, PartialEq)]
pub struct Tuned {
    /// The weights that were fitted, as they were at the start.
    pub start: Vec<Weight>,
    /// The fit to all questions.
    pub fit: Fit,
    /// What fitting changed on the questions that were fitted to: too good by nature.
    pub fitted: [Difference; Metric::ALL.len()],
    /// What it changes on others; `None` without cross-validation.
    pub held_out: Option<CrossValidated>,
}

/// What fitting is worth on questions that were not fitted to.
#[derive(Debug, Clone, PartialEq)]
pub struct CrossValidated {
    /// The folds that held questions, in order.
    pub folds: Vec<Fold>,
    /// Mean of each of [`Metric::ALL`] with the weights at the start.
    pub before: Values,
    /// The same with each question ranked by the weights that were fitted without its fold.
    pub after: Values,
    /// What the two differ by.
    pub change: [Difference; Metric::ALL.len()],
}

/// Weights that were fitted without one fold.
#[derive(Debug, Clone, PartialEq)]
pub struct Fold {
    /// Questions held out.
    pub questions: usize,
    /// The fit to the others.
    pub fit: Fit,
    /// The objective on the questions held out, with the weights at the start.
    pub before: f64,
    /// The same with the fitted ones.
    pub after: f64,
}

/// Fits weights to the questions. `rank` gives the hits of every question, in their order, for values of the weights in
/// theirs; its first error ends the search and is returned.
pub fn tune<E>(
    questions: &[Question],
    start: &[Weight],
    objective: &Objective,
    rank: &mut dyn FnMut(&[f64]) -> Result<Rankings, E>,
) -> Result<Tuned, E> {
    let mut ranking = Ranking { questions, rank, known: HashMap::new(), error: None };
    let all: Vec<usize> = (0..questions.len()).collect();
    let fit = ranking.fit(start, objective, &all)?;
    let first: Vec<f64> = start.iter().map(|weight| weight.value).collect();
    let before = ranking.values(&first)?;
    let fitted = changes(&before, &ranking.values(&fit.weights)?);
    let held_out = match objective.folds {
        0 | 1 => None,
        _ => Some(cross_validate(&mut ranking, start, objective, &before)?),
    };
    Ok(Tuned { start: start.to_vec(), fit, fitted: difference(&fitted), held_out })
}

fn cross_validate<E>(
    ranking: &mut Ranking<'_, E>,
    start: &[Weight],
    objective: &Objective,
    before: &[Values],
) -> Result<CrossValidated, E> {
    let fold_of = folds(ranking.questions, objective.folds, objective.seed);
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
        let mean_of = |values: &[Values]| mean(values, &held, objective.metric);
        of_folds.push(Fold { questions: held.len(), before: mean_of(before), after: mean_of(&values), fit });
    }
    let change = difference(&changes(before, &after));
    Ok(CrossValidated { folds: of_folds, before: chance::mean(before), after: chance::mean(&after), change })
}

/// The ranking as a function of the weights, with what it gave so far.
struct Ranking<'a, E> {
    questions: &'a [Question],
    rank: &'a mut dyn FnMut(&[f64]) -> Result<Rankings, E>,
    /// By the bits of the weights.
    known: HashMap<Vec<u64>, Vec<Values>>,
    /// What ended the search.
    error: Option<E>,
}

impl<E> Ranking<'_, E> {
    /// Fits the weights to some of the questions.
    fn fit(&mut self, start: &[Weight], objective: &Objective, on: &[usize]) -> Result<Fit, E> {
        let mut mean_at = |weights: &[f64]| match self.at(weights) {
            Some(values) => mean(values, on, objective.metric),
            // No gain anywhere: the fit ends by itself, without asking again.
            None => f64::NAN,
        };
        let found = fit(start, &mut mean_at, &objective.fit);
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

    /// The same; `None` after an error, which is kept.
    fn at(&mut self, weights: &[f64]) -> Option<&[Values]> {
        if self.error.is_some() {
            return None;
        }
        let key: Vec<u64> = weights.iter().map(|weight| weight.to_bits()).collect();
        if !self.known.contains_key(&key) {
            match (self.rank)(weights) {
                Ok(hits) => {
                    let score = |(question, hits): (&Question, Vec<RankedHit>)| score(question, &hits);
                    let values = self.questions.iter().zip(hits).map(|of| Score::values(score(of))).collect();
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

/// The mean of a metric over some of the questions; 0 over none.
fn mean(values: &[Values], on: &[usize], metric: Metric) -> f64 {
    on.iter().map(|&index| values[index][metric as usize]).sum::<f64>() / on.len().max(1) as f64
}

fn changes(before: &[Values], after: &[Values]) -> Vec<Values> {
    let change = |(before, after): (&Values, &Values)| std::array::from_fn(|metric| after[metric] - before[metric]);
    before.iter().zip(after).map(change).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::fit::Step;

    fn questions(n: usize) -> Vec<Question> {
        let question = |index: usize| Question {
            id: index.to_string(),
            query: String::new(),
            relevant: vec![format!("a{index}")],
            style: None,
        };
        (0..n).map(question).collect()
    }

    fn start(names: &[&str]) -> Vec<Weight> {
        let weight =
            |name: &&str| Weight { name: (*name).to_owned(), value: 1.0, low: 0.0, high: 8.0, step: Step::Plus(1.0) };
        names.iter().map(weight).collect()
    }

    /// The right article at `rank`, the others of no matter.
    fn hits(index: usize, rank: usize) -> Vec<RankedHit> {
        let hit = |id: String| RankedHit { id, score: 1.0, near_copies: Vec::new() };
        (1..rank).map(|other| hit(format!("x{other}"))).chain([hit(format!("a{index}"))]).collect()
    }

    #[test]
    fn a_weight_that_helps_all_questions_helps_those_held_out() {
        let asked = questions(20);
        let mut n_ranked = 0;
        let mut rank = |weights: &[f64]| {
            n_ranked += 1;
            let rank = if weights[0] >= 3.0 { 1 } else { 2 };
            Ok::<_, ()>((0..20).map(|index| hits(index, rank)).collect())
        };
        let tuned = tune(&asked, &start(&["title", "body"]), &Objective::default(), &mut rank).expect("no error");
        assert_eq!((tuned.fit.weights, tuned.fit.start, tuned.fit.value), (vec![5.0, 1.0], 0.5, 1.0));
        let held_out = tuned.held_out.expect("five folds");
        let folds: Vec<_> = held_out.folds.iter().map(|fold| (fold.questions, fold.before, fold.after)).collect();
        assert_eq!(folds, [(4, 0.5, 1.0); 5]);
        let mrr = Metric::ReciprocalRank as usize;
        assert_eq!((held_out.before[mrr], held_out.after[mrr], held_out.change[mrr].change.value), (0.5, 1.0, 0.5));
        // The folds try what the whole has tried.
        assert!(n_ranked <= tuned.fit.evaluations, "{n_ranked}");
    }

    #[test]
    fn weights_that_each_suit_one_question_are_worth_nothing_on_others() {
        let asked = questions(4);
        let names = ["a", "b", "c", "d"];
        let mut rank = |weights: &[f64]| {
            let rank = |index: usize| if weights[index] > 1.0 { 1 } else { 2 };
            Ok::<_, ()>((0..4).map(|index| hits(index, rank(index))).collect())
        };
        let objective = Objective { folds: 4, ..Objective::default() };
        let tuned = tune(&asked, &start(&names), &objective, &mut rank).expect("no error");
        let mrr = Metric::ReciprocalRank as usize;
        assert_eq!(tuned.fitted[mrr].change.value, 0.5);
        assert_eq!(tuned.held_out.expect("four folds").change[mrr].change.value, 0.0);
    }

    #[test]
    fn the_first_error_of_the_ranking_ends_the_search() {
        let mut n_ranked = 0;
        let mut rank = |_: &[f64]| {
            n_ranked += 1;
            if n_ranked < 3 { Ok(vec![hits(0, 2)]) } else { Err("the disk is gone") }
        };
        let tuned = tune(&questions(1), &start(&["title"]), &Objective::default(), &mut rank);
        assert_eq!((tuned, n_ranked), (Err("the disk is gone"), 3));
    }
}
