//! The results of `casebook eval`, as text and JSON show them.

#[cfg(any(test, feature = "lab"))]
use crate::eval::lab::{FitReport, FittedConfidence};
use crate::eval::{Calibration, Comparison, Summary};

/// The results to show of a run.
#[derive(Clone, Copy)]
pub struct EvalView<'a> {
    /// The metrics and the misses.
    pub summary: &'a Summary,
    /// The differences from an earlier run.
    pub comparison: Option<&'a Comparison>,
    /// Of diagnoses, how well the confidence is calibrated.
    pub confidence: Option<ConfidenceView<'a>>,
    /// Whether the text lists the misses.
    pub misses: bool,
    /// The fitted weights of the ranking.
    #[cfg(any(test, feature = "lab"))]
    pub fit: Option<&'a FitReport>,
}

/// The calibration of the confidence in the first article of each diagnosis.
#[derive(Clone, Copy)]
pub struct ConfidenceView<'a> {
    /// With the weights in use; `None` if no diagnosis has an article.
    pub now: Option<&'a Calibration>,
    /// The fitted weights, if any.
    #[cfg(any(test, feature = "lab"))]
    pub fitted: Option<&'a FittedConfidence>,
}

impl<'a> ConfidenceView<'a> {
    /// The calibration with the weights in use.
    pub fn new(now: Option<&'a Calibration>) -> ConfidenceView<'a> {
        ConfidenceView {
            now,
            #[cfg(any(test, feature = "lab"))]
            fitted: None,
        }
    }
}

impl<'a> EvalView<'a> {
    /// The metrics of a run and its comparison with an earlier one, without a list of misses.
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
