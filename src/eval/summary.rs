//! The results of a run: metrics with intervals, by style; the questions it missed; and how it differs from an earlier
//! run.

use std::collections::{BTreeMap, HashMap};

use super::bootstrap::{Difference, Estimate, difference, estimate};
use super::judged::Question;
use super::metrics::{Metric, Score, Values, score};
use super::run::{EvalRun, Latency, SearchAnswer};

/// The results of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// The results for all questions, then for the questions of each style, in order of its name.
    pub groups: Vec<StyleGroup>,
    /// The times of the searches; `None` without questions.
    pub latency: Option<Latency>,
    /// Questions whose first hit is not relevant, in order.
    pub misses: Vec<Miss>,
}

/// The questions of one style.
#[derive(Debug, Clone, PartialEq)]
pub struct StyleGroup {
    /// The style; `None` for all questions.
    pub style: Option<String>,
    /// The number of questions.
    pub questions: usize,
    /// One for each of [`Metric::ALL`].
    pub metrics: [Estimate; Metric::ALL.len()],
}

/// A question whose first hit is not relevant.
#[derive(Debug, Clone, PartialEq)]
pub struct Miss {
    /// The question's id.
    pub id: String,
    /// The question's query.
    pub query: String,
    /// The right articles.
    pub wanted: Vec<String>,
    /// Rank of the first right article; `None` when none was found.
    pub rank: Option<usize>,
    /// The article that was first instead; `None` when nothing was found.
    pub first: Option<String>,
}

/// Scores a run of these questions.
///
/// # Panics
/// If `run` has another number of questions.
pub fn summarize(questions: &[Question], run: &EvalRun) -> Summary {
    assert_eq!(questions.len(), run.answers.len(), "the run is of these questions");
    let pairs = || questions.iter().zip(&run.answers);
    let scores: Vec<Score> = pairs().map(|(question, answer)| score(question, &answer.hits)).collect();
    let missed = pairs().zip(&scores).filter(|(_, score)| score.rank != Some(1));
    let misses = missed.map(|((question, answer), score)| Miss {
        id: question.id.clone(),
        query: question.query.clone(),
        wanted: question.relevant.clone(),
        rank: score.rank,
        first: answer.hits.first().map(|hit| hit.id.clone()),
    });
    Summary { groups: groups(questions, &scores), latency: run.latency(), misses: misses.collect() }
}

fn groups(questions: &[Question], scores: &[Score]) -> Vec<StyleGroup> {
    let values: Vec<Values> = scores.iter().map(|score| score.values()).collect();
    let mut by_style: BTreeMap<&str, Vec<Values>> = BTreeMap::new();
    for (question, values) in questions.iter().zip(&values) {
        if let Some(style) = &question.style {
            by_style.entry(style).or_default().push(*values);
        }
    }
    let group = |style: Option<&str>, values: &[Values]| StyleGroup {
        style: style.map(str::to_owned),
        questions: values.len(),
        metrics: estimate(values),
    };
    let styles = by_style.iter().map(|(style, values)| group(Some(style), values));
    std::iter::once(group(None, &values)).chain(styles).collect()
}

/// The differences of a run from an earlier one.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The number of questions that are in both.
    pub questions: usize,
    /// The number of questions of this run that the earlier one did not contain in the same wording.
    pub not_before: usize,
    /// One for each of [`Metric::ALL`].
    pub metrics: [Difference; Metric::ALL.len()],
    /// The questions whose rank changed, the largest gain of reciprocal rank first; ties by rank after, then by id.
    pub moved: Vec<RankChange>,
}

/// A question whose rank changed.
#[derive(Debug, Clone, PartialEq)]
pub struct RankChange {
    /// The question's id.
    pub id: String,
    /// The question's query.
    pub query: String,
    /// Rank in the earlier run; `None` when no right article was found.
    pub before: Option<usize>,
    /// Rank in this run; `None` when no right article was found.
    pub after: Option<usize>,
}

/// Compares a run of these questions with an earlier one. Both are scored by the judgements in `questions`.
pub fn compare(questions: &[Question], before: &EvalRun, after: &EvalRun) -> Comparison {
    let earlier: HashMap<(&str, &str), &SearchAnswer> =
        before.answers.iter().map(|answer| ((answer.id.as_str(), answer.query.as_str()), answer)).collect();
    let mut differences: Vec<Values> = Vec::new();
    let mut moved = Vec::new();
    for (question, answer) in questions.iter().zip(&after.answers) {
        let Some(before) = earlier.get(&(question.id.as_str(), question.query.as_str())) else { continue };
        let (before, after) = (score(question, &before.hits), score(question, &answer.hits));
        differences.push(Metric::ALL.map(|metric| after.value(metric) - before.value(metric)));
        if before.rank != after.rank {
            let (id, query) = (question.id.clone(), question.query.clone());
            moved.push(RankChange { id, query, before: before.rank, after: after.rank });
        }
    }
    moved.sort_by(|a, b| {
        let by_gain = b.gain().total_cmp(&a.gain());
        by_gain.then_with(|| a.after.cmp(&b.after)).then_with(|| a.id.cmp(&b.id))
    });
    Comparison {
        questions: differences.len(),
        not_before: questions.len() - differences.len(),
        metrics: difference(&differences),
        moved,
    }
}

impl RankChange {
    /// The gain in reciprocal rank, also beyond rank ten; negative for a loss.
    pub fn gain(&self) -> f64 {
        let reciprocal = |rank: Option<usize>| rank.map_or(0.0, |rank| 1.0 / rank as f64);
        reciprocal(self.after) - reciprocal(self.before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::hit::RankedHit;

    fn questions() -> Vec<Question> {
        let question = |(id, relevant, style): (&str, &str, Option<&str>)| Question {
            id: id.to_owned(),
            query: format!("about {id}"),
            relevant: vec![relevant.to_owned()],
            style: style.map(str::to_owned),
        };
        [("1", "a", Some("words")), ("2", "b", None), ("3", "c", Some("words"))].into_iter().map(question).collect()
    }

    /// Returns a run with these articles for the questions: one word for each question, one letter for each article.
    fn run(answers: [&str; 3]) -> EvalRun {
        let hit = |id: char| RankedHit { id: id.to_string(), score: 1.0, near_copies: Vec::new() };
        let answer = |(question, (took, ids)): (Question, (f64, &str))| SearchAnswer {
            id: question.id,
            query: question.query,
            took_ms: took,
            hits: ids.chars().map(hit).collect(),
        };
        let took = [3.0, 1.0, 2.0].into_iter().zip(answers);
        EvalRun { answers: questions().into_iter().zip(took).map(answer).collect() }
    }

    #[test]
    fn a_summary_has_all_questions_each_style_and_the_misses() {
        let summary = summarize(&questions(), &run(["ab", "ab", ""]));
        let groups: Vec<_> = summary.groups.iter().map(|g| (g.style.as_deref(), g.questions)).collect();
        assert_eq!(groups, [(None, 3), (Some("words"), 2)]);
        let means = |group: usize| summary.groups[group].metrics.map(|estimate| (estimate.value * 1000.0).round());
        assert_eq!(means(0), [333.0, 667.0, 667.0, 500.0, 544.0]);
        assert_eq!(means(1), [500.0; 5]);
        assert_eq!(summary.latency, Some(Latency { p50: 2.0, p95: 3.0, p99: 3.0 }));
        let missed: Vec<_> = summary.misses.iter().map(|m| (&*m.id, m.rank, m.first.as_deref())).collect();
        assert_eq!(missed, [("2", Some(2), Some("a")), ("3", None, None)]);
    }

    #[test]
    fn a_comparison_has_the_greatest_gains_first() {
        let comparison = compare(&questions(), &run(["xa", "b", "xxc"]), &run(["a", "xb", ""]));
        let moved: Vec<_> = comparison.moved.iter().map(|m| (&*m.id, m.before, m.after)).collect();
        assert_eq!(moved, [("1", Some(2), Some(1)), ("3", Some(3), None), ("2", Some(1), Some(2))]);
        assert_eq!((comparison.questions, comparison.not_before), (3, 0));
        assert_eq!(comparison.metrics[0].change.value, 0.0);
        assert!((comparison.metrics[3].change.value - (0.5 - 1.0 / 3.0 - 0.5) / 3.0).abs() < 1e-12);
    }

    #[test]
    fn a_question_that_was_reworded_is_not_compared() {
        let mut before = run(["a", "b", "c"]);
        before.answers[1].query = "otherwise".to_owned();
        before.answers.remove(0);
        let comparison = compare(&questions(), &before, &run(["a", "b", ""]));
        assert_eq!((comparison.questions, comparison.not_before, comparison.moved.len()), (1, 2, 1));
    }

    #[test]
    fn a_run_survives_being_written_and_read() {
        let run = run(["ab", "", "c"]);
        let written = serde_json::to_string(&run).expect("a run is JSON");
        assert_eq!(serde_json::from_str::<EvalRun>(&written).expect("what was written"), run);
    }
}
