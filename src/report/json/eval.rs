//! The answer of `casebook eval … --format json`.

#[cfg(any(test, feature = "lab"))]
mod fit;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::eval::bootstrap::{Difference as EvalDifference, Estimate as EvalEstimate};
use crate::eval::{self, Metric};
use crate::report::{ConfidenceView, EvalView};

/// `casebook eval search --format json`, and the same of `eval self` and `eval diagnose`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Eval {
    /// All questions, then those of each style by name.
    groups: Vec<Group>,
    /// Times of the searches; null without questions.
    latency_ms: Option<Latency>,
    /// Questions whose first hit is not relevant, in order.
    misses: Vec<Miss>,
    /// Judged articles that are not in the KB.
    not_held: Vec<String>,
    /// The differences from an earlier run; null unless one was given.
    against: Option<Against>,
    /// The fitted weights of the ranking; null unless asked for.
    fit: Option<Fit>,
    /// The calibration of the confidence in the first article; null unless logs were diagnosed.
    confidence: Option<Confidence>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Confidence {
    /// With the weights in use.
    now: Option<Calibration>,
    /// With weights that were fitted to other excerpts than those measured; null unless asked for.
    held_out: Option<Calibration>,
    /// The weights fitted to all excerpts, by name; null unless asked for.
    fitted: Option<BTreeMap<&'static str, f64>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Calibration {
    /// The number of logs with an article.
    logs: usize,
    /// Mean confidence, 0–1.
    mean: f64,
    /// Share of first articles that are right.
    right: f64,
    brier: f64,
    reliability: f64,
    resolution: f64,
    uncertainty: f64,
    /// Expected calibration error over ten bins.
    ece: f64,
    /// The number of articles of confidence ≥ 0.5.
    sure: usize,
    /// The number of those that are wrong.
    sure_and_wrong: usize,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Group {
    /// Null for all questions.
    style: Option<String>,
    questions: usize,
    metrics: Metrics<Estimate>,
}

/// One value for each metric.
#[derive(Debug, Serialize, JsonSchema)]
struct Metrics<T> {
    success_at_1: T,
    success_at_5: T,
    success_at_10: T,
    mrr_at_10: T,
    ndcg_at_10: T,
}

/// A mean, 0–1, with its 95 % interval.
#[derive(Debug, Serialize, JsonSchema)]
struct Estimate {
    value: f64,
    low: f64,
    high: f64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Latency {
    p50: f64,
    p95: f64,
    p99: f64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Miss {
    id: String,
    query: String,
    /// The right articles.
    wanted: Vec<String>,
    /// Rank of the first right article; null when none was found.
    rank: Option<usize>,
    /// The article that was first; null when nothing was found.
    first: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Against {
    /// The number of questions in both runs.
    questions: usize,
    /// The number of questions that the earlier run did not contain.
    not_before: usize,
    metrics: Metrics<Difference>,
    /// Questions whose rank changed, the largest gains first.
    moved: Vec<Moved>,
}

/// Later minus earlier mean, with its 95 % interval.
#[derive(Debug, Serialize, JsonSchema)]
struct Difference {
    change: f64,
    low: f64,
    high: f64,
    /// P(a difference at least as large, if the runs were equally good).
    p_value: f64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Moved {
    id: String,
    query: String,
    /// Rank in the earlier run; null when no right article was found.
    before: Option<usize>,
    /// Rank in this one.
    after: Option<usize>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Fit {
    /// All weights that were fitted.
    weights: Vec<Weight>,
    /// The number of sets of weights tried for the fit to all questions.
    evaluations: usize,
    /// Over all files, each counting the same; then of each file, where there are several.
    means: Vec<FitMeans>,
    /// The change on the questions that were fitted to, which is always too good.
    fitted: Metrics<Difference>,
    /// The change on other questions; null without cross-validation.
    held_out: Option<HeldOut>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Weight {
    name: String,
    before: f64,
    after: f64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct FitMeans {
    /// Null for all files together.
    file: Option<String>,
    questions: usize,
    /// With the weights before the fit.
    before: Metrics<f64>,
    /// With the fitted ones.
    fitted: Metrics<f64>,
    /// With each question ranked by weights fitted without its fold; null without cross-validation.
    held_out: Option<Metrics<f64>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct HeldOut {
    change: Metrics<Difference>,
    folds: Vec<Fold>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Fold {
    /// The number of questions held out.
    questions: usize,
    /// The raised metric on these questions, with the weights as they were.
    before: f64,
    /// The same with the weights fitted to the other questions.
    after: f64,
}

/// The answer of `eval`. `not_held` are the judged articles that the store does not contain.
pub fn eval(view: EvalView<'_>, not_held: &[String]) -> Eval {
    let EvalView { summary, comparison, .. } = view;
    let group = |group: &eval::StyleGroup| Group {
        style: group.style.clone(),
        questions: group.questions,
        metrics: metrics(&group.metrics, estimate),
    };
    let confidence =
        |view: ConfidenceView<'_>| Confidence { now: view.now.map(calibration), held_out: None, fitted: None };
    let answer = Eval {
        groups: summary.groups.iter().map(group).collect(),
        latency_ms: summary.latency.map(|latency| Latency { p50: latency.p50, p95: latency.p95, p99: latency.p99 }),
        misses: summary.misses.iter().map(miss).collect(),
        not_held: not_held.to_vec(),
        against: comparison.map(against),
        fit: None,
        confidence: view.confidence.map(confidence),
    };
    #[cfg(any(test, feature = "lab"))]
    let answer = fit::with_fit(answer, view);
    answer
}

fn calibration(found: &eval::Calibration) -> Calibration {
    let eval::Calibration { n, mean, right, brier, reliability, resolution, uncertainty, ece, sure, sure_and_wrong } =
        *found;
    Calibration { logs: n, mean, right, brier, reliability, resolution, uncertainty, ece, sure, sure_and_wrong }
}

fn metrics<F, T>(values: &[F; Metric::ALL.len()], each: impl Fn(&F) -> T) -> Metrics<T> {
    let value = |metric: Metric| each(&values[metric as usize]);
    Metrics {
        success_at_1: value(Metric::Success1),
        success_at_5: value(Metric::Success5),
        success_at_10: value(Metric::Success10),
        mrr_at_10: value(Metric::ReciprocalRank),
        ndcg_at_10: value(Metric::Ndcg),
    }
}

fn estimate(&EvalEstimate { value, low, high }: &EvalEstimate) -> Estimate {
    Estimate { value, low, high }
}

fn difference(difference: &EvalDifference) -> Difference {
    let EvalEstimate { value, low, high } = difference.change;
    Difference { change: value, low, high, p_value: difference.p_value }
}

fn miss(miss: &eval::Miss) -> Miss {
    Miss {
        id: miss.id.clone(),
        query: miss.query.clone(),
        wanted: miss.wanted.clone(),
        rank: miss.rank,
        first: miss.first.clone(),
    }
}

fn against(comparison: &eval::Comparison) -> Against {
    let moved = |moved: &eval::RankChange| Moved {
        id: moved.id.clone(),
        query: moved.query.clone(),
        before: moved.before,
        after: moved.after,
    };
    Against {
        questions: comparison.questions,
        not_before: comparison.not_before,
        metrics: metrics(&comparison.metrics, difference),
        moved: comparison.moved.iter().map(moved).collect(),
    }
}
