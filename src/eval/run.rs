//! A run: what a search gave for each of a list of questions, as data that can be kept and compared.
//!
//! A run holds hits, not judgements, so that it can be scored again when the judgements change.

use serde::{Deserialize, Serialize};

use super::chance::quantiles;
use super::hit::RankedHit;
use super::judged::Question;

/// What a search gave for each question, in their order. Written as JSON by `--save`; a field may be added, none changes its
/// meaning.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// One a question.
    pub answers: Vec<Answer>,
}

/// What a search gave for one question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The question's id.
    pub id: String,
    /// Its query, by which a question that was reworded is told from the one it was.
    pub query: String,
    /// How long the search took, in milliseconds.
    pub took_ms: f64,
    /// Best first.
    pub hits: Vec<RankedHit>,
}

/// Asks all questions, in their order. `ask` gives the hits for a query, and how many milliseconds they took.
pub fn run<E>(questions: &[Question], mut ask: impl FnMut(&str) -> Result<(Vec<RankedHit>, f64), E>) -> Result<Run, E> {
    let answer = |question: &Question| {
        let (hits, took_ms) = ask(&question.query)?;
        Ok(Answer { id: question.id.clone(), query: question.query.clone(), took_ms, hits })
    };
    Ok(Run { answers: questions.iter().map(answer).collect::<Result<_, E>>()? })
}

/// How long searches took, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Latency {
    /// Half of them took no longer.
    pub p50: f64,
    /// 95 in 100 took no longer.
    pub p95: f64,
    /// 99 in 100 took no longer; of up to 100, the longest.
    pub p99: f64,
}

impl Run {
    /// How long the searches took; `None` of no questions.
    pub fn latency(&self) -> Option<Latency> {
        let mut took: Vec<f64> = self.answers.iter().map(|answer| answer.took_ms).collect();
        let [p50, p95, p99] = quantiles(&mut took, [0.5, 0.95, 0.99])?;
        Some(Latency { p50, p95, p99 })
    }
}
