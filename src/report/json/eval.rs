//! `casebook eval … --format json`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::eval::chance::{Difference as EvalDifference, Estimate as EvalEstimate};
use crate::eval::metrics::Values;
use crate::eval::{self, CrossValidated, Metric, Summary, Tuned};

/// `casebook eval search --format json`, and the same of `eval self` and `eval diagnose`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Eval {
    /// All questions, then those of each style by name.
    groups: Vec<Group>,
    /// How long the searches took; null without questions.
    latency_ms: Option<Latency>,
    /// Questions whose first hit is not relevant, in order.
    misses: Vec<Miss>,
    /// Judged articles that are not in the KB.
    not_held: Vec<String>,
    /// Differences from an earlier run; null if none was given.
    against: Option<Against>,
    /// Result of fitting the weights of the ranking; null if that was not asked for.
    fit: Option<Fit>,
    /// Whether the confidence of first articles agrees with results; for diagnoses only.
    confidence: Option<Confident>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Confident {
    /// With the current weights.
    now: Option<Calibration>,
    /// With weights fitted to other excerpts than those measured, if that was asked for.
    held_out: Option<Calibration>,
    /// The weights fitted to all, by name.
    fitted: Option<BTreeMap<&'static str, f64>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Calibration {
    /// Number of logs with an article.
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
    /// Number of articles of confidence ≥ 0.5, and below, of those that are wrong.
    sure: usize,
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
    /// The articles that are right.
    wanted: Vec<String>,
    /// Rank of the first of them; null where none was found.
    rank: Option<usize>,
    /// The article that came first; null where nothing was found.
    first: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Against {
    /// Questions that are in both runs.
    questions: usize,
    /// Questions that the earlier run did not ask.
    not_before: usize,
    metrics: Metrics<Difference>,
    /// Questions whose rank changed, the greatest gains first.
    moved: Vec<Moved>,
}

/// Later minus earlier mean, with its 95 % interval.
#[derive(Debug, Serialize, JsonSchema)]
struct Difference {
    change: f64,
    low: f64,
    high: f64,
    /// Probability of a difference at least as large if the runs are equally good.
    p_value: f64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Moved {
    id: String,
    query: String,
    /// Rank in the earlier run; null where it was not found.
    before: Option<usize>,
    /// Rank in this one.
    after: Option<usize>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Fit {
    /// All weights that were fitted.
    weights: Vec<Weight>,
    /// Sets of weights that were tried for the fit to all questions.
    evaluations: usize,
    /// Over all files, each counting the same; then of each file, where there are several.
    means: Vec<FitMeans>,
    /// Change on the questions used for fitting; always too optimistic.
    fitted: Metrics<Difference>,
    /// Change on held-out questions; null without cross-validation.
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
    /// With each question ranked by weights that were fitted without it; null without cross-validation.
    held_out: Option<Metrics<f64>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct HeldOut {
    change: Metrics<Difference>,
    folds: Vec<Fold>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Fold {
    /// Questions held out.
    questions: usize,
    /// The fitted metric on these questions, with the weights before the fit.
    before: f64,
    /// The same with weights fitted to the other questions.
    after: f64,
}

/// The answer of `eval`.
pub fn eval(
    summary: &Summary,
    comparison: Option<&eval::Comparison>,
    tuned: Option<&Tuned>,
    confident: Option<&eval::Confident>,
    not_held: &[String],
) -> Eval {
    let group = |group: &eval::Group| Group {
        style: group.style.clone(),
        questions: group.questions,
        metrics: metrics(&group.metrics, estimate),
    };
    Eval {
        groups: summary.groups.iter().map(group).collect(),
        latency_ms: summary.latency.map(|latency| Latency { p50: latency.p50, p95: latency.p95, p99: latency.p99 }),
        misses: summary.misses.iter().map(miss).collect(),
        not_held: not_held.to_vec(),
        against: comparison.map(against),
        fit: tuned.map(fit),
        confidence: confident.map(confidence),
    }
}

fn confidence(confident: &eval::Confident) -> Confident {
    let names = ["intercept", "held", "lead", "score", "repeated"];
    let by_name = |fitted: &crate::infer::Confidence| names.into_iter().zip(fitted.weights()).collect();
    Confident {
        now: confident.now.as_ref().map(calibration),
        held_out: confident.held_out.as_ref().map(calibration),
        fitted: confident.fitted.as_ref().map(by_name),
    }
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
    let moved = |moved: &eval::Moved| Moved {
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

fn fit(tuned: &Tuned) -> Fit {
    let weight =
        |(weight, &after): (&eval::Weight, &f64)| Weight { name: weight.name.clone(), before: weight.value, after };
    Fit {
        weights: tuned.start.iter().zip(&tuned.fit.weights).map(weight).collect(),
        evaluations: tuned.fit.evaluations,
        means: tuned.means.iter().map(fit_means).collect(),
        fitted: metrics(&tuned.fitted, difference),
        held_out: tuned.held_out.as_ref().map(held_out),
    }
}

fn fit_means(means: &eval::Means) -> FitMeans {
    let plain = |means: &Values| metrics(means, |mean| *mean);
    FitMeans {
        file: means.set.clone(),
        questions: means.questions,
        before: plain(&means.before),
        fitted: plain(&means.fitted),
        held_out: means.held_out.as_ref().map(plain),
    }
}

fn held_out(held_out: &CrossValidated) -> HeldOut {
    let fold = |fold: &eval::Fold| Fold { questions: fold.questions, before: fold.before, after: fold.after };
    HeldOut { change: metrics(&held_out.change, difference), folds: held_out.folds.iter().map(fold).collect() }
}
