//! Words for what rules state: how common a cause is, how often it shows a symptom, and how a symptom is recognised.

#[cfg(any(test, feature = "cli"))]
use super::number::{exact_percent, thousands};
use crate::rule::{Binding, Matcher, Program, SymptomSeverity};
#[cfg(any(test, feature = "cli"))]
use crate::rule::{chance_word, prior_word, strength_word};

/// How common a cause is: `uncommon (1 in 200)`.
#[cfg(any(test, feature = "cli"))]
pub(super) fn how_common(prior: f64) -> String {
    let share = one_in(prior);
    prior_word(prior).map_or_else(|| share.clone(), |word| format!("{word} ({share})"))
}

/// A share as one in a whole number, or in percent if no whole number is near.
#[cfg(any(test, feature = "cli"))]
fn one_in(share: f64) -> String {
    let all = (1.0 / share).round();
    let error = (all * share - 1.0).abs();
    match () {
        () if all >= 2.0 && error < 1e-6 => format!("1 in {}", thousands(all as u64)),
        () if all >= 10.0 => format!("about 1 in {}", thousands(all as u64)),
        () => exact_percent(share),
    }
}

/// How often something follows from a cause: `usually (90 %)`.
#[cfg(any(test, feature = "cli"))]
pub(super) fn how_often(chance: f64) -> String {
    let share = exact_percent(chance);
    chance_word(chance).map_or_else(|| format!("in {share} of cases"), |word| format!("{word} ({share})"))
}

/// How strongly a symptom speaks against a cause: `strongly (odds ÷ 50)`.
#[cfg(any(test, feature = "cli"))]
pub(super) fn how_strongly(factor: f64) -> String {
    let odds = format!("odds ÷ {}", (10.0 / factor).round() / 10.0);
    strength_word(factor).map_or_else(|| odds.clone(), |word| format!("{word} ({odds})"))
}

/// The word of the rule language for a severity.
pub(super) fn severity_word(severity: SymptomSeverity) -> &'static str {
    match severity {
        SymptomSeverity::Low => "low",
        SymptomSeverity::Medium => "medium",
        SymptomSeverity::High => "high",
        SymptomSeverity::Critical => "critical",
    }
}

/// What a `match` looks for, as rules write it: patterns, `any`, or another symptom.
pub(super) fn patterns(program: &Program, binding: &Binding) -> Vec<String> {
    if let Some(symptom) = binding.symptom {
        return vec![format!("symptom {}", program.symptom(symptom).name)];
    }
    let written = binding.alternatives.iter().map(|matcher| match matcher {
        Matcher::Pattern(pattern) => pattern.written(),
        Matcher::Any => "any".to_owned(),
    });
    written.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_rules_have_their_words() {
        assert_eq!(
            [0.05, 0.005, 0.0005].map(how_common),
            ["common (1 in 20)", "uncommon (1 in 200)", "rare (1 in 2,000)"]
        );
        assert_eq!(
            [0.002, 0.03, 0.5, 0.3, 0.8].map(how_common),
            ["1 in 500", "about 1 in 33", "1 in 2", "30 %", "80 %"]
        );
        assert_eq!([0.9, 0.85].map(how_often), ["usually (90 %)", "in 85 % of cases"]);
        assert_eq!([0.02, 0.2, 0.4].map(how_strongly), ["strongly (odds ÷ 50)", "weakly (odds ÷ 5)", "odds ÷ 2.5"]);
    }
}
