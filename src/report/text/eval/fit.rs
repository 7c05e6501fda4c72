//! The part of the report of `casebook eval` that shows fitted weights.

use crate::infer::Confidence;
use std::io;

use super::{calibration, differences};
use crate::eval::lab::{CrossValidated, FitReport, FittedConfidence};
use crate::report::clean::on_one_line;
use crate::report::metrics_table::fit_table;
use crate::report::text::{DIM, Page, counted};

/// Writes the weights that changed, and the effect on questions that were not fitted to.
pub(super) fn fit(page: &mut Page, report: &FitReport) -> io::Result<()> {
    let tried = counted(report.fit.evaluations as u64, "set of weights", "sets of weights");
    page.heading(&format!("Fitted weights: {tried} tried"))?;
    let moved = || report.start.iter().zip(&report.fit.weights).filter(|(weight, now)| weight.value != **now);
    if moved().next().is_none() {
        return page.line("  no change gains enough");
    }
    for (weight, now) in moved() {
        page.line(format_args!("  {:<24}{:>9.4} → {now:.4}", on_one_line(&weight.name), weight.value))?;
    }
    page.blank()?;
    fit_table(report).iter().try_for_each(|line| page.line(line))?;
    match &report.held_out {
        Some(held_out) => cross_validated(page, held_out),
        None => {
            page.heading("On the questions that were fitted to, which is always too good")?;
            differences(page, &report.fitted)
        }
    }
}

fn cross_validated(page: &mut Page, held_out: &CrossValidated) -> io::Result<()> {
    let folds = counted(held_out.folds.len() as u64, "fold", "folds");
    page.heading(&format!("On questions that were not fitted to, in {folds}"))?;
    differences(page, &held_out.change)?;
    for (number, fold) in (1..).zip(&held_out.folds) {
        let of = counted(fold.questions as u64, "question", "questions");
        page.line(format_args!("  {DIM}fold {number}, {of}: {:.3} → {:.3}{DIM:#}", fold.before, fold.after))?;
    }
    Ok(())
}

/// Writes the fitted weights of the confidence, and their calibration.
pub(super) fn confidence(page: &mut Page, fitted: &FittedConfidence) -> io::Result<()> {
    if let Some(found) = &fitted.held_out {
        calibration(page, "fitted, on held-out excerpts", found)?;
    }
    let weights = Confidence::NAMES.iter().zip(fitted.weights.weights());
    let weights: Vec<String> = weights.map(|(name, weight)| format!("{name} = {weight:.2}")).collect();
    page.line(format_args!("fitted weights: {}", weights.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::lab::{self, Objective, Rankings, Weight, WeightStep};
    use crate::eval::{Question, QuestionSet, RankedHit};

    /// Ranks the hits of two questions. If the first weight is at least 2, the right article is first for both.
    fn rank(weights: &[f64]) -> Result<Rankings, ()> {
        let hit = |id: &str| RankedHit { id: id.to_owned(), score: 1.0, near_copies: Vec::new() };
        let hits = |id: &str| if weights[0] >= 2.0 { vec![hit(id)] } else { vec![hit("x"), hit(id)] };
        Ok(vec![hits("a"), hits("b")])
    }

    /// The report, without styles, on a fit of two weights of at most `highest` to two questions.
    fn report(highest: f64) -> String {
        let question = |id: &str| Question {
            id: id.to_owned(),
            query: "hum".to_owned(),
            relevant: vec![id.to_owned()],
            style: None,
        };
        let weight = |name: &str| Weight {
            name: name.to_owned(),
            value: 1.0,
            low: 1.0,
            high: highest,
            step: WeightStep::Plus(1.0),
        };
        let objective = Objective { folds: 2, ..Objective::default() };
        let sets = [QuestionSet { name: "judged".to_owned(), questions: vec![question("a"), question("b")] }];
        let fitted = lab::fit(&sets, &[weight("title"), weight("body")], &objective, &mut rank).expect("no error");
        let mut out = Vec::new();
        super::fit(&mut Page::new(&mut out, 100), &fitted).expect("a Vec");
        anstream::adapter::strip_str(&String::from_utf8(out).expect("UTF-8")).to_string()
    }

    #[test]
    fn a_fit_reports_the_changed_weights_and_their_effect_on_other_questions() {
        let expected = "
Fitted weights: 10 sets of weights tried
  title                      1.0000 → 2.0000

                       success@1   success@5  success@10      MRR@10     nDCG@10
all (2)
  start                    0.000       1.000       1.000       0.500       0.631
  fitted                   1.000       1.000       1.000       1.000       1.000
  held out                 1.000       1.000       1.000       1.000       1.000

On questions that were not fitted to, in 2 folds
  success@1    +1.000  +1.000 to +1.000  p 0.500  may be chance
  success@5    +0.000  +0.000 to +0.000  p 1.000  may be chance
  success@10   +0.000  +0.000 to +0.000  p 1.000  may be chance
  MRR@10       +0.500  +0.500 to +0.500  p 0.500  may be chance
  nDCG@10      +0.369  +0.369 to +0.369  p 0.500  may be chance
  fold 1, 1 question: 0.500 → 1.000
  fold 2, 1 question: 0.500 → 1.000
";
        assert_eq!(report(2.0), expected);
    }

    #[test]
    fn a_fit_that_changed_nothing_says_so() {
        assert_eq!(report(1.5), "\nFitted weights: 7 sets of weights tried\n  no change gains enough\n");
    }
}
