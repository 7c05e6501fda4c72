//! Puts into words how strongly evidence changes the odds of a cause.

use super::document::Weight;
use super::number::thousands;

/// Smallest factor of the odds, and the word for evidence of at least that strength; strongest first.
///
/// The factors are those of Kass and Raftery, "Bayes Factors", Journal of the American Statistical Association 90
/// (1995), section 3.2. They call the steps "very strong", "strong", "positive" and "not worth more than a bare
/// mention".
const STRENGTHS: [(f64, &str); 4] = [(150.0, "very strong"), (20.0, "strong"), (3.0, "moderate"), (1.0, "weak")];

/// Evidence that changes the odds by a smaller factor is not shown.
const MIN_ODDS: f64 = 1.05;

/// Largest factor shown as a number; larger ones are shown as "over 1,000,000".
const MAX_ODDS: f64 = 1e6;

/// Puts a weight of evidence, in decibans, into words; `None` if it is too small to show.
pub(super) fn weight(decibans: f64) -> Option<Weight> {
    let odds = 10_f64.powf(decibans.abs() / 10.0);
    let (_, strength) = STRENGTHS.iter().find(|(from, _)| odds >= *from).filter(|_| odds >= MIN_ODDS)?;
    let is_for = decibans > 0.0;
    let sign = if is_for { '×' } else { '÷' };
    Some(Weight { is_for, strength, odds: format!("odds {sign} {}", factor(odds)) })
}

/// Formats a factor of at least 1 with two significant digits: `1.4`, `890`.
fn factor(odds: f64) -> String {
    if odds > MAX_ODDS {
        return format!("over {}", thousands(MAX_ODDS as u64));
    }
    let unit = 10_f64.powf(odds.log10().floor() - 1.0);
    let rounded = (odds / unit).round() * unit;
    match format!("{rounded:.1}") {
        small if rounded < 9.95 => small.trim_end_matches(".0").to_owned(),
        _ => thousands(rounded.round() as u64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(decibans: f64) -> Option<String> {
        weight(decibans).map(|Weight { is_for, strength, odds }| {
            format!("{strength} evidence {}: {odds}", if is_for { "for" } else { "against" })
        })
    }

    #[test]
    fn evidence_is_called_by_how_far_it_moves_the_odds() {
        let cases = [
            (29.5, "very strong evidence for: odds × 890"),
            (-9.1, "moderate evidence against: odds ÷ 8.1"),
            (21.77, "very strong evidence for: odds × 150"),
            (21.76, "strong evidence for: odds × 150"),
            (13.02, "strong evidence for: odds × 20"),
            (13.0, "moderate evidence for: odds × 20"),
            (4.78, "moderate evidence for: odds × 3"),
            (-4.7, "weak evidence against: odds ÷ 3"),
            (9.99, "moderate evidence for: odds × 10"),
            (34.0, "very strong evidence for: odds × 2,500"),
            (99.0, "very strong evidence for: odds × over 1,000,000"),
            (f64::INFINITY, "very strong evidence for: odds × over 1,000,000"),
            (-0.3, "weak evidence against: odds ÷ 1.1"),
        ];
        for (decibans, expected) in cases {
            assert_eq!(words(decibans).as_deref(), Some(expected), "{decibans}");
        }
    }

    #[test]
    fn evidence_that_moves_nothing_is_not_shown() {
        assert_eq!([words(0.0), words(0.2), words(-0.2)], [None, None, None]);
    }
}
