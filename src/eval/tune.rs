//! Weights fitted to judged questions, and what they are worth on questions that they were not fitted to.
//!
//! The ranking is a function from weights to the hits of every question, so that nothing here knows what the weights are
//! of. It is asked once for each set of weights: folds that try the same ones share the answer.

use std::collections::HashMap;

use super::chance::{self, Difference, difference};
use super::fit::{Fit, FitOptions, Weight, fit};
use super::folds::folds;
use super::hit::RankedHit;
use super::judged::Question;
use super::metrics::{Metric, Score, Values, score};

/// The hits of every question, in the order of the questions, each best first.
pub type Rankings = Vec<Vec<RankedHit>>;

/// Questions that together count as much as those of any other set, however many they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionSet {
    /// What it is called in reports: its file.
    pub name: String,
    /// At least one.
    pub questions: Vec<Question>,
}

/// What to look for, and how it is checked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Objective {
    /// The mean over the sets of its mean over their questions is what is raised.
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
    /// What was raised.
    pub metric: Metric,
    /// The weights that were fitted, as they were at the start.
    pub start: Vec<Weight>,
    /// The fit to all questions.
    pub fit: Fit,
    /// Over all sets, each counting the same; then of each set, where there are several.
    pub means: Vec<Means>,
    /// What fitting changed on the questions that were fitted to: too good by nature.
    pub fitted: [Difference; Metric::ALL.len()],
    /// What it changes on others; `None` without cross-validation.
    pub held_out: Option<CrossValidated>,
}

/// The means of each of [`Metric::ALL`] over some questions.
#[derive(Debug, Clone, PartialEq)]
pub struct Means {
    /// The set they are of; `None` for all sets together.
    pub set: Option<String>,
    /// How many there are.
    pub questions: usize,
    /// With the weights at the start.
    pub before: Values,
    /// With the fitted ones.
    pub fitted: Values,
    /// With each question ranked by the weights that were fitted without its fold; `None` without cross-validation.
    pub held_out: Option<Values>,
}

/// What fitting is worth on questions that were not fitted to.
#[derive(Debug, Clone, PartialEq)]
pub struct CrossValidated {
    /// The folds that held questions, in order.
    pub folds: Vec<Fold>,
    /// What ranking each question by the weights that were fitted without its fold changes.
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

/// Fits weights to the questions. `rank` gives the hits of every question, those of one set after those of the other, for
/// values of the weights in their order; its first error ends the search and is returned.
pub fn tune<E>(
    sets: &[QuestionSet],
    start: &[Weight],
    objective: &Objective,
    rank: &mut dyn FnMut(&[f64]) -> Result<Rankings, E>,
) -> Result<Tuned, E> {
    let asked = Asked::new(sets);
    let mut ranking = Ranking { asked: &asked, rank, known: HashMap::new(), error: None };
    let fit = ranking.fit(start, objective, &asked.all())?;
    let first: Vec<f64> = start.iter().map(|weight| weight.value).collect();
    let before = ranking.values(&first)?;
    let after = ranking.values(&fit.weights)?;
    let (held_out, out) = match objective.folds {
        0 | 1 => (None, None),
        _ => {
            let (folds, out) = cross_validate(&mut ranking, start, objective, &before)?;
            let change = asked.difference(&before, &out);
            (Some(CrossValidated { folds, change }), Some(out))
        }
    };
    let (metric, start) = (objective.metric, start.to_vec());
    let means = asked.means(&before, &after, out.as_deref());
    Ok(Tuned { metric, start, fit, means, fitted: asked.difference(&before, &after), held_out })
}

/// The folds, and the values of each question when it was held out.
fn cross_validate<E>(
    ranking: &mut Ranking<'_, E>,
    start: &[Weight],
    objective: &Objective,
    before: &[Values],
) -> Result<(Vec<Fold>, Vec<Values>), E> {
    let asked = ranking.asked;
    let sets: Vec<&[Question]> = asked.sets.iter().map(|set| &*set.questions).collect();
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
        let mean_of = |values: &[Values]| asked.mean(values, &held, objective.metric);
        of_folds.push(Fold { questions: held.len(), before: mean_of(before), after: mean_of(&values), fit });
    }
    Ok((of_folds, after))
}

/// The questions of all sets, one set after the other.
struct Asked<'a> {
    sets: &'a [QuestionSet],
    questions: Vec<&'a Question>,
    set_of: Vec<usize>,
}

impl Asked<'_> {
    fn new(sets: &[QuestionSet]) -> Asked<'_> {
        let questions = sets.iter().flat_map(|set| &set.questions).collect();
        let set_of = (0..).zip(sets).flat_map(|(index, set)| vec![index; set.questions.len()]).collect();
        Asked { sets, questions, set_of }
    }

    fn all(&self) -> Vec<usize> {
        (0..self.questions.len()).collect()
    }

    /// The mean over the sets of the means over those of their questions that are among `on`; 0 over none.
    fn mean(&self, values: &[Values], on: &[usize], metric: Metric) -> f64 {
        let mut sums = vec![(0.0, 0usize); self.sets.len()];
        for &index in on {
            let (sum, n) = &mut sums[self.set_of[index]];
            (*sum, *n) = (*sum + values[index][metric as usize], *n + 1);
        }
        let means: Vec<f64> = sums.into_iter().filter(|(_, n)| *n > 0).map(|(sum, n)| sum / n as f64).collect();
        means.iter().sum::<f64>() / means.len().max(1) as f64
    }

    /// What two values of each question differ by, each set counting the same.
    fn difference(&self, before: &[Values], after: &[Values]) -> [Difference; Metric::ALL.len()] {
        // The mean of these is the mean of the sets' means.
        let share =
            |set: usize| self.questions.len() as f64 / (self.sets.len() * self.sets[set].questions.len()) as f64;
        let changes =
            before.iter().zip(after).zip(&self.set_of).map(|((before, after), &set)| {
                std::array::from_fn(|metric| (after[metric] - before[metric]) * share(set))
            });
        difference(&changes.collect::<Vec<Values>>())
    }

    fn means(&self, before: &[Values], fitted: &[Values], held_out: Option<&[Values]>) -> Vec<Means> {
        let of_all = |values: &[Values]| Metric::ALL.map(|metric| self.mean(values, &self.all(), metric));
        let all = Means {
            set: None,
            questions: self.questions.len(),
            before: of_all(before),
            fitted: of_all(fitted),
            held_out: held_out.map(of_all),
        };
        let of_set = |(index, set): (usize, &QuestionSet)| {
            let mean = |values: &[Values]| {
                let own = values.iter().zip(&self.set_of).filter(|(_, of)| **of == index).map(|(values, _)| *values);
                chance::mean(&own.collect::<Vec<_>>())
            };
            let (set, questions) = (Some(set.name.clone()), set.questions.len());
            Means { set, questions, before: mean(before), fitted: mean(fitted), held_out: held_out.map(mean) }
        };
        let sets = self.sets.iter().enumerate().filter(|_| self.sets.len() > 1).map(of_set);
        std::iter::once(all).chain(sets).collect()
    }
}

/// The ranking as a function of the weights, with what it gave so far.
struct Ranking<'a, E> {
    asked: &'a Asked<'a>,
    rank: &'a mut dyn FnMut(&[f64]) -> Result<Rankings, E>,
    /// By the bits of the weights.
    known: HashMap<Vec<u64>, Vec<Values>>,
    /// What ended the search.
    error: Option<E>,
}

impl<E> Ranking<'_, E> {
    /// Fits the weights to some of the questions.
    fn fit(&mut self, start: &[Weight], objective: &Objective, on: &[usize]) -> Result<Fit, E> {
        let asked = self.asked;
        let mut mean_at = |weights: &[f64]| match self.at(weights) {
            Some(values) => asked.mean(values, on, objective.metric),
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
                    let score = |(question, hits): (&&Question, Vec<RankedHit>)| score(question, &hits);
                    let values = self.asked.questions.iter().zip(hits).map(|of| Score::values(score(of))).collect();
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
    use crate::eval::fit::Step;

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
        let asked = [set(20)];
        let mut n_ranked = 0;
        let mut rank = |weights: &[f64]| {
            n_ranked += 1;
            let rank = if weights[0] >= 3.0 { 1 } else { 2 };
            Ok::<_, ()>((0..20).map(|index| hits(index, rank)).collect())
        };
        let tuned = tune(&asked, &start(&["title", "body"]), &Objective::default(), &mut rank).expect("no error");
        assert_eq!((&*tuned.fit.weights, tuned.fit.start, tuned.fit.value), (&[5.0, 1.0][..], 0.5, 1.0));
        let held_out = tuned.held_out.expect("five folds");
        let folds: Vec<_> = held_out.folds.iter().map(|fold| (fold.questions, fold.before, fold.after)).collect();
        assert_eq!(folds, [(4, 0.5, 1.0); 5]);
        let mrr = Metric::ReciprocalRank as usize;
        assert_eq!(held_out.change[mrr].change.value, 0.5);
        let [all] = &tuned.means[..] else { panic!("one set") };
        assert_eq!((all.questions, all.before[mrr], all.fitted[mrr]), (20, 0.5, 1.0));
        assert_eq!(all.held_out.map(|means| means[mrr]), Some(1.0));
        // The folds try what the whole has tried.
        assert!(n_ranked <= tuned.fit.evaluations, "{n_ranked}");
    }

    #[test]
    fn weights_that_each_suit_one_question_are_worth_nothing_on_others() {
        let asked = [set(4)];
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
    fn a_small_set_counts_as_much_as_a_large_one() {
        let named = |name: &str, n: usize| QuestionSet { name: name.to_owned(), ..set(n) };
        let asked = [named("large", 8), named("small", 2)];
        // The weight that puts the small set right makes three of the large one wrong.
        let mut rank = |weights: &[f64]| {
            let is_up = weights[0] > 1.0;
            let rank = |set: usize, index: usize| if is_up == (set == 1) || (set == 0 && index >= 3) { 1 } else { 2 };
            let of_set = |set: usize, n: usize| (0..n).map(move |index| hits(index, rank(set, index)));
            Ok::<_, ()>(of_set(0, 8).chain(of_set(1, 2)).collect())
        };
        let objective = Objective { folds: 0, ..Objective::default() };
        let tuned = tune(&asked, &start(&["title"]), &objective, &mut rank).expect("no error");
        let mrr = Metric::ReciprocalRank as usize;
        let means = tuned.means.iter().map(|m| (m.set.as_deref(), m.questions, m.before[mrr], m.fitted[mrr]));
        let means: Vec<_> = means.collect();
        assert_eq!(means, [(None, 10, 0.75, 0.90625), (Some("large"), 8, 1.0, 0.8125), (Some("small"), 2, 0.5, 1.0)]);
        assert_eq!((tuned.fit.start, tuned.fit.value), (0.75, 0.90625));
        assert!((tuned.fitted[mrr].change.value - 0.15625).abs() < 1e-12);
    }

    #[test]
    fn the_first_error_of_the_ranking_ends_the_search() {
        let mut n_ranked = 0;
        let mut rank = |_: &[f64]| {
            n_ranked += 1;
            if n_ranked < 3 { Ok(vec![hits(0, 2)]) } else { Err("the disk is gone") }
        };
        let tuned = tune(&[set(1)], &start(&["title"]), &Objective::default(), &mut rank);
        assert_eq!((tuned, n_ranked), (Err("the disk is gone"), 3));
    }
}
