//! Tools for the developers of casebook: generated questions, and weights fitted to questions. Compiled with the
//! feature `lab`.
//!
//! [`generate_questions`] makes questions from articles. [`fit_ranking`] looks for better weights of the search
//! ranking, by [`fit`]. [`fit_confidence`] looks for better weights of the confidence in an article. Both measure the
//! weights on questions that were held out.

mod ascent;
mod confidence;
mod fit;
mod folds;
mod generated;
mod quoted;
mod ranking_weights;
mod remembered;

pub use ascent::{FitOptions, Weight, WeightChange, WeightFit, WeightStep, fit_weights};
pub use confidence::{FitExample, FittedConfidence, fit_confidence, judged_weight};
pub use fit::{CrossValidated, FitReport, FoldFit, Objective, Rankings, SetMeans, fit};
pub use folds::folds;
pub use generated::{GeneratedQuestions, QuestionKind, foreign_messages, generate_questions};
pub use ranking_weights::{fit_ranking, fitted, weights};
