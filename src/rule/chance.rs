//! The numbers behind the words: chances, priors, strengths, leaks, prices. One table, so that they can be read and
//! judged together; docs/rule-language.md prints it.

use std::time::Duration;

use super::program::Risk;

/// `shows`, `resolves`: how often a cause shows a symptom, how often a resolution helps.
pub(super) const CHANCES: &[(&str, f64)] =
    &[("always", 0.98), ("usually", 0.90), ("often", 0.70), ("sometimes", 0.40), ("rarely", 0.10)];

/// `prior`: how often a cause is there, before anything is seen.
pub(super) const PRIORS: &[(&str, f64)] = &[("common", 1.0 / 20.0), ("uncommon", 1.0 / 200.0), ("rare", 1.0 / 2000.0)];

/// `against`: the likelihood ratio that seeing the symptom multiplies the odds of the cause by.
pub(super) const STRENGTHS: &[(&str, f64)] = &[("strongly", 1.0 / 50.0), ("weakly", 1.0 / 5.0)];

/// The prior of a cause that gives none: rare.
pub(super) const DEFAULT_PRIOR: f64 = PRIORS[2].1;

/// What holds between the symptom, cause and resolution of a `rule` that says nothing else.
pub(super) const RULE_CHANCE: &str = "usually";

/// Chance to see a symptom in records though none of our causes is there.
pub(super) const RECORD_LEAK: f64 = 1.0 / 1000.0;

/// The same for a symptom that is only asked or probed: people ask when something is wrong.
pub(super) const PERSON_LEAK: f64 = 1.0 / 20.0;

/// What a resolution costs that gives no `cost`.
pub(super) const DEFAULT_RESOLUTION_COST: Duration = Duration::from_secs(15 * 60);

/// What asking or probing costs for a symptom that gives no `cost`.
pub(super) const DEFAULT_SYMPTOM_COST: Duration = Duration::from_secs(5 * 60);

impl Risk {
    /// What a risk is worth avoiding, as time: it is added to the cost when resolutions are ordered.
    pub fn price(self) -> Duration {
        let minutes = match self {
            Risk::Low => 0,
            Risk::Medium => 30,
            Risk::High => 240,
        };
        Duration::from_secs(minutes * 60)
    }
}
