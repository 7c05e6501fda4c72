//! `casebook eval search --format json` and `casebook eval self --format json`.

use schemars::JsonSchema;
use serde::Serialize;

use crate::eval::chance::{Difference as EvalDifference, Estimate as EvalEstimate};
use crate::eval::{self, Metric, Summary};

/// `casebook eval search --format json`, and the same of `eval self`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Eval {
    /// All questions, then those of each style by name.
    groups: Vec<Group>,
    /// How long the searches took; null without questions.
    latency_ms: Option<Latency>,
    /// Questions whose first hit is not relevant, in order.
    misses: Vec<Miss>,
    /// Judged articles that the store does not hold.
    not_held: Vec<String>,
    /// How the run differs from an earlier one, where one was given.
    against: Option<Against>,
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
    /// Chance of a difference at least as large if the runs were equally good.
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

/// The answer of `eval search` and `eval self`.
pub fn eval(summary: &Summary, comparison: Option<&eval::Comparison>, not_held: &[String]) -> Eval {
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
    }
}

fn metrics<F, T>(values: &[F; Metric::ALL.len()], each: impl Fn(&F) -> T) -> Metrics<T> {
    let of = |metric: Metric| each(&values[metric as usize]);
    Metrics {
        success_at_1: of(Metric::Success1),
        success_at_5: of(Metric::Success5),
        success_at_10: of(Metric::Success10),
        mrr_at_10: of(Metric::ReciprocalRank),
        ndcg_at_10: of(Metric::Ndcg),
    }
}

fn estimate(&EvalEstimate { value, low, high }: &EvalEstimate) -> Estimate {
    Estimate { value, low, high }
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
    let difference = |difference: &EvalDifference| {
        let EvalEstimate { value, low, high } = difference.change;
        Difference { change: value, low, high, p_value: difference.p_value }
    };
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
