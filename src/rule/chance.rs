//! The numbers that the words of the rule language mean: chances, priors, strengths, leaks, costs. They are in one
//! place so that they can be compared; docs/rule-language.md shows them.

use std::time::Duration;

use super::program::Risk;

/// The words after `shows`, `leads to` and `resolves`: how often a cause shows a symptom or leads to another cause, and
/// how often a resolution helps.
pub(super) const CHANCES: &[(&str, f64)] =
    &[("always", 0.98), ("usually", 0.90), ("often", 0.70), ("sometimes", 0.40), ("rarely", 0.10)];

/// The words after `prior`: how often a cause is present, before anything is seen.
pub(super) const PRIORS: &[(&str, f64)] = &[("common", 1.0 / 20.0), ("uncommon", 1.0 / 200.0), ("rare", 1.0 / 2000.0)];

/// The words after `against`: the factor by which seeing the symptom multiplies the odds of the cause.
pub(super) const STRENGTHS: &[(&str, f64)] = &[("strongly", 1.0 / 50.0), ("weakly", 1.0 / 5.0)];

/// The prior of a cause without `prior`: rare.
pub(super) const DEFAULT_PRIOR: f64 = PRIORS[2].1;

/// How often the cause of a `rule` shows its symptom, and how often its resolution helps, if the rule does not say.
pub(super) const RULE_CHANCE: &str = "usually";

/// The chance to see a symptom in records although none of the known causes is present.
pub(super) const RECORD_LEAK: f64 = 1.0 / 1000.0;

/// The chance to see a symptom that is only asked or probed, although none of the known causes is present. It is higher
/// than for records, because people ask when something is wrong.
pub(super) const PERSON_LEAK: f64 = 1.0 / 20.0;

/// The time that a resolution without `cost` takes.
pub(super) const DEFAULT_RESOLUTION_COST: Duration = Duration::from_secs(15 * 60);

/// The time that asking or probing takes for a symptom without `cost`.
pub(super) const DEFAULT_SYMPTOM_COST: Duration = Duration::from_secs(5 * 60);

/// Returns the word after `shows`, `leads to` or `resolves` that means `chance`, if there is one.
pub fn chance_word(chance: f64) -> Option<&'static str> {
    word_for(CHANCES, chance)
}

/// Returns the word after `prior` that means `prior`, if there is one.
pub fn prior_word(prior: f64) -> Option<&'static str> {
    word_for(PRIORS, prior)
}

/// Returns the word after `against` that means `factor`, if there is one.
pub fn strength_word(factor: f64) -> Option<&'static str> {
    word_for(STRENGTHS, factor)
}

fn word_for(words: &[(&'static str, f64)], value: f64) -> Option<&'static str> {
    words.iter().find(|(_, of_word)| (of_word - value).abs() < 1e-9).map(|(word, _)| *word)
}

/// Returns the text that replaces the chance `written` when its value changes from `before` to `after`, as a
/// percentage. `None` if the text can stay: a word while it is the word nearest to `after`, anything else while both
/// values print as the same percentage.
pub fn revised_chance(written: &str, before: f64, after: f64) -> Option<String> {
    let text = percentage(after);
    let is_word = CHANCES.iter().any(|(word, _)| *word == written);
    let same = if is_word { nearest_word(after) == written } else { percentage(before) == text };
    (!same).then_some(text)
}

fn nearest_word(chance: f64) -> &'static str {
    let distance = |(_, of_word): &&(&str, f64)| (of_word - chance).abs();
    let nearest = CHANCES.iter().min_by(|a, b| distance(a).total_cmp(&distance(b)));
    nearest.expect("there are words").0
}

/// Prints `chance` in percent, as a whole number. Within 1 % of 0 or 100 it has up to 6 decimal places, as many as it
/// takes to differ from 0 and 100.
fn percentage(chance: f64) -> String {
    let percent = chance * 100.0;
    let left = percent.min(100.0 - percent);
    let places = (0..6).find(|&places| left >= 10f64.powi(-places)).unwrap_or(6);
    format!("{percent:.*}%", places as usize)
}

impl Risk {
    /// The time that is added to the cost of a resolution for its risk when resolutions are ordered.
    pub fn price(self) -> Duration {
        let minutes = match self {
            Risk::Low => 0,
            Risk::Medium => 30,
            Risk::High => 240,
        };
        Duration::from_secs(minutes * 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_a_word_only_if_it_is_the_number_of_that_word() {
        assert_eq!([0.98, 0.9, 0.91, 0.1].map(chance_word), [Some("always"), Some("usually"), None, Some("rarely")]);
        assert_eq!([0.05, 0.005, 0.0005, 0.9].map(prior_word), [Some("common"), Some("uncommon"), Some("rare"), None]);
        assert_eq!([0.02, 0.2, 0.1].map(strength_word), [Some("strongly"), Some("weakly"), None]);
    }

    #[test]
    fn a_word_stays_within_its_reach_and_a_number_while_it_prints_the_same() {
        assert_eq!(revised_chance("usually", 0.90, 0.81), None);
        assert_eq!(revised_chance("usually", 0.90, 0.79).as_deref(), Some("79%"));
        assert_eq!(revised_chance("usually", 0.90, 0.95).as_deref(), Some("95%"));
        assert_eq!(revised_chance("90%", 0.90, 0.896), None);
        assert_eq!(revised_chance("90%", 0.90, 0.889).as_deref(), Some("89%"));
        assert_eq!(revised_chance("1/500", 0.002, 0.0021), None);
        assert_eq!(revised_chance("1/500", 0.002, 0.0077).as_deref(), Some("0.8%"));
        assert_eq!(revised_chance("0.98", 0.98, 0.9957).as_deref(), Some("99.6%"));
    }
}
