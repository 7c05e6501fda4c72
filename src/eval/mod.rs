//! How good a search is, on questions whose answers are known: judged ones, or ones made of the articles themselves.
//!
//! [`judged`] reads questions and [`own`] makes some, [`run`](fn@run) asks them, [`metrics`] scores each, [`summarize`] and
//! [`compare`](fn@compare) say what that amounts to and what of it may be luck, and [`tune_ranking`] looks for better
//! weights. Of a diagnosis, [`confident`](fn@confident) says whether it is as sure as it should be, on excerpts [`hidden`]
//! among other lines. Nothing here knows a terminal or a clock.

mod calibration;
pub mod chance;
mod error;
mod excerpt;
mod fit;
mod folds;
mod hit;
pub mod judged;
pub mod metrics;
pub mod own;
mod quoted;
mod remembered;
mod run;
mod summary;
mod tune;
mod weights;

pub use calibration::{Calibration, Confident, Top, confident, judged_weight};
pub use excerpt::{Noise, hidden};
pub use fit::{Change, Fit, FitOptions, Step, Weight, fit};
pub use folds::folds;
pub use hit::{RankedHit, ranked};
pub use judged::Question;
pub use metrics::{Metric, Score};
pub use run::{Answer, Latency, Run, run};
pub use summary::{Comparison, Group, Miss, Moved, Summary, compare, summarize};
pub use tune::{CrossValidated, Fold, Means, Objective, QuestionSet, Rankings, Tuned, tune};
pub use weights::{fitted, tune_ranking, weights};
