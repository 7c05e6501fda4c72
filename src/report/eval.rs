//! The results of `casebook eval`, as input for the text and JSON reports.

#[cfg(any(test, feature = "lab"))]
use crate::eval::lab::{FitReport, FittedConfidence};
use crate::eval::{Calibration, Comparison, Summary};

/// The results of a run that are to be shown.
#[derive(Clone, Copy)]
pub struct EvalView<'a> {
    /// The metrics and the misses.
    pub summary: &'a Summary,
    /// The differences from an earlier run.
    pub comparison: Option<&'a Comparison>,
    /// How well the confidence of diagnoses is calibrated; `None` for searches.
    pub confidence: Option<ConfidenceView<'a>>,
    /// Whether the text lists the misses.
    pub misses: bool,
    /// The result of fitting the weights of the ranking, if that was asked for.
    #[cfg(any(test, feature = "lab"))]
    pub fit: Option<&'a FitReport>,
}

/// How well the confidence in the first article of each diagnosis is calibrated.
#[derive(Clone, Copy)]
pub struct ConfidenceView<'a> {
    /// Calibration with the weights in use; `None` if no diagnosis has an article.
    pub now: Option<&'a Calibration>,
    /// The result of fitting the weights, if that was asked for.
    #[cfg(any(test, feature = "lab"))]
    pub fitted: Option<&'a FittedConfidence>,
}

impl<'a> ConfidenceView<'a> {
    /// Creates a view without fitted weights.
    pub fn new(now: Option<&'a Calibration>) -> ConfidenceView<'a> {
        ConfidenceView {
            now,
            #[cfg(any(test, feature = "lab"))]
            fitted: None,
        }
    }
}

impl<'a> EvalView<'a> {
    /// Creates a view of a run and its comparison with an earlier one, without a list of misses.
    pub fn new(summary: &'a Summary, comparison: Option<&'a Comparison>) -> EvalView<'a> {
        EvalView {
            summary,
            comparison,
            confidence: None,
            misses: false,
            #[cfg(any(test, feature = "lab"))]
            fit: None,
        }
    }
}
