//! Fitted weights in the answer of `casebook eval`.

use super::{Eval, Fit, FitMeans, Fold, HeldOut, Weight, calibration, difference, metrics};
use crate::eval::lab::{self, CrossValidated, FitReport, FittedConfidence, FoldFit, SetMeans};
use crate::eval::metrics::Values;
use crate::report::EvalView;

/// Adds the fitted weights of `view`, if any.
pub(super) fn with_fit(mut answer: Eval, view: EvalView<'_>) -> Eval {
    answer.fit = view.fit.map(fit);
    let fitted = view.confidence.and_then(|view| view.fitted);
    if let (Some(confidence), Some(FittedConfidence { weights, held_out })) = (&mut answer.confidence, fitted) {
        let names = ["intercept", "held", "lead", "score", "repeated"];
        confidence.held_out = held_out.as_ref().map(calibration);
        confidence.fitted = Some(names.into_iter().zip(weights.weights()).collect());
    }
    answer
}

fn fit(report: &FitReport) -> Fit {
    let weight =
        |(weight, &after): (&lab::Weight, &f64)| Weight { name: weight.name.clone(), before: weight.value, after };
    Fit {
        weights: report.start.iter().zip(&report.fit.weights).map(weight).collect(),
        evaluations: report.fit.evaluations,
        means: report.means.iter().map(fit_means).collect(),
        fitted: metrics(&report.fitted, difference),
        held_out: report.held_out.as_ref().map(held_out),
    }
}

fn fit_means(means: &SetMeans) -> FitMeans {
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
    let fold = |fold: &FoldFit| Fold { questions: fold.questions, before: fold.before, after: fold.after };
    HeldOut { change: metrics(&held_out.change, difference), folds: held_out.folds.iter().map(fold).collect() }
}
