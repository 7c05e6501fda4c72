//! A run: the hits of a search for each of a list of questions, as data that can be saved and compared.
//!
//! A run contains no judgements, so that it can be scored again when these change.

use serde::{Deserialize, Serialize};

use super::bootstrap::quantiles;
use super::hit::RankedHit;
use super::judged::Question;

/// The hits for each question, in order. `--save` writes it as JSON; fields may be added, but none changes its meaning.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EvalRun {
    /// One for each question.
    pub answers: Vec<SearchAnswer>,
}

/// The hits for one question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SearchAnswer {
    /// The question's id.
    pub id: String,
    /// The question's query; a question whose wording changed counts as another one.
    pub query: String,
    /// Time of the search in milliseconds.
    pub took_ms: f64,
    /// The hits, best first.
    pub hits: Vec<RankedHit>,
}

/// Asks all questions, in order. `ask` returns the hits for a query and the milliseconds that it took.
pub fn run<E>(
    questions: &[Question],
    mut ask: impl FnMut(&str) -> Result<(Vec<RankedHit>, f64), E>,
) -> Result<EvalRun, E> {
    let answer = |question: &Question| {
        let (hits, took_ms) = ask(&question.query)?;
        Ok(SearchAnswer { id: question.id.clone(), query: question.query.clone(), took_ms, hits })
    };
    Ok(EvalRun { answers: questions.iter().map(answer).collect::<Result<_, E>>()? })
}

/// Times of searches in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Latency {
    /// Half of the searches took no longer.
    pub p50: f64,
    /// 95 % took no longer.
    pub p95: f64,
    /// 99 % took no longer; of up to 100 searches, the longest.
    pub p99: f64,
}

impl EvalRun {
    /// The times of the searches; `None` without questions.
    pub fn latency(&self) -> Option<Latency> {
        let mut took: Vec<f64> = self.answers.iter().map(|answer| answer.took_ms).collect();
        let [p50, p95, p99] = quantiles(&mut took, [0.5, 0.95, 0.99])?;
        Some(Latency { p50, p95, p99 })
    }
}
