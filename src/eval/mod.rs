//! Measures search and diagnosis on judged questions, whose right answers are known.
//!
//! [`judged`] reads the questions, [`run`](fn@run) asks them, and [`metrics`] scores the hits of each. [`summarize`]
//! and [`compare`](fn@compare) give the results, with intervals. [`calibrate`] measures whether the confidence of
//! diagnoses is deserved; [`hidden`] hides log excerpts among other lines. With the feature `lab`, `lab` generates
//! questions and fits weights. Nothing here touches a terminal or a clock.

pub mod bootstrap;
mod calibration;
mod error;
mod excerpt;
mod hit;
pub mod judged;
#[cfg(any(test, feature = "lab"))]
pub mod lab;
pub mod metrics;
mod random;
mod run;
mod summary;

pub use calibration::{Calibration, TopArticle, calibrate};
pub use excerpt::{Noise, hidden};
pub use hit::{RankedHit, ranked};
pub use judged::{Question, QuestionSet};
pub use metrics::{Metric, Score};
pub use random::Random;
pub use run::{EvalRun, Latency, SearchAnswer, run};
pub use summary::{Comparison, Miss, RankChange, StyleGroup, Summary, compare, summarize};
