//! Measures whether confidences are as high as the share of articles that are right (calibration).

use crate::infer::{Confidence, Features};

use super::bootstrap::mean;

/// The first article of one diagnosis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TopArticle {
    /// The numbers that its confidence is computed from, as
    /// [`ArticleHit::features`](crate::infer::ArticleHit::features).
    pub features: Features,
    /// Whether it or one of its near-copies is a right article.
    pub is_right: bool,
}

/// The number of bins of equal width that confidences are sorted into.
const BINS: usize = 10;

/// How well confidences agree with outcomes (Murphy 1973; Guo et al. 2017).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Calibration {
    /// The number of diagnoses with an article.
    pub n: usize,
    /// Mean confidence.
    pub mean: f64,
    /// Share of the articles that are right.
    pub right: f64,
    /// Mean squared difference of confidence and outcome, 0–1, lower is better. It is about reliability − resolution +
    /// uncertainty.
    pub brier: f64,
    /// Mean squared difference, over the bins, of mean confidence and share of right articles; lower is better.
    pub reliability: f64,
    /// Mean squared difference, over the bins, of the share of right articles from that of all; higher is better.
    pub resolution: f64,
    /// right × (1 − right): the variance of the outcomes.
    pub uncertainty: f64,
    /// Expected calibration error, 0–1: as reliability, but with the absolute difference.
    pub ece: f64,
    /// The number of articles of confidence ≥ ½.
    pub sure: usize,
    /// The number of articles of confidence ≥ ½ that are wrong.
    pub sure_and_wrong: usize,
}

/// Measures the calibration of `confidence` on the first article of each diagnosis; `None` without any.
pub fn calibrate(confidence: &Confidence, tops: &[TopArticle]) -> Option<Calibration> {
    let outcomes: Vec<(f64, bool)> =
        tops.iter().map(|top| (confidence.probability(&top.features), top.is_right)).collect();
    calibration(&outcomes)
}

/// Measures the calibration of `outcomes`: each has a confidence, 0–1, and whether the article is right. `None` without
/// any.
pub(super) fn calibration(outcomes: &[(f64, bool)]) -> Option<Calibration> {
    if outcomes.is_empty() {
        return None;
    }
    let number = |is: bool| f64::from(u8::from(is));
    let all: Vec<[f64; 3]> =
        outcomes.iter().map(|&(p, is_right)| [p, number(is_right), (p - number(is_right)).powi(2)]).collect();
    let [of_all, right, brier] = mean(&all);
    let mut found = Calibration {
        n: outcomes.len(),
        mean: of_all,
        right,
        brier,
        reliability: 0.0,
        resolution: 0.0,
        uncertainty: right * (1.0 - right),
        ece: 0.0,
        sure: outcomes.iter().filter(|(p, _)| *p >= 0.5).count(),
        sure_and_wrong: outcomes.iter().filter(|(p, is_right)| *p >= 0.5 && !is_right).count(),
    };
    for bin in 0..BINS {
        let within: Vec<[f64; 3]> = all.iter().filter(|[p, ..]| bin_of(*p) == bin).copied().collect();
        if within.is_empty() {
            continue;
        }
        let share = within.len() as f64 / all.len() as f64;
        let [promised, came, _] = mean(&within);
        found.reliability += share * (promised - came).powi(2);
        found.resolution += share * (came - right).powi(2);
        found.ece += share * (promised - came).abs();
    }
    Some(found)
}

fn bin_of(p: f64) -> usize {
    ((p * BINS as f64) as usize).min(BINS - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_confidence_that_is_the_share_of_right_articles_has_no_error() {
        let outcomes: Vec<(f64, bool)> =
            (0..100).map(|n| (0.25, n % 4 == 0)).chain((0..50).map(|_| (1.0, true))).collect();
        let found = calibration(&outcomes).expect("outcomes");
        assert_eq!((found.n, found.right, found.mean, found.ece, found.reliability), (150, 0.5, 0.5, 0.0, 0.0));
        assert_eq!((found.sure, found.sure_and_wrong), (50, 0));
        assert!((found.brier - (found.uncertainty - found.resolution)).abs() < 1e-12, "{found:?}");
        assert_eq!(found.uncertainty, 0.25);
        assert_eq!(calibration(&[]), None);
    }

    #[test]
    fn the_error_is_the_distance_from_the_outcome() {
        let outcomes = [(0.95, true), (0.95, false), (0.05, false), (0.05, false)];
        let found = calibration(&outcomes).expect("outcomes");
        assert!((found.ece - (0.5 * 0.45 + 0.5 * 0.05)).abs() < 1e-12, "{found:?}");
        assert!((found.brier - (2.0 * 0.05_f64.powi(2) + 0.05_f64.powi(2) + 0.95_f64.powi(2)) / 4.0).abs() < 1e-12);
        assert_eq!((found.sure, found.sure_and_wrong), (2, 1));
    }
}
